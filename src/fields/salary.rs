//! Stub.
use crate::posting::{PayPeriod, Salary};
/// Stub.
pub fn parse(_text: &str, _country: Option<&str>) -> Option<Salary> { None }
/// Stub.
pub fn find(_text: &str, _country: Option<&str>) -> Option<Salary> { None }
/// Stub.
pub fn period(_label: &str) -> Option<PayPeriod> { None }
