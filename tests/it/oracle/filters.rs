//! Each filter, the order of hits, and paging.

use jobsift::posting::Posting;
use serde_json::Value;

use crate::plain::{Plain, bare, groups, sample, skill, yearly};
use crate::support::{NOW, ask, bytes_at, bytes_on, ids, sample_index};

/// The newest posting of each group, newest first, undated last, equal ones by id.
pub(super) fn newest_of_groups(found: &[&Plain]) -> Vec<String> {
    in_order(found, |plain| plain.posted().map(|at| at as f64))
}

/// The posting with the largest key of each group, largest first.
fn in_order(found: &[&Plain], key: impl Fn(&Plain) -> Option<f64>) -> Vec<String> {
    let key = |plain: &Plain| key(plain).unwrap_or(f64::NEG_INFINITY);
    let mut order: Vec<&Plain> = found.to_vec();
    order.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.id.cmp(&b.id)));
    let mut seen = Vec::new();
    order.retain(|plain| {
        !seen.contains(&&plain.group) && {
            seen.push(&plain.group);
            true
        }
    });
    order.into_iter().map(|plain| plain.id.clone()).collect()
}

/// Compares what filters leave with the loop, hit by hit.
#[track_caller]
fn check(args: &[&str], is_left: impl Fn(&Plain) -> bool) -> usize {
    let left: Vec<&Plain> = sample().iter().filter(|plain| is_left(plain)).collect();
    let answer = ask(&[&["search", "--limit", "400"], args].concat());
    assert_eq!(answer["total"], left.len(), "{args:?}");
    assert_eq!(answer["groups"], groups(&left).len(), "{args:?}");
    assert_eq!(ids(&answer), newest_of_groups(&left), "{args:?}");
    for hit in answer["hits"].as_array().unwrap() {
        let plain = crate::plain::by_id(hit["id"].as_str().unwrap());
        let copies = sample()
            .iter()
            .filter(|other| other.group == plain.group)
            .count();
        assert_eq!(hit["group"], plain.group.as_str());
        assert_eq!(hit["copies"], copies, "copies of {}", plain.id);
    }
    left.len()
}

#[test]
fn without_filters_every_posting_is_left() {
    assert_eq!(check(&[], |_| true), 300);
}

#[test]
fn a_skill_is_found_by_any_name_and_when_implied() {
    let (rust, k8s) = (skill("rust"), skill("kubernetes"));
    assert!(check(&["--skill", "rust"], |plain| plain.has(rust)) > 20);
    check(&["--skill", "K8s"], |plain| plain.has(k8s));
    check(&["--skill", "rust", "--skill", "k8s"], |plain| {
        plain.has(rust) && plain.has(k8s)
    });
    let python = skill("python");
    let implied = |plain: &Plain| {
        plain
            .profile
            .skills
            .iter()
            .any(|known| known.skill == python && known.implied)
    };
    assert!(
        sample().iter().any(implied),
        "some posting names Django and not Python"
    );
    check(&["--skill", "python"], |plain| plain.has(python));
}

#[test]
fn a_branch_stands_for_every_skill_below_it() {
    let taxonomy = jobsift::skills::Taxonomy::embedded();
    let relational = taxonomy.under("database/relational");
    assert!(
        check(&["--skill", "database/relational"], |plain| relational
            .iter()
            .any(|no| plain.has(*no)))
            > 20
    );
    check(&["--not-skill", "language"], |plain| {
        !taxonomy.under("language").iter().any(|no| plain.has(*no))
    });
}

#[test]
fn any_takes_one_of_its_skills() {
    let (go, rust, kafka, nats) = (skill("go"), skill("rust"), skill("kafka"), skill("nats"));
    check(&["--any", "go,rust"], |plain| {
        plain.has(go) || plain.has(rust)
    });
    let both =
        |plain: &Plain| (plain.has(go) || plain.has(rust)) && (plain.has(kafka) || plain.has(nats));
    check(&["--any", "go,rust", "--any", "kafka, nats"], both);
}

