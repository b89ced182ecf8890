//! The sample as a plain loop sees it: records of the input files, in order of
//! id, with words, groups of copies and profiles worked out the simple way.
//!
//! Nothing here asks the index. What is read from text (skills, role, place)
//! comes from the public pure readers, which have tests of their own.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jobsift::extract::Extractor;
use jobsift::ingest::{self, Input, Options};
use jobsift::posting::{Posting, SkillProfile, SkillStrength};
use jobsift::skills::{SkillNo, Taxonomy};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::support::{NOW, project, records};

/// One posting of the sample.
pub(crate) struct Plain {
    pub(crate) id: String,
    /// The record as it stands in the file.
    pub(crate) record: &'static Value,
    /// The record with what is read from its text.
    pub(crate) posting: Posting,
    pub(crate) profile: SkillProfile,
    /// Words of the title, of the text, and of each of the facts beside them.
    pub(crate) words: Vec<Vec<String>>,
    /// The smallest id among its copies.
    pub(crate) group: String,
}

/// Something a posting asks for, as the tests count it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Named {
    pub(crate) skill: SkillNo,
    pub(crate) strength: SkillStrength,
    pub(crate) in_title: bool,
    /// Lower end of the years asked for, in halves as the index keeps them.
    pub(crate) years: f32,
}

impl Plain {
    /// Seconds since 1970, read from the record.
    pub(crate) fn posted(&self) -> Option<i64> {
        let at: jiff::Timestamp = self.record.get("posted_at")?.as_str()?.parse().unwrap();
        Some(at.as_second())
    }

    /// Without a text, or a list of skills, nothing can be said about what is not in it.
    pub(crate) fn is_partial(&self) -> bool {
        let list = self.record.get("skills_raw").and_then(Value::as_array);
        let is_silent = self.posting.description_text.is_none() && list.is_none_or(Vec::is_empty);
        is_silent || self.posting.truncated
    }

    /// Whether the profile has a skill, implied or not.
    pub(crate) fn has(&self, skill: SkillNo) -> bool {
        self.profile.skills.iter().any(|known| known.skill == skill)
    }

    /// Whether the profile has a skill that must be had.
    pub(crate) fn requires(&self, skill: SkillNo) -> bool {
        let strongest =
            |known: &&jobsift::posting::ProfileSkill| known.strength == SkillStrength::Required;
        self.profile
            .skills
            .iter()
            .filter(|known| known.skill == skill)
            .any(|known| strongest(&known))
    }

    /// Everything named, once for each requirement it is part of.
    pub(crate) fn named(&self) -> Vec<Named> {
        let years = |years: Option<jobsift::posting::Years>| {
            (years.and_then(|years| years.min).unwrap_or(0.0) * 2.0).round() / 2.0
        };
        let mut named = Vec::new();
        for wanted in &self.profile.ask {
            for skill in &wanted.any_of {
                let (strength, in_title) = (wanted.strength, wanted.in_title);
                named.push(Named {
                    skill: *skill,
                    strength,
                    in_title,
                    years: years(wanted.years),
                });
            }
        }
        for known in self.profile.skills.iter().filter(|known| !known.implied) {
            if !named.iter().any(|named| named.skill == known.skill) {
                let (skill, strength, in_title) = (known.skill, known.strength, known.in_title);
                named.push(Named {
                    skill,
                    strength,
                    in_title,
                    years: years(known.years),
                });
            }
        }
        named
    }

    /// Yearly pay fit for statistics, and its currency.
    pub(crate) fn pay(&self) -> Option<(Option<f64>, Option<f64>, &str)> {
        let pay = self.posting.salary.as_ref()?;
        if pay.doubtful || pay.basis == jobsift::posting::PayBasis::Estimated {
            return None;
        }
        let (min, max) = yearly(pay)?;
        (min.is_some() || max.is_some()).then_some((min, max, pay.currency.as_deref()?))
    }

    /// The employer without case and signs.
    pub(crate) fn employer(&self) -> Option<String> {
        self.record.get("company")?.as_str().map(bare)
    }
}

/// The range a year.
pub(crate) fn yearly(pay: &jobsift::posting::Salary) -> Option<(Option<f64>, Option<f64>)> {
    let times = match pay.period?.as_str() {
        "year" => 1.0,
        "month" => 12.0,
        "half_month" => 24.0,
        "two_weeks" => 26.0,
        "week" => 52.0,
        "day" => 260.0,
        "hour" => 2080.0,
        other => panic!("no such period: {other}"),
    };
    Some((
        pay.min.map(|min| min * times),
        pay.max.map(|max| max * times),
    ))
}

/// All postings of the sample, in order of id.
pub(crate) fn sample() -> &'static [Plain] {
    static SAMPLE: OnceLock<Vec<Plain>> = OnceLock::new();
    SAMPLE.get_or_init(|| read(records()))
}

/// A posting by its id or the end of it.
pub(crate) fn by_id(id: &str) -> &'static Plain {
    sample()
        .iter()
        .find(|plain| plain.id == id || plain.id.ends_with(id))
        .unwrap()
}

