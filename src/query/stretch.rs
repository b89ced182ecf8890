//! A typed word into what must stand in a text for it; pure.
//!
//! Mostly that is one word. `node.js` is two in a row; scripts without blanks
//! are looked for by pairs of neighbouring signs, as they are indexed, and of a
//! long run of signs most pairs are enough: `后端工程师` finds `后端开发工程师`.

use super::language::{Fit, Words};
use crate::index::{Unit, units};

/// A run of signs with fewer pairs must stand as it is.
const MIN_LOOSE_PAIRS: usize = 4;

/// Words in a row, or signs in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Its words and signs, in order.
    pub(super) units: Vec<String>,
    /// What is looked up in the index, each with its place behind the first unit.
    pub(super) keys: Vec<Key>,
    /// Signs of a script without blanks, enough of them to let one pair of four fail.
    pub(super) is_loose: bool,
}

/// One word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The word, or a pair of signs.
    pub(super) text: String,
    /// Which unit it begins with.
    pub(super) at: usize,
    /// A sign at the end that is in no pair: every word that begins with it fits.
    pub(super) begins: bool,
}

impl Stretch {
    /// How many of its keys must stand in a text.
    pub(super) fn n_needed(&self) -> usize {
        match self.is_loose {
            true => self.keys.len() - self.keys.len() / 4,
            false => self.keys.len(),
        }
    }
}

/// What a word stands for: all of these. Quoted words are one stretch.
pub(super) fn stretches(words: &Words) -> Vec<Stretch> {
    let units = units(&words.text);
    if words.how != Fit::Word {
        return (!units.is_empty())
            .then(|| stretch(&units, false))
            .into_iter()
            .collect();
    }
    units
        .chunk_by(|a, b| a.is_sign == b.is_sign)
        .map(|run| stretch(run, true))
        .collect()
}

/// The words of a text in a row.
pub(super) fn in_a_row(text: &str) -> Option<Stretch> {
    let units = units(text);
    (!units.is_empty()).then(|| stretch(&units, false))
}

fn stretch(units: &[Unit], may_be_loose: bool) -> Stretch {
    let mut keys: Vec<Key> = Vec::new();
    let is_pair = |a: &Unit, b: &Unit| a.is_sign && b.is_sign && a.at.end == b.at.start;
    for (at, unit) in units.iter().enumerate() {
        let next = units.get(at + 1);
        let text = match next.filter(|next| is_pair(unit, next)) {
            Some(next) => unit.text.clone() + &next.text,
            // The pair before has it.
            None if at > 0 && is_pair(&units[at - 1], unit) => continue,
            None => unit.text.clone(),
        };
        let is_alone = unit.is_sign && text == unit.text;
        let begins = is_alone && next.is_none();
        keys.push(Key { text, at, begins });
    }
    let is_run = units.windows(2).all(|pair| is_pair(&pair[0], &pair[1]));
    Stretch {
        units: units.iter().map(|unit| unit.text.clone()).collect(),
        is_loose: may_be_loose && is_run && keys.len() >= MIN_LOOSE_PAIRS,
        keys,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, how: Fit, expected: &[(&[&str], usize)]) {
        let found = stretches(&Words {
            text: text.to_owned(),
            how,
        });
        let found: Vec<(Vec<&str>, usize)> = found
            .iter()
            .map(|stretch| {
                let keys = stretch.keys.iter().map(|key| key.text.as_str());
                (keys.collect(), stretch.n_needed())
            })
            .collect();
        let expected: Vec<(Vec<&str>, usize)> = expected
            .iter()
            .map(|(keys, n)| (keys.to_vec(), *n))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_word_is_one_key_and_a_run_of_signs_its_pairs() {
        check("Rust", Fit::Word, &[(&["rust"], 1)]);
        check("node.js", Fit::Word, &[(&["node", "js"], 2)]);
        check("开发", Fit::Word, &[(&["开发"], 1)]);
        check("岗", Fit::Word, &[(&["岗"], 1)]);
        check("工程师", Fit::Word, &[(&["工程", "程师"], 2)]);
        check(
            "Java工程师",
            Fit::Word,
            &[(&["java"], 1), (&["工程", "程师"], 2)],
        );
        check("...", Fit::Word, &[]);
    }

    #[test]
    fn of_a_long_run_three_quarters_are_enough_unless_it_is_quoted() {
        let pairs: &[&str] = &["后端", "端工", "工程", "程师"];
        check("后端工程师", Fit::Word, &[(pairs, 3)]);
        check("后端工程师", Fit::Phrase, &[(pairs, 4)]);
        check("精通Python", Fit::Phrase, &[(&["精通", "python"], 2)]);
    }

    #[test]
    fn only_a_last_sign_alone_may_begin_a_word() {
        let begins = |text: &str| -> Vec<bool> {
            let stretch = in_a_row(text).unwrap();
            stretch.keys.iter().map(|key| key.begins).collect()
        };
        assert_eq!(begins("岗"), [true]);
        assert_eq!(begins("岗位"), [false]);
        assert_eq!(begins("A岗B"), [false, false, false]);
        assert_eq!(begins("A岗"), [false, true]);
    }
}
