//! `index`: what goes in, what is refused and how that is said, and what a run
//! leaves behind when it is stopped.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jobsift::extract::Extractor;
use jobsift::index::Index;
use jobsift::ingest;
use jobsift::pipeline::{self, Progress};
use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask_on, project, run, run_with, scratch};

/// A directory with an index to be and files to read.
struct Home {
    directory: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        Home {
            directory: scratch(),
        }
    }

    fn index(&self) -> PathBuf {
        self.directory.path().join("index")
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn run(&self, args: &[&str]) -> Ran {
        run(&self.index(), &[&["index"], args].concat())
    }

    /// Indexes and gives the summary, which must be as its schema says and add up.
    #[track_caller]
    fn summary(&self, args: &[&str]) -> Value {
        let ran = self.run(args);
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.err);
        sound(ran.json())
    }

    fn total(&self) -> u64 {
        ask_on(&self.index(), &["search", "--count"])["total"]
            .as_u64()
            .unwrap()
    }

    fn posting(&self, id: &str) -> Value {
        ask_on(&self.index(), &["show", id])
    }
}

/// Checks what every summary promises.
#[track_caller]
fn sound(summary: Value) -> Value {
    assert_valid("output/index.json", &summary);
    let n = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(
        n("read"),
        n("added") + n("changed") + n("unchanged") + n("closed") + n("rejected"),
        "{summary}"
    );
    assert_eq!(n("accepted"), n("read") - n("rejected"), "{summary}");
    let by_reader = |name: &str| -> u64 {
        summary["readers"]
            .as_object()
            .unwrap()
            .values()
            .map(|reader| reader[name].as_u64().unwrap())
            .sum()
    };
    assert_eq!(
        (by_reader("read"), by_reader("accepted")),
        (n("read"), n("accepted")),
        "{summary}"
    );
    summary
}

fn record(id: &str, title: &str, text: &str) -> Value {
    json!({"id": id, "source": "test", "title": title, "description_text": text, "posted_at": "2026-05-01"})
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn three() -> String {
    lines(&[
        record("t:1", "Rust Developer", "You know Rust and PostgreSQL."),
        record("t:2", "Go Developer", "You know Go and Kafka."),
        record("t:3", "Gärtner in Zürich", "Blumen gießen, façade, 10 €."),
    ])
}

#[track_caller]
fn counts(summary: &Value, expected: [(&str, u64); 4]) {
    for (name, n) in expected {
        assert_eq!(summary[name], n, "{name} of {summary}");
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let home = Home::new();
    let sample = project("corpus/sample").display().to_string();
    let first = home.summary(&[&sample]);
    counts(
        &first,
        [
            ("added", 300),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 0),
        ],
    );
    assert_eq!(first["files"], 2);
    let before = ask_on(&home.index(), &["search", "--limit", "400"]);
    let second = home.summary(&[&sample]);
    counts(
        &second,
        [
            ("added", 0),
            ("changed", 0),
            ("unchanged", 300),
            ("rejected", 0),
        ],
    );
    assert_eq!(second["duplicates"], 0);
    assert_eq!(
        ask_on(&home.index(), &["search", "--limit", "400"])["hits"],
        before["hits"]
    );
}

#[test]
fn a_changed_record_replaces_its_posting() {
    let home = Home::new();
    home.summary(&[&home.file("a.jsonl", three())]);
    let changed = record("t:2", "Zig Developer", "You know Zig.");
    let summary = home.summary(&[&home.file("b.jsonl", lines(&[changed]))]);
    counts(
        &summary,
        [
            ("added", 0),
            ("changed", 1),
            ("unchanged", 0),
            ("rejected", 0),
        ],
    );
    assert_eq!(home.total(), 3);
    assert_eq!(home.posting("t:2")["title"], "Zig Developer");
    assert_eq!(ask_on(&home.index(), &["search", "kafka"])["total"], 0);
    assert_eq!(
        ask_on(&home.index(), &["search", "--skill", "zig"])["total"],
        1
    );
    assert_eq!(
        ask_on(&home.index(), &["search", "--skill", "go"])["total"],
        0
    );
}

#[test]
fn of_one_id_twice_in_a_run_the_last_wins() {
    let home = Home::new();
    let twice = lines(&[
        record("t:1", "First", "Rust"),
        record("t:2", "Other", "Go"),
        record("t:1", "Second", "Kafka"),
        record("t:1", "Third", "Zig"),
    ]);
    let file = home.file("a.jsonl", &twice);
    let summary = home.summary(&[&file]);
    counts(
        &summary,
        [
            ("added", 2),
            ("changed", 2),
            ("unchanged", 0),
            ("rejected", 0),
        ],
    );
    assert_eq!(
        (home.total(), &home.posting("t:1")["title"]),
        (2, &json!("Third"))
    );
    home.summary(&[&file]);
    assert_eq!(
        (home.total(), &home.posting("t:1")["title"]),
        (2, &json!("Third"))
    );
}

#[test]
fn equal_records_of_one_id_are_one_posting_and_stay_unchanged() {
    let home = Home::new();
    let file = home.file("a.jsonl", three().repeat(3));
    let summary = home.summary(&[&file]);
    counts(
        &summary,
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 6),
            ("rejected", 0),
        ],
    );
    let again = home.summary(&[&file]);
    counts(
        &again,
        [
            ("added", 0),
            ("changed", 0),
            ("unchanged", 9),
            ("rejected", 0),
        ],
    );
}

