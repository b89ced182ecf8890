//! What a taxonomy lacks: words that stand in lists beside known technologies
//! and are known themselves by nobody.

use std::ops::Range;

use super::Mention;
use crate::skills::{Kind, Taxonomy};

/// A list item of more words is a clause and no name.
const MAX_WORDS: usize = 3;

/// Pieces of `text` that look like the name of an unknown technology: an item
/// of a list on one line, written as names are, with a known technology on each
/// side of it or two on one. In order of position; `mentions` are those of the text.
pub fn unknown_names(text: &str, mentions: &[Mention], taxonomy: &Taxonomy) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_at = 0;
    for line in text.split_inclusive('\n') {
        let items = items(line, line_at);
        let known: Vec<bool> = items
            .iter()
            .map(|item| {
                mentions.iter().any(|mention| {
                    !mention.implied
                        && mention.start < item.end
                        && mention.end > item.start
                        && taxonomy.skill(mention.skill).kind == Kind::Technology
                })
            })
            .collect();
        for (at, item) in items.iter().enumerate() {
            let is = |place: Option<usize>| {
                place
                    .and_then(|place| known.get(place))
                    .copied()
                    .unwrap_or(false)
            };
            let before = is(at.checked_sub(1));
            let after = is(Some(at + 1));
            let two = (before && is(at.checked_sub(2))) || (after && is(Some(at + 2)));
            let touched = mentions
                .iter()
                .any(|mention| mention.start < item.end && mention.end > item.start);
            if !touched && ((before && after) || two) && is_name(&text[item.clone()]) {
                found.push(item.clone());
            }
        }
        line_at += line.len();
    }
    found
}

/// The items of a line, cut at the signs and words of a list.
fn items(line: &str, line_at: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut begin = 0;
    let mut push = |begin: usize, end: usize| {
        let piece = &line[begin..end];
        let trimmed = piece
            .trim_matches(|c: char| c.is_whitespace() || "().:;\"'*-–•".contains(c) && c != '.');
        let trimmed = trimmed.trim_end_matches('.');
        if !trimmed.is_empty() {
            let from = line_at + begin + (trimmed.as_ptr() as usize - piece.as_ptr() as usize);
            items.push(from..from + trimmed.len());
        }
    };
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        let cut = [
            " and ", " or ", " & ", "&", ",", ";", "/", "|", "•", "(", ")", "，", "、",
        ]
        .into_iter()
        .find(|sign| rest.starts_with(sign));
        match cut {
            Some(sign) => {
                push(begin, at);
                at += sign.len();
                begin = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    push(begin, line.len());
    items
}

/// Written as names are: few words, the first with a capital, digit or sign in it.
fn is_name(item: &str) -> bool {
    let words: Vec<&str> = item.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let marked = first
        .chars()
        .any(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '+' | '#'));
    (1..=MAX_WORDS).contains(&words.len())
        && marked
        && item.len() >= 2
        && item.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !item.contains("://")
        && !item.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let extractor = Extractor::embedded();
        let found = unknown_names(text, &extractor.extract(text), extractor.taxonomy());
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn a_name_between_known_ones_is_proposed() {
        check(
            "Stack: Python, Zorblax, PostgreSQL and Docker.",
            &["Zorblax"],
        );
        check("Python, PostgreSQL, Quuxly 2", &["Quuxly 2"]);
    }

    #[test]
    fn clauses_and_lonely_names_are_not() {
        check(
            "Python, the will to learn something new every day, PostgreSQL",
            &[],
        );
        check("We are Zorblax and love Python.", &[]);
        check("Python, good coffee, PostgreSQL", &[]);
    }
}
