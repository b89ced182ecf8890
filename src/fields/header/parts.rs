//! Small questions about a part of a header line: is it a name, a sentence, a
//! detail; what place, scope or company does it hold.

use super::separate::{in_brackets, without_brackets};
use crate::fields::text::{List, Phrases, fold, has_any, name_key, starts, words};

use crate::fields::{places, workplace};
use crate::posting::Location;

/// First words that no capital turns into a name.
static NEVER_NAMES: List = List::new(|| {
    Phrases::new(
        "\
    stealth, we, hi, remote, senior, junior, full-time, part-time, various, multiple, several, \
    visa, seeking, looking, hiring",
    )
});

/// Legal forms behind a company's name.
static COMPANY_FORMS: List = List::new(|| {
    Phrases::new(
        "inc, llc, ltd, gmbh, co, corp, limited, s.a, ag, plc, pbc, lp, llp, bv, b.v, incorporated",
    )
});

/// Words of sentences.
static VERBS: List = List::new(|| {
    Phrases::new(
        "\
    is, are, we're, we, i, i'm, our, you, your, was, have, has, want, looking for, join, \
    seeking, need, needs, building, build, let's, who, this, it's, will, my, me, anyone, does, \
    do, there, that, they, help, know, if, hi, hello, hey",
    )
});

/// Whether a text is a sentence rather than a name or a list.
pub(super) fn is_prose(text: &str) -> bool {
    let folded = fold(text);
    let words = words(&folded);
    let verbs = (0..words.len())
        .filter(|&at| VERBS.begins(&words, at))
        .count();
    // "Remote is OK" and "Engineers who know Rust" are short enough.
    (verbs > 0 && words.len() > 5)
        || verbs > 1
        || words.len() > 22
        || (text.contains(". ") && words.len() > 9)
}

static DETAILS: List = List::new(|| {
    Phrases::new(
        "\
    visa, h1b, h1-b, visa sponsorship, sponsorship, relocation, equity, stock options, yc, seed, \
    seed stage, series a, series b, series c, series d, funded, startup, b2b, saas, fintech, \
    healthcare, apply, apply here, email, website, jobs, careers, hiring, hiring now, we're \
    hiring, now hiring, salary, competitive salary, bootstrapped, profitable, benefits, \
    multiple, all levels, senior, junior, mid-level, mid, entry level, senior level, \
    experienced, immediate start, asap, early stage, open source, non-profit, nonprofit, \
    english, english speaking, clearance, us citizens, us citizenship, competitive, doe, great \
    benefits, who is hiring, more info, details, seeking freelancer, job description, python, \
    java, javascript, typescript, ruby, rails, ruby on rails, go, golang, rust, c++, c#, c, \
    .net, php, scala, clojure, elixir, erlang, haskell, kotlin, swift, react, reactjs, react.js, \
    react native, angular, angularjs, vue, vue.js, node, node.js, nodejs, django, flask, \
    postgres, postgresql, mysql, mongodb, aws, gcp, azure, docker, kubernetes, terraform, ios, \
    android, linux, sql, spark, hadoop, kafka, redis, ember, ember.js, backbone, html, css, \
    html5, css3, graphql, next.js, argocd, ml, ai, nlp, crypto, blockchain, biotech, ecommerce, \
    e-commerce, adtech, edtech, healthtech, iot, vr, ar, robotics, gis, meteor, spring, \
    objective-c, perl, cassandra, elasticsearch, laravel, symfony, wordpress, webgl, and, or, \
    etc, more, d3, d3.js, jquery, salesforce, yes, no, interns, ok, intern ok, freelance, mern, \
    es6, coffeescript, tensorflow, pytorch, solidity, web3, ansible, celery, rabbitmq",
    )
});

