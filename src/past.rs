//! What happened to a posting from one reading to the next, and how several
//! readers' records of one id are one posting. Pure.

use std::cmp::Reverse;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::posting::Posting;

/// Events that are remembered of one posting: its first, and the latest.
const MAX_EVENTS: usize = 64;

/// What the index knows of a posting beside what its records say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Past {
    /// What happened, oldest first: the first event and the latest ones.
    pub events: Vec<Event>,
    /// What each reader says of it, in order of name, where several do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
    /// Events of a feed that have changed it, by their marks. All of them: one
    /// that was forgotten would be taken for a new one when the feed is read again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<u64>,
}

/// Something that happened to a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When: the moment that counted as now, or what its publisher says.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// What can happen to a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Happening {
    /// It was read for the first time.
    Added,
    /// A record of its id said something else than before.
    Changed,
    /// Its publisher took it down.
    Closed,
    /// It was there again.
    Reopened,
}

impl Happening {
    /// The word for it in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Happening::Added => "added",
            Happening::Changed => "changed",
            Happening::Closed => "closed",
            Happening::Reopened => "reopened",
        }
    }
}

/// What one reader says of a posting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// The reader.
    pub reader: String,
    /// See [`crate::index::content_hash`].
    pub content: u64,
    /// As it states it, without what was read out of its text.
    pub posting: Posting,
}

impl Past {
    /// When the posting was first read.
    pub fn first_seen(&self) -> Option<Timestamp> {
        self.events.first().map(|event| event.at)
    }

    /// Since when it is closed, if it is.
    pub fn closed_at(&self) -> Option<Timestamp> {
        let last = self
            .events
            .iter()
            .rev()
            .find(|event| event.what != Happening::Changed)?;
        (last.what == Happening::Closed).then_some(last.at)
    }

    /// Remembers an event of a feed; whether it is a new one.
    pub fn take_mark(&mut self, mark: u64) -> bool {
        if self.marks.contains(&mark) {
            return false;
        }
        self.marks.push(mark);
        true
    }

    /// Remembers an event; what is the case already is no event.
    pub fn happened(&mut self, what: Happening, at: Timestamp) {
        let event = Event { at, what };
        let is_so = match what {
            Happening::Added => !self.events.is_empty(),
            Happening::Changed => self.events.last().is_none_or(|last| last.at == at),
            Happening::Closed => self.closed_at().is_some(),
            Happening::Reopened => self.closed_at().is_none(),
        };
        if is_so {
            return;
        }
        self.events.push(event);
        if self.events.len() > MAX_EVENTS {
            self.events.remove(1);
        }
    }
}

/// A posting as its record states it, whatever was read out of its text since.
pub fn as_stated(mut posting: Posting) -> Posting {
    if posting
        .read_from_text
        .iter()
        .any(|name| name == "locations")
    {
        posting.locations.clear();
    }
    posting.stated()
}

/// What several readers say of one id as one posting; the order of `versions`
/// does not matter. `None` if there are none.
///
/// The longest text wins, of equal ones that whose record says more, and with it
/// everything that the record says; what that leaves unknown is filled from the
/// others. Of two dates the more exact one wins.
pub fn merged(versions: &[Version]) -> Option<Posting> {
    let mut ordered: Vec<&Version> = versions.iter().collect();
    ordered.sort_by_cached_key(|version| {
        let text = version.posting.description_text.as_deref();
        (
            Reverse(text.map_or(0, |text| text.chars().count())),
            Reverse(n_stated(&version.posting)),
            version.reader.clone(),
        )
    });
    let (first, others) = ordered.split_first()?;
    let mut posting = first.posting.clone();
    for other in others {
        fill_from(&mut posting, &other.posting);
    }
    let dated = ordered.iter().map(|version| &version.posting);
    let exact = dated
        .filter(|posting| posting.posted_at.is_some() && posting.posted_precision.is_some())
        .min_by_key(|posting| posting.posted_precision);
    if let Some(exact) = exact {
        posting.posted_at = exact.posted_at;
        posting.posted_precision = exact.posted_precision;
    }
    Some(posting)
}

/// How many fields a posting has something in.
fn n_stated(posting: &Posting) -> usize {
    let fields = serde_json::to_value(posting).ok();
    fields
        .as_ref()
        .and_then(Value::as_object)
        .map_or(0, Map::len)
}

