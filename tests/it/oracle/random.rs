//! Random postings, random questions, random filters and facets, each answer
//! compared with a plain loop. Seeds are fixed: a failure can be run again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jobsift::posting::SECTIONS;
use jobsift::skills::SkillNo;
use serde_json::{Value, json};

use super::words::row;
use crate::plain::{Plain, bare, read, skill};
use crate::support::{ask, ask_on, records, run, scratch};

/// A small generator of numbers (Steele and others, 2014: SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// Postings put together from pieces of the sample.
fn postings(random: &mut Random, n: usize) -> Vec<Value> {
    let of = |name: &str| -> Vec<Value> {
        let known = records()
            .iter()
            .filter_map(|record| record.get(name).cloned());
        known.collect()
    };
    let lines: Vec<String> = of("description_text")
        .iter()
        .flat_map(|text| text.as_str().unwrap().lines())
        // What was read in a wrong encoding is mended by the reader, not by the loop.
        .filter(|line| line.len() > 20 && !line.contains("â€"))
        .map(str::to_owned)
        .collect();
    let pieces: Vec<(&str, Vec<Value>)> = [
        "title",
        "company",
        "locations",
        "workplace",
        "salary",
        "posted_at",
        "seniority",
        "employment_type",
        "remote_scope",
    ]
    .map(|name| (name, of(name)))
    .into();
    let mut made = Vec::new();
    for number in 0..n {
        let text: Vec<&str> = (0..3 + random.below(6))
            .map(|_| random.pick(&lines).as_str())
            .collect();
        let mut record = json!({
            "id": format!("random:x:{number:03}"), "source": *random.pick(&["one", "two"]),
            "description_text": text.join("\n"), "title": random.pick(&pieces[0].1),
        });
        for (name, values) in pieces.iter().filter(|(_, values)| !values.is_empty()) {
            if *name == "title" || !random.one_in(4) {
                record[*name] = random.pick(values).clone();
            }
        }
        made.push(record);
    }
    made
}

type Holds = Box<dyn Fn(&Plain) -> bool>;

const WORDS: &[&str] = &[
    "rust",
    "data",
    "engineers",
    "kafka",
    "remote",
    "payments",
    "c++",
    "node.js",
    "go",
    "python",
    "team",
    "services",
    "\"machine learning\"",
    "kub*",
    "pyhton~",
    "k8s",
    "Entwickler",
    "zzyzx",
];
const SKILLS: &[&str] = &[
    "rust",
    "go",
    "python",
    "kafka",
    "postgresql",
    "kubernetes",
    "typescript",
    "docker",
];

fn word(random: &mut Random) -> (String, Holds) {
    let text = *random.pick(WORDS);
    let wanted = row(text);
    (
        text.to_owned(),
        Box::new(move |plain| wanted.stands_in(plain)),
    )
}

fn condition(random: &mut Random) -> (String, Holds) {
    match random.below(4) {
        0 => {
            let id = *random.pick::<&str>(SKILLS);
            let no = skill(id);
            let id = jobsift::skills::Taxonomy::embedded().skill(no).id.clone();
            (format!("skill:{id}"), Box::new(move |plain| plain.has(no)))
        }
        1 => {
            let code = *random.pick(&["DE", "US", "FR", "PL"]);
            (
                format!("country:{code}"),
                Box::new(move |plain| in_country(plain, code)),
            )
        }
        2 => {
            let word = *random.pick(&["remote", "hybrid", "onsite"]);
            (
                format!("workplace:{word}"),
                Box::new(move |plain| workplace(plain) == Some(word)),
            )
        }
        _ => {
            let year = *random.pick(&[2024, 2025, 2026]);
            let (from, to) = (second(year), second(year + 1));
            (
                format!("posted:{year}"),
                Box::new(move |plain| plain.posted().is_some_and(|at| at >= from && at < to)),
            )
        }
    }
}

