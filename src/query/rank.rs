//! How well a posting fits a person: the arithmetic of `ranking.md`, pure.
//!
//! Everything here can be computed by hand from what `show` prints and the
//! table of rarities; the engines and the tests call the same functions.

use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::skills::{SkillNo, Taxonomy};

/// How much a requirement counts by its strength. A start, to be settled on
/// graded matches.
pub fn strength_factor(strength: SkillStrength) -> f64 {
    match strength {
        SkillStrength::Required => 1.0,
        SkillStrength::Mentioned => 0.6,
        SkillStrength::Preferred => 0.3,
    }
}

/// How much more a requirement counts that the title names.
pub const TITLE_FACTOR: f64 = 1.5;

/// κ in mean weights of a requirement: keeps a posting that asks for one
/// common thing from being a perfect match (`ranking.md`).
pub const KAPPA_IN_MEAN_WEIGHTS: f64 = 2.0;

/// With fewer years than asked a skill counts for at least this much.
pub const LEAST_YEARS_FACTOR: f64 = 0.5;

/// Of two BM25 scores the one of `TEXT_HALF` gets half the points for text.
pub const TEXT_HALF: f64 = 8.0;

/// A posting loses half its freshness in this many days.
pub const FRESH_HALF_LIFE_DAYS: f64 = 60.0;

/// How rare each skill is among groups of postings.
#[derive(Debug, Clone, PartialEq)]
pub struct Rarity {
    idf: Vec<f64>,
    /// Twice the mean weight of a requirement, taken as a mentioned one outside
    /// a title, with the mean rarity over skills weighted by how many groups ask for each.
    pub kappa: f64,
}

impl Rarity {
    /// From the number of groups and, for each skill, of groups that ask for it.
    pub fn new(n_groups: u32, groups_with: &[u32]) -> Rarity {
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
            kappa: KAPPA_IN_MEAN_WEIGHTS * mean * strength_factor(SkillStrength::Mentioned),
        }
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
    /// The weights of `ranking.md`: fit .6 and use .4; with words .5, .3 and .2.
    pub fn standard(with_words: bool) -> Weights {
        if with_words {
            Weights {
                fit: 0.5,
                used: 0.3,
                text: 0.2,
                fresh: 0.0,
            }
        } else {
            Weights {
                fit: 0.6,
                used: 0.4,
                text: 0.0,
                fresh: 0.0,
            }
        }
    }

    /// For postings that are like others: fit and use alike (`ranking.md`).
    pub fn alike() -> Weights {
        Weights {
            fit: 0.5,
            used: 0.5,
            text: 0.0,
            fresh: 0.0,
        }
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

/// At most this many skills of a person are looked at.
pub const MAX_PERSON_SKILLS: usize = 128;

/// A person made ready for scoring many postings.
#[derive(Debug, Clone)]
pub struct Scorer<'a> {
    rarity: &'a Rarity,
    weights: Weights,
    /// For each skill, what the person has towards it.
    towards: Vec<Towards>,
    /// For each skill, whether it counts.
    counts: Vec<bool>,
    /// For each skill, the bit of the person's skill that it is.
    is_own: Vec<u128>,
    /// For each skill, the bits of the person's skills that imply it.
    is_implied_by_own: Vec<u128>,
    person: Vec<SkillNo>,
    person_rarity: f64,
}

#[derive(Debug, Clone, Copy)]
struct Towards {
    nearness: f32,
    by: SkillNo,
    years: Option<f32>,
}

impl<'a> Scorer<'a> {
    /// Makes a person ready; `soft` lets soft skills and responsibilities count.
    pub fn new(
        person: &Person,
        taxonomy: &Taxonomy,
        rarity: &'a Rarity,
        weights: Weights,
        soft: bool,
    ) -> Scorer<'a> {
        let n = taxonomy.skills().len();
        let mut towards = vec![
            Towards {
                nearness: 0.0,
                by: SkillNo(0),
                years: None
            };
            n
        ];
        let mut offer = |skill: SkillNo, nearness: f32, by: SkillNo, years: Option<f32>| {
            let known = &mut towards[usize::from(skill.0)];
            // Of two that stand in alike, the one with more years, then the skill itself.
            let rank = |years: Option<f32>| years.unwrap_or(f32::INFINITY);
            let is_own = known.by != skill && by == skill;
            if nearness > known.nearness
                || (nearness == known.nearness
                    && (rank(years) > rank(known.years)
                        || (rank(years) == rank(known.years) && is_own)))
            {
                *known = Towards {
                    nearness,
                    by,
                    years,
                };
            }
        };
        for (skill, years) in &person.skills {
            offer(*skill, 1.0, *skill, *years);
            for implied in taxonomy.implied_by(*skill) {
                offer(*implied, 1.0, *skill, *years);
            }
        }
        for (no, skill) in taxonomy.iter() {
            for (near, by) in &skill.near {
                if let Some((_, years)) = person.skills.iter().find(|(have, _)| have == near) {
                    offer(no, *by, *near, *years);
                }
            }
        }
        let counts: Vec<bool> = taxonomy
            .skills()
            .iter()
            .map(|skill| soft || skill.kind.is_hard())
            .collect();
        let own = person
            .skills
            .iter()
            .map(|(skill, _)| *skill)
            .filter(|skill| counts[usize::from(skill.0)]);
        let own: Vec<SkillNo> = own.take(MAX_PERSON_SKILLS).collect();
        let (mut is_own, mut is_implied_by_own) = (vec![0u128; n], vec![0u128; n]);
        for (bit, skill) in own.iter().enumerate() {
            is_own[usize::from(skill.0)] |= 1 << bit;
            for implied in taxonomy.implied_by(*skill) {
                is_implied_by_own[usize::from(implied.0)] |= 1 << bit;
            }
        }
        let person_rarity = own.iter().map(|skill| rarity.of(*skill)).sum();
        let weights = weights.normalised();
        Scorer {
            rarity,
            weights,
            towards,
            counts,
            is_own,
            is_implied_by_own,
            person: own,
            person_rarity,
        }
    }

