//! Everything that can be met in a text, in one trie: the forms of every
//! skill, the phrases that block them, the words that settle them, the cues
//! and the words of patterns.
//!
//! The build script is made of these files too: it writes the lexicon of the
//! taxonomy that the program carries as a table, which is read in no time.

pub(crate) mod cues;
pub(crate) mod fold;
mod inflect;
mod kin;
pub(crate) mod openings;
pub(crate) mod pattern;
pub(crate) mod rows;
mod section;
mod signs;
pub(crate) mod starts;
pub(crate) mod trie;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::skills::flat::{Reader, Writer};
use crate::skills::{Case, Kind, Need, SkillNo, Taxonomy};

pub use section::SectionKind;

use cues::Cue;
use fold::Symbol;
use kin::Kin;
use openings::Openings;
use pattern::Patterns;
use trie::{Seams, Squashed, Trie};

/// Names of things and names of fields are found apart: "Linux administration"
/// is a field and names Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Technologies and certificates.
    Things,
    /// Concepts, soft skills, responsibilities.
    Fields,
}

impl Layer {
    pub(crate) fn of(kind: Kind) -> Layer {
        match kind {
            Kind::Technology | Kind::Certification => Layer::Things,
            Kind::Concept | Kind::Soft | Kind::Responsibility => Layer::Fields,
        }
    }
}

/// What a squashed form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A spelling of a skill: an index into [`Lexicon::forms`].
    Form(u32, Layer),
    /// A phrase in which a skill's form is something else.
    Block(SkillNo),
    /// A word that settles some skills' weak forms: an index into [`Lexicon::own`].
    Own(u32),
    /// A cue.
    Cue(Cue),
    /// A word that patterns are made of.
    Word(u16),
}

impl Entry {
    /// A number for it, for tables: what it carries, above what it is.
    fn code(self) -> u32 {
        match self {
            Entry::Form(no, Layer::Things) => no << 3,
            Entry::Form(no, Layer::Fields) => 1 | no << 3,
            Entry::Block(skill) => 2 | u32::from(skill.0) << 3,
            Entry::Own(row) => 3 | row << 3,
            Entry::Cue(cue) => 4 | cue.code() << 3,
            Entry::Word(no) => 5 | u32::from(no) << 3,
        }
    }

    fn from_code(code: u32) -> Entry {
        let carried = code >> 3;
        match code & 7 {
            0 => Entry::Form(carried, Layer::Things),
            1 => Entry::Form(carried, Layer::Fields),
            2 => Entry::Block(SkillNo(carried as u16)),
            3 => Entry::Own(carried),
            4 => Entry::Cue(Cue::from_code(carried)),
            _ => Entry::Word(carried as u16),
        }
    }
}

/// One spelling of one skill.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub(crate) skill: SkillNo,
    pub(crate) kind: Kind,
    /// `None` for a sure alias.
    pub(crate) weak: Option<(Case, Need)>,
    /// How many letters and signs it has, separators aside.
    pub(crate) n_letters: u16,
    /// It has several words.
    pub(crate) several: bool,
    /// Where in [`Lexicon::written`] it stands as the taxonomy writes it.
    written: (u32, u32),
}

impl Form {
    const KINDS: [Kind; 5] = [
        Kind::Technology,
        Kind::Concept,
        Kind::Soft,
        Kind::Responsibility,
        Kind::Certification,
    ];
    const WEAK: [Option<(Case, Need)>; 9] = [
        None,
        Some((Case::Any, Need::Context)),
        Some((Case::Any, Need::Cue)),
        Some((Case::Any, Need::Direct)),
        Some((Case::Any, Need::List)),
        Some((Case::Exact, Need::Context)),
        Some((Case::Exact, Need::Cue)),
        Some((Case::Exact, Need::Direct)),
        Some((Case::Exact, Need::List)),
    ];

    fn row(&self) -> [u32; 4] {
        let kind = Self::KINDS
            .iter()
            .position(|kind| *kind == self.kind)
            .unwrap_or(0);
        let weak = Self::WEAK
            .iter()
            .position(|weak| *weak == self.weak)
            .unwrap_or(0);
        let bits = kind as u32 | (weak as u32) << 3 | u32::from(self.several) << 7;
        let letters = u32::from(self.n_letters) << 16;
        [
            u32::from(self.skill.0) | letters,
            bits,
            self.written.0,
            self.written.1,
        ]
    }

