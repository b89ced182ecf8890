//! Cases of `tests/fixtures/fields/pay.toml`, and pay written and read again.
use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Fixture {
    /// `[text, country or "", what is read or ""]`
    stated: Vec<(String, String, String)>,
    text: Vec<(String, String, String)>,
    period: Vec<(String, String)>,
}

fn fixture() -> Fixture {
    toml::from_str(include_str!("../../../tests/fixtures/fields/pay.toml")).unwrap()
}

/// `min-max CUR period!`; an open end is empty, an open currency `?`, an open
/// period left out; `!` is doubtful, `~` estimated.
fn shown(salary: &Salary) -> String {
    let end = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
    let mut out = format!(
        "{}-{} {}",
        end(salary.min),
        end(salary.max),
        salary.currency.as_deref().unwrap_or("?")
    );
    if let Some(period) = salary.period {
        out += &format!(" {period}");
    }
    if salary.doubtful {
        out += "!";
    }
    if salary.basis == PayBasis::Estimated {
        out += "~";
    }
    out
}

fn check(
    cases: Vec<(String, String, String)>,
    read: impl Fn(&str, Option<&str>) -> Option<Salary>,
) {
    let mut wrong = Vec::new();
    for (text, country, expected) in cases {
        let found = read(
            &text,
            Some(country.as_str()).filter(|country| !country.is_empty()),
        );
        let found = found.as_ref().map(shown).unwrap_or_default();
        if found != expected {
            wrong.push(format!(
                "{text:?} ({country}): {found:?}, expected {expected:?}"
            ));
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
fn pay_fields_are_read() {
    check(fixture().stated, parse);
}

#[test]
fn pay_is_found_in_text_and_other_sums_are_not() {
    check(fixture().text, find);
}

#[test]
fn periods_have_many_names() {
    for (text, expected) in fixture().period {
        let found = period(&text).map(PayPeriod::as_str).unwrap_or_default();
        assert_eq!(found, expected, "{text:?}");
    }
}

fn written(amount: u32, style: u8) -> String {
    let group = |mark: &str| {
        let digits = amount.to_string();
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out += mark;
            }
            out.push(digit);
        }
        out
    };
    match style {
        0 => amount.to_string(),
        1 => group(","),
        2 => group("."),
        3 => group(" "),
        4 => group("\u{202f}"),
        5 => group("'"),
        _ => format!("{}k", amount / 1000),
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        parse(&text, None);
        find(&text, Some("US"));
        period(&text);
    }

    #[test]
    fn no_text_of_sums_panics(text in "([$€£¥₹0-9.,' ]|k|K|M|LPA|to|-|–|/|per|yr|salary|万|\n|USD|ß){0,24}") {
        parse(&text, Some("IN"));
        find(&text, None);
    }

    #[test]
    fn a_range_written_and_read_is_the_same(
        low in 20u32..200,
        width in 1u32..90,
        style in 0u8..7,
        dash in prop::sample::select(vec!["-", " - ", "–", " to ", " – ", "—"]),
        sign in prop::sample::select(vec![("$", "", "USD"), ("€", "", "EUR"), ("", " EUR", "EUR"), ("£", "", "GBP"), ("USD ", "", "USD"), ("", " €", "EUR")]),
        unit in prop::sample::select(vec!["", " per year", "/yr", " p.a.", " a year"]),
    ) {
        let (low, high) = (low * 1000, (low + width) * 1000);
        let text = format!("{}{}{dash}{}{}{}{unit}", sign.0, written(low, style), sign.0, written(high, style), sign.1);
        let pay = parse(&text, Some("US")).expect("pay");
        prop_assert_eq!((pay.min, pay.max), (Some(f64::from(low)), Some(f64::from(high))), "{}", text);
        prop_assert_eq!(pay.currency.as_deref(), Some(sign.2));
        prop_assert_eq!(pay.period, Some(PayPeriod::Year));
    }
}
