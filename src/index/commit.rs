//! The postings of one whole commit, as readers see them.

use std::collections::BTreeMap;

use tantivy::schema::Value as _;
use tantivy::{DocAddress, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::columns::Facet;
use super::writer::Existing;
use super::{Fields, Index, IndexError};
use crate::posting::Posting;

/// The postings of one whole commit; later commits do not change it.
pub struct Commit {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    directory: std::path::PathBuf,
}

impl Commit {
    pub(super) fn open(index: &Index) -> Result<Commit, IndexError> {
        let reader = index
            .inner
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

    /// What is known of an id.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if the index cannot be read.
    pub fn existing(&self, id: &str) -> Result<Existing, IndexError> {
        let Some(address) = self.find(id)? else {
            return Ok(Existing::None);
        };
        let segment = self.searcher.segment_reader(address.segment_ord);
        let column = segment
            .fast_fields()
            .u64("content")
            .map_err(|error| self.damaged(error))?;
        Ok(column
            .first(address.doc_id)
            .map_or(Existing::None, Existing::Content))
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
        let json = doc
            .get_first(self.fields.posting)
            .and_then(|value| value.as_str())
            .unwrap_or_default();
        serde_json::from_str(json).map_err(|error| self.damaged(error))
    }

    /// Tells `visit` of every posting as it is stored and of its content hash,
    /// in no particular order, until `visit` fails.
    ///
    /// # Errors
    /// Whatever `visit` fails with; [`IndexError::Damaged`] if the index cannot be read.
    pub fn each_posting<E: From<IndexError>>(
        &self,
        mut visit: impl FnMut(Posting, u64) -> Result<(), E>,
    ) -> Result<(), E> {
        for (ord, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            let content = segment
                .fast_fields()
                .u64("content")
                .map_err(|error| self.damaged(error))?;
            for doc in segment.doc_ids_alive() {
                let posting = self.posting_at(DocAddress::new(ord, doc))?;
                visit(posting, content.first(doc).unwrap_or_default())?;
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
