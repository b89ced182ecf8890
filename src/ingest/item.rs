//! What a record says: here is a posting, or a posting is gone.

use jiff::Timestamp;

use crate::posting::Posting;

/// What one good record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A posting, new or again.
    Posting(Box<Posting>),
    /// A posting that was there before is gone.
    Closed(Closing),
}

/// A posting is gone, says its publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Its id, as [`Posting::id`]; it need not be known.
    pub id: String,
    /// Since when, if that is said.
    pub at: Option<Timestamp>,
}

impl Item {
    /// The posting, if it is one.
    pub fn posting(self) -> Option<Posting> {
        match self {
            Item::Posting(posting) => Some(*posting),
            Item::Closed(_) => None,
        }
    }
}
