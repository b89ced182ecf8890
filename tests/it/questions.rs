//! Questions that are long, misspelt or in other words than the postings, and what
//! is said about them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{ask, ask_on, ids, run, sample, scratch};

/// An index of some postings, each an id with its other fields.
fn index_of(home: &tempfile::TempDir, postings: &[(&str, Value)]) -> PathBuf {
    let lines = postings.iter().map(|(id, fields)| {
        let mut posting = json!({"id": format!("news:x:{id}"), "source": "news"});
        for (name, value) in fields.as_object().unwrap() {
            posting[name] = value.clone();
        }
        format!("{posting}\n")
    });
    let file = home.path().join("postings.jsonl");
    std::fs::write(&file, lines.collect::<String>()).unwrap();
    let index = home.path().join("index");
    let ran = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    index
}

/// The last parts of the ids of an answer's hits, in order.
fn short(answer: &Value) -> Vec<String> {
    let last = |id: String| id.rsplit(':').next().unwrap().to_owned();
    ids(answer).into_iter().map(last).collect()
}

#[test]
fn a_whole_text_may_be_pasted_and_finds_its_posting() {
    let of = |id: &str| {
        let posting = crate::plain::by_id(id).posting.clone();
        posting.description_text.unwrap()
    };
    let text = of("sample:quillwave:a001");
    let is_word = |word: &&str| word.chars().all(char::is_alphanumeric);
    let mut words: Vec<String> = text
        .split_whitespace()
        .filter(is_word)
        .map(str::to_owned)
        .collect();
    words.extend((0..700).map(|n| format!("zzyzx{n}")));
    let answer = ask(&["search", &words.join(" "), "--limit", "3"]);
    assert_eq!(ids(&answer)[0], "sample:quillwave:a001");
    assert_eq!(answer["relaxed"]["words"], words.len());
    // Words that no posting has: a hint for the first, and an end.
    let unknown: Vec<String> = (0..300).map(|n| format!("zzyzx{n}")).collect();
    let ran = sample(&["search", &unknown.join(" ")]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("no posting has `zzyzx7`"), "{}", ran.err);
    assert!(
        ran.err.contains("no posting has 292 words more"),
        "{}",
        ran.err
    );
}

#[test]
fn a_query_of_too_many_words_is_refused_in_few() {
    let words: Vec<String> = (0..5000).map(|n| format!("word{n}")).collect();
    let ran = sample(&["search", &words.join(" ")]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("at most 4096 words"), "{}", ran.err);
    assert!(ran.err.len() < 1000, "{} bytes", ran.err.len());
    let lenient = sample(&["search", "--lenient", "--explain-query", &words.join(" ")]);
    assert_eq!(lenient.code, 0, "{}", lenient.err);
    assert!(lenient.out.contains("word4095") && !lenient.out.contains("word4096"));
    for args in [
        &["search", &"-".repeat(100_000)][..],
        &["search", "--since", &"9".repeat(100_000)],
        &["match", &"q".repeat(100_000)],
    ] {
        let ran = sample(args);
        assert_eq!(ran.code, 2);
        assert!(ran.err.len() < 1500, "{} bytes", ran.err.len());
    }
}

#[test]
fn years_that_are_said_hold_against_silence_about_another_skill() {
    let home = scratch();
    let text = "You have 5+ years of Java.";
    let index = index_of(
        &home,
        &[("1", json!({"title": "Developer", "description_text": text}))],
    );
    let credit = |person: &[&str]| {
        let args = [&["match"], person, &["--explain"]].concat();
        let answer = ask_on(&index, &args);
        let asked = answer["hits"][0]["explain"].as_array().unwrap();
        let is_java = |one: &&Value| one["any_of"].to_string().contains("\"java\"");
        let java = asked.iter().find(is_java).unwrap();
        java["credit"].as_f64().unwrap()
    };
    assert_eq!(credit(&["java:2"]), 0.5);
    assert_eq!(credit(&["java:2", "spring-boot"]), 0.5);
    assert_eq!(credit(&["spring-boot", "java:2"]), 0.5);
    assert_eq!(credit(&["java:2", "spring-boot:6"]), 1.0);
    assert_eq!(credit(&["spring-boot"]), 1.0);
    let table = run(
        &index,
        &["match", "java:6", "spring-boot", "--format", "table"],
    );
    assert!(!table.out.contains("by Spring"), "{}", table.out);
}

