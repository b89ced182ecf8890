//! Which part of a posting a line belongs to, from its headings.

use std::ops::Range;

use super::headings::{self, HEADING_WORDS};
use super::scan::Scan;
use super::token::{Mark, Shape};
use super::{Section, SectionKind};

/// One line of text that has words in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) first: u32,
    pub(super) last: u32,
    /// Written in capitals throughout: letter case says nothing.
    pub(super) shouted: bool,
}

/// The lines of a text.
pub(super) fn lines(scan: &Scan<'_>) -> Vec<Line> {
    let ends = scan.lines.iter().skip(1).copied();
    let ends = ends.chain([scan.tokens.len() as u32]);
    let line = |(&first, last): (&u32, u32)| {
        let tokens = &scan.tokens[first as usize..last as usize];
        let shapes = || tokens.iter().map(|token| token.shape);
        let n_capital = || shapes().filter(|shape| shape.has_capital()).count();
        Line {
            first,
            last,
            shouted: !shapes().any(Shape::has_small) && n_capital() >= 2,
        }
    };
    scan.lines.iter().zip(ends).map(line).collect()
}

/// The sections of a text, in order; together they cover it.
pub(super) fn sections(scan: &Scan<'_>, lines: &[Line]) -> Vec<Section> {
    let mut sections = Vec::with_capacity(8);
    sections.push(Section {
        kind: SectionKind::None,
        heading: 0..0,
        text: 0..scan.text.len(),
    });
    let mut cue_at = 0;
    let mut find_at = 0;
    let mut body = Body::default();
    for line in lines {
        let (first, last) = (line.first as usize, line.last as usize);
        let cues = advance(&scan.cues, &mut cue_at, line, |hit| hit.first);
        let finds = advance(&scan.finds, &mut find_at, line, |find| find.first);
        let n_words = last - first;
        let mut current = sections
            .last()
            .map_or(SectionKind::None, |section| section.kind);
        let is_job = current == SectionKind::About && names_the_job(scan, line);
        if is_job || body.ends_at(scan, line, current) {
            let start = scan.tokens[first].start as usize;
            begin(&mut sections, SectionKind::None, start..start);
            current = SectionKind::None;
        }
        for hit in cues.iter().filter(|_| n_words > HEADING_WORDS) {
            if let Some(kind) = headings::heads_bullets(scan, hit) {
                let [from, to] = [hit.first, hit.last - 1].map(|at| scan.tokens[at as usize]);
                begin(&mut sections, kind, from.start as usize..to.end as usize);
                body = Body::default();
            }
        }
        let Some(heading) = headings::heading(scan, cues, finds, line) else {
            continue;
        };
        let left_out = matches!(
            current,
            SectionKind::About | SectionKind::Benefits | SectionKind::Other
        );
        let Some(kind) = heading.kind else {
            // A heading of unknown words ends what is left out, but not what counts.
            if left_out {
                begin(&mut sections, SectionKind::None, heading.text);
            }
            continue;
        };
        let mark = scan.before(first);
        let is_bullet = mark.any(Mark::BULLET);
        let is_label = kind == SectionKind::Stack
            && matches!(current, SectionKind::Required | SectionKind::Preferred)
            && !heading.of_house;
        if is_label && !heading.inline && body.n_lines <= 1 {
            // "Requirements / Tech stack": the second tells of what kind the first are.
            begin(&mut sections, current, heading.text);
            body = Body::default();
            continue;
        }
        if is_label && (is_bullet || heading.inline && !body.is_over_at(mark)) {
            continue;
        }
        // "• Nice to have: Rust" among requirements is about Rust alone.
        let is_item = is_bullet && current != SectionKind::None;
        let aside = heading.inline && (is_item || heading.is_behind);
        begin(&mut sections, kind, heading.text);
        body = Body {
            inline: heading.inline,
            ..Body::default()
        };
        if aside {
            let line_end = scan.tokens[last - 1].end as usize;
            begin(&mut sections, current, line_end..line_end);
        }
    }
    sections
}

