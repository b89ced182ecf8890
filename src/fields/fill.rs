//! Fills a whole posting: what the source left unknown is read from its location
//! strings, title and text. What the source states is never changed, only
//! written in one way (`US` for "United States", "Texas" for `TX`).

mod scope;

use super::marks::Marked;
use super::text::{List, Phrases, fold, head};
use crate::posting::{Location, Posting, Workplace};

use super::{employment, places, roles, salary, seniority, text_language, workplace};

/// Fills what the source left unknown and notes the name of each field that was
/// read from title or text in [`Posting::read_from_text`].
///
/// Salary, locations, workplace, remote scope, seniority, years of experience,
/// employment, roles and text language; a second run changes nothing.
pub fn fill(posting: &mut Posting) {
    // As the source has them: dividing "France, Remote; Spain, Remote" leaves
    // two lands.
    let mut stated: Vec<String> = posting
        .locations
        .iter()
        .map(|place| place.raw.clone())
        .collect();
    resolve_locations(posting);
    let title = posting.title.clone().unwrap_or_default();
    let text = posting.description_text.take().unwrap_or_default();
    let marked = Marked::of(&text);
    let mut read: Vec<&'static str> = Vec::new();

    if posting.locations.is_empty() {
        posting.locations = location_line(&text);
        if posting.locations.is_empty() {
            posting.locations = lands_of_title(&title);
        }
        stated = posting
            .locations
            .iter()
            .map(|place| place.raw.clone())
            .collect();
        note(&mut read, "locations", !posting.locations.is_empty());
    } else if posting.locations.iter().all(is_nowhere) {
        // "Remote", and "Account Manager, Poland" in the title.
        let lands = lands_of_title(&title);
        note(&mut read, "locations", !lands.is_empty());
        posting.locations.extend(lands);
    }
    if posting.workplace.is_none() {
        posting.workplace = workplace::from_lines(&stated.join(" | "), &title, &marked);
        note(&mut read, "workplace", posting.workplace.is_some());
    }
    if posting.remote_scope.is_empty() && posting.workplace == Some(Workplace::Remote) {
        posting.remote_scope = scope::remote_scope(&stated, &title, &marked);
        note(&mut read, "remote_scope", !posting.remote_scope.is_empty());
    }
    if posting.employment_type.is_empty() {
        let stated = posting
            .employment_raw
            .as_deref()
            .map(employment::from_label)
            .unwrap_or_default();
        if stated.is_empty() {
            posting.employment_type = employment::of(&title, &marked);
            note(
                &mut read,
                "employment_type",
                !posting.employment_type.is_empty(),
            );
        } else {
            posting.employment_type = stated;
        }
    }
    if posting.seniority.is_none() {
        posting.seniority = seniority::from_title(&title);
        note(&mut read, "seniority", posting.seniority.is_some());
    }
    if posting.experience_years.is_none() {
        posting.experience_years = seniority::in_lines(&marked);
        note(
            &mut read,
            "experience_years",
            posting.experience_years.is_some(),
        );
    }
    if let Some(salary) = &mut posting.salary {
        salary::settle(salary, one_country(&posting.locations));
    } else {
        let country = one_country(&posting.locations);
        posting.salary = salary::find(&title, country).or_else(|| salary::find(&text, country));
        note(&mut read, "salary", posting.salary.is_some());
    }
    if posting.roles.is_empty() {
        let mut found = roles::from_title(&title);
        if found.is_empty() && is_open_title(&title) {
            found = roles::from_text(&text);
        }
        posting.roles = found.into_iter().map(str::to_owned).collect();
        note(&mut read, "role", !posting.roles.is_empty());
    }
    if posting.text_language.is_none() {
        posting.text_language = text_language::detect(&text).map(str::to_owned);
        note(&mut read, "text_language", posting.text_language.is_some());
    }

    posting.description_text = Some(text).filter(|text| !text.is_empty());
    shorten_names(posting);
    for name in read {
        if !posting.read_from_text.iter().any(|known| known == name) {
            posting.read_from_text.push(name.to_owned());
        }
    }
}

/// Names are cut at this length, so that what is shown can be asked for: nobody
/// has a longer one, and what has more than 65,530 bytes could not be found.
const MAX_NAME_BYTES: usize = 1000;