#[test]
fn cities_are_found_by_any_of_their_names() {
    let home = scratch();
    let at = |city: &str, country: &str| {
        json!({"title": format!("Baker for {city}"), "description_text": format!("In {country} we bake."),
            "locations": [{"raw": city, "city": city, "country": country}]})
    };
    let index = index_of(
        &home,
        &[
            ("1", at("Köln", "DE")),
            ("2", at("Bangalore", "IN")),
            ("3", at("Shanghai", "CN")),
            ("4", at("Qualmstädt", "DE")),
        ],
    );
    let found = |args: &[&str]| short(&ask_on(&index, args));
    for (name, id) in [
        ("Köln", "1"),
        ("koln", "1"),
        ("Cologne", "1"),
        ("Bengaluru", "2"),
        ("bangalore", "2"),
        ("上海", "3"),
        ("qualmstadt", "4"),
        ("QUALMSTÄDT", "4"),
    ] {
        assert_eq!(found(&["search", "--city", name]), [id], "{name}");
        assert_eq!(found(&["search", &format!("city:{name}")]), [id], "{name}");
    }
    assert_eq!(found(&["search", "Koeln"]), ["1"]);
    let near = run(&index, &["search", "--city", "Qualmstat"]);
    assert_eq!(near.code, 1);
    assert!(
        near.err.contains("did you mean Qualmstädt?"),
        "{}",
        near.err
    );
    // Its other names are none of the person's own.
    let nobody = run(&index, &["search", "--city", "München"]);
    assert!(nobody.err.contains("city München"), "{}", nobody.err);
    assert!(
        !nobody.err.contains("has the city Munich"),
        "{}",
        nobody.err
    );
}

#[test]
fn a_skill_in_the_title_counts_in_any_spelling() {
    let home = scratch();
    let post = |title: &str, text: &str| json!({"title": title, "description_text": text});
    let index = index_of(
        &home,
        &[
            (
                "1",
                post(
                    "Programmer",
                    "You know C# and keep the robots of a warehouse going.",
                ),
            ),
            (
                "2",
                post(
                    "C# Developer",
                    "C# and WPF are your daily bread in a small team.",
                ),
            ),
            ("3", post("R&D Manager", "You lead our R&D and its budget.")),
            (
                "4",
                post("Statistician", "You write R and Python every day."),
            ),
        ],
    );
    let answer = ask_on(&index, &["search", "csharp", "--explain"]);
    assert_eq!(short(&answer), ["2", "1"]);
    let score = |at: usize| answer["hits"][at]["score"].as_f64().unwrap();
    assert!(score(0) > score(1), "{answer}");
    // A letter is the skill where the skill is read.
    assert_eq!(short(&ask_on(&index, &["search", "R"])), ["4"]);
    assert_eq!(short(&ask_on(&index, &["search", "\"R&D\""])), ["3"]);
}

