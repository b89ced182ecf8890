//! What to learn next: which further skill completes most postings, greedily.

use std::collections::{HashMap, HashSet};

use super::lacks::{Groups, Lacks, MAX_LACKING, Unmet, add_unmet};
use super::stats::{Clusters, Share, design_effect, wilson};
use super::{Card, CardBuilder, MIN_VOTES};
use crate::query::rank::Person;
use crate::query::{Engine, Filter, QueryError, ScanRow};
use crate::skills::{Kind, SkillNo, Taxonomy};

/// A median of fewer values than this is not given.
const MIN_PAY: usize = 10;

/// What somebody could learn, and what that opens.
#[derive(Debug, Clone)]
pub struct Gap {
    /// What it stands on.
    pub card: Card,
    /// Groups that ask for anything: what shares are shares of.
    pub total: u64,
    /// Groups left out since they have neither a text nor a list of skills: they
    /// do not say what they ask for, whatever their title names.
    pub silent: u64,
    /// Groups of which everything needed is there already.
    pub met: (u64, Share),
    /// Groups by how many requirements they lack: 1, 2, … [`MAX_LACKING`].
    pub lacking: [u64; MAX_LACKING],
    /// In the order in which to learn; each counts what those before it have unlocked.
    pub steps: Vec<GapStep>,
}

/// One skill to learn.
#[derive(Debug, Clone)]
pub struct GapStep {
    /// The skill.
    pub skill: SkillNo,
    /// By what it was chosen: a group it completes counts 1, one that then
    /// still lacks something counts the part that was closed.
    pub gain: f64,
    /// Groups that are complete with it and were not before.
    pub unlocks: (u64, Share),
    /// Complete groups after this step.
    pub reach: (u64, Share),
    /// Groups that ask for it and still lack something else, and what they
    /// lack most often.
    pub helps: u64,
    /// The skill most often lacked beside it.
    pub together_with: Option<SkillNo>,
    /// Median of the yearly pay of what it unlocks, in its commonest currency,
    /// with how many postings state it; `None` below ten.
    pub pay: Option<(f64, String, u64)>,
    /// Employers of what it unlocks.
    pub employers: u64,
}

/// Who wants to learn, toward what.
#[derive(Debug, Clone)]
pub struct GapRequest {
    /// What the person has.
    pub person: Person,
    /// The postings to reach.
    pub filter: Filter,
    /// What can be lacked and learnt: technologies and certifications, and
    /// concepts, soft skills or responsibilities where they are asked for.
    pub kinds: Vec<Kind>,
    /// How many skills to suggest at most.
    pub n_steps: usize,
}

/// Counts over what a filter leaves what is lacked and which skills close most of it.
///
/// A posting without a text or a list of skills is left out. One needs what it requires; where nothing is marked as required, what
/// it mentions. A requirement is met by a skill itself or one that
/// implies it, whatever the years. Of a group of copies the member that lacks
/// least speaks. A step is chosen by what names the skill itself, or the most
/// special skill, which implies many others, would always win; what it implies
/// counts as learnt with it.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn gap(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    request: &GapRequest,
) -> Result<Gap, QueryError> {
    let mut known = vec![false; taxonomy.skills().len()];
    for (skill, _) in &request.person.skills {
        learn(*skill, taxonomy, &mut known);
    }
    let counts: Vec<bool> = taxonomy
        .skills()
        .iter()
        .map(|skill| request.kinds.contains(&skill.kind))
        .collect();
    let mut card = CardBuilder::default();
    let (mut postings, mut unmet) = (Vec::new(), Unmet::default());
    let mut silent: HashSet<u32> = HashSet::new();
    let names = engine.scan(&request.filter, &mut |row| {
        card.add(row);
        if row.is_partial && row.is_listed {
            silent.insert(row.group);
            return;
        }
        let begin = unmet.len();
        if add_unmet(row.ask, &known, &counts, &mut unmet) {
            postings.push(Lacks {
                group: row.group,
                company: row.company,
                pay: middle(row),
                unmet: begin..unmet.len(),
            });
        }
    })?;
    let groups = Groups::best(postings, &unmet);
    groups.all.iter().for_each(|lacks| {
        silent.remove(&lacks.group);
    });
    let mut gap = Gap {
        card: card.finish(&names),
        total: groups.all.len() as u64,
        silent: silent.len() as u64,
        met: (0, wilson(0.0, 0.0)),
        lacking: [0; MAX_LACKING],
        steps: Vec::new(),
    };
    let employers = Employers::new(&groups.all, names.companies.len());
    let everything = 0..groups.all.len();
    let (complete, mut open): (Vec<usize>, Vec<usize>) =
        everything.partition(|at| groups.all[*at].unmet.is_empty());
    gap.met = employers.share(&groups.all, &complete);
    for group in &groups.all {
        let n = group.unmet.len();
        if (1..=MAX_LACKING).contains(&n) {
            gap.lacking[n - 1] += 1;
        }
    }
    let mut reached: Vec<usize> = complete;
    while gap.steps.len() < request.n_steps {
        let Some((skill, gain)) = groups.best_of(&open, &known) else {
            break;
        };
        let before: Vec<bool> = known.clone();
        learn(skill, taxonomy, &mut known);
        let is_open = |at: &usize| groups.open(*at, &known).next().is_some();
        let (still, unlocked): (Vec<usize>, Vec<usize>) = open.into_iter().partition(is_open);
        open = still;
        reached.extend(&unlocked);
        let names_it = |at: &usize| {
            let mut lacked = groups.open(*at, &before);
            lacked.any(|any_of| any_of.contains(&skill))
        };
        let helped: Vec<usize> = open.iter().copied().filter(names_it).collect();
        gap.steps.push(GapStep {
            skill,
            gain,
            unlocks: employers.share(&groups.all, &unlocked),
            reach: employers.share(&groups.all, &reached),
            helps: helped.len() as u64,
            together_with: groups.beside(&helped, &known),
            pay: median_pay(&groups.all, &unlocked, &names.currencies),
            employers: unlocked
                .iter()
                .filter_map(|at| groups.all[*at].company)
                .collect::<HashSet<_>>()
                .len() as u64,
        });
    }
    Ok(gap)
}

