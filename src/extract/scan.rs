//! Text into words, and the words into everything the trie knows that begins
//! at one of them. What a find means is decided elsewhere.

use super::ends::Ending;
use super::lexicon::cues::Cue;
use super::lexicon::openings::Next;
use super::lexicon::{Entry, Layer, Lexicon};
use super::lists::Span;
use super::phrases;
use super::token::{Find, Hit, Mark, Token, Words};
use super::walk::{First, Walk};
use crate::skills::SkillNo;

/// All that was met in a text, in order of position.
#[derive(Debug)]
pub(super) struct Scan<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// What stands after the last word.
    pub(super) tail: Mark,
    pub(super) finds: Vec<Find>,
    pub(super) blocks: Vec<Hit<SkillNo>>,
    /// Rows of [`Lexicon::own`].
    pub(super) own: Vec<Hit<u32>>,
    /// All but the joining words.
    pub(super) cues: Vec<Hit<Cue>>,
    /// "and", "or" and their like.
    pub(super) joiners: Vec<Hit<Cue>>,
    /// Skills of patterns.
    pub(super) patterns: Vec<Hit<SkillNo>>,
    /// See [`Words`].
    pub(super) lines: Vec<u32>,
    sentences: Vec<u32>,
    numbers: Vec<u32>,
}

/// What was found up to a word.
#[derive(Debug)]
struct Found {
    /// What ends somewhere and begins at the word.
    ends: Vec<Ending>,
    /// Where the last find of each layer ends.
    covered: [u32; 2],
    /// Per family the end of the last cue: none that begins within it counts.
    cue_ends: [u32; Cue::N_FAMILIES],
    /// Per family the longest cue that begins at the word.
    best_cues: [(u32, Cue); Cue::N_FAMILIES],
    /// Which families have one, as bits.
    families: u32,
    /// Per layer the longest form that begins at the word, and the word after it.
    best: [Option<(Ending, u32)>; 2],
}

impl Default for Found {
    fn default() -> Found {
        Found {
            ends: Vec::with_capacity(16),
            covered: [0; 2],
            cue_ends: [0; Cue::N_FAMILIES],
            best_cues: [(0, Cue::Required); Cue::N_FAMILIES],
            families: 0,
            best: [None; 2],
        }
    }
}

impl<'t> Scan<'t> {
    pub(super) fn new(lexicon: &Lexicon, text: &'t str) -> Scan<'t> {
        let Words {
            tokens,
            lines,
            sentences,
            numbers,
            tail,
        } = super::words::words(text, &lexicon.openings);
        let mut scan = Scan {
            text,
            tail,
            // About what real postings have.
            finds: Vec::with_capacity(tokens.len() / 8),
            blocks: Vec::new(),
            own: Vec::with_capacity(tokens.len() / 8),
            cues: Vec::with_capacity(tokens.len() / 5),
            joiners: Vec::with_capacity(tokens.len() / 12),
            lines,
            sentences,
            numbers,
            patterns: Vec::with_capacity(tokens.len() / 64),
            tokens,
        };
        scan.walk_all(lexicon);
        phrases::find(&lexicon.patterns, &scan.tokens, &mut scan.patterns);
        // By skill, then position, the longest first: what `mod.rs` thins out.
        scan.patterns
            .sort_unstable_by_key(|hit| (hit.what, hit.first, std::cmp::Reverse(hit.last)));
        scan
    }

    /// What stands before a word; what ends the text for the one after the last.
    #[inline]
    pub(super) fn before(&self, token: usize) -> Mark {
        self.tokens
            .get(token)
            .map_or(self.tail.or(Mark::PARAGRAPH), |token| token.before)
    }

    /// The text of a word.
    pub(super) fn word(&self, token: usize) -> &'t str {
        let Token { start, end, .. } = self.tokens[token];
        &self.text[start as usize..end as usize]
    }

    /// Whether a word is one of some, in any case; there may be no such word.
    pub(super) fn is_any(&self, token: usize, words: &[&str]) -> bool {
        token < self.tokens.len()
            && words
                .iter()
                .any(|word| self.word(token).eq_ignore_ascii_case(word))
    }

    /// The words of the sentence around some words.
    pub(super) fn sentence_around(&self, (first, last): Span) -> Span {
        let n = self.sentences.partition_point(|begin| *begin <= first);
        let (before, after) = self.sentences.split_at(n);
        let ends = after[after.partition_point(|begin| *begin < last)..].first();
        (
            before.last().copied().unwrap_or(0),
            ends.copied().unwrap_or(self.tokens.len() as u32),
        )
    }

    /// The words from one up to another that may be numbers.
    pub(super) fn numbers_in(&self, (first, last): Span) -> &[u32] {
        let numbers = &self.numbers[self.numbers.partition_point(|at| *at < first)..];
        &numbers[..numbers.partition_point(|at| *at < last)]
    }

