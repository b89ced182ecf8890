//! A text in 64 bytes, by which the likeness of two texts is told.
//!
//! One-permutation MinHash (Li, Owen and Zhang 2012) with b-bit values (Li and
//! König 2010): each shingle of three words falls into one of 128 bins, each
//! bin keeps four bits of its smallest shingle, and texts agree in about as
//! many bins as they share shingles. The standard error at a likeness of .9 is
//! .028 (binomial, 128 bins).

use xxhash_rust::xxh3::xxh3_64;

/// Words in a shingle: long enough that texts about the same trade share few,
/// short enough that a changed name touches three of them.
const SHINGLE_WORDS: usize = 3;
/// Bits of a bin; 0 for one without shingles.
const BIN_BITS: usize = 4;
const N_BINS: usize = 128;
const BINS_PER_WORD: usize = 64 / BIN_BITS;
const N_WORDS: usize = N_BINS / BINS_PER_WORD;
/// A text that fills fewer bins (about 27 different shingles) says too little
/// to be told from another employer's.
const MIN_FILLED: u32 = 24;
/// Two different shingles agree in four bits once in 15 times, so texts that
/// share nine shingles in ten agree in .9 + .1 / 15 of the bins: 136 in 150.
const ALIKE: (u32, u32) = (136, 150);
/// Bins to a band. Texts that are alike differ in 11 bins at most, so of 12
/// bands one at least is the same in both.
const BINS_PER_BAND: usize = 8;
const LOW: u64 = 0x1111_1111_1111_1111;

/// What a text is like; the default is that of no text, which is like none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sketch(pub [u64; N_WORDS]);

impl Sketch {
    /// Numbers it takes to keep.
    pub const WORDS: usize = N_WORDS;
    /// Alike sketches have one of so many [bands](Sketch::band) in common.
    pub const BANDS: usize = 12;

    /// Of a text as [`crate::ingest::normalise_words`] writes it; that of no
    /// text where it is too short.
    pub fn of(words: &str) -> Sketch {
        let mut smallest = [u64::MAX; N_BINS];
        let mut last = [0u64; SHINGLE_WORDS];
        let mut n = 0;
        let mut word = |bytes: &[u8]| {
            last.rotate_left(1);
            last[SHINGLE_WORDS - 1] = xxh3_64(bytes);
            n += 1;
            if n >= SHINGLE_WORDS {
                let hash = shingle(&last);
                let bin = &mut smallest[(hash >> 57) as usize];
                *bin = (*bin).min(hash << 7);
            }
        };
        if words.is_ascii() {
            // Words are too short for a search that looks at many bytes at a time.
            let parts = words.as_bytes().split(|byte| *byte == b' ');
            parts.for_each(&mut word);
        } else {
            for part in words.split(' ') {
                if part.chars().next().is_some_and(is_ideographic) {
                    // Where words are not set apart, a character stands for one.
                    let mut buffer = [0; 4];
                    part.chars()
                        .for_each(|c| word(c.encode_utf8(&mut buffer).as_bytes()));
                } else {
                    word(part.as_bytes());
                }
            }
        }
        let mut sketch = Sketch::default();
        for (bin, hash) in smallest.iter().enumerate() {
            if *hash != u64::MAX {
                let value = 1 + (hash >> 7 & 0xffff_ffff) % 15;
                sketch.0[bin / BINS_PER_WORD] |= value << (bin % BINS_PER_WORD * BIN_BITS);
            }
        }
        if sketch.n_filled() < MIN_FILLED {
            return Sketch::default();
        }
        sketch
    }

    /// Whether it is of no text.
    pub fn is_empty(&self) -> bool {
        self.0 == [0; N_WORDS]
    }

    /// Whether the texts share nine shingles in ten or more, as far as their
    /// sketches say.
    pub fn is_like(&self, other: &Sketch) -> bool {
        let (same, filled) = self.agreement(other);
        filled > 0 && same * ALIKE.1 >= filled * ALIKE.0
    }

    /// How many of the bins that either fills are the same in both, and how
    /// many there are.
    fn agreement(&self, other: &Sketch) -> (u32, u32) {
        let (mut same, mut empty) = (0, 0);
        for (a, b) in self.0.iter().zip(&other.0) {
            same += zero_bins(a ^ b);
            empty += zero_bins(a | b);
        }
        (same - empty, N_BINS as u32 - empty)
    }

