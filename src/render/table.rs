//! Text for eyes: hits as short blocks, counts as tables.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, Table, presets};

use super::json::{name, requirement_points};
use super::{day, harmless, percent};
use crate::pipeline::Summary;
use crate::posting::{Posting, Salary, SkillStrength};
use crate::query::rank::{Met, Parts, rounded_to_sum};
use crate::query::{FacetCounts, Hit, MatchAnswer, MatchHit, SearchAnswer};
use crate::report::{Anatomy, Card, Point, Trend};
use crate::skills::{SkillNo, Taxonomy};

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

/// `€70,000–90,000 a year`.
pub fn pay(pay: &Salary) -> String {
    let amount = |amount: f64| {
        let whole = format!("{amount:.0}");
        let mut out = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        out
    };
    let range = match (pay.min, pay.max) {
        (Some(min), Some(max)) if min == max => amount(min),
        (Some(min), Some(max)) => format!("{}–{}", amount(min), amount(max)),
        (Some(min), None) => format!("from {}", amount(min)),
        (None, Some(max)) => format!("up to {}", amount(max)),
        (None, None) => return String::new(),
    };
    let currency = pay.currency.as_deref().unwrap_or("?");
    let period = pay.period.map_or_else(String::new, |period| {
        format!(" a {}", period.as_str().replace('_', " "))
    });
    let estimated = if pay.basis == crate::posting::PayBasis::Estimated {
        " (estimated)"
    } else {
        ""
    };
    format!("{currency} {range}{period}{estimated}")
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

fn marked(text: &str, marks: &[Range<usize>], paint: Paint) -> String {
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
    let postings = if answer.n_postings == answer.n_groups {
        String::new()
    } else {
        format!(" ({} adverts with copies)", answer.n_postings)
    };
    let _ = writeln!(out, "{} postings{postings}\n", answer.n_groups);
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
        out.push_str(&foot(hit, paint));
        out.push('\n');
    }
    for counts in &answer.facets {
        out.push_str(&facet(counts, paint));
        out.push('\n');
    }
    out
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
        table.add_row([value.count.to_string(), harmless(&value.label), id]);
    }
    right(&mut table, 0..1);
    out.push_str(&lines(&table));
    let more = counts.n_values.saturating_sub(counts.values.len());
    if more > 0 {
        let _ = writeln!(out, "  … and {more} more");
    }
    out
}

/// The answer of `match`; `sentence` gives the evidence of a skill in a posting.
pub fn matches(
    answer: &MatchAnswer,
    have: &[(SkillNo, Option<f32>)],
    taxonomy: &Taxonomy,
    paint: Paint,
    explain: Option<&dyn Fn(&Posting, SkillNo) -> Option<String>>,
) -> String {
    let mut out = String::new();
    let label = |no: SkillNo| taxonomy.skill(no).label.as_str();
    let person: Vec<String> = have
        .iter()
        .map(|(no, years)| {
            years.map_or_else(
                || label(*no).to_owned(),
                |years| format!("{} ({years} years)", label(*no)),
            )
        })
        .collect();
    let _ = writeln!(
        out,
        "For somebody with {}: {} postings\n",
        person.join(", "),
        answer.n_groups
    );
    for (at, found) in answer.hits.iter().enumerate() {
        out.push_str(&head(
            at + 1,
            &found.hit,
            &format!("{:.2}", found.parts.score()),
            paint,
        ));
        let facts = facts(&found.hit.posting);
        if !facts.is_empty() {
            let _ = writeln!(out, "     {facts}");
        }
        out.push_str(&met(&found.parts, taxonomy, paint));
        if let Some(sentence) = explain {
            out.push_str(&explained(found, taxonomy, paint, sentence));
        }
        out.push_str(&foot(&found.hit, paint));
        out.push('\n');
    }
    out
}

