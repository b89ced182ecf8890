//! Cases of `tests/fixtures/fields/headers.toml`.
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Fixture {
    header: Vec<Case>,
    /// Lines that are no headers.
    prose: Vec<String>,
    /// Whole texts that [`from_text`] reads.
    text: Vec<Text>,
    role: Vec<String>,
    no_role: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Case {
    line: String,
    company: String,
    title: String,
    places: String,
    workplace: String,
    scope: String,
    employment: String,
    pay: String,
    url: String,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Text {
    text: String,
    company: String,
    title: String,
    places: String,
}

fn fixture() -> Fixture {
    toml::from_str(include_str!("../../../tests/fixtures/fields/headers.toml")).unwrap()
}

#[test]
fn header_lines_are_read() {
    let mut wrong = Vec::new();
    for case in fixture().header {
        let Some(found) = parse(&case.line) else {
            wrong.push(format!("{:?} is no header", case.line));
            continue;
        };
        let place = |place: &Location| {
            place
                .city
                .clone()
                .or(place.region.clone())
                .or(place.country.clone())
                .unwrap_or_default()
        };
        let places: Vec<_> = found.locations.iter().map(place).collect();
        let kinds: Vec<_> = found
            .employment_type
            .iter()
            .map(|kind| kind.as_str())
            .collect();
        let pay = found.salary.as_ref().map(|pay| {
            format!(
                "{}-{}",
                pay.min.unwrap_or_default(),
                pay.max.unwrap_or_default()
            )
        });
        for (what, found, expected) in [
            ("company", found.company.unwrap_or_default(), case.company),
            ("title", found.title.unwrap_or_default(), case.title),
            ("places", places.join("; "), case.places),
            (
                "workplace",
                found
                    .workplace
                    .map(|found| found.to_string())
                    .unwrap_or_default(),
                case.workplace,
            ),
            ("scope", found.remote_scope.join(" "), case.scope),
            ("employment", kinds.join(" "), case.employment),
            ("pay", pay.unwrap_or_default(), case.pay),
            ("url", found.url.unwrap_or_default(), case.url),
        ] {
            if found != expected {
                wrong.push(format!(
                    "{:?}: {what} {found:?}, expected {expected:?}",
                    case.line
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_name_that_the_text_bears_out_is_read() {
    for case in fixture().text {
        let found = from_text(&case.text).unwrap_or_default();
        let cities = found
            .locations
            .iter()
            .filter_map(|place| place.city.clone());
        let found = (
            found.company.unwrap_or_default(),
            found.title.unwrap_or_default(),
            cities.collect::<Vec<_>>().join("; "),
        );
        assert_eq!(
            found,
            (case.company, case.title, case.places),
            "{:?}",
            case.text
        );
    }
}

#[test]
fn prose_is_no_header() {
    for line in fixture().prose {
        assert_eq!(parse(&line), None, "{line:?}");
    }
}

#[test]
fn roles_are_told_from_other_words() {
    let fixture = fixture();
    for text in fixture.role {
        assert!(is_role(&text), "{text:?}");
    }
    for text in fixture.no_role {
        assert!(!is_role(&text), "{text:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_line_panics(line in "\\PC{0,120}") {
        parse(&line);
        is_role(&line);
        from_text(&line);
    }

    #[test]
    fn no_texts_panic(text in "(Acme|Berlin|, | GmbH|, Inc|\\. |: |ü|Engineer|\n|Acme is|\\(|\\)|About |\\[|\\]\\(http){0,14}") {
        from_text(&text);
        parse(&text);
    }

    #[test]
    fn no_parts_panic(line in "(Acme|Berlin|Remote|Engineer| \\| | - |\\(|\\)|https://x.example/|, |ü|\\$100k|full-time| at |—|: ){0,14}") {
        parse(&line);
    }
}

#[test]
fn parts_on_labelled_lines_are_read() {
    let header = labelled(
        "Company: Quillwork\nPosition: .NET Developer\n\nLocation: Oslo, Norway (remote)\nWe print.",
    );
    let header = header.unwrap();
    assert_eq!(header.company.as_deref(), Some("Quillwork"));
    assert_eq!(header.title.as_deref(), Some(".NET Developer"));
    assert_eq!(header.locations[0].country.as_deref(), Some("NO"));
    assert_eq!(header.workplace, Some(Workplace::Remote));
    assert_eq!(labelled("Location: Oslo\nRemote: yes"), None);
}
