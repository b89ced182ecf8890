//! Pairs of copies into groups.
//!
//! Rules from the strongest to the weakest, each by sorting some keys at a time
//! of one kind, so that it takes as much memory as those, and some sketches. Where members with
//! different numbers of one employer would meet in a group by way of others,
//! that group alone is joined again pair by pair, but for pairs that change nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::convert::Infallible;
use std::ops::Bound::{Excluded, Unbounded};

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
        by_key(members, key, |keyed| {
            shared(keyed).for_each(|run| join_equal(&mut sets, run, &requisition));
            Ok(())
        })?;
    }
    let mut slot_of = vec![NO_SLOT; members.n() as usize];
    by_key(members, Key::Title, |titled| {
        join_titles(&mut sets, members, titled, &mut slot_of, &requisition)
    })?;
    drop(slot_of);
    part(&mut sets, members, &requisition)?;
    Ok(sets.settled())
}

/// About so many keys are held at a time, or those that are equal if there are more: 16 bytes
/// each. For more members they are gone through several times.
const KEYS_HELD: u32 = if cfg!(test) { 3 } else { 1 << 20 };

/// Tells `visit` of the members that have a key of a kind, sorted by it: of some keys at a
/// time, and of equal ones together.
fn by_key<M: Members + ?Sized>(
    members: &M,
    key: Key,
    mut visit: impl FnMut(&[(u64, u32)]) -> Result<(), M::Error>,
) -> Result<(), M::Error> {
    let n_parts = u64::from(members.n().div_ceil(KEYS_HELD));
    // Parts are about as large as one another; a list that grew would take three times as much.
    let about = members.n() as usize / n_parts.max(1) as usize;
    let mut keyed = Vec::with_capacity(about + about / 16);
    for part in 0..n_parts {
        keyed.clear();
        members.keys(key, &mut |member, value| {
            if value % n_parts == part {
                keyed.push((value, member));
            }
        })?;
        keyed.sort_unstable();
        visit(&keyed)?;
    }
    Ok(())
}

/// Those that share a key.
fn shared(keyed: &[(u64, u32)]) -> impl Iterator<Item = &[(u64, u32)]> {
    let runs = keyed.chunk_by(|a, b| a.0 == b.0);
    runs.filter(|run| run.len() > 1)
}

/// So many sketches are held at a time, or those of one title if there are more: 64 bytes each.
const SKETCHES_HELD: usize = if cfg!(test) { 3 } else { 1 << 19 };

/// Joins members of one title whose texts are alike; `slot_of` says of no member that its
/// sketch is held, before and after.
fn join_titles<M: Members + ?Sized>(
    sets: &mut Sets,
    members: &M,
    titled: &[(u64, u32)],
    slot_of: &mut [u32],
    requisition: &[u64],
) -> Result<(), M::Error> {
    let mut runs = shared(titled).peekable();
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

/// What members must share for a rule to join them; by all but the last that is enough.
const SHARED: [fn(&Traits) -> Option<u64>; 4] = [
    |of| of.url,
    |of| of.requisition,
    |of| of.text,
    |of| of.title.filter(|_| !of.sketch.is_empty()),
];

/// The groups of some members, pair by pair: from the strongest rule to the
/// weakest and in order, and never two numbers of one employer in a group.
///
/// Pairs that change nothing are left out. Groups only grow, and so do the numbers
/// in them: two that must not meet never will. So a member need not be tried with
/// groups that have another number of an employer in its own, and a member that
/// has been tried stands for those in its group that are like the same others.
fn by_pairs(members: &[Traits]) -> Vec<u32> {
    let mut groups = Numbered::new(members);
    for (at, (rule, shared)) in RULES.iter().zip(SHARED).enumerate() {
        let is_last = at + 1 == RULES.len();
        let mut classes: HashMap<u64, Class> = HashMap::new();
        let number_of: Vec<Option<Number>> = (0..members.len() as u32)
            .map(|member| groups.a_number(member))
            .collect();
        for (member, traits) in (0u32..).zip(members) {
            if let Some(key) = shared(traits) {
                let class = classes.entry(key).or_default();
                class.add(member, number_of[member as usize]);
            }
        }
        for (a, of_a) in (0u32..).zip(members) {
            let class = shared(of_a).and_then(|key| classes.get_mut(&key));
            let Some(class) = class.filter(|class| class.has(a, number_of[a as usize])) else {
                continue;
            };
            class.remove(a, number_of[a as usize]);
            for b in class.joinable(groups.numbers(a)) {
                let of_b = &members[b as usize];
                let are_equal = !is_last || of_a.sketch == of_b.sketch;
                if rule(of_a, of_b) && groups.join(a, b) && are_equal {
                    class.remove(b, number_of[b as usize]);
                }
            }
        }
    }
    groups.sets.settled()
}

/// An employer and one of its numbers.
type Number = (u32, u32);

/// Members that share something, by a number in their groups, if there is one.
#[derive(Default)]
struct Class(BTreeMap<Option<Number>, BTreeSet<u32>>);

impl Class {
    fn add(&mut self, member: u32, number: Option<Number>) {
        self.0.entry(number).or_default().insert(member);
    }

    fn has(&self, member: u32, number: Option<Number>) -> bool {
        let of_number = self.0.get(&number);
        of_number.is_some_and(|members| members.contains(&member))
    }

    fn remove(&mut self, member: u32, number: Option<Number>) {
        if let Some(members) = self.0.get_mut(&number) {
            members.remove(&member);
            if members.is_empty() {
                self.0.remove(&number);
            }
        }
    }

    /// In order, those that a group with these numbers may perhaps be joined with.
    fn joinable(&self, numbers: &BTreeMap<u32, u32>) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        found.extend(self.0.get(&None).into_iter().flatten());
        let mut next = self.0.range(Some((0, 0))..).next();
        while let Some((Some((employer, _)), _)) = next {
            let all = Some((*employer, 0))..=Some((*employer, u32::MAX));
            match numbers.get(employer) {
                Some(own) => {
                    found.extend(self.0.get(&Some((*employer, *own))).into_iter().flatten())
                }
                None => found.extend(self.0.range(all).flat_map(|(_, members)| members)),
            }
            let beyond = (Excluded(Some((*employer, u32::MAX))), Unbounded);
            next = self.0.range(beyond).next();
        }
        found.sort_unstable();
        found
    }
}

