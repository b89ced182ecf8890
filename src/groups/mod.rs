//! Which postings are copies of one another.
//!
//! A posting has [`Traits`]; pairs of postings whose traits agree are copies,
//! and a [group](groups) is a connected component of that. Pure: traits in,
//! groups out; what a posting's traits take to keep is a few numbers.

mod join;
mod sketch;

use xxhash_rust::xxh3::Xxh3;

pub use join::{Key, Members, groups};
pub use sketch::Sketch;

use crate::ingest::{canonical_url, normalise_words};
use crate::posting::Posting;

/// Words at the beginning of a forum's post that stand for its title: as many
/// as "Employer, place, kind of work" takes.
const HEADING_WORDS: usize = 6;

/// What decides whose copy a posting is, by the rules of [`groups`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits {
    /// Its page without tracking parameters; none for a page of many postings.
    pub url: Option<u64>,
    /// The employer (upper half) and the employer's own number (lower half).
    pub requisition: Option<u64>,
    /// Employer, title and text without case and signs.
    pub text: Option<u64>,
    /// The title without case and signs.
    pub title: Option<u64>,
    /// What the text is like; empty for one that is too short to be told from
    /// others, and for a posting without a title.
    pub sketch: Sketch,
}

impl Traits {
    /// Reads them off a posting.
    ///
    /// A forum states neither title nor employer; what was read out of a post
    /// varies with its line breaks. There the first words stand for the title
    /// and the writer for the employer. Any other posting without a title is
    /// no copy by its text.
    pub fn of(posting: &Posting) -> Traits {
        let writer = posting
            .extra
            .get("author_hash")
            .and_then(|hash| hash.as_str());
        let is_in_forum = writer.is_some() || posting.thread.is_some();
        let words = posting.description_text.as_deref().map(normalise_words);
        let company = folded(posting.company.as_deref());
        let number = folded(posting.requisition_id.as_deref());
        let title = match &words {
            Some(words) if is_in_forum => Some(first_words(words)),
            _ => folded(posting.title.as_deref()),
        };
        // Without a title a text connects nothing.
        let words = words.filter(|_| title.is_some());
        let employer = writer.map(str::to_owned).or_else(|| company.clone());
        Traits {
            url: posting
                .url
                .as_deref()
                .and_then(canonical_url)
                .map(|url| key(&[&url])),
            requisition: company
                .zip(number)
                .map(|(company, number)| key(&[&company]) << 32 | key(&[&number]) >> 32),
            text: match (&employer, &title, &words) {
                (Some(employer), Some(title), Some(words)) => Some(key(&[employer, title, words])),
                _ => None,
            },
            title: title.map(|title| key(&[&title])),
            sketch: words.as_deref().map(Sketch::of).unwrap_or_default(),
        }
    }
}

/// A value without case and signs, if anything is left of it.
fn folded(value: Option<&str>) -> Option<String> {
    value.map(normalise_words).filter(|words| !words.is_empty())
}

/// The beginning of a text as [`normalise_words`] writes it.
fn first_words(words: &str) -> String {
    words
        .split(' ')
        .take(HEADING_WORDS)
        .collect::<Vec<_>>()
        .join(" ")
}

fn key(parts: &[&str]) -> u64 {
    let mut hasher = Xxh3::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(&[0x1f]);
    }
    hasher.digest()
}

#[cfg(test)]
mod tests;
