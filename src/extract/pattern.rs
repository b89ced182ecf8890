//! Phrase patterns of soft skills and responsibilities:
//! `design~|build~ .. api~|service~`, in the syntax of `schema/README.md`.
//!
//! A pattern is looked for where the rarest of its words stands, and then
//! checked to both sides; that saves trying all that begin with "be" or "work".

use std::collections::HashMap;

use crate::skills::{SkillNo, Taxonomy};

use super::inflect::inflections;
use super::scan::{Hit, Mark, Token};

/// How many words a `..` may stand for.
const GAP: usize = 3;

/// Words that stand in every posting: no pattern should be looked for by them.
const COMMON: &[&str] = &[
    "a",
    "ability",
    "able",
    "all",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "business",
    "by",
    "client",
    "clients",
    "customer",
    "customers",
    "data",
    "develop",
    "development",
    "experience",
    "for",
    "from",
    "good",
    "have",
    "help",
    "high",
    "in",
    "is",
    "it",
    "know",
    "knowledge",
    "make",
    "management",
    "new",
    "of",
    "on",
    "or",
    "other",
    "our",
    "product",
    "products",
    "project",
    "projects",
    "service",
    "services",
    "skill",
    "skills",
    "software",
    "strong",
    "support",
    "system",
    "systems",
    "take",
    "team",
    "teams",
    "technical",
    "that",
    "the",
    "their",
    "to",
    "using",
    "we",
    "will",
    "with",
    "work",
    "working",
    "you",
    "your",
];
/// How much such a word weighs against one that merely is in many patterns (our guess).
const COMMON_COST: u32 = 200;

/// One place of a pattern.
#[derive(Debug, Clone)]
enum Part {
    /// One of some phrases.
    Words(Words),
    /// Up to [`GAP`] words.
    Gap,
}

/// The phrases that may stand in one place of a pattern.
#[derive(Debug, Clone, Default)]
struct Words {
    /// Single words, sorted.
    single: Vec<u16>,
    /// A bit for each of them, by number modulo 64.
    bloom: u64,
    /// Phrases of several words, or of none.
    rows: Vec<Vec<u16>>,
    optional: bool,
}

impl Words {
    #[inline]
    fn has(&self, word: u16) -> bool {
        self.bloom & (1 << (word & 63)) != 0 && self.single.binary_search(&word).is_ok()
    }
}

/// All patterns, by the words they are looked for by.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns {
    patterns: Vec<Pattern>,
    /// For each word, where its [`Anchor`]s begin in `anchors`; those of the
    /// next word begin where they end.
    starts: Vec<u32>,
    anchors: Vec<Anchor>,
}

/// A pattern to try where a word stands, and the quickest reasons not to.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    pattern: u32,
    /// Within how many words one of `after` must stand; 0 if none must.
    reach_after: u8,
    /// The same backwards.
    reach_before: u8,
    /// Bits of the words that may follow, as in [`Words::bloom`].
    after: u64,
    /// Bits of those that may precede.
    before: u64,
}

/// What must stand beside an anchor: how far off at most, and the bits of the words.
fn beside<'a>(parts: impl Iterator<Item = &'a Part>) -> (u8, u64) {
    let mut reach = 1;
    for part in parts {
        match part {
            Part::Gap => reach += GAP as u8,
            Part::Words(words) if words.optional || !words.rows.is_empty() => break,
            Part::Words(words) => return (reach, words.bloom),
        }
    }
    (0, 0)
}

#[derive(Debug, Clone)]
struct Pattern {
    skill: SkillNo,
    parts: Vec<Part>,
    /// The part with the rarest words.
    anchor: usize,
}

