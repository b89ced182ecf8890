//! Winners, pay, what goes together and what changes.

use std::fmt::Write as _;

use super::reports::{card, independence, notes};
use super::{FAINT, Paint, STRONG, lines, right, table};
use crate::render::{counted, harmless, interval, of_all, percent, same_mix, share};
use crate::report::{
    Change, Emerging, Outcome, Pay, PayQuantiles, PayScope, Period, Point, Skillset, Winners,
};
use crate::skills::Taxonomy;

const NONE: &str = "–";

fn window(period: &Period) -> String {
    let last = period.end.yesterday().unwrap_or(period.end);
    format!("{} to {last}", period.start)
}

fn ratio(point: &Point) -> String {
    format!("{}/{} = {}", point.n, point.total, share(point))
}

fn scope(scope: &PayScope) -> String {
    match &scope.country {
        Some(country) => format!("{} in {country}", scope.currency),
        None => format!("{}, any country", scope.currency),
    }
}

fn list(values: &[(String, u64)]) -> String {
    let each = values
        .iter()
        .map(|(label, n)| format!("{} ({n})", harmless(label)));
    each.collect::<Vec<_>>().join(", ")
}

fn median(pay: Option<&PayQuantiles>) -> String {
    pay.map_or_else(|| NONE.to_owned(), |pay| format!("{:.0}", pay.quantiles[2]))
}

/// The answer of `winners`.
pub fn winners(winners: &Winners, paint: Paint) -> String {
    let mut out = card(&winners.card) + &independence(&winners.card, paint);
    let months = winners
        .window
        .as_ref()
        .map_or_else(|| "all postings".to_owned(), window);
    let _ = writeln!(
        out,
        "{months}: {}; pay: {}\n",
        counted(winners.total, "group"),
        winners.pay_scope.as_ref().map_or_else(String::clone, scope)
    );
    let mut table = super::table(&["category", "winner", "figure", "why"]);
    for category in &winners.categories {
        let row = match &category.outcome {
            Outcome::Won {
                label, value, why, ..
            } => [
                category.category.to_owned(),
                paint.with(STRONG, label),
                value.clone(),
                why.clone(),
            ],
            Outcome::NotMeasurable(reason) => [
                category.category.to_owned(),
                NONE.to_owned(),
                "not measurable".to_owned(),
                reason.clone(),
            ],
        };
        table.add_row(row);
    }
    out.push_str(&lines(&table));
    out.push('\n');
    let mut table = super::table(&[
        "",
        "rank",
        "n/N",
        "share",
        "interval",
        "growth",
        "median pay",
        "entry",
        "who is hiring",
    ]);
    for line in &winners.languages {
        let rank = line.rank.map_or_else(
            || NONE.to_owned(),
            |(rank, (best, worst))| match best == worst {
                true => rank.to_string(),
                false => format!("{rank} ({best}–{worst})"),
            },
        );
        let growth = line.growth.map_or_else(
            || NONE.to_owned(),
            |growth| {
                let sign = if growth.is_significant() { "" } else { " n.s." };
                format!("{:+.1} points{sign}", growth.points.0 * 100.0)
            },
        );
        table.add_row([
            line.label.clone(),
            rank,
            format!("{}/{}", line.point.n, line.point.total),
            share(&line.point),
            interval(&line.point),
            growth,
            median(line.pay.as_ref()),
            line.entry.as_ref().map_or_else(|| NONE.to_owned(), ratio),
            list(&line.employers),
        ]);
    }
    right(&mut table, 1..8);
    out.push_str(&lines(&table));
    out.push('\n');
    for line in winners.languages.iter().filter(|line| line.point.n > 0) {
        let _ = writeln!(out, "{}", paint.with(STRONG, &line.label));
        for (heading, beside) in line.beside.iter().filter(|(_, beside)| !beside.is_empty()) {
            let heading = heading.replace('_', " ");
            let _ = writeln!(
                out,
                "  {}  {}",
                paint.with(FAINT, &format!("{heading:<16}")),
                list(beside)
            );
        }
    }
    if !winners.warnings.is_empty() {
        out.push('\n');
    }
    out.push_str(&notes(&winners.warnings, paint));
    out
}

/// The answer of `pay`.
pub fn pay(pay: &Pay, paint: Paint) -> String {
    let mut out = card(&pay.card);
    let of = match &pay.scope {
        Ok(of) => scope(of),
        Err(why) => {
            let _ = writeln!(out, "No pay to tell of: {why}");
            return out;
        }
    };
    let _ = writeln!(
        out,
        "Yearly pay, {of}: middles of closed ranges, groups of copies once, no publisher's estimates\n"
    );
    let mut table = table(&[
        "",
        "n",
        "of",
        "p10",
        "p25",
        "median",
        "p75",
        "p90",
        "median's interval",
    ]);
    let all = pay.all.as_ref().map(|all| ("all", pay.total, all));
    let values = pay
        .lines
        .iter()
        .map(|line| (line.label.as_str(), line.named_by, &line.pay));
    for (label, of, amounts) in all.into_iter().chain(values) {
        let mut row = vec![harmless(label), amounts.n.to_string(), of.to_string()];
        row.extend(amounts.quantiles.iter().enumerate().map(|(at, amount)| {
            let amount = format!("{amount:.0}");
            if at == 2 {
                paint.with(STRONG, &amount)
            } else {
                amount
            }
        }));
        let (low, high) = amounts.median_interval;
        row.push(format!("{low:.0}–{high:.0}"));
        table.add_row(row);
    }
    right(&mut table, 1..9);
    out.push_str(&lines(&table));
    if pay.n_thin > 0 {
        let note = format!("note: {} more have fewer than ten", pay.n_thin);
        let _ = writeln!(out, "\n{}", paint.with(FAINT, &note));
    }
    out
}

