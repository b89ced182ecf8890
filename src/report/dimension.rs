//! What postings are counted by, and the values of it that a vote names.

use super::StrengthFilter;
use super::sheet::Vote;
use super::votes::IMPLIED;
use crate::fields::places::country_name;
use crate::index::AskEntry;
use crate::query::{ScanNames, ScanRow};
use crate::skills::{SkillNo, Taxonomy};

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dimension {
    /// The skills below a branch, such as `language`; all skills for "".
    Skills(String),
    /// Employers.
    Company,
    /// Countries.
    Country,
    /// Rungs.
    Seniority,
    /// Remote, hybrid, onsite.
    Workplace,
    /// Where postings come from.
    Source,
}

impl Dimension {
    /// Its name in answers.
    pub fn name(&self) -> &str {
        match self {
            Dimension::Skills(branch) if branch.is_empty() => "skill",
            Dimension::Skills(branch) => branch,
            Dimension::Company => "company",
            Dimension::Country => "country",
            Dimension::Seniority => "seniority",
            Dimension::Workplace => "workplace",
            Dimension::Source => "source",
        }
    }

    /// Value and label of each of its numbers.
    pub(super) fn labels(&self, taxonomy: &Taxonomy, names: &ScanNames) -> Vec<(String, String)> {
        let same = |values: &[String]| {
            values
                .iter()
                .map(|value| (value.clone(), value.clone()))
                .collect()
        };
        match self {
            Dimension::Skills(_) => {
                let skills = taxonomy.skills().iter();
                skills
                    .map(|skill| (skill.id.clone(), skill.label.clone()))
                    .collect()
            }
            Dimension::Country => {
                let label = |code: &String| country_name(code).unwrap_or(code).to_owned();
                names
                    .countries
                    .iter()
                    .map(|code| (code.clone(), label(code)))
                    .collect()
            }
            Dimension::Company => same(&names.companies),
            Dimension::Seniority => same(&names.seniorities),
            Dimension::Workplace => same(&names.workplaces),
            Dimension::Source => same(&names.sources),
        }
    }
}

/// For each skill, whether it lies below a branch.
pub(super) fn below(branch: &str, taxonomy: &Taxonomy) -> Vec<bool> {
    let mut inside = vec![branch.is_empty(); taxonomy.skills().len()];
    for no in taxonomy.under(branch) {
        inside[usize::from(no.0)] = true;
    }
    inside
}

/// The values that a posting names, numbered: skills below the branch from 0 on,
/// everything else as the scan numbers it.
pub(super) struct Numbers {
    dimension: Dimension,
    /// The skills that have a number, in order of it.
    skills: Vec<SkillNo>,
    /// The number of each skill, or [`NO_NUMBER`].
    number_of: Vec<u32>,
}

const NO_NUMBER: u32 = u32::MAX;

impl Numbers {
    pub(super) fn new(dimension: &Dimension, taxonomy: &Taxonomy) -> Numbers {
        let mut number_of = Vec::new();
        let mut skills = Vec::new();
        if let Dimension::Skills(branch) = dimension {
            let inside = below(branch, taxonomy);
            number_of = vec![NO_NUMBER; inside.len()];
            for (no, _) in taxonomy.iter().filter(|(no, _)| inside[usize::from(no.0)]) {
                number_of[usize::from(no.0)] = skills.len() as u32;
                skills.push(no);
            }
        }
        Numbers {
            dimension: dimension.clone(),
            skills,
            number_of,
        }
    }

    pub(super) fn are_skills(&self) -> bool {
        matches!(self.dimension, Dimension::Skills(_))
    }

    /// Value and label of each number.
    pub(super) fn labels(&self, taxonomy: &Taxonomy, names: &ScanNames) -> Vec<(String, String)> {
        if !self.are_skills() {
            return self.dimension.labels(taxonomy, names);
        }
        let skills = self.skills.iter().map(|no| taxonomy.skill(*no));
        skills
            .map(|skill| (skill.id.clone(), skill.label.clone()))
            .collect()
    }

    /// The number of a skill.
    pub(super) fn of_skill(&self, skill: SkillNo) -> Option<u32> {
        let number = *self.number_of.get(usize::from(skill.0))?;
        (number != NO_NUMBER).then_some(number)
    }

    /// The same of a posting's skills.
    pub(super) fn of_skills<'a>(
        &'a self,
        entries: &'a [AskEntry],
        strength: StrengthFilter,
    ) -> impl Iterator<Item = u32> + 'a {
        entries.iter().filter_map(move |entry| {
            let number = self.of_skill(entry.skill)?;
            let mark = if entry.implied { IMPLIED } else { 0 };
            strength.takes(entry).then_some(number | mark)
        })
    }

    /// The numbers that a posting names; one may come twice, and those of skills
    /// that are only implied are marked.
    pub(super) fn of<'a>(
        &'a self,
        row: &'a ScanRow<'_>,
        strength: StrengthFilter,
    ) -> impl Iterator<Item = u32> + 'a {
        let entries = match self.dimension {
            Dimension::Skills(_) => row.ask,
            _ => &[],
        };
        let skills = self.of_skills(entries, strength);
        let (one, several): (Option<u32>, &[u32]) = match self.dimension {
            Dimension::Skills(_) => (None, &[]),
            Dimension::Company => (row.company, &[]),
            Dimension::Country => (None, row.countries),
            Dimension::Seniority => (row.seniority, &[]),
            Dimension::Workplace => (row.workplace, &[]),
            Dimension::Source => (row.source, &[]),
        };
        skills.chain(one).chain(several.iter().copied())
    }
}

/// The values of a dimension as numbers.
pub(super) struct Values {
    pub(super) labels: Vec<(String, String)>,
    dimension: Dimension,
    inside: Vec<bool>,
}

impl Values {
    pub(super) fn new(dimension: &Dimension, taxonomy: &Taxonomy, names: &ScanNames) -> Values {
        let inside = match dimension {
            Dimension::Skills(branch) => below(branch, taxonomy),
            _ => Vec::new(),
        };
        Values {
            labels: dimension.labels(taxonomy, names),
            dimension: dimension.clone(),
            inside,
        }
    }

    /// The values that a vote names, each once.
    pub(super) fn of(&self, vote: &Vote) -> Vec<u32> {
        let one = |value: Option<u32>| value.into_iter().collect();
        match self.dimension {
            Dimension::Skills(_) => {
                let is_inside = |no: &SkillNo| self.inside[usize::from(no.0)];
                let skills = vote.skills.iter().map(|named| named.skill);
                skills.filter(is_inside).map(|no| u32::from(no.0)).collect()
            }
            Dimension::Company => one(vote.company),
            Dimension::Country => vote.countries.clone(),
            Dimension::Seniority => one(vote.seniority),
            Dimension::Workplace => one(vote.workplace),
            Dimension::Source => one(vote.source),
        }
    }
}
