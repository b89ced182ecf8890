//! A small checker of JSON Schema, for the words that `schema/` uses.
//!
//! It is stricter than the standard in one point: a field that no schema
//! declares is an error, so that nothing new goes out undescribed.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{project, text_of};

/// Every schema of the project by its path below `schema/`.
fn schemas() -> &'static BTreeMap<String, Value> {
    static SCHEMAS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let mut paths = vec!["posting.schema.json".to_owned()];
        for entry in std::fs::read_dir(project("schema/output")).unwrap() {
            paths.push(format!(
                "output/{}",
                entry.unwrap().file_name().into_string().unwrap()
            ));
        }
        let parsed = |path: String| {
            let schema = serde_json::from_str(&text_of(&format!("schema/{path}")));
            let schema = schema.unwrap_or_else(|error| panic!("schema/{path}: {error}"));
            (path, schema)
        };
        paths.into_iter().map(parsed).collect()
    })
}

/// A schema and the file it stands in.
#[derive(Clone, Copy)]
struct At<'a> {
    file: &'a str,
    schema: &'a Value,
}

/// Everything in which a value is not as a schema (`output/search.json`) says.
pub(crate) fn faults(schema: &str, value: &Value) -> Vec<String> {
    let at = resolve(
        At {
            file: "",
            schema: &Value::Null,
        },
        schema,
    );
    let mut faults = Vec::new();
    check(at, value, "$", true, &mut faults);
    faults
}

/// Fails unless a value is as a schema says.
#[track_caller]
pub(crate) fn assert_valid(schema: &str, value: &Value) {
    let faults = faults(schema, value);
    assert!(
        faults.is_empty(),
        "not as schema/{schema} says:\n{}",
        faults.join("\n")
    );
}

fn resolve<'a>(at: At<'a>, reference: &str) -> At<'a> {
    let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    let path = match path {
        "" => at.file.to_owned(),
        above if above.starts_with("../") => above[3..].to_owned(),
        beside => at
            .file
            .rsplit_once('/')
            .map_or(beside.to_owned(), |(folder, _)| {
                format!("{folder}/{beside}")
            }),
    };
    let (file, root) = schemas()
        .get_key_value(&path)
        .unwrap_or_else(|| panic!("{reference} in {}", at.file));
    let schema = root
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{reference} in {}", at.file));
    At { file, schema }
}

fn is_of_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => {
            value.is_u64()
                || value.is_i64()
                || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        other => panic!("no such type: {other}"),
    }
}

/// The fields a schema declares, those of all its parts included; `None` if any may stand.
fn declared<'a>(at: At<'a>) -> Option<Vec<&'a str>> {
    let mut names: Vec<&str> = at
        .schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut is_known = !names.is_empty();
    let refers = at
        .schema
        .get("$ref")
        .and_then(Value::as_str)
        .map(|to| resolve(at, to));
    let parts = at
        .schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|schema| At { schema, ..at });
    for part in refers.into_iter().chain(parts) {
        if let Some(more) = declared(part) {
            is_known = true;
            names.extend(more);
        }
    }
    (is_known
        && at
            .schema
            .get("additionalProperties")
            .is_none_or(|more| more == &Value::Bool(false)))
    .then_some(names)
}

fn check(at: At<'_>, value: &Value, path: &str, is_whole: bool, faults: &mut Vec<String>) {
    let Value::Object(words) = at.schema else {
        if at.schema == &Value::Bool(false) {
            faults.push(format!("{path} may not stand here"));
        }
        return;
    };
    if let (true, Some(fields), Some(declared)) = (is_whole, value.as_object(), declared(at)) {
        let unknown = fields
            .keys()
            .filter(|name| !declared.contains(&name.as_str()));
        faults.extend(unknown.map(|name| format!("{path}.{name} is not described")));
    }
    for (word, said) in words {
        match word.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "format" | "examples" => {}
            "type" => {
                let names: Vec<&str> = match said {
                    Value::Array(names) => {
                        names.iter().map(|name| name.as_str().unwrap()).collect()
                    }
                    name => vec![name.as_str().unwrap()],
                };
                if !names.iter().any(|name| is_of_type(name, value)) {
                    faults.push(format!("{path} is {value}, not {}", names.join(" or ")));
                }
            }
            "properties" => {
                for (name, schema) in said.as_object().unwrap() {
                    if let Some(inside) = value.get(name) {
                        check(
                            At { schema, ..at },
                            inside,
                            &format!("{path}.{name}"),
                            true,
                            faults,
                        );
                    }
                }
            }
            "required" => {
                let missing = said
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|name| name.as_str().unwrap());
                let missing = missing.filter(|name| value.is_object() && value.get(name).is_none());
                faults.extend(missing.map(|name| format!("{path}.{name} is missing")));
            }
            "additionalProperties" => {
                let known = words.get("properties").and_then(Value::as_object);
                for (name, inside) in value.as_object().into_iter().flatten() {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        check(
                            At { schema: said, ..at },
                            inside,
                            &format!("{path}.{name}"),
                            true,
                            faults,
                        );
                    }
                }
            }
            "items" => {
                for (number, inside) in value.as_array().into_iter().flatten().enumerate() {
                    check(
                        At { schema: said, ..at },
                        inside,
                        &format!("{path}[{number}]"),
                        true,
                        faults,
                    );
                }
            }
            "minItems" | "maxItems" => {
                let (n, said) = (
                    value.as_array().map_or(0, Vec::len) as u64,
                    said.as_u64().unwrap(),
                );
                if value.is_array()
                    && (if word == "minItems" {
                        n < said
                    } else {
                        n > said
                    })
                {
                    faults.push(format!("{path} has {n} items"));
                }
            }
            "minLength" => {
                if value
                    .as_str()
                    .is_some_and(|text| (text.chars().count() as u64) < said.as_u64().unwrap())
                {
                    faults.push(format!("{path} is too short"));
                }
            }
            "minimum" | "maximum" | "exclusiveMinimum" => {
                let said = said.as_f64().unwrap();
                let is_outside = |number: f64| match word.as_str() {
                    "minimum" => number < said,
                    "maximum" => number > said,
                    _ => number <= said,
                };
                if value.as_f64().is_some_and(is_outside) {
                    faults.push(format!("{path} is {value}"));
                }
            }
            "enum" => {
                if !said.as_array().unwrap().contains(value) {
                    faults.push(format!("{path} is {value}, none of {said}"));
                }
            }
            "const" => {
                if said != value {
                    faults.push(format!("{path} is {value}, not {said}"));
                }
            }
            "$ref" => check(
                resolve(at, said.as_str().unwrap()),
                value,
                path,
                false,
                faults,
            ),
            "allOf" => {
                for schema in said.as_array().unwrap() {
                    check(At { schema, ..at }, value, path, false, faults);
                }
            }
            "anyOf" => {
                let fits = |schema: &Value| {
                    let mut inside = Vec::new();
                    check(At { schema, ..at }, value, path, true, &mut inside);
                    inside.is_empty()
                };
                if !said.as_array().unwrap().iter().any(fits) {
                    faults.push(format!("{path} is {value}, none of the shapes there are"));
                }
            }
            other => panic!("{}: the checker does not know `{other}`", at.file),
        }
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let card: Value = serde_json::json!({"adverts": "many", "extra": 1});
    let faults = faults("output/card.json", &card);
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("$.extra is not described")),
        "{faults:?}"
    );
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("$.groups is missing")),
        "{faults:?}"
    );
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("$.adverts is \"many\"")),
        "{faults:?}"
    );
}
