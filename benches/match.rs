//! How long a match takes over a warm index, against tantivy's own best twenty
//! for the same terms; learning what is missing; a résumé. See `README.md`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use jobsift::extract::Extractor;
use jobsift::ingest::document_text;
use jobsift::query::rank::{Person, Rarity, Scorer, Weights};
use jobsift::query::{Engine, Filter, Local, MatchRequest};
use jobsift::report::{GapRequest, gap};
use jobsift::skills::{Kind, SkillNo, Taxonomy};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

/// Three people with ten skills each.
const PEOPLE: &[(&str, [&str; 10])] = &[
    (
        "back end",
        [
            "python",
            "sql",
            "aws",
            "docker",
            "kubernetes",
            "go",
            "postgresql",
            "kafka",
            "redis",
            "terraform",
        ],
    ),
    (
        "data",
        [
            "python",
            "sql",
            "apache-spark",
            "airflow",
            "dbt",
            "snowflake",
            "pandas",
            "bigquery",
            "kafka",
            "machine-learning",
        ],
    ),
    (
        "rarer",
        [
            "rust",
            "tokio",
            "axum",
            "webassembly",
            "grpc",
            "clickhouse",
            "haskell",
            "sqlite",
            "nginx",
            "elixir",
        ],
    ),
];

const N_BEST: usize = 20;
/// Three pages, in characters.
const RESUME_CHARS: usize = 9_000;

fn main() {
    if std::env::args().any(|arg| arg == "--resume") {
        resume();
        return;
    }
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it was just built");
    let tantivy = tantivy::Index::open_in_dir(corpus.index.directory()).expect("it is an index");
    let searcher = tantivy.reader().expect("it can be read").searcher();
    println!(
        "{} postings in {} groups, {} segments; ten skills, the best {N_BEST}, medians of {} in ms",
        corpus.n_postings,
        engine.snapshot().derived().n_groups(),
        searcher.segment_readers().len(),
        n_times(),
    );
    println!(
        "{:<10} {:>8} {:>8} {:>8} {:>8}",
        "", "groups", "match", "tantivy", "ratio"
    );
    for (name, ids) in PEOPLE {
        let request = request(&corpus.taxonomy, ids);
        let union = union(&searcher, ids);
        let n_groups = engine.matches(&request).expect("it is whole").n_groups;
        let (mut of_match, mut of_tantivy, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n_times() {
            of_match.push(ms(|| engine.matches(&request).expect("it is whole")));
            of_tantivy.push(ms(|| best(&searcher, &*union)));
            ratios.push(of_match[of_match.len() - 1] / of_tantivy[of_tantivy.len() - 1]);
        }
        println!(
            "{name:<10} {n_groups:>8} {:>8.2} {:>8.2} {:>8.2}",
            support::median(&of_match),
            support::median(&of_tantivy),
            support::median(&ratios),
        );
    }
    for (name, ids) in PEOPLE {
        let request = GapRequest {
            person: person(&corpus.taxonomy, ids),
            filter: Filter::default(),
            kinds: vec![Kind::Technology, Kind::Certification],
            n_steps: 10,
        };
        let times: Vec<f64> = (0..support::n_rounds())
            .map(|_| ms(|| gap(&engine, &corpus.taxonomy, &request).expect("it is whole")))
            .collect();
        println!("gap, {name}: {:.0} ms", support::median(&times));
    }
    resumes();
}

fn n_times() -> usize {
    if support::is_measuring() { 15 } else { 1 }
}

fn ms<T>(work: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    black_box(work());
    started.elapsed().as_secs_f64() * 1000.0
}

fn person(taxonomy: &Taxonomy, ids: &[&str]) -> Person {
    let skill = |id: &&str| taxonomy.by_id(id).expect("a known skill");
    let years = |no: usize| no.is_multiple_of(2).then_some(1.0 + no as f32);
    let skills = ids.iter().enumerate();
    Person {
        skills: skills.map(|(no, id)| (skill(id), years(no))).collect(),
    }
}

fn request(taxonomy: &Taxonomy, ids: &[&str]) -> MatchRequest {
    MatchRequest {
        person: person(taxonomy, ids),
        text: None,
        filter: Filter::default(),
        weights: Weights::standard(false),
        soft: false,
        not_copies_of: Vec::new(),
        now: support::now(),
        limit: N_BEST,
        offset: 0,
    }
}

/// The postings that have any of these skills, ranked by BM25.
fn union(searcher: &Searcher, ids: &[&str]) -> Box<dyn Query> {
    let field = searcher.schema().get_field("skill").expect("it is there");
    let term = |id: &&str| -> (Occur, Box<dyn Query>) {
        let term = Term::from_field_text(field, id);
        (
            Occur::Should,
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)),
        )
    };
    Box::new(BooleanQuery::new(ids.iter().map(term).collect()))
}

fn best(searcher: &Searcher, query: &dyn Query) -> usize {
    let collector = TopDocs::with_limit(N_BEST).order_by_score();
    searcher
        .search(query, &collector)
        .expect("it is whole")
        .len()
}

/// How long a process of its own takes to be ready to rank by a résumé.
fn resumes() {
    let this = std::env::current_exe().expect("it runs");
    let mut times = Vec::new();
    for _ in 0..n_times() {
        let ran = Command::new(&this).arg("--resume").output();
        let text = String::from_utf8(ran.expect("it can run").stdout).expect("it prints text");
        times.push(text.trim().parse().expect("it prints a number"));
    }
    println!(
        "a résumé of {RESUME_CHARS} characters, from the bytes in a fresh process to ready to rank: {:.1} ms",
        support::median(&times)
    );
}

/// Says how many ms it takes from the bytes to a person ready for scoring.
fn resume() {
    let mut text = String::new();
    for posting in support::postings(50) {
        text.push_str(&posting.text);
        text.push_str("\n\n");
    }
    let cut = text.char_indices().nth(RESUME_CHARS);
    text.truncate(cut.map_or(text.len(), |(at, _)| at));
    let took = ms(|| {
        let text = document_text(text.as_bytes()).expect("it is text");
        let taxonomy = Taxonomy::embedded();
        let skills: Vec<(SkillNo, Option<f32>)> = Extractor::embedded().resume(&text);
        let rarity = Rarity::new(1, &vec![0; taxonomy.skills().len()]);
        let weights = Weights::standard(false);
        let scorer = Scorer::new(&Person { skills }, &taxonomy, &rarity, weights, false);
        black_box(scorer.leads().len())
    });
    println!("{took:.3}");
}
