//! Files in, an index out, on all cores; the one place that starts threads of
//! its own.
//!
//! One thread cuts files into chunks of whole records, a pool reads them
//! (parse, fields, skills, document), and the calling thread hands the
//! documents to the index in the order of the files, so that the outcome does
//! not depend on who was faster. No more than a few chunks a thread are under
//! way at a time, however slow one of them is. It commits at intervals, and what
//! is known of ids is then asked of that commit.

mod boards;
mod collect;
mod keep;
mod namesakes;
mod resume;
mod summary;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use rayon::iter::{ParallelDrainRange, ParallelIterator};

use crate::extract::{Advert, Extractor};
use crate::fields;
use crate::index::{Commit, Index, IndexError, Kept, Snapshot, content_hash};
use crate::ingest::{self, Chunk, ColumnGuess, IngestError, Input, Item, Options, RecordError};
use crate::posting::Posting;

use collect::Collector;
use keep::{Event, Maker, Prepared};

pub use resume::Position;
pub use summary::{ReaderSummary, Summary, Taken};

/// What to index and with how much of the machine.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files, in order.
    pub inputs: Vec<Input>,
    /// How to read them.
    pub options: Options,
    /// Threads that read and threads that write, each.
    pub threads: usize,
    /// About how many bytes to work with: five eighths of them are for documents
    /// that are not yet written. Reading and merging may take 150 MB more.
    pub memory_bytes: usize,
    /// Bytes of text after which what is read so far is committed.
    pub commit_bytes: u64,
    /// The files hold all that there is of the boards in them: a posting of one
    /// that is not among them is closed.
    pub is_snapshot: bool,
}

/// Told how far a run is; called from several threads.
pub trait Progress: Sync {
    /// Before anything else: bytes of all files as stored; 0 if unknown.
    fn starts(&self, bytes: u64);
    /// Bytes of the files read so far, and records done so far.
    fn at(&self, bytes: u64, records: u64);
}

impl Progress for () {
    fn starts(&self, _bytes: u64) {}
    fn at(&self, _bytes: u64, _records: u64) {}
}

