//! What the commands answer: the shapes of all JSON answers, and what is said of
//! questions that mean nothing or find nothing.

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{ask, ask_on, ran, records, run, run_with, sample, sample_index, scratch};

#[test]
fn every_answer_is_as_its_schema_says() {
    for (schema, args) in [
        (
            "search",
            &[
                "search", "rust", "--limit", "400", "--facet", "skill", "--facet", "month",
            ][..],
        ),
        ("search", &["search", "--limit", "400"]),
        ("search", &["search", "zzyzx"]),
        (
            "search",
            &[
                "search",
                "rust zzyzx",
                "--explain",
                "--highlight",
                "--stats",
                "salary",
                "--facet",
                "pay",
            ],
        ),
        (
            "match",
            &[
                "match",
                "rust",
                "postgresql:5",
                "mysql",
                "--explain",
                "--limit",
                "400",
            ],
        ),
        (
            "match",
            &["match", "python", "--text", "data", "--limit", "400"],
        ),
        ("facets", &["facets"]),
        ("facets", &["facets", "skill=database", "--limit", "1000"]),
        ("facets", &["facets", "company"]),
        ("trends", &["trends", "--top", "1000"]),
        (
            "trends",
            &["trends", "company", "--by", "week", "--unit", "spells"],
        ),
        ("trends", &["trends", "--company", "nobody"]),
        ("trends", &["trends", "--compare"]),
        (
            "trends",
            &[
                "trends",
                "country",
                "--versus",
                "posted:2024",
                "--stable-sources",
            ],
        ),
        ("anatomy", &["anatomy", "--versus", "country:DE"]),
        ("anatomy", &["anatomy", "--top", "1000"]),
        ("anatomy", &["anatomy", "--role", "backend"]),
        ("anatomy", &["anatomy", "--company", "nobody"]),
        ("info", &["info"]),
        ("doctor", &["doctor"]),
        ("verify", &["verify"]),
    ] {
        assert_valid(&format!("output/{schema}.json"), &ask(args));
    }
    for line in sample(&["match", "rust", "--limit", "400", "--format", "jsonl"])
        .out
        .lines()
    {
        assert_valid(
            "output/match.json#/$defs/match",
            &serde_json::from_str(line).unwrap(),
        );
    }
}

#[test]
fn every_posting_is_as_its_schema_says_before_and_after() {
    for record in records() {
        assert_valid("posting.schema.json", record);
        let shown = ask(&["show", record["id"].as_str().unwrap()]);
        assert_valid("output/show.json", &shown);
    }
}

#[test]
fn a_shown_profile_has_each_skill_once() {
    let taxonomy = jobsift::skills::Taxonomy::embedded();
    for plain in crate::plain::sample() {
        let shown = ask(&["show", &plain.id]);
        let mut found: Vec<(String, String, bool)> = Vec::new();
        for one in shown["profile"].as_array().unwrap() {
            let text = |name: &str| one[name].as_str().unwrap().to_owned();
            found.push((
                text("id"),
                text("strength"),
                one["implied"].as_bool().unwrap(),
            ));
        }
        found.sort();
        let skills = plain.profile.skills.iter();
        let mut expected: Vec<(String, String, bool)> = skills
            .map(|known| {
                (
                    taxonomy.skill(known.skill).id.clone(),
                    known.strength.to_string(),
                    known.implied,
                )
            })
            .collect();
        expected.sort();
        assert_eq!(found, expected, "{}", plain.id);
    }
}

#[test]
fn a_shown_posting_can_be_read_back_and_is_unchanged_by_it() {
    let home = scratch();
    let index = home.path().join("index");
    let shown: Vec<Value> = records()
        .iter()
        .map(|record| ask(&["show", record["id"].as_str().unwrap()]))
        .collect();
    let lines: String = shown.iter().map(|posting| format!("{posting}\n")).collect();
    let summary = run_with(&index, &["index", "-"], lines.as_bytes()).json();
    assert_eq!(
        (&summary["added"], &summary["rejected"]),
        (&json!(300), &json!(0)),
        "{summary}"
    );
    for posting in shown {
        let without = |mut posting: Value| {
            posting.as_object_mut().unwrap().remove("origin");
            posting
        };
        let again = crate::support::ask_on(&index, &["show", posting["id"].as_str().unwrap()]);
        assert_eq!(without(again), without(posting));
    }
}

#[test]
fn a_question_that_cannot_be_meant_is_an_error() {
    let fails = |args: &[&str], told: &[&str]| {
        let ran = sample(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.out);
        for told in told {
            assert!(ran.err.contains(told), "{args:?}: {}", ran.err);
        }
    };
    for command in ["trends", "search", "winners"] {
        let dates = [command, "--since", "2025", "--until", "2023"];
        fails(&dates, &["`--since 2025` begins after `--until 2023`"]);
    }
    let of_other = ["trends", "--value", "rust,postgresql"];
    fails(&of_other, &["`postgresql`", "`language`", "`database`"]);
    let misspelt = ["trends", "workplace", "--value", "remot"];
    fails(&misspelt, &["the workplace `remot`; did you mean remote?"]);
}

