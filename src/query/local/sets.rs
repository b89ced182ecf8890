//! Sets of documents, a bit each: what is combined by and, or and not.

use tantivy::DocId;

use super::Matched;
use crate::index::Snapshot;

/// Some documents of every segment.
#[derive(Debug, Clone)]
pub(super) struct DocSets {
    segments: Vec<Vec<u64>>,
}

impl DocSets {
    /// No document.
    pub(super) fn none(snapshot: &Snapshot) -> DocSets {
        let words = |n: u32| vec![0u64; (n as usize).div_ceil(64)];
        let readers = snapshot.searcher.segment_readers().iter();
        DocSets {
            segments: readers.map(|reader| words(reader.max_doc())).collect(),
        }
    }

    /// These documents.
    pub(super) fn of(snapshot: &Snapshot, matched: &[Matched]) -> DocSets {
        let mut set = DocSets::none(snapshot);
        for hit in matched {
            set.segments[hit.segment as usize][hit.doc as usize / 64] |= 1 << (hit.doc % 64);
        }
        set
    }

    /// The documents of groups with more than one posting.
    pub(super) fn of_copies(snapshot: &Snapshot) -> DocSets {
        let mut set = DocSets::none(snapshot);
        let derived = snapshot.derived();
        for (words, groups) in set.segments.iter_mut().zip(&derived.group_of) {
            for (word, groups) in words.iter_mut().zip(groups.chunks(64)) {
                for (bit, group) in groups.iter().enumerate() {
                    let size = derived.size_of.get(*group as usize);
                    *word |= u64::from(size.is_some_and(|size| *size > 1)) << bit;
                }
            }
        }
        set
    }

    pub(super) fn has(&self, segment: u32, doc: DocId) -> bool {
        self.segments[segment as usize][doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    /// The bits of the 64 documents from `first` on, a multiple of 64.
    pub(super) fn word(&self, segment: u32, first: DocId) -> u64 {
        self.segments[segment as usize][first as usize / 64]
    }

    pub(super) fn and(&mut self, other: &DocSets) {
        self.combine(other, |a, b| a & b);
    }

    pub(super) fn or(&mut self, other: &DocSets) {
        self.combine(other, |a, b| a | b);
    }

    /// All others, deleted ones too.
    pub(super) fn not(mut self) -> DocSets {
        self.segments
            .iter_mut()
            .flatten()
            .for_each(|bits| *bits = !*bits);
        self
    }

    fn combine(&mut self, other: &DocSets, how: impl Fn(u64, u64) -> u64) {
        for (mine, theirs) in self.segments.iter_mut().zip(&other.segments) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine = how(*mine, *theirs);
            }
        }
    }
}
