//! The forum's monthly thread "Ask HN: Who is hiring?": saved months, Algolia
//! trees and answers, Firebase items, BigQuery exports, saved pages. One top-level
//! comment is one posting; other monthly threads are rejected by name.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::documents::any;
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

/// Rows of the public BigQuery table, as lines of JSON or a table.
pub(super) struct BigQuery;

/// Comments of a thread saved as a web page.
pub(super) struct Page;

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
                || is_of_forum(value.get("hits").and_then(Value::as_array))
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

/// Whether the hits of a search are comments of the forum: other sites search by
/// the same service.
fn is_of_forum(hits: Option<&Vec<Value>>) -> bool {
    hits.is_some_and(|hits| {
        hits.iter().any(|hit| {
            has(hit, "comment_text")
                || (has(hit, "objectID") && (has(hit, "story_id") || has(hit, "_tags")))
        })
    })
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

/// Columns that only the BigQuery table has together.
const BIGQUERY: &[&str] = &["text", "by", "time", "timestamp", "parent", "ranking"];

impl Format for BigQuery {
    fn name(&self) -> &'static str {
        "hn-bigquery"
    }

    fn fits(&self, sample: &Sample) -> bool {
        match sample {
            Sample::Table(header) => BIGQUERY
                .iter()
                .all(|name| header.iter().any(|column| column == name)),
            Sample::Json(_) => any(sample, |value| BIGQUERY.iter().all(|name| has(value, name))),
        }
    }

    fn thread(&self, sample: &Sample) -> Option<String> {
        thread(sample)
    }

    fn wants_objects(&self) -> bool {
        true
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        object(record, self, |value| firebase(value, context))
    }
}

impl Format for Page {
    fn name(&self) -> &'static str {
        "hn-page"
    }

    fn fits(&self, sample: &Sample) -> bool {
        any(sample, |value| has(value, "comment_html"))
    }

    fn posting(&self, record: Record<'_>, _: &Context) -> Result<Posting, RecordError> {
        object(record, self, page)
    }
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

/// The comments of a thread's tree, each with the thread's title, or the hits of
/// a search.
fn algolia_records(mut document: Value) -> Vec<Value> {
    let title = document.get("title").cloned().unwrap_or_default();
    for key in ["children", "hits"] {
        if let Some(Value::Array(mut records)) = document.get_mut(key).map(Value::take) {
            for record in records.iter_mut().filter_map(Value::as_object_mut) {
                record.entry("story_title").or_insert_with(|| title.clone());
            }
            return records;
        }
    }
    vec![document]
}

/// What a comment of another monthly thread is.
fn other_thread(title: &str) -> Option<&'static str> {
    let title = title.to_ascii_lowercase();
    if title.contains("who wants to be hired") {
        return Some("a job seeker");
    }
    title
        .contains("freelancer?")
        .then_some("a comment of the freelancer thread")
}

fn of_hiring_thread(record: &Value) -> Result<(), RecordError> {
    match text(record, "story_title")
        .as_deref()
        .and_then(other_thread)
    {
        Some(what) => Err(RecordError::NotAPosting(what)),
        None => Ok(()),
    }
}

/// A comment of an Algolia tree or search answer.
fn algolia(record: &Value, context: &Context) -> Result<Posting, RecordError> {
    let (story, parent) = (text(record, "story_id"), text(record, "parent_id"));
    if text(record, "type").is_some_and(|kind| kind == "story") {
        return Err(RecordError::NotAPosting("the thread itself"));
    }
    of_hiring_thread(record)?;
    if story.is_some() && parent.is_some() && story != parent {
        return Err(RecordError::NotAPosting("a reply"));
    }
    let body = text(record, "text").or_else(|| text(record, "comment_text"));
    if body.is_none() && record.get("author").is_none_or(Value::is_null) {
        return Err(RecordError::NotAPosting("a deleted comment"));
    }
    let id = text(record, "objectID").or_else(|| text(record, "id"));
    let mut posting = comment(body, id)?;
    in_thread(&mut posting, story.or_else(|| context.thread.clone()));
    by(&mut posting, text(record, "author"));
    dated(&mut posting, record.get("created_at_i"))?;
    Ok(posting)
}

