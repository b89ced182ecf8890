//! Shares over time: who asks for what, out of how many, and how sure that is.

use std::collections::HashSet;

use super::compare::{Compared, Side, apart, paired};
use super::dimension::Numbers;
use super::monthly;
use super::periods::{Filled, date};
use super::sources::{self, SourceMix};
use super::stats::{Share, difference, ratio};
use super::tally::Tally;
use super::votes::{Slots, Strata, Votes};
use super::{By, Card, Denominator, Dimension, MIN_VOTES, Period, StrengthFilter, Unit};
use crate::query::conditions::nearest;
use crate::query::ledger::Ways;
use crate::query::{Engine, Filter, Ledger, QueryError, ScanNames};
use crate::skills::Taxonomy;

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
    /// Only sources that have postings in every full period.
    pub stable_sources: bool,
    /// The values shown against each other.
    pub compare: bool,
    /// The postings against those that these conditions leave when they are put
    /// in place of those of their kind in `filter`, under this name.
    pub versus: Option<(String, Filter)>,
}

impl TrendRequest {
    /// The usual: the commonest values of all postings, by quarter and group.
    pub fn new(dimension: Dimension) -> TrendRequest {
        TrendRequest {
            dimension,
            values: Vec::new(),
            first: Vec::new(),
            top: 20,
            by: By::default(),
            unit: Unit::default(),
            denominator: Denominator::default(),
            strength: StrengthFilter::default(),
            implied: false,
            filter: Filter::default(),
            stable_sources: false,
            compare: false,
            versus: None,
        }
    }
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
    /// Which source each period's votes come from.
    pub mix: SourceMix,
    /// Values, periods or filters against each other.
    pub compared: Option<Compared>,
    /// Values asked for that no posting of the index has, each with the nearest ones.
    pub unknown: Vec<(String, Vec<String>)>,
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
    /// Its shares of the periods if the sources were always mixed alike; empty
    /// with one source.
    pub standardised: Vec<Option<f64>>,
    /// The same of the last year.
    pub last_year_standardised: Option<f64>,
    /// The employer with most of its votes in the last year.
    pub top_employer: Option<TopEmployer>,
}

/// The employer with most votes for a value.
#[derive(Debug, Clone, PartialEq)]
pub struct TopEmployer {
    /// Its name.
    pub company: String,
    /// Its votes for the value.
    pub n: u64,
    /// Their share of all votes for the value.
    pub share: f64,
    /// The value's share among everybody else's votes.
    pub without: Point,
}

/// Above this part of a value's votes one employer makes the value's share.
pub const TOP_EMPLOYER_SHARE: f64 = 0.2;

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
    let numbers = Numbers::new(&request.dimension, taxonomy);
    let mut kept: Option<HashSet<u32>> = None;
    let mut warnings = Vec::new();
    if request.stable_sources {
        let all = engine.ledger(&request.filter, &numbers.column, None)?;
        let (stable, warning) = sources::stable(&all, &request.filter, request.by);
        warnings.push(warning);
        kept = Some(stable);
    }
    let read = |filter: &Filter| engine.ledger(filter, &numbers.column, kept.as_ref());
    let own = read(&request.filter)?;
    let other = match &request.versus {
        Some((_, filter)) => Some(read(&request.filter.clone().replaced_by(filter))?),
        None => None,
    };
    let labels = numbers.labels(taxonomy, &own.names);
    Ok(table(request, &own, other.as_deref(), &labels, warnings))
}

/// Counts votes of one window.
struct Window<'a> {
    request: &'a TrendRequest,
    n_values: usize,
}

impl Window<'_> {
    fn ways(&self, ledger: &Ledger, implied: bool) -> Ways {
        ledger.ways(self.request.strength.way(), implied)
    }

    fn votes<'a>(&self, ledger: &'a Ledger, periods: &[Period]) -> Votes<'a> {
        let ways = self.ways(ledger, self.request.implied);
        Votes::new(ledger, Slots::new(periods), self.request.unit, ways)
    }

    fn tally(&self, ledger: &Ledger, period: Period) -> Option<Tally> {
        let votes = self.votes(ledger, &[period]);
        let ways = self.ways(ledger, self.request.implied);
        Votes::tally(&[(&votes, ways)], self.n_values).pop()?.pop()
    }
}

/// From the first day of some postings to the last.
fn whole(ledger: &Ledger) -> Option<Period> {
    let (first, last) = ledger.span()?;
    Some(Period {
        start: date(first),
        end: date(last).tomorrow().ok()?,
        is_partial: false,
    })
}

