//! The score of every posting for a person, by the formula of `src/query/rank.rs`
//! written out, compared with `match`: same postings, same order, same numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jobsift::posting::SkillStrength;
use jobsift::skills::{SkillNo, Taxonomy};
use serde_json::Value;

use crate::plain::{Plain, groups, sample, skill};
use crate::support::{ask, text_of};

/// How rare a skill is among groups that ask for it, and κ.
struct Rarity {
    idf: BTreeMap<SkillNo, f64>,
    /// The rarity of what nobody asks for.
    unasked: f64,
    kappa: f64,
}

impl Rarity {
    fn of(&self, skill: SkillNo) -> f64 {
        self.idf.get(&skill).copied().unwrap_or(self.unasked)
    }
}

fn rarity() -> &'static Rarity {
    static RARITY: OnceLock<Rarity> = OnceLock::new();
    RARITY.get_or_init(|| {
        let all: Vec<&Plain> = sample().iter().collect();
        let groups = groups(&all);
        let mut groups_with: BTreeMap<SkillNo, f64> = BTreeMap::new();
        for members in groups.values() {
            let asks = members.iter().flat_map(|plain| &plain.profile.ask);
            let asked: BTreeSet<SkillNo> = asks
                .flat_map(|wanted| wanted.any_of.iter().copied())
                .collect();
            for skill in asked {
                *groups_with.entry(skill).or_default() += 1.0;
            }
        }
        let n_groups = groups.len() as f64;
        let idf = |n: f64| (1.0 + (n_groups - n + 0.5) / (n + 0.5)).ln();
        let votes: f64 = groups_with.values().sum();
        let mean = groups_with.values().map(|n| idf(*n) * n).sum::<f64>() / votes;
        // Four times the mean weight of a requirement, taken as a mentioned one outside a title.
        let kappa = 4.0 * 0.6 * mean;
        Rarity {
            idf: groups_with
                .into_iter()
                .map(|(skill, n)| (skill, idf(n)))
                .collect(),
            unasked: idf(0.0),
            kappa,
        }
    })
}

/// A person: skills with years.
type Person = Vec<(SkillNo, Option<f32>)>;

/// The parts of a score, in points.
#[derive(Debug, Clone, Copy)]
struct Points {
    fit: f64,
    used: f64,
}

fn is_hard(skill: SkillNo) -> bool {
    let kind = Taxonomy::embedded().skill(skill).kind;
    !matches!(
        kind,
        jobsift::skills::Kind::Soft | jobsift::skills::Kind::Responsibility
    )
}

/// How far a person meets one alternative that is asked for with some years.
fn credit(person: &Person, wanted: SkillNo, asked: f32) -> f64 {
    let taxonomy = Taxonomy::embedded();
    // What the person has towards it: how near, and years; of two equally near the one with more years.
    let mut best: Option<(f32, f32)> = None;
    let mut offer = |near: f32, years: Option<f32>| {
        let years = years.unwrap_or(f32::INFINITY);
        if best.is_none_or(|(known, known_years)| {
            near > known || (near == known && years > known_years)
        }) {
            best = Some((near, years));
        }
    };
    let says_years = |(skill, years): &(SkillNo, Option<f32>)| *skill == wanted && years.is_some();
    for (own, years) in person {
        let implies = taxonomy.implied_by(*own).contains(&wanted);
        // Years of the skill itself hold against another without any.
        if *own == wanted || implies && (years.is_some() || !person.iter().any(says_years)) {
            offer(1.0, *years);
        }
        for (near, by) in &taxonomy.skill(wanted).near {
            if near == own {
                offer(*by, *years);
            }
        }
    }
    let Some((near, years)) = best else {
        return 0.0;
    };
    let enough = asked <= 0.0 || years >= asked;
    f64::from(near)
        * if enough {
            1.0
        } else {
            f64::from(years / asked).max(0.5)
        }
}

