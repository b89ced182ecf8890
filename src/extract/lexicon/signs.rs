//! The letters outside ASCII that forms begin with, and where a walk is after each: most
//! Chinese signs begin none.

use super::Entry;
use super::fold;
use super::trie::{Place, Trie};

/// A set of codes up to 2^16, each with its place.
#[derive(Debug, Clone)]
pub(super) struct Signs {
    /// A bit for each code.
    bits: Vec<u64>,
    /// How many codes there are before each word of those.
    before: Vec<u16>,
    /// In the order of the codes.
    places: Vec<Place>,
}

impl Signs {
    /// Of the letters that forms of a trie begin with.
    pub(super) fn new(mut codes: Vec<u16>, trie: &Trie<Entry>) -> Signs {
        codes.sort_unstable();
        codes.dedup();
        let mut bits = vec![0; (1 << 16) / 64];
        for code in &codes {
            bits[usize::from(*code) / 64] |= 1 << (code % 64);
        }
        let mut n = 0;
        let before = bits.iter().map(|bits: &u64| {
            let before = n;
            n += bits.count_ones() as u16;
            before
        });
        let place = |code: &u16| {
            let mut letters = fold::escaped_code(u32::from(*code)).into_iter();
            letters.try_fold(Place::default(), |place, letter| trie.step(place, letter))
        };
        Signs {
            before: before.collect(),
            bits,
            places: codes
                .iter()
                .map(|code| place(code).expect("every form is in the trie"))
                .collect(),
        }
    }

    /// The place after a code, if it is one of them.
    #[inline]
    pub(super) fn after(&self, code: u16) -> Option<Place> {
        let (word, bit) = (usize::from(code) / 64, 1 << (code % 64));
        let bits = self.bits[word];
        if bits & bit == 0 {
            return None;
        }
        let no = u32::from(self.before[word]) + (bits & (bit - 1)).count_ones();
        Some(self.places[no as usize])
    }

    /// All codes, in order.
    pub(super) fn codes(&self) -> impl Iterator<Item = u16> {
        (0..=u16::MAX).filter(|code| self.after(*code).is_some())
    }

    /// How much memory it holds.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
            + self.before.len() * size_of::<u16>()
            + self.places.len() * size_of::<Place>()
    }
}
