//! Text into words, and the words into everything the trie knows that begins
//! at one of them. What a find means is decided elsewhere.

use super::cues::Cue;
use super::fold::{self, Class};
use super::lexicon::{Entry, Lexicon};
use super::trie::{NodeNo, Place, Seams, seam};
use crate::skills::{Kind, SkillNo};

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
    pub(super) const SENTENCE: Mark =
        Mark(Self::PARAGRAPH.0 | Self::STOP.0 | Self::NEWLINE.0);

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
    const ADDRESS: u8 = 32;

    pub(super) fn new() -> Shape {
        Shape(0)
    }
    pub(super) fn joined(self) -> Shape {
        Shape(self.0 | Self::JOINED)
    }
    pub(super) fn address(self) -> Shape {
        Shape(self.0 | Self::ADDRESS)
    }
    /// Takes one more letter into account.
    #[inline]
    pub(super) fn add(&mut self, class: Class, first: bool) {
        self.0 |= match (class, first) {
            (Class::Upper, true) => Self::CAPITAL | Self::CAPITAL_FIRST,
            (Class::Upper, false) => Self::CAPITAL,
            (Class::Lower, _) => Self::SMALL,
            (Class::Digit, true) => Self::DIGIT_FIRST,
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
    /// A web or mail address, which is no words.
    pub(super) fn is_address(self) -> bool {
        self.0 & Self::ADDRESS != 0
    }
}

/// One word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    /// What stands before it.
    pub(super) before: Mark,
    /// Its number among the words of patterns; 0 for none.
    pub(super) word: u16,
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
    /// The trie's node: several skills may share a form.
    pub(super) node: NodeNo,
    /// Which separators were met.
    pub(super) seen: Seams,
    /// A plural s was added.
    pub(super) plural: bool,
    /// See [`Layer`].
    pub(super) layer: Layer,
}

/// Names of things and names of fields are found apart: "Linux administration"
/// is a field and names Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// Technologies and certificates.
    Things,
    /// Concepts, soft skills, responsibilities.
    Fields,
}

impl Layer {
    pub(super) fn of(kind: Kind) -> Layer {
        match kind {
            Kind::Technology | Kind::Certification => Layer::Things,
            Kind::Concept | Kind::Soft | Kind::Responsibility => Layer::Fields,
        }
    }
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
    pub(super) own: Vec<Hit<SkillNo>>,
    pub(super) cues: Vec<Hit<Cue>>,
    /// Skills of patterns.
    pub(super) patterns: Vec<Hit<SkillNo>>,
}

impl<'t> Scan<'t> {
    pub(super) fn new(lexicon: &Lexicon, text: &'t str) -> Scan<'t> {
        let (tokens, tail) = super::words::words(text);
        let mut scan = Scan {
            text,
            tail,
            finds: Vec::with_capacity(tokens.len() / 16),
            blocks: vec![],
            own: vec![],
            cues: Vec::with_capacity(tokens.len() / 8),
            patterns: vec![],
            tokens,
        };
        scan.walk_all(lexicon);
        lexicon.patterns.find(&scan.tokens, &mut scan.patterns);
        // By skill, then position, the longest first: what `mod.rs` thins out.
        scan.patterns.sort_unstable_by_key(|hit| (hit.what, hit.first, std::cmp::Reverse(hit.last)));
        scan
    }

    /// What stands before a word; what ends the text for the one after the last.
    #[inline]
    pub(super) fn before(&self, token: usize) -> Mark {
        self.tokens.get(token).map_or(self.tail.or(Mark::PARAGRAPH), |token| token.before)
    }

    /// The text of a word.
    pub(super) fn word(&self, token: usize) -> &'t str {
        let Token { start, end, .. } = self.tokens[token];
        &self.text[start as usize..end as usize]
    }

