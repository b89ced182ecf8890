//! Counts of one facet over matched postings: in how many groups each value
//! stands, exactly. Postings without copies are counted as they come; values
//! of copies are gathered by group first.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;
use tantivy::DocId;
use tantivy::columnar::StrColumn;
use tantivy::fastfield::Column;

use super::branches::Part;
use super::find::Matches;
use super::names::{Kept, Names};
use super::scan::{PayColumns, numbers, texts as text_column};
use super::sets::DocSets;
use super::{Local, Matched};
use crate::index::{AskEntry, Facet, IndexError, Snapshot};
use crate::posting::SECTIONS;
use crate::query::{FacetCounts, FacetOrder, FacetRequest, FacetValue, Filter};
use crate::skills::Taxonomy;

/// Counts facets over some matches.
pub(super) struct Counter<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) taxonomy: &'a Taxonomy,
    /// The documents whose group has others.
    pub(super) copied: &'a DocSets,
    kept: &'a Kept,
    pub(super) matched: Cow<'a, [Matched]>,
}

/// Values with their labels, and in how many groups each stands.
pub(super) type Labelled = (Vec<(String, String)>, Vec<u64>);

/// The number of a value that has none yet.
pub(super) const UNSEEN: u32 = u32::MAX;

impl Local {
    /// Counts facets over what was found, those of skills in one pass;
    /// `filter` says which skills the facet of sections looks at.
    pub(super) fn count(
        &self,
        found: &Matches,
        requests: &[FacetRequest],
        filter: &Filter,
    ) -> Result<Vec<FacetCounts>, IndexError> {
        let counter = |facet| Counter {
            snapshot: &self.snapshot,
            taxonomy: &self.taxonomy,
            copied: self.copied(),
            kept: &self.kept,
            matched: found.for_facet(facet),
        };
        let parts: Vec<Part<'_>> = requests.iter().filter_map(branch).collect();
        let branches = match parts.is_empty() {
            true => HashMap::new(),
            false => counter(Facet::Skill).branches(&parts)?,
        };
        let count = |request: &FacetRequest| {
            let of_branch = branch(request).and_then(|part| branches.get(&part));
            let labelled = match of_branch {
                Some(labelled) => labelled.clone(),
                None => counter(request.facet).values(request.facet, filter)?,
            };
            Ok(asked_for(request, labelled, &self.taxonomy))
        };
        requests.par_iter().map(count).collect()
    }
}

/// What of the skills a facet of them counts.
fn branch(request: &FacetRequest) -> Option<Part<'_>> {
    let prefix = match request.facet {
        Facet::Skill => &request.prefix,
        Facet::Language => "language",
        _ => return None,
    };
    Some(Part {
        prefix,
        is_whole: request.contains.is_some(),
    })
}

/// Of all values those that were asked for, in their order.
fn asked_for(
    request: &FacetRequest,
    (labels, counts): Labelled,
    taxonomy: &Taxonomy,
) -> FacetCounts {
    let needle = request.contains.as_deref().map(str::to_lowercase);
    let fits = |label: &str| {
        needle
            .as_deref()
            .is_none_or(|needle| label.to_lowercase().contains(needle))
    };
    let mut values: Vec<FacetValue> = labels
        .into_iter()
        .zip(counts)
        .filter(|((_, label), count)| *count > 0 && fits(label))
        .map(|((value, label), count)| FacetValue {
            value,
            label,
            count,
            paths: Vec::new(),
        })
        .collect();
    match request.order {
        FacetOrder::Count => values
            .sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))),
        FacetOrder::Name => {
            values.sort_by_cached_key(|value| (value.label.to_lowercase(), value.value.clone()))
        }
    }
    let n_values = values.len();
    values.truncate(request.limit);
    // Of what was looked for below a branch, only a skill's own paths say where it stands.
    if branch(request).is_some_and(|part| part.is_whole) {
        for value in &mut values {
            let skill = taxonomy.by_id(&value.value).map(|no| taxonomy.skill(no));
            value.paths = skill.map_or_else(Vec::new, |skill| skill.paths.clone());
        }
    }
    FacetCounts {
        facet: request.facet,
        prefix: request.prefix.clone(),
        values,
        n_values,
    }
}

