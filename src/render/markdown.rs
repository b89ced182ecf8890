//! Documents: an anatomy that reads as an article.

use super::{harmless, percent};
use crate::query::FacetCounts;
use crate::report::{Anatomy, AnatomySection};

/// Rows under a head, as a table.
pub fn cells<'a>(head: &[String], rows: impl Iterator<Item = &'a Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut out = line(head);
    out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
    rows.for_each(|row| out.push_str(&line(row)));
    out
}

/// The values of a facet, as a table.
pub fn facet(counts: &FacetCounts) -> String {
    let head = [counts.facet.name(), "value", "postings"].map(str::to_owned);
    let cells: Vec<Vec<String>> = counts
        .values
        .iter()
        .map(|value| {
            vec![
                value.label.clone(),
                value.value.clone(),
                value.count.to_string(),
            ]
        })
        .collect();
    self::cells(&head, cells.iter())
}

/// A cell in which nothing is markup, and no line ends.
fn escaped(cell: &str) -> String {
    let mut out = String::new();
    for c in harmless(cell).chars() {
        if matches!(c, '|' | '\\' | '<' | '[' | ']' | '*' | '_' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An anatomy as an article.
pub fn anatomy(anatomy: &Anatomy, role: Option<&str>) -> String {
    let role = role.map_or_else(|| "job".to_owned(), |role| format!("{role} job"));
    let mut out = format!("# What is in a {role} description?\n\n");
    out.push_str(&format!(
        "Counted over {} groups of postings ({} adverts). Every share is of these groups, with its 95 % interval.\n",
        anatomy.total, anatomy.card.n_postings
    ));
    for section in &anatomy.sections {
        out.push_str(&self::section(section, anatomy.total));
    }
    out.push_str("\n## Experience\n\n");
    match anatomy.years.quartiles {
        Some((low, middle, high)) => out.push_str(&format!(
            "{} of {} postings name years beside a skill: half of these ask for {middle} or more (middle half {low}–{high}).\n",
            anatomy.years.n, anatomy.total
        )),
        None => out.push_str("No posting names years.\n"),
    }
    let (n, share) = &anatomy.with_choice;
    out.push_str(&format!(
        "\n## Choice\n\n{n} of {} postings ({}, {}–{}) offer a choice somewhere, such as one language of several.\n",
        anatomy.total,
        percent(share.share),
        percent(share.low),
        percent(share.high)
    ));
    if !anatomy.pay.is_empty() {
        out.push_str("\n## Pay\n\n| Currency | Postings | Lower quartile | Median | Upper quartile |\n|---|---|---|---|---|\n");
        for pay in &anatomy.pay {
            let (low, middle, high) = pay.quartiles;
            out.push_str(&format!(
                "| {} | {} | {low:.0} | {middle:.0} | {high:.0} |\n",
                pay.currency, pay.n
            ));
        }
    }
    out
}

/// Rows as a table.
pub fn rows(rows: &super::csv::Rows) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(
        rows.header
            .iter()
            .map(|name| name.replace('_', " "))
            .collect(),
    );
    out.push_str(&line(
        rows.header.iter().map(|_| "---".to_owned()).collect(),
    ));
    for row in &rows.rows {
        out.push_str(&line(row.iter().map(|text| cell(text)).collect()));
    }
    out
}

fn section(section: &AnatomySection, total: u64) -> String {
    let (n, share) = &section.any;
    let mut out = format!("\n## {}\n\n", section.title);
    if section.lines.is_empty() {
        out.push_str("Nothing of this is named.\n");
        return out;
    }
    out.push_str(&format!(
        "{n} of {total} postings ({}) name something here.\n\n",
        percent(share.share)
    ));
    let with_employers = section.id == "languages";
    out.push_str(if with_employers {
        "| | Postings | Share | Interval | Required | Nice to have | Who is hiring |\n|---|---|---|---|---|---|---|\n"
    } else {
        "| | Postings | Share | Interval | Required | Nice to have |\n|---|---|---|---|---|---|\n"
    });
    for line in &section.lines {
        out.push_str(&format!(
            "| {} | {}/{total} | {} | {}–{} | {} | {} |",
            line.label,
            line.n,
            percent(line.share.share),
            percent(line.share.low),
            percent(line.share.high),
            percent(line.required),
            percent(line.preferred),
        ));
        if with_employers {
            let employers: Vec<String> = line
                .employers
                .iter()
                .map(|(company, n)| format!("{} ({n})", cell(company)))
                .collect();
            out.push_str(&format!(" {} |", employers.join(", ")));
        }
        out.push('\n');
    }
    out
}

fn cell(text: &str) -> String {
    harmless(text).replace('|', "\\|")
}
