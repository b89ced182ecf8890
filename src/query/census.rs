//! How many postings there are of what kind, before any of them is a vote.

use super::ScanRow;

/// How many postings there are of what kind, those that have no vote as well.
#[derive(Debug, Clone, Default)]
pub struct Census {
    /// All.
    pub n_postings: u64,
    /// First and last date, seconds since 1970.
    pub dates: Option<(i64, i64)>,
    /// With a date.
    pub with_date: u64,
    /// With pay fit for statistics.
    pub with_pay: u64,
    /// With a country.
    pub with_place: u64,
    /// With an employer.
    pub with_company: u64,
    /// Whose text is missing or cut off.
    pub partial: u64,
    /// Without a text, but with a list of skills.
    pub listed: u64,
    /// By number of source.
    pub sources: Vec<u64>,
    /// By number of tongue.
    pub text_languages: Vec<u64>,
    groups: Seen,
}

impl Census {
    /// Counts one posting.
    pub fn add(&mut self, row: &ScanRow<'_>) {
        self.n_postings += 1;
        self.groups.insert(row.group);
        if let Some(at) = row.posted_at {
            self.with_date += 1;
            let (first, last) = self.dates.unwrap_or((at, at));
            self.dates = Some((first.min(at), last.max(at)));
        }
        self.with_pay += u64::from(row.pay.is_some());
        self.with_place += u64::from(!row.countries.is_empty());
        self.with_company += u64::from(row.company.is_some());
        self.partial += u64::from(row.is_partial);
        self.listed += u64::from(row.is_listed && !row.is_partial);
        if let Some(source) = row.source {
            count(&mut self.sources, source);
        }
        if let Some(tongue) = row.text_language {
            count(&mut self.text_languages, tongue);
        }
    }

    /// Groups of copies.
    pub fn n_groups(&self) -> u64 {
        self.groups.n
    }
}

fn count(counts: &mut Vec<u64>, number: u32) {
    let at = number as usize;
    if at >= counts.len() {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}

/// Which numbers have come, a bit each.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    bits: Vec<u64>,
    n: u64,
}

impl Seen {
    /// Notes a number; whether it is new.
    pub(super) fn insert(&mut self, number: u32) -> bool {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.bits.len() {
            self.bits.resize((word + 1).next_power_of_two(), 0);
        }
        let is_new = self.bits[word] & bit == 0;
        self.n += u64::from(is_new);
        self.bits[word] |= bit;
        is_new
    }

    /// Whether a number has come.
    pub(super) fn has(&self, number: u32) -> bool {
        let word = self.bits.get(number as usize / 64);
        word.is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// How many different ones have come.
    pub(super) fn n(&self) -> u64 {
        self.n
    }
}
