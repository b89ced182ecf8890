//! One file into chunks of whole records: decompressed, decoded, cut, but not
//! yet read, so that reading can go on many threads.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;
use encoding_rs::Encoding;
use serde_json::Value;

use super::cut::{self, Cut, Cutter, Limits, Records};
use super::documents::{markdown, page};
use super::kind::Kind;
use super::packed::Packed;
use super::readers::Sample;
use super::record::{Context, Record, unwrapped, utf8};
use super::satellites::Satellites;
use super::sniff::{self, Container, EXAMPLES, Sniffed};
#[cfg(feature = "parquet")]
use super::streams::rows::RowStream;
use super::{
    ColumnGuess, IngestError, Input, Item, MappingError, Options, Reader, RecordError, encoding,
    json, packed,
};

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

/// Opens one file and finds out what it is.
///
/// # Errors
/// [`IngestError::Open`] and [`IngestError::Read`] if it is out of reach,
/// [`IngestError::NotACorpus`] if it holds no postings, [`IngestError::Record`]
/// if it is one JSON document that cannot be read.
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
    let not_a_corpus = |why: String, may_be_data| IngestError::NotACorpus {
        path: path.clone(),
        why,
        may_be_data,
    };
    input.reachable().map_err(|why| not_a_corpus(why, true))?;
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
    let (mut text, encoding) = decoded(plain).map_err(read_error)?;
    let limits = Limits::default();
    let mut begins = beginning(&mut text, limits.record).map_err(read_error)?;
    let mut delimiter = options.reader.as_ref().and_then(Reader::delimiter);
    if let Some((declared, n)) = sniff::declared_delimiter(&begins.read) {
        begins.read.drain(..n);
        begins.looked_at -= n;
        delimiter = delimiter.or(Some(declared));
    }
    let head = begins.read[..begins.looked_at].to_vec();
    let kind = Kind::of(&input.path);
    let sniffed = sniff::sniff(&head, begins.is_whole, delimiter)
        .map_err(|why| not_a_corpus(why, kind.may_begin_data(&head)))?;
    let may_be_data = kind.may_hold_data(sniffed.container);
    let file = Opened {
        declared: encoding::declared(&head),
        is_utf8: is_utf8(&head),
        encoding,
        text: Box::new(io::Cursor::new(begins.read).chain(text)),
        head,
        input,
        options,
        limits,
    };
    let (context, cutter) = match file.read(sniffed) {
        Ok(read) => read,
        Err(Refused::Io(source)) => return Err(read_error(source)),
        Err(Refused::Other(why)) => return Err(not_a_corpus(why, may_be_data)),
        Err(Refused::Mapping(error)) => return Err(error.into()),
        Err(Refused::Record(source)) => {
            let reader = options.reader.as_ref().map_or("auto", Reader::name);
            return Err(IngestError::Record {
                path,
                record: 1,
                reader,
                source,
            });
        }
    };
    Ok(Source {
        context: Arc::new(context),
        cutter,
        records: 0,
        bytes_read,
        failed: false,
    })
}

/// The first rows of a table.
fn first_rows(head: &[u8], delimiter: u8) -> Vec<StringRecord> {
    let mut rows = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(head);
    let rows = rows.byte_records().take(EXAMPLES).map_while(Result::ok);
    rows.map(|row| row.iter().map(utf8).collect()).collect()
}

/// Whether a beginning is UTF-8; the end of the look may cut a character.
fn is_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// A file whose beginning has been looked at.
struct Opened<'a> {
    /// All of it.
    text: cut::Input,
    /// Its beginning.
    head: Vec<u8>,
    /// That of the file as a whole, where it is known.
    encoding: Option<&'static str>,
    declared: Option<&'static Encoding>,
    /// Its beginning is.
    is_utf8: bool,
    input: &'a Input,
    options: &'a Options,
    limits: Limits,
}

fn good(values: Vec<Value>) -> Vec<Result<Value, RecordError>> {
    values.into_iter().map(Ok).collect()
}

enum Refused {
    Io(io::Error),
    Mapping(MappingError),
    /// All of the file is one record, and that is bad.
    Record(RecordError),
    Other(String),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Refused {
        Refused::Io(error)
    }
}

impl From<MappingError> for Refused {
    fn from(error: MappingError) -> Refused {
        Refused::Mapping(error)
    }
}

impl From<String> for Refused {
    fn from(why: String) -> Refused {
        Refused::Other(why)
    }
}

