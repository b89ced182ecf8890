//! One file into chunks of whole records: decompressed, decoded, cut, but not
//! yet read, so that reading can go on many threads.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use serde_json::Value;

use super::json_list::{ListScanner, lines};
use super::readers::Sample;
use super::record::{Context, Record, unwrapped};
use super::sniff::{self, Container, Sniffed};
use super::{
    ColumnGuess, IngestError, Input, Item, MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES, Options, Reader,
    RecordError,
};

/// Chunks are cut when they hold this many bytes: large enough that handing
/// one over costs nothing, small enough that a few of them are no memory.
const CHUNK_BYTES: usize = 1 << 20;

/// Bytes that are looked at to find out what a file is.
const SNIFF_BYTES: usize = 1 << 18;

/// One file, being cut into chunks.
pub struct Source {
    context: Arc<Context>,
    cutter: Cutter,
    /// Records handed out so far.
    records: u64,
    bytes_read: Arc<AtomicU64>,
    failed: bool,
}

/// Some whole records of one file.
pub struct Chunk {
    context: Arc<Context>,
    first: u64,
    records: Records,
    /// Bytes of text in it, decompressed.
    pub bytes: u64,
    /// Records of the file up to its end.
    pub through: u64,
}

enum Records {
    /// Ranges of one buffer, each with its record number.
    Json {
        buffer: Vec<u8>,
        ranges: Vec<(u64, Range<usize>)>,
    },
    Rows(Vec<Result<StringRecord, String>>),
    Values(Vec<Value>),
    Failed(u64, RecordError),
}

enum Cutter {
    Lines {
        input: Box<dyn BufRead + Send>,
        carry: Vec<u8>,
        line: u64,
    },
    List {
        input: Box<dyn BufRead + Send>,
        carry: Vec<u8>,
        scanner: ListScanner,
        open: bool,
        done: bool,
    },
    Rows(Box<csv::Reader<Box<dyn BufRead + Send>>>),
    Document(Option<Vec<Value>>),
}

/// Opens one file and finds out what it is.
///
/// # Errors
/// [`IngestError::Open`] and [`IngestError::Read`] if it is out of reach,
/// [`IngestError::NotACorpus`] if it holds no postings.
pub fn open(input: &Input, options: &Options) -> Result<Source, IngestError> {
    let path = input.name();
    let open_error = |source| IngestError::Open {
        path: path.clone(),
        source,
    };
    let read_error = |source| IngestError::Read {
        path: path.clone(),
        after: 0,
        source,
    };
    let bytes_read = Arc::new(AtomicU64::new(0));
    let raw: Box<dyn Read + Send> = if input.is_stdin() {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(&input.path).map_err(open_error)?)
    };
    let raw = Counting {
        inner: raw,
        bytes: Arc::clone(&bytes_read),
    };
    let plain = decompressed(raw).map_err(read_error)?;
    let mut text = decoded(plain).map_err(read_error)?;
    let head = head(&mut text, SNIFF_BYTES).map_err(read_error)?;
    let is_whole = head.len() < SNIFF_BYTES;
    let not_a_corpus = |why: String| IngestError::NotACorpus {
        path: path.clone(),
        why,
    };
    let delimiter = options.reader.as_ref().and_then(Reader::delimiter);
    let Sniffed {
        container,
        mut sample,
        around,
    } = sniff::sniff(&head, is_whole, delimiter).map_err(not_a_corpus)?;
    let mut text: Box<dyn BufRead + Send> = Box::new(io::Cursor::new(head).chain(text));
    let choose = |sample: &Sample| match &options.reader {
        Some(reader) => Ok(reader.clone()),
        None => Reader::choose(sample),
    };
    if let Container::ListWithin { at } = container {
        let reader = choose(&sample).ok();
        let streamed = reader.filter(|reader| reader.streams(&sample, around.as_ref()));
        if let Some(reader) = streamed {
            io::copy(&mut text.by_ref().take(at as u64), &mut io::sink()).map_err(read_error)?;
            let context = Context::new(&path, reader, &sample, around.as_ref(), options)?;
            return Ok(Source::new(context, Cutter::list(text), bytes_read));
        }
    }
    let mut document = None;
    let cutter = match container {
        Container::Lines => Cutter::Lines {
            input: text,
            carry: Vec::new(),
            line: 0,
        },
        Container::List => Cutter::list(text),
        Container::Table { delimiter } => {
            let rows = csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .flexible(true)
                .from_reader(text);
            Cutter::Rows(Box::new(rows))
        }
        Container::Document | Container::ListWithin { .. } => {
            let value = whole(&mut text).map_err(read_error)?;
            let value = unwrapped(value.map_err(not_a_corpus)?);
            sample = Sample::Json(match &value {
                Value::Array(items) => items.iter().take(20).cloned().collect(),
                one => vec![one.clone()],
            });
            document = Some(value);
            Cutter::Document(None)
        }
    };
    let reader = choose(&sample).map_err(not_a_corpus)?;
    reader.reads(&sample).map_err(not_a_corpus)?;
    let context = Context::new(&path, reader, &sample, None, options)?;
    let cutter = match document {
        Some(Value::Array(items)) => {
            let items = items.into_iter().flat_map(|item| context.unpack(item));
            Cutter::Document(Some(items.collect()))
        }
        Some(value) => Cutter::Document(Some(context.unpack(value))),
        None => cutter,
    };
    Ok(Source::new(context, cutter, bytes_read))
}

