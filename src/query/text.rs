//! The words of a search: `rust "event sourcing" -php kafka OR nats`.

use std::ops::Range;

/// Words to look for, read from what a person typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextQuery {
    /// Each of these; within one, any of its alternatives.
    pub all: Vec<Vec<Words>>,
    /// None of these.
    pub none: Vec<Words>,
}

/// A word, or several that must stand together in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// As typed, without quotes.
    pub text: String,
    /// Any word that begins so.
    pub is_prefix: bool,
}

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}\n  {query}\n  {}{}", " ".repeat(column(.query, .at)), "^".repeat(width(.query, .at)))]
pub struct TextError {
    /// The query as typed.
    pub query: String,
    /// What is wrong.
    pub what: &'static str,
    /// Which bytes of the query.
    pub at: Range<usize>,
}

fn column(query: &str, at: &Range<usize>) -> usize {
    query[..at.start].chars().count()
}

fn width(query: &str, at: &Range<usize>) -> usize {
    query[at.clone()].chars().count().max(1)
}

impl TextQuery {
    /// Reads a query. Words are all wanted; `OR` between two makes either
    /// enough; `-` rules a word out; quotes keep words together; a final `*`
    /// takes every word that begins so.
    ///
    /// # Errors
    /// [`TextError`] for an open quote, a sign without a word, an `OR` without
    /// a neighbour, or nothing but words ruled out.
    pub fn parse(query: &str) -> Result<TextQuery, TextError> {
        let fail = |what, at| {
            Err(TextError {
                query: query.to_owned(),
                what,
                at,
            })
        };
        let mut parsed = TextQuery::default();
        let mut or_pending: Option<Range<usize>> = None;
        let mut at = 0;
        while let Some(begin) = query[at..]
            .find(|c: char| !c.is_whitespace())
            .map(|skip| at + skip)
        {
            let rest = &query[begin..];
            let sign = rest
                .chars()
                .next()
                .filter(|c| matches!(c, '-' | '+'))
                .filter(|_| {
                    // "-x" rules out, "C-" and "+" alone do not.
                    rest.chars()
                        .nth(1)
                        .is_some_and(|c| c.is_alphanumeric() || c == '"' || c == '.')
                });
            let word_at = begin + usize::from(sign.is_some());
            let (text, end, quoted) = match query[word_at..].strip_prefix('"') {
                Some(inside) => match inside.find('"') {
                    Some(close) => (&inside[..close], word_at + close + 2, true),
                    None => return fail("this quote is not closed", word_at..query.len()),
                },
                None => {
                    let end = query[word_at..]
                        .find(char::is_whitespace)
                        .map_or(query.len(), |len| word_at + len);
                    (&query[word_at..end], end, false)
                }
            };
            at = end;
            if text == "OR" && !quoted && sign.is_none() {
                if parsed.all.is_empty() || or_pending.is_some() {
                    return fail("`OR` needs a word on each side", begin..end);
                }
                or_pending = Some(begin..end);
                continue;
            }
            let is_prefix = !quoted && text.len() > 1 && text.ends_with('*');
            let words = Words {
                text: text.trim_end_matches('*').to_owned(),
                is_prefix,
            };
            if !words.text.contains(char::is_alphanumeric) {
                return fail("there is no word to look for here", begin..end);
            }
            match (sign, or_pending.take()) {
                (Some('-'), None) => parsed.none.push(words),
                (Some('-'), Some(_)) => {
                    return fail("a word after `OR` cannot be ruled out", begin..end);
                }
                (_, Some(_)) => parsed
                    .all
                    .last_mut()
                    .expect("`OR` was refused without a word before")
                    .push(words),
                (_, None) => parsed.all.push(vec![words]),
            }
        }
        if let Some(or) = or_pending {
            return fail("`OR` needs a word on each side", or);
        }
        if parsed.all.is_empty() && !parsed.none.is_empty() {
            return fail(
                "words can only be ruled out beside others that are looked for",
                0..query.len(),
            );
        }
        Ok(parsed)
    }

    /// Whether it looks for nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.none.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(query: &str) -> Vec<Vec<String>> {
        let parsed = TextQuery::parse(query).unwrap();
        parsed
            .all
            .into_iter()
            .map(|any| any.into_iter().map(|words| words.text).collect())
            .collect()
    }

    #[test]
    fn words_are_all_wanted_and_or_makes_either_enough() {
        assert_eq!(words("rust  kafka"), [["rust"], ["kafka"]]);
        assert_eq!(
            words("rust OR go kafka"),
            vec![vec!["rust", "go"], vec!["kafka"]]
        );
        assert_eq!(
            words("\"event sourcing\" +c++"),
            [["event sourcing"], ["c++"]]
        );
    }

    #[test]
    fn a_minus_rules_out() {
        let parsed = TextQuery::parse("java -\"spring boot\" -php").unwrap();
        assert_eq!(parsed.none.len(), 2);
        assert!(TextQuery::parse("kub*").unwrap().all[0][0].is_prefix);
    }

    #[test]
    fn an_error_points_at_the_place() {
        let error = TextQuery::parse("go \"open").unwrap_err();
        assert_eq!(error.at, 3..8);
        assert_eq!(
            error.to_string(),
            "this quote is not closed\n  go \"open\n     ^^^^^"
        );
        assert!(TextQuery::parse("OR go").is_err());
        assert!(TextQuery::parse("go OR").is_err());
        assert!(TextQuery::parse("-go").is_err());
        assert!(TextQuery::parse("go --").is_err());
        assert!(TextQuery::parse("é OR *").is_err());
    }
}
