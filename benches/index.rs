//! How fast postings are indexed: jobsift from the file to the commit, against
//! plain tantivy that is given the skills ready-made. See `README.md`.
//!
//! Each side of each round runs in a process of its own, so that each has its
//! own peak of memory, and ratios are taken within a round.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use jobsift::extract::Extractor;
use jobsift::fields;
use jobsift::groups::{Traits, groups};
use jobsift::index::{Document, Index, Kept, content_hash};
use jobsift::ingest::{self, Input, Item};
use jobsift::past::Past;
use jobsift::pipeline::advert;
use jobsift::posting::Posting;
use jobsift::skills::Taxonomy;
use serde::{Deserialize, Serialize};
use tantivy::schema::{FAST, INDEXED, STORED, STRING, Schema, TEXT};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexBuilder, IndexSettings, IndexWriter, TantivyDocument};

/// What a child process tells its parent.
#[derive(Serialize, Deserialize)]
struct Figures {
    n_postings: u64,
    seconds: f64,
    index_bytes: u64,
    /// Of user and system, all threads; 0 where there is no `/proc`.
    cpu_seconds: f64,
    /// The most memory it had; 0 where there is no `/proc`.
    peak_bytes: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|arg| arg == "--side") {
        let [side, corpus, index] = &args[at + 1..at + 4] else {
            unreachable!("the parent gives three")
        };
        let figures = run(side, Path::new(corpus), Path::new(index));
        println!(
            "{}",
            serde_json::to_string(&figures).expect("numbers are JSON")
        );
        return;
    }

    let directory = tempfile::tempdir().expect("a temporary directory");
    let (n, rounds) = (support::n_postings(), support::n_rounds());
    let bytes = support::write_corpus(directory.path(), n);
    println!(
        "{n} postings, {:.1} MB, {} bytes each; {} cores, as many threads to read and to write, {} MB for the writers",
        bytes as f64 / 1e6,
        bytes / n as u64,
        support::n_threads(),
        support::MEMORY_BYTES / 1_000_000
    );
    println!(
        "round  side        docs/s   MB/s  CPU s  index MB  peak MB  speed to plain  docs per CPU s to plain"
    );
    let (mut speeds, mut frugalities) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        // Whoever comes second finds the machine warmer: take turns.
        let sides = if round % 2 == 0 {
            ["plain", "jobsift"]
        } else {
            ["jobsift", "plain"]
        };
        let mut of_side = sides.map(|side| (side, child(side, directory.path())));
        of_side.sort_by_key(|(side, _)| *side != "plain");
        let [(_, plain), (_, jobsift)] = &of_side;
        let speed = plain.seconds / jobsift.seconds;
        let frugality = plain.cpu_seconds / jobsift.cpu_seconds;
        for (side, figures) in &of_side {
            let seconds = figures.seconds;
            print!(
                "{:>5}  {side:<9} {:>8.0} {:>6.1} {:>6.2} {:>9.1} {:>8.0}",
                round + 1,
                figures.n_postings as f64 / seconds,
                bytes as f64 / 1e6 / seconds,
                figures.cpu_seconds,
                figures.index_bytes as f64 / 1e6,
                figures.peak_bytes as f64 / 1e6,
            );
            match *side {
                "plain" => println!("            1.00                     1.00"),
                _ => println!("            {speed:.2}                     {frugality:.2}"),
            }
        }
        speeds.push(speed);
        frugalities.push(frugality);
    }
    println!(
        "median of {rounds}: jobsift has {:.2} of the speed of plain tantivy and {:.2} of its docs per CPU second",
        support::median(&speeds),
        support::median(&frugalities)
    );
    stages(directory.path(), bytes / n as u64);
}

/// Runs one side in a process of its own.
fn child(side: &str, corpus: &Path) -> Figures {
    let index = corpus.join(side);
    let out = Command::new(std::env::current_exe().expect("it runs"))
        .args(["--bench", "--side", side])
        .args([corpus, &index])
        .output()
        .expect("it can run itself");
    assert!(
        out.status.success(),
        "{side} failed: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    fs::remove_dir_all(&index).expect("it has made an index");
    serde_json::from_slice(&out.stdout).expect("a child prints its figures")
}

fn run(side: &str, corpus: &Path, index: &Path) -> Figures {
    let (n_postings, seconds) = match side {
        "plain" => plain(corpus, index),
        _ => {
            let started = Instant::now();
            // Building taxonomy and automaton is part of it: every run pays for that.
            let (_, summary) = support::index_corpus(corpus, index);
            (summary.added, started.elapsed().as_secs_f64())
        }
    };
    let files = fs::read_dir(index)
        .expect("it is there")
        .map(|file| file.expect("it is there"));
    let index_bytes = files
        .map(|file| file.metadata().expect("it is there").len())
        .sum();
    Figures {
        n_postings,
        seconds,
        index_bytes,
        cpu_seconds: cpu_seconds(),
        peak_bytes: peak_bytes(),
    }
}

// ---- plain tantivy -------------------------------------------------------

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(borrow)]
    title: Cow<'a, str>,
    #[serde(borrow)]
    company: Cow<'a, str>,
    #[serde(borrow)]
    locations: Vec<Place<'a>>,
    #[serde(borrow)]
    workplace: Option<Cow<'a, str>>,
    #[serde(borrow)]
    seniority: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    employment_type: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    posted_at: Cow<'a, str>,
    #[serde(borrow)]
    salary: Option<Pay<'a>>,
    #[serde(borrow, alias = "description_html")]
    description_text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    city: Option<Cow<'a, str>>,
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Pay<'a> {
    min: f64,
    max: f64,
    #[serde(borrow)]
    currency: Cow<'a, str>,
}

