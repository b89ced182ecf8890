//! `match`: rank postings for somebody with these skills.

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::Value;

use super::Status;
use super::env::{Env, write_json};
use super::filters::{FilterArgs, skill};
use crate::extract::Extractor;
use crate::pipeline::advert;
use crate::posting::Posting;
use crate::query::rank::{MAX_PERSON_SKILLS, Person, Weights};
use crate::query::{Engine, MatchRequest, TextQuery};
use crate::render::{Format, json, table};
use crate::skills::{SkillNo, Taxonomy};

#[derive(Debug, Clone, clap::Args)]
pub(super) struct MatchArgs {
    /// What the person can do, with years where known: rust postgresql:5
    #[arg(required = true, value_name = "SKILL[:YEARS]")]
    person: Vec<String>,
    /// Words to rank by as well
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Let soft skills and responsibilities count
    #[arg(long)]
    soft: bool,
    /// How much each part counts: fit=0.6,use=0.4,text=0.2,fresh=0.1
    #[arg(long, value_name = "PART=SHARE,…")]
    weights: Option<String>,
    /// Show the points of every requirement, with its sentence in the posting
    #[arg(long)]
    explain: bool,
    /// Hits to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Hits to leave out first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

impl MatchArgs {
    fn into_request(self, env: &Env) -> anyhow::Result<MatchRequest> {
        let person = person(&self.person, &env.taxonomy)?;
        let text = self
            .text
            .as_deref()
            .map(TextQuery::parse)
            .transpose()
            .context("cannot read the words")?;
        let standard = Weights::standard(text.is_some());
        Ok(MatchRequest {
            person,
            weights: self
                .weights
                .as_deref()
                .map(weights)
                .transpose()?
                .unwrap_or(standard),
            text,
            filter: self.filters.into_filter(env)?,
            soft: self.soft,
            now: env.now,
            limit: self.limit,
            offset: self.offset,
        })
    }

    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(&[Format::Table, Format::Json, Format::Jsonl], Format::Jsonl)?;
        let explain = self.explain;
        let request = self.into_request(env)?;
        let engine = env.engine()?;
        let started = Instant::now();
        let answer = engine.matches(&request)?;
        let took_ms = started.elapsed().as_secs_f64() * 1000.0;
        let taxonomy = &*env.taxonomy;
        let extractor = env.extractor();
        let evidence = |posting: &Posting, no: SkillNo| sentence(&extractor, posting, no);
        let hits: Vec<Value> = answer
            .hits
            .iter()
            .map(|found| {
                let mut fields = json::match_hit(found, taxonomy);
                if explain {
                    let of = |no: SkillNo| evidence(&found.hit.posting, no);
                    fields.insert(
                        "explain".to_owned(),
                        json::explained(&found.parts, taxonomy, of),
                    );
                }
                Value::Object(fields)
            })
            .collect();
        match format {
            Format::Table => {
                let have = &request.person.skills;
                let evidence: &table::Evidence<'_> = &evidence;
                let explain = explain.then_some(evidence);
                write!(
                    out,
                    "{}",
                    table::matches(&answer, have, taxonomy, env.paint(), explain)
                )?;
            }
            Format::Jsonl => {
                for hit in &hits {
                    write_json(out, hit)?;
                }
            }
            _ => {
                let have: Vec<SkillNo> = request.person.skills.iter().map(|(no, _)| *no).collect();
                let mut whole = json::matches(&answer, &have, taxonomy, took_ms);
                whole["hits"] = hits.into();
                write_json(out, &whole)?;
            }
        }
        if answer.n_groups == 0 {
            env.note("no posting asks for any of these skills or for one that is near to them");
            return Ok(Status::Nothing);
        }
        Ok(Status::Answer)
    }
}

/// `rust`, `postgresql:5`: skills with years.
pub(super) fn person(words: &[String], taxonomy: &Taxonomy) -> anyhow::Result<Person> {
    let mut person = Person::default();
    for word in words {
        let (name, years) =
            match word.rsplit_once(':') {
                Some((name, years)) => {
                    let years = years
                        .parse::<f32>()
                        .ok()
                        .filter(|years| (0.0..=60.0).contains(years));
                    (
                        name,
                        Some(years.with_context(|| {
                            format!("`{word}`: years are a number from 0 to 60")
                        })?),
                    )
                }
                None => (word.as_str(), None),
            };
        let no = skill(name, taxonomy)?;
        match person.skills.iter_mut().find(|(known, _)| *known == no) {
            Some((_, known)) => {
                if years > *known {
                    *known = years;
                }
            }
            None => person.skills.push((no, years)),
        }
    }
    if person.skills.len() > MAX_PERSON_SKILLS {
        bail!(
            "{} skills are more than the {MAX_PERSON_SKILLS} that are looked at",
            person.skills.len()
        );
    }
    Ok(person)
}

fn weights(text: &str) -> anyhow::Result<Weights> {
    let mut weights = Weights {
        fit: 0.0,
        used: 0.0,
        text: 0.0,
        fresh: 0.0,
    };
    for pair in text.split(',') {
        let help = || format!("`{pair}` is no weight; write fit=0.6,use=0.4");
        let (name, share) = pair.split_once('=').with_context(help)?;
        let share: f64 = share
            .trim()
            .parse()
            .ok()
            .filter(|share: &f64| share.is_finite() && *share >= 0.0)
            .with_context(help)?;
        match name.trim() {
            "fit" => weights.fit = share,
            "use" => weights.used = share,
            "text" => weights.text = share,
            "fresh" => weights.fresh = share,
            _ => bail!("{}; the parts are fit, use, text and fresh", help()),
        }
    }
    if weights.fit + weights.used + weights.text + weights.fresh <= 0.0 {
        bail!("at least one weight must be above 0");
    }
    Ok(weights)
}

/// The line of a posting that names a skill.
fn sentence(extractor: &Extractor, posting: &Posting, no: SkillNo) -> Option<String> {
    let reading = extractor.read(&advert(posting));
    let asks = |mention: &&crate::extract::Mention| {
        mention.skill == no && !mention.implied && !mention.negated
    };
    let line = |text: &str, at: usize| {
        let begin = text[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = text[at..].find('\n').map_or(text.len(), |len| at + len);
        let line = &text[begin..end];
        // Of a long paragraph, the sentence.
        let inside = at - begin;
        let from = line[..inside].rfind(". ").map_or(0, |at| at + 2);
        let to = line[inside..]
            .find(". ")
            .map_or(line.len(), |len| inside + len + 1);
        line[from..to].trim().to_owned()
    };
    let body = reading
        .body
        .iter()
        .filter(asks)
        .filter(|mention| mention.section.counts())
        .max_by_key(|mention| mention.strength);
    match (body, reading.title.iter().find(asks)) {
        (Some(mention), _) => Some(line(posting.description_text.as_deref()?, mention.start)),
        (None, Some(_)) => posting.title.clone(),
        (None, None) => None,
    }
}
