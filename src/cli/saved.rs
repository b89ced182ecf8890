//! `saved`: searches kept in the index, and what is new in them since the last look.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::search::{QueryArgs, query_text};
use crate::index::{SAVED_FILE, SavedLock, read_sealed, write_sealed};
use crate::query::{Engine, Filter, Local, Question, SearchRequest, Sort};
use crate::render::{Format, json, rows, table};

/// A file with another number is not read.
const VERSION: u32 = 2;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SavedArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Clone, Subcommand)]
enum What {
    /// Keep a search under a name
    Add {
        /// What to call it
        name: String,
        /// The query, as `search` takes it: 'skill:rust remote:PT'
        #[arg(allow_hyphen_values = true, value_parser = query_text)]
        query: String,
    },
    /// List the searches that are kept
    List,
    /// Run one of them, newest first
    Run {
        /// Its name
        name: String,
        /// Only what has come, come back or gone since the last time, each once
        #[arg(long)]
        new: bool,
        /// Hits to show; all that is new with `--new`
        #[arg(
            long,
            value_name = "N",
            allow_negative_numbers = true,
            default_value_t = 10
        )]
        limit: usize,
    },
    /// Forget one of them
    Remove {
        /// Its name
        name: String,
    },
}

impl What {
    /// Whether the file is written anew: nobody else may do so from before it is read.
    fn changes(&self) -> bool {
        match self {
            What::Add { .. } | What::Remove { .. } => true,
            What::Run { new, .. } => *new,
            What::List => false,
        }
    }
}

/// All that is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    searches: BTreeMap<String, Saved>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Saved {
    query: String,
    /// Postings told of, and whether they were there at the last look.
    #[serde(default)]
    seen: BTreeMap<String, bool>,
}

impl Kept {
    fn read(directory: &Path) -> anyhow::Result<Kept> {
        let path = directory.join(SAVED_FILE);
        let fields = match read_sealed(&path) {
            Ok(fields) => fields,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let kept: Kept = serde_json::from_value(Value::Object(fields))
            .with_context(|| format!("{} holds no saved searches", path.display()))?;
        ensure!(
            kept.version == VERSION,
            "{} was written by another version of the program",
            path.display()
        );
        Ok(kept)
    }

    fn write(&mut self, directory: &Path) -> anyhow::Result<()> {
        self.version = VERSION;
        let path = directory.join(SAVED_FILE);
        let Value::Object(fields) = serde_json::to_value(self)? else {
            unreachable!("a structure is an object")
        };
        write_sealed(&path, fields).with_context(|| format!("cannot write {}", path.display()))
    }

    fn search(&self, name: &str) -> anyhow::Result<&Saved> {
        self.searches.get(name).with_context(|| {
            let names: Vec<&str> = self.searches.keys().map(String::as_str).collect();
            match names.is_empty() {
                true => format!("no search is called `{name}`; `saved add` keeps one"),
                false => format!(
                    "no search is called `{name}`; there are {}",
                    names.join(", ")
                ),
            }
        })
    }
}

impl SavedArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let directory = env.index()?.directory().to_owned();
        let _lock = match self.what.changes() {
            true => Some(SavedLock::wait(&directory).with_context(|| {
                let path = directory.join(SAVED_FILE);
                format!("cannot write {}", path.display())
            })?),
            false => None,
        };
        let mut kept = Kept::read(&directory)?;
        match self.what {
            What::Add { name, query } => {
                ensure!(!name.trim().is_empty(), "a search needs a name");
                ensure!(
                    !query.trim().is_empty(),
                    "a search needs words or conditions, such as 'skill:rust remote:PT'"
                );
                if kept.searches.contains_key(&name) {
                    bail!("there is a search called `{name}`; `saved remove {name}` forgets it");
                }
                // What cannot be read now could never be run.
                QueryArgs::default().read(Some(&query), env)?;
                let saved = Saved {
                    query,
                    ..Saved::default()
                };
                kept.searches.insert(name, saved);
                kept.write(&directory)?;
            }
            What::Remove { name } => {
                kept.search(&name)?;
                kept.searches.remove(&name);
                kept.write(&directory)?;
            }
            What::List => return list(&kept, env, out),
            What::Run { name, new, limit } => {
                let saved = kept.search(&name)?;
                let question = QueryArgs::default().read(Some(&saved.query), env)?;
                let engine = env.engine()?;
                if !new {
                    // The same postings as `--new` tells of.
                    return run(&engine, question.insisted(), limit, env, out);
                }
                let (events, seen) = news(&engine, &question, saved, env)?;
                let status = tell(&events, env, out)?;
                out.flush()?;
                // Only what has been told counts as told.
                kept.searches.entry(name).or_default().seen = seen;
                kept.write(&directory)?;
                return Ok(status);
            }
        }
        Ok(Status::Answer)
    }
}

