//! Dates: strings in every shape of `formats.md` 3.5 in, moments and how exact they are out.
use jiff::Timestamp;
use crate::posting::Precision;

/// A moment and how exact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// UTC; the first moment of the day or month.
    pub at: Timestamp,
    /// How much of it was said.
    pub precision: Precision,
}
/// Stub.
pub fn parse(_text: &str) -> Option<Dated> { None }
/// Stub.
pub fn from_epoch(_value: f64) -> Option<Dated> { None }
/// Stub.
pub fn plausible(_at: Timestamp, _now: Timestamp) -> bool { true }
/// Stub.
pub fn month(_text: &str) -> Option<Dated> { None }
