//! Which words may come after which: whether a walk goes on after a word and a
//! blank, told by the first letters of the next word.
//!
//! A Bloom filter with one hash: it is wrong about one pair in twenty, and the
//! walk finds out; it never denies a pair that some form has.

use crate::skills::flat::{Reader, Writer};

use super::fold;
use super::trie::{Squashed, halves, seam, whole};

/// How many letters of the next word count.
pub(crate) const N_LETTERS: usize = 4;

/// Bits for a pair.
const ROOM: usize = 16;

/// 2^64 over the golden ratio: to multiply with it spreads what was close.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The pairs of an opening and the first letters of the word after it.
#[derive(Debug, Clone)]
pub(crate) struct Sequels {
    /// A power of two of them.
    bits: Vec<u64>,
    /// How far to the right the hash of a pair is moved to be the number of its bit.
    shift: u32,
}

impl Sequels {
    /// Makes the filter of some pairs.
    pub(crate) fn new(pairs: impl ExactSizeIterator<Item = (u32, u32)>) -> Sequels {
        let n_bits = (pairs.len() * ROOM).next_power_of_two().max(64);
        let mut sequels = Sequels::empty(vec![0; n_bits / 64]);
        for (opening, letters) in pairs {
            let bit = sequels.bit(opening, letters);
            sequels.bits[bit / 64] |= 1 << (bit % 64);
        }
        sequels
    }

    fn empty(bits: Vec<u64>) -> Sequels {
        let shift = 64 - (bits.len() * 64).trailing_zeros();
        Sequels { bits, shift }
    }

    #[inline(always)]
    fn bit(&self, opening: u32, letters: u32) -> usize {
        let pair = u64::from(opening) << 32 | u64::from(letters);
        let mixed = pair ^ (pair >> 29);
        (mixed.wrapping_mul(MIX) >> self.shift) as usize
    }

    /// Whether a word that begins with these letters may follow an opening; both
    /// as [`each`] has them.
    #[inline(always)]
    pub(crate) fn may_follow(&self, opening: u32, letters: u32) -> bool {
        let bit = self.bit(opening, letters);
        self.bits[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// Writes the filter into a table.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.rows(self.bits.iter().map(|bits| halves(*bits)));
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>) -> Sequels {
        Sequels::empty(from.rows().map(|[low, high]| whole(low, high)).collect())
    }

    /// How much memory it holds.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }
}

/// A bit for the first letters of a word, as [`each`] has them. An opening keeps
/// the bits of all that may follow it: what has none of them does not, which
/// is told without a look at [`Sequels`] for most words after most openings.
#[inline(always)]
pub(crate) fn glance(letters: u32) -> u32 {
    const MIX: u32 = 0x9e37_79b9;
    1 << (letters.wrapping_mul(MIX) >> 27)
}

/// Calls `found` with each way in which a word can begin that goes on with a
/// form after its first `at` letters: up to [`N_LETTERS`] small letters, the
/// first in the lowest byte, zeros after the last.
pub(crate) fn each(form: &Squashed, at: usize, mut found: impl FnMut(u32)) {
    let mut letters = 0;
    for n in 0..N_LETTERS {
        let Some(letter) = form
            .letters
            .get(at + n)
            .filter(|letter| fold::is_letter(**letter))
        else {
            return;
        };
        let letter = b'a' + letter - fold::symbol(b'a');
        letters |= u32::from(letter) << (n * 8);
        let end = at + n + 1;
        let parted = end >= 64 || form.seams & seam(end) != 0;
        let next = form.letters.get(end);
        if n + 1 == N_LETTERS || parted || !next.is_some_and(|next| fold::is_letter(*next)) {
            found(letters);
        }
        if n + 1 < N_LETTERS && next.is_none() {
            found(letters | u32::from(b's') << (n * 8 + 8));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginnings(form: &str, at: usize) -> Vec<String> {
        let mut all = Vec::new();
        each(&Squashed::new(form).unwrap(), at, |letters| {
            let letters = letters.to_le_bytes().map(char::from);
            all.push(letters.iter().filter(|c| **c != '\0').collect());
        });
        all
    }

    #[test]
    fn a_word_goes_on_to_a_seam_a_sign_or_the_end() {
        assert_eq!(beginnings("ruby on rails", 4), ["on", "onra"]);
        assert_eq!(beginnings("big data", 3), ["data"]);
        assert_eq!(beginnings("visual c++", 6), ["c"]);
        assert_eq!(beginnings("ms sql", 2), ["sql", "sqls"]);
        assert!(beginnings("web 2.0", 3).is_empty());
    }

    #[test]
    fn no_pair_is_denied_and_few_others_are_let_by() {
        let pairs: Vec<(u32, u32)> = (0..3000u32)
            .map(|n| (n.wrapping_mul(0x9e37_79b9), n * n))
            .collect();
        let sequels = Sequels::new(pairs.iter().copied());
        assert!(pairs.iter().all(|(a, b)| sequels.may_follow(*a, *b)));
        let others = pairs.iter().filter(|(a, b)| sequels.may_follow(*a, *b + 1));
        assert!(others.count() < pairs.len() / 10);
    }
}
