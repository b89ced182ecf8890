//! Full-text search over job postings.
//!
//! The modules stand in the order a posting passes through them, and each uses
//! only those above it.

#![cfg_attr(test, allow(clippy::unwrap_used))]

// What a skill is and which skills there are, read from `schema/skills/`.
pub mod skills;

// The record at the centre: `Posting`, and what is read out of it.
pub mod posting;

// Pay, dates, places, workplace, seniority, role and text language, out of
// strings and text; pure.
pub mod fields;

// Records out of columns and back: Parquet.
#[cfg(feature = "parquet")]
pub mod columnar;

// Corpus files in, postings out, one reader a format; a bad record is one `Err`.
pub mod ingest;

// Text in, mentions of skills and sections out; pure.
pub mod extract;

// Which postings are copies of one another.
pub mod groups;

// What happened to a posting, and several readers' records as one posting; pure.
pub mod past;

// Postings and profiles into tantivy documents and back.
pub mod index;

// Files in, an index out, on all cores; the one place that starts threads of
// its own.
pub mod pipeline;

// A request in; ranked hits or counts out.
pub mod query;

// Counts into tables that can be believed; arithmetic only.
pub mod report;

// Hits and tables into text, JSON and CSV, one file a format.
pub mod render;

// Arguments in, exit status out, one file a subcommand.
#[cfg(feature = "cli")]
pub mod cli;
