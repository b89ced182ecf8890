//! The forum's monthly thread "Ask HN: Who is hiring?": saved months, Algolia
//! trees and answers, Firebase items. One top-level comment is one posting.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::{Format, Sample, object};
use crate::fields::{dates, header};
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Record};
use crate::ingest::text::{block, line};
use crate::posting::{Location, Posting, Precision, Workplace};

/// A month's file.
pub(super) struct Monthly;

/// Algolia's tree of a thread, or its search answers.
pub(super) struct Algolia;

/// Items of the forum's own Firebase API.
pub(super) struct Firebase;

impl Format for Monthly {
    fn name(&self) -> &'static str {
        "hn-monthly"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, |value| has(value, "full_html") && has(value, "url"))
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |value| monthly(value, context))
    }
}

impl Format for Algolia {
    fn name(&self) -> &'static str {
        "hn-algolia"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, |value| {
            let is_list = |key: &str| value.get(key).is_some_and(Value::is_array);
            (is_list("children") && has(value, "created_at_i"))
                || (is_list("hits") && !has(value, "jobs"))
                || has(value, "comment_text")
        })
    }

    fn unpack(&self, document: Value) -> Vec<Value> {
        algolia_records(document)
    }

    fn thread(&self, sample: &Sample) -> Option<String> {
        thread(sample)
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |value| algolia(value, context))
    }
}

impl Format for Firebase {
    fn name(&self) -> &'static str {
        "hn-firebase"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, |value| {
            let is_of_tree = has(value, "kids") || has(value, "parent") || has(value, "by");
            has(value, "time") && has(value, "type") && is_of_tree
        })
    }

    fn thread(&self, sample: &Sample) -> Option<String> {
        thread(sample)
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |value| firebase(value, context))
    }
}

fn any(sample: &Sample, fits: impl Fn(&Value) -> bool) -> bool {
    matches!(sample, Sample::Json(examples) if examples.iter().any(fits))
}

fn has(value: &Value, key: &str) -> bool {
    value.get(key).is_some()
}

/// A month's file: `full_html`, `url` and what a geocoder made of the place.
/// The only date there is stands in the file name.
fn monthly(record: &Value, context: &Context) -> Result<Posting, RecordError> {
    let url = text(record, "url");
    let id = url
        .as_deref()
        .and_then(|url| url.split_once("id="))
        .map(|(_, id)| id.to_owned());
    let mut posting = comment(text(record, "full_html"), id)?;
    if let Some(month) = dates::month(&context.stem) {
        posting.posted_at = Some(month.at);
        posting.posted_precision = Some(Precision::Month);
    }
    let country = text(record, "country");
    let number = |key: &str| record.get(key).and_then(Value::as_f64);
    match posting.locations.first_mut() {
        Some(place) if place.country.is_none() && country.is_some() => place.country = country,
        Some(_) => {}
        None => {
            if let Some(raw) = text(record, "location").or_else(|| text(record, "address")) {
                let (lat, lon) = (number("lat"), number("lon"));
                let known = crate::fields::places::parse(&raw)
                    .into_iter()
                    .next()
                    .unwrap_or_default();
                let country = country.or(known.country);
                posting.locations = vec![Location {
                    raw,
                    city: known.city,
                    region: known.region,
                    country,
                    lat,
                    lon,
                }];
            }
        }
    }
    by(&mut posting, text(record, "user"));
    if posting.workplace.is_none() && record.get("remote") == Some(&Value::Bool(true)) {
        posting.workplace = Some(Workplace::Remote);
    }
    Ok(posting)
}

/// The comments of a thread's tree, or the hits of a search.
fn algolia_records(document: Value) -> Vec<Value> {
    for key in ["children", "hits"] {
        if let Some(Value::Array(records)) = document.get(key) {
            return records.clone();
        }
    }
    vec![document]
}

