//! Currencies: signs and codes in a text in, what they stand for out, and the
//! bands that tell a monthly from a yearly rate.

use crate::posting::PayPeriod;

/// What stands beside an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A code, or a sign with one meaning.
    Code(&'static str),
    /// `$`
    Dollar,
    /// `kr`
    Krone,
    /// `¥`
    Yen,
    /// `Rs`
    Rupee,
    /// `R`
    Rand,
}

/// Signs, longest first where one ends another. Those of letters stand apart
/// from other letters.
const SIGNS: &[(&str, Sign)] = &[
    ("US$", Sign::Code("USD")),
    ("U$S", Sign::Code("USD")),
    ("AU$", Sign::Code("AUD")),
    ("CA$", Sign::Code("CAD")),
    ("CAD$", Sign::Code("CAD")),
    ("NZ$", Sign::Code("NZD")),
    ("HK$", Sign::Code("HKD")),
    ("NT$", Sign::Code("TWD")),
    ("MX$", Sign::Code("MXN")),
    ("SG$", Sign::Code("SGD")),
    ("A$", Sign::Code("AUD")),
    ("C$", Sign::Code("CAD")),
    ("S$", Sign::Code("SGD")),
    ("R$", Sign::Code("BRL")),
    ("$", Sign::Dollar),
    ("€", Sign::Code("EUR")),
    ("£", Sign::Code("GBP")),
    ("₤", Sign::Code("GBP")),
    ("₹", Sign::Code("INR")),
    ("₽", Sign::Code("RUB")),
    ("₴", Sign::Code("UAH")),
    ("₪", Sign::Code("ILS")),
    ("₩", Sign::Code("KRW")),
    ("₺", Sign::Code("TRY")),
    ("₦", Sign::Code("NGN")),
    ("₱", Sign::Code("PHP")),
    ("฿", Sign::Code("THB")),
    ("₫", Sign::Code("VND")),
    ("¥", Sign::Yen),
    ("￥", Sign::Yen),
    ("円", Sign::Code("JPY")),
    ("元", Sign::Code("CNY")),
    ("zł", Sign::Code("PLN")),
    ("zl", Sign::Code("PLN")),
    ("Kč", Sign::Code("CZK")),
    ("Fr.", Sign::Code("CHF")),
    ("SFr.", Sign::Code("CHF")),
    ("Rs.", Sign::Rupee),
    ("Rs", Sign::Rupee),
    ("RM", Sign::Code("MYR")),
    ("Rp", Sign::Code("IDR")),
    ("kr.", Sign::Krone),
    ("kr", Sign::Krone),
    ("R", Sign::Rand),
    ("euros", Sign::Code("EUR")),
    ("euro", Sign::Code("EUR")),
    ("Euros", Sign::Code("EUR")),
    ("Euro", Sign::Code("EUR")),
    ("pounds", Sign::Code("GBP")),
    ("dollars", Sign::Dollar),
    ("yen", Sign::Code("JPY")),
    ("Ft", Sign::Code("HUF")),
    ("원", Sign::Code("KRW")),
    ("rubles", Sign::Code("RUB")),
    ("руб.", Sign::Code("RUB")),
    ("руб", Sign::Code("RUB")),
    ("грн", Sign::Code("UAH")),
    ("rupees", Sign::Rupee),
    ("RMB", Sign::Code("CNY")),
    ("NIS", Sign::Code("ILS")),
    ("STG", Sign::Code("GBP")),
    ("S/.", Sign::Code("PEN")),
    ("S/", Sign::Code("PEN")),
    ("₸", Sign::Code("KZT")),
    ("₾", Sign::Code("GEL")),
    ("₼", Sign::Code("AZN")),
    ("৳", Sign::Code("BDT")),
    ("GH₵", Sign::Code("GHS")),
    ("₵", Sign::Code("GHS")),
    ("₡", Sign::Code("CRC")),
    ("₲", Sign::Code("PYG")),
    ("₭", Sign::Code("LAK")),
    ("TL", Sign::Code("TRY")),
    ("лв.", Sign::Code("BGN")),
    ("лв", Sign::Code("BGN")),
    ("RUR", Sign::Code("RUB")),
];

