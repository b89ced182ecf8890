//! Every n, N, share, rank and growth of a trend, by the rules of `src/report/` written out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use jobsift::posting::SkillStrength;
use jobsift::skills::Taxonomy;
use serde_json::Value;

use crate::plain::{Named, Plain, bare, groups, sample, skill};
use crate::support::ask;

const Z: f64 = 1.959964;

/// One vote: who casts it, and for what.
pub(super) struct Vote {
    pub(super) employer: String,
    pub(super) values: BTreeSet<String>,
}

pub(super) type Values<'a> = &'a dyn Fn(&Plain) -> Vec<String>;

pub(super) fn day(plain: &Plain) -> Date {
    plain.record["posted_at"].as_str().unwrap()[..10]
        .parse()
        .unwrap()
}

/// The votes of the days from `start` to before `end`.
pub(super) fn votes(
    left: &[&Plain],
    unit: &str,
    start: Date,
    end: Date,
    values: Values<'_>,
) -> Vec<Vote> {
    let inside = |plain: &Plain| day(plain) >= start && day(plain) < end;
    let vote = |members: &[&Plain]| Vote {
        employer: members
            .iter()
            .find_map(|plain| plain.employer())
            .unwrap_or_else(|| format!("nobody knows: {}", members[0].id)),
        values: members.iter().flat_map(|plain| values(plain)).collect(),
    };
    let mut votes = Vec::new();
    for mut members in groups(left).into_values() {
        members.sort_by_key(|plain| day(plain));
        match unit {
            "adverts" => votes.extend(
                members
                    .iter()
                    .filter(|plain| inside(plain))
                    .map(|plain| vote(&[plain])),
            ),
            "groups" => {
                let members: Vec<&Plain> =
                    members.into_iter().filter(|plain| inside(plain)).collect();
                if !members.is_empty() {
                    votes.push(vote(&members));
                }
            }
            "spells" => {
                let mut spells: Vec<Vec<&Plain>> = Vec::new();
                for plain in members {
                    let gap = spells.last().map(|spell| {
                        day(spell[spell.len() - 1])
                            .until((Unit::Day, day(plain)))
                            .unwrap()
                            .get_days()
                    });
                    match gap {
                        Some(days) if days <= 30 => spells.last_mut().unwrap().push(plain),
                        _ => spells.push(vec![plain]),
                    }
                }
                votes.extend(
                    spells
                        .iter()
                        .filter(|spell| inside(spell[0]))
                        .map(|spell| vote(spell)),
                );
            }
            other => panic!("{other}"),
        }
    }
    votes
}

pub(super) fn n_of(votes: &[Vote], value: &str) -> u64 {
    votes
        .iter()
        .filter(|vote| vote.values.contains(value))
        .count() as u64
}

fn total_of(votes: &[Vote], denominator: &str) -> u64 {
    votes
        .iter()
        .filter(|vote| denominator == "all" || !vote.values.is_empty())
        .count() as u64
}

/// Share, low and high: Wilson on the number of votes divided by the design
/// effect of employers (Rao and Scott 1992, the variance written as a sum of squares).
pub(super) fn interval(votes: &[Vote], value: &str, denominator: &str) -> [f64; 3] {
    let (n, total) = (
        n_of(votes, value) as f64,
        total_of(votes, denominator) as f64,
    );
    if total == 0.0 {
        return [0.0, 0.0, 1.0];
    }
    let mut clusters: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for vote in votes {
        let cluster = clusters.entry(&vote.employer).or_default();
        cluster.0 += f64::from(vote.values.contains(value));
        cluster.1 += 1.0;
    }
    let (k, all) = (clusters.len() as f64, votes.len() as f64);
    let p = n / all;
    let effect = if k < 2.0 || n == 0.0 || n >= all {
        1.0
    } else {
        let squares: f64 = clusters.values().map(|(x, m)| (x - p * m).powi(2)).sum();
        (k / (k - 1.0) * squares / (all * all) / (p * (1.0 - p) / all)).max(1.0)
    };
    let size = total / effect;
    let share = n / total;
    let middle = (share + Z * Z / (2.0 * size)) / (1.0 + Z * Z / size);
    let half = Z / (1.0 + Z * Z / size)
        * (share * (1.0 - share) / size + Z * Z / (4.0 * size * size)).sqrt();
    [
        share,
        (middle - half).max(0.0).min(share),
        (middle + half).min(1.0).max(share),
    ]
}

