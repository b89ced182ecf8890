//! Word search: which postings are found, in how many groups, in which order.

use std::collections::{BTreeMap, BTreeSet};

use jobsift::skills::{Kind, SkillNo, Taxonomy};
use serde_json::Value;

use crate::plain::{Plain, groups, is_sign, sample, words_of};
use crate::support::{ask, ids};

/// A word or words in a row, and how they are looked for.
#[derive(Clone)]
pub(super) struct Row {
    words: Vec<String>,
    how: How,
    /// The skill that is called so.
    skill: Option<SkillNo>,
    /// A technology: found as it stands.
    is_name: bool,
    /// What the city of that name is called in the list of places.
    cities: Vec<Vec<String>>,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Word,
    Quoted,
    Begun,
    Typo,
}

/// Reads `word`, `"words in a row"`, `begin*`, `tpyo~`; a sign in front is left alone.
pub(super) fn row(text: &str) -> Row {
    let text = text.trim_start_matches('+');
    let (bare, how) = match text {
        text if text.starts_with('"') => (text.trim_matches('"'), How::Quoted),
        text if text.ends_with('*') => (text.trim_end_matches('*'), How::Begun),
        text if text.ends_with('~') => (text.trim_end_matches('~'), How::Typo),
        text => (text, How::Word),
    };
    let taxonomy = Taxonomy::embedded();
    let exact = taxonomy.find(bare);
    let is = |name: &String| name.eq_ignore_ascii_case(bare);
    let is_sure = |no: &SkillNo| {
        let skill = taxonomy.skill(*no);
        is(&skill.label) || is(&skill.id) || skill.aliases().iter().any(is)
    };
    let names = match how == How::Word && bare.chars().count() > 3 {
        true => jobsift::fields::places::city_names(bare),
        false => Vec::new(),
    };
    Row {
        words: words_of(bare),
        how,
        cities: names.into_iter().map(words_of).collect(),
        skill: exact.filter(|no| how == How::Word && is_sure(no)),
        is_name: exact.is_some_and(|no| {
            matches!(
                taxonomy.skill(no).kind,
                Kind::Technology | Kind::Certification
            )
        }),
    }
}

/// The Snowball stem of a word of letters.
fn stem(language: &str, word: &str) -> Option<String> {
    use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};
    let language = match language {
        "en" => Language::English,
        "de" => Language::German,
        "fr" => Language::French,
        "es" => Language::Spanish,
        "pt" => Language::Portuguese,
        "it" => Language::Italian,
        "nl" => Language::Dutch,
        _ => return None,
    };
    if word.chars().count() < 4 || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default())
        .filter(Stemmer::new(language))
        .build();
    let mut stream = analyzer.token_stream(word);
    stream.next().map(|token| token.text.clone())
}

/// Inserted, dropped, replaced or swapped letters, at most one.
fn is_one_typo(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => true,
        _ if a.len() == b.len() => {
            a[1..] == b[1..] || (a.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
        }
        _ if a.len() == b.len() + 1 => a[1..] == *b,
        _ if a.len() + 1 == b.len() => *a == b[1..],
        _ => false,
    }
}

impl Row {
    pub(super) fn stands_in(&self, plain: &Plain) -> bool {
        let named = |no: SkillNo| {
            plain
                .profile
                .skills
                .iter()
                .any(|known| known.skill == no && !known.implied)
        };
        let language = plain.posting.text_language.as_deref();
        let last = self.words.len() - 1;
        // Other forms count in title and text, not in names of employers and places.
        let fits = |wanted: &String, found: &String, is_prose: bool| match self.how {
            How::Begun => found.starts_with(wanted),
            How::Typo if last == 0 => is_one_typo(wanted, found),
            How::Word if last == 0 && !self.is_name && is_prose => {
                let same_stem = |language: &str| {
                    let wanted = stem(language, wanted);
                    wanted.is_some() && wanted == stem(language, found)
                };
                found == wanted || language.is_some_and(same_stem)
            }
            _ => found == wanted,
        };
        let in_a_row = |run: &[String], words: &[String], is_prose: bool| {
            let (last, before) = run.split_last().unwrap();
            words.windows(run.len()).any(|window| {
                window[..before.len()] == *before && fits(last, &window[before.len()], is_prose)
            })
        };
        // Of five signs or more three quarters of the pairs are enough.
        let stands = |run: &[String], words: &[String], is_prose: bool| {
            let n_pairs = run.len() - 1;
            let pairs = run
                .windows(2)
                .filter(|pair| in_a_row(pair, words, is_prose));
            let is_loose = self.how == How::Word && n_pairs >= 4 && is_of_signs(&run[0]);
            in_a_row(run, words, is_prose) || is_loose && pairs.count() * 4 >= n_pairs * 3
        };
        let runs: Vec<&[String]> = match self.how {
            How::Word => self
                .words
                .chunk_by(|a, b| is_of_signs(a) == is_of_signs(b))
                .collect(),
            _ => vec![&self.words[..]],
        };
        let in_text = plain
            .words
            .iter()
            .enumerate()
            .any(|(at, words)| runs.iter().all(|run| stands(run, words, at < 2)));
        let mut facts = plain.words.iter().skip(2);
        let in_city = facts.any(|words| {
            let mut cities = self.cities.iter();
            cities.any(|city| words.windows(city.len()).any(|window| window == city))
        });
        // Of a skill of one letter the letter says nothing.
        let is_letter = self.skill.is_some() && self.words.concat().chars().count() == 1;
        match self.skill {
            Some(no) if is_letter => {
                named(no)
                    || plain
                        .words
                        .iter()
                        .skip(2)
                        .any(|words| words.contains(&self.words[0]))
            }
            Some(no) => in_text || named(no),
            None => in_text || in_city,
        }
    }
}

