//! What became of all records of a run, in numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Position;
use crate::index::flag;
use crate::posting::Posting;

/// What became of all records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Files with postings.
    pub files: u64,
    /// Files without, and why.
    pub skipped_files: Vec<(String, String)>,
    /// Records: added + changed + unchanged + closed + rejected.
    pub read: u64,
    /// Postings that are new.
    pub added: u64,
    /// Postings that replaced another of the same id.
    pub changed: u64,
    /// Postings that were there already, just so.
    pub unchanged: u64,
    /// Records that say a posting is gone.
    pub closed: u64,
    /// Records that are no postings.
    pub rejected: u64,
    /// Accepted postings of this run that joined a group that is there without them.
    pub duplicates: u64,
    /// By reader.
    pub readers: BTreeMap<&'static str, ReaderSummary>,
    /// Postings that a full reading of their board did not find any more.
    pub absent: u64,
    /// Files of a full reading that were skipped or had records that could not be
    /// read: of their boards nothing was closed, and nothing at all if one of them
    /// shows no board.
    pub not_whole: Vec<String>,
    /// Files whose postings took the places of others of this run.
    pub taken: Vec<Taken>,
    /// Postings whose date of publication could not be read, and is kept as written.
    pub unread_dates: u64,
    /// Rejected records by reader and reason.
    pub reasons: BTreeMap<(&'static str, &'static str), u64>,
    /// Bytes of text read, unpacked.
    pub bytes: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// It was stopped before the end of the files.
    pub interrupted: bool,
    /// What an earlier run that was cut off had done and this one did not do again.
    pub resumed: Position,
}

/// Postings of one file that others of the same ids have replaced, which look like
/// other postings: most of them have other titles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The file whose postings are gone.
    pub of: String,
    /// The file that has others in their places.
    pub by: String,
    /// How many have other titles.
    pub n: u64,
}

/// What one reader read, and how much of it said what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReaderSummary {
    /// Records.
    pub read: u64,
    /// Postings.
    pub accepted: u64,
    /// Postings that were there already, just so.
    pub unchanged: u64,
    /// Postings that replaced another of the same id.
    pub changed: u64,
    /// Postings that are new.
    pub added: u64,
    /// Records that say a posting is gone.
    pub closed: u64,
    /// Records that are no postings.
    pub rejected: u64,
    /// Postings with an employer.
    pub with_company: u64,
    /// Postings with a place that was recognised.
    pub with_place: u64,
    /// Postings with a date.
    pub with_date: u64,
    /// Postings with pay.
    pub with_salary: u64,
    /// Postings that say where the work is done.
    pub with_workplace: u64,
    /// Postings with a rung.
    pub with_seniority: u64,
    /// Postings with a text.
    pub with_text: u64,
    /// Postings by what they were written in.
    pub encodings: BTreeMap<String, u64>,
    /// Characters in their texts that could not be read when somebody wrote them down.
    pub replacement_characters: u64,
}

impl ReaderSummary {
    /// Counts what is known of a posting, for an unchanged record of that which
    /// the index has: bits of [`flag`].
    pub(super) fn knows(&mut self, known: u64) {
        for (n, flag) in [
            (&mut self.with_company, flag::COMPANY),
            (&mut self.with_place, flag::PLACE),
            (&mut self.with_date, flag::DATE),
            (&mut self.with_salary, flag::PAY),
            (&mut self.with_workplace, flag::WORKPLACE),
            (&mut self.with_seniority, flag::SENIORITY),
            (&mut self.with_text, flag::TEXT),
        ] {
            *n += u64::from(known & flag != 0);
        }
    }

    /// Counts what a posting was written in.
    pub(super) fn written(&mut self, posting: &Posting) {
        let origin = posting.origin.as_ref();
        let encoding = origin.and_then(|origin| origin.encoding.as_deref());
        let encoding = encoding.unwrap_or("utf-8");
        match self.encodings.get_mut(encoding) {
            Some(n) => *n += 1,
            None => drop(self.encodings.insert(encoding.to_owned(), 1)),
        }
        let text = posting.description_text.as_deref().unwrap_or_default();
        self.replacement_characters += text.matches('\u{fffd}').count() as u64;
    }
}
