//! `match` looks only at postings that can be among the best. Over random
//! taxonomies, postings and people: what it returns and counts is what a loop
//! that scores every posting returns and counts. (That the score itself is the
//! one of the formula, `people.rs` holds.)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jobsift::index::{AskEntry, Document, Index, Kept};
use jobsift::past::Past;
use jobsift::posting::{Posting, ProfileSkill, Requirement, SkillProfile, SkillStrength, Years};
use jobsift::query::language::{Context, TextQuery};
use jobsift::query::rank::{Person, Scorer, Weights};
use jobsift::query::{Engine, Filter, Local, MatchRequest, Question, SkillChoice};
use jobsift::skills::{SkillNo, Taxonomy};

use super::random::Random;
use crate::support::{NOW, scratch};

/// Skills `s00`, `s01` …; each may imply later ones, be near to others, be
/// named by another, be a soft one.
fn taxonomy(random: &mut Random, n: usize) -> Arc<Taxonomy> {
    let directory = scratch();
    let mut text = String::new();
    for at in 0..n {
        let soft = random.one_in(8);
        let (kind, path) = match soft {
            true => ("soft", "soft/other"),
            false => ("technology", "tool/other"),
        };
        text.push_str(&format!(
            "[[skill]]\nid = \"s{at:02}\"\nlabel = \"S{at:02}\"\nkind = \"{kind}\"\npaths = [\"{path}\"]\n"
        ));
        if at + 1 < n && random.one_in(4) {
            let other = at + 1 + random.below(n - at - 1);
            text.push_str(&format!("implies = [\"s{other:02}\"]\n"));
        }
        if random.one_in(2) {
            let near: BTreeSet<usize> = (0..1 + random.below(3))
                .map(|_| random.below(n))
                .filter(|other| *other != at)
                .collect();
            let near: Vec<String> = near
                .iter()
                .map(|other| format!("{{ id = \"s{other:02}\", by = 0.{} }}", 1 + random.below(5)))
                .collect();
            text.push_str(&format!("near = [{}]\n", near.join(", ")));
        }
        text.push('\n');
    }
    std::fs::write(directory.path().join("all.toml"), text).unwrap();
    Arc::new(Taxonomy::from_directory(directory.path()).unwrap())
}

/// What a posting asks for: a few requirements, some with alternatives, common
/// skills far more often than rare ones.
fn profile(random: &mut Random, taxonomy: &Taxonomy) -> SkillProfile {
    let n = taxonomy.skills().len();
    let mut skill = || {
        let spread = 1 + random.below(n);
        SkillNo(random.below(spread) as u16)
    };
    let wanted: Vec<Vec<SkillNo>> = (0..7).map(|_| (0..3).map(|_| skill()).collect()).collect();
    let mut ask: Vec<Requirement> = Vec::new();
    for mut any_of in wanted.into_iter().take(random.below(8)) {
        any_of.truncate(if random.one_in(4) { 3 } else { 1 });
        any_of.sort_unstable();
        any_of.dedup();
        if ask.iter().any(|known| known.any_of == any_of) {
            continue;
        }
        let years = random.one_in(4).then(|| Years {
            min: Some(1.0 + random.below(8) as f32),
            max: None,
        });
        ask.push(Requirement {
            any_of,
            strength: *random.pick(SkillStrength::ALL),
            years,
            in_title: random.one_in(8),
        });
    }
    let mut skills: BTreeMap<SkillNo, ProfileSkill> = BTreeMap::new();
    let mut put = |skill: SkillNo, strength: SkillStrength, implied: bool| {
        let known = skills.entry(skill).or_insert(ProfileSkill {
            skill,
            strength,
            implied,
            in_title: false,
            years: None,
            sections: 0,
        });
        known.implied &= implied;
        known.strength = known.strength.joined(strength);
    };
    for wanted in &ask {
        for no in &wanted.any_of {
            put(*no, wanted.strength, false);
            for implied in taxonomy.implied_by(*no) {
                put(*implied, wanted.strength, true);
            }
        }
    }
    // Named with another, and not asked for.
    if random.one_in(5) {
        put(
            SkillNo(random.below(n) as u16),
            SkillStrength::Mentioned,
            false,
        );
    }
    SkillProfile {
        skills: skills.into_values().collect(),
        ask,
    }
}

const WORDS: &[&str] = &["harbour", "lantern", "meadow", "quartz"];

