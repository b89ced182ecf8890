//! Tallies of calendar months where every posting has a vote: out of what a ledger
//! has in order of months, value by value.

use super::Period;
use super::tally::Tally;
use crate::index::month_number;
use crate::query::Ledger;
use crate::query::ledger::Ways;

/// The tallies of some calendar months, without the employers with most votes;
/// `None` if the ledger does not have them by month.
pub(super) fn tallies(
    ledger: &Ledger,
    periods: &[Period],
    n_values: usize,
    ways: Ways,
) -> Option<Vec<Tally>> {
    let months = ledger.months()?;
    let named = months.named(n_values, ways);
    let tally = |period: &Period| {
        let at = usize::try_from(month_number(period.start) - months.first()).ok();
        let month = at.and_then(|at| Some((at, months.months().get(at)?)));
        match month {
            Some((at, month)) => Tally::of_month(month, ways, named.iter().map(|of| of[at])),
            // Nothing was posted in it.
            None => Tally::none(n_values),
        }
    };
    Some(periods.iter().map(tally).collect())
}
