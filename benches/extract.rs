//! How fast skills are read out of text, against looking for the same spellings
//! with a bare Aho-Corasick automaton and with one regular expression a skill;
//! and how long it takes to be ready. See `README.md`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::collections::HashSet;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use aho_corasick::{AhoCorasick, MatchKind};
use jobsift::extract::{Advert, Extractor};
use jobsift::skills::{Skill, Taxonomy};
use regex::Regex;

use support::synth::Synthetic;

/// Regular expressions are slow: so many skills over so much text, and scaled up.
const N_REGEXES: usize = 200;
const REGEX_BYTES: usize = 200_000;

fn main() {
    if std::env::args().any(|arg| arg == "--ready") {
        ready();
        return;
    }
    start_up();

    let postings: Vec<Synthetic> = support::postings(support::n_postings().min(10_000)).collect();
    let bytes: usize = postings
        .iter()
        .map(|posting| posting.title.len() + posting.text.len())
        .sum();
    let megabytes = bytes as f64 / 1e6;
    let taxonomy = Taxonomy::embedded();
    let extractor = Extractor::embedded();
    let aliases: Vec<&str> = taxonomy.skills().iter().flat_map(sure_spellings).collect();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(&aliases)
        .expect("the spellings fit");
    println!(
        "{} postings, {megabytes:.1} MB of titles and texts, {} skills, {} sure spellings; one thread; automata: \
         jobsift {:.1} MB, Aho-Corasick {:.1} MB",
        postings.len(),
        taxonomy.skills().len(),
        aliases.len(),
        extractor.memory_bytes() as f64 / 1e6,
        automaton.memory_usage() as f64 / 1e6,
    );

    println!("round  reader MB/s  Aho-Corasick MB/s  time of the reader in bare passes");
    let (mut reader, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..support::n_rounds() {
        let seconds = |work: &dyn Fn() -> usize| {
            let started = Instant::now();
            black_box(work());
            started.elapsed().as_secs_f64()
        };
        let reading = || {
            postings
                .iter()
                .map(|posting| mentions(&extractor, posting))
                .sum()
        };
        let finding = || {
            postings
                .iter()
                .map(|posting| occurrences(&automaton, posting))
                .sum()
        };
        let (read, found) = match round % 2 {
            0 => (seconds(&reading), seconds(&finding)),
            _ => {
                let found = seconds(&finding);
                (seconds(&reading), found)
            }
        };
        println!(
            "{:>5} {:>12.1} {:>18.1} {:>14.2}",
            round + 1,
            megabytes / read,
            megabytes / found,
            read / found
        );
        reader.push(megabytes / read);
        bare.push(megabytes / found);
        ratios.push(read / found);
    }
    println!(
        "median: reader {:.1} MB/s, bare Aho-Corasick {:.1} MB/s; the reader takes {:.2} bare passes",
        support::median(&reader),
        support::median(&bare),
        support::median(&ratios)
    );
    regexes(&postings, &taxonomy, &extractor);
    recall(&postings, &taxonomy, &extractor);
}

fn sure_spellings(skill: &Skill) -> impl Iterator<Item = &str> {
    skill.aliases().iter().map(String::as_str)
}

fn mentions(extractor: &Extractor, posting: &Synthetic) -> usize {
    let reading = extractor.read(&advert(posting));
    reading.title.len() + reading.body.len()
}

fn advert(posting: &Synthetic) -> Advert<'_> {
    Advert {
        title: Some(&posting.title),
        text: &posting.text,
        company: Some(&posting.company),
        ..Advert::default()
    }
}

fn occurrences(automaton: &AhoCorasick, posting: &Synthetic) -> usize {
    automaton.find_iter(&posting.title).count() + automaton.find_iter(&posting.text).count()
}

