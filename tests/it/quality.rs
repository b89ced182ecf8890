//! How good reading, searching and matching are on `corpus/truth/`, held by
//! floors a little below what was measured.
//!
//! Each test prints what it measured and every row that fails
//! (`cargo test --test it quality -- --nocapture`).

#![expect(
    clippy::print_stdout,
    reason = "a test run with --nocapture shows what was measured"
)]

use std::collections::{BTreeMap, BTreeSet};

use jobsift::extract::{Extractor, Mention, SectionKind};
use jobsift::pipeline::advert;
use jobsift::posting::SkillStrength;
use jobsift::skills::{Kind, SkillNo, Taxonomy};
use serde_json::Value;

use crate::plain::{Plain, by_id};
use crate::support::{ask, text_of};

/// Of the skills of the truth, how many are found.
const SKILL_RECALL: f64 = 0.97;
/// Of the technologies found, how many are in the truth.
const SKILL_PRECISION: f64 = 0.95;
/// Of the skills found rightly, how many have the right strength.
const STRENGTH: f64 = 0.95;
/// Of the years of the truth, how many are found with their skill.
const YEARS: f64 = 0.95;
/// Of the either-or groups of the truth, how many are one requirement just so.
const ANY_OF: f64 = 0.95;
/// Of negated skills, words that are none, and skills of the employer's own
/// text, how many stay out of the profile.
const KEPT_OUT: f64 = 0.91;
/// Of the soft skills of the truth, how many are found.
const SOFT: f64 = 0.80;
/// Mean NDCG@10 of the searches.
const SEARCH_NDCG: f64 = 0.80;
/// By how much that is better than plain BM25, over the queries with words.
const MARGIN: f64 = 0.015;
/// Mean NDCG@10 of the people.
const MATCH_NDCG: f64 = 0.81;

/// The tables of one list in a truth file.
fn truth(file: &str, list: &str) -> Vec<toml::Table> {
    let truth: toml::Table =
        toml::from_str(&text_of(&format!("corpus/truth/{file}.toml"))).unwrap();
    truth[list]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table.as_table().unwrap().clone())
        .collect()
}

