//! A field of years of experience: "3-5 Yrs", "2 years 6 months", "max 2 years",
//! "Five years", "1年以下" in, [`Years`] out. Every number counts that is one of years.

use super::experience::number;
use crate::fields::text::{fold, has_any, words};
use crate::posting::Years;

/// Words that make the number an upper end.
const UP_TO: &[&str] = &[
    "up to",
    "less than",
    "fewer than",
    "no more than",
    "not more than",
    "at most",
    "under",
    "below",
    "max",
    "maximum",
    "bis",
    "unter",
    "weniger als",
    "maximal",
    "hochstens",
    "moins de",
    "jusqu'a",
    "hasta",
    "menos de",
    "ate",
    "fino a",
    "meno di",
    "до",
    "менее",
];

/// The same behind the number, in Chinese, Japanese and Korean.
const AND_LESS: &[&str] = &["以下", "以内", "以內", "이하", "미만", "未満"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
}

/// A number of a field, what it counts, and what stands between it and the next.
struct Count<'a> {
    value: f32,
    unit: Option<Unit>,
    behind: &'a str,
}

/// The years of a field that is for them.
pub fn years(text: &str) -> Option<Years> {
    let folded = fold(text);
    // "3 years (36 months)" says the same twice.
    let (outside, _) = folded.split_once('(').unwrap_or((&folded, ""));
    let has_number = !counts(outside).is_empty();
    let text = if has_number { outside } else { &*folded };
    let mut counts = counts(text);
    // "6-12 months": the unit is that of both.
    let mut unit = None;
    for count in counts.iter_mut().rev() {
        unit = count.unit.or(unit);
        count.unit = unit;
    }
    let in_years = |count: &Count<'_>| match count.unit {
        Some(Unit::Month) => count.value / 12.0,
        _ => count.value,
    };
    let mut ends: Vec<f32> = counts.iter().map(in_years).collect();
    if let [years, months] = &counts[..]
        && (years.unit, months.unit) == (Some(Unit::Year), Some(Unit::Month))
        && is_and(years.behind)
    {
        ends = vec![in_years(years) + in_years(months)];
    }
    ends.retain(|end| (0.0..=50.0).contains(end));
    let is_upper = text.trim_start().starts_with(['<', '≤'])
        || has_any(&words(text), UP_TO)
        || AND_LESS.iter().any(|word| text.contains(word));
    match ends[..] {
        [only] if is_upper => Some(Years {
            min: None,
            max: Some(only),
        }),
        [only] => Some(Years {
            min: Some(only),
            max: None,
        }),
        [low, high] if low <= high => Some(Years {
            min: Some(low),
            max: Some(high),
        }),
        _ => None,
    }
}

/// Whether years and months add up: nothing but blanks or "and" between them.
fn is_and(between: &str) -> bool {
    let between = between.trim_matches([' ', ',', '.']);
    matches!(between, "" | "and" | "und" | "et" | "y" | "e")
}

fn counts(text: &str) -> Vec<Count<'_>> {
    let mut found: Vec<Count<'_>> = Vec::new();
    let mut rest = text;
    while let Some((value, behind)) = next_number(rest) {
        let (unit, behind) = unit_of(behind);
        found.push(Count {
            value,
            unit,
            behind,
        });
        rest = behind;
    }
    for i in 1..found.len() {
        let until = found[i].behind.len();
        let between = found[i - 1].behind;
        let between = &between[..between.len() - until];
        // Up to the next number, without its own figures and unit.
        let stop = between.find(|c: char| c.is_ascii_digit());
        found[i - 1].behind = &between[..stop.unwrap_or(between.len())];
    }
    found
}

/// The first number, in figures or in words, and what follows it.
fn next_number(text: &str) -> Option<(f32, &str)> {
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let is_word = rest.starts_with(char::is_alphabetic);
        let same = |c: char| match is_word {
            true => c.is_alphabetic(),
            false => c.is_ascii_digit() || c == '.',
        };
        let len = rest.find(|c| !same(c)).unwrap_or(rest.len());
        if len == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let token = rest[..len].trim_end_matches('.');
        if let Some(value) = number(token) {
            return Some((value, &rest[token.len()..]));
        }
        at += len;
    }
    None
}

/// What a number counts, by the word behind it.
fn unit_of(behind: &str) -> (Option<Unit>, &str) {
    let rest = behind.trim_start_matches([' ', '+', '-', '\'']);
    let is = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    let unit = match () {
        () if is(&["个月", "個月", "ヶ月", "か月", "月", "개월"]) => Some(Unit::Month),
        () if is(&["年", "년"]) => Some(Unit::Year),
        () => {
            let len = rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len());
            match &rest[..len] {
                "y" | "yr" | "yrs" | "year" | "years" | "yoe" | "jahr" | "jahre" | "jahren"
                | "an" | "ans" | "annee" | "annees" | "ano" | "anos" | "anno" | "anni" | "lat"
                | "lata" | "rok" | "let" | "jaar" | "ar" | "год" | "года" | "лет" => {
                    Some(Unit::Year)
                }
                "m" | "mo" | "mos" | "mth" | "mths" | "month" | "months" | "mois" | "mes"
                | "meses" | "mesi" | "monat" | "monate" | "monaten" | "miesiecy" | "maanden"
                | "manader" | "мес" | "месяцев" => Some(Unit::Month),
                _ => None,
            }
        }
    };
    let taken = match unit {
        Some(_) => {
            let end = rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len());
            &rest[end..]
        }
        None => behind,
    };
    (unit, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_years_are_read() {
        for (text, min, max) in [
            ("3", Some(3.0), None),
            ("10+", Some(10.0), None),
            ("1-3 Yrs of Exp", Some(1.0), Some(3.0)),
            ("2.5", Some(2.5), None),
            ("0 to 1 year", Some(0.0), Some(1.0)),
            ("4 years 6 months", Some(4.5), None),
            ("4 yrs and 6 mths", Some(4.5), None),
            ("6-12 months", Some(0.5), Some(1.0)),
            ("9 months - 2 years", Some(0.75), Some(2.0)),
            ("2 years (24 months)", Some(2.0), None),
            ("(5 years)", Some(5.0), None),
            ("Less than 2 years", None, Some(2.0)),
            ("max. 4 years", None, Some(4.0)),
            ("under 3 years", None, Some(3.0)),
            ("bis 3 Jahre", None, Some(3.0)),
            ("2年以下", None, Some(2.0)),
            ("3-5年", Some(3.0), Some(5.0)),
            ("Seven years", Some(7.0), None),
            ("2016", None, None),
            ("Fresher", None, None),
            ("1-3 years in Go and 5 years in all", None, None),
        ] {
            let found = years(text);
            let expected = (min.is_some() || max.is_some()).then_some(Years { min, max });
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_field_panics(text in "([0-9.]{1,3}|\\+|-| |years|months|年|以下|of|five|é|\\(){0,12}") {
            years(&text);
        }
    }
}
