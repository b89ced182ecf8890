//! Two parts of a location text side by side: one place ("Austin" + "Texas",
//! "Germany" + "Berlin"), or two. What each may mean is known by then.

use super::gazetteer::{Meaning, gazetteer};
use super::read::span;
use super::{Place, in_land, is_town, is_word_code};

/// Two parts side by side: one place, or two.
pub(super) fn join<'a>(
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
        // "Bengaluru, KA": a code that only means something there.
        let inside = in_region(&before, &after, &[]);
        if !inside.is_empty() && !before.qualified {
            return Ok(Place {
                raw,
                meanings: inside,
                qualified: true,
                ..before
            });
        }
        if after.raw.len() == 2 && after.raw.is_ascii() && !before.qualified {
            // "austin, tx": a code in small letters counts where it fits.
            let coded = gazetteer().by_code(&after.raw.to_ascii_uppercase());
            let coded = Place {
                meanings: coded,
                ..after
            };
            // "Kleinstadt, tw", "Berlin, BE, de"
            if after.raw.bytes().all(|byte| byte.is_ascii_lowercase())
                && let [only] = coded.meanings[..]
                && only.depth() == 0
                && before.meanings.is_empty()
                && is_town(before.raw)
                && !matches!(
                    after.raw,
                    "no" | "is" | "it" | "me" | "so" | "to" | "be" | "my" | "am" | "at" | "by"
                )
            {
                return Ok(Place {
                    raw,
                    meanings: coded.meanings,
                    name: before.name,
                    qualified: true,
                    ..before
                });
            }
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
        // "Paris, IDF, fr" says the land again.
        let again = after.raw.len() == 2
            && gazetteer()
                .country_code(&after.raw.to_ascii_uppercase())
                .is_some_and(|land| before.meanings.iter().all(|place| place.country == land));
        if again && !before.meanings.is_empty() {
            return Ok(Place { raw, ..before });
        }
        let is_address = after.raw.contains(|c: char| c.is_ascii_digit());
        return match is_address && !before.meanings.is_empty() {
            true => Ok(Place { raw, ..before }),
            false => Err(Box::new((before, after))),
        };
    }
    let after = match is_town(before.raw) && is_in_state(chunk, &before, &after) {
        true => as_area(after),
        false => after,
    };
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
        let narrowed = match narrowed.is_empty() && !before.qualified {
            true => in_region(&before, &after, &wider),
            false => narrowed,
        };
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
    if let Some((town, state)) = namesake(chunk, &before, &after) {
        return Ok(Place {
            raw,
            unknown: Some(town),
            meanings: vec![state],
            name: before.name,
            qualified: true,
        });
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

/// `NY` behind a town is the state, where the two are all that is named. Behind a
/// city of the country ("SF, NY") and in a longer list it is another city.
fn is_in_state(chunk: &str, before: &Place, after: &Place) -> bool {
    let start = |part: &str| (part.as_ptr() as usize).wrapping_sub(chunk.as_ptr() as usize);
    let left = chunk.get(..start(before.raw)).unwrap_or_default();
    let right = chunk
        .get(start(after.raw) + after.raw.len()..)
        .unwrap_or_default();
    let right = right.trim_matches(|c: char| !c.is_alphabetic());
    let ends = matches!(right, "" | "USA" | "US" | "United States" | "U.S.A" | "U.S");
    let is_american = |meaning: &Meaning| meaning.country == "US" && meaning.city.is_some();
    let another = !before.meanings.is_empty() && before.meanings.iter().all(is_american);
    after.raw == "NY" && !left.contains([',', '/']) && ends && !another
}

fn as_area(mut place: Place) -> Place {
    place.meanings.retain(|meaning| meaning.city.is_none());
    place
}

/// The town in "Mexico, MO" and "Michigan City, IN": named like a land or a state,
/// and in the state of the code behind it. Codes that stand for a land first, and a
/// state that is also a city of its own ("New York, NJ"), leave it a list.
fn namesake<'a>(
    chunk: &'a str,
    before: &Place<'a>,
    after: &Place<'a>,
) -> Option<(&'a str, Meaning)> {
    let is_name = before.name.len() > 3 && before.name.contains(char::is_lowercase);
    let is_code = after.raw.len() == 2 && after.raw.bytes().all(|byte| byte.is_ascii_uppercase());
    let town = with_city(chunk, before.raw);
    let lies_within = |meaning: &Meaning| {
        let own = after
            .meanings
            .iter()
            .any(|area| area.fits(meaning) || meaning.fits(area));
        own && town.len() == before.raw.len()
    };
    let first = gazetteer().alone(before.name);
    if before.qualified
        || !is_name
        || !is_code
        || is_city(after)
        || before.meanings.iter().any(lies_within)
        || is_city(before) && first.is_some_and(|(country, _)| country == "US")
    {
        return None;
    }
    // "IN" is open behind an unknown town, and the state behind a land.
    let mut areas = after.meanings.clone();
    areas.retain(|meaning| meaning.city.is_none());
    let area = one_area(after.name, areas);
    match area
        .iter()
        .filter(|area| area.region.is_some())
        .collect::<Vec<_>>()[..]
    {
        [state] if state.country == "US" => Some((town, *state)),
        _ => None,
    }
}