fn second(year: i32) -> i64 {
    format!("{year}-01-01T00:00:00Z")
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second()
}

fn in_country(plain: &Plain, code: &str) -> bool {
    plain
        .posting
        .locations
        .iter()
        .any(|place| place.country.as_deref() == Some(code))
}

fn workplace(plain: &Plain) -> Option<&'static str> {
    plain.posting.workplace.map(|word| word.as_str())
}

/// A group of some depth: text and meaning.
fn group(random: &mut Random, depth: usize) -> (String, Holds) {
    if depth == 0 || random.one_in(3) {
        return if random.one_in(2) {
            word(random)
        } else {
            condition(random)
        };
    }
    let (a, holds_a) = group(random, depth - 1);
    let (b, holds_b) = group(random, depth - 1);
    match random.below(3) {
        0 => (
            format!("({a} OR {b})"),
            Box::new(move |plain| holds_a(plain) || holds_b(plain)),
        ),
        1 => (
            format!("({a} {b})"),
            Box::new(move |plain| holds_a(plain) && holds_b(plain)),
        ),
        _ => (
            format!("({a} -{b})"),
            Box::new(move |plain| holds_a(plain) && !holds_b(plain)),
        ),
    }
}

/// A filter that a facet leaves out: options, facet, meaning.
fn choice(random: &mut Random) -> (Vec<String>, &'static str, Holds) {
    let two =
        |random: &mut Random, of: &'static [&'static str]| (*random.pick(of), *random.pick(of));
    match random.below(6) {
        0 => {
            let (a, b) = two(random, &["DE", "US", "FR", "PL", "GB"]);
            let option = vec!["--country".to_owned(), format!("{a},{b}")];
            (
                option,
                "country",
                Box::new(move |plain| in_country(plain, a) || in_country(plain, b)),
            )
        }
        1 => {
            let (a, b) = two(random, &["remote", "hybrid", "onsite"]);
            let option = vec!["--workplace".to_owned(), format!("{a},{b}")];
            (
                option,
                "workplace",
                Box::new(move |plain| workplace(plain).is_some_and(|word| word == a || word == b)),
            )
        }
        2 => {
            let (a, b) = two(random, &["senior", "lead", "staff", "entry"]);
            let option = vec!["--seniority".to_owned(), format!("{a},{b}")];
            let rung = |plain: &Plain| plain.posting.seniority.map(|word| word.as_str());
            (
                option,
                "seniority",
                Box::new(move |plain| rung(plain).is_some_and(|word| word == a || word == b)),
            )
        }
        3 => {
            let option = vec!["--source".to_owned(), "one".to_owned()];
            (
                option,
                "source",
                Box::new(|plain| plain.posting.source == "one"),
            )
        }
        4 => {
            let (a, b) = two(random, SKILLS);
            let (x, y) = (skill(a), skill(b));
            let option = vec!["--any".to_owned(), format!("{a},{b}")];
            (
                option,
                "language",
                Box::new(move |plain| plain.has(x) || plain.has(y)),
            )
        }
        _ => {
            let from = second(2025);
            let option = vec!["--since".to_owned(), "2025".to_owned()];
            (
                option,
                "year",
                Box::new(move |plain| plain.posted().is_some_and(|at| at >= from)),
            )
        }
    }
}

