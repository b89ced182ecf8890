//! JSON text into values, with what programs write that is no JSON or says its
//! types: bare `NaN`, documents one after another, MongoDB's `{"$oid": …}`.

use std::borrow::Cow;

use serde_json::{Error, Number, Value};

use super::RecordError;

/// What Python's `json.dumps` writes for numbers that are none.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// Keys of MongoDB's extended JSON that stand alone in an object around a value.
const TYPES: [&str; 5] = [
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
];

/// One value; bare words for numbers that are none are null.
///
/// # Errors
/// That of the text as it stands.
pub(super) fn parse(text: &str) -> Result<Value, Error> {
    let mut value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => match without_bare_words(text) {
            Cow::Owned(text) => serde_json::from_str(&text).map_err(|_| error)?,
            Cow::Borrowed(_) => return Err(error),
        },
    };
    if text.contains("\"$") {
        untype(&mut value);
    }
    Ok(value)
}

/// Values one after another, up to the first that is bad, which ends them.
pub(super) fn each(text: &str) -> Vec<Result<Value, RecordError>> {
    let text = without_bare_words(text);
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    let mut found = Vec::new();
    for value in values.by_ref() {
        found.push(match value {
            Ok(mut value) => {
                untype(&mut value);
                Ok(value)
            }
            Err(error) => Err(syntax(&error)),
        });
    }
    found
}

/// Why a text is no record.
pub(super) fn syntax(error: &Error) -> RecordError {
    match error.is_eof() {
        true => RecordError::Cut,
        false => RecordError::Syntax(error.to_string()),
    }
}

/// The text with null for bare words outside its strings.
fn without_bare_words(text: &str) -> Cow<'_, str> {
    if !NO_NUMBERS.iter().any(|word| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut escaped, mut at) = (false, false, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = NO_NUMBERS.iter().find(|word| rest.starts_with(**word));
        if let (false, Some(word)) = (in_string, word) {
            out.push_str("null");
            at += word.len();
            continue;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        out.push(c);
        at += c.len_utf8();
    }
    Cow::Owned(out)
}

/// Puts the value in the place of an object that only says its type.
fn untype(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(untype),
        Value::Object(fields) => {
            fields.values_mut().for_each(untype);
            let Some((key, inner)) = fields.iter().next() else {
                return;
            };
            if fields.len() == 1 && TYPES.contains(&key.as_str()) {
                let number = inner.as_str().filter(|_| key.starts_with("$number"));
                let number = number.and_then(|text| serde_json::from_str::<Number>(text).ok());
                *value = number.map_or_else(|| inner.clone(), Value::Number);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Value) {
        assert_eq!(parse(text).unwrap(), expected, "{text}");
    }

    #[test]
    fn numbers_that_are_none_are_null_outside_strings() {
        check(
            r#"{"a":NaN,"b":[-Infinity,Infinity],"c":"\"NaN é"}"#,
            json!({"a": null, "b": [null, null], "c": "\"NaN é"}),
        );
        assert!(parse(r#"{"a":NaNa}"#).is_err());
    }

    #[test]
    fn an_object_that_only_says_a_type_is_its_value() {
        check(
            r#"{"_id":{"$oid":"5f0c"},"n":{"$numberInt":"3"},"date":{"$date":{"$numberLong":"1714521600000"}}}"#,
            json!({"_id": "5f0c", "n": 3, "date": 1714521600000i64}),
        );
        check(
            r#"{"a":{"$oid":1,"b":2}}"#,
            json!({"a": {"$oid": 1, "b": 2}}),
        );
    }

    #[test]
    fn values_come_one_after_another() {
        let found = each("{\"a\":\n1}{\"a\":NaN} {\"a\"");
        let expected = [
            Ok(json!({"a": 1})),
            Ok(json!({"a": null})),
            Err(RecordError::Cut),
        ];
        assert_eq!(found, expected);
    }
}
