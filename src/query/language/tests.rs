//! What is read out of a query, and what is wrong with it.

use proptest::prelude::*;

use super::*;
use crate::skills::Taxonomy;

fn context(taxonomy: &Taxonomy) -> Context<'_> {
    Context {
        taxonomy,
        now: "2026-07-01T12:00:00Z".parse().unwrap(),
    }
}

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let taxonomy = Taxonomy::embedded();
    let parsed = TextQuery::parse(query).unwrap_or_else(|error| panic!("{error}"));
    let question = parsed
        .resolve(context(&taxonomy))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut lines = explain(&question, &Filter::default(), &taxonomy);
    lines.pop();
    assert_eq!(lines, expected, "{query}");
}

#[test]
fn every_sign_has_its_meaning() {
    check("", &["every posting"]);
    check("senior", &["the word \"senior\" in any form"]);
    check(
        "payments zzz",
        &[
            "all 2 words: \"payments\" in any form, \"zzz\" in any form; where fewer than ten postings have all, those with fewer words follow",
        ],
    );
    check("c++", &["the word \"c++\" as it stands (or the skill C++)"]);
    check("\"event sourcing\"", &["just \"event sourcing\""]);
    check("kub*", &["any word that begins with \"kub\""]);
    check(
        "postgre~2",
        &["any word within 2 typing errors of \"postgre\""],
    );
    check(
        "+zzz -yyy",
        &["\"zzz\" in any form", "but not \"yyy\" in any form"],
    );
    check(
        "zzz NOT yyy",
        &[
            "the word \"zzz\" in any form",
            "but not \"yyy\" in any form",
        ],
    );
    check(
        "zzz OR yyy",
        &["(\"zzz\" in any form or \"yyy\" in any form)"],
    );
    check(
        "(zzz yyy) OR (xxx -www)",
        &[
            "((\"zzz\" in any form and \"yyy\" in any form) or (\"xxx\" in any form and not \"www\" in any form))",
        ],
    );
    check(
        "developer(m/w/d)",
        &["the word \"developer(m/w/d)\" in any form"],
    );
}

#[test]
fn every_condition_of_the_flags_can_be_written() {
    check(
        "skill:rust -skill:php +skill:kafka",
        &[
            "skill Rust, named or implied",
            "skill Apache Kafka, named or implied",
            "no skill PHP",
        ],
    );
    check(
        "skill:database/relational",
        &["skill anything under database/relational, named or implied"],
    );
    check(
        "skill:\"machine learning\"",
        &["skill Machine learning, named or implied"],
    );
    check(
        "any:rust,go required:kafka",
        &[
            "one of the skills Rust or Go, named or implied",
            "skill Apache Kafka, required",
        ],
    );
    check(
        "required:yes skill:rust (required:kafka OR skill:go)",
        &[
            "(skill Apache Kafka, required or skill Go, named or implied)",
            "skill Rust, required",
        ],
    );
    check(
        "company:\"Acme & Co\",foo",
        &["company is Acme & Co or foo"],
    );
    check("salary:>70k EUR", &["pay reaches 70000 EUR a year"]);
    check(
        "salary:70k..90k EUR rust",
        &[
            "the word \"rust\" as it stands (or the skill Rust)",
            "pay reaches 70000 EUR a year",
            "pay begins at 90000 EUR a year or below",
        ],
    );
    check(
        "salary:>70k salary:>80k salary:>60k EUR",
        &[
            "pay reaches 70000 in whatever currency is stated a year",
            "pay reaches 80000 in whatever currency is stated a year",
            "pay reaches 60000 EUR a year",
        ],
    );
    check(
        "salary:<90k",
        &["pay begins at 90000 in whatever currency is stated a year or below"],
    );
    check(
        "posted:2026-01..2026-03",
        &["posted from 2026-01-01 to before 2026-04-01"],
    );
    check("posted:>2026-01", &["posted from 2026-02-01"]);
    check(
        "remote:PT",
        &["remote, scope of remote work is WORLD or EU or EMEA or PT"],
    );
    check(
        "country:Germany workplace:hybrid seniority:senior role:data",
        &[
            "country is DE",
            "workplace is hybrid",
            "role is data",
            "seniority is senior",
        ],
    );
    check(
        "-country:DE zzz",
        &["the word \"zzz\" in any form", "but not country is DE"],
    );
    check(
        "open:yes source:hn text-language:de employment:contract",
        &[
            "employment is contract",
            "source is hn",
            "language of the text is de",
            "open on 2026-07-01",
        ],
    );
}