/// The values of a posting that a facet counts.
fn values(name: &str, plain: &Plain, chosen: &[SkillNo]) -> Vec<String> {
    let one = |value: Option<&str>| value.map(str::to_owned).into_iter().collect();
    let taxonomy = jobsift::skills::Taxonomy::embedded();
    let named = plain.profile.skills.iter().filter(|known| !known.implied);
    match name {
        "country" => plain
            .posting
            .locations
            .iter()
            .filter_map(|place| place.country.clone())
            .collect(),
        "workplace" => one(workplace(plain)),
        "seniority" => one(plain.posting.seniority.map(|word| word.as_str())),
        "source" => one(Some(&plain.posting.source)),
        "year" => plain
            .posting
            .posted_at
            .map(|at| at.to_string()[..4].to_owned())
            .into_iter()
            .collect(),
        "month" => plain
            .posting
            .posted_at
            .map(|at| at.to_string()[..7].to_owned())
            .into_iter()
            .collect(),
        "language" => named
            .filter(|known| {
                taxonomy
                    .skill(known.skill)
                    .paths
                    .iter()
                    .any(|path| path == "language")
            })
            .map(|known| taxonomy.skill(known.skill).id.clone())
            .collect(),
        "pay" => one(pay_band(plain).as_deref()),
        "role" => plain.posting.roles.clone(),
        "employment" => {
            let kinds = plain.posting.employment_type.iter();
            kinds.map(|kind| kind.as_str().to_owned()).collect()
        }
        "text-language" => one(plain.posting.text_language.as_deref()),
        "company" => one(plain.posting.company.as_deref()),
        "city" => {
            let places = plain.posting.locations.iter();
            places.filter_map(|place| place.city.clone()).collect()
        }
        "section" => {
            let known = plain.profile.skills.iter();
            let looked_at =
                known.filter(|known| chosen.is_empty() || chosen.contains(&known.skill));
            let bits = looked_at.fold(0, |bits, known| bits | known.sections);
            let stand = (0..SECTIONS.len()).filter(|at| bits >> at & 1 == 1);
            stand.map(|at| SECTIONS[at].to_owned()).collect()
        }
        other => panic!("no values of {other}"),
    }
}

/// `EUR:60000-80000`: the step below the middle of the range, and the next.
fn pay_band(plain: &Plain) -> Option<String> {
    let (min, max, currency) = plain.pay()?;
    let middle = match (min, max) {
        (Some(min), Some(max)) => (min + max) / 2.0,
        (min, max) => min.or(max)?,
    };
    let steps: Vec<u64> = (0..12u32)
        .flat_map(|power| {
            [10, 12, 15, 20, 25, 30, 40, 50, 60, 80].map(|step| step * 10u64.pow(power))
        })
        .collect();
    let at = steps.iter().rposition(|step| *step as f64 <= middle)?;
    Some(format!("{currency}:{}-{}", steps[at], steps[at + 1]))
}

/// Groups as the index has them; how they come about is another test's business.
fn groups_of(index: &Path) -> BTreeMap<String, String> {
    let answer = ask_on(index, &["search", "--no-group", "--limit", "1000"]);
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| {
        let text = |name: &str| hit[name].as_str().unwrap().to_owned();
        (text("id"), text("group"))
    })
    .collect()
}

