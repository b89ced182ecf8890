//! Columns of matched postings, with the numbers of each segment turned into
//! numbers that hold for all of them.

use std::collections::HashMap;
use std::ops::Range;

use rayon::prelude::*;
use tantivy::DocId;
use tantivy::columnar::StrColumn;
use tantivy::fastfield::Column;

use super::Matched;
use crate::index::{AskEntry, IndexError, Snapshot, flag};
use crate::ingest::normalise_words;
use crate::query::{ScanNames, ScanRow};

pub(super) fn numbers(
    snapshot: &Snapshot,
    segment: u32,
    name: &str,
) -> Result<Column<u64>, IndexError> {
    let reader = snapshot.searcher.segment_reader(segment);
    reader
        .fast_fields()
        .u64(name)
        .map_err(|error| snapshot.damaged(error))
}

pub(super) fn texts(
    snapshot: &Snapshot,
    segment: u32,
    name: &str,
) -> Result<Option<StrColumn>, IndexError> {
    let reader = snapshot.searcher.segment_reader(segment);
    reader
        .fast_fields()
        .str(name)
        .map_err(|error| snapshot.damaged(error))
}

/// What the postings of a segment ask for.
pub(super) struct Asks(Column<u64>);

impl Asks {
    /// Puts the entries of one document in place of what is in `ask`.
    pub(super) fn read(&self, doc: DocId, ask: &mut Vec<AskEntry>) {
        /// Few postings ask for more.
        const AT_ONCE: usize = 32;
        ask.clear();
        let mut packed = [0u64; AT_ONCE];
        let mut rows = self.0.index.value_row_ids(doc);
        while !rows.is_empty() {
            let packed = &mut packed[..rows.len().min(AT_ONCE)];
            self.0.values.get_range(u64::from(rows.start), packed);
            ask.extend(packed.iter().map(|bits| AskEntry::unpack(*bits)));
            rows.start += packed.len() as u32;
        }
    }
}

/// What the postings of every segment ask for.
pub(super) fn asks(snapshot: &Snapshot) -> Result<Vec<Asks>, IndexError> {
    let segments = 0..snapshot.searcher.segment_readers().len() as u32;
    segments
        .map(|segment| numbers(snapshot, segment, "ask").map(Asks))
        .collect()
}

/// `posted_at` of every segment.
pub(super) fn dates(snapshot: &Snapshot) -> Result<Vec<Column<i64>>, IndexError> {
    let readers = snapshot.searcher.segment_readers().iter();
    readers
        .map(|reader| {
            reader
                .fast_fields()
                .i64("posted_at")
                .map_err(|error| snapshot.damaged(error))
        })
        .collect()
}

/// A text column of all segments, its values numbered once.
pub(super) struct Values {
    /// What each value is called, sorted.
    pub(super) labels: Vec<String>,
    segments: Vec<Option<(StrColumn, Vec<u32>)>>,
}

impl Values {
    /// Opens a column. Spellings that differ in case and signs only are one
    /// value where `folds` says so; it is called by its first spelling in order.
    /// Values are numbered in order of their labels, whatever the segments.
    pub(super) fn open(snapshot: &Snapshot, name: &str, folds: bool) -> Result<Values, IndexError> {
        let mut number_of: HashMap<String, u32> = HashMap::new();
        let mut labels: Vec<String> = Vec::new();
        let mut segments = Vec::new();
        for segment in 0..snapshot.searcher.segment_readers().len() {
            let Some(column) = texts(snapshot, segment as u32, name)? else {
                segments.push(None);
                continue;
            };
            let mut numbers = Vec::with_capacity(column.num_terms());
            let mut stream = column
                .dictionary()
                .stream()
                .map_err(|error| snapshot.damaged(error))?;
            while stream.advance() {
                let text = String::from_utf8_lossy(stream.key()).into_owned();
                let key = if folds {
                    normalise_words(&text)
                } else {
                    text.clone()
                };
                let number = *number_of.entry(key).or_insert_with(|| {
                    labels.push(text.clone());
                    labels.len() as u32 - 1
                });
                let label = &mut labels[number as usize];
                if *label > text {
                    *label = text;
                }
                numbers.push(number);
            }
            segments.push(Some((column, numbers)));
        }
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        order.sort_by(|a, b| labels[*a as usize].cmp(&labels[*b as usize]));
        let mut rank = vec![0u32; labels.len()];
        for (place, number) in (0u32..).zip(&order) {
            rank[*number as usize] = place;
        }
        for (_, numbers) in segments.iter_mut().flatten() {
            numbers
                .iter_mut()
                .for_each(|number| *number = rank[*number as usize]);
        }
        labels.sort();
        Ok(Values { labels, segments })
    }

