//! The walk through the trie from one place in a text on: which separators it
//! goes across.

use super::ends::{End, Ending, boundary};
use super::lexicon::Lexicon;
use super::lexicon::fold;
use super::lexicon::openings::{Begin, Start};
use super::lexicon::trie::{Place, Seams, seam};
use super::token::Token;
use super::wrapped;

/// The walk from one word on.
pub(super) struct Walk<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) text: &'a str,
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

impl Head {
    fn new(at: usize, place: Place, letters: usize) -> Head {
        Head {
            at,
            place,
            letters,
            seen: 0,
        }
    }
}

/// Where the next word starts, and [`Token::letters`] of it.
pub(super) type Next = (u32, u32);

/// Whether a walk goes on after a word that ends before `at`: seldom, which a
/// look at the first letters of the next word tells for most.
#[inline(always)]
fn goes_on(
    lexicon: &Lexicon,
    text: &str,
    at: usize,
    word: &Start,
    (next_start, letters): Next,
) -> bool {
    const NUMBERS: u64 = 1 << fold::YEAR | 1 << fold::NUMBER;
    if word.next == 0 {
        return false;
    }
    let byte = |at: usize| text.as_bytes().get(at).copied().unwrap_or(b'\n');
    let next = byte(at);
    if next == b' ' && letters != 0 && next_start as usize == at + 1 {
        return lexicon.openings.may_follow(word, letters);
    }
    let letter = fold::symbol(next);
    if letter != fold::NONE {
        return word.next & 1 << letter != 0;
    }
    if next > b' ' && !matches!(next, b'-' | b'_') {
        return false;
    }
    let first = byte(at + 1);
    let letter = fold::symbol(first);
    if next != b' ' || letter == fold::NONE {
        return true;
    }
    let numbers = if first.is_ascii_digit() { NUMBERS } else { 0 };
    word.next & (1 << letter | numbers) != 0
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
    /// With a known word: where it ends, if it does, and whether more may follow.
    Word(&'a Start, Option<End>, bool),
}

impl<'a> First<'a> {
    /// A look at a word, and at what follows it.
    #[inline(always)]
    pub(super) fn look(lexicon: &'a Lexicon, text: &str, token: &Token, next: Next) -> First<'a> {
        match lexicon.openings.begin(token.opening) {
            Begin::Nothing => First::Quiet(0),
            Begin::Letters => First::Letters,
            Begin::Plural(singular) => First::Plural(singular),
            Begin::Word(word) => {
                let (start, n_letters) = (token.start as usize, usize::from(token.n_letters));
                let at = start + n_letters;
                let end = boundary(text, start, at, n_letters, false);
                let goes_on = goes_on(lexicon, text, at, word, next);
                if word.is_quiet() && end.is_some() && !goes_on {
                    First::Quiet(word.word)
                } else {
                    First::Word(word, end, goes_on)
                }
            }
        }
    }
}

impl Walk<'_> {
    /// Adds everything that begins at a position; returns the number that the
    /// word there has among those of patterns, as far as its beginning says it.
    pub(super) fn begin(&mut self, token: &Token, first: First<'_>) -> u16 {
        let (start, n_letters) = (token.start as usize, usize::from(token.n_letters));
        match first {
            First::Quiet(number) => number,
            First::Letters => {
                self.follow(start, Head::new(start, Place::default(), 0));
                0
            }
            First::Plural(singular) => self.plural(start, n_letters, singular),
            First::Word(word, end, goes_on) => {
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
                if goes_on {
                    let place = word.place(&self.lexicon.trie);
                    self.follow(start, Head::new(at, place, n_letters));
                }
                number
            }
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
            _ if folded.is_alphabetic() => {
                letters = fold::escaped(folded);
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
