//! Adzuna: the text is a snippet, the area runs from country to town, and pay is
//! in the money of the country.

use serde_json::Value;

use crate::fields::places;
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::ingest::text::line;
use crate::posting::{Location, Posting};

/// The countries the publisher serves, and their money.
const MONEY: &[(&str, &str)] = &[
    ("AT", "EUR"),
    ("AU", "AUD"),
    ("BE", "EUR"),
    ("BR", "BRL"),
    ("CA", "CAD"),
    ("CH", "CHF"),
    ("DE", "EUR"),
    ("ES", "EUR"),
    ("FR", "EUR"),
    ("GB", "GBP"),
    ("IN", "INR"),
    ("IT", "EUR"),
    ("MX", "MXN"),
    ("NL", "EUR"),
    ("NZ", "NZD"),
    ("PL", "PLN"),
    ("SG", "SGD"),
    ("US", "USD"),
    ("ZA", "ZAR"),
];

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    context: &Context,
) -> Result<(), RecordError> {
    let area = item
        .json()
        .pointer("/location/area")
        .and_then(Value::as_array);
    let names: Vec<String> = area
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter_map(line)
        .collect();
    // `gb.json`, `adzuna_gb_page1.json`: the endpoint's country.
    let of_file = || {
        let code = context
            .stem
            .split(['_', '-', ' '])
            .find(|part| part.len() == 2)?;
        let code = code.to_ascii_uppercase();
        MONEY
            .iter()
            .find(|(country, _)| *country == code)
            .map(|(country, _)| *country)
    };
    let country = names
        .first()
        .and_then(|name| places::country(name))
        .or_else(of_file);
    if posting.locations.is_empty() && !names.is_empty() {
        posting.locations.push(Location {
            raw: names.join(", "),
            ..Location::default()
        });
    }
    if let Some(place) = posting.locations.first_mut() {
        place.country = country.map(str::to_owned).or(place.country.take());
        if let [_, region, .., town] = names.as_slice() {
            place.region = Some(region.clone());
            place.city = Some(town.clone());
        } else if let [_, region] = names.as_slice() {
            place.region = Some(region.clone());
            place.city = None;
        }
    }
    if let Some(pay) = &mut posting.salary
        && pay.currency.is_none()
    {
        let money = MONEY.iter().find(|(code, _)| Some(*code) == country);
        pay.currency = money.map(|(_, currency)| (*currency).to_owned());
    }
    posting.truncated = posting.description_text.is_some();
    Ok(())
}
