//! Text into words, and the words into everything the trie knows that begins
//! at one of them. What a find means is decided elsewhere.

use super::ends::Ending;
use super::lexicon::cues::Cue;
use super::lexicon::fold::Class;
use super::lexicon::openings::Opening;
use super::lexicon::trie::{Seams, Values};
use super::lexicon::{Entry, Layer, Lexicon};
use super::phrases;
use super::run::Run;
use super::walk::{First, Walk};
use crate::skills::SkillNo;

/// What stands between a word and the one before it, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Mark(pub(super) u32);

impl Mark {
    pub(super) const BLANK: Mark = Mark(1);
    pub(super) const NEWLINE: Mark = Mark(1 << 1);
    /// An empty line.
    pub(super) const PARAGRAPH: Mark = Mark(1 << 2);
    /// A hyphen that joins two words.
    pub(super) const HYPHEN: Mark = Mark(1 << 3);
    pub(super) const SLASH: Mark = Mark(1 << 4);
    pub(super) const COMMA: Mark = Mark(1 << 5);
    pub(super) const SEMICOLON: Mark = Mark(1 << 6);
    pub(super) const COLON: Mark = Mark(1 << 7);
    /// The end of a sentence.
    pub(super) const STOP: Mark = Mark(1 << 8);
    pub(super) const OPEN: Mark = Mark(1 << 9);
    pub(super) const CLOSE: Mark = Mark(1 << 10);
    /// A list mark, or an upright stroke.
    pub(super) const BULLET: Mark = Mark(1 << 11);
    pub(super) const AND: Mark = Mark(1 << 12);
    pub(super) const PLUS: Mark = Mark(1 << 13);
    /// A dash between blanks.
    pub(super) const DASH: Mark = Mark(1 << 14);
    /// `@`.
    pub(super) const AT: Mark = Mark(1 << 15);
    /// A full stop that ends no sentence.
    pub(super) const DOT: Mark = Mark(1 << 16);
    /// `**`, `__` or `#` as marks of a heading.
    pub(super) const HEADING: Mark = Mark(1 << 17);
    pub(super) const QUOTE: Mark = Mark(1 << 18);
    pub(super) const OTHER: Mark = Mark(1 << 19);

    /// Whatever no phrase goes across.
    pub(super) const BREAKS: Mark = Mark(
        Self::NEWLINE.0
            | Self::PARAGRAPH.0
            | Self::SEMICOLON.0
            | Self::COLON.0
            | Self::STOP.0
            | Self::BULLET.0
            | Self::OPEN.0
            | Self::CLOSE.0,
    );
    /// Whatever ends a sentence or stands for its end.
    pub(super) const SENTENCE: Mark = Mark(Self::PARAGRAPH.0 | Self::STOP.0 | Self::NEWLINE.0);

    /// Whether the sets have something in common.
    #[inline]
    pub(super) fn any(self, of: Mark) -> bool {
        self.0 & of.0 != 0
    }

    /// Whether there is nothing in this set that is not in the other.
    #[inline]
    pub(super) fn only(self, of: Mark) -> bool {
        self.0 & !of.0 == 0
    }

    pub(super) const fn or(self, other: Mark) -> Mark {
        Mark(self.0 | other.0)
    }
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape(u8);

impl Shape {
    const CAPITAL_FIRST: u8 = 1;
    const SMALL: u8 = 2;
    const CAPITAL: u8 = 4;
    const DIGIT_FIRST: u8 = 8;
    const JOINED: u8 = 16;
    const DIGIT: u8 = 64;

    pub(super) fn new() -> Shape {
        Shape(0)
    }
    pub(super) fn joined(self) -> Shape {
        Shape(self.0 | Self::JOINED)
    }
    /// The shape of a word that begins with a run; not empty.
    #[inline(always)]
    pub(super) fn of(run: &Run) -> Shape {
        let mut shape = Shape(Self::SMALL);
        // Most words are small letters and nothing else.
        if run.capitals | run.digits != 0 {
            shape.0 = flag(run.capitals & 0x80 != 0, Self::CAPITAL_FIRST)
                | flag(run.digits & 0x80 != 0, Self::DIGIT_FIRST);
            shape.add_run(run);
        }
        shape
    }
    /// Takes letters into account that are not the first.
    #[inline(always)]
    pub(super) fn add_run(&mut self, run: &Run) {
        let n_large = (run.capitals | run.digits).count_ones() as usize;
        self.0 |= flag(run.capitals != 0, Self::CAPITAL)
            | flag(run.digits != 0, Self::DIGIT)
            | flag(run.n > n_large, Self::SMALL);
    }
    /// Takes one more letter into account.
    #[inline]
    pub(super) fn add(&mut self, class: Class, first: bool) {
        self.0 |= match (class, first) {
            (Class::Upper, true) => Self::CAPITAL | Self::CAPITAL_FIRST,
            (Class::Upper, false) => Self::CAPITAL,
            (Class::Lower, _) => Self::SMALL,
            (Class::Digit, true) => Self::DIGIT_FIRST | Self::DIGIT,
            (Class::Digit, false) => Self::DIGIT,
            _ => 0,
        };
    }
    /// Begins with a capital.
    pub(super) fn is_capitalised(self) -> bool {
        self.0 & Self::CAPITAL_FIRST != 0
    }
    /// Has a small letter.
    pub(super) fn has_small(self) -> bool {
        self.0 & Self::SMALL != 0
    }
    /// Has a capital anywhere.
    pub(super) fn has_capital(self) -> bool {
        self.0 & Self::CAPITAL != 0
    }
    /// Begins with a digit.
    pub(super) fn is_number(self) -> bool {
        self.0 & Self::DIGIT_FIRST != 0
    }
    /// One letter of a script without blanks.
    pub(super) fn is_joined(self) -> bool {
        self.0 & Self::JOINED != 0
    }
}

/// The bit of something that is so, else none.
#[inline(always)]
fn flag(is_so: bool, bit: u8) -> u8 {
    u8::from(is_so) * bit
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    /// What stands before it.
    pub(super) before: Mark,
    /// What the lexicon knows that begins with it.
    pub(super) opening: Opening,
    /// Its first four letters as [`sequels`](super::lexicon::sequels) has them;
    /// 0 if there is another sign than ASCII letters among them.
    pub(super) letters: u32,
    /// Its number among the words of patterns; 0 for none.
    pub(super) word: u16,
    /// How many ASCII letters it begins with, if that is an opening of one.
    pub(super) n_letters: u8,
    pub(super) shape: Shape,
}

/// A form of a skill, found; not yet believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Find {
    /// The first word.
    pub(super) first: u32,
    /// The word after the last one, a version included.
    pub(super) last: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    /// What the form stands for: several skills may share it.
    pub(super) values: Values,
    /// Which separators were met.
    pub(super) seen: Seams,
    /// A plural s was added.
    pub(super) plural: bool,
    /// See [`Layer`].
    pub(super) layer: Layer,
}

/// A phrase found, over a row of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit<T> {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) what: T,
}

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
            own: Vec::with_capacity(tokens.len() / 16),
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
