//! The words that forms begin with, and where a walk is after them: most walks
//! begin, and end, with a word that is found here at once.
//!
//! A word is what stands before a form's first seam or sign; a form written in
//! one ("rubyonrails") begins with all its words that no sign parts. Words with
//! digits are left to the walk.

use crate::skills::flat::{Reader, Writer};

use super::Entry;
use super::fold::{self, Symbol};
use super::trie::{Place, Squashed, Trie, halves, seam, whole};

/// The hash of a word of small letters, made of eight letters at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WordHash(u64);

impl WordHash {
    /// Of no letters; what it is, no eight letters are.
    pub(crate) const EMPTY: WordHash = WordHash(0x51);

    /// Goes on with one to eight letters: the first in the lowest byte, zeros
    /// after the last.
    ///
    /// Multiplied with 2^64 over the golden ratio: words of up to eight letters
    /// all differ, and of two longer ones an accident is one in 10^9 taxonomies.
    #[inline]
    pub(crate) fn add(self, letters: u64) -> WordHash {
        let mixed = (self.0 ^ letters).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        WordHash(mixed ^ (mixed >> 32))
    }
}

/// How a walk from a word may begin, in one number: none, letter by letter, or
/// from a [`Start`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening(u32);

/// What an [`Opening`] says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Begin<'a> {
    /// Nothing begins with this word.
    Nothing,
    /// Letter by letter: a version, other letters, a form that begins with a sign.
    Letters,
    /// The word is known.
    Word(&'a Start),
    /// The word is not known, but is without its plural s.
    Plural(&'a Start),
}

impl Opening {
    pub(crate) const NOTHING: Opening = Opening(u32::MAX);
    pub(crate) const LETTERS: Opening = Opening(u32::MAX - 1);
    const PLURAL: u32 = 1 << 31;
}

/// Where a walk is after a word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Start {
    /// The letters that may follow, as bits.
    pub(crate) next: u64,
    pub(crate) place: Place,
    /// The word's number among the words of patterns; 0 for none.
    pub(crate) word: u16,
    pub(crate) n_letters: u8,
    /// Whether something ends with the word but a word of patterns.
    pub(crate) ends: bool,
    /// The word without a plural s, if something ends with that; else 0.
    singular: u32,
}

impl Start {
    fn row(&self) -> [u32; 7] {
        let rest =
            u32::from(self.word) | u32::from(self.n_letters) << 16 | u32::from(self.ends) << 24;
        let ([low, high], [node, at, end]) = (halves(self.next), self.place.row());
        [low, high, node, at, end, rest, self.singular]
    }

    fn from_row([low, high, node, at, end, rest, singular]: [u32; 7]) -> Start {
        Start {
            next: whole(low, high),
            place: Place::from_row([node, at, end]),
            word: rest as u16,
            n_letters: (rest >> 16) as u8,
            ends: rest >> 24 != 0,
            singular,
        }
    }

    /// Whether anything at all ends with the word.
    fn is_form(&self) -> bool {
        self.ends || self.word != 0
    }
}

/// All words that forms begin with.
#[derive(Debug, Clone)]
pub(crate) struct Openings {
    /// An open hash table, a power of two long and at most three quarters
    /// full: hashes of words, 0 for a free slot.
    hashes: Vec<u64>,
    /// For each slot its place in `starts`.
    slots: Vec<u32>,
    /// The first one is no word.
    starts: Vec<Start>,
}

