//! The record at the centre: one job posting, and what was read out of it.
//!
//! [`Posting`] is the normal form that every reader produces and `export`
//! writes; [`SkillProfile`] is what its text asks for, as search and match see it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::skills::SkillNo;

/// The stable key of a posting: `source:board:native_id`, or `source:h:` and a
/// hash where the source gives no id. Ingesting an id again replaces the posting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostingId(pub String);

impl PostingId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One job posting in the normal form (`schema/posting.schema.json`).
///
/// `None` and an empty list are "unknown", never "no" and never zero. At least
/// one of `title` and `description_text` is not empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Posting {
    /// See [`PostingId`].
    pub id: String,
    /// Which publisher or format it came from: `hn`, `greenhouse`, `native` …
    pub source: String,
    /// Whatever scopes `native_id`: a company's board, a thread, a file stem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// The publisher's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_id: Option<String>,
    /// The employer's own number; the same on every board it is posted to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requisition_id: Option<String>,
    /// The posting's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where to apply, when that is another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_url: Option<String>,
    /// Trimmed, blanks collapsed, no markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The employer, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Every place it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Where the work is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workplace: Option<Workplace>,
    /// Where a remote worker may live: country codes, or `EU`, `EMEA`, `LATAM`,
    /// `APAC`, `WORLD`; empty when not stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remote_scope: Vec<String>,
    /// Hours and length of the contract; several may apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub employment_type: Vec<Employment>,
    /// The employment label as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employment_raw: Option<String>,
    /// The rung of the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seniority: Option<Seniority>,
    /// Years of experience asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experience_years: Option<Years>,
    /// First publication, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_at: Option<Timestamp>,
    /// How exact `posted_at` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_precision: Option<Precision>,
    /// Last edit; never taken for the posting date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The last moment it counts as open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_through: Option<Timestamp>,
    /// Pay in the original currency and period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salary: Option<Salary>,
    /// The advert as plain text; headings and list items stand on their own lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description_text: Option<String>,
    /// ISO 639-1 code of the tongue it is written in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text_language: Option<String>,
    /// Skills or tags just as the source gives them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills_raw: Vec<RawSkill>,
    /// The employer's department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// The employer's industry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// The publisher's category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How many people are sought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openings: Option<u32>,
    /// The forum thread it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The source gave only the beginning of the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// Anything else worth keeping; not searched.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// The file, record and reader it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What kinds of work it is, from the title first: `backend`, `data` …
    #[serde(
        rename = "role",
        alias = "roles",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub roles: Vec<String>,
    /// Names of the fields above that were read out of the text rather than
    /// stated by the source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read_from_text: Vec<String>,
}

impl Posting {
    /// Whether there is a text, or a list of skills that its source vouches for:
    /// without either, what it does not name says nothing.
    pub fn tells_skills(&self) -> bool {
        self.description_text.is_some() || self.skills_raw.iter().any(|skill| !skill.guessed)
    }

    /// Whether its source names a day of publication that could not be read.
    pub(crate) fn has_unread_date(&self) -> bool {
        self.extra.contains_key("posted_at_raw")
    }

    /// The posting without what was read out of its text: as its source states it.
    pub fn stated(mut self) -> Posting {
        for field in std::mem::take(&mut self.read_from_text) {
            match field.as_str() {
                "locations" => {
                    for place in &mut self.locations {
                        *place = Location {
                            raw: std::mem::take(&mut place.raw),
                            ..Location::default()
                        };
                    }
                    self.locations.retain(|place| !place.raw.is_empty());
                }
                "workplace" => self.workplace = None,
                "remote_scope" => self.remote_scope.clear(),
                "employment_type" => self.employment_type.clear(),
                "seniority" => self.seniority = None,
                "experience_years" => self.experience_years = None,
                "salary" => self.salary = None,
                "text_language" => self.text_language = None,
                "role" | "roles" => self.roles.clear(),
                _ => {}
            }
        }
        self
    }
}

/// A place of work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    /// As the source writes it.
    pub raw: String,
    /// City, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or land, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 code, upper case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
}

/// Declares an enum that is one lower-case word in files and answers.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word for it in files, filters and answers.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of a word, exactly as [`Self::as_str`] gives it.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Where the work is done.
    Workplace {
        /// From anywhere the scope allows.
        Remote = "remote",
        /// Some days in the office.
        Hybrid = "hybrid",
        /// In the office.
        Onsite = "onsite",
    }
}

words! {
    /// Hours and length of a contract.
    Employment {
        /// All week.
        FullTime = "full_time",
        /// Part of the week.
        PartTime = "part_time",
        /// Freelance or for a fixed term.
        Contract = "contract",
        /// For a season or a stand-in.
        Temporary = "temporary",
        /// To learn, while studying or after.
        Internship = "internship",
        /// To learn a trade.
        Apprenticeship = "apprenticeship",
        /// Without pay.
        Volunteer = "volunteer",
        /// By the day.
        PerDiem = "per_diem",
        /// A label that is none of these.
        Other = "other",
    }
}

words! {
    /// The rung of a job, lowest first.
    Seniority {
        /// Student or trainee.
        Intern = "intern",
        /// Junior, graduate.
        Entry = "entry",
        /// Said to be in the middle; an unmarked title is unknown instead.
        Mid = "mid",
        /// Senior.
        Senior = "senior",
        /// Staff, principal, distinguished.
        Staff = "staff",
        /// Leads a team without managing it.
        Lead = "lead",
        /// Manages people.
        Manager = "manager",
        /// Director.
        Director = "director",
        /// Vice president, chief.
        Executive = "executive",
    }
}

