//! When postings were last read that had not changed: beside the index, so that
//! reading them again writes none of them.
//!
//! The file is a list of pairs (a hash of the id, seconds since 1970) in order,
//! and a checksum. A torn or missing one is taken for an empty one: a posting
//! then counts as last seen when it last changed.

use std::fs;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::{Index, IndexError, sealed};

const FILE: &str = "sightings.bin";
const PAIR_BYTES: usize = 16;

impl Index {
    /// Notes that the postings of these ids (as `xxh3_64` hashes) were there,
    /// just so.
    ///
    /// # Errors
    /// [`IndexError::Write`] if that cannot be written.
    pub fn sighted(&self, mut ids: Vec<u64>, at: Timestamp) -> Result<(), IndexError> {
        if ids.is_empty() {
            return Ok(());
        }
        ids.sort_unstable();
        ids.dedup();
        let mut pairs = read(&self.directory);
        pairs.retain(|(id, _)| ids.binary_search(id).is_err());
        pairs.extend(ids.into_iter().map(|id| (id, at.as_second())));
        pairs.sort_unstable();
        let mut bytes = Vec::with_capacity(pairs.len() * PAIR_BYTES + 8);
        for (id, second) in pairs {
            bytes.extend(id.to_le_bytes());
            bytes.extend(second.to_le_bytes());
        }
        let sum = xxh3_64(&bytes);
        sealed::replace(&self.directory.join(FILE), |out| {
            out.write_all(&bytes)?;
            out.write_all(&sum.to_le_bytes())
        })
        .map_err(|error| self.unwritable(error))
    }
}

/// When the posting of an id was last read without a change.
pub(super) fn last_of(directory: &std::path::Path, id: &str) -> Option<Timestamp> {
    let pairs = read(directory);
    let hash = xxh3_64(id.as_bytes());
    let at = pairs.binary_search_by_key(&hash, |(id, _)| *id).ok()?;
    Timestamp::from_second(pairs[at].1).ok()
}

fn read(directory: &std::path::Path) -> Vec<(u64, i64)> {
    let bytes = fs::read(directory.join(FILE)).unwrap_or_default();
    decoded(&bytes).unwrap_or_default()
}

/// `None` unless it is whole.
fn decoded(bytes: &[u8]) -> Option<Vec<(u64, i64)>> {
    let (pairs, sum) = bytes.split_at_checked(bytes.len().checked_sub(8)?)?;
    if pairs.len() % PAIR_BYTES != 0 || sum != xxh3_64(pairs).to_le_bytes() {
        return None;
    }
    let pair = |pair: &[u8]| {
        let (id, second) = pair.split_at(8);
        Some((
            u64::from_le_bytes(id.try_into().ok()?),
            i64::from_le_bytes(second.try_into().ok()?),
        ))
    };
    pairs.chunks_exact(PAIR_BYTES).map(pair).collect()
}