/// Cuts what postings are filtered by, if it is too long for a name.
fn shorten_names(posting: &mut Posting) {
    let places = posting.locations.iter_mut();
    let of_places =
        places.flat_map(|place| [&mut place.city, &mut place.region, &mut place.country]);
    let currency = posting.salary.as_mut().map(|pay| &mut pay.currency);
    of_places
        .chain(currency)
        .chain([&mut posting.company, &mut posting.text_language])
        .flatten()
        .chain(&mut posting.remote_scope)
        .for_each(|name| name.truncate(name.floor_char_boundary(MAX_NAME_BYTES)));
}

fn note(read: &mut Vec<&'static str>, name: &'static str, found: bool) {
    if found {
        read.push(name);
    }
}

/// The country that all places share.
fn one_country(locations: &[Location]) -> Option<&str> {
    let country = locations.first()?.country.as_deref()?;
    locations
        .iter()
        .all(|place| place.country.as_deref() == Some(country))
        .then_some(country)
}

/// City, region and country of every stated place, as far as its words go.
fn resolve_locations(posting: &mut Posting) {
    let mut resolved = Vec::with_capacity(posting.locations.len());
    let alone = posting.locations.len() == 1;
    for mut place in std::mem::take(&mut posting.locations) {
        let is_empty = matches!(place.raw.trim(), "NA" | "N/A" | "n/a" | "TBD" | "TBA");
        if is_empty && place.city.is_none() && place.country.is_none() {
            continue;
        }
        if let Some(country) = &place.country
            && let Some(code) = places::country(country)
        {
            place.country = Some(code.to_owned());
        }
        if place.country.is_none() || (place.city.is_none() && place.region.is_none()) {
            let parts = [&place.city, &place.region, &place.country];
            let stated: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            let text = if place.raw.is_empty() {
                stated.join(", ")
            } else {
                place.raw.clone()
            };
            let found = places::parse(&text);
            match found.as_slice() {
                [one] => merge(&mut place, one),
                // One string with several places: each is one of its own. Beside
                // other strings all of them must be known.
                [first, ..]
                    if (alone || found.iter().all(|place| place.country.is_some()))
                        && stated.is_empty()
                        && place.lat.is_none()
                        && first.country.is_some() =>
                {
                    resolved.extend(found);
                    continue;
                }
                _ => {}
            }
        }
        if let (Some(country), Some(city)) = (&place.country, &place.city)
            && let Some(name) = places::city_name(country, city)
        {
            place.city = Some(name.to_owned());
        }
        if let (Some(country), Some(region)) = (&place.country, &place.region)
            && let Some(name) = places::state_name(country, region)
        {
            place.region = Some(name.to_owned());
        }
        resolved.push(place);
    }
    posting.locations = resolved;
}

/// What is stated stays, and nothing is added that contradicts it.
fn merge(place: &mut Location, found: &Location) {
    let agrees = |stated: &Option<String>, found: &Option<String>| match (stated, found) {
        (Some(stated), Some(found)) => fold(stated) == fold(found),
        _ => true,
    };
    if !agrees(&place.country, &found.country) {
        return;
    }
    place.country = place.country.take().or_else(|| found.country.clone());
    place.region = place.region.take().or_else(|| found.region.clone());
    place.city = place.city.take().or_else(|| found.city.clone());
}

/// Whether a stated place is only a way of working.
fn is_nowhere(place: &Location) -> bool {
    place.country.is_none()
        && place.region.is_none()
        && place.city.is_none()
        && places::parse(&place.raw).is_empty()
}

/// "Account Executive | Spain | Remote", "Sales Engineer - Japan", "Engineer
/// (India)": lands that stand in a part of the title of their own. A city would
/// be a guess: "Frontend Engineer, Mobile".
fn lands_of_title(title: &str) -> Vec<Location> {
    let mut found: Vec<Location> = Vec::new();
    for part in title.split(['|', ',', '(', ')', '/', '–', '—']) {
        for name in part.split(" - ") {
            let name = name.trim();
            if places::is_country_name(name) {
                found.extend(places::parse(name));
            }
        }
    }
    found
}

/// "Location: Oslo, Norway" in a line of its own near the top.
fn location_line(text: &str) -> Vec<Location> {
    static NAMES: List = List::new(|| {
        Phrases::new(
            "\
    location, locations, job location, work location, place of work, standort, 工作地点, 地点, 工作地址, base地, 勤務地, arbeitsort, lieu, localisation, ubicacion, \
    lokalizacja, office, where, based in",
        )
    });
    for line in head(text, 4000).lines().filter(|line| line.len() < 120) {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let Some((name, rest)) = line.split_once([':', '：']) else {
            continue;
        };
        if NAMES.has(fold(name.trim_matches(|c: char| !c.is_alphanumeric())).as_str()) {
            let found: Vec<Location> = places::parse(rest.trim())
                .into_iter()
                .filter(|place| place.country.is_some())
                .collect();
            if !found.is_empty() {
                return found;
            }
        }
    }
    Vec::new()
}