/// A comment of an Algolia tree or search answer.
fn algolia(record: &Value, context: &Context) -> Result<Posting, RecordError> {
    let (story, parent) = (text(record, "story_id"), text(record, "parent_id"));
    if text(record, "type").is_some_and(|kind| kind == "story") {
        return Err(RecordError::NotAPosting("the thread itself"));
    }
    if story.is_some() && parent.is_some() && story != parent {
        return Err(RecordError::NotAPosting("a reply"));
    }
    let body = text(record, "text").or_else(|| text(record, "comment_text"));
    let id = text(record, "objectID").or_else(|| text(record, "id"));
    let mut posting = comment(body, id)?;
    in_thread(&mut posting, story.or_else(|| context.thread.clone()));
    by(&mut posting, text(record, "author"));
    dated(&mut posting, record.get("created_at_i"))?;
    Ok(posting)
}

/// An item of the Firebase API.
fn firebase(record: &Value, context: &Context) -> Result<Posting, RecordError> {
    let is = |key: &str| record.get(key) == Some(&Value::Bool(true));
    if is("deleted") {
        return Err(RecordError::NotAPosting("a deleted comment"));
    }
    if is("dead") {
        return Err(RecordError::NotAPosting("a comment removed by moderators"));
    }
    if text(record, "type").is_some_and(|kind| kind != "comment") {
        return Err(RecordError::NotAPosting("the thread itself"));
    }
    let parent = text(record, "parent");
    if parent.is_some() && context.thread.is_some() && parent != context.thread {
        return Err(RecordError::NotAPosting("a reply"));
    }
    let mut posting = comment(text(record, "text"), text(record, "id"))?;
    in_thread(&mut posting, parent);
    by(&mut posting, text(record, "by"));
    dated(&mut posting, record.get("time"))?;
    Ok(posting)
}

/// The thread an example record stands in: a story is one, a comment names its parent.
fn thread(sample: &Sample) -> Option<String> {
    let Sample::Json(examples) = sample else {
        return None;
    };
    let example = examples.first()?;
    if text(example, "type").is_some_and(|kind| kind == "story") {
        return text(example, "id");
    }
    text(example, "story_id").or_else(|| text(example, "parent"))
}

fn comment(html: Option<String>, id: Option<String>) -> Result<Posting, RecordError> {
    let description = html.as_deref().and_then(block).ok_or(RecordError::Empty)?;
    let mut posting = Posting {
        source: "hn".to_owned(),
        ..Posting::default()
    };
    if let Some(header) = description.lines().next().and_then(header::parse) {
        posting.company = header.company;
        posting.title = header.title;
        posting.locations = header.locations;
        posting.workplace = header.workplace;
        posting.remote_scope = header.remote_scope;
        posting.employment_type = header.employment_type;
        posting.salary = header.salary;
    }
    if let Some(id) = id {
        posting.id = format!("hn:{id}");
        posting.url = Some(format!("https://news.ycombinator.com/item?id={id}"));
        posting.native_id = Some(id);
    }
    posting.description_text = Some(description);
    Ok(posting)
}

fn in_thread(posting: &mut Posting, thread: Option<String>) {
    posting.board.clone_from(&thread);
    posting.thread = thread;
}

/// The writer is kept only as a number that tells reposts apart.
fn by(posting: &mut Posting, author: Option<String>) {
    if let Some(author) = author {
        let hash = format!("{:016x}", xxh3_64(author.as_bytes()));
        posting.extra.insert("author_hash".to_owned(), hash.into());
    }
}

fn dated(posting: &mut Posting, seconds: Option<&Value>) -> Result<(), RecordError> {
    let Some(value) = seconds.filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let dated = value
        .as_f64()
        .and_then(dates::from_epoch)
        .ok_or_else(|| RecordError::Value {
            field: "posted_at",
            value: value.to_string().chars().take(80).collect(),
            expected: "number of seconds",
        })?;
    posting.posted_at = Some(dated.at);
    posting.posted_precision = Some(dated.precision);
    Ok(())
}

/// A text or number of the record.
fn text(record: &Value, key: &str) -> Option<String> {
    match record.get(key)? {
        // The body keeps its markup and lines.
        Value::String(text) if matches!(key, "full_html" | "text" | "comment_text") => {
            Some(text.clone())
        }
        Value::String(text) => line(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
