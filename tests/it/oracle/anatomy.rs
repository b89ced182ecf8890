//! Every line of an anatomy, and what `info` says of the whole index.

use std::collections::{BTreeMap, BTreeSet};

use jobsift::posting::SkillStrength;
use jobsift::skills::{Kind, SkillNo, Taxonomy};
use serde_json::Value;

use super::against::check_contrast;
use super::trends::{Vote, card, check_point};
use crate::plain::{Plain, bare, groups, sample};
use crate::support::ask;

/// The branches of each section, as the article has them.
const SECTIONS: [(&str, &[&str]); 11] = [
    ("languages", &["language"]),
    ("sql-databases", &["database/relational"]),
    ("nosql-databases", &["database/nosql"]),
    ("frameworks", &["framework/web"]),
    ("apis", &["api"]),
    ("cloud", &["cloud/platform"]),
    (
        "containers",
        &[
            "devops/container",
            "devops/orchestration",
            "devops/virtualisation",
        ],
    ),
    ("web-servers", &["server/web", "server/proxy"]),
    (
        "devops",
        &[
            "devops/ci-cd",
            "devops/infrastructure-as-code",
            "devops/monitoring",
            "concept/operations",
        ],
    ),
    ("responsibilities", &["responsibility"]),
    ("soft-skills", &["soft"]),
];

/// What the copies of one posting say together.
struct Group {
    employer: Option<String>,
    skills: BTreeMap<SkillNo, SkillStrength>,
    years: f32,
    offers_choice: bool,
    /// Middles of closed ranges a year, of any copy.
    pay: Vec<(f64, String)>,
}

fn fold(members: &[&Plain]) -> Group {
    let taxonomy = Taxonomy::embedded();
    let mut group = Group {
        employer: None,
        skills: BTreeMap::new(),
        years: 0.0,
        offers_choice: false,
        pay: Vec::new(),
    };
    for plain in members {
        group.employer = group.employer.take().or(plain.employer());
        for named in plain.named() {
            group.years = group.years.max(named.years);
            let known = group.skills.entry(named.skill).or_insert(named.strength);
            *known = known.joined(named.strength);
        }
        let is_choice = |any_of: &[SkillNo]| {
            any_of.len() > 1
                && any_of
                    .iter()
                    .all(|no| taxonomy.skill(*no).kind != Kind::Soft)
        };
        group.offers_choice |= plain
            .profile
            .ask
            .iter()
            .any(|wanted| is_choice(&wanted.any_of));
        if let Some((Some(min), Some(max), currency)) = plain.pay() {
            group.pay.push(((min + max) / 2.0, currency.to_owned()));
        }
    }
    group
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.25, 0.5, 0.75].map(|part| {
        let place = part * (values.len() - 1) as f64;
        let (low, high) = (
            values[place.floor() as usize],
            values[place.ceil() as usize],
        );
        low + (high - low) * (place - place.floor())
    })
}

/// A group's vote: the skills, sections and choice it names.
fn vote(number: usize, group: &Group) -> Vote {
    let taxonomy = Taxonomy::embedded();
    let mut values: BTreeSet<String> = group
        .skills
        .keys()
        .map(|no| taxonomy.skill(*no).id.clone())
        .collect();
    for (id, branches) in SECTIONS {
        let mut inside = branches.iter().flat_map(|branch| taxonomy.under(branch));
        if inside.any(|no| group.skills.contains_key(&no)) {
            values.insert(format!("section {id}"));
        }
    }
    if group.offers_choice {
        values.insert("a choice".to_owned());
    }
    Vote {
        employer: group
            .employer
            .clone()
            .unwrap_or_else(|| format!("nobody knows: {number}")),
        values,
    }
}