/// One posting as the loop sees it.
struct Seen {
    id: String,
    group: String,
    source: String,
    skills: BTreeSet<SkillNo>,
    posted_at: Option<Timestamp>,
    ask: Vec<AskEntry>,
}

struct World {
    taxonomy: Arc<Taxonomy>,
    engine: Local,
    seen: Vec<Seen>,
    _directory: tempfile::TempDir,
}

/// An index of `n` postings in several segments, every tenth or so a copy, some
/// put in twice.
fn world(random: &mut Random, n: usize, n_skills: usize) -> World {
    let directory = scratch();
    let taxonomy = taxonomy(random, n_skills);
    let index = Index::open_or_create(directory.path(), &taxonomy).unwrap();
    let mut writer = index.writer(&taxonomy, 1, 60_000_000).unwrap();
    let now: Timestamp = format!("{NOW}T00:00:00Z").parse().unwrap();
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for at in 0..n + n / 20 {
        // Those behind the end take the place of earlier ones.
        let number = if at < n { at } else { random.below(n) };
        let profile = profile(random, &taxonomy);
        let words: Vec<&str> = (0..6).map(|_| *random.pick(WORDS)).collect();
        let days = random.below(200) as i64;
        let posting = Posting {
            id: format!("random:{number:05}"),
            source: (*random.pick(&["one", "two"])).to_owned(),
            title: Some(format!("Posting {number}")),
            description_text: Some(format!("{} {number}", words.join(" "))),
            url: random
                .one_in(10)
                .then(|| format!("https://jobs.example/{}", random.below(n / 20 + 1))),
            posted_at: (!random.one_in(6))
                .then(|| Timestamp::from_second(now.as_second() - days * 86_400).unwrap()),
            ..Posting::default()
        };
        let one = Seen {
            id: posting.id.clone(),
            group: String::new(),
            source: posting.source.clone(),
            skills: profile.skills.iter().map(|known| known.skill).collect(),
            posted_at: posting.posted_at,
            ask: Vec::new(),
        };
        let mut kept = Kept {
            posting,
            contents: Vec::new(),
            past: Past::default(),
        };
        let document = Document::new(&index, &mut kept, &profile, &taxonomy).unwrap();
        match seen.insert(one.id.clone(), one) {
            Some(_) => writer.replace(document).unwrap(),
            None => writer.add(document).unwrap(),
        }
        if at % (n / 3 + 1) == n / 3 {
            writer.commit(None).unwrap();
        }
    }
    writer.commit(None).unwrap();
    writer.finish().unwrap();
    let engine = Local::new(&index, &taxonomy).unwrap();
    let mut seen: Vec<Seen> = seen.into_values().collect();
    assert_eq!(engine.snapshot().n_postings(), seen.len() as u64);
    for one in &mut seen {
        let found = engine.posting(&one.id).unwrap().unwrap();
        let asked = found.ask.iter().map(|entry| entry.skill);
        assert_eq!(one.skills, asked.collect(), "{}", one.id);
        assert_eq!(one.source, found.posting.source, "{}", one.id);
        assert_eq!(one.posted_at, found.posting.posted_at, "{}", one.id);
        (one.group, one.ask) = (found.group[0].clone(), found.ask);
    }
    World {
        taxonomy,
        engine,
        seen,
        _directory: directory,
    }
}

/// The groups' best postings in order, scored one by one.
fn loop_over(world: &World, request: &MatchRequest) -> Vec<(String, f64)> {
    let rarity = world.engine.rarity();
    let scorer = Scorer::new(
        &request.person,
        &world.taxonomy,
        rarity,
        request.weights,
        request.soft,
    );
    let has = |one: &Seen, choice: &SkillChoice| {
        let mut ids = choice.ids.iter();
        ids.any(|id| one.skills.contains(&world.taxonomy.by_id(id).unwrap()))
    };
    let mut best: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for one in &world.seen {
        let filter = &request.filter;
        if (!filter.sources.is_empty() && !filter.sources.contains(&one.source))
            || filter.not_skills.iter().any(|choice| has(one, choice))
            || !filter.skills.iter().all(|choice| has(one, choice))
            || request.not_copies_of.contains(&one.id)
            || (request.not_copies_of.iter()).any(|id| {
                let mut others = world.seen.iter();
                others.any(|other| other.id == *id && other.group == one.group)
            })
        {
            continue;
        }
        let age = one
            .posted_at
            .map(|at| (request.now.as_second() - at.as_second()) as f64 / 86_400.0);
        let score = scorer.score(&one.ask, None, age);
        let known = best.entry(&one.group).or_insert((score, &one.id));
        if score > known.0 {
            *known = (score, &one.id);
        }
    }
    let mut all: Vec<(String, f64)> = best
        .into_values()
        .filter(|(score, _)| *score > 0.0)
        .map(|(score, id)| (id.to_owned(), score))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}