/// An item of the Firebase API, or a row of the BigQuery table, where flags may be
/// words.
fn firebase(record: &Value, context: &Context) -> Result<Posting, RecordError> {
    let is = |key: &str| match record.get(key) {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::String(word)) => matches!(word.as_str(), "true" | "True" | "1"),
        _ => false,
    };
    if is("deleted") {
        return Err(RecordError::NotAPosting("a deleted comment"));
    }
    if is("dead") {
        return Err(RecordError::NotAPosting("a comment removed by moderators"));
    }
    if text(record, "type").is_some_and(|kind| kind != "comment") {
        return Err(RecordError::NotAPosting("the thread itself"));
    }
    let thread = context.thread.as_deref();
    if let Some(what) = thread
        .and_then(|thread| thread.strip_prefix(OTHER))
        .and_then(other_thread)
    {
        return Err(RecordError::NotAPosting(what));
    }
    let parent = text(record, "parent");
    let mut posting = comment(text(record, "text"), text(record, "id"))?;
    // A file may hold more threads than its beginning shows: what answers another
    // comment is told from a posting of another thread by its first line.
    if parent.is_some() && thread.is_some() && parent.as_deref() != thread && !has_header(&posting)
    {
        return Err(RecordError::NotAPosting("a reply"));
    }
    in_thread(&mut posting, parent);
    by(&mut posting, text(record, "by"));
    dated(&mut posting, record.get("time"))?;
    Ok(posting)
}

/// Whether the first line has parts and says who hires and something more.
fn has_header(posting: &Posting) -> bool {
    let first = posting
        .description_text
        .as_deref()
        .and_then(|text| text.lines().next());
    let more =
        posting.title.is_some() || !posting.locations.is_empty() || posting.workplace.is_some();
    first.is_some_and(|line| line.contains('|')) && posting.company.is_some() && more
}

/// A comment of a saved page. Its age is said in days before a moment that no page
/// tells, so that the month of the thread is the only date.
fn page(record: &Value) -> Result<Posting, RecordError> {
    if record.get("deleted") == Some(&Value::Bool(true)) {
        return Err(RecordError::NotAPosting("a deleted comment"));
    }
    of_hiring_thread(record)?;
    if record.get("indent").and_then(Value::as_u64).unwrap_or(0) > 0 {
        return Err(RecordError::NotAPosting("a reply"));
    }
    let mut posting = comment(text(record, "comment_html"), text(record, "id"))?;
    in_thread(&mut posting, text(record, "story_id"));
    by(&mut posting, text(record, "author"));
    if let Some(month) = text(record, "story_title").and_then(|title| month_of(&title)) {
        posting.posted_at = Some(month.at);
        posting.posted_precision = Some(Precision::Month);
    }
    Ok(posting)
}

/// The month in "Ask HN: Who is hiring? (May 2013)".
fn month_of(title: &str) -> Option<dates::Dated> {
    let (_, inside) = title.rsplit_once('(')?;
    dates::month(inside.trim_end().trim_end_matches(')'))
}

/// Before the title of a thread that is none of postings.
const OTHER: &str = "not hiring: ";

/// The thread that most of the first records stand in: a story among them, or the
/// commonest parent. The title of another monthly thread after [`OTHER`].
fn thread(sample: &Sample) -> Option<String> {
    let Sample::Json(examples) = sample else {
        return None;
    };
    let is_story = |example: &&Value| text(example, "type").is_some_and(|kind| kind == "story");
    if let Some(story) = examples.iter().find(is_story) {
        let title = text(story, "title").filter(|title| other_thread(title).is_some());
        return title
            .map(|title| format!("{OTHER}{title}"))
            .or_else(|| text(story, "id"));
    }
    let parents = examples
        .iter()
        .filter_map(|example| text(example, "story_id").or_else(|| text(example, "parent")));
    let parents: Vec<String> = parents.collect();
    let count = |parent: &String| parents.iter().filter(|other| *other == parent).count();
    // Of equals, the first.
    parents
        .iter()
        .rev()
        .max_by_key(|parent| count(parent))
        .cloned()
}