fn met(parts: &Parts, taxonomy: &Taxonomy, paint: Paint) -> String {
    let label = |no: SkillNo| taxonomy.skill(no).label.as_str();
    let (mut have, mut near, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for scored in &parts.requirements {
        match scored.met {
            Met::Have { skill, by } if skill == by => have.push(label(skill).to_owned()),
            Met::Have { skill, by } => have.push(format!("{} (by {})", label(skill), label(by))),
            Met::Near { skill, by, .. } => {
                near.push(format!("{} (you have {})", label(skill), label(by)))
            }
            Met::Missing => {
                let any_of: Vec<&str> = scored.any_of.iter().map(|no| label(*no)).collect();
                let mark = match scored.strength {
                    SkillStrength::Required => "!",
                    SkillStrength::Mentioned => "",
                    SkillStrength::Preferred => " (nice to have)",
                };
                missing.push(format!("{}{mark}", any_of.join(" or ")));
            }
        }
    }
    let mut out = String::new();
    for (name, style, mut list) in [
        ("have", GOOD, have),
        ("near", FAINT, near),
        ("missing", BAD, missing),
    ] {
        // Asked for alone and in a choice, a skill is still one skill.
        let mut seen = std::collections::HashSet::new();
        list.retain(|item| seen.insert(item.clone()));
        if !list.is_empty() {
            let _ = writeln!(
                out,
                "     {}  {}",
                paint.with(style, &format!("{name:<7}")),
                list.join(", ")
            );
        }
    }
    out
}

fn explained(
    found: &MatchHit,
    taxonomy: &Taxonomy,
    paint: Paint,
    sentence: &dyn Fn(&Posting, SkillNo) -> Option<String>,
) -> String {
    let parts = &found.parts;
    let mut table = table(&[
        "points",
        "weight",
        "credit",
        "requirement",
        "in the posting",
    ]);
    for (scored, points) in parts.requirements.iter().zip(requirement_points(parts)) {
        let any_of: Vec<&str> = scored
            .any_of
            .iter()
            .map(|no| taxonomy.skill(*no).label.as_str())
            .collect();
        let years = if scored.years > 0.0 {
            format!(", {} years", scored.years)
        } else {
            String::new()
        };
        let title = if scored.in_title { ", title" } else { "" };
        let evidence = scored
            .any_of
            .iter()
            .find_map(|no| sentence(&found.hit.posting, *no));
        table.add_row([
            format!("{points:.2}"),
            format!("{:.2}", scored.weight),
            format!("{:.2}", scored.credit),
            format!(
                "{} ({}{years}{title})",
                any_of.join(" or "),
                scored.strength
            ),
            evidence
                .map(|text| shortened(&harmless(&text), 70))
                .unwrap_or_default(),
        ]);
    }
    let sums = rounded_to_sum(&[parts.fit, parts.used, parts.text, parts.fresh]);
    let uses: Vec<&str> = parts
        .uses
        .iter()
        .map(|no| taxonomy.skill(*no).label.as_str())
        .collect();
    table.add_row([
        format!("{:.2}", sums[1]),
        String::new(),
        String::new(),
        format!("uses your {}", uses.join(", ")),
    ]);
    if parts.text > 0.0 {
        table.add_row([
            format!("{:.2}", sums[2]),
            String::new(),
            String::new(),
            "words".to_owned(),
        ]);
    }
    if parts.fresh > 0.0 {
        table.add_row([
            format!("{:.2}", sums[3]),
            String::new(),
            String::new(),
            "freshness".to_owned(),
        ]);
    }
    table.add_row([
        format!("{:.2}", parts.score()),
        String::new(),
        String::new(),
        "score, the sum of these".to_owned(),
    ]);
    right(&mut table, 0..3);
    lines(&table).lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "     {}", paint.with(FAINT, line));
        out
    })
}

fn shortened(text: &str, chars: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= chars {
        return text;
    }
    let cut: String = text.chars().take(chars - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What a report stands on, in two lines.
fn card(card: &Card) -> String {
    let dates = card.dates.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", day(first), day(last))
    });
    let sources: Vec<String> = card
        .sources
        .iter()
        .map(|(name, n)| format!("{} {n}", harmless(name)))
        .collect();
    let share = |n: u64| percent(n as f64 / card.n_postings.max(1) as f64);
    format!(
        "{} adverts in {} groups ({} copies){dates}; sources: {}\nwith date {}, employer {}, place {}, pay {}\n",
        card.n_postings,
        card.n_groups,
        percent(card.duplicate_rate()),
        sources.join(", "),
        share(card.with_date),
        share(card.with_company),
        share(card.with_place),
        share(card.with_pay),
    )
}