/// Codes of ISO 4217 whose pay is not known well enough for a [`Band`]; only in
/// capitals, and without those that are English words (`ALL`, `TOP`, `CUP`).
const UNJUDGED: &[&str] = &[
    "AMD", "AOA", "AZN", "BDT", "BHD", "BND", "BOB", "BWP", "BYN", "CRC", "DOP", "DZD", "ETB",
    "GEL", "GHS", "GTQ", "HNL", "IQD", "JMD", "JOD", "KGS", "KHR", "KWD", "KZT", "LAK", "LBP",
    "LYD", "MAD", "MDL", "MKD", "MMK", "MNT", "MUR", "MZN", "NAD", "NIO", "NPR", "OMR", "PAB",
    "PEN", "PYG", "RWF", "TND", "TTD", "TZS", "UGX", "UYU", "UZS", "VES", "XAF", "XOF", "ZMW",
];

/// What pay in a currency looks like, in its own units: below `hour` it is by
/// the hour, from `month.0` to `month.1` by the month, from `year` on by the
/// year; zero where that is never sure. Rough figures of the years 2013 to
/// 2026, with a wide gap between them on purpose.
struct Band {
    code: &'static str,
    hour: f64,
    month: (f64, f64),
    year: f64,
}

const fn band(code: &'static str, hour: f64, from: f64, to: f64, year: f64) -> Band {
    Band {
        code,
        hour,
        month: (from, to),
        year,
    }
}

/// Whether a code has a band.
pub(super) fn is_known(code: &str) -> bool {
    BANDS.iter().any(|band| band.code == code)
}

const BANDS: &[Band] = &[
    band("USD", 300.0, 0.0, 0.0, 20_000.0),
    band("CAD", 300.0, 0.0, 0.0, 20_000.0),
    band("AUD", 300.0, 0.0, 0.0, 25_000.0),
    band("NZD", 300.0, 0.0, 0.0, 25_000.0),
    band("GBP", 150.0, 0.0, 0.0, 15_000.0),
    band("EUR", 150.0, 2_000.0, 9_999.0, 15_000.0),
    band("CHF", 200.0, 3_500.0, 14_000.0, 40_000.0),
    band("SEK", 1_000.0, 18_000.0, 120_000.0, 250_000.0),
    band("NOK", 1_000.0, 20_000.0, 120_000.0, 250_000.0),
    band("DKK", 1_000.0, 18_000.0, 120_000.0, 250_000.0),
    band("ISK", 0.0, 300_000.0, 2_000_000.0, 4_000_000.0),
    band("PLN", 400.0, 2_500.0, 60_000.0, 80_000.0),
    band("CZK", 1_500.0, 15_000.0, 300_000.0, 400_000.0),
    band("HUF", 0.0, 200_000.0, 3_000_000.0, 4_000_000.0),
    band("RON", 0.0, 2_000.0, 40_000.0, 60_000.0),
    band("BGN", 0.0, 1_000.0, 20_000.0, 30_000.0),
    band("RSD", 0.0, 50_000.0, 900_000.0, 1_200_000.0),
    band("RUB", 0.0, 20_000.0, 800_000.0, 1_200_000.0),
    band("UAH", 0.0, 8_000.0, 300_000.0, 500_000.0),
    band("TRY", 0.0, 8_000.0, 300_000.0, 0.0),
    band("ILS", 400.0, 5_000.0, 80_000.0, 120_000.0),
    band("AED", 0.0, 3_000.0, 90_000.0, 120_000.0),
    band("SAR", 0.0, 3_000.0, 90_000.0, 120_000.0),
    band("QAR", 0.0, 3_000.0, 90_000.0, 120_000.0),
    band("EGP", 0.0, 2_000.0, 150_000.0, 250_000.0),
    band("INR", 0.0, 8_000.0, 150_000.0, 300_000.0),
    band("PKR", 0.0, 20_000.0, 800_000.0, 1_200_000.0),
    band("LKR", 0.0, 30_000.0, 1_000_000.0, 0.0),
    band("CNY", 0.0, 3_000.0, 80_000.0, 120_000.0),
    band("HKD", 0.0, 8_000.0, 150_000.0, 200_000.0),
    band("TWD", 0.0, 25_000.0, 250_000.0, 400_000.0),
    band("JPY", 10_000.0, 150_000.0, 1_500_000.0, 2_000_000.0),
    band("KRW", 0.0, 1_500_000.0, 12_000_000.0, 20_000_000.0),
    band("SGD", 200.0, 2_000.0, 20_000.0, 30_000.0),
    band("MYR", 0.0, 1_500.0, 30_000.0, 40_000.0),
    band("THB", 0.0, 12_000.0, 300_000.0, 400_000.0),
    band("PHP", 0.0, 12_000.0, 300_000.0, 400_000.0),
    band("IDR", 0.0, 2_000_000.0, 80_000_000.0, 100_000_000.0),
    band("VND", 0.0, 5_000_000.0, 150_000_000.0, 200_000_000.0),
    band("BRL", 300.0, 1_000.0, 40_000.0, 60_000.0),
    band("MXN", 0.0, 6_000.0, 150_000.0, 200_000.0),
    band("COP", 0.0, 1_000_000.0, 30_000_000.0, 40_000_000.0),
    band("CLP", 0.0, 400_000.0, 8_000_000.0, 12_000_000.0),
    band("ARS", 0.0, 0.0, 0.0, 0.0),
    band("ZAR", 0.0, 6_000.0, 120_000.0, 180_000.0),
    band("NGN", 0.0, 40_000.0, 3_000_000.0, 0.0),
    band("KES", 0.0, 20_000.0, 800_000.0, 1_000_000.0),
];

