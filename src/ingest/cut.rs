//! A file's text into chunks of whole records, so many bytes at a time.
//!
//! A record that is longer than its limit costs itself: where the next one begins
//! is found without keeping it. Where that cannot be told (a quote that is never
//! closed), the rest of the file is lost, and that is said.

use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use csv::StringRecord;
use serde_json::Value;

use super::json_list::{ListScanner, lines};
use super::packed::{self, is_cut};
use super::record::utf8;
use super::streams::{FeedStream, Limited, QuadStream, TOO_LONG, skip_line};
use super::{MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES, RecordError};

/// Text of a file, decompressed; UTF-16 has become UTF-8.
pub(super) type Input = Box<dyn BufRead + Send>;

/// How much is held at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Chunks are cut when they hold this many bytes: large enough that handing
    /// one over costs nothing, small enough that a few of them are no memory: a
    /// record of some bytes becomes a document of some thousand.
    pub(super) chunk: usize,
    pub(super) record: usize,
    pub(super) document: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            chunk: 1 << 17,
            record: MAX_RECORD_BYTES,
            document: MAX_DOCUMENT_BYTES,
        }
    }
}

/// Some whole records.
pub(super) enum Records {
    /// Ranges of one buffer, each with its record number.
    Json {
        buffer: Vec<u8>,
        ranges: Vec<(u64, Result<Range<usize>, RecordError>)>,
    },
    Rows(Vec<Result<Row, RecordError>>),
    Values(Vec<Result<Value, RecordError>>),
}

/// A row of a table.
pub(super) struct Row {
    pub(super) cells: StringRecord,
    /// What its bytes were written in.
    pub(super) encoding: &'static str,
}

/// What was cut off a file.
pub(super) struct Cut {
    pub(super) records: Records,
    pub(super) n: u64,
    pub(super) bytes: u64,
}

impl Cut {
    fn of_values(values: Vec<Result<Value, RecordError>>, bytes: u64) -> Cut {
        Cut {
            n: values.len() as u64,
            records: Records::Values(values),
            bytes,
        }
    }
}

/// A row behind the last one of a table. If it comes out within a cell, the quote
/// before that cell was never closed; no table has such a row itself.
const END: &[u8] = b"\n\0\x04\0\n";

/// Whether a row is [`END`].
fn is_end(row: &csv::ByteRecord) -> bool {
    row.len() == 1 && row.get(0).is_some_and(|cell| cell == END.trim_ascii())
}

/// Whether [`END`] came out within the last cell.
fn is_unclosed(row: &csv::ByteRecord) -> bool {
    let last = row.iter().next_back();
    last.is_some_and(|cell| cell.ends_with(END))
}

type Outcome = io::Result<Option<Cut>>;

/// One file, being cut.
pub(super) enum Cutter {
    Lines(LineCutter),
    List(ListCutter),
    Rows(RowCutter),
    Feed(Option<Cut>, Box<FeedStream>),
    Statements(Option<Cut>, Box<QuadStream>),
    /// Its values, and how many bytes they were.
    Document(Option<(Vec<Result<Value, RecordError>>, u64)>),
    #[cfg(feature = "parquet")]
    Columns(Box<super::streams::rows::RowStream>),
}

impl Cutter {
    pub(super) fn lines(input: Input, limits: Limits) -> Cutter {
        Cutter::Lines(LineCutter {
            input,
            carry: Vec::new(),
            line: 0,
            limits,
        })
    }

    /// A list, and those behind it.
    pub(super) fn list(input: Input, limits: Limits) -> Cutter {
        Cutter::scanned(input, ListScanner::default(), limits)
    }

    /// A list within a document.
    pub(super) fn list_within(input: Input, limits: Limits) -> Cutter {
        Cutter::scanned(input, ListScanner::within(), limits)
    }

    fn scanned(input: Input, scanner: ListScanner, limits: Limits) -> Cutter {
        Cutter::List(ListCutter {
            input,
            carry: Vec::new(),
            scanner,
            open: false,
            skipped: 0,
            done: false,
            limits,
        })
    }