/// One sign a period, lowest to highest; blank where there is nothing to divide by.
pub fn sparkline(points: &[Point]) -> String {
    const SIGNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = points
        .iter()
        .map(|point| point.share.share)
        .fold(0.0, f64::max);
    points
        .iter()
        .map(|point| match (point.total, most > 0.0) {
            (0, _) => ' ',
            (_, false) => SIGNS[0],
            (_, true) => SIGNS[((point.share.share / most * 7.0).round() as usize).min(7)],
        })
        .collect()
}

/// The answer of `trends`: the last year, growth, and a line over all periods.
pub fn trends(trend: &Trend, paint: Paint) -> String {
    let mut out = card(&trend.card);
    let by = trend.request.by;
    if let (Some(first), Some(last)) = (trend.periods.first(), trend.periods.last()) {
        let partial: Vec<String> = trend
            .periods
            .iter()
            .filter(|period| period.is_partial)
            .map(|period| period.name(by))
            .collect();
        let partial = if partial.is_empty() {
            String::new()
        } else {
            format!("; partial: {}", partial.join(", "))
        };
        let _ = writeln!(
            out,
            "by {}, {} to {}{partial}",
            by.name(),
            first.name(by),
            last.name(by)
        );
    }
    let window = trend.last_year.map_or_else(
        || "share".to_owned(),
        |period| {
            format!(
                "{} to {}",
                period.start,
                period.end.yesterday().unwrap_or(period.end)
            )
        },
    );
    let _ = writeln!(out, "rank, n/N and share: {window}\n");
    let implied = trend
        .series
        .iter()
        .any(|series| series.last_year_implied.is_some());
    let mut header = vec!["", "rank", "n/N", "share", "interval", "growth", "trend"];
    if implied {
        header.insert(5, "with implied");
    }
    let mut table = table(&header);
    for series in &trend.series {
        let dash = || "–".to_owned();
        let rank = match (series.rank, series.rank_range) {
            (Some(rank), Some((best, worst))) if best != worst => {
                format!("{rank} ({best}–{worst})")
            }
            (Some(rank), _) => rank.to_string(),
            (None, _) => dash(),
        };
        let last = series.last_year.as_ref().or(series.points.last());
        let growth = series.growth.map_or_else(dash, |growth| {
            let sign = if growth.is_significant() { "" } else { " n.s." };
            format!("{:+.1} points{sign}", growth.points.0 * 100.0)
        });
        let mut row = vec![
            harmless(&series.label),
            rank,
            last.map_or_else(dash, |point| format!("{}/{}", point.n, point.total)),
            last.map_or_else(dash, |point| percent(point.share.share)),
            last.map_or_else(dash, |point| {
                format!(
                    "{:.1}–{:.1}",
                    point.share.low * 100.0,
                    point.share.high * 100.0
                )
            }),
            growth,
            sparkline(&series.points),
        ];
        if implied {
            row.insert(
                5,
                series
                    .last_year_implied
                    .map_or_else(dash, |point| percent(point.share.share)),
            );
        }
        table.add_row(row);
    }
    right(&mut table, 1..4 + usize::from(implied) * 2);
    out.push_str(&lines(&table));
    if !trend.warnings.is_empty() {
        out.push('\n');
    }
    for warning in &trend.warnings {
        let _ = writeln!(out, "{}", paint.with(FAINT, &format!("note: {warning}")));
    }
    out
}

