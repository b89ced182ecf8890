//! The sections of the page: a few words, a drawing, and the numbers under it.

use std::fmt::Write as _;

use super::{charts, escape, folded_table, lines, table, thousands};
use crate::render::json::Provenance;
use crate::render::{day, interval, of_all, part, percent, same_mix};
use crate::report::{
    AnatomyLine, Card, Change, FullReport, Growth, Outcome, PayQuantiles, PayScope, Period, Point,
};

const NONE: &str = "–";

fn ratio(point: &Point) -> String {
    format!("{}/{}", point.n, point.total)
}

fn months(period: &Period) -> String {
    let last = period.end.yesterday().unwrap_or(period.end);
    format!("{} to {last}", period.start)
}

fn grown(growth: Option<&Growth>) -> String {
    growth.map_or_else(
        || NONE.to_owned(),
        |growth| {
            let (by, low, high) = growth.points;
            let clear = if growth.is_significant() {
                ""
            } else {
                ", within chance"
            };
            format!(
                "{:+.1} ({:+.1} to {:+.1}{clear})",
                by * 100.0,
                low * 100.0,
                high * 100.0
            )
        },
    )
}

fn figure(caption: &str, drawing: &str) -> String {
    format!(
        "<figure><figcaption>{}</figcaption>{drawing}</figure>\n",
        escape(caption)
    )
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape(text))
}

/// The leading languages over time.
pub(super) fn languages(report: &FullReport) -> String {
    let trend = &report.trend;
    if trend.series.is_empty() || trend.periods.is_empty() {
        return paragraph("No dated posting names a language.");
    }
    let by = trend.request.by;
    let mut out = paragraph(
        "Of all postings of a period, the part that names a language. One that names three counts for all three, \
         so shares add up to more than 100 %. Copies of one posting count once.",
    );
    let caption = format!(
        "Share of postings by {}, with 95 % intervals as bands; periods that the data do not fill stand in the table alone, with a *",
        by.name()
    );
    let drawn = &lines::full_periods(trend);
    let chart = figure(&caption, &lines::chart(drawn, &drawn.series));
    out.push_str(&chart.replacen("<figure>", "<figure class=\"big\">", 1));
    out.push_str("<figure><figcaption>Each language by itself, on a scale of its own; the band of a period with fewer than 20 postings may leave it</figcaption>\n<div class=\"multiples\">\n");
    for (no, series) in (1..).zip(&drawn.series) {
        let _ = writeln!(out, "<div>{}</div>", lines::small(drawn, series, no));
    }
    out.push_str("</div></figure>\n");
    let mut header = vec!["period".to_owned(), "postings".to_owned()];
    header.extend(trend.series.iter().map(|series| series.label.clone()));
    let all: Vec<usize> = (0..trend.periods.len()).collect();
    let rows: Vec<Vec<String>> = all
        .chunk_by(|a, b| trend.totals[*a] == 0 && trend.totals[*b] == 0)
        .map(|run| {
            let (at, end) = (run[0], run[run.len() - 1]);
            let period = &trend.periods[at];
            let partial = if period.is_partial { "*" } else { "" };
            let name = match at == end {
                true => format!("{}{partial}", period.name(by)),
                false => format!("{} to {}", period.name(by), trend.periods[end].name(by)),
            };
            let mut row = vec![name, trend.totals[at].to_string()];
            row.extend(trend.series.iter().map(|series| {
                let point = &series.points[at];
                match point.total {
                    0 => NONE.to_owned(),
                    _ => format!(
                        "{} = {} ({})",
                        point.n,
                        percent(point.share.share),
                        interval(point)
                    ),
                }
            }));
            row
        })
        .collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let numbers = folded_table("n, share and interval by period", &header, &rows);
    let _ = writeln!(out, "<div class=\"points\">{numbers}</div>");
    out.push_str(&notes(&trend.warnings));
    out
}

/// Sentences a reader should know.
fn notes(warnings: &[String]) -> String {
    let sentence = |warning: &String| {
        let mut text = warning.clone();
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        note(&format!("{text}."))
    };
    warnings.iter().map(sentence).collect()
}

