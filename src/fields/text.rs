//! What every field's reader needs of a text: folding, labels, words and phrases.
//!
//! In: any text. Out: text without case and accents, or the words of it with
//! their places. No knowledge of any field stands here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, no accents, plain apostrophes and blanks; other signs stay.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\x7f' => out.push(c.to_ascii_lowercase()),
            '’' | '‘' | 'ʼ' | '´' => out.push('\''),
            '‐' | '‑' | '–' | '—' | '−' => out.push('-'),
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => out.push(' '),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            'đ' | 'Đ' => out.push('d'),
            'ı' => out.push('i'),
            'ß' | 'ẞ' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            // Kana would lose the marks that tell ba from ha.
            '\u{3040}'..='\u{30ff}' => out.push(c),
            // Signs and quotes have neither case nor accents.
            '\u{2000}'..='\u{2bff}' => out.push(c),
            _ => {
                let bare = std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c));
                out.extend(bare.flat_map(char::to_lowercase));
            }
        }
    }
    out
}

/// A label for comparing: folded, trimmed, and `_ - / .` and blanks in a row are
/// one blank.
pub(super) fn label(text: &str) -> String {
    spaced(text, |c| matches!(c, '_' | '-' | '/' | '.'))
}

/// A name for comparing: as [`label`], and without dots and apostrophes.
pub(super) fn name_key(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '.' | '\'' => {}
            c if c.is_whitespace() || matches!(c, '-' | '/' | '_') => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn spaced(text: &str, blank: impl Fn(char) -> bool) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_whitespace() || blank(c) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The words of a folded text: runs of letters, digits, `+` and `#`; a dot
/// belongs to a word that goes on after it (`node.js`) and an apostrophe to
/// the word around it; every other sign ends a word.
pub(super) fn words(folded: &str) -> Vec<&str> {
    spans(folded)
        .into_iter()
        .map(|(start, end)| &folded[start..end])
        .collect()
}

/// The byte ranges of [`words`]; for any text, folded or not.
pub(super) fn spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(text.len() / 6);
    let char_at = |at: usize| text[at..].chars().next();
    let (mut at, mut start) = (0, None);
    while let Some(byte) = bytes.get(at) {
        let (kind, next) = match ASCII.get(usize::from(*byte)) {
            Some(kind) => (*kind, at + 1),
            None => {
                let c = char_at(at).unwrap_or_default();
                let kind = match c {
                    '’' => Kind::Joint,
                    c if c.is_alphanumeric() => Kind::Word,
                    _ => Kind::Other,
                };
                (kind, at + c.len_utf8())
            }
        };
        let inside = match kind {
            Kind::Word => true,
            Kind::Other => false,
            Kind::Joint => match bytes.get(next) {
                Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
                Some(_) => char_at(next).is_some_and(char::is_alphanumeric),
                None => false,
            },
        };
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, at));
                start = None;
            }
            _ => {}
        }
        at = next;
        if inside {
            // Behind a letter there are mostly more of them.
            let is_word = |byte: &&u8| matches!(ASCII.get(usize::from(**byte)), Some(Kind::Word));
            at += bytes[at..].iter().take_while(is_word).count();
        }
    }
    if let Some(from) = start {
        out.push((from, text.len()));
    }
    out
}

/// What a character is to the words around it.
#[derive(Clone, Copy)]
enum Kind {
    Word,
    /// Of a word that goes on after it.
    Joint,
    Other,
}

const ASCII: [Kind; 128] = {
    let mut kinds = [Kind::Other; 128];
    let mut byte = 0u8;
    while byte < 128 {
        kinds[byte as usize] = match byte {
            b'+' | b'#' => Kind::Word,
            b'.' | b'\'' => Kind::Joint,
            byte if byte.is_ascii_alphanumeric() => Kind::Word,
            _ => Kind::Other,
        };
        byte += 1;
    }
    kinds
};

/// A hash for tables of our own words, which nobody can choose to collide.
pub(super) type Quick = BuildHasherDefault<QuickHasher>;

/// Multiplies and folds eight bytes at a time.
#[derive(Default)]
pub(super) struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            // The multiplier is 2^64 over the golden ratio.
            let mixed = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 = mixed ^ (mixed >> 32);
        }
    }
}

/// A [`Phrases`] that is made when it is first asked.
pub(super) type List = LazyLock<Phrases>;

/// Words and phrases to look for in folded text.
pub(super) struct Phrases {
    by_first: HashMap<&'static str, Vec<&'static str>, Quick>,
    /// For each first byte of a first word the lengths such words have, so that
    /// most questions end before any hashing.
    lengths: Box<[u32; 256]>,
}

impl Phrases {
    /// Of one string with a comma and a blank between the phrases.
    pub(super) fn new(list: &'static str) -> Self {
        Self::of(list.split(", "))
    }