/// The answer of `anatomy`.
pub fn anatomy(anatomy: &Anatomy, role: Option<&str>, paint: Paint) -> String {
    let mut out = card(&anatomy.card);
    let role = role.map_or_else(|| "a job".to_owned(), |role| format!("a {role} job"));
    let _ = writeln!(
        out,
        "What is in the description of {role}: shares of {} groups\n",
        anatomy.total
    );
    for section in &anatomy.sections {
        let (n, share) = &section.any;
        let title = paint.with(STRONG, section.title);
        let _ = writeln!(
            out,
            "{title}  {n}/{} name something here ({})",
            anatomy.total,
            percent(share.share)
        );
        let languages = section.id == "languages";
        let mut header = vec!["", "n/N", "share", "interval", "required", "nice to have"];
        if languages {
            header.push("who is hiring");
        }
        let mut table = table(&header);
        for line in &section.lines {
            let mut row = vec![
                line.label.clone(),
                format!("{}/{}", line.n, anatomy.total),
                percent(line.share.share),
                format!(
                    "{:.1}–{:.1}",
                    line.share.low * 100.0,
                    line.share.high * 100.0
                ),
                percent(line.required),
                percent(line.preferred),
            ];
            if languages {
                let employers: Vec<String> = line
                    .employers
                    .iter()
                    .take(3)
                    .map(|(company, n)| format!("{} ({n})", harmless(company)))
                    .collect();
                row.push(employers.join(", "));
            }
            table.add_row(row);
        }
        right(&mut table, 1..6);
        if !section.lines.is_empty() {
            out.push_str(&lines(&table));
        }
        out.push('\n');
    }
    if let Some((low, middle, high)) = anatomy.years.quartiles {
        let _ = writeln!(
            out,
            "{}  {} of {} name years beside a skill: median {middle}, middle half {low}–{high}",
            paint.with(STRONG, "Years"),
            anatomy.years.n,
            anatomy.total
        );
    }
    for line in &anatomy.pay {
        let (low, middle, high) = line.quartiles;
        let _ = writeln!(
            out,
            "{}  {} stated: median {} {middle:.0} a year, middle half {low:.0}–{high:.0}",
            paint.with(STRONG, "Pay"),
            line.n,
            line.currency
        );
    }
    let (n, share) = &anatomy.with_choice;
    let _ = writeln!(
        out,
        "{}  {n} of {} offer a choice somewhere ({})",
        paint.with(STRONG, "Choice"),
        anatomy.total,
        percent(share.share)
    );
    out
}

/// What became of the records of a run.
pub fn summary(summary: &Summary, paint: Paint) -> String {
    let mut out = String::new();
    let seconds = summary.elapsed.as_secs_f64();
    let megabytes = summary.bytes as f64 / 1e6;
    let _ = writeln!(
        out,
        "{} records of {} files: {} added, {} changed, {} unchanged, {} rejected",
        paint.with(STRONG, &summary.read.to_string()),
        summary.files,
        summary.added,
        summary.changed,
        summary.unchanged,
        summary.rejected
    );
    let _ = writeln!(
        out,
        "{megabytes:.1} MB of text in {seconds:.1} s ({:.0} records/s, {:.1} MB/s); {} joined a group of copies",
        summary.read as f64 / seconds.max(1e-3),
        megabytes / seconds.max(1e-3),
        summary.duplicates
    );
    let mut table = table(&[
        "reader", "records", "accepted", "date", "place", "pay", "text",
    ]);
    for (name, of) in &summary.readers {
        let share = |n: u64| format!("{:.0} %", n as f64 * 100.0 / of.accepted.max(1) as f64);
        table.add_row([
            (*name).to_owned(),
            of.read.to_string(),
            of.accepted.to_string(),
            share(of.with_date),
            share(of.with_place),
            share(of.with_salary),
            share(of.with_text),
        ]);
    }
    right(&mut table, 1..7);
    if !summary.readers.is_empty() {
        out.push_str(&lines(&table));
    }
    for ((reader, reason), n) in &summary.reasons {
        let _ = writeln!(out, "rejected by {reader}: {n} × {reason}");
    }
    for (file, why) in &summary.skipped_files {
        let _ = writeln!(out, "skipped {}: {}", harmless(file), harmless(why));
    }
    if summary.interrupted {
        out.push_str("stopped before the end; run the same command again to go on\n");
    }
    out
}

