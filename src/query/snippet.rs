//! The pieces of a text in which the words looked for stand; pure.

use std::ops::Range;

use super::Snippet;
use super::language::{Fit, Term};
use super::stretch::{Stretch, in_a_row, stretches};
use crate::index::{MIN_STEM_CHARS, Unit, stem, units};
use crate::skills::{Taxonomy, edit_distance};

/// A piece is about this many characters long.
const PIECE_CHARS: usize = 180;
/// So many characters before the first word that was looked for.
const BEFORE_CHARS: usize = 40;

/// Finds the words looked for in texts.
pub(super) struct Marker<'a> {
    /// Words in a row, and the term they stand for.
    wanted: Vec<(Vec<String>, &'a Term)>,
    skills: Vec<Vec<String>>,
}

impl<'a> Marker<'a> {
    /// Words, and every sure spelling of the skills they name.
    pub(super) fn new(terms: &[&'a Term], taxonomy: &Taxonomy) -> Marker<'a> {
        let named = terms
            .iter()
            .filter_map(|term| taxonomy.by_id(term.skill.as_deref()?));
        let spellings = named.flat_map(|no| {
            let skill = taxonomy.skill(no);
            skill.aliases().iter().chain([&skill.label])
        });
        Marker {
            wanted: terms
                .iter()
                .flat_map(|term| rows(term).into_iter().map(|row| (row, *term)))
                .collect(),
            skills: spellings
                .filter_map(|name| in_a_row(name))
                .map(|row| row.units)
                .collect(),
        }
    }

    /// Where they stand, in order, none in another.
    pub(super) fn marks(&self, text: &str, language: Option<&str>) -> Vec<Range<usize>> {
        let found = units(text);
        let mut marks: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < found.len() {
            let rest = &found[at..];
            let by_words = self
                .wanted
                .iter()
                .filter(|(wanted, term)| fits(rest, wanted, term, language));
            let by_skill = self.skills.iter().filter(|name| stands(rest, name));
            let len = by_words
                .map(|(wanted, _)| wanted.len())
                .chain(by_skill.map(Vec::len))
                .max();
            if let Some(len) = len {
                let mark = rest[0].at.start..rest[len - 1].at.end;
                match marks.last_mut().filter(|before| before.end >= mark.start) {
                    Some(before) => before.end = before.end.max(mark.end),
                    None => marks.push(mark),
                }
            }
            at += 1;
        }
        marks
    }

    /// The best pieces of a text, most words first, at most `n`; where no word
    /// stands, its beginning.
    pub(super) fn pieces(&self, text: &str, language: Option<&str>, n: usize) -> Vec<Snippet> {
        let marks = self.marks(text, language);
        let mut left = &marks[..];
        let mut pieces: Vec<(usize, Snippet)> = Vec::new();
        while let Some(first) = left.first() {
            let begin = back(text, first.start, BEFORE_CHARS);
            let end = on(text, begin, PIECE_CHARS).max(first.end);
            let inside = left.iter().take_while(|mark| mark.end <= end).count();
            let shown: Vec<Range<usize>> = left[..inside]
                .iter()
                .map(|mark| mark.start - begin..mark.end - begin)
                .collect();
            let mut different: Vec<String> = left[..inside]
                .iter()
                .map(|mark| text[mark.clone()].to_lowercase())
                .collect();
            different.sort_unstable();
            different.dedup();
            let piece = text[begin..end].trim_end().to_owned();
            pieces.push((
                different.len(),
                Snippet {
                    text: piece,
                    marks: shown,
                },
            ));
            left = &left[inside..];
        }
        pieces.sort_by_key(|(n_words, _)| std::cmp::Reverse(*n_words));
        pieces.truncate(n);
        if pieces.is_empty() {
            return vec![beginning(text)];
        }
        pieces.into_iter().map(|(_, piece)| piece).collect()
    }
}

/// The beginning of a text, in whole words.
pub(super) fn beginning(text: &str) -> Snippet {
    let mut piece = text[..on(text, 0, PIECE_CHARS)].trim_end().to_owned();
    if piece.len() < text.trim_end().len() {
        piece.push('…');
    }
    Snippet {
        text: piece,
        marks: Vec::new(),
    }
}

/// The rows of words that stand for a term; of a long run of signs its pairs too.
fn rows(term: &Term) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for Stretch {
        units, is_loose, ..
    } in stretches(&term.words)
    {
        if is_loose {
            rows.extend(units.windows(2).map(<[String]>::to_vec));
        }
        rows.push(units);
    }
    rows
}

fn stands(found: &[Unit], wanted: &[String]) -> bool {
    !wanted.is_empty()
        && found.len() >= wanted.len()
        && found
            .iter()
            .zip(wanted)
            .all(|(found, wanted)| found.text == *wanted)
}

/// Other forms of a word have its first letters; finding stems is slow.
fn have_one_beginning(a: &str, b: &str) -> bool {
    a.chars()
        .take(MIN_STEM_CHARS)
        .eq(b.chars().take(MIN_STEM_CHARS))
}

/// Whether the words begin here.
fn fits(found: &[Unit], wanted: &[String], term: &Term, language: Option<&str>) -> bool {
    let Some((last, before)) = wanted.split_last() else {
        return false;
    };
    let begins = before.is_empty() || stands(found, before);
    let Some(Unit { text: word, .. }) = found.get(before.len()).filter(|_| begins) else {
        return false;
    };
    match term.words.how {
        Fit::Prefix => word.starts_with(last.as_str()),
        Fit::Fuzzy(edits) if before.is_empty() => edit_distance(word, last) <= usize::from(edits),
        Fit::Word if before.is_empty() && !term.is_name => {
            word == last
                || have_one_beginning(word, last)
                    && language.is_some_and(|language| {
                        let wanted = stem(language, last);
                        wanted.is_some() && wanted == stem(language, word)
                    })
        }
        _ => word == last,
    }
}

/// The beginning of a word about so many characters before a place, in its line.
fn back(text: &str, at: usize, chars: usize) -> usize {
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let earliest = before
        .char_indices()
        .rev()
        .nth(chars - 1)
        .map_or(0, |(at, _)| at);
    if earliest <= line {
        return line;
    }
    let after = &before[earliest..];
    after
        .char_indices()
        .find(|(_, c)| c.is_whitespace())
        .map_or(at, |(offset, c)| earliest + offset + c.len_utf8())
}

/// The end of a word about so many characters behind a place.
fn on(text: &str, begin: usize, chars: usize) -> usize {
    let rest = &text[begin..];
    match rest.char_indices().nth(chars) {
        None => text.len(),
        Some((end, _)) => {
            let whole = rest[..end].rfind(char::is_whitespace).filter(|at| *at > 0);
            begin + whole.unwrap_or(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::language::{Context, TextQuery};

    #[track_caller]
    fn check(query: &str, text: &str, expected: &str) {
        let taxonomy = Taxonomy::embedded();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let parsed = TextQuery::parse(query).unwrap();
        let question = parsed
            .resolve(Context {
                taxonomy: &taxonomy,
                now,
            })
            .unwrap();
        let terms = question.terms();
        let marker = Marker::new(&terms, &taxonomy);
        let piece = &marker.pieces(text, Some("en"), 1)[0];
        let mut shown = piece.text.clone();
        for mark in piece.marks.iter().rev() {
            shown.insert(mark.end, ']');
            shown.insert(mark.start, '[');
        }
        assert_eq!(shown, expected, "{query}");
    }

    #[test]
    fn words_are_marked_where_they_fit() {
        check(
            "payments",
            "Our payment team takes Payments.",
            "Our [payment] team takes [Payments].",
        );
        check(
            "\"payments\"",
            "Our payment team takes Payments.",
            "Our payment team takes [Payments].",
        );
        check("go", "Go to it. Going on.", "[Go] to it. Going on.");
        check("k8s", "We run Kubernetes.", "We run [Kubernetes].");
        check("node.js", "Node and Node.js.", "Node and [Node.js].");
        check("kubel*", "kubectl, kubelet", "kubectl, [kubelet]");
        check("kafak~", "Kafka", "[Kafka]");
        check("开发", "软件开发工程师", "软件[开发]工程师");
        check("后端工程师", "后端开发工程师", "[后端]开发[工程师]");
        check("岗", "岗位", "[岗]位");
        check("zzz", "Nothing of it", "Nothing of it");
    }
}
