//! Stub.
use crate::posting::Posting;
/// Stub.
pub fn fill(_posting: &mut Posting) {}
