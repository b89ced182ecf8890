//! Words that were run together where a line break was lost: "SparkAbility to
//! lead", "C++Understanding of". Only before words that begin what a posting
//! asks for: "JavaScript" and "GitLab" are one word each.

/// Words that begin an item or a heading, in order.
const BEGINNINGS: [&str; 32] = [
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
    "Good",
    "Knowledge",
    "Minimum",
    "Must",
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
    is_beginning(&text[..n.count()])
}

fn is_beginning(word: &[u8]) -> bool {
    BEGINNINGS
        .binary_search_by(|known| known.as_bytes().cmp(word))
        .is_ok()
}

/// Where such a word begins in a word of ASCII letters and digits, if it is two.
pub(super) fn cut(word: &[u8]) -> Option<usize> {
    let at = word.iter().rposition(u8::is_ascii_uppercase)?;
    let (before, beginning) = word.split_at(at);
    let is_field = || EXPERIENCED.iter().any(|known| known.as_bytes() == before);
    (at > 1 && is_beginning(beginning) && !(beginning == b"Experience" && is_field())).then_some(at)
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
            assert_eq!(cut(word.as_bytes()), Some(at), "{word}");
        }
        for word in [
            "JavaScript",
            "UserExperience",
            "Experience",
            "GoodData",
            "iMust",
            "IoT",
        ] {
            assert_eq!(cut(word.as_bytes()), None, "{word}");
        }
        assert!(begins_item(b"Ability to"));
        assert!(!begins_item(b"Abilities"));
    }
}