    /// The first value of each of some documents.
    fn firsts(&self, segment: u32, docs: &[DocId]) -> Vec<Option<u32>> {
        let mut firsts = vec![None; docs.len()];
        if let Some((column, numbers)) = &self.segments[segment as usize] {
            let mut ords = vec![None; docs.len()];
            column.ords().first_vals(docs, &mut ords);
            for (first, ord) in firsts.iter_mut().zip(ords) {
                *first = ord.map(|ord| numbers[ord as usize]);
            }
        }
        firsts
    }

    /// All values of each of some documents.
    fn lists(&self, segment: u32, docs: &[DocId]) -> Lists<u32> {
        match &self.segments[segment as usize] {
            Some((column, numbers)) => {
                Lists::read(column.ords(), docs, |ord| numbers[ord as usize])
            }
            None => Lists::none(docs.len()),
        }
    }

    /// The values of one document.
    pub(super) fn of(&self, segment: u32, doc: DocId) -> impl Iterator<Item = u32> + '_ {
        let column = self.segments[segment as usize].as_ref();
        column.into_iter().flat_map(move |(column, numbers)| {
            column.term_ords(doc).map(|ord| numbers[ord as usize])
        })
    }
}

/// Lower end, upper end and currency.
type SurePay = (Option<f64>, Option<f64>, u32);

/// Yearly pay that may be used in statistics.
pub(super) struct PayColumns {
    flags: Vec<Column<u64>>,
    min: Vec<Column<f64>>,
    max: Vec<Column<f64>>,
    currency: Values,
}

impl PayColumns {
    pub(super) fn open(snapshot: &Snapshot) -> Result<PayColumns, IndexError> {
        let readers = || snapshot.searcher.segment_readers().iter();
        let amounts = |name: &'static str| {
            let column = |reader: &tantivy::SegmentReader| reader.fast_fields().f64(name);
            readers()
                .map(|reader| column(reader).map_err(|error| snapshot.damaged(error)))
                .collect::<Result<_, _>>()
        };
        let flags = |reader: &tantivy::SegmentReader| {
            reader
                .fast_fields()
                .u64("flags")
                .map_err(|error| snapshot.damaged(error))
        };
        Ok(PayColumns {
            flags: readers().map(flags).collect::<Result<_, _>>()?,
            min: amounts("pay_min")?,
            max: amounts("pay_max")?,
            currency: Values::open(snapshot, "pay_currency", false)?,
        })
    }

    /// Middle of the range, or the end that is known; of any basis.
    pub(super) fn middle(&self, segment: u32, doc: DocId) -> Option<f64> {
        let (min, max) = (
            self.min[segment as usize].first(doc),
            self.max[segment as usize].first(doc),
        );
        match (min, max) {
            (Some(min), Some(max)) => Some((min + max) / 2.0),
            (min, max) => min.or(max),
        }
    }

    /// Middle of the range and its currency, where it may be used in statistics.
    pub(super) fn middle_sure(&self, segment: u32, doc: DocId) -> Option<(f64, u32)> {
        let flags = self.flags[segment as usize].first(doc).unwrap_or_default();
        let (_, _, currency) = self.sure(segment, doc, flags)?;
        Some((self.middle(segment, doc)?, currency))
    }

    /// What the numbers of currencies stand for.
    pub(super) fn currencies(&self) -> &[String] {
        &self.currency.labels
    }

    fn sure(
        &self,
        segment: u32,
        doc: DocId,
        flags: u64,
    ) -> Option<(Option<f64>, Option<f64>, u32)> {
        if flags & flag::SURE_PAY == 0 {
            return None;
        }
        let (min, max) = (
            self.min[segment as usize].first(doc),
            self.max[segment as usize].first(doc),
        );
        let currency = self.currency.of(segment, doc).next()?;
        (min.is_some() || max.is_some()).then_some((min, max, currency))
    }
}

