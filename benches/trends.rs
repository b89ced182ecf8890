//! How long the reports take over a warm index. See `README.md`.

#![expect(clippy::print_stdout, reason = "says how much there is to count")]

mod support;

use std::hint::black_box;

use jobsift::query::{Filter, Local, SkillChoice};
use jobsift::report::{AnatomyRequest, By, Dimension, TrendRequest, Unit, anatomy, trends};

fn main() {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it was just built");
    let mut criterion = support::criterion();
    println!(
        "{} postings in {} groups",
        corpus.n_postings,
        engine.snapshot().derived().n_groups()
    );

    let languages = || Dimension::Skills("language".to_owned());
    let python = || Filter {
        skills: vec![SkillChoice {
            ids: vec!["python".to_owned()],
        }],
        ..Filter::default()
    };
    let mut group = criterion.benchmark_group("trends");
    for (name, dimension, by, unit, filter) in [
        (
            "languages by month",
            languages(),
            By::Month,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by quarter",
            languages(),
            By::Quarter,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by quarter, spells",
            languages(),
            By::Quarter,
            Unit::Spells,
            Filter::default(),
        ),
        (
            "all skills by month",
            Dimension::Skills(String::new()),
            By::Month,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "countries by quarter",
            Dimension::Country,
            By::Quarter,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by month, of those that ask for Python",
            languages(),
            By::Month,
            Unit::Groups,
            python(),
        ),
    ] {
        let request = TrendRequest {
            by,
            unit,
            filter,
            ..TrendRequest::new(dimension)
        };
        let trend = trends(&engine, &corpus.taxonomy, &request).expect("it is whole");
        println!(
            "trends/{name}: {} periods, {} series",
            trend.periods.len(),
            trend.series.len()
        );
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(
                    trends(&engine, &corpus.taxonomy, black_box(&request)).expect("it is whole"),
                )
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("anatomy");
    let role = Filter {
        roles: vec!["backend".to_owned()],
        ..Filter::default()
    };
    for (name, filter) in [
        ("everything", Filter::default()),
        ("one skill", python()),
        ("one role", role),
    ] {
        let request = AnatomyRequest {
            filter,
            top: 8,
            versus: None,
        };
        let found = anatomy(&engine, &corpus.taxonomy, &request).expect("it is whole");
        println!("anatomy/{name}: {} groups", found.total);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(
                    anatomy(&engine, &corpus.taxonomy, black_box(&request)).expect("it is whole"),
                )
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
