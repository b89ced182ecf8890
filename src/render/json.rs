//! The JSON of every answer. Field names are a contract (`schema/README.md`).

mod checkup;
mod people;
mod reports;
mod surveys;

use serde::Serialize;
use serde_json::{Map, Value, json};

pub use checkup::checkup;
pub use people::{gap, rated, rated_person};
pub use reports::{anatomy, trends};
pub use surveys::{emerging, pay, skillset, winners};

use super::day;
use crate::extract::{Mention, Refusal};
use crate::index::Verified;
use crate::pipeline::Summary;
use crate::posting::{Posting, SkillProfile};
use crate::query::rank::{Met, Parts, Scored, rounded_to_sum};
use crate::query::{FacetCounts, Found, Hit, MatchAnswer, MatchHit, PaySummary, SearchAnswer};
use crate::report::Card;
use crate::skills::{SkillNo, Taxonomy};

/// Words of a snippet that were looked for stand between two of these.
pub const MARK: &str = "**";

fn named(taxonomy: &Taxonomy, no: SkillNo) -> Map<String, Value> {
    let skill = taxonomy.skill(no);
    let mut fields = Map::new();
    fields.insert("id".to_owned(), skill.id.clone().into());
    fields.insert("label".to_owned(), skill.label.clone().into());
    fields
}

/// Puts a field in, unless it is unknown.
fn put(fields: &mut Map<String, Value>, name: &str, value: impl Serialize) {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    let is_empty = match &value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if !is_empty {
        fields.insert(name.to_owned(), value);
    }
}

/// A number without the noise behind so many decimals.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let unit = 10f64.powi(decimals);
    (value * unit).round() / unit
}

/// A HIT of the contract.
pub fn hit(hit: &Hit, taxonomy: &Taxonomy) -> Map<String, Value> {
    let posting = &hit.posting;
    let mut fields = Map::new();
    put(&mut fields, "id", &posting.id);
    put(&mut fields, "group", &hit.group);
    put(&mut fields, "score", rounded(hit.score, 4));
    put(&mut fields, "title", &posting.title);
    put(&mut fields, "company", &posting.company);
    put(&mut fields, "locations", &posting.locations);
    put(&mut fields, "workplace", posting.workplace);
    put(&mut fields, "posted_at", posting.posted_at);
    put(&mut fields, "salary", &posting.salary);
    put(&mut fields, "url", &posting.url);
    let skills: Vec<Value> = hit
        .skills
        .iter()
        .map(|(no, strength)| {
            let mut skill = named(taxonomy, *no);
            skill.insert("strength".to_owned(), strength.as_str().into());
            Value::Object(skill)
        })
        .collect();
    fields.insert("skills".to_owned(), skills.into());
    put(
        &mut fields,
        "snippet",
        marked(&hit.snippet.text, &hit.snippet.marks),
    );
    put(&mut fields, "copies", hit.n_copies);
    if !hit.parts.is_empty() {
        // Rounded so that they add up to the score as it is shown.
        let exact: Vec<f64> = hit.parts.iter().map(|(_, points)| *points).collect();
        let points = rounded_to(&exact, rounded(hit.score, 4));
        let parts = hit
            .parts
            .iter()
            .zip(points)
            .map(|((name, _), points)| ((*name).to_owned(), points.into()));
        fields.insert("parts".to_owned(), Value::Object(parts.collect()));
    }
    fields
}

/// Parts in ten-thousandths that add up to a sum: the largest takes what is left.
fn rounded_to(parts: &[f64], sum: f64) -> Vec<f64> {
    let unit = |value: f64| (value * 1e4).round() as i64;
    let mut units: Vec<i64> = parts.iter().map(|part| unit(*part)).collect();
    let left = unit(sum) - units.iter().sum::<i64>();
    if let Some(largest) = units.iter_mut().max() {
        *largest += left;
    }
    units.into_iter().map(|units| units as f64 / 1e4).collect()
}

/// What `--highlight` adds to a hit: its title and the best pieces of its text,
/// with [`MARK`] around the words looked for.
pub fn highlights(hit: &Hit) -> Value {
    let title = hit.posting.title.as_deref().unwrap_or_default();
    let pieces = std::iter::once(&hit.snippet).chain(&hit.pieces);
    let pieces: Vec<String> = pieces
        .map(|piece| marked(&piece.text, &piece.marks))
        .collect();
    json!({"title": marked(title, &hit.title_marks), "text": pieces})
}