impl Openings {
    pub(crate) fn new<'a>(
        forms: impl Iterator<Item = &'a Squashed>,
        trie: &Trie<Entry>,
    ) -> Openings {
        let mut found: Vec<(WordHash, WordHash, Start)> = Vec::new();
        for form in forms {
            each_beginning(form, trie, |start, hash, singular| {
                found.push((hash, singular, start))
            });
        }
        found.sort_unstable_by_key(|(hash, ..)| *hash);
        found.dedup_by_key(|(hash, ..)| *hash);
        let mut openings = Openings {
            hashes: vec![0; (found.len() * 4 / 3 + 1).next_power_of_two()],
            slots: vec![],
            starts: vec![Start::default()],
        };
        openings.slots = vec![0; openings.hashes.len()];
        for (hash, _, start) in &found {
            let slot = openings.slot(*hash);
            openings.hashes[slot] = hash.0;
            openings.slots[slot] = openings.starts.len() as u32;
            openings.starts.push(*start);
        }
        for (at, (_, singular, _)) in found.iter().enumerate() {
            let singular = openings.get(*singular);
            if openings.starts[singular as usize].is_form() {
                openings.starts[at + 1].singular = singular;
            }
        }
        openings
    }

    /// The slot of a word, or the free one it would have.
    #[inline]
    fn slot(&self, hash: WordHash) -> usize {
        let last = self.hashes.len() - 1;
        let mut at = hash.0 as usize & last;
        while self.hashes[at] != hash.0 && self.hashes[at] != 0 {
            at = (at + 1) & last;
        }
        at
    }

    /// The start of a word; 0 if it is none.
    #[inline]
    fn get(&self, hash: WordHash) -> u32 {
        let slot = self.slot(hash);
        if self.hashes[slot] == 0 {
            0
        } else {
            self.slots[slot]
        }
    }

    /// How to begin a walk from a word; also what it is without its last
    /// letter, if that is an s.
    #[inline]
    pub(crate) fn look_up(&self, word: WordHash, singular: Option<WordHash>) -> Opening {
        match self.get(word) {
            0 => match singular.map_or(0, |word| self.get(word)) {
                known if self.starts[known as usize].is_form() => Opening(known | Opening::PLURAL),
                _ => Opening::NOTHING,
            },
            known => Opening(known),
        }
    }

    /// What an opening says.
    #[inline]
    pub(crate) fn begin(&self, opening: Opening) -> Begin<'_> {
        match opening {
            Opening::NOTHING => Begin::Nothing,
            Opening::LETTERS => Begin::Letters,
            Opening(at) if at & Opening::PLURAL != 0 => {
                Begin::Plural(&self.starts[(at & !Opening::PLURAL) as usize])
            }
            Opening(at) => Begin::Word(&self.starts[at as usize]),
        }
    }

    /// The word without its plural s, if something ends with that.
    #[inline]
    pub(crate) fn singular(&self, start: &Start) -> Option<&Start> {
        (start.singular != 0).then(|| &self.starts[start.singular as usize])
    }

    /// Writes the words into a table.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.rows(self.hashes.iter().map(|hash| halves(*hash)));
        to.rows(self.slots.iter().map(|slot| [*slot]));
        to.rows(self.starts.iter().map(Start::row));
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>) -> Openings {
        Openings {
            hashes: from.rows().map(|[low, high]| whole(low, high)).collect(),
            slots: from.rows().map(|[slot]| slot).collect(),
            starts: from.rows().map(Start::from_row).collect(),
        }
    }

    /// How much memory it holds.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.hashes.len() * (size_of::<u64>() + size_of::<u32>())
            + self.starts.len() * size_of::<Start>()
    }
}

/// Calls `found` with the words a form begins with, their hashes, and the
/// hashes without the last letter (if that is an s; else none of a word).
fn each_beginning(
    form: &Squashed,
    trie: &Trie<Entry>,
    mut found: impl FnMut(Start, WordHash, WordHash),
) {
    let mut place = Place::default();
    // The hash of the whole eights before, and up to eight letters after them.
    let (mut eights, mut letters, mut n) = (WordHash::EMPTY, 0u64, 0);
    for at in 0..=form.letters.len().min(usize::from(u8::MAX)) {
        let letter = form.letters.get(at).copied();
        let parted = at >= 64 || form.seams & seam(at) != 0;
        if at > 0 && (parted || !letter.is_some_and(fold::is_word)) {
            let singular = match n {
                _ if form.letters[at - 1] != fold::symbol(b's') => WordHash::EMPTY,
                1 => eights,
                _ => eights.add(letters & !(0xff << (n * 8 - 8))),
            };
            found(start(trie, place, at), eights.add(letters), singular);
        }
        let Some(letter) = letter.filter(|letter| is_letter(*letter)) else {
            return;
        };
        place = trie.step(place, letter).expect("every form is in the trie");
        if n == 8 {
            (eights, letters, n) = (eights.add(letters), 0, 0);
        }
        letters |= u64::from(b'a' + letter - fold::symbol(b'a')) << (n * 8);
        n += 1;
    }
}

fn start(trie: &Trie<Entry>, place: Place, n_letters: usize) -> Start {
    let values = trie.end(place).map_or(&[][..], |node| trie.values(node));
    let mut word = 0;
    let mut ends = false;
    for (_, entry) in values {
        match entry {
            Entry::Word(no) => word = *no,
            _ => ends = true,
        }
    }
    let n_letters = n_letters as u8;
    Start {
        next: trie.letters_after(place),
        place,
        word,
        n_letters,
        ends,
        singular: 0,
    }
}

fn is_letter(symbol: Symbol) -> bool {
    (fold::symbol(b'a')..=fold::symbol(b'z')).contains(&symbol)
}
