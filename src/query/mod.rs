//! A request in; ranked hits or counts out.
//!
//! Requests and answers are plain data, so that another engine can answer the
//! same requests: [`Engine`] says which. [`rank`] is the arithmetic of a match,
//! pure; [`Local`] asks tantivy.

mod census;
pub mod conditions;
mod cursor;
mod filter;
pub mod language;
pub mod ledger;
mod local;
pub mod months;
pub mod rank;
mod snippet;
mod stretch;
pub mod values;

pub use census::Census;
pub use cursor::first_asked_at;
pub use filter::{Amount, Filter, SkillChoice};
pub use language::{Question, TextError, TextQuery};
pub use ledger::{Column, Ledger};
pub use local::Local;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::index::{AskEntry, Facet, IndexError};
use crate::past::Past;
use crate::posting::{Location, Posting, SkillStrength};
use crate::skills::SkillNo;

/// Whoever answers requests.
pub trait Engine {
    /// The best postings, one a group, with the counts of facets.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, QueryError>;

    /// The values of one facet over what a filter leaves.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn facet(&self, filter: &Filter, request: &FacetRequest) -> Result<FacetCounts, QueryError>;

    /// The postings that fit a person best, exactly by [`rank`].
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn matches(&self, request: &MatchRequest) -> Result<MatchAnswer, QueryError>;

    /// Some columns of every posting a filter leaves, in no particular order.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn scan(
        &self,
        filter: &Filter,
        visit: &mut dyn FnMut(&ScanRow<'_>),
    ) -> Result<ScanNames, QueryError>;

    /// One column of the dated postings with a whole text that a filter leaves, of
    /// all sources or of some (numbers into [`ScanNames::sources`]), in the order in
    /// which their votes are counted.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn ledger(
        &self,
        filter: &Filter,
        column: &Column,
        sources: Option<&HashSet<u32>>,
    ) -> Result<Arc<Ledger>, QueryError> {
        ledger::read(self, filter, column, sources)
    }

    /// At most `n` postings that a filter leaves, drawn by `seed`: the same
    /// seed draws the same ones; in order of id.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn sample(&self, filter: &Filter, n: usize, seed: u64) -> Result<Vec<Posting>, QueryError>;

    /// Why a search finds nothing, and what would.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn advice(&self, question: &Question, filter: &Filter) -> Result<Advice, QueryError>;

    /// Words without a sign that next to no posting has, where an answer has fewer
    /// words than were looked for: they may be misspelt.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn rare_words(&self, question: &Question) -> Result<Vec<RareWord>, QueryError>;

    /// The ids of all postings that match, in order: those that have every word,
    /// few or none as they may be.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn ids(&self, question: &Question, filter: &Filter) -> Result<Vec<String>, QueryError>;

    /// One posting whole, with the ids of its copies.
    ///
    /// # Errors
    /// [`QueryError`] if the index cannot be read.
    fn posting(&self, id: &str) -> Result<Option<Found>, QueryError>;
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The cursor is none, or belongs to another search.
    #[error("this cursor {0}; a cursor is the `next` of an earlier answer to the same search")]
    Cursor(&'static str),
}

/// What to look for and what to show.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// Words to rank by, and conditions; without words newest come first.
    pub question: Question,
    /// What must hold besides.
    pub filter: Filter,
    /// Facets to count.
    pub facets: Vec<FacetRequest>,
    /// Whether to summarise pay.
    pub pay: bool,
    /// In which order.
    pub sort: Sort,
    /// When it is asked; with [`SearchRequest::after`], when the first page was
    /// ([`first_asked_at`]). Moments in the question and the filter that depend on
    /// today are made of it.
    pub now: Timestamp,
    /// Newer postings are better, by their age at this moment.
    pub fresh_at: Option<Timestamp>,
    /// Show every copy by itself.
    pub ungrouped: bool,
    /// Take scores apart.
    pub explain: bool,
    /// How many pieces of text a hit shows.
    pub n_pieces: usize,
    /// How many hits.
    pub limit: usize,
    /// How many to leave out first.
    pub offset: usize,
    /// Go on behind the last hit of an earlier answer: its [`SearchAnswer::next`].
    pub after: Option<String>,
}

