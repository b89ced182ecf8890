//! Which postings fit a person, exactly by [`rank`](crate::query::rank).

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;
use tantivy::fastfield::Column;
use tantivy::query::{BooleanQuery, Occur, Query};
use tantivy::{DocId, Score};

use super::asked::{DELETED, Part, WINDOW};
use super::leads::Lists;
use super::sets::DocSets;
use super::standing::Standing;
use super::statistics::Statistics;
use super::{Local, Matched, Ranked, first_in_order, scan};
use crate::index::{AskEntry, IndexError};
use crate::query::rank::{Bounds, Gain, Lead, Scorer};
use crate::query::snippet::Marker;
use crate::query::{MatchAnswer, MatchHit, MatchRequest, QueryError, Question};

/// Up to one posting in this many, each that passes is scored by itself.
const FEW: usize = 8;

/// What a score is made of beside the person, by segment and document.
struct Reader {
    asks: Vec<scan::Asks>,
    dates: Vec<Column<i64>>,
    now: i64,
    word_scores: Option<Vec<Vec<Score>>>,
}

impl Reader {
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
    reader: &'a Reader,
    leads: Vec<Lead>,
    bounds: Bounds,
    wanted: usize,
    /// What the wanted groups have reached in some part: hundredths of points.
    /// It only rises, and each part may see it late.
    mark: AtomicU32,
    /// Groups of several postings that score above nothing, a bit each.
    counted: Vec<AtomicU64>,
}

/// The best postings of one part, so far.
struct Best {
    standing: Standing,
    ranked: Vec<Ranked>,
    /// Groups of one posting that score above nothing.
    n_single: u64,
    ask: Vec<AskEntry>,
}

impl Search<'_> {
    fn best(&self) -> Best {
        Best {
            standing: Standing::new(self.wanted),
            ranked: Vec::new(),
            n_single: 0,
            ask: Vec::new(),
        }
    }

    fn group(&self, segment: u32, doc: DocId) -> u32 {
        self.local.snapshot.derived().group_of[segment as usize][doc as usize]
    }

    /// Counts the groups of some of the 64 postings from `first` on, a bit each.
    fn count(&self, segment: u32, first: DocId, bits: u64, best: &mut Best) {
        let copied = bits & self.local.copied().word(segment, first);
        best.n_single += u64::from((bits & !copied).count_ones());
        for bit in ones(copied) {
            let group = self.group(segment, first + bit);
            let counted = &self.counted[group as usize / 64];
            if counted.load(Relaxed) >> (group % 64) & 1 == 0 {
                counted.fetch_or(1 << (group % 64), Relaxed);
            }
        }
    }

    /// A score below this is not among the best.
    fn least(&self, best: &Best) -> u32 {
        best.standing.least().max(self.mark.load(Relaxed))
    }

    /// Whether a posting scores above nothing; if it may, it is among the best.
    fn score(&self, segment: u32, doc: DocId, best: &mut Best) -> bool {
        let Search { scorer, reader, .. } = self;
        reader.asks[segment as usize].read(doc, &mut best.ask);
        let words = reader.words(segment, doc);
        let age = match scorer.minds_age() {
            true => reader.age(segment, doc),
            false => None,
        };
        let score = scorer.score(&best.ask, words, age);
        if score <= 0.0 {
            return false;
        }
        let hundredths = (score * 100.0).round() as u32;
        if hundredths >= self.least(best) {
            let group = self.group(segment, doc);
            let has_copies = self.local.copied().has(segment, doc);
            best.standing.add(group, has_copies, hundredths);
            self.mark.fetch_max(best.standing.least(), Relaxed);
            let matched = Matched {
                segment,
                doc,
                score: 0.0,
            };
            best.ranked.push(self.local.ranked(&matched, score));
        }
        true
    }

    /// The best of a few postings, each scored.
    fn of_few(&self, few: &[Matched]) -> Best {
        let mut best = self.best();
        for Matched { segment, doc, .. } in few {
            if self.score(*segment, *doc, &mut best) {
                self.count(*segment, doc - doc % 64, 1 << (doc % 64), &mut best);
            }
        }
        best
    }

    /// The postings of a part that may be among the best.
    ///
    /// A posting is scored unless what is known of it says that it cannot reach what
    /// the wanted groups have reached already; one that may score nothing always is.
    fn in_part(&self, part: &Part, passing: Option<&DocSets>) -> Best {
        let bounds = self.bounds;
        let segment = part.segment;
        let mut best = self.best();
        let mut open = Vec::new();
        Lists::of(part, &self.leads).each_window(|window, gains| {
            open.clear();
            let needed = bounds.needed(self.least(&best));
            let rows = gains.chunks(64).zip(part.weights[window..].chunks(64));
            for (first, (gains, weights)) in (window..).step_by(64).zip(rows) {
                let doc = part.first + first as DocId;
                let mut bits = Bits::of(&bounds, needed, gains, weights);
                if let Some(passing) = passing {
                    bits.hits &= passing.word(segment, doc);
                }
                self.count(segment, doc, bits.hits & bits.sure, &mut best);
                if self.has_more() {
                    bits.may = u64::MAX;
                }
                for bit in ones(bits.hits & (bits.may | !bits.sure)) {
                    let (gain, weight) = (gains[bit as usize], weights[bit as usize]);
                    let more = self.more(segment, doc + bit);
                    let is_sure = bits.sure >> bit & 1 == 1;
                    if !is_sure || bounds.may_have(needed, gain, weight, more) {
                        open.push((bounds.most(gain, weight, more), is_sure, doc + bit));
                    }
                }
            }
            // The most promising first: the mark rises early.
            open.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            for (most, is_sure, doc) in &open {
                if *is_sure && *most < bounds.needed(self.least(&best)) {
                    continue;
                }
                if self.score(segment, *doc, &mut best) && !is_sure {
                    self.count(segment, doc - doc % 64, 1 << (doc % 64), &mut best);
                }
            }
        });
        best
    }

    /// Whether words or freshness add to scores.
    fn has_more(&self) -> bool {
        self.reader.word_scores.is_some() || self.scorer.minds_age()
    }

    /// Points for words and freshness.
    fn more(&self, segment: u32, doc: DocId) -> f32 {
        if !self.has_more() {
            return 0.0;
        }
        let words = self.reader.words(segment, doc);
        let words = words.map_or(0.0, |words| self.scorer.text_points(words));
        let age = self.reader.age(segment, doc);
        (words + age.map_or(0.0, |days| self.scorer.fresh_points(days))) as f32
    }
}

