//! What a file is, from its first bytes: a container, and an example record.

use serde_json::Value;

use super::documents::{markdown, quads};
use super::json;
use super::json_list::{ListScanner, lines};
use super::readers::Sample;
use super::record::{unwrapped, utf8};

/// Records that are looked at to choose a reader and to guess columns.
pub(super) const EXAMPLES: usize = 20;

/// How records lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// One JSON value a line.
    Lines,
    /// One JSON list of records.
    List,
    /// One JSON object with records somewhere inside.
    Document,
    /// One JSON object whose list of records begins at this byte and runs on
    /// beyond the beginning of the file.
    ListWithin { at: usize },
    /// A header line and rows.
    Table { delimiter: u8 },
    /// A web page.
    Page,
    /// An XML feed.
    Feed,
    /// N-Quads or N-Triples.
    Statements,
    /// A Markdown table.
    Markdown,
    /// Parquet.
    Parquet,
}

/// What was found out.
#[derive(Debug)]
pub(super) struct Sniffed {
    pub(super) container: Container,
    /// The first records that could be read, or a table's columns; of a
    /// document nothing.
    pub(super) sample: Sample,
    /// What stands before a list within a document.
    pub(super) around: Option<Value>,
}

/// Looks at the beginning of a file; `is_whole` if that is all of it.
///
/// # Errors
/// A sentence on what the file is instead of a corpus.
pub(super) fn sniff(head: &[u8], is_whole: bool, delimiter: Option<u8>) -> Result<Sniffed, String> {
    let Some(first) = head.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err("an empty file".to_owned());
    };
    if head.starts_with(b"PAR1") {
        return Ok(Sniffed::of(Container::Parquet));
    }
    if let Some(what) = archive(head) {
        return Err(format!("{what}: unpack it"));
    }
    if is_binary(head) {
        return Err("binary data or UTF-16 without a byte order mark, no corpus".to_owned());
    }
    match first {
        b'[' => Ok(sniff_list(head)),
        b'{' => Ok(sniff_object(head, is_whole)),
        b'<' | b'_' | b'#' if is_statements(head) => Ok(Sniffed::of(Container::Statements)),
        b'<' => Ok(Sniffed::of(markup(head))),
        b'|' if markdown::is_table(&utf8(head)) => Ok(Sniffed::of(Container::Markdown)),
        _ => sniff_table(head, delimiter),
    }
}

/// What a file is that has other files in it, by its first bytes (those of tar
/// stand further on).
fn archive(head: &[u8]) -> Option<&'static str> {
    let known: [(usize, &[u8], &str); 6] = [
        (0, b"PK\x03\x04", "a zip archive or a workbook"),
        (0, b"BZh", "an archive (bzip2)"),
        (0, b"\xfd7zXZ\0", "an archive (xz)"),
        (0, b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
        (0, b"Rar!\x1a\x07", "an archive (rar)"),
        (257, b"ustar", "an archive (tar)"),
    ];
    let is = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    let found = known.into_iter().find(|(at, magic, _)| is(*at, magic));
    found.map(|(_, _, what)| what)
}

/// Whether a file that begins so and has no records is plainly no data: nothing at
/// all, running text, an image or a document.
pub(super) fn is_prose(head: &[u8]) -> bool {
    let shown: [&[u8]; 8] = [
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"BM",
        b"%PDF",
        b"{\\rtf",
        b"wOFF",
        b"II*\0",
    ];
    if shown.iter().any(|magic| head.starts_with(magic)) {
        return true;
    }
    let begins = head.trim_ascii_start().first();
    let is_of_records = begins.is_some_and(|first| b"[{<|\"".contains(first));
    !is_of_records && archive(head).is_none() && !is_binary(head)
}

/// Whether a beginning is no text: more than a tenth of it are zeros (nearly half
/// are in UTF-16), or more than a fiftieth are other bytes that no text has. Of
/// packed data a tenth are; fewer zeros in a table are dropped with its rows.
fn is_binary(head: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| head.iter().filter(|byte| is(byte)).count();
    let zeros = count(|byte| *byte == 0);
    let others = count(|byte| matches!(byte, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f));
    zeros * 10 > head.len() || others * 50 > head.len()
}

