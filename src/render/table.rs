//! Text for eyes: hits as short blocks, counts as tables.

mod checkup;
mod matches;
mod people;
mod posting;
pub(super) mod reports;
mod surveys;

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, Table, presets};

use super::json::name;
use super::{day, harmless};
use crate::pipeline::{Position, Summary};
use crate::posting::{PayPeriod, Posting, Salary, SkillStrength};
use crate::query::{FacetCounts, Hit, PaySummary, SearchAnswer};
use crate::skills::{SkillNo, Taxonomy};

pub use checkup::checkup;
pub use matches::{Evidence, matches};
pub use people::{gap, rated};
pub use posting::{ask, posting};
pub use reports::{anatomy, sparkline, trends};
pub use surveys::{emerging, pay as pay_report, skillset, winners};

/// Whether colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint(pub bool);

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const MARKED: Style = Style::new()
    .bold()
    .fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// A place that is pointed at: in colour, or in brackets.
    pub fn marked(self, text: &str) -> String {
        if self.0 {
            self.with(MARKED, text)
        } else {
            format!("[{text}]")
        }
    }

    /// What matters less.
    pub fn faint(self, text: &str) -> String {
        self.with(FAINT, text)
    }
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if !header.is_empty() {
        table.set_header(header.to_vec());
    }
    table
}

