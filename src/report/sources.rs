//! Where votes come from: a change of sources must not look like a change of
//! what is asked for. Postings with a text and postings with only a list of skills
//! count as two sources, though one source gives both: more is read from a text.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::periods::{Filled, Period};
use super::stats::standardised;
use super::votes::{NO_SLOT, Slots, Strata};
use super::{By, Denominator, MIN_VOTES, Trend};
use crate::query::ledger::source_of;
use crate::query::{Filter, Ledger};

/// Which sources the votes of each period come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceMix {
    /// Sources with votes, by name. A vote of several counts for the first of them.
    pub sources: Vec<String>,
    /// For each source, its votes in each period.
    pub totals: Vec<Vec<u64>>,
    /// For each source, its part of all votes: the weights of standardised shares.
    pub weights: Vec<f64>,
}

/// A source whose part of the votes changes by more than this between periods
/// changes the mix: a tenth moves a share as far as its interval of some hundred
/// votes is wide, if the sources differ as two boards do.
const CHANGE_OF_MIX: f64 = 0.1;

/// The numbers of the sources that have a posting in every full period that has
/// any, and a sentence about them.
pub(super) fn stable(ledger: &Ledger, filter: &Filter, by: By) -> (HashSet<u32>, String) {
    let sources = ledger.strata().iter().map(|stratum| source_of(*stratum));
    let known = sources.clone().zip(ledger.moments());
    let known = known.filter(|(source, _)| source.is_some());
    let mut stable = HashSet::new();
    let mut left_out = BTreeSet::new();
    if let Some(filled) = Filled::new(known.map(|(_, at)| *at), filter) {
        let mut periods = filled.periods(by);
        periods.retain(|period| !period.is_partial);
        let slots = Slots::new(&periods);
        let mut present: BTreeMap<u32, HashSet<u32>> = BTreeMap::new();
        for (source, day) in sources.zip(ledger.days()) {
            let Some(source) = source else {
                continue;
            };
            let of_source = present.entry(source).or_default();
            let slot = slots.of_day(*day);
            if slot != NO_SLOT {
                of_source.insert(slot);
            }
        }
        let filled: HashSet<u32> = present.values().flatten().copied().collect();
        for (source, slots) in present {
            if slots.len() == filled.len() {
                stable.insert(source);
            } else {
                left_out.insert(ledger.names.sources[source as usize].clone());
            }
        }
    }
    let left_out: Vec<String> = left_out.into_iter().collect();
    let warning = match (stable.is_empty(), left_out.is_empty()) {
        (true, _) => "no source has postings in every full period: nothing is left".to_owned(),
        (_, true) => "every source has postings in every full period".to_owned(),
        _ => format!(
            "left out, without postings in every full period: {}",
            left_out.join(", ")
        ),
    };
    (stable, warning)
}

/// Sources named in a warning, at most.
const N_TOLD: usize = 4;

/// The votes of two windows of time by source.
pub(super) struct Windows<'a> {
    pub(super) names: &'a [String],
    pub(super) earlier: &'a Strata,
    pub(super) later: &'a Strata,
}

impl Windows<'_> {
    /// The votes of a source in the earlier and in the later window.
    fn totals(&self, source: usize) -> [u64; 2] {
        [self.earlier, self.later].map(|strata| strata.totals[source].0)
    }

    /// The sources with votes enough in both windows, each with its votes.
    fn in_both(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let all = (0..self.names.len()).map(|source| (source, self.totals(source)));
        let enough = all.filter(|(_, totals)| totals.iter().all(|n| *n >= MIN_VOTES));
        enough.map(|(source, [before, now])| (source, before + now))
    }

    /// A sentence if the votes of the windows come from other sources, with the
    /// parts of those that change most.
    pub(super) fn warning(&self) -> Option<String> {
        let sources = 0..self.names.len();
        let sums = sources.clone().map(|source| self.totals(source));
        let [before, now] = sums.fold([0, 0], |sum, of| [sum[0] + of[0], sum[1] + of[1]]);
        if before.min(now) < MIN_VOTES {
            return None;
        }
        let parts = sources.map(|source| {
            let [n_before, n_now] = self.totals(source).map(|n| n as f64);
            (source, n_before / before as f64, n_now / now as f64)
        });
        let change = |(_, before, now): &(usize, f64, f64)| (now - before).abs();
        let mut changed: Vec<_> = parts.filter(|part| change(part) > CHANGE_OF_MIX).collect();
        changed.sort_by(|a, b| change(b).total_cmp(&change(a)).then(a.0.cmp(&b.0)));
        changed.truncate(N_TOLD);
        if changed.is_empty() {
            return None;
        }
        let told = changed.iter().map(|(source, before, now)| {
            format!(
                "{} {:.0} % before and {:.0} % now",
                self.names[*source],
                before * 100.0,
                now * 100.0
            )
        });
        let told: Vec<String> = told.collect();
        let in_both = self.in_both().map(|(source, _)| {
            let [before, now] = self.totals(source);
            format!("{} ({before} votes before, {now} now)", self.names[source])
        });
        let in_both: Vec<String> = in_both.take(N_TOLD).collect();
        let in_both = match in_both.is_empty() {
            true => format!("none has {MIN_VOTES} votes in both"),
            false => format!("in both are {}", in_both.join(", ")),
        };
        Some(format!(
            "the two windows have other sources: {}; {in_both}; a change of a share may be one of sources",
            told.join(", ")
        ))
    }

    /// How the share of a value has changed if the sources with votes enough in both
    /// windows were mixed alike in them; `None` if there are none, or with too few votes for it.
    pub(super) fn alike(&self, value: usize) -> Option<f64> {
        let named = self
            .in_both()
            .map(|(source, _)| self.earlier.n(source, value) + self.later.n(source, value));
        if named.sum::<u64>() < MIN_VOTES {
            return None;
        }
        let share = |strata: &Strata| {
            let of = self.in_both().map(|(source, votes)| {
                let total = strata.totals[source].0;
                (votes as f64, strata.n(source, value), total)
            });
            standardised(&of.collect::<Vec<_>>())
        };
        Some(share(self.later)? - share(self.earlier)?)
    }
}

