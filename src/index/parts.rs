//! Which files belong to a segment. Each has a checksum of its own at its end,
//! which fits wherever the file lies: two files that have changed places are
//! known by a list of those checksums, and where there is none by what they say
//! of the same postings.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;
use tantivy::index::SegmentComponent;
use tantivy::schema::Value as _;
use tantivy::space_usage::PerFieldSpaceUsage;
use tantivy::{Searcher, SegmentReader, TantivyDocument};

use super::Fields;

/// The files that every segment has.
pub(super) const PARTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
];

/// What stands behind the JSON text at the end of a file.
const END: u64 = 8;
/// The fixed number at the very end.
const MAGIC: u32 = 1337;

/// The files of a commit, segment by segment.
pub(super) fn files(searcher: &Searcher) -> Vec<String> {
    let mut files = Vec::new();
    for segment in searcher.segment_readers() {
        let mut parts = PARTS.to_vec();
        parts.extend(segment.has_deletes().then_some(SegmentComponent::Delete));
        files.extend(parts.into_iter().map(|part| name(segment, part)));
    }
    files
}

/// As tantivy calls it.
fn name(segment: &SegmentReader, part: SegmentComponent) -> String {
    let kind = match part {
        SegmentComponent::Postings => "idx",
        SegmentComponent::Positions => "pos",
        SegmentComponent::FastFields => "fast",
        SegmentComponent::FieldNorms => "fieldnorm",
        SegmentComponent::Terms => "term",
        SegmentComponent::Store => "store",
        SegmentComponent::Delete => {
            let opstamp = segment.delete_opstamp().unwrap_or_default();
            return format!("{}.{opstamp}.del", segment.segment_id().uuid_string());
        }
        _ => "",
    };
    format!("{}.{kind}", segment.segment_id().uuid_string())
}

/// The checksum at the end of each of the [`files`].
///
/// # Errors
/// If a file cannot be read, or has no such end.
pub(super) fn sums(searcher: &Searcher, directory: &Path) -> io::Result<Vec<u32>> {
    let sum = |file: String| sum(&mut File::open(directory.join(file))?);
    files(searcher).into_iter().map(sum).collect()
}

#[derive(Deserialize)]
struct Footer {
    crc: u32,
}

fn sum(file: &mut File) -> io::Result<u32> {
    let length = file.metadata()?.len();
    let no_end = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let (_, footer) = footer(file, length)?.map_err(no_end)?;
    Ok(serde_json::from_slice::<Footer>(&footer)?.crc)
}

/// tantivy ends its files with a JSON text of its version and the CRC-32 of
/// what comes before, the length of that text, and a fixed number. Gives how
/// many bytes come before, and the text.
pub(super) fn footer(
    file: &mut File,
    length: u64,
) -> io::Result<Result<(u64, Vec<u8>), &'static str>> {
    if length < END {
        return Ok(Err("it has no end"));
    }
    let mut end = [0; END as usize];
    file.seek(SeekFrom::Start(length - END))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, e, f, g, h] = end;
    let n = u64::from(u32::from_le_bytes([a, b, c, d]));
    if u32::from_le_bytes([e, f, g, h]) != MAGIC || n > 1000 || n + END > length {
        return Ok(Err("its end is not as it was written"));
    }
    let mut footer = vec![0; n as usize];
    file.seek(SeekFrom::Start(length - END - n))?;
    file.read_exact(&mut footer)?;
    Ok(Ok((length - END - n, footer)))
}

/// Those of the [`files`] whose checksum `now` is not the one that was `kept`,
/// and what they are instead.
pub(super) fn exchanged(files: &[String], kept: &[u32], now: &[u32]) -> Vec<(String, String)> {
    let kind = |file: &str| file.rsplit('.').next().map(str::to_owned);
    let mut wrong = Vec::new();
    for ((file, kept_of), now_of) in files.iter().zip(kept).zip(now) {
        if kept_of == now_of {
            continue;
        }
        let mut others = files.iter().zip(kept);
        let was = others.find(|(other, sum)| *sum == now_of && kind(other) == kind(file));
        let why = match was {
            Some((other, _)) => format!("it is what {other} was"),
            None => "it is whole, but not what was written for its segment".to_owned(),
        };
        wrong.push((file.clone(), why));
    }
    wrong
}

