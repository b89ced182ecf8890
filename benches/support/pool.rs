//! Postings with what they ask for, in memory: ranked with whatever constants.

use std::collections::BTreeMap;

use jobsift::index::AskEntry;
use jobsift::posting::Posting;
use jobsift::query::rank::{Constants, Person, Rarity, Scorer, Weights};
use jobsift::query::{Engine, Filter, Local, Question};
use jobsift::skills::Taxonomy;

/// One posting.
pub(crate) struct Pooled {
    pub(crate) id: String,
    /// The smallest id among its copies.
    pub(crate) group: String,
    pub(crate) ask: Vec<AskEntry>,
    pub(crate) posting: Posting,
}

/// All postings of an index, in order of id.
pub(crate) struct Pool {
    pub(crate) postings: Vec<Pooled>,
    n_groups: u32,
    groups_with: Vec<u32>,
}

impl Pool {
    pub(crate) fn of(engine: &Local) -> Pool {
        let derived = engine.snapshot().derived();
        let ids = engine.ids(&Question::default(), &Filter::default());
        let pooled = |id: String| {
            let found = engine
                .posting(&id)
                .expect("it is whole")
                .expect("it is there");
            Pooled {
                id,
                group: found.group[0].clone(),
                ask: found.ask,
                posting: found.posting,
            }
        };
        Pool {
            postings: ids.expect("it is whole").into_iter().map(pooled).collect(),
            n_groups: derived.n_groups(),
            groups_with: derived.groups_with().to_vec(),
        }
    }

    /// How rare each skill is, with these constants.
    pub(crate) fn rarity(&self, constants: Constants) -> Rarity {
        Rarity::with(constants, self.n_groups, &self.groups_with)
    }

    /// The groups of the best postings for a person, at most `n`.
    pub(crate) fn best(
        &self,
        person: &Person,
        taxonomy: &Taxonomy,
        rarity: &Rarity,
        weights: Weights,
        n: usize,
    ) -> Vec<(&str, f64)> {
        let scorer = Scorer::new(person, taxonomy, rarity, weights, false);
        let mut best_of: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
        for pooled in &self.postings {
            let score = scorer.score(&pooled.ask, None, None);
            if score <= 0.0 {
                continue;
            }
            let best = best_of.entry(&pooled.group).or_insert((score, &pooled.id));
            if score > best.0 {
                *best = (score, &pooled.id);
            }
        }
        let mut ranked: Vec<(&str, f64, &str)> = best_of
            .into_iter()
            .map(|(group, (score, id))| (group, score, id))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(b.2)));
        ranked.truncate(n);
        ranked
            .into_iter()
            .map(|(group, score, _)| (group, score))
            .collect()
    }
}

/// The reciprocal of the place of what was looked for; 0 behind the tenth.
pub(crate) fn reciprocal_rank<'a>(ranked: impl Iterator<Item = &'a str>, wanted: &str) -> f64 {
    let place = ranked.take(10).position(|group| group == wanted);
    place.map_or(0.0, |place| 1.0 / (place as f64 + 1.0))
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