/// Categories and languages with who is hiring.
pub(super) fn winners(report: &FullReport) -> String {
    let winners = &report.winners;
    let mut out = match &winners.window {
        Some(window) => paragraph(&format!(
            "The last full months, {}: {} postings without copies.",
            months(window),
            thousands(winners.total as f64)
        )),
        None => paragraph("All postings, for there is no full month."),
    };
    let rows: Vec<Vec<String>> = winners
        .categories
        .iter()
        .map(|category| match &category.outcome {
            Outcome::Won {
                label, value, why, ..
            } => vec![
                category.category.to_owned(),
                label.clone(),
                value.clone(),
                why.clone(),
            ],
            Outcome::NotMeasurable(reason) => vec![
                category.category.to_owned(),
                NONE.to_owned(),
                "not measurable".to_owned(),
                reason.clone(),
            ],
        })
        .collect();
    let drawn = table(
        "Category winners, from data",
        &["category", "winner", "figure", "why"],
        &rows,
    );
    out.push_str(&drawn.replace("class=\"wide\"", "class=\"wide words\""));
    let list = |values: &[(String, u64)]| {
        let each = values.iter().map(|(label, n)| format!("{label} ({n})"));
        each.collect::<Vec<_>>().join(", ")
    };
    let named = || winners.languages.iter().filter(|line| line.point.n > 0);
    let rows: Vec<Vec<String>> = named()
        .map(|line| {
            vec![
                line.label.clone(),
                line.rank.map_or_else(
                    || NONE.to_owned(),
                    |(rank, (best, worst))| format!("{rank} ({best}–{worst})"),
                ),
                ratio(&line.point),
                percent(line.point.share.share),
                interval(&line.point),
                grown(line.growth.as_ref()),
                line.entry.as_ref().map_or_else(
                    || NONE.to_owned(),
                    |entry| format!("{} = {}", ratio(entry), percent(entry.share.share)),
                ),
            ]
        })
        .collect();
    out.push_str(&table(
        "Languages: rank with the ranks its interval allows, share, change in a year in percentage points, entry-level postings",
        &["", "rank", "n/N", "share", "interval", "change", "entry"],
        &rows,
    ));
    let rows: Vec<Vec<String>> = named()
        .map(|line| vec![line.label.clone(), list(&line.employers)])
        .collect();
    let hiring = table(
        "Who is hiring: employers by postings",
        &["", "employers"],
        &rows,
    );
    out.push_str(&hiring.replace("class=\"wide\"", "class=\"wide words\""));
    let rows: Vec<Vec<String>> = named()
        .map(|line| {
            let mut row = vec![line.label.clone()];
            row.extend(line.beside.iter().map(|(_, values)| list(values)));
            row
        })
        .collect();
    let beside = folded_table(
        "what stands beside each language",
        &[
            "",
            "databases",
            "frameworks",
            "tools",
            "soft skills",
            "responsibilities",
        ],
        &rows,
    );
    out.push_str(&beside.replace("class=\"wide\"", "class=\"wide words\""));
    out.push_str(&notes(&winners.warnings));
    out
}

/// A line's name; a framework's with its language.
fn framework(line: &AnatomyLine) -> String {
    match &line.of_language {
        Some(language) => format!("{} ({language})", line.label),
        None => line.label.clone(),
    }
}

/// The description of the role, section by section.
pub(super) fn anatomy(report: &FullReport) -> String {
    let anatomy = &report.anatomy;
    let role = report.request.role.as_deref().unwrap_or("any");
    let mut out = paragraph(&format!(
        "Role: {role}. {} postings without copies; every share is of these, with its 95 % interval; required and nice to have are of those that name the line, without one.",
        thousands(anatomy.total as f64)
    ));
    if anatomy.total == 0 {
        return out;
    }
    // One scale for all sections, or a rare thing would look as common as a common one.
    let lines = anatomy.sections.iter().flat_map(|section| &section.lines);
    let most = lines.map(|line| line.share.high).fold(0.01, f64::max);
    for section in anatomy
        .sections
        .iter()
        .filter(|section| !section.lines.is_empty())
    {
        let (n, share) = &section.any;
        let _ = writeln!(out, "<h3>{}</h3>", escape(section.title));
        let rows: Vec<(String, Point)> = section
            .lines
            .iter()
            .map(|line| {
                let point = Point {
                    n: line.n,
                    total: anatomy.total,
                    share: line.share,
                };
                (framework(line), point)
            })
            .collect();
        let caption = format!(
            "{n} of {} postings ({}) name something here",
            anatomy.total,
            percent(share.share)
        );
        out.push_str(&figure(&caption, &charts::bars(section.title, &rows, most)));
        let rows: Vec<Vec<String>> = section
            .lines
            .iter()
            .map(|line| {
                vec![
                    framework(line),
                    format!("{}/{}", line.n, anatomy.total),
                    percent(line.share.share),
                    format!(
                        "{:.1}–{:.1}",
                        line.share.low * 100.0,
                        line.share.high * 100.0
                    ),
                    percent(line.required),
                    percent(line.preferred),
                ]
            })
            .collect();
        out.push_str(&folded_table(
            &format!(
                "{}: of those that name it, how many require it",
                section.title
            ),
            &["", "n/N", "share", "interval", "required", "nice to have"],
            &rows,
        ));
    }
    if let Some((low, middle, high)) = anatomy.years.quartiles {
        out.push_str(&paragraph(&format!(
            "Years: {} of {} postings name years beside a skill; half of these ask for {middle} or more (middle half {low} to {high}).",
            anatomy.years.n, anatomy.total
        )));
    }
    let (n, share) = &anatomy.with_choice;
    out.push_str(&paragraph(&format!(
        "Choice: {n} of {} ({}) offer a choice somewhere, such as one language of several.",
        anatomy.total,
        percent(share.share)
    )));
    out
}

