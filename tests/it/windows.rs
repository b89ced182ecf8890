//! Reports over two windows of time, on a corpus whose sources change between
//! them, whose dates have a stray at either end, and that has one large employer.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, ask_on, run, run_with, scratch};

/// The corpus, line by line: 20 postings a month in 2024 and 2025. In the first
/// year 16 of them come from `alpha`, in the second 4. Half of alpha's name Kotlin
/// and a few of beta's, in both more in the second year.
fn corpus() -> String {
    let mut lines = String::new();
    let mut no = 0;
    let mut add = |source: &str, posted_at: &str, company: Option<&str>, text: &str| {
        no += 1;
        let own = format!("company{no}");
        let line = json!({
            "id": format!("{source}:board:{no}"), "source": source, "title": format!("Engineer number{no}"),
            "company": company.unwrap_or(&own), "posted_at": format!("{posted_at}T08:00:00Z"),
            "description_text": format!("{text} Word{no} thing{no} place{no} team{no} desk{no}."),
        });
        let _ = writeln!(lines, "{line}");
    };
    add("alpha", "2012-01-05", None, "We write Python.");
    for month in 0..24u32 {
        let (year, of_alpha) = if month < 12 { (2024, 16) } else { (2025, 4) };
        for at in 0..20u32 {
            let on = if at % 2 == 0 { at + 1 } else { 29 - at };
            let day = format!("{year}-{:02}-{on:02}", month % 12 + 1);
            let is_alpha = at < of_alpha;
            let names_kotlin = match (is_alpha, year) {
                (true, 2024) => at % 2 == 0,
                (true, _) => at < 3,
                (false, 2024) => at == 16 && month % 3 == 0,
                (false, _) => at == 4 || at == 5,
            };
            // Six postings of one employer look after what is old.
            let is_old = year == 2025 && at == 19 && month < 18;
            let text = match (names_kotlin, is_old) {
                (true, _) => "We write Kotlin.",
                (_, true) => "You will maintain legacy systems written in PHP.",
                _ if at == 18 || at == 19 => "We write PHP.",
                _ => "We write Python.",
            };
            let source = if is_alpha { "alpha" } else { "beta" };
            add(source, &day, is_old.then_some("Oldworks"), text);
        }
    }
    add("beta", "2026-06-30", None, "We write Python.");
    lines
}

fn index() -> &'static Path {
    static INDEX: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = INDEX.get_or_init(|| {
        let home = scratch();
        let index = home.path().join("index");
        let ran = run_with(&index, &["index", "-"], corpus().as_bytes());
        assert_eq!(ran.json()["added"], 482, "{}", ran.err);
        home
    });
    static PATH: OnceLock<std::path::PathBuf> = OnceLock::new();
    PATH.get_or_init(|| home.path().join("index"))
}