/// Whether a paragraph under a heading about the employer turns to the job: "As a data
/// scientist, you will", "Widgets Ltd is seeking a developer".
fn names_the_job(scan: &Scan<'_>, line: &Line) -> bool {
    let (first, last) = (line.first as usize, line.last as usize);
    let is = |at: usize, words: &[&str]| at < last && scan.is_any(at, words);
    let begins = is(first, &["as"]) && is(first + 1, &["a", "an", "our"])
        || is(first, &["in"]) && is(first + 1, &["this"]) && is(first + 2, &["role", "position"])
        || is(first, &["you"]) && is(first + 1, &["will", "would"])
        || is(first, &["you'll", "you’ll"]);
    let seeks = |at: usize| {
        let who = is(at + 1, &["a", "an"]) || is(at + 1, &["for"]) && is(at + 2, &["a", "an"]);
        is(at, &["seeking", "looking", "searching", "hiring"])
            && who
            && is(at - 1, &["is", "are", "currently", "now", "we're", "we’re"])
    };
    last - first > HEADING_WORDS && (begins || (first + 1..last.min(first + 20)).any(seeks))
}

/// How the text under a heading goes on.
#[derive(Debug, Clone, Copy, Default)]
struct Body {
    /// It begins in the line of its heading: "Nice to have: Rust".
    inline: bool,
    /// Lines of it seen so far.
    n_lines: u32,
    /// The first line is a list item.
    is_list: bool,
}

impl Body {
    /// Whether a label that is no list item stands outside: in a paragraph of its own,
    /// after a list or after a heading with its text beside it.
    fn is_over_at(&self, mark: Mark) -> bool {
        mark.any(Mark::PARAGRAPH) && (self.is_list && self.n_lines > 1 || self.inline)
    }

    /// Whether a line is no more of what a heading is for: a plain paragraph after
    /// a list of wishes, or after a heading with its text beside it, be that a wish
    /// ("Nice to have: Rust") or no part of the work ("Location: Oslo").
    fn ends_at(&mut self, scan: &Scan<'_>, line: &Line, kind: SectionKind) -> bool {
        let is_wish = matches!(kind, SectionKind::Required | SectionKind::Preferred);
        let is_aside = matches!(kind, SectionKind::Benefits | SectionKind::Other);
        if !(is_wish || is_aside && self.inline) {
            return false;
        }
        let mark = scan.before(line.first as usize);
        let token = scan.tokens[line.first as usize];
        let lead = scan.text[..token.start as usize]
            .rsplit('\n')
            .next()
            .is_some_and(|lead| lead.contains(['-', '–', '—', '•', '*', '|', '·', '+', '→']));
        let item = lead || mark.any(Mark::BULLET) || token.shape.is_number();
        let n = self.n_lines;
        self.n_lines += 1;
        if n == 0 {
            self.is_list = item;
        }
        let over = !item
            && mark.any(Mark::PARAGRAPH)
            && line.last - line.first >= PROSE_WORDS
            && ((self.is_list && n > 0) || (self.inline && !self.is_list));
        if over {
            *self = Body::default();
        }
        over
    }
}

/// A paragraph that ends a list has as many words as this.
const PROSE_WORDS: u32 = 6;

/// The part of a sorted list that lies in a line.
fn advance<'a, T>(
    list: &'a [T],
    at: &mut usize,
    line: &Line,
    first: impl Fn(&T) -> u32,
) -> &'a [T] {
    while list.get(*at).is_some_and(|item| first(item) < line.first) {
        *at += 1;
    }
    let from = *at;
    while list.get(*at).is_some_and(|item| first(item) < line.last) {
        *at += 1;
    }
    &list[from..*at]
}

fn begin(sections: &mut Vec<Section>, kind: SectionKind, heading: Range<usize>) {
    if let Some(before) = sections.last_mut() {
        let end = before.text.end;
        before.text.end = heading.start.max(before.text.start);
        sections.push(Section {
            kind,
            text: heading.end..end,
            heading,
        });
    }
}

/// The section a position lies in.
pub(super) fn section_at(sections: &[Section], position: usize) -> SectionKind {
    if sections.is_empty() {
        return SectionKind::None;
    }
    let after = sections
        .partition_point(|section| section.text.start.min(section.heading.start) <= position);
    sections[after.saturating_sub(1)].kind
}
