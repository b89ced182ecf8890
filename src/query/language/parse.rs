//! Signs into clauses: what stands where, and nothing of what it means.

use std::ops::Range;

use super::{Clause, Compare, FieldValue, Fit, Node, Sign, TextError, TextQuery, Words};
use crate::query::conditions::{FIELDS, field};

/// Deeper groups are an error: nobody means them.
const MAX_DEPTH: usize = 30;
/// A query of more words is no query; a posting pasted whole has less.
const MAX_WORDS: usize = 4096;
/// More typing errors than this fit nearly every word.
const MAX_EDITS: u8 = 2;

impl TextQuery {
    /// Reads a query. Words are all wanted; `OR` between two makes either
    /// enough; `-` rules out, `+` insists; quotes keep words together; a final
    /// `*` takes every word that begins so, a final `~` words with a typing
    /// error; parentheses group; `field:value` is a condition.
    ///
    /// # Errors
    /// [`TextError`] for an open quote or group, a sign without a word, an `OR`
    /// without a neighbour, an unknown field.
    pub fn parse(query: &str) -> Result<TextQuery, TextError> {
        Parser::new(query, false).whole()
    }

    /// Reads a query as well as it goes: whatever cannot be read is taken for
    /// words or left out. The second part says what was wrong.
    pub fn parse_leniently(query: &str) -> (TextQuery, Vec<TextError>) {
        let mut parser = Parser::new(query, true);
        let read = parser.whole().unwrap_or_else(|_| TextQuery {
            text: query.to_owned(),
            clauses: Vec::new(),
        });
        (read, parser.forgiven)
    }
}

struct Parser<'a> {
    query: &'a str,
    at: usize,
    is_lenient: bool,
    forgiven: Vec<TextError>,
}

/// What ends a list of clauses.
enum Link {
    None,
    Or(Range<usize>),
    And(Range<usize>),
}

impl<'a> Parser<'a> {
    fn new(query: &'a str, is_lenient: bool) -> Parser<'a> {
        Parser {
            query,
            at: 0,
            is_lenient,
            forgiven: Vec::new(),
        }
    }

    /// An error, or a thing forgiven.
    fn complain(&mut self, what: impl Into<String>, at: Range<usize>) -> Result<(), TextError> {
        let error = TextError {
            query: self.query.to_owned(),
            what: what.into(),
            at,
        };
        if !self.is_lenient {
            return Err(error);
        }
        self.forgiven.push(error);
        Ok(())
    }

    fn rest(&self) -> &'a str {
        self.query.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Refuses a query of too many words; read leniently, it ends before them.
    fn bound(&mut self) -> Result<(), TextError> {
        let Some(surplus) = self.query.split_whitespace().nth(MAX_WORDS) else {
            return Ok(());
        };
        let begin = surplus.as_ptr() as usize - self.query.as_ptr() as usize;
        let what = format!("a query has at most {MAX_WORDS} words; here is one more");
        self.complain(what, begin..begin + surplus.len())?;
        self.query = &self.query[..begin];
        Ok(())
    }

    fn whole(&mut self) -> Result<TextQuery, TextError> {
        self.bound()?;
        let clauses = self.clauses(0)?;
        Ok(TextQuery {
            text: self.query.to_owned(),
            clauses,
        })
    }

    /// Clauses up to the end of the text or of the group.
    fn clauses(&mut self, depth: usize) -> Result<Vec<Clause>, TextError> {
        let mut clauses: Vec<Clause> = Vec::new();
        let mut link = Link::None;
        loop {
            self.skip_blanks();
            let begin = self.at;
            match self.peek() {
                None => break,
                Some(')') if depth > 0 => break,
                Some(')') => {
                    self.at += 1;
                    self.complain("this parenthesis closes nothing", begin..begin + 1)?;
                    continue;
                }
                Some(_) => {}
            }
            if let Some(word) = self.connective() {
                self.at += word.len();
                let at = begin..self.at;
                if clauses.is_empty() || !matches!(link, Link::None) {
                    self.complain(format!("`{word}` needs a word on each side"), at)?;
                } else if word == "OR" {
                    link = Link::Or(at);
                } else {
                    link = Link::And(at);
                }
                continue;
            }
            let sign = self.sign();
            let Some(node) = self.node(begin, depth)? else {
                continue;
            };
            let previous = clauses.last_mut();
            match (std::mem::replace(&mut link, Link::None), previous) {
                (Link::Or(_), Some(previous)) => {
                    let is_not = |sign| sign == Sign::Not;
                    if is_not(sign) || is_not(previous.sign) {
                        let node = Node::Group(vec![Clause {
                            sign,
                            any: vec![node],
                        }]);
                        let earlier = Node::Group(vec![previous.clone()]);
                        *previous = Clause {
                            sign: Sign::Plain,
                            any: vec![earlier, node],
                        };
                    } else {
                        previous.any.push(node);
                    }
                }
                _ => clauses.push(Clause {
                    sign,
                    any: vec![node],
                }),
            }
        }
        if let Link::Or(at) | Link::And(at) = link {
            let word = self.query.get(at.clone()).unwrap_or_default().to_owned();
            self.complain(format!("`{word}` needs a word on each side"), at)?;
        }
        Ok(clauses)
    }

    /// `OR` or `AND`, standing alone; there is no sign for either.
    fn connective(&self) -> Option<&'static str> {
        let word = self
            .rest()
            .split(|c: char| c.is_whitespace() || c == '(')
            .next()?;
        ["OR", "AND"].into_iter().find(|known| *known == word)
    }

