//! Whether every byte of an index is as it was written, and whether its parts
//! agree. It trusts no file before it has been checked, and changes nothing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use serde_json::Value;
use tantivy::index::SegmentComponent;

use super::derived::{self, Derived};
use super::note::Note;
use super::skill_list::{is_skills_file, read_skills, skills_file};
use super::{
    Commit, FORMAT_VERSION, Index, IndexError, META_FILE, Meta, SAVED_FILE, VersionOnly, parts,
    schema, sealed, sightings,
};

/// What [`verify`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files that were checked.
    pub files: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Files that are not as they were written, and what is wrong with each.
    pub damaged: Vec<(String, String)>,
    /// What is worth knowing and no damage.
    pub notes: Vec<String>,
}

const TANTIVY_META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

/// Checks every file of an index.
///
/// # Errors
/// [`IndexError::Missing`] and [`IndexError::Format`] as in [`Index::open`];
/// [`IndexError::Io`] if a file cannot be reached. Damage is no error.
pub fn verify(directory: &Path) -> Result<Verified, IndexError> {
    let commit = || fs::read(directory.join(TANTIVY_META)).ok();
    let mut n_tries = 0;
    loop {
        let before = commit();
        let found = checked(directory)?;
        n_tries += 1;
        // Files of a commit go when the next one is made: what was missed was perhaps of both.
        if found.damaged.is_empty() || commit() == before || n_tries == MOST_TRIES {
            return Ok(found);
        }
    }
}

/// How often an index is looked at anew that somebody writes meanwhile.
const MOST_TRIES: usize = 20;

fn checked(directory: &Path) -> Result<Verified, IndexError> {
    let mut check = Check {
        directory,
        found: Verified::default(),
    };
    if check.own_meta()? {
        let note = check.tantivy_meta()?;
        if let Some(note) = &note {
            check.skills(&note.skills)?;
        }
        let segments = match &note {
            Some(_) => check.segments()?,
            None => BTreeSet::new(),
        };
        check.derived()?;
        check.side_files()?;
        check.others(&segments, note.as_ref())?;
        if check.found.damaged.is_empty() {
            check.agreement()?;
        }
    }
    Ok(check.found)
}

struct Check<'a> {
    directory: &'a Path,
    found: Verified,
}

