//! Native JSON Lines: one normal posting a line, with the field names of
//! `schema/posting.schema.json`. What `export` adds is left alone: it is read anew.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Format, Sample, object};
use crate::fields::{dates, employment, seniority, workplace};
use crate::ingest::RecordError;
use crate::ingest::record::{Context, Record, utf8};
use crate::ingest::text::{block, end_of, line, shortened};
use crate::posting::{
    Employment, Location, Posting, Precision, RawSkill, Salary, Seniority, Workplace, Years,
};

pub(super) struct Native;

impl Format for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn fits(&self, sample: &Sample) -> bool {
        let is_posting = |value: &Value| {
            let has = |key: &str| value.get(key).is_some();
            let text = has("description_text") || has("description_html") || has("title");
            // Tables of scraped boards have a `source` column too.
            has("source") && text && !(has("location") || has("salaryMin"))
        };
        matches!(sample, Sample::Json(examples) if examples.iter().any(is_posting))
    }

    fn reads_bytes(&self) -> bool {
        true
    }

    fn posting(&self, record: Record<'_>, _: &Context) -> Result<Posting, RecordError> {
        match record {
            Record::Json(bytes) => posting(&utf8(bytes)),
            record => object(record, self, |value| posting(&value.to_string())),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Option<Text>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    board: Option<Text>,
    #[serde(default)]
    native_id: Option<Text>,
    #[serde(default)]
    requisition_id: Option<Text>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    apply_url: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    company: Option<String>,
    #[serde(default)]
    locations: Option<Vec<Location>>,
    #[serde(default)]
    workplace: Option<String>,
    #[serde(default)]
    remote_scope: Option<Vec<String>>,
    #[serde(default)]
    employment_type: Option<Vec<String>>,
    #[serde(default)]
    employment_raw: Option<String>,
    #[serde(default)]
    seniority: Option<String>,
    #[serde(default)]
    experience_years: Option<Years>,
    #[serde(default)]
    posted_at: Option<Text>,
    #[serde(default)]
    posted_precision: Option<Precision>,
    #[serde(default)]
    updated_at: Option<Text>,
    #[serde(default)]
    valid_through: Option<Text>,
    #[serde(default)]
    salary: Option<Salary>,
    #[serde(default)]
    description_text: Option<String>,
    #[serde(default)]
    description_html: Option<String>,
    #[serde(default)]
    text_language: Option<String>,
    #[serde(default)]
    skills_raw: Option<Vec<RawSkill>>,
    #[serde(default)]
    department: Option<String>,
    #[serde(default)]
    industry: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    openings: Option<u32>,
    #[serde(default)]
    thread: Option<Text>,
    #[serde(default)]
    truncated: bool,
    #[serde(default)]
    extra: Option<Map<String, Value>>,
    #[serde(default)]
    read_from_text: Vec<String>,
}

/// Text, or a number that people write for one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Text(String),
    Number(serde_json::Number),
}

impl Text {
    fn into_line(self) -> Option<String> {
        match self {
            Text::Text(text) => line(&text),
            Text::Number(number) => Some(number.to_string()),
        }
    }
}

fn posting(json: &str) -> Result<Posting, RecordError> {
    let native: Line =
        serde_json::from_str(json).map_err(|error| RecordError::Syntax(error.to_string()))?;
    let is_stated = |field: &str| !native.read_from_text.iter().any(|read| read == field);
    let text = |text: Option<String>| text.as_deref().and_then(line);
    let lines = |text: Option<Text>| text.and_then(Text::into_line);

    let employment_type = match native
        .employment_type
        .filter(|_| is_stated("employment_type"))
    {
        Some(labels) => {
            let mut types: Vec<_> = labels
                .iter()
                .flat_map(|label| employment_types(label))
                .collect();
            types.dedup();
            types
        }
        None => Vec::new(),
    };
    let workplace = word(
        "workplace",
        native.workplace.filter(|_| is_stated("workplace")),
        |word| Workplace::from_word(word).or_else(|| workplace::from_label(word)),
    )?;
    let seniority = word(
        "seniority",
        native.seniority.filter(|_| is_stated("seniority")),
        |word| Seniority::from_word(word).or_else(|| seniority::from_label(word)),
    )?;
    let (posted_at, found) = date("posted_at", native.posted_at)?.unzip();
    let mut salary = native.salary.filter(|_| is_stated("salary"));
    if let Some(Salary {
        min: Some(min),
        max: Some(max),
        doubtful,
        ..
    }) = &mut salary
        && min > max
    {
        std::mem::swap(min, max);
        *doubtful = true;
    }
    Ok(Posting {
        id: lines(native.id).unwrap_or_default(),
        source: text(native.source).unwrap_or_default(),
        board: lines(native.board),
        native_id: lines(native.native_id),
        requisition_id: lines(native.requisition_id),
        url: text(native.url),
        apply_url: text(native.apply_url),
        title: text(native.title),
        company: text(native.company),
        locations: match native.locations {
            Some(places) if is_stated("locations") => places,
            // What was read out of `raw` is read again.
            Some(places) => places
                .into_iter()
                .map(|place| Location {
                    raw: place.raw,
                    ..Location::default()
                })
                .collect(),
            None => Vec::new(),
        },
        workplace,
        remote_scope: native
            .remote_scope
            .filter(|_| is_stated("remote_scope"))
            .unwrap_or_default(),
        employment_type,
        employment_raw: text(native.employment_raw),
        seniority,
        experience_years: native
            .experience_years
            .filter(|_| is_stated("experience_years")),
        posted_at,
        posted_precision: posted_at.and(native.posted_precision).or(found),
        updated_at: date("updated_at", native.updated_at)?.map(|(at, _)| at),
        valid_through: date("valid_through", native.valid_through)?
            .map(|(at, precision)| end_of(dates::Dated { at, precision })),
        salary,
        description_text: native
            .description_text
            .as_deref()
            .and_then(block)
            .or_else(|| native.description_html.as_deref().and_then(block)),
        text_language: native.text_language.filter(|_| is_stated("text_language")),
        skills_raw: native.skills_raw.unwrap_or_default(),
        department: text(native.department),
        industry: text(native.industry),
        category: text(native.category),
        openings: native.openings,
        thread: lines(native.thread),
        truncated: native.truncated,
        extra: native.extra.unwrap_or_default(),
        ..Posting::default()
    })
}

fn employment_types(label: &str) -> Vec<Employment> {
    Employment::from_word(label).map_or_else(|| employment::from_label(label), |known| vec![known])
}

fn word<T>(
    field: &'static str,
    value: Option<String>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, RecordError> {
    match value.filter(|value| !crate::ingest::text::is_nothing(value)) {
        None => Ok(None),
        Some(value) => match read(&value) {
            Some(word) => Ok(Some(word)),
            None => Err(RecordError::Value {
                field,
                value: shortened(&value),
                expected: "known word",
            }),
        },
    }
}

fn date(
    field: &'static str,
    value: Option<Text>,
) -> Result<Option<(jiff::Timestamp, Precision)>, RecordError> {
    let Some(value) = value.and_then(Text::into_line) else {
        return Ok(None);
    };
    match dates::parse(&value) {
        Some(dated) => Ok(Some((dated.at, dated.precision))),
        None => Err(RecordError::Value {
            field,
            value: shortened(&value),
            expected: "date",
        }),
    }
}
