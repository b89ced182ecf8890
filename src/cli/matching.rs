//! `match`: rank postings for somebody with these skills.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Instant;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::Status;
use super::env::{Env, write_json};
use super::filters::FilterArgs;
use super::person::PersonArgs;
use super::search::advise;
use crate::extract::Extractor;
use crate::pipeline::advert;
use crate::posting::Posting;
use crate::query::rank::{MAX_PERSON_SKILLS, Person, Weights};
use crate::query::{Engine, Local, MatchRequest, Question, TextQuery, language};
use crate::render::{Format, csv, json, table};
use crate::skills::SkillNo;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct MatchArgs {
    #[command(flatten)]
    person: PersonArgs,
    /// A posting to find more of; its skills count as had
    #[arg(long, value_name = "ID")]
    like: Vec<String>,
    /// A posting to keep away from: what it asks for and those liked do not is not looked for
    #[arg(long, value_name = "ID", requires = "like")]
    unlike: Vec<String>,
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
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 10
    )]
    limit: usize,
    /// Hits to leave out first
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = 0
    )]
    offset: usize,
    #[command(flatten)]
    filters: FilterArgs,
}

/// Words to rank by; they take no posting away, as conditions and a minus do.
fn words(text: &str, env: &Env) -> anyhow::Result<Question> {
    let context = language::Context {
        taxonomy: &env.taxonomy,
        now: env.now,
    };
    let question = TextQuery::parse(text)?.resolve(context)?;
    if !question.is_words() {
        bail!(
            "they rank and rule nothing out; conditions have options of their own: `--company`, `--not-skill` …"
        );
    }
    Ok(question)
}

impl MatchArgs {
    /// Postings like one: what `similar` asks.
    pub(super) fn similar(
        id: String,
        limit: usize,
        explain: bool,
        filters: FilterArgs,
    ) -> MatchArgs {
        MatchArgs {
            person: PersonArgs::default(),
            like: vec![id],
            unlike: Vec::new(),
            text: None,
            soft: false,
            weights: None,
            explain,
            limit,
            offset: 0,
            filters,
        }
    }

    fn into_request(self, env: &Env, engine: &Local) -> anyhow::Result<MatchRequest> {
        let mut person = match self.person.is_empty() && !self.like.is_empty() {
            true => Person::default(),
            false => self.person.into_person(env)?,
        };
        let mut standard = Weights::standard(self.text.is_some());
        if !self.like.is_empty() {
            let liked = like(engine, &self.like, &self.unlike)?;
            let is_new = |no: SkillNo| person.skills.iter().all(|(known, _)| *known != no);
            let more: Vec<_> = liked.into_iter().filter(|(no, _)| is_new(*no)).collect();
            person.skills.extend(more);
            person.skills.truncate(MAX_PERSON_SKILLS);
            if self.text.is_none() {
                standard = Weights::alike();
            }
        }
        let text = self
            .text
            .as_deref()
            .map(|text| words(text, env))
            .transpose()
            .context("cannot read the words")?;
        let given = self.weights.as_deref().map(weights).transpose()?;
        let weights = given.unwrap_or(standard);
        ensure!(
            text.is_some() || weights.fit + weights.used + weights.fresh > 0.0,
            "`--weights` counts the words alone, and `--text` gives none"
        );
        Ok(MatchRequest {
            person,
            weights,
            text,
            filter: self.filters.into_filter(env)?,
            soft: self.soft,
            not_copies_of: self.like.into_iter().chain(self.unlike).collect(),
            now: env.now,
            limit: self.limit,
            offset: self.offset,
        })
    }

    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let has = [
            Format::Table,
            Format::Json,
            Format::Jsonl,
            Format::Csv,
            Format::Tsv,
        ];
        let format = env.format(&has, Format::Jsonl)?;
        let explain = self.explain;
        let engine = env.engine()?;
        let liked = match self.person.is_empty() {
            true => self.like.clone(),
            false => Vec::new(),
        };
        let request = self.into_request(env, &engine)?;
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
                    let of = |no: SkillNo| Some(evidence(&found.hit.posting, no)?.0);
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
                    table::matches(&answer, have, &liked, taxonomy, env.paint(), explain)
                )?;
            }
            Format::Jsonl => {
                for hit in &hits {
                    write_json(out, hit)?;
                }
            }
            Format::Csv => write!(out, "{}", csv::matches(&answer, taxonomy, b','))?,
            Format::Tsv => write!(out, "{}", csv::matches(&answer, taxonomy, b'\t'))?,
            _ => {
                let have: Vec<SkillNo> = request.person.skills.iter().map(|(no, _)| *no).collect();
                let mut whole = json::matches(&answer, &have, taxonomy, took_ms);
                whole["hits"] = hits.into();
                write_json(out, &whole)?;
            }
        }
        if answer.n_groups == 0 {
            say_why(&engine, &request, env)?;
            return Ok(Status::Nothing);
        }
        Ok(Status::Answer)
    }
}

