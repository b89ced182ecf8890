//! From what a person types to the skill that is meant.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::{Skill, SkillNo, Taxonomy};

/// A name that is no skill, with the nearest ones that are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown skill `{name}`{}", hint(.nearest))]
pub struct UnknownSkill {
    /// The name as typed.
    pub name: String,
    /// The nearest known names, nearest first, of at most three skills.
    pub nearest: Vec<NearName>,
}

/// A known name near to one that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearName {
    /// The name as the list of skills has it.
    pub spelling: String,
    /// Id of the skill that is called so.
    pub id: String,
}

impl fmt::Display for NearName {
    /// The id; of another spelling both: `golang (go)`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match fold(&self.spelling) == fold(&self.id) {
            true => out.write_str(&self.id),
            false => write!(out, "{} ({})", self.spelling, self.id),
        }
    }
}

fn hint(nearest: &[NearName]) -> String {
    let names: Vec<String> = nearest.iter().map(NearName::to_string).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("; did you mean {}?", names.join(" or ")),
    }
}

/// A name without the version behind it, if there is one: "PHP 8", "go 1.22", "vue3",
/// "SQL 2019". "f5" and "math 101" have none.
fn unversioned(name: &str) -> Option<&str> {
    /// A shorter name has a blank before its version.
    const SHORTEST: usize = 3;
    let name = name.trim();
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let version = &name[bare.len()..];
    let major = version.split('.').next()?;
    let is_version = match major.len() {
        1 | 2 => true,
        4 => major.starts_with("19") || major.starts_with("20"),
        _ => false,
    };
    let is_parted = bare.ends_with(char::is_whitespace);
    (is_version && (is_parted || bare.len() >= SHORTEST)).then_some(bare)
}

/// No name is meant by a text that is further away, however long it is.
const MOST_EDITS: usize = 8;

/// Every spelling of every skill, folded.
#[derive(Debug, Clone)]
pub(super) struct Names {
    by_name: HashMap<String, SkillNo>,
}

impl Names {
    pub(super) fn new(skills: &[Skill]) -> Names {
        let mut by_name = HashMap::new();
        let numbered = || (0u16..).map(SkillNo).zip(skills);
        // Sure names first: a weak spelling of one skill never hides another's label.
        for (no, skill) in numbered() {
            by_name.entry(fold(&skill.label)).or_insert(no);
        }
        for (no, skill) in numbered() {
            by_name.entry(fold(&skill.id)).or_insert(no);
            for alias in skill.aliases() {
                by_name.entry(fold(alias)).or_insert(no);
            }
        }
        for (no, skill) in numbered() {
            for weak in skill.weak() {
                by_name.entry(fold(&weak.form)).or_insert(no);
            }
        }
        Names { by_name }
    }

    /// The skill of a spelling, if it is one.
    pub(super) fn find(&self, name: &str) -> Option<SkillNo> {
        self.by_name.get(&fold(name)).copied()
    }

    pub(super) fn resolve(&self, name: &str, taxonomy: &Taxonomy) -> Result<SkillNo, UnknownSkill> {
        let folded = fold(name);
        let unversioned = unversioned(name).map(fold);
        for folded in [Some(folded.clone()), unversioned].into_iter().flatten() {
            if let Some(no) = self.by_name.get(&folded) {
                return Ok(*no);
            }
            // "rust programming language" and "vue" for "vue.js".
            let endings = ["js", "programming", "language", "programminglanguage"];
            for ending in endings.into_iter().filter(|_| !folded.is_empty()) {
                let shorter = folded
                    .strip_suffix(ending)
                    .and_then(|shorter| self.by_name.get(shorter));
                if let Some(no) = shorter.or_else(|| self.by_name.get(&format!("{folded}{ending}")))
                {
                    return Ok(*no);
                }
            }
        }
        Err(UnknownSkill {
            name: name.to_owned(),
            nearest: self.nearest(&folded, taxonomy),
        })
    }

    /// The names that begin so, or are some typing errors away: one in three letters,
    /// and of short names one.
    fn nearest(&self, folded: &str, taxonomy: &Taxonomy) -> Vec<NearName> {
        let n_chars = folded.chars().count();
        let limit = (n_chars / 3).clamp(1, MOST_EDITS);
        let mut near: Vec<(usize, &str, &str)> = self
            .by_name
            .iter()
            .filter_map(|(name, no)| {
                let starts = n_chars >= 3 && name.starts_with(folded);
                // Each letter more or less is an error.
                let differ = name.chars().count().abs_diff(n_chars);
                if differ > limit && !starts {
                    return None;
                }
                let distance = edit_distance(folded, name);
                let id = taxonomy.skill(*no).id.as_str();
                (distance <= limit || starts).then_some((distance, id, name.as_str()))
            })
            .collect();
        near.sort_unstable();
        let mut nearest: Vec<NearName> = Vec::new();
        for (_, id, name) in near {
            if nearest.len() < 3 && !nearest.iter().any(|known| known.id == id) {
                let skill = self.by_name.get(name).map(|no| taxonomy.skill(*no));
                nearest.push(NearName {
                    spelling: skill.map_or_else(String::new, |skill| spelt(name, skill)),
                    id: id.to_owned(),
                });
            }
        }
        nearest
    }
}

