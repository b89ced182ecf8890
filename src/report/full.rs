//! Everything that one page tells: trends, winners, the anatomy of a role, pay,
//! what goes together, what changes, and how much of the corpus says so.

use super::anatomy::{Anatomy, AnatomyRequest, anatomy};
use super::pay::{Pay, pay};
use super::sheet::{Counted, Sheet, Vote, share_of};
use super::skillset::count;
use super::winners::{self, Winners};
use super::{By, Dimension, Emerging, MIN_VOTES, Point, Trend, TrendRequest, emerging, trends};
use crate::posting::Seniority;
use crate::query::{Engine, Filter, QueryError};
use crate::skills::{Kind, SkillNo, Taxonomy};

/// Technologies in the matrix of what goes together.
const N_TOGETHER: usize = 12;

/// Lines of the chart of languages.
const N_LINES: usize = 8;

/// What to tell.
#[derive(Debug, Clone)]
pub struct FullRequest {
    /// Which postings.
    pub filter: Filter,
    /// The role whose anatomy is told; `None` for all of them.
    pub role: Option<String>,
    /// How wide a period of the chart is.
    pub by: By,
    /// Pay in this currency; otherwise in that of most postings.
    pub currency: Option<String>,
}

/// Everything that the page tells.
#[derive(Debug, Clone)]
pub struct FullReport {
    /// As asked.
    pub request: FullRequest,
    /// The leading languages over time.
    pub trend: Trend,
    /// Categories and who is hiring.
    pub winners: Winners,
    /// What is in the description of the role.
    pub anatomy: Anatomy,
    /// Pay by language.
    pub pay: Pay,
    /// Which technologies are named together.
    pub together: Together,
    /// What rises and fades.
    pub emerging: Emerging,
    /// Rungs by language, of postings that state one.
    pub seniorities: Mix,
    /// Workplaces by language, of postings that state one.
    pub workplaces: Mix,
}

/// How often the commonest technologies are named together.
#[derive(Debug, Clone, Default)]
pub struct Together {
    /// Labels, commonest first, with groups that name each.
    pub skills: Vec<(String, u64)>,
    /// `shares[a][b]`: of the groups that name a, the part that names b; `None`
    /// on the diagonal and below 20 votes.
    pub shares: Vec<Vec<Option<f64>>>,
}

/// Parts of a whole for some values.
#[derive(Debug, Clone, Default)]
pub struct Mix {
    /// What the parts are called.
    pub parts: Vec<String>,
    /// Label of the value, postings that state any part, and each part of these.
    pub rows: Vec<(String, u64, Vec<Point>)>,
}

/// Counts everything, over what a filter leaves.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn full(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    request: &FullRequest,
) -> Result<FullReport, QueryError> {
    let filter = &request.filter;
    let language = Dimension::Skills("language".to_owned());
    let sheet = Sheet::read(engine, filter)?;
    let votes = sheet.votes(None);
    let winners = winners::of_sheet(&sheet, taxonomy, request.currency.as_deref(), 12);
    let mut leading: Vec<_> = winners.languages.iter().collect();
    leading.sort_by(|a, b| {
        b.point
            .n
            .cmp(&a.point.n)
            .then_with(|| a.value.cmp(&b.value))
    });
    let leading: Vec<String> = leading
        .iter()
        .filter(|line| line.point.n > 0)
        .map(|line| line.value.clone())
        .take(N_LINES)
        .collect();
    let lines: Vec<SkillNo> = leading.iter().filter_map(|id| taxonomy.by_id(id)).collect();
    let trend = trends(
        engine,
        taxonomy,
        &TrendRequest {
            values: leading,
            top: N_LINES,
            by: request.by,
            filter: filter.clone(),
            ..TrendRequest::new(language.clone())
        },
    )?;
    let mut of_role = filter.clone();
    if of_role.roles.is_empty() {
        of_role.roles.extend(request.role.clone());
    }
    let of_role = AnatomyRequest {
        filter: of_role,
        top: 8,
        versus: None,
    };
    let currency = request.currency.as_deref();
    Ok(FullReport {
        trend,
        anatomy: anatomy(engine, taxonomy, &of_role)?,
        pay: pay(engine, taxonomy, filter, &language, currency, 16)?,
        together: together(&votes, taxonomy),
        emerging: emerging::of_sheet(&sheet, taxonomy, "", 12),
        seniorities: mix(&votes, &lines, taxonomy, &sheet.names.seniorities, |vote| {
            vote.seniority
        }),
        workplaces: mix(&votes, &lines, taxonomy, &sheet.names.workplaces, |vote| {
            vote.workplace
        }),
        winners,
        request: request.clone(),
    })
}

fn together(votes: &[Vote], taxonomy: &Taxonomy) -> Together {
    let counts = count(votes.iter(), taxonomy);
    let n = |no: SkillNo| counts.n(u32::from(no.0));
    let technologies = taxonomy
        .iter()
        .filter(|(_, skill)| skill.kind == Kind::Technology);
    let mut chosen: Vec<SkillNo> = technologies
        .map(|(no, _)| no)
        .filter(|no| n(*no) >= MIN_VOTES)
        .collect();
    chosen.sort_by(|a, b| n(*b).cmp(&n(*a)).then(a.cmp(b)));
    chosen.truncate(N_TOGETHER);
    let mut both = vec![vec![0u64; chosen.len()]; chosen.len()];
    for vote in votes {
        let named: Vec<usize> = (0..chosen.len())
            .filter(|at| vote.names(chosen[*at]))
            .collect();
        for a in &named {
            for b in &named {
                both[*a][*b] += 1;
            }
        }
    }
    let share = |a: usize, b: usize| (a != b).then(|| both[a][b] as f64 / both[a][a].max(1) as f64);
    Together {
        shares: (0..chosen.len())
            .map(|a| (0..chosen.len()).map(|b| share(a, b)).collect())
            .collect(),
        skills: chosen
            .iter()
            .map(|no| (taxonomy.skill(*no).label.clone(), n(*no)))
            .collect(),
    }
}

/// The parts of a whole among the postings of each language that state one.
fn mix(
    votes: &[Vote],
    languages: &[SkillNo],
    taxonomy: &Taxonomy,
    names: &[String],
    part_of: impl Fn(&Vote) -> Option<u32>,
) -> Mix {
    let stating = |language: SkillNo| {
        let part_of = &part_of;
        votes
            .iter()
            .filter(move |vote| part_of(vote).is_some() && vote.names(language))
    };
    // Rungs from the lowest up, other parts by name.
    let rung = |no: &u32| {
        let name = &names[*no as usize];
        let known = Seniority::ALL.iter().position(|rung| rung.as_str() == name);
        (known, name)
    };
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    order.sort_by(|a, b| rung(a).cmp(&rung(b)));
    let rows = languages.iter().filter_map(|language| {
        let total = stating(*language).count() as u64;
        if total < MIN_VOTES {
            return None;
        }
        let part =
            |no: u32| -> Counted { share_of(stating(*language), |vote| part_of(vote) == Some(no)) };
        let parts = order.iter().map(|no| part(*no).point).collect();
        Some((taxonomy.skill(*language).label.clone(), total, parts))
    });
    let rows = rows.collect();
    Mix {
        parts: order.iter().map(|no| names[*no as usize].clone()).collect(),
        rows,
    }
}
