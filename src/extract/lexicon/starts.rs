//! Where a walk is after each word, or each row of words, that forms begin with, in a
//! perfect hash table.

use crate::skills::flat::{Reader, Writer};

use super::Entry;
use super::rows::Row;
use super::trie::{Place, Trie, Values, halves, whole};

/// The hash of a word of small letters, made of eight letters at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordHash(u64);

impl WordHash {
    /// Of no letters; what it is, no eight letters are.
    pub(crate) const EMPTY: WordHash = WordHash(0x51);

    /// Of a word of small ASCII letters.
    pub(crate) const fn of(word: &[u8]) -> WordHash {
        let mut hash = WordHash::EMPTY;
        let mut at = 0;
        while at < word.len() {
            let (mut letters, mut n) = (0, 0);
            while n < 8 && at < word.len() {
                letters |= (word[at] as u64) << (n * 8);
                (at, n) = (at + 1, n + 1);
            }
            hash = hash.add(letters);
        }
        hash
    }

    /// Of a row of words and the one after it, of which only the [`Self::check`]s are known.
    #[inline(always)]
    pub(super) const fn after(row: u32, word: u32) -> WordHash {
        WordHash((row as u64) << 32 | word as u64).add(0)
    }

    /// Goes on with one to eight letters: the first in the lowest byte, zeros
    /// after the last.
    #[inline(always)]
    pub(crate) const fn add(self, letters: u64) -> WordHash {
        let mixed = (self.0 ^ letters).wrapping_mul(MIX);
        WordHash(mixed ^ (mixed >> 32))
    }

