//! Postings and profiles into tantivy documents and back.
//!
//! [`Index`] is a directory with a tantivy index and `jobsift.json`, which says
//! what it was built with. [`Writer`] adds and replaces by id; [`Snapshot`] is
//! one whole commit as readers see it, with the groups of copies and how rare
//! each skill is. Outside this module and `query/local.rs` nothing names tantivy.

mod columns;
mod derived;
mod document;
mod error;
mod members;
mod schema;
mod snapshot;
mod tokenizer;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::skills::Taxonomy;

pub(crate) use columns::flag;
pub use columns::{AskEntry, Facet};
pub use derived::{Derived, NO_GROUP};
pub use document::{Document, content_hash};
pub use error::IndexError;
pub use schema::declared_schema;
pub(crate) use schema::{Fields, skill_term};
pub use snapshot::Snapshot;
pub(crate) use tokenizer::words;
pub use writer::{Existing, Writer};

/// Raised whenever an index written before cannot be read as it stands.
pub const FORMAT_VERSION: u32 = 2;

const META_FILE: &str = "jobsift.json";

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
        let version: VersionOnly =
            serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        if version.format_version != FORMAT_VERSION {
            return Err(IndexError::Format {
                directory: directory.to_owned(),
                found: version.format_version,
                wanted: FORMAT_VERSION,
            });
        }
        let meta: Meta = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        let inner =
            tantivy::Index::open_in_dir(directory).map_err(|error| damaged(error.to_string()))?;
        let read_with = inner
            .load_metas()
            .map_err(|error| damaged(error.to_string()))?
            .payload;
        let own;
        let taxonomy = match read_with.filter(|hash| *hash != hash_name(taxonomy)) {
            None => taxonomy,
            Some(hash) => {
                let path = directory.join(skills_file(&hash));
                let text =
                    fs::read_to_string(&path).map_err(|source| IndexError::Io { path, source })?;
                own = Arc::new(
                    Taxonomy::from_json(&text).map_err(|error| damaged(error.to_string()))?,
                );
                &own
            }
        };
        Ok(Index::with(directory, inner, meta, taxonomy))
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
            !(name == "meta.json" || name == ".managed.json" || name.starts_with(".tantivy"))
        };
        for entry in fs::read_dir(directory).map_err(io)? {
            let name = entry.map_err(io)?.file_name();
            if is_foreign(&name.to_string_lossy()) {
                return Err(IndexError::NotEmpty {
                    directory: directory.to_owned(),
                });
            }
        }
        let settings = tantivy::IndexSettings {
            docstore_compression: tantivy::store::Compressor::Zstd(
                tantivy::store::ZstdCompressor::default(),
            ),
            ..tantivy::IndexSettings::default()
        };
        let mmap =
            tantivy::directory::MmapDirectory::open(directory).map_err(|error| IndexError::Io {
                path: directory.to_owned(),
                source: std::io::Error::other(error),
            })?;
        let inner = tantivy::IndexBuilder::new()
            .schema(schema::schema())
            .settings(settings)
            .open_or_create(mmap)
            .map_err(|error| IndexError::Damaged {
                directory: directory.to_owned(),
                why: error.to_string(),
            })?;
        let meta = Meta {
            format_version: FORMAT_VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let text = serde_json::to_string(&meta).expect("strings and numbers are JSON");
        let (path, unfinished) = (
            directory.join(META_FILE),
            directory.join(".jobsift.json.new"),
        );
        fs::write(&unfinished, text)
            .and_then(|()| fs::rename(&unfinished, &path))
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
        if self.taxonomy.hash() != taxonomy.hash() {
            return Err(IndexError::OtherSkills {
                directory: self.directory.clone(),
                found: hash_name(&self.taxonomy),
                wanted: hash_name(taxonomy),
            });
        }
        Writer::new(self, taxonomy, threads, memory_bytes)
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
        let writer = Writer::new(self, taxonomy, threads, memory_bytes)?;
        writer.clear()?;
        Ok(writer)
    }

    fn damaged(&self, error: impl std::fmt::Display) -> IndexError {
        IndexError::Damaged {
            directory: self.directory.clone(),
            why: error.to_string(),
        }
    }
}

/// How a commit names the list of skills it was read with.
fn hash_name(taxonomy: &Taxonomy) -> String {
    format!("{:016x}", taxonomy.hash())
}

/// Where that list is kept.
fn skills_file(hash: &str) -> String {
    format!("skills-{hash}.json")
}

#[derive(Deserialize)]
struct VersionOnly {
    format_version: u32,
}
