//! A format that is a table of paths: a TOML file beside this one, in the shape
//! of a person's mapping file and with `[recognise]` on top, and a hook for what
//! paths cannot say. A mapping file itself is read the same way.

use std::borrow::Cow;
use std::path::Path as FilePath;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Format, Sample, adzuna, ashby, greenhouse, himalayas, item, jobspy, justjoin, lever, recruitee,
    remoteok, usajobs,
};
use crate::ingest::RecordError;
use crate::ingest::mapping::{Mapping, folded};
use crate::ingest::record::{Context, Parsed, Record};
use crate::posting::Posting;

/// Mends a posting that a mapping has made of a record.
type Hook = fn(Parsed<'_>, &mut Posting, &Context) -> Result<(), RecordError>;

/// A table of paths under a name.
pub(super) struct Profile {
    name: &'static str,
    mapping: Mapping,
    recognise: Recognise,
    hook: Hook,
}

/// What a file of the format is known by.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Recognise {
    /// Keys of a record: all of one of these lists.
    keys: Vec<Vec<String>>,
    /// Columns of a table: all of one of these lists.
    columns: Vec<Vec<String>>,
}

/// The built-in profiles, in the order in which they are tried.
pub(super) fn built_in() -> Vec<Profile> {
    macro_rules! profiles {
        ($($name:literal $hook:expr;)+) => {
            vec![$(Profile::parse($name, include_str!(concat!("profiles/", $name, ".toml")), $hook)),+]
        };
    }
    profiles! {
        "greenhouse" greenhouse::finish;
        "lever" lever::finish;
        "ashby" ashby::finish;
        "workable" nothing_more;
        "smartrecruiters" nothing_more;
        "recruitee" recruitee::finish;
        "remoteok" remoteok::finish;
        "adzuna" adzuna::finish;
        "usajobs" usajobs::finish;
        "arbeitnow" nothing_more;
        "remotive" nothing_more;
        "jobicy" nothing_more;
        "himalayas" himalayas::finish;
        "justjoin" justjoin::finish;
        "jobspy" jobspy::finish;
        "kaggle-linkedin" nothing_more;
        "linkedin-skills" nothing_more;
        "data-jobs" nothing_more;
        "ats-scrapers" nothing_more;
    }
}

/// The hook of a format that paths describe whole.
fn nothing_more(_: Parsed<'_>, _: &mut Posting, _: &Context) -> Result<(), RecordError> {
    Ok(())
}

impl Profile {
    fn parse(name: &'static str, text: &str, hook: Hook) -> Profile {
        #[derive(Deserialize)]
        struct Known {
            recognise: Recognise,
        }
        let known: Known = toml::from_str(text).expect("a test reads every built-in profile");
        let mapping = Mapping::parse(text, FilePath::new(name));
        Profile {
            name,
            mapping: mapping.expect("a test reads every built-in profile"),
            recognise: known.recognise,
            hook,
        }
    }

    /// A person's mapping as a reader.
    pub(super) fn of_mapping(mapping: Mapping) -> Profile {
        Profile {
            name: "mapping",
            mapping,
            recognise: Recognise::default(),
            hook: nothing_more,
        }
    }

    fn knows(&self, item: &Value) -> bool {
        let has = |keys: &Vec<String>| keys.iter().all(|key| item.get(key).is_some());
        self.recognise.keys.iter().any(has)
    }
}

impl Format for Profile {
    fn name(&self) -> &'static str {
        self.name
    }

    fn fits(&self, sample: &Sample) -> bool {
        match sample {
            Sample::Table(header) => {
                let has =
                    |column: &String| header.iter().any(|name| folded(name) == folded(column));
                self.recognise
                    .columns
                    .iter()
                    .any(|columns| columns.iter().all(has))
            }
            Sample::Json(examples) => examples.iter().any(|example| {
                self.knows(example)
                    || self
                        .mapping
                        .records(example)
                        .is_some_and(|items| items.iter().take(3).any(|item| self.knows(item)))
            }),
        }
    }

    fn mapping(&self, _sample: &Sample) -> Option<Cow<'_, Mapping>> {
        Some(Cow::Borrowed(&self.mapping))
    }

    fn has_satellites(&self) -> bool {
        self.mapping.has_satellites
    }

    fn source(&self, stem: Option<String>) -> Option<String> {
        // A person's mapping goes by its own name, or the file's.
        let own = self.mapping.source.clone();
        own.or_else(|| stem.filter(|_| self.mapping.file.is_some()))
    }

    fn board(&self, context: &Context) -> Option<String> {
        let stem = board_stem(&context.stem, self.name);
        context.bound.as_ref()?.board(None, stem)
    }

    fn posting(&self, record: Record<'_>, context: &Context) -> Result<Posting, RecordError> {
        let bound = context
            .bound
            .as_ref()
            .ok_or_else(|| RecordError::Syntax("no columns are known".to_owned()))?;
        item(record, self, |item| {
            let mut posting = bound.posting(item);
            let stem = board_stem(&context.stem, self.name);
            if posting.board.is_none() {
                posting.board = bound.board(posting.url.as_deref(), stem);
            }
            (self.hook)(item, &mut posting, context)?;
            context.satellites.fill(&mut posting);
            Ok(posting)
        })
    }
}

/// Names that files bear which say nothing of a board.
const NO_BOARD: &[&str] = &[
    "jobs", "job", "postings", "posting", "data", "response", "page", "list", "detail", "output",
    "export", "dump", "results", "result", "all", "board", "boards", "content", "offers", "feed",
    "api", "raw", "index", "items", "example", "sample", "test", "tmp", "body", "saved", "-",
];

/// The board that a file is called after: `acme.json`, `greenhouse_acme.json`.
fn board_stem<'s>(stem: &'s str, format: &str) -> Option<&'s str> {
    let bare = stem
        .strip_prefix(format)
        .map(|rest| rest.trim_start_matches(['_', '-', ' ']))
        .unwrap_or(stem);
    let word = bare.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-'));
    (!word.is_empty() && !NO_BOARD.contains(&word.to_ascii_lowercase().as_str())).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_can_be_read() {
        for profile in built_in() {
            let recognise = &profile.recognise;
            assert!(
                !recognise.keys.is_empty() || !recognise.columns.is_empty(),
                "{} is known by nothing",
                profile.name
            );
            assert!(profile.mapping.has_text(), "{}", profile.name);
        }
    }

    #[test]
    fn a_file_is_called_after_its_board() {
        assert_eq!(board_stem("acme", "lever"), Some("acme"));
        assert_eq!(board_stem("lever_acme", "lever"), Some("acme"));
        assert_eq!(board_stem("page-3", "lever"), None);
        assert_eq!(board_stem("lever", "lever"), None);
    }
}
