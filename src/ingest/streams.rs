//! Feeds and statements, cut into chunks of records as they are read, so that the
//! size of a file does not matter.

#[cfg(feature = "parquet")]
pub(super) mod rows;

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::RecordError;
use super::documents::feed::Feed;
use super::documents::{page, quads};
use super::packed::{is_cut, until_cut};
use super::record::utf8;

/// Records and how many bytes they were; or why there are no more.
pub(super) type Cut = io::Result<Option<(Vec<Result<Value, RecordError>>, u64)>>;

/// An XML feed.
pub(super) struct FeedStream {
    feed: Feed<Limited<Box<dyn BufRead + Send>>>,
    /// Bytes that the record under way may still have.
    left: Arc<AtomicUsize>,
    max_record: usize,
    done: bool,
}

impl FeedStream {
    /// Of UTF-8.
    pub(super) fn new(input: Box<dyn BufRead + Send>, max_record: usize) -> FeedStream {
        let left = Arc::new(AtomicUsize::new(max_record));
        let feed = Feed::new(Limited {
            inner: input,
            left: Arc::clone(&left),
        });
        FeedStream {
            feed,
            left,
            max_record,
            done: false,
        }
    }

    /// The next records, `wanted` bytes of them or a few more.
    ///
    /// XML that cannot be read on ends the feed with a rejected record: nothing
    /// after it can be trusted to be what it looks like.
    pub(super) fn cut(&mut self, wanted: usize) -> Cut {
        let mut records = Vec::new();
        let mut bytes = 0;
        while bytes < wanted && !self.done {
            self.left.store(self.max_record, Ordering::Relaxed);
            let record = self.feed.next();
            bytes += self.max_record - self.left.load(Ordering::Relaxed);
            match record {
                Ok(Some(record)) => records.push(Ok(record)),
                Ok(None) => self.done = true,
                Err(error) => {
                    self.done = true;
                    records.push(Err(self.failed(error)?));
                }
            }
        }
        Ok((!records.is_empty()).then_some((records, bytes as u64)))
    }

    fn failed(&self, error: quick_xml::Error) -> io::Result<RecordError> {
        match error {
            quick_xml::Error::Io(error) if error.kind() == TOO_LONG => {
                Ok(RecordError::Endless(self.max_record))
            }
            quick_xml::Error::Io(error) if is_cut(&error) => Ok(RecordError::Cut),
            quick_xml::Error::Io(error) => Err(io::Error::new(error.kind(), error.to_string())),
            error => Ok(RecordError::Syntax(format!(
                "XML, malformed at byte {}, and not read on from there: {error}",
                self.feed.good_bytes()
            ))),
        }
    }
}

/// What [`Limited`] fails with.
pub(super) const TOO_LONG: io::ErrorKind = io::ErrorKind::FileTooLarge;

/// Reads no more than some bytes until it is told to go on.
pub(super) struct Limited<R> {
    pub(super) inner: R,
    pub(super) left: Arc<AtomicUsize>,
}

impl<R: BufRead> Read for Limited<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let buffer = self.fill_buf()?;
        let n = buffer.len().min(out.len());
        out[..n].copy_from_slice(&buffer[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Limited<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::new(TOO_LONG, "a record is too long"));
        }
        let buffer = self.inner.fill_buf()?;
        Ok(&buffer[..buffer.len().min(left)])
    }

    fn consume(&mut self, n: usize) {
        self.left.fetch_sub(n, Ordering::Relaxed);
        self.inner.consume(n);
    }
}

/// Statements, a page's together.
pub(super) struct QuadStream {
    input: Box<dyn BufRead + Send>,
    /// The first line of the next page.
    carry: String,
    max_record: usize,
}

impl QuadStream {
    pub(super) fn new(input: Box<dyn BufRead + Send>, max_record: usize) -> QuadStream {
        QuadStream {
            input,
            carry: String::new(),
            max_record,
        }
    }