fn score(plain: &Plain, person: &Person, soft: bool) -> Points {
    let (taxonomy, rarity) = (Taxonomy::embedded(), rarity());
    let counts = |skill: &SkillNo| soft || is_hard(*skill);
    let (mut weights, mut met) = (0.0, 0.0);
    for wanted in &plain.profile.ask {
        let any_of: Vec<SkillNo> = wanted.any_of.iter().copied().filter(counts).collect();
        if any_of.is_empty() {
            continue;
        }
        let strength = match wanted.strength {
            SkillStrength::Required => 1.0,
            SkillStrength::Mentioned => 0.6,
            SkillStrength::Preferred => 0.3,
        };
        let commonest = any_of
            .iter()
            .map(|skill| rarity.of(*skill))
            .fold(f64::INFINITY, f64::min);
        let weight = strength * commonest * if wanted.in_title { 1.5 } else { 1.0 };
        let years = (wanted.years.and_then(|years| years.min).unwrap_or(0.0) * 2.0).round() / 2.0;
        let best = any_of
            .iter()
            .map(|skill| credit(person, *skill, years))
            .fold(0.0, f64::max);
        weights += weight;
        met += weight * best;
    }
    let asks = |skill: SkillNo| {
        plain
            .profile
            .ask
            .iter()
            .any(|wanted| wanted.any_of.contains(&skill))
    };
    let own: Vec<SkillNo> = person
        .iter()
        .map(|(skill, _)| *skill)
        .filter(counts)
        .collect();
    let is_used = |own: &&SkillNo| {
        plain.has(**own)
            || taxonomy
                .implied_by(**own)
                .iter()
                .any(|implied| counts(implied) && asks(*implied))
    };
    let all: f64 = own.iter().map(|skill| rarity.of(*skill)).sum();
    let used: f64 = own
        .iter()
        .filter(is_used)
        .map(|skill| rarity.of(*skill))
        .sum();
    Points {
        fit: 60.0 * met / (weights + rarity.kappa),
        used: if all > 0.0 { 40.0 * used / all } else { 0.0 },
    }
}

fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

/// The best posting of each group that scores above nothing: id, exact points.
fn ranking(person: &Person, soft: bool, is_left: impl Fn(&Plain) -> bool) -> Vec<(String, Points)> {
    let left: Vec<&Plain> = sample().iter().filter(|plain| is_left(plain)).collect();
    let total = |points: &Points| hundredths(points.fit + points.used);
    let mut best = Vec::new();
    for members in groups(&left).values() {
        let scored = members
            .iter()
            .map(|plain| (plain.id.clone(), score(plain, person, soft)));
        let scored = scored.filter(|(_, points)| total(points) > 0.0);
        best.extend(scored.min_by(|a, b| total(&b.1).total_cmp(&total(&a.1)).then(a.0.cmp(&b.0))));
    }
    best.sort_by(|a, b| total(&b.1).total_cmp(&total(&a.1)).then(a.0.cmp(&b.0)));
    best
}

#[track_caller]
fn check(words: &[String], args: &[&str], is_left: impl Fn(&Plain) -> bool) {
    let soft = args.contains(&"--soft");
    let mut person: Person = Vec::new();
    for word in words {
        let (name, years) = word
            .rsplit_once(':')
            .map_or((word.as_str(), None), |(name, years)| {
                (name, Some(years.parse::<f32>().unwrap()))
            });
        let no = skill(name);
        match person.iter_mut().find(|(known, _)| *known == no) {
            Some((_, known)) if years > *known => *known = years,
            Some(_) => {}
            None => person.push((no, years)),
        }
    }
    let expected = ranking(&person, soft, is_left);
    let mut all: Vec<&str> = vec!["match"];
    all.extend(words.iter().map(String::as_str));
    let answer = ask(&[&all[..], &["--limit", "400"], args].concat());
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(answer["total"], expected.len(), "{words:?} {args:?}");
    let found: Vec<(&str, f64)> = hits
        .iter()
        .map(|hit| (hit["id"].as_str().unwrap(), hit["score"].as_f64().unwrap()))
        .collect();
    let wanted: Vec<(&str, f64)> = expected
        .iter()
        .map(|(id, points)| (id.as_str(), hundredths(points.fit + points.used)))
        .collect();
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted, "{words:?} {args:?}");
    }
    assert_eq!(found.len(), wanted.len(), "{words:?} {args:?}");
    for (hit, (id, points)) in hits.iter().zip(&expected) {
        let part = |name: &str| hit["points"][name].as_f64().unwrap();
        // Parts are rounded so that they add up: each at most one hundredth off.
        assert!(
            (part("fit") - points.fit).abs() < 0.011,
            "{id}: {} is not {}",
            part("fit"),
            points.fit
        );
        assert!(
            (part("use") - points.used).abs() < 0.011,
            "{id}: {} is not {}",
            part("use"),
            points.used
        );
        let sum: f64 = ["fit", "use", "text", "fresh"]
            .iter()
            .map(|name| part(name))
            .sum();
        assert_eq!(hundredths(sum), hit["score"].as_f64().unwrap(), "{id}");
        assert_eq!(
            (&hit["fit"], &hit["use"]),
            (&hit["points"]["fit"], &hit["points"]["use"])
        );
    }
}

