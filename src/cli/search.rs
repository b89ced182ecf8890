//! `search`: rank postings by words, narrowed by filters, counted by facets.

use std::io::Write;
use std::time::Instant;

use anyhow::Context;
use serde_json::Value;

use super::Status;
use super::env::{Env, write_json};
use super::facets::parse_facet;
use super::filters::FilterArgs;
use crate::query::{Engine, SearchRequest, Sort, TextQuery};
use crate::render::{Format, json, table};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SearchArgs {
    /// Words to look for in title and text; "quotes" keep words together, -word rules one out
    #[arg(value_name = "QUERY")]
    query: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
    /// A facet to count, such as company or skill=database; repeat for more
    #[arg(long = "facet", value_name = "NAME[=PREFIX]")]
    facets: Vec<String>,
    /// Values a facet shows
    #[arg(long, value_name = "N", default_value_t = 10)]
    facet_limit: usize,
    /// Order of hits
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: SortArg,
    /// Hits to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Hits to leave out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Only say how many there are
    #[arg(long)]
    count: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum SortArg {
    Relevance,
    Date,
    Salary,
}

impl SearchArgs {
    /// Whatever can be wrong with the arguments comes to light here, before an
    /// index is opened.
    fn into_request(self, env: &Env) -> anyhow::Result<SearchRequest> {
        let text = self
            .query
            .as_deref()
            .map(TextQuery::parse)
            .transpose()
            .context("cannot read the query")?;
        let facets = self
            .facets
            .iter()
            .map(|facet| parse_facet(facet, self.facet_limit, &env.taxonomy));
        Ok(SearchRequest {
            text,
            facets: facets.collect::<anyhow::Result<_>>()?,
            filter: self.filters.into_filter(env)?,
            sort: match self.sort {
                SortArg::Relevance => Sort::Relevance,
                SortArg::Date => Sort::Date,
                SortArg::Salary => Sort::Salary,
            },
            limit: if self.count { 0 } else { self.limit },
            offset: self.offset,
        })
    }

    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
        let count_only = self.count;
        let request = self.into_request(env)?;
        let engine = env.engine()?;
        let started = Instant::now();
        let answer = engine.search(&request)?;
        let took_ms = started.elapsed().as_secs_f64() * 1000.0;
        match format {
            Format::Table if count_only => writeln!(out, "{}", answer.n_groups)?,
            Format::Table => write!(
                out,
                "{}",
                table::search(&answer, &env.taxonomy, request.offset + 1, env.paint())
            )?,
            Format::Jsonl if !count_only => {
                for hit in &answer.hits {
                    write_json(out, &Value::Object(json::hit(hit, &env.taxonomy)))?;
                }
                if !answer.facets.is_empty() {
                    env.note("JSON Lines hold hits only; `--format json` has the facets too");
                }
            }
            _ => write_json(out, &json::search(&answer, &env.taxonomy, took_ms))?,
        }
        if answer.n_groups == 0 {
            env.note("nothing found; fewer words or filters may help");
            return Ok(Status::Nothing);
        }
        Ok(Status::Answer)
    }
}
