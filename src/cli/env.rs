//! What all commands share: where the index is, today, how to write.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde_json::Value;

use super::{ColorArg, Global, stdout_is_terminal};
use crate::extract::Extractor;
use crate::index::Index;
use crate::query::Local;
use crate::render::json::Provenance;
use crate::render::table::Paint;
use crate::render::{Format, harmless};
use crate::skills::Taxonomy;

pub(super) struct Env {
    pub(super) global: Global,
    pub(super) now: Timestamp,
    pub(super) taxonomy: Arc<Taxonomy>,
    is_terminal: bool,
    /// The index, once a command has asked for it.
    opened: OnceCell<Index>,
}

impl Env {
    /// Finds out today and the list of skills; for a command that asks the
    /// index, that is the list its postings were read with.
    pub(super) fn new(global: Global, asks_the_index: bool) -> anyhow::Result<Env> {
        let now = match &global.now {
            Some(date) => crate::query::values::day(date)
                .context("`--now` takes a date such as 2024-03-15")?,
            None => Timestamp::now(),
        };
        let taxonomy = match (&global.skills_folder, &global.only_skills) {
            (Some(directory), _) => Arc::new(Taxonomy::embedded_and(directory)?),
            (None, Some(directory)) => Arc::new(Taxonomy::from_directory(directory)?),
            (None, None) => Taxonomy::embedded(),
        };
        let mut env = Env {
            global,
            now,
            taxonomy,
            is_terminal: stdout_is_terminal(),
            opened: OnceCell::new(),
        };
        if asks_the_index {
            let index = Index::open(&env.global.index, &env.taxonomy)?;
            if index.taxonomy().hash() != env.taxonomy.hash() {
                env.note(&format!(
                    "warning: the index in {} was read with another list of skills, which is used here; \
                     `{}` reads its postings again",
                    env.global.index.display(),
                    rebuild(&env.global)
                ));
                env.taxonomy = Arc::clone(index.taxonomy());
            }
            env.opened = OnceCell::from(index);
        }
        Ok(env)
    }

    /// The skill reader with the list of skills in use.
    pub(super) fn extractor(&self) -> Arc<Extractor> {
        if self.taxonomy.hash() == Taxonomy::embedded().hash() {
            return Extractor::embedded();
        }
        Arc::new(Extractor::new(&self.taxonomy))
    }

    /// The same with another index, writing tables: for the tour.
    pub(super) fn on(&self, index: std::path::PathBuf) -> Env {
        let global = Global {
            index,
            format: Some(super::FormatArg::Table),
            ..self.global.clone()
        };
        Env {
            global,
            now: self.now,
            taxonomy: Arc::clone(&self.taxonomy),
            is_terminal: self.is_terminal,
            opened: OnceCell::new(),
        }
    }

    /// The format asked for, or the usual one; one that the command does not
    /// have is an error.
    pub(super) fn format(&self, has: &[Format], piped: Format) -> anyhow::Result<Format> {
        let format = match self.global.format {
            Some(format) => Format::from(format),
            None if self.is_terminal => Format::Table,
            None => piped,
        };
        if !has.contains(&format) {
            let names: Vec<&str> = has.iter().map(|format| format.name()).collect();
            bail!(
                "this command does not write `{}`; it has {}",
                format.name(),
                names.join(", ")
            );
        }
        Ok(format)
    }

    /// The same for a command without tables: on a terminal as in a pipe.
    pub(super) fn format_of_rows(&self, has: &[Format], usual: Format) -> anyhow::Result<Format> {
        match self.global.format {
            Some(_) => self.format(has, usual),
            None => Ok(usual),
        }
    }

    /// Whether answers go to a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    pub(super) fn paint(&self) -> Paint {
        let set = |name: &str| {
            std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
        };
        Paint(match self.global.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto
                if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) =>
            {
                false
            }
            ColorArg::Auto => self.is_terminal || set("CLICOLOR_FORCE"),
        })
    }

    /// The index, opened once.
    pub(super) fn index(&self) -> anyhow::Result<&Index> {
        if self.opened.get().is_none() {
            let index = Index::open(&self.global.index, &self.taxonomy)?;
            return Ok(self.opened.get_or_init(|| index));
        }
        self.opened.get().context("it was just opened")
    }

    pub(super) fn engine(&self) -> anyhow::Result<Local> {
        Ok(Local::new(self.index()?, &self.taxonomy)?)
    }

    pub(super) fn provenance(&self) -> Provenance {
        let words = std::env::args_os().map(OsString::into_string);
        let words: Vec<String> = words
            .map(|word| word.unwrap_or_else(|word| word.to_string_lossy().into_owned()))
            .collect();
        let program = std::iter::once("jobsift".to_owned());
        Provenance {
            skills_hash: format!("{:016x}", self.taxonomy.hash()),
            command: program
                .chain(words.into_iter().skip(1))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// Tells how long something took, with `-v`: the answer itself holds no
    /// times, so that it is the same each time.
    pub(super) fn timing(&self, what: &str, since: std::time::Instant) {
        if self.global.verbose {
            let took = since.elapsed().as_secs_f64() * 1e3;
            self.note(&format!("{what} in {took:.1} ms"));
        }
    }

    /// Whether nothing is said beside the answer.
    pub(super) fn is_quiet(&self) -> bool {
        self.global.quiet
    }

    /// Tells the person something beside the answer.
    pub(super) fn note(&self, text: &str) {
        if !self.is_quiet() {
            say(text);
        }
    }
}

/// The command that reads the postings of the index again, with the list of skills in use.
fn rebuild(global: &Global) -> String {
    let options = [
        ("skills", global.skills_folder.as_deref()),
        ("only-skills", global.only_skills.as_deref()),
        ("index", Some(global.index.as_path())),
    ];
    let given = options
        .into_iter()
        .filter_map(|(name, path)| Some(format!("--{name} {} ", quoted(path?))));
    format!("jobsift {}index --rebuild", given.collect::<String>())
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,@%:".contains(c);
    match !path.is_empty() && path.chars().all(is_plain) {
        true => path,
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// Writes a line to stderr, with nothing in it that could steer a terminal.
pub(super) fn say(text: &str) {
    let mut stderr = anstream::stderr().lock();
    for line in text.lines() {
        // There is nobody left to tell if stderr is closed.
        let _ = writeln!(stderr, "{}", harmless(line));
    }
}

/// Writes one JSON value and a line feed. Control characters that JSON lets
/// stand (`DEL` and those above ASCII) are escaped too: they steer terminals.
pub(super) fn write_json(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    let mut text = serde_json::to_string(value)?;
    if text.contains(char::is_control) {
        let escaped = |c: char| match c.is_control() {
            true => format!("\\u{:04x}", u32::from(c)),
            false => c.to_string(),
        };
        text = text.chars().map(escaped).collect();
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}
