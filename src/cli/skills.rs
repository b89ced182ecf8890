//! `skills`: list the taxonomy, show one skill, check files of one's own.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::filters::skill;
use crate::extract::unknown_names;
use crate::index::Index;
use crate::ingest::normalise_words;
use crate::pipeline::advert;
use crate::query::{Engine, Filter, Local};
use crate::render::json::rounded;
use crate::render::{Format, harmless};
use crate::skills::{Case, Kind, Need, Skill, SkillNo, Taxonomy, is_below};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct SkillsArgs {
    #[command(subcommand)]
    command: SkillsCommand,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum SkillsCommand {
    /// List skills, all or those with TEXT in a name
    List {
        /// Part of an id, label or other spelling
        text: Option<String>,
        /// Only below this branch, such as database/relational
        #[arg(long, value_name = "BRANCH")]
        branch: Option<String>,
    },
    /// Show one skill with the rules by which it is read
    Show {
        /// Id, label or any spelling
        name: String,
    },
    /// Check the list of skills, or the files of a directory added to it: clashes,
    /// ordinary words taken for names, skills that no posting in the index names
    Check {
        /// A directory of *.toml files
        directory: Option<PathBuf>,
    },
    /// Names that stand beside known technologies in the index's postings and are in no entry
    Suggest {
        /// Names to show
        #[arg(
            long,
            value_name = "N",
            allow_negative_numbers = true,
            default_value_t = 30
        )]
        limit: usize,
        /// In so many groups of postings at least
        #[arg(
            long,
            value_name = "N",
            allow_negative_numbers = true,
            default_value_t = 3
        )]
        at_least: usize,
    },
}

impl SkillsArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let taxonomy = &*env.taxonomy;
        match self.command {
            SkillsCommand::List { text, branch } => {
                list(env, text.as_deref(), branch.as_deref(), format, out)
            }
            SkillsCommand::Show { name } => show(taxonomy, skill(&name, taxonomy)?, format, out),
            SkillsCommand::Check { directory } => {
                let loaded;
                let taxonomy = match &directory {
                    Some(directory) => {
                        loaded = Taxonomy::embedded_and(directory)?;
                        &loaded
                    }
                    None => taxonomy,
                };
                check(env, taxonomy, format, out)
            }
            SkillsCommand::Suggest { limit, at_least } => {
                suggest(env, limit, at_least, format, out)
            }
        }
    }
}

fn list(
    env: &Env,
    text: Option<&str>,
    branch: Option<&str>,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let taxonomy = &*env.taxonomy;
    let text = text.map(str::to_lowercase);
    let fits = |skill: &Skill| {
        let weak = skill.weak().iter().map(|weak| &weak.form);
        let mut names = [&skill.id, &skill.label]
            .into_iter()
            .chain(skill.aliases())
            .chain(weak);
        text.as_deref()
            .is_none_or(|text| names.any(|name| name.to_lowercase().contains(text)))
            && branch.is_none_or(|branch| skill.paths.iter().any(|path| is_below(path, branch)))
    };
    let found: Vec<&Skill> = taxonomy
        .skills()
        .iter()
        .filter(|skill| fits(skill))
        .collect();
    if found.is_empty() {
        env.note(&match branch {
            Some(branch) if !taxonomy.branches().contains(&branch) => {
                format!("`{branch}` is no branch of skills; `facets skill` lists the branches")
            }
            _ => "no skill is spelt so".to_owned(),
        });
    }
    if format == Format::Json {
        let rows = found.iter().map(|skill| {
            value!({"id": skill.id, "label": skill.label, "kind": skill.kind.as_str(), "paths": skill.paths})
        });
        write_json(out, &rows.collect::<Value>())?;
    } else {
        for skill in &found {
            writeln!(
                out,
                "{:<32} {:<36} {}",
                skill.id,
                skill.label,
                skill.paths.join(", ")
            )?;
        }
    }
    Ok(if found.is_empty() {
        Status::Nothing
    } else {
        Status::Answer
    })
}

