//! Stub.
/// Stub.
pub fn from_title(_title: &str) -> Vec<&'static str> { Vec::new() }
/// Stub.
pub fn names() -> &'static [&'static str] { &[] }
