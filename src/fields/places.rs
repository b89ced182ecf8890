//! Places: a location field in, every place it names out, resolved to city, state
//! and country as far as the words go.
//!
//! A name with several bearers is settled by what stands beside it ("Cambridge,
//! MA"), by the other places of the same text ("Boston / Cambridge"), or by
//! `[alone]` in `schema/places.toml`; failing that it stays raw.

mod gazetteer;
mod join;
mod read;
mod scope;

use crate::posting::Location;

use super::text::{head, name_key, without_links};
use super::workplace::in_part;
use gazetteer::{Meaning, gazetteer};
use join::{is_city, join};
use read::{Link, Read, parts, read_part};
pub use scope::{remote_scope, scope_covers};

/// What lines that name where a remote worker may live have in them.
pub(super) const SCOPE_ROOTS: &str = "only, must be, must reside, must live, needs, need to, be located, be based, anywhere, \
    remote, within the, candidates, applicants, residents, eligible, authorized, right to work";

/// Every place that a location text names, in its order; one that cannot be
/// resolved has only `raw`. Words such as "Remote" name no place. Of a text of over
/// 64 KiB, which no list of places has, the beginning is read.
pub fn parse(raw: &str) -> Vec<Location> {
    let text = without_links(head(raw, MOST_BYTES));
    if matches!(text.trim(), "NA" | "N/A" | "n/a" | "TBD" | "TBA") {
        return Vec::new();
    }
    // "Amsterdam l Remote": a letter typed for the upright line.
    let text = match text.contains(" l ") {
        true => text.replace(" l ", " | ").into(),
        false => text,
    };
    let mut found = Vec::new();
    for chunk in text.split([';', '|', '•', '·', '\n', '\t', '、', '\u{200b}']) {
        let before = found.len();
        read_chunk(chunk, &mut found);
        match &mut found[before..] {
            // With the words around it: "Remote, Canada; Remote, Spain".
            [only] if chunk.len() <= LONGEST_PLACE => only.raw = chunk.trim(),
            // "Remote - US or Canada" is remote work from both: the first keeps it all.
            [first, _, ..] if chunk.len() <= LONGEST_TEXT && in_part(chunk).is_some() => {
                first.raw = chunk.trim();
            }
            _ => {}
        }
    }
    settle(&mut found);
    forget_lonely(&mut found);
    let keeps_way = found.iter().any(|place| in_part(place.raw).is_some());
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
    // A cell that runs on into prose: its words are no places beside a known one.
    let known = places
        .iter()
        .filter(|place| place.country.is_some())
        .count();
    let is_prose = text.len() > LONGEST_TEXT && known * 2 < places.len();
    if known > 0 {
        places.retain(|place| {
            let short = !is_prose && place.raw.split(' ').count() <= MOST_WORDS;
            place.country.is_some() || short
        });
        if is_prose {
            places.truncate(MOST_IN_PROSE);
        }
    } else if is_prose {
        places.truncate(1);
    }
    let words = || {
        let words = head(&text, LONGEST_TEXT).split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    };
    match places.as_mut_slice() {
        [only] => only.raw = words(),
        // "Oslo; Bergen; Remote": where the work is done is lost with the part of its own.
        [first, ..] if !keeps_way && text.len() <= LONGEST_TEXT && in_part(&text).is_some() => {
            first.raw = words();
        }
        _ => {}
    }
    places
}

/// What is behind so many bytes is not read: each place is compared with those before it.
const MOST_BYTES: usize = 64 << 10;

/// A longer text is prose with places in it; chosen by hand.
const LONGEST_TEXT: usize = 200;

/// Prose names no more places than these for the work itself; chosen by hand.
const MOST_IN_PROSE: usize = 8;

/// A longer chunk is a sentence with a place in it; chosen by hand.
const LONGEST_PLACE: usize = 80;

/// An unknown name of more words is taken for a piece of a sentence; chosen by
/// hand, no more exact than that.
const MOST_WORDS: usize = 6;

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

/// How a city of a country (alpha-2 code in upper case) is written here: `Warszawa`
/// of `PL` is `Warsaw`; `None` for an unknown one and for one of several.
pub fn city_name(country: &str, name: &str) -> Option<&'static str> {
    let meanings = gazetteer().by_name(&name_key(name));
    let mut cities = meanings
        .iter()
        .filter(|meaning| meaning.country == country)
        .filter_map(|meaning| meaning.city);
    let city = cities.next()?;
    cities.all(|other| other == city).then_some(city)
}

