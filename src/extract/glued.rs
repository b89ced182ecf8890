//! Words that were run together where a line break was lost: "SparkAbility to
//! lead", "C++Understanding of". Only before words that begin what a posting
//! asks for: "JavaScript" and "GitLab" are one word each.

/// Words that begin an item or a heading, in order.
const BEGINNINGS: [&str; 34] = [
    "Ability",
    "Able",
    "Advanced",
    "Bachelor",
    "Bachelors",
    "Comfortable",
    "Deep",
    "Demonstrated",
    "Excellent",
    "Experience",
    "Experienced",
    "Expertise",
    "Familiar",
    "Familiarity",
    "Fluent",
    "Good",
    "Knowledge",
    "Minimum",
    "Must",
    "Passion",
    "Preferred",
    "Proficiency",
    "Proficient",
    "Proven",
    "Qualifications",
    "Required",
    "Requirements",
    "Responsibilities",
    "Should",
    "Solid",
    "Strong",
    "Understanding",
    "Willingness",
    "Working",
];
/// Whose "UserExperience" is a field.
const EXPERIENCED: [&str; 6] = [
    "User",
    "Customer",
    "Employee",
    "Developer",
    "Digital",
    "Work",
];

/// Whether a text begins with such a word.
pub(super) fn begins_item(text: &[u8]) -> bool {
    let n = text.iter().take_while(|byte| byte.is_ascii_alphanumeric());
    let (word, rest) = text.split_at(n.count());
    is_beginning(word) && ends(rest)
}

/// Whether a text behind a full stop begins with such a word, or with years: the blank
/// is lost in "SQL.Experience with" and "Tableau.5+ years".
pub(super) fn begins_sentence(text: &[u8]) -> bool {
    let n_digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match n_digits {
        0 => begins_item(text),
        _ => matches!(text[n_digits..], [b'+', b' ', ..]),
    }
}

fn is_beginning(word: &[u8]) -> bool {
    BEGINNINGS
        .binary_search_by(|known| known.as_bytes().cmp(word))
        .is_ok()
}

/// Whether a word surely ends before these bytes: it is no part of an address, and
/// no letter follows.
fn ends(rest: &[u8]) -> bool {
    match rest {
        [b'@', ..] => false,
        [b'.', next, ..] => !next.is_ascii_alphanumeric(),
        // Signs like the apostrophe of "Bachelor’s" begin so, and no letters do.
        [0xc2, ..] | [0xe2, 0x80, ..] => true,
        [next, ..] => next.is_ascii(),
        [] => true,
    }
}

/// Where such a word begins in a word of ASCII letters and digits that starts and
/// ends in a text, if it is two.
pub(super) fn cut(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let word = &text[start..end];
    let at = word.iter().rposition(u8::is_ascii_uppercase)?;
    let (before, beginning) = word.split_at(at);
    let is_field = || EXPERIENCED.iter().any(|known| known.as_bytes() == before);
    (at > 1
        && is_beginning(beginning)
        && ends(&text[end..])
        && !(beginning == b"Experience" && is_field()))
    .then_some(start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_an_item_is_cut_off() {
        assert!(BEGINNINGS.is_sorted());
        for (word, at) in [
            ("SparkAbility", 5),
            ("SQLExperience", 3),
            ("HBaseFamiliarity", 5),
        ] {
            assert_eq!(cut(word.as_bytes(), 0, word.len()), Some(at), "{word}");
        }
        for word in [
            "JavaScript",
            "UserExperience",
            "Experience",
            "GoodData",
            "iMust",
            "IoT",
        ] {
            assert_eq!(cut(word.as_bytes(), 0, word.len()), None, "{word}");
        }
        for (text, start) in [
            ("PythonStrong@x.com", 0),
            ("www.PythonGood.com", 4),
            ("SQLMust\u{e9}", 0),
        ] {
            let end = text[start..]
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap();
            assert_eq!(cut(text.as_bytes(), start, start + end), None, "{text}");
        }
        assert!(!begins_item("Strong\u{e9}".as_bytes()));
        assert!(begins_item(b"Ability to"));
        assert!(!begins_item(b"Abilities"));
        for (text, is) in [
            ("Strong in", true),
            ("5+ years", true),
            ("5.1", false),
            ("NET", false),
        ] {
            assert_eq!(begins_sentence(text.as_bytes()), is, "{text}");
        }
    }
}
