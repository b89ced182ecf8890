//! Shares over time: who asks for what, out of how many, and how sure that is.

use super::dimension::below;
use super::periods::{Filled, date};
use super::stats::{Share, difference, ratio};
use super::tally::{Says, Tally};
use super::{
    By, Card, CardBuilder, Denominator, Dimension, MIN_VOTES, Period, StrengthFilter, Unit,
};
use crate::query::{Engine, Filter, QueryError, ScanRow};
use crate::skills::{SkillNo, Taxonomy};

/// What to count, over what, how.
#[derive(Debug, Clone)]
pub struct TrendRequest {
    /// What is counted.
    pub dimension: Dimension,
    /// Only these values (skill ids, or values as they stand in the index);
    /// empty for the commonest.
    pub values: Vec<String>,
    /// Values to show before the commonest, whatever their share.
    pub first: Vec<String>,
    /// How many values at most, `first` included.
    pub top: usize,
    /// How wide a period is.
    pub by: By,
    /// What has a vote.
    pub unit: Unit,
    /// What a share is a share of.
    pub denominator: Denominator,
    /// Which mentions count.
    pub strength: StrengthFilter,
    /// Skills that are only implied count as well.
    pub implied: bool,
    /// Which postings.
    pub filter: Filter,
}

/// Shares over time.
#[derive(Debug, Clone)]
pub struct Trend {
    /// As asked.
    pub request: TrendRequest,
    /// What it stands on.
    pub card: Card,
    /// Without gaps.
    pub periods: Vec<Period>,
    /// Votes of each period: what shares are shares of.
    pub totals: Vec<u64>,
    /// The months that rank and growth belong to.
    pub last_year: Option<Period>,
    /// The months they are compared with.
    pub year_before: Option<Period>,
    /// One a value, in the order to show.
    pub series: Vec<Series>,
    /// Sentences a reader should know.
    pub warnings: Vec<String>,
}

/// One value over time.
#[derive(Debug, Clone)]
pub struct Series {
    /// Skill id, or the value as it stands in the index.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// Its rank among all values in the last year, 1 for the largest; ties share one.
    pub rank: Option<u32>,
    /// The ranks its interval allows.
    pub rank_range: Option<(u32, u32)>,
    /// One a period.
    pub points: Vec<Point>,
    /// Over the last year.
    pub last_year: Option<Point>,
    /// Over the last year, votes with implied skills included.
    pub last_year_implied: Option<Point>,
    /// The last year against the one before.
    pub growth: Option<Growth>,
}

/// One share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Votes for it.
    pub n: u64,
    /// Of so many.
    pub total: u64,
    /// n ÷ total with its interval.
    pub share: Share,
}

/// How a share has changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Before.
    pub from: Point,
    /// Now.
    pub to: Point,
    /// Difference of shares, 0 to 1, with its interval.
    pub points: (f64, f64, f64),
    /// Quotient of shares with its interval.
    pub ratio: (f64, f64, f64),
}

impl Growth {
    /// Whether the interval of the difference leaves out "no change".
    pub fn is_significant(&self) -> bool {
        self.points.1 > 0.0 || self.points.2 < 0.0
    }
}

/// Counts a trend.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn trends(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    request: &TrendRequest,
) -> Result<Trend, QueryError> {
    let branch = match &request.dimension {
        Dimension::Skills(branch) => Some(below(branch, taxonomy)),
        _ => None,
    };
    let mut card = CardBuilder::default();
    let (mut says, mut says_implied) = (Says::default(), Says::default());
    let names = engine.scan(&request.filter, &mut |row| {
        card.add(row);
        let (Some(at), false) = (row.posted_at, row.is_partial) else {
            return;
        };
        match &branch {
            Some(inside) => {
                says.add(
                    row.group,
                    at,
                    row.company,
                    skills(row, inside, request.strength, request.implied),
                );
                says_implied.add(
                    row.group,
                    at,
                    row.company,
                    skills(row, inside, request.strength, true),
                );
            }
            None => says.add(row.group, at, row.company, plain(row, &request.dimension)),
        }
    })?;
    let labels = request.dimension.labels(taxonomy, &names);
    Ok(table(
        request,
        card.finish(&names),
        says,
        says_implied,
        &labels,
    ))
}

