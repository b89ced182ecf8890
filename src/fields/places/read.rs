//! The parts of a location text and what each may mean.
//!
//! In: a chunk between hard separators. Out: its parts, how each stands to the
//! one before, and the meanings of each. Joining them is [`super`]'s business.

use super::gazetteer::{Meaning, gazetteer};
use super::is_town;
use crate::fields::text::{List, Phrases, name_key};

/// How a part stands to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// After a comma, bracket or dash: it may say more of the same place.
    Comma,
    /// After a bare slash: the land of a city at most (`Oslo/Norway`).
    Slash,
    /// After "or" and the like: another place.
    Apart,
}

/// From the beginning of one slice of `chunk` to the end of a later one.
pub(super) fn span<'a>(chunk: &'a str, from: &'a str, to: &'a str) -> &'a str {
    let offset = |part: &str| (part.as_ptr() as usize).wrapping_sub(chunk.as_ptr() as usize);
    chunk
        .get(offset(from)..offset(to) + to.len())
        .unwrap_or(from)
}

/// The parts of a chunk, and whether each belongs with the one before: a comma,
/// bracket or dash links, a slash or "or" divides.
pub(super) fn parts(chunk: &str) -> Vec<(&str, Link)> {
    let mut out = Vec::new();
    let mut link_before = Link::Apart;
    let mut rest = chunk;
    loop {
        let (at, len) = next_link(rest);
        alternatives(&rest[..at], link_before, &mut out);
        if at == rest.len() {
            return out;
        }
        link_before = Link::Comma;
        rest = &rest[at + len..];
    }
}

/// Where the next comma, bracket, colon or dash between blanks stands, and its
/// length; the end of the text if there is none.
fn next_link(text: &str) -> (usize, usize) {
    const DASHES: [&str; 4] = [" - ", " – ", " — ", " -- "];
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let len = match bytes[at] {
            b',' | b'(' | b')' | b'[' | b']' | b':' => 1,
            b' ' => {
                let rest = &bytes[at..];
                let dash = DASHES.iter().find(|dash| rest.starts_with(dash.as_bytes()));
                dash.map_or(0, |dash| dash.len())
            }
            // The first byte of `，（）`
            0xef => {
                let rest = &bytes[at..];
                let wide = ["，", "（", "）"];
                let sign = wide.iter().find(|sign| rest.starts_with(sign.as_bytes()));
                sign.map_or(0, |sign| sign.len())
            }
            _ => 0,
        };
        if len > 0 {
            return (at, len);
        }
        at += 1;
    }
    (text.len(), 0)
}

const DIVIDERS: &[&str] = &[
    "/", " or ", " OR ", " Or ", " and ", " AND ", " & ", " + ", " und ", " oder ", " et ", " ou ",
    " y ", " vs ",
];

/// Divides "Berlin or London" unless the whole is one name.
fn alternatives<'a>(part: &'a str, link: Link, out: &mut Vec<(&'a str, Link)>) {
    let divided = part.bytes().enumerate().find_map(|(at, byte)| {
        if !matches!(byte, b' ' | b'/') {
            return None;
        }
        let rest = &part.as_bytes()[at..];
        let divider = DIVIDERS
            .iter()
            .find(|word| rest.starts_with(word.as_bytes()))?;
        Some((at, divider.len()))
    });
    match divided {
        Some((at, len)) if !is_known(part) => {
            let (first, rest) = (&part[..at], &part[at + len..]);
            out.push((first.trim(), link));
            let slash = len == 1 && !first.ends_with(' ');
            alternatives(rest, if slash { Link::Slash } else { Link::Apart }, out);
        }
        _ => {
            let trimmed = part.trim();
            let bare = ["or ", "OR ", "and ", "AND ", "& "]
                .iter()
                .find_map(|word| trimmed.strip_prefix(word));
            match bare {
                Some(bare) => out.push((bare.trim(), Link::Apart)),
                None => out.push((trimmed, link)),
            }
        }
    }
}

fn is_known(part: &str) -> bool {
    !gazetteer().by_name(&name_key(part)).is_empty()
}

