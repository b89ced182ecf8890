//! One posting and its profile into one document.

use std::collections::HashSet;

use tantivy::TantivyDocument;
use xxhash_rust::xxh3::xxh3_64;

use super::columns::{entries, flag, month_of};
use super::schema::{Fields, Having, skill_term};
use super::{Index, IndexError};
use crate::fields::places::country_name;
use crate::groups::Traits;
use crate::past::Past;
use crate::posting::{PayBasis, Posting, SkillProfile, SkillStrength};
use crate::skills::Taxonomy;

/// A posting ready to be added.
pub struct Document {
    pub(super) inner: TantivyDocument,
    /// The posting's id.
    pub id: String,
}

/// A posting as the index keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// With what was read out of its text.
    pub posting: Posting,
    /// The [`content_hash`] of what each reader said of it, before anything was
    /// read out of it.
    pub contents: Vec<u64>,
    /// What happened to it.
    pub past: Past,
}

/// A hash of everything in a posting that its source decides, so that a record
/// read again can be told from a changed one. Where it was read from is left out.
///
/// What it leaves out of the JSON is away while that is written, and back then.
pub fn content_hash(posting: &mut Posting) -> u64 {
    let origin = posting.origin.take();
    let text = posting.description_text.take();
    let mut bytes = Vec::with_capacity(JSON_BYTES + text.as_ref().map_or(0, String::len));
    serde_json::to_writer(&mut bytes, posting).expect("a posting is JSON");
    // After JSON a text cannot be taken for a part of it.
    bytes.extend_from_slice(text.as_deref().unwrap_or_default().as_bytes());
    posting.origin = origin;
    posting.description_text = text;
    xxh3_64(&bytes)
}

/// Room for a posting as JSON without its text; few take more.
const JSON_BYTES: usize = 2048;

impl Document {
    /// Makes the document of a posting, whose text is away while the rest is written down.
    ///
    /// # Errors
    /// [`IndexError::Write`] if the posting cannot be written down.
    pub fn new(
        index: &Index,
        kept: &mut Kept,
        profile: &SkillProfile,
        taxonomy: &Taxonomy,
    ) -> Result<Document, IndexError> {
        let fields = &index.fields;
        let posting = &kept.posting;
        let mut doc = TantivyDocument::default();
        doc.add_text(fields.id, &posting.id);
        let texts = [
            (fields.title, posting.title.as_deref()),
            (fields.body, posting.description_text.as_deref()),
            (fields.company, posting.company.as_deref()),
            (
                fields.workplace,
                posting.workplace.map(|word| word.as_str()),
            ),
            (
                fields.seniority,
                posting.seniority.map(|word| word.as_str()),
            ),
            (
                fields.source,
                Some(posting.source.as_str()).filter(|source| !source.is_empty()),
            ),
            (fields.text_language, posting.text_language.as_deref()),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                doc.add_text(field, text);
            }
        }
        each(&mut doc, fields.facts, facts(posting).into_iter());
        let places = &posting.locations;
        each(
            &mut doc,
            fields.country,
            places.iter().filter_map(|place| place.country.as_deref()),
        );
        each(
            &mut doc,
            fields.region,
            places.iter().filter_map(|place| place.region.as_deref()),
        );
        each(
            &mut doc,
            fields.city,
            places.iter().filter_map(|place| place.city.as_deref()),
        );
        each(
            &mut doc,
            fields.role,
            posting.roles.iter().map(String::as_str),
        );
        each(
            &mut doc,
            fields.remote_scope,
            posting.remote_scope.iter().map(String::as_str),
        );
        each(
            &mut doc,
            fields.employment,
            posting.employment_type.iter().map(|word| word.as_str()),
        );
        if let Some(at) = posting.posted_at {
            doc.add_i64(fields.posted_at, at.as_second());
            doc.add_u64(fields.month, month_of(at.as_second()));
        }
        if let Some(at) = posting.valid_through {
            doc.add_i64(fields.valid_through, at.as_second());
        }
        doc.add_u64(fields.flags, flags(posting));
        pay(&mut doc, fields, posting);
        for entry in entries(profile) {
            doc.add_u64(fields.ask, entry.pack());
        }
        for skill in &profile.skills {
            let id = &taxonomy.skill(skill.skill).id;
            doc.add_text(fields.skill, skill_term(id, Having::Any));
            if skill.strength == SkillStrength::Required {
                doc.add_text(fields.skill, skill_term(id, Having::Required));
            }
            if !skill.implied {
                doc.add_text(fields.skill, skill_term(id, Having::Named));
            }
        }
        copies(&mut doc, fields, &Traits::of(posting));
        for content in &kept.contents {
            doc.add_u64(fields.content, *content);
        }
        doc.add_u64(
            fields.scope,
            scope(&posting.source, posting.board.as_deref()),
        );
        doc.add_u64(fields.places, places_hash(posting));
        let times = [
            (fields.first_seen, kept.past.first_seen()),
            (fields.closed_at, kept.past.closed_at()),
        ];
        for (field, at) in times {
            if let Some(at) = at {
                doc.add_i64(field, at.as_second());
            }
        }
        let failed = |error: serde_json::Error| IndexError::Write {
            directory: index.directory.clone(),
            why: error.to_string(),
        };
        // The text is kept as the value of its field: as part of the JSON it would have to be
        // escaped, and read back.
        let text = kept.posting.description_text.take();
        let json = serde_json::to_string(&kept.posting);
        kept.posting.description_text = text;
        doc.add_text(fields.posting, json.map_err(failed)?);
        doc.add_text(
            fields.past,
            serde_json::to_string(&kept.past).map_err(failed)?,
        );
        Ok(Document {
            inner: doc,
            id: kept.posting.id.clone(),
        })
    }
}