impl Patterns {
    /// Reads the patterns of all skills; also every word in them with its number, from 1.
    pub(super) fn new(taxonomy: &Taxonomy) -> (Patterns, Vec<(String, u16)>) {
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let mut words: Vec<(String, u16)> = Vec::new();
        let mut number = |word: String| {
            *numbers.entry(word).or_insert_with_key(|word| {
                let no = u16::try_from(words.len() + 1).expect("fewer than 65,535 pattern words");
                words.push((word.clone(), no));
                no
            })
        };
        let mut patterns: Vec<Pattern> = Vec::new();
        for (no, skill) in taxonomy.iter() {
            for pattern in &skill.patterns {
                let parts = pattern
                    .split_whitespace()
                    .map(|part| parse(part, &mut number))
                    .collect();
                patterns.push(Pattern {
                    skill: no,
                    parts,
                    anchor: 0,
                });
            }
        }
        let mut cost = vec![1u32; words.len() + 1];
        for part in patterns.iter().flat_map(|pattern| &pattern.parts) {
            if let Part::Words(part) = part {
                part.single
                    .iter()
                    .for_each(|word| cost[usize::from(*word)] += 1);
            }
        }
        for word in COMMON {
            if let Some(no) = words.iter().find(|(known, _)| known == word) {
                cost[usize::from(no.1)] += COMMON_COST;
            }
        }
        let mut by_word: Vec<Vec<Anchor>> = vec![Vec::new(); words.len() + 1];
        for (no, pattern) in (0u32..).zip(&mut patterns) {
            let first_words = |part: &Words| -> Vec<u16> {
                part.single
                    .iter()
                    .copied()
                    .chain(part.rows.iter().filter_map(|row| row.first().copied()))
                    .collect()
            };
            let usable = |part: &Part| match part {
                Part::Words(part)
                    if !part.optional && part.rows.iter().all(|row| !row.is_empty()) =>
                {
                    Some(first_words(part))
                }
                _ => None,
            };
            let best = (0..pattern.parts.len())
                .filter_map(|at| usable(&pattern.parts[at]).map(|words| (at, words)))
                .min_by_key(|(_, words)| {
                    words
                        .iter()
                        .map(|word| cost[usize::from(*word)])
                        .sum::<u32>()
                });
            let Some((at, mut words)) = best else {
                continue;
            };
            pattern.anchor = at;
            words.sort_unstable();
            words.dedup();
            let alone = matches!(&pattern.parts[at], Part::Words(part) if part.rows.is_empty());
            let (reach_after, after) = if alone {
                beside(pattern.parts[at + 1..].iter())
            } else {
                (0, 0)
            };
            let (reach_before, before) = beside(pattern.parts[..at].iter().rev());
            let anchor = Anchor {
                pattern: no,
                reach_after,
                reach_before,
                after,
                before,
            };
            words
                .iter()
                .for_each(|word| by_word[usize::from(*word)].push(anchor));
        }
        let mut starts = Vec::with_capacity(by_word.len() + 1);
        let mut anchors = Vec::new();
        for list in by_word {
            starts.push(anchors.len() as u32);
            anchors.extend(list);
        }
        starts.push(anchors.len() as u32);
        (
            Patterns {
                patterns,
                starts,
                anchors,
            },
            words,
        )
    }

    /// Adds every pattern found in a text, in no order.
    pub(super) fn find(&self, tokens: &[Token], found: &mut Vec<Hit<SkillNo>>) {
        // For each word its bit, as in [`Words::bloom`].
        let bits: Vec<u64> = tokens
            .iter()
            .map(|token| u64::from(token.word != 0) << (token.word & 63))
            .collect();
        for (at, token) in tokens.iter().enumerate() {
            if token.word == 0 {
                continue;
            }
            let word = usize::from(token.word);
            let anchors = &self.anchors[self.starts[word] as usize..self.starts[word + 1] as usize];
            if anchors.is_empty() {
                continue;
            }
            let bit = |at: usize| bits.get(at).copied().unwrap_or(0);
            let (next, last) = (bit(at + 1), at.checked_sub(1).map_or(0, bit));
            let later = next | bit(at + 2) | bit(at + 3) | bit(at + 4);
            let earlier = last
                | (2..=1 + GAP)
                    .filter_map(|back| at.checked_sub(back))
                    .map(bit)
                    .fold(0, |a, b| a | b);
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
                let pattern = &self.patterns[anchor.pattern as usize];
                let (before, after) = pattern.parts.split_at(pattern.anchor);
                if let Some(end) = forth(after, tokens, at, true)
                    && let Some(start) = back(before, tokens, at)
                {
                    found.push(Hit {
                        first: start as u32,
                        last: end as u32,
                        what: pattern.skill,
                    });
                }
            }
        }
    }
}

