//! A ledger's postings into votes, in the order in which votes are counted: those
//! of one employer and period side by side.

use std::ops::Range;

use super::Period;
use super::periods::day_number;
use super::tally::{Counter, Tally, Unit};
use crate::query::ledger::{self, Ways};
use crate::query::{Ledger, SPELL_SECONDS};

/// No employer is known: such a vote resembles nobody's.
pub(super) const NO_COMPANY: u32 = ledger::UNKNOWN;

/// Counting in parts takes room for each: more counts than this are made in one.
const N_COUNTS_OF_PARTS: usize = 1 << 20;

/// Which of some periods in a row a day lies in.
#[derive(Debug)]
pub(super) struct Slots {
    first_day: i32,
    /// One a day.
    slots: Vec<u32>,
    n: usize,
}

/// Lies in no period.
pub(super) const NO_SLOT: u32 = u32::MAX;

impl Slots {
    /// Of periods in order of time that do not overlap.
    pub(super) fn new(periods: &[Period]) -> Slots {
        let days = |period: &Period| (day_number(period.start), day_number(period.end));
        let first_day = periods.first().map_or(0, |period| days(period).0);
        let end = periods.last().map_or(0, |period| days(period).1);
        let mut slots = vec![NO_SLOT; usize::try_from(end - first_day).unwrap_or(0)];
        for (slot, period) in (0u32..).zip(periods) {
            let (from, to) = days(period);
            slots[(from - first_day) as usize..(to - first_day) as usize].fill(slot);
        }
        Slots {
            // Dates reach from the year -9999 to 9999.
            first_day: first_day as i32,
            slots,
            n: periods.len(),
        }
    }

    /// How many periods there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The period of a day since 1970, or [`NO_SLOT`].
    #[inline]
    pub(super) fn of_day(&self, day: i32) -> u32 {
        // What lies before the first day becomes a number far behind the last.
        let at = day.wrapping_sub(self.first_day) as u32 as usize;
        self.slots.get(at).copied().unwrap_or(NO_SLOT)
    }
}

/// One vote: where it comes from, and what it names.
#[derive(Debug, Clone, Copy)]
struct Vote<'a> {
    stratum: u32,
    values: &'a [u32],
}

/// A vote of copies, with what any of them names.
#[derive(Debug, Clone, Copy)]
struct Joined {
    company: u32,
    slot: u32,
    stratum: u32,
    values: (u32, u32),
}

/// The votes of some periods.
#[derive(Debug)]
pub(super) struct Votes<'a> {
    ledger: &'a Ledger,
    slots: Slots,
    ways: Ways,
    /// For each posting, whether it has a vote only with its copies; empty where
    /// every posting has a vote.
    is_joined: &'a [bool],
    /// By employer and period.
    joined: Vec<Joined>,
    values: Vec<u32>,
}

