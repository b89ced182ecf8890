//! Which phrases of work say what the reader is to do: not what the employer or a thing
//! does, and no two nouns of a list.

use super::scan::Scan;
use super::token::{Hit, Mark};
use crate::skills::SkillNo;

/// Whether what looks like a duty is none.
pub(super) fn is_none(scan: &Scan<'_>, hit: &Hit<SkillNo>) -> bool {
    is_of_others(scan, hit) || is_of_a_list(scan, hit) || is_adjective(scan, hit)
}

/// Whether the first word only describes the next one: "with leading advertisers and
/// developers", "following established procedures", but not "experience in leading teams".
fn is_adjective(scan: &Scan<'_>, hit: &Hit<SkillNo>) -> bool {
    let first = hit.first as usize;
    let Some(before) = first.checked_sub(1) else {
        return false;
    };
    if hit.last as usize <= first + 1 {
        return false;
    }
    let (verb, next) = (scan.word(first), scan.word(first + 1));
    let form = Form::of(verb);
    if !matches!(form, Form::Ing | Form::Past)
        || !scan.before(first).only(Mark::BLANK)
        || !scan.before(first + 1).only(Mark::BLANK)
        || next.len() <= 3
    {
        return false;
    }
    if scan.is_any(before, OWNERS) {
        return true;
    }
    let asks = |at: usize| {
        scan.is_any(
            at,
            &[
                "experience",
                "experienced",
                "comfortable",
                "familiar",
                "proficient",
            ],
        )
    };
    match form {
        Form::Past => scan.is_any(before, PREPOSITIONS),
        // "designed by leading", but "experience with leading"
        _ => {
            verb.eq_ignore_ascii_case("leading")
                && scan.is_any(before, PREPOSITIONS)
                && !before.checked_sub(1).is_some_and(asks)
        }
    }
}

/// Words that a noun follows, with what describes it.
const OWNERS: &[&str] = &[
    "the", "our", "your", "their", "its", "these", "those", "all", "a", "an", "any", "other",
    "many", "several", "various",
];
/// Words that stand before a noun sooner than before a verb.
const PREPOSITIONS: &[&str] = &[
    "with",
    "within",
    "from",
    "at",
    "among",
    "under",
    "per",
    "following",
    "against",
    "on",
    "to",
    "using",
    "as",
];

/// Whether it is said of the employer or of a thing what a phrase says is done: "we work
/// with clients", "a platform that integrates with".
fn is_of_others(scan: &Scan<'_>, hit: &Hit<SkillNo>) -> bool {
    let first = hit.first as usize;
    let Some(subject) = first.checked_sub(1) else {
        return false;
    };
    // "IT project management", "so that systems are monitored".
    let of_a_thing = || {
        let verb = scan.word(first);
        scan.is_any(subject, &["that", "which", "it"])
            && scan.word(subject) != "IT"
            && verb.ends_with('s')
            && !verb.ends_with("ss")
    };
    scan.before(first).only(Mark::BLANK) && (scan.is_any(subject, &["we"]) || of_a_thing())
}

/// Whether the first word is one of a list and no verb with what follows as its object:
/// "[design, testing] and measurement", "[mining, data]", but not "develop, test and deploy".
fn is_of_a_list(scan: &Scan<'_>, hit: &Hit<SkillNo>) -> bool {
    let first = hit.first as usize;
    let mut next = first + 1;
    if next >= hit.last as usize || !scan.before(next).any(Mark::COMMA) {
        return false;
    }
    if scan.is_any(next, &["and", "or", "then"]) && next + 1 < scan.tokens.len() {
        next += 1;
    }
    // "code, and domain-specific applications"
    let is_joined = scan.before(next + 1).any(Mark::HYPHEN);
    let (verb, next) = (Form::of(scan.word(first)), Form::of(scan.word(next)));
    verb != next || next == Form::Noun || is_joined
}

/// What the end of an English word tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Ing,
    Past,
    /// A plural, or what a third person does.
    S,
    Noun,
    /// Nothing: what verbs look like in the base.
    Bare,
}

impl Form {
    fn of(word: &str) -> Form {
        const NOUNS: [&str; 8] = [
            "tion", "sion", "ment", "ity", "ance", "ence", "ness", "ship",
        ];
        // Verbs that look like nouns, and pasts that do not look like any.
        const BARE: [&str; 4] = ["implement", "document", "experiment", "augment"];
        const PAST: [&str; 5] = ["built", "written", "ran", "led", "made"];
        let is_bare = word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
        match word {
            _ if BARE.iter().any(|verb| word.eq_ignore_ascii_case(verb)) => Form::Bare,
            _ if PAST.iter().any(|verb| word.eq_ignore_ascii_case(verb)) => Form::Past,
            _ if !is_bare || NOUNS.iter().any(|end| word.ends_with(end)) => Form::Noun,
            _ if word.ends_with("ing") => Form::Ing,
            _ if word.ends_with("ed") => Form::Past,
            _ if word.ends_with('s') && !word.ends_with("ss") => Form::S,
            _ => Form::Bare,
        }
    }
}
