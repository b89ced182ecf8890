//! Places: a location field in, every place it names out, resolved to city, state
//! and country as far as the words go.
//!
//! A name with several bearers is settled by what stands beside it ("Cambridge,
//! MA"), by the other places of the same text ("Boston / Cambridge"), or by
//! `[alone]` in `schema/places.toml`; failing that it stays raw.

mod gazetteer;
mod scope;

use std::collections::HashSet;

use crate::posting::Location;

use super::text::{WordSet, name_key, without_links};
use gazetteer::{Meaning, gazetteer};
pub use scope::{remote_scope, scope_covers};

/// Every place that a location text names, in its order; one that cannot be
/// resolved has only `raw`. Words such as "Remote" name no place.
pub fn parse(raw: &str) -> Vec<Location> {
    let text = without_links(raw);
    let mut found = Vec::new();
    for chunk in text.split([';', '|', '•', '·', '\n', '\t', '、', '\u{200b}']) {
        read_chunk(chunk, &mut found);
    }
    settle(&mut found);
    let mut places: Vec<Location> = Vec::new();
    for mut place in found {
        if is_word_code(&place) {
            place.meanings.clear();
        }
        let location = place.into_location();
        let again = |earlier: &Location| {
            earlier.country.is_some()
                && (&earlier.city, &earlier.region, &earlier.country)
                    == (&location.city, &location.region, &location.country)
        };
        if !places.iter().any(again) {
            places.push(location);
        }
    }
    if let [only] = places.as_mut_slice() {
        only.raw = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    places
}

/// The country of a name, an alpha-2 or alpha-3 code or an alias, as alpha-2.
/// Unlike [`parse`] it takes `DE` and `CA` for countries.
pub fn country(name: &str) -> Option<&'static str> {
    let name = name.trim();
    let known = gazetteer().country_code(&name.to_ascii_uppercase());
    let by_name = |key: &str| {
        gazetteer()
            .by_name(key)
            .iter()
            .find(|meaning| meaning.depth() == 0)
    };
    known.or_else(|| by_name(&name_key(name)).map(|meaning| meaning.country))
}

/// The English name of a country, by its alpha-2 code in upper case.
pub fn country_name(code: &str) -> Option<&'static str> {
    gazetteer().country_name(code)
}

/// The name of a state or province by its code: `TX` of `US` is `Texas`.
/// Only for the United States, Canada and Australia.
pub fn state_name(country: &str, code: &str) -> Option<&'static str> {
    gazetteer().state(country, code)
}

/// Whether a short text is nothing but places and words such as "or" and "area".
pub(super) fn is_place(text: &str) -> bool {
    let places = parse(text);
    !places.is_empty()
        && places
            .iter()
            .all(|place| place.country.is_some() || place.city.is_some())
}

/// A place as far as it is read.
#[derive(Debug)]
struct Place<'a> {
    raw: &'a str,
    /// A name in front of a state or country that no table knows.
    unknown: Option<&'a str>,
    meanings: Vec<Meaning>,
    /// As written, for the table of names alone.
    name: &'a str,
    /// A state or country was said beside the name.
    qualified: bool,
}

