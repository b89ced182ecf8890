//! The filters that many commands share, and how names become ids.

use anyhow::{Context, bail};

use super::env::Env;
use super::values;
use crate::fields::{employment, places, roles, seniority, workplace};
use crate::posting::{Employment, Seniority, Workplace};
use crate::query::{Filter, SkillChoice};
use crate::skills::{SkillNo, Taxonomy};

/// Filters; a list in one option, or an option given again, is "one of these".
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Filters")]
pub(super) struct FilterArgs {
    /// A skill or branch the posting names; repeat for more
    #[arg(long = "skill", value_name = "SKILL")]
    skills: Vec<String>,
    /// One of these skills
    #[arg(long = "any", value_name = "SKILL,…")]
    any: Vec<String>,
    /// None of these skills
    #[arg(long = "not-skill", value_name = "SKILL", value_delimiter = ',')]
    not_skills: Vec<String>,
    /// So many of the skills given by `--skill` are enough
    #[arg(long, value_name = "K")]
    at_least: Option<usize>,
    /// The skills must be required, not only named
    #[arg(long)]
    required: bool,
    /// Employer
    #[arg(long, value_name = "NAME")]
    company: Vec<String>,
    /// Country, by name or ISO code
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    country: Vec<String>,
    /// State, province or land
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    region: Vec<String>,
    /// City
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    city: Vec<String>,
    /// remote, hybrid or onsite
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    workplace: Vec<String>,
    /// Remote work that somebody in this country may do
    #[arg(long, value_name = "COUNTRY")]
    remote_from: Option<String>,
    /// Kind of work: backend, frontend, data, devops …
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    role: Vec<String>,
    /// intern, entry, mid, senior, staff, lead, manager, director, executive
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    seniority: Vec<String>,
    /// full_time, part_time, contract, internship …
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    employment: Vec<String>,
    /// Pay reaches this much: "70k EUR", "60 GBP/hour"
    #[arg(long, value_name = "AMOUNT")]
    min_salary: Option<String>,
    /// Pay begins at most here
    #[arg(long, value_name = "AMOUNT")]
    max_salary: Option<String>,
    /// Where the posting came from: hn, greenhouse …
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    source: Vec<String>,
    /// Language of the text, by ISO code: en, de …
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    text_language: Vec<String>,
    /// Posted since: 2024, 2024-03, 2024-03-15, 90d, 6m
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Posted until the end of: 2024, 2024-03, 2024-03-15
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Not closed or expired
    #[arg(long)]
    open: bool,
}

