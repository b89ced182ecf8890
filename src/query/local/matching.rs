//! Which postings fit a person, exactly by [`rank`](crate::query::rank).

use std::collections::HashSet;

use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{DocId, Score};

use super::words::Statistics;
use super::{Local, Matched, first_in_order, scan};
use crate::index::{AskEntry, IndexError};
use crate::query::rank::Scorer;
use crate::query::snippet::Marker;
use crate::query::{
    Filter, MatchAnswer, MatchHit, MatchRequest, QueryError, Question, SkillChoice,
};

impl Local {
    pub(super) fn matching(&self, request: &MatchRequest) -> Result<MatchAnswer, QueryError> {
        let scorer = Scorer::new(
            &request.person,
            &self.taxonomy,
            &self.rarity,
            request.weights,
            request.soft,
        );
        let text = request
            .text
            .as_ref()
            .filter(|text| !text.terms().is_empty());
        let word_scores = match text {
            Some(text) => Some(self.word_scores(text)?),
            None => None,
        };
        let candidates = scorer
            .candidates()
            .into_iter()
            .map(|skill| self.taxonomy.skill(skill).id.clone())
            .collect();
        let mut filter = request.filter.clone();
        filter
            .any_skills
            .push(vec![SkillChoice { ids: candidates }]);
        // The candidates need not be required, whatever the filter's own skills need.
        let matched = self.matched_for(&request.filter, &filter)?;

        let dates = scan::dates(&self.snapshot)?;
        let now = request.now.as_second();
        let mut columns = Vec::new();
        for segment in 0..self.snapshot.searcher.segment_readers().len() {
            columns.push(scan::numbers(&self.snapshot, segment as u32, "ask")?);
        }
        let told = |segment: u32, doc: DocId, ask: &mut Vec<AskEntry>| {
            let at = segment as usize;
            ask.clear();
            ask.extend(columns[at].values_for_doc(doc).map(AskEntry::unpack));
            let words = word_scores
                .as_ref()
                .map(|scores| f64::from(scores[at][doc as usize]));
            let age = dates[at]
                .first(doc)
                .map(|posted| (now - posted) as f64 / 86_400.0);
            (words, age)
        };
        let left_out = self.groups_of(&request.not_copies_of)?;
        let mut ask = Vec::new();
        let mut ranked = Vec::with_capacity(matched.len());
        let groups = &self.snapshot.derived().group_of;
        for hit in &matched {
            let group = groups[hit.segment as usize][hit.doc as usize];
            if left_out.contains(&group) {
                continue;
            }
            let (words, age) = told(hit.segment, hit.doc, &mut ask);
            let score = scorer.score(&ask, words, age);
            if score > 0.0 {
                ranked.push(self.ranked(hit, score));
            }
        }
        let best = self.best_of_groups(ranked);
        let n_groups = best.len() as u64;
        let best = first_in_order(best, request.offset.saturating_add(request.limit));
        let terms = text.map(|text| text.terms()).unwrap_or_default();
        let marker = (!terms.is_empty()).then(|| Marker::new(&terms, &self.taxonomy));
        let mut hits = Vec::new();
        for ranked in best.iter().skip(request.offset) {
            let (words, age) = told(ranked.segment, ranked.doc, &mut ask);
            let parts = scorer.parts(&ask, words, age);
            hits.push(MatchHit {
                hit: self.hit(ranked, parts.score(), marker.as_ref(), 1)?,
                parts,
            });
        }
        Ok(MatchAnswer { n_groups, hits })
    }

    /// Postings that pass `with_candidates`, whose last list of skills alone
    /// does not have to be required.
    fn matched_for(
        &self,
        filter: &Filter,
        with_candidates: &Filter,
    ) -> Result<Vec<Matched>, IndexError> {
        if !filter.required {
            return self.passing(with_candidates);
        }
        let passing = self.passing(filter)?;
        let candidates = Filter {
            any_skills: with_candidates
                .any_skills
                .last()
                .cloned()
                .into_iter()
                .collect(),
            ..Filter::default()
        };
        let mut wanted: Vec<(u32, DocId)> = self
            .passing(&candidates)?
            .iter()
            .map(|hit| (hit.segment, hit.doc))
            .collect();
        wanted.sort_unstable();
        Ok(passing
            .into_iter()
            .filter(|hit| wanted.binary_search(&(hit.segment, hit.doc)).is_ok())
            .collect())
    }

    /// The groups of some postings; an unknown id has none.
    fn groups_of(&self, ids: &[String]) -> Result<HashSet<u32>, IndexError> {
        let groups = &self.snapshot.derived().group_of;
        let mut found = HashSet::new();
        for id in ids {
            if let Some(address) = self.snapshot.find(id)? {
                found.insert(groups[address.segment_ord as usize][address.doc_id as usize]);
            }
        }
        Ok(found)
    }

    /// The score of the words in every document; 0 where none of them stands.
    fn word_scores(&self, text: &Question) -> Result<Vec<Vec<Score>>, IndexError> {
        let segments = self.snapshot.searcher.segment_readers();
        let mut scores: Vec<Vec<Score>> = segments
            .iter()
            .map(|segment| vec![0.0; segment.max_doc() as usize])
            .collect();
        let statistics = Statistics::new(&self.snapshot, None);
        let mut words: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for term in text.terms() {
            words.push((Occur::Should, self.leaf(term, &statistics)?.query()));
        }
        for hit in self.run(&BooleanQuery::new(words), Some(&statistics))? {
            scores[hit.segment as usize][hit.doc as usize] = hit.score;
        }
        Ok(scores)
    }
}