fn comment(html: Option<String>, id: Option<String>) -> Result<Posting, RecordError> {
    let description = html.as_deref().and_then(block).ok_or(RecordError::Empty)?;
    if matches!(description.trim(), "[deleted]" | "[flagged]" | "[dead]") {
        return Err(RecordError::NotAPosting("a deleted comment"));
    }
    if is_remark(&description) {
        return Err(RecordError::NotAPosting("a remark about the thread"));
    }
    if is_seeker(&description) {
        return Err(RecordError::NotAPosting("a job seeker"));
    }
    let mut posting = Posting {
        source: "hn".to_owned(),
        ..Posting::default()
    };
    let first = || description.lines().next().and_then(header::parse);
    if let Some(header) = header::labelled(&description).or_else(first) {
        posting.company = header.company;
        posting.title = header.title;
        posting.locations = header.locations;
        posting.workplace = header.workplace;
        posting.remote_scope = header.remote_scope;
        posting.employment_type = header.employment_type;
        posting.salary = header.salary;
    }
    if posting.company.is_none()
        && let Some(header) = header::from_text(&description)
    {
        // "Oslo, Acme, Senior Engineer" was one title.
        let is_in = |name: &String| {
            posting
                .title
                .as_ref()
                .is_some_and(|title| title.contains(name.as_str()))
        };
        if header.title.is_some()
            && (posting.title.is_none() || header.company.as_ref().is_some_and(is_in))
        {
            posting.title = header.title;
        }
        posting.company = header.company;
        if posting.locations.is_empty() {
            posting.locations = header.locations;
        }
    }
    let roles = roles(&description);
    if roles.len() > 1 {
        posting.title = posting
            .title
            .or_else(|| roles.iter().cloned().reduce(joined));
        posting.extra.insert("roles".to_owned(), roles.into());
    }
    if let Some(id) = id {
        posting.id = format!("hn:{id}");
        posting.url = Some(format!("https://news.ycombinator.com/item?id={id}"));
        posting.native_id = Some(id);
    }
    posting.description_text = Some(description);
    Ok(posting)
}

/// "[Meta] Can we please …": brackets tell it from the company of that name.
fn is_remark(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix(['[', '(']) else {
        return false;
    };
    let tag = rest.split([']', ')']).next().unwrap_or_default();
    let tag = tag.trim().to_ascii_lowercase();
    matches!(
        tag.as_str(),
        "meta" | "off topic" | "off-topic" | "offtopic" | "ot"
    )
}

/// Whether a post, or its employer, begins as the adverts of people who seek work
/// do in threads of freelancers.
pub(super) fn is_seeker(text: &str) -> bool {
    let mark = "seeking work";
    let begin = text.trim_start().get(..mark.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(mark))
}

/// Titles of a posting without one are joined to at most this many bytes.
const TITLE_BYTES: usize = 150;

fn joined(all: String, more: String) -> String {
    match all.len() + more.len() < TITLE_BYTES {
        true => format!("{all}, {more}"),
        false => all,
    }
}

/// The roles of a list in the text: items that name one and little else.
fn roles(text: &str) -> Vec<String> {
    let mark = |c: char| {
        c.is_whitespace()
            || matches!(c, '-' | '*' | '•' | '–' | '·' | '+' | '.' | ')')
            || c.is_ascii_digit()
    };
    let mut found: Vec<String> = Vec::new();
    for item in text.lines().skip(1) {
        let bare = item.trim_start_matches(mark);
        let is_item = bare.len() < item.len();
        // What follows a title: a link, what it asks for, where.
        let end = [" - ", " – ", ": ", " | ", "http", " (http"]
            .iter()
            .filter_map(|sign| bare.find(sign))
            .min();
        let title =
            bare[..end.unwrap_or(bare.len())].trim_end_matches([' ', ':', '-', ',', '.', '(']);
        let is_title = title.chars().count() <= 80
            && title.starts_with(char::is_uppercase)
            && header::is_role(title);
        if is_item && is_title && !found.iter().any(|known| known == title) {
            found.push(title.to_owned());
        }
    }
    found
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
    let seconds = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok());
    let dated = seconds
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
        Value::String(text)
            if matches!(key, "full_html" | "text" | "comment_text" | "comment_html") =>
        {
            Some(text.clone())
        }
        Value::String(text) => line(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