/// Told of what went wrong or was guessed, in the order of the files.
pub trait Log {
    /// A record that is no posting.
    fn rejected(&mut self, error: &IngestError);
    /// A file without postings.
    fn skipped(&mut self, error: &IngestError);
    /// What the columns of a file were taken for.
    fn guessed(&mut self, file: &str, guess: &ColumnGuess);
    /// Which reader reads a file.
    fn reads(&mut self, file: &str, reader: &'static str);
}

impl Log for () {
    fn rejected(&mut self, _error: &IngestError) {}
    fn skipped(&mut self, _error: &IngestError) {}
    fn guessed(&mut self, _file: &str, _guess: &ColumnGuess) {}
    fn reads(&mut self, _file: &str, _reader: &'static str) {}
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file that was named cannot be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The threads could not be started.
    #[error("cannot start {threads} threads")]
    Threads {
        /// How many.
        threads: usize,
        /// Why.
        source: rayon::ThreadPoolBuildError,
    },
}

/// What the reading thread sends on, in order.
enum Work {
    File {
        name: String,
        reader: &'static str,
        guess: Option<ColumnGuess>,
        board: Option<(String, String)>,
    },
    Skip(IngestError),
    /// A file that is one bad record.
    Rejected {
        reader: &'static str,
        error: IngestError,
    },
    Failed(IngestError),
    Chunk(Chunk),
    /// A file is done.
    End,
}

/// What became of it, for the calling thread.
enum Done {
    File {
        name: String,
        reader: &'static str,
        guess: Option<ColumnGuess>,
        board: Option<(String, String)>,
    },
    Skip(IngestError),
    Failed(IngestError),
    Records {
        reader: &'static str,
        bytes: u64,
        through: u64,
        /// The commit that was asked for what is known of their ids.
        generation: u64,
        records: Vec<Result<Prepared, IngestError>>,
    },
    End,
    Broken(IndexError),
    /// A reader has panicked; whoever waits for its chunk must not do so for ever.
    Panicked(Box<dyn Any + Send>),
}

/// Places for what is under way, a thread: the others go on for a while when one
/// is slow, and little is in memory until it is done.
const AHEAD: usize = 4;

/// A chunk takes a place for each of so many bytes that it has begun: one that is a single
/// huge record is under way alone.
const PLACE_BYTES: u64 = 1 << 20;

/// How many places a part of so many bytes takes.
fn places_of(bytes: u64, threads: usize) -> usize {
    let most = (AHEAD * threads) as u64;
    (bytes / PLACE_BYTES + 1).min(most) as usize
}

/// The last commit, for whoever asks for an id.
struct Known {
    generation: u64,
    commit: Arc<Commit>,
}

impl Known {
    fn now(known: &Mutex<Known>) -> (u64, Arc<Commit>) {
        let known = known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.generation, Arc::clone(&known.commit))
    }
}

/// Reads files into an index, from where an earlier run over the same files was
/// cut off. An unreadable file ends the run; what was read before is committed.
/// `stop` may be set at any moment: what is under way is finished and committed.
///
/// # Errors
/// [`PipelineError`]. After an error of the index, it is as it was at its last
/// commit.
pub fn run(
    index: &Index,
    extractor: &Extractor,
    request: &Request,
    progress: &dyn Progress,
    log: &mut dyn Log,
    stop: &AtomicBool,
) -> Result<Summary, PipelineError> {
    let started = Instant::now();
    let threads = request.threads.max(1);
    let writer = index.writer(extractor.taxonomy(), threads, request.memory_bytes)?;
    let (copies_before, is_kept) = {
        let before = index.snapshot()?;
        (copies(&before), before.is_kept())
    };
    let begin = begin(index, request)?;
    let pool = pool(threads)?;
    progress.starts(request.inputs.iter().map(|input| input.bytes).sum());

    let file_bytes = AtomicU64::new(0);
    let (work_out, work_in) = channel::<(u64, Work)>();
    let (done_out, done_in) = channel::<(u64, Done)>();
    // Whoever cuts takes places for each part, and whoever collects gives them back.
    let (take_place, places) = sync_channel::<()>(AHEAD * threads);
    let work_in = Mutex::new(work_in);
    let known = Mutex::new(Known {
        generation: 0,
        commit: Arc::new(index.commit()?),
    });
    let maker = Maker {
        index,
        extractor,
        now: request.options.now,
    };
    let mut collector = Collector::new(maker, request, writer, &known, begin);
    std::thread::scope(|scope| {
        let file_bytes = &file_bytes;
        scope.spawn(move || cut(request, begin, &work_out, &take_place, file_bytes, stop));
        scope.spawn(|| {
            // Gone when the readers end, or whoever cuts would wait for them for ever.
            let (done_out, work_in) = (done_out, work_in);
            pool.scope(|pool| {
                for _ in 0..threads {
                    let (done_out, known, work_in) = (done_out.clone(), &known, &work_in);
                    pool.spawn(move |_| read(&maker, known, work_in, &done_out));
                }
            });
        });
        collector.collect(done_in, places, log, &|records| {
            progress.at(file_bytes.load(Ordering::Relaxed), records)
        })
    })?;
    collector.finish(log)?;
    let Collector {
        mut writer,
        mut summary,
        failed,
        mut position,
        sighted,
        ..
    } = collector;
    let is_whole = position.files == request.inputs.len() as u64;
    summary.interrupted = failed.is_none() && !is_whole;
    position.read_before += summary.read;
    position.rejected_before += summary.rejected;
    let unfinished = match is_whole {
        true => None,
        false => resume::unfinished(request, position),
    };
    writer.sighted(sighted, request.options.now)?;
    if writer.is_dirty(unfinished.as_ref()) {
        writer.commit(unfinished)?;
    }
    if writer.has_committed() || !is_kept {
        let after = writer.finish()?;
        summary.duplicates = copies(&after).saturating_sub(copies_before);
    }
    summary.elapsed = started.elapsed();
    failed.map_or(Ok(summary), |error| Err(error.into()))
}

/// Where a run begins: at the start, or where an earlier one was cut off.
///
/// # Errors
/// [`IndexError`] if the index does not say.
pub fn begin(index: &Index, request: &Request) -> Result<Position, IndexError> {
    Ok(match request.is_snapshot {
        // What is absent is known only to a run that has seen everything.
        true => Position::default(),
        false => resume::begin(request, index.unfinished()?.as_ref()),
    })
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, PipelineError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|source| PipelineError::Threads { threads, source })
}