#[test]
fn a_misspelt_word_beside_known_ones_is_named() {
    let ran = sample(&["search", "data scientst"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err
            .contains("no posting has `scientst`; did you mean scientist"),
        "{}",
        ran.err
    );
    assert_eq!(sample(&["search", "data scientst", "-q"]).err, "");
}

#[test]
fn the_commonest_values_alone_are_shown_where_so_many_are_asked_for() {
    let answer = ask(&["trends", "--top", "3"]);
    let series = answer["series"].as_array().unwrap();
    assert_eq!(series.len(), 3);
    let n = |one: &Value| {
        let points = one["points"].as_array().unwrap().iter();
        points
            .map(|point| point["n"].as_u64().unwrap())
            .sum::<u64>()
    };
    let all = ask(&["trends", "--top", "1000"]);
    let mut counts: Vec<u64> = all["series"].as_array().unwrap().iter().map(n).collect();
    let shown: Vec<u64> = series.iter().map(n).collect();
    assert_eq!(counts[..3], shown[..]);
    counts.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(counts[..3], shown[..]);
    assert_eq!(ask(&["trends", "--top", "0"])["series"], json!([]));
    for command in ["trends", "winners", "pay", "emerging"] {
        let ran = sample(&[command, "--top", "-1"]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("for '--top <N>'"), "{}", ran.err);
    }
}

#[test]
fn a_value_that_cannot_be_meant_is_refused() {
    for (args, said) in [
        (&["search", "--min-salary", "70k QQX"][..], "`QQX`"),
        (&["search", "--company", ""], "`company` needs a value"),
        (&["search", "--city", " "], "`city` needs a value"),
        (&["search", "--country", "DE,"], "`country` needs a value"),
    ] {
        let ran = sample(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains(said), "{args:?} says {:?}", ran.err);
    }
    // Rare money is money.
    for amount in ["1 KES", "1kKRW", "1 kzt"] {
        let ran = sample(&["search", "rust", "--min-salary", amount]);
        assert_ne!(ran.code, 2, "{}", ran.err);
    }
}

#[test]
fn who_asks_for_nothing_in_words_has_not_everything_met() {
    let home = scratch();
    let index = index_of(
        &home,
        &[
            ("1", json!({"title": "Rust developer"})),
            (
                "2",
                json!({"title": "Rust developer", "company": "Lantern",
                    "description_text": "You must know Rust and Kafka, and like to be at sea."}),
            ),
        ],
    );
    let gap = ask_on(&index, &["gap", "rust"]);
    assert_eq!((&gap["total"], &gap["silent"]), (&json!(1), &json!(1)));
    assert_eq!(gap["met"]["n"], 0, "{gap}");
    let table = run(&index, &["gap", "rust", "--format", "table"]);
    assert!(
        table
            .out
            .contains("neither a text nor a list of skills: 1 posting"),
        "{}",
        table.out
    );
}

#[test]
fn what_is_like_a_posting_is_told_of_no_person() {
    let id = "sample:harbourlight:a129";
    let similar = sample(&["similar", id, "--explain", "--format", "table"]);
    assert!(
        similar.out.starts_with(&format!("Like {id}, by ")),
        "{}",
        similar.out
    );
    assert!(!similar.out.contains("(you have"), "{}", similar.out);
    assert!(!similar.out.contains("uses your"), "{}", similar.out);
    let person = sample(&["match", "mysql", "--explain", "--format", "table"]);
    assert!(person.out.starts_with("For somebody with MySQL: "));
    assert!(person.out.contains("uses your"), "{}", person.out);
}

#[test]
fn a_report_as_markdown_says_what_it_counts() {
    let trends = sample(&[
        "trends", "--role", "backend", "--by", "year", "--format", "markdown",
    ]);
    for said in [
        "# Shares over time: language by year, 20",
        "role is backend",
        "A share is n of all groups of copies of its period",
        " adverts in ",
        "\n\n| ",
    ] {
        assert!(trends.out.contains(said), "{said}: {}", trends.out);
    }
    let winners = sample(&["winners", "--format", "markdown"]);
    for said in [
        "# Category winners and who is hiring, ",
        "All postings of the index.",
        "Pay is ",
    ] {
        assert!(winners.out.contains(said), "{said}: {}", winners.out);
    }
}

#[test]
fn nothing_to_count_is_said_and_not_drawn() {
    let nothing = ["--since", "1999", "--until", "1999"];
    let args = ["trends", "--versus", "posted:1998", "--format", "table"];
    let ran = sample(&[&args[..], &nothing].concat());
    assert!(ran.out.contains("no value to show"), "{}", ran.out);
    assert!(!ran.out.contains("sources:"), "{}", ran.out);
    let few = sample(&[
        "trends",
        "--versus",
        "country:DE",
        "--value",
        "rust,go,php",
        "--format",
        "table",
    ]);
    assert!(few.out.contains("about 0.2 of them"), "{}", few.out);
}

#[test]
fn lists_without_end_are_cut_and_empty_ones_are_said_to_be() {
    let home = scratch();
    let index = index_of(
        &home,
        &[(
            "1",
            json!({"title": "Baker", "description_text": "We bake."}),
        )],
    );
    let short = run(&index, &["skills", "check", "--format", "table"]);
    assert!(short.out.contains("(`-v` names them)"), "{}", short.out);
    let lines = |text: &str| text.lines().map(str::len).max().unwrap();
    assert!(lines(&short.out) < 1000);
    let long = run(&index, &["-v", "skills", "check", "--format", "table"]);
    assert!(lines(&long.out) > 10_000);
    let nothing = run(&index, &["skills", "suggest"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.err.contains("no unknown name"), "{}", nothing.err);
    let saved = run(&index, &["saved", "add", "bread", "baker"]);
    assert_eq!(saved.code, 0, "{}", saved.err);
    let listed = run(&index, &["saved", "list", "--format", "jsonl"]);
    assert_eq!(listed.json()["name"], "bread", "{}", listed.err);
}

#[test]
fn the_anatomy_on_the_page_is_of_a_role_in_any_spelling() {
    let page = sample(&["report", "--anatomy-of", "Machine Learning", "--out", "-"]);
    assert_eq!(page.code, 0, "{}", page.err);
    let unknown = sample(&["report", "--anatomy-of", "wizard", "--out", "-"]);
    assert!(unknown.err.contains("backend"), "{}", unknown.err);
}
