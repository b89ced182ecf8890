//! `gap`: what to learn next.

use std::io::Write;

use anyhow::bail;

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use super::person::PersonArgs;
use crate::fields::{roles, seniority};
use crate::query::Filter;
use crate::query::conditions::role;
use crate::render::{Format, csv, json, table};
use crate::report::{self, GapRequest};
use crate::skills::Kind;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct GapArgs {
    #[command(flatten)]
    person: PersonArgs,
    /// Where to go: a title such as "staff engineer", or a role such as backend
    #[arg(long, value_name = "TITLE")]
    toward: Option<String>,
    /// Let fields of work and practices count (back-end development, CI/CD …)
    #[arg(long)]
    concepts: bool,
    /// Let soft skills and responsibilities count
    #[arg(long)]
    soft: bool,
    /// How many skills to suggest
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    limit: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl GapArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let has = [Format::Table, Format::Json, Format::Csv, Format::Tsv];
        let format = env.format(&has, Format::Json)?;
        let person = self.person.into_person(env)?;
        let mut filter = self.filters.into_filter(env)?;
        if let Some(title) = &self.toward {
            toward(title, &mut filter)?;
        }
        let taxonomy = &*env.taxonomy;
        let engine = env.engine()?;
        let mut kinds = vec![Kind::Technology, Kind::Certification];
        if self.concepts {
            kinds.push(Kind::Concept);
        }
        if self.soft {
            kinds.extend([Kind::Soft, Kind::Responsibility]);
        }
        let request = GapRequest {
            person,
            filter,
            kinds,
            n_steps: self.limit,
        };
        let gap = report::gap(&engine, taxonomy, &request)?;
        let person = &request.person;
        match format {
            Format::Table => write!(out, "{}", table::gap(&gap, &request, taxonomy, env.paint()))?,
            Format::Csv => write!(out, "{}", csv::gap(&gap, taxonomy, b','))?,
            Format::Tsv => write!(out, "{}", csv::gap(&gap, taxonomy, b'\t'))?,
            _ => write_json(out, &json::gap(&gap, person, taxonomy, &env.provenance()))?,
        }
        if gap.total == 0 {
            env.note("no posting that the filters leave asks for anything");
            return Ok(Status::Nothing);
        }
        Ok(Status::Answer)
    }
}

/// Narrows to a title: its role and rung where it has one ("backend", "staff
/// engineer"), and the words themselves where it has neither.
fn toward(title: &str, filter: &mut Filter) -> anyhow::Result<()> {
    if !title.contains(char::is_alphanumeric) {
        bail!("`--toward` takes a title such as `staff engineer`");
    }
    let named = match role(title) {
        Some(role) => vec![role],
        None => roles::from_title(title),
    };
    let rung = seniority::from_title(title);
    if named.is_empty() && rung.is_none() {
        filter.title_words.push(title.to_owned());
    }
    filter.roles.extend(named.into_iter().map(str::to_owned));
    filter.seniorities.extend(rung);
    Ok(())
}
