//! What a person has: skills named on the command line, read out of a résumé,
//! or kept under a name in the user's configuration directory.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};

use super::env::Env;
use super::filters::skill;
use crate::ingest::document_text;
use crate::query::rank::{MAX_PERSON_SKILLS, Person};
use crate::skills::{SkillNo, Taxonomy};

/// A longer résumé is refused, in bytes: it is another kind of file.
const MAX_RESUME_BYTES: u64 = 16 << 20;

#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct PersonArgs {
    /// What the person can do, with years where known: rust postgresql:5
    #[arg(value_name = "SKILL[:YEARS]")]
    known: Vec<String>,
    /// Read the skills out of a résumé (text, Markdown or HTML, with the feature `documents` PDF and DOCX; - for standard input)
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Skills kept under a name; made when it does not exist
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Put skills into the profile, or change their years
    #[arg(
        long,
        value_name = "SKILL[:YEARS],…",
        value_delimiter = ',',
        requires = "profile"
    )]
    have: Vec<String>,
    /// Take skills out of the profile
    #[arg(
        long,
        value_name = "SKILL,…",
        value_delimiter = ',',
        requires = "profile"
    )]
    lack: Vec<String>,
}

impl PersonArgs {
    /// Whether nothing at all was said of the person.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.resume.is_none() && self.profile.is_none()
    }

    /// The person. What was read out of a résumé and what was kept is told on
    /// stderr before anything is ranked by it.
    pub(super) fn into_person(self, env: &Env) -> anyhow::Result<Person> {
        let taxonomy = &*env.taxonomy;
        let mut person = Person::default();
        if let Some(file) = &self.resume {
            for (no, years) in of_resume(file, env)? {
                add(&mut person, no, years);
            }
            let read = listed(&person, taxonomy);
            env.note(&format!("read out of {}: {read}", file.display()));
        }
        for word in &self.known {
            let (no, years) = skill_and_years(word, taxonomy)?;
            add(&mut person, no, years);
        }
        if let Some(name) = &self.profile {
            person = self.with_profile(name, person, env)?;
        }
        if person.skills.is_empty() {
            bail!(
                "no skill is given; name some (`rust postgresql:5`), or give `--resume FILE` or `--profile NAME`"
            );
        }
        if person.skills.len() > MAX_PERSON_SKILLS {
            bail!(
                "{} skills are more than the {MAX_PERSON_SKILLS} that are looked at",
                person.skills.len()
            );
        }
        Ok(person)
    }

    /// What is kept under a name, edited, with what was said for this run alone.
    fn with_profile(&self, name: &str, said: Person, env: &Env) -> anyhow::Result<Person> {
        let taxonomy = &*env.taxonomy;
        let path = profile_path(name)?;
        let exists = path.exists();
        let mut kept = match exists {
            true => read_profile(&path, taxonomy)?,
            false => said.clone(),
        };
        for word in &self.have {
            let (no, years) = skill_and_years(word, taxonomy)?;
            kept.skills.retain(|(known, _)| *known != no);
            kept.skills.push((no, years));
        }
        for word in &self.lack {
            let no = skill(word, taxonomy)?;
            let n_before = kept.skills.len();
            kept.skills.retain(|(known, _)| *known != no);
            if kept.skills.len() == n_before {
                let label = &taxonomy.skill(no).label;
                env.note(&format!("the profile `{name}` has no {label}"));
            }
        }
        if !exists || !self.have.is_empty() || !self.lack.is_empty() {
            ensure!(
                !kept.skills.is_empty(),
                "there is no profile `{name}`, and no skill to begin it with; \
                 give some, `--resume FILE` or `--have SKILL,…`"
            );
            write_profile(&path, &kept, taxonomy)?;
            let list = listed(&kept, taxonomy);
            env.note(&format!("the profile `{name}` is now {list}"));
        }
        for (no, years) in said.skills {
            add(&mut kept, no, years);
        }
        Ok(kept)
    }
}

