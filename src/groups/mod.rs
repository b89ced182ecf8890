//! Which postings are copies of one another.
//!
//! A posting has [`Traits`]; pairs of postings whose traits agree are copies,
//! and a [group](groups) is a connected component of that. Pure: traits in,
//! groups out; what a posting's traits take to keep is a few numbers.

mod join;
mod sketch;

use xxhash_rust::xxh3::Xxh3;

pub use join::{Members, groups};
pub use sketch::Sketch;

use crate::ingest::{canonical_url, normalise_words};
use crate::posting::Posting;

/// What decides whose copy a posting is (`formats.md` section 6).
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
    /// A posting in a forum is titled by its first line where that names no
    /// title of its own, and is its writer's where it names no employer; any
    /// other posting without a title is no copy by its text.
    pub fn of(posting: &Posting) -> Traits {
        let text = posting.description_text.as_deref();
        let employer = employer(posting);
        let requisition = posting.requisition_id.as_deref().map(normalise_words);
        let title = title(posting);
        let words = title.as_ref().and(text).map(normalise_words);
        Traits {
            url: posting
                .url
                .as_deref()
                .and_then(canonical_url)
                .map(|url| key(&[&url])),
            requisition: employer
                .as_ref()
                .zip(requisition.filter(|number| !number.is_empty()))
                .map(|(employer, number)| key(&[employer]) << 32 | key(&[&number]) >> 32),
            text: match (&employer, &title, &words) {
                (Some(employer), Some(title), Some(words)) => Some(key(&[employer, title, words])),
                _ => None,
            },
            title: title.as_ref().map(|title| key(&[title])),
            sketch: words.as_deref().map(Sketch::of).unwrap_or_default(),
        }
    }
}

/// Who is hiring, without case and signs.
fn employer(posting: &Posting) -> Option<String> {
    let company = posting.company.as_deref().map(normalise_words);
    company.filter(|name| !name.is_empty()).or_else(|| {
        let writer = posting.extra.get("author_hash")?.as_str()?;
        Some(format!("writer {writer}"))
    })
}

/// The title without case and signs.
fn title(posting: &Posting) -> Option<String> {
    let is_in_forum = posting.thread.is_some() || posting.extra.contains_key("author_hash");
    let heading = || {
        let text = posting.description_text.as_deref();
        text.filter(|_| is_in_forum)?.lines().next()
    };
    let title = posting.title.as_deref().or_else(heading)?;
    Some(normalise_words(title)).filter(|title| !title.is_empty())
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