/// The delimiter that Excel's first line `sep=;` declares, and how many bytes
/// that line has.
pub(super) fn declared_delimiter(head: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr(b'\n', head)?;
    let line = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
    let quoted = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""));
    match quoted.unwrap_or(line) {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some((*delimiter, end + 1)),
        _ => None,
    }
}

impl Sniffed {
    /// What has to be read to see a record.
    fn of(container: Container) -> Sniffed {
        Sniffed {
            container,
            sample: Sample::Json(Vec::new()),
            around: None,
        }
    }
}

/// The first lines decide; some of them may be bad.
fn is_statements(head: &[u8]) -> bool {
    let text = utf8(head);
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.by_ref().take(5).any(quads::is_statement)
}

/// A page says so near its beginning; all else in angle brackets is XML.
fn markup(head: &[u8]) -> Container {
    let near = utf8(&head[..head.len().min(4096)]).to_ascii_lowercase();
    let is_page = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<script",
        "<div",
        "<table",
        "<meta",
    ]
    .iter()
    .any(|tag| near.contains(tag));
    match is_page && !near.contains("<rss") && !near.contains("<feed") {
        true => Container::Page,
        false => Container::Feed,
    }
}

/// Whether there is nothing in a list and nothing behind it.
pub(super) fn is_empty_list(head: &[u8]) -> bool {
    let inside = head.trim_ascii().strip_prefix(b"[");
    let inside = inside.and_then(|rest| rest.strip_suffix(b"]"));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}

fn sniff_list(head: &[u8]) -> Sniffed {
    let (mut start, mut elements) = (None, Vec::new());
    ListScanner::default().scan(head, 0, &mut start, &mut elements);
    let objects = elements
        .into_iter()
        .filter_map(|range| parse(&head[range]))
        .filter(Value::is_object);
    Sniffed {
        container: Container::List,
        sample: Sample::Json(objects.take(EXAMPLES).map(unwrapped).collect()),
        around: None,
    }
}

fn sniff_object(head: &[u8], is_whole: bool) -> Sniffed {
    let (found, _, rest) = lines(head);
    let mut whole_lines: Vec<&[u8]> = found.into_iter().map(|(_, range)| &head[range]).collect();
    if is_whole && rest < head.len() && !head[rest..].trim_ascii().is_empty() {
        whole_lines.push(head[rest..].trim_ascii());
    }
    // A document may have an object on some of its lines, and a bad line in good
    // company is no reason to take lines for one document: most of them decide.
    let looked_at = &whole_lines[..whole_lines.len().min(100)];
    let readable: Vec<Value> = looked_at
        .iter()
        .filter_map(|line| parse(line).filter(Value::is_object))
        .collect();
    let is_one = is_whole && whole_lines.len() > 1 && parse(head).is_some();
    let container = match readable.len() {
        _ if is_one => Container::Document,
        1 if whole_lines.len() == 1 && is_whole => Container::Document,
        n if n * 2 >= looked_at.len() && n > 0 => Container::Lines,
        // No document has a whole object on its first line and others behind it.
        _ if looked_at.first().is_some_and(|line| is_object(line))
            && looked_at
                .iter()
                .filter(|line| line.starts_with(b"{"))
                .count()
                > 1 =>
        {
            Container::Lines
        }
        0 if is_whole
            && whole_lines.len() > 1
            && parse(head).is_none()
            && whole_lines.iter().all(|line| line.starts_with(b"{")) =>
        {
            Container::Lines
        }
        _ => Container::Document,
    };
    if container == Container::Document {
        let within = (!is_whole).then(|| list_within(head)).flatten();
        return within.unwrap_or(Sniffed {
            container,
            sample: Sample::Json(Vec::new()),
            around: None,
        });
    }
    let examples = readable.into_iter().take(EXAMPLES).map(unwrapped).collect();
    Sniffed {
        container,
        sample: Sample::Json(examples),
        around: None,
    }
}

