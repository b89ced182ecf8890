//! The types: what a skill is, and all of them as a [`Taxonomy`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::names::{self, Names, UnknownSkill};
use super::{TaxonomyError, load, tables};

/// A skill's place in its [`Taxonomy`]: an index into [`Taxonomy::skills`].
///
/// It means nothing without the taxonomy it came from; an index remembers the
/// ids of the one it was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SkillNo(pub u16);

/// What a skill is by nature, whatever a posting does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A thing with a name: a language, a product, a protocol.
    Technology,
    /// A practice, a field, a way of building.
    Concept,
    /// A trait of the person.
    Soft,
    /// Something the person will do.
    Responsibility,
    /// A paper that says the person can.
    Certification,
}

impl Kind {
    /// The word for it in files and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Technology => "technology",
            Kind::Concept => "concept",
            Kind::Soft => "soft",
            Kind::Responsibility => "responsibility",
            Kind::Certification => "certification",
        }
    }

    /// Whether a skill of this kind counts for a match without being asked to.
    pub fn is_hard(self) -> bool {
        !matches!(self, Kind::Soft | Kind::Responsibility)
    }
}

/// What evidence an ambiguous form needs before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// A posting that names other sure technologies is enough.
    Context,
    /// A neighbour in a list, or a cue word beside it.
    #[default]
    Cue,
    /// The same at this very place: no other mention and no rich posting will do.
    Direct,
    /// A neighbour in a list, or one of the skill's own cues.
    List,
}

/// Whether letter case decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    /// Any case will do.
    #[default]
    Any,
    /// Only as written in the taxonomy.
    Exact,
}

/// A spelling that is not always the skill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeakForm {
    /// The spelling.
    pub form: String,
    /// Whether it must be written just so.
    #[serde(default)]
    pub case: Case,
    /// What it takes to count.
    #[serde(default)]
    pub need: Need,
}

/// One skill of the taxonomy.
#[derive(Debug, Clone)]
pub struct Skill {
    /// Stable slug: lower-case letters, digits and single hyphens.
    pub id: String,
    /// How people write it.
    pub label: String,
    /// What it is by nature.
    pub kind: Kind,
    /// Branches it is found under, such as `database/relational`; never empty.
    pub paths: Vec<String>,
    /// Skills that whoever has this one has too, directly named here.
    pub implies: Vec<SkillNo>,
    /// Parents whose own name is said with this one.
    pub names: Vec<SkillNo>,
    /// Skills that stand in for this one, and how far: (0, 0.5].
    pub near: Vec<(SkillNo, f32)>,
    /// How it is said; most commands never ask.
    pub(super) wording: LazyWording,
}

impl Skill {
    /// Spellings that count anywhere, the label among them unless it is weak.
    pub fn aliases(&self) -> &[String] {
        &self.wording.get().aliases
    }

    /// Spellings that count only with evidence.
    pub fn weak(&self) -> &[WeakForm] {
        &self.wording.get().weak
    }

    /// Phrases that contain a form and are something else.
    pub fn blocks(&self) -> &[String] {
        &self.wording.get().blocks
    }

    /// Words that settle a weak form of this skill when they stand beside it.
    pub fn cues(&self) -> &[String] {
        &self.wording.get().cues
    }

    /// Phrase patterns, in the syntax of `schema/README.md`.
    pub fn patterns(&self) -> &[String] {
        &self.wording.get().patterns
    }
}

/// How a skill is said, see the methods of [`Skill`].
#[derive(Debug, Clone, Default)]
pub(super) struct Wording {
    pub(super) aliases: Vec<String>,
    pub(super) weak: Vec<WeakForm>,
    pub(super) blocks: Vec<String>,
    pub(super) cues: Vec<String>,
    pub(super) patterns: Vec<String>,
}

/// A wording that is unpacked when somebody asks for it.
#[derive(Debug, Clone)]
pub(super) struct LazyWording {
    wording: OnceLock<Wording>,
    /// What [`tables`] packed; empty if the wording is there already.
    packed: &'static [u8],
}

impl LazyWording {
    pub(super) fn packed(packed: &'static [u8]) -> LazyWording {
        LazyWording {
            wording: OnceLock::new(),
            packed,
        }
    }

    pub(super) fn get(&self) -> &Wording {
        self.wording
            .get_or_init(|| tables::unpack_wording(self.packed))
    }
}

impl From<Wording> for LazyWording {
    fn from(wording: Wording) -> LazyWording {
        LazyWording {
            wording: OnceLock::from(wording),
            packed: &[],
        }
    }
}

