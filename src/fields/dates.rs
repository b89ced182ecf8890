//! Dates: a string or a number in any shape that exports have in, a moment in UTC and
//! how exact it is out.
//!
//! `03/04/2026` is never guessed (`27/04/2026` and `03.04.2026` can be read in one way
//! only), and "3 days ago" needs a clock: both are `None`.

mod deadline;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, date};
use jiff::tz::{Offset, TimeZone};

use crate::posting::Precision;

use super::text::{fold, spans};
pub use deadline::deadline;

/// A moment and how exact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// UTC; the first moment of the day or month.
    pub at: Timestamp,
    /// How much of it was said.
    pub precision: Precision,
}

/// Above this many seconds (the year 5138) a number counts milliseconds.
const MOST_SECONDS: f64 = 1e11;

/// A date in words or figures. A time without an offset is UTC; digits alone are
/// an epoch, or a day (`20260301`) where they make one of this age.
pub fn parse(text: &str) -> Option<Dated> {
    let text = text.trim().trim_matches('"').trim();
    // The end of a sentence: "15 May 2004."
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+'))
    {
        return digits(text)
            .or_else(|| iso(text))
            .or_else(|| year_last(text));
    }
    if text.contains('年') {
        return iso(&text.replace(['年', '月'], "-").replace('日', ""));
    }
    // "2026-03-01T09:14:00-05:00[America/Chicago]"
    let text = match text.split_once('[') {
        Some((before, zone)) if zone.ends_with(']') => before,
        _ => text,
    };
    iso(text)
        .or_else(|| basic(text))
        .or_else(|| month_first(text))
        .or_else(|| year_last(text))
        .or_else(|| in_words(text))
}

/// `20260301T091400Z`
fn basic(text: &str) -> Option<Dated> {
    let (day, time) = text.split_once(['T', 't'])?;
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if day.len() != 8 || !figures(day) || !figures(time.get(..6)?) {
        return None;
    }
    let part = |from: usize| time.get(from..from + 2);
    let spelled = format!(
        "{}-{}-{}T{}:{}:{}{}",
        &day[..4],
        &day[4..6],
        &day[6..],
        part(0)?,
        part(2)?,
        part(4)?,
        &time[6..]
    );
    iso(&spelled)
}

/// `03/2026`: a month and a year of four figures leave no doubt.
fn month_first(text: &str) -> Option<Dated> {
    let (month, rest) = figure(text)?;
    let year = rest.strip_prefix(['/', '-', '.'])?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year
        .parse()
        .ok()
        .filter(|year| is_year && (1990..=2100).contains(year))?;
    at(Date::new(year, month, 1).ok()?, Precision::Month)
}

/// `27/04/2026`, `04-27-2026`, `03.04.2026` and a time behind it: what is no month
/// is the day, and before points the day comes first everywhere.
fn year_last(text: &str) -> Option<Dated> {
    let (first, rest) = figure(text)?;
    let mark = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '/' | '-' | '.'))?;
    let (second, rest) = figure(&rest[1..])?;
    let rest = rest.strip_prefix(mark)?;
    let year = rest.get(..4)?;
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit());
    let year = year
        .parse()
        .ok()
        .filter(|year| is_year && (1990..=2100).contains(year))?;
    let (day, month) = match () {
        () if first > 12 || mark == '.' => (first, second),
        () if second > 12 => (second, first),
        () => return None,
    };
    let day = Date::new(year, month, day).ok()?;
    let rest = &rest[4..];
    if rest.is_empty() {
        return at(day, Precision::Day);
    }
    let rest = rest.strip_prefix(['T', ' ', ','])?.trim();
    let (time, rest) = clock(rest)?;
    moment(day, time, offset(rest)?)
}

/// A number of seconds, or beyond 10^11 of milliseconds, since 1970; `None` for
/// anything before 1990 or after 2200.
pub fn from_epoch(value: f64) -> Option<Dated> {
    let seconds = if value.abs() > MOST_SECONDS {
        value / 1000.0
    } else {
        value
    };
    let in_range = (631_152_000.0..7_258_118_400.0).contains(&seconds);
    let at =
        in_range.then(|| Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok())??;
    Some(Dated {
        at,
        precision: Precision::Second,
    })
}