words! {
    /// How exact a date is.
    Precision {
        /// A moment.
        Second = "second",
        /// A day.
        Day = "day",
        /// A month; the date is its first day.
        Month = "month",
    }
}

words! {
    /// What a rate of pay is paid for.
    PayPeriod {
        /// A year.
        Year = "year",
        /// A month.
        Month = "month",
        /// Half a month.
        HalfMonth = "half_month",
        /// Two weeks.
        TwoWeeks = "two_weeks",
        /// A week.
        Week = "week",
        /// A day.
        Day = "day",
        /// An hour.
        Hour = "hour",
    }
}

impl PayPeriod {
    /// How many of it make a year: 2080 hours, 260 days, 52 weeks (the
    /// working year of 40-hour weeks).
    pub fn per_year(self) -> u32 {
        match self {
            PayPeriod::Year => 1,
            PayPeriod::Month => 12,
            PayPeriod::HalfMonth => 24,
            PayPeriod::TwoWeeks => 26,
            PayPeriod::Week => 52,
            PayPeriod::Day => 260,
            PayPeriod::Hour => 2080,
        }
    }
}

words! {
    /// How a posting's pay is known.
    PayBasis {
        /// The source gives it as data.
        Stated = "stated",
        /// Read out of the text.
        Parsed = "parsed",
        /// The publisher's own model; never used in statistics.
        Estimated = "estimated",
    }
}

/// Pay as the posting has it; an open end is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Salary {
    /// Lower end, in units of the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Upper end, in units of the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// ISO 4217 code; `None` when a sign such as `$` leaves it open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What it is paid for; `None` is never read as a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PayPeriod>,
    /// As written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// How it is known.
    #[serde(default = "stated")]
    pub basis: PayBasis,
    /// Something is odd about it (ends swapped, far out of range, bonus
    /// included): it is shown and searched, but kept out of statistics.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
}

fn stated() -> PayBasis {
    PayBasis::Stated
}

impl Salary {
    /// The range in units of its currency a year; `None` without a period.
    pub fn annual(&self) -> Option<(Option<f64>, Option<f64>)> {
        let factor = f64::from(self.period?.per_year());
        Some((
            self.min.map(|min| min * factor),
            self.max.map(|max| max * factor),
        ))
    }
}

/// A skill or tag just as the source gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawSkill {
    /// The tag.
    pub text: String,
    /// What the source says of it, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<SkillStrength>,
    /// The publisher's own guess, or a label that is seldom a skill: kept, and
    /// counted nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guessed: bool,
}

impl RawSkill {
    /// A tag that the source vouches for.
    pub fn new(text: String, role: Option<SkillStrength>) -> RawSkill {
        RawSkill {
            text,
            role,
            guessed: false,
        }
    }
}

/// Years of experience: at least `min`, and `max` where a range is given.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Years {
    /// The lower end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f32>,
    /// The upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f32>,
}

/// Where a posting came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file as given on the command line.
    pub file: String,
    /// The record's number in it, from 1.
    pub record: u64,
    /// The reader's name.
    pub reader: String,
    /// What it was written in, if not in UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

words! {
    /// How strongly a posting asks for a skill, by what it weighs in a match, least first;
    /// [`SkillStrength::joined`] is what two mentions say together.
    SkillStrength {
        /// "Nice to have", "a plus".
        Preferred = "preferred",
        /// Named with no cue either way: "our stack is Rust and Kafka".
        Mentioned = "mentioned",
        /// "Must have", "3+ years of".
        Required = "required",
    }
}

impl SkillStrength {
    /// What two mentions of one skill say together: a statement outweighs none,
    /// so required comes before preferred, and preferred before mentioned.
    pub fn joined(self, other: SkillStrength) -> SkillStrength {
        match (self, other) {
            (SkillStrength::Required, _) | (_, SkillStrength::Required) => SkillStrength::Required,
            (SkillStrength::Preferred, _) | (_, SkillStrength::Preferred) => {
                SkillStrength::Preferred
            }
            _ => SkillStrength::Mentioned,
        }
    }
}

/// What a posting asks for, as search, match and trends see it: mentions folded
/// by skill, without the negated ones and those in about-us and benefits text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SkillProfile {
    /// One entry a skill, sorted by number.
    pub skills: Vec<ProfileSkill>,
    /// What it asks for, in order of first mention; found skills only.
    pub ask: Vec<Requirement>,
}

/// One skill of a profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileSkill {
    /// Which.
    pub skill: SkillNo,
    /// The strongest strength of its mentions.
    pub strength: SkillStrength,
    /// Not named: only implied by another skill that is.
    pub implied: bool,
    /// The title names it.
    pub in_title: bool,
    /// Years asked for with it.
    pub years: Option<Years>,
    /// Where it is named: a bit for each of [`SECTIONS`], the first lowest.
    pub sections: u16,
}

/// The places of a posting in which skills are named.
///
/// `stated` is the list that the source gives beside the text; places are only
/// ever added at the end.
pub const SECTIONS: &[&str] = &[
    "title",
    "duties",
    "required",
    "preferred",
    "stack",
    "none",
    "stated",
];

/// The bit of `stated` among [`SECTIONS`].
pub const STATED: u16 = 1 << 6;

/// One thing a posting asks for: any of some alternatives.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// One skill, or the members of an either-or list; sorted, never empty.
    pub any_of: Vec<SkillNo>,
    /// The strongest strength among the mentions folded into it.
    pub strength: SkillStrength,
    /// Years asked for.
    pub years: Option<Years>,
    /// The title names one of them.
    pub in_title: bool,
}
