//! A feed of changes, a line an event: a posting is new, one of its fields has
//! changed, or it is gone.

use serde_json::Value;

use crate::fields::dates;
use crate::ingest::text::line;
use crate::ingest::{Closing, RecordError};
use crate::posting::{Location, Posting};

/// Whether a record is an event.
pub(super) fn is_event(record: &Value) -> bool {
    let event = record.get("event").and_then(Value::as_str);
    matches!(event, Some("new" | "changed" | "removed"))
        && (record.get("id").is_some() || record.get("job_id").is_some())
}

/// The closing that a removal says; `source` scopes its id, `stem` is the file's
/// name, whose date is the day of it.
pub(super) fn closing(
    record: &Value,
    source: &str,
    stem: &str,
) -> Result<Option<Closing>, RecordError> {
    if record.get("event").and_then(Value::as_str) != Some("removed") {
        return Ok(None);
    }
    Ok(Some(Closing {
        id: format!("{source}:{}", id(record)?),
        at: stem.get(..10).and_then(dates::parse).map(|dated| dated.at),
    }))
}

/// Reads an event that is no removal.
pub(super) fn posting(record: &Value, source: &str) -> Result<Posting, RecordError> {
    match record.get("event").and_then(Value::as_str) {
        Some("new") => {}
        Some("changed") => {
            return Err(RecordError::NotAPosting(
                "a change of one field, without the posting",
            ));
        }
        _ => return Err(RecordError::Syntax("no known event".to_owned())),
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
/// (`wttj-`, `via-remoteok-`).
fn employer(record: &Value) -> Option<String> {
    let slug = text(record, "company_slug")?;
    let board = text(record, "source").unwrap_or_default();
    let bare = slug.strip_prefix("via-").unwrap_or(&slug);
    let name = bare
        .strip_prefix(board.as_str())
        .and_then(|rest| rest.strip_prefix('-'))
        .filter(|rest| !board.is_empty() && !rest.is_empty());
    Some(name.map_or_else(|| slug.clone(), str::to_owned))
}

fn text(record: &Value, key: &str) -> Option<String> {
    record.get(key)?.as_str().and_then(line)
}

fn id(record: &Value) -> Result<String, RecordError> {
    text(record, "id").ok_or_else(|| RecordError::Syntax("an event without an id".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_removal_closes_and_a_change_is_no_posting() {
        let gone = closing(
            &json!({"event": "removed", "id": "a1"}),
            "feed",
            "2026-04-30-diff",
        );
        let gone = gone.unwrap().unwrap();
        assert_eq!(
            (gone.id.as_str(), gone.at.unwrap().to_string().as_str()),
            ("feed:a1", "2026-04-30T00:00:00Z")
        );
        assert!(closing(&json!({"event": "removed"}), "feed", "x").is_err());
        let new = json!({"event": "new", "id": "a1", "company_slug": "tarn", "title": "Cook", "location": "Oslo, Norway", "posted_at": null});
        assert_eq!(closing(&new, "feed", "x"), Ok(None));
        let new = posting(&new, "feed").unwrap();
        assert_eq!(
            (new.id.as_str(), new.locations[0].raw.as_str()),
            ("feed:a1", "Oslo, Norway")
        );
        for (slug, source, name) in [
            ("tarn", "board", "tarn"),
            ("board-tarn", "board", "tarn"),
            ("via-board-tarn", "board", "tarn"),
            ("board", "board", "board"),
        ] {
            let new = json!({"event": "new", "id": "a1", "title": "Cook", "company_slug": slug, "source": source});
            assert_eq!(
                posting(&new, "feed").unwrap().company.as_deref(),
                Some(name)
            );
        }
        assert!(posting(&json!({"event": "changed", "job_id": "a1", "field": "title", "old": null, "new": "x"}), "feed").is_err());
    }
}
