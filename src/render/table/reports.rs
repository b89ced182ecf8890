//! Reports: trends with a line over time, anatomies section by section.

use std::fmt::Write as _;

use super::{FAINT, Paint, STRONG, lines, right, table};
use crate::render::{day, harmless, percent};
use crate::report::{Anatomy, Card, Point, Trend};

/// What a report stands on, in two lines.
pub(super) fn card(card: &Card) -> String {
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
}