#[track_caller]
pub(super) fn near(found: &Value, expected: f64, within: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found}"));
    assert!(
        (found - expected).abs() < within,
        "{what}: {found} is not {expected}"
    );
}

#[track_caller]
pub(super) fn check_point(
    point: &Value,
    votes: &[Vote],
    value: &str,
    denominator: &str,
    what: &str,
) {
    assert_eq!(point["n"], n_of(votes, value), "n of {what}");
    assert_eq!(point["total"], total_of(votes, denominator), "N of {what}");
    if total_of(votes, denominator) == 0 {
        assert!(point.get("share").is_none(), "a share of nothing: {what}");
        return;
    }
    let [share, low, high] = interval(votes, value, denominator);
    near(&point["share"], share, 2e-5, what);
    near(&point["low"], low, 2e-5, &format!("low of {what}"));
    near(&point["high"], high, 2e-5, &format!("high of {what}"));
    let part = |name: &str| point[name].as_f64().unwrap();
    assert!(
        part("low") <= part("share") && part("share") <= part("high"),
        "{what}: {point}"
    );
}

fn period_start(day: Date, by: &str) -> Date {
    match by {
        "week" => day - i32::from(day.weekday().to_monday_zero_offset()).days(),
        "month" => day.first_of_month(),
        "quarter" => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap(),
        "year" => day.first_of_year(),
        other => panic!("{other}"),
    }
}

fn period_end(start: Date, by: &str) -> Date {
    match by {
        "week" => start + 7.days(),
        "month" => start + 1.month(),
        "quarter" => start + 3.months(),
        "year" => start + 1.year(),
        other => panic!("{other}"),
    }
}

/// What to compare.
struct Case<'a> {
    args: &'a [&'a str],
    by: &'a str,
    unit: &'a str,
    denominator: &'a str,
    is_left: &'a dyn Fn(&Plain) -> bool,
    values: Values<'a>,
}

impl<'a> Case<'a> {
    fn new(args: &'a [&'a str], values: Values<'a>) -> Case<'a> {
        Case {
            args,
            by: "quarter",
            unit: "groups",
            denominator: "all",
            is_left: &|_| true,
            values,
        }
    }

    #[track_caller]
    fn check(&self) -> Value {
        let flags = [
            "--by",
            self.by,
            "--unit",
            self.unit,
            "--denominator",
            self.denominator,
        ];
        let answer = ask(&[&["trends"], self.args, &flags, &["--top", "5000"]].concat());
        let left: Vec<&Plain> = sample()
            .iter()
            .filter(|plain| (self.is_left)(plain))
            .collect();
        let eligible: Vec<&Plain> = left
            .iter()
            .copied()
            .filter(|plain| plain.posted().is_some() && !plain.is_partial())
            .collect();
        card(&answer["card"], &left);
        let what = format!(
            "{:?} by {}, {} of {}",
            self.args, self.by, self.unit, self.denominator
        );

        // Periods without gaps, from the first posting to the last.
        let days: Vec<Date> = eligible.iter().map(|plain| day(plain)).collect();
        let (first, last) = (*days.iter().min().unwrap(), *days.iter().max().unwrap());
        let periods = answer["periods"].as_array().unwrap();
        let mut start = period_start(first, self.by);
        let mut starts = Vec::new();
        while start <= last {
            starts.push(start);
            start = period_end(start, self.by);
        }
        let shown: Vec<&str> = periods
            .iter()
            .map(|period| period["start"].as_str().unwrap())
            .collect();
        assert_eq!(
            shown,
            starts.iter().map(Date::to_string).collect::<Vec<_>>(),
            "{what}"
        );
        let in_periods: Vec<Vec<Vote>> = starts
            .iter()
            .map(|start| {
                votes(
                    &eligible,
                    self.unit,
                    *start,
                    period_end(*start, self.by),
                    self.values,
                )
            })
            .collect();
        for ((period, start), votes) in periods.iter().zip(&starts).zip(&in_periods) {
            assert_eq!(period["end"], period_end(*start, self.by).to_string());
            assert_eq!(
                period["total"],
                total_of(votes, self.denominator),
                "{what} from {start}"
            );
        }

        // Every value that is named often enough is there, and every point of it.
        let series = answer["series"].as_array().unwrap();
        let all: BTreeSet<&String> = in_periods
            .iter()
            .flatten()
            .flat_map(|vote| &vote.values)
            .collect();
        let shown: BTreeSet<&str> = series
            .iter()
            .map(|one| one["value"].as_str().unwrap())
            .collect();
        for value in &all {
            let n: u64 = in_periods.iter().map(|votes| n_of(votes, value)).sum();
            assert!(
                n < 20 || shown.contains(value.as_str()) || self.args.contains(&"--value"),
                "{what}: {value} is left out"
            );
        }
        for one in series {
            let value = one["value"].as_str().unwrap();
            for ((point, votes), start) in one["points"]
                .as_array()
                .unwrap()
                .iter()
                .zip(&in_periods)
                .zip(&starts)
            {
                check_point(
                    point,
                    votes,
                    value,
                    self.denominator,
                    &format!("{value} from {start} in {what}"),
                );
            }
            assert_eq!(one["points"].as_array().unwrap().len(), periods.len());
        }
        self.check_last_year(&answer, &eligible, &what);
        answer
    }

