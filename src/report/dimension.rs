//! What postings are counted by, and the values of it that a vote names.

use super::sheet::Vote;
use crate::fields::places::country_name;
use crate::query::{Column, ScanNames};
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

/// The values of a dimension as a ledger numbers them: skills below the branch
/// from 0 on, everything else as a scan does.
pub(super) struct Numbers {
    dimension: Dimension,
    pub(super) column: Column,
}

impl Numbers {
    pub(super) fn new(dimension: &Dimension, taxonomy: &Taxonomy) -> Numbers {
        let column = match dimension {
            Dimension::Skills(branch) => {
                let inside = below(branch, taxonomy);
                let skills = taxonomy.iter().filter(|(no, _)| inside[usize::from(no.0)]);
                Column::Skills(skills.map(|(no, _)| no).collect())
            }
            Dimension::Company => Column::Company,
            Dimension::Country => Column::Country,
            Dimension::Seniority => Column::Seniority,
            Dimension::Workplace => Column::Workplace,
            Dimension::Source => Column::Source,
        };
        Numbers {
            dimension: dimension.clone(),
            column,
        }
    }

    /// Value and label of each number.
    pub(super) fn labels(&self, taxonomy: &Taxonomy, names: &ScanNames) -> Vec<(String, String)> {
        let Column::Skills(skills) = &self.column else {
            return self.dimension.labels(taxonomy, names);
        };
        let skills = skills.iter().map(|no| taxonomy.skill(*no));
        skills
            .map(|skill| (skill.id.clone(), skill.label.clone()))
            .collect()
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
