//! Intervals of shares and of their differences.

/// The 97.5 % point of the normal distribution: two-sided 95 %.
pub const Z: f64 = 1.959_963_984_540_054;

/// A share and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// n ÷ N.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Wilson's score interval of `share` seen in `n` independent postings; `n` may
/// be an effective number and need not be whole. Wilson (1927), JASA 22, 209–212.
pub fn wilson(share: f64, n: f64) -> Share {
    if n <= 0.0 {
        return Share {
            share: 0.0,
            low: 0.0,
            high: 1.0,
        };
    }
    let z2 = Z * Z;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    // The share itself always lies within, whatever the last bits say.
    Share {
        share,
        low: (middle - half).max(0.0).min(share),
        high: (middle + half).min(1.0).max(share),
    }
}

/// Interval of `later − earlier`, from the Wilson intervals of both: Newcombe
/// (1998), Statistics in Medicine 17, 873–890, method 10.
pub fn difference(later: Share, earlier: Share) -> (f64, f64) {
    let by = later.share - earlier.share;
    let below = ((later.share - later.low).powi(2) + (earlier.high - earlier.share).powi(2)).sqrt();
    let above = ((later.high - later.share).powi(2) + (earlier.share - earlier.low).powi(2)).sqrt();
    (by - below, by + above)
}

/// Interval of `a − b` for two shares of the same postings, of which `n_both` name
/// both, `n_a` and `n_b` each and `total` are all; from the Wilson intervals of
/// both and how far they go together: Newcombe (1998), Statistics in Medicine 17,
/// 2635–2650, method 10.
pub fn paired_difference(a: Share, b: Share, [n_both, n_a, n_b, total]: [u64; 4]) -> (f64, f64) {
    let [both, n_a, n_b, all] = [n_both, n_a, n_b, total].map(|n| n as f64);
    let (only_a, only_b) = (n_a - both, n_b - both);
    let neither = all - both - only_a - only_b;
    let product = n_a * (all - n_a) * n_b * (all - n_b);
    let apart = both * neither - only_a * only_b;
    // The correction for continuity keeps a weak bond from counting.
    let bond = if apart > 0.0 {
        (apart - all / 2.0).max(0.0)
    } else {
        apart
    };
    let phi = if product > 0.0 {
        bond / product.sqrt()
    } else {
        0.0
    };
    let by = a.share - b.share;
    let side = |up: f64, down: f64| {
        (up * up - 2.0 * phi * up * down + down * down)
            .max(0.0)
            .sqrt()
    };
    (
        by - side(a.share - a.low, b.high - b.share),
        by + side(a.high - a.share, b.share - b.low),
    )
}

/// Interval of `later ÷ earlier` on the log scale (Katz and others, 1978,
/// Biometrics 34, 469–474); `None` where one of them is nothing.
pub fn ratio(later: f64, n_later: f64, earlier: f64, n_earlier: f64) -> Option<(f64, f64, f64)> {
    if later <= 0.0 || earlier <= 0.0 || n_later <= 0.0 || n_earlier <= 0.0 {
        return None;
    }
    let ratio = later / earlier;
    let variance = (1.0 - later) / (later * n_later) + (1.0 - earlier) / (earlier * n_earlier);
    let spread = (Z * variance.sqrt()).exp();
    Some((ratio, ratio / spread, ratio * spread))
}

/// Sums over employers that say how much their postings resemble each other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Clusters {
    /// Employers.
    pub n: u64,
    /// Σ m²: m postings of an employer.
    pub m2: f64,
}

/// By how much clustering by employer widens an interval: Rao and Scott (1992),
/// Biometrics 48, 577–585; never below 1.
///
/// `x2` is Σ x² and `xm` Σ x·m over employers with m postings of which x count;
/// `n` of `total` count in all.
pub fn design_effect(clusters: Clusters, x2: f64, xm: f64, n: u64, total: u64) -> f64 {
    if clusters.n < 2 || n == 0 || n >= total {
        return 1.0;
    }
    let (k, all) = (clusters.n as f64, total as f64);
    let share = n as f64 / all;
    let squares = x2 - 2.0 * share * xm + share * share * clusters.m2;
    let variance = k / (k - 1.0) * squares / (all * all);
    (variance / (share * (1.0 - share) / all)).max(1.0)
}

/// The value below which a part `p` of sorted values lies, between neighbours in
/// proportion: Hyndman and Fan (1996), American Statistician 50, 361–365, type 7.
/// `None` of nothing.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let place = p.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    Some(low + (high - low) * place.fract())
}