impl Place<'_> {
    fn into_location(self) -> Location {
        let raw = self.raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut location = Location {
            raw,
            ..Location::default()
        };
        if let Some(first) = self.meanings.first() {
            let same = |get: fn(&Meaning) -> Option<&'static str>| {
                get(first)
                    .filter(|value| self.meanings.iter().all(|other| get(other) == Some(value)))
            };
            location.city = same(|meaning| meaning.city).map(str::to_owned);
            location.country = same(|meaning| Some(meaning.country)).map(str::to_owned);
            if location.country.is_some() {
                location.region = same(|meaning| meaning.region).map(str::to_owned);
            }
            if let (Some(name), None) = (self.unknown, &location.city) {
                location.city = Some(name.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        location
    }
}

/// Leaves one meaning where the other places, or the name alone, settle it.
fn settle(found: &mut [Place]) {
    for at in 0..found.len() {
        if found[at].meanings.len() < 2 {
            continue;
        }
        let others: Vec<Meaning> = found
            .iter()
            .enumerate()
            .filter(|(other, place)| *other != at && place.meanings.len() == 1)
            .map(|(_, place)| place.meanings[0])
            .collect();
        let place = &mut found[at];
        let near = |meaning: &Meaning| {
            others
                .iter()
                .any(|other| other.country == meaning.country && other.region == meaning.region)
        };
        let alone = gazetteer().alone(place.name);
        let by_name = |meaning: &Meaning| {
            alone.is_some_and(|(country, region)| {
                meaning.country == country && (region.is_none() || meaning.region == region)
            })
        };
        let in_land =
            |meaning: &Meaning| others.iter().any(|other| other.country == meaning.country);
        let narrow = |test: &dyn Fn(&Meaning) -> bool| -> Vec<Meaning> {
            place
                .meanings
                .iter()
                .copied()
                .filter(|meaning| test(meaning))
                .collect()
        };
        let region = narrow(&|meaning| meaning.region.is_some() && near(meaning));
        let lone = narrow(&by_name);
        let land = narrow(&in_land);
        let kept = match (place.qualified, region, lone, land) {
            (false, region, ..) if !region.is_empty() => region,
            (_, _, lone, _) if !lone.is_empty() => lone,
            (false, _, _, land) if !land.is_empty() => land,
            _ => place.meanings.clone(),
        };
        place.meanings = deepest(kept);
    }
}

/// Of meanings that lie in one another only the narrowest: New York the city.
fn deepest(mut meanings: Vec<Meaning>) -> Vec<Meaning> {
    let all = meanings.clone();
    meanings.retain(|meaning| {
        !all.iter()
            .any(|other| other.depth() > meaning.depth() && other.fits(meaning))
    });
    meanings
}

/// How a part stands to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// After a comma, bracket or dash: it may say more of the same place.
    Comma,
    /// After a bare slash: the land of a city at most (`Oslo/Norway`).
    Slash,
    /// After "or" and the like: another place.
    Apart,
}

/// Reads the parts of a chunk and puts those that belong together into places.
fn read_chunk<'a>(chunk: &'a str, found: &mut Vec<Place<'a>>) {
    let mut current: Option<Place<'a>> = None;
    for (part, link) in parts(chunk) {
        for (i, read) in read_part(part).into_iter().enumerate() {
            // "NYC, Remote US" are two.
            let remote = part
                .get(..6)
                .is_some_and(|word| word.eq_ignore_ascii_case("remote"));
            let link = match (i, remote) {
                (0, true) => Link::Apart,
                (0, false) => link,
                _ => Link::Comma,
            };
            let place = match read {
                Read::Nothing => continue,
                Read::Unknown(name) => Place {
                    raw: name,
                    unknown: Some(name),
                    meanings: Vec::new(),
                    name,
                    qualified: false,
                },
                Read::Known(name, meanings) => Place {
                    raw: name,
                    unknown: None,
                    meanings,
                    name,
                    qualified: false,
                },
            };
            current = Some(match current.take() {
                None => place,
                Some(before)
                    if link == Link::Comma || (link == Link::Slash && in_land(&before, &place)) =>
                {
                    match join(chunk, before, place) {
                        Ok(one) => one,
                        Err(two) => {
                            found.push(two.0);
                            two.1
                        }
                    }
                }
                Some(before) => {
                    found.push(before);
                    place
                }
            });
        }
    }
    found.extend(current);
}

/// A country's code that is also a trade's short name ("DevOps, QA") and counts
/// only beside a city of that country.
fn is_word_code(place: &Place) -> bool {
    matches!(
        place.name,
        "QA" | "PM"
            | "AI"
            | "ML"
            | "IO"
            | "TV"
            | "SR"
            | "TM"
            | "SC"
            | "PR"
            | "BI"
            | "IT"
            | "ID"
            | "AM"
            | "CI"
            | "MS"
            | "CV"
    ) && !place.qualified
        && place.meanings.iter().all(|meaning| meaning.depth() == 0)
}

