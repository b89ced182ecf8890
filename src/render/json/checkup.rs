//! The JSON of `doctor`.

use serde_json::{Map, Value, json};

use super::rounded;
use crate::render::day;
use crate::report::{COVERED, Checkup, Coverage, Oddity};

/// The answer of `doctor`.
pub fn checkup(checkup: &Checkup) -> Value {
    let source = |(source, of): &(String, Coverage)| {
        let mut fields = coverage(of);
        fields.insert("source".to_owned(), source.as_str().into());
        Value::Object(fields)
    };
    let mut fields = coverage(&checkup.all);
    let sources: Vec<Value> = checkup.sources.iter().map(source).collect();
    fields.insert("sources".to_owned(), sources.into());
    let oddities: Vec<Value> = checkup.oddities.iter().map(oddity).collect();
    fields.insert("oddities".to_owned(), oddities.into());
    Value::Object(fields)
}

fn coverage(of: &Coverage) -> Map<String, Value> {
    let share = |n: u64| rounded(n as f64 / of.n_postings.max(1) as f64, 4);
    let shares: Map<String, Value> = COVERED
        .iter()
        .zip(of.with)
        .map(|(name, n)| ((*name).to_owned(), share(n).into()))
        .collect();
    let mut fields = Map::new();
    fields.insert("adverts".to_owned(), of.n_postings.into());
    if let Some(last) = of.last {
        fields.insert("last".to_owned(), day(last).into());
    }
    fields.insert("coverage".to_owned(), shares.into());
    fields
}

fn oddity(oddity: &Oddity) -> Value {
    match oddity {
        Oddity::FutureDates { source, n } => {
            json!({"kind": "future-dates", "source": source, "n": n})
        }
        Oddity::PayOutliers {
            currency,
            n,
            below,
            above,
        } => {
            json!({"kind": "pay-outliers", "currency": currency, "n": n, "below": below, "above": above})
        }
        Oddity::RepeatedText { company, n } => {
            json!({"kind": "repeated-text", "company": company, "n": n})
        }
        Oddity::QuietSource {
            source,
            last,
            usual_days,
        } => {
            json!({"kind": "quiet-source", "source": source, "last": day(*last), "usual_days": usual_days})
        }
    }
}