#[test]
fn a_share_of_nothing_is_unknown() {
    let args = ["trends", "--company", "nobody at all"];
    let table = sample(&[&args[..], &["--format", "table"]].concat()).out;
    assert!(
        table.contains("note: no dated posting") && !table.contains("share: share"),
        "{table}"
    );
    assert!(
        !table.contains("0 to 0.0") && !table.contains("0.0 %"),
        "{table}"
    );
    let answer = ask(&["skillset", "rust", "--company", "nobody at all"]);
    assert_eq!(answer["named"], json!({"n": 0, "total": 0}));
    assert_valid("output/skillset.json", &answer);
    assert!(answer["card"].get("with_pay").is_none(), "{answer}");
    // Weeks without a posting of one employer lie between those with some.
    let by_week = [
        "trends",
        "--by",
        "week",
        "--company",
        "Quillwave",
        "--value",
        "ruby",
    ];
    let rows = sample(&[&by_week[..], &["--format", "csv"]].concat()).out;
    assert!(rows.contains(",0,0,–,–,–,"), "{rows}");
    let one = sample(&["emerging", "--since", "2026-06-30", "--format", "table"]).out;
    assert!(
        !one.contains("1 groups") && !one.contains("1 adverts"),
        "{one}"
    );
}

#[test]
fn pay_in_a_currency_that_nobody_states_names_those_that_are() {
    let told = "no posting states a closed range of pay in XYZ; there are ";
    for command in ["pay", "winners"] {
        let table = sample(&[command, "--currency", "XYZ", "--format", "table"]).out;
        assert!(table.contains(told) && table.contains("USD"), "{table}");
    }
    let answer = ask(&["pay", "--currency", "XYZ"]);
    assert!(
        answer["scope"].is_null() && answer["values"] == json!([]),
        "{answer}"
    );
}

#[test]
fn a_format_is_offered_where_the_command_has_it() {
    for command in [
        &["search", "rust"][..],
        &["match", "rust"],
        &["gap", "rust"],
        &["similar", "sample:quillwave:a001"],
        &["show", "sample:quillwave:a001"],
        &["facets", "company"],
        &["trends"],
        &["anatomy"],
        &["winners"],
        &["pay"],
        &["skillset", "rust"],
        &["emerging"],
        &["audit", "rust"],
        &["export", "rust"],
        &["saved", "list"],
        &["extract"],
        &["skills", "list", "rust"],
        &["info"],
        &["doctor"],
        &["verify"],
    ] {
        let help = sample(&[&command[..1], &["--help"]].concat()).out;
        let (_, offered) = help.split_once("--format <FORMAT>").unwrap();
        let (_, offered) = offered.split_once("[possible values: ").unwrap();
        let (offered, _) = offered.split_once(']').unwrap();
        let offered: Vec<&str> = offered.split(',').map(str::trim).collect();
        for format in [
            "table", "json", "jsonl", "csv", "tsv", "markdown", "svg", "parquet",
        ] {
            let ran = sample(&[&["--format", format], command].concat());
            let has_none = ran.err.contains("does not write")
                || (format == "parquet" && ran.err.contains("writes no Parquet"));
            // A list of what is kept has no lines of its own; a run of it has.
            let is_other = command[0] == "saved" && format == "jsonl";
            if !is_other && format != "parquet" {
                assert_eq!(
                    offered.contains(&format),
                    !has_none,
                    "{command:?} as {format}: {}",
                    ran.err
                );
            }
        }
    }
}

#[test]
fn days_back_are_whole_days() {
    let home = scratch();
    let (file, index) = (home.path().join("days.jsonl"), home.path().join("index"));
    let lines = ["2026-06-29", "2026-06-30", "2026-07-01"].map(|day| {
        let line = json!({"id": format!("days:x:{day}"), "source": "days", "title": "Baker", "company": day,
            "posted_at": day, "description_text": format!("Bread of {day}.")});
        format!("{line}\n")
    });
    std::fs::write(&file, lines.concat()).unwrap();
    assert_eq!(run(&index, &["index", &file.display().to_string()]).code, 0);
    for (args, n) in [
        (&["search", "--since", "0d"][..], 1),
        (&["search", "--since", "1d"], 2),
        (&["search", "--until", "1d"], 2),
        (&["search", "posted:1d"], 2),
        (&["search", "posted:>1d"], 1),
        (&["search", "posted:<1d"], 1),
        (&["search", "posted:2d..1d"], 2),
    ] {
        assert_eq!(ask_on(&index, args)["total"], n, "{args:?}");
    }
    let ran = sample(&[
        "search",
        "--since",
        "90d",
        "--explain-query",
        "--format",
        "table",
    ]);
    assert_eq!(ran.out, "posted from 2026-04-02\nnewest first\n");
}

