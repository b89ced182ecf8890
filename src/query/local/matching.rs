//! Which postings fit a person, exactly by [`rank`](crate::query::rank).

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU32, AtomicU64};

use rayon::prelude::*;
use tantivy::fastfield::Column;
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{DocId, Score};

use super::asked::Weights;
use super::leads::{self, Lists};
use super::sets::DocSets;
use super::standing::Standing;
use super::statistics::Statistics;
use super::{Local, Matched, Ranked, first_in_order, scan};
use crate::index::{IndexError, NO_GROUP};
use crate::query::rank::{Bounds, Lead, Scorer};
use crate::query::snippet::Marker;
use crate::query::{MatchAnswer, MatchHit, MatchRequest, QueryError, Question};

/// What a score is made of beside the person, by segment and document.
struct Reader<'a> {
    asks: Vec<scan::Asks>,
    dates: Vec<Column<i64>>,
    now: i64,
    word_scores: Option<Vec<Vec<Score>>>,
    asked: Weights<'a>,
}

impl Reader<'_> {
    /// The score of the words, if any are looked for.
    fn words(&self, segment: u32, doc: DocId) -> Option<f64> {
        let scores = self.word_scores.as_ref()?;
        Some(f64::from(scores[segment as usize][doc as usize]))
    }

    /// Days since it was posted.
    fn age(&self, segment: u32, doc: DocId) -> Option<f64> {
        let posted = self.dates[segment as usize].first(doc)?;
        Some((self.now - posted) as f64 / 86_400.0)
    }
}

/// The search for the best groups, while it goes on in several parts.
struct Search<'a> {
    local: &'a Local,
    scorer: &'a Scorer<'a>,
    reader: &'a Reader<'a>,
    passing: Option<&'a DocSets>,
    left_out: &'a HashSet<u32>,
    wanted: usize,
    leads: Vec<Lead>,
    bounds: Bounds,
    /// What the wanted groups have reached in some part: hundredths of points.
    /// It only rises, and each part may see it late.
    mark: AtomicU32,
    /// Groups that score above nothing, a bit each.
    counted: Vec<AtomicU64>,
}