    /// The skills a posting must have one of to score above nothing.
    pub fn candidates(&self) -> Vec<SkillNo> {
        let numbered = (0u16..).map(SkillNo).zip(&self.towards);
        numbered
            .filter(|(_, towards)| towards.nearness > 0.0)
            .map(|(skill, _)| skill)
            .collect()
    }

    /// The score of one posting: its ask, the BM25 score of the words (if any
    /// are looked for), its age in days (if known). The same number, to the
    /// bit, as [`Scorer::parts`] gives.
    pub fn score(&self, ask: &[AskEntry], words: Option<f64>, age_days: Option<f64>) -> f64 {
        let (sum, met, uses) = self.sums(ask, |_, _, _, _| {});
        self.assemble(sum, met, uses, words, age_days).score()
    }

    /// The same, taken apart.
    pub fn parts(&self, ask: &[AskEntry], words: Option<f64>, age_days: Option<f64>) -> Parts {
        let mut requirements = Vec::new();
        let (sum, met, uses) = self.sums(ask, |group, weight, credit, met| {
            let counted = group
                .iter()
                .filter(|entry| self.counts[usize::from(entry.skill.0)]);
            requirements.push(Scored {
                any_of: counted.map(|entry| entry.skill).collect(),
                strength: group[0].strength,
                years: group[0].years,
                in_title: group[0].in_title,
                weight,
                credit,
                met,
                points: 0.0,
            });
        });
        let mut parts = self.assemble(sum, met, uses, words, age_days);
        for scored in &mut requirements {
            scored.points = self.scale(sum) * scored.weight * scored.credit;
        }
        parts.requirements = requirements;
        parts.uses = self
            .person
            .iter()
            .enumerate()
            .filter(|(bit, _)| uses >> bit & 1 == 1)
            .map(|(_, skill)| *skill)
            .collect();
        parts
    }

    fn scale(&self, sum: f64) -> f64 {
        let whole = sum + self.rarity.kappa;
        if whole > 0.0 {
            100.0 * self.weights.fit / whole
        } else {
            0.0
        }
    }

    fn assemble(
        &self,
        sum: f64,
        met: f64,
        uses: u128,
        words: Option<f64>,
        age_days: Option<f64>,
    ) -> Parts {
        let mut parts = Parts {
            fit: self.scale(sum) * met,
            ..Parts::default()
        };
        if self.person_rarity > 0.0 {
            let mut used = 0.0;
            for (bit, skill) in self.person.iter().enumerate() {
                if uses >> bit & 1 == 1 {
                    used += self.rarity.of(*skill);
                }
            }
            parts.used = 100.0 * self.weights.used * used / self.person_rarity;
        }
        if let Some(words) = words {
            parts.text = 100.0 * self.weights.text * words / (words + TEXT_HALF);
        }
        if let Some(days) = age_days {
            parts.fresh =
                100.0 * self.weights.fresh * (-days.max(0.0) / FRESH_HALF_LIFE_DAYS).exp2();
        }
        parts
    }

    /// Sum of weights, of weights met, and the bits of the person's skills in
    /// use; `each` is told of every requirement.
    fn sums(
        &self,
        ask: &[AskEntry],
        mut each: impl FnMut(&[AskEntry], f64, f64, Met),
    ) -> (f64, f64, u128) {
        let (mut sum, mut met, mut uses) = (0.0, 0.0, 0u128);
        for group in ask.chunk_by(|a, b| a.requirement.is_some() && a.requirement == b.requirement)
        {
            let is_asked = group[0].requirement.is_some();
            let (mut commonest, mut credit, mut how) = (f64::INFINITY, 0.0, Met::Missing);
            for entry in group {
                let at = usize::from(entry.skill.0);
                if !self.counts.get(at).copied().unwrap_or(false) {
                    continue;
                }
                uses |= self.is_own[at];
                if !is_asked {
                    continue;
                }
                uses |= self.is_implied_by_own[at];
                commonest = commonest.min(self.rarity.of(entry.skill));
                let (offered, met) = self.credit(entry);
                if offered > credit {
                    (credit, how) = (offered, met);
                }
            }
            if commonest.is_finite() {
                let title = if group[0].in_title { TITLE_FACTOR } else { 1.0 };
                let weight = strength_factor(group[0].strength) * commonest * title;
                sum += weight;
                met += weight * credit;
                each(group, weight, credit, how);
            }
        }
        (sum, met, uses)
    }

    fn credit(&self, entry: &AskEntry) -> (f64, Met) {
        let towards = self.towards[usize::from(entry.skill.0)];
        if towards.nearness <= 0.0 {
            return (0.0, Met::Missing);
        }
        let years = match towards.years {
            Some(have) if entry.years > 0.0 && have < entry.years => {
                f64::from(have / entry.years).max(LEAST_YEARS_FACTOR)
            }
            _ => 1.0,
        };
        let met = if towards.nearness >= 1.0 {
            Met::Have {
                skill: entry.skill,
                by: towards.by,
            }
        } else {
            Met::Near {
                skill: entry.skill,
                by: towards.by,
                nearness: towards.nearness,
            }
        };
        (f64::from(towards.nearness) * years, met)
    }
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
