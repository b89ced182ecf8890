//! Where the work is done: a label, or the location, title and text of a
//! posting in, remote, hybrid or onsite out.
//!
//! In running text only phrases about this role count: "remote teams", "remote
//! desktop" and what stands under a heading for benefits say nothing.

use crate::posting::Workplace;

use super::text::{fold, head, label, starts, words};

/// The workplace of a publisher's label; `None` for "unspecified" and for a mere
/// `false`, which does not prove that there is an office.
pub fn from_label(text: &str) -> Option<Workplace> {
    let label = label(text);
    match label.as_str() {
        "true" | "1" | "yes" | "telecommute" | "telecommuting" => return Some(Workplace::Remote),
        "" | "false" | "0" | "no" | "unspecified" | "none" | "null" => return None,
        _ => {}
    }
    in_part(text)
}

/// The workplace by the location, then the title, then the text.
pub fn from_text(location: &str, title: &str, text: &str) -> Option<Workplace> {
    in_part(location)
        .or_else(|| in_title(title))
        .or_else(|| in_prose(text))
}

/// A title names other remote things: "Remote Sensing Engineer".
fn in_title(title: &str) -> Option<Workplace> {
    let folded = fold(title);
    let words = words(&folded);
    let other = (0..words.len()).any(|at| words[at] == "remote" && is_other_thing(&words, at));
    let hybrid = (0..words.len()).any(|at| words[at] == "hybrid" && is_other_hybrid(&words, at));
    if other || hybrid {
        None
    } else {
        in_part(title)
    }
}

