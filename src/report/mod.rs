//! Counts into tables that can be believed; arithmetic only.
//!
//! Every share comes with what it is a share of and its interval; what cannot
//! be said is left out rather than guessed.

mod anatomy;
mod card;
mod checkup;
mod compare;
mod dimension;
mod emerging;
mod full;
mod gap;
mod lacks;
mod monthly;
mod pay;
mod periods;
mod sheet;
mod skillset;
mod sources;
pub mod stats;
mod tally;
mod trends;
mod votes;
mod winners;

pub use anatomy::{
    Anatomy, AnatomyLine, AnatomyRequest, AnatomySection, AnatomyVersus, PayLine, YearsLine,
    anatomy,
};
pub use card::{Card, CardBuilder};
pub use checkup::{COVERED, Checkup, CheckupBuilder, Coverage, Oddity};
pub use compare::{Compared, Contrast, Side};
pub use dimension::Dimension;
pub use emerging::{Change, Emerging, FALSE_DISCOVERIES, MIN_EMPLOYERS, emerging};
pub use full::{FullReport, FullRequest, Mix, Together, full};
pub use gap::{Gap, GapRequest, GapStep, gap};
pub use lacks::MAX_LACKING;
pub use pay::{MIN_PAY, Pay, PayQuantiles, PayScope, PayValue, pay};
pub use periods::{By, Period};
pub use skillset::{Beside, Skillset, skillset};
pub use sources::SourceMix;
pub use tally::{Denominator, StrengthFilter, Unit};
pub use trends::{
    Growth, Point, Series, TOP_EMPLOYER_SHARE, TopEmployer, Trend, TrendRequest, trends,
};
pub use winners::{ARTICLE_LANGUAGES, Category, LanguageLine, Outcome, Winners, winners};

/// Fewer votes than this support no rank and no growth.
pub const MIN_VOTES: u64 = 20;
