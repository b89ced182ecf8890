//! What a person has: from words, a résumé, a kept profile, other postings; and
//! people ranked for one posting.

use std::fs;

use serde_json::Value;

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask, ids, jobsift, ran, run_with, sample, sample_index, scratch};

const POSTING: &str = "sample:harbourlight:a129";

#[test]
fn the_answers_are_as_the_schemas_say() {
    let gap = sample(&["gap", "rust", "postgresql:5", "--format", "json"]);
    assert_eq!(gap.code, 0, "{}", gap.err);
    assert_valid("output/gap.json", &gap.json());
    let similar = sample(&["similar", POSTING, "--explain", "--format", "json"]);
    assert_valid("output/match.json", &similar.json());
    let file = scratch();
    let people = file.path().join("people.jsonl");
    fs::write(&people, "{\"id\": \"anna\", \"skills\": [\"rust:5\"]}\n").unwrap();
    let people = people.display().to_string();
    let rated = sample(&["rate", POSTING, "--people", &people, "--format", "json"]);
    assert_valid("output/rate.json", &rated.json());
    let piped = run_with(
        sample_index(),
        &["rate", POSTING, "--people", "-", "--format", "json"],
        &fs::read(&people).unwrap(),
    );
    assert_eq!(piped.json(), rated.json(), "{}", piped.err);
}

#[test]
fn a_posting_is_most_like_its_own_ask_and_leaves_itself_out() {
    let similar = ask(&["similar", POSTING, "--limit", "50"]);
    let found = ids(&similar);
    assert!(!found.contains(&POSTING.to_owned()));
    assert_eq!(similar, {
        let mut like = ask(&["match", "--like", POSTING, "--limit", "50"]);
        like["took_ms"] = similar["took_ms"].clone();
        like
    });
    // What an unliked posting asks for as well is not looked for.
    let asked = |args: &[&str]| ask(args)["have"].as_array().unwrap().clone();
    let (liked, unliked) = (POSTING, "sample:copperline:a114");
    let left = asked(&["match", "--like", liked, "--unlike", unliked]);
    let both = asked(&["match", "--like", unliked]);
    assert!(!left.is_empty());
    assert!(left.iter().all(|skill| !both.contains(skill)), "{left:?}");
    let nothing = sample(&["match", "--like", liked, "--unlike", liked]);
    assert_eq!(nothing.code, 2);
    assert!(
        nothing.err.contains("nothing that these postings ask for"),
        "{}",
        nothing.err
    );
    let unknown = sample(&["similar", "sample:nowhere:1"]);
    assert!(
        unknown
            .err
            .contains("no posting has the id `sample:nowhere:1`"),
        "{}",
        unknown.err
    );
}

#[test]
fn rate_gives_a_person_the_score_that_match_gives_the_posting() {
    let file = scratch();
    let people = file.path().join("people.jsonl");
    let lines = [
        r#"{"id": "anna", "skills": ["rust:5", "kafka"]}"#,
        "",
        r#"{"name": "Bo", "skills": [{"id": "golang", "years": 2}, "postgres", {"id": "sql"}]}"#,
    ];
    fs::write(&people, lines.join("\n")).unwrap();
    let path = people.display().to_string();
    let rated = ask(&["rate", POSTING, "--people", &path]);
    assert_eq!(rated["total"], 2);
    for (name, skills) in [
        ("anna", vec!["rust:5", "kafka"]),
        ("Bo", vec!["go:2", "postgresql", "sql"]),
    ] {
        let of = |list: &Value, key: &str, value: &str| {
            let list = list.as_array().unwrap();
            list.iter().find(|one| one[key] == value).unwrap().clone()
        };
        let person = of(&rated["people"], "name", name);
        let matched = ask(&[&["match"], &skills[..], &["--limit", "400"]].concat());
        let hit = of(&matched["hits"], "id", POSTING);
        for part in ["score", "points", "have", "near", "missing"] {
            assert_eq!(person[part], hit[part], "{name}: {part}");
        }
    }
    fs::write(&people, "{\"id\": \"x\", \"skills\": [\"cobold\"]}\n").unwrap();
    let bad = sample(&["rate", POSTING, "--people", &path]);
    assert_eq!(bad.code, 2);
    assert!(
        bad.err.contains("people.jsonl:1") && bad.err.contains("cobold"),
        "{}",
        bad.err
    );
}