    /// Rank and growth belong to the last full twelve months.
    #[track_caller]
    fn check_last_year(&self, answer: &Value, eligible: &[&Plain], what: &str) {
        let window = |of: &Value| {
            let date = |name: &str| -> Date { of[name].as_str().unwrap().parse().unwrap() };
            votes(eligible, self.unit, date("start"), date("end"), self.values)
        };
        if answer["last_year"].is_null() {
            return;
        }
        let now = window(&answer["last_year"]);
        let before = (!answer["year_before"].is_null()).then(|| window(&answer["year_before"]));
        let values: BTreeSet<&String> = now.iter().flat_map(|vote| &vote.values).collect();
        let ranked: Vec<[f64; 3]> = values
            .iter()
            .filter(|value| n_of(&now, value) >= 20)
            .map(|value| interval(&now, value, self.denominator))
            .collect();
        for one in answer["series"].as_array().unwrap() {
            let value = one["value"].as_str().unwrap();
            let what = format!("{value} in the last year of {what}");
            check_point(&one["last_year"], &now, value, self.denominator, &what);
            let [share, low, high] = interval(&now, value, self.denominator);
            if n_of(&now, value) < 20 {
                assert!(
                    one["rank"].is_null() && one["growth"].is_null(),
                    "{what}: too few votes for a rank"
                );
                continue;
            }
            let ahead = ranked
                .iter()
                .filter(|other| other[0] > share + 1e-12)
                .count();
            assert_eq!(one["rank"], 1 + ahead, "{what}");
            let surely_ahead = ranked
                .iter()
                .filter(|other| other[1] > high + 1e-12)
                .count();
            let surely_behind = ranked.iter().filter(|other| other[2] < low - 1e-12).count();
            assert_eq!(
                one["rank_range"],
                serde_json::json!([1 + surely_ahead, ranked.len() - surely_behind]),
                "{what}"
            );
            let Some(before) = before.as_ref().filter(|before| n_of(before, value) >= 20) else {
                assert!(one["growth"].is_null(), "{what}: too few votes for growth");
                continue;
            };
            let growth = &one["growth"];
            check_point(&growth["to"], &now, value, self.denominator, &what);
            check_point(&growth["from"], before, value, self.denominator, &what);
            let [share_before, low_before, high_before] = interval(before, value, self.denominator);
            let by = share - share_before;
            near(&growth["points"], 100.0 * by, 1e-3, &what);
            // Newcombe (1998), method 10.
            let below = by - ((share - low).powi(2) + (high_before - share_before).powi(2)).sqrt();
            let above = by + ((high - share).powi(2) + (share_before - low_before).powi(2)).sqrt();
            near(&growth["points_low"], 100.0 * below, 2e-3, &what);
            near(&growth["points_high"], 100.0 * above, 2e-3, &what);
            assert_eq!(growth["significant"], below > 0.0 || above < 0.0, "{what}");
            near(&growth["ratio"], share / share_before, 1e-3, &what);
            let ratio = |name: &str| growth[name].as_f64().unwrap();
            assert!(
                ratio("ratio_low") <= ratio("ratio") && ratio("ratio") <= ratio("ratio_high"),
                "{what}"
            );
            near(
                &(ratio("ratio_low") * ratio("ratio_high")).into(),
                ratio("ratio").powi(2),
                2e-3,
                &what,
            );
        }
    }
}

