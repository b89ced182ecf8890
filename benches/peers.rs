//! The parts of `peers.py` that are in Rust: the corpus, plain tantivy over
//! ready-made fields, and the same questions asked of jobsift. See `README.md`.
//!
//! `corpus FILE N`, then `plain-index FACTS DIR`, and `plain-ask` or
//! `jobsift-ask DIR QUESTIONS REPEATS`; each prints one line of JSON. `months-write
//! FILE` and `months-ask REPEATS` are about the index that the other benches keep.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

use jobsift::index::{Facet, Index};
use jobsift::query::language::Context;
use jobsift::query::{
    Engine, FacetOrder, FacetRequest, Filter, Local, ScanRow, SearchRequest, TextQuery, values,
};
use jobsift::report::{By, Denominator, Dimension, StrengthFilter, TrendRequest, Unit, trends};
use jobsift::skills::Taxonomy;
use serde::Deserialize;
use serde_json::{Value, json};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{
    AggregationResult, AggregationResults, BucketEntry, BucketResult,
};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery,
};
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TEXT};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexBuilder, IndexSettings, IndexWriter, TantivyDocument, Term};

/// Values of the facet that are added up, the commonest first.
const FACET_VALUES: usize = 20;
/// More than there are skills: with fewer, counts over several segments can be wrong.
const ALL_SKILLS: u32 = 10_000;

/// What is asked: postings with both words in one city since a day, the best
/// ten, how many there are, and their commonest languages.
#[derive(Deserialize)]
struct Asked {
    terms: Vec<String>,
    city: String,
    /// As `20240301`.
    since: i64,
}

/// A posting as the peers are given it, with what jobsift has read out of it.
#[derive(Deserialize)]
struct Fact {
    id: String,
    title: String,
    company: String,
    city: String,
    /// As `20240301`.
    day: i64,
    /// Months since January of year 0.
    month: i64,
    skills: Vec<String>,
    /// Of the skills, the programming languages that it names itself.
    languages: Vec<String>,
    text: String,
}

fn main() {
    let args: Vec<String> = std::env::args().filter(|arg| arg != "--bench").collect();
    let args: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let answer = match args[..] {
        ["corpus", file, n] => corpus(Path::new(file), n.parse().expect("a number")),
        ["plain-index", facts, directory] => plain_index(Path::new(facts), Path::new(directory)),
        ["plain-ask", directory, questions, repeats] => {
            let plain = Plain::open(Path::new(directory));
            measured(
                questions,
                repeats,
                |asked| plain.ask(asked),
                || plain.trend(),
            )
        }
        ["jobsift-ask", directory, questions, repeats] => {
            let taxonomy = Taxonomy::embedded();
            let index = Index::open(Path::new(directory), &taxonomy).expect("it was built");
            let engine = Local::new(&index, &taxonomy).expect("it is whole");
            measured(
                questions,
                repeats,
                |asked| jobsift_ask(&engine, asked),
                || jobsift_trend(&engine),
            )
        }
        ["months-write", file] => months_write(Path::new(file)),
        ["months-ask", repeats] => months_ask(repeats.parse().expect("a number")),
        // `cargo test` and `cargo bench` run every bench without arguments.
        _ => json!("benches/peers.py runs this"),
    };
    println!("{answer}");
}

/// Postings without copies: jobsift counts groups of copies, the others postings.
fn corpus(file: &Path, n: usize) -> Value {
    let mut out = BufWriter::new(File::create(file).expect("a place to write"));
    let mut bytes = 0;
    for posting in support::postings_without_copies(n) {
        bytes += posting.json.len() as u64 + 1;
        writeln!(out, "{}", posting.json).expect("room on the disk");
    }
    out.flush().expect("room on the disk");
    json!({"postings": n, "bytes": bytes})
}

