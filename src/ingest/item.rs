//! What a record says: here is a posting, something of one is another now, or
//! it is gone.

use jiff::Timestamp;

use crate::posting::Posting;

/// What one good record says.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A posting, new or again.
    Posting(Box<Posting>),
    /// A field of a posting that was there before is another now.
    Changed(Change),
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

/// A field of a posting has changed, says its publisher.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The posting's id, as [`Posting::id`]; it need not be known.
    pub id: String,
    /// Since when, if that is said.
    pub at: Option<Timestamp>,
    /// Which field.
    pub field: ChangedField,
    /// Holds what the field is now; `None` there is "unknown" now.
    pub value: Box<Posting>,
    /// A hash of the event, so that one read twice is one.
    pub mark: u64,
}

/// A field that an event may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangedField {
    /// [`Posting::title`].
    Title,
    /// [`Posting::url`].
    Url,
    /// [`Posting::company`].
    Company,
    /// [`Posting::locations`].
    Locations,
    /// [`Posting::posted_at`] and how exact that is.
    PostedAt,
    /// [`Posting::seniority`].
    Seniority,
    /// [`Posting::workplace`].
    Workplace,
    /// An entry of [`Posting::extra`].
    Extra(String),
}

impl Change {
    /// Puts what the field is now into a posting.
    pub fn apply(&self, posting: &mut Posting) {
        let value = &*self.value;
        match &self.field {
            ChangedField::Title => posting.title.clone_from(&value.title),
            ChangedField::Url => posting.url.clone_from(&value.url),
            ChangedField::Company => posting.company.clone_from(&value.company),
            ChangedField::Locations => posting.locations.clone_from(&value.locations),
            ChangedField::PostedAt => {
                posting.posted_at = value.posted_at;
                posting.posted_precision = value.posted_precision;
            }
            ChangedField::Seniority => posting.seniority = value.seniority,
            ChangedField::Workplace => posting.workplace = value.workplace,
            ChangedField::Extra(name) => match value.extra.get(name) {
                Some(now) => {
                    posting.extra.insert(name.clone(), now.clone());
                }
                None => {
                    posting.extra.remove(name);
                }
            },
        }
    }
}

impl Item {
    /// The posting, if it is one.
    pub fn posting(self) -> Option<Posting> {
        match self {
            Item::Posting(posting) => Some(*posting),
            Item::Changed(_) | Item::Closed(_) => None,
        }
    }
}
