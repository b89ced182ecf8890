//! Any table or JSON whose columns can be guessed by name.

use std::borrow::Cow;

use super::{Format, Sample, item};
use crate::ingest::RecordError;
use crate::ingest::mapping::{Mapping, guess, guess_json};
use crate::ingest::record::{Context, Record};
use crate::posting::Posting;

pub(super) struct Auto;

impl Format for Auto {
    fn name(&self) -> &'static str {
        "auto"
    }

    fn fits(&self, sample: &Sample) -> bool {
        guessed(sample).has_text()
    }

    fn mapping(&self, sample: &Sample) -> Option<Cow<'_, Mapping>> {
        Some(Cow::Owned(guessed(sample)))
    }

    fn source(&self, stem: Option<String>) -> Option<String> {
        stem
    }

    fn is_guessing(&self) -> bool {
        true
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        let bound = context
            .bound
            .as_ref()
            .ok_or_else(|| RecordError::Syntax("no columns are known".to_owned()))?;
        item(record, self, |item| Ok(bound.posting(item)))
    }
}

fn guessed(sample: &Sample) -> Mapping {
    match sample {
        Sample::Table(header) => guess(header),
        Sample::Json(examples) => guess_json(examples),
    }
}
