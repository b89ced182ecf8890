//! How tantivy reaches the files of an index. For readers they are mapped into
//! memory, as it does by itself, but whoever only reads needs no right to write.
//! A writer, which goes through whole segments to merge them, has no more of
//! them in memory than it works with.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{
    DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError,
};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, OwnedBytes, WatchCallback,
    WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// Pieces of a file that are larger than this are mapped while they are needed;
/// smaller ones are read, which takes one call each.
const READ_BYTES: usize = 256 << 10;

/// The directory of an index.
#[derive(Debug, Clone)]
pub(super) struct Files {
    root: PathBuf,
    mapped: MmapDirectory,
    is_sparing: bool,
}

impl Files {
    /// For readers.
    pub(super) fn open(directory: &Path) -> Result<Files, OpenDirectoryError> {
        Ok(Files {
            root: directory.to_owned(),
            mapped: MmapDirectory::open(directory)?,
            is_sparing: false,
        })
    }

    /// For a writer.
    pub(super) fn sparing(directory: &Path) -> Result<Files, OpenDirectoryError> {
        Ok(Files {
            // Elsewhere two threads cannot read one open file at different places.
            is_sparing: cfg!(unix),
            ..Files::open(directory)?
        })
    }

    /// Holds off the removal of files while somebody opens them. Tantivy (0.27)
    /// opens the file of this lock for writing; a lock needs no more than an open
    /// file. Where there is none and none can be made, nobody removes anything.
    fn hold_files(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let open = File::open(self.root.join(&lock.filepath));
        if let Ok(file) = open.and_then(|file| file.lock().map(|()| file)) {
            return Ok(DirectoryLock::from(Box::new(file)));
        }
        match self.mapped.acquire_lock(lock) {
            Err(LockError::IoError(error)) if is_read_only(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            other => other,
        }
    }
}

/// A file of which only those pieces are in memory that somebody holds.
#[derive(Debug)]
struct Pieces {
    directory: MmapDirectory,
    path: PathBuf,
    file: File,
    length: usize,
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.length
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() > READ_BYTES || range.end > self.length {
            let mapped = self.directory.get_file_handle(&self.path);
            return mapped.map_err(io::Error::other)?.read_bytes(range);
        }
        let mut bytes = vec![0; range.len()];
        read_at(&self.file, &mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(not(unix))]
fn read_at(_file: &File, _bytes: &mut [u8], _start: u64) -> io::Result<()> {
    unreachable!("files are mapped here")
}

/// Whether nothing may be written there.
fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if !self.is_sparing {
            return self.mapped.get_file_handle(path);
        }
        let file = File::open(self.root.join(path)).and_then(|file| {
            let length = file.metadata()?.len() as usize;
            Ok(Pieces {
                directory: self.mapped.clone(),
                path: path.to_owned(),
                file,
                length,
            })
        });
        match file {
            Ok(file) => Ok(Arc::new(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(OpenReadError::FileDoesNotExist(path.to_owned()))
            }
            Err(error) => Err(OpenReadError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mapped.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        if lock.filepath == META_LOCK.filepath {
            self.hold_files(lock)
        } else {
            self.mapped.acquire_lock(lock)
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}
