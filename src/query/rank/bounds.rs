//! What a posting can reach at most, from what its posting lists tell before
//! its ask is read.

use crate::skills::SkillNo;

/// A skill that makes a posting worth looking at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// Which.
    pub skill: SkillNo,
    /// The person has it: then it counts as used wherever it is in a profile, and
    /// else only where it is asked for by itself.
    pub is_own: bool,
    /// Wherever it is in a profile it brings a hundredth of a point at least.
    pub is_sure: bool,
    /// Bits of the person's skills that a posting uses with it.
    pub uses: u128,
    /// The most weight that one requirement can be met by it with.
    pub most: f64,
}

/// Added to a bound before it is rounded, in points: much more than sums in
/// another order, some of them of 32-bit numbers, can be off.
const SLACK: f64 = 0.001;

/// Upper bounds of the points for fit and use.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// For each eight of the person's skills, the points for using any of them.
    used: Vec<[f64; 256]>,
    /// 100 times the share of fit.
    fit: f64,
    kappa: f64,
}

/// Whether so many points are a hundredth when rounded, and not just about.
pub(super) fn is_sure(points: f64) -> bool {
    points > 0.005 + SLACK
}

impl Bounds {
    /// From the points for using each of the person's skills.
    pub(super) fn new(points: &[f64], fit: f64, kappa: f64) -> Bounds {
        let table = |eight: &[f64]| {
            let mut table = [0.0; 256];
            for (bits, sum) in table.iter_mut().enumerate() {
                let used = eight.iter().enumerate();
                let used = used.filter(|(bit, _)| bits >> bit & 1 == 1);
                *sum = used.map(|(_, points)| points).sum();
            }
            table
        };
        Bounds {
            used: points.chunks(8).map(table).collect(),
            fit: 100.0 * fit,
            kappa,
        }
    }

    /// The most hundredths of points of a posting that uses these of the
    /// person's skills at most and meets requirements of this weight at most,
    /// of those it `asked` for where their weight is known, with `more` points
    /// for words and freshness.
    pub fn hundredths(&self, uses: u128, met: f64, asked: Option<f64>, more: f64) -> u32 {
        let bytes = uses.to_le_bytes();
        let used = self.used.iter().zip(bytes);
        let used: f64 = used.map(|(table, byte)| table[usize::from(byte)]).sum();
        // What is met is part of what is asked for: nothing else asked is the best case.
        let asked = asked.unwrap_or(met);
        let fit = match asked.is_finite() {
            true if asked + self.kappa > 0.0 => self.fit * met.min(asked) / (asked + self.kappa),
            true => 0.0,
            false => self.fit,
        };
        ((used + fit + more + SLACK) * 100.0).round() as u32
    }
}
