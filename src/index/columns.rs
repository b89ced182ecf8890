//! What stands in the numeric columns, and which columns can be counted.

use jiff::civil::Date;

use crate::posting::{SkillProfile, SkillStrength, Years};
use crate::skills::SkillNo;

/// Bits of the `flags` column.
pub(crate) mod flag {
    /// The source gave only the beginning of the text.
    pub(crate) const TRUNCATED: u64 = 1;
    /// There is neither a text nor a list of skills beside the title.
    pub(crate) const SILENT: u64 = 2;
    /// The posting's pay may be used in statistics.
    pub(crate) const SURE_PAY: u64 = 4;
    /// These are known of the posting, stated or read out of its text.
    pub(crate) const COMPANY: u64 = 1 << 8;
    pub(crate) const DATE: u64 = 1 << 9;
    pub(crate) const PLACE: u64 = 1 << 10;
    pub(crate) const PAY: u64 = 1 << 11;
    pub(crate) const WORKPLACE: u64 = 1 << 12;
    pub(crate) const SENIORITY: u64 = 1 << 13;
    pub(crate) const TEXT: u64 = 1 << 14;
}

/// One skill of a posting's profile, as the `ask` column holds it.
///
/// Packed into 64 bits, lowest first: skill number (16), requirement (12),
/// strength (2), in title (1), implied (1), lower end of years in halves (8),
/// sections (16).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AskEntry {
    /// Which skill.
    pub skill: SkillNo,
    /// Entries with one number are alternatives; `None` for a skill that
    /// belongs to the profile but is not asked for by itself (implied, or
    /// named with another).
    pub requirement: Option<u16>,
    /// How strongly; the same for all alternatives of a requirement.
    pub strength: SkillStrength,
    /// The title names it.
    pub in_title: bool,
    /// Not named, only implied.
    pub implied: bool,
    /// Years asked for, in steps of a half; 0 for none.
    pub years: f32,
    /// Where the skill is named: a bit for each of [`crate::posting::SECTIONS`].
    pub sections: u16,
}

const NO_REQUIREMENT: u64 = 0xfff;

impl AskEntry {
    /// Packs it.
    pub fn pack(&self) -> u64 {
        let requirement = self
            .requirement
            .map_or(NO_REQUIREMENT, |no| u64::from(no).min(NO_REQUIREMENT - 1));
        let strength = match self.strength {
            SkillStrength::Preferred => 0,
            SkillStrength::Mentioned => 1,
            SkillStrength::Required => 2u64,
        };
        let years = (self.years * 2.0).round().clamp(0.0, 255.0) as u64;
        u64::from(self.skill.0)
            | requirement << 16
            | strength << 28
            | u64::from(self.in_title) << 30
            | u64::from(self.implied) << 31
            | years << 32
            | u64::from(self.sections) << 40
    }

    /// Unpacks it.
    pub fn unpack(bits: u64) -> AskEntry {
        let requirement = bits >> 16 & NO_REQUIREMENT;
        AskEntry {
            skill: SkillNo(bits as u16),
            requirement: (requirement != NO_REQUIREMENT).then_some(requirement as u16),
            strength: match bits >> 28 & 3 {
                0 => SkillStrength::Preferred,
                1 => SkillStrength::Mentioned,
                _ => SkillStrength::Required,
            },
            in_title: bits >> 30 & 1 == 1,
            implied: bits >> 31 & 1 == 1,
            years: (bits >> 32 & 255) as f32 / 2.0,
            sections: (bits >> 40) as u16,
        }
    }
}

