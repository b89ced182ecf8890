//! Pairs of copies into groups.
//!
//! Rules from the strongest to the weakest, each by sorting one key of all
//! members, so that it takes as much memory as one key. Where members with
//! different numbers of one employer would meet in a group by way of others,
//! that group alone is joined again pair by pair.

use super::{Sketch, Traits};

/// The members of which groups are made: postings numbered from 0 in order of id.
pub trait Members {
    /// How many.
    fn n(&self) -> u32;
    /// All that is known of one.
    fn traits(&self, member: u32) -> Traits;
    /// Of one: [`Traits::url`].
    fn url(&self, member: u32) -> Option<u64> {
        self.traits(member).url
    }
    /// Of one: [`Traits::requisition`].
    fn requisition(&self, member: u32) -> Option<u64> {
        self.traits(member).requisition
    }
    /// Of one: [`Traits::text`].
    fn text(&self, member: u32) -> Option<u64> {
        self.traits(member).text
    }
    /// Of one: [`Traits::title`].
    fn title(&self, member: u32) -> Option<u64> {
        self.traits(member).title
    }
    /// Of one: [`Traits::sketch`].
    fn sketch(&self, member: u32) -> Sketch {
        self.traits(member).sketch
    }
}

impl Members for [Traits] {
    fn n(&self) -> u32 {
        self.len() as u32
    }

    fn traits(&self, member: u32) -> Traits {
        self[member as usize]
    }
}

/// The rules, strongest first.
pub(super) const RULES: [fn(&Traits, &Traits) -> bool; 4] = [
    |a, b| a.url.is_some() && a.url == b.url,
    |a, b| a.requisition.is_some() && a.requisition == b.requisition,
    |a, b| a.text.is_some() && a.text == b.text,
    |a, b| a.title.is_some() && a.title == b.title && a.sketch.is_like(&b.sketch),
];

/// The group of each member: its smallest member.
///
/// Groups are the components of "are copies by a rule and not different jobs".
/// A group that holds different numbers of one employer all the same, joined by
/// postings that state none, is parted: its pairs are taken again from the
/// strongest rule to the weakest and in order, and one that would bring such
/// numbers together is left out. So the groups depend on nothing but the
/// members and their order.
pub fn groups(members: &(impl Members + ?Sized)) -> Vec<u32> {
    let n = members.n();
    let mut sets = Sets::new(n);
    let requisition: Vec<u64> = (0..n)
        .map(|member| members.requisition(member).unwrap_or_default())
        .collect();
    let keyed = |key: &dyn Fn(u32) -> Option<u64>| {
        let mut keyed: Vec<(u64, u32)> = (0..n)
            .filter_map(|member| Some((key(member)?, member)))
            .collect();
        keyed.sort_unstable();
        keyed
    };
    let rules: [&dyn Fn(u32) -> Option<u64>; 3] = [
        &|member| members.url(member),
        &|member| members.requisition(member),
        &|member| members.text(member),
    ];
    for rule in rules {
        for run in keyed(rule)
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|run| run.len() > 1)
        {
            join_equal(&mut sets, run, &requisition);
        }
    }
    for run in keyed(&|member| members.title(member))
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|run| run.len() > 1)
    {
        join_alike(&mut sets, run, members, &requisition);
    }
    part(&mut sets, members, &requisition);
    sets.settled()
}

/// Whether two numbers are different ones of one employer; 0 stands for none.
pub(super) fn differ(a: u64, b: u64) -> bool {
    a != 0 && b != 0 && a != b && a >> 32 == b >> 32
}

/// Joins members that agree in a key: all of them, but for those that all have
/// numbers of one employer, which are joined by number.
fn join_equal(sets: &mut Sets, run: &[(u64, u32)], requisition: &[u64]) {
    let number = |member: u32| requisition[member as usize];
    let employer = number(run[0].1) >> 32;
    let is_of_one = run
        .iter()
        .all(|(_, member)| number(*member) != 0 && number(*member) >> 32 == employer);
    if is_of_one {
        let mut members: Vec<u32> = run.iter().map(|(_, member)| *member).collect();
        members.sort_unstable_by_key(|member| number(*member));
        for pair in members
            .windows(2)
            .filter(|pair| number(pair[0]) == number(pair[1]))
        {
            sets.join(pair[0], pair[1]);
        }
    } else {
        run.windows(2)
            .for_each(|pair| sets.join(pair[0].1, pair[1].1));
    }
}