/// The postings of some records, in order of id.
pub(crate) fn read(records: &'static [Value]) -> Vec<Plain> {
    let extractor = Extractor::embedded();
    let from_html = texts_of_html();
    let mut plain: Vec<Plain> = records
        .iter()
        .map(|record| {
            let mut posting: Posting = serde_json::from_value(record.clone()).unwrap();
            posting.title = posting.title.as_deref().map(one_line);
            posting.company = posting.company.as_deref().map(one_line);
            posting.description_text = match record.get("description_text").and_then(Value::as_str)
            {
                Some(text) if !text.contains("â€") => Some(tidy(text)),
                _ => from_html.get(&posting.id).cloned(),
            };
            jobsift::fields::fill(&mut posting);
            let advert = jobsift::pipeline::advert(&posting);
            let profile = extractor.read(&advert).profile(extractor.taxonomy());
            let texts = [&posting.title, &posting.description_text];
            let texts = texts.map(|text| text.clone().unwrap_or_default());
            let texts = texts.into_iter().chain(facts(&posting));
            let words = texts.map(|text| words_of(&text)).collect();
            Plain {
                id: posting.id.clone(),
                record,
                posting,
                profile,
                words,
                group: String::new(),
            }
        })
        .collect();
    plain.sort_by(|a, b| a.id.cmp(&b.id));
    group(&mut plain);
    plain
}

/// The texts as the native reader gives them, for records that have only HTML or
/// whose UTF-8 was read as Latin-1.
fn texts_of_html() -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for part in ["part-a", "part-b"] {
        let path = project(&format!("corpus/sample/{part}.jsonl"));
        let options = Options {
            reader: None,
            source: None,
            now: format!("{NOW}T12:00:00Z").parse().unwrap(),
        };
        let source = ingest::open(&Input { path, bytes: 0 }, &options).unwrap();
        for posting in source.flat_map(|chunk| chunk.unwrap().items()) {
            let posting = posting.unwrap().posting().unwrap();
            texts.extend(posting.description_text.map(|text| (posting.id, text)));
        }
    }
    texts
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines without blanks at the end, one blank line at most, no control characters.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let line: String = line
            .trim_end()
            .replace('\u{a0}', " ")
            .chars()
            .filter(|c| *c == '\t' || !c.is_control())
            .collect();
        if !(line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// Employer, places as written and as understood, workplace; none that is in one before it.
fn facts(posting: &Posting) -> Vec<String> {
    let mut all: Vec<Option<String>> = vec![posting.company.clone()];
    for place in &posting.locations {
        let country = place.country.as_deref();
        let country = country.and_then(jobsift::fields::places::country_name);
        all.push(Some(place.raw.clone()));
        all.extend([place.city.clone(), place.region.clone()]);
        all.push(country.map(str::to_owned));
    }
    all.push(posting.workplace.map(|word| word.as_str().to_owned()));
    let mut facts: Vec<String> = Vec::new();
    for fact in all.into_iter().flatten() {
        if !facts.iter().any(|known| known.contains(&fact)) {
            facts.push(fact);
        }
    }
    facts
}

/// Whether a letter is one of Chinese or Japanese.
pub(crate) fn is_sign(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3040}'..='\u{30ff}').contains(&c)
}

/// Words as people type them: letters and digits without accents and case, the
/// signs of C++ and C# kept; a Chinese sign is a word.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find(char::is_alphanumeric) {
        rest = &rest[begin..];
        let is_word =
            |c: char| c.is_alphanumeric() && !is_sign(c) || ('\u{300}'..='\u{36f}').contains(&c);
        let len = match rest.chars().next() {
            Some(c) if is_sign(c) => c.len_utf8(),
            _ => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
        };
        let (word, behind) = rest.split_at(len);
        let (signs, next) =
            behind.split_at(behind.find(|c| !"+#".contains(c)).unwrap_or(behind.len()));
        let is_short = word.chars().count() < 3 && word.starts_with(char::is_alphabetic);
        let is_joint = signs == "+" && next.starts_with(char::is_alphanumeric);
        let is_kept = !word.starts_with(is_sign) && (signs == "++" || is_short && !is_joint);
        words.push(plain_letters(word) + if is_kept { signs } else { "" });
        rest = if is_kept { next } else { behind };
    }
    words
}

fn plain_letters(word: &str) -> String {
    let folded: String = word
        .to_lowercase()
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect();
    [
        ("ß", "ss"),
        ("ł", "l"),
        ("ø", "o"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("đ", "d"),
        ("ı", "i"),
    ]
    .iter()
    .fold(folded, |word, (from, to)| word.replace(from, to))
}

/// Lower-case words with a blank between, as copies are compared.
pub(crate) fn bare(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '+' || c == '#' {
                c
            } else {
                ' '
            }
        })
        .collect();
    kept.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Groups of copies: every pair is compared by the rules of `groups.rs`, and
