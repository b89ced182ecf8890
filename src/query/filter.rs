//! What must hold for a posting to be looked at; plain data.

use jiff::Timestamp;

use crate::posting::{Employment, Seniority, Workplace};

/// A skill or a whole branch of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillChoice {
    /// Ids of the skills of which one is enough: one skill, or all below a branch.
    pub ids: Vec<String>,
}

/// What must hold. Lists of values are "one of these"; an empty list asks for nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Each of these (or as many as [`Filter::at_least`] says).
    pub skills: Vec<SkillChoice>,
    /// One of each of these lists.
    pub any_skills: Vec<Vec<SkillChoice>>,
    /// None of these.
    pub not_skills: Vec<SkillChoice>,
    /// How many of [`Filter::skills`] are enough.
    pub at_least: Option<usize>,
    /// The skills must be required, not only named.
    pub required: bool,
    /// Words that all stand in the title, in any order.
    pub title_words: Vec<String>,
    /// Employers, in any case.
    pub companies: Vec<String>,
    /// ISO country codes.
    pub countries: Vec<String>,
    /// States, provinces, lands; in any case.
    pub regions: Vec<String>,
    /// Cities, in any case.
    pub cities: Vec<String>,
    /// Places of work.
    pub workplaces: Vec<Workplace>,
    /// Kinds of work.
    pub roles: Vec<String>,
    /// Rungs.
    pub seniorities: Vec<Seniority>,
    /// Hours and contracts.
    pub employment: Vec<Employment>,
    /// Sources.
    pub sources: Vec<String>,
    /// Tongues, as ISO 639-1.
    pub text_languages: Vec<String>,
    /// Remote work open to somebody in one of these scopes (a country code, and
    /// the regions it lies in).
    pub remote_scopes: Vec<String>,
    /// Posted at this moment or later.
    pub since: Option<Timestamp>,
    /// Posted before this moment.
    pub until: Option<Timestamp>,
    /// Yearly pay reaches at least this much of a currency.
    pub min_salary: Option<(f64, String)>,
    /// Yearly pay starts at most at this much of a currency.
    pub max_salary: Option<(f64, String)>,
    /// Still open at this moment: not past its last day, and no older than 60
    /// days where it states none (`formats.md` section 6).
    pub open_at: Option<Timestamp>,
}
