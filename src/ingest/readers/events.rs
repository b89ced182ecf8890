//! A feed of changes, a line an event: a posting is new, one of its fields has
//! changed, or it is gone.

use jiff::Timestamp;
use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::fields::{dates, places, seniority, workplace};
use crate::ingest::text::line;
use crate::ingest::{Change, ChangedField, Closing, Item, RecordError};
use crate::posting::{Location, Posting};

/// Whether a record is an event.
pub(super) fn is_event(record: &Value) -> bool {
    let event = record.get("event").and_then(Value::as_str);
    matches!(event, Some("new" | "changed" | "removed"))
        && (record.get("id").is_some() || record.get("job_id").is_some())
}

/// What an event says that is no new posting; `source` scopes its id, `stem` is
/// the file's name, whose date is the day of it.
pub(super) fn event(record: &Value, source: &str, stem: &str) -> Result<Option<Item>, RecordError> {
    let at = stem.get(..10).and_then(dates::parse).map(|dated| dated.at);
    Ok(match record.get("event").and_then(Value::as_str) {
        Some("removed") => Some(Item::Closed(Closing {
            id: format!("{source}:{}", id(record)?),
            at,
        })),
        Some("changed") => Some(Item::Changed(change(record, source, stem, at)?)),
        _ => None,
    })
}

/// The change of one field. It is read as a new posting would be that has nothing
/// but that field.
fn change(
    record: &Value,
    source: &str,
    stem: &str,
    at: Option<Timestamp>,
) -> Result<Change, RecordError> {
    let id = id(record)?;
    let name = text(record, "field")
        .ok_or_else(|| RecordError::Syntax("a change without a field".to_owned()))?;
    let now = record.get("new").cloned().unwrap_or_default();
    let mut value = posting(
        &json!({"event": "new", "id": id, name.as_str(): now}),
        source,
    )?;
    let field = match name.as_str() {
        "title" if value.title.is_none() => return Err(RecordError::Empty),
        "title" => ChangedField::Title,
        "url" => ChangedField::Url,
        "company" | "company_slug" => ChangedField::Company,
        "location" => {
            value.locations = text(record, "new").map_or_else(Vec::new, |raw| places::parse(&raw));
            ChangedField::Locations
        }
        "posted_at" => ChangedField::PostedAt,
        "seniority" => ChangedField::Seniority,
        "remote_policy" => ChangedField::Workplace,
        "source" => ChangedField::Extra("via".to_owned()),
        _ => {
            if !now.is_null() {
                value.extra.insert(name.clone(), now);
            }
            ChangedField::Extra(name)
        }
    };
    Ok(Change {
        id: value.id.clone(),
        at,
        field,
        value: Box::new(value),
        mark: xxh3_64(format!("{stem}\u{1f}{record}").as_bytes()),
    })
}

/// Reads the event of a new posting.
pub(super) fn posting(record: &Value, source: &str) -> Result<Posting, RecordError> {
    if record.get("event").and_then(Value::as_str) != Some("new") {
        return Err(RecordError::Syntax("no known event".to_owned()));
    }
    let id = id(record)?;
    let text = |key: &str| text(record, key);
    let posted = text("posted_at").and_then(|text| dates::parse(&text));
    let mut posting = Posting {
        id: format!("{source}:{id}"),
        native_id: Some(id),
        source: source.to_owned(),
        board: text("company_slug"),
        company: text("company").or_else(|| employer(record)),
        title: text("title"),
        url: text("url"),
        // Whole, since "Remote" and "In-Office" name no place but say how one works.
        locations: text("location")
            .map(|raw| Location {
                raw,
                ..Location::default()
            })
            .into_iter()
            .collect(),
        workplace: text("remote_policy").and_then(|text| workplace::from_label(&text)),
        seniority: text("seniority").and_then(|text| seniority::from_label(&text)),
        posted_at: posted.as_ref().map(|dated| dated.at),
        posted_precision: posted.as_ref().map(|dated| dated.precision),
        ..Posting::default()
    };
    if let Some(via) = text("source") {
        posting.extra.insert("via".to_owned(), via.into());
    }
    Ok(posting)
}