const RESUME: &str = "# Anna\n\nBack-end developer. 6 years of Python (Django), 3+ years with Kubernetes.\n\n\
    ## Skills\n- PostgreSQL\n- Go\n\nNo PHP, please.\n";

#[track_caller]
fn have(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code, 0, "{}", ran.err);
    let have = ran.json()["have"].clone();
    serde_json::from_value(have).unwrap()
}

#[test]
fn a_resume_is_read_with_years_and_shown_back() {
    let folder = scratch();
    let html = "<h2>Skills</h2><ul><li>Python, 6 years</li><li>Kubernetes</li></ul>";
    for (name, text) in [("cv.md", RESUME), ("cv.html", html)] {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let read = sample(&[
            "match",
            "--resume",
            &file.display().to_string(),
            "--format",
            "json",
        ]);
        let have = have(&read);
        assert!(
            have.contains(&"python".to_owned()) && have.contains(&"kubernetes".to_owned()),
            "{have:?}"
        );
        assert!(!have.contains(&"php".to_owned()), "{have:?}");
        assert!(read.err.contains("Python (6 years)"), "{}", read.err);
    }
    let file = folder.path().join("cv.pdf");
    for (bytes, why) in [
        (&b"%PDF-1.7 ..."[..], "is a PDF"),
        (&b"PK\x03\x04..."[..], "a packed file such as DOCX"),
        (&b"  \n"[..], "there is no text in it"),
        (&b"Gardener and cook."[..], "no skill is named"),
    ] {
        fs::write(&file, bytes).unwrap();
        let refused = sample(&["match", "--resume", &file.display().to_string()]);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains(why), "{}", refused.err);
        let needs_feature = cfg!(not(feature = "documents")) && why.contains("a ");
        let names_it = refused.err.contains("feature `documents`");
        assert_eq!(names_it, needs_feature, "{}", refused.err);
    }
}

#[test]
fn a_profile_is_kept_edited_and_read_again() {
    let folder = scratch();
    let command = |args: &[&str]| {
        let home = folder.path();
        ran(jobsift(sample_index())
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .args(args)
            .args(["--format", "json", "--limit", "1"]))
    };
    let none = command(&["match", "--profile", "anna"]);
    assert_eq!(none.code, 2);
    assert!(
        none.err.contains("there is no profile `anna`"),
        "{}",
        none.err
    );
    let made = command(&["match", "--profile", "anna", "rust:5", "php"]);
    assert_eq!(have(&made), ["rust", "php"]);
    let edited = command(&[
        "gap",
        "--profile",
        "anna",
        "--have",
        "go:2,kafka",
        "--lack",
        "php",
    ]);
    assert_eq!(have(&edited), ["rust", "go", "kafka"]);
    assert!(edited.err.contains("Go (2 years)"), "{}", edited.err);
    // What is said beside it holds for one run.
    assert_eq!(
        have(&command(&["match", "--profile", "anna", "sql"])),
        ["rust", "go", "kafka", "sql"]
    );
    assert_eq!(
        have(&command(&["match", "--profile", "anna"])),
        ["rust", "go", "kafka"]
    );
    for name in ["../x", "a b", ""] {
        assert_eq!(command(&["match", "--profile", name]).code, 2, "{name}");
    }
    let nobody = command(&["match"]);
    assert!(nobody.err.contains("no skill is given"), "{}", nobody.err);
}

#[test]
fn toward_narrows_to_a_role_a_rung_or_words_of_the_title() {
    let total = |args: &[&str]| {
        ask(&[&["gap", "excel"], args].concat())["total"]
            .as_u64()
            .unwrap()
    };
    let backend = total(&["--toward", "backend developer"]);
    assert_eq!(backend, total(&["--role", "backend"]));
    assert_eq!(
        total(&["--toward", "Senior Backend Engineer"]),
        total(&["--role", "backend", "--seniority", "senior"])
    );
    assert!(backend > 0 && backend < total(&[]));
}
