//! `index`: read files into the index.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, LineWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use serde_json::Value;

use super::Status;
use super::dry_run;
use super::env::{Env, write_json};
use super::progress::Bar;
use crate::index::Index;
use crate::ingest::{self, ColumnGuess, IngestError, Input, Options, Reader};
use crate::pipeline::{self, Log, Position, Request, Taken};
use crate::render::json::rounded;
use crate::render::{Format, counted, json, table};

/// Rejected records that are named without `--verbose`.
const SHOWN_REJECTS: usize = 5;

/// So many columns of one field are named one by one.
const MOST_COLUMNS: usize = 5;
/// More threads than any machine has use for.
const MOST_THREADS: usize = 1024;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct IndexArgs {
    /// Files, directories, or `-` for standard input
    #[arg(
        required_unless_present = "rebuild",
        conflicts_with = "rebuild",
        value_name = "INPUT"
    )]
    inputs: Vec<PathBuf>,
    /// Read every file as this format (greenhouse, jobspy, auto …) instead of looking; an unknown name lists them all
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<String>,
    /// Read every file by this table of fields and columns (TOML)
    #[arg(long, value_name = "FILE", conflicts_with = "input_format")]
    mapping: Option<PathBuf>,
    /// Source of postings whose format names none
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Threads that read and threads that write, each [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    threads: Option<usize>,
    /// About how much memory to work with; reading and merging may take 150 MB more
    #[arg(long, value_name = "SIZE", default_value = "512MB", value_parser = super::values::bytes)]
    memory: usize,
    /// Commit after this much text, so that a run that is cut off can go on from there
    #[arg(long, value_name = "SIZE", default_value = "512MB", value_parser = super::values::bytes)]
    commit_every: usize,
    /// Write every rejected record here, as JSON Lines
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// The share of records that may be rejected: 0 to 1, or per cent; more gives exit status 3
    #[arg(long, value_name = "SHARE", default_value = "100%", value_parser = share)]
    max_rejects: f64,
    /// The inputs hold all that there is of the boards in them: a posting of one that is not among
    /// them any more is closed. A source that names no boards counts as one
    #[arg(long)]
    snapshot: bool,
    /// Show how the input would be read, and write nothing: the format and why, what columns are
    /// taken for, some postings, and a mapping file to edit
    #[arg(long, conflicts_with = "rebuild")]
    dry_run: bool,
    /// Read the postings in the index again, with the list of skills as it is now
    #[arg(long)]
    rebuild: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), 100.0),
        None => (text, 1.0),
    };
    let share = number.parse::<f64>().ok().map(|number| number / unit);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| format!("`{text}` is no share: 0.05 or 5%"))
}

