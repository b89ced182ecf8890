//! Rows of a Parquet file as records: objects with the columns for keys.

use std::collections::VecDeque;
use std::fs::File;

use serde_json::{Map, Value};

use crate::columnar::Records;
use crate::ingest::RecordError;
use crate::ingest::sniff::EXAMPLES;

/// A file, being cut into chunks of rows.
pub(in crate::ingest) struct RowStream {
    records: Records,
    /// Rows that were read and not yet handed out.
    ready: VecDeque<Value>,
    /// Why there are no more.
    failed: Option<String>,
    is_done: bool,
    max_record: usize,
}

impl RowStream {
    pub(in crate::ingest) fn of_file(file: File, max_record: usize) -> Result<RowStream, String> {
        let records = Records::of_file(file).map_err(|error| error.to_string())?;
        Ok(RowStream::new(records, max_record))
    }

    pub(in crate::ingest) fn of_bytes(
        bytes: Vec<u8>,
        max_record: usize,
    ) -> Result<RowStream, String> {
        let records = Records::of_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(RowStream::new(records, max_record))
    }

    fn new(records: Records, max_record: usize) -> RowStream {
        RowStream {
            records,
            ready: VecDeque::new(),
            failed: None,
            is_done: false,
            max_record,
        }
    }

    /// The first rows, with every column in the first one: what a file is goes by
    /// its columns, null or not. They are handed out all the same.
    pub(in crate::ingest) fn examples(&mut self) -> Vec<Value> {
        self.fill();
        let rows = self.ready.iter().take(EXAMPLES).cloned();
        let mut rows: Vec<Value> = rows.collect();
        let mut first = Map::new();
        for name in self.records.names() {
            first.insert(name.to_owned(), Value::Null);
        }
        match rows.first_mut() {
            Some(Value::Object(row)) => {
                first.append(row);
                *row = first;
            }
            _ => rows.push(Value::Object(first)),
        }
        rows
    }

    /// The next rows, `wanted` bytes of them or a few more. A file that is damaged
    /// ends with a rejected record.
    pub(in crate::ingest) fn cut(
        &mut self,
        wanted: usize,
    ) -> Option<(Vec<Result<Value, RecordError>>, u64)> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while bytes < wanted {
            if self.ready.is_empty() {
                self.fill();
            }
            let Some(row) = self.ready.pop_front() else {
                let failed = self.failed.take();
                rows.extend(failed.map(|why| Err(RecordError::Syntax(why))));
                break;
            };
            let length = length(&row);
            bytes += length;
            rows.push(match length > self.max_record {
                true => Err(RecordError::TooLong(length)),
                false => Ok(row),
            });
        }
        (!rows.is_empty()).then_some((rows, bytes as u64))
    }

    fn fill(&mut self) {
        if self.is_done {
            return;
        }
        match self.records.next() {
            Ok(Some(rows)) => self.ready.extend(rows),
            Ok(None) => self.is_done = true,
            Err(error) => {
                self.is_done = true;
                self.failed = Some(format!("damaged Parquet: {error}"));
            }
        }
    }
}

/// About how many bytes of text a value is.
fn length(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(length).sum(),
        Value::Object(fields) => fields.iter().map(|(_, value)| length(value)).sum(),
    }
}
