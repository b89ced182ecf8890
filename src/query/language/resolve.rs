//! What the names, dates and amounts of a query mean.

use super::{
    Clause, Expr, FieldValue, Fit, Node, Question, Sign, Term, TextError, TextQuery, Words,
};
use crate::query::Filter;
use crate::query::conditions::{Names, condition};
use crate::skills::{SkillNo, Taxonomy};

/// What names and dates are understood with.
pub type Context<'a> = Names<'a>;

/// The most words that together are looked up as the name of one skill.
const MAX_NAME_WORDS: usize = 4;

impl TextQuery {
    /// Finds out what the query means.
    ///
    /// # Errors
    /// [`TextError`] at the first value its field does not have.
    pub fn resolve(&self, context: Context<'_>) -> Result<Question, TextError> {
        let (question, errors) = self.resolve_leniently(context);
        match errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(question),
        }
    }

    /// The same, leaving out conditions that mean nothing; the second part says
    /// what was wrong with them.
    pub fn resolve_leniently(&self, context: Context<'_>) -> (Question, Vec<TextError>) {
        let mut resolver = Resolver {
            query: &self.text,
            context,
            errors: Vec::new(),
        };
        let mut question = Question::default();
        for clause in &self.clauses {
            resolver.top(clause, &mut question);
        }
        (question, resolver.errors)
    }
}

struct Resolver<'a> {
    query: &'a str,
    context: Context<'a>,
    errors: Vec<TextError>,
}

impl Resolver<'_> {
    /// A clause of the whole query: plain words are wanted, plain conditions
    /// work as flags do.
    fn top(&mut self, clause: &Clause, question: &mut Question) {
        if let ([Node::Field(field)], Sign::Plain | Sign::Must) = (&clause.any[..], clause.sign) {
            if let Some(filter) = self.condition(field) {
                question.filter.and(filter);
            }
            return;
        }
        // Skills that are ruled out are what `--not-skill` rules out.
        if let ([Node::Field(field)], Sign::Not) = (&clause.any[..], clause.sign)
            && field.name == "skill"
        {
            let turned = FieldValue {
                name: "not-skill".to_owned(),
                ..field.clone()
            };
            if let Some(filter) = self.condition(&turned) {
                question.filter.and(filter);
            }
            return;
        }
        if let ([Node::Words(words)], Sign::Plain) = (&clause.any[..], clause.sign)
            && words.how == Fit::Word
        {
            question.wanted.push(self.term(words));
            return;
        }
        let Some(expr) = self.any(&clause.any) else {
            return;
        };
        match clause.sign {
            Sign::Not => question.none.push(expr),
            Sign::Plain | Sign::Must => question.must.push(expr),
        }
    }

    fn any(&mut self, nodes: &[Node]) -> Option<Expr> {
        let mut parts: Vec<Expr> = nodes.iter().filter_map(|node| self.node(node)).collect();
        match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Expr::Any(parts)),
        }
    }

    fn node(&mut self, node: &Node) -> Option<Expr> {
        match node {
            Node::Words(words) => Some(Expr::Words(self.term(words))),
            Node::Field(field) => {
                let filter = self.condition(field)?;
                // It only says how skills are wanted: those at the top of the query.
                if filter.parts().is_empty() {
                    let name = &field.name;
                    let what = format!(
                        "`{name}` is about the skills at the top of the query; it cannot stand in \
                         parentheses, beside `OR` or behind `-` (`required:rust` can)"
                    );
                    self.complain(what, field);
                    return None;
                }
                Some(Expr::Is(Box::new(filter)))
            }
            Node::Group(clauses) => {
                let mut parts = Vec::new();
                for clause in clauses {
                    let Some(expr) = self.any(&clause.any) else {
                        continue;
                    };
                    parts.push(match clause.sign {
                        Sign::Not => Expr::Not(Box::new(expr)),
                        Sign::Plain | Sign::Must => expr,
                    });
                }
                match parts.len() {
                    0 => None,
                    1 => parts.pop(),
                    _ => Some(Expr::All(parts)),
                }
            }
        }
    }

    fn condition(&mut self, field: &FieldValue) -> Option<Filter> {
        match condition(&field.name, &field.values, field.compare, self.context) {
            Ok(filter) => Some(filter),
            Err(error) => {
                self.complain(error.to_string(), field);
                None
            }
        }
    }

    fn complain(&mut self, what: String, field: &FieldValue) {
        self.errors.push(TextError {
            query: self.query.to_owned(),
            what,
            at: field.at.clone(),
        });
    }

    fn term(&self, words: &Words) -> Term {
        let skill = match words.how {
            Fit::Word => named(&words.text, self.context.taxonomy),
            Fit::Phrase | Fit::Prefix | Fit::Fuzzy(_) => None,
        };
        Term {
            words: words.clone(),
            is_name: is_exact_name(&words.text, self.context.taxonomy),
            skill: skill.map(|no| self.context.taxonomy.skill(no).id.clone()),
        }
    }
}

/// The skill that is surely meant by words: its label, its id or a sure
/// spelling. A spelling that needs evidence ("teams") means nothing by itself.
fn named(text: &str, taxonomy: &Taxonomy) -> Option<SkillNo> {
    if text.split_whitespace().count() > MAX_NAME_WORDS {
        return None;
    }
    let no = taxonomy.find(text)?;
    let skill = taxonomy.skill(no);
    let is = |name: &str| name.eq_ignore_ascii_case(text);
    let is_sure = is(&skill.label) || is(&skill.id) || skill.aliases().iter().any(|name| is(name));
    is_sure.then_some(no)
}

/// Whether a word is the name of a skill in some spelling: such words are
/// found as they stand.
pub fn is_exact_name(word: &str, taxonomy: &Taxonomy) -> bool {
    taxonomy.find(word).is_some_and(|no| {
        let kind = taxonomy.skill(no).kind;
        kind == crate::skills::Kind::Technology || kind == crate::skills::Kind::Certification
    })
}
