//! What postings say into votes, in the order in which votes are counted: those
//! of one employer and period side by side.

use std::collections::HashSet;

use super::Period;
use super::periods::{date, day_number};
use super::tally::{Counter, Tally, Unit};

/// No employer is known: such a vote resembles nobody's.
pub(super) const NO_COMPANY: u32 = u32::MAX;

/// One posting's say, before votes are made of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Say {
    pub(super) group: u32,
    pub(super) at: i64,
    pub(super) company: Option<u32>,
    pub(super) source: Option<u32>,
}

/// A say, and where its values stand.
type Spoken = (Say, (u32, u32));

/// Marks a value that is only implied.
pub(super) const IMPLIED: u32 = 1 << 31;

/// What dated postings say.
#[derive(Debug, Default)]
pub(super) struct Says {
    says: Vec<Spoken>,
    values: Vec<u32>,
}

/// A copy posted this long after the one before begins a new spell
/// (`formats.md` section 6).
const SPELL_SECONDS: i64 = 30 * 86_400;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Which of some periods in a row a moment lies in.
#[derive(Debug)]
pub(super) struct Slots {
    first_day: i64,
    /// One a day.
    slots: Vec<u32>,
    n: usize,
}

impl Slots {
    /// Of periods in order of time that do not overlap.
    pub(super) fn new(periods: &[Period]) -> Slots {
        let days = |period: &Period| (day_number(period.start), day_number(period.end));
        let first_day = periods.first().map_or(0, |period| days(period).0);
        let end = periods.last().map_or(0, |period| days(period).1);
        let mut slots = vec![u32::MAX; usize::try_from(end - first_day).unwrap_or(0)];
        for (slot, period) in (0u32..).zip(periods) {
            let (from, to) = days(period);
            slots[(from - first_day) as usize..(to - first_day) as usize].fill(slot);
        }
        Slots {
            first_day,
            slots,
            n: periods.len(),
        }
    }

    /// How many periods there are.
    pub(super) fn len(&self) -> usize {
        self.n
    }

    /// The period of a day since 1970.
    #[inline]
    pub(super) fn of_day(&self, day: i64) -> Option<u32> {
        let slot = *self
            .slots
            .get(usize::try_from(day - self.first_day).ok()?)?;
        (slot != u32::MAX).then_some(slot)
    }

    pub(super) fn of(&self, second: i64) -> Option<u32> {
        self.of_day(second.div_euclid(SECONDS_OF_A_DAY))
    }
}

/// One vote.
#[derive(Debug, Clone, Copy)]
struct Vote {
    company: u32,
    slot: u32,
    source: u32,
    values: (u32, u32),
}

/// Votes, those of one employer and period side by side.
#[derive(Debug, Default)]
pub(super) struct Votes {
    votes: Vec<Vote>,
    values: Vec<u32>,
}

impl Says {
    /// Adds a posting; `values` may hold a value twice, marked with [`IMPLIED`]
    /// or not.
    pub(super) fn add(&mut self, say: Say, values: impl IntoIterator<Item = u32>) {
        let begin = self.values.len();
        for value in values {
            let mut known = self.values[begin..].iter_mut();
            match known.find(|known| (**known ^ value) & !IMPLIED == 0) {
                Some(known) => *known &= value | !IMPLIED,
                None => self.values.push(value),
            }
        }
        self.says
            .push((say, (begin as u32, self.values.len() as u32)));
    }

