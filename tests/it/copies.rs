//! What becomes of a posting over several readings: groups, merging, closing,
//! and the sums that always hold.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{ask_on, ids, jobsift, project, ran, run, scratch};

struct Home {
    directory: tempfile::TempDir,
    name: &'static str,
}

impl Home {
    fn new() -> Home {
        Home {
            directory: scratch(),
            name: "index",
        }
    }

    fn index(&self) -> PathBuf {
        self.directory.path().join(self.name)
    }

    fn file(&self, name: &str, records: &[Value]) -> String {
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Indexes on a day and gives the summary, which must add up.
    #[track_caller]
    fn on(&self, day: &str, args: &[&str]) -> Value {
        let mut command = jobsift(&self.index());
        // The later `--now` wins over the one of all tests.
        let ran = ran(command.args(["index", "--now", day]).args(args));
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.err);
        let summary = ran.json();
        adds_up(&summary);
        summary
    }

    fn show(&self, id: &str) -> Value {
        ask_on(&self.index(), &["show", id])
    }

    fn open(&self, day: &str) -> Vec<String> {
        let ran = run(
            &self.index(),
            &["search", "--open", "--now", day, "--format", "json"],
        );
        assert!(ran.code <= 1, "{}", ran.err);
        let mut ids = ids(&ran.json());
        ids.sort();
        ids
    }

    /// Everything that is shown of some postings, but for when and from where.
    fn all(&self, ids: &[&str]) -> Vec<Value> {
        let mut shown: Vec<Value> = ids.iter().map(|id| self.show(id)).collect();
        for posting in &mut shown {
            let fields = posting.as_object_mut().unwrap();
            fields.remove("history");
            fields["origin"]["file"].take();
        }
        shown
    }
}

#[track_caller]
fn adds_up(summary: &Value) {
    let sum = |of: &Value| -> u64 {
        ["added", "changed", "unchanged", "closed", "rejected"]
            .iter()
            .map(|name| of[name].as_u64().unwrap())
            .sum()
    };
    assert_eq!(summary["read"], sum(summary), "{summary}");
    for (name, reader) in summary["readers"].as_object().unwrap() {
        assert_eq!(reader["read"], sum(reader), "{name}: {summary}");
        let reasons: u64 = reader["reasons"]
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum();
        assert_eq!(reader["rejected"], reasons, "{name}: {summary}");
    }
}

#[track_caller]
fn counts(summary: &Value, added: u64, changed: u64, unchanged: u64) {
    for (name, n) in [
        ("added", added),
        ("changed", changed),
        ("unchanged", unchanged),
    ] {
        assert_eq!(summary[name], n, "{name} of {summary}");
    }
}

fn comment(id: u64, text: &str) -> Value {
    json!({"id": id, "by": "ann", "parent": 900, "type": "comment", "time": 1_700_000_000, "text": text})
}

fn hit(id: u64, text: &str) -> Value {
    json!({"objectID": id.to_string(), "author": "ann", "story_id": 900, "parent_id": 900,
        "created_at_i": 1_700_000_000, "comment_text": text})
}

const SHORT: &str = "Acorn | Rust Developer | Oslo, Norway<p>We use Rust.";
const LONG: &str =
    "Acorn | Rust Developer | Oslo, Norway<p>We use Rust, and PostgreSQL too. Write to us.";

#[test]
fn one_id_through_two_readers_is_one_posting_whatever_the_order() {
    let monthly = json!({"full_html": SHORT, "url": "https://news.ycombinator.com/item?id=7", "user": "ann",
        "address": null, "country": "NO", "location": null, "remote": true});
    let files: [(&str, Vec<Value>); 3] = [
        ("a.jsonl", vec![comment(7, SHORT), comment(8, LONG)]),
        ("b.jsonl", vec![hit(7, LONG), hit(9, SHORT)]),
        ("2023-11.json", vec![monthly]),
    ];
    let orders: [&[usize]; 6] = [
        &[0, 1, 2],
        &[2, 1, 0],
        &[1, 0, 2],
        &[2, 0, 1],
        &[0, 2, 1],
        &[1, 2, 0],
    ];
    let mut first: Option<Vec<Value>> = None;
    for together in [false, true] {
        for order in orders {
            let home = Home::new();
            let paths: Vec<String> = order
                .iter()
                .map(|at| home.file(files[*at].0, &files[*at].1))
                .collect();
            let args: Vec<&str> = paths.iter().map(String::as_str).collect();
            if together {
                counts(&home.on("2026-05-01", &args), 3, 2, 0);
            } else {
                for path in &args {
                    home.on("2026-05-01", &[path]);
                }
            }
            // Again, in any order, nothing changes.
            let again = home.on("2026-05-02", &args);
            counts(&again, 0, 0, 5);
            for path in args.iter().rev() {
                assert_eq!(home.on("2026-05-03", &[path])["changed"], 0, "{order:?}");
            }
            let all = home.all(&["hn:7", "hn:8", "hn:9"]);
            assert!(
                all[0]["description_text"]
                    .as_str()
                    .unwrap()
                    .contains("PostgreSQL")
            );
            assert_eq!(all[0]["thread"], "900");
            assert_eq!(all[0]["posted_precision"], "second");
            assert_eq!(all[0]["workplace"], "remote", "{}", all[0]);
            match &first {
                None => first = Some(all),
                Some(first) => assert_eq!(&all, first, "{order:?} {together}"),
            }
        }
    }
}