/// `rust` or `postgresql:5`.
pub(super) fn skill_and_years(
    word: &str,
    taxonomy: &Taxonomy,
) -> anyhow::Result<(SkillNo, Option<f32>)> {
    let Some((name, years)) = word.rsplit_once(':') else {
        return Ok((skill(word, taxonomy)?, None));
    };
    let years = years
        .parse::<f32>()
        .ok()
        .filter(|years| (0.0..=60.0).contains(years));
    let years = years.with_context(|| format!("`{word}`: years are a number from 0 to 60"))?;
    Ok((skill(name, taxonomy)?, Some(years)))
}

/// Adds a skill; of one that is there already the more years hold.
pub(super) fn add(person: &mut Person, no: SkillNo, years: Option<f32>) {
    match person.skills.iter_mut().find(|(known, _)| *known == no) {
        Some((_, known)) if years > *known => *known = years,
        Some(_) => {}
        None => person.skills.push((no, years)),
    }
}

/// The skills a résumé names, most years first, soft ones and duties after the
/// others; no more than are looked at.
fn of_resume(file: &Path, env: &Env) -> anyhow::Result<Vec<(SkillNo, Option<f32>)>> {
    let bytes = read_file(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = document_text(&bytes).with_context(|| format!("cannot read {}", file.display()))?;
    let mut skills = env.extractor().resume(&text);
    if skills.is_empty() {
        bail!("{}: no skill is named in it", file.display());
    }
    skills.truncate(MAX_PERSON_SKILLS);
    Ok(skills)
}

fn read_file(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut input: Box<dyn Read> = match file.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(fs::File::open(file)?),
    };
    let mut bytes = Vec::new();
    input
        .by_ref()
        .take(MAX_RESUME_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_RESUME_BYTES {
        bail!("more than {} MiB are no résumé", MAX_RESUME_BYTES >> 20);
    }
    Ok(bytes)
}

/// `Rust (5 years), PostgreSQL`.
fn listed(person: &Person, taxonomy: &Taxonomy) -> String {
    let one = |(no, years): &(SkillNo, Option<f32>)| {
        let label = &taxonomy.skill(*no).label;
        match years {
            Some(years) => format!("{label} ({years} years)"),
            None => label.clone(),
        }
    };
    person.skills.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A profile as it lies on disk.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    /// `id` or `id:years`.
    skills: Vec<String>,
}

fn profile_path(name: &str) -> anyhow::Result<PathBuf> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.chars().count() > 64 || !name.chars().all(is_plain) {
        bail!("`{name}` is no name for a profile; use letters, digits, `-` and `_`");
    }
    let directory = dirs::config_dir()
        .context("there is no configuration directory to keep profiles in (is HOME set?)")?;
    Ok(directory
        .join("jobsift")
        .join("profiles")
        .join(format!("{name}.toml")))
}

fn read_profile(path: &Path, taxonomy: &Taxonomy) -> anyhow::Result<Person> {
    let in_file = || format!("in the profile {}", path.display());
    let text = fs::read_to_string(path).with_context(in_file)?;
    let file: ProfileFile = toml::from_str(&text).with_context(in_file)?;
    let mut person = Person::default();
    for word in &file.skills {
        let (no, years) = skill_and_years(word, taxonomy).with_context(in_file)?;
        add(&mut person, no, years);
    }
    Ok(person)
}

fn write_profile(path: &Path, person: &Person, taxonomy: &Taxonomy) -> anyhow::Result<()> {
    let one = |(no, years): &(SkillNo, Option<f32>)| {
        let id = &taxonomy.skill(*no).id;
        years.map_or_else(|| id.clone(), |years| format!("{id}:{years}"))
    };
    let file = ProfileFile {
        skills: person.skills.iter().map(one).collect(),
    };
    let directory = path.parent().unwrap_or(Path::new("."));
    let write = || -> anyhow::Result<()> {
        fs::create_dir_all(directory)?;
        let mut new = tempfile::NamedTempFile::new_in(directory)?;
        new.write_all(toml::to_string_pretty(&file)?.as_bytes())?;
        new.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot keep the profile {}", path.display()))
}