#[test]
fn not_skill_takes_none_of_its_skills() {
    let (php, ruby, mysql) = (skill("php"), skill("ruby"), skill("mysql"));
    check(&["--not-skill", "php"], |plain| !plain.has(php));
    check(&["--not-skill", "php,ruby", "--skill", "mysql"], |plain| {
        !plain.has(php) && !plain.has(ruby) && plain.has(mysql)
    });
}

#[test]
fn at_least_takes_so_many_of_the_skills() {
    let skills = ["rust", "go", "kafka", "postgresql", "docker"].map(skill);
    for n in 1..=5 {
        let args = [
            "--skill",
            "rust",
            "--skill",
            "go",
            "--skill",
            "kafka",
            "--skill",
            "postgresql",
            "--skill",
            "docker",
        ];
        let number = n.to_string();
        let args = [&args[..], &["--at-least", &number]].concat();
        check(&args, |plain| {
            skills.iter().filter(|no| plain.has(**no)).count() >= n
        });
    }
}

#[test]
fn required_leaves_out_what_is_only_named() {
    let (rust, kafka, go) = (skill("rust"), skill("kafka"), skill("go"));
    let n = check(&["--skill", "rust", "--required"], |plain| {
        plain.requires(rust)
    });
    let all = check(&["--skill", "rust"], |plain| plain.has(rust));
    assert!(n > 0 && n < all);
    check(&["--any", "kafka,go", "--required"], |plain| {
        plain.requires(kafka) || plain.requires(go)
    });
    // Ruling out takes whatever is named, required or not.
    check(
        &["--skill", "go", "--not-skill", "rust", "--required"],
        |plain| plain.requires(go) && !plain.has(rust),
    );
}

#[test]
fn a_company_is_known_in_any_case_and_without_signs() {
    let is = |name: &'static str| move |plain: &Plain| plain.employer().as_deref() == Some(name);
    assert!(check(&["--company", "Marrow & Vane"], is("marrow vane")) > 5);
    check(&["--company", "MARROW vane"], is("marrow vane"));
    check(
        &["--company", "quillwave", "--company", "kitestring"],
        |plain| is("quillwave")(plain) || is("kitestring")(plain),
    );
    check(&["--company", "nobody"], |_| false);
}

fn in_country(posting: &Posting, code: &str) -> bool {
    posting
        .locations
        .iter()
        .any(|place| place.country.as_deref() == Some(code))
}

#[test]
fn a_place_is_known_by_code_and_name() {
    assert!(
        check(&["--country", "DE"], |plain| in_country(
            &plain.posting,
            "DE"
        )) > 10
    );
    check(&["--country", "Germany"], |plain| {
        in_country(&plain.posting, "DE")
    });
    check(&["--country", "fr,US"], |plain| {
        in_country(&plain.posting, "FR") || in_country(&plain.posting, "US")
    });
    let in_city = |plain: &Plain, name: &str| {
        plain
            .posting
            .locations
            .iter()
            .any(|place| place.city.as_deref().map(bare).as_deref() == Some(name))
    };
    assert!(check(&["--city", "berlin"], |plain| in_city(plain, "berlin")) > 0);
    let regions = || {
        sample()
            .iter()
            .flat_map(|plain| &plain.posting.locations)
            .filter_map(|place| place.region.clone())
    };
    let region = regions().next().unwrap();
    let in_region = |plain: &Plain| {
        plain
            .posting
            .locations
            .iter()
            .any(|place| place.region.as_deref().map(bare) == Some(bare(&region)))
    };
    check(&["--region", &region], in_region);
}

#[test]
fn workplace_role_and_seniority_take_one_of_their_words() {
    let workplace = |plain: &Plain| plain.posting.workplace.map(|word| word.as_str());
    for word in ["remote", "hybrid", "onsite"] {
        check(&["--workplace", word], |plain| {
            workplace(plain) == Some(word)
        });
    }
    check(&["--workplace", "remote,hybrid"], |plain| {
        matches!(workplace(plain), Some("remote" | "hybrid"))
    });
    let has_role =
        |plain: &Plain, role: &str| plain.posting.roles.iter().any(|known| known == role);
    for role in jobsift::fields::roles::names() {
        check(&["--role", role], |plain| has_role(plain, role));
    }
    assert!(
        check(&["--role", "backend,data"], |plain| has_role(
            plain, "backend"
        ) || has_role(
            plain, "data"
        )) > 20
    );
    let seniority = |plain: &Plain| plain.posting.seniority.map(|word| word.as_str());
    for word in [
        "intern",
        "entry",
        "mid",
        "senior",
        "staff",
        "lead",
        "manager",
        "director",
        "executive",
    ] {
        check(&["--seniority", word], |plain| {
            seniority(plain) == Some(word)
        });
    }
    check(&["--seniority", "senior,staff"], |plain| {
        matches!(seniority(plain), Some("senior" | "staff"))
    });
    for word in ["full_time", "part_time", "contract", "temporary"] {
        check(&["--employment", word], |plain| {
            plain
                .posting
                .employment_type
                .iter()
                .any(|kind| kind.as_str() == word)
        });
    }
}

