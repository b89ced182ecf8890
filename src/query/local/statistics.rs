//! How rare words and skills are among the living postings.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term as IndexTerm};

use crate::index::Snapshot;
use crate::skills::SkillNo;

/// What BM25 needs to know of the postings, without deleted ones, so that a
/// score does not change when these are merged away; or as it was when an
/// earlier page was made.
pub(super) struct Statistics<'a> {
    snapshot: &'a Snapshot,
    frozen: Option<&'a Frozen>,
    seen: Mutex<Frozen>,
}

/// The statistics that one search has used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Frozen {
    postings: u64,
    groups: u32,
    words: [u64; 2],
    /// How many of the plain words the hits have.
    have: Option<usize>,
    /// By field and word, or by skill: in how many postings, or groups.
    found: BTreeMap<String, u64>,
}

impl<'a> Statistics<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, frozen: Option<&'a Frozen>) -> Statistics<'a> {
        let derived = snapshot.derived();
        let live = Frozen {
            postings: snapshot.n_postings(),
            groups: derived.n_groups(),
            words: derived.n_words,
            have: None,
            found: BTreeMap::new(),
        };
        let whole = frozen.cloned().unwrap_or(live);
        // A cursor is text that anybody may have changed: there is no score
        // without a posting and a word in it.
        let seen = Frozen {
            postings: whole.postings.max(1),
            words: whole.words.map(|n| n.max(1)),
            found: BTreeMap::new(),
            ..whole
        };
        Statistics {
            snapshot,
            frozen,
            seen: Mutex::new(seen),
        }
    }

    /// How many of so many plain words the hits of an earlier page had.
    pub(super) fn level(&self, of: usize) -> Option<usize> {
        let have = self.frozen.and_then(|frozen| frozen.have)?;
        Some(have.clamp(1, of.max(1)))
    }

    /// Remembers how many of the plain words the hits have.
    pub(super) fn set_level(&self, have: usize) {
        self.locked().have = Some(have);
    }

    /// What was used so far.
    pub(super) fn used(&self) -> Frozen {
        self.locked().clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Frozen> {
        // Numbers alone are in it: whatever panicked has left them whole.
        self.seen
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// As it was, or else as it is; either way it is remembered.
    fn known<E>(&self, key: String, live: impl FnOnce() -> Result<u64, E>) -> Result<u64, E> {
        let frozen = self
            .frozen
            .and_then(|frozen| frozen.found.get(&key).copied());
        let known = frozen.or_else(|| self.locked().found.get(&key).copied());
        let n = match known {
            Some(n) => n,
            None => live()?,
        };
        self.locked().found.insert(key, n);
        Ok(n)
    }

    fn in_postings(&self, term: &IndexTerm) -> tantivy::Result<u64> {
        let mut n = 0;
        for segment in self.snapshot.searcher.segment_readers() {
            let inverted = segment.inverted_index(term.field())?;
            if !segment.has_deletes() {
                n += u64::from(inverted.doc_freq(term)?);
                continue;
            }
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                n += u64::from(!segment.is_deleted(postings.doc()));
                postings.advance();
            }
        }
        Ok(n)
    }

    /// How rare a word is: [`rarity`] over postings.
    pub(super) fn of_word(&self, term: &IndexTerm) -> tantivy::Result<f64> {
        let (n, all) = (self.doc_freq(term)?, self.total_num_docs()?);
        Ok(rarity(n as f64, all as f64))
    }

    /// How rare a skill is: [`rarity`] over groups.
    pub(super) fn of_skill(&self, id: &str, no: SkillNo) -> f64 {
        let with = self.snapshot.derived().groups_with();
        let live = || {
            Ok::<u64, std::convert::Infallible>(
                with.get(usize::from(no.0)).copied().unwrap_or(0).into(),
            )
        };
        let n = match self.known(format!("skill:{id}"), live) {
            Ok(n) => n,
            Err(never) => match never {},
        };
        rarity(n as f64, f64::from(self.locked().groups))
    }
}

/// `ln(1 + (N − n + ½) ÷ (n + ½))`, as in BM25; never negative.
fn rarity(n: f64, all: f64) -> f64 {
    (1.0 + (all - n + 0.5).max(0.0) / (n + 0.5)).ln()
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let [title, body] = self.locked().words;
        Ok(match field {
            field if field == self.snapshot.fields.title => title,
            field if field == self.snapshot.fields.body => body,
            // Of fields without lengths each document counts as one word long.
            _ => self.locked().postings,
        })
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.locked().postings)
    }

    fn doc_freq(&self, term: &IndexTerm) -> tantivy::Result<u64> {
        let word = term.value().as_str().unwrap_or_default().to_owned();
        let key = format!("{}:{word}", term.field().field_id());
        let n = self.known(key, || self.in_postings(term))?;
        // Postings may have come since the earlier page, and a word with them;
        // BM25 takes no word for commoner than there are postings.
        Ok(n.min(self.locked().postings))
    }
}
