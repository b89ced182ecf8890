//! Living documents in the order of their posting ids, in a few bytes each:
//! every segment keeps its ids sorted, and those lists are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::{DocId, Searcher};

/// No living document has the id.
const NONE: DocId = DocId::MAX;

/// Segment and document of each posting, ordered by id.
pub(super) fn by_id(searcher: &Searcher) -> tantivy::Result<Vec<(u32, DocId)>> {
    let (mut columns, mut of_term, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for (ord, segment) in (0u32..).zip(searcher.segment_readers()) {
        let Some(column) = segment.fast_fields().str("id")? else {
            continue;
        };
        let mut docs = vec![NONE; column.num_terms()];
        for doc in segment.doc_ids_alive() {
            let term = column.term_ords(doc).next();
            match term.and_then(|term| docs.get_mut(term as usize)) {
                Some(slot) if *slot == NONE => *slot = doc,
                // No document is lost, even if it should have no id of its own.
                _ => rest.push((ord, doc)),
            }
        }
        columns.push((ord, column));
        of_term.push(docs);
    }
    let mut streams = Vec::with_capacity(columns.len());
    for (_, column) in &columns {
        streams.push(column.dictionary().stream()?);
    }
    let mut next: BinaryHeap<Reverse<(Vec<u8>, usize)>> = BinaryHeap::new();
    for (at, stream) in streams.iter_mut().enumerate() {
        if stream.advance() {
            next.push(Reverse((stream.key().to_vec(), at)));
        }
    }
    let mut places = Vec::with_capacity(searcher.num_docs() as usize);
    let mut terms = vec![0usize; columns.len()];
    while let Some(Reverse((mut key, at))) = next.pop() {
        let doc = of_term[at][terms[at]];
        if doc != NONE {
            places.push((columns[at].0, doc));
        }
        terms[at] += 1;
        if streams[at].advance() {
            key.clear();
            key.extend_from_slice(streams[at].key());
            next.push(Reverse((key, at)));
        }
    }
    places.append(&mut rest);
    Ok(places)
}
