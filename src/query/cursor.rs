//! Where a search went on from: behind which hit, at which moment and with which
//! statistics, so that pages fit together while postings are added.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::local::Frozen;
use super::{QueryError, SearchRequest};

/// The end of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// Which search it belongs to.
    search: u64,
    /// When its first page was asked for.
    now: Timestamp,
    /// The bits of the key of the last hit.
    key: u64,
    /// Its posting.
    pub(super) id: String,
    /// What its score was made with.
    pub(super) frozen: Frozen,
}

impl Cursor {
    pub(super) fn new(request: &SearchRequest, key: f64, id: String, frozen: Frozen) -> Cursor {
        Cursor {
            search: search_of(request),
            now: request.now,
            key: key.to_bits(),
            id,
            frozen,
        }
    }

    pub(super) fn key(&self) -> f64 {
        f64::from_bits(self.key)
    }

    /// As text of letters and digits.
    pub(super) fn write(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        json.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a cursor of this search.
    ///
    /// # Errors
    /// [`QueryError::Cursor`] for anything else.
    pub(super) fn read(text: &str, request: &SearchRequest) -> Result<Cursor, QueryError> {
        let cursor = decoded(text)?;
        if cursor.search != search_of(request) {
            return Err(QueryError::Cursor("belongs to another search"));
        }
        Ok(cursor)
    }
}

/// The moment of the first page: what a query and its options say of days back
/// from today is understood as of then on every later page.
///
/// # Errors
/// [`QueryError::Cursor`] for what is no cursor.
pub fn first_asked_at(cursor: &str) -> Result<Timestamp, QueryError> {
    Ok(decoded(cursor)?.now)
}

fn decoded(text: &str) -> Result<Cursor, QueryError> {
    let digits = text.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or(QueryError::Cursor("cannot be read"))
}

/// What decides which hits there are and in which order.
fn search_of(request: &SearchRequest) -> u64 {
    let what = (
        &request.question,
        &request.filter,
        request.sort,
        request.fresh_at,
        request.ungrouped,
    );
    xxh3_64(format!("{what:?}").as_bytes())
}
