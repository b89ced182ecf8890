//! Stub.
use crate::posting::{Employment, Location, Salary, Seniority, Workplace};
/// What the first line of a forum post says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    /// Who hires.
    pub company: Option<String>,
    /// The role, as written.
    pub title: Option<String>,
    /// Every place named.
    pub locations: Vec<Location>,
    /// Where the work is done.
    pub workplace: Option<Workplace>,
    /// Where a remote worker may live.
    pub remote_scope: Vec<String>,
    /// Hours and length of the contract.
    pub employment_type: Vec<Employment>,
    /// Pay.
    pub salary: Option<Salary>,
    /// The first link.
    pub url: Option<String>,
    /// The rung, from the title.
    pub seniority: Option<Seniority>,
}
/// Stub.
pub fn parse(_first_line: &str) -> Option<Header> { None }
/// Stub.
pub fn is_role(_text: &str) -> bool { false }
