//! What can be wrong with an index.

use std::io;
use std::path::PathBuf;

/// What went wrong, and with which index.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is no index.
    #[error("no index in {}; `jobsift index FILE…` makes one", directory.display())]
    Missing {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// The directory holds something that is no index of ours.
    #[error("{} holds other files and no index; name an empty or a new directory", directory.display())]
    NotEmpty {
        /// The directory.
        directory: PathBuf,
    },
    /// It was written by another version of the program.
    #[error(
        "the index in {} has format version {found}, and this program reads version {wanted}; \
         index the files again into a new directory", directory.display()
    )]
    Format {
        /// The directory.
        directory: PathBuf,
        /// Its version.
        found: u32,
        /// Ours.
        wanted: u32,
    },
    /// It was built with another list of skills, so that numbers would be mixed up.
    #[error(
        "the index in {} was read with another list of skills ({found}, now it is {wanted}); \
         `jobsift index --rebuild` reads its postings again", directory.display()
    )]
    OtherSkills {
        /// The directory.
        directory: PathBuf,
        /// Hash of the index's list.
        found: String,
        /// Hash of ours.
        wanted: String,
    },
    /// Somebody else is writing.
    #[error(
        "{} is writing to the index in {}; wait until it has finished",
        holder.as_deref().unwrap_or("another program"), directory.display()
    )]
    Locked {
        /// The directory.
        directory: PathBuf,
        /// Its process, if it has said so.
        holder: Option<String>,
    },
    /// Files are missing, torn or not what they say.
    #[error("the index in {} cannot be read: {why}", directory.display())]
    Damaged {
        /// The directory.
        directory: PathBuf,
        /// In the words of whoever noticed.
        why: String,
    },
    /// A write failed; the last commit is as it was.
    #[error(
        "cannot write to the index in {}: {why}; it is as it was at its last commit", directory.display()
    )]
    Write {
        /// The directory.
        directory: PathBuf,
        /// In the words of whoever noticed.
        why: String,
    },
    /// A file of the index is out of reach.
    #[error("cannot reach {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
