//! Which postings match: words, conditions and filters together, with what
//! passes all but one filter for the facets that leave their own one out.

use std::collections::HashMap;

use rayon::prelude::*;
use tantivy::DocSet;
use tantivy::collector::Collector;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EnableScoring, Occur, Query, Weight,
};

use super::lazy::{AnyOf, Follower, With};
use super::sets::DocSets;
use super::statistics::Statistics;
use super::words::{Leaf, Part};
use super::{Local, Matched, Ranked, collect, filter};
use crate::index::{Facet, IndexError};
use crate::query::language::{Expr, Question};
use crate::query::{Filter, Relaxed};

type Clause = (Occur, Box<dyn Query>);

/// Where fewer groups than this have all plain words, those with fewer words
/// are found too: a first page.
const ENOUGH_GROUPS: u64 = 10;

/// More words than these are a text that was pasted.
const MANY_WORDS: usize = 32;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The postings that match.
    pub(super) all: Vec<Matched>,
    /// Postings that match but for one set-aside filter, and the number of it.
    nearly: Vec<(Matched, usize)>,
    /// The filters set aside, each with the facet that leaves it out.
    aside: Vec<(Own, Filter)>,
    /// How many of the plain words each posting has, where too few have all.
    pub(super) relaxed: Option<Relaxed>,
}

impl Matches {
    /// The postings that one facet counts.
    pub(super) fn for_facet(&self, facet: Facet) -> std::borrow::Cow<'_, [Matched]> {
        let own = Own::of(facet);
        match self.aside.iter().position(|(known, _)| Some(*known) == own) {
            None => (&self.all[..]).into(),
            Some(number) => {
                let more = self.nearly.iter().filter(|(_, failed)| *failed == number);
                let hits = self.all.iter().copied().chain(more.map(|(hit, _)| *hit));
                hits.collect::<Vec<_>>().into()
            }
        }
    }
}

/// The filters that a facet leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Skill,
    Posted,
    Pay,
    Facet(Facet),
}

impl Own {
    fn of(facet: Facet) -> Option<Own> {
        match facet {
            Facet::Skill | Facet::Language => Some(Own::Skill),
            Facet::Year | Facet::Month => Some(Own::Posted),
            Facet::Pay => Some(Own::Pay),
            Facet::Section => None,
            other => Some(Own::Facet(other)),
        }
    }

    /// Moves the filter out of a whole one. Skills that must all be there stay:
    /// each further one narrows, and its count says how far.
    fn take(self, filter: &mut Filter) -> Filter {
        let mut own = Filter {
            required: filter.required,
            ..Filter::default()
        };
        use std::mem::take;
        match self {
            Own::Skill => own.any_skills = take(&mut filter.any_skills),
            Own::Posted => (own.since, own.until) = (filter.since.take(), filter.until.take()),
            Own::Pay => {
                own.min_salary = take(&mut filter.min_salary);
                own.max_salary = take(&mut filter.max_salary);
            }
            Own::Facet(facet) => match facet {
                Facet::Company => own.companies = take(&mut filter.companies),
                Facet::Country => own.countries = take(&mut filter.countries),
                Facet::Region => own.regions = take(&mut filter.regions),
                Facet::City => own.cities = take(&mut filter.cities),
                Facet::Role => own.roles = take(&mut filter.roles),
                Facet::Workplace => own.workplaces = take(&mut filter.workplaces),
                Facet::Seniority => own.seniorities = take(&mut filter.seniorities),
                Facet::Employment => own.employment = take(&mut filter.employment),
                Facet::Source => own.sources = take(&mut filter.sources),
                Facet::TextLanguage => own.text_languages = take(&mut filter.text_languages),
                _ => {}
            },
        }
        own
    }
}

/// Whether a filter keeps anything out.
fn is_narrow(filter: &Filter) -> bool {
    *filter
        != Filter {
            required: filter.required,
            ..Filter::default()
        }
}

/// A condition: no score is worked out for it, and no statistics.
#[derive(Debug)]
pub(super) struct Unscored(pub(super) Box<dyn Query>);

impl Clone for Unscored {
    fn clone(&self) -> Unscored {
        Unscored(self.0.box_clone())
    }
}

impl Query for Unscored {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring.searcher() {
            Some(searcher) => self
                .0
                .weight(EnableScoring::disabled_from_searcher(searcher)),
            None => self.0.weight(scoring),
        }
    }
}

impl Local {
    /// The postings that pass a filter.
    pub(super) fn passing(&self, filter: &Filter) -> Result<Vec<Matched>, IndexError> {
        self.run(&BooleanQuery::new(self.clauses(filter)?), None)
    }

