//! The formats that are read: a TOML profile where a format is a table of paths,
//! a small file of its own where it is more; here is the list of them and how
//! one is chosen.

mod adzuna;
mod ashby;
mod auto;
mod documents;
mod events;
mod feeds;
mod greenhouse;
mod himalayas;
mod hn;
mod hn_tables;
mod jobspy;
mod jsonld;
mod justjoin;
mod lever;
mod native;
mod profile;
mod recruitee;
mod remoteok;
mod usajobs;
mod zh_hiring;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::mapping::{Kind, Mapping, MappingError};
use super::record::{Context, Parsed, Record, utf8};
use super::{Item, RecordError, satellites};
use crate::posting::Posting;
use profile::Profile;

/// What a format is known by: the beginning of a file.
#[derive(Debug)]
pub(super) enum Sample {
    /// A table's column names.
    Table(Vec<String>),
    /// The first records of a list or of lines, or a whole document.
    Json(Vec<Value>),
}

impl Sample {
    /// A table's columns.
    pub(super) fn header(&self) -> Option<&[String]> {
        match self {
            Sample::Table(header) => Some(header),
            Sample::Json(_) => None,
        }
    }

    /// The columns, or the keys of the first records.
    pub(super) fn names(&self, mapping: &Mapping) -> Vec<String> {
        match self {
            Sample::Table(header) => header.clone(),
            Sample::Json(examples) => {
                let items = examples.first().cloned().map(|first| mapping.unpack(first));
                let items = items.into_iter().flatten().take(50);
                super::mapping::keys(&items.collect::<Vec<_>>())
            }
        }
    }
}

/// One input format.
pub(super) trait Format: Send + Sync {
    /// Its name, as `--input-format` takes it.
    fn name(&self) -> &'static str;

    /// Whether the beginning of a file is of this format.
    fn fits(&self, sample: &Sample) -> bool;

    /// Where the fields stand, for a format that is a table of paths; it is
    /// bound to the columns of the file once and lies in the [`Context`].
    fn mapping(&self, _sample: &Sample) -> Option<Cow<'_, Mapping>> {
        None
    }

    /// The records within a JSON document, for a format without a mapping.
    fn unpack(&self, document: Value) -> Vec<Value> {
        vec![document]
    }

    /// The thread that all records of a file stand in.
    fn thread(&self, _sample: &Sample) -> Option<String> {
        None
    }

    /// The source of postings that name none, given the file's own name.
    fn source(&self, _stem: Option<String>) -> Option<String> {
        None
    }

    /// The board that a file is called after.
    fn board(&self, _context: &Context) -> Option<String> {
        None
    }

    /// Whether it wants a JSON record as bytes.
    fn reads_bytes(&self) -> bool {
        false
    }

    /// Whether it goes by column names that may mean something else.
    fn is_guessing(&self) -> bool {
        false
    }

    /// A record that says what became of a posting: that it has changed or is gone.
    ///
    /// # Errors
    /// As [`Format::posting`].
    fn event(&self, _record: Record<'_>, _context: &Context) -> Result<Option<Item>, RecordError> {
        Ok(None)
    }

    /// Whether it wants the row of a table as an object with the columns for keys.
    fn wants_objects(&self) -> bool {
        false
    }

    /// Whether tables beside the file may say more of its postings.
    fn has_satellites(&self) -> bool {
        false
    }

    /// Reads one record.
    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError>;
}

/// A format that is read; the list is [`Reader::all`].
#[derive(Clone)]
pub struct Reader(Arc<dyn Format>);

/// Every format, in the order in which they are tried.
static ALL: LazyLock<Vec<Reader>> = LazyLock::new(|| {
    let mut all = vec![Reader::of(native::Native)];
    all.extend(profile::built_in().into_iter().map(Reader::of));
    all.extend(documents::all());
    all.extend([
        Reader::of(hn::BigQuery),
        Reader::of(hn::Page),
        Reader::of(hn::Monthly),
        Reader::of(hn::Algolia),
        Reader::of(hn::Firebase),
        Reader::of(auto::Auto),
    ]);
    all
});

impl Reader {
    fn of(format: impl Format + 'static) -> Reader {
        Reader(Arc::new(format))
    }

