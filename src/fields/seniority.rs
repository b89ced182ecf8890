//! Stub.
use crate::posting::{Seniority, Years};
/// Stub.
pub fn from_label(_label: &str) -> Option<Seniority> { None }
/// Stub.
pub fn from_title(_title: &str) -> Option<Seniority> { None }
/// Stub.
pub fn experience(_text: &str) -> Option<Years> { None }
