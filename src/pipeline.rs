//! Files in, an index out, on all cores; the one place that starts threads.
//!
//! One thread cuts files into chunks of whole records, a pool reads them
//! (parse, fields, skills, document), and the calling thread hands the
//! documents to the index in the order of the files, so that the outcome does
//! not depend on who was faster. What waits in between is bounded. It commits
//! at intervals, and what is known of ids is then asked of that commit.

mod resume;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::iter::{ParallelDrainRange, ParallelIterator};
use xxhash_rust::xxh3::xxh3_128;

use crate::extract::{Advert, Extractor};
use crate::fields;
use crate::index::{Commit, Document, Existing, Index, IndexError, Snapshot, Writer, content_hash};
use crate::ingest::{self, Chunk, ColumnGuess, IngestError, Input, Item, Options};
use crate::posting::Posting;

pub use resume::Position;

/// What to index and with how much of the machine.
#[derive(Debug, Clone)]
pub struct Request {
    /// Files, in order.
    pub inputs: Vec<Input>,
    /// How to read them.
    pub options: Options,
    /// Threads that read and threads that write, each.
    pub threads: usize,
    /// Bytes for documents that are not yet written; chunks under way come on
    /// top, a few megabytes a thread.
    pub memory_bytes: usize,
    /// Bytes of text after which what is read so far is committed.
    pub commit_bytes: u64,
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

/// What became of all records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Files with postings.
    pub files: u64,
    /// Files without, and why.
    pub skipped_files: Vec<(String, String)>,
    /// Records: added + changed + unchanged + closed + rejected.
    pub read: u64,
    /// Postings that are new.
    pub added: u64,
    /// Postings that replaced another of the same id.
    pub changed: u64,
    /// Postings that were there already, just so.
    pub unchanged: u64,
    /// Records that say a posting is gone.
    pub closed: u64,
    /// Records that are no postings.
    pub rejected: u64,
    /// Accepted postings of this run that joined a group that is there without them.
    pub duplicates: u64,
    /// By reader.
    pub readers: BTreeMap<&'static str, ReaderSummary>,
    /// Rejected records by reader and reason.
    pub reasons: BTreeMap<(&'static str, &'static str), u64>,
    /// Bytes of text read, unpacked.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// It was stopped before the end of the files.
    pub interrupted: bool,
    /// What an earlier run that was cut off had done and this one did not do again.
    pub resumed: Position,
}

/// What one reader read, and how much of it said what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReaderSummary {
    /// Records.
    pub read: u64,
    /// Postings.
    pub accepted: u64,
    /// Postings with pay.
    pub with_salary: u64,
    /// Postings with a date.
    pub with_date: u64,
    /// Postings with a place that was recognised.
    pub with_place: u64,
    /// Postings with a text.
    pub with_text: u64,
    /// Postings by what they were written in.
    pub encodings: BTreeMap<String, u64>,
    /// Characters in their texts that could not be read when somebody wrote them down.
    pub replacement_characters: u64,
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
    },
    Skip(IngestError),
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

/// A record that was read.
enum Prepared {
    Posting(Box<PreparedPosting>),
    /// The posting it names is gone.
    Closed,
}

/// A posting that was read.
struct PreparedPosting {
    key: u128,
    content: u64,
    existing: Existing,
    posting: Posting,
    /// Absent if the index has it just so.
    document: Option<Document>,
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
    let begin = resume::begin(request, index.unfinished()?.as_ref());
    let pool = pool(threads)?;
    progress.starts(request.inputs.iter().map(|input| input.bytes).sum());

