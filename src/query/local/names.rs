//! The values of text columns by name. Each segment numbers its own; a first
//! question looks up the names it needs, from the second one on the names of
//! all segments are kept in memory, some 60 bytes for each distinct spelling.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::StrColumn;

use super::count::UNSEEN;
use crate::index::{Facet, IndexError, Snapshot};
use crate::ingest::normalise_words;

/// The spellings of one column over all segments.
pub(super) struct Spellings {
    /// By segment and the segment's own number of a spelling.
    of_ord: Vec<Vec<u32>>,
    texts: Vec<String>,
    /// Spellings that fold into one have the same value.
    value_of: Vec<u32>,
    n_values: usize,
}

impl Spellings {
    fn read<'a>(
        snapshot: &Snapshot,
        columns: impl Iterator<Item = Option<&'a StrColumn>>,
        folds: bool,
    ) -> Result<Spellings, IndexError> {
        let mut spelling_of: HashMap<String, u32> = HashMap::new();
        let mut of_ord = Vec::new();
        for column in columns {
            let mut numbers = Vec::new();
            if let Some(column) = column {
                let mut stream = column
                    .dictionary()
                    .stream()
                    .map_err(|error| snapshot.damaged(error))?;
                while stream.advance() {
                    let text = String::from_utf8_lossy(stream.key());
                    let next = spelling_of.len() as u32;
                    let number = match spelling_of.get(&*text) {
                        Some(number) => *number,
                        None => *spelling_of.entry(text.into_owned()).or_insert(next),
                    };
                    numbers.push(number);
                }
            }
            of_ord.push(numbers);
        }
        let mut texts = vec![String::new(); spelling_of.len()];
        for (text, number) in spelling_of {
            texts[number as usize] = text;
        }
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut value_of = Vec::with_capacity(texts.len());
        for text in &texts {
            let next = known.len() as u32;
            value_of.push(*known.entry(key(text, folds)).or_insert(next));
        }
        Ok(Spellings {
            of_ord,
            n_values: known.len(),
            texts,
            value_of,
        })
    }
}

/// Spellings with the same key are one value.
fn key(text: &str, folds: bool) -> String {
    match folds {
        true => normalise_words(text),
        false => text.to_owned(),
    }
}

/// The spellings of the columns that were asked about before.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<Facet, Option<Arc<Spellings>>>>);

impl Kept {
    /// The spellings of a facet's column; none the first time.
    pub(super) fn of<'a>(
        &self,
        facet: Facet,
        snapshot: &Snapshot,
        columns: impl Iterator<Item = Option<&'a StrColumn>>,
        folds: bool,
    ) -> Result<Option<Arc<Spellings>>, IndexError> {
        // Whole answers alone are put in: whatever panicked has left it whole.
        let locked = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = locked().get(&facet).cloned();
        match known {
            Some(Some(spellings)) => Ok(Some(spellings)),
            Some(None) => {
                let read = Arc::new(Spellings::read(snapshot, columns, folds)?);
                locked().insert(facet, Some(Arc::clone(&read)));
                Ok(Some(read))
            }
            None => {
                locked().insert(facet, None);
                Ok(None)
            }
        }
    }
}

/// Values numbered as they come, each with the first in order of the spellings
/// that came.
#[derive(Default)]
pub(super) struct Names {
    pub(super) labels: Vec<String>,
    number_of: HashMap<String, u32>,
    /// The numbers of values of kept spellings.
    of_kept: Vec<u32>,
}

impl Names {
    /// The number of a spelling's value.
    pub(super) fn number(&mut self, text: &str, folds: bool) -> u32 {
        let next = self.labels.len() as u32;
        let number = *self.number_of.entry(key(text, folds)).or_insert(next);
        self.spelt(number, text);
        number
    }

    /// The number of the value of a kept spelling. Kept ones and others must not
    /// be mixed.
    pub(super) fn kept(&mut self, kept: &Spellings, segment: usize, ord: u64) -> u32 {
        self.of_kept.resize(kept.n_values, UNSEEN);
        let spelling = kept.of_ord[segment][ord as usize] as usize;
        let number = &mut self.of_kept[kept.value_of[spelling] as usize];
        if *number == UNSEEN {
            *number = self.labels.len() as u32;
        }
        let number = *number;
        self.spelt(number, &kept.texts[spelling]);
        number
    }

    fn spelt(&mut self, number: u32, text: &str) {
        match self.labels.get_mut(number as usize) {
            Some(label) if text < label.as_str() => text.clone_into(label),
            Some(_) => {}
            None => self.labels.push(text.to_owned()),
        }
    }
}
