//! The members of a group, and the places of all of them.

use jiff::Timestamp;
use tantivy::{DocAddress, DocId};

use super::{Local, scan};
use crate::index::IndexError;
use crate::posting::Location;
use crate::query::SPELL_SECONDS;

/// Segment and document of the members of groups with more than one, by group
/// and then in order of posting id.
pub(super) type Copies = Vec<(u32, u32, DocId)>;

impl Local {
    /// Segment and document of all members of a group, in order of posting id.
    pub(super) fn members(&self, group: u32) -> Vec<(u32, DocId)> {
        let derived = self.snapshot.derived();
        if derived.size_of[group as usize] == 1 {
            return vec![derived.first_of[group as usize]];
        }
        let copies = self.copies.get_or_init(|| self.find_copies());
        let from = copies.partition_point(|copy| copy.0 < group);
        let members = copies[from..].iter().take_while(|copy| copy.0 == group);
        members.map(|(_, segment, doc)| (*segment, *doc)).collect()
    }

    fn find_copies(&self) -> Copies {
        let derived = self.snapshot.derived();
        let mut copies = Copies::new();
        for (segment, groups) in (0u32..).zip(&derived.group_of) {
            for (doc, group) in (0u32..).zip(groups) {
                let n = derived.size_of.get(*group as usize);
                if n.is_some_and(|n| *n > 1) {
                    copies.push((*group, segment, doc));
                }
            }
        }
        copies.sort_unstable_by_key(|(group, segment, doc)| {
            (*group, derived.rank_of[*segment as usize][*doc as usize])
        });
        copies
    }

    /// Which run of a group's copies one posted at this moment is of, from 1.
    pub(super) fn spell_of(
        &self,
        group: u32,
        posted_at: Option<Timestamp>,
    ) -> Result<Option<u32>, IndexError> {
        let Some(posted_at) = posted_at.map(Timestamp::as_second) else {
            return Ok(None);
        };
        let members = self.members(group);
        if members.len() == 1 {
            return Ok(Some(1));
        }
        let columns = scan::dates(&self.snapshot)?;
        let dates = members
            .iter()
            .filter_map(|(segment, doc)| columns[*segment as usize].first(*doc));
        let mut before: Vec<i64> = dates.filter(|date| *date <= posted_at).collect();
        before.sort_unstable();
        let begins = before
            .windows(2)
            .filter(|pair| pair[1] - pair[0] > SPELL_SECONDS);
        Ok(Some(begins.count() as u32 + 1))
    }

    /// `places` and those of all members of a group, each once. Only members
    /// whose places differ are read.
    pub(super) fn places_of_all(
        &self,
        group: u32,
        mut places: Vec<Location>,
    ) -> Result<Vec<Location>, IndexError> {
        let members = self.members(group);
        if members.len() == 1 {
            return Ok(places);
        }
        let mut read: Vec<u64> = Vec::new();
        for (segment, doc) in members {
            let column = scan::numbers(&self.snapshot, segment, "places")?;
            let hash = column.first(doc).unwrap_or_default();
            if read.contains(&hash) {
                continue;
            }
            read.push(hash);
            let posting = self.snapshot.posting_at(DocAddress::new(segment, doc))?;
            for place in posting.locations {
                if !places.iter().any(|known| is_same(known, &place)) {
                    places.push(place);
                }
            }
        }
        Ok(places)
    }
}

/// Whether two places are one, as far as is known of them.
fn is_same(a: &Location, b: &Location) -> bool {
    let known = |place: &Location| {
        (
            place.city.clone(),
            place.region.clone(),
            place.country.clone(),
        )
    };
    match known(a) {
        (None, None, None) => a.raw == b.raw,
        of_a => of_a == known(b),
    }
}
