//! Unions that look only at the documents they are asked about: where a filter
//! or another word has ruled out most, tantivy's own, which gather some
//! thousand documents ahead, score many that nobody wants. The sums are the
//! same, in the same order.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

fn clones(queries: &[Box<dyn Query>]) -> Vec<Box<dyn Query>> {
    queries.iter().map(|query| query.box_clone()).collect()
}

type Weights = Vec<Box<dyn Weight>>;

fn weights(queries: &[Box<dyn Query>], scoring: EnableScoring<'_>) -> tantivy::Result<Weights> {
    queries.iter().map(|query| query.weight(scoring)).collect()
}

/// What matches any of some queries; its score is the sum of theirs.
#[derive(Debug)]
pub(super) struct AnyOf(pub(super) Vec<Box<dyn Query>>);

impl Clone for AnyOf {
    fn clone(&self) -> AnyOf {
        AnyOf(clones(&self.0))
    }
}

impl Query for AnyOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AnyWeight(weights(&self.0, scoring)?)))
    }
}

/// What matches a query, with the scores of others added where these match too.
#[derive(Debug)]
pub(super) struct With {
    pub(super) needed: Box<dyn Query>,
    pub(super) more: Vec<Box<dyn Query>>,
}

impl Clone for With {
    fn clone(&self) -> With {
        With {
            needed: self.needed.box_clone(),
            more: clones(&self.more),
        }
    }
}

impl Query for With {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(WithWeight {
            needed: self.needed.weight(scoring)?,
            more: AnyWeight(weights(&self.more, scoring)?),
        }))
    }
}

fn explained(
    weight: &dyn Weight,
    reader: &SegmentReader,
    doc: DocId,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    let is_there = scorer.doc() <= doc && scorer.seek(doc) == doc;
    let score = if is_there { scorer.score() } else { 0.0 };
    Ok(Explanation::new("sum of what matches", score))
}

struct AnyWeight(Weights);

impl AnyWeight {
    fn any(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Any> {
        let mut parts = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let part = Follower::new(weight.scorer(reader, boost)?);
            if part.at != TERMINATED {
                parts.push(part);
            }
        }
        let doc = parts.iter().map(|part| part.at).min();
        Ok(Any {
            parts,
            doc: doc.unwrap_or(TERMINATED),
            n_docs: reader.max_doc(),
        })
    }
}

impl Weight for AnyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.any(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc)
    }
}

/// A scorer that is asked whether it matches one document after another.
pub(super) struct Follower {
    scorer: Box<dyn Scorer>,
    /// Nothing that matches lies before it, of what lies behind the last target.
    at: DocId,
    /// The scorer stands there and matches.
    is_on: bool,
}

impl Follower {
    pub(super) fn new(scorer: Box<dyn Scorer>) -> Follower {
        let at = scorer.doc();
        Follower {
            scorer,
            at,
            is_on: true,
        }
    }

    /// Whether it matches a document not before the last one asked about.
    pub(super) fn matches(&mut self, doc: DocId) -> bool {
        if self.at < doc || (self.at == doc && !self.is_on) {
            (self.at, self.is_on) = match self.scorer.seek_danger(doc) {
                SeekDangerResult::Found => (doc, true),
                SeekDangerResult::SeekLowerBound(bound) => (bound, false),
            };
        }
        self.at == doc && self.is_on
    }
}

struct Any {
    parts: Vec<Follower>,
    doc: DocId,
    n_docs: u32,
}

impl Any {
    /// Whether any part matches a document not before the last one looked at;
    /// if not, one before which none matches.
    fn look(&mut self, target: DocId) -> Result<(), DocId> {
        if target >= TERMINATED {
            return Err(TERMINATED);
        }
        let (mut is_found, mut next) = (false, TERMINATED);
        for part in &mut self.parts {
            is_found |= part.matches(target);
            next = next.min(part.at);
        }
        if is_found { Ok(()) } else { Err(next) }
    }

    fn sum(&mut self, doc: DocId) -> Score {
        let here = self.parts.iter_mut();
        let here = here.filter(|part| part.is_on && part.at == doc);
        here.fold(0.0, |sum, part| sum + part.scorer.score())
    }
}

impl DocSet for Any {
    fn advance(&mut self) -> DocId {
        match self.doc {
            TERMINATED => TERMINATED,
            doc => self.seek(doc + 1),
        }
    }

    fn seek(&mut self, mut target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        while target < TERMINATED {
            match self.look(target) {
                Ok(()) => break,
                Err(next) => target = next,
            }
        }
        self.doc = target.min(TERMINATED);
        self.doc
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        match self.look(target) {
            Ok(()) => {
                self.doc = target;
                SeekDangerResult::Found
            }
            Err(next) => SeekDangerResult::SeekLowerBound(next),
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let sum: u64 = self.parts.iter().map(|part| part.scorer.cost()).sum();
        sum.min(u64::from(self.n_docs)) as u32
    }

    fn cost(&self) -> u64 {
        self.parts.iter().map(|part| part.scorer.cost()).sum()
    }
}

impl Scorer for Any {
    fn score(&mut self) -> Score {
        self.sum(self.doc)
    }
}

struct WithWeight {
    needed: Box<dyn Weight>,
    more: AnyWeight,
}

impl Weight for WithWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let needed = self.needed.scorer(reader, boost)?;
        if needed.doc() == TERMINATED {
            return Ok(needed);
        }
        let more = self.more.any(reader, boost)?;
        Ok(Box::new(WithScorer { needed, more }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explained(self, reader, doc)
    }
}

struct WithScorer {
    needed: Box<dyn Scorer>,
    more: Any,
}

impl DocSet for WithScorer {
    fn advance(&mut self) -> DocId {
        self.needed.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.needed.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        self.needed.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.needed.doc()
    }

    fn size_hint(&self) -> u32 {
        self.needed.size_hint()
    }

    fn cost(&self) -> u64 {
        self.needed.cost()
    }
}

impl Scorer for WithScorer {
    fn score(&mut self) -> Score {
        let (doc, score) = (self.needed.doc(), self.needed.score());
        match self.more.look(doc) {
            Ok(()) => score + self.more.sum(doc),
            Err(_) => score,
        }
    }
}
