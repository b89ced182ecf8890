//! `show`: one posting whole.

use std::io::Write;

use super::Status;
use super::env::{Env, write_json};
use crate::pipeline::advert;
use crate::query::Engine;
use crate::render::{Format, json, table};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ShowArgs {
    /// The posting's id
    #[arg(value_name = "ID")]
    id: String,
}

impl ShowArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let Some(found) = env.engine()?.posting(&self.id)? else {
            env.note(&format!("no posting has the id `{}`", self.id));
            return Ok(Status::Nothing);
        };
        let taxonomy = &*env.taxonomy;
        let reading = env.extractor().read(&advert(&found.posting));
        match format {
            Format::Json => {
                let title = found.posting.title.as_deref().unwrap_or_default();
                let body = found
                    .posting
                    .description_text
                    .as_deref()
                    .unwrap_or_default();
                let mut mentions = Vec::new();
                for (place, text, found) in [
                    ("title", title, &reading.title),
                    ("text", body, &reading.body),
                ] {
                    for mut mention in json::mentions(text, found, taxonomy) {
                        mention["in"] = place.into();
                        mentions.push(mention);
                    }
                }
                write_json(
                    out,
                    &json::posting(&found, &reading.profile(taxonomy), mentions, taxonomy),
                )?;
            }
            _ => {
                let shown = reading
                    .body
                    .iter()
                    .filter(|mention| !mention.implied && !mention.negated);
                let mut marks: Vec<_> = shown.map(|mention| mention.start..mention.end).collect();
                marks.dedup();
                let ask = table::ask(&found.ask, taxonomy);
                write!(
                    out,
                    "{}",
                    table::posting(&found.posting, &found.group, &ask, &marks, env.paint())
                )?;
            }
        }
        Ok(Status::Answer)
    }
}