/// The whole of a JSON document, or why it is none.
fn whole(text: &mut impl BufRead) -> io::Result<Result<Value, String>> {
    let mut whole = Vec::new();
    text.by_ref()
        .take(MAX_DOCUMENT_BYTES + 1)
        .read_to_end(&mut whole)?;
    if whole.len() as u64 > MAX_DOCUMENT_BYTES {
        return Ok(Err(format!(
            "a JSON document of more than {} MiB that is no list",
            MAX_DOCUMENT_BYTES >> 20
        )));
    }
    let whole = super::record::utf8(&whole);
    Ok(serde_json::from_str(&whole).map_err(|error| format!("not JSON: {error}")))
}

impl Cutter {
    fn list(input: Box<dyn BufRead + Send>) -> Cutter {
        Cutter::List {
            input,
            carry: Vec::new(),
            scanner: ListScanner::default(),
            open: false,
            done: false,
        }
    }
}

impl Source {
    fn new(context: Context, cutter: Cutter, bytes_read: Arc<AtomicU64>) -> Source {
        Source {
            context: Arc::new(context),
            cutter,
            records: 0,
            bytes_read,
            failed: false,
        }
    }

    /// The reader that reads it.
    pub fn reader(&self) -> &Reader {
        &self.context.reader
    }

    /// What its columns were taken for, where that was guessed.
    pub fn guess(&self) -> Option<ColumnGuess> {
        self.context.guess()
    }

    /// Bytes of the file (as stored, packed or not) read so far; may be asked
    /// from another thread.
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    fn cut(&mut self) -> Result<Option<(Records, u64, u64)>, io::Error> {
        match &mut self.cutter {
            Cutter::Lines { input, carry, line } => cut_lines(input, carry, line),
            Cutter::List {
                input,
                carry,
                scanner,
                open,
                done,
            } => cut_list(input, carry, scanner, open, done, self.records),
            Cutter::Rows(rows) => cut_rows(rows),
            Cutter::Document(values) => Ok(values.take().map(|values| {
                let n = values.len() as u64;
                (Records::Values(values), n, 0)
            })),
        }
    }
}

impl Iterator for Source {
    type Item = Result<Chunk, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.cut() {
            Ok(None) => None,
            Ok(Some((records, n, bytes))) => {
                let chunk = Chunk {
                    context: Arc::clone(&self.context),
                    first: self.records + 1,
                    records,
                    bytes,
                    through: self.records + n,
                };
                self.records += n;
                Some(Ok(chunk))
            }
            Err(source) => {
                self.failed = true;
                Some(Err(IngestError::Read {
                    path: self.context.file.clone(),
                    after: self.records,
                    source,
                }))
            }
        }
    }
}

impl Chunk {
    /// The reader that will read it.
    pub fn reader(&self) -> &Reader {
        &self.context.reader
    }

    /// Reads its records, in file order.
    pub fn items(&self) -> Vec<Result<Item, IngestError>> {
        let read = |number: u64, record: Record<'_>| {
            let items = self.context.items(number, record).into_iter();
            items.map(move |read| read.map_err(|source| self.error(number, source)))
        };
        let numbered = self.first..;
        let mut all = Vec::new();
        match &self.records {
            Records::Json { buffer, ranges } => {
                for (number, range) in ranges {
                    all.extend(read(*number, Record::Json(&buffer[range.clone()])));
                }
            }
            Records::Rows(rows) => {
                for (number, row) in numbered.zip(rows) {
                    match row {
                        Ok(row) => all.extend(read(number, Record::Row(row))),
                        Err(why) => {
                            all.push(Err(self.error(number, RecordError::Syntax(why.clone()))));
                        }
                    }
                }
            }
            Records::Values(values) => {
                for (number, value) in numbered.zip(values) {
                    all.extend(read(number, Record::Value(value)));
                }
            }
            Records::Failed(number, error) => all.push(Err(self.error(*number, error.clone()))),
        }
        all
    }

    fn error(&self, record: u64, source: RecordError) -> IngestError {
        IngestError::Record {
            path: self.context.file.clone(),
            record,
            reader: self.context.reader.name(),
            source,
        }
    }
}

type Cut = Result<Option<(Records, u64, u64)>, io::Error>;