/// One posting whole; `marks` are the skills named in its text, in bytes.
pub fn posting(
    posting: &Posting,
    group: &[String],
    ask: &str,
    marks: &[Range<usize>],
    paint: Paint,
) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint.with(STRONG, &harmless(&name(posting))));
    let mut table = table(&[]);
    let read = |field: &str| {
        if posting.read_from_text.iter().any(|name| name == field) {
            "read from text"
        } else {
            ""
        }
    };
    let mut row = |name: &str, value: String, field: &str| {
        if !value.is_empty() {
            table.add_row([name.to_owned(), harmless(&value), read(field).to_owned()]);
        }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    row("id", posting.id.clone(), "");
    row("company", text(&posting.company), "company");
    for place in &posting.locations {
        let known: Vec<&str> = [&place.city, &place.region, &place.country]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let known = if known.is_empty() {
            String::new()
        } else {
            format!("  ({})", known.join(", "))
        };
        row("place", format!("{}{known}", place.raw), "locations");
    }
    row(
        "workplace",
        posting
            .workplace
            .map(|word| word.to_string())
            .unwrap_or_default(),
        "workplace",
    );
    row(
        "remote from",
        posting.remote_scope.join(", "),
        "remote_scope",
    );
    row("role", posting.roles.join(", "), "roles");
    row(
        "seniority",
        posting
            .seniority
            .map(|word| word.to_string())
            .unwrap_or_default(),
        "seniority",
    );
    let employment: Vec<&str> = posting
        .employment_type
        .iter()
        .map(|word| word.as_str())
        .collect();
    row("employment", employment.join(", "), "employment_type");
    row(
        "pay",
        posting.salary.as_ref().map(pay).unwrap_or_default(),
        "salary",
    );
    row(
        "posted",
        posting
            .posted_at
            .map(|at| day(at.as_second()))
            .unwrap_or_default(),
        "",
    );
    row(
        "open until",
        posting
            .valid_through
            .map(|at| day(at.as_second()))
            .unwrap_or_default(),
        "",
    );
    row(
        "language of the text",
        text(&posting.text_language),
        "text_language",
    );
    row("page", text(&posting.url), "");
    if let Some(origin) = &posting.origin {
        row(
            "from",
            format!(
                "{}, record {}, read by {}",
                origin.file, origin.record, origin.reader
            ),
            "",
        );
    }
    if group.len() > 1 {
        row("copies", group.join(", "), "");
    }
    out.push_str(&lines(&table));
    let _ = writeln!(out, "\n{ask}");
    if let Some(text) = &posting.description_text {
        for line in text.split_inclusive('\n') {
            let at = line.as_ptr() as usize - text.as_ptr() as usize;
            let inside: Vec<Range<usize>> = marks
                .iter()
                .filter(|mark| mark.start >= at && mark.end <= at + line.len())
                .map(|mark| mark.start - at..mark.end - at)
                .collect();
            let _ = writeln!(
                out,
                "{}",
                marked_line(line.trim_end_matches('\n'), &inside, paint)
            );
        }
    }
    out
}

fn marked_line(line: &str, marks: &[Range<usize>], paint: Paint) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (line.get(at..mark.start), line.get(mark.clone()))
        else {
            continue;
        };
        out.push_str(&harmless(before));
        out.push_str(&paint.marked(&harmless(inside)));
        at = mark.end;
    }
    out.push_str(&harmless(line.get(at..).unwrap_or_default()));
    out
}

/// What a posting asks for, a line a requirement.
pub fn ask(ask: &[crate::index::AskEntry], taxonomy: &Taxonomy) -> String {
    let mut table = table(&["asks for", "how", "years"]);
    for entries in ask.chunk_by(|a, b| a.requirement.is_some() && a.requirement == b.requirement) {
        let labels: Vec<&str> = entries
            .iter()
            .map(|entry| taxonomy.skill(entry.skill).label.as_str())
            .collect();
        let first = &entries[0];
        let how = match (first.requirement, first.implied) {
            (Some(_), _) if first.in_title => format!("{}, in the title", first.strength),
            (Some(_), _) => first.strength.to_string(),
            (None, true) => "implied".to_owned(),
            (None, false) => "named with another".to_owned(),
        };
        let years = if first.years > 0.0 {
            first.years.to_string()
        } else {
            String::new()
        };
        table.add_row([labels.join(" or "), how, years]);
    }
    lines(&table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::stats::wilson;

    #[test]
    fn a_sparkline_is_scaled_to_its_highest_share() {
        let point = |n: u64, total: u64| Point {
            n,
            total,
            share: wilson(n as f64 / total.max(1) as f64, total as f64),
        };
        assert_eq!(
            sparkline(&[point(0, 10), point(5, 10), point(10, 10), point(0, 0)]),
            "▁▅█ "
        );
        assert_eq!(sparkline(&[point(0, 10)]), "▁");
    }

    #[test]
    fn pay_is_written_with_its_currency_and_period() {
        let stated = Salary {
            min: Some(70_000.0),
            max: Some(90_500.0),
            currency: Some("EUR".to_owned()),
            period: Some(crate::posting::PayPeriod::Year),
            raw: None,
            basis: crate::posting::PayBasis::Stated,
            doubtful: false,
        };
        assert_eq!(pay(&stated), "EUR 70,000–90,500 a year");
        assert_eq!(
            pay(&Salary {
                max: None,
                period: None,
                ..stated
            }),
            "EUR from 70,000"
        );
    }
}
