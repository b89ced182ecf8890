//! Counts of one facet over matched postings: in how many groups each value
//! stands, exactly.

use std::collections::HashMap;

use tantivy::DocId;

use super::Matched;
use super::scan::{Values, dates, numbers};
use crate::index::{AskEntry, Facet, IndexError, Snapshot};
use crate::query::{FacetCounts, FacetRequest, FacetValue};
use crate::skills::{Taxonomy, is_below};

pub(super) fn facet(
    snapshot: &Snapshot,
    taxonomy: &Taxonomy,
    matched: &[Matched],
    request: &FacetRequest,
) -> Result<FacetCounts, IndexError> {
    let (labels, counts) = match request.facet {
        Facet::Skill => skills(snapshot, taxonomy, matched, &request.prefix)?,
        Facet::Language => skills(snapshot, taxonomy, matched, "language")?,
        Facet::Year | Facet::Month => times(snapshot, matched, request.facet)?,
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
    values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
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

/// Counts values by group; `values_of` gives a posting's values, each once.
fn by_group(
    snapshot: &Snapshot,
    matched: &[Matched],
    n_values: usize,
    mut values_of: impl FnMut(u32, DocId, &mut Vec<u32>),
) -> Vec<u64> {
    let derived = snapshot.derived();
    let mut counts = vec![0u64; n_values];
    let mut of_copies: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut values = Vec::new();
    for hit in matched {
        values.clear();
        values_of(hit.segment, hit.doc, &mut values);
        let group = derived.group_of[hit.segment as usize][hit.doc as usize];
        if derived.size_of[group as usize] > 1 {
            of_copies.entry(group).or_default().extend(&values);
        } else {
            values.sort_unstable();
            values.dedup();
            values.iter().for_each(|value| counts[*value as usize] += 1);
        }
    }
    for mut values in of_copies.into_values() {
        values.sort_unstable();
        values.dedup();
        values.iter().for_each(|value| counts[*value as usize] += 1);
    }
    counts
}

fn texts(snapshot: &Snapshot, matched: &[Matched], facet: Facet) -> Result<Labelled, IndexError> {
    let folds = matches!(facet, Facet::Company | Facet::Region | Facet::City);
    let column = facet.column().unwrap_or_default();
    let values = Values::open(snapshot, column, folds)?;
    let counts = by_group(
        snapshot,
        matched,
        values.labels.len(),
        |segment, doc, into| {
            into.extend(values.of(segment, doc));
        },
    );
    let label = |value: &String| match facet {
        Facet::Country => crate::fields::places::country_name(value)
            .unwrap_or(value)
            .to_owned(),
        _ => value.clone(),
    };
    Ok((
        values
            .labels
            .iter()
            .map(|value| (value.clone(), label(value)))
            .collect(),
        counts,
    ))
}

fn times(snapshot: &Snapshot, matched: &[Matched], facet: Facet) -> Result<Labelled, IndexError> {
    let columns = dates(snapshot)?;
    let mut number_of: HashMap<(i16, i8), u32> = HashMap::new();
    let mut of_second: HashMap<i64, u32> = HashMap::new();
    let mut found: Vec<(i16, i8)> = Vec::new();
    for at in matched
        .iter()
        .filter_map(|hit| columns[hit.segment as usize].first(hit.doc))
    {
        of_second.entry(at).or_insert_with(|| {
            let date = jiff::Timestamp::from_second(at)
                .unwrap_or_default()
                .to_zoned(jiff::tz::TimeZone::UTC);
            let key = (
                date.year(),
                if facet == Facet::Year {
                    0
                } else {
                    date.month()
                },
            );
            *number_of.entry(key).or_insert_with(|| {
                found.push(key);
                found.len() as u32 - 1
            })
        });
    }
    let counts = by_group(snapshot, matched, found.len(), |segment, doc, into| {
        into.extend(
            columns[segment as usize]
                .first(doc)
                .and_then(|at| of_second.get(&at)),
        );
    });
    let name = |(year, month): (i16, i8)| {
        if month == 0 {
            format!("{year:04}")
        } else {
            format!("{year:04}-{month:02}")
        }
    };
    Ok((
        found
            .into_iter()
            .map(|key| (name(key), name(key)))
            .collect(),
        counts,
    ))
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
    let columns = (0..snapshot.searcher.segment_readers().len() as u32)
        .map(|segment| numbers(snapshot, segment, "ask"))
        .collect::<Result<Vec<_>, _>>()?;
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
