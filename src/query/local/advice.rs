//! Why nothing was found, and what would be.

use super::Local;
use super::statistics::Statistics;
use crate::index::{Facet, IndexError};
use crate::query::conditions::nearest;
use crate::query::language::{Question, Term};
use crate::query::{Advice, Filter};

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
            if self.stands_nowhere(term)? {
                let meant = self.meant_by(&term.words.text)?;
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
            let fold = crate::ingest::normalise_words;
            for value in given {
                if !known.iter().any(|known| fold(known) == fold(value)) {
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

    fn stands_nowhere(&self, term: &Term) -> Result<bool, IndexError> {
        let alone = Question {
            wanted: vec![term.clone()],
            ..Question::default()
        };
        Ok(self.n_groups(&alone, &Filter::default())? == 0)
    }

    /// Skills and words of postings that are spelt nearly so.
    fn meant_by(&self, text: &str) -> Result<Vec<String>, IndexError> {
        if let Err(unknown) = self.taxonomy.resolve(text)
            && !unknown.nearest.is_empty()
        {
            return Ok(unknown.nearest);
        }
        let mut known = std::collections::BTreeSet::new();
        let begin: String = text.to_lowercase().chars().take(2).collect();
        self.each_word(&begin, |word| {
            known.insert(word.to_owned());
        })?;
        Ok(nearest(text, known.iter().map(String::as_str)))
    }
}