    let file_bytes = AtomicU64::new(0);
    let (work_out, work_in) = sync_channel::<(u64, Work)>(threads);
    let (done_out, done_in) = sync_channel::<(u64, Done)>(threads);
    let work_in = Mutex::new(work_in);
    let known = Mutex::new(Known {
        generation: 0,
        commit: Arc::new(index.commit()?),
    });
    let mut collector = Collector {
        index,
        extractor,
        request,
        writer,
        known: &known,
        position: begin,
        bytes_since_commit: 0,
        seen: Seen::default(),
        summary: Summary {
            resumed: begin,
            ..Summary::default()
        },
        failed: None,
    };
    std::thread::scope(|scope| {
        let file_bytes = &file_bytes;
        scope.spawn(move || cut(request, begin, &work_out, file_bytes, stop));
        scope.spawn(|| {
            let done_out = done_out;
            pool.scope(|pool| {
                for _ in 0..threads {
                    let (done_out, known, work_in) = (done_out.clone(), &known, &work_in);
                    pool.spawn(move |_| read(index, extractor, known, work_in, &done_out));
                }
            });
        });
        collector.collect(done_in, log, &|records| {
            progress.at(file_bytes.load(Ordering::Relaxed), records)
        })
    })?;
    let Collector {
        mut writer,
        mut summary,
        failed,
        position,
        ..
    } = collector;
    let is_whole = position.files == request.inputs.len() as u64;
    summary.interrupted = failed.is_none() && !is_whole;
    let unfinished = match is_whole {
        true => None,
        false => resume::unfinished(request, position),
    };
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

fn pool(threads: usize) -> Result<rayon::ThreadPool, PipelineError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|source| PipelineError::Threads { threads, source })
}

