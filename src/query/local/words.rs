//! Words looked for into queries over title, skills, text and facts, scored by
//! BM25 with the statistics of living postings only.
//!
//! The score of a posting is a plain sum over the words looked for, of five
//! [`Part`]s each of which can be asked for alone; so the parts add up.

use std::collections::BTreeSet;

use tantivy::Term as IndexTerm;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::Local;
use super::find::Unscored;
use super::lazy::AnyOf;
use super::statistics::Statistics;
use crate::fields::places;
use crate::index::{Having, IndexError, MIN_STEM_CHARS, skill_term, stem, stemmed_languages};
use crate::query::language::{Fit, Term, Words};
use crate::query::stretch::{Key, Stretch, in_a_row, stretches};
use crate::skills::SkillNo;

/// A word in the title counts this many times as much as one in the text.
/// This and the next three were chosen on `corpus/truth/queries.toml`.
const TITLE_BOOST: f32 = 2.5;
/// A skill that is read counts as much as its rarity, this many times.
const SKILL_BOOST: f32 = 1.0;
/// Another form of a word counts for this share of the word.
const FORM_SHARE: f64 = 0.6;
/// Words that stand together in the order typed count this share of a phrase.
const TOGETHER_BOOST: f32 = 0.5;

/// What a score is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Words in the title.
    Title,
    /// Skills that are read.
    Skills,
    /// Words in the text.
    Text,
    /// Words of the employer, the places or the workplace.
    Facts,
    /// Words that stand together.
    Together,
}

impl Part {
    pub(super) const ALL: [Part; 5] = [
        Part::Title,
        Part::Skills,
        Part::Text,
        Part::Facts,
        Part::Together,
    ];

    /// Its name in answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Skills => "skills",
            Part::Text => "text",
            Part::Facts => "facts",
            Part::Together => "together",
        }
    }
}

type Clause = (Occur, Box<dyn Query>);

/// A word that is ready to be asked for.
pub(super) struct Leaf {
    title: Vec<Box<dyn Query>>,
    text: Vec<Box<dyn Query>>,
    facts: Vec<Box<dyn Query>>,
    skill: Option<Box<dyn Query>>,
}

impl Leaf {
    /// A word that stands anywhere.
    pub(super) fn query(&self) -> Box<dyn Query> {
        self.parts(&Part::ALL)
    }

    /// The same, for where other conditions leave few postings.
    pub(super) fn looked_up(&self) -> Box<dyn Query> {
        Box::new(AnyOf(self.queries(&Part::ALL)))
    }

    /// The same, scored by some parts only.
    pub(super) fn parts(&self, parts: &[Part]) -> Box<dyn Query> {
        let mut queries = self.queries(parts);
        match queries.len() {
            0 => Box::new(EmptyQuery),
            1 => queries.remove(0),
            _ => {
                let each = queries.into_iter().map(|query| (Occur::Should, query));
                Box::new(BooleanQuery::new(each.collect()))
            }
        }
    }

    fn queries(&self, parts: &[Part]) -> Vec<Box<dyn Query>> {
        let mut queries: Vec<Box<dyn Query>> = Vec::new();
        let mut should = |query: Box<dyn Query>| queries.push(query);
        for part in parts {
            match part {
                Part::Title => self
                    .title
                    .iter()
                    .for_each(|query| should(query.box_clone())),
                Part::Text => self.text.iter().for_each(|query| should(query.box_clone())),
                Part::Facts => self
                    .facts
                    .iter()
                    .for_each(|query| should(query.box_clone())),
                Part::Skills => self
                    .skill
                    .iter()
                    .for_each(|query| should(query.box_clone())),
                Part::Together => {}
            }
        }
        queries
    }
}

