//! `export`: whole postings with what was read out of them, in order of id.

use std::io::Write;

#[cfg(feature = "parquet")]
use anyhow::Context;
use anyhow::bail;

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use super::search::{QueryArgs, query_text};
use super::show::whole;
use crate::query::Engine;
use crate::render::{Format, csv, rows};

/// The columns of CSV.
const COLUMNS: &[&str] = &[
    "id",
    "group",
    "spell",
    "source",
    "url",
    "title",
    "company",
    "locations",
    "workplace",
    "remote_scope",
    "role",
    "seniority",
    "employment_type",
    "salary",
    "posted_at",
    "valid_through",
    "text_language",
    "truncated",
    "profile",
    "description_text",
];

/// The columns of Parquet: those of `schema/output/show.json`.
#[cfg(feature = "parquet")]
const SCHEMA: &str = include_str!("../../schema/posting.parquet.txt");

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ExportArgs {
    /// Only postings with these words and conditions, as `search` takes them
    #[arg(value_name = "QUERY", allow_hyphen_values = true, value_parser = query_text)]
    query: Option<String>,
    #[command(flatten)]
    how: QueryArgs,
    #[command(flatten)]
    filters: FilterArgs,
}

impl ExportArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        // There is no table of whole postings; a terminal gets lines too.
        let has = [Format::Jsonl, Format::Csv, Format::Tsv, Format::Parquet];
        let format = env.format_of_rows(&has, Format::Jsonl)?;
        if format == Format::Parquet && env.is_terminal() {
            bail!("Parquet is nothing for a terminal: send it into a file with `>`");
        }
        if format == Format::Parquet && cfg!(not(feature = "parquet")) {
            bail!("this build writes no Parquet: build it with `--features parquet`");
        }
        let question = self.how.read(self.query.as_deref(), env)?;
        let filter = self.filters.into_filter(env)?;
        let engine = env.engine()?;
        let ids = engine.ids(&question, &filter)?;
        let extractor = env.extractor();
        let columns: Vec<String> = COLUMNS.iter().map(|name| (*name).to_owned()).collect();
        let delimiter = if format == Format::Tsv { b'\t' } else { b',' };
        #[cfg(feature = "parquet")]
        let mut table = match format {
            Format::Parquet => Some(crate::columnar::Rows::new(SCHEMA)?),
            _ => None,
        };
        if matches!(format, Format::Csv | Format::Tsv) {
            write!(
                out,
                "{}",
                csv::rows(&columns, std::iter::empty(), delimiter)
            )?;
        }
        for id in &ids {
            let Some(found) = engine.posting(id)? else {
                continue;
            };
            let posting = whole(&found, &extractor, &env.taxonomy);
            #[cfg(feature = "parquet")]
            if let Some(table) = &mut table {
                let failed = || format!("cannot write `{id}` as Parquet");
                table.push(&posting, out).with_context(failed)?;
                continue;
            }
            if format == Format::Jsonl {
                write_json(out, &posting)?;
                continue;
            }
            let cell = |name: &String| rows::cell(name, posting.get(name));
            let row: Vec<String> = columns.iter().map(cell).collect();
            write!(out, "{}", csv::row(&row, delimiter))?;
        }
        #[cfg(feature = "parquet")]
        if let Some(table) = table {
            table.finish(out)?;
        }
        Ok(match ids.is_empty() {
            true => Status::Nothing,
            false => Status::Answer,
        })
    }
}