    /// Of the phrases.
    pub(super) fn of(list: impl Iterator<Item = &'static str>) -> Self {
        let mut by_first: HashMap<&'static str, Vec<&'static str>, Quick> = HashMap::default();
        let mut lengths = Box::new([0; 256]);
        for phrase in list {
            let first = phrase.split(' ').next().unwrap_or_default();
            by_first.entry(first).or_default().push(phrase);
            if let Some(byte) = first.as_bytes().first() {
                lengths[usize::from(*byte)] |= length_bit(first);
            }
        }
        Phrases { by_first, lengths }
    }

    /// The phrases that begin with a word.
    fn beginning_with(&self, word: &str) -> &[&'static str] {
        if !self.may_begin_with(word) {
            return &[];
        }
        self.by_first.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, phrase: &str) -> bool {
        let first = phrase.split(' ').next().unwrap_or_default();
        self.beginning_with(first).contains(&phrase)
    }

    /// Whether it is one of them that is one word.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.beginning_with(word).contains(&word)
    }

    /// Whether one of them may begin with a word; quicker than asking which.
    pub(super) fn may_begin_with(&self, word: &str) -> bool {
        let byte = word.as_bytes().first().copied().unwrap_or_default();
        self.lengths[usize::from(byte)] & length_bit(word) != 0
    }

    /// Whether one of them begins at a word.
    pub(super) fn begins(&self, words: &[&str], at: usize) -> bool {
        self.length_at(words, at).is_some()
    }

    /// How many words the longest one has that begins at a word.
    pub(super) fn length_at(&self, words: &[&str], at: usize) -> Option<usize> {
        let fits = self
            .beginning_with(words.get(at)?)
            .iter()
            .filter(|phrase| starts(words, at, phrase));
        fits.map(|phrase| phrase.split(' ').count()).max()
    }

    /// Whether one of them stands anywhere among the words.
    pub(super) fn among(&self, words: &[&str]) -> bool {
        (0..words.len()).any(|at| self.begins(words, at))
    }

    /// Every one of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.by_first.values().flatten().copied()
    }
}

fn length_bit(word: &str) -> u32 {
    1 << word.len().min(31)
}

/// Whether `words[at..]` begins with the words of `phrase`.
pub(super) fn starts(words: &[&str], at: usize, phrase: &str) -> bool {
    // Nearly every question ends at the first letter.
    if words
        .get(at)
        .is_none_or(|word| word.as_bytes().first() != phrase.as_bytes().first())
    {
        return false;
    }
    let mut rest = phrase;
    for word in &words[at..] {
        match rest.strip_prefix(*word) {
            Some("") => return true,
            Some(more) => match more.strip_prefix(' ') {
                Some(more) => rest = more,
                None => return false,
            },
            None => return false,
        }
    }
    false
}

/// Whether any of the phrases stands among the words.
pub(super) fn has_any(words: &[&str], phrases: &[&str]) -> bool {
    (0..words.len()).any(|at| phrases.iter().any(|phrase| starts(words, at, phrase)))
}

/// Text without links, so that no word or place is read out of one.
pub(super) fn without_links(text: &str) -> Cow<'_, str> {
    if !text.contains("://") && !text.contains("www.") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = find_link(rest) {
        out.push_str(&rest[..start]);
        out.push(' ');
        rest = &rest[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The byte range of the first link with a scheme, or beginning with `www.`.
pub(super) fn find_link(text: &str) -> Option<(usize, usize)> {
    let scheme = text.find("://").map(|at| {
        let letters = text[..at]
            .bytes()
            .rev()
            .take_while(u8::is_ascii_alphabetic)
            .count();
        at - letters
    });
    let start = [scheme, text.find("www.")].into_iter().flatten().min()?;
    let stop = |c: char| {
        c.is_whitespace() || matches!(c, '|' | '<' | '>' | '"' | '(' | ')' | '[' | ']' | '•')
    };
    let end = text[start..]
        .find(stop)
        .map_or(text.len(), |len| start + len);
    (end > start).then_some((start, end))
}

/// The longest beginning of `text` of at most `bytes` bytes.
pub(super) fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The shortest end of `text` that leaves out at least all but `bytes` bytes.
pub(super) fn tail(text: &str, bytes: usize) -> &str {
    let mut at = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_and_accents() {
        assert_eq!(fold("Łódź – São Tomé’s Größe"), "lodz - sao tome's grosse");
    }

    #[test]
    fn a_label_has_single_blanks() {
        assert_eq!(label(" FULL_TIME / fixed-term "), "full time fixed term");
    }

    #[test]
    fn words_keep_their_signs() {
        assert_eq!(
            words("c++, c# and node.js (e.g. v4)."),
            ["c++", "c#", "and", "node.js", "e.g", "v4"]
        );
    }

    #[test]
    fn links_are_taken_out() {
        assert_eq!(
            without_links("a https://b.example/c?d (e) www.f.example"),
            "a   (e)  "
        );
    }
}
