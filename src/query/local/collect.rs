//! Collects every match, with its score where words are looked for.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::Matched;

pub(super) struct All {
    pub(super) scored: bool,
}

pub(super) struct AllOfSegment {
    segment: SegmentOrdinal,
    found: Vec<Matched>,
}

impl Collector for All {
    type Fruit = Vec<Matched>;
    type Child = AllOfSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _reader: &SegmentReader,
    ) -> tantivy::Result<AllOfSegment> {
        Ok(AllOfSegment {
            segment,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Matched>>) -> tantivy::Result<Vec<Matched>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for AllOfSegment {
    type Fruit = Vec<Matched>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.found.push(Matched {
            segment: self.segment,
            doc,
            score,
        });
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        let segment = self.segment;
        self.found.extend(docs.iter().map(|doc| Matched {
            segment,
            doc: *doc,
            score: 0.0,
        }));
    }

    fn harvest(self) -> Vec<Matched> {
        self.found
    }
}
