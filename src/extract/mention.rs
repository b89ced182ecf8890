//! What is read out of a posting: mentions, sections, refusals. Plain data.

use std::ops::Range;

use crate::posting::{RawSkill, SkillStrength, Years};
use crate::skills::SkillNo;

use super::lexicon::SectionKind;

/// A part of a text under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// The heading, in bytes; empty for what stands before the first one.
    pub heading: Range<usize>,
    /// What follows it, in bytes.
    pub text: Range<usize>,
}

/// One place in a text that names a skill, or says it in other words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mention {
    /// Which skill.
    pub skill: SkillNo,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// How strongly it is asked for there.
    pub strength: SkillStrength,
    /// Years of experience asked for with it.
    pub years: Option<Years>,
    /// The either-or list it belongs to, numbered from 0 in each text.
    pub group: Option<u32>,
    /// Ruled out: "no PHP".
    pub negated: bool,
    /// Not named: implied by the skill that is named there.
    pub implied: bool,
    /// Only an instance: "languages like Ruby".
    pub example: bool,
    /// The section it stands in.
    pub section: SectionKind,
    /// How sure the rule that decided is, 0 to 1.
    pub confidence: f32,
    /// The rule that decided.
    pub rule: &'static str,
}

/// A posting as far as skills are concerned; whatever is unknown is `None`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Advert<'a> {
    /// Its title.
    pub title: Option<&'a str>,
    /// Its text.
    pub text: &'a str,
    /// The employer: a skill of that name is doubtful here. Where it is unknown, a mail
    /// address in the text tells it.
    pub company: Option<&'a str>,
    /// The skills that its source lists beside the text.
    pub stated: &'a [RawSkill],
}

/// A spelling of a skill that was found and not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The skill it could have been.
    pub skill: SkillNo,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Why it is not.
    pub reason: &'static str,
}

/// One place in the list of skills that a source states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatedMention {
    /// Which entry of [`Advert::stated`], from 0.
    pub entry: usize,
    /// What it says; bytes of the entry's text.
    pub mention: Mention,
}

/// What was read out of a posting.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Mentions in the title; bytes of the title.
    pub title: Vec<Mention>,
    /// Mentions in the text; bytes of the text.
    pub body: Vec<Mention>,
    /// Mentions in the skills that the source states, in order.
    pub stated: Vec<StatedMention>,
    /// How many either-or lists the text has.
    pub n_choices: u32,
}
