//! What follows from a whole commit and is the same however it came about:
//! groups of copies, and how rare each skill is among them.
//!
//! It is worked out from the columns of all postings at the end of a run and
//! kept in a file that names the segments it belongs to. A reader that finds
//! another file, or a torn one, works it out for itself: so do those who look at
//! a commit in the middle of a run.

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufWriter, Read, Write};

use tantivy::Searcher;
use tantivy::schema::Field;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::columns::AskEntry;
use super::members::Columns;
use super::{Fields, Index, IndexError, order, parts, sealed};
use crate::groups::groups;

/// Where it is kept.
pub(super) const FILE: &str = "groups.bin";
const MAGIC: u64 = u64::from_le_bytes(*b"jsgroup3");
/// Checksum of all that follows, magic, segments, postings, words of titles and of texts.
const HEAD_BYTES: usize = 48;

/// The group of a deleted posting.
pub const NO_GROUP: u32 = u32::MAX;

/// Groups of copies, and how rare each skill is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// For each segment, the place of each document in the order of posting ids.
    pub(crate) rank_of: Vec<Vec<u32>>,
    /// For each segment, the group of each document; groups are numbered by
    /// their smallest posting id.
    pub(crate) group_of: Vec<Vec<u32>>,
    /// For each group, how many postings it has.
    pub(crate) size_of: Vec<u32>,
    /// For each group, segment and document of its smallest posting id.
    pub(crate) first_of: Vec<(u32, u32)>,
    /// For each skill number, in how many groups a posting asks for it.
    pub(crate) groups_with: Vec<u32>,
    /// Words in all titles and in all texts, as the lengths stored with them say.
    pub(crate) n_words: [u64; 2],
    n_postings: u64,
}

impl Derived {
    /// How many groups there are.
    pub fn n_groups(&self) -> u32 {
        self.size_of.len() as u32
    }

    /// How many postings there are.
    pub fn n_postings(&self) -> u64 {
        self.n_postings
    }

    /// For each skill number, in how many groups a posting asks for it.
    pub fn groups_with(&self) -> &[u32] {
        &self.groups_with
    }

    /// What is kept beside the segments, if it belongs to them and is whole.
    pub(super) fn load(searcher: &Searcher, index: &Index) -> Option<Derived> {
        read(searcher, index).map(|(derived, _)| derived)
    }

    /// Works it out from the columns.
    pub(super) fn compute(
        searcher: &Searcher,
        index: &Index,
        n_skills: usize,
    ) -> Result<Derived, IndexError> {
        compute(searcher, &index.fields, n_skills).map_err(|error| index.damaged(error))
    }

    /// Writes it beside the segments it belongs to, with the checksums of their files.
    pub(super) fn save(&self, searcher: &Searcher, index: &Index) -> Result<(), IndexError> {
        let key = segments_key(searcher);
        parts::sums(searcher, &index.directory)
            .and_then(|sums| {
                sealed::replace(&index.directory.join(FILE), |out| {
                    encode(self, key, &sums, out)
                })
            })
            .map_err(|error| index.unwritable(error))
    }
}

/// The checksums of the files of a commit, as [`parts::sums`] gave them when it was
/// written; `None` if the last run was cut off before it kept them.
pub(super) fn kept_sums(searcher: &Searcher, index: &Index) -> Option<Vec<u32>> {
    read(searcher, index).map(|(_, sums)| sums)
}

fn read(searcher: &Searcher, index: &Index) -> Option<(Derived, Vec<u32>)> {
    let file = fs::File::open(index.directory.join(FILE)).ok()?;
    let n_bytes = file.metadata().ok()?.len();
    decode(file, n_bytes, segments_key(searcher))
}

/// Names the segments of a commit and what is deleted in them.
fn segments_key(searcher: &Searcher) -> u64 {
    let mut hasher = Xxh3::new();
    for segment in searcher.segment_readers() {
        hasher.update(segment.segment_id().uuid_string().as_bytes());
        hasher.update(&segment.max_doc().to_le_bytes());
        hasher.update(&segment.num_deleted_docs().to_le_bytes());
        hasher.update(&segment.delete_opstamp().unwrap_or_default().to_le_bytes());
    }
    hasher.digest()
}

