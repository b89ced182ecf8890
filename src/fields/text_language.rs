//! Stub.
/// Stub.
pub fn detect(_text: &str) -> Option<&'static str> { None }
