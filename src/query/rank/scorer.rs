//! The score of one posting for one person, and the same taken apart.

use super::bounds::{Bounds, Lead};
use super::{CONSTANTS, Met, Parts, Person, Rarity, Scored, Weights};
use crate::index::AskEntry;
use crate::skills::{SkillNo, Taxonomy};

/// At most this many skills of a person are looked at.
pub const MAX_PERSON_SKILLS: usize = 128;

/// Points that are not none, and change no sum.
const LEAST_POINTS: f64 = 1e-30;

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
    minds_soft: bool,
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
        let states_years = |no: SkillNo| {
            let mut stated = person.skills.iter();
            stated.any(|(skill, years)| *skill == no && years.is_some())
        };
        for (skill, years) in &person.skills {
            offer(*skill, 1.0, *skill, *years);
            for implied in taxonomy.implied_by(*skill) {
                // What is said of a skill itself holds against silence about another.
                if years.is_some() || !states_years(*implied) {
                    offer(*implied, 1.0, *skill, *years);
                }
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
            minds_soft: soft,
        }
    }

    /// What a posting may have of the person's or near it, by skill: one that has none
    /// of these scores nothing.
    pub fn leads(&self) -> Vec<Lead> {
        let numbered = (0u16..).map(SkillNo).zip(&self.towards);
        let is_one =
            |(skill, towards): &(SkillNo, &Towards)| towards.nearness > 0.0 && self.counts(*skill);
        let lead = |(skill, _): (SkillNo, &Towards)| {
            let at = usize::from(skill.0);
            // Never 0 where it is used, whatever that is worth.
            let points = |bits: u128| match bits {
                0 => 0.0,
                bits => self.use_points(self.rarity_of(bits)).max(LEAST_POINTS),
            };
            let own = points(self.is_own[at]);
            let implying = points(self.is_implied_by_own[at] & !self.is_own[at]);
            let credit = |years| self.credit(skill, years).0;
            Lead::new(skill, self.rarity, (own, implying), credit)
        };
        numbered.filter(is_one).map(lead).collect()
    }

    /// What a posting can reach at most.
    pub fn bounds(&self) -> Bounds {
        let own = self.person.iter();
        let uses: Vec<f64> = own
            .map(|skill| self.use_points(self.rarity.of(*skill)))
            .collect();
        let counted = (0u16..).map(SkillNo).zip(&self.counts);
        let counted = counted.filter(|(_, counts)| **counts);
        let rarity = counted.map(|(skill, _)| self.rarity.of(skill));
        let nearness = self
            .towards
            .iter()
            .map(|towards| f64::from(towards.nearness));
        let least_nearness = nearness.filter(|by| *by > 0.0).fold(1.0, f64::min);
        let least_met =
            least_nearness * self.rarity.constants.least() * rarity.fold(f64::INFINITY, f64::min);
        Bounds::new(self.weights.fit, self.rarity.kappa, &uses, least_met)
    }

    /// Whether a skill counts.
    pub fn counts(&self, skill: SkillNo) -> bool {
        self.counts
            .get(usize::from(skill.0))
            .copied()
            .unwrap_or(false)
    }

    /// Whether soft skills and responsibilities count.
    pub fn minds_soft(&self) -> bool {
        self.minds_soft
    }

    /// The weight of all that a posting asks for: the same for everybody for whom
    /// the same skills count.
    pub fn weight_asked(&self, ask: &[AskEntry]) -> f64 {
        self.sums(ask, |_, _, _, _| {}).0
    }

    /// The sum of the rarities of some of the person's skills.
    fn rarity_of(&self, uses: u128) -> f64 {
        let mut sum = 0.0;
        for (bit, skill) in self.person.iter().enumerate() {
            if uses >> bit & 1 == 1 {
                sum += self.rarity.of(*skill);
            }
        }
        sum
    }

    /// Points for using skills whose rarities have this sum.
    fn use_points(&self, used: f64) -> f64 {
        match self.person_rarity > 0.0 {
            true => 100.0 * self.weights.used * used / self.person_rarity,
            false => 0.0,
        }
    }

    /// Points for words of this BM25 score.
    pub fn text_points(&self, words: f64) -> f64 {
        100.0 * self.weights.text * words / (words + CONSTANTS.text_half)
    }

    /// Points for an age in days.
    pub fn fresh_points(&self, days: f64) -> f64 {
        100.0 * self.weights.fresh * (-days.max(0.0) / CONSTANTS.fresh_half_life_days).exp2()
    }

    /// Whether age changes a score.
    pub fn minds_age(&self) -> bool {
        self.weights.fresh > 0.0
    }

    /// The score of one posting: its ask, the BM25 score of the words (if any
    /// are looked for), its age in days (if known). A posting with nothing of
    /// what the person has scores nothing, whatever its words and age. The same
    /// number, to the bit, as [`Scorer::parts`] gives.
    pub fn score(&self, ask: &[AskEntry], words: Option<f64>, age_days: Option<f64>) -> f64 {
        let (weight, met, uses) = self.sums(ask, |_, _, _, _| {});
        self.assemble(weight, met, uses, words, age_days).score()
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
        let mut parts = Parts::default();
        if met <= 0.0 && uses == 0 {
            return parts;
        }
        parts.fit = self.scale(sum) * met;
        parts.used = self.use_points(self.rarity_of(uses));
        if let Some(words) = words {
            parts.text = self.text_points(words);
        }
        if let Some(days) = age_days {
            parts.fresh = self.fresh_points(days);
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
        for group in requirements(ask) {
            let is_asked = group[0].requirement.is_some();
            let (mut commonest, mut credit, mut how) = (f64::INFINITY, 0.0, Met::Missing);
            for entry in group {
                let at = usize::from(entry.skill.0);
                if !self.counts(entry.skill) {
                    continue;
                }
                uses |= self.is_own[at];
                if !is_asked {
                    continue;
                }
                uses |= self.is_implied_by_own[at];
                commonest = commonest.min(self.rarity.of(entry.skill));
                let (offered, met) = self.credit(entry.skill, entry.years);
                if offered > credit {
                    (credit, how) = (offered, met);
                }
            }
            if commonest.is_finite() {
                let weight = self
                    .rarity
                    .weight(group[0].strength, commonest, group[0].in_title);
                sum += weight;
                met += weight * credit;
                each(group, weight, credit, how);
            }
        }
        (sum, met, uses)
    }

    fn credit(&self, skill: SkillNo, asked: f32) -> (f64, Met) {
        let towards = self.towards[usize::from(skill.0)];
        if towards.nearness <= 0.0 {
            return (0.0, Met::Missing);
        }
        let years = match towards.years {
            Some(have) if asked > 0.0 && have < asked => {
                f64::from(have / asked).max(self.rarity.constants.least_years)
            }
            _ => 1.0,
        };
        let met = if towards.nearness >= 1.0 {
            Met::Have {
                skill,
                by: towards.by,
            }
        } else {
            Met::Near {
                skill,
                by: towards.by,
                nearness: towards.nearness,
            }
        };
        (f64::from(towards.nearness) * years, met)
    }
}

/// The entries of each requirement; what is not asked for is each by itself.
pub fn requirements(ask: &[AskEntry]) -> impl Iterator<Item = &[AskEntry]> {
    ask.chunk_by(|a, b| a.requirement.is_some() && a.requirement == b.requirement)
}