/// The workplace that a short text such as a part of a forum line names: hybrid
/// before remote before onsite, and a denied word turns into onsite.
pub(super) fn in_part(text: &str) -> Option<Workplace> {
    let folded = fold(text);
    let words = words(&folded);
    let (mut remote, mut hybrid, mut onsite, mut denied) = (false, false, false, false);
    for at in 0..words.len() {
        let before = |n: usize| at.checked_sub(n).map_or("", |i| words[i]);
        let next = words.get(at + 1).copied().unwrap_or_default();
        match words[at] {
            "remote" | "remotely" | "remoto" | "remota" | "zdalnie" | "zdalna" | "remotee"
            | "telecommute" | "telecommuting" | "telework" | "wfh" | "teletravail"
            | "teletrabajo" | "homeoffice" | "remoteok" | "удаленно" | "удаленка" | "リモート"
            | "远程" => {
                let no = matches!(before(1), "no" | "not" | "non" | "isn't" | "nicht" | "kein")
                    || (matches!(before(2), "no" | "not" | "non")
                        && matches!(
                            before(1),
                            "a" | "currently" | "yet" | "for" | "fully" | "full"
                        ))
                    || (matches!(next, "not")
                        || (next == "is" && words.get(at + 2) == Some(&"not")));
                let partly = matches!(
                    before(1),
                    "partial"
                        | "partially"
                        | "partly"
                        | "occasional"
                        | "occasionally"
                        | "semi"
                        | "some"
                        | "teilweise"
                        | "temporarily"
                        | "limited"
                ) || before(1) == "days"
                    || days_before(&words, at)
                    || (at + 1..(at + 5).min(words.len())).any(|i| {
                        matches!(words[i], "days" | "day")
                            && words[at + 1..i].iter().any(|word| is_number(word))
                    })
                    || matches!(next, "friendly" if false);
                let fully_not = no && matches!(before(1), "fully" | "full");
                denied |= no && !fully_not;
                hybrid |= partly || fully_not;
                remote |= !no && !partly;
            }
            "home"
                if starts(&words, at, "home office")
                    || (before(1) == "from" && matches!(before(2), "work" | "working")) =>
            {
                let some = days_before(&words, at)
                    || words[at + 1..]
                        .iter()
                        .take(4)
                        .any(|word| matches!(*word, "days" | "day"));
                hybrid |= some;
                remote |= !some;
            }
            "anywhere" | "worldwide" => {
                remote |= !matches!(before(1), "from" if before(2) == "relocate")
            }
            "distributed" if matches!(next, "team" | "company" | "") || before(1) == "fully" => {
                remote |= next != "systems"
            }
            "hybrid" | "hybride" | "hybrido" | "hybrydowo" | "hybrydowa" | "hybryda"
            | "hibrido" | "hibrida" => hybrid = true,
            "onsite" | "inoffice" | "inperson" | "presencial" => {
                let no = matches!(before(1), "no" | "not" | "non");
                let either = matches!(before(1), "partially");
                hybrid |= either;
                onsite |= !no && !either;
            }
            "site" if before(1) == "on" => onsite |= !matches!(before(2), "no" | "not"),
            "office" if before(1) == "in" || before(1) == "the" && before(2) == "in" => {
                let some = days_before(&words, at)
                    || words.iter().any(|word| matches!(*word, "days" | "day"));
                hybrid |= some;
                onsite |= !some;
            }
            "person" if before(1) == "in" => onsite = true,
            "local" | "locals" if next == "only" => onsite = true,
            _ => {}
        }
    }
    match () {
        () if hybrid => Some(Workplace::Hybrid),
        () if remote => Some(Workplace::Remote),
        () if onsite || denied => Some(Workplace::Onsite),
        () => None,
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= 2
        || matches!(
            word,
            "one"
                | "two"
                | "three"
                | "four"
                | "five"
                | "few"
                | "couple"
                | "some"
                | "several"
                | "zwei"
                | "drei"
        )
}

/// "2 days remote", "three days a week from home", "2-3 days per week in office".
fn days_before(words: &[&str], at: usize) -> bool {
    (at.saturating_sub(7)..at).any(|i| {
        matches!(
            words[i],
            "days" | "day" | "tage" | "jours" | "dni" | "weeks" | "week" | "dias"
        ) && i > 0
            && (is_number(words[i - 1]) || matches!(words[i - 1], "1" | "or" | "of"))
    })
}

/// Things called remote that are not this role.
fn is_other_thing(words: &[&str], at: usize) -> bool {
    let next = words.get(at + 1).copied().unwrap_or_default();
    matches!(
        next,
        "team"
            | "teams"
            | "sensing"
            | "desktop"
            | "desktops"
            | "procedure"
            | "control"
            | "controls"
            | "controlled"
            | "monitoring"
            | "access"
            | "server"
            | "servers"
            | "data"
            | "support"
            | "site"
            | "sites"
            | "code"
            | "patient"
            | "patients"
            | "locations"
            | "location"
            | "repositories"
            | "repository"
            | "debugging"
            | "management"
            | "areas"
            | "area"
            | "users"
            | "user"
            | "device"
            | "devices"
            | "offices"
            | "colleagues"
            | "employees"
            | "workers"
            | "worker"
            | "meeting"
            | "meetings"
            | "computing"
            | "until"
            | "island"
            | "islands"
            | "sensors"
            | "sensor"
            | "backup"
            | "storage"
            | "api"
            | "apis"
            | "method"
            | "hosts"
            | "host"
            | "machines"
            | "machine"
            | "systems"
            | "system"
            | "learning"
            | "care"
            | "health"
            | "interview"
            | "interviews"
            | "diagnostics"
            | "operation"
            | "villages"
            | "communities"
            | "customers"
            | "engineers"
            | "developers"
            | "members"
            | "stakeholders"
            | "environments"
            | "shell"
            | "login"
            | "clients"
            | "client"
            | "branch"
            | "branches"
            | "execution"
            | "hands"
            | "onboarding"
            | "collaboration"
            | "communication"
            | "stipend"
            | "setup"
            | "session"
            | "sessions"
            | "town"
            | "possibility"
            | "freelancers"
            | "contractors"
            | "configuration"
            | "function"
            | "people"
            | "startups"
            | "companies"
            | "culture"
            | "tower"
            | "software"
            | "chance"
    ) || starts(words, at, "remote work stipend")
        || starts(words, at, "remote work tools")
        || starts(words, at, "remote working tools")
        || (next == "work"
            && matches!(
                words.get(at + 2).copied().unwrap_or_default(),
                "software"
                    | "tools"
                    | "equipment"
                    | "allowance"
                    | "budget"
                    | "technology"
                    | "platform"
            ))
}

fn is_other_hybrid(words: &[&str], at: usize) -> bool {
    let next = words.get(at + 1).copied().unwrap_or_default();
    matches!(
        next,
        "cloud"
            | "clouds"
            | "app"
            | "apps"
            | "mobile"
            | "application"
            | "applications"
            | "vehicle"
            | "vehicles"
            | "infrastructure"
            | "environment"
            | "environments"
            | "search"
            | "it"
            | "multi"
            | "architecture"
            | "solutions"
            | "integration"
            | "systems"
            | "system"
            | "native"
            | "engine"
            | "car"
            | "cars"
            | "events"
            | "electric"
            | "and"
            | "data"
            | "deployment"
            | "deployments"
            | "platform"
    )
}

/// Phrases of this role being remote; the words before and after are looked at
/// in [`in_prose`].
const REMOTE: &[&str] = &[
    "fully remote",
    "100% remote",
    "100 remote",
    "remote position",
    "remote role",
    "remote job",
    "remote opportunity",
    "position is remote",
    "role is remote",
    "job is remote",
    "remote ok",
    "remote okay",
    "remote friendly",
    "remote possible",
    "remote is possible",
    "remote is ok",
    "remote is fine",
    "remote welcome",
    "remotes welcome",
    "work remotely",
    "working remotely",
    "remote first",
    "open to remote",
    "remote work is",
    "work is remote",
    "remote considered",
    "remote allowed",
    "remote available",
    "remote preferred",
    "or remote",
    "remote or",
    "work from anywhere",
    "from anywhere",
    "location remote",
    "remote location",
    "remote within",
    "remote anywhere",
    "all remote",
    "completely remote",
    "entirely remote",
    "permanently remote",
    "remote only",
    "is remote",
    "are remote",
    "be remote",
    "remote workers welcome",
    "remote candidates",
    "remote applicants",
    "remote work possible",
    "remote working possible",
    "remote work welcome",
    "remote work ok",
    "remote work available",
    "possibility of remote",
    "remote option",
    "remote based",
    "remote us",
    "remote usa",
    "remote eu",
    "remote europe",
    "remote uk",
    "us remote",
    "work remote",
    "working remote",
    "remote in",
    "remote from",
    "remote full time",
    "full time remote",
    "remote contract",
    "remote flexible",
    "praca zdalna",
    "full remote",
    "vollstandig remote",
    "komplett remote",
    "teletravail complet",
    "100% teletravail",
    "100% zdalnie",
    "w pelni zdalna",
    "100% remoto",
    "trabajo remoto",
    "totalmente remoto",
    "work from home position",
    "work from home role",
    "work from home job",
    "work from home full time",
    "telecommute",
    "telecommuting",
    "remote friendly company",
    "distributed company",
    "fully distributed",
];

const HYBRID: &[&str] = &[
    "hybrid role",
    "hybrid position",
    "hybrid work",
    "hybrid working",
    "hybrid model",
    "hybrid schedule",
    "hybrid remote",
    "hybrid office",
    "hybrid setup",
    "hybrid job",
    "is hybrid",
    "work hybrid",
    "hybrid environment with",
    "hybrid mode",
    "hybrides arbeiten",
    "hybrid workplace",
    "hybrid team",
    "hybrid arrangement",
    "hybrid arbeiten",
    "hybrid or",
    "or hybrid",
    "location hybrid",
    "teletravail partiel",
    "modelo hibrido",
    "praca hybrydowa",
    "partially remote",
    "partly remote",
    "partial remote",
    "occasional remote",
    "semi remote",
    "remote hybrid",
    "flexible hybrid",
    "remote part of the week",
];

const ONSITE: &[&str] = &[
    "onsite only",
    "on site only",
    "on site position",
    "on site role",
    "onsite position",
    "onsite role",
    "onsite job",
    "must work onsite",
    "must work on site",
    "work onsite",
    "work on site",
    "is onsite",
    "is on site",
    "fully onsite",
    "fully on site",
    "100% onsite",
    "100% on site",
    "in office role",
    "in office position",
    "in person role",
    "in person position",
    "not open to remote",
    "no remote",
    "not remote",
    "not a remote",
    "cannot be remote",
    "can't be remote",
    "non remote",
    "remote is not",
    "not able to offer remote",
    "no remote work",
    "no telecommuting",
    "local only",
    "locals only",
    "local candidates only",
    "must be local",
    "remote not",
    "not offer remote",
    "not considering remote",
    "not accepting remote",
    "location onsite",
    "location on site",
    "not looking for remote",
    "not hiring remote",
    "isn't remote",
    "in office 5 days",
    "5 days a week in",
    "five days a week in",
    "no remotes",
    "aren't considering remote",
    "don't do remote",
];

/// Reads running text, line by line, and stops at benefits.
fn in_prose(text: &str) -> Option<Workplace> {
    let mut best: Option<Workplace> = None;
    let mut benefits = false;
    let folded = fold(head(text, 12_000));
    if !mentions(&folded) {
        return None;
    }
    for line in folded.lines() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if line.len() < 60 {
            benefits = heading_of_benefits(line, benefits);
        }
        if !mentions(line) {
            continue;
        }
        let words = words(line);
        if words.len() <= 3 && !benefits {
            // A line of its own: "Remote", "ONSITE".
            if let Some(found) = in_title(line) {
                best = Some(stronger(best, found));
                continue;
            }
        }
        for at in 0..words.len() {
            let any = |list: &[&str]| list.iter().any(|phrase| starts(&words, at, phrase));
            let found = if any(ONSITE) {
                Some(Workplace::Onsite)
            } else if days_phrase(&words, at) {
                Some(Workplace::Hybrid)
            } else if benefits {
                None
            } else if any(HYBRID) {
                (!is_other_hybrid(&words, at)).then_some(Workplace::Hybrid)
            } else if any(REMOTE) {
                let remote_at =
                    (at..words.len().min(at + 4)).find(|&i| words[i].starts_with("remote"));
                let other = remote_at.is_some_and(|i| is_other_thing(&words, i));
                (!other && !is_denied(&words, at) && !is_of_others(&words, at))
                    .then_some(Workplace::Remote)
            } else if words[at] == "remote" && bracketed(line, &words, at) {
                Some(Workplace::Remote)
            } else {
                None
            };
            if let Some(found) = found {
                best = Some(stronger(best, found));
            }
        }
    }
    best
}