fn compute(searcher: &Searcher, fields: &Fields, n_skills: usize) -> tantivy::Result<Derived> {
    // In order of posting id, so that the smallest member of a component is also
    // the one with the smallest id.
    let places = order::by_id(searcher)?;
    let mut number_of: Vec<Vec<u32>> = searcher
        .segment_readers()
        .iter()
        .map(|segment| vec![NO_GROUP; segment.max_doc() as usize])
        .collect();
    for (number, (ord, doc)) in (0u32..).zip(&places) {
        number_of[*ord as usize][*doc as usize] = number;
    }

    let n = places.len();
    // Groups want the memory; the places follow from the numbers.
    drop(places);
    let component = groups(&Columns {
        searcher,
        number_of: &number_of,
        n: n as u32,
    })?;
    let mut places = vec![(0, 0); n];
    for (ord, numbers) in (0u32..).zip(&number_of) {
        for (doc, number) in (0u32..).zip(numbers) {
            if let Some(place) = places.get_mut(*number as usize) {
                *place = (ord, doc);
            }
        }
    }

    let mut group_of_component: Vec<u32> = vec![NO_GROUP; places.len()];
    let (mut size_of, mut first_of) = (Vec::new(), Vec::new());
    for (number, top) in component.iter().enumerate() {
        let top = *top as usize;
        if group_of_component[top] == NO_GROUP {
            group_of_component[top] = size_of.len() as u32;
            size_of.push(0);
            first_of.push(places[number]);
        }
        size_of[group_of_component[top] as usize] += 1;
    }
    let mut group_of = number_of.clone();
    for groups in &mut group_of {
        for slot in groups.iter_mut().filter(|slot| **slot != NO_GROUP) {
            *slot = group_of_component[component[*slot as usize] as usize];
        }
    }
    let groups_with = count_skills(searcher, &group_of, &size_of, n_skills)?;
    let n_words = [
        count_words(searcher, fields.title)?,
        count_words(searcher, fields.body)?,
    ];
    Ok(Derived {
        rank_of: number_of,
        n_postings: places.len() as u64,
        group_of,
        size_of,
        first_of,
        groups_with,
        n_words,
    })
}

/// Words of a field in living documents. Stored lengths are rounded; using
/// them alone keeps scores the same when deleted documents are merged away.
fn count_words(searcher: &Searcher, field: Field) -> tantivy::Result<u64> {
    let mut n = 0;
    for segment in searcher.segment_readers() {
        let lengths = segment.get_fieldnorms_reader(field)?;
        n += segment
            .doc_ids_alive()
            .map(|doc| u64::from(lengths.fieldnorm(doc)))
            .sum::<u64>();
    }
    Ok(n)
}

/// In how many groups each skill is asked for.
fn count_skills(
    searcher: &Searcher,
    group_of: &[Vec<u32>],
    size_of: &[u32],
    n_skills: usize,
) -> tantivy::Result<Vec<u32>> {
    let mut groups_with = vec![0u32; n_skills];
    let mut of_copies: HashMap<u32, Vec<u16>> = HashMap::new();
    let mut skills: Vec<u16> = Vec::new();
    for (ord, segment) in searcher.segment_readers().iter().enumerate() {
        let column = segment.fast_fields().u64("ask")?;
        for doc in segment.doc_ids_alive() {
            let group = group_of[ord][doc as usize];
            let asked = column
                .values_for_doc(doc)
                .map(AskEntry::unpack)
                .filter(|entry| entry.requirement.is_some());
            skills.clear();
            skills.extend(asked.map(|entry| entry.skill.0));
            skills.sort_unstable();
            skills.dedup();
            if size_of[group as usize] > 1 {
                of_copies.entry(group).or_default().extend(&skills);
            } else {
                count(&mut groups_with, &skills);
            }
        }
    }
    for mut skills in of_copies.into_values() {
        skills.sort_unstable();
        skills.dedup();
        count(&mut groups_with, &skills);
    }
    Ok(groups_with)
}

fn count(groups_with: &mut [u32], skills: &[u16]) {
    for skill in skills {
        if let Some(n) = groups_with.get_mut(usize::from(*skill)) {
            *n += 1;
        }
    }
}

fn encode(derived: &Derived, key: u64, sums: &[u32], out: &mut dyn Write) -> io::Result<()> {
    let mut summed = Summed(Xxh3::new());
    encode_body(derived, key, sums, &mut summed)?;
    out.write_all(&summed.0.digest().to_le_bytes())?;
    encode_body(derived, key, sums, out)
}

/// All but the checksum.
fn encode_body(derived: &Derived, key: u64, sums: &[u32], out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(64 << 10, out);
    let [n_of_titles, n_of_texts] = derived.n_words;
    for word in [MAGIC, key, derived.n_postings, n_of_titles, n_of_texts] {
        out.write_all(&word.to_le_bytes())?;
    }
    let mut words = |words: &mut dyn Iterator<Item = u32>| -> io::Result<()> {
        for word in words {
            out.write_all(&word.to_le_bytes())?;
        }
        Ok(())
    };
    let length = |n: usize| std::iter::once(n as u32);
    words(&mut length(derived.group_of.len()))?;
    for (ranks, groups) in derived.rank_of.iter().zip(&derived.group_of) {
        words(&mut length(groups.len()).chain(ranks.iter().chain(groups).copied()))?;
    }
    words(&mut length(derived.size_of.len()).chain(derived.size_of.iter().copied()))?;
    let firsts = derived.first_of.iter();
    words(&mut firsts.flat_map(|(ord, doc)| [*ord, *doc]))?;
    let with = derived.groups_with.iter().copied();
    words(&mut length(derived.groups_with.len()).chain(with))?;
    words(&mut sums.iter().copied())?;
    out.flush()
}

