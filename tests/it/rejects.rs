//! `index`: records and files that are refused, and how that is said.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::index::{Home, counts, lines, record, sound, three};
use crate::json_schema::assert_valid;
use crate::support::{ask_on, run};

/// Eight records of which three are good.
fn with_bad_records() -> String {
    let good: Vec<String> = three().lines().map(str::to_owned).collect();
    let bad_date = json!({"id": "t:6", "source": "test", "title": "When?", "posted_at": "the day after tomorrow"});
    let nothing = json!({"id": "t:8", "source": "test", "title": " ", "description_text": ""});
    [
        &good[0],
        "{\"id\": \"t:4\", \"title\": ",
        &good[1],
        "[1, 2]",
        "\"only a text\"",
        &bad_date.to_string(),
        &good[2],
        &nothing.to_string(),
        "{\"id\": \"t:9\", \"source\": \"test\", \"title\": \"cut o",
    ]
    .join("\n")
}

#[test]
fn a_bad_record_costs_itself_and_is_named() {
    let home = Home::new();
    let file = home.file("a.jsonl", with_bad_records());
    let rejects = home
        .directory
        .path()
        .join("rejects.jsonl")
        .display()
        .to_string();
    let ran = home.run(&[&file, "--rejects", &rejects]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary = sound(ran.json());
    counts(
        &summary,
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 6),
        ],
    );
    assert_eq!(summary["read"], 9);
    assert_eq!(home.total(), 3);
    let kept: Vec<Value> = std::fs::read_to_string(&rejects)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for reject in &kept {
        assert_valid("output/index.json#/$defs/reject", reject);
        assert_eq!(reject["file"], file.as_str());
    }
    let numbers: Vec<u64> = kept
        .iter()
        .map(|reject| reject["record"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 4, 5, 6, 8, 9]);
    let first = summary["rejects"].as_array().unwrap();
    assert_eq!(first[..], kept[..first.len()]);
    assert_eq!(
        (&kept[3]["field"], &kept[3]["value"]),
        (&json!("posted_at"), &json!("the day after tomorrow"))
    );
    for number in &numbers[..5] {
        assert!(
            ran.err.contains(&format!("{file}: record {number}:")),
            "{} lacks record {number}",
            ran.err
        );
    }
    assert!(ran.err.contains("1 more"), "{}", ran.err);
    let verbose = home.run(&[&file, "--verbose"]);
    assert!(
        verbose.err.contains(&format!("{file}: record 9:")),
        "{}",
        verbose.err
    );
}

#[test]
fn too_many_rejected_records_are_exit_status_three() {
    let home = Home::new();
    let file = home.file("a.jsonl", with_bad_records());
    let ran = home.run(&[&file, "--max-rejects", "50%", "--quiet"]);
    assert_eq!(ran.code, 3);
    assert!(
        ran.err.contains("more than the 50 % that `--max-rejects`"),
        "{}",
        ran.err
    );
    assert_eq!(home.total(), 3, "what is good has been kept");
    assert_eq!(home.run(&[&file, "--max-rejects", "0.7"]).code, 0);
    assert_eq!(home.run(&[&file, "--max-rejects", "0"]).code, 3);
    let wrong = home.run(&[&file, "--max-rejects", "many"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("many"), "{}", wrong.err);
}

#[test]
fn a_huge_line_costs_only_itself() {
    let home = Home::new();
    let huge = record("t:h", "Huge", &"word ".repeat(4 << 20)).to_string();
    assert!(huge.len() > jobsift::ingest::MAX_RECORD_BYTES);
    let mut text = lines(&[record("t:0", "Before", "Rust")]);
    text.push_str(&huge);
    text.push('\n');
    text.push_str(&three());
    let summary = home.summary(&[&home.file("a.jsonl", text)]);
    counts(
        &summary,
        [
            ("added", 4),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 1),
        ],
    );
    assert_eq!(summary["rejects"][0]["record"], 2, "{summary}");
    assert!(
        summary["rejects"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("bytes"),
        "{summary}"
    );
}

#[test]
fn a_text_longer_than_a_posting_s_and_a_record_of_too_many_values_are_named() {
    let home = Home::new();
    let text_of = |n_bytes: usize| "R".repeat(n_bytes);
    let most = jobsift::ingest::MAX_TEXT_BYTES;
    let plain = |title: &str, numbers: usize, text: &str| json!({"title": title, "company": "Oslo Mills", "text": text, "numbers": vec![1; numbers]});
    let most_beside = |title: &str| most - title.len() - "Oslo Mills".len();
    let file = lines(&[
        plain("Long", 1, &text_of(most_beside("Long"))),
        plain("Longer", 1, &text_of(most_beside("Longer") + 1)),
        plain("Crowded", jobsift::ingest::MAX_VALUES, "Rust"),
        plain(&text_of(most), 1, "Rust"),
        plain("After", 1, "Rust"),
    ]);
    let summary = home.summary(&[&home.file("a.jsonl", file)]);
    counts(
        &summary,
        [
            ("added", 2),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 3),
        ],
    );
    let whys = [
        (0, 2, "a text of 1048577 bytes"),
        (1, 3, "values are more"),
        (2, 4, "longer than a text may be"),
    ];
    for (no, record, why) in whys {
        let reject = &summary["rejects"][no];
        assert_eq!(reject["record"], record, "{summary}");
        let reason = reject["reason"].as_str().unwrap();
        assert!(reason.contains(why), "{reason}");
    }
}