#[test]
fn a_thread_and_what_was_read_out_of_it_are_one() {
    let text = "苍鹭游戏 招前端（React）与 Unity，坐标深圳，也可远程";
    let thread = json!({"issueNumber": 70, "yearMonth": "2022-05", "comments": [{"id": 7006, "author": "gus",
        "body": text, "createdAt": "2022-05-07T08:00:00Z", "isMinimized": false}]});
    let parsed = json!({"issueNumber": 70, "yearMonth": "2022-05", "postings": [{"id": "70-7006", "commentId": 7006,
        "rawContent": text, "company": "苍鹭游戏", "positions": [{"title": "前端工程师"}, {"title": "Unity 开发"}]}]});
    let files = [("thread.json", &thread), ("parsed.json", &parsed)];
    for order in [[0, 1], [1, 0]] {
        let home = Home::new();
        for (name, document) in order.map(|at: usize| files[at]) {
            home.on(
                "2026-05-01",
                &[&home.file(name, std::slice::from_ref(document))],
            );
        }
        let posting = home.show("zh-hiring:7006");
        assert_eq!(posting["company"], "苍鹭游戏", "{order:?}");
        assert_eq!(posting["title"], "前端工程师，Unity 开发", "{order:?}");
        assert_eq!(posting["posted_at"], "2022-05-07T08:00:00Z", "{order:?}");
    }
}

#[test]
fn a_reader_replaces_what_it_said_itself() {
    let home = Home::new();
    home.on("2026-05-01", &[&home.file("a.jsonl", &[comment(7, LONG)])]);
    home.on("2026-05-02", &[&home.file("b.jsonl", &[hit(7, SHORT)])]);
    let shorter = "Acorn | Go Developer | Oslo, Norway<p>We use Go.";
    let summary = home.on(
        "2026-05-03",
        &[&home.file("a.jsonl", &[comment(7, shorter)])],
    );
    counts(&summary, 0, 1, 0);
    let posting = home.show("hn:7");
    assert!(
        !posting["description_text"]
            .as_str()
            .unwrap()
            .contains("PostgreSQL")
    );
    assert_eq!(posting["first_seen"], "2026-05-01T12:00:00Z");
    assert_eq!(posting["last_seen"], "2026-05-03T12:00:00Z");
    let words: Vec<&str> = posting["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["what"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["added", "changed", "changed"]);
    // An unchanged record is seen, and no more.
    home.on("2026-05-09", &[&home.file("b.jsonl", &[hit(7, SHORT)])]);
    let again = home.show("hn:7");
    assert_eq!(again["last_seen"], "2026-05-09T12:00:00Z");
    assert_eq!(again["history"], posting["history"]);
}

fn on_board(board: &str, id: u64, posted: &str) -> Value {
    json!({"id": format!("test:{board}:{id}"), "source": "test", "board": board, "title": format!("Dev {id}"),
        "description_text": format!("Job {id} of {board}"), "posted_at": posted})
}

#[test]
fn what_a_full_reading_of_a_board_does_not_find_is_closed_until_it_is_back() {
    let home = Home::new();
    let both = [
        on_board("a", 1, "2026-05-01"),
        on_board("a", 2, "2026-05-01"),
        on_board("b", 3, "2026-05-01"),
    ];
    home.on("2026-05-02", &[&home.file("all.jsonl", &both)]);
    assert_eq!(home.open("2026-05-10").len(), 3);
    let part = home.file("part.jsonl", &both[..1]);
    assert_eq!(home.on("2026-05-10", &[&part])["absent"], 0);
    let summary = home.on("2026-05-11", &[&part, "--snapshot"]);
    assert_eq!(summary["absent"], 1);
    counts(&summary, 0, 0, 1);
    assert_eq!(home.show("test:a:2")["closed_at"], "2026-05-11T12:00:00Z");
    assert_eq!(home.show("test:b:3")["closed_at"], Value::Null);
    assert_eq!(home.open("2026-05-12"), ["test:a:1", "test:b:3"]);
    assert_eq!(
        home.open("2026-05-10").len(),
        3,
        "it was open the day before"
    );
    // A second such reading finds nothing more to close.
    assert_eq!(home.on("2026-05-12", &[&part, "--snapshot"])["absent"], 0);
    let all = home.file("all.jsonl", &both);
    let back = home.on("2026-05-13", &[&all, "--snapshot"]);
    counts(&back, 0, 1, 2);
    let posting = home.show("test:a:2");
    assert_eq!(posting["closed_at"], Value::Null);
    let history: Vec<String> = posting["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            format!(
                "{} {}",
                event["what"].as_str().unwrap(),
                &event["at"].as_str().unwrap()[..10]
            )
        })
        .collect();
    assert_eq!(
        history,
        [
            "added 2026-05-02",
            "closed 2026-05-11",
            "reopened 2026-05-13"
        ]
    );
    counts(&home.on("2026-05-14", &[&all]), 0, 0, 3);
}

