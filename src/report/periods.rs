//! Weeks, months, quarters and years, and which of them the data fill.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

use crate::query::Filter;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// How wide a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three of them.
    #[default]
    Quarter,
    /// A calendar year.
    Year,
}

impl By {
    /// Its name on the command line and in answers.
    pub fn name(self) -> &'static str {
        match self {
            By::Week => "week",
            By::Month => "month",
            By::Quarter => "quarter",
            By::Year => "year",
        }
    }

    fn start_of(self, date: Date) -> Date {
        match self {
            By::Week => date
                .checked_sub(i32::from(date.weekday().since(Weekday::Monday)).days())
                .unwrap_or(date),
            By::Month => date.first_of_month(),
            By::Quarter => {
                Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).unwrap_or(date)
            }
            By::Year => date.first_of_year(),
        }
    }

    /// `2016-Q3`, `2016-07`, `2016` or the day.
    fn named(self, start: Date) -> String {
        match self {
            By::Week => start.to_string(),
            By::Month => format!("{:04}-{:02}", start.year(), start.month()),
            By::Quarter => format!("{:04}-Q{}", start.year(), (start.month() - 1) / 3 + 1),
            By::Year => format!("{:04}", start.year()),
        }
    }

    fn next(self, start: Date) -> Date {
        let step = match self {
            By::Week => 7.days(),
            By::Month => 1.month(),
            By::Quarter => 3.months(),
            By::Year => 1.year(),
        };
        start.checked_add(step).unwrap_or(Date::MAX)
    }
}

/// From a day, inclusive, to a day, exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// The day after the last.
    pub end: Date,
    /// The data do not fill it.
    pub is_partial: bool,
}

impl Period {
    /// The period as seconds since 1970, end exclusive.
    pub(super) fn seconds(&self) -> (i64, i64) {
        (second(self.start), second(self.end))
    }

    /// `2016-Q3`, `2016-07`, `2016` or the first day.
    pub fn name(&self, by: By) -> String {
        by.named(self.start)
    }
}

fn second(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC)
        .map_or(i64::MAX, |zoned| zoned.timestamp().as_second())
}

/// Days from 1970 to a day.
pub(super) fn day_number(date: Date) -> i64 {
    let since = date.since((jiff::Unit::Day, Date::constant(1970, 1, 1)));
    since.map_or(0, |span| i64::from(span.get_days()))
}

/// The day with a number.
fn date_of_day(day: i64) -> Date {
    date(day.saturating_mul(SECONDS_OF_A_DAY))
}

/// The number of the day of a moment.
pub(super) fn day_of(second: i64) -> i64 {
    second.div_euclid(SECONDS_OF_A_DAY)
}

pub(super) fn date(seconds: i64) -> Date {
    Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .date()
}

/// What part of time some dated postings fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filled {
    /// The first day of data and the day after the last, whatever they fill.
    touched: (Date, Date),
    /// The first day of filled data, or the beginning of its month if that is filled.
    from: Date,
    /// The day after the last day of filled data, or the end of its month if that is filled.
    to: Date,
    /// The end of the last full month that has data.
    last_full: Date,
    /// Postings of a usual month, if months at the begin or at the end have less
    /// than a tenth of them.
    usual: Option<u64>,
    /// Whether there are such months at the begin, and at the end.
    is_thin: (bool, bool),
}

/// A month counts as filled up to its end if the last posting is at most this
/// many days from it; weekends and holidays leave gaps.
const SLACK_DAYS: i32 = 4;

/// A first or last month fills nothing with fewer postings than a usual month, the
/// median of those that have any, divided by this: a date that somebody mistyped,
/// not a month of data (our choice: a slow month has a third of a usual one).
const THIN: u64 = 10;

/// Postings of each month that has any, in order.
fn by_month(moments: impl Iterator<Item = i64>, first: i64, last: i64) -> Vec<(Date, u64)> {
    let first_day = day_of(first);
    let mut by_day = vec![0u64; (day_of(last) - first_day + 1) as usize];
    for at in moments {
        by_day[(day_of(at) - first_day) as usize] += 1;
    }
    let mut months: Vec<(Date, u64)> = Vec::new();
    for (day, n) in (first_day..).zip(by_day).filter(|(_, n)| *n > 0) {
        let month = date_of_day(day).first_of_month();
        match months.last_mut() {
            Some((known, sum)) if *known == month => *sum += n,
            _ => months.push((month, n)),
        }
    }
    months
}