/// Words that say nothing of who, what or where: "VISA", a list of technologies,
/// a funding round.
pub(super) fn is_detail(text: &str) -> bool {
    let folded = fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '#');
    let begins = |word: &str| {
        bare.strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if bare
        .split_once(", ")
        .is_some_and(|(_, rest)| is_company_form(rest))
    {
        return false;
    }
    if DETAILS.has(bare)
        || begins("visa")
        || begins("h1b")
        || bare.starts_with("no visa")
        || bare.starts_with("yc ") && bare.len() < 8
    {
        return true;
    }
    if begins("email")
        || begins("apply")
        || begins("contact")
        || begins("salary")
        || bare.starts_with("stack:")
        || bare.starts_with("tech:")
        || bare.starts_with("will relocate")
        || begins("relocation")
        || begins("equity")
        || bare.starts_with("series ")
    {
        return true;
    }
    const BETWEEN: &[&str] = &["and", "or", "more", "etc", "ok", "yes", "no"];
    let known = |item: &str| DETAILS.has(item) || item.split(' ').all(|word| DETAILS.has(word));
    let items: Vec<&str> = folded
        .split([',', '/', '&', ';'])
        .map(str::trim)
        .filter(|item| !item.is_empty() && !BETWEEN.contains(item))
        .collect();
    let n = items.iter().filter(|item| known(item)).count();
    // "Portland, OR" is one item.
    n > 0 && (n == items.len() || (items.len() > 2 && n * 2 >= items.len()))
}

static FACTS: List = List::new(|| {
    Phrases::new(
        "\
    remote, remotely, remotes, onsite, on, site, hybrid, only, ok, okay, friendly, or, and, no, \
    not, fully, full, time, part, fulltime, parttime, in, office, work, from, home, wfh, \
    anywhere, worldwide, global, globally, europe, european, eu, emea, apac, latam, americas, \
    north, south, america, timezone, timezones, tz, zone, zones, est, pst, cet, cst, gmt, utc, \
    est/pst, flexible, possible, preferred, welcome, considered, available, first, optional, \
    option, 100%, 100, local, locals, relocation, visa, contract, contractor, freelance, \
    permanent, intern, interns, internship, internships, h1b, days, day, week, a, per, hours, \
    us, usa, uk, the, for, with, within, overlap, required, preferably, ideally, also, both, \
    either, possibly, partial, partially, some, occasional, candidates, locations, location, \
    multiple, various, position, positions, asia, to, distributed, team, open, wide, world, \
    telecommute, international, eastern, pacific, central, mountain, west, east, coast, near, \
    allowed, strongly, encouraged, offices, yes, after, initial, mostly, +/, 3, 2, 4, 5, 6, 1, \
    h, hrs, hour, of, at, least, based, job, jobs, schedule, semi",
    )
});