    /// A filter as clauses that add nothing to a score, at least one of them a must.
    fn clauses(&self, filter: &Filter) -> Result<Vec<Clause>, IndexError> {
        let silent = |query: Box<dyn Query>| {
            Box::new(ConstScoreQuery::new(Box::new(Unscored(query)), 0.0)) as Box<dyn Query>
        };
        let mut clauses: Vec<Clause> = filter::clauses(filter, &self.snapshot)?
            .into_iter()
            .map(|(occur, clause)| (occur, silent(clause)))
            .collect();
        if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            clauses.push((Occur::Must, silent(Box::new(AllQuery))));
        }
        Ok(clauses)
    }

    /// Runs a query, scored by some statistics or not at all; segments on all
    /// cores, what they have in their order.
    pub(super) fn run(
        &self,
        query: &dyn Query,
        statistics: Option<&Statistics<'_>>,
    ) -> Result<Vec<Matched>, IndexError> {
        let searcher = &self.snapshot.searcher;
        let scoring = match statistics {
            Some(statistics) => {
                EnableScoring::enabled_from_statistics_provider(statistics, searcher)
            }
            None => EnableScoring::disabled_from_searcher(searcher),
        };
        let damaged = |error| self.snapshot.damaged(error);
        let all = collect::All {
            scored: statistics.is_some(),
        };
        let weight = query.weight(scoring).map_err(damaged)?;
        let readers = searcher.segment_readers().par_iter().enumerate();
        let found = readers
            .map(|(ord, reader)| all.collect_segment(&*weight, ord as u32, reader))
            .collect::<tantivy::Result<Vec<_>>>();
        found
            .and_then(|found| all.merge_fruits(found))
            .map_err(damaged)
    }

    /// Everything that matches a question within a filter.
    pub(super) fn find(
        &self,
        question: &Question,
        filter: &Filter,
        facets: impl Iterator<Item = Facet>,
        statistics: &Statistics<'_>,
    ) -> Result<Matches, IndexError> {
        let mut whole = filter.clone();
        whole.and(question.filter.clone());
        let mut base = whole.clone();
        let mut matches = Matches::default();
        for own in facets.filter_map(Own::of) {
            if matches.aside.iter().any(|(known, _)| *known == own) {
                continue;
            }
            let part = own.take(&mut base);
            if is_narrow(&part) {
                matches.aside.push((own, part));
            }
        }
        let asked = Asked::new(self, question, statistics)?;
        let of = asked.wanted.len();
        let with = |have: usize| -> Result<Vec<Matched>, IndexError> {
            let scores = asked.is_scored.then_some(statistics);
            let query = asked.query(self.clauses(&whole)?, is_narrow(&whole), have);
            let mut all = self.run(&*query, scores)?;
            all.retain(|hit| asked.passes(hit));
            Ok(all)
        };
        let mut have = statistics.level(of).unwrap_or(of.max(1));
        matches.all = with(have)?;
        let is_first_page = statistics.level(of).is_none();
        if is_first_page && of > 1 && self.n_groups_of(&matches.all) < ENOUGH_GROUPS {
            let any = asked.needed(self.clauses(&whole)?, is_narrow(&whole), 1);
            let mut any = self.run(&any, None)?;
            any.retain(|hit| asked.passes(hit));
            have = self.enough_words(&asked.wanted, &any)?;
            if have < of {
                matches.all = with(have)?;
            }
        }
        matches.relaxed = (have < of).then_some(Relaxed { of, have });
        if !matches.aside.is_empty() {
            let query = asked.needed(self.clauses(&base)?, is_narrow(&base), have);
            let found = self.run(&query, None)?;
            let failed = self.failed(&found, &matches.aside)?;
            let hits = found.into_iter().zip(failed);
            let nearly = hits.filter(|(hit, failed)| failed.count_ones() == 1 && asked.passes(hit));
            let first = |failed: u32| failed.trailing_zeros() as usize;
            matches.nearly = nearly.map(|(hit, failed)| (hit, first(failed))).collect();
        }
        statistics.set_level(have);
        Ok(matches)
    }

    /// How many of the words a posting must have for a first page of groups; where
    /// there are too few with any of them, as many as each posting has. The hits
    /// are in order of segment and document, and have one of the words at least.
    fn enough_words(&self, wanted: &[Leaf], hits: &[Matched]) -> Result<usize, IndexError> {
        let n_words = self.n_words(wanted, hits)?;
        let derived = self.snapshot.derived();
        let mut most: HashMap<u32, usize> = HashMap::new();
        for (hit, n) in hits.iter().zip(&n_words) {
            let group = derived.group_of[hit.segment as usize][hit.doc as usize];
            let known = most.entry(group).or_default();
            *known = (*known).max(*n);
        }
        let mut most: Vec<usize> = most.into_values().collect();
        most.sort_unstable_by(|a, b| b.cmp(a));
        let enough = most.get(ENOUGH_GROUPS as usize - 1).copied();
        let of_all = || n_words.iter().min().copied();
        Ok(enough.or_else(of_all).unwrap_or(wanted.len()))
    }

    /// Of each hit how many of the words it has.
    fn n_words(&self, wanted: &[Leaf], hits: &[Matched]) -> Result<Vec<usize>, IndexError> {
        let damaged = |error| self.snapshot.damaged(error);
        let searcher = &self.snapshot.searcher;
        let mut n_words = vec![0; hits.len()];
        for leaf in wanted {
            let query = leaf.looked_up();
            let weight = query
                .weight(EnableScoring::disabled_from_searcher(searcher))
                .map_err(damaged)?;
            let mut rest = &mut n_words[..];
            for hits in hits.chunk_by(|a, b| a.segment == b.segment) {
                let (counts, behind) = rest.split_at_mut(hits.len());
                rest = behind;
                let reader = searcher.segment_reader(hits[0].segment);
                let mut scorer = weight.scorer(reader, 1.0).map_err(damaged)?;
                let mut doc = scorer.doc();
                for (hit, count) in hits.iter().zip(counts) {
                    if doc < hit.doc {
                        doc = scorer.seek(hit.doc);
                    }
                    *count += usize::from(doc == hit.doc);
                }
            }
        }
        Ok(n_words)
    }

    /// Of each hit the filters it does not pass, a bit each, the first one lowest.
    /// The hits are in order of segment and document.
    fn failed(&self, found: &[Matched], filters: &[(Own, Filter)]) -> Result<Vec<u32>, IndexError> {
        let mut failed = vec![0; found.len()];
        let damaged = |error| self.snapshot.damaged(error);
        let searcher = &self.snapshot.searcher;
        for (number, (_, filter)) in filters.iter().enumerate() {
            let passing = BooleanQuery::new(self.clauses(filter)?);
            let weight = passing
                .weight(EnableScoring::disabled_from_searcher(searcher))
                .map_err(damaged)?;
            let mut rest = &mut failed[..];
            let mut pieces = Vec::new();
            for hits in found.chunk_by(|a, b| a.segment == b.segment) {
                let (bits, behind) = rest.split_at_mut(hits.len());
                pieces.push((hits, bits));
                rest = behind;
            }
            pieces
                .into_par_iter()
                .try_for_each(|(hits, bits)| -> tantivy::Result<()> {
                    let reader = searcher.segment_reader(hits[0].segment);
                    let mut follower = Follower::new(weight.scorer(reader, 1.0)?);
                    for (hit, bits) in hits.iter().zip(bits) {
                        *bits |= u32::from(!follower.matches(hit.doc)) << number;
                    }
                    Ok(())
                })
                .map_err(damaged)?;
        }
        Ok(failed)
    }

    /// The documents for which something holds; deleted ones may be among them.
    fn docs(&self, expr: &Expr, statistics: &Statistics<'_>) -> Result<DocSets, IndexError> {
        match expr {
            Expr::Words(term) => {
                let found = self.run(&*self.leaf(term, statistics)?.query(), None)?;
                Ok(DocSets::of(&self.snapshot, &found))
            }
            Expr::Is(filter) => Ok(DocSets::of(&self.snapshot, &self.passing(filter)?)),
            Expr::Not(part) => Ok(self.docs(part, statistics)?.not()),
            Expr::All(parts) => {
                let mut all = DocSets::none(&self.snapshot).not();
                for part in parts {
                    all.and(&self.docs(part, statistics)?);
                }
                Ok(all)
            }
            Expr::Any(parts) => {
                let mut any = DocSets::none(&self.snapshot);
                for part in parts {
                    any.or(&self.docs(part, statistics)?);
                }
                Ok(any)
            }
        }
    }
}

