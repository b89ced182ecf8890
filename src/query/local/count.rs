//! Counts of one facet over matched postings: in how many groups each value
//! stands, exactly. Postings without copies are counted as they come; values
//! of copies are gathered by group first.

use std::collections::HashMap;

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::Matched;
use super::scan::{PayColumns, numbers, texts as text_column};
use crate::index::{AskEntry, Facet, IndexError, Snapshot};
use crate::ingest::normalise_words;
use crate::posting::SECTIONS;
use crate::query::{FacetCounts, FacetOrder, FacetRequest, FacetValue, Filter};
use crate::skills::{Taxonomy, is_below};

/// Counts one facet; `filter` says which skills the facet of sections looks at.
pub(super) fn facet(
    snapshot: &Snapshot,
    taxonomy: &Taxonomy,
    matched: &[Matched],
    request: &FacetRequest,
    filter: &Filter,
) -> Result<FacetCounts, IndexError> {
    let (labels, counts) = match request.facet {
        Facet::Skill => skills(snapshot, taxonomy, matched, &request.prefix)?,
        Facet::Language => skills(snapshot, taxonomy, matched, "language")?,
        Facet::Year | Facet::Month => times(snapshot, matched, request.facet)?,
        Facet::Pay => pay(snapshot, matched)?,
        Facet::Section => sections(snapshot, taxonomy, matched, filter)?,
        other => texts(snapshot, matched, other)?,
    };
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
    Ok(FacetCounts {
        facet: request.facet,
        prefix: request.prefix.clone(),
        values,
        n_values,
    })
}

type Labelled = (Vec<(String, String)>, Vec<u64>);

