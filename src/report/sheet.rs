//! Postings as votes: one a group of copies, with what any of its members in a
//! window of time says; the ground of all reports that are no time series.

use std::collections::HashMap;

use super::periods::Filled;
use super::stats::{Clusters, Share, design_effect, difference, ratio, wilson};
use super::{Card, CardBuilder, Growth, MIN_VOTES, Period, Point};
use crate::posting::SkillStrength;
use crate::query::{Engine, Filter, QueryError, ScanNames};
use crate::skills::SkillNo;

/// What a filter leaves, posting by posting.
pub(super) struct Sheet {
    pub(super) card: Card,
    pub(super) names: ScanNames,
    /// By group, then date; those whose text is missing or cut off are left out.
    rows: Vec<Row>,
    skills: Vec<Named>,
    countries: Vec<u32>,
    filled: Option<Filled>,
}

struct Row {
    group: u32,
    at: Option<i64>,
    company: Option<u32>,
    seniority: Option<u32>,
    workplace: Option<u32>,
    source: Option<u32>,
    /// Twice the source, and one more if it has a list of skills and no text.
    stratum: Option<u32>,
    /// Middle of a closed yearly range, and its currency.
    pay: Option<(f64, u32)>,
    skills: (u32, u32),
    countries: (u32, u32),
}

/// A skill that is named, not only implied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) skill: SkillNo,
    pub(super) strength: SkillStrength,
}

/// One group of copies.
#[derive(Debug, Clone, Default)]
pub(super) struct Vote {
    pub(super) company: Option<u32>,
    pub(super) seniority: Option<u32>,
    pub(super) workplace: Option<u32>,
    pub(super) source: Option<u32>,
    /// By number into [`Sheet::strata_names`].
    pub(super) stratum: Option<u32>,
    pub(super) countries: Vec<u32>,
    pub(super) pay: Option<(f64, u32)>,
    /// Each once, with what its copies say together, in order.
    pub(super) skills: Vec<Named>,
}

impl Vote {
    pub(super) fn names(&self, skill: SkillNo) -> bool {
        self.skills
            .binary_search_by(|named| named.skill.cmp(&skill))
            .is_ok()
    }
}

impl Sheet {
    pub(super) fn read(engine: &dyn Engine, filter: &Filter) -> Result<Sheet, QueryError> {
        let mut card = CardBuilder::default();
        let (mut rows, mut skills, mut countries) = (Vec::new(), Vec::new(), Vec::new());
        let names = engine.scan(filter, &mut |row| {
            card.add(row);
            if row.is_partial {
                return;
            }
            let (first_skill, first_country) = (skills.len() as u32, countries.len() as u32);
            let named = row.ask.iter().filter(|entry| !entry.implied);
            skills.extend(named.map(|entry| Named {
                skill: entry.skill,
                strength: entry.strength,
            }));
            countries.extend_from_slice(row.countries);
            let pay = row
                .pay
                .and_then(|(min, max, currency)| Some(((min? + max?) / 2.0, currency)));
            rows.push(Row {
                group: row.group,
                at: row.posted_at,
                company: row.company,
                seniority: row.seniority,
                workplace: row.workplace,
                source: row.source,
                stratum: row.source.map(|no| 2 * no + u32::from(row.is_listed)),
                pay,
                skills: (first_skill, skills.len() as u32),
                countries: (first_country, countries.len() as u32),
            });
        })?;
        rows.sort_by_key(|row| (row.group, row.at));
        let filled = Filled::new(rows.iter().filter_map(|row| row.at), filter);
        Ok(Sheet {
            card: card.finish(&names),
            names,
            rows,
            skills,
            countries,
            filled,
        })
    }

    /// What the strata are called, by number: a source and, if it gives both texts
    /// and lists of skills, which of them; as a ledger calls them.
    pub(super) fn strata_names(&self) -> Vec<String> {
        let sources = &self.names.sources;
        let mut has = vec![false; sources.len() * 2];
        for stratum in self.rows.iter().filter_map(|row| row.stratum) {
            has[stratum as usize] = true;
        }
        let name = |no: usize| {
            let source = &sources[no / 2];
            match (has[no & !1] && has[no | 1], no % 2) {
                (false, _) => source.clone(),
                (true, 0) => format!("{source} (texts)"),
                (true, _) => format!("{source} (lists of skills)"),
            }
        };
        (0..has.len()).map(name).collect()
    }

    /// A sentence about first and last months with too few postings to fill them.
    pub(super) fn thin(&self) -> Option<String> {
        self.filled?.thin()
    }

    /// The last twelve full months, or as many as there are.
    pub(super) fn last_year(&self) -> Option<Period> {
        self.filled?.last_year()
    }

    /// The windows that growth compares: the last twelve full months and the
    /// twelve before, or the same months a year apart.
    pub(super) fn year_on_year(&self) -> Option<(Period, Period)> {
        self.filled?.year_on_year()
    }