/// Says on stderr why nobody's posting was found: the filters leave none, what is
/// weighed gives none a point, or none asks for anything that the person has.
fn say_why(engine: &Local, request: &MatchRequest, env: &Env) -> anyhow::Result<()> {
    let advice = engine.advice(&Question::default(), &request.filter)?;
    if advice.emptied_by.is_some() {
        advise(&advice, env);
        return Ok(());
    }
    let left = match request.filter.is_empty() {
        true => "no posting",
        false => "no posting that the filters leave",
    };
    let Weights { fit, used, .. } = request.weights;
    env.note(&match fit + used > 0.0 {
        true => {
            format!("{left} asks for any of these skills or for one that is near to them")
        }
        false => format!("{left} gets a point by what `--weights` counts"),
    });
    Ok(())
}

/// What some postings ask for and others do not: each skill that the liked ones
/// ask for more often than the others, with the most years asked.
fn like(
    engine: &Local,
    liked: &[String],
    unliked: &[String],
) -> anyhow::Result<Vec<(SkillNo, Option<f32>)>> {
    let of = |ids: &[String]| -> anyhow::Result<BTreeMap<SkillNo, (usize, f32)>> {
        let mut asked: BTreeMap<SkillNo, (usize, f32)> = BTreeMap::new();
        for id in ids {
            let found = engine
                .posting(id)?
                .with_context(|| format!("no posting has the id `{id}`"))?;
            let mut seen = BTreeSet::new();
            for entry in found.ask.iter().filter(|entry| entry.requirement.is_some()) {
                let known = asked.entry(entry.skill).or_default();
                known.0 += usize::from(seen.insert(entry.skill));
                known.1 = known.1.max(entry.years);
            }
        }
        Ok(asked)
    };
    let (wanted, unwanted) = (of(liked)?, of(unliked)?);
    let is_commoner = |no: &SkillNo, n: usize| {
        let against = unwanted.get(no).map_or(0, |(n, _)| *n);
        n * unliked.len().max(1) > against * liked.len()
    };
    let skills: Vec<_> = wanted
        .into_iter()
        .filter(|(no, (n, _))| is_commoner(no, *n))
        .map(|(no, (_, years))| (no, (years > 0.0).then_some(years)))
        .collect();
    ensure!(
        !skills.is_empty(),
        "there is nothing that these postings ask for and the others do not"
    );
    Ok(skills)
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

/// The line of a posting that names a skill, and the byte in it at which it does,
/// or what its source states.
fn sentence(extractor: &Extractor, posting: &Posting, no: SkillNo) -> Option<(String, usize)> {
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
        let before = line[from..to].len() - line[from..to].trim_start().len();
        let sentence = line[from..to].trim().to_owned();
        let at = inside.saturating_sub(from + before).min(sentence.len());
        (sentence, at)
    };
    let body = reading
        .body
        .iter()
        .filter(asks)
        .filter(|mention| mention.section.counts())
        .max_by_key(|mention| mention.strength);
    match (body, reading.title.iter().find(asks)) {
        (Some(mention), _) => Some(line(posting.description_text.as_deref()?, mention.start)),
        (None, Some(mention)) => Some((posting.title.clone()?, mention.start)),
        (None, None) => {
            let stated = reading.stated.iter();
            let stated = stated.filter(|stated| asks(&&stated.mention));
            let entry = stated.map(|stated| stated.entry).next()?;
            Some((format!("stated: {}", posting.skills_raw[entry].text), 0))
        }
    }
}