/// Pay in quantiles, a currency a line.
pub fn pay_summaries(summaries: &[PaySummary]) -> Value {
    let one = |pay: &PaySummary| {
        let [p10, p25, p50, p75, p90] = pay.quantiles.map(|amount| rounded(amount, 2));
        json!({"currency": pay.currency, "n": pay.n, "p10": p10, "p25": p25, "p50": p50, "p75": p75, "p90": p90})
    };
    summaries.iter().map(one).collect()
}

/// A text with [`MARK`] around the marked ranges.
pub fn marked(text: &str, marks: &[std::ops::Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len() + marks.len() * 4);
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (text.get(at..mark.start), text.get(mark.clone()))
        else {
            continue;
        };
        out.push_str(before);
        out.push_str(MARK);
        out.push_str(inside);
        out.push_str(MARK);
        at = mark.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The values of a facet.
pub fn facet_values(counts: &FacetCounts) -> Value {
    let value = |value: &crate::query::FacetValue| {
        let mut fields = Map::new();
        put(&mut fields, "value", &value.value);
        put(&mut fields, "label", &value.label);
        put(&mut fields, "count", value.count);
        put(&mut fields, "paths", &value.paths);
        Value::Object(fields)
    };
    counts.values.iter().map(value).collect()
}

/// The answer of `facets NAME`.
pub fn facet(counts: &FacetCounts) -> Value {
    json!({"facet": counts.facet.name(), "values": facet_values(counts), "n_values": counts.n_values})
}

/// The answer of `search`.
pub fn search(answer: &SearchAnswer, taxonomy: &Taxonomy, took_ms: f64) -> Value {
    let mut facets = Map::new();
    for counts in &answer.facets {
        // Two branches of one facet must not hide each other.
        let name = counts.facet.name();
        let name = match facets.contains_key(name) {
            true => format!("{name}={}", counts.prefix),
            false => name.to_owned(),
        };
        facets.insert(name, facet_values(counts));
    }
    let hits: Vec<Value> = answer
        .hits
        .iter()
        .map(|found| Value::Object(hit(found, taxonomy)))
        .collect();
    let mut whole = Map::new();
    put(&mut whole, "total", answer.n_postings);
    put(&mut whole, "groups", answer.n_groups);
    put(&mut whole, "took_ms", rounded(took_ms, 3));
    whole.insert("hits".to_owned(), hits.into());
    whole.insert("facets".to_owned(), Value::Object(facets));
    if !answer.pay.is_empty() {
        whole.insert(
            "stats".to_owned(),
            json!({"salary": pay_summaries(&answer.pay)}),
        );
    }
    if let Some(relaxed) = answer.relaxed {
        whole.insert(
            "relaxed".to_owned(),
            json!({"words": relaxed.of, "have": relaxed.have}),
        );
    }
    put(&mut whole, "next", &answer.next);
    Value::Object(whole)
}

/// A MATCH of the contract. Points are rounded so that they add up to the score.
pub fn match_hit(found: &MatchHit, taxonomy: &Taxonomy) -> Map<String, Value> {
    let mut fields = hit(&found.hit, taxonomy);
    fields.extend(score(&found.parts, taxonomy));
    fields
}

/// A score with its parts and what is had, near and missing.
fn score(parts: &Parts, taxonomy: &Taxonomy) -> Map<String, Value> {
    let mut fields = Map::new();
    let points = rounded_to_sum(&[parts.fit, parts.used, parts.text, parts.fresh]);
    put(&mut fields, "score", rounded(parts.score(), 2));
    put(&mut fields, "fit", points[0]);
    put(&mut fields, "use", points[1]);
    fields.insert(
        "points".to_owned(),
        json!({"fit": points[0], "use": points[1], "text": points[2], "fresh": points[3]}),
    );
    let (mut have, mut near, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for scored in &parts.requirements {
        match scored.met {
            Met::Have { skill, .. } => have.push(Value::Object(named(taxonomy, skill))),
            Met::Near {
                skill,
                by,
                nearness,
            } => {
                let mut fields = named(taxonomy, skill);
                fields.insert("by".to_owned(), rounded(f64::from(nearness), 3).into());
                fields.insert("have".to_owned(), taxonomy.skill(by).id.clone().into());
                near.push(Value::Object(fields));
            }
            Met::Missing => {
                missing.push(Value::Object(requirement(scored, taxonomy)));
            }
        }
    }
    for (name, mut list) in [("have", have), ("near", near), ("missing", missing)] {
        // Asked for alone and in a choice, a skill is still one skill.
        let mut seen: Vec<Value> = Vec::new();
        list.retain(|item| {
            let is_new = !seen.contains(item);
            if is_new {
                seen.push(item.clone());
            }
            is_new
        });
        fields.insert(name.to_owned(), list.into());
    }
    fields
}

/// What one requirement asks for.
fn requirement(scored: &Scored, taxonomy: &Taxonomy) -> Map<String, Value> {
    let ids = scored
        .any_of
        .iter()
        .map(|no| taxonomy.skill(*no).id.as_str());
    let years = Some(scored.years).filter(|years| *years > 0.0);
    let mut fields = Map::new();
    put(&mut fields, "any_of", ids.collect::<Vec<_>>());
    put(&mut fields, "strength", scored.strength.as_str());
    put(&mut fields, "years", years);
    fields
}

/// The requirements of a match with their points: what `--explain` adds.
pub fn explained(
    parts: &Parts,
    taxonomy: &Taxonomy,
    sentence: impl Fn(SkillNo) -> Option<String>,
) -> Value {
    let points = requirement_points(parts);
    let each = parts
        .requirements
        .iter()
        .zip(points)
        .map(|(scored, points)| {
            let mut fields = requirement(scored, taxonomy);
            put(&mut fields, "title", scored.in_title);
            put(&mut fields, "weight", rounded(scored.weight, 4));
            put(&mut fields, "credit", rounded(scored.credit, 4));
            put(&mut fields, "points", points);
            put(
                &mut fields,
                "sentence",
                scored.any_of.first().and_then(|no| sentence(*no)),
            );
            Value::Object(fields)
        });
    each.collect()
}

/// Points of each requirement, rounded so that they add up to the rounded points for fit.
pub fn requirement_points(parts: &Parts) -> Vec<f64> {
    let shown = rounded_to_sum(&[parts.fit, parts.used, parts.text, parts.fresh])[0];
    let mut exact: Vec<f64> = parts
        .requirements
        .iter()
        .map(|scored| scored.points)
        .collect();
    // What rounding the parts against each other took or gave belongs to the largest.
    let difference = shown - exact.iter().sum::<f64>();
    if let Some(largest) = exact.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *largest += difference;
    }
    rounded_to_sum(&exact)
}

/// The answer of `match`.
pub fn matches(answer: &MatchAnswer, have: &[SkillNo], taxonomy: &Taxonomy, took_ms: f64) -> Value {
    let have: Vec<&str> = have
        .iter()
        .map(|no| taxonomy.skill(*no).id.as_str())
        .collect();
    let hits: Vec<Value> = answer
        .hits
        .iter()
        .map(|hit| Value::Object(match_hit(hit, taxonomy)))
        .collect();
    json!({"total": answer.n_groups, "took_ms": rounded(took_ms, 3), "have": have, "hits": hits})
}

/// One mention; offsets count Unicode scalar values.
pub fn mention(mention: &Mention, surface: &str, start: usize, taxonomy: &Taxonomy) -> Value {
    let skill = taxonomy.skill(mention.skill);
    let mut fields = named(taxonomy, mention.skill);
    put(&mut fields, "kind", skill.kind.as_str());
    put(&mut fields, "surface", surface);
    put(&mut fields, "start", start);
    put(&mut fields, "end", start + surface.chars().count());
    put(&mut fields, "strength", mention.strength.as_str());
    put(&mut fields, "years", mention.years);
    put(&mut fields, "group", mention.group);
    for (name, is_so) in [
        ("negated", mention.negated),
        ("implied", mention.implied),
        ("example", mention.example),
    ] {
        put(&mut fields, name, is_so.then_some(true));
    }
    let section = mention.section;
    put(
        &mut fields,
        "section",
        (section != crate::extract::SectionKind::None).then_some(section.as_str()),
    );
    put(
        &mut fields,
        "confidence",
        rounded(f64::from(mention.confidence), 3),
    );
    put(&mut fields, "rule", mention.rule);
    Value::Object(fields)
}

/// Mentions of one text, in order of position.
pub fn mentions(text: &str, mentions: &[Mention], taxonomy: &Taxonomy) -> Vec<Value> {
    // Offsets are asked for in rising order; counting on from the last is one pass.
    let (mut bytes, mut chars) = (0, 0);
    let mut shown = Vec::with_capacity(mentions.len());
    for found in mentions {
        if found.start < bytes {
            (bytes, chars) = (0, 0);
        }
        chars += text[bytes..found.start].chars().count();
        bytes = found.start;
        shown.push(mention(
            found,
            &text[found.start..found.end],
            chars,
            taxonomy,
        ));
    }
    shown
}

/// Spellings of one text that were found and not believed.
pub fn refusals(text: &str, refusals: &[Refusal], taxonomy: &Taxonomy) -> Vec<Value> {
    let each = refusals.iter().map(|refusal| {
        let surface = &text[refusal.start..refusal.end];
        let start = text[..refusal.start].chars().count();
        let mut fields = named(taxonomy, refusal.skill);
        put(&mut fields, "surface", surface);
        put(&mut fields, "start", start);
        put(&mut fields, "end", start + surface.chars().count());
        put(&mut fields, "reason", refusal.reason);
        Value::Object(fields)
    });
    each.collect()
}

/// A whole posting with what was read out of it.
pub fn posting(
    found: &Found,
    profile: &SkillProfile,
    mentions: Vec<Value>,
    taxonomy: &Taxonomy,
) -> Value {
    let mut fields = match serde_json::to_value(&found.posting) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    put(&mut fields, "group", found.group.first());
    put(&mut fields, "spell", found.spell);
    put(&mut fields, "truncated", found.posting.truncated);
    put(&mut fields, "copies", &found.group);
    put(&mut fields, "group_locations", &found.places);
    put(&mut fields, "first_seen", found.past.first_seen());
    put(&mut fields, "last_seen", found.last_seen);
    put(&mut fields, "closed_at", found.past.closed_at());
    put(&mut fields, "history", &found.past.events);
    let ask: Vec<Value> = found
        .ask
        .iter()
        .filter(|entry| entry.requirement.is_some())
        .copied()
        .collect::<Vec<_>>()
        .chunk_by(|a, b| a.requirement == b.requirement)
        .map(|entries| {
            let any_of: Vec<&str> = entries
                .iter()
                .map(|entry| taxonomy.skill(entry.skill).id.as_str())
                .collect();
            let mut fields = Map::new();
            put(&mut fields, "any_of", any_of);
            put(&mut fields, "strength", entries[0].strength.as_str());
            put(
                &mut fields,
                "years",
                Some(entries[0].years).filter(|years| *years > 0.0),
            );
            put(&mut fields, "title", entries[0].in_title);
            Value::Object(fields)
        })
        .collect();
    let profile: Vec<Value> = profile
        .skills
        .iter()
        .map(|known| {
            let mut fields = named(taxonomy, known.skill);
            put(
                &mut fields,
                "kind",
                taxonomy.skill(known.skill).kind.as_str(),
            );
            put(&mut fields, "strength", known.strength.as_str());
            put(&mut fields, "implied", known.implied);
            put(
                &mut fields,
                "years",
                known.years.and_then(|years| years.min),
            );
            Value::Object(fields)
        })
        .collect();
    fields.insert("profile".to_owned(), profile.into());
    fields.insert("ask".to_owned(), ask.into());
    fields.insert("mentions".to_owned(), mentions.into());
    Value::Object(fields)
}

/// What became of the records of a run.
pub fn summary(summary: &Summary, rejects: &[Value]) -> Value {
    let readers: Map<String, Value> = summary
        .readers
        .iter()
        .map(|(name, of)| {
            let reasons: Map<String, Value> = summary
                .reasons
                .iter()
                .filter(|((reader, _), _)| reader == name)
                .map(|((_, reason), n)| ((*reason).to_owned(), Value::from(*n)))
                .collect();
            let of = json!({
                "read": of.read, "accepted": of.accepted, "added": of.added, "changed": of.changed,
                "unchanged": of.unchanged, "closed": of.closed, "rejected": of.rejected, "reasons": reasons,
                "with_company": of.with_company, "with_place": of.with_place, "with_date": of.with_date,
                "with_salary": of.with_salary, "with_workplace": of.with_workplace,
                "with_seniority": of.with_seniority, "with_text": of.with_text,
                "encodings": of.encodings, "replacement_characters": of.replacement_characters,
            });
            ((*name).to_owned(), of)
        })
        .collect();
    let skipped: Vec<Value> = summary
        .skipped_files
        .iter()
        .map(|(file, why)| json!({"file": file, "why": why}))
        .collect();
    json!({
        "files": summary.files, "skipped_files": skipped, "read": summary.read,
        "accepted": summary.read - summary.rejected, "added": summary.added, "changed": summary.changed,
        "unchanged": summary.unchanged, "closed": summary.closed, "rejected": summary.rejected,
        "duplicates": summary.duplicates, "absent": summary.absent, "not_whole": summary.not_whole,
        "unread_dates": summary.unread_dates, "readers": readers, "rejects": rejects,
        "seconds": rounded(summary.elapsed.as_secs_f64(), 3), "bytes": summary.bytes,
        "interrupted": summary.interrupted,
        "resumed": {"files": summary.resumed.files, "records": summary.resumed.records},
    })
}

/// The answer of `verify`.
pub fn verified(found: &Verified) -> Value {
    let damaged: Vec<Value> = found
        .damaged
        .iter()
        .map(|(file, why)| json!({"file": file, "why": why}))
        .collect();
    json!({
        "sound": damaged.is_empty(), "files": found.files, "bytes": found.bytes,
        "damaged": damaged, "notes": found.notes,
    })
}

/// What a report stands on beside its card.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// Fingerprint of the list of skills.
    pub skills_hash: String,
    /// The command as typed.
    pub command: String,
}

