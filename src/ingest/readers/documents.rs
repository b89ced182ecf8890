//! The formats that are read out of pages, feeds, statements, Markdown tables and
//! threads: what each is known by, and the file that reads it.

use serde_json::Value;

use super::{Format, Reader, Sample, events, feeds, hn_tables, jsonld, object, zh_hiring};
use crate::ingest::documents::{feed, linked, page};
use crate::ingest::record::{Context, Record};
use crate::ingest::{Item, RecordError};
use crate::posting::Posting;

/// In the order in which they are tried.
pub(super) fn all() -> Vec<Reader> {
    vec![
        Reader::of(JsonLd),
        Reader::of(Personio),
        Reader::of(Rss),
        Reader::of(HnTables),
        Reader::of(ZhHiring(zh_hiring::Form::Raw)),
        Reader::of(ZhHiring(zh_hiring::Form::Parsed)),
        Reader::of(Events),
    ]
}

/// schema.org `JobPosting`, wherever it stands.
struct JsonLd;

impl Format for JsonLd {
    fn name(&self) -> &'static str {
        "jsonld"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, linked::has_posting)
    }

    fn unpack(&self, document: Value) -> Vec<Value> {
        let is_ready =
            document.get(linked::POORER).is_some() || document.get(page::BROKEN).is_some();
        if is_ready {
            vec![document]
        } else {
            linked::postings(document)
        }
    }

    fn posting(&self, record: Record<'_>, _: &Context) -> Result<Posting, RecordError> {
        object(record, self, |node| match linked::has_posting(node) {
            true => jsonld::posting(node),
            false => Err(RecordError::NotAPosting("no JobPosting in it")),
        })
    }
}

/// The careers feed of Personio.
struct Personio;

impl Format for Personio {
    fn name(&self) -> &'static str {
        "personio"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, feeds::is_personio)
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |position| {
            feeds::personio(position, &context.stem)
        })
    }
}

/// RSS and Atom.
struct Rss;

impl Format for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, feeds::is_rss)
    }

    fn posting(&self, record: Record<'_>, _: &Context) -> Result<Posting, RecordError> {
        object(record, self, |item| {
            if item.get(feed::ROOT).is_none() {
                return Err(RecordError::Syntax("no item of a feed".to_owned()));
            }
            feeds::rss(item)
        })
    }
}

/// Forum posts in Markdown tables.
struct HnTables;

impl Format for HnTables {
    fn name(&self) -> &'static str {
        "hn-tables"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, hn_tables::is_row)
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |rows| hn_tables::posting(rows, &context.stem))
    }
}

/// The Chinese monthly threads: their comments, or the same with fields read
/// out of them. Two readers, since one posting is in both and each adds to it.
struct ZhHiring(zh_hiring::Form);

impl Format for ZhHiring {
    fn name(&self) -> &'static str {
        self.0.reader()
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, |value| {
            self.0.is_thread(value) || self.0.is_comment(value)
        })
    }

    fn unpack(&self, document: Value) -> Vec<Value> {
        self.0.records(document)
    }

    fn posting(&self, record: Record<'_>, _: &Context) -> Result<Posting, RecordError> {
        object(record, self, zh_hiring::posting)
    }
}

/// Feeds of change events.
struct Events;

impl Format for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, events::is_event)
    }

    fn event(&self, record: Record<'_>, context: &Context) -> Result<Option<Item>, RecordError> {
        let source = context.source_or("events");
        object(record, self, |event| {
            events::event(event, source, &context.stem)
        })
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        let source = context.source_or("events");
        object(record, self, |event| events::posting(event, source))
    }
}

pub(super) fn any(sample: &Sample, fits: impl Fn(&Value) -> bool) -> bool {
    matches!(sample, Sample::Json(examples) if examples.iter().any(fits))
}
