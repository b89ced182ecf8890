//! Years of experience: "5+ years of", "3-5 yrs", "at least five years", and
//! which mentions they are asked for.

use crate::posting::Years;

use super::lexicon::cues::Cue;
use super::lists::Glue;
use super::scan::Scan;
use super::strength::{Item, Sentence, ends};
use super::token::Mark;

/// How far a skill may stand behind "years": "5 years of professional backend
/// development experience in Java".
const REACH: u32 = 14;
/// Words after "years" that make them an age or a date, not experience.
const AGES: &[&str] = &[
    "ago",
    "free",
    "old",
    "running",
    "straight",
    "anniversary",
    "history",
    "later",
    "founded",
    "business",
    "vor",
    "alt",
    "histoire",
    "row",
];
/// "fünfjährig" and the like.
const GERMAN: &[(&str, f32)] = &[
    ("ein", 1.0),
    ("zwei", 2.0),
    ("drei", 3.0),
    ("vier", 4.0),
    ("fünf", 5.0),
    ("sechs", 6.0),
    ("sieben", 7.0),
    ("acht", 8.0),
    ("neun", 9.0),
    ("zehn", 10.0),
];
/// Words that mean one year where no number stands before them.
const LONE: [&str; 3] = ["rok", "roku", "year"];
/// More years than this are no one's experience.
const MOST: f32 = 30.0;

/// Whether a word after "years" makes them something else than experience.
pub(super) fn is_age(word: &str) -> bool {
    AGES.iter().any(|age| word.eq_ignore_ascii_case(age))
}

/// A length of experience and where it stands.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
    years: Years,
}