/// What every report stands on.
#[track_caller]
pub(super) fn card(card: &Value, left: &[&Plain]) {
    let share = |n: usize| (n as f64 / left.len().max(1) as f64 * 1e4).round() / 1e4;
    let count = |is: &dyn Fn(&&&Plain) -> bool| left.iter().filter(is).count();
    assert_eq!(card["adverts"], left.len());
    assert_eq!(card["groups"], groups(left).len());
    near(
        &card["duplicate_rate"],
        1.0 - groups(left).len() as f64 / left.len() as f64,
        1e-4,
        "duplicate rate",
    );
    let dates: BTreeSet<&str> = left
        .iter()
        .filter_map(|plain| plain.record.get("posted_at")?.as_str())
        .collect();
    assert_eq!(card["first"], dates.first().unwrap()[..10]);
    assert_eq!(card["last"], dates.last().unwrap()[..10]);
    near(
        &card["with_date"],
        share(count(&|plain| plain.posted().is_some())),
        1e-9,
        "with date",
    );
    near(
        &card["with_pay"],
        share(count(&|plain| plain.pay().is_some())),
        1e-9,
        "with pay",
    );
    let has_country = |plain: &&&Plain| {
        plain
            .posting
            .locations
            .iter()
            .any(|place| place.country.is_some())
    };
    near(
        &card["with_place"],
        share(count(&has_country)),
        1e-9,
        "with place",
    );
    near(
        &card["with_company"],
        share(count(&|plain| plain.employer().is_some())),
        1e-9,
        "with company",
    );
    assert_eq!(card["partial"], count(&|plain| plain.is_partial()));
    let mut tongues: BTreeMap<&str, u64> = BTreeMap::new();
    for tongue in left
        .iter()
        .filter_map(|plain| plain.posting.text_language.as_deref())
    {
        *tongues.entry(tongue).or_default() += 1;
    }
    assert_eq!(card["text_languages"], serde_json::json!(tongues));
    assert_eq!(card["sources"], serde_json::json!({"sample": left.len()}));
}

/// Named skills below a branch that a test of strength takes.
pub(super) fn named(plain: &Plain, branch: &str, takes: impl Fn(&Named) -> bool) -> Vec<String> {
    let taxonomy = Taxonomy::embedded();
    let inside = taxonomy.under(branch);
    let fits = |named: &Named| (branch.is_empty() || inside.contains(&named.skill)) && takes(named);
    plain
        .named()
        .into_iter()
        .filter(fits)
        .map(|named| taxonomy.skill(named.skill).id.clone())
        .collect()
}

#[test]
fn languages_by_week_month_quarter_and_year() {
    for by in ["week", "month", "quarter", "year"] {
        Case {
            by,
            ..Case::new(&["language"], &|plain| named(plain, "language", |_| true))
        }
        .check();
    }
}

#[test]
fn groups_adverts_and_spells_have_their_votes() {
    for unit in ["groups", "adverts", "spells"] {
        for denominator in ["all", "any"] {
            Case {
                unit,
                denominator,
                ..Case::new(&["language"], &|plain| named(plain, "language", |_| true))
            }
            .check();
        }
    }
    let total = |unit: &str| -> u64 {
        let answer = ask(&["trends", "language", "--by", "year", "--unit", unit]);
        answer["periods"]
            .as_array()
            .unwrap()
            .iter()
            .map(|period| period["total"].as_u64().unwrap())
            .sum()
    };
    assert!(total("groups") < total("adverts") && total("spells") <= total("adverts"));
}

#[test]
fn strength_says_which_mentions_count() {
    let is = |wanted: SkillStrength| move |named: &Named| named.strength == wanted;
    Case::new(&["language", "--strength", "required"], &|plain| {
        named(plain, "language", is(SkillStrength::Required))
    })
    .check();
    Case::new(&["language", "--strength", "preferred"], &|plain| {
        named(plain, "language", is(SkillStrength::Preferred))
    })
    .check();
    Case::new(&["language", "--strength", "title"], &|plain| {
        named(plain, "language", |named| named.in_title)
    })
    .check();
}

#[test]
fn implied_skills_count_only_when_asked_to() {
    let with_implied = |plain: &Plain| {
        let taxonomy = Taxonomy::embedded();
        let inside = taxonomy.under("language");
        let fits = plain
            .profile
            .skills
            .iter()
            .filter(|known| inside.contains(&known.skill));
        fits.map(|known| taxonomy.skill(known.skill).id.clone())
            .collect()
    };
    let answer = Case::new(&["language", "--implied"], &with_implied).check();
    let without = Case::new(&["language"], &|plain| named(plain, "language", |_| true)).check();
    for one in without["series"].as_array().unwrap() {
        let other = answer["series"]
            .as_array()
            .unwrap()
            .iter()
            .find(|other| other["value"] == one["value"])
            .unwrap();
        assert_eq!(
            one["last_year_implied"], other["last_year"],
            "{}",
            one["value"]
        );
    }
}

