//! Formats that are tables of paths: each fixture in `tests/fixtures/ingest/tables/`
//! and what `tables.json` beside the folder says becomes of it; and any bytes at all.

use std::path::{Path, PathBuf};

use jobsift::ingest::{self, IngestError, Input, Options, Reader};
use jobsift::posting::Posting;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::support::project;

#[derive(Deserialize)]
struct Case {
    file: String,
    mapping: Option<String>,
    reader: String,
    /// Reasons, in the order of the records.
    rejected: Vec<String>,
    /// Some fields of each posting; `places` are `country/city`.
    postings: Vec<Map<String, Value>>,
}

fn fixture(name: &str) -> PathBuf {
    project(&format!("tests/fixtures/ingest/tables/{name}"))
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(project("tests/fixtures/ingest/tables.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn options(reader: Option<Reader>) -> Options {
    Options {
        reader,
        source: None,
        now: "2026-03-10T00:00:00Z".parse().unwrap(),
    }
}

struct Read {
    reader: &'static str,
    postings: Vec<Posting>,
    rejected: Vec<String>,
}

fn read(path: &Path, reader: Option<Reader>) -> Result<Read, IngestError> {
    let input = Input {
        path: path.to_owned(),
        bytes: 0,
    };
    let source = ingest::open(&input, &options(reader))?;
    let mut read = Read {
        reader: source.reader().name(),
        postings: Vec::new(),
        rejected: Vec::new(),
    };
    for chunk in source {
        for item in chunk?.items() {
            match item {
                Ok(item) => read.postings.extend(item.posting()),
                Err(IngestError::Record { source, .. }) => {
                    read.rejected.push(source.reason().to_owned());
                }
                Err(other) => return Err(other),
            }
        }
    }
    Ok(read)
}

#[test]
fn every_format_is_recognised_and_read_whole() {
    let mut wrong: Vec<String> = Vec::new();
    for case in cases() {
        let mapping = case
            .mapping
            .as_deref()
            .map(|name| Reader::from_mapping(&fixture(name)).unwrap());
        let found = read(&fixture(&case.file), mapping).unwrap();
        assert_eq!(found.reader, case.reader, "{}", case.file);
        assert_eq!(found.rejected, case.rejected, "{}", case.file);
        assert_eq!(found.postings.len(), case.postings.len(), "{}", case.file);
        for (posting, expected) in found.postings.iter().zip(&case.postings) {
            let shown = serde_json::to_value(posting).unwrap();
            for (name, value) in expected {
                let place = |place: &jobsift::posting::Location| {
                    let part = |part: &Option<String>| part.clone().unwrap_or_default();
                    Value::String(format!("{}/{}", part(&place.country), part(&place.city)))
                };
                let is = match name.as_str() {
                    "places" => posting.locations.iter().map(place).collect(),
                    name => shown.get(name).cloned().unwrap_or_default(),
                };
                let is_empty = is.is_null() && *value == serde_json::json!([]);
                if is != *value && !is_empty {
                    wrong.push(format!("{}: {name} is {is}, not {value}", case.file));
                }
            }
            assert!(
                !shown.to_string().to_lowercase().contains("secret"),
                "{shown}"
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_mapping_is_named_with_its_line() {
    let home = crate::support::scratch();
    let check = |text: &str, expected: &str| {
        let path = home.path().join("wrong.toml");
        std::fs::write(&path, text).unwrap();
        let error = match Reader::from_mapping(&path) {
            Err(error) => error.to_string(),
            Ok(reader) => match read(&fixture("mapped.csv"), Some(reader)) {
                Err(error) => error.to_string(),
                Ok(_) => "no error".to_owned(),
            },
        };
        assert!(
            error.contains(expected),
            "{error:?} does not say {expected:?}"
        );
    };
    check(
        "[fields]\ntitle = 'position'\nname = 'x'\n",
        "wrong.toml:3: `name` is no field",
    );
    check(
        "[fields]\ntitle = 'position'\ncompany = 'firm'\n",
        "wrong.toml:3: no column `firm` for company",
    );
    check("[fields]\ntitle = 7\n", "wrong.toml:2: a column name");
    check("[fields]\nurl = 'x'\n", "neither `title` nor");
    check(
        "[fields]\ntitle = 'position'\n[options]\nperiod = 'moon'\n",
        "`moon` is no period",
    );
    check(
        "[fields]\ntitle = 'position'\n[input]\nkind = 'json'\n",
        "a table, and `mapping` reads JSON",
    );
    check("[fields\n", "wrong.toml:1: ");
}

fn ends(bytes: &[u8], reader: Option<Reader>) {
    let home = crate::support::scratch();
    let path = home.path().join("board.json");
    std::fs::write(&path, bytes).unwrap();
    // A refused file is as good as a read one.
    if let Ok(read) = read(&path, reader) {
        for posting in read.postings {
            assert!(posting.title.is_some() || posting.description_text.is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_end_in_postings_or_rejects(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "[\\[\\]{}\",:;\\n a-z0-9\\\\-]{0,200}".prop_map(String::into_bytes),
        ],
        at in any::<prop::sample::Index>(),
    ) {
        ends(&bytes, None);
        ends(&bytes, Some(at.get(Reader::all()).clone()));
    }

    #[test]
    fn mutated_fixtures_end_in_postings_or_rejects(
        case in any::<prop::sample::Index>(),
        reader in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..4usize, any::<u8>()), 1..8),
        values in proptest::collection::vec((any::<prop::sample::Index>(), 0..7usize), 0..4),
    ) {
        let cases = cases();
        let mut bytes = std::fs::read(fixture(&case.get(&cases).file)).unwrap();
        // Values of another type in the place of the right ones.
        if let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) {
            for (at, kind) in &values {
                let other = [Value::Null, true.into(), (-1).into(), 1e300.into(), "é".into(), serde_json::json!([[]]), serde_json::json!({"a": {}})];
                replace(&mut json, at.index(200), &other[*kind]);
            }
            bytes = serde_json::to_vec(&json).unwrap();
        }
        ends(&bytes, Some(reader.get(Reader::all()).clone()));
        for (at, edit, byte) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match edit {
                1 => bytes.insert(at, byte),
                // There may be nothing left to change.
                _ if bytes.is_empty() => {}
                0 => bytes[at] = byte,
                2 => { bytes.remove(at); }
                _ => bytes.truncate(at.max(1)),
            }
        }
        ends(&bytes, None);
    }
}

/// Puts another value in the place of the nth one.
fn replace(json: &mut Value, nth: usize, other: &Value) -> usize {
    if nth == 0 {
        *json = other.clone();
        return usize::MAX;
    }
    let mut left = nth - 1;
    let inner: Vec<&mut Value> = match json {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.iter_mut().map(|(_, value)| value).collect(),
        _ => return left,
    };
    for value in inner {
        left = replace(value, left, other);
        if left == usize::MAX {
            return left;
        }
    }
    left
}

/// The tables of one data set, as they lie beside each other.
const SET: &[(&str, &str)] = &[
    (
        "postings.csv",
        "job_id,company_name,title,description,max_salary,pay_period,company_id,min_salary,med_salary,\
         currency,job_posting_url,formatted_experience_level\n\
         71,,Miller,Flour.,,,5.0,,,,https://network.example/71,\n\
         72,Plover Ovens,Baker,Rolls.,30,HOURLY,5.0,25,,AUD,https://network.example/72,\n\
         73,,Carter,Carts.,,,6.0,,,,https://network.example/73,\n",
    ),
    (
        "companies/companies.csv",
        "company_id,name,description,company_size,url\n5,Fenwick Mills,\"We\nmill.\",2,x\n6,,,,\n",
    ),
    (
        "jobs/salaries.csv",
        "salary_id,job_id,max_salary,med_salary,min_salary,pay_period,currency,compensation_type\n\
         1,71,,52000.0,,YEARLY,USD,BASE_SALARY\n2,72,90,,80,HOURLY,USD,BASE_SALARY\n3,73,0,,,YEARLY,USD,\n",
    ),
    ("jobs/job_skills.csv", "job_id,skill_abr\n71,MNFC\n"),
    (
        "companies/company_specialities.csv",
        "company_id,speciality\n5,rye\n",
    ),
    (
        "mappings/industries.csv",
        "industry_id,industry_name\n3,Food\n",
    ),
];

#[test]
fn tables_beside_postings_say_what_those_lack_and_are_no_corpora() {
    let folder = crate::support::scratch();
    for (name, text) in SET {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let found = read(&folder.path().join("postings.csv"), None).unwrap();
    let found = found.postings.iter().map(|posting| {
        let pay = posting.salary.as_ref();
        (
            posting.company.as_deref(),
            pay.map(|pay| (pay.min, pay.max)),
        )
    });
    let expected = [
        (
            Some("Fenwick Mills"),
            Some((Some(52_000.0), Some(52_000.0))),
        ),
        (Some("Plover Ovens"), Some((Some(25.0), Some(30.0)))),
        (None, None),
    ];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    for (name, _) in &SET[1..] {
        let Err(IngestError::NotACorpus { why, .. }) = read(&folder.path().join(name), None) else {
            panic!("{name} is read as postings");
        };
        assert!(why.contains("belongs to `postings.csv`"), "{name}: {why}");
    }
}

#[test]
fn an_index_of_the_set_counts_postings_only() {
    let (folder, index) = (crate::support::scratch(), crate::support::scratch());
    for (name, text) in SET {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let input = folder.path().to_str().unwrap();
    let summary = crate::support::run(index.path(), &["index", input, "--format", "json"]).json();
    assert_eq!(
        (&summary["read"], &summary["added"], &summary["rejected"]),
        (&3.into(), &3.into(), &0.into())
    );
    assert_eq!(
        summary["skipped_files"].as_array().unwrap().len(),
        SET.len() - 1
    );
}

#[test]
fn a_table_beside_postings_that_cannot_be_read_whole_is_named() {
    let folder = crate::support::scratch();
    let (postings, companies) = (&SET[0], folder.path().join("companies.csv"));
    std::fs::write(folder.path().join(postings.0), postings.1).unwrap();
    let too_long = format!("company_id,name\n{}", "5,F\n".repeat(2_000_001));
    let broken_gzip = b"\x1f\x8b\x08\x00 and no more";
    for (text, expected) in [
        (too_long.as_bytes(), "more than 2000000 rows"),
        (broken_gzip.as_slice(), "cannot be read"),
    ] {
        std::fs::write(&companies, text).unwrap();
        let Err(error) = read(&folder.path().join(postings.0), None) else {
            panic!("read without the table beside it");
        };
        let why = error.to_string();
        assert!(
            why.contains("companies.csv") && why.contains(expected),
            "{why}"
        );
    }
}