/// The parts of a score, each ready to be asked for of any posting.
pub(super) struct Points(Vec<(Part, Box<dyn Weight>)>);

impl Points {
    pub(super) fn new(
        local: &Local,
        question: &Question,
        statistics: &Statistics<'_>,
    ) -> Result<Points, IndexError> {
        let asked = Asked::new(local, question, statistics)?;
        let searcher = &local.snapshot.searcher;
        let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
        let mut weights = Vec::new();
        for part in Part::ALL {
            let weight = asked.part(part).weight(scoring);
            let weight = weight.map_err(|error| local.snapshot.damaged(error))?;
            weights.push((part, weight));
        }
        Ok(Points(weights))
    }

    /// What each part of the score of a posting is worth.
    pub(super) fn of(
        &self,
        local: &Local,
        hit: &Ranked,
    ) -> Result<Vec<(&'static str, f64)>, IndexError> {
        let reader = local.snapshot.searcher.segment_reader(hit.segment);
        let mut points = Vec::new();
        for (part, weight) in &self.0 {
            let mut scorer = weight
                .scorer(reader, 1.0)
                .map_err(|error| local.snapshot.damaged(error))?;
            let mut doc = scorer.doc();
            while doc < hit.doc {
                doc = scorer.advance();
            }
            let is_there = doc == hit.doc;
            let score = if is_there {
                f64::from(scorer.score())
            } else {
                0.0
            };
            points.push((part.name(), score));
        }
        Ok(points)
    }
}

