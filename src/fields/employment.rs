//! Stub.
use crate::posting::Employment;
/// Stub.
pub fn from_label(_label: &str) -> Vec<Employment> { Vec::new() }
