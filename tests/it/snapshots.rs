//! The tables as people see them, on the sample at a fixed width and day.
//!
//! Renewed with `INSTA_UPDATE=always cargo test --test it snapshots`; then read
//! the change before it is committed.

use crate::support::{jobsift, ran, sample_index};

/// What a command prints on a terminal 100 columns wide, without colours.
#[track_caller]
fn check(name: &str, args: &[&str]) {
    let shown = ran(jobsift(sample_index())
        .env("COLUMNS", "100")
        .args(args)
        .args(["--format", "table", "--color", "never"]));
    assert_eq!(shown.code, 0, "{}", shown.err);
    // The command stands at the head of reports, with the place of this index.
    let out = shown
        .out
        .replace(&sample_index().display().to_string(), "INDEX")
        .replace(env!("CARGO_MANIFEST_DIR"), "PROJECT");
    insta::assert_snapshot!(name, out);
}

#[test]
fn search_with_facets() {
    check(
        "search",
        &[
            "search",
            "distributed systems",
            "--any",
            "go,rust",
            "--facet",
            "skill=language",
            "--facet",
            "country",
            "--limit",
            "5",
        ],
    );
}

#[test]
fn match_with_the_points_of_every_requirement() {
    check(
        "match-explain",
        &[
            "match",
            "rust:5",
            "postgresql:5",
            "kafka:3",
            "docker",
            "--explain",
            "--limit",
            "3",
        ],
    );
}

#[test]
fn trends_of_languages() {
    check("trends", &["trends", "language", "--by", "quarter"]);
}

#[test]
fn anatomy_of_a_back_end_developer() {
    check("anatomy", &["anatomy", "--role", "backend", "--top", "6"]);
}

#[test]
fn a_posting_whole() {
    check("show", &["show", "sample:harbourlight:a073"]);
}