fn find_band(currency: Option<&str>) -> Option<&'static Band> {
    // An open `$` is judged by the bands that all large dollars share.
    let code = currency.unwrap_or("USD");
    BANDS.iter().find(|band| band.code == code)
}

/// The period of a rate that does not name one, where the amount leaves no
/// doubt. A small sum is by the hour only in a land's own money: in other lands
/// 200 USD may be a month's pay.
pub(super) fn infer_in(
    country: Option<&str>,
    currency: Option<&str>,
    amount: f64,
) -> Option<PayPeriod> {
    let at_home = currency.zip(country).is_some_and(|(code, country)| {
        code.starts_with(country) || of_country(country) == Some(code)
    });
    infer(currency, amount).filter(|period| at_home || *period != PayPeriod::Hour)
}

/// [`infer_in`] where a source states the currency as a code of its own.
pub(super) fn infer(currency: Option<&str>, amount: f64) -> Option<PayPeriod> {
    let band = find_band(currency)?;
    match amount {
        _ if band.year > 0.0 && amount >= band.year => Some(PayPeriod::Year),
        _ if amount >= band.month.0 && amount <= band.month.1 => Some(PayPeriod::Month),
        _ if amount < band.hour && amount >= band.hour / 60.0 => Some(PayPeriod::Hour),
        _ => None,
    }
}

/// Whether pay of so much a year is likely; `None` for a currency without a band.
pub(super) fn is_sane(currency: Option<&str>, yearly: f64) -> Option<bool> {
    let band = find_band(currency)?;
    let year = match band.year {
        0.0 => band.month.0 * 24.0,
        year => year,
    };
    (year > 0.0).then_some(yearly >= year * 0.2 && yearly <= year * 75.0)
}

/// Whether pay runs to millions, so that `M` may stand in it.
pub(super) fn is_small_unit(sign: Option<Sign>, country: Option<&str>) -> bool {
    let currency = sign.and_then(|sign| resolve(sign, country));
    matches!(sign, Some(Sign::Yen))
        || matches!(
            currency,
            Some(
                "JPY"
                    | "KRW"
                    | "IDR"
                    | "VND"
                    | "COP"
                    | "CLP"
                    | "HUF"
                    | "ISK"
                    | "RUB"
                    | "PHP"
                    | "NGN"
                    | "ZAR"
                    | "TWD"
            )
        )
}

/// The currency of a sign in a country; `None` when that leaves it open.
pub(super) fn resolve(sign: Sign, country: Option<&str>) -> Option<&'static str> {
    match (sign, country) {
        (Sign::Code(code), _) => Some(code),
        (Sign::Dollar, None) => None,
        (Sign::Dollar, Some(country)) => Some(match country {
            "CA" => "CAD",
            "AU" => "AUD",
            "NZ" => "NZD",
            "SG" => "SGD",
            "HK" => "HKD",
            "TW" => "TWD",
            "MX" => "MXN",
            "AR" => "ARS",
            "CL" => "CLP",
            "CO" => "COP",
            _ => "USD",
        }),
        (Sign::Krone, Some("SE")) => Some("SEK"),
        (Sign::Krone, Some("NO")) => Some("NOK"),
        (Sign::Krone, Some("DK")) => Some("DKK"),
        (Sign::Krone, Some("IS")) => Some("ISK"),
        (Sign::Yen, Some("JP")) => Some("JPY"),
        (Sign::Yen, Some("CN")) => Some("CNY"),
        (Sign::Rupee, Some("IN")) => Some("INR"),
        (Sign::Rupee, Some("PK")) => Some("PKR"),
        (Sign::Rupee, Some("LK")) => Some("LKR"),
        (Sign::Rand, Some("ZA")) => Some("ZAR"),
        _ => None,
    }
}