    fn from_row([skill, bits, begin, end]: [u32; 4]) -> Form {
        Form {
            skill: SkillNo(skill as u16),
            kind: Self::KINDS[bits as usize & 7],
            weak: Self::WEAK[bits as usize >> 3 & 15],
            n_letters: (skill >> 16) as u16,
            several: bits >> 7 != 0,
            written: (begin, end),
        }
    }
}

/// All forms, ready for the walk. Of what has the same letters, sure forms come first, then
/// weak ones; words of patterns come last.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon {
    pub(crate) trie: Trie<Entry>,
    pub(crate) openings: Openings,
    pub(crate) forms: Vec<Form>,
    pub(crate) patterns: Patterns,
    pub(crate) kin: Kin,
    /// Every form as the taxonomy writes it, one after another.
    written: String,
    /// Where in `owners` the skills begin that have a cue in common; those of
    /// the next cue begin where they end.
    own: Vec<u32>,
    owners: Vec<SkillNo>,
}

impl Lexicon {
    /// The table of a taxonomy, for [`Lexicon::read`].
    pub(crate) fn table(taxonomy: &Taxonomy) -> Vec<u8> {
        Lexicon::new(taxonomy).write()
    }

    fn new(taxonomy: &Taxonomy) -> Lexicon {
        let mut entries: Vec<(Squashed, Entry)> = Vec::new();
        let mut forms: Vec<Form> = Vec::new();
        let mut all_written = String::new();
        let mut own_cues: BTreeMap<Vec<Symbol>, (Seams, Vec<SkillNo>)> = BTreeMap::new();
        for (no, skill) in taxonomy.iter() {
            let mut add = |written: &str, weak: Option<(Case, Need)>| {
                let begin = all_written.len() as u32;
                all_written.push_str(written);
                let spellings = spellings(written);
                // "d3js" is written so, and "adds" is not "AD DS": the blank before "js" is ours.
                let is_js_in_one = spellings.len() > 1 && !written.contains(' ');
                for spelling in spellings {
                    let Some(squashed) = Squashed::new(&spelling) else {
                        continue;
                    };
                    forms.push(Form {
                        skill: no,
                        kind: skill.kind,
                        weak,
                        n_letters: squashed.letters.len() as u16,
                        several: squashed.n_words > 1 && !is_js_in_one,
                        written: (begin, all_written.len() as u32),
                    });
                    let form = Entry::Form(forms.len() as u32 - 1, Layer::of(skill.kind));
                    entries.push((squashed, form));
                }
            };
            skill.aliases().iter().for_each(|alias| add(alias, None));
            skill
                .weak()
                .iter()
                .for_each(|weak| add(&weak.form, Some((weak.case, weak.need))));
            let blocks = skill
                .blocks()
                .iter()
                .filter_map(|phrase| Squashed::new(phrase));
            entries.extend(blocks.map(|squashed| (squashed, Entry::Block(no))));
            for squashed in skill.cues().iter().filter_map(|cue| Squashed::new(cue)) {
                let (seams, skills) = own_cues.entry(squashed.letters).or_insert((0, vec![]));
                *seams |= squashed.seams;
                skills.push(no);
            }
        }
        let (mut own, mut owners) = (vec![0], Vec::new());
        for (letters, (seams, skills)) in own_cues {
            let squashed = Squashed {
                letters,
                seams,
                n_words: 1,
            };
            entries.push((squashed, Entry::Own(own.len() as u32 - 1)));
            owners.extend(skills);
            own.push(owners.len() as u32);
        }
        for (phrase, cue) in cues::phrases() {
            entries.extend(Squashed::new(&phrase).map(|squashed| (squashed, Entry::Cue(cue))));
        }
        let (patterns, words) = Patterns::new(taxonomy);
        for (word, no) in words {
            entries.extend(Squashed::new(&word).map(|squashed| (squashed, Entry::Word(no))));
        }
        entries.sort_by_key(|(_, entry)| match entry {
            Entry::Form(no, _) if forms[*no as usize].weak.is_none() => 0,
            Entry::Form(..) => 1,
            _ => 2,
        });
        let entries = merge_seams(entries);
        let trie = Trie::new(&entries);
        Lexicon {
            openings: Openings::new(entries.iter().map(|(squashed, _)| squashed), &trie),
            trie,
            forms,
            patterns,
            kin: Kin::new(taxonomy),
            written: all_written,
            own,
            owners,
        }
    }

