//! The walk through the trie from one place in a text on: which separators it
//! goes across, and where a form may end.

use super::lexicon::Lexicon;
use super::lexicon::fold::{self, Class};
use super::lexicon::openings::{Begin, Opening, Start};
use super::lexicon::trie::{NodeNo, Place, Seams, seam};

/// One place where something known ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The byte after the form.
    pub(super) end: u32,
    /// The byte after a possessive or a version that is tied to it; `None` if a
    /// version may follow.
    tied: Option<u32>,
    pub(super) node: NodeNo,
    /// Which separators were met.
    pub(super) seen: Seams,
    /// A plural s was added.
    pub(super) plural: bool,
}

impl End {
    fn new(end: usize, tied: Option<usize>) -> End {
        End {
            end: end as u32,
            tied: tied.map(|tied| tied as u32),
            node: NodeNo::default(),
            seen: 0,
            plural: false,
        }
    }

    /// A form and its plural s before `end`.
    fn plural(end: usize) -> End {
        End {
            plural: true,
            ..End::new(end, Some(end))
        }
    }

    /// The byte after a version or possessive that follows the form.
    pub(super) fn with_version(&self, text: &str) -> u32 {
        self.tied
            .unwrap_or_else(|| version(text.as_bytes(), self.end as usize) as u32)
    }
}

/// The walk from one word on.
pub(super) struct Walk<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) text: &'a str,
    /// Where things end, shortest first.
    pub(super) ends: &'a mut Vec<End>,
}

/// Lines shorter than this are not wrapped: their end is meant
/// (texts wrapped by hand have 60 letters a line and more).
const WRAPPED: usize = 45;

