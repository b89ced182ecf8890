//! Files of one run of which one takes the places of another's postings. Records
//! are often numbered within their file only, and their ids begin with its name:
//! `a/jobs.csv` and `b/jobs.csv` both have a posting `jobs:1`. Days of one board
//! in a folder each look the same and are to replace each other, so nothing is
//! done about it but to say so.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::keep::short_key;
use super::{Request, Taken};
use crate::ingest::normalise_words;
use crate::posting::Posting;

/// Ids that are remembered at most: what a table of 35 MB holds.
const MOST_IDS: usize = 7 << 16;

/// Which files may share ids, and what was read of them.
#[derive(Debug, Default)]
pub(super) struct Namesakes {
    /// Numbers of files that are called like another one.
    files: HashSet<u64>,
    /// By id and reader: the file it was last read in, and its title. What two readers
    /// say of an id becomes one posting.
    seen: HashMap<(u64, &'static str), (u32, u32)>,
    /// By both files: how many ids are in both, and under how many of them another
    /// title.
    met: BTreeMap<(u32, u32), (u64, u64)>,
}

impl Namesakes {
    pub(super) fn of(request: &Request) -> Namesakes {
        let mut by_name: HashMap<String, Vec<u64>> = HashMap::new();
        for (number, input) in (0u64..).zip(&request.inputs) {
            // A source that a person names is one for all.
            let name = match request.options.source {
                Some(_) => String::new(),
                None => input.stem().to_lowercase(),
            };
            by_name.entry(name).or_default().push(number);
        }
        let shared = by_name.into_values().filter(|files| files.len() > 1);
        Namesakes {
            files: shared.flatten().collect(),
            ..Namesakes::default()
        }
    }

    /// A posting of a file.
    pub(super) fn has(&mut self, file: u64, reader: &'static str, posting: &Posting) {
        if !self.files.contains(&file) {
            return;
        }
        let title = posting.title.as_deref().unwrap_or_default();
        let title = short_key(&normalise_words(title)) as u32;
        let key = (short_key(&posting.id), reader);
        let now = (file as u32, title);
        if let Some(before) = self.seen.get_mut(&key) {
            if before.0 != now.0 {
                let (all, others) = self.met.entry((before.0, now.0)).or_default();
                *all += 1;
                *others += u64::from(before.1 != now.1);
            }
            *before = now;
        } else if self.seen.len() < MOST_IDS {
            self.seen.insert(key, now);
        }
    }

    /// Files whose postings have other titles for the most part than those whose
    /// places they took: of a posting that has changed, few have.
    pub(super) fn found(&self, request: &Request) -> Vec<Taken> {
        let name = |number: u32| {
            let input = request.inputs.get(number as usize);
            input.map(|input| input.name()).unwrap_or_default()
        };
        let met = self.met.iter();
        met.filter(|(_, (all, others))| others * 2 > *all)
            .map(|((of, by), (_, others))| Taken {
                of: name(*of),
                by: name(*by),
                n: *others,
            })
            .collect()
    }
}
