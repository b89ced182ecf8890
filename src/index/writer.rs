//! Adds and replaces postings by id; a commit makes all of it visible at once.

use std::fs;
use std::sync::Arc;

use jiff::Timestamp;
use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::{IndexWriter, TantivyError, Term};

use super::derived::Derived;
use super::files::Files;
use super::lock::{self, WriterLock};
use super::merges::Bounded;
use super::note::{CommitTime, Note, Unfinished};
use super::skill_list::{is_skills_file, skills_file, skills_name, write_skills};
use super::{Commit, Document, Index, IndexError, Snapshot, sightings, tokenizer};
use crate::skills::Taxonomy;

/// A thread needs this much to work with (tantivy's own minimum).
const MIN_BYTES_PER_THREAD: usize = 15_000_000;
/// More than this a thread cannot use (tantivy's own maximum).
const MAX_BYTES_PER_THREAD: usize = 4_000_000_000;

/// The part of the memory in which postings wait to be written, in eighths: a segment that is
/// written takes more for a moment, and so do a merge and what is being read.
const WAITING_EIGHTHS: usize = 5;

/// The one writer of an index.
pub struct Writer<'a> {
    index: &'a Index,
    taxonomy: Arc<Taxonomy>,
    /// What the last commit says of itself.
    note: Note,
    /// Postings written since.
    written: u64,
    has_committed: bool,
    inner: IndexWriter,
    // Goes last.
    _lock: WriterLock,
}

/// What is known of an id before it is written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// The content hash of what each reader said of it.
    pub contents: Vec<u64>,
    /// Which fields are known, as bits of [`super::flag`].
    pub(crate) known: u64,
    /// Its publisher took it down.
    pub is_closed: bool,
}

