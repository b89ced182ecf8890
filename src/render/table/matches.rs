//! Matches: what is had, near and missing, and the points behind a score.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{BAD, FAINT, GOOD, Paint, facts, foot, head, lines, right, table};
use crate::posting::{Posting, SkillStrength};
use crate::query::rank::{Met, Parts, rounded_to_sum};
use crate::query::{MatchAnswer, MatchHit};
use crate::render::json::requirement_points;
use crate::render::{counted, harmless};
use crate::skills::{SkillNo, Taxonomy};

/// The sentence of a posting that names a skill, and the byte at which it does.
pub type Evidence<'a> = dyn Fn(&Posting, SkillNo) -> Option<(String, usize)> + 'a;

/// The answer of `match`, or of what is `like` some postings; `explain` gives the
/// evidence of a skill in a posting.
pub fn matches(
    answer: &MatchAnswer,
    have: &[(SkillNo, Option<f32>)],
    like: &[String],
    taxonomy: &Taxonomy,
    paint: Paint,
    explain: Option<&Evidence<'_>>,
) -> String {
    let mut out = String::new();
    let label = |no: SkillNo| taxonomy.skill(no).label.as_str();
    let person: Vec<String> = have
        .iter()
        .map(|(no, years)| {
            years.map_or_else(
                || label(*no).to_owned(),
                |years| format!("{} ({})", label(*no), super::years(years)),
            )
        })
        .collect();
    let is_person = like.is_empty();
    let asked = person.join(", ");
    let whose = match is_person {
        true => format!("For somebody with {asked}"),
        false => format!("Like {}, by {asked}", harmless(&like.join(" and "))),
    };
    let n = counted(answer.n_groups, "posting");
    let _ = writeln!(out, "{whose}: {n}\n");
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
        out.push_str(&met(&found.parts, taxonomy, paint, is_person));
        if let Some(sentence) = explain {
            out.push_str(&explained(found, taxonomy, paint, is_person, sentence));
        }
        out.push_str(&foot(&found.hit, paint));
        out.push('\n');
    }
    out
}

/// What is had, near and missing; `is_reader` where the skills are the reader's own.
pub(super) fn met(parts: &Parts, taxonomy: &Taxonomy, paint: Paint, is_reader: bool) -> String {
    let label = |no: SkillNo| taxonomy.skill(no).label.as_str();
    let (mut have, mut near, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for scored in &parts.requirements {
        match scored.met {
            Met::Have { skill, by } if skill == by => have.push(label(skill).to_owned()),
            Met::Have { skill, by } => have.push(format!("{} (by {})", label(skill), label(by))),
            Met::Near { skill, by, .. } => {
                let have = if is_reader { "you have" } else { "beside" };
                near.push(format!("{} ({have} {})", label(skill), label(by)))
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
        let mut seen = HashSet::new();
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
    is_reader: bool,
    sentence: &Evidence<'_>,
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
            format!(", {}", super::years(scored.years))
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
                .map(|(text, at)| harmless(&shortened(&text, at, 70)))
                .unwrap_or_default(),
        ]);
    }
    let sums = rounded_to_sum(&[parts.fit, parts.used, parts.text, parts.fresh]);
    let uses: Vec<&str> = parts
        .uses
        .iter()
        .map(|no| taxonomy.skill(*no).label.as_str())
        .collect();
    if !uses.is_empty() {
        let your = if is_reader { "your " } else { "" };
        table.add_row([
            format!("{:.2}", sums[1]),
            String::new(),
            String::new(),
            format!("uses {your}{}", uses.join(", ")),
        ]);
    }
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

/// At most so many characters of a sentence, what stands at a byte among them.
fn shortened(text: &str, at: usize, chars: usize) -> String {
    /// So much is shown before it, where not all can be.
    const BEFORE: usize = 20;
    let at = if text.is_char_boundary(at) { at } else { 0 };
    let mut from = 0;
    let before = text[..at].chars().count();
    if before + BEFORE > chars && text.chars().count() > chars {
        // From the beginning of a word on.
        let near = text.char_indices().nth(before.saturating_sub(BEFORE));
        let near = near.map_or(0, |(byte, _)| byte);
        from = match text[near..at].find(char::is_whitespace) {
            Some(blank) if !text[..near].ends_with(char::is_whitespace) => near + blank,
            _ => near,
        };
    }
    let rest = text[from..]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let begin = if from > 0 { "…" } else { "" };
    let left = chars - begin.chars().count();
    if rest.chars().count() <= left {
        return format!("{begin}{rest}");
    }
    let cut: String = rest.chars().take(left - 1).collect();
    format!("{begin}{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_shown_where_the_skill_is_named() {
        let text = "We have no strong preference, but our stack includes Go,  Kafka and Rust.";
        let kafka = text.find("Kafka").unwrap();
        assert_eq!(shortened(text, kafka, 200), text.replace("  ", " "));
        assert_eq!(shortened(text, 0, 12), "We have no…");
        assert_eq!(
            shortened(text, kafka, 40),
            "…stack includes Go, Kafka and Rust."
        );
        assert_eq!(shortened(text, kafka, 30), "…stack includes Go, Kafka and…");
    }
}