/// A title that leaves the role open, so that the text may say it: none, or a
/// software engineer of no kind.
fn is_open_title(title: &str) -> bool {
    let folded = fold(title);
    let words = roles::title_words(&folded);
    words.is_empty() || roles::has_engineer(&words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::{Employment, Seniority};

    fn posting(title: &str, location: &str, text: &str) -> Posting {
        let mut posting = Posting {
            title: Some(title.to_owned()),
            locations: vec![Location {
                raw: location.to_owned(),
                ..Location::default()
            }],
            description_text: Some(text.to_owned()),
            ..Posting::default()
        };
        fill(&mut posting);
        posting
    }

    const TEXT: &str = "We are looking for a person who will build the services of our platform together with you and the team.\n\
        Salary: $140,000 - $160,000\n5+ years of experience with distributed systems.\nThis is a full-time position, fully remote within the US.";

    #[test]
    fn unknown_fields_are_read_and_noted() {
        let filled = posting("Senior Backend Engineer", "Austin, TX", TEXT);
        assert_eq!(filled.locations[0].region.as_deref(), Some("Texas"));
        assert_eq!(filled.workplace, Some(Workplace::Remote));
        assert_eq!(filled.remote_scope, ["US"]);
        assert_eq!(filled.seniority, Some(Seniority::Senior));
        assert_eq!(
            filled.experience_years.and_then(|years| years.min),
            Some(5.0)
        );
        assert_eq!(filled.employment_type, [Employment::FullTime]);
        assert_eq!(filled.roles, ["backend"]);
        assert_eq!(filled.text_language.as_deref(), Some("en"));
        assert_eq!(
            filled.salary.and_then(|salary| salary.currency).as_deref(),
            Some("USD")
        );
        let names = "workplace remote_scope employment_type seniority experience_years salary role text_language";
        assert_eq!(filled.read_from_text.join(" "), names);
    }

    #[test]
    fn what_is_stated_stays() {
        let mut stated = posting("Senior Backend Engineer", "Austin, TX", TEXT);
        stated.read_from_text.clear();
        stated.workplace = Some(Workplace::Onsite);
        stated.seniority = Some(Seniority::Mid);
        stated.locations[0].region = Some("TX".to_owned());
        let mut again = stated.clone();
        fill(&mut again);
        assert_eq!(
            (again.workplace, again.seniority),
            (stated.workplace, stated.seniority)
        );
        assert_eq!(again.locations[0].region.as_deref(), Some("Texas"));
        assert!(again.read_from_text.is_empty());
    }

    #[test]
    fn the_country_settles_the_currency_of_a_stated_sign() {
        let mut posting = Posting {
            locations: places::parse("Calgary, Canada"),
            salary: salary::parse("$90k - $110k", None),
            ..Posting::default()
        };
        fill(&mut posting);
        let pay = posting.salary.unwrap();
        assert_eq!(pay.currency.as_deref(), Some("CAD"));
        assert_eq!((pay.min, pay.max), (Some(90_000.0), Some(110_000.0)));
    }

    #[test]
    fn the_country_settles_what_a_bare_number_is() {
        let pay = |location: &str, written: &str| {
            let mut posting = Posting {
                locations: places::parse(location),
                salary: salary::parse(written, None),
                ..Posting::default()
            };
            fill(&mut posting);
            let pay = posting.salary.expect("pay");
            let period = pay.period.map(crate::posting::PayPeriod::as_str);
            format!(
                "{} {}",
                pay.currency.unwrap_or_default(),
                period.unwrap_or_default()
            )
        };
        assert_eq!(pay("Ohio", "130K"), "USD year");
        assert_eq!(pay("Ohio", "130000"), "USD year");
        assert_eq!(pay("London", "110,000 - 140,000"), "GBP year");
        assert_eq!(pay("Ohio", "$65"), "USD hour");
        assert_eq!(pay("Ohio", "65"), " ");
        assert_eq!(pay("Yerevan", "from 160$"), "USD ");
    }

    #[test]
    fn a_string_of_several_places_is_divided() {
        let filled = posting("Engineer", "Berlin, Germany; London, UK", "");
        let countries: Vec<_> = filled
            .locations
            .iter()
            .filter_map(|place| place.country.as_deref())
            .collect();
        assert_eq!(countries, ["DE", "GB"]);
        assert_eq!(filled.locations[0].raw, "Berlin, Germany");
    }

    #[test]
    fn remote_in_several_lands_is_remote() {
        let filled = posting("Engineer", "France, Remote; Spain, Remote", "");
        assert_eq!(filled.workplace, Some(Workplace::Remote));
        assert_eq!(filled.remote_scope, ["FR", "ES"]);
        assert_eq!(filled.locations.len(), 2);
    }

    #[test]
    fn remote_work_from_several_lands_is_read_before_they_are_divided() {
        let read = |location: &str| {
            let mut divided = Posting {
                locations: places::parse(location),
                ..Posting::default()
            };
            fill(&mut divided);
            let whole = posting("Engineer", location, "");
            assert_eq!(whole.workplace, divided.workplace, "{location}");
            assert_eq!(whole.remote_scope, divided.remote_scope, "{location}");
            let workplace = divided.workplace.map(Workplace::as_str).unwrap_or_default();
            format!("{workplace} {}", divided.remote_scope.join(" "))
        };
        for (location, expected) in [
            ("Remote - Chile or Peru", "remote CL PE"),
            ("Remote (Chile, Peru)", "remote CL PE"),
            ("Remote - UK/Ireland", "remote GB IE"),
            ("Remote: Chile, Peru, Spain", "remote CL PE ES"),
            ("Chile / Peru - Remote", "remote CL PE"),
            ("EU / UK / US remote", "remote EU GB US"),
            ("Oslo / Lyon / Remote", "remote "),
            ("Oslo; Lyon; Remote", "remote "),
            ("Norway; France; Remote", "remote "),
            ("Norway; Remote, France", "remote FR"),
            ("Oslo / Lyon (hybrid)", "hybrid "),
            ("Remote; must live in Texas", "remote US"),
            ("WFH - Manila", "remote PH"),
            ("Manila or remote", "remote "),
            ("Remoto, Brasil", "remote BR"),
        ] {
            assert_eq!(read(location), expected, "{location}");
        }
        // Of a place that is none the source's words are left.
        for location in ["Worldwide", "Work from anywhere in the world"] {
            let whole = posting("Engineer", location, "");
            assert_eq!(whole.workplace, Some(Workplace::Remote));
            assert_eq!(whole.remote_scope, ["WORLD"], "{location}");
        }
        let text = posting("Engineer", "", "You may work from anywhere in the world.");
        assert_eq!(text.remote_scope, ["WORLD"]);
    }

    #[test]
    fn a_cell_of_prose_leaves_what_is_known() {
        let prose = "You will bake in Lisbon, Portugal, with our team, and then, from time to time, \
            travel to the mills, to the fields, or to the markets of the land, where the bread, \
            the cakes, and the rolls are sold, early in the day, as long as they are warm";
        let places = places::parse(prose);
        assert!(places.len() <= 3, "{places:?}");
        assert!(
            places.iter().all(|place| place.country.is_some()),
            "{places:?}"
        );
    }

    #[test]
    fn a_land_in_the_title_is_the_place_where_none_is_stated() {
        let lands = |title: &str| {
            let mut posting = Posting {
                title: Some(title.to_owned()),
                ..Posting::default()
            };
            fill(&mut posting);
            let lands = posting.locations.iter();
            lands
                .filter_map(|place| place.country.clone())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(lands("Account Manager | Spain | Remote"), "ES");
        assert_eq!(lands("Sales Engineer (India)"), "IN");
        assert_eq!(lands("Support Engineer - Japan, Poland"), "JP PL");
        let mut posting = Posting {
            title: Some("Account Executive, Poland".to_owned()),
            locations: vec![Location {
                raw: "Remote".to_owned(),
                ..Location::default()
            }],
            ..Posting::default()
        };
        fill(&mut posting);
        let countries: Vec<_> = posting
            .locations
            .iter()
            .map(|place| place.country.as_deref())
            .collect();
        assert_eq!(countries, [None, Some("PL")]);
        for title in [
            "Frontend Engineer, Mobile",
            "Engineer (IT)",
            "Georgia Tech Lead",
            "Engineer, US",
        ] {
            assert_eq!(lands(title), "", "{title}");
        }
    }

    #[test]
    fn a_stated_city_and_empty_values_are_written_one_way() {
        let mut posting = Posting {
            locations: vec![
                Location {
                    city: Some("Warszawa".to_owned()),
                    country: Some("PL".to_owned()),
                    ..Location::default()
                },
                Location {
                    raw: "NA".to_owned(),
                    ..Location::default()
                },
            ],
            ..Posting::default()
        };
        fill(&mut posting);
        let cities: Vec<_> = posting.locations.iter().map(|place| &place.city).collect();
        assert_eq!(cities, [&Some("Warsaw".to_owned())]);
    }

    #[test]
    fn a_number_without_a_currency_is_in_the_money_of_the_land() {
        let money = |place: &str, min: f64, period| {
            let mut posting = Posting {
                locations: places::parse(place),
                salary: Some(crate::posting::Salary {
                    min: Some(min),
                    max: None,
                    currency: None,
                    period: Some(period),
                    raw: None,
                    basis: crate::posting::PayBasis::Stated,
                    doubtful: false,
                }),
                ..Posting::default()
            };
            fill(&mut posting);
            posting.salary.and_then(|salary| salary.currency)
        };
        use crate::posting::PayPeriod::{Month, Year};
        assert_eq!(money("Austin, TX", 90_000.0, Year).as_deref(), Some("USD"));
        assert_eq!(
            money("Gdynia, Poland", 9_000.0, Month).as_deref(),
            Some("PLN")
        );
        assert_eq!(money("Austin, TX", 90.0, Year), None);
        assert_eq!(money("Atlantis", 90_000.0, Year), None);
        assert_eq!(money("Berlin; London", 90_000.0, Year), None);
    }

    #[test]
    fn several_places_in_one_of_several_strings_are_divided() {
        let mut posting = Posting {
            locations: ["Chicago", "US-Remote, Toronto", "Atlantis, Lemuria"]
                .map(|raw| Location {
                    raw: raw.to_owned(),
                    ..Location::default()
                })
                .into(),
            ..Posting::default()
        };
        fill(&mut posting);
        let countries: Vec<_> = posting
            .locations
            .iter()
            .map(|place| place.country.as_deref().unwrap_or_default())
            .collect();
        assert_eq!(countries, ["US", "US", "CA", ""]);
        assert_eq!(posting.workplace, Some(Workplace::Remote));
    }

    #[test]
    fn an_unknown_place_stays_raw() {
        let filled = posting("Engineer", "Atlantis", "");
        assert_eq!(
            filled.locations,
            [Location {
                raw: "Atlantis".to_owned(),
                ..Location::default()
            }]
        );
    }

    #[test]
    fn what_is_too_long_for_a_name_is_cut_between_characters() {
        let long = "ü".repeat(40_000);
        let mut posting = Posting {
            company: Some(format!("x{long}")),
            remote_scope: vec![long.clone()],
            locations: vec![Location {
                raw: "somewhere".to_owned(),
                city: Some(long.clone()),
                ..Location::default()
            }],
            ..Posting::default()
        };
        fill(&mut posting);
        assert_eq!(posting.company.map(|name| name.len()), Some(999));
        assert_eq!(posting.remote_scope[0].len(), 1000);
        assert_eq!(posting.locations[0].city.as_deref(), Some(&long[..1000]));
    }

    #[test]
    fn a_line_of_the_text_names_the_place() {
        let mut posting = Posting {
            description_text: Some("Widgets.\nLocation: Oslo, Norway".to_owned()),
            ..Posting::default()
        };
        fill(&mut posting);
        assert_eq!(posting.locations[0].city.as_deref(), Some("Oslo"));
        assert_eq!(posting.read_from_text, ["locations"]);
    }

    proptest::proptest! {
        #[test]
        fn a_second_run_changes_nothing(
            title in "([Ss]enior |Java |Remote |Data |Engineer|, | \\(US\\)|Manager|ü){0,6}",
            location in "(Berlin|TX|, |Paris|; |Remote|Oslo|\u{e9}| or ){0,6}",
            text in "(We pay \\$100k-120k\\.|\n|remote | in the EU|5 years of experience|full-time position|\\PC){0,12}",
        ) {
            let once = posting(&title, &location, &text);
            let mut twice = once.clone();
            fill(&mut twice);
            proptest::prop_assert_eq!(once, twice);
        }
    }
}
