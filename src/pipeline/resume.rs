//! How far a run is, so that another can go on there.

use std::time::UNIX_EPOCH;

use xxhash_rust::xxh3::Xxh3;

use super::Request;
use crate::index::Unfinished;
use crate::ingest::{Input, Options};

/// A place in the inputs of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// Files that are done.
    pub files: u64,
    /// Records of the next file that are done.
    pub records: u64,
    /// Records of all files that runs before this one have read.
    pub read_before: u64,
    /// Those of them that were no postings.
    pub rejected_before: u64,
}

impl Position {
    /// Whether nothing is done yet.
    pub fn is_start(&self) -> bool {
        (self.files, self.records) == (0, 0)
    }

    /// Whether a record of an input (both by their numbers, inputs from 0) is done.
    pub fn is_beyond(&self, input: u64, record: u64) -> bool {
        input < self.files || (input == self.files && record <= self.records)
    }
}

/// Where a run begins: at the start, or where an earlier one was cut off that
/// had the same files up to there, neither changed nor read otherwise.
pub(super) fn begin(request: &Request, unfinished: Option<&Unfinished>) -> Position {
    let same = unfinished.and_then(|unfinished| {
        let at = Position {
            files: unfinished.files,
            records: unfinished.records,
            read_before: unfinished.read,
            rejected_before: unfinished.rejected,
        };
        (name(request, at).as_ref() == Some(&unfinished.run)).then_some(at)
    });
    same.unwrap_or_default()
}

/// What a commit says of a run that is at `at`; nothing if nobody could go on there.
pub(super) fn unfinished(request: &Request, at: Position) -> Option<Unfinished> {
    (!at.is_start()).then_some(Unfinished {
        run: name(request, at)?,
        files: at.files,
        records: at.records,
        read: at.read_before,
        rejected: at.rejected_before,
    })
}

/// Names how the files up to `at` are read and what they are: path, size and
/// time of change. Standard input has no name.
fn name(request: &Request, at: Position) -> Option<String> {
    let Options {
        reader,
        source,
        // Another day reads the same files.
        now: _,
    } = &request.options;
    let mut hasher = Xxh3::new();
    hasher.update(format!("{reader:?} {source:?}").as_bytes());
    let n = usize::try_from(at.files).ok()? + usize::from(at.records > 0);
    for input in request.inputs.get(..n)? {
        add(&mut hasher, input)?;
    }
    Some(format!("{:032x}", hasher.digest128()))
}

fn add(hasher: &mut Xxh3, input: &Input) -> Option<()> {
    if input.is_stdin() {
        return None;
    }
    let metadata = std::fs::metadata(&input.path).ok()?;
    let changed = metadata.modified().ok()?;
    let since = changed.duration_since(UNIX_EPOCH).ok()?;
    let path = input.path.as_os_str().as_encoded_bytes();
    for part in [
        &path.len().to_le_bytes()[..],
        path,
        &metadata.len().to_le_bytes(),
        &since.as_nanos().to_le_bytes(),
    ] {
        hasher.update(part);
    }
    Some(())
}