#[test]
fn values_of_skills_are_looked_for_below_the_branches() {
    for args in [
        &["facets", "skill", "--contains", "PostgreS"][..],
        &["facets", "skill=database", "--contains", "postgres"],
    ] {
        let value = &ask(args)["values"][0];
        assert_eq!(
            (&value["value"], &value["label"]),
            (&json!("postgresql"), &json!("PostgreSQL"))
        );
        assert_eq!(value["paths"], json!(["database/relational"]));
        let all = ask(&["facets", "skill=database/relational"]);
        let known = all["values"].as_array().unwrap();
        assert!(
            known
                .iter()
                .any(|known| known["value"] == "postgresql" && known["count"] == value["count"])
        );
    }
    let values = ask(&["facets", "skill", "--contains", "relational"])["values"].clone();
    assert_eq!(values[0]["value"], "database/relational");
    let ran = sample(&["facets", "skill", "--contains", "zzyzx"]);
    assert!(ran.err.contains("`zzyzx`"), "{}", ran.err);
}

#[test]
fn what_was_found_or_not_is_said_as_it_is() {
    for (args, said) in [
        (
            &["match", "rust", "--company", "nosuch"][..],
            "company nosuch",
        ),
        (
            &["skills", "list", "--branch", "nosuch"],
            "`nosuch` is no branch",
        ),
        (&["search", "senior zzyzx"], "few postings have both words"),
        (
            &["search", "--sort", "salary", "--limit", "100"],
            "bare numbers",
        ),
    ] {
        let ran = sample(args);
        assert!(ran.err.contains(said), "{args:?} says {:?}", ran.err);
    }
    for args in [
        &["gap", "rust", "--limit", "0", "--format", "table"][..],
        &["audit", "rust", "--limit", "0"],
        &["search", "--sort", "salary", "--min-salary", "1 EUR"],
    ] {
        let ran = sample(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
        assert!(!ran.out.contains("nothing to learn"), "{}", ran.out);
    }
}

#[test]
fn roles_are_known_in_any_case_with_hyphens_or_blanks() {
    let n = |role: &str| ask(&["search", "--role", role])["total"].clone();
    for (role, other) in [
        ("backend", "Back-End"),
        ("machine-learning", "machine learning"),
        ("full-stack", "FullStack"),
    ] {
        assert_eq!(n(role), n(other), "{other}");
    }
    assert_eq!(ask(&["search", "role:Backend"])["total"], n("backend"));
}

#[test]
fn a_query_may_begin_with_a_minus() {
    let before = sample(&["--format", "json", "search", "--", "-php"]).json()["total"].clone();
    assert_ne!(before, ask(&["search"])["total"]);
    assert_eq!(ask(&["search", "-php"])["total"], before);
    assert_eq!(ask(&["search", "-php", "--limit", "3"])["total"], before);
}

#[test]
fn a_bare_count_has_a_head_in_tables_for_machines() {
    for (format, text) in [
        ("csv", "groups,adverts\n"),
        ("tsv", "groups\tadverts\n"),
        ("markdown", "| groups | adverts |\n|---|---|\n"),
    ] {
        let ran = sample(&["search", "rust", "--count", "--format", format]);
        assert!(ran.out.starts_with(text), "{}", ran.out);
    }
}

#[test]
fn numbers_have_no_noise_behind_them() {
    for args in [
        &["audit", "rust", "--limit", "300", "--format", "jsonl"][..],
        &["skills", "show", "rust", "--format", "json"],
    ] {
        let ran = sample(args);
        assert!(!ran.out.contains("00000"), "{}", ran.out);
    }
}

#[test]
fn an_index_of_another_list_of_skills_names_the_command_that_reads_it_again() {
    let home = scratch();
    let skills = home.path().join("my skills");
    std::fs::create_dir(&skills).unwrap();
    std::fs::write(
        skills.join("more.toml"),
        "[[skill]]\nid = \"zzyzx\"\nlabel = \"Zzyzx\"\nkind = \"technology\"\npaths = [\"database\"]\n",
    )
    .unwrap();
    let skills = skills.display().to_string();
    let ran = sample(&["--skills", &skills, "info"]);
    let index = sample_index().display();
    let command = format!("`jobsift --skills '{skills}' --index {index} index --rebuild`");
    assert!(ran.err.contains(&command), "{}", ran.err);
}

#[test]
fn an_empty_variable_names_no_index() {
    let home = scratch();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_jobsift"));
    let ran = ran(command
        .env("JOBSIFT_INDEX", "")
        .current_dir(home.path())
        .arg("info"));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("jobsift-index"), "{}", ran.err);
}
