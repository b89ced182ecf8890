//! Votes counted: how many of a period name each value, and what clustering by
//! employer needs to know.

use super::Point;
use super::stats::{Clusters, Share, design_effect, wilson};
use super::votes::NO_COMPANY;
use crate::query::ledger::{self, Ways};
use crate::query::months::{Month, Named};

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
    /// The way in which what counts is named, as ledgers have it.
    pub(super) fn way(self) -> u32 {
        match self {
            StrengthFilter::Any => ledger::ANY,
            StrengthFilter::Required => ledger::REQUIRED,
            StrengthFilter::Preferred => ledger::PREFERRED,
            StrengthFilter::Title => ledger::IN_TITLE,
        }
    }
}

/// Counts votes, those of one employer and period together.
#[derive(Debug)]
pub(super) struct Counter {
    tallies: Vec<Tally>,
    /// Votes of employers with one vote in the period, period by period; what is
    /// touched most lies densest.
    single: Vec<u32>,
    singles: Vec<Singles>,
    n_values: usize,
    /// The votes of the employer and period that are being counted.
    size: u32,
    /// Of its votes, those that name any value.
    any: u32,
    of_open: Vec<u32>,
    /// The values that have a vote of it, the first so many.
    touched: Vec<u32>,
    n_touched: usize,
}

/// Employers with one vote in a period.
#[derive(Debug, Clone, Copy, Default)]
struct Singles {
    n: u32,
    /// Those whose vote names any value.
    any: u32,
    /// Those that are known.
    known: u32,
}

impl Counter {
    pub(super) fn new(n_slots: usize, n_values: usize) -> Counter {
        Counter {
            tallies: vec![Tally::new(n_values, n_slots == 1); n_slots],
            single: vec![0; n_slots * n_values],
            singles: vec![Singles::default(); n_slots],
            n_values,
            size: 0,
            any: 0,
            of_open: vec![0; n_values],
            // One place more: every value is written down, and stays if it is new.
            touched: vec![0; n_values + 1],
            n_touched: 0,
        }
    }

    /// Adds a vote for some values, each at most once, of the employer and period
    /// that [`Counter::close`] names.
    pub(super) fn add(&mut self, values: impl Iterator<Item = usize>) {
        let mut any = 0;
        self.name(values.map(|value| {
            any = 1;
            (value, 1)
        }));
        self.any += any;
        self.size += 1;
    }

    /// Adds several votes, of which `any` name a value that counts, by the values
    /// of all of them.
    #[inline]
    pub(super) fn add_several(&mut self, size: u32, any: u32, values: &[u32], ways: Ways) {
        let values = values.iter();
        self.name(values.map(|value| (ways.number(*value), ways.count(*value))));
        self.size += size;
        self.any += any;
    }

    /// Takes values, with 1 beside one that counts and 0 beside one that does not.
    #[inline]
    fn name(&mut self, values: impl Iterator<Item = (usize, u32)>) {
        // Without branches: nobody can foretell which values come again.
        let (of_open, touched) = (&mut self.of_open[..], &mut self.touched[..]);
        let mut n_touched = self.n_touched;
        for (value, count) in values {
            let of_value = &mut of_open[value];
            touched[n_touched] = value as u32;
            n_touched += usize::from((*of_value == 0) & (count == 1));
            *of_value += count;
        }
        self.n_touched = n_touched;
    }

    /// Adds the only vote of an employer in a period, by the values that count.
    #[inline]
    pub(super) fn add_single(&mut self, company: u32, slot: u32, values: &[u32], ways: Ways) {
        let counts = &mut self.single[slot as usize * self.n_values..][..self.n_values];
        let mut any = 0;
        for value in values {
            let count = ways.count(*value);
            counts[ways.number(*value)] += count;
            any |= count;
        }
        let singles = &mut self.singles[slot as usize];
        singles.n += 1;
        singles.any += any;
        singles.known += u32::from(company != NO_COMPANY);
    }

    /// Ends the votes of an employer and period; an unknown employer has one alone.
    pub(super) fn close(&mut self, company: u32, slot: u32) {
        let size = u64::from(std::mem::take(&mut self.size));
        let any = u64::from(std::mem::take(&mut self.any));
        let tally = &mut self.tallies[slot as usize];
        tally.total += size;
        tally.any += any;
        tally.clusters.n += 1;
        tally.clusters.m2 += (size * size) as f64;
        if company != NO_COMPANY {
            tally.with_company += size;
        }
        let n_touched = std::mem::take(&mut self.n_touched);
        for value in &self.touched[..n_touched] {
            let value = *value as usize;
            let x = u64::from(std::mem::take(&mut self.of_open[value]));
            let counts = &mut tally.values[value];
            counts.n += x;
            counts.x2 += (x * x) as f64;
            counts.xm += (x * size) as f64;
            if let Some(top) = tally.tops.get_mut(value)
                && company != NO_COMPANY
            {
                *top = top.or_larger(Top {
                    n: x,
                    company,
                    size,
                    any,
                });
            }
        }
    }