#[test]
fn the_first_record_may_be_longer_than_the_look_at_a_file() {
    let home = Home::new();
    let long = record("t:h", "Long", &"word ".repeat(100_000)).to_string();
    let bad = long.replace("\"id\":", "\"id\" ");
    for (name, first, rejected) in [("good", long, 0), ("bad", bad, 1)] {
        let text = format!("{first}\n\n{}", three());
        let summary = home.summary(&[&home.file(&format!("{name}.jsonl"), text)]);
        assert_eq!(
            (&summary["read"], &summary["rejected"]),
            (&json!(4), &json!(rejected)),
            "{summary}"
        );
    }
    // A long line of a document is none.
    let jobs: Vec<Value> = (0..40)
        .map(|n| record(&format!("t:{n}"), "Job", &"word ".repeat(2_000)))
        .collect();
    let one_line = json!({"jobs": jobs}).to_string();
    let last = one_line.rfind("},{").unwrap() + 2;
    for text in [
        format!("{one_line}\n"),
        format!("{}\n{}", &one_line[..last], &one_line[last..]),
        one_line.replace("]}", "\n]}\n"),
    ] {
        let summary = home.summary(&[&home.file("jobs.json", text)]);
        assert_eq!(summary["read"], 40, "{summary}");
    }
}

#[test]
fn a_document_that_is_no_json_is_a_rejected_record() {
    let home = Home::new();
    let bad = home.file("in/bad.json", "{\n \"jobs\": [\n  {\"title\": ,");
    let alone = home.run(&[&bad]);
    assert_eq!(alone.code, 2);
    let said =
        alone.err.contains("no postings in any input\n") && alone.err.contains("not a record");
    assert!(said, "{}", alone.err);
    home.file("in/good.jsonl", three());
    let folder = home.directory.path().join("in").display().to_string();
    let rejects = home.directory.path().join("rejects.jsonl");
    let rejects_name = rejects.display().to_string();
    let summary = home.summary(&[&folder, "--rejects", &rejects_name]);
    counts(
        &summary,
        [
            ("added", 3),
            ("changed", 0),
            ("unchanged", 0),
            ("rejected", 1),
        ],
    );
    let kept = std::fs::read_to_string(rejects).unwrap();
    assert!(kept.contains("bad.json"), "{kept}");
    assert_eq!(home.run(&[&folder, "--max-rejects", "10%"]).code, 3);
}

#[test]
fn an_id_that_is_too_long_is_rejected_and_the_longest_is_found_again() {
    let home = Home::new();
    let id = |n: usize| format!("t:{}", "x".repeat(n - 2));
    let long = |n: usize| lines(&[record(&id(n), "Gopher", "You know Go.")]);
    let most = jobsift::ingest::MAX_ID_BYTES;
    let file = home.file("most.jsonl", long(most));
    assert_eq!(home.summary(&[&file])["added"], 1);
    assert_eq!(home.summary(&[&file])["unchanged"], 1);
    assert_eq!(home.posting(&id(most))["title"], "Gopher");
    for n in [most + 1, 70_000] {
        let summary = home.summary(&[&home.file("long.jsonl", long(n))]);
        assert_eq!(summary["rejected"], 1, "{summary}");
        let reason = summary["rejects"][0]["reason"].as_str().unwrap();
        assert!(reason.contains(&format!("an id of {n} bytes")), "{reason}");
    }
    assert_eq!(home.total(), 1);
}

