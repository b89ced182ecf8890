//! What stands against what, where votes come from, and who casts most of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use super::trends::{Vote, check_point, day, interval, n_of, named, near, votes};
use crate::plain::{Plain, bare, read, sample};
use crate::support::{ask, ask_on, records, run, scratch};

/// A value's share in two lots of votes, and Newcombe's interval of the
/// difference (1998, method 10).
#[track_caller]
pub(super) fn check_contrast(line: &Value, votes: &[Vec<Vote>; 2], value: &str) {
    for (side, votes) in ["first", "second"].iter().zip(votes) {
        check_point(
            &line[*side],
            votes,
            value,
            "all",
            &format!("{side} {value}"),
        );
    }
    let [[a, a_low, a_high], [b, b_low, b_high]] =
        [&votes[0], &votes[1]].map(|votes| interval(votes, value, "all"));
    let low = a - b - ((a - a_low).powi(2) + (b_high - b).powi(2)).sqrt();
    let high = a - b + ((a_high - a).powi(2) + (b - b_low).powi(2)).sqrt();
    near(&line["points"], 100.0 * (a - b), 1e-3, value);
    near(&line["points_low"], 100.0 * low, 2e-3, value);
    near(&line["points_high"], 100.0 * high, 2e-3, value);
    let commoner = if a > b { &votes[0] } else { &votes[1] };
    let is_clear = n_of(commoner, value) >= 20 && (low > 0.0 || high < 0.0);
    assert_eq!(line["significant"], is_clear, "{value}");
    let is_supported = votes.iter().all(|votes| n_of(votes, value) >= 20);
    match line["ratio"].as_object() {
        Some(ratio) => near(&ratio["ratio"], a / b, 1e-3, value),
        None => assert!(!is_supported, "{value}: {line}"),
    }
}

fn eligible(is_left: impl Fn(&Plain) -> bool) -> Vec<&'static Plain> {
    let fits = |plain: &&Plain| plain.posted().is_some() && !plain.is_partial() && is_left(plain);
    sample().iter().filter(fits).collect()
}

fn languages(plain: &Plain) -> Vec<String> {
    named(plain, "language", |_| true)
}

/// The votes of a window of an answer.
fn inside(left: &[&Plain], window: &Value) -> Vec<Vote> {
    let date = |name: &str| -> Date { window[name].as_str().unwrap().parse().unwrap() };
    votes(left, "groups", date("start"), date("end"), &languages)
}

