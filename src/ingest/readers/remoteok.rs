//! RemoteOK: the notice at the top, and the note against spam at every end.

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::posting::Posting;

pub(super) fn finish(
    item: Parsed<'_>,
    posting: &mut Posting,
    _: &Context,
) -> Result<(), RecordError> {
    if item.json().get("legal").is_some() && posting.title.is_none() {
        return Err(RecordError::NotAPosting("a notice of the publisher"));
    }
    if let Some(text) = &mut posting.description_text
        && let Some(at) = text.find("Please mention the word")
        && text[at..].contains("when applying")
    {
        // It differs for every reader, and would make copies of one advert differ.
        text.truncate(text[..at].trim_end().len());
    }
    if posting.description_text.as_deref() == Some("") {
        posting.description_text = None;
    }
    Ok(())
}
