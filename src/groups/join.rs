//! Pairs of copies into groups.
//!
//! Rules from the strongest to the weakest, each by sorting one key of all
//! members, so that it takes as much memory as one key, and some sketches. Where members with
//! different numbers of one employer would meet in a group by way of others,
//! that group alone is joined again pair by pair.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use super::{Sketch, Traits};

/// A trait that members may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// [`Traits::url`].
    Url,
    /// [`Traits::requisition`].
    Requisition,
    /// [`Traits::text`].
    Text,
    /// [`Traits::title`].
    Title,
}

/// The members of which groups are made: postings numbered from 0 in order of id.
pub trait Members {
    /// Why they may not be readable.
    type Error;

    /// How many.
    fn n(&self) -> u32;

    /// Tells of each member that has a key of a kind, in any order.
    ///
    /// # Errors
    /// If they cannot be read.
    fn keys(&self, key: Key, tell: &mut dyn FnMut(u32, u64)) -> Result<(), Self::Error>;

    /// Tells of the sketches of some members, in any order.
    ///
    /// # Errors
    /// If they cannot be read.
    fn sketches(
        &self,
        are_wanted: &dyn Fn(u32) -> bool,
        tell: &mut dyn FnMut(u32, Sketch),
    ) -> Result<(), Self::Error>;
}

impl Members for [Traits] {
    type Error = Infallible;

    fn n(&self) -> u32 {
        self.len() as u32
    }

    fn keys(&self, key: Key, tell: &mut dyn FnMut(u32, u64)) -> Result<(), Infallible> {
        for (member, traits) in (0u32..).zip(self) {
            let value = match key {
                Key::Url => traits.url,
                Key::Requisition => traits.requisition,
                Key::Text => traits.text,
                Key::Title => traits.title,
            };
            value.into_iter().for_each(|value| tell(member, value));
        }
        Ok(())
    }

    fn sketches(
        &self,
        are_wanted: &dyn Fn(u32) -> bool,
        tell: &mut dyn FnMut(u32, Sketch),
    ) -> Result<(), Infallible> {
        let wanted = (0u32..).zip(self).filter(|(member, _)| are_wanted(*member));
        wanted.for_each(|(member, traits)| tell(member, traits.sketch));
        Ok(())
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
///
/// # Errors
/// If the members cannot be read.
pub fn groups<M: Members + ?Sized>(members: &M) -> Result<Vec<u32>, M::Error> {
    let mut sets = Sets::new(members.n());
    let mut requisition = vec![0; members.n() as usize];
    members.keys(Key::Requisition, &mut |member, number| {
        requisition[member as usize] = number;
    })?;
    for key in [Key::Url, Key::Requisition, Key::Text] {
        for run in shared(&keyed(members, key)?) {
            join_equal(&mut sets, run, &requisition);
        }
    }
    join_titles(&mut sets, members, &requisition)?;
    part(&mut sets, members, &requisition)?;
    Ok(sets.settled())
}

/// The members that have a key of a kind, sorted by it.
fn keyed<M: Members + ?Sized>(members: &M, key: Key) -> Result<Vec<(u64, u32)>, M::Error> {
    let mut keyed = Vec::new();
    members.keys(key, &mut |member, value| keyed.push((value, member)))?;
    keyed.sort_unstable();
    Ok(keyed)
}

/// Those that share a key.
fn shared(keyed: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    let runs = keyed.chunk_by(|a, b| a.0 == b.0);
    runs.filter(|run| run.len() > 1)
}

/// So many sketches are held at a time, or those of one title if there are more: 64 bytes each.
const SKETCHES_HELD: usize = if cfg!(test) { 3 } else { 1 << 19 };

/// Joins members of one title whose texts are alike.
fn join_titles<M: Members + ?Sized>(
    sets: &mut Sets,
    members: &M,
    requisition: &[u64],
) -> Result<(), M::Error> {
    let titled = keyed(members, Key::Title)?;
    let mut slot_of = vec![NO_SLOT; members.n() as usize];
    let mut runs = shared(&titled).peekable();
    let (mut batch, mut n) = (Vec::new(), 0);
    while let Some(run) = runs.next() {
        batch.push(run);
        n += run.len();
        if runs
            .peek()
            .is_some_and(|next| n + next.len() <= SKETCHES_HELD)
        {
            continue;
        }
        let of_batch = || batch.iter().flat_map(|run| run.iter());
        for (slot, (_, member)) in (0u32..).zip(of_batch()) {
            slot_of[*member as usize] = slot;
        }
        let mut sketches = vec![Sketch::default(); n];
        members.sketches(
            &|member| slot_of[member as usize] != NO_SLOT,
            &mut |member, sketch| sketches[slot_of[member as usize] as usize] = sketch,
        )?;
        let mut rest = &sketches[..];
        for run in &batch {
            let (sketches, later) = rest.split_at(run.len());
            join_alike(sets, run, sketches, requisition);
            rest = later;
        }
        for (_, member) in of_batch() {
            slot_of[*member as usize] = NO_SLOT;
        }
        batch.clear();
        n = 0;
    }
    Ok(())
}

/// Its sketch is not held.
const NO_SLOT: u32 = u32::MAX;

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

/// Joins members of one title whose texts, with these sketches, are alike.
fn join_alike(sets: &mut Sets, run: &[(u64, u32)], sketches: &[Sketch], requisition: &[u64]) {
    let of_run = sketches.iter().zip(run);
    let sketched: Vec<(Sketch, u32)> = of_run
        .map(|(sketch, (_, member))| (*sketch, *member))
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
fn part<M: Members + ?Sized>(
    sets: &mut Sets,
    members: &M,
    requisition: &[u64],
) -> Result<(), M::Error> {
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
        return Ok(());
    }
    let mut parted: Vec<(u32, u32)> = (0..members.n())
        .map(|member| (sets.top(member), member))
        .filter(|(top, _)| mixed.binary_search(top).is_ok())
        .collect();
    parted.sort_unstable();
    let all = traits(members, parted.iter().map(|(_, member)| *member))?;
    for group in parted.chunk_by(|a, b| a.0 == b.0) {
        let of: Vec<Traits> = group.iter().map(|(_, member)| all[member]).collect();
        for ((_, member), top) in group.iter().zip(by_pairs(&of)) {
            sets.parent[*member as usize] = group[top as usize].1;
        }
    }
    Ok(())
}

/// All that is known of some members.
fn traits<M: Members + ?Sized>(
    members: &M,
    some: impl Iterator<Item = u32>,
) -> Result<HashMap<u32, Traits>, M::Error> {
    let mut known: HashMap<u32, Traits> = some.map(|member| (member, Traits::default())).collect();
    for key in [Key::Url, Key::Requisition, Key::Text, Key::Title] {
        members.keys(key, &mut |member, value| {
            if let Some(traits) = known.get_mut(&member) {
                *match key {
                    Key::Url => &mut traits.url,
                    Key::Requisition => &mut traits.requisition,
                    Key::Text => &mut traits.text,
                    Key::Title => &mut traits.title,
                } = Some(value);
            }
        })?;
    }
    let wanted: HashSet<u32> = known.keys().copied().collect();
    members.sketches(&|member| wanted.contains(&member), &mut |member, sketch| {
        if let Some(traits) = known.get_mut(&member) {
            traits.sketch = sketch;
        }
    })?;
    Ok(known)
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
