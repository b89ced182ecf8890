//! Lists: which finds stand beside each other with nothing between but what
//! joins the items of a list.

use super::lexicon::cues::Cue;
use super::scan::Scan;
use super::sections::Line;
use super::token::{Hit, Mark};

/// What joins two neighbouring finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glue {
    /// Nothing: they are not in one list.
    None,
    /// A semicolon: evidence, but another clause.
    Clause,
    /// A blank alone, as in tag lines.
    Blank,
    /// A comma, bracket or stroke.
    Comma,
    /// "and", "&".
    And,
    /// "or".
    Or,
    /// A slash and nothing else.
    Slash,
    /// Each is a line of its own.
    Line,
    /// One unknown item stands between: evidence, but no choice.
    Gap,
}

impl Glue {
    /// Whether the two belong to one list in one sentence.
    pub(super) fn is_close(self) -> bool {
        !matches!(self, Glue::None | Glue::Line | Glue::Gap | Glue::Clause)
    }
}

/// A row of words: the first, and the one after the last.
pub(super) type Span = (u32, u32);

/// Where the items of a list end for their neighbours: a thing inside the name
/// of a field ("Linux administration") reaches as far as that name.
pub(super) fn item_spans(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut end = 0;
    spans
        .map(|(first, last)| {
            end = if first < end { last.max(end) } else { last };
            (first, end)
        })
        .collect()
}

/// Finds out what joins spans; knows the lines of a text.
pub(super) struct Lists<'a> {
    scan: &'a Scan<'a>,
    /// First words of lines that hold nothing but items.
    item_lines: Vec<Span>,
}

/// Words that are said again for each item.
const SMALL: &[&str] = &[
    "in", "with", "of", "de", "d", "du", "à", "en", "con", "avec", "mit", "von", "z", "w",
];
/// Praise that the second of two alternatives may have: "Rust, or strong C++".
const PRAISE: &[&str] = &[
    "strong", "solid", "good", "some", "deep", "basic", "gute", "solide", "bonne", "buen", "dobra",
];
/// How far the second choice may stand behind "or a framework such as".
const FAR: u32 = 7;
/// How many words of praise, numbers and small words may stand behind an "or".
const N_FILLERS: u32 = 3;
const LIST: Mark = Mark::COMMA
    .or(Mark::BULLET)
    .or(Mark::OPEN)
    .or(Mark::CLOSE)
    .or(Mark::DASH)
    .or(Mark::PLUS);
const BETWEEN: Mark = Mark::BLANK.or(Mark::QUOTE);
const LOOSE: Mark = Mark::BLANK
    .or(Mark::QUOTE)
    .or(Mark::OTHER)
    .or(Mark::HEADING)
    .or(Mark::HYPHEN)
    .or(Mark::DOT);

