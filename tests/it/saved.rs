//! Searches kept in the index, and whole postings written out.

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask_on, run, sample, sample_index, scratch};

fn posting(id: &str, title: &str, until: Option<&str>) -> Value {
    let mut posting = json!({
        "id": format!("news:x:{id}"), "source": "news", "title": title, "company": format!("Company {id}"),
        "description_text": format!("We look for somebody who knows Rust and does {title} number {id}."),
    });
    if let Some(until) = until {
        posting["valid_through"] = until.into();
    }
    posting
}

/// Events of a run as `new:1 back:2`, in order.
fn events(ran: &Ran) -> String {
    let lines = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = lines.map(|event| {
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        format!(
            "{}:{}",
            text("event"),
            text("id").rsplit(':').next().unwrap()
        )
    });
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_change_is_told_once() {
    let home = scratch();
    let index = home.path().join("index");
    let file = home.path().join("postings.jsonl");
    let write = |postings: &[Value]| {
        let lines: String = postings
            .iter()
            .map(|posting| format!("{posting}\n"))
            .collect();
        std::fs::write(&file, lines).unwrap();
        let ran = run(&index, &["index", &file.display().to_string()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    write(&[
        posting("1", "Rust developer", None),
        posting("2", "Baker", None),
    ]);
    let saved = |args: &[&str]| run(&index, &[&["saved"], args].concat());
    assert_eq!(saved(&["add", "mine", "developer skill:rust"]).code, 0);
    assert_eq!(saved(&["add", "mine", "x"]).code, 2, "a name is given once");
    assert_eq!(saved(&["add", "other", "skill:nonsensical"]).code, 2);
    assert_eq!(saved(&["run", "nobody"]).code, 2);
    assert_eq!(saved(&["add", "empty", " "]).code, 2);
    assert_eq!(saved(&["add", "no-bakers", "-baker"]).code, 0);
    let news = || {
        let ran = saved(&["run", "mine", "--new"]);
        let told = events(&ran);
        assert_eq!(ran.code, i32::from(told.is_empty()), "{}", ran.err);
        told
    };
    assert_eq!(news(), "new:1");
    assert_eq!(news(), "");
    write(&[
        posting("3", "Rust developer in Ghent", None),
        posting("1", "Rust developer", Some("2026-01-01T00:00:00Z")),
    ]);
    assert_eq!(news(), "new:3 closed:1");
    assert_eq!(news(), "");
    write(&[posting("1", "Rust developer", Some("2027-01-01T00:00:00Z"))]);
    assert_eq!(news(), "back:1");
    assert_eq!(news(), "");
    // A full reading of the board in which it is missing closes it.
    std::fs::write(&file, format!("{}\n", posting("1", "Rust developer", None))).unwrap();
    let ran = run(
        &index,
        &["index", &file.display().to_string(), "--snapshot"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(news(), "closed:3");
    write(&[posting("3", "Rust developer in Ghent", None)]);
    assert_eq!(news(), "back:3");
    assert_eq!(news(), "");
    // A run that was stopped while writing leaves the old file whole.
    std::fs::write(index.join("saved.new"), "{\"searches\": {").unwrap();
    assert_eq!(news(), "");
    let list = ask_on(&index, &["saved", "list"]);
    assert_eq!(list["searches"][0]["query"], "developer skill:rust");
    let ran = ask_on(&index, &["saved", "run", "mine"]);
    assert_eq!(ran["groups"], 2);
    assert_eq!(saved(&["remove", "mine"]).code, 0);
    assert_eq!(saved(&["run", "mine"]).code, 2);
    std::fs::write(index.join("saved.json"), "no json").unwrap();
    assert_eq!(saved(&["list"]).code, 2);
}

#[test]
fn no_posting_with_fewer_words_is_told_of_or_written_out() {
    let home = scratch();
    let (file, index) = (
        home.path().join("postings.jsonl"),
        home.path().join("index"),
    );
    std::fs::write(&file, format!("{}\n", posting("1", "Baker", None))).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let query = "baker zzyzx";
    assert_eq!(run(&index, &["search", query]).code, 0, "a search relaxes");
    let none = |args: &[&str]| {
        let ran = run(&index, args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}");
    };
    none(&["export", query]);
    assert_eq!(run(&index, &["saved", "add", "mine", query]).code, 0);
    none(&["saved", "run", "mine", "--new"]);
    none(&["saved", "run", "mine"]);
    assert_eq!(run(&index, &["export", "baker"]).code, 0);
}

#[test]
fn searches_that_are_saved_at_once_are_all_kept() {
    let home = scratch();
    let index = home.path().join("index");
    let file = home.path().join("postings.jsonl");
    std::fs::write(&file, posting("1", "Baker", None).to_string()).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let index = &index;
            scope.spawn(move || {
                let ran = run(index, &["saved", "add", &format!("search {n}"), "baker"]);
                assert_eq!(ran.code, 0, "{}", ran.err);
            });
        }
    });
    let list = ask_on(&index, &["saved", "list"]);
    assert_eq!(list["searches"].as_array().unwrap().len(), 8, "{list}");
}

#[test]
fn an_export_read_back_gives_an_equal_index() {
    let home = scratch();
    let (file, index) = (home.path().join("export.jsonl"), home.path().join("index"));
    let exported = sample(&["export"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    assert_eq!(exported.out.lines().count(), 300);
    for line in exported.out.lines().step_by(17) {
        assert_valid("output/show.json", &serde_json::from_str(line).unwrap());
    }
    std::fs::write(&file, &exported.out).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let without_origin = |text: &str| -> Vec<Value> {
        let lines = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .map(|mut posting| {
                posting.as_object_mut().unwrap().remove("origin");
                posting
            })
            .collect()
    };
    let again = run(&index, &["export"]);
    assert_eq!(without_origin(&again.out), without_origin(&exported.out));
    for args in [
        &["search", "senior developer", "--limit", "400"][..],
        &["facets", "skill=language", "--limit", "1000"],
    ] {
        let (mut a, mut b) = (ask_on(&index, args), ask_on(sample_index(), args));
        for answer in [&mut a, &mut b] {
            answer.as_object_mut().unwrap().remove("took_ms");
        }
        assert_eq!(a, b, "{args:?}");
    }
}

#[test]
fn an_export_says_which_run_of_its_copies_a_posting_is_of() {
    let mut lines: Vec<Value> = sample(&["export"])
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let at = |line: &Value| {
        let at = line["posted_at"].as_str();
        at.map(|at| at.parse::<jiff::Timestamp>().unwrap().as_second())
    };
    lines.sort_by_key(|line| (line["group"].as_str().map(str::to_owned), at(line)));
    let mut before: Option<(&Value, i64, u64)> = None;
    let mut most = 0;
    for line in &lines {
        assert_eq!(line["truncated"].as_bool(), Some(false), "{line}");
        let Some(at) = at(line) else {
            assert_eq!(line["spell"], Value::Null, "{line}");
            continue;
        };
        let spell = match before {
            Some((group, last, spell)) if *group == line["group"] => {
                spell + u64::from(at - last > 30 * 86_400)
            }
            _ => 1,
        };
        assert_eq!(line["spell"], spell, "{line}");
        before = Some((&line["group"], at, spell));
        most = most.max(spell);
    }
    assert!(most > 1, "the sample has postings that come again");
    assert!(lines.iter().any(|line| line["role"][0] == "backend"));
}

#[test]
fn an_export_takes_filters_and_its_csv_holds_no_formula() {
    let home = scratch();
    let (file, index) = (
        home.path().join("postings.jsonl"),
        home.path().join("index"),
    );
    let evil = json!({"id": "evil:x:1", "source": "evil", "title": "=HYPERLINK(1)", "company": "@cmd",
        "description_text": "+1 says\n\"hello\", Rust"});
    std::fs::write(&file, format!("{evil}\n{}\n", posting("2", "Baker", None))).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = run(&index, &["export", "--source", "evil", "--format", "csv"]);
    let mut rows = csv::Reader::from_reader(ran.out.as_bytes());
    let columns: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let row = rows.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[columns.iter().position(|column| column == name).unwrap()];
    assert_eq!(
        (cell("title"), cell("company")),
        ("'=HYPERLINK(1)", "'@cmd")
    );
    assert_eq!(cell("description_text"), "'+1 says\n\"hello\", Rust");
    assert_eq!(rows.records().count(), 0, "the other is of another source");
    assert_eq!(run(&index, &["export", "zzyzx"]).code, 1);
}

#[test]
fn nothing_found_says_what_would_be() {
    let ran = sample(&[
        "search",
        "kuberntes",
        "--company",
        "Quilwave",
        "--country",
        "JP",
    ]);
    assert_eq!(ran.code, 1);
    for said in ["kubernetes", "Quillwave"] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let answer = crate::support::ask(&[
        "search",
        "--skill",
        "rust",
        "--country",
        "JP",
        "--city",
        "Berlin",
    ]);
    let advice = &answer["advice"];
    let groups = |condition: &str| {
        let without = advice["without"].as_array().unwrap();
        without
            .iter()
            .find(|part| part["condition"] == condition)
            .map(|part| part["groups"].as_u64().unwrap())
    };
    let without = crate::support::ask(&[
        "search", "--skill", "rust", "--city", "Berlin", "--limit", "0",
    ]);
    assert_eq!(groups("country is JP"), without["groups"].as_u64());
    assert!(advice["emptied_by"]["groups_before"].as_u64().unwrap() > 0);
}
