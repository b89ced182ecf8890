//! The walk through what the lexicon knows from one place in a text on: from word to word as
//! long as it can be, else letter by letter and across separators.

use super::ends::{End, Ending, boundary};
use super::lexicon::Lexicon;
use super::lexicon::fold;
use super::lexicon::openings::Next;
use super::lexicon::starts::Start;
use super::lexicon::trie::{Place, Seams, seam};
use super::token::Token;
use super::words::singular;
use super::wrapped;

/// The walk from one word on.
pub(super) struct Walk<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) text: &'a str,
    /// The word and those after it.
    pub(super) tokens: &'a [Token],
    /// Where things end, shortest first.
    pub(super) ends: &'a mut Vec<Ending>,
}

/// How far a walk has come.
#[derive(Debug, Clone, Copy)]
struct Head {
    /// The next byte.
    at: usize,
    place: Place,
    /// How many letters were read.
    letters: usize,
    /// Which separators were met.
    seen: Seams,
}

/// How a walk goes on after a row of words that ends before `at`, and another one after it.
#[inline(always)]
fn next<'a>(
    lexicon: &'a Lexicon,
    text: &str,
    at: usize,
    row: &Start,
    token: Option<&Token>,
) -> Next<'a> {
    const NUMBERS: u64 = 1 << fold::YEAR | 1 << fold::NUMBER;
    if row.next == 0 {
        return Next::Nothing;
    }
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(b'\n');
    let separator = byte(at);
    if matches!(separator, b' ' | b'-')
        && let Some(token) = token
        && token.hash != 0
        && token.start as usize == at + 1
        && !row.is_long()
    {
        let singular = || singular(text, token);
        return lexicon.openings.next(row, token.hash, singular);
    }
    let may = |letters: u64| match row.next & letters {
        0 => Next::Nothing,
        _ => Next::Letters,
    };
    let letter = fold::symbol(separator);
    if letter != fold::NONE {
        return may(1 << letter);
    }
    if separator > b' ' && !matches!(separator, b'-' | b'_') {
        return Next::Nothing;
    }
    let first = byte(at + 1);
    let letter = fold::symbol(first);
    if separator != b' ' || letter == fold::NONE {
        return Next::Letters;
    }
    may(1 << letter | if first.is_ascii_digit() { NUMBERS } else { 0 })
}

/// How a walk begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum First<'a> {
    /// Not at all, as for most words; the number of the word among those of patterns.
    Quiet(u16),
    /// Letter by letter.
    Letters,
    /// With a plural of a known word.
    Plural(&'a Start),
    /// With a known word: where it ends, if it does, and how it goes on.
    Word(&'a Start, Option<End>, Next<'a>),
}

impl<'a> First<'a> {
    /// A look at the first of some words.
    #[inline(always)]
    pub(super) fn look(lexicon: &'a Lexicon, text: &str, tokens: &[Token]) -> First<'a> {
        let token = &tokens[0];
        match lexicon.openings.begin(token.opening) {
            Next::Nothing => First::Quiet(0),
            Next::Letters => First::Letters,
            Next::Plural(singular) => First::Plural(singular),
            Next::Word(word) => {
                let (start, n_letters) = (token.start as usize, usize::from(token.n_letters));
                let at = start + n_letters;
                let end = boundary(text, start, at, n_letters, false);
                let next = next(lexicon, text, at, word, tokens.get(1));
                if word.is_quiet() && end.is_some() && matches!(next, Next::Nothing) {
                    First::Quiet(word.word)
                } else {
                    First::Word(word, end, next)
                }
            }
        }
    }
}

impl<'a> Walk<'a> {
    /// Adds everything that begins at the first word; returns the number that the
    /// word has among those of patterns, as far as its beginning says it.
    pub(super) fn begin(mut self, first: First<'a>) -> u16 {
        let Token {
            start, n_letters, ..
        } = self.tokens[0];
        let (start, n_letters) = (start as usize, usize::from(n_letters));
        match first {
            First::Quiet(number) => number,
            First::Letters => {
                let head = Head {
                    at: start,
                    place: Place::default(),
                    letters: 0,
                    seen: 0,
                };
                self.follow(start, head);
                0
            }
            First::Plural(singular) => self.plural(start, n_letters, singular),
            First::Word(word, end, next) => {
                let at = start + n_letters;
                let mut number = match self.lexicon.openings.singular(word) {
                    Some(singular) if self.text.as_bytes()[at - 1] == b's' => {
                        self.plural(start, n_letters, singular)
                    }
                    _ => 0,
                };
                if let Some(end) = end {
                    self.ends.extend(word.values().map(|values| Ending {
                        end,
                        values,
                        seen: 0,
                    }));
                    if word.word != 0 {
                        number = word.word;
                    }
                }
                self.rows(word, next);
                number
            }
        }
    }

    /// Goes on from word to word.
    fn rows(&mut self, mut row: &'a Start, mut next: Next<'a>) {
        let (text, tokens) = (self.text, self.tokens);
        let start = tokens[0].start as usize;
        let mut letters = usize::from(tokens[0].n_letters);
        let mut at = start + letters;
        let mut seen = 0;
        for no in 1.. {
            match next {
                Next::Nothing => return,
                Next::Letters => {
                    let place = row.place(&self.lexicon.trie);
                    let head = Head {
                        at,
                        place,
                        letters,
                        seen,
                    };
                    return self.follow(start, head);
                }
                Next::Word(_) | Next::Plural(_) => {}
            }
            let token = &tokens[no];
            seen |= seam(letters);
            letters += usize::from(token.n_letters);
            at = token.start as usize + usize::from(token.n_letters);
            let mut note = |ending: Option<&Start>, cut: usize| {
                if let Some(values) = ending.and_then(Start::values)
                    && let Some(end) = boundary(text, start, at - cut, letters - cut, false)
                {
                    self.ends.push(Ending { end, values, seen });
                }
            };
            match next {
                Next::Word(word) => {
                    note(self.lexicon.openings.singular_row(word), 1);
                    note(Some(word), 0);
                    row = word;
                }
                Next::Plural(singular) => return note(Some(singular), 1),
                Next::Nothing | Next::Letters => return,
            }
            next = self::next(self.lexicon, text, at, row, tokens.get(no + 1));
        }
    }

