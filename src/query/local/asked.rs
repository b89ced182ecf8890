//! What postings ask for, turned around: for each skill the postings that name
//! it, with how they do. Made by the first match that looks at many postings.

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;
use tantivy::DocId;

use super::scan::Asks;
use crate::index::{AskEntry, NO_GROUP, Snapshot};
use crate::query::rank::{Demand, Scorer, requirements};
use crate::skills::SkillNo;

/// So many documents are gathered at a time: what is known of them stays near
/// the processor.
pub(super) const WINDOW: usize = 2048;

/// So many parts, if none gets too large: enough for the cores to end together.
const N_PARTS: usize = 8;
/// Windows of the largest part, in which a place has 16 bits.
const MOST_WINDOWS: usize = 65_536 / WINDOW;

/// The weight of a deleted posting.
pub(super) const DELETED: f32 = -1.0;

/// By whether soft skills count.
#[derive(Default)]
pub(super) struct Remembered([OnceLock<Vec<Part>>; 2]);

impl Remembered {
    /// What all postings ask for, of that which counts for the scorer: three bytes
    /// for each skill that a posting names, and four for the posting.
    pub(super) fn parts(&self, snapshot: &Snapshot, asks: &[Asks], scorer: &Scorer<'_>) -> &[Part] {
        let known = &self.0[usize::from(scorer.minds_soft())];
        if let Some(parts) = known.get() {
            return parts;
        }
        // Not within the lock: whoever waits for it may be a thread that is needed here.
        let part = |(segment, docs)| Part::new(snapshot, asks, scorer, segment, docs);
        let parts = ranges(snapshot).into_par_iter().map(part).collect();
        known.get_or_init(|| parts)
    }
}

/// Parts of all segments that can be walked through side by side.
fn ranges(snapshot: &Snapshot) -> Vec<(u32, Range<DocId>)> {
    let segments = snapshot.searcher.segment_readers();
    let n_docs: usize = segments.iter().map(|one| one.max_doc() as usize).sum();
    let n_windows = n_docs.div_ceil(N_PARTS * WINDOW).clamp(1, MOST_WINDOWS);
    let size = n_windows * WINDOW;
    let parts = (0..).zip(segments).flat_map(|(segment, reader)| {
        let n_docs = reader.max_doc();
        let firsts = (0..n_docs).step_by(size);
        firsts.map(move |first| (segment, first..n_docs.min(first + size as DocId)))
    });
    parts.collect()
}

/// The entries of a requirement, each with the first of them.
fn with_first(entries: &[AskEntry]) -> impl Iterator<Item = (&AskEntry, &AskEntry)> {
    entries.iter().map(|entry| (entry, &entries[0]))
}

/// A part of a segment.
pub(super) struct Part {
    pub(super) segment: u32,
    pub(super) first: DocId,
    /// Of each posting, the weight of all that it asks for.
    pub(super) weights: Vec<f32>,
    /// Where the entries of each skill end.
    ends: Vec<u32>,
    /// Places in the part, in order for each skill.
    places: Vec<u16>,
    demands: Vec<Demand>,
}

impl Part {
    fn new(
        snapshot: &Snapshot,
        asks: &[Asks],
        scorer: &Scorer<'_>,
        segment: u32,
        docs: Range<DocId>,
    ) -> Part {
        let groups = &snapshot.derived().group_of[segment as usize];
        let mut weights = Vec::with_capacity(docs.len());
        let mut entries = Vec::new();
        let mut ends: Vec<u32> = Vec::new();
        let mut ask = Vec::new();
        for (place, doc) in docs.clone().enumerate() {
            if groups[doc as usize] == NO_GROUP {
                weights.push(DELETED);
                continue;
            }
            asks[segment as usize].read(doc, &mut ask);
            weights.push(scorer.weight_asked(&ask) as f32);
            for (entry, first) in requirements(&ask).flat_map(with_first) {
                let skill = usize::from(entry.skill.0);
                if !scorer.counts(entry.skill) {
                    continue;
                }
                if ends.len() <= skill {
                    ends.resize(skill + 1, 0);
                }
                ends[skill] += 1;
                entries.push((entry.skill, place as u16, Demand::of(entry, first)));
            }
        }
        // Sorted by counting: each skill begins where those before it end.
        let mut n = 0;
        for end in &mut ends {
            (*end, n) = (n, n + *end);
        }
        let mut places = vec![0; entries.len()];
        let mut demands = vec![Demand::default(); entries.len()];
        for (skill, place, demand) in entries {
            let at = &mut ends[usize::from(skill.0)];
            (places[*at as usize], demands[*at as usize]) = (place, demand);
            *at += 1;
        }
        Part {
            segment,
            first: docs.start,
            weights,
            ends,
            places,
            demands,
        }
    }

    /// Places of the postings that name a skill, in order, and how they do; a
    /// posting that asks for it in several requirements is there for each.
    pub(super) fn naming(&self, skill: SkillNo) -> (&[u16], &[Demand]) {
        let at = usize::from(skill.0);
        let end_of = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let of = at.checked_sub(1).map_or(0, end_of)..end_of(at);
        match self.ends.len() > at {
            true => (&self.places[of.clone()], &self.demands[of]),
            false => (&[], &[]),
        }
    }
}