/// Joins members of one title whose texts are alike.
fn join_alike(
    sets: &mut Sets,
    run: &[(u64, u32)],
    members: &(impl Members + ?Sized),
    requisition: &[u64],
) {
    let sketched: Vec<(Sketch, u32)> = run
        .iter()
        .map(|(_, member)| (members.sketch(*member), *member))
        .filter(|(sketch, _)| !sketch.is_empty())
        .collect();
    if sketched.len() < 2 {
        return;
    }
    let mut banded: Vec<(u64, u32)> = Vec::with_capacity(sketched.len());
    for band in 0..Sketch::BANDS {
        banded.clear();
        banded.extend(
            (0u32..)
                .zip(&sketched)
                .map(|(at, (sketch, _))| (sketch.band(band), at)),
        );
        banded.sort_unstable();
        for run in banded
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|run| run.len() > 1)
        {
            join_band(sets, run, &sketched, requisition);
        }
    }
}

/// Joins the alike among members that share a band. What is in one group
/// already stands together, so that many copies of one text cost little.
fn join_band(sets: &mut Sets, run: &[(u64, u32)], sketched: &[(Sketch, u32)], requisition: &[u64]) {
    let mut together: Vec<Vec<u32>> = Vec::new();
    for (_, at) in run {
        let (sketch, member) = sketched[*at as usize];
        let mut home = None;
        let mut other = 0;
        while other < together.len() {
            let is_joined = together[other].iter().any(|known| {
                let (like, known) = sketched[*known as usize];
                sets.top(known) == sets.top(member)
                    || (sketch.is_like(&like)
                        && !differ(requisition[member as usize], requisition[known as usize]))
            });
            if !is_joined {
                other += 1;
                continue;
            }
            sets.join(sketched[together[other][0] as usize].1, member);
            match home {
                None => {
                    home = Some(other);
                    other += 1;
                }
                Some(home) => {
                    let mut rest = together.swap_remove(other);
                    let into: &mut Vec<u32> = &mut together[home];
                    into.append(&mut rest);
                }
            }
        }
        match home {
            Some(home) => together[home].push(*at),
            None => together.push(vec![*at]),
        }
    }
}

/// Parts groups that hold different numbers of one employer.
fn part(sets: &mut Sets, members: &(impl Members + ?Sized), requisition: &[u64]) {
    let mut numbered: Vec<(u32, u64)> = (0u32..)
        .zip(requisition)
        .filter(|(_, number)| **number != 0)
        .map(|(member, number)| (sets.top(member), *number))
        .collect();
    numbered.sort_unstable();
    let mut mixed: Vec<u32> = numbered
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0 && differ(pair[0].1, pair[1].1))
        .map(|pair| pair[0].0)
        .collect();
    mixed.dedup();
    if mixed.is_empty() {
        return;
    }
    let mut parted: Vec<(u32, u32)> = (0..members.n())
        .map(|member| (sets.top(member), member))
        .filter(|(top, _)| mixed.binary_search(top).is_ok())
        .collect();
    parted.sort_unstable();
    for group in parted.chunk_by(|a, b| a.0 == b.0) {
        let of: Vec<Traits> = group
            .iter()
            .map(|(_, member)| members.traits(*member))
            .collect();
        for ((_, member), top) in group.iter().zip(by_pairs(&of)) {
            sets.parent[*member as usize] = group[top as usize].1;
        }
    }
}

/// The groups of some members, pair by pair: from the strongest rule to the
/// weakest and in order, and never two numbers of one employer in a group.
fn by_pairs(members: &[Traits]) -> Vec<u32> {
    let n = members.len();
    let mut sets = Sets::new(n as u32);
    let mut numbers: Vec<Vec<u64>> = members
        .iter()
        .map(|traits| traits.requisition.into_iter().collect())
        .collect();
    for rule in RULES {
        for a in 0..n {
            for b in a + 1..n {
                if !rule(&members[a], &members[b]) {
                    continue;
                }
                let (low, high) = (sets.top(a as u32), sets.top(b as u32));
                let meet = |low: &[u64], high: &[u64]| {
                    low.iter().any(|a| high.iter().any(|b| differ(*a, *b)))
                };
                if low == high || meet(&numbers[low as usize], &numbers[high as usize]) {
                    continue;
                }
                let (low, high) = (low.min(high), low.max(high));
                let moved = std::mem::take(&mut numbers[high as usize]);
                numbers[low as usize].extend(moved);
                numbers[low as usize].sort_unstable();
                numbers[low as usize].dedup();
                sets.join(low, high);
            }
        }
    }
    sets.settled()
}

/// Disjoint sets of members, each known by its smallest.
struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    fn new(n: u32) -> Sets {
        Sets {
            parent: (0..n).collect(),
        }
    }

    fn top(&mut self, mut member: u32) -> u32 {
        while self.parent[member as usize] != member {
            let above = self.parent[self.parent[member as usize] as usize];
            self.parent[member as usize] = above;
            member = above;
        }
        member
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.top(a), self.top(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    fn settled(mut self) -> Vec<u32> {
        for member in 0..self.parent.len() as u32 {
            let top = self.top(member);
            self.parent[member as usize] = top;
        }
        self.parent
    }
}
