//! Cases of `tests/fixtures/fields/places.toml`.
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Fixture {
    /// `[input, "City/Region/CC", …]`; a part that is not known is empty, a
    /// place that is not resolved is `?`.
    place: Vec<Vec<String>>,
    country: Vec<(String, String)>,
    scope: Vec<Vec<String>>,
}

fn fixture() -> Fixture {
    toml::from_str(include_str!("../../../tests/fixtures/fields/places.toml")).unwrap()
}

fn shown(place: &Location) -> String {
    let part = |value: &Option<String>| value.clone().unwrap_or_default();
    match (&place.city, &place.region, &place.country) {
        (None, None, None) => "?".to_owned(),
        _ => format!(
            "{}/{}/{}",
            part(&place.city),
            part(&place.region),
            part(&place.country)
        ),
    }
}

#[test]
fn places_are_read_and_resolved() {
    let mut wrong = Vec::new();
    for case in fixture().place {
        let found: Vec<String> = parse(&case[0]).iter().map(shown).collect();
        if found != case[1..] {
            wrong.push(format!(
                "{:?}: {found:?}, expected {:?}",
                case[0],
                &case[1..]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn countries_are_known_by_name_and_code() {
    for (name, code) in fixture().country {
        assert_eq!(country(&name).unwrap_or_default(), code, "{name:?}");
    }
}

#[test]
fn a_scope_is_countries_and_parts_of_the_world() {
    let mut wrong = Vec::new();
    for case in fixture().scope {
        let found = remote_scope(&case[0]);
        if found != case[1..] {
            wrong.push(format!(
                "{:?}: {found:?}, expected {:?}",
                case[0],
                &case[1..]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_scope_covers_the_lands_in_it() {
    let scope = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| (*code).to_owned())
            .collect::<Vec<_>>()
    };
    assert!(scope_covers(&scope(&["EU"]), "PT"));
    assert!(!scope_covers(&scope(&["EU"]), "GB"));
    assert!(scope_covers(&scope(&["EMEA"]), "KE"));
    assert!(scope_covers(&scope(&["US", "WORLD"]), "JP"));
    assert!(!scope_covers(&[], "US"));
}

#[test]
fn every_name_shown_has_a_code() {
    assert_eq!(country_name("DE"), Some("Germany"));
    assert_eq!(country_name("XX"), None);
    assert_eq!(state_name("US", "TX"), Some("Texas"));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        parse(&text);
        country(&text);
        remote_scope(&text);
    }

    #[test]
    fn no_list_of_places_panics(text in "([A-Z]{2}|Berlin|Paris|Georgia|remote|[ ,;/()-]| or ){0,12}") {
        parse(&text);
    }
}

#[test]
fn of_a_list_without_end_the_beginning_is_read() {
    let cities = |n: usize| {
        let list = "Bergen; ".repeat(n) + "Oslo";
        let places = parse(&list).into_iter();
        places.filter_map(|place| place.city).collect::<Vec<_>>()
    };
    assert_eq!(cities(2), ["Bergen", "Oslo"]);
    assert_eq!(cities(20_000), ["Bergen"]);
}
