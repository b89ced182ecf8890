//! Searches for the constants of a match on one half of the graded people and
//! checks them on the other. See `README.md`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jobsift::ingest::inputs;
use jobsift::query::Local;
use jobsift::query::rank::{CONSTANTS, Constants, Person, Weights};
use jobsift::skills::Taxonomy;

use support::pool::{Pool, mean, reciprocal_rank};
use support::tagged::{self, Options};

const PEOPLE: &str = include_str!("../corpus/truth/people.toml");

/// A constant: its name, the values tried, where it stands.
struct Knob {
    name: &'static str,
    values: &'static [f64],
    at: fn(&mut Constants) -> &mut f64,
}

/// `required` is 1: weights count only against one another. The share of use is
/// what fit leaves.
const KNOBS: &[Knob] = &[
    Knob {
        name: "mentioned",
        values: &[0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
        at: |constants| &mut constants.mentioned,
    },
    Knob {
        name: "preferred",
        values: &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        at: |constants| &mut constants.preferred,
    },
    Knob {
        name: "title",
        values: &[1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0],
        at: |constants| &mut constants.title,
    },
    Knob {
        name: "kappa",
        values: &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0],
        at: |constants| &mut constants.kappa,
    },
    Knob {
        name: "least_years",
        values: &[0.0, 0.25, 0.5, 0.75, 1.0],
        at: |constants| &mut constants.least_years,
    },
    Knob {
        name: "fit",
        values: &[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
        at: |constants| &mut constants.skills_alone.fit,
    },
];

fn main() {
    let taxonomy = Taxonomy::embedded();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let sample = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/sample");
    let files = inputs(&[sample]).expect("the sample is there");
    let index = support::index_files(files, &directory.path().join("index"));
    let pool = Pool::of(&Local::new(&index, &taxonomy).expect("it was just built"));
    let people = Graded::all(&pool, &taxonomy);
    // Every second one: neighbours in the file are of one kind.
    let (first, second): (Vec<_>, Vec<_>) =
        people.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let halves =
        [first, second].map(|half| half.into_iter().map(|(_, one)| one).collect::<Vec<_>>());
    let known = Known::read(&taxonomy);
    println!(
        "{} people, {} and {} in the halves; {} postings; NDCG@10, and MRR@10 of {} tagged postings",
        people.len(),
        halves[0].len(),
        halves[1].len(),
        pool.postings.len(),
        known.as_ref().map_or(0, |known| known.asked.len()),
    );
    let tell = |name: &str, constants: &Constants| {
        let all: Vec<&Graded> = people.iter().collect();
        let mrr = known
            .as_ref()
            .map_or(f64::NAN, |known| known.mrr(constants, &taxonomy));
        println!(
            "{name:<28} first {:.4}  second {:.4}  all {:.4}  tagged {mrr:.4}",
            ndcg(&pool, &halves[0], constants, &taxonomy),
            ndcg(&pool, &halves[1], constants, &taxonomy),
            ndcg(&pool, &all, constants, &taxonomy),
        );
    };
    tell("in use", &CONSTANTS);
    if !support::is_measuring() {
        return;
    }
    for (name, half) in ["chosen on the first half", "chosen on the second half"]
        .iter()
        .zip(&halves)
    {
        let chosen = search(|constants| ndcg(&pool, half, constants, &taxonomy));
        tell(name, &chosen);
        println!("    {}", told(&chosen));
    }
    println!("one constant changed, the others as they are:");
    for knob in KNOBS {
        for value in knob.values {
            tell(
                &format!("{} {value}", knob.name),
                &with(&CONSTANTS, knob, *value),
            );
        }
    }
}

fn told(constants: &Constants) -> String {
    let mut constants = *constants;
    let one = |knob: &Knob| format!("{} {}", knob.name, (knob.at)(&mut constants));
    KNOBS.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn with(constants: &Constants, knob: &Knob, value: f64) -> Constants {
    let mut changed = *constants;
    *(knob.at)(&mut changed) = value;
    changed.skills_alone.used = 1.0 - changed.skills_alone.fit;
    changed
}

/// One constant at a time, from those in use, until none gets better; a tie
/// leaves a constant as it is.
fn search(quality: impl Fn(&Constants) -> f64) -> Constants {
    let mut best = CONSTANTS;
    let mut of_best = quality(&best);
    loop {
        let before = of_best;
        for knob in KNOBS {
            for value in knob.values {
                let tried = with(&best, knob, *value);
                let of_tried = quality(&tried);
                if of_tried > of_best + 1e-9 {
                    (best, of_best) = (tried, of_tried);
                }
            }
        }
        if of_best <= before {
            return best;
        }
    }
}

/// A person with the grades of groups of postings.
struct Graded {
    person: Person,
    grades: BTreeMap<String, i64>,
}

impl Graded {
    fn all(pool: &Pool, taxonomy: &Taxonomy) -> Vec<Graded> {
        let truth: toml::Table = PEOPLE.parse().expect("the truth is TOML");
        let people = truth["person"].as_array().expect("it lists people");
        let graded = |person: &toml::Value| {
            let skills = person["skills"]
                .as_array()
                .expect("a list of skills")
                .iter();
            let skill = |word: &toml::Value| {
                let word = word.as_str().expect("a skill is text");
                let (name, years) = match word.rsplit_once(':') {
                    Some((name, years)) => (name, years.parse().ok()),
                    None => (word, None),
                };
                (taxonomy.find(name).expect("a known skill"), years)
            };
            let mut grades = BTreeMap::new();
            for (id, grade) in person["grades"].as_table().expect("grades by id") {
                let pooled = pool.postings.iter().find(|pooled| pooled.id == *id);
                let group = &pooled.expect("the sample has the posting").group;
                let grade = grade.as_integer().expect("a grade is a number");
                let best = grades.entry(group.clone()).or_insert(0);
                *best = grade.max(*best);
            }
            Graded {
                person: Person {
                    skills: skills.map(skill).collect(),
                },
                grades,
            }
        };
        people.iter().map(graded).collect()
    }
}

/// Mean normalised discounted cumulative gain of the first ten, with gains of
/// 2^grade − 1 (Järvelin and Kekäläinen 2002).
fn ndcg(pool: &Pool, people: &[&Graded], constants: &Constants, taxonomy: &Taxonomy) -> f64 {
    let gain = |grade: i64| 2f64.powi(grade as i32) - 1.0;
    let sum = |grades: &mut dyn Iterator<Item = i64>| {
        (2..)
            .zip(grades.take(10))
            .map(|(rank, grade)| gain(grade) / f64::from(rank).log2())
            .sum::<f64>()
    };
    let rarity = pool.rarity(*constants);
    let of_person = |one: &&Graded| {
        let best = pool.best(&one.person, taxonomy, &rarity, constants.skills_alone, 10);
        let grade = |(group, _): &(&str, f64)| one.grades.get(*group).copied().unwrap_or(0);
        let mut ideal: Vec<i64> = one.grades.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        sum(&mut best.iter().map(grade)) / sum(&mut ideal.into_iter())
    };
    mean(&people.iter().map(of_person).collect::<Vec<_>>())
}

/// Tagged postings to look for, where the command line names a file of them.
struct Known {
    pool: Pool,
    asked: Vec<(Person, String)>,
}

impl Known {
    fn read(taxonomy: &Arc<Taxonomy>) -> Option<Known> {
        let options = Options::read();
        if options.tagged.is_empty() {
            return None;
        }
        let tagged = tagged::tagged(&options);
        let directory = tempfile::tempdir().expect("a temporary directory");
        let file = directory.path().join("tagged.jsonl");
        tagged::write(&tagged, &file);
        let mut files = options.among;
        files.push(file);
        let files = inputs(&files).expect("the files are there");
        let index = support::index_files(files, &directory.path().join("index"));
        let pool = Pool::of(&Local::new(&index, taxonomy).expect("it was just built"));
        let group_of: BTreeMap<&str, &str> = pool
            .postings
            .iter()
            .map(|pooled| (pooled.id.as_str(), pooled.group.as_str()))
            .collect();
        let asked = tagged.iter().filter_map(|one| {
            let group = group_of.get(one.id.as_str())?;
            let (person, _) = tagged::person(&one.tags, taxonomy);
            Some((person, (*group).to_owned()))
        });
        let asked = asked.collect();
        Some(Known { pool, asked })
    }

    fn mrr(&self, constants: &Constants, taxonomy: &Taxonomy) -> f64 {
        let rarity = self.pool.rarity(*constants);
        let of = |(person, wanted): &(Person, String)| {
            let weights: Weights = constants.skills_alone;
            let best = self.pool.best(person, taxonomy, &rarity, weights, 10);
            reciprocal_rank(best.iter().map(|(group, _)| *group), wanted)
        };
        mean(&self.asked.iter().map(of).collect::<Vec<_>>())
    }
}
