//! How well a posting fits a person: the arithmetic of a match, pure.
//!
//! Everything here can be computed by hand from what `show` prints and the
//! table of rarities; the engines and the tests call the same functions.

mod bounds;
mod constants;
mod scorer;

pub use bounds::{Bounds, Demand, Gain, Lead};
pub use constants::{CONSTANTS, Constants};
pub use scorer::{MAX_PERSON_SKILLS, Scorer, requirements};

use crate::posting::SkillStrength;
use crate::skills::SkillNo;

/// How rare each skill is among groups of postings.
#[derive(Debug, Clone, PartialEq)]
pub struct Rarity {
    idf: Vec<f64>,
    /// The constants that weights and κ are made with.
    pub constants: Constants,
    /// [`Constants::kappa`] times the mean weight of a requirement, taken as a mentioned one outside
    /// a title, with the mean rarity over skills weighted by how many groups ask for each.
    pub kappa: f64,
}

impl Rarity {
    /// From the number of groups and, for each skill, of groups that ask for it.
    pub fn new(n_groups: u32, groups_with: &[u32]) -> Rarity {
        Rarity::with(CONSTANTS, n_groups, groups_with)
    }

    /// The same with other constants: what a search for better ones tries.
    pub fn with(constants: Constants, n_groups: u32, groups_with: &[u32]) -> Rarity {
        let idf: Vec<f64> = groups_with.iter().map(|n| idf(n_groups, *n)).collect();
        let asked: f64 = groups_with.iter().map(|n| f64::from(*n)).sum();
        let weighted: f64 = idf
            .iter()
            .zip(groups_with)
            .map(|(idf, n)| idf * f64::from(*n))
            .sum();
        let mean = if asked > 0.0 { weighted / asked } else { 1.0 };
        Rarity {
            idf,
            constants,
            kappa: constants.kappa * mean * constants.mentioned,
        }
    }

    /// The weight of a requirement whose commonest alternative is so rare.
    pub fn weight(&self, strength: SkillStrength, commonest: f64, in_title: bool) -> f64 {
        let title = if in_title { self.constants.title } else { 1.0 };
        self.constants.strength(strength) * commonest * title
    }

    /// The BM25 inverse document frequency of a skill over groups.
    pub fn of(&self, skill: SkillNo) -> f64 {
        self.idf.get(usize::from(skill.0)).copied().unwrap_or(0.0)
    }
}

/// `ln(1 + (N − n + ½) ÷ (n + ½))`, as in BM25 (Robertson and Zaragoza, 2009);
/// never negative.
fn idf(n_all: u32, n_with: u32) -> f64 {
    let (all, with) = (f64::from(n_all), f64::from(n_with.min(n_all)));
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

/// What a person has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Skills, with years where given; no skill twice.
    pub skills: Vec<(SkillNo, Option<f32>)>,
}

/// How much each part of a score counts; they sum to 1 over the parts in play.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// How much of the ask the person meets.
    pub fit: f64,
    /// How much of the person the job uses.
    pub used: f64,
    /// How well the words fit.
    pub text: f64,
    /// How new it is.
    pub fresh: f64,
}

impl Weights {
    /// The shares of [`CONSTANTS`].
    pub fn standard(with_words: bool) -> Weights {
        match with_words {
            true => CONSTANTS.with_words,
            false => CONSTANTS.skills_alone,
        }
    }

    /// For postings that are like others: fit and use count alike.
    pub fn alike() -> Weights {
        CONSTANTS.alike
    }

    /// The same proportions, summing to 1.
    pub fn normalised(self) -> Weights {
        let sum = self.fit + self.used + self.text + self.fresh;
        if sum <= 0.0 {
            return Weights::standard(false);
        }
        Weights {
            fit: self.fit / sum,
            used: self.used / sum,
            text: self.text / sum,
            fresh: self.fresh / sum,
        }
    }
}

/// Whether a requirement is met, and by what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Met {
    /// The person has it, or something that implies it.
    Have {
        /// The alternative that is met.
        skill: SkillNo,
        /// What the person has.
        by: SkillNo,
    },
    /// The person has something that stands in for it.
    Near {
        /// The alternative that is nearly met.
        skill: SkillNo,
        /// What the person has.
        by: SkillNo,
        /// How far it stands in: at most one half.
        nearness: f32,
    },
    /// The person has nothing of it.
    Missing,
}

/// One requirement of a posting, scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The alternatives.
    pub any_of: Vec<SkillNo>,
    /// How strongly it is asked for.
    pub strength: SkillStrength,
    /// Years asked for; 0 for none.
    pub years: f32,
    /// The title names it.
    pub in_title: bool,
    /// Strength × rarity × title.
    pub weight: f64,
    /// 0 to 1.
    pub credit: f64,
    /// By what it is met.
    pub met: Met,
    /// Its share of the score; all points and [`Parts::used`], [`Parts::text`]
    /// and [`Parts::fresh`] add up to the score.
    pub points: f64,
}

/// A score taken apart: the four parts are points and sum to the score.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parts {
    /// Points for what of the ask is met: the sum of the requirements' points.
    pub fit: f64,
    /// Points for what of the person is used.
    pub used: f64,
    /// Points for words.
    pub text: f64,
    /// Points for freshness.
    pub fresh: f64,
    /// The requirements, in order.
    pub requirements: Vec<Scored>,
    /// Skills of the person that the posting uses.
    pub uses: Vec<SkillNo>,
}

impl Parts {
    /// The score: 0 to 100, in hundredths.
    pub fn score(&self) -> f64 {
        hundredths(self.fit + self.used + self.text + self.fresh)
    }
}

fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// Rounds points to hundredths so that they still add up to their rounded sum:
/// the largest remainders are rounded up.
pub fn rounded_to_sum(points: &[f64]) -> Vec<f64> {
    let total = (points.iter().sum::<f64>() * 100.0).round() as i64;
    let mut floors: Vec<i64> = points
        .iter()
        .map(|points| (points * 100.0).floor() as i64)
        .collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    let remainder = |at: &usize| points[*at] * 100.0 - (points[*at] * 100.0).floor();
    order.sort_by(|a, b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(b)));
    let missing = (total - floors.iter().sum::<i64>()).max(0) as usize;
    for at in order.into_iter().take(missing) {
        floors[at] += 1;
    }
    floors
        .into_iter()
        .map(|hundredths| hundredths as f64 / 100.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skill_everybody_asks_for_is_worth_little_and_never_less_than_nothing() {
        assert!(idf(100, 100) > 0.0);
        assert!(idf(100, 100) < idf(100, 50));
        assert!((idf(10, 0) - (1.0f64 + 10.5 / 0.5).ln()).abs() < 1e-12);
    }

    #[test]
    fn rounded_points_add_up() {
        let points = [1.004, 2.004, 3.004, 0.0];
        let rounded = rounded_to_sum(&points);
        let sum: f64 = rounded.iter().sum();
        assert!((sum - 6.01).abs() < 1e-9, "{rounded:?}");
        assert_eq!(rounded_to_sum(&[]), Vec::<f64>::new());
    }
}
