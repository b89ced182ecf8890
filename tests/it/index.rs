//! `index`: what goes in, and which index is opened.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask_on, project, run, run_with, scratch};

/// A directory with an index to be and files to read.
pub(crate) struct Home {
    pub(crate) directory: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Home {
        Home {
            directory: scratch(),
        }
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.directory.path().join("index")
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        run(&self.index(), &[&["index"], args].concat())
    }

    /// Indexes and gives the summary, which must be as its schema says and add up.
    #[track_caller]
    pub(crate) fn summary(&self, args: &[&str]) -> Value {
        let ran = self.run(args);
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.err);
        sound(ran.json())
    }

    pub(crate) fn total(&self) -> u64 {
        ask_on(&self.index(), &["search", "--count"])["total"]
            .as_u64()
            .unwrap()
    }

    pub(crate) fn posting(&self, id: &str) -> Value {
        ask_on(&self.index(), &["show", id])
    }
}

/// Checks what every summary promises.
#[track_caller]
pub(crate) fn sound(summary: Value) -> Value {
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

pub(crate) fn record(id: &str, title: &str, text: &str) -> Value {
    json!({"id": id, "source": "test", "title": title, "description_text": text, "posted_at": "2026-05-01"})
}

pub(crate) fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

pub(crate) fn three() -> String {
    lines(&[
        record("t:1", "Rust Developer", "You know Rust and PostgreSQL."),
        record("t:2", "Go Developer", "You know Go and Kafka."),
        record("t:3", "Gärtner in Zürich", "Blumen gießen, façade, 10 €."),
    ])
}

#[track_caller]
pub(crate) fn counts(summary: &Value, expected: [(&str, u64); 4]) {
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
fn files_that_take_the_places_of_others_postings_are_named() {
    let home = Home::new();
    let table = |titles: [&str; 3]| {
        let rows = (1..).zip(titles);
        let rows = rows.map(|(n, title)| format!("{n},{title},Soup and bread for all\n"));
        format!("id,title,description\n{}", rows.collect::<String>())
    };
    // The number is that of a row, and `jobs` the source of both.
    let a = home.file("a/jobs.csv", table(["Cook", "Baker", "Waiter"]));
    let b = home.file("b/jobs.csv", table(["Nurse", "Smith", "Miner"]));
    let ran = home.run(&[&a, &b]);
    assert_eq!(home.total(), 3);
    let said = format!("3 postings of {a} gave way to others of the same id in {b}");
    assert!(ran.err.contains(&said), "{}", ran.err);
    // What it says to do.
    home.run(&[&a, "--source", "a"]);
    home.run(&[&b, "--source", "b"]);
    assert_eq!(home.total(), 9);

    // States of the same postings replace each other without a word.
    let later = home.file("c/jobs.csv", table(["Cook", "Baker", "Head waiter"]));
    let ran = home.run(&[&a, &later]);
    assert!(!ran.err.contains("gave way"), "{}", ran.err);
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