impl Opened<'_> {
    fn read(mut self, sniffed: Sniffed) -> Result<(Context, Cutter), Refused> {
        let limits = self.limits;
        let streaming = match sniffed.container {
            Container::ListWithin { .. } => self.streaming(&sniffed),
            _ => None,
        };
        let Sniffed {
            container,
            sample,
            around,
        } = sniffed;
        match container {
            Container::ListWithin { at } => {
                if let Some(reader) = streaming {
                    io::copy(&mut self.text.by_ref().take(at as u64), &mut io::sink())?;
                    let context = self.context(reader, &sample, around.as_ref())?;
                    return Ok((context, Cutter::list_within(self.text, limits)));
                }
                self.document()
            }
            Container::Document => self.document(),
            Container::Lines => {
                let context = self.chosen(&sample)?;
                Ok((context, Cutter::lines(self.text, limits)))
            }
            Container::List => {
                if self.options.reader.is_none() && sniff::is_empty_list(&self.head) {
                    return Err(Refused::Other("an empty list".to_owned()));
                }
                let context = self.chosen(&sample)?;
                Ok((context, Cutter::list(self.text, limits)))
            }
            Container::Table { delimiter } => {
                let mut context = self.chosen(&sample)?;
                context.look_at(&first_rows(&self.head, delimiter))?;
                Ok((context, Cutter::rows(self.text, delimiter, limits)))
            }
            Container::Page => {
                let whole = self.whole("a page")?;
                self.values(good(page::records(&whole)?), whole.len())
            }
            Container::Markdown => {
                let whole = self.whole("a Markdown table")?;
                self.values(good(markdown::records(&whole)), whole.len())
            }
            Container::Feed => {
                self.transcode();
                let text = std::mem::replace(&mut self.text, Box::new(io::empty()));
                self.stream(
                    Cutter::feed(text, limits)?,
                    "XML without items, entries or positions",
                )
            }
            Container::Statements => {
                let text = std::mem::replace(&mut self.text, Box::new(io::empty()));
                self.stream(
                    Cutter::statements(text, limits)?,
                    "statements without a job posting",
                )
            }
            Container::Parquet => self.parquet(),
        }
    }

    /// Parquet, whose rows lie in columns and whose plan stands at its end: a
    /// file on disk is read where it lies, any other is held in memory.
    #[cfg(feature = "parquet")]
    fn parquet(mut self) -> Result<(Context, Cutter), Refused> {
        let limit = self.limits.document;
        let mut stream = match self.input.on_disk(b"PAR1")? {
            Some(file) => RowStream::of_file(file, self.limits.record),
            None => {
                let mut whole = Vec::new();
                packed::read(self.text.by_ref().take(limit + 1), &mut whole)?;
                if whole.len() as u64 > limit {
                    let why = format!("packed or piped Parquet of more than {} MiB", limit >> 20);
                    return Err(Refused::Other(why));
                }
                RowStream::of_bytes(whole, self.limits.record)
            }
        }
        .map_err(|why| format!("damaged Parquet: {why}"))?;
        self.encoding = Some("utf-8");
        let sample = Sample::Json(stream.examples());
        let context = self.chosen(&sample)?;
        Ok((context, Cutter::Columns(Box::new(stream))))
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(self) -> Result<(Context, Cutter), Refused> {
        Err(Refused::Other(
            "Parquet, which only a build with the feature `parquet` reads".to_owned(),
        ))
    }

    fn choose(&self, sample: &Sample) -> Result<Reader, String> {
        match &self.options.reader {
            Some(reader) => Ok(reader.clone()),
            None => Reader::choose(sample),
        }
    }

    fn context(
        &self,
        reader: Reader,
        sample: &Sample,
        around: Option<&Value>,
    ) -> Result<Context, Refused> {
        let name = self.input.name();
        let mut context = Context::new(&name, reader, sample, around, self.options)?;
        context.encoding = self.encoding;
        if context.reader.has_satellites() {
            context.satellites = Satellites::beside(&name)?;
        }
        Ok(context)
    }

    fn chosen(&self, sample: &Sample) -> Result<Context, Refused> {
        let reader = self.choose(sample)?;
        reader.reads(sample)?;
        self.context(reader, sample, None)
    }

    /// A JSON document, held in memory.
    fn document(mut self) -> Result<(Context, Cutter), Refused> {
        let whole = self.whole("a JSON document that is no list")?;
        match json::parse(&whole).map(unwrapped) {
            Ok(Value::Array(items)) => self.values(good(items), whole.len()),
            Ok(one) => self.values(good(vec![one]), whole.len()),
            Err(error) => self.damaged(whole, &error),
        }
    }

    /// What is whole of a text that is not one document: documents one after
    /// another, or the records of a list that the file ends within.
    fn damaged(
        mut self,
        whole: String,
        error: &serde_json::Error,
    ) -> Result<(Context, Cutter), Refused> {
        let values = json::each(&whole);
        if values.first().is_some_and(Result::is_ok) {
            return self.values(values, whole.len());
        }
        let within = error.is_eof().then(|| sniff::list_within(whole.as_bytes()));
        if let Some(sniffed) = within.flatten()
            && let Container::ListWithin { at } = sniffed.container
            && let Some(reader) = self.streaming(&sniffed)
        {
            let context = self.context(reader, &sniffed.sample, sniffed.around.as_ref())?;
            let list = whole.as_bytes()[at..].to_vec();
            self.text = Box::new(io::Cursor::new(list));
            return Ok((context, Cutter::list_within(self.text, self.limits)));
        }
        Err(Refused::Record(json::syntax(error)))
    }

    /// The reader that reads the records of a list within a document one by one.
    fn streaming(&self, sniffed: &Sniffed) -> Option<Reader> {
        let reader = self.choose(&sniffed.sample).ok()?;
        let streams = reader.streams(&sniffed.sample, sniffed.around.as_ref());
        streams.then_some(reader)
    }

    /// All of a file as text.
    fn whole(&mut self, what: &str) -> Result<String, Refused> {
        let mut whole = Vec::new();
        let limit = self.limits.document;
        packed::read(self.text.by_ref().take(limit + 1), &mut whole)?;
        if whole.len() as u64 > limit {
            return Err(Refused::Other(format!(
                "{what}, of more than {} MiB",
                limit >> 20
            )));
        }
        let (text, encoding) = encoding::decode(whole);
        self.encoding = self.encoding.or(Some(encoding));
        Ok(text)
    }

    /// What a document of so many bytes holds.
    fn values(
        self,
        values: Vec<Result<Value, RecordError>>,
        bytes: usize,
    ) -> Result<(Context, Cutter), Refused> {
        let examples = values.iter().flatten().take(EXAMPLES);
        let sample = Sample::Json(examples.cloned().collect());
        let context = self.chosen(&sample)?;
        let unpacked = |value| match value {
            Ok(value) => good(context.unpack(value)),
            Err(error) => vec![Err(error)],
        };
        let values = values.into_iter().flat_map(unpacked).collect();
        Ok((context, Cutter::Document(Some((values, bytes as u64)))))
    }

    fn stream(self, cutter: Cutter, if_empty: &str) -> Result<(Context, Cutter), Refused> {
        let first = cutter.first();
        if first.is_empty() && cutter.is_at_end() {
            return Err(Refused::Other(if_empty.to_owned()));
        }
        if let (None, Some(why)) = (&self.options.reader, cutter.first_error()) {
            return Err(Refused::Other(why));
        }
        let context = self.chosen(&Sample::Json(first))?;
        Ok((context, cutter))
    }

    /// XML is read as UTF-8: other encodings are turned into it as declared.
    fn transcode(&mut self) {
        let other = self
            .declared
            .filter(|encoding| *encoding != encoding_rs::UTF_8);
        let from = match (self.encoding, self.is_utf8) {
            (Some(_), _) | (None, true) => encoding_rs::UTF_8,
            (None, false) => other.unwrap_or(encoding_rs::WINDOWS_1252),
        };
        self.encoding = self.encoding.or(Some(encoding::lower_name(from)));
        let text = std::mem::replace(&mut self.text, Box::new(io::empty()));
        let transcoded = encoding_rs_io::DecodeReaderBytesBuilder::new()
            .encoding(Some(from))
            .bom_override(false)
            .build(text);
        self.text = Box::new(BufReader::with_capacity(1 << 16, transcoded));
    }
}

