//! Why nothing was found, and what would be.

use std::cmp::Reverse;

use tantivy::query::EnableScoring;
use tantivy::{DocSet, TERMINATED};

use super::Local;
use super::statistics::Statistics;
use crate::fields::places;
use crate::index::{Facet, IndexError};
use crate::query::conditions::{city_key, nearest};
use crate::query::language::{Fit, Question, Term, Words};
use crate::query::{Advice, Filter, RareWord};

/// So many words get a hint at what may be meant: looking for it takes a while.
const MOST_MEANT: usize = 8;
/// So many words are asked about one by one beside an answer.
const MOST_LOOKED_AT: usize = 32;
/// A word that so few groups have may be misspelt.
const RARE_GROUPS: u64 = 2;
/// What is meant instead is more than so many times as common.
const MUCH_COMMONER: u64 = 10;

impl Local {
    pub(super) fn advise(
        &self,
        question: &Question,
        filter: &Filter,
    ) -> Result<Advice, IndexError> {
        let mut whole = filter.clone();
        whole.and(question.filter.clone());
        let bare = Question {
            filter: Filter::default(),
            ..question.clone()
        };
        let parts = whole.parts();
        let joined = |parts: &mut dyn Iterator<Item = &Filter>| {
            let mut joined = Filter::default();
            parts.for_each(|part| joined.and(part.clone()));
            joined
        };
        let mut advice = Advice::default();
        let mut before = self.n_groups(&bare, &Filter::default())?;
        for (at, part) in parts.iter().enumerate() {
            let left = self.n_groups(&bare, &joined(&mut parts[..=at].iter()))?;
            if left == 0 && before > 0 {
                advice.emptied_by = Some((part.clone(), before));
            }
            before = left;
            let others = joined(
                &mut parts
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at)
                    .map(|(_, part)| part),
            );
            advice
                .without
                .push((part.clone(), self.n_groups(&bare, &others)?));
        }
        if !bare.is_bare() {
            advice.without_words = Some(self.n_groups(&Question::default(), &whole)?);
        }
        for term in question.terms() {
            if !self.stands(term)? {
                let meant = match advice.unknown_words.len() < MOST_MEANT {
                    true => self.meant_by(&term.words.text)?,
                    false => Vec::new(),
                };
                advice.unknown_words.push((term.words.text.clone(), meant));
            }
        }
        for (facet, given) in [
            (Facet::Company, &whole.companies),
            (Facet::Region, &whole.regions),
            (Facet::City, &whole.cities),
            (Facet::Source, &whole.sources),
            (Facet::TextLanguage, &whole.text_languages),
        ] {
            if given.is_empty() {
                continue;
            }
            let known = self.snapshot.values(facet)?;
            let fold = match facet {
                Facet::City => city_key,
                _ => crate::ingest::normalise_words,
            };
            let is_known = |value: &str| known.iter().any(|known| fold(known) == fold(value));
            for (at, value) in given.iter().enumerate() {
                if facet == Facet::City {
                    // Its other names stand behind a city.
                    let names = |city: &String| places::city_names(city);
                    let is_other = |city: &String| names(city).contains(&value.as_str());
                    if given[..at].iter().any(is_other) || names(value).into_iter().any(is_known) {
                        continue;
                    }
                }
                if !is_known(value) {
                    let near = nearest(value, known.iter().map(String::as_str));
                    advice
                        .unknown_values
                        .push((format!("{} {value}", facet.name()), near));
                }
            }
        }
        Ok(advice)
    }

    fn n_groups(&self, question: &Question, filter: &Filter) -> Result<u64, IndexError> {
        let statistics = Statistics::new(&self.snapshot, None);
        let found = self.find(question, filter, std::iter::empty(), &statistics)?;
        Ok(self.n_groups_of(&found.all))
    }

    /// The words without a sign that next to no posting has, with what may be
    /// meant: words that are much commoner. At most so many as get such a hint.
    pub(super) fn rare(&self, question: &Question) -> Result<Vec<RareWord>, IndexError> {
        let mut rare = Vec::new();
        for term in question.wanted.iter().take(MOST_LOOKED_AT) {
            let n_groups = self.n_groups_with(term)?;
            if n_groups > RARE_GROUPS || rare.len() == MOST_MEANT {
                continue;
            }
            let mut meant: Vec<(Reverse<u64>, String)> = Vec::new();
            for word in self.meant_by(&term.words.text)? {
                let other = Term {
                    words: Words {
                        text: word.clone(),
                        how: Fit::Phrase,
                    },
                    skill: None,
                    is_name: true,
                };
                let n_others = self.n_groups_with(&other)?;
                if n_others > n_groups.saturating_mul(MUCH_COMMONER) {
                    meant.push((Reverse(n_others), word));
                }
            }
            meant.sort_unstable();
            let meant: Vec<String> = meant.into_iter().map(|(_, word)| word).collect();
            if n_groups == 0 || !meant.is_empty() {
                rare.push(RareWord {
                    word: term.words.text.clone(),
                    n_groups,
                    meant,
                });
            }
        }
        Ok(rare)
    }

    /// Whether any posting has a word.
    fn stands(&self, term: &Term) -> Result<bool, IndexError> {
        let damaged = |error| self.snapshot.damaged(error);
        let searcher = &self.snapshot.searcher;
        let statistics = Statistics::new(&self.snapshot, None);
        let query = self.leaf(term, &statistics)?.looked_up();
        let weight = query
            .weight(EnableScoring::disabled_from_searcher(searcher))
            .map_err(damaged)?;
        for reader in searcher.segment_readers() {
            let mut scorer = weight.scorer(reader, 1.0).map_err(damaged)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED && reader.is_deleted(doc) {
                doc = scorer.advance();
            }
            if doc != TERMINATED {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn n_groups_with(&self, term: &Term) -> Result<u64, IndexError> {
        let alone = Question {
            wanted: vec![term.clone()],
            ..Question::default()
        };
        self.n_groups(&alone, &Filter::default())
    }

    /// Skills and words of postings that are spelt nearly so.
    fn meant_by(&self, text: &str) -> Result<Vec<String>, IndexError> {
        let mut known = std::collections::BTreeSet::new();
        if let Err(unknown) = self.taxonomy.resolve(text) {
            known.extend(unknown.nearest.into_iter().map(|near| near.spelling));
        }
        let begin: String = text.to_lowercase().chars().take(2).collect();
        self.each_word(&begin, |word| {
            if word != text.to_lowercase() {
                known.insert(word.to_owned());
            }
        })?;
        Ok(nearest(text, known.iter().map(String::as_str)))
    }
}