/// All skills, sorted by id, with every reference resolved.
#[derive(Debug, Clone)]
pub struct Taxonomy {
    pub(super) skills: Vec<Skill>,
    pub(super) redirects: BTreeMap<String, SkillNo>,
    /// Made when somebody asks for a skill by a name that is neither id nor label.
    pub(super) names: OnceLock<Names>,
    /// For each skill, everything it implies over any number of steps, without itself.
    pub(super) implied: Vec<Vec<SkillNo>>,
    pub(super) hash: u64,
    /// What it was made from.
    pub(super) joined: Cow<'static, str>,
}

impl Taxonomy {
    /// The taxonomy of a directory of TOML files.
    ///
    /// # Errors
    /// [`TaxonomyError`], naming the file.
    pub fn from_directory(directory: &Path) -> Result<Taxonomy, TaxonomyError> {
        load::from_directory(directory)
    }

    /// The taxonomy that [`Taxonomy::to_json`] wrote.
    ///
    /// # Errors
    /// [`TaxonomyError`] if it is not one.
    pub fn from_json(text: &str) -> Result<Taxonomy, TaxonomyError> {
        load::from_bundle(text)
    }

    /// Everything it was made from, as one text.
    pub fn to_json(&self) -> &str {
        &self.joined
    }

    /// Spellings that more than one skill claims, one of them for sure, with the
    /// ids of those; sorted.
    pub fn clashes(&self) -> Vec<(String, Vec<String>)> {
        names::clashes(&self.skills)
    }

    /// All skills, sorted by id.
    pub fn skills(&self) -> &[Skill] {
        &self.skills
    }

    /// Every skill with its number.
    pub fn iter(&self) -> impl Iterator<Item = (SkillNo, &Skill)> {
        (0u16..).map(SkillNo).zip(&self.skills)
    }

    /// The skill of a number.
    ///
    /// # Panics
    /// If the number is of another taxonomy and too large for this one.
    pub fn skill(&self, no: SkillNo) -> &Skill {
        &self.skills[usize::from(no.0)]
    }

    /// The skill of an id, a renamed id included.
    pub fn by_id(&self, id: &str) -> Option<SkillNo> {
        match self
            .skills
            .binary_search_by(|skill| skill.id.as_str().cmp(id))
        {
            Ok(at) => u16::try_from(at).ok().map(SkillNo),
            Err(_) => self.redirects.get(id).copied(),
        }
    }

    /// The skill a person means by a name: an id, a label or any spelling, in
    /// any case.
    ///
    /// # Errors
    /// [`UnknownSkill`], with the nearest known names.
    pub fn resolve(&self, name: &str) -> Result<SkillNo, UnknownSkill> {
        if let Some(no) = self.by_id(name) {
            return Ok(no);
        }
        if let Some(no) = names::by_label(name, &self.skills) {
            return Ok(no);
        }
        self.names
            .get_or_init(|| Names::new(&self.skills))
            .resolve(name, self)
    }

    /// The skill of an id, a label or any spelling, in any case; unlike
    /// [`Taxonomy::resolve`] it looks for nothing that is near.
    pub fn find(&self, name: &str) -> Option<SkillNo> {
        let known = || self.names.get_or_init(|| Names::new(&self.skills));
        self.by_id(name)
            .or_else(|| names::by_label(name, &self.skills))
            .or_else(|| known().find(name))
    }

    /// Old ids and the skills they now mean.
    pub fn redirects(&self) -> &BTreeMap<String, SkillNo> {
        &self.redirects
    }

    /// Everything a skill implies over any number of steps, without itself.
    pub fn implied_by(&self, no: SkillNo) -> &[SkillNo] {
        &self.implied[usize::from(no.0)]
    }

    /// The skills below a branch, such as `language` or `database/relational`.
    pub fn under(&self, branch: &str) -> Vec<SkillNo> {
        self.iter()
            .filter(|(_, skill)| skill.paths.iter().any(|path| is_below(path, branch)))
            .map(|(no, _)| no)
            .collect()
    }

    /// Every branch, with the branches above it, sorted.
    pub fn branches(&self) -> Vec<&str> {
        let mut branches: Vec<&str> = Vec::new();
        for path in self.skills.iter().flat_map(|skill| &skill.paths) {
            branches.push(path);
            branches.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        }
        branches.sort_unstable();
        branches.dedup();
        branches
    }

    /// A fingerprint of everything that decides what is read: equal taxonomies
    /// have equal hashes on every machine.
    pub fn hash(&self) -> u64 {
        self.hash
    }
}

/// Whether `path` is `branch` or lies below it.
pub fn is_below(path: &str, branch: &str) -> bool {
    path.strip_prefix(branch)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
