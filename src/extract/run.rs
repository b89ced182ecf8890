//! Eight bytes at once: the letters and digits that a word begins with.

/// What eight bytes begin with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// How many ASCII letters and digits, 0 to 8.
    pub(super) n: usize,
    /// Those, in small, the first in the lowest byte; zeros after the last.
    pub(super) letters: u64,
    /// The highest bit of each capital.
    pub(super) capitals: u64,
    /// The highest bit of each digit.
    pub(super) digits: u64,
}

/// The highest bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte that is `byte` or more; all are below 128.
#[inline(always)]
const fn at_least(bytes: u64, byte: u8) -> u64 {
    bytes.wrapping_add(ONES * (0x80 - byte as u64))
}

/// The eight bytes at a position, the first in the lowest; zeros after the end.
#[inline(always)]
pub(super) fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = &bytes[at..];
    match rest.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(eight)
        }
    }
}

/// How many small letters eight bytes begin with, if a blank follows them: what most words
/// are. And those letters, zeros after the last.
#[inline(always)]
pub(super) fn small_word(bytes: u64) -> Option<(usize, u64)> {
    let ascii = bytes & !HIGH;
    let small = at_least(ascii, b'a') & !at_least(ascii, b'z' + 1) & !bytes & HIGH;
    let bits = (small ^ HIGH).trailing_zeros() & !7;
    // Of eight small letters it is the first, which is no blank.
    let next = (bytes >> (bits & 63)) as u8;
    let is_word = (next == b' ') & (bits != 0);
    is_word.then(|| (bits as usize / 8, bytes & ((1 << (bits & 63)) - 1)))
}

impl Run {
    /// The run at a position.
    #[inline(always)]
    pub(super) fn at(bytes: &[u8], at: usize) -> Run {
        Run::of(eight(bytes, at))
    }

    /// What eight bytes begin with.
    #[inline(always)]
    pub(super) fn of(bytes: u64) -> Run {
        let ascii = bytes & !HIGH;
        // The bit that parts small letters from capitals; digits have it.
        let small = ascii | (ONES * 0x20);
        let letters = at_least(small, b'a') & !at_least(small, b'z' + 1);
        let digits = at_least(ascii, b'0') & !at_least(ascii, b'9' + 1);
        let other = (!(letters | digits) | bytes) & HIGH;
        let bits = other.trailing_zeros() & !7;
        let mask = if bits == 64 {
            u64::MAX
        } else {
            (1 << bits) - 1
        };
        Run {
            n: other.trailing_zeros() as usize / 8,
            letters: small & mask,
            capitals: letters & !(bytes << 2) & mask & HIGH,
            digits: digits & mask & HIGH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_word_is_one_before_a_blank() {
        let of = |text: &str| small_word(eight(text.as_bytes(), 0));
        let word = |text: &str| Some((text.len(), eight(text.as_bytes(), 0)));
        assert_eq!(of("a b"), word("a"));
        assert_eq!(of("seventh of"), word("seventh"));
        for other in [
            "",
            " a",
            "a",
            "a, b",
            "Ab c",
            "a1 b",
            "eighteen o",
            "é b",
            "aé b",
            "{ b",
        ] {
            assert_eq!(of(other), None, "{other:?}");
        }
    }

    #[test]
    fn every_byte_is_told_apart() {
        for byte in 0..=255u8 {
            for before in [&b""[..], b"a", b"Zz9", b"abcdefg"] {
                let text = [before, &[byte], b" x.y"].concat();
                let run = Run::at(&text, 0);
                let known = text
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric())
                    .count();
                let text = &text[..known];
                assert_eq!(run.n, known);
                assert_eq!(
                    &run.letters.to_le_bytes()[..known],
                    text.to_ascii_lowercase()
                );
                assert_eq!(run.letters.to_le_bytes()[known..], [0; 8][known..]);
                let marks = |is: fn(&u8) -> bool| {
                    let marks = text.iter().enumerate().filter(|(_, byte)| is(byte));
                    marks.fold(0u64, |all, (at, _)| all | 0x80 << (at * 8))
                };
                assert_eq!(run.capitals, marks(u8::is_ascii_uppercase));
                assert_eq!(run.digits, marks(u8::is_ascii_digit));
            }
        }
    }
}
