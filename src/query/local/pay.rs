//! Pay in quantiles.

use std::collections::BTreeMap;

use super::Matched;
use super::scan::PayColumns;
use crate::index::{IndexError, Snapshot};
use crate::query::PaySummary;

/// Quantiles of pay by currency. Of a group the posting with the smallest id
/// that states pay has the vote.
pub(super) fn summaries(
    snapshot: &Snapshot,
    matched: &[Matched],
) -> Result<Vec<PaySummary>, IndexError> {
    let columns = PayColumns::open(snapshot)?;
    let derived = snapshot.derived();
    let mut of_group: BTreeMap<u32, (u32, f64, u32)> = BTreeMap::new();
    for hit in matched {
        let Some((middle, currency)) = columns.middle_sure(hit.segment, hit.doc) else {
            continue;
        };
        let (segment, doc) = (hit.segment as usize, hit.doc as usize);
        let rank = derived.rank_of[segment][doc];
        let vote = of_group
            .entry(derived.group_of[segment][doc])
            .or_insert((rank, middle, currency));
        if rank < vote.0 {
            *vote = (rank, middle, currency);
        }
    }
    let mut amounts: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (_, middle, currency) in of_group.into_values() {
        amounts.entry(currency).or_default().push(middle);
    }
    let mut summaries: Vec<PaySummary> = amounts
        .into_iter()
        .map(|(currency, mut amounts)| {
            amounts.sort_unstable_by(f64::total_cmp);
            PaySummary {
                currency: columns.currencies()[currency as usize].clone(),
                n: amounts.len(),
                quantiles: [0.1, 0.25, 0.5, 0.75, 0.9].map(|share| quantile(&amounts, share)),
            }
        })
        .collect();
    summaries.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.currency.cmp(&b.currency)));
    Ok(summaries)
}

/// Of sorted amounts, at least one; linear between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    let next = sorted.get(low + 1).copied().unwrap_or(sorted[low]);
    sorted[low] + (next - sorted[low]) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let amounts = [10.0, 20.0, 40.0];
        assert_eq!(
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| quantile(&amounts, share)),
            [10.0, 15.0, 20.0, 30.0, 40.0]
        );
        assert_eq!(quantile(&[7.0], 0.9), 7.0);
    }
}