/// Postings that are read again at a time.
const REBUILD_BATCH: usize = 4096;

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
    let before = index.snapshot()?;
    let mut writer = index.rewriter(extractor.taxonomy(), threads, memory_bytes)?;
    let pool = pool(threads)?;
    progress.starts(0);
    let mut n = 0;
    let mut batch: Vec<(Posting, u64)> = Vec::new();
    let mut write = |batch: &mut Vec<(Posting, u64)>| -> Result<(), PipelineError> {
        let made: Vec<_> = pool.install(|| {
            let read = |(posting, content): (Posting, u64)| {
                document(index, extractor, &mut posting.stated(), content)
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
    before.each_posting(|posting, content| {
        batch.push((posting, content));
        if batch.len() < REBUILD_BATCH {
            Ok(())
        } else {
            write(&mut batch)
        }
    })?;
    write(&mut batch)?;
    writer.commit(None)?;
    writer.finish()?;
    Ok(n)
}

/// Postings beyond the first of each group.
fn copies(snapshot: &Snapshot) -> u64 {
    snapshot.n_postings() - u64::from(snapshot.derived().n_groups())
}

/// The reading thread: files in order, cut into chunks.
fn cut(
    request: &Request,
    begin: Position,
    out: &SyncSender<(u64, Work)>,
    file_bytes: &AtomicU64,
    stop: &AtomicBool,
) {
    let mut number = 0;
    // A receiver that is gone means that the run has failed; there is nothing left to do.
    let mut send = |work: Work| {
        number += 1;
        out.send((number - 1, work)).is_ok()
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
            Err(error @ IngestError::NotACorpus { .. }) => {
                bytes_before += input.bytes;
                if !send(Work::Skip(error)) || !send(Work::End) {
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
    index: &Index,
    extractor: &Extractor,
    known: &Mutex<Known>,
    work_in: &Mutex<Receiver<(u64, Work)>>,
    out: &SyncSender<(u64, Done)>,
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
            } => Done::File {
                name,
                reader,
                guess,
            },
            Work::Skip(error) => Done::Skip(error),
            Work::Failed(error) => Done::Failed(error),
            Work::End => Done::End,
            Work::Chunk(chunk) => {
                let (generation, commit) = Known::now(known);
                match read_chunk(index, extractor, &commit, &chunk) {
                    Ok(records) => Done::Records {
                        reader: chunk.reader().name(),
                        bytes: chunk.bytes,
                        through: chunk.through,
                        generation,
                        records,
                    },
                    Err(error) => Done::Broken(error),
                }
            }
        };
        if out.send((number, done)).is_err() {
            return;
        }
    }
}

fn read_chunk(
    index: &Index,
    extractor: &Extractor,
    commit: &Commit,
    chunk: &Chunk,
) -> Result<Vec<Result<Prepared, IngestError>>, IndexError> {
    let mut records = Vec::new();
    for item in chunk.items() {
        let mut posting = match item {
            Ok(Item::Posting(posting)) => *posting,
            Ok(Item::Closed(_)) => {
                records.push(Ok(Prepared::Closed));
                continue;
            }
            Err(error) => {
                records.push(Err(error));
                continue;
            }
        };
        let key = xxh3_128(posting.id.as_bytes());
        let content = content_hash(&posting);
        let existing = commit.existing(&posting.id)?;
        let document = match existing == Existing::Content(content) {
            true => None,
            false => Some(document(index, extractor, &mut posting, content)?),
        };
        records.push(Ok(Prepared::Posting(Box::new(PreparedPosting {
            key,
            content,
            existing,
            posting,
            document,
        }))));
    }
    Ok(records)
}

/// Everything that is read out of a posting, and its document.
fn document(
    index: &Index,
    extractor: &Extractor,
    posting: &mut Posting,
    content: u64,
) -> Result<Document, IndexError> {
    fields::fill(posting);
    let profile = extractor
        .read(&advert(posting))
        .profile(extractor.taxonomy());
    Document::new(index, posting, content, &profile, extractor.taxonomy())
}

/// What the skill reader sees of a posting.
pub fn advert(posting: &Posting) -> Advert<'_> {
    Advert {
        title: posting.title.as_deref(),
        text: posting.description_text.as_deref().unwrap_or_default(),
        company: posting.company.as_deref(),
    }
}

/// What became of an id since the last commit.
#[derive(Debug, Clone, Copy)]
struct SeenId {
    content: u64,
    /// How many of its records have changed the index.
    n_changed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Added,
    Changed,
    Unchanged,
}

type Seen = std::collections::HashMap<u128, SeenId>;

struct Collector<'a> {
    index: &'a Index,
    extractor: &'a Extractor,
    request: &'a Request,
    writer: Writer<'a>,
    known: &'a Mutex<Known>,
    position: Position,
    bytes_since_commit: u64,
    seen: Seen,
    summary: Summary,
    failed: Option<IngestError>,
}

impl Collector<'_> {
    /// Takes what is done, puts it in order, and hands it to the index.
    fn collect(
        &mut self,
        done: Receiver<(u64, Done)>,
        log: &mut dyn Log,
        progress: &dyn Fn(u64),
    ) -> Result<(), IndexError> {
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut next = 0;
        for (number, part) in done {
            waiting.insert(number, part);
            while let Some(part) = waiting.remove(&next) {
                next += 1;
                self.take(part, log)?;
                progress(self.summary.read);
            }
        }
        Ok(())
    }

    fn take(&mut self, part: Done, log: &mut dyn Log) -> Result<(), IndexError> {
        match part {
            Done::File {
                name,
                reader,
                guess,
            } => {
                self.summary.files += 1;
                log.reads(&name, reader);
                if let Some(guess) = guess {
                    log.guessed(&name, &guess);
                }
            }
            Done::Skip(error) => {
                if let IngestError::NotACorpus { path, why } = &error {
                    self.summary.skipped_files.push((path.clone(), why.clone()));
                }
                log.skipped(&error);
            }
            Done::Failed(error) => self.failed = Some(error),
            Done::Broken(error) => return Err(error),
            Done::End => {
                self.position.files += 1;
                self.position.records = 0;
            }
            Done::Records {
                reader,
                bytes,
                through,
                generation,
                records,
            } => {
                self.summary.bytes += bytes;
                let (now, commit) = Known::now(self.known);
                for mut record in records {
                    if let (true, Ok(Prepared::Posting(posting))) = (generation < now, &mut record)
                    {
                        // It was asked for before the last commit.
                        posting.existing = commit.existing(&posting.posting.id)?;
                    }
                    self.record(reader, record, log)?;
                }
                self.position.records = through;
                self.bytes_since_commit += bytes;
                if self.bytes_since_commit >= self.request.commit_bytes {
                    self.commit()?;
                }
            }
        }
        Ok(())
    }

    /// Keeps what is done so far, and asks that from now on what is known of ids.
    fn commit(&mut self) -> Result<(), IndexError> {
        self.bytes_since_commit = 0;
        self.seen.clear();
        let unfinished = resume::unfinished(self.request, self.position);
        if !self.writer.has_written() {
            return Ok(());
        }
        self.writer.commit(unfinished)?;
        let commit = Arc::new(self.index.commit()?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.generation += 1;
        known.commit = commit;
        Ok(())
    }

    fn record(
        &mut self,
        reader: &'static str,
        record: Result<Prepared, IngestError>,
        log: &mut dyn Log,
    ) -> Result<(), IndexError> {
        let of_reader = self.summary.readers.entry(reader).or_default();
        self.summary.read += 1;
        of_reader.read += 1;
        let prepared = match record {
            Ok(Prepared::Posting(prepared)) => *prepared,
            Ok(Prepared::Closed) => {
                self.summary.closed += 1;
                return Ok(());
            }
            Err(error) => {
                self.summary.rejected += 1;
                if let IngestError::Record { source, .. } = &error {
                    *self
                        .summary
                        .reasons
                        .entry((reader, source.reason()))
                        .or_default() += 1;
                }
                log.rejected(&error);
                return Ok(());
            }
        };
        of_reader.count(&prepared.posting);
        match self.put(prepared)? {
            Outcome::Added => self.summary.added += 1,
            Outcome::Changed => self.summary.changed += 1,
            Outcome::Unchanged => self.summary.unchanged += 1,
        }
        Ok(())
    }

    /// Hands a posting to the index, if it is not there just so.
    fn put(&mut self, prepared: PreparedPosting) -> Result<Outcome, IndexError> {
        let PreparedPosting {
            key,
            content,
            existing,
            mut posting,
            document: made,
        } = prepared;
        let earlier = self.seen.get(&key).copied();
        let now = earlier.map_or(existing, |earlier| Existing::Content(earlier.content));
        if now == Existing::Content(content) {
            self.seen.entry(key).or_insert(SeenId {
                content,
                n_changed: 0,
            });
            return Ok(Outcome::Unchanged);
        }
        let made = match made {
            Some(made) => made,
            // The index had it so before the run, and another record of the run has replaced it.
            None => document(self.index, self.extractor, &mut posting, content)?,
        };
        match now {
            Existing::None => self.writer.add(made)?,
            Existing::Content(_) => self.writer.replace(made)?,
        }
        let n_changed = earlier.map_or(0, |earlier| earlier.n_changed);
        if existing == Existing::Content(content) {
            // Back to what the index had: in the end none of its records has changed it.
            self.summary.changed -= n_changed;
            self.summary.unchanged += n_changed;
            self.seen.insert(
                key,
                SeenId {
                    content,
                    n_changed: 0,
                },
            );
            return Ok(Outcome::Unchanged);
        }
        let outcome = if now == Existing::None {
            Outcome::Added
        } else {
            Outcome::Changed
        };
        let n_changed = n_changed + u64::from(outcome == Outcome::Changed);
        self.seen.insert(key, SeenId { content, n_changed });
        Ok(outcome)
    }
}

impl ReaderSummary {
    fn count(&mut self, posting: &Posting) {
        self.accepted += 1;
        self.with_salary += u64::from(posting.salary.is_some());
        self.with_date += u64::from(posting.posted_at.is_some());
        self.with_place += u64::from(
            posting
                .locations
                .iter()
                .any(|place| place.country.is_some()),
        );
        self.with_text += u64::from(posting.description_text.is_some());
        let encoding = posting
            .origin
            .as_ref()
            .and_then(|origin| origin.encoding.as_deref());
        match self.encodings.get_mut(encoding.unwrap_or("utf-8")) {
            Some(n) => *n += 1,
            None => {
                self.encodings
                    .insert(encoding.unwrap_or("utf-8").to_owned(), 1);
            }
        }
        let text = posting.description_text.as_deref().unwrap_or_default();
        self.replacement_characters += text.matches('\u{fffd}').count() as u64;
    }
}