    /// The votes of a window, or of everything, undated postings included.
    pub(super) fn votes(&self, window: Option<Period>) -> Vec<Vote> {
        let inside = |row: &&Row| match window {
            None => true,
            Some(period) => {
                let (from, to) = period.seconds();
                row.at.is_some_and(|at| from <= at && at < to)
            }
        };
        let groups = self.rows.chunk_by(|a, b| a.group == b.group);
        let mut votes: Vec<Vote> = groups
            .filter_map(|members| {
                let members: Vec<&Row> = members.iter().filter(inside).collect();
                (!members.is_empty()).then(|| self.vote(&members))
            })
            .collect();
        // Clusters lie together; who has no employer stands alone at the end.
        votes.sort_by_key(|vote| (vote.company.is_none(), vote.company));
        votes
    }

    /// Copies may differ; the order they come in must not decide.
    fn vote(&self, members: &[&Row]) -> Vote {
        fn least(values: impl Iterator<Item = Option<u32>>) -> Option<u32> {
            values.flatten().min()
        }
        let mut skills: Vec<Named> = Vec::new();
        let mut countries: Vec<u32> = Vec::new();
        for row in members {
            skills.extend_from_slice(&self.skills[row.skills.0 as usize..row.skills.1 as usize]);
            let (first, end) = row.countries;
            countries.extend_from_slice(&self.countries[first as usize..end as usize]);
        }
        skills.sort_by_key(|named| named.skill);
        skills.dedup_by(|next, first| {
            let is_same = next.skill == first.skill;
            if is_same {
                first.strength = first.strength.joined(next.strength);
            }
            is_same
        });
        countries.sort_unstable();
        countries.dedup();
        let pays = members.iter().filter_map(|row| row.pay);
        Vote {
            company: least(members.iter().map(|row| row.company)),
            seniority: least(members.iter().map(|row| row.seniority)),
            workplace: least(members.iter().map(|row| row.workplace)),
            source: least(members.iter().map(|row| row.source)),
            stratum: least(members.iter().map(|row| row.stratum)),
            countries,
            pay: pays.min_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0))),
            skills,
        }
    }
}

/// How many of some votes name each value, with what clustering by employer
/// needs to know.
pub(super) struct Counts {
    total: u64,
    clusters: Clusters,
    values: Vec<Value>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Value {
    n: u64,
    x2: f64,
    xm: f64,
    employers: u64,
}

/// A share with what it stands on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) point: Point,
    /// The number of independent votes that the interval takes it for.
    pub(super) effective: f64,
    /// Employers among them that name it.
    pub(super) employers: u64,
}

impl Counts {
    /// Counts values (each at most once a vote) over votes in the order that
    /// [`Sheet::votes`] gives them; some may be left out.
    pub(super) fn of<'a>(
        votes: impl Iterator<Item = &'a Vote>,
        n_values: usize,
        mut values_of: impl FnMut(&Vote, &mut Vec<u32>),
    ) -> Counts {
        let mut counts = Counts {
            total: 0,
            clusters: Clusters::default(),
            values: vec![Value::default(); n_values],
        };
        let (mut named, mut size, mut of) = (Vec::new(), 0u64, None);
        let mut one = Vec::new();
        for vote in votes {
            if size > 0 && (vote.company.is_none() || vote.company != of) {
                counts.close(&mut named, size, of.is_some());
                size = 0;
            }
            of = vote.company;
            size += 1;
            one.clear();
            values_of(vote, &mut one);
            named.append(&mut one);
        }
        if size > 0 {
            counts.close(&mut named, size, of.is_some());
        }
        counts
    }

    /// Adds one employer.
    fn close(&mut self, named: &mut Vec<u32>, size: u64, is_known: bool) {
        self.total += size;
        self.clusters.n += 1;
        self.clusters.m2 += (size * size) as f64;
        named.sort_unstable();
        for same in named.chunk_by(|a, b| a == b) {
            let x = same.len() as u64;
            let value = &mut self.values[same[0] as usize];
            value.n += x;
            value.x2 += (x * x) as f64;
            value.xm += (x * size) as f64;
            value.employers += u64::from(is_known);
        }
        named.clear();
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn n(&self, value: u32) -> u64 {
        self.values[value as usize].n
    }

    pub(super) fn counted(&self, value: u32) -> Counted {
        let Value {
            n,
            x2,
            xm,
            employers,
        } = self.values[value as usize];
        let effect = design_effect(self.clusters, x2, xm, n, self.total);
        let effective = self.total as f64 / effect;
        let share = n as f64 / self.total.max(1) as f64;
        Counted {
            point: Point {
                n,
                total: self.total,
                share: wilson(share, effective),
            },
            effective,
            employers,
        }
    }

    /// Rank by share among values with enough votes, and the ranks that the
    /// intervals allow; ties share one.
    pub(super) fn rank(&self, value: u32) -> Option<(u32, (u32, u32))> {
        let shares: Vec<(u32, Share)> = (0..self.values.len() as u32)
            .filter(|value| self.n(*value) >= MIN_VOTES)
            .map(|value| (value, self.counted(value).point.share))
            .collect();
        let own = shares.iter().find(|(known, _)| *known == value)?.1;
        let n = |is_so: &dyn Fn(&Share) -> bool| {
            shares.iter().filter(|(_, share)| is_so(share)).count() as u32
        };
        Some((
            1 + n(&|other| other.share > own.share),
            (
                1 + n(&|other| other.low > own.high),
                shares.len() as u32 - n(&|other| other.high < own.low),
            ),
        ))
    }
}