fn is_of_signs(word: &str) -> bool {
    word.starts_with(is_sign)
}

/// Compares a search with the loop: each of `all` is a list of alternatives.
/// Lone words without signs are wanted; where fewer than ten groups have all,
/// fewer of them are enough.
#[track_caller]
fn check(query: &str, all: &[&[&str]], none: &[&str]) -> usize {
    // Read once each: there are many postings.
    let known: BTreeMap<&str, Row> = all
        .iter()
        .copied()
        .flatten()
        .chain(none)
        .map(|text| (*text, row(text)))
        .collect();
    let any = |plain: &Plain, texts: &[&str]| texts.iter().any(|text| known[text].stands_in(plain));
    let is_lone = |texts: &&&[&str]| {
        texts.len() == 1 && !texts[0].starts_with(['"', '+']) && !texts[0].ends_with(['*', '~'])
    };
    let lone = |plain: &Plain| {
        all.iter()
            .filter(is_lone)
            .filter(|texts| any(plain, texts))
            .count()
    };
    let passes = |plain: &&Plain| {
        all.iter()
            .filter(|texts| !is_lone(texts))
            .all(|texts| any(plain, texts))
            && !any(plain, none)
    };
    let n_lone = all.iter().filter(is_lone).count();
    let with = |n: usize| -> Vec<&Plain> {
        sample()
            .iter()
            .filter(passes)
            .filter(|plain| lone(plain) >= n)
            .collect()
    };
    let (mut found, mut have) = (with(n_lone), n_lone);
    for fewer in (1..n_lone).rev() {
        if groups(&found).len() >= 10 {
            break;
        }
        let more = with(fewer);
        if more.len() > found.len() {
            (found, have) = (more, fewer);
        }
    }
    let answer = ask(&["search", query, "--limit", "400"]);
    let by_group = groups(&found);
    assert_eq!(answer["total"], found.len(), "postings for {query}");
    assert_eq!(answer["groups"], by_group.len(), "groups for {query}");
    let relaxed = match have < n_lone {
        true => serde_json::json!({"words": n_lone, "have": have}),
        false => Value::Null,
    };
    assert_eq!(answer["relaxed"], relaxed, "{query}");
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

#[test]
fn where_few_postings_have_all_words_some_are_enough() {
    assert!(check("rust zzyzx", &[&["rust"], &["zzyzx"]], &[]) > 0);
    assert!(
        check(
            "remote data engineer airflow zzyzx",
            &[
                &["remote"],
                &["data"],
                &["engineer"],
                &["airflow"],
                &["zzyzx"]
            ],
            &[]
        ) > 0
    );
    // What is insisted on stays.
    assert_eq!(check("rust +zzyzx", &[&["rust"], &["+zzyzx"]], &[]), 0);
    assert_eq!(
        check("rust \"zzyzx\"", &[&["rust"], &["\"zzyzx\""]], &[]),
        0
    );
}

#[test]
fn other_forms_and_spellings_are_found_and_names_stay_as_they_are() {
    assert!(check("payment", &[&["payment"]], &[]) > 0);
    check("\"payment\"", &[&["\"payment\""]], &[]);
    check("k8s", &[&["k8s"]], &[]);
    check("rails", &[&["rails"]], &[]);
    check("kafak~", &[&["kafak~"]], &[]);
    check("postgre~", &[&["postgre~"]], &[]);
    let forms = ids(&ask(&["search", "payment", "--limit", "400"])).len();
    let exact = ids(&ask(&["search", "\"payment\"", "--limit", "400"])).len();
    assert!(forms > exact, "{forms} {exact}");
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
fn employers_places_and_the_workplace_are_found_by_words() {
    for word in ["Saltmarsh", "Germany"] {
        assert!(check(word, &[&[word]], &[]) > 0, "{word}");
    }
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
fn chinese_words_are_found_by_their_signs() {
    for word in [
        "开发",
        "工程师",
        "发",
        "后端工程师",
        "Go工程师",
        "\"后端开发\"",
    ] {
        assert!(check(word, &[&[word]], &[]) > 0, "{word}");
    }
    check("师工程", &[&["师工程"]], &[]);
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
        &[&["+go"], &["+kubernetes"], &["docker"]],
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
        &[&["\"machine learning\"", "\"deep learning\""]],
        &[],
    );
}

#[test]
fn a_phrase_stands_together_and_in_order() {
    assert!(check("\"machine learning\"", &[&["\"machine learning\""]], &[]) > 0);
    check("\"learning machine\"", &[&["\"learning machine\""]], &[]);
    check("\"go to market\"", &[&["\"go to market\""]], &[]);
    check(
        "\"ruby on rails\" postgresql",
        &[&["\"ruby on rails\""], &["postgresql"]],
        &[],
    );
}

#[test]
fn a_minus_rules_out() {
    assert!(check("java -spring", &[&["java"]], &["spring"]) > 0);
    check(
        "developer -\"ruby on rails\" -php",
        &[&["developer"]],
        &["\"ruby on rails\"", "php"],
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
    let (rust, kafka) = (crate::plain::skill("rust"), row("kafka"));
    let found: Vec<&Plain> = sample()
        .iter()
        .filter(|plain| kafka.stands_in(plain) && plain.has(rust))
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
    let developer = row("developer");
    let found: Vec<&Plain> = sample()
        .iter()
        .filter(|plain| developer.stands_in(plain))
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
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            one_line(&text).contains(&one_line(&plain)),
            "{snippet:?} is not in {}",
            hit["id"]
        );
        let marked: Vec<&str> = snippet.split("**").skip(1).step_by(2).collect();
        assert!(
            marked
                .iter()
                .all(|word| word.to_lowercase().contains("kafka")),
            "{snippet:?}"
        );
    }
}
