//! Who may change files of an index: one at a time. A lock is gone with the
//! process that has it; its file stays, since others may be waiting for it.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::IndexError;

/// Held while the index is changed. Tantivy has a lock of its own, but not until the end of a run.
const WRITER_FILE: &str = "writer.lock";

/// Held while [`super::SAVED_FILE`] is read and changed.
const SAVED_FILE: &str = "saved.lock";

/// Held by the one that changes the index.
pub(super) struct WriterLock {
    // Goes before the lock does.
    _holder: Holder,
    _file: File,
}

impl WriterLock {
    /// Takes it, and does not wait for it.
    ///
    /// # Errors
    /// [`IndexError::Locked`] while somebody has it; [`IndexError::Write`] if it cannot be taken.
    pub(super) fn take(directory: &Path) -> Result<WriterLock, IndexError> {
        let unwritable = |error: io::Error| IndexError::Write {
            directory: directory.to_owned(),
            why: error.to_string(),
        };
        let file = open(&directory.join(WRITER_FILE)).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(WriterLock {
                _holder: Holder::enter(directory).map_err(unwritable)?,
                _file: file,
            }),
            Err(TryLockError::WouldBlock) => Err(locked(directory)),
            Err(TryLockError::Error(error)) => Err(unwritable(error)),
        }
    }
}

/// Somebody else has it.
pub(super) fn locked(directory: &Path) -> IndexError {
    IndexError::Locked {
        directory: directory.to_owned(),
        holder: Holder::named(directory),
    }
}

/// Held while saved searches are changed.
pub struct SavedLock {
    _file: File,
}

impl SavedLock {
    /// Waits until nobody else has it.
    ///
    /// # Errors
    /// If it cannot be taken.
    pub fn wait(directory: &Path) -> io::Result<SavedLock> {
        let file = open(&directory.join(SAVED_FILE))?;
        file.lock()?;
        Ok(SavedLock { _file: file })
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true).open(path)
}

/// Tells others who has the lock.
struct Holder {
    path: PathBuf,
}

pub(super) const HOLDER_FILE: &str = ".writer";

impl Holder {
    fn enter(directory: &Path) -> io::Result<Holder> {
        let path = directory.join(HOLDER_FILE);
        fs::write(&path, format!("process {}", std::process::id()))?;
        Ok(Holder { path })
    }

    /// Who has the lock, as far as is known.
    fn named(directory: &Path) -> Option<String> {
        let text = fs::read_to_string(directory.join(HOLDER_FILE)).ok()?;
        let number = text.strip_prefix("process ")?.parse::<u32>().ok()?;
        Some(format!("process {number}"))
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // If it stays, the next writer overwrites it.
        let _ = fs::remove_file(&self.path);
    }
}
