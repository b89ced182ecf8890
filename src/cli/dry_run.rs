//! `index --dry-run`: how input would be read, without an index: the reader and
//! why, what columns are taken for, some postings, fill rates, rejects, and a
//! mapping file to edit.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use serde_json::{Value, json};

use super::Status;
use super::env::{Env, write_json};
use crate::fields;
use crate::ingest::{self, ColumnGuess, IngestError, Input, Item, Options};
use crate::past::Past;
use crate::posting::Posting;
use crate::query::Found;
use crate::render::{Format, harmless, json as shapes, percent, table};

/// So many records of a file are looked at.
const MAX_RECORDS: u64 = 10_000;

/// So many postings of a file are shown.
const SHOWN: usize = 5;

/// What a file would give.
#[derive(Default)]
struct Look {
    file: String,
    reader: &'static str,
    why: &'static str,
    guess: Option<ColumnGuess>,
    read: u64,
    /// Events of a feed: a field is another now, a posting is gone.
    changed: u64,
    closed: u64,
    accepted: u64,
    /// More records follow than were looked at.
    is_cut: bool,
    reasons: BTreeMap<&'static str, u64>,
    rejected: Vec<String>,
    filled: BTreeMap<&'static str, u64>,
    /// Dates of publication that could not be read.
    unread_dates: u64,
    shown: Vec<Posting>,
}

