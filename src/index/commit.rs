//! The postings of one whole commit, as readers see them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::columns::Facet;
use super::writer::Existing;
use super::{Fields, Index, IndexError, Kept, sightings};
use crate::past::{Happening, Past};
use crate::posting::Posting;

/// The postings of one whole commit; later commits do not change it.
pub struct Commit {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    directory: std::path::PathBuf,
}

impl Commit {
    pub(super) fn open(index: &Index) -> Result<Commit, IndexError> {
        Commit::through(&index.inner, index)
    }

    /// With the files as `files` reaches them.
    pub(super) fn through(files: &tantivy::Index, index: &Index) -> Result<Commit, IndexError> {
        let reader = files
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| index.damaged(error))?;
        Ok(Commit {
            searcher: reader.searcher(),
            fields: index.fields,
            directory: index.directory.clone(),
        })
    }

    /// How many there are.
    pub fn n_postings(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// How many segments it lies in.
    pub fn n_segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// Bytes of each field's words, columns and lengths, the largest first; the
    /// stored postings stand under `posting`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn field_bytes(&self) -> Result<Vec<(String, u64)>, IndexError> {
        let usage = self.searcher.space_usage();
        let usage = usage.map_err(|error| self.damaged(error))?;
        let mut bytes: BTreeMap<String, u64> = BTreeMap::new();
        for segment in usage.segments() {
            let parts = [
                segment.termdict(),
                segment.postings(),
                segment.positions(),
                segment.fast_fields(),
                segment.fieldnorms(),
            ];
            for field in parts.into_iter().flat_map(|part| part.fields()) {
                *bytes.entry(field.field_name().to_owned()).or_default() +=
                    field.total().get_bytes();
            }
            *bytes.entry("posting".to_owned()).or_default() += segment.store().total().get_bytes();
        }
        let mut bytes: Vec<(String, u64)> = bytes.into_iter().collect();
        bytes.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(bytes)
    }

    /// What is known of an id; `None` if no posting has it.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn existing(&self, id: &str) -> Result<Option<Existing>, IndexError> {
        let Some(address) = self.find(id)? else {
            return Ok(None);
        };
        let columns = self
            .searcher
            .segment_reader(address.segment_ord)
            .fast_fields();
        let doc = address.doc_id;
        let content = columns
            .u64("content")
            .map_err(|error| self.damaged(error))?;
        let flags = columns.u64("flags").map_err(|error| self.damaged(error))?;
        let closed_at = columns
            .i64("closed_at")
            .map_err(|error| self.damaged(error))?;
        Ok(Some(Existing {
            contents: content.values_for_doc(doc).collect(),
            known: flags.first(doc).unwrap_or_default(),
            is_closed: closed_at.first(doc).is_some(),
        }))
    }

    /// All that is kept of an id.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn kept(&self, id: &str) -> Result<Option<Kept>, IndexError> {
        self.find(id)?
            .map(|address| self.kept_at(address))
            .transpose()
    }

    fn kept_at(&self, address: DocAddress) -> Result<Kept, IndexError> {
        let doc: TantivyDocument = self
            .searcher
            .doc(address)
            .map_err(|error| self.damaged(error))?;
        let stored = |field| {
            let value = doc.get_first(field);
            value.and_then(|value| value.as_str()).unwrap_or_default()
        };
        let content = self
            .searcher
            .segment_reader(address.segment_ord)
            .fast_fields()
            .u64("content")
            .map_err(|error| self.damaged(error))?;
        Ok(Kept {
            posting: self.posting_of(&doc)?,
            contents: content.values_for_doc(address.doc_id).collect(),
            past: serde_json::from_str(stored(self.fields.past))
                .map_err(|error| self.damaged(error))?,
        })
    }

    /// What happened to the posting of an id.
    pub(crate) fn past_at(&self, address: DocAddress) -> Result<Past, IndexError> {
        self.kept_at(address).map(|kept| kept.past)
    }

    /// When the posting of an id was last read, changed or not.
    pub(crate) fn last_seen(&self, id: &str, past: &Past) -> Option<Timestamp> {
        let read = past.events.iter().rev();
        let changed = read
            .filter(|event| event.what != Happening::Closed)
            .map(|event| event.at)
            .next();
        changed.max(sightings::last_of(&self.directory, id))
    }

    /// The ids of postings that are not closed and whose [`super::scope`] and
    /// id are wanted, in order.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn open_ids(
        &self,
        is_wanted: impl Fn(u64, &str) -> bool,
    ) -> Result<Vec<String>, IndexError> {
        let mut ids = Vec::new();
        let mut id = String::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let scope = columns.u64("scope").map_err(|error| self.damaged(error))?;
            let closed_at = columns
                .i64("closed_at")
                .map_err(|error| self.damaged(error))?;
            let Some(column) = columns.str("id").map_err(|error| self.damaged(error))? else {
                continue;
            };
            for doc in segment.doc_ids_alive() {
                let Some(ord) = column.term_ords(doc).next() else {
                    continue;
                };
                id.clear();
                column
                    .ord_to_str(ord, &mut id)
                    .map_err(|error| self.damaged(error))?;
                let scope = scope.first(doc).unwrap_or_default();
                if closed_at.first(doc).is_none() && is_wanted(scope, &id) {
                    ids.push(id.clone());
                }
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// The posting of an id.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn posting(&self, id: &str) -> Result<Option<Posting>, IndexError> {
        self.find(id)?
            .map(|address| self.posting_at(address))
            .transpose()
    }

    pub(crate) fn find(&self, id: &str) -> Result<Option<DocAddress>, IndexError> {
        let term = Term::from_field_text(self.fields.id, id);
        for (ord, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            let inverted = segment
                .inverted_index(self.fields.id)
                .map_err(|error| self.damaged(error))?;
            let postings = inverted
                .read_postings(&term, tantivy::schema::IndexRecordOption::Basic)
                .map_err(|error| self.damaged(error))?;
            let Some(mut postings) = postings else {
                continue;
            };
            use tantivy::DocSet as _;
            let mut doc = postings.doc();
            while doc != tantivy::TERMINATED {
                if !segment.is_deleted(doc) {
                    return Ok(Some(DocAddress::new(ord, doc)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }

    pub(crate) fn posting_at(&self, address: DocAddress) -> Result<Posting, IndexError> {
        let doc: TantivyDocument = self
            .searcher
            .doc(address)
            .map_err(|error| self.damaged(error))?;
        self.posting_of(&doc)
    }

    /// The posting that a stored document holds.
    fn posting_of(&self, doc: &TantivyDocument) -> Result<Posting, IndexError> {
        let stored = |field| doc.get_first(field).and_then(|value| value.as_str());
        let json = stored(self.fields.posting).unwrap_or_default();
        let mut posting: Posting =
            serde_json::from_str(json).map_err(|error| self.damaged(error))?;
        posting.description_text = stored(self.fields.body).map(str::to_owned);
        Ok(posting)
    }

    /// Tells `visit` of every posting as it is kept, in no particular order,
    /// until `visit` fails.
    ///
    /// # Errors
    /// Whatever `visit` fails with; [`IndexError::Damaged`] if the index cannot be read.
    pub fn each_posting<E: From<IndexError>>(
        &self,
        mut visit: impl FnMut(Kept) -> Result<(), E>,
    ) -> Result<(), E> {
        for (ord, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            for doc in segment.doc_ids_alive() {
                visit(self.kept_at(DocAddress::new(ord, doc))?)?;
            }
        }
        Ok(())
    }

    /// The text values of a column in every posting, sorted: for suggestions.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn values(&self, facet: Facet) -> Result<Vec<String>, IndexError> {
        let mut values = Vec::new();
        let Some(name) = facet.column() else {
            return Ok(values);
        };
        for segment in self.searcher.segment_readers() {
            let column = segment
                .fast_fields()
                .str(name)
                .map_err(|error| self.damaged(error))?;
            if let Some(column) = column {
                let mut stream = column
                    .dictionary()
                    .stream()
                    .map_err(|error| self.damaged(error))?;
                while stream.advance() {
                    values.push(String::from_utf8_lossy(stream.key()).into_owned());
                }
            }
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    pub(crate) fn damaged(&self, error: impl std::fmt::Display) -> IndexError {
        IndexError::Damaged {
            directory: self.directory.clone(),
            why: error.to_string(),
        }
    }
}
