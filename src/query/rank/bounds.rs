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
    /// The least weight that is met where a posting asks for it.
    pub least: f64,
}

/// What a posting asks for in all, whoever the person is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// The sum of the weights of its requirements; a remembered one may be less
    /// by one part in 30,000.
    pub weight: f64,
    /// The largest factor of strength and title among them, as a part of
    /// [`Constants::heaviest`](super::Constants::heaviest).
    pub heaviest: f64,
    /// In how many of them the same skill stands at most: alone and in choices.
    pub times: u32,
    /// Skills that it names and does not ask for are among those that count.
    pub names_more: bool,
}

/// The part of [`Asked::weight`] that may be missing.
const ROUNDED_OFF: f64 = 1.0 / 30_000.0;

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

    /// Whether a posting scores above nothing for sure that names a skill with
    /// this [`Lead::least`], by what it `asked` for.
    pub fn is_worth(&self, least: f64, asked: Asked) -> bool {
        let whole = asked.weight + self.kappa;
        !asked.names_more && whole > 0.0 && is_sure(self.fit * least / whole)
    }

    /// The most hundredths of points of a posting that uses these of the
    /// person's skills at most and meets requirements of this weight at most,
    /// if they were the heaviest, of those it `asked` for where that is known,
    /// with `more` points for words and freshness.
    pub fn hundredths(&self, uses: u128, met: f64, asked: Option<Asked>, more: f64) -> u32 {
        let bytes = uses.to_le_bytes();
        let used = self.used.iter().zip(bytes);
        let used: f64 = used.map(|(table, byte)| table[usize::from(byte)]).sum();
        // What is met is part of what is asked for: nothing else asked is the best case.
        let (asked, met) = asked.map_or((met, met), |asked| {
            let met = met * asked.heaviest * f64::from(asked.times);
            (asked.weight, met.min(asked.weight * (1.0 + ROUNDED_OFF)))
        });
        let fit = match asked.is_finite() {
            true if asked + self.kappa > 0.0 => self.fit * met / (asked + self.kappa),
            true => 0.0,
            false => self.fit,
        };
        // Rounded; `f64::round` is a call of a function where processors have no word for it.
        ((used + fit + more + SLACK) * 100.0 + 0.5) as u32
    }
}