/// What one part says.
pub(super) enum Read<'a> {
    /// Only words such as "Remote".
    Nothing,
    Unknown(&'a str),
    Known(&'a str, Vec<Meaning>),
}

/// Words around a name that are no part of it.
static NOISE: List = List::new(|| {
    Phrases::new(
        "\
    remote, remotely, fully, full, 100%, hybrid, onsite, on, site, office, offices, inoffice, \
    hq, headquarters, headquartered, hqd, head, based, area, areas, metro, metropolitan, region, \
    greater, downtown, near, in, at, the, only, preferred, anywhere, work, from, home, wfh, \
    telecommute, or, and, within, multiple, various, several, locations, location, flexible, \
    possible, ok, okay, friendly, welcome, to, permanent, time, fulltime, full-time, job, jobs, \
    position, first, available, option, optional, partially, partial, mostly, considered, city, \
    of, state, province, county, centre, center, central, etc, also, both, -, –, —, &, +, our, \
    team, homeoffice, timezone, timezones, teletravail, remoto, remota, hibrido, presencial, \
    zdalnie, praca, zdalna, a, für, any, other, visa, h1b, intern, interns, relocation, suburb, \
    suburbs, outside, just, local, locals, world, worldwide, global, globally, wide, residents, \
    citizens, candidates, place, places, globe, international, north, south, east, west, coast, \
    eastern, western, deployment, eu, europe, emea, latam, apac, americas, asia, metropolregion, \
    raum, ort, standort, umgebung, standorte, bundesweit, deutschlandweit, (m/w/d), saale, breisgau",
    )
});

fn is_noise(word: &str) -> bool {
    let key = name_key(
        word.trim_matches(|c: char| matches!(c, '.' | '!' | '*' | '"' | '\'' | ':' | '?' | '@')),
    );
    key.is_empty() || NOISE.has(key.as_str()) || key.split(' ').all(|part| NOISE.has(part))
}

/// Reads one part: a name, a code, a name with words around it, or two names
/// side by side ("Austin TX", "London UK").
pub(super) fn read_part(part: &str) -> Vec<Read<'_>> {
    if part.is_empty() {
        return vec![Read::Nothing];
    }
    if let Some(meanings) = meanings(part) {
        return vec![Read::Known(part, meanings)];
    }
    let words: Vec<&str> = part.split_whitespace().take(12).collect();
    let noise: Vec<bool> = words.iter().map(|word| is_noise(word)).collect();
    if noise.iter().all(|noise| *noise) {
        return vec![Read::Nothing];
    }
    // Noise and post codes come off both ends, tried widest first.
    let skip = |i: usize| noise[i] || has_digit(words[i]);
    let left = (0..words.len()).take_while(|&i| skip(i)).count();
    let right = (0..words.len()).rev().take_while(|&i| skip(i)).count();
    if left + right >= words.len() {
        return vec![Read::Unknown(part)];
    }
    let (first, last) = (left, words.len() - right);
    for from in 0..=first {
        for to in (last..=words.len()).rev() {
            let inner = span(part, words[from], words[to - 1]);
            if let Some(meanings) = meanings(inner.trim_end_matches(['.', '!', '*'])) {
                return vec![Read::Known(inner, meanings)];
            }
        }
    }
    let inner = &words[first..last];
    for at in 1..inner.len() {
        let (front, back) = (
            span(part, inner[0], inner[at - 1]),
            span(part, inner[at], inner[inner.len() - 1]),
        );
        if let (Some(before), Some(after)) = (meanings(front), meanings(back)) {
            return vec![Read::Known(front, before), Read::Known(back, after)];
        }
    }
    // "Acme in Oslo", "on site in Oslo"
    if let Some((_, place)) = part.rsplit_once(" in ")
        && let Some(meanings) = meanings(place.trim())
    {
        return vec![Read::Known(place.trim(), meanings)];
    }
    // "Hillsboro OR": an unknown town and a code.
    if let [.., code] = inner
        && inner.len() > 1
        && let Some(state) = bare_state(code)
    {
        let front = span(part, inner[0], inner[inner.len() - 2]);
        if is_town(front) && !front.chars().all(|c| !c.is_lowercase()) {
            return vec![Read::Unknown(front), Read::Known(code, state)];
        }
    }
    vec![Read::Unknown(span(part, inner[0], inner[inner.len() - 1]))]
}

/// The state of a code behind an unknown name with no comma between: no land's
/// code ("Pluto AI"), and no code that is also a word ("Acme CO").
fn bare_state(code: &str) -> Option<Vec<Meaning>> {
    let word = matches!(
        code,
        "AR" | "CO"
            | "SC"
            | "MS"
            | "ID"
            | "IN"
            | "OR"
            | "ME"
            | "HI"
            | "OK"
            | "LA"
            | "MD"
            | "AL"
            | "DE"
            | "ON"
    );
    let mut states = gazetteer().by_code(code);
    states.retain(|meaning| meaning.region.is_some());
    (code.len() == 2 && !word && !states.is_empty()).then_some(states)
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Every meaning of a name or code; a code counts in capitals, a state's also
/// with one (`Tx`).
fn meanings(name: &str) -> Option<Vec<Meaning>> {
    let key = name_key(name);
    let named = gazetteer().by_name(&key);
    let letters = name.trim_end_matches('.').replace('.', "");
    let capital = letters.chars().next().is_some_and(char::is_uppercase);
    if matches!(letters.len(), 2 | 3)
        && capital
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        let capitals = letters.bytes().all(|byte| byte.is_ascii_uppercase());
        let mut coded = gazetteer().by_code(&letters.to_ascii_uppercase());
        if !capitals {
            coded.retain(|meaning| meaning.region.is_some() && letters.len() == 2);
            coded.retain(|_| {
                !matches!(
                    letters.as_str(),
                    "In" | "Or" | "Me" | "Hi" | "Ok" | "Oh" | "De" | "La" | "Al" | "On"
                )
            });
        }
        for meaning in named {
            if !coded.contains(meaning) {
                coded.push(*meaning);
            }
        }
        return (!coded.is_empty()).then_some(coded);
    }
    // "us" and "or" in running words are no codes; short names need a capital.
    (!named.is_empty()
        && (key.len() > 3
            || capital
            || !name.is_ascii()
            || matches!(key.as_str(), "usa" | "nyc" | "uk" | "sf" | "uae")))
    .then(|| named.to_vec())
}
