//! What a résumé says somebody can do: its text in, skills with years out.

use super::{Advert, Extractor};
use crate::skills::SkillNo;

impl Extractor {
    /// The skills a résumé names, with the most years it states for each: most
    /// years first, soft skills and responsibilities behind the others.
    ///
    /// It has no benefits and says nothing about an employer, so every section
    /// counts; what it denies and what only follows from another skill is left out.
    pub fn resume(&self, text: &str) -> Vec<(SkillNo, Option<f32>)> {
        let reading = self.read(&Advert {
            text,
            ..Advert::default()
        });
        let mut skills: Vec<(SkillNo, Option<f32>)> = Vec::new();
        let stated = |mention: &&super::Mention| !mention.negated && !mention.implied;
        for mention in reading.body.iter().filter(stated) {
            let years = mention.years.and_then(|years| years.min.or(years.max));
            match skills.iter_mut().find(|(known, _)| *known == mention.skill) {
                Some((_, known)) if years > *known => *known = years,
                Some(_) => {}
                None => skills.push((mention.skill, years)),
            }
        }
        let is_soft = |no: SkillNo| !self.taxonomy().skill(no).kind.is_hard();
        skills.sort_by(|(a, of_a), (b, of_b)| {
            let years = |of: &Option<f32>| of.unwrap_or(0.0);
            is_soft(*a)
                .cmp(&is_soft(*b))
                .then(years(of_b).total_cmp(&years(of_a)))
                .then(a.cmp(b))
        });
        skills
    }
}