/// How many postings are read out of the columns at a time: enough to hide what
/// a turn costs, few enough to stay in a core's cache.
const BLOCK: usize = 2048;

/// Blocks that are read while those before them are visited.
const BLOCKS_AHEAD: usize = 16;

/// Everything that a scan reads, opened once for all scans of a commit.
pub(super) struct Columns {
    companies: Values,
    sources: Values,
    countries: Values,
    seniorities: Values,
    workplaces: Values,
    text_languages: Values,
    pay: PayColumns,
    dates: Vec<Column<i64>>,
    asks: Vec<Column<u64>>,
}

/// Several values of each posting of a block.
struct Lists<T> {
    ends: Vec<usize>,
    values: Vec<T>,
}

impl<T> Lists<T> {
    /// Reads a column. What lies close together is read in one go.
    fn read(column: &Column<u64>, docs: &[DocId], value: impl Fn(u64) -> T) -> Lists<T> {
        let ranges: Vec<Range<u32>> = docs
            .iter()
            .map(|doc| column.index.value_row_ids(*doc))
            .collect();
        let filled = || ranges.iter().filter(|range| !range.is_empty());
        let n: usize = filled().map(ExactSizeIterator::len).sum();
        let first = filled().map(|range| range.start).min().unwrap_or(0);
        let end = filled().map(|range| range.end).max().unwrap_or(0);
        let (mut ends, mut values) = (Vec::with_capacity(docs.len()), Vec::with_capacity(n));
        if (end - first) as usize <= 2 * n {
            let mut all = vec![0; (end - first) as usize];
            column.values.get_range(u64::from(first), &mut all);
            for range in &ranges {
                if !range.is_empty() {
                    let own = (range.start - first) as usize..(range.end - first) as usize;
                    values.extend(all[own].iter().map(|bits| value(*bits)));
                }
                ends.push(values.len());
            }
        } else {
            for range in ranges {
                values.extend(range.map(|row| value(column.values.get_val(row))));
                ends.push(values.len());
            }
        }
        Lists { ends, values }
    }

    fn none(n: usize) -> Lists<T> {
        Lists {
            ends: vec![0; n],
            values: Vec::new(),
        }
    }

    fn of(&self, at: usize) -> &[T] {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[begin..self.ends[at]]
    }
}

/// What the columns say of some postings of one segment.
struct Block<'a> {
    hits: &'a [Matched],
    dates: Vec<Option<i64>>,
    companies: Vec<Option<u32>>,
    sources: Vec<Option<u32>>,
    countries: Lists<u32>,
    seniorities: Vec<Option<u32>>,
    workplaces: Vec<Option<u32>>,
    text_languages: Vec<Option<u32>>,
    asks: Lists<AskEntry>,
    pay: Vec<Option<SurePay>>,
    flags: Vec<u64>,
}

