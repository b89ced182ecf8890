//! Text into words, each with how it is written and what stands before it.

use memchr::memchr3;

use super::glued;
use super::lexicon::fold::{self, Class};
use super::lexicon::openings::{Opening, Openings};
use super::lexicon::rows::MOST_LETTERS;
use super::lexicon::starts::WordHash;
use super::run::{self, Run};
use super::token::{Mark, Shape, Token, Words};
use super::wrapped::Wraps;

/// Endings of host names; a word like "example.com/go" is an address.
const HOSTS: &[&str] = &[
    "com", "org", "io", "ai", "co", "dev", "de", "uk", "fr", "eu", "app", "gov", "edu", "us", "ca",
    "cn", "jobs", "me", "pl", "es", "ch",
];

/// What to do with a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// A letter or digit.
    Word,
    Blank,
    Newline,
    /// A sign that means the same wherever it stands.
    Plain(Mark),
    /// A sign that takes a closer look.
    Sign,
    /// Part of a character that is not ASCII.
    Far,
}

static BYTES: [Byte; 256] = bytes();

const fn bytes() -> [Byte; 256] {
    let mut table = [Byte::Far; 256];
    let mut at = 0;
    while at < 128 {
        table[at] = match fold::ascii_class(at as u8) {
            Class::Blank => Byte::Blank,
            Class::Newline => Byte::Newline,
            Class::Sign => match at as u8 {
                b'.' | b'-' | b'_' | b'*' | b'#' | b'+' => Byte::Sign,
                b'!' | b'?' => Byte::Plain(Mark::STOP),
                b'/' | b'\\' => Byte::Plain(Mark::SLASH),
                b',' => Byte::Plain(Mark::COMMA),
                b';' => Byte::Plain(Mark::SEMICOLON),
                b':' => Byte::Plain(Mark::COLON),
                b'(' | b'[' | b'{' => Byte::Plain(Mark::OPEN),
                b')' | b']' | b'}' => Byte::Plain(Mark::CLOSE),
                b'|' => Byte::Plain(Mark::BULLET),
                b'&' => Byte::Plain(Mark::AND),
                b'@' => Byte::Plain(Mark::AT),
                b'"' | b'\'' | b'`' => Byte::Plain(Mark::QUOTE),
                _ => Byte::Plain(Mark::OTHER),
            },
            _ => Byte::Word,
        };
        at += 1;
    }
    table
}

/// Whether a byte surely ends a word of ASCII letters.
static ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut at = 0;
    while at < 128 {
        ends[at] = !matches!(at as u8, b'.' | b'\'' | b':' | b'@');
        at += 1;
    }
    ends
};

/// What a word begins with.
#[derive(Debug, Clone, Copy)]
struct Beginning {
    /// How to begin a walk, if `hash` does not say it.
    opening: Opening,
    /// Of a word to look for among the openings; else [`WordHash::EMPTY`].
    hash: WordHash,
    /// See [`Token::n_letters`].
    n_letters: usize,
}

/// Of a word that does not begin with ASCII letters alone.
const LETTERS: Beginning = Beginning {
    opening: Opening::LETTERS,
    hash: WordHash::EMPTY,
    n_letters: 0,
};

/// Reads the words of a text, each with what begins with it.
pub(super) fn words(text: &str, openings: &Openings) -> Words {
    // English has a word to six bytes.
    let n_words = text.len().div_ceil(6);
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        openings,
        words: Words {
            tokens: Vec::with_capacity(n_words),
            lines: Vec::with_capacity(n_words / 8),
            sentences: Vec::with_capacity(n_words / 8),
            numbers: Vec::with_capacity(n_words / 16),
            tail: Mark::default(),
        },
        hashes: [WordHash::EMPTY; BATCH],
        n_looked_up: 0,
        before: Mark::NEWLINE.or(Mark::PARAGRAPH),
        line: 0,
        wraps: Wraps::default(),
    };
    reader.read();
    reader.look_up();
    Words {
        tail: reader.before,
        ..reader.words
    }
}

/// So many words are looked up together: a processor waits for many places of a
/// table at a time, where it would wait for each one that is looked at before
/// the next is known.
const BATCH: usize = 32;

