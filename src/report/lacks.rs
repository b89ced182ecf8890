//! What postings need and somebody lacks, laid out so that a million of them can
//! be walked again after each skill that is learnt.

use std::ops::Range;

use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::skills::SkillNo;

/// While a posting lacks more requirements than this it is too far away to count
/// towards what to learn next.
pub const MAX_LACKING: usize = 4;

/// One posting a group, with what the person lacks of it.
#[derive(Debug, Clone)]
pub(super) struct Lacks {
    pub(super) group: u32,
    pub(super) company: Option<u32>,
    /// Middle of its closed range and currency.
    pub(super) pay: Option<(f64, u32)>,
    /// Its unmet requirements in [`Unmet`].
    pub(super) unmet: Range<u32>,
}

/// Requirements of many postings, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Unmet {
    /// The alternatives of all requirements, those of each sorted.
    skills: Vec<SkillNo>,
    /// Where each requirement ends.
    ends: Vec<u32>,
}

impl Unmet {
    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    fn push(&mut self, any_of: &[SkillNo]) {
        self.skills.extend_from_slice(any_of);
        self.ends.push(self.skills.len() as u32);
    }

    /// The alternatives of some requirements.
    fn of(&self, some: &Range<u32>) -> impl Iterator<Item = &[SkillNo]> {
        let first = some.start.checked_sub(1);
        let mut begin = first.map_or(0, |before| self.ends[before as usize] as usize);
        let ends = &self.ends[some.start as usize..some.end as usize];
        ends.iter().map(move |end| {
            let any_of = &self.skills[begin..*end as usize];
            begin = *end as usize;
            any_of
        })
    }

    /// Those that somebody who knows this still lacks.
    fn open(&self, some: &Range<u32>, known: &[bool]) -> impl Iterator<Item = &[SkillNo]> {
        let is_known = |skill: &SkillNo| known[usize::from(skill.0)];
        self.of(some)
            .filter(move |any_of| !any_of.iter().any(is_known))
    }
}

/// What is lacked of one posting a group.
pub(super) struct Groups {
    pub(super) all: Vec<Lacks>,
    unmet: Unmet,
}

/// Adds the requirements that are needed and not met, each sorted, all sorted;
/// says whether the posting asks for anything that counts.
pub(super) fn add_unmet(
    ask: &[AskEntry],
    known: &[bool],
    counts: &[bool],
    unmet: &mut Unmet,
) -> bool {
    let is = |of: &[bool], entry: &AskEntry| of[usize::from(entry.skill.0)];
    let asked = || {
        ask.chunk_by(|a, b| a.requirement == b.requirement)
            .filter(|any_of| any_of[0].requirement.is_some())
            .filter(|any_of| any_of.iter().any(|entry| is(counts, entry)))
    };
    let Some(strongest) = asked().map(|any_of| any_of[0].strength).max() else {
        return false;
    };
    // Only what is nice to have: nothing is needed.
    let needed = match strongest {
        SkillStrength::Required => SkillStrength::Required,
        _ => SkillStrength::Mentioned,
    };
    let lacked = asked().filter(|any_of| {
        any_of[0].strength >= needed && !any_of.iter().any(|entry| is(known, entry))
    });
    let mut skills: Vec<SkillNo> = Vec::new();
    let mut each: Vec<Range<usize>> = Vec::new();
    for any_of in lacked {
        let begin = skills.len();
        let that_count = any_of.iter().filter(|entry| is(counts, entry));
        skills.extend(that_count.map(|entry| entry.skill));
        skills[begin..].sort_unstable();
        each.push(begin..skills.len());
    }
    each.sort_unstable_by(|a, b| skills[a.clone()].cmp(&skills[b.clone()]));
    // Asked for alone and in a choice: the choice is met with it.
    each.dedup_by(|a, b| skills[a.clone()] == skills[b.clone()]);
    each.into_iter()
        .for_each(|any_of| unmet.push(&skills[any_of]));
    true
}

