//! How well a corpus is filled, and what in it looks odd.
//!
//! Oddities are counted, not judged: a repeated text may be a large employer,
//! a quiet source one that was ingested once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::query::{ScanNames, ScanRow};

const DAY: i64 = 86_400;
/// Fewer stated pays of one currency have no outliers.
const MIN_PAYS: usize = 20;
/// Pay further than this many quartile distances (of logarithms) from the
/// quartiles is an outlier: Tukey's "far out".
const FAR_OUT: f64 = 3.0;
/// A group of this many adverts of one employer is named.
const MIN_REPEATS: u64 = 5;
/// This many employers are named.
const MOST_EMPLOYERS: usize = 20;
/// A source is quiet after this many days without a posting at least …
const MIN_QUIET_DAYS: i64 = 14;
/// … and after this many times its usual distance between days with postings.
const QUIET_GAPS: i64 = 5;
/// Fewer days with postings tell no usual distance.
const MIN_DAYS: usize = 8;

/// The fields whose coverage is counted, in order.
pub const COVERED: [&str; 9] = [
    "date",
    "company",
    "country",
    "pay",
    "seniority",
    "workplace",
    "text_language",
    "whole_text",
    "skills",
];

/// How many postings there are and how many have each field of [`COVERED`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Postings.
    pub n_postings: u64,
    /// Of those, how many have the field.
    pub with: [u64; COVERED.len()],
    /// The latest date, seconds since 1970.
    pub last: Option<i64>,
}

/// Something that looks odd.
#[derive(Debug, Clone, PartialEq)]
pub enum Oddity {
    /// Postings dated more than a day after today.
    FutureDates {
        /// Where they come from.
        source: String,
        /// How many.
        n: u64,
    },
    /// Yearly pay far beyond what else is paid in the currency.
    PayOutliers {
        /// The currency.
        currency: String,
        /// How many.
        n: u64,
        /// Less than this is far out.
        below: f64,
        /// More than this is far out.
        above: f64,
    },
    /// One employer has one text in many adverts.
    RepeatedText {
        /// The employer.
        company: String,
        /// Adverts of its largest group of copies.
        n: u64,
    },
    /// A source has no postings for long while others go on.
    QuietSource {
        /// The source.
        source: String,
        /// Its last date, seconds since 1970.
        last: i64,
        /// Its usual distance between days with postings.
        usual_days: i64,
    },
}

/// What `doctor` finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checkup {
    /// Of all postings.
    pub all: Coverage,
    /// Of each source, the largest first.
    pub sources: Vec<(String, Coverage)>,
    /// What looks odd, by kind.
    pub oddities: Vec<Oddity>,
}

#[derive(Debug, Default)]
struct SourceTally {
    coverage: Coverage,
    days: BTreeSet<i64>,
    n_future: u64,
}

/// Counts a checkup while postings pass by.
#[derive(Debug)]
pub struct CheckupBuilder {
    now: i64,
    sources: BTreeMap<Option<u32>, SourceTally>,
    pays: BTreeMap<u32, Vec<f64>>,
    /// Employer and adverts of each group.
    groups: HashMap<u32, (u32, u64)>,
}

impl CheckupBuilder {
    /// Later dates than `now` (seconds since 1970) are odd.
    pub fn new(now: i64) -> CheckupBuilder {
        CheckupBuilder {
            now,
            sources: BTreeMap::new(),
            pays: BTreeMap::new(),
            groups: HashMap::new(),
        }
    }

    /// Counts one posting.
    pub fn add(&mut self, row: &ScanRow<'_>) {
        let source = self.sources.entry(row.source).or_default();
        source.coverage.n_postings += 1;
        let has = [
            row.posted_at.is_some(),
            row.company.is_some(),
            !row.countries.is_empty(),
            row.pay.is_some(),
            row.seniority.is_some(),
            row.workplace.is_some(),
            row.text_language.is_some(),
            !row.is_partial,
            !row.ask.is_empty(),
        ];
        for (n, has) in source.coverage.with.iter_mut().zip(has) {
            *n += u64::from(has);
        }
        if let Some(at) = row.posted_at {
            if at > self.now + DAY {
                source.n_future += 1;
            } else {
                source.coverage.last = source.coverage.last.max(Some(at));
                source.days.insert(at.div_euclid(DAY));
            }
        }
        if let Some((min, max, currency)) = row.pay {
            let ends = [min.or(max), max.or(min)].map(Option::unwrap_or_default);
            let middle = (ends[0] + ends[1]) / 2.0;
            if middle > 0.0 {
                self.pays.entry(currency).or_default().push(middle);
            }
        }
        if let Some(company) = row.company {
            self.groups.entry(row.group).or_insert((company, 0)).1 += 1;
        }
    }

