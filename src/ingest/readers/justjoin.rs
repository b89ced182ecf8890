//! JustJoinIT: a range of pay for each kind of contract.

use serde_json::Value;

use crate::fields::salary;
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::posting::{PayBasis, PayPeriod, Posting, Salary, Workplace};

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let record = item.json();
    if record.get("workplaceType").and_then(Value::as_str) == Some("office") {
        posting.workplace = Some(Workplace::Onsite);
    }
    let Some(kinds) = record.get("employmentTypes").and_then(Value::as_array) else {
        return Ok(());
    };
    let ranges: Vec<Salary> = kinds.iter().filter_map(range).collect();
    if let [first, rest @ ..] = ranges.as_slice() {
        // The span of all that are in the same money and period.
        let mut span = first.clone();
        for other in rest {
            if (&other.currency, other.period) == (&span.currency, span.period) {
                span.min = [span.min, other.min].into_iter().flatten().reduce(f64::min);
                span.max = [span.max, other.max].into_iter().flatten().reduce(f64::max);
            }
        }
        salary::put_right(&mut span, false);
        posting.salary = Some(span);
    }
    if ranges.len() > 1 {
        posting
            .extra
            .insert("pay_ranges".to_owned(), Value::Array(kinds.clone()));
    }
    Ok(())
}

fn range(kind: &Value) -> Option<Salary> {
    let sum = |key: &str| kind.get(key).and_then(Value::as_f64).filter(|n| *n > 0.0);
    let text = |key: &str| kind.get(key).and_then(Value::as_str);
    let (min, max) = (sum("from"), sum("to"));
    (min.is_some() || max.is_some()).then(|| Salary {
        min,
        max,
        currency: text("currency").map(str::to_ascii_uppercase),
        // By the month unless another unit is named.
        period: match text("unit") {
            None => Some(PayPeriod::Month),
            Some(unit) => salary::period(unit),
        },
        raw: None,
        basis: PayBasis::Stated,
        doubtful: false,
    })
}
