//! A saved web page into records: JSON-LD first, then microdata, or the comments
//! of a saved forum thread.

use serde_json::{Value, json};

use super::tree::Tree;
use super::{linked, microdata, thread};

/// The key under which a JSON-LD block that cannot be read says why.
pub(in crate::ingest) const BROKEN: &str = "@broken";

/// The records of a page.
///
/// # Errors
/// A sentence, if it holds neither postings nor a forum thread.
pub(in crate::ingest) fn records(html: &str) -> Result<Vec<Value>, String> {
    let tree = Tree::parse(html);
    let mut found = linked_data(&tree);
    found.extend(microdata::postings(&tree));
    if found.is_empty() {
        found = thread::comments(&tree);
    }
    linked::mark_poorer(&mut found);
    match found.is_empty() {
        true => Err("HTML without job postings: no JobPosting markup, no forum thread".to_owned()),
        false => Ok(found),
    }
}

fn linked_data(tree: &Tree) -> Vec<Value> {
    let mut found = Vec::new();
    for at in tree.all() {
        let element = tree.element(at);
        let kind = element.attribute("type").unwrap_or_default();
        if element.name != "script"
            || !kind
                .trim()
                .to_ascii_lowercase()
                .starts_with("application/ld+json")
        {
            continue;
        }
        let text = tree.text(at);
        match read(&text) {
            Ok(value) if linked::has_posting(&value) => found.extend(linked::postings(value)),
            Ok(_) => {}
            Err(error) if text.contains("JobPosting") => {
                found.push(json!({"@type": "JobPosting", BROKEN: error.to_string()}));
            }
            Err(_) => {}
        }
    }
    found
}

/// Pages put comments and CDATA marks around their JSON, and line feeds into its
/// strings.
fn read(text: &str) -> Result<Value, serde_json::Error> {
    let mut text = text.trim();
    for (before, after) in [
        ("//<!--", "//-->"),
        ("<!--", "-->"),
        ("//<![CDATA[", "//]]>"),
        ("<![CDATA[", "]]>"),
    ] {
        let inside = text.strip_prefix(before).unwrap_or(text).trim();
        text = inside.strip_suffix(after).unwrap_or(inside).trim();
    }
    let text = text.trim_end_matches(';');
    serde_json::from_str(text).or_else(|error| {
        let mended = mended(text);
        let values = serde_json::Deserializer::from_str(&mended).into_iter::<Value>();
        let values: Result<Vec<Value>, _> = values.collect();
        match values {
            Ok(mut one) if one.len() == 1 => Ok(one.remove(0)),
            Ok(many) if !many.is_empty() => Ok(Value::Array(many)),
            _ => Err(error),
        }
    })
}

/// JSON without what some pages write into it: control characters, escapes that
/// are none, a comma behind the last of a list, entities in place of all quotes.
fn mended(text: &str) -> String {
    let unescaped = match text.contains('"') {
        true => text.to_owned(),
        false => text.replace("&quot;", "\"").replace("&amp;", "&"),
    };
    let mut out = String::with_capacity(unescaped.len());
    let mut in_string = false;
    let mut chars = unescaped.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_string => {
                let next = chars.next_if(|next| !next.is_control());
                if !matches!(
                    next,
                    Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')
                ) {
                    out.push('\\');
                }
                out.push('\\');
                out.extend(next);
                continue;
            }
            '"' => in_string = !in_string,
            '}' | ']' if !in_string => {
                let upto = out.trim_end();
                if upto.ends_with(',') {
                    out.truncate(upto.len() - 1);
                }
            }
            _ => {}
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(html: &str) -> Vec<String> {
        let found = records(html).unwrap();
        let kept = found
            .iter()
            .filter(|node| node.get(linked::POORER).is_none());
        kept.map(|node| node["title"].as_str().unwrap_or("?").to_owned())
            .collect()
    }

    #[test]
    fn json_ld_is_read_with_the_dirt_of_pages() {
        let page = |json: &str| {
            format!("<html><script type='application/ld+json; charset=utf-8'>{json}</script><body>")
        };
        assert_eq!(
            titles(&page(r#"<!-- {"@type":"JobPosting","title":"A"} -->"#)),
            ["A"]
        );
        assert_eq!(
            titles(&page(
                "//<![CDATA[\n{\"@type\":\"JobPosting\",\"title\":\"A\nB\"};\n//]]>"
            )),
            ["A B"]
        );
        for dirty in [
            "<!--\n{\"@type\":\"JobPosting\",\"title\":\"A\"}\n//-->",
            r#"{"@type":"JobPosting","title":"A","skills":["x", ],}"#,
            r#"{"@type":"JobPosting","title":"A","description":"C:\work \d"}"#,
            "{&quot;@type&quot;:&quot;JobPosting&quot;,&quot;title&quot;:&quot;A&quot;}",
        ] {
            assert_eq!(titles(&page(dirty)), ["A"], "{dirty}");
        }
        let two = r#"{"@type":"JobPosting","title":"A"} {"@type":"JobPosting","title":"B"}"#;
        assert_eq!(titles(&page(two)), ["A", "B"]);
        assert_eq!(titles(&page(r#"{"@type":"JobPosting","title":}"#)), ["?"]);
        assert!(records(&page(r#"{"@type":"Person"}"#)).is_err());
    }

    #[test]
    fn the_same_posting_in_both_is_kept_once() {
        let html = r#"<script type="application/ld+json">{"@type":"JobPosting","title":"Baker","description":"Bread."}</script>
            <div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">Baker</b></div>"#;
        assert_eq!(titles(html), ["Baker"]);
        assert_eq!(
            records(html).unwrap().len(),
            2,
            "and the poorer one is still a record"
        );
    }
}
