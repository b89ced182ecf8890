//! A deadline in the words of people: the text of its field in, the last day that
//! it names out.
//!
//! What follows on a line of its own under another name ("Start date: …") is no
//! part of it, and of several sentences the first with a date counts.

use super::{Dated, parse};
use crate::posting::Precision;

/// Longer texts are looked at no further: a deadline stands at the beginning.
const MOST_BYTES: usize = 1_000;

/// The last day to apply: the whole text as a date, or the latest date of its
/// first sentence that has one. A month alone counts only where no day is named.
pub fn deadline(text: &str) -> Option<Dated> {
    parse(text).or_else(|| {
        let own = own_lines(crate::fields::text::head(text, MOST_BYTES));
        sentences(&own).find_map(latest)
    })
}

/// The text as one line, up to a line that begins with the name of another field.
fn own_lines(text: &str) -> String {
    let names_another = |line: &str| {
        line.split_once(':').is_some_and(|(name, _)| {
            let words = name.split_whitespace().count();
            (1..=3).contains(&words)
                && name.starts_with(char::is_uppercase)
                && !name.contains(|c: char| c.is_ascii_digit())
        })
    };
    let mut lines = text.lines().map(str::trim);
    let mut own = lines.next().unwrap_or_default().to_owned();
    for line in lines.take_while(|line| !names_another(line)) {
        own.push(' ');
        own.push_str(line);
    }
    own
}

/// Parted at a full stop before a capital.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text
            .match_indices(". ")
            .map(|(at, stop)| at + stop.len())
            .find(|at| text[*at..].starts_with(char::is_uppercase));
        rest = end.map(|at| &text[at..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// The latest of the days in a sentence, or else of the months.
fn latest(sentence: &str) -> Option<Dated> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let mut found: Vec<Dated> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // "30 April 2026" and "April 30, 2026" before "30th of April 2026",
        // "April 2026" and "2026-04-30".
        let (n, dated) = [3, 4, 2, 1]
            .into_iter()
            .filter_map(|n| words.get(at..at + n))
            .find_map(|some| Some((some.len(), date(some)?)))
            .unzip();
        found.extend(dated);
        at += n.unwrap_or(1);
    }
    let of = |precision| {
        let all = found.iter().filter(|dated| dated.precision == precision);
        all.max_by_key(|dated| dated.at).copied()
    };
    of(Precision::Second)
        .or_else(|| of(Precision::Day))
        .or_else(|| of(Precision::Month))
}

/// Words that are a date and nothing more. One word must be written as
/// `2026-04-30`: other figures may be anything.
fn date(words: &[&str]) -> Option<Dated> {
    let text = words.join(" ");
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is_plain = match words {
        [_] => text.len() >= 10 && text.as_bytes()[4] == b'-',
        _ => text.chars().next_back()?.is_ascii_digit() && text.contains(char::is_alphabetic),
    };
    is_plain.then(|| parse(text))?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            deadline(&text);
        }

        #[test]
        fn no_figures_panic(text in "([0-9]{1,4}|[-/:T .,+Z\n]|March|by|é| ){0,20}") {
            deadline(&text);
        }
    }
}
