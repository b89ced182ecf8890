//! What a line says as a heading: short lines of known words with a colon, capitals
//! or marks around them. Where a section begins and ends is told in `sections`.

use std::ops::Range;

use super::SectionKind;
use super::lexicon::Layer;
use super::lexicon::cues::Cue;
use super::scan::Scan;
use super::sections::Line;
use super::token::{Find, Hit, Mark};

/// A heading has no more words than this ("What you will bring to our team").
pub(super) const HEADING_WORDS: usize = 8;
/// A sentence that ends in a colon has no more: "Experience with any of these would be a plus:".
const LEAD_WORDS: usize = 24;

/// Words that may stand before a wish in a heading: "These would be a plus".
const SMALL: &[&str] = &[
    "a",
    "an",
    "the",
    "it",
    "it's",
    "it’s",
    "that",
    "that's",
    "that’s",
    "this",
    "these",
    "those",
    "what",
    "which",
    "who",
    "how",
    "you",
    "your",
    "we",
    "our",
    "is",
    "are",
    "be",
    "would",
    "will",
    "might",
    "may",
    "should",
    "could",
    "not",
    "now",
    "finally",
    "but",
    "and",
    "or",
    "if",
    "with",
    "any",
    "of",
    "some",
    "all",
    "other",
    "others",
    "additional",
    "candidate",
    "further",
    "general",
    "job",
    "key",
    "personal",
    "professional",
    "role",
    "skill",
    "specific",
    "technical",
    "extra",
    "also",
    "even",
    "more",
    "following",
    "things",
    "points",
    "items",
    "knowledge",
    "attributes",
    "abilities",
    "competencies",
    "traits",
    "qualities",
    "highly",
    "strongly",
    "very",
    "das",
    "dies",
    "diese",
    "dieses",
    "es",
    "was",
    "wäre",
    "wären",
    "ist",
    "sind",
    "folgende",
    "folgendes",
    "weitere",
    "weiteres",
    "zusätzliche",
    "noch",
    "ce",
    "qui",
    "que",
    "sont",
    "est",
    "serait",
    "seraient",
    "les",
    "des",
    "autres",
    "lo",
    "los",
    "las",
    "otros",
    "otras",
    "sería",
    "serían",
    "co",
    "to",
    "będzie",
    "będą",
    "inne",
];
/// Skills of a person, not of a trade: "Communication skills" heads no technologies.
const PERSONAL: &[&str] = &[
    "analytical",
    "behavioral",
    "behavioural",
    "business",
    "communication",
    "interpersonal",
    "language",
    "leadership",
    "life",
    "organisational",
    "organizational",
    "people",
    "personal",
    "presentation",
    "social",
    "soft",
    "transferable",
    "writing",
    "written",
];

/// A heading at the beginning of a line.
pub(super) struct Heading {
    /// What follows it; `None` if its words are unknown.
    pub(super) kind: Option<SectionKind>,
    pub(super) text: Range<usize>,
    /// What follows begins in its line: "Nice to have: Rust".
    pub(super) inline: bool,
    /// Another sentence stands before it: "We use Go; nice to have: Rust".
    pub(super) is_behind: bool,
    /// It names what the employer has: "Our stack".
    pub(super) of_house: bool,
}