/// Counts values by group; `values_of` gives the numbers of a posting's values.
fn by_group(
    snapshot: &Snapshot,
    matched: &[Matched],
    n_values: usize,
    mut values_of: impl FnMut(u32, DocId, &mut Vec<u32>),
) -> Vec<u64> {
    let derived = snapshot.derived();
    let mut counts = vec![0u64; n_values];
    // The number of the posting that has counted a value last, from 1.
    let mut last = vec![0u32; n_values];
    let mut of_copies: Vec<(u32, u32)> = Vec::new();
    let mut values = Vec::new();
    for (number, hit) in (1u32..).zip(matched) {
        values.clear();
        values_of(hit.segment, hit.doc, &mut values);
        let group = derived.group_of[hit.segment as usize][hit.doc as usize];
        if derived.size_of[group as usize] > 1 {
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
    of_copies.sort_unstable();
    of_copies.dedup();
    for (_, value) in of_copies {
        counts[value as usize] += 1;
    }
    counts
}

/// A text column: only values that stand in a matched posting are looked up.
fn texts(snapshot: &Snapshot, matched: &[Matched], facet: Facet) -> Result<Labelled, IndexError> {
    let folds = matches!(facet, Facet::Company | Facet::Region | Facet::City);
    let name = facet.column().unwrap_or_default();
    let mut columns: Vec<Option<(StrColumn, Vec<u32>)>> = Vec::new();
    for segment in 0..snapshot.searcher.segment_readers().len() as u32 {
        let column = text_column(snapshot, segment, name)?;
        columns.push(column.map(|column| {
            let unseen = vec![u32::MAX; column.num_terms()];
            (column, unseen)
        }));
    }
    for hit in matched {
        if let Some((column, seen)) = &mut columns[hit.segment as usize] {
            column
                .term_ords(hit.doc)
                .for_each(|ord| seen[ord as usize] = 0);
        }
    }
    let mut labels: Vec<String> = Vec::new();
    let mut number_of: HashMap<String, u32> = HashMap::new();
    for (column, seen) in columns.iter_mut().flatten() {
        let ords: Vec<u64> = (0u64..)
            .zip(seen.iter())
            .filter(|(_, seen)| **seen == 0)
            .map(|(ord, _)| ord)
            .collect();
        let mut next = ords.iter();
        let mut intern = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let key = if folds {
                normalise_words(&text)
            } else {
                text.clone()
            };
            let number = *number_of.entry(key).or_insert_with(|| {
                labels.push(text.clone());
                labels.len() as u32 - 1
            });
            // Spellings of one value: the first in order stands for all.
            let label = &mut labels[number as usize];
            if *label > text {
                *label = text;
            }
            if let Some(ord) = next.next() {
                seen[*ord as usize] = number;
            }
        };
        column
            .dictionary()
            .sorted_ords_to_term_cb(&ords, |bytes| intern(bytes))
            .map_err(|error| snapshot.damaged(error))?;
    }
    let counts = by_group(snapshot, matched, labels.len(), |segment, doc, into| {
        if let Some((column, numbers)) = &columns[segment as usize] {
            into.extend(column.term_ords(doc).map(|ord| numbers[ord as usize]));
        }
    });
    let shown = |value: String| {
        let label = match facet {
            Facet::Country => crate::fields::places::country_name(&value)
                .unwrap_or(&value)
                .to_owned(),
            _ => value.clone(),
        };
        (value, label)
    };
    Ok((labels.into_iter().map(shown).collect(), counts))
}

fn times(snapshot: &Snapshot, matched: &[Matched], facet: Facet) -> Result<Labelled, IndexError> {
    let columns = each_segment(snapshot, "month")?;
    let unit = |month: u64| {
        if facet == Facet::Year {
            month / 12
        } else {
            month
        }
    };
    let found = matched
        .iter()
        .filter_map(|hit| columns[hit.segment as usize].first(hit.doc));
    let (first, last) = found.fold((u64::MAX, 0), |(first, last), month| {
        (first.min(month), last.max(month))
    });
    if first > last {
        return Ok((Vec::new(), Vec::new()));
    }
    let begin = unit(first);
    let n_values = (unit(last) - begin + 1) as usize;
    let counts = by_group(snapshot, matched, n_values, |segment, doc, into| {
        let month = columns[segment as usize].first(doc);
        into.extend(month.map(|month| (unit(month) - begin) as u32));
    });
    let name = |unit: u64| match facet {
        Facet::Year => format!("{unit:04}"),
        _ => format!("{:04}-{:02}", unit / 12, unit % 12 + 1),
    };
    let names = (begin..)
        .take(n_values)
        .map(|unit| (name(unit), name(unit)));
    Ok((names.collect(), counts))
}

fn each_segment(
    snapshot: &Snapshot,
    name: &str,
) -> Result<Vec<tantivy::fastfield::Column<u64>>, IndexError> {
    let segments = 0..snapshot.searcher.segment_readers().len() as u32;
    segments
        .map(|segment| numbers(snapshot, segment, name))
        .collect()
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

/// Bands of the middle of the yearly range, pay fit for statistics only, each
/// currency by itself.
fn pay(snapshot: &Snapshot, matched: &[Matched]) -> Result<Labelled, IndexError> {
    let columns = PayColumns::open(snapshot)?;
    let mut number_of: HashMap<(u32, u64), u32> = HashMap::new();
    let mut labels = Vec::new();
    let mut numbers = Vec::with_capacity(matched.len());
    for hit in matched {
        let band = columns
            .middle_sure(hit.segment, hit.doc)
            .and_then(|(middle, currency)| band(middle).map(|ends| (currency, ends)));
        numbers.push(band.map(|(currency, (low, high))| {
            *number_of.entry((currency, low)).or_insert_with(|| {
                let code = &columns.currencies()[currency as usize];
                labels.push((
                    format!("{code}:{low}-{high}"),
                    format!("{code} {}–{}", short(low), short(high)),
                ));
                labels.len() as u32 - 1
            })
        }));
    }
    let mut at = 0;
    let counts = by_group(snapshot, matched, labels.len(), |_, _, into| {
        into.extend(numbers[at]);
        at += 1;
    });
    Ok((labels, counts))
}

fn short(amount: u64) -> String {
    match amount {
        0..1_000 => amount.to_string(),
        1_000..1_000_000 => format!("{}k", amount as f64 / 1e3),
        _ => format!("{}M", amount as f64 / 1e6),
    }
}

/// The parts of a posting that name a skill: those looked for, or any.
fn sections(
    snapshot: &Snapshot,
    taxonomy: &Taxonomy,
    matched: &[Matched],
    filter: &Filter,
) -> Result<Labelled, IndexError> {
    let columns = each_segment(snapshot, "ask")?;
    let chosen = filter
        .skills
        .iter()
        .chain(filter.any_skills.iter().flatten())
        .chain(&filter.required_skills);
    let mut is_looked_for = vec![false; taxonomy.skills().len()];
    let mut is_any = true;
    for no in chosen
        .flat_map(|choice| &choice.ids)
        .filter_map(|id| taxonomy.by_id(id))
    {
        is_looked_for[usize::from(no.0)] = true;
        is_any = false;
    }
    let counts = by_group(snapshot, matched, SECTIONS.len(), |segment, doc, into| {
        let entries = columns[segment as usize]
            .values_for_doc(doc)
            .map(AskEntry::unpack);
        let looked_at = entries
            .filter(|entry| is_any || is_looked_for.get(usize::from(entry.skill.0)) == Some(&true));
        let bits = looked_at.fold(0u16, |bits, entry| bits | entry.sections);
        into.extend((0u32..SECTIONS.len() as u32).filter(|place| bits >> place & 1 == 1));
    });
    let names = SECTIONS
        .iter()
        .map(|name| ((*name).to_owned(), (*name).to_owned()));
    Ok((names.collect(), counts))
}

/// The children of a branch: branches below it by their path, skills by their id.
fn skills(
    snapshot: &Snapshot,
    taxonomy: &Taxonomy,
    matched: &[Matched],
    prefix: &str,
) -> Result<Labelled, IndexError> {
    let mut labels: Vec<(String, String)> = Vec::new();
    let mut number_of: HashMap<String, u32> = HashMap::new();
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); taxonomy.skills().len()];
    for (no, skill) in taxonomy.iter() {
        for path in skill
            .paths
            .iter()
            .filter(|path| prefix.is_empty() || is_below(path, prefix))
        {
            let rest = if prefix.is_empty() {
                path
            } else {
                path[prefix.len()..].trim_start_matches('/')
            };
            let (value, label) = match rest.split('/').next().filter(|next| !next.is_empty()) {
                Some(next) if prefix.is_empty() => (next.to_owned(), next.to_owned()),
                Some(next) => (format!("{prefix}/{next}"), next.to_owned()),
                None => (skill.id.clone(), skill.label.clone()),
            };
            let number = *number_of.entry(value.clone()).or_insert_with(|| {
                labels.push((value, label));
                labels.len() as u32 - 1
            });
            children[usize::from(no.0)].push(number);
        }
    }
    let columns = each_segment(snapshot, "ask")?;
    let counts = by_group(snapshot, matched, labels.len(), |segment, doc, into| {
        for entry in columns[segment as usize]
            .values_for_doc(doc)
            .map(AskEntry::unpack)
        {
            if let (false, Some(children)) =
                (entry.implied, children.get(usize::from(entry.skill.0)))
            {
                into.extend(children);
            }
        }
    });
    Ok((labels, counts))
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
