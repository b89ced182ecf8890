//! What a commit says of itself. It stands in the commit, so that it cannot
//! disagree with what is in the index.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sealed;

/// Commits that are remembered, this one among them.
const MOST_COMMITS: usize = 10;

/// What a commit says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// Names the list of skills its postings were read with.
    pub(super) skills: String,
    /// tantivy's number of the commit.
    pub(super) opstamp: u64,
    /// How far a run was that has not come to its end.
    pub(super) unfinished: Option<Unfinished>,
    /// The last commits, the newest first.
    pub(super) commits: Vec<CommitTime>,
}

/// How far a run was when it committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// Names the files up to here and how they were read.
    pub run: String,
    /// Files that are done.
    pub files: u64,
    /// Records of the next file that are done.
    pub records: u64,
    /// Records of all files that earlier runs have read for it; 0 in older indexes.
    #[serde(default)]
    pub read: u64,
    /// Those of them that were no postings; 0 in older indexes.
    #[serde(default)]
    pub rejected: u64,
}

/// When a commit was made and how much it brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitTime {
    /// Seconds since 1970.
    pub at: i64,
    /// Postings it wrote, new and changed.
    pub written: u64,
}

impl Note {
    /// The note of the commit after this one.
    pub(super) fn next(&self, commit: CommitTime) -> Note {
        let mut commits = vec![commit];
        commits.extend(self.commits.iter().take(MOST_COMMITS - 1).cloned());
        Note {
            commits,
            ..Note::default()
        }
    }

    pub(super) fn to_payload(&self) -> String {
        match serde_json::to_value(self).expect("strings and numbers are JSON") {
            Value::Object(fields) => sealed::seal(fields),
            _ => unreachable!("a structure is an object"),
        }
    }

    /// `None` unless it is as written.
    pub(super) fn from_payload(payload: &str) -> Option<Note> {
        serde_json::from_value(Value::Object(sealed::unseal(payload)?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_remembers_ten_commits() {
        let mut note = Note {
            skills: "ab".to_owned(),
            opstamp: 7,
            unfinished: Some(Unfinished {
                run: "cd".to_owned(),
                files: 1,
                records: 2,
                read: 9,
                rejected: 3,
            }),
            commits: Vec::new(),
        };
        assert_eq!(Note::from_payload(&note.to_payload()).as_ref(), Some(&note));
        for at in 0..20 {
            note = note.next(CommitTime { at, written: 1 });
        }
        assert_eq!(note.commits.len(), MOST_COMMITS);
        assert_eq!(note.commits[0].at, 19);
        assert_eq!(note.unfinished, None);
    }

    #[test]
    fn a_run_that_an_older_program_left_has_no_counts() {
        let run = serde_json::json!({"run": "cd", "files": 1, "records": 2});
        let run: Unfinished = serde_json::from_value(run).unwrap();
        assert_eq!((run.records, run.read, run.rejected), (2, 0, 0));
    }
}