fn request(random: &mut Random, world: &World) -> MatchRequest {
    let n = world.taxonomy.skills().len();
    let mut person = Person::default();
    for _ in 0..1 + random.below(12) {
        let no = SkillNo(random.below(n) as u16);
        if person.skills.iter().all(|(known, _)| *known != no) {
            let years = random.one_in(3).then(|| random.below(9) as f32);
            person.skills.push((no, years));
        }
    }
    let choice = |random: &mut Random| SkillChoice {
        ids: vec![format!("s{:02}", random.below(n))],
    };
    let filter = match random.below(5) {
        0 => Filter {
            sources: vec!["one".to_owned()],
            ..Filter::default()
        },
        1 => Filter {
            not_skills: vec![choice(random)],
            ..Filter::default()
        },
        2 => Filter {
            skills: vec![choice(random)],
            ..Filter::default()
        },
        _ => Filter::default(),
    };
    let share = |random: &mut Random| [0.0, 0.0, 0.2, 0.5, 1.0][random.below(5)];
    let (fit, used, fresh) = (share(random), share(random), share(random));
    let weights = match fit + used > 0.0 {
        true => Weights {
            fit,
            used,
            text: 0.0,
            fresh,
        },
        false => Weights::standard(false),
    };
    let not_copies_of = match random.one_in(4) {
        true => vec![random.pick(&world.seen).id.clone()],
        false => Vec::new(),
    };
    MatchRequest {
        person,
        text: None,
        filter,
        weights,
        soft: random.one_in(3),
        not_copies_of,
        now: format!("{NOW}T00:00:00Z").parse().unwrap(),
        limit: [0, 1, 3, 20, 100_000][random.below(5)],
        offset: [0, 0, 2, 50][random.below(4)],
    }
}

fn answered(world: &World, request: &MatchRequest) -> (u64, Vec<(String, f64)>) {
    let answer = world.engine.matches(request).unwrap();
    let hits = answer.hits.iter();
    let hits = hits.map(|found| (found.hit.posting.id.clone(), found.hit.score));
    (answer.n_groups, hits.collect())
}

fn check(world: &World, random: &mut Random, n_requests: usize) {
    for _ in 0..n_requests {
        let request = request(random, world);
        let expected = loop_over(world, &request);
        let (n_groups, hits) = answered(world, &request);
        let page = expected.iter().skip(request.offset).take(request.limit);
        assert_eq!(n_groups, expected.len() as u64, "{request:?}");
        assert_eq!(hits, page.cloned().collect::<Vec<_>>(), "{request:?}");
    }
}

#[test]
fn nothing_that_is_skipped_belongs_to_the_best() {
    for seed in 0..12 {
        let mut random = Random(seed);
        let (n, n_skills) = (20 + random.below(300), 4 + random.below(40));
        let world = world(&mut random, n, n_skills);
        check(&world, &mut random, 40);
    }
}

#[test]
fn nor_among_many_postings() {
    let mut random = Random(77);
    let world = world(&mut random, 10_000, 60);
    check(&world, &mut random, 30);
}

#[test]
fn with_words_a_short_page_is_the_beginning_of_a_long_one() {
    let mut random = Random(5);
    let world = world(&mut random, 1_000, 30);
    let context = Context {
        taxonomy: &world.taxonomy,
        now: format!("{NOW}T00:00:00Z").parse().unwrap(),
    };
    for at in 0..20 {
        let words = WORDS[at % WORDS.len()];
        let question: Question = TextQuery::parse(words).unwrap().resolve(context).unwrap();
        let mut request = request(&mut random, &world);
        request.text = Some(question);
        request.weights = Weights::standard(true);
        (request.offset, request.limit) = (0, 100_000);
        let (total, all) = answered(&world, &request);
        assert_eq!(total, all.len() as u64);
        request.limit = 10;
        let (n_groups, first) = answered(&world, &request);
        assert_eq!((n_groups, &first[..]), (total, &all[..all.len().min(10)]));
    }
}
