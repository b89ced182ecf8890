//! How long the reports take over a warm index. See `README.md`.

#![expect(clippy::print_stdout, reason = "says how much there is to count")]

mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use jobsift::query::{Engine, Filter, Local, SkillChoice};
use jobsift::report::{AnatomyRequest, By, Dimension, TrendRequest, Unit, anatomy, trends};
use jobsift::skills::Taxonomy;
use tantivy::schema::{FAST, STRING, Schema};
use tantivy::{Index, TantivyDocument};

/// Adverts by month and language, counted by the smallest program there is: one
/// thread that walks two columns of an index that holds nothing else.
struct Bare(Index);

/// More than the months of any corpus here.
const N_MONTHS: usize = 512;

/// A month as a number from 0 in January 2000; 30.44 days each will do.
fn month(second: i64) -> u64 {
    (second as f64 / (30.436_875 * 86_400.0) - 360.0).max(0.0) as u64
}

impl Bare {
    fn new(engine: &Local, taxonomy: &Taxonomy) -> Bare {
        let mut schema = Schema::builder();
        let (months, languages) = (
            schema.add_u64_field("month", FAST),
            schema.add_text_field("languages", STRING | FAST),
        );
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 200_000_000).expect("room");
        let known = taxonomy.under("language");
        let mut add = |row: &jobsift::query::ScanRow<'_>| {
            let Some(at) = row.posted_at.filter(|_| !row.is_partial) else {
                return;
            };
            let mut document = TantivyDocument::new();
            document.add_u64(months, month(at));
            let named = row.ask.iter().filter(|entry| !entry.implied);
            let mut ids: Vec<&str> = named
                .filter(|entry| known.contains(&entry.skill))
                .map(|entry| taxonomy.skill(entry.skill).id.as_str())
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids.iter().for_each(|id| document.add_text(languages, id));
            writer.add_document(document).expect("room");
        };
        engine
            .scan(&Filter::default(), &mut add)
            .expect("it is whole");
        writer.commit().expect("room");
        Bare(index)
    }

    /// How many adverts name each language, all months together.
    fn count(&self) -> BTreeMap<String, u64> {
        let searcher = self.0.reader().expect("it is whole").searcher();
        let mut counts = BTreeMap::new();
        for segment in searcher.segment_readers() {
            let columns = segment.fast_fields();
            let months = columns.u64("month").expect("it is there");
            let languages = columns.str("languages").expect("it is text");
            let languages = languages.expect("it is there");
            let mut of = vec![0u32; languages.num_terms() * N_MONTHS];
            for doc in 0..segment.max_doc() {
                let month = months.first(doc).unwrap_or(0) as usize;
                for ord in languages.term_ords(doc) {
                    of[ord as usize * N_MONTHS + month] += 1;
                }
            }
            for (ord, months) in of.chunks(N_MONTHS).enumerate() {
                let mut name = String::new();
                let found = languages.ord_to_str(ord as u64, &mut name);
                assert!(found.expect("it is whole"));
                *counts.entry(name).or_default() +=
                    months.iter().map(|n| u64::from(*n)).sum::<u64>();
            }
        }
        counts
    }
}

/// How long `trends language --by month --unit adverts` takes beside the bare walk,
/// turn about; both must count the same. The first time jobsift also reads its
/// columns: that one is told apart.
fn beside_bare(engine: &Local, taxonomy: &Taxonomy) {
    let bare = Bare::new(engine, taxonomy);
    let request = TrendRequest {
        by: By::Month,
        unit: Unit::Adverts,
        top: usize::MAX,
        ..TrendRequest::new(Dimension::Skills("language".to_owned()))
    };
    let (mut own, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..if support::is_measuring() { 16 } else { 2 } {
        let started = Instant::now();
        let trend = black_box(trends(engine, taxonomy, &request).expect("it is whole"));
        own.push(started.elapsed().as_secs_f64() * 1000.0);
        let started = Instant::now();
        let counts = black_box(bare.count());
        plain.push(started.elapsed().as_secs_f64() * 1000.0);
        let of = |series: &jobsift::report::Series| {
            let n = series.points.iter().map(|point| point.n).sum();
            (series.value.clone(), n)
        };
        let counted: BTreeMap<String, u64> = trend.series.iter().map(of).collect();
        assert_eq!(counted, counts, "both count the same");
    }
    let (first, n_months) = (own.remove(0), support::n_months());
    let (own, plain) = (support::median(&own), support::median(&plain));
    println!(
        "trends/languages by month, adverts, {n_months} months: {own:.1} ms, a bare walk of two columns {plain:.1} ms, ratio {:.2}; the first time {first:.0} ms",
        own / plain
    );
}

fn main() {
    let corpus = support::indexed();
    let engine = Local::new(&corpus.index, &corpus.taxonomy).expect("it was just built");
    let mut criterion = support::criterion();
    beside_bare(&engine, &corpus.taxonomy);
    println!(
        "{} postings in {} groups",
        corpus.n_postings,
        engine.snapshot().derived().n_groups()
    );

    let languages = || Dimension::Skills("language".to_owned());
    let python = || Filter {
        skills: vec![SkillChoice {
            ids: vec!["python".to_owned()],
        }],
        ..Filter::default()
    };
    let mut group = criterion.benchmark_group("trends");
    for (name, dimension, by, unit, filter) in [
        (
            "languages by month",
            languages(),
            By::Month,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by quarter",
            languages(),
            By::Quarter,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by quarter, spells",
            languages(),
            By::Quarter,
            Unit::Spells,
            Filter::default(),
        ),
        (
            "all skills by month",
            Dimension::Skills(String::new()),
            By::Month,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "countries by quarter",
            Dimension::Country,
            By::Quarter,
            Unit::Groups,
            Filter::default(),
        ),
        (
            "languages by month, of those that ask for Python",
            languages(),
            By::Month,
            Unit::Groups,
            python(),
        ),
    ] {
        let request = TrendRequest {
            by,
            unit,
            filter,
            ..TrendRequest::new(dimension)
        };
        let trend = trends(&engine, &corpus.taxonomy, &request).expect("it is whole");
        println!(
            "trends/{name}: {} periods, {} series",
            trend.periods.len(),
            trend.series.len()
        );
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(
                    trends(&engine, &corpus.taxonomy, black_box(&request)).expect("it is whole"),
                )
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("anatomy");
    let role = Filter {
        roles: vec!["backend".to_owned()],
        ..Filter::default()
    };
    for (name, filter) in [
        ("everything", Filter::default()),
        ("one skill", python()),
        ("one role", role),
    ] {
        let request = AnatomyRequest {
            filter,
            top: 8,
            versus: None,
        };
        let found = anatomy(&engine, &corpus.taxonomy, &request).expect("it is whole");
        println!("anatomy/{name}: {} groups", found.total);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                black_box(
                    anatomy(&engine, &corpus.taxonomy, black_box(&request)).expect("it is whole"),
                )
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