/// Nothing but words of workplace and employment.
pub(super) fn is_fact(text: &str) -> bool {
    let key = name_key(text);
    let mut words = key
        .split([
            ' ', ',', '(', ')', '[', ']', '+', '&', ';', ':', '.', '|', '±', '!', '*',
        ])
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some()
        && words.all(|word| FACTS.has(word) || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// "Remote, anywhere between Lisbon and Kyiv time".
pub(super) fn begins_with_workplace(text: &str) -> bool {
    let folded = fold(text);
    let first: Vec<&str> = words(&folded).into_iter().take(2).collect();
    first
        .iter()
        .any(|word| matches!(*word, "remote" | "onsite" | "hybrid" | "remotely" | "100%"))
        || starts(&first, 0, "on site")
}

/// Places in the brackets of a role or behind its "in": "Engineer in Oslo".
pub(super) fn places_beside(text: &str) -> Vec<Location> {
    let known = |places: Vec<Location>| -> Vec<Location> {
        places
            .into_iter()
            .filter(|place| place.country.is_some())
            .collect()
    };
    if let Some(inner) = in_brackets(text) {
        let found = known(places::parse(inner));
        if !found.is_empty() {
            return found;
        }
    }
    for mark in [" in ", " - ", " – ", " — ", ", "] {
        if let Some((_, rest)) = text.split_once(mark)
            && places::is_place(rest)
        {
            return known(places::parse(rest));
        }
    }
    Vec::new()
}

/// "Rust Engineer at Acme" as title and company; the title without its "in
/// Berlin".
pub(super) fn role_at(text: &str) -> (&str, Option<String>) {
    let at = [" at ", " @ ", " for "]
        .iter()
        .find_map(|mark| text.find(mark).map(|at| (at, at + mark.len())));
    if let Some((end, from)) = at
        && let Some(company) = company_name(
            text[from..]
                .split([',', '.', '(', ';'])
                .next()
                .unwrap_or_default(),
        )
        && company
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_numeric())
        && !places::is_place(&company)
        && !super::is_role(&company)
        && super::is_role(&text[..end])
    {
        return (&text[..end], Some(company).filter(|name| !is_anybody(name)));
    }
    match text.find(" in ") {
        Some(end) if places::is_place(&text[end + 4..]) => (&text[..end], None),
        _ => (text, None),
    }
}

/// "Engineer for Founding Team" names no company.
fn is_anybody(name: &str) -> bool {
    let last = fold(name.rsplit(' ').next().unwrap_or_default());
    matches!(
        last.as_str(),
        "team" | "teams" | "startup" | "startups" | "company" | "client" | "clients" | "project"
    )
}

/// The name in front of "is hiring" and the like.
pub(super) fn hiring_name(text: &str) -> Option<String> {
    let folded_at = [
        " is hiring",
        " is looking",
        " are hiring",
        " hiring",
        " is seeking",
        " seeks ",
    ]
    .iter()
    .find_map(|mark| text.find(mark))?;
    let name = company_name(&text[..folded_at])?;
    (super::n_words(&name) <= 3 && name.chars().next().is_some_and(char::is_uppercase))
        .then_some(name)
}

/// The role behind "is hiring a" and the like.
pub(super) fn hiring_role(text: &str) -> Option<&str> {
    let marks = [
        "looking for an ",
        "looking for a ",
        "looking for ",
        "hiring an ",
        "hiring a ",
        "hiring ",
        "seeking an ",
        "seeking a ",
        "seeking ",
    ];
    let role = marks
        .iter()
        .find_map(|mark| text.find(mark).map(|at| &text[at + mark.len()..]))?;
    let (role, _) = role_at(role);
    (super::is_role(role) && super::n_words(role) <= 6).then_some(role)
}

/// Words that no company name begins with.
static NO_NAME: List = List::new(|| {
    Phrases::new(
        "\
    we, i, hi, hello, hey, join, help, work, looking, hiring, seeking, our, my, if, are, do, \
    want, who, come, wanted, need, what, this, you, is, for, to, in, at, an, no, not, yes, edit, \
    note, location, role, position, title, company, about, job, jobs, please, email, apply, \
    contact, or, and, senior, junior, remote, onsite, on-site, hybrid, full-time, full, \
    part-time, us, multiple, various, several, experienced, great, also, http, https, all, any, \
    stealth, ask, locations, roles, positions, contract, visa, salary, updated, update, re, \
    seeker, freelancer",
    )
});

/// Whether a text looks like a name: few words, no sentence.
pub(super) fn is_name(text: &str) -> bool {
    let n = text.split_whitespace().count();
    let folded = fold(text.split_whitespace().next().unwrap_or_default());
    let first = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let starts_well = text
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '<' | '.' | '['));
    let small = text.chars().next().is_some_and(char::is_lowercase);
    // "I Love Maps" and "Full Beaker" are names, "Full time position" is not.
    let barred = NO_NAME.has(first) && (NEVER_NAMES.has(first) || !is_titled(text));
    let whole = match n {
        1..=6 => true,
        7..=9 => text
            .split_whitespace()
            .all(|word| word.len() <= 3 || !word.starts_with(char::is_lowercase)),
        _ => false,
    };
    whole
        && text.len() <= 70
        && starts_well
        && !barred
        && !is_prose(text)
        && (!small || n <= 3)
        && text.chars().any(char::is_alphabetic)
        && !text.contains(['?', '$', '€', '£', '%'])
}