impl IndexArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        if self.rebuild {
            return self.rebuild(env, format, out);
        }
        let reader = match &self.input_format {
            Some(name) => Some(Reader::from_name(name).with_context(|| {
                let names: Vec<&str> = Reader::all().iter().map(Reader::name).collect();
                format!(
                    "`{name}` is no input format; there are {}",
                    names.join(", ")
                )
            })?),
            None => match &self.mapping {
                Some(path) => Some(Reader::from_mapping(path)?),
                None => None,
            },
        };
        let inputs = ingest::inputs(&self.inputs)?;
        if inputs.is_empty() {
            bail!(
                "no files in {}",
                self.inputs
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        if self.dry_run {
            let options = Options {
                reader,
                source: self.source,
                now: env.now,
            };
            return dry_run::run(env, &inputs, &options, format, out);
        }
        let threads = self.threads()?;
        let index = Index::open_or_create(&env.global.index, &env.taxonomy)?;
        let request = Request {
            inputs,
            options: Options {
                reader,
                source: self.source,
                now: env.now,
            },
            threads,
            memory_bytes: self.memory,
            commit_bytes: self.commit_every as u64,
            is_snapshot: self.snapshot,
        };
        let rejects = match &self.rejects {
            Some(path) => {
                let begin = pipeline::begin(&index, &request)?;
                let file = rejects_file(path, begin, &request.inputs)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                // A line at a time: a run that is killed has written what it has counted.
                Some(LineWriter::new(file))
            }
            None => None,
        };
        let bar = Bar::new(env.global.quiet);
        let mut log = Noting {
            env,
            bar: &bar,
            tells_skipped: format == Format::Table && env.is_terminal(),
            rejects,
            failed: None,
            first: Vec::new(),
            n: 0,
            guesses: BTreeMap::new(),
        };
        let stop = stop_on_interrupt();
        let summary = pipeline::run(&index, &env.extractor(), &request, &bar, &mut log, &stop);
        bar.finish();
        let Noting {
            rejects,
            failed,
            first,
            n,
            guesses,
            ..
        } = log;
        for (file, n) in guesses.values().filter(|(_, n)| *n > 0) {
            env.note(&format!(
                "{file}: columns guessed just so in {n} more files"
            ));
        }
        if let Some(error) = failed {
            return Err(error).context("cannot write rejected records");
        }
        if let Some(mut rejects) = rejects {
            rejects.flush().context("cannot write rejected records")?;
        }
        let summary = summary?;
        if n > SHOWN_REJECTS as u64 && !env.global.verbose {
            env.note(&format!(
                "… and {} more rejected records; `--rejects FILE` keeps all",
                n - SHOWN_REJECTS as u64
            ));
        }
        if summary.files == 0 {
            let skipped = summary.skipped_files.iter();
            let why: Vec<String> = skipped
                .map(|(file, why)| format!("{file}: {why}"))
                .chain(first.iter().map(in_words))
                .collect();
            bail!("no postings in any input\n{}", why.join("\n"));
        }
        if summary.unread_dates > 0 {
            env.note(&format!(
                "{} could not be read: whether a day or a month comes first is never guessed, and \
                 \"3 days ago\" needs a day to count from; `date_format` in a mapping file tells the order",
                counted(summary.unread_dates, "date")
            ));
        }
        for taken in summary.taken.iter().take(SHOWN_REJECTS) {
            env.note(&others_places(taken));
        }
        if !summary.not_whole.is_empty() {
            env.note(&nothing_closed(&summary.not_whole));
        }
        if summary.interrupted && format == Format::Json {
            env.note(table::GO_ON);
        }
        match format {
            Format::Json => write_json(out, &json::summary(&summary, &first))?,
            _ => write!(out, "{}", table::summary(&summary, env.paint()))?,
        }
        let before = summary.resumed;
        let (rejected, read) = (
            before.rejected_before + summary.rejected,
            before.read_before + summary.read,
        );
        let too_many = rejected as f64 > self.max_rejects * read as f64;
        if too_many {
            super::env::say(&format!(
                "error: {rejected} of {read} records were rejected, more than the {} % that `--max-rejects` allows; \
                 what was accepted is in the index",
                rounded(self.max_rejects * 100.0, 2)
            ));
        }
        Ok(if too_many {
            Status::TooManyRejects
        } else {
            Status::Answer
        })
    }
}

impl IndexArgs {
    fn threads(&self) -> anyhow::Result<usize> {
        match self.threads {
            Some(0) => bail!("`--threads` takes 1 or more"),
            Some(threads) if threads > MOST_THREADS => {
                bail!("`--threads` takes {MOST_THREADS} at most")
            }
            Some(threads) => Ok(threads),
            None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }

    fn rebuild(&self, env: &Env, format: Format, out: &mut dyn Write) -> anyhow::Result<Status> {
        let index = Index::open(&env.global.index, &env.taxonomy)?;
        let bar = Bar::new(env.global.quiet);
        let n = pipeline::rebuild(&index, &env.extractor(), self.threads()?, self.memory, &bar);
        bar.finish();
        let n = n?;
        match format {
            Format::Json => write_json(out, &serde_json::json!({ "rebuilt": n }))?,
            _ => writeln!(out, "{n} postings read again")?,
        }
        Ok(Status::Answer)
    }
}

/// The file for rejected records. A run that goes on keeps those that the one
/// before it has written of what is done; what follows there is read again.
fn rejects_file(path: &Path, begin: Position, inputs: &[Input]) -> io::Result<File> {
    if begin.is_start() || !path.is_file() {
        return File::create(path);
    }
    let names: Vec<String> = inputs.iter().map(Input::name).collect();
    let is_done = |line: &[u8]| {
        let reject: Value = serde_json::from_slice(line).unwrap_or_default();
        let input = names.iter().position(|name| reject["file"] == *name);
        let place = input.zip(reject["record"].as_u64());
        place.is_some_and(|(input, record)| begin.is_beyond(input as u64, record))
    };
    let (mut kept, mut line) = (0, Vec::new());
    let mut before = BufReader::new(File::open(path)?);
    while before.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") && is_done(&line) {
        kept += line.len() as u64;
        line.clear();
    }
    let file = OpenOptions::new().append(true).open(path)?;
    file.set_len(kept)?;
    Ok(file)
}

