//! Where the work is done: a label, or the location, title and text of a
//! posting in, remote, hybrid or onsite out. Running text is read by `prose`.

mod prose;

use super::marks::Marked;
use super::text::{List, Phrases, fold, label, starts, words};
use crate::posting::Workplace;
pub(super) use prose::ROOTS;
use prose::in_prose;

/// What "remote" makes the name of a thing with, also at the beginning of a title.
static TERMS: List = List::new(|| {
    Phrases::new(
        "\
    sensing, desktop, desktops, procedure, control, controls, controlled, monitoring, access, \
    server, servers, site, sites, code, patient, patients, locations, location, debugging, areas, \
    area, device, devices, computing, island, islands, sensors, sensor, backup, storage, method, \
    hosts, host, machines, diagnostics, operation, villages, shell, login, execution, hands, \
    configuration, function, pilot, pilots, operator, operators, vehicles, rendering, tower, town, \
    learning, system, repositories, repository",
    )
});

/// What others than this role are or do where "remote" stands before it.
static OTHER_THINGS: List = List::new(|| {
    Phrases::new(
        "\
    team, teams, data, support, management, users, user, offices, colleagues, employees, workers, \
    worker, meeting, meetings, until, api, apis, machine, systems, care, health, interview, \
    interviews, communities, customers, engineers, developers, members, stakeholders, \
    environments, clients, client, branch, branches, onboarding, collaboration, communication, \
    stipend, setup, session, sessions, possibility, freelancers, contractors, people, startups, \
    companies, culture, software, chance",
    )
});

/// Things called hybrid.
static OTHER_HYBRIDS: List = List::new(|| {
    Phrases::new(
        "\
    cloud, clouds, app, apps, mobile, application, applications, vehicle, vehicles, \
    infrastructure, environment, environments, search, it, multi, architecture, solutions, \
    integration, systems, system, native, engine, car, cars, events, electric, and, data, \
    deployment, deployments, platform",
    )
});

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
    from_lines(location, title, &Marked::of(text))
}

/// [`from_text`] with the lines of the text marked.
pub(super) fn from_lines(location: &str, title: &str, text: &Marked<'_>) -> Option<Workplace> {
    in_part(location)
        .or_else(|| in_title(title))
        .or_else(|| in_prose(text))
}

