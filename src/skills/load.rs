//! TOML files into a [`Taxonomy`]: shape, references and hash.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::Xxh3;

use super::bundle::bundle;
use super::taxonomy::Wording;
use super::{Kind, Skill, SkillNo, Taxonomy, WeakForm};

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
    /// The file is not TOML.
    #[error("{file}: not a skill file")]
    Toml {
        /// The file.
        file: String,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// A block is not of the expected shape.
    #[error("{file}: skill `{id}`: {why}")]
    Shape {
        /// The file.
        file: String,
        /// The block's id, as far as it has one.
        id: String,
        /// What is wrong.
        why: String,
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
    /// A spelling stands more often than there is room for.
    #[error(
        "`{form}` is a spelling or a block {n} times; {limit} times at most",
        limit = MOST_SHARING
    )]
    Shared {
        /// The spelling, without its blanks and accents.
        form: String,
        /// How often it stands in all skills.
        n: usize,
    },
    /// There are more skills than numbers for them.
    #[error("{n} skills are more than the {limit} there is room for", limit = u16::MAX)]
    TooMany {
        /// How many.
        n: usize,
    },
}

/// So often one spelling or block may stand in all skills together: what ends with a word is
/// counted in six bits, and cues may share it too.
const MOST_SHARING: usize = 50;

#[derive(Deserialize)]
struct Bundle {
    skill: Vec<Block>,
    redirects: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    file: String,
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

pub(super) fn from_bundle(joined: &str) -> Result<Taxonomy, TaxonomyError> {
    from_joined(Cow::Owned(joined.to_owned()))
}

/// What [`bundle`] made, with the files of a directory added to it.
pub(super) fn joined_and(known: &str, directory: &Path) -> Result<Taxonomy, TaxonomyError> {
    let own = joined_files(directory)?;
    let [known, own] = [known, &own]
        .map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default());
    let id = |block: &serde_json::Value| block["id"].as_str().unwrap_or_default().to_owned();
    let blocks = |whole: &serde_json::Value| whole["skill"].as_array().cloned().unwrap_or_default();
    let replaced: Vec<String> = blocks(&own).iter().map(id).collect();
    let mut all = blocks(&known);
    all.retain(|block| !replaced.contains(&id(block)));
    all.extend(blocks(&own));
    all.sort_by_key(id);
    let mut redirects = known["redirects"].as_object().cloned().unwrap_or_default();
    redirects.extend(own["redirects"].as_object().cloned().unwrap_or_default());
    from_joined(Cow::Owned(
        serde_json::json!({ "skill": all, "redirects": redirects }).to_string(),
    ))
}

pub(crate) fn from_directory(directory: &Path) -> Result<Taxonomy, TaxonomyError> {
    from_joined(Cow::Owned(joined_files(directory)?))
}

/// Every `*.toml` of a directory.
fn joined_files(directory: &Path) -> Result<String, TaxonomyError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |source| TaxonomyError::Read { path, source }
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(read_error(directory))? {
        let path = entry.map_err(read_error(directory))?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        files.push((name, fs::read_to_string(&path).map_err(read_error(&path))?));
    }
    files.sort_unstable();
    bundle(&files).map_err(|(file, source)| TaxonomyError::Toml { file, source })
}

/// Builds a taxonomy from what [`bundle`] made.
fn from_joined(joined: Cow<'static, str>) -> Result<Taxonomy, TaxonomyError> {
    let Bundle {
        skill: blocks,
        redirects,
    } = serde_json::from_str(&joined).map_err(|_| misshapen(&joined))?;
    for pair in blocks.windows(2) {
        if pair[0].id == pair[1].id {
            return Err(TaxonomyError::Duplicate {
                file: pair[1].file.clone(),
                id: pair[1].id.clone(),
            });
        }
    }
    blocks.iter().try_for_each(check)?;
    check_sharing(&blocks)?;
    if blocks.len() > usize::from(u16::MAX) {
        return Err(TaxonomyError::TooMany { n: blocks.len() });
    }
    let ids = blocks.iter().map(|block| block.id.clone());
    let numbers: HashMap<String, SkillNo> = ids.zip((0u16..).map(SkillNo)).collect();
    let find = |from: &str, to: &str| {
        numbers
            .get(to)
            .copied()
            .ok_or_else(|| TaxonomyError::UnknownReference {
                id: from.to_owned(),
                reference: to.to_owned(),
            })
    };
    let mut skills = Vec::with_capacity(blocks.len());
    for block in blocks {
        skills.push(resolve(block, &find)?);
    }
    let redirects = redirects
        .into_iter()
        .map(|(old, new)| find(&old, &new).map(|no| (old, no)))
        .collect::<Result<BTreeMap<_, _>, TaxonomyError>>()?;
    let implied = closure(&skills);
    let hash = fingerprint(&skills);
    Ok(Taxonomy {
        skills,
        redirects,
        names: OnceLock::new(),
        implied,
        hash,
        joined,
    })
}

