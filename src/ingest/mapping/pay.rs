//! The columns of pay into a salary: two ends, or a line with both, and what the
//! cells say of currency and period beside the columns that are for it.

use serde_json::Value;

use super::fill::{Row, truth};
use super::guess::part_of_pay;
use super::{Field, Options};
use crate::fields::salary;
use crate::posting::{PayBasis, Salary};

pub(super) fn pay(row: &Row<'_, '_>, options: &Options, country: Option<&str>) -> Option<Salary> {
    let currency = row
        .line(Field::Currency)
        .and_then(|code| code_of(&code, country));
    let stated_period = row.line(Field::Period);
    let period = stated_period.as_deref().and_then(salary::period);
    let end = |field| salary::end(&row.text(field)?, country, period);
    let (low, high) = (end(Field::SalaryMin), end(Field::SalaryMax));
    let line = line_of(row);
    let mut found = match low.is_some() || high.is_some() {
        true => {
            let mut found = of_ends(low, high);
            let cells = found.raw.take().filter(|_| currency.is_none());
            found.raw = row.line(Field::SalaryRaw).or(cells);
            if let Some(line) = line.and_then(|line| of_line(&line, country)) {
                fill_up(&mut found, line);
            }
            found
        }
        false => of_line(&line.or_else(|| row.line(Field::SalaryRaw))?, country)?,
    };
    found.period = period.or(found.period);
    found.currency = currency.or(found.currency);
    found.currency = found.currency.or_else(|| options.currency.clone());
    if found.period.is_none() && stated_period.is_none() {
        found.period = options.period.as_deref().and_then(salary::period);
    }
    if let Some(basis) = row.line(Field::SalaryBasis) {
        found.basis = basis_of(&basis).unwrap_or(found.basis);
    }
    salary::put_right(&mut found, stated_period.is_none());
    // "10/7/5" and the like are hours and rungs.
    let most = found.max.or(found.min).unwrap_or_default();
    let is_small = most < 100.0 && found.currency.is_none() && found.period.is_none();
    (!is_small).then_some(found)
}

/// The line of pay; a list of two numbers is a range.
fn line_of(row: &Row<'_, '_>) -> Option<String> {
    let texts: Vec<_> = row.texts(Field::Salary).collect();
    if let [low, high] = &texts[..]
        && let Some(range) = pair(&format!("{low};{high}"))
    {
        return Some(range);
    }
    row.line(Field::Salary)
}

fn code_of(text: &str, country: Option<&str>) -> Option<String> {
    let code = text.to_ascii_uppercase();
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let of_sign = || salary::currency(text, country).map(str::to_owned);
    if is_code { Some(code) } else { of_sign() }
}

/// Two cells, each with one end, and what either says beside its number.
fn of_ends(low: Option<Salary>, high: Option<Salary>) -> Salary {
    let both = || [&low, &high].into_iter().flatten();
    let raws: Vec<&str> = both().filter_map(|end| end.raw.as_deref()).collect();
    Salary {
        min: low.as_ref().and_then(|low| low.min.or(low.max)),
        max: high.as_ref().and_then(|high| high.max.or(high.min)),
        currency: both().find_map(|end| end.currency.clone()),
        period: both().find_map(|end| end.period),
        // Both, or what is in one says nothing of the other.
        raw: (raws.len() == both().count() && !raws.is_empty()).then(|| raws.join(" - ")),
        basis: PayBasis::Stated,
        doubtful: false,
    }
}

/// What the line of pay says that two ends do not: its currency, and its period
/// if it is of the same sums.
fn fill_up(found: &mut Salary, line: Salary) {
    let same = |a: Option<f64>, b: Option<f64>| a.is_some() && a == b;
    let is_same = same(found.min, line.min) || same(found.max, line.max);
    found.currency = found.currency.take().or(line.currency);
    if is_same {
        found.period = found.period.or(line.period);
        found.raw = found.raw.take().or(line.raw);
        found.doubtful |= line.doubtful;
    }
}

/// A cell with all of pay in it, which may be an object or a list in writing.
fn of_line(text: &str, country: Option<&str>) -> Option<Salary> {
    of_object(text, country).or_else(|| match pair(text) {
        Some(range) => salary::parse(&range, country),
        None => salary::parse(text, country),
    })
}