fn right(table: &mut Table, columns: Range<usize>) {
    for at in columns {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Without the blanks that fill up the last column.
fn lines(table: &Table) -> String {
    table
        .to_string()
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// An amount without its fraction: `70,000`.
fn whole(amount: f64) -> String {
    let whole = format!("{amount:.0}");
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 year`, `2.5 years`.
pub fn years(years: f32) -> String {
    match years == 1.0 {
        true => "1 year".to_owned(),
        false => format!("{years} years"),
    }
}

/// `€70,000–90,000 a year`.
pub fn pay(pay: &Salary) -> String {
    let amount = whole;
    let range = match (pay.min, pay.max) {
        (Some(min), Some(max)) if min == max => amount(min),
        (Some(min), Some(max)) => format!("{}–{}", amount(min), amount(max)),
        (Some(min), None) => format!("from {}", amount(min)),
        (None, Some(max)) => format!("up to {}", amount(max)),
        (None, None) => return String::new(),
    };
    let currency = pay.currency.as_deref();
    let sign = currency.map_or_else(String::new, |code| format!("{code} "));
    let unknown = match currency {
        Some(_) => "",
        None => ", currency unknown",
    };
    let period = pay.period.map_or_else(String::new, |period| {
        let article = match period {
            PayPeriod::Hour => "an",
            _ => "a",
        };
        format!(" {article} {}", period.as_str().replace('_', " "))
    });
    let estimated = if pay.basis == crate::posting::PayBasis::Estimated {
        " (estimated)"
    } else {
        ""
    };
    format!("{sign}{range}{period}{unknown}{estimated}")
}

/// Places, where the work is done, date and pay on one line.
fn facts(posting: &Posting) -> String {
    let mut places: Vec<String> = posting
        .locations
        .iter()
        .map(|place| harmless(&place.raw))
        .collect();
    places.dedup();
    let more = places.len().saturating_sub(3);
    places.truncate(3);
    let mut facts = Vec::new();
    if !places.is_empty() {
        facts.push(if more > 0 {
            format!("{} and {more} more", places.join("; "))
        } else {
            places.join("; ")
        });
    }
    facts.extend(posting.workplace.map(|word| word.to_string()));
    facts.extend(posting.posted_at.map(|at| day(at.as_second())));
    facts.extend(
        posting
            .salary
            .as_ref()
            .map(pay)
            .filter(|pay| !pay.is_empty()),
    );
    harmless(&facts.join(" · "))
}

fn skill_list(skills: &[(SkillNo, SkillStrength)], taxonomy: &Taxonomy, paint: Paint) -> String {
    let hard = skills
        .iter()
        .filter(|(no, _)| taxonomy.skill(*no).kind.is_hard());
    let mut sorted: Vec<_> = hard.collect();
    sorted.sort_by_key(|(_, strength)| std::cmp::Reverse(*strength));
    let shown: Vec<String> = sorted
        .iter()
        .take(12)
        .map(|(no, strength)| {
            let label = &taxonomy.skill(*no).label;
            match strength {
                SkillStrength::Required => paint.with(STRONG, &format!("{label}!")),
                SkillStrength::Mentioned => label.clone(),
                SkillStrength::Preferred => paint.with(FAINT, &format!("({label})")),
            }
        })
        .collect();
    let more = sorted.len().saturating_sub(12);
    if more > 0 {
        format!("{} +{more}", shown.join(", "))
    } else {
        shown.join(", ")
    }
}

/// A piece of text on one line, what was looked for marked; a mark parts lines that
/// do not end as sentences do.
fn marked(text: &str, marks: &[Range<usize>], paint: Paint) -> String {
    let mut out = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let within = at..at + line.len();
        let marks: Vec<Range<usize>> = marks
            .iter()
            .map(|mark| mark.start.max(within.start)..mark.end.min(within.end))
            .filter(|mark| mark.start < mark.end)
            .map(|mark| mark.start - within.start..mark.end - within.start)
            .collect();
        at = within.end;
        let line = marked_line(line, &marks, paint);
        if !line.is_empty() && !out.is_empty() {
            let is_ended = out.ends_with(['.', ':', ';', ',', '!', '?', '。', '：', '；', '，']);
            out.push_str(if is_ended { " " } else { " · " });
        }
        out.push_str(&line);
    }
    out
}

fn marked_line(text: &str, marks: &[Range<usize>], paint: Paint) -> String {
    let plain = if paint.0 {
        let mut out = String::new();
        let mut at = 0;
        for mark in marks {
            let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone()))
            else {
                continue;
            };
            out.push_str(&harmless(before));
            out.push_str(&paint.with(MARKED, &harmless(inside)));
            at = mark.end;
        }
        out.push_str(&harmless(text.get(at..).unwrap_or_default()));
        out
    } else {
        harmless(&super::json::marked(text, marks))
    };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn head(number: usize, hit: &Hit, score: &str, paint: Paint) -> String {
    let title = paint.with(STRONG, &harmless(&name(&hit.posting)));
    let company = hit
        .posting
        .company
        .as_deref()
        .map(|name| format!(" — {}", harmless(name)))
        .unwrap_or_default();
    let score = if score.is_empty() {
        String::new()
    } else {
        paint.with(FAINT, &format!("  [{score}]"))
    };
    format!("{number:>3}. {title}{company}{score}\n")
}

fn foot(hit: &Hit, paint: Paint) -> String {
    let copies = match hit.n_copies {
        0 | 1 => String::new(),
        n => format!("  ({n} copies)"),
    };
    format!(
        "     {}\n",
        paint.with(FAINT, &format!("{}{copies}", harmless(&hit.posting.id)))
    )
}

/// The answer of `search`; hits are numbered from `first`.
pub fn search(answer: &SearchAnswer, taxonomy: &Taxonomy, first: usize, paint: Paint) -> String {
    let mut out = String::new();
    let noun = if answer.n_groups == 1 {
        "posting"
    } else {
        "postings"
    };
    let postings = if answer.n_postings == answer.n_groups {
        String::new()
    } else {
        format!(" ({} adverts with copies)", answer.n_postings)
    };
    let _ = writeln!(out, "{} {noun}{postings}\n", answer.n_groups);
    for (at, hit) in answer.hits.iter().enumerate() {
        let score = if hit.score > 0.0 {
            format!("{:.2}", hit.score)
        } else {
            String::new()
        };
        out.push_str(&head(first + at, hit, &score, paint));
        for line in [
            facts(&hit.posting),
            skill_list(&hit.skills, taxonomy, paint),
        ] {
            if !line.is_empty() {
                let _ = writeln!(out, "     {line}");
            }
        }
        let snippet = marked(&hit.snippet.text, &hit.snippet.marks, paint);
        if !snippet.is_empty() {
            let _ = writeln!(out, "     {}", paint.with(FAINT, &snippet));
        }
        for piece in &hit.pieces {
            let _ = writeln!(
                out,
                "     {}",
                paint.with(FAINT, &marked(&piece.text, &piece.marks, paint))
            );
        }
        if !hit.parts.is_empty() {
            let parts: Vec<String> = hit
                .parts
                .iter()
                .map(|(name, points)| format!("{name} {points:.4}"))
                .collect();
            let _ = writeln!(out, "     {:.4} = {}", hit.score, parts.join(" + "));
        }
        out.push_str(&foot(hit, paint));
        out.push('\n');
    }
    for counts in &answer.facets {
        out.push_str(&facet(counts, paint));
        out.push('\n');
    }
    if !answer.pay.is_empty() {
        out.push_str(&pay_summaries(&answer.pay));
    }
    out
}

/// Rows under a head.
pub fn rows<'a>(head: &[String], rows: impl Iterator<Item = &'a Vec<String>>) -> String {
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut table = table(&head);
    rows.for_each(|row| {
        table.add_row(row.clone());
    });
    lines(&table)
}

/// Pay by currency in quantiles.
pub fn pay_summaries(summaries: &[PaySummary]) -> String {
    let mut table = table(&[
        "pay a year",
        "postings",
        "10 %",
        "25 %",
        "half",
        "75 %",
        "90 %",
    ]);
    for pay in summaries {
        let mut row = vec![pay.currency.clone(), pay.n.to_string()];
        row.extend(pay.quantiles.iter().map(|amount| whole(*amount)));
        table.add_row(row);
    }
    right(&mut table, 1..7);
    lines(&table)
}

/// The values of a facet.
pub fn facet(counts: &FacetCounts, paint: Paint) -> String {
    let mut out = format!("{}\n", paint.with(STRONG, counts.facet.name()));
    let mut table = table(&[]);
    for value in &counts.values {
        let id = if value.value == value.label {
            String::new()
        } else {
            harmless(&value.value)
        };
        let mut row = vec![value.count.to_string(), harmless(&value.label), id];
        row.extend((!value.paths.is_empty()).then(|| paint.faint(&value.paths.join(", "))));
        table.add_row(row);
    }
    right(&mut table, 0..1);
    out.push_str(&lines(&table));
    let more = counts.n_values.saturating_sub(counts.values.len());
    if more > 0 {
        let _ = writeln!(out, "  … and {more} more");
    }
    out
}

/// `1 file`, `2 files`.
fn counted(n: u64, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// What a run says that was stopped.
pub const GO_ON: &str =
    "stopped before the end; what was read is kept: run the same command again to go on";

/// What became of the records of a run.
pub fn summary(summary: &Summary, paint: Paint) -> String {
    let mut out = String::new();
    let seconds = summary.elapsed.as_secs_f64();
    let megabytes = summary.bytes as f64 / 1e6;
    let _ = writeln!(
        out,
        "{} of {}: {} added, {} changed, {} unchanged, {} closed, {} rejected",
        paint.with(STRONG, &counted(summary.read, "record")),
        counted(summary.files, "file"),
        summary.added,
        summary.changed,
        summary.unchanged,
        summary.closed,
        summary.rejected
    );
    let _ = writeln!(
        out,
        "{megabytes:.1} MB of text in {seconds:.1} s ({:.0} records/s, {:.1} MB/s); {} joined a group of copies",
        summary.read as f64 / seconds.max(1e-3),
        megabytes / seconds.max(1e-3),
        summary.duplicates
    );
    if summary.absent > 0 {
        let _ = writeln!(
            out,
            "{} gone from their boards and closed",
            counted(summary.absent, "posting")
        );
    }
    let mut table = table(&[
        "reader",
        "records",
        "accepted",
        "changed",
        "unchanged",
        "closed",
        "rejected",
        "company",
        "place",
        "date",
        "pay",
        "workplace",
        "seniority",
        "text",
    ]);
    for (name, of) in &summary.readers {
        let n_postings = (of.accepted - of.closed).max(1);
        let share = |n: u64| format!("{:.0} %", n as f64 * 100.0 / n_postings as f64);
        let mut row = vec![(*name).to_owned()];
        let counts = [
            of.read,
            of.accepted,
            of.changed,
            of.unchanged,
            of.closed,
            of.rejected,
        ];
        row.extend(counts.map(|n| n.to_string()));
        let shares = [
            of.with_company,
            of.with_place,
            of.with_date,
            of.with_salary,
            of.with_workplace,
            of.with_seniority,
            of.with_text,
        ];
        row.extend(shares.map(share));
        table.add_row(row);
    }
    right(&mut table, 1..14);
    if !summary.readers.is_empty() {
        out.push_str(&lines(&table));
    }
    for (name, of) in &summary.readers {
        let others = of
            .encodings
            .iter()
            .filter(|(encoding, _)| *encoding != "utf-8");
        for (encoding, n) in others {
            let _ = writeln!(out, "read by {name}: {n} in {encoding}");
        }
        if of.replacement_characters > 0 {
            let _ = writeln!(
                out,
                "read by {name}: {} characters that were lost before",
                of.replacement_characters
            );
        }
    }
    for ((reader, reason), n) in &summary.reasons {
        let _ = writeln!(out, "rejected by {reader}: {n} × {reason}");
    }
    for (file, why) in &summary.skipped_files {
        let _ = writeln!(out, "skipped {}: {}", harmless(file), harmless(why));
    }
    if summary.resumed != Position::default() {
        let _ = writeln!(
            out,
            "went on where an earlier run was cut off: after {} and {} of the next",
            counted(summary.resumed.files, "file"),
            counted(summary.resumed.records, "record")
        );
    }
    if summary.interrupted {
        let _ = writeln!(out, "{GO_ON}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_is_written_with_its_currency_and_period() {
        let stated = Salary {
            min: Some(70_000.0),
            max: Some(90_500.0),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            raw: None,
            basis: crate::posting::PayBasis::Stated,
            doubtful: false,
        };
        assert_eq!(pay(&stated), "EUR 70,000–90,500 a year");
        assert_eq!(
            pay(&Salary {
                currency: None,
                ..stated.clone()
            }),
            "70,000–90,500 a year, currency unknown"
        );
        assert_eq!(
            pay(&Salary {
                max: None,
                period: None,
                ..stated
            }),
            "EUR from 70,000"
        );
    }

    #[test]
    fn lines_of_a_snippet_are_parted() {
        let text = "run unattended\n\nEverything else  we use\nis here.\nSo it is";
        assert_eq!(
            marked(text, &[], Paint(false)),
            "run unattended · Everything else we use · is here. So it is"
        );
    }
}
