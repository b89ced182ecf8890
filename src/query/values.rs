//! Dates and amounts as people type them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::Amount;

/// A value that cannot be read, with what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);

/// A day, month or year as the span of time it is: start, and end exclusive.
fn span(text: &str) -> Result<(Date, Date), ValueError> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str| {
        part.parse::<i16>()
            .ok()
            .filter(|_| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let numbers: Vec<Option<i16>> = parts.iter().map(|part| number(part)).collect();
    let short = |n: i16| i8::try_from(n).unwrap_or(0);
    let (start, width): (Option<Date>, Span) = match numbers.as_slice() {
        [Some(year)] if parts[0].len() == 4 => (Date::new(*year, 1, 1).ok(), 1.year()),
        [Some(year), Some(month)] if parts[0].len() == 4 => {
            (Date::new(*year, short(*month), 1).ok(), 1.month())
        }
        [Some(year), Some(month), Some(day)] if parts[0].len() == 4 => {
            (Date::new(*year, short(*month), short(*day)).ok(), 1.day())
        }
        _ => (None, 1.day()),
    };
    let both = start.and_then(|start| Some((start, start.checked_add(width).ok()?)));
    both.ok_or_else(|| {
        ValueError(format!(
            "`{text}` is no date: 2024, 2024-03, 2024-03-15, or back from today 90d, 12w, 6m, 2y"
        ))
    })
}

/// The day that is `90d`, `12w`, `6m`, `2y` before today, in UTC.
pub fn back(text: &str, now: Timestamp) -> Option<Date> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i32 = number.parse().ok().filter(|number| *number >= 0)?;
    let span = match unit {
        "d" => Span::new().try_days(number).ok()?,
        "w" => Span::new().try_weeks(number).ok()?,
        "m" => Span::new().try_months(number).ok()?,
        "y" => Span::new().try_years(i16::try_from(number).ok()?).ok()?,
        _ => return None,
    };
    let today = now.to_zoned(TimeZone::UTC).date();
    today.checked_sub(span).ok()
}

fn at(date: Date) -> Result<Timestamp, ValueError> {
    let zoned = date.to_zoned(TimeZone::UTC);
    zoned
        .map(|zoned| zoned.timestamp())
        .map_err(|error| ValueError(error.to_string()))
}

/// The beginning of what a date names: for `--since` and `--now`.
///
/// # Errors
/// [`ValueError`] for what is no date.
pub fn since(text: &str, now: Timestamp) -> Result<Timestamp, ValueError> {
    match back(text, now) {
        Some(day) => at(day),
        None => at(span(text)?.0),
    }
}

/// The end of what a date names, exclusive: for `--until`.
///
/// # Errors
/// [`ValueError`] for what is no date.
pub fn until(text: &str, now: Timestamp) -> Result<Timestamp, ValueError> {
    match back(text, now) {
        Some(day) => at(day
            .tomorrow()
            .map_err(|error| ValueError(error.to_string()))?),
        None => at(span(text)?.1),
    }
}

/// A day, as noon UTC of it.
///
/// # Errors
/// [`ValueError`] for what is no date.
pub fn day(text: &str) -> Result<Timestamp, ValueError> {
    let noon = at(span(text)?.0)?.checked_add(12.hours());
    noon.map_err(|error| ValueError(error.to_string()))
}

/// `70k EUR`, `120000`, `60 GBP/hour`, `€70k` as an amount a year.
///
/// # Errors
/// [`ValueError`] for what is no amount.
pub fn yearly_pay(text: &str) -> Result<Amount, ValueError> {
    let help = || {
        ValueError(format!(
            "`{text}` is no amount: 70k, \"70k EUR\", \"120000 USD\", \"60 GBP/hour\""
        ))
    };
    let (amount, period) = text.split_once('/').unwrap_or((text, "year"));
    let period = crate::fields::salary::period(period.trim()).ok_or_else(help)?;
    let mut number = String::new();
    let mut currency = String::new();
    let mut is_thousands = false;
    let signs = amount.chars().filter(|c| !c.is_whitespace() && *c != ',');
    let signs: Vec<char> = signs.collect();
    for (at, c) in signs.iter().copied().enumerate() {
        // "1 KES": the letter begins a code.
        let rest = &signs[at..];
        let begins_code = rest.len() == 3 && rest.iter().all(char::is_ascii_alphabetic);
        match c {
            '0'..='9' | '.'
                if !is_thousands
                    && (currency.is_empty() || number.is_empty() || is_sign(&currency)) =>
            {
                number.push(c);
            }
            'k' | 'K'
                if !number.is_empty()
                    && !is_thousands
                    && !begins_code
                    && currency.len() != 1
                    && currency.len() != 2 =>
            {
                is_thousands = true;
            }
            '€' if currency.is_empty() => currency.push_str("EUR"),
            '£' if currency.is_empty() => currency.push_str("GBP"),
            c if c.is_ascii_alphabetic() => currency.push(c.to_ascii_uppercase()),
            _ => return Err(help()),
        }
    }
    let number: f64 = number.parse().map_err(|_| help())?;
    if !currency.is_empty() && currency.len() != 3 {
        return Err(help());
    }
    if !currency.is_empty() && !CURRENCIES.split(' ').any(|code| code == currency) {
        return Err(ValueError(format!(
            "`{currency}` is no currency that is known, such as EUR, USD or GBP"
        )));
    }
    let thousands = if is_thousands { 1e3 } else { 1.0 };
    Ok(Amount {
        yearly: number * thousands * f64::from(period.per_year()),
        currency: Some(currency).filter(|code| !code.is_empty()),
    })
}

/// Every currency that is money in 2026, by ISO 4217, and the few that ended since 2010.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP \
    BYN BYR BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP \
    GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK \
    LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR \
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL \
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL";

/// A currency that stands before its number.
fn is_sign(currency: &str) -> bool {
    matches!(currency, "EUR" | "GBP")
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
        for (back, from, to) in [
            ("0d", "2026-03-15T00:00:00Z", "2026-03-16T00:00:00Z"),
            ("1d", "2026-03-14T00:00:00Z", "2026-03-15T00:00:00Z"),
            ("6m", "2025-09-15T00:00:00Z", "2025-09-16T00:00:00Z"),
        ] {
            let ends = (since(back, now()).unwrap(), until(back, now()).unwrap());
            assert_eq!(
                (ends.0.to_string(), ends.1.to_string()),
                (from.into(), to.into())
            );
        }
        for wrong in [
            "",
            "24",
            "2024-13",
            "2024-02-30",
            "2024-300",
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
        let check = |text: &str, yearly: f64, currency: Option<&str>| {
            let amount = Amount {
                yearly,
                currency: currency.map(str::to_owned),
            };
            assert_eq!(yearly_pay(text), Ok(amount), "{text}");
        };
        check("70k EUR", 70e3, Some("EUR"));
        check("€70,000", 70e3, Some("EUR"));
        check("£60/hour", 60.0 * 2080.0, Some("GBP"));
        check("1,200 usd", 1200.0, Some("USD"));
        check("120k", 120e3, None);
        check("500 KES", 500.0, Some("KES"));
        check("500k KES", 500e3, Some("KES"));
        check("120000", 120e3, None);
        for wrong in [
            "",
            "k",
            "70k EURO",
            "70 70k E1",
            "70k EUR/fortnightish",
            "many",
            "7.0.0",
        ] {
            assert!(yearly_pay(wrong).is_err(), "{wrong}");
        }
        let unknown = yearly_pay("70k qqx").unwrap_err();
        assert!(unknown.to_string().contains("`QQX`"), "{unknown}");
    }
}
