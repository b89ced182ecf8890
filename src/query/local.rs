//! Answers requests from an index on this machine: the one place outside
//! `index/` that asks tantivy.

mod collect;
mod count;
mod filter;
mod scan;
mod words;

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, EnableScoring, Occur, Query};
use tantivy::snippet::SnippetGenerator;
use tantivy::{DocAddress, DocId, Score};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::rank::{Rarity, Scorer};
use super::{
    Engine, FacetCounts, FacetRequest, Filter, Found, Hit, MatchAnswer, MatchHit, MatchRequest,
    QueryError, ScanNames, ScanRow, SearchAnswer, SearchRequest, Snippet, Sort, TextQuery,
};
use crate::index::{AskEntry, Index, IndexError, Snapshot};
use crate::posting::{Posting, SkillStrength};
use crate::skills::{SkillNo, Taxonomy};

/// A snippet is at most this many characters long.
const SNIPPET_CHARS: usize = 180;

/// One commit of an index on this machine.
pub struct Local {
    snapshot: Snapshot,
    taxonomy: Arc<Taxonomy>,
    rarity: Rarity,
}

/// One posting that matches: segment, document, score of the words.
#[derive(Debug, Clone, Copy)]
struct Matched {
    segment: u32,
    doc: DocId,
    score: Score,
}

/// One posting a group, with what it is ordered by.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    key: f64,
    /// Score of the words.
    score: Score,
    /// Place in the order of posting ids.
    rank: u32,
    group: u32,
    segment: u32,
    doc: DocId,
}

impl Local {
    /// Answers from the last commit of an index.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn new(index: &Index, taxonomy: &Arc<Taxonomy>) -> Result<Local, IndexError> {
        let snapshot = index.snapshot()?;
        let rarity = Rarity::new(
            snapshot.derived().n_groups(),
            snapshot.derived().groups_with(),
        );
        Ok(Local {
            snapshot,
            taxonomy: Arc::clone(taxonomy),
            rarity,
        })
    }

    /// The commit it answers from.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// How rare each skill is in it.
    pub fn rarity(&self) -> &Rarity {
        &self.rarity
    }

    /// The postings that pass a filter (and have the words).
    fn matched(
        &self,
        filter: &Filter,
        words: Option<Box<dyn Query>>,
    ) -> Result<Vec<Matched>, IndexError> {
        let scored = words.is_some();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if let Some(words) = words {
            clauses.push((Occur::Must, words));
        }
        for (occur, clause) in filter::clauses(filter, &self.snapshot)? {
            // A filter never adds to a score.
            clauses.push((occur, Box::new(ConstScoreQuery::new(clause, 0.0))));
        }
        if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0)),
            ));
        }
        self.run(&BooleanQuery::new(clauses), scored)
    }

    fn run(&self, query: &dyn Query, scored: bool) -> Result<Vec<Matched>, IndexError> {
        let searcher = &self.snapshot.searcher;
        let statistics = words::LiveStatistics {
            snapshot: &self.snapshot,
        };
        let scoring = match scored {
            true => EnableScoring::enabled_from_statistics_provider(&statistics, searcher),
            false => EnableScoring::disabled_from_searcher(searcher),
        };
        let matched = searcher
            .search_with_executor(
                query,
                &collect::All { scored },
                &tantivy::Executor::SingleThread,
                scoring,
            )
            .map_err(|error| self.snapshot.damaged(error))?;
        Ok(matched)
    }

    /// The best posting of each group, all groups in order.
    fn best_of_groups(&self, mut ranked: Vec<Ranked>, wanted: usize) -> (u64, Vec<Ranked>) {
        let derived = self.snapshot.derived();
        let (single, mut copies): (Vec<Ranked>, Vec<Ranked>) = ranked
            .drain(..)
            .partition(|hit| derived.size_of[hit.group as usize] == 1);
        copies.sort_unstable_by(|a, b| a.group.cmp(&b.group).then(better(a, b)));
        copies.dedup_by_key(|hit| hit.group);
        let mut best = single;
        best.append(&mut copies);
        let n_groups = best.len() as u64;
        if wanted < best.len() && wanted > 0 {
            best.select_nth_unstable_by(wanted - 1, better);
        }
        best.truncate(wanted);
        best.sort_unstable_by(better);
        (n_groups, best)
    }

    fn ranked(&self, matched: &Matched, key: f64) -> Ranked {
        let derived = self.snapshot.derived();
        let (segment, doc) = (matched.segment as usize, matched.doc as usize);
        Ranked {
            key,
            score: matched.score,
            rank: derived.rank_of[segment][doc],
            group: derived.group_of[segment][doc],
            segment: matched.segment,
            doc: matched.doc,
        }
    }

    fn hit(
        &self,
        ranked: &Ranked,
        score: f64,
        snippets: Option<&SnippetGenerator>,
    ) -> Result<Hit, IndexError> {
        let derived = self.snapshot.derived();
        let posting = self
            .snapshot
            .posting_at(DocAddress::new(ranked.segment, ranked.doc))?;
        let (segment, doc) = derived.first_of[ranked.group as usize];
        let ask = self.ask_of(ranked.segment, ranked.doc)?;
        Ok(Hit {
            score,
            group: self.id_of(segment, doc)?,
            n_copies: derived.size_of[ranked.group as usize],
            skills: asked_skills(&ask),
            snippet: snippet(&posting, snippets),
            posting,
        })
    }

    fn ask_of(&self, segment: u32, doc: DocId) -> Result<Vec<AskEntry>, IndexError> {
        let column = scan::numbers(&self.snapshot, segment, "ask")?;
        Ok(column.values_for_doc(doc).map(AskEntry::unpack).collect())
    }

    fn id_of(&self, segment: u32, doc: DocId) -> Result<String, IndexError> {
        let mut id = String::new();
        if let Some(column) = scan::texts(&self.snapshot, segment, "id")?
            && let Some(ord) = column.term_ords(doc).next()
        {
            column
                .ord_to_str(ord, &mut id)
                .map_err(|error| self.snapshot.damaged(error))?;
        }
        Ok(id)
    }

    /// What hits are ordered by: larger first.
    fn keys(
        &self,
        matched: &[Matched],
        sort: Sort,
        has_words: bool,
    ) -> Result<Vec<f64>, IndexError> {
        match sort {
            Sort::Relevance if has_words => {
                Ok(matched.iter().map(|hit| f64::from(hit.score)).collect())
            }
            Sort::Relevance | Sort::Date => {
                let columns = scan::dates(&self.snapshot)?;
                let date = |hit: &Matched| columns[hit.segment as usize].first(hit.doc);
                Ok(matched
                    .iter()
                    .map(|hit| date(hit).map_or(f64::NEG_INFINITY, |at| at as f64))
                    .collect())
            }
            Sort::Salary => {
                let columns = scan::PayColumns::open(&self.snapshot)?;
                let middle = |hit: &Matched| columns.middle(hit.segment, hit.doc);
                Ok(matched
                    .iter()
                    .map(|hit| middle(hit).unwrap_or(f64::NEG_INFINITY))
                    .collect())
            }
        }
    }
}

