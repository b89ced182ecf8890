//! The list of skills that the postings of an index were read with: a file beside
//! the segments, so that an index can be read without the list it was made with.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::sealed;
use crate::skills::Taxonomy;

/// How a list of skills is told from others.
pub(super) fn hash_name(taxonomy: &Taxonomy) -> String {
    format!("{:016x}", taxonomy.hash())
}

/// How a commit names the list of skills it was read with: by its hash, and by
/// a checksum of all that is said of them.
pub(super) fn skills_name(taxonomy: &Taxonomy) -> String {
    let sum = xxh3_64(taxonomy.to_json().as_bytes());
    format!("{}-{sum:016x}", hash_name(taxonomy))
}

/// Whether a commit that names its skills so was read with these, or is the
/// empty one.
pub(super) fn are_skills(name: &str, taxonomy: &Taxonomy) -> bool {
    name.is_empty() || name.starts_with(&hash_name(taxonomy))
}

/// Where the list of that name is kept.
pub(super) fn skills_file(name: &str) -> String {
    format!("skills-{name}.bin")
}

/// Whether a file is called as [`skills_file`] calls one.
pub(super) fn is_skills_file(file: &str) -> bool {
    let name = file.strip_prefix("skills-");
    let name = name.and_then(|file| file.strip_suffix(".bin"));
    let hashes = name.and_then(|name| name.split_once('-'));
    hashes.is_some_and(|(hash, sum)| {
        [hash, sum]
            .iter()
            .all(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// How hard a list of skills is packed: a fifth of its size in some milliseconds.
const SKILLS_LEVEL: i32 = 6;

/// Writes a list of skills down: a checksum of what follows, and its JSON packed by zstd.
pub(super) fn write_skills(taxonomy: &Taxonomy, path: &Path) -> io::Result<()> {
    let packed = zstd::encode_all(taxonomy.to_json().as_bytes(), SKILLS_LEVEL)?;
    sealed::replace(path, |out| {
        out.write_all(&xxh3_64(&packed).to_le_bytes())?;
        out.write_all(&packed)
    })
}

/// The list of skills of a name.
pub(super) fn read_skills(directory: &Path, name: &str) -> Result<Taxonomy, String> {
    let file = skills_file(name);
    let failed = |error: &dyn fmt::Display| format!("{file}: {error}");
    let not_so = || format!("{file} is not as it was written");
    let bytes = fs::read(directory.join(&file)).map_err(|error| failed(&error))?;
    let (sum, packed) = bytes.split_first_chunk().ok_or_else(not_so)?;
    if u64::from_le_bytes(*sum) != xxh3_64(packed) {
        return Err(not_so());
    }
    let json = zstd::decode_all(packed).map_err(|error| failed(&error))?;
    let json = String::from_utf8(json).map_err(|error| failed(&error))?;
    let taxonomy = Taxonomy::from_json(&json).map_err(|error| failed(&error))?;
    match skills_name(&taxonomy) == name {
        true => Ok(taxonomy),
        false => Err(not_so()),
    }
}
