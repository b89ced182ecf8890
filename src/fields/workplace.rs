//! Stub.
use crate::posting::Workplace;
/// Stub.
pub fn from_label(_label: &str) -> Option<Workplace> { None }
/// Stub.
pub fn from_text(_location: &str, _title: &str, _text: &str) -> Option<Workplace> { None }
