//! A filter into clauses that all must hold.

use std::ops::Bound;

use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ExistsQuery, Occur, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::words::one_word;
use crate::index::{Fields, Having, IndexError, Snapshot, month_of, skill_term};
use crate::ingest::normalise_words;
use crate::posting::Workplace;
use crate::query::conditions::city_key;
use crate::query::stretch::in_a_row;
use crate::query::{Filter, SkillChoice};

type Clause = (Occur, Box<dyn Query>);

/// A posting that states no last day counts as open for this long.
const OPEN_SECONDS: i64 = 60 * 86_400;

pub(super) fn clauses(filter: &Filter, snapshot: &Snapshot) -> Result<Vec<Clause>, IndexError> {
    let fields = &snapshot.fields;
    let mut clauses: Vec<Clause> = Vec::new();
    let mut must = |query: Box<dyn Query>| clauses.push((Occur::Must, query));

    let chosen = |choices: &[SkillChoice]| one_of_skills(fields, choices, filter.required);
    match filter.at_least.filter(|n| *n < filter.skills.len()) {
        Some(n) => {
            let each = filter
                .skills
                .iter()
                .map(|choice| (Occur::Should, chosen(std::slice::from_ref(choice))));
            must(Box::new(BooleanQuery::with_minimum_required_clauses(
                each.collect(),
                n,
            )));
        }
        None => filter
            .skills
            .iter()
            .for_each(|choice| must(chosen(std::slice::from_ref(choice)))),
    }
    filter
        .any_skills
        .iter()
        .for_each(|choices| must(chosen(choices)));
    filter.required_skills.iter().for_each(|choice| {
        must(one_of_skills(fields, std::slice::from_ref(choice), true));
    });

    for row in filter.title_words.iter().filter_map(|text| in_a_row(text)) {
        row.keys
            .iter()
            .for_each(|key| must(one_word(key, fields.title, IndexRecordOption::Basic)));
    }
    let keyed = |values: &[String]| {
        values
            .iter()
            .map(|value| normalise_words(value))
            .collect::<Vec<_>>()
    };
    let spelt = |values: &mut dyn Iterator<Item = &'static str>| {
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    let lists = [
        (fields.company, keyed(&filter.companies)),
        (fields.region, keyed(&filter.regions)),
        (fields.city, cities(&filter.cities, snapshot)?),
        (fields.country, filter.countries.clone()),
        (fields.role, filter.roles.clone()),
        (fields.source, filter.sources.clone()),
        (fields.text_language, filter.text_languages.clone()),
        (
            fields.workplace,
            spelt(&mut filter.workplaces.iter().map(|word| word.as_str())),
        ),
        (
            fields.seniority,
            spelt(&mut filter.seniorities.iter().map(|word| word.as_str())),
        ),
        (
            fields.employment,
            spelt(&mut filter.employment.iter().map(|word| word.as_str())),
        ),
    ];
    for (field, values) in lists {
        if !values.is_empty() {
            must(one_of(field, &values));
        }
    }

    if !filter.remote_scopes.is_empty() {
        must(one_of(
            fields.workplace,
            &[Workplace::Remote.as_str().to_owned()],
        ));
        must(remote(fields, filter));
    }
    if filter.since.is_some() || filter.until.is_some() {
        let months = months(fields, filter, snapshot)?;
        let are_enough =
            months.is_some() && begins_month(filter.since) && begins_month(filter.until);
        months.into_iter().for_each(&mut must);
        if !are_enough {
            must(posted(fields, filter));
        }
    }
    let least = filter.min_salary.iter().map(|amount| (amount, true));
    let most = filter.max_salary.iter().map(|amount| (amount, false));
    for (amount, is_min) in least.chain(most) {
        if let Some(currency) = &amount.currency {
            must(one_of(fields.pay_currency, std::slice::from_ref(currency)));
        }
        must(pay(fields, amount.yearly, is_min));
    }
    if let Some(now) = filter.open_at {
        must(open(fields, now.as_second()));
    }
    if !filter.not_skills.is_empty() {
        let query = one_of_skills(fields, &filter.not_skills, false);
        clauses.push((Occur::MustNot, query));
    }
    Ok(clauses)
}

