//! What to learn next: which further skill completes most postings, greedily.

use std::collections::{HashMap, HashSet};

use super::stats::{Clusters, Share, design_effect, wilson};
use super::{Card, CardBuilder, MIN_VOTES};
use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::query::rank::Person;
use crate::query::{Engine, Filter, QueryError, ScanRow};
use crate::skills::{Kind, SkillNo, Taxonomy};

/// While a posting lacks more requirements than this it is too far away to count
/// towards what to learn next.
pub const MAX_LACKING: usize = 4;

/// A median of fewer values than this is not given (`trends.md` 13).
const MIN_PAY: usize = 10;

/// What somebody could learn, and what that opens.
#[derive(Debug, Clone)]
pub struct Gap {
    /// What it stands on.
    pub card: Card,
    /// Groups that ask for anything: what shares are shares of.
    pub total: u64,
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

/// One posting a group, with what the person lacks of it.
#[derive(Debug, Clone)]
struct Lacks {
    group: u32,
    company: Option<u32>,
    /// Middle of its closed range and currency.
    pay: Option<(f64, u32)>,
    /// Alternatives of each unmet requirement, sorted.
    unmet: Vec<Vec<SkillNo>>,
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
/// A posting needs what it requires; where nothing is marked as required, what
/// it mentions (`ranking.md`). A requirement is met by a skill itself or one that
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
    let mut postings: Vec<Lacks> = Vec::new();
    let names = engine.scan(&request.filter, &mut |row| {
        card.add(row);
        if let Some(unmet) = unmet(row.ask, &known, &counts) {
            postings.push(Lacks {
                group: row.group,
                company: row.company,
                pay: middle(row),
                unmet,
            });
        }
    })?;
    let groups = best_of_groups(postings);
    let mut gap = Gap {
        card: card.finish(&names),
        total: groups.len() as u64,
        met: (0, wilson(0.0, 0.0)),
        lacking: [0; MAX_LACKING],
        steps: Vec::new(),
    };
    let employers = Employers::new(&groups);
    let complete: Vec<usize> = (0..groups.len())
        .filter(|at| groups[*at].unmet.is_empty())
        .collect();
    gap.met = employers.share(&groups, complete.iter().copied());
    for group in &groups {
        let n = group.unmet.len();
        if (1..=MAX_LACKING).contains(&n) {
            gap.lacking[n - 1] += 1;
        }
    }
    let mut open: Vec<usize> = (0..groups.len())
        .filter(|at| !groups[*at].unmet.is_empty())
        .collect();
    let mut reached: Vec<usize> = complete;
    while gap.steps.len() < request.n_steps {
        let Some((skill, gain)) = best(&groups, &open, &known) else {
            break;
        };
        let before: Vec<bool> = known.clone();
        learn(skill, taxonomy, &mut known);
        let is_open = |at: &usize, known: &[bool]| groups[*at].lacks(known) > 0;
        let (still, unlocked): (Vec<usize>, Vec<usize>) =
            open.iter().copied().partition(|at| is_open(at, &known));
        open = still;
        reached.extend(&unlocked);
        let helped: Vec<usize> = open
            .iter()
            .copied()
            .filter(|at| groups[*at].names(skill, &before))
            .collect();
        gap.steps.push(GapStep {
            skill,
            gain,
            unlocks: employers.share(&groups, unlocked.iter().copied()),
            reach: employers.share(&groups, reached.iter().copied()),
            helps: helped.len() as u64,
            together_with: beside(&groups, &helped, &known),
            pay: median_pay(&groups, &unlocked, &names.currencies),
            employers: unlocked
                .iter()
                .filter_map(|at| groups[*at].company)
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

/// The requirements that are needed and not met, each sorted, all sorted;
/// `None` for a posting that asks for nothing that counts.
fn unmet(ask: &[AskEntry], known: &[bool], counts: &[bool]) -> Option<Vec<Vec<SkillNo>>> {
    let asked = || {
        ask.chunk_by(|a, b| a.requirement == b.requirement)
            .filter(|alternatives| alternatives[0].requirement.is_some())
            .filter(|alternatives| {
                alternatives
                    .iter()
                    .any(|entry| counts[usize::from(entry.skill.0)])
            })
    };
    let strongest = asked().map(|alternatives| alternatives[0].strength).max()?;
    // Only what is nice to have: nothing is needed.
    let needed = match strongest {
        SkillStrength::Required => SkillStrength::Required,
        _ => SkillStrength::Mentioned,
    };
    let mut unmet: Vec<Vec<SkillNo>> = asked()
        .filter(|alternatives| alternatives[0].strength >= needed)
        .filter(|alternatives| {
            !alternatives
                .iter()
                .any(|entry| known[usize::from(entry.skill.0)])
        })
        .map(|alternatives| {
            let mut skills: Vec<SkillNo> = alternatives
                .iter()
                .map(|entry| entry.skill)
                .filter(|skill| counts[usize::from(skill.0)])
                .collect();
            skills.sort_unstable();
            skills
        })
        .collect();
    unmet.sort_unstable();
    // Asked for alone and in a choice: the choice is met with it.
    unmet.dedup();
    Some(unmet)
}

/// The middle of a closed range of pay that may be used in statistics.
fn middle(row: &ScanRow<'_>) -> Option<(f64, u32)> {
    let (Some(min), Some(max), currency) = row.pay? else {
        return None;
    };
    Some(((min + max) / 2.0, currency))
}

/// Of each group the posting that lacks least; of equal ones the one whose
/// lacks, employer and pay stand first, whatever order they came in.
fn best_of_groups(mut postings: Vec<Lacks>) -> Vec<Lacks> {
    let key = |lacks: &Lacks| {
        let pay = lacks
            .pay
            .map(|(middle, currency)| (middle.to_bits(), currency));
        (lacks.company.is_none(), lacks.company, pay.is_none(), pay)
    };
    postings.sort_by(|a, b| {
        (a.group, a.unmet.len(), &a.unmet)
            .cmp(&(b.group, b.unmet.len(), &b.unmet))
            .then_with(|| key(a).cmp(&key(b)))
    });
    postings.dedup_by_key(|lacks| lacks.group);
    postings
}

impl Lacks {
    /// How many requirements somebody who knows this still lacks.
    fn lacks(&self, known: &[bool]) -> usize {
        self.open(known).count()
    }

    fn open<'a>(&'a self, known: &'a [bool]) -> impl Iterator<Item = &'a Vec<SkillNo>> {
        self.unmet
            .iter()
            .filter(|any_of| !any_of.iter().any(|skill| known[usize::from(skill.0)]))
    }

    /// Whether a requirement that was open names the skill.
    fn names(&self, skill: SkillNo, known: &[bool]) -> bool {
        self.open(known).any(|any_of| any_of.contains(&skill))
    }
}

/// The skill with the largest gain; of equal ones the first of the list of skills.
fn best(groups: &[Lacks], open: &[usize], known: &[bool]) -> Option<(SkillNo, f64)> {
    // Gains are counted in twelfths, so that their sum depends on no order:
    // 1, 1/2, 1/3 and 1/4 are whole numbers of them.
    const PARTS: u64 = 12;
    let mut gains: HashMap<SkillNo, u64> = HashMap::new();
    for at in open {
        let n = groups[*at].lacks(known) as u64;
        if n > MAX_LACKING as u64 {
            continue;
        }
        for any_of in groups[*at].open(known) {
            for skill in any_of {
                *gains.entry(*skill).or_default() += PARTS / n.max(1);
            }
        }
    }
    let better = |a: &(SkillNo, u64), b: &(SkillNo, u64)| a.1.cmp(&b.1).then(b.0.cmp(&a.0));
    let (skill, gain) = gains.into_iter().max_by(better)?;
    Some((skill, gain as f64 / PARTS as f64))
}

/// The skill most often lacked in these groups.
fn beside(groups: &[Lacks], helped: &[usize], known: &[bool]) -> Option<SkillNo> {
    let mut counts: HashMap<SkillNo, u64> = HashMap::new();
    for at in helped {
        for skill in groups[*at].open(known).flatten() {
            *counts.entry(*skill).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
        .map(|(skill, _)| skill)
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
    sizes: HashMap<u32, u64>,
    clusters: Clusters,
    total: u64,
}

impl Employers {
    fn new(groups: &[Lacks]) -> Employers {
        let mut sizes: HashMap<u32, u64> = HashMap::new();
        let mut clusters = Clusters::default();
        for group in groups {
            match group.company {
                Some(company) => *sizes.entry(company).or_default() += 1,
                // Without an employer it resembles nobody's.
                None => {
                    clusters.n += 1;
                    clusters.m2 += 1.0;
                }
            }
        }
        clusters.n += sizes.len() as u64;
        clusters.m2 += sizes.values().map(|n| (n * n) as f64).sum::<f64>();
        Employers {
            sizes,
            clusters,
            total: groups.len() as u64,
        }
    }

    /// How many, and their share of all with its interval.
    fn share(&self, groups: &[Lacks], some: impl Iterator<Item = usize>) -> (u64, Share) {
        let mut n = 0;
        let (mut x2, mut xm) = (0.0, 0.0);
        let mut with: HashMap<u32, u64> = HashMap::new();
        for at in some {
            n += 1;
            match groups[at].company {
                Some(company) => *with.entry(company).or_default() += 1,
                None => {
                    x2 += 1.0;
                    xm += 1.0;
                }
            }
        }
        // Whole numbers: their sums depend on no order.
        for (company, x) in with {
            x2 += (x * x) as f64;
            xm += (x * self.sizes[&company]) as f64;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(skill: u16, requirement: u16, strength: SkillStrength) -> AskEntry {
        AskEntry {
            skill: SkillNo(skill),
            requirement: Some(requirement),
            strength,
            in_title: false,
            implied: false,
            years: 0.0,
            sections: 0,
        }
    }

    #[test]
    fn what_is_required_is_needed_and_else_what_is_mentioned() {
        use SkillStrength::{Mentioned, Preferred, Required};
        let (known, counts) = (vec![false; 4], vec![true; 4]);
        let needs = |ask: &[AskEntry]| unmet(ask, &known, &counts);
        let all = |skills: &[&[u16]]| -> Option<Vec<Vec<SkillNo>>> {
            Some(
                skills
                    .iter()
                    .map(|any_of| any_of.iter().map(|no| SkillNo(*no)).collect())
                    .collect(),
            )
        };
        assert_eq!(
            needs(&[entry(0, 0, Required), entry(1, 1, Mentioned)]),
            all(&[&[0]])
        );
        assert_eq!(
            needs(&[entry(0, 0, Mentioned), entry(1, 1, Preferred)]),
            all(&[&[0]])
        );
        assert_eq!(needs(&[entry(1, 0, Preferred)]), all(&[]));
        assert_eq!(
            needs(&[entry(2, 0, Required), entry(1, 0, Required)]),
            all(&[&[1, 2]])
        );
        assert_eq!(needs(&[]), None);
    }

    fn lacks(group: u32, unmet: &[&[u16]]) -> Lacks {
        Lacks {
            group,
            company: None,
            pay: None,
            unmet: unmet
                .iter()
                .map(|any_of| any_of.iter().map(|no| SkillNo(*no)).collect())
                .collect(),
        }
    }

    #[test]
    fn a_posting_that_lacks_two_gives_each_half() {
        let groups = [
            lacks(0, &[&[0], &[1]]),
            lacks(1, &[&[1]]),
            lacks(2, &[&[2]]),
        ];
        let known = vec![false; 3];
        assert_eq!(best(&groups, &[0, 1, 2], &known), Some((SkillNo(1), 1.5)));
        assert_eq!(best(&groups, &[], &known), None);
    }

    #[test]
    fn of_copies_the_one_that_lacks_least_speaks() {
        let groups = best_of_groups(vec![lacks(7, &[&[0], &[1]]), lacks(7, &[&[1]])]);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].unmet, [[SkillNo(1)]]);
    }
}