/// The people of `corpus/truth/people.toml` by their skills.
fn people() -> Vec<Vec<String>> {
    let truth: toml::Value = toml::from_str(&text_of("corpus/truth/people.toml")).unwrap();
    let skills = |person: &toml::Value| {
        person["skills"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    };
    truth["person"]
        .as_array()
        .unwrap()
        .iter()
        .map(skills)
        .collect()
}

#[test]
fn every_score_of_every_person_is_the_one_of_the_formula() {
    let people = people();
    assert!(people.len() >= 12);
    for person in people {
        check(&person, &[], |_| true);
    }
}

#[test]
fn one_skill_and_what_it_implies_or_is_near_to_is_enough() {
    for words in [
        &["django"][..],
        &["mysql:2"],
        &["eks"],
        &["rust:1", "go:30"],
        &["python:3", "Python:5"],
    ] {
        check(
            &words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>(),
            &[],
            |_| true,
        );
    }
}

#[test]
fn filters_take_postings_away_and_change_no_score() {
    let person = people().remove(0);
    let (kafka, rust) = (skill("kafka"), skill("rust"));
    check(&person, &["--skill", "kafka"], |plain| plain.has(kafka));
    check(&person, &["--skill", "rust", "--required"], |plain| {
        plain.requires(rust)
    });
    check(&person, &["--not-skill", "rust"], |plain| !plain.has(rust));
    check(&person, &["--workplace", "remote"], |plain| {
        plain
            .posting
            .workplace
            .is_some_and(|word| word.as_str() == "remote")
    });
}

#[test]
fn soft_skills_count_only_when_asked_to() {
    let person = [
        "rust".to_owned(),
        "mentoring".to_owned(),
        "communication".to_owned(),
    ];
    check(&person, &[], |_| true);
    check(&person, &["--soft"], |_| true);
}

#[test]
fn explained_points_add_up_to_the_score() {
    for person in people() {
        let mut args: Vec<&str> = vec!["match"];
        args.extend(person.iter().map(String::as_str));
        args.extend([
            "--explain",
            "--limit",
            "20",
            "--text",
            "team developer",
            "--weights",
            "fit=5,use=3,text=2,fresh=1",
        ]);
        let answer = ask(&args);
        for hit in answer["hits"].as_array().unwrap() {
            let sum = |values: Vec<f64>| hundredths(values.iter().sum());
            let of_requirements = sum(hit["explain"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["points"].as_f64().unwrap())
                .collect());
            assert_eq!(
                of_requirements,
                hit["points"]["fit"].as_f64().unwrap(),
                "{}",
                hit["id"]
            );
            let parts = sum(["fit", "use", "text", "fresh"]
                .iter()
                .map(|name| hit["points"][name].as_f64().unwrap())
                .collect());
            assert_eq!(parts, hit["score"].as_f64().unwrap(), "{}", hit["id"]);
            for one in hit["explain"].as_array().unwrap() {
                let points = one["points"].as_f64().unwrap();
                assert!(
                    points >= 0.0 && (points > 0.0 || one["credit"].as_f64().unwrap() < 0.05),
                    "{} {one}",
                    hit["id"]
                );
            }
        }
    }
}

#[test]
fn evidence_is_a_sentence_of_the_posting() {
    let answer = ask(&["match", "rust", "postgresql", "--explain", "--limit", "40"]);
    for hit in answer["hits"].as_array().unwrap() {
        let posting = &crate::plain::by_id(hit["id"].as_str().unwrap()).posting;
        // What only the source's list names has no sentence in the text.
        let stated = posting.skills_raw.iter();
        let stated = stated.map(|skill| format!("\nstated: {}", skill.text));
        let text = format!(
            "{}\n{}{}",
            posting.title.as_deref().unwrap_or_default(),
            posting.description_text.as_deref().unwrap_or_default(),
            stated.collect::<String>()
        );
        for one in hit["explain"].as_array().unwrap() {
            let sentence = one["sentence"]
                .as_str()
                .unwrap_or_else(|| panic!("{} has no sentence for {}", hit["id"], one["any_of"]));
            assert!(
                text.contains(sentence),
                "{sentence:?} is not in {}",
                hit["id"]
            );
        }
    }
}

#[test]
fn have_near_and_missing_are_what_is_asked_for() {
    let answer = ask(&["match", "rust", "mysql", "--limit", "400"]);
    let taxonomy = Taxonomy::embedded();
    for hit in answer["hits"].as_array().unwrap() {
        let plain = crate::plain::by_id(hit["id"].as_str().unwrap());
        let person: Person = vec![(skill("rust"), None), (skill("mysql"), None)];
        let hard: Vec<Vec<SkillNo>> = plain
            .profile
            .ask
            .iter()
            .map(|wanted| {
                wanted
                    .any_of
                    .iter()
                    .copied()
                    .filter(|no| is_hard(*no))
                    .collect()
            })
            .collect();
        let hard = hard.iter().filter(|any_of| !any_of.is_empty());
        let best = |any_of: &Vec<SkillNo>| {
            any_of
                .iter()
                .map(|no| credit(&person, *no, 0.0))
                .fold(0.0, f64::max)
        };
        let id = |no: &SkillNo| taxonomy.skill(*no).id.clone();
        let missing: Vec<Vec<String>> = hard
            .clone()
            .filter(|any_of| best(any_of) == 0.0)
            .map(|any_of| any_of.iter().map(id).collect())
            .collect();
        let shown: Vec<Value> = hit["missing"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["any_of"].clone())
            .collect();
        assert_eq!(
            serde_json::json!(shown),
            serde_json::json!(missing),
            "{}",
            plain.id
        );
        let met = |is_met: &dyn Fn(f64) -> bool| {
            hard.clone()
                .filter(|any_of| is_met(best(any_of)))
                .flatten()
                .map(id)
                .collect::<BTreeSet<String>>()
        };
        for (name, of) in [
            ("have", met(&|best| best == 1.0)),
            ("near", met(&|best| best > 0.0 && best < 1.0)),
        ] {
            let shown = hit[name]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["id"].as_str().unwrap());
            assert!(
                shown.clone().all(|id| of.contains(id)),
                "{name} of {}",
                plain.id
            );
            assert_eq!(of.is_empty(), shown.count() == 0, "{name} of {}", plain.id);
        }
        for near in hit["near"].as_array().unwrap() {
            let (skill, by) = (
                skill(near["id"].as_str().unwrap()),
                near["by"].as_f64().unwrap(),
            );
            let known = taxonomy
                .skill(skill)
                .near
                .iter()
                .find(|(other, _)| taxonomy.skill(*other).id == near["have"]);
            assert!(
                (f64::from(known.unwrap().1) - by).abs() < 1e-3 && by <= 0.5,
                "{near}"
            );
        }
    }
}

