//! Files that are cut off, damaged or not quite what they should be: what is whole
//! is read, the rest is named, and the other files follow.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Ran, ask_on, run, scratch};

/// Some files in a directory, indexed.
struct Indexed {
    home: tempfile::TempDir,
    ran: Ran,
    summary: Value,
}

impl Indexed {
    #[track_caller]
    fn titles(&self) -> Vec<String> {
        let answer = ask_on(
            &self.home.path().join("index"),
            &["search", "--limit", "50"],
        );
        let hits = answer["hits"].as_array().unwrap().iter();
        let mut titles: Vec<String> = hits
            .map(|hit| hit["title"].as_str().unwrap().to_owned())
            .collect();
        titles.sort();
        titles
    }

    fn first(&self) -> Value {
        let index = self.home.path().join("index");
        let answer = ask_on(&index, &["search"]);
        ask_on(&index, &["show", answer["hits"][0]["id"].as_str().unwrap()])
    }

    #[track_caller]
    fn counts(&self, accepted: u64, rejected: u64) {
        assert_eq!(
            (&self.summary["accepted"], &self.summary["rejected"]),
            (&json!(accepted), &json!(rejected)),
            "{}",
            self.summary
        );
    }
}

/// Indexes the directory that `fill` puts files into.
#[track_caller]
fn indexed(fill: impl FnOnce(PathBuf)) -> Indexed {
    let home = scratch();
    let corpus = home.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    fill(corpus.clone());
    let ran = run(
        &home.path().join("index"),
        &["index", &corpus.display().to_string()],
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary = ran.json();
    Indexed { home, ran, summary }
}

/// Indexes one file.
#[track_caller]
fn of(name: &str, text: &str) -> Indexed {
    indexed(|corpus| std::fs::write(corpus.join(name), text).unwrap())
}

const GOOD: &str = "{\"title\":\"Nurse\",\"company\":\"Acme\"}\n";

#[test]
fn a_packed_file_that_is_cut_off_gives_what_can_be_unpacked() {
    let rows: String = (0..5000)
        .map(|n| {
            format!(
                "{n},Engineer {n},\"{:x}, and more\"\n",
                n * 2_654_435_761_u64
            )
        })
        .collect();
    let table = format!("id,title,text\n{rows}");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(table.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let found = indexed(|corpus| {
        std::fs::write(corpus.join("a.csv.gz"), &packed[..packed.len() / 2]).unwrap();
        std::fs::write(corpus.join("b.jsonl"), GOOD).unwrap();
    });
    let summary = &found.summary;
    assert_eq!(
        (&summary["files"], &summary["rejected"]),
        (&json!(2), &json!(1))
    );
    let accepted = summary["accepted"].as_u64().unwrap();
    assert!((1500..4000).contains(&accepted), "{summary}");
    let reason = summary["rejects"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("the file ends within"), "{summary}");
}

#[cfg(unix)]
#[test]
fn an_entry_of_a_directory_that_cannot_be_read_costs_itself() {
    use std::os::unix::fs::symlink;
    let found = indexed(|corpus| {
        symlink("nowhere", corpus.join("a.json")).unwrap();
        symlink("b.json", corpus.join("b.json")).unwrap();
        symlink(&corpus, corpus.join("c")).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(corpus.join("d.json"))
            .status();
        assert!(pipe.unwrap().success());
        std::fs::write(corpus.join("e.jsonl"), GOOD).unwrap();
    });
    found.counts(1, 0);
    let skipped = found.summary["skipped_files"].to_string();
    for why in [
        "a link that leads nowhere",
        "Too many levels",
        "a link back",
    ] {
        assert!(skipped.contains(why), "{skipped}");
    }
    assert!(!skipped.contains("d.json"), "{skipped}");
}

#[test]
fn zeros_at_the_end_of_a_table_are_dropped() {
    let table = "title,company\n".to_owned() + &"Nurse,A\n".repeat(30) + "Co\0ok,B\n";
    let found = of("t.csv", &table);
    found.counts(31, 0);
    assert_eq!(found.titles(), ["Cook", "Nurse"]);
}

#[test]
fn places_and_pay_in_parts_are_read() {
    let found = of(
        "x.json",
        r#"[{"_id":{"$oid":"5f0c"},"title":"Dev","date":{"$date":"2026-05-01T00:00:00Z"},
            "location":{"city":"Rome","country":"Italy","zip":"00100"},
            "salary":{"min":1000,"max":2000,"currency":"EUR","period":"month"}}]"#,
    );
    let posting = found.first();
    assert_eq!(posting["id"], "x:5f0c");
    assert_eq!(posting["posted_at"], "2026-05-01T00:00:00Z");
    let place = &posting["locations"][0];
    assert_eq!(
        (&place["city"], &place["country"]),
        (&json!("Rome"), &json!("IT"))
    );
    let pay = &posting["salary"];
    assert_eq!(
        (&pay["min"], &pay["max"], &pay["currency"], &pay["period"]),
        (
            &json!(1000.0),
            &json!(2000.0),
            &json!("EUR"),
            &json!("month")
        )
    );
    assert!(
        found.ran.err.contains("left out: `/location/zip`"),
        "{}",
        found.ran.err
    );
}

#[test]
fn numbers_that_are_none_cost_nothing() {
    let line = |n: u32| format!("{{\"id\":{n},\"title\":\"Job {n}\",\"salary\":NaN}}\n");
    of("x.jsonl", &(0..20).map(line).collect::<String>()).counts(20, 0);
    of(
        "x.json",
        "{\"jobs\":[{\"title\":\"A\",\"rate\":-Infinity}]}",
    )
    .counts(1, 0);
}