impl Filled {
    /// Of postings at some moments, cut at the bounds that a filter sets; `None` of
    /// nothing. Data known by month stand on the first of it: a last moment at
    /// midnight of a first day is such a month.
    pub(super) fn new(
        moments: impl Iterator<Item = i64> + Clone,
        filter: &Filter,
    ) -> Option<Filled> {
        let (first, last) = (moments.clone().min()?, moments.clone().max()?);
        let months = by_month(moments.clone(), first, last);
        let mut sizes: Vec<u64> = months.iter().map(|(_, n)| *n).collect();
        sizes.sort_unstable();
        let usual = sizes[sizes.len() / 2];
        // The median is none of them, so something is left.
        let is_thin = |(_, n): &(Date, u64)| n * THIN < usual;
        let begin = months.iter().position(|month| !is_thin(month))?;
        let end = months.iter().rposition(|month| !is_thin(month))?;
        let ends_of = |month: Date| By::Month.next(month);
        let goes_on = |at: usize| {
            let next = months.get(at + 1);
            next.is_some_and(|(next, _)| *next == ends_of(months[at].0))
        };

        let (first_month, last_month) = (months[begin].0, months[end].0);
        let (from, to) = (second(first_month), second(ends_of(last_month)));
        let inside = moments.filter(|at| from <= *at && *at < to);
        let (begins, ends) = (inside.clone().min()?, inside.max()?);
        let late_start = i32::from(date(begins).day()) - 1 > SLACK_DAYS;
        let from = match late_start && !(begin > 0 && goes_on(begin - 1)) {
            true => date(begins),
            false => first_month,
        };
        let last_day = date(ends);
        let is_full = goes_on(end)
            || ends == second(last_month)
            || last_day
                .checked_add(SLACK_DAYS.days())
                .is_ok_and(|day| day >= ends_of(last_month));
        let to = match is_full {
            true => ends_of(last_month),
            false => last_day.tomorrow().unwrap_or(last_day),
        };
        let bound = |at: Option<jiff::Timestamp>| at.map(|at| date(at.as_second()));
        let to = bound(filter.until).map_or(to, |until| until.min(to));
        let from = bound(filter.since).map_or(from, |since| since.max(from));
        // Years may lie between the last full month of data and one only begun.
        let full = months.iter().rfind(|(month, _)| ends_of(*month) <= to);
        let after = date(last).tomorrow().unwrap_or(to);
        let is_thin = (begin > 0, end + 1 < months.len());
        Some(Filled {
            touched: (date(first), after),
            from,
            to,
            last_full: full.map_or(to.first_of_month(), |(month, _)| ends_of(*month)),
            usual: (is_thin.0 || is_thin.1).then_some(usual),
            is_thin,
        })
    }

    /// A sentence about first and last months with too few postings to fill them.
    pub(super) fn thin(self) -> Option<String> {
        let usual = self.usual?;
        let last = self.to.yesterday().unwrap_or(self.to);
        let first = self
            .is_thin
            .0
            .then(|| format!("before {}", By::Month.named(self.from)));
        let last = self
            .is_thin
            .1
            .then(|| format!("after {}", By::Month.named(last)));
        let parts: Vec<String> = first.into_iter().chain(last).collect();
        Some(format!(
            "{} no month has a tenth of the postings of a usual one ({usual}, the median): \
             such a period is marked partial and left out of rank and growth",
            parts.join(" and ")
        ))
    }