/// The employer by its slug, without the board that the slug begins with
/// (`wttj-`, `via-remoteok-`); behind `via-` it may be a short name (`via-wwr-`).
fn employer(record: &Value) -> Option<String> {
    let slug = text(record, "company_slug")?;
    let board = text(record, "source").unwrap_or_default();
    let bare = slug.strip_prefix("via-").unwrap_or(&slug);
    let name = bare
        .strip_prefix(board.as_str())
        .and_then(|rest| rest.strip_prefix('-'))
        .filter(|rest| !board.is_empty() && !rest.is_empty());
    let shortened = || bare.split_once('-').filter(|_| bare.len() < slug.len());
    let name = name.or_else(|| shortened().map(|(_, name)| name));
    Some(name.map_or_else(|| slug.clone(), str::to_owned))
}

fn text(record: &Value, key: &str) -> Option<String> {
    record.get(key)?.as_str().and_then(line)
}

fn id(record: &Value) -> Result<String, RecordError> {
    text(record, "id")
        .or_else(|| text(record, "job_id"))
        .ok_or_else(|| RecordError::Syntax("an event without an id".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posting::{Seniority, Workplace};

    #[test]
    fn a_removal_closes() {
        let gone = json!({"event": "removed", "id": "a1"});
        let Ok(Some(Item::Closed(gone))) = event(&gone, "feed", "2026-04-30-diff") else {
            panic!("no closing");
        };
        assert_eq!(
            (gone.id.as_str(), gone.at.unwrap().to_string().as_str()),
            ("feed:a1", "2026-04-30T00:00:00Z")
        );
        assert!(event(&json!({"event": "removed"}), "feed", "x").is_err());
    }

    #[test]
    fn a_new_posting_is_one() {
        let new = json!({"event": "new", "id": "a1", "company_slug": "tarn", "title": "Cook", "location": "Oslo, Norway", "posted_at": null});
        assert_eq!(event(&new, "feed", "x"), Ok(None));
        let new = posting(&new, "feed").unwrap();
        assert_eq!(
            (new.id.as_str(), new.locations[0].raw.as_str()),
            ("feed:a1", "Oslo, Norway")
        );
        for (slug, source, name) in [
            ("tarn", "board", "tarn"),
            ("board-tarn", "board", "tarn"),
            ("via-board-tarn", "board", "tarn"),
            ("via-bd-tarn-mills", "board", "tarn-mills"),
            ("board", "board", "board"),
        ] {
            let new = json!({"event": "new", "id": "a1", "title": "Cook", "company_slug": slug, "source": source});
            assert_eq!(
                posting(&new, "feed").unwrap().company.as_deref(),
                Some(name)
            );
        }
    }

    #[test]
    fn a_change_replaces_its_field_and_no_other() {
        let mut posting = Posting {
            title: Some("Cook".to_owned()),
            seniority: Some(Seniority::Senior),
            ..Posting::default()
        };
        let mut marks = Vec::new();
        for (field, now) in [
            ("title", json!("Head cook")),
            ("remote_policy", json!("hybrid")),
            ("location", json!("Bergen, Norway")),
            ("seniority", Value::Null),
            ("visa", json!(true)),
        ] {
            let record = json!({"event": "changed", "job_id": "a1", "field": field, "old": null, "new": now});
            let Ok(Some(Item::Changed(change))) = event(&record, "feed", "x") else {
                panic!("no change");
            };
            assert_eq!(change.id, "feed:a1");
            marks.push(change.mark);
            change.apply(&mut posting);
        }
        marks.dedup();
        assert_eq!(marks.len(), 5);
        assert_eq!(posting.title.as_deref(), Some("Head cook"));
        assert_eq!(posting.workplace, Some(Workplace::Hybrid));
        assert_eq!(posting.locations[0].city.as_deref(), Some("Bergen"));
        assert_eq!(posting.seniority, None);
        assert_eq!(posting.extra["visa"], json!(true));
        for bad in [
            json!({"event": "changed", "job_id": "a1", "new": "x"}),
            json!({"event": "changed", "field": "title", "new": "x"}),
            json!({"event": "changed", "job_id": "a1", "field": "title", "new": null}),
        ] {
            assert!(event(&bad, "feed", "x").is_err(), "{bad}");
        }
    }
}
