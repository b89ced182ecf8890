//! Pay, dates, places, workplace, employment, seniority, role, text language and
//! forum header lines, out of strings and text.
//!
//! In: `&str`. Out: plain data of `posting`. Nothing here knows a file or
//! the clock. `fill` puts the parts together for a whole posting: what the source
//! states always wins, and every field that was read out of text is named in
//! `Posting::read_from_text`.

pub mod dates;
pub mod employment;
mod fill;
pub mod header;
mod marks;
pub mod places;
pub mod roles;
pub mod salary;
pub mod seniority;
mod text;
pub mod text_language;
pub mod workplace;

pub use fill::fill;