/// The files of a segment that say something else of its postings than the
/// others, of which there are more, and what: how many postings there are, which
/// they are, and where words stand. Two files that agree in all of this pass,
/// though they may have changed places.
///
/// # Errors
/// If the segment cannot be read.
pub(super) fn odd_ones(
    segment: &SegmentReader,
    fields: &Fields,
) -> tantivy::Result<Vec<(String, String)>> {
    let found = |part, why: &str| Ok(vec![(name(segment, part), why.to_owned())]);
    let n = segment.max_doc();
    if let Some(alive) = segment.alive_bitset()
        && alive.bitset().max_value() != n
    {
        return found(SegmentComponent::Delete, "it is of another segment");
    }
    let usage = segment.space_usage()?;
    let of = |part: &PerFieldSpaceUsage| -> Vec<(String, u64)> {
        let fields = part.fields().map(|field| {
            let bytes = field.total().get_bytes();
            (field.field_name().to_owned(), bytes)
        });
        let mut fields: Vec<_> = fields.collect();
        fields.sort_unstable();
        fields
    };
    let [terms, postings, positions] =
        [usage.termdict(), usage.postings(), usage.positions()].map(of);
    let names = |of: &[(String, u64)]| of.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (a, b, c) = (names(&terms), names(&postings), names(&positions));
    let other_fields = "it has other fields than the other files of its segment";
    match (a == b, b == c, a == c) {
        (true, true, _) => {}
        (true, _, _) => return found(SegmentComponent::Positions, other_fields),
        (_, true, _) => return found(SegmentComponent::Terms, other_fields),
        _ => return found(SegmentComponent::Postings, other_fields),
    }

    let inverted = segment.inverted_index(fields.id)?;
    let mut n_terms = 0;
    let mut stream = inverted.terms().stream()?;
    while let Some((_, info)) = stream.next() {
        n_terms += info.doc_freq;
    }
    let n_columns = segment.fast_fields().u64("flags")?.num_docs();
    // If they agree in another number, it is the list of segments that is wrong.
    let (mut are_terms, mut are_stored) = (n_terms == n_columns, n_columns == n);
    let store = segment.get_store_reader(STORE_BLOCKS)?;
    are_stored &= store.get::<TantivyDocument>(n).is_err();
    if let Some(column) = segment.fast_fields().str("id")? {
        let mut id = String::new();
        for doc in 0..n.min(n_columns) {
            let Some(ord) = column.term_ords(doc).next() else {
                continue;
            };
            id.clear();
            column.ord_to_str(ord, &mut id)?;
            are_terms = are_terms && inverted.terms().term_ord(&id)?.is_some();
            are_stored = are_stored && stored_id(&store, doc, fields).as_deref() == Some(&*id);
            if !are_terms && !are_stored {
                break;
            }
        }
    }
    match (are_terms, are_stored) {
        (true, true) => {}
        (true, false) if n_columns != n => return Ok(Vec::new()),
        (true, false) => return found(SegmentComponent::Store, "it holds other postings"),
        (false, true) => return found(SegmentComponent::Terms, "it has ids of other postings"),
        (false, false) => {
            return found(
                SegmentComponent::FastFields,
                "it has columns of other postings",
            );
        }
    }

    for field in [fields.title, fields.body] {
        let lengths = segment.fieldnorms_readers().get_field(field)?;
        if lengths.is_some_and(|lengths| lengths.num_docs() != n) {
            let why = "it has the lengths of other texts";
            return found(SegmentComponent::FieldNorms, why);
        }
    }
    let mut last = Vec::new();
    for ((field, postings), (_, positions)) in postings.iter().zip(&positions) {
        let inverted = segment.inverted_index(segment.schema().get_field(field)?)?;
        let terms = inverted.terms();
        last.clear();
        // The terms are in the order of what belongs to them.
        if let Some(before) = (terms.num_terms() as u64).checked_sub(1)
            && terms.ord_to_term(before, &mut last)?
            && let Some(info) = terms.get(&last)?
        {
            if info.postings_range.end as u64 + BEFORE_POSTINGS != *postings {
                return found(SegmentComponent::Postings, "it has postings of other words");
            }
            if info.positions_range.end as u64 != *positions {
                return found(SegmentComponent::Positions, "it has places of other words");
            }
        }
    }
    Ok(Vec::new())
}

/// Blocks of stored postings that are kept while one after the other is looked at.
const STORE_BLOCKS: usize = 1;

/// In front of a field's postings stands how many words it has.
const BEFORE_POSTINGS: u64 = 8;

#[derive(Deserialize)]
struct OnlyId {
    id: String,
}

fn stored_id(
    store: &tantivy::store::StoreReader,
    doc: tantivy::DocId,
    fields: &Fields,
) -> Option<String> {
    let document: TantivyDocument = store.get(doc).ok()?;
    let json = document.get_first(fields.posting)?.as_str()?.to_owned();
    serde_json::from_str::<OnlyId>(&json)
        .ok()
        .map(|only| only.id)
}
