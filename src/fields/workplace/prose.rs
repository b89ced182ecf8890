//! The workplace that running text states: text in, remote, hybrid or onsite out.
//!
//! Only phrases about this role count: "remote teams", "remote desktop" and what
//! stands under a heading for benefits say nothing.

use super::{in_title, is_denied_behind, is_number, is_other_hybrid, is_other_thing};
use crate::fields::marks::{Mark, Marked};
use crate::fields::text::{List, Phrases, fold, words};
use crate::posting::Workplace;

/// Words before "remote" that speak of others than this role.
static OTHERS: List = List::new(|| {
    Phrases::new(
        "\
    commute, commuting, ship, ships, customers, users, access, patients, everyone's, collaborate, employees, helps, students, \
    data, allows, occasionally, some, sometimes, interviews, colleagues, temporarily, enable, \
    enables, apply, people",
    )
});

/// Words that deny what follows.
static DENIALS: List = List::new(|| {
    Phrases::new("no, not, cannot, can't, don't, never, non, unable, without, isn't, nicht")
});

/// Phrases of this role being remote; the words before and after are looked at
/// in [`in_prose`].
static REMOTE: List = List::new(|| {
    Phrases::new(
        "\
    based anywhere in, fully remote, 100% remote, 100 remote, remote position, remote role, remote job, remote \
    opportunity, position is remote, role is remote, job is remote, remote ok, remote okay, \
    remote friendly, remote possible, remote is possible, remote is ok, remote is fine, remote \
    welcome, remotes welcome, work remotely, working remotely, remote first, open to remote, \
    remote work is, remote working is, work is remote, remote considered, remote allowed, remote available, remote \
    preferred, or remote, remote or, work from anywhere, from anywhere, location remote, remote \
    location, remote within, remote anywhere, all remote, completely remote, entirely remote, \
    permanently remote, remote only, is remote, are remote, be remote, remote workers welcome, \
    remote candidates, remote applicants, remote work possible, remote working possible, remote \
    work welcome, remote work ok, remote work available, possibility of remote, remote option, \
    remote based, remote us, remote usa, remote eu, remote europe, remote uk, us remote, work \
    remote, working remote, remote in, remote from, remote full time, full time remote, remote \
    contract, remote flexible, praca zdalna, full remote, vollstandig remote, komplett remote, \
    teletravail complet, 100% teletravail, 100% zdalnie, w pelni zdalna, 100% remoto, trabajo \
    remoto, totalmente remoto, work from home position, work from home role, work from home job, \
    work from home full time, telecommute, telecommuting, remote friendly company, distributed \
    company, fully distributed",
    )
});

static HYBRID: List = List::new(|| {
    Phrases::new(
        "\
    hybrid role, hybrid position, hybrid work, hybrid working, hybrid model, hybrid schedule, \
    hybrid remote, hybrid office, hybrid setup, hybrid job, is hybrid, work hybrid, hybrid \
    environment with, hybrid mode, hybrides arbeiten, hybrid workplace, hybrid team, hybrid \
    arrangement, hybrid arbeiten, hybrid or, or hybrid, location hybrid, teletravail partiel, \
    modelo hibrido, praca hybrydowa, partially remote, partly remote, partial remote, occasional \
    remote, semi remote, remote hybrid, flexible hybrid, remote part of the week",
    )
});

static ONSITE: List = List::new(|| {
    Phrases::new(
        "\
    onsite only, on site only, on site position, on site role, onsite position, onsite role, \
    onsite job, must work onsite, must work on site, work onsite, work on site, is onsite, is on \
    site, fully onsite, fully on site, 100% onsite, 100% on site, in office role, in office \
    position, in person role, in person position, not open to remote, no remote, not remote, not \
    a remote, cannot be remote, can't be remote, non remote, remote is not, not able to offer \
    remote, no remote work, no telecommuting, local only, locals only, local candidates only, \
    must be local, remote not, not offer remote, not considering remote, not accepting remote, \
    location onsite, location on site, not looking for remote, not hiring remote, isn't remote, \
    must be on site, must be onsite, be on site with, be onsite with, be on site at, be onsite at, \
    required to be on site, required to be onsite, on site in our, onsite in our, on site at our, onsite at our, in office 5 days, 5 days a week in, five days a week in, no remotes, aren't considering \
    remote, don't do remote",
    )
});