impl<'a> Lists<'a> {
    pub(super) fn new(scan: &'a Scan<'a>, lines: &[Line], spans: &[Span]) -> Lists<'a> {
        let mut item_lines = Vec::new();
        let mut at = 0;
        for line in lines {
            while spans.get(at).is_some_and(|span| span.0 < line.first) {
                at += 1;
            }
            let mut covered = 0;
            let from = at;
            while let Some(span) = spans.get(at).filter(|span| span.0 < line.last) {
                covered += span.1 - span.0;
                at += 1;
            }
            // Two words in three; "Go (a little)" is still an item.
            let n_words = line.last - line.first;
            if at > from
                && (covered * 3 >= n_words * 2 || (n_words <= 4 && spans[from].0 == line.first))
            {
                item_lines.push((line.first, line.last));
            }
        }
        Lists { scan, item_lines }
    }

    fn is_item_line(&self, token: u32) -> bool {
        let after = self.item_lines.partition_point(|line| line.0 <= token);
        after > 0 && token < self.item_lines[after - 1].1
    }

    fn joiner(&self, first: u32) -> Option<&Hit<Cue>> {
        let joiners = &self.scan.joiners;
        let at = joiners.partition_point(|hit| hit.first < first);
        joiners.get(at).filter(|hit| hit.first == first)
    }

    /// The word "or" or its like that begins at a token.
    pub(super) fn choice_at(&self, token: u32) -> bool {
        self.joiner(token)
            .is_some_and(|hit| hit.what == Cue::ChoiceJoining)
    }

    /// Whether a joining word begins at a token.
    pub(super) fn joins_at(&self, token: u32) -> bool {
        self.joiner(token).is_some()
    }

    /// "Spring Boot, or a framework such as Quarkus": an instance of the other choice.
    fn is_instance(&self, left: Span, right: Span) -> bool {
        const ENDS: Mark = Mark::SENTENCE
            .or(Mark::COLON)
            .or(Mark::AT)
            .or(Mark::SEMICOLON);
        self.choice_at(left.1)
            && (self.scan.cues.iter())
                .skip(self.scan.cues.partition_point(|hit| hit.first <= left.1))
                .take_while(|hit| hit.first < right.0)
                .any(|hit| hit.what == Cue::ExampleBefore && hit.last == right.0)
            && (left.1..=right.0).all(|at| !self.scan.before(at as usize).any(ENDS))
            && (left.1 + 1..=right.0).all(|at| !self.scan.before(at as usize).any(LIST))
    }

    fn is_number_word(&self, token: u32) -> bool {
        let from = self.scan.cues.partition_point(|hit| hit.first < token);
        self.scan.cues[from..]
            .iter()
            .take_while(|hit| hit.first == token)
            .any(|hit| matches!(hit.what, Cue::Number(_)))
    }

    /// What joins a span and the next one.
    pub(super) fn glue(&self, left: Span, right: Span) -> Glue {
        if right.0 < left.1 {
            // A thing inside the name of a field is the same item.
            return Glue::Blank;
        }
        if right.0 > left.1 + 4 {
            return if right.0 <= left.1 + FAR && self.is_instance(left, right) {
                Glue::Or
            } else {
                Glue::None
            };
        }
        // "X's Docker" is no list.
        let last = self.scan.word(left.1 as usize - 1);
        if last.ends_with("'s") || last.ends_with("’s") {
            return Glue::None;
        }
        let mark = self.scan.before(right.0 as usize);
        if right.0 == left.1 {
            return self.directly(mark, left, right);
        }
        let mut marks = mark;
        for token in left.1..right.0 {
            marks = marks.or(self.scan.before(token as usize));
        }
        if marks.any(
            Mark::SENTENCE
                .or(Mark::COLON)
                .or(Mark::AT)
                .or(Mark::SEMICOLON),
        ) {
            return Glue::None;
        }
        // "and", "and/or", ", or", "as well as".
        let mut at = left.1;
        let mut glue = Glue::None;
        while at < right.0 {
            let Some(hit) = self.joiner(at) else { break };
            glue = if glue == Glue::Or || hit.what == Cue::ChoiceJoining {
                Glue::Or
            } else {
                Glue::And
            };
            at = hit.last;
        }
        // "Django ou de Flask", "in R or in Julia", "Rust or five with C++".
        let is = |at: u32, known: &[&str]| {
            let word = self.scan.word(at as usize);
            known.iter().any(|known| word.eq_ignore_ascii_case(known))
        };
        let is_filler = |at: u32| {
            is(at, SMALL)
                || is(at, PRAISE)
                || self.scan.tokens[at as usize].shape.is_number()
                || self.is_number_word(at)
        };
        if at == right.0
            || (glue == Glue::And && at + 1 == right.0 && is(at, SMALL) && mark.only(BETWEEN))
            || (glue == Glue::Or
                && right.0 - at <= N_FILLERS
                && (at..right.0).all(is_filler)
                && (at + 1..=right.0).all(|at| self.scan.before(at as usize).only(BETWEEN)))
        {
            return glue;
        }
        // "Python, FooBar, Go" and "Python, FooBar and Go".
        let parted = |mark: Mark| mark.any(LIST.or(Mark::SLASH));
        let n = right.0 - at;
        let last_joins = (at..right.0).find(|&token| self.joins_at(token));
        if (glue != Glue::None || parted(self.scan.before(at as usize)))
            && n <= 3
            && (parted(mark) || last_joins.is_some())
        {
            return Glue::Gap;
        }
        Glue::None
    }

    /// What joins two spans with one unknown name between them: "Ruby, Foolang, or Python".
    pub(super) fn bridge(&self, left: Span, right: Span) -> Glue {
        let mut glue = Glue::Comma;
        let mut unknown = None;
        let mut at = left.1;
        while at < right.0 {
            if let Some(hit) = self.joiner(at) {
                glue = if hit.what == Cue::ChoiceJoining {
                    Glue::Or
                } else {
                    Glue::And
                };
                at = hit.last;
            } else if unknown.replace(at).is_none() {
                at += 1;
            } else {
                return Glue::Gap;
            }
        }
        let is_name = |at: u32| self.scan.tokens[at as usize].shape.has_capital();
        if unknown.is_some_and(is_name) {
            glue
        } else {
            Glue::Gap
        }
    }

    fn directly(&self, mark: Mark, left: Span, right: Span) -> Glue {
        if mark.any(Mark::NEWLINE) {
            if mark.any(Mark::COMMA) && !mark.any(Mark::PARAGRAPH) {
                return Glue::Comma;
            }
            let both = self.is_item_line(left.0) && self.is_item_line(right.0);
            return if both { Glue::Line } else { Glue::None };
        }
        if mark.any(Mark::STOP.or(Mark::COLON).or(Mark::AT)) {
            Glue::None
        } else if mark.any(Mark::SEMICOLON) {
            Glue::Clause
        } else if mark.any(LIST) {
            Glue::Comma
        } else if mark.any(Mark::SLASH) {
            Glue::Slash
        } else if mark.any(Mark::AND) {
            Glue::And
        } else if mark.only(LOOSE) {
            Glue::Blank
        } else {
            Glue::None
        }
    }
}
