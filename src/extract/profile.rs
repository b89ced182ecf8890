//! Mentions folded by skill: what a posting asks for in all.

use std::collections::BTreeMap;

use crate::posting::{ProfileSkill, Requirement, SECTIONS, SkillProfile, SkillStrength, Years};
use crate::skills::{SkillNo, Taxonomy};

use super::{Mention, Reading};

/// Which words of a posting a mention stands in; groups are numbered in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Title,
    Body,
    Stated,
}

impl Reading {
    /// Folds the mentions as [`SkillProfile`] says.
    ///
    /// Negated mentions and those of sections that do not count are left out. A
    /// parent whose name is said with a skill counts as named, but is not asked
    /// for by itself. An either-or list is one requirement.
    pub fn profile(&self, taxonomy: &Taxonomy) -> SkillProfile {
        let mut skills: BTreeMap<SkillNo, ProfileSkill> = BTreeMap::new();
        let mut ask: Vec<Requirement> = Vec::new();
        let mut groups: BTreeMap<(Place, u32), Vec<&Mention>> = BTreeMap::new();
        for (place, mention) in self.counted() {
            fold(&mut skills, mention.skill, mention, place, mention.implied);
            if mention.implied {
                continue;
            }
            for &parent in &taxonomy.skill(mention.skill).names {
                fold(&mut skills, parent, mention, place, false);
            }
            if let Some(group) = mention.group {
                groups.entry((place, group)).or_default().push(mention);
            }
        }
        let mut done: Vec<(Place, u32)> = Vec::new();
        for (place, mention) in self.counted().filter(|(_, mention)| !mention.implied) {
            let mut wanted = Requirement {
                any_of: vec![mention.skill],
                strength: mention.strength,
                years: mention.years,
                in_title: place == Place::Title,
            };
            if let Some(group) = mention.group {
                if done.contains(&(place, group)) {
                    continue;
                }
                done.push((place, group));
                for other in &groups[&(place, group)] {
                    wanted.any_of.push(other.skill);
                    wanted.strength = wanted.strength.joined(other.strength);
                    wanted.years = longer(wanted.years, other.years);
                }
                wanted.any_of.sort_unstable();
                wanted.any_of.dedup();
            }
            match ask.iter_mut().find(|known| known.any_of == wanted.any_of) {
                Some(known) => {
                    known.strength = known.strength.joined(wanted.strength);
                    known.years = longer(known.years, wanted.years);
                    known.in_title |= wanted.in_title;
                }
                None => ask.push(wanted),
            }
        }
        drop_told_by_choices(&mut ask);
        SkillProfile {
            skills: skills.into_values().collect(),
            ask,
        }
    }

    /// The mentions that a profile is made of.
    fn counted(&self) -> impl Iterator<Item = (Place, &Mention)> {
        let title = self.title.iter().map(|mention| (Place::Title, mention));
        let body = self.body.iter().map(|mention| (Place::Body, mention));
        let stated = self.stated.iter();
        let stated = stated.map(|stated| (Place::Stated, &stated.mention));
        title
            .chain(body)
            .chain(stated)
            .filter(|(_, mention)| !mention.negated && mention.section.counts())
    }
}

/// A skill that is merely named, and asked for as one of several, is asked for
/// once: "we write Go", and "Go or Rust is required".
fn drop_told_by_choices(ask: &mut Vec<Requirement>) {
    let is_told = |wanted: &Requirement, all: &[Requirement]| {
        wanted.any_of.len() == 1
            && wanted.strength == SkillStrength::Mentioned
            && wanted.years.is_none()
            && !wanted.in_title
            && all.iter().any(|other| {
                other.any_of.len() > 1
                    && other.strength != SkillStrength::Mentioned
                    && other.any_of.contains(&wanted.any_of[0])
            })
    };
    let told: Vec<bool> = ask.iter().map(|wanted| is_told(wanted, ask)).collect();
    let mut told = told.iter();
    ask.retain(|_| told.next() != Some(&true));
}

fn fold(
    skills: &mut BTreeMap<SkillNo, ProfileSkill>,
    skill: SkillNo,
    mention: &Mention,
    place: Place,
    implied: bool,
) {
    let known = skills.entry(skill).or_insert(ProfileSkill {
        skill,
        strength: SkillStrength::Mentioned,
        implied: true,
        in_title: false,
        years: None,
        sections: 0,
    });
    known.strength = known.strength.joined(mention.strength);
    known.implied &= implied;
    if !implied {
        known.in_title |= place == Place::Title;
        let section = match place {
            Place::Title => "title",
            Place::Body => mention.section.as_str(),
            Place::Stated => "stated",
        };
        if let Some(place) = SECTIONS.iter().position(|known| *known == section) {
            known.sections |= 1 << place;
        }
        known.years = longer(
            known.years,
            mention.years.filter(|_| mention.skill == skill),
        );
    }
}

/// The one that asks for more.
fn longer(a: Option<Years>, b: Option<Years>) -> Option<Years> {
    let least = |years: &Years| years.min.or(years.max).unwrap_or(0.0);
    match (a, b) {
        (Some(a), Some(b)) => Some(if least(&b) > least(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Advert, Extractor};

    #[test]
    fn an_either_or_list_is_one_requirement() {
        let extractor = Extractor::embedded();
        let advert = Advert {
            text: "You know Python or Java, and Docker. No PHP.",
            ..Advert::default()
        };
        let taxonomy = extractor.taxonomy();
        let profile = extractor.read(&advert).profile(taxonomy);
        let ids: Vec<Vec<&str>> = profile
            .ask
            .iter()
            .map(|wanted| {
                wanted
                    .any_of
                    .iter()
                    .map(|no| taxonomy.skill(*no).id.as_str())
                    .collect()
            })
            .collect();
        assert_eq!(ids, [vec!["java", "python"], vec!["docker"]]);
    }

    #[test]
    fn a_choice_tells_what_is_asked_of_a_skill_that_is_merely_named() {
        let extractor = Extractor::embedded();
        let advert = Advert {
            text: "Our services run on Kubernetes and are written in Go.\n\nRequirements:\n- Go or Rust\n\nNice to have:\n- Kubernetes",
            ..Advert::default()
        };
        let taxonomy = extractor.taxonomy();
        let profile = extractor.read(&advert).profile(taxonomy);
        let asked: Vec<(usize, &str)> = profile
            .ask
            .iter()
            .map(|wanted| (wanted.any_of.len(), wanted.strength.as_str()))
            .collect();
        assert_eq!(asked, [(1, "preferred"), (2, "required")]);
    }
}
