//! Postings and profiles into tantivy documents and back.
//!
//! [`Index`] is a directory with a tantivy index and `jobsift.json`, which says
//! what it was built with. [`Writer`] adds and replaces by id; [`Snapshot`] is
//! one whole commit as readers see it, with the groups of copies and how rare
//! each skill is. Outside this module and `query/local.rs` nothing names tantivy.

mod columns;
mod commit;
mod derived;
mod document;
mod error;
mod files;
mod lock;
mod members;
mod merges;
mod note;
mod order;
mod parts;
mod schema;
mod sealed;
mod sightings;
mod skill_list;
mod snapshot;
mod tokenizer;
mod verify;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::files::Files;
use self::note::Note;
use self::skill_list::{are_skills, hash_name, read_skills};
use crate::skills::Taxonomy;

pub use columns::{AskEntry, Facet};
pub(crate) use columns::{date_of, flag, month_number, month_of};
pub use commit::Commit;
pub use derived::{Derived, NO_GROUP};
pub(crate) use document::known as known_fields;
pub use document::{Document, Kept, content_hash, scope};
pub use error::IndexError;
pub use lock::SavedLock;
pub use note::{CommitTime, Unfinished};
pub use schema::declared_schema;
pub(crate) use schema::{Fields, Having, skill_term};
pub use sealed::{read_sealed, write_sealed};
pub use snapshot::Snapshot;
pub(crate) use tokenizer::{MIN_STEM_CHARS, Unit, stem, stemmed_languages, units};
pub use verify::{Verified, verify};
pub use writer::{Existing, Writer};

/// Raised whenever an index written before cannot be read as it stands.
pub const FORMAT_VERSION: u32 = 4;

const META_FILE: &str = "jobsift.json";

/// Where searches are kept that a user has saved; written by [`write_sealed`].
pub const SAVED_FILE: &str = "saved.json";

/// What an index was made by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// See [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The program's version.
    pub program: String,
}

/// An index directory.
pub struct Index {
    directory: PathBuf,
    inner: tantivy::Index,
    fields: Fields,
    meta: Meta,
    /// The list of skills its postings were read with.
    taxonomy: Arc<Taxonomy>,
}

