//! N-Quads and N-Triples with schema.org statements, as crawls publish them,
//! into objects of the same shape as JSON-LD: one for each `JobPosting`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::linked::short_name;

/// How deep a posting's nodes are followed.
const MAX_DEPTH: u32 = 6;

/// The page a statement was found on; statements of one page stand together.
pub(in crate::ingest) fn page_of(line: &str) -> Option<String> {
    Statement::parse(line)?.page
}

/// Whether a line is a statement.
pub(in crate::ingest) fn is_statement(line: &str) -> bool {
    Statement::parse(line).is_some()
}

/// The postings that some lines state, in order of their first line, and the
/// numbers of lines that are no statements.
pub(in crate::ingest) fn postings<'a>(
    lines: impl Iterator<Item = &'a str>,
) -> (Vec<Value>, Vec<usize>) {
    let mut pages: Vec<Page> = Vec::new();
    let mut bad = Vec::new();
    for (number, line) in lines.enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(statement) = Statement::parse(line) else {
            bad.push(number);
            continue;
        };
        if pages.last().is_none_or(|page| page.url != statement.page) {
            pages.push(Page {
                url: statement.page.clone(),
                ..Page::default()
            });
        }
        if let Some(page) = pages.last_mut() {
            page.add(statement);
        }
    }
    (pages.iter().flat_map(Page::postings).collect(), bad)
}

#[derive(Default)]
struct Page {
    url: Option<String>,
    /// Subjects in order, and what is said of each.
    subjects: Vec<String>,
    nodes: HashMap<String, Map<String, Value>>,
}

impl Page {
    fn add(&mut self, statement: Statement) {
        let Statement {
            subject,
            property,
            object,
            of_class,
            ..
        } = statement;
        let node = match self.nodes.get_mut(&subject) {
            Some(node) => node,
            None => {
                self.subjects.push(subject.clone());
                self.nodes.entry(subject).or_default()
            }
        };
        let value = match object {
            Term::Node(name) => {
                let mut reference = Map::new();
                reference.insert("@id".to_owned(), name.into());
                Value::Object(reference)
            }
            Term::Text(text) => text.into(),
        };
        if of_class {
            node.insert(CLASS.to_owned(), Value::Bool(true));
        }
        match node.get_mut(&property) {
            None => {
                node.insert(property, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(before) if *before != value => *before = Value::Array(vec![before.take(), value]),
            Some(_) => {}
        }
    }

    fn postings(&self) -> impl Iterator<Item = Value> + '_ {
        let is_posting = |subject: &&String| match self.nodes[*subject].get("@type") {
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "JobPosting"),
            Some(kind) => kind == "JobPosting",
            // Extracts may leave the type out and name the class in the properties.
            None => self.nodes[*subject].contains_key(CLASS),
        };
        self.subjects.iter().filter(is_posting).map(|subject| {
            let mut node = self.node(subject, MAX_DEPTH);
            if let (Value::Object(fields), Some(url)) = (&mut node, &self.url) {
                fields.insert("@type".to_owned(), "JobPosting".into());
                fields.remove(CLASS);
                fields.entry("url").or_insert_with(|| url.as_str().into());
            }
            node
        })
    }

    fn node(&self, subject: &str, depth: u32) -> Value {
        let Some(fields) = self.nodes.get(subject).filter(|_| depth > 0) else {
            return subject.into();
        };
        let value = |value: &Value| match value.get("@id").and_then(Value::as_str) {
            Some(name) => self.node(name, depth - 1),
            None => value.clone(),
        };
        let each = |(key, known): (&String, &Value)| {
            let known = match known {
                Value::Array(values) => Value::Array(values.iter().map(value).collect()),
                known => value(known),
            };
            (key.clone(), known)
        };
        Value::Object(fields.iter().map(each).collect())
    }
}

/// Set on a node whose properties are said to be a posting's.
const CLASS: &str = "@class";

struct Statement {
    subject: String,
    property: String,
    object: Term,
    page: Option<String>,
    /// The property is named as one of a posting.
    of_class: bool,
}

enum Term {
    /// An IRI or a blank node.
    Node(String),
    Text(String),
}

