//! How long a search and a match take over a warm index, and opening one. See
//! `README.md`.

#![expect(clippy::print_stdout, reason = "says how much there is to find")]

mod support;

use std::hint::black_box;

use criterion::Criterion;
use jobsift::index::{Facet, Index};
use jobsift::query::language::Context;
use jobsift::query::rank::{Person, Weights};
use jobsift::query::{
    Engine, FacetOrder, FacetRequest, Filter, Local, MatchRequest, SearchRequest, SkillChoice,
    TextQuery,
};
use jobsift::skills::Taxonomy;

/// The first three stand in one text of 75, one of 10, and nearly every one.
const QUERIES: &[(&str, &str)] = &[
    ("rare", "COBOL"),
    ("common", "Kubernetes"),
    ("everywhere", "experience"),
    ("three words", "python kafka experience"),
    ("either or phrase", "\"machine learning\" OR rust team"),
];

const PEOPLE: &[(&str, &[(&str, f32)])] = &[
    (
        "back end",
        &[
            ("rust", 4.0),
            ("go", 3.0),
            ("postgresql", 5.0),
            ("kafka", 2.0),
            ("kubernetes", 3.0),
            ("docker", 5.0),
        ],
    ),
    (
        "data",
        &[
            ("python", 6.0),
            ("sql", 6.0),
            ("apache-spark", 3.0),
            ("airflow", 2.0),
            ("dbt", 2.0),
            ("snowflake", 1.0),
        ],
    ),
    (
        "front end",
        &[
            ("typescript", 4.0),
            ("react", 4.0),
            ("css", 6.0),
            ("html", 6.0),
            ("nextjs", 2.0),
            ("git", 6.0),
        ],
    ),
];

fn main() {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it was just built");
    let mut criterion = support::criterion();

    println!(
        "{} postings in {} groups",
        corpus.n_postings,
        engine.snapshot().derived().n_groups()
    );
    searches(&mut criterion, &engine);
    matches(&mut criterion, &engine, &corpus.taxonomy);
    criterion.bench_function("open/index and groups", |bencher| {
        bencher.iter(|| {
            let index =
                Index::open(corpus.index.directory(), &corpus.taxonomy).expect("it is there");
            black_box(Local::new(&index, &corpus.taxonomy).expect("it is whole"))
        });
    });
    criterion.final_summary();
}

fn searches(criterion: &mut Criterion, engine: &Local) {
    let mut group = criterion.benchmark_group("search");
    for (name, words) in QUERIES {
        for (with, filter, facets) in [
            ("alone", Filter::default(), Vec::new()),
            ("filter", filter(), Vec::new()),
            ("facets", Filter::default(), facets()),
            ("filter and facets", filter(), facets()),
        ] {
            let context = Context {
                taxonomy: &Taxonomy::embedded(),
                now: support::now(),
            };
            let query = TextQuery::parse(words).expect("it is well formed");
            let question = query.resolve(context).expect("it has no conditions");
            let request = SearchRequest {
                question,
                filter,
                facets,
                limit: 10,
                ..SearchRequest::default()
            };
            let answer = engine.search(&request).expect("it is whole");
            println!(
                "search/{name}, {with}: {} postings, {} groups",
                answer.n_postings, answer.n_groups
            );
            group.bench_function(format!("{name}, {with}"), |bencher| {
                bencher
                    .iter(|| black_box(engine.search(black_box(&request)).expect("it is whole")));
            });
        }
    }
    group.finish();
}

/// Two countries, the last two of three years, and a skill.
fn filter() -> Filter {
    Filter {
        skills: vec![SkillChoice {
            ids: vec!["python".to_owned()],
        }],
        countries: vec!["US".to_owned(), "DE".to_owned()],
        since: Some("2024-01-01T00:00:00Z".parse().expect("it is a date")),
        ..Filter::default()
    }
}

fn facets() -> Vec<FacetRequest> {
    [Facet::Skill, Facet::Company, Facet::Country, Facet::Month]
        .map(|facet| FacetRequest {
            facet,
            prefix: String::new(),
            contains: None,
            limit: 10,
            order: FacetOrder::Count,
        })
        .to_vec()
}

fn matches(criterion: &mut Criterion, engine: &Local, taxonomy: &Taxonomy) {
    let mut group = criterion.benchmark_group("match");
    for (name, skills) in PEOPLE {
        let skills = skills
            .iter()
            .map(|(id, years)| (taxonomy.by_id(id).expect("a known skill"), Some(*years)));
        let person = Person {
            skills: skills.collect(),
        };
        for (with, filter) in [("alone", Filter::default()), ("filter", filter())] {
            let request = MatchRequest {
                not_copies_of: Vec::new(),
                person: person.clone(),
                text: None,
                filter,
                weights: Weights::standard(false),
                soft: false,
                now: support::now(),
                limit: 10,
                offset: 0,
            };
            let answer = engine.matches(&request).expect("it is whole");
            println!("match/{name}, {with}: {} groups", answer.n_groups);
            group.bench_function(format!("{name}, {with}"), |bencher| {
                bencher
                    .iter(|| black_box(engine.matches(black_box(&request)).expect("it is whole")));
            });
        }
    }
    group.finish();
}
