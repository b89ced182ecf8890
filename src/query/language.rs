//! The language of a search box: `data engineer skill:rust -php "event sourcing"
//! (kafka OR nats) salary:>70k EUR kub* postgre~`.
//!
//! [`TextQuery::parse`] reads the signs and knows no names; [`TextQuery::resolve`]
//! finds out what the names and amounts in it mean. Neither panics on any text.

mod explain;
mod parse;
mod resolve;
#[cfg(test)]
mod tests;

use std::ops::Range;

use super::Filter;

pub use explain::{explain, filter_lines};
pub use resolve::{Context, is_exact_name};

/// What a person typed, read but not yet understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextQuery {
    /// As typed.
    pub text: String,
    /// Its parts, in order; all hold.
    pub clauses: Vec<Clause>,
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// How it is wanted.
    pub sign: Sign,
    /// What is wanted; one of these, mostly just one.
    pub any: Vec<Node>,
}

/// How a part of a query is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Without a sign.
    Plain,
    /// `+`: it must be.
    Must,
    /// `-`: it must not be.
    Not,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Words to look for.
    Words(Words),
    /// `field:value`.
    Field(FieldValue),
    /// What stands in parentheses; all hold.
    Group(Vec<Clause>),
}

/// A word, or several that must stand together in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As typed, without quotes and signs.
    pub text: String,
    /// Which words fit.
    pub how: Fit,
}

/// Which words fit a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The word, and its other forms in the language of the text.
    Word,
    /// Just these words in this order: in quotes.
    Phrase,
    /// Every word that begins so: `kub*`.
    Prefix,
    /// Every word so many typing errors away: `postgre~`, `postgre~2`.
    Fuzzy(u8),
}

/// `field:value`, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The field's name.
    pub name: String,
    /// Its values; one of them is enough.
    pub values: Vec<String>,
    /// A range instead of a value.
    pub compare: Option<Compare>,
    /// Which bytes of the query.
    pub at: Range<usize>,
}

/// The sign before an amount or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `>`
    Above,
    /// `>=`
    From,
    /// `<`
    Below,
    /// `<=`
    UpTo,
}

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}\n{}", pointed(.query, .at))]
pub struct TextError {
    /// The query as typed.
    pub query: String,
    /// What is wrong.
    pub what: String,
    /// Which bytes of the query.
    pub at: Range<usize>,
}

/// So much of a query is shown with what is wrong in it.
const SHOWN_CHARS: usize = 160;
/// So much of that stands before it.
const BEFORE_CHARS: usize = 60;

/// The query, or of a long one what stands around a place, and below it signs that
/// point at the place.
fn pointed(query: &str, at: &Range<usize>) -> String {
    // Line feeds as blanks, so that the line below points at the right place.
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let chars: Vec<char> = query.chars().map(blank).collect();
    let column = column(query, at);
    let from = match chars.len() > SHOWN_CHARS {
        true => column.saturating_sub(BEFORE_CHARS),
        false => 0,
    };
    let to = chars.len().min(from + SHOWN_CHARS);
    let (begin, end) = (mark(from > 0), mark(to < chars.len()));
    let shown: String = chars[from.min(to)..to].iter().collect();
    let before = begin.chars().count() + column - from;
    let wide = width(query, at).min(to.saturating_sub(column)).max(1);
    format!(
        "  {begin}{shown}{end}\n  {}{}",
        " ".repeat(before),
        "^".repeat(wide)
    )
}

/// Stands for what is left out.
fn mark(is_cut: bool) -> &'static str {
    if is_cut { "…" } else { "" }
}

fn column(query: &str, at: &Range<usize>) -> usize {
    query.get(..at.start).map_or(0, |text| text.chars().count())
}

fn width(query: &str, at: &Range<usize>) -> usize {
    query
        .get(at.clone())
        .map_or(1, |text| text.chars().count().max(1))
}

/// What is looked for, as an engine takes it: names are known, amounts are numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// Words without a sign: all of them, and where that finds less than a page
    /// fewer of them.
    pub wanted: Vec<Term>,
    /// Each of these.
    pub must: Vec<Expr>,
    /// None of these.
    pub none: Vec<Expr>,
    /// Conditions that stand by themselves, as flags do.
    pub filter: Filter,
}

impl Question {
    /// Whether it looks for no words and has no conditions of its own beside [`Question::filter`].
    pub fn is_bare(&self) -> bool {
        self.wanted.is_empty() && self.must.is_empty() && self.none.is_empty()
    }

    /// Whether it only looks for words: no conditions, and nothing ruled out.
    pub fn is_words(&self) -> bool {
        self.filter.is_empty() && self.none.is_empty() && self.must.iter().all(Expr::is_words)
    }

    /// The same with every word insisted on, as `+` does: no posting with fewer of them.
    pub fn insisted(&self) -> Question {
        let words = self.wanted.iter().cloned().map(Expr::Words);
        Question {
            wanted: Vec::new(),
            must: words.chain(self.must.iter().cloned()).collect(),
            none: self.none.clone(),
            filter: self.filter.clone(),
        }
    }

    /// Every word that is looked for, in order.
    pub fn terms(&self) -> Vec<&Term> {
        let mut terms: Vec<&Term> = self.wanted.iter().collect();
        self.must.iter().for_each(|expr| expr.terms(&mut terms));
        terms
    }
}

/// A word that is looked for, and the skill it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The words.
    pub words: Words,
    /// Id of the skill that is called so: its postings are found by any spelling.
    pub skill: Option<String>,
    /// A name (`go`, `rails`, `c++`): found as it stands, not in other forms.
    pub is_name: bool,
}

impl Term {
    /// Whether it is a skill of one letter ("R", "C"): where that stands in a text,
    /// as in "R&D", says nothing; where the skill is read, it is meant.
    pub(super) fn is_letter(&self) -> bool {
        self.skill.is_some() && self.words.text.trim().chars().count() == 1
    }
}

/// Something that holds for a posting or does not.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// It has the words.
    Words(Term),
    /// It passes the filter.
    Is(Box<Filter>),
    /// All hold.
    All(Vec<Expr>),
    /// One holds.
    Any(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
}

impl Expr {
    /// Whether there are only words in it, and none that must not stand.
    fn is_words(&self) -> bool {
        match self {
            Expr::Words(_) => true,
            Expr::All(parts) | Expr::Any(parts) => parts.iter().all(Expr::is_words),
            Expr::Is(_) | Expr::Not(_) => false,
        }
    }

    /// Words that speak for a posting: those under a `Not` do not.
    fn terms<'a>(&'a self, into: &mut Vec<&'a Term>) {
        match self {
            Expr::Words(term) => into.push(term),
            Expr::All(parts) | Expr::Any(parts) => {
                parts.iter().for_each(|part| part.terms(into));
            }
            Expr::Is(_) | Expr::Not(_) => {}
        }
    }
}

impl TextQuery {
    /// Whether it looks for nothing.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }
}