/// Disjoint sets, each with the number of every employer in it.
struct Numbered {
    sets: Sets,
    numbers: Vec<BTreeMap<u32, u32>>,
}

impl Numbered {
    fn new(members: &[Traits]) -> Numbered {
        let number = |traits: &Traits| traits.requisition.filter(|number| *number != 0);
        Numbered {
            sets: Sets::new(members.len() as u32),
            numbers: members
                .iter()
                .map(|traits| number(traits).into_iter().map(halves).collect())
                .collect(),
        }
    }

    fn numbers(&mut self, member: u32) -> &BTreeMap<u32, u32> {
        &self.numbers[self.sets.top(member) as usize]
    }

    fn a_number(&mut self, member: u32) -> Option<Number> {
        let first = self.numbers(member).first_key_value();
        first.map(|(employer, number)| (*employer, *number))
    }

    /// Whether the two are in one set now, which two numbers of one employer never are.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.sets.top(a), self.sets.top(b));
        if a == b {
            return true;
        }
        let (low, high) = (a.min(b) as usize, a.max(b) as usize);
        let (few, many) = match self.numbers[low].len() < self.numbers[high].len() {
            true => (low, high),
            false => (high, low),
        };
        let meets = |(employer, number): (&u32, &u32)| {
            let other = self.numbers[many].get(employer);
            other.is_some_and(|other| other != number)
        };
        if self.numbers[few].iter().any(meets) {
            return false;
        }
        let few = std::mem::take(&mut self.numbers[few]);
        self.numbers[many].extend(few);
        self.numbers.swap(low, many);
        self.sets.join(a, b);
        true
    }
}

/// The employer and the number of a requisition.
fn halves(requisition: u64) -> Number {
    ((requisition >> 32) as u32, requisition as u32)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A loop over all pairs.
    fn plain(members: &[Traits]) -> Vec<u32> {
        let mut group: Vec<u32> = (0u32..).zip(members).map(|(member, _)| member).collect();
        for rule in RULES {
            for a in 0..members.len() {
                for b in a + 1..members.len() {
                    let (low, high) = (group[a].min(group[b]), group[a].max(group[b]));
                    let numbers = |of: u32| {
                        let inside = members
                            .iter()
                            .zip(&group)
                            .filter(move |(_, top)| **top == of);
                        inside.filter_map(|(traits, _)| traits.requisition)
                    };
                    let meet = numbers(low).any(|x| numbers(high).any(|y| differ(x, y)));
                    if rule(&members[a], &members[b]) && !meet {
                        let of_high = group.iter_mut().filter(|top| **top == high);
                        of_high.for_each(|top| *top = low);
                    }
                }
            }
        }
        group
    }

    /// Sketches in a row, each like the ones beside it only.
    fn sketch(at: usize) -> Sketch {
        let mut sketch = Sketch([0x1111_1111_1111_1111; Sketch::WORDS]);
        for bin in 0..at * 8 {
            sketch.0[bin / 16] += 1 << (bin % 16 * 4);
        }
        sketch
    }

    #[test]
    fn the_row_of_sketches_is_one() {
        assert!(sketch(0).is_like(&sketch(1)) && !sketch(0).is_like(&sketch(2)));
    }

    fn some_traits() -> impl Strategy<Value = Traits> {
        let key = |n: u64| prop::option::weighted(0.7, 1..=n);
        let requisition = prop::option::weighted(0.6, (0..3u64, 0..3u64));
        let sketch = prop::option::weighted(0.8, (0..4usize).prop_map(sketch));
        (key(4), requisition, key(4), key(2), sketch).prop_map(
            |(url, requisition, text, title, sketch)| Traits {
                url,
                requisition: requisition.map(|(employer, number)| employer << 32 | number),
                text,
                title,
                sketch: sketch.unwrap_or_default(),
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_left_out_changes_no_group(members in prop::collection::vec(some_traits(), 1..30)) {
            prop_assert_eq!(by_pairs(&members), plain(&members));
        }
    }
}
