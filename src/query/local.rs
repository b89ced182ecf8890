//! Answers requests from an index on this machine: the one place outside
//! `index/` that asks tantivy.

mod advice;
mod asked;
mod branches;
mod collect;
mod copies;
mod count;
mod filter;
mod find;
mod lazy;
mod leads;
mod ledgers;
mod matching;
mod names;
mod pay;
mod scan;
mod sets;
mod standing;
mod statistics;
mod top;
mod words;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use tantivy::{DocAddress, DocId, Score};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::cursor::Cursor;
use super::ledger::{Column, Ledger};
use super::rank::{CONSTANTS, Rarity};
use super::snippet::{Marker, beginning};
use super::{
    Advice, Engine, FacetCounts, FacetRequest, Filter, Found, Hit, MatchAnswer, MatchRequest,
    QueryError, Question, RareWord, ScanNames, ScanRow, SearchAnswer, SearchRequest, Sort,
};
use crate::index::{AskEntry, Index, IndexError, Snapshot};
use crate::posting::{Posting, SkillStrength};
use crate::skills::{SkillNo, Taxonomy};
use find::Points;
pub(super) use statistics::Frozen;
use statistics::Statistics;

/// The points that a posting of today gets where freshness is asked for; about
/// what a common word in the title is worth.
const FRESH_POINTS: f64 = 5.0;

/// One commit of an index on this machine.
pub struct Local {
    snapshot: Snapshot,
    taxonomy: Arc<Taxonomy>,
    rarity: Rarity,
    /// Worked out when first asked for.
    copies: OnceLock<copies::Copies>,
    copied: OnceLock<sets::DocSets>,
    asked: asked::Remembered,
    columns: OnceLock<scan::Columns>,
    ledgers: ledgers::Ledgers,
    kept: names::Kept,
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
            copies: OnceLock::new(),
            copied: OnceLock::new(),
            asked: asked::Remembered::default(),
            columns: OnceLock::new(),
            ledgers: ledgers::Ledgers::default(),
            kept: names::Kept::default(),
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