/// Fills what is unknown in a posting from another.
fn fill_from(posting: &mut Posting, other: &Posting) {
    macro_rules! fill {
        ($($field:ident)+) => {
            $(if posting.$field.is_none() {
                posting.$field.clone_from(&other.$field);
            })+
        };
    }
    macro_rules! fill_list {
        ($($field:ident)+) => {
            $(if posting.$field.is_empty() {
                posting.$field.clone_from(&other.$field);
            })+
        };
    }
    if posting.posted_at.is_none() {
        posting.posted_precision = None;
    }
    fill!(
        board native_id requisition_id url apply_url title company workplace employment_raw
        seniority experience_years posted_at posted_precision updated_at valid_through salary
        description_text text_language department industry category openings thread
    );
    fill_list!(source locations remote_scope employment_type skills_raw roles);
    for (name, value) in &other.extra {
        if !posting.extra.contains_key(name) {
            posting.extra.insert(name.clone(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::posting::Precision;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_posting_is_closed_until_it_is_there_again() {
        let mut past = Past::default();
        for (what, second, closed) in [
            (Happening::Added, 1, None),
            (Happening::Added, 2, None),
            (Happening::Reopened, 2, None),
            (Happening::Changed, 3, None),
            (Happening::Closed, 4, Some(4)),
            (Happening::Closed, 5, Some(4)),
            (Happening::Changed, 6, Some(4)),
            (Happening::Reopened, 7, None),
            (Happening::Closed, 8, Some(8)),
        ] {
            past.happened(what, at(second));
            assert_eq!(past.closed_at(), closed.map(at), "{what:?} at {second}");
        }
        assert_eq!(past.first_seen(), Some(at(1)));
        let words: Vec<&str> = past
            .events
            .iter()
            .map(|event| event.what.as_str())
            .collect();
        assert_eq!(
            words,
            [
                "added", "changed", "closed", "changed", "reopened", "closed"
            ]
        );
    }

    #[test]
    fn the_first_event_and_the_latest_are_kept() {
        let mut past = Past::default();
        past.happened(Happening::Added, at(0));
        (1..1000).for_each(|second| past.happened(Happening::Changed, at(second)));
        assert_eq!(past.events.len(), MAX_EVENTS);
        assert_eq!(past.first_seen(), Some(at(0)));
        assert_eq!(past.events.last().map(|event| event.at), Some(at(999)));
    }

    #[test]
    fn an_event_of_a_feed_is_new_once_however_many_there_are() {
        let mut past = Past::default();
        for is_new in [true, false] {
            assert!((0..1000).all(|mark| past.take_mark(mark) == is_new));
        }
    }

    #[test]
    fn the_longer_text_wins_and_the_unknown_is_filled() {
        let version = |reader: &str, posting: Posting| Version {
            reader: reader.to_owned(),
            content: 0,
            posting,
        };
        let short = Posting {
            title: Some("Dev".to_owned()),
            company: Some("Acorn".to_owned()),
            description_text: Some("We use".to_owned()),
            posted_at: Some(at(86_400)),
            posted_precision: Some(Precision::Second),
            ..Posting::default()
        };
        let long = Posting {
            title: Some("Developer".to_owned()),
            description_text: Some("We use Go".to_owned()),
            posted_at: Some(at(0)),
            posted_precision: Some(Precision::Month),
            ..Posting::default()
        };
        let merged = merged(&[version("a", short), version("b", long)]).unwrap();
        assert_eq!(merged.title.as_deref(), Some("Developer"));
        assert_eq!(merged.company.as_deref(), Some("Acorn"));
        assert_eq!(merged.description_text.as_deref(), Some("We use Go"));
        assert_eq!(
            (merged.posted_at, merged.posted_precision),
            (Some(at(86_400)), Some(Precision::Second))
        );
    }

    proptest! {
        #[test]
        fn the_order_of_readers_does_not_matter(
            said in prop::collection::vec(
                (prop::option::of("[a-c]{1,2}"), prop::option::of("[a-c]{1,2}"),
                 prop::option::of((0i64..3, 0usize..3)), "[a-c]{0,3}"), 1..5),
            turn in 0usize..5,
        ) {
            let mut versions: Vec<Version> = (0..)
                .zip(said)
                .map(|(number, (title, company, date, text))| Version {
                    reader: format!("reader{number}"),
                    content: number,
                    posting: Posting {
                        title,
                        company,
                        posted_at: date.map(|(day, _)| at(day * 86_400)),
                        posted_precision: date.map(|(_, exact)| Precision::ALL[exact]),
                        description_text: Some(text).filter(|text| !text.is_empty()),
                        ..Posting::default()
                    },
                })
                .collect();
            let one = merged(&versions);
            let n = versions.len();
            versions.rotate_left(turn % n);
            prop_assert_eq!(&merged(&versions), &one);
            versions.reverse();
            prop_assert_eq!(&merged(&versions), &one);
        }
    }
}