/// Postings that are read again at a time, at most.
const REBUILD_BATCH: usize = 4096;

/// Bytes of text after which fewer of them are enough.
const REBUILD_BYTES: usize = 8 << 20;

/// Reads every stored posting of an index again, with another list of skills or
/// a newer reader, and puts the outcome in the place of everything at once; the
/// files they came from are not needed. Says how many there were.
///
/// # Errors
/// [`PipelineError`]; the index is then as it was.
pub fn rebuild(
    index: &Index,
    extractor: &Extractor,
    threads: usize,
    memory_bytes: usize,
    progress: &dyn Progress,
) -> Result<u64, PipelineError> {
    let mut writer = index.rewriter(extractor.taxonomy(), threads, memory_bytes)?;
    // Only now does nobody else commit any more.
    let before = index.commit()?;
    let pool = pool(threads)?;
    progress.starts(0);
    let mut n = 0;
    let maker = Maker {
        index,
        extractor,
        now: Timestamp::UNIX_EPOCH,
    };
    let mut batch: Vec<Kept> = Vec::new();
    let mut write = |batch: &mut Vec<Kept>| -> Result<(), PipelineError> {
        let made: Vec<_> = pool.install(|| {
            let read = |mut kept: Kept| {
                kept.posting = kept.posting.stated();
                fields::fill(&mut kept.posting);
                maker.document(&mut kept)
            };
            batch.par_drain(..).map(read).collect()
        });
        for made in made {
            writer.add(made?)?;
            n += 1;
        }
        progress.at(0, n);
        Ok(())
    };
    let mut bytes = 0;
    before.each_posting(|kept| {
        bytes += text_bytes(&kept);
        batch.push(kept);
        if batch.len() < REBUILD_BATCH && bytes < REBUILD_BYTES {
            return Ok(());
        }
        bytes = 0;
        write(&mut batch)
    })?;
    write(&mut batch)?;
    writer.commit(None)?;
    writer.finish()?;
    Ok(n)
}

/// Bytes of the texts that are kept of a posting.
fn text_bytes(kept: &Kept) -> usize {
    let versions = kept.past.versions.iter().map(|version| &version.posting);
    let postings = std::iter::once(&kept.posting).chain(versions);
    let texts = postings.filter_map(|posting| posting.description_text.as_ref());
    texts.map(String::len).sum()
}

/// Postings beyond the first of each group.
fn copies(snapshot: &Snapshot) -> u64 {
    snapshot.n_postings() - u64::from(snapshot.derived().n_groups())
}

/// The reading thread: files in order, cut into chunks.
fn cut(
    request: &Request,
    begin: Position,
    out: &Sender<(u64, Work)>,
    take_place: &SyncSender<()>,
    file_bytes: &AtomicU64,
    stop: &AtomicBool,
) {
    let mut number = 0;
    let threads = request.threads.max(1);
    // A receiver that is gone means that the run has failed; there is nothing left to do.
    let mut send = |work: Work| {
        number += 1;
        let bytes = match &work {
            Work::Chunk(chunk) => chunk.bytes,
            _ => 0,
        };
        let mut places = 0..places_of(bytes, threads);
        places.all(|_| take_place.send(()).is_ok()) && out.send((number - 1, work)).is_ok()
    };
    let mut bytes_before = 0;
    for (number, input) in (0u64..).zip(&request.inputs) {
        if number < begin.files {
            bytes_before += input.bytes;
            continue;
        }
        let done_before = match number == begin.files {
            true => begin.records,
            false => 0,
        };
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let source = match ingest::open(input, &request.options) {
            Ok(source) => source,
            Err(error @ (IngestError::NotACorpus { .. } | IngestError::Record { .. })) => {
                bytes_before += input.bytes;
                let work = match error {
                    IngestError::Record { reader, .. } => Work::Rejected { reader, error },
                    error => Work::Skip(error),
                };
                if !send(work) || !send(Work::End) {
                    return;
                }
                continue;
            }
            Err(error) => {
                send(Work::Failed(error));
                return;
            }
        };
        let bytes_read = source.bytes_read();
        let file = Work::File {
            name: input.name(),
            reader: source.reader().name(),
            guess: source.guess(),
            board: source.board(),
        };
        if !send(file) {
            return;
        }
        for chunk in source {
            file_bytes.store(
                bytes_before + bytes_read.load(Ordering::Relaxed),
                Ordering::Relaxed,
            );
            let work = match chunk {
                Ok(chunk) if chunk.through <= done_before => continue,
                Ok(chunk) => Work::Chunk(chunk),
                Err(error) => {
                    send(Work::Failed(error));
                    return;
                }
            };
            if stop.load(Ordering::Relaxed) || !send(work) {
                return;
            }
        }
        if !send(Work::End) {
            return;
        }
        bytes_before += input.bytes;
        file_bytes.store(bytes_before, Ordering::Relaxed);
    }
}

