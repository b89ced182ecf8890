//! `show`: one posting whole.

use std::io::Write;

use serde_json::Value;

use super::Status;
use super::env::{Env, write_json};
use crate::extract::{Extractor, StatedMention};
use crate::pipeline::advert;
use crate::query::{Engine, Found};
use crate::render::{Format, json, table};
use crate::skills::Taxonomy;

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
        let extractor = env.extractor();
        match format {
            Format::Json => write_json(out, &whole(&found, &extractor, taxonomy))?,
            _ => {
                let reading = extractor.read(&advert(&found.posting));
                let shown = reading
                    .body
                    .iter()
                    .filter(|mention| !mention.implied && !mention.negated);
                let mut marks: Vec<_> = shown.map(|mention| mention.start..mention.end).collect();
                marks.dedup();
                let ask = table::ask(&found.ask, taxonomy);
                write!(out, "{}", table::posting(&found, &ask, &marks, env.paint()))?;
            }
        }
        Ok(Status::Answer)
    }
}

/// A posting with everything that was read out of it, as `show` and `export` write it.
pub(super) fn whole(found: &Found, extractor: &Extractor, taxonomy: &Taxonomy) -> Value {
    let reading = extractor.read(&advert(&found.posting));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (title, body) = (
        text(&found.posting.title),
        text(&found.posting.description_text),
    );
    let mut mentions = Vec::new();
    for (place, text, found) in [
        ("title", &title, &reading.title),
        ("text", &body, &reading.body),
    ] {
        for mut mention in json::mentions(text, found, taxonomy) {
            mention["in"] = place.into();
            mentions.push(mention);
        }
    }
    for StatedMention { entry, mention } in &reading.stated {
        let text = &found.posting.skills_raw[*entry].text;
        for mut mention in json::mentions(text, &[*mention], taxonomy) {
            mention["in"] = "skills_raw".into();
            mention["entry"] = (*entry).into();
            mentions.push(mention);
        }
    }
    json::posting(found, &reading.profile(taxonomy), mentions, taxonomy)
}