/// One expression a skill over a little text, scaled to all skills.
fn regexes(postings: &[Synthetic], taxonomy: &Taxonomy, extractor: &Extractor) {
    let with_spellings: Vec<&Skill> = taxonomy
        .skills()
        .iter()
        .filter(|skill| !skill.aliases().is_empty())
        .collect();
    let step = (with_spellings.len() / N_REGEXES).max(1);
    let expressions: Vec<Regex> = with_spellings
        .iter()
        .step_by(step)
        .take(N_REGEXES)
        .map(|skill| regex(skill))
        .collect();
    let mut bytes = 0;
    let few: Vec<&Synthetic> = postings
        .iter()
        .take_while(|posting| {
            bytes += posting.text.len();
            bytes <= REGEX_BYTES
        })
        .collect();
    let megabytes = few
        .iter()
        .map(|posting| posting.title.len() + posting.text.len())
        .sum::<usize>() as f64
        / 1e6;

    let started = Instant::now();
    for posting in &few {
        for expression in &expressions {
            black_box(expression.is_match(&posting.title) | expression.is_match(&posting.text));
        }
    }
    let scale = with_spellings.len() as f64 / expressions.len() as f64;
    let by_regex = started.elapsed().as_secs_f64() * scale;
    let started = Instant::now();
    for posting in &few {
        black_box(mentions(extractor, posting));
    }
    let by_reader = started.elapsed().as_secs_f64();
    println!(
        "one regex a skill: {:.3} MB/s ({} skills over {megabytes:.2} MB, scaled to {}); the reader is {:.0} times as fast",
        megabytes / by_regex,
        expressions.len(),
        with_spellings.len(),
        by_regex / by_reader
    );
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
    let mut unknown = HashSet::new();
    let few = &postings[..postings.len().min(2_000)];
    for posting in few {
        let profile = extractor.read(&advert(posting)).profile(taxonomy);
        let named = profile.skills.iter().filter(|skill| !skill.implied);
        let found: HashSet<&str> = named
            .map(|skill| taxonomy.skill(skill.skill).id.as_str())
            .collect();
        let put_in: HashSet<&str> = posting.skills.iter().map(|(id, _)| *id).collect();
        n_put_in += put_in.len();
        n_found += put_in.intersection(&found).count();
        n_more += found.difference(&put_in).count();
        unknown.extend(
            put_in
                .iter()
                .filter(|id| taxonomy.by_id(id).is_none())
                .copied(),
        );
    }
    println!(
        "check: of {n_put_in} skills put into {} postings {:.1} % are found, and {n_more} others{}",
        few.len(),
        100.0 * n_found as f64 / n_put_in as f64,
        if unknown.is_empty() {
            String::new()
        } else {
            format!("; no such skills: {unknown:?}")
        }
    );
}

/// How long a process takes until it can read, in processes of their own.
fn start_up() {
    let mut taxonomies = Vec::new();
    let mut extractors = Vec::new();
    for _ in 0..if support::is_measuring() { 7 } else { 1 } {
        let me = std::env::current_exe().expect("it runs");
        let out = Command::new(me)
            .arg("--ready")
            .output()
            .expect("it can run itself");
        let out = String::from_utf8_lossy(&out.stdout).into_owned();
        let mut numbers = out
            .split_whitespace()
            .filter_map(|number| number.parse::<f64>().ok());
        taxonomies.extend(numbers.next());
        extractors.extend(numbers.next());
    }
    println!(
        "ready after {:.1} ms: taxonomy {:.1} ms, automaton {:.1} ms (medians of {})",
        support::median(&taxonomies) + support::median(&extractors),
        support::median(&taxonomies),
        support::median(&extractors),
        taxonomies.len()
    );
}

fn ready() {
    let started = Instant::now();
    let taxonomy = Taxonomy::embedded();
    let loaded = started.elapsed();
    black_box(Extractor::new(&taxonomy));
    let built = started.elapsed() - loaded;
    println!(
        "{} {}",
        loaded.as_secs_f64() * 1e3,
        built.as_secs_f64() * 1e3
    );
}
