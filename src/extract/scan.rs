//! Text into words, and the words into everything the trie knows that begins
//! at one of them. What a find means is decided elsewhere.

use super::ends::Ending;
use super::lexicon::cues::Cue;
use super::lexicon::{Entry, Layer, Lexicon};
use super::phrases;
use super::token::{Find, Hit, Mark, Token};
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
    pub(super) cues: Vec<Hit<Cue>>,
    /// Skills of patterns.
    pub(super) patterns: Vec<Hit<SkillNo>>,
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
}

impl Default for Found {
    fn default() -> Found {
        Found {
            ends: Vec::with_capacity(16),
            covered: [0; 2],
            cue_ends: [0; Cue::N_FAMILIES],
            best_cues: [(0, Cue::Required); Cue::N_FAMILIES],
        }
    }
}

impl<'t> Scan<'t> {
    pub(super) fn new(lexicon: &Lexicon, text: &'t str) -> Scan<'t> {
        // English has a word to six bytes.
        let mut tokens = Vec::with_capacity(text.len() / 6 + 4);
        let tail = super::words::words(text, &lexicon.openings, &mut tokens);
        let mut scan = Scan {
            text,
            tail,
            // What real postings have, rounded up.
            finds: Vec::with_capacity(tokens.len() / 8 + 2),
            blocks: Vec::new(),
            own: Vec::with_capacity(tokens.len() / 8),
            cues: Vec::with_capacity(tokens.len() / 4 + 4),
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

    fn walk_all(&mut self, lexicon: &Lexicon) {
        let mut found = Found::default();
        let mut next = self.tokens.first().copied();
        for at in 0..self.tokens.len() {
            let Some(token) = next else { break };
            next = self.tokens.get(at + 1).copied();
            let after = next.map_or((0, 0), |next| (next.start, next.letters));
            match First::look(lexicon, self.text, &token, after) {
                First::Quiet(word) => self.tokens[at].word = word,
                first => self.walk(lexicon, at, first, &mut found),
            }
        }
    }

    /// Finds what begins at a word; seldom enough to be kept out of the loop
    /// over all words.
    #[inline(never)]
    fn walk(&mut self, lexicon: &Lexicon, at: usize, first: First<'_>, found: &mut Found) {
        let Found {
            ends,
            covered,
            cue_ends,
            best_cues,
        } = found;
        let token = self.tokens[at];
        let next_start = self.tokens.get(at + 1).map_or(u32::MAX, |next| next.start);
        let Token { start, before, .. } = token;
        let opened = start + u32::from(token.n_letters);
        ends.clear();
        self.tokens[at].word = Walk {
            lexicon,
            text: self.text,
            ends,
        }
        .begin(&token, first);
        if ends.is_empty() {
            return;
        }
        let mut best: [Option<(usize, u32)>; 2] = [None; 2];
        // Which families have a cue here, as bits.
        let mut families = 0u32;
        for (no, ending) in ends.iter().enumerate() {
            let end = ending.end.end;
            let last = if end <= next_start {
                at as u32 + 1
            } else {
                self.token_after(at, end)
            };
            for entry in lexicon.trie.values(ending.values, ending.seen) {
                match entry {
                    Entry::Form(_, layer) => best[layer as usize] = Some((no, last)),
                    Entry::Block(skill) => {
                        self.blocks.push(Hit {
                            first: at as u32,
                            last,
                            what: skill,
                        });
                    }
                    Entry::Own(row) => self.own.push(Hit {
                        first: at as u32,
                        last,
                        what: row,
                    }),
                    Entry::Cue(cue) => {
                        best_cues[usize::from(cue.family())] = (last, cue);
                        families |= 1 << cue.family();
                    }
                    // One that the opening says is known already.
                    Entry::Word(word) if end > opened && last == at as u32 + 1 => {
                        self.tokens[at].word = word;
                    }
                    Entry::Word(_) => {}
                }
            }
        }
        for layer in [Layer::Fields, Layer::Things] {
            let Some((no, last)) = best[layer as usize] else {
                continue;
            };
            if start < covered[layer as usize] || before.any(Mark::AT) {
                continue;
            }
            let Ending { end, values, seen } = ends[no];
            covered[layer as usize] = end.end;
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
        while families != 0 {
            let family = families.trailing_zeros() as usize;
            families &= families - 1;
            let (last, cue) = best_cues[family];
            if at as u32 >= cue_ends[family] {
                cue_ends[family] = last;
                self.cues.push(Hit {
                    first: at as u32,
                    last,
                    what: cue,
                });
            }
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