/// The ranks (from 1) of the two of `n` sorted values that hold the median
/// between them with at least 95 % confidence, whatever its distribution: David
/// and Nagaraja (2003), Order Statistics, section 7.1. `None` below 6 values,
/// where no two do.
pub fn median_ranks(n: usize) -> Option<(usize, usize)> {
    // The largest l with P(X ≤ l − 1) ≤ 2.5 %, X binomial of n and one half;
    // in logarithms, for 2⁻ⁿ is no number from n = 1075 on.
    let n_values = n as f64;
    let mut log_term = -n_values * std::f64::consts::LN_2;
    let mut sum = 0.0;
    let mut ranks = None;
    for k in 0..n / 2 {
        sum += log_term.exp();
        if sum > 0.025 {
            break;
        }
        ranks = Some((k + 1, n - k));
        log_term += ((n_values - k as f64) / (k as f64 + 1.0)).ln();
    }
    ranks
}

/// Two-sided probability of a difference of two shares at least as large by
/// chance, with the pooled share; 1 where nothing can be said. The usual test
/// of two proportions, on effective numbers.
pub fn difference_p(later: f64, n_later: f64, earlier: f64, n_earlier: f64) -> f64 {
    if n_later <= 0.0 || n_earlier <= 0.0 {
        return 1.0;
    }
    let pooled = (later * n_later + earlier * n_earlier) / (n_later + n_earlier);
    let variance = pooled * (1.0 - pooled) * (1.0 / n_later + 1.0 / n_earlier);
    if variance <= 0.0 {
        return 1.0;
    }
    libm::erfc((later - earlier).abs() / variance.sqrt() / std::f64::consts::SQRT_2)
}

/// Which of many tests hold when at most a part `q` of those that hold may be by
/// chance: Benjamini and Hochberg (1995), JRSS B 57, 289–300.
pub fn benjamini_hochberg(p_values: &[f64], q: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let m = p_values.len() as f64;
    let holds = |(rank, at): &(usize, &usize)| p_values[**at] <= (*rank as f64 + 1.0) / m * q;
    let n_held = order
        .iter()
        .enumerate()
        .filter(holds)
        .map(|(rank, _)| rank + 1)
        .max()
        .unwrap_or(0);
    let mut held = vec![false; p_values.len()];
    order[..n_held].iter().for_each(|at| held[*at] = true);
    held
}

/// How many times as often B stands with A as everywhere, and its interval on
/// the log scale: by the delta method for counts of one multinomial sample, the
/// variance of `ln(n_ab·n ÷ (n_a·n_b))` is
/// `1/n_ab − 1/n_a − 1/n_b + 2·n_ab/(n_a·n_b) − 1/n`. Where every A is a B, or
/// the other way round, half a posting less is taken for the variance, as is
/// usual for a cell that is empty (Haldane 1956). `effect` is the design effect
/// of the share of B with A. `None` where something is nothing.
pub fn lift(n_ab: u64, n_a: u64, n_b: u64, n: u64, effect: f64) -> Option<(f64, f64, f64)> {
    if n_ab == 0 {
        return None;
    }
    let [ab, a, b, all] = [n_ab, n_a, n_b, n].map(|n| n as f64);
    let lift = ab * all / (a * b);
    let ab = ab.min(a - 0.5).min(b - 0.5);
    let variance = 1.0 / ab - 1.0 / a - 1.0 / b + 2.0 * ab / (a * b) - 1.0 / all;
    let spread = (Z * (variance.max(0.0) * effect.max(1.0)).sqrt()).exp();
    Some((lift, lift / spread, lift * spread))
}

