//! `facets`: the values of one facet, with counts.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::{Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use crate::index::Facet;
use crate::query::{Engine, FacetCounts, FacetOrder, FacetRequest};
use crate::render::{Format, csv, json, markdown, table};
use crate::skills::Taxonomy;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct FacetsArgs {
    /// Which facet, such as company or skill=database; without one, lists the facets
    #[arg(value_name = "NAME[=PREFIX]")]
    name: Option<String>,
    /// Only values with this in their label; for skills, anywhere below the branch
    #[arg(long, value_name = "TEXT")]
    contains: Option<String>,
    /// Values to show
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 50
    )]
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

/// Says that no value holds what was looked for.
pub(super) fn not_found(counts: &FacetCounts, contains: Option<&str>, env: &Env) {
    if let (0, Some(text)) = (counts.n_values, contains) {
        env.note(&format!(
            "no {} of the postings that the filters leave has `{text}` in its name",
            counts.facet.name()
        ));
    }
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
        request.contains.clone_from(&self.contains);
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
        not_found(&counts, self.contains.as_deref(), env);
        Ok(Status::Answer)
    }
}
