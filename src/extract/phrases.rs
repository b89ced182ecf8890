//! Phrase patterns in a text: a pattern is tried where the rarest of its words
//! stands, and then followed to both sides.

use super::lexicon::pattern::{FARTHEST, GAP, NEAR, Part, Patterns, bit};
use super::token::{Hit, Mark, Token};
use crate::skills::SkillNo;

/// Adds every pattern found in a text, in no order.
#[inline(never)]
pub(super) fn find(patterns: &Patterns, tokens: &[Token], found: &mut Vec<Hit<SkillNo>>) {
    let search = Search { patterns, tokens };
    let nothing = [Glance::NOTHING; FARTHEST];
    // With room for looking beyond the first word and the last.
    let mut glances = Vec::with_capacity(tokens.len() + 2 * FARTHEST);
    glances.extend(nothing);
    glances.extend(tokens.iter().map(Glance::new));
    glances.extend(nothing);
    for at in anchored(patterns, tokens) {
        let at = at as usize;
        let Some(glances) = glances[at..].first_chunk::<WINDOW>() else {
            break;
        };
        let later = within(|far| (glances[FARTHEST + far].joined, glances[FARTHEST + far].bit));
        let earlier = within(|far| {
            (
                glances[FARTHEST + 1 - far].joined,
                glances[FARTHEST - far].bit,
            )
        });
        for anchor in patterns.anchors(tokens[at].word) {
            let after = anchor.after & later[usize::from(anchor.reach_after) % REACHES];
            let before = anchor.before & earlier[usize::from(anchor.reach_before) % REACHES];
            // Three in four fail, and which of the two does cannot be foreseen.
            if (after == 0) | (before == 0) {
                continue;
            }
            let (skill, before, after) = patterns.pattern(anchor.pattern);
            if let Some(end) = search.at_anchor(after, at)
                && let Some(start) = search.back(before, at)
            {
                found.push(Hit {
                    first: start as u32,
                    last: end as u32,
                    what: skill,
                });
            }
        }
    }
}

/// The words that patterns are looked for by: one in five, and which cannot be foreseen.
fn anchored(patterns: &Patterns, tokens: &[Token]) -> Vec<u32> {
    let mut anchored = vec![0; tokens.len() + 1];
    let mut n = 0;
    for (at, token) in (0u32..).zip(tokens) {
        anchored[n] = at;
        n += usize::from(patterns.is_anchor(token.word));
    }
    anchored.truncate(n);
    anchored
}

/// What a look at a word tells.
#[derive(Debug, Clone, Copy)]
struct Glance {
    /// The bit of the word, if it is one of patterns.
    bit: u64,
    /// All bits if a phrase may go on to it from the word before, else none.
    joined: u64,
}

impl Glance {
    const NOTHING: Glance = Glance { bit: 0, joined: 0 };

    #[inline(always)]
    fn new(token: &Token) -> Glance {
        Glance {
            bit: u64::from(token.word != 0) * bit(token.word),
            joined: u64::from(token.before.any(Mark::BREAKS)).wrapping_sub(1),
        }
    }
}

/// A word and all that a pattern may look at around it.
const WINDOW: usize = 2 * FARTHEST + 1;

/// How many values [`Anchor::reach_after`] has.
///
/// [`Anchor::reach_after`]: super::lexicon::pattern::Anchor::reach_after
const REACHES: usize = NEAR + 2;

/// For each reach the bits of the words within it; the first says that any will do. `look`
/// tells of a word so far away whether a phrase goes on to it, and its bit.
#[inline(always)]
fn within(look: impl Fn(usize) -> (u64, u64)) -> [u64; REACHES] {
    let mut within = [u64::MAX; REACHES];
    let (mut bits, mut open) = (0, u64::MAX);
    for far in 1..=FARTHEST {
        let (joined, bit) = look(far);
        open &= joined;
        bits |= bit & open;
        within[far.min(NEAR + 1)] = bits;
    }
    within
}

/// Where patterns are followed.
struct Search<'a> {
    patterns: &'a Patterns,
    tokens: &'a [Token],
}

