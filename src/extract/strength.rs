//! What the words around a mention say of it: how strongly it is asked for,
//! whether it is ruled out, an instance, or one of several.

use crate::posting::SkillStrength;
use crate::skills::{SkillNo, Taxonomy};

use super::lexicon::cues::Cue;
use super::lists::{Glue, Lists, Span};
use super::scan::Scan;
use super::token::{Hit, Mark};

/// A believed mention on its way to the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) skill: SkillNo,
    pub(super) span: Span,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) rule: &'static str,
    /// A technology or a certificate.
    pub(super) is_thing: bool,
    /// Named by its own spelling rather than a phrase pattern.
    pub(super) is_name: bool,
    pub(super) said: Said,
}

/// What the sentence says of an item.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    pub(super) strength: Option<SkillStrength>,
    pub(super) years: Option<crate::posting::Years>,
    pub(super) group: Option<u32>,
    pub(super) negated: bool,
    pub(super) example: bool,
}

/// Items of a list that stand in one sentence: the first, and the one after the last.
pub(super) type Chain = std::ops::Range<usize>;

/// One sentence with mentions in it.
pub(super) struct Sentence<'a> {
    pub(super) scan: &'a Scan<'a>,
    pub(super) lists: &'a Lists<'a>,
    pub(super) cues: &'a [Hit<Cue>],
    /// Its first word, and the one after its last.
    pub(super) words: Span,
    /// Between an item and the next.
    pub(super) glue: &'a [Glue],
    pub(super) chains: &'a [Chain],
}

/// How far behind a list a cue may stand and still be about it: "Go would be a plus".
const REACH_AFTER: u32 = 5;
/// How far before a list "one of" may stand: "one of the following languages:".
const REACH_CHOICE: u32 = 6;

/// Words that begin a clause of another mind.
const TURNS: [&str; 14] = [
    "but", "ale", "aber", "mais", "pero", "while", "though", "jedoch", "aunque", "jednak",
    "whereas", "however", "although", "während",
];

/// What [`TURNS`] begin with, as [`Token::letters`] has it.
///
/// [`Token::letters`]: super::token::Token::letters
const TURNS_BEGIN: [u32; TURNS.len()] = first_letters(TURNS);

/// [`Token::letters`](super::token::Token::letters) of some words.
pub(super) const fn first_letters<const N: usize>(words: [&str; N]) -> [u32; N] {
    let mut begin = [0; N];
    let mut no = 0;
    while no < N {
        let word = words[no].as_bytes();
        let mut at = 0;
        while at < 4 && at < word.len() && word[at] < 0x80 {
            begin[no] |= (word[at] as u32) << (at * 8);
            at += 1;
        }
        no += 1;
    }
    begin
}

/// Whether a word begins a clause of another mind.
fn is_turn(scan: &Scan<'_>, at: usize) -> bool {
    let letters = scan.tokens[at].letters;
    (letters == 0 || TURNS_BEGIN.contains(&letters)) && {
        let word = scan.word(at);
        TURNS.iter().any(|turn| word.eq_ignore_ascii_case(turn))
    }
}

