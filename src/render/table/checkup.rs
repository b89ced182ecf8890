//! The table of `doctor`.

use std::fmt::Write as _;

use super::{lines, right, table};
use crate::render::{day, harmless, percent};
use crate::report::{COVERED, Checkup, Coverage, Oddity};

/// How well a corpus is filled, and what in it looks odd.
pub fn checkup(checkup: &Checkup) -> String {
    let mut header = vec!["source", "adverts", "last"];
    header.extend(COVERED);
    let mut filled = table(&header);
    let all = ("all".to_owned(), checkup.all.clone());
    for (source, coverage) in std::iter::once(&all).chain(&checkup.sources) {
        filled.add_row(row(source, coverage));
    }
    right(&mut filled, 1..header.len());
    let mut out = lines(&filled);
    for oddity in &checkup.oddities {
        let _ = writeln!(out, "odd: {}", harmless(&said(oddity)));
    }
    if checkup.oddities.is_empty() {
        out.push_str("nothing looks odd\n");
    }
    out
}

fn row(source: &str, coverage: &Coverage) -> Vec<String> {
    let mut row = vec![
        harmless(source).to_string(),
        coverage.n_postings.to_string(),
        coverage.last.map(day).unwrap_or_default(),
    ];
    let share = |n: &u64| percent(*n as f64 / coverage.n_postings.max(1) as f64);
    row.extend(coverage.with.iter().map(share));
    row
}

fn said(oddity: &Oddity) -> String {
    match oddity {
        Oddity::FutureDates { source, n: 1 } => format!("1 advert of {source} has a date to come"),
        Oddity::FutureDates { source, n } => format!("{n} adverts of {source} have a date to come"),
        Oddity::PayOutliers {
            currency,
            n,
            below,
            above,
        } => format!(
            "{} less than {currency} {below:.0} or more than {currency} {above:.0} a year",
            match n {
                1 => "1 advert pays".to_owned(),
                n => format!("{n} adverts pay"),
            }
        ),
        Oddity::RepeatedText { company, n } => format!("{company} has one text in {n} adverts"),
        Oddity::QuietSource {
            source,
            last,
            usual_days,
        } => format!(
            "{source} has had nothing since {}; before, there was something every {}",
            day(*last),
            match usual_days {
                1 => "day".to_owned(),
                n => format!("{n} days"),
            }
        ),
    }
}
