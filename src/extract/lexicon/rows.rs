//! Which words, and rows of words, a form begins with.
//!
//! A word is what stands before a form's seam or sign; a form written in one
//! ("rubyonrails") begins with all its words that no sign parts, and "ruby onrails" with a row
//! of two. Words with digits are left to the walk.

use super::Entry;
use super::fold;
use super::starts::WordHash;
use super::trie::{Place, Squashed, Trie, seam};

/// A word of more letters is none.
pub(crate) const MOST_LETTERS: usize = u8::MAX as usize;

/// A bit for a word, by its [`WordHash::check`]. A row keeps the bits of all that may follow
/// it: what has none of them does not, which is told without a look at the table for most.
#[inline(always)]
pub(super) const fn glance(word: u32) -> u32 {
    1 << (word >> 27)
}

/// A row of words that a form begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) hash: WordHash,
    pub(super) place: Place,
    /// The same row without its last letter, if that is an s; else none.
    pub(super) singular: WordHash,
    /// The row without its last word.
    pub(super) before: Option<WordHash>,
    /// The bit of its last word, and of the plural if the form ends with it.
    pub(super) glance: u32,
    /// Longer rows of the form are not kept.
    pub(super) is_long: bool,
}

/// Forms of more letters are walked letter by letter after their first word: any two of
/// those may be parted.
const MOST_PARTED: usize = 64;

/// Calls `found` with the rows of words a form begins with: up to each word, where it is
/// written as it should be or two or more of its words beside each other in one.
pub(super) fn each_row(form: &Squashed, trie: &Trie<Entry>, mut found: impl FnMut(Row)) {
    let mut letters = Vec::new();
    let mut cuts: Vec<(usize, Place)> = vec![(0, Place::default())];
    let mut place = Place::default();
    for at in 0..=form.letters.len().min(MOST_LETTERS) {
        let letter = form.letters.get(at).copied();
        let parted = at >= MOST_PARTED || form.seams & seam(at) != 0;
        if at > 0 && (parted || !letter.is_some_and(fold::is_word)) {
            cuts.push((at, place));
        }
        let Some(letter) = letter.filter(|letter| fold::is_letter(*letter)) else {
            break;
        };
        place = trie.step(place, letter).expect("every form is in the trie");
        letters.push(b'a' + letter - fold::symbol(b'a'));
    }
    let is_long = form.letters.len() > MOST_PARTED;
    let n_words = cuts.len() - 1;
    let mut add = |row: &[(usize, Place)]| {
        let mut before: Option<WordHash> = None;
        for pair in row.windows(2) {
            let ((from, _), (to, place)) = (pair[0], pair[1]);
            let hash = |word: &[u8]| match before {
                Some(row) => WordHash::after(row.check(), WordHash::of(word).check()),
                None => WordHash::of(word),
            };
            let word = &letters[from..to];
            let singular = word.strip_suffix(b"s").filter(|stem| !stem.is_empty());
            let plural = (to == form.letters.len()).then(|| [word, b"s"].concat());
            let row = Row {
                hash: hash(word),
                place,
                singular: singular.map_or(WordHash::EMPTY, hash),
                before,
                glance: [Some(word), plural.as_deref()]
                    .into_iter()
                    .flatten()
                    .fold(0, |bits, word| bits | glance(WordHash::of(word).check())),
                is_long,
            };
            before = Some(row.hash);
            found(row);
        }
    };
    for first in 0..n_words {
        for last in first + 1..=n_words {
            if is_long && first == 0 {
                add(&[cuts[0], cuts[last]]);
            } else if !is_long && (first == 0 || last > first + 1) {
                add(&[&cuts[..=first], &cuts[last..]].concat());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(form: &str) -> Vec<WordHash> {
        let form = Squashed::new(form).unwrap();
        let trie = Trie::new(&[(form.clone(), Entry::Word(1))]);
        let mut rows = Vec::new();
        each_row(&form, &trie, |row| rows.push(row.hash));
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn row(words: &str) -> WordHash {
        let mut hashes = words.split(' ').map(|word| WordHash::of(word.as_bytes()));
        let first = hashes.next().unwrap();
        hashes.fold(first, |row, word| {
            WordHash::after(row.check(), word.check())
        })
    }

    fn assert_rows(form: &str, all: &[&str]) {
        let mut all: Vec<WordHash> = all.iter().map(|words| row(words)).collect();
        all.sort_unstable();
        assert_eq!(rows(form), all, "{form}");
    }

    #[test]
    fn a_form_begins_with_its_words_apart_or_run_together() {
        assert_rows("go", &["go"]);
        assert_rows("big data", &["big", "big data", "bigdata"]);
        assert_rows(
            "ruby on rails",
            &[
                "ruby",
                "ruby on",
                "ruby on rails",
                "rubyon",
                "rubyon rails",
                "ruby onrails",
                "rubyonrails",
            ],
        );
    }

    #[test]
    fn a_row_ends_at_a_sign_or_a_digit() {
        assert_rows("visual c++", &["visual", "visual c", "visualc"]);
        assert_rows("web 2.0", &["web"]);
        assert_rows("ms sql2 server", &["ms"]);
    }

    #[test]
    fn of_a_very_long_form_only_the_first_word_is_known() {
        let form = format!("very {} form", "long".repeat(20));
        assert!(rows(&form).contains(&row("very")));
        assert!(!rows(&form).contains(&row(&format!("very {}", "long".repeat(20)))));
    }
}