    /// Every reader, in the order in which they are tried.
    pub fn all() -> &'static [Reader] {
        &ALL
    }

    /// Its name, as `--input-format` takes it.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// The reader of a name.
    pub fn from_name(name: &str) -> Option<Reader> {
        Reader::all()
            .iter()
            .find(|reader| reader.name() == name)
            .cloned()
    }

    /// A reader by a mapping file (TOML; its keys are those of the example in the README).
    ///
    /// # Errors
    /// [`MappingError`] if it cannot be read, with the line at fault.
    pub fn from_mapping(path: &Path) -> Result<Reader, MappingError> {
        Ok(Reader::of(Profile::of_mapping(Mapping::read(path)?)))
    }

    /// The first reader that the beginning of a file fits.
    ///
    /// # Errors
    /// A sentence on why none does.
    pub(super) fn choose(sample: &Sample) -> Result<Reader, String> {
        if let Some(reader) = Reader::all().iter().find(|reader| reader.0.fits(sample)) {
            return Ok(reader.clone());
        }
        Err(match sample {
            Sample::Table(header) => match satellites::belongs(header) {
                Some(what) => what.to_owned(),
                None => format!(
                    "no column is a title or a description: {}",
                    header.join(", ")
                ),
            },
            Sample::Json(examples) => match examples.iter().find_map(Value::as_object) {
                None => "JSON without a single readable object".to_owned(),
                Some(fields) => {
                    let keys: Vec<&str> = fields.keys().map(String::as_str).collect();
                    format!(
                        "JSON of no known format, and no field is a title or a description: {}",
                        keys.join(", ")
                    )
                }
            },
        })
    }

    /// The delimiter that a mapping file names.
    pub(super) fn delimiter(&self) -> Option<u8> {
        self.0.mapping(&Sample::Json(Vec::new()))?.delimiter
    }

    /// Whether the records of a list within a document can be read one by one.
    pub(super) fn streams(&self, sample: &Sample, around: Option<&Value>) -> bool {
        self.0
            .mapping(sample)
            .is_some_and(|mapping| mapping.streams(around))
    }

    /// Whether it reads such files at all.
    ///
    /// # Errors
    /// A sentence on why it does not.
    pub(super) fn reads(&self, sample: &Sample) -> Result<(), String> {
        let kind = self.0.mapping(sample).and_then(|mapping| mapping.kind);
        match (sample, kind) {
            (Sample::Table(_), Some(Kind::Json | Kind::Jsonl)) => {
                Err(format!("a table, and `{}` reads JSON", self.name()))
            }
            (Sample::Json(_), Some(Kind::Csv)) => {
                Err(format!("JSON, and `{}` reads tables", self.name()))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn mapping(&self, sample: &Sample) -> Option<Cow<'_, Mapping>> {
        self.0.mapping(sample)
    }

    pub(super) fn unpack(&self, document: Value) -> Vec<Value> {
        self.0.unpack(document)
    }

    pub(super) fn thread(&self, sample: &Sample) -> Option<String> {
        self.0.thread(sample)
    }

    pub(super) fn source(&self, stem: Option<String>) -> Option<String> {
        self.0.source(stem)
    }

    pub(super) fn board(&self, context: &Context) -> Option<String> {
        self.0.board(context)
    }

    pub(super) fn reads_bytes(&self) -> bool {
        self.0.reads_bytes()
    }

    pub(super) fn is_guessing(&self) -> bool {
        self.0.is_guessing()
    }

    pub(super) fn has_satellites(&self) -> bool {
        self.0.has_satellites()
    }

    pub(super) fn event(
        &self,
        record: Record<'_>,
        context: &Context,
    ) -> Result<Option<Item>, RecordError> {
        self.0.event(record, context)
    }

    pub(super) fn posting(
        &self,
        record: Record<'_>,
        context: &Context,
    ) -> Result<Posting, RecordError> {
        self.0.posting(record, context)
    }

    pub(super) fn wants_objects(&self) -> bool {
        self.0.wants_objects()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reader({})", self.name())
    }
}

impl PartialEq for Reader {
    fn eq(&self, other: &Reader) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Reader {}

/// Hands a record on as a JSON object; for formats that are no tables.
fn object<T>(
    record: Record<'_>,
    format: &dyn Format,
    read: impl FnOnce(&Value) -> Result<T, RecordError>,
) -> Result<T, RecordError> {
    match record {
        Record::Row(_) => Err(RecordError::Syntax(format!(
            "a row of a table, which `{}` does not read",
            format.name()
        ))),
        Record::Value(value) if value.is_object() => read(value),
        Record::Value(_) => Err(RecordError::Syntax("not an object".to_owned())),
        Record::Json(bytes) => {
            let value = serde_json::from_str::<Value>(&utf8(bytes))
                .map_err(|error| RecordError::Syntax(error.to_string()))?;
            object(Record::Value(&value), format, read)
        }
    }
}

/// Hands a record on as a row or a JSON object.
fn item<T>(
    record: Record<'_>,
    format: &dyn Format,
    read: impl FnOnce(Parsed<'_>) -> Result<T, RecordError>,
) -> Result<T, RecordError> {
    match record {
        Record::Row(row) if row.iter().all(|cell| cell.trim().is_empty()) => {
            Err(RecordError::NotAPosting("a row of delimiters"))
        }
        Record::Row(row) => read(Parsed::Row(row)),
        record => object(record, format, |value| read(Parsed::Json(value))),
    }
}
