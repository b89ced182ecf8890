//! What postings ask for in all, remembered once a match has read it: later
//! matches tell from it which of them cannot be among the best.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::DocId;

use crate::index::Snapshot;

/// The weight of what each posting asks for, by whether soft skills count, by
/// segment and document: the bits of an `f32`, 0 while it is unknown.
#[derive(Default)]
pub(super) struct Asked([OnceLock<Vec<Vec<AtomicU32>>>; 2]);

impl Asked {
    /// The weights where soft skills count, or where they do not.
    pub(super) fn weights(&self, snapshot: &Snapshot, soft: bool) -> Weights<'_> {
        Weights(self.0[usize::from(soft)].get_or_init(|| {
            let segments = snapshot.searcher.segment_readers().iter();
            let unknown = |n: u32| (0..n).map(|_| AtomicU32::new(0)).collect();
            segments.map(|segment| unknown(segment.max_doc())).collect()
        }))
    }
}

/// The weights under one rule of what counts.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a>(&'a [Vec<AtomicU32>]);

impl Weights<'_> {
    /// What a posting asks for, if a match has read it; rounded to 32 bits.
    pub(super) fn get(&self, segment: u32, doc: DocId) -> Option<f64> {
        // Each number stands for itself alone: no order to keep.
        let bits = self.0[segment as usize][doc as usize].load(Ordering::Relaxed);
        (bits != 0).then(|| f64::from(f32::from_bits(bits)))
    }

    /// Remembers it.
    pub(super) fn put(&self, segment: u32, doc: DocId, weight: f64) {
        let bits = (weight as f32).to_bits();
        self.0[segment as usize][doc as usize].store(bits, Ordering::Relaxed);
    }
}