#[test]
fn whatever_is_asked_the_answer_is_that_of_a_loop() {
    for seed in [3, 20_261_122] {
        let mut random = Random(seed);
        let records: &'static [Value] = Box::leak(postings(&mut random, 150).into_boxed_slice());
        let home = scratch();
        let (file, index) = (home.path().join("made.jsonl"), home.path().join("index"));
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        std::fs::write(&file, lines).unwrap();
        let ran = run(&index, &["index", &file.display().to_string()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let plain = read(records);
        let group_of = groups_of(&index);
        assert_eq!(group_of.len(), plain.len());
        let n_groups = |left: &[&Plain]| {
            left.iter()
                .map(|plain| &group_of[&plain.id])
                .collect::<BTreeSet<_>>()
                .len()
        };
        for _ in 0..60 {
            let (text, holds) = group(&mut random, 3);
            let n_choices = random.below(4);
            let mut choices: Vec<_> = (0..n_choices).map(|_| choice(&mut random)).collect();
            choices.sort_by_key(|(_, name, _)| *name);
            choices.dedup_by_key(|(_, name, _)| *name);
            // A lone word may be found in part, and a lone condition is a filter of
            // its own, which are other tests' business: here all is in a group.
            let query = format!("+({text})");
            let mut args = vec![
                "search".to_owned(),
                query,
                "--limit".to_owned(),
                "0".to_owned(),
            ];
            args.extend(choices.iter().flat_map(|(options, _, _)| options.clone()));
            let facets = [
                "country",
                "workplace",
                "seniority",
                "source",
                "year",
                "month",
                "language",
                "pay",
                "role",
                "employment",
                "text-language",
                "company",
                "city",
                "section",
            ];
            // The facet of sections looks at the skills that are chosen.
            let chosen = choices
                .iter()
                .flat_map(|(options, _, _)| options.windows(2));
            let chosen: Vec<SkillNo> = chosen
                .filter(|option| option[0] == "--any")
                .flat_map(|option| option[1].split(',').map(skill))
                .collect();
            args.extend(["--facet-limit", "1000"].map(str::to_owned));
            args.extend(
                facets
                    .iter()
                    .flat_map(|facet| ["--facet".to_owned(), (*facet).to_owned()]),
            );
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let answer = ask_on(&index, &args);
            let left: Vec<&Plain> = plain
                .iter()
                .filter(|plain| holds(plain) && choices.iter().all(|(_, _, holds)| holds(plain)))
                .collect();
            assert_eq!(answer["total"], left.len(), "{args:?}");
            assert_eq!(answer["groups"], n_groups(&left), "{args:?}");
            for facet in facets {
                let own = if facet == "month" { "year" } else { facet };
                let key = |value: &str| match facet {
                    "company" | "city" => bare(value),
                    _ => value.to_owned(),
                };
                let others = choices.iter().filter(|(_, name, _)| *name != own);
                let others: Vec<&Holds> = others.map(|(_, _, holds)| holds).collect();
                let mut expected: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
                for plain in plain
                    .iter()
                    .filter(|plain| holds(plain) && others.iter().all(|holds| holds(plain)))
                {
                    for value in values(facet, plain, &chosen) {
                        expected
                            .entry(key(&value))
                            .or_default()
                            .insert(&group_of[&plain.id]);
                    }
                }
                let expected: BTreeMap<String, u64> = expected
                    .into_iter()
                    .map(|(value, groups)| (value, groups.len() as u64))
                    .collect();
                let counts = answer["facets"][facet].as_array().unwrap().iter();
                let counts: BTreeMap<String, u64> = counts
                    .map(|value| {
                        (
                            key(value["value"].as_str().unwrap()),
                            value["count"].as_u64().unwrap(),
                        )
                    })
                    .collect();
                assert_eq!(counts, expected, "{facet} with {args:?}");
            }
        }
    }
}

#[test]
fn pay_is_summarised_with_one_vote_a_group() {
    let answer = crate::support::ask(&["search", "--stats", "salary", "--limit", "0"]);
    let mut votes: BTreeMap<String, BTreeMap<&str, f64>> = BTreeMap::new();
    let mut groups: BTreeSet<&str> = BTreeSet::new();
    for plain in crate::plain::sample() {
        let Some((min, max, currency)) = plain.pay() else {
            continue;
        };
        // Of a group the first posting by id that states pay.
        if groups.insert(&plain.group) {
            let middle = (min.or(max).unwrap() + max.or(min).unwrap()) / 2.0;
            votes
                .entry(currency.to_owned())
                .or_default()
                .insert(&plain.group, middle);
        }
    }
    let stats = answer["stats"]["salary"].as_array().unwrap();
    assert_eq!(stats.len(), votes.len());
    for pay in stats {
        let mut amounts: Vec<f64> = votes[pay["currency"].as_str().unwrap()]
            .values()
            .copied()
            .collect();
        amounts.sort_by(f64::total_cmp);
        assert_eq!(pay["n"], amounts.len());
        let half = (amounts.len() - 1) as f64 / 2.0;
        let median = (amounts[half.floor() as usize] + amounts[half.ceil() as usize]) / 2.0;
        assert!(
            (pay["p50"].as_f64().unwrap() - median).abs() < 0.01,
            "{pay}"
        );
        let rest: Vec<f64> = ["p10", "p25", "p50", "p75", "p90"]
            .map(|name| pay[name].as_f64().unwrap())
            .into();
        assert!(rest.is_sorted(), "{pay}");
    }
}

#[test]
fn parts_of_a_score_add_up_and_pages_fit_together_while_postings_come() {
    let home = scratch();
    let index = home.path().join("index");
    let half = |step: usize| -> String {
        let some = records()
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 2 == step);
        some.map(|(_, record)| format!("{record}\n")).collect()
    };
    let file = home.path().join("half.jsonl");
    let add = |text: String| {
        std::fs::write(&file, text).unwrap();
        let ran = run(&index, &["index", &file.display().to_string()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    add(half(0));
    let question = [
        "search",
        "python OR data OR developer",
        "--fresh",
        "--no-group",
    ];
    let page = |limit: &str, after: Option<&str>| {
        let mut args = question.to_vec();
        args.extend(["--limit", limit, "--explain"]);
        args.extend(after.iter().flat_map(|after| ["--after", after]));
        ask_on(&index, &args)
    };
    let ids = crate::support::ids;
    let whole = ids(&page("1000", None));
    assert!(whole.len() > 20);
    let first = page("7", None);
    for hit in first["hits"].as_array().unwrap() {
        let parts: f64 = hit["parts"]
            .as_object()
            .unwrap()
            .values()
            .map(|part| part.as_f64().unwrap())
            .sum();
        assert!(
            (parts - hit["score"].as_f64().unwrap()).abs() < 1e-9,
            "{hit}"
        );
    }
    let mut walked = ids(&first);
    add(half(1));
    let mut next = first["next"].as_str().map(str::to_owned);
    while let Some(after) = next {
        let answer = page("7", Some(&after));
        walked.extend(ids(&answer));
        next = answer["next"].as_str().map(str::to_owned);
    }
    let old: Vec<String> = walked
        .iter()
        .filter(|id| whole.contains(id))
        .cloned()
        .collect();
    assert_eq!(old, whole, "each old posting once, in the old order");
    let different: BTreeSet<&String> = walked.iter().collect();
    assert_eq!(different.len(), walked.len(), "no posting twice");
}

#[test]
fn a_cursor_that_somebody_changed_has_an_answer() {
    let page = |args: &[&str]| {
        let question = ["search", "senior developer zzyzx", "--limit", "3"];
        ask(&[&question, args].concat())
    };
    let next = page(&[])["next"].as_str().unwrap().to_owned();
    let digits = next.as_bytes().chunks(2);
    let bytes: Vec<u8> = digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let cursor: Value = serde_json::from_slice(&bytes).unwrap();
    let mut changes: Vec<(&str, Value)> = Vec::new();
    for n in [0, 1, u32::MAX] {
        changes.extend([
            ("/key", json!(n)),
            ("/frozen/postings", json!(n)),
            ("/frozen/groups", json!(n)),
            ("/frozen/words", json!([n, n])),
            ("/frozen/have", json!(n)),
        ]);
    }
    for (place, value) in changes {
        let mut changed = cursor.clone();
        *changed.pointer_mut(place).unwrap() = value.clone();
        for found in [None, Some(0), Some(u64::MAX)] {
            let words = changed["frozen"]["found"].as_object_mut().unwrap();
            match found {
                None => words.clear(),
                Some(n) => words.values_mut().for_each(|word| *word = n.into()),
            }
            let text: String = changed
                .to_string()
                .bytes()
                .map(|b| format!("{b:02x}"))
                .collect();
            let answer = page(&["--after", &text]);
            for hit in answer["hits"].as_array().unwrap() {
                assert!(hit["score"].is_number(), "{place} {value}: {hit}");
            }
        }
    }
}