/// Some lines of the corpus, and the number of the first.
struct Lines {
    first: usize,
    text: String,
}

/// The same fields as jobsift's, of what the records say and the ready-made
/// skills: nothing is read out of the text, no copies are looked for.
fn plain(corpus: &Path, directory: &Path) -> (u64, f64) {
    let skills = fs::read_to_string(support::ready_made(corpus)).expect("it was written");
    let skills: Vec<&str> = skills.lines().collect();
    let threads = support::n_threads();
    fs::create_dir_all(directory).expect("a temporary directory");

    let started = Instant::now();
    let mut schema = Schema::builder();
    for name in ["title", "body"] {
        schema.add_text_field(name, TEXT);
    }
    let values = [
        "id",
        "source",
        "company",
        "city",
        "country",
        "workplace",
        "seniority",
        "employment",
        "skill",
        "currency",
    ];
    for name in values {
        schema.add_text_field(name, STRING | FAST);
    }
    schema.add_i64_field("posted_at", INDEXED | FAST);
    schema.add_f64_field("pay_min", FAST);
    schema.add_f64_field("pay_max", FAST);
    schema.add_text_field("record", STORED);
    let schema = schema.build();
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor::default()),
        ..IndexSettings::default()
    };
    let index = IndexBuilder::new()
        .schema(schema.clone())
        .settings(settings)
        .create_in_dir(directory)
        .expect("it is empty");
    let mut writer: IndexWriter = index
        .writer_with_num_threads(threads, support::MEMORY_BYTES)
        .expect("nobody else writes");

    let (send, receive) = sync_channel::<Lines>(threads);
    let receive = Mutex::new(receive);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let received = receive.lock().expect("nobody panics").recv();
                    let Ok(lines) = received else { return };
                    for (line, skills) in lines.text.lines().zip(&skills[lines.first..]) {
                        writer
                            .add_document(document(&schema, line, skills))
                            .expect("it writes");
                    }
                }
            });
        }
        let mut file = BufReader::new(File::open(support::jsonl(corpus)).expect("it was written"));
        let mut first = 0;
        loop {
            let (mut text, mut n_lines) = (String::with_capacity(1 << 20), 0);
            while text.len() < 1 << 20 && file.read_line(&mut text).expect("it can be read") > 0 {
                n_lines += 1;
            }
            if n_lines == 0 {
                break;
            }
            send.send(Lines { first, text })
                .expect("the threads wait for it");
            first += n_lines;
        }
        drop(send);
    });
    writer.commit().expect("it writes");
    writer.wait_merging_threads().expect("it merges");
    let seconds = started.elapsed().as_secs_f64();
    let n_postings = index
        .reader()
        .expect("it is committed")
        .searcher()
        .num_docs();
    assert_eq!(n_postings, skills.len() as u64, "every posting is in it");
    (n_postings, seconds)
}

fn document(schema: &Schema, line: &str, skills: &str) -> TantivyDocument {
    let record: Record<'_> = serde_json::from_str(line).expect("the generator writes JSON");
    let field = |name: &str| schema.get_field(name).expect("it is in the schema");
    let mut document = TantivyDocument::default();
    document.add_text(field("id"), &record.id);
    document.add_text(field("source"), &record.source);
    document.add_text(field("title"), &record.title);
    document.add_text(field("body"), &record.description_text);
    document.add_text(field("company"), &record.company);
    for place in &record.locations {
        for (name, value) in [("city", &place.city), ("country", &place.country)] {
            if let Some(value) = value {
                document.add_text(field(name), value);
            }
        }
    }
    for (name, value) in [
        ("workplace", &record.workplace),
        ("seniority", &record.seniority),
    ] {
        if let Some(value) = value {
            document.add_text(field(name), value);
        }
    }
    for value in &record.employment_type {
        document.add_text(field("employment"), value);
    }
    let skill = field("skill");
    for id in skills.split(' ') {
        // As in jobsift's index: a required skill is found by both terms.
        document.add_text(skill, id.trim_end_matches('!'));
        if id.ends_with('!') {
            document.add_text(skill, id);
        }
    }
    let posted_at: jiff::Timestamp = record
        .posted_at
        .parse()
        .expect("the generator writes dates");
    document.add_i64(field("posted_at"), posted_at.as_second());
    if let Some(pay) = &record.salary {
        document.add_f64(field("pay_min"), pay.min);
        document.add_f64(field("pay_max"), pay.max);
        document.add_text(field("currency"), &pay.currency);
    }
    document.add_text(field("record"), line);
    document
}