#[test]
fn directories_are_walked_and_what_holds_no_postings_is_skipped() {
    let home = Home::new();
    home.file("in/b/two.jsonl", lines(&[record("t:2", "Two", "Go")]));
    home.file("in/a.jsonl", lines(&[record("t:1", "One", "Rust")]));
    home.file(
        "in/README.md",
        "# Postings\n\nSome words on where these are from; and how.\n",
    );
    home.file("in/empty.jsonl", "");
    home.file("in/.hidden.jsonl", lines(&[record("t:9", "Hidden", "Zig")]));
    let directory = home.directory.path().join("in").display().to_string();
    let ran = home.run(&[&directory]);
    let summary = sound(ran.json());
    assert_eq!(
        (&summary["files"], &summary["read"], &summary["rejected"]),
        (&json!(2), &json!(2), &json!(0))
    );
    let skipped: Vec<&str> = summary["skipped_files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["file"].as_str().unwrap())
        .collect();
    assert_eq!(skipped.len(), 2, "{summary}");
    assert!(
        skipped[0].ends_with("README.md") && skipped[1].ends_with("empty.jsonl"),
        "{skipped:?}"
    );
    assert!(ran.err.contains("README.md"), "{}", ran.err);
    // Several inputs, one of them named twice, are each read once.
    let more = home.file("more.jsonl", lines(&[record("t:3", "Three", "C++")]));
    let summary = home.summary(&[&more, &directory, &more]);
    assert_eq!(
        (&summary["files"], &summary["added"], &summary["unchanged"]),
        (&json!(3), &json!(1), &json!(2))
    );
}

#[test]
fn packed_files_are_known_by_their_content() {
    let home = Home::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(three().as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    // Two members one after the other are one text.
    let halves = three()
        .split_inclusive('\n')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let mut parts = Vec::new();
    for half in &halves {
        let mut part = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        part.write_all(half.as_bytes()).unwrap();
        parts.extend(part.finish().unwrap());
    }
    let zstd = zstd::encode_all(three().as_bytes(), 3).unwrap();
    let files = [
        home.file("plain-name.jsonl", gzip),
        home.file("parts.txt", parts),
        home.file("no-ending", zstd),
    ];
    for (number, file) in files.iter().enumerate() {
        let summary = home.summary(&[file]);
        let (added, unchanged) = if number == 0 { (3, 0) } else { (0, 3) };
        counts(
            &summary,
            [
                ("added", added),
                ("changed", 0),
                ("unchanged", unchanged),
                ("rejected", 0),
            ],
        );
    }
    assert_eq!(home.posting("t:3")["title"], "Gärtner in Zürich");
}

#[test]
fn standard_input_is_a_file_like_others() {
    let home = Home::new();
    let ran = run_with(&home.index(), &["index", "-"], three().as_bytes());
    counts(
        &sound(ran.json()),
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 0),
        ],
    );
    assert_eq!(home.posting("t:1")["origin"]["file"], "-");
    assert_eq!(home.posting("t:3")["origin"]["record"], 3);
}

