//! A filter into clauses that all must hold.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query, RangeQuery, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::index::{Fields, IndexError, Snapshot, skill_term, words};
use crate::ingest::normalise_words;
use crate::query::{Filter, SkillChoice};

type Clause = (Occur, Box<dyn Query>);

/// A posting that states no last day counts as open for this long (`formats.md` 6).
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

    for word in filter.title_words.iter().flat_map(|text| words(text)) {
        let term = Term::from_field_text(fields.title, &word);
        must(Box::new(TermQuery::new(term, IndexRecordOption::Basic)));
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
        (fields.city, keyed(&filter.cities)),
        (fields.country, filter.countries.clone()),
        (fields.role, filter.roles.clone()),
        (fields.source, filter.sources.clone()),
        (fields.text_language, filter.text_languages.clone()),
        (fields.remote_scope, filter.remote_scopes.clone()),
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

    if filter.since.is_some() || filter.until.is_some() {
        let term = |seconds: i64| Term::from_field_i64(fields.posted_at, seconds);
        let low = filter
            .since
            .map_or(Bound::Unbounded, |at| Bound::Included(term(at.as_second())));
        let high = filter
            .until
            .map_or(Bound::Unbounded, |at| Bound::Excluded(term(at.as_second())));
        must(Box::new(RangeQuery::new(low, high)));
    }
    let amounts = [(&filter.min_salary, true), (&filter.max_salary, false)];
    for ((amount, currency), is_min) in amounts
        .iter()
        .filter_map(|(amount, is_min)| Some((amount.as_ref()?, is_min)))
    {
        must(one_of(fields.pay_currency, std::slice::from_ref(currency)));
        must(pay(fields, *amount, *is_min));
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

fn one_of_skills(fields: &Fields, choices: &[SkillChoice], required: bool) -> Box<dyn Query> {
    let ids = choices.iter().flat_map(|choice| &choice.ids);
    let terms = ids.map(|id| Term::from_field_text(fields.skill, &skill_term(id, required)));
    Box::new(TermSetQuery::new(terms.collect::<Vec<_>>()))
}

fn one_of(field: Field, values: &[String]) -> Box<dyn Query> {
    Box::new(TermSetQuery::new(
        values
            .iter()
            .map(|value| Term::from_field_text(field, value))
            .collect::<Vec<_>>(),
    ))
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

fn open(fields: &Fields, now: i64) -> Box<dyn Query> {
    let from = |field: Field, seconds: i64| -> Box<dyn Query> {
        Box::new(RangeQuery::new(
            Bound::Included(Term::from_field_i64(field, seconds)),
            Bound::Unbounded,
        ))
    };
    let recent = BooleanQuery::new(vec![
        (Occur::Must, from(fields.posted_at, now - OPEN_SECONDS)),
        (Occur::MustNot, from(fields.valid_through, i64::MIN)),
    ]);
    Box::new(BooleanQuery::new(vec![
        (Occur::Should, from(fields.valid_through, now)),
        (Occur::Should, Box::new(recent)),
    ]))
}