fn show(
    taxonomy: &Taxonomy,
    no: SkillNo,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let skill = taxonomy.skill(no);
    let id = |no: &SkillNo| taxonomy.skill(*no).id.clone();
    let need = |need: Need| match need {
        Need::Context => "context",
        Need::Cue => "cue",
        Need::Direct => "direct",
        Need::List => "list",
    };
    let weak: Vec<Value> = skill
        .weak()
        .iter()
        .map(|weak| {
            let case = if weak.case == Case::Exact {
                "exact"
            } else {
                "any"
            };
            value!({"form": weak.form, "case": case, "need": need(weak.need)})
        })
        .collect();
    let near: Vec<Value> = skill
        .near
        .iter()
        .map(|(no, by)| value!({"id": id(no), "by": rounded(f64::from(*by), 3)}))
        .collect();
    if format == Format::Json {
        let answer = value!({
            "id": skill.id, "label": skill.label, "kind": skill.kind.as_str(), "paths": skill.paths,
            "aliases": skill.aliases(), "weak": weak, "blocks": skill.blocks(), "cues": skill.cues(),
            "patterns": skill.patterns(), "implies": taxonomy.implied_by(no).iter().map(id).collect::<Vec<_>>(),
            "names": skill.names.iter().map(id).collect::<Vec<_>>(), "near": near,
        });
        write_json(out, &answer)?;
        return Ok(Status::Answer);
    }
    writeln!(out, "{} ({}), a {}", skill.label, skill.id, skill.kind)?;
    let weak = skill.weak().iter().map(|weak| {
        let case = if weak.case == Case::Exact {
            ", written so"
        } else {
            ""
        };
        format!("{} (needs {}{case})", weak.form, need(weak.need))
    });
    let near = skill
        .near
        .iter()
        .map(|(no, by)| format!("{} ({by})", id(no)));
    let rows: [(&str, Vec<String>); 8] = [
        ("found under", skill.paths.clone()),
        ("always", skill.aliases().to_vec()),
        ("with evidence", weak.collect()),
        ("evidence", skill.cues().to_vec()),
        ("never in", skill.blocks().to_vec()),
        ("phrases", skill.patterns().to_vec()),
        ("implies", taxonomy.implied_by(no).iter().map(id).collect()),
        ("near", near.collect()),
    ];
    for (name, values) in rows.iter().filter(|(_, values)| !values.is_empty()) {
        writeln!(out, "  {name:<14} {}", values.join(" · "))?;
    }
    Ok(Status::Answer)
}

/// Skills that are named of those that no posting names.
const SHOWN_UNSEEN: usize = 12;

/// Ordinary English words; none of them should be a sure spelling.
const COMMON_WORDS: &str = include_str!("../../schema/common_words.txt");

/// A taxonomy that could be loaded has no duplicates and no unknown references;
/// what else can be wrong is said here.
fn check(
    env: &Env,
    taxonomy: &Taxonomy,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let clashes = taxonomy.clashes();
    let n_aliases: usize = taxonomy
        .skills()
        .iter()
        .map(|skill| skill.aliases().len())
        .sum();
    let common: HashSet<&str> = COMMON_WORDS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    let mut ordinary: Vec<(&str, &str)> = Vec::new();
    for skill in taxonomy
        .skills()
        .iter()
        .filter(|skill| matches!(skill.kind, Kind::Technology | Kind::Certification))
    {
        let words = skill
            .aliases()
            .iter()
            .filter(|alias| common.contains(alias.to_lowercase().as_str()));
        ordinary.extend(words.map(|alias| (alias.as_str(), skill.id.as_str())));
    }
    // Without an index there is nothing to be seen in.
    let never_seen: Option<Vec<&str>> = match Index::open(&env.global.index, &env.taxonomy) {
        Ok(index) if index.taxonomy().hash() == taxonomy.hash() => {
            let mut seen = vec![false; taxonomy.skills().len()];
            Local::new(&index, index.taxonomy())?.scan(&Filter::default(), &mut |row| {
                row.ask
                    .iter()
                    .for_each(|entry| seen[usize::from(entry.skill.0)] |= !entry.implied);
            })?;
            let unseen = taxonomy.skills().iter().zip(seen).filter(|(_, seen)| !seen);
            Some(unseen.map(|(skill, _)| skill.id.as_str()).collect())
        }
        _ => None,
    };
    if format == Format::Json {
        let clashes: Vec<Value> = clashes
            .iter()
            .map(|(form, ids)| value!({"form": form, "skills": ids}))
            .collect();
        let ordinary: Vec<Value> = ordinary
            .iter()
            .map(|(form, id)| value!({"form": form, "skill": id}))
            .collect();
        let answer = value!({
            "skills": taxonomy.skills().len(), "aliases": n_aliases, "clashes": clashes,
            "ordinary_words": ordinary, "never_seen": never_seen,
        });
        write_json(out, &answer)?;
    } else {
        writeln!(
            out,
            "{} skills with {n_aliases} sure spellings",
            taxonomy.skills().len()
        )?;
        for (form, ids) in &clashes {
            writeln!(out, "`{form}` is claimed by {}", ids.join(" and "))?;
        }
        for (form, id) in &ordinary {
            writeln!(
                out,
                "`{form}` is an ordinary word and a sure spelling of {id}; a weak form would be safer"
            )?;
        }
        if let Some(ids) = &never_seen {
            let shown = match env.global.verbose {
                true => ids.len(),
                false => ids.len().min(SHOWN_UNSEEN),
            };
            let more = match ids.len() - shown {
                0 => String::new(),
                more => format!(" and {more} more (`-v` names them)"),
            };
            writeln!(
                out,
                "{} skills are named by no posting in the index: {}{more}",
                ids.len(),
                ids[..shown].join(", ")
            )?;
        }
    }
    Ok(if clashes.is_empty() && ordinary.is_empty() {
        Status::Answer
    } else {
        Status::Nothing
    })
}

