//! What a question costs, against a minimal tantivy program that does the same
//! work by hand on a plain index of the same postings; what more facets, fewer
//! months and a start from nothing cost. See `README.md`.
//!
//! Both sides take turns at each question; of the rounds a question keeps its
//! shortest time, so that other work on the machine is left out of it.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use jobsift::index::Facet;
use jobsift::query::language::Context;
use jobsift::query::{
    Engine, FacetOrder, FacetRequest, Filter, Local, SearchRequest, SkillChoice, TextQuery,
};
use jobsift::skills::Taxonomy;
use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::StrColumn;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TEXT, Value};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{
    DocId, IndexBuilder, IndexSettings, IndexWriter, Score, Searcher, SegmentOrdinal,
    SegmentReader, TantivyDocument, Term,
};

/// How many questions; each comes from one posting.
const N_QUESTIONS: usize = 120;
/// A question with fewer hits has no page to fill, and jobsift looks for more.
const MIN_HITS: usize = 10;

/// Two words and two skills.
struct Asked {
    words: [String; 2],
    skills: [&'static str; 2],
}

fn main() {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it was just built");
    let plain = Plain::open(corpus.n_postings);
    println!(
        "{} postings; segments: {} plain, {} jobsift; least of {} rounds each",
        corpus.n_postings,
        plain.searcher.segment_readers().len(),
        engine.snapshot().n_segments(),
        support::n_rounds().max(5)
    );
    let asked = questions(corpus.n_postings, &plain);
    // `cargo bench --bench queries -- facets` runs one part.
    let only: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |part: &str| {
        let mut parts = only.iter().filter(|part| !part.starts_with('-')).peekable();
        parts.peek().is_none() || parts.any(|wanted| wanted == part)
    };
    if is_wanted("plain") {
        against_plain(&engine, &plain, &asked);
    }
    if is_wanted("facets") {
        facets(&engine, &asked);
    }
    if is_wanted("months") {
        months(&engine);
    }
    if is_wanted("start") {
        start(corpus.index.directory());
    }
}

/// Questions that have a page of hits, from postings spread over the corpus.
fn questions(n: usize, plain: &Plain) -> Vec<Asked> {
    let step = (n / (N_QUESTIONS * 4)).max(1);
    let mut asked = Vec::new();
    for posting in support::postings(n).step_by(step) {
        let is_word = |word: &&str| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
        let title = posting.title.split(' ').rfind(is_word);
        let text = posting.text.split_whitespace().filter(is_word).nth(17);
        let (Some(a), Some(b), [(one, _), (other, _), ..]) = (title, text, &posting.skills[..])
        else {
            continue;
        };
        let question = Asked {
            words: [a.to_lowercase(), b.to_lowercase()],
            skills: [one, other],
        };
        if plain.ask(&question).0 >= MIN_HITS {
            asked.push(question);
        }
        if asked.len() == N_QUESTIONS {
            break;
        }
    }
    asked
}

// ---- words, two skills, the counts of skills, ten hits --------------------

fn against_plain(engine: &Local, plain: &Plain, asked: &[Asked]) {
    let requests: Vec<SearchRequest> = asked
        .iter()
        .map(|asked| request(asked, vec![facet(Facet::Skill)]))
        .collect();
    let mut least = vec![[f64::INFINITY; 2]; asked.len()];
    let mut hits = [0, 0];
    for round in 0..support::n_rounds().max(5) {
        hits = [0, 0];
        for ((asked, request), least) in asked.iter().zip(&requests).zip(&mut least) {
            let sides = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for side in sides {
                let started = Instant::now();
                hits[side] += match side {
                    0 => plain.ask(asked).0,
                    _ => engine.search(request).expect("it is whole").n_postings as usize,
                };
                least[side] = least[side].min(started.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    let times = [0, 1].map(|side| least.iter().map(|of| of[side]).collect::<Vec<f64>>());
    let [plain, jobsift] = times.map(|times| [quantile(&times, 0.5), quantile(&times, 0.99)]);
    println!(
        "words, two skills, counts of skills, ten hits ({} questions, {} and {} hits): \
         plain {:.3} / {:.3} ms, jobsift {:.3} / {:.3} ms (p50 / p99): {:.2} and {:.2} times",
        asked.len(),
        hits[0],
        hits[1],
        plain[0],
        plain[1],
        jobsift[0],
        jobsift[1],
        jobsift[0] / plain[0],
        jobsift[1] / plain[1],
    );
}

fn request(asked: &Asked, facets: Vec<FacetRequest>) -> SearchRequest {
    let context = Context {
        taxonomy: &Taxonomy::embedded(),
        now: support::now(),
    };
    let query = TextQuery::parse(&asked.words.join(" ")).expect("words are well formed");
    let skill = |id: &&str| SkillChoice {
        ids: vec![(*id).to_owned()],
    };
    SearchRequest {
        question: query.resolve(context).expect("it has no conditions"),
        filter: Filter {
            skills: asked.skills.iter().map(skill).collect(),
            ..Filter::default()
        },
        facets,
        limit: 10,
        ..SearchRequest::default()
    }
}

fn facet(facet: Facet) -> FacetRequest {
    FacetRequest {
        facet,
        prefix: String::new(),
        contains: None,
        limit: 10,
        order: FacetOrder::Count,
    }
}

// ---- ten facets at once ---------------------------------------------------

fn facets(engine: &Local, asked: &[Asked]) {
    let ten = [
        Facet::Skill,
        Facet::Language,
        Facet::Company,
        Facet::Country,
        Facet::City,
        Facet::Workplace,
        Facet::Seniority,
        Facet::Role,
        Facet::Month,
        Facet::Pay,
    ];
    let (mut one_ms, mut ten_ms) = (Vec::new(), Vec::new());
    for asked in asked {
        let mut one = request(asked, vec![facet(Facet::Skill)]);
        let mut all = request(asked, ten.map(facet).to_vec());
        for request in [&mut one, &mut all] {
            request.question.wanted.truncate(1);
            request.filter.skills.truncate(1);
            request.filter.countries = vec!["US".to_owned(), "DE".to_owned()];
            request.filter.seniorities = vec![jobsift::posting::Seniority::Senior];
        }
        one_ms.push(least_ms(engine, &one));
        ten_ms.push(least_ms(engine, &all));
    }
    let [one, ten] = [one_ms, ten_ms].map(|times| quantile(&times, 0.5));
    println!(
        "one facet {one:.3} ms, ten with two of them multi-select {ten:.3} ms: {:.2} times",
        ten / one
    );
}

// ---- months ---------------------------------------------------------------

fn months(engine: &Local) {
    let since = |text: &str| Some(text.parse().expect("it is a date"));
    let mut first = None;
    for (name, from, until) in [
        ("one month", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"),
        ("six months", "2024-03-01T00:00:00Z", "2024-09-01T00:00:00Z"),
        ("two years", "2023-03-01T00:00:00Z", "2025-03-01T00:00:00Z"),
    ] {
        let request = SearchRequest {
            filter: Filter {
                since: since(from),
                until: since(until),
                ..Filter::default()
            },
            limit: 10,
            ..SearchRequest::default()
        };
        let found = engine.search(&request).expect("it is whole").n_postings;
        let ms = least_ms(engine, &request);
        let first = *first.get_or_insert(ms);
        println!(
            "{name}: {found} postings, {ms:.3} ms: {:.2} times",
            ms / first
        );
    }
}

fn least_ms(engine: &Local, request: &SearchRequest) -> f64 {
    let once = || {
        let started = Instant::now();
        black_box(engine.search(black_box(request)).expect("it is whole"));
        started.elapsed().as_secs_f64() * 1e3
    };
    let rounds = support::n_rounds().max(5);
    (0..rounds).map(|_| once()).fold(f64::INFINITY, f64::min)
}

// ---- from nothing ---------------------------------------------------------

fn start(index: &Path) {
    let mut times = Vec::new();
    for _ in 0..support::n_rounds().max(5) * 3 {
        let started = Instant::now();
        let ran = Command::new(env!("CARGO_BIN_EXE_jobsift"))
            .args(["search", "kubernetes experience", "--limit", "1"])
            .args(["--format", "json", "--index"])
            .arg(index)
            .output()
            .expect("it can be run");
        times.push(started.elapsed().as_secs_f64() * 1e3);
        assert!(ran.status.success(), "it finds something");
    }
    println!(
        "a process from its start to its end with the first hit: {:.1} ms, least {:.1} ms",
        support::median(&times),
        quantile(&times, 0.0)
    );
}

fn quantile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().max(1) - 1) as f64 * share;
    sorted.get(at as usize).copied().unwrap_or(f64::NAN)
}

// ---- plain tantivy --------------------------------------------------------

struct Plain {
    searcher: Searcher,
    title: Field,
    body: Field,
    skill: Field,
    record: Field,
}

impl Plain {
    /// The index; like that of jobsift it stays where `JOBSIFT_BENCH_KEEP` says.
    fn open(n: usize) -> Plain {
        match std::env::var_os("JOBSIFT_BENCH_KEEP") {
            Some(kept) => {
                let at = Path::new(&kept).join(n.to_string()).join("plain");
                if !at.join("meta.json").exists() {
                    std::fs::create_dir_all(&at).expect("room on the disk");
                    Plain::build(&at, n);
                }
                Plain::read(&tantivy::Index::open_in_dir(&at).expect("it is whole"))
            }
            None => {
                let directory = tempfile::tempdir().expect("a temporary directory");
                // What is open can still be read once the directory is gone.
                Plain::read(&Plain::build(directory.path(), n))
            }
        }
    }

    /// Words of title and text, skills as they were put in, the record stored.
    fn build(directory: &Path, n: usize) -> tantivy::Index {
        let mut schema = Schema::builder();
        let title = schema.add_text_field("title", TEXT);
        let body = schema.add_text_field("body", TEXT);
        let skill = schema.add_text_field("skill", STRING | FAST);
        let record = schema.add_text_field("record", STORED);
        let settings = IndexSettings {
            docstore_compression: Compressor::Zstd(ZstdCompressor::default()),
            ..IndexSettings::default()
        };
        let index = IndexBuilder::new()
            .schema(schema.build())
            .settings(settings)
            .create_in_dir(directory)
            .expect("it is empty");
        let mut writer: IndexWriter = index
            .writer_with_num_threads(support::n_threads(), support::MEMORY_BYTES)
            .expect("nobody else writes");
        for posting in support::postings(n) {
            let mut document = TantivyDocument::default();
            document.add_text(title, &posting.title);
            document.add_text(body, &posting.text);
            for (id, _) in &posting.skills {
                document.add_text(skill, id);
            }
            document.add_text(record, &posting.json);
            writer.add_document(document).expect("it writes");
        }
        writer.commit().expect("it writes");
        writer.wait_merging_threads().expect("it merges");
        index
    }

    fn read(index: &tantivy::Index) -> Plain {
        let schema = index.schema();
        let field = |name| schema.get_field(name).expect("it is in the schema");
        Plain {
            searcher: index.reader().expect("it is committed").searcher(),
            title: field("title"),
            body: field("body"),
            skill: field("skill"),
            record: field("record"),
        }
    }

    /// How many postings match, the counts of skills, and the bytes of ten records.
    fn ask(&self, asked: &Asked) -> (usize, Vec<(String, u64)>, usize) {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for word in &asked.words {
            let stands = |field: Field| -> Box<dyn Query> {
                let term = Term::from_field_text(field, word);
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
            };
            let title = Box::new(BoostQuery::new(stands(self.title), 2.5));
            let either = BooleanQuery::union(vec![title, stands(self.body)]);
            clauses.push((Occur::Must, Box::new(either)));
        }
        for skill in asked.skills {
            let term = Term::from_field_text(self.skill, skill);
            let has = TermQuery::new(term, IndexRecordOption::Basic);
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(has), 0.0)),
            ));
        }
        let collectors = (TopDocs::with_limit(10).order_by_score(), Skills, Count);
        let (best, counts, n) = self
            .searcher
            .search(&BooleanQuery::new(clauses), &collectors)
            .expect("it can be read");
        let mut bytes = 0;
        for (_, address) in best {
            let document: TantivyDocument = self.searcher.doc(address).expect("it is there");
            let record = document
                .get_first(self.record)
                .and_then(|value| value.as_str());
            bytes += black_box(record).map_or(0, str::len);
        }
        (n, black_box(counts), bytes)
    }
}

