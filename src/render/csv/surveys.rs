//! The rows of `winners`, `pay`, `skillset` and `emerging`.

use super::{NONE, Rows, safe};
use crate::report::{Emerging, Outcome, Pay, PayQuantiles, Point, Skillset, Winners};

const SHARE: [&str; 5] = ["n", "total", "share", "low", "high"];

fn share(point: Option<&Point>) -> Vec<String> {
    let Some(point) = point else {
        return vec![String::new(); SHARE.len()];
    };
    let share = |share: f64| match point.total {
        0 => NONE.to_owned(),
        _ => format!("{share:.5}"),
    };
    vec![
        point.n.to_string(),
        point.total.to_string(),
        share(point.share.share),
        share(point.share.low),
        share(point.share.high),
    ]
}

fn amounts(pay: Option<&PayQuantiles>) -> Vec<String> {
    let Some(pay) = pay else {
        return vec![String::new(); 8];
    };
    let whole = |amount: f64| format!("{amount:.0}");
    let mut cells = vec![pay.n.to_string()];
    cells.extend(pay.quantiles.map(whole));
    cells.extend([whole(pay.median_interval.0), whole(pay.median_interval.1)]);
    cells
}

const AMOUNTS: [&str; 8] = [
    "n_pay", "p10", "p25", "p50", "p75", "p90", "p50_low", "p50_high",
];

/// Winners: categories, then one row a language.
pub fn winners(winners: &Winners) -> Rows {
    let mut header = vec!["category", "value", "label"];
    header.extend(SHARE);
    header.extend(["rank", "points", "ratio"]);
    header.extend(AMOUNTS);
    header.extend(["entry_n", "entry_total", "entry_share"]);
    header.extend([
        "legacy_n",
        "legacy_total",
        "legacy_lift",
        "employers",
        "why",
    ]);
    let mut rows = Rows::new(header);
    let width = rows.header.len();
    for category in &winners.categories {
        let (value, label, why) = match &category.outcome {
            Outcome::Won {
                winner,
                label,
                value,
                why,
            } => (winner.clone(), label.clone(), format!("{value}: {why}")),
            Outcome::NotMeasurable(reason) => (
                String::new(),
                String::new(),
                format!("not measurable: {reason}"),
            ),
        };
        let mut row = vec![category.category.to_owned(), safe(&value), safe(&label)];
        row.resize(width - 1, String::new());
        row.push(safe(&why));
        rows.rows.push(row);
    }
    for line in &winners.languages {
        let mut row = vec!["language".to_owned(), safe(&line.value), safe(&line.label)];
        row.extend(share(Some(&line.point)));
        row.push(
            line.rank
                .map_or_else(String::new, |(rank, _)| rank.to_string()),
        );
        let growth = |of: &dyn Fn(&crate::report::Growth) -> f64| {
            line.growth
                .as_ref()
                .map_or_else(String::new, |growth| format!("{:.4}", of(growth)))
        };
        row.push(growth(&|growth| growth.points.0 * 100.0));
        row.push(growth(&|growth| growth.ratio.0));
        row.extend(amounts(line.pay.as_ref()));
        let counted = |point: Option<Point>, figure: Option<String>| {
            let n = point.map(|point| point.n.to_string());
            let total = point.map(|point| point.total.to_string());
            [n, total, figure].map(Option::unwrap_or_default)
        };
        let entry = line.entry.map(|entry| format!("{:.5}", entry.share.share));
        row.extend(counted(line.entry, entry));
        let lift = line.legacy.map(|(_, (lift, ..))| format!("{lift:.4}"));
        row.extend(counted(line.legacy.map(|(own, _)| own), lift));
        let employers = line
            .employers
            .iter()
            .map(|(company, n)| format!("{company} ({n})"));
        row.push(safe(&employers.collect::<Vec<_>>().join("; ")));
        row.push(String::new());
        rows.rows.push(row);
    }
    rows
}

/// Pay: one row a value, all first.
pub fn pay(pay: &Pay) -> Rows {
    let mut header = vec!["value", "label", "currency", "country", "named_by"];
    header.extend(AMOUNTS);
    let mut rows = Rows::new(header);
    let scope = |row: &mut Vec<String>| {
        let scope = pay.scope.as_ref().ok();
        row.push(scope.map_or_else(String::new, |scope| scope.currency.clone()));
        row.push(
            scope
                .and_then(|scope| scope.country.clone())
                .unwrap_or_default(),
        );
    };
    let all = pay.all.as_ref().map(|all| ("all", "all", pay.total, all));
    let values = pay.lines.iter();
    let values = values.map(|line| {
        (
            line.value.as_str(),
            line.label.as_str(),
            line.named_by,
            &line.pay,
        )
    });
    for (value, label, named_by, quantiles) in all.into_iter().chain(values) {
        let mut row = vec![safe(value), safe(label)];
        scope(&mut row);
        row.push(named_by.to_string());
        row.extend(amounts(Some(quantiles)));
        rows.rows.push(row);
    }
    rows
}

/// What stands beside a skill: one row each.
pub fn skillset(skillset: &Skillset) -> Rows {
    let mut header = vec!["value", "label", "kind"];
    header.extend(SHARE);
    header.extend(["lift", "lift_low", "lift_high"]);
    let mut rows = Rows::new(header);
    for other in &skillset.beside {
        let mut row = vec![
            safe(&other.value),
            safe(&other.label),
            other.kind.as_str().to_owned(),
        ];
        row.extend(share(Some(&other.point)));
        let (lift, low, high) = other.lift;
        row.extend([lift, low, high].map(|lift| format!("{lift:.4}")));
        rows.rows.push(row);
    }
    rows
}

/// What rises and fades: one row a skill.
pub fn emerging(emerging: &Emerging) -> Rows {
    let mut rows = Rows::new(vec![
        "way",
        "value",
        "label",
        "n_before",
        "total_before",
        "share_before",
        "n",
        "total",
        "share",
        "points",
        "points_low",
        "points_high",
        "points_same_mix",
        "ratio",
        "employers",
        "p",
    ]);
    for (way, changes) in [("rising", &emerging.rising), ("fading", &emerging.fading)] {
        for change in changes {
            let (by, low, high) = change.points;
            let mut row = vec![way.to_owned(), safe(&change.value), safe(&change.label)];
            for point in [&change.from, &change.to] {
                row.extend([
                    point.n.to_string(),
                    point.total.to_string(),
                    format!("{:.5}", point.share.share),
                ]);
            }
            row.extend([by, low, high].map(|points| format!("{:.3}", points * 100.0)));
            let alike = change.alike.map(|alike| format!("{:.3}", alike * 100.0));
            row.push(alike.unwrap_or_default());
            let ratio = change.ratio.map(|(ratio, ..)| format!("{ratio:.4}"));
            row.push(ratio.unwrap_or_default());
            row.push(change.employers.to_string());
            row.push(format!("{:.2e}", change.p));
            rows.rows.push(row);
        }
    }
    rows
}
