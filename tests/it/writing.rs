//! `index`: who writes, what a run leaves behind when it is stopped, and how far
//! it reads ahead.

use std::io::Write;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jobsift::extract::Extractor;
use jobsift::index::Index;
use jobsift::ingest;
use jobsift::pipeline::{self, Progress};
use serde_json::Value;

use crate::index::{Home, counts, lines, record, three};
use crate::support::{ask_on, project};

/// A run of the program that waits for its standard input.
fn waiting(home: &Home) -> Child {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jobsift"));
    command.args([
        "index",
        "-",
        "--now",
        crate::support::NOW,
        "--memory",
        "30MB",
        "--threads",
        "2",
        "--index",
    ]);
    command.arg(home.index()).env_remove("JOBSIFT_INDEX");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until something has happened.
#[track_caller]
fn until(what: &str, has_happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !has_happened() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{what} has not happened within a minute"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let home = Home::new();
    let file = home.file("a.jsonl", three());
    let mut first = waiting(&home);
    // Without a lock the second run would go through.
    until("the lock", || {
        home.index().join(".tantivy-writer.lock").exists()
    });
    let second = home.run(&[&file]);
    assert_eq!(second.code, 2);
    assert!(
        second.err.contains("is writing to the index"),
        "{}",
        second.err
    );
    assert_eq!(second.err.lines().count(), 1, "{}", second.err);
    let mut input = first.stdin.take().unwrap();
    input.write_all(three().as_bytes()).unwrap();
    drop(input);
    assert!(first.wait().unwrap().success());
    assert_eq!(home.total(), 3);
}

#[test]
fn what_a_killed_run_saw_unchanged_stays_seen() {
    let home = Home::new();
    let old = home.file(
        "old.jsonl",
        lines(&[record("t:old", "Baker", "You know Rust.")]),
    );
    home.summary(&[&old]);
    let many: Vec<Value> = (0..4000)
        .map(|n| {
            record(
                &format!("t:{n}"),
                "Rust Developer",
                "You know Rust and Kafka.",
            )
        })
        .collect();
    let many = home.file("many.jsonl", lines(&many));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jobsift"));
    let mut killed = command
        .args([
            "index",
            &old,
            &many,
            "-",
            "--now",
            "2027-01-02",
            "--commit-every",
            "1",
        ])
        .args(["--threads", "1", "--memory", "30MB", "--index"])
        .arg(home.index())
        .env_remove("JOBSIFT_INDEX")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It waits for more then.
    let input = killed.stdin.take();
    until("a commit", || home.total() > 1);
    killed.kill().unwrap();
    killed.wait().unwrap();
    drop(input);
    let shown = ask_on(&home.index(), &["show", "t:old"]);
    assert_eq!(shown["last_seen"], "2027-01-02T12:00:00Z");
}

#[test]
fn a_killed_run_leaves_the_index_as_it_was() {
    let home = Home::new();
    let sample = project("corpus/sample/part-a.jsonl").display().to_string();
    home.summary(&[&sample]);
    let before = ask_on(&home.index(), &["search", "--limit", "400"]);
    let many: String = lines(
        &(0..4000)
            .map(|n| {
                record(
                    &format!("t:{n}"),
                    "Rust Developer",
                    "You know Rust and Kafka.",
                )
            })
            .collect::<Vec<_>>(),
    );
    let mut run = waiting(&home);
    let mut input = run.stdin.take().unwrap();
    input.write_all(many.as_bytes()).unwrap();
    // All of it is taken, and the input is still open: it is under way and cannot have finished.
    std::thread::sleep(Duration::from_millis(300));
    assert!(run.try_wait().unwrap().is_none(), "it waits for more");
    run.kill().unwrap();
    run.wait().unwrap();
    drop(input);
    let after = ask_on(&home.index(), &["search", "--limit", "400"]);
    assert_eq!(after["hits"], before["hits"]);
    let summary = home.summary(&[&home.file("many.jsonl", many)]);
    counts(
        &summary,
        [
            ("added", 4000),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 0),
        ],
    );
    assert_eq!(home.total(), 4150);
}

#[test]
fn a_first_run_that_was_killed_can_be_begun_again() {
    let home = Home::new();
    let mut run = waiting(&home);
    until("the lock", || {
        home.index().join(".tantivy-writer.lock").exists()
    });
    run.kill().unwrap();
    run.wait().unwrap();
    let summary = home.summary(&[&home.file("a.jsonl", three())]);
    assert_eq!(summary["added"], 3);
}

/// How far a file was read when its fourth record was done.
struct Ahead(AtomicU64);

impl Progress for Ahead {
    fn starts(&self, _bytes: u64) {}

    fn at(&self, bytes: u64, records: u64) {
        if records > 3 {
            let first = Ordering::Relaxed;
            let _ = self.0.compare_exchange(0, bytes, first, first);
        }
    }
}

#[test]
fn nobody_reads_far_ahead_of_a_slow_record() {
    let home = Home::new();
    let slow = record(
        "t:4",
        "Slow",
        &"You must know Rust and Kafka. ".repeat(30_000),
    );
    let bad = format!("{}\n", "no record ".repeat(100)).repeat(40_000);
    let text = format!("{}{slow}\n{bad}", three());
    let file = home.file("a.jsonl", &text);
    let extractor = Extractor::embedded();
    let index = Index::open_or_create(&home.index(), extractor.taxonomy()).unwrap();
    let request = pipeline::Request {
        inputs: ingest::inputs(&[file.into()]).unwrap(),
        options: ingest::Options {
            reader: None,
            source: None,
            now: crate::support::NOW
                .parse::<jiff::civil::Date>()
                .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC))
                .unwrap()
                .timestamp(),
        },
        threads: 2,
        memory_bytes: 60_000_000,
        commit_bytes: u64::MAX,
        is_snapshot: false,
    };
    let ahead = Ahead(AtomicU64::new(0));
    let stop = AtomicBool::new(false);
    let summary = pipeline::run(&index, &extractor, &request, &ahead, &mut (), &stop).unwrap();
    assert_eq!((summary.added, summary.rejected), (4, 40_000));
    let bytes = ahead.0.into_inner() as usize;
    assert!(bytes < text.len() / 2, "{bytes} of {}", text.len());
}