// ---- where jobsift's time goes -------------------------------------------

/// Does what the pipeline does with some postings, one stage after the other on
/// one thread, and prints how long each takes.
fn stages(corpus: &Path, bytes_each: u64) {
    const MOST: usize = 5_000;
    let directory = corpus.join("stages");
    let extractor = Extractor::embedded();
    let taxonomy = Taxonomy::embedded();
    let index = Index::open_or_create(&directory, &taxonomy).expect("an empty directory");
    let mut took: Vec<(&str, Duration)> = Vec::new();
    let mut lap = Instant::now();
    let mut done = |stage: &'static str, lap: &mut Instant| {
        took.push((stage, lap.elapsed()));
        *lap = Instant::now();
    };

    let input = Input {
        path: support::jsonl(corpus),
        bytes: 0,
    };
    let source = ingest::open(&input, &support::options()).expect("it was written");
    let mut postings: Vec<Posting> = Vec::new();
    for chunk in source {
        let chunk = chunk.expect("it can be read");
        postings.extend(
            chunk
                .items()
                .into_iter()
                .flatten()
                .filter_map(Item::posting),
        );
        if postings.len() >= MOST {
            break;
        }
    }
    let n = postings.len();
    done("read and parse", &mut lap);
    let contents: Vec<u64> = postings.iter_mut().map(content_hash).collect();
    done("content_hash", &mut lap);
    postings.iter_mut().for_each(fields::fill);
    done("fields::fill", &mut lap);
    let readings: Vec<_> = postings
        .iter()
        .map(|posting| extractor.read(&advert(posting)))
        .collect();
    done("extract read", &mut lap);
    let profiles: Vec<_> = readings
        .iter()
        .map(|reading| reading.profile(&taxonomy))
        .collect();
    done("profile", &mut lap);
    let traits: Vec<Traits> = postings.iter().map(Traits::of).collect();
    done("traits of copies (part of Document::new)", &mut lap);
    let Ok(groups) = groups(&traits[..]);
    std::hint::black_box(groups);
    done("groups (part of finish)", &mut lap);
    let mut kept: Vec<Kept> = postings
        .into_iter()
        .zip(contents)
        .map(|(posting, content)| Kept {
            posting,
            contents: vec![content],
            past: Past::default(),
        })
        .collect();
    let documents: Vec<Document> = kept
        .iter_mut()
        .zip(&profiles)
        .map(|(kept, profile)| {
            Document::new(&index, kept, profile, &taxonomy).expect("a posting is JSON")
        })
        .collect();
    done("Document::new", &mut lap);
    let mut writer = index
        .writer(&taxonomy, 1, support::MEMORY_BYTES)
        .expect("nobody else writes");
    for document in documents {
        writer.add(document).expect("it writes");
    }
    writer.commit(None).expect("it writes");
    writer.finish().expect("it writes");
    done("write and commit", &mut lap);

    println!(
        "\nstages, {n} postings one after the other, one thread (tantivy has threads of its own in the last):"
    );
    let whole: Duration = took.iter().map(|(_, took)| *took).sum();
    for (stage, took) in &took {
        let each = took.as_secs_f64() / n as f64;
        println!(
            "  {stage:<20} {:>7.1} us a posting  {:>4.1} %  {:>7.1} MB/s",
            each * 1e6,
            100.0 * took.as_secs_f64() / whole.as_secs_f64(),
            bytes_each as f64 / 1e6 / each
        );
    }
}

// ---- the operating system -----------------------------------------------

fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| {
        line.trim()
            .trim_end_matches("kB")
            .trim()
            .parse::<u64>()
            .ok()
    });
    kilobytes.unwrap_or(0) * 1024
}

fn cpu_seconds() -> f64 {
    /// What Linux counts in, on every machine that it is told about.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may have blanks in it; what follows it has not.
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = after_name
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    ticks as f64 / TICKS_PER_SECOND
}