/// Asks everything once to warm up and to count, then takes the times.
fn measured(
    questions: &str,
    repeats: &str,
    ask: impl Fn(&Asked) -> (u64, u64),
    trend: impl Fn() -> u64,
) -> Value {
    let text = fs::read_to_string(questions).expect("the questions");
    let questions: Vec<Asked> = serde_json::from_str(&text).expect("questions are JSON");
    let repeats: usize = repeats.parse().expect("a number");
    let counted: Vec<(u64, u64)> = questions.iter().map(&ask).collect();
    let in_trend = trend();
    let (mut searches, mut trends) = (Vec::new(), Vec::new());
    for _ in 0..repeats {
        for asked in &questions {
            let started = Instant::now();
            std::hint::black_box(ask(asked));
            searches.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        let started = Instant::now();
        std::hint::black_box(trend());
        trends.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    json!({
        "counted": counted, "in_trend": in_trend,
        "search_ms": support::median(&searches), "trend_ms": support::median(&trends),
    })
}

// ---- jobsift -------------------------------------------------------------

fn jobsift_ask(engine: &Local, asked: &Asked) -> (u64, u64) {
    let taxonomy = Taxonomy::embedded();
    let context = Context {
        taxonomy: &taxonomy,
        now: support::now(),
    };
    let query = TextQuery::parse(&format!("+{}", asked.terms.join(" +"))).expect("plain words");
    let day = asked.since;
    let day = format!("{}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    let request = SearchRequest {
        question: query.resolve(context).expect("plain words"),
        filter: Filter {
            cities: vec![asked.city.clone()],
            since: Some(values::since(&day, support::now()).expect("a day")),
            ..Filter::default()
        },
        facets: vec![FacetRequest {
            facet: Facet::Skill,
            prefix: "language".to_owned(),
            contains: None,
            limit: FACET_VALUES,
            order: FacetOrder::Count,
        }],
        limit: 10,
        ..SearchRequest::default()
    };
    let answer = engine.search(&request).expect("it is whole");
    let sum = answer.facets[0]
        .values
        .iter()
        .map(|value| value.count)
        .sum();
    (answer.n_postings, sum)
}

/// Postings by language and month, all added up.
fn jobsift_trend(engine: &Local) -> u64 {
    let request = TrendRequest {
        dimension: Dimension::Skills("language".to_owned()),
        values: Vec::new(),
        first: Vec::new(),
        top: ALL_SKILLS as usize,
        by: By::Month,
        unit: Unit::Groups,
        denominator: Denominator::All,
        strength: StrengthFilter::Any,
        implied: false,
        filter: Filter::default(),
        compare: false,
        versus: None,
        stable_sources: false,
    };
    let trend = trends(engine, &Taxonomy::embedded(), &request).expect("it is whole");
    let points = trend.series.iter().flat_map(|series| &series.points);
    points.map(|point| point.n).sum()
}

// ---- months of languages, adverts ------------------------------------------

/// What the peers are given: for each posting that has a vote its month and its
/// languages, a line each.
fn months_write(file: &Path) -> Value {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it is whole");
    let languages = corpus.taxonomy.under("language");
    let mut is_language = vec![false; corpus.taxonomy.skills().len()];
    languages
        .iter()
        .for_each(|no| is_language[usize::from(no.0)] = true);
    let mut out = BufWriter::new(File::create(file).expect("a place to write"));
    let mut n = 0;
    let mut write = |row: &ScanRow<'_>| {
        let Some(at) = row.posted_at.filter(|_| !row.is_partial) else {
            return;
        };
        let at = jiff::Timestamp::from_second(at).expect("a date");
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let month = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
        let named = row.ask.iter().filter(|entry| !entry.implied);
        let mut ids: Vec<&str> = named
            .filter(|entry| is_language[usize::from(entry.skill.0)])
            .map(|entry| corpus.taxonomy.skill(entry.skill).id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let line = json!({"month": month, "languages": ids});
        writeln!(out, "{line}").expect("room on the disk");
        n += 1;
    };
    engine
        .scan(&Filter::default(), &mut write)
        .expect("it is whole");
    out.flush().expect("room on the disk");
    json!({"postings": n, "months": support::n_months()})
}

/// `trends language --by month --unit adverts`: how long it takes once the engine
/// has its columns, and every count.
fn months_ask(repeats: usize) -> Value {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it is whole");
    let request = TrendRequest {
        by: By::Month,
        unit: Unit::Adverts,
        top: usize::MAX,
        ..TrendRequest::new(Dimension::Skills("language".to_owned()))
    };
    let ask = || trends(&engine, &corpus.taxonomy, &request).expect("it is whole");
    let trend = ask();
    let mut times = Vec::new();
    for _ in 0..repeats {
        let started = Instant::now();
        std::hint::black_box(ask());
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let mut counts = serde_json::Map::new();
    for series in &trend.series {
        for (point, period) in series.points.iter().zip(&trend.periods) {
            if point.n > 0 {
                let start = period.start;
                let month = i64::from(start.year()) * 12 + i64::from(start.month()) - 1;
                counts.insert(format!("{} {month}", series.value), json!(point.n));
            }
        }
    }
    json!({"trend_ms": support::median(&times), "counts": counts})
}

// ---- plain tantivy -------------------------------------------------------

fn plain_schema() -> Schema {
    let mut schema = Schema::builder();
    for name in ["title", "text"] {
        schema.add_text_field(name, TEXT);
    }
    for name in ["id", "company", "city", "skill", "language"] {
        schema.add_text_field(name, STRING | FAST);
    }
    for name in ["day", "month"] {
        schema.add_i64_field(name, INDEXED | FAST);
    }
    schema.add_text_field("record", STORED);
    schema.build()
}

fn plain_index(facts: &Path, directory: &Path) -> Value {
    const LINES: usize = 500;
    let started = Instant::now();
    fs::create_dir_all(directory).expect("a place to write");
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor::default()),
        ..IndexSettings::default()
    };
    let schema = plain_schema();
    let index = IndexBuilder::new()
        .schema(schema.clone())
        .settings(settings)
        .create_in_dir(directory)
        .expect("it is empty");
    let threads = support::n_threads();
    let mut writer: IndexWriter = index
        .writer_with_num_threads(threads, support::MEMORY_BYTES)
        .expect("nobody else writes");
    let (send, receive) = sync_channel::<Vec<String>>(threads);
    let receive = Mutex::new(receive);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(lines) = next(&receive) {
                    for line in lines {
                        let added = writer.add_document(document(&schema, line));
                        added.expect("it writes");
                    }
                }
            });
        }
        let mut lines = BufReader::new(File::open(facts).expect("they were written")).lines();
        loop {
            let some: Vec<String> = lines.by_ref().take(LINES).map_while(Result::ok).collect();
            if some.is_empty() {
                break;
            }
            send.send(some).expect("the threads wait for it");
        }
        drop(send);
    });
    writer.commit().expect("it writes");
    writer.wait_merging_threads().expect("it merges");
    let n = index
        .reader()
        .expect("it is committed")
        .searcher()
        .num_docs();
    json!({"postings": n, "seconds": started.elapsed().as_secs_f64()})
}