fn texts(table: &toml::Table, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(toml::Value::as_array);
    list.into_iter()
        .flatten()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// A name of a truth file as a skill; `None` if no skill is called so.
fn resolve(name: &str) -> Option<SkillNo> {
    Taxonomy::embedded().resolve(name).ok()
}

/// So many of so many.
#[derive(Default)]
struct Score {
    hits: u64,
    of: u64,
}

impl Score {
    fn count(&mut self, is_hit: bool) -> bool {
        self.of += 1;
        self.hits += u64::from(is_hit);
        is_hit
    }

    fn share(&self) -> f64 {
        self.hits as f64 / self.of.max(1) as f64
    }
}

/// What was measured of one floor.
#[track_caller]
fn hold(what: &str, found: f64, floor: f64) {
    println!("{what:<28} {found:.4}  (floor {floor})");
    assert!(found >= floor, "{what} is {found:.4}, below {floor}");
}

/// The rows of the two files of skills.
fn postings() -> Vec<(toml::Table, &'static Plain)> {
    let rows = ["skills-a", "skills-b"]
        .into_iter()
        .flat_map(|file| truth(file, "posting"));
    rows.map(|row| {
        let plain = by_id(row["id"].as_str().unwrap());
        (row, plain)
    })
    .collect()
}

/// Mentions in title and text.
fn mentions(plain: &Plain) -> Vec<Mention> {
    let reading = Extractor::embedded().read(&advert(&plain.posting));
    reading.title.into_iter().chain(reading.body).collect()
}

fn label(no: SkillNo) -> String {
    Taxonomy::embedded().skill(no).label.clone()
}

#[test]
fn skills_are_found_and_nothing_else() {
    let taxonomy = Taxonomy::embedded();
    let (mut recall, mut precision, mut strength, mut soft) = (
        Score::default(),
        Score::default(),
        Score::default(),
        Score::default(),
    );
    for (row, plain) in postings() {
        let id = &plain.id;
        let named: BTreeMap<SkillNo, SkillStrength> = plain
            .profile
            .skills
            .iter()
            .filter(|known| !known.implied)
            .map(|known| (known.skill, known.strength))
            .collect();
        let mut expected: BTreeSet<SkillNo> = BTreeSet::new();
        for skill in row["skills"].as_array().unwrap() {
            let name = skill["name"].as_str().unwrap();
            let Some(no) = resolve(name) else {
                recall.count(false);
                println!("{id}: no skill is called {name}");
                continue;
            };
            expected.insert(no);
            let Some(found) = named.get(&no) else {
                recall.count(false);
                println!("{id}: {name} is not found");
                continue;
            };
            recall.count(true);
            let wanted = skill["strength"].as_str().unwrap();
            if !strength.count(found.as_str() == wanted) {
                println!("{id}: {name} is {wanted}, read as {found}");
            }
        }
        let may_stand: BTreeSet<SkillNo> = texts(&row, "maybe")
            .iter()
            .chain(&texts(&row, "soft"))
            .filter_map(|name| resolve(name))
            .collect();
        // What a found skill names besides itself (Ruby on Rails: Ruby) is not said by the text alone.
        let said: BTreeSet<SkillNo> = named
            .keys()
            .flat_map(|no| taxonomy.skill(*no).names.iter().copied())
            .collect();
        for no in named.keys() {
            // The truth leaves out general phrases ("back-end developer"): a concept that it lacks is no error by it.
            let is_beside_it = !matches!(
                taxonomy.skill(*no).kind,
                Kind::Technology | Kind::Certification
            ) && !expected.contains(no);
            if is_beside_it
                || may_stand.contains(no)
                || (said.contains(no) && !expected.contains(no))
            {
                continue;
            }
            if !precision.count(expected.contains(no)) {
                let surface = mentions(plain)
                    .into_iter()
                    .find(|mention| mention.skill == *no);
                let text = plain
                    .posting
                    .description_text
                    .as_deref()
                    .unwrap_or_default();
                let around = surface.and_then(|mention| {
                    text.get(mention.start.saturating_sub(25)..(mention.end + 25).min(text.len()))
                        .map(|text| text.replace('\n', " / "))
                });
                println!(
                    "{id}: {} is not in the truth: {:?}",
                    label(*no),
                    around.unwrap_or_default()
                );
            }
        }
        for name in texts(&row, "soft") {
            if let Some(no) = resolve(&name)
                && !soft.count(named.contains_key(&no))
            {
                println!("{id}: the soft {name} is not found");
            }
        }
    }
    hold("recall of skills", recall.share(), SKILL_RECALL);
    hold(
        "precision of technologies",
        precision.share(),
        SKILL_PRECISION,
    );
    hold("strength", strength.share(), STRENGTH);
    hold("soft skills", soft.share(), SOFT);
}

#[test]
fn years_stand_with_their_skill() {
    let (mut years, mut extra) = (Score::default(), Score::default());
    for (row, plain) in postings() {
        let found: BTreeMap<SkillNo, f32> = plain
            .profile
            .skills
            .iter()
            .filter_map(|known| Some((known.skill, known.years?.min?)))
            .collect();
        let mut expected = BTreeSet::new();
        for skill in row["skills"].as_array().unwrap() {
            let (name, Some(wanted)) = (skill["name"].as_str().unwrap(), skill.get("years")) else {
                continue;
            };
            let wanted = wanted
                .as_integer()
                .map_or_else(|| wanted.as_float().unwrap(), |years| years as f64);
            let no = resolve(name);
            expected.extend(no);
            let found = no.and_then(|no| found.get(&no));
            if !years.count(found.is_some_and(|found| (f64::from(*found) - wanted).abs() < 0.01)) {
                println!("{}: {wanted} years of {name}, read as {found:?}", plain.id);
            }
        }
        for (no, found) in &found {
            if !extra.count(expected.contains(no)) {
                println!(
                    "{}: {found} years of {} are not in the truth",
                    plain.id,
                    label(*no)
                );
            }
        }
    }
    println!("{:<28} {:.4}", "years that are in the truth", extra.share());
    hold("years", years.share(), YEARS);
}

#[test]
fn either_or_lists_are_one_requirement() {
    let mut groups = Score::default();
    for (row, plain) in postings() {
        let lists = row
            .get("any_of")
            .and_then(toml::Value::as_array)
            .into_iter()
            .flatten();
        for list in lists {
            let names: Vec<&str> = list
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect();
            let wanted: BTreeSet<SkillNo> = names.iter().filter_map(|name| resolve(name)).collect();
            let is_found = plain
                .profile
                .ask
                .iter()
                .any(|ask| ask.any_of.iter().copied().collect::<BTreeSet<_>>() == wanted);
            if !groups.count(is_found) {
                let near: Vec<Vec<String>> = plain
                    .profile
                    .ask
                    .iter()
                    .filter(|ask| ask.any_of.iter().any(|no| wanted.contains(no)))
                    .map(|ask| ask.any_of.iter().map(|no| label(*no)).collect())
                    .collect();
                println!("{}: any of {names:?}, read as {near:?}", plain.id);
            }
        }
    }
    hold("either-or groups", groups.share(), ANY_OF);
}

#[test]
fn what_is_ruled_out_or_no_skill_or_not_asked_for_stays_out() {
    let mut out = Score::default();
    for (row, plain) in postings() {
        for kind in ["negated", "not", "about"] {
            for name in texts(&row, kind) {
                let Some(no) = resolve(&name) else { continue };
                if !out.count(
                    !plain
                        .profile
                        .skills
                        .iter()
                        .any(|known| known.skill == no && !known.implied),
                ) {
                    println!("{}: {name} is {kind} and in the profile", plain.id);
                }
                // Seeing it for what it is, is better still.
                let seen = mentions(plain)
                    .into_iter()
                    .filter(|mention| mention.skill == no && !mention.implied);
                let kept: Vec<Mention> = seen.collect();
                let is_right = |mention: &Mention| match kind {
                    "negated" => mention.negated,
                    "about" => matches!(
                        mention.section,
                        SectionKind::About | SectionKind::Benefits | SectionKind::Other
                    ),
                    _ => false,
                };
                if kind != "not" && !kept.iter().any(is_right) {
                    println!("{}: {name} is {kind}, and no mention says so", plain.id);
                }
            }
        }
    }
    hold("kept out of the profile", out.share(), KEPT_OUT);
}

/// Grades of postings by id.
fn grades(row: &toml::Table) -> BTreeMap<String, i64> {
    row["grades"]
        .as_table()
        .unwrap()
        .iter()
        .map(|(id, grade)| (id.clone(), grade.as_integer().unwrap()))
        .collect()
}

/// Normalised discounted cumulative gain of the first ten, one posting a group
/// (Järvelin and Kekäläinen 2002, with gains 2^grade − 1).
fn ndcg(answer: &Value, grades: &BTreeMap<String, i64>) -> f64 {
    let gain = |grade: i64| 2f64.powi(grade as i32) - 1.0;
    let sum = |grades: &[i64]| {
        (2..)
            .zip(grades.iter().take(10))
            .fold(0.0, |sum, (rank, grade)| {
                sum + gain(*grade) / f64::from(rank).log2()
            })
    };
    let found: Vec<i64> = answer["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            grades
                .get(hit["id"].as_str().unwrap())
                .copied()
                .unwrap_or(0)
        })
        .collect();
    let mut of_groups: BTreeMap<&str, i64> = BTreeMap::new();
    for (id, grade) in grades {
        let best = of_groups.entry(&by_id(id).group).or_default();
        *best = (*best).max(*grade);
    }
    let mut best: Vec<i64> = of_groups.into_values().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    sum(&found) / sum(&best)
}