fn table(
    request: &TrendRequest,
    own: &Ledger,
    other: Option<&Ledger>,
    labels: &[(String, String)],
    warnings: Vec<String>,
) -> Trend {
    let names = &own.names;
    let mut trend = Trend {
        request: request.clone(),
        periods: Vec::new(),
        totals: Vec::new(),
        last_year: None,
        year_before: None,
        series: Vec::new(),
        mix: SourceMix::default(),
        compared: None,
        unknown: unknown(request, labels),
        warnings,
        card: Card::new(&own.census, names),
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
    let moments = own.moments().iter().copied();
    let Some(filled) = Filled::new(moments, &request.filter) else {
        let nothing = "no dated posting with a whole text is left";
        trend.warnings.push(nothing.to_owned());
        return trend;
    };
    trend.warnings.extend(filled.thin());
    trend.periods = filled.periods(request.by);
    let window = Window {
        request,
        n_values: labels.len(),
    };
    (trend.last_year, trend.year_before) = match filled.year_on_year() {
        Some((last, before)) => (Some(last), Some(before)),
        None => (filled.last_year(), None),
    };
    // With less than two years growth compares fewer months than rank looks at.
    let rank_window = filled.last_year().or(trend.last_year);
    let votes = window.votes(own, &trend.periods);
    let one = |period: Option<Period>| period.map(|period| window.votes(own, &[period]));
    let ranking_votes = one(rank_window);
    let apart_votes = match rank_window == trend.last_year {
        true => None,
        false => one(trend.last_year),
    };
    let before_votes = one(trend.year_before);
    let (ways, implied) = (window.ways(own, request.implied), window.ways(own, true));
    let is_apart = matches!(request.dimension, Dimension::Skills(_)) && !request.implied;
    let windows = [
        (ranking_votes.as_ref(), ways),
        (apart_votes.as_ref(), ways),
        (before_votes.as_ref(), ways),
        (ranking_votes.as_ref().filter(|_| is_apart), implied),
    ];
    let windows = windows.map(|(votes, ways)| votes.map(|votes| (votes, ways)));
    let by_month = match (request.by, request.unit) {
        (By::Month, Unit::Adverts) => monthly::tallies(own, &trend.periods, labels.len(), ways),
        _ => None,
    };
    let mut lots = Vec::new();
    if by_month.is_none() {
        lots.push((&votes, ways));
    }
    lots.extend(windows.iter().flatten());
    let mut tallied = Votes::tally(&lots, labels.len()).into_iter();
    let tallies = by_month.or_else(|| tallied.next()).unwrap_or_default();
    let [ranking, apart, before, with_implied] =
        windows.map(|window| window.and_then(|_| tallied.next()?.pop()));
    trend.totals = tallies
        .iter()
        .map(|tally| tally.denominator(request.denominator))
        .collect();
    let ranking = ranking.as_ref();
    // Where both look at the same months they are counted once.
    let now = match rank_window == trend.last_year {
        true => ranking,
        false => apart.as_ref(),
    };
    let ranking_implied = match request.dimension {
        Dimension::Skills(_) => with_implied.as_ref().or(ranking),
        _ => None,
    };
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

    let ranked: Vec<(u32, Share)> = match ranking {
        Some(tally) => {
            let all = 0..labels.len() as u32;
            let supported = all.filter(|value| tally.n(*value) >= MIN_VOTES);
            supported
                .map(|value| (value, tally.share(value, request.denominator).0))
                .collect()
        }
        None => Vec::new(),
    };
    let chosen = chosen(request, labels, &tallies);
    for value in &chosen {
        let value = *value;
        let own = ranked
            .iter()
            .find(|(ranked, _)| *ranked == value)
            .map(|(_, share)| *share);
        let ahead = |is_ahead: &dyn Fn(&Share) -> bool| {
            ranked.iter().filter(|(_, share)| is_ahead(share)).count() as u32
        };
        let (id, label) = &labels[value as usize];
        let point = |tally: &Tally| tally.point(value, request.denominator);
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
            points: tallies.iter().map(point).collect(),
            last_year: ranking.map(point),
            last_year_implied: ranking_implied.map(point),
            growth: now
                .zip(before.as_ref())
                .and_then(|(now, before)| growth(now, before, value, request.denominator)),
            standardised: Vec::new(),
            last_year_standardised: None,
            top_employer: ranking.and_then(|tally| top_employer(tally, value, request, names)),
        });
    }
    if request.dimension != Dimension::Source {
        let is_one = is_of_one_stratum(own);
        let of = match is_one {
            true => names.sources.clone(),
            false => own.strata_names(),
        };
        let strata = |votes: &Votes<'_>, tallies: &[Tally]| match is_one {
            true => tallies
                .iter()
                .map(|tally| Strata::of_one(tally, &chosen))
                .collect(),
            false => votes.by_stratum(of.len(), &chosen),
        };
        let last_year = ranking_votes
            .as_ref()
            .zip(ranking)
            .and_then(|(votes, tally)| strata(votes, std::slice::from_ref(tally)).pop());
        if !is_one
            && let (Some(later), Some(earlier)) = (
                apart_votes.as_ref().or(ranking_votes.as_ref()),
                &before_votes,
            )
        {
            let in_window = |votes: &Votes<'_>| votes.by_stratum(of.len(), &[]).pop();
            if let (Some(later), Some(earlier)) = (in_window(later), in_window(earlier)) {
                let windows = sources::Windows {
                    names: &of,
                    earlier: &earlier,
                    later: &later,
                };
                trend.warnings.extend(windows.warning());
            }
        }
        let counted = sources::Counted {
            names: &of,
            denominator: request.denominator,
            periods: strata(&votes, &tallies),
            last_year,
        };
        counted.tell(&mut trend);
    }
    if request.compare
        && let (Some(period), Some(votes), Some(tally)) = (rank_window, &ranking_votes, ranking)
    {
        trend.compared = Some(of_values(request, period, votes, tally, &chosen, labels));
    }
    if let (Some(other), Some((name, filter))) = (other, &request.versus) {
        let whole = filter.since.is_some() || filter.until.is_some();
        let narrowed = request.filter.since.is_some() || request.filter.until.is_some();
        let at = rank_window.filter(|_| !whole && !narrowed);
        let (rest, mut shared) = own.without(other);
        if let Some(at) = at {
            let total = |ledger: &Ledger| {
                let tally = window.tally(ledger, at);
                tally.map_or(0, |tally| tally.denominator(request.denominator))
            };
            shared = total(own) - total(&rest);
        }
        trend.compared = Some(of_lots(
            &window,
            [&rest, other],
            name,
            (at, shared),
            &chosen,
            labels,
        ));
    }
    trend
}