fn learn(skill: SkillNo, taxonomy: &Taxonomy, known: &mut [bool]) {
    known[usize::from(skill.0)] = true;
    for implied in taxonomy.implied_by(skill) {
        known[usize::from(implied.0)] = true;
    }
}

/// The middle of a closed range of pay that may be used in statistics.
fn middle(row: &ScanRow<'_>) -> Option<(f64, u32)> {
    let (Some(min), Some(max), currency) = row.pay? else {
        return None;
    };
    Some(((min + max) / 2.0, currency))
}

/// The median yearly pay of some groups in their commonest currency.
fn median_pay(groups: &[Lacks], of: &[usize], currencies: &[String]) -> Option<(f64, String, u64)> {
    let mut by_currency: HashMap<u32, Vec<f64>> = HashMap::new();
    for (middle, currency) in of.iter().filter_map(|at| groups[*at].pay) {
        by_currency.entry(currency).or_default().push(middle);
    }
    let (currency, mut middles) = by_currency
        .into_iter()
        .max_by(|a, b| a.1.len().cmp(&b.1.len()).then(b.0.cmp(&a.0)))?;
    if middles.len() < MIN_PAY {
        return None;
    }
    middles.sort_unstable_by(f64::total_cmp);
    let n = middles.len();
    let median = (middles[(n - 1) / 2] + middles[n / 2]) / 2.0;
    Some((median, currencies.get(currency as usize)?.clone(), n as u64))
}

/// How many groups each employer has: what widens intervals.
struct Employers {
    /// By number of the employer.
    sizes: Vec<u64>,
    clusters: Clusters,
    total: u64,
}

impl Employers {
    fn new(groups: &[Lacks], n_companies: usize) -> Employers {
        let mut sizes = vec![0u64; n_companies];
        let mut clusters = Clusters::default();
        for group in groups {
            match group.company {
                Some(company) => sizes[company as usize] += 1,
                // Without an employer it resembles nobody's.
                None => {
                    clusters.n += 1;
                    clusters.m2 += 1.0;
                }
            }
        }
        clusters.n += sizes.iter().filter(|n| **n > 0).count() as u64;
        clusters.m2 += sizes.iter().map(|n| (n * n) as f64).sum::<f64>();
        Employers {
            sizes,
            clusters,
            total: groups.len() as u64,
        }
    }

    /// How many, and their share of all with its interval.
    fn share(&self, groups: &[Lacks], some: &[usize]) -> (u64, Share) {
        let (mut x2, mut xm) = (0.0, 0.0);
        let mut with = vec![0u64; self.sizes.len()];
        for at in some {
            match groups[*at].company {
                Some(company) => with[company as usize] += 1,
                None => {
                    x2 += 1.0;
                    xm += 1.0;
                }
            }
        }
        // Whole numbers: their sums depend on no order.
        for (x, size) in with.iter().zip(&self.sizes) {
            x2 += (x * x) as f64;
            xm += (x * size) as f64;
        }
        let n = some.len() as u64;
        let effect = design_effect(self.clusters, x2, xm, n, self.total);
        let share = n as f64 / self.total.max(1) as f64;
        (n, wilson(share, self.total as f64 / effect))
    }
}

impl Gap {
    /// Whether so few postings were counted that nothing can be said.
    pub fn is_thin(&self) -> bool {
        self.total < MIN_VOTES
    }
}
