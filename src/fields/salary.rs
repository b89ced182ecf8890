//! Pay: a pay field or running text in, a [`Salary`] in its own currency and
//! period out.
//!
//! A sign such as `$` takes its currency from the country; without one the
//! currency stays open. A period that is not named is read from the amount only
//! where no doubt is left. Nothing is converted.

mod amount;
mod context;
mod currency;
mod eastern;

use crate::posting::{PayBasis, PayPeriod, Salary};

use super::text::{fold, head, label, words};
use amount::{Amount, Size};
use context::{Direction, Evidence};

/// A pay field. `None` when it names no amount ("competitive", `0`, `-1`).
///
/// `country` (alpha-2) settles signs such as `$`. An estimate that says so gets
/// [`PayBasis::Estimated`].
pub fn parse(text: &str, country: Option<&str>) -> Option<Salary> {
    let mut best: Option<Amount> = None;
    for amount in amounts(text, country) {
        let better = match &best {
            None => true,
            Some(best) => {
                (amount.sign.is_some(), amount.high.is_some())
                    > (best.sign.is_some(), best.high.is_some())
            }
        };
        let millions =
            amount.size == Size::Million && !currency::is_small_unit(amount.sign, country);
        let some = amount.low.max(amount.high.unwrap_or(0.0)) > 0.0;
        let is_pay = !is_401k(text, &amount)
            && !is_grade(text, &amount)
            && !context::is_bonus(text, &amount);
        if better && some && !millions && is_pay {
            best = Some(amount);
        }
    }
    let amount = best.filter(|amount| !is_minus(text, amount))?;
    let mut salary = build(text, &amount, country);
    salary.raw = Some(head(text.trim(), 200).to_owned());
    if context::period_around(text, &amount).is_none() && !matches!(amount.size, Size::Lakh(_)) {
        // What the field says goes before what the sum is likely to be.
        salary.period = context::period_further(text, &amount).or(salary.period);
    }
    let folded = fold(text);
    let estimated = folded.contains("est.") || folded.contains("estimate");
    salary.basis = match estimated && !folded.contains("employer") {
        true => PayBasis::Estimated,
        false => PayBasis::Stated,
    };
    Some(salary)
}

/// A field that holds one end of pay: `45000`, `45.000,00`, `70k`, "€ 45 000 per
/// year". A bare number says nothing but itself; one that may be in groups of three
/// is, unless it is by the hour.
pub fn end(text: &str, country: Option<&str>, period: Option<PayPeriod>) -> Option<Salary> {
    let text = text.trim();
    let is_grouped = may_be_grouped(text) && period != Some(PayPeriod::Hour);
    let Some(number) = text.parse::<f64>().ok().filter(|_| !is_grouped) else {
        return parse(text, country);
    };
    (number.is_finite() && number > 0.0).then_some(Salary {
        min: Some(number),
        max: Some(number),
        currency: None,
        period: None,
        raw: None,
        basis: PayBasis::Stated,
        doubtful: false,
    })
}

/// Whether a number is one to three figures and groups of three behind points.
fn may_be_grouped(text: &str) -> bool {
    let mut parts = text.split('.');
    let first = parts.next().unwrap_or_default();
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = (1..=3).contains(&first.len()) && figures(first) && !first.starts_with('0');
    let mut n = 0;
    let are_groups = parts.all(|part| {
        n += 1;
        part.len() == 3 && figures(part)
    });
    is_first && are_groups && n > 0
}

/// The pay that running text names, [`PayBasis::Parsed`]: of several amounts the
/// one with the clearest words about pay, ranges before single sums, and the
/// first of equals. Sums for funding, markets, users and perks are no pay.
pub fn find(text: &str, country: Option<&str>) -> Option<Salary> {
    let mut best: Option<(Evidence, Amount)> = None;
    for amount in amounts(text, country) {
        let is_bare = amount.sign.is_none() && amount.size != Size::Thousand;
        if is_bare && amount.low < 10_000.0 && !context::is_named_rate(text, &amount) {
            continue;
        }
        let Some(evidence) = context::judge(text, &amount, country) else {
            continue;
        };
        if best.as_ref().is_none_or(|(before, _)| evidence > *before) {
            best = Some((evidence, amount));
        }
    }
    let (_, amount) = best?;
    let mut salary = build(text, &amount, country);
    salary.basis = PayBasis::Parsed;
    Some(salary)
}