/// Whether one of some votes is so: a share of them.
pub(super) fn share_of<'a>(
    votes: impl Iterator<Item = &'a Vote>,
    is_so: impl Fn(&Vote) -> bool,
) -> Counted {
    Counts::of(votes, 1, |vote, values| {
        if is_so(vote) {
            values.push(0);
        }
    })
    .counted(0)
}

/// How a share has changed; `None` below [`MIN_VOTES`] in either window.
pub(super) fn growth(now: &Counted, before: &Counted) -> Option<Growth> {
    if now.point.n < MIN_VOTES || before.point.n < MIN_VOTES {
        return None;
    }
    let (to, from) = (now.point.share, before.point.share);
    let (low, high) = difference(to, from);
    Some(Growth {
        from: before.point,
        to: now.point,
        points: (to.share - from.share, low, high),
        ratio: ratio(to.share, now.effective, from.share, before.effective)?,
    })
}

/// The commonest of some names, with how many votes have each.
pub(super) fn commonest<'a>(
    votes: impl Iterator<Item = &'a Vote>,
    of: impl Fn(&Vote) -> Option<u32>,
    names: &[String],
    n: usize,
) -> Vec<(String, u64)> {
    let mut counts: HashMap<u32, u64> = HashMap::new();
    for value in votes.filter_map(of) {
        *counts.entry(value).or_default() += 1;
    }
    let named = counts
        .into_iter()
        .filter_map(|(no, n)| Some((names.get(no as usize)?.clone(), n)));
    let mut named: Vec<(String, u64)> = named.collect();
    named.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    named.truncate(n);
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(company: Option<u32>, skills: &[u16]) -> Vote {
        Vote {
            company,
            skills: skills
                .iter()
                .map(|no| Named {
                    skill: SkillNo(*no),
                    strength: SkillStrength::Mentioned,
                })
                .collect(),
            ..Vote::default()
        }
    }

    fn counts(votes: &[Vote]) -> Counts {
        Counts::of(votes.iter(), 3, |vote, values| {
            values.extend(vote.skills.iter().map(|named| u32::from(named.skill.0)));
        })
    }

    #[test]
    fn votes_of_one_employer_are_one_cluster() {
        let alone: Vec<Vote> = (0..40).map(|at| vote(None, &[at % 2])).collect();
        let mut one: Vec<Vote> = (0..40)
            .map(|at| vote(Some(u32::from(at / 10)), &[at / 10 % 2]))
            .collect();
        one.sort_by_key(|vote| vote.company);
        let (alone, one) = (counts(&alone).counted(0), counts(&one).counted(0));
        assert_eq!((alone.point.n, one.point.n), (20, 20));
        assert_eq!((alone.employers, one.employers), (0, 2));
        assert!(alone.effective > 38.0 && one.effective < 4.0, "{one:?}");
    }

    /// Of simulated corpora, how many have the true share in their interval.
    fn coverage(employers: u32, postings_each: u64, spread: f64, share: f64) -> f64 {
        let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ u64::from(employers);
        // xorshift64* (Marsaglia 2003, Vigna 2016): evenly spread numbers below 1.
        let mut random = || {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
        };
        const N_CORPORA: u32 = 2000;
        let mut covered = 0;
        for _ in 0..N_CORPORA {
            let mut votes: Vec<Vote> = Vec::new();
            for employer in 0..employers {
                // Employers differ: half of them name it more often, half less.
                let own = share + if random() < 0.5 { spread } else { -spread };
                let n = 1 + (random() * (2 * postings_each - 1) as f64) as u64;
                votes.extend(
                    (0..n).map(|_| vote(Some(employer), if random() < own { &[0] } else { &[] })),
                );
            }
            let found = counts(&votes).counted(0).point.share;
            covered += u32::from(found.low <= share && share <= found.high);
        }
        f64::from(covered) / f64::from(N_CORPORA)
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        // Nobody resembles anybody; then employers that differ much, with one to nine postings each.
        for (employers, each, spread, share) in [
            (300, 1, 0.0, 0.2),
            (1000, 1, 0.0, 0.03),
            (120, 5, 0.15, 0.2),
            (250, 3, 0.2, 0.4),
        ] {
            let covered = coverage(employers, each, spread, share);
            assert!(
                (0.93..=0.97).contains(&covered),
                "{covered} with {employers} employers of {each} that differ by {spread}"
            );
        }
    }

    #[test]
    fn ranks_are_of_what_has_votes_enough() {
        let votes: Vec<Vote> = (0..100)
            .map(|at| {
                vote(
                    None,
                    if at < 90 {
                        &[0]
                    } else if at < 95 {
                        &[1]
                    } else {
                        &[0, 2]
                    },
                )
            })
            .collect();
        let counts = counts(&votes);
        assert_eq!(counts.rank(0), Some((1, (1, 1))));
        assert_eq!(counts.rank(1), None);
    }
}
