//! Takes what the threads have read, in the order of the files, and hands it
//! to the index.

use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use super::boards::Boards;
use super::keep::{Event, Maker, Prepared, PreparedPosting, key, short_key};
use super::namesakes::Namesakes;
use super::{Done, Known, Log, Position, Request, Summary, places_of, resume};
use crate::index::{Commit, IndexError, Writer};
use crate::ingest::IngestError;
use crate::past::{Happening, as_stated};
use crate::posting::Posting;

/// What became of an id since the last commit.
#[derive(Debug, Clone, Copy)]
struct SeenId {
    content: u64,
    /// Who wrote it; nobody if it is as the commit has it.
    writer: Option<&'static str>,
    /// How many of its records have changed the index.
    n_changed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Added,
    Changed,
    Unchanged,
    /// It waits for a commit.
    Aside,
}

/// A record of an id that another reader has written since the last commit: to
/// make one posting of both, it is looked at again when that can be read.
enum Aside {
    Posting {
        reader: &'static str,
        posting: Box<Posting>,
        content: u64,
    },
    Event {
        reader: &'static str,
        event: Event,
        unknown: IngestError,
    },
}

/// Ids of which a run knows what became of them, at most: with more it commits, and asks the
/// commit. A table of so many has 26 MB, and would double with the next one.
const MOST_SEEN: usize = 7 << 16;

/// With little memory a run knows fewer: one for so many bytes of it.
const BYTES_PER_SEEN: usize = 256;

/// Stands for an event among the readers that write.
const EVENT: &str = "";