fn scope(scope: &PayScope) -> String {
    match &scope.country {
        Some(country) => format!("{} in {country}", scope.currency),
        None => format!("{} in any country", scope.currency),
    }
}

/// Quantiles of pay by language.
pub(super) fn pay(report: &FullReport) -> String {
    let pay = &report.pay;
    let (of, all) = match (&pay.scope, &pay.all) {
        (Ok(of), Some(all)) => (of, all),
        (Err(why), _) => return notes(std::slice::from_ref(why)),
        (Ok(_), None) => {
            return paragraph("Fewer than ten postings state a closed range of pay.");
        }
    };
    let mut out = paragraph(&format!(
        "Yearly pay in {}, stated or read from the text, never a publisher's estimate: the middle of each closed range. \
         {} of {} postings say so ({}).",
        scope(of),
        thousands(all.n as f64),
        thousands(pay.total as f64),
        percent(all.n as f64 / pay.total.max(1) as f64)
    ));
    let mut rows: Vec<(String, &PayQuantiles)> = vec![("all".to_owned(), all)];
    rows.extend(pay.lines.iter().map(|line| (line.label.clone(), &line.pay)));
    let caption = format!(
        "{} a year: line p10 to p90, bar the middle half, mark and figure the median",
        of.currency
    );
    out.push_str(&figure(&caption, &charts::ranges("Pay by language", &rows)));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|(label, pay)| {
            let mut row = vec![label.clone(), pay.n.to_string()];
            row.extend(pay.quantiles.map(thousands));
            let (low, high) = pay.median_interval;
            row.push(format!("{}–{}", thousands(low), thousands(high)));
            row
        })
        .collect();
    out.push_str(&folded_table(
        "quantiles of pay",
        &[
            "",
            "n",
            "p10",
            "p25",
            "median",
            "p75",
            "p90",
            "median's interval",
        ],
        &rows,
    ));
    out
}

/// Which technologies are named together.
pub(super) fn together(report: &FullReport) -> String {
    if report.together.skills.len() < 2 {
        return paragraph("No two technologies are named by twenty postings.");
    }
    let mut out = paragraph(
        "Of a hundred postings that name the row, how many name the column. The number beside a name is how many postings name it.",
    );
    out.push_str(&charts::matrix(&report.together));
    out
}

/// What rises and fades.
pub(super) fn changes(report: &FullReport) -> String {
    let emerging = &report.emerging;
    let Some((later, earlier)) = &emerging.windows else {
        return paragraph("Less than thirteen months of dated postings: nothing can be compared.");
    };
    let mut out = paragraph(&format!(
        "{} ({} postings) against {} ({}). {} skills were tested at once; of those listed at most one in ten changed by chance alone.",
        months(later),
        thousands(emerging.totals.0 as f64),
        months(earlier),
        thousands(emerging.totals.1 as f64),
        emerging.n_tested
    ));
    for (title, n, changes) in emerging.ways() {
        let _ = writeln!(out, "<h3>{}</h3>", of_all(title, changes.len(), n));
        if n == 0 {
            out.push_str(&paragraph("Nothing beyond chance."));
            continue;
        }
        let is_mixed = changes.iter().any(|change| change.alike.is_some());
        let row = |change: &Change| {
            let (by, low, high) = change.points;
            let mut row = vec![
                change.label.clone(),
                format!(
                    "{} = {}",
                    ratio(&change.from),
                    percent(change.from.share.share)
                ),
                format!("{} = {}", ratio(&change.to), percent(change.to.share.share)),
                format!("{:+.1}", by * 100.0),
                format!("{:+.1} to {:+.1}", low * 100.0, high * 100.0),
            ];
            if is_mixed {
                row.push(same_mix(change));
            }
            row.push(change.employers.to_string());
            row
        };
        let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
        let mut header = vec!["", "before", "now", "points", "interval"];
        if is_mixed {
            header.push("same mix");
        }
        header.push("employers");
        out.push_str(&table(
            "Change of the share in percentage points",
            &header,
            &rows,
        ));
    }
    out.push_str(&notes(&emerging.warnings));
    out
}