impl Existing {
    /// Whether it is not closed, and one of its records is this one.
    pub fn is_open_with(&self, content: u64) -> bool {
        !self.is_closed && self.contents.contains(&content)
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        index: &'a Index,
        taxonomy: &Arc<Taxonomy>,
        threads: usize,
        memory_bytes: usize,
    ) -> Result<Writer<'a>, IndexError> {
        let lock = WriterLock::take(&index.directory)?;
        let waiting = memory_bytes / 8 * WAITING_EIGHTHS;
        let threads = threads.clamp(1, (waiting / MIN_BYTES_PER_THREAD).max(1));
        let bytes = (waiting / threads).clamp(MIN_BYTES_PER_THREAD, MAX_BYTES_PER_THREAD);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(bytes)
            // Each merge takes memory of its own; one keeps up with what is written.
            .num_merge_threads(1)
            .build();
        let files = sparing(index)?;
        tokenizer::register(&files);
        let inner: IndexWriter =
            files
                .writer_with_options(options)
                .map_err(|error| match error {
                    TantivyError::LockFailure(LockError::LockBusy, _) => {
                        lock::locked(&index.directory)
                    }
                    TantivyError::LockFailure(LockError::IoError(error), _) => {
                        index.unwritable(error)
                    }
                    other => index.unwritable(other),
                })?;
        // A run that was killed in the middle of a commit leaves files that belong to none; the
        // next one would want to write deletions under the same name.
        inner
            .garbage_collect_files()
            .wait()
            .map_err(|error| index.unwritable(error))?;
        // Tantivy (0.27) numbers the first operation of a writer like the last commit. A merge
        // takes deletions up to that number into the commit it is part of: the first posting to be
        // replaced would be gone from there. Nothing at all shall have the number.
        inner.run([]).map_err(|error| index.unwritable(error))?;
        inner.set_merge_policy(Box::new(Bounded::new(&index.directory)));
        Ok(Writer {
            index,
            taxonomy: Arc::clone(taxonomy),
            note: index.note()?,
            written: 0,
            has_committed: false,
            inner,
            _lock: lock,
        })
    }

    /// Names the list of skills that the last commit was read with.
    pub(super) fn read_with(&self) -> &str {
        &self.note.skills
    }

    /// Forgets everything, once this is committed.
    pub(super) fn clear(&mut self) -> Result<(), IndexError> {
        self.inner
            .delete_all_documents()
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Adds a posting whose id is new.
    ///
    /// # Errors
    /// [`IndexError::Write`] if a writing thread has failed.
    pub fn add(&mut self, document: Document) -> Result<(), IndexError> {
        self.written += 1;
        let added = self.inner.add_document(document.inner);
        added.map(drop).map_err(|error| self.failed(error))
    }

    /// Puts a posting in the place of the one with its id.
    ///
    /// # Errors
    /// [`IndexError::Write`] if a writing thread has failed.
    pub fn replace(&mut self, document: Document) -> Result<(), IndexError> {
        self.written += 1;
        let term = Term::from_field_text(self.index.fields.id, &document.id);
        let both = [
            UserOperation::Delete(term),
            UserOperation::Add(document.inner),
        ];
        let replaced = self.inner.run(both);
        replaced.map(drop).map_err(|error| self.failed(error))
    }

    /// Whether anything was written since the last commit.
    pub fn has_written(&self) -> bool {
        self.written > 0
    }

    /// Whether it has committed anything.
    pub fn has_committed(&self) -> bool {
        self.has_committed
    }

    /// Whether a commit would change anything: postings, or how far the run is.
    pub fn is_dirty(&self, unfinished: Option<&Unfinished>) -> bool {
        self.written > 0 || self.note.unfinished.as_ref() != unfinished
    }

    /// Makes everything so far visible; `unfinished` says how far the run is, if
    /// this is not its end.
    ///
    /// # Errors
    /// [`IndexError::Write`]; the last commit is then as it was.
    pub fn commit(&mut self, unfinished: Option<Unfinished>) -> Result<(), IndexError> {
        let skills = skills_name(&self.taxonomy);
        let path = self.index.directory.join(skills_file(&skills));
        if !path.exists() {
            // Before the commit that needs it.
            write_skills(&self.taxonomy, &path).map_err(|error| self.index.unwritable(error))?;
        }
        let mut note = self.note.next(CommitTime {
            at: Timestamp::now().as_second(),
            written: self.written,
        });
        note.skills = skills;
        note.unfinished = unfinished;
        let committed = self.inner.prepare_commit().and_then(|mut commit| {
            note.opstamp = commit.opstamp();
            commit.set_payload(&note.to_payload());
            commit.commit()
        });
        committed.map_err(|error| self.index.unwritable(error))?;
        self.note = note;
        self.written = 0;
        self.has_committed = true;
        self.remove_other_skills();
        Ok(())
    }

    /// Lists of skills of earlier commits: whoever reads one of those has its
    /// list in memory. What cannot be removed waits for the next commit.
    fn remove_other_skills(&self) {
        let own = skills_file(&self.note.skills);
        let entries = fs::read_dir(&self.index.directory);
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name != *own && name.to_str().is_some_and(is_skills_file) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Notes that the postings of these ids (as `xxh3_64` hashes) were there, just so.
    ///
    /// # Errors
    /// [`IndexError::Write`] if that cannot be written.
    pub fn sighted(&mut self, ids: Vec<u64>, at: Timestamp) -> Result<(), IndexError> {
        sightings::note(&self.index.directory, ids, at)
            .map_err(|error| self.index.unwritable(error))
    }

    /// Waits for merges and keeps what follows from the last commit, so that
    /// readers need not work it out. What was written since is given up.
    ///
    /// # Errors
    /// [`IndexError::Write`]; the last commit stands nevertheless.
    pub fn finish(self) -> Result<Snapshot, IndexError> {
        let Writer {
            index,
            taxonomy,
            inner,
            _lock,
            ..
        } = self;
        inner
            .wait_merging_threads()
            .map_err(|error| index.unwritable(error))?;
        let commit = Commit::through(&sparing(index)?, index)?;
        if Derived::load(&commit.searcher, index).is_none() {
            let n_skills = taxonomy.skills().len();
            Derived::compute(&commit.searcher, index, n_skills)?.save(&commit.searcher, index)?;
        }
        drop(commit);
        Snapshot::open(index, &taxonomy)
    }

    /// What went wrong in a writing thread; the thread itself knows best.
    fn failed(&mut self, error: TantivyError) -> IndexError {
        let cause = self.inner.prepare_commit().err().unwrap_or(error);
        self.index.unwritable(cause)
    }
}

/// The index with no more of its files in memory than is worked with.
fn sparing(index: &Index) -> Result<tantivy::Index, IndexError> {
    Files::sparing(&index.directory)
        .map_err(TantivyError::from)
        .and_then(tantivy::Index::open)
        .map_err(|error| index.unwritable(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Advert, Extractor};
    use crate::index::Kept;
    use crate::past::Past;
    use crate::posting::Posting;

    #[test]
    fn a_merge_takes_no_more_than_was_committed() {
        let directory = tempfile::tempdir().unwrap();
        let extractor = Extractor::embedded();
        let index = Index::open_or_create(directory.path(), extractor.taxonomy()).unwrap();
        let document = |title: &str| {
            let mut kept = Kept {
                posting: Posting {
                    id: "t:1".to_owned(),
                    source: "t".to_owned(),
                    title: Some(title.to_owned()),
                    ..Posting::default()
                },
                contents: vec![1],
                past: Past::default(),
            };
            let profile = extractor
                .read(&Advert::default())
                .profile(extractor.taxonomy());
            Document::new(&index, &mut kept, &profile, extractor.taxonomy()).unwrap()
        };
        let writer = || index.writer(extractor.taxonomy(), 1, 0).unwrap();
        let mut first = writer();
        first.add(document("old")).unwrap();
        first.commit(None).unwrap();
        first.finish().unwrap();

        let mut second = writer();
        second.replace(document("new")).unwrap();
        let segments = index.inner.searchable_segment_ids().unwrap();
        second.inner.merge(&segments).wait().unwrap();
        assert_eq!(
            index.commit().unwrap().n_postings(),
            1,
            "it is not committed yet"
        );
        second.commit(None).unwrap();
        assert_eq!(index.commit().unwrap().n_postings(), 1);
    }
}