/// A thread of the pool: chunks into documents, until there are no more.
fn read(
    maker: &Maker<'_>,
    known: &Mutex<Known>,
    work_in: &Mutex<Receiver<(u64, Work)>>,
    out: &Sender<(u64, Done)>,
) {
    loop {
        let received = work_in.lock().map(|work_in| work_in.recv());
        let Ok(Ok((number, work))) = received else {
            return;
        };
        let done = match work {
            Work::File {
                name,
                reader,
                guess,
                board,
            } => Done::File {
                name,
                reader,
                guess,
                board,
            },
            Work::Skip(error) => Done::Skip(error),
            Work::Rejected { reader, error } => Done::Records {
                reader,
                bytes: 0,
                through: 1,
                generation: Known::now(known).0,
                records: vec![Err(error)],
            },
            Work::Failed(error) => Done::Failed(error),
            Work::End => Done::End,
            Work::Chunk(chunk) => {
                let (generation, commit) = Known::now(known);
                let read = || read_chunk(maker, &commit, &chunk);
                match catch_unwind(AssertUnwindSafe(read)) {
                    Ok(Ok(records)) => Done::Records {
                        reader: chunk.reader().name(),
                        bytes: chunk.bytes,
                        through: chunk.through,
                        generation,
                        records,
                    },
                    Ok(Err(error)) => Done::Broken(error),
                    Err(panic) => Done::Panicked(panic),
                }
            }
        };
        if out.send((number, done)).is_err() {
            return;
        }
    }
}

/// Reads the records of a chunk against what a commit has of their ids.
fn read_chunk(
    maker: &Maker<'_>,
    commit: &Commit,
    chunk: &Chunk,
) -> Result<Vec<Result<Prepared, IngestError>>, IndexError> {
    let mut records = Vec::new();
    for (number, item) in chunk.numbered_items() {
        records.push(match item {
            Ok(Item::Posting(mut posting)) => {
                let content = content_hash(&mut posting);
                let prepared = maker.prepare(commit, *posting, content)?;
                Ok(Prepared::Posting(Box::new(prepared)))
            }
            Ok(Item::Changed(change)) => {
                let unknown = RecordError::NotAPosting("change of an unknown posting");
                Ok(Prepared::Event {
                    event: Event::Changed(change),
                    unknown: chunk.error(number, unknown),
                })
            }
            Ok(Item::Closed(closing)) => {
                let unknown = RecordError::NotAPosting("closing of an unknown posting");
                Ok(Prepared::Event {
                    event: Event::Closed(closing),
                    unknown: chunk.error(number, unknown),
                })
            }
            Err(error) => Err(error),
        });
    }
    Ok(records)
}

/// What the skill reader sees of a posting.
pub fn advert(posting: &Posting) -> Advert<'_> {
    Advert {
        title: posting.title.as_deref(),
        text: posting.description_text.as_deref().unwrap_or_default(),
        company: posting.company.as_deref(),
        stated: &posting.skills_raw,
    }
}
