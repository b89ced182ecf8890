//! One record into one posting: what all readers share before and after the
//! format's own table of fields.

use std::borrow::Cow;
use std::path::Path;

use csv::StringRecord;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::inputs::stem;
use super::mapping::{self, Bound, Mapping, MappingError};
use super::readers::Sample;
use super::satellites::Satellites;
use super::text::{line, normalise_words};
use super::{
    Item, MAX_ID_BYTES, MAX_TEXT_BYTES, MAX_VALUES, Options, Reader, RecordError, encoding, json,
};
use crate::fields::dates;
use crate::posting::{Location, Origin, Posting};

/// What a reader knows beside the record.
#[derive(Debug)]
pub(super) struct Context {
    /// The file as given on the command line.
    pub(super) file: String,
    /// Its name without folders and endings.
    pub(super) stem: String,
    pub(super) reader: Reader,
    mapping: Option<Mapping>,
    /// Where each field stands, for formats that are tables of paths.
    pub(super) bound: Option<Bound>,
    /// The forum thread all records stand in, where the format has one.
    pub(super) thread: Option<String>,
    /// What the whole file is written in, where that is known.
    pub(super) encoding: Option<&'static str>,
    /// What stood around the list of records, where that is cut piece by piece.
    pub(super) envelope: Option<Value>,
    /// What lies beside the file, for formats that come in several tables.
    pub(super) satellites: Satellites,
    guess: Option<ColumnGuess>,
    /// A table's columns.
    header: Vec<String>,
    options: Options,
}