    pub(super) fn rows(input: Input, delimiter: u8, limits: Limits) -> Cutter {
        let left = Arc::new(AtomicUsize::new(limits.record));
        let inner: Input = Box::new(input.chain(io::Cursor::new(END)));
        let rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Limited {
                inner,
                left: Arc::clone(&left),
            });
        Cutter::Rows(RowCutter {
            rows: Box::new(rows),
            left,
            done: false,
            limits,
        })
    }

    /// Of UTF-8; and the first records, which are not lost by looking at them.
    pub(super) fn feed(input: Input, limits: Limits) -> io::Result<Cutter> {
        let mut stream = FeedStream::new(input, limits.record);
        let first = stream
            .cut(1)?
            .map(|(values, bytes)| Cut::of_values(values, bytes));
        Ok(Cutter::Feed(first, Box::new(stream)))
    }

    /// And the first records, which are not lost by looking at them.
    pub(super) fn statements(input: Input, limits: Limits) -> io::Result<Cutter> {
        let mut stream = QuadStream::new(input, limits.record);
        let first = stream
            .cut(1)?
            .map(|(values, bytes)| Cut::of_values(values, bytes));
        Ok(Cutter::Statements(first, Box::new(stream)))
    }

    /// The records that have been looked at already.
    pub(super) fn first(&self) -> Vec<Value> {
        let (Cutter::Feed(Some(first), _) | Cutter::Statements(Some(first), _)) = self else {
            return Vec::new();
        };
        match &first.records {
            Records::Values(values) => values.iter().flatten().take(20).cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// Why nothing could be read at the first look, if that is bad from its beginning.
    pub(super) fn first_error(&self) -> Option<String> {
        let (Cutter::Feed(Some(first), _) | Cutter::Statements(Some(first), _)) = self else {
            return None;
        };
        let Records::Values(values) = &first.records else {
            return None;
        };
        let errors = values.iter().map(|value| value.as_ref().err());
        errors.reduce(Option::and)?.map(ToString::to_string)
    }

    /// Whether the first look has found nothing at all, not even a bad record.
    pub(super) fn is_at_end(&self) -> bool {
        matches!(self, Cutter::Feed(None, _) | Cutter::Statements(None, _))
    }

    /// The next records; `before` were cut so far.
    pub(super) fn cut(&mut self, before: u64, chunk: usize) -> Outcome {
        match self {
            Cutter::Lines(lines) => lines.cut(),
            Cutter::List(list) => list.cut(before),
            Cutter::Rows(rows) => rows.cut(),
            Cutter::Feed(first, stream) => match first.take() {
                Some(first) => Ok(Some(first)),
                None => Ok(stream
                    .cut(chunk)?
                    .map(|(values, bytes)| Cut::of_values(values, bytes))),
            },
            Cutter::Statements(first, stream) => match first.take() {
                Some(first) => Ok(Some(first)),
                None => Ok(stream
                    .cut(chunk)?
                    .map(|(values, bytes)| Cut::of_values(values, bytes))),
            },
            #[cfg(feature = "parquet")]
            Cutter::Columns(stream) => Ok(stream
                .cut(chunk)
                .map(|(values, bytes)| Cut::of_values(values, bytes))),
            Cutter::Document(whole) => Ok(whole
                .take()
                .map(|(values, bytes)| Cut::of_values(values, bytes))),
        }
    }
}

/// JSON Lines.
pub(super) struct LineCutter {
    input: Input,
    carry: Vec<u8>,
    line: u64,
    limits: Limits,
}

impl LineCutter {
    fn cut(&mut self) -> Outcome {
        let LineCutter {
            input,
            carry,
            line,
            limits,
        } = self;
        let mut wanted = limits.chunk;
        loop {
            let at_end = fill(input, carry, wanted)?;
            if carry.is_empty() {
                return Ok(None);
            }
            if at_end && !carry.ends_with(b"\n") {
                // A last line without a line feed is tried as it is; if it is cut
                // off, it is rejected as bad JSON.
                carry.push(b'\n');
            }
            let (found, n_lines, rest) = lines(carry);
            if rest == 0 {
                if carry.len() > limits.record {
                    let length = carry.len() + skip_line(input)?;
                    carry.clear();
                    *line += 1;
                    let ranges = vec![(*line, Err(RecordError::TooLong(length)))];
                    let buffer = Vec::new();
                    return Ok(Some(Cut {
                        records: Records::Json { buffer, ranges },
                        n: 1,
                        bytes: length as u64,
                    }));
                }
                wanted = carry.len() + (carry.len() / 4).max(limits.chunk);
                continue;
            }
            let tail = carry.split_off(rest);
            let buffer = std::mem::replace(carry, tail);
            let first = *line + 1;
            *line += n_lines;
            if found.is_empty() {
                continue;
            }
            let check = |range: Range<usize>| match range.len() > limits.record {
                true => Err(RecordError::TooLong(range.len())),
                false => Ok(range),
            };
            let ranges: Vec<_> = found
                .into_iter()
                .map(|(number, range)| (first + number, check(range)))
                .collect();
            return Ok(Some(Cut {
                n: ranges.len() as u64,
                bytes: buffer.len() as u64,
                records: Records::Json { buffer, ranges },
            }));
        }
    }
}

/// One JSON list.
pub(super) struct ListCutter {
    input: Input,
    carry: Vec<u8>,
    scanner: ListScanner,
    /// The carry begins within an element.
    open: bool,
    /// Bytes of that element which were thrown away, as it is too long.
    skipped: usize,
    done: bool,
    limits: Limits,
}

impl ListCutter {
    fn cut(&mut self, before: u64) -> Outcome {
        if self.done {
            return Ok(None);
        }
        let mut elements = Vec::new();
        let mut start = self.open.then_some(0);
        let mut scanned = self.carry.len();
        loop {
            let at_end = fill(
                &mut self.input,
                &mut self.carry,
                scanned + self.limits.chunk,
            )?;
            self.scanner
                .scan(&self.carry, scanned, &mut start, &mut elements);
            scanned = self.carry.len();
            if at_end {
                self.done = true;
                self.scanner.end(&self.carry, &mut start, &mut elements);
                if start.is_some() && elements.is_empty() {
                    let error = match self.skipped {
                        0 => RecordError::Cut,
                        skipped => RecordError::TooLong(skipped + scanned),
                    };
                    let ranges = vec![(before + 1, Err(error))];
                    let buffer = Vec::new();
                    return Ok(Some(Cut {
                        records: Records::Json { buffer, ranges },
                        n: 1,
                        bytes: scanned as u64,
                    }));
                }
                // What is whole is handed out first; an element cut off follows.
                self.done = start.is_none();
                break;
            }
            if !elements.is_empty() {
                break;
            }
            if let Some(begin) =
                start.filter(|begin| scanned - begin > self.limits.record || self.skipped > 0)
            {
                self.skipped += scanned - begin;
                self.carry.clear();
                scanned = 0;
                start = Some(0);
            }
        }
        let tail = self.carry.split_off(start.unwrap_or(self.carry.len()));
        let buffer = std::mem::replace(&mut self.carry, tail);
        self.open = start.is_some();
        if elements.is_empty() {
            return Ok(None);
        }
        let mut skipped = std::mem::take(&mut self.skipped);
        let ranges: Vec<_> = (before + 1..)
            .zip(elements)
            .map(|(number, range)| {
                let length = range.len() + std::mem::take(&mut skipped);
                let is_long = length > self.limits.record;
                (
                    number,
                    if is_long {
                        Err(RecordError::TooLong(length))
                    } else {
                        Ok(range)
                    },
                )
            })
            .collect();
        Ok(Some(Cut {
            n: ranges.len() as u64,
            bytes: buffer.len() as u64,
            records: Records::Json { buffer, ranges },
        }))
    }
}

/// A table.
pub(super) struct RowCutter {
    rows: Box<csv::Reader<Limited<Input>>>,
    /// Bytes that the row under way may still have.
    left: Arc<AtomicUsize>,
    done: bool,
    limits: Limits,
}

impl RowCutter {
    fn cut(&mut self) -> Outcome {
        let mut found = Vec::new();
        let mut bytes = 0;
        let mut row = csv::ByteRecord::new();
        while bytes < self.limits.chunk && !self.done {
            self.left.store(self.limits.record, Ordering::Relaxed);
            match self.rows.read_byte_record(&mut row) {
                Ok(false) => self.done = true,
                Ok(true) if is_end(&row) => self.done = true,
                Ok(true) if is_unclosed(&row) => {
                    self.done = true;
                    found.push(Err(RecordError::Cut));
                }
                Ok(true) => {
                    bytes += row.as_slice().len();
                    found.push(Ok(decoded(&row)));
                }
                Err(error) => match error.into_kind() {
                    csv::ErrorKind::Io(error) if error.kind() == TOO_LONG => {
                        self.done = true;
                        found.push(Err(RecordError::Endless(self.limits.record)));
                    }
                    csv::ErrorKind::Io(error) if is_cut(&error) => {
                        self.done = true;
                        found.push(Err(RecordError::Cut));
                    }
                    csv::ErrorKind::Io(error) => return Err(error),
                    other => found.push(Err(RecordError::Syntax(format!("{other:?}")))),
                },
            }
        }
        let n = found.len() as u64;
        Ok((n > 0).then_some(Cut {
            records: Records::Rows(found),
            n,
            bytes: bytes as u64,
        }))
    }
}

fn decoded(row: &csv::ByteRecord) -> Row {
    let is_utf8 = std::str::from_utf8(row.as_slice()).is_ok();
    let cells = row.iter().map(|cell| match memchr::memchr(0, cell) {
        Some(_) => utf8(cell).replace('\0', "").into(),
        None => utf8(cell),
    });
    let mut decoded = StringRecord::with_capacity(row.as_slice().len(), row.len());
    cells.for_each(|cell| decoded.push_field(&cell));
    Row {
        cells: decoded,
        encoding: if is_utf8 { "utf-8" } else { "windows-1252" },
    }
}

/// Reads until the buffer has `wanted` bytes; true at the end of the file.
fn fill(input: &mut impl BufRead, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len()).max(1 << 16) as u64;
    let n = packed::read(input.by_ref().take(missing), buffer)?;
    Ok((n as u64) < missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `fill` reads 64 KiB at least, so that "long" must be longer.
    const SMALL: Limits = Limits {
        chunk: 1000,
        record: 100_000,
        document: 0,
    };

    /// Each record as it stands, or the reason why it is none.
    #[track_caller]
    fn check(mut cutter: Cutter, expected: &[&str]) {
        let mut found: Vec<String> = Vec::new();
        let mut before = 0;
        while let Some(cut) = cutter.cut(before, SMALL.chunk).unwrap() {
            before += cut.n;
            match cut.records {
                Records::Json { buffer, ranges } => {
                    found.extend(ranges.into_iter().map(|(_, range)| match range {
                        Ok(range) => String::from_utf8_lossy(&buffer[range]).into_owned(),
                        Err(error) => error.to_string(),
                    }))
                }
                Records::Rows(rows) => found.extend(rows.into_iter().map(|row| match row {
                    Ok(row) => row.cells.iter().collect::<Vec<_>>().join("|"),
                    Err(error) => error.to_string(),
                })),
                Records::Values(values) => {
                    found.extend(values.into_iter().map(|value| format!("{value:?}")))
                }
            }
        }
        assert_eq!(found, expected);
        assert_eq!(before, expected.len() as u64);
    }

    fn input(text: String) -> Input {
        Box::new(io::Cursor::new(text.into_bytes()))
    }

    #[test]
    fn a_record_that_is_too_long_costs_itself() {
        let long = format!("{{\"b\":\"{}\"}}", "x".repeat(350_000));
        let too_long = format!("{} bytes are more than a record may have", long.len());
        let expected = [r#"{"a":1}"#, &too_long, r#"{"c":3}"#];
        check(
            Cutter::list(input(format!("[{{\"a\":1}},{long},{{\"c\":3}}]")), SMALL),
            &expected,
        );
        let too_long = format!("{} bytes are more than a record may have", long.len() + 1);
        let expected = [r#"{"a":1}"#, &too_long, r#"{"c":3}"#];
        check(
            Cutter::lines(input(format!("{{\"a\":1}}\n{long}\n{{\"c\":3}}\n")), SMALL),
            &expected,
        );
    }

    #[test]
    fn a_list_that_ends_within_a_record_says_so() {
        let cut = "the file ends within this record";
        check(
            Cutter::list(input("[{\"a\":1},{\"b\":".to_owned()), SMALL),
            &[r#"{"a":1}"#, cut],
        );
        let long = format!("[{}", "x".repeat(200_000));
        check(
            Cutter::list(input(long), SMALL),
            &["200000 bytes are more than a record may have"],
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_the_table() {
        let text = format!("title,text\na,b\nc,\"{}", "never closed\n".repeat(20_000));
        let expected = [
            "a|b",
            "no end within 100000 bytes; the rest of the file is not read",
        ];
        check(Cutter::rows(input(text), b',', SMALL), &expected);
    }

    #[test]
    fn a_quote_that_the_file_ends_within_is_said() {
        let cut = "the file ends within this record";
        let text = "title,text\na,b\nc,\"never closed\nd,e\n";
        check(
            Cutter::rows(input(text.to_owned()), b',', SMALL),
            &["a|b", cut],
        );
        let text = "title,text\na,5\" pipe\nc,\"closed\nd\"";
        let expected = ["a|5\" pipe", "c|closed\nd"];
        check(Cutter::rows(input(text.to_owned()), b',', SMALL), &expected);
    }

    #[test]
    fn many_records_on_one_line_come_in_many_pieces() {
        let text = format!("[{}]", vec!["{}"; 200_000].join(","));
        let mut cutter = Cutter::list(input(text), SMALL);
        let (mut n, mut most) = (0, 0);
        while let Some(cut) = cutter.cut(n, SMALL.chunk).unwrap() {
            n += cut.n;
            most = most.max(cut.n);
        }
        assert_eq!(n, 200_000);
        assert!(most < 100_000, "{most} at a time");
    }
}