    fn walk_all(&mut self, lexicon: &Lexicon) {
        let mut found = Found::default();
        for at in 0..self.tokens.len() {
            match First::look(lexicon, self.text, &self.tokens[at..]) {
                First::Quiet(word) => self.tokens[at].word = word,
                first => self.walk(lexicon, at, first, &mut found),
            }
        }
    }

    /// Finds what begins at a word; seldom enough to be kept out of the loop
    /// over all words.
    #[inline(never)]
    fn walk(&mut self, lexicon: &Lexicon, at: usize, first: First<'_>, found: &mut Found) {
        // Half of the time it is a known word, and nothing longer begins with it.
        if let First::Word(word, Some(end), Next::Nothing) = first
            && !word.has_singular()
        {
            self.tokens[at].word = word.word;
            let Some(values) = word.values() else { return };
            let last = at as u32 + 1;
            if let Some(Entry::Cue(cue)) = lexicon.trie.only(values) {
                self.keep_cue(at, last, cue, found);
            } else {
                let seen = 0;
                self.meet(lexicon, at, last, Ending { end, values, seen }, found);
                self.keep(at, found);
            }
            return;
        }
        let next_start = self.tokens.get(at + 1).map_or(u32::MAX, |next| next.start);
        found.ends.clear();
        let walk = Walk {
            lexicon,
            text: self.text,
            tokens: &self.tokens[at..],
            ends: &mut found.ends,
        };
        self.tokens[at].word = walk.begin(first);
        for no in 0..found.ends.len() {
            let ending = found.ends[no];
            let last = if ending.end.end <= next_start {
                at as u32 + 1
            } else {
                self.token_after(at, ending.end.end)
            };
            self.meet(lexicon, at, last, ending, found);
        }
        if !found.ends.is_empty() {
            self.keep(at, found);
        }
    }

    /// Takes in what begins at a word and ends before `last`.
    #[inline(always)]
    fn meet(&mut self, lexicon: &Lexicon, at: usize, last: u32, ending: Ending, found: &mut Found) {
        let first = at as u32;
        for entry in lexicon.trie.values(ending.values, ending.seen) {
            match entry {
                Entry::Form(_, layer) => found.best[layer as usize] = Some((ending, last)),
                Entry::Block(what) => self.blocks.push(Hit { first, last, what }),
                Entry::Own(what) => self.own.push(Hit { first, last, what }),
                Entry::Cue(cue) => {
                    found.best_cues[usize::from(cue.family())] = (last, cue);
                    found.families |= 1 << cue.family();
                }
                // One that the opening says is known already.
                Entry::Word(word) => {
                    let Token {
                        start, n_letters, ..
                    } = self.tokens[at];
                    if ending.end.end > start + u32::from(n_letters) && last == first + 1 {
                        self.tokens[at].word = word;
                    }
                }
            }
        }
    }

    /// Keeps the longest of what begins at a word, but for what lies within the last.
    #[inline(always)]
    fn keep(&mut self, at: usize, found: &mut Found) {
        let Token { start, before, .. } = self.tokens[at];
        for layer in [Layer::Fields, Layer::Things] {
            let Some((ending, last)) = found.best[layer as usize].take() else {
                continue;
            };
            if start < found.covered[layer as usize] || before.any(Mark::AT) {
                continue;
            }
            let Ending { end, values, seen } = ending;
            found.covered[layer as usize] = end.end;
            let last = self.token_after(at, end.with_version(self.text)).max(last);
            self.finds.push(Find {
                first: at as u32,
                last,
                start,
                end: end.end,
                values,
                seen,
                plural: end.plural,
                layer,
            });
        }
        let mut families = std::mem::take(&mut found.families);
        while families != 0 {
            let family = families.trailing_zeros() as usize;
            families &= families - 1;
            let (last, cue) = found.best_cues[family];
            self.keep_cue(at, last, cue, found);
        }
    }

    /// Keeps a cue, but for one that lies within the last of its family.
    #[inline(always)]
    fn keep_cue(&mut self, at: usize, last: u32, what: Cue, found: &mut Found) {
        let first = at as u32;
        let end = &mut found.cue_ends[usize::from(what.family())];
        if first >= *end {
            *end = last;
            let cues = match what {
                Cue::ChoiceJoining | Cue::Conjunction => &mut self.joiners,
                _ => &mut self.cues,
            };
            cues.push(Hit { first, last, what });
        }
    }

    /// The first word at or after `first` that begins at or after a position.
    #[inline]
    fn token_after(&self, first: usize, position: u32) -> u32 {
        let mut at = first + 1;
        while at < self.tokens.len() && self.tokens[at].start < position {
            at += 1;
        }
        at as u32
    }
}
