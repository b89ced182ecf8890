//! How fast each kind of file is read into postings, on one thread, against a
//! bare parse of the same bytes that keeps nothing. See `README.md`.

#![expect(clippy::print_stdout, reason = "says what the ratios are")]

mod support;

use std::cell::Cell;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::Throughput;
use html5ever::tokenizer::states::ScriptData;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use jobsift::ingest::{self, Input};
use serde_json::{Value, json};

/// A kind of file, with the least that any reader of it must do.
struct Kind {
    name: &'static str,
    /// The reader that must be chosen.
    reader: &'static str,
    file: &'static str,
    write: fn(&[Value]) -> String,
    bare: fn(&str) -> usize,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "native JSON Lines",
        reader: "native",
        file: "postings.jsonl",
        write: lines,
        bare: parse_lines,
    },
    Kind {
        name: "any JSON Lines",
        reader: "auto",
        file: "dump.jsonl",
        write: |records| lines(&records.iter().map(flat).collect::<Vec<_>>()),
        bare: parse_lines,
    },
    Kind {
        name: "JSON list of a board",
        reader: "greenhouse",
        file: "acme.json",
        write: board,
        bare: parse_document,
    },
    Kind {
        name: "any CSV",
        reader: "auto",
        file: "dump.csv",
        write: table,
        bare: parse_table,
    },
    Kind {
        name: "RSS",
        reader: "rss",
        file: "feed.rss",
        write: feed,
        bare: parse_feed,
    },
    Kind {
        name: "pages with JSON-LD",
        reader: "jsonld",
        file: "page.html",
        write: page,
        bare: parse_page,
    },
];

fn main() {
    let n = support::n_postings().min(5_000);
    let records: Vec<Value> = support::postings(n)
        .map(|posting| serde_json::from_str(&posting.json).expect("it is JSON"))
        .collect();
    let home = tempfile::tempdir().expect("a temporary directory");
    let mut criterion = support::criterion().sample_size(10);
    for kind in KINDS {
        let text = (kind.write)(&records);
        let path = home.path().join(kind.file);
        std::fs::write(&path, &text).expect("room on the disk");
        assert!(read(&path, kind.reader) >= n * 9 / 10, "{}", kind.name);
        assert!((kind.bare)(&text) >= n, "{}", kind.name);
        ratio(kind, &text, &path);
        let mut group = criterion.benchmark_group(kind.name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("read", |bencher| {
            bencher.iter(|| black_box(read(&path, kind.reader)));
        });
        group.bench_function("bare parse", |bencher| {
            bencher.iter(|| black_box((kind.bare)(&text)));
        });
        group.finish();
    }
}

/// The two in turns, so that both meet the same load; the ratio is that of medians.
fn ratio(kind: &Kind, text: &str, path: &Path) {
    let (mut reads, mut bares) = (Vec::new(), Vec::new());
    let timed = |what: &dyn Fn() -> usize| -> f64 {
        let begin = Instant::now();
        black_box(what());
        begin.elapsed().max(Duration::from_nanos(1)).as_secs_f64()
    };
    for _round in 0..support::n_rounds() {
        reads.push(timed(&|| read(path, kind.reader)));
        bares.push(timed(&|| (kind.bare)(text)));
    }
    let megabytes = text.len() as f64 / 1e6;
    let (read, bare) = (support::median(&reads), support::median(&bares));
    println!(
        "{}: {megabytes:.1} MB, read at {:.0} MB/s, bare parse {:.0} MB/s, ratio {:.2}",
        kind.name,
        megabytes / read,
        megabytes / bare,
        bare / read
    );
}

/// Reads a file from end to end; how many postings there were.
fn read(path: &Path, reader: &str) -> usize {
    let input = Input {
        path: path.to_path_buf(),
        bytes: 0,
    };
    let source = ingest::open(&input, &support::options()).expect("a corpus");
    assert_eq!(source.reader().name(), reader);
    source
        .map(|chunk| chunk.expect("it can be read").items())
        .map(|items| items.iter().filter(|item| item.is_ok()).count())
        .sum()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn text<'r>(record: &'r Value, key: &str) -> &'r str {
    record[key].as_str().unwrap_or_default()
}

fn body(record: &Value) -> &str {
    match text(record, "description_text") {
        "" => text(record, "description_html"),
        body => body,
    }
}

