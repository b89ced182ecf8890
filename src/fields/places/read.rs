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
            // "Remote-France", "US-NY-New York", "UK-based"
            b'-' if parts_code(&text[..at], &text[at + 1..]) => 1,
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

/// Whether a hyphen stands between a word such as "Remote" or a code and what it
/// says more.
fn parts_code(left: &str, right: &str) -> bool {
    const WORDS: [&str; 3] = ["remote", "hybrid", "onsite"];
    let is_word = |text: &str| WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let next = right.split([' ', ',', '-', ')']).next().unwrap_or_default();
    let left = left.trim_start();
    // "ON-SITE" is no place in Ontario.
    if left.eq_ignore_ascii_case("on") && next.eq_ignore_ascii_case("site") {
        return false;
    }
    if is_word(left) {
        return next.starts_with(char::is_uppercase);
    }
    let is_code = matches!(left.len(), 2 | 3)
        && left.bytes().all(|byte| byte.is_ascii_uppercase())
        && !gazetteer().by_code(left).is_empty();
    let is_name = is_code || is_known(left);
    // "Canada-Toronto", but not "Guinea-Bissau".
    let is_land = super::is_country_name(left) && !is_known(&format!("{left}-{next}"));
    is_name && (is_word(next) || next == "based")
        || (is_code || is_land) && next.len() > 1 && next.starts_with(char::is_uppercase)
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
    if is_continent(part) {
        return vec![Read::Nothing];
    }
    let words: Vec<&str> = part.split_whitespace().take(12).collect();
    let noise: Vec<bool> = words.iter().map(|word| is_noise(word)).collect();
    let is_time = |word: &str| matches!(word, "day" | "days" | "week" | "weekly" | "per" | "x");
    let of_days = words.iter().any(|word| word.starts_with("day"));
    let says_nothing = |i: usize| {
        // "3 days in office"
        noise[i] || of_days && (is_time(words[i]) || has_digit(words[i]))
    };
    if (0..words.len()).all(says_nothing) {
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
    if words[0].starts_with(|c: char| c.is_ascii_digit()) {
        let address = end_of_address(part, &words);
        if !address.is_empty() {
            return address;
        }
    }
    if let Some(found) = unspaced(part) {
        return found;
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

/// "North America", "Latin America": larger than a land.
fn is_continent(part: &str) -> bool {
    let key = name_key(part);
    let words: Vec<&str> = key.split(' ').collect();
    words.windows(2).any(|pair| {
        pair[1] == "america" && matches!(pair[0], "north" | "south" | "central" | "latin")
    })
}

/// The longest end of an address that names a place, "New York NY" of
/// "161 William St New York NY"; letters set apart are a code (`N Y`).
fn end_of_address<'a>(part: &'a str, words: &[&'a str]) -> Vec<Read<'a>> {
    let last = words.len() - 1;
    let bare = |text: &'a str| text.trim_end_matches(['.', ',']);
    let code = |from: usize, to: usize| -> Option<Vec<Meaning>> {
        let letters: String = words[from..=to].iter().map(|word| bare(word)).collect();
        let apart = from < to && words[from..=to].iter().all(|word| bare(word).len() == 1);
        let capitals = letters.bytes().all(|byte| byte.is_ascii_uppercase());
        let short = from == to || apart && capitals;
        meanings(&letters).filter(|_| short && letters.len() == 2)
    };
    let one = |from: usize, to: usize| -> Option<Vec<Meaning>> {
        meanings(bare(span(part, words[from], words[to]))).or_else(|| code(from, to))
    };
    for from in last.saturating_sub(4).max(1)..=last {
        if let Some(whole) = one(from, last) {
            return vec![Read::Known(span(part, words[from], words[last]), whole)];
        }
        for cut in from..last {
            if let (Some(front), Some(back)) = (one(from, cut), one(cut + 1, last))
                && front
                    .iter()
                    .any(|place| back.iter().any(|area| place.fits(area)))
            {
                return vec![
                    Read::Known(span(part, words[from], words[cut]), front),
                    Read::Known(span(part, words[cut + 1], words[last]), back),
                ];
            }
        }
    }
    Vec::new()
}

/// "北京市海淀区": a city at the beginning of a text without blanks.
fn unspaced(part: &str) -> Option<Vec<Read<'_>>> {
    if !part.starts_with(|c: char| matches!(c, '\u{4e00}'..='\u{9fff}')) {
        return None;
    }
    let ends = part.char_indices().map(|(at, _)| at).skip(2).take(4);
    let mut ends: Vec<usize> = ends.collect();
    ends.reverse();
    ends.into_iter().find_map(|end| {
        let name = &part[..end];
        let found = gazetteer().by_name(&name_key(name));
        if found.is_empty() {
            return None;
        }
        let mut reads = vec![Read::Known(name, found.to_vec())];
        let is_land = found.iter().all(|meaning| meaning.city.is_none());
        let rest = part[end..].trim_start_matches(['省', '市']);
        if is_land && !rest.is_empty() {
            reads.extend(
                meanings(rest)
                    .map(|found| vec![Read::Known(rest, found)])
                    .or_else(|| unspaced(rest))?,
            );
        }
        Some(reads)
    })
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
        if letters.len() < name.trim_end_matches('.').len() {
            // "S.I." is no land: of lands only names such as "U.S." have dots.
            coded.retain(|meaning| meaning.region.is_some());
        }
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
