//! Hits and tables into text, JSON and CSV, one file a format; the JSON shapes
//! are declared in `json.rs` and stand as JSON Schema in `schema/output/`.

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod rows;
pub mod table;

use crate::report::{Change, Contrast, Point};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For eyes.
    Table,
    /// One JSON value.
    Json,
    /// One JSON value a line.
    Jsonl,
    /// Commas.
    Csv,
    /// Tabs.
    Tsv,
    /// A document.
    Markdown,
    /// A drawing.
    Svg,
    /// Columns in a binary file.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: &[Format] = &[
        Format::Table,
        Format::Json,
        Format::Jsonl,
        Format::Csv,
        Format::Tsv,
        Format::Markdown,
        Format::Svg,
        Format::Parquet,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Markdown => "markdown",
            Format::Svg => "svg",
            Format::Parquet => "parquet",
        }
    }
}

/// A text without anything that could steer a terminal: control characters,
/// and the signs that turn the direction of writing, become blanks.
pub fn harmless(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if steers(c) { ' ' } else { c })
        .collect()
}

/// A share as per cent with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A share as per cent; of nothing there is none.
pub fn share(point: &Point) -> String {
    match point.total {
        0 => "–".to_owned(),
        _ => percent(point.share.share),
    }
}

/// A part of some postings as per cent; of nothing there is none.
pub fn part(n: u64, of: u64) -> String {
    match of {
        0 => "–".to_owned(),
        _ => percent(n as f64 / of as f64),
    }
}

/// The ends of a share's interval as per cent, without the sign.
pub fn interval(point: &Point) -> String {
    let (low, high) = (point.share.low * 100.0, point.share.high * 100.0);
    match point.total {
        0 => "–".to_owned(),
        _ => format!("{low:.1}–{high:.1}"),
    }
}

/// `1 group`, `2 groups`.
pub fn counted(n: u64, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// `Rising`, or `Rising, 20 of 49` where not all are shown.
pub fn of_all(title: &str, n_shown: usize, n: usize) -> String {
    match n_shown < n {
        true => format!("{title}, {n_shown} of {n}"),
        false => title.to_owned(),
    }
}

/// Why a difference is not clear; nothing where it is.
pub fn clear(line: &Contrast) -> &'static str {
    match (line.is_significant(), line.leaves_out_none()) {
        (true, _) => "",
        (false, true) => "few votes",
        (false, false) => "not clear",
    }
}

/// A change in percentage points within the sources of both windows, and whether it
/// goes the other way there.
pub fn same_mix(change: &Change) -> String {
    let sign = if change.is_reversed() {
        " reversed"
    } else {
        ""
    };
    change.alike.map_or_else(
        || "–".to_owned(),
        |alike| format!("{:+.1}{sign}", alike * 100.0),
    )
}

/// A day, from seconds since 1970.
pub fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_posting_steers_a_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\u{202e}c"), "a [31mb  c");
    }
}
