//! What a report stands on: the card that opens it.

use crate::query::{ScanNames, ScanRow};

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
pub struct CardBuilder {
    card: Card,
    groups: Seen,
    /// How many have each number.
    sources: Vec<u64>,
    text_languages: Vec<u64>,
}

/// Which numbers have come, a bit each.
#[derive(Debug, Default)]
struct Seen {
    bits: Vec<u64>,
    n: u64,
}

impl Seen {
    fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.bits.len() {
            self.bits.resize((word + 1).next_power_of_two(), 0);
        }
        self.n += u64::from(self.bits[word] & bit == 0);
        self.bits[word] |= bit;
    }
}

fn count(counts: &mut Vec<u64>, number: u32) {
    let at = number as usize;
    if at >= counts.len() {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
}

impl CardBuilder {
    /// Counts one posting.
    pub fn add(&mut self, row: &ScanRow<'_>) {
        let card = &mut self.card;
        card.n_postings += 1;
        self.groups.insert(row.group);
        if let Some(at) = row.posted_at {
            card.with_date += 1;
            card.dates = Some(
                card.dates
                    .map_or((at, at), |(first, last)| (first.min(at), last.max(at))),
            );
        }
        card.with_pay += u64::from(row.pay.is_some());
        card.with_place += u64::from(!row.countries.is_empty());
        card.with_company += u64::from(row.company.is_some());
        card.partial += u64::from(row.is_partial);
        if let Some(source) = row.source {
            count(&mut self.sources, source);
        }
        if let Some(tongue) = row.text_language {
            count(&mut self.text_languages, tongue);
        }
    }

    /// The card, given what the numbers stand for.
    pub fn finish(self, names: &ScanNames) -> Card {
        let named = |counts: Vec<u64>, names: &[String]| {
            let named = names.iter().cloned().zip(counts);
            let mut named: Vec<(String, u64)> = named.filter(|(_, n)| *n > 0).collect();
            named.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            named
        };
        Card {
            sources: named(self.sources, &names.sources),
            text_languages: named(self.text_languages, &names.text_languages),
            n_groups: self.groups.n,
            ..self.card
        }
    }
}