/// Whether a posting may bear this date: not before 1990, and not more than two
/// days after `now` (a publisher's clock and time zone may be off).
pub fn plausible(at: Timestamp, now: Timestamp) -> bool {
    let first = Timestamp::from_second(631_152_000).expect("1990 is a year");
    let last = now
        .checked_add(jiff::SignedDuration::from_hours(48))
        .unwrap_or(Timestamp::MAX);
    at >= first && at <= last
}

/// The month that a title or file name says: `2014-03`, `2014_3`, "March 2014",
/// `2022-December`.
pub fn month(text: &str) -> Option<Dated> {
    let folded = fold(text).replace('_', " ");
    let words: Vec<&str> = spans(&folded)
        .into_iter()
        .map(|(start, end)| &folded[start..end])
        .collect();
    let year = |word: &str| -> Option<i16> {
        let year = word.parse().ok()?;
        (word.len() == 4 && (1990..=2100).contains(&year)).then_some(year)
    };
    let figure = |word: &str| -> Option<i8> {
        let month = word.parse().ok()?;
        (word.len() <= 2 && (1..=12).contains(&month)).then_some(month)
    };
    for pair in words.windows(2) {
        let found = match (year(pair[0]), year(pair[1])) {
            (Some(year), _) => month_name(pair[1])
                .or_else(|| figure(pair[1]))
                .map(|month| (year, month)),
            (None, Some(year)) => month_name(pair[0]).map(|month| (year, month)),
            _ => None,
        };
        if let Some((year, month)) = found {
            return at(date(year, month, 1), Precision::Month);
        }
    }
    // `201403`, and "March of 2014" or "March 3, 2014".
    if let [only] = words
        .iter()
        .filter(|word| word.len() == 6)
        .collect::<Vec<_>>()[..]
        && let (Some(year), Some(month)) =
            (only.get(..4).and_then(year), only.get(4..).and_then(figure))
    {
        return at(date(year, month, 1), Precision::Month);
    }
    let name = words
        .iter()
        .position(|word| word.len() >= 3 && month_name(word).is_some())?;
    let year = words[name + 1..]
        .iter()
        .take(2)
        .find_map(|word| year(word))?;
    at(date(year, month_name(words[name])?, 1), Precision::Month)
}

fn at(day: Date, precision: Precision) -> Option<Dated> {
    let at = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Dated { at, precision })
}

fn digits(text: &str) -> Option<Dated> {
    if text.len() == 8
        && let (Ok(year), Ok(month), Ok(day)) =
            (text[..4].parse(), text[4..6].parse(), text[6..].parse())
        && (1990..=2100).contains(&year)
        && let Ok(day) = Date::new(year, month, day)
    {
        return at(day, Precision::Day);
    }
    from_epoch(text.parse().ok()?)
}

/// `2026-03-01`, `2026/03/01`, `2026-03`, and a time behind the day.
fn iso(text: &str) -> Option<Dated> {
    let bytes = text.as_bytes();
    let year: i16 = text
        .get(..4)
        .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?
        .parse()
        .ok()?;
    let mark = *bytes.get(4)?;
    if !matches!(mark, b'-' | b'/' | b'.') {
        return None;
    }
    let (month, rest) = figure(&text[5..])?;
    if rest.is_empty() {
        return at(Date::new(year, month, 1).ok()?, Precision::Month);
    }
    let (day, rest) = figure(rest.strip_prefix(mark as char)?)?;
    let day = Date::new(year, month, day).ok()?;
    if matches!(rest, "" | "Z" | "z") {
        return at(day, Precision::Day);
    }
    let rest = rest.strip_prefix(['T', 't', ' ', '_'])?.trim();
    let (time, rest) = clock(rest)?;
    moment(day, time, offset(rest)?)
}

fn moment(day: Date, time: Time, offset: Offset) -> Option<Dated> {
    let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
    Some(Dated {
        at,
        precision: Precision::Second,
    })
}

/// One or two digits, and what follows.
fn figure(text: &str) -> Option<(i8, &str)> {
    let len = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let value = text[..len].parse().ok()?;
    (!text[len..].starts_with(|c: char| c.is_ascii_digit())).then_some((value, &text[len..]))
}