fn asked(args: &[&str]) -> Ran {
    let ran = run(index(), args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

fn warnings(answer: &Value) -> String {
    let warnings = answer["warnings"].as_array().unwrap();
    let warnings = warnings.iter().map(|warning| warning.as_str().unwrap());
    warnings.collect::<Vec<_>>().join("\n")
}

#[test]
fn stray_postings_move_no_window() {
    let windows = json!([
        {"start": "2025-01-01", "end": "2026-01-01"}, {"start": "2024-01-01", "end": "2025-01-01"}
    ]);
    let trend = ask_on(index(), &["trends", "--by", "month"]);
    assert_eq!(trend["last_year"], windows[0]);
    assert_eq!(trend["year_before"], windows[1]);
    let periods = trend["periods"].as_array().unwrap();
    let full = periods.iter().filter(|period| period["partial"] == false);
    assert_eq!(full.count(), 24);
    assert_eq!(periods[0]["start"], "2012-01-01");
    assert_eq!(ask_on(index(), &["emerging"])["windows"], windows);
    let winners = ask_on(index(), &["winners"]);
    assert_eq!(winners["window"], windows[0]);
    assert_eq!(winners["compared"], windows);
    let told = "before 2024-01 and after 2025-12 no month has a tenth";
    for answer in [&trend, &winners, &ask_on(index(), &["emerging"])] {
        assert!(warnings(answer).contains(told), "{}", warnings(answer));
    }
    let table = asked(&["trends", "--by", "month", "--format", "table"]).out;
    let partial = "; partial: 2012-01 to 2023-12, 2026-01 to 2026-06\n";
    assert!(table.contains(partial) && table.contains(told), "{table}");
}

#[test]
fn a_change_of_sources_between_the_windows_is_told() {
    let told = "other sources: alpha 80 % before and 20 % now, beta 20 % before and 80 % now";
    for command in ["trends", "winners", "emerging"] {
        let answer = ask_on(index(), &[command]);
        assert_valid(&format!("output/{command}.json"), &answer);
        let warnings = warnings(&answer);
        assert!(warnings.contains(told), "{command}: {warnings}");
        let table = asked(&[command, "--format", "table"]).out;
        assert!(table.contains(told), "{table}");
    }
    let page = asked(&["report", "--out", "-"]).out;
    assert!(page.matches(told).count() >= 3, "each section tells it");
    // One source alone is no mix.
    for command in ["winners", "emerging"] {
        let answer = ask_on(index(), &[command, "--source", "alpha"]);
        assert!(!warnings(&answer).contains("other sources"), "{answer}");
    }
}

#[test]
fn a_fall_that_is_one_of_sources_is_marked() {
    let answer = ask_on(index(), &["emerging", "language"]);
    let of = |id: &str| {
        let all = ["rising", "fading"].map(|way| answer[way].as_array().unwrap());
        let found = all.into_iter().flatten().find(|line| line["value"] == id);
        found.unwrap_or_else(|| panic!("{id} in {answer}")).clone()
    };
    let kotlin = of("kotlin");
    assert_eq!(
        kotlin["from"],
        json!({"n": 100, "total": 240, "share": 0.41667, "low": kotlin["from"]["low"], "high": kotlin["from"]["high"]})
    );
    assert_eq!(kotlin["to"]["n"], 60);
    // Within alpha 96/192 → 36/48, within beta 4/48 → 24/192; half of all votes are of each.
    let alike = 100.0 * ((0.75 + 0.125) / 2.0 - (0.5 + 4.0 / 48.0) / 2.0);
    assert!(
        (kotlin["points_same_mix"].as_f64().unwrap() - alike).abs() < 2e-3,
        "{kotlin}"
    );
    assert_eq!(kotlin["reversed"], true);
    let table = asked(&["emerging", "language", "--format", "table"]).out;
    assert!(table.contains("+14.6 reversed"), "{table}");
    let rows = asked(&["emerging", "language", "--format", "csv"]).out;
    assert!(rows.contains(",14.583,"), "{rows}");
}

#[test]
fn old_systems_of_one_employer_win_no_category() {
    let answer = ask_on(index(), &["winners"]);
    let categories = answer["categories"].as_array().unwrap();
    let legacy = categories
        .iter()
        .find(|of| of["category"] == "legacy")
        .unwrap();
    let why = legacy["not_measurable"].as_str().unwrap_or_default();
    assert!(why.contains("more than one employer"), "{legacy}");
    let php = answer["languages"].as_array().unwrap();
    let php = php.iter().find(|line| line["value"] == "php").unwrap();
    assert!(
        php["share"]["n"].as_u64() >= Some(20) && php["legacy"].is_null(),
        "{php}"
    );
}

#[test]
fn no_ratio_below_twenty_votes() {
    let answer = ask_on(index(), &["emerging", "language", "--source", "alpha"]);
    let line = |way: &str, id: &str| {
        let line = &answer[way][0];
        assert_eq!(line["value"], id, "{answer}");
        assert!(line["points_low"].is_number(), "{line}");
        line.clone()
    };
    let (kotlin, python) = (line("rising", "kotlin"), line("fading", "python"));
    assert_eq!([&kotlin["to"]["n"], &python["to"]["n"]], [36, 12]);
    assert!(
        kotlin["ratio"].is_object() && python["ratio"].is_null(),
        "{python}"
    );
}
