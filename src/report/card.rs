//! What a report stands on: the card that opens it.

use crate::query::{Census, ScanNames, ScanRow};

/// What a report stands on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    /// Postings by source.
    pub sources: Vec<(String, u64)>,
    /// First and last date, seconds since 1970.
    pub dates: Option<(i64, i64)>,
    /// Postings.
    pub n_postings: u64,
    /// Groups of copies.
    pub n_groups: u64,
    /// Postings with a date.
    pub with_date: u64,
    /// Postings with pay fit for statistics.
    pub with_pay: u64,
    /// Postings with a country.
    pub with_place: u64,
    /// Postings with an employer.
    pub with_company: u64,
    /// Postings whose text is missing or cut off.
    pub partial: u64,
    /// Postings by tongue.
    pub text_languages: Vec<(String, u64)>,
}

impl Card {
    /// A census as it is told, given what its numbers stand for.
    pub fn new(census: &Census, names: &ScanNames) -> Card {
        let named = |counts: &[u64], names: &[String]| {
            let named = names.iter().cloned().zip(counts.iter().copied());
            let mut named: Vec<(String, u64)> = named.filter(|(_, n)| *n > 0).collect();
            named.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            named
        };
        Card {
            sources: named(&census.sources, &names.sources),
            dates: census.dates,
            n_postings: census.n_postings,
            n_groups: census.n_groups(),
            with_date: census.with_date,
            with_pay: census.with_pay,
            with_place: census.with_place,
            with_company: census.with_company,
            partial: census.partial,
            text_languages: named(&census.text_languages, &names.text_languages),
        }
    }

    /// Share of postings that are copies of another.
    pub fn duplicate_rate(&self) -> f64 {
        if self.n_postings == 0 {
            0.0
        } else {
            1.0 - self.n_groups as f64 / self.n_postings as f64
        }
    }
}

/// Counts a card while postings pass by.
#[derive(Debug, Default)]
pub struct CardBuilder(Census);

impl CardBuilder {
    /// Counts one posting.
    pub fn add(&mut self, row: &ScanRow<'_>) {
        self.0.add(row);
    }

    /// The card, given what the numbers stand for.
    pub fn finish(self, names: &ScanNames) -> Card {
        Card::new(&self.0, names)
    }
}
