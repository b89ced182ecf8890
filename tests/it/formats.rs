//! Each input format: a small file in `tests/fixtures/ingest/` and what becomes of it.

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask_on, project, run, scratch};

/// What became of a fixture.
pub(crate) struct Read {
    ran: Ran,
    pub(crate) summary: Value,
    pub(crate) home: tempfile::TempDir,
}

impl Read {
    pub(crate) fn posting(&self, id: &str) -> Value {
        ask_on(&self.home.path().join("index"), &["show", id])
    }

    /// The one posting with a title.
    #[track_caller]
    pub(crate) fn titled(&self, title: &str) -> Value {
        let answer = ask_on(
            &self.home.path().join("index"),
            &["search", &format!("\"{title}\"")],
        );
        let hits = answer["hits"].as_array().unwrap();
        let id = hits
            .iter()
            .find(|hit| hit["title"] == title)
            .unwrap_or_else(|| panic!("{title} is none of {hits:?}"));
        self.posting(id["id"].as_str().unwrap())
    }
}

/// Indexes a fixture, which must be taken for a format without being told.
#[track_caller]
pub(crate) fn read(fixture: &str, reader: &str, accepted: u64, rejected: u64) -> Read {
    let home = scratch();
    let path = project(&format!("tests/fixtures/ingest/{fixture}"))
        .display()
        .to_string();
    let ran = run(&home.path().join("index"), &["index", &path]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary = ran.json();
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(accepted), &json!(rejected)),
        "{fixture}: {summary}"
    );
    assert_eq!(
        summary["readers"][reader]["read"],
        accepted + rejected,
        "{fixture}: {summary}"
    );
    Read { ran, summary, home }
}

/// The fields of a posting that a table of expectations names.
#[track_caller]
pub(crate) fn has(posting: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&posting[name], value, "{name} of {posting}");
    }
}

pub(crate) fn skills(posting: &Value) -> Vec<&str> {
    posting["profile"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| skill["id"].as_str().unwrap())
        .collect()
}

#[test]
fn a_saved_month_of_the_forum() {
    let found = read("2016-03.json", "hn-monthly", 2, 1);
    let first = found.posting("hn:1101");
    has(
        &first,
        &json!({
            "source": "hn", "native_id": "1101", "company": "Acme Rockets", "title": "Rust Engineer", "workplace": "remote",
            "posted_at": "2016-03-01T00:00:00Z", "posted_precision": "month", "url": "https://news.ycombinator.com/item?id=1101",
            "employment_type": ["full_time"],
        }),
    );
    assert_eq!(first["locations"][0]["country"], "DE");
    assert!(
        first["description_text"]
            .as_str()
            .unwrap()
            .contains("Rust & PostgreSQL"),
        "{first}"
    );
    assert!(skills(&first).contains(&"postgresql"));
    assert_eq!(found.posting("hn:1102")["locations"][0]["country"], "PT");
    assert_eq!(found.summary["rejects"][0]["record"], 3);
}

#[test]
fn a_thread_as_a_tree_of_comments() {
    let found = read("algolia-tree.json", "hn-algolia", 2, 1);
    has(
        &found.posting("hn:2101"),
        &json!({
            "company": "Cedar Labs", "title": "Senior Go Engineer", "workplace": "remote", "board": "2100", "thread": "2100",
            "posted_at": "2024-02-01T16:05:00Z", "seniority": "senior",
        }),
    );
    has(
        &found.posting("hn:2103"),
        &json!({"company": "Dune Data", "workplace": "onsite"}),
    );
    assert_eq!(found.posting("hn:2103")["locations"][0]["country"], "ES");
    let missing = run(&found.home.path().join("index"), &["show", "hn:2102"]);
    assert_eq!(missing.code, 1, "a reply is no posting");
}

