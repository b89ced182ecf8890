//! Pages, feeds, statements, tables in text and threads: a small file of each in
//! `tests/fixtures/ingest/`, with its dirt, and what becomes of it.

use serde_json::{Value, json};

use crate::formats::{Read, has, read, skills};
use crate::support::{project, run, scratch};

/// The reasons of the rejected records, in order.
fn reasons(found: &Read) -> Vec<String> {
    let rejects = found.summary["rejects"].as_array().unwrap();
    rejects
        .iter()
        .map(|reject| reject["reason"].as_str().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn rejected(found: &Read, expected: &[&str]) {
    let reasons = reasons(found);
    assert_eq!(reasons.len(), expected.len(), "{reasons:?}");
    for (reason, expected) in reasons.iter().zip(expected) {
        assert!(reason.contains(expected), "{reasons:?}");
    }
}

#[test]
fn job_postings_of_a_web_page() {
    let found = read("page.html", "jsonld", 3, 2);
    let first = found.posting("jsonld:tern:118");
    has(
        &first,
        &json!({
            "source": "jsonld", "title": "Back-end Engineer (Go)", "company": "Tern & Quill", "workplace": "remote", "remote_scope": ["IE", "PT"],
            "employment_type": ["full_time", "contract"], "posted_at": "2026-03-02T00:00:00Z", "posted_precision": "day",
            "valid_through": "2026-04-30T23:59:59Z", "url": "https://tern.example/jobs/118", "openings": 2, "experience_years": {"min": 3.0},
            "salary": {"min": 68000.0, "max": 82000.0, "currency": "EUR", "period": "year", "basis": "stated"},
        }),
    );
    let text = first["description_text"].as_str().unwrap();
    assert!(
        text.starts_with("Requirements\n\n- Go in production\n- R&D mind"),
        "{text}"
    );
    assert!(text.contains("Responsibilities\nYou keep"), "{text}");
    assert!(skills(&first).contains(&"postgresql"), "{first}");
    let whole = first.to_string();
    for personal in ["Inparticular", "nobody@", "555 0100"] {
        assert!(!whole.contains(personal), "{whole}");
    }
    has(
        &found.titled("Hull Painter"),
        &json!({"company": "Tern & Quill", "salary": {"min": 18.0, "max": 18.0, "currency": "EUR", "period": "hour", "raw": "€18 per hour", "basis": "stated"}}),
    );
    let sails = found.titled("Sail Maker");
    has(
        &sails,
        &json!({"company": "Tern & Quill", "url": "https://tern.example/jobs/120", "description_text": "Canvas.\n\n- Needle\n- Thread"}),
    );
    assert_eq!(
        (
            &sails["locations"][0]["city"],
            &sails["locations"][0]["country"]
        ),
        (&json!("Lisbon"), &json!("PT"))
    );
    rejected(&found, &["fuller", "not a record"]);
}

#[test]
fn job_postings_as_statements() {
    let found = read("statements.nq", "jsonld", 2, 1);
    let posting = found.titled("Weaver & Dyer");
    has(
        &posting,
        &json!({"company": "Plover Mills", "posted_at": "2025-11-03T00:00:00Z", "url": "https://plover.example/jobs/1", "description_text": "Looms.\n\n- Wool"}),
    );
    assert_eq!(posting["locations"][0]["country"], "BE");
    has(
        &found.titled("Spinner"),
        &json!({"workplace": "remote", "url": "https://plover.example/jobs/2"}),
    );
    rejected(&found, &["no statement"]);
}

#[test]
fn a_careers_feed() {
    let found = read("personio.xml", "personio", 2, 1);
    let posting = found.posting("personio:501");
    has(
        &posting,
        &json!({
            "title": "Data Engineer (d/w/m)", "company": "Wigeon GmbH", "department": "IT", "category": "it_software", "posted_at": "2026-02-13T09:13:38Z",
            "employment_type": ["full_time", "part_time"], "employment_raw": "permanent, full-or-part-time", "experience_years": {"min": 2.0, "max": 5.0},
            "skills_raw": [{"text": "Airflow"}, {"text": "dbt"}],
            "description_text": "Deine Aufgaben\n- Datenflüsse mit Airflow\n- Python & SQL\n\nDein Profil\nErfahrung mit dbt",
        }),
    );
    let countries: Vec<&Value> = posting["locations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| &place["country"])
        .collect();
    assert_eq!(countries, ["DE", "AT"]);
    has(
        &found.posting("personio:502"),
        &json!({"employment_type": ["part_time", "internship"], "seniority": "intern"}),
    );
    rejected(&found, &["neither a title"]);
}

#[test]
fn a_news_feed_in_latin_1() {
    let found = read("feed.rss", "rss", 2, 1);
    let posting = found.titled("Front-End Developer");
    has(
        &posting,
        &json!({"source": "weworkremotely", "company": "Café Teal", "workplace": "remote", "category": "Front-End Programming", "posted_at": "2026-03-02T09:00:00Z"}),
    );
    assert!(
        posting["description_text"]
            .as_str()
            .unwrap()
            .contains("- TypeScript & React")
    );
    let other = found.titled("Elixir Developer");
    has(
        &other,
        &json!({"source": "rss", "company": "Scoter", "url": "https://board.example/7", "description_text": "Elixir & Phoenix work."}),
    );
    assert!(
        !other.to_string().contains("Inparticular"),
        "who wrote an item is a person"
    );
    rejected(&found, &["neither a title"]);
    assert_eq!(
        found.summary["readers"]["rss"]["encodings"],
        json!({"windows-1252": 2})
    );
}

#[test]
fn a_thread_saved_as_a_web_page() {
    let found = read("thread.html", "hn-page", 2, 2);
    has(
        &found.posting("hn:5101"),
        &json!({"company": "Osprey Maps", "title": "Python Developer", "workplace": "remote", "remote_scope": ["EU"], "thread": "5100",
            "posted_at": "2013-05-01T00:00:00Z", "posted_precision": "month"}),
    );
    let several = found.posting("hn:5104");
    assert_eq!(
        several["extra"]["roles"],
        json!([
            "Unity Developer",
            "Backend Engineer (Go)",
            "Community Manager"
        ])
    );
    rejected(&found, &["a reply", "a deleted comment"]);
    assert!(
        !found.posting("hn:5101").to_string().contains("\"ann\""),
        "who wrote it is kept as a number only"
    );
}

#[test]
fn rows_of_the_public_forum_table() {
    let found = read("bigquery.csv", "hn-bigquery", 1, 4);
    has(
        &found.posting("hn:7101"),
        &json!({"company": "Wigeon", "title": "Rust Engineer", "workplace": "onsite", "thread": "7100", "posted_at": "2024-03-01T16:03:20Z"}),
    );
    rejected(
        &found,
        &[
            "the thread itself",
            "a reply",
            "a deleted comment",
            "removed by moderators",
        ],
    );
    let found = read("bigquery.jsonl", "hn-bigquery", 2, 1);
    has(
        &found.posting("hn:7201"),
        &json!({"company": "Brent Labs", "workplace": "remote", "remote_scope": ["US"]}),
    );
    rejected(&found, &["a reply"]);
}

#[test]
fn job_seekers_are_no_postings() {
    let found = read("wants-to-be-hired.json", "hn-algolia", 0, 1);
    rejected(&found, &["a job seeker"]);
}

#[test]
fn posts_in_a_markdown_table() {
    let found = read("2023-05-roles.md", "hn-tables", 2, 2);
    rejected(
        &found,
        &["a job seeker", "neither a title nor a description"],
    );
    let posting = found.posting("hn:6101");
    has(
        &posting,
        &json!({"company": "Kittiwake", "title": "Rust Engineer, Data Engineer", "workplace": "remote", "remote_scope": ["CA"], "posted_at": "2023-05-01T15:44:52Z"}),
    );
    assert_eq!(
        posting["extra"]["roles"],
        json!(["Rust Engineer", "Data Engineer"])
    );
    assert_eq!(
        (&posting["salary"]["min"], &posting["salary"]["max"]),
        (&json!(110_000.0), &json!(160_000.0))
    );
    assert_eq!(posting["skills_raw"].as_array().unwrap().len(), 4);
    let other = found.posting("hn:6102");
    has(
        &other,
        &json!({"workplace": "onsite", "posted_at": "2023-05-01T00:00:00Z", "posted_precision": "month", "employment_type": ["part_time"]}),
    );
    assert!(
        other["salary"].is_null() && !posting.to_string().contains("nobody@"),
        "{other}"
    );
}

#[test]
fn the_chinese_monthly_threads() {
    let found = read("zh-thread.json", "zh-hiring", 1, 5);
    let posting = found.posting("zh-hiring:7001");
    has(
        &posting,
        &json!({"company": "白鹭科技", "thread": "70", "posted_at": "2022-05-03T08:00:00Z"}),
    );
    assert_eq!(posting["locations"][0]["country"], "CN");
    assert!(skills(&posting).contains(&"go"), "{posting}");
    rejected(
        &found,
        &[
            "a notice",
            "hidden by moderators",
            "only a picture",
            "a reply",
            "a job seeker",
        ],
    );
    let found = read("zh-parsed.json", "zh-hiring-parsed", 1, 0);
    let posting = found.posting("zh-hiring:7006");
    has(
        &posting,
        &json!({"company": "苍鹭游戏", "title": "前端工程师，Unity 开发", "workplace": "remote", "posted_precision": "month"}),
    );
    assert_eq!(posting["locations"][0]["city"], "Shenzhen");
    assert!(
        !posting.to_string().contains("heron.example"),
        "a contact is a person"
    );
}

#[test]
fn a_feed_of_changes() {
    let found = read("2026-04-30-events.jsonl", "events", 6, 4);
    has(
        &found.posting("events:e1"),
        &json!({"title": "DevOps Engineer", "company": "ruff-hosting", "posted_at": "2026-04-29T21:34:09Z", "url": "https://jobs.example/ruff/e1", "seniority": "senior"}),
    );
    let places = &found.posting("events:e1")["locations"];
    assert_eq!(
        places[0]["city"], "Adelaide",
        "the last change holds: {places}"
    );
    has(
        &found.summary,
        &json!({"added": 2, "changed": 3, "closed": 1, "rejected": 4, "read": 10}),
    );
    rejected(
        &found,
        &[
            "neither a title",
            "change of an unknown posting",
            "closing of an unknown posting",
            "without an id",
        ],
    );
    assert!(found.posting("events:e2")["closed_at"].is_string());
}

#[test]
fn texts_in_other_encodings() {
    let found = read("encodings.csv", "auto", 1, 0);
    let posting = found.titled("Pflegekraft (m/w/d)");
    has(
        &posting,
        &json!({"company": "Müller & Söhne", "description_text": "Für “Café” in München"}),
    );
    assert_eq!(posting["origin"]["encoding"], "windows-1252");
    assert_eq!(
        found.summary["readers"]["auto"]["encodings"],
        json!({"windows-1252": 1})
    );
    let found = read("encodings-utf16.csv", "auto", 1, 0);
    has(
        &found.titled("Zahntechniker"),
        &json!({"company": "Strauß", "description_text": "Brücken und Kronen"}),
    );
    assert_eq!(
        found.summary["readers"]["auto"]["encodings"],
        json!({"utf-16le": 1})
    );
    let found = read("mojibake.jsonl", "auto", 2, 0);
    has(
        &found.titled("Barista"),
        &json!({"company": "Café Teal", "description_text": "Don’t spill. Please."}),
    );
    has(
        &found.titled("Waiter"),
        &json!({"company": "Café Teal", "description_text": "It’s fine."}),
    );
    assert_eq!(
        found.summary["readers"]["auto"]["encodings"],
        json!({"utf-8": 1, "utf-8 read as latin-1": 1})
    );
}

#[test]
fn a_directory_may_mix_them_all() {
    let home = scratch();
    let all = project("tests/fixtures/ingest").display().to_string();
    let ran = run(&home.path().join("index"), &["index", &all]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary = ran.json();
    let n = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(
        n("read"),
        n("added") + n("changed") + n("unchanged") + n("closed") + n("rejected"),
        "{summary}"
    );
    let readers = summary["readers"].as_object().unwrap();
    for reader in [
        "jsonld",
        "personio",
        "rss",
        "hn-page",
        "hn-bigquery",
        "hn-tables",
        "zh-hiring",
        "events",
        "hn-firebase",
        "auto",
    ] {
        assert!(
            readers.contains_key(reader),
            "{reader} is none of {:?}",
            readers.keys()
        );
    }
}

#[test]
fn what_is_no_corpus_is_said_by_name() {
    let home = scratch();
    for (name, text, why) in [
        (
            "hello.html",
            "<html><body><p>Hello</p></body></html>",
            "no JobPosting markup",
        ),
        (
            "empty.xml",
            "<?xml version='1.0'?><rss><channel></channel></rss>",
            "XML without items",
        ),
        (
            "people.nq",
            "_:a <http://schema.org/Person/name> \"A\" <https://a.example/> .\n",
            "without a job posting",
        ),
        ("some.parquet", "PAR1xxxxPAR1", "Parquet"),
    ] {
        let path = home.path().join(name);
        std::fs::write(&path, text).unwrap();
        let ran = run(
            &home.path().join("index"),
            &["index", &path.display().to_string()],
        );
        assert_ne!(ran.code, 0);
        assert!(ran.err.contains(why), "{name}: {}", ran.err);
    }
}