    /// The postings of the next pages, `wanted` bytes of them or a few more.
    /// Lines that are no statements are records too, and rejected by whoever reads
    /// them; pages without postings give none.
    pub(super) fn cut(&mut self, wanted: usize) -> Cut {
        loop {
            let mut text = std::mem::take(&mut self.carry);
            let mut page = quads::page_of(&text);
            let mut page_begins = 0;
            let mut records = Vec::new();
            let at_end = loop {
                let Some(line) = self.line()? else {
                    break true;
                };
                let line = match line {
                    Ok(line) => line,
                    Err(error) => {
                        records.push(Err(error));
                        continue;
                    }
                };
                let of_line = quads::page_of(&line);
                if of_line.is_some() && of_line != page {
                    if text.len() >= wanted {
                        self.carry = line;
                        break false;
                    }
                    page = of_line;
                    page_begins = text.len();
                }
                text.push_str(&line);
                if text.len() - page_begins > self.max_record {
                    // The rest of the page follows as a page of its own.
                    records.push(Err(RecordError::TooLong(text.len() - page_begins)));
                    text.truncate(page_begins);
                }
            };
            let (postings, bad) = quads::postings(text.lines());
            records.extend(postings.into_iter().map(Ok));
            let broken =
                json!({"@type": "JobPosting", page::BROKEN: "a line that is no statement"});
            records.extend(bad.iter().map(|_| Ok(broken.clone())));
            if !records.is_empty() {
                return Ok(Some((records, text.len() as u64)));
            }
            if at_end {
                return Ok(None);
            }
        }
    }

    /// A line with its end; too long a one is skipped.
    fn line(&mut self) -> io::Result<Option<Result<String, RecordError>>> {
        let mut line = Vec::new();
        let limit = self.max_record as u64 + 1;
        let read = self.input.by_ref().take(limit).read_until(b'\n', &mut line);
        // A line that is cut off is no statement, and rejected as such.
        if until_cut(read)? == 0 && line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 == limit && !line.ends_with(b"\n") {
            let skipped = skip_line(&mut self.input)?;
            return Ok(Some(Err(RecordError::TooLong(line.len() + skipped))));
        }
        Ok(Some(Ok(utf8(&line).into_owned())))
    }
}

/// Reads on to the end of a line that is too long to keep; how long that was.
pub(super) fn skip_line(input: &mut impl BufRead) -> io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(skipped);
        }
        let (n, at_end) = match memchr::memchr(b'\n', buffer) {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        input.consume(n);
        skipped += n;
        if at_end {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(text: &str) -> Box<dyn BufRead + Send> {
        Box::new(io::Cursor::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn a_feed_comes_in_pieces_and_a_long_item_ends_it() {
        let item = |n: usize, fill: usize| {
            format!("<item><title>{n}</title><x>{}</x></item>", "y".repeat(fill))
        };
        let xml = format!("<rss>{}{}{}</rss>", item(1, 10), item(2, 10), item(3, 500));
        let mut stream = FeedStream::new(boxed(&xml), 200);
        let (first, bytes) = stream.cut(1).unwrap().unwrap();
        assert_eq!(
            (first.len(), first[0].as_ref().unwrap()["title"].as_str()),
            (1, Some("1"))
        );
        assert!(bytes > 10);
        let (rest, _) = stream.cut(10_000).unwrap().unwrap();
        assert_eq!(rest.len(), 2);
        assert_eq!(rest[1], Err(RecordError::Endless(200)));
        assert!(stream.cut(1).unwrap().is_none());
    }

    #[test]
    fn bad_xml_is_a_rejected_record() {
        let mut stream = FeedStream::new(
            boxed("<rss><item><title>a</title></item><item><![CDATA[ x</item>"),
            1000,
        );
        let (records, _) = stream.cut(1000).unwrap().unwrap();
        let [Ok(_), Err(RecordError::Syntax(why))] = records.as_slice() else {
            panic!("{records:?}");
        };
        assert!(why.starts_with("XML, malformed at byte 40, "), "{why}");
    }

    #[test]
    fn statements_come_page_by_page() {
        let page = |n: usize| {
            format!(
                "_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/JobPosting> <p{n}> .\n_:a <http://schema.org/title> \"t{n}\" <p{n}> .\n"
            )
        };
        let text = format!(
            "{}{}bad line\n{}{}",
            page(1),
            page(2),
            "x".repeat(3000) + "\n",
            page(3)
        );
        let mut stream = QuadStream::new(boxed(&text), 1000);
        let mut titles = Vec::new();
        let mut failed = 0;
        while let Some((records, _)) = stream.cut(1).unwrap() {
            for record in records {
                match record {
                    Ok(record) => titles.push(record["title"].as_str().unwrap_or("?").to_owned()),
                    Err(error) => {
                        assert_eq!(error, RecordError::TooLong(3001));
                        failed += 1;
                    }
                }
            }
        }
        assert_eq!(titles, ["t1", "t2", "?", "t3"]);
        assert_eq!(failed, 1);
    }
}
