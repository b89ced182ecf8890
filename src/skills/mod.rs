//! What a skill is and which skills there are, read from `schema/skills/`.
//!
//! In: TOML blocks in the shape of `schema/README.md`. Out: a [`Taxonomy`], in
//! which every reference is resolved. How forms are found in a text is
//! [`crate::extract`]'s business.
//!
//! The build script is made of the same files, all but `embedded`, which has
//! what the script made.

mod bundle;
mod embedded;
pub(crate) mod flat;
mod load;
mod names;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the build script packs, the program unpacks")
)]
mod tables;
mod taxonomy;

pub use load::TaxonomyError;
#[cfg_attr(
    not(test),
    allow(unused_imports, reason = "the build script looks nothing up")
)]
pub(crate) use names::edit_distance;
pub use names::{NearName, UnknownSkill};
pub use taxonomy::{Case, Kind, Need, Skill, SkillNo, Taxonomy, WeakForm, is_below};