/// A question made ready.
struct Asked {
    wanted: Vec<Leaf>,
    /// Each must stand: one of these words.
    must: Vec<Vec<Leaf>>,
    /// Words that only add to the score.
    also: Vec<Leaf>,
    together: Vec<Box<dyn Query>>,
    /// What else must hold, and must not.
    holds: Vec<DocSets>,
    is_scored: bool,
}

impl Asked {
    fn new(
        local: &Local,
        question: &Question,
        statistics: &Statistics<'_>,
    ) -> Result<Asked, IndexError> {
        let leaves = |terms: Vec<&crate::query::language::Term>| {
            terms
                .into_iter()
                .map(|term| local.leaf(term, statistics))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut asked = Asked {
            wanted: leaves(question.wanted.iter().collect())?,
            must: Vec::new(),
            also: Vec::new(),
            together: local.together(&question.wanted),
            holds: Vec::new(),
            is_scored: !question.terms().is_empty(),
        };
        for expr in &question.must {
            if let Some(words) = only_words(expr) {
                asked.must.push(leaves(words)?);
            } else {
                let alone = Question {
                    must: vec![expr.clone()],
                    ..Question::default()
                };
                asked.also.extend(leaves(alone.terms())?);
                asked.holds.push(local.docs(expr, statistics)?);
            }
        }
        for expr in &question.none {
            asked.holds.push(local.docs(expr, statistics)?.not());
        }
        Ok(asked)
    }

    fn passes(&self, hit: &Matched) -> bool {
        self.holds.iter().all(|set| set.has(hit.segment, hit.doc))
    }

    /// Everything as one query: so many of the wanted words are enough.
    fn query(&self, clauses: Vec<Clause>, is_narrow: bool, have: usize) -> Box<dyn Query> {
        let needed = Box::new(self.needed(clauses, is_narrow, have));
        let mut more: Vec<Box<dyn Query>> = self.also.iter().map(Leaf::looked_up).collect();
        more.extend(self.together.iter().map(|pair| pair.box_clone()));
        match more.is_empty() {
            true => needed,
            false => Box::new(With { needed, more }),
        }
    }

    /// The same without what only adds to the score.
    fn needed(&self, mut clauses: Vec<Clause>, is_narrow: bool, have: usize) -> BooleanQuery {
        // What few postings pass is asked about word by word; of many words each
        // would set room aside for thousands of postings.
        let is_long = self.wanted.len() > MANY_WORDS;
        let one = |leaf: &Leaf| match is_narrow || is_long {
            true => leaf.looked_up(),
            false => leaf.query(),
        };
        let some_of = |leaf: &Leaf| match is_long {
            true => leaf.looked_up(),
            false => leaf.query(),
        };
        if have < self.wanted.len() {
            let each = self
                .wanted
                .iter()
                .map(|leaf| (Occur::Should, some_of(leaf)));
            let some = BooleanQuery::with_minimum_required_clauses(each.collect(), have);
            clauses.push((Occur::Must, Box::new(some)));
        } else {
            clauses.extend(self.wanted.iter().map(|leaf| (Occur::Must, one(leaf))));
        }
        for words in &self.must {
            let any: Box<dyn Query> = match is_narrow {
                true => Box::new(AnyOf(words.iter().map(one).collect())),
                false => {
                    let each = words.iter().map(|leaf| (Occur::Should, leaf.query()));
                    Box::new(BooleanQuery::new(each.collect()))
                }
            };
            clauses.push((Occur::Must, any));
        }
        BooleanQuery::new(clauses)
    }

    /// One part of the score of whatever has any of the words.
    fn part(&self, part: Part) -> Box<dyn Query> {
        let clauses: Vec<Clause> = match part {
            Part::Together => self
                .together
                .iter()
                .map(|pair| (Occur::Should, pair.box_clone()))
                .collect(),
            part => {
                let leaves = self
                    .wanted
                    .iter()
                    .chain(self.must.iter().flatten())
                    .chain(&self.also);
                leaves
                    .map(|leaf| (Occur::Should, leaf.parts(&[part])))
                    .collect()
            }
        };
        Box::new(BooleanQuery::new(clauses))
    }
}

/// The words of which one must stand, if it is no more than that.
fn only_words(expr: &Expr) -> Option<Vec<&crate::query::language::Term>> {
    match expr {
        Expr::Words(term) => Some(vec![term]),
        Expr::Any(parts) => parts
            .iter()
            .map(|part| match part {
                Expr::Words(term) => Some(term),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}
