//! What a full reading of boards has found, and of which of them it may close
//! what it has not found: of none that stands in a file that was not read whole.
//!
//! A file that was skipped was not read whole, unless it is plainly no data: by its
//! name documentation, a licence, an image or a program, or by its content running
//! text, an image or nothing at all, under a name that is none of data. An empty
//! `jobs.json` may be a download that has failed, and counts.

use std::collections::HashSet;

use super::keep::short_key;
use crate::index::scope;
use crate::ingest::{IngestError, RecordError};
use crate::posting::Posting;

/// The boards of a run, and their postings.
#[derive(Debug, Default)]
pub(super) struct Boards {
    present: HashSet<u64>,
    read: HashSet<u64>,
    doubtful: HashSet<u64>,
    /// A file that was not read whole names no board.
    all_are_doubtful: bool,
    file: File,
}

/// The file under way.
#[derive(Debug, Default)]
struct File {
    name: String,
    /// The board that it is called after, for when it has no postings.
    board: Option<u64>,
    boards: HashSet<u64>,
    is_damaged: bool,
    n_records: u64,
}

impl Boards {
    /// Takes up a file; `board` are the source and board it is called after.
    pub(super) fn begins(&mut self, name: String, board: Option<(String, String)>) {
        self.file = File {
            name,
            board: board.map(|(source, board)| scope(&source, Some(&board))),
            ..File::default()
        };
    }

    pub(super) fn has(&mut self, posting: &Posting) {
        self.file.n_records += 1;
        self.present.insert(short_key(&posting.id));
        let board = posting.board.as_deref();
        self.file.boards.insert(scope(&posting.source, board));
    }

    /// A record that could not be read may be any posting of its board.
    pub(super) fn rejected(&mut self, error: &IngestError) {
        self.file.n_records += 1;
        if let IngestError::Record { path, source, .. } = error
            && !matches!(source, RecordError::NotAPosting(_))
        {
            self.file.name.clone_from(path);
            self.file.is_damaged = true;
        }
    }

    /// A file without postings may be a board's all the same, if data may lie in it.
    pub(super) fn skipped(&mut self, error: &IngestError) {
        let IngestError::NotACorpus {
            path, may_be_data, ..
        } = error
        else {
            self.file.is_damaged = true;
            return;
        };
        self.file.name.clone_from(path);
        self.file.is_damaged = *may_be_data;
    }

    /// The file is done; names it if nothing of its boards may be closed.
    pub(super) fn ends(&mut self) -> Option<String> {
        let file = std::mem::take(&mut self.file);
        if file.is_damaged {
            self.all_are_doubtful |= file.boards.is_empty();
            self.doubtful.extend(file.boards);
            return Some(file.name);
        }
        self.read.extend(file.boards);
        if file.n_records == 0 {
            self.read.extend(file.board);
        }
        None
    }

    /// Whether a posting is gone from its board.
    pub(super) fn lacks(&self, scope: u64, id: &str) -> bool {
        let is_read = self.read.contains(&scope) && !self.doubtful.contains(&scope);
        is_read && !self.all_are_doubtful && !self.present.contains(&short_key(id))
    }
}
