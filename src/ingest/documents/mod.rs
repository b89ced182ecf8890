//! Documents that are no JSON and no table, cut into records of the same shape
//! as JSON ones, so that readers need not care what they were written in.
//!
//! In: text of a page, feed, list of statements or Markdown table. Out: objects.

pub(super) mod feed;
pub(super) mod linked;
pub(super) mod markdown;
mod microdata;
pub(super) mod page;
pub(super) mod quads;
mod thread;
mod tree;