impl<'a> Votes<'a> {
    /// By unit, for the values that count.
    pub(super) fn new(ledger: &'a Ledger, slots: Slots, unit: Unit, ways: Ways) -> Votes<'a> {
        let mut votes = Votes {
            ledger,
            slots,
            ways,
            is_joined: &[],
            joined: Vec::new(),
            values: Vec::new(),
        };
        if unit != Unit::Adverts {
            votes.is_joined = ledger.are_copied();
            votes.join(unit);
        }
        votes
    }

    /// Makes one vote of copies in the same period, or in a row.
    fn join(&mut self, unit: Unit) {
        let ledger = self.ledger;
        let group = |row: &u32| ledger.groups()[*row as usize];
        let moment = |row: &u32| ledger.moments()[*row as usize];
        let slot = |row: &u32| self.slots.of_day(ledger.days()[*row as usize]);
        let is_one = |a: &u32, b: &u32| {
            group(a) == group(b)
                && match unit {
                    Unit::Spells => moment(b) - moment(a) <= SPELL_SECONDS,
                    Unit::Groups | Unit::Adverts => slot(a) == slot(b),
                }
        };
        let (mut joined, mut values) = (Vec::new(), Vec::new());
        for rows in ledger.copied().chunk_by(is_one) {
            let slot = slot(&rows[0]);
            if slot == NO_SLOT {
                continue;
            }
            // Copies may name employer and source differently; the order they come
            // in must not decide. What is unknown is the largest number.
            let least = |of: &[u32]| rows.iter().map(|row| of[*row as usize]).min();
            let begin = values.len();
            for row in rows {
                ledger.join(*row as usize, &mut values, begin);
            }
            joined.push(Joined {
                company: least(ledger.companies()).unwrap_or(NO_COMPANY),
                slot,
                stratum: least(ledger.strata()).unwrap_or(ledger::UNKNOWN),
                values: (begin as u32, values.len() as u32),
            });
        }
        joined.sort_unstable_by_key(|vote| (vote.company, vote.slot));
        (self.joined, self.values) = (joined, values);
    }

    /// Tells of the votes of each employer and period in a part of the postings,
    /// in order; unknown employers have one vote each.
    fn each(&self, rows: Range<usize>, visit: impl FnMut(u32, u32, &[Vote<'_>])) {
        match self.is_joined.is_empty() {
            true => self.each_with::<false>(rows, visit),
            false => self.each_with::<true>(rows, visit),
        }
    }

    /// The same with copies, or where every posting has a vote.
    fn each_with<const COPIES: bool>(
        &self,
        rows: Range<usize>,
        mut visit: impl FnMut(u32, u32, &[Vote<'_>]),
    ) {
        const END: u64 = u64::MAX;
        let key = |company: u32, slot: u32| u64::from(company) << 32 | u64::from(slot);
        let mut joined = self.joined_of(&rows).iter();
        let end = rows.end;
        let (companies, days) = (&self.ledger.companies()[..end], &self.ledger.days()[..end]);
        // The next posting with a vote of its own, and whose and when it is.
        let from = |row: usize| {
            for row in row..end {
                let slot = self.slots.of_day(days[row]);
                if slot != NO_SLOT && !(COPIES && self.is_joined[row]) {
                    return (row, key(companies[row], slot));
                }
            }
            (end, END)
        };
        let of_joined = |joined: &std::slice::Iter<'_, Joined>| {
            let next = joined.as_slice().first();
            next.map_or(END, |vote| key(vote.company, vote.slot))
        };
        let (mut single, mut of_copies) = (from(rows.start), of_joined(&joined));
        let mut votes = Vec::new();
        loop {
            let next = single.1.min(of_copies);
            if next == END {
                return;
            }
            let (company, slot) = ((next >> 32) as u32, next as u32);
            votes.clear();
            while single.1 == next && (votes.is_empty() || company != NO_COMPANY) {
                votes.push(self.advert(single.0));
                single = from(single.0 + 1);
            }
            while COPIES && of_copies == next && (votes.is_empty() || company != NO_COMPANY) {
                votes.extend(joined.next().map(|vote| Vote {
                    stratum: vote.stratum,
                    values: &self.values[vote.values.0 as usize..vote.values.1 as usize],
                }));
                of_copies = of_joined(&joined);
            }
            visit(company, slot, &votes);
        }
    }

    #[inline]
    fn advert(&self, row: usize) -> Vote<'_> {
        Vote {
            stratum: self.ledger.strata()[row],
            values: self.ledger.values(row),
        }
    }

    /// The votes of copies whose employers lie in a part of the postings; those of
    /// unknown employers belong to the last part.
    fn joined_of(&self, rows: &Range<usize>) -> &[Joined] {
        let companies = self.ledger.companies();
        let before = |row: usize| match companies.get(row) {
            _ if row == 0 => 0,
            Some(company) => self.joined.partition_point(|vote| vote.company < *company),
            None => self.joined.len(),
        };
        &self.joined[before(rows.start)..before(rows.end)]
    }

    /// Counts parts of the postings on all cores where that needs room for so many
    /// counts each, and brings the counts together.
    fn in_parts<T: Send>(
        &self,
        n_counts: usize,
        work: impl Fn(Range<usize>) -> T + Sync + Send,
        join: impl Fn(T, T) -> T,
    ) -> Option<T> {
        let n_parts = if n_counts > N_COUNTS_OF_PARTS {
            1
        } else {
            usize::MAX
        };
        self.ledger.in_parts(n_parts, work).into_iter().reduce(join)
    }

    /// The postings of each employer and period in a part, where every posting has
    /// a vote; unknown employers have one each.
    fn each_lot(&self, part: Range<usize>, mut visit: impl FnMut(u32, u32, Range<usize>)) {
        let (companies, days) = (self.ledger.companies(), self.ledger.days());
        let (companies, days) = (&companies[..part.end], &days[..part.end]);
        let mut row = part.start;
        while row < part.end {
            let (first, company, slot) = (row, companies[row], self.slots.of_day(days[row]));
            row += 1;
            if slot == NO_SLOT {
                continue;
            }
            while row < part.end
                && companies[row] == company
                && self.slots.of_day(days[row]) == slot
                && company != NO_COMPANY
            {
                row += 1;
            }
            visit(company, slot, first..row);
        }
    }

    /// Counts a part of the postings, period by period.
    fn count(&self, rows: Range<usize>, n_values: usize, ways: Ways) -> Vec<Tally> {
        let (n_slots, ledger) = (self.slots.len(), self.ledger);
        let mut counter = Counter::new(n_slots, n_values);
        // Over time most employers have one vote a period; of one period alone the
        // employer with most votes is looked for.
        let has_singles = n_slots > 1;
        if self.is_joined.is_empty() {
            self.each_lot(rows, |company, slot, rows| {
                let values = ledger.values_of(rows.clone());
                if rows.len() == 1 && has_singles {
                    counter.add_single(company, slot, values, ways);
                    return;
                }
                let named = ledger.named()[rows.clone()].iter();
                let any = named.map(|named| ways.any(*named)).sum();
                counter.add_several(rows.len() as u32, any, values, ways);
                counter.close(company, slot);
            });
            return counter.finish();
        }
        self.each(rows, |company, slot, votes| match votes {
            [vote] if has_singles => counter.add_single(company, slot, vote.values, ways),
            votes => {
                for vote in votes {
                    let any = vote.values.iter().map(|value| ways.count(*value)).max();
                    counter.add_several(1, any.unwrap_or(0), vote.values, ways);
                }
                counter.close(company, slot);
            }
        });
        counter.finish()
    }

    /// The tallies of several lots of votes of one ledger, counted side by side by
    /// the values that count in each; for each lot those of its periods.
    pub(super) fn tally(lots: &[(&Votes<'_>, Ways)], n_values: usize) -> Vec<Vec<Tally>> {
        let n_slots: usize = lots.iter().map(|(lot, _)| lot.slots.len()).sum();
        let count = |rows: Range<usize>| -> Vec<Vec<Tally>> {
            let counted = lots.iter();
            counted
                .map(|(lot, ways)| lot.count(rows.clone(), n_values, *ways))
                .collect()
        };
        let join = |mut counted: Vec<Vec<Tally>>, others: Vec<Vec<Tally>>| {
            let tallies = counted.iter_mut().flatten();
            for (tally, other) in tallies.zip(others.iter().flatten()) {
                tally.add(other);
            }
            counted
        };
        let first = lots.first();
        let counted = first.and_then(|(lot, _)| lot.in_parts(n_slots * n_values, count, join));
        counted.unwrap_or_else(|| count(0..0))
    }

    /// How many votes name both of two values.
    pub(super) fn n_both(&self, a: u32, b: u32) -> u64 {
        let names = |vote: &Vote<'_>, wanted: u32| {
            let mut counted = vote.values.iter().map(|value| self.ways.counted(*value));
            counted.any(|value| value == Some(wanted as usize))
        };
        let count = |rows: Range<usize>| {
            let mut n = 0;
            self.each(rows, |_, _, votes| {
                let both = votes.iter().filter(|vote| names(vote, a) && names(vote, b));
                n += both.count() as u64;
            });
            n
        };
        self.in_parts(1, count, |a, b| a + b).unwrap_or(0)
    }

    /// The votes by stratum: a vote of several counts for the first of them.
    pub(super) fn by_stratum(&self, n_strata: usize, chosen: &[u32]) -> Vec<Strata> {
        let n_slots = self.slots.len();
        let n_known = chosen.iter().max().map_or(0, |value| *value as usize + 1);
        let mut place_of = vec![None; n_known];
        for (at, value) in chosen.iter().enumerate().rev() {
            place_of[*value as usize] = Some(at);
        }
        let none = || vec![Strata::new(n_strata, chosen.len()); n_slots];
        let count = |rows: Range<usize>| {
            let mut strata = none();
            self.each(rows, |_, slot, votes| {
                for vote in votes {
                    if (vote.stratum as usize) < n_strata {
                        strata[slot as usize].add(vote, self.ways, &place_of);
                    }
                }
            });
            strata
        };
        let join = |mut strata: Vec<Strata>, others: Vec<Strata>| {
            for (own, other) in strata.iter_mut().zip(&others) {
                own.join(other);
            }
            strata
        };
        let n_counts = n_slots * n_strata * (chosen.len() + 2);
        self.in_parts(n_counts, count, join).unwrap_or_else(none)
    }
}

/// The votes of one period, stratum by stratum.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// Votes of each stratum, and those of them that name any value.
    pub(super) totals: Vec<(u64, u64)>,
    /// For each stratum, the votes for each chosen value.
    n: Vec<Vec<u64>>,
}

impl Strata {
    fn new(n_strata: usize, n_chosen: usize) -> Strata {
        Strata {
            totals: vec![(0, 0); n_strata],
            n: vec![vec![0; n_chosen]; n_strata],
        }
    }

    /// Of votes by stratum and the values they name; those of no stratum are left out.
    pub(super) fn of(
        n_strata: usize,
        n_values: usize,
        votes: impl Iterator<Item = (Option<u32>, Vec<u32>)>,
    ) -> Strata {
        let mut strata = Strata::new(n_strata, n_values);
        for (stratum, values) in votes {
            let Some(stratum) = stratum.map(|no| no as usize) else {
                continue;
            };
            strata.totals[stratum].0 += 1;
            strata.totals[stratum].1 += u64::from(!values.is_empty());
            for value in values {
                strata.n[stratum][value as usize] += 1;
            }
        }
        strata
    }

    /// Of one stratum that all votes come from.
    pub(super) fn of_one(tally: &Tally, chosen: &[u32]) -> Strata {
        Strata {
            totals: vec![(tally.total, tally.any)],
            n: vec![chosen.iter().map(|value| tally.n(*value)).collect()],
        }
    }

    /// Adds a vote; `place_of` says where a value stands among the chosen ones.
    fn add(&mut self, vote: &Vote<'_>, ways: Ways, place_of: &[Option<usize>]) {
        let totals = &mut self.totals[vote.stratum as usize];
        let n = &mut self.n[vote.stratum as usize];
        let mut is_any = false;
        for value in vote.values.iter().filter_map(|value| ways.counted(*value)) {
            is_any = true;
            if let Some(Some(at)) = place_of.get(value) {
                n[*at] += 1;
            }
        }
        totals.0 += 1;
        totals.1 += u64::from(is_any);
    }

    fn join(&mut self, other: &Strata) {
        for (own, other) in self.totals.iter_mut().zip(&other.totals) {
            own.0 += other.0;
            own.1 += other.1;
        }
        for (own, other) in self.n.iter_mut().flatten().zip(other.n.iter().flatten()) {
            *own += other;
        }
    }

    /// The votes of a stratum for a chosen value, by its place.
    pub(super) fn n(&self, stratum: usize, at: usize) -> u64 {
        self.n[stratum][at]
    }
}
