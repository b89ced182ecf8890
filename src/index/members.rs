//! The traits of postings, as their columns hold them.

use tantivy::columnar::Column;
use tantivy::{DocId, Searcher};

use crate::groups::{Members, Sketch, Traits};

/// All postings of a commit, in order of id.
pub(super) struct Columns<'a> {
    /// Segment and document of each.
    places: &'a [(u32, DocId)],
    segments: Vec<Segment>,
}

struct Segment {
    url: Column<u64>,
    requisition: Column<u64>,
    text: Column<u64>,
    title: Column<u64>,
    sketch: Column<u64>,
}

impl<'a> Columns<'a> {
    pub(super) fn open(
        searcher: &Searcher,
        places: &'a [(u32, DocId)],
    ) -> tantivy::Result<Columns<'a>> {
        let mut segments = Vec::new();
        for segment in searcher.segment_readers() {
            let column = |name: &str| segment.fast_fields().u64(name);
            segments.push(Segment {
                url: column("copy_url")?,
                requisition: column("copy_requisition")?,
                text: column("copy_text")?,
                title: column("copy_title")?,
                sketch: column("copy_sketch")?,
            });
        }
        Ok(Columns { places, segments })
    }

    fn first(&self, member: u32, column: impl Fn(&Segment) -> &Column<u64>) -> Option<u64> {
        let (segment, doc) = self.places[member as usize];
        column(&self.segments[segment as usize]).first(doc)
    }
}

impl Members for Columns<'_> {
    fn n(&self) -> u32 {
        self.places.len() as u32
    }

    fn traits(&self, member: u32) -> Traits {
        Traits {
            url: self.url(member),
            requisition: self.requisition(member),
            text: self.text(member),
            title: self.title(member),
            sketch: self.sketch(member),
        }
    }

    fn url(&self, member: u32) -> Option<u64> {
        self.first(member, |segment| &segment.url)
    }

    fn requisition(&self, member: u32) -> Option<u64> {
        self.first(member, |segment| &segment.requisition)
    }

    fn text(&self, member: u32) -> Option<u64> {
        self.first(member, |segment| &segment.text)
    }

    fn title(&self, member: u32) -> Option<u64> {
        self.first(member, |segment| &segment.title)
    }

    fn sketch(&self, member: u32) -> Sketch {
        let (segment, doc) = self.places[member as usize];
        let mut sketch = Sketch::default();
        let words = self.segments[segment as usize].sketch.values_for_doc(doc);
        for (word, value) in sketch.0.iter_mut().zip(words) {
            *word = value;
        }
        sketch
    }
}