/// The money of a country in which pay is hardly named in any other.
pub(super) fn of_country(country: &str) -> Option<&'static str> {
    const EURO: &str = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK";
    Some(match country {
        "US" => "USD",
        "GB" => "GBP",
        "CA" | "AU" | "NZ" | "SG" | "HK" | "TW" => resolve(Sign::Dollar, Some(country))?,
        "CN" | "JP" => resolve(Sign::Yen, Some(country))?,
        "IN" => "INR",
        "CH" => "CHF",
        "SE" | "NO" | "DK" => resolve(Sign::Krone, Some(country))?,
        "PL" => "PLN",
        "CZ" => "CZK",
        "HU" => "HUF",
        "KR" => "KRW",
        "ZA" => "ZAR",
        _ if EURO.split(' ').any(|code| code == country) => "EUR",
        _ => return None,
    })
}

/// The code that stands alone in brackets behind an amount: " + equity (USD)".
pub(super) fn bracketed(rest: &str) -> Option<&'static str> {
    let line = rest.lines().next().unwrap_or_default();
    let inside = line.split('(').skip(1);
    inside
        .filter_map(|part| part.split_once(')'))
        .find_map(|(inside, _)| code(inside.trim()))
}

/// The sign that ends `text`, and where it begins.
pub(super) fn before(text: &str) -> Option<(Sign, usize)> {
    // Blanks, figures and most signs of writing end no sign of money.
    let is_figure = |c: char| c.is_ascii() && !c.is_ascii_alphabetic() && !matches!(c, '$' | '.');
    if text.ends_with(is_figure) && !text.ends_with("S/") {
        return None;
    }
    // "EUR" ends in `R`, but is not a rand: a sign of letters stands apart.
    let apart = |start: usize| {
        !text[start..].starts_with(char::is_alphabetic)
            || !text[..start].ends_with(char::is_alphanumeric)
    };
    let signs = SIGNS.iter().filter(|(sign, _)| text.ends_with(sign));
    let sign = signs
        .map(|(sign, found)| (*found, text.len() - sign.len()))
        .find(|(_, start)| apart(*start));
    sign.or_else(|| {
        let start = text.len().checked_sub(3)?;
        Some((Sign::Code(code(text.get(start..)?)?), start)).filter(|(_, start)| apart(*start))
    })
}

/// The sign that begins `text`, and its length.
pub(super) fn after(text: &str) -> Option<(Sign, usize)> {
    if text.starts_with(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() && c != '$') {
        return None;
    }
    let sign = SIGNS
        .iter()
        // `R` and `Rs` stand only before; "50 R" is something else.
        .filter(|(_, sign)| *sign != Sign::Rand)
        .filter(|(sign, _)| text.starts_with(sign))
        .max_by_key(|(sign, _)| sign.len())
        .map(|(sign, found)| (*found, sign.len()));
    let found = sign.or_else(|| Some((Sign::Code(code(text.get(..3)?)?), 3)))?;
    let is_word = text[..found.1].ends_with(char::is_alphabetic)
        && !text[..found.1].ends_with(['円', '元', '원']);
    let apart = !text[found.1..].starts_with(char::is_alphanumeric);
    (!is_word || apart).then_some(found)
}

/// A currency code in capitals or small letters; `TRY` only in capitals.
fn code(text: &str) -> Option<&'static str> {
    if let Some(code) = UNJUDGED.iter().find(|code| **code == text) {
        return Some(code);
    }
    let upper = text.to_ascii_uppercase();
    let known = BANDS
        .iter()
        .map(|band| band.code)
        .find(|code| *code == upper)?;
    let one_case =
        upper == text || (text.bytes().all(|byte| byte.is_ascii_lowercase()) && known != "TRY");
    (one_case || text == "Eur" || text == "Usd").then_some(known)
}
