//! Postings in the order in which their votes are counted: those of one employer
//! side by side, in order of time, with a few bytes for each value that they name.
//!
//! A ledger holds one column of dated postings with a whole text. It says nothing
//! about periods, units or shares: whoever counts goes over it as he likes.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::census::{Census, Seen};
use super::months::Months;
use super::{Engine, Filter, QueryError, ScanNames, ScanRow};
use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::skills::SkillNo;

/// No employer, or no source, is known; such a number comes last.
pub const UNKNOWN: u32 = u32::MAX;

pub(super) const SECONDS_OF_A_DAY: i64 = 86_400;

/// What a ledger notes of each posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The skills of this list, numbered by their place in it.
    Skills(Vec<SkillNo>),
    /// The employer, as a scan numbers it; so are those below.
    Company,
    /// Countries.
    Country,
    /// The rung.
    Seniority,
    /// Remote, hybrid, onsite.
    Workplace,
    /// Where it comes from.
    Source,
}

/// Which values of a posting count: those that are named in one way.
///
/// A value is its number; in a ledger of skills its number is in the lower 16
/// bits, above them a bit for each way in which it is named, then the same bits
/// for what is only implied.
#[derive(Debug, Clone, Copy)]
pub struct Ways {
    number: u32,
    ways: u32,
    all: u32,
}

/// Named in any way.
pub const ANY: u32 = 1;
/// As a must.
pub const REQUIRED: u32 = 2;
/// As nice to have.
pub const PREFERRED: u32 = 4;
/// In the title.
pub const IN_TITLE: u32 = 8;

const NUMBER_BITS: u32 = 16;
const IMPLIED_BITS: u32 = 20;

impl Ways {
    /// The number of a value.
    #[inline]
    pub fn number(self, value: u32) -> usize {
        (value & self.number) as usize
    }

    /// 1 if a value counts, 0 if not.
    #[inline]
    pub fn count(self, value: u32) -> u32 {
        u32::from(value & self.ways != 0) | self.all
    }

    /// 1 if any value of a posting counts, 0 if none, by the ways in which it names
    /// them; see [`Ledger::named`].
    #[inline]
    pub fn any(self, named: u8) -> u32 {
        u32::from(u32::from(named) << NUMBER_BITS & self.ways != 0)
            | self.all & u32::from(named != 0)
    }

    /// The number of a value that counts.
    #[inline]
    pub fn counted(self, value: u32) -> Option<usize> {
        (self.count(value) != 0).then(|| self.number(value))
    }
}

fn ways_of(entry: &AskEntry) -> u32 {
    let strength = match entry.strength {
        SkillStrength::Required => REQUIRED,
        SkillStrength::Preferred => PREFERRED,
        SkillStrength::Mentioned => 0,
    };
    let title = if entry.in_title { IN_TITLE } else { 0 };
    let at = if entry.implied {
        IMPLIED_BITS
    } else {
        NUMBER_BITS
    };
    (ANY | strength | title) << at
}

/// The number of the stratum of a posting, or [`UNKNOWN`]: postings of one source
/// that are read alike, from a text (even) or from a list of skills alone (odd).
fn stratum_of(row: &ScanRow<'_>) -> u32 {
    let source = row.source.unwrap_or(UNKNOWN);
    let listed = u32::from(row.is_listed);
    source
        .checked_mul(2)
        .map_or(UNKNOWN, |first| first + listed)
}

/// The source of a stratum.
pub(crate) fn source_of(stratum: u32) -> Option<u32> {
    (stratum != UNKNOWN).then_some(stratum / 2)
}

/// Dated postings with a whole text, by employer and time; unknown employers last.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What its numbers stand for.
    pub names: Arc<ScanNames>,
    /// All that it was made of.
    pub census: Arc<Census>,
    are_skills: bool,
    /// First and last moment.
    span: Option<(i64, i64)>,
    at: Vec<i64>,
    day: Vec<i32>,
    company: Vec<u32>,
    stratum: Vec<u32>,
    group: Vec<u32>,
    /// Where the values of each end.
    ends: Vec<u32>,
    values: Vec<u32>,
    /// All ways in which each names any value.
    named: Vec<u8>,
    copies: OnceLock<Copies>,
    months: OnceLock<Option<Months>>,
}

/// Postings of groups with more than one.
#[derive(Debug, Default)]
struct Copies {
    /// By group, then time.
    rows: Vec<u32>,
    /// For each posting, whether it is one.
    is_copy: Vec<bool>,
}