/// That postings of one file have the ids of others, and what to do.
fn others_places(taken: &Taken) -> String {
    format!(
        "{} of {} gave way to others of the same id in {}. Ids that only their file knows begin with \
         its name, or with `--source`; index these files one by one, each with a `--source` of its own, \
         if they are not states of the same postings",
        counted(taken.n, "posting"),
        taken.of,
        taken.by
    )
}

/// That a full reading has not closed what it could not find, and why.
fn nothing_closed(not_whole: &[String]) -> String {
    let named = not_whole.iter().take(SHOWN_REJECTS);
    let named: Vec<&str> = named.map(String::as_str).collect();
    let more = match not_whole.len() - named.len() {
        0 => String::new(),
        n => format!(" and {n} more files"),
    };
    format!(
        "not read whole: {}{more}. Nothing is closed of the boards in them, \
         and nothing at all if one of them shows no board. Skipped files count that are called \
         like data or begin like none of what lies beside data: documentation, licences, images",
        named.join(", ")
    )
}

/// A rejected record, for a message.
fn in_words(reject: &Value) -> String {
    let word = |name: &str| reject[name].as_str().unwrap_or_default();
    format!("{}: {}", word("file"), word("reason"))
}

/// A flag that an interrupt sets; the second interrupt ends the program.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let set = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            end_at_once();
        }
        super::env::say(
            "finishing what is under way; what is read so far will be kept. A second interrupt ends at once",
        );
    });
    // A handler that stands already (in a test) is as good.
    let _ = set;
    stop
}

/// Ends the program where it stands, with the status of shells for an interrupt:
/// `main` may be waiting for input that never comes. The index is as it was at its
/// last commit.
#[expect(clippy::exit, reason = "no other thread can be told to end")]
fn end_at_once() -> ! {
    std::process::exit(130)
}

struct Noting<'a> {
    env: &'a Env,
    bar: &'a Bar,
    /// The answer will name skipped files on the same terminal.
    tells_skipped: bool,
    rejects: Option<LineWriter<File>>,
    failed: Option<std::io::Error>,
    first: Vec<Value>,
    n: u64,
    /// What was said of guessed columns, the file it was said of, and how many
    /// files more it is true of.
    guesses: BTreeMap<String, (String, u64)>,
}

impl Noting<'_> {
    fn note(&self, text: &str) {
        self.bar.beside(|| self.env.note(text));
    }
}

impl Log for Noting<'_> {
    fn rejected(&mut self, error: &IngestError) {
        self.n += 1;
        if self.first.len() < SHOWN_REJECTS {
            self.first.push(json::reject(error));
        }
        if self.n <= SHOWN_REJECTS as u64 || self.env.global.verbose {
            self.note(&format!("rejected {error}"));
        }
        if let (Some(file), None) = (&mut self.rejects, &self.failed) {
            self.failed = write_json(file, &json::reject(error)).err();
        }
    }

    fn skipped(&mut self, error: &IngestError) {
        if !self.tells_skipped {
            self.note(&format!("skipped {error}"));
        }
    }

    fn guessed(&mut self, file: &str, guess: &ColumnGuess) {
        // A table with a column a skill has dozens of them.
        let of_one_field = |all: &[(String, &str)]| match all {
            [(first, field), .., (last, _)] if all.len() > MOST_COLUMNS => {
                let n = all.len();
                vec![format!("{first} … {last} ({n} columns) → {field}")]
            }
            few => few
                .iter()
                .map(|(column, field)| format!("{column} → {field}"))
                .collect(),
        };
        let fields = guess.mapped.chunk_by(|(_, a), (_, b)| a == b);
        let mapped: Vec<String> = fields.flat_map(of_one_field).collect();
        let unmapped = guess.unmapped.iter();
        let unmapped: Vec<String> = unmapped.map(|column| format!("`{column}`")).collect();
        let (mapped, unmapped) = (mapped.join(", "), unmapped.join(", "));
        let said = format!("{mapped}; {unmapped}");
        if let Some((_, more)) = self.guesses.get_mut(&said) {
            *more += 1;
            return;
        }
        self.guesses.insert(said, (file.to_owned(), 0));
        self.note(&format!("{file}: columns guessed: {mapped}"));
        if !unmapped.is_empty() {
            self.note(&format!("{file}: columns left out: {unmapped}"));
        }
    }

    fn reads(&mut self, file: &str, reader: &'static str) {
        if self.env.global.verbose {
            self.note(&format!("{file}: read as {reader}"));
        }
    }
}