impl Search<'_> {
    /// Whether a phrase cannot go on from the word before a token to it.
    #[inline]
    fn breaks(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_none_or(|token| token.before.any(Mark::BREAKS))
    }

    /// Where the parts end if they match from token `at` on, whose word the
    /// first part is looked for by.
    #[inline]
    fn at_anchor(&self, parts: &[Part], at: usize) -> Option<usize> {
        match parts {
            [anchor, rest @ ..] if !anchor.has_rows() => self.forth(rest, at + 1, false),
            _ => self.forth(parts, at, true),
        }
    }

    /// Where the parts end if they match from token `at` on.
    #[inline(always)]
    fn forth(&self, parts: &[Part], at: usize, first: bool) -> Option<usize> {
        let (mut parts, mut at, mut first) = (parts, at, first);
        while let [part, rest @ ..] = parts {
            if !part.is_plain() {
                return self.forth_over(part, rest, at, first);
            }
            let token = self.tokens.get(at)?;
            if (!first && token.before.any(Mark::BREAKS)) || !self.patterns.has(part, token.word) {
                return None;
            }
            (parts, at, first) = (rest, at + 1, false);
        }
        Some(at)
    }

    fn forth_over(&self, part: &Part, rest: &[Part], at: usize, first: bool) -> Option<usize> {
        if part.is_gap {
            for skipped in 0..=GAP {
                if skipped > 0 && self.breaks(at + skipped - 1) {
                    return None;
                }
                if let Some(end) = self.forth(rest, at + skipped, false) {
                    return Some(end);
                }
            }
            return None;
        }
        let optional = || {
            if part.optional {
                self.forth(rest, at, first)
            } else {
                None
            }
        };
        let Some(token) = self.tokens.get(at) else {
            return optional();
        };
        let goes_on = first || !token.before.any(Mark::BREAKS);
        if goes_on
            && self.patterns.has(part, token.word)
            && let Some(end) = self.forth(rest, at + 1, false)
        {
            return Some(end);
        }
        for row in self.patterns.rows(part) {
            let fits = row.iter().enumerate().all(|(i, word)| {
                self.tokens
                    .get(at + i)
                    .is_some_and(|token| token.word == *word)
                    && ((first && i == 0) || !self.breaks(at + i))
            });
            if fits && let Some(end) = self.forth(rest, at + row.len(), first && row.is_empty()) {
                return Some(end);
            }
        }
        optional()
    }

    /// Where the parts begin if they match up to token `end`, which is not part of them.
    #[inline(always)]
    fn back(&self, parts: &[Part], end: usize) -> Option<usize> {
        let (mut parts, mut end) = (parts, end);
        while let [rest @ .., part] = parts {
            if !part.is_plain() {
                return self.back_over(part, rest, end);
            }
            let word = end.checked_sub(1).map(|at| self.tokens[at].word)?;
            if self.breaks(end) || !self.patterns.has(part, word) {
                return None;
            }
            (parts, end) = (rest, end - 1);
        }
        Some(end)
    }

    fn back_over(&self, part: &Part, rest: &[Part], end: usize) -> Option<usize> {
        if part.is_gap {
            for skipped in 0..=GAP {
                if skipped > 0 && (end < skipped || self.breaks(end - skipped + 1)) {
                    return None;
                }
                if let Some(start) = self.back(rest, end - skipped) {
                    return Some(start);
                }
            }
            return None;
        }
        if end > 0
            && !self.breaks(end)
            && self.patterns.has(part, self.tokens[end - 1].word)
            && let Some(start) = self.back(rest, end - 1)
        {
            return Some(start);
        }
        for row in self.patterns.rows(part) {
            let fits = row.len() <= end
                && row.iter().enumerate().all(|(i, word)| {
                    let at = end - row.len() + i;
                    self.tokens[at].word == *word && !self.breaks(at + 1)
                });
            if fits && let Some(start) = self.back(rest, end - row.len()) {
                return Some(start);
            }
        }
        if part.optional {
            self.back(rest, end)
        } else {
            None
        }
    }
}
