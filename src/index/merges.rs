//! Which segments are merged: those of like size, and never into one so large
//! that the merge would need more memory the larger the index is.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::SegmentMeta;
use tantivy::index::SegmentComponent;
use tantivy::merge_policy::{MergeCandidate, MergePolicy};

/// Stored postings of a merged segment in bytes. A merge has up to half of them
/// in memory at a time: tantivy (0.27) copies what a segment has stored in one
/// piece. An index of a million postings of 2 kB then has some ten segments.
const MOST_BYTES: u64 = 128 << 20;
/// A merge needs some 100 bytes for each posting, however short it is.
const MOST_POSTINGS: u64 = 150_000;
/// So many of like size are merged at a time, as tantivy's own policy has it.
const AT_ONCE: usize = 8;
/// Sizes are alike up to this quotient; below [`SMALL_BYTES`] all are.
const ALIKE: f64 = 2.0;
/// What a day brings.
const SMALL_BYTES: u64 = 4 << 20;
/// Replaced postings leave holes; a segment with a larger share of them is written anew.
const MOST_HOLES: f64 = 0.3;

/// Merges up to a size.
#[derive(Debug)]
pub(super) struct Bounded {
    directory: PathBuf,
}

impl Bounded {
    pub(super) fn new(directory: &Path) -> Bounded {
        Bounded {
            directory: directory.to_owned(),
        }
    }

    /// What is stored of a segment, in bytes.
    fn stored_bytes(&self, segment: &SegmentMeta) -> u64 {
        let file = segment.relative_path(SegmentComponent::Store);
        // One that cannot be looked at is left alone.
        fs::metadata(self.directory.join(file)).map_or(u64::MAX, |metadata| metadata.len())
    }
}

impl MergePolicy for Bounded {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let sizes: Vec<Size> = segments
            .iter()
            .map(|segment| Size {
                bytes: self.stored_bytes(segment),
                postings: u64::from(segment.max_doc()),
                holes: u64::from(segment.num_deleted_docs()),
            })
            .collect();
        let ids = |set: Vec<usize>| set.into_iter().map(|at| segments[at].id()).collect();
        chosen(&sizes)
            .into_iter()
            .map(|set| MergeCandidate(ids(set)))
            .collect()
    }
}

/// What counts of a segment.
#[derive(Debug, Clone, Copy)]
struct Size {
    bytes: u64,
    postings: u64,
    holes: u64,
}

/// Sets of segments to merge, as places in the list.
fn chosen(sizes: &[Size]) -> Vec<Vec<usize>> {
    let is_holed = |size: &Size| size.holes as f64 > MOST_HOLES * size.postings as f64;
    let (mut sets, mut small) = (Vec::new(), Vec::new());
    for (at, size) in sizes.iter().enumerate() {
        if size.bytes == u64::MAX {
            continue;
        }
        if is_holed(size) {
            sets.push(vec![at]);
        } else if size.bytes < MOST_BYTES / 2 && size.postings < MOST_POSTINGS / 2 {
            small.push(at);
        }
    }
    small.sort_by_key(|at| sizes[*at].bytes);
    let mut rest = &small[..];
    while let Some(first) = rest.first() {
        let least = sizes[*first].bytes.max(SMALL_BYTES) as f64;
        let n = rest.partition_point(|at| sizes[*at].bytes as f64 <= ALIKE * least);
        let (alike, larger) = rest.split_at(n);
        if alike.len() >= AT_ONCE {
            sets.push(fitting(sizes, alike));
        }
        rest = larger;
    }
    sets
}

/// As many of these as make one segment, the smallest first: at least two.
fn fitting(sizes: &[Size], alike: &[usize]) -> Vec<usize> {
    let (mut bytes, mut postings) = (0, 0);
    let fits = |at: &&usize| {
        bytes += sizes[**at].bytes;
        postings += sizes[**at].postings;
        bytes <= MOST_BYTES && postings <= MOST_POSTINGS
    };
    alike.iter().take_while(fits).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(megabytes: &[u64]) -> Vec<Size> {
        let size = |megabytes: &u64| Size {
            bytes: megabytes << 20,
            postings: 1000 * megabytes,
            holes: 0,
        };
        megabytes.iter().map(size).collect()
    }

    #[test]
    fn eight_of_like_size_are_merged_up_to_the_bound() {
        assert_eq!(chosen(&of(&[1; 7])), Vec::<Vec<usize>>::new());
        assert_eq!(chosen(&of(&[1, 2, 3, 4, 1, 2, 3, 4])).len(), 1);
        // Only what makes 128 MB, and the small before the large.
        let sizes = of(&[50, 40, 40, 30, 30, 30, 40, 50]);
        assert_eq!(chosen(&sizes), [vec![3, 4, 5]]);
        assert_eq!(chosen(&of(&[70; 20])), Vec::<Vec<usize>>::new());
        assert_eq!(chosen(&of(&[1, 1, 1, 1, 20, 20, 20, 20])).len(), 0);
    }

    #[test]
    fn a_segment_full_of_holes_is_written_anew_whatever_its_size() {
        let mut sizes = of(&[500, 1]);
        sizes[0].holes = sizes[0].postings / 3;
        assert_eq!(chosen(&sizes), [vec![0]]);
    }

    #[test]
    fn an_index_that_grows_ends_with_few_segments_and_rewrites_little() {
        // As the writer would: after each commit, until nothing more is to be merged.
        let (mut sizes, mut rewritten) = (Vec::new(), 0);
        for _ in 0..400 {
            sizes.extend(of(&[12]));
            while let Some(set) = chosen(&sizes).pop() {
                let merged: Vec<Size> = set.iter().map(|at| sizes[*at]).collect();
                let sum = |part: fn(&Size) -> u64| merged.iter().map(part).sum();
                let whole = Size {
                    bytes: sum(|size| size.bytes),
                    postings: sum(|size| size.postings),
                    holes: 0,
                };
                assert!(merged.len() > 1 && whole.bytes <= MOST_BYTES);
                rewritten += whole.bytes;
                let mut at = 0;
                sizes.retain(|_| {
                    at += 1;
                    !set.contains(&(at - 1))
                });
                sizes.push(whole);
            }
        }
        let all: u64 = sizes.iter().map(|size| size.bytes).sum();
        assert_eq!(all, 400 * (12 << 20));
        assert!(sizes.len() <= 60, "{} segments", sizes.len());
        assert!(rewritten <= 2 * all, "{} times", rewritten / all);
    }
}
