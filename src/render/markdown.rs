//! Documents: an anatomy that reads as an article.

use super::{counted, harmless, percent};
use crate::query::FacetCounts;
use crate::report::{Anatomy, AnatomySection, Card, Contrast, Denominator, Trend, Unit, Winners};

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

/// What a report stands on: its card, the conditions of its postings, and what its
/// shares are of.
fn head(title: &str, card: &Card, conditions: &[String], shares: &str) -> String {
    let card: Vec<String> = super::table::reports::card(card)
        .lines()
        .map(escaped)
        .collect();
    let conditions: Vec<String> = conditions.iter().map(|line| escaped(line)).collect();
    let which = match conditions.is_empty() {
        true => "All postings of the index.".to_owned(),
        false => format!("Postings with: {}.", conditions.join("; ")),
    };
    format!(
        "# {}\n\n{}.\n\n{which} {shares}\n\n",
        escaped(title),
        card.join("; ")
    )
}

/// A trend as tables: every value and period, and what stands against what.
/// `conditions` say which postings are counted.
pub fn trends(trend: &Trend, conditions: &[String]) -> String {
    let request = &trend.request;
    let by = request.by;
    let span = match (trend.periods.first(), trend.periods.last()) {
        (Some(first), Some(last)) => format!(", {} to {}", first.name(by), last.name(by)),
        _ => String::new(),
    };
    let title = format!(
        "Shares over time: {} by {}{span}",
        request.dimension.name(),
        by.name()
    );
    let unit = match request.unit {
        Unit::Groups => "groups of copies",
        Unit::Spells => "spells",
        Unit::Adverts => "adverts",
    };
    let of = match request.denominator {
        Denominator::All => "all",
        Denominator::Any => "those that name any value, in",
    };
    let shares = format!("A share is n of {of} {unit} of its period, with its 95 % interval.");
    let mut out = head(&title, &trend.card, conditions, &shares);
    out.push_str(&rows(&super::csv::trend_rows(trend)));
    if let Some(compared) = &trend.compared {
        out.push('\n');
        out.push_str(&rows(&super::csv::compared(compared)));
    }
    for warning in &trend.warnings {
        out.push_str(&format!("\n> {}\n", escaped(warning)));
    }
    out
}

/// Categories and who wins them, and the languages. `conditions` say which postings
/// are counted.
pub fn winners(winners: &Winners, conditions: &[String]) -> String {
    let months = winners.window.as_ref().map_or_else(
        || "all postings".to_owned(),
        |window| {
            let last = window.end.yesterday().unwrap_or(window.end);
            format!("{} to {last}", window.start)
        },
    );
    let pay = match &winners.pay_scope {
        Ok(scope) => match &scope.country {
            Some(country) => format!("in {} in {country}", scope.currency),
            None => format!("in {}, any country", scope.currency),
        },
        Err(why) => format!("not told: {}", escaped(why)),
    };
    let shares = format!(
        "A share is n of {}, with its 95 % interval. Pay is {pay}.",
        counted(winners.total, "group")
    );
    let title = format!("Category winners and who is hiring, {months}");
    let mut out = head(&title, &winners.card, conditions, &shares);
    out.push_str(&rows(&super::csv::winners(winners)));
    out
}

/// An anatomy as an article.
pub fn anatomy(anatomy: &Anatomy, role: Option<&str>) -> String {
    let role = role.map_or_else(|| "job".to_owned(), |role| format!("{role} job"));
    let mut out = format!("# What is in a {role} description?\n\n");
    out.push_str(&format!(
        "Counted over {} of copies ({}). Every share is of these groups, with its 95 % interval.\n",
        counted(anatomy.total, "group"),
        counted(anatomy.card.n_postings, "advert")
    ));
    if let Some(versus) = &anatomy.versus {
        let [_, second] = &versus.sides;
        out.push_str(&format!(
            "\nBeside them stand {} of `{}`; on both sides, and counted there only: {}. A difference is this share minus that one.\n",
            counted(second.total, "group"),
            cell(&second.name),
            counted(versus.shared, "group")
        ));
    }
    for section in &anatomy.sections {
        out.push_str(&self::section(
            section,
            anatomy.total,
            anatomy.versus.is_some(),
        ));
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

fn section(section: &AnatomySection, total: u64, is_versus: bool) -> String {
    let (n, share) = &section.any;
    let mut out = format!("\n## {}\n\n", section.title);
    if section.lines.is_empty() {
        out.push_str("Nothing of this is named.\n");
        return out;
    }
    out.push_str(&format!(
        "{n} of {total} postings ({}, {}) name something here.{}{}\n\n",
        percent(share.share),
        interval(share.low, share.high),
        leading(section),
        section.versus.as_ref().map_or_else(String::new, against),
    ));
    let mut header = vec![
        "",
        "Postings",
        "Share",
        "Interval",
        "Required",
        "Nice to have",
    ];
    if is_versus {
        header.extend(["Against", "Points", "Interval of the difference"]);
    }
    let with_employers = section.id == "languages";
    if with_employers {
        header.push("Who is hiring");
    }
    out.push_str(&format!("| {} |\n", header.join(" | ")));
    out.push_str(&format!("|{}\n", "---|".repeat(header.len())));
    for line in &section.lines {
        let label = match &line.of_language {
            Some(language) => format!("{} ({})", cell(&line.label), cell(language)),
            None => cell(&line.label),
        };
        let mut row = vec![
            label,
            format!("{}/{total}", line.n),
            percent(line.share.share),
            interval(line.share.low, line.share.high),
            percent(line.required),
            percent(line.preferred),
        ];
        if let Some(versus) = &line.versus {
            let (by, low, high) = versus.difference;
            row.extend([
                percent(versus.points[1].share.share),
                format!("{:+.1}", by * 100.0),
                format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
            ]);
        }
        if with_employers {
            let employers: Vec<String> = line
                .employers
                .iter()
                .map(|(company, n)| format!("{} ({n})", cell(company)))
                .collect();
            row.push(employers.join(", "));
        }
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    out
}

fn interval(low: f64, high: f64) -> String {
    format!("{:.1}–{:.1}", low * 100.0, high * 100.0)
}

/// What leads a section, and whether clearly.
fn leading(section: &AnatomySection) -> String {
    let [first, rest @ ..] = section.lines.as_slice() else {
        return String::new();
    };
    let mut close: Vec<&str> = rest
        .iter()
        .filter(|line| line.share.high >= first.share.low)
        .map(|line| line.label.as_str())
        .collect();
    if close.len() > 3 {
        close.truncate(3);
        close.push("others");
    }
    let label = cell(&first.label);
    match close.as_slice() {
        [] => format!(" {label} leads."),
        close => format!(
            " {label} leads, not clearly ahead of {}.",
            cell(&close.join(", "))
        ),
    }
}

/// A share against that of other postings, as a sentence.
fn against(line: &Contrast) -> String {
    let (by, low, high) = line.difference;
    let clear = match super::clear(line) {
        "" => "",
        "few votes" => ", on few votes",
        _ => ", no clear difference",
    };
    format!(
        " In the other postings it is {} ({:+.1} points, {:+.1} to {:+.1}{clear}).",
        percent(line.points[1].share.share),
        by * 100.0,
        low * 100.0,
        high * 100.0
    )
}

fn cell(text: &str) -> String {
    harmless(text).replace('|', "\\|")
}