    /// The votes of each period.
    pub(super) fn finish(mut self) -> Vec<Tally> {
        let n_values = self.n_values.max(1);
        for (tally, singles) in self.tallies.iter_mut().zip(&self.singles) {
            let [n, any, known] = [singles.n, singles.any, singles.known].map(u64::from);
            tally.total += n;
            tally.any += any;
            tally.with_company += known;
            tally.clusters.n += n;
            tally.clusters.m2 += n as f64;
        }
        for (tally, single) in self.tallies.iter_mut().zip(self.single.chunks(n_values)) {
            for (value, single) in tally.values.iter_mut().zip(single) {
                value.n += u64::from(*single);
                value.x2 += f64::from(*single);
                value.xm += f64::from(*single);
            }
        }
        self.tallies
    }
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
    /// For each value, the employer with most votes for it; of one period alone.
    tops: Vec<Top>,
}

#[derive(Debug, Clone, Copy, Default)]
struct ValueTally {
    n: u64,
    x2: f64,
    xm: f64,
}

/// The employer with most votes for a value; with none, `n` is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Top {
    /// Its votes for the value.
    pub(super) n: u64,
    /// Its number.
    pub(super) company: u32,
    /// All its votes, and those that name any value.
    size: u64,
    any: u64,
}

impl Top {
    /// The one with more votes; of equals, the first by name, as numbers are.
    fn or_larger(self, other: Top) -> Top {
        match other.n > self.n || other.n == self.n && other.company < self.company {
            true => other,
            false => self,
        }
    }
}

impl Tally {
    fn new(n_values: usize, with_tops: bool) -> Tally {
        Tally {
            total: 0,
            any: 0,
            with_company: 0,
            clusters: Clusters::default(),
            values: vec![ValueTally::default(); n_values],
            tops: vec![Top::default(); if with_tops { n_values } else { 0 }],
        }
    }

    /// Of a period without votes.
    pub(super) fn none(n_values: usize) -> Tally {
        Tally::new(n_values, false)
    }

    /// Of a month in which every posting has a vote; `named` has an entry a value.
    pub(super) fn of_month(month: &Month, ways: Ways, named: impl Iterator<Item = Named>) -> Tally {
        let value = |named: Named| ValueTally {
            n: named.n,
            x2: named.x2 as f64,
            xm: named.xm as f64,
        };
        Tally {
            total: month.n,
            any: month.any(ways),
            with_company: month.with_company,
            clusters: Clusters {
                n: month.n_employers,
                m2: month.m2 as f64,
            },
            values: named.map(value).collect(),
            tops: Vec::new(),
        }
    }

    /// Adds the votes of other employers in the same period.
    pub(super) fn add(&mut self, other: &Tally) {
        self.total += other.total;
        self.any += other.any;
        self.with_company += other.with_company;
        self.clusters.n += other.clusters.n;
        // Whole numbers, below 2^53 for any corpus: the order does not matter.
        self.clusters.m2 += other.clusters.m2;
        for (value, other) in self.values.iter_mut().zip(&other.values) {
            value.n += other.n;
            value.x2 += other.x2;
            value.xm += other.xm;
        }
        for (top, other) in self.tops.iter_mut().zip(&other.tops) {
            *top = top.or_larger(*other);
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

    /// The same with what it stands on.
    pub(super) fn point(&self, value: u32, denominator: Denominator) -> Point {
        Point {
            n: self.n(value),
            total: self.denominator(denominator),
            share: self.share(value, denominator).0,
        }
    }

    /// The employer with most votes for a value, where one period alone is counted.
    pub(super) fn top(&self, value: u32) -> Option<Top> {
        let top = self.tops.get(value as usize).copied();
        top.filter(|top| top.n > 0)
    }

    /// The share of a value among the votes of all but one employer.
    pub(super) fn without(&self, top: Top, value: u32, denominator: Denominator) -> Point {
        let counts = &self.values[value as usize];
        let (n, all) = (counts.n - top.n, self.total - top.size);
        let total = match denominator {
            Denominator::All => all,
            Denominator::Any => self.any - top.any,
        };
        let [x, m] = [top.n, top.size].map(|n| n as f64);
        let clusters = Clusters {
            n: self.clusters.n - 1,
            m2: self.clusters.m2 - m * m,
        };
        let effect = design_effect(clusters, counts.x2 - x * x, counts.xm - x * m, n, all);
        let share = n as f64 / total.max(1) as f64;
        Point {
            n,
            total,
            share: wilson(share, total as f64 / effect),
        }
    }
}
