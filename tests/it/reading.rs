//! The skill reader against postings labelled by hand, dense in hard cases:
//! `corpus/truth/reading-1.toml` and `reading-2.toml`.

#![expect(
    clippy::print_stdout,
    reason = "a test run with --nocapture shows what was measured"
)]

use std::collections::{BTreeMap, BTreeSet};

use jobsift::extract::{Advert, Extractor, Mention};
use jobsift::skills::{Kind, SkillNo};
use toml::Value;

const FILES: [&str; 2] = [
    include_str!("../../corpus/truth/reading-1.toml"),
    include_str!("../../corpus/truth/reading-2.toml"),
];

/// How many of how many.
#[derive(Default, Clone, Copy)]
struct Of(usize, usize);

impl Of {
    fn add(&mut self, right: bool) {
        self.0 += usize::from(right);
        self.1 += 1;
    }

    #[track_caller]
    fn check(self, what: &str, least: usize, floor: f64) {
        let share = self.0 as f64 / self.1 as f64;
        println!(
            "{what:<24} {share:.4}  ({} of {}, floor {floor})",
            self.0, self.1
        );
        assert!(
            self.1 >= least,
            "{what}: {} cases are fewer than {least}",
            self.1
        );
        assert!(share >= floor, "{what}: {share:.4} is below {floor}");
    }
}

fn texts<'a>(posting: &'a Value, key: &str) -> Vec<&'a str> {
    let list = posting.get(key).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn hard_cases_are_read_as_a_careful_person_reads_them() {
    let extractor = Extractor::embedded();
    let taxonomy = extractor.taxonomy();
    let resolve = |name: &str| taxonomy.resolve(name).ok();
    let (mut found, mut recalled) = (Of::default(), Of::default());
    let (mut strength, mut years, mut groups) = (Of::default(), Of::default(), Of::default());
    let (mut negated, mut own, mut kept_out) = (Of::default(), Of::default(), Of::default());
    let mut n_postings = 0;
    for file in FILES {
        let whole: toml::Table = toml::from_str(file).unwrap();
        for posting in whole["posting"].as_array().unwrap() {
            n_postings += 1;
            let text = |key: &str| posting.get(key).and_then(Value::as_str);
            let id = text("id").unwrap();
            let advert = Advert {
                title: text("title"),
                text: text("text").unwrap(),
                company: text("company"),
                ..Advert::default()
            };
            let reading = extractor.read(&advert);
            let hard = |mention: &&Mention| {
                let kind = taxonomy.skill(mention.skill).kind;
                !mention.implied && !matches!(kind, Kind::Soft | Kind::Responsibility)
            };
            let mut got: BTreeMap<SkillNo, Vec<&Mention>> = BTreeMap::new();
            let body = reading.body.iter().filter(hard);
            for mention in body
                .clone()
                .filter(|mention| !mention.negated && mention.section.counts())
            {
                got.entry(mention.skill).or_default().push(mention);
            }
            let in_title: BTreeSet<SkillNo> = reading
                .title
                .iter()
                .filter(hard)
                .map(|mention| mention.skill)
                .collect();

            let mut wanted: BTreeMap<SkillNo, &Value> = BTreeMap::new();
            for skill in posting
                .get("skills")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let name = skill["name"].as_str().unwrap();
                let no = resolve(name).unwrap_or_else(|| panic!("{id}: no skill is called {name}"));
                wanted.insert(no, skill);
            }
            let maybe: Vec<Option<SkillNo>> =
                texts(posting, "maybe").into_iter().map(resolve).collect();
            for no in got.keys().filter(|no| !maybe.contains(&Some(**no))) {
                found.add(wanted.contains_key(no));
            }
            for (no, skill) in &wanted {
                let Some(mentions) = got.get(no) else {
                    recalled.add(in_title.contains(no));
                    continue;
                };
                recalled.add(true);
                let strongest = mentions
                    .iter()
                    .map(|mention| mention.strength)
                    .reduce(|a, b| a.joined(b))
                    .unwrap();
                strength.add(Some(strongest.as_str()) == skill["strength"].as_str());
                let asked = match skill.get("years") {
                    Some(Value::Array(range)) => range.first().cloned(),
                    other => other.cloned(),
                };
                let asked = asked
                    .and_then(|asked| asked.as_float().or(asked.as_integer().map(|n| n as f64)));
                if let Some(asked) = asked {
                    let of = |mention: &&Mention| mention.years.and_then(|years| years.min);
                    years.add(
                        mentions
                            .iter()
                            .filter_map(of)
                            .any(|n| (f64::from(n) - asked).abs() < 0.01),
                    );
                }
            }
            for list in posting
                .get("any_of")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let names = list.as_array().unwrap().iter().filter_map(Value::as_str);
                let of = |name: &str| -> BTreeSet<u32> {
                    let no = resolve(name);
                    body.clone()
                        .filter(|mention| Some(mention.skill) == no)
                        .filter_map(|mention| mention.group)
                        .collect()
                };
                let shared = names
                    .map(of)
                    .reduce(|a, b| a.intersection(&b).copied().collect());
                groups.add(shared.is_some_and(|shared| !shared.is_empty()));
            }
            for name in texts(posting, "negated") {
                negated.add(resolve(name).is_none_or(|no| !got.contains_key(&no)));
            }
            for name in texts(posting, "own_name") {
                let is = |no| got.contains_key(&no) == wanted.contains_key(&no);
                own.add(resolve(name).is_none_or(is));
            }
            for name in texts(posting, "not")
                .into_iter()
                .chain(texts(posting, "about"))
            {
                let is = |no| !got.contains_key(&no) || wanted.contains_key(&no);
                kept_out.add(resolve(name).is_none_or(is));
            }
        }
    }
    println!("{n_postings} postings");
    found.check("precision", 1000, 0.97);
    recalled.check("recall", 1000, 0.97);
    strength.check("strength", 100, 0.95);
    years.check("years", 100, 0.95);
    groups.check("either-or groups", 100, 0.95);
    negated.check("negation", 100, 0.95);
    own.check("employer's own name", 100, 0.95);
    kept_out.check("kept out", 100, 0.95);
}

/// A text that names a skill by a weak form, and one that does not.
#[derive(serde::Deserialize)]
struct BothWays {
    yes: String,
    no: String,
}

#[test]
fn every_ambiguous_skill_is_told_from_what_it_is_not() {
    let extractor = Extractor::embedded();
    let taxonomy = extractor.taxonomy();
    let names = |text: &str, no: SkillNo| {
        let mentions = extractor.extract(text);
        mentions
            .iter()
            .any(|mention| mention.skill == no && !mention.implied && !mention.negated)
    };
    let mut cases: BTreeMap<String, BothWays> = BTreeMap::new();
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/extract/ambiguous"
    );
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let more: BTreeMap<String, BothWays> = toml::from_str(&text).unwrap();
        cases.extend(more);
    }
    let mut wrong = Vec::new();
    for (no, skill) in taxonomy
        .iter()
        .filter(|(_, skill)| !skill.weak().is_empty())
    {
        let Some(case) = cases.remove(&skill.id) else {
            wrong.push(format!("{}: no case beside it", skill.id));
            continue;
        };
        if !names(&case.yes, no) {
            wrong.push(format!("{}: not found in {:?}", skill.id, case.yes));
        }
        if names(&case.no, no) {
            wrong.push(format!("{}: found in {:?}", skill.id, case.no));
        }
    }
    wrong.extend(
        cases
            .keys()
            .map(|id| format!("{id}: no skill with weak forms")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