#[test]
fn answers_of_the_forum_search() {
    let found = read("algolia-hits.json", "hn-algolia", 1, 1);
    has(
        &found.posting("hn:3101"),
        &json!({"company": "Elm Works", "workplace": "hybrid", "thread": "3100", "posted_at": "2024-03-01T16:05:00Z"}),
    );
    assert!(
        found.summary["rejects"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("a reply")
    );
}

#[test]
fn items_of_the_forum() {
    let found = read("firebase.jsonl", "hn-firebase", 2, 6);
    has(
        &found.posting("hn:4101"),
        &json!({"company": "Fir Robotics", "workplace": "onsite", "thread": "4100", "posted_at": "2024-04-01T16:05:00Z"}),
    );
    has(
        &found.posting("hn:4104"),
        &json!({"company": "Grove", "workplace": "remote"}),
    );
    let reasons: Vec<&str> = found.summary["rejects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reject| reject["reason"].as_str().unwrap())
        .collect();
    for (reason, expected) in reasons.iter().zip([
        "the thread itself",
        "a deleted comment",
        "removed by moderators",
        "a reply",
        "a remark about the thread",
        "a job seeker",
    ]) {
        assert!(reason.contains(expected), "{reasons:?}");
    }
    let posting = found.posting("hn:4101").to_string();
    assert!(
        !posting.contains("\"fir\""),
        "who wrote it is kept as a number only: {posting}"
    );
}

#[test]
fn a_table_with_semicolons_and_lines_within_cells() {
    let found = read("semicolon.csv", "auto", 2, 1);
    let posting = found.titled("PHP Developer");
    has(
        &posting,
        &json!({"source": "semicolon", "company": "Hazel GmbH", "posted_at": "2024-05-03T00:00:00Z"}),
    );
    assert_eq!(
        posting["description_text"],
        "PHP, Laravel; MySQL.\nTwo lines."
    );
    assert_eq!(
        (&posting["salary"]["min"], &posting["salary"]["currency"]),
        (&json!(50000.0), &json!("EUR"))
    );
    assert_eq!(posting["locations"][0]["city"], "Hamburg");
    assert_eq!(
        found.titled("Java Developer")["locations"][0]["country"],
        "CH"
    );
    assert_eq!(found.summary["rejects"][0]["record"], 3);
    for guess in [
        "Job Title → title",
        "Company Name → company",
        "Job Description → description_text",
        "Min Salary → salary.min",
    ] {
        assert!(found.ran.err.contains(guess), "{}", found.ran.err);
    }
    assert!(
        found.ran.err.contains("left out: `Rating`"),
        "{}",
        found.ran.err
    );
}

#[test]
fn a_table_with_commas_and_an_id_column() {
    let found = read("comma.csv", "auto", 2, 0);
    let posting = found.posting("comma:77");
    has(
        &posting,
        &json!({"title": "Rust Developer", "native_id": "77", "url": "https://larch.example/77", "description_text": "Rust, and \"Tokio\"."}),
    );
    assert_eq!(
        (
            &posting["locations"][0]["city"],
            &posting["locations"][0]["country"]
        ),
        (&json!("Oslo"), &json!("NO"))
    );
    assert_eq!(
        posting["skills_raw"],
        json!([{"text": "Rust"}, {"text": "Tokio"}])
    );
    assert!(
        found.ran.err.contains("country → locations.country"),
        "{}",
        found.ran.err
    );
}

#[test]
fn a_table_with_tabs() {
    let found = read("table.tsv", "auto", 2, 0);
    let posting = found.titled("Go Developer");
    has(
        &posting,
        &json!({"company": "Nutmeg", "description_text": "Go and NATS."}),
    );
    assert_eq!(posting["locations"][0]["country"], "PT");
    assert!(
        posting["id"].as_str().unwrap().starts_with("table:h:"),
        "{}",
        posting["id"]
    );
}

#[test]
fn a_list_of_flat_objects() {
    let found = read("list.json", "auto", 2, 0);
    let posting = found.titled("Kotlin Developer");
    has(
        &posting,
        &json!({"company": "Pine", "description_text": "Kotlin & Android.", "posted_at": "2024-07-01T00:00:00Z"}),
    );
    assert_eq!(
        posting["skills_raw"],
        json!([{"text": "kotlin"}, {"text": "android"}])
    );
    assert!(
        found.ran.err.contains("position → title") && found.ran.err.contains("`views`"),
        "{}",
        found.ran.err
    );
}

#[test]
fn lines_of_flat_objects() {
    let found = read("flat.jsonl", "auto", 2, 0);
    let posting = found.titled("Scala Developer");
    has(
        &posting,
        &json!({"company": "Rowan", "workplace": "remote", "posted_at": "2024-08-01T08:00:00Z"}),
    );
    assert_eq!(posting["locations"][0]["country"], "PL");
    assert_ne!(found.titled("Painter")["workplace"], "remote");
}

#[test]
fn a_format_can_be_named_and_a_source_given() {
    let home = scratch();
    let index = home.path().join("index");
    let path = project("tests/fixtures/ingest/comma.csv")
        .display()
        .to_string();
    let ran = run(
        &index,
        &["index", &path, "--input-format", "auto", "--source", "mine"],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ask_on(&index, &["show", "mine:77"])["source"], "mine");
    let wrong = run(&index, &["index", &path, "--input-format", "native"]);
    assert_eq!(wrong.json()["rejected"], 2, "rows are no native records");
}

#[test]
fn every_fixture_is_quiet_when_asked() {
    let home = scratch();
    let path = project("tests/fixtures/ingest/semicolon.csv")
        .display()
        .to_string();
    let ran = run(&home.path().join("index"), &["index", &path, "--quiet"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn a_dry_run_shows_how_a_table_is_read_and_writes_its_mapping() {
    let home = scratch();
    let table = home.path().join("saved jobs.csv");
    let rows = "Job Title,Company Name,Where,Salary Estimate,Stars\n\
        Go Developer,Acorn,\"Cork, Ireland\",€60k-€70k,4\n\
        \"Rust, Senior\",Beech,Berlin,,5\n\
        ,,,,\n";
    std::fs::write(&table, rows).unwrap();
    let path = table.display().to_string();
    let index = home.path().join("index");
    let ran = run(&index, &["index", "--dry-run", &path, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(!index.exists(), "a dry run writes nothing");
    let answer = ran.json();
    assert_valid("output/dry-run.json", &answer);
    let file = &answer["files"][0];
    assert_eq!(
        (
            &file["reader"],
            &file["read"],
            &file["accepted"],
            &file["rejected"]
        ),
        (&"auto".into(), &3.into(), &2.into(), &1.into())
    );
    assert_eq!(
        file["guess"]["unmapped"],
        serde_json::json!(["Where", "Stars"])
    );
    assert_eq!(file["filled"]["company"], 1.0);
    // The mapping it offers, as it is and with a column more.
    let mapping = home.path().join("mapping.toml");
    let offered = file["mapping"].as_str().unwrap();
    let exported = |name: &str, args: &[&str]| {
        let index = home.path().join(name);
        let ran = run(&index, &[&["index", path.as_str()], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let lines = run(&index, &["export"]).out;
        let parsed = |line: &str| -> serde_json::Value {
            let mut posting: serde_json::Value = serde_json::from_str(line).unwrap();
            posting["origin"]["reader"].take();
            posting
        };
        lines.lines().map(parsed).collect::<Vec<_>>()
    };
    std::fs::write(&mapping, offered).unwrap();
    let by_mapping = ["--mapping", mapping.to_str().unwrap()];
    assert_eq!(exported("guessed", &[]), exported("mapped", &by_mapping));
    let edited = offered.replace("[fields]\n", "[fields]\n\"locations.raw\" = \"Where\"\n");
    std::fs::write(&mapping, edited).unwrap();
    let places = exported("edited", &by_mapping);
    assert!(
        places
            .iter()
            .any(|posting| posting["locations"][0]["country"] == "IE")
    );
    let table = run(&index, &["index", "--dry-run", &path, "--format", "table"]);
    for text in [
        "read as auto",
        "1 × a row of delimiters",
        "Go Developer",
        "[fields]",
    ] {
        assert!(table.out.contains(text), "{text} in {}", table.out);
    }
}

#[test]
fn skills_that_a_source_states_are_found_and_counted() {
    let home = scratch();
    let (file, index) = (home.path().join("tags.jsonl"), home.path().join("index"));
    let posting = |id: &str, title: &str, skills: Value| {
        json!({"id": format!("tags:{id}"), "source": "tags", "title": title, "company": format!("Tarn {id}"),
            "posted_at": "2026-05-04T00:00:00Z", "skills_raw": skills})
    };
    let records = [
        posting(
            "1",
            "Engineer",
            json!([{"text": "Go", "role": "required"}, {"text": "Kafka", "role": "preferred"}, {"text": "Knitting"}]),
        ),
        posting(
            "2",
            "Analyst",
            json!([{"text": "R"}, {"text": "sql (3+ years)"}]),
        ),
        posting("3", "Writer", json!([{"text": "Rust", "guessed": true}])),
        posting("4", "Cook", json!([])),
    ];
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(&file, text).unwrap();
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.json()["added"], 4, "{}", ran.err);

    let found = |args: &[&str]| crate::support::ids(&ask_on(&index, &[&["search"], args].concat()));
    assert_eq!(found(&["--skill", "go", "--required"]), ["tags:1"]);
    assert_eq!(found(&["--skill", "kafka"]), ["tags:1"]);
    assert!(run(&index, &["search", "--skill", "kafka", "--required"]).code == 1);
    assert_eq!(found(&["--skill", "r"]), ["tags:2"]);
    assert!(run(&index, &["search", "--skill", "rust"]).code == 1);

    let shown = ask_on(&index, &["show", "tags:2"]);
    assert_valid("output/show.json", &shown);
    has(
        &shown["mentions"][0],
        &json!({"id": "r", "in": "skills_raw", "entry": 0, "start": 0, "end": 1, "rule": "stated", "strength": "mentioned"}),
    );
    let sql = shown["ask"].as_array().unwrap();
    let sql = sql.iter().find(|wanted| wanted["any_of"] == json!(["sql"]));
    assert_eq!(sql.unwrap()["years"], 3.0);
    let shown = run(&index, &["show", "tags:1", "--format", "table"]).out;
    for expected in [
        "Go (required), Kafka (preferred), Knitting",
        "required, stated by the source",
    ] {
        assert!(shown.contains(expected), "{shown}");
    }
    let places = ask_on(&index, &["facets", "section"]);
    let stated = places["values"].as_array().unwrap().iter();
    let counts: Vec<&Value> = stated
        .filter(|value| value["value"] == "stated")
        .map(|value| &value["count"])
        .collect();
    assert_eq!(counts, [2], "{places}");
    // Two of four say what they ask for; one of them asks for Go.
    let trend = ask_on(
        &index,
        &["trends", "skill", "--value", "go", "--by", "month"],
    );
    let point = &trend["series"][0]["points"][0];
    assert_eq!(
        (&point["n"], &point["total"]),
        (&json!(1), &json!(2)),
        "{trend}"
    );
    let matched = ask_on(&index, &["match", "go", "kafka"]);
    assert_eq!(matched["hits"][0]["id"], "tags:1");
}

#[test]
fn a_dry_run_says_that_a_column_of_dates_could_not_be_read() {
    let folder = scratch();
    let (good, bad) = (
        folder.path().join("good.csv"),
        folder.path().join("bad.csv"),
    );
    std::fs::write(&good, "title,posted\nMiller,2024-05-06\n").unwrap();
    std::fs::write(&bad, "title,posted\nMiller,05/06/2024\n").unwrap();
    let mixed = folder.path().join("mixed.csv");
    let rows = "title,posted\nMiller,05/06/2024\nBaker,25/06/2024\nCook,07/06/2024\n";
    std::fs::write(&mixed, rows).unwrap();
    let path = mixed.to_str().unwrap();
    let index = folder.path().join("index");
    let ran_dry = run(&index, &["index", "--dry-run", path, "--format", "table"]);
    let said = "2 dates could not be read from \"posted\"";
    assert!(ran_dry.out.contains(said), "{}", ran_dry.out);
    let ran_wet = run(&index, &["index", path]);
    assert_eq!(ran_wet.json()["unread_dates"], 2);
    assert!(
        ran_wet.err.contains("2 dates could not be read"),
        "{}",
        ran_wet.err
    );
    for (path, is_said) in [(good, false), (bad, true)] {
        let path = path.to_str().unwrap();
        let ran = run(
            &folder.path().join("index"),
            &["index", "--dry-run", path, "--format", "table"],
        );
        let said = ran.out.contains("no date could be read from \"posted\"");
        assert_eq!(said, is_said, "{}", ran.out);
    }
}