#[test]
fn values_of_the_same_postings_are_paired() {
    let answer = ask(&["trends", "--value", "python,go,sql", "--compare"]);
    let votes = inside(&eligible(|_| true), &answer["last_year"]);
    let lines = answer["compared"]["lines"].as_array().unwrap();
    let pairs: Vec<(&str, &str)> = lines
        .iter()
        .map(|line| {
            (
                line["value"].as_str().unwrap(),
                line["against"]["value"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(pairs, [("python", "go"), ("python", "sql"), ("go", "sql")]);
    for (line, (first, second)) in lines.iter().zip(pairs) {
        check_point(&line["first"], &votes, first, "all", first);
        check_point(&line["second"], &votes, second, "all", second);
        let [[a, a_low, a_high], [b, b_low, b_high]] =
            [first, second].map(|value| interval(&votes, value, "all"));
        let n = |is: &dyn Fn(bool, bool) -> bool| {
            let names = |vote: &Vote, value: &str| vote.values.contains(value);
            let fits = |vote: &&Vote| is(names(vote, first), names(vote, second));
            votes.iter().filter(fits).count() as f64
        };
        // Newcombe (1998), paired, method 10, with his correction for continuity.
        let (both, only_a) = (n(&|a, b| a && b), n(&|a, b| a && !b));
        let (only_b, none) = (n(&|a, b| !a && b), n(&|a, b| !a && !b));
        let product = (both + only_a) * (only_b + none) * (both + only_b) * (only_a + none);
        let apart = both * none - only_a * only_b;
        let half = (both + only_a + only_b + none) / 2.0;
        let phi = match apart {
            apart if apart > half => (apart - half) / product.sqrt(),
            apart if apart >= 0.0 => 0.0,
            apart => apart / product.sqrt(),
        };
        let side = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).sqrt();
        let low = a - b - side(a - a_low, b_high - b);
        let high = a - b + side(a_high - a, b - b_low);
        let what = format!("{first} against {second}");
        near(&line["points"], 100.0 * (a - b), 1e-3, &what);
        near(&line["points_low"], 100.0 * low, 2e-3, &what);
        near(&line["points_high"], 100.0 * high, 2e-3, &what);
        let commoner = if a > b { first } else { second };
        let is_clear = n_of(&votes, commoner) >= 20 && (low > 0.0 || high < 0.0);
        assert_eq!(line["significant"], is_clear, "{what}");
    }
}

/// Compares what `--versus` says with two lots of postings; the second takes the
/// groups that both hold.
#[track_caller]
fn check_versus(args: &[&str], first: &[&Plain], second: &[&Plain], in_last_year: bool) {
    let answer = ask(&[&["trends", "--top", "1000"], args].concat());
    let compared = &answer["compared"];
    let theirs: BTreeSet<&str> = second.iter().map(|plain| plain.group.as_str()).collect();
    let own: Vec<&Plain> = first
        .iter()
        .copied()
        .filter(|plain| !theirs.contains(plain.group.as_str()))
        .collect();
    let n_groups = |left: &[&Plain]| match in_last_year {
        true => inside(left, &answer["last_year"]).len(),
        false => {
            let groups: BTreeSet<&str> = left.iter().map(|plain| plain.group.as_str()).collect();
            groups.len()
        }
    };
    assert_eq!(
        compared["shared"],
        n_groups(first) - n_groups(&own),
        "{args:?}"
    );
    let sides = [(&own[..], 0), (second, 1)].map(|(left, at)| {
        let window = &compared["sides"][at]["window"];
        match in_last_year {
            true => assert_eq!(*window, answer["last_year"]),
            false => {
                let days = || left.iter().map(|plain| day(plain));
                assert_eq!(window["start"], days().min().unwrap().to_string());
                assert_eq!(
                    window["end"],
                    days().max().unwrap().tomorrow().unwrap().to_string()
                );
            }
        }
        inside(left, window)
    });
    for (side, votes) in compared["sides"].as_array().unwrap().iter().zip(&sides) {
        assert_eq!(side["total"], votes.len(), "{args:?}");
    }
    let lines = compared["lines"].as_array().unwrap();
    assert!(!lines.is_empty());
    for line in lines {
        check_contrast(line, &sides, line["value"].as_str().unwrap());
    }
}

#[test]
fn a_country_against_the_rest() {
    let is_in = |plain: &Plain, country: &str| {
        let places = &plain.posting.locations;
        places
            .iter()
            .any(|place| place.country.as_deref() == Some(country))
    };
    check_versus(
        &["--versus", "country:DE"],
        &eligible(|_| true),
        &eligible(|plain| is_in(plain, "DE")),
        true,
    );
    // The same kind of condition is replaced, another stays.
    let senior =
        |plain: &Plain| plain.posting.seniority == Some(jobsift::posting::Seniority::Senior);
    check_versus(
        &[
            "--country",
            "DE",
            "--seniority",
            "senior",
            "--versus",
            "country:GB",
        ],
        &eligible(|plain| is_in(plain, "DE") && senior(plain)),
        &eligible(|plain| is_in(plain, "GB") && senior(plain)),
        true,
    );
}

#[test]
fn a_period_against_another() {
    let year = |plain: &Plain| day(plain).year();
    check_versus(
        &[
            "--since",
            "2025",
            "--until",
            "2025",
            "--versus",
            "posted:2024",
        ],
        &eligible(|plain| year(plain) == 2025),
        &eligible(|plain| year(plain) == 2024),
        false,
    );
}

#[test]
fn versus_takes_conditions_and_no_words() {
    for (text, hint) in [
        ("kafka streams", "no words"),
        ("", "no words"),
        ("country:Nowhereland", "Nowhereland"),
        ("colour:red", "colour"),
    ] {
        let ran = crate::support::sample(&["trends", "--versus", text]);
        assert_eq!(ran.code, 2, "{text}: {}", ran.out);
        assert!(ran.err.contains(hint), "{text}: {}", ran.err);
    }
}

#[test]
fn the_top_employer_and_the_share_without_it() {
    let answer = ask(&["trends", "skill", "--top", "1000"]);
    let left = eligible(|_| true);
    let date =
        |name: &str| -> Date { answer["last_year"][name].as_str().unwrap().parse().unwrap() };
    let votes = votes(&left, "groups", date("start"), date("end"), &|plain| {
        named(plain, "", |_| true)
    });
    for one in answer["series"].as_array().unwrap() {
        let value = one["value"].as_str().unwrap();
        let mut by_employer: BTreeMap<&str, u64> = BTreeMap::new();
        for vote in votes.iter().filter(|vote| vote.values.contains(value)) {
            if !vote.employer.starts_with("nobody knows") {
                *by_employer.entry(&vote.employer).or_default() += 1;
            }
        }
        let top = &one["top_employer"];
        let Some(most) = by_employer.values().max() else {
            assert!(top.is_null(), "{value}: {top}");
            continue;
        };
        let company = bare(top["company"].as_str().unwrap());
        assert_eq!(top["n"], *most, "{value}");
        assert_eq!(by_employer[company.as_str()], *most, "{value}: {company}");
        near(
            &top["share"],
            *most as f64 / n_of(&votes, value) as f64,
            2e-5,
            value,
        );
        let others: Vec<Vote> = votes
            .iter()
            .filter(|vote| vote.employer != company)
            .map(|vote| Vote {
                employer: vote.employer.clone(),
                values: vote.values.clone(),
            })
            .collect();
        check_point(
            &top["without"],
            &others,
            value,
            "all",
            &format!("{value} without {company}"),
        );
    }
}

/// The sample as if of two sources, of which one begins a year later.
fn two_sources() -> &'static [Value] {
    let mut made: Vec<Value> = records().to_vec();
    for (at, record) in made.iter_mut().enumerate() {
        record["source"] = if at % 4 == 0 { "late" } else { "steady" }.into();
    }
    made.retain(|record| {
        let is_early = record["posted_at"]
            .as_str()
            .is_some_and(|at| at < "2025-07-01");
        record["source"] == "steady" || !is_early
    });
    made.leak()
}

#[test]
fn shares_of_several_sources_are_standardised_and_late_ones_can_be_left_out() {
    let folder = scratch();
    let file = folder.path().join("two.jsonl");
    let lines: Vec<String> = two_sources().iter().map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let index = folder.path().join("index");
    let path = file.display().to_string();
    let made = run(&index, &["index", &path, "--input-format", "native"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let postings = read(two_sources());
    let left: Vec<&Plain> = postings
        .iter()
        .filter(|plain| plain.posted().is_some() && !plain.is_partial())
        .collect();

    let flags = [
        "trends", "--by", "quarter", "--unit", "adverts", "--top", "1000",
    ];
    let answer = ask_on(&index, &flags);
    let date = |of: &Value, name: &str| -> Date { of[name].as_str().unwrap().parse().unwrap() };
    let lots = |of: &Value| {
        ["late", "steady"].map(|source| {
            let own: Vec<&Plain> = left
                .iter()
                .copied()
                .filter(|plain| plain.posting.source == source)
                .collect();
            votes(
                &own,
                "adverts",
                date(of, "start"),
                date(of, "end"),
                &languages,
            )
        })
    };
    let periods = answer["periods"].as_array().unwrap();
    let all: usize = left.len();
    let weights = ["late", "steady"].map(|source| {
        left.iter()
            .filter(|plain| plain.posting.source == source)
            .count() as f64
            / all as f64
    });
    near(
        &answer["source_weights"]["late"],
        weights[0],
        2e-5,
        "weight",
    );
    let alike = |lots: &[Vec<Vote>; 2], value: &str| -> f64 {
        let present: Vec<usize> = (0..2).filter(|at| !lots[*at].is_empty()).collect();
        let weight: f64 = present.iter().map(|at| weights[*at]).sum();
        let part = |at: &usize| {
            weights[*at] / weight * n_of(&lots[*at], value) as f64 / lots[*at].len() as f64
        };
        present.iter().map(part).sum()
    };
    for (at, period) in periods.iter().enumerate() {
        let lots = lots(period);
        for (source, votes) in ["late", "steady"].iter().zip(&lots) {
            assert_eq!(period["sources"][source], votes.len(), "{period}");
        }
        for one in answer["series"].as_array().unwrap() {
            let value = one["value"].as_str().unwrap();
            near(&one["standardised"][at], alike(&lots, value), 2e-5, value);
        }
    }
    for one in answer["series"].as_array().unwrap() {
        let value = one["value"].as_str().unwrap();
        near(
            &one["last_year_standardised"],
            alike(&lots(&answer["last_year"]), value),
            2e-5,
            value,
        );
    }
    let warnings = answer["warnings"].to_string();
    assert!(
        warnings.contains("the mix of sources changes"),
        "{warnings}"
    );

    // Only the steady one has postings in every full quarter.
    let answer = ask_on(&index, &[&flags[..], &["--stable-sources"]].concat());
    assert!(
        answer["card"]["sources"].get("late").is_none(),
        "{}",
        answer["card"]
    );
    assert!(answer["warnings"].to_string().contains("late"));
    for period in answer["periods"].as_array().unwrap() {
        assert_eq!(period["total"], lots(period)[1].len(), "{period}");
        assert!(period["sources"].get("late").is_none());
    }
    assert_eq!(answer["series"][0]["standardised"], serde_json::json!([]));
}

#[test]
fn lists_of_skills_beside_texts_count_as_a_source_of_their_own() {
    let mut made: Vec<Value> = records().to_vec();
    let mut n_lists = 0;
    for record in &mut made {
        let at = record["posted_at"].as_str().unwrap_or_default();
        if at >= "2025-07-01" {
            n_lists += 1;
            record["source"] = "sample".into();
            record["description_text"] = Value::Null;
            record["description_html"] = Value::Null;
            record["skills_raw"] = serde_json::json!([{"text": "Rust"}]);
        }
    }
    let folder = scratch();
    let file = folder.path().join("both.jsonl");
    let lines: Vec<String> = made.iter().map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let index = folder.path().join("index");
    let made = run(&index, &["index", &file.display().to_string()]);
    assert_eq!(made.code, 0, "{}", made.err);

    let answer = ask_on(&index, &["trends", "--by", "quarter", "--unit", "adverts"]);
    let of = |name: &str| -> u64 {
        let periods = answer["periods"].as_array().unwrap().iter();
        periods
            .map(|one| one["sources"][name].as_u64().unwrap())
            .sum()
    };
    assert_eq!(of("sample (lists of skills)"), n_lists);
    let all: u64 = answer["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["total"].as_u64().unwrap())
        .sum();
    assert_eq!(of("sample (texts)"), all - n_lists);
    let warnings = answer["warnings"].to_string();
    assert!(
        warnings.contains("the mix of sources changes"),
        "{warnings}"
    );
    let postings = answer["card"]["sources"].as_object().unwrap();
    assert_eq!(postings.keys().collect::<Vec<_>>(), ["sample"]);
}