/// The votes of a trend by source, for the values that it shows.
pub(super) struct Counted<'a> {
    pub(super) names: &'a [String],
    pub(super) denominator: Denominator,
    pub(super) periods: Vec<Strata>,
    pub(super) last_year: Option<Strata>,
}

impl Counted<'_> {
    fn total(&self, strata: &Strata, source: usize) -> u64 {
        let (all, any) = strata.totals[source];
        match self.denominator {
            Denominator::All => all,
            Denominator::Any => any,
        }
    }

    /// Writes the mix into a trend, with standardised shares and warnings where
    /// there are several sources.
    pub(super) fn tell(self, trend: &mut Trend) {
        let sums: Vec<u64> = (0..self.names.len())
            .map(|source| {
                let of = self.periods.iter().map(|strata| self.total(strata, source));
                of.sum()
            })
            .collect();
        let present: Vec<usize> = (0..sums.len()).filter(|at| sums[*at] > 0).collect();
        let all: u64 = sums.iter().sum();
        let weight = |source: usize| sums[source] as f64 / all.max(1) as f64;
        trend.mix = SourceMix {
            sources: present.iter().map(|at| self.names[*at].clone()).collect(),
            totals: present
                .iter()
                .map(|source| {
                    let of = self
                        .periods
                        .iter()
                        .map(|strata| self.total(strata, *source));
                    of.collect()
                })
                .collect(),
            weights: present.iter().map(|source| weight(*source)).collect(),
        };
        if present.len() < 2 {
            return;
        }
        let share = |strata: &Strata, at: usize| {
            let strata: Vec<(f64, u64, u64)> = present
                .iter()
                .map(|source| {
                    let total = self.total(strata, *source);
                    (weight(*source), strata.n(*source, at), total)
                })
                .collect();
            standardised(&strata)
        };
        let mut apart = Vec::new();
        for (at, series) in trend.series.iter_mut().enumerate() {
            series.standardised = self
                .periods
                .iter()
                .map(|strata| share(strata, at))
                .collect();
            series.last_year_standardised =
                self.last_year.as_ref().and_then(|strata| share(strata, at));
            let raw = series.last_year.as_ref().filter(|raw| raw.n >= MIN_VOTES);
            if let (Some(raw), Some(alike)) = (raw, series.last_year_standardised)
                && (alike < raw.share.low || alike > raw.share.high)
            {
                apart.push(format!(
                    "{} {:.1} % instead of {:.1} %",
                    series.label,
                    alike * 100.0,
                    raw.share.share * 100.0
                ));
            }
        }
        if let Some(change) = self.change(trend) {
            trend.warnings.push(change);
        }
        if !apart.is_empty() {
            trend.warnings.push(format!(
                "with the sources always mixed alike the last year's shares would differ by more than their interval: {}",
                apart.join(", ")
            ));
        }
    }

    /// The source whose part of the votes changes most between full periods, if
    /// it changes much.
    fn change(&self, trend: &Trend) -> Option<String> {
        let mut most: Option<(f64, String)> = None;
        for (name, totals) in trend.mix.sources.iter().zip(&trend.mix.totals) {
            let parts = trend.periods.iter().zip(&trend.totals).zip(totals);
            let parts = parts
                .filter(|((period, total), _)| !period.is_partial && **total >= MIN_VOTES)
                .map(|((period, total), n)| (*n as f64 / *total as f64, period));
            let by_part = |a: &(f64, &Period), b: &(f64, &Period)| a.0.total_cmp(&b.0);
            let (Some(least), Some(largest)) =
                (parts.clone().min_by(by_part), parts.max_by(by_part))
            else {
                continue;
            };
            let change = largest.0 - least.0;
            if change > CHANGE_OF_MIX && most.as_ref().is_none_or(|(most, _)| change > *most) {
                let (before, after) = match least.1.start < largest.1.start {
                    true => (least, largest),
                    false => (largest, least),
                };
                let sentence = format!(
                    "the mix of sources changes: {name} is {:.0} % of {} and {:.0} % of {}; a change of shares may be one of sources",
                    before.0 * 100.0,
                    before.1.name(trend.request.by),
                    after.0 * 100.0,
                    after.1.name(trend.request.by)
                );
                most = Some((change, sentence));
            }
        }
        most.map(|(_, sentence)| sentence)
    }
}
