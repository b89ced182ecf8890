//! Greenhouse: pay zones in cents, and what boards keep in fields of their own.

use serde_json::Value;

use crate::fields::{employment, salary, workplace};
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::ingest::text::line;
use crate::posting::{Employment, PayBasis, Posting, Salary};

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let record = item.json();
    if posting.company.is_none() {
        posting.company.clone_from(&posting.board);
    }
    for field in list(record, "metadata") {
        let name = field
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let Some(value) = field.get("value").filter(|value| !value.is_null()) {
            from_metadata(posting, &name.to_ascii_lowercase(), value);
        }
    }
    posting.salary = pay(list(record, "pay_input_ranges")).or(posting.salary.take());
    if list(record, "pay_input_ranges").len() > 1 {
        let ranges = record["pay_input_ranges"].clone();
        posting.extra.insert("pay_input_ranges".to_owned(), ranges);
    }
    Ok(())
}

fn list<'a>(record: &'a Value, key: &str) -> &'a [Value] {
    record
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A field that a board has made up, if its name and value say something known.
fn from_metadata(posting: &mut Posting, name: &str, value: &Value) {
    let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let labels: Vec<String> = match value {
        Value::Array(items) => items
            .iter()
            .filter_map(Value::as_str)
            .filter_map(line)
            .collect(),
        Value::String(text) => line(text).into_iter().collect(),
        _ => Vec::new(),
    };
    if posting.workplace.is_none()
        && is(&[
            "workplace",
            "working model",
            "work model",
            "work arrangement",
            "location type",
            "remote",
        ])
        && let [label] = labels.as_slice()
    {
        posting.workplace = workplace::from_label(label);
    }
    if posting.employment_type.is_empty()
        && is(&[
            "employment type",
            "time type",
            "job type",
            "worker type",
            "contract type",
            "employment status",
        ])
    {
        let mut types: Vec<Employment> = labels
            .iter()
            .flat_map(|label| employment::from_label(label))
            .collect();
        types.retain(|kind| *kind != Employment::Other);
        if !types.is_empty() {
            types.sort_unstable();
            types.dedup();
            posting.employment_type = types;
            posting.employment_raw = Some(labels.join(", "));
        }
    }
    // Persons are nobody's business here.
    let is_personal = is(&[
        "recruiter",
        "manager",
        "contact",
        "email",
        "owner",
        "sourcer",
    ]);
    if labels.is_empty() || is_personal {
        return;
    }
    posting
        .extra
        .entry("metadata".to_owned())
        .or_insert_with(|| Value::Object(serde_json::Map::new()))
        .as_object_mut()
        .map(|known| known.insert(name.to_owned(), value.clone()));
}

/// The span of all zones that share the currency of the first; an amount in
/// cents. The period is in the words beside it, if anywhere.
fn pay(ranges: &[Value]) -> Option<Salary> {
    let text = |range: &Value, key: &str| range.get(key).and_then(Value::as_str).and_then(line);
    let first = ranges.first()?;
    let currency = text(first, "currency_type").map(|code| code.to_ascii_uppercase());
    let same = ranges.iter().filter(|range| {
        text(range, "currency_type").map(|code| code.to_ascii_uppercase()) == currency
    });
    let (mut min, mut max) = (None::<f64>, None::<f64>);
    for range in same {
        let cents = |key: &str| range.get(key).and_then(Value::as_f64).filter(|n| *n > 0.0);
        let (low, high) = (cents("min_cents"), cents("max_cents"));
        min = [min, low].into_iter().flatten().reduce(f64::min);
        max = [max, high].into_iter().flatten().reduce(f64::max);
    }
    let title = text(first, "title");
    let words = [title.clone(), text(first, "blurb")];
    let mut found = Salary {
        min: min.map(|cents| cents / 100.0),
        max: max.map(|cents| cents / 100.0),
        currency,
        period: words
            .iter()
            .flatten()
            .find_map(|words| salary::period(words)),
        raw: title,
        basis: PayBasis::Stated,
        doubtful: false,
    };
    salary::put_right(&mut found, true);
    (found.min.is_some() || found.max.is_some()).then_some(found)
}
