//! How letters are read: case, accents and full-width forms fall away, and
//! every sign is either a letter of the alphabet the trie walks over or a
//! separator. Only tables and pure functions.

use std::sync::LazyLock;

use unicode_normalization::char::decompose_canonical;

/// A letter of the trie's alphabet of 64.
pub(crate) type Symbol = u8;

/// No symbol: a separator, or a sign that no name contains.
pub(crate) const NONE: Symbol = 0;
/// In a form, stands for any year (`{year}`).
pub(crate) const YEAR: Symbol = 61;
/// In a form, stands for any number (`{n}`).
pub(crate) const NUMBER: Symbol = 62;
/// Opens a letter outside ASCII; four hexadecimal digits follow.
const ESCAPE: Symbol = 60;

/// What a character is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A lower-case letter, or one without case.
    Lower,
    /// A capital.
    Upper,
    /// A digit.
    Digit,
    /// A letter of a script that puts no blanks between words.
    Joined,
    /// A blank of any width.
    Blank,
    /// A line feed or carriage return.
    Newline,
    /// No width: accents, joiners.
    Nothing,
    /// Anything else.
    Sign,
}

/// The signs that can be part of a name, in the order of their symbols.
const SIGNS: &[u8; 12] = b".+#/&'*@!:,%";
/// The symbol of the first of [`SIGNS`].
const FIRST_SIGN: Symbol = 37;

/// For each byte its symbol; [`NONE`] for separators and what is not ASCII.
static SYMBOLS: [Symbol; 256] = symbols();

const fn symbols() -> [Symbol; 256] {
    let mut table = [NONE; 256];
    let mut i = 0;
    while i < 26 {
        table[b'a' as usize + i] = 1 + i as u8;
        table[b'A' as usize + i] = 1 + i as u8;
        i += 1;
    }
    i = 0;
    while i < 10 {
        table[b'0' as usize + i] = 27 + i as u8;
        i += 1;
    }
    i = 0;
    while i < SIGNS.len() {
        table[SIGNS[i] as usize] = FIRST_SIGN + i as u8;
        i += 1;
    }
    table
}

/// The symbol of a byte; [`NONE`] for separators and what is not ASCII.
#[inline(always)]
pub(crate) fn symbol(byte: u8) -> Symbol {
    SYMBOLS[usize::from(byte)]
}

/// Whether a symbol is a letter or a digit.
#[inline]
pub(crate) fn is_word(symbol: Symbol) -> bool {
    (1..FIRST_SIGN).contains(&symbol)
}

/// Whether a symbol is one of the 26 letters.
#[inline]
pub(crate) fn is_letter(symbol: Symbol) -> bool {
    (self::symbol(b'a')..=self::symbol(b'z')).contains(&symbol)
}

/// Whether a symbol is `/` or `&`, around which blanks are free.
#[inline]
pub(crate) fn is_loose(symbol: Symbol) -> bool {
    symbol == self::symbol(b'/') || symbol == self::symbol(b'&')
}

/// The symbols of a folded letter outside ASCII.
#[inline]
pub(crate) fn escaped(letter: char) -> [Symbol; 5] {
    escaped_code(u32::from(letter))
}

/// The same of its code.
#[inline]
pub(crate) fn escaped_code(code: u32) -> [Symbol; 5] {
    let digit = |shift: u32| 1 + ((code >> shift) & 15) as u8;
    [ESCAPE, digit(12), digit(8), digit(4), digit(0)]
}

/// The code of the letter outside ASCII that some symbols begin with.
pub(crate) fn escapes(symbols: &[Symbol]) -> Option<u16> {
    let [ESCAPE, digits @ ..] = symbols else {
        return None;
    };
    let digits = digits.first_chunk::<4>()?;
    let code = |code, digit: &Symbol| code << 4 | u16::from(digit - 1);
    Some(digits.iter().fold(0, code))
}

/// Folds one character: lower case, no accent, no width; typographic quotes and
/// hyphens become the plain ones, list marks a `•`, things without width `\0`.
#[inline]
pub(crate) fn fold(c: char) -> char {
    let code = u32::from(c);
    if code < 0x80 {
        c.to_ascii_lowercase()
    } else if code < 0x250 {
        LATIN[code as usize - 0x80]
    } else if is_han(c) {
        c
    } else {
        fold_rest(c)
    }
}