impl Statement {
    fn parse(line: &str) -> Option<Statement> {
        let (subject, rest) = term(line)?;
        let (property, rest) = term(rest)?;
        let (object, rest) = term(rest)?;
        let (page, rest) = match term(rest) {
            Some((page, rest)) => (Some(page), rest),
            None => (None, rest),
        };
        if rest.trim() != "." {
            return None;
        }
        let (Term::Node(subject), Term::Node(iri)) = (subject, property) else {
            return None;
        };
        let mut object = object;
        let property = match iri.ends_with("#type") {
            true => {
                if let Term::Node(kind) = &object {
                    object = Term::Text(short_name(kind).to_owned());
                }
                "@type".to_owned()
            }
            false => short_name(&iri).to_owned(),
        };
        Some(Statement {
            subject,
            of_class: iri.contains("schema.org/JobPosting/"),
            property,
            object,
            page: page.map(|page| match page {
                Term::Node(page) | Term::Text(page) => page,
            }),
        })
    }
}

/// The first term of a line and what follows it.
fn term(text: &str) -> Option<(Term, &str)> {
    let text = text.trim_start();
    match text.as_bytes().first()? {
        b'<' => {
            let (iri, rest) = text[1..].split_once('>')?;
            Some((Term::Node(unescaped(iri)), rest))
        }
        b'_' => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            let name = text[..end]
                .strip_prefix("_:")
                .filter(|name| !name.is_empty())?;
            Some((Term::Node(format!("_:{name}")), &text[end..]))
        }
        b'"' => {
            let mut escaped = false;
            let end = text[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })?;
            let (literal, rest) = (&text[1..=end], &text[end + 2..]);
            Some((Term::Text(unescaped(literal)), after_literal(rest)))
        }
        _ => None,
    }
}

/// Past a language tag or a type.
fn after_literal(rest: &str) -> &str {
    if let Some(tag) = rest.strip_prefix('@') {
        let end = tag
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .unwrap_or(tag.len());
        return &tag[end..];
    }
    match rest
        .strip_prefix("^^<")
        .and_then(|kind| kind.split_once('>'))
    {
        Some((_, rest)) => rest,
        None => rest,
    }
}

fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let code = after.chars().next();
        let width = match code {
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let number = after.get(1..=width).filter(|_| width > 0);
        match number
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) => {
                out.push(c);
                rest = &after[1 + width..];
                continue;
            }
            None => out.push(match code {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some(other) => other,
                None => '\\',
            }),
        }
        rest = &after[code.map_or(0, char::len_utf8)..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn statements_of_a_page_make_a_posting() {
        let text = r#"
_:n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <https://a.example/1> .
_:n1 <http://schema.org/JobPosting/title> "Go \"Dev\" \u00e9"@en-GB <https://a.example/1> .
_:n1 <https://schema.org/hiringOrganization> _:n2 <https://a.example/1> .
_:n1 <http://schema.org/JobPosting/skills> "Go" <https://a.example/1> .
_:n1 <http://schema.org/JobPosting/skills> "SQL" <https://a.example/1> .
_:n2 <http://schema.org/Organization/name> "Tarn" <https://a.example/1> .
nonsense
_:n1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/JobPosting> <https://a.example/2> .
_:n1 <http://schema.org/title> "Cook"^^<http://schema.org/Text> <https://a.example/2> .
_:n1 <http://schema.org/url> <https://a.example/two> <https://a.example/2> ."#;
        let (found, bad) = postings(text.lines());
        assert_eq!(bad, [7]);
        assert_eq!(
            found,
            [
                json!({"@type": "JobPosting", "title": "Go \"Dev\" é", "hiringOrganization": {"name": "Tarn"},
                    "skills": ["Go", "SQL"], "url": "https://a.example/1"}),
                json!({"@type": "JobPosting", "title": "Cook", "url": "https://a.example/two"}),
            ]
        );
    }

    #[test]
    fn nodes_in_a_circle_end() {
        let text = "_:a <http://schema.org/x> _:a <p> .\n_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <p> .";
        assert_eq!(postings(text.lines()).0.len(), 1);
    }

    #[test]
    fn a_line_is_a_statement_or_not() {
        for line in ["<a> <b> <c> .", "_:x <b> \"c\\\"d\"@en <g> ."] {
            assert!(is_statement(line), "{line}");
        }
        for line in ["<html> <body>", "a,b,c", "<a> <b> \"c .", "_: <b> <c> ."] {
            assert!(!is_statement(line), "{line}");
        }
    }
}