fn parse(part: &str, number: &mut impl FnMut(String) -> u16) -> Part {
    if part == ".." {
        return Part::Gap;
    }
    let (part, optional) = match part.strip_suffix('?') {
        Some(part) => (part, true),
        None => (part, false),
    };
    let mut words = Words {
        optional,
        ..Words::default()
    };
    for phrase in part.split('|') {
        let mut rows: Vec<Vec<u16>> = vec![vec![]];
        // "hands-on" and "d'équipe" are two words in a text.
        let short = phrase.find('\'').is_some_and(|at| at <= 2);
        let parts = phrase.split(|c| matches!(c, '-' | '_' | '/' | '&') || (short && c == '\''));
        for word in parts.filter(|word| !word.is_empty()) {
            let forms = match word.strip_suffix('~') {
                Some(stem) => inflections(stem),
                None => vec![word.to_owned()],
            };
            rows = rows
                .iter()
                .flat_map(|row| {
                    forms
                        .iter()
                        .map(|form| {
                            row.iter()
                                .copied()
                                .chain([number(form.to_lowercase())])
                                .collect()
                        })
                        .collect::<Vec<_>>()
                })
                .collect();
        }
        for row in rows {
            match row.as_slice() {
                [word] => words.single.push(*word),
                _ => words.rows.push(row),
            }
        }
    }
    words.single.sort_unstable();
    words.single.dedup();
    words.bloom = words
        .single
        .iter()
        .fold(0, |bloom, word| bloom | 1 << (word & 63));
    Part::Words(words)
}

/// Whether a phrase cannot go on from the word before a token to it.
#[inline]
fn breaks(tokens: &[Token], at: usize) -> bool {
    tokens
        .get(at)
        .is_none_or(|token| token.before.any(Mark::BREAKS))
}

/// Where the parts end if they match from token `at` on.
fn forth(parts: &[Part], tokens: &[Token], at: usize, first: bool) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    match part {
        Part::Gap => {
            for skipped in 0..=GAP {
                if skipped > 0 && breaks(tokens, at + skipped - 1) {
                    return None;
                }
                if let Some(end) = forth(rest, tokens, at + skipped, false) {
                    return Some(end);
                }
            }
            None
        }
        Part::Words(words) => {
            let Some(token) = tokens.get(at) else {
                return if words.optional {
                    forth(rest, tokens, at, first)
                } else {
                    None
                };
            };
            let goes_on = first || !token.before.any(Mark::BREAKS);
            if goes_on
                && words.has(token.word)
                && let Some(end) = forth(rest, tokens, at + 1, false)
            {
                return Some(end);
            }
            for row in &words.rows {
                let fits = row.iter().enumerate().all(|(i, word)| {
                    tokens.get(at + i).is_some_and(|token| token.word == *word)
                        && ((first && i == 0) || !breaks(tokens, at + i))
                });
                if fits
                    && let Some(end) = forth(rest, tokens, at + row.len(), first && row.is_empty())
                {
                    return Some(end);
                }
            }
            if words.optional {
                forth(rest, tokens, at, first)
            } else {
                None
            }
        }
    }
}

/// Where the parts begin if they match up to token `end`, which is not part of them.
fn back(parts: &[Part], tokens: &[Token], end: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_last() else {
        return Some(end);
    };
    match part {
        Part::Gap => {
            for skipped in 0..=GAP {
                if skipped > 0 && (end < skipped || breaks(tokens, end - skipped + 1)) {
                    return None;
                }
                if let Some(start) = back(rest, tokens, end - skipped) {
                    return Some(start);
                }
            }
            None
        }
        Part::Words(words) => {
            if end > 0
                && !breaks(tokens, end)
                && words.has(tokens[end - 1].word)
                && let Some(start) = back(rest, tokens, end - 1)
            {
                return Some(start);
            }
            for row in &words.rows {
                let fits = row.len() <= end
                    && row.iter().enumerate().all(|(i, word)| {
                        let at = end - row.len() + i;
                        tokens[at].word == *word && !breaks(tokens, at + 1)
                    });
                if fits && let Some(start) = back(rest, tokens, end - row.len()) {
                    return Some(start);
                }
            }
            if words.optional {
                back(rest, tokens, end)
            } else {
                None
            }
        }
    }
}