impl Local {
    /// A word with its other forms and the skill it names.
    pub(super) fn leaf(
        &self,
        term: &Term,
        statistics: &Statistics<'_>,
    ) -> Result<Leaf, IndexError> {
        let fields = &self.snapshot.fields;
        let boosted = |query: Box<dyn Query>| -> Box<dyn Query> {
            Box::new(BoostQuery::new(query, TITLE_BOOST))
        };
        let mut title = vec![boosted(in_field(term, fields.title))];
        let mut text = vec![in_field(term, fields.body)];
        if let Some((field_forms, weight)) = self.forms(term, statistics)? {
            for (language, forms) in &field_forms {
                for (field, into) in [(fields.title, &mut title), (fields.body, &mut text)] {
                    let boost = if field == fields.title {
                        TITLE_BOOST
                    } else {
                        1.0
                    };
                    let terms = forms
                        .iter()
                        .map(|form| IndexTerm::from_field_text(field, form));
                    let both: Vec<Clause> = vec![
                        (Occur::Must, one_of(terms.collect())),
                        (
                            Occur::Must,
                            Box::new(TermQuery::new(
                                IndexTerm::from_field_text(fields.text_language, language),
                                IndexRecordOption::Basic,
                            )),
                        ),
                    ];
                    into.push(Box::new(ConstScoreQuery::new(
                        Box::new(BooleanQuery::new(both)),
                        weight * boost,
                    )));
                }
            }
        }
        let mut facts = vec![in_field(term, fields.facts)];
        facts.extend(cities(term).iter().map(|city| in_field(city, fields.facts)));
        let mut skill = None;
        if let Some(id) = term.skill.as_deref()
            && let Some(no) = self.taxonomy.by_id(id)
        {
            let named = IndexTerm::from_field_text(fields.skill, &skill_term(id, Having::Named));
            let found: Box<dyn Query> = Box::new(TermQuery::new(named, IndexRecordOption::Basic));
            let rarity = statistics.of_skill(id, no) as f32;
            if term.is_letter() {
                for query in title.iter_mut().chain(&mut text) {
                    *query = where_read(&*found, query.box_clone());
                }
            }
            title.extend(self.otherwise_in_title(term, no, &*found, rarity));
            let weight = rarity * SKILL_BOOST;
            skill = Some(Box::new(ConstScoreQuery::new(found, weight)) as Box<dyn Query>);
        }
        Ok(Leaf {
            title,
            text,
            facts,
            skill,
        })
    }

    /// Titles that name the skill of a word in another spelling and not in this
    /// one, of postings in which it is read; as good as the word itself.
    fn otherwise_in_title(
        &self,
        term: &Term,
        no: SkillNo,
        read: &dyn Query,
        rarity: f32,
    ) -> Option<Box<dyn Query>> {
        let title = self.snapshot.fields.title;
        let skill = self.taxonomy.skill(no);
        let typed = in_a_row(&term.words.text)?;
        let mut rows: Vec<Stretch> = [&skill.label]
            .into_iter()
            .chain(skill.aliases())
            .filter_map(|name| in_a_row(name))
            .filter(|row| row.keys != typed.keys)
            .collect();
        rows.sort_by(|a, b| a.units.cmp(&b.units));
        rows.dedup();
        if rows.is_empty() {
            return None;
        }
        let spellings = rows.iter().map(|row| -> Box<dyn Query> {
            Box::new(Unscored(match &row.keys[..] {
                [key] => one_word(key, title, IndexRecordOption::Basic),
                keys => in_order(keys, title),
            }))
        });
        let all: Vec<Clause> = vec![
            (Occur::Must, read.box_clone()),
            (Occur::Must, Box::new(AnyOf(spellings.collect()))),
            (Occur::MustNot, in_field(term, title)),
        ];
        let query = Box::new(Unscored(Box::new(BooleanQuery::new(all))));
        Some(Box::new(ConstScoreQuery::new(query, rarity * TITLE_BOOST)))
    }