/// Refuses spellings and blocks that stand too often.
fn check_sharing(blocks: &[Block]) -> Result<(), TaxonomyError> {
    let mut sharing: HashMap<String, usize> = HashMap::new();
    for block in blocks {
        let weak = block.weak.iter().map(|weak| &weak.form);
        let all = block.aliases.iter().chain(weak).chain(&block.blocks);
        for form in all.chain([&block.label]) {
            let is_part = |c: &char| c.is_alphanumeric() || c.is_ascii_punctuation();
            let letters = form
                .nfkd()
                .filter(is_part)
                .filter(|c| !matches!(c, '-' | '_'));
            *sharing
                .entry(letters.flat_map(char::to_lowercase).collect())
                .or_default() += 1;
        }
    }
    let most = sharing
        .into_iter()
        .max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0)));
    match most {
        Some((form, n)) if n > MOST_SHARING => Err(TaxonomyError::Shared { form, n }),
        _ => Ok(()),
    }
}

/// A hash of everything that decides what is read, and of nothing else.
fn fingerprint(skills: &[Skill]) -> u64 {
    let mut hasher = Xxh3::new();
    let mut text = |text: &str| {
        hasher.update(text.as_bytes());
        hasher.update(&[0x1f]);
    };
    for skill in skills {
        [&*skill.id, &*skill.label, skill.kind.as_str()]
            .into_iter()
            .for_each(&mut text);
        for list in [
            &skill.paths[..],
            skill.aliases(),
            skill.blocks(),
            skill.cues(),
            skill.patterns(),
        ] {
            list.iter().for_each(|item| text(item));
            text("\u{1e}");
        }
        for WeakForm { form, case, need } in skill.weak() {
            text(form);
            text(&format!("{case:?} {need:?}"));
        }
        let near = skill.near.iter().map(|(no, by)| (no, *by));
        for (no, by) in skill
            .implies
            .iter()
            .map(|no| (no, 1.0))
            .chain(skill.names.iter().map(|no| (no, 2.0)))
            .chain(near)
        {
            text(&format!("{} {by}", no.0));
        }
    }
    hasher.digest()
}

/// Finds the block that is to blame.
fn misshapen(joined: &str) -> TaxonomyError {
    let whole: serde_json::Value = serde_json::from_str(joined).unwrap_or_default();
    let blocks = whole["skill"].as_array().into_iter().flatten();
    for block in blocks {
        if let Err(error) = Block::deserialize(block) {
            let text = |key: &str| block[key].as_str().unwrap_or_default().to_owned();
            return TaxonomyError::Shape {
                file: text("file"),
                id: text("id"),
                why: error.to_string(),
            };
        }
    }
    TaxonomyError::Shape {
        file: "redirects.toml".to_owned(),
        id: String::new(),
        why: "redirects are texts".to_owned(),
    }
}

fn check(block: &Block) -> Result<(), TaxonomyError> {
    let file = block.file.clone();
    let is_slug = |text: &str| {
        !text.is_empty()
            && text.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    };
    if !is_slug(&block.id) {
        return Err(TaxonomyError::BadId {
            file,
            id: block.id.clone(),
        });
    }
    let fits = |path: &String| path.split('/').count() <= 2 && path.split('/').all(is_slug);
    if block.paths.is_empty() || !block.paths.iter().all(fits) {
        return Err(TaxonomyError::BadPath {
            file,
            id: block.id.clone(),
        });
    }
    Ok(())
}

fn resolve(
    block: Block,
    find: &impl Fn(&str, &str) -> Result<SkillNo, TaxonomyError>,
) -> Result<Skill, TaxonomyError> {
    let Block {
        file: _,
        id,
        label,
        kind,
        paths,
        mut aliases,
        weak,
        blocks,
        cues,
        patterns,
        implies,
        names,
        near,
    } = block;
    let all = |list: &[String]| {
        list.iter()
            .map(|to| find(&id, to))
            .collect::<Result<Vec<_>, _>>()
    };
    let (implies, names) = (all(&implies)?, all(&names)?);
    let near = near
        .iter()
        .map(|near| {
            if near.by > 0.0 && near.by <= 0.5 {
                Ok((find(&id, &near.id)?, near.by))
            } else {
                Err(TaxonomyError::BadNearness {
                    id: id.clone(),
                    reference: near.id.clone(),
                })
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    if !weak
        .iter()
        .any(|weak| weak.form.to_lowercase() == label.to_lowercase())
    {
        aliases.insert(0, label.clone());
    }
    let wording = Wording {
        aliases,
        weak,
        blocks,
        cues,
        patterns,
    }
    .into();
    Ok(Skill {
        id,
        label,
        kind,
        paths,
        implies,
        names,
        near,
        wording,
    })
}

/// For each skill all it implies, through `implies` and `names`, without itself.
pub(super) fn closure(skills: &[Skill]) -> Vec<Vec<SkillNo>> {
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
