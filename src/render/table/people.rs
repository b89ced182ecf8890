//! What to learn next, and people ranked for a posting.

use std::fmt::Write as _;

use super::matches::met;
use super::{FAINT, Paint, STRONG, lines, right, table};
use crate::posting::Posting;
use crate::query::rank::Parts;
use crate::render::json::name;
use crate::render::{counted, harmless, percent};
use crate::report::{Gap, GapRequest, GapStep, MAX_LACKING};
use crate::skills::Taxonomy;

/// The answer of `gap`.
pub fn gap(gap: &Gap, request: &GapRequest, taxonomy: &Taxonomy, paint: Paint) -> String {
    let person = &request.person;
    let label = |no| taxonomy.skill(no).label.as_str();
    let have: Vec<&str> = person.skills.iter().map(|(no, _)| label(*no)).collect();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "With {}: everything needed by {} of {} postings ({}, 95 % interval {:.1}–{:.1})",
        have.join(", "),
        gap.met.0,
        gap.total,
        percent(gap.met.1.share),
        gap.met.1.low * 100.0,
        gap.met.1.high * 100.0
    );
    let near: Vec<String> = (1..=MAX_LACKING)
        .zip(&gap.lacking)
        .map(|(n, of)| format!("{of} lack {n}"))
        .collect();
    let _ = writeln!(out, "{}", near.join(", "));
    if gap.silent > 0 {
        let _ = writeln!(
            out,
            "left out, with neither a text nor a list of skills: {}",
            counted(gap.silent, "posting")
        );
    }
    if gap.is_thin() {
        out.push_str("so few postings say little\n");
    }
    out.push('\n');
    if request.n_steps == 0 {
        return out;
    }
    if gap.steps.is_empty() {
        out.push_str("nothing to learn brings more of them\n");
        return out;
    }
    let mut table = table(&[
        "",
        "learn",
        "unlocks",
        "reach",
        "interval",
        "employers",
        "median pay",
        "still lacking",
    ]);
    for (at, step) in (1..).zip(&gap.steps) {
        table.add_row([
            at.to_string(),
            paint.with(STRONG, label(step.skill)),
            format!("+{}", step.unlocks.0),
            format!("{} ({})", step.reach.0, percent(step.reach.1.share)),
            format!(
                "{:.1}–{:.1}",
                step.reach.1.low * 100.0,
                step.reach.1.high * 100.0
            ),
            step.employers.to_string(),
            pay(step),
            beside(step, taxonomy),
        ]);
    }
    right(&mut table, 2..7);
    out.push_str(&lines(&table));
    let _ = writeln!(
        out,
        "\n{}",
        paint.with(
            FAINT,
            "unlocks: postings that then lack nothing they require; each step counts what those before it opened\n\
             still lacking: postings that ask for it and then still lack something, and what most of them lack\n\
             in order of what is gained: 1 for a posting that is unlocked, of one still lacking the part that is met"
        )
    );
    out
}

fn pay(step: &GapStep) -> String {
    step.pay.as_ref().map_or_else(
        || "–".to_owned(),
        |(median, currency, n)| format!("{currency} {median:.0} (n={n})"),
    )
}

fn beside(step: &GapStep, taxonomy: &Taxonomy) -> String {
    match step.together_with {
        Some(no) if step.helps > 0 => {
            format!("{}, mostly {}", step.helps, taxonomy.skill(no).label)
        }
        _ => String::new(),
    }
}

/// The answer of `rate`.
pub fn rated(
    posting: &Posting,
    people: &[(String, Parts)],
    n_people: usize,
    taxonomy: &Taxonomy,
    paint: Paint,
) -> String {
    let mut out = String::new();
    let company = posting.company.as_deref().unwrap_or_default();
    let _ = writeln!(
        out,
        "{} — {}: {} of {n_people} people\n",
        paint.with(STRONG, &harmless(&name(posting))),
        harmless(company),
        people.len()
    );
    for (at, (name, parts)) in (1..).zip(people) {
        let score = paint.with(FAINT, &format!("[{:.2}]", parts.score()));
        let _ = writeln!(
            out,
            "{at:>3}. {}  {score}",
            paint.with(STRONG, &harmless(name))
        );
        out.push_str(&met(parts, taxonomy, paint, false));
    }
    out
}