/// Settles the currency of a sign such as `$`, and what follows from it, once
/// the country of the place is known.
pub fn settle(salary: &mut Salary, country: Option<&str>) {
    if country.is_none() || salary.currency.is_some() && salary.period.is_some() {
        return;
    }
    let raw = salary.raw.as_deref().unwrap_or_default();
    if let Some(known) = parse(raw, country)
        && (known.min, known.max) == (salary.min, salary.max)
        && (salary.currency.is_none() || salary.currency == known.currency)
    {
        salary.currency = known.currency;
        salary.period = salary.period.or(known.period);
    }
    // Numbers without any sign are in the money of the land, if they are likely
    // pay there.
    let is_bare = !raw.contains(['$', '¥', '￥']) && !raw.contains("Rs") && !raw.contains("kr");
    if salary.currency.is_none()
        && is_bare
        && salary.basis != PayBasis::Parsed
        && let Some(money) = country.and_then(currency::of_country)
    {
        // What a line of its own leaves open, the size tells: "120000" as "120K".
        let size = salary.min.or(salary.max).unwrap_or_default();
        let likely = currency::infer(Some(money), size)
            .filter(|period| !raw.is_empty() && *period != PayPeriod::Hour);
        let settled = Salary {
            period: salary.period.or(likely),
            currency: Some(money.to_owned()),
            ..salary.clone()
        };
        let is_likely = |end: &f64| currency::is_sane(Some(money), *end) == Some(true);
        if let Some((low, high)) = settled.annual()
            && [low, high].iter().flatten().all(is_likely)
        {
            *salary = settled;
        }
    }
}

/// The currency of a field that is for it: a code or a sign.
pub fn currency(text: &str, country: Option<&str>) -> Option<&'static str> {
    let text = text.trim();
    let (sign, len) = currency::after(text)?;
    (len == text.len()).then(|| currency::resolve(sign, country))?
}

/// Whether three letters are a currency whose pay is known well enough to judge.
pub fn is_currency(code: &str) -> bool {
    currency::is_known(code)
}

/// The period of a label such as `YEAR`, `per-hour-wage` or `p.a.`; `None` for
/// one-off and unknown ones.
pub fn period(text: &str) -> Option<PayPeriod> {
    let label = label(text);
    let known = match label.as_str() {
        "0.5 month" | "0 5 month" | "semi month" | "semimonthly" | "semi monthly" | "bi month"
        | "half month" => PayPeriod::HalfMonth,
        "biweekly" | "bi weekly" | "2 week" | "2 weeks" | "bw" | "bi week" | "fortnight"
        | "fortnightly" | "two weeks" => PayPeriod::TwoWeeks,
        "pa" | "p a" | "yr" | "y" | "year" => PayPeriod::Year,
        "pm" | "p m" | "mo" | "mth" | "month" => PayPeriod::Month,
        "pd" | "day" | "d" => PayPeriod::Day,
        "ph" | "hr" | "h" | "hour" => PayPeriod::Hour,
        "week" | "wk" | "weekly" => PayPeriod::Week,
        "none" | "one time" | "fb" | "pw" | "st" | "sy" | "wc" | "" => return None,
        _ => {
            let found = words(&label)
                .iter()
                .find_map(|word| context::period_word(word))?;
            // "1 YEAR" is a year, "5 years" is not a period of pay.
            let count = label
                .split(' ')
                .next()
                .and_then(|word| word.parse::<f64>().ok());
            return (count.is_none() || count == Some(1.0)).then_some(found);
        }
    };
    Some(known)
}

/// Puts right a range that a source states as numbers: ends in order, the period
/// where it is not named (if `may_infer`) and the amount leaves no doubt, and a
/// mark on pay that is no likely pay of its currency and period.
pub fn put_right(salary: &mut Salary, may_infer: bool) {
    if let (Some(min), Some(max)) = (&mut salary.min, &mut salary.max)
        && min > max
    {
        std::mem::swap(min, max);
        salary.doubtful = true;
    }
    let currency = salary.currency.as_deref();
    if salary.period.is_none()
        && may_infer
        && currency.is_some()
        && let Some(size) = salary.min.or(salary.max)
    {
        // Of a line it was judged with the line, or is once the land is known.
        salary.period = currency::infer(currency, size)
            .filter(|period| salary.raw.is_none() || *period != PayPeriod::Hour);
    }
    if let Some((low, high)) = salary.annual() {
        let insane = |end: Option<f64>| {
            end.is_some_and(|end| currency::is_sane(currency, end) == Some(false))
        };
        salary.doubtful |= currency.is_some() && (insane(low) || insane(high));
    }
}

