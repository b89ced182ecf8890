//! What is asked for together with one skill, and who asks for it.

use super::pay::{PayQuantiles, PayScope, ScopeNo, quantiles};
use super::sheet::{Counts, Sheet, Vote, commonest};
use super::stats::lift;
use super::{Card, MIN_VOTES, Point};
use crate::fields::places::country_name;
use crate::posting::SkillStrength;
use crate::query::{Engine, Filter, QueryError};
use crate::skills::{Kind, SkillNo, Taxonomy};

/// One skill and its company.
#[derive(Debug, Clone)]
pub struct Skillset {
    /// The skill.
    pub skill: SkillNo,
    /// What it stands on.
    pub card: Card,
    /// Groups that name it, of all.
    pub named: Point,
    /// Of those that name it, the share that requires it, and to which it is nice to have.
    pub required: f64,
    /// See `required`.
    pub preferred: f64,
    /// What is named beside it, commonest first; with at least 20 votes together.
    pub beside: Vec<Beside>,
    /// Employers by groups that name it.
    pub employers: Vec<(String, u64)>,
    /// Rungs by groups that name it.
    pub seniorities: Vec<(String, u64)>,
    /// Workplaces by groups that name it.
    pub workplaces: Vec<(String, u64)>,
    /// Countries by groups that name it.
    pub countries: Vec<(String, u64)>,
    /// What they pay, and in which currency and country.
    pub pay: Option<(PayScope, PayQuantiles)>,
}

/// A skill that is named with another.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Skill id.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// P(this | the other): of those that name the other.
    pub point: Point,
    /// How many times as often as everywhere, with its interval.
    pub lift: (f64, f64, f64),
}

/// Counts what stands beside a skill, over what a filter leaves; at most `top` lines.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn skillset(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    filter: &Filter,
    skill: SkillNo,
    currency: Option<&str>,
    top: usize,
) -> Result<Skillset, QueryError> {
    let sheet = Sheet::read(engine, filter)?;
    let votes = sheet.votes(None);
    let with: Vec<&Vote> = votes.iter().filter(|vote| vote.names(skill)).collect();
    let strength = |wanted: SkillStrength| {
        let is_so = |vote: &&&Vote| {
            vote.skills
                .iter()
                .any(|named| named.skill == skill && named.strength == wanted)
        };
        with.iter().filter(is_so).count() as f64 / with.len().max(1) as f64
    };
    let scope = ScopeNo::choose(&sheet, &votes, currency).ok();
    let pay = scope.and_then(|scope| {
        let amounts = with.iter().filter_map(|vote| scope.amount(vote)).collect();
        Some((scope.named(&sheet), quantiles(amounts)?))
    });
    let of_with = |of: &dyn Fn(&Vote) -> Option<u32>, names: &[String], n: usize| {
        commonest(with.iter().copied(), of, names, n)
    };
    let mut countries: Vec<(String, u64)> = Vec::new();
    for (no, code) in (0u32..).zip(&sheet.names.countries) {
        let n = with
            .iter()
            .filter(|vote| vote.countries.contains(&no))
            .count() as u64;
        if n > 0 {
            countries.push((country_name(code).unwrap_or(code).to_owned(), n));
        }
    }
    countries.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    countries.truncate(8);
    let names = &sheet.names;
    let all = count(votes.iter(), taxonomy);
    Ok(Skillset {
        skill,
        named: all.counted(u32::from(skill.0)).point,
        required: strength(SkillStrength::Required),
        preferred: strength(SkillStrength::Preferred),
        beside: beside(
            skill,
            &all,
            &count(with.iter().copied(), taxonomy),
            taxonomy,
            top,
        ),
        employers: of_with(&|vote| vote.company, &names.companies, 8),
        seniorities: of_with(&|vote| vote.seniority, &names.seniorities, 9),
        workplaces: of_with(&|vote| vote.workplace, &names.workplaces, 3),
        countries,
        pay,
        card: sheet.card,
    })
}

/// How many votes name each skill.
pub(super) fn count<'a>(votes: impl Iterator<Item = &'a Vote>, taxonomy: &Taxonomy) -> Counts {
    Counts::of(votes, taxonomy.skills().len(), |vote, out| {
        out.extend(vote.skills.iter().map(|named| u32::from(named.skill.0)));
    })
}

/// What stands beside a skill, given the counts of all and of those that name it.
pub(super) fn beside(
    skill: SkillNo,
    all: &Counts,
    with: &Counts,
    taxonomy: &Taxonomy,
    top: usize,
) -> Vec<Beside> {
    let parents = taxonomy.implied_by(skill);
    let mut beside = Vec::new();
    for (no, other) in taxonomy.iter() {
        let value = u32::from(no.0);
        // What is said with its own name says nothing.
        if no == skill || parents.contains(&no) || with.n(value) < MIN_VOTES {
            continue;
        }
        let counted = with.counted(value);
        let effect = with.total() as f64 / counted.effective.max(1.0);
        if let Some(lift) = lift(
            with.n(value),
            with.total(),
            all.n(value),
            all.total(),
            effect,
        ) {
            beside.push(Beside {
                value: other.id.clone(),
                label: other.label.clone(),
                kind: other.kind,
                point: counted.point,
                lift,
            });
        }
    }
    beside.sort_by(|a, b| {
        b.point
            .n
            .cmp(&a.point.n)
            .then_with(|| a.value.cmp(&b.value))
    });
    beside.truncate(top);
    beside
}
