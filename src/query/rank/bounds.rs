//! What a posting can reach at most, from a byte for each skill it names and the
//! weight of all that it asks for.

use super::Rarity;
use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::skills::SkillNo;

/// How a skill is asked for, in a byte.
///
/// The lowest three bits are 0 where it is not asked for by itself, and else tell
/// strength and whether the title names it. The others hold the years asked for,
/// in steps of a half, 15½ at most: fewer years than asked are easier to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demand(u8);

/// Strength and title of the lowest three bits, from 1 on.
const KINDS: [(SkillStrength, bool); 6] = [
    (SkillStrength::Required, false),
    (SkillStrength::Required, true),
    (SkillStrength::Mentioned, false),
    (SkillStrength::Mentioned, true),
    (SkillStrength::Preferred, false),
    (SkillStrength::Preferred, true),
];
const KIND_BITS: u32 = 3;
const MOST_HALF_YEARS: f32 = 31.0;

impl Demand {
    /// What an entry of an ask says, of which requirement `first` is the first entry.
    pub fn of(entry: &AskEntry, first: &AskEntry) -> Demand {
        if first.requirement.is_none() {
            return Demand(0);
        }
        let strength = match first.strength {
            SkillStrength::Required => 1,
            SkillStrength::Mentioned => 3,
            SkillStrength::Preferred => 5,
        };
        let half_years = (entry.years * 2.0).floor().clamp(0.0, MOST_HALF_YEARS);
        let kind = strength + u8::from(first.in_title);
        Demand(kind | ((half_years as u8) << KIND_BITS))
    }
}

/// What a skill in a posting brings: in a sum over all that it names, at most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gain {
    /// Points for skills of the person's that are used.
    pub used: f32,
    /// Weight of what is asked for and met.
    pub met: f32,
}

/// A skill that makes a posting worth looking at: the person has it or one that
/// stands in for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Which.
    pub skill: SkillNo,
    gains: Box<[Gain; 256]>,
}

impl Lead {
    /// With the points for using the skill itself and those that imply it, and
    /// the credit for it where so many years are asked for.
    pub(super) fn new(
        skill: SkillNo,
        rarity: &Rarity,
        (own, implying): (f64, f64),
        credit: impl Fn(f32) -> f64,
    ) -> Lead {
        let weights =
            KINDS.map(|(strength, in_title)| rarity.weight(strength, rarity.of(skill), in_title));
        let mut gains = Box::new([Gain::default(); 256]);
        for (half_years, gains) in gains.chunks_mut(1 << KIND_BITS).enumerate() {
            let credit = credit(half_years as f32 / 2.0);
            gains[0].used = own as f32;
            for (gain, weight) in gains[1..].iter_mut().zip(weights) {
                gain.used = (own + implying) as f32;
                gain.met = (weight * credit) as f32;
            }
        }
        Lead { skill, gains }
    }

    /// What it brings to a posting that asks for it so.
    #[inline]
    pub fn gain(&self, demand: Demand) -> Gain {
        self.gains[usize::from(demand.0)]
    }
}

/// Added to a bound before it is rounded, in points, for numbers near 0.
const SLACK: f64 = 0.001;
/// The part by which a sum of 32-bit numbers may be too small: more than after a
/// thousand additions.
const DRIFT: f64 = 1e-4;

/// So many points are a hundredth when rounded, and not just about.
const SURE: f64 = 0.005 + SLACK;

/// Upper bounds of scores, and lower ones of whether there is any.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// 100 times the share of fit.
    fit: f32,
    kappa: f32,
    /// More points for use than this are a hundredth for sure.
    sure_use: f32,
    /// A posting that meets anything scores above nothing for sure if all that it
    /// asks for weighs less.
    sure_below: f32,
}

impl Bounds {
    /// From the share of fit, the points for using each of the person's skills and
    /// the least weight that is met where anything is.
    pub(super) fn new(fit: f64, kappa: f64, uses: &[f64], least_met: f64) -> Bounds {
        // Two of these may be one skill seen twice.
        let has_faint = uses.iter().any(|points| *points <= SURE);
        Bounds {
            fit: (100.0 * fit) as f32,
            kappa: kappa as f32,
            sure_use: if has_faint {
                f32::INFINITY
            } else {
                SURE as f32
            },
            sure_below: (100.0 * fit * least_met / SURE - kappa) as f32,
        }
    }

    /// Whether a posting scores above nothing for sure that brings so much and asks
    /// for this `weight` in all.
    #[inline]
    pub fn is_sure(&self, gain: Gain, weight: f32) -> bool {
        gain.used > self.sure_use || gain.met > 0.0 && weight < self.sure_below
    }

    /// What points for use and fit must be, beside `more`, for a score of so many
    /// hundredths.
    pub fn needed(&self, hundredths: u32) -> f32 {
        ((f64::from(hundredths) - 0.5) / 100.0 * (1.0 - DRIFT) - SLACK) as f32
    }

    /// Whether a posting may have the points that are needed that brings so much,
    /// asks for this `weight` in all and gets `more` for words and freshness.
    #[inline]
    pub fn may_have(&self, needed: f32, gain: Gain, weight: f32, more: f32) -> bool {
        self.fit * gain.met >= (needed - gain.used - more) * (weight + self.kappa)
    }

    /// The points that it may have at most, to look at the most promising first.
    pub fn most(&self, gain: Gain, weight: f32, more: f32) -> f32 {
        let whole = weight + self.kappa;
        let fit = if whole > 0.0 {
            self.fit * gain.met / whole
        } else {
            0.0
        };
        gain.used + fit + more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_never_more_than_what_is_asked_for() {
        let entry = AskEntry {
            skill: SkillNo(7),
            requirement: Some(3),
            strength: SkillStrength::Mentioned,
            in_title: true,
            implied: false,
            years: 40.0,
            sections: 0,
        };
        assert_eq!(Demand::of(&entry, &entry), Demand(4 | 31 << 3));
        let years = |years| AskEntry { years, ..entry };
        assert_eq!(Demand::of(&years(2.5), &entry), Demand(4 | 5 << 3));
        assert_eq!(Demand::of(&years(2.9), &entry), Demand(4 | 5 << 3));
        let unasked = AskEntry {
            requirement: None,
            ..entry
        };
        assert_eq!(Demand::of(&unasked, &unasked), Demand(0));
    }
}
