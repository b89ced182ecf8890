//! The first line of a forum post: `Company | Role | Place | REMOTE | $120k-180k`
//! in any order and subset in, a [`Header`] out; `None` for prose.
//!
//! Parts are told by what they say, not by where they stand. What no part says
//! plainly stays open: a company is never guessed out of a sentence.

mod commas;
mod labelled;
mod parts;
mod separate;

use super::text::{List, Phrases, find_link, fold, head, words};

use crate::posting::{Employment, Location, PayBasis, Salary, Seniority, Workplace};

pub use commas::from_text;
pub use labelled::labelled;

use super::{employment, places, roles, salary, seniority, workplace};
use parts::{company_name, is_name, is_prose};
use separate::{separate, without_brackets};

/// What the first line of a forum post says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    /// Who hires, without "(YC S14)" and the like.
    pub company: Option<String>,
    /// The role or roles, as written.
    pub title: Option<String>,
    /// Every place named that is known.
    pub locations: Vec<Location>,
    /// Where the work is done; remote if that is one of several ways.
    pub workplace: Option<Workplace>,
    /// Where a remote worker may live.
    pub remote_scope: Vec<String>,
    /// Hours and length of the contract.
    pub employment_type: Vec<Employment>,
    /// Pay, [`PayBasis::Parsed`].
    pub salary: Option<Salary>,
    /// The first link.
    pub url: Option<String>,
    /// The rung, from the title.
    pub seniority: Option<Seniority>,
}

/// Longer first lines are looked at no further.
const MOST_BYTES: usize = 700;

/// Reads a header line. `None` when it is prose: without a separator and two
/// parts that say something, and without one of the old shapes "Acme (Berlin)",
/// "Acme, Berlin" and "Engineer at Acme".
pub fn parse(first_line: &str) -> Option<Header> {
    let written = separate::without_markdown(head(first_line.trim(), MOST_BYTES));
    let line = written.as_ref();
    let mut header = Header {
        url: first_link(line),
        ..Header::default()
    };
    let (parts, sure) = separate(&separate::with_place_apart(line));
    let parts: Vec<Part> = parts
        .iter()
        .map(|part| classify(part))
        .filter(|part| part.kind != Kind::Empty)
        .collect();
    let telling = parts
        .iter()
        .filter(|part| part.kind != Kind::Unknown && part.kind != Kind::Prose)
        .count();
    // A dash is also punctuation: every part must be short and one must tell.
    let is_header = match sure {
        true => telling > 0,
        false => {
            telling > 0 && parts.len() > 1 && parts.iter().all(|part| part.kind != Kind::Prose)
        }
    };
    if parts.len() < 2 || !is_header {
        let linked = parts.len() == 1 && header.url.is_some();
        return single(line, header, linked);
    }
    for part in &parts {
        add(&mut header, part);
    }
    if header.remote_scope.is_empty() && header.workplace == Some(Workplace::Remote) {
        // "Remote | Europe"
        header.remote_scope = parts
            .iter()
            .find_map(|part| Some(parts::areas(&part.text)).filter(|found| !found.is_empty()))
            .unwrap_or_default();
    }
    if header.title.is_none() {
        header.title = parts
            .iter()
            .filter(|part| part.kind == Kind::Prose)
            .find_map(|part| parts::hiring_role(&part.text))
            .map(title_of);
    }
    header.company = header
        .company
        .take()
        .or_else(|| company(&parts, header.title.is_some()));
    if header.company.is_some() && header.title == header.company {
        header.title = parts
            .iter()
            .skip(1)
            .find(|part| part.kind == Kind::Role)
            .map(|part| title_of(&part.text));
    }
    finish(line, &mut header);
    Some(header)
}

/// Whether a short text names a role: a person of a trade ("Rust Engineer",
/// "Data Scientists") or a bare trade ("DevOps", "Various positions").
pub fn is_role(text: &str) -> bool {
    if text.len() > 200 {
        return false;
    }
    let bare = without_brackets(text);
    let bare = if bare.trim().is_empty() { text } else { &bare };
    let folded = fold(bare);
    let words = roles::title_words(&folded);
    // "For more engineering jobs, please see our page"
    let asks = words.contains(&"please") || words.starts_with(&["for", "more"]);
    if words.is_empty() || words.len() > 16 || asks || is_prose(bare) {
        return false;
    }
    names_person(&words)
        || (words.len() <= 4 && TRADES.has(words.join(" ").as_str()))
        || are_trades(bare)
}