impl Counter<'_> {
    fn values(&self, facet: Facet, filter: &Filter) -> Result<Labelled, IndexError> {
        match facet {
            Facet::Year | Facet::Month => self.times(facet),
            Facet::Pay => self.pay(),
            Facet::Section => self.sections(filter),
            other => self.texts(other),
        }
    }

    pub(super) fn group_of(&self, segment: u32, doc: DocId) -> u32 {
        self.snapshot.derived().group_of[segment as usize][doc as usize]
    }

    /// Counts values by group; `values_of` gives the numbers of a posting's
    /// values, of which there may be more and more.
    fn by_group(&self, mut values_of: impl FnMut(u32, DocId, &mut Vec<u32>)) -> Vec<u64> {
        let mut counts: Vec<u64> = Vec::new();
        // The number of the posting that has counted a value last, from 1.
        let mut last: Vec<u32> = Vec::new();
        let mut of_copies: Vec<(u32, u32)> = Vec::new();
        let mut values = Vec::new();
        for (number, hit) in (1u32..).zip(self.matched.iter()) {
            values.clear();
            values_of(hit.segment, hit.doc, &mut values);
            if let Some(most) = values.iter().max()
                && *most as usize >= counts.len()
            {
                counts.resize(*most as usize + 1, 0);
                last.resize(*most as usize + 1, 0);
            }
            if self.copied.has(hit.segment, hit.doc) {
                let group = self.group_of(hit.segment, hit.doc);
                of_copies.extend(values.iter().map(|value| (group, *value)));
                continue;
            }
            for value in &values {
                let at = *value as usize;
                if last[at] != number {
                    last[at] = number;
                    counts[at] += 1;
                }
            }
        }
        add_copies(&mut counts, of_copies);
        counts
    }

    /// A text column, counted by the numbers of its own values; only those that
    /// stand in a matched posting are looked up.
    fn texts(&self, facet: Facet) -> Result<Labelled, IndexError> {
        let folds = matches!(facet, Facet::Company | Facet::Region | Facet::City);
        let name = facet.column().unwrap_or_default();
        let mut columns: Vec<Option<(StrColumn, Vec<u32>)>> = Vec::new();
        for segment in 0..self.snapshot.searcher.segment_readers().len() as u32 {
            let column = text_column(self.snapshot, segment, name)?;
            columns.push(column.map(|column| {
                let counts = vec![0; column.num_terms()];
                (column, counts)
            }));
        }
        // Values of groups with several postings, and of postings with several values.
        let mut apart: Vec<(u32, u32, u32)> = Vec::new();
        for hit in self.matched.iter() {
            let Some((column, counts)) = &mut columns[hit.segment as usize] else {
                continue;
            };
            let mut ords = column.term_ords(hit.doc);
            let Some(first) = ords.next() else { continue };
            let second = ords.next();
            if second.is_none() && !self.copied.has(hit.segment, hit.doc) {
                counts[first as usize] += 1;
                continue;
            }
            let group = self.group_of(hit.segment, hit.doc);
            let all = [first].into_iter().chain(second).chain(ords);
            apart.extend(all.map(|ord| (group, hit.segment, ord as u32)));
        }
        let mut is_apart: Vec<Vec<bool>> = columns
            .iter()
            .map(|column| vec![false; column.as_ref().map_or(0, |(_, counts)| counts.len())])
            .collect();
        for (_, segment, ord) in &apart {
            is_apart[*segment as usize][*ord as usize] = true;
        }
        let opened = columns
            .iter()
            .map(|column| column.as_ref().map(|(column, _)| column));
        let kept = self.kept.of(facet, self.snapshot, opened, folds)?;
        let mut values = Names::default();
        let mut counts: Vec<u64> = Vec::new();
        let mut number_of: Vec<Vec<u32>> = Vec::new();
        for (segment, (column, is_apart)) in columns.iter().zip(&is_apart).enumerate() {
            let mut numbers = vec![UNSEEN; is_apart.len()];
            if let Some((column, of_ords)) = column {
                let stands = |ord: &u64| of_ords[*ord as usize] > 0 || is_apart[*ord as usize];
                let ords: Vec<u64> = (0..of_ords.len() as u64).filter(stands).collect();
                let mut add = |ord: u64, number: u32| {
                    counts.resize(counts.len().max(number as usize + 1), 0);
                    numbers[ord as usize] = number;
                    counts[number as usize] += u64::from(of_ords[ord as usize]);
                };
                if let Some(kept) = &kept {
                    for ord in ords {
                        add(ord, values.kept(kept, segment, ord));
                    }
                } else {
                    let mut next = ords.iter();
                    let intern = |bytes: &[u8]| {
                        let number = values.number(&String::from_utf8_lossy(bytes), folds);
                        next.next().into_iter().for_each(|ord| add(*ord, number));
                    };
                    column
                        .dictionary()
                        .sorted_ords_to_term_cb(&ords, intern)
                        .map_err(|error| self.snapshot.damaged(error))?;
                }
            }
            number_of.push(numbers);
        }
        let of_copies = apart
            .into_iter()
            .map(|(group, segment, ord)| (group, number_of[segment as usize][ord as usize]));
        add_copies(&mut counts, of_copies.collect());
        let shown = |value: String| {
            let label = match facet {
                Facet::Country => crate::fields::places::country_name(&value)
                    .unwrap_or(&value)
                    .to_owned(),
                _ => value.clone(),
            };
            (value, label)
        };
        Ok((values.labels.into_iter().map(shown).collect(), counts))
    }

    fn times(&self, facet: Facet) -> Result<Labelled, IndexError> {
        let columns = self.each_segment("month")?;
        let unit = |month: u64| match facet {
            Facet::Year => month / 12,
            _ => month,
        };
        let found = self
            .matched
            .iter()
            .filter_map(|hit| columns[hit.segment as usize].first(hit.doc));
        let begin = unit(found.min().unwrap_or(0));
        let counts = self.by_group(|segment, doc, into| {
            let month = columns[segment as usize].first(doc);
            into.extend(month.map(|month| (unit(month) - begin) as u32));
        });
        let name = |unit: u64| match facet {
            Facet::Year => format!("{unit:04}"),
            _ => format!("{:04}-{:02}", unit / 12, unit % 12 + 1),
        };
        let names = (begin..)
            .take(counts.len())
            .map(|unit| (name(unit), name(unit)));
        Ok((names.collect(), counts))
    }

    pub(super) fn each_segment(&self, name: &str) -> Result<Vec<Column<u64>>, IndexError> {
        let segments = 0..self.snapshot.searcher.segment_readers().len() as u32;
        segments
            .map(|segment| numbers(self.snapshot, segment, name))
            .collect()
    }

    /// Bands of the middle of the yearly range, pay fit for statistics only, each
    /// currency by itself.
    fn pay(&self) -> Result<Labelled, IndexError> {
        let columns = PayColumns::open(self.snapshot)?;
        let mut number_of: HashMap<(u32, u64), u32> = HashMap::new();
        let mut labels = Vec::new();
        let counts = self.by_group(|segment, doc, into| {
            let band = columns
                .middle_sure(segment, doc)
                .and_then(|(middle, currency)| Some((currency, band(middle)?)));
            into.extend(band.map(|(currency, (low, high))| {
                *number_of.entry((currency, low)).or_insert_with(|| {
                    let code = &columns.currencies()[currency as usize];
                    labels.push((
                        format!("{code}:{low}-{high}"),
                        format!("{code} {}–{}", short(low), short(high)),
                    ));
                    labels.len() as u32 - 1
                })
            }));
        });
        Ok((labels, counts))
    }

    /// The parts of a posting that name a skill: those looked for, or any.
    fn sections(&self, filter: &Filter) -> Result<Labelled, IndexError> {
        let columns = self.each_segment("ask")?;
        let chosen = filter
            .skills
            .iter()
            .chain(filter.any_skills.iter().flatten())
            .chain(&filter.required_skills);
        let mut is_looked_for = vec![false; self.taxonomy.skills().len()];
        let mut is_any = true;
        for no in chosen
            .flat_map(|choice| &choice.ids)
            .filter_map(|id| self.taxonomy.by_id(id))
        {
            is_looked_for[usize::from(no.0)] = true;
            is_any = false;
        }
        let counts = self.by_group(|segment, doc, into| {
            let entries = columns[segment as usize]
                .values_for_doc(doc)
                .map(AskEntry::unpack);
            let looked_at = entries.filter(|entry| {
                is_any || is_looked_for.get(usize::from(entry.skill.0)) == Some(&true)
            });
            let bits = looked_at.fold(0u16, |bits, entry| bits | entry.sections);
            into.extend((0u32..SECTIONS.len() as u32).filter(|place| bits >> place & 1 == 1));
        });
        let names = SECTIONS
            .iter()
            .map(|name| ((*name).to_owned(), (*name).to_owned()));
        Ok((names.collect(), counts))
    }
}