    /// The checkup, given what the numbers stand for.
    pub fn finish(self, names: &ScanNames) -> Checkup {
        let name = |names: &[String], no: u32| names.get(no as usize).cloned().unwrap_or_default();
        let mut checkup = Checkup::default();
        let last_of_all = self
            .sources
            .values()
            .filter_map(|source| source.coverage.last)
            .max();
        let (mut future, mut quiet) = (Vec::new(), Vec::new());
        for (no, tally) in self.sources {
            let source = no.map_or_else(|| "unknown".to_owned(), |no| name(&names.sources, no));
            checkup.all.n_postings += tally.coverage.n_postings;
            checkup.all.last = checkup.all.last.max(tally.coverage.last);
            for (all, n) in checkup.all.with.iter_mut().zip(tally.coverage.with) {
                *all += n;
            }
            if tally.n_future > 0 {
                future.push(Oddity::FutureDates {
                    source: source.clone(),
                    n: tally.n_future,
                });
            }
            if let (Some(last), Some(of_all), Some(usual_days)) = (
                tally.coverage.last,
                last_of_all,
                usual_distance(&tally.days),
            ) {
                let silence = (of_all - last) / DAY;
                if silence > MIN_QUIET_DAYS.max(QUIET_GAPS * usual_days) {
                    quiet.push(Oddity::QuietSource {
                        source: source.clone(),
                        last,
                        usual_days,
                    });
                }
            }
            checkup.sources.push((source, tally.coverage));
        }
        checkup.sources.sort_by(|(a, of_a), (b, of_b)| {
            of_b.n_postings.cmp(&of_a.n_postings).then_with(|| a.cmp(b))
        });
        checkup.oddities = future;
        for (no, pays) in self.pays {
            checkup
                .oddities
                .extend(outliers(name(&names.currencies, no), pays));
        }
        let mut repeats: BTreeMap<u32, u64> = BTreeMap::new();
        for (company, n) in self.groups.into_values().filter(|(_, n)| *n >= MIN_REPEATS) {
            let most = repeats.entry(company).or_default();
            *most = n.max(*most);
        }
        let mut repeats: Vec<(u64, String)> = repeats
            .into_iter()
            .map(|(no, n)| (n, name(&names.companies, no)))
            .collect();
        repeats.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        repeats.truncate(MOST_EMPLOYERS);
        let repeats = repeats
            .into_iter()
            .map(|(n, company)| Oddity::RepeatedText { company, n });
        checkup.oddities.extend(repeats);
        checkup.oddities.extend(quiet);
        checkup
    }
}

/// The middle distance between days with postings.
fn usual_distance(days: &BTreeSet<i64>) -> Option<i64> {
    if days.len() < MIN_DAYS {
        return None;
    }
    let mut distances: Vec<i64> = days
        .iter()
        .zip(days.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied()
}

fn outliers(currency: String, pays: Vec<f64>) -> Option<Oddity> {
    if pays.len() < MIN_PAYS {
        return None;
    }
    let mut logs: Vec<f64> = pays.iter().map(|pay| pay.ln()).collect();
    logs.sort_by(f64::total_cmp);
    let (low, high) = (logs[logs.len() / 4], logs[logs.len() * 3 / 4]);
    let reach = FAR_OUT * (high - low);
    let n = logs
        .iter()
        .filter(|log| **log < low - reach || **log > high + reach)
        .count() as u64;
    (n > 0).then(|| Oddity::PayOutliers {
        currency,
        n,
        below: (low - reach).exp().round(),
        above: (high + reach).exp().round(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1000 * DAY;

    fn row(group: u32, day: i64) -> ScanRow<'static> {
        ScanRow {
            group,
            posted_at: Some(day * DAY),
            company: Some(0),
            source: Some(0),
            countries: &[],
            seniority: None,
            workplace: None,
            text_language: None,
            ask: &[],
            pay: None,
            is_partial: false,
            is_listed: false,
        }
    }

    #[track_caller]
    fn check(rows: &[ScanRow<'_>], expected: &[Oddity]) {
        let mut builder = CheckupBuilder::new(NOW);
        rows.iter().for_each(|row| builder.add(row));
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let names = ScanNames {
            companies: own(&["Larch", "Beech"]),
            sources: own(&["a", "b"]),
            currencies: own(&["EUR"]),
            ..ScanNames::default()
        };
        let checkup = builder.finish(&names);
        assert_eq!(checkup.oddities, expected);
        assert_eq!(checkup.all.n_postings, rows.len() as u64);
        let with_date = checkup
            .sources
            .iter()
            .map(|(_, of)| of.with[0])
            .sum::<u64>();
        assert_eq!(checkup.all.with[0], with_date);
    }

    #[test]
    fn dates_after_tomorrow_are_odd() {
        check(&[row(0, 1000), row(1, 1001)], &[]);
        let odd = Oddity::FutureDates {
            source: "a".to_owned(),
            n: 1,
        };
        check(&[row(0, 1000), row(1, 1002)], &[odd]);
    }

    #[test]
    fn pay_far_from_the_rest_is_odd() {
        let paid = |group: u32, pay: f64| ScanRow {
            pay: Some((Some(pay), None, 0)),
            ..row(group, 1)
        };
        let mut rows: Vec<_> = (0..40)
            .map(|n| paid(n, 50_000.0 + 500.0 * f64::from(n)))
            .collect();
        check(&rows, &[]);
        rows.push(paid(40, 9_000_000.0));
        rows.push(paid(41, 12.0));
        let mut builder = CheckupBuilder::new(NOW);
        rows.iter().for_each(|row| builder.add(row));
        let found = builder.finish(&ScanNames::default()).oddities;
        assert!(
            matches!(found[..], [Oddity::PayOutliers { n: 2, .. }]),
            "{found:?}"
        );
        check(&rows[38..], &[]);
    }

    #[test]
    fn one_text_in_many_adverts_is_odd() {
        let rows = vec![row(3, 1); 5];
        let odd = Oddity::RepeatedText {
            company: "Larch".to_owned(),
            n: 5,
        };
        check(&rows, &[odd]);
        check(&rows[1..], &[]);
    }

    #[test]
    fn a_source_that_stops_while_others_go_on_is_quiet() {
        let other = |day: i64| ScanRow {
            source: Some(1),
            ..row(day as u32, day)
        };
        let mut rows: Vec<_> = (0..10).map(|day| row(day as u32, day * 2)).collect();
        rows.push(other(30));
        check(&rows, &[]);
        rows.push(other(33));
        let odd = Oddity::QuietSource {
            source: "a".to_owned(),
            last: 18 * DAY,
            usual_days: 2,
        };
        check(&rows, &[odd]);
    }
}