/// How the cities of a name in any land are written here: `Köln` is `Cologne`.
pub fn city_names(name: &str) -> Vec<&'static str> {
    let meanings = gazetteer().by_name(&name_key(name)).iter();
    let mut cities: Vec<&str> = meanings.filter_map(|meaning| meaning.city).collect();
    cities.sort_unstable();
    cities.dedup();
    cities
}

/// A name for comparing, without case, accents, dots and apostrophes.
pub fn compared(name: &str) -> String {
    name_key(name)
}

/// Whether a word names a country and nothing else, in letters: no code.
pub(super) fn is_country_name(name: &str) -> bool {
    let key = name_key(name);
    let capital = name.starts_with(char::is_uppercase);
    let long = key.len() > 3 || matches!(key.as_str(), "usa" | "uae");
    matches!(gazetteer().by_name(&key), [only] if only.depth() == 0 && long && capital)
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
        let is_of = |meaning: &Meaning, within: Option<(&str, Option<&str>)>| {
            within.is_some_and(|(country, region)| {
                meaning.country == country && (region.is_none() || meaning.region == region)
            })
        };
        let alone = gazetteer().alone(place.name);
        let otherwise = gazetteer().otherwise(place.name);
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
        let lone = narrow(&|meaning| is_of(meaning, alone));
        let land = narrow(&in_land);
        let last = narrow(&|meaning| !place.qualified && is_of(meaning, otherwise));
        let kept = match (place.qualified, region, lone, land) {
            (false, region, ..) if !region.is_empty() => region,
            (_, _, lone, _) if !lone.is_empty() => lone,
            (false, _, _, land) if !land.is_empty() => land,
            _ if !last.is_empty() => last,
            _ => place.meanings.clone(),
        };
        place.meanings = deepest(kept);
    }
}

/// Leaves short names out that stand beside no place of their country.
fn forget_lonely(found: &mut [Place]) {
    let needs = |place: &Place| gazetteer().needs_company(place.name) && !place.qualified;
    let company: Vec<&str> = found
        .iter()
        .filter(|place| !needs(place))
        .filter_map(|place| place.meanings.first())
        .map(|meaning| meaning.country)
        .collect();
    for place in found.iter_mut().filter(|place| needs(place)) {
        place
            .meanings
            .retain(|meaning| company.contains(&meaning.country));
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

/// Reads the parts of a chunk and puts those that belong together into places.
fn read_chunk<'a>(chunk: &'a str, found: &mut Vec<Place<'a>>) {
    let begin = found.len();
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
            let is_known = |place: &Place| !place.meanings.is_empty();
            if !is_known(&place)
                && fills_brackets(chunk, part)
                && current.as_ref().is_some_and(is_known)
            {
                // "Charlotte, NC (Uptown)": a part of the place.
                continue;
            }
            if current.as_ref().is_some_and(is_unknown_code)
                && found.len() > begin
                && found.last().is_some_and(|city| in_land(city, &place))
            {
                // "Hyderabad, TS, India": a code that no table has.
                current = found.pop();
            }
            current = Some(match current.take() {
                None => place,
                Some(before) if is_foreign_in_list(found, &before, &place) => {
                    found.push(before);
                    place
                }
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

/// Whether a part is all that stands in a pair of brackets.
fn fills_brackets(chunk: &str, part: &str) -> bool {
    let start = (part.as_ptr() as usize).wrapping_sub(chunk.as_ptr() as usize);
    let around = chunk.get(..start).zip(chunk.get(start + part.len()..));
    around.is_some_and(|(before, after)| {
        before.trim_end().ends_with(['(', '[']) && after.trim_start().starts_with([')', ']'])
    })
}

/// Two or three capitals that mean nothing by themselves.
fn is_unknown_code(place: &Place) -> bool {
    place.meanings.is_empty()
        && matches!(place.raw.len(), 2 | 3)
        && place.raw.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// "Lyon, Oslo, France": the last of the cities before a land does not lie in it,
/// and another one of them does.
fn is_foreign_in_list(found: &[Place], before: &Place, land: &Place) -> bool {
    let lies_in = |city: &Place| {
        let mut meanings = city
            .meanings
            .iter()
            .filter(|meaning| meaning.city.is_some());
        meanings.any(|city| land.meanings.iter().any(|area| city.fits(area)))
    };
    let is_land = !land.meanings.is_empty() && land.meanings.iter().all(|area| area.depth() == 0);
    let is_free = |city: &Place| is_city(city) && !city.qualified;
    is_land
        && is_free(before)
        && !lies_in(before)
        && found.iter().any(|city| is_free(city) && lies_in(city))
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
            | "NA"
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

#[cfg(test)]
mod tests;