    fn walk_all(&mut self, lexicon: &Lexicon) {
        let mut ends: Vec<End> = Vec::with_capacity(16);
        // Where the last find of each layer ends.
        let mut covered = [0u32; 2];
        // Per family the end of the last cue: none that begins within it counts.
        let mut cue_ends = [0u32; Cue::N_FAMILIES];
        for at in 0..self.tokens.len() {
            let Token { start, before, shape, .. } = self.tokens[at];
            if shape.is_address() {
                continue;
            }
            ends.clear();
            Walk { lexicon, text: self.text, ends: &mut ends }.from(start as usize);
            if ends.is_empty() {
                continue;
            }
            let mut best: [Option<(usize, u32)>; 2] = [None; 2];
            let mut best_cues: [Option<(u32, Cue)>; Cue::N_FAMILIES] = [None; Cue::N_FAMILIES];
            for (no, end) in ends.iter().enumerate() {
                let last = self.token_after(at, end.end);
                for (seams, entry) in lexicon.trie.values(end.node) {
                    if end.seen & !seams != 0 {
                        continue;
                    }
                    match *entry {
                        Entry::Form(_, layer) => best[layer as usize] = Some((no, last)),
                        Entry::Block(skill) => {
                            self.blocks.push(Hit { first: at as u32, last, what: skill });
                        }
                        Entry::Own(skill) => self.own.push(Hit { first: at as u32, last, what: skill }),
                        Entry::Cue(cue) => best_cues[usize::from(cue.family())] = Some((last, cue)),
                        Entry::Word(word) => {
                            if last == at as u32 + 1 {
                                self.tokens[at].word = word;
                            }
                        }
                    }
                }
            }
            for layer in [Layer::Fields, Layer::Things] {
                let Some((no, last)) = best[layer as usize] else { continue };
                if start < covered[layer as usize] || before.any(Mark::AT) {
                    continue;
                }
                let end = ends[no];
                covered[layer as usize] = end.end;
                let last = self.token_after(at, end.with_version).max(last);
                self.finds.push(Find {
                    first: at as u32,
                    last,
                    start,
                    end: end.end,
                    node: end.node,
                    seen: end.seen,
                    plural: end.plural,
                    layer,
                });
            }
            for (family, best) in best_cues.into_iter().enumerate() {
                if let Some((last, cue)) = best
                    && at as u32 >= cue_ends[family]
                {
                    cue_ends[family] = last;
                    self.cues.push(Hit { first: at as u32, last, what: cue });
                }
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

/// One place where something known ends.
#[derive(Debug, Clone, Copy)]
struct End {
    end: u32,
    with_version: u32,
    node: NodeNo,
    seen: Seams,
    plural: bool,
}

/// The walk from one word on.
struct Walk<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    ends: &'a mut Vec<End>,
}

/// Lines shorter than this are not wrapped: their end is meant
/// (texts wrapped by hand have 60 letters a line and more).
const WRAPPED: usize = 45;

impl Walk<'_> {
    fn from(&mut self, start: usize) {
        self.follow(start, start, Place::default(), 0, 0);
    }

    fn follow(&mut self, start: usize, mut at: usize, mut place: Place, mut letters: usize, mut seen: Seams) {
        let bytes = self.text.as_bytes();
        let trie = &self.lexicon.trie;
        while let Some(&byte) = bytes.get(at) {
            let (letter, joined) = if byte < 0x80 {
                let letter = fold::symbol(byte);
                if letter == fold::NONE {
                    match self.separator(start, at) {
                        Some(after) if letters > 0 && seen & seam(letters) == 0 => {
                            seen |= seam(letters);
                            at = after;
                            continue;
                        }
                        _ => return,
                    }
                }
                if byte.is_ascii_digit() && letters > 0 {
                    self.follow_number(start, at, place, letters, seen);
                }
                at += 1;
                (letter, false)
            } else {
                let Some(c) = self.text[at..].chars().next() else { return };
                let folded = fold::fold(c);
                match folded {
                    '\0' => {
                        at += c.len_utf8();
                        continue;
                    }
                    ' ' | '-' => match self.separator(start, at) {
                        Some(after) if letters > 0 && seen & seam(letters) == 0 => {
                            seen |= seam(letters);
                            at = after;
                            continue;
                        }
                        _ => return,
                    },
                    _ if folded.is_ascii() => {
                        at += c.len_utf8();
                        (fold::symbol(folded as u8), false)
                    }
                    _ if folded.is_alphabetic() => {
                        at += c.len_utf8();
                        let [head @ .., tail] = fold::escaped(folded);
                        for letter in head {
                            match trie.step(place, letter) {
                                Some(next) => place = next,
                                None => return,
                            }
                        }
                        letters += 4;
                        (tail, fold::is_joined(folded))
                    }
                    _ => return,
                }
            };
            match trie.step(place, letter) {
                Some(next) => place = next,
                None => return,
            }
            letters += 1;
            if let Some(node) = trie.end(place)
                && let Some(mut end) = boundary(self.text, start, at, letters, joined)
            {
                end.node = node;
                end.seen = seen;
                self.ends.push(end);
            }
        }
    }

    /// Goes on over a number where a form has `{year}` or `{n}`.
    #[cold]
    fn follow_number(&mut self, start: usize, at: usize, place: Place, letters: usize, seen: Seams) {
        let trie = &self.lexicon.trie;
        let (year, number) = (trie.step(place, fold::YEAR), trie.step(place, fold::NUMBER));
        if year.is_none() && number.is_none() {
            return;
        }
        let bytes = self.text.as_bytes();
        if bytes[at - 1].is_ascii_digit() {
            return;
        }
        let n = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_year = n == 4 && matches!(&bytes[at..at + 2], b"19" | b"20");
        for next in [year.filter(|_| is_year), number].into_iter().flatten() {
            if let Some(node) = trie.end(next)
                && let Some(mut end) = boundary(self.text, start, at + n, letters + 1, false)
            {
                end.node = node;
                end.seen = seen;
                self.ends.push(end);
            }
            self.follow(start, at + n, next, letters + 1, seen);
        }
    }

    /// Where the next word begins if only a separator stands between.
    fn separator(&self, start: usize, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if matches!(bytes[at], b'-' | b'_') {
            return bytes.get(at + 1).filter(|next| !next.is_ascii_whitespace()).map(|_| at + 1);
        }
        let mut wrapped = false;
        for (offset, c) in self.text[at..].char_indices() {
            match fold::fold(c) {
                ' ' | '\t' | '\0' => {}
                '\n' => {
                    let line = self.text[..start].rfind('\n').map_or(0, |n| n + 1);
                    if wrapped || at - line < WRAPPED {
                        return None;
                    }
                    wrapped = true;
                }
                '\r' => {}
                '-' if offset == 0 => {
                    let after = at + c.len_utf8();
                    return bytes.get(after).filter(|next| !next.is_ascii_whitespace()).map(|_| after);
                }
                _ => return Some(at + offset),
            }
        }
        None
    }
}

/// Whether a form that ends before `at` ends a word there, and how far a
/// plural, a possessive or a version goes on.
#[inline]
fn boundary(text: &str, start: usize, at: usize, letters: usize, joined: bool) -> Option<End> {
    let bytes = text.as_bytes();
    let plain = |end: usize| {
        Some(End {
            end: end as u32,
            with_version: version(bytes, end) as u32,
            node: NodeNo::default(),
            seen: 0,
            plural: false,
        })
    };
    let Some(&next) = bytes.get(at) else { return plain(at) };
    let last = bytes[at - 1];
    if joined {
        return plain(at);
    }
    match next {
        b' ' | b'\n' | b',' => plain(at),
        b'a'..=b'z' | b'A'..=b'Z' => {
            let plural = next == b's' && last.is_ascii_alphabetic() && letters > 1 && !goes_on(text, at + 1);
            plural.then(|| End {
                end: at as u32 + 1,
                with_version: at as u32 + 1,
                node: NodeNo::default(),
                seen: 0,
                plural: true,
            })
        }
        b'0'..=b'9' => {
            let attached = (letters > 2 && last.is_ascii_alphabetic()) || matches!(last, b'+' | b'#');
            if !attached {
                return None;
            }
            let mut end = at;
            while end < bytes.len()
                && (bytes[end].is_ascii_digit()
                    || (bytes[end] == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)))
            {
                end += 1;
            }
            if bytes.get(end) == Some(&b'+') {
                end += 1;
            }
            (!goes_on(text, end)).then(|| End {
                end: at as u32,
                with_version: end as u32,
                node: NodeNo::default(),
                seen: 0,
                plural: false,
            })
        }
        b'.' => match bytes.get(at + 1) {
            Some(after) if after.is_ascii_alphanumeric() => {
                let sentence = after.is_ascii_uppercase() && (last.is_ascii_lowercase() || !last.is_ascii_alphanumeric());
                if sentence { plain(at) } else { None }
            }
            _ => plain(at),
        },
        b'+' => {
            let after = bytes.get(at + 1).copied().unwrap_or(b' ');
            if after == b'+' || letters == 1 { None } else { plain(at) }
        }
        b'#' => (letters > 2).then(|| plain(at)).flatten(),
        b'@' => None,
        b'*' => if letters == 1 { None } else { plain(at) },
        b'&' => {
            let attached = letters == 1 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
            if attached { None } else { plain(at) }
        }
        b':' => if bytes[at..].starts_with(b"://") { None } else { plain(at) },
        b'\'' => apostrophe(text, at, at + 1),
        0x80.. => {
            let c = text[at..].chars().next()?;
            match fold::class(c) {
                Class::Lower | Class::Upper | Class::Digit => None,
                _ if fold::fold(c) == '\'' => apostrophe(text, at, at + c.len_utf8()),
                _ => plain(at),
            }
        }
        _ => {
            debug_assert!(start < at, "a form has a letter");
            plain(at)
        }
    }
}

/// After a form and an apostrophe: only a possessive s may follow.
fn apostrophe(text: &str, at: usize, after: usize) -> Option<End> {
    let end = End { end: at as u32, with_version: at as u32, node: NodeNo::default(), seen: 0, plural: false };
    match text.as_bytes().get(after) {
        Some(b's' | b'S') if !goes_on(text, after + 1) => Some(End { with_version: after as u32 + 1, ..end }),
        _ if goes_on(text, after) => None,
        _ => Some(end),
    }
}

/// Whether a word goes on at a position.
fn goes_on(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        None => false,
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        Some(_) => text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|c| matches!(fold::class(c), Class::Lower | Class::Upper | Class::Digit)),
    }
}