/// A city alone, and then a land it lies in.
fn in_land(before: &Place, after: &Place) -> bool {
    is_city(before)
        && !before.qualified
        && after.meanings.iter().any(|area| {
            before
                .meanings
                .iter()
                .any(|city| city.depth() > area.depth() && city.fits(area))
        })
}

/// Two parts side by side: one place, or two.
fn join<'a>(
    chunk: &'a str,
    before: Place<'a>,
    after: Place<'a>,
) -> Result<Place<'a>, Box<(Place<'a>, Place<'a>)>> {
    let raw = span(chunk, before.raw, after.raw);
    let is_area = |place: &Place| place.meanings.iter().any(|meaning| meaning.city.is_none());
    let areas = |place: &Place| -> Vec<Meaning> {
        place
            .meanings
            .iter()
            .copied()
            .filter(|meaning| meaning.city.is_none())
            .collect()
    };
    if after.meanings.is_empty() {
        if after.raw.len() == 2 && after.raw.is_ascii() && !before.qualified {
            // "austin, tx": a code in small letters counts where it fits.
            let coded = gazetteer().by_code(&after.raw.to_ascii_uppercase());
            let coded = Place {
                meanings: coded,
                ..after
            };
            return match in_land(&before, &coded) {
                true => join(chunk, before, coded),
                false => Err(Box::new((
                    before,
                    Place {
                        meanings: Vec::new(),
                        ..coded
                    },
                ))),
            };
        }
        let is_address = after.raw.contains(|c: char| c.is_ascii_digit());
        return match is_address && !before.meanings.is_empty() {
            true => Ok(Place { raw, ..before }),
            false => Err(Box::new((before, after))),
        };
    }
    if before.meanings.is_empty() {
        if is_word_code(&after) {
            return Err(Box::new((
                before,
                Place {
                    meanings: Vec::new(),
                    ..after
                },
            )));
        }
        // "Kleinstadt, TX" names a town; "Lindenstr. 5, Berlin" only an address.
        if is_area(&after) && !is_city(&after) && is_town(before.raw) {
            let area = one_area(after.name, areas(&after));
            return Ok(Place {
                raw,
                unknown: before.unknown,
                meanings: area,
                name: before.name,
                qualified: true,
            });
        }
        return Ok(Place {
            raw,
            unknown: None,
            ..after
        });
    }
    // "Austin" + "Texas": the meanings of the first that lie in the second.
    if is_area(&after) {
        let wider = areas(&after);
        let narrowed: Vec<Meaning> = before
            .meanings
            .iter()
            .copied()
            .filter(|meaning| {
                wider
                    .iter()
                    .any(|area| meaning.fits(area) && meaning.depth() > area.depth())
            })
            .collect();
        if !narrowed.is_empty() {
            let narrowed = match narrowed.iter().any(|meaning| meaning.city.is_some()) {
                true => narrowed
                    .into_iter()
                    .filter(|meaning| meaning.city.is_some())
                    .collect(),
                false => narrowed,
            };
            let narrowed = by_state(narrowed, &wider);
            return Ok(Place {
                raw,
                meanings: narrowed,
                qualified: true,
                ..before
            });
        }
        // "Kleinstadt, TX, USA" and "Singapore, Singapore" say nothing new.
        if before.qualified
            && before
                .meanings
                .iter()
                .any(|meaning| wider.iter().any(|area| meaning.fits(area)))
        {
            return Ok(Place { raw, ..before });
        }
        // "Paris, TX": the city of that name which no table has.
        if !before.qualified
            && before.meanings.iter().all(|meaning| meaning.city.is_some())
            && !is_city(&after)
        {
            let area = one_area(after.name, wider);
            return Ok(Place {
                raw,
                unknown: Some(before.name),
                meanings: area,
                name: before.name,
                qualified: true,
            });
        }
    }
    // "Germany, Berlin" and "US, CA, Mountain View".
    let inner: Vec<Meaning> = after
        .meanings
        .iter()
        .copied()
        .filter(|meaning| {
            before
                .meanings
                .iter()
                .any(|area| meaning.fits(area) && meaning.depth() > area.depth())
        })
        .collect();
    if !inner.is_empty()
        && before.meanings.iter().all(|meaning| meaning.city.is_none())
        && before.unknown.is_none()
    {
        return Ok(Place {
            raw,
            meanings: inner,
            qualified: true,
            ..after
        });
    }
    Err(Box::new((before, after)))
}