/// The heading of a line, if it has one.
pub(super) fn heading(
    scan: &Scan<'_>,
    cues: &[Hit<Cue>],
    finds: &[Find],
    line: &Line,
) -> Option<Heading> {
    let (first, last) = (line.first as usize, line.last as usize);
    // Where the colon is, if the line has one early on.
    let colon = (first + 1..=last.min(first + HEADING_WORDS)).find(|&at| {
        let before = scan.before(at);
        before.any(Mark::COLON)
            || (at < last && before.any(Mark::CLOSE) && scan.before(first).any(Mark::OPEN))
    });
    let is_long = colon.is_none() && last - first > HEADING_WORDS;
    let leads = || leads_list(scan, cues, line);
    if is_long && leads().is_none() {
        return None;
    }
    let end = colon.unwrap_or(last);
    let begin = colon.map_or(first, |colon| begin(scan, first, colon));
    let (mark, ends) = (scan.before(first), scan.before(last));
    let marked = mark.any(Mark::HEADING.or(Mark::OPEN)) || line.shouted || colon.is_some();
    let is_whole = end == last;
    let about = || (is_whole && is_about(scan, line, ends)).then_some(SectionKind::About);
    let known = || known(scan, cues, begin, end, marked).or_else(about);
    let kind = match is_long {
        true => None,
        false => known(),
    };
    let kind = kind.or_else(leads);
    let is_none = match kind {
        None => !(is_whole && finds.is_empty() && marked && !mark.any(Mark::BULLET)),
        Some(_) if is_long => false,
        Some(_) if colon.is_none() => {
            !looks_like_heading(scan, first, last, marked, ends)
                || is_one_wish(scan, cues, finds, line)
        }
        Some(kind) => kind != SectionKind::Other && leads_elsewhere(scan, begin, end),
    };
    let from = if kind.is_some() { begin } else { first };
    (!is_none).then(|| Heading {
        kind,
        text: scan.tokens[from].start as usize..scan.tokens[end - 1].end as usize,
        inline: !is_whole,
        is_behind: begin > first,
        of_house: is_of_house(scan, begin, end),
    })
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

/// What a heading within a line is for, with bullets behind it: where line ends were lost.
pub(super) fn heads_bullets(scan: &Scan<'_>, hit: &Hit<Cue>) -> Option<SectionKind> {
    let kind = match hit.what {
        Cue::Section(kind) => kind,
        Cue::Preferred => SectionKind::Preferred,
        Cue::Required | Cue::Praise => SectionKind::Required,
        _ => return None,
    };
    let behind = scan.before(hit.last as usize);
    let first = scan.tokens[hit.first as usize];
    (behind.any(Mark::COLON) && behind.any(Mark::BULLET) && first.shape.is_capitalised())
        .then_some(kind)
}

/// What the words of a heading say, if they say anything and are most of it.
fn known(
    scan: &Scan<'_>,
    cues: &[Hit<Cue>],
    first: usize,
    end: usize,
    marked: bool,
) -> Option<SectionKind> {
    let mut best: Option<(SectionKind, u32, u8)> = None;
    let mut covered = 0;
    for hit in cues
        .iter()
        .filter(|hit| first <= hit.first as usize && hit.last as usize <= end)
    {
        let (kind, rank) = match hit.what {
            Cue::Section(kind @ (SectionKind::Preferred | SectionKind::Benefits)) => (kind, 4),
            Cue::Section(SectionKind::Stack)
                if hit.first as usize > first && scan.is_any(hit.first as usize - 1, PERSONAL) =>
            {
                continue;
            }
            // "Skills (optional)"
            Cue::Section(kind @ SectionKind::Stack) => (kind, 0),
            Cue::Section(kind) => (kind, 3),
            Cue::Preferred | Cue::NotRequired => (SectionKind::Preferred, 2),
            Cue::Required | Cue::Praise => (SectionKind::Required, 1),
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

/// What a line says that is too long for a heading, or has too many other words: one
/// with a colon at its end, before what it is about. "Experience with any of the
/// following would be a plus:", "高级Java开发工程师（社招）要求：".
fn leads_list(scan: &Scan<'_>, cues: &[Hit<Cue>], line: &Line) -> Option<SectionKind> {
    let (first, last) = (line.first as usize, line.last as usize);
    if last - first > LEAD_WORDS
        || !scan.before(last).any(Mark::COLON)
        || scan.before(first).any(Mark::BULLET)
        || scan.tokens[first].shape.is_number()
    {
        return None;
    }
    let is_sign = scan.tokens[last - 1].shape.is_joined();
    let at_end = cues.iter().filter(|hit| hit.last == line.last);
    at_end
        .filter_map(|hit| match hit.what {
            Cue::Preferred | Cue::Section(SectionKind::Preferred) => Some(SectionKind::Preferred),
            Cue::Section(kind) if is_sign => Some(kind),
            _ => None,
        })
        .min_by_key(|kind| *kind != SectionKind::Preferred)
}

/// Whether a line without a colon speaks of one wish and heads nothing: "Kafka is a plus",
/// "AWS experience preferred", but not "Would be a plus" or "Skills (optional)".
fn is_one_wish(scan: &Scan<'_>, cues: &[Hit<Cue>], finds: &[Find], line: &Line) -> bool {
    // What is found in the words of cues or in small letters may be no name: "We'd love".
    let is_named = |find: &Find| {
        let apart = |hit: &Hit<Cue>| hit.last <= find.first || find.last <= hit.first;
        let shape = scan.tokens[find.first as usize].shape;
        (shape.has_capital() || shape.is_joined()) && cues.iter().all(apart)
    };
    let names = finds.iter().any(is_named);
    let mark = scan.before(line.first as usize);
    if mark.any(Mark::BULLET) && names {
        return true;
    }
    let is_strength = |hit: &&Hit<Cue>| {
        use Cue::{NotRequired, Praise, Preferred, Required};
        matches!(hit.what, Required | Praise | Preferred | NotRequired)
    };
    let Some(wish) = cues.iter().find(is_strength) else {
        return false;
    };
    // "Key prerequisites", but "You have Java".
    if matches!(wish.what, Cue::Required | Cue::Praise) {
        return names;
    }
    // "**Data science background preferred**", but not "**Kafka preferred**".
    let has_marks = mark.any(Mark::HEADING) || line.shouted;
    if has_marks && !names {
        return false;
    }
    // "Bonus points for Kafka"
    let is_thing = |find: &Find| find.layer == Layer::Things && is_named(find);
    if !has_marks && finds.iter().any(is_thing) {
        return true;
    }
    let is_heading_word = |at: u32| {
        let of_section = |hit: &Hit<Cue>| {
            matches!(hit.what, Cue::Section(_)) && hit.first <= at && at < hit.last
        };
        cues.iter().any(of_section)
    };
    let is_small = |at: u32| {
        let word = scan.word(at as usize);
        SMALL.iter().any(|small| word.eq_ignore_ascii_case(small))
    };
    (line.first..wish.first).any(|at| !is_heading_word(at) && !is_small(at))
}

/// Whether a heading with a colon only leads elsewhere: "About us: https://…", "You can
/// read more about us here:".
fn leads_elsewhere(scan: &Scan<'_>, first: usize, end: usize) -> bool {
    let rest = &scan.text[scan.tokens[end - 1].end as usize..];
    let rest = rest.trim_start_matches([':', '：', ' ', '*', '<', '(']);
    rest.starts_with("http")
        || rest.starts_with("www.")
        || scan.is_any(first, &["you"]) && scan.is_any(first + 1, &["can"])
}

/// Where the heading of a line begins: behind the last sentence before its colon, as in
/// "We use Go; nice to have: Kafka", but not behind a number.
fn begin(scan: &Scan<'_>, first: usize, end: usize) -> usize {
    let ends = |at: &usize| scan.before(*at).any(Mark::STOP.or(Mark::SEMICOLON));
    (first + 2..end).rev().find(ends).unwrap_or(first)
}

/// Whether a label of technologies names those of the employer: "Our stack", "What we use".
fn is_of_house(scan: &Scan<'_>, first: usize, end: usize) -> bool {
    let house = [
        "our", "we", "unser", "unsere", "wir", "notre", "nos", "nuestro", "nasz", "nasze",
    ];
    (first..end).any(|at| scan.is_any(at, &house))
}
