//! Walks through the postings that have a skill of the person's or one that is
//! near, and gathers what their posting lists alone tell about each.

use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Term};

use crate::index::{Having, IndexError, Snapshot, skill_term};
use crate::query::rank::Lead;
use crate::skills::Taxonomy;

/// So many documents are gathered at a time: what is known of them stays near
/// the processor.
const WINDOW: usize = 4096;

/// What posting lists tell about a document.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Clue {
    /// Bits of the person's skills that it uses at most.
    pub(super) uses: u128,
    /// Weight of what it asks for and the person meets, at most; above 0 where
    /// there is anything at all.
    pub(super) met: f32,
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

/// The posting lists of all leads in one segment.
pub(super) struct Lists {
    lists: Vec<List>,
    n_docs: usize,
    clues: Vec<Clue>,
}

impl Lists {
    pub(super) fn open(
        snapshot: &Snapshot,
        segment: u32,
        leads: &[Lead],
        taxonomy: &Taxonomy,
    ) -> Result<Lists, IndexError> {
        let damaged = |error: &dyn std::fmt::Display| snapshot.damaged(error);
        let reader = snapshot.searcher.segment_reader(segment);
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
            if let Some(postings) = postings.map_err(|error| damaged(&error))? {
                lists.push(List {
                    lead: *lead,
                    postings,
                    at: 0,
                });
            }
        }
        Ok(Lists {
            lists,
            n_docs: reader.max_doc() as usize,
            clues: vec![Clue::default(); WINDOW],
        })
    }

    /// Tells `visit` of the clues of each window of documents and its first one;
    /// a document without any has a weight of 0. Deleted ones are among them.
    pub(super) fn each_window<E>(
        mut self,
        mut visit: impl FnMut(DocId, &[Clue]) -> Result<(), E>,
    ) -> Result<(), E> {
        for first in (0..self.n_docs).step_by(WINDOW) {
            let n = WINDOW.min(self.n_docs - first);
            self.clues.fill(Clue::default());
            let clues = &mut self.clues[..n];
            for list in &mut self.lists {
                list.gather(first as DocId, clues);
            }
            visit(first as DocId, clues)?;
        }
        Ok(())
    }
}

impl List {
    fn gather(&mut self, first: DocId, clues: &mut [Clue]) {
        let end = first + clues.len() as DocId;
        // Never 0, which says that there is nothing.
        let most = (self.lead.most as f32).max(f32::MIN_POSITIVE);
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
                clue.is_sure |= self.lead.is_sure;
                self.at += 1;
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}
