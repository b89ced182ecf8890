//! One whole commit with what follows from it.

use std::ops::Deref;

use super::derived::Derived;
use super::{Commit, Index, IndexError, are_skills};
use crate::skills::Taxonomy;

/// One whole commit of an index with its groups; later commits do not change it.
pub struct Snapshot {
    commit: Commit,
    derived: Derived,
    is_kept: bool,
}

impl Snapshot {
    pub(super) fn open(index: &Index, taxonomy: &Taxonomy) -> Result<Snapshot, IndexError> {
        let commit = Commit::open(index)?;
        if !are_skills(&index.note()?.skills, taxonomy) {
            return Err(index.damaged("it was rebuilt just now; run the command again"));
        }
        let kept = Derived::load(&commit.searcher, index);
        let is_kept = kept.is_some();
        let derived = match kept {
            Some(derived) => derived,
            None => Derived::compute(&commit.searcher, index, taxonomy.skills().len())?,
        };
        Ok(Snapshot {
            commit,
            derived,
            is_kept,
        })
    }

    /// Whether what follows from the commit was read and need not be worked out.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Groups of copies, and how rare each skill is.
    pub fn derived(&self) -> &Derived {
        &self.derived
    }
}

impl Deref for Snapshot {
    type Target = Commit;

    fn deref(&self) -> &Commit {
        &self.commit
    }
}
