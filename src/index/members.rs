//! The traits of postings, as their columns hold them.

use tantivy::columnar::Column;
use tantivy::{DocId, Searcher, TantivyError};

use super::derived::NO_GROUP;
use crate::groups::{Key, Members, Sketch};

/// Documents whose values are read together.
const BLOCK: u32 = 4096;

/// All postings of a commit, in order of id. Columns are opened one at a time, and
/// closed before the next: a sparing directory has no more of them in memory.
pub(super) struct Columns<'a> {
    pub(super) searcher: &'a Searcher,
    /// The number of each document of each segment; [`NO_GROUP`] for deleted ones.
    pub(super) number_of: &'a [Vec<u32>],
    pub(super) n: u32,
}

impl Columns<'_> {
    /// Goes through a column of every segment, with the numbers of its documents.
    fn each_column(
        &self,
        name: &str,
        mut visit: impl FnMut(&Column<u64>, &[u32]),
    ) -> tantivy::Result<()> {
        let segments = self.searcher.segment_readers().iter();
        for (segment, number_of) in segments.zip(self.number_of) {
            visit(&segment.fast_fields().u64(name)?, number_of);
        }
        Ok(())
    }
}

impl Members for Columns<'_> {
    type Error = TantivyError;

    fn n(&self) -> u32 {
        self.n
    }

    fn keys(&self, key: Key, tell: &mut dyn FnMut(u32, u64)) -> tantivy::Result<()> {
        let name = match key {
            Key::Url => "copy_url",
            Key::Requisition => "copy_requisition",
            Key::Text => "copy_text",
            Key::Title => "copy_title",
        };
        let (mut docs, mut values) = (Vec::new(), Vec::new());
        self.each_column(name, |column, number_of| {
            let n_docs = number_of.len() as DocId;
            for first in (0..n_docs).step_by(BLOCK as usize) {
                docs.clear();
                docs.extend(first..n_docs.min(first + BLOCK));
                values.clear();
                values.resize(docs.len(), None);
                column.first_vals(&docs, &mut values);
                let numbers = &number_of[first as usize..];
                for (number, value) in numbers.iter().zip(&values) {
                    if let (Some(value), true) = (value, *number != NO_GROUP) {
                        tell(*number, *value);
                    }
                }
            }
        })
    }

    fn sketches(
        &self,
        are_wanted: &dyn Fn(u32) -> bool,
        tell: &mut dyn FnMut(u32, Sketch),
    ) -> tantivy::Result<()> {
        self.each_column("copy_sketch", |column, number_of| {
            for (doc, number) in (0..).zip(number_of) {
                if *number == NO_GROUP || !are_wanted(*number) {
                    continue;
                }
                let mut sketch = Sketch::default();
                let words = column.values_for_doc(doc);
                for (word, value) in sketch.0.iter_mut().zip(words) {
                    *word = value;
                }
                tell(*number, sketch);
            }
        })
    }
}
