//! A posting that names its parts: "Company: Acme" and "Location: Oslo" on lines of
//! their own at the beginning.

use super::parts::company_name;
use super::{Header, title_of};
use crate::fields::text::fold;
use crate::fields::{places, workplace};

/// So many lines are looked at.
const LINES: usize = 12;

/// The header of a text that labels who hires, and where or whom.
pub fn labelled(text: &str) -> Option<Header> {
    let mut header = Header::default();
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    for line in lines.take(LINES) {
        let Some((label, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim().trim_matches('*').trim();
        if value.is_empty() || value.len() > 120 {
            continue;
        }
        match fold(label).trim_matches([' ', '*', '-', '•']) {
            "company" | "company name" | "employer" => header.company = company_name(value),
            "location" | "locations" | "place" => {
                header.locations = places::parse(value);
                header.workplace = header.workplace.or(workplace::in_part(value));
            }
            "position" | "role" | "title" | "job title" => header.title = Some(title_of(value)),
            "remote" | "workplace" => header.workplace = workplace::from_label(value),
            _ => {}
        }
    }
    let says_more = header.title.is_some() || !header.locations.is_empty();
    (header.company.is_some() && says_more).then_some(header)
}
