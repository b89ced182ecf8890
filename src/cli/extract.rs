//! `extract`: text in, mentions out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use serde_json::{Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use crate::extract::{Advert, Extractor};
use crate::render::{Format, json, table};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ExtractArgs {
    /// JSON Lines of {"id", "text"} (and "title", "company" if known), or plain text with `--text`; `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// The file is one plain text
    #[arg(long)]
    text: bool,
    /// Tell as well which spellings were found and not believed, and why
    #[arg(long)]
    explain: bool,
}

impl ExtractArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
        let name = self.file.display().to_string();
        let mut input: Box<dyn BufRead> = if name == "-" {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(&self.file).with_context(|| format!("cannot open {name}"))?;
            Box::new(BufReader::new(file))
        };
        let extractor = env.extractor();
        let how = How {
            extractor: &extractor,
            format,
            explain: self.explain,
        };
        if self.text {
            let mut bytes = Vec::new();
            input
                .read_to_end(&mut bytes)
                .with_context(|| format!("cannot read {name}"))?;
            let text = String::from_utf8_lossy(&bytes);
            how.write(
                None,
                &Advert {
                    text: &text,
                    ..Advert::default()
                },
                out,
            )?;
            return Ok(Status::Answer);
        }
        for (number, line) in (1u64..).zip(input.split(b'\n')) {
            let line = line.with_context(|| format!("cannot read {name}"))?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let record: Value = serde_json::from_slice(&line)
                .with_context(|| format!("{name}:{number}: not JSON; `--text` reads plain text"))?;
            let text = |key: &str| record.get(key).and_then(Value::as_str);
            let Some(body) = text("text") else {
                bail!("{name}:{number}: no \"text\" in this record")
            };
            let advert = Advert {
                title: text("title"),
                text: body,
                company: text("company"),
                ..Advert::default()
            };
            how.write(record.get("id").cloned(), &advert, out)?;
        }
        Ok(Status::Answer)
    }
}

/// Words of a text, to be shown.
fn surface(text: &str, start: usize, end: usize) -> String {
    crate::render::harmless(&text[start..end])
}

struct How<'a> {
    extractor: &'a Extractor,
    format: Format,
    explain: bool,
}

impl How<'_> {
    fn write(
        &self,
        id: Option<Value>,
        advert: &Advert<'_>,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let taxonomy = self.extractor.taxonomy();
        let reading = self.extractor.read(advert);
        let refused = if self.explain {
            self.extractor.refusals(advert)
        } else {
            Vec::new()
        };
        if self.format != Format::Table {
            let mut answer =
                value!({"id": id, "skills": json::mentions(advert.text, &reading.body, taxonomy)});
            if let Some(title) = advert.title {
                answer["title"] = json::mentions(title, &reading.title, taxonomy).into();
            }
            if self.explain {
                answer["refused"] = json::refusals(advert.text, &refused, taxonomy).into();
            }
            write_json(out, &answer)?;
            return Ok(());
        }
        let title = advert.title.unwrap_or_default();
        let in_title = reading.title.iter().map(|mention| (title, mention, true));
        let in_text = reading.body.iter();
        let in_text = in_text.map(|mention| (advert.text, mention, false));
        for (text, mention, is_title) in in_title.chain(in_text) {
            let mut notes = vec![mention.strength.to_string()];
            notes.extend(is_title.then(|| "in the title".to_owned()));
            let years = mention.years.and_then(|years| years.min);
            notes.extend(years.map(table::years));
            notes.extend(mention.group.map(|group| format!("choice {group}")));
            let flags = [
                ("negated", mention.negated),
                ("implied", mention.implied),
                ("example", mention.example),
            ];
            notes.extend(
                flags
                    .iter()
                    .filter(|(_, is_so)| *is_so)
                    .map(|(name, _)| (*name).to_owned()),
            );
            if self.explain {
                notes.push(format!("by {} ({:.2})", mention.rule, mention.confidence));
            }
            let label = &taxonomy.skill(mention.skill).label;
            writeln!(
                out,
                "{label:<28} {:<24} {}",
                surface(text, mention.start, mention.end),
                notes.join(", ")
            )?;
        }
        for refusal in &refused {
            let label = &taxonomy.skill(refusal.skill).label;
            writeln!(
                out,
                "not {label:<24} {:<24} {}",
                surface(advert.text, refusal.start, refusal.end),
                refusal.reason
            )?;
        }
        Ok(())
    }
}
