//! What a posting must reach to be among the best: the score of the last of the
//! best groups so far, in hundredths of points.

use std::collections::HashMap;

/// The most that a score can be.
const MOST: usize = 10_000;

/// How many groups have reached each score.
pub(super) struct Standing {
    wanted: usize,
    /// For each hundredth, the groups whose best posting has it.
    groups_at: Vec<u32>,
    /// The best of each group that has several postings.
    best_of: HashMap<u32, u32>,
    /// What so many groups have reached.
    least: u32,
    n_at_least: usize,
}

impl Standing {
    /// Nothing yet; `wanted` groups are looked for.
    pub(super) fn new(wanted: usize) -> Standing {
        Standing {
            wanted,
            groups_at: vec![0; MOST + 1],
            best_of: HashMap::new(),
            least: if wanted == 0 { u32::MAX } else { 0 },
            n_at_least: 0,
        }
    }

    /// A score below this is not among the best.
    pub(super) fn least(&self) -> u32 {
        self.least
    }

    /// Counts a posting of a group.
    pub(super) fn add(&mut self, group: u32, has_copies: bool, hundredths: u32) {
        if self.wanted == 0 {
            return;
        }
        let at = (hundredths as usize).min(MOST);
        if has_copies {
            let best = self.best_of.entry(group).or_insert(0);
            if *best > at as u32 {
                return;
            }
            if let Some(before) = best.checked_sub(1) {
                self.groups_at[before as usize] -= 1;
                self.n_at_least -= usize::from(before >= self.least);
            }
            // 0 is for none.
            *best = at as u32 + 1;
        }
        self.groups_at[at] += 1;
        self.n_at_least += usize::from(at as u32 >= self.least);
        while self.n_at_least - self.groups_at[self.least as usize] as usize >= self.wanted {
            self.n_at_least -= self.groups_at[self.least as usize] as usize;
            self.least += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_the_best_sets_the_mark_and_copies_count_once() {
        let mut standing = Standing::new(2);
        for (group, has_copies, hundredths, least) in [
            (1, true, 500, 0),
            (1, true, 400, 0),
            (1, true, 700, 0),
            (2, false, 300, 300),
            (3, true, 300, 300),
            (3, true, 600, 600),
            (4, false, 10_000, 700),
            (5, false, 10_000, 10_000),
        ] {
            standing.add(group, has_copies, hundredths);
            assert_eq!(
                standing.least(),
                least,
                "after {hundredths} of group {group}"
            );
        }
        let mut none = Standing::new(0);
        none.add(1, false, 10_000);
        assert_eq!(none.least(), u32::MAX);
    }
}
