//! The command line as scripts see it: exit codes, formats, colours, messages.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{
    NOW, Ran, ask, jobsift, ran, records, run, run_with, sample, sample_index, scratch,
};

const COMMANDS: [&str; 22] = [
    "tour",
    "index",
    "search",
    "match",
    "gap",
    "similar",
    "rate",
    "show",
    "facets",
    "trends",
    "anatomy",
    "winners",
    "pay",
    "skillset",
    "emerging",
    "report",
    "audit",
    "extract",
    "skills",
    "info",
    "completions",
    "man",
];

fn nowhere() -> std::path::PathBuf {
    std::path::PathBuf::from("no-such-index")
}

#[test]
fn help_names_every_command_and_every_command_has_help() {
    let help = run(&nowhere(), &["--help"]);
    assert_eq!(help.code, 0, "{}", help.err);
    for command in COMMANDS {
        assert!(
            help.out.contains(&format!("\n  {command} ")),
            "{command} is not in the help"
        );
        let own = run(&nowhere(), &[command, "--help"]);
        assert_eq!(own.code, 0, "{command}: {}", own.err);
        assert!(own.out.contains("Usage: jobsift"), "{command}");
        assert!(
            own.out.lines().all(|line| line.chars().count() <= 100),
            "{command}: a line is wider than a terminal"
        );
    }
    let version = run(&nowhere(), &["--version"]);
    assert_eq!(
        (version.code, version.out.trim()),
        (0, concat!("jobsift ", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn a_wrong_argument_is_exit_status_two_and_says_what_is_right() {
    for (args, said) in [
        (&["search", "--skill", "postgrsql"][..], "postgresql"),
        (&["match", "pyhton"], "python"),
        (
            &["trends", "language", "--value", "javascrpt"],
            "javascript",
        ),
        (&["skills", "show", "kubrnetes"], "kubernetes"),
        (&["search", "--country", "Atlantis"], "ISO code"),
        (&["search", "country:Portugl"], "Portugal"),
        (&["search", "wages:70k"], "salary"),
        (&["search", "salary:>lots"], "70k EUR"),
        (&["search", "--fields", "colour"], "title"),
        (&["search", "--after", "zz"], "cursor"),
        (&["search", "--role", "wizard"], "backend"),
        (&["search", "--seniority", "wise"], "senior"),
        (&["search", "--since", "soon"], "2024-03"),
        (&["search", "--min-salary", "much"], "70k EUR"),
        (
            &["search", "--at-least", "2", "--skill", "go"],
            "--at-least",
        ),
        (&["search", "go \"open"], "quote is not closed"),
        (&["search", "--facet", "colour"], "company"),
        (&["facets", "skill=nonsense"], "branch"),
        (&["facets", "company=acme"], "levels"),
        (&["trends", "weather"], "company"),
        (&["match", "rust:many"], "years"),
        (&["match", "rust", "--weights", "luck=1"], "fit"),
        (&["match", "rust", "--text", "company:nobody"], "--company"),
        (&["match", "rust", "--text", "kafka -rust"], "--not-skill"),
        (
            &["match", "rust", "--text", "kafka (company:nobody OR zzz)"],
            "--company",
        ),
        (
            &["match", "rust", "--text", "kafka (go -zzz)"],
            "rule nothing out",
        ),
        (&["trends", "--format", "jsonl"], "csv"),
        (&["search", "--no-such-option"], "--no-such-option"),
        (&["search", "--limt", "5"], "'--limit'"),
        (&["search", "rust", "--limit", "-1"], "for '--limit <N>'"),
        (&["index", "x", "--threads", "-2"], "for '--threads <N>'"),
        (&["match", "rust", "--weights", "text=1"], "`--text`"),
        (
            &["report", "--out", "x", "--format", "json"],
            "for '--format",
        ),
        (&["--format", "json", "report", "--out", "x"], "HTML"),
        (&["no-such-command"], "no-such-command"),
        (&["search", "--now", "tomorrow"], "--now"),
    ] {
        // Arguments are looked at before the index is.
        let ran = sample(args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{args:?}: {}",
            ran.err
        );
        assert!(ran.err.contains(said), "{args:?} says {:?}", ran.err);
    }
}

#[test]
fn an_answer_is_zero_and_nothing_found_is_one() {
    for args in [
        &["search", "rust"][..],
        &["match", "rust"],
        &["show", "sample:quillwave:a001"],
        &["facets", "company"],
        &["info"],
    ] {
        assert_eq!(sample(args).code, 0, "{args:?}");
    }
    for args in [
        &["search", "zzyzx"][..],
        &["search", "rust", "--company", "nobody"],
        &["match", "cobol", "--company", "nobody"],
        &["show", "sample:nobody:x"],
        &["skills", "list", "zzyzx"],
    ] {
        let ran = sample(args);
        assert_eq!(ran.code, 1, "{args:?}: {} {}", ran.out, ran.err);
    }
    assert!(sample(&["search", "zzyzx"]).err.contains("nothing found"));
    assert_eq!(sample(&["search", "zzyzx", "--quiet"]).err, "");
}

#[test]
fn into_a_pipe_lists_are_lines_and_the_rest_is_one_json_value() {
    for args in [
        &["search", "rust", "--limit", "3"][..],
        &["match", "rust", "--limit", "3"],
    ] {
        let lines: Vec<Value> = sample(args)
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 3);
        let whole = ask(args);
        assert_eq!(json!(lines), whole["hits"], "{args:?}");
    }
    for args in [
        &["facets", "company"][..],
        &["trends"],
        &["anatomy"],
        &["info"],
        &["show", "sample:quillwave:a001"],
    ] {
        let ran = sample(args);
        assert_eq!(ran.out.lines().count(), 1, "{args:?}");
        assert!(ran.json().is_object(), "{args:?}");
    }
}

#[test]
fn each_command_writes_the_formats_it_lists() {
    let has: [(&[&str], &[&str]); 15] = [
        (
            &["search", "rust"],
            &["table", "json", "jsonl", "csv", "tsv", "markdown"],
        ),
        (
            &["match", "rust"],
            &["table", "json", "jsonl", "csv", "tsv"],
        ),
        (&["gap", "rust"], &["table", "json", "csv", "tsv"]),
        (&["show", "sample:quillwave:a001"], &["table", "json"]),
        (
            &["facets", "company"],
            &["table", "json", "csv", "tsv", "markdown"],
        ),
        (
            &["trends"],
            &["table", "json", "csv", "tsv", "markdown", "svg"],
        ),
        (&["winners"], &["table", "json", "csv", "tsv", "markdown"]),
        (&["pay"], &["table", "json", "csv", "tsv", "markdown"]),
        (
            &["skillset", "go"],
            &["table", "json", "csv", "tsv", "markdown"],
        ),
        (&["emerging"], &["table", "json", "csv", "tsv", "markdown"]),
        (&["anatomy"], &["table", "json", "csv", "tsv", "markdown"]),
        (
            &["trends", "--compare"],
            &["table", "json", "csv", "tsv", "markdown", "svg"],
        ),
        (
            &["anatomy", "--versus", "role:data"],
            &["table", "json", "csv", "tsv", "markdown"],
        ),
        (&["info"], &["table", "json"]),
        (&["skills", "list", "rust"], &["table", "json"]),
    ];
    for (args, formats) in has {
        for format in ["table", "json", "jsonl", "csv", "tsv", "markdown", "svg"] {
            let ran = sample(&[args, &["--format", format]].concat());
            if formats.contains(&format) {
                assert_eq!(ran.code, 0, "{args:?} as {format}: {}", ran.err);
                assert!(
                    !ran.out.trim().is_empty() && ran.out.ends_with('\n'),
                    "{args:?} as {format}"
                );
            } else {
                assert_eq!(
                    (ran.code, ran.out.as_str()),
                    (2, ""),
                    "{args:?} as {format}"
                );
                assert!(ran.err.contains(formats[formats.len() - 1]), "{}", ran.err);
            }
        }
    }
}

#[test]
fn tables_of_trends_hold_the_numbers_of_the_json() {
    let answer = ask(&["trends", "language", "--by", "year"]);
    let n_cells = |text: &str, by: u8| {
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(by)
            .from_reader(text.as_bytes());
        let header: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = rows
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        (header, rows)
    };
    let (header, rows) = n_cells(
        &sample(&["trends", "language", "--by", "year", "--format", "csv"]).out,
        b',',
    );
    assert_eq!(
        (header.clone(), rows.clone()),
        n_cells(
            &sample(&["trends", "language", "--by", "year", "--format", "tsv"]).out,
            b'\t'
        )
    );
    let n: u64 = answer["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["points"].as_array().unwrap().len() as u64)
        .sum();
    assert!(
        rows.len() as u64 >= n,
        "{header:?}: {} rows for {n} points",
        rows.len()
    );
    let at = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("no {name} in {header:?}"))
    };
    for one in answer["series"].as_array().unwrap() {
        let of_value = |row: &&Vec<String>| row[at("value")] == one["value"].as_str().unwrap();
        let written: Vec<&str> = rows
            .iter()
            .filter(of_value)
            .map(|row| row[at("n")].as_str())
            .collect();
        for point in one["points"].as_array().unwrap() {
            assert!(
                written.contains(&point["n"].to_string().as_str()),
                "{}: {point} is not in {written:?}",
                one["value"]
            );
        }
    }
}

#[test]
fn colours_stand_only_where_they_are_wanted() {
    let search = ["search", "rust", "--format", "table"];
    let colour = |ran: &Ran| ran.out.contains("\u{1b}[");
    assert!(!colour(&sample(&search)), "a pipe has no colours");
    assert!(colour(&sample(
        &[&search[..], &["--color", "always"]].concat()
    )));
    assert!(!colour(&sample(
        &[&search[..], &["--color", "never"]].concat()
    )));
    let with = |name: &str, value: &str, args: &[&str]| {
        ran(jobsift(sample_index())
            .args(search)
            .args(args)
            .env(name, value))
    };
    assert!(!colour(&with("NO_COLOR", "1", &[])));
    assert!(
        colour(&with("NO_COLOR", "1", &["--color", "always"])),
        "what is asked for wins"
    );
    assert!(colour(&with("CLICOLOR_FORCE", "1", &[])));
    assert!(!colour(&with("CLICOLOR_FORCE", "1", &["--color", "never"])));
    // Without colours the same words are there.
    let plain = sample(&search).out;
    let coloured =
        anstream::adapter::strip_str(&sample(&[&search[..], &["--color", "always"]].concat()).out)
            .to_string();
    // … and the words looked for stand between stars instead.
    assert_eq!(coloured, plain.replace("**", ""));
}

#[test]
fn control_characters_of_a_posting_never_reach_the_terminal() {
    let home = scratch();
    let index = home.path().join("index");
    let evil = "bell \u{7} escape \u{1b}]0;owned\u{7} \u{1b}[31mred\u{1b}[0m \u{9b}2J back\u{8} del\u{7f} turned \u{202e}over nul\u{0}";
    let record = json!({
        "id": "evil:\u{1b}[2J1", "source": "ev\u{1b}il", "board": "b\u{7}", "title": format!("Rust {evil}"), "company": format!("Acme {evil}"),
        "locations": [{"raw": format!("Berlin {evil}"), "city": format!("Ber\u{1b}lin"), "country": "DE"}],
        "url": format!("https://x.example/{evil}"), "description_text": format!("You know Rust.\n{evil}\nAnd Kafka {evil}."),
        "salary": {"min": 1, "max": 2, "currency": "E\u{1b}R", "period": "year", "raw": evil, "basis": "stated"},
        "department": evil, "skills_raw": [{"text": evil}], "extra": {"x": evil}, "text_language": "en", "employment_raw": evil,
    });
    let input = format!("{record}\n");
    assert_eq!(run_with(&index, &["index", "-"], input.as_bytes()).code, 0);
    let id = ran(jobsift(&index).args(["search", "--format", "json"])).json()["hits"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let is_bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    for args in [
        &[
            "search", "rust", "--facet", "company", "--facet", "city", "--facet", "source",
        ][..],
        &["search", "kafka"],
        &["match", "rust", "kafka", "--explain"],
        &["show", &id],
        &["facets", "company"],
        &["facets", "city"],
        &["trends", "company"],
        &["trends", "language"],
        &["anatomy"],
        &["info"],
    ] {
        let mut formats = vec!["table"];
        if args[0] == "trends" {
            formats.push("csv");
        }
        if args[0] == "anatomy" {
            formats.push("markdown");
        }
        for format in formats {
            let ran = run(&index, &[args, &["--format", format]].concat());
            assert!(ran.code < 2, "{args:?}: {}", ran.err);
            assert!(
                !ran.out.contains(is_bad),
                "{args:?} as {format}: {:?}",
                ran.out
            );
            assert!(!ran.err.contains(is_bad), "{args:?}: {:?}", ran.err);
        }
        let ran = run(&index, &[args, &["--format", "json"]].concat());
        assert!(
            !ran.out.contains(|c: char| c.is_control() && c != '\n'),
            "{args:?}: JSON escapes them"
        );
    }
    for args in [
        &["search", "--skill", "x\u{1b}[2Jy"][..],
        &["show", "x\u{1b}[2Jy"],
        &["facets", "x\u{1b}[2Jy"],
        &["search", "\"x\u{1b}[2J"],
    ] {
        let ran = run(&index, args);
        assert!(!ran.err.contains('\u{1b}'), "{args:?}: {:?}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    for args in [
        &["search", "--limit", "400", "--format", "jsonl"][..],
        &["search", "--limit", "400", "--format", "table"],
        &["man"],
        &["trends", "skill", "--top", "1000"],
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jobsift"));
        command
            .args(["--now", NOW, "--index"])
            .arg(sample_index())
            .args(args);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        // Dropping the reader has closed the pipe.
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(child.wait().unwrap().success(), "{args:?}: {said}");
        assert_eq!(said, "", "{args:?}");
    }
}

#[test]
fn completions_and_the_manual_are_written() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&nowhere(), &["completions", shell]);
        assert_eq!(script.code, 0, "{shell}: {}", script.err);
        assert!(
            script.out.contains("jobsift") && script.out.contains("anatomy"),
            "{shell}"
        );
    }
    assert_eq!(run(&nowhere(), &["completions", "tcl"]).code, 2);
    let man = run(&nowhere(), &["man"]);
    assert_eq!(man.code, 0);
    assert!(
        man.out.contains(".TH") && man.out.contains("at\\-least"),
        "the options of commands are in it"
    );
}

#[test]
fn the_list_of_skills_can_be_searched_shown_and_checked() {
    let list = run(
        &nowhere(),
        &["skills", "list", "postgres", "--format", "json"],
    )
    .json();
    let ids: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| skill["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"postgresql"), "{ids:?}");
    let branch = run(
        &nowhere(),
        &["skills", "list", "--branch", "language", "--format", "json"],
    )
    .json();
    let below = |skill: &Value| {
        skill["paths"]
            .as_array()
            .unwrap()
            .iter()
            .any(|path| path == "language")
    };
    assert!(branch.as_array().unwrap().iter().all(below));
    assert!(branch.as_array().unwrap().len() > 50);
    for name in ["go", "Golang", "GO"] {
        let shown = run(&nowhere(), &["skills", "show", name, "--format", "json"]).json();
        assert_eq!(shown["id"], "go");
    }
    let django = run(
        &nowhere(),
        &["skills", "show", "django", "--format", "table"],
    )
    .out;
    assert!(
        django.contains("implies") && django.contains("python"),
        "{django}"
    );
    let check = run(&nowhere(), &["skills", "check", "--format", "json"]);
    assert_eq!(
        check.code, 0,
        "the list of the program has clashes: {}",
        check.out
    );
}

#[test]
fn skill_files_of_ones_own_are_checked() {
    let home = scratch();
    let block = |id: &str, more: &str| {
        format!(
            "[[skill]]\nid = \"{id}\"\nlabel = \"{id}\"\nkind = \"technology\"\npaths = [\"language\"]\n{more}\n"
        )
    };
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    let check = || {
        run(
            &nowhere(),
            &[
                "skills",
                "check",
                &home.path().display().to_string(),
                "--format",
                "json",
            ],
        )
    };
    let known = run(&nowhere(), &["skills", "check", "--format", "json"]).json()["skills"]
        .as_u64()
        .unwrap();
    write("a.toml", &block("zqabc", ""));
    assert_eq!(
        check().json()["skills"],
        known + 1,
        "they are added to the list of the program"
    );
    write("b.toml", &block("zqxyz", "aliases = [\"zqabc\"]"));
    let clash = check();
    assert_eq!(clash.code, 1, "{}", clash.out);
    let clashes = clash.json()["clashes"].clone();
    assert!(
        clashes
            .as_array()
            .unwrap()
            .contains(&json!({"form": "zqabc", "skills": ["zqabc", "zqxyz"]})),
        "{clashes}"
    );
    for wrong in [
        "implies = [\"zq-nothing\"]",
        "colour = \"red\"",
        "paths = []",
    ] {
        write("b.toml", &block("zqxyz", wrong));
        let ran = check();
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.out);
        assert!(
            ran.err.contains("b.toml") || ran.err.contains("zqxyz"),
            "{wrong}: {}",
            ran.err
        );
    }
}

#[test]
fn offsets_of_mentions_count_unicode_scalar_values() {
    let text = "Wir suchen 🦀 Entwickler für Rust.\nDu kennst Café-Technik, C++ und 精通Python。";
    let input = json!({"id": "x", "text": text}).to_string();
    let answer = run_with(&nowhere(), &["extract"], input.as_bytes());
    assert_eq!(answer.code, 0, "{}", answer.err);
    let answer = answer.json();
    assert_valid("output/extract.json", &answer);
    let chars: Vec<char> = text.chars().collect();
    let mut surfaces = Vec::new();
    for mention in answer["skills"].as_array().unwrap() {
        let (start, end) = (
            mention["start"].as_u64().unwrap() as usize,
            mention["end"].as_u64().unwrap() as usize,
        );
        let surface: String = chars[start..end].iter().collect();
        assert_eq!(mention["surface"], surface.as_str());
        surfaces.push(surface);
    }
    for expected in ["Rust", "C++", "Python"] {
        assert!(surfaces.contains(&expected.to_owned()), "{surfaces:?}");
    }
    // The same as plain text, and every text of the sample.
    let plain = run_with(&nowhere(), &["extract", "--text"], text.as_bytes()).json();
    assert_eq!(plain["skills"], answer["skills"]);
    let lines: String = records()
        .iter()
        .filter_map(|record| {
            Some(json!({"id": record["id"], "text": record.get("description_text")?}))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let out = run_with(&nowhere(), &["extract"], lines.as_bytes()).out;
    for (answer, asked) in out.lines().zip(lines.lines()) {
        let (answer, asked): (Value, Value) = (
            serde_json::from_str(answer).unwrap(),
            serde_json::from_str(asked).unwrap(),
        );
        assert_eq!(answer["id"], asked["id"]);
        assert_valid("output/extract.json", &answer);
        let chars: Vec<char> = asked["text"].as_str().unwrap().chars().collect();
        for mention in answer["skills"].as_array().unwrap() {
            let (start, end) = (
                mention["start"].as_u64().unwrap() as usize,
                mention["end"].as_u64().unwrap() as usize,
            );
            assert_eq!(
                mention["surface"],
                chars[start..end].iter().collect::<String>()
            );
        }
    }
    assert_eq!(out.lines().count(), lines.lines().count());
}

#[test]
fn a_bad_line_for_extract_is_named() {
    let ran = run_with(
        &nowhere(),
        &["extract"],
        b"{\"text\": \"Rust\"}\nnot json\n",
    );
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("-:2:") && ran.err.contains("--text"),
        "{}",
        ran.err
    );
    assert_eq!(
        run_with(&nowhere(), &["extract"], b"{\"body\": 1}\n").code,
        2
    );
}

#[test]
fn the_tour_shows_each_command_before_its_answer() {
    let home = scratch();
    let ran = ran(jobsift(&nowhere()).arg("tour").current_dir(home.path()));
    assert_eq!(ran.code, 0, "{}", ran.err);
    for command in ["index", "search", "match", "trends", "anatomy"] {
        assert!(
            ran.out.contains(&format!("$ jobsift {command} ")),
            "{command}"
        );
    }
    for answer in ["300", "Rust", "missing", "2026"] {
        assert!(ran.out.contains(answer), "{answer}");
    }
    assert_eq!(
        std::fs::read_dir(home.path()).unwrap().count(),
        0,
        "it leaves nothing behind"
    );
}