/// A denial beats all, some days beat remote.
fn stronger(best: Option<Workplace>, found: Workplace) -> Workplace {
    match (best, found) {
        (None, found) => found,
        (Some(Workplace::Hybrid), Workplace::Remote)
        | (Some(Workplace::Remote), Workplace::Hybrid) => Workplace::Hybrid,
        (Some(Workplace::Hybrid), Workplace::Onsite)
        | (Some(Workplace::Onsite), Workplace::Hybrid) => Workplace::Hybrid,
        (Some(Workplace::Remote), Workplace::Onsite)
        | (Some(Workplace::Onsite), Workplace::Remote) => Workplace::Remote,
        (Some(same), _) => same,
    }
}

/// Whether a folded text has any word that a phrase below could begin from.
fn mentions(folded: &str) -> bool {
    const ROOTS: &[&str] = &[
        "remot",
        "hybrid",
        "onsite",
        "on-site",
        "on site",
        "office",
        "from home",
        "anywhere",
        "tele",
        "local",
        "zdaln",
        "hybryd",
        "in person",
        "in-person",
        "distributed",
        "hibrid",
    ];
    ROOTS.iter().any(|root| folded.contains(root))
}

fn heading_of_benefits(line: &str, before: bool) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    const BENEFITS: &[&str] = &[
        "benefits",
        "perks",
        "what we offer",
        "we offer",
        "our offer",
        "wir bieten",
        "was wir bieten",
        "unser angebot",
        "why join",
        "why us",
        "what you get",
        "what you'll get",
        "oferujemy",
        "nous offrons",
        "ofrecemos",
        "compensation and benefits",
    ];
    if BENEFITS
        .iter()
        .any(|word| bare.starts_with(word) || bare.ends_with(word))
    {
        return true;
    }
    let is_heading = line.ends_with(':')
        || (!line.starts_with(['-', '*', '•', '·', '–'])
            && !line.ends_with(['.', ',', ';'])
            && bare.split(' ').count() <= 4);
    before && !is_heading
}