    /// The other forms of a word by language of the text, and what one is worth.
    #[expect(clippy::type_complexity, reason = "used once, by its caller")]
    fn forms(
        &self,
        term: &Term,
        statistics: &Statistics<'_>,
    ) -> Result<Option<(Vec<(&'static str, Vec<String>)>, f32)>, IndexError> {
        let all = stretches(&term.words);
        let ([one], Fit::Word, false) = (&all[..], term.words.how, term.is_name) else {
            return Ok(None);
        };
        let [word] = &one.units[..] else {
            return Ok(None);
        };
        let languages = self.languages()?;
        let mut found = Vec::new();
        for language in languages {
            let Some(wanted) = stem(language, word) else {
                continue;
            };
            let prefix = common_prefix(&wanted, word);
            if prefix.chars().count() < MIN_STEM_CHARS {
                continue;
            }
            let mut forms = BTreeSet::new();
            self.each_word(prefix, |other| {
                if other != word && stem(language, other).as_deref() == Some(&wanted) {
                    forms.insert(other.to_owned());
                }
            })?;
            if !forms.is_empty() {
                found.push((language, forms.into_iter().collect()));
            }
        }
        if found.is_empty() {
            return Ok(None);
        }
        let exact = IndexTerm::from_field_text(self.snapshot.fields.body, word);
        let rarity = statistics
            .of_word(&exact)
            .map_err(|error| self.snapshot.damaged(error))?;
        Ok(Some((found, (rarity * FORM_SHARE) as f32)))
    }

    /// The languages that postings are written in and whose forms are known.
    fn languages(&self) -> Result<Vec<&'static str>, IndexError> {
        let mut there = Vec::new();
        for language in stemmed_languages() {
            let term = IndexTerm::from_field_text(self.snapshot.fields.text_language, language);
            for segment in self.snapshot.searcher.segment_readers() {
                let inverted = segment
                    .inverted_index(term.field())
                    .map_err(|error| self.snapshot.damaged(error))?;
                if inverted
                    .doc_freq(&term)
                    .map_err(|error| self.snapshot.damaged(error))?
                    > 0
                {
                    there.push(language);
                    break;
                }
            }
        }
        Ok(there)
    }

    /// Tells `visit` of every word of titles, texts and facts that begins so.
    pub(super) fn each_word(
        &self,
        prefix: &str,
        mut visit: impl FnMut(&str),
    ) -> Result<(), IndexError> {
        let damaged = |error: &dyn std::fmt::Display| self.snapshot.damaged(error);
        for segment in self.snapshot.searcher.segment_readers() {
            let fields = &self.snapshot.fields;
            for field in [fields.title, fields.body, fields.facts] {
                let inverted = segment
                    .inverted_index(field)
                    .map_err(|error| damaged(&error))?;
                let range = inverted.terms().range().ge(prefix.as_bytes());
                let mut stream = range.into_stream().map_err(|error| damaged(&error))?;
                while stream.advance() {
                    let Ok(word) = std::str::from_utf8(stream.key()) else {
                        continue;
                    };
                    if !word.starts_with(prefix) {
                        break;
                    }
                    visit(word);
                }
            }
        }
        Ok(())
    }

    /// Neighbours among the words without a sign, standing together in this
    /// order, and long runs of signs whole; nothing is found by it, what is
    /// found is better with it.
    pub(super) fn together(&self, wanted: &[Term]) -> Vec<Box<dyn Query>> {
        let mut rows: Vec<Stretch> = Vec::new();
        for pair in wanted.windows(2) {
            let text = format!("{} {}", pair[0].words.text, pair[1].words.text);
            rows.extend(in_a_row(&text));
        }
        for term in wanted {
            let all = stretches(&term.words);
            if all.len() > 1 || all.iter().any(|stretch| stretch.is_loose) {
                rows.extend(in_a_row(&term.words.text));
            }
        }
        let mut queries: Vec<Box<dyn Query>> = Vec::new();
        for row in rows.iter().filter(|row| row.keys.len() > 1) {
            for (field, boost) in [
                (self.snapshot.fields.title, TITLE_BOOST),
                (self.snapshot.fields.body, 1.0),
            ] {
                let query = in_order(&row.keys, field);
                queries.push(Box::new(BoostQuery::new(query, boost * TOGETHER_BOOST)));
            }
        }
        queries
    }
}

/// A query scored as it is, where a skill is read.
fn where_read(read: &dyn Query, query: Box<dyn Query>) -> Box<dyn Query> {
    let silent = ConstScoreQuery::new(Box::new(Unscored(read.box_clone())), 0.0);
    Box::new(BooleanQuery::new(vec![
        (Occur::Must, query),
        (Occur::Must, Box::new(silent)),
    ]))
}

/// A shorter name of a city is a word of some tongue more often ("den", "sea").
const MIN_CITY_CHARS: usize = 4;

/// A word as the names of the cities that it names otherwise: `Köln` as `Cologne`.
fn cities(term: &Term) -> Vec<Term> {
    let text = &term.words.text;
    let is_short = text.is_ascii() && text.len() < MIN_CITY_CHARS;
    if term.words.how != Fit::Word || term.skill.is_some() || is_short {
        return Vec::new();
    }
    let typed = in_a_row(text);
    let names = places::city_names(text).into_iter();
    let others = names.filter(|name| in_a_row(name) != typed);
    let named = others.map(|name| Term {
        words: Words {
            text: name.to_owned(),
            how: Fit::Phrase,
        },
        skill: None,
        is_name: true,
    });
    named.collect()
}