#[test]
fn what_was_not_read_whole_closes_nothing_of_its_boards() {
    let home = Home::new();
    let all = [
        on_board("a", 1, "2026-05-01"),
        on_board("a", 2, "2026-05-01"),
        on_board("b", 3, "2026-05-01"),
        on_board("b", 4, "2026-05-01"),
    ];
    home.on("2026-05-02", &[&home.file("all.jsonl", &all)]);
    // A record that says nothing may have been any posting of the board.
    let bare = json!({"id": "test:a:9", "source": "test", "board": "a"});
    let damaged = home.file("a.jsonl", &[all[0].clone(), bare]);
    let whole = home.file("b.jsonl", &all[3..]);
    let summary = home.on("2026-05-03", &[&damaged, &whole, "--snapshot"]);
    assert_eq!(summary["absent"], 1);
    assert_eq!(summary["not_whole"], json!([damaged]));
    assert_eq!(home.show("test:a:2")["closed_at"], Value::Null);
    assert_eq!(home.show("test:b:3")["closed_at"], "2026-05-03T12:00:00Z");
    // A file that is skipped may be any board's.
    let first = home.file("first.jsonl", &all[..1]);
    let nothing = home.file("nothing.jsonl", &[]);
    let summary = home.on("2026-05-04", &[&first, &nothing, "--snapshot"]);
    assert_eq!(summary["absent"], 0);
    assert_eq!(summary["not_whole"], json!([nothing]));
    let ran = ran(jobsift(&home.index()).args(["index", &first, &nothing, "--snapshot"]));
    assert!(ran.err.contains("not read whole: "), "{}", ran.err);
    assert_eq!(
        home.on("2026-05-05", &[&first, "--snapshot"])["absent"],
        1,
        "once it is read alone"
    );
}