fn place(record: &Value) -> &str {
    record["locations"][0]["raw"].as_str().unwrap_or_default()
}

/// The same under names that have to be guessed.
fn flat(record: &Value) -> Value {
    json!({"job_title": record["title"], "employer": record["company"], "place": place(record),
        "date_posted": record["posted_at"], "job_description": body(record), "job_url": text(record, "url")})
}

/// The same as a board of an applicant system gives it, markup escaped.
fn board(records: &[Value]) -> String {
    let jobs: Vec<Value> = (0..)
        .zip(records)
        .map(|(id, record): (u64, _)| {
            let body = body(record).replace('&', "&amp;").replace('<', "&lt;");
            json!({"id": id, "title": record["title"], "absolute_url": format!("https://boards.example/acme/jobs/{id}"),
                "location": {"name": place(record)}, "updated_at": record["posted_at"], "first_published": record["posted_at"],
                "content": format!("&lt;p&gt;{}&lt;/p&gt;", body.replace('\n', "&lt;/p&gt;&lt;p&gt;"))})
        })
        .collect();
    json!({"jobs": jobs, "meta": {"total": jobs.len()}}).to_string()
}

fn table(records: &[Value]) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let names = [
        "job_title",
        "employer",
        "place",
        "date_posted",
        "job_description",
        "job_url",
    ];
    rows.write_record(names).expect("in memory");
    for record in records {
        let record = flat(record);
        let cells = names.map(|name| text(&record, name));
        rows.write_record(cells).expect("in memory");
    }
    let bytes = rows.into_inner().expect("in memory");
    String::from_utf8(bytes).expect("it was text")
}

fn feed(records: &[Value]) -> String {
    let mut out =
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>Jobs</title>\n".to_owned();
    for (id, record) in records.iter().enumerate() {
        let escaped = |text: &str| html_escaped(text);
        let _ = writeln!(
            out,
            "<item><title>{}</title><link>https://feed.example/{id}</link><guid>https://feed.example/{id}</guid><pubDate>Mon, 29 Dec 2025 09:00:00 GMT</pubDate><description>{}</description></item>",
            escaped(text(record, "title")),
            escaped(body(record)),
        );
    }
    out + "</channel></rss>\n"
}

fn page(records: &[Value]) -> String {
    let mut out = "<!doctype html><html><head><title>Jobs</title></head><body>\n".to_owned();
    for (id, record) in records.iter().enumerate() {
        let node = json!({"@context": "https://schema.org", "@type": "JobPosting", "title": record["title"],
            "identifier": id.to_string(), "datePosted": record["posted_at"], "description": body(record),
            "hiringOrganization": {"@type": "Organization", "name": record["company"]},
            "url": format!("https://page.example/{id}")});
        let node = node.to_string().replace("</", "<\\/");
        let _ = writeln!(
            out,
            "<h2>{}</h2><script type=\"application/ld+json\">{node}</script>",
            html_escaped(text(record, "title"))
        );
    }
    out + "</body></html>\n"
}

fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn parse_lines(text: &str) -> usize {
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"))
        .filter(|value| black_box(value).is_object())
        .count()
}

fn parse_document(text: &str) -> usize {
    let value: Value = serde_json::from_str(text).expect("it is JSON");
    black_box(&value)["jobs"].as_array().map_or(0, Vec::len)
}

fn parse_table(text: &str) -> usize {
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut row = csv::StringRecord::new();
    let mut n = 0;
    while rows.read_record(&mut row).expect("it is a table") {
        n += usize::from(black_box(&row).len() > 1);
    }
    n
}

fn parse_feed(text: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut n = 0;
    loop {
        match reader.read_event().expect("it is XML") {
            quick_xml::events::Event::Eof => return n,
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "item" => n += 1,
            event => {
                black_box(&event);
            }
        }
    }
}

/// The tokens of a page, thrown away.
struct Tokens(Cell<usize>);

impl TokenSink for Tokens {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
            && tag.name == html5ever::local_name!("script")
        {
            self.0.set(self.0.get() + 1);
            return TokenSinkResult::RawData(ScriptData);
        }
        black_box(&token);
        TokenSinkResult::Continue
    }
}

/// What is in the scripts is left as it is.
fn parse_page(text: &str) -> usize {
    let tokenizer = Tokenizer::new(Tokens(Cell::new(0)), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(text.into());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.get()
}