pub(super) fn run(
    env: &Env,
    inputs: &[Input],
    options: &Options,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let mut looks = Vec::new();
    let mut skipped: Vec<(String, String)> = Vec::new();
    for input in inputs {
        match ingest::open(input, options) {
            Ok(source) => looks.push(look(input, source, options)?),
            Err(IngestError::NotACorpus { path, why, .. }) => skipped.push((path, why)),
            Err(IngestError::Record { path, source, .. }) => {
                skipped.push((path, source.to_string()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    match format {
        Format::Json => {
            let files: Vec<Value> = looks.iter().map(as_json).collect();
            let skipped = skipped.iter();
            let skipped: Vec<Value> = skipped
                .map(|(file, why)| json!({"file": file, "why": why}))
                .collect();
            write_json(out, &json!({"files": files, "skipped_files": skipped}))?;
        }
        _ => {
            for look in &looks {
                write!(out, "{}", as_text(look, env))?;
            }
            for (file, why) in &skipped {
                writeln!(out, "skipped {}: {}", harmless(file), harmless(why))?;
            }
        }
    }
    Ok(match looks.iter().all(|look| look.accepted == 0) {
        true => Status::Nothing,
        false => Status::Answer,
    })
}

fn look(input: &Input, source: ingest::Source, options: &Options) -> anyhow::Result<Look> {
    let mut look = Look {
        file: input.name(),
        reader: source.reader().name(),
        guess: source.guess(),
        ..Look::default()
    };
    look.why = match (&options.reader, &look.guess) {
        (Some(_), _) => "asked for",
        (None, Some(_)) => "no format is known by this; columns are guessed by their names",
        (None, None) => "known by its fields",
    };
    for chunk in source {
        for item in chunk?.items() {
            if look.read >= MAX_RECORDS {
                look.is_cut = true;
                return Ok(look);
            }
            look.take(item);
        }
    }
    Ok(look)
}

impl Look {
    /// Records that say nothing.
    fn rejected(&self) -> u64 {
        self.read - self.accepted - self.changed - self.closed
    }

    fn take(&mut self, item: Result<Item, IngestError>) {
        self.read += 1;
        match item {
            Ok(Item::Posting(posting)) => {
                let mut posting = *posting;
                fields::fill(&mut posting);
                self.accepted += 1;
                self.unread_dates += u64::from(posting.has_unread_date());
                for (name, is_there) in filled(&posting) {
                    *self.filled.entry(name).or_default() += u64::from(is_there);
                }
                if self.shown.len() < SHOWN {
                    self.shown.push(posting);
                }
            }
            Ok(Item::Changed(_)) => self.changed += 1,
            Ok(Item::Closed(_)) => self.closed += 1,
            Err(error) => {
                if let IngestError::Record { source, .. } = &error {
                    *self.reasons.entry(source.reason()).or_default() += 1;
                }
                if self.rejected.len() < SHOWN {
                    self.rejected.push(error.to_string());
                }
            }
        }
    }

    /// That some dates could not be read, and what may be done about it.
    fn unread_dates(&self) -> Option<String> {
        if self.unread_dates == 0 {
            return None;
        }
        let columns = self.guess.iter().flat_map(|guess| &guess.mapped);
        let columns: Vec<String> = columns
            .filter(|(_, field)| *field == "posted_at")
            .map(|(column, _)| quoted(column))
            .collect();
        let from = match columns.is_empty() {
            true => String::new(),
            false => format!(" from {}", columns.join(", ")),
        };
        Some(match self.filled.get("date") {
            None | Some(0) => format!("no date could be read{from}"),
            Some(_) => format!("{} dates could not be read{from}", self.unread_dates),
        })
    }

    /// The guess as a mapping file that reads just so.
    fn mapping(&self) -> Option<String> {
        let guess = self.guess.as_ref()?;
        let mut out = String::from(
            "# Which column fills which field; edit, and give it with --mapping\n[input]\n",
        );
        if let Some(posting) = self.shown.first() {
            let _ = writeln!(out, "source = {}", quoted(&posting.source));
        }
        out.push_str("\n[fields]\n");
        let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
        for (column, field) in &guess.mapped {
            match fields.iter_mut().find(|(known, _)| known == field) {
                Some((_, columns)) => columns.push(column),
                None => fields.push((field, vec![column])),
            }
        }
        for (field, columns) in fields {
            let columns: Vec<String> = columns.into_iter().map(quoted).collect();
            let columns = match columns.as_slice() {
                [one] => one.clone(),
                many => format!("[{}]", many.join(", ")),
            };
            let _ = writeln!(out, "{} = {columns}", quoted(field));
        }
        if !guess.unmapped.is_empty() {
            let names: Vec<String> = guess.unmapped.iter().map(|name| quoted(name)).collect();
            let _ = writeln!(out, "# left out: {}", names.join(", "));
        }
        out.push_str("\n[options]\n# date_format = \"%d/%m/%Y\"\n# currency = \"EUR\"\n# period = \"month\"\n# country = \"DE\"\n");
        Some(out)
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn filled(posting: &Posting) -> [(&'static str, bool); 8] {
    [
        ("title", posting.title.is_some()),
        ("text", posting.description_text.is_some()),
        ("company", posting.company.is_some()),
        (
            "country",
            posting
                .locations
                .iter()
                .any(|place| place.country.is_some()),
        ),
        ("date", posting.posted_at.is_some()),
        ("pay", posting.salary.is_some()),
        ("workplace", posting.workplace.is_some()),
        ("seniority", posting.seniority.is_some()),
    ]
}

fn as_json(look: &Look) -> Value {
    let shares: BTreeMap<&str, f64> = look
        .filled
        .iter()
        .map(|(name, n)| (*name, *n as f64 / look.accepted.max(1) as f64))
        .collect();
    let guess = look.guess.as_ref().map(|guess| {
        let mapped = guess.mapped.iter();
        let mapped: Vec<Value> = mapped
            .map(|(column, field)| json!({"column": column, "field": field}))
            .collect();
        json!({"mapped": mapped, "unmapped": guess.unmapped})
    });
    json!({
        "file": look.file, "reader": look.reader, "why": look.why, "guess": guess, "read": look.read,
        "accepted": look.accepted, "changed": look.changed, "closed": look.closed,
        "rejected": look.rejected(), "reasons": look.reasons,
        "filled": shares, "unread_dates": look.unread_dates, "more": look.is_cut, "postings": look.shown, "mapping": look.mapping(),
    })
}

fn as_text(look: &Look, env: &Env) -> String {
    let paint = env.paint();
    let mut out = format!("{}\n", paint.marked(&harmless(&look.file)));
    let _ = writeln!(out, "read as {}: {}", look.reader, look.why);
    let cut = if look.is_cut { ", and more follow" } else { "" };
    let _ = writeln!(
        out,
        "{} records{cut}: {} postings, {} changes, {} closings, {} rejected",
        look.read,
        look.accepted,
        look.changed,
        look.closed,
        look.rejected()
    );
    for (reason, n) in &look.reasons {
        let _ = writeln!(out, "  {n} × {reason}");
    }
    for rejected in &look.rejected {
        let _ = writeln!(out, "  {}", paint.faint(&harmless(rejected)));
    }
    let shares: Vec<String> = look
        .filled
        .iter()
        .map(|(name, n)| {
            format!(
                "{name} {}",
                percent(*n as f64 / look.accepted.max(1) as f64)
            )
        })
        .collect();
    if look.accepted > 0 {
        let _ = writeln!(out, "filled: {}", shares.join(", "));
    }
    if let Some(said) = look.unread_dates() {
        let _ = writeln!(
            out,
            "{}: whether a day or a month comes first is never guessed, and \
             \"3 days ago\" needs a day to count from; give `date_format` in a mapping file",
            harmless(&said)
        );
    }
    out.push('\n');
    for posting in &look.shown {
        out.push_str(&shown(posting, env));
    }
    if let Some(mapping) = look.mapping() {
        let _ = writeln!(out, "A mapping file that reads it just so:\n");
        for line in mapping.lines() {
            let _ = writeln!(out, "    {}", harmless(line));
        }
        out.push('\n');
    }
    out
}

/// A posting as it would be stored; its text is cut.
fn shown(posting: &Posting, env: &Env) -> String {
    let mut short = posting.clone();
    if let Some(text) = &mut short.description_text {
        let beginning: String = text.chars().take(200).collect();
        *text = if beginning.len() < text.len() {
            format!("{beginning}…")
        } else {
            beginning
        };
    }
    let found = Found {
        places: short.locations.clone(),
        posting: short,
        past: Past::default(),
        last_seen: None,
        group: Vec::new(),
        spell: None,
        ask: Vec::new(),
    };
    let whole = table::posting(&found, "", &[], env.paint());
    let name = shapes::name(posting);
    let body = whole
        .strip_prefix(&format!("{}\n", harmless(&name)))
        .unwrap_or(&whole);
    let mut out = format!("- {}\n", harmless(&name));
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(out, "    {line}");
    }
    out.push('\n');
    out
}
