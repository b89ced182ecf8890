//! Counts of the branches of skills, on all cores: what a posting asks for is
//! read once, whatever number of branches is counted.

use std::collections::HashMap;

use rayon::prelude::*;

use super::count::{Counter, Labelled, add_copies};
use crate::index::{AskEntry, IndexError};
use crate::skills::{SkillNo, Taxonomy, is_below};

/// Postings that are worth a turn of their own on another core.
const AT_ONCE: usize = 2048;
/// Turns that many postings are dealt out in, so that no core waits long for another.
const N_TURNS: usize = 8;

/// What of the skills is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part<'a> {
    /// The branch, `""` for all.
    pub(super) prefix: &'a str,
    /// Everything below it, not its children only.
    pub(super) is_whole: bool,
}

impl Counter<'_> {
    /// What stands in each part: branches by their path, skills by their id.
    pub(super) fn branches<'a>(
        &self,
        parts: &[Part<'a>],
    ) -> Result<HashMap<Part<'a>, Labelled>, IndexError> {
        let columns = self.each_segment("ask")?;
        let at_once = AT_ONCE.max(self.matched.len().div_ceil(N_TURNS));
        let turns = self.matched.par_chunks(at_once).map(|hits| {
            let mut branches: Vec<Branch<'_>> = parts
                .iter()
                .map(|part| Branch::new(self.taxonomy, *part))
                .collect();
            let mut packed = Vec::new();
            for hit in hits {
                let column = &columns[hit.segment as usize];
                let rows = column.index.value_row_ids(hit.doc);
                packed.resize(rows.len(), 0);
                if !rows.is_empty() {
                    let first = u64::from(rows.start);
                    column.values.get_range(first, &mut packed);
                }
                let is_copy = self.copied.has(hit.segment, hit.doc);
                let group = is_copy.then(|| self.group_of(hit.segment, hit.doc));
                for branch in &mut branches {
                    branch.count(&packed, group);
                }
            }
            branches
        });
        let turns: Vec<Vec<Branch<'_>>> = turns.collect();
        let mut sums: Vec<Sum> = parts.iter().map(|_| Sum::default()).collect();
        for turn in turns {
            for (sum, branch) in sums.iter_mut().zip(turn) {
                sum.add(branch);
            }
        }
        let counted = sums.into_iter().map(Sum::finish);
        Ok(parts.iter().copied().zip(counted).collect())
    }
}

/// A part of the skills, counted over some postings.
struct Branch<'a> {
    taxonomy: &'a Taxonomy,
    part: Part<'a>,
    number_of: HashMap<String, u32>,
    /// Values with their labels.
    labels: Vec<(String, String)>,
    counts: Vec<u64>,
    /// The number of the posting that has counted a child last, from 1.
    last: Vec<u32>,
    n_postings: u32,
    /// Groups and children of postings whose group has others.
    of_copies: Vec<(u32, u32)>,
    /// Of most skills no posting asks for: a place in the branch is looked up
    /// when the first one does.
    children: Vec<Option<Box<[u32]>>>,
}

impl<'a> Branch<'a> {
    fn new(taxonomy: &'a Taxonomy, part: Part<'a>) -> Branch<'a> {
        Branch {
            taxonomy,
            part,
            number_of: HashMap::new(),
            labels: Vec::new(),
            counts: Vec::new(),
            last: Vec::new(),
            n_postings: 0,
            of_copies: Vec::new(),
            children: vec![None; taxonomy.skills().len()],
        }
    }

    /// Counts the children of one posting; those of a copy are kept by its group.
    fn count(&mut self, packed: &[u64], group: Option<u32>) {
        self.n_postings += 1;
        for entry in packed.iter().map(|bits| AskEntry::unpack(*bits)) {
            let skill = usize::from(entry.skill.0);
            if entry.implied || skill >= self.children.len() {
                continue;
            }
            if self.children[skill].is_none() {
                self.children[skill] = Some(self.numbers_of(entry.skill));
            }
            for child in self.children[skill].iter().flatten() {
                let last = &mut self.last[*child as usize];
                if *last == self.n_postings {
                    continue;
                }
                *last = self.n_postings;
                match group {
                    Some(group) => self.of_copies.push((group, *child)),
                    None => self.counts[*child as usize] += 1,
                }
            }
        }
    }

    fn numbers_of(&mut self, skill: SkillNo) -> Box<[u32]> {
        let mut numbers = Vec::new();
        for (value, label) in values_of(self.taxonomy, skill, self.part) {
            let next = self.labels.len() as u32;
            let number = *self.number_of.entry(value.clone()).or_insert(next);
            if number == next {
                self.labels.push((value, label));
                self.counts.push(0);
                self.last.push(0);
            }
            numbers.push(number);
        }
        numbers.into()
    }
}

/// The values of a part under which a skill stands, with their labels.
fn values_of(taxonomy: &Taxonomy, no: SkillNo, part: Part<'_>) -> Vec<(String, String)> {
    let Part { prefix, is_whole } = part;
    let skill = taxonomy.skill(no);
    let inside = skill
        .paths
        .iter()
        .filter(|path| prefix.is_empty() || is_below(path, prefix));
    let itself = || (skill.id.clone(), skill.label.clone());
    let mut values = Vec::new();
    for path in inside {
        let rest = path[prefix.len()..].trim_start_matches('/');
        let begin = path.len() - rest.len();
        let ends = rest.match_indices('/').map(|(at, _)| begin + at);
        let branches = ends.chain((!rest.is_empty()).then_some(path.len()));
        let below = branches.map(|end| {
            let name = path[..end].rsplit('/').next().unwrap_or_default();
            (path[..end].to_owned(), name.to_owned())
        });
        if is_whole {
            values.extend(below.chain([itself()]));
        } else {
            values.extend(below.chain([itself()]).next());
        }
    }
    values
}

/// The counts of a branch over all turns.
#[derive(Default)]
struct Sum {
    number_of: HashMap<String, u32>,
    labels: Vec<(String, String)>,
    counts: Vec<u64>,
    of_copies: Vec<(u32, u32)>,
}

impl Sum {
    fn add(&mut self, branch: Branch<'_>) {
        let mut numbers = Vec::with_capacity(branch.labels.len());
        for ((value, label), n) in branch.labels.into_iter().zip(branch.counts) {
            let next = self.labels.len() as u32;
            let number = *self.number_of.entry(value.clone()).or_insert(next);
            if number == next {
                self.labels.push((value, label));
                self.counts.push(0);
            }
            self.counts[number as usize] += n;
            numbers.push(number);
        }
        let copies = branch.of_copies.into_iter();
        self.of_copies
            .extend(copies.map(|(group, child)| (group, numbers[child as usize])));
    }

    fn finish(mut self) -> Labelled {
        add_copies(&mut self.counts, self.of_copies);
        (self.labels, self.counts)
    }
}