/// What was found of one name.
#[derive(Default)]
struct Candidate {
    groups: HashSet<String>,
    spellings: BTreeMap<String, usize>,
    samples: Vec<(String, String)>,
}

fn suggest(
    env: &Env,
    limit: usize,
    at_least: usize,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let index = env.index()?;
    let extractor = env.extractor();
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    index.snapshot()?.each_posting::<anyhow::Error>(|kept| {
        let posting = kept.posting;
        let Some(text) = posting.description_text.as_deref() else {
            return Ok(());
        };
        let reading = extractor.read(&advert(&posting));
        for range in unknown_names(text, &reading.body, extractor.taxonomy()) {
            let candidate = found
                .entry(normalise_words(&text[range.clone()]))
                .or_default();
            // A repeated advert is one voice: its employer and title.
            let voice = posting
                .company
                .clone()
                .unwrap_or_else(|| posting.id.clone());
            candidate.groups.insert(voice);
            *candidate
                .spellings
                .entry(text[range.clone()].to_owned())
                .or_default() += 1;
            if candidate.samples.len() < 2 {
                let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let end = text[range.end..]
                    .find('\n')
                    .map_or(text.len(), |len| range.end + len);
                let sample: String = text[line..end].chars().take(160).collect();
                candidate.samples.push((posting.id.clone(), sample));
            }
        }
        Ok(())
    })?;
    let mut rows: Vec<(usize, String, Candidate)> = found
        .into_values()
        .filter(|candidate| candidate.groups.len() >= at_least)
        .map(|candidate| {
            let commonest = candidate.spellings.iter().max_by_key(|(_, n)| **n);
            let name = commonest.map(|(name, _)| name.clone()).unwrap_or_default();
            (candidate.groups.len(), name, candidate)
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    if rows.is_empty() {
        env.note(&format!(
            "no unknown name stands beside known technologies with {at_least} employers or more (`--at-least`)"
        ));
    }
    rows.truncate(limit);
    if format == Format::Json {
        let rows = rows.iter().map(|(n, name, candidate)| {
            let samples: Vec<Value> = candidate
                .samples
                .iter()
                .map(|(id, text)| value!({"id": id, "text": text}))
                .collect();
            value!({"name": name, "employers": n, "samples": samples})
        });
        write_json(out, &rows.collect::<Value>())?;
    } else {
        for (n, name, candidate) in &rows {
            writeln!(out, "{n:>5}  {}", harmless(name))?;
            for (id, text) in &candidate.samples {
                writeln!(out, "       {}: {}", harmless(id), harmless(text))?;
            }
        }
    }
    Ok(if rows.is_empty() {
        Status::Nothing
    } else {
        Status::Answer
    })
}