/// the smaller group id spreads until nothing changes.
fn group(plain: &mut [Plain]) {
    let keys: Vec<[Option<String>; 3]> = plain
        .iter()
        .map(|plain| copy_rules(plain.record, &plain.posting))
        .collect();
    for one in plain.iter_mut() {
        one.group.clone_from(&one.id);
    }
    loop {
        let mut has_changed = false;
        for a in 0..plain.len() {
            for b in 0..plain.len() {
                let are_copies = keys[a]
                    .iter()
                    .zip(&keys[b])
                    .any(|(a, b)| a.is_some() && a == b);
                if are_copies && plain[a].group < plain[b].group {
                    plain[b].group = plain[a].group.clone();
                    has_changed = true;
                }
            }
        }
        if !has_changed {
            return;
        }
    }
}

/// Page without tracking; employer and its own number; employer, title, number and text.
fn copy_rules(record: &Value, posting: &Posting) -> [Option<String>; 3] {
    let field = |name: &str| record.get(name).and_then(Value::as_str);
    let company = field("company").map(bare);
    let number = field("requisition_id");
    let page = field("url").map(|url| {
        let url = url.split('#').next().unwrap();
        let (page, query) = url.split_once('?').unwrap_or((url, ""));
        let page = page
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_start_matches("www.");
        let mut query: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("utm_"))
            .collect();
        query.sort_unstable();
        format!("{}?{}", page.trim_end_matches('/'), query.join("&"))
    });
    let by_number = company
        .as_ref()
        .zip(number)
        .map(|(company, number)| format!("{company}|{number}"));
    let by_text = (|| {
        let (title, text) = (field("title")?, posting.description_text.as_deref()?);
        Some(
            [
                company?,
                bare(title),
                number.unwrap_or_default().to_owned(),
                bare(text),
            ]
            .join("|"),
        )
    })();
    [page, by_number, by_text]
}

/// The skill of a name.
pub(crate) fn skill(name: &str) -> SkillNo {
    Taxonomy::embedded()
        .resolve(name)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The members of each group among some postings, groups and members in order of id.
pub(crate) fn groups<'a>(postings: &[&'a Plain]) -> BTreeMap<&'a str, Vec<&'a Plain>> {
    let mut groups: BTreeMap<&str, Vec<&Plain>> = BTreeMap::new();
    for plain in postings {
        groups.entry(&plain.group).or_default().push(plain);
    }
    groups
}

/// The city of a place in the one spelling that cities go by.
fn one_name(place: &Value) -> Value {
    let known = place["country"]
        .as_str()
        .zip(place["city"].as_str())
        .and_then(|(country, city)| jobsift::fields::places::city_name(country, city));
    known.map_or_else(|| place["city"].clone(), Value::from)
}

#[test]
fn what_the_source_states_is_left_as_it_is() {
    for plain in sample() {
        let read = serde_json::to_value(&plain.posting).unwrap();
        for (name, stated) in plain.record.as_object().unwrap() {
            match name.as_str() {
                "description_text" | "description_html" | "title" | "posted_at"
                | "valid_through" => {}
                "locations" => {
                    let raw = |places: &Value| -> Vec<(Value, Value)> {
                        let places = places.as_array().into_iter().flatten();
                        let stated = places.filter(|place| place.get("country").is_some());
                        stated
                            .map(|place| (one_name(place), place["country"].clone()))
                            .collect()
                    };
                    let found = raw(&read["locations"]);
                    assert!(
                        raw(stated).iter().all(|place| found.contains(place)),
                        "{} {name}",
                        plain.id
                    );
                }
                "salary" | "experience_years" => {
                    for (part, stated) in stated.as_object().unwrap() {
                        let as_number = |value: &Value| value.as_f64();
                        let found = &read[name][part];
                        let is_same = found == stated
                            || (as_number(found).is_some()
                                && as_number(found) == as_number(stated));
                        assert!(is_same, "{} {name}.{part}: {found} for {stated}", plain.id);
                    }
                }
                _ => assert_eq!(&read[name], stated, "{} {name}", plain.id),
            }
        }
    }
}

#[test]
fn the_readme_of_the_sample_names_its_copies() {
    for copies in [
        "a016 a025",
        "a033 a043",
        "a067 a073 a085",
        "a091 a099",
        "a109 a121",
        "a129 a139",
        "b003 b017",
        "b010 b022 b030",
        "b035 b047",
        "b052 b063",
        "b070 b085",
        "b092 b100",
        "b110 b118 b126",
        "b121 b135",
        "a038 a049",
        "a095 a108",
    ] {
        let groups: Vec<&str> = copies
            .split(' ')
            .map(|id| by_id(id).group.as_str())
            .collect();
        assert!(
            groups.iter().all(|group| *group == groups[0]),
            "{copies}: {groups:?}"
        );
    }
    assert_ne!(
        by_id("a023").group,
        by_id("a036").group,
        "an agency's own text is no copy"
    );
}
