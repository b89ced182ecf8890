//! TOML files into a [`Taxonomy`]: shape, references and hash.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::names::Names;
use super::{Kind, Skill, SkillNo, Taxonomy, WeakForm};

/// The files of `schema/skills/`, embedded.
const EMBEDDED: &[(&str, &str)] = &[
    ("certifications.toml", include_str!("../../schema/skills/certifications.toml")),
    ("cloud.toml", include_str!("../../schema/skills/cloud.toml")),
    ("concepts.toml", include_str!("../../schema/skills/concepts.toml")),
    ("data.toml", include_str!("../../schema/skills/data.toml")),
    ("databases.toml", include_str!("../../schema/skills/databases.toml")),
    ("devops.toml", include_str!("../../schema/skills/devops.toml")),
    ("frameworks.toml", include_str!("../../schema/skills/frameworks.toml")),
    ("languages.toml", include_str!("../../schema/skills/languages.toml")),
    ("mobile.toml", include_str!("../../schema/skills/mobile.toml")),
    ("platforms.toml", include_str!("../../schema/skills/platforms.toml")),
    ("products.toml", include_str!("../../schema/skills/products.toml")),
    ("protocols.toml", include_str!("../../schema/skills/protocols.toml")),
    ("responsibilities.toml", include_str!("../../schema/skills/responsibilities.toml")),
    ("soft.toml", include_str!("../../schema/skills/soft.toml")),
    ("testing.toml", include_str!("../../schema/skills/testing.toml")),
    ("tools.toml", include_str!("../../schema/skills/tools.toml")),
];
const REDIRECTS: &str = include_str!("../../schema/skills/redirects.toml");

