//! Dates and amounts as people type them.

use anyhow::{Context, bail};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// A day, month or year as the span of time it is: start, and end exclusive.
fn span(text: &str) -> anyhow::Result<(Date, Date)> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str| {
        part.parse::<i16>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let numbers: Vec<Option<i16>> = parts.iter().map(|part| number(part)).collect();
    let (start, width): (Option<Date>, Span) = match numbers.as_slice() {
        [Some(year)] if parts[0].len() == 4 => (Date::new(*year, 1, 1).ok(), 1.year()),
        [Some(year), Some(month)] if parts[0].len() == 4 => {
            (Date::new(*year, *month as i8, 1).ok(), 1.month())
        }
        [Some(year), Some(month), Some(day)] if parts[0].len() == 4 => {
            (Date::new(*year, *month as i8, *day as i8).ok(), 1.day())
        }
        _ => (None, 1.day()),
    };
    let Some(start) = start else {
        bail!("`{text}` is no date: 2024, 2024-03, 2024-03-15, or back from today 90d, 12w, 6m, 2y")
    };
    Ok((start, start.checked_add(width)?))
}

/// `90d`, `12w`, `6m`, `2y` before today.
fn back(text: &str, now: Timestamp) -> Option<Timestamp> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i32 = number.parse().ok().filter(|number| *number >= 0)?;
    let span = match unit {
        "d" => Span::new().try_days(number).ok()?,
        "w" => Span::new().try_weeks(number).ok()?,
        "m" => Span::new().try_months(number).ok()?,
        "y" => Span::new().try_years(i16::try_from(number).ok()?).ok()?,
        _ => return None,
    };
    Some(
        now.to_zoned(TimeZone::UTC)
            .checked_sub(span)
            .ok()?
            .timestamp(),
    )
}

fn at(date: Date) -> anyhow::Result<Timestamp> {
    Ok(date.to_zoned(TimeZone::UTC)?.timestamp())
}

/// The beginning of what a date names: for `--since` and `--now`.
pub(super) fn since(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    match back(text, now) {
        Some(moment) => Ok(moment),
        None => at(span(text)?.0),
    }
}

/// The end of what a date names, exclusive: for `--until`.
pub(super) fn until(text: &str, now: Timestamp) -> anyhow::Result<Timestamp> {
    match back(text, now) {
        Some(moment) => Ok(moment),
        None => at(span(text)?.1),
    }
}

/// A day, as noon UTC of it.
pub(super) fn day(text: &str) -> anyhow::Result<Timestamp> {
    Ok(at(span(text)?.0)?.checked_add(12.hours())?)
}

/// `70k EUR`, `120000 USD`, `60 GBP/hour` as an amount a year and a currency.
pub(super) fn yearly_pay(text: &str) -> anyhow::Result<(f64, String)> {
    let help = || format!("`{text}` is no amount: \"70k EUR\", \"120000 USD\", \"60 GBP/hour\"");
    let (amount, period) = text.split_once('/').unwrap_or((text, "year"));
    let period = crate::fields::salary::period(period.trim()).with_context(help)?;
    let mut number = String::new();
    let mut currency = String::new();
    for c in amount.chars().filter(|c| !c.is_whitespace() && *c != ',') {
        match c {
            '0'..='9' | '.' if currency.is_empty() => number.push(c),
            'k' | 'K' if currency.is_empty() && !number.is_empty() => number.push_str("e3"),
            '€' => currency.push_str("EUR"),
            '£' => currency.push_str("GBP"),
            c if c.is_ascii_alphabetic() => currency.push(c.to_ascii_uppercase()),
            _ => bail!(help()),
        }
    }
    let number: f64 = number.parse().ok().with_context(help)?;
    if currency.len() != 3 {
        bail!(
            "{}; the currency is needed, as amounts are not converted",
            help()
        );
    }
    Ok((number * f64::from(period.per_year()), currency))
}

/// `512MB`, `2GiB`, `800000000`.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let number: f64 = text[..digits]
        .parse()
        .map_err(|_| format!("`{text}` is no size: 512MB, 2GB"))?;
    let unit = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "kib" => 1024.0,
        "m" | "mb" => 1e6,
        "mib" => 1024.0 * 1024.0,
        "g" | "gb" => 1e9,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        other => {
            return Err(format!(
                "`{other}` is no unit of size: kB, MB, GB, KiB, MiB, GiB"
            ));
        }
    };
    Ok((number * unit) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-15T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_date_names_a_span() {
        let (from, to) = (
            since("2024-02", now()).unwrap(),
            until("2024-02", now()).unwrap(),
        );
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2024-02-01T00:00:00Z".into(), "2024-03-01T00:00:00Z".into())
        );
        assert_eq!(
            until("2024", now()).unwrap().to_string(),
            "2025-01-01T00:00:00Z"
        );
        assert_eq!(
            since("6m", now()).unwrap().to_string(),
            "2025-09-15T10:00:00Z"
        );
        for wrong in [
            "",
            "24",
            "2024-13",
            "2024-02-30",
            "soon",
            "-3d",
            "9999999999y",
            "2024-1-1-1",
        ] {
            assert!(since(wrong, now()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pay_is_brought_to_a_year_and_keeps_its_currency() {
        assert_eq!(yearly_pay("70k EUR").unwrap(), (70_000.0, "EUR".to_owned()));
        assert_eq!(
            yearly_pay("€70,000").ok(),
            None,
            "the sign stands behind the number"
        );
        assert_eq!(yearly_pay("1,200 usd").unwrap(), (1200.0, "USD".to_owned()));
        assert!(yearly_pay("70k").is_err());
        assert!(yearly_pay("70k EUR/fortnightish").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("512MB"), Ok(512_000_000));
        assert_eq!(bytes("1 GiB"), Ok(1 << 30));
        assert!(bytes("many").is_err());
    }
}