impl Walk<'_> {
    /// Adds everything that begins at a position; returns the number that the
    /// word there has among those of patterns, as far as the opening says it.
    #[inline(always)]
    pub(super) fn from(&mut self, start: usize, opening: Opening) -> u16 {
        match self.lexicon.openings.begin(opening) {
            Begin::Nothing => 0,
            Begin::Letters => {
                self.follow(start, start, Place::default(), 0, 0);
                0
            }
            Begin::Plural(singular) => self.plural(start, singular),
            Begin::Word(word) => self.begin_at_word(start, word),
        }
    }

    #[inline(always)]
    fn begin_at_word(&mut self, start: usize, word: &Start) -> u16 {
        let n_letters = usize::from(word.n_letters);
        let at = start + n_letters;
        let mut number = match self.lexicon.openings.singular(word) {
            Some(singular) if self.text.as_bytes()[at - 1] == b's' => self.plural(start, singular),
            _ => 0,
        };
        if (word.ends || word.word != 0)
            && let Some(end) = boundary(self.text, start, at, n_letters, false)
        {
            if word.word != 0 {
                number = word.word;
            }
            // The word of patterns comes after the one without its plural s.
            if (word.ends || !self.ends.is_empty())
                && let Some(node) = self.lexicon.trie.end(word.place)
            {
                self.ends.push(End { node, ..end });
            }
        }
        if self.leads_on(word, at) {
            self.follow(start, at, word.place, n_letters, 0);
        }
        number
    }

    /// Notes what ends before the plural s of a word.
    fn plural(&mut self, start: usize, singular: &Start) -> u16 {
        let n_letters = usize::from(singular.n_letters);
        // "As" is no plural.
        if n_letters < 2 {
            return 0;
        }
        if singular.ends
            && let Some(node) = self.lexicon.trie.end(singular.place)
        {
            let end = End::plural(start + n_letters + 1);
            self.ends.push(End { node, ..end });
        }
        singular.word
    }

    /// Whether a walk can go on after a word: false for most, by a look at what
    /// stands behind it.
    #[inline(always)]
    fn leads_on(&self, word: &Start, at: usize) -> bool {
        const NUMBERS: u64 = 1 << fold::YEAR | 1 << fold::NUMBER;
        let bytes = self.text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let mut next = byte(at);
        if next == b' ' {
            next = byte(at + 1);
        }
        match fold::symbol(next) {
            // Other separators, and letters that are not ASCII.
            fold::NONE => {
                word.next != 0 && (next >= 0x80 || next <= b' ' || matches!(next, b'-' | b'_'))
            }
            letter => {
                let numbers = u64::from(next.is_ascii_digit()) * NUMBERS;
                word.next & (1 << letter | numbers) != 0
            }
        }
    }

    fn follow(
        &mut self,
        start: usize,
        mut at: usize,
        mut place: Place,
        mut letters: usize,
        mut seen: Seams,
    ) {
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
                let Some(c) = self.text[at..].chars().next() else {
                    return;
                };
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
            self.note(start, at, place, letters, seen, joined);
        }
    }

    /// Notes what ends at a place, if a word does.
    #[inline]
    fn note(
        &mut self,
        start: usize,
        at: usize,
        place: Place,
        letters: usize,
        seen: Seams,
        joined: bool,
    ) {
        if let Some(node) = self.lexicon.trie.end(place)
            && let Some(end) = boundary(self.text, start, at, letters, joined)
        {
            self.ends.push(End { node, seen, ..end });
        }
    }

    /// Goes on over a number where a form has `{year}` or `{n}`.
    #[cold]
    fn follow_number(
        &mut self,
        start: usize,
        at: usize,
        place: Place,
        letters: usize,
        seen: Seams,
    ) {
        let trie = &self.lexicon.trie;
        let (year, number) = (trie.step(place, fold::YEAR), trie.step(place, fold::NUMBER));
        if year.is_none() && number.is_none() {
            return;
        }
        let bytes = self.text.as_bytes();
        if bytes[at - 1].is_ascii_digit() {
            return;
        }
        let n = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let is_year = n == 4 && matches!(&bytes[at..at + 2], b"19" | b"20");
        for next in [year.filter(|_| is_year), number].into_iter().flatten() {
            self.note(start, at + n, next, letters + 1, seen, false);
            self.follow(start, at + n, next, letters + 1, seen);
        }
    }

    /// Where the next word begins if only a separator stands between.
    fn separator(&self, start: usize, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if matches!(bytes[at], b'-' | b'_') {
            return bytes
                .get(at + 1)
                .filter(|next| !next.is_ascii_whitespace())
                .map(|_| at + 1);
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
                    return bytes
                        .get(after)
                        .filter(|next| !next.is_ascii_whitespace())
                        .map(|_| after);
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
    let plain = |end: usize| Some(End::new(end, None));
    let Some(&next) = bytes.get(at) else {
        return plain(at);
    };
    let last = bytes[at - 1];
    if joined {
        return plain(at);
    }
    match next {
        b' ' | b'\n' | b',' => plain(at),
        b'a'..=b'z' | b'A'..=b'Z' => {
            let plural =
                next == b's' && last.is_ascii_alphabetic() && letters > 1 && !goes_on(text, at + 1);
            plural.then(|| End::plural(at + 1))
        }
        b'0'..=b'9' => {
            let attached =
                (letters > 2 && last.is_ascii_alphabetic()) || matches!(last, b'+' | b'#');
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
            (!goes_on(text, end)).then(|| End::new(at, Some(end)))
        }
        b'.' => match bytes.get(at + 1) {
            Some(after) if after.is_ascii_alphanumeric() => {
                let sentence = after.is_ascii_uppercase()
                    && (last.is_ascii_lowercase() || !last.is_ascii_alphanumeric());
                if sentence { plain(at) } else { None }
            }
            _ => plain(at),
        },
        b'+' => {
            let after = bytes.get(at + 1).copied().unwrap_or(b' ');
            if after == b'+' || letters == 1 {
                None
            } else {
                plain(at)
            }
        }
        b'#' => (letters > 2).then(|| plain(at)).flatten(),
        b'@' => None,
        b'*' => {
            if letters == 1 {
                None
            } else {
                plain(at)
            }
        }
        b'&' => {
            let attached = letters == 1 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
            if attached { None } else { plain(at) }
        }
        b':' => {
            if bytes[at..].starts_with(b"://") {
                None
            } else {
                plain(at)
            }
        }
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
    match text.as_bytes().get(after) {
        Some(b's' | b'S') if !goes_on(text, after + 1) => Some(End::new(at, Some(after + 1))),
        _ if goes_on(text, after) => None,
        _ => Some(End::new(at, Some(at))),
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
    while byte(at).is_ascii_digit()
        || (at > digits
            && byte(at) == b'.'
            && (byte(at + 1).is_ascii_digit() || byte(at + 1) == b'x'))
    {
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
    let counts = [
        &b"year"[..],
        b"yr",
        b"jahr",
        b"ans",
        b"lat",
        b"month",
        b"mois",
        b"\xe5\xb9\xb4",
        b"%",
        b"-",
        b"\xe2\x80\x93",
    ]
    .iter()
    .any(|word| unit.len() >= word.len() && unit[..word.len()].eq_ignore_ascii_case(word))
        || (unit.starts_with("años".as_bytes()));
    let open = byte(at).is_ascii_alphanumeric() || matches!(byte(at), b'/' | b':' | b'%' | b'$');
    if counts || open || (byte(end) == b' ' && (n == 4 && !matches!(byte(digits), b'1' | b'2'))) {
        end
    } else {
        at
    }
}