/// The entries of a profile: requirements in order, then what only belongs to it.
pub(crate) fn entries(profile: &SkillProfile) -> Vec<AskEntry> {
    let lower_end = |years: Option<Years>| years.and_then(|years| years.min).unwrap_or(0.0);
    let sections = |skill: SkillNo| {
        let known = profile
            .skills
            .binary_search_by_key(&skill, |known| known.skill);
        known.map_or(0, |at| profile.skills[at].sections)
    };
    let mut entries = Vec::with_capacity(profile.skills.len());
    for (no, requirement) in (0u16..).zip(&profile.ask) {
        for skill in &requirement.any_of {
            entries.push(AskEntry {
                skill: *skill,
                requirement: Some(no),
                strength: requirement.strength,
                in_title: requirement.in_title,
                implied: false,
                years: lower_end(requirement.years),
                sections: sections(*skill),
            });
        }
    }
    let asked: Vec<SkillNo> = entries.iter().map(|entry| entry.skill).collect();
    for skill in profile
        .skills
        .iter()
        .filter(|skill| !asked.contains(&skill.skill))
    {
        entries.push(AskEntry {
            skill: skill.skill,
            requirement: None,
            strength: skill.strength,
            in_title: skill.in_title,
            implied: skill.implied,
            years: lower_end(skill.years),
            sections: skill.sections,
        });
    }
    entries
}

/// The months from the year 0 to that of a moment (seconds since 1970), in UTC.
pub(crate) fn month_of(second: i64) -> u64 {
    u64::try_from(month_number(date_of(second))).unwrap_or(0)
}

/// The day of a moment, UTC.
pub(crate) fn date_of(second: i64) -> Date {
    let moment = jiff::Timestamp::from_second(second).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The month of a day, counted from January of the year 0.
pub(crate) fn month_number(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// What postings can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Skills and their branches, in levels.
    Skill,
    /// Programming languages: the branch `language`.
    Language,
    /// Employers.
    Company,
    /// Countries, by ISO code.
    Country,
    /// States, provinces, lands.
    Region,
    /// Cities.
    City,
    /// Kinds of work.
    Role,
    /// Remote, hybrid, onsite.
    Workplace,
    /// The rung.
    Seniority,
    /// Hours and length of contract.
    Employment,
    /// Where the postings come from.
    Source,
    /// The tongue they are written in.
    TextLanguage,
    /// Year of posting.
    Year,
    /// Month of posting.
    Month,
    /// Band of yearly pay in its currency.
    Pay,
    /// Part of the posting in which the skills looked for (or any) are named.
    Section,
}

impl Facet {
    /// Every facet.
    pub const ALL: &[Facet] = &[
        Facet::Skill,
        Facet::Language,
        Facet::Company,
        Facet::Country,
        Facet::Region,
        Facet::City,
        Facet::Role,
        Facet::Workplace,
        Facet::Seniority,
        Facet::Employment,
        Facet::Source,
        Facet::TextLanguage,
        Facet::Year,
        Facet::Month,
        Facet::Pay,
        Facet::Section,
    ];

    /// Its name on the command line and in answers.
    pub fn name(self) -> &'static str {
        match self {
            Facet::Skill => "skill",
            Facet::Language => "language",
            Facet::Company => "company",
            Facet::Country => "country",
            Facet::Region => "region",
            Facet::City => "city",
            Facet::Role => "role",
            Facet::Workplace => "workplace",
            Facet::Seniority => "seniority",
            Facet::Employment => "employment",
            Facet::Source => "source",
            Facet::TextLanguage => "text-language",
            Facet::Year => "year",
            Facet::Month => "month",
            Facet::Pay => "pay",
            Facet::Section => "section",
        }
    }

    /// The facet of a name.
    pub fn from_name(name: &str) -> Option<Facet> {
        Facet::ALL
            .iter()
            .copied()
            .find(|facet| facet.name() == name)
    }

    /// The text column that holds its values, if it is one.
    pub(crate) fn column(self) -> Option<&'static str> {
        match self {
            Facet::Skill
            | Facet::Language
            | Facet::Year
            | Facet::Month
            | Facet::Pay
            | Facet::Section => None,
            Facet::TextLanguage => Some("text_language"),
            other => Some(other.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_survives_packing() {
        for requirement in [None, Some(0), Some(17)] {
            for strength in SkillStrength::ALL {
                let entry = AskEntry {
                    skill: SkillNo(1234),
                    requirement,
                    strength: *strength,
                    in_title: requirement.is_some(),
                    implied: requirement.is_none(),
                    years: 2.5,
                    sections: 0b10_0101,
                };
                assert_eq!(AskEntry::unpack(entry.pack()), entry);
            }
        }
    }
}