/// Where the second name is a state and a country alike, the state holds if a
/// city lies in it.
fn by_state(narrowed: Vec<Meaning>, wider: &[Meaning]) -> Vec<Meaning> {
    let states: Vec<Meaning> = narrowed
        .iter()
        .copied()
        .filter(|meaning| {
            wider
                .iter()
                .any(|area| area.region.is_some() && meaning.fits(area))
        })
        .collect();
    if states.is_empty() || narrowed.len() == states.len() {
        narrowed
    } else {
        states
    }
}

fn is_city(place: &Place) -> bool {
    place.meanings.iter().any(|meaning| meaning.city.is_some())
}

/// The one area that `name` means after an unknown town: a US state before a
/// country of the same code, unless the code is settled by the table or open.
fn one_area(name: &str, areas: Vec<Meaning>) -> Vec<Meaning> {
    if areas.len() < 2 || name == "IN" {
        return areas;
    }
    if let Some((country, _)) = gazetteer().alone(name) {
        return areas
            .into_iter()
            .filter(|area| area.country == country)
            .collect();
    }
    match areas
        .iter()
        .find(|area| area.country == "US" && area.region.is_some())
    {
        Some(state) => vec![*state],
        None => areas,
    }
}

/// A few words with a capital and no figure.
fn is_town(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, ':' | '!' | '?' | '@' | '$' | '€' | '%'))
        && text.split_whitespace().count() <= 4
        && !text.contains(" in ")
        // "Hiring remotely around the": a small word of some length is no part of a name.
        && text.split_whitespace().all(|word| word.chars().count() <= 4 || !word.starts_with(char::is_lowercase))
        && text.len() < 40
}

/// From the beginning of one slice of `chunk` to the end of a later one.
fn span<'a>(chunk: &'a str, from: &'a str, to: &'a str) -> &'a str {
    let offset = |part: &str| (part.as_ptr() as usize).wrapping_sub(chunk.as_ptr() as usize);
    chunk
        .get(offset(from)..offset(to) + to.len())
        .unwrap_or(from)
}

/// The parts of a chunk, and whether each belongs with the one before: a comma,
/// bracket or dash links, a slash or "or" divides.
fn parts(chunk: &str) -> Vec<(&str, Link)> {
    let mut out = Vec::new();
    let mut link_before = Link::Apart;
    let mut rest = chunk;
    loop {
        let link = rest.find([',', '(', ')', '[', ']', ':', '，', '（', '）']);
        let dash = [" - ", " – ", " — ", " -- "]
            .iter()
            .filter_map(|dash| rest.find(dash).map(|at| (at, dash.len())))
            .min();
        let (at, len) = match (link, dash) {
            (Some(link), Some((dash, _))) if link < dash => (link, sign_len(rest, link)),
            (_, Some((dash, len))) => (dash, len),
            (Some(link), None) => (link, sign_len(rest, link)),
            (None, None) => (rest.len(), 0),
        };
        alternatives(&rest[..at], link_before, &mut out);
        if at == rest.len() {
            return out;
        }
        link_before = Link::Comma;
        rest = &rest[at + len..];
    }
}

fn sign_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

const DIVIDERS: &[&str] = &[
    "/", " or ", " OR ", " Or ", " and ", " AND ", " & ", " + ", " und ", " oder ", " et ", " ou ",
    " y ", " vs ",
];