/// So many facts from either end are searched for another one: all of those that
/// a posting with a handful of places has.
const COMPARED_FACTS: usize = 16;

/// What people look for with words although the text need not say it: the
/// employer, the places as written and as understood, the workplace.
///
/// None of them twice, and none that is part of one of the first or of the last
/// [`COMPARED_FACTS`]: the city is mostly part of the place as written.
fn facts(posting: &Posting) -> Vec<&str> {
    let mut facts: Vec<&str> = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |value| {
        let Some(value) = value else { return };
        let n = facts.len();
        let first = &facts[..n.min(COMPARED_FACTS)];
        let last = &facts[n.saturating_sub(COMPARED_FACTS).max(first.len())..];
        let is_part = |known: &&str| known.contains(value);
        if seen.insert(value) && !first.iter().chain(last).any(is_part) {
            facts.push(value);
        }
    };
    add(posting.company.as_deref());
    for place in &posting.locations {
        add(Some(place.raw.as_str()));
        add(place.city.as_deref());
        add(place.region.as_deref());
        add(place.country.as_deref().and_then(country_name));
    }
    add(posting.workplace.map(|word| word.as_str()));
    facts
}

/// What a full reading of a board covers: its source and board.
pub fn scope(source: &str, board: Option<&str>) -> u64 {
    let board = board.unwrap_or_default();
    xxh3_64(format!("{source}\u{1f}{board}").as_bytes())
}

fn places_hash(posting: &Posting) -> u64 {
    xxh3_64(&serde_json::to_vec(&posting.locations).expect("places are JSON"))
}

/// Adds each value once.
fn each<'a>(
    doc: &mut TantivyDocument,
    field: tantivy::schema::Field,
    values: impl Iterator<Item = &'a str>,
) {
    let mut seen = HashSet::new();
    for value in values.filter(|value| seen.insert(*value)) {
        doc.add_text(field, value);
    }
}

fn copies(doc: &mut TantivyDocument, fields: &Fields, traits: &Traits) {
    let keys = [
        (fields.copy_url, traits.url),
        (fields.copy_requisition, traits.requisition),
        (fields.copy_text, traits.text),
        (fields.copy_title, traits.title),
    ];
    for (field, key) in keys {
        if let Some(key) = key {
            doc.add_u64(field, key);
        }
    }
    if !traits.sketch.is_empty() {
        for word in traits.sketch.0 {
            doc.add_u64(fields.copy_sketch, word);
        }
    }
}

fn flags(posting: &Posting) -> u64 {
    let mut flags = 0;
    if posting.truncated {
        flags |= flag::TRUNCATED;
    }
    if !posting.tells_skills() {
        flags |= flag::SILENT;
    }
    if posting
        .salary
        .as_ref()
        .is_some_and(|pay| pay.basis != PayBasis::Estimated && !pay.doubtful)
    {
        flags |= flag::SURE_PAY;
    }
    flags | known(posting)
}

/// Which fields of a posting are known, as bits of [`flag`].
pub(crate) fn known(posting: &Posting) -> u64 {
    let places = &posting.locations;
    let fields = [
        (flag::COMPANY, posting.company.is_some()),
        (flag::DATE, posting.posted_at.is_some()),
        (
            flag::PLACE,
            places.iter().any(|place| place.country.is_some()),
        ),
        (flag::PAY, posting.salary.is_some()),
        (flag::WORKPLACE, posting.workplace.is_some()),
        (flag::SENIORITY, posting.seniority.is_some()),
        (flag::TEXT, posting.description_text.is_some()),
    ];
    let known = fields.iter().filter(|(_, is_known)| *is_known);
    known.fold(0, |flags, (flag, _)| flags | flag)
}

fn pay(doc: &mut TantivyDocument, fields: &Fields, posting: &Posting) {
    let Some(pay) = &posting.salary else { return };
    let Some((min, max)) = pay.annual() else {
        return;
    };
    if let Some(currency) = &pay.currency {
        doc.add_text(fields.pay_currency, currency);
    }
    if let Some(min) = min {
        doc.add_f64(fields.pay_min, min);
    }
    if let Some(max) = max {
        doc.add_f64(fields.pay_max, max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::Location;

    fn place(raw: &str, city: &str) -> Location {
        Location {
            raw: raw.to_owned(),
            city: Some(city.to_owned()),
            ..Location::default()
        }
    }

    #[test]
    fn a_fact_that_is_part_of_another_is_left_out() {
        let posting = Posting {
            company: Some("Oslo Mills".to_owned()),
            locations: vec![
                place("Bergen, Norway", "Bergen"),
                place("Mills", "Oslo"),
                place("Bergen, Norway", "Voss"),
            ],
            ..Posting::default()
        };
        assert_eq!(facts(&posting), ["Oslo Mills", "Bergen, Norway", "Voss"]);
    }

    #[test]
    fn of_many_places_each_is_a_fact_once() {
        let number = |n: usize| format!("{n:05}");
        let places = (0..20_000).map(|n| {
            let n = number(n % 10_000);
            place(&format!("Room {n}, Oslo"), &n)
        });
        let posting = Posting {
            locations: places.collect(),
            ..Posting::default()
        };
        assert_eq!(facts(&posting).len(), 10_000);
    }
}
