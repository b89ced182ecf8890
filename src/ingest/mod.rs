//! Corpus files in, postings out, one reader a format; a bad record is one `Err`.
//!
//! [`inputs`] turns what a person names into a fixed list of files, [`open`]
//! cuts one of them into [`Chunk`]s of whole records, and [`Chunk::items`]
//! reads those, on whatever thread has time. Nothing here knows the index.

mod container;
mod cut;
mod documents;
mod encoding;
mod error;
mod html;
mod inputs;
mod item;
mod json;
mod json_list;
mod kind;
mod mapping;
mod packed;
mod readers;
mod record;
mod resume;
mod satellites;
mod sniff;
mod streams;
mod text;

pub use container::{Chunk, Source, open};
pub use error::{IngestError, RecordError};
pub use inputs::{Input, inputs};
pub use item::{Change, ChangedField, Closing, Item};
pub use mapping::MappingError;
pub use readers::Reader;
pub use record::ColumnGuess;
pub use resume::{DocumentError, document_text};
pub use text::{canonical_url, normalise_words};

use jiff::Timestamp;

/// A JSON document that is no list is held in memory whole; larger ones are
/// refused. (Lists and lines are read in chunks of any number.)
pub const MAX_DOCUMENT_BYTES: u64 = 256 << 20;

/// One record may be this long; a longer one is rejected.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// The text of a posting may be this long, with its title, employer, places and listed skills;
/// a record with more is rejected: no posting has a hundredth of it, and reading skills takes
/// some fifty times as much memory.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// A JSON record may hold this many values, told by its commas; one with more is
/// rejected before it is taken apart into some hundred bytes for each.
pub const MAX_VALUES: usize = 400_000;

/// An id may be this long; a record with a longer one is rejected. Addresses that
/// serve as ids have 2,048 bytes at most (sitemaps.org), and what has more than
/// 65,530 could be neither found nor replaced.
pub const MAX_ID_BYTES: usize = 4096;

/// How to read, whatever the file.
#[derive(Debug, Clone)]
pub struct Options {
    /// The reader to use; otherwise chosen from the content.
    pub reader: Option<Reader>,
    /// The source name to give postings of formats that state none.
    pub source: Option<String>,
    /// The moment that counts as now; later dates are rejected.
    pub now: Timestamp,
}