pub(super) struct Collector<'a> {
    maker: Maker<'a>,
    request: &'a Request,
    pub(super) writer: Writer<'a>,
    known: &'a Mutex<Known>,
    pub(super) position: Position,
    /// Where the last commit was.
    committed: Position,
    bytes_since_commit: u64,
    seen: HashMap<u128, SeenId>,
    /// Of so many at most.
    most_seen: usize,
    aside: Vec<Aside>,
    /// In a full reading: what it has.
    boards: Boards,
    namesakes: Namesakes,
    /// Ids of postings that were there already, just so.
    pub(super) sighted: Vec<u64>,
    pub(super) summary: Summary,
    pub(super) failed: Option<IngestError>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        maker: Maker<'a>,
        request: &'a Request,
        writer: Writer<'a>,
        known: &'a Mutex<Known>,
        begin: Position,
    ) -> Collector<'a> {
        Collector {
            maker,
            request,
            writer,
            known,
            position: begin,
            committed: begin,
            bytes_since_commit: 0,
            seen: HashMap::new(),
            most_seen: (request.memory_bytes / BYTES_PER_SEEN).clamp(1024, MOST_SEEN),
            aside: Vec::new(),
            boards: Boards::default(),
            namesakes: Namesakes::of(request),
            sighted: Vec::new(),
            summary: Summary {
                resumed: begin,
                ..Summary::default()
            },
            failed: None,
        }
    }

    /// Takes what is done, puts it in order, and hands it to the index. No more
    /// waits for its turn than has places.
    pub(super) fn collect(
        &mut self,
        done: Receiver<(u64, Done)>,
        places: Receiver<()>,
        log: &mut dyn Log,
        progress: &dyn Fn(u64),
    ) -> Result<(), IndexError> {
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut next = 0;
        for (number, part) in done {
            waiting.insert(number, part);
            while let Some(part) = waiting.remove(&next) {
                next += 1;
                let bytes = match &part {
                    Done::Records { bytes, .. } => *bytes,
                    _ => 0,
                };
                self.take(part, log)?;
                for _ in 0..places_of(bytes, self.request.threads.max(1)) {
                    places.recv().ok();
                }
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
                board,
            } => {
                self.summary.files += 1;
                log.reads(&name, reader);
                if let Some(guess) = guess {
                    log.guessed(&name, &guess);
                }
                self.boards.begins(name, board);
            }
            Done::Skip(error) => {
                if let IngestError::NotACorpus { path, why, .. } = &error {
                    self.summary.skipped_files.push((path.clone(), why.clone()));
                }
                self.boards.skipped(&error);
                log.skipped(&error);
            }
            Done::Failed(error) => self.failed = Some(error),
            Done::Broken(error) => return Err(error),
            Done::Panicked(panic) => resume_unwind(panic),
            Done::End => {
                let not_whole = self.boards.ends();
                self.summary
                    .not_whole
                    .extend(not_whole.filter(|_| self.request.is_snapshot));
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
                        ask_again(posting, &commit)?;
                    }
                    self.record(reader, record, log)?;
                }
                self.position.records = through;
                self.bytes_since_commit += bytes;
                if self.bytes_since_commit >= self.request.commit_bytes
                    || self.seen.len() >= self.most_seen
                {
                    self.commit(log)?;
                }
            }
        }
        Ok(())
    }

    /// Keeps what is done so far, and asks that from now on what is known of ids.
    fn commit(&mut self, log: &mut dyn Log) -> Result<(), IndexError> {
        self.bytes_since_commit = 0;
        self.settle(log)?;
        self.commit_at(self.position)?;
        self.committed = self.position;
        Ok(())
    }

    fn commit_at(&mut self, position: Position) -> Result<(), IndexError> {
        self.seen.clear();
        if !self.writer.has_written() {
            return Ok(());
        }
        // First, since a run that goes on from the commit does not read them again.
        let sighted = std::mem::take(&mut self.sighted);
        self.writer.sighted(sighted, self.request.options.now)?;
        self.writer
            .commit(resume::unfinished(self.request, position))?;
        let commit = Arc::new(self.maker.index.commit()?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.generation += 1;
        known.commit = commit;
        Ok(())
    }

    /// Takes up what was put aside. Nothing of it is lost if the run is cut off
    /// in between: the next one goes on where this one last stood whole.
    fn settle(&mut self, log: &mut dyn Log) -> Result<(), IndexError> {
        while !self.aside.is_empty() {
            self.commit_at(self.committed)?;
            for record in std::mem::take(&mut self.aside) {
                let (_, commit) = Known::now(self.known);
                match record {
                    Aside::Posting {
                        reader,
                        posting,
                        content,
                    } => {
                        let prepared = self.maker.prepare(&commit, *posting, content)?;
                        self.posting(reader, prepared)?;
                    }
                    Aside::Event {
                        reader,
                        event,
                        unknown,
                    } => self.event(reader, event, unknown, log)?,
                }
            }
        }
        Ok(())
    }

    /// After the last record: what was put aside, and what a full reading of
    /// boards did not find.
    pub(super) fn finish(&mut self, log: &mut dyn Log) -> Result<(), IndexError> {
        self.settle(log)?;
        // Nothing is read any more; the memory is wanted for groups.
        self.seen = HashMap::new();
        self.summary.taken = std::mem::take(&mut self.namesakes).found(self.request);
        let is_whole = self.position.files == self.request.inputs.len() as u64;
        if !self.request.is_snapshot || !is_whole || self.failed.is_some() {
            return Ok(());
        }
        self.commit_at(self.committed)?;
        let (_, commit) = Known::now(self.known);
        let is_absent = |scope: u64, id: &str| self.boards.lacks(scope, id);
        for id in commit.open_ids(is_absent)? {
            if let Some(mut kept) = commit.kept(&id)? {
                kept.past.happened(Happening::Closed, self.maker.now);
                self.writer.replace(self.maker.document(&mut kept)?)?;
                self.summary.absent += 1;
            }
        }
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
        match record {
            Ok(Prepared::Posting(prepared)) => {
                of_reader.accepted += 1;
                of_reader.knows(prepared.known);
                of_reader.written(&prepared.posting);
                self.summary.unread_dates += u64::from(prepared.posting.has_unread_date());
                if self.request.is_snapshot {
                    self.boards.has(&prepared.posting);
                }
                self.namesakes
                    .has(self.position.files, reader, &prepared.posting);
                self.posting(reader, *prepared)
            }
            Ok(Prepared::Event { event, unknown }) => {
                of_reader.accepted += 1;
                self.event(reader, event, unknown, log)
            }
            Err(error) => {
                self.boards.rejected(&error);
                self.reject(reader, &error, log);
                Ok(())
            }
        }
    }

    fn reject(&mut self, reader: &'static str, error: &IngestError, log: &mut dyn Log) {
        self.summary.rejected += 1;
        self.summary.readers.entry(reader).or_default().rejected += 1;
        if let IngestError::Record { source, .. } = error {
            let reason = (reader, source.reason());
            *self.summary.reasons.entry(reason).or_default() += 1;
        }
        log.rejected(error);
    }

    fn posting(
        &mut self,
        reader: &'static str,
        prepared: PreparedPosting,
    ) -> Result<(), IndexError> {
        let outcome = self.put(reader, prepared)?;
        let of_reader = self.summary.readers.entry(reader).or_default();
        let (all, own) = match outcome {
            Outcome::Added => (&mut self.summary.added, &mut of_reader.added),
            Outcome::Changed => (&mut self.summary.changed, &mut of_reader.changed),
            Outcome::Unchanged => (&mut self.summary.unchanged, &mut of_reader.unchanged),
            Outcome::Aside => return Ok(()),
        };
        *all += 1;
        *own += 1;
        Ok(())
    }

    /// Hands a posting to the index, if it is not there just so.
    fn put(
        &mut self,
        reader: &'static str,
        prepared: PreparedPosting,
    ) -> Result<Outcome, IndexError> {
        let is_there = prepared.is_there();
        let PreparedPosting {
            key,
            content,
            existing,
            mut posting,
            document,
            ..
        } = prepared;
        let earlier = self.seen.get(&key).copied();
        let written = earlier.filter(|earlier| earlier.writer.is_some());
        if written.is_some_and(|written| written.writer != Some(reader)) {
            if let Some(seen) = self.seen.get_mut(&key) {
                // Whatever comes of this id until then waits behind it.
                seen.writer = Some(EVENT);
            }
            self.aside.push(Aside::Posting {
                reader,
                posting: Box::new(as_stated(posting)),
                content,
            });
            return Ok(Outcome::Aside);
        }
        if written.map_or(is_there, |written| written.content == content) {
            self.sighted.push(short_key(&posting.id));
            self.seen.entry(key).or_insert(SeenId {
                content,
                writer: None,
                n_changed: 0,
            });
            return Ok(Outcome::Unchanged);
        }
        let document = match document {
            Some(document) => document,
            None => {
                // The commit has it so, and another record since has replaced it.
                let (_, commit) = Known::now(self.known);
                self.maker.read(Some(&commit), &mut posting, content)?
            }
        };
        let is_new = existing.is_none() && written.is_none();
        match is_new {
            true => self.writer.add(document)?,
            false => self.writer.replace(document)?,
        }
        let n_changed = written.map_or(0, |written| written.n_changed);
        let (outcome, n_changed) = match (is_new, is_there) {
            (true, _) => (Outcome::Added, 0),
            (false, false) => (Outcome::Changed, n_changed + 1),
            // Back to what the index had: in the end none of its records has changed it.
            (false, true) => {
                let of_reader = self.summary.readers.entry(reader).or_default();
                self.summary.changed -= n_changed;
                self.summary.unchanged += n_changed;
                of_reader.changed -= n_changed;
                of_reader.unchanged += n_changed;
                (Outcome::Unchanged, 0)
            }
        };
        self.seen.insert(
            key,
            SeenId {
                content,
                writer: Some(reader),
                n_changed,
            },
        );
        Ok(outcome)
    }

    /// Takes in what a feed says of a posting that is there.
    fn event(
        &mut self,
        reader: &'static str,
        event: Event,
        unknown: IngestError,
        log: &mut dyn Log,
    ) -> Result<(), IndexError> {
        let key = key(event.id());
        if let Some(seen) = self.seen.get_mut(&key).filter(|seen| seen.writer.is_some()) {
            seen.writer = Some(EVENT);
            self.aside.push(Aside::Event {
                reader,
                event,
                unknown,
            });
            return Ok(());
        }
        let (_, commit) = Known::now(self.known);
        let of_reader = self.summary.readers.entry(reader).or_default();
        let Some(mut kept) = commit.kept(event.id())? else {
            of_reader.accepted -= 1;
            self.reject(reader, &unknown, log);
            return Ok(());
        };
        let is_new = self.maker.tell(&mut kept, &event);
        let (all, own) = match (&event, is_new) {
            (Event::Closed(_), _) => (&mut self.summary.closed, &mut of_reader.closed),
            (Event::Changed(_), true) => (&mut self.summary.changed, &mut of_reader.changed),
            (Event::Changed(_), false) => (&mut self.summary.unchanged, &mut of_reader.unchanged),
        };
        *all += 1;
        *own += 1;
        if is_new {
            self.writer.replace(self.maker.document(&mut kept)?)?;
            self.seen.insert(
                key,
                SeenId {
                    content: 0,
                    writer: Some(EVENT),
                    n_changed: 0,
                },
            );
        }
        Ok(())
    }
}

/// Looks at an id again that was asked for before the last commit.
fn ask_again(posting: &mut PreparedPosting, commit: &Commit) -> Result<(), IndexError> {
    let existing = commit.existing(&posting.posting.id)?;
    if existing != posting.existing {
        // What was made of it does not go with what is there now.
        posting.document = None;
        posting.existing = existing;
    }
    Ok(())
}
