//! Ashby: unlisted jobs, and pay among equity and bonuses.

use serde_json::Value;

use crate::fields::salary;
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::ingest::text::line;
use crate::posting::{PayBasis, Posting, Salary};

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let record = item.json();
    if record.get("isListed") == Some(&Value::Bool(false)) {
        return Err(RecordError::NotAPosting("a job that is not listed"));
    }
    if posting.company.is_none() {
        posting.company.clone_from(&posting.board);
    }
    if record.get("shouldDisplayCompensationOnJobPostings") != Some(&Value::Bool(false)) {
        let country = posting
            .locations
            .first()
            .and_then(|place| place.country.as_deref());
        posting.salary = pay(record, country);
    }
    Ok(())
}

fn pay(record: &Value, country: Option<&str>) -> Option<Salary> {
    let compensation = record.get("compensation").unwrap_or(&Value::Null);
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).and_then(line);
    let raw = text(compensation, "compensationTierSummary")
        .or_else(|| text(compensation, "scrapeableCompensationSalarySummary"))
        .or_else(|| text(record, "compensationTierSummary"));
    let tiers = compensation
        .get("compensationTiers")
        .and_then(Value::as_array);
    let components = [Some(compensation)]
        .into_iter()
        .flatten()
        .chain(tiers.into_iter().flatten())
        .flat_map(|tier| ["summaryComponents", "components"].map(|key| tier.get(key)))
        .flatten()
        .filter_map(Value::as_array)
        .flatten();
    let mut found: Option<Salary> = None;
    for component in components {
        if component.get("compensationType").and_then(Value::as_str) != Some("Salary") {
            continue;
        }
        let sum = |key: &str| {
            component
                .get(key)
                .and_then(Value::as_f64)
                .filter(|n| *n > 0.0)
        };
        let (min, max) = (sum("minValue"), sum("maxValue"));
        let currency = text(component, "currencyCode").map(|code| code.to_ascii_uppercase());
        let period = text(component, "interval").and_then(|label| salary::period(&label));
        match &mut found {
            None if min.is_some() || max.is_some() => {
                let (basis, raw) = (PayBasis::Stated, raw.clone());
                found = Some(Salary {
                    min,
                    max,
                    currency,
                    period,
                    raw,
                    basis,
                    doubtful: false,
                });
            }
            // Several tiers: their span.
            Some(known) if (&known.currency, known.period) == (&currency, period) => {
                known.min = [known.min, min].into_iter().flatten().reduce(f64::min);
                known.max = [known.max, max].into_iter().flatten().reduce(f64::max);
            }
            _ => {}
        }
    }
    if let Some(found) = &mut found {
        salary::put_right(found, false);
        return Some(found.clone());
    }
    // "$65K – $75K • Offers Equity": only the parts that are no extras.
    raw?.split('•')
        .filter(|part| {
            let part = part.to_ascii_lowercase();
            !["equity", "bonus", "commission", "stock"]
                .iter()
                .any(|word| part.contains(word))
        })
        .find_map(|part| salary::parse(part, country))
}
