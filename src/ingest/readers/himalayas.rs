//! Himalayas: no restriction of places is the whole world.

use serde_json::Value;

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::posting::Posting;

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let restrictions = item
        .json()
        .get("locationRestrictions")
        .and_then(Value::as_array);
    if restrictions.is_some_and(Vec::is_empty) {
        posting.remote_scope = vec!["WORLD".to_owned()];
    }
    Ok(())
}
