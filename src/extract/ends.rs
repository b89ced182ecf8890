//! Where a form may end: at the end of a word, before a plural s, a possessive
//! or a version.

use super::glued;
use super::lexicon::fold::{self, Class};
use super::lexicon::trie::{Seams, Values};

/// Where a form ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The byte after it.
    pub(super) end: u32,
    /// The byte after a possessive or a version that is tied to it; `None` if a
    /// version may follow.
    tied: Option<u32>,
    /// A plural s was added.
    pub(super) plural: bool,
}

/// One place where something known ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub(super) end: End,
    pub(super) values: Values,
    /// Which separators were met.
    pub(super) seen: Seams,
}

impl End {
    #[inline(always)]
    fn new(end: usize, tied: Option<usize>) -> End {
        End {
            end: end as u32,
            tied: tied.map(|tied| tied as u32),
            plural: false,
        }
    }

    /// A form and its plural s before `end`.
    pub(super) fn plural(end: usize) -> End {
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

/// Whether a form that ends before `at` ends a word there, and how far a
/// plural, a possessive or a version goes on.
#[inline(always)]
pub(super) fn boundary(
    text: &str,
    start: usize,
    at: usize,
    letters: usize,
    joined: bool,
) -> Option<End> {
    match text.as_bytes().get(at) {
        None | Some(b' ' | b'\n' | b',') => Some(End::new(at, None)),
        Some(_) if joined => Some(End::new(at, None)),
        Some(next) => boundary_at(text, start, at, letters, *next),
    }
}

/// The same before a byte that leaves room for doubt.
fn boundary_at(text: &str, start: usize, at: usize, letters: usize, next: u8) -> Option<End> {
    let bytes = text.as_bytes();
    let plain = |end: usize| Some(End::new(end, None));
    let last = bytes[at - 1];
    match next {
        b'A'..=b'Z' if glued::begins_item(&bytes[at..]) => plain(at),
        b'a'..=b'z' | b'A'..=b'Z' => {
            // "IBM is" is no plural of "IBM i".
            let is_word = || at > start + 1 && bytes[at - 2].is_ascii_alphanumeric();
            let plural = next == b's'
                && last.is_ascii_alphabetic()
                && letters > 1
                && is_word()
                && !goes_on(text, at + 1);
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
                // "C#.2+ years" lost its blank, and "3.5" did not.
                let sentence = if after.is_ascii_uppercase() {
                    last.is_ascii_lowercase() || !last.is_ascii_alphanumeric()
                } else {
                    matches!(last, b'+' | b'#')
                };
                let is_next = || !last.is_ascii_digit() && glued::begins_sentence(&bytes[at + 1..]);
                if sentence || is_next() {
                    plain(at)
                } else {
                    None
                }
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
        // "FP&A", "P&L"
        b'&' if last.is_ascii_uppercase()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase)
            && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
            && letters <= 3 =>
        {
            None
        }
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
