//! The words around a skill that say what is meant of it, from
//! `schema/cues.toml`: how strongly it is asked for, whether it is ruled out,
//! one of several, an instance, how many years, and which section begins.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::inflect::inflections;
use super::section::SectionKind;

/// The cues the program carries.
const EMBEDDED: &str = include_str!("../../../schema/cues.toml");

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cue {
    /// "must have".
    Required,
    /// "deep experience": asked for, but among wishes only how well.
    Praise,
    /// "nice to have".
    Preferred,
    /// "not required".
    NotRequired,
    /// "no", "moved away from".
    Negation,
    /// "was retired", after what it rules out.
    NegationAfter,
    /// "instead we use": looks like a negation and is none.
    NoNegation,
    /// "one of", "either".
    ChoiceBefore,
    /// "or".
    ChoiceJoining,
    /// "and".
    Conjunction,
    /// "such as".
    ExampleBefore,
    /// "for example", after what it marks.
    ExampleAfter,
    /// "experience with".
    EvidenceBefore,
    /// "developer".
    EvidenceAfter,
    /// "years".
    Unit,
    /// "at least".
    More,
    /// "five", and the number it means.
    Number(u8),
    /// "Requirements", "Benefits".
    Section(SectionKind),
    /// "customers like": companies follow.
    CompaniesFollow,
    /// "Ventures", "is hiring": what stands before it is a company.
    CompanyBefore,
    /// A company that is no skill, or what often leads to one: "Google", "used by".
    Company,
}

impl Cue {
    /// Cues of one family rule each other out where one lies within another:
    /// the "required" of "not required" says nothing.
    pub(crate) fn family(self) -> u8 {
        match self {
            Cue::Required
            | Cue::Praise
            | Cue::Preferred
            | Cue::NotRequired
            | Cue::Negation
            | Cue::NegationAfter
            | Cue::NoNegation => 0,
            Cue::ChoiceBefore | Cue::ChoiceJoining | Cue::Conjunction => 1,
            Cue::ExampleBefore | Cue::ExampleAfter => 2,
            Cue::EvidenceBefore => 3,
            Cue::EvidenceAfter => 4,
            Cue::Unit | Cue::More | Cue::Number(_) => 5,
            Cue::Section(_) => 6,
            Cue::CompaniesFollow | Cue::CompanyBefore | Cue::Company => 7,
        }
    }

    /// No phrase has more words; a Chinese sign is one.
    pub(crate) const MOST_WORDS: u32 = 16;

    /// How many families there are.
    pub(crate) const N_FAMILIES: usize = 8;

    /// Those that carry nothing, in the order of their codes.
    const PLAIN: [Cue; 19] = [
        Cue::Required,
        Cue::Praise,
        Cue::Preferred,
        Cue::NotRequired,
        Cue::Negation,
        Cue::NegationAfter,
        Cue::NoNegation,
        Cue::ChoiceBefore,
        Cue::ChoiceJoining,
        Cue::Conjunction,
        Cue::ExampleBefore,
        Cue::ExampleAfter,
        Cue::EvidenceBefore,
        Cue::EvidenceAfter,
        Cue::Unit,
        Cue::More,
        Cue::CompaniesFollow,
        Cue::CompanyBefore,
        Cue::Company,
    ];

    /// A number for it, for tables: what it carries, above what it is.
    pub(crate) fn code(self) -> u32 {
        let n_plain = Self::PLAIN.len() as u32;
        match self {
            Cue::Number(n) => n_plain | u32::from(n) << 8,
            Cue::Section(kind) => (n_plain + 1) | kind.code() << 8,
            plain => Self::PLAIN
                .iter()
                .position(|known| *known == plain)
                .unwrap_or(0) as u32,
        }
    }