/// A title names other remote things: "Remote Sensing Engineer".
fn in_title(title: &str) -> Option<Workplace> {
    let folded = fold(title);
    let words = words(&folded);
    let other = (0..words.len()).any(|at| {
        // "Remote Data Engineer" begins with the place, whatever "remote data" may be.
        let leads = at == 0 && words.len() > 2 && !TERMS.has(words[1]);
        let apart = folded.contains("[remote]") || folded.contains("(remote)");
        words[at] == "remote" && !leads && !apart && is_other_thing(&words, at)
    });
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
            "remote" | "remotely" | "remoto" | "remota" | "zdalnie" | "zdalny" | "zdalna"
            | "remotee" | "telecommute" | "telecommuting" | "telework" | "wfh" | "teletravail"
            | "teletrabajo" | "homeoffice" | "remoteok" | "удаленно" | "удаленка" | "リモート"
            | "远程" => {
                let no = matches!(before(1), "no" | "not" | "non" | "isn't" | "nicht" | "kein")
                    || (matches!(before(2), "no" | "not" | "non")
                        && matches!(
                            before(1),
                            "a" | "currently" | "yet" | "for" | "fully" | "full"
                        ))
                    || is_denied_behind(&words, at + 1);
                let partly = matches!(
                    before(1),
                    "partial"
                        | "partially"
                        | "partly"
                        | "occasional"
                        | "occasionally"
                        | "semi"
                        | "part"
                        | "some"
                        | "teilweise"
                        | "temporarily"
                        | "limited"
                ) || before(1) == "days"
                    || days_before(&words, at)
                    || is_partly_behind(&words, at + 1)
                    || (at + 1..(at + 5).min(words.len())).any(|i| {
                        matches!(words[i], "days" | "day" | "jours" | "tage" | "dias" | "dni")
                            && words[at + 1..i].iter().any(|word| is_number(word))
                    });
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
                    || is_partly_behind(&words, at + 2)
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
            "hybrid" | "hybride" | "hybrido" | "hybrydowo" | "hybrydowy" | "hybrydowa"
            | "hybryda" | "hibrido" | "hibrida" => hybrid = true,
            "onsite" | "inoffice" | "inperson" | "presencial" | "stacjonarna" | "stacjonarny" => {
                let no = matches!(before(1), "no" | "not" | "non");
                let either = matches!(before(1), "partially") || some_days(&words, at);
                hybrid |= either;
                onsite |= !no && !either;
            }
            "site" if before(1) == "on" => {
                let some = some_days(&words, at);
                hybrid |= some;
                onsite |= !some && !matches!(before(2), "no" | "not");
            }
            "office" if before(1) == "in" || before(1) == "the" && before(2) == "in" => {
                let some = some_days(&words, at);
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

/// "Homeoffice möglich", "télétravail partiel": some of the work may be done at home.
fn is_partly_behind(words: &[&str], at: usize) -> bool {
    words.get(at).is_some_and(|word| {
        matches!(
            *word,
            "moglich"
                | "teilweise"
                | "anteilig"
                | "partiel"
                | "partielle"
                | "occasionnel"
                | "ponctuel"
                | "regulier"
                | "parcial"
                | "parziale"
        )
    })
}

/// "Remote work is not possible", "… candidates will not be considered": a denial
/// behind the words for remote work; `at` is the word after them.
fn is_denied_behind(words: &[&str], at: usize) -> bool {
    let skip = |from: usize, list: &List| {
        from + words[from.min(words.len())..]
            .iter()
            .take_while(|word| list.has_word(word))
            .count()
    };
    let subject = skip(at, &SUBJECTS);
    let verb = skip(subject, &AUXILIARIES);
    let next = |at: usize| words.get(at).copied().unwrap_or_default();
    let denies = match next(verb) {
        "not" | "never" | "nicht" => true,
        word => verb == subject && CONTRACTIONS.has_word(word),
    };
    // "Not only", "not a problem", "not required".
    let mild = [
        "a problem",
        "an issue",
        "only",
        "just",
        "required",
        "mandatory",
        "necessary",
        "limited",
        "restricted",
    ];
    denies && !mild.iter().any(|phrase| starts(words, verb + 1, phrase))
}

/// What the words for remote work may say more of before a verb.
static SUBJECTS: List = List::new(|| {
    Phrases::new(
        "\
    work, working, position, positions, role, option, options, candidates, applicants, applications, \
    arrangement, arrangements, only, job, jobs, employment, workers, and, or, hybrid, telecommuting",
    )
});

/// Verbs before "not".
static AUXILIARIES: List = List::new(|| {
    Phrases::new("is, are, was, will, can, may, does, do, would, be, currently, ist, has, been")
});

/// Verbs that deny by themselves.
static CONTRACTIONS: List =
    List::new(|| Phrases::new("isn't, aren't, won't, cannot, can't, doesn't, don't, wouldn't"));

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

/// "Onsite 1-2 days", "3 days a week in the office": some days of the week near
/// the word, and not all five.
fn some_days(words: &[&str], at: usize) -> bool {
    let near = at.saturating_sub(7)..words.len().min(at + 7);
    near.into_iter().any(|i| {
        let before = &words[i.saturating_sub(2)..i];
        let some = |word: &&str| {
            matches!(
                *word,
                "1" | "2" | "3" | "4" | "one" | "two" | "three" | "four" | "few" | "some"
            )
        };
        matches!(words[i], "days" | "day") && before.iter().any(some)
    })
}

/// Things called remote that are not this role.
fn is_other_thing(words: &[&str], at: usize) -> bool {
    let next = words.get(at + 1).copied().unwrap_or_default();
    OTHER_THINGS.has(next)
        || TERMS.has(next)
        || starts(words, at, "remote work stipend")
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
    OTHER_HYBRIDS.has(next)
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
