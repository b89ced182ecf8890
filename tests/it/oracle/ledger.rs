//! Counting over a remembered ledger: the same trend as from columns just read, on
//! any number of threads, and as the plain loop has it.

use std::sync::Arc;

use jobsift::index::Index;
use jobsift::query::{Filter, Local};
use jobsift::report::{By, Denominator, Dimension, StrengthFilter, TrendRequest, Unit, trends};
use jobsift::skills::Taxonomy;

use super::random::Random;
use super::trends::{day, n_of, named, votes};
use crate::plain::{Plain, sample};
use crate::support::sample_index;

/// One of many ways to ask for a trend.
fn request(random: &mut Random) -> TrendRequest {
    let branch = |name: &str| Dimension::Skills(name.to_owned());
    let dimensions = [
        branch("language"),
        branch("language"),
        branch("database"),
        branch("framework"),
        branch(""),
        Dimension::Company,
        Dimension::Country,
        Dimension::Seniority,
        Dimension::Workplace,
        Dimension::Source,
    ];
    let mut versus = None;
    if random.one_in(4) {
        let german = Filter {
            countries: vec!["DE".to_owned()],
            ..Filter::default()
        };
        versus = Some(("country:DE".to_owned(), german));
    }
    TrendRequest {
        by: *random.pick(&[By::Week, By::Month, By::Quarter, By::Year]),
        unit: *random.pick(&[Unit::Adverts, Unit::Adverts, Unit::Groups, Unit::Spells]),
        denominator: *random.pick(&[Denominator::All, Denominator::Any]),
        strength: *random.pick(&[
            StrengthFilter::Any,
            StrengthFilter::Required,
            StrengthFilter::Preferred,
            StrengthFilter::Title,
        ]),
        implied: random.one_in(3),
        stable_sources: random.one_in(5),
        compare: versus.is_none() && random.one_in(4),
        top: *random.pick(&[5, 20, 5000]),
        versus,
        ..TrendRequest::new(random.pick(&dimensions).clone())
    }
}

#[test]
fn a_remembered_ledger_counts_as_one_just_read_on_any_number_of_threads() {
    let taxonomy = Taxonomy::embedded();
    let index = Index::open(sample_index(), &taxonomy).unwrap();
    let engine = || Local::new(&index, &taxonomy).unwrap();
    let pools: Vec<rayon::ThreadPool> = [1, 2, 7]
        .map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build())
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let remembering = engine();
    let random = &mut Random(20_261_129);
    for turn in 0..60 {
        let request = request(random);
        // Every sixth time there is little to share among the threads.
        let request = TrendRequest {
            filter: Filter {
                companies: match turn % 6 {
                    5 => sample()
                        .iter()
                        .find_map(|plain| plain.posting.company.clone()),
                    _ => None,
                }
                .into_iter()
                .collect(),
                ..Filter::default()
            },
            ..request
        };
        let count = |engine: &Local| {
            let trend = trends(engine, &taxonomy, &request).unwrap();
            format!("{trend:?}")
        };
        let expected = pools[0].install(|| count(&engine()));
        for pool in &pools {
            for time in ["first", "second"] {
                let found = pool.install(|| count(&remembering));
                assert_eq!(found, expected, "the {time} time: {request:?}");
            }
        }
    }
}

#[test]
fn months_of_adverts_are_those_of_the_plain_loop_the_second_time_too() {
    let taxonomy: Arc<Taxonomy> = Taxonomy::embedded();
    let index = Index::open(sample_index(), &taxonomy).unwrap();
    let engine = Local::new(&index, &taxonomy).unwrap();
    let eligible: Vec<&Plain> = sample()
        .iter()
        .filter(|plain| plain.posted().is_some() && !plain.is_partial())
        .collect();
    assert!(eligible.iter().any(|plain| day(plain).day() > 1));
    for (unit, name) in [
        (Unit::Adverts, "adverts"),
        (Unit::Groups, "groups"),
        (Unit::Spells, "spells"),
        (Unit::Adverts, "adverts"),
    ] {
        let trend = trends(
            &engine,
            &taxonomy,
            &TrendRequest {
                by: By::Month,
                unit,
                top: usize::MAX,
                ..TrendRequest::new(Dimension::Skills("language".to_owned()))
            },
        )
        .unwrap();
        let values = |plain: &Plain| named(plain, "language", |_| true);
        for (at, period) in trend.periods.iter().enumerate() {
            let votes = votes(&eligible, name, period.start, period.end, &values);
            assert_eq!(trend.totals[at], votes.len() as u64, "{name} of {period:?}");
            for series in &trend.series {
                let n = n_of(&votes, &series.value);
                let point = series.points[at];
                assert_eq!(point.n, n, "{name}, {} of {period:?}", series.value);
            }
        }
        let n: u64 = trend.totals.iter().sum();
        assert!(n == eligible.len() as u64 || unit != Unit::Adverts);
    }
}
