//! Counts into tables that can be believed; arithmetic only.
//!
//! Every share comes with what it is a share of and its interval; what cannot
//! be said is left out rather than guessed (`trends.md`).

mod anatomy;
mod card;
mod gap;
mod periods;
pub mod stats;
mod tally;
mod trends;

pub use anatomy::{Anatomy, AnatomyLine, AnatomySection, PayLine, YearsLine, anatomy};
pub use card::{Card, CardBuilder};
pub use gap::{Gap, GapRequest, GapStep, MAX_LACKING, gap};
pub use periods::{By, Period};
pub use tally::{Denominator, StrengthFilter, Unit};
pub use trends::{Dimension, Growth, Point, Series, Trend, TrendRequest, trends};

/// Fewer votes than this support no rank and no growth (`trends.md` 7).
pub const MIN_VOTES: u64 = 20;