#[track_caller]
fn check(args: &[&str], is_left: impl Fn(&Plain) -> bool) {
    let taxonomy = Taxonomy::embedded();
    let answer = ask(&[&["anatomy", "--top", "1000"], args].concat());
    let left: Vec<&Plain> = sample().iter().filter(|plain| is_left(plain)).collect();
    card(&answer["card"], &left);
    let whole: Vec<&Plain> = left
        .into_iter()
        .filter(|plain| !plain.is_partial())
        .collect();
    let groups: Vec<Group> = groups(&whole)
        .values()
        .map(|members| fold(members))
        .collect();
    let votes: Vec<Vote> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| vote(at, group))
        .collect();
    let check_share = |of: &Value, value: &str| check_point(of, &votes, value, "all", value);
    assert_eq!(answer["total"], groups.len());
    let sections = answer["sections"].as_array().unwrap();
    let ids: Vec<&str> = sections
        .iter()
        .map(|section| section["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, SECTIONS.map(|(id, _)| id));
    for (section, (id, branches)) in sections.iter().zip(SECTIONS) {
        let inside: Vec<SkillNo> = branches
            .iter()
            .flat_map(|branch| taxonomy.under(branch))
            .collect();
        check_share(&section["any"], &format!("section {id}"));
        let lines = section["lines"].as_array().unwrap();
        let mut expected: Vec<&str> = Vec::new();
        for no in &inside {
            if groups.iter().any(|group| group.skills.contains_key(no)) {
                expected.push(&taxonomy.skill(*no).id);
            }
        }
        expected.sort_unstable();
        expected.dedup();
        let mut shown: Vec<&str> = lines
            .iter()
            .map(|line| line["value"].as_str().unwrap())
            .collect();
        shown.sort_unstable();
        assert_eq!(shown, expected, "{id}");
        let counts: Vec<u64> = lines
            .iter()
            .map(|line| line["n"].as_u64().unwrap())
            .collect();
        assert!(counts.is_sorted_by(|a, b| a >= b), "{id}: commonest first");
        for line in lines {
            check_share(line, line["value"].as_str().unwrap());
            check_line(line, &groups);
        }
    }
    let years: Vec<f64> = groups
        .iter()
        .map(|group| f64::from(group.years))
        .filter(|years| *years > 0.0)
        .collect();
    assert_eq!(answer["years"]["n"], years.len());
    let found =
        ["p25", "p50", "p75"].map(|name| answer["years"]["quartiles"][name].as_f64().unwrap());
    assert_eq!(found, quartiles(years));
    check_share(&answer["choice"], "a choice");
    check_pay(&answer["pay"], &groups);
}

#[track_caller]
fn check_line(line: &Value, groups: &[Group]) {
    let id = line["value"].as_str().unwrap();
    let no = Taxonomy::embedded().by_id(id).unwrap();
    let with: Vec<(&Group, SkillStrength)> = groups
        .iter()
        .filter_map(|group| Some((group, *group.skills.get(&no)?)))
        .collect();
    let of = |wanted: SkillStrength| {
        with.iter()
            .filter(|(_, strength)| *strength == wanted)
            .count() as f64
            / with.len() as f64
    };
    assert!(
        (line["required"].as_f64().unwrap() - of(SkillStrength::Required)).abs() < 1e-5,
        "{id}"
    );
    assert!(
        (line["preferred"].as_f64().unwrap() - of(SkillStrength::Preferred)).abs() < 1e-5,
        "{id}"
    );
    let mut employers: BTreeMap<String, u64> = BTreeMap::new();
    for employer in with.iter().filter_map(|(group, _)| group.employer.clone()) {
        *employers.entry(employer).or_default() += 1;
    }
    let shown = line["employers"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    assert_eq!(shown.len(), employers.len().min(5), "{id}");
    for one in shown {
        assert_eq!(
            one["n"],
            employers[&bare(one["company"].as_str().unwrap())],
            "{id}: {one}"
        );
    }
    let most = employers.values().max().copied().unwrap_or_default();
    assert!(
        shown.first().is_none_or(|one| one["n"] == most),
        "{id}: most first"
    );
}

#[track_caller]
fn check_pay(pay: &Value, groups: &[Group]) {
    let mut by_currency: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for group in groups {
        if let Some((middle, currency)) = group.pay.first() {
            by_currency.entry(currency).or_default().push(*middle);
        }
    }
    by_currency.retain(|_, amounts| amounts.len() >= 10);
    let shown: Vec<&str> = pay
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["currency"].as_str().unwrap())
        .collect();
    assert_eq!(shown.len(), by_currency.len(), "{shown:?}");
    for line in pay.as_array().unwrap() {
        let amounts = by_currency[line["currency"].as_str().unwrap()].clone();
        assert_eq!(line["n"], amounts.len());
        let found = ["p25", "p50", "p75"].map(|name| line[name].as_f64().unwrap());
        for (found, expected) in found.iter().zip(quartiles(amounts)) {
            assert!((found - expected).abs() < 1e-6, "{line}: {expected}");
        }
    }
}

#[test]
fn every_line_over_everything() {
    check(&[], |_| true);
}

#[test]
fn every_line_of_a_role() {
    for role in ["backend", "data"] {
        check(&["--role", role], |plain| {
            plain.posting.roles.iter().any(|known| known == role)
        });
    }
}

#[test]
fn copies_of_a_posting_state_the_same_pay() {
    // Otherwise the quartiles would hang on which copy is seen first.
    let all: Vec<&Plain> = sample().iter().collect();
    for (group, members) in groups(&all) {
        let pay = fold(&members).pay;
        assert!(pay.iter().all(|one| *one == pay[0]), "{group}: {pay:?}");
    }
}

#[test]
fn every_line_against_another_role() {
    let answer = ask(&[
        "anatomy",
        "--role",
        "backend",
        "--versus",
        "role:data",
        "--top",
        "1000",
    ]);
    let of_role = |role: &str| -> BTreeMap<&'static str, Vec<&'static Plain>> {
        let is = |plain: &&Plain| plain.posting.roles.iter().any(|known| known == role);
        let left: Vec<&'static Plain> = sample()
            .iter()
            .filter(|plain| is(plain) && !plain.is_partial())
            .collect();
        groups(&left)
    };
    let (mut first, second) = (of_role("backend"), of_role("data"));
    let n = first.len();
    first.retain(|group, _| !second.contains_key(group));
    assert_eq!(answer["versus"]["shared"], n - first.len());
    assert_eq!(answer["total"], first.len());
    let votes = [first, second].map(|groups| -> Vec<Vote> {
        let folded = groups.values().map(|members| fold(members));
        folded
            .enumerate()
            .map(|(at, group)| vote(at, &group))
            .collect()
    });
    for section in answer["sections"].as_array().unwrap() {
        let any = format!("section {}", section["id"].as_str().unwrap());
        check_contrast(&section["versus"], &votes, &any);
        for line in section["lines"].as_array().unwrap() {
            check_contrast(&line["versus"], &votes, line["value"].as_str().unwrap());
        }
    }
    check_contrast(&answer["versus"]["choice"], &votes, "a choice");
}

#[test]
fn info_counts_what_is_there() {
    let answer = ask(&["info"]);
    let all: Vec<&Plain> = sample().iter().collect();
    card(&answer["card"], &all);
    let mut companies: Vec<String> = sample().iter().filter_map(Plain::employer).collect();
    companies.sort_unstable();
    companies.dedup();
    assert_eq!(answer["companies"], companies.len());
    assert_eq!(answer["skills"], Taxonomy::embedded().skills().len());
    assert_eq!(answer["format_version"], jobsift::index::FORMAT_VERSION);
}
