//! `trends`: shares over time.

use std::io::Write;
use std::time::Instant;

use anyhow::bail;
use clap::ValueEnum;

use super::Status;
use super::env::{Env, write_json};
use super::filters::{FilterArgs, skill, versus};
use crate::query::language::filter_lines;
use crate::render::{Format, csv, html, json, markdown, table};
use crate::report::{
    ARTICLE_LANGUAGES, By, Denominator, Dimension, StrengthFilter, TrendRequest, Unit, trends,
};
use crate::skills::Taxonomy;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct TrendsArgs {
    /// language, another branch of skills, skill, company, country, seniority, workplace or source
    #[arg(value_name = "DIMENSION", default_value = "language")]
    dimension: String,
    /// Only this value; repeat for more
    #[arg(long = "value", value_name = "VALUE", value_delimiter = ',')]
    values: Vec<String>,
    /// Values to show at most, commonest first; without it 20, the article's languages first
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    top: Option<usize>,
    /// How wide a period is
    #[arg(long, value_name = "PERIOD", default_value = "quarter")]
    by: ByArg,
    /// What has a vote
    #[arg(long, value_name = "UNIT", default_value = "groups")]
    unit: UnitArg,
    /// What a share is a share of: all postings, or those that name any value
    #[arg(long, value_name = "OF", default_value = "all")]
    denominator: DenominatorArg,
    /// Which mentions count
    #[arg(long, value_name = "STRENGTH", default_value = "any")]
    strength: StrengthArg,
    /// Count skills that are only implied by others
    #[arg(long)]
    implied: bool,
    /// Only sources that have postings in every full period
    #[arg(long)]
    stable_sources: bool,
    /// Show the values against each other, with the interval of each difference
    #[arg(long)]
    compare: bool,
    /// Against the postings that other conditions leave: country:DE, posted:2015 …
    #[arg(long, value_name = "FILTER", conflicts_with = "compare")]
    versus: Option<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ByArg {
    Week,
    Month,
    Quarter,
    Year,
}

impl From<ByArg> for By {
    fn from(by: ByArg) -> By {
        match by {
            ByArg::Week => By::Week,
            ByArg::Month => By::Month,
            ByArg::Quarter => By::Quarter,
            ByArg::Year => By::Year,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum UnitArg {
    Groups,
    Spells,
    Adverts,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DenominatorArg {
    All,
    Any,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StrengthArg {
    Any,
    Required,
    Preferred,
    Title,
}

pub(super) fn dimension(name: &str, taxonomy: &Taxonomy) -> anyhow::Result<Dimension> {
    Ok(match name {
        "skill" => Dimension::Skills(String::new()),
        "company" => Dimension::Company,
        "country" => Dimension::Country,
        "seniority" => Dimension::Seniority,
        "workplace" => Dimension::Workplace,
        "source" => Dimension::Source,
        branch if taxonomy.branches().contains(&branch) => Dimension::Skills(branch.to_owned()),
        other => bail!(
            "`{other}` cannot be counted by; there are skill, company, country, seniority, workplace, source and the \
             branches of skills: {}",
            taxonomy
                .branches()
                .into_iter()
                .filter(|branch| !branch.contains('/'))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    })
}

/// What to say of a value that the dimension does not have.
fn unknown(value: &str, near: &[String], of: &Dimension, taxonomy: &Taxonomy) -> String {
    let meant = match near {
        [] => String::new(),
        near => format!("; did you mean {}?", near.join(" or ")),
    };
    let path = taxonomy.by_id(value).and_then(|no| {
        let path = taxonomy.skill(no).paths.first()?;
        Some(
            path.rsplit_once('/')
                .map_or(path.as_str(), |(branch, _)| branch),
        )
    });
    match path {
        Some(path) if matches!(of, Dimension::Skills(_)) => format!(
            "`{value}` is not below `{}` but below `{path}`, as in `trends {path} --value {value}`{meant}",
            of.name()
        ),
        _ => format!("no posting has the {} `{value}`{meant}", of.name()),
    }
}

impl TrendsArgs {
    fn into_request(self, env: &Env) -> anyhow::Result<TrendRequest> {
        let dimension = dimension(&self.dimension, &env.taxonomy)?;
        let is_skills = matches!(dimension, Dimension::Skills(_));
        let value = |name: &String| -> anyhow::Result<String> {
            match (&dimension, is_skills) {
                (_, true) => Ok(env.taxonomy.skill(skill(name, &env.taxonomy)?).id.clone()),
                (Dimension::Country, _) => Ok(crate::fields::places::country(name)
                    .map_or_else(|| name.clone(), str::to_owned)),
                _ => Ok(name.clone()),
            }
        };
        let values = self
            .values
            .iter()
            .map(value)
            .collect::<anyhow::Result<Vec<_>>>()?;
        let first = match &dimension {
            Dimension::Skills(branch) if branch == "language" && self.top.is_none() => {
                ARTICLE_LANGUAGES
                    .iter()
                    .map(|id| (*id).to_owned())
                    .collect()
            }
            _ => Vec::new(),
        };
        let versus = self
            .versus
            .map(|text| -> anyhow::Result<_> { Ok((text.clone(), versus(&text, env)?)) })
            .transpose()?;
        if self.compare && values.len() == 1 {
            bail!("`--compare` needs two values, or none for the commonest");
        }
        let usual = TrendRequest::new(dimension);
        Ok(TrendRequest {
            values,
            first,
            top: self.top.unwrap_or(usual.top),
            by: self.by.into(),
            stable_sources: self.stable_sources,
            compare: self.compare,
            versus,
            unit: match self.unit {
                UnitArg::Groups => Unit::Groups,
                UnitArg::Spells => Unit::Spells,
                UnitArg::Adverts => Unit::Adverts,
            },
            denominator: match self.denominator {
                DenominatorArg::All => Denominator::All,
                DenominatorArg::Any => Denominator::Any,
            },
            strength: match self.strength {
                StrengthArg::Any => StrengthFilter::Any,
                StrengthArg::Required => StrengthFilter::Required,
                StrengthArg::Preferred => StrengthFilter::Preferred,
                StrengthArg::Title => StrengthFilter::Title,
            },
            implied: self.implied,
            filter: self.filters.into_filter(env)?,
            ..usual
        })
    }

    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let format = env.format(
            &[
                Format::Table,
                Format::Json,
                Format::Csv,
                Format::Tsv,
                Format::Markdown,
                Format::Svg,
            ],
            Format::Json,
        )?;
        let request = self.into_request(env)?;
        let engine = env.engine()?;
        let begin = Instant::now();
        let trend = trends(&engine, &env.taxonomy, &request)?;
        env.timing("counted", begin);
        if let Some((value, near)) = trend.unknown.first() {
            bail!(unknown(value, near, &request.dimension, &env.taxonomy));
        }
        match format {
            Format::Table => write!(out, "{}", table::trends(&trend, env.paint()))?,
            Format::Csv => write!(out, "{}", csv::trends(&trend, b','))?,
            Format::Tsv => write!(out, "{}", csv::trends(&trend, b'\t'))?,
            Format::Markdown => {
                let conditions = filter_lines(&request.filter, &env.taxonomy);
                write!(out, "{}", markdown::trends(&trend, &conditions))?;
            }
            Format::Svg => write!(out, "{}", html::trend_svg(&trend))?,
            _ => write_json(out, &json::trends(&trend, &env.provenance()))?,
        }
        Ok(Status::Answer)
    }
}