/// Counts skills by the numbers of the column's values; the ten commonest.
struct Skills;

struct SkillsOfSegment {
    column: Option<StrColumn>,
    counts: Vec<u64>,
}

impl Collector for Skills {
    type Fruit = Vec<(String, u64)>;
    type Child = SkillsOfSegment;

    fn for_segment(
        &self,
        _segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SkillsOfSegment> {
        let column = reader.fast_fields().str("skill")?;
        let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        Ok(SkillsOfSegment { column, counts })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(String, u64)>>) -> tantivy::Result<Self::Fruit> {
        let mut counts = std::collections::HashMap::new();
        for (skill, count) in fruits.into_iter().flatten() {
            *counts.entry(skill).or_insert(0) += count;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|a: &(String, u64), b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(10);
        Ok(counts)
    }
}

impl SegmentCollector for SkillsOfSegment {
    type Fruit = Vec<(String, u64)>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        if let Some(column) = &self.column {
            for ord in column.term_ords(doc) {
                self.counts[ord as usize] += 1;
            }
        }
    }

    fn harvest(self) -> Vec<(String, u64)> {
        let Some(column) = self.column else {
            return Vec::new();
        };
        let mut counts = Vec::new();
        for (ord, count) in self.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let mut skill = String::new();
            column
                .ord_to_str(ord as u64, &mut skill)
                .expect("it is a value of the column");
            counts.push((skill, *count));
        }
        counts
    }
}
