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
    fn a_ratio_needs_both() {
        assert_eq!(ratio(0.1, 100.0, 0.0, 100.0), None);
        let (middle, low, high) = ratio(0.2, 100.0, 0.1, 100.0).unwrap();
        near(middle, 2.0);
        assert!(low < 2.0 && high > 2.0 && (low * high - 4.0).abs() < 1e-9);
    }
}
