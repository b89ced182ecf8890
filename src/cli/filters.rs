//! The filters that many commands share, and how names become ids.

use anyhow::{Context, bail};

use super::env::Env;
use crate::query::conditions::{Names, condition};
use crate::query::{Filter, TextQuery};
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
    #[arg(long, value_name = "K", allow_negative_numbers = true)]
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
    /// City, by any of its names
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    city: Vec<String>,
    /// remote, hybrid or onsite
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    workplace: Vec<String>,
    /// Remote work that somebody in this country may do
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    remote_from: Vec<String>,
    /// With `--remote-from`: remote work that does not say from where passes too
    #[arg(long, requires = "remote_from")]
    include_unstated: bool,
    /// Kind of work: backend, frontend, data, devops …
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    role: Vec<String>,
    /// intern, entry, mid, senior, staff, lead, manager, director, executive
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    seniority: Vec<String>,
    /// full_time, part_time, contract, internship …
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    employment: Vec<String>,
    /// Pay reaches this much: 70k, "70k EUR", "60 GBP/hour"
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
    /// Whatever can be wrong with the filters comes to light here, before the
    /// index is asked.
    pub(super) fn into_filter(self, env: &Env) -> anyhow::Result<Filter> {
        if self
            .at_least
            .is_some_and(|n| n == 0 || n > self.skills.len())
        {
            bail!(
                "`--at-least` takes a number from 1 to that of the `--skill` options, here {}",
                self.skills.len()
            );
        }
        let dates = self.since.clone().zip(self.until.clone());
        let mut filter = Filter {
            at_least: self.at_least,
            required: self.required,
            include_unstated: self.include_unstated,
            ..Filter::default()
        };
        let names = Names {
            taxonomy: &env.taxonomy,
            now: env.now,
        };
        let mut add = |name: &str, values: &[String]| -> anyhow::Result<()> {
            if !values.is_empty() {
                let given = condition(name, values, None, names)
                    .with_context(|| format!("in `--{name}`"))?;
                filter.and(given);
            }
            Ok(())
        };
        for skill in &self.skills {
            add("skill", std::slice::from_ref(skill))?;
        }
        for list in &self.any {
            let list: Vec<String> = list.split(',').map(str::to_owned).collect();
            add("any", &list)?;
        }
        let lists = [
            ("not-skill", self.not_skills),
            ("company", self.company),
            ("country", self.country),
            ("region", self.region),
            ("city", self.city),
            ("workplace", self.workplace),
            ("remote-from", self.remote_from),
            ("role", self.role),
            ("seniority", self.seniority),
            ("employment", self.employment),
            ("min-salary", self.min_salary.into_iter().collect()),
            ("max-salary", self.max_salary.into_iter().collect()),
            ("source", self.source),
            ("text-language", self.text_language),
            ("since", self.since.into_iter().collect()),
            ("until", self.until.into_iter().collect()),
        ];
        for (name, values) in &lists {
            add(name, values)?;
        }
        if self.open {
            add("open", &["yes".to_owned()])?;
        }
        if let (Some((since, until)), true) = (dates, filter.since >= filter.until) {
            bail!(
                "`--since {since}` begins after `--until {until}` has ended: no day lies between"
            );
        }
        Ok(filter)
    }
}

/// A skill by any of its names.
pub(super) fn skill(name: &str, taxonomy: &Taxonomy) -> anyhow::Result<SkillNo> {
    let unknown = |error| anyhow::anyhow!("{error}; `skills list TEXT` finds the known ones");
    taxonomy.resolve(name).map_err(unknown)
}

/// The conditions of `--versus`, in the words of a query.
pub(super) fn versus(text: &str, env: &Env) -> anyhow::Result<Filter> {
    let names = Names {
        taxonomy: &env.taxonomy,
        now: env.now,
    };
    let question = TextQuery::parse(text)
        .and_then(|query| query.resolve(names))
        .context("in `--versus`")?;
    if !question.is_bare() || question.filter.is_empty() {
        bail!(
            "`--versus` takes conditions that all hold, such as country:DE or posted:2015, and no words"
        );
    }
    Ok(question.filter)
}