/// The hash of a word of ASCII letters without its last letter, if that may be a plural s.
#[inline]
pub(super) fn singular(text: &str, token: &Token) -> Option<WordHash> {
    let start = token.start as usize;
    let n_letters = usize::from(token.n_letters);
    let bytes = &text.as_bytes()[..start + n_letters];
    (n_letters > 2 && bytes.ends_with(b"s")).then(|| {
        let stem = &bytes[..bytes.len() - 1];
        let eights = (start..stem.len()).step_by(8);
        eights.fold(WordHash::EMPTY, |hash, at| {
            hash.add(Run::at(stem, at).letters)
        })
    })
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    openings: &'t Openings,
    words: Words,
    /// Of each token from `n_looked_up` on, see [`Beginning::hash`].
    hashes: [WordHash; BATCH],
    /// How many tokens have their openings: a multiple of [`BATCH`].
    n_looked_up: usize,
    before: Mark,
    /// Where the line starts that is being read.
    line: usize,
    wraps: Wraps,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            at = match BYTES[usize::from(byte)] {
                Byte::Word => self.words(at),
                Byte::Blank => {
                    self.mark(Mark::BLANK);
                    at + 1
                }
                Byte::Plain(mark) => {
                    self.mark(mark);
                    at + 1
                }
                Byte::Newline => {
                    self.line_break(at, byte);
                    at + 1
                }
                Byte::Sign => self.sign(at, 1),
                Byte::Far => self.far(at),
            };
        }
    }

    /// Notes the end of a line or paragraph; nothing where a line is wrapped.
    fn line_break(&mut self, at: usize, byte: u8) {
        let mark = if byte == b'\n' && self.before.any(Mark::NEWLINE) {
            Mark::PARAGRAPH
        } else if byte == b'\n' && self.wraps.goes_on(self.text, self.line, at) {
            Mark::BLANK
        } else {
            Mark::NEWLINE
        };
        self.mark(mark);
        self.line = at + 1;
    }

    /// Reads a character that is not ASCII; returns where what it begins ends.
    fn far(&mut self, at: usize) -> usize {
        let (class, len) = self.class_at(at);
        let end = at + len;
        match class {
            Class::Lower | Class::Upper | Class::Digit => {
                return self.long_word(at, (at, at), Shape::new(), LETTERS);
            }
            Class::Joined => {
                let sign = self.text[at..end].chars().next().unwrap_or_default();
                let opening = self.openings.of_sign(sign);
                let beginning = Beginning { opening, ..LETTERS };
                self.push(at, end, Shape::new().joined(), beginning);
            }
            Class::Blank => self.mark(Mark::BLANK),
            Class::Newline => self.mark(Mark::NEWLINE),
            Class::Nothing => {}
            Class::Sign => return self.sign(at, len),
        }
        end
    }

    #[inline(always)]
    fn class_at(&self, at: usize) -> (Class, usize) {
        let byte = self.bytes[at];
        if byte < 0x80 {
            (fold::ascii_class(byte), 1)
        } else {
            self.text[at..]
                .chars()
                .next()
                .map_or((Class::Nothing, 1), |c| (fold::class(c), c.len_utf8()))
        }
    }

    #[inline]
    fn mark(&mut self, mark: Mark) {
        self.before = self.before.or(mark);
    }

    #[inline(always)]
    fn push(&mut self, start: usize, end: usize, shape: Shape, beginning: Beginning) {
        let before = std::mem::take(&mut self.before);
        let Beginning {
            opening,
            hash,
            n_letters,
        } = beginning;
        let no = self.words.tokens.len() - self.n_looked_up;
        self.hashes[no % BATCH] = hash;
        if before.any(Mark::SENTENCE) {
            self.begins(before, shape);
        }
        // An address has another opening, a word of letters a hash.
        if opening == Opening::LETTERS && hash == WordHash::EMPTY && !shape.is_joined() {
            self.words.numbers.push(self.words.tokens.len() as u32);
        }
        self.words.tokens.push(Token {
            start: start as u32,
            end: end as u32,
            before,
            opening,
            hash: hash.check(),
            word: 0,
            n_letters: n_letters as u8,
            shape,
        });
        if no == BATCH - 1 {
            self.look_up();
        }
    }

    /// Notes the next word as one that begins a sentence, or a line.
    #[inline(never)]
    fn begins(&mut self, before: Mark, shape: Shape) {
        let tokens = &self.words.tokens;
        let at = tokens.len() as u32;
        if before.any(Mark::NEWLINE) {
            self.words.lines.push(at);
        } else if shape.is_number()
            && let Some(Token { start, end, .. }) = tokens.last()
            && self.text[*start as usize..*end as usize].eq_ignore_ascii_case("mind")
        {
            // The stop of "mind. 2 Jahre" ends no sentence.
            return;
        }
        self.words.sentences.push(at);
    }

    /// Finds the openings of the last tokens.
    #[inline(never)]
    fn look_up(&mut self) {
        let slots = self.hashes.map(|hash| self.openings.likely(hash));
        let tokens = &mut self.words.tokens[self.n_looked_up..];
        for ((token, hash), slot) in tokens.iter_mut().zip(&self.hashes).zip(&slots) {
            if *hash != WordHash::EMPTY {
                let singular = || singular(self.text, token);
                token.opening = self.openings.look_up(*hash, *slot, singular);
            }
        }
        self.n_looked_up += BATCH;
    }

    /// Reads a word that begins with an ASCII letter or digit, and those behind
    /// it that a blank parts, or a comma and a blank; returns where they end.
    #[inline(always)]
    fn words(&mut self, mut start: usize) -> usize {
        let mut eight = run::eight(self.bytes, start);
        loop {
            if let Some((n_letters, letters)) = run::small_word(eight) {
                let beginning = Beginning {
                    opening: Opening::NOTHING,
                    hash: WordHash::EMPTY.add(letters),
                    n_letters,
                };
                self.push(start, start + n_letters, Shape::ALL_SMALL, beginning);
                self.mark(Mark::BLANK);
                start += n_letters + 1;
                eight = run::eight(self.bytes, start);
                continue;
            }
            let first = Run::of(eight);
            if first.n == 0 {
                return start;
            }
            let end = self.word(start, first);
            start = match self.bytes[end..] {
                [b' ', ..] => {
                    self.mark(Mark::BLANK);
                    end + 1
                }
                [b',', b' ', ..] => {
                    self.mark(Mark::COMMA.or(Mark::BLANK));
                    end + 2
                }
                _ => return end,
            };
            eight = run::eight(self.bytes, start);
        }
    }

    /// Reads a word that begins with a run; returns where it ends.
    #[inline(always)]
    fn word(&mut self, start: usize, first: Run) -> usize {
        let mut run = first;
        let mut shape = Shape::of(&run);
        let mut at = start + run.n;
        // All but the last one to eight letters.
        let mut eights = WordHash::EMPTY;
        let mut digits = run.digits;
        let mut capitals = run.capitals & !0x80;
        while run.n == 8 {
            let next = Run::at(self.bytes, at);
            if next.n == 0 {
                break;
            }
            eights = eights.add(run.letters);
            shape.add_run(&next);
            digits |= next.digits;
            capitals |= next.capitals;
            at += next.n;
            run = next;
        }
        if capitals != 0
            && shape.has_small()
            && let Some(cut) = glued::cut(self.bytes, start, at)
        {
            return self.glued_word(start, cut);
        }
        let next = self.bytes.get(at).copied().unwrap_or(b'\n');
        let n_letters = at - start;
        let beginning = if digits != 0 || next >= 0x80 || n_letters > MOST_LETTERS {
            LETTERS
        } else {
            Beginning {
                opening: Opening::NOTHING,
                hash: eights.add(run.letters),
                n_letters,
            }
        };
        // What stands behind most words is a blank.
        if next == b' ' || self.ends_word(next, at) {
            self.push(start, at, shape, beginning);
            return at;
        }
        self.long_word(start, (start, at), shape, beginning)
    }

    /// Whether a word of ASCII letters surely ends before a byte.
    #[inline(always)]
    fn ends_word(&self, next: u8, at: usize) -> bool {
        if ENDS[usize::from(next)] {
            return true;
        }
        match next {
            b'.' | b'\'' => !self
                .bytes
                .get(at + 1)
                .is_some_and(|byte| *byte >= 0x80 || byte.is_ascii_alphanumeric()),
            b':' => self.bytes.get(at + 1) != Some(&b'/'),
            _ => false,
        }
    }

    /// Goes on with a word that may have other signs in it than ASCII letters
    /// and digits, which stand between `begin` and `at`; it `start`s there or
    /// with a full stop before them.
    fn long_word(
        &mut self,
        start: usize,
        (begin, mut at): (usize, usize),
        mut shape: Shape,
        beginning: Beginning,
    ) -> usize {
        let mut last = match self.bytes[begin..at].last() {
            Some(byte) => fold::ascii_class(*byte),
            None => Class::Nothing,
        };
        let mut dot = None;
        loop {
            if at >= self.bytes.len() {
                break;
            }
            let (class, len) = self.class_at(at);
            match class {
                Class::Lower | Class::Upper | Class::Digit => {
                    shape.add(class, at == begin);
                    last = class;
                    at += len;
                }
                Class::Nothing => at += len,
                Class::Sign => {
                    let after = at + len;
                    let next = if after < self.bytes.len() {
                        self.class_at(after).0
                    } else {
                        Class::Blank
                    };
                    if !matches!(next, Class::Lower | Class::Upper | Class::Digit) {
                        break;
                    }
                    let byte = self.bytes[at];
                    let is_dot = byte == b'.';
                    let inside = if is_dot {
                        // "end.Next" lacks a blank; "Node.js", "ASP.NET", "3.5" do not.
                        !(last == Class::Lower && next == Class::Upper)
                            && (last == Class::Digit
                                || !glued::begins_sentence(&self.bytes[after..]))
                    } else {
                        let apostrophe = byte == b'\''
                            || (byte >= 0x80 && self.text[at..].starts_with('\u{2019}'));
                        // "d'AWS" and "l'API" are two words.
                        apostrophe && at - begin > 2
                    };
                    if byte == b'@' {
                        return self.address(start);
                    }
                    if !inside {
                        break;
                    }
                    if is_dot {
                        dot = Some(after);
                    }
                    at = after;
                }
                Class::Blank | Class::Newline | Class::Joined => break,
            }
        }
        let rest = &self.bytes[at..];
        let host = dot.is_some() && self.bytes[start..].starts_with(b"www.");
        if rest.starts_with(b"://") || host {
            return self.address(start);
        }
        if let Some(dot) = dot
            && HOSTS.contains(&&self.text[dot..at])
            && matches!(rest.first(), Some(b'/'))
        {
            return self.address(start);
        }
        self.push(start, at, shape, beginning);
        at
    }

    /// Reads a word that another is run into at `cut`, with the line break that was
    /// lost there.
    #[cold]
    fn glued_word(&mut self, start: usize, cut: usize) -> usize {
        let whole = self.bytes;
        self.bytes = &whole[..cut];
        self.long_word(start, (start, start), Shape::new(), LETTERS);
        self.bytes = whole;
        self.mark(Mark::NEWLINE);
        self.line = cut;
        cut
    }

    /// A web or mail address goes on to the next blank.
    fn address(&mut self, start: usize) -> usize {
        let rest = &self.bytes[start..];
        let end = memchr3(b' ', b'\n', b'\t', rest).unwrap_or(rest.len());
        let mut end = start + end;
        // A bracket or CJK text behind it is not part of it.
        let doubtful = |byte: &u8| matches!(byte, b')' | b'<' | b'>' | b'"' | b',' | b']' | 0x80..);
        if let Some(n) = self.bytes[start..end].iter().position(doubtful)
            && let Some((offset, _)) = self.text[start + n..end].char_indices().find(|(_, c)| {
                matches!(c, ')' | '<' | '>' | '"' | ',' | ']')
                    || fold::is_joined(*c)
                    || *c == '，'
                    || *c == '）'
            })
        {
            end = start + n + offset;
        }
        let end = end.max(start + 1);
        let beginning = Beginning {
            opening: Opening::NOTHING,
            ..LETTERS
        };
        self.push(start, end, Shape::new(), beginning);
        end
    }

    /// Reads a sign; returns where it ends.
    fn sign(&mut self, at: usize, len: usize) -> usize {
        let c = if len == 1 {
            char::from(self.bytes[at])
        } else {
            self.text[at..].chars().next().unwrap_or(' ')
        };
        let folded = fold::fold(c);
        let after = at + len;
        let next = if after < self.bytes.len() {
            self.class_at(after).0
        } else {
            Class::Newline
        };
        let previous = if at == 0 { b' ' } else { self.bytes[at - 1] };
        let line_start = self.before.any(Mark::NEWLINE);
        let is_word = |class: Class| matches!(class, Class::Lower | Class::Upper | Class::Digit);
        let mark = match folded {
            '.' if matches!(next, Class::Lower | Class::Upper)
                && !previous.is_ascii_alphanumeric() =>
            {
                // ".NET"
                return self.long_word(at, (after, after), Shape::new(), LETTERS);
            }
            '.' => {
                let is_glued = || glued::begins_sentence(&self.bytes[after..]);
                if is_word(next) && !is_glued() || !self.ends_sentence(after) {
                    Mark::DOT
                } else {
                    Mark::STOP
                }
            }
            '!' | '?' | '。' => Mark::STOP,
            '-' if line_start => Mark::BULLET,
            '-' | '_' => {
                let joins = is_word(next) && !self.before.any(Mark::BLANK);
                if joins {
                    Mark::HYPHEN
                } else if folded == '_' {
                    Mark::HEADING
                } else if self.is_suspended(after) {
                    Mark::HYPHEN
                } else {
                    Mark::DASH
                }
            }
            // "problem–solving", but not "a team—we".
            '–' if c == '–' && is_word(next) && !self.before.any(Mark::BLANK) => Mark::HYPHEN,
            '–' => Mark::DASH,
            '/' | '\\' => Mark::SLASH,
            ',' | '、' => Mark::COMMA,
            ';' => Mark::SEMICOLON,
            ':' => Mark::COLON,
            '(' | '[' | '{' | '【' | '「' => Mark::OPEN,
            ')' | ']' | '}' | '】' | '」' => Mark::CLOSE,
            '*' => {
                if self.bytes.get(after) == Some(&b'*') || previous == b'*' || !line_start {
                    Mark::HEADING
                } else {
                    Mark::BULLET
                }
            }
            '#' if line_start => Mark::HEADING,
            '•' | '|' => Mark::BULLET,
            '&' => Mark::AND,
            '+' if line_start => Mark::BULLET,
            '+' => Mark::PLUS,
            '@' => Mark::AT,
            '"' | '\'' | '`' => Mark::QUOTE,
            _ => Mark::OTHER,
        };
        self.mark(mark);
        after
    }

    /// Whether a hyphen before `at` stands for the end of a word that comes: "client- and
    /// server-side".
    fn is_suspended(&self, at: usize) -> bool {
        const AND: [&str; 6] = [" and ", " or ", " und ", " oder ", " & ", "/"];
        let rest = &self.text[at..];
        !self.before.any(Mark::BLANK) && AND.iter().any(|and| rest.starts_with(and))
    }

    /// Whether a full stop before `at` ends a sentence: not after "e.g.", and
    /// not if a small letter follows.
    fn ends_sentence(&self, at: usize) -> bool {
        if self.before.any(Mark::BLANK) {
            return true;
        }
        if let Some(last) = self.words.tokens.last() {
            let word = &self.text[last.start as usize..last.end as usize];
            let dotted =
                word.len() >= 3 && word.is_ascii() && word.as_bytes()[word.len() - 2] == b'.';
            let short = [
                "eg", "ie", "etc", "incl", "bzw", "ca", "vs", "approx", "min", "inkl", "sr", "jr",
                "dr", "mr", "ms", "no",
            ]
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known));
            if dotted || (short && !word.eq_ignore_ascii_case("etc")) {
                return false;
            }
        }
        let next = self.text[at..]
            .chars()
            .find(|c| !matches!(fold::class(*c), Class::Blank | Class::Nothing) && *c != ')');
        next.is_none_or(|c| fold::class(c) != Class::Lower)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor;

    fn tokens(text: &str) -> Vec<Token> {
        words(text, &Extractor::embedded().lexicon.openings).tokens
    }

    fn split(text: &str) -> Vec<&str> {
        tokens(text)
            .iter()
            .map(|token| &text[token.start as usize..token.end as usize])
            .collect()
    }

    #[test]
    fn words_keep_their_dots() {
        assert_eq!(
            split("Node.js, ASP.NET and .NET. C++/C#"),
            ["Node.js", "ASP.NET", "and", ".NET", "C", "C"]
        );
        assert_eq!(
            split("we use Docker.You know v3.5"),
            ["we", "use", "Docker", "You", "know", "v3.5"]
        );
        assert_eq!(split("don't l'API"), ["don't", "l", "API"]);
        assert_eq!(
            split("SQL.Experience in R2.5+ ABC.7+ years"),
            ["SQL", "Experience", "in", "R2.5", "ABC", "7", "years"]
        );
    }

    #[test]
    fn chinese_letters_stand_alone() {
        assert_eq!(split("精通Python，"), ["精", "通", "Python"]);
    }

    #[test]
    fn addresses_are_one_word() {
        assert_eq!(
            split("see https://go.dev/rust or jobs@rust.org now"),
            ["see", "https://go.dev/rust", "or", "jobs@rust.org", "now"]
        );
        assert_eq!(split("example.com/go."), ["example.com/go."]);
    }

    #[test]
    fn sentences_end_where_they_end() {
        let stops = |text: &str| {
            tokens(text)
                .iter()
                .filter(|token| token.before.any(Mark::STOP))
                .count()
        };
        assert_eq!(stops("We use Go. You know it."), 1);
        assert_eq!(stops("Languages, e.g. Go, are fun"), 0);
        assert_eq!(stops("Go etc. and more"), 0);
    }
}