/// The cities of the index that are written so but for accents, and the names
/// themselves.
fn cities(wanted: &[String], snapshot: &Snapshot) -> Result<Vec<String>, IndexError> {
    let mut found: Vec<String> = wanted.iter().map(|name| normalise_words(name)).collect();
    if wanted.is_empty() {
        return Ok(found);
    }
    let keys: Vec<String> = wanted.iter().map(|name| city_key(name)).collect();
    found.extend(keys.iter().cloned());
    for segment in snapshot.searcher.segment_readers() {
        let inverted = segment
            .inverted_index(snapshot.fields.city)
            .map_err(|error| snapshot.damaged(error))?;
        let mut stream = inverted
            .terms()
            .stream()
            .map_err(|error| snapshot.damaged(error))?;
        while stream.advance() {
            let city = match std::str::from_utf8(stream.key()) {
                // What has no accents is found as it stands.
                Ok(city) if !city.is_ascii() => city,
                _ => continue,
            };
            if keys.contains(&city_key(city)) {
                found.push(city.to_owned());
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn one_of_skills(fields: &Fields, choices: &[SkillChoice], required: bool) -> Box<dyn Query> {
    let ids = choices.iter().flat_map(|choice| &choice.ids);
    let having = if required {
        Having::Required
    } else {
        Having::Any
    };
    let terms = ids.map(|id| Term::from_field_text(fields.skill, &skill_term(id, having)));
    one_of_terms(terms.collect())
}

fn one_of(field: Field, values: &[String]) -> Box<dyn Query> {
    let terms = values
        .iter()
        .map(|value| Term::from_field_text(field, value));
    one_of_terms(terms.collect())
}

/// Up to so many terms are followed side by side, which can leap over what other
/// conditions rule out; more are first put together into a set.
const MAX_SIDE_BY_SIDE: usize = 4;

fn one_of_terms(mut terms: Vec<Term>) -> Box<dyn Query> {
    let query =
        |term: Term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
    match terms.len() {
        1 => query(terms.remove(0)),
        2..=MAX_SIDE_BY_SIDE => {
            let each = terms.into_iter().map(|term| (Occur::Should, query(term)));
            Box::new(BooleanQuery::new(each.collect()))
        }
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

/// The range of pay reaches the amount, or begins below it; one open end is
/// taken for the other.
fn pay(fields: &Fields, amount: f64, is_min: bool) -> Box<dyn Query> {
    let bound = |field: Field| Bound::Included(Term::from_field_f64(field, amount));
    let on = |field: Field| -> Box<dyn Query> {
        let (low, high) = if is_min {
            (bound(field), Bound::Unbounded)
        } else {
            (Bound::Unbounded, bound(field))
        };
        Box::new(RangeQuery::new(low, high))
    };
    let (wanted, other) = if is_min {
        (fields.pay_max, fields.pay_min)
    } else {
        (fields.pay_min, fields.pay_max)
    };
    let any = |field: Field| -> Box<dyn Query> {
        let everything = Bound::Included(Term::from_field_f64(field, f64::MIN));
        Box::new(RangeQuery::new(everything, Bound::Unbounded))
    };
    // `other` decides only where `wanted` is unknown.
    let fallback = BooleanQuery::new(vec![
        (Occur::Must, on(other)),
        (Occur::MustNot, any(wanted)),
    ]);
    Box::new(BooleanQuery::new(vec![
        (Occur::Should, on(wanted)),
        (Occur::Should, Box::new(fallback)),
    ]))
}

/// More months than this are not worth looking up one by one.
const MAX_MONTHS: u64 = 120;

/// The months that a span of time touches, found by their postings instead of
/// by looking at every posting; `None` where the span is long or open.
fn months(
    fields: &Fields,
    filter: &Filter,
    snapshot: &Snapshot,
) -> Result<Option<Box<dyn Query>>, IndexError> {
    let ends = [filter.since, filter.until].map(|end| end.map(|at| month_of(at.as_second())));
    let known = known_months(fields, snapshot)?;
    let first = ends[0].max(known.first().copied());
    let last = match (ends[1], known.last().copied()) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(None);
    };
    // The end is exclusive.
    let is_whole = begins_month(filter.until) && filter.until.is_some();
    let end = if is_whole && ends[1] == Some(last) {
        last
    } else {
        last + 1
    };
    let touched = || known.iter().filter(|month| (first..end).contains(*month));
    if touched().count() as u64 > MAX_MONTHS {
        return Ok(None);
    }
    let terms = touched().map(|month| Term::from_field_u64(fields.month, *month));
    Ok(Some(one_of_terms(terms.collect())))
}

fn posted(fields: &Fields, filter: &Filter) -> Box<dyn Query> {
    let term = |at: Timestamp| Term::from_field_i64(fields.posted_at, at.as_second());
    let low = filter
        .since
        .map_or(Bound::Unbounded, |at| Bound::Included(term(at)));
    let high = filter
        .until
        .map_or(Bound::Unbounded, |at| Bound::Excluded(term(at)));
    Box::new(RangeQuery::new(low, high))
}

/// Whether a moment is the first of a month, or there is none.
fn begins_month(at: Option<Timestamp>) -> bool {
    at.is_none_or(|at| {
        let second = at.as_second();
        at.subsec_nanosecond() == 0 && month_of(second) != month_of(second - 1)
    })
}

/// The months that postings were posted in, in order.
fn known_months(fields: &Fields, snapshot: &Snapshot) -> Result<Vec<u64>, IndexError> {
    let mut months = Vec::new();
    for segment in snapshot.searcher.segment_readers() {
        let inverted = segment
            .inverted_index(fields.month)
            .map_err(|error| snapshot.damaged(error))?;
        let mut stream = inverted
            .terms()
            .stream()
            .map_err(|error| snapshot.damaged(error))?;
        while stream.advance() {
            months.extend(stream.key().try_into().ok().map(u64::from_be_bytes));
        }
    }
    months.sort_unstable();
    months.dedup();
    Ok(months)
}

/// Within the scope, or where asked for without any.
fn remote(fields: &Fields, filter: &Filter) -> Box<dyn Query> {
    let within = one_of(fields.remote_scope, &filter.remote_scopes);
    if !filter.include_unstated {
        return within;
    }
    let unstated = BooleanQuery::new(vec![
        (Occur::Must, Box::new(AllQuery) as Box<dyn Query>),
        (
            Occur::MustNot,
            Box::new(ExistsQuery::new("remote_scope".to_owned(), false)),
        ),
    ]);
    Box::new(BooleanQuery::new(vec![
        (Occur::Should, within),
        (Occur::Should, Box::new(unstated)),
    ]))
}

/// Not closed by then, and not past its last day; without one, posted in the
/// last [`OPEN_SECONDS`], or first read in them where no date is known.
fn open(fields: &Fields, now: i64) -> Box<dyn Query> {
    let range = |field: Field, low: i64, high: Bound<i64>| -> Box<dyn Query> {
        let term = |seconds: i64| Term::from_field_i64(field, seconds);
        Box::new(RangeQuery::new(Bound::Included(term(low)), high.map(term)))
    };
    let from = |field: Field, low: i64| range(field, low, Bound::Unbounded);
    let all = |field: Field| from(field, i64::MIN);
    let recent = BooleanQuery::new(vec![
        (Occur::Must, from(fields.posted_at, now - OPEN_SECONDS)),
        (Occur::MustNot, all(fields.valid_through)),
    ]);
    let undated = BooleanQuery::new(vec![
        (Occur::Must, from(fields.first_seen, now - OPEN_SECONDS)),
        (Occur::MustNot, all(fields.posted_at)),
        (Occur::MustNot, all(fields.valid_through)),
    ]);
    let counts = BooleanQuery::new(vec![
        (Occur::Should, from(fields.valid_through, now)),
        (Occur::Should, Box::new(recent)),
        (Occur::Should, Box::new(undated)),
    ]);
    let closed = range(fields.closed_at, i64::MIN, Bound::Included(now));
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, Box::new(counts)),
        (Occur::MustNot, closed),
    ]))
}