impl Search<'_> {
    fn is_counted(&self, group: u32) -> bool {
        self.counted[group as usize / 64].load(Relaxed) >> (group % 64) & 1 == 1
    }

    fn count(&self, group: u32) {
        if !self.is_counted(group) {
            self.counted[group as usize / 64].fetch_or(1 << (group % 64), Relaxed);
        }
    }

    /// A score below this is not among the best.
    fn least(&self, standing: &Standing) -> u32 {
        standing.least().max(self.mark.load(Relaxed))
    }

    /// The postings of a part that may be among the best.
    ///
    /// A posting is scored unless its clues say that it cannot reach what the
    /// wanted groups have reached already; one that may score nothing always is.
    fn in_part(&self, part: &(u32, Range<DocId>)) -> Result<Vec<Ranked>, IndexError> {
        let Search {
            local,
            scorer,
            reader,
            ..
        } = self;
        let derived = local.snapshot.derived();
        let segment = part.0;
        let at = segment as usize;
        let mut standing = Standing::new(self.wanted);
        let mut ranked: Vec<Ranked> = Vec::new();
        let (mut ask, mut open) = (Vec::new(), Vec::new());
        let lists = Lists::open(&local.snapshot, part, &self.leads, &local.taxonomy)?;
        lists.each_window(|first, clues| {
            open.clear();
            let least = self.least(&standing);
            for (doc, clue) in (first..).zip(clues).filter(|(_, clue)| clue.met > 0.0) {
                let group = derived.group_of[at][doc as usize];
                let passes = self.passing.is_none_or(|set| set.has(segment, doc));
                if group == NO_GROUP || !passes || self.left_out.contains(&group) {
                    continue;
                }
                let asked = reader.asked.get(segment, doc);
                let is_worth = |asked| self.bounds.is_worth(f64::from(clue.least), asked);
                let is_sure = clue.is_sure || clue.least > 0.0 && asked.is_some_and(is_worth);
                if is_sure {
                    self.count(group);
                }
                // A skill asked for alone and in a choice is met twice.
                let met = match asked.is_none() && derived.asks_again(segment, doc) {
                    true => f64::INFINITY,
                    false => f64::from(clue.met),
                };
                let words = reader.words(segment, doc);
                let more = words.map_or(0.0, |words| scorer.text_points(words))
                    + match scorer.minds_age() {
                        true => reader
                            .age(segment, doc)
                            .map_or(0.0, |days| scorer.fresh_points(days)),
                        false => 0.0,
                    };
                let most = self.bounds.hundredths(clue.uses, met, asked, more);
                let is_known = is_sure || self.is_counted(group);
                if most >= least || !is_known {
                    open.push((most, is_known, doc));
                }
            }
            // The most promising first: the mark rises early.
            open.sort_unstable_by(|a, b| b.cmp(a));
            for (most, is_known, doc) in &open {
                if *most < self.least(&standing) && *is_known {
                    continue;
                }
                reader.asks[at].read(*doc, &mut ask);
                let words = reader.words(segment, *doc);
                let age = match scorer.minds_age() {
                    true => reader.age(segment, *doc),
                    false => None,
                };
                let (score, asked) = scorer.score_and_asked(&ask, words, age);
                reader.asked.put(segment, *doc, asked);
                if score <= 0.0 {
                    continue;
                }
                let group = derived.group_of[at][*doc as usize];
                self.count(group);
                let hundredths = (score * 100.0).round() as u32;
                if hundredths < self.least(&standing) {
                    continue;
                }
                standing.add(group, derived.size_of[group as usize] > 1, hundredths);
                self.mark.fetch_max(standing.least(), Relaxed);
                let matched = Matched {
                    segment,
                    doc: *doc,
                    score: 0.0,
                };
                ranked.push(local.ranked(&matched, score));
            }
            Ok(())
        })?;
        Ok(ranked)
    }
}

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
        let dates = scan::dates(&self.snapshot)?;
        let reader = Reader {
            asks: scan::asks(&self.snapshot)?,
            now: request.now.as_second(),
            dates,
            word_scores,
            asked: self.asked.weights(&self.snapshot, request.soft),
        };
        let passing = match request.filter.is_empty() {
            true => None,
            false => Some(DocSets::of(&self.snapshot, &self.passing(&request.filter)?)),
        };
        let wanted = request.offset.saturating_add(request.limit);
        let (best, n_groups) = self.best(
            &scorer,
            &reader,
            passing.as_ref(),
            &self.groups_of(&request.not_copies_of)?,
            wanted,
        )?;
        let best = first_in_order(self.best_of_groups(best), wanted);
        let terms = text.map(|text| text.terms()).unwrap_or_default();
        let marker = (!terms.is_empty()).then(|| Marker::new(&terms, &self.taxonomy));
        let (mut ask, mut hits) = (Vec::new(), Vec::new());
        for ranked in best.iter().skip(request.offset) {
            reader.asks[ranked.segment as usize].read(ranked.doc, &mut ask);
            let (words, age) = (
                reader.words(ranked.segment, ranked.doc),
                reader.age(ranked.segment, ranked.doc),
            );
            let parts = scorer.parts(&ask, words, age);
            hits.push(MatchHit {
                hit: self.hit(ranked, parts.score(), marker.as_ref(), 1)?,
                parts,
            });
        }
        Ok(MatchAnswer { n_groups, hits })
    }

    /// Postings among which the best of the `wanted` best groups are, and how
    /// many groups score above nothing. Parts of segments are walked through on
    /// all cores.
    fn best(
        &self,
        scorer: &Scorer<'_>,
        reader: &Reader<'_>,
        passing: Option<&DocSets>,
        left_out: &HashSet<u32>,
        wanted: usize,
    ) -> Result<(Vec<Ranked>, u64), IndexError> {
        let n_groups = self.snapshot.derived().n_groups() as usize;
        let search = Search {
            local: self,
            scorer,
            reader,
            passing,
            left_out,
            wanted,
            leads: scorer.leads(),
            bounds: scorer.bounds(),
            mark: AtomicU32::new(0),
            counted: (0..n_groups.div_ceil(64))
                .map(|_| AtomicU64::new(0))
                .collect(),
        };
        let parts = leads::parts(&self.snapshot);
        let found = parts.par_iter().map(|part| search.in_part(part));
        let ranked: Vec<Vec<Ranked>> = found.collect::<Result<_, _>>()?;
        let counted = search.counted.into_iter().map(AtomicU64::into_inner);
        let n_groups = counted.map(|bits| u64::from(bits.count_ones())).sum();
        Ok((ranked.concat(), n_groups))
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
