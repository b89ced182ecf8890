//! Ledgers of all postings, remembered once a report has asked for them: later
//! reports count over them without reading a column.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Local;
use crate::query::ledger::{self, Column, Ledger};
use crate::query::{Filter, QueryError};

/// How many are remembered: some 40 bytes a posting each, and few are asked for.
const N_KEPT: usize = 4;

/// The ledgers asked for last, the newest at the end.
#[derive(Default)]
pub(super) struct Ledgers(Mutex<Vec<(Column, Arc<Ledger>)>>);

impl Ledgers {
    fn kept(&self) -> MutexGuard<'_, Vec<(Column, Arc<Ledger>)>> {
        // Whole ledgers alone are in it: whatever panicked has left them so.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ledger of a column, if it is remembered.
    fn get(&self, column: &Column) -> Option<Arc<Ledger>> {
        let mut kept = self.kept();
        let at = kept.iter().position(|(known, _)| known == column)?;
        let found = kept.remove(at);
        let ledger = Arc::clone(&found.1);
        kept.push(found);
        Some(ledger)
    }

    /// Remembers one, and forgets the one that was asked for longest ago.
    fn put(&self, column: &Column, ledger: &Arc<Ledger>) {
        let mut kept = self.kept();
        kept.retain(|(known, _)| known != column);
        if kept.len() >= N_KEPT {
            kept.remove(0);
        }
        kept.push((column.clone(), Arc::clone(ledger)));
    }
}

impl Local {
    /// The ledger of a column: as it is remembered, if it is of all postings.
    pub(super) fn remembered(
        &self,
        filter: &Filter,
        column: &Column,
        sources: Option<&HashSet<u32>>,
    ) -> Result<Arc<Ledger>, QueryError> {
        let is_whole = sources.is_none() && *filter == Filter::default();
        if is_whole && let Some(ledger) = self.ledgers.get(column) {
            return Ok(ledger);
        }
        let ledger = ledger::read(self, filter, column, sources)?;
        if is_whole {
            self.ledgers.put(column, &ledger);
        }
        Ok(ledger)
    }
}