/// Reads running text, line by line, and stops at benefits.
pub(super) fn in_prose(text: &Marked<'_>) -> Option<Workplace> {
    let mut best: Option<Workplace> = None;
    let mut benefits = false;
    let text = text.beginning();
    if !text.has(Mark::Workplace) {
        return None;
    }
    for (line, marks) in text.lines() {
        let line = line.trim();
        let named = marks.has(Mark::Workplace);
        if line.is_empty() || (line.len() >= 60 && !named) {
            continue;
        }
        let folded = fold(line);
        let line = folded.as_str();
        if line.len() < 60 {
            benefits = heading_of_benefits(line, benefits);
        }
        if !named {
            continue;
        }
        if let Some(found) = labelled(line) {
            best = Some(stronger(best, found));
            continue;
        }
        let words = words(line);
        let on_site = |at: usize| words[at] == "onsite" || words[at..].starts_with(&["on", "site"]);
        let amenity =
            words.last().is_some_and(|word| AMENITIES.has(word)) && (0..words.len()).any(on_site);
        if amenity || words.len() <= 3 && (0..words.len()).any(|at| is_label(&words, at)) {
            continue;
        }
        if words.len() <= 3 && !benefits {
            // A line of its own: "Remote", "ONSITE".
            if let Some(found) = in_title(line) {
                best = Some(stronger(best, found));
                continue;
            }
        }
        for at in 0..words.len() {
            if !may_begin(words[at]) {
                continue;
            }
            let found = if ONSITE.begins(&words, at) || whole_week(&words, at) {
                Some(Workplace::Onsite)
            } else if days_phrase(&words, at) {
                Some(Workplace::Hybrid)
            } else if benefits {
                None
            } else if HYBRID.begins(&words, at) {
                (!is_other_hybrid(&words, at) && is_of_work(&words, at))
                    .then_some(Workplace::Hybrid)
            } else if REMOTE.begins(&words, at) {
                let remote_at =
                    (at..words.len().min(at + 4)).find(|&i| words[i].starts_with("remote"));
                let other = remote_at.is_some_and(|i| is_other_thing(&words, i));
                let said = !other
                    && !is_label(&words, at)
                    && !is_denied(&words, at)
                    && !is_of_others(&words, at);
                let denied = is_denied_behind(&words, remote_at.unwrap_or(at) + 1);
                said.then_some(match denied {
                    true => Workplace::Onsite,
                    false => Workplace::Remote,
                })
            } else if words[at] == "remote" && bracketed(line, &words, at) {
                Some(Workplace::Remote)
            } else if matches!(words[at], "onsite" | "hybrid") && barred(line, &words, at) {
                in_title(words[at])
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

/// What an office has on its site: "On-site gym".
static AMENITIES: List = List::new(|| {
    Phrases::new(
        "\
    gym, chef, cafe, cafeteria, parking, fitness, childcare, daycare, clinic, restaurant, kitchen, \
    massage, massages, yoga, nursery, lunch, lunches, meals, food, snacks, coffee, center, centre, \
    amenities, doctor, showers, canteen, pool",
    )
});

/// "Or hybrid" and "hybrid or" stand in any list; one about work names another
/// place to work, or nothing more.
fn is_of_work(words: &[&str], at: usize) -> bool {
    let listed = match words[at] {
        "or" => words.get(at + 1) == Some(&"hybrid"),
        "hybrid" => words.get(at + 1) == Some(&"or"),
        _ => false,
    };
    let near = &words[at.saturating_sub(5)..words.len().min(at + 6)];
    let is_place = |word: &&str| {
        matches!(
            *word,
            "onsite" | "site" | "office" | "home" | "work" | "working" | "role" | "position"
        ) || word.starts_with("remot")
            || word.starts_with("telecommut")
    };
    !listed || near.iter().any(is_place) || words.len() <= at + 2
}

/// "Telecommuting options:" asks what they are.
fn is_label(words: &[&str], at: usize) -> bool {
    words[at].starts_with("telecommut")
        && matches!(
            words.get(at + 1),
            Some(&("option" | "options" | "policy" | "eligible" | "eligibility" | "status"))
        )
}

/// Whether anything that tells the workplace may begin with a word; most words
/// are done with that.
fn may_begin(word: &str) -> bool {
    let lists = [&ONSITE, &HYBRID, &REMOTE];
    lists.iter().any(|list| list.may_begin_with(word)) || is_five(word) || is_span(word)
}

/// "Working model: hybrid" in a line of its own.
fn labelled(line: &str) -> Option<Workplace> {
    static LABELS: List = List::new(|| {
        Phrases::new(
            "\
    work arrangement, working arrangement, work model, working model, work mode, work type, work \
    setting, work style, work location, job location, workplace, workplace type, workplace model, location type, remote \
    policy, work location type, arbeitsmodell, tryb pracy, modalidad, modalidad de trabajo, mode \
    de travail, modelo de trabalho",
        )
    });
    let (name, value) = line.split_once(':').filter(|_| line.len() < 120)?;
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    (LABELS.has(name)).then(|| in_title(value))?
}

/// "In our office 5 days a week".
fn whole_week(words: &[&str], at: usize) -> bool {
    if !is_five(words[at]) || words.get(at + 1) != Some(&"days") {
        return false;
    }
    let weekly = words[at..].iter().take(5).any(|word| *word == "week");
    let before = &words[at.saturating_sub(6)..at];
    weekly
        && before
            .iter()
            .any(|word| matches!(*word, "office" | "onsite"))
}

fn is_five(word: &str) -> bool {
    matches!(word, "5" | "five")
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

/// What lines that name a workplace have in them.
pub(in crate::fields) const ROOTS: &str = "\
    remot, hybrid, onsite, on-site, on site, office, from home, anywhere, tele, local, zdaln, \
    hybryd, stacjonarn, presencial, in person, in-person, distributed, hibrid, \
    télé, híbrid";

fn heading_of_benefits(line: &str, before: bool) -> bool {
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    static BENEFITS: List = List::new(|| {
        Phrases::new(
            "\
    benefits, perks, what we offer, we offer, our offer, wir bieten, was wir bieten, unser \
    angebot, why join, why us, what you get, what you'll get, oferujemy, nous offrons, \
    ofrecemos, compensation and benefits",
        )
    });
    if BENEFITS
        .all()
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

fn is_span(word: &str) -> bool {
    matches!(
        word,
        "days" | "day" | "weeks" | "days/week" | "tage" | "jours" | "dni" | "dias"
    )
}

/// "2 days remote", "3 days a week in the office", "up to 4 weeks of remote".
fn days_phrase(words: &[&str], at: usize) -> bool {
    if !is_span(words[at]) || at == 0 || !(is_number(words[at - 1]) || words[at - 1] == "1") {
        return false;
    }
    let whole = is_five(words[at - 1]);
    // A few days a year are no way of working.
    let yearly = words[at..]
        .iter()
        .take(4)
        .any(|word| matches!(*word, "year" | "jahr" | "annum"));
    if whole || yearly {
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
    }) || (!weeks && some_days(words, at))
        || (matches!(
            words.get(at.wrapping_sub(2)).copied().unwrap_or_default(),
            "remote" | "remotely" | "home"
        ))
}

/// "Remote work is possible up to two days a week", "Homeoffice bis zu 3 Tage";
/// four days a week may be the whole of it.
fn some_days(words: &[&str], at: usize) -> bool {
    let bounded = matches!(
        words.get(at.wrapping_sub(2)),
        Some(&("to" | "zu" | "jusqu'a" | "max"))
    );
    let few = matches!(
        words[at - 1],
        "1" | "2" | "3" | "few" | "couple" | "one" | "two" | "three" | "zwei" | "drei"
    );
    let before = &words[at.saturating_sub(9)..at];
    (bounded || few)
        && before.iter().any(|word| {
            matches!(
                *word,
                "remote"
                    | "remotely"
                    | "telecommute"
                    | "telecommuting"
                    | "wfh"
                    | "homeoffice"
                    | "home"
                    | "teletravail"
                    | "zdalnie"
            )
        })
}

fn is_denied(words: &[&str], at: usize) -> bool {
    let before = &words[at.saturating_sub(6)..at];
    before.iter().any(|word| DENIALS.has(word))
}

/// Others than this role are remote: the team, the customers.
fn is_of_others(words: &[&str], at: usize) -> bool {
    let before = &words[at.saturating_sub(4)..at];
    let after = &words[at..words.len().min(at + 7)];
    before.iter().any(|word| OTHERS.has(word))
        || after.iter().any(|word| {
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
        })
        || before.ends_with(&["ability", "to"])
}

/// "| ONSITE |" inside a line.
fn barred(folded: &str, words: &[&str], at: usize) -> bool {
    let offset = words[at].as_ptr() as usize - folded.as_ptr() as usize;
    let (left, right) = (&folded[..offset], &folded[offset + words[at].len()..]);
    left.trim_end().ends_with('|')
        && (right.trim().is_empty() || right.trim_start().starts_with('|'))
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