impl Source {
    /// The reader that reads it.
    pub fn reader(&self) -> &Reader {
        &self.context.reader
    }

    /// What its columns were taken for, where that was guessed.
    pub fn guess(&self) -> Option<ColumnGuess> {
        self.context.guess()
    }

    /// The source and board that the file is called after, where its format has
    /// files so.
    pub fn board(&self) -> Option<(String, String)> {
        self.context.board()
    }

    /// Bytes of the file (as stored, packed or not) read so far; may be asked
    /// from another thread.
    pub fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }
}

impl Iterator for Source {
    type Item = Result<Chunk, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.cutter.cut(self.records, Limits::default().chunk) {
            Ok(None) => None,
            Ok(Some(Cut { records, n, bytes })) => {
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
        let numbered = self.numbered_items().into_iter();
        numbered.map(|(_, item)| item).collect()
    }

    /// Reads its records, in file order, each with its number in the file, from 1;
    /// a record may hold several items.
    pub fn numbered_items(&self) -> Vec<(u64, Result<Item, IngestError>)> {
        let mut all = Vec::new();
        let mut add = |number: u64, items: Result<Vec<_>, &RecordError>| match items {
            Ok(items) => {
                let failed = |source| self.error(number, source);
                all.extend(
                    items
                        .into_iter()
                        .map(|item: Result<_, _>| (number, item.map_err(failed))),
                );
            }
            Err(error) => all.push((number, Err(self.error(number, error.clone())))),
        };
        let numbered = self.first..;
        match &self.records {
            Records::Json { buffer, ranges } => {
                for (number, range) in ranges {
                    let bytes = range.as_ref().map(|range| &buffer[range.clone()]);
                    add(
                        *number,
                        bytes.map(|bytes| self.context.items(*number, Record::Json(bytes), None)),
                    );
                }
            }
            Records::Rows(rows) => {
                for (number, row) in numbered.zip(rows) {
                    let row = row.as_ref();
                    add(
                        number,
                        row.map(|row| {
                            self.context
                                .items(number, Record::Row(&row.cells), Some(row.encoding))
                        }),
                    );
                }
            }
            Records::Values(values) => {
                for (number, value) in numbered.zip(values) {
                    let value = value.as_ref();
                    add(
                        number,
                        value.map(|value| self.context.items(number, Record::Value(value), None)),
                    );
                }
            }
        }
        all
    }

    /// Says what is wrong with a record of it.
    pub fn error(&self, record: u64, source: RecordError) -> IngestError {
        IngestError::Record {
            path: self.context.file.clone(),
            record,
            reader: self.context.reader.name(),
            source,
        }
    }
}

/// What is read of a file to find out what it is.
struct Beginning {
    read: Vec<u8>,
    /// Bytes of it that tell.
    looked_at: usize,
    /// They are the whole file.
    is_whole: bool,
}

/// Reads [`SNIFF_BYTES`]. A first line that is longer than that, up to `limit`, is
/// a record if another object begins on the next line, and both are looked at; it
/// is otherwise a document, of which the first bytes tell as much.
fn beginning(text: &mut impl BufRead, limit: usize) -> io::Result<Beginning> {
    let mut read = head(text, SNIFF_BYTES)?;
    let (mut looked_at, mut is_whole) = (read.len(), read.len() < SNIFF_BYTES);
    if !is_whole && sniff::is_within_first_object(&read) {
        packed::until_cut(text.take(limit as u64).read_until(b'\n', &mut read))?;
        let next = read.len();
        let ends_line = read.ends_with(b"\n");
        read.extend(head(text, SNIFF_BYTES)?);
        if ends_line && read[next..].trim_ascii_start().starts_with(b"{") {
            looked_at = read.len();
            is_whole = looked_at - next < SNIFF_BYTES;
        }
    }
    Ok(Beginning {
        read,
        looked_at,
        is_whole,
    })
}

fn head(input: &mut impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    packed::read(input.take(limit as u64), &mut head)?;
    Ok(head)
}

/// Unpacks gzip and zstd, known by their first bytes.
pub(super) fn decompressed(
    mut raw: impl Read + Send + 'static,
) -> io::Result<Box<dyn Read + Send>> {
    let magic = head(&mut raw, 4)?;
    let whole = io::Cursor::new(magic.clone()).chain(raw);
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => {
            let plain = flate2::read::MultiGzDecoder::new(BufReader::new(whole));
            Box::new(Packed::new(plain))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(Packed::new(zstd::Decoder::new(whole)?)),
        _ => Box::new(whole),
    })
}

/// Takes a byte order mark off and turns UTF-16 into UTF-8; other bytes pass
/// as they are, and whoever reads a record looks at its encoding. Names that of
/// the file, if its mark does.
fn decoded(mut plain: Box<dyn Read + Send>) -> io::Result<(cut::Input, Option<&'static str>)> {
    let mark = head(&mut plain, 3)?;
    let encoding = match mark.as_slice() {
        [0xff, 0xfe, ..] => Some("utf-16le"),
        [0xfe, 0xff, ..] => Some("utf-16be"),
        _ => None,
    };
    let reader = encoding_rs_io::DecodeReaderBytesBuilder::new()
        .bom_sniffing(true)
        .strip_bom(true)
        .utf8_passthru(true)
        .build(io::Cursor::new(mark).chain(plain));
    Ok((
        Box::new(BufReader::with_capacity(1 << 16, reader)),
        encoding,
    ))
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
