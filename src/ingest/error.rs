//! What can be wrong with a corpus file or one of its records.

use std::io;

/// What went wrong, and where.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file is out of reach; nothing of it was read.
    #[error("cannot open corpus {path}")]
    Open {
        /// As given on the command line.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file could be read up to here and no further.
    #[error("{path}: cannot read on after record {after}")]
    Read {
        /// As given on the command line.
        path: String,
        /// The last whole record.
        after: u64,
        /// Why.
        source: io::Error,
    },
    /// The file holds no postings; nothing of it counts as a record.
    #[error("{path}: {why}")]
    NotACorpus {
        /// As given on the command line.
        path: String,
        /// What it holds instead.
        why: String,
        /// It may be a file of data that could not be read: it is called like one, or
        /// begins like none of what people put beside data (documentation, licences,
        /// images, nothing at all).
        may_be_data: bool,
    },
    /// A mapping file does not fit what it is used for.
    #[error(transparent)]
    Mapping(#[from] super::MappingError),
    /// One record is unusable; those after it still follow.
    #[error("{path}: record {record}: {source}")]
    Record {
        /// As given on the command line.
        path: String,
        /// The record's number in the file, from 1.
        record: u64,
        /// The reader that tried.
        reader: &'static str,
        /// Why.
        source: RecordError,
    },
}

/// Why a record is no posting.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecordError {
    /// Not JSON, or not of the right shape.
    #[error("not a record: {0}")]
    Syntax(String),
    /// Longer than [`super::MAX_RECORD_BYTES`].
    #[error("{0} bytes are more than a record may have")]
    TooLong(usize),
    /// Longer than [`super::MAX_RECORD_BYTES`], in a format where the next record
    /// cannot be found without reading this one: a quote that is never closed.
    #[error("no end within {0} bytes; the rest of the file is not read")]
    Endless(usize),
    /// The file ends in the middle of it.
    #[error("the file ends within this record")]
    Cut,
    /// A record of the format that is no posting: a reply, a deleted comment.
    #[error("not a posting: {0}")]
    NotAPosting(&'static str),
    /// More values than [`super::MAX_VALUES`].
    #[error("{0} values are more than a record may have")]
    ManyValues(usize),
    /// A text longer than [`super::MAX_TEXT_BYTES`].
    #[error("a text of {0} bytes is longer than a text may be")]
    LongText(usize),
    /// An id longer than [`super::MAX_ID_BYTES`].
    #[error("an id of {0} bytes is longer than an id may be")]
    LongId(usize),
    /// Nothing to search in.
    #[error("neither a title nor a description")]
    Empty,
    /// A value that cannot be what its field says.
    #[error("{field} `{value}` is no {expected}")]
    Value {
        /// The normal field.
        field: &'static str,
        /// The value as written, shortened.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl RecordError {
    /// A short name for counting; the same for all records that fail alike.
    pub fn reason(&self) -> &'static str {
        match self {
            RecordError::Syntax(_) => "syntax",
            RecordError::TooLong(_) | RecordError::Endless(_) => "too long",
            RecordError::Cut => "cut off",
            RecordError::NotAPosting(what) => what,
            RecordError::ManyValues(_) => "too many values",
            RecordError::LongText(_) => "text too long",
            RecordError::LongId(_) => "id too long",
            RecordError::Empty => "empty",
            RecordError::Value { field, .. } => field,
        }
    }

    /// The field and value at fault, where there is one.
    pub fn field_and_value(&self) -> Option<(&'static str, &str)> {
        match self {
            RecordError::Value { field, value, .. } => Some((field, value)),
            _ => None,
        }
    }
}