/// The order of hits; equal ones stand in order of id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first; without words, newest first.
    #[default]
    Relevance,
    /// Newest first, undated last.
    Date,
    /// Best paid first (by the middle of the yearly range), unknown last.
    Salary,
}

/// Which facet to count and how much of it to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetRequest {
    /// Which.
    pub facet: Facet,
    /// For skills: the branch whose children are counted, `""` for the top.
    pub prefix: String,
    /// Only values whose label has this in it, in any case; of skills, whatever
    /// stands below the branch.
    pub contains: Option<String>,
    /// How many values at most.
    pub limit: usize,
    /// In which order.
    pub order: FacetOrder,
}

/// The order of a facet's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FacetOrder {
    /// Commonest first, equal ones by value.
    #[default]
    Count,
    /// By label, in any case.
    Name,
}

/// The values of one facet, commonest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCounts {
    /// Which.
    pub facet: Facet,
    /// For skills: the branch whose children these are.
    pub prefix: String,
    /// Exact counts of groups; equal counts stand in order of value.
    pub values: Vec<FacetValue>,
    /// How many values there are, shown or not.
    pub n_values: usize,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// A skill's id, a branch's path, or the value as it stands in the index.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// In how many groups.
    pub count: u64,
    /// The branches of a skill that was looked for by [`FacetRequest::contains`].
    pub paths: Vec<String>,
}

/// The answer to a [`SearchRequest`].
#[derive(Debug, Clone)]
pub struct SearchAnswer {
    /// Postings that match.
    pub n_postings: u64,
    /// Groups with such a posting.
    pub n_groups: u64,
    /// The best, one a group.
    pub hits: Vec<Hit>,
    /// In the order asked.
    pub facets: Vec<FacetCounts>,
    /// Pay by currency, commonest first, if asked for.
    pub pay: Vec<PaySummary>,
    /// Too few postings have all the words; some of these have fewer.
    pub relaxed: Option<Relaxed>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}

/// How many of the words without a sign the hits have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relaxed {
    /// Words looked for.
    pub of: usize,
    /// Words that each hit has at least.
    pub have: usize,
}

/// Yearly pay in one currency; every group has one vote, the middle of its
/// range, and only pay fit for statistics counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PaySummary {
    /// ISO 4217 code.
    pub currency: String,
    /// How many groups.
    pub n: usize,
    /// The 10th, 25th, 50th, 75th and 90th percentile, interpolated linearly
    /// between neighbours (Hyndman and Fan, 1996, type 7).
    pub quantiles: [f64; 5],
}

/// Why nothing was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advice {
    /// The first condition, in the order of [`Filter::parts`], after which
    /// nothing was left, and how many groups were left before it.
    pub emptied_by: Option<(Filter, u64)>,
    /// How many groups there would be without one condition.
    pub without: Vec<(Filter, u64)>,
    /// How many groups there would be without the words.
    pub without_words: Option<u64>,
    /// Words that stand in no posting, with what may be meant.
    pub unknown_words: Vec<(String, Vec<String>)>,
    /// Values of conditions that no posting has, with what may be meant.
    pub unknown_values: Vec<(String, Vec<String>)>,
}

/// A word that next to no posting has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RareWord {
    /// As typed.
    pub word: String,
    /// How many groups have it.
    pub n_groups: u64,
    /// Words that may be meant; much commoner ones.
    pub meant: Vec<String>,
}

/// One posting that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// How well it fits; what it means is the request's business.
    pub score: f64,
    /// The posting; its places are those of its whole group, its own first.
    pub posting: Posting,
    /// Smallest id of its group.
    pub group: String,
    /// How many postings its group has, itself included.
    pub n_copies: u32,
    /// What it asks for.
    pub skills: Vec<(SkillNo, SkillStrength)>,
    /// A piece of its text.
    pub snippet: Snippet,
    /// Further pieces, best first.
    pub pieces: Vec<Snippet>,
    /// Byte ranges of the title that were looked for.
    pub title_marks: Vec<std::ops::Range<usize>>,
    /// The score taken apart, if asked for: it is the sum of these.
    pub parts: Vec<(&'static str, f64)>,
}

