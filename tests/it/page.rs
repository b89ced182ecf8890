//! The page of `report` and the drawing of `trends`: whole, self-contained, and
//! with the numbers of the other commands.

use crate::support::{ask, sample, scratch};

fn page(args: &[&str]) -> String {
    let page = sample(&[&["report", "--out", "-"], args].concat());
    assert_eq!(page.code, 0, "{}", page.err);
    page.out
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = page(&[]);
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for outside in [
        "<script",
        "src=",
        "@import",
        "url(",
        "<link",
        "<iframe",
        "javascript:",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    // The only addresses are names of formats.
    let addresses = page.match_indices("http").map(|(at, _)| &page[at..at + 30]);
    let others: Vec<&str> = addresses
        .filter(|at| !at.starts_with("http://www.w3.org/"))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
    assert!(page.contains("name=\"viewport\""));
}

#[test]
fn every_tag_is_closed_in_order() {
    let page = page(&["--anatomy-of", "data"]);
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page.as_str();
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "in {tag}");
        } else if !tag.ends_with('/') && !matches!(name, "!doctype" | "meta") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_page_tells_the_numbers_of_the_other_commands() {
    let page = page(&[]);
    let winners = ask(&["winners"]);
    for category in winners["categories"].as_array().unwrap() {
        for name in ["category", "label", "value"] {
            if let Some(text) = category[name].as_str() {
                assert!(page.contains(text), "{text}");
            }
        }
    }
    let anatomy = ask(&["anatomy", "--role", "backend", "--top", "8"]);
    for section in anatomy["sections"].as_array().unwrap() {
        let lines = section["lines"].as_array().unwrap();
        for line in lines {
            let n = format!("<td>{}/{}</td>", line["n"], line["total"]);
            assert!(page.contains(&n), "{line}");
        }
    }
    let emerging = ask(&["emerging", "--top", "12"]);
    for change in emerging["rising"].as_array().unwrap() {
        let before = format!("{}/{}", change["from"]["n"], change["from"]["total"]);
        assert!(page.contains(&before), "{change}");
    }
}

#[test]
fn a_page_is_written_to_a_file_or_says_why_not() {
    let folder = scratch();
    let file = folder.path().join("page.html");
    let path = file.display().to_string();
    let written = sample(&["report", "--out", &path]);
    assert_eq!(
        (written.code, written.out.as_str()),
        (0, ""),
        "{}",
        written.err
    );
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(page.contains("What job postings ask for"));
    let again = sample(&["report", "--out", &path]);
    assert_eq!(again.code, 0);
    assert_eq!(
        page,
        std::fs::read_to_string(&file).unwrap(),
        "the same question, the same bytes"
    );
    let nowhere = folder
        .path()
        .join("no/such/page.html")
        .display()
        .to_string();
    let failed = sample(&["report", "--out", &nowhere]);
    assert_eq!(failed.code, 2);
    assert!(failed.err.contains("cannot write"), "{}", failed.err);
    let role = sample(&["report", "--out", "-", "--anatomy-of", "wizard"]);
    assert!(
        role.code == 2 && role.err.contains("backend"),
        "{}",
        role.err
    );
    // Nothing to tell is told.
    let empty = sample(&["report", "--out", "-", "--company", "nobody at all"]);
    assert!(empty.out.contains("0 adverts"), "{}", empty.err);
}

#[test]
fn a_trend_is_drawn() {
    let drawn = sample(&["trends", "--by", "year", "--format", "svg"]);
    assert!(
        drawn
            .out
            .starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"")
    );
    assert!(drawn.out.trim_end().ends_with("</svg>"));
    for text in ["Python", "polyline", "polygon", "2025"] {
        assert!(drawn.out.contains(text), "{text}");
    }
}