/// Where a version number after a form ends: " 17", " v8.1", "-3.x", " 2+".
///
/// A number that counts years ("Java 8 years") is none.
fn version(bytes: &[u8], end: usize) -> usize {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let mut at = end;
    if !matches!(byte(at), b' ' | b'-') || at >= bytes.len() {
        return end;
    }
    at += 1;
    if matches!(byte(at), b'v' | b'V') {
        at += 1;
        if byte(at) == b'.' {
            at += 1;
        }
    }
    let digits = at;
    while byte(at).is_ascii_digit() || (at > digits && byte(at) == b'.' && (byte(at + 1).is_ascii_digit() || byte(at + 1) == b'x')) {
        at += 1;
    }
    let n = at - digits;
    if n == 0 || n > 8 {
        return end;
    }
    if matches!(byte(at), b'x' | b'X' | b'c' | b'g' | b'i') {
        at += 1;
    }
    if byte(at) == b'+' {
        at += 1;
    }
    let mut next = at;
    while byte(next) == b' ' && next < bytes.len() {
        next += 1;
    }
    let unit = bytes.get(next..).unwrap_or_default();
    let counts = [&b"year"[..], b"yr", b"jahr", b"ans", b"lat", b"month", b"mois", b"\xe5\xb9\xb4", b"%", b"-", b"\xe2\x80\x93"]
        .iter()
        .any(|word| unit.len() >= word.len() && unit[..word.len()].eq_ignore_ascii_case(word))
        || (unit.starts_with("años".as_bytes()));
    let open = byte(at).is_ascii_alphanumeric() || matches!(byte(at), b'/' | b':' | b'%' | b'$');
    if counts || open || (byte(end) == b' ' && (n == 4 && !matches!(byte(digits), b'1' | b'2'))) { end } else { at }
}