/// "2 days remote", "3 days a week in the office", "up to 4 weeks of remote".
fn days_phrase(words: &[&str], at: usize) -> bool {
    let is_span = matches!(
        words[at],
        "days" | "day" | "weeks" | "days/week" | "tage" | "jours" | "dni" | "dias"
    ) && at > 0
        && (is_number(words[at - 1]) || words[at - 1] == "1");
    let whole = at > 0 && matches!(words[at - 1], "5" | "five");
    if !is_span || whole {
        return false;
    }
    let weeks = words[at] == "weeks";
    let after = &words[at + 1..words.len().min(at + 9)];
    after.iter().enumerate().any(|(i, word)| match *word {
        "remote" | "remotely" | "homeoffice" | "wfh" | "teletravail" | "zdalnie" => !matches!(
            after.get(i + 1).copied().unwrap_or_default(),
            "team" | "teams"
        ),
        "home" => i > 0 && after[i - 1] == "from" || after.get(i + 1) == Some(&"office"),
        "office" | "onsite" => {
            !weeks
                && after[..i]
                    .iter()
                    .any(|word| matches!(*word, "in" | "the" | "at" | "our" | "week" | "from"))
        }
        "site" => !weeks && i > 0 && after[i - 1] == "on",
        _ => false,
    }) || (matches!(
        words.get(at.wrapping_sub(2)).copied().unwrap_or_default(),
        "remote" | "remotely" | "home"
    ))
}

