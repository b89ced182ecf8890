//! What a person names (files, directories, `-`) into a fixed list of files.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::IngestError;

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The path, or `-` for standard input; also what messages call it.
    pub path: PathBuf,
    /// Size on disk in bytes; 0 when unknown.
    pub bytes: u64,
}

impl Input {
    /// Whether it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// The file itself, if it is one that can be read anywhere and begins so:
    /// neither standard input nor packed.
    ///
    /// # Errors
    /// Those of reading.
    #[cfg(feature = "parquet")]
    pub(super) fn on_disk(&self, magic: &[u8]) -> io::Result<Option<fs::File>> {
        use std::io::{Read, Seek};
        if self.is_stdin() || !fs::metadata(&self.path)?.is_file() {
            return Ok(None);
        }
        let mut file = fs::File::open(&self.path)?;
        let mut begins = Vec::new();
        file.by_ref()
            .take(magic.len() as u64)
            .read_to_end(&mut begins)?;
        file.rewind()?;
        Ok((begins == magic).then_some(file))
    }

    /// Whether there is something to read; a directory that is listed as a file is
    /// one that could not be walked.
    ///
    /// # Errors
    /// A sentence on why there is not.
    pub(super) fn reachable(&self) -> Result<(), String> {
        if self.is_stdin() {
            return Ok(());
        }
        match fs::metadata(&self.path) {
            Ok(metadata) if metadata.is_dir() => Err(match fs::read_dir(&self.path) {
                Ok(_) => "a link back to a directory that it lies in".to_owned(),
                Err(error) => format!("a directory that cannot be listed: {error}"),
            }),
            Err(error) if self.path.is_symlink() => {
                Err(format!("a link that leads nowhere: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// Its name without folders and endings: what postings' source is called that
    /// state none, where their format has no name of its own.
    pub fn stem(&self) -> String {
        stem(&self.path)
    }

    /// The path as text, for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// The name of a file without folders and endings.
pub(super) fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// The files below `paths`: directories are walked in name order, hidden files
/// left out; a pattern such as `saved/*.json` stands for the files that fit it;
/// a file named twice is read once. In directories only regular files count; a
/// link that leads nowhere or back stays in the list, for [`super::open`] to say so.
///
/// # Errors
/// [`IngestError::Open`] for a path that does not exist or cannot be listed, or
/// a pattern that nothing fits.
pub fn inputs(paths: &[PathBuf]) -> Result<Vec<Input>, IngestError> {
    let mut found: Vec<Input> = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Input {
                path: path.clone(),
                bytes: 0,
            });
        } else if let Some(pattern) = pattern(path) {
            let before = found.len();
            for fitting in pattern.filter_map(Result::ok) {
                walk(&fitting, &mut Vec::new(), &mut found)?;
            }
            if found.len() == before {
                let source = io::Error::new(io::ErrorKind::NotFound, "no file fits this pattern");
                return Err(IngestError::Open {
                    path: path.display().to_string(),
                    source,
                });
            }
        } else {
            walk(path, &mut Vec::new(), &mut found)?;
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|input| seen.insert(input.path.clone()));
    Ok(found)
}

/// The files that fit, if the path is a pattern and no file of that name exists.
fn pattern(path: &Path) -> Option<glob::Paths> {
    let text = path
        .to_str()
        .filter(|text| text.contains(['*', '?', '[']) && !path.exists())?;
    glob::glob(text).ok()
}

/// `within` are the directories that the path lies in.
fn walk(path: &Path, within: &mut Vec<PathBuf>, found: &mut Vec<Input>) -> Result<(), IngestError> {
    let fail = |source| IngestError::Open {
        path: path.display().to_string(),
        source,
    };
    let unread = || Input {
        path: path.to_owned(),
        bytes: 0,
    };
    let metadata = match fs::metadata(path) {
        Err(_) if !within.is_empty() => {
            found.push(unread());
            return Ok(());
        }
        metadata => metadata.map_err(fail)?,
    };
    if !metadata.is_dir() {
        // A pipe that nobody writes to would be waited for without end.
        if !metadata.is_file() && !within.is_empty() {
            return Ok(());
        }
        found.push(Input {
            path: path.to_owned(),
            bytes: metadata.len(),
        });
        return Ok(());
    }
    let here = fs::canonicalize(path).map_err(fail)?;
    let listed = fs::read_dir(path);
    if within.contains(&here) || (listed.is_err() && !within.is_empty()) {
        found.push(unread());
        return Ok(());
    }
    let mut entries = Vec::new();
    for entry in listed.map_err(fail)? {
        entries.push(entry.map_err(fail)?.path());
    }
    within.push(here);
    entries.sort();
    for entry in entries {
        let is_hidden = entry
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden {
            walk(&entry, within, found)?;
        }
    }
    within.pop();
    Ok(())
}