static LATIN: LazyLock<Vec<char>> = LazyLock::new(|| {
    (0x80..0x250)
        .map(|code| char::from_u32(code).map_or('\0', fold_rest))
        .collect()
});

fn fold_rest(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
            plain.to_ascii_lowercase()
        }
        '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        '\u{2028}' | '\u{2029}' | '\u{85}' => '\n',
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{300}'..='\u{36f}'
        | '\u{fe00}'..='\u{fe0f}' => '\0',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{b4}' => '\'',
        '\u{201c}'..='\u{201f}' | '«' | '»' => '"',
        '\u{2010}' | '\u{2011}' | '\u{2212}' => '-',
        '\u{2013}'..='\u{2015}' => '–',
        '•' | '·' | '∙' | '‣' | '⁃' | '◦' | '●' | '○' | '■' | '□' | '▪' | '▫' | '▸' | '►' | '▶'
        | '➢' | '➤' | '→' | '✓' | '✔' | '✅' | '☞' | '⌲' | '◆' | '◇' | '★' | '☆' | '❖' | '➔'
        | '\u{f0b7}' | '\u{f0a7}' => '•',
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' => 'd',
        'ı' => 'i',
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' => c,
        _ if c.is_alphabetic() => {
            let lower = c.to_lowercase().next().unwrap_or(c);
            let mut base = None;
            decompose_canonical(lower, |part| {
                base.get_or_insert(part);
            });
            base.unwrap_or(lower)
        }
        _ => c,
    }
}

/// What a character is to the reader.
#[inline]
pub(crate) fn class(c: char) -> Class {
    if c.is_ascii() {
        return ascii_class(c as u8);
    }
    if is_joined(c) {
        return Class::Joined;
    }
    match fold(c) {
        '\0' => Class::Nothing,
        ' ' => Class::Blank,
        '\n' => Class::Newline,
        '0'..='9' => Class::Digit,
        letter if letter.is_alphabetic() => {
            if c.is_uppercase() {
                Class::Upper
            } else {
                Class::Lower
            }
        }
        _ => Class::Sign,
    }
}

/// What an ASCII byte is to the reader.
pub(crate) const fn ascii_class(byte: u8) -> Class {
    match byte {
        b'a'..=b'z' => Class::Lower,
        b'A'..=b'Z' => Class::Upper,
        b'0'..=b'9' => Class::Digit,
        b' ' | b'\t' => Class::Blank,
        b'\n' | b'\r' => Class::Newline,
        _ => Class::Sign,
    }
}

/// Whether it is one of the usual Chinese signs, which fold to themselves.
#[inline]
fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether a character that was folded is a letter.
#[inline]
pub(crate) fn is_alphabetic(folded: char) -> bool {
    is_han(folded) || folded.is_alphabetic()
}

/// Whether a letter belongs to a script without blanks between words.
#[inline]
pub(crate) fn is_joined(c: char) -> bool {
    matches!(u32::from(c), 0x3005..=0x3007 | 0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_fold() {
        let folded: String = "ÉÜłＧｏ\u{2019}\u{2011}学".chars().map(fold).collect();
        assert_eq!(folded, "eulgo'-学");
        assert_eq!(class('学'), Class::Joined);
        assert_eq!(class('É'), Class::Upper);
        assert_eq!(class('\u{301}'), Class::Nothing);
    }

    #[test]
    fn an_escaped_letter_is_told_again() {
        for letter in ['学', 'ß', 'я'] {
            let symbols = [&escaped(letter)[..], &[symbol(b'a')]].concat();
            assert_eq!(escapes(&symbols), Some(letter as u16));
        }
        assert_eq!(escapes(&[symbol(b'a'); 5]), None);
        assert!(('\u{4e00}'..='\u{9fff}').all(|han| fold_rest(han) == han && han.is_alphabetic()));
    }

    #[test]
    fn every_ascii_letter_and_digit_has_a_symbol() {
        assert!((b'a'..=b'z').chain(b'0'..=b'9').all(|b| symbol(b) != NONE));
        assert_eq!(symbol(b' '), NONE);
        assert!(is_loose(symbol(b'/')) && !is_loose(symbol(b'.')));
    }
}