fn is_denied(words: &[&str], at: usize) -> bool {
    let before = &words[at.saturating_sub(6)..at];
    before.iter().any(|word| {
        matches!(
            *word,
            "no" | "not"
                | "cannot"
                | "can't"
                | "don't"
                | "never"
                | "non"
                | "unable"
                | "without"
                | "isn't"
                | "nicht"
        )
    })
}

/// Others than this role are remote: the team, the customers.
fn is_of_others(words: &[&str], at: usize) -> bool {
    let before = &words[at.saturating_sub(4)..at];
    let after = &words[at..words.len().min(at + 7)];
    before.iter().any(|word| {
        matches!(
            *word,
            "customers"
                | "users"
                | "access"
                | "patients"
                | "everyone's"
                | "collaborate"
                | "employees"
                | "helps"
                | "students"
                | "data"
                | "allows"
                | "occasionally"
                | "some"
                | "sometimes"
                | "interviews"
                | "colleagues"
                | "temporarily"
                | "enable"
                | "enables"
                | "apply"
                | "people"
        )
    }) || after.iter().any(|word| {
        matches!(
            *word,
            "until"
                | "occasionally"
                | "temporarily"
                | "teams"
                | "covid"
                | "sometimes"
                | "interview"
                | "during"
        )
    }) || before.ends_with(&["ability", "to"])
}

/// "(remote)", "- remote", "| REMOTE |" inside a line.
fn bracketed(folded: &str, words: &[&str], at: usize) -> bool {
    let offset = words[at].as_ptr() as usize - folded.as_ptr() as usize;
    let (left, right) = (
        folded[..offset].trim_end(),
        folded[offset + words[at].len()..].trim_start(),
    );
    let opens = left.ends_with(['(', '|', '[', '/', ':']);
    let closes = right.is_empty() || right.starts_with([')', '|', ']', '/', ',', ';']);
    opens && closes
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Fixture {
        label: Vec<(String, String)>,
        /// `[location, title, text, workplace]`
        text: Vec<(String, String, String, String)>,
    }

    fn fixture() -> Fixture {
        toml::from_str(include_str!("../../tests/fixtures/fields/workplace.toml")).unwrap()
    }

    #[test]
    fn labels_of_publishers_are_known() {
        for (label, expected) in fixture().label {
            assert_eq!(
                from_label(&label)
                    .map(Workplace::as_str)
                    .unwrap_or_default(),
                expected,
                "{label:?}"
            );
        }
    }

    #[test]
    fn only_phrases_about_the_role_count() {
        let mut wrong = Vec::new();
        for (location, title, text, expected) in fixture().text {
            let found = from_text(&location, &title, &text)
                .map(Workplace::as_str)
                .unwrap_or_default();
            if found != expected {
                wrong.push(format!(
                    "{location:?} {title:?} {text:?}: {found:?}, expected {expected:?}"
                ));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            from_text(&text, &text, &text);
        }

        #[test]
        fn no_phrase_panics(text in "(remote|[0-9]| |days|no|home|from|office|in|\n|hybrid|week|\\(|,){0,16}") {
            from_text(&text, &text, &text);
        }
    }
}