impl Groups {
    /// Of each group the posting that lacks least; of equal ones the one whose
    /// lacks, employer and pay stand first, whatever order they came in.
    pub(super) fn best(mut postings: Vec<Lacks>, unmet: &Unmet) -> Groups {
        let key = |lacks: &Lacks| {
            let pay = lacks
                .pay
                .map(|(middle, currency)| (middle.to_bits(), currency));
            (lacks.company.is_none(), lacks.company, pay.is_none(), pay)
        };
        postings.sort_unstable_by(|a, b| {
            (a.group, a.unmet.len())
                .cmp(&(b.group, b.unmet.len()))
                .then_with(|| unmet.of(&a.unmet).cmp(unmet.of(&b.unmet)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        postings.dedup_by_key(|lacks| lacks.group);
        // Side by side in this order, since they are walked in it.
        let mut in_order = Unmet::default();
        for posting in &mut postings {
            let begin = in_order.len();
            unmet
                .of(&posting.unmet)
                .for_each(|any_of| in_order.push(any_of));
            posting.unmet = begin..in_order.len();
        }
        Groups {
            all: postings,
            unmet: in_order,
        }
    }

    /// What somebody who knows this still lacks of a group.
    pub(super) fn open(&self, at: usize, known: &[bool]) -> impl Iterator<Item = &[SkillNo]> {
        self.unmet.open(&self.all[at].unmet, known)
    }

    /// The skill with the largest gain; of equal ones the first of the list of skills.
    pub(super) fn best_of(&self, open: &[usize], known: &[bool]) -> Option<(SkillNo, f64)> {
        // Gains are counted in twelfths, so that their sum depends on no order:
        // 1, 1/2, 1/3 and 1/4 are whole numbers of them.
        const PARTS: u64 = 12;
        let mut gains = vec![0u64; known.len()];
        for at in open {
            let n = self.open(*at, known).count();
            if n > MAX_LACKING {
                continue;
            }
            for skill in self.open(*at, known).flatten() {
                gains[usize::from(skill.0)] += PARTS / n.max(1) as u64;
            }
        }
        let (skill, gain) = first_of_most(&gains)?;
        Some((skill, gain as f64 / PARTS as f64))
    }

    /// The skill most often lacked in these groups.
    pub(super) fn beside(&self, helped: &[usize], known: &[bool]) -> Option<SkillNo> {
        let mut counts = vec![0u64; known.len()];
        for at in helped {
            for skill in self.open(*at, known).flatten() {
                counts[usize::from(skill.0)] += 1;
            }
        }
        first_of_most(&counts).map(|(skill, _)| skill)
    }
}

/// The skill with the largest number, the first of equal ones; none if all are 0.
fn first_of_most(of_skills: &[u64]) -> Option<(SkillNo, u64)> {
    let skills = (0u16..).map(SkillNo).zip(of_skills.iter().copied());
    let there = skills.filter(|(_, n)| *n > 0);
    there.max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
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
        let needs = |ask: &[AskEntry]| {
            let mut unmet = Unmet::default();
            let asks = add_unmet(ask, &known, &counts, &mut unmet);
            let all = 0..unmet.len();
            let lists = unmet.of(&all).map(<[SkillNo]>::to_vec);
            asks.then(|| lists.collect::<Vec<_>>())
        };
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

    fn groups(of: &[(u32, &[&[u16]])]) -> Groups {
        let mut unmet = Unmet::default();
        let mut postings = Vec::new();
        for (group, requirements) in of {
            let begin = unmet.len();
            for any_of in *requirements {
                let skills: Vec<SkillNo> = any_of.iter().map(|no| SkillNo(*no)).collect();
                unmet.push(&skills);
            }
            postings.push(Lacks {
                group: *group,
                company: None,
                pay: None,
                unmet: begin..unmet.len(),
            });
        }
        Groups::best(postings, &unmet)
    }

    #[test]
    fn a_posting_that_lacks_two_gives_each_half() {
        let groups = groups(&[(0, &[&[0], &[1]]), (1, &[&[1]]), (2, &[&[2]])]);
        let known = vec![false; 3];
        let found = groups.best_of(&[0, 1, 2], &known);
        assert_eq!(found, Some((SkillNo(1), 1.5)));
        assert_eq!(groups.best_of(&[], &known), None);
    }

    #[test]
    fn of_copies_the_one_that_lacks_least_speaks() {
        let groups = groups(&[(3, &[&[2]]), (7, &[&[0], &[1]]), (7, &[&[1]])]);
        assert_eq!(groups.all.len(), 2);
        let lacked: Vec<&[SkillNo]> = groups.open(1, &[false; 3]).collect();
        assert_eq!(lacked, [[SkillNo(1)]]);
    }
}
