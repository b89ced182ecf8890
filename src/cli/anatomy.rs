//! `anatomy`: what is in the description of a role.

use std::io::Write;

use super::Status;
use super::env::{Env, write_json};
use super::filters::{FilterArgs, versus};
use crate::render::{Format, csv, json, markdown, table};
use crate::report::{AnatomyRequest, anatomy};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct AnatomyArgs {
    #[command(flatten)]
    filters: FilterArgs,
    /// Lines a section shows
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 8
    )]
    top: usize,
    /// Against the postings that other conditions leave: role:data, country:DE, posted:2015 …
    #[arg(long, value_name = "FILTER")]
    versus: Option<String>,
}

impl AnatomyArgs {
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
        let filter = self.filters.into_filter(env)?;
        let role = (!filter.roles.is_empty()).then(|| filter.roles.join(" or "));
        let versus = self
            .versus
            .map(|text| -> anyhow::Result<_> { Ok((text.clone(), versus(&text, env)?)) })
            .transpose()?;
        let request = AnatomyRequest {
            filter,
            top: self.top,
            versus,
        };
        let anatomy = anatomy(&env.engine()?, &env.taxonomy, &request)?;
        match format {
            Format::Table => write!(
                out,
                "{}",
                table::anatomy(&anatomy, role.as_deref(), env.paint())
            )?,
            Format::Csv => write!(out, "{}", csv::anatomy(&anatomy).written(b','))?,
            Format::Tsv => write!(out, "{}", csv::anatomy(&anatomy).written(b'\t'))?,
            Format::Markdown => write!(out, "{}", markdown::anatomy(&anatomy, role.as_deref()))?,
            _ => write_json(
                out,
                &json::anatomy(&anatomy, role.as_deref(), &env.provenance()),
            )?,
        }
        Ok(Status::Answer)
    }
}