fn skills<'a>(
    row: &'a ScanRow<'_>,
    inside: &'a [bool],
    strength: StrengthFilter,
    implied: bool,
) -> impl Iterator<Item = u32> + 'a {
    let counts = move |skill: SkillNo| inside.get(usize::from(skill.0)).copied().unwrap_or(false);
    let entries = row
        .ask
        .iter()
        .filter(move |entry| implied || !entry.implied);
    entries
        .filter(move |entry| counts(entry.skill) && strength.takes(entry))
        .map(|entry| u32::from(entry.skill.0))
}

fn plain(row: &ScanRow<'_>, dimension: &Dimension) -> Vec<u32> {
    match dimension {
        Dimension::Company => row.company.into_iter().collect(),
        Dimension::Country => row.countries.to_vec(),
        Dimension::Seniority => row.seniority.into_iter().collect(),
        Dimension::Workplace => row.workplace.into_iter().collect(),
        Dimension::Source => row.source.into_iter().collect(),
        Dimension::Skills(_) => Vec::new(),
    }
}

fn table(
    request: &TrendRequest,
    card: Card,
    mut says: Says,
    mut implied: Says,
    labels: &[(String, String)],
) -> Trend {
    let mut trend = Trend {
        request: request.clone(),
        periods: Vec::new(),
        totals: Vec::new(),
        last_year: None,
        year_before: None,
        series: Vec::new(),
        warnings: Vec::new(),
        card,
    };
    let left_out = trend.card.n_postings - trend.card.with_date;
    if left_out > 0 {
        trend
            .warnings
            .push(format!("left out: {left_out} without a date"));
    }
    if trend.card.partial > 0 {
        trend.warnings.push(format!(
            "left out: {} without a whole text",
            trend.card.partial
        ));
    }
    let Some((first, last)) = says.span() else {
        return trend;
    };
    let bound = |at: Option<jiff::Timestamp>| at.map(|at| date(at.as_second()));
    let filled = Filled::new(first, last)
        .within(bound(request.filter.since), bound(request.filter.until))
        .with_gaps(|bound| says.last_before(bound));
    says.sort();
    implied.sort();
    let count = |says: &Says, periods: &[Period]| says.tally(periods, labels.len(), request.unit);
    trend.periods = filled.periods(request.by);
    let tallies = count(&says, &trend.periods);
    trend.totals = tallies
        .iter()
        .map(|tally| tally.denominator(request.denominator))
        .collect();

    (trend.last_year, trend.year_before) = match filled.year_on_year() {
        Some((last, before)) => (Some(last), Some(before)),
        None => (filled.last_year(), None),
    };
    // With less than two years growth compares fewer months than rank looks at.
    let rank_window = filled.last_year().or(trend.last_year);
    let one = |says: &Says, period: Option<Period>| {
        period.and_then(|period| count(says, &[period]).pop())
    };
    let ranking = one(&says, rank_window);
    let ranking_implied =
        one(&implied, rank_window).filter(|_| matches!(request.dimension, Dimension::Skills(_)));
    let (now, before) = (one(&says, trend.last_year), one(&says, trend.year_before));
    if tallies.iter().all(|tally| tally.with_company == 0) {
        trend
            .warnings
            .push("no employer is known, so intervals take all postings as independent".to_owned());
    }
    if trend.year_before.is_none() {
        trend
            .warnings
            .push("less than thirteen months: no growth".to_owned());
    }
    if matches!(request.dimension, Dimension::Skills(_)) {
        trend.warnings.push(
            "a posting that names several counts for each, so shares add up to more than 100 %"
                .to_owned(),
        );
    }
    trend.last_year = rank_window;

    let point = |tally: &Tally, value: u32| {
        let (share, _) = tally.share(value, request.denominator);
        Point {
            n: tally.n(value),
            total: tally.denominator(request.denominator),
            share,
        }
    };
    let ranked: Vec<(u32, Share)> = match &ranking {
        Some(tally) => {
            let all = 0..labels.len() as u32;
            let supported = all.filter(|value| tally.n(*value) >= MIN_VOTES);
            supported
                .map(|value| (value, point(tally, value).share))
                .collect()
        }
        None => Vec::new(),
    };
    for value in chosen(request, labels, &tallies) {
        let own = ranked
            .iter()
            .find(|(ranked, _)| *ranked == value)
            .map(|(_, share)| *share);
        let ahead = |is_ahead: &dyn Fn(&Share) -> bool| {
            ranked.iter().filter(|(_, share)| is_ahead(share)).count() as u32
        };
        let (id, label) = &labels[value as usize];
        trend.series.push(Series {
            value: id.clone(),
            label: label.clone(),
            rank: own.map(|own| 1 + ahead(&|other| other.share > own.share)),
            rank_range: own.map(|own| {
                let best = 1 + ahead(&|other| other.low > own.high);
                (
                    best,
                    ranked.len() as u32 - ahead(&|other| other.high < own.low),
                )
            }),
            points: tallies.iter().map(|tally| point(tally, value)).collect(),
            last_year: ranking.as_ref().map(|tally| point(tally, value)),
            last_year_implied: ranking_implied.as_ref().map(|tally| point(tally, value)),
            growth: now
                .as_ref()
                .zip(before.as_ref())
                .and_then(|(now, before)| growth(now, before, value, request.denominator)),
        });
    }
    trend
}