    /// First and last moment.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let first = self.says.iter().map(|(say, _)| say.at).min()?;
        let last = self.says.iter().map(|(say, _)| say.at).max()?;
        Some((first, last))
    }

    /// From the first day to the last.
    pub(super) fn whole(&self) -> Option<Period> {
        let (first, last) = self.span()?;
        Some(Period {
            start: date(first),
            end: date(last).tomorrow().ok()?,
            is_partial: false,
        })
    }

    /// The last moment before another.
    pub(super) fn last_before(&self, bound: i64) -> Option<i64> {
        let moments = self.says.iter().map(|(say, _)| say.at);
        moments.filter(|at| *at < bound).max()
    }

    /// Brings together what votes are made of: copies, or what one employer says
    /// where every advert has a vote; in order of time.
    pub(super) fn sort(&mut self, unit: Unit) {
        let at = |(say, _): &Spoken| say.at;
        match unit {
            Unit::Adverts => sort(
                &mut self.says,
                |(say, _)| say.company.unwrap_or(NO_COMPANY),
                at,
            ),
            Unit::Groups | Unit::Spells => sort(&mut self.says, |(say, _)| say.group, at),
        }
    }

    /// The groups that say anything.
    pub(super) fn groups(&self) -> HashSet<u32> {
        self.says.iter().map(|(say, _)| say.group).collect()
    }

    /// Leaves out some groups; says how many there were.
    pub(super) fn leave_out(&mut self, groups: &HashSet<u32>) -> usize {
        let mut left_out = HashSet::new();
        self.says.retain(|(say, _)| {
            let stays = !groups.contains(&say.group);
            if !stays {
                left_out.insert(say.group);
            }
            stays
        });
        left_out.len()
    }

    /// The votes of some periods, with what is only implied or without. Postings
    /// must be sorted for the same unit.
    pub(super) fn votes(&self, slots: &Slots, unit: Unit, implied: bool) -> Votes {
        let mut votes = Votes::default();
        let mut cast = |says: &[Spoken]| votes.cast(self, says, slots.of(says[0].0.at), implied);
        match unit {
            Unit::Adverts => self.says.chunks(1).for_each(cast),
            Unit::Groups => {
                let together = |(a, _): &Spoken, (b, _): &Spoken| {
                    a.group == b.group && slots.of(a.at) == slots.of(b.at)
                };
                self.says.chunk_by(together).for_each(cast);
            }
            Unit::Spells => {
                for group in self.says.chunk_by(|(a, _), (b, _)| a.group == b.group) {
                    group
                        .chunk_by(|(a, _), (b, _)| b.at - a.at <= SPELL_SECONDS)
                        .for_each(&mut cast);
                }
            }
        }
        // Adverts come by employer and time as it is.
        if unit != Unit::Adverts {
            sort(&mut votes.votes, |vote| vote.company, |vote| vote.slot);
        }
        votes
    }
}

/// Sorts by a number and, where that is the same, by something else; equal ones
/// in any order. Numbers that are no sparser than the items are counted rather
/// than compared; `u32::MAX` comes last.
fn sort<T: Copy, K: Ord>(items: &mut Vec<T>, number: impl Fn(&T) -> u32, then: impl Fn(&T) -> K) {
    let numbers = items.iter().map(&number);
    let largest = numbers.filter(|number| *number != u32::MAX).max();
    let n = largest.map_or(0, |number| number as usize + 1);
    if n > 4 * items.len() {
        items.sort_unstable_by_key(|item| (number(item), then(item)));
        return;
    }
    let place = |item: &T| (number(item) as usize).min(n);
    let mut ends = vec![0usize; n + 1];
    items.iter().for_each(|item| ends[place(item)] += 1);
    let mut begin = 0;
    for end in &mut ends {
        begin += std::mem::replace(end, begin);
    }
    let mut sorted = items.clone();
    for item in items.iter() {
        let end = &mut ends[place(item)];
        sorted[*end] = *item;
        *end += 1;
    }
    let mut begin = 0;
    for end in ends {
        sorted[begin..end].sort_unstable_by_key(&then);
        begin = end;
    }
    *items = sorted;
}

impl Votes {
    /// Copies may name employer and source differently; the order they come in
    /// must not decide.
    fn cast(&mut self, from: &Says, says: &[Spoken], slot: Option<u32>, implied: bool) {
        let Some(slot) = slot else { return };
        let begin = self.values.len();
        for (_, (first, end)) in says {
            for value in &from.values[*first as usize..*end as usize] {
                let bare = value & !IMPLIED;
                let counts = implied || *value == bare;
                if counts && (says.len() == 1 || !self.values[begin..].contains(&bare)) {
                    self.values.push(bare);
                }
            }
        }
        let company = says.iter().filter_map(|(say, _)| say.company).min();
        let source = says.iter().filter_map(|(say, _)| say.source).min();
        self.votes.push(Vote {
            company: company.unwrap_or(NO_COMPANY),
            slot,
            source: source.unwrap_or(u32::MAX),
            values: (begin as u32, self.values.len() as u32),
        });
    }