impl Index {
    /// Opens an index. `taxonomy` is the list of skills at hand; an index that
    /// was read with another one brings its own ([`Index::taxonomy`]).
    ///
    /// # Errors
    /// [`IndexError::Missing`] if there is none, [`IndexError::Format`] if it
    /// is of another format version, [`IndexError::Damaged`] if it cannot be read.
    pub fn open(directory: &Path, taxonomy: &Arc<Taxonomy>) -> Result<Index, IndexError> {
        let path = directory.join(META_FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
                return Err(IndexError::Missing {
                    directory: directory.to_owned(),
                });
            }
            Err(source) => return Err(IndexError::Io { path, source }),
        };
        let damaged = |why: String| IndexError::Damaged {
            directory: directory.to_owned(),
            why,
        };
        let version: VersionOnly = serde_json::from_str(&text)
            .map_err(|error| damaged(format!("{META_FILE}: {error}")))?;
        if version.format_version != FORMAT_VERSION {
            return Err(IndexError::Format {
                directory: directory.to_owned(),
                found: version.format_version,
                wanted: FORMAT_VERSION,
            });
        }
        let meta = sealed::unseal(&text)
            .and_then(|fields| serde_json::from_value(fields.into()).ok())
            .ok_or_else(|| damaged(format!("{META_FILE} is not as it was written")))?;
        let inner = open_tantivy(directory).map_err(|error| damaged(error.to_string()))?;
        if inner.schema() != schema::schema() {
            return Err(damaged(
                "its fields are not those of this format; index the files again into a new directory"
                    .to_owned(),
            ));
        }
        let read_with = || Ok(read_note(&inner).map_err(damaged)?.skills);
        let mut name = read_with()?;
        let taxonomy = loop {
            if are_skills(&name, taxonomy) {
                break Arc::clone(taxonomy);
            }
            let why = match read_skills(directory, &name) {
                Ok(own) => break Arc::new(own),
                Err(why) => why,
            };
            // A rebuild takes away the list that was read with before.
            let now = read_with()?;
            if now == name {
                return Err(damaged(why));
            }
            name = now;
        };
        Ok(Index::with(directory, inner, meta, &taxonomy))
    }

    /// Opens an index, or makes one where there is none.
    ///
    /// # Errors
    /// As [`Index::open`]; [`IndexError::Io`] if the directory cannot be made;
    /// [`IndexError::NotEmpty`] if something else lies in it.
    pub fn open_or_create(directory: &Path, taxonomy: &Arc<Taxonomy>) -> Result<Index, IndexError> {
        match Index::open(directory, taxonomy) {
            Err(IndexError::Missing { .. }) => {}
            other => return other,
        }
        let io = |source| IndexError::Io {
            path: directory.to_owned(),
            source,
        };
        fs::create_dir_all(directory).map_err(io)?;
        // A first run that was killed leaves tantivy's files without ours; they hold no commit of ours.
        let is_foreign = |name: &str| {
            !(["meta.json", ".managed.json", "jobsift.new"].contains(&name)
                || name.starts_with(".tantivy")
                || name.starts_with(".tmp"))
        };
        for entry in fs::read_dir(directory).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            if is_foreign(&name.to_string_lossy()) {
                return Err(IndexError::NotEmpty {
                    directory: directory.to_owned(),
                });
            }
        }
        let files = Files::open(directory).map_err(|error| IndexError::Io {
            path: directory.to_owned(),
            source: std::io::Error::other(error),
        })?;
        let inner = tantivy::IndexBuilder::new()
            .schema(schema::schema())
            .settings(schema::settings())
            .open_or_create(files)
            .map_err(|error| IndexError::Damaged {
                directory: directory.to_owned(),
                why: error.to_string(),
            })?;
        let meta = Meta {
            format_version: FORMAT_VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let path = directory.join(META_FILE);
        sealed::replace(&path, |out| out.write_all(meta.to_text().as_bytes()))
            .map_err(|source| IndexError::Io { path, source })?;
        Ok(Index::with(directory, inner, meta, taxonomy))
    }

    fn with(
        directory: &Path,
        inner: tantivy::Index,
        meta: Meta,
        taxonomy: &Arc<Taxonomy>,
    ) -> Index {
        tokenizer::register(&inner);
        let fields = Fields::new(&inner.schema());
        Index {
            directory: directory.to_owned(),
            inner,
            fields,
            meta,
            taxonomy: Arc::clone(taxonomy),
        }
    }

    /// Where it lies.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What it was made by.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The list of skills its postings were read with: what skill numbers in it mean.
    pub fn taxonomy(&self) -> &Arc<Taxonomy> {
        &self.taxonomy
    }

    /// What the last commit says of itself.
    fn note(&self) -> Result<Note, IndexError> {
        read_note(&self.inner).map_err(|why| self.damaged(why))
    }

    /// How far a run was that has not come to its end.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn unfinished(&self) -> Result<Option<Unfinished>, IndexError> {
        Ok(self.note()?.unfinished)
    }

    /// The last commits, the newest first; a few are remembered.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn commits(&self) -> Result<Vec<CommitTime>, IndexError> {
        Ok(self.note()?.commits)
    }

    /// The postings of the last commit, without what follows from them.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn commit(&self) -> Result<Commit, IndexError> {
        Commit::open(self)
    }

    /// The last commit, whole.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] if it cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, IndexError> {
        Snapshot::open(self, &self.taxonomy)
    }

    /// The one writer there can be; it reads with `taxonomy`.
    ///
    /// # Errors
    /// [`IndexError::Locked`] while another program has it; [`IndexError::OtherSkills`]
    /// if the index was read with another taxonomy.
    pub fn writer(
        &self,
        taxonomy: &Arc<Taxonomy>,
        threads: usize,
        memory_bytes: usize,
    ) -> Result<Writer<'_>, IndexError> {
        let other = |found: String| IndexError::OtherSkills {
            directory: self.directory.clone(),
            found,
            wanted: hash_name(taxonomy),
        };
        if self.taxonomy.hash() != taxonomy.hash() {
            return Err(other(hash_name(&self.taxonomy)));
        }
        let writer = Writer::new(self, taxonomy, threads, memory_bytes)?;
        // It may have been rebuilt since it was opened; from now on it will not be.
        match writer.read_with() {
            name if are_skills(name, taxonomy) => Ok(writer),
            name => Err(other(name.split('-').next().unwrap_or(name).to_owned())),
        }
    }

    /// A writer that begins with nothing: what it adds takes the place of
    /// everything, at its commit and not before. It may read with another taxonomy.
    ///
    /// # Errors
    /// [`IndexError::Locked`] while another program has it.
    pub fn rewriter(
        &self,
        taxonomy: &Arc<Taxonomy>,
        threads: usize,
        memory_bytes: usize,
    ) -> Result<Writer<'_>, IndexError> {
        let mut writer = Writer::new(self, taxonomy, threads, memory_bytes)?;
        writer.clear()?;
        Ok(writer)
    }

    fn damaged(&self, error: impl std::fmt::Display) -> IndexError {
        IndexError::Damaged {
            directory: self.directory.clone(),
            why: error.to_string(),
        }
    }

    fn unwritable(&self, error: impl std::fmt::Display) -> IndexError {
        IndexError::Write {
            directory: self.directory.clone(),
            why: error.to_string(),
        }
    }
}

impl Meta {
    fn to_text(&self) -> String {
        match serde_json::to_value(self).expect("strings and numbers are JSON") {
            serde_json::Value::Object(fields) => sealed::seal(fields),
            _ => unreachable!("a structure is an object"),
        }
    }
}

/// What tantivy has in a directory.
fn open_tantivy(directory: &Path) -> tantivy::Result<tantivy::Index> {
    tantivy::Index::open(Files::open(directory)?)
}

/// What the last commit says of itself; nothing before the first.
fn read_note(inner: &tantivy::Index) -> Result<Note, String> {
    let metas = inner.load_metas().map_err(|error| error.to_string())?;
    match metas.payload {
        None => Ok(Note::default()),
        Some(payload) => Note::from_payload(&payload)
            .ok_or_else(|| "meta.json: the last commit is not as it was written".to_owned()),
    }
}

#[derive(Deserialize)]
struct VersionOnly {
    format_version: u32,
}