/// The answer of `skillset`.
pub fn skillset(skillset: &Skillset, taxonomy: &Taxonomy, paint: Paint) -> String {
    let mut out = card(&skillset.card) + &independence(&skillset.card, paint);
    let label = &taxonomy.skill(skillset.skill).label;
    let _ = writeln!(
        out,
        "{}: named by {}/{} groups ({}, {}); required by {}, nice to have for {} of these\n",
        paint.with(STRONG, label),
        skillset.named.n,
        skillset.named.total,
        share(&skillset.named),
        interval(&skillset.named),
        percent(skillset.required),
        percent(skillset.preferred)
    );
    let mut table = table(&[
        "with it", "n", "share", "interval", "lift", "interval", "kind",
    ]);
    for other in &skillset.beside {
        let (lift, low, high) = other.lift;
        table.add_row([
            other.label.clone(),
            other.point.n.to_string(),
            share(&other.point),
            interval(&other.point),
            format!("× {lift:.2}"),
            format!("{low:.2}–{high:.2}"),
            other.kind.as_str().to_owned(),
        ]);
    }
    right(&mut table, 1..6);
    out.push_str(&lines(&table));
    if skillset.beside.is_empty() {
        out.push_str("nothing stands beside it in 20 postings or more\n");
    }
    out.push('\n');
    for (name, values) in [
        ("employers", &skillset.employers),
        ("seniority", &skillset.seniorities),
        ("workplace", &skillset.workplaces),
        ("countries", &skillset.countries),
    ] {
        if !values.is_empty() {
            let _ = writeln!(
                out,
                "{}  {}",
                paint.with(FAINT, &format!("{name:<9}")),
                list(values)
            );
        }
    }
    if let Some((of, pay)) = &skillset.pay {
        let [p10, p25, p50, p75, p90] = pay.quantiles;
        let _ = writeln!(
            out,
            "{}  {}: median {p50:.0} (middle half {p25:.0}–{p75:.0}, p10 {p10:.0}, p90 {p90:.0}, n={})",
            paint.with(FAINT, "pay      "),
            scope(of),
            pay.n
        );
    }
    out
}

/// The answer of `emerging`.
pub fn emerging(emerging: &Emerging, paint: Paint) -> String {
    let mut out = card(&emerging.card) + &independence(&emerging.card, paint);
    let Some((later, earlier)) = &emerging.windows else {
        out.push_str("less than thirteen months of dated postings: nothing can be compared\n");
        out.push_str(&notes(&emerging.warnings, paint));
        return out;
    };
    let _ = writeln!(
        out,
        "{} ({}) against {} ({}); {} tested, at most one in ten of those listed by chance\n",
        window(later),
        counted(emerging.totals.0, "group"),
        window(earlier),
        counted(emerging.totals.1, "group"),
        counted(emerging.n_tested as u64, "skill")
    );
    for (title, n, changes) in emerging.ways() {
        let _ = writeln!(
            out,
            "{}",
            paint.with(STRONG, &of_all(title, changes.len(), n))
        );
        if n == 0 {
            out.push_str("nothing beyond chance\n\n");
            continue;
        }
        out.push_str(&changed(changes));
        out.push('\n');
    }
    out.push_str(&notes(&emerging.warnings, paint));
    out
}

fn changed(changes: &[Change]) -> String {
    let is_mixed = changes.iter().any(|change| change.alike.is_some());
    let mut header = vec!["", "before", "now", "points", "interval"];
    if is_mixed {
        header.push("same mix");
    }
    header.extend(["ratio", "employers"]);
    let n_columns = header.len();
    let mut table = table(&header);
    for change in changes {
        let (by, low, high) = change.points;
        let mut row = vec![
            change.label.clone(),
            ratio(&change.from),
            ratio(&change.to),
            format!("{:+.1}", by * 100.0),
            format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
        ];
        if is_mixed {
            row.push(same_mix(change));
        }
        row.extend([
            change
                .ratio
                .map_or_else(|| NONE.to_owned(), |(ratio, ..)| format!("× {ratio:.2}")),
            change.employers.to_string(),
        ]);
        table.add_row(row);
    }
    right(&mut table, 1..n_columns);
    lines(&table)
}
