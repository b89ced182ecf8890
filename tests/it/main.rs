//! The tests of the whole program: one binary, so that tantivy is linked once.
//!
//! [`support`] has the bundled sample twice, as an index and as plain records;
//! the others state facts, a module for each kind of fact.

#![allow(clippy::unwrap_used)]

mod support;
mod tables;

mod plain;

mod json_schema;

mod tidy;

mod oracle;
#[cfg(feature = "parquet")]
mod parquet;

mod damaged;
mod disks;
mod faults;
mod index;
mod rejects;
mod writing;

mod formats;

mod documents;

mod copies;

mod answers;
mod cli;

mod people;
#[cfg(feature = "documents")]
mod resume;

mod page;
mod windows;

mod quality;
mod reading;

mod questions;
mod saved;

mod snapshots;