#[test]
fn rows_with_a_cell_more_than_the_header_are_read() {
    let found = of(
        "t.csv",
        "id,title,company,text\n1,Cook,Acme,d,\n2,Nurse,Acme,d,\n",
    );
    found.counts(2, 0);
    assert_eq!(found.titles(), ["Cook", "Nurse"]);
    let found = of(
        "t.csv",
        "title,company,text\n0,Cook,Acme,d\n1,Nurse,Acme,d\n",
    );
    found.counts(2, 0);
    assert_eq!(found.titles(), ["Cook", "Nurse"]);
    let found = of("t.csv", "sep=;\r\ntitle;company\r\nCook, night;Acme\r\n");
    found.counts(1, 0);
    assert_eq!(found.titles(), ["Cook, night"]);
}

#[test]
fn a_list_within_a_document_that_is_cut_off_gives_what_is_whole() {
    let jobs: Vec<String> = (0..20)
        .map(|n| format!("{{\"id\":{n},\"title\":\"Job {n}\"}}"))
        .collect();
    let text = format!("{{\"jobs\":[{},{{\"id\":99,\"title\":\"T", jobs.join(","));
    let found = of("x.json", &text);
    found.counts(20, 1);
    let reason = found.summary["rejects"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("the file ends within"), "{reason}");
}

#[test]
fn good_lines_among_bad_ones_are_read() {
    let text =
        "{\"title\":\"Cook\"}\n{bad\n\n{\"title\":\"Nurse\"}\n[1,2]\n\"str\"\n{\"title\":\"Sm";
    let found = of("x.jsonl", text);
    found.counts(2, 4);
    assert_eq!(found.titles(), ["Cook", "Nurse"]);
}

#[test]
fn documents_one_after_another_are_records() {
    let found = of(
        "x.json",
        "{\n \"title\": \"Cook\"\n}\n{\n \"title\": \"Nurse\"\n}\n",
    );
    found.counts(2, 0);
    let found = of(
        "x.json",
        "{\"title\":\"Cook\"}{\"title\":\"Nurse\"}{\"title\":",
    );
    found.counts(2, 1);
}

#[test]
fn a_quote_that_is_never_closed_is_said() {
    let found = of("t.csv", "title,company\nCook,A\nNurse,\"B\nSmith,C\n");
    found.counts(1, 1);
    let reason = found.summary["rejects"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("the file ends within"), "{reason}");
}

#[test]
fn equal_guesses_are_told_once() {
    let found = indexed(|corpus| {
        for n in 0..10 {
            let text = format!("{{\"title\":\"Cook {n}\"}}");
            std::fs::write(corpus.join(format!("{n}.json")), text).unwrap();
        }
    });
    found.counts(10, 0);
    assert_eq!(
        found.ran.err.matches("columns guessed:").count(),
        1,
        "{}",
        found.ran.err
    );
    assert!(
        found.ran.err.contains("just so in 9 more files"),
        "{}",
        found.ran.err
    );
}

#[test]
fn sections_of_smartrecruiters_may_be_a_list() {
    let found = of(
        "x.json",
        r#"{"id":"1","name":"Cook","jobAd":{"sections":[{"title":"Tasks","text":"<p>Cook soup</p>"},{"title":"You","text":"Know soup"}]}}"#,
    );
    let text = found.first()["description_text"].to_string();
    assert!(
        text.contains("Cook soup") && text.contains("Know soup"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_ends_a_run_that_waits_for_input() {
    use std::process::{Command, Stdio};
    let home = scratch();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jobsift"))
        .arg("--index")
        .arg(home.path().join("index"))
        .args(["index", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
    let interrupt = |id: u32| {
        let id = id.to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    };
    // The lock is taken before the handler stands; the input is asked for after both.
    let lock = home.path().join("index");
    while !lock.exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(1500));
    interrupt(child.id());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    assert!(line.contains("A second interrupt ends at once"), "{line}");
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn lists_one_after_another_are_all_read() {
    let indexed = indexed(|corpus| {
        let text = "[{\"title\":\"Baker\"}]\n[{\"title\":\"Miller\"}][{\"title\":\"Grocer\"}]\n{\"title\":\"Cook\"}\nand so on\n";
        std::fs::write(corpus.join("pages.json"), text).unwrap();
    });
    indexed.counts(4, 1);
    assert_eq!(indexed.titles(), ["Baker", "Cook", "Grocer", "Miller"]);
}

#[test]
fn hits_of_another_site_are_no_comments_of_the_forum() {
    let indexed = indexed(|corpus| {
        let hit = json!({"objectID": "k7", "title": "Potter", "company_name": "Kiln & Co", "description": "Clay"});
        let answer = json!({"hits": [hit], "nbHits": 1});
        std::fs::write(corpus.join("found.json"), answer.to_string()).unwrap();
    });
    indexed.counts(1, 0);
    assert_eq!(indexed.first()["company"], "Kiln & Co");
}

#[test]
fn a_bare_ampersand_costs_nothing_and_what_ends_a_feed_is_said() {
    let indexed = indexed(|corpus| {
        let good = "<rss><channel><item><title>R&D Chemist</title><link>https://x.example/j?a=1&b=2</link></item>\
            <item><title>Second</title><description>Salt & pepper</description></item></channel></rss>";
        std::fs::write(corpus.join("good.xml"), good).unwrap();
        let bad = "<rss><channel><item><title><![CDATA[ Third</title></item></channel></rss>";
        std::fs::write(corpus.join("bad.xml"), bad).unwrap();
    });
    indexed.counts(2, 0);
    assert_eq!(indexed.titles(), ["R&D Chemist", "Second"]);
    let why = indexed.summary["skipped_files"][0]["why"].as_str().unwrap();
    assert!(why.contains("XML, malformed at byte"), "{why}");
}
