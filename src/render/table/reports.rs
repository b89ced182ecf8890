//! Reports: trends with a line over time, anatomies section by section.

use std::fmt::Write as _;

use super::{FAINT, Paint, STRONG, lines, right, table};
use crate::render::{clear, counted, day, harmless, interval, part, percent, share};
use crate::report::stats::Share;
use crate::report::{
    Anatomy, Card, Compared, Period, Point, Series, Side, TOP_EMPLOYER_SHARE, Trend,
};

/// What a report stands on, in two lines.
pub(in crate::render) fn card(card: &Card) -> String {
    let dates = card.dates.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", day(first), day(last))
    });
    let sources: Vec<String> = card
        .sources
        .iter()
        .map(|(name, n)| format!("{} {n}", harmless(name)))
        .collect();
    let sources = match sources.is_empty() {
        true => String::new(),
        false => format!("; sources: {}", sources.join(", ")),
    };
    let share = |n: u64| part(n, card.n_postings);
    format!(
        "{} in {} ({} copies){dates}{sources}\nwith date {}, employer {}, place {}, pay {}\n",
        counted(card.n_postings, "advert"),
        counted(card.n_groups, "group"),
        share(card.n_postings - card.n_groups),
        share(card.with_date),
        share(card.with_company),
        share(card.with_place),
        share(card.with_pay),
    )
}

