//! Which lines of a text may say something of which field, found in one pass
//! over it: a text in, its lines with a mark for each field out. What a marked
//! line says is read by the field's own file.

use std::sync::LazyLock;

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::dfa::DFA;

use super::text::head;
use super::{employment, places, seniority, workplace};

/// As much of a text as is read for most fields.
pub(super) const MOST_BYTES: usize = 12_000;

/// What a line may tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Workplace = 1,
    Scope = 2,
    Employment = 4,
    Years = 8,
    /// One of the words for years begins there.
    YearWord = 16,
    /// What follows is a wish rather than a demand.
    Wish = 32,
}

/// A set of [`Mark`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks(u8);

impl Marks {
    pub(super) fn has(self, mark: Mark) -> bool {
        self.0 & mark as u8 != 0
    }
}

/// Beginnings of words, and words of headings, to look for in text as written, whatever the
/// case of ASCII letters; each list has a comma and a blank between them.
struct Roots {
    automaton: DFA,
    mark_of: Vec<Mark>,
}

static ROOTS: LazyLock<Roots> = LazyLock::new(|| {
    let lists = [
        (Mark::Workplace, workplace::ROOTS),
        (Mark::Scope, places::SCOPE_ROOTS),
        (Mark::Employment, employment::ROOTS),
        (Mark::Years, seniority::YEAR_ROOTS),
        (Mark::YearWord, seniority::YEAR_WORD_ROOTS),
        (Mark::Wish, seniority::WISH_ROOTS),
    ];
    let roots: Vec<(Mark, &str)> = lists
        .into_iter()
        .flat_map(|(mark, list)| list.split(", ").map(move |root| (mark, root)))
        .collect();
    Roots {
        automaton: DFA::builder()
            .ascii_case_insensitive(true)
            .build(roots.iter().map(|(_, root)| root))
            .expect("a few short roots make a small automaton"),
        mark_of: roots.into_iter().map(|(mark, _)| mark).collect(),
    }
});

impl Roots {
    /// The marks of the roots that end before `end`, where the automaton is in `state`.
    fn marks_of(&self, state: StateID, text: &[u8], end: usize) -> Marks {
        let mut marks = 0;
        for nth in 0..self.automaton.match_len(state) {
            let root = self.automaton.match_pattern(state, nth);
            let mark = self.mark_of[root.as_usize()];
            let start = end - self.automaton.pattern_len(root);
            if mark != Mark::YearWord || is_year_word(&text[..start], &text[end..]) {
                marks |= mark as u8;
            }
        }
        Marks(marks)
    }
}

/// Whether a root of a word for years is all but the ending of a word, as it is in
/// "6years" and "Jahren", not in "players" and "letter".
fn is_year_word(before: &[u8], after: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    !before.last().is_some_and(is_letter)
        && after.iter().take_while(|byte| is_letter(byte)).count() <= MOST_ENDING
}

/// The longest ending of a word for years in ASCII, that of "Jahren".
const MOST_ENDING: usize = 2;

/// A text by lines.
pub(super) struct Marked<'t> {
    lines: Vec<(&'t str, Marks)>,
    all: Marks,
    /// What lies beyond [`MOST_BYTES`] is cut off here.
    beginning: Option<Box<Marked<'t>>>,
}

impl<'t> Marked<'t> {
    /// Marks the lines of a text.
    pub(super) fn of(text: &'t str) -> Marked<'t> {
        let beginning = head(text, MOST_BYTES);
        Marked {
            beginning: (beginning.len() < text.len()).then(|| Box::new(Marked::all(beginning))),
            ..Marked::all(text)
        }
    }

    fn all(text: &'t str) -> Marked<'t> {
        let roots = &*ROOTS;
        let automaton = &roots.automaton;
        let bytes = text.as_bytes();
        let mut state = automaton
            .start_state(Anchored::No)
            .expect("it was built to begin anywhere");
        let (mut lines, mut all) = (Vec::new(), Marks::default());
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let mut marks = Marks::default();
            for byte in line.bytes() {
                state = automaton.next_state(Anchored::No, state, byte);
                at += 1;
                if automaton.is_match(state) {
                    marks.0 |= roots.marks_of(state, bytes, at).0;
                }
            }
            all.0 |= marks.0;
            let line = line.strip_suffix('\n').unwrap_or(line);
            lines.push((line.strip_suffix('\r').unwrap_or(line), marks));
        }
        Marked {
            lines,
            all,
            beginning: None,
        }
    }

    /// The lines, without what ends them.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&'t str, Marks)> + '_ {
        self.lines.iter().copied()
    }

    /// Whether any line has a mark.
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.all.has(mark)
    }

    /// The first [`MOST_BYTES`] of the text.
    pub(super) fn beginning(&self) -> &Marked<'t> {
        self.beginning.as_deref().unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_marks_of_its_roots() {
        let marked = Marked::of("We translate.\nREMOTE only\n\n5 years");
        let of = |mark| -> Vec<bool> { marked.lines().map(|(_, marks)| marks.has(mark)).collect() };
        assert_eq!(of(Mark::Workplace), [false, true, false, false]);
        assert_eq!(of(Mark::Scope), [false, true, false, false]);
        assert_eq!(of(Mark::Years), [true, false, false, true]);
        assert_eq!(of(Mark::YearWord), [false, false, false, true]);
        assert!(marked.has(Mark::Years) && !marked.has(Mark::Employment));
    }

    #[test]
    fn a_line_that_is_cut_off_has_the_marks_of_what_is_left() {
        let text = format!("{} remote", "a ".repeat(MOST_BYTES / 2));
        let marked = Marked::of(&text);
        assert!(marked.has(Mark::Workplace));
        assert!(!marked.beginning().has(Mark::Workplace));
    }
}
