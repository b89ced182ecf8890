//! Weeks, months, quarters and years, and which of them the data fill.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan, tz::TimeZone};

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
        match by {
            By::Week => self.start.to_string(),
            By::Month => format!("{:04}-{:02}", self.start.year(), self.start.month()),
            By::Quarter => format!(
                "{:04}-Q{}",
                self.start.year(),
                (self.start.month() - 1) / 3 + 1
            ),
            By::Year => format!("{:04}", self.start.year()),
        }
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
    /// The first day of data, or the beginning of its month if that is filled.
    from: Date,
    /// The day after the last day of data, or the end of its month if that is filled.
    to: Date,
    /// The end of the last full month that has data.
    last_full: Date,
}

/// A month counts as filled up to its end if the last posting is at most this
/// many days from it; weekends and holidays leave gaps.
const SLACK_DAYS: i32 = 4;

impl Filled {
    /// Of postings between two moments (inclusive). Data known by month stand
    /// on the first of it: a last moment at midnight of a first day is such a month.
    pub(super) fn new(first: i64, last: i64) -> Filled {
        let (begins, ends) = (date(first), date(last));
        let late_start = i32::from(begins.day()) - 1 > SLACK_DAYS;
        let next_month = By::Month.next(ends.first_of_month());
        let is_month = ends.day() == 1 && last == second(ends);
        let is_full = is_month
            || ends
                .checked_add(SLACK_DAYS.days())
                .is_ok_and(|day| day >= next_month);
        let to = if is_full {
            next_month
        } else {
            ends.tomorrow().unwrap_or(ends)
        };
        Filled {
            from: if late_start {
                begins
            } else {
                begins.first_of_month()
            },
            to,
            last_full: to.first_of_month(),
        }
    }

    /// The same, cut at bounds a person has set.
    pub(super) fn within(self, since: Option<Date>, until: Option<Date>) -> Filled {
        let to = until.map_or(self.to, |until| until.min(self.to));
        Filled {
            from: since.map_or(self.from, |since| since.max(self.from)),
            to,
            last_full: to.first_of_month(),
        }
    }

    /// The same, with what comes last looked up: years may lie between the last
    /// full month of data and a month that is only begun. `last_before` gives the
    /// last day of data, counted from 1970, before another.
    pub(super) fn with_gaps(self, last_before: impl FnOnce(i64) -> Option<i64>) -> Filled {
        let last = last_before(day_number(self.last_full)).map(date_of_day);
        Filled {
            last_full: last.map_or(self.last_full, |last| {
                By::Month.next(last.first_of_month()).min(self.last_full)
            }),
            ..self
        }
    }

    /// All periods it touches, without gaps.
    pub(super) fn periods(self, by: By) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut start = by.start_of(self.from);
        while start < self.to {
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

    #[test]
    fn data_known_by_month_fill_their_last_month() {
        let filled = Filled::new(at("2013-08-01"), at("2016-12-01"));
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
        let filled = Filled::new(at("2023-05-02"), at("2023-06-15") + 3600);
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
        let moments = [at("2013-01-01"), at("2016-03-20"), at("2023-06-15")];
        let filled = Filled::new(moments[0], moments[2]).with_gaps(|bound| {
            let days = moments.iter().map(|at| day_of(*at));
            days.filter(|day| *day < bound).max()
        });
        let (last, before) = filled.year_on_year().unwrap();
        assert_eq!(
            (last.start.to_string(), last.end.to_string()),
            ("2015-04-01".into(), "2016-04-01".into())
        );
        assert_eq!(before.end, last.start);
        assert_eq!(filled.periods(By::Year).len(), 11);
    }

    #[test]
    fn with_less_than_two_years_the_same_months_are_compared() {
        let filled = Filled::new(at("2024-01-01"), at("2025-06-30"));
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
        let periods = Filled::new(at("2024-05-01"), at("2024-05-31")).periods(By::Week);
        assert_eq!(periods[0].start.to_string(), "2024-04-29");
        assert!(periods[0].is_partial);
    }
}
