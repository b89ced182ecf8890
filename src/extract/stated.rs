//! Skills that a source lists beside the text (`skills_raw`): each entry is read
//! as one item of a list of skills, where a name that is doubtful in a sentence is none.

use crate::posting::RawSkill;

use super::decide::Outside;
use super::mention::StatedMention;
use super::{Extractor, Mention};

impl Extractor {
    /// Finds the skills of a source's list. An entry that is a name and nothing
    /// else is that skill, weak spelling or not; any other is read as a text of
    /// its own. What no entry of the taxonomy knows gives nothing. `n_sure`
    /// technologies are named for sure in the posting's own words.
    pub(super) fn stated(&self, list: &[RawSkill], n_sure: u32) -> Vec<StatedMention> {
        let counts = || (0..).zip(list).filter(|(_, entry)| !entry.guessed);
        if counts().next().is_none() {
            return Vec::new();
        }
        // An empty line parts entries: no name and no sentence goes across.
        let mut text = String::new();
        let mut starts: Vec<(usize, usize)> = Vec::new();
        for (no, entry) in counts() {
            starts.push((text.len(), no));
            text.push_str(&entry.text);
            text.push_str("\n\n");
        }
        let outside = Outside {
            n_sure,
            is_stated: true,
            ..Outside::default()
        };
        let (mentions, _) = self.settle(&self.look(&text), outside);
        let of_entry = |mention: Mention| {
            let at = starts.partition_point(|(start, _)| *start <= mention.start) - 1;
            let (start, entry) = starts[at];
            let mut mention = mention;
            mention.start -= start;
            mention.end -= start;
            mention.strength = list[entry].role.unwrap_or(mention.strength);
            StatedMention { entry, mention }
        };
        mentions.into_iter().map(of_entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Advert;
    use crate::posting::SkillStrength;

    /// Ids, strengths and rules of what a list names itself.
    fn found(list: &[RawSkill], company: &str, text: &str) -> Vec<(String, String)> {
        let extractor = Extractor::embedded();
        let advert = Advert {
            company: Some(company),
            text,
            stated: list,
            ..Advert::default()
        };
        let reading = extractor.read(&advert);
        let named = reading.stated.iter().map(|stated| &stated.mention);
        named
            .filter(|mention| !mention.implied)
            .map(|mention| {
                let id = extractor.taxonomy().skill(mention.skill).id.clone();
                (id, mention.strength.to_string())
            })
            .collect()
    }

    #[track_caller]
    fn check(tags: &[&str], expected: &[&str]) {
        let list: Vec<RawSkill> = tags
            .iter()
            .map(|tag| RawSkill::new((*tag).to_owned(), None))
            .collect();
        let ids: Vec<String> = found(&list, "Tarn", "")
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(ids, expected, "in {tags:?}");
    }

    #[test]
    fn an_entry_that_is_a_name_is_the_skill() {
        check(&["Go", "R", "C"], &["go", "r", "c"]);
        check(&["go", "SWIFT", "rest"], &["go", "swift", "rest"]);
        check(
            &["C/C++", "Java 17", "node js"],
            &["c", "cpp", "java", "nodejs"],
        );
    }

    #[test]
    fn a_common_word_needs_a_technology_beside_it() {
        check(&["Chef", "Kitchen"], &[]);
        check(&["Chef", "Terraform"], &["chef", "terraform"]);
        check(&["chef", "puppet"], &["chef", "puppet"]);
    }

    #[test]
    fn entries_do_not_run_together() {
        check(&["Spring", "SQL", "Server"], &["spring", "sql"]);
        check(&["Benefits", "Kotlin"], &["kotlin"]);
    }

    #[test]
    fn an_entry_of_several_words_is_read_as_a_text() {
        check(&["go-to-market", "Series C", "Basket weaving"], &[]);
        check(&["Experience with Go", "ready to go"], &["go"]);
    }

    #[test]
    fn the_source_says_how_strongly_and_whether_it_guesses() {
        let mut list: Vec<RawSkill> = ["Kafka", "Redis", "Rust", "PHP"]
            .map(|tag| RawSkill::new(tag.to_owned(), None))
            .into();
        list[0].role = Some(SkillStrength::Required);
        list[1].role = Some(SkillStrength::Preferred);
        list[3].guessed = true;
        let expected = [
            ("kafka", "required"),
            ("redis", "preferred"),
            ("rust", "mentioned"),
        ];
        assert_eq!(
            found(&list, "Redis Health", ""),
            expected.map(|(id, how)| (id.to_owned(), how.to_owned()))
        );
    }

    #[test]
    fn a_profile_takes_the_list_and_the_text_together() {
        let extractor = Extractor::embedded();
        let list = [
            RawSkill::new("Go".to_owned(), Some(SkillStrength::Required)),
            RawSkill::new("Docker".to_owned(), None),
        ];
        let advert = Advert {
            text: "Docker is a must. No PHP.",
            stated: &list,
            ..Advert::default()
        };
        let taxonomy = extractor.taxonomy();
        let reading = extractor.read(&advert);
        let of_list: Vec<_> = reading
            .stated
            .iter()
            .map(|stated| stated.mention.rule)
            .collect();
        assert_eq!(of_list, ["stated", "alias"]);
        let profile = reading.profile(taxonomy);
        let asked: Vec<_> = profile
            .ask
            .iter()
            .map(|wanted| {
                (
                    taxonomy.skill(wanted.any_of[0]).id.as_str(),
                    wanted.strength,
                )
            })
            .collect();
        assert_eq!(
            asked,
            [
                ("docker", SkillStrength::Required),
                ("go", SkillStrength::Required)
            ]
        );
        let places: Vec<u16> = profile
            .skills
            .iter()
            .filter(|skill| taxonomy.skill(skill.skill).id == "go")
            .map(|skill| skill.sections)
            .collect();
        assert_eq!(places, [crate::posting::STATED]);
    }
}