/// What is known of 64 postings, a bit each.
struct Bits {
    /// They have something of what the person has.
    hits: u64,
    /// Those score above nothing.
    sure: u64,
    /// Those may have the points that are needed, without any for words and freshness.
    may: u64,
}

impl Bits {
    fn of(bounds: &Bounds, needed: f32, gains: &[Gain], weights: &[f32]) -> Bits {
        let mut bits = Bits {
            hits: 0,
            sure: 0,
            may: 0,
        };
        for (bit, (gain, weight)) in gains.iter().zip(weights).enumerate() {
            let is_hit = (gain.used + gain.met > 0.0) & (*weight != DELETED);
            bits.hits |= u64::from(is_hit) << bit;
            bits.sure |= u64::from(bounds.is_sure(*gain, *weight)) << bit;
            bits.may |= u64::from(bounds.may_have(needed, *gain, *weight, 0.0)) << bit;
        }
        bits
    }
}

/// The places of the bits that are set.
fn ones(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
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
        let reader = Reader {
            asks: scan::asks(&self.snapshot)?,
            dates: scan::dates(&self.snapshot)?,
            now: request.now.as_second(),
            word_scores,
        };
        let left_out = self.groups_of(&request.not_copies_of)?;
        let passing = match request.filter.is_empty() && left_out.is_empty() {
            true => None,
            false => {
                let mut passing = self.passing(&request.filter)?;
                let groups = &self.snapshot.derived().group_of;
                let group = |hit: &Matched| groups[hit.segment as usize][hit.doc as usize];
                passing.retain(|hit| !left_out.contains(&group(hit)));
                Some(passing)
            }
        };
        let wanted = request.offset.saturating_add(request.limit);
        let (best, n_groups) = self.best(&scorer, &reader, passing.as_deref(), wanted);
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
        reader: &Reader,
        passing: Option<&[Matched]>,
        wanted: usize,
    ) -> (Vec<Ranked>, u64) {
        let derived = self.snapshot.derived();
        let n_words = (derived.n_groups() as usize).div_ceil(64);
        let search = Search {
            local: self,
            scorer,
            reader,
            leads: scorer.leads(),
            bounds: scorer.bounds(),
            wanted,
            mark: AtomicU32::new(0),
            counted: (0..n_words).map(|_| AtomicU64::new(0)).collect(),
        };
        let n_few = derived.n_postings() as usize / FEW;
        let parts: Vec<Best> = match passing {
            Some(few) if few.len() <= n_few => few
                .par_chunks(WINDOW)
                .map(|few| search.of_few(few))
                .collect(),
            _ => {
                let passing = passing.map(|hits| DocSets::of(&self.snapshot, hits));
                let parts = self.asked.parts(&self.snapshot, &reader.asks, scorer);
                let found = parts.par_iter();
                found
                    .map(|part| search.in_part(part, passing.as_ref()))
                    .collect()
            }
        };
        let counted = search.counted.into_iter().map(AtomicU64::into_inner);
        let counted: u64 = counted.map(|bits| u64::from(bits.count_ones())).sum();
        let n_single: u64 = parts.iter().map(|part| part.n_single).sum();
        let ranked = parts.into_iter().flat_map(|part| part.ranked);
        (ranked.collect(), n_single + counted)
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
