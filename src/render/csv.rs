//! Tables with commas or tabs.

mod surveys;

pub use surveys::{emerging, pay, skillset, winners};

use crate::query::rank::{Met, Parts, rounded_to_sum};
use crate::query::{FacetCounts, MatchAnswer};
use crate::report::{Anatomy, Compared, Gap, Trend};
use crate::skills::{SkillNo, Taxonomy};

/// What stands for a share of nothing.
const NONE: &str = "–";

/// Columns that every score has.
const SCORE: [&str; 8] = [
    "score", "fit", "use", "text", "fresh", "have", "near", "missing",
];

/// The cells of [`SCORE`]: points that add up to the score, ids of skills.
fn score(parts: &Parts, taxonomy: &Taxonomy) -> Vec<String> {
    let points = rounded_to_sum(&[parts.fit, parts.used, parts.text, parts.fresh]);
    let id = |no: SkillNo| taxonomy.skill(no).id.as_str();
    let (mut have, mut near, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for scored in &parts.requirements {
        match scored.met {
            Met::Have { skill, .. } => have.push(id(skill).to_owned()),
            Met::Near { skill, by, .. } => near.push(format!("{} by {}", id(skill), id(by))),
            Met::Missing => {
                let any_of: Vec<&str> = scored.any_of.iter().map(|no| id(*no)).collect();
                missing.push(any_of.join(" or "));
            }
        }
    }
    let mut cells = vec![format!("{:.2}", parts.score())];
    cells.extend(points.iter().map(|points| format!("{points:.2}")));
    cells.extend([have, near, missing].map(|mut list| {
        let mut seen = std::collections::HashSet::new();
        list.retain(|item| seen.insert(item.clone()));
        safe(&list.join("; "))
    }));
    cells
}

/// Matches: one row a posting.
pub fn matches(answer: &MatchAnswer, taxonomy: &Taxonomy, delimiter: u8) -> String {
    let mut header = vec!["id", "group", "title", "company"];
    header.extend(SCORE);
    header.extend(["copies", "url"]);
    let row = |found: &crate::query::MatchHit| {
        let posting = &found.hit.posting;
        let text = |text: &Option<String>| safe(text.as_deref().unwrap_or_default());
        let mut row = vec![
            safe(&posting.id),
            safe(&found.hit.group),
            text(&posting.title),
            text(&posting.company),
        ];
        row.extend(score(&found.parts, taxonomy));
        row.extend([found.hit.n_copies.to_string(), text(&posting.url)]);
        row
    };
    written(&header, answer.hits.iter().map(row), delimiter)
}

/// People ranked for a posting: one row a person.
pub fn rated(people: &[(String, Parts)], taxonomy: &Taxonomy, delimiter: u8) -> String {
    let mut header = vec!["name"];
    header.extend(SCORE);
    let row = |(name, parts): &(String, Parts)| {
        let mut row = vec![safe(name)];
        row.extend(score(parts, taxonomy));
        row
    };
    written(&header, people.iter().map(row), delimiter)
}

/// What to learn next: one row a skill.
pub fn gap(gap: &Gap, taxonomy: &Taxonomy, delimiter: u8) -> String {
    let header = [
        "step",
        "id",
        "label",
        "gain",
        "unlocks",
        "reach",
        "total",
        "share",
        "low",
        "high",
        "employers",
        "median_pay",
        "currency",
        "n_pay",
    ];
    let row = |(at, step): (usize, &crate::report::GapStep)| {
        let skill = taxonomy.skill(step.skill);
        let share = |share: f64| format!("{share:.5}");
        let (median, currency, n) = match &step.pay {
            Some((median, currency, n)) => {
                (format!("{median:.0}"), currency.clone(), n.to_string())
            }
            None => Default::default(),
        };
        vec![
            at.to_string(),
            safe(&skill.id),
            safe(&skill.label),
            format!("{:.3}", step.gain),
            step.unlocks.0.to_string(),
            step.reach.0.to_string(),
            gap.total.to_string(),
            share(step.reach.1.share),
            share(step.reach.1.low),
            share(step.reach.1.high),
            step.employers.to_string(),
            median,
            currency,
            n,
        ]
    };
    written(&header, (1..).zip(&gap.steps).map(row), delimiter)
}

/// A table before it is written: every row as long as the header.
pub struct Rows {
    /// Names of the columns.
    pub header: Vec<&'static str>,
    /// Cells, safe for a spreadsheet.
    pub rows: Vec<Vec<String>>,
}

impl Rows {
    fn new(header: Vec<&'static str>) -> Rows {
        Rows {
            header,
            rows: Vec::new(),
        }
    }

    /// The table as text, its cells parted by `delimiter`.
    pub fn written(&self, delimiter: u8) -> String {
        written(&self.header, self.rows.iter().cloned(), delimiter)
    }
}

fn written(header: &[&str], rows: impl Iterator<Item = Vec<String>>, delimiter: u8) -> String {
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    // Writing into memory cannot fail, and all rows are of one length.
    let _ = writer.write_record(header);
    for row in rows {
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A trend: one row a value and period; where it compares, one a comparison.
pub fn trends(trend: &Trend, delimiter: u8) -> String {
    match &trend.compared {
        Some(compared) => self::compared(compared).written(delimiter),
        None => trend_rows(trend).written(delimiter),
    }
}

/// The rows of a trend, before they are written.
pub fn trend_rows(trend: &Trend) -> Rows {
    let mut rows = Rows::new(vec![
        "value",
        "label",
        "start",
        "end",
        "partial",
        "n",
        "total",
        "share",
        "low",
        "high",
        "standardised",
    ]);
    for series in &trend.series {
        for (at, (period, point)) in trend.periods.iter().zip(&series.points).enumerate() {
            let share = |share: f64| format!("{share:.5}");
            let of_some = |part: f64| match point.total {
                0 => NONE.to_owned(),
                _ => share(part),
            };
            let alike = series.standardised.get(at).copied().flatten();
            rows.rows.push(vec![
                safe(&series.value),
                safe(&series.label),
                period.start.to_string(),
                period.end.to_string(),
                period.is_partial.to_string(),
                point.n.to_string(),
                point.total.to_string(),
                of_some(point.share.share),
                of_some(point.share.low),
                of_some(point.share.high),
                alike.map_or_else(String::new, share),
            ]);
        }
    }
    rows
}

/// Two sides against each other: one row a line.
pub fn compared(compared: &Compared) -> Rows {
    let mut rows = Rows::new(vec![
        "value",
        "against",
        "first",
        "n_first",
        "total_first",
        "share_first",
        "second",
        "n_second",
        "total_second",
        "share_second",
        "points",
        "points_low",
        "points_high",
        "ratio",
        "significant",
    ]);
    for line in &compared.lines {
        let mut row = vec![safe(&line.value.0), safe(&line.against.0)];
        for (side, point) in compared.sides.iter().zip(&line.points) {
            row.extend([
                safe(&side.name),
                point.n.to_string(),
                point.total.to_string(),
                match point.total {
                    0 => NONE.to_owned(),
                    _ => format!("{:.5}", point.share.share),
                },
            ]);
        }
        let (by, low, high) = line.difference;
        row.extend([by, low, high].map(|part| format!("{:.3}", part * 100.0)));
        row.push(
            line.ratio
                .map_or_else(String::new, |(ratio, ..)| format!("{ratio:.4}")),
        );
        row.push(line.is_significant().to_string());
        rows.rows.push(row);
    }
    rows
}

/// An anatomy: one row a line.
pub fn anatomy(anatomy: &Anatomy) -> Rows {
    let mut header = vec![
        "section",
        "value",
        "label",
        "language",
        "n",
        "total",
        "share",
        "low",
        "high",
        "required",
        "preferred",
    ];
    if anatomy.versus.is_some() {
        header.extend([
            "n_second",
            "total_second",
            "share_second",
            "points",
            "points_low",
            "points_high",
            "significant",
        ]);
    }
    let mut rows = Rows::new(header);
    let share = |share: f64| format!("{share:.5}");
    for section in &anatomy.sections {
        for line in &section.lines {
            let mut row = vec![
                section.id.to_owned(),
                safe(&line.id),
                safe(&line.label),
                safe(line.of_language.as_deref().unwrap_or_default()),
                line.n.to_string(),
                anatomy.total.to_string(),
                share(line.share.share),
                share(line.share.low),
                share(line.share.high),
                share(line.required),
                share(line.preferred),
            ];
            if let Some(versus) = &line.versus {
                let second = &versus.points[1];
                row.extend([
                    second.n.to_string(),
                    second.total.to_string(),
                    share(second.share.share),
                ]);
                let (by, low, high) = versus.difference;
                row.extend([by, low, high].map(|part| format!("{:.3}", part * 100.0)));
                row.push(versus.is_significant().to_string());
            }
            rows.rows.push(row);
        }
    }
    rows
}

/// The values of a facet, one a row.
pub fn facet(counts: &FacetCounts, delimiter: u8) -> String {
    let row = |value: &crate::query::FacetValue| {
        let count = value.count.to_string();
        vec![safe(&value.value), safe(&value.label), count]
    };
    let rows = counts.values.iter().map(row);
    written(&["value", "label", "count"], rows, delimiter)
}

/// Rows of text under a header; no cell of them is a formula.
pub fn rows<'a>(
    header: &[String],
    rows: impl Iterator<Item = &'a Vec<String>>,
    delimiter: u8,
) -> String {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let safe = rows.map(|row| row.iter().map(|cell| self::safe(cell)).collect());
    written(&header, safe, delimiter)
}

/// One row of text without a header; no cell of it is a formula.
pub fn row(cells: &[String], delimiter: u8) -> String {
    let safe: Vec<String> = cells.iter().map(|cell| self::safe(cell)).collect();
    let safe: Vec<&str> = safe.iter().map(String::as_str).collect();
    written(&safe, std::iter::empty(), delimiter)
}

/// A cell that no spreadsheet takes for a formula.
fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("C++"), "C++");
    }
}
