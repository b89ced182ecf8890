//! Where a value stands in a record: a column of a table, or a JSON pointer
//! (RFC 6901) whose `*` stands for every element of a list.

use std::borrow::Cow;

use csv::StringRecord;
use serde_json::Value;

use super::super::record::Parsed;

/// A value's place, as a mapping names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Path {
    /// As written.
    pub(in crate::ingest) name: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Each,
}

impl Path {
    /// `/employer/name`, `/places/*/city`, `^/name` of the envelope, or a column
    /// or key by its bare name.
    pub(in crate::ingest) fn new(name: &str) -> Path {
        let (envelope, rest) = match name.strip_prefix('^') {
            Some(rest) if rest.starts_with('/') => (Some(Step::Key(ENVELOPE.to_owned())), rest),
            _ => (None, name),
        };
        let step = |part: &str| match part {
            "*" => Step::Each,
            part => Step::Key(part.replace("~1", "/").replace("~0", "~")),
        };
        let steps = match rest.strip_prefix('/') {
            Some("") => Vec::new(),
            Some(pointer) => pointer.split('/').map(step).collect(),
            None if rest.is_empty() => Vec::new(),
            None => vec![Step::Key(rest.to_owned())],
        };
        Path {
            name: name.to_owned(),
            steps: envelope.into_iter().chain(steps).collect(),
        }
    }

    /// A column or key by its bare name, whatever signs are in it.
    pub(in crate::ingest) fn key(name: &str) -> Path {
        Path {
            name: name.to_owned(),
            steps: vec![Step::Key(name.to_owned())],
        }
    }

    /// Every value at this place.
    pub(in crate::ingest) fn of<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        let mut found = Vec::new();
        walk(&self.steps, value, &mut found);
        found
    }

    /// The list at this place.
    pub(in crate::ingest) fn list<'a>(&self, value: &'a Value) -> Option<&'a Vec<Value>> {
        self.of(value).into_iter().find_map(Value::as_array)
    }
}

/// The key under which an item carries what stood around its list.
pub(in crate::ingest) const ENVELOPE: &str = "^";

fn walk<'a>(steps: &[Step], value: &'a Value, found: &mut Vec<&'a Value>) {
    match steps {
        [] => found.push(value),
        [Step::Each, rest @ ..] => match value {
            Value::Array(items) => items.iter().for_each(|item| walk(rest, item, found)),
            Value::Object(fields) => fields.values().for_each(|item| walk(rest, item, found)),
            _ => {}
        },
        [Step::Key(key), rest @ ..] => {
            let inner = match value {
                Value::Object(fields) => fields.get(key),
                Value::Array(items) => key.parse().ok().and_then(|at: usize| items.get(at)),
                _ => None,
            };
            if let Some(inner) = inner {
                walk(rest, inner, found);
            }
        }
    }
}

/// A place in the records of one file: a column is known by its number.
#[derive(Debug, Clone)]
pub(super) enum Slot {
    Column(usize),
    Path(Path),
}

/// A value as it was found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found<'a> {
    Cell(&'a str),
    Json(&'a Value),
}

impl Slot {
    /// Finds the values of a record that say something, lists taken apart.
    pub(super) fn find<'a>(&self, item: &Parsed<'a>, found: &mut Vec<Found<'a>>) {
        match (self, item) {
            (Slot::Column(at), Parsed::Row(row)) => {
                let cell = cell(row, *at);
                if !crate::ingest::text::is_nothing(cell) {
                    found.push(Found::Cell(cell));
                }
            }
            (Slot::Path(path), Parsed::Json(value)) => {
                for value in path.of(value) {
                    match value {
                        Value::Array(items) => {
                            found.extend(items.iter().filter(|item| says(item)).map(Found::Json));
                        }
                        value if says(value) => found.push(Found::Json(value)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn cell(row: &StringRecord, at: usize) -> &str {
    row.get(at).unwrap_or_default()
}

fn says(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !crate::ingest::text::is_nothing(text),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    }
}

impl<'a> Found<'a> {
    /// Its words: of an object those that name it.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Found::Cell(cell) => Some(Cow::Borrowed(cell)),
            Found::Json(value) => words_of(value, 0),
        }
    }

    pub(super) fn json(self) -> Value {
        match self {
            Found::Cell(cell) => Value::String(cell.to_owned()),
            Found::Json(value) => value.clone(),
        }
    }
}

/// Keys under which an object says what it is called.
const NAMING: &[&str] = &[
    "name",
    "label",
    "title",
    "text",
    "value",
    "displayName",
    "display_name",
];

fn words_of(value: &Value, depth: usize) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => {
            (!crate::ingest::text::is_nothing(text)).then_some(Cow::Borrowed(text.as_str()))
        }
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Object(fields) if depth < 3 => NAMING.iter().find_map(|key| {
            fields
                .get(*key)
                .and_then(|value| words_of(value, depth + 1))
        }),
        Value::Array(items) if depth < 3 => {
            let words: Vec<_> = items
                .iter()
                .filter_map(|item| words_of(item, depth + 1))
                .collect();
            (!words.is_empty()).then(|| Cow::Owned(words.join(", ")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &[Value]) {
        let value = json!({"a": {"b": [{"c": 1}, {"c": [2, 3]}]}, "x/y": true, "^": {"name": "N"}});
        let found: Vec<Value> = Path::new(path).of(&value).into_iter().cloned().collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_pointer_leads_through_objects_and_lists() {
        check("/a/b/*/c", &[json!(1), json!([2, 3])]);
        check("/a/b/1/c/0", &[json!(2)]);
        check("/x~1y", &[json!(true)]);
        check("x/y", &[json!(true)]);
        check("^/name", &[json!("N")]);
        check("/a/none", &[]);
    }
}
