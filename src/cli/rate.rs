//! `rate`: people ranked for one posting, by the score that `match` gives it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::Status;
use super::env::{Env, write_json};
use super::person::{add, skill_and_years};
use crate::query::Engine;
use crate::query::rank::{Parts, Person, Scorer, Weights};
use crate::render::{Format, csv, json, table};
use crate::skills::Taxonomy;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct RateArgs {
    /// The posting's id
    #[arg(value_name = "ID")]
    id: String,
    /// JSON Lines of people: {"id": "anna", "skills": ["rust:5", {"id": "go", "years": 2}]}; - for standard input
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
    /// Let soft skills and responsibilities count
    #[arg(long)]
    soft: bool,
    /// People to show
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    limit: usize,
}

/// One line of the file.
#[derive(Debug, Deserialize)]
struct PersonLine {
    id: Option<String>,
    name: Option<String>,
    skills: Vec<SkillLine>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum SkillLine {
    Word(String),
    Named { id: String, years: Option<f32> },
}

impl RateArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let has = [
            Format::Table,
            Format::Json,
            Format::Jsonl,
            Format::Csv,
            Format::Tsv,
        ];
        let format = env.format(&has, Format::Json)?;
        let people = people(&self.people, &env.taxonomy)?;
        let engine = env.engine()?;
        let Some(found) = engine.posting(&self.id)? else {
            env.note(&format!("no posting has the id `{}`", self.id));
            return Ok(Status::Nothing);
        };
        let taxonomy = &*env.taxonomy;
        let weights = Weights::standard(false);
        let mut rated: Vec<(String, Parts)> = Vec::new();
        for (name, person) in people {
            let scorer = Scorer::new(&person, taxonomy, engine.rarity(), weights, self.soft);
            rated.push((name, scorer.parts(&found.ask, None, None)));
        }
        rated.sort_by(|(a, of_a), (b, of_b)| {
            of_b.score().total_cmp(&of_a.score()).then_with(|| a.cmp(b))
        });
        let n_people = rated.len();
        rated.truncate(self.limit);
        let posting = &found.posting;
        match format {
            Format::Table => write!(
                out,
                "{}",
                table::rated(posting, &rated, n_people, taxonomy, env.paint())
            )?,
            Format::Csv => write!(out, "{}", csv::rated(&rated, taxonomy, b','))?,
            Format::Tsv => write!(out, "{}", csv::rated(&rated, taxonomy, b'\t'))?,
            Format::Jsonl => {
                for (name, parts) in &rated {
                    write_json(out, &json::rated_person(name, parts, taxonomy))?;
                }
            }
            _ => write_json(out, &json::rated(posting, &rated, n_people, taxonomy))?,
        }
        Ok(Status::Answer)
    }
}

/// Everybody in the file; a line that cannot be read is an error that names it,
/// for a ranking that leaves somebody out silently is worse than none.
fn people(path: &Path, taxonomy: &Taxonomy) -> anyhow::Result<Vec<(String, Person)>> {
    let file: Box<dyn BufRead> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => {
            let failed = || format!("cannot read {}", path.display());
            Box::new(BufReader::new(File::open(path).with_context(failed)?))
        }
    };
    let mut people = Vec::new();
    for (number, line) in (1..).zip(file.lines()) {
        let place = || format!("{}:{number}", path.display());
        let line = line.with_context(place)?;
        if line.trim().is_empty() {
            continue;
        }
        let read: PersonLine = serde_json::from_str(&line)
            .context("not a person such as {\"id\": \"anna\", \"skills\": [\"rust:5\", \"go\"]}")
            .with_context(place)?;
        let mut person = Person::default();
        for skill in read.skills {
            let word = match skill {
                SkillLine::Word(word) => word,
                SkillLine::Named { id, years: None } => id,
                SkillLine::Named {
                    id,
                    years: Some(years),
                } => format!("{id}:{years}"),
            };
            let (no, years) = skill_and_years(&word, taxonomy).with_context(place)?;
            add(&mut person, no, years);
        }
        let name = read.name.or(read.id);
        people.push((name.unwrap_or_else(|| format!("line {number}")), person));
    }
    Ok(people)
}
