//! Tables with a column a skill, in which 1 stands for asked and 0 for not: which
//! columns they are, and what the skill is called.

use serde_json::Value;

use super::fill::truth;
use super::path::Path;
use super::{Field, Mapping, MappingError, Rule, Slots, folded, paths};

/// So many such columns make a table of skills; fewer may be flags of anything.
const FEWEST: usize = 3;

/// Flags that tables are known to have of other things than skills.
const OTHERS: &[&str] = &[
    "easyapply",
    "employerprovided",
    "entry",
    "featured",
    "fulltime",
    "hourly",
    "hybrid",
    "intern",
    "internship",
    "junior",
    "manager",
    "onsite",
    "parttime",
    "relocation",
    "remote",
    "remoteallowed",
    "samestate",
    "senior",
    "sponsored",
    "urgent",
    "visa",
    "wfh",
];

impl Mapping {
    /// Takes the columns that nothing else is read from for skills, where they
    /// hold flags only; `cells` gives the values of a column in the first records.
    pub(in crate::ingest) fn take_flags(
        &mut self,
        names: &[String],
        cells: impl Fn(&str) -> Vec<String>,
    ) {
        let mapped = self.mapped();
        let is_flag = |name: &&String| {
            let is_known = mapped.iter().any(|(known, _)| known == *name);
            let skill = folded(&skill_of(name));
            if is_known || skill.is_empty() || OTHERS.contains(&skill.as_str()) {
                return false;
            }
            let cells = cells(name);
            // Two rows may be numbered 0 and 1.
            cells.len() > 2 && cells.iter().all(|cell| truth(cell).is_some())
        };
        let flags: Vec<Vec<Path>> = names
            .iter()
            .filter(is_flag)
            .map(|name| vec![Path::key(name)])
            .collect();
        if flags.len() >= FEWEST {
            self.rules.push(Rule {
                field: Field::SkillsFlags,
                from: flags,
                line: 0,
            });
        }
    }

    /// The skills that columns are called after, and where those stand.
    pub(super) fn flags(
        &self,
        header: Option<&[String]>,
    ) -> Result<Vec<(String, Slots)>, MappingError> {
        let rules = self.rules.iter();
        let rules = rules.filter(|rule| rule.field == Field::SkillsFlags);
        let one = |rule: &Rule, path: &Path| {
            let only = Rule {
                from: vec![vec![path.clone()]],
                ..rule.clone()
            };
            Ok((skill_of(&path.name), self.slots(&only, header)?))
        };
        rules
            .flat_map(|rule| paths(rule).map(move |path| one(rule, path)))
            .collect()
    }
}

/// `python_yn`, `has_spark` and `power_bi` to "python", "spark" and "power bi".
fn skill_of(column: &str) -> String {
    let name = column.trim_start_matches('\u{feff}').trim();
    let name = name.rsplit('/').next().unwrap_or(name);
    let bare = ["is_", "has_", "uses_", "skill_", "skills_", "requires_"]
        .iter()
        .find_map(|before| name.strip_prefix(before))
        .unwrap_or(name);
    let bare = ["_yn", " yn", "_y/n", "_flag"]
        .iter()
        .find_map(|after| bare.strip_suffix(after))
        .unwrap_or(bare);
    bare.replace('_', " ").trim().to_owned()
}

/// The values of a key in JSON records, as a table would have them.
pub(in crate::ingest) fn json_cells(examples: &[Value], key: &str) -> Vec<String> {
    let values = examples.iter().filter_map(|example| example.get(key));
    values
        .filter(|value| !value.is_null())
        .map(Value::to_string)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_called_after_its_skill() {
        for (column, skill) in [
            ("python_yn", "python"),
            ("R_yn", "R"),
            ("machine learning", "machine learning"),
            ("has_power_bi", "power bi"),
            ("spark", "spark"),
        ] {
            assert_eq!(skill_of(column), skill);
        }
    }
}
