//! `audit`: a random sample of a skill's mentions in context.

use std::io::Write;

use serde_json::json as value;

use super::Status;
use super::env::{Env, write_json};
use super::filters::{FilterArgs, skill};
use crate::extract::Mention;
use crate::pipeline::advert;
use crate::query::{Engine, SkillChoice};
use crate::render::{Format, harmless, json};

/// Characters shown before and after a mention.
const AROUND: usize = 70;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct AuditArgs {
    /// Id, label or any spelling of a skill
    #[arg(value_name = "SKILL")]
    skill: String,
    /// Which sample: the same number draws the same one
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 1
    )]
    seed: u64,
    /// Postings to draw
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 20
    )]
    limit: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl AuditArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
        let no = skill(&self.skill, &env.taxonomy)?;
        let mut filter = self.filters.into_filter(env)?;
        filter.skills.push(SkillChoice {
            ids: vec![env.taxonomy.skill(no).id.clone()],
        });
        let postings = env.engine()?.sample(&filter, self.limit, self.seed)?;
        let extractor = env.extractor();
        let paint = env.paint();
        let mut rows = Vec::new();
        for posting in &postings {
            let reading = extractor.read(&advert(posting));
            let title = posting.title.as_deref().unwrap_or_default();
            let body = posting.description_text.as_deref().unwrap_or_default();
            let stated = reading.stated.iter().map(|stated| {
                let text = posting.skills_raw[stated.entry].text.as_str();
                (text, std::slice::from_ref(&stated.mention))
            });
            let read = [(title, &reading.title[..]), (body, &reading.body[..])];
            for (text, mentions) in read.into_iter().chain(stated) {
                for mention in mentions
                    .iter()
                    .filter(|mention| mention.skill == no && !mention.implied)
                {
                    let (before, surface, after) = around(text, mention);
                    if format == Format::Table {
                        let shown = format!(
                            "{}{}{}",
                            harmless(&before),
                            paint.marked(&harmless(surface)),
                            harmless(&after)
                        );
                        writeln!(out, "{}", shown.trim())?;
                        let how = format!(
                            "    {} · {} · {:.2} · {}{}",
                            harmless(&posting.id),
                            mention.rule,
                            mention.confidence,
                            mention.strength,
                            if mention.negated { " · negated" } else { "" }
                        );
                        writeln!(out, "{}", paint.faint(&how))?;
                    }
                    rows.push(value!({
                        "id": posting.id, "before": before, "surface": surface, "after": after, "rule": mention.rule,
                        "confidence": json::rounded(f64::from(mention.confidence), 3), "strength": mention.strength.as_str(),
                        "negated": mention.negated, "section": mention.section.as_str(),
                    }));
                }
            }
        }
        match format {
            Format::Table => {}
            Format::Jsonl => rows.iter().try_for_each(|row| write_json(out, row))?,
            _ => {
                let id = &env.taxonomy.skill(no).id;
                write_json(
                    out,
                    &value!({"skill": id, "seed": self.seed, "mentions": rows}),
                )?;
            }
        }
        if rows.is_empty() && self.limit > 0 {
            env.note("no posting names this skill");
            return Ok(Status::Nothing);
        }
        Ok(Status::Answer)
    }
}

/// The text before, of and after a mention, on one line.
fn around<'a>(text: &'a str, mention: &Mention) -> (String, &'a str, String) {
    let flat = |text: &str| {
        text.chars()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect::<String>()
    };
    let before: Vec<char> = text[..mention.start].chars().rev().take(AROUND).collect();
    let after: String = text[mention.end..].chars().take(AROUND).collect();
    (
        flat(&before.into_iter().rev().collect::<String>()),
        &text[mention.start..mention.end],
        flat(&after),
    )
}
