//! The fields of the index. A change here is a change of format: raise
//! [`super::FORMAT_VERSION`] and renew `schema/index.json`.

use serde_json::{Value, json};
use tantivy::IndexSettings;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};

use super::tokenizer::{KEY, WORDS};

/// Handles of the fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Posting id; found and ordered by.
    pub(crate) id: Field,
    /// Words of the title.
    pub(crate) title: Field,
    /// Words of the text; also the text itself.
    pub(crate) body: Field,
    /// Words of what is known beside the text: employer, places, workplace.
    pub(crate) facts: Field,
    /// Skill ids, as [`skill_term`] writes them.
    pub(crate) skill: Field,
    pub(crate) company: Field,
    pub(crate) country: Field,
    pub(crate) region: Field,
    pub(crate) city: Field,
    pub(crate) workplace: Field,
    pub(crate) role: Field,
    pub(crate) seniority: Field,
    pub(crate) employment: Field,
    pub(crate) source: Field,
    pub(crate) text_language: Field,
    /// Where a remote worker may live.
    pub(crate) remote_scope: Field,
    /// Seconds since 1970.
    pub(crate) posted_at: Field,
    /// Month of `posted_at`, as [`super::columns::month_of`] counts them.
    pub(crate) month: Field,
    /// Seconds since 1970.
    pub(crate) valid_through: Field,
    /// Ends of the yearly pay, in units of `pay_currency`.
    pub(crate) pay_min: Field,
    pub(crate) pay_max: Field,
    pub(crate) pay_currency: Field,
    /// Bits of [`super::columns::flag`].
    pub(crate) flags: Field,
    /// What the posting asks for, packed as [`super::AskEntry`].
    pub(crate) ask: Field,
    /// What copies are known by: [`crate::groups::Traits`].
    pub(crate) copy_url: Field,
    pub(crate) copy_requisition: Field,
    pub(crate) copy_text: Field,
    pub(crate) copy_title: Field,
    pub(crate) copy_sketch: Field,
    /// Hash of the record as ingested, one a reader.
    pub(crate) content: Field,
    /// Hash of source and board.
    pub(crate) scope: Field,
    /// Hash of the places, so that copies in one place are known without reading them.
    pub(crate) places: Field,
    /// Seconds since 1970.
    pub(crate) first_seen: Field,
    /// Seconds since 1970.
    pub(crate) closed_at: Field,
    /// The posting as JSON, without its text.
    pub(crate) posting: Field,
    /// What happened to it as JSON: [`crate::past::Past`].
    pub(crate) past: Field,
}

fn words() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// Words of short values: how many there are does not matter.
fn words_of_values() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing)
}

/// A whole value that is filtered by in any case and counted as written.
fn key() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(KEY)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default()
        .set_indexing_options(indexing)
        .set_fast("raw")
}

/// A whole value that is always written alike.
fn raw(fast: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    let options = TextOptions::default().set_indexing_options(indexing);
    if fast {
        options.set_fast("raw")
    } else {
        options
    }
}

fn column() -> NumericOptions {
    NumericOptions::default().set_fast()
}

/// The schema of a new index.
pub(super) fn schema() -> Schema {
    let mut schema = Schema::builder();
    schema.add_text_field("id", raw(true));
    schema.add_text_field("title", words());
    schema.add_text_field("body", words() | STORED);
    schema.add_text_field("facts", words_of_values());
    schema.add_text_field("skill", raw(false));
    for name in ["company", "region", "city"] {
        schema.add_text_field(name, key());
    }
    for name in [
        "country",
        "workplace",
        "role",
        "seniority",
        "employment",
        "source",
        "text_language",
        "remote_scope",
        "pay_currency",
    ] {
        schema.add_text_field(name, raw(true));
    }
    for name in ["posted_at", "valid_through", "first_seen", "closed_at"] {
        // Ranges are looked up in the column; nobody asks for one moment.
        schema.add_i64_field(name, column());
    }
    schema.add_u64_field("month", column().set_indexed());
    for name in ["pay_min", "pay_max"] {
        schema.add_f64_field(name, column());
    }
    for name in [
        "flags",
        "ask",
        "copy_url",
        "copy_requisition",
        "copy_text",
        "copy_title",
        "copy_sketch",
        "content",
        "scope",
        "places",
    ] {
        schema.add_u64_field(name, column());
    }
    schema.add_text_field("posting", STORED);
    schema.add_text_field("past", STORED);
    schema.build()
}

/// Level of zstd for what is stored: faster than its default, 3; what it was
/// measured with made the index one in a hundred larger (`benches/README.md`).
const STORED_LEVEL: i32 = 1;

/// How a new index is kept.
pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(STORED_LEVEL),
        }),
        ..IndexSettings::default()
    }
}

impl Fields {
    pub(super) fn new(schema: &Schema) -> Fields {
        let field = |name: &str| {
            schema
                .get_field(name)
                .expect("an index of this format version has the field")
        };
        Fields {
            id: field("id"),
            title: field("title"),
            body: field("body"),
            facts: field("facts"),
            skill: field("skill"),
            company: field("company"),
            country: field("country"),
            region: field("region"),
            city: field("city"),
            workplace: field("workplace"),
            role: field("role"),
            seniority: field("seniority"),
            employment: field("employment"),
            source: field("source"),
            text_language: field("text_language"),
            remote_scope: field("remote_scope"),
            posted_at: field("posted_at"),
            month: field("month"),
            valid_through: field("valid_through"),
            pay_min: field("pay_min"),
            pay_max: field("pay_max"),
            pay_currency: field("pay_currency"),
            flags: field("flags"),
            ask: field("ask"),
            copy_url: field("copy_url"),
            copy_requisition: field("copy_requisition"),
            copy_text: field("copy_text"),
            copy_title: field("copy_title"),
            copy_sketch: field("copy_sketch"),
            content: field("content"),
            scope: field("scope"),
            places: field("places"),
            first_seen: field("first_seen"),
            closed_at: field("closed_at"),
            posting: field("posting"),
            past: field("past"),
        }
    }
}

/// How a posting has a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Having {
    /// In any way.
    Any,
    /// It requires it.
    Required,
    /// It names it; it does not only follow from another.
    Named,
}

/// The term by which postings with a skill are found. No id ends in a sign.
pub(crate) fn skill_term(id: &str, having: Having) -> String {
    match having {
        Having::Any => id.to_owned(),
        Having::Required => format!("{id}!"),
        Having::Named => format!("{id}="),
    }
}

/// The schema and format version as data, for `schema/index.json`.
pub fn declared_schema() -> Value {
    json!({
        "format_version": super::FORMAT_VERSION,
        "fields": serde_json::to_value(schema()).expect("a schema is JSON"),
    })
}