    /// A form as the taxonomy writes it.
    pub(crate) fn written(&self, form: &Form) -> &str {
        &self.written[form.written.0 as usize..form.written.1 as usize]
    }

    /// The skills whose weak forms a word settles, sorted.
    pub(crate) fn owners(&self, own: u32) -> &[SkillNo] {
        let Range { start, end } = self.own[own as usize]..self.own[own as usize + 1];
        &self.owners[start as usize..end as usize]
    }

    fn write(&self) -> Vec<u8> {
        let mut to = Writer::default();
        self.trie.write(&mut to, Entry::code);
        self.openings.write(&mut to);
        to.rows(self.forms.iter().map(Form::row));
        self.patterns.write(&mut to);
        self.kin.write(&mut to);
        to.bytes(self.written.as_bytes());
        to.rows(self.own.iter().map(|start| [*start]));
        to.rows(self.owners.iter().map(|skill| [u32::from(skill.0)]));
        to.into_bytes()
    }

    /// The lexicon of a [`Lexicon::table`].
    pub(crate) fn read(table: &[u8]) -> Lexicon {
        let mut from = Reader::new(table);
        let trie = Trie::read(&mut from, Entry::from_code);
        Lexicon {
            openings: Openings::read(&mut from, &trie),
            trie,
            forms: from.rows().map(Form::from_row).collect(),
            patterns: Patterns::read(&mut from),
            kin: Kin::read(&mut from),
            written: from.text().to_owned(),
            own: from.rows().map(|[start]| start).collect(),
            owners: from.rows().map(|[skill]| SkillNo(skill as u16)).collect(),
        }
    }

    /// How much memory it holds, about.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.trie.memory_bytes()
            + self.openings.memory_bytes()
            + self.forms.len() * size_of::<Form>()
            + self.written.len()
    }
}

/// `vue.js`, `vue js` and `vuejs` for any of them; every other form as it is.
fn spellings(written: &str) -> Vec<String> {
    let stem = written
        .len()
        .checked_sub(2)
        .filter(|&at| written.is_char_boundary(at) && written[at..].eq_ignore_ascii_case("js"))
        .map(|at| written[..at].trim_end_matches(['.', ' ', '-']));
    match stem {
        Some(stem) if stem.len() >= 2 => vec![format!("{stem}.js"), format!("{stem} js")],
        _ => vec![written.to_owned()],
    }
}

/// Entries with equal letters and meaning become one whose seams are those of
/// any of them ("type script" and "typescript" of one skill).
fn merge_seams(entries: Vec<(Squashed, Entry)>) -> Vec<(Squashed, Entry)> {
    let mut merged: Vec<(Squashed, Entry)> = Vec::with_capacity(entries.len());
    let mut seen: HashMap<(Vec<u8>, [u32; 2]), usize> = HashMap::with_capacity(entries.len());
    for (squashed, entry) in entries {
        let meaning = match entry {
            // Two spellings of a skill may differ in what evidence they need.
            Entry::Form(no, _) => [0, no],
            Entry::Block(skill) => [1, u32::from(skill.0)],
            Entry::Own(row) => [2, row],
            Entry::Word(no) => [3, u32::from(no)],
            Entry::Cue(cue) => [4 + u32::from(cue.family()), 0],
        };
        match seen.entry((squashed.letters.clone(), meaning)) {
            std::collections::hash_map::Entry::Occupied(at) => {
                let kept: &mut Seams = &mut merged[*at.get()].0.seams;
                *kept |= squashed.seams;
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(merged.len());
                merged.push((squashed, entry));
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn js_is_one_suffix() {
        assert_eq!(spellings("Vue.js"), ["Vue.js", "Vue js"]);
        assert_eq!(spellings("AngularJS"), ["Angular.js", "Angular js"]);
        assert_eq!(spellings("JS"), ["JS"]);
        assert_eq!(spellings("Go"), ["Go"]);
    }
}
