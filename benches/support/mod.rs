//! What the benches share: a corpus in a directory that goes away, the index
//! over it, and some arithmetic.

#![allow(dead_code, reason = "each bench uses a part of it")]

pub(crate) mod pool;
pub(crate) mod synth;
pub(crate) mod tagged;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::Criterion;
use jiff::Timestamp;
use jobsift::extract::Extractor;
use jobsift::index::Index;
use jobsift::ingest::{Input, Options};
use jobsift::pipeline::{self, Request, Summary};
use jobsift::skills::Taxonomy;
use tempfile::TempDir;

use synth::{Synth, Synthetic};

/// That of the program, for all sides.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The default of `jobsift index --memory`.
pub(crate) const MEMORY_BYTES: usize = 512_000_000;
const SEED: u64 = 20_261_122;

/// `cargo bench` says so; `cargo test --benches` only wants to see it run.
pub(crate) fn is_measuring() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

/// How many postings: `JOBSIFT_BENCH_POSTINGS`, 20,000 without it.
pub(crate) fn n_postings() -> usize {
    number(
        "JOBSIFT_BENCH_POSTINGS",
        if is_measuring() { 20_000 } else { 300 },
    )
}

/// Months that they are spread over, whole years: `JOBSIFT_BENCH_MONTHS`, 36 without it.
pub(crate) fn n_months() -> usize {
    number("JOBSIFT_BENCH_MONTHS", synth::N_MONTHS)
}

/// How many rounds: `JOBSIFT_BENCH_ROUNDS`, 3 without it.
pub(crate) fn n_rounds() -> usize {
    number("JOBSIFT_BENCH_ROUNDS", if is_measuring() { 3 } else { 1 })
}

fn number(variable: &str, default: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text
            .replace(['_', ','], "")
            .parse()
            .expect("the variable holds a number"),
        Err(_) => default,
    }
}

/// Threads that read and threads that write, each, as `jobsift index` has them.
pub(crate) fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The moment that counts as now: right after the last posting.
pub(crate) fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("it is a date")
}

/// The postings themselves.
pub(crate) fn postings(n: usize) -> impl Iterator<Item = Synthetic> {
    Synth::new(SEED, n, n_months()).take(n)
}

/// Postings of which none is a copy of another.
pub(crate) fn postings_without_copies(n: usize) -> impl Iterator<Item = Synthetic> {
    Synth::new(SEED, n, n_months()).without_copies().take(n)
}

/// Where the corpus is written.
pub(crate) fn jsonl(directory: &Path) -> PathBuf {
    directory.join("postings.jsonl")
}

/// Where the ready-made skills are written, a line a posting: `rust! go`, with
/// a sign after what is required.
pub(crate) fn ready_made(directory: &Path) -> PathBuf {
    directory.join("skills.txt")
}

/// Writes the corpus; gives its size in bytes.
pub(crate) fn write_corpus(directory: &Path, n: usize) -> u64 {
    let create = |path: PathBuf| BufWriter::new(File::create(path).expect("a temporary file"));
    let (mut records, mut skills) = (create(jsonl(directory)), create(ready_made(directory)));
    let mut bytes = 0;
    for posting in postings(n) {
        bytes += posting.json.len() as u64 + 1;
        writeln!(records, "{}", posting.json).expect("room on the disk");
        let ids: Vec<String> = posting
            .skills
            .iter()
            .map(|(id, required)| {
                if *required {
                    format!("{id}!")
                } else {
                    (*id).to_owned()
                }
            })
            .collect();
        writeln!(skills, "{}", ids.join(" ")).expect("room on the disk");
    }
    records
        .flush()
        .and_then(|()| skills.flush())
        .expect("room on the disk");
    bytes
}

/// Reads the corpus into an index through the pipeline, as `jobsift index` does.
pub(crate) fn index_corpus(corpus: &Path, index: &Path) -> (Index, Summary) {
    let path = jsonl(corpus);
    let bytes = path.metadata().expect("it was just written").len();
    let (index, summary) = index_inputs(vec![Input { path, bytes }], options(), index);
    assert_eq!(
        summary.rejected, 0,
        "every posting is good: {:?}",
        summary.reasons
    );
    (index, summary)
}

/// Reads some files into an index, whatever their dates; what cannot be read is left out.
pub(crate) fn index_files(inputs: Vec<Input>, index: &Path) -> Index {
    let now = "2100-01-01T00:00:00Z".parse().expect("it is a date");
    index_inputs(inputs, Options { now, ..options() }, index).0
}

fn index_inputs(inputs: Vec<Input>, options: Options, index: &Path) -> (Index, Summary) {
    let taxonomy = Taxonomy::embedded();
    let index = Index::open_or_create(index, &taxonomy).expect("an empty directory");
    let request = Request {
        inputs,
        options,
        threads: n_threads(),
        memory_bytes: MEMORY_BYTES,
        commit_bytes: 512_000_000,
        is_snapshot: false,
    };
    let summary = pipeline::run(
        &index,
        &Extractor::embedded(),
        &request,
        &(),
        &mut (),
        &AtomicBool::new(false),
    )
    .expect("the corpus can be read");
    (index, summary)
}

/// How to read the corpus.
pub(crate) fn options() -> Options {
    Options {
        reader: None,
        source: None,
        now: now(),
    }
}

/// An index that goes away with its directory.
pub(crate) struct Indexed {
    pub(crate) index: Index,
    pub(crate) taxonomy: Arc<Taxonomy>,
    pub(crate) n_postings: usize,
    _directory: Option<TempDir>,
}

/// An index over the corpus. Where `JOBSIFT_BENCH_KEEP` names a directory it
/// stays there, and is used again by runs of the same size and as many months.
pub(crate) fn indexed() -> Indexed {
    let n_postings = n_postings();
    let taxonomy = Taxonomy::embedded();
    let (directory, temporary) = match std::env::var_os("JOBSIFT_BENCH_KEEP") {
        Some(kept) => {
            let name = match n_months() {
                synth::N_MONTHS => n_postings.to_string(),
                n_months => format!("{n_postings}-{n_months}-months"),
            };
            (PathBuf::from(kept).join(name), None)
        }
        None => {
            let temporary = tempfile::tempdir().expect("a temporary directory");
            (temporary.path().to_owned(), Some(temporary))
        }
    };
    let at = directory.join("index");
    let index = if at.exists() {
        Index::open(&at, &taxonomy).expect("a run before this one left a whole index")
    } else {
        std::fs::create_dir_all(&directory).expect("room on the disk");
        write_corpus(&directory, n_postings);
        index_corpus(&directory, &at).0
    };
    Indexed {
        index,
        taxonomy,
        n_postings,
        _directory: temporary,
    }
}

/// Shorter than usual: there are many of them, and the index is the same for all.
pub(crate) fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args()
}

/// The middle one; of an even number the lower of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get((sorted.len().max(1) - 1) / 2)
        .copied()
        .unwrap_or(f64::NAN)
}
