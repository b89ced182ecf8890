//! Small JSON files that tell when a byte of them is not as it was written.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value};
use xxhash_rust::xxh3::xxh3_64;

/// The field with the checksum of all others.
const SEAL: &str = "seal";

/// Fields as a JSON text with a checksum of it.
pub(super) fn seal(mut fields: Map<String, Value>) -> String {
    fields.remove(SEAL);
    let sum = checksum(&fields);
    fields.insert(SEAL.to_owned(), sum.into());
    Value::Object(fields).to_string()
}

/// The fields of a text of [`seal`], if it is byte for byte as written.
pub(super) fn unseal(text: &str) -> Option<Map<String, Value>> {
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    (seal(fields.clone()) == text).then_some(fields)
}

fn checksum(fields: &Map<String, Value>) -> String {
    let text = serde_json::to_string(fields).expect("JSON values are JSON");
    format!("{:016x}", xxh3_64(text.as_bytes()))
}

/// Reads a file of [`write_sealed`].
///
/// # Errors
/// If it cannot be read; [`io::ErrorKind::InvalidData`] if it is not byte for
/// byte as it was written.
pub fn read_sealed(path: &Path) -> io::Result<Map<String, Value>> {
    let text = fs::read_to_string(path)?;
    let not_so = || io::Error::new(io::ErrorKind::InvalidData, "it is not as it was written");
    let mut fields = unseal(&text).ok_or_else(not_so)?;
    fields.remove(SEAL);
    Ok(fields)
}

/// Writes fields as JSON with a checksum, in the place of what was there:
/// whoever stops in between finds the old ones whole.
///
/// # Errors
/// If it cannot be written.
pub fn write_sealed(path: &Path, fields: Map<String, Value>) -> io::Result<()> {
    let text = seal(fields);
    replace(path, |out| out.write_all(text.as_bytes()))
}

/// Puts a whole file in the place of another: whoever opens it sees the one or
/// the other, also after a crash.
pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    let replaced = write_whole(&unfinished, write).and_then(|()| fs::rename(&unfinished, path));
    if replaced.is_err() {
        // On a full disk every bit of room helps.
        let _ = fs::remove_file(&unfinished);
        return replaced;
    }
    // The new name must last as well; where directories cannot be synced it does.
    match fs::File::open(directory_of(path)).and_then(|directory| directory.sync_all()) {
        Err(error) if cfg!(unix) => Err(error),
        _ => Ok(()),
    }
}

/// Where a file lies, as a path that can be opened.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = io::BufWriter::new(fs::File::create(path)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_file_name_lies_in_the_directory_one_is_in() {
        let directory = |path: &'static str| directory_of(Path::new(path)).to_str().unwrap();
        let paths = ["saved.json", "a/saved.json", "/saved.json"];
        assert_eq!(paths.map(directory), [".", "a", "/"]);
    }

    #[test]
    fn any_changed_byte_breaks_the_seal() {
        let fields = serde_json::json!({"b": [1, {"c": "ü"}], "a": null});
        let Value::Object(fields) = fields else {
            unreachable!("it is an object")
        };
        let text = seal(fields.clone());
        let mut read = unseal(&text).unwrap();
        read.remove(SEAL);
        assert_eq!(read, fields);
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let torn = String::from_utf8_lossy(&bytes).into_owned();
                assert_eq!(unseal(&torn), None, "{torn}");
            }
            assert_eq!(unseal(text.get(..at).unwrap_or_default()), None);
        }
    }
}
