//! Lever: the requirements stand in `lists`, beside the description.

use serde_json::Value;

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::ingest::text::{block, line};
use crate::posting::Posting;

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let record = item.json();
    // The record names no company; its board does.
    if posting.company.is_none() {
        posting.company.clone_from(&posting.board);
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).and_then(block);
    let mut parts: Vec<String> = posting.description_text.take().into_iter().collect();
    for list in record
        .get("lists")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let heading = list.get("text").and_then(Value::as_str).and_then(line);
        let items = text(list, "content");
        let both: Vec<String> = heading.into_iter().chain(items).collect();
        parts.push(both.join("\n"));
    }
    parts.extend(text(record, "additional").or_else(|| text(record, "additionalPlain")));
    parts.retain(|part| !part.is_empty());
    posting.description_text = (!parts.is_empty()).then(|| parts.join("\n\n"));
    if let (Some(place), Some(country)) = (
        posting.locations.first_mut(),
        record.get("country").and_then(Value::as_str).and_then(line),
    ) && country.len() == 2
    {
        // The code of the first place; another city of the same name may be better known.
        let code = country.to_ascii_uppercase();
        if place.country.as_ref().is_some_and(|known| *known != code) {
            place.region = None;
        }
        place.country = Some(code);
    }
    Ok(())
}