/// What a card says of all intervals: nothing where employers are known.
pub(super) fn independence(card: &Card, paint: Paint) -> String {
    match card.n_postings > 0 && card.with_company == 0 {
        true => notes(
            &["no employer is known, so intervals take all postings as independent".to_owned()],
            paint,
        ),
        false => String::new(),
    }
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

/// A share and its interval on a scale from 0 to `most`.
fn bar(point: &Point, most: f64) -> String {
    const WIDTH: usize = 12;
    let place = |share: f64| match most > 0.0 {
        true => ((share / most * (WIDTH - 1) as f64).round() as usize).min(WIDTH - 1),
        false => 0,
    };
    let (low, middle, high) = (
        place(point.share.low),
        place(point.share.share),
        place(point.share.high),
    );
    (0..WIDTH)
        .map(|at| match at {
            at if at == middle => '●',
            at if at == low => '├',
            at if at == high => '┤',
            at if low < at && at < high => '─',
            _ => ' ',
        })
        .collect()
}

/// The values of which one employer makes more than a fifth, and their shares
/// without it; empty if there are none.
fn concentrated(trend: &Trend) -> String {
    let mut table = table(&["", "top employer", "its part", "share", "without it"]);
    let mut is_empty = true;
    for series in &trend.series {
        let (Some(top), Some(point)) = (&series.top_employer, &series.last_year) else {
            continue;
        };
        if top.share > TOP_EMPLOYER_SHARE {
            is_empty = false;
            table.add_row([
                harmless(&series.label),
                harmless(&top.company),
                format!("{}/{} {}", top.n, point.n, percent(top.share)),
                share(point),
                share(&top.without),
            ]);
        }
    }
    right(&mut table, 2..5);
    match is_empty {
        true => String::new(),
        false => lines(&table),
    }
}

/// Where the votes of a trend come from.
fn sources(trend: &Trend) -> String {
    let mut table = table(&["", "n", "part", "over time"]);
    let mix = &trend.mix;
    for ((name, totals), weight) in mix.sources.iter().zip(&mix.totals).zip(&mix.weights) {
        let points: Vec<Point> = totals.iter().map(|n| volume(*n)).collect();
        table.add_row([
            harmless(name),
            totals.iter().sum::<u64>().to_string(),
            percent(*weight),
            sparkline(&points),
        ]);
    }
    right(&mut table, 1..3);
    lines(&table)
}

/// A number of votes as something that a line can be drawn of.
fn volume(n: u64) -> Point {
    let n_votes = n as f64;
    Point {
        n,
        total: 1,
        share: Share {
            share: n_votes,
            low: n_votes,
            high: n_votes,
        },
    }
}

/// Two sides against each other.
pub(super) fn compared(compared: &Compared) -> String {
    let [first, second] = &compared.sides;
    let window = |side: &Side| {
        side.window.map_or_else(String::new, |period| {
            format!(
                ", {} to {}",
                period.start,
                period.end.yesterday().unwrap_or(period.end)
            )
        })
    };
    let told = |side: &Side| {
        format!(
            "{} (N = {}{})",
            harmless(&side.name),
            side.total,
            window(side)
        )
    };
    let same = first == second;
    let mut out = match same {
        true => format!("Against each other in {}\n", told(first)),
        false => format!("{} against {}\n", told(first), told(second)),
    };
    if compared.shared > 0 {
        let _ = writeln!(
            out,
            "on both sides, and counted for the second only: {}",
            counted(compared.shared, "group")
        );
    }
    let mut table = table(&["", "first", "second", "points", "interval", "ratio", ""]);
    for line in &compared.lines {
        let (by, low, high) = line.difference;
        let share = |point: &Point| format!("{}/{} {}", point.n, point.total, share(point));
        let name = match same {
            true => format!(
                "{} – {}",
                harmless(&line.value.1),
                harmless(&line.against.1)
            ),
            false => harmless(&line.value.1),
        };
        table.add_row([
            name,
            share(&line.points[0]),
            share(&line.points[1]),
            format!("{:+.1}", by * 100.0),
            format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
            line.ratio.map_or_else(
                || "–".to_owned(),
                |(ratio, low, high)| format!("× {ratio:.2} ({low:.2}–{high:.2})"),
            ),
            clear(line).to_owned(),
        ]);
    }
    right(&mut table, 1..6);
    match compared.lines.is_empty() {
        true => out.push_str("nothing to compare\n"),
        false => out.push_str(&lines(&table)),
    }
    if compared.lines.len() > 1 {
        let by_chance = compared.lines.len() as f64 * 0.05;
        let decimals = usize::from(by_chance < 1.0);
        let _ = writeln!(
            out,
            "{} comparisons at 95 %: about {by_chance:.decimals$} of them would look clear by chance",
            compared.lines.len()
        );
    }
    out
}

/// The periods that the data do not fill, those in a row by the first and the last.
fn partial(trend: &Trend) -> String {
    let name = |period: &Period| period.name(trend.request.by);
    let runs = trend.periods.chunk_by(|a, b| a.is_partial && b.is_partial);
    let runs = runs.filter(|run| run[0].is_partial).map(|run| match run {
        [one] => name(one),
        run => format!("{} to {}", name(&run[0]), name(&run[run.len() - 1])),
    });
    runs.collect::<Vec<_>>().join(", ")
}

/// The answer of `trends`: the last year, growth, and a line over all periods.
pub fn trends(trend: &Trend, paint: Paint) -> String {
    let mut out = card(&trend.card);
    let by = trend.request.by;
    if let (Some(first), Some(last)) = (trend.periods.first(), trend.periods.last()) {
        let partial = match partial(trend) {
            none if none.is_empty() => none,
            partial => format!("; partial: {partial}"),
        };
        let _ = writeln!(
            out,
            "by {}, {} to {}{partial}",
            by.name(),
            first.name(by),
            last.name(by)
        );
    }
    let _ = match (trend.last_year, trend.periods.last()) {
        (Some(year), _) => writeln!(
            out,
            "rank, n/N and share: {} to {}\n",
            year.start,
            year.end.yesterday().unwrap_or(year.end)
        ),
        (None, Some(last)) => writeln!(
            out,
            "n/N and share: {}, for no month is full\n",
            last.name(by)
        ),
        (None, None) => writeln!(out),
    };
    let most = trend
        .series
        .iter()
        .filter_map(|series| series.last_year.as_ref().or(series.points.last()))
        .filter(|point| point.total > 0)
        .map(|point| point.share.high)
        .fold(0.0, f64::max);
    let scale = match most > 0.0 {
        true => format!("0 to {}", percent(most)),
        false => String::new(),
    };
    let any = |is: &dyn Fn(&Series) -> bool| trend.series.iter().any(is);
    let implied = any(&|series| series.last_year_implied.is_some());
    let alike = any(&|series| series.last_year_standardised.is_some());
    let mut header = vec!["", "rank", "n/N", "share", "interval", &scale];
    if implied {
        header.push("with implied");
    }
    if alike {
        header.push("same mix");
    }
    let n_numbers = header.len();
    header.extend(["growth", "trend"]);
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
            last.map_or_else(dash, share),
            last.map_or_else(dash, interval),
            match last.filter(|point| point.total > 0) {
                Some(point) => bar(point, most),
                None => String::new(),
            },
        ];
        if implied {
            let with_implied = series.last_year_implied;
            row.push(with_implied.as_ref().map_or_else(dash, share));
        }
        if alike {
            row.push(series.last_year_standardised.map_or_else(dash, percent));
        }
        row.extend([growth, sparkline(&series.points)]);
        table.add_row(row);
    }
    right(&mut table, 1..5);
    right(&mut table, 6..n_numbers);
    match trend.series.is_empty() {
        true => out.push_str("no value to show\n"),
        false => out.push_str(&lines(&table)),
    }
    let concentrated = concentrated(trend);
    if !concentrated.is_empty() {
        out.push_str("\nmore than a fifth of the votes from one employer\n");
        out.push_str(&concentrated);
    }
    if trend.mix.sources.len() > 1 {
        out.push_str("\nvotes by source\n");
        out.push_str(&sources(trend));
    }
    if let Some(compared) = &trend.compared {
        out.push('\n');
        out.push_str(&self::compared(compared));
    }
    if !trend.warnings.is_empty() {
        out.push('\n');
    }
    out.push_str(&notes(&trend.warnings, paint));
    out
}

