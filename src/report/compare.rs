//! Shares against shares: two values of the same postings, or one value in two
//! lots of postings, with the interval of the difference.

use super::stats::{Share, difference, paired_difference, ratio};
use super::{MIN_VOTES, Period, Point};

/// Something that stands against something else.
#[derive(Debug, Clone)]
pub struct Compared {
    /// What is compared, and what it is compared with.
    pub sides: [Side; 2],
    /// Groups that both sides hold; they count for the second only.
    pub shared: u64,
    /// In the order to show.
    pub lines: Vec<Contrast>,
}

/// One lot of postings.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What people call it.
    pub name: String,
    /// The time it is looked at in; `None` for all of it.
    pub window: Option<Period>,
    /// Its votes.
    pub total: u64,
}

/// One share against another.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// Value and label.
    pub value: (String, String),
    /// Value and label of what it stands against; the same in two lots of postings.
    pub against: (String, String),
    /// The two shares.
    pub points: [Point; 2],
    /// First − second, 0 to 1, with its interval.
    pub difference: (f64, f64, f64),
    /// First ÷ second with its interval; `None` below 20 votes on either side.
    pub ratio: Option<(f64, f64, f64)>,
}

impl Contrast {
    /// Whether the interval of the difference leaves out "no difference", and the side
    /// on which the value is commoner has votes enough to carry the claim.
    pub fn is_significant(&self) -> bool {
        let [first, second] = &self.points;
        let commoner = if self.difference.0 > 0.0 {
            first
        } else {
            second
        };
        commoner.n >= MIN_VOTES && self.leaves_out_none()
    }

    /// Whether the interval of the difference leaves out "no difference", however few
    /// the votes.
    pub fn leaves_out_none(&self) -> bool {
        self.difference.1 > 0.0 || self.difference.2 < 0.0
    }
}

/// A share, and the number of independent votes it stands on.
pub(super) type Sized = (Point, f64);

/// Shares of two lots of postings that have no group in common.
pub(super) fn apart(value: (String, String), [first, second]: [Sized; 2]) -> Contrast {
    let (low, high) = difference(first.0.share, second.0.share);
    contrast(value.clone(), value, [first, second], (low, high))
}

/// Shares of two values in the same postings, of which `n_both` name both.
pub(super) fn paired(
    value: (String, String),
    against: (String, String),
    [first, second]: [Sized; 2],
    n_both: u64,
) -> Contrast {
    let counts = [n_both, first.0.n, second.0.n, first.0.total];
    let ends = paired_difference(first.0.share, second.0.share, counts);
    contrast(value, against, [first, second], ends)
}

fn contrast(
    value: (String, String),
    against: (String, String),
    [first, second]: [Sized; 2],
    (low, high): (f64, f64),
) -> Contrast {
    let Share { share: a, .. } = first.0.share;
    let Share { share: b, .. } = second.0.share;
    let is_supported = first.0.n.min(second.0.n) >= MIN_VOTES;
    Contrast {
        ratio: is_supported
            .then(|| ratio(a, first.1, b, second.1))
            .flatten(),
        value,
        against,
        points: [first.0, second.0],
        difference: (a - b, low, high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::stats::wilson;

    #[test]
    fn few_votes_make_no_difference_clear_however_far_apart() {
        let sized = |n: u64, total: u64| {
            let share = wilson(n as f64 / total as f64, total as f64);
            (Point { n, total, share }, total as f64)
        };
        let value = ("go".to_owned(), "Go".to_owned());
        let told = |sides| {
            let line = apart(value.clone(), sides);
            (line.leaves_out_none(), line.is_significant())
        };
        assert_eq!(told([sized(12, 20), sized(0, 400)]), (true, false));
        assert_eq!(told([sized(12, 20), sized(11, 20)]), (false, false));
        assert_eq!(told([sized(120, 200), sized(0, 400)]), (true, true));
    }
}