/// A copy posted this long after the one before begins a new spell of its group.
pub const SPELL_SECONDS: i64 = 30 * 86_400;

/// A piece of text with the places of the words that were looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece.
    pub text: String,
    /// Byte ranges in it.
    pub marks: Vec<std::ops::Range<usize>>,
}

/// One posting whole.
#[derive(Debug, Clone)]
pub struct Found {
    /// The posting.
    pub posting: Posting,
    /// What happened to it.
    pub past: Past,
    /// When it was last read, changed or not.
    pub last_seen: Option<Timestamp>,
    /// Ids of all postings of its group, sorted; itself included.
    pub group: Vec<String>,
    /// Which run of its copies it is of, from 1, if its date is known: see
    /// [`SPELL_SECONDS`].
    pub spell: Option<u32>,
    /// The places of all of them, its own first.
    pub places: Vec<Location>,
    /// What it asks for.
    pub ask: Vec<AskEntry>,
}

/// Which postings fit a person.
#[derive(Debug, Clone)]
pub struct MatchRequest {
    /// What the person has.
    pub person: rank::Person,
    /// Words to rank by as well; its conditions and what it rules out count for nothing.
    pub text: Option<Question>,
    /// What must hold.
    pub filter: Filter,
    /// How much each part counts.
    pub weights: rank::Weights,
    /// Whether soft skills and responsibilities count.
    pub soft: bool,
    /// Postings whose groups are left out.
    pub not_copies_of: Vec<String>,
    /// Today, for freshness.
    pub now: Timestamp,
    /// How many hits.
    pub limit: usize,
    /// How many to leave out first.
    pub offset: usize,
}

/// The answer to a [`MatchRequest`].
#[derive(Debug, Clone)]
pub struct MatchAnswer {
    /// Groups that ask for something the person has or is near to.
    pub n_groups: u64,
    /// The best, one a group.
    pub hits: Vec<MatchHit>,
}

/// One posting that fits, with its score taken apart.
#[derive(Debug, Clone)]
pub struct MatchHit {
    /// The posting; its score is the sum of the parts.
    pub hit: Hit,
    /// The parts.
    pub parts: rank::Parts,
}

/// What a scan tells of one posting.
#[derive(Debug, Clone, Copy)]
pub struct ScanRow<'a> {
    /// Which group; numbers from 0.
    pub group: u32,
    /// Seconds since 1970.
    pub posted_at: Option<i64>,
    /// Which employer: a number into [`ScanNames::companies`].
    pub company: Option<u32>,
    /// Which source: a number into [`ScanNames::sources`].
    pub source: Option<u32>,
    /// Numbers into [`ScanNames::countries`].
    pub countries: &'a [u32],
    /// Number into [`ScanNames::seniorities`].
    pub seniority: Option<u32>,
    /// Number into [`ScanNames::workplaces`].
    pub workplace: Option<u32>,
    /// Number into [`ScanNames::text_languages`].
    pub text_language: Option<u32>,
    /// Its profile.
    pub ask: &'a [AskEntry],
    /// Yearly pay fit for statistics: lower end, upper end, currency (a number
    /// into [`ScanNames::currencies`]).
    pub pay: Option<(Option<f64>, Option<f64>, u32)>,
    /// Its text is missing or cut off: it says nothing about what is not in it.
    pub is_partial: bool,
    /// It has no text: what is known of its skills, if anything, is a list of its source.
    pub is_listed: bool,
}

/// What the numbers of a [`ScanRow`] stand for.
#[derive(Debug, Clone, Default)]
pub struct ScanNames {
    /// Employers, one spelling each.
    pub companies: Vec<String>,
    /// Sources.
    pub sources: Vec<String>,
    /// Country codes.
    pub countries: Vec<String>,
    /// Rungs.
    pub seniorities: Vec<String>,
    /// Remote, hybrid, onsite.
    pub workplaces: Vec<String>,
    /// Tongues.
    pub text_languages: Vec<String>,
    /// Currency codes.
    pub currencies: Vec<String>,
}