    /// A hit as it is shown; `marker` finds the words in it.
    fn hit(
        &self,
        ranked: &Ranked,
        score: f64,
        marker: Option<&Marker<'_>>,
        n_pieces: usize,
    ) -> Result<Hit, IndexError> {
        let derived = self.snapshot.derived();
        let mut posting = self
            .snapshot
            .posting_at(DocAddress::new(ranked.segment, ranked.doc))?;
        let places = std::mem::take(&mut posting.locations);
        posting.locations = self.places_of_all(ranked.group, places)?;
        // Of a posting without copies the id is read already.
        let first = derived.first_of[ranked.group as usize];
        let group = match first == (ranked.segment, ranked.doc) {
            true => posting.id.clone(),
            false => self.id_of(first.0, first.1)?,
        };
        let ask = self.ask_of(ranked.segment, ranked.doc)?;
        let language = posting.text_language.as_deref();
        let mut pieces = match (posting.description_text.as_deref(), marker) {
            (None, _) => Vec::new(),
            (Some(text), Some(marker)) => marker.pieces(text, language, n_pieces.max(1)),
            (Some(text), None) => vec![beginning(text)],
        };
        let snippet = match pieces.is_empty() {
            true => super::Snippet::default(),
            false => pieces.remove(0),
        };
        let title = posting.title.as_deref().unwrap_or_default();
        Ok(Hit {
            score,
            group,
            n_copies: derived.size_of[ranked.group as usize],
            skills: asked_skills(&ask),
            snippet,
            pieces,
            title_marks: marker
                .map(|marker| marker.marks(title, language))
                .unwrap_or_default(),
            parts: Vec::new(),
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
    fn keys(&self, matched: &[Matched], request: &SearchRequest) -> Result<Vec<f64>, IndexError> {
        let has_words = !request.question.terms().is_empty();
        let columns = || scan::dates(&self.snapshot);
        match request.sort {
            Sort::Relevance if has_words => {
                let Some(now) = request.fresh_at else {
                    return Ok(matched.iter().map(|hit| f64::from(hit.score)).collect());
                };
                let columns = columns()?;
                let fresh = |hit: &Matched| {
                    fresh(
                        columns[hit.segment as usize].first(hit.doc),
                        now.as_second(),
                    )
                };
                Ok(matched
                    .iter()
                    .map(|hit| f64::from(hit.score) + fresh(hit))
                    .collect())
            }
            Sort::Relevance | Sort::Date => {
                let columns = columns()?;
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

    /// Whether a hit stands behind the end of an earlier page.
    fn is_after(
        &self,
        hit: &Ranked,
        cursor: &Cursor,
        rank: Option<u32>,
    ) -> Result<bool, IndexError> {
        Ok(match hit.key.total_cmp(&cursor.key()) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => match rank {
                Some(rank) => hit.rank > rank,
                // The last posting of that page is gone.
                None => self.id_of(hit.segment, hit.doc)? > cursor.id,
            },
        })
    }

    /// What stands behind the end of an earlier page, in no order.
    fn behind(
        &self,
        cursor: &Cursor,
        matched: &[Matched],
        keys: &[f64],
        ungrouped: bool,
    ) -> Result<Vec<Ranked>, IndexError> {
        let rank = self.snapshot.find(&cursor.id)?.map(|address| {
            self.snapshot.derived().rank_of[address.segment_ord as usize][address.doc_id as usize]
        });
        let ranked = matched.iter().zip(keys);
        let ranked = ranked.map(|(hit, key)| self.ranked(hit, *key)).collect();
        let best = match ungrouped {
            true => ranked,
            false => self.best_of_groups(ranked),
        };
        let mut behind = Vec::new();
        for hit in best {
            if self.is_after(&hit, cursor, rank)? {
                behind.push(hit);
            }
        }
        Ok(behind)
    }

    /// The score of a hit taken apart.
    fn explained(
        &self,
        request: &SearchRequest,
        hit: &Ranked,
        points: &Points,
    ) -> Result<Vec<(&'static str, f64)>, IndexError> {
        let mut parts = points.of(self, hit)?;
        if let Some(now) = request.fresh_at {
            let column = &scan::dates(&self.snapshot)?[hit.segment as usize];
            parts.push(("fresh", fresh(column.first(hit.doc), now.as_second())));
        }
        Ok(parts)
    }
}

/// Points for being new; none without a date.
fn fresh(posted: Option<i64>, now: i64) -> f64 {
    posted.map_or(0.0, |posted| {
        let days = ((now - posted) as f64 / 86_400.0).max(0.0);
        FRESH_POINTS * (-days / CONSTANTS.fresh_half_life_days).exp2()
    })
}

/// Better first: larger key, then smaller posting id.
fn better(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    b.key.total_cmp(&a.key).then(a.rank.cmp(&b.rank))
}

/// The first so many, in order.
fn first_in_order(mut ranked: Vec<Ranked>, wanted: usize) -> Vec<Ranked> {
    if wanted < ranked.len() && wanted > 0 {
        ranked.select_nth_unstable_by(wanted - 1, better);
    }
    ranked.truncate(wanted);
    ranked.sort_unstable_by(better);
    ranked
}

/// Each skill asked for or named with another, strongest first as the posting has them.
fn asked_skills(ask: &[AskEntry]) -> Vec<(SkillNo, SkillStrength)> {
    let mut skills: Vec<(SkillNo, SkillStrength)> = Vec::new();
    for entry in ask.iter().filter(|entry| !entry.implied) {
        match skills.iter_mut().find(|(known, _)| *known == entry.skill) {
            Some((_, strength)) => *strength = strength.joined(entry.strength),
            None => skills.push((entry.skill, entry.strength)),
        }
    }
    skills
}

impl Engine for Local {
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, QueryError> {
        let question = &request.question;
        let cursor = request
            .after
            .as_deref()
            .map(|text| Cursor::read(text, request))
            .transpose()?;
        let statistics =
            Statistics::new(&self.snapshot, cursor.as_ref().map(|cursor| &cursor.frozen));
        let counted = request.facets.iter().map(|facet| facet.facet);
        let found = self.find(question, &request.filter, counted, &statistics)?;
        let keys = self.keys(&found.all, request)?;
        let n_groups = self.n_groups_of(&found.all);
        let wanted = request.offset.saturating_add(request.limit);
        let (best, n_left) = match &cursor {
            None if request.ungrouped => {
                let best = self.top(&found.all, &keys, wanted, true);
                (best, found.all.len())
            }
            None => {
                let best = self.top(&found.all, &keys, wanted, false);
                (best, n_groups as usize)
            }
            Some(cursor) => {
                let behind = self.behind(cursor, &found.all, &keys, request.ungrouped)?;
                let n_left = behind.len();
                (first_in_order(behind, wanted), n_left)
            }
        };

        let terms = question.terms();
        let marker = (!terms.is_empty()).then(|| Marker::new(&terms, &self.taxonomy));
        let points = match request.explain && !terms.is_empty() {
            true => Some(Points::new(self, question, &statistics)?),
            false => None,
        };
        let mut hits = Vec::new();
        for ranked in best.iter().skip(request.offset) {
            let score = match terms.is_empty() || request.sort != Sort::Relevance {
                true => f64::from(ranked.score),
                false => ranked.key,
            };
            let mut hit = self.hit(ranked, score, marker.as_ref(), request.n_pieces)?;
            if let Some(points) = &points {
                hit.parts = self.explained(request, ranked, points)?;
            }
            hits.push(hit);
        }
        let mut whole = request.filter.clone();
        whole.and(question.filter.clone());
        let facets = self.count(&found, &request.facets, &whole)?;
        let next = match (best.last(), hits.last()) {
            (Some(ranked), Some(last)) if n_left > wanted => {
                let cursor = Cursor::new(
                    request,
                    ranked.key,
                    last.posting.id.clone(),
                    statistics.used(),
                );
                Some(cursor.write())
            }
            _ => None,
        };
        Ok(SearchAnswer {
            n_postings: found.all.len() as u64,
            n_groups,
            hits,
            facets,
            pay: match request.pay {
                true => pay::summaries(&self.snapshot, &found.all)?,
                false => Vec::new(),
            },
            relaxed: found.relaxed,
            next,
        })
    }

    fn facet(&self, filter: &Filter, request: &FacetRequest) -> Result<FacetCounts, QueryError> {
        let answer = self.search(&SearchRequest {
            filter: filter.clone(),
            facets: vec![request.clone()],
            ..SearchRequest::default()
        })?;
        let counts = answer.facets.into_iter().next();
        Ok(counts.expect("one facet is asked for and counted"))
    }

    fn matches(&self, request: &MatchRequest) -> Result<MatchAnswer, QueryError> {
        self.matching(request)
    }

    fn scan(
        &self,
        filter: &Filter,
        visit: &mut dyn FnMut(&ScanRow<'_>),
    ) -> Result<ScanNames, QueryError> {
        let matched = self.passing(filter)?;
        let columns = match self.columns.get() {
            Some(columns) => columns,
            None => {
                let opened = scan::Columns::open(&self.snapshot)?;
                self.columns.get_or_init(|| opened)
            }
        };
        columns.rows(&self.snapshot, &matched, visit);
        Ok(columns.names())
    }

    fn ledger(
        &self,
        filter: &Filter,
        column: &Column,
        sources: Option<&HashSet<u32>>,
    ) -> Result<Arc<Ledger>, QueryError> {
        self.remembered(filter, column, sources)
    }

    fn sample(&self, filter: &Filter, n: usize, seed: u64) -> Result<Vec<Posting>, QueryError> {
        let mut drawn = Vec::new();
        for hit in self.passing(filter)? {
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

    fn advice(&self, question: &Question, filter: &Filter) -> Result<Advice, QueryError> {
        Ok(self.advise(question, filter)?)
    }

    fn rare_words(&self, question: &Question) -> Result<Vec<RareWord>, QueryError> {
        Ok(self.rare(question)?)
    }

    fn ids(&self, question: &Question, filter: &Filter) -> Result<Vec<String>, QueryError> {
        let statistics = Statistics::new(&self.snapshot, None);
        let all_words = question.insisted();
        let found = self.find(&all_words, filter, std::iter::empty(), &statistics)?;
        let mut ids = Vec::new();
        for hit in &found.all {
            ids.push(self.id_of(hit.segment, hit.doc)?);
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn posting(&self, id: &str) -> Result<Option<Found>, QueryError> {
        let Some(address) = self.snapshot.find(id)? else {
            return Ok(None);
        };
        let derived = self.snapshot.derived();
        let group = derived.group_of[address.segment_ord as usize][address.doc_id as usize];
        let mut members = Vec::new();
        for (segment, doc) in self.members(group) {
            members.push(self.id_of(segment, doc)?);
        }
        let posting = self.snapshot.posting_at(address)?;
        let past = self.snapshot.past_at(address)?;
        let ask = self.ask_of(address.segment_ord, address.doc_id)?;
        Ok(Some(Found {
            places: self.places_of_all(group, posting.locations.clone())?,
            spell: self.spell_of(group, posting.posted_at)?,
            last_seen: self.snapshot.last_seen(id, &past),
            posting,
            past,
            group: members,
            ask,
        }))
    }
}
