//! Columns of matched postings, with the numbers of each segment turned into
//! numbers that hold for all of them.

use std::collections::HashMap;

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

    /// The values of one document.
    pub(super) fn of(&self, segment: u32, doc: DocId) -> impl Iterator<Item = u32> + '_ {
        let column = self.segments[segment as usize].as_ref();
        column.into_iter().flat_map(move |(column, numbers)| {
            column.term_ords(doc).map(|ord| numbers[ord as usize])
        })
    }
}

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

/// Tells `visit` of each matched posting.
pub(super) fn rows(
    snapshot: &Snapshot,
    matched: &[Matched],
    visit: &mut dyn FnMut(&ScanRow<'_>),
) -> Result<ScanNames, IndexError> {
    let open = |name: &str, folds: bool| Values::open(snapshot, name, folds);
    let (companies, sources, countries) = (
        open("company", true)?,
        open("source", false)?,
        open("country", false)?,
    );
    let (seniorities, workplaces) = (open("seniority", false)?, open("workplace", false)?);
    let text_languages = open("text_language", false)?;
    let pay = PayColumns::open(snapshot)?;
    let dates = dates(snapshot)?;
    let asks = asks(snapshot)?;
    let derived = snapshot.derived();
    let (mut ask, mut in_countries) = (Vec::new(), Vec::new());
    for hit in matched {
        let (segment, doc) = (hit.segment, hit.doc);
        let at = segment as usize;
        asks[at].read(doc, &mut ask);
        in_countries.clear();
        in_countries.extend(countries.of(segment, doc));
        let flags = pay.flags[at].first(doc).unwrap_or_default();
        visit(&ScanRow {
            group: derived.group_of[at][doc as usize],
            posted_at: dates[at].first(doc),
            company: companies.of(segment, doc).next(),
            source: sources.of(segment, doc).next(),
            countries: &in_countries,
            seniority: seniorities.of(segment, doc).next(),
            workplace: workplaces.of(segment, doc).next(),
            text_language: text_languages.of(segment, doc).next(),
            ask: &ask,
            pay: pay.sure(segment, doc, flags),
            is_partial: flags & (flag::TRUNCATED | flag::SILENT) != 0,
        });
    }
    Ok(ScanNames {
        companies: companies.labels,
        sources: sources.labels,
        countries: countries.labels,
        seniorities: seniorities.labels,
        workplaces: workplaces.labels,
        text_languages: text_languages.labels,
        currencies: pay.currency.labels,
    })
}