    /// The cue of a number that [`Self::code`] gave.
    pub(crate) fn from_code(code: u32) -> Cue {
        let (what, carried) = (code as usize & 0xff, code >> 8);
        match Self::PLAIN.get(what) {
            Some(plain) => *plain,
            None if what == Self::PLAIN.len() => Cue::Number(carried as u8),
            None => Cue::Section(SectionKind::from_code(carried)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    strength: Strength,
    negation: Negation,
    choice: BeforeJoining,
    conjunction: Joining,
    example: Around,
    evidence: Around,
    company: Companies,
    years: YearWords,
    sections: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strength {
    required: Vec<String>,
    praise: Vec<String>,
    preferred: Vec<String>,
    not_required: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Negation {
    before: Vec<String>,
    after: Vec<String>,
    none: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeforeJoining {
    before: Vec<String>,
    joining: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Joining {
    joining: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Around {
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Companies {
    before: Vec<String>,
    after: Vec<String>,
    perhaps: Vec<String>,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearWords {
    unit: Vec<String>,
    more: Vec<String>,
    words: BTreeMap<String, u8>,
}

/// Every cue phrase with what it says, word forms written out.
pub(crate) fn phrases() -> Vec<(String, Cue)> {
    let file: File = toml::from_str(EMBEDDED).expect("a test reads the embedded cues");
    let mut phrases = Vec::new();
    let mut add = |list: &[String], cue: Cue| {
        for phrase in list {
            spell_out(phrase, |spelled| phrases.push((spelled, cue)));
        }
    };
    add(&file.strength.required, Cue::Required);
    add(&file.strength.praise, Cue::Praise);
    add(&file.strength.preferred, Cue::Preferred);
    add(&file.strength.not_required, Cue::NotRequired);
    add(&file.negation.before, Cue::Negation);
    add(&file.negation.after, Cue::NegationAfter);
    add(&file.negation.none, Cue::NoNegation);
    add(&file.choice.before, Cue::ChoiceBefore);
    add(&file.choice.joining, Cue::ChoiceJoining);
    add(&file.conjunction.joining, Cue::Conjunction);
    add(&file.example.before, Cue::ExampleBefore);
    add(&file.example.after, Cue::ExampleAfter);
    add(&file.evidence.before, Cue::EvidenceBefore);
    add(&file.evidence.after, Cue::EvidenceAfter);
    add(&file.company.before, Cue::CompaniesFollow);
    add(&file.company.after, Cue::CompanyBefore);
    add(&file.company.perhaps, Cue::Company);
    add(&file.company.names, Cue::Company);
    add(&file.years.unit, Cue::Unit);
    add(&file.years.more, Cue::More);
    for (name, list) in &file.sections {
        let kind = SectionKind::from_word(name).expect("a test reads the embedded cues");
        add(list, Cue::Section(kind));
    }
    for (word, n) in file.years.words {
        phrases.push((word, Cue::Number(n)));
    }
    phrases
}

/// Calls `each` with every word form a `~` stands for.
fn spell_out(phrase: &str, mut each: impl FnMut(String)) {
    let mut spelled = vec![String::new()];
    for word in phrase.split(' ') {
        let forms = match word.strip_suffix('~') {
            Some(stem) => inflections(stem),
            None => vec![word.to_owned()],
        };
        spelled = spelled
            .iter()
            .flat_map(|start| {
                forms.iter().map(move |form| {
                    if start.is_empty() {
                        form.clone()
                    } else {
                        format!("{start} {form}")
                    }
                })
            })
            .collect();
    }
    spelled.into_iter().for_each(&mut each);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_cues_can_be_read() {
        let phrases = phrases();
        assert!(phrases.iter().any(|(_, cue)| *cue == Cue::ChoiceJoining));
        assert!(phrases.iter().all(|(phrase, _)| !phrase.contains('~')));
        let n_words = |phrase: &str| {
            let words = phrase.split([' ', '-', '\'', '/', '.']).count();
            words + phrase.chars().filter(|c| !c.is_ascii()).count()
        };
        let most = phrases.iter().map(|(phrase, _)| n_words(phrase)).max();
        assert!(most <= Some(Cue::MOST_WORDS as usize), "{most:?}");
        assert!(
            phrases
                .iter()
                .all(|(_, cue)| Cue::from_code(cue.code()) == *cue)
        );
    }
}
