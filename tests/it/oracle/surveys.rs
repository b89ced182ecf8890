//! `winners`, `pay`, `skillset` and `emerging` by plain loops over the sample.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jobsift::skills::{SkillNo, Taxonomy};
use serde_json::Value;

use super::trends::{Vote, interval, n_of, votes};
use crate::json_schema::assert_valid;
use crate::plain::{Plain, groups, sample, skill};
use crate::support::ask;

/// Postings whose text is there: the only ones that say anything.
fn whole() -> Vec<&'static Plain> {
    sample()
        .iter()
        .filter(|plain| !plain.is_partial())
        .collect()
}

fn dated() -> Vec<&'static Plain> {
    let whole = whole().into_iter();
    whole.filter(|plain| plain.posted().is_some()).collect()
}

fn names(plain: &Plain) -> Vec<String> {
    let taxonomy = Taxonomy::embedded();
    let id = |no: SkillNo| taxonomy.skill(no).id.clone();
    plain.named().iter().map(|named| id(named.skill)).collect()
}

fn votes_in(left: &[&Plain], window: &Value) -> Vec<Vote> {
    let day = |name: &str| window[name].as_str().unwrap().parse::<Date>().unwrap();
    votes(left, "groups", day("start"), day("end"), &names)
}

#[track_caller]
fn is_share(told: &Value, votes: &[Vote], value: &str) {
    assert_eq!(told["n"], n_of(votes, value), "{value}");
    assert_eq!(told["total"], votes.len(), "{value}");
    let [share, low, high] = interval(votes, value, "all");
    for (name, wanted) in [("share", share), ("low", low), ("high", high)] {
        let told = told[name].as_f64().unwrap();
        assert!(
            (told - wanted).abs() < 1e-4,
            "{value}: {name} {told} is not {wanted}"
        );
    }
}

#[test]
fn every_language_of_winners_is_counted_by_hand() {
    let answer = ask(&["winners"]);
    assert_valid("output/winners.json", &answer);
    let trend = ask(&["trends", "language"]);
    assert_eq!(answer["window"], trend["last_year"]);
    let left = dated();
    let inside = votes_in(&left, &answer["window"]);
    assert_eq!(answer["total"], inside.len());
    let languages = answer["languages"].as_array().unwrap();
    let ids: Vec<&str> = languages
        .iter()
        .map(|line| line["value"].as_str().unwrap())
        .collect();
    let article = [
        "go",
        "python",
        "javascript",
        "rust",
        "java",
        "php",
        "ruby",
        "sql",
    ];
    assert_eq!(ids[..8], article);
    for (line, id) in languages.iter().zip(&ids) {
        is_share(&line["share"], &inside, id);
        let series = trend["series"].as_array().unwrap();
        if let Some(series) = series.iter().find(|series| series["value"] == **id) {
            for field in ["rank", "rank_range", "growth"] {
                assert_eq!(line[field], series[field], "{id}: {field}");
            }
        }
        let own: Vec<&Vote> = inside
            .iter()
            .filter(|vote| vote.values.contains(*id))
            .collect();
        let mut employers: BTreeMap<&str, u64> = BTreeMap::new();
        for vote in own
            .iter()
            .filter(|vote| !vote.employer.starts_with("nobody knows"))
        {
            *employers.entry(&vote.employer).or_default() += 1;
        }
        let mut most: Vec<u64> = employers.into_values().collect();
        most.sort_unstable_by(|a, b| b.cmp(a));
        most.truncate(5);
        let told = line["employers"].as_array().unwrap().iter();
        let told: Vec<u64> = told
            .map(|employer| employer["n"].as_u64().unwrap())
            .collect();
        assert_eq!(told, most, "{id}");
    }
    let most_used = &answer["categories"][0];
    assert_eq!(most_used["category"], "most used");
    let rank_of = |id: &str| n_of(&inside, id);
    let winner = most_used["winner"].as_str().unwrap();
    assert!(
        ids.iter()
            .all(|id| *id == "sql" || rank_of(id) <= rank_of(winner))
    );
    let loved = answer["categories"].as_array().unwrap().last().unwrap();
    assert!(loved["not_measurable"].is_string(), "{loved}");
}

/// The copies of one posting, and an amount with its currency.
type Paying = (Vec<&'static Plain>, Option<(f64, &'static str)>);

/// Middle of a closed yearly range, of each group of copies the first by currency and amount.
fn pays() -> Vec<Paying> {
    let left: Vec<&'static Plain> = whole();
    let mut pays = Vec::new();
    for members in groups(&left).into_values() {
        let middles = members.iter().filter_map(|plain| {
            let (min, max, currency) = plain.pay()?;
            Some(((min? + max?) / 2.0, currency))
        });
        let first = middles.min_by(|a, b| a.1.cmp(b.1).then(a.0.total_cmp(&b.0)));
        pays.push((members, first));
    }
    pays
}

fn countries(members: &[&Plain]) -> BTreeSet<String> {
    let places = members.iter().flat_map(|plain| &plain.posting.locations);
    places.filter_map(|place| place.country.clone()).collect()
}

