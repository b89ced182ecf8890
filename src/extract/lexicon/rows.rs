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

/// Forms of more letters, of which five are made of each outside ASCII, are walked letter by
/// letter after their first word: [`Seams`](super::trie::Seams) says no more of where they part.
const MOST_PARTED: usize = 64;

/// Forms of so many words are known with any of them run together; longer ones, which are no
/// names of things, with their first ones only.
const MOST_JOINED: usize = 5;

/// And of more words than this only the first ones in one, without what follows.
const MOST_FOLLOWED: usize = 12;

/// Calls `found` with the rows of words a form begins with: up to each word, where it is
/// written as it should be or with words beside each other in one.
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
    if is_long {
        (1..=n_words).for_each(|last| add(&[cuts[0], cuts[last]]));
        return;
    }
    add(&cuts);
    if n_words <= MOST_JOINED {
        // Every way to leave out some of the cuts between the first and the last.
        for kept in 0..(1u32 << n_words) >> 1 {
            let is_kept = |at: usize| at == 0 || at == n_words || kept >> (at - 1) & 1 != 0;
            let row = (0..=n_words).filter(|at| is_kept(*at));
            add(&row.map(|at| cuts[at]).collect::<Vec<_>>());
        }
    }
    // The first words in one, and the others one by one.
    for last in 2..=n_words {
        let others = &cuts[last..if n_words <= MOST_FOLLOWED {
            n_words + 1
        } else {
            last + 1
        }];
        add(&[&cuts[..1], others].concat());
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
    fn names_of_up_to_five_words_are_run_together_anyhow() {
        assert!(
            rows("system center configuration manager")
                .contains(&row("systemcenter configurationmanager"))
        );
        assert!(!rows("a b c d e f").contains(&row("a bc de f")));
        assert!(rows("a b c d e f").contains(&row("abc d e f")));
        assert!(rows(&"ab ".repeat(30)).len() < 100);
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
