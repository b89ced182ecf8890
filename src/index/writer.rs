//! Adds and replaces postings by id; one commit makes all of it visible.

use std::fs;
use std::sync::Arc;

use tantivy::indexer::{LogMergePolicy, UserOperation};
use tantivy::{IndexWriter, TantivyError, Term};

use super::derived::Derived;
use super::{Document, Index, IndexError, Snapshot, hash_name, skills_file};
use crate::skills::Taxonomy;

/// A thread needs this much to work with (tantivy's own minimum).
const MIN_BYTES_PER_THREAD: usize = 15_000_000;
/// More than this a thread cannot use (tantivy's own maximum).
const MAX_BYTES_PER_THREAD: usize = 4_000_000_000;

/// The one writer of an index.
pub struct Writer<'a> {
    index: &'a Index,
    taxonomy: Arc<Taxonomy>,
    inner: IndexWriter,
}

/// What is known of an id before it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// No posting has it.
    None,
    /// A posting has it, with this content hash.
    Content(u64),
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        index: &'a Index,
        taxonomy: &Arc<Taxonomy>,
        threads: usize,
        memory_bytes: usize,
    ) -> Result<Writer<'a>, IndexError> {
        let threads = threads.clamp(1, (memory_bytes / MIN_BYTES_PER_THREAD).max(1));
        let bytes =
            (memory_bytes / threads).clamp(MIN_BYTES_PER_THREAD, MAX_BYTES_PER_THREAD) * threads;
        let inner: IndexWriter = index
            .inner
            .writer_with_num_threads(threads, bytes)
            .map_err(|error| match error {
                TantivyError::LockFailure(..) => IndexError::Locked {
                    directory: index.directory.clone(),
                },
                other => IndexError::Write {
                    directory: index.directory.clone(),
                    why: other.to_string(),
                },
            })?;
        let mut policy = LogMergePolicy::default();
        // Replaced postings leave holes; a segment that is a third holes is written anew.
        policy.set_del_docs_ratio_before_merge(0.3);
        inner.set_merge_policy(Box::new(policy));
        Ok(Writer {
            index,
            taxonomy: Arc::clone(taxonomy),
            inner,
        })
    }

    /// Forgets everything, once this is committed.
    pub(super) fn clear(&self) -> Result<(), IndexError> {
        self.inner
            .delete_all_documents()
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Adds a posting whose id is new.
    ///
    /// # Errors
    /// [`IndexError::Write`] if a writing thread has failed.
    pub fn add(&self, document: Document) -> Result<(), IndexError> {
        self.inner
            .add_document(document.inner)
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Puts a posting in the place of the one with its id.
    ///
    /// # Errors
    /// [`IndexError::Write`] if a writing thread has failed.
    pub fn replace(&self, document: Document) -> Result<(), IndexError> {
        let term = Term::from_field_text(self.index.fields.id, &document.id);
        let both = [
            UserOperation::Delete(term),
            UserOperation::Add(document.inner),
        ];
        self.inner
            .run(both)
            .map(drop)
            .map_err(|error| self.failed(error))
    }

    /// Makes everything so far visible, waits for merges and settles groups.
    ///
    /// # Errors
    /// [`IndexError::Write`]; the last commit is then as it was.
    pub fn finish(mut self) -> Result<Snapshot, IndexError> {
        let index = self.index;
        let hash = hash_name(&self.taxonomy);
        let path = index.directory.join(skills_file(&hash));
        if !path.exists() {
            // Before the commit that needs it; a torn one is written again.
            let unfinished = path.with_extension("new");
            fs::write(&unfinished, self.taxonomy.to_json())
                .and_then(|()| fs::rename(&unfinished, &path))
                .map_err(|source| IndexError::Io { path, source })?;
        }
        let commit = self.inner.prepare_commit().and_then(|mut commit| {
            commit.set_payload(&hash);
            commit.commit()
        });
        if let Err(error) = commit {
            return Err(self.failed(error));
        }
        self.inner
            .wait_merging_threads()
            .map_err(|error| IndexError::Write {
                directory: index.directory.clone(),
                why: error.to_string(),
            })?;
        let snapshot = Snapshot::open(index, &self.taxonomy)?;
        // A reader that finds no such file works it out again; it is only quicker with it.
        Derived::save(&snapshot, index)?;
        Ok(snapshot)
    }

    fn failed(&self, error: TantivyError) -> IndexError {
        IndexError::Write {
            directory: self.index.directory.clone(),
            why: error.to_string(),
        }
    }
}