/// A folded name as the skill has it.
fn spelt(folded: &str, skill: &Skill) -> String {
    let weak = skill.weak().iter().map(|weak| &weak.form);
    let mut all = [&skill.label, &skill.id]
        .into_iter()
        .chain(skill.aliases())
        .chain(weak);
    all.find(|name| fold(name) == folded)
        .map_or_else(|| folded.to_owned(), String::clone)
}

/// The skill of a label: what [`Names`] would say, without reading every spelling.
pub(super) fn by_label(name: &str, skills: &[Skill]) -> Option<SkillNo> {
    let folded = fold(name);
    // Folding is dear; most labels differ in their first letter.
    let first = folded.chars().next()?;
    (0u16..)
        .map(SkillNo)
        .zip(skills)
        .filter(|(_, skill)| {
            skill.label.chars().flat_map(char::to_lowercase).next() == Some(first)
                || skill.label.starts_with(IGNORED)
        })
        .find(|(_, skill)| fold(&skill.label) == folded)
        .map(|(no, _)| no)
}

/// Signs that do not tell names apart.
const IGNORED: [char; 4] = [' ', '-', '_', '.'];

/// Spellings that more than one skill claims.
pub(super) fn clashes(skills: &[Skill]) -> Vec<(String, Vec<String>)> {
    let mut owners: BTreeMap<String, (Vec<String>, bool)> = BTreeMap::new();
    for skill in skills {
        let sure = skill.aliases().iter().map(|alias| (alias, true));
        let weak = skill.weak().iter().map(|weak| (&weak.form, false));
        for (form, is_sure) in sure.chain(weak) {
            // Dots tell ".net" from "net".
            let (ids, some_sure) = owners
                .entry(form.to_lowercase().replace([' ', '-', '_'], ""))
                .or_default();
            if !ids.contains(&skill.id) {
                ids.push(skill.id.clone());
            }
            *some_sure |= is_sure;
        }
    }
    // Of two weak spellings the words around decide.
    owners
        .into_iter()
        .filter(|(_, (ids, some_sure))| ids.len() > 1 && *some_sure)
        .map(|(form, (ids, _))| (form, ids))
        .collect()
}

/// Lower case without blanks, hyphens, underscores and dots between letters.
fn fold(name: &str) -> String {
    name.trim()
        .chars()
        .filter(|c| !IGNORED.contains(c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Edits (insert, delete, replace, swap neighbours) from one word to another.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = vec![];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = above;
        above = row;
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swap_is_one_edit() {
        assert_eq!(edit_distance("pyhton", "python"), 1);
        assert_eq!(edit_distance("", "go"), 2);
        assert_eq!(edit_distance("rust", "rust"), 0);
    }

    #[test]
    fn a_version_is_left_off_and_signs_alone_are_no_name() {
        let taxonomy = Taxonomy::embedded();
        let id = |name: &str| {
            let no = taxonomy.resolve(name).ok()?;
            Some(taxonomy.skill(no).id.clone())
        };
        for (name, wanted) in [
            ("symfony2", "symfony"),
            ("Java 17", "java"),
            ("vue", "vuejs"),
            ("vue3", "vuejs"),
            ("PHP 8.2", "php"),
            (".NET 8", "dotnet"),
            ("go 1.22", "go"),
            ("C# 12", "csharp"),
            ("SQL 2019", "sql"),
        ] {
            assert_eq!(id(name).as_deref(), Some(wanted), "{name}");
        }
        for name in [
            ".",
            "-",
            "",
            "  ",
            "99",
            "c7",
            "java 99999",
            "math 101",
            "1.22",
        ] {
            assert_eq!(id(name), None, "{name:?}");
        }
    }

    #[test]
    fn what_is_meant_is_the_name_that_is_near_with_its_skill() {
        let taxonomy = Taxonomy::embedded();
        let said = |name: &str| taxonomy.resolve(name).unwrap_err().to_string();
        assert!(said("kubrnetes").ends_with("did you mean kubernetes?"));
        // Near to another spelling than the id.
        assert!(said("golanq").contains(" (go)"), "{}", said("golanq"));
        // Of four letters one may be wrong, not two.
        for wrong in ["zqzo", "gqqo"] {
            let near = taxonomy.resolve(wrong).unwrap_err().nearest;
            let is_near = |near: &NearName| edit_distance(wrong, &fold(&near.spelling)) < 2;
            assert!(near.iter().all(is_near), "{wrong}: {near:?}");
        }
    }

    #[test]
    fn folding_drops_what_does_not_tell_names_apart() {
        assert_eq!(fold(" Node.js "), "nodejs");
        assert_eq!(fold("C++"), "c++");
    }
}