/// Counts each value once a group.
pub(super) fn add_copies(counts: &mut [u64], mut of_copies: Vec<(u32, u32)>) {
    of_copies.sort_unstable();
    of_copies.dedup();
    for (_, value) in of_copies {
        counts[value as usize] += 1;
    }
}

/// The steps of pay bands within a power of ten: the preferred numbers that
/// people round pay to.
const STEPS: [u64; 10] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

/// The ends of the band an amount lies in, lower one included.
fn band(amount: f64) -> Option<(u64, u64)> {
    if !(10.0..1e15).contains(&amount) {
        return None;
    }
    let mut unit = 1u64;
    while amount >= 100.0 * unit as f64 {
        unit *= 10;
    }
    let at = STEPS
        .iter()
        .rposition(|step| amount >= (step * unit) as f64)?;
    let next = STEPS.get(at + 1).copied().unwrap_or(100);
    Some((STEPS[at] * unit, next * unit))
}

fn short(amount: u64) -> String {
    match amount {
        0..1_000 => amount.to_string(),
        1_000..1_000_000 => format!("{}k", amount as f64 / 1e3),
        _ => format!("{}M", amount as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_its_amount() {
        assert_eq!(band(60_000.0), Some((60_000, 80_000)));
        assert_eq!(band(119_999.0), Some((100_000, 120_000)));
        assert_eq!(band(99_999.0), Some((80_000, 100_000)));
        assert_eq!(band(4_500_000.0), Some((4_000_000, 5_000_000)));
        assert_eq!(
            (band(0.0), band(-5.0), band(f64::NAN), band(1e300)),
            (None, None, None, None)
        );
        assert_eq!(
            (short(1_200_000), short(60_000)),
            ("1.2M".to_owned(), "60k".to_owned())
        );
    }
}