impl Ledger {
    /// Postings.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// First and last moment, seconds since 1970.
    pub fn span(&self) -> Option<(i64, i64)> {
        self.span
    }

    /// The last day, counted from 1970, before another.
    pub fn last_day_before(&self, bound: i64) -> Option<i64> {
        let before = self.day.iter().filter(|day| i64::from(**day) < bound);
        before.copied().max().map(i64::from)
    }

    /// When each was posted, seconds since 1970.
    pub fn moments(&self) -> &[i64] {
        &self.at
    }

    /// On which day each was posted, counted from 1970.
    pub fn days(&self) -> &[i32] {
        &self.day
    }

    /// The employer of each, or [`UNKNOWN`].
    pub fn companies(&self) -> &[u32] {
        &self.company
    }

    /// The stratum of each: twice the number of its source, and one more if it has a
    /// list of skills and no text; [`UNKNOWN`] if its source is.
    pub fn strata(&self) -> &[u32] {
        &self.stratum
    }

    /// What the strata are called, by number: a source and, if it gives both texts
    /// and lists of skills, which of them.
    pub fn strata_names(&self) -> Vec<String> {
        let sources = &self.names.sources;
        let mut has = vec![false; sources.len() * 2];
        for stratum in &self.stratum {
            if let Some(has) = has.get_mut(*stratum as usize) {
                *has = true;
            }
        }
        let names = sources.iter().zip(has.chunks(2));
        let names = names.flat_map(|(name, has)| match has {
            [true, true] => [
                format!("{name} (texts)"),
                format!("{name} (lists of skills)"),
            ],
            _ => [name.clone(), name.clone()],
        });
        names.collect()
    }

    /// The group of each.
    pub fn groups(&self) -> &[u32] {
        &self.group
    }

    /// The values of one, each once; see [`Ways`].
    #[inline]
    pub fn values(&self, row: usize) -> &[u32] {
        self.values_of(row..row + 1)
    }

    /// The values of some in a row, one after the other.
    #[inline]
    pub fn values_of(&self, rows: Range<usize>) -> &[u32] {
        let end = |row: usize| row.checked_sub(1).map_or(0, |last| self.ends[last]);
        &self.values[end(rows.start) as usize..end(rows.end) as usize]
    }

    /// The ways in which each names any value, for [`Ways::any`].
    pub fn named(&self) -> &[u8] {
        &self.named
    }

    /// The ways in which a value is named, as [`Ways::any`] takes them.
    #[inline]
    pub fn named_of(&self, value: u32) -> u8 {
        match self.are_skills {
            // There are eight bits above the number.
            true => (value >> NUMBER_BITS) as u8,
            false => 1,
        }
    }

    /// The same month by month, put in order when first asked for; `None` of
    /// nothing, or of more than 65,535 months.
    pub fn months(&self) -> Option<&Months> {
        if let Some(months) = self.months.get() {
            return months.as_ref();
        }
        // Not within the lock: whoever waits for it may be a thread that is needed here.
        let months = Months::new(self);
        self.months.get_or_init(|| months).as_ref()
    }

    /// The values that are named in one way (such as [`REQUIRED`]), or also those
    /// that are only implied in it.
    pub fn ways(&self, way: u32, implied: bool) -> Ways {
        if !self.are_skills {
            return Ways {
                number: u32::MAX,
                ways: 0,
                all: 1,
            };
        }
        Ways {
            number: (1 << NUMBER_BITS) - 1,
            ways: way << NUMBER_BITS | if implied { way << IMPLIED_BITS } else { 0 },
            all: 0,
        }
    }

    /// Adds the values of one posting to those of its copies, each once; what is
    /// named in either is named.
    pub fn join(&self, row: usize, joined: &mut Vec<u32>, begin: usize) {
        let number = self.ways(ANY, false).number;
        for value in self.values(row) {
            let mut known = joined[begin..].iter_mut();
            match known.find(|known| (**known ^ value) & number == 0) {
                Some(known) => *known |= value,
                None => joined.push(*value),
            }
        }
    }

