//! What is paid: quantiles of stated yearly pay within one currency and country.

use std::collections::HashMap;

use super::Card;
use super::dimension::Values;
use super::sheet::{Sheet, Vote};
use super::stats::{median_ranks, quantile};
use crate::query::{Engine, Filter, QueryError};
use crate::skills::Taxonomy;

use super::Dimension;

/// Nothing is said of fewer values than this.
pub const MIN_PAY: usize = 10;

/// Yearly pay: middles of closed ranges in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct PayQuantiles {
    /// Postings that state it.
    pub n: u64,
    /// p10, p25, p50, p75, p90, in units of the currency.
    pub quantiles: [f64; 5],
    /// Interval of the median by order statistics (95 % at least).
    pub median_interval: (f64, f64),
}

/// The quantiles of some amounts; `None` below [`MIN_PAY`].
pub(super) fn quantiles(mut amounts: Vec<f64>) -> Option<PayQuantiles> {
    if amounts.len() < MIN_PAY {
        return None;
    }
    amounts.sort_by(f64::total_cmp);
    let (low, high) = median_ranks(amounts.len())?;
    let at = |p: f64| quantile(&amounts, p).unwrap_or_default();
    Some(PayQuantiles {
        n: amounts.len() as u64,
        quantiles: [0.1, 0.25, 0.5, 0.75, 0.9].map(at),
        median_interval: (amounts[low - 1], amounts[high - 1]),
    })
}

/// Which pay is compared: amounts of one currency, and of one country where
/// enough postings say theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayScope {
    /// ISO 4217 code.
    pub currency: String,
    /// ISO 3166-1 code; `None` if too few of them name a country.
    pub country: Option<String>,
}

/// A scope as numbers into the names of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScopeNo {
    pub(super) currency: u32,
    pub(super) country: Option<u32>,
}

impl ScopeNo {
    /// The currency asked for, or that of most; and the country of most of its
    /// postings, unless they are fewer than [`MIN_PAY`]. A sentence says why there is
    /// none.
    pub(super) fn choose(
        sheet: &Sheet,
        votes: &[Vote],
        currency: Option<&str>,
    ) -> Result<ScopeNo, String> {
        let mut by_currency: HashMap<u32, u64> = HashMap::new();
        for (_, currency) in votes.iter().filter_map(|vote| vote.pay) {
            *by_currency.entry(currency).or_default() += 1;
        }
        let name = |no: u32| sheet.names.currencies.get(no as usize).map(String::as_str);
        let Some((commonest, _)) = most(&by_currency) else {
            return Err("no posting states a closed range of pay".to_owned());
        };
        let currency = match currency {
            Some(code) => {
                let known = by_currency.keys().copied();
                let found = known.clone().find(|no| name(*no) == Some(code));
                found.ok_or_else(|| {
                    let mut known: Vec<&str> = known.filter_map(name).collect();
                    known.sort_unstable();
                    let known = known.join(", ");
                    format!("no posting states a closed range of pay in {code}; there are {known}")
                })?
            }
            None => commonest,
        };
        let mut by_country: HashMap<u32, u64> = HashMap::new();
        for vote in votes
            .iter()
            .filter(|vote| vote.pay.is_some_and(|(_, of)| of == currency))
        {
            for country in &vote.countries {
                *by_country.entry(*country).or_default() += 1;
            }
        }
        let country = most(&by_country).filter(|(_, n)| *n >= MIN_PAY as u64);
        Ok(ScopeNo {
            currency,
            country: country.map(|(country, _)| country),
        })
    }

    /// Whether a vote is of its country.
    fn is_there(self, vote: &Vote) -> bool {
        self.country
            .is_none_or(|country| vote.countries.contains(&country))
    }

    pub(super) fn amount(self, vote: &Vote) -> Option<f64> {
        let (amount, currency) = vote.pay?;
        (currency == self.currency && self.is_there(vote)).then_some(amount)
    }

    pub(super) fn named(self, sheet: &Sheet) -> PayScope {
        let name = |names: &[String], no: u32| names.get(no as usize).cloned();
        PayScope {
            currency: name(&sheet.names.currencies, self.currency).unwrap_or_default(),
            country: self.country.and_then(|no| name(&sheet.names.countries, no)),
        }
    }
}

/// The most frequent; of equal ones the first number, which is the first name.
fn most(counts: &HashMap<u32, u64>) -> Option<(u32, u64)> {
    counts
        .iter()
        .map(|(no, n)| (*no, *n))
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
}

/// Pay by value of a dimension.
#[derive(Debug, Clone)]
pub struct Pay {
    /// What it is counted by.
    pub dimension: Dimension,
    /// What it stands on.
    pub card: Card,
    /// Which pay; or why there is none.
    pub scope: Result<PayScope, String>,
    /// Groups in the scope's country.
    pub total: u64,
    /// All that state pay in this scope.
    pub all: Option<PayQuantiles>,
    /// The best paid median first.
    pub lines: Vec<PayValue>,
    /// Values with too few to say anything of.
    pub n_thin: usize,
}

/// Pay of one value.
#[derive(Debug, Clone)]
pub struct PayValue {
    /// Skill id, or the value as it stands in the index.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// Groups in the scope's country that name it: n of the quantiles ÷ this is the coverage.
    pub named_by: u64,
    /// What they pay.
    pub pay: PayQuantiles,
}

/// Quantiles of pay by value, best paid first, at most `top`.
///
/// Only pay that is stated or read from the text counts, never a publisher's
/// estimate; a group of copies counts once, by the middle of its closed range.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn pay(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    filter: &Filter,
    dimension: &Dimension,
    currency: Option<&str>,
    top: usize,
) -> Result<Pay, QueryError> {
    let sheet = Sheet::read(engine, filter)?;
    let votes = sheet.votes(None);
    let scope = ScopeNo::choose(&sheet, &votes, currency);
    let values = Values::new(dimension, taxonomy, &sheet.names);
    let mut amounts: HashMap<u32, (u64, Vec<f64>)> = HashMap::new();
    let mut all = Vec::new();
    let mut total = 0;
    let is_there = |vote: &&Vote| scope.as_ref().is_ok_and(|scope| scope.is_there(vote));
    for vote in votes.iter().filter(is_there) {
        total += 1;
        let amount = scope.as_ref().ok().and_then(|scope| scope.amount(vote));
        all.extend(amount);
        for value in values.of(vote) {
            let of = amounts.entry(value).or_default();
            of.0 += 1;
            of.1.extend(amount);
        }
    }
    let mut lines = Vec::new();
    let mut n_thin = 0;
    for (value, (named_by, amounts)) in amounts {
        if amounts.is_empty() {
            continue;
        }
        let (value, label) = values.labels[value as usize].clone();
        match quantiles(amounts) {
            Some(pay) => lines.push(PayValue {
                value,
                label,
                named_by,
                pay,
            }),
            None => n_thin += 1,
        }
    }
    lines.sort_by(|a, b| {
        b.pay.quantiles[2]
            .total_cmp(&a.pay.quantiles[2])
            .then_with(|| a.value.cmp(&b.value))
    });
    lines.truncate(top);
    Ok(Pay {
        dimension: dimension.clone(),
        scope: scope.map(|scope| scope.named(&sheet)),
        total,
        all: quantiles(all),
        lines,
        n_thin,
        card: sheet.card,
    })
}