#[test]
fn an_employer_of_any_length_is_found_as_it_is_shown() {
    let home = Home::new();
    let mut long = record("t:1", "Gopher", "You know Go.");
    long["company"] = "Acorn & Sons ".repeat(6_000).into();
    home.summary(&[&home.file("a.jsonl", lines(&[long]))]);
    let shown = home.posting("t:1")["company"].as_str().unwrap().to_owned();
    let args = ["search", "--count", "--company", &shown];
    assert_eq!(ask_on(&home.index(), &args)["total"], 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_goes_on_keeps_the_rejects_of_the_one_before_and_counts_them() {
    let home = Home::new();
    let bad = "{\"source\": \"t\", \"title\": 1}\n";
    let first = home.file("in/a.jsonl", format!("{}{bad}{bad}", three()));
    // Nobody can read the beginning of this.
    let second = home.directory.path().join("in/b.jsonl");
    std::os::unix::fs::symlink("/proc/self/mem", &second).unwrap();
    let second = second.display().to_string();
    let rejects = home.directory.path().join("rejects.jsonl");
    let name = rejects.display().to_string();
    let args = [
        &first[..],
        &second,
        "--rejects",
        &name,
        "--max-rejects",
        "20%",
    ];
    assert_eq!(home.run(&args).code, 2);
    let records = || -> Vec<(bool, u64)> {
        let text = std::fs::read_to_string(&rejects).unwrap();
        let read = text.lines().map(|line| serde_json::from_str(line).unwrap());
        read.map(|reject: Value| (reject["file"] == first, reject["record"].as_u64().unwrap()))
            .collect()
    };
    assert_eq!(records(), [(true, 4), (true, 5)]);
    // As if it had been killed behind the last commit.
    let mut text = std::fs::read_to_string(&rejects).unwrap();
    text.push_str(&format!("{}\n{{\"fi", json!({"file": second, "record": 1})));
    std::fs::write(&rejects, text).unwrap();
    let more: Vec<Value> = (4..10)
        .map(|n| record(&format!("t:{n}"), "Gopher", "You know Go."))
        .collect();
    std::fs::remove_file(&second).unwrap();
    home.file("in/b.jsonl", format!("{bad}{}", lines(&more)));
    let ran = home.run(&args);
    let summary = sound(ran.json());
    assert_eq!(summary["resumed"], json!({"files": 1, "records": 0}));
    assert_eq!(records(), [(true, 4), (true, 5), (false, 1)]);
    // One of seven in this run, three of twelve in all.
    assert_eq!((summary["rejected"].as_u64(), ran.code), (Some(1), 3));
    // With nothing to go on with, a run begins the file anew.
    home.run(&args);
    assert_eq!(records(), [(true, 4), (true, 5), (false, 1)]);
}

#[test]
fn a_control_character_in_a_bad_record_never_reaches_the_terminal() {
    let home = Home::new();
    let bad =
        json!({"id": "t:1", "source": "test", "title": "x", "posted_at": "\u{1b}[31mred\u{7}"});
    let ran = home.run(&[&home.file("a.jsonl", format!("{bad}\n{}", three()))]);
    assert!(ran.err.contains("record 1"), "{}", ran.err);
    assert!(!ran.err.contains(['\u{1b}', '\u{7}']), "{:?}", ran.err);
}

#[test]
fn what_cannot_be_read_is_said_and_ends_the_run() {
    let home = Home::new();
    let missing = home.run(&["no-such-file.jsonl"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("no-such-file.jsonl"),
        "{}",
        missing.err
    );
    assert!(
        !home.index().exists(),
        "nothing is made for a file that is not there"
    );

    std::fs::create_dir(home.directory.path().join("empty")).unwrap();
    let empty = home.run(&[&home.directory.path().join("empty").display().to_string()]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("no files in"), "{}", empty.err);

    let readme = home.run(&[&home.file("README.md", "# Words\n\nOnly words. And more.\n")]);
    assert_eq!(readme.code, 2);
    assert!(
        readme.err.contains("no postings in any input") && readme.err.contains("README.md"),
        "{}",
        readme.err
    );

    let wrong = home.run(&[&home.file("a.jsonl", three()), "--input-format", "word"]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("native") && wrong.err.contains("auto"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_packed_file_that_breaks_off_keeps_what_came_before() {
    let home = Home::new();
    // Random-looking texts, so that packing leaves them long.
    let text = |n: u64| {
        (0..300u64)
            .map(|i| format!("{:x} ", (n * 7919 + i).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect::<String>()
    };
    let records: Vec<Value> = (0..2000)
        .map(|n| record(&format!("t:{n}"), "Developer", &text(n)))
        .collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines(&records).as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    let next = home.file("next.jsonl", three());
    let ran = home.run(&[&home.file("cut.gz", &whole[..whole.len() / 2]), &next]);
    let summary = sound(ran.json());
    assert_eq!((ran.code, summary["rejected"].as_u64()), (0, Some(1)));
    assert!(ran.err.contains("cut.gz"), "{}", ran.err);
    let kept = home.total();
    assert!(kept > 3 && kept < 2000, "{kept}");
}

#[cfg(unix)]
#[test]
fn a_file_or_directory_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let file = home.file("secret.jsonl", three());
    let forbid = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap()
    };
    forbid(Path::new(&file), 0o000);
    // Root may read everything; then there is nothing to see here.
    if std::fs::read(&file).is_err() {
        let ran = home.run(&[&file]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("secret.jsonl"), "{}", ran.err);
    }
    forbid(Path::new(&file), 0o644);
    let locked = home.directory.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    forbid(&locked, 0o555);
    let ran = run(&locked.join("index"), &["index", &file]);
    assert!(
        ran.code == 0 || (ran.code == 2 && ran.err.contains("locked")),
        "{}",
        ran.err
    );
    forbid(&locked, 0o755);
}
