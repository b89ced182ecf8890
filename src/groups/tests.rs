//! The rules, by example and against a plain loop over all pairs.

use proptest::prelude::*;

use super::*;

fn all_groups(traits: &[Traits]) -> Vec<u32> {
    let Ok(groups) = groups(traits);
    groups
}

fn posting(company: &str, title: Option<&str>, text: &str) -> Posting {
    Posting {
        company: Some(company.to_owned()).filter(|name| !name.is_empty()),
        title: title.map(str::to_owned),
        description_text: Some(text.to_owned()),
        ..Posting::default()
    }
}

/// A text of so many words; `kind` names all of them, `other` every hundredth.
fn text(n: usize, kind: &str, other: &str) -> String {
    let word = |at: usize| match at % 100 {
        7 => format!("{other}{at}"),
        _ => format!("{kind}{at}"),
    };
    (0..n).map(word).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(a: &Posting, b: &Posting, are_copies: bool) {
    for (a, b) in [(a, b), (b, a)] {
        let traits = [Traits::of(a), Traits::of(b)];
        assert_eq!(
            all_groups(&traits[..])[1] == 0,
            are_copies,
            "{:?} {:?}",
            a.title,
            b.title
        );
    }
}

#[test]
fn the_same_text_of_the_same_employer_is_a_copy() {
    let a = posting("Acorn", Some("Go Developer"), "We use Go.");
    check(
        &a,
        &posting("ACORN", Some("go developer"), "we use Go!"),
        true,
    );
    check(
        &a,
        &posting("Beech", Some("Go Developer"), "We use Go."),
        false,
    );
    check(
        &a,
        &posting("Acorn", Some("Rust Developer"), "We use Go."),
        false,
    );
    check(&a, &posting("Acorn", None, "We use Go."), false);
    let untitled = posting("Acorn", None, &text(200, "a", "a"));
    check(&untitled, &untitled, false);
    let nameless = posting("", Some("Go Developer"), "We use Go.");
    check(&nameless, &nameless, false);
    let textless = Posting {
        description_text: None,
        ..a.clone()
    };
    check(&textless, &textless, false);
}

#[test]
fn nearly_the_same_text_is_a_copy_whoever_posts_it() {
    let a = posting("Acorn", Some("Go Developer"), &text(300, "a", "a"));
    let near = text(300, "a", "b");
    check(&a, &posting("Agency", Some("Go developer"), &near), true);
    check(&a, &posting("", Some("Go developer"), &near), true);
    check(&a, &posting("Acorn", Some("Rust developer"), &near), false);
    check(&a, &posting("Acorn", None, &near), false);
    check(
        &a,
        &posting("Acorn", Some("Go developer"), &text(300, "c", "a")),
        false,
    );
    // A few words are everybody's.
    let short = posting("Acorn", Some("Go Developer"), "Apply now. We use Go.");
    check(
        &short,
        &posting("Beech", Some("Go Developer"), "Apply now. We use Go."),
        false,
    );
}

#[test]
fn different_numbers_of_one_employer_are_different_jobs() {
    let numbered = |company: &str, number: &str| Posting {
        requisition_id: Some(number.to_owned()),
        url: Some("https://jobs.example/7".to_owned()),
        ..posting(company, Some("Dev"), &text(300, "a", "a"))
    };
    let one = numbered("Acorn", "1");
    check(&one, &numbered("Acorn", "2"), false);
    check(&one, &numbered("ACORN", "1"), true);
    check(&one, &numbered("Beech", "2"), true);
    let elsewhere = Posting {
        description_text: Some("other".to_owned()),
        url: None,
        ..one.clone()
    };
    check(&one, &elsewhere, true);
    // A copy that states none is one of them; it does not make them one job.
    let traits: Vec<Traits> = [
        one.clone(),
        numbered("Acorn", "2"),
        posting("Acorn", Some("Dev"), &text(300, "a", "a")),
        numbered("Beech", "9"),
    ]
    .iter()
    .map(Traits::of)
    .collect();
    assert_eq!(all_groups(&traits[..]), [0, 1, 0, 0]);
}

#[test]
fn a_page_of_many_postings_connects_none() {
    let at = |url: &str, text: &str| Posting {
        url: Some(url.to_owned()),
        ..posting("Acorn", Some("Dev"), text)
    };
    check(
        &at("https://a.example/jobs/7?utm_source=x", "a"),
        &at("http://www.a.example/jobs/7/", "b"),
        true,
    );
    for page in [
        "https://a.example",
        "https://a.example/",
        "https://a.example/careers/",
    ] {
        check(&at(page, "a"), &at(page, "b"), false);
    }
}

#[test]
fn in_a_forum_the_first_words_are_the_title_and_the_writer_is_the_employer() {
    let post = |writer: &str, text: &str| {
        let mut posting = posting("", None, text);
        posting
            .extra
            .insert("author_hash".to_owned(), writer.into());
        posting
    };
    let same = [
        ("Oslo - Dev\nShort.", "OSLO, DEV short"),
        ("Oslo\nDev at Acorn", "Oslo Dev\nat Acorn"),
    ];
    for (a, b) in same {
        check(&post("x", a), &post("x", b), true);
        check(&post("x", a), &post("y", b), false);
    }
    let titled = Posting {
        title: Some("Dev".to_owned()),
        company: Some("Acorn".to_owned()),
        ..post("x", "Oslo - Dev\nShort.")
    };
    check(&titled, &post("x", "Oslo - Dev\nShort."), true);
    let long = |heading: &str, other: &str| format!("{heading}\n{}", text(300, "a", other));
    let oslo = post("x", &long("Oslo - Dev", "a"));
    check(&oslo, &post("y", &long("Oslo - Dev", "b")), true);
    check(&oslo, &post("y", &long("Bergen - Dev", "b")), false);
}

/// The rules once more, on the postings themselves.
fn are_copies(a: &Posting, b: &Posting, rule: usize) -> bool {
    let same = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    let name = |posting: &Posting| posting.company.as_deref().map(normalise_words);
    let title = |posting: &Posting| posting.title.as_deref().map(normalise_words);
    let text = |posting: &Posting| posting.description_text.as_deref().map(normalise_words);
    let sketch = |posting: &Posting| Sketch::of(&text(posting).unwrap());
    match rule {
        0 => same(a.url.clone(), b.url.clone()),
        1 => same(name(a), name(b)) && same(a.requisition_id.clone(), b.requisition_id.clone()),
        2 => same(name(a), name(b)) && same(title(a), title(b)) && same(text(a), text(b)),
        _ => same(title(a), title(b)) && sketch(a).is_like(&sketch(b)),
    }
}

/// The groups by a loop over all pairs.
fn plain_groups(postings: &[Posting]) -> Vec<u32> {
    let n = postings.len();
    let mut group: Vec<usize> = (0..n).collect();
    let numbers = |group: &[usize], of: usize| -> Vec<(String, String)> {
        let inside = (0..n).filter(|member| group[*member] == of);
        inside
            .filter_map(|member| {
                let posting = &postings[member];
                Some((posting.company.clone()?, posting.requisition_id.clone()?))
            })
            .collect()
    };
    for rule in 0..4 {
        for a in 0..n {
            for b in a + 1..n {
                if group[a] == group[b] || !are_copies(&postings[a], &postings[b], rule) {
                    continue;
                }
                let (left, right) = (numbers(&group, group[a]), numbers(&group, group[b]));
                let are_different = left
                    .iter()
                    .any(|x| right.iter().any(|y| x.0 == y.0 && x.1 != y.1));
                if !are_different {
                    let (low, high) = (group[a].min(group[b]), group[a].max(group[b]));
                    group
                        .iter_mut()
                        .filter(|of| **of == high)
                        .for_each(|of| *of = low);
                }
            }
        }
    }
    group.into_iter().map(|of| of as u32).collect()
}

fn some_posting() -> impl Strategy<Value = Posting> {
    let maybe = |words: &'static [&'static str]| prop_oneof![1 => Just(None), 3 => prop::sample::select(words).prop_map(Some)];
    let body = prop_oneof![
        Just("apply now".to_owned()),
        (0..2usize, 0..4usize, 60..64usize).prop_map(|(kind, other, n)| {
            let word = |at: usize| match at % 67 {
                7 => format!("{}{at}", ["p", "q", "r", "s"][other]),
                _ => format!("{}{at}", ["a", "b"][kind]),
            };
            (0..n * 3).map(word).collect::<Vec<_>>().join(" ")
        }),
    ];
    (
        maybe(&["acorn", "beech", "cedar"]),
        maybe(&["dev", "ops"]),
        maybe(&[
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3",
            "https://b.example/4",
        ]),
        maybe(&["7", "8"]),
        body,
    )
        .prop_map(|(company, title, url, number, text)| Posting {
            url: url.map(str::to_owned),
            requisition_id: number.map(str::to_owned),
            ..posting(company.unwrap_or_default(), title, &text)
        })
}

proptest! {
    #[test]
    fn groups_are_those_of_a_plain_loop(postings in prop::collection::vec(some_posting(), 1..24)) {
        let traits: Vec<Traits> = postings.iter().map(Traits::of).collect();
        prop_assert_eq!(all_groups(&traits[..]), plain_groups(&postings));
    }
}