#[test]
fn text_is_read_in_whatever_encoding_it_stands() {
    let utf16 = |little: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(three().encode_utf16().collect::<Vec<_>>());
        units
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    };
    let with_mark = [b"\xef\xbb\xbf", three().as_bytes()].concat();
    let (windows, _, had_errors) =
        encoding_rs::WINDOWS_1252.encode(Box::leak(three().into_boxed_str()));
    assert!(!had_errors && std::str::from_utf8(&windows).is_err());
    for (name, bytes) in [
        ("mark", with_mark),
        ("little", utf16(true)),
        ("big", utf16(false)),
        ("windows", windows.into_owned()),
    ] {
        let home = Home::new();
        let summary = home.summary(&[&home.file(name, bytes)]);
        counts(
            &summary,
            [
                ("added", 3),
                ("changed", 0),
                ("unchanged", 0),
                ("rejected", 0),
            ],
        );
        let posting = home.posting("t:3");
        assert_eq!(posting["title"], "Gärtner in Zürich", "{name}");
        assert_eq!(
            posting["description_text"], "Blumen gießen, façade, 10 €.",
            "{name}"
        );
        assert_eq!(
            ask_on(&home.index(), &["search", "zurich gärtner"])["total"],
            1,
            "{name}"
        );
    }
}

/// Eight records of which three are good.
fn with_bad_records() -> String {
    let good: Vec<String> = three().lines().map(str::to_owned).collect();
    let bad_date = json!({"id": "t:6", "source": "test", "title": "When?", "posted_at": "the day after tomorrow"});
    let nothing = json!({"id": "t:8", "source": "test", "title": " ", "description_text": ""});
    [
        &good[0],
        "{\"id\": \"t:4\", \"title\": ",
        &good[1],
        "[1, 2]",
        "\"only a text\"",
        &bad_date.to_string(),
        &good[2],
        &nothing.to_string(),
        "{\"id\": \"t:9\", \"source\": \"test\", \"title\": \"cut o",
    ]
    .join("\n")
}

#[test]
fn a_bad_record_costs_itself_and_is_named() {
    let home = Home::new();
    let file = home.file("a.jsonl", with_bad_records());
    let rejects = home
        .directory
        .path()
        .join("rejects.jsonl")
        .display()
        .to_string();
    let ran = home.run(&[&file, "--rejects", &rejects]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary = sound(ran.json());
    counts(
        &summary,
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 6),
        ],
    );
    assert_eq!(summary["read"], 9);
    assert_eq!(home.total(), 3);
    let kept: Vec<Value> = std::fs::read_to_string(&rejects)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for reject in &kept {
        assert_valid("output/index.json#/$defs/reject", reject);
        assert_eq!(reject["file"], file.as_str());
    }
    let numbers: Vec<u64> = kept
        .iter()
        .map(|reject| reject["record"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 4, 5, 6, 8, 9]);
    let first = summary["rejects"].as_array().unwrap();
    assert_eq!(first[..], kept[..first.len()]);
    assert_eq!(
        (&kept[3]["field"], &kept[3]["value"]),
        (&json!("posted_at"), &json!("the day after tomorrow"))
    );
    for number in &numbers[..5] {
        assert!(
            ran.err.contains(&format!("{file}: record {number}:")),
            "{} lacks record {number}",
            ran.err
        );
    }
    assert!(ran.err.contains("1 more"), "{}", ran.err);
    let verbose = home.run(&[&file, "--verbose"]);
    assert!(
        verbose.err.contains(&format!("{file}: record 9:")),
        "{}",
        verbose.err
    );
}