    /// What tells a word, or a row, from others that have its slot: to be taken for a known one
    /// is an accident of one in 10^9. Zero for [`Self::EMPTY`].
    #[inline(always)]
    pub(crate) const fn check(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// 2^64 over the golden ratio: to multiply with it spreads what was close.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Maps a number of 32 evenly spread bits to one below `n`.
#[inline(always)]
fn share(number: u32, n: usize) -> usize {
    ((u64::from(number) * n as u64) >> 32) as usize
}

/// A place among the openings, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(u32);

/// Where a walk is after a row of words. Half a cache line: a text touches thousands.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
pub(crate) struct Start {
    /// The letters that may follow, as bits.
    pub(crate) next: u64,
    /// More of the hash.
    check: u32,
    node: u32,
    values: u32,
    /// The word without a plural s, if something ends with that; else [`NONE`].
    singular: u32,
    /// The words that may follow, as [`glance`](super::rows::glance) has them.
    after: u32,
    /// The word's number among the words of patterns; 0 for none.
    pub(crate) word: u16,
    /// How many values there are, [`Start::QUIET`] and [`Start::LONG`].
    n_values: u8,
    /// How many letters are still to be passed on the way to the node.
    n_left: u8,
}

const _: () = assert!(size_of::<Start>() == 32);

/// In place of a slot.
const NONE: u32 = u32::MAX;

impl Start {
    /// Nothing ends with the word, or with what is left of it without a plural
    /// s, but words of patterns, of which it is one itself if the other is.
    const QUIET: u8 = 0x80;
    /// A form begins so of which no rows are kept, see [`each_row`](super::rows::each_row).
    const LONG: u8 = 0x40;
    const FLAGS: u8 = Self::QUIET | Self::LONG;

    fn new(trie: &Trie<Entry>, place: Place, hash: WordHash) -> Start {
        let ending = trie.end(place).unwrap_or_default();
        let entries = || trie.values(ending, 0);
        let word = |entry| {
            if let Entry::Word(no) = entry {
                Some(no)
            } else {
                None
            }
        };
        let (node, n_left) = trie.node(place);
        let (values, _) = ending.row();
        // The words of patterns come last, and `word` says it of this one.
        let n_values = entries().take_while(|entry| word(*entry).is_none()).count();
        // A taxonomy in which more share one is refused, but for letters that only the trie
        // takes for the same.
        let n_values = n_values.min(usize::from(Self::LONG) - 1);
        Start {
            next: trie.letters_after(place),
            check: hash.check(),
            node,
            values,
            singular: NONE,
            after: 0,
            word: entries().filter_map(word).last().unwrap_or(0),
            n_values: n_values as u8,
            n_left: n_left as u8,
        }
    }

    /// What ends with the word, but for a word of patterns, which [`Start::word`] is.
    #[inline(always)]
    pub(crate) fn values(&self) -> Option<Values> {
        let n = self.n_values & !Self::FLAGS;
        (n > 0).then(|| Values::from_row((self.values, u32::from(n))))
    }

    /// Whether a word that ends here is a word of patterns at most.
    #[inline(always)]
    pub(crate) fn is_quiet(&self) -> bool {
        self.n_values & Self::QUIET != 0
    }

    /// Whether a word with one of some bits may follow.
    #[inline(always)]
    pub(super) fn may_lead_to(&self, glance: u32) -> bool {
        self.after & glance != 0
    }

    /// See [`WordHash::after`].
    #[inline(always)]
    pub(super) fn check(&self) -> u32 {
        self.check
    }

    /// Whether something ends with the word without a plural s.
    #[inline(always)]
    pub(crate) fn has_singular(&self) -> bool {
        self.singular != NONE
    }

    /// Whether a longer form may be found letter by letter alone.
    #[inline(always)]
    pub(crate) fn is_long(&self) -> bool {
        self.n_values & Self::LONG != 0
    }

    /// Where a walk is after the word.
    #[inline(always)]
    pub(crate) fn place(&self, trie: &Trie<Entry>) -> Place {
        trie.place(self.node, self.n_left)
    }

    /// Whether anything at all ends with the word.
    #[inline]
    pub(super) fn is_form(&self) -> bool {
        self.n_values & !Self::FLAGS != 0 || self.word != 0
    }

    fn row(&self) -> [u32; 8] {
        let [low, high] = halves(self.next);
        let [n_values, n_left] = [self.n_values, self.n_left].map(u32::from);
        let rest = u32::from(self.word) | n_values << 16 | n_left << 24;
        [
            low,
            high,
            self.check,
            self.node,
            self.values,
            self.singular,
            rest,
            self.after,
        ]
    }

    fn from_row([low, high, check, node, values, singular, rest, after]: [u32; 8]) -> Start {
        Start {
            next: whole(low, high),
            check,
            node,
            values,
            singular,
            after,
            word: rest as u16,
            n_values: (rest >> 16) as u8,
            n_left: (rest >> 24) as u8,
        }
    }
}

/// A place for each of some words, or rows of words.
///
/// Each has one slot and no other. Its group, which is a matter of its hash, says
/// how far it is displaced; that was so chosen that all words of the group have free slots.
#[derive(Debug, Clone)]
pub(crate) struct Starts {
    displacements: Vec<u16>,
    /// Half of what [`Start::check`] says, per slot: most of the words that are
    /// none are told by it, and it has room in the cache of a processor's core.
    marks: Vec<u16>,
    /// One in nine is free.
    slots: Vec<Start>,
}

/// [`Starts::marks`] of some slots.
fn marks(slots: &[Start]) -> Vec<u16> {
    slots.iter().map(|start| start.check as u16).collect()
}

/// Words to a group, on average.
const GROUP: usize = 4;

impl Starts {
    /// Of some rows, each once.
    pub(super) fn new<'a>(
        rows: impl Iterator<Item = &'a Row> + Clone,
        trie: &Trie<Entry>,
    ) -> Starts {
        let n = rows.clone().count();
        let mut starts = Starts {
            displacements: vec![0; n / GROUP + 1],
            marks: Vec::new(),
            slots: vec![Start::default(); n * 9 / 8 + 1],
        };
        starts.displace(rows.clone().map(|row| row.hash));
        for row in rows.clone() {
            *starts.at(row.hash) = Start::new(trie, row.place, row.hash);
        }
        starts.marks = marks(&starts.slots);
        for row in rows {
            if let Some(singular) = starts.form(row.singular) {
                starts.at(row.hash).singular = singular;
            }
        }
        for slot in 0..starts.slots.len() {
            let start = starts.slots[slot];
            let silent = |singular: &Start| singular.values().is_none() && start.word != 0;
            if start.values().is_none() && starts.singular(&start).is_none_or(silent) {
                starts.slots[slot].n_values |= Start::QUIET;
            }
        }
        starts
    }

    fn at(&mut self, word: WordHash) -> &mut Start {
        let slot = self.slot(word);
        &mut self.slots[slot]
    }

    /// Notes that words may follow one.
    pub(super) fn lead_to(&mut self, word: WordHash, glance: u32) {
        self.at(word).after |= glance;
    }

    /// Notes that a form begins with a word of which no rows are kept.
    pub(super) fn be_long(&mut self, word: WordHash) {
        self.at(word).n_values |= Start::LONG;
    }

    /// What stands in a slot.
    #[inline(always)]
    pub(super) fn get(&self, slot: u32) -> &Start {
        &self.slots[slot as usize]
    }

    /// Where a walk is after a word that is one most of the time.
    #[inline(always)]
    pub(super) fn find(&self, word: WordHash) -> Option<&Start> {
        let start = &self.slots[self.slot(word)];
        (start.check == word.check()).then_some(start)
    }

    /// Chooses the displacements, for the largest groups first.
    fn displace(&mut self, words: impl Iterator<Item = WordHash>) {
        let mut groups: Vec<Vec<WordHash>> = vec![Vec::new(); self.displacements.len()];
        words.for_each(|word| groups[self.group(word)].push(word));
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|group| std::cmp::Reverse(groups[*group].len()));
        let mut taken = vec![false; self.slots.len()];
        for group in order {
            let fits = |displacement: &u16| {
                self.displacements[group] = *displacement;
                let mut slots: Vec<usize> =
                    groups[group].iter().map(|word| self.slot(*word)).collect();
                slots.sort_unstable();
                slots.windows(2).all(|pair| pair[0] != pair[1])
                    && slots.iter().all(|slot| !taken[*slot])
            };
            (0..=u16::MAX)
                .find(fits)
                .expect("there are free slots enough");
            groups[group]
                .iter()
                .for_each(|word| taken[self.slot(*word)] = true);
        }
    }