    fn copies(&self) -> &Copies {
        self.copies.get_or_init(|| {
            let n = self
                .group
                .iter()
                .max()
                .map_or(0, |group| *group as usize + 1);
            let mut seen = vec![0u8; n];
            for group in &self.group {
                let seen = &mut seen[*group as usize];
                *seen = seen.saturating_add(1);
            }
            let is_copy: Vec<bool> = self
                .group
                .iter()
                .map(|group| seen[*group as usize] > 1)
                .collect();
            let mut rows: Vec<u32> = (0u32..)
                .zip(&is_copy)
                .filter_map(|(row, is_copy)| is_copy.then_some(row))
                .collect();
            rows.par_sort_unstable_by_key(|row| {
                let row = *row as usize;
                (self.group[row], self.at[row], row)
            });
            Copies { rows, is_copy }
        })
    }

    /// Those of groups with more than one posting, by group and then time.
    pub fn copied(&self) -> &[u32] {
        &self.copies().rows
    }

    /// For each, whether its group has more than one posting.
    pub fn are_copied(&self) -> &[bool] {
        &self.copies().is_copy
    }

    /// Those of other groups than another ledger has, and how many groups both have.
    pub fn without(&self, other: &Ledger) -> (Ledger, u64) {
        let (mut theirs, mut shared) = (Seen::default(), Seen::default());
        other.group.iter().for_each(|group| {
            theirs.insert(*group);
        });
        let mut left = Ledger {
            names: Arc::clone(&self.names),
            census: Arc::clone(&self.census),
            are_skills: self.are_skills,
            ..Ledger::default()
        };
        for row in 0..self.len() {
            let group = self.group[row];
            if theirs.has(group) {
                shared.insert(group);
                continue;
            }
            left.push(
                (self.company[row], self.at[row]),
                self.stratum[row],
                group,
                self.values(row),
            );
        }
        (left, shared.n())
    }

    fn push(&mut self, (company, at): (u32, i64), stratum: u32, group: u32, values: &[u32]) {
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
        self.at.push(at);
        // Timestamps reach from the year -9999 to 9999.
        self.day.push(at.div_euclid(SECONDS_OF_A_DAY) as i32);
        self.company.push(company);
        self.stratum.push(stratum);
        self.group.push(group);
        let named = values.iter().map(|value| self.named_of(*value));
        self.named.push(named.fold(0, |all, named| all | named));
        self.values.extend_from_slice(values);
        self.ends.push(self.values.len() as u32);
    }

    /// Does some work on at most so many parts of the postings, on all cores and two
    /// a core, and gives what came of it in their order; no known employer lies in
    /// two of them.
    pub fn in_parts<T: Send>(
        &self,
        n_parts: usize,
        work: impl Fn(Range<usize>) -> T + Sync + Send,
    ) -> Vec<T> {
        let n_parts = n_parts.min(2 * rayon::current_num_threads()).max(1);
        let parts = self.parts(self.len().div_ceil(n_parts));
        parts.into_par_iter().with_max_len(1).map(work).collect()
    }

    /// Pieces of at least so many postings; no known employer lies in two of them.
    fn parts(&self, n_at_least: usize) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut begin = 0;
        while begin < self.len() {
            let mut end = (begin + n_at_least.max(1)).min(self.len());
            let company = self.company[end - 1];
            if company != UNKNOWN {
                end += self.company[end..].partition_point(|other| *other == company);
            }
            parts.push(begin..end);
            begin = end;
        }
        parts
    }
}

/// Reads a ledger from the columns of an engine.
pub(super) fn read<E: Engine + ?Sized>(
    engine: &E,
    filter: &Filter,
    column: &Column,
    sources: Option<&HashSet<u32>>,
) -> Result<Arc<Ledger>, QueryError> {
    let mut builder = LedgerBuilder::new(column, sources);
    let names = engine.scan(filter, &mut |row| builder.add(row))?;
    Ok(Arc::new(builder.finish(names)))
}

/// Makes a [`Ledger`] while postings pass by.
#[derive(Debug)]
struct LedgerBuilder<'a> {
    census: Census,
    column: &'a Column,
    sources: Option<&'a HashSet<u32>>,
    /// The number of each skill, or [`UNKNOWN`].
    number_of: Vec<u32>,
    rows: Vec<Row>,
    values: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    company: u32,
    at: i64,
    stratum: u32,
    group: u32,
    values: (u32, u32),
}