/// "Mobile Engineering & Computer Vision Research": several parts, and all but
/// one end with what people do.
fn are_trades(text: &str) -> bool {
    let folded = fold(text);
    let parts: Vec<&str> = folded
        .split(['&', '/', ','])
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let is_trade = |part: &&&str| {
        part.split(' ').count() <= 3
            && (TRADES.has(part) || part.rsplit(' ').next().is_some_and(|word| WORK.has(word)))
    };
    parts.len() > 1 && parts.iter().filter(is_trade).count() >= 2.max(parts.len() - 1)
}

/// What people do, at the end of the name of a trade.
static WORK: List = List::new(|| {
    Phrases::new(
        "\
    engineering, development, research, design, science, learning, analytics, programming, \
    administration, testing, marketing, operations, infrastructure",
    )
});

/// Nouns of people who do a work.
static PEOPLE: List = List::new(|| {
    Phrases::new(
        "\
    engineer, engineers, eng, engr, developer, developers, dev, devs, programmer, programmers, \
    hacker, hackers, coder, coders, architect, architects, scientist, scientists, analyst, \
    analysts, designer, designers, manager, managers, administrator, administrators, admin, \
    sysadmin, sysadmins, researcher, researchers, tester, testers, consultant, consultants, \
    specialist, specialists, director, lead, leads, sre, sres, cto, ceo, coo, cfo, cmo, vp, \
    recruiter, recruiters, writer, writers, marketer, evangelist, advocate, technician, \
    technicians, dba, dbas, owner, executive, executives, representative, representatives, \
    associate, coordinator, editor, intern, interns, swe, swes, sde, sdet, postdoc, \
    statistician, strategist, officer, entwickler, softwareentwickler, ingenieur, developpeur, \
    desarrollador, programista, techlead, roles, positions, cofounder, founder, co-founder, \
    quant, quants, artist, animator, producer, pm, pms, operator, expert, experts, assistant, \
    instructor, instructors, teacher, mentor, generalist, generalists, technologist, devops, \
    accountant, trader, traders, apprentice, apprentices, professor, linguist, rockstar, ninja, \
    openings",
    )
});

static TRADES: List = List::new(|| {
    Phrases::new(
        "\
    devops, dev ops, full stack, fullstack, frontend, front end, backend, back end, sales, \
    marketing, qa, product, design, ux, ui ux, security, data science, machine learning, ios, \
    android, mobile, engineering, software engineering, product management, various, multiple \
    roles, multiple positions, various roles, various positions, many positions, all positions, \
    software development, web development, ios development, data engineering, growth, support, \
    operations, customer success, site reliability, infrastructure, embedded, ux ui, ios \
    android, frontend backend, full stack development, internship, software engineering intern, \
    business development, account management",
    )
});

fn names_person(words: &[&str]) -> bool {
    // "Full time, interns okay as well" asks for nobody in particular.
    let is_intern = |word: &str| matches!(word, "intern" | "interns");
    words
        .iter()
        .any(|word| PEOPLE.has(word) && (!is_intern(word) || words.len() <= 4))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    /// A link, a mail address or pay and nothing else, or words such as "VISA".
    Detail,
    /// Only workplace, employment and places.
    Facts,
    Role,
    Prose,
    Unknown,
}

#[derive(Debug)]
struct Part {
    /// Without links.
    text: String,
    kind: Kind,
    locations: Vec<Location>,
}