/// `{'min': 90000, 'max': 110000, 'currency': 'USD'}`, as Python writes it or JSON.
fn of_object(text: &str, country: Option<&str>) -> Option<Salary> {
    let text = text.trim();
    if !text.starts_with('{') || !text.ends_with('}') {
        return None;
    }
    let as_json = || text.replace('\'', "\"").replace("None", "null");
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&as_json()))
        .ok()?;
    let (mut low, mut high, mut currency, mut period) = (None, None, None, None);
    for (name, value) in value.as_object()? {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        match part_of_pay(name) {
            Some(Field::SalaryMin) => low = salary::end(&text, country, None),
            Some(Field::SalaryMax) => high = salary::end(&text, country, None),
            Some(Field::Currency) => currency = code_of(&text, country),
            Some(Field::Period) => period = salary::period(&text),
            _ => {}
        }
    }
    if low.is_none() && high.is_none() {
        return None;
    }
    let found = of_ends(low, high);
    Some(Salary {
        currency: currency.or(found.currency),
        period: period.or(found.period),
        raw: Some(text.chars().take(200).collect()),
        ..found
    })
}

/// `[90000, 110000]` and `90000;110000` as a range.
fn pair(text: &str) -> Option<String> {
    let text = text.trim();
    let inside = text
        .strip_prefix(['[', '('])
        .and_then(|text| text.strip_suffix([']', ')']));
    let (low, high) = match inside {
        Some(inside) => inside.split_once([',', ';'])?,
        None => text.split_once(';')?,
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let (low, high) = (number(low)?, number(high)?);
    (low <= high).then(|| format!("{low} - {high}"))
}

fn basis_of(label: &str) -> Option<PayBasis> {
    PayBasis::from_word(label).or(match label {
        "direct_data" => Some(PayBasis::Stated),
        "description" => Some(PayBasis::Parsed),
        // A flag "is predicted".
        label => truth(label)?.then_some(PayBasis::Estimated),
    })
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::super::guess;
    use crate::ingest::record::Parsed;
    use crate::posting::PayPeriod;

    /// `min-max currency period` of a row in columns of the names.
    fn of(columns: &[&str], cells: &[&str]) -> String {
        let header: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let bound = guess(&header).bind(Some(&header)).unwrap();
        let row = StringRecord::from(cells.to_vec());
        let Some(pay) = bound.posting(Parsed::Row(&row)).salary else {
            return String::new();
        };
        let end = |end: Option<f64>| end.map(|end| end.to_string()).unwrap_or_default();
        let currency = pay.currency.as_deref().unwrap_or("?");
        let period = pay.period.map(PayPeriod::as_str).unwrap_or_default();
        format!("{}-{} {currency} {period}", end(pay.min), end(pay.max))
    }

    #[test]
    fn cells_of_ends_are_read_with_all_that_they_say() {
        let ends = &["salary_min", "salary_max", "currency"];
        assert_eq!(
            of(ends, &["48.000", "57.500", "EUR"]),
            "48000-57500 EUR year"
        );
        assert_eq!(
            of(ends, &["48.000,00", "57.500,00", "€"]),
            "48000-57500 EUR year"
        );
        assert_eq!(
            of(ends, &["48 000 €", "57 500 €", ""]),
            "48000-57500 EUR year"
        );
        assert_eq!(
            of(ends, &["48000.0", "57500.0", "GBP"]),
            "48000-57500 GBP year"
        );
        assert_eq!(of(ends, &["21.50", "24.75", "GBP"]), "21.5-24.75 GBP hour");
        let hourly = &["salary_min", "salary_max", "currency", "salary_period"];
        assert_eq!(
            of(hourly, &["21.125", "24.375", "GBP", "hour"]),
            "21.125-24.375 GBP hour"
        );
    }

    #[test]
    fn a_line_beside_the_ends_fills_what_they_leave_open() {
        let columns = &["salary", "salary_min", "salary_max"];
        let line = "£52000 - 61000 per year";
        assert_eq!(
            of(columns, &[line, "52000", "61000"]),
            "52000-61000 GBP year"
        );
        let daily = "£480 per day";
        assert_eq!(
            of(columns, &[daily, "110000", "120000"]),
            "110000-120000 GBP year"
        );
    }

    #[test]
    fn objects_and_lists_in_a_cell_are_pay() {
        let check =
            |cell: &str, expected: &str| assert_eq!(of(&["salary"], &[cell]), expected, "{cell}");
        check(
            "{'min': 91000, 'max': 112000, 'currency': 'USD'}",
            "91000-112000 USD year",
        );
        check(
            r#"{"min": "91.000", "max": null, "currency": "EUR", "period": "year"}"#,
            "91000- EUR year",
        );
        check("[91000, 112000]", "91000-112000 ? ");
        check("91000;112000", "91000-112000 ? ");
        check("10/7/5", "");
        check("competitive", "");
    }
}