    /// Notes what ends before the plural s of a word; `n_letters` with the s.
    fn plural(&mut self, start: usize, n_letters: usize, singular: &Start) -> u16 {
        // "As" is no plural.
        if n_letters < 3 {
            return 0;
        }
        if let Some(values) = singular.values() {
            let end = End::plural(start + n_letters);
            self.ends.push(Ending {
                end,
                values,
                seen: 0,
            });
        }
        singular.word
    }

    /// Goes on letter by letter.
    fn follow(&mut self, start: usize, mut head: Head) {
        let bytes = self.text.as_bytes();
        let trie = &self.lexicon.trie;
        while let Some(&byte) = bytes.get(head.at) {
            let letter = fold::symbol(byte);
            if letter != fold::NONE {
                if byte.is_ascii_digit() && head.letters > 0 {
                    self.follow_number(start, head);
                }
                match trie.step(head.place, letter) {
                    Some(next) => head.place = next,
                    None => return,
                }
                head.at += 1;
                head.letters += 1;
                // Most letters on the way lead nowhere else.
                while let Some(&byte) = bytes.get(head.at)
                    && byte.is_ascii_alphabetic()
                    && let Some(ahead) = trie.letter_ahead(head.place)
                {
                    if fold::symbol(byte) != ahead {
                        return;
                    }
                    head.place = head.place.passed_one();
                    head.at += 1;
                    head.letters += 1;
                }
                self.note(start, head, false);
            } else if byte < 0x80 {
                match self.cross(start, head) {
                    Some(across) => head = across,
                    None => return,
                }
            } else {
                match self.far(start, head) {
                    Some((after, joined)) => {
                        head = after;
                        if let Some(joined) = joined {
                            self.note(start, head, joined);
                        }
                    }
                    None => return,
                }
            }
        }
    }

    /// Goes across a separator, if a word follows.
    #[inline(always)]
    fn cross(&self, start: usize, head: Head) -> Option<Head> {
        let seam = seam(head.letters);
        if head.letters == 0 || head.seen & seam != 0 {
            return None;
        }
        let bytes = self.text.as_bytes();
        let after = head.at + 1;
        // Nearly always it is one blank.
        let word = bytes
            .get(after)
            .is_some_and(|byte| fold::symbol(*byte) != fold::NONE);
        let at = if word && bytes[head.at] == b' ' {
            after
        } else {
            self.separator(start, head.at)?
        };
        Some(Head {
            at,
            seen: head.seen | seam,
            ..head
        })
    }

    /// Goes on over a character that is not ASCII; also whether it was a
    /// letter, and of a script without blanks.
    #[cold]
    fn far(&self, start: usize, mut head: Head) -> Option<(Head, Option<bool>)> {
        let c = self.text[head.at..].chars().next()?;
        let folded = fold::fold(c);
        let mut letters = [fold::NONE; 5];
        let letters = match folded {
            '\0' => &[][..],
            ' ' | '-' => return Some((self.cross(start, head)?, None)),
            _ if folded.is_ascii() => {
                letters[0] = fold::symbol(folded as u8);
                &letters[..1]
            }
            _ if fold::is_alphabetic(folded) => {
                letters = fold::escaped(folded);
                if head.letters == 0
                    && let Ok(code) = u16::try_from(u32::from(folded))
                {
                    let head = Head {
                        at: head.at + c.len_utf8(),
                        place: self.lexicon.openings.sign(code)?,
                        letters: letters.len(),
                        ..head
                    };
                    return Some((head, Some(fold::is_joined(folded))));
                }
                &letters
            }
            _ => return None,
        };
        head.at += c.len_utf8();
        head.letters += letters.len();
        for letter in letters {
            head.place = self.lexicon.trie.step(head.place, *letter)?;
        }
        Some((head, (!letters.is_empty()).then(|| fold::is_joined(folded))))
    }

    /// Notes what ends at a place, if a word does.
    #[inline(always)]
    fn note(&mut self, start: usize, head: Head, joined: bool) {
        if let Some(values) = self.lexicon.trie.end(head.place)
            && let Some(end) = boundary(self.text, start, head.at, head.letters, joined)
        {
            self.ends.push(Ending {
                end,
                values,
                seen: head.seen,
            });
        }
    }

    /// Goes on over a number where a form has `{year}` or `{n}`.
    fn follow_number(&mut self, start: usize, head: Head) {
        let Head { at, place, .. } = head;
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
        for place in [year.filter(|_| is_year), number].into_iter().flatten() {
            let letters = head.letters + 1;
            let head = Head {
                at: at + n,
                place,
                letters,
                ..head
            };
            self.note(start, head, false);
            self.follow(start, head);
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
        let mut is_wrapped = false;
        for (offset, c) in self.text[at..].char_indices() {
            match fold::fold(c) {
                ' ' | '\t' | '\0' => {}
                '\n' => {
                    if is_wrapped || wrapped::is_short(&bytes[..start], at) {
                        return None;
                    }
                    is_wrapped = true;
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
