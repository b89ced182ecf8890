//! Same postings, same question, same bytes: whatever the threads, the order of
//! the files, and the way the index came about.

use std::path::Path;

use serde_json::Value;

use crate::plain::sample;
use crate::support::{ask_on, project, records, run, sample_index, scratch};

const QUESTIONS: [&[&str]; 16] = [
    &[
        "search",
        "developer",
        "--limit",
        "400",
        "--facet",
        "skill=language",
        "--facet",
        "company",
        "--facet",
        "city",
    ],
    &["search", "kafka OR postgres* -php", "--limit", "400"],
    &[
        "search",
        "full-st* OR payment",
        "--limit",
        "400",
        "--explain",
    ],
    &[
        "search",
        "\"machine learning\" remote 工程师~ pyhton~",
        "--limit",
        "400",
    ],
    &[
        "search", "--limit", "400", "--facet", "skill", "--facet", "month",
    ],
    &["search", "--sort", "salary", "--limit", "400"],
    &[
        "match",
        "rust",
        "postgresql:5",
        "docker",
        "--limit",
        "400",
        "--explain",
    ],
    &[
        "match",
        "python",
        "sql",
        "--text",
        "data pipelines",
        "--weights",
        "fit=1,use=1,text=1,fresh=1",
        "--limit",
        "400",
    ],
    &["facets", "skill=database", "--limit", "1000"],
    &["facets", "company", "--limit", "1000"],
    &["trends", "language", "--top", "1000"],
    &[
        "trends", "company", "--by", "month", "--unit", "spells", "--top", "1000",
    ],
    &[
        "trends",
        "skill",
        "--by",
        "year",
        "--unit",
        "adverts",
        "--denominator",
        "any",
        "--top",
        "1000",
    ],
    &["anatomy", "--top", "1000"],
    &["anatomy", "--role", "backend"],
    &["show", "sample:harbourlight:a073"],
];

/// The answer without what differs from run to run: time taken, and where a
/// posting was read.
fn answer(index: &Path, question: &[&str]) -> String {
    let mut answer = ask_on(index, question);
    let fields = answer.as_object_mut().unwrap();
    fields.remove("took_ms");
    fields.remove("origin");
    serde_json::to_string(&answer).unwrap()
}

#[track_caller]
fn assert_same_answers(index: &Path) {
    for question in QUESTIONS {
        assert_eq!(
            answer(index, question),
            answer(sample_index(), question),
            "{question:?}"
        );
    }
}

fn index_with(index: &Path, args: &[&str]) -> Value {
    let ran = run(index, &[&["index"], args].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()
}

#[test]
fn one_thread_and_four_give_the_same_answers() {
    let home = scratch();
    let corpus = project("corpus/sample").display().to_string();
    for threads in ["1", "4"] {
        let index = home.path().join(threads);
        index_with(&index, &[&corpus, "--threads", threads]);
        assert_same_answers(&index);
    }
}

#[test]
fn files_in_another_order_give_the_same_answers() {
    let home = scratch();
    let mut turned: Vec<Value> = records().to_vec();
    turned.reverse();
    let mut files = Vec::new();
    for (number, part) in turned.chunks(40).enumerate() {
        let path = home.path().join(format!("{number}.jsonl"));
        std::fs::write(
            &path,
            part.iter()
                .map(|record| format!("{record}\n"))
                .collect::<String>(),
        )
        .unwrap();
        files.push(path.display().to_string());
    }
    let index = home.path().join("index");
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let summary = index_with(&index, &files);
    assert_eq!(summary["added"], 300);
    assert_same_answers(&index);
}

#[test]
fn a_phrase_is_ruled_out_wherever_it_first_stands() {
    let home = scratch();
    let [a, b] = ["a", "b"].map(|part| {
        project(&format!("corpus/sample/part-{part}.jsonl"))
            .display()
            .to_string()
    });
    for (name, files) in [("one", [&a, &b]), ("other", [&b, &a])] {
        let index = home.path().join(name);
        index_with(&index, &[files[0], files[1], "--threads", "1"]);
        for query in [
            "rust -\"go to market\"",
            "developer -\"ruby on rails\"",
            "developer -node.js -\"machine learning\"",
        ] {
            let question = ["search", query, "--limit", "400"];
            assert_eq!(
                answer(&index, &question),
                answer(sample_index(), &question),
                "{query}"
            );
        }
    }
}

#[test]
fn an_index_that_grew_and_changed_gives_the_same_answers() {
    let home = scratch();
    let index = home.path().join("index");
    // First a part of the postings, all with another text; then all as they are, in pieces.
    let other: String = records()
        .iter()
        .step_by(2)
        .map(|record| {
            let mut record = record.clone();
            record["description_text"] = "We brew coffee with Perl and COBOL.".into();
            record["title"] = "Barista developer".into();
            format!("{record}\n")
        })
        .collect();
    let first = home.path().join("first.jsonl");
    std::fs::write(&first, other).unwrap();
    index_with(&index, &[&first.display().to_string()]);
    let mut changed = 0;
    for (number, part) in records().chunks(97).enumerate() {
        let path = home.path().join(format!("{number}.jsonl"));
        std::fs::write(
            &path,
            part.iter()
                .map(|record| format!("{record}\n"))
                .collect::<String>(),
        )
        .unwrap();
        changed += index_with(&index, &[&path.display().to_string()])["changed"]
            .as_u64()
            .unwrap();
    }
    assert_eq!(changed, 150);
    assert_same_answers(&index);
}

#[test]
fn the_number_of_duplicates_is_that_of_copies() {
    let groups: std::collections::BTreeSet<&str> =
        sample().iter().map(|plain| plain.group.as_str()).collect();
    let home = scratch();
    let summary = index_with(
        &home.path().join("index"),
        &[&project("corpus/sample").display().to_string()],
    );
    assert_eq!(summary["duplicates"], 300 - groups.len());
}