    fn of(&self, vote: &Vote) -> &[u32] {
        &self.values[vote.values.0 as usize..vote.values.1 as usize]
    }

    /// The votes of each period.
    pub(super) fn tally(&self, n_slots: usize, n_values: usize) -> Vec<Tally> {
        let mut counter = Counter::new(n_slots, n_values);
        let together = |a: &Vote, b: &Vote| {
            a.company == b.company && a.slot == b.slot && a.company != NO_COMPANY
        };
        for votes in self.votes.chunk_by(together) {
            match votes {
                // Over time most employers have one vote a period.
                [vote] if n_slots > 1 => {
                    counter.add_single(vote.company, vote.slot, self.of(vote).iter().copied());
                }
                votes => {
                    for vote in votes {
                        counter.add(vote.company, vote.slot, self.of(vote).iter().copied());
                    }
                }
            }
        }
        counter.finish()
    }

    /// How many votes name both of two values.
    pub(super) fn n_both(&self, a: u32, b: u32) -> u64 {
        let names = |vote: &&Vote| {
            let values = self.of(vote);
            values.contains(&a) && values.contains(&b)
        };
        self.votes.iter().filter(names).count() as u64
    }

    /// The votes by source: a vote of several counts for the first of them.
    pub(super) fn by_source(
        &self,
        n_slots: usize,
        n_sources: usize,
        chosen: &[u32],
    ) -> Vec<Strata> {
        let mut strata = vec![Strata::new(n_sources, chosen.len()); n_slots];
        let n_known = chosen.iter().max().map_or(0, |value| *value as usize + 1);
        let mut place_of = vec![None; n_known];
        for (at, value) in chosen.iter().enumerate().rev() {
            place_of[*value as usize] = Some(at);
        }
        for vote in &self.votes {
            if (vote.source as usize) < n_sources {
                strata[vote.slot as usize].add(vote.source as usize, self.of(vote), &place_of);
            }
        }
        strata
    }
}

/// The votes of one period, source by source.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// Votes of each source, and those of them that name any value.
    pub(super) totals: Vec<(u64, u64)>,
    /// For each source, the votes for each chosen value.
    n: Vec<Vec<u64>>,
}

impl Strata {
    fn new(n_sources: usize, n_chosen: usize) -> Strata {
        Strata {
            totals: vec![(0, 0); n_sources],
            n: vec![vec![0; n_chosen]; n_sources],
        }
    }

    /// Adds a vote; `place_of` says where a value stands among the chosen ones.
    fn add(&mut self, source: usize, values: &[u32], place_of: &[Option<usize>]) {
        let totals = &mut self.totals[source];
        totals.0 += 1;
        totals.1 += u64::from(!values.is_empty());
        for value in values {
            if let Some(Some(at)) = place_of.get(*value as usize) {
                self.n[source][*at] += 1;
            }
        }
    }

    /// The votes of a source for a chosen value, by its place.
    pub(super) fn n(&self, source: usize, at: usize) -> u64 {
        self.n[source][at]
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn counted_and_compared_numbers_sort_alike() {
        for spread in [3, 50, 1_000_000] {
            let number = |at: u32| match at % 7 {
                0 => u32::MAX,
                _ => at.wrapping_mul(2_654_435_761) % spread,
            };
            let mut items: Vec<(u32, u32)> =
                (0..200).map(|at| (number(at), 977 % (at + 1))).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            sort(&mut items, |item| item.0, |item| item.1);
            assert_eq!(items, expected);
        }
        let mut none: Vec<(u32, u32)> = Vec::new();
        sort(&mut none, |item| item.0, |item| item.1);
        assert!(none.is_empty());
    }
}