#[test]
fn words_and_age_add_their_points() {
    let words = ask(&["search", "kafka", "--limit", "400"]);
    let bm25: BTreeMap<&str, f64> = words["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| (hit["id"].as_str().unwrap(), hit["score"].as_f64().unwrap()))
        .collect();
    let answer = ask(&[
        "match",
        "rust",
        "--text",
        "kafka",
        "--weights",
        "fit=4,use=3,text=2,fresh=1",
        "--limit",
        "400",
    ]);
    let now: jiff::Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
    let mut n = 0;
    for hit in answer["hits"].as_array().unwrap() {
        let id = hit["id"].as_str().unwrap();
        let points = |name: &str| hit["points"][name].as_f64().unwrap();
        if let Some(b) = bm25.get(id) {
            n += 1;
            assert!(
                (points("text") - 20.0 * b / (b + 8.0)).abs() < 0.012,
                "{id}"
            );
        }
        let days = crate::plain::by_id(id)
            .posted()
            .map(|at| (now.as_second() - at) as f64 / 86_400.0);
        let fresh = days.map_or(0.0, |days| 10.0 * 0.5f64.powf(days / 60.0));
        assert!(
            (points("fresh") - fresh).abs() < 0.012,
            "{id}: {} is not {fresh}",
            points("fresh")
        );
    }
    assert!(n > 0);
}

#[test]
fn the_people_as_understood_are_shown() {
    let answer: Value = ask(&["match", "K8s", "postgres:3", "--limit", "1"]);
    assert_eq!(
        answer["have"],
        serde_json::json!(["kubernetes", "postgresql"])
    );
}
