//! One file a format; here is the list of them and how one is chosen.

mod auto;
mod hn;
mod native;

use serde_json::Value;

use super::RecordError;
use super::record::{Columns, Context, Record, utf8};
use crate::posting::Posting;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reader {
    /// One normal posting a line, as `export` writes it.
    Native,
    /// Saved months of the forum thread "Who is hiring?".
    HnMonthly,
    /// Algolia's tree of a thread, or its search answers.
    HnAlgolia,
    /// Items of the forum's own Firebase API.
    HnFirebase,
    /// Any table or flat JSON whose columns can be guessed.
    Auto,
}

impl Reader {
    /// Every reader, in the order in which they are tried.
    pub const ALL: &[Reader] = &[
        Reader::Native,
        Reader::HnMonthly,
        Reader::HnAlgolia,
        Reader::HnFirebase,
        Reader::Auto,
    ];

    /// Its name, as `--input-format` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Reader::Native => "native",
            Reader::HnMonthly => "hn-monthly",
            Reader::HnAlgolia => "hn-algolia",
            Reader::HnFirebase => "hn-firebase",
            Reader::Auto => "auto",
        }
    }

    /// The reader of a name.
    pub fn from_name(name: &str) -> Option<Reader> {
        Reader::ALL
            .iter()
            .copied()
            .find(|reader| reader.name() == name)
    }

    /// The first reader that an example record or a table's columns fit.
    ///
    /// # Errors
    /// A sentence on why none does.
    pub(super) fn choose(
        example: Option<&Value>,
        columns: Option<&Columns>,
    ) -> Result<Reader, String> {
        if let Some(columns) = columns {
            return match columns.has_text() {
                true => Ok(Reader::Auto),
                false => Err(format!(
                    "no column is a title or a description: {}",
                    columns.names().join(", ")
                )),
            };
        }
        let Some(example) = example else {
            return Err("JSON without a single readable object".to_owned());
        };
        let fits = Reader::ALL
            .iter()
            .copied()
            .find(|reader| reader.fits(example));
        fits.ok_or_else(|| {
            let keys: Vec<&str> = example
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, _)| key.as_str())
                .collect();
            format!(
                "JSON of no known format, and no field is a title or a description: {}",
                keys.join(", ")
            )
        })
    }

    fn fits(self, value: &Value) -> bool {
        let has = |key: &str| value.get(key).is_some();
        match self {
            Reader::Native => {
                has("source")
                    && (has("description_text") || has("description_html") || has("title"))
            }
            Reader::HnMonthly => has("full_html") && has("url"),
            Reader::HnAlgolia => {
                let is_list = |key: &str| value.get(key).is_some_and(Value::is_array);
                (is_list("children") && has("created_at_i"))
                    || (is_list("hits") && !has("jobs"))
                    || has("comment_text")
            }
            Reader::HnFirebase => {
                has("time") && has("type") && (has("kids") || has("parent") || has("by"))
            }
            Reader::Auto => {
                let keys: Vec<String> = value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(key, _)| key.clone())
                    .collect();
                Columns::guess(&keys).has_text()
            }
        }
    }

    /// The records within one JSON document.
    pub(super) fn records(self, document: Value) -> Vec<Value> {
        match self {
            Reader::HnAlgolia => hn::algolia_records(document),
            _ => vec![document],
        }
    }

    /// The thread that all records of a file stand in, told from an example.
    pub(super) fn thread(self, example: &Value) -> Option<String> {
        match self {
            Reader::HnAlgolia | Reader::HnFirebase => hn::thread(example),
            _ => None,
        }
    }

    /// Reads one record.
    pub(super) fn posting(
        self,
        record: Record<'_>,
        context: &Context,
    ) -> Result<Posting, RecordError> {
        let parsed;
        let value = match (self, record) {
            (Reader::Native, Record::Json(bytes)) => return native::posting(&utf8(bytes)),
            (Reader::Native, Record::Value(value)) => return native::posting(&value.to_string()),
            (Reader::Auto, Record::Row(row)) => return auto::posting(row, context),
            (_, Record::Row(_)) => {
                return Err(RecordError::Syntax(format!(
                    "a row of a table, which `{}` does not read",
                    self.name()
                )));
            }
            (_, Record::Value(value)) => value,
            (_, Record::Json(bytes)) => {
                parsed = serde_json::from_str::<Value>(&utf8(bytes))
                    .map_err(|error| RecordError::Syntax(error.to_string()))?;
                &parsed
            }
        };
        if !value.is_object() {
            return Err(RecordError::Syntax("not an object".to_owned()));
        }
        match self {
            Reader::Native => native::posting(&value.to_string()),
            Reader::HnMonthly => hn::monthly(value, context),
            Reader::HnAlgolia => hn::algolia(value, context),
            Reader::HnFirebase => hn::firebase(value, context),
            Reader::Auto => auto::posting(value, context),
        }
    }
}
