//! Which postings are copies of one another.
//!
//! A posting has some copy keys; postings that share one are copies, and a
//! group is a connected component of that. Pure: keys in, components out.

use xxhash_rust::xxh3::Xxh3;

use crate::ingest::{canonical_url, normalise_words};
use crate::posting::Posting;

/// The keys by which copies of a posting are known (`formats.md` section 6):
/// its page without tracking parameters; the employer's own number; employer,
/// title and text without case and signs.
///
/// Postings of one employer with different numbers of its own are different
/// jobs, even with equal text. A missing title connects nothing.
pub fn copy_keys(posting: &Posting) -> Vec<u64> {
    let company = posting.company.as_deref().map(normalise_words);
    let mut keys = Vec::new();
    if let Some(url) = posting.url.as_deref().and_then(canonical_url) {
        keys.push(key("url", &[&url]));
    }
    if let (Some(company), Some(number)) = (&company, &posting.requisition_id) {
        keys.push(key("requisition", &[company, number]));
    }
    if let (Some(company), Some(title), Some(text)) =
        (&company, &posting.title, &posting.description_text)
    {
        let number = posting.requisition_id.as_deref().unwrap_or_default();
        keys.push(key(
            "text",
            &[
                company,
                &normalise_words(title),
                number,
                &normalise_words(text),
            ],
        ));
    }
    keys
}

fn key(rule: &str, parts: &[&str]) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(rule.as_bytes());
    for part in parts {
        hasher.update(&[0x1f]);
        hasher.update(part.as_bytes());
    }
    hasher.digest()
}

/// The component of each of `n` members, given which member has which key.
///
/// The answer holds for each member the smallest member of its component; it
/// does not depend on the order of `keyed`.
pub fn components(n: usize, mut keyed: Vec<(u64, u32)>) -> Vec<u32> {
    let mut parent: Vec<u32> =
        (0..u32::try_from(n).expect("an index has fewer than 2^32 postings")).collect();
    keyed.sort_unstable();
    for pair in keyed.windows(2) {
        if pair[0].0 == pair[1].0 {
            let (a, b) = (root(&mut parent, pair[0].1), root(&mut parent, pair[1].1));
            let (low, high) = (a.min(b), a.max(b));
            parent[high as usize] = low;
        }
    }
    for member in 0..n {
        let top = root(&mut parent, member as u32);
        parent[member] = top;
    }
    parent
}

fn root(parent: &mut [u32], mut member: u32) -> u32 {
    while parent[member as usize] != member {
        let grandparent = parent[parent[member as usize] as usize];
        parent[member as usize] = grandparent;
        member = grandparent;
    }
    member
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(company: &str, title: Option<&str>, text: &str) -> Posting {
        Posting {
            company: Some(company.to_owned()),
            title: title.map(str::to_owned),
            description_text: Some(text.to_owned()),
            ..Posting::default()
        }
    }

    fn are_copies(a: &Posting, b: &Posting) -> bool {
        let keys = copy_keys(b);
        copy_keys(a).iter().any(|key| keys.contains(key))
    }

    #[test]
    fn the_same_text_of_the_same_employer_is_a_copy() {
        let a = posting("Acorn", Some("Go Developer"), "We use Go.");
        assert!(are_copies(
            &a,
            &posting("ACORN", Some("go developer"), "we use Go!")
        ));
        assert!(!are_copies(
            &a,
            &posting("Beech", Some("Go Developer"), "We use Go.")
        ));
        assert!(!are_copies(&a, &posting("Acorn", None, "We use Go.")));
    }

    #[test]
    fn different_numbers_of_one_employer_are_different_jobs() {
        let one = Posting {
            requisition_id: Some("1".to_owned()),
            ..posting("Acorn", Some("Dev"), "text")
        };
        let two = Posting {
            requisition_id: Some("2".to_owned()),
            ..one.clone()
        };
        assert!(!are_copies(&one, &two));
        let elsewhere = Posting {
            description_text: Some("other".to_owned()),
            ..one.clone()
        };
        assert!(are_copies(&one, &elsewhere));
    }

    #[test]
    fn components_are_transitive_and_do_not_depend_on_order() {
        let keyed = vec![(7, 0), (7, 3), (9, 3), (9, 1), (5, 2)];
        let mut turned = keyed.clone();
        turned.reverse();
        assert_eq!(components(4, keyed), [0, 0, 2, 0]);
        assert_eq!(components(4, turned), [0, 0, 2, 0]);
    }
}