impl Check<'_> {
    fn damaged(&mut self, file: &str, why: impl ToString) {
        self.found.damaged.push((file.to_owned(), why.to_string()));
    }

    fn io<T>(&self, file: &str, result: io::Result<T>) -> Result<T, IndexError> {
        result.map_err(|source| IndexError::Io {
            path: self.directory.join(file),
            source,
        })
    }

    /// A small file whole; `None` if it is missing or no text, which is noted.
    fn text(&mut self, file: &str) -> Result<Option<String>, IndexError> {
        let text = self.bytes(file)?.map(String::from_utf8).transpose();
        if text.is_err() {
            self.damaged(file, "it is no text");
        }
        Ok(text.unwrap_or_default())
    }

    fn bytes(&mut self, file: &str) -> Result<Option<Vec<u8>>, IndexError> {
        match fs::read(self.directory.join(file)) {
            Ok(bytes) => {
                self.found.files += 1;
                self.found.bytes += bytes.len() as u64;
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.damaged(file, "it is missing");
                Ok(None)
            }
            Err(error) => self.io(file, Err(error)),
        }
    }

    /// Whether it is an index that can be looked at further.
    fn own_meta(&mut self) -> Result<bool, IndexError> {
        if !self.directory.join(META_FILE).exists() {
            return Err(IndexError::Missing {
                directory: self.directory.to_owned(),
            });
        }
        let Some(text) = self.text(META_FILE)? else {
            return Ok(true);
        };
        let fields = sealed::unseal(&text);
        let version = serde_json::from_str::<VersionOnly>(&text);
        match (fields, version) {
            (Some(fields), Ok(version)) if version.format_version == FORMAT_VERSION => {
                if serde_json::from_value::<Meta>(Value::Object(fields)).is_err() {
                    self.damaged(META_FILE, "fields are missing");
                }
            }
            (_, Ok(version)) if version.format_version != FORMAT_VERSION => {
                return Err(IndexError::Format {
                    directory: self.directory.to_owned(),
                    found: version.format_version,
                    wanted: FORMAT_VERSION,
                });
            }
            _ => self.damaged(META_FILE, "its checksum does not fit"),
        }
        Ok(true)
    }

    /// The file that says which segments there are; its commit's note if it is sound.
    fn tantivy_meta(&mut self) -> Result<Option<Note>, IndexError> {
        let managed = self.text(MANAGED)?;
        let managed = managed.map(|text| serde_json::from_str::<BTreeSet<String>>(&text));
        if let Some(Err(error)) = managed {
            self.damaged(MANAGED, error);
        }
        let Some(text) = self.text(TANTIVY_META)? else {
            return Ok(None);
        };
        match self.note_of(&text) {
            Ok(note) => Ok(note),
            Err(why) => {
                self.damaged(TANTIVY_META, why);
                Ok(None)
            }
        }
    }

    fn note_of(&self, text: &str) -> Result<Option<Note>, String> {
        let meta: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let declared = [
            ("schema", serde_json::to_value(schema::schema())),
            ("index_settings", serde_json::to_value(schema::settings())),
        ];
        for (name, declared) in declared {
            if meta.get(name) != declared.ok().as_ref() {
                return Err(format!("`{name}` is not that of this format"));
            }
        }
        let note = match meta.get("payload") {
            None | Some(Value::Null) => Note::default(),
            Some(payload) => payload
                .as_str()
                .and_then(Note::from_payload)
                .ok_or("the checksum of the commit's note does not fit")?,
        };
        if meta.get("opstamp").and_then(Value::as_u64) != Some(note.opstamp) {
            return Err("`opstamp` is not that of the commit".to_owned());
        }
        let segments = meta.get("segments").and_then(Value::as_array);
        for segment in segments.ok_or("`segments` is missing")? {
            let id = segment.get("segment_id").and_then(Value::as_str);
            let stem = id.unwrap_or_default().replace('-', "");
            // If only some of its files are gone, each is named later.
            let is_there = |kind| self.has(&format!("{stem}.{kind}"));
            if !["store", "idx", "fast"].into_iter().any(is_there) {
                return Err(format!("there is no segment {stem}"));
            }
        }
        Ok(Some(note))
    }

    fn skills(&mut self, hash: &str) -> Result<(), IndexError> {
        if !hash.is_empty()
            && self.bytes(&skills_file(hash))?.is_some()
            && let Err(why) = read_skills(self.directory, hash)
        {
            self.damaged(&skills_file(hash), why);
        }
        Ok(())
    }

    /// Files of the segments of the last commit, all of them checked.
    fn segments(&mut self) -> Result<BTreeSet<String>, IndexError> {
        if self.found.damaged.iter().any(|(file, _)| file == MANAGED) {
            return Ok(BTreeSet::new());
        }
        let metas = super::open_tantivy(self.directory).and_then(|index| index.load_metas());
        let metas = match metas {
            Ok(metas) => metas,
            Err(error) => {
                self.damaged(TANTIVY_META, error);
                return Ok(BTreeSet::new());
            }
        };
        let as_written = serde_json::to_string_pretty(&metas).unwrap_or_default() + "\n";
        let text = self.io(
            TANTIVY_META,
            fs::read_to_string(self.directory.join(TANTIVY_META)),
        )?;
        if text != as_written {
            self.damaged(TANTIVY_META, "it is not written as tantivy writes it");
        }
        let managed: BTreeSet<String> = fs::read_to_string(self.directory.join(MANAGED))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let mut files = BTreeSet::new();
        for segment in &metas.segments {
            let mut parts = parts::PARTS.to_vec();
            if segment.has_deletes() {
                parts.push(SegmentComponent::Delete);
            }
            for part in parts {
                let path = segment.relative_path(part);
                let file = path.to_string_lossy().into_owned();
                if self.directory.join(&file).exists() && !managed.contains(&file) {
                    self.damaged(MANAGED, format!("it does not name {file}"));
                }
                self.segment_file(&file)?;
                files.insert(file);
            }
        }
        Ok(files)
    }

    fn segment_file(&mut self, file: &str) -> Result<(), IndexError> {
        let path = self.directory.join(file);
        match File::open(&path) {
            Ok(open) => {
                let length = self.io(file, open.metadata())?.len();
                self.found.files += 1;
                self.found.bytes += length;
                let checked = self.io(file, check_footer(open, length))?;
                if let Err(why) = checked {
                    self.damaged(file, why);
                }
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.damaged(file, "it is missing");
                Ok(())
            }
            Err(error) => self.io(file, Err(error)),
        }
    }

    fn derived(&mut self) -> Result<(), IndexError> {
        match fs::read(self.directory.join(derived::FILE)) {
            Ok(bytes) => {
                self.found.files += 1;
                self.found.bytes += bytes.len() as u64;
                if !derived::is_whole(&bytes) {
                    self.damaged(derived::FILE, "its checksum does not fit");
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => self
                .found
                .notes
                .push("groups are not kept yet; readers work them out".to_owned()),
            Err(error) => return self.io(derived::FILE, Err(error)),
        }
        Ok(())
    }

    /// What a run and its user keep beside the segments, where there is any.
    fn side_files(&mut self) -> Result<(), IndexError> {
        if self.has(sightings::FILE) {
            let path = self.directory.join(sightings::FILE);
            self.found.files += 1;
            self.found.bytes += self.io(sightings::FILE, fs::metadata(&path))?.len();
            if !sightings::is_whole(&path) {
                self.damaged(sightings::FILE, "its checksum does not fit");
            }
        }
        if self.has(SAVED_FILE)
            && let Some(text) = self.text(SAVED_FILE)?
            && sealed::unseal(&text).is_none()
        {
            self.damaged(SAVED_FILE, "its checksum does not fit");
        }
        Ok(())
    }

    fn has(&self, file: &str) -> bool {
        self.directory.join(file).exists()
    }

    /// What else lies there.
    fn others(
        &mut self,
        segments: &BTreeSet<String>,
        note: Option<&Note>,
    ) -> Result<(), IndexError> {
        let skills = note.map(|note| skills_file(&note.skills));
        let mut left_over = 0;
        for entry in self.io("", fs::read_dir(self.directory))? {
            let entry = self.io("", entry)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let known = [TANTIVY_META, MANAGED, META_FILE, SAVED_FILE];
            let is_known = known.contains(&&*name)
                || [derived::FILE, sightings::FILE].contains(&&*name)
                || name.ends_with(".lock")
                || name == super::lock::HOLDER_FILE
                || skills.as_ref() == Some(&name);
            if is_known || segments.contains(&name) {
                continue;
            }
            let stem = name.split('.').next().unwrap_or_default();
            let is_segment = stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit());
            let is_ours = is_segment || is_skills_file(&name);
            if is_ours || name.ends_with(".new") || name.starts_with(".tmp") {
                left_over += 1;
            } else {
                self.found
                    .notes
                    .push(format!("{name} does not belong to the index"));
            }
        }
        if left_over > 0 && self.found.damaged.is_empty() {
            self.found.notes.push(format!(
                "{left_over} files of a run that was cut off or is under way; the next run removes what is not needed"
            ));
        }
        Ok(())
    }

    /// Whether each file is that of its segment: two whole ones may have changed places.
    fn places(&mut self, index: &Index, commit: &Commit) -> Result<(), IndexError> {
        let files = parts::files(&commit.searcher);
        let now = match parts::sums(&commit.searcher, self.directory) {
            Ok(now) => now,
            Err(error) => {
                // Perhaps they went while somebody wrote; then it is looked at anew.
                self.damaged(TANTIVY_META, format!("files of it cannot be read: {error}"));
                return Ok(());
            }
        };
        let kept = derived::kept_sums(&commit.searcher, index);
        if let Some(kept) = kept.filter(|kept| kept.len() == now.len()) {
            let wrong = parts::exchanged(&files, &kept, &now);
            self.found.damaged.extend(wrong);
            return Ok(());
        }
        // The last run has not come to its end.
        for segment in commit.searcher.segment_readers() {
            let wrong = parts::odd_ones(segment, &index.fields);
            let wrong = wrong.map_err(|error| index.damaged(error))?;
            self.found.damaged.extend(wrong);
        }
        Ok(())
    }

    /// Whether what the files say fits together, once each is whole.
    fn agreement(&mut self) -> Result<(), IndexError> {
        let index = Index::open(self.directory, &crate::skills::Taxonomy::embedded())?;
        let commit = Commit::open(&index)?;
        self.places(&index, &commit)?;
        if !self.found.damaged.is_empty() {
            return Ok(());
        }
        for segment in commit.searcher.segment_readers() {
            let content = segment.fast_fields().u64("content");
            // A posting that several readers tell of has several values.
            let n = content.map_err(|error| index.damaged(error))?.num_docs();
            if n != segment.max_doc() {
                let why = format!(
                    "a segment of {n} postings is said to have {}",
                    segment.max_doc()
                );
                self.damaged(TANTIVY_META, why);
            }
        }
        let metas = index.inner.load_metas();
        let of_metas = metas.map_err(|error| index.damaged(error))?.segments;
        let deleted: u64 = of_metas
            .iter()
            .map(|segment| u64::from(segment.num_deleted_docs()))
            .sum();
        let readers = commit.searcher.segment_readers();
        let deleted_indeed: u64 = readers
            .iter()
            .map(|segment| {
                (0..segment.max_doc())
                    .filter(|doc| segment.is_deleted(*doc))
                    .count() as u64
            })
            .sum();
        if deleted != deleted_indeed {
            let why = format!("{deleted_indeed} postings are replaced, and it says {deleted}");
            self.damaged(TANTIVY_META, why);
        }
        if !self.found.damaged.is_empty() {
            return Ok(());
        }
        match Derived::load(&commit.searcher, &index) {
            None => self
                .found
                .notes
                .push("groups of this commit are not kept yet; readers work them out".to_owned()),
            Some(kept) => {
                let n_skills = index.taxonomy().skills().len();
                if kept != Derived::compute(&commit.searcher, &index, n_skills)? {
                    self.damaged(derived::FILE, "it is not what follows from the postings");
                }
            }
        }
        if index.unfinished()?.is_some() {
            self.found.notes.push(
                "the last run did not come to its end; run the same `jobsift index` again to go on"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

/// Whether the checksum at the end of a file is that of what comes before.
fn check_footer(mut file: File, length: u64) -> io::Result<Result<(), String>> {
    let (before, footer) = match parts::footer(&mut file, length)? {
        Ok(found) => found,
        Err(why) => return Ok(Err(format!("it is torn: {why}"))),
    };
    file.rewind()?;
    let mut hasher = crc32fast::Hasher::new();
    let mut body = file.take(before);
    let mut block = vec![0; 1 << 16];
    loop {
        match body.read(&mut block)? {
            0 => break,
            n => hasher.update(&block[..n]),
        }
    }
    // A release that reads files of another tantivy as they stand lists that version here too.
    let version = serde_json::to_string(tantivy::version())?;
    let written = format!(r#"{{"version":{version},"crc":{}}}"#, hasher.finalize());
    Ok(match footer == written.as_bytes() {
        true => Ok(()),
        false => Err("its checksum does not fit".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Advert, Extractor};
    use crate::index::{Document, Kept};
    use crate::past::Past;
    use crate::posting::Posting;

    /// A run that writes postings (ids, texts, contents), in place of those of the same id.
    fn run(directory: &Path, postings: &[(&str, &str, &[u64])]) {
        let extractor = Extractor::embedded();
        let taxonomy = extractor.taxonomy();
        let index = Index::open_or_create(directory, taxonomy).unwrap();
        let mut writer = index.writer(taxonomy, 1, 0).unwrap();
        for (id, text, contents) in postings {
            let mut kept = Kept {
                posting: Posting {
                    id: (*id).to_owned(),
                    source: "t".to_owned(),
                    title: text.split(' ').next().map(str::to_owned),
                    description_text: Some((*text).to_owned()),
                    ..Posting::default()
                },
                contents: contents.to_vec(),
                past: Past::default(),
            };
            let profile = extractor.read(&Advert::default()).profile(taxonomy);
            let document = Document::new(&index, &mut kept, &profile, taxonomy).unwrap();
            writer.replace(document).unwrap();
        }
        writer.commit(None).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn a_posting_that_two_readers_tell_of_is_no_damage() {
        let directory = tempfile::tempdir().unwrap();
        let postings: [(&str, &str, &[u64]); 2] =
            [("t:1", "Cook", &[1, 2]), ("t:2", "Nurse", &[3])];
        run(directory.path(), &postings);
        let found = verify(directory.path()).unwrap();
        assert_eq!(found.damaged, []);
    }

    /// The segments in which postings are replaced.
    fn deleted_in(directory: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(directory).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names = names.filter(|name| name.ends_with(".del"));
        names.map(|name| name[..32].to_owned()).collect()
    }

    /// The files of a kind, of the two segments of an index with replaced postings.
    fn pair(directory: &Path, kind: &str) -> [String; 2] {
        let entries = fs::read_dir(directory).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<String> = names
            .filter(|name| name.len() > 32 && name.ends_with(&format!(".{kind}")))
            .collect();
        // Those of the segments with replaced postings.
        let has_deleted = deleted_in(directory);
        found.retain(|name| has_deleted.contains(&name[..32]));
        found.sort_unstable();
        found.try_into().unwrap()
    }

    /// Lets the files of a kind change places, and names those that are found wrong.
    #[track_caller]
    fn swapped(directory: &Path, kind: &str) -> Vec<String> {
        let [a, b] = pair(directory, kind);
        let swap = || {
            let unused = directory.join("unused");
            fs::rename(directory.join(&a), &unused).unwrap();
            fs::rename(directory.join(&b), directory.join(&a)).unwrap();
            fs::rename(&unused, directory.join(&b)).unwrap();
        };
        swap();
        let found = verify(directory).unwrap().damaged;
        swap();
        let mut names: Vec<String> = found.into_iter().map(|(file, _)| file).collect();
        names.sort_unstable();
        assert!(names.is_empty() || names == [a, b], "{kind}: {names:?}");
        names
    }

    /// Two segments with postings of these texts, one of each replaced.
    fn two_segments(a: &[&str], b: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (segment, texts) in [("a", a), ("b", b)] {
            let ids: Vec<String> = (0..texts.len())
                .map(|n| format!("t:{segment}{n}"))
                .collect();
            let postings = ids
                .iter()
                .zip(texts)
                .map(|(id, text)| (&**id, *text, &[1][..]));
            run(directory.path(), &postings.collect::<Vec<_>>());
        }
        let again: [(&str, &str, &[u64]); 2] =
            [("t:a1", "Clerk of the city", &[2]), ("t:b0", "Guard", &[3])];
        run(directory.path(), &again);
        assert_eq!(verify(directory.path()).unwrap().damaged, []);
        // The replaced ones are in a segment of their own.
        let index = Index::open(directory.path(), Extractor::embedded().taxonomy()).unwrap();
        assert_eq!(index.commit().unwrap().n_segments(), 3);
        directory
    }

    const KINDS: [&str; 7] = ["store", "fast", "term", "idx", "pos", "fieldnorm", "del"];

    #[test]
    fn files_of_two_segments_that_change_places_are_found() {
        let directory = two_segments(
            &["Cook in the day", "Nurse", "Smith by night", "Miner"],
            &["Nurse by night", "Baker", "Smith", "Cook in the day"],
        );
        for kind in KINDS {
            assert_eq!(swapped(directory.path(), kind).len(), 2, "{kind}");
        }
        // Where no checksums are kept, those that say which postings they are of.
        fs::remove_file(directory.path().join(derived::FILE)).unwrap();
        assert_eq!(verify(directory.path()).unwrap().damaged, []);
        for kind in KINDS {
            let n = swapped(directory.path(), kind).len();
            assert!(
                n == 2 || !["store", "fast", "term"].contains(&kind),
                "{kind}"
            );
        }
    }

    #[test]
    fn without_checksums_files_of_segments_of_another_size_are_found() {
        let directory = two_segments(
            &[
                "Cook in the day",
                "Nurse",
                "Smith by night",
                "Miner",
                "Clerk",
            ],
            &[
                "Nurse by night and in the day",
                "Baker",
                "Smith",
                "Mason and miner",
            ],
        );
        fs::remove_file(directory.path().join(derived::FILE)).unwrap();
        for kind in KINDS {
            assert_eq!(swapped(directory.path(), kind).len(), 2, "{kind}");
        }
    }
}
