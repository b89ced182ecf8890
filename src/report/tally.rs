//! Votes: who says what when, one vote a group and period.

use std::collections::HashMap;

use super::Period;
use super::stats::{Clusters, Share, design_effect, wilson};
use crate::index::AskEntry;
use crate::posting::SkillStrength;

/// What has a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// A group of copies, once a period, with what its postings of that period say.
    #[default]
    Groups,
    /// A run of copies at most 30 days apart, once, in the period in which it begins.
    Spells,
    /// Every posting.
    Adverts,
}

/// Votes of what a share is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Denominator {
    /// All of the period.
    #[default]
    All,
    /// Those that name any value of the dimension.
    Any,
}

/// Which mentions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StrengthFilter {
    /// All.
    #[default]
    Any,
    /// What must be had.
    Required,
    /// What is nice to have.
    Preferred,
    /// What the title names.
    Title,
}

impl StrengthFilter {
    pub(super) fn takes(self, entry: &AskEntry) -> bool {
        match self {
            StrengthFilter::Any => true,
            StrengthFilter::Required => entry.strength == SkillStrength::Required,
            StrengthFilter::Preferred => entry.strength == SkillStrength::Preferred,
            StrengthFilter::Title => entry.in_title,
        }
    }
}

/// One posting's say, before votes are made of it.
#[derive(Debug, Clone, Copy)]
struct Say {
    group: u32,
    at: i64,
    company: Option<u32>,
    values: (u32, u32),
}

/// What dated postings say.
#[derive(Debug, Default)]
pub(super) struct Says {
    says: Vec<Say>,
    values: Vec<u32>,
}

/// A copy posted this long after the one before begins a new spell
/// (`formats.md` section 6).
const SPELL_SECONDS: i64 = 30 * 86_400;

impl Says {
    /// Adds a posting; `values` may hold a value twice.
    pub(super) fn add(
        &mut self,
        group: u32,
        at: i64,
        company: Option<u32>,
        values: impl IntoIterator<Item = u32>,
    ) {
        let begin = self.values.len() as u32;
        self.values.extend(values);
        let end = self.values.len() as u32;
        self.says.push(Say {
            group,
            at,
            company,
            values: (begin, end),
        });
    }

    /// First and last moment.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let first = self.says.iter().map(|say| say.at).min()?;
        let last = self.says.iter().map(|say| say.at).max()?;
        Some((first, last))
    }

    /// The last moment before another.
    pub(super) fn last_before(&self, bound: i64) -> Option<i64> {
        let moments = self.says.iter().map(|say| say.at);
        moments.filter(|at| *at < bound).max()
    }

    /// Brings what belongs together next to each other.
    pub(super) fn sort(&mut self) {
        self.says.sort_by_key(|say| (say.group, say.at));
    }

    /// Counts the votes of each period. Postings must be sorted.
    pub(super) fn tally(&self, periods: &[Period], n_values: usize, unit: Unit) -> Vec<Tally> {
        periods
            .iter()
            .map(|period| self.tally_one(period, n_values, unit))
            .collect()
    }

    fn tally_one(&self, period: &Period, n_values: usize, unit: Unit) -> Tally {
        let (from, to) = period.seconds();
        let inside = |at: i64| at >= from && at < to;
        let mut tally = Tally::new(n_values);
        let mut votes: HashMap<u64, Employer> = HashMap::new();
        let mut cast = |says: &[Say]| {
            let mut values: Vec<u32> = says.iter().flat_map(|say| self.of(say)).copied().collect();
            values.sort_unstable();
            values.dedup();
            // Postings without an employer resemble nobody's: each is its own.
            let unknown = u64::from(u32::MAX)
                + 1
                + u64::from(says[0].values.0)
                + (u64::from(says[0].group) << 33);
            // Copies may name their employer differently; the order they come in must not decide.
            let company = says.iter().filter_map(|say| say.company).min();
            let employer = votes.entry(company.map_or(unknown, u64::from)).or_default();
            employer.votes += 1;
            employer.values.extend(&values);
            tally.with_company += u64::from(company.is_some());
            tally.total += 1;
            tally.any += u64::from(!values.is_empty());
        };
        for group in self.says.chunk_by(|a, b| a.group == b.group) {
            match unit {
                Unit::Adverts => group
                    .iter()
                    .filter(|say| inside(say.at))
                    .for_each(|say| cast(std::slice::from_ref(say))),
                Unit::Groups => {
                    let begin = group.partition_point(|say| say.at < from);
                    let end = group.partition_point(|say| say.at < to);
                    if begin < end {
                        cast(&group[begin..end]);
                    }
                }
                Unit::Spells => group
                    .chunk_by(|a, b| b.at - a.at <= SPELL_SECONDS)
                    .filter(|spell| inside(spell[0].at))
                    .for_each(&mut cast),
            }
        }
        for mut employer in votes.into_values() {
            tally.clusters.n += 1;
            tally.clusters.m2 += (employer.votes * employer.votes) as f64;
            employer.values.sort_unstable();
            for same in employer.values.chunk_by(|a, b| a == b) {
                let x = same.len() as f64;
                let value = &mut tally.values[same[0] as usize];
                value.n += same.len() as u64;
                value.x2 += x * x;
                value.xm += x * employer.votes as f64;
                let is_top = value.top.is_none_or(|(n, _)| same.len() as u64 > n);
                if is_top {
                    value.top = Some((same.len() as u64, 0));
                }
            }
        }
        tally
    }

    fn of(&self, say: &Say) -> &[u32] {
        &self.values[say.values.0 as usize..say.values.1 as usize]
    }
}

#[derive(Debug, Default)]
struct Employer {
    votes: u64,
    values: Vec<u32>,
}

/// The votes of one period.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) total: u64,
    /// Votes that name any value.
    pub(super) any: u64,
    /// Votes whose employer is known.
    pub(super) with_company: u64,
    clusters: Clusters,
    values: Vec<ValueTally>,
}

#[derive(Debug, Clone, Copy, Default)]
struct ValueTally {
    n: u64,
    x2: f64,
    xm: f64,
    /// Votes of the employer with most.
    top: Option<(u64, u32)>,
}

impl Tally {
    fn new(n_values: usize) -> Tally {
        Tally {
            total: 0,
            any: 0,
            with_company: 0,
            clusters: Clusters::default(),
            values: vec![ValueTally::default(); n_values],
        }
    }

    pub(super) fn n(&self, value: u32) -> u64 {
        self.values[value as usize].n
    }

    pub(super) fn denominator(&self, denominator: Denominator) -> u64 {
        match denominator {
            Denominator::All => self.total,
            Denominator::Any => self.any,
        }
    }

    /// The share of a value with its interval, and the effective number of
    /// votes it stands on.
    pub(super) fn share(&self, value: u32, denominator: Denominator) -> (Share, f64) {
        let counts = &self.values[value as usize];
        let total = self.denominator(denominator);
        if total == 0 {
            return (wilson(0.0, 0.0), 0.0);
        }
        // Among votes that name any value the clusters are those of all votes: on the safe side.
        let effect = design_effect(self.clusters, counts.x2, counts.xm, counts.n, self.total);
        let effective = total as f64 / effect;
        (wilson(counts.n as f64 / total as f64, effective), effective)
    }
}
