//! Walks through the postings that name a skill of the person's or one that is
//! near, and gathers what is known of each.

use super::asked::{Part, WINDOW};
use crate::query::rank::{Demand, Gain, Lead};

/// The postings of a part that name one skill.
struct List<'a> {
    lead: &'a Lead,
    places: &'a [u16],
    demands: &'a [Demand],
}

/// The lists of all leads in a part.
pub(super) struct Lists<'a> {
    lists: Vec<List<'a>>,
    n_docs: usize,
}

impl<'a> Lists<'a> {
    pub(super) fn of(part: &'a Part, leads: &'a [Lead]) -> Lists<'a> {
        let lists = leads.iter().map(|lead| {
            let (places, demands) = part.naming(lead.skill);
            List {
                lead,
                places,
                demands,
            }
        });
        Lists {
            lists: lists.filter(|list| !list.places.is_empty()).collect(),
            n_docs: part.weights.len(),
        }
    }

    /// Tells `visit` what each posting of a window brings, and the place of its
    /// first one; nothing where nothing is known.
    pub(super) fn each_window(mut self, mut visit: impl FnMut(usize, &[Gain])) {
        let mut gains = [Gain::default(); WINDOW];
        for first in (0..self.n_docs).step_by(WINDOW) {
            gains.fill(Gain::default());
            for list in &mut self.lists {
                list.gather(first + WINDOW, &mut gains);
            }
            visit(first, &gains[..WINDOW.min(self.n_docs - first)]);
        }
    }
}

impl List<'_> {
    /// Adds up what lies before `end`, all of it in one window.
    fn gather(&mut self, end: usize, gains: &mut [Gain; WINDOW]) {
        let mut n = 0;
        for (place, demand) in self.places.iter().zip(self.demands) {
            if usize::from(*place) >= end {
                break;
            }
            let brings = self.lead.gain(*demand);
            let gain = &mut gains[usize::from(*place) % WINDOW];
            gain.used += brings.used;
            gain.met += brings.met;
            n += 1;
        }
        self.places = &self.places[n..];
        self.demands = &self.demands[n..];
    }
}