/// `20:36`, `20:36:05`, `20:36:05.75`, `8:36 PM`, and what follows.
fn clock(text: &str) -> Option<(Time, &str)> {
    let (mut hour, rest) = figure(text)?;
    let (minute, mut rest) = figure(rest.strip_prefix(':')?)?;
    let mut second = 0;
    if let Some(more) = rest.strip_prefix(':') {
        (second, rest) = figure(more)?;
    }
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digits: String = fraction[..len]
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        nanos = digits.parse().ok()?;
        rest = &fraction[len..];
    }
    let trimmed = rest.trim_start();
    for (sign, add) in [("AM", 0), ("PM", 12), ("am", 0), ("pm", 12)] {
        if let Some(after) = trimmed.strip_prefix(sign) {
            hour = hour % 12 + add;
            rest = after;
        }
    }
    // A leap second counts as the one before it.
    let time = Time::new(hour, minute, second.min(59), nanos).ok()?;
    Some((time, rest))
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `-0500`, `EST`; nothing is UTC.
fn offset(text: &str) -> Option<Offset> {
    let text = text.trim();
    let hours = |hours: i8| Offset::from_hours(hours).ok();
    match text {
        "" | "Z" | "z" | "UTC" | "GMT" | "UT" => return Some(Offset::UTC),
        "EST" => return hours(-5),
        "EDT" => return hours(-4),
        "CST" => return hours(-6),
        "CDT" => return hours(-5),
        "MST" => return hours(-7),
        "MDT" => return hours(-6),
        "PST" => return hours(-8),
        "PDT" => return hours(-7),
        "CET" => return hours(1),
        "CEST" => return hours(2),
        _ => {}
    }
    let text = text
        .strip_prefix("UTC")
        .or_else(|| text.strip_prefix("GMT"))
        .unwrap_or(text);
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    // "+0000 UTC", "+0100 (CET)"
    let rest = rest.split([' ', '(']).next().unwrap_or_default();
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hour, minute): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    (hour <= 14 && minute < 60)
        .then(|| Offset::from_seconds(sign * (hour * 3600 + minute * 60)).ok())?
}

/// "Mar 5, 2019", "5 March 2019", "Mon, 02 Mar 2026 09:00:00 GMT", "March 2019".
fn in_words(text: &str) -> Option<Dated> {
    let folded = fold(text);
    let mut words = folded
        .split([' ', ',', '-'])
        .filter(|word| {
            !matches!(
                *word,
                "" | "of" | "de" | "del" | "den" | "le" | "el" | "il" | "am" | "on" | "the"
            )
        })
        .peekable();
    if words.peek().is_some_and(|word| is_weekday(word)) {
        words.next();
    }
    let words: Vec<&str> = words.collect();
    let day_of = |word: &str| -> Option<i8> {
        let bare = ["st", "nd", "rd", "th", "er", "."]
            .iter()
            .find_map(|end| word.strip_suffix(end))
            .unwrap_or(word);
        bare.parse().ok().filter(|day| (1..=31).contains(day))
    };
    // "02-Mar-26": a day, the name of a month and two figures leave no doubt.
    let short = words.len() == 3 && text.matches('-').count() == 2;
    let year_of = |word: &str| -> Option<i16> {
        let year: i16 = word.parse().ok()?;
        match word.len() {
            4 => Some(year).filter(|year| (1900..=2200).contains(year)),
            2 if short && (0..90).contains(&year) => Some(2000 + year),
            2 if short => Some(1900 + year),
            _ => None,
        }
    };
    if let [name, year] = words[..] {
        let (month, year) = (month_name(name)?, year_of(year)?);
        return at(Date::new(year, month, 1).ok()?, Precision::Month);
    }
    let [first, second, third, ..] = words[..] else {
        return None;
    };
    let (day, month) = match (day_of(first), month_name(first)) {
        (Some(day), _) => (day, month_name(second)?),
        (None, Some(month)) => (day_of(second)?, month),
        _ => return None,
    };
    // "Nov 4 08:15:30 2026"
    if let Some(year) = words.get(3).and_then(|word| year_of(word))
        && let Some((time, "")) = clock(third)
    {
        return moment(Date::new(year, month, day).ok()?, time, Offset::UTC);
    }
    let day = Date::new(year_of(third)?, month, day).ok()?;
    if words.len() == 3 {
        return at(day, Precision::Day);
    }
    // The time stands behind the year in the text as written.
    let after = text
        .get(text.find(third)? + third.len()..)?
        .trim_start_matches([',', ' ', 'T']);
    let after = after.strip_prefix("at ").unwrap_or(after);
    if let Some((time, rest)) = clock(after)
        && let Some(offset) = offset(rest)
    {
        return moment(day, time, offset);
    }
    // "15 June 2004, by 6 PM": the day is sure, unless another one follows.
    let one_day = words[3..]
        .iter()
        .all(|word| month_name(word).is_none() && year_of(word).is_none());
    one_day.then(|| at(day, Precision::Day))?
}

