//! Any table or flat JSON whose columns can be guessed by name.

use crate::fields::{dates, employment, places, salary, seniority, workplace};
use crate::ingest::RecordError;
use crate::ingest::record::{Cells, Context, Field};
use crate::ingest::text::{block, line};
use crate::posting::{Location, PayBasis, Posting, RawSkill, Salary, Workplace};

pub(super) fn posting(row: &impl Cells, context: &Context) -> Result<Posting, RecordError> {
    let columns = context
        .columns
        .as_ref()
        .ok_or_else(|| RecordError::Syntax("no columns are known".to_owned()))?;
    let cell = |field| columns.cell(field, row);
    let text = |field| cell(field).as_deref().and_then(line);

    let mut locations = match text(Field::Location) {
        Some(raw) => places::parse(&raw),
        None => Vec::new(),
    };
    let (city, region, country) = (text(Field::City), text(Field::Region), text(Field::Country));
    let country = country.map(|name| places::country(&name).map_or(name, str::to_owned));
    match locations.as_mut_slice() {
        [] if city.is_some() || region.is_some() || country.is_some() => {
            let raw: Vec<&str> = [&city, &region, &country]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            locations.push(Location {
                raw: raw.join(", "),
                city,
                region,
                country,
                ..Location::default()
            });
        }
        [only] => {
            only.city = only.city.take().or(city);
            only.region = only.region.take().or(region);
            only.country = country.or(only.country.take());
        }
        _ => {}
    }
    let country = locations.first().and_then(|place| place.country.as_deref());
    let employment_raw = text(Field::Employment);
    let posted = cell(Field::PostedAt).as_deref().and_then(dates::parse);
    let mut posting = Posting {
        native_id: text(Field::Id),
        title: text(Field::Title),
        // "Acme\n4.1": a scraped rating under the name.
        company: cell(Field::Company)
            .and_then(|name| line(name.trim().lines().next().unwrap_or_default())),
        workplace: cell(Field::Workplace).and_then(|label| {
            match label.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "1.0" | "yes" => Some(Workplace::Remote),
                label => workplace::from_label(label),
            }
        }),
        employment_type: employment_raw
            .as_deref()
            .map(employment::from_label)
            .unwrap_or_default(),
        employment_raw,
        seniority: cell(Field::Seniority)
            .as_deref()
            .and_then(seniority::from_label),
        posted_at: posted.as_ref().map(|dated| dated.at),
        posted_precision: posted.as_ref().map(|dated| dated.precision),
        valid_through: cell(Field::ValidThrough)
            .as_deref()
            .and_then(dates::parse)
            .map(|dated| dated.at),
        salary: pay(
            cell(Field::SalaryMin).as_deref(),
            cell(Field::SalaryMax).as_deref(),
            cell(Field::Salary).as_deref(),
            text(Field::Currency),
            cell(Field::Period).as_deref(),
            country,
        ),
        description_text: cell(Field::Description).as_deref().and_then(block),
        url: text(Field::Url),
        skills_raw: cell(Field::Skills).as_deref().map(tags).unwrap_or_default(),
        industry: text(Field::Industry),
        category: text(Field::Category),
        department: text(Field::Department),
        locations,
        ..Posting::default()
    };
    if let (None, Some(raw)) = (posting.posted_at, text(Field::PostedAt)) {
        posting.extra.insert("posted_at_raw".to_owned(), raw.into());
    }
    Ok(posting)
}

fn pay(
    min: Option<&str>,
    max: Option<&str>,
    text: Option<&str>,
    currency: Option<String>,
    period: Option<&str>,
    country: Option<&str>,
) -> Option<Salary> {
    let amount = |cell: Option<&str>| {
        let digits: String = cell?
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        digits.parse::<f64>().ok().filter(|amount| *amount > 0.0)
    };
    let (min, max) = (amount(min), amount(max));
    let currency = currency
        .map(|code| code.to_ascii_uppercase())
        .filter(|code| code.len() == 3);
    let period = period.and_then(salary::period);
    if min.is_some() || max.is_some() {
        let (low, high) = match (min, max) {
            (Some(low), Some(high)) if low > high => (Some(high), Some(low)),
            ends => ends,
        };
        let doubtful = low != min;
        return Some(Salary {
            min: low,
            max: high,
            currency,
            period,
            raw: None,
            basis: PayBasis::Stated,
            doubtful,
        });
    }
    let text = text?;
    let mut pay = salary::parse(text, country)?;
    pay.currency = currency.or(pay.currency);
    pay.period = period.or(pay.period);
    // "$137K-$171K (Glassdoor est.)" is the site's own guess; an employer's is not.
    let lower = text.to_ascii_lowercase();
    if lower.contains("est.") && !lower.contains("employer") {
        pay.basis = PayBasis::Estimated;
    }
    Some(pay)
}

/// `['a', 'b']`, `a, b` or `a; b` into tags.
fn tags(cell: &str) -> Vec<RawSkill> {
    let inside = cell.trim().trim_start_matches('[').trim_end_matches(']');
    inside
        .split([',', ';', '|', '\n'])
        .map(|tag| tag.trim().trim_matches(['\'', '"']).trim())
        .filter(|tag| !tag.is_empty())
        .map(|tag| RawSkill {
            text: tag.to_owned(),
            role: None,
        })
        .collect()
}