fn cut_lines(input: &mut impl BufRead, carry: &mut Vec<u8>, line: &mut u64) -> Cut {
    loop {
        let at_end = fill(input, carry, CHUNK_BYTES)?;
        if carry.is_empty() {
            return Ok(None);
        }
        if at_end && !carry.ends_with(b"\n") {
            // A last line without a line feed is tried as it is; if it is cut
            // off, it is rejected as bad JSON.
            carry.push(b'\n');
        }
        let (found, n_lines, rest) = lines(carry);
        if rest == 0 && carry.len() > MAX_RECORD_BYTES {
            skip_line(input, carry)?;
            *line += 1;
            let error = RecordError::TooLong(carry.len());
            carry.clear();
            return Ok(Some((Records::Failed(*line, error), 1, 0)));
        }
        if rest > 0 {
            let tail = carry.split_off(rest);
            let buffer = std::mem::replace(carry, tail);
            let first = *line + 1;
            *line += n_lines;
            if found.is_empty() {
                continue;
            }
            let bytes = buffer.len() as u64;
            let ranges: Vec<_> = found
                .into_iter()
                .map(|(number, range)| (first + number, range))
                .collect();
            let n = ranges.len() as u64;
            return Ok(Some((Records::Json { buffer, ranges }, n, bytes)));
        }
    }
}

/// Reads on to the end of a line that is too long to keep.
fn skip_line(input: &mut impl BufRead, carry: &[u8]) -> io::Result<()> {
    if carry.ends_with(b"\n") {
        return Ok(());
    }
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match memchr::memchr(b'\n', buffer) {
            Some(at) => {
                input.consume(at + 1);
                return Ok(());
            }
            None => {
                let n = buffer.len();
                input.consume(n);
            }
        }
    }
}

fn cut_list(
    input: &mut impl BufRead,
    carry: &mut Vec<u8>,
    scanner: &mut ListScanner,
    open: &mut bool,
    done: &mut bool,
    records: u64,
) -> Cut {
    if *done {
        return Ok(None);
    }
    let mut elements = Vec::new();
    let mut start = open.then_some(0);
    let mut scanned = carry.len();
    loop {
        let wanted = scanned + CHUNK_BYTES;
        let at_end = fill(input, carry, wanted)?;
        scanner.scan(carry, scanned, &mut start, &mut elements);
        scanned = carry.len();
        if at_end {
            *done = true;
            if start.is_some() && elements.is_empty() {
                return Ok(Some((Records::Failed(records + 1, RecordError::Cut), 1, 0)));
            }
            if start.is_some() {
                // Hand out what is whole first; the cut one follows.
                *done = false;
            }
            break;
        }
        if !elements.is_empty() {
            break;
        }
        if start.is_some_and(|begin| scanned - begin > MAX_RECORD_BYTES) {
            *done = true;
            let error = RecordError::TooLong(scanned);
            return Ok(Some((Records::Failed(records + 1, error), 1, 0)));
        }
    }
    let tail_from = start.unwrap_or(carry.len());
    let tail = carry.split_off(tail_from);
    let buffer = std::mem::replace(carry, tail);
    *open = start.is_some();
    if elements.is_empty() {
        return Ok(None);
    }
    let bytes = buffer.len() as u64;
    let ranges: Vec<_> = (records + 1..).zip(elements).collect();
    let n = ranges.len() as u64;
    Ok(Some((Records::Json { buffer, ranges }, n, bytes)))
}

fn cut_rows(rows: &mut csv::Reader<Box<dyn BufRead + Send>>) -> Cut {
    let mut found = Vec::new();
    let mut bytes = 0;
    let mut row = csv::ByteRecord::new();
    while bytes < CHUNK_BYTES {
        match rows.read_byte_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {
                bytes += row.as_slice().len();
                let cells = row
                    .iter()
                    .map(|cell| super::record::utf8(cell).replace('\0', ""));
                found.push(Ok(cells.collect::<StringRecord>()));
            }
            Err(error) => match error.into_kind() {
                csv::ErrorKind::Io(error) => return Err(error),
                other => found.push(Err(format!("{other:?}"))),
            },
        }
    }
    let n = found.len() as u64;
    Ok((n > 0).then_some((Records::Rows(found), n, bytes as u64)))
}

/// Reads until the buffer has `wanted` bytes; true at the end of the file.
fn fill(input: &mut impl BufRead, buffer: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len()).max(1 << 16) as u64;
    let n = input.by_ref().take(missing).read_to_end(buffer)?;
    Ok((n as u64) < missing)
}

fn head(input: &mut impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(limit as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Unpacks gzip and zstd, known by their first bytes.
fn decompressed(mut raw: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let magic = head(&mut raw, 4)?;
    let whole = io::Cursor::new(magic.clone()).chain(raw);
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(whole))),
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(zstd::Decoder::new(whole)?),
        _ => Box::new(whole),
    })
}

/// Takes a byte order mark off and turns UTF-16 into UTF-8; other bytes pass
/// as they are, and whoever reads a record looks at its encoding.
fn decoded(plain: Box<dyn Read + Send>) -> io::Result<Box<dyn BufRead + Send>> {
    let reader = encoding_rs_io::DecodeReaderBytesBuilder::new()
        .bom_sniffing(true)
        .strip_bom(true)
        .utf8_passthru(true)
        .build(plain);
    Ok(Box::new(BufReader::with_capacity(1 << 16, reader)))
}

struct Counting<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
