//! How fast skills are read, on one thread, against a bare automaton that finds
//! the same spellings and against one regular expression a skill; and how long
//! a process takes to be ready. See `README.md`.

#![expect(clippy::print_stdout, reason = "the ratios are what it is for")]

mod support;

use std::cell::RefCell;
use std::collections::HashSet;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, MatchKind};
use criterion::{Bencher, Criterion, Throughput};
use jobsift::extract::{Advert, Extractor};
use jobsift::skills::{Skill, Taxonomy};
use regex::Regex;
use serde::Deserialize;

use support::synth::Synthetic;

/// Names a JSON Lines file of `{"text"}`, with `"title"` and `"company"` if known,
/// to read in place of the synthetic postings.
const FILE: &str = "JOBSIFT_BENCH_TEXTS";
/// Regular expressions are slow: so many skills over so much text, and scaled up.
const N_REGEXES: usize = 200;
const REGEX_BYTES: usize = 200_000;

/// What is read of a posting.
#[derive(Deserialize)]
struct Text {
    title: Option<String>,
    company: Option<String>,
    text: String,
}

impl Text {
    fn n_bytes(&self) -> usize {
        self.title.as_deref().map_or(0, str::len) + self.text.len()
    }

    fn advert(&self) -> Advert<'_> {
        Advert {
            title: self.title.as_deref(),
            text: &self.text,
            company: self.company.as_deref(),
            ..Advert::default()
        }
    }

    /// The texts that an automaton has to go over.
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.title.as_deref().into_iter().chain([&*self.text])
    }
}

fn main() {
    if std::env::args().any(|arg| arg == "--ready") {
        ready();
        return;
    }
    let synthetic: Vec<Synthetic> = support::postings(support::n_postings().min(5_000)).collect();
    let texts: Vec<Text> = match std::env::var_os(FILE) {
        Some(path) => {
            let lines = std::fs::read_to_string(&path).expect("the file can be read");
            let text = |line: &str| serde_json::from_str(line).expect("a record with a text");
            lines.lines().map(text).collect()
        }
        None => synthetic.iter().map(text).collect(),
    };
    let taxonomy = Taxonomy::embedded();
    let extractor = Extractor::embedded();
    let mut criterion = support::criterion().sample_size(20);

    let reader = speed(&mut criterion, "reader", &texts, |text| {
        let reading = extractor.read(&text.advert());
        reading.title.len() + reading.body.len()
    });

    let aliases: Vec<&str> = taxonomy.skills().iter().flat_map(sure_spellings).collect();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(&aliases)
        .expect("the spellings fit");
    let bare = speed(&mut criterion, "bare automaton", &texts, |text| {
        text.parts()
            .map(|part| automaton.find_iter(part).count())
            .sum()
    });

    let known: Vec<&Skill> = taxonomy
        .skills()
        .iter()
        .filter(|skill| !skill.aliases().is_empty())
        .collect();
    let step = (known.len() / N_REGEXES).max(1);
    let sample = known.iter().step_by(step).take(N_REGEXES);
    let expressions: Vec<Regex> = sample.map(|skill| regex(skill)).collect();
    let few = first(&texts, REGEX_BYTES);
    let sampled = speed(&mut criterion, "a sample of regexes", few, |text| {
        text.parts()
            .map(|part| expressions.iter().filter(|regex| regex.is_match(part)))
            .map(Iterator::count)
            .sum()
    });
    let regexes = sampled * expressions.len() as f64 / known.len() as f64;

    start_up(&mut criterion);
    println!(
        "{} texts of {:.1} MB, {} skills, {} sure spellings; tables of the reader {:.1} MB, automaton {:.1} MB",
        texts.len(),
        n_bytes(&texts) as f64 / 1e6,
        taxonomy.skills().len(),
        aliases.len(),
        extractor.memory_bytes() as f64 / 1e6,
        automaton.memory_usage() as f64 / 1e6,
    );
    println!(
        "this run, medians, one thread: reader {reader:.1} MB/s; bare automaton {bare:.1} MB/s, {:.2} times as fast; \
         one regex a skill {regexes:.3} MB/s ({} skills over {:.1} MB, scaled to {}), the reader is {:.0} times as fast",
        bare / reader,
        expressions.len(),
        n_bytes(few) as f64 / 1e6,
        known.len(),
        reader / regexes,
    );
    recall(&synthetic, &taxonomy, &extractor);
}

