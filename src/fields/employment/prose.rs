//! The kind of employment that a title or running text states: text in, kinds out.

use super::{in_line, in_part};
use crate::fields::marks::{Mark, Marked};
use crate::fields::text::{List, Phrases, fold, starts, words};
use crate::posting::Employment;

/// Phrases of a text that state the kind of employment of this role.
const EMPLOYMENT_PHRASES: &[(&str, &[Employment])] = &[
    ("full time position", &[Employment::FullTime]),
    ("full time role", &[Employment::FullTime]),
    ("full time job", &[Employment::FullTime]),
    ("full time permanent", &[Employment::FullTime]),
    ("full time employment", &[Employment::FullTime]),
    ("full time exempt", &[Employment::FullTime]),
    ("this is a full time", &[Employment::FullTime]),
    ("permanent position", &[Employment::FullTime]),
    ("permanent role", &[Employment::FullTime]),
    ("permanent full time", &[Employment::FullTime]),
    ("unbefristete festanstellung", &[Employment::FullTime]),
    ("in vollzeit", &[Employment::FullTime]),
    ("part time position", &[Employment::PartTime]),
    ("part time role", &[Employment::PartTime]),
    ("part time job", &[Employment::PartTime]),
    ("this is a part time", &[Employment::PartTime]),
    ("contract position", &[Employment::Contract]),
    ("contract role", &[Employment::Contract]),
    ("month contract", &[Employment::Contract]),
    ("months contract", &[Employment::Contract]),
    ("freelance position", &[Employment::Contract]),
    ("contract to hire", &[Employment::Contract]),
    ("temporary position", &[Employment::Temporary]),
    ("internship position", &[Employment::Internship]),
    ("paid internship", &[Employment::Internship]),
    ("this internship", &[Employment::Internship]),
    ("volunteer position", &[Employment::Volunteer]),
];

/// The kinds of employment that a title says, or else a text.
pub(in crate::fields) fn of(title: &str, text: &Marked<'_>) -> Vec<Employment> {
    static PHRASES: List =
        List::new(|| Phrases::of(EMPLOYMENT_PHRASES.iter().map(|(phrase, _)| *phrase)));
    let mut found = in_part(title);
    if !found.is_empty() {
        return found;
    }
    for (line, _) in text
        .beginning()
        .lines()
        .filter(|(_, marks)| marks.has(Mark::Employment))
    {
        let folded = fold(line);
        let line = folded.as_str();
        let begin = line.trim_start_matches(['*', '-', ' ', '•']);
        let label = [
            "job type",
            "employment type",
            "position type",
            "type of employment",
            "contract type",
            "employment",
            "beschaftigungsart",
            "anstellungsart",
            "type de contrat",
        ]
        .iter()
        .find(|name| begin.starts_with(**name));
        if let Some(name) = label
            && let Some((_, value)) = line.split_once(':')
            && line.len() < name.len() + 60
        {
            found.extend(in_part(value));
            continue;
        }
        found.extend(in_line(line));
        let words = words(line);
        for at in 0..words.len() {
            if !PHRASES.may_begin_with(words[at]) {
                continue;
            }
            for (phrase, kinds) in EMPLOYMENT_PHRASES {
                if starts(&words, at, phrase) {
                    found.extend(*kinds);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
