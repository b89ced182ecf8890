//! What a ledger names, value by value in order of employer and calendar month:
//! counts by month go over it from one end to the other, and read nothing else.

use rayon::prelude::*;

use super::ledger::{ANY, Ledger, SECONDS_OF_A_DAY, UNKNOWN, Ways};
use crate::index::{date_of, month_number};

/// Postings of one calendar month.
#[derive(Debug, Clone)]
pub struct Month {
    /// How many there are.
    pub n: u64,
    /// Those whose employer is known.
    pub with_company: u64,
    /// Their employers; each unknown one is one of its own.
    pub n_employers: u64,
    /// Σ m² over employers with m postings.
    pub m2: u64,
    /// How many name their values in which ways.
    named: Vec<u32>,
}

impl Month {
    fn new() -> Month {
        Month {
            n: 0,
            with_company: 0,
            n_employers: 0,
            m2: 0,
            named: vec![0; 1 << u8::BITS],
        }
    }

    /// Postings with a value that counts.
    pub fn any(&self, ways: Ways) -> u64 {
        let named = (0..=u8::MAX).zip(&self.named);
        named.map(|(named, n)| u64::from(ways.any(named) * n)).sum()
    }
}

/// The postings of one month that name a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Named {
    /// How many there are.
    pub n: u64,
    /// Σ x² over employers with x of them.
    pub x2: u64,
    /// Σ x·m over employers with m postings in the month.
    pub xm: u64,
}

/// That a posting names a value, lowest bits first: its month (16), how many
/// postings its employer has in that month (32), in which ways (8), whether the one
/// before is of the same employer and month (1).
#[derive(Debug, Clone, Copy)]
struct Naming(u64);

const SIZE_AT: u32 = 16;
const WAYS_AT: u32 = 48;
const AGAIN_AT: u32 = 56;

/// A ledger month by month.
#[derive(Debug)]
pub struct Months {
    /// The first month with postings, counted from the year 0.
    first: i64,
    months: Vec<Month>,
    /// Where the namings of each value begin, and where the last of them ends.
    begins: Vec<usize>,
    namings: Vec<Naming>,
}

/// The month of a day since 1970, counted from the year 0.
fn month_of_day(day: i64) -> i64 {
    month_number(date_of(day * SECONDS_OF_A_DAY))
}

impl Months {
    /// `None` for nothing, or more months than a naming has room for.
    pub(super) fn new(ledger: &Ledger) -> Option<Months> {
        let days = ledger.days();
        let (first_day, last_day) = (*days.iter().min()?, *days.iter().max()?);
        let first = month_of_day(first_day.into());
        let n_months = month_of_day(last_day.into()) - first + 1;
        let n_months = usize::from(u16::try_from(n_months).ok()?);
        let month_of: Vec<u16> = (first_day..=last_day)
            .map(|day| (month_of_day(day.into()) - first) as u16)
            .collect();
        let month = |row: usize| month_of[(days[row] - first_day) as usize];

        let ways = ledger.ways(ANY, true);
        let all = ledger.values_of(0..ledger.len());
        let n_values = all.iter().map(|value| ways.number(*value) + 1).max();
        let n_values = n_values.unwrap_or(0);
        let mut begins = vec![0usize; n_values + 1];
        for value in all {
            begins[ways.number(*value) + 1] += 1;
        }
        for value in 0..n_values {
            begins[value + 1] += begins[value];
        }

        let mut months = vec![Month::new(); n_months];
        let mut namings = vec![Naming(0); all.len()];
        let mut ends = begins.clone();
        let mut last_of = vec![usize::MAX; n_values];
        let companies = ledger.companies();
        let mut row = 0;
        while row < ledger.len() {
            let (begin, company, at) = (row, companies[row], month(row));
            row += 1;
            while row < ledger.len()
                && companies[row] == company
                && month(row) == at
                && company != UNKNOWN
            {
                row += 1;
            }
            let size = (row - begin) as u64;
            let of = &mut months[usize::from(at)];
            of.n += size;
            of.with_company += if company == UNKNOWN { 0 } else { size };
            of.n_employers += 1;
            of.m2 += size * size;
            for named in &ledger.named()[begin..row] {
                of.named[usize::from(*named)] += 1;
            }
            for value in ledger.values_of(begin..row) {
                let number = ways.number(*value);
                let again = u64::from(last_of[number] == begin);
                last_of[number] = begin;
                namings[ends[number]] = Naming(
                    u64::from(at)
                        | size << SIZE_AT
                        | u64::from(ledger.named_of(*value)) << WAYS_AT
                        | again << AGAIN_AT,
                );
                ends[number] += 1;
            }
        }
        Some(Months {
            first,
            months,
            begins,
            namings,
        })
    }

    /// The first month, counted from the year 0.
    pub fn first(&self) -> i64 {
        self.first
    }

    /// Every month from the first to the last with postings.
    pub fn months(&self) -> &[Month] {
        &self.months
    }

    /// For each of so many values, the postings of each month that name it; on all
    /// cores.
    pub fn named(&self, n_values: usize, ways: Ways) -> Vec<Vec<Named>> {
        let values = (0..n_values).into_par_iter().with_max_len(1);
        values.map(|value| self.named_of(value, ways)).collect()
    }

    fn named_of(&self, value: usize, ways: Ways) -> Vec<Named> {
        let mut months = vec![Named::default(); self.months.len()];
        let namings = match (self.begins.get(value), self.begins.get(value + 1)) {
            (Some(begin), Some(end)) => &self.namings[*begin..*end],
            _ => &[],
        };
        // How many of this employer and month have come before.
        let mut before = 0;
        for Naming(bits) in namings {
            let count = u64::from(ways.any((bits >> WAYS_AT) as u8));
            before *= bits >> AGAIN_AT & 1;
            let of = &mut months[usize::from(*bits as u16)];
            of.n += count;
            of.x2 += count * (2 * before + 1);
            of.xm += count * u64::from((bits >> SIZE_AT) as u32);
            before += count;
        }
        months
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_days_are_those_of_the_calendar() {
        let months = [-25_509, -1, 0, 30, 31, 11_016, 11_017, 19_782, 19_783].map(month_of_day);
        let of = |year: i64, month: i64| year * 12 + month - 1;
        let expected = [
            of(1900, 2),
            of(1969, 12),
            of(1970, 1),
            of(1970, 1),
            of(1970, 2),
            of(2000, 2),
            of(2000, 3),
            of(2024, 2),
            of(2024, 3),
        ];
        assert_eq!(months, expected);
    }
}
