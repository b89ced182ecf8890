//! The words that forms begin with, and where a walk is after them: most walks
//! begin, and end, with a word that is found here at once.
//!
//! A word is what stands before a form's first seam or sign; a form written in
//! one ("rubyonrails") begins with all its words that no sign parts. Words with
//! digits are left to the walk.

use crate::skills::flat::{Reader, Writer};

use super::Entry;
use super::fold;
use super::sequels::{self, Sequels};
use super::trie::{Place, Squashed, Trie, Values, halves, seam, whole};

/// The hash of a word of small letters, made of eight letters at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WordHash(u64);

impl WordHash {
    /// Of no letters; what it is, no eight letters are.
    pub(crate) const EMPTY: WordHash = WordHash(0x51);

    /// Goes on with one to eight letters: the first in the lowest byte, zeros
    /// after the last.
    ///
    #[inline(always)]
    pub(crate) fn add(self, letters: u64) -> WordHash {
        let mixed = (self.0 ^ letters).wrapping_mul(MIX);
        WordHash(mixed ^ (mixed >> 32))
    }

    /// What tells a word from others that have its slot: to be taken for a
    /// known one is an accident of one word in 10^9.
    #[inline(always)]
    fn check(self) -> u32 {
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

/// A word of more letters is none.
pub(crate) const MOST_LETTERS: usize = u8::MAX as usize;

/// How a walk from a word may begin, in one number: none, letter by letter, or
/// from a [`Start`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening(u32);

/// A place among the openings, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot(u32);

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

/// Where a walk is after a word. Half a cache line: a text touches thousands.
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
    /// The words that may follow after a blank, as [`sequels::glance`] has them.
    after: u32,
    /// The word's number among the words of patterns; 0 for none.
    pub(crate) word: u16,
    /// How many values there are, and [`Start::QUIET`].
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
        assert!(
            n_values < usize::from(Self::QUIET),
            "few skills share a word"
        );
        Start {
            next: trie.letters_after(place),
            check: hash.check(),
            node,
            values,
            singular: NONE,
            after: 0,
            word: entries().filter_map(word).last().unwrap_or(0),
            n_values: n_values as u8,
            n_left: u8::try_from(n_left).expect("no form has so many letters"),
        }
    }

    /// What ends with the word, but for a word of patterns, which [`Start::word`] is.
    #[inline(always)]
    pub(crate) fn values(&self) -> Option<Values> {
        let n = self.n_values & !Self::QUIET;
        (n > 0).then(|| Values::from_row((self.values, u32::from(n))))
    }

    /// Whether a word that ends here is a word of patterns at most.
    #[inline(always)]
    pub(crate) fn is_quiet(&self) -> bool {
        self.n_values & Self::QUIET != 0
    }

    /// Where a walk is after the word.
    #[inline(always)]
    pub(crate) fn place(&self, trie: &Trie<Entry>) -> Place {
        trie.place(self.node, self.n_left)
    }

