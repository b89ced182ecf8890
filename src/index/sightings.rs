//! When postings were last read that had not changed: beside the index, so that
//! reading them again writes none of them.
//!
//! The file is a list of pairs (a hash of the id, seconds since 1970) in order,
//! and a checksum; it is never held in memory. A torn or missing one is taken
//! for an empty one: a posting then counts as last seen when it last changed.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::path::Path;

use jiff::Timestamp;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::sealed;

/// Where they are kept.
pub(super) const FILE: &str = "sightings.bin";
const PAIR_BYTES: usize = 16;
const SUM_BYTES: u64 = 8;

/// Notes that the postings of these ids (as `xxh3_64` hashes) were there, just so.
pub(super) fn note(directory: &Path, mut ids: Vec<u64>, at: Timestamp) -> io::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    ids.dedup();
    let path = directory.join(FILE);
    sealed::replace(&path, |out| merge(&path, &ids, at.as_second(), out))
}

/// Writes what is kept anew, with `ids` as of now.
fn merge(old: &Path, ids: &[u64], now: i64, out: &mut dyn Write) -> io::Result<()> {
    let mut hasher = Xxh3::new();
    let mut put = |id: u64, second: i64| {
        let mut pair = [0; PAIR_BYTES];
        pair[..8].copy_from_slice(&id.to_le_bytes());
        pair[8..].copy_from_slice(&second.to_le_bytes());
        hasher.update(&pair);
        out.write_all(&pair)
    };
    let mut new = ids.iter().copied().peekable();
    if is_whole(old) {
        each(old, |id, second| {
            while let Some(before) = new.next_if(|new| *new < id) {
                put(before, now)?;
            }
            match new.next_if_eq(&id) {
                Some(id) => put(id, now),
                None => put(id, second),
            }
        })?;
    }
    for id in new {
        put(id, now)?;
    }
    let sum = hasher.digest();
    out.write_all(&sum.to_le_bytes())
}

/// When the posting of an id was last read without a change.
pub(super) fn last_of(directory: &Path, id: &str) -> Option<Timestamp> {
    let hash = xxh3_64(id.as_bytes());
    let mut found = None;
    let is_whole = each(&directory.join(FILE), |id, second| {
        if id == hash {
            found = Some(second);
        }
        Ok(())
    });
    let second = found.filter(|_| is_whole.is_ok_and(|is_whole| is_whole))?;
    Timestamp::from_second(second).ok()
}

/// Whether a file is as [`note`] wrote it.
pub(super) fn is_whole(path: &Path) -> bool {
    each(path, |_, _| Ok(())).is_ok_and(|is_whole| is_whole)
}

/// Tells `visit` of every pair, and whether the file was whole: that is known
/// only at its end.
fn each(path: &Path, mut visit: impl FnMut(u64, i64) -> io::Result<()>) -> io::Result<bool> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut file = BufReader::with_capacity(1 << 16, file);
    let Some(bytes) = length.checked_sub(SUM_BYTES) else {
        return Ok(false);
    };
    let mut hasher = Xxh3::new();
    let mut pair = [0; PAIR_BYTES];
    for _ in 0..bytes / PAIR_BYTES as u64 {
        match file.read_exact(&mut pair) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            other => other?,
        }
        hasher.update(&pair);
        let [id, second] = [0, 8].map(|at| {
            let word = pair[at..at + 8].try_into();
            word.expect("a pair is two words")
        });
        visit(u64::from_le_bytes(id), i64::from_le_bytes(second))?;
    }
    let mut sum = Vec::new();
    file.read_to_end(&mut sum)?;
    Ok(sum == hasher.digest().to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_last_sighting_counts_and_a_torn_file_is_an_empty_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE);
        let sighted = |ids: &[&str], second: i64| {
            let mut ids: Vec<u64> = ids.iter().map(|id| xxh3_64(id.as_bytes())).collect();
            ids.sort_unstable();
            let mut out = Vec::new();
            merge(&path, &ids, second, &mut out).unwrap();
            std::fs::write(&path, out).unwrap();
        };
        sighted(&["a", "b", "c"], 1);
        sighted(&["b", "d"], 2);
        sighted(&[], 3);
        assert!(is_whole(&path));
        let last = |id: &str| last_of(home.path(), id);
        assert_eq!(
            ["a", "b", "c", "d", "e"].map(last),
            [Some(at(1)), Some(at(2)), Some(at(1)), Some(at(2)), None]
        );
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole.len(), 4 * PAIR_BYTES + 8);
        for n in 0..whole.len() {
            std::fs::write(&path, &whole[..n]).unwrap();
            assert_eq!((is_whole(&path), last("b")), (false, None), "{n} bytes");
        }
        sighted(&["b"], 4);
        assert_eq!(["a", "b"].map(last), [None, Some(at(4))]);
    }
}
