//! schema.org `JobPosting` nodes out of any JSON: bare, in a list, in `@graph`,
//! below `mainEntity` or `itemListElement`, with keys as short names.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// How deep references between nodes are followed.
const MAX_REFERENCES: u32 = 4;

/// Whether JSON holds a `JobPosting` somewhere.
pub(in crate::ingest) fn has_posting(value: &Value) -> bool {
    match value {
        Value::Object(fields) => is_posting(value) || fields.values().any(has_posting),
        Value::Array(items) => items.iter().any(has_posting),
        _ => false,
    }
}

/// Every `JobPosting` in a document, in order, with the nodes it refers to by
/// `@id` put in their place. A document with none comes back as it is.
pub(in crate::ingest) fn postings(document: Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut known = HashMap::new();
    let whole = short(document);
    named(&whole, &mut known);
    collect(&whole, &known, &mut found);
    if found.is_empty() {
        found.push(whole);
    }
    found
}

/// Marks, among postings of one page, those that say less of what a fuller one
/// says; they are rejected by name later on.
pub(super) fn mark_poorer(postings: &mut [Value]) {
    let mut of_title: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, posting) in postings.iter().enumerate() {
        if let Some(title) = posting["title"].as_str() {
            let words = crate::ingest::normalise_words(title);
            of_title.entry(words).or_default().push(at);
        }
    }
    let weights: Vec<usize> = postings.iter().map(weight).collect();
    for alike in of_title.into_values() {
        for at in &alike {
            let poorer = alike.iter().any(|other| {
                (weights[*other], *at) > (weights[*at], *other)
                    && is_same(&postings[*at], &postings[*other])
            });
            if poorer && let Value::Object(fields) = &mut postings[*at] {
                fields.insert(POORER.to_owned(), Value::Bool(true));
            }
        }
    }
}

/// The key that [`mark_poorer`] sets.
pub(in crate::ingest) const POORER: &str = "@poorer";

fn weight(posting: &Value) -> usize {
    let length = |key: &str| posting[key].as_str().map_or(0, str::len);
    length("description") * 100 + posting.as_object().map_or(0, Map::len)
}

/// No identifier or page tells two postings with one title apart.
fn is_same(a: &Value, b: &Value) -> bool {
    let differs = |key: &str| match (&a[key], &b[key]) {
        (Value::Null, _) | (_, Value::Null) => false,
        (a, b) => a != b,
    };
    !differs("identifier") && !differs("url")
}

fn collect(value: &Value, known: &HashMap<String, Value>, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            if is_posting(value) {
                found.push(resolved(value, known, MAX_REFERENCES));
                return;
            }
            for value in fields.values() {
                collect(value, known, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, known, found);
            }
        }
        _ => {}
    }
}

/// The nodes that have a name.
fn named(value: &Value, known: &mut HashMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(id)) = fields.get("@id")
                && fields.len() > 1
                && !is_posting(value)
            {
                known.entry(id.clone()).or_insert_with(|| value.clone());
            }
            fields.values().for_each(|value| named(value, known));
        }
        Value::Array(items) => items.iter().for_each(|item| named(item, known)),
        _ => {}
    }
}

fn resolved(value: &Value, known: &HashMap<String, Value>, depth: u32) -> Value {
    match value {
        Value::Object(fields) => {
            if let (1, Some(Value::String(id))) = (fields.len(), fields.get("@id"))
                && let (Some(node), Some(depth)) = (known.get(id), depth.checked_sub(1))
            {
                return resolved(node, known, depth);
            }
            let each =
                |(key, value): (&String, &Value)| (key.clone(), resolved(value, known, depth));
            Value::Object(fields.iter().map(each).collect())
        }
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| resolved(item, known, depth))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_posting(node: &Value) -> bool {
    let is = |kind: &Value| {
        kind.as_str()
            .is_some_and(|kind| short_name(kind) == "JobPosting")
    };
    let kind = node.get("@type").or_else(|| node.get("type"));
    match kind {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        // Whoever saves postings of many pages may leave their type out.
        None => ["hiringOrganization", "datePosted", "title"]
            .iter()
            .all(|key| node.get(*key).is_some()),
    }
}

/// Keys without prefix or IRI, `{"@value": x}` as `x`, lists of one as that one
/// where JSON-LD is written out in full.
fn short(value: Value) -> Value {
    match value {
        Value::Object(mut fields) => {
            if let Some(plain) = fields.remove("@value") {
                return plain;
            }
            let is_expanded = fields.keys().any(|key| key.contains("://"));
            let each = |(key, value): (String, Value)| {
                let value = match short(value) {
                    Value::Array(mut items) if is_expanded && items.len() == 1 => items.remove(0),
                    value => value,
                };
                (short_name(&key).to_owned(), value)
            };
            Value::Object(fields.into_iter().map(each).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(short).collect()),
        other => other,
    }
}

/// `schema:title` and `https://schema.org/JobPosting/title` as `title`.
pub(super) fn short_name(name: &str) -> &str {
    match name.rsplit_once("schema.org/") {
        Some((_, local)) => local.rsplit('/').next().unwrap_or(local),
        None => name.strip_prefix("schema:").unwrap_or(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(document: Value, titles: &[&str]) {
        let found = postings(document);
        let found: Vec<_> = found
            .iter()
            .map(|node| node["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles);
    }

    #[test]
    fn postings_are_found_wherever_they_stand() {
        check(json!({"@type": "JobPosting", "title": "a"}), &["a"]);
        check(
            json!([{"@type": ["Thing", "JobPosting"], "title": "a"}]),
            &["a"],
        );
        check(
            json!({"@graph": [{"@type": "WebPage"}, {"@type": "schema:JobPosting", "schema:title": "b"}]}),
            &["b"],
        );
        check(
            json!({"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "item": {"@type": "https://schema.org/JobPosting", "title": "c"}},
            {"item": {"@type": "JobPosting", "title": "d"}}]}),
            &["c", "d"],
        );
        check(
            json!({"mainEntity": {"@type": "JobPosting", "title": "e"}}),
            &["e"],
        );
        check(
            json!([{"@type": ["http://schema.org/JobPosting"], "http://schema.org/title": [{"@value": "f"}]}]),
            &["f"],
        );
        assert!(!has_posting(
            &json!({"@graph": [{"@type": "Person", "title": "x"}]})
        ));
    }

    #[test]
    fn nodes_named_elsewhere_are_put_in_place() {
        let found = postings(json!({"@graph": [
            {"@type": "Organization", "@id": "#o", "name": "Tarn"},
            {"@type": "JobPosting", "title": "a", "hiringOrganization": {"@id": "#o"}}]}));
        assert_eq!(found[0]["hiringOrganization"]["name"], "Tarn");
        let around = postings(json!({"@graph": [
            {"@id": "#o", "parent": {"@id": "#o"}},
            {"@type": "JobPosting", "title": "a", "hiringOrganization": {"@id": "#o"}}]}));
        assert_eq!(around.len(), 1, "a circle ends");
    }

    #[test]
    fn of_two_on_a_page_the_fuller_is_kept() {
        let mut found = vec![
            json!({"title": "Cook"}),
            json!({"title": "Cook", "description": "Soups."}),
            json!({"title": "Cook", "url": "https://a.example/2"}),
            json!({"title": "Nurse"}),
        ];
        mark_poorer(&mut found);
        let marked: Vec<_> = found
            .iter()
            .map(|node| node.get(POORER).is_some())
            .collect();
        assert_eq!(marked, [true, false, true, false]);
    }
}
