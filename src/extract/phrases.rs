//! Phrase patterns in a text: a pattern is tried where the rarest of its words
//! stands, and then followed to both sides.

use super::lexicon::pattern::{GAP, Part, Patterns, bit};
use super::scan::{Hit, Mark, Token};
use crate::skills::SkillNo;

/// Adds every pattern found in a text, in no order.
pub(super) fn find(patterns: &Patterns, tokens: &[Token], found: &mut Vec<Hit<SkillNo>>) {
    let bits = |at: usize| {
        tokens
            .get(at)
            .map_or(0, |token| u64::from(token.word != 0) * bit(token.word))
    };
    let search = Search { patterns, tokens };
    for (at, token) in tokens.iter().enumerate() {
        if token.word == 0 {
            continue;
        }
        let anchors = patterns.anchors(token.word);
        if anchors.is_empty() {
            continue;
        }
        // The words right beside this one, and those within the reach of a gap.
        let (next, last) = (bits(at + 1), bits(at.wrapping_sub(1)));
        let later = (2..=1 + GAP).fold(next, |all, n| all | bits(at + n));
        let earlier = (2..=1 + GAP).fold(last, |all, n| all | bits(at.wrapping_sub(n)));
        for anchor in anchors {
            let hopeless = |reach: u8, bits: u64, one: u64, gap: u64| match usize::from(reach) {
                1 => bits & one == 0,
                reach if reach == 1 + GAP => bits & gap == 0,
                _ => false,
            };
            if hopeless(anchor.reach_after, anchor.after, next, later)
                || hopeless(anchor.reach_before, anchor.before, last, earlier)
            {
                continue;
            }
            let (skill, before, after) = patterns.pattern(anchor.pattern);
            if let Some(end) = search.forth(after, at, true)
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

    /// Where the parts end if they match from token `at` on.
    fn forth(&self, parts: &[Part], at: usize, first: bool) -> Option<usize> {
        let Some((part, rest)) = parts.split_first() else {
            return Some(at);
        };
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
    fn back(&self, parts: &[Part], end: usize) -> Option<usize> {
        let Some((part, rest)) = parts.split_last() else {
            return Some(end);
        };
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