#[test]
fn too_many_rejected_records_are_exit_status_three() {
    let home = Home::new();
    let file = home.file("a.jsonl", with_bad_records());
    let ran = home.run(&[&file, "--max-rejects", "50%", "--quiet"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("more than the 50 % that `--max-rejects`"),
        "{}",
        ran.err
    );
    assert_eq!(home.total(), 3, "what is good has been kept");
    assert_eq!(home.run(&[&file, "--max-rejects", "0.7"]).code, 0);
    assert_eq!(home.run(&[&file, "--max-rejects", "0"]).code, 3);
    let wrong = home.run(&[&file, "--max-rejects", "many"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("many"), "{}", wrong.err);
}

#[test]
fn a_huge_line_costs_only_itself() {
    let home = Home::new();
    let huge = record("t:h", "Huge", &"word ".repeat(4 << 20)).to_string();
    assert!(huge.len() > jobsift::ingest::MAX_RECORD_BYTES);
    let mut text = lines(&[record("t:0", "Before", "Rust")]);
    text.push_str(&huge);
    text.push('\n');
    text.push_str(&three());
    let summary = home.summary(&[&home.file("a.jsonl", text)]);
    counts(
        &summary,
        [
            ("added", 4),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 1),
        ],
    );
    assert_eq!(summary["rejects"][0]["record"], 2, "{summary}");
    assert!(
        summary["rejects"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("bytes"),
        "{summary}"
    );
}

#[test]
fn the_first_record_may_be_longer_than_the_look_at_a_file() {
    let home = Home::new();
    let long = record("t:h", "Long", &"word ".repeat(100_000)).to_string();
    let bad = long.replace("\"id\":", "\"id\" ");
    for (name, first, rejected) in [("good", long, 0), ("bad", bad, 1)] {
        let text = format!("{first}\n\n{}", three());
        let summary = home.summary(&[&home.file(&format!("{name}.jsonl"), text)]);
        assert_eq!(
            (&summary["read"], &summary["rejected"]),
            (&json!(4), &json!(rejected)),
            "{summary}"
        );
    }
    // A long line of a document is none.
    let jobs: Vec<Value> = (0..40)
        .map(|n| record(&format!("t:{n}"), "Job", &"word ".repeat(2_000)))
        .collect();
    let one_line = json!({"jobs": jobs}).to_string();
    let last = one_line.rfind("},{").unwrap() + 2;
    for text in [
        format!("{one_line}\n"),
        format!("{}\n{}", &one_line[..last], &one_line[last..]),
        one_line.replace("]}", "\n]}\n"),
    ] {
        let summary = home.summary(&[&home.file("jobs.json", text)]);
        assert_eq!(summary["read"], 40, "{summary}");
    }
}

#[test]
fn a_document_that_is_no_json_is_a_rejected_record() {
    let home = Home::new();
    let bad = home.file("in/bad.json", "{\n \"jobs\": [\n  {\"title\": ,");
    let alone = home.run(&[&bad]);
    assert_eq!(alone.code, 2);
    let said =
        alone.err.contains("no postings in any input\n") && alone.err.contains("not a record");
    assert!(said, "{}", alone.err);
    home.file("in/good.jsonl", three());
    let folder = home.directory.path().join("in").display().to_string();
    let rejects = home.directory.path().join("rejects.jsonl");
    let rejects_name = rejects.display().to_string();
    let summary = home.summary(&[&folder, "--rejects", &rejects_name]);
    counts(
        &summary,
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 1),
        ],
    );
    let kept = std::fs::read_to_string(rejects).unwrap();
    assert!(kept.contains("bad.json"), "{kept}");
    assert_eq!(home.run(&[&folder, "--max-rejects", "10%"]).code, 3);
}

#[test]
fn an_id_that_is_too_long_is_rejected_and_the_longest_is_found_again() {
    let home = Home::new();
    let id = |n: usize| format!("t:{}", "x".repeat(n - 2));
    let long = |n: usize| lines(&[record(&id(n), "Gopher", "You know Go.")]);
    let most = jobsift::ingest::MAX_ID_BYTES;
    let file = home.file("most.jsonl", long(most));
    assert_eq!(home.summary(&[&file])["added"], 1);
    assert_eq!(home.summary(&[&file])["unchanged"], 1);
    assert_eq!(home.posting(&id(most))["title"], "Gopher");
    for n in [most + 1, 70_000] {
        let summary = home.summary(&[&home.file("long.jsonl", long(n))]);
        assert_eq!(summary["rejected"], 1, "{summary}");
        let reason = summary["rejects"][0]["reason"].as_str().unwrap();
        assert!(reason.contains(&format!("an id of {n} bytes")), "{reason}");
    }
    assert_eq!(home.total(), 1);
}

