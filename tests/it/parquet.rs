//! Parquet: postings out and in again, tables of other people, and bytes that are none.

use jobsift::columnar::Rows;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{ask_on, jobsift, run, sample, sample_index, scratch};

/// A file of some records under a schema.
fn file_of(schema: &str, records: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rows = Rows::new(schema).unwrap();
    for record in records {
        rows.push(record, &mut out).unwrap();
    }
    rows.finish(&mut out).unwrap();
    out
}

#[test]
fn an_export_as_parquet_read_back_gives_an_equal_index() {
    let home = scratch();
    let (file, index) = (
        home.path().join("postings.parquet"),
        home.path().join("index"),
    );
    let exported = jobsift(sample_index())
        .args(["export", "--format", "parquet"])
        .output()
        .unwrap();
    assert!(exported.status.success());
    std::fs::write(&file, &exported.stdout).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.json()["readers"]["native"]["added"], 300, "{}", ran.out);
    let without_origin = |text: &str| -> Vec<Value> {
        let lines = text.lines();
        let postings = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        postings
            .map(|mut posting| {
                posting.as_object_mut().unwrap().remove("origin");
                posting
            })
            .collect()
    };
    let (again, before) = (run(&index, &["export"]), sample(&["export"]));
    assert_eq!(without_origin(&again.out), without_origin(&before.out));
    let facets = ["facets", "skill=language", "--limit", "1000"];
    assert_eq!(
        ask_on(&index, &facets)["values"],
        ask_on(sample_index(), &facets)["values"]
    );
    // Piped, and again: nothing is new.
    let piped = jobsift(&index)
        .args(["index", "-"])
        .write_stdin(exported.stdout)
        .output()
        .unwrap();
    let summary: Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(summary["unchanged"], 300, "{summary}");
}

#[test]
fn a_filter_leaves_out_rows() {
    let home = scratch();
    let file = home.path().join("rust.parquet");
    let exported = jobsift(sample_index())
        .args(["export", "--skill", "rust", "--format", "parquet"])
        .output()
        .unwrap();
    std::fs::write(&file, &exported.stdout).unwrap();
    let n = sample(&["export", "--skill", "rust"]).out.lines().count();
    assert!(n > 5);
    let ran = run(
        &home.path().join("index"),
        &["index", &file.display().to_string()],
    );
    assert_eq!(ran.json()["added"], n);
}

/// A table as others have it, with lists and moments in it.
const TABLE: &str = "message jobs {
    optional binary job_title (STRING);
    optional binary company_name (STRING);
    optional int64 date_posted (TIMESTAMP(MILLIS,false));
    optional double salary_min;
    optional binary currency (STRING);
    optional group skills (LIST) { repeated group list { optional binary element (STRING); } }
    optional binary notes (STRING);
}";

#[test]
fn columns_are_guessed_as_those_of_a_table() {
    let home = scratch();
    let file = home.path().join("tide.parquet");
    let records = [
        json!({"company_name": "Tarn"}),
        json!({"job_title": "Go developer", "company_name": "Tarn", "date_posted": "2026-03-01T00:00:00Z",
            "salary_min": 50000.0, "currency": "EUR", "skills": ["Go", null, "Kafka"], "notes": "x"}),
        json!({"job_title": "Cook", "skills": []}),
    ];
    // Milliseconds are what the column says; `Rows` writes microseconds.
    let table = TABLE.replace("MILLIS", "MICROS");
    std::fs::write(&file, file_of(&table, &records)).unwrap();
    let index = home.path().join("index");
    let path = file.display().to_string();
    let ran = run(&index, &["index", &path]);
    let summary = ran.json();
    assert_eq!(
        (&summary["added"], &summary["rejected"]),
        (&json!(2), &json!(1)),
        "{summary}"
    );
    assert_eq!(summary["readers"]["auto"]["read"], 3);
    let answer = ask_on(&index, &["search", "developer"]);
    let hit = &answer["hits"][0];
    assert_eq!(hit["posted_at"], "2026-03-01T00:00:00Z", "{answer}");
    assert_eq!(hit["salary"]["min"], 50000.0);
    let ids: Vec<&str> = hit["skills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| skill["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"go") && ids.contains(&"kafka"), "{hit}");
    let shown = run(&index, &["index", "--dry-run", "--format", "json", &path]);
    let unmapped = &shown.json()["files"][0]["guess"]["unmapped"];
    assert_eq!(unmapped, &json!(["notes"]), "{}", shown.out);
    let mapping = home.path().join("own.toml");
    std::fs::write(
        &mapping,
        "[fields]\ntitle = 'job_title'\ncompany = 'notes'\n",
    )
    .unwrap();
    let own = home.path().join("own");
    let mapping = mapping.display().to_string();
    let ran = run(&own, &["index", "--mapping", &mapping, &path]);
    assert_eq!(ran.json()["added"], 2, "{}", ran.out);
    assert_eq!(
        ask_on(&own, &["search", "developer"])["hits"][0]["company"],
        "x"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn damaged_files_end_in_postings_or_rejects(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..3usize, any::<u8>()), 1..6),
    ) {
        let record = |n: usize| json!({"job_title": format!("Cook {n}"), "company_name": "Tarn",
            "date_posted": "2026-03-01T00:00:00Z", "skills": ["Go", "C"], "salary_min": n as f64});
        let table = TABLE.replace("MILLIS", "MICROS");
        let mut bytes = file_of(&table, &(0..40).map(record).collect::<Vec<_>>());
        for (at, edit, byte) in edits {
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        let home = scratch();
        let path = home.path().join("cooks.parquet");
        std::fs::write(&path, &bytes).unwrap();
        let options = jobsift::ingest::Options {
            reader: None,
            source: None,
            now: "2026-07-01T00:00:00Z".parse().unwrap(),
        };
        let input = jobsift::ingest::Input { path, bytes: 0 };
        if let Ok(source) = jobsift::ingest::open(&input, &options) {
            let n: usize = source.map(|chunk| chunk.map_or(0, |chunk| chunk.items().len())).sum();
            prop_assert!(n <= 10_000);
        }
    }
}