/// What is wrong with a taxonomy file.
#[derive(Debug, thiserror::Error)]
pub enum TaxonomyError {
    /// The file is out of reach.
    #[error("cannot read {path}")]
    Read {
        /// The file or directory.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML of the expected shape.
    #[error("{file}: not a skill file")]
    Shape {
        /// The file.
        file: String,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// Two blocks have one id.
    #[error("{file}: skill `{id}` stands a second time")]
    Duplicate {
        /// The file with the second one.
        file: String,
        /// The id.
        id: String,
    },
    /// An id is not a slug.
    #[error("{file}: `{id}` is no id: lower-case letters, digits and single hyphens")]
    BadId {
        /// The file.
        file: String,
        /// The id as written.
        id: String,
    },
    /// A skill has no branch, or one of more than two levels.
    #[error("{file}: skill `{id}` needs one or more paths of one or two levels")]
    BadPath {
        /// The file.
        file: String,
        /// The skill.
        id: String,
    },
    /// A reference leads nowhere.
    #[error("skill `{id}` refers to `{reference}`, which is no skill")]
    UnknownReference {
        /// The skill that refers.
        id: String,
        /// What it refers to.
        reference: String,
    },
    /// A nearness is out of range.
    #[error("skill `{id}`: nearness of `{reference}` must be above 0 and at most 0.5")]
    BadNearness {
        /// The skill.
        id: String,
        /// The near one.
        reference: String,
    },
    /// There are more skills than numbers for them.
    #[error("{n} skills are more than the {limit} there is room for", limit = u16::MAX)]
    TooMany {
        /// How many.
        n: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    skill: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    id: String,
    label: String,
    kind: Kind,
    paths: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    weak: Vec<WeakForm>,
    #[serde(default)]
    blocks: Vec<String>,
    #[serde(default)]
    cues: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
    #[serde(default)]
    implies: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    near: Vec<Near>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    id: String,
    by: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Redirects {
    #[serde(default)]
    redirects: BTreeMap<String, String>,
}

pub(super) fn embedded() -> Result<Taxonomy, TaxonomyError> {
    from_files(EMBEDDED, REDIRECTS)
}

/// Reads every `*.toml` of a directory, in name order; `redirects.toml` is optional.
pub(super) fn from_directory(directory: &Path) -> Result<Taxonomy, TaxonomyError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |source| TaxonomyError::Read { path, source }
    };
    let mut files = Vec::new();
    let mut redirects = String::new();
    for entry in fs::read_dir(directory).map_err(read_error(directory))? {
        let path = entry.map_err(read_error(directory))?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(read_error(&path))?;
        if path.file_name().is_some_and(|name| name == "redirects.toml") {
            redirects = text;
        } else {
            files.push((path.display().to_string(), text));
        }
    }
    files.sort_unstable();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    from_files(&files, &redirects)
}

/// Builds a taxonomy from named files and a table of redirects.
fn from_files(files: &[(&str, &str)], redirects: &str) -> Result<Taxonomy, TaxonomyError> {
    let mut blocks: BTreeMap<String, Block> = BTreeMap::new();
    for (name, text) in files {
        let file: File = parse(name, text)?;
        for block in file.skill {
            check(name, &block)?;
            if let Some(second) = blocks.insert(block.id.clone(), block) {
                return Err(TaxonomyError::Duplicate { file: (*name).to_owned(), id: second.id });
            }
        }
    }
    let redirects: Redirects = parse("redirects.toml", redirects)?;
    if blocks.len() > usize::from(u16::MAX) {
        return Err(TaxonomyError::TooMany { n: blocks.len() });
    }
    let numbers: HashMap<String, SkillNo> = blocks.keys().cloned().zip((0u16..).map(SkillNo)).collect();
    let find = |from: &str, to: &str| {
        numbers.get(to).copied().ok_or_else(|| TaxonomyError::UnknownReference {
            id: from.to_owned(),
            reference: to.to_owned(),
        })
    };
    let mut skills = Vec::with_capacity(blocks.len());
    for block in blocks.into_values() {
        skills.push(resolve(block, &find)?);
    }
    let redirects = redirects
        .redirects
        .into_iter()
        .map(|(old, new)| Ok((find(&old, &new).map(|no| (old, no)))?))
        .collect::<Result<BTreeMap<_, _>, TaxonomyError>>()?;
    let implied = closure(&skills);
    let hash = xxh3_64(format!("{skills:?}").as_bytes());
    let names = Names::new(&skills);
    Ok(Taxonomy { skills, redirects, names, implied, hash })
}

fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, TaxonomyError> {
    toml::from_str(text)
        .map_err(|source| TaxonomyError::Shape { file: file.to_owned(), source: Box::new(source) })
}

fn check(file: &str, block: &Block) -> Result<(), TaxonomyError> {
    let is_slug = |text: &str| {
        !text.is_empty()
            && text.split('-').all(|word| {
                !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    };
    if !is_slug(&block.id) {
        return Err(TaxonomyError::BadId { file: file.to_owned(), id: block.id.clone() });
    }
    let fits = |path: &String| path.split('/').count() <= 2 && path.split('/').all(is_slug);
    if block.paths.is_empty() || !block.paths.iter().all(fits) {
        return Err(TaxonomyError::BadPath { file: file.to_owned(), id: block.id.clone() });
    }
    Ok(())
}

fn resolve(
    block: Block,
    find: &impl Fn(&str, &str) -> Result<SkillNo, TaxonomyError>,
) -> Result<Skill, TaxonomyError> {
    let Block { id, label, kind, paths, mut aliases, weak, blocks, cues, patterns, implies, names, near } =
        block;
    let all = |list: &[String]| list.iter().map(|to| find(&id, to)).collect::<Result<Vec<_>, _>>();
    let (implies, names) = (all(&implies)?, all(&names)?);
    let near = near
        .iter()
        .map(|near| {
            if near.by > 0.0 && near.by <= 0.5 {
                Ok((find(&id, &near.id)?, near.by))
            } else {
                Err(TaxonomyError::BadNearness { id: id.clone(), reference: near.id.clone() })
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !weak.iter().any(|weak| weak.form.to_lowercase() == label.to_lowercase()) {
        aliases.insert(0, label.clone());
    }
    Ok(Skill { id, label, kind, paths, aliases, weak, blocks, cues, patterns, implies, names, near })
}

/// For each skill all it implies, through `implies` and `names`, without itself.
fn closure(skills: &[Skill]) -> Vec<Vec<SkillNo>> {
    (0..skills.len())
        .map(|start| {
            let mut reached = Vec::new();
            let mut open: Vec<SkillNo> = vec![];
            let direct = |at: usize| skills[at].implies.iter().chain(&skills[at].names).copied();
            open.extend(direct(start));
            while let Some(no) = open.pop() {
                let at = usize::from(no.0);
                if at != start && !reached.contains(&no) {
                    reached.push(no);
                    open.extend(direct(at));
                }
            }
            reached.sort_unstable();
            reached
        })
        .collect()
}
