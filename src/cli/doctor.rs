//! `doctor`: how well the corpus is filled, and what in it looks odd.

use std::io::Write;

use super::Status;
use super::env::{Env, write_json};
use crate::query::{Engine, Filter};
use crate::render::{Format, json, table};
use crate::report::CheckupBuilder;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct DoctorArgs {}

impl DoctorArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let engine = env.engine()?;
        let mut builder = CheckupBuilder::new(env.now.as_second());
        let names = engine.scan(&Filter::default(), &mut |row| builder.add(row))?;
        let checkup = builder.finish(&names);
        if format == Format::Json {
            write_json(out, &json::checkup(&checkup))?;
        } else {
            write!(out, "{}", table::checkup(&checkup))?;
        }
        Ok(Status::Answer)
    }
}