/// Sentences a reader should know.
pub(super) fn notes(warnings: &[String], paint: Paint) -> String {
    let notes = warnings.iter();
    let note = |warning: &String| paint.with(FAINT, &format!("note: {}", harmless(warning)));
    notes.map(|warning| note(warning) + "\n").collect()
}

/// The answer of `anatomy`.
pub fn anatomy(anatomy: &Anatomy, role: Option<&str>, paint: Paint) -> String {
    let mut out = card(&anatomy.card) + &independence(&anatomy.card, paint);
    let role = role.map_or_else(|| "a job".to_owned(), |role| format!("a {role} job"));
    let _ = writeln!(
        out,
        "What is in the description of {role}: shares of {}\n",
        counted(anatomy.total, "group")
    );
    if let Some(versus) = &anatomy.versus {
        let [_, second] = &versus.sides;
        let _ = writeln!(
            out,
            "against {} (N = {}); on both sides, and counted for the second only: {}\n",
            harmless(&second.name),
            second.total,
            counted(versus.shared, "group")
        );
    }
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
        if anatomy.versus.is_some() {
            header.extend(["against", "points", "interval", ""]);
        }
        let n_numbers = header.len();
        if languages {
            header.push("who is hiring");
        }
        let mut table = table(&header);
        for line in &section.lines {
            let label = match &line.of_language {
                Some(language) => format!("{} ({language})", line.label),
                None => line.label.clone(),
            };
            let mut row = vec![
                label,
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
            if let Some(versus) = &line.versus {
                let (by, low, high) = versus.difference;
                row.extend([
                    percent(versus.points[1].share.share),
                    format!("{:+.1}", by * 100.0),
                    format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
                    clear(versus).to_owned(),
                ]);
            }
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
        right(&mut table, 1..n_numbers);
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
