//! The first hits of all matches, one a group, without ordering the rest; and
//! how many groups there are.

use super::sets::DocSets;
use super::{Local, Matched, Ranked, better, first_in_order};

/// So many candidates more than are wanted are gathered before all but the
/// first are let go.
const SPARE: usize = 128;

impl Local {
    /// The documents of groups with more than one posting: only these have to
    /// be told apart by group.
    pub(super) fn copied(&self) -> &DocSets {
        self.copied
            .get_or_init(|| DocSets::of_copies(&self.snapshot))
    }

    /// Groups among the matches.
    pub(super) fn n_groups_of(&self, matched: &[Matched]) -> u64 {
        let copied = self.copied();
        let groups = &self.snapshot.derived().group_of;
        let mut found: Vec<u32> = matched
            .iter()
            .filter(|hit| copied.has(hit.segment, hit.doc))
            .map(|hit| groups[hit.segment as usize][hit.doc as usize])
            .collect();
        let n_single = matched.len() - found.len();
        found.sort_unstable();
        found.dedup();
        (n_single + found.len()) as u64
    }

    /// The first so many in order, the best of each group or every posting by
    /// itself; `keys` are what the matches are ordered by.
    pub(super) fn top(
        &self,
        matched: &[Matched],
        keys: &[f64],
        wanted: usize,
        ungrouped: bool,
    ) -> Vec<Ranked> {
        let mut kept: Vec<Ranked> = Vec::new();
        if wanted == 0 {
            return kept;
        }
        let first = |kept: Vec<Ranked>| {
            let candidates = if ungrouped {
                kept
            } else {
                self.best_of_groups(kept)
            };
            first_in_order(candidates, wanted)
        };
        let enough = wanted.saturating_mul(2).saturating_add(SPARE);
        // What is behind so many others of other groups is not among the first.
        let mut least = f64::NEG_INFINITY;
        for (hit, key) in matched.iter().zip(keys) {
            if key.total_cmp(&least).is_lt() {
                continue;
            }
            kept.push(self.ranked(hit, *key));
            if kept.len() >= enough {
                kept = first(kept);
                if let Some(last) = kept.get(wanted - 1) {
                    least = last.key;
                }
            }
        }
        first(kept)
    }

    /// The best posting of each group, in no order.
    pub(super) fn best_of_groups(&self, ranked: Vec<Ranked>) -> Vec<Ranked> {
        let copied = self.copied();
        let (mut copies, mut best): (Vec<Ranked>, Vec<Ranked>) = ranked
            .into_iter()
            .partition(|hit| copied.has(hit.segment, hit.doc));
        copies.sort_unstable_by(|a, b| a.group.cmp(&b.group).then(better(a, b)));
        copies.dedup_by_key(|hit| hit.group);
        best.append(&mut copies);
        best
    }
}