fn second(day: &str) -> i64 {
    format!("{day}T00:00:00Z")
        .parse::<jiff::Timestamp>()
        .unwrap()
        .as_second()
}

#[test]
fn since_is_inclusive_and_until_ends_with_what_it_names() {
    let between = |from: &str, to: &str| {
        let (from, to) = (second(from), second(to));
        move |plain: &Plain| plain.posted().is_some_and(|at| at >= from && at < to)
    };
    assert!(check(&["--since", "2026-01"], between("2026-01-01", "2100-01-01")) > 20);
    check(&["--until", "2024"], between("1970-01-01", "2025-01-01"));
    check(
        &["--since", "2025-03-10", "--until", "2025-03-20"],
        between("2025-03-10", "2025-03-21"),
    );
    // Today is the first of July, and days back are whole.
    check(&["--since", "30d"], between("2026-06-01", "2100-01-01"));
    check(&["--since", "2y"], between("2024-07-01", "2100-01-01"));
    check(&["--until", "30d"], between("1970-01-01", "2026-06-02"));
}

#[test]
fn text_language_and_source_are_whole_words() {
    for code in ["en", "de", "fr", "es", "pl", "zh", "pt"] {
        check(&["--text-language", code], |plain| {
            plain.posting.text_language.as_deref() == Some(code)
        });
    }
    assert_eq!(check(&["--source", "sample"], |_| true), 300);
    assert_eq!(check(&["--source", "hn"], |_| false), 0);
}

#[test]
fn pay_must_reach_the_amount_in_its_currency() {
    let ends = |plain: &Plain, currency: &str| {
        let pay = plain
            .posting
            .salary
            .as_ref()
            .filter(|pay| pay.currency.as_deref() == Some(currency))?;
        yearly(pay)
    };
    let reaches = |plain: &Plain, amount: f64, currency: &str| {
        ends(plain, currency)
            .is_some_and(|(min, max)| max.or(min).is_some_and(|most| most >= amount))
    };
    assert!(
        check(&["--min-salary", "70k EUR"], |plain| reaches(
            plain, 70e3, "EUR"
        )) > 5
    );
    check(&["--min-salary", "60 GBP/hour"], |plain| {
        reaches(plain, 60.0 * 2080.0, "GBP")
    });
    check(&["--min-salary", "120000 USD"], |plain| {
        reaches(plain, 120e3, "USD")
    });
    let begins = |plain: &Plain| {
        ends(plain, "EUR").is_some_and(|(min, max)| min.or(max).is_some_and(|least| least <= 60e3))
    };
    check(&["--max-salary", "60k EUR"], begins);
    let within = |plain: &Plain| begins(plain) && reaches(plain, 50e3, "EUR");
    check(
        &["--min-salary", "50k EUR", "--max-salary", "60k EUR"],
        within,
    );
    // What the query and the options say of pay both holds.
    let most = |plain: &Plain| reaches(plain, 90e3, "EUR");
    assert!(check(&["--min-salary", "90k EUR"], most) > 0);
    for query in ["salary:>50k", "salary:>50k salary:>60k EUR"] {
        check(&[query, "--min-salary", "90k EUR"], most);
    }
    check(&["salary:>90k EUR", "--min-salary", "50k EUR"], most);
    check(&["salary:>50k USD", "--min-salary", "50k EUR"], |_| false);
}

