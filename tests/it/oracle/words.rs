//! Word search: which postings are found, in how many groups, in which order.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::plain::{Plain, groups, sample, words_of};
use crate::support::{ask, ids};

/// What must stand in title or text: words in a row, the last perhaps only begun.
#[derive(Clone)]
struct Row {
    words: Vec<String>,
    is_prefix: bool,
}

fn row(text: &str) -> Row {
    let is_prefix = text.ends_with('*');
    Row {
        words: words_of(text.trim_matches('"').trim_end_matches('*')),
        is_prefix,
    }
}

impl Row {
    fn stands_in(&self, plain: &Plain) -> bool {
        plain.words.iter().any(|words| {
            words.windows(self.words.len()).any(|window| {
                let last = self.words.len() - 1;
                window[..last] == self.words[..last]
                    && if self.is_prefix {
                        window[last].starts_with(&self.words[last])
                    } else {
                        window[last] == self.words[last]
                    }
            })
        })
    }
}

/// Compares a search with the loop: each of `all` is a list of alternatives.
#[track_caller]
fn check(query: &str, all: &[&[&str]], none: &[&str]) -> usize {
    let any = |plain: &Plain, texts: &[&str]| texts.iter().any(|text| row(text).stands_in(plain));
    let is_found = |plain: &&Plain| all.iter().all(|texts| any(plain, texts)) && !any(plain, none);
    let found: Vec<&Plain> = sample().iter().filter(is_found).collect();
    let answer = ask(&["search", query, "--limit", "400"]);
    let by_group = groups(&found);
    assert_eq!(answer["total"], found.len(), "postings for {query}");
    assert_eq!(answer["groups"], by_group.len(), "groups for {query}");
    let shown: BTreeSet<String> = groups_of(&answer).into_iter().collect();
    let expected: BTreeSet<String> = by_group.keys().map(|group| (*group).to_owned()).collect();
    assert_eq!(shown, expected, "{query}");
    assert_eq!(
        ids(&answer).len(),
        expected.len(),
        "one hit a group for {query}"
    );
    for id in ids(&answer) {
        assert!(
            found.iter().any(|plain| plain.id == id),
            "{query}: {id} has not the words"
        );
    }
    // Better first; equal scores in order of id.
    let keys: Vec<(f64, String)> = answer["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| {
            (
                hit["score"].as_f64().unwrap(),
                hit["id"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    for pair in keys.windows(2) {
        assert!(
            pair[0].0 > pair[1].0 || (pair[0].0 - pair[1].0).abs() < 1e-4,
            "{query}: {pair:?}"
        );
    }
    found.len()
}

fn groups_of(answer: &Value) -> Vec<String> {
    answer["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["group"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn one_word_is_found_in_title_or_text() {
    for word in [
        "rust",
        "kafka",
        "kitchen",
        "php",
        "Entwickler",
        "go",
        "PostgreSQL",
        "payments",
        "remote",
        "zzyzx",
    ] {
        check(word, &[&[word]], &[]);
    }
}

#[test]
fn accents_and_case_do_not_matter() {
    for word in [
        "developpeur",
        "Développeur",
        "DÉVELOPPEUR",
        "munchen",
        "años",
        "anos",
        "łódź",
        "lodz",
    ] {
        check(word, &[&[word]], &[]);
    }
}

#[test]
fn signs_of_languages_matter_and_others_part_words() {
    for word in [
        "c++",
        "c#",
        "c",
        "node.js",
        "front-end",
        "ci/cd",
        "r&d",
        "series-c",
    ] {
        check(word, &[&[word]], &[]);
    }
}

#[test]
fn chinese_signs_are_words_of_their_own() {
    assert!(check("开发", &[&["开发"]], &[]) > 0);
    assert!(check("工程师", &[&["工程师"]], &[]) > 0);
}

#[test]
fn every_word_must_stand_there() {
    assert!(check("rust kafka", &[&["rust"], &["kafka"]], &[]) > 0);
    check(
        "distributed systems postgresql",
        &[&["distributed"], &["systems"], &["postgresql"]],
        &[],
    );
    check(
        "+go +kubernetes docker",
        &[&["go"], &["kubernetes"], &["docker"]],
        &[],
    );
}

#[test]
fn or_makes_either_word_enough() {
    assert!(check("rust OR go", &[&["rust", "go"]], &[]) > 0);
    check(
        "rust OR go kafka OR nats",
        &[&["rust", "go"], &["kafka", "nats"]],
        &[],
    );
    check(
        "ruby OR php OR perl mysql",
        &[&["ruby", "php", "perl"], &["mysql"]],
        &[],
    );
    check(
        "\"machine learning\" OR \"deep learning\"",
        &[&["machine learning", "deep learning"]],
        &[],
    );
}

#[test]
fn a_phrase_stands_together_and_in_order() {
    assert!(check("\"machine learning\"", &[&["machine learning"]], &[]) > 0);
    check("\"learning machine\"", &[&["learning machine"]], &[]);
    check("\"go to market\"", &[&["go to market"]], &[]);
    check(
        "\"ruby on rails\" postgresql",
        &[&["ruby on rails"], &["postgresql"]],
        &[],
    );
}

#[test]
fn a_minus_rules_out() {
    assert!(check("java -spring", &[&["java"]], &["spring"]) > 0);
    check(
        "developer -\"ruby on rails\" -php",
        &[&["developer"]],
        &["ruby on rails", "php"],
    );
    check(
        "rust OR go -kubernetes",
        &[&["rust", "go"]],
        &["kubernetes"],
    );
}

#[test]
fn a_star_takes_every_word_that_begins_so() {
    assert!(check("kub*", &[&["kub*"]], &[]) > 0);
    for prefix in ["postgre*", "entwickl*", "déve*", "micro*", "c+*", "s*"] {
        check(prefix, &[&[prefix]], &[]);
    }
    check("dev* -devops", &[&["dev*"]], &["devops"]);
}

#[test]
fn a_star_after_joined_words_takes_every_last_word_that_begins_so() {
    check("full-s*", &[&["full-s*"]], &[]);
    check("ci/c*", &[&["ci/c*"]], &[]);
    // More words begin so than an engine likes to try.
    check("and/s*", &[&["and/s*"]], &[]);
    check("the/s*", &[&["the/s*"]], &[]);
}

#[test]
fn words_and_filters_narrow_together() {
    let rust = crate::plain::skill("rust");
    let found: Vec<&Plain> = sample()
        .iter()
        .filter(|plain| row("kafka").stands_in(plain) && plain.has(rust))
        .collect();
    let answer = ask(&["search", "kafka", "--skill", "rust", "--limit", "400"]);
    assert_eq!(answer["total"], found.len());
    assert_eq!(answer["groups"], groups(&found).len());
    let alone = ask(&["search", "kafka", "--limit", "400"]);
    for hit in answer["hits"].as_array().unwrap() {
        let same = alone["hits"]
            .as_array()
            .unwrap()
            .iter()
            .find(|other| other["id"] == hit["id"]);
        assert!(
            same.is_none_or(|same| same["score"] == hit["score"]),
            "a filter adds nothing to a score"
        );
    }
}

#[test]
fn by_date_the_newest_with_the_words_come_first() {
    let answer = ask(&["search", "developer", "--sort", "date", "--limit", "400"]);
    let found: Vec<&Plain> = sample()
        .iter()
        .filter(|plain| row("developer").stands_in(plain))
        .collect();
    assert_eq!(ids(&answer), super::filters::newest_of_groups(&found));
}

#[test]
fn a_snippet_marks_the_words_and_comes_from_the_text() {
    let answer = ask(&["search", "kafka", "--limit", "30"]);
    for hit in answer["hits"].as_array().unwrap() {
        let text = crate::plain::by_id(hit["id"].as_str().unwrap())
            .posting
            .description_text
            .clone()
            .unwrap_or_default();
        let Some(snippet) = hit["snippet"].as_str() else {
            continue;
        };
        let plain = snippet.replace("**", "").trim_end_matches('…').to_owned();
        assert!(text.contains(&plain), "{snippet:?} is not in {}", hit["id"]);
        let marked: Vec<&str> = snippet.split("**").skip(1).step_by(2).collect();
        assert!(
            marked.iter().all(|word| word.to_lowercase() == "kafka"),
            "{snippet:?}"
        );
    }
}
