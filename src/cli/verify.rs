//! `verify`: whether every byte of the index is as it was written.

use std::io::Write;

use super::Status;
use super::env::{Env, write_json};
use crate::index;
use crate::render::{Format, harmless, json};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct VerifyArgs {}

impl VerifyArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let found = index::verify(&env.global.index)?;
        if format == Format::Json {
            write_json(out, &json::verified(&found))?;
        } else {
            writeln!(
                out,
                "{} files, {:.1} MB: {}",
                found.files,
                found.bytes as f64 / 1e6,
                match found.damaged.len() {
                    0 => "every byte is as it was written".to_owned(),
                    n => format!("{n} damaged"),
                }
            )?;
            for (file, why) in &found.damaged {
                writeln!(out, "damaged: {}: {}", harmless(file), harmless(why))?;
            }
            for note in &found.notes {
                writeln!(out, "note: {}", harmless(note))?;
            }
            if !found.damaged.is_empty() {
                writeln!(
                    out,
                    "index the files again into a new directory, or put the damaged files back from a copy"
                )?;
            }
        }
        Ok(match found.damaged.is_empty() {
            true => Status::Answer,
            false => Status::Damaged,
        })
    }
}