/// Up to so many forms are looked up one by one; of more a set is made first.
const MAX_LOOKED_UP: usize = 8;

fn one_of(terms: Vec<IndexTerm>) -> Box<dyn Query> {
    if terms.len() > MAX_LOOKED_UP {
        return Box::new(TermSetQuery::new(terms));
    }
    let each = terms.into_iter().map(|term| -> Box<dyn Query> {
        let one = TermQuery::new(term, IndexRecordOption::Basic);
        Box::new(Unscored(Box::new(one)))
    });
    Box::new(AnyOf(each.collect()))
}

fn common_prefix<'a>(a: &str, b: &'a str) -> &'a str {
    let len = a
        .chars()
        .zip(b.chars())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum::<usize>();
    &b[..len]
}

fn in_field(wanted: &Term, field: Field) -> Box<dyn Query> {
    let mut parts: Vec<Box<dyn Query>> = stretches(&wanted.words)
        .iter()
        .map(|stretch| stands(stretch, wanted.words.how, field))
        .collect();
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0),
        _ => {
            let each = parts.into_iter().map(|part| (Occur::Must, part));
            Box::new(BooleanQuery::new(each.collect()))
        }
    }
}

fn stands(stretch: &Stretch, how: Fit, field: Field) -> Box<dyn Query> {
    let keys = &stretch.keys[..];
    match (keys, how) {
        ([key], Fit::Prefix) => begins_with(&key.text, field),
        ([key], Fit::Fuzzy(edits)) if !key.begins => Box::new(FuzzyTermQuery::new(
            IndexTerm::from_field_text(field, &key.text),
            edits,
            true,
        )),
        ([key], _) => one_word(key, field, IndexRecordOption::WithFreqs),
        (_, Fit::Word) if stretch.is_loose => {
            let each = keys.iter().map(|key| {
                let query = one_word(key, field, IndexRecordOption::WithFreqs);
                (Occur::Should, query)
            });
            Box::new(BooleanQuery::with_minimum_required_clauses(
                each.collect(),
                stretch.n_needed(),
            ))
        }
        (_, Fit::Prefix) => in_order_begun(keys, field),
        (keys, _) => in_order(keys, field),
    }
}

/// One word of the index; of a lone sign every word that begins with it.
pub(super) fn one_word(key: &Key, field: Field, option: IndexRecordOption) -> Box<dyn Query> {
    if key.begins {
        return begins_with(&key.text, field);
    }
    let term = IndexTerm::from_field_text(field, &key.text);
    Box::new(TermQuery::new(term, option))
}

fn begins_with(text: &str, field: Field) -> Box<dyn Query> {
    let pattern: String = text.chars().flat_map(escaped).collect();
    match RegexQuery::from_pattern(&format!("{pattern}.*"), field) {
        Ok(query) => Box::new(query),
        Err(_) => Box::new(EmptyQuery),
    }
}

/// Several words in a row.
fn in_order(keys: &[Key], field: Field) -> Box<dyn Query> {
    if keys.iter().any(|key| key.begins) {
        return in_order_begun(keys, field);
    }
    Box::new(PhraseQuery::new_with_offset(placed(keys, field)))
}

/// The same, and the last is only the beginning of a word. Tantivy would score
/// it by postings that are deleted: each is worth the same.
fn in_order_begun(keys: &[Key], field: Field) -> Box<dyn Query> {
    let mut query = PhrasePrefixQuery::new_with_offset(placed(keys, field));
    // Every word that begins so, and not the first fifty: no text has so many.
    query.set_max_expansions(100_000);
    Box::new(ConstScoreQuery::new(Box::new(query), 1.0))
}

fn placed(keys: &[Key], field: Field) -> Vec<(usize, IndexTerm)> {
    keys.iter()
        .map(|key| (key.at, IndexTerm::from_field_text(field, &key.text)))
        .collect()
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let slash = (!c.is_alphanumeric()).then_some('\\');
    slash.into_iter().chain([c])
}