/// Better first: larger key, then smaller posting id.
fn better(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    b.key.total_cmp(&a.key).then(a.rank.cmp(&b.rank))
}

/// Each skill asked for or named with another, strongest first as the posting has them.
fn asked_skills(ask: &[AskEntry]) -> Vec<(SkillNo, SkillStrength)> {
    let mut skills: Vec<(SkillNo, SkillStrength)> = Vec::new();
    for entry in ask.iter().filter(|entry| !entry.implied) {
        match skills.iter_mut().find(|(known, _)| *known == entry.skill) {
            Some((_, strength)) => *strength = (*strength).max(entry.strength),
            None => skills.push((entry.skill, entry.strength)),
        }
    }
    skills
}

fn snippet(posting: &Posting, generator: Option<&SnippetGenerator>) -> Snippet {
    let Some(text) = posting.description_text.as_deref() else {
        return Snippet::default();
    };
    if let Some(generator) = generator {
        let found = generator.snippet(text);
        if !found.is_empty() {
            return Snippet {
                text: found.fragment().to_owned(),
                marks: found.highlighted().to_vec(),
            };
        }
    }
    let mut beginning: String = text.chars().take(SNIPPET_CHARS).collect();
    if beginning.len() < text.len() {
        let whole_words = beginning
            .rfind(char::is_whitespace)
            .unwrap_or(beginning.len());
        beginning.truncate(whole_words);
        beginning.push('…');
    }
    Snippet {
        text: beginning,
        marks: Vec::new(),
    }
}

impl Engine for Local {
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, QueryError> {
        let text = request.text.as_ref().filter(|text| !text.is_empty());
        let words = text.map(|text| words::query(text, &self.snapshot.fields));
        let mut matched = self.matched(&request.filter, words)?;
        if let Some(query) = text.and_then(|text| words::ruled_out(text, &self.snapshot.fields)) {
            let ruled_out: HashSet<(u32, DocId)> = self
                .run(&*query, false)?
                .iter()
                .map(|hit| (hit.segment, hit.doc))
                .collect();
            matched.retain(|hit| !ruled_out.contains(&(hit.segment, hit.doc)));
        }
        let keys = self.keys(&matched, request.sort, text.is_some())?;
        let ranked = matched
            .iter()
            .zip(keys)
            .map(|(hit, key)| self.ranked(hit, key))
            .collect();
        let (n_groups, best) =
            self.best_of_groups(ranked, request.offset.saturating_add(request.limit));

        let generator = text.map(|text| self.snippets(text)).transpose()?;
        let mut hits = Vec::new();
        for ranked in best.iter().skip(request.offset) {
            hits.push(self.hit(ranked, f64::from(ranked.score), generator.as_ref())?);
        }
        let mut facets = Vec::new();
        for facet in &request.facets {
            facets.push(count::facet(
                &self.snapshot,
                &self.taxonomy,
                &matched,
                facet,
            )?);
        }
        Ok(SearchAnswer {
            n_postings: matched.len() as u64,
            n_groups,
            hits,
            facets,
        })
    }

