//! Walks through the postings that have a skill of the person's or one that is
//! near, and gathers what their posting lists alone tell about each.

use std::ops::Range;

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Term};

use crate::index::{Having, IndexError, Snapshot, skill_term};
use crate::query::rank::Lead;
use crate::skills::Taxonomy;

/// So many documents are gathered at a time: what is known of them stays near
/// the processor.
const WINDOW: usize = 4096;

/// So many parts, if none gets too large: enough for the cores to end together,
/// and not too many to open all lists in each.
const N_PARTS: usize = 8;
/// Windows of the largest part.
const MOST_WINDOWS: usize = 16;

/// What posting lists tell about a document.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Clue {
    /// Bits of the person's skills that it uses at most.
    pub(super) uses: u128,
    /// Weight of what it asks for and the person meets, at most; above 0 where
    /// there is anything at all.
    pub(super) met: f32,
    /// Weight of what it meets at least, if it asks for all that it names.
    pub(super) least: f32,
    /// It scores above nothing, whatever else it asks for.
    pub(super) is_sure: bool,
}

/// The posting list of one skill.
struct List {
    lead: Lead,
    postings: BlockSegmentPostings,
    /// Place in the block that is loaded.
    at: usize,
}

/// The posting lists of all leads in a part of a segment.
pub(super) struct Lists {
    lists: Vec<List>,
    docs: Range<DocId>,
    clues: Vec<Clue>,
}

/// Parts of all segments that can be walked through side by side.
pub(super) fn parts(snapshot: &Snapshot) -> Vec<(u32, Range<DocId>)> {
    let segments = snapshot.searcher.segment_readers();
    let n_docs: usize = segments.iter().map(|one| one.max_doc() as usize).sum();
    let n_windows = n_docs.div_ceil(N_PARTS * WINDOW).clamp(1, MOST_WINDOWS);
    let size = n_windows * WINDOW;
    let parts = (0..).zip(segments).flat_map(|(segment, reader)| {
        let n_docs = reader.max_doc();
        let firsts = (0..n_docs).step_by(size);
        firsts.map(move |first| (segment, first..n_docs.min(first + size as DocId)))
    });
    parts.collect()
}

impl Lists {
    pub(super) fn open(
        snapshot: &Snapshot,
        (segment, docs): &(u32, Range<DocId>),
        leads: &[Lead],
        taxonomy: &Taxonomy,
    ) -> Result<Lists, IndexError> {
        let damaged = |error: &dyn std::fmt::Display| snapshot.damaged(error);
        let reader = snapshot.searcher.segment_reader(*segment);
        let field = snapshot.fields.skill;
        let inverted = reader
            .inverted_index(field)
            .map_err(|error| damaged(&error))?;
        let mut lists = Vec::with_capacity(leads.len());
        for lead in leads {
            // What only follows from another skill is not asked for.
            let having = if lead.is_own {
                Having::Any
            } else {
                Having::Named
            };
            let term = skill_term(&taxonomy.skill(lead.skill).id, having);
            let term = Term::from_field_text(field, &term);
            let postings = inverted.read_block_postings(&term, IndexRecordOption::Basic);
            if let Some(mut postings) = postings.map_err(|error| damaged(&error))? {
                let at = postings.seek(docs.start);
                lists.push(List {
                    lead: *lead,
                    postings,
                    at,
                });
            }
        }
        Ok(Lists {
            lists,
            docs: docs.clone(),
            clues: vec![Clue::default(); WINDOW],
        })
    }

    /// Tells `visit` of the clues of each window of documents and its first one;
    /// a document without any has a weight of 0. Deleted ones are among them.
    pub(super) fn each_window<E>(
        mut self,
        mut visit: impl FnMut(DocId, &[Clue]) -> Result<(), E>,
    ) -> Result<(), E> {
        for first in self.docs.clone().step_by(WINDOW) {
            let n = WINDOW.min((self.docs.end - first) as usize);
            self.clues.fill(Clue::default());
            let clues = &mut self.clues[..n];
            for list in &mut self.lists {
                list.gather(first, clues);
            }
            visit(first, clues)?;
        }
        Ok(())
    }
}

impl List {
    fn gather(&mut self, first: DocId, clues: &mut [Clue]) {
        let end = first + clues.len() as DocId;
        // Never 0, which says that there is nothing.
        let most = (self.lead.most as f32).max(f32::MIN_POSITIVE);
        // The list of an own skill has postings in which it only follows from another.
        let least = match self.lead.is_own {
            true => 0.0,
            false => self.lead.least as f32,
        };
        loop {
            let docs = self.postings.docs();
            if docs.is_empty() {
                return;
            }
            for doc in &docs[self.at..] {
                if *doc >= end {
                    return;
                }
                let clue = &mut clues[(doc - first) as usize];
                clue.uses |= self.lead.uses;
                clue.met += most;
                clue.least = clue.least.max(least);
                clue.is_sure |= self.lead.is_sure;
                self.at += 1;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}