    /// Whether anything at all ends with the word.
    fn is_form(&self) -> bool {
        self.n_values & !Self::QUIET != 0 || self.word != 0
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

/// All words that forms begin with.
///
/// A perfect hash table: a word has one slot and no other. Its group, which is
/// a matter of its hash, says how far it is displaced; that was so chosen that
/// all words of the group have free slots.
#[derive(Debug, Clone)]
pub(crate) struct Openings {
    displacements: Vec<u16>,
    /// Half of what [`Start::check`] says, per slot: most of the words that are
    /// none are told by it, and it has room in the cache of a processor's core.
    marks: Vec<u16>,
    /// One in nine is free.
    slots: Vec<Start>,
    sequels: Sequels,
}

/// [`Openings::marks`] of some slots.
fn marks(slots: &[Start]) -> Vec<u16> {
    slots.iter().map(|start| start.check as u16).collect()
}

/// Words to a group, on average.
const GROUP: usize = 4;

impl Openings {
    pub(crate) fn new<'a>(
        forms: impl Iterator<Item = &'a Squashed>,
        trie: &Trie<Entry>,
    ) -> Openings {
        let mut found: Vec<(WordHash, WordHash, Place)> = Vec::new();
        let mut pairs = Vec::new();
        for form in forms {
            each_beginning(form, trie, |at, place, hash, singular| {
                found.push((hash, singular, place));
                sequels::each(form, at, |letters| pairs.push((hash, letters)));
            });
        }
        pairs.sort_unstable();
        pairs.dedup();
        found.sort_unstable_by_key(|(hash, ..)| *hash);
        found.dedup_by_key(|(hash, ..)| *hash);
        let mut openings = Openings {
            displacements: vec![0; found.len() / GROUP + 1],
            marks: Vec::new(),
            slots: vec![Start::default(); found.len() * 9 / 8 + 1],
            sequels: Sequels::new(pairs.iter().map(|(hash, letters)| (hash.check(), *letters))),
        };
        openings.displace(found.iter().map(|(hash, ..)| *hash));
        for (hash, _, place) in &found {
            let slot = openings.slot(*hash);
            openings.slots[slot] = Start::new(trie, *place, *hash);
        }
        openings.marks = marks(&openings.slots);
        for (hash, letters) in pairs {
            let slot = openings.slot(hash);
            openings.slots[slot].after |= sequels::glance(letters);
        }
        for (hash, singular, _) in &found {
            if let Some(singular) = openings.form(*singular) {
                let slot = openings.slot(*hash);
                openings.slots[slot].singular = singular;
            }
        }
        for slot in 0..openings.slots.len() {
            let start = openings.slots[slot];
            let silent = |singular: &Start| singular.values().is_none() && start.word != 0;
            if start.values().is_none() && openings.singular(&start).is_none_or(silent) {
                openings.slots[slot].n_values |= Start::QUIET;
            }
        }
        openings
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
    pub(crate) fn likely(&self, word: WordHash) -> Slot {
        let slot = self.slot(word);
        if self.marks[slot] == word.check() as u16 {
            Slot(slot as u32)
        } else {
            Slot(NONE)
        }
    }

    /// The number of a slot, if it is that of a word.
    #[inline(always)]
    fn surely(&self, word: WordHash, slot: Slot) -> Option<u32> {
        let start = self.slots.get(slot.0 as usize)?;
        (start.check == word.check()).then_some(slot.0)
    }

    /// The slot of a word that is a whole form.
    #[inline]
    fn form(&self, word: WordHash) -> Option<u32> {
        self.surely(word, self.likely(word))
            .filter(|slot| self.slots[*slot as usize].is_form())
    }

    /// How to begin a walk from a word whose slot is likely that one; `singular`
    /// is the word without its last letter, if that is an s.
    #[inline(always)]
    pub(crate) fn look_up(
        &self,
        word: WordHash,
        slot: Slot,
        singular: impl FnOnce() -> Option<WordHash>,
    ) -> Opening {
        match self.surely(word, slot) {
            Some(slot) => Opening(slot),
            None => match singular().and_then(|word| self.form(word)) {
                Some(slot) => Opening(slot | Opening::PLURAL),
                None => Opening::NOTHING,
            },
        }
    }

    /// What an opening says.
    #[inline(always)]
    pub(crate) fn begin(&self, opening: Opening) -> Begin<'_> {
        match opening {
            Opening::NOTHING => Begin::Nothing,
            Opening::LETTERS => Begin::Letters,
            Opening(at) if at & Opening::PLURAL != 0 => {
                Begin::Plural(&self.slots[(at & !Opening::PLURAL) as usize])
            }
            Opening(at) => Begin::Word(&self.slots[at as usize]),
        }
    }

    /// Whether a form may go on after a word and a blank with a word that begins
    /// with some letters, as [`sequels::each`] has them.
    #[inline(always)]
    pub(crate) fn may_follow(&self, start: &Start, letters: u32) -> bool {
        start.after & sequels::glance(letters) != 0 && self.sequels.may_follow(start.check, letters)
    }

    /// The word without its plural s, if something ends with that.
    #[inline(always)]
    pub(crate) fn singular(&self, start: &Start) -> Option<&Start> {
        (start.singular != NONE).then(|| &self.slots[start.singular as usize])
    }

    /// Writes the words into a table.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.rows(self.displacements.iter().map(|far| [u32::from(*far)]));
        to.rows(self.slots.iter().map(Start::row));
        self.sequels.write(to);
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>) -> Openings {
        let displacements = from.rows().map(|[far]| far as u16).collect();
        let slots: Vec<Start> = from.rows().map(Start::from_row).collect();
        Openings {
            displacements,
            marks: marks(&slots),
            slots,
            sequels: Sequels::read(from),
        }
    }

    /// How much memory it holds.
    pub(crate) fn memory_bytes(&self) -> usize {
        (self.displacements.len() + self.marks.len()) * size_of::<u16>()
            + self.slots.len() * size_of::<Start>()
            + self.sequels.memory_bytes()
    }
}

/// Calls `found` with the words a form begins with: how many letters they have,
/// the places after them, their hashes, and the hashes without the last letter (if that is an s; else none of a word).
fn each_beginning(
    form: &Squashed,
    trie: &Trie<Entry>,
    mut found: impl FnMut(usize, Place, WordHash, WordHash),
) {
    let mut place = Place::default();
    // The hash of the whole eights before, and up to eight letters after them.
    let (mut eights, mut letters, mut n) = (WordHash::EMPTY, 0u64, 0);
    for at in 0..=form.letters.len().min(MOST_LETTERS) {
        let letter = form.letters.get(at).copied();
        let parted = at >= 64 || form.seams & seam(at) != 0;
        if at > 0 && (parted || !letter.is_some_and(fold::is_word)) {
            let singular = match n {
                _ if form.letters[at - 1] != fold::symbol(b's') => WordHash::EMPTY,
                1 => eights,
                _ => eights.add(letters & !(0xff << (n * 8 - 8))),
            };
            found(at, place, eights.add(letters), singular);
        }
        let Some(letter) = letter.filter(|letter| fold::is_letter(*letter)) else {
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