/// A CARD of the contract.
pub fn card(card: &Card, provenance: &Provenance) -> Value {
    let counted = |counts: &[(String, u64)]| {
        counts
            .iter()
            .map(|(name, n)| (name.clone(), Value::from(*n)))
            .collect::<Map<String, Value>>()
    };
    let share = |n: u64| rounded(n as f64 / card.n_postings as f64, 4);
    let mut told = json!({
        "sources": counted(&card.sources),
        "first": card.dates.map(|(first, _)| day(first)), "last": card.dates.map(|(_, last)| day(last)),
        "adverts": card.n_postings, "groups": card.n_groups, "partial": card.partial,
        "text_languages": counted(&card.text_languages), "skills_hash": provenance.skills_hash,
        "version": env!("CARGO_PKG_VERSION"), "command": provenance.command,
    });
    // Of nothing there is no part.
    if card.n_postings > 0 {
        for (name, n) in [
            ("duplicate_rate", card.n_postings - card.n_groups),
            ("with_date", card.with_date),
            ("with_pay", card.with_pay),
            ("with_place", card.with_place),
            ("with_company", card.with_company),
        ] {
            told[name] = share(n).into();
        }
    }
    told
}

/// A posting's record for people: the fields a rejected record is named by.
pub fn reject(error: &crate::ingest::IngestError) -> Value {
    use crate::ingest::IngestError;
    match error {
        IngestError::Record {
            path,
            record,
            reader,
            source,
        } => {
            let mut fields = Map::new();
            put(&mut fields, "file", path);
            put(&mut fields, "record", record);
            put(&mut fields, "reader", reader);
            put(&mut fields, "reason", source.to_string());
            if let Some((field, value)) = source.field_and_value() {
                put(&mut fields, "field", field);
                put(&mut fields, "value", value);
            }
            Value::Object(fields)
        }
        other => json!({"reason": other.to_string()}),
    }
}

/// The first line of what a posting is called when it has no title.
pub fn name(posting: &Posting) -> String {
    let first_line = || {
        posting
            .description_text
            .as_deref()
            .and_then(|text| text.lines().next())
            .unwrap_or_default()
    };
    posting
        .title
        .clone()
        .unwrap_or_else(|| first_line().chars().take(90).collect())
}