    #[inline(always)]
    fn group(&self, word: WordHash) -> usize {
        share(word.0 as u32, self.displacements.len())
    }

    /// The slot of a word, if it is one.
    #[inline(always)]
    fn slot(&self, word: WordHash) -> usize {
        let displacement = u64::from(self.displacements[self.group(word)]);
        let displaced = (word.0 >> 8 ^ displacement.wrapping_mul(MIX)).wrapping_mul(MIX);
        share((displaced >> 32) as u32, self.slots.len())
    }

    /// The slot of a word that a walk can begin with, or rarely of another one.
    #[inline(always)]
    pub(super) fn likely(&self, word: WordHash) -> Slot {
        let slot = self.slot(word);
        if self.marks[slot] == word.check() as u16 {
            Slot(slot as u32)
        } else {
            Slot(NONE)
        }
    }

    /// The number of a slot, if it is that of a word.
    #[inline(always)]
    pub(super) fn surely(&self, word: WordHash, slot: Slot) -> Option<u32> {
        let start = self.slots.get(slot.0 as usize)?;
        (start.check == word.check()).then_some(slot.0)
    }

    /// The slot of a word that is a whole form.
    #[inline]
    pub(super) fn form(&self, word: WordHash) -> Option<u32> {
        self.surely(word, self.likely(word))
            .filter(|slot| self.slots[*slot as usize].is_form())
    }

    /// The word without its plural s, if something ends with that.
    #[inline(always)]
    pub(super) fn singular(&self, start: &Start) -> Option<&Start> {
        start.has_singular().then(|| self.get(start.singular))
    }

    /// Writes the words into a table.
    pub(super) fn write(&self, to: &mut Writer) {
        to.rows(self.displacements.iter().map(|far| [u32::from(*far)]));
        to.rows(self.slots.iter().map(Start::row));
    }

    /// Reads what [`Self::write`] wrote.
    pub(super) fn read(from: &mut Reader<'_>) -> Starts {
        let displacements = from.rows().map(|[far]| far as u16).collect();
        let slots: Vec<Start> = from.rows().map(Start::from_row).collect();
        Starts {
            displacements,
            marks: marks(&slots),
            slots,
        }
    }

    /// How much memory it holds.
    pub(super) fn memory_bytes(&self) -> usize {
        (self.displacements.len() + self.marks.len()) * size_of::<u16>()
            + self.slots.len() * size_of::<Start>()
    }
}