/// Whether every vote comes from the same source and is read alike.
fn is_of_one_stratum(ledger: &Ledger) -> bool {
    let census = &ledger.census;
    ledger.names.sources.len() == 1
        && census.sources.first() == Some(&census.n_postings)
        && (census.listed == 0 || census.listed + census.partial == census.n_postings)
}

/// Every value against every other, in the same postings.
fn of_values(
    request: &TrendRequest,
    window: Period,
    votes: &Votes<'_>,
    tally: &Tally,
    chosen: &[u32],
    labels: &[(String, String)],
) -> Compared {
    let total = tally.denominator(request.denominator);
    let sized = |value: u32| {
        let effective = tally.share(value, request.denominator).1;
        (tally.point(value, request.denominator), effective)
    };
    let mut lines = Vec::new();
    for (at, first) in chosen.iter().enumerate() {
        for second in &chosen[at + 1..] {
            let label = |value: u32| labels[value as usize].clone();
            lines.push(paired(
                label(*first),
                label(*second),
                [sized(*first), sized(*second)],
                votes.n_both(*first, *second),
            ));
        }
    }
    let side = Side {
        name: "the same postings".to_owned(),
        window: Some(window),
        total,
    };
    Compared {
        sides: [side.clone(), side],
        shared: 0,
        lines,
    }
}

/// Every value in two lots of postings; `window` is where both are looked at, and
/// how many groups the first has lost to the second.
fn of_lots(
    window: &Window<'_>,
    [own, other]: [&Ledger; 2],
    name: &str,
    (at, shared): (Option<Period>, u64),
    chosen: &[u32],
    labels: &[(String, String)],
) -> Compared {
    let denominator = window.request.denominator;
    let looked_at = |ledger: &Ledger| at.or_else(|| whole(ledger));
    let tally = |ledger: &Ledger| looked_at(ledger).and_then(|period| window.tally(ledger, period));
    let tallies = [tally(own), tally(other)];
    let total = |tally: &Option<Tally>| {
        tally
            .as_ref()
            .map_or(0, |tally| tally.denominator(denominator))
    };
    let sides = [("these", own, &tallies[0]), (name, other, &tallies[1])];
    let sides = sides.map(|(name, ledger, tally)| Side {
        name: name.to_owned(),
        window: looked_at(ledger),
        total: total(tally),
    });
    let mut lines = Vec::new();
    if let [Some(first), Some(second)] = &tallies {
        let sized = |tally: &Tally, value: u32| {
            let effective = tally.share(value, denominator).1;
            (tally.point(value, denominator), effective)
        };
        for value in chosen {
            let label = labels[*value as usize].clone();
            lines.push(apart(label, [sized(first, *value), sized(second, *value)]));
        }
    }
    Compared {
        sides,
        shared,
        lines,
    }
}

fn top_employer(
    tally: &Tally,
    value: u32,
    request: &TrendRequest,
    names: &ScanNames,
) -> Option<TopEmployer> {
    // Of employers as values the largest is the value itself.
    if request.dimension == Dimension::Company {
        return None;
    }
    let top = tally.top(value)?;
    Some(TopEmployer {
        company: names.companies.get(top.company as usize)?.clone(),
        n: top.n,
        share: top.n as f64 / tally.n(value) as f64,
        without: tally.without(top, value, request.denominator),
    })
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

/// The values asked for that are none of the dimension, each with the nearest ones.
fn unknown(request: &TrendRequest, labels: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let known = || labels.iter().map(|(value, _)| value.as_str());
    let unknown = request.values.iter();
    let unknown = unknown.filter(|value| !known().any(|known| known == value.as_str()));
    unknown
        .map(|value| (value.clone(), nearest(value, known())))
        .collect()
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