    fn sign(&mut self) -> Sign {
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix("NOT")
            && after.starts_with(char::is_whitespace)
            && !after.trim_start().is_empty()
        {
            self.at += rest.len() - after.trim_start().len();
            return Sign::Not;
        }
        let mut chars = rest.chars();
        let sign = match chars.next() {
            Some('-') => Sign::Not,
            Some('+') => Sign::Must,
            _ => return Sign::Plain,
        };
        // "-x" rules out, "C-" and "+" alone do not.
        if chars
            .next()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '.' | '('))
        {
            self.at += 1;
            return sign;
        }
        Sign::Plain
    }

    fn node(&mut self, begin: usize, depth: usize) -> Result<Option<Node>, TextError> {
        match self.peek() {
            Some('(') => self.group(depth),
            Some('"') => {
                let text = self.quoted()?;
                self.words(text, Fit::Phrase, begin).map(wrap)
            }
            _ => match self.field_name() {
                Some(name) => self.field(name, begin, depth).map(Some),
                None => {
                    let word = self.word(depth);
                    self.single(word, begin).map(wrap)
                }
            },
        }
    }

    fn group(&mut self, depth: usize) -> Result<Option<Node>, TextError> {
        let begin = self.at;
        self.at += 1;
        if depth >= MAX_DEPTH {
            self.complain("groups lie too deep in one another", begin..begin + 1)?;
            return Ok(None);
        }
        let clauses = self.clauses(depth + 1)?;
        if self.peek() == Some(')') {
            self.at += 1;
        } else {
            self.complain("this parenthesis is not closed", begin..begin + 1)?;
        }
        if clauses.is_empty() {
            self.complain("there is nothing in these parentheses", begin..self.at)?;
            return Ok(None);
        }
        Ok(Some(Node::Group(clauses)))
    }

    /// What stands in quotes; the quote is at the place.
    fn quoted(&mut self) -> Result<&'a str, TextError> {
        let begin = self.at;
        let inside = self.query.get(begin + 1..).unwrap_or_default();
        match inside.find('"') {
            Some(close) => {
                self.at = begin + close + 2;
                Ok(&inside[..close])
            }
            None => {
                // Read leniently, the quote is not there.
                let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
                self.at = begin + 1 + end;
                self.complain("this quote is not closed", begin..self.query.len())?;
                Ok(&inside[..end])
            }
        }
    }

    /// Everything up to a blank, or to the end of the group it stands in.
    fn word(&mut self, depth: usize) -> &'a str {
        let rest = self.rest();
        let mut open = 0usize;
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            match c {
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                '(' => open += 1,
                ')' if open > 0 => open -= 1,
                ')' if depth > 0 => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        self.at += end;
        &rest[..end]
    }

    /// A word without quotes, with its ending.
    fn single(&mut self, word: &'a str, begin: usize) -> Result<Option<Words>, TextError> {
        if let Some(stem) = word.strip_suffix('*').filter(|stem| !stem.is_empty()) {
            return self.words(stem.trim_end_matches('*'), Fit::Prefix, begin);
        }
        if let Some((stem, edits)) = word
            .rsplit_once('~')
            .filter(|(stem, edits)| !stem.is_empty() && edits.len() <= 1)
        {
            let edits = match edits {
                "" => 1,
                edits => match edits.parse::<u8>() {
                    Ok(edits) if (1..=MAX_EDITS).contains(&edits) => edits,
                    _ => {
                        let at = self.at - edits.len()..self.at;
                        self.complain("`~` takes 1 or 2 typing errors", at)?;
                        MAX_EDITS
                    }
                },
            };
            return self.words(stem, Fit::Fuzzy(edits), begin);
        }
        self.words(word, Fit::Word, begin)
    }

    fn words(&mut self, text: &str, how: Fit, begin: usize) -> Result<Option<Words>, TextError> {
        if !text.contains(char::is_alphanumeric) {
            self.complain("there is no word to look for here", begin..self.at)?;
            return Ok(None);
        }
        let text = text.to_owned();
        Ok(Some(Words { text, how }))
    }

    /// The field that a colon names here, without moving on.
    fn field_name(&self) -> Option<&'a str> {
        let rest = self.rest();
        let (name, value) = rest.split_once(':')?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let has_value = value
            .chars()
            .next()
            .is_some_and(|c| !c.is_whitespace() && !matches!(c, '/' | ':' | ')'));
        (is_name && (has_value || field(name).is_some())).then_some(name)
    }

    fn field(&mut self, name: &'a str, begin: usize, depth: usize) -> Result<Node, TextError> {
        let at_name = self.at..self.at + name.len();
        let known = field(name);
        if known.is_none() {
            let names = FIELDS.join(", ");
            self.complain(
                format!(
                    "`{name}` is no field; there are {names}; in quotes it is looked for as it stands"
                ),
                at_name,
            )?;
            let text = self.word(depth).to_owned();
            return Ok(Node::Words(Words {
                text,
                how: Fit::Phrase,
            }));
        }
        self.at += name.len() + 1;
        let compare = self.compare();
        let mut values = Vec::new();
        loop {
            let value_at = self.at;
            let value = match self.peek() {
                Some('"') => self.quoted()?.to_owned(),
                _ => self.value(depth).to_owned(),
            };
            if value.trim().is_empty() {
                self.complain(
                    format!("`{name}:` needs a value"),
                    begin..self.at.max(value_at),
                )?;
            } else {
                values.push(value);
            }
            if self.peek() == Some(',') {
                self.at += 1;
            } else {
                break;
            }
        }
        if name == "salary"
            && let Some(value) = values.last_mut()
        {
            self.currency(value);
        }
        Ok(Node::Field(FieldValue {
            name: name.to_owned(),
            values,
            compare,
            at: begin..self.at,
        }))
    }

    fn compare(&mut self) -> Option<Compare> {
        let signs = [
            (">=", Compare::From),
            ("<=", Compare::UpTo),
            (">", Compare::Above),
            ("<", Compare::Below),
        ];
        let (sign, compare) = signs
            .into_iter()
            .find(|(sign, _)| self.rest().starts_with(sign))?;
        self.at += sign.len();
        Some(compare)
    }

    fn value(&mut self, depth: usize) -> &'a str {
        let (begin, rest) = (self.at, self.rest());
        let word = self.word(depth);
        let end = word.find(',').unwrap_or(word.len());
        self.at = begin + end;
        &rest[..end]
    }

    /// `salary:>70k EUR`: the currency behind a blank belongs to the amount.
    fn currency(&mut self, value: &mut String) {
        if !value.ends_with(|c: char| c.is_ascii_digit() || matches!(c, 'k' | 'K')) {
            return;
        }
        let rest = self.rest();
        let trimmed = rest.trim_start();
        let code = trimmed
            .split(|c: char| c.is_whitespace() || c == ')')
            .next()
            .unwrap_or_default();
        let (letters, _) = code.split_once('/').unwrap_or((code, ""));
        // PHP is a language far more often than a peso; in quotes it is the peso.
        let is_currency = crate::fields::salary::is_currency(letters) && letters != "PHP";
        if is_currency && rest.len() > trimmed.len() {
            value.push(' ');
            value.push_str(code);
            self.at += rest.len() - trimmed.len() + code.len();
        }
    }
}

fn wrap(words: Option<Words>) -> Option<Node> {
    words.map(Node::Words)
}