fn classify(part: &str) -> Part {
    let text = separate::clean(part);
    let new = |kind: Kind, locations: Vec<Location>| Part {
        text: text.clone(),
        kind,
        locations,
    };
    if text.is_empty() {
        return new(
            if part.trim().is_empty() {
                Kind::Empty
            } else {
                Kind::Detail
            },
            Vec::new(),
        );
    }
    let role = is_role(&text);
    if (!role && parts::is_detail(&text))
        || (!role && salary::find(&text, None).is_some() && text.len() < 90)
    {
        return new(Kind::Detail, Vec::new());
    }
    if employment::is_all(&text) {
        return new(Kind::Facts, Vec::new());
    }
    let named = places::parse(&text);
    let known = |place: &Location| place.country.is_some() || place.city.is_some();
    let n_known = named.iter().filter(|place| known(place)).count();
    let n_unknown = named
        .iter()
        .filter(|place| !known(place) && !parts::is_fact(&place.raw))
        .count();
    // "Acme (Berlin)", "Berlin (near the station)": the words before the brackets
    // say what it is.
    if !role && let Some(inner) = separate::in_brackets(&text) {
        let outer = classify(&without_brackets(&text));
        let beside: Vec<Location> = places::parse(inner)
            .into_iter()
            .filter(|place| place.country.is_some())
            .collect();
        match outer.kind {
            Kind::Unknown if is_name(&outer.text) => return new(Kind::Unknown, beside),
            Kind::Facts if n_unknown > 0 && !outer.locations.is_empty() => {
                return new(Kind::Facts, outer.locations);
            }
            _ => {}
        }
    }
    if n_known > 0 && n_unknown == 0 && !role {
        return new(Kind::Facts, named.into_iter().filter(known).collect());
    }
    if named.is_empty() || parts::is_fact(&text) {
        // Nothing but "remote", "onsite", "full-time" and words between.
        return new(Kind::Facts, Vec::new());
    }
    let speaks = workplace::in_part(&text).is_some() && text.split_whitespace().count() <= 12;
    if n_known > 0 && (n_known > n_unknown || speaks) && !role && !is_prose(&text) {
        return new(Kind::Facts, named.into_iter().filter(known).collect());
    }
    if role {
        return new(Kind::Role, parts::places_beside(&text));
    }
    if speaks && parts::begins_with_workplace(&text) {
        return new(Kind::Facts, named.into_iter().filter(known).collect());
    }
    let kind = if is_prose(&text) {
        Kind::Prose
    } else {
        Kind::Unknown
    };
    new(kind, Vec::new())
}

/// Adds what a part says to the header.
fn add(header: &mut Header, part: &Part) {
    let text = &part.text;
    if part.kind != Kind::Prose {
        for place in &part.locations {
            let again = |earlier: &Location| {
                (&earlier.city, &earlier.region, &earlier.country)
                    == (&place.city, &place.region, &place.country)
            };
            if !header.locations.iter().any(again) {
                header.locations.push(place.clone());
            }
        }
    }
    if matches!(part.kind, Kind::Facts | Kind::Role) {
        for kind in employment::in_part(text) {
            if !header.employment_type.contains(&kind) {
                header.employment_type.push(kind);
            }
        }
    }
    if part.kind != Kind::Prose {
        let found = match part.kind {
            Kind::Unknown => separate::in_brackets(text).and_then(workplace::in_part),
            _ => workplace::in_part(text),
        };
        header.workplace = match (header.workplace, found) {
            (None, found) => found,
            // "ONSITE | REMOTE": remote is possible.
            (Some(Workplace::Onsite), Some(other)) => Some(other),
            (Some(Workplace::Remote), Some(Workplace::Hybrid)) => Some(Workplace::Hybrid),
            (before, _) => before,
        };
        for code in parts::scope(text) {
            if !header.remote_scope.contains(&code) {
                header.remote_scope.push(code);
            }
        }
    }
    if part.kind == Kind::Role {
        let (title, company) = parts::role_at(text);
        if header.company.is_none() && company.is_some() {
            header.company = company;
        }
        header.title = Some(match header.title.take() {
            None => title_of(title),
            Some(before) if before.len() + title.len() < 150 => {
                format!("{before}, {}", title_of(title))
            }
            Some(before) => before,
        });
    }
}

/// The first part that nothing else explains and that looks like a name; or a
/// first part that only sounds like a trade ("Design Lab") before a true role.
fn company(parts: &[Part], has_title: bool) -> Option<String> {
    let unknown = parts
        .iter()
        .position(|part| part.kind == Kind::Unknown && company_name(&part.text).is_some());
    let first = parts.first()?;
    if let Some(at) = unknown.filter(|at| *at <= 3) {
        return company_name(&parts[at].text);
    }
    let roles = parts.iter().filter(|part| part.kind == Kind::Role).count();
    let folded = fold(&first.text);
    let is_trade = first.kind == Kind::Role && !names_person(&roles::title_words(&folded));
    if is_trade && roles > 1 && has_title {
        return company_name(&first.text);
    }
    // A sentence with a name in front: "Acme is hiring a Rust engineer | Berlin".
    parts
        .iter()
        .filter(|part| matches!(part.kind, Kind::Prose | Kind::Unknown | Kind::Role))
        .find_map(|part| parts::hiring_name(&part.text))
}