#[test]
fn an_employer_of_any_length_is_found_as_it_is_shown() {
    let home = Home::new();
    let mut long = record("t:1", "Gopher", "You know Go.");
    long["company"] = "Acorn & Sons ".repeat(6_000).into();
    home.summary(&[&home.file("a.jsonl", lines(&[long]))]);
    let shown = home.posting("t:1")["company"].as_str().unwrap().to_owned();
    let args = ["search", "--count", "--company", &shown];
    assert_eq!(ask_on(&home.index(), &args)["total"], 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_goes_on_keeps_the_rejects_of_the_one_before_and_counts_them() {
    let home = Home::new();
    let bad = "{\"source\": \"t\", \"title\": 1}\n";
    let first = home.file("in/a.jsonl", format!("{}{bad}{bad}", three()));
    // Nobody can read the beginning of this.
    let second = home.directory.path().join("in/b.jsonl");
    std::os::unix::fs::symlink("/proc/self/mem", &second).unwrap();
    let second = second.display().to_string();
    let rejects = home.directory.path().join("rejects.jsonl");
    let name = rejects.display().to_string();
    let args = [
        &first[..],
        &second,
        "--rejects",
        &name,
        "--max-rejects",
        "20%",
    ];
    assert_eq!(home.run(&args).code, 2);
    let records = || -> Vec<(bool, u64)> {
        let text = std::fs::read_to_string(&rejects).unwrap();
        let read = text.lines().map(|line| serde_json::from_str(line).unwrap());
        read.map(|reject: Value| (reject["file"] == first, reject["record"].as_u64().unwrap()))
            .collect()
    };
    assert_eq!(records(), [(true, 4), (true, 5)]);
    // As if it had been killed behind the last commit.
    let mut text = std::fs::read_to_string(&rejects).unwrap();
    text.push_str(&format!("{}\n{{\"fi", json!({"file": second, "record": 1})));
    std::fs::write(&rejects, text).unwrap();
    let more: Vec<Value> = (4..10)
        .map(|n| record(&format!("t:{n}"), "Gopher", "You know Go."))
        .collect();
    std::fs::remove_file(&second).unwrap();
    home.file("in/b.jsonl", format!("{bad}{}", lines(&more)));
    let ran = home.run(&args);
    let summary = sound(ran.json());
    assert_eq!(summary["resumed"], json!({"files": 1, "records": 0}));
    assert_eq!(records(), [(true, 4), (true, 5), (false, 1)]);
    // One of seven in this run, three of twelve in all.
    assert_eq!((summary["rejected"].as_u64(), ran.code), (Some(1), 3));
    // With nothing to go on with, a run begins the file anew.
    home.run(&args);
    assert_eq!(records(), [(true, 4), (true, 5), (false, 1)]);
}

#[test]
fn a_control_character_in_a_bad_record_never_reaches_the_terminal() {
    let home = Home::new();
    let bad =
        json!({"id": "t:1", "source": "test", "title": "x", "posted_at": "\u{1b}[31mred\u{7}"});
    let ran = home.run(&[&home.file("a.jsonl", format!("{bad}\n{}", three()))]);
    assert!(ran.err.contains("record 1"), "{}", ran.err);
    assert!(!ran.err.contains(['\u{1b}', '\u{7}']), "{:?}", ran.err);
}

#[test]
fn what_cannot_be_read_is_said_and_ends_the_run() {
    let home = Home::new();
    let missing = home.run(&["no-such-file.jsonl"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("no-such-file.jsonl"),
        "{}",
        missing.err
    );
    assert!(
        !home.index().exists(),
        "nothing is made for a file that is not there"
    );

    std::fs::create_dir(home.directory.path().join("empty")).unwrap();
    let empty = home.run(&[&home.directory.path().join("empty").display().to_string()]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("no files in"), "{}", empty.err);

    let readme = home.run(&[&home.file("README.md", "# Words\n\nOnly words. And more.\n")]);
    assert_eq!(readme.code, 2);
    assert!(
        readme.err.contains("no postings in any input") && readme.err.contains("README.md"),
        "{}",
        readme.err
    );

    let wrong = home.run(&[&home.file("a.jsonl", three()), "--input-format", "word"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("native") && wrong.err.contains("auto"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_packed_file_that_breaks_off_keeps_what_came_before() {
    let home = Home::new();
    // Random-looking texts, so that packing leaves them long.
    let text = |n: u64| {
        (0..300u64)
            .map(|i| format!("{:x} ", (n * 7919 + i).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect::<String>()
    };
    let records: Vec<Value> = (0..2000)
        .map(|n| record(&format!("t:{n}"), "Developer", &text(n)))
        .collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines(&records).as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    let next = home.file("next.jsonl", three());
    let ran = home.run(&[&home.file("cut.gz", &whole[..whole.len() / 2]), &next]);
    let summary = sound(ran.json());
    assert_eq!((ran.code, summary["rejected"].as_u64()), (0, Some(1)));
    assert!(ran.err.contains("cut.gz"), "{}", ran.err);
    let kept = home.total();
    assert!(kept > 3 && kept < 2000, "{kept}");
}

#[cfg(unix)]
#[test]
fn a_file_or_directory_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.file("secret.jsonl", three());
    let forbid = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap()
    };
    forbid(Path::new(&file), 0o000);
    // Root may read everything; then there is nothing to see here.
    if std::fs::read(&file).is_err() {
        let ran = home.run(&[&file]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("secret.jsonl"), "{}", ran.err);
    }
    forbid(Path::new(&file), 0o644);
    let locked = home.directory.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    forbid(&locked, 0o555);
    let ran = run(&locked.join("index"), &["index", &file]);
    assert!(
        ran.code == 0 || (ran.code == 2 && ran.err.contains("locked")),
        "{}",
        ran.err
    );
    forbid(&locked, 0o755);
}

#[test]
fn a_place_where_no_index_can_be_is_said() {
    let home = Home::new();
    let file = home.file("a.jsonl", three());
    let below_a_file = run(&Path::new(&file).join("index"), &["index", &file]);
    assert_eq!(below_a_file.code, 2);
    assert!(below_a_file.err.contains("a.jsonl"), "{}", below_a_file.err);
    // A directory with other things in it is left alone.
    let other = run(home.directory.path(), &["index", &file]);
    assert_eq!(other.code, 2);
    assert!(other.err.contains("holds other files"), "{}", other.err);
    assert_eq!(
        std::fs::read_dir(home.directory.path()).unwrap().count(),
        1,
        "nothing was added"
    );
}

#[test]
fn asking_without_an_index_says_how_to_make_one() {
    let home = Home::new();
    for args in [
        &["search", "rust"][..],
        &["match", "rust"],
        &["trends"],
        &["anatomy"],
        &["info"],
        &["facets", "skill"],
        &["show", "t:1"],
    ] {
        let ran = run(&home.index(), args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(
            ran.err.contains("no index in") && ran.err.contains("jobsift index"),
            "{}",
            ran.err
        );
    }
    assert!(!home.index().exists());
}

#[test]
fn an_index_of_another_version_or_torn_is_said() {
    let home = Home::new();
    let file = home.file("a.jsonl", three());
    home.summary(&[&file]);
    let meta = home.index().join("jobsift.json");
    let text = std::fs::read_to_string(&meta).unwrap();
    let mut other: Value = serde_json::from_str(&text).unwrap();
    other["format_version"] = json!(99);
    std::fs::write(&meta, other.to_string()).unwrap();
    for args in [&["search", "rust"][..], &["index", &file]] {
        let ran = run(&home.index(), args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains("version 99"), "{}", ran.err);
    }
    std::fs::write(&meta, &text[..text.len() / 2]).unwrap();
    let torn = run(&home.index(), &["search", "rust"]);
    assert_eq!(torn.code, 2);
    assert!(torn.err.contains("cannot be read"), "{}", torn.err);
    std::fs::write(&meta, &text).unwrap();
    // What can be worked out again is.
    std::fs::write(home.index().join("groups.bin"), b"torn").unwrap();
    assert_eq!(home.total(), 3);
}

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
        &"You must know Rust and Kafka. ".repeat(300_000),
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

#[test]
fn the_declared_fields_are_those_of_the_schema() {
    let declared = jobsift::index::declared_schema();
    let written: Value =
        serde_json::from_str(&crate::support::text_of("schema/index.json")).unwrap();
    assert_eq!(
        written,
        declared,
        "the index has changed: raise FORMAT_VERSION if old ones cannot be read, and write this into schema/index.json:\n{}",
        serde_json::to_string_pretty(&declared).unwrap()
    );
}
