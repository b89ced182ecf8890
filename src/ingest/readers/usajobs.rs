//! USAJOBS: telework, and cities that are written with their state.

use serde_json::Value;

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::posting::{Posting, Workplace};

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    let details = "/MatchedObjectDescriptor/UserArea/Details";
    let remote = item.json().pointer(&format!("{details}/RemoteIndicator"));
    if matches!(remote, Some(Value::Bool(true))) || remote.and_then(Value::as_str) == Some("true") {
        posting.workplace = Some(Workplace::Remote);
    }
    for place in &mut posting.locations {
        if place.city.is_none()
            && let Some((city, _)) = place.raw.split_once(',')
        {
            place.city = Some(city.trim().to_owned());
        }
    }
    Ok(())
}