/// A name with the "City" that stands behind it in the chunk.
fn with_city<'a>(chunk: &'a str, name: &'a str) -> &'a str {
    let start = (name.as_ptr() as usize).wrapping_sub(chunk.as_ptr() as usize);
    chunk
        .get(start..start + name.len() + " City".len())
        .filter(|long| long.ends_with(" City"))
        .unwrap_or(name)
}

/// The cities of `before` that may lie in the region `after`: those the table
/// puts in no region of that country, and those whose own region has that code
/// ("München, BY", "Curitiba, PR", "Milano (MI)").
fn in_region(before: &Place, after: &Place, wider: &[Meaning]) -> Vec<Meaning> {
    let mut found = Vec::new();
    for city in before
        .meanings
        .iter()
        .filter(|meaning| meaning.city.is_some())
    {
        let named = wider
            .iter()
            .copied()
            .find(|area| area.country == city.country && area.region.is_some());
        let coded = gazetteer().region(city.country, after.name);
        let Some(region) = named.or(coded).and_then(|area| area.region) else {
            if is_province(before.name, city, after.name) {
                found.push(*city);
            }
            continue;
        };
        if city.region.is_none_or(|known| known == region) {
            found.push(Meaning {
                region: Some(region),
                ..*city
            });
        }
    }
    found
}

/// Whether the code is that of the Italian city's own province. Some of them are
/// codes of American states, where the namesakes lie ("Milan, MI").
fn is_province(name: &str, city: &Meaning, code: &str) -> bool {
    const PROVINCES: &str = "Milan MI, Rome RM, Turin TO, Bologna BO, Florence FI, Naples NA, \
        Venice VE, Verona VR, Padua PD, Genoa GE, Bari BA, Catania CT, Palermo PA, Modena MO, \
        Parma PR, Bergamo BG, Brescia BS, Trento TN, Trieste TS, Pisa PI, Perugia PG, Monza MB, \
        Cagliari CA, Ancona AN, Lecce LE, Rimini RN, Udine UD, Treviso TV, Vicenza VI, Como CO";
    let english = matches!(
        name,
        "Milan" | "Rome" | "Naples" | "Florence" | "Verona" | "Palermo"
    );
    let pair = |pair: &str| {
        pair.split_once(' ')
            .is_some_and(|(known, province)| city.city == Some(known) && province == code)
    };
    city.country == "IT" && !english && PROVINCES.split(", ").any(pair)
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

pub(super) fn is_city(place: &Place) -> bool {
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