/// Rungs and workplaces by language.
pub(super) fn mixes(report: &FullReport) -> String {
    let mut out = String::new();
    for (title, mix) in [
        ("Seniority", &report.seniorities),
        ("Workplace", &report.workplaces),
    ] {
        let _ = writeln!(out, "<h3>{title}</h3>");
        if mix.rows.is_empty() {
            out.push_str(&paragraph("Too few postings state it."));
            continue;
        }
        let caption = "Per cent of the postings of each language that state it";
        out.push_str(&charts::mix(caption, mix));
        let mut header = vec!["", "n"];
        header.extend(mix.parts.iter().map(String::as_str));
        let rows: Vec<Vec<String>> =
            mix.rows
                .iter()
                .map(|(label, total, parts)| {
                    let mut row = vec![label.clone(), total.to_string()];
                    row.extend(parts.iter().map(|point| {
                        format!("{} ({})", percent(point.share.share), interval(point))
                    }));
                    row
                })
                .collect();
        let caption = format!("{title}, with intervals");
        out.push_str(&folded_table(&caption, &header, &rows));
    }
    out
}

/// What the page stands on, in a few figures.
pub(super) fn card(card: &Card) -> String {
    let share = |n: u64| part(n, card.n_postings);
    let few = |values: &[(String, u64)]| {
        let named = values
            .iter()
            .take(3)
            .map(|(name, n)| format!("{name} {}", thousands(*n as f64)));
        let mut named: Vec<String> = named.collect();
        if values.len() > 3 {
            named.push(format!("{} more", values.len() - 3));
        }
        named.join(", ")
    };
    let mut out = String::from("<dl class=\"card\">\n");
    for (name, value) in [
        ("Sources", few(&card.sources)),
        ("Copies", share(card.n_postings - card.n_groups)),
        ("With a date", share(card.with_date)),
        ("With an employer", share(card.with_company)),
        ("With a country", share(card.with_place)),
        ("With pay", share(card.with_pay)),
        ("Without a whole text", share(card.partial)),
        ("Written in", few(&card.text_languages)),
    ] {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(&value));
    }
    out.push_str("</dl>\n<p class=\"note\">Shares are of these postings, not of all jobs. 95 % intervals stand beside shares over time, \
         of sections, of seniority and of workplace, and beside changes; none beside entry level, required, nice to have and what is asked for together. ");
    out.push_str("<a href=\"#coverage\">What this stands on</a></p>\n");
    out
}

/// The corpus card and what must be borne in mind.
pub(super) fn coverage(report: &FullReport, provenance: &Provenance) -> String {
    let card = &report.winners.card;
    let share = |n: u64| part(n, card.n_postings);
    let list = |values: &[(String, u64)]| {
        let each = values.iter().map(|(label, n)| format!("{label} {n}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let dates = card.dates.map_or_else(
        || NONE.to_owned(),
        |(first, last)| format!("{} to {}", day(first), day(last)),
    );
    let rows = [
        ("sources", list(&card.sources)),
        ("dates", dates),
        ("adverts", thousands(card.n_postings as f64)),
        (
            "without copies",
            format!(
                "{} ({} copies)",
                thousands(card.n_groups as f64),
                share(card.n_postings - card.n_groups)
            ),
        ),
        ("with a date", share(card.with_date)),
        ("with an employer", share(card.with_company)),
        ("with a country", share(card.with_place)),
        ("with pay fit for statistics", share(card.with_pay)),
        ("text missing or cut off", share(card.partial)),
        ("languages of text", list(&card.text_languages)),
        ("list of skills", provenance.skills_hash.clone()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("command", provenance.command.clone()),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
    let card = table("The corpus", &["", ""], &rows);
    let mut out = card.replace("class=\"wide\"", "class=\"wide words\"");
    for text in [
        "These postings are those of the sources above and nothing else: a share here is a share of them, not of all jobs. \
         A posting says what an employer writes, not what the work is.",
        "Postings without a date stand in no trend; those whose text is missing or cut off stand in no share. Skills are read \
         by rules from the text; those of about-us and benefits sections, and those ruled out, do not count.",
        "Intervals are 95 % Wilson intervals, widened for employers whose postings resemble each other (Rao and Scott). \
         Changes have Newcombe's interval. Below 20 postings there is no rank and no change, below 10 no pay.",
    ] {
        out.push_str(&note(text));
    }
    out
}
