//! The constants of the score in one table, with where each comes from.

use super::Weights;
use crate::posting::SkillStrength;

/// What the formula of a match leaves open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// How much a requirement counts that must be met.
    pub required: f64,
    /// How much one counts that is named with no cue either way.
    pub mentioned: f64,
    /// How much one counts that is nice to have.
    pub preferred: f64,
    /// How much more a requirement counts that the title names.
    pub title: f64,
    /// κ in mean weights of a requirement: keeps a posting that asks for one
    /// common thing from being a perfect match.
    pub kappa: f64,
    /// With fewer years than asked a skill counts for at least this much.
    pub least_years: f64,
    /// Of two BM25 scores the one of this size gets half the points for text.
    pub text_half: f64,
    /// A posting loses half its freshness in this many days.
    pub fresh_half_life_days: f64,
    /// The parts of a score by skills alone.
    pub skills_alone: Weights,
    /// The parts of a score by skills and words.
    pub with_words: Weights,
    /// The parts of a score that says how alike postings are.
    pub alike: Weights,
}

const fn shares(fit: f64, used: f64, text: f64) -> Weights {
    Weights {
        fit,
        used,
        text,
        fresh: 0.0,
    }
}

/// The constants in use.
///
/// κ was searched for (`benches/constants.rs`): on each half of the graded people
/// of `corpus/truth/people.toml` the search goes up from 2, to 6 and to 4, and 4
/// is as good as 2 on all of them (NDCG@10 .8317) and better at finding postings by
/// tags that people gave them, hidden among others. Around the strengths, the title
/// and the shares of fit and use what the people say is flat (.82 to .84): they
/// are the plain numbers they began with. The other constants are settled by no
/// measure.
pub const CONSTANTS: Constants = Constants {
    required: 1.0,
    mentioned: 0.6,
    preferred: 0.3,
    title: 1.5,
    kappa: 4.0,
    least_years: 0.5,
    text_half: 8.0,
    fresh_half_life_days: 60.0,
    skills_alone: shares(0.6, 0.4, 0.0),
    with_words: shares(0.5, 0.3, 0.2),
    alike: shares(0.5, 0.5, 0.0),
};

impl Constants {
    /// How much a requirement counts by its strength.
    pub fn strength(&self, strength: SkillStrength) -> f64 {
        match strength {
            SkillStrength::Required => self.required,
            SkillStrength::Mentioned => self.mentioned,
            SkillStrength::Preferred => self.preferred,
        }
    }

    /// The least weight that is met of a requirement of rarity 1, if any.
    pub fn least(&self) -> f64 {
        let weakest = self.required.min(self.mentioned).min(self.preferred);
        weakest * self.title.min(1.0) * self.least_years.min(1.0)
    }
}
