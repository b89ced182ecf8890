//! schema.org microdata into objects of the same shape as JSON-LD.

use serde_json::{Map, Value};

use super::linked::short_name;
use super::tree::{At, Tree};

/// Properties whose markup is worth keeping.
const TEXTS: &[&str] = &[
    "description",
    "responsibilities",
    "qualifications",
    "jobBenefits",
    "benefits",
    "skills",
    "experienceRequirements",
    "educationRequirements",
    "employerOverview",
    "incentiveCompensation",
    "incentives",
];

/// Every `JobPosting` of a page.
pub(super) fn postings(tree: &Tree) -> Vec<Value> {
    let is_posting = |at: &At| item_type(tree, *at) == Some("JobPosting");
    tree.all()
        .filter(is_posting)
        .map(|at| item(tree, at))
        .collect()
}

fn item_type(tree: &Tree, at: At) -> Option<&str> {
    let types = tree.element(at).attribute("itemtype")?;
    let mut types = types.split_ascii_whitespace().map(short_name);
    let first = types.clone().next();
    types.find(|kind| *kind == "JobPosting").or(first)
}

/// An element with `itemscope`, as an object.
fn item(tree: &Tree, at: At) -> Value {
    let mut fields = Map::new();
    if let Some(kind) = item_type(tree, at) {
        fields.insert("@type".to_owned(), kind.into());
    }
    // As deep as the tree is, which has its own limit.
    properties(tree, at, &mut fields);
    Value::Object(fields)
}

fn properties(tree: &Tree, at: At, fields: &mut Map<String, Value>) {
    for child in tree.children(at) {
        let element = tree.element(child);
        let is_item = element.attribute("itemscope").is_some();
        if let Some(names) = element.attribute("itemprop") {
            for name in names.split_ascii_whitespace().map(short_name) {
                let value = match is_item {
                    true => item(tree, child),
                    false => value(tree, child, name),
                };
                put(fields, name, value);
            }
        }
        if !is_item {
            properties(tree, child, fields);
        }
    }
}

fn value(tree: &Tree, at: At, name: &str) -> Value {
    let element = tree.element(at);
    let attribute = |name: &str| element.attribute(name).map(str::to_owned);
    let stated = attribute("content").or_else(|| match element.name.as_str() {
        "a" | "link" | "area" => attribute("href"),
        "img" | "iframe" | "embed" => attribute("src"),
        "time" => attribute("datetime"),
        "data" | "meter" => attribute("value"),
        _ => None,
    });
    Value::String(match stated {
        Some(stated) => stated,
        None if TEXTS.contains(&name) => tree.html(at, &|_| true),
        None => tree.text(at).trim().to_owned(),
    })
}

/// A property that comes again makes a list.
fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    match fields.get_mut(name) {
        None => {
            fields.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(before) => {
            let first = before.take();
            *before = Value::Array(vec![first, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_posting_in_microdata_has_the_shape_of_json_ld() {
        let tree = Tree::parse(
            r#"<div itemscope itemtype="http://schema.org/JobPosting"><h1 itemprop="title">Miller</h1>
            <span itemprop="hiringOrganization" itemscope itemtype="http://schema.org/Organization"><b itemprop="name">Mill &amp; Co</b></span>
            <meta itemprop="datePosted" content="2026-03-02"><a itemprop="url" href="/7">more</a>
            <div itemprop="jobLocation" itemscope><p><span itemprop="address" itemscope><i itemprop="addressLocality">Ulm</i></span></div>
            <div itemprop="jobLocation" itemscope></div>
            <div itemprop="description"><ul><li>Mills</ul></div></div>"#,
        );
        assert_eq!(
            postings(&tree),
            [json!({
                "@type": "JobPosting", "title": "Miller", "hiringOrganization": {"@type": "Organization", "name": "Mill & Co"},
                "datePosted": "2026-03-02", "url": "/7", "jobLocation": [{"address": {"addressLocality": "Ulm"}}, {}],
                "description": "<ul><li>Mills</li></ul>",
            })]
        );
    }
}