fn next(lines: &Mutex<Receiver<Vec<String>>>) -> Option<Vec<String>> {
    lines.lock().expect("nobody panics").recv().ok()
}

fn document(schema: &Schema, line: String) -> TantivyDocument {
    let fact: Fact = serde_json::from_str(&line).expect("facts are JSON");
    let field = |name: &str| schema.get_field(name).expect("it is in the schema");
    let mut document = TantivyDocument::default();
    for (name, value) in [
        ("id", &fact.id),
        ("title", &fact.title),
        ("company", &fact.company),
        ("city", &fact.city),
        ("text", &fact.text),
    ] {
        document.add_text(field(name), value);
    }
    for (name, values) in [("skill", &fact.skills), ("language", &fact.languages)] {
        for value in values {
            document.add_text(field(name), value);
        }
    }
    document.add_i64(field("day"), fact.day);
    document.add_i64(field("month"), fact.month);
    document.add_text(field("record"), line);
    document
}

struct Plain {
    searcher: tantivy::Searcher,
    schema: Schema,
}

impl Plain {
    fn open(directory: &Path) -> Plain {
        let index = tantivy::Index::open_in_dir(directory).expect("it was built");
        Plain {
            searcher: index.reader().expect("it is committed").searcher(),
            schema: index.schema(),
        }
    }

    fn field(&self, name: &str) -> Field {
        self.schema.get_field(name).expect("it is in the schema")
    }

    fn collector(&self, request: Value) -> AggregationCollector {
        let request: Aggregations = serde_json::from_value(request).expect("it is well formed");
        AggregationCollector::from_aggs(request, Default::default())
    }

    fn ask(&self, asked: &Asked) -> (u64, u64) {
        let term = |field: &str, value: &str, record| -> Box<dyn Query> {
            let term = Term::from_field_text(self.field(field), value);
            Box::new(TermQuery::new(term, record))
        };
        let since = Term::from_field_i64(self.field("day"), asked.since);
        let since = RangeQuery::new(std::ops::Bound::Included(since), std::ops::Bound::Unbounded);
        let city = term("city", &asked.city, IndexRecordOption::Basic);
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![
            (Occur::Must, Box::new(ConstScoreQuery::new(city, 0.0))),
            (
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(since), 0.0)),
            ),
        ];
        for word in &asked.terms {
            let either = ["title", "text"].map(|field| {
                (
                    Occur::Should,
                    term(field, word, IndexRecordOption::WithFreqs),
                )
            });
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(Vec::from(either)))));
        }
        let facet = self.collector(json!({"languages": {"terms": {
            "field": "language", "size": FACET_VALUES, "segment_size": ALL_SKILLS,
        }}}));
        let (best, n, facet) = self
            .searcher
            .search(
                &BooleanQuery::new(clauses),
                &(TopDocs::with_limit(10).order_by_score(), Count, facet),
            )
            .expect("it is whole");
        for (_, address) in best {
            let document: TantivyDocument = self.searcher.doc(address).expect("it is whole");
            std::hint::black_box(document);
        }
        (n as u64, sum(&facet, "languages"))
    }

    fn trend(&self) -> u64 {
        let request = json!({"languages": {
            "terms": {"field": "language", "size": ALL_SKILLS, "segment_size": ALL_SKILLS},
            "aggs": {"months": {"terms": {"field": "month", "size": 1_000}}},
        }});
        let counted = self.searcher.search(&AllQuery, &self.collector(request));
        let counted = counted.expect("it is whole");
        let of_language = |language: &BucketEntry| sum(&language.sub_aggregation, "months");
        let languages = buckets(&counted, "languages");
        languages.iter().map(of_language).sum()
    }
}

/// All counts of a facet together.
fn sum(results: &AggregationResults, name: &str) -> u64 {
    let buckets = buckets(results, name).iter();
    buckets.map(|bucket| bucket.doc_count).sum()
}

/// The values of a facet.
fn buckets<'a>(results: &'a AggregationResults, name: &str) -> &'a [BucketEntry] {
    match results.0.get(name) {
        Some(AggregationResult::BucketResult(BucketResult::Terms { buckets, .. })) => buckets,
        _ => &[],
    }
}