#[test]
fn what_is_plainly_no_data_keeps_no_posting_open() {
    let home = Home::new();
    let all = [1, 2].map(|n| on_board("a", n, "2026-05-01"));
    let first = home.file("first.jsonl", &all[..1]);
    home.on("2026-05-02", &[&home.file("all.jsonl", &all)]);
    let write = |name: &str, bytes: &[u8]| {
        let path = home.file(name, &[]);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    // Called like data, they may be a board's.
    for (name, bytes) in [
        ("page.html", &b"<p>Back soon</p>"[..]),
        ("jobs.csv", b"Error 503\n"),
    ] {
        let summary = home.on("2026-05-03", &[&first, &write(name, bytes), "--snapshot"]);
        assert_eq!(summary["absent"], 0, "{name}");
        assert_eq!(summary["not_whole"].as_array().unwrap().len(), 1, "{name}");
    }
    let beside = [
        write(
            "README.md",
            b"# Postings\n\nOne file, daily, as JSON Lines.\n",
        ),
        write(
            "LICENSE",
            b"Free, for all, and for ever.\nNo warranty, none, at all.\n",
        ),
        write("empty", b""),
        write("logo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01"),
        write("notes.txt", b"Read them twice.\n"),
    ];
    let mut args = vec![&*first, "--snapshot"];
    args.extend(beside.iter().map(String::as_str));
    let summary = home.on("2026-05-04", &args);
    assert_eq!(
        summary["skipped_files"].as_array().unwrap().len(),
        5,
        "{summary}"
    );
    assert_eq!(summary["not_whole"], json!([]));
    assert_eq!(summary["absent"], 1);
}

#[test]
fn a_board_of_a_known_format_without_postings_closes_all_of_its_own() {
    let home = Home::new();
    let job = |id: u64| {
        json!({"id": id, "title": format!("Cook {id}"), "content": "Soup",
        "absolute_url": format!("https://boards.greenhouse.io/tarnsoup/jobs/{id}")})
    };
    let board = json!({"jobs": [job(1), job(2)], "meta": {"total": 2}});
    home.on("2026-05-02", &[&home.file("tarnsoup.json", &[board])]);
    let empty = home.file(
        "tarnsoup.json",
        &[json!({"jobs": [], "meta": {"total": 0}})],
    );
    let args = [&*empty, "--snapshot", "--input-format", "greenhouse"];
    assert_eq!(home.on("2026-05-03", &args)["absent"], 2);
    let path = home.file("brine.json", &[json!([])]);
    let other = [&*path, "--snapshot", "--input-format", "lever"];
    assert_eq!(home.on("2026-05-04", &other)["absent"], 0);
}

#[test]
fn a_changed_field_replaces_that_field_and_is_told_once() {
    let home = Home::new();
    let new = json!({"event": "new", "id": "n1", "company_slug": "tarn", "title": "Cook", "location": "Oslo, Norway", "posted_at": "2026-05-01T08:00:00Z"});
    let title = |old: &str, now: &str| json!({"event": "changed", "job_id": "n1", "field": "title", "old": old, "new": now});
    let first = home.file("2026-05-02-feed.jsonl", &[new, title("Cook", "Baker")]);
    let second = home.file(
        "2026-05-03-feed.jsonl",
        &[
            title("Baker", "Python developer"),
            json!({"event": "removed", "id": "n1"}),
        ],
    );
    let summary = home.on("2026-05-10", &[&first]);
    assert_eq!(
        (&summary["added"], &summary["changed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(home.show("events:n1")["title"], "Baker");
    let summary = home.on("2026-05-11", &[&second]);
    assert_eq!(
        (&summary["changed"], &summary["closed"]),
        (&json!(1), &json!(1))
    );
    let posting = home.show("events:n1");
    assert_eq!(posting["title"], "Python developer");
    assert_eq!(posting["profile"][0]["id"], "python");
    let history = posting["history"].as_array().unwrap();
    let history: Vec<String> = history
        .iter()
        .map(|event| {
            let at = event["at"].as_str().unwrap();
            format!("{} {}", event["what"].as_str().unwrap(), &at[..10])
        })
        .collect();
    let expected = [
        "added 2026-05-10",
        "changed 2026-05-02",
        "changed 2026-05-03",
        "closed 2026-05-03",
    ];
    assert_eq!(history, expected);
    // The same files again say nothing new; that the board has it again would.
    let summary = home.on("2026-05-12", &[&second]);
    assert_eq!(
        (&summary["unchanged"], &summary["closed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(home.show("events:n1"), posting);
}

#[test]
fn open_is_what_is_neither_closed_nor_expired_nor_old() {
    let home = Home::new();
    let with = |id: u64, fields: Value| {
        let mut record =
            json!({"id": format!("test:{id}"), "source": "test", "title": format!("Dev {id}")});
        record
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        record
    };
    let file = home.file(
        "a.jsonl",
        &[
            with(1, json!({"posted_at": "2026-05-01"})),
            with(2, json!({"posted_at": "2026-01-01"})),
            with(
                3,
                json!({"posted_at": "2026-01-01", "valid_through": "2026-06-15"}),
            ),
            with(
                4,
                json!({"posted_at": "2026-05-20", "valid_through": "2026-05-25"}),
            ),
            with(5, json!({})),
        ],
    );
    home.on("2026-05-21", &[&file]);
    assert_eq!(
        home.open("2026-05-22"),
        ["test:1", "test:3", "test:4", "test:5"]
    );
    assert_eq!(home.open("2026-06-10"), ["test:1", "test:3", "test:5"]);
    assert_eq!(home.open("2026-07-10"), ["test:5"]);
    assert_eq!(home.open("2026-08-10"), [""; 0]);
}

#[test]
fn a_hit_shows_the_places_of_all_copies() {
    let home = Home::new();
    let at = |id: u64, city: &str, country: &str| {
        json!({"id": format!("test:{id}"), "source": "test", "title": "Rust Developer", "company": "Acorn",
            "locations": [{"raw": city, "city": city, "country": country}], "description_text": "We use Rust."})
    };
    let copies = [
        at(1, "Oslo", "NO"),
        at(2, "Bergen", "NO"),
        at(3, "Oslo", "NO"),
        at(4, "Lund", "SE"),
    ];
    let summary = home.on("2026-05-01", &[&home.file("a.jsonl", &copies)]);
    assert_eq!(summary["duplicates"], 3);
    let answer = ask_on(&home.index(), &["search", "rust"]);
    let places = |shown: &Value| -> Vec<String> {
        let places = shown.as_array().unwrap().iter();
        places
            .map(|place| place["city"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(answer["hits"].as_array().unwrap().len(), 1);
    assert_eq!(answer["hits"][0]["copies"], 4);
    assert_eq!(
        places(&answer["hits"][0]["locations"]),
        ["Oslo", "Bergen", "Lund"]
    );
    let shown = home.show("test:2");
    assert_eq!(places(&shown["locations"]), ["Bergen"]);
    assert_eq!(
        places(&shown["group_locations"]),
        ["Bergen", "Oslo", "Lund"]
    );
    assert_eq!(
        shown["copies"],
        json!(["test:1", "test:2", "test:3", "test:4"])
    );
    assert_eq!(shown["group"], "test:1");
}

/// Records of which many are copies of one another.
fn mixed() -> Vec<Value> {
    (0..60u64)
        .map(|id| {
            let kind = id * 7 % 5;
            let words: Vec<String> = (0..120)
                .map(|at| match at {
                    60 => format!("number{}", id % 7),
                    _ => format!("word{kind}x{at}"),
                })
                .collect();
            let mut record = json!({"id": format!("test:{id}"), "source": "test", "title": if id % 2 == 0 { "Dev" } else { "Ops" },
                "company": format!("Acorn {}", id % 3), "description_text": words.join(" ")});
            if id % 4 == 0 {
                record["requisition_id"] = json!(format!("R{}", id % 8));
            }
            if id % 9 == 0 {
                record["url"] = json!(format!("https://jobs.example/{}", id % 18));
            }
            record
        })
        .collect()
}

#[test]
fn groups_do_not_depend_on_order_batches_or_threads() {
    let groups = |home: &Home| -> Vec<String> {
        (0..60)
            .map(|id| {
                home.show(&format!("test:{id}"))["group"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    let mut first: Option<Vec<String>> = None;
    for (turn, batch, threads) in [(0, 60, "1"), (17, 60, "3"), (31, 13, "2"), (59, 7, "1")] {
        let home = Home::new();
        let mut records = mixed();
        records.rotate_left(turn);
        if turn % 2 == 1 {
            records.reverse();
        }
        for part in records.chunks(batch) {
            let file = home.file("part.jsonl", part);
            home.on("2026-05-01", &[&file, "--threads", threads]);
        }
        let found = groups(&home);
        match &first {
            None => first = Some(found),
            Some(first) => assert_eq!(&found, first, "{turn} {batch} {threads}"),
        }
    }
    let found = first.unwrap();
    let mut distinct = found.clone();
    distinct.sort();
    distinct.dedup();
    assert!(distinct.len() >= 5 && distinct.len() < 50, "{distinct:?}");
}

#[test]
fn the_sums_hold_for_every_fixture_twice_over() {
    let mut fixtures: Vec<PathBuf> = Vec::new();
    let mut folders = vec![project("tests/fixtures/ingest")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => fixtures.push(path),
            }
        }
    }
    fixtures.sort();
    let home = Home::new();
    let args: Vec<String> = fixtures
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let first = home.on("2026-07-01", &args);
    assert!(first["added"].as_u64().unwrap() > 0);
    let second = home.on("2026-07-01", &args);
    assert_eq!(second["added"], 0);
    assert_eq!(
        (&second["read"], &second["rejected"]),
        (&first["read"], &first["rejected"])
    );
    for (name, reader) in first["readers"].as_object().unwrap() {
        for share in [
            "with_company",
            "with_place",
            "with_date",
            "with_salary",
            "with_text",
        ] {
            assert_eq!(
                reader[share], second["readers"][name][share],
                "{share} of {name}"
            );
        }
    }
}