impl FilterArgs {
    /// Whatever can be wrong with the filters comes to light here, before an
    /// index is opened.
    pub(super) fn into_filter(self, env: &Env) -> anyhow::Result<Filter> {
        let taxonomy = &*env.taxonomy;
        let choices = |names: &[String]| {
            names
                .iter()
                .map(|name| choice(name, taxonomy))
                .collect::<anyhow::Result<Vec<_>>>()
        };
        if self
            .at_least
            .is_some_and(|n| n == 0 || n > self.skills.len())
        {
            bail!(
                "`--at-least` takes a number from 1 to that of the `--skill` options, here {}",
                self.skills.len()
            );
        }
        let any = self.any.iter().map(|list| {
            choices(
                &list
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect::<Vec<_>>(),
            )
        });
        let (mut workplaces, mut remote_scopes) = (
            words(
                "workplace",
                &self.workplace,
                workplace::from_label,
                Workplace::ALL,
                Workplace::as_str,
            )?,
            Vec::new(),
        );
        if let Some(name) = &self.remote_from {
            let code = country(name)?;
            remote_scopes = [
                "WORLD", "EU", "EEA", "EMEA", "EUROPE", "APAC", "LATAM", "AMERICAS", "NA",
            ]
            .into_iter()
            .filter(|scope| places::scope_covers(&[(*scope).to_owned()], &code))
            .map(str::to_owned)
            .chain([code.clone()])
            .collect();
            workplaces = vec![Workplace::Remote];
        }
        let known_roles = roles::names();
        for role in &self.role {
            if !known_roles.contains(&role.as_str()) {
                bail!("`{role}` is no role; there are {}", known_roles.join(", "));
            }
        }
        let date =
            |name: &str,
             text: Option<String>,
             read: fn(&str, jiff::Timestamp) -> anyhow::Result<jiff::Timestamp>| {
                text.map(|text| read(&text, env.now).with_context(|| format!("in `--{name}`")))
                    .transpose()
            };
        let pay = |text: Option<String>| text.map(|text| values::yearly_pay(&text)).transpose();
        Ok(Filter {
            skills: choices(&self.skills)?,
            any_skills: any.collect::<anyhow::Result<_>>()?,
            not_skills: choices(&self.not_skills)?,
            at_least: self.at_least,
            required: self.required,
            title_words: Vec::new(),
            companies: self.company,
            countries: self
                .country
                .iter()
                .map(|name| country(name))
                .collect::<anyhow::Result<_>>()?,
            regions: self.region,
            cities: self.city,
            workplaces,
            roles: self.role,
            seniorities: words(
                "seniority",
                &self.seniority,
                seniority::from_label,
                Seniority::ALL,
                Seniority::as_str,
            )?,
            employment: words(
                "employment",
                &self.employment,
                |label| {
                    employment::from_label(label)
                        .first()
                        .copied()
                        .filter(|kind| *kind != Employment::Other || label == "other")
                },
                Employment::ALL,
                Employment::as_str,
            )?,
            sources: self.source,
            text_languages: self.text_language,
            remote_scopes,
            since: date("since", self.since, values::since)?,
            until: date("until", self.until, values::until)?,
            min_salary: pay(self.min_salary)?,
            max_salary: pay(self.max_salary)?,
            open_at: self.open.then_some(env.now),
        })
    }
}

fn country(name: &str) -> anyhow::Result<String> {
    match places::country(name) {
        Some(code) => Ok(code.to_owned()),
        None => bail!(
            "`{name}` is no country that is known; give its English name or ISO code, such as PT"
        ),
    }
}

fn words<T: Copy>(
    option: &str,
    given: &[String],
    read: impl Fn(&str) -> Option<T>,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> anyhow::Result<Vec<T>> {
    let one = |word: &String| {
        let exact = all.iter().copied().find(|value| name(*value) == word);
        exact.or_else(|| read(word)).with_context(|| {
            let known: Vec<&str> = all.iter().map(|value| name(*value)).collect();
            format!(
                "`--{option}` has no `{word}`; there are {}",
                known.join(", ")
            )
        })
    };
    given.iter().map(one).collect()
}

/// A skill by any of its names, or a branch of them.
pub(super) fn choice(name: &str, taxonomy: &Taxonomy) -> anyhow::Result<SkillChoice> {
    if let Ok(no) = taxonomy.resolve(name) {
        return Ok(SkillChoice {
            ids: vec![taxonomy.skill(no).id.clone()],
        });
    }
    let below = taxonomy.under(name);
    if !below.is_empty() {
        return Ok(SkillChoice {
            ids: below
                .into_iter()
                .map(|no| taxonomy.skill(no).id.clone())
                .collect(),
        });
    }
    Err(unknown(name, taxonomy))
}

/// A skill by any of its names.
pub(super) fn skill(name: &str, taxonomy: &Taxonomy) -> anyhow::Result<SkillNo> {
    taxonomy.resolve(name).map_err(|_| unknown(name, taxonomy))
}

fn unknown(name: &str, taxonomy: &Taxonomy) -> anyhow::Error {
    match taxonomy.resolve(name) {
        Err(error) => anyhow::anyhow!("{error}; `skills list TEXT` finds the known ones"),
        Ok(no) => anyhow::anyhow!("`{name}` is the skill `{}`", taxonomy.skill(no).id),
    }
}