/// The outermost list of objects that is still open at the end of `head`, which
/// begins with an object and holds nothing but objects around it.
pub(super) fn list_within(head: &[u8]) -> Option<Sniffed> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for (at, &byte) in head.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => open.push((byte, at)),
            b'}' | b']' => {
                open.pop()?;
            }
            _ => {}
        }
    }
    let n_around = open.iter().position(|(byte, _)| *byte == b'[')?;
    let at = open[n_around].1;
    let (mut start, mut elements) = (None, Vec::new());
    ListScanner::within().scan(&head[at..], 0, &mut start, &mut elements);
    let examples: Vec<Value> = elements
        .into_iter()
        .filter_map(|range| parse(&head[at..][range]))
        .filter(Value::is_object)
        .take(EXAMPLES)
        .collect();
    if examples.is_empty() {
        return None;
    }
    let mut around = head[..at].to_vec();
    around.extend(b"null");
    around.extend(std::iter::repeat_n(b'}', n_around));
    let around = parse(&around).map(unwrapped)?;
    Some(Sniffed {
        container: Container::ListWithin { at },
        sample: Sample::Json(examples),
        around: Some(around),
    })
}

/// Whether a beginning is that of an object whose first line has no end in it.
pub(super) fn is_within_first_object(head: &[u8]) -> bool {
    let begun = head.trim_ascii_start();
    begun.starts_with(b"{") && !begun.contains(&b'\n')
}

fn is_object(bytes: &[u8]) -> bool {
    parse(bytes).is_some_and(|value| value.is_object())
}

fn parse(bytes: &[u8]) -> Option<Value> {
    json::parse(&utf8(bytes)).ok()
}

fn sniff_table(head: &[u8], delimiter: Option<u8>) -> Result<Sniffed, String> {
    let all = [b',', b';', b'\t', b'|'];
    let tried = match &delimiter {
        Some(one) => std::slice::from_ref(one),
        None => &all,
    };
    let best = tried.iter().copied().filter_map(|delimiter| {
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(head);
        let mut header: Vec<String> = rows
            .byte_headers()
            .ok()?
            .iter()
            .map(|cell| utf8(cell).into_owned())
            .collect();
        let width = header.len();
        if width < 2
            || header
                .iter()
                .any(|name| name.chars().count() > 60 || name.contains(['\n', '\r']))
        {
            return None;
        }
        // The last row may be cut off by the end of the look.
        let widths: Vec<Width> = rows
            .byte_records()
            .take(50)
            .filter_map(Result::ok)
            .map(|row| Width::of(&row, width))
            .collect();
        let are_most =
            |fitting: usize| fitting + 1 >= widths.len() || fitting * 10 >= widths.len() * 8;
        let n = |of: Width| widths.iter().filter(|width| **width == of).count();
        if n(Width::OneMore) > 0 && are_most(n(Width::OneMore)) {
            // Whoever writes row names gives their column no name.
            header.insert(0, String::new());
            return Some((width, delimiter, header));
        }
        are_most(n(Width::Fits)).then_some((width, delimiter, header))
    });
    match best.max_by_key(|(width, _, _)| *width) {
        Some((_, delimiter, header)) => Ok(Sniffed {
            container: Container::Table { delimiter },
            sample: Sample::Table(header),
            around: None,
        }),
        None => Err("text without records: no JSON, no table".to_owned()),
    }
}

/// How many cells a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    /// As many as the header, or one more with nothing in it: a delimiter at the end.
    Fits,
    OneMore,
    Other,
}

