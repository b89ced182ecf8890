//! A record and what the index has of its id into the posting to keep.

use jiff::Timestamp;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::advert;
use crate::extract::Extractor;
use crate::fields;
use crate::index::{Commit, Document, Existing, Index, IndexError, Kept, known_fields};
use crate::ingest::{Change, Closing, IngestError};
use crate::past::{Happening, Past, Version, as_stated, merged};
use crate::posting::Posting;

/// A record that was read.
pub(super) enum Prepared {
    Posting(Box<PreparedPosting>),
    /// Something has become of the posting it names.
    Event {
        event: Event,
        /// What is wrong with it if the index has no such posting.
        unknown: IngestError,
    },
}

/// What a feed says of a posting that is there.
pub(super) enum Event {
    Changed(Change),
    Closed(Closing),
}

impl Event {
    /// The posting it is about.
    pub(super) fn id(&self) -> &str {
        match self {
            Event::Changed(change) => &change.id,
            Event::Closed(closing) => &closing.id,
        }
    }
}

/// A posting that was read.
pub(super) struct PreparedPosting {
    /// Of its id.
    pub(super) key: u128,
    /// See [`crate::index::content_hash`].
    pub(super) content: u64,
    /// What the commit has of its id.
    pub(super) existing: Option<Existing>,
    pub(super) posting: Posting,
    /// Which fields are known, as bits of [`crate::index::flag`].
    pub(super) known: u64,
    /// Absent if the index has it just so.
    pub(super) document: Option<Document>,
}

impl PreparedPosting {
    /// Whether the index has it just so.
    pub(super) fn is_there(&self) -> bool {
        self.existing
            .as_ref()
            .is_some_and(|existing| existing.is_open_with(self.content))
    }
}

/// The 128 bits by which a run knows an id.
pub(super) fn key(id: &str) -> u128 {
    xxh3_128(id.as_bytes())
}

/// The 64 bits by which an id is known in larger numbers.
pub(super) fn short_key(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

/// Makes documents of postings.
#[derive(Clone, Copy)]
pub(super) struct Maker<'a> {
    pub(super) index: &'a Index,
    pub(super) extractor: &'a Extractor,
    /// The moment that counts as now.
    pub(super) now: Timestamp,
}

impl Maker<'_> {
    /// Reads out of a posting what is not yet in the index.
    pub(super) fn prepare(
        &self,
        commit: &Commit,
        mut posting: Posting,
        content: u64,
    ) -> Result<PreparedPosting, IndexError> {
        let existing = commit.existing(&posting.id)?;
        let is_there = |existing: &Existing| existing.is_open_with(content);
        let (known, document) = match &existing {
            Some(existing) if is_there(existing) => (existing.known, None),
            existing => {
                let of = existing.is_some().then_some(commit);
                let document = self.read(of, &mut posting, content)?;
                (known_fields(&posting), Some(document))
            }
        };
        Ok(PreparedPosting {
            key: key(&posting.id),
            content,
            existing,
            posting,
            known,
            document,
        })
    }

    /// Everything that is read out of a posting, and the document to keep of
    /// it; `commit` where that has its id.
    pub(super) fn read(
        &self,
        commit: Option<&Commit>,
        posting: &mut Posting,
        content: u64,
    ) -> Result<Document, IndexError> {
        fields::fill(posting);
        let before = commit.map(|commit| commit.kept(&posting.id)).transpose()?;
        if let Some(before) = before.flatten() {
            return self.document(&mut self.next(before, posting, content));
        }
        let mut past = Past::default();
        past.happened(Happening::Added, self.now);
        let mut kept = Kept {
            posting: std::mem::take(posting),
            contents: vec![content],
            past,
        };
        let document = self.document(&mut kept);
        *posting = kept.posting;
        document
    }

    /// Puts an event into what is kept of its posting; whether that says anything new.
    pub(super) fn tell(&self, kept: &mut Kept, event: &Event) -> bool {
        let happened = |past: &mut Past, what, at: Option<Timestamp>| {
            past.happened(what, at.unwrap_or(self.now));
        };
        match event {
            Event::Closed(closing) => {
                let is_new = kept.past.closed_at().is_none();
                happened(&mut kept.past, Happening::Closed, closing.at);
                is_new
            }
            Event::Changed(change) => {
                if !kept.past.take_mark(change.mark) {
                    return false;
                }
                // The records it came from are known as they were read: one that
                // comes again unchanged does not undo what was told since.
                let mut posting = match kept.past.versions.as_mut_slice() {
                    [] => as_stated(kept.posting.clone()),
                    versions => {
                        for version in versions.iter_mut() {
                            change.apply(&mut version.posting);
                        }
                        merged(versions).expect("there are some")
                    }
                };
                change.apply(&mut posting);
                fields::fill(&mut posting);
                kept.posting = posting;
                happened(&mut kept.past, Happening::Changed, change.at);
                true
            }
        }
    }

    /// What is kept of an id after another record of it: in the place of what
    /// the same reader said before, and beside what others say.
    fn next(&self, before: Kept, posting: &Posting, content: u64) -> Kept {
        let Kept {
            posting: shown,
            contents,
            mut past,
        } = before;
        if contents.contains(&content) {
            past.happened(Happening::Reopened, self.now);
            return Kept {
                posting: shown,
                contents,
                past,
            };
        }
        past.happened(Happening::Changed, self.now);
        past.happened(Happening::Reopened, self.now);
        let mut versions = std::mem::take(&mut past.versions);
        if versions.is_empty() {
            versions.push(Version {
                reader: reader_of(&shown),
                content: contents.first().copied().unwrap_or_default(),
                posting: as_stated(shown),
            });
        }
        let own = Version {
            reader: reader_of(posting),
            content,
            posting: as_stated(posting.clone()),
        };
        match versions
            .iter_mut()
            .find(|version| version.reader == own.reader)
        {
            Some(version) => *version = own,
            None => versions.push(own),
        }
        if versions.len() == 1 {
            return Kept {
                posting: posting.clone(),
                contents: vec![content],
                past,
            };
        }
        versions.sort_by(|a, b| a.reader.cmp(&b.reader));
        let mut posting = merged(&versions).expect("there are several");
        fields::fill(&mut posting);
        Kept {
            posting,
            contents: versions.iter().map(|version| version.content).collect(),
            past: Past { versions, ..past },
        }
    }

    /// The document of a posting, with its skills read anew.
    pub(super) fn document(&self, kept: &mut Kept) -> Result<Document, IndexError> {
        let taxonomy = self.extractor.taxonomy();
        let profile = self
            .extractor
            .read(&advert(&kept.posting))
            .profile(taxonomy);
        Document::new(self.index, kept, &profile, taxonomy)
    }
}

fn reader_of(posting: &Posting) -> String {
    let origin = posting.origin.as_ref();
    origin
        .map(|origin| origin.reader.clone())
        .unwrap_or_default()
}
