//! Which part of a posting a line belongs to, from its headings: short lines
//! of known words with a colon, capitals or marks around them.

use std::ops::Range;

use super::lexicon::cues::Cue;
use super::scan::Scan;
use super::token::{Mark, Shape};
use super::{Section, SectionKind};

/// A heading has no more words than this ("What you will bring to our team").
const HEADING_WORDS: usize = 8;

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
        let current = sections
            .last()
            .map_or(SectionKind::None, |section| section.kind);
        let is_job = current == SectionKind::About && names_the_job(scan, line);
        if is_job || body.ends_at(scan, line, current) {
            let start = scan.tokens[first].start as usize;
            begin(&mut sections, SectionKind::None, start..start);
        }
        for hit in cues.iter().filter(|_| n_words > HEADING_WORDS) {
            if let Some(kind) = heads_bullets(scan, hit) {
                let [from, to] = [hit.first, hit.last - 1].map(|at| scan.tokens[at as usize]);
                begin(&mut sections, kind, from.start as usize..to.end as usize);
                body = Body::default();
            }
        }
        // Where the colon is, if the line has one early on.
        let colon = (first + 1..=last.min(first + HEADING_WORDS)).find(|&at| {
            let before = scan.before(at);
            before.any(Mark::COLON)
                || (at < last && before.any(Mark::CLOSE) && scan.before(first).any(Mark::OPEN))
        });
        if colon.is_none() && n_words > HEADING_WORDS {
            continue;
        }
        let head_end = colon.unwrap_or(last);
        let start = scan.tokens[first].start as usize;
        let end = scan.tokens[head_end - 1].end as usize;
        let mark = scan.before(first);
        let ends = scan.before(last);
        let marked =
            mark.any(Mark::HEADING) || mark.any(Mark::OPEN) || line.shouted || colon.is_some();
        let whole = head_end == last;
        let about = || (whole && is_about(scan, line, ends)).then_some(SectionKind::About);
        if let Some(kind) = known(scan, cues, first, head_end, marked).or_else(about) {
            if colon.is_none() && !looks_like_heading(scan, first, last, marked, ends) {
                continue;
            }
            // "• Nice to have: Rust" among requirements is about Rust alone.
            let aside = !whole && mark.any(Mark::BULLET) && current != SectionKind::None;
            begin(&mut sections, kind, start..end);
            body = Body {
                inline: !whole,
                ..Body::default()
            };
            if aside {
                let line_end = scan.tokens[last - 1].end as usize;
                begin(&mut sections, current, line_end..line_end);
            }
        } else if whole
            && finds.is_empty()
            && marked
            && n_words <= HEADING_WORDS
            && !mark.any(Mark::BULLET)
            && let Some(current) = sections.last()
            && matches!(
                current.kind,
                SectionKind::About | SectionKind::Benefits | SectionKind::Other
            )
        {
            // A heading of unknown words ends what is left out, but not what counts.
            begin(&mut sections, SectionKind::None, start..end);
        }
    }
    sections
}

/// "About Snowflake", "Über Camunda": a heading with a name.
fn is_about(scan: &Scan<'_>, line: &Line, ends: Mark) -> bool {
    let (first, last) = (line.first as usize, line.last as usize);
    let words = ["about", "über", "sobre"];
    (2..=4).contains(&(last - first))
        && !ends.any(Mark::STOP.or(Mark::COMMA))
        && !scan.before(first).any(Mark::BULLET)
        && words.contains(&scan.word(first).to_lowercase().as_str())
        && (first + 1..last).all(|at| scan.tokens[at].shape.has_capital())
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

/// What a heading within a line is for, with bullets behind it: where line ends were lost.
fn heads_bullets(scan: &Scan<'_>, hit: &super::token::Hit<Cue>) -> Option<SectionKind> {
    let kind = match hit.what {
        Cue::Section(kind) => kind,
        Cue::Preferred => SectionKind::Preferred,
        Cue::Required => SectionKind::Required,
        _ => return None,
    };
    let behind = scan.before(hit.last as usize);
    let first = scan.tokens[hit.first as usize];
    (behind.any(Mark::COLON) && behind.any(Mark::BULLET) && first.shape.is_capitalised())
        .then_some(kind)
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

/// What the words of a heading say, if they say anything and are most of it.
fn known(
    scan: &Scan<'_>,
    cues: &[super::token::Hit<Cue>],
    first: usize,
    end: usize,
    marked: bool,
) -> Option<SectionKind> {
    let mut best: Option<(SectionKind, u32, u8)> = None;
    let mut covered = 0;
    for hit in cues.iter().filter(|hit| hit.last as usize <= end) {
        let (kind, rank) = match hit.what {
            Cue::Section(kind @ (SectionKind::Preferred | SectionKind::Benefits)) => (kind, 4),
            // "Skills (optional)"
            Cue::Section(kind @ SectionKind::Stack) => (kind, 0),
            Cue::Section(kind) => (kind, 3),
            Cue::Preferred | Cue::NotRequired => (SectionKind::Preferred, 2),
            Cue::Required => (SectionKind::Required, 1),
            _ => continue,
        };
        let n = hit.last - hit.first;
        if matches!(hit.what, Cue::Section(_)) {
            covered += n;
        }
        // The longest phrase says most.
        let better = best.is_none_or(|(_, known, known_rank)| (n, rank) > (known, known_rank));
        if better {
            best = Some((kind, n, rank));
        }
    }
    let (kind, n, _) = best?;
    let n_words = (end - first) as u32;
    let joined = scan.tokens[first].shape.is_joined();
    let share = covered.max(n) * 100 / n_words;
    // Half of the words, or a third where marks say that it is a heading.
    (share >= if marked || joined { 30 } else { 50 }).then_some(kind)
}

/// Whether a line without a colon can be a heading at all.
fn looks_like_heading(
    scan: &Scan<'_>,
    first: usize,
    last: usize,
    marked: bool,
    ends: Mark,
) -> bool {
    let shape = scan.tokens[first].shape;
    let question = scan.text[scan.tokens[last - 1].end as usize..].starts_with(['?', '？']);
    if ends.any(Mark::STOP) && !question || ends.any(Mark::COMMA) {
        return false;
    }
    marked || shape.is_joined() || shape.is_capitalised() || last - first <= 2
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