/// Two or more words, each with a capital.
fn is_titled(text: &str) -> bool {
    text.split_whitespace().count() > 1
        && text
            .split_whitespace()
            .all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

/// No word of a language and no quarter of a town: a capital, figure or dot
/// inside ("MapWorks", "4maps", "maps.example"), or "Inc" behind it.
pub(super) fn is_coined(name: &str) -> bool {
    let inside = |word: &str| {
        let camel =
            word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
        camel
            || word.chars().any(|c| c.is_ascii_digit())
            || word.trim_end_matches('.').contains('.')
    };
    name.split_whitespace().any(inside) || name.rsplit(' ').next().is_some_and(is_company_form)
}

/// The name in a part: "Acme (YC S14)" is "Acme"; "Acme - we make maps" too.
pub(super) fn company_name(text: &str) -> Option<String> {
    let bare = without_brackets(text);
    let cut = [
        " - ",
        " – ",
        " — ",
        " -- ",
        ": ",
        " is hiring",
        " is looking",
        " | ",
    ]
    .iter()
    .filter_map(|mark| bare.find(mark))
    .min();
    let bare = bare[..cut.unwrap_or(bare.len())].trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ':' | ';' | '-' | '–' | '*' | '_' | '#' | '"' | '“' | '”' | '!'
            )
    });
    let bare = bare.strip_suffix(" YC").unwrap_or(bare).trim();
    let bare = bare.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"'));
    // A long tail behind a comma is a description: "Acme, the leader in maps".
    let bare = match bare.split_once(", ") {
        Some((name, rest)) if !is_company_form(rest) => name,
        _ => bare,
    };
    (is_name(bare)
        && !is_detail(bare)
        && !crate::fields::employment::is_all(bare)
        && workplace::in_part(bare).is_none())
    .then(|| bare.to_owned())
}

/// "Inc.", "LLC": part of the name.
pub(super) fn is_company_form(text: &str) -> bool {
    let folded = fold(text);
    COMPANY_FORMS.has(folded.trim_end_matches('.'))
}

/// The scope of remote work that a part states: in brackets behind "remote",
/// behind "remote in", in front ("US Remote"), or as "US only".
pub(super) fn scope(text: &str) -> Vec<String> {
    let folded = fold(text);
    let all = words(&folded);
    let is_remote = workplace::in_part(text) == Some(crate::posting::Workplace::Remote);
    if !is_remote {
        let only = has_any(&all, &["only"]) && all.len() <= 6;
        return if only && workplace::in_part(text).is_none() {
            places::remote_scope(text)
        } else {
            Vec::new()
        };
    }
    if !text.is_ascii() && folded.len() != text.len() {
        return places::remote_scope(text);
    }
    let Some(at) = folded.find("remot") else {
        return places::remote_scope(text);
    };
    let end = folded[at..]
        .find(|c: char| !c.is_alphabetic())
        .map_or(folded.len(), |len| at + len);
    let (before, after) = (
        text.get(..at).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    if after.trim_start().starts_with(['(', '[']) {
        return places::remote_scope(in_brackets(after).unwrap_or_default());
    }
    // Up to the next way of working: "Remote US or onsite in Oslo".
    let upto = [
        "onsite", "on-site", "hybrid", "ONSITE", "Onsite", "On-site", "Hybrid",
    ]
    .iter()
    .filter_map(|word| after.find(word))
    .min()
    .unwrap_or(after.len());
    let scope = places::remote_scope(&after[..upto]);
    if !scope.is_empty() {
        return scope;
    }
    // "US Remote", "Oslo or EU remote", but not "London, UK (remote)".
    let front = before.rsplit(['/', '|', ';']).next().unwrap_or_default();
    let front = front.rsplit(" or ").next().unwrap_or_default();
    if super::n_words(front) <= 3 && !front.contains([',', '(']) {
        places::remote_scope(front)
    } else {
        Vec::new()
    }
}

/// A part that is only a part of the world: "Europe", "Worldwide".
pub(super) fn areas(text: &str) -> Vec<String> {
    match super::n_words(text) <= 3 && places::parse(text).is_empty() {
        true => places::remote_scope(text),
        false => Vec::new(),
    }
}