/// Divides "Berlin or London" unless the whole is one name.
fn alternatives<'a>(part: &'a str, link: Link, out: &mut Vec<(&'a str, Link)>) {
    let divided = DIVIDERS
        .iter()
        .filter_map(|divider| Some((part.find(divider)?, divider.len())))
        .min();
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
enum Read<'a> {
    /// Only words such as "Remote".
    Nothing,
    Unknown(&'a str),
    Known(&'a str, Vec<Meaning>),
}

/// Words around a name that are no part of it.
static NOISE: WordSet = WordSet::new(|| {
    HashSet::from([
        "remote",
        "remotely",
        "fully",
        "full",
        "100%",
        "hybrid",
        "onsite",
        "on",
        "site",
        "office",
        "offices",
        "inoffice",
        "hq",
        "headquarters",
        "headquartered",
        "hqd",
        "head",
        "based",
        "area",
        "areas",
        "metro",
        "metropolitan",
        "region",
        "greater",
        "downtown",
        "near",
        "in",
        "at",
        "the",
        "only",
        "preferred",
        "anywhere",
        "work",
        "from",
        "home",
        "wfh",
        "telecommute",
        "or",
        "and",
        "within",
        "multiple",
        "various",
        "several",
        "locations",
        "location",
        "flexible",
        "possible",
        "ok",
        "okay",
        "friendly",
        "welcome",
        "to",
        "permanent",
        "time",
        "fulltime",
        "full-time",
        "job",
        "jobs",
        "position",
        "first",
        "available",
        "option",
        "optional",
        "partially",
        "partial",
        "mostly",
        "considered",
        "city",
        "of",
        "state",
        "province",
        "county",
        "centre",
        "center",
        "central",
        "etc",
        "also",
        "both",
        "-",
        "–",
        "—",
        "&",
        "+",
        "our",
        "team",
        "homeoffice",
        "timezone",
        "timezones",
        "teletravail",
        "remoto",
        "remota",
        "hibrido",
        "presencial",
        "zdalnie",
        "praca",
        "zdalna",
        "a",
        "für",
        "any",
        "other",
        "visa",
        "h1b",
        "intern",
        "interns",
        "relocation",
        "suburb",
        "suburbs",
        "outside",
        "just",
        "local",
        "locals",
        "world",
        "worldwide",
        "global",
        "globally",
        "wide",
        "residents",
        "citizens",
        "candidates",
        "place",
        "places",
        "globe",
        "international",
        "north",
        "south",
        "east",
        "west",
        "coast",
        "eastern",
        "western",
        "deployment",
        "eu",
        "europe",
        "emea",
        "latam",
        "apac",
        "americas",
        "asia",
        "metropolregion",
        "raum",
        "ort",
        "standort",
        "umgebung",
        "standorte",
        "bundesweit",
        "deutschlandweit",
        "(m/w/d)",
    ])
});

fn is_noise(word: &str) -> bool {
    let key = name_key(
        word.trim_matches(|c: char| matches!(c, '.' | '!' | '*' | '"' | '\'' | ':' | '?' | '@')),
    );
    key.is_empty()
        || NOISE.contains(key.as_str())
        || key.split(' ').all(|part| NOISE.contains(part))
}

/// Reads one part: a name, a code, a name with words around it, or two names
/// side by side ("Austin TX", "London UK").
fn read_part(part: &str) -> Vec<Read<'_>> {
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
        && code.len() == 2
        && !gazetteer().by_code(code).is_empty()
    {
        let front = span(part, inner[0], inner[inner.len() - 2]);
        if is_town(front) && !front.chars().all(|c| !c.is_lowercase()) {
            return vec![
                Read::Unknown(front),
                Read::Known(code, gazetteer().by_code(code)),
            ];
        }
    }
    vec![Read::Unknown(span(part, inner[0], inner[inner.len() - 1]))]
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

#[cfg(test)]
mod tests;