/// A role without signs and words of workplace and hours at its ends.
fn title_of(text: &str) -> String {
    let sign = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '*' | '_' | '.' | '/' | '|')
    };
    let is_extra = |word: &&str| {
        let key = fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
        key.is_empty()
            || matches!(
                key.as_str(),
                "onsite"
                    | "on-site"
                    | "remote"
                    | "hybrid"
                    | "full-time"
                    | "fulltime"
                    | "visa"
                    | "full-time/permanent"
                    | "(remote)"
            )
    };
    let mut words: Vec<&str> = text.split_whitespace().collect();
    while words.len() > 1 && words.last().is_some_and(is_extra) {
        words.pop();
    }
    if words.len() > 2 && fold(words[0]) == "full" && fold(words[1]) == "time" {
        words.drain(..2);
    }
    while words.len() > 1 && words.first().is_some_and(is_extra) {
        words.remove(0);
    }
    let title = words.join(" ");
    let bare = title.trim_start_matches(sign);
    // ".NET Developer"
    let is_net = |name: &str| name.eq_ignore_ascii_case("net");
    let is_name =
        title[..title.len() - bare.len()].ends_with('.') && bare.get(..3).is_some_and(is_net);
    let dot = if is_name { "." } else { "" };
    format!("{dot}{}", bare.trim_end_matches(sign))
}

/// Lines without separators: "Acme (Berlin)", "Acme, Berlin", "Engineer at Acme".
fn single(line: &str, mut header: Header, linked: bool) -> Option<Header> {
    let text = separate::clean(line);
    if text.is_empty() || text.len() > 90 || is_prose(&text) || text.ends_with(['?', '!']) {
        return None;
    }
    if let Some(bracket) = separate::in_brackets(&text)
        && !without_brackets(&text).contains(',')
        && places::is_place(bracket)
        && is_name(without_brackets(&text).trim())
    {
        header.locations = places::parse(bracket);
        header.company = company_name(&text);
    } else if let Some((name, place)) = text.split_once(", ")
        && is_name(name)
        && parts::is_coined(name)
        && !places::is_place(name)
        && places::is_place(place)
    {
        header.locations = places::parse(place);
        header.company = company_name(name);
    } else if let (title, Some(company)) = parts::role_at(&text)
        && is_role(title)
    {
        header.title = Some(title_of(title));
        header.company = Some(company);
    } else if linked
        && is_name(&text)
        && text.split_whitespace().count() <= 3
        && !is_role(&text)
        && !places::is_place(&text)
    {
        header.company = company_name(&text);
    } else {
        return None;
    }
    finish(line, &mut header);
    Some(header)
}

/// What is read from the whole line once the places are known.
fn finish(line: &str, header: &mut Header) {
    // "Amsterdam | The Netherlands" is one place.
    let towns = header.locations.clone();
    header.locations.retain(|place| {
        place.city.is_some()
            || place.region.is_some()
            || !towns
                .iter()
                .any(|town| town.city.is_some() && town.country == place.country)
    });
    let country = header
        .locations
        .first()
        .and_then(|place| place.country.clone());
    let country = country.filter(|country| {
        header
            .locations
            .iter()
            .all(|place| place.country.as_ref() == Some(country))
    });
    let text = super::text::without_links(line);
    header.salary = salary::find(&text, country.as_deref());
    if let Some(salary) = &mut header.salary {
        salary.basis = PayBasis::Parsed;
    }
    header.seniority = header.title.as_deref().and_then(seniority::from_title);
}

fn first_link(line: &str) -> Option<String> {
    let (start, end) = find_link(line)?;
    let link = line[start..end].trim_end_matches(['.', ',', ';', ':', '!', '\'', '*']);
    (link.len() > 8).then(|| link.to_owned())
}

fn n_words(text: &str) -> usize {
    words(text).len()
}

#[cfg(test)]
mod tests;