/// A record as the container gives it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Record<'a> {
    Json(&'a [u8]),
    Value(&'a Value),
    Row(&'a StringRecord),
}

/// A record that has been parsed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parsed<'a> {
    Json(&'a Value),
    Row(&'a StringRecord),
}

impl<'a> Parsed<'a> {
    /// The record as JSON; `Null` for a row of a table.
    pub(super) fn json(self) -> &'a Value {
        match self {
            Parsed::Json(value) => value,
            Parsed::Row(_) => &Value::Null,
        }
    }
}

/// What the columns of a table, or the keys of its objects, were taken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Column name and the normal field it fills.
    pub mapped: Vec<(String, &'static str)>,
    /// Columns that fill no field.
    pub unmapped: Vec<String>,
}

impl Context {
    pub(super) fn new(
        file: &str,
        reader: Reader,
        sample: &Sample,
        around: Option<&Value>,
        options: &Options,
    ) -> Result<Context, MappingError> {
        let stem = stem(Path::new(file));
        let mut mapping = reader.mapping(sample).map(Cow::into_owned);
        if let (Some(mapping), Sample::Json(examples), true) =
            (&mut mapping, sample, reader.is_guessing())
        {
            let items: Vec<Value> = examples
                .iter()
                .flat_map(|example| mapping.unpack(example.clone()))
                .collect();
            let names = mapping::keys(&items);
            mapping.take_flags(&names, |key| mapping::json_cells(&items, key));
        }
        let bound = mapping
            .as_ref()
            .map(|mapping| mapping.bind(sample.header()))
            .transpose()?;
        let guess = mapping
            .as_ref()
            .map(|mapping| shown(mapping, &sample.names(mapping)));
        let thread = reader.thread(sample);
        let envelope = match (&mapping, around) {
            (Some(mapping), Some(around)) => mapping.envelope(around),
            _ => None,
        };
        Ok(Context {
            file: file.to_owned(),
            stem,
            reader,
            mapping,
            bound,
            thread,
            encoding: None,
            envelope,
            satellites: Satellites::default(),
            guess,
            header: sample.header().map(<[String]>::to_vec).unwrap_or_default(),
            options: options.clone(),
        })
    }

    /// Finds out from a table's first rows what its header does not say: what
    /// rows that are read as objects stand in, and which columns are flags.
    ///
    /// # Errors
    /// As [`Mapping::bind`].
    pub(super) fn look_at(&mut self, rows: &[StringRecord]) -> Result<(), MappingError> {
        if self.reader.wants_objects() {
            let objects = rows.iter().map(|row| self.object(row)).collect();
            self.thread = self.reader.thread(&Sample::Json(objects));
        }
        if let Some(mapping) = self.mapping.as_mut().filter(|_| self.reader.is_guessing()) {
            let header = &self.header;
            mapping.take_flags(header, |name| {
                let at = header.iter().position(|column| column == name);
                let cells = rows.iter().filter_map(|row| row.get(at?));
                let said = cells.filter(|cell| !cell.trim().is_empty());
                said.map(str::to_owned).collect()
            });
            self.bound = Some(mapping.bind(Some(header))?);
            self.guess = Some(shown(mapping, header));
        }
        Ok(())
    }

    /// A row with the columns for keys.
    fn object(&self, row: &StringRecord) -> Value {
        let cells = self
            .header
            .iter()
            .zip(row)
            .filter(|(_, cell)| !cell.is_empty());
        Value::Object(
            cells
                .map(|(name, cell)| (name.clone(), cell.into()))
                .collect(),
        )
    }

    /// The source a person has named, or else one of the format's own.
    pub(super) fn source_or<'s>(&'s self, own: &'s str) -> &'s str {
        self.options.source.as_deref().unwrap_or(own)
    }

    /// The source and board that the file is called after, where its format has
    /// files so.
    pub(super) fn board(&self) -> Option<(String, String)> {
        let own = self.reader.source(None);
        let own = own.unwrap_or_else(|| self.reader.name().to_owned());
        let board = self.reader.board(self)?;
        Some((self.source_or(&own).to_owned(), board))
    }

    /// What the columns were taken for, where that was guessed.
    pub(super) fn guess(&self) -> Option<ColumnGuess> {
        self.guess.clone().filter(|_| self.reader.is_guessing())
    }

    /// Reads what a container calls a record, which may hold several; `encoding`
    /// is what its bytes were written in, where the container has found that out.
    pub(super) fn items(
        &self,
        number: u64,
        record: Record<'_>,
        encoding: Option<&'static str>,
    ) -> Vec<Result<Item, RecordError>> {
        let encoding = self.encoding.or(encoding);
        match record {
            Record::Json(bytes) => {
                let is_utf8 = std::str::from_utf8(bytes).is_ok();
                let encoding = encoding.unwrap_or(if is_utf8 { "utf-8" } else { "windows-1252" });
                let text = utf8(bytes);
                if self.reader.reads_bytes() {
                    return vec![match encoding::mended(&text) {
                        Some(better) => {
                            self.item(number, Record::Json(better.as_bytes()), encoding::MENDED)
                        }
                        None => self.item(number, record, encoding),
                    }];
                }
                let n_values = n_values(&text);
                if n_values > MAX_VALUES {
                    return vec![Err(RecordError::ManyValues(n_values))];
                }
                match json::parse(&text) {
                    Err(error) => vec![Err(RecordError::Syntax(error.to_string()))],
                    Ok(value) => {
                        let values = self.unpack(unwrapped(value)).into_iter();
                        values
                            .map(|value| self.value(number, value, encoding))
                            .collect()
                    }
                }
            }
            Record::Value(value) => {
                vec![self.value(number, value.clone(), encoding.unwrap_or("utf-8"))]
            }
            Record::Row(row) => {
                let encoding = encoding.unwrap_or("utf-8");
                let better: Vec<Option<String>> = row.iter().map(encoding::mended).collect();
                if better.iter().all(Option::is_none) {
                    return vec![self.item(number, Record::Row(row), encoding)];
                }
                let cells = row.iter().zip(&better);
                let row: StringRecord = cells
                    .map(|(cell, better)| better.as_deref().unwrap_or(cell))
                    .collect();
                vec![self.item(number, Record::Row(&row), encoding::MENDED)]
            }
        }
    }

    fn value(
        &self,
        number: u64,
        mut value: Value,
        encoding: &'static str,
    ) -> Result<Item, RecordError> {
        let is_mended = encoding::mend(&mut value);
        let encoding = if is_mended {
            encoding::MENDED
        } else {
            encoding
        };
        self.item(number, Record::Value(&value), encoding)
    }

    /// The records within a JSON value.
    pub(super) fn unpack(&self, value: Value) -> Vec<Value> {
        let items = match &self.mapping {
            Some(mapping) => mapping.unpack(value),
            None => self.reader.unpack(value),
        };
        let around = self.envelope.as_ref();
        items
            .into_iter()
            .map(|item| mapping::with_envelope(item, around))
            .collect()
    }

    /// Reads one record.
    fn item(
        &self,
        number: u64,
        record: Record<'_>,
        encoding: &'static str,
    ) -> Result<Item, RecordError> {
        let object;
        let record = match record {
            Record::Row(row) if self.reader.wants_objects() => {
                object = self.object(row);
                Record::Value(&object)
            }
            record => record,
        };
        if let Some(event) = self.reader.event(record, self)? {
            return Ok(event);
        }
        let posting = self.reader.posting(record, self)?;
        let posting = self.settled(posting, number, encoding)?;
        Ok(Item::Posting(Box::new(posting)))
    }

    /// Settles what every posting has: id, source, origin, a plausible date,
    /// something to search in.
    fn settled(
        &self,
        mut posting: Posting,
        number: u64,
        encoding: &'static str,
    ) -> Result<Posting, RecordError> {
        posting.title = posting.title.as_deref().and_then(line);
        posting.company = posting.company.as_deref().and_then(line);
        if posting.title.is_none() && posting.description_text.is_none() {
            return Err(RecordError::Empty);
        }
        let n_bytes = read_bytes(&posting);
        if n_bytes > MAX_TEXT_BYTES {
            return Err(RecordError::LongText(n_bytes));
        }
        for (field, date) in [
            ("posted_at", posting.posted_at),
            ("updated_at", posting.updated_at),
        ] {
            if let Some(date) = date.filter(|date| !dates::plausible(*date, self.options.now)) {
                return Err(RecordError::Value {
                    field,
                    value: date.to_string(),
                    expected: "plausible date",
                });
            }
        }
        if posting.source.is_empty() {
            let stem = match self.stem.as_str() {
                "" | "-" => None,
                stem => Some(slug(stem)).filter(|slug| !slug.is_empty()),
            };
            posting.source = match &self.options.source {
                Some(source) => source.clone(),
                None => self
                    .reader
                    .source(stem)
                    .unwrap_or_else(|| self.reader.name().to_owned()),
            };
        }
        if posting.id.is_empty() {
            posting.id = made_id(&posting);
        }
        // A source is part of most ids, and looked up like them.
        let longest = posting.id.len().max(posting.source.len());
        if longest > MAX_ID_BYTES {
            return Err(RecordError::LongId(longest));
        }
        posting.origin = Some(Origin {
            file: self.file.clone(),
            record: number,
            reader: self.reader.name().to_owned(),
            encoding: (encoding != "utf-8").then(|| encoding.to_owned()),
        });
        Ok(posting)
    }
}

/// Bytes of all that something is read out of.
fn read_bytes(posting: &Posting) -> usize {
    let strings = [
        &posting.title,
        &posting.company,
        &posting.employment_raw,
        &posting.description_text,
    ];
    let strings = strings.into_iter().flatten();
    let places = posting.locations.iter().map(|place| &place.raw);
    let skills = posting.skills_raw.iter().map(|skill| &skill.text);
    strings.chain(places).chain(skills).map(String::len).sum()
}

/// About how many values a text of JSON holds, and no fewer; 0 where it is too short for many.
fn n_values(text: &str) -> usize {
    if text.len() <= MAX_VALUES {
        return 0;
    }
    text.bytes().filter(|byte| *byte == b',').count() + 1
}

fn shown(mapping: &Mapping, names: &[String]) -> ColumnGuess {
    let mapped = mapping.mapped();
    let is_mapped = |name: &String| mapped.iter().any(|(column, _)| column == name);
    ColumnGuess {
        unmapped: names
            .iter()
            .filter(|name| !is_mapped(name))
            .cloned()
            .collect(),
        mapped: mapped
            .into_iter()
            .map(|(column, field)| (column, field.name()))
            .collect(),
    }
}

/// The answer inside a saved `{"url", "fetched_at", "body"}`.
pub(super) fn unwrapped(value: Value) -> Value {
    let Value::Object(mut fields) = value else {
        return value;
    };
    if !(fields.contains_key("url") && fields.contains_key("fetched_at")) {
        return Value::Object(fields);
    }
    match fields.get("body") {
        Some(Value::Object(_) | Value::Array(_)) => fields.remove("body").unwrap_or_default(),
        Some(Value::String(text)) if text.trim_start().starts_with(['{', '[']) => {
            json::parse(text).unwrap_or(Value::Object(fields))
        }
        _ => Value::Object(fields),
    }
}

/// `source:board:native_id`, or `source:h:` and a hash of what tells postings
/// apart where there is no native id: employer, title, places, and the address or
/// the beginning of the text.
fn made_id(posting: &Posting) -> String {
    let source = &posting.source;
    match (&posting.native_id, &posting.board) {
        (Some(native), Some(board)) => format!("{source}:{board}:{native}"),
        (Some(native), None) => format!("{source}:{native}"),
        (None, _) => {
            let mut key = String::new();
            let places = posting
                .locations
                .iter()
                .map(|place: &Location| place.raw.as_str());
            let text: String = posting
                .description_text
                .iter()
                .flat_map(|text| text.chars().take(400))
                .collect();
            let last = posting.url.as_deref().unwrap_or(&text);
            let parts = [posting.company.as_deref(), posting.title.as_deref()]
                .into_iter()
                .flatten()
                .chain(places);
            for part in parts.chain([last]) {
                key.push_str(&normalise_words(part));
                key.push('\u{1f}');
            }
            format!("{source}:h:{:032x}", xxh3_128(key.as_bytes()))
        }
    }
}

fn slug(text: &str) -> String {
    normalise_words(text).replace(' ', "-")
}

/// Bytes as text: UTF-8, or Windows-1252 for a record that is not.
pub(super) fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(utf8(b"caf\xe9 \x93x\x94"), "café “x”");
    }
}