/// The values to show: those asked for, or the first ones and then the commonest.
fn chosen(request: &TrendRequest, labels: &[(String, String)], tallies: &[Tally]) -> Vec<u32> {
    let number = |id: &String| {
        labels
            .iter()
            .position(|(value, _)| value == id)
            .map(|at| at as u32)
    };
    if !request.values.is_empty() {
        return request.values.iter().filter_map(number).collect();
    }
    let mut chosen: Vec<u32> = request.first.iter().filter_map(number).collect();
    let votes = |value: u32| tallies.iter().map(|tally| tally.n(value)).sum::<u64>();
    let mut others: Vec<(u64, u32)> = (0..labels.len() as u32)
        .filter(|value| !chosen.contains(value))
        .map(|value| (votes(value), value))
        .filter(|(votes, _)| {
            *votes
                >= if request.first.is_empty() {
                    1
                } else {
                    MIN_VOTES
                }
        })
        .collect();
    others.sort_unstable_by(|a, b| {
        b.0.cmp(&a.0)
            .then_with(|| labels[a.1 as usize].0.cmp(&labels[b.1 as usize].0))
    });
    chosen.extend(others.into_iter().map(|(_, value)| value));
    chosen.truncate(request.top.max(request.first.len()));
    chosen
}

fn growth(now: &Tally, before: &Tally, value: u32, denominator: Denominator) -> Option<Growth> {
    if now.n(value) < MIN_VOTES || before.n(value) < MIN_VOTES {
        return None;
    }
    let ((to, n_to), (from, n_from)) = (
        now.share(value, denominator),
        before.share(value, denominator),
    );
    let (low, high) = difference(to, from);
    Some(Growth {
        from: Point {
            n: before.n(value),
            total: before.denominator(denominator),
            share: from,
        },
        to: Point {
            n: now.n(value),
            total: now.denominator(denominator),
            share: to,
        },
        points: (to.share - from.share, low, high),
        ratio: ratio(to.share, n_to, from.share, n_from)?,
    })
}