    /// All periods it touches, without gaps.
    pub(super) fn periods(self, by: By) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut start = by.start_of(self.touched.0.min(self.from));
        while start < self.touched.1.max(self.to) {
            let end = by.next(start);
            periods.push(Period {
                start,
                end,
                is_partial: start < self.from || end > self.to,
            });
            start = end;
        }
        periods
    }

    /// The last twelve full months and the twelve before; with less data, the
    /// last full months and the same ones a year before. `None` with less than
    /// thirteen months.
    pub(super) fn year_on_year(self) -> Option<(Period, Period)> {
        let to = self.last_full;
        let from = if self.from.day() == 1 {
            self.from
        } else {
            By::Month.next(self.from.first_of_month())
        };
        let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
            - i32::from(from.month());
        let width = (months - 12).min(12);
        if width < 1 {
            return None;
        }
        let window = |back: i32| {
            let end = to.checked_sub(back.months()).ok()?;
            let start = end.checked_sub(width.months()).ok()?;
            Some(Period {
                start,
                end,
                is_partial: false,
            })
        };
        Some((window(0)?, window(12)?))
    }

    /// The last twelve full months, or as many as there are.
    pub(super) fn last_year(self) -> Option<Period> {
        let end = self.last_full;
        let start = end.checked_sub(12.months()).ok()?.max(self.from);
        (start < end).then_some(Period {
            start,
            end,
            is_partial: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        second(text.parse().unwrap())
    }

    fn filled(moments: &[i64]) -> Filled {
        Filled::new(moments.iter().copied(), &Filter::default()).unwrap()
    }

    /// So many postings spread over a month.
    fn month(start: &str, n: i64) -> impl Iterator<Item = i64> {
        let start = at(start);
        (0..n).map(move |no| start + no * 28 * SECONDS_OF_A_DAY / n + 3600)
    }

    #[test]
    fn data_known_by_month_fill_their_last_month() {
        let filled = filled(&[at("2013-08-01"), at("2016-12-01")]);
        let periods = filled.periods(By::Quarter);
        assert_eq!(periods.len(), 14);
        assert!(
            periods[0].is_partial,
            "the third quarter of 2013 lacks July"
        );
        assert!(!periods[13].is_partial);
        let (last, before) = filled.year_on_year().unwrap();
        assert_eq!(
            (last.start.to_string(), last.end.to_string()),
            ("2016-01-01".into(), "2017-01-01".into())
        );
        assert_eq!(before.start.to_string(), "2015-01-01");
    }

    #[test]
    fn a_month_cut_in_the_middle_is_partial() {
        let filled = filled(&[at("2023-05-02"), at("2023-06-15") + 3600]);
        let periods = filled.periods(By::Month);
        assert_eq!(
            periods
                .iter()
                .map(|period| period.is_partial)
                .collect::<Vec<_>>(),
            [false, true]
        );
        assert!(filled.year_on_year().is_none());
    }

    #[test]
    fn the_last_full_month_is_one_that_has_data() {
        let filled = filled(&[at("2013-01-01"), at("2016-03-20"), at("2023-06-15")]);
        let (last, before) = filled.year_on_year().unwrap();
        assert_eq!(
            (last.start.to_string(), last.end.to_string()),
            ("2015-04-01".into(), "2016-04-01".into())
        );
        assert_eq!(before.end, last.start);
        assert_eq!(filled.periods(By::Year).len(), 11);
    }

    #[test]
    fn a_stray_posting_at_an_end_fills_no_month() {
        let mut moments = vec![at("2012-01-03"), at("2026-08-31"), at("2026-09-02")];
        let mut start = Date::constant(2024, 3, 1);
        while start < Date::constant(2026, 5, 1) {
            moments.extend(month(&start.to_string(), 40));
            start = By::Month.next(start);
        }
        let filled = filled(&moments);
        let (last, before) = filled.year_on_year().unwrap();
        assert_eq!(
            (last.start.to_string(), last.end.to_string()),
            ("2025-05-01".into(), "2026-05-01".into())
        );
        assert_eq!(before.end, last.start);
        assert_eq!(filled.last_year(), Some(last));
        let periods = filled.periods(By::Month);
        let full: Vec<String> = periods
            .iter()
            .filter(|period| !period.is_partial)
            .map(|period| period.name(By::Month))
            .collect();
        assert_eq!(
            (full.len(), full[0].as_str(), full[25].as_str()),
            (26, "2024-03", "2026-04")
        );
        // They are shown all the same.
        assert_eq!(periods[0].name(By::Month), "2012-01");
        assert_eq!(periods[periods.len() - 1].name(By::Month), "2026-09");
        let told = filled.thin().unwrap();
        assert!(
            told.starts_with("before 2024-03 and after 2026-04 ") && told.contains("(40,"),
            "{told}"
        );
        // A tenth of a usual month is enough.
        moments.extend(month("2026-05-01", 3).chain([at("2026-05-30")]));
        let filled = self::filled(&moments);
        assert_eq!(filled.last_year().unwrap().start.to_string(), "2025-06-01");
        assert_eq!(self::filled(&moments[3..]).thin(), None);
    }

    #[test]
    fn a_month_only_begun_shows_that_the_one_before_is_full() {
        let mut moments: Vec<i64> = month("2024-01-01", 40).collect();
        moments.extend((0..40).map(|no| at("2024-02-01") + no * SECONDS_OF_A_DAY / 2));
        assert!(filled(&moments).periods(By::Month)[1].is_partial);
        moments.push(at("2024-03-01") + 60);
        let periods = filled(&moments).periods(By::Month);
        assert!(!periods[1].is_partial && periods[2].is_partial);
    }

    #[test]
    fn with_less_than_two_years_the_same_months_are_compared() {
        let filled = filled(&[at("2024-01-01"), at("2025-06-30")]);
        let (last, before) = filled.year_on_year().unwrap();
        assert_eq!(
            (last.start.to_string(), last.end.to_string()),
            ("2025-01-01".into(), "2025-07-01".into())
        );
        assert_eq!(
            (before.start.to_string(), before.end.to_string()),
            ("2024-01-01".into(), "2024-07-01".into())
        );
    }

    #[test]
    fn weeks_begin_on_monday() {
        let periods = filled(&[at("2024-05-01"), at("2024-05-31")]).periods(By::Week);
        assert_eq!(periods[0].start.to_string(), "2024-04-29");
        assert!(periods[0].is_partial);
    }
}
