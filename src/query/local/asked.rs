//! What postings ask for in all, remembered once a match has read it: later
//! matches tell from it which of them cannot be among the best.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tantivy::DocId;

use crate::index::Snapshot;
use crate::query::rank::Asked;

/// The lowest bits hold the heaviest factor in 31sts.
const HEAVIEST: u32 = 31;
/// The next ones hold how many times a skill is asked for; both set stand for
/// any number.
const TIMES: u32 = 3;
const TIMES_AT: u32 = HEAVIEST.count_ones();
/// The next one says that skills are named that are not asked for.
const NAMES_MORE: u32 = 1 << 7;
/// All bits that are not of the weight.
const ALL: u32 = HEAVIEST | TIMES << TIMES_AT | NAMES_MORE;

/// What each posting asks for, by whether soft skills count, by segment and
/// document: the weight as an `f32` with all the rest in its last byte, 0 while
/// nothing is known.
#[derive(Default)]
pub(super) struct Remembered([OnceLock<Vec<Vec<AtomicU32>>>; 2]);

impl Remembered {
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
    /// What a posting asks for, if a match has read it: the weight rounded down
    /// by less than one in 30,000, the others up, as an upper bound of a score
    /// takes them.
    #[inline]
    pub(super) fn get(&self, segment: u32, doc: DocId) -> Option<Asked> {
        // Each number stands for itself alone: no order to keep.
        let bits = self.0[segment as usize][doc as usize].load(Ordering::Relaxed);
        (bits != 0).then(|| Asked {
            weight: f64::from(f32::from_bits(bits & !ALL)),
            heaviest: f64::from(bits & HEAVIEST) / f64::from(HEAVIEST),
            times: match bits >> TIMES_AT & TIMES {
                TIMES => u32::MAX,
                times => times,
            },
            names_more: bits & NAMES_MORE != 0,
        })
    }

    /// Remembers it.
    pub(super) fn put(&self, segment: u32, doc: DocId, asked: Asked) {
        let heaviest = (asked.heaviest * f64::from(HEAVIEST)).ceil() as u32;
        let rest = heaviest.min(HEAVIEST)
            | (asked.times.min(TIMES) << TIMES_AT)
            | (u32::from(asked.names_more) * NAMES_MORE);
        let bits = ((asked.weight as f32).to_bits() & !ALL) | rest;
        self.0[segment as usize][doc as usize].store(bits, Ordering::Relaxed);
    }
}
