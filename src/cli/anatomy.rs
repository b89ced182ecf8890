//! `anatomy`: what is in the description of a role.

use std::io::Write;

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use crate::render::{Format, json, markdown, table};
use crate::report::anatomy;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct AnatomyArgs {
    #[command(flatten)]
    filters: FilterArgs,
    /// Lines a section shows
    #[arg(long, value_name = "N", default_value_t = 8)]
    top: usize,
}

impl AnatomyArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(
            &[Format::Table, Format::Json, Format::Markdown],
            Format::Json,
        )?;
        let filter = self.filters.into_filter(env)?;
        let role = (!filter.roles.is_empty()).then(|| filter.roles.join(" or "));
        let anatomy = anatomy(&env.engine()?, &env.taxonomy, &filter, self.top)?;
        match format {
            Format::Table => write!(
                out,
                "{}",
                table::anatomy(&anatomy, role.as_deref(), env.paint())
            )?,
            Format::Markdown => write!(out, "{}", markdown::anatomy(&anatomy, role.as_deref()))?,
            _ => write_json(
                out,
                &json::anatomy(&anatomy, role.as_deref(), &env.provenance()),
            )?,
        }
        Ok(Status::Answer)
    }
}