impl Sentence<'_> {
    /// Gives years to the items they are asked for.
    pub(super) fn years(&self, items: &mut [Item]) {
        let mut spans: Vec<Span> = self
            .cues
            .iter()
            .filter(|hit| hit.what == Cue::Unit)
            .filter_map(|hit| self.span(hit.first, hit.last))
            .chain(self.glued())
            .collect();
        spans.sort_by_key(|span| span.first);
        for (no, span) in spans.iter().enumerate() {
            let from = no
                .checked_sub(1)
                .map_or(self.words.0, |before| spans[before].last);
            let until = spans.get(no + 1).map_or(self.words.1, |next| next.first);
            self.give(items, span, from, until);
        }
    }

    fn give(&self, items: &mut [Item], span: &Span, from: u32, until: u32) {
        let named = || {
            self.chains
                .iter()
                .filter(|chain| items[(*chain).clone()].iter().any(|item| item.is_name))
        };
        let chain_at = |chain: &std::ops::Range<usize>| ends(&items[chain.clone()]);
        let before =
            named().rfind(|chain| chain_at(chain).is_some_and(|(_, last)| last <= span.first));
        let after =
            named().find(|chain| chain_at(chain).is_some_and(|(first, _)| first >= span.last));
        let marks = |from: u32, to: u32| {
            (from..=to).fold(Mark::default(), |marks, token| {
                marks.or(self.scan.before(token as usize))
            })
        };
        const PARTS: Mark = Mark::SENTENCE.or(Mark::SEMICOLON);
        let behind = before
            .and_then(chain_bounds(items))
            .filter(|(first, last)| {
                *first >= from && span.first - last <= 4 && !marks(*last, span.first).any(PARTS)
            });
        let ahead = after.and_then(chain_bounds(items)).filter(|(first, _)| {
            *first < until
                && first - span.last <= REACH
                && !marks(span.last, *first).any(PARTS)
                && !self.is_other_clause(span.last, *first)
        });
        // "Java (3 years)", "Java: 3 years", "Java - 3 years"; "Java for 3 years"
        // only if nothing follows.
        let tied = behind.is_some_and(|(_, last)| {
            marks(last, span.first).any(Mark::OPEN.or(Mark::COLON).or(Mark::DASH))
                && span.first - last <= 3
        });
        let chosen = if tied || ahead.is_none() {
            before.filter(|_| behind.is_some()).map(|chain| {
                if tied
                    && !marks(
                        chain_at(chain).map_or(span.first, |(_, last)| last),
                        span.first,
                    )
                    .any(Mark::COLON)
                {
                    // "Docker, Python or Go (2 years)": not Docker.
                    let joined = self.glue[chain.start..chain.end - 1]
                        .iter()
                        .rposition(|glue| !matches!(glue, Glue::Or | Glue::And | Glue::Slash));
                    joined.map_or(chain.start, |at| chain.start + at + 1)..chain.end
                } else {
                    chain.clone()
                }
            })
        } else {
            // "7 years of backend development with Java": the field, and the thing.
            let thing = named().find(|chain| {
                items[(*chain).clone()].iter().any(|item| item.is_thing)
                    && chain_at(chain).is_some_and(|(first, _)| {
                        first >= span.last
                            && first < until
                            && first - span.last <= REACH
                            && !marks(span.last, first).any(PARTS)
                            && !self.is_other_clause(span.last, first)
                    })
            });
            after
                .map(|chain| chain.start..thing.map_or(chain.end, |thing| thing.end.max(chain.end)))
        };
        for item in chosen.into_iter().flatten() {
            if items[item].is_name && !items[item].said.aside {
                items[item].said.years = Some(span.years);
            }
        }
    }

    /// Whether a clause begins between two words that says something new: "3 years of back-end
    /// development, you know Java", "2年以上前端开发经验，熟悉Vue".
    fn is_other_clause(&self, from: u32, to: u32) -> bool {
        (from..to).any(|at| {
            let (at, mark) = (at as usize, self.scan.before(at as usize));
            mark.any(Mark::COMMA)
                && (self
                    .scan
                    .is_any(at, &["you", "you're", "you’re", "we", "i"])
                    || self.scan.text[..self.scan.tokens[at].start as usize].ends_with('，'))
        })
    }

    /// "5yrs", "3years": number and unit are one word.
    fn glued(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        let units = || self.cues.iter().filter(|hit| hit.what == Cue::Unit);
        spans.extend(units().filter_map(|hit| self.one(hit.first)));
        if let Some(named) = units().map(|hit| hit.last).min() {
            let digits = self.scan.numbers_in(self.words).iter().copied();
            let said = self.cues.iter();
            let said = said.filter(|hit| matches!(hit.what, Cue::Number(_)));
            let numbers = digits.chain(said.map(|hit| hit.first));
            spans.extend(
                numbers
                    .filter(|at| *at >= named)
                    .filter_map(|at| self.of_them(at)),
            );
        }
        for &token in self.scan.numbers_in(self.words) {
            spans.extend(self.one_word(token));
            if !self.scan.tokens[token as usize].shape.is_number() {
                continue;
            }
            let word = self.scan.word(token as usize);
            let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
            let is_unit = ["yrs", "yr", "years", "year", "y"]
                .iter()
                .any(|known| unit.eq_ignore_ascii_case(known));
            if is_unit && let Ok(n) = word[..word.len() - unit.len()].parse::<f32>() {
                spans.extend(self.finish(token, token + 1, n));
            }
        }
        spans
    }

    /// "five of them in Java", "davon drei mit Java", where years are named before.
    fn of_them(&self, token: u32) -> Option<Span> {
        let word = |at: u32| (at < self.words.1).then(|| self.scan.word(at as usize));
        let is = |at: u32, known: &[&str]| {
            word(at).is_some_and(|word| known.iter().any(|known| word.eq_ignore_ascii_case(known)))
        };
        let n = self.number(token)?;
        let behind = is(token + 1, &["of", "de"])
            && is(token + 2, &["them", "these", "those", "which", "ellos"]);
        // "5 years of Java, 2 with Go", "including at least 2 with Go"
        let is_least = token >= self.words.0 + 2 && is(token - 1, &["least"]);
        let start = if is_least { token - 2 } else { token };
        let follows = self.scan.before(start as usize).any(Mark::COMMA)
            || (start > self.words.0
                && is(
                    start - 1,
                    &["and", "und", "et", "y", "including", "incl", "inkl"],
                ));
        if follows && is(token + 1, &["with", "of", "in", "mit", "con", "avec"]) {
            return self.finish(token, token + 1, n);
        }
        let before =
            (token.saturating_sub(3).max(self.words.0)..token).any(|at| is(at, &["davon", "dont"]));
        if behind {
            return self.finish(token, token + 3, n);
        }
        (before && !is(token + 1, &["jahre", "jahren", "ans"]))
            .then(|| self.finish(token, token + 1, n))
            .flatten()
    }

    /// "fünfjährige Erfahrung", "5-jährige": number and unit at once.
    fn one_word(&self, token: u32) -> Option<Span> {
        let word = self.scan.word(token as usize);
        if word.is_ascii() || !word.to_lowercase().contains("jährig") {
            return None;
        }
        let digits = (token > self.words.0)
            .then(|| self.number(token - 1))
            .flatten()
            .filter(|_| self.scan.before(token as usize).any(Mark::HYPHEN));
        let n = digits.or_else(|| {
            let word = word.to_lowercase();
            let stem = word.split("jährig").next()?;
            GERMAN
                .iter()
                .find(|(name, _)| *name == stem)
                .map(|(_, n)| *n)
        })?;
        self.finish(token, token + 1, n)
    }

    /// "rok z Kubernetes": a unit alone.
    fn one(&self, token: u32) -> Option<Span> {
        let word = self.scan.word(token as usize);
        let lone = LONE.iter().any(|unit| word.eq_ignore_ascii_case(unit))
            && (token == self.words.0
                || self
                    .scan
                    .before(token as usize)
                    .any(Mark::COMMA.or(Mark::OPEN).or(Mark::BULLET).or(Mark::COLON))
                || matches!(
                    self.scan
                        .word(token as usize - 1)
                        .to_ascii_lowercase()
                        .as_str(),
                    "a" | "least" | "najmniej" | "przynajmniej" | "minimum"
                ));
        // "per year", "two a year" say nothing of experience.
        let counted = token > self.words.0 + 1 && self.number(token - 2).is_some();
        (lone && !counted)
            .then(|| self.finish(token, token + 1, 1.0))
            .flatten()
    }

    /// Reads the number before a unit.
    fn span(&self, unit: u32, last: u32) -> Option<Span> {
        // "five (5) years", "5 or more years", "5+ full years".
        let number_at = (self.words.0..unit)
            .rev()
            .take(4)
            .find(|token| self.number(*token).is_some())
            .filter(|token| {
                (*token + 1..=unit).all(|at| {
                    !self
                        .scan
                        .before(at as usize)
                        .any(Mark::SENTENCE.or(Mark::COMMA))
                })
            })?;
        // "2 años de Flutter y Dart": a lone letter is a unit right after its number only.
        if number_at + 1 < unit && last == unit + 1 && self.scan.word(unit as usize).len() == 1 {
            return None;
        }
        let n = self.number(number_at)?;
        self.finish(number_at, last, n)
    }

    fn finish(&self, number_at: u32, last: u32, n: f32) -> Option<Span> {
        let scan: &Scan<'_> = self.scan;
        let next = (last as usize..(last as usize + 2).min(scan.tokens.len()))
            .take_while(|&at| !scan.before(at).any(Mark::SENTENCE.or(Mark::COMMA)))
            .any(|at| {
                // "three years running", but "three years running MongoDB".
                let goes_on = scan.word(at).eq_ignore_ascii_case("running")
                    && at + 1 < scan.tokens.len()
                    && scan.before(at + 1).only(Mark::BLANK);
                !goes_on && is_age(scan.word(at))
            });
        if next || n > MOST {
            return None;
        }
        let mut years = Years {
            min: Some(n),
            max: None,
        };
        let mut first = number_at;
        // "3-5", "3 to 5", "between 3 and 5", "five (5)".
        let before = scan.before(number_at as usize);
        let joined = before.any(Mark::HYPHEN.or(Mark::DASH));
        let lower = (1..=2)
            .filter_map(|back| number_at.checked_sub(back))
            .find_map(|at| {
                let between = number_at - at == 2;
                let word = between.then(|| scan.word(number_at as usize - 1));
                let links = match word {
                    Some(word) => ["to", "bis", "and", "or", "à", "a", "do", "至", "到", "und"]
                        .iter()
                        .any(|link| word.eq_ignore_ascii_case(link)),
                    None => joined || before.any(Mark::OPEN) || before.any(Mark::OTHER),
                };
                (at >= self.words.0 && links)
                    .then(|| self.number(at).map(|n| (at, n)))
                    .flatten()
            });
        if let Some((at, low)) = lower {
            first = at;
            if low < n {
                years = Years {
                    min: Some(low),
                    max: Some(n),
                };
            }
        }
        // "mind. 2 Jahre": the stop ends no sentence.
        if first > self.words.0 && scan.word(first as usize - 1).eq_ignore_ascii_case("mind") {
            first -= 1;
        }
        Some(Span { first, last, years })
    }

    /// The number a word means.
    fn number(&self, token: u32) -> Option<f32> {
        let word = self.scan.word(token as usize);
        if word.as_bytes()[0].is_ascii_digit() {
            return word.parse().ok().filter(|n| *n <= MOST);
        }
        let at = self.cues.partition_point(|hit| hit.first < token);
        self.cues[at..]
            .iter()
            .take_while(|hit| hit.first == token)
            .find_map(|hit| match hit.what {
                Cue::Number(n) => Some(f32::from(n)),
                _ => None,
            })
    }
}

/// The words a chain of items covers.
fn chain_bounds(items: &[Item]) -> impl Fn(&std::ops::Range<usize>) -> Option<(u32, u32)> {
    |chain| ends(&items[chain.clone()])
}
