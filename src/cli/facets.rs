//! `facets`: the values of one facet, with counts.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::{Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use crate::index::Facet;
use crate::query::{Engine, FacetOrder, FacetRequest};
use crate::render::{Format, csv, json, markdown, table};
use crate::skills::Taxonomy;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct FacetsArgs {
    /// Which facet, such as company or skill=database; without one, lists the facets
    #[arg(value_name = "NAME[=PREFIX]")]
    name: Option<String>,
    /// Only values with this in their label
    #[arg(long, value_name = "TEXT")]
    contains: Option<String>,
    /// Values to show
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Order of values
    #[arg(long, value_name = "ORDER", default_value = "count")]
    sort: FacetSortArg,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum FacetSortArg {
    Count,
    Name,
}

impl From<FacetSortArg> for FacetOrder {
    fn from(order: FacetSortArg) -> FacetOrder {
        match order {
            FacetSortArg::Count => FacetOrder::Count,
            FacetSortArg::Name => FacetOrder::Name,
        }
    }
}

/// A facet as people name it: `company`, `skill`, `skill=database/relational`.
pub(super) fn parse_facet(
    text: &str,
    limit: usize,
    taxonomy: &Taxonomy,
) -> anyhow::Result<FacetRequest> {
    let (name, prefix) = text.split_once('=').unwrap_or((text, ""));
    let facet = Facet::from_name(name).with_context(|| {
        let names: Vec<&str> = Facet::ALL.iter().map(|facet| facet.name()).collect();
        format!("`{name}` is no facet; there are {}", names.join(", "))
    })?;
    let prefix = prefix.trim_matches('/');
    if !prefix.is_empty() && facet != Facet::Skill {
        bail!("only `skill` has levels: `skill=database`, not `{text}`");
    }
    if !prefix.is_empty() && !taxonomy.branches().contains(&prefix) {
        bail!("`{prefix}` is no branch of skills; `facets skill` lists them");
    }
    Ok(FacetRequest {
        facet,
        prefix: prefix.to_owned(),
        contains: None,
        limit,
        order: FacetOrder::Count,
    })
}

impl FacetsArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(
            &[
                Format::Table,
                Format::Json,
                Format::Csv,
                Format::Tsv,
                Format::Markdown,
            ],
            Format::Json,
        )?;
        let Some(name) = &self.name else {
            let names: Vec<&str> = Facet::ALL.iter().map(|facet| facet.name()).collect();
            match format {
                Format::Json => write_json(out, &value!({"facets": names}))?,
                _ => writeln!(out, "{}", names.join("\n"))?,
            }
            return Ok(Status::Answer);
        };
        let mut request = parse_facet(name, self.limit, &env.taxonomy)?;
        request.contains = self.contains;
        request.order = self.sort.into();
        let filter = self.filters.into_filter(env)?;
        let counts = env.engine()?.facet(&filter, &request)?;
        match format {
            Format::Json => {
                let answer: Value = json::facet(&counts);
                write_json(out, &answer)?;
            }
            Format::Csv => write!(out, "{}", csv::facet(&counts, b','))?,
            Format::Tsv => write!(out, "{}", csv::facet(&counts, b'\t'))?,
            Format::Markdown => write!(out, "{}", markdown::facet(&counts))?,
            _ => write!(out, "{}", table::facet(&counts, env.paint()))?,
        }
        Ok(Status::Answer)
    }
}
