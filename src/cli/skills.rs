//! `skills`: list the taxonomy, show one skill, check files of one's own.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json as value};

use super::Status;
use super::env::{Env, write_json};
use super::filters::skill;
use crate::render::Format;
use crate::skills::{Case, Need, Skill, SkillNo, Taxonomy, is_below};

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
    /// Check the skill files of a directory; without one, those of the program
    Check {
        /// A directory of *.toml files
        directory: Option<PathBuf>,
    },
}

impl SkillsArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json], Format::Json)?;
        let taxonomy = &*env.taxonomy;
        match self.command {
            SkillsCommand::List { text, branch } => list(taxonomy, text.as_deref(), branch.as_deref(), format, out),
            SkillsCommand::Show { name } => show(taxonomy, skill(&name, taxonomy)?, format, out),
            SkillsCommand::Check { directory } => {
                let loaded;
                let taxonomy = match &directory {
                    Some(directory) => {
                        loaded = Taxonomy::from_directory(directory)?;
                        &loaded
                    }
                    None => taxonomy,
                };
                check(taxonomy, format, out)
            }
        }
    }
}

fn list(
    taxonomy: &Taxonomy,
    text: Option<&str>,
    branch: Option<&str>,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let text = text.map(str::to_lowercase);
    let fits = |skill: &Skill| {
        let weak = skill.weak.iter().map(|weak| &weak.form);
        let mut names = [&skill.id, &skill.label].into_iter().chain(&skill.aliases).chain(weak);
        text.as_deref().is_none_or(|text| names.any(|name| name.to_lowercase().contains(text)))
            && branch.is_none_or(|branch| skill.paths.iter().any(|path| is_below(path, branch)))
    };
    let found: Vec<&Skill> = taxonomy.skills().iter().filter(|skill| fits(skill)).collect();
    if format == Format::Json {
        let rows = found.iter().map(|skill| {
            value!({"id": skill.id, "label": skill.label, "kind": skill.kind.as_str(), "paths": skill.paths})
        });
        write_json(out, &rows.collect::<Value>())?;
    } else {
        for skill in &found {
            writeln!(out, "{:<32} {:<36} {}", skill.id, skill.label, skill.paths.join(", "))?;
        }
    }
    Ok(if found.is_empty() { Status::Nothing } else { Status::Answer })
}

fn show(taxonomy: &Taxonomy, no: SkillNo, format: Format, out: &mut dyn Write) -> anyhow::Result<Status> {
    let skill = taxonomy.skill(no);
    let id = |no: &SkillNo| taxonomy.skill(*no).id.clone();
    let need = |need: Need| match need {
        Need::Context => "context",
        Need::Cue => "cue",
        Need::List => "list",
    };
    let weak: Vec<Value> = skill
        .weak
        .iter()
        .map(|weak| {
            let case = if weak.case == Case::Exact { "exact" } else { "any" };
            value!({"form": weak.form, "case": case, "need": need(weak.need)})
        })
        .collect();
    let near: Vec<Value> = skill.near.iter().map(|(no, by)| value!({"id": id(no), "by": by})).collect();
    if format == Format::Json {
        let answer = value!({
            "id": skill.id, "label": skill.label, "kind": skill.kind.as_str(), "paths": skill.paths,
            "aliases": skill.aliases, "weak": weak, "blocks": skill.blocks, "cues": skill.cues,
            "patterns": skill.patterns, "implies": taxonomy.implied_by(no).iter().map(id).collect::<Vec<_>>(),
            "names": skill.names.iter().map(id).collect::<Vec<_>>(), "near": near,
        });
        write_json(out, &answer)?;
        return Ok(Status::Answer);
    }
    writeln!(out, "{} ({}), a {}", skill.label, skill.id, skill.kind)?;
    let weak = skill.weak.iter().map(|weak| {
        let case = if weak.case == Case::Exact { ", written so" } else { "" };
        format!("{} (needs {}{case})", weak.form, need(weak.need))
    });
    let near = skill.near.iter().map(|(no, by)| format!("{} ({by})", id(no)));
    let rows: [(&str, Vec<String>); 8] = [
        ("found under", skill.paths.clone()),
        ("always", skill.aliases.clone()),
        ("with evidence", weak.collect()),
        ("evidence", skill.cues.clone()),
        ("never in", skill.blocks.clone()),
        ("phrases", skill.patterns.clone()),
        ("implies", taxonomy.implied_by(no).iter().map(id).collect()),
        ("near", near.collect()),
    ];
    for (name, values) in rows.iter().filter(|(_, values)| !values.is_empty()) {
        writeln!(out, "  {name:<14} {}", values.join(" · "))?;
    }
    Ok(Status::Answer)
}

/// A taxonomy that could be loaded has no unknown references; what else can be
/// wrong is said here.
fn check(taxonomy: &Taxonomy, format: Format, out: &mut dyn Write) -> anyhow::Result<Status> {
    let clashes = taxonomy.clashes();
    let n_aliases: usize = taxonomy.skills().iter().map(|skill| skill.aliases.len()).sum();
    if format == Format::Json {
        let clashes: Vec<Value> = clashes.iter().map(|(form, ids)| value!({"form": form, "skills": ids})).collect();
        write_json(out, &value!({"skills": taxonomy.skills().len(), "aliases": n_aliases, "clashes": clashes}))?;
    } else {
        writeln!(out, "{} skills with {n_aliases} sure spellings", taxonomy.skills().len())?;
        for (form, ids) in &clashes {
            writeln!(out, "`{form}` is claimed by {}", ids.join(" and "))?;
        }
    }
    Ok(if clashes.is_empty() { Status::Answer } else { Status::Nothing })
}
