//! Hits as rows: one cell a field, for tables of chosen columns, CSV and Markdown.

use serde_json::{Map, Value};

use super::harmless;

/// The fields a hit may show, as they are called in JSON.
pub const HIT_FIELDS: &[&str] = &[
    "id",
    "group",
    "score",
    "title",
    "company",
    "locations",
    "workplace",
    "posted_at",
    "salary",
    "url",
    "skills",
    "snippet",
    "copies",
    "highlights",
    "parts",
    "event",
];

/// The fields of a row where none are chosen.
pub const USUAL_FIELDS: &[&str] = &[
    "id",
    "score",
    "title",
    "company",
    "locations",
    "workplace",
    "posted_at",
    "salary",
    "url",
    "copies",
];

/// The cells of one hit.
pub fn row(hit: &Map<String, Value>, fields: &[String]) -> Vec<String> {
    fields
        .iter()
        .map(|field| harmless(&cell(field, hit.get(field))))
        .collect()
}

/// One field as text: places as the source writes them, skills by id.
pub fn cell(field: &str, value: Option<&Value>) -> String {
    let list = |items: &[Value], name: &str, link: &str| {
        let names = items.iter().filter_map(|item| item.get(name)?.as_str());
        names.collect::<Vec<_>>().join(link)
    };
    match (field, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (_, Some(Value::String(text))) => text.clone(),
        ("locations", Some(Value::Array(places))) => list(places, "raw", "; "),
        ("skills" | "profile", Some(Value::Array(skills))) => list(skills, "id", " "),
        ("salary", Some(Value::Object(_))) => {
            let pay = value.and_then(|pay| serde_json::from_value(pay.clone()).ok());
            pay.map(|pay| super::table::pay(&pay)).unwrap_or_default()
        }
        (_, Some(Value::Array(items))) if items.iter().all(Value::is_string) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.collect::<Vec<_>>().join("; ")
        }
        (_, Some(other)) => other.to_string(),
    }
}