    fn facet(&self, filter: &Filter, request: &FacetRequest) -> Result<FacetCounts, QueryError> {
        let matched = self.matched(filter, None)?;
        Ok(count::facet(
            &self.snapshot,
            &self.taxonomy,
            &matched,
            request,
        )?)
    }

    fn matches(&self, request: &MatchRequest) -> Result<MatchAnswer, QueryError> {
        let scorer = Scorer::new(
            &request.person,
            &self.taxonomy,
            &self.rarity,
            request.weights,
            request.soft,
        );
        let text = request.text.as_ref().filter(|text| !text.is_empty());
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
            .push(vec![super::SkillChoice { ids: candidates }]);
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
        let (n_groups, best) =
            self.best_of_groups(ranked, request.offset.saturating_add(request.limit));
        let generator = text.map(|text| self.snippets(text)).transpose()?;
        let mut hits = Vec::new();
        for ranked in best.iter().skip(request.offset) {
            let (words, age) = told(ranked.segment, ranked.doc, &mut ask);
            let parts = scorer.parts(&ask, words, age);
            hits.push(MatchHit {
                hit: self.hit(ranked, parts.score(), generator.as_ref())?,
                parts,
            });
        }
        Ok(MatchAnswer { n_groups, hits })
    }

    fn scan(
        &self,
        filter: &Filter,
        visit: &mut dyn FnMut(&ScanRow<'_>),
    ) -> Result<ScanNames, QueryError> {
        let matched = self.matched(filter, None)?;
        Ok(scan::rows(&self.snapshot, &matched, visit)?)
    }

    fn sample(&self, filter: &Filter, n: usize, seed: u64) -> Result<Vec<Posting>, QueryError> {
        let mut drawn = Vec::new();
        for hit in self.matched(filter, None)? {
            let id = self.id_of(hit.segment, hit.doc)?;
            drawn.push((
                xxh3_64_with_seed(id.as_bytes(), seed),
                id,
                DocAddress::new(hit.segment, hit.doc),
            ));
        }
        drawn.sort_unstable();
        drawn.truncate(n);
        drawn.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        drawn
            .into_iter()
            .map(|(_, _, address)| Ok(self.snapshot.posting_at(address)?))
            .collect()
    }

    fn posting(&self, id: &str) -> Result<Option<Found>, QueryError> {
        let Some(address) = self.snapshot.find(id)? else {
            return Ok(None);
        };
        let derived = self.snapshot.derived();
        let group = derived.group_of[address.segment_ord as usize][address.doc_id as usize];
        let mut members = Vec::new();
        for (segment, groups) in (0u32..).zip(&derived.group_of) {
            for (doc, _) in (0u32..).zip(groups).filter(|(_, known)| **known == group) {
                members.push(self.id_of(segment, doc)?);
            }
        }
        members.sort_unstable();
        let ask = self.ask_of(address.segment_ord, address.doc_id)?;
        Ok(Some(Found {
            posting: self.snapshot.posting_at(address)?,
            group: members,
            ask,
        }))
    }
}

impl Local {
    /// Postings that pass `with_candidates`, whose last list of skills alone
    /// does not have to be required.
    fn matched_for(
        &self,
        filter: &Filter,
        with_candidates: &Filter,
    ) -> Result<Vec<Matched>, IndexError> {
        if !filter.required {
            return self.matched(with_candidates, None);
        }
        let passing = self.matched(filter, None)?;
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
            .matched(&candidates, None)?
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
    fn word_scores(&self, text: &TextQuery) -> Result<Vec<Vec<Score>>, IndexError> {
        let segments = self.snapshot.searcher.segment_readers();
        let mut scores: Vec<Vec<Score>> = segments
            .iter()
            .map(|segment| vec![0.0; segment.max_doc() as usize])
            .collect();
        for hit in self.run(&*words::any(text, &self.snapshot.fields), true)? {
            scores[hit.segment as usize][hit.doc as usize] = hit.score;
        }
        Ok(scores)
    }

    fn snippets(&self, text: &TextQuery) -> Result<SnippetGenerator, IndexError> {
        let query = words::any(text, &self.snapshot.fields);
        let mut generator =
            SnippetGenerator::create(&self.snapshot.searcher, &*query, self.snapshot.fields.body)
                .map_err(|error| self.snapshot.damaged(error))?;
        generator.set_max_num_chars(SNIPPET_CHARS);
        Ok(generator)
    }
}