#[test]
fn quantiles_of_pay_are_those_of_the_sorted_list() {
    let answer = ask(&["pay", "--currency", "USD"]);
    assert_valid("output/pay.json", &answer);
    let country = answer["scope"]["country"].as_str().unwrap();
    let pays = pays();
    let of = |id: Option<&str>| -> Vec<&Paying> {
        let is_of = |members: &[&Plain]| {
            let named =
                |plain: &&Plain| id.is_none_or(|id| names(plain).iter().any(|name| name == id));
            members.iter().any(named) && countries(members).contains(country)
        };
        pays.iter().filter(|(members, _)| is_of(members)).collect()
    };
    assert_eq!(answer["total"], of(None).len());
    let amounts = |id: Option<&str>| {
        let mut amounts: Vec<f64> = of(id)
            .into_iter()
            .filter_map(|(_, pay)| pay.filter(|(_, currency)| *currency == "USD"))
            .map(|(amount, _)| amount)
            .collect();
        amounts.sort_by(f64::total_cmp);
        amounts
    };
    let check = |told: &Value, amounts: &[f64]| {
        assert_eq!(told["n"], amounts.len());
        let middle = amounts.len() / 2;
        let median = match amounts.len() % 2 {
            1 => amounts[middle],
            _ => (amounts[middle - 1] + amounts[middle]) / 2.0,
        };
        assert_eq!(told["p50"].as_f64().unwrap(), median.round());
        let (low, high) = (
            told["p50_low"].as_f64().unwrap(),
            told["p50_high"].as_f64().unwrap(),
        );
        let is_there = |amount: f64| amounts.iter().any(|known| known.round() == amount);
        assert!(low <= median && median <= high && is_there(low) && is_there(high));
        assert!(
            told["p10"].as_f64() <= told["p25"].as_f64()
                && told["p75"].as_f64() <= told["p90"].as_f64()
        );
    };
    check(&answer["all"], &amounts(None));
    for line in answer["values"].as_array().unwrap() {
        let value = line["value"].as_str();
        check(&line["pay"], &amounts(value));
        assert_eq!(line["named_by"], of(value).len());
    }
}

#[test]
fn what_stands_beside_a_skill_is_counted_by_hand() {
    let answer = ask(&["skillset", "python", "--top", "50"]);
    assert_valid("output/skillset.json", &answer);
    let everybody: Vec<&Plain> = whole();
    let all: Vec<BTreeSet<String>> = groups(&everybody)
        .values()
        .map(|members| members.iter().flat_map(|plain| names(plain)).collect())
        .collect();
    let with: Vec<&BTreeSet<String>> = all
        .iter()
        .filter(|named| named.contains("python"))
        .collect();
    assert_eq!(answer["named"]["n"], with.len());
    assert_eq!(answer["named"]["total"], all.len());
    let beside = answer["beside"].as_array().unwrap();
    assert!(!beside.is_empty());
    for other in beside {
        let id = other["value"].as_str().unwrap();
        let both = with.iter().filter(|named| named.contains(id)).count();
        assert_eq!(other["share"]["n"], both, "{id}");
        let anywhere = all.iter().filter(|named| named.contains(id)).count();
        let lift = (both * all.len()) as f64 / (with.len() * anywhere) as f64;
        assert!(
            (other["lift"]["value"].as_f64().unwrap() - lift).abs() < 1e-3,
            "{id}"
        );
        assert!(both >= 20);
    }
    // What is left out has fewer than twenty or is implied by Python.
    let told: BTreeSet<&str> = beside
        .iter()
        .map(|other| other["value"].as_str().unwrap())
        .collect();
    let implied = Taxonomy::embedded().implied_by(skill("python")).to_vec();
    for id in with.iter().copied().flatten().filter(|id| *id != "python") {
        let both = with.iter().filter(|named| named.contains(id)).count();
        let is_implied = implied.contains(&skill(id));
        assert_eq!(
            told.contains(id.as_str()),
            both >= 20 && !is_implied,
            "{id}"
        );
    }
}

#[test]
fn what_emerges_is_counted_by_hand_in_both_windows() {
    let answer = ask(&["emerging", "--top", "50"]);
    assert_valid("output/emerging.json", &answer);
    let left = dated();
    let windows = answer["windows"].as_array().unwrap();
    let (later, earlier) = (votes_in(&left, &windows[0]), votes_in(&left, &windows[1]));
    assert_eq!(
        answer["totals"],
        serde_json::json!([later.len(), earlier.len()])
    );
    let lists = ["rising", "fading"].map(|name| answer[name].as_array().unwrap());
    for change in lists.into_iter().flatten() {
        let id = change["value"].as_str().unwrap();
        is_share(&change["to"], &later, id);
        is_share(&change["from"], &earlier, id);
        assert!(change["employers"].as_u64().unwrap() >= 5, "{change}");
    }
    // So many skills have twenty votes of five employers in the window in which they are commoner.
    let taxonomy = Taxonomy::embedded();
    let is_tested = |id: &str| {
        let share = |votes: &[Vote]| n_of(votes, id) as f64 / votes.len() as f64;
        let most = if share(&later) >= share(&earlier) {
            &later
        } else {
            &earlier
        };
        let naming = || most.iter().filter(|vote| vote.values.contains(id));
        let employers: BTreeSet<&str> = naming()
            .map(|vote| vote.employer.as_str())
            .filter(|employer| !employer.starts_with("nobody knows"))
            .collect();
        naming().count() >= 20 && employers.len() >= 5
    };
    let hard = taxonomy
        .skills()
        .iter()
        .filter(|skill| skill.kind.is_hard());
    assert_eq!(
        answer["tested"],
        hard.filter(|skill| is_tested(&skill.id)).count()
    );
}