impl Width {
    fn of(row: &csv::ByteRecord, header: usize) -> Width {
        let has_last = row.iter().next_back().is_some_and(|cell| !cell.is_empty());
        match row.len() {
            n if n == header || (n == header + 1 && !has_last) => Width::Fits,
            n if n == header + 1 => Width::OneMore,
            _ => Width::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Container) {
        assert_eq!(
            sniff(text.as_bytes(), true, None).unwrap().container,
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn json_is_told_apart_by_how_its_records_lie() {
        check("{\"a\":1}\n{\"a\":2}\n", Container::Lines);
        check("{broken\n{\"a\":2}\n{\"a\":3}", Container::Lines);
        check("{\n \"jobs\": [\n {}]}", Container::Document);
        check("{\"jobs\":[]}", Container::Document);
        check(
            "{\"hits\": [\n{\"a\":1},\n{\"a\":2}\n]}\n",
            Container::Document,
        );
        check(" [\n{}, {}]", Container::List);
    }

    #[test]
    fn a_long_list_within_a_document_is_found() {
        let text = r#"{"name": "N [", "teams": [{"a": 1}], "page": {"jobs": [ {"t": [1]}, {"t": "#;
        let found = sniff(text.as_bytes(), false, None).unwrap();
        let at = text.find("[ {\"t\"").unwrap();
        assert_eq!(found.container, Container::ListWithin { at });
        let around = found.around.unwrap();
        assert_eq!(
            (&around["name"], &around["page"]["jobs"]),
            (&"N [".into(), &Value::Null)
        );
        assert!(matches!(found.sample, Sample::Json(items) if items.len() == 1));
    }

    #[test]
    fn a_table_is_cut_where_most_columns_come_out() {
        check(
            "title;place, land\nNurse;Bonn\n",
            Container::Table { delimiter: b';' },
        );
        check(
            "id\ttitle\n1\tNurse, night\n",
            Container::Table { delimiter: b'\t' },
        );
        check(
            "title,text\n\"a\",\"b\nc\"\n",
            Container::Table { delimiter: b',' },
        );
    }

    #[test]
    fn pages_feeds_statements_and_tables_in_text_are_told_apart() {
        check("<!-- saved --><HTML><body>", Container::Page);
        check(
            "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'>",
            Container::Page,
        );
        check(
            "<?xml version='1.0'?>\n<rss><channel><item><description><div>x",
            Container::Feed,
        );
        check("<jobs><job><title>x</title></job></jobs>", Container::Feed);
        check(
            "<https://a.example/1> <http://schema.org/title> \"x\" <g> .\n",
            Container::Statements,
        );
        check(
            "# a comment\n_:a <http://schema.org/title> \"x\" .\n",
            Container::Statements,
        );
        check("| a | b |\n|---|---|\n| 1 | 2 |", Container::Markdown);
        check("PAR1\u{1}\u{2}", Container::Parquet);
    }

    #[test]
    fn a_text_is_no_corpus() {
        assert!(
            sniff(
                b"# Read me\n\nSome words, and more.\nAnd a line; yes.\n",
                true,
                None
            )
            .is_err()
        );
        assert!(sniff(b" \n", true, None).is_err());
    }

    #[track_caller]
    fn header(text: &str) -> Vec<String> {
        match sniff(text.as_bytes(), true, None).unwrap().sample {
            Sample::Table(header) => header,
            other => panic!("{other:?} in {text:?}"),
        }
    }

    #[test]
    fn a_surplus_cell_is_a_delimiter_at_the_end_or_an_index() {
        assert_eq!(
            header("id,title\n1,Nurse,\n2,Cook,\n3,Smith,\n"),
            ["id", "title"]
        );
        let index = ["", "title", "text"];
        assert_eq!(header("title,text\n0,Nurse,a\n1,Cook,b\n"), index);
    }

    #[test]
    fn a_declared_delimiter_is_a_line_of_its_own() {
        assert_eq!(declared_delimiter(b"sep=;\r\na;b"), Some((b';', 7)));
        assert_eq!(declared_delimiter(b"\"sep=,\"\na,b"), Some((b',', 8)));
        assert_eq!(declared_delimiter(b"sep,b\n"), None);
    }

    #[test]
    fn damaged_lines_are_lines() {
        let text = "{\"t\":1}\n{bad\n\n{\"t\":2}\n[1,2]\n\"str\"\n{\"t\":";
        check(text, Container::Lines);
    }

    #[test]
    fn zeros_are_binary_data_where_they_are_many() {
        let mut table = "title,text\nNurse,day\n".repeat(20).into_bytes();
        table.extend(b"No\0rse,d\0ay\n");
        assert!(sniff(&table, true, None).is_ok());
        let wide: Vec<u8> = b"{\"title\":\"Nurse\"}"
            .iter()
            .flat_map(|b| [*b, 0])
            .collect();
        let why = |bytes: &[u8]| sniff(bytes, true, None).unwrap_err();
        assert!(why(&wide).starts_with("binary data"));
        assert!(why(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01").starts_with("binary data"));
        assert_eq!(
            why(b"PK\x03\x04\x14\0\0"),
            "a zip archive or a workbook: unpack it"
        );
        assert_eq!(why(b"BZh91AY&SY"), "an archive (bzip2): unpack it");
    }
}