/// Keeps nothing but the checksum of what is written.
struct Summed(Xxh3);

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether it is as [`encode`] wrote it, for whatever commit.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    bytes.split_first_chunk().is_some_and(|(sum, rest)| {
        rest.len() >= HEAD_BYTES - 8 && u64::from_le_bytes(*sum) == xxh3_64(rest)
    })
}

/// With the checksums of the files; `None` for anything but a whole file of this commit, of
/// so many bytes.
fn decode(mut file: impl Read, n_bytes: u64, key: u64) -> Option<(Derived, Vec<u32>)> {
    let mut sum = [0; 8];
    file.read_exact(&mut sum).ok()?;
    let mut file = Words {
        file,
        left: n_bytes.checked_sub(8)?,
        sum: Xxh3::new(),
    };
    if file.long()? != MAGIC || file.long()? != key {
        return None;
    }
    let n_postings = file.long()?;
    let n_words = [file.long()?, file.long()?];
    let (mut rank_of, mut group_of) = (Vec::new(), Vec::new());
    for _ in 0..file.word()? {
        let n = file.word()?;
        rank_of.push(file.words(n)?);
        group_of.push(file.words(n)?);
    }
    let n_groups = file.word()?;
    let size_of = file.words(n_groups)?;
    let first_of = file.each(n_groups, |[ord, doc]| (ord, doc))?;
    let n_skills = file.word()?;
    let groups_with = file.words(n_skills)?;
    let n_sums = u32::try_from(file.left / 4).ok()?;
    let sums = file.words(n_sums)?;
    let is_whole = file.left == 0 && file.sum.digest() == u64::from_le_bytes(sum);
    let derived = Derived {
        rank_of,
        group_of,
        size_of,
        first_of,
        groups_with,
        n_words,
        n_postings,
    };
    is_whole.then_some((derived, sums))
}

/// Reads a file word by word and sums it up: no more of it is in memory than is kept.
struct Words<R> {
    file: R,
    /// Bytes that are not yet read.
    left: u64,
    sum: Xxh3,
}

impl<R: Read> Words<R> {
    fn bytes(&mut self, bytes: &mut [u8]) -> Option<()> {
        self.left = self.left.checked_sub(bytes.len() as u64)?;
        self.file.read_exact(bytes).ok()?;
        self.sum.update(bytes);
        Some(())
    }

    fn long(&mut self) -> Option<u64> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Some(u64::from_le_bytes(bytes))
    }

    fn word(&mut self) -> Option<u32> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Some(u32::from_le_bytes(bytes))
    }

    fn words(&mut self, n: u32) -> Option<Vec<u32>> {
        self.each(n, |[word]| word)
    }

    /// What `n` runs of `N` words make.
    fn each<const N: usize, T>(&mut self, n: u32, make: impl Fn([u32; N]) -> T) -> Option<Vec<T>> {
        let run = 4 * N as u64;
        let mut left = u64::from(n) * run;
        if left > self.left {
            return None;
        }
        let mut all = Vec::with_capacity(n as usize);
        let mut block = vec![0; left.min(BLOCK_BYTES) as usize];
        while left > 0 {
            let part = &mut block[..left.min(BLOCK_BYTES) as usize];
            self.bytes(part)?;
            all.extend(part.chunks_exact(4 * N).map(|run| {
                make(std::array::from_fn(|at| {
                    let word = &run[4 * at..4 * at + 4];
                    u32::from_le_bytes([word[0], word[1], word[2], word[3]])
                }))
            }));
            left -= part.len() as u64;
        }
        Some(all)
    }
}

/// Bytes that are read at a time: whole pairs of words.
const BLOCK_BYTES: u64 = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_a_torn_file_is_not() {
        let derived = Derived {
            rank_of: vec![vec![0, 2, NO_GROUP], vec![1]],
            group_of: vec![vec![0, 1, NO_GROUP], vec![0]],
            size_of: vec![2, 1],
            first_of: vec![(0, 0), (0, 1)],
            groups_with: vec![5, 0, 7],
            n_words: [6, 70],
            n_postings: 3,
        };
        let mut bytes = Vec::new();
        encode(&derived, 42, &[8, 9], &mut bytes).unwrap();
        let decode = |bytes: &[u8], key| decode(bytes, bytes.len() as u64, key);
        assert_eq!(decode(&bytes, 42), Some((derived, vec![8, 9])));
        assert_eq!(decode(&bytes, 43), None);
        assert_eq!(decode(&bytes[..bytes.len() - 1], 42), None);
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert_eq!(decode(&flipped, 42), None);
        }
    }
}