#[test]
fn open_is_not_past_its_last_day_and_without_one_sixty_days_old() {
    let now = second("2026-07-01") + 12 * 3600;
    let is_open = |plain: &Plain| match plain.posting.valid_through {
        Some(last) => last.as_second() >= now,
        // The sample was read for the first time just now.
        None => plain.posted().is_none_or(|at| at >= now - 60 * 86_400),
    };
    assert!(check(&["--open"], is_open) > 0);
}

#[test]
fn remote_from_takes_scopes_that_hold_the_country() {
    // Of the scopes in the sample, those that hold Portugal.
    let holds = ["PT", "EU", "EMEA", "WORLD", "EUROPE", "EEA"];
    let is_left = |plain: &Plain| {
        plain
            .posting
            .workplace
            .is_some_and(|word| word.as_str() == "remote")
            && plain
                .posting
                .remote_scope
                .iter()
                .any(|scope| holds.contains(&scope.as_str()))
    };
    assert!(check(&["--remote-from", "PT"], is_left) > 0);
}

#[test]
fn filters_narrow_together() {
    let (go, kubernetes) = (skill("go"), skill("kubernetes"));
    let is_left = |plain: &Plain| {
        plain.has(go)
            && !plain.has(kubernetes)
            && plain
                .posting
                .seniority
                .is_some_and(|word| word.as_str() == "senior")
            && plain.posted().is_some_and(|at| at >= second("2025-01-01"))
    };
    check(
        &[
            "--skill",
            "go",
            "--not-skill",
            "kubernetes",
            "--seniority",
            "senior",
            "--since",
            "2025",
        ],
        is_left,
    );
}

#[test]
fn by_salary_the_best_paid_come_first_and_the_unpaid_last() {
    let middle = |plain: &Plain| {
        let (min, max) = plain.posting.salary.as_ref().and_then(yearly)?;
        match (min, max) {
            (Some(min), Some(max)) => Some((min + max) / 2.0),
            (min, max) => min.or(max),
        }
    };
    let all: Vec<&Plain> = sample().iter().collect();
    assert_eq!(
        ids(&ask(&["search", "--sort", "salary", "--limit", "400"])),
        in_order(&all, middle)
    );
    assert_eq!(
        ids(&ask(&["search", "--sort", "date", "--limit", "400"])),
        newest_of_groups(&all)
    );
}

#[test]
fn paging_gives_every_group_once() {
    for args in [
        &["search"][..],
        &["search", "developer"],
        &["search", "--sort", "salary"],
        &["match", "rust", "python"],
    ] {
        let whole = ids(&ask(&[args, &["--limit", "400"]].concat()));
        let mut paged = Vec::new();
        for page in 0.. {
            let offset = (page * 37).to_string();
            let answer = bytes_on(
                sample_index(),
                &[
                    args,
                    &["--limit", "37", "--offset", &offset, "--format", "jsonl"],
                ]
                .concat(),
            );
            let hits = String::from_utf8(answer).unwrap();
            let hits = hits
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
            let before = paged.len();
            paged.extend(hits.map(|hit| hit["id"].as_str().unwrap().to_owned()));
            if paged.len() == before {
                break;
            }
        }
        assert_eq!(paged, whole, "{args:?}");
    }
    assert_eq!(
        ask(&["search", "--limit", "0"])["groups"],
        ask(&["search", "--count"])["groups"]
    );
}

#[test]
fn a_later_page_is_of_the_day_of_the_first() {
    let page = |now: &str, args: &[&str]| -> Value {
        let args = [&["search", "--format", "json"], args].concat();
        serde_json::from_slice(&bytes_at(now, sample_index(), &args)).unwrap()
    };
    for args in [
        &["--since", "6m"][..],
        &["--open"],
        &["posted:6m"],
        &["open:yes developer"],
        &["developer", "--fresh"],
    ] {
        let whole = ids(&page(NOW, &[args, &["--limit", "400"]].concat()));
        let first = page(NOW, &[args, &["--limit", "2"]].concat());
        let next = first["next"].as_str().unwrap();
        // Two weeks later other postings would be found, in another order.
        let rest = [args, &["--limit", "400", "--after", next]].concat();
        let both = [ids(&first), ids(&page("2026-07-15", &rest))].concat();
        assert_eq!(both, whole, "{args:?}");
    }
}