fn is_weekday(word: &str) -> bool {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .any(|day| word.starts_with(day))
}

/// The month of a name in eight tongues, or of the beginning of an English one.
fn month_name(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "jan january januar janvier enero januari janeiro gennaio stycznia января",
        "feb february februar fevrier febrero februari fevereiro febbraio lutego февраля",
        "mar march marz maerz mars marzo maart marco marca марта",
        "apr april avril abril aprile kwietnia апреля",
        "may mai mayo mei maio maggio maja мая",
        "jun june juni juin junio junho giugno czerwca июня",
        "jul july juli juillet julio julho luglio lipca июля",
        "aug august aout agosto augustus sierpnia августа",
        "sep sept september septembre septiembre setembro settembre wrzesnia сентября",
        "oct october oktober octobre octubre okt outubro ottobre pazdziernika октября",
        "nov november novembre noviembre novembro listopada ноября",
        "dec december dezember decembre diciembre dez dezembro dicembre grudnia декабря",
    ];
    let word = word.trim_end_matches(['.', ',']);
    let known = |names: &&str| names.split(' ').any(|name| name == word);
    (1..)
        .zip(NAMES)
        .find(|(_, names)| known(names))
        .map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Fixture {
        /// `[text, moment in UTC or "", precision or ""]`
        date: Vec<(String, String, String)>,
        /// The same.
        deadline: Vec<(String, String, String)>,
        month: Vec<(String, String)>,
    }

    fn fixture() -> Fixture {
        toml::from_str(include_str!("../../tests/fixtures/fields/dates.toml")).unwrap()
    }

    #[track_caller]
    fn check(cases: Vec<(String, String, String)>, read: impl Fn(&str) -> Option<Dated>) {
        assert!(!cases.is_empty());
        let mut wrong = Vec::new();
        for (text, moment, precision) in cases {
            let shown = read(&text)
                .map(|found| (found.at.to_string(), found.precision.to_string()))
                .unwrap_or_default();
            if shown != (moment.clone(), precision.clone()) {
                wrong.push(format!(
                    "{text:?}: {shown:?}, expected {moment} {precision}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn dates_of_every_shape_are_read() {
        check(fixture().date, parse);
    }

    #[test]
    fn a_deadline_is_read_in_whatever_words() {
        check(fixture().deadline, deadline);
    }

    #[test]
    fn the_month_of_a_title_is_read() {
        for (text, expected) in fixture().month {
            let found = month(&text)
                .map(|found| found.at.to_string()[..7].to_owned())
                .unwrap_or_default();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_date_lies_between_1990_and_the_day_after_tomorrow() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let is = |at: &str| plausible(at.parse().unwrap(), now);
        assert!(is("2026-03-01T12:00:00Z"));
        assert!(is("2026-03-03T11:00:00Z"));
        assert!(!is("2026-03-03T13:00:00Z"));
        assert!(is("1990-01-01T00:00:00Z"));
        assert!(!is("1989-12-31T23:59:59Z"));
    }

    #[test]
    fn an_epoch_counts_seconds_or_milliseconds() {
        assert_eq!(from_epoch(1_771_840_800.0), from_epoch(1_771_840_800_000.0));
        assert_eq!(from_epoch(0.0), None);
        assert_eq!(from_epoch(f64::NAN), None);
        assert_eq!(from_epoch(f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            parse(&text);
            month(&text);
        }

        #[test]
        fn no_figures_panic(text in "([0-9]{1,4}|[-/:T .,+Z]|Mar|PM|UTC){0,14}") {
            parse(&text);
        }

        #[test]
        fn a_moment_written_and_read_is_the_same(seconds in 631_152_000i64..4_000_000_000) {
            let at = Timestamp::from_second(seconds).unwrap();
            prop_assert_eq!(parse(&at.to_string()).map(|found| found.at), Some(at));
            prop_assert_eq!(parse(&seconds.to_string()).map(|found| found.at), Some(at));
            prop_assert_eq!(from_epoch(seconds as f64 * 1000.0).map(|found| found.at), from_epoch(seconds as f64).map(|found| found.at));
        }
    }
}