/// Every amount of a text, left to right; they do not overlap.
fn amounts<'a>(text: &'a str, country: Option<&'a str>) -> impl Iterator<Item = Amount> + 'a {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(ahead) = bytes[at.min(bytes.len())..]
            .iter()
            .position(u8::is_ascii_digit)
        {
            let from = at + ahead;
            let rupees = country == Some("IN");
            match amount::read(text, from, rupees) {
                Some(found) => {
                    at = found.end.max(from + 1);
                    return Some(found);
                }
                None => {
                    at = from
                        + bytes[from..]
                            .iter()
                            .take_while(|byte| byte.is_ascii_digit())
                            .count()
                }
            }
        }
        None
    })
}

fn is_401k(text: &str, amount: &Amount) -> bool {
    text[amount.start..].starts_with("401") && amount.sign.is_none()
        || text[amount.start..].starts_with("403") && text[amount.start..].contains("(b)")
}

/// "Grade: FP-9", "Level 7": a small bare number among words, or one that hangs
/// on letters, is a rung of a pay scale.
fn is_grade(text: &str, amount: &Amount) -> bool {
    if amount.sign.is_some() || amount.size != Size::Plain || amount.high.is_some() {
        return false;
    }
    let before = &text[..amount.start];
    let hangs = before
        .strip_suffix('-')
        .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphabetic()));
    let is_named = amount.low < 100.0
        && before.contains(char::is_alphabetic)
        && context::period_around(text, amount).is_none();
    hangs || is_named
}

/// `-1` is an empty value.
fn is_minus(text: &str, amount: &Amount) -> bool {
    let before = text[..amount.start].trim_end();
    before == "-" && amount.high.is_none()
}

/// An amount with what stands around it.
fn build(text: &str, amount: &Amount, country: Option<&str>) -> Salary {
    // "$120-160k (USD)": the code says more than the land does.
    let bracketed = || currency::bracketed(&text[amount.end..]);
    let currency = match amount.sign {
        Some(currency::Sign::Code(code)) => Some(code),
        Some(sign) => bracketed().or_else(|| currency::resolve(sign, country)),
        None => None,
    };
    let mut doubtful = false;
    let amount = &Amount {
        low: exact(amount.low),
        high: amount.high.map(exact),
        ..*amount
    };
    let (mut min, mut max) = match amount.high {
        Some(high) if high < amount.low => {
            doubtful = true;
            (Some(high), Some(amount.low))
        }
        Some(high) => (Some(amount.low), Some(high)),
        None => (Some(amount.low), Some(amount.low)),
    };
    if amount.high.is_none() {
        match context::direction(text, amount) {
            Direction::UpTo => min = None,
            Direction::From => max = None,
            Direction::Exact => {}
        }
    }
    let said = context::period_around(text, amount);
    let size = min.or(max).unwrap_or_default();
    let thousands = matches!(amount.size, Size::Thousand | Size::TenThousand);
    let is_chinese = thousands && (country == Some("CN") || context::is_chinese(text, amount));
    let stated = match amount.size {
        Size::Lakh(true) => Some(PayPeriod::Year),
        _ if is_chinese && said.is_none() && size < 120_000.0 => Some(PayPeriod::Month),
        _ => said,
    };
    // A bare number has no unit that could tell its period.
    let unit = amount.sign.is_some() || amount.size != Size::Plain;
    let period = stated.or_else(|| {
        currency::infer_in(country, currency, size).filter(|_| unit && is_judged(amount, currency))
    });
    doubtful |= context::has_extras(text, amount);
    let mut salary = Salary {
        min,
        max,
        currency: currency.map(str::to_owned),
        period,
        raw: Some(context::written(text, amount)),
        basis: PayBasis::Stated,
        doubtful,
    };
    if let Some((low, high)) = salary.annual() {
        let insane = |end: Option<f64>| {
            end.is_some_and(|end| currency::is_sane(currency, end) == Some(false))
        };
        let is_money = currency.is_some() || amount.sign == Some(currency::Sign::Dollar);
        salary.doubtful |= is_money && (insane(low) || insane(high));
    }
    salary
}

/// The number nearest to the written decimal, to a hundredth: 1.1 × 1000 is
/// 1100 and not a little more.
fn exact(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Whether the bands apply: a known currency, an open `$`, or `k` without one.
fn is_judged(amount: &Amount, currency: Option<&str>) -> bool {
    currency.is_some()
        || amount.sign == Some(currency::Sign::Dollar)
        || (amount.sign.is_none() && amount.size == Size::Thousand)
}

#[cfg(test)]
mod tests;
