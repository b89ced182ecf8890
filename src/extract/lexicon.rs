//! Everything that can be met in a text, in one trie: the forms of every
//! skill, the phrases that block them, the words that settle them, the cues
//! and the words of patterns.

use std::collections::{BTreeMap, HashMap};

use crate::skills::{Case, Kind, Need, SkillNo, Taxonomy};

use super::cues::{self, Cue};
use super::fold::Symbol;
use super::pattern::Patterns;
use super::scan::Layer;
use super::trie::{Openings, Seams, Squashed, Trie};

/// What a squashed form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
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

/// One spelling of one skill.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) skill: SkillNo,
    pub(super) kind: Kind,
    /// `None` for a sure alias.
    pub(super) weak: Option<(Case, Need)>,
    /// As the taxonomy writes it.
    pub(super) written: Box<str>,
    /// How many letters and signs it has, separators aside.
    pub(super) n_letters: u16,
    /// It has several words.
    pub(super) several: bool,
}

/// All forms, ready for the walk.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    pub(super) trie: Trie<Entry>,
    pub(super) openings: Openings,
    pub(super) forms: Vec<Form>,
    /// Rows of skills that have a cue in common, each sorted.
    pub(super) own: Vec<Vec<SkillNo>>,
    pub(super) patterns: Patterns,
}

impl Lexicon {
    pub(super) fn new(taxonomy: &Taxonomy) -> Lexicon {
        let mut entries: Vec<(Squashed, Entry)> = Vec::new();
        let mut forms: Vec<Form> = Vec::new();
        let mut own: BTreeMap<Vec<Symbol>, (Seams, Vec<SkillNo>)> = BTreeMap::new();
        for (no, skill) in taxonomy.iter() {
            let mut add = |written: &str, weak: Option<(Case, Need)>| {
                for spelling in spellings(written) {
                    let Some(squashed) = Squashed::new(&spelling) else {
                        continue;
                    };
                    entries.push((
                        squashed.clone(),
                        Entry::Form(forms.len() as u32, Layer::of(skill.kind)),
                    ));
                    forms.push(Form {
                        skill: no,
                        kind: skill.kind,
                        weak,
                        written: written.into(),
                        n_letters: squashed.letters.len() as u16,
                        several: squashed.n_words > 1,
                    });
                }
            };
            for alias in &skill.aliases {
                add(alias, None);
            }
            for weak in &skill.weak {
                add(&weak.form, Some((weak.case, weak.need)));
            }
            let phrases = |list: &[String], entry: Entry| {
                let squashed = list.iter().filter_map(|phrase| Squashed::new(phrase));
                squashed
                    .map(|squashed| (squashed, entry))
                    .collect::<Vec<_>>()
            };
            entries.extend(phrases(&skill.blocks, Entry::Block(no)));
            for squashed in skill.cues.iter().filter_map(|cue| Squashed::new(cue)) {
                let (seams, skills) = own.entry(squashed.letters).or_insert((0, vec![]));
                *seams |= squashed.seams;
                skills.push(no);
            }
        }
        let mut rows = Vec::with_capacity(own.len());
        for (letters, (seams, skills)) in own {
            entries.push((
                Squashed {
                    letters,
                    seams,
                    n_words: 1,
                },
                Entry::Own(rows.len() as u32),
            ));
            rows.push(skills);
        }
        for (phrase, cue) in cues::phrases() {
            entries.extend(Squashed::new(&phrase).map(|squashed| (squashed, Entry::Cue(cue))));
        }
        let (patterns, words) = Patterns::new(taxonomy);
        for (word, no) in words {
            entries.extend(Squashed::new(&word).map(|squashed| (squashed, Entry::Word(no))));
        }
        let entries = merge_seams(entries);
        let trie = Trie::new(&entries);
        Lexicon {
            openings: Openings::new(entries.iter().map(|(squashed, _)| squashed), &trie),
            trie,
            forms,
            own: rows,
            patterns,
        }
    }

    /// How much memory it holds, about.
    pub(super) fn memory_bytes(&self) -> usize {
        let written: usize = self.forms.iter().map(|form| form.written.len()).sum();
        self.trie.memory_bytes()
            + self.openings.memory_bytes()
            + self.forms.len() * size_of::<Form>()
            + written
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