#[test]
fn other_branches_and_all_skills_are_counted_alike() {
    Case::new(&["database"], &|plain| named(plain, "database", |_| true)).check();
    Case {
        by: "year",
        ..Case::new(&["skill"], &|plain| named(plain, "", |_| true))
    }
    .check();
    Case::new(&["language", "--value", "rust,Golang"], &|plain| {
        named(plain, "language", |_| true)
    })
    .check();
}

#[test]
fn plain_columns_are_counted_alike() {
    // The first spelling in order stands for an employer.
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for name in sample()
        .iter()
        .filter_map(|plain| plain.posting.company.clone())
    {
        let known = first.entry(bare(&name)).or_insert_with(|| name.clone());
        if name < *known {
            *known = name;
        }
    }
    let company = |plain: &Plain| {
        plain
            .employer()
            .map(|name| first[&name].clone())
            .into_iter()
            .collect()
    };
    Case {
        by: "year",
        ..Case::new(&["company"], &company)
    }
    .check();
    let country = |plain: &Plain| {
        plain
            .posting
            .locations
            .iter()
            .filter_map(|place| place.country.clone())
            .collect()
    };
    Case {
        by: "year",
        ..Case::new(&["country"], &country)
    }
    .check();
    let seniority = |plain: &Plain| {
        plain
            .posting
            .seniority
            .map(|word| word.to_string())
            .into_iter()
            .collect()
    };
    Case::new(&["seniority"], &seniority).check();
    let workplace = |plain: &Plain| {
        plain
            .posting
            .workplace
            .map(|word| word.to_string())
            .into_iter()
            .collect()
    };
    Case {
        denominator: "any",
        ..Case::new(&["workplace"], &workplace)
    }
    .check();
    Case {
        unit: "adverts",
        ..Case::new(&["source"], &|plain| vec![plain.posting.source.clone()])
    }
    .check();
}

#[test]
fn filters_choose_the_postings_counted() {
    let postgresql = skill("postgresql");
    let is_left = |plain: &Plain| plain.has(postgresql);
    let values = |plain: &Plain| named(plain, "language", |_| true);
    Case {
        is_left: &is_left,
        ..Case::new(&["language", "--skill", "postgres"], &values)
    }
    .check();
}

#[test]
fn the_last_twelve_months_are_compared_with_the_twelve_before() {
    let answer = ask(&["trends"]);
    assert_eq!(answer["dimension"], "language");
    assert_eq!(
        answer["last_year"],
        serde_json::json!({"start": "2025-07-01", "end": "2026-07-01"})
    );
    assert_eq!(
        answer["year_before"],
        serde_json::json!({"start": "2024-07-01", "end": "2025-07-01"})
    );
    assert!(
        answer["periods"]
            .as_array()
            .unwrap()
            .iter()
            .all(|period| period["partial"] == false)
    );
    let first: Vec<&str> = answer["series"].as_array().unwrap()[..8]
        .iter()
        .map(|one| one["value"].as_str().unwrap())
        .collect();
    assert_eq!(
        first,
        [
            "go",
            "python",
            "javascript",
            "rust",
            "java",
            "php",
            "ruby",
            "sql"
        ],
        "the article's eight come first"
    );
    let rust = answer["series"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["value"] == "rust")
        .unwrap();
    let [first, last] =
        [&rust["points"][0]["n"], &rust["points"][7]["n"]].map(|n| n.as_u64().unwrap());
    assert!(last > first, "Rust grows in the sample");
}

#[test]
fn a_bound_within_a_period_makes_it_partial() {
    let answer = ask(&[
        "trends",
        "--since",
        "2025-02-10",
        "--until",
        "2026-02-10",
        "--by",
        "quarter",
    ]);
    let partial: Vec<bool> = answer["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|period| period["partial"].as_bool().unwrap())
        .collect();
    assert_eq!(partial, [true, false, false, false, true]);
    assert!(
        answer["year_before"].is_null(),
        "there are no thirteen months"
    );
    assert!(
        answer["series"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["growth"].is_null())
    );
}
