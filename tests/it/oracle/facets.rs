//! Every value and count of every facet.

use std::collections::{BTreeMap, BTreeSet};

use jobsift::index::{Facet, Index};
use jobsift::query::{Engine, FacetOrder, FacetRequest, Filter, Local};
use jobsift::skills::Taxonomy;
use serde_json::Value;

use crate::plain::{Plain, bare, groups, sample, skill};
use crate::support::{ask, sample_index};

type Counts = BTreeMap<String, u64>;

/// In how many groups of the postings left each value stands.
fn count(is_left: &dyn Fn(&Plain) -> bool, values: &dyn Fn(&Plain) -> Vec<String>) -> Counts {
    let left: Vec<&Plain> = sample().iter().filter(|plain| is_left(plain)).collect();
    let mut counts = Counts::new();
    for members in groups(&left).values() {
        let values: BTreeSet<String> = members.iter().flat_map(|plain| values(plain)).collect();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}

fn shown(values: &Value) -> Vec<(String, u64)> {
    let one = |value: &Value| {
        (
            value["value"].as_str().unwrap().to_owned(),
            value["count"].as_u64().unwrap(),
        )
    };
    values.as_array().unwrap().iter().map(one).collect()
}

/// Compares a facet with the loop, over everything and over what filters leave.
#[track_caller]
fn check(name: &str, values: &dyn Fn(&Plain) -> Vec<String>) -> usize {
    let go = skill("go");
    let since = "2025-07-01T00:00:00Z"
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second();
    let everything = |_: &Plain| true;
    let with_go = |plain: &Plain| plain.has(go);
    let new = |plain: &Plain| plain.posted().is_some_and(|at| at >= since);
    type Passes<'a> = &'a dyn Fn(&Plain) -> bool;
    let filters: [(&[&str], Passes<'_>); 3] = [
        (&[], &everything),
        (&["--skill", "go"], &with_go),
        (&["--since", "2025-07"], &new),
    ];
    let mut n = 0;
    for (args, is_left) in filters {
        // A facet leaves out its own filter.
        let is_own = args.contains(&"--since") && matches!(name, "year" | "month");
        let expected = count(if is_own { &everything } else { is_left }, values);
        let answer = ask(&[&["facets", name, "--limit", "100000"], args].concat());
        let counts = shown(&answer["values"]);
        assert_eq!(
            counts.iter().cloned().collect::<Counts>(),
            expected,
            "{name} with {args:?}"
        );
        let mut order = counts.clone();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        assert_eq!(
            counts, order,
            "{name}: commonest first, equal ones by value"
        );
        assert_eq!(answer["n_values"], counts.len());
        let searched = ask(&[
            &[
                "search",
                "--facet",
                name,
                "--facet-limit",
                "100000",
                "--limit",
                "1",
            ],
            args,
        ]
        .concat());
        let key = name.split('=').next().unwrap();
        assert_eq!(
            searched["facets"][key], answer["values"],
            "search counts as `facets` does"
        );
        n = n.max(counts.len());
    }
    n
}

fn one(value: Option<&str>) -> Vec<String> {
    value.map(str::to_owned).into_iter().collect()
}

/// The children of a branch that a posting's named skills stand for: branches
/// by their path, skills by their id.
fn children(plain: &Plain, branch: &str) -> Vec<String> {
    let taxonomy = Taxonomy::embedded();
    let mut found = Vec::new();
    for known in plain.profile.skills.iter().filter(|known| !known.implied) {
        let skill = taxonomy.skill(known.skill);
        for path in &skill.paths {
            let below: Vec<&str> = path.split('/').collect();
            let above: Vec<&str> = branch.split('/').filter(|part| !part.is_empty()).collect();
            if below.len() >= above.len() && below[..above.len()] == above[..] {
                found.push(match below.get(above.len()) {
                    Some(_) => below[..=above.len()].join("/"),
                    None => skill.id.clone(),
                });
            }
        }
    }
    found
}

#[test]
fn skills_are_counted_level_by_level() {
    assert!(check("skill", &|plain| children(plain, "")) > 10);
    assert!(check("skill=language", &|plain| children(plain, "language")) > 10);
    check("language", &|plain| children(plain, "language"));
    assert!(check("skill=database", &|plain| children(plain, "database")) > 3);
    check("skill=database/relational", &|plain| {
        children(plain, "database/relational")
    });
    check("skill=cloud/platform", &|plain| {
        children(plain, "cloud/platform")
    });
}

#[test]
fn every_branch_counts_what_is_below_it() {
    for branch in Taxonomy::embedded().branches() {
        let expected = count(&|_| true, &|plain| children(plain, branch));
        let answer = ask(&["facets", &format!("skill={branch}"), "--limit", "100000"]);
        assert_eq!(
            shown(&answer["values"]).into_iter().collect::<Counts>(),
            expected,
            "{branch}"
        );
    }
}

#[test]
fn companies_and_places_are_counted_by_one_spelling() {
    // The first spelling in order stands for all that differ in case and signs only.
    let spelling = |of: &dyn Fn(&Plain) -> Vec<String>| {
        let mut first: BTreeMap<String, String> = BTreeMap::new();
        for value in sample().iter().flat_map(of) {
            let known = first.entry(bare(&value)).or_insert_with(|| value.clone());
            if value < *known {
                *known = value;
            }
        }
        first
    };
    let company = |plain: &Plain| one(plain.posting.company.as_deref());
    let city = |plain: &Plain| {
        plain
            .posting
            .locations
            .iter()
            .filter_map(|place| place.city.clone())
            .collect()
    };
    let region = |plain: &Plain| {
        plain
            .posting
            .locations
            .iter()
            .filter_map(|place| place.region.clone())
            .collect()
    };
    type ValuesOf<'a> = &'a dyn Fn(&Plain) -> Vec<String>;
    let facets: [(&str, ValuesOf<'_>); 3] =
        [("company", &company), ("city", &city), ("region", &region)];
    for (name, of) in facets {
        let first = spelling(of);
        assert!(
            check(name, &|plain| of(plain)
                .iter()
                .map(|value| first[&bare(value)].clone())
                .collect())
                > 5,
            "{name}"
        );
    }
}

#[test]
fn whole_words_are_counted_as_they_stand() {
    let countries = |plain: &Plain| {
        plain
            .posting
            .locations
            .iter()
            .filter_map(|place| place.country.clone())
            .collect()
    };
    assert!(check("country", &countries) > 5);
    check("role", &|plain| plain.posting.roles.clone());
    check("workplace", &|plain| {
        one(plain.posting.workplace.map(|word| word.as_str()))
    });
    check("seniority", &|plain| {
        one(plain.posting.seniority.map(|word| word.as_str()))
    });
    check("employment", &|plain| {
        plain
            .posting
            .employment_type
            .iter()
            .map(|kind| kind.as_str().to_owned())
            .collect()
    });
    check("source", &|plain| one(plain.record["source"].as_str()));
    check("text-language", &|plain| {
        one(plain.posting.text_language.as_deref())
    });
}

#[test]
fn years_and_months_are_those_of_posting() {
    let date = |plain: &Plain| {
        plain
            .record
            .get("posted_at")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let begin = |plain: &Plain, len: usize| {
        date(plain)
            .map(|date| date[..len].to_owned())
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(check("year", &|plain| begin(plain, 4)), 3);
    assert_eq!(check("month", &|plain| begin(plain, 7)), 24);
}

#[test]
fn a_facet_can_be_searched_and_cut() {
    let all = ask(&["facets", "company", "--limit", "1000"]);
    let some = ask(&["facets", "company", "--contains", "QUILL"]);
    assert_eq!(shown(&some["values"]).len(), 1);
    assert_eq!(some["values"][0]["value"], "Quillwave");
    let first = ask(&["facets", "company", "--limit", "3"]);
    assert_eq!(shown(&first["values"])[..], shown(&all["values"])[..3]);
    assert_eq!(first["n_values"], all["n_values"]);
}

/// From the second question on an engine answers from the names it has kept.
#[test]
fn a_facet_says_the_same_every_time() {
    let taxonomy = Taxonomy::embedded();
    let index = Index::open(sample_index(), &taxonomy).unwrap();
    let engine = Local::new(&index, &taxonomy).unwrap();
    let narrow = Filter {
        seniorities: vec![jobsift::posting::Seniority::Senior],
        ..Filter::default()
    };
    for facet in [Facet::Company, Facet::Region, Facet::City, Facet::Country] {
        let request = FacetRequest {
            facet,
            prefix: String::new(),
            contains: None,
            limit: 100_000,
            order: FacetOrder::Name,
        };
        for filter in [&Filter::default(), &narrow] {
            let fresh = Local::new(&index, &taxonomy).unwrap();
            let first = fresh.facet(filter, &request).unwrap();
            assert!(!first.values.is_empty(), "{facet:?}");
            for _ in 0..3 {
                assert_eq!(engine.facet(filter, &request).unwrap(), first, "{facet:?}");
            }
        }
    }
}