#[track_caller]
fn wrong(query: &str, at: &str, said: &str) {
    let taxonomy = Taxonomy::embedded();
    let read = TextQuery::parse(query).and_then(|parsed| parsed.resolve(context(&taxonomy)));
    let error = read.expect_err(query);
    assert_eq!(&query[error.at.clone()], at, "{query}: {error}");
    assert!(error.what.contains(said), "{query}: {error}");
}

#[test]
fn an_error_points_at_its_place() {
    wrong("go \"open", "\"open", "not closed");
    wrong("OR go", "OR", "each side");
    wrong("go OR", "OR", "each side");
    wrong("é OR *", "*", "no word");
    wrong("go --", "--", "no word");
    wrong("rust | go", "|", "no word");
    wrong("(go", "(", "not closed");
    wrong("go )", ")", "closes nothing");
    wrong("()", "()", "nothing in");
    wrong("go~9", "9", "typing errors");
    wrong("wages:70k", "wages", "no field");
    wrong("rust skill:kubrnetes", "skill:kubrnetes", "kubernetes");
    wrong("salary:>lots", "salary:>lots", "no amount");
    wrong("company:>x", "company:>x", "order");
    wrong("skill:", "skill:", "needs a value");
    wrong(
        "(required:yes skill:rust)",
        "required:yes",
        "at the top of the query",
    );
    wrong("(at-least:1 rust)", "at-least:1", "parentheses");
    wrong("go OR required:no", "required:no", "`OR`");
    wrong("go -required:yes", "-required:yes", "behind `-`");
    wrong(&"(".repeat(100), "(", "too deep");
    let error = TextQuery::parse("größe \"zu").unwrap_err();
    assert_eq!(
        error.to_string(),
        "this quote is not closed\n  größe \"zu\n        ^^^"
    );
}

#[test]
fn leniently_the_rest_is_understood() {
    let taxonomy = Taxonomy::embedded();
    let (parsed, forgiven) = TextQuery::parse_leniently("zzz wages:70k ) \"open quote");
    assert_eq!(forgiven.len(), 3);
    let (question, _) = parsed.resolve_leniently(context(&taxonomy));
    assert_eq!((question.wanted.len(), question.must.len()), (2, 2));
    let (parsed, _) = TextQuery::parse_leniently("zzz skill:kubrnetes");
    let (question, meaningless) = parsed.resolve_leniently(context(&taxonomy));
    assert_eq!((question.wanted.len(), meaningless.len()), (1, 1));
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in "\\PC*", signs in "[-+()\"~*:<>=.,a-z ORé日]{0,40}") {
        let taxonomy = Taxonomy::embedded();
        for query in [&text, &signs, &format!("{text}skill:{signs}"), &format!("{signs} salary:{text}")] {
            if let Err(error) = TextQuery::parse(query).and_then(|parsed| parsed.resolve(context(&taxonomy))) {
                prop_assert!(query.get(error.at.clone()).is_some(), "{query:?} at {:?}", error.at);
                prop_assert!(!error.to_string().is_empty());
            }
            let (parsed, _) = TextQuery::parse_leniently(query);
            let (question, _) = parsed.resolve_leniently(context(&taxonomy));
            prop_assert!(!explain(&question, &Filter::default(), &taxonomy).is_empty());
        }
    }
}
