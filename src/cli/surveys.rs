//! `winners`, `pay`, `skillset` and `emerging`: one scan each, and a table.

use std::io::Write;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Status;
use super::env::{Env, write_json};
use super::filters::{FilterArgs, skill};
use super::trends::dimension;
use crate::query::language::filter_lines;
use crate::render::{Format, csv, json, markdown, table};
use crate::report::{self, Dimension};

/// The formats of a report with rows.
const HAS: [Format; 5] = [
    Format::Table,
    Format::Json,
    Format::Csv,
    Format::Tsv,
    Format::Markdown,
];

/// Writes a report as what was asked for.
fn write(
    env: &Env,
    out: &mut dyn Write,
    json: impl FnOnce() -> Value,
    table: impl FnOnce() -> String,
    rows: impl FnOnce() -> csv::Rows,
) -> anyhow::Result<()> {
    match env.format(&HAS, Format::Json)? {
        Format::Table => write!(out, "{}", table())?,
        Format::Csv => write!(out, "{}", rows().written(b','))?,
        Format::Tsv => write!(out, "{}", rows().written(b'\t'))?,
        Format::Markdown => write!(out, "{}", markdown::rows(&rows()))?,
        _ => write_json(out, &json())?,
    }
    Ok(())
}

pub(super) fn currency(code: Option<String>) -> anyhow::Result<Option<String>> {
    let code = code.map(|code| code.to_ascii_uppercase());
    let is_code = |code: &String| code.len() == 3 && code.chars().all(|c| c.is_ascii_alphabetic());
    ensure!(
        code.as_ref().is_none_or(is_code),
        "`--currency` takes an ISO 4217 code such as EUR"
    );
    Ok(code)
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct WinnersArgs {
    /// Languages to show at most; the article's eight are always there
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 12
    )]
    top: usize,
    /// Compare pay in this currency; otherwise in that of most postings
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

impl WinnersArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        env.format(&HAS, Format::Json)?;
        let filter = self.filters.into_filter(env)?;
        let currency = currency(self.currency)?;
        let winners = report::winners(
            &env.engine()?,
            &env.taxonomy,
            &filter,
            currency.as_deref(),
            self.top,
        )?;
        if env.format(&HAS, Format::Json)? == Format::Markdown {
            let conditions = filter_lines(&filter, &env.taxonomy);
            write!(out, "{}", markdown::winners(&winners, &conditions))?;
            return Ok(Status::Answer);
        }
        write(
            env,
            out,
            || json::winners(&winners, &env.provenance()),
            || table::winners(&winners, env.paint()),
            || csv::winners(&winners),
        )?;
        Ok(Status::Answer)
    }
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct PayArgs {
    /// language, another branch of skills, skill, company, country, seniority, workplace or source
    #[arg(value_name = "DIMENSION", default_value = "language")]
    dimension: String,
    /// Pay in this currency; otherwise in that of most postings
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Values to show at most
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 20
    )]
    top: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl PayArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        env.format(&HAS, Format::Json)?;
        let dimension = dimension(&self.dimension, &env.taxonomy)?;
        let filter = self.filters.into_filter(env)?;
        let currency = currency(self.currency)?;
        let pay = report::pay(
            &env.engine()?,
            &env.taxonomy,
            &filter,
            &dimension,
            currency.as_deref(),
            self.top,
        )?;
        write(
            env,
            out,
            || json::pay(&pay, &env.provenance()),
            || table::pay_report(&pay, env.paint()),
            || csv::pay(&pay),
        )?;
        Ok(Status::Answer)
    }
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SkillsetArgs {
    /// The skill, by id, label or alias
    #[arg(value_name = "SKILL")]
    name: String,
    /// Pay in this currency; otherwise in that of most postings
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Lines to show at most
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 25
    )]
    top: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl SkillsetArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        env.format(&HAS, Format::Json)?;
        let no = skill(&self.name, &env.taxonomy)?;
        let filter = self.filters.into_filter(env)?;
        let currency = currency(self.currency)?;
        let skillset = report::skillset(
            &env.engine()?,
            &env.taxonomy,
            &filter,
            no,
            currency.as_deref(),
            self.top,
        )?;
        write(
            env,
            out,
            || json::skillset(&skillset, &env.taxonomy, &env.provenance()),
            || table::skillset(&skillset, &env.taxonomy, env.paint()),
            || csv::skillset(&skillset),
        )?;
        Ok(Status::Answer)
    }
}

#[derive(Debug, Clone, clap::Args)]
pub(super) struct EmergingArgs {
    /// Only skills below this branch, such as language or database
    #[arg(value_name = "BRANCH", default_value = "skill")]
    branch: String,
    /// Skills to show at most, each way
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 20
    )]
    top: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl EmergingArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        env.format(&HAS, Format::Json)?;
        let Dimension::Skills(branch) = dimension(&self.branch, &env.taxonomy)? else {
            return Err(anyhow::anyhow!("`{}` is no branch of skills", self.branch))
                .context("`emerging` looks at skills");
        };
        let filter = self.filters.into_filter(env)?;
        let engine = env.engine()?;
        let emerging = report::emerging(&engine, &env.taxonomy, &filter, &branch, self.top)?;
        write(
            env,
            out,
            || json::emerging(&emerging, &env.provenance()),
            || table::emerging(&emerging, env.paint()),
            || csv::emerging(&emerging),
        )?;
        Ok(Status::Answer)
    }
}