fn list(kept: &Kept, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
    let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Json)?;
    let named = || kept.searches.iter();
    let mut all = named().map(
        |(name, saved)| value!({"name": name, "query": saved.query, "seen": saved.seen.len()}),
    );
    if format == Format::Json {
        write_json(out, &value!({"searches": all.collect::<Value>()}))?;
    } else if format == Format::Jsonl {
        all.try_for_each(|search| write_json(out, &search))?;
    } else {
        let cells: Vec<Vec<String>> = named()
            .map(|(name, saved)| {
                [name, &saved.query]
                    .map(|text| crate::render::harmless(text))
                    .to_vec()
            })
            .collect();
        write!(
            out,
            "{}",
            table::rows(&["name", "query"].map(str::to_owned), cells.iter())
        )?;
    }
    Ok(Status::Answer)
}

fn run(
    engine: &Local,
    question: Question,
    limit: usize,
    env: &Env,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
    let request = SearchRequest {
        question,
        sort: Sort::Date,
        now: env.now,
        limit,
        n_pieces: 1,
        ..SearchRequest::default()
    };
    let started = std::time::Instant::now();
    let answer = engine.search(&request)?;
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    match format {
        Format::Table => write!(
            out,
            "{}",
            table::search(&answer, &env.taxonomy, 1, env.paint())
        )?,
        Format::Json => write_json(out, &json::search(&answer, &env.taxonomy, took_ms))?,
        _ => {
            for hit in &answer.hits {
                write_json(out, &Value::Object(json::hit(hit, &env.taxonomy)))?;
            }
        }
    }
    Ok(match answer.n_groups {
        0 => Status::Nothing,
        _ => Status::Answer,
    })
}

/// Events, and the postings told of with whether they are there.
type News = (Vec<Map<String, Value>>, BTreeMap<String, bool>);

/// What has changed: a posting a line, with what happened to it.
fn news(engine: &Local, question: &Question, saved: &Saved, env: &Env) -> anyhow::Result<News> {
    // A posting that was closed or is past its last day is gone, whatever the query says.
    let mut there: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for id in engine.ids(question, &Filter::default())? {
        let Some(found) = engine.posting(&id)? else {
            continue;
        };
        let is_past = |at: Option<jiff::Timestamp>| at.is_some_and(|at| at < env.now);
        let is_over = is_past(found.posting.valid_through) || found.past.closed_at().is_some();
        if !is_over {
            there.insert(id, found.group);
        }
    }
    let mut events = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (id, group) in &there {
        let known: Vec<bool> = group
            .iter()
            .filter_map(|member| saved.seen.get(member).copied())
            .collect();
        let event = match known.iter().any(|was_there| *was_there) {
            true => continue,
            false if known.is_empty() => "new",
            false => "back",
        };
        // One copy speaks for all.
        if told.insert(&group[0]) {
            events.push(event_of(engine, id, event)?);
        }
    }
    let mut gone_groups: BTreeSet<String> = BTreeSet::new();
    for (id, _) in saved
        .seen
        .iter()
        .filter(|(id, was_there)| **was_there && !there.contains_key(*id))
    {
        let group = engine
            .posting(id)?
            .map(|found| found.group)
            .unwrap_or_else(|| vec![id.clone()]);
        let is_left = group.iter().any(|member| there.contains_key(member));
        if !is_left && gone_groups.insert(group[0].clone()) {
            events.push(event_of(engine, id, "closed")?);
        }
    }
    let mut seen: BTreeMap<String, bool> =
        saved.seen.keys().map(|id| (id.clone(), false)).collect();
    seen.extend(there.keys().map(|id| (id.clone(), true)));
    Ok((events, seen))
}

fn event_of(engine: &Local, id: &str, event: &str) -> anyhow::Result<Map<String, Value>> {
    let mut fields = Map::new();
    fields.insert("event".to_owned(), event.into());
    fields.insert("id".to_owned(), id.into());
    if let Some(found) = engine.posting(id)? {
        let posting = found.posting;
        let texts = [
            ("title", posting.title),
            ("company", posting.company),
            ("url", posting.url),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                fields.insert(name.to_owned(), text.into());
            }
        }
        if let Some(at) = posting.posted_at {
            fields.insert("posted_at".to_owned(), at.to_string().into());
        }
        fields.insert("group".to_owned(), found.group[0].clone().into());
    }
    Ok(fields)
}

fn tell(events: &[Map<String, Value>], env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
    let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
    match format {
        Format::Table => {
            let head = ["event", "id", "title", "company", "posted_at"].map(str::to_owned);
            let cells: Vec<Vec<String>> =
                events.iter().map(|event| rows::row(event, &head)).collect();
            write!(out, "{}", table::rows(&head, cells.iter()))?;
        }
        Format::Json => write_json(out, &value!({"events": events}))?,
        _ => {
            for event in events {
                write_json(out, &Value::Object(event.clone()))?;
            }
        }
    }
    Ok(match events.is_empty() {
        true => Status::Nothing,
        false => Status::Answer,
    })
}