    /// Some of its bins, by which candidates are found.
    pub fn band(&self, number: usize) -> u64 {
        let bits = BINS_PER_BAND * BIN_BITS;
        let per_word = 64 / bits;
        self.0[number / per_word] >> (number % per_word * bits) & ((1 << bits) - 1)
    }

    fn n_filled(&self) -> u32 {
        N_BINS as u32 - self.0.iter().map(|word| zero_bins(*word)).sum::<u32>()
    }
}

fn zero_bins(word: u64) -> u32 {
    let any = word | word >> 2;
    let any = any | any >> 1;
    BINS_PER_WORD as u32 - (any & LOW).count_ones()
}

fn shingle(words: &[u64; SHINGLE_WORDS]) -> u64 {
    // Odd constants of xxHash and SplitMix64; the turns keep the order of words.
    let mut hash = 0u64;
    for word in words {
        hash = (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b1_85eb_ca87);
    }
    hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash ^ hash >> 31
}

/// Chinese characters and Japanese syllables.
fn is_ideographic(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A text of `n` words, of which every `every`th is of its own kind.
    fn text(n: usize, every: usize, kind: &str) -> String {
        let word = |at: usize| match at % every {
            0 => format!("{kind}{at}"),
            _ => format!("word{at}"),
        };
        (1..=n).map(word).collect::<Vec<_>>().join(" ")
    }

    fn likeness(a: &str, b: &str) -> f64 {
        let shingles = |text: &str| -> HashSet<String> {
            let words: Vec<&str> = text.split(' ').collect();
            words
                .windows(SHINGLE_WORDS)
                .map(|words| words.join(" "))
                .collect()
        };
        let (a, b) = (shingles(a), shingles(b));
        a.intersection(&b).count() as f64 / a.union(&b).count() as f64
    }

    #[test]
    fn alike_is_nine_shingles_in_ten() {
        for n in [80, 200, 500, 1500] {
            for (every, is_alike) in [(10_000, true), (90, true), (25, false), (10, false)] {
                let (a, b) = (text(n, every, "a"), text(n, every, "b"));
                let exact = likeness(&a, &b);
                assert_eq!(
                    Sketch::of(&a).is_like(&Sketch::of(&b)),
                    is_alike,
                    "{n} words, one in {every} differs: {exact}"
                );
            }
        }
    }

    #[test]
    fn the_estimate_keeps_to_its_standard_error() {
        let (mut n_off, mut n) = (0, 0);
        for seed in 0..400 {
            let (a, b) = (
                text(600, 60, &format!("a{seed}x")),
                text(600, 60, &format!("b{seed}x")),
            );
            let (same, filled) = Sketch::of(&a).agreement(&Sketch::of(&b));
            let estimate = (f64::from(same) / f64::from(filled) - 1.0 / 15.0) * 15.0 / 14.0;
            n_off += usize::from((estimate - likeness(&a, &b)).abs() > 2.0 * 0.028);
            n += 1;
        }
        assert!(
            n_off * 20 < n * 2,
            "{n_off} of {n} are off by two standard errors"
        );
    }

    #[test]
    fn alike_sketches_share_a_band() {
        let mut n_alike = 0;
        for every in 20..200 {
            let (a, b) = (text(400, every, "a"), text(400, every, "b"));
            let (a, b) = (Sketch::of(&a), Sketch::of(&b));
            if a.is_like(&b) {
                n_alike += 1;
                assert!((0..Sketch::BANDS).any(|band| a.band(band) == b.band(band)));
            }
        }
        assert!(n_alike > 50);
    }

    #[test]
    fn a_short_text_is_like_none() {
        let short = Sketch::of("we are hiring apply now by mail");
        assert!(short.is_empty());
        assert!(!short.is_like(&short));
        assert!(Sketch::of(&"apply now ".repeat(500)).is_empty());
    }

    #[test]
    fn characters_are_words_where_words_are_not_set_apart() {
        let text: String = ('\u{4e00}'..'\u{4e80}').collect();
        assert!(!Sketch::of(&text).is_empty());
        let turned: String = text.chars().rev().collect();
        assert!(!Sketch::of(&text).is_like(&Sketch::of(&turned)));
    }
}