fn text(posting: &Synthetic) -> Text {
    Text {
        title: Some(posting.title.clone()),
        company: Some(posting.company.clone()),
        text: posting.text.clone(),
    }
}

fn n_bytes(texts: &[Text]) -> usize {
    texts.iter().map(Text::n_bytes).sum()
}

/// The first texts, of so many bytes in all; one at least.
fn first(texts: &[Text], most: usize) -> &[Text] {
    let mut bytes = 0;
    let n = texts
        .iter()
        .take_while(|text| {
            bytes += text.n_bytes();
            bytes <= most
        })
        .count();
    &texts[..n.max(1).min(texts.len())]
}

/// Times `work` over all texts; gives the median of its speed in MB/s.
fn speed(
    criterion: &mut Criterion,
    name: &str,
    texts: &[Text],
    work: impl Fn(&Text) -> usize,
) -> f64 {
    let bytes = n_bytes(texts);
    let speeds = RefCell::new(Vec::new());
    let mut group = criterion.benchmark_group("extract");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(name, |bencher: &mut Bencher| {
        bencher.iter_custom(|n| {
            let started = Instant::now();
            for _pass in 0..n {
                black_box(texts.iter().map(&work).sum::<usize>());
            }
            let taken = started.elapsed();
            let passes = bytes as f64 * n as f64;
            speeds.borrow_mut().push(passes / 1e6 / taken.as_secs_f64());
            taken
        });
    });
    group.finish();
    support::median(&speeds.into_inner())
}

fn sure_spellings(skill: &Skill) -> impl Iterator<Item = &str> {
    skill.aliases().iter().map(String::as_str)
}

fn regex(skill: &Skill) -> Regex {
    let spellings: Vec<String> = sure_spellings(skill).map(regex::escape).collect();
    // `\b` does not stand beside `+` or `#`.
    let expression = format!(r"(?i)(?:^|\W)(?:{})(?:\W|$)", spellings.join("|"));
    Regex::new(&expression).expect("escaped spellings are an expression")
}

/// Whether the reader finds what was put in: a check that it does the work.
fn recall(postings: &[Synthetic], taxonomy: &Taxonomy, extractor: &Extractor) {
    let (mut n_put_in, mut n_found, mut n_more) = (0, 0, 0);
    let few = &postings[..postings.len().min(2_000)];
    for posting in few {
        let profile = extractor.read(&text(posting).advert()).profile(taxonomy);
        let named = profile.skills.iter().filter(|skill| !skill.implied);
        let found: HashSet<&str> = named
            .map(|skill| taxonomy.skill(skill.skill).id.as_str())
            .collect();
        let put_in: HashSet<&str> = posting.skills.iter().map(|(id, _)| *id).collect();
        let unknown = put_in.iter().find(|id| taxonomy.by_id(id).is_none());
        assert_eq!(unknown, None, "the generator names a skill there is not");
        n_put_in += put_in.len();
        n_found += put_in.intersection(&found).count();
        n_more += found.difference(&put_in).count();
    }
    let share = 100.0 * n_found as f64 / n_put_in as f64;
    assert!(share > 95.0, "only {share:.1} % of the skills are found");
    println!(
        "check: of {n_put_in} skills put into {} synthetic postings {share:.1} % are found, and {n_more} others",
        few.len(),
    );
}

/// How long a process takes until it can read, in processes of their own.
fn start_up(criterion: &mut Criterion) {
    let me = std::env::current_exe().expect("it runs");
    let started = || {
        let out = Command::new(&me)
            .arg("--ready")
            .output()
            .expect("it can run itself");
        let nanoseconds = String::from_utf8_lossy(&out.stdout).trim().parse();
        Duration::from_nanos(nanoseconds.expect("it says how long it took"))
    };
    let mut group = criterion.benchmark_group("extract");
    group.bench_function("ready at start", |bencher| {
        bencher.iter_custom(|n| (0..n).map(|_process| started()).sum());
    });
    group.finish();
}

/// Gets ready once and says how many nanoseconds that took.
fn ready() {
    let started = Instant::now();
    black_box(Extractor::embedded());
    println!("{}", started.elapsed().as_nanos());
}
