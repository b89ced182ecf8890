//! What a text is taken apart into: words with what stands between them, finds
//! and hits over rows of words. Plain data, filled in by `words` and `scan`.

use super::lexicon::Layer;
use super::lexicon::fold::Class;
use super::lexicon::openings::Opening;
use super::lexicon::trie::{Seams, Values};
use super::run::Run;

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
            | Self::CLOSE.0
            | Self::DASH.0,
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
    /// Small letters and nothing else.
    pub(super) const ALL_SMALL: Shape = Shape(Self::SMALL);

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
        let mut shape = Self::ALL_SMALL;
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
    /// The [`WordHash::check`](super::lexicon::starts::WordHash::check) of the ASCII letters
    /// it begins with, if no digit or other letter follows them; else 0, as for what is looked
    /// for letter by letter.
    pub(super) hash: u32,
    /// Its number among the words of patterns; 0 for none.
    pub(super) word: u16,
    /// How many ASCII letters it begins with, if that is an opening of one.
    pub(super) n_letters: u8,
    pub(super) shape: Shape,
}

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) tokens: Vec<Token>,
    /// Those that begin a line; with the first.
    pub(super) lines: Vec<u32>,
    /// Those that begin a sentence; with those that begin a line.
    pub(super) sentences: Vec<u32>,
    /// Those that may be a number or have one in them, as "5yrs" and "fünfjährig" do: all
    /// whose openings are looked for letter by letter, but for signs without blanks.
    pub(super) numbers: Vec<u32>,
    /// What stands after the last.
    pub(super) tail: Mark,
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