/// The options of a graded query, and its words.
fn options(query: &toml::Table) -> (Vec<String>, Option<String>) {
    let (mut args, mut words) = (Vec::new(), None);
    for (key, value) in query {
        let texts = match value {
            toml::Value::String(text) => vec![text.clone()],
            toml::Value::Array(list) => list
                .iter()
                .map(|text| text.as_str().unwrap().to_owned())
                .collect(),
            _ => continue,
        };
        match key.as_str() {
            "name" => {}
            "text" => words = texts.into_iter().next(),
            "skills" => args.extend(
                texts
                    .into_iter()
                    .flat_map(|skill| ["--skill".to_owned(), skill]),
            ),
            "not_skills" => args.extend(
                texts
                    .into_iter()
                    .flat_map(|skill| ["--not-skill".to_owned(), skill]),
            ),
            "any" => args.extend(["--any".to_owned(), texts.join(",")]),
            filter => args.extend([format!("--{}", filter.replace('_', "-")), texts.join(",")]),
        }
    }
    (args, words)
}

/// What plain BM25 (k1 = 1.2, b = 0.75) over title and text as one bag of words
/// ranks first of the postings that pass the filters: any of the words is
/// enough, and the best of a group stands for it.
fn plain_bm25(words: Option<&str>, passing: &[&'static Plain]) -> Value {
    let all = crate::plain::sample();
    static BAGS: std::sync::OnceLock<BTreeMap<&str, Vec<String>>> = std::sync::OnceLock::new();
    let bags = BAGS.get_or_init(|| {
        all.iter()
            .map(|plain| (plain.id.as_str(), plain.words.concat()))
            .collect()
    });
    let bag = |plain: &Plain| &bags[plain.id.as_str()];
    let mean = bags.values().map(Vec::len).sum::<usize>() as f64 / all.len() as f64;
    let wanted = crate::plain::words_of(words.unwrap_or_default());
    let idf = |word: &String| {
        let n = all.iter().filter(|plain| bag(plain).contains(word)).count() as f64;
        (1.0 + (all.len() as f64 - n + 0.5) / (n + 0.5)).ln()
    };
    let wanted: Vec<(&String, f64)> = wanted.iter().map(|word| (word, idf(word))).collect();
    let mut scored: Vec<(f64, &Plain)> = Vec::new();
    for plain in passing {
        let bag = bag(plain);
        let score = wanted.iter().map(|(word, idf)| {
            let n = bag.iter().filter(|known| known == word).count() as f64;
            idf * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * bag.len() as f64 / mean))
        });
        let score = match words {
            Some(_) => score.sum(),
            None => plain.posted().map_or(f64::NEG_INFINITY, |at| at as f64),
        };
        if words.is_none() || score > 0.0 {
            scored.push((score, plain));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let mut groups = BTreeSet::new();
    scored.retain(|(_, plain)| groups.insert(&plain.group));
    let hits: Vec<Value> = scored
        .iter()
        .take(10)
        .map(|(_, plain)| serde_json::json!({"id": plain.id}))
        .collect();
    serde_json::json!({"hits": hits})
}

#[test]
fn searches_find_what_is_meant_and_better_than_plain_bm25() {
    let (mut scores, mut with_words, mut baseline) = (Vec::new(), Vec::new(), Vec::new());
    for query in truth("queries", "query") {
        let name = query["name"].as_str().unwrap();
        let (filters, words) = options(&query);
        let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
        let mut args = vec!["search"];
        args.extend(words.as_deref());
        args.extend(&filters);
        let grades = grades(&query);
        let score = ndcg(&ask(&args), &grades);
        let passing = ask(&[&["search", "--no-group", "--limit", "1000"], &filters[..]].concat());
        let passing: Vec<&'static Plain> = crate::support::ids(&passing)
            .iter()
            .map(|id| by_id(id))
            .collect();
        let plain = ndcg(&plain_bm25(words.as_deref(), &passing), &grades);
        println!("{score:.3}  {plain:.3}  {name}  {:?}", &args[1..]);
        scores.push(score);
        // Without words both rank by date alone.
        if words.is_some() {
            with_words.push(score);
            baseline.push(plain);
        }
    }
    assert!(scores.len() >= 40, "{} queries are graded", scores.len());
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    hold("NDCG@10 of searches", mean(&scores), SEARCH_NDCG);
    println!("{:<28} {:.4}", "plain BM25, with words", mean(&baseline));
    println!("{:<28} {:.4}", "searches, with words", mean(&with_words));
    hold(
        "better than plain BM25 by",
        mean(&with_words) - mean(&baseline),
        MARGIN,
    );
}

#[test]
fn people_find_what_suits_them() {
    let mut scores = Vec::new();
    for person in truth("people", "person") {
        let skills = texts(&person, "skills");
        let mut args = vec!["match"];
        args.extend(skills.iter().map(String::as_str));
        let score = ndcg(&ask(&args), &grades(&person));
        println!("{score:.3}  {}", person["name"].as_str().unwrap());
        scores.push(score);
    }
    hold(
        "NDCG@10 of people",
        scores.iter().sum::<f64>() / scores.len() as f64,
        MATCH_NDCG,
    );
}

#[test]
fn every_id_of_the_truth_is_in_the_sample() {
    for (file, list) in [("queries", "query"), ("people", "person")] {
        for row in truth(file, list) {
            for id in grades(&row).keys() {
                let plain = by_id(id);
                assert_eq!(&plain.id, id, "{file}");
                // Copies have the same grade wherever both are listed.
                let copies = grades(&row)
                    .into_iter()
                    .filter(|(other, _)| by_id(other).group == plain.group);
                let grades: BTreeSet<i64> = copies.map(|(_, grade)| grade).collect();
                assert_eq!(
                    grades.len(),
                    1,
                    "copies of {id} in {} have other grades",
                    row["name"]
                );
            }
        }
    }
}