impl Columns {
    pub(super) fn open(snapshot: &Snapshot) -> Result<Columns, IndexError> {
        let open = |name: &str, folds: bool| Values::open(snapshot, name, folds);
        let n_segments = snapshot.searcher.segment_readers().len() as u32;
        Ok(Columns {
            companies: open("company", true)?,
            sources: open("source", false)?,
            countries: open("country", false)?,
            seniorities: open("seniority", false)?,
            workplaces: open("workplace", false)?,
            text_languages: open("text_language", false)?,
            pay: PayColumns::open(snapshot)?,
            dates: dates(snapshot)?,
            asks: (0..n_segments)
                .map(|segment| numbers(snapshot, segment, "ask"))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Tells `visit` of each matched posting, in their order. Columns are read on
    /// all cores; `visit` is called on the thread that asks.
    pub(super) fn rows(
        &self,
        snapshot: &Snapshot,
        matched: &[Matched],
        visit: &mut dyn FnMut(&ScanRow<'_>),
    ) {
        let segments = matched.chunk_by(|a, b| a.segment == b.segment);
        let hits: Vec<&[Matched]> = segments.flat_map(|hits| hits.chunks(BLOCK)).collect();
        let group_of = &snapshot.derived().group_of;
        let mut ready: Vec<Block<'_>> = Vec::new();
        for ahead in hits.chunks(BLOCKS_AHEAD) {
            let mut next = Vec::new();
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| next = ahead.par_iter().map(|hits| self.read(hits)).collect());
                ready.iter().for_each(|block| block.visit(group_of, visit));
            });
            ready = next;
        }
        ready.iter().for_each(|block| block.visit(group_of, visit));
    }

    /// Reads some postings of one segment.
    fn read<'a>(&self, hits: &'a [Matched]) -> Block<'a> {
        let segment = hits[0].segment;
        let at = segment as usize;
        let docs: Vec<DocId> = hits.iter().map(|hit| hit.doc).collect();
        let mut dates = vec![None; docs.len()];
        self.dates[at].first_vals(&docs, &mut dates);
        let mut flags = vec![None; docs.len()];
        self.pay.flags[at].first_vals(&docs, &mut flags);
        let flags: Vec<u64> = flags.into_iter().map(Option::unwrap_or_default).collect();
        let pay = docs.iter().zip(&flags);
        let pay = pay.map(|(doc, flags)| self.pay.sure(segment, *doc, *flags));
        Block {
            hits,
            dates,
            companies: self.companies.firsts(segment, &docs),
            sources: self.sources.firsts(segment, &docs),
            countries: self.countries.lists(segment, &docs),
            seniorities: self.seniorities.firsts(segment, &docs),
            workplaces: self.workplaces.firsts(segment, &docs),
            text_languages: self.text_languages.firsts(segment, &docs),
            asks: Lists::read(&self.asks[at], &docs, AskEntry::unpack),
            pay: pay.collect(),
            flags,
        }
    }

    /// What the numbers in rows stand for.
    pub(super) fn names(&self) -> ScanNames {
        ScanNames {
            companies: self.companies.labels.clone(),
            sources: self.sources.labels.clone(),
            countries: self.countries.labels.clone(),
            seniorities: self.seniorities.labels.clone(),
            workplaces: self.workplaces.labels.clone(),
            text_languages: self.text_languages.labels.clone(),
            currencies: self.pay.currency.labels.clone(),
        }
    }
}

impl Block<'_> {
    fn visit(&self, group_of: &[Vec<u32>], visit: &mut dyn FnMut(&ScanRow<'_>)) {
        for (at, hit) in self.hits.iter().enumerate() {
            visit(&ScanRow {
                group: group_of[hit.segment as usize][hit.doc as usize],
                posted_at: self.dates[at],
                company: self.companies[at],
                source: self.sources[at],
                countries: self.countries.of(at),
                seniority: self.seniorities[at],
                workplace: self.workplaces[at],
                text_language: self.text_languages[at],
                ask: self.asks.of(at),
                pay: self.pay[at],
                is_partial: self.flags[at] & (flag::TRUNCATED | flag::SILENT) != 0,
                is_listed: self.flags[at] & flag::TEXT == 0,
            });
        }
    }
}
