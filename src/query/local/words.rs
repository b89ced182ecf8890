//! Words looked for into queries over title and text, scored by BM25 with the
//! statistics of living postings only.

use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, DisjunctionMaxQuery, EmptyQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use crate::index::{Fields, Snapshot, words};
use crate::query::TextQuery;
use crate::query::text::Words;

/// A word in the title counts this many times as much as one in the text.
const TITLE_BOOST: f32 = 2.5;

/// All words; those ruled out are another query ([`ruled_out`]).
pub(super) fn query(text: &TextQuery, fields: &Fields) -> Box<dyn Query> {
    let any = |words: &Vec<Words>| -> Box<dyn Query> {
        let alternatives = words
            .iter()
            .map(|words| (Occur::Should, either_field(words, fields)));
        Box::new(BooleanQuery::new(alternatives.collect()))
    };
    Box::new(BooleanQuery::new(
        text.all
            .iter()
            .map(|words| (Occur::Must, any(words)))
            .collect(),
    ))
}

/// Any of the words that are ruled out, if some are.
///
/// Not a `MustNot` clause of [`query`]: a phrase under one is asked to go back
/// to documents it has passed, which tantivy 0.27 does not allow.
pub(super) fn ruled_out(text: &TextQuery, fields: &Fields) -> Option<Box<dyn Query>> {
    if text.none.is_empty() {
        return None;
    }
    let each = text
        .none
        .iter()
        .map(|words| (Occur::Should, either_field(words, fields)));
    Some(Box::new(BooleanQuery::new(each.collect())))
}

/// Any of the words, better with more of them.
pub(super) fn any(text: &TextQuery, fields: &Fields) -> Box<dyn Query> {
    let words = text
        .all
        .iter()
        .flatten()
        .map(|words| (Occur::Should, either_field(words, fields)));
    Box::new(BooleanQuery::new(words.collect()))
}

/// The better of title and text, with a tenth of the other.
fn either_field(words: &Words, fields: &Fields) -> Box<dyn Query> {
    let title = BoostQuery::new(in_field(words, fields.title), TITLE_BOOST);
    let body = in_field(words, fields.body);
    Box::new(DisjunctionMaxQuery::with_tie_breaker(
        vec![Box::new(title), body],
        0.1,
    ))
}

fn in_field(wanted: &Words, field: Field) -> Box<dyn Query> {
    let tokens = words(&wanted.text);
    let mut terms: Vec<Term> = tokens
        .iter()
        .map(|word| Term::from_field_text(field, word))
        .collect();
    match (terms.len(), wanted.is_prefix) {
        (0, _) => Box::new(EmptyQuery),
        (1, false) => Box::new(TermQuery::new(
            terms.remove(0),
            IndexRecordOption::WithFreqs,
        )),
        (1, true) => {
            let escaped: String = tokens[0].chars().flat_map(escaped).collect();
            match RegexQuery::from_pattern(&format!("{escaped}.*"), field) {
                Ok(query) => Box::new(query),
                Err(_) => Box::new(EmptyQuery),
            }
        }
        (_, false) => Box::new(PhraseQuery::new(terms)),
        (_, true) => {
            let mut query = PhrasePrefixQuery::new(terms);
            // Every word that begins so, and not the first fifty: no text has so many.
            query.set_max_expansions(100_000);
            Box::new(query)
        }
    }
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let slash = (!c.is_alphanumeric()).then_some('\\');
    slash.into_iter().chain([c])
}

/// Statistics without deleted postings, so that a score does not change when
/// these are merged away.
pub(super) struct LiveStatistics<'a> {
    pub(super) snapshot: &'a Snapshot,
}

impl Bm25StatisticsProvider for LiveStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let [title, body] = self.snapshot.derived().n_words;
        Ok(if field == self.snapshot.fields.title {
            title
        } else {
            body
        })
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.snapshot.n_postings())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut n = 0;
        for segment in self.snapshot.searcher.segment_readers() {
            let inverted = segment.inverted_index(term.field())?;
            if !segment.has_deletes() {
                n += u64::from(inverted.doc_freq(term)?);
                continue;
            }
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                n += u64::from(!segment.is_deleted(postings.doc()));
                postings.advance();
            }
        }
        Ok(n)
    }
}
