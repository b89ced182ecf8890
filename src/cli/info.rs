//! `info`: what is in the index.

use std::io::Write;

use serde_json::json as value;

use super::Status;
use super::env::{Env, write_json};
use crate::query::{Engine, Filter};
use crate::render::{Format, json, percent};
use crate::report::CardBuilder;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct InfoArgs {}

impl InfoArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let index = env.index()?;
        let engine = env.engine()?;
        let mut card = CardBuilder::default();
        let names = engine.scan(&Filter::default(), &mut |row| card.add(row))?;
        let card = card.finish(&names);
        let bytes: u64 = std::fs::read_dir(index.directory())?
            .filter_map(|entry| entry.ok()?.metadata().ok())
            .map(|metadata| metadata.len())
            .sum();
        let meta = index.meta();
        let commit = engine.snapshot();
        let (fields, commits) = (commit.field_bytes()?, index.commits()?);
        let is_unfinished = index.unfinished()?.is_some();
        if format == Format::Json {
            let answer = value!({
                "directory": index.directory().display().to_string(), "format_version": meta.format_version,
                "program": meta.program, "skills": env.taxonomy.skills().len(), "bytes": bytes,
                "companies": names.companies.len(), "segments": commit.n_segments(),
                "groups": card.n_groups, "unfinished": is_unfinished,
                "fields": fields.iter().map(|(name, bytes)| value!({"name": name, "bytes": bytes})).collect::<Vec<_>>(),
                "commits": commits.iter().map(|commit| value!({"at": moment(commit.at), "written": commit.written})).collect::<Vec<_>>(),
                "card": json::card(&card, &env.provenance()),
            });
            write_json(out, &answer)?;
            return Ok(Status::Answer);
        }
        let share = |n: u64| percent(n as f64 / card.n_postings.max(1) as f64);
        let counted = |counts: &[(String, u64)]| {
            counts
                .iter()
                .take(8)
                .map(|(name, n)| format!("{name} {n}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let dates = card.dates.map_or_else(String::new, |(first, last)| {
            format!(
                "{} to {}",
                crate::render::day(first),
                crate::render::day(last)
            )
        });
        let largest = fields.iter().take(8);
        let largest = largest.map(|(name, bytes)| format!("{name} {:.1} MB", *bytes as f64 / 1e6));
        let largest = largest.collect::<Vec<_>>().join(", ");
        let latest = commits.iter().take(5);
        let latest = latest.map(|commit| format!("{} (+{})", moment(commit.at), commit.written));
        let latest = latest.collect::<Vec<_>>().join(", ");
        let rows = [
            ("index", index.directory().display().to_string()),
            (
                "size",
                format!(
                    "{:.1} MB in {} segments, format {}",
                    bytes as f64 / 1e6,
                    commit.n_segments(),
                    meta.format_version
                ),
            ),
            ("largest fields", largest),
            (
                "last commits",
                match is_unfinished {
                    true => format!("{latest}; the run did not come to its end"),
                    false => latest,
                },
            ),
            (
                "postings",
                format!("{} in {} groups of copies", card.n_postings, card.n_groups),
            ),
            (
                "dates",
                format!("{dates} ({} have one)", share(card.with_date)),
            ),
            ("sources", counted(&card.sources)),
            (
                "employers",
                format!(
                    "{} ({} of postings have one)",
                    names.companies.len(),
                    share(card.with_company)
                ),
            ),
            ("place", share(card.with_place)),
            ("pay", share(card.with_pay)),
            ("languages of text", counted(&card.text_languages)),
            (
                "skills",
                format!(
                    "{} known, list {:016x}",
                    env.taxonomy.skills().len(),
                    env.taxonomy.hash()
                ),
            ),
        ];
        for (name, text) in rows {
            writeln!(out, "{name:<18} {}", crate::render::harmless(&text))?;
        }
        Ok(Status::Answer)
    }
}

fn moment(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|at| at.to_string())
        .unwrap_or_default()
}
