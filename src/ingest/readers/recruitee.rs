//! Recruitee: offers that are not published.

use serde_json::Value;

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::posting::Posting;

pub(super) fn finish(item: Parsed<'_>, _: &mut Posting, _: &Context) -> Result<(), RecordError> {
    match item.json().get("status").and_then(Value::as_str) {
        Some(status) if status != "published" => {
            Err(RecordError::NotAPosting("an offer that is not published"))
        }
        _ => Ok(()),
    }
}