/// A share as it would be if the strata always had the weights given: Σ w·share.
/// Direct standardisation, as in Fleiss, Levin and Paik (2003), Statistical
/// Methods for Rates and Proportions, chapter 19. Weights sum to 1 over the
/// strata that have any votes; `None` if none has.
pub fn standardised(strata: &[(f64, u64, u64)]) -> Option<f64> {
    let present = strata.iter().filter(|(_, _, total)| *total > 0);
    let weights: f64 = present.clone().map(|(weight, ..)| weight).sum();
    (weights > 0.0).then(|| {
        present
            .map(|(weight, n, total)| weight / weights * (*n as f64 / *total as f64))
            .sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 5e-5, "{a} is not {b}");
    }

    #[test]
    fn wilson_gives_the_published_examples() {
        // Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3.
        for (n, total, low, high) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let share = wilson(n / total, total);
            near(share.low, low);
            near(share.high, high);
        }
    }

    #[test]
    fn newcombe_gives_the_published_examples() {
        // Newcombe (1998), Statistics in Medicine 17, 873–890, table II, method 10.
        for (a, m, b, n, low, high) in [
            (56.0, 70.0, 48.0, 80.0, 0.0524, 0.3339),
            (9.0, 10.0, 3.0, 10.0, 0.1705, 0.8090),
        ] {
            let (found_low, found_high) = difference(wilson(a / m, m), wilson(b / n, n));
            near(found_low, low);
            near(found_high, high);
        }
    }

    #[test]
    fn shares_of_the_same_postings_give_the_published_example() {
        // Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33, 2850–2875: airway
        // hyper-responsiveness of 21 patients before and after; 1 both, 1 and 7 only one, 12 neither.
        let (a, b) = (wilson(2.0 / 21.0, 21.0), wilson(8.0 / 21.0, 21.0));
        let (low, high) = paired_difference(a, b, [1, 2, 8, 21]);
        assert!((low + 0.507).abs() < 5e-4, "{low}");
        assert!((high + 0.026).abs() < 5e-4, "{high}");
        // Shares that always go together differ by nothing for sure.
        let same = wilson(0.5, 1000.0);
        let (low, high) = paired_difference(same, same, [500, 500, 500, 1000]);
        assert!(low > -0.003 && high < 0.003, "{low} {high}");
    }

    #[test]
    fn employers_that_always_say_the_same_count_once() {
        // 10 employers of 10 postings each; 5 of them always name the value.
        let clusters = Clusters { n: 10, m2: 1000.0 };
        let effect = design_effect(clusters, 500.0, 500.0, 50, 100);
        near(effect, 100.0 / 9.0);
        // Employers of one posting each: hardly wider than without.
        let single = design_effect(Clusters { n: 100, m2: 100.0 }, 50.0, 50.0, 50, 100);
        near(single, 100.0 / 99.0);
    }

    #[test]
    fn the_median_lies_between_the_published_ranks() {
        // David and Nagaraja (2003), section 7.1, and tables of the sign test: n, lower and upper rank.
        for (n, ranks) in [
            (5, None),
            (6, Some((1, 6))),
            (10, Some((2, 9))),
            (15, Some((4, 12))),
            (20, Some((6, 15))),
            (25, Some((8, 18))),
        ] {
            assert_eq!(median_ranks(n), ranks, "{n}");
        }
        // Of very many, n/2 ± Z·√n/2 nearly.
        let (low, high) = median_ranks(10_000).unwrap();
        assert!(
            (4901..=4903).contains(&low) && high == 10_001 - low,
            "{low}"
        );
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile(&values, 0.25), Some(1.75));
        assert_eq!(quantile(&values, 0.5), Some(2.5));
        assert_eq!(quantile(&values, 1.0), Some(4.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn benjamini_and_hochberg_give_their_example() {
        // Benjamini and Hochberg (1995), section 3.2: of 15 tests the first four hold at 5 %.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let held = benjamini_hochberg(&p, 0.05);
        assert_eq!(held.iter().filter(|held| **held).count(), 4);
        assert!(held[..4].iter().all(|held| *held));
        assert!(benjamini_hochberg(&[], 0.1).is_empty());
    }

    #[test]
    fn a_difference_of_shares_is_tested() {
        // 15 of 100 against 30 of 100: z = 2.54, p = .011.
        let p = difference_p(0.30, 100.0, 0.15, 100.0);
        assert!((p - 0.0111).abs() < 5e-4, "{p}");
        assert_eq!(difference_p(0.0, 100.0, 0.0, 100.0), 1.0);
    }

    #[test]
    fn a_lift_is_one_where_nothing_goes_together() {
        let (lift, low, high) = super::lift(20, 100, 200, 1000, 1.0).unwrap();
        near(lift, 1.0);
        assert!(low < 1.0 && high > 1.0);
        assert_eq!(super::lift(0, 10, 10, 100, 1.0), None);
        let wider = super::lift(20, 100, 200, 1000, 4.0).unwrap();
        assert!(wider.1 < low && wider.2 > high);
    }

    #[test]
    fn a_lift_is_never_known_for_sure() {
        for (n_ab, n_a, n_b) in [(20, 20, 72), (30, 100, 30), (25, 25, 25)] {
            let (lift, low, high) = super::lift(n_ab, n_a, n_b, 200, 1.0).unwrap();
            near(lift, n_ab as f64 * 200.0 / (n_a * n_b) as f64);
            assert!(low < lift * 0.97 && high > lift * 1.03, "{low} {high}");
        }
        // Twenty of 40 and 50 of 100: the variance is 1/20 − 1/40 − 1/50 + 40/2000 − 1/100.
        let (lift, low, _) = super::lift(20, 40, 50, 100, 1.0).unwrap();
        near(low, lift * (-1.959_964 * 0.015_f64.sqrt()).exp());
    }

    #[test]
    fn a_standardised_share_does_not_follow_the_mix() {
        // Two sources that always say 10 % and 50 %; only their mix changes.
        let before = standardised(&[(0.5, 9, 90), (0.5, 5, 10)]).unwrap();
        let after = standardised(&[(0.5, 1, 10), (0.5, 45, 90)]).unwrap();
        near(before, 0.3);
        near(after, 0.3);
        assert_eq!(standardised(&[(1.0, 0, 0)]), None);
    }

    #[test]
    fn a_ratio_needs_both() {
        assert_eq!(ratio(0.1, 100.0, 0.0, 100.0), None);
        let (middle, low, high) = ratio(0.2, 100.0, 0.1, 100.0).unwrap();
        near(middle, 2.0);
        assert!(low < 2.0 && high > 2.0 && (low * high - 4.0).abs() < 1e-9);
    }
}
