//! What to learn next, by a plain loop over the sample: what is lacked, what a
//! skill completes, and that no other skill would have gained more.

use std::collections::{BTreeMap, BTreeSet};

use jobsift::posting::SkillStrength;
use jobsift::skills::{Kind, SkillNo, Taxonomy};

use crate::plain::{Plain, groups, sample, skill};
use crate::support::ask;

type Unmet = BTreeSet<BTreeSet<SkillNo>>;

fn can_be_learnt(skill: SkillNo) -> bool {
    let kind = Taxonomy::embedded().skill(skill).kind;
    matches!(kind, Kind::Technology | Kind::Certification)
}

/// What a posting needs and the person has not; `None` if it asks for nothing, or has
/// neither a text nor a list of skills that could say so.
fn unmet(plain: &Plain, known: &BTreeSet<SkillNo>) -> Option<Unmet> {
    if plain.is_partial() && plain.posting.description_text.is_none() {
        return None;
    }
    let asked: Vec<(BTreeSet<SkillNo>, SkillStrength)> = plain
        .profile
        .ask
        .iter()
        .map(|wanted| {
            let any_of = wanted.any_of.iter().copied();
            (
                any_of.filter(|no| can_be_learnt(*no)).collect(),
                wanted.strength,
            )
        })
        .filter(|(any_of, _): &(BTreeSet<_>, _)| !any_of.is_empty())
        .collect();
    if asked.is_empty() {
        return None;
    }
    let requires = asked
        .iter()
        .any(|(_, strength)| *strength == SkillStrength::Required);
    let needed = |strength: SkillStrength| match requires {
        true => strength == SkillStrength::Required,
        false => strength == SkillStrength::Mentioned,
    };
    let ask = &plain.profile.ask;
    // Alternatives of any kind meet a requirement.
    let is_met = |any_of: &BTreeSet<SkillNo>| {
        ask.iter().any(|wanted| {
            let own: BTreeSet<SkillNo> = wanted.any_of.iter().copied().collect();
            any_of.is_subset(&own)
                && own.iter().filter(|no| can_be_learnt(**no)).count() == any_of.len()
                && own.iter().any(|no| known.contains(no))
        })
    };
    Some(
        asked
            .into_iter()
            .filter(|(any_of, strength)| needed(*strength) && !is_met(any_of))
            .map(|(any_of, _)| any_of)
            .collect(),
    )
}

fn learn(skill: SkillNo, known: &mut BTreeSet<SkillNo>) {
    known.insert(skill);
    known.extend(Taxonomy::embedded().implied_by(skill));
}

/// Of each group what its member lacks that lacks least.
fn lacks(known: &BTreeSet<SkillNo>) -> Vec<Unmet> {
    let all: Vec<&Plain> = sample().iter().collect();
    let each = groups(&all).into_values();
    each.filter_map(|members| {
        let lacks = members.iter().filter_map(|plain| unmet(plain, known));
        lacks.min_by_key(|unmet| (unmet.len(), unmet.clone()))
    })
    .collect()
}

fn still<'a>(
    unmet: &'a Unmet,
    known: &'a BTreeSet<SkillNo>,
) -> impl Iterator<Item = &'a BTreeSet<SkillNo>> {
    unmet.iter().filter(|any_of| any_of.is_disjoint(known))
}

#[track_caller]
fn check(person: &[&str]) {
    let taxonomy = Taxonomy::embedded();
    let mut known = BTreeSet::new();
    person
        .iter()
        .for_each(|name| learn(skill(name), &mut known));
    let groups = lacks(&known);
    let answer = ask(&[&["gap"], person, &["--limit", "6"]].concat());
    assert_eq!(answer["total"], groups.len(), "{person:?}");
    let n_met = |known: &BTreeSet<SkillNo>| {
        let complete = groups
            .iter()
            .filter(|unmet| still(unmet, known).next().is_none());
        complete.count()
    };
    assert_eq!(answer["met"]["n"], n_met(&known), "{person:?}");
    for n in 1..=4 {
        let lacking = groups.iter().filter(|unmet| unmet.len() == n).count();
        assert_eq!(answer["lacking"][n - 1], lacking, "{person:?}, {n}");
    }
    let steps = answer["steps"].as_array().unwrap();
    assert!(!steps.is_empty());
    for step in steps {
        // In twelfths: a half, a third and a quarter are whole.
        let mut gains: BTreeMap<SkillNo, usize> = BTreeMap::new();
        for unmet in &groups {
            let n = still(unmet, &known).count();
            if n > 4 {
                continue;
            }
            for no in still(unmet, &known).flatten() {
                *gains.entry(*no).or_default() += 12 / n;
            }
        }
        let chosen = skill(step["id"].as_str().unwrap());
        let most = gains.values().max().unwrap();
        assert_eq!(gains[&chosen], *most, "{person:?}: {step}");
        let first = gains.iter().find(|(_, gain)| *gain == most).unwrap();
        assert_eq!(
            *first.0, chosen,
            "equal gains stand in order of the list of skills"
        );
        let gain = *most as f64 / 12.0;
        assert!((step["gain"].as_f64().unwrap() - gain).abs() < 1e-3);
        let before = n_met(&known);
        learn(chosen, &mut known);
        let after = n_met(&known);
        assert_eq!(step["unlocks"]["n"], after - before, "{step}");
        assert_eq!(step["reach"]["n"], after, "{step}");
        let share = after as f64 / groups.len() as f64;
        let told = |end: &str| step["reach"][end].as_f64().unwrap();
        assert!((told("share") - share).abs() < 1e-4);
        assert!(told("low") <= told("share") && told("share") <= told("high"));
        assert_eq!(step["label"], taxonomy.skill(chosen).label.as_str());
    }
}

#[test]
fn every_step_gains_most_and_counts_what_is_complete() {
    check(&["rust", "postgresql", "kafka"]);
    check(&["python", "django"]);
    check(&["excel"]);
    check(&["java", "spring-boot", "sql", "aws", "docker", "kubernetes"]);
}