impl Sentence<'_> {
    /// Whether a new clause begins between two words.
    pub(super) fn turns(&self, from: u32, to: u32) -> bool {
        (from.max(self.words.0 + 1)..self.words.1.min(to + 1)).any(|at| {
            let at = at as usize;
            self.scan.before(at).any(Mark::SEMICOLON) || is_turn(self.scan, at)
        })
    }

    pub(super) fn marks(&self, from: u32, to: u32) -> Mark {
        (from..=to).fold(Mark::default(), |marks, token| {
            marks.or(self.scan.before(token as usize))
        })
    }

    /// Reads strengths, negations and examples for the sentence's items.
    pub(super) fn read(&self, items: &mut [Item]) {
        for chain in self.chains {
            self.strength(&mut items[chain.clone()]);
        }
        self.negations(items);
        for (no, chain) in self.chains.iter().enumerate() {
            let after = self
                .chains
                .get(no + 1)
                .map_or(self.words.1, |next| items[next.start].span.0);
            self.examples(&mut items[chain.clone()], after);
        }
    }

    fn strength(&self, items: &mut [Item]) {
        let Some((first, last)) = ends(items) else {
            return;
        };
        let n_items = items.len();
        // (rank, distance, what): the least wins.
        let mut best: Option<(u32, u32, SkillStrength)> = None;
        let mut of_last: Option<SkillStrength> = None;
        for hit in self.cues {
            let strength = match hit.what {
                Cue::Required => SkillStrength::Required,
                Cue::Preferred => SkillStrength::Preferred,
                Cue::NotRequired => SkillStrength::Preferred,
                _ => continue,
            };
            let found = if hit.first >= last {
                let apart = hit.first - last;
                if self.turns(last, hit.first) {
                    continue;
                }
                let marks = self.marks(last, hit.first);
                let bracket = apart <= 1 && marks.any(Mark::OPEN) && !marks.any(Mark::CLOSE);
                // A cue with a colon is about what follows it.
                let leads = self.scan.before(hit.last as usize).any(Mark::COLON);
                if leads {
                    continue;
                }
                if bracket && n_items > 1 {
                    of_last = Some(strength);
                    continue;
                }
                let near = apart <= REACH_AFTER && !marks.any(Mark::COMMA);
                (if near { 0 } else { 3 }, apart, strength)
            } else if hit.last <= first {
                let apart = first - hit.last;
                let leads = self.scan.before(hit.last as usize).any(Mark::COLON);
                if leads {
                    (1, apart, strength)
                } else if self.turns(hit.last, first) {
                    continue;
                } else {
                    // "Ideally strong Go": the wish counts more than the praise.
                    (
                        if strength == SkillStrength::Preferred {
                            1
                        } else {
                            2
                        },
                        apart,
                        strength,
                    )
                }
            } else if hit.first >= first && hit.last <= last {
                // Between the items of the list: about the one before it.
                if let Some(item) = items.iter_mut().rev().find(|item| item.span.1 <= hit.first) {
                    item.said.strength = Some(strength);
                }
                continue;
            } else {
                continue;
            };
            if best.is_none_or(|best| (found.0, found.1) < (best.0, best.1)) {
                best = Some(found);
            }
        }
        for item in items.iter_mut() {
            item.said.strength = item.said.strength.or(best.map(|(_, _, strength)| strength));
        }
        if let (Some(strength), Some(item)) = (of_last, items.last_mut()) {
            item.said.strength = Some(strength);
        }
    }

    /// "languages like Ruby", "Ruby, for example".
    fn examples(&self, items: &mut [Item], next: u32) {
        let Some((first, last)) = ends(items) else {
            return;
        };
        for hit in self.cues {
            match hit.what {
                Cue::ExampleBefore => {
                    let from = if hit.last <= first {
                        if first - hit.last > 1 { continue } else { 0 }
                    } else if hit.last <= last {
                        match items.iter().position(|item| item.span.0 >= hit.last) {
                            Some(from) => from,
                            None => continue,
                        }
                    } else {
                        continue;
                    };
                    for item in &mut items[from..] {
                        item.said.example = true;
                    }
                }
                Cue::ExampleAfter
                    if hit.first >= last && hit.first <= last + 1 && hit.first < next =>
                {
                    for item in items.iter_mut() {
                        item.said.example = true;
                    }
                }
                _ => {}
            }
        }
    }

    /// Numbers the sentence's either-or lists, from `next` on.
    pub(super) fn choices(&self, items: &mut [Item], taxonomy: &Taxonomy, next: &mut u32) {
        for chain in self.chains.iter().filter(|chain| chain.len() > 1) {
            let items = &mut items[chain.clone()];
            let glue: Vec<Glue> = self.glue[chain.start..chain.end - 1]
                .iter()
                .enumerate()
                .map(|(at, glue)| self.choice_glue(*glue, &items[at], &items[at + 1], taxonomy))
                .collect();
            let Some((first, last)) = ends(items) else {
                continue;
            };
            let mut member = vec![false; items.len()];
            let mut mark =
                |range: std::ops::RangeInclusive<usize>| range.for_each(|at| member[at] = true);
            let announced = self.cues.iter().any(|hit| {
                hit.what == Cue::ChoiceBefore
                    && hit.last <= first
                    && first - hit.last <= REACH_CHOICE
                    && !self.turns(hit.last, first)
                    && !self.marks(hit.last, first).any(Mark::COMMA)
            });
            let run_end = |from: usize| {
                glue[from..]
                    .iter()
                    .position(|glue| *glue == Glue::None)
                    .map_or(items.len() - 1, |n| from + n)
            };
            if announced {
                mark(0..=run_end(0));
            } else {
                for (at, joined) in glue
                    .iter()
                    .enumerate()
                    .filter(|(_, glue)| **glue == Glue::Or)
                {
                    let _ = joined;
                    let mut from = at;
                    while from > 0 && matches!(glue[from - 1], Glue::Comma | Glue::Blank | Glue::Or)
                    {
                        from -= 1;
                    }
                    mark(from..=at + 1);
                }
                // "Java, C# or similar".
                if self.lists.choice_at(last) && !self.turns(last, last + 1) {
                    let mut from = items.len() - 1;
                    while from > 0 && matches!(glue[from - 1], Glue::Comma | Glue::Blank | Glue::Or)
                    {
                        from -= 1;
                    }
                    if from + 1 < items.len() {
                        mark(from..=items.len() - 1);
                    }
                }
            }
            // Members side by side are one choice; an "and" parts two.
            let mut at = 0;
            while at < items.len() {
                if !member[at] {
                    at += 1;
                    continue;
                }
                let mut end = at;
                while end + 1 < items.len()
                    && member[end + 1]
                    && glue[end] != Glue::None
                    && (announced || glue[end] != Glue::And)
                {
                    end += 1;
                }
                let skills: Vec<SkillNo> = items[at..=end].iter().map(|item| item.skill).collect();
                if skills.iter().any(|skill| *skill != skills[0]) {
                    for item in &mut items[at..=end] {
                        item.said.group = Some(*next);
                    }
                    *next += 1;
                }
                at = end + 1;
            }
        }
    }

    /// A slash is "or" between alternatives of one branch only; brackets part choices.
    fn choice_glue(&self, glue: Glue, left: &Item, right: &Item, taxonomy: &Taxonomy) -> Glue {
        let mark = self.scan.before(right.span.0 as usize);
        match glue {
            Glue::Slash if alternatives(left.skill, right.skill, taxonomy) => Glue::Or,
            Glue::Slash => Glue::Comma,
            Glue::Comma if mark.any(Mark::OPEN.or(Mark::CLOSE)) => Glue::None,
            glue => glue,
        }
    }
}

/// Whether two skills of a slash stand for each other: of one branch, neither
/// implied by the other, and not C/C++, which is said as one.
fn alternatives(left: SkillNo, right: SkillNo, taxonomy: &Taxonomy) -> bool {
    let (a, b) = (taxonomy.skill(left), taxonomy.skill(right));
    let implied =
        taxonomy.implied_by(left).contains(&right) || taxonomy.implied_by(right).contains(&left);
    let c_family = a.label == "C" && b.label == "C++";
    !implied && !c_family && left != right && a.paths.iter().any(|path| b.paths.contains(path))
}

/// The first word of a list and the one after its last.
pub(super) fn ends(items: &[Item]) -> Option<Span> {
    Some((items.first()?.span.0, items.last()?.span.1))
}