impl<'a> LedgerBuilder<'a> {
    /// Of one column, for all postings or for those of some sources.
    fn new(column: &'a Column, sources: Option<&'a HashSet<u32>>) -> LedgerBuilder<'a> {
        let mut number_of = Vec::new();
        if let Column::Skills(skills) = column {
            let n = skills.iter().map(|no| usize::from(no.0) + 1).max();
            number_of = vec![UNKNOWN; n.unwrap_or(0)];
            for (number, skill) in (0u32..).zip(skills) {
                number_of[usize::from(skill.0)] = number;
            }
        }
        LedgerBuilder {
            census: Census::default(),
            column,
            sources,
            number_of,
            rows: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds one posting.
    fn add(&mut self, row: &ScanRow<'_>) {
        let is_of = |kept: &HashSet<u32>| row.source.is_some_and(|source| kept.contains(&source));
        if !self.sources.is_none_or(is_of) {
            return;
        }
        self.census.add(row);
        let (Some(at), false) = (row.posted_at, row.is_partial) else {
            return;
        };
        let begin = self.values.len();
        match self.column {
            Column::Skills(_) => row.ask.iter().for_each(|entry| self.name(entry, begin)),
            Column::Country => {
                for country in row.countries {
                    if !self.values[begin..].contains(country) {
                        self.values.push(*country);
                    }
                }
            }
            Column::Company => self.values.extend(row.company),
            Column::Seniority => self.values.extend(row.seniority),
            Column::Workplace => self.values.extend(row.workplace),
            Column::Source => self.values.extend(row.source),
        }
        self.rows.push(Row {
            company: row.company.unwrap_or(UNKNOWN),
            at,
            stratum: stratum_of(row),
            group: row.group,
            values: (begin as u32, self.values.len() as u32),
        });
    }

    /// Notes a skill beside those that stand from `begin` on.
    fn name(&mut self, entry: &AskEntry, begin: usize) {
        let number = self.number_of.get(usize::from(entry.skill.0));
        let Some(number) = number.copied().filter(|number| *number != UNKNOWN) else {
            return;
        };
        let value = number | ways_of(entry);
        let mut known = self.values[begin..].iter_mut();
        match known.find(|known| **known & ((1 << NUMBER_BITS) - 1) == number) {
            Some(known) => *known |= value,
            None => self.values.push(value),
        }
    }

    /// Puts them in order.
    fn finish(self, names: ScanNames) -> Ledger {
        let mut rows = self.rows;
        rows.par_sort_unstable_by_key(|row| (row.company, row.at, row.values.0));
        let n = rows.len();
        let mut ledger = Ledger {
            names: Arc::new(names),
            census: Arc::new(self.census),
            are_skills: matches!(self.column, Column::Skills(_)),
            at: Vec::with_capacity(n),
            day: Vec::with_capacity(n),
            company: Vec::with_capacity(n),
            stratum: Vec::with_capacity(n),
            group: Vec::with_capacity(n),
            ends: Vec::with_capacity(n),
            named: Vec::with_capacity(n),
            values: Vec::with_capacity(self.values.len()),
            ..Ledger::default()
        };
        for row in rows {
            let values = &self.values[row.values.0 as usize..row.values.1 as usize];
            ledger.push((row.company, row.at), row.stratum, row.group, values);
        }
        ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(companies: &[u32]) -> Ledger {
        let mut ledger = Ledger::default();
        for (at, company) in (0i64..).zip(companies) {
            ledger.push((*company, at * SECONDS_OF_A_DAY), 0, at as u32 / 2, &[7]);
        }
        ledger
    }

    #[test]
    fn no_known_employer_lies_in_two_parts() {
        let companies = [1, 1, 1, 2, 3, 3, UNKNOWN, UNKNOWN, UNKNOWN];
        let ledger = ledger(&companies);
        for n_at_least in 1..=companies.len() {
            let parts = ledger.parts(n_at_least);
            let rows: Vec<usize> = parts.iter().cloned().flatten().collect();
            assert_eq!(rows, (0..companies.len()).collect::<Vec<_>>());
            for pair in parts.windows(2) {
                let [last, first] = [pair[0].end - 1, pair[1].start].map(|row| companies[row]);
                assert!(last != first || last == UNKNOWN, "{parts:?}");
            }
        }
        assert!(Ledger::default().parts(5).is_empty());
    }

    #[test]
    fn copies_are_those_of_groups_with_several() {
        let ledger = ledger(&[1, 1, 4, 4, 5]);
        assert_eq!(ledger.copied(), [0, 1, 2, 3]);
        assert_eq!(ledger.are_copied(), [true, true, true, true, false]);
        let (left, shared) = ledger.without(&super::tests::ledger(&[9, 9]));
        assert_eq!((left.len(), shared), (3, 1));
        assert_eq!(left.last_day_before(4), Some(3));
        assert_eq!(left.last_day_before(2), None);
    }
}
