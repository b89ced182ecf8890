//! The words that forms begin with, alone and in rows, and where a walk is after them:
//! most walks go from word to word through what is found here at once.

use std::collections::HashMap;

use crate::skills::flat::{Reader, Writer};

use super::Entry;
use super::fold;
use super::rows::{self, Row, glance};
use super::signs::Signs;
use super::starts::{Slot, Start, Starts, WordHash};
use super::trie::{Place, Squashed, Trie};

/// How a walk from a word may begin, in one number: none, letter by letter, or
/// from a [`Start`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening(u32);

impl Opening {
    pub(crate) const NOTHING: Opening = Opening(u32::MAX);
    pub(crate) const LETTERS: Opening = Opening(u32::MAX - 1);
    const PLURAL: u32 = 1 << 31;
}

/// How a walk begins with a word, or goes on after a row of words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Next<'a> {
    /// Not at all, as most.
    Nothing,
    /// Letter by letter: a version, other letters, a form that goes on with a sign.
    Letters,
    /// With the word, which is known.
    Word(&'a Start),
    /// With the plural of a word that something ends with.
    Plural(&'a Start),
}

/// All words and rows of words that forms begin with.
#[derive(Debug, Clone)]
pub(crate) struct Openings {
    /// Single words: all of a text are looked for here, so it is kept small.
    words: Starts,
    /// Rows of two words and more.
    rows: Starts,
    /// Letters outside ASCII.
    signs: Signs,
}

impl Openings {
    pub(crate) fn new<'a>(
        forms: impl Iterator<Item = &'a Squashed>,
        trie: &Trie<Entry>,
    ) -> Openings {
        let mut all: Vec<Row> = Vec::new();
        let mut signs = Vec::new();
        for form in forms {
            rows::each_row(form, trie, |row| all.push(row));
            signs.extend(fold::escapes(&form.letters));
        }
        all.sort_unstable();
        all.dedup();
        let mut each = all.clone();
        each.dedup_by_key(|row| row.hash);
        let single = |row: &&Row| row.before.is_none();
        let mut openings = Openings {
            words: Starts::new(each.iter().filter(single), trie),
            rows: Starts::new(each.iter().filter(|row| !single(row)), trie),
            signs: Signs::new(signs, trie),
        };
        let is_word: HashMap<WordHash, bool> =
            each.iter().map(|row| (row.hash, single(&row))).collect();
        for row in &all {
            if row.is_long {
                openings.words.be_long(row.hash);
            }
            match row.before {
                Some(before) if is_word[&before] => openings.words.lead_to(before, row.glance),
                Some(before) => openings.rows.lead_to(before, row.glance),
                None => {}
            }
        }
        openings
    }

    /// The slot of a word that a walk can begin with, or rarely of another one.
    #[inline(always)]
    pub(crate) fn likely(&self, word: WordHash) -> Slot {
        self.words.likely(word)
    }

    /// How to begin a walk from a letter of a script without blanks.
    #[inline]
    pub(crate) fn of_sign(&self, sign: char) -> Opening {
        match u16::try_from(u32::from(fold::fold(sign))) {
            Ok(code) if self.sign(code).is_none() => Opening::NOTHING,
            _ => Opening::LETTERS,
        }
    }

    /// Where a walk is after a letter outside ASCII, if a form begins with it.
    #[inline]
    pub(crate) fn sign(&self, code: u16) -> Option<Place> {
        self.signs.after(code)
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
        match self.words.surely(word, slot) {
            Some(slot) => Opening(slot),
            None => match singular().and_then(|word| self.words.form(word)) {
                Some(slot) => Opening(slot | Opening::PLURAL),
                None => Opening::NOTHING,
            },
        }
    }

    /// What an opening says.
    #[inline(always)]
    pub(crate) fn begin(&self, opening: Opening) -> Next<'_> {
        match opening {
            Opening::NOTHING => Next::Nothing,
            Opening::LETTERS => Next::Letters,
            Opening(at) if at & Opening::PLURAL != 0 => {
                Next::Plural(self.words.get(at & !Opening::PLURAL))
            }
            Opening(at) => Next::Word(self.words.get(at)),
        }
    }

    /// How a row goes on with a word, whose [`WordHash::check`] is `word`; `singular` is the
    /// word without its last letter, if that is an s.
    #[inline(always)]
    pub(crate) fn next(
        &self,
        row: &Start,
        word: u32,
        singular: impl FnOnce() -> Option<WordHash>,
    ) -> Next<'_> {
        if !row.may_lead_to(glance(word)) {
            return Next::Nothing;
        }
        match self.rows.find(WordHash::after(row.check(), word)) {
            Some(start) => Next::Word(start),
            None => singular()
                .and_then(|word| {
                    let hash = WordHash::after(row.check(), word.check());
                    self.rows.find(hash).filter(|row| row.is_form())
                })
                .map_or(Next::Nothing, Next::Plural),
        }
    }

    /// A word without its plural s, if something ends with that.
    #[inline(always)]
    pub(crate) fn singular(&self, word: &Start) -> Option<&Start> {
        self.words.singular(word)
    }

    /// The same of a row of words.
    #[inline(always)]
    pub(crate) fn singular_row(&self, row: &Start) -> Option<&Start> {
        self.rows.singular(row)
    }

    /// Writes the words into a table.
    pub(crate) fn write(&self, to: &mut Writer) {
        self.words.write(to);
        self.rows.write(to);
        let signs: Vec<u16> = self.signs.codes().collect();
        to.rows(signs.iter().map(|code| [u32::from(*code)]));
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>, trie: &Trie<Entry>) -> Openings {
        Openings {
            words: Starts::read(from),
            rows: Starts::read(from),
            signs: Signs::new(from.rows().map(|[code]| code as u16).collect(), trie),
        }
    }

    /// How much memory it holds.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.words.memory_bytes() + self.rows.memory_bytes() + self.signs.memory_bytes()
    }
}
