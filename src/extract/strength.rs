//! What the words around a mention say of it: how strongly it is asked for,
//! whether it is ruled out, an instance, or one of several.

use crate::posting::SkillStrength;
use crate::skills::{Skill, SkillNo, Taxonomy};

use super::lexicon::cues::Cue;
use super::lexicon::starts::WordHash;
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
    /// The families of those, as bits: most sentences lack most of them.
    pub(super) families: u32,
    /// Its first word, and the one after its last.
    pub(super) words: Span,
    /// Between an item and the next.
    pub(super) glue: &'a [Glue],
    pub(super) chains: &'a [Chain],
}

/// How far behind a list a cue may stand and still be about it: "Go would be a plus".
const REACH_AFTER: u32 = 5;
/// Farther off no cue is about a list, however long the sentence (our guess).
const FARTHEST: u32 = 100;
/// Words of a bracket that a cue may stand in.
const MOST_IN_BRACKETS: usize = 12;
/// How far before a list "one of" may stand: "one of the following languages:".
const REACH_CHOICE: u32 = 6;
/// How many signs may stand between a list and a Chinese word that calls it a choice.
const REACH_CHOICE_BACK: u32 = 8;

/// Words that begin a clause of another mind.
const TURNS: [&str; 14] = [
    "but", "ale", "aber", "mais", "pero", "while", "though", "jedoch", "aunque", "jednak",
    "whereas", "however", "although", "während",
];

/// [`Token::hash`](super::token::Token::hash) of [`TURNS`]: 0 for one with an umlaut, as such
/// words of a text have it.
const TURN_HASHES: [u32; TURNS.len()] = hashes(TURNS);

/// [`Token::hash`](super::token::Token::hash) of some words.
pub(super) const fn hashes<const N: usize>(words: [&str; N]) -> [u32; N] {
    let mut hashes = [0; N];
    let mut no = 0;
    while no < N {
        if words[no].is_ascii() {
            hashes[no] = WordHash::of(words[no].as_bytes()).check();
        }
        no += 1;
    }
    hashes
}

/// Whether a word begins a clause of another mind.
fn is_turn(scan: &Scan<'_>, at: usize) -> bool {
    TURN_HASHES.contains(&scan.tokens[at].hash) && {
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

    /// Whether there is a cue of the family of this one.
    pub(super) fn has_like(&self, cue: Cue) -> bool {
        self.families & 1 << cue.family() != 0
    }

    /// The cues from a word on.
    fn cues_from(&self, word: u32) -> &[Hit<Cue>] {
        &self.cues[self.cues.partition_point(|hit| hit.first < word)..]
    }

    /// Reads strengths, negations and examples for the sentence's items.
    pub(super) fn read(&self, items: &mut [Item]) {
        if self.has_like(Cue::Required) {
            for chain in self.chains {
                self.strength(&mut items[chain.clone()]);
            }
        }
        self.negations(items);
        if !self.has_like(Cue::ExampleBefore) {
            return;
        }
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
        let near = self.cues_from(first.saturating_sub(FARTHEST));
        let near = near.iter().take_while(|hit| hit.first <= last + FARTHEST);
        for hit in near {
            let strength = match hit.what {
                Cue::Required => SkillStrength::Required,
                Cue::Preferred => SkillStrength::Preferred,
                Cue::NotRequired => SkillStrength::Preferred,
                _ => continue,
            };
            if strength == SkillStrength::Required && self.is_condition(hit) {
                continue;
            }
            let open = self.open_before(hit.first);
            // The same where the list ends before the bracket.
            if open.is_some_and(|open| open >= last && self.has_find(open, hit.first)) {
                continue;
            }
            // "Hadoop (Spark is a plus)": what stands before the bracket is not meant.
            if let Some(open) = open.filter(|open| *open > first && *open < last)
                && hit.first >= last
            {
                for item in items.iter_mut().filter(|item| item.span.0 >= open) {
                    item.said.strength = item.said.strength.or(Some(strength));
                }
                continue;
            }
            let found = if hit.first >= last {
                let apart = hit.first - last;
                if self.turns(last, hit.first) {
                    continue;
                }
                let marks = self.marks(last, hit.first);
                let bracket = apart <= 1 && marks.any(Mark::OPEN) && !marks.any(Mark::CLOSE);
                // A cue with a colon is about what follows it.
                let leads = self.scan.before(hit.last as usize).any(Mark::COLON);
                if leads || self.heads_bullets(hit) {
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
                // "A degree (PhD preferred) and Java": the bracket is closed.
                let closed = || self.marks(hit.last, first).any(Mark::CLOSE);
                if open.is_some_and(|open| open > self.words.0) && closed() {
                    continue;
                }
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

    /// "Bonus points if you have": nothing is demanded.
    fn is_condition(&self, hit: &Hit<Cue>) -> bool {
        let before = hit.first.checked_sub(1).filter(|at| *at >= self.words.0);
        before.is_some_and(|at| self.scan.is_any(at as usize, &["if", "wenn", "si"]))
    }

    /// Whether a name was found among some words.
    fn has_find(&self, from: u32, to: u32) -> bool {
        let finds = &self.scan.finds;
        let next = finds.get(finds.partition_point(|find| find.first < from));
        next.is_some_and(|find| find.first < to)
    }

    /// "Bonus points if you have: •", a heading within a line.
    fn heads_bullets(&self, hit: &Hit<Cue>) -> bool {
        let near = hit.last..=hit.last + REACH_AFTER;
        let mut marks = near.map(|at| self.scan.before(at as usize));
        marks.any(|mark| mark.any(Mark::COLON) && mark.any(Mark::BULLET))
    }

    /// The first word of the bracket that a word stands in, if it is open there.
    fn open_before(&self, word: u32) -> Option<u32> {
        let back = (self.words.0..=word).rev().take(MOST_IN_BRACKETS);
        let mut marks = back.map(|at| (at, self.scan.before(at as usize)));
        let (at, mark) = marks.find(|(_, mark)| mark.any(Mark::OPEN.or(Mark::CLOSE)))?;
        mark.any(Mark::OPEN).then_some(at)
    }

    /// "languages like Ruby", "Ruby, for example".
    fn examples(&self, items: &mut [Item], next: u32) {
        let Some((first, last)) = ends(items) else {
            return;
        };
        for hit in self.cues {
            match hit.what {
                Cue::ExampleBefore if self.tells_all(hit) => {}
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

    /// "Our stack includes": what follows is no instance of it but the thing itself.
    fn tells_all(&self, hit: &Hit<Cue>) -> bool {
        let includes = self
            .scan
            .is_any(hit.first as usize, &["includes", "include"]);
        let before = hit.first.checked_sub(1).filter(|at| *at >= self.words.0);
        includes && before.is_some_and(|at| self.scan.is_any(at as usize, &["stack", "stacks"]))
    }

    /// Numbers the sentence's either-or lists, from `next` on.
    pub(super) fn choices(&self, items: &mut [Item], taxonomy: &Taxonomy, next: &mut u32) {
        for chain in self.chains.iter().filter(|chain| chain.len() > 1) {
            let called_so = self.called_a_choice(&items[chain.clone()], &items[chain.end..]);
            let items = &mut items[chain.clone()];
            let glue: Vec<Glue> = self.glue[chain.start..chain.end - 1]
                .iter()
                .enumerate()
                .map(|(at, glue)| self.choice_glue(*glue, &items[at], &items[at + 1], taxonomy))
                .collect();
            let Some((first, last)) = ends(items) else {
                continue;
            };
            let near = self.cues_from(first.saturating_sub(REACH_CHOICE + Cue::MOST_WORDS));
            let mut near = near.iter().take_while(|hit| hit.first < first);
            let announced = near.any(|hit| {
                hit.what == Cue::ChoiceBefore
                    && hit.last <= first
                    && first - hit.last <= REACH_CHOICE
                    && !self.turns(hit.last, first)
                    && !self.marks(hit.last, first).any(Mark::COMMA)
            });
            // "Java, C# or similar".
            let goes_on = self.lists.choice_at(last) && !self.turns(last, last + 1);
            let parts = |glue: &Glue| matches!(glue, Glue::Or | Glue::Slash);
            if !(announced || called_so || goes_on || glue.iter().any(parts)) {
                continue;
            }
            let (line, glue) = self.without_brackets(items, glue);
            // Which neighbours are of one choice.
            let mut joined = vec![false; glue.len()];
            let mut join_back = |from: usize| {
                let mut at = from;
                while at > 0
                    && matches!(
                        glue[at - 1],
                        Glue::Comma | Glue::Blank | Glue::Or | Glue::Slash
                    )
                {
                    at -= 1;
                    joined[at] = true;
                }
            };
            if announced || called_so {
                for (joined, glue) in joined.iter_mut().zip(&glue) {
                    if *glue == Glue::None {
                        break;
                    }
                    *joined = true;
                }
            } else {
                for at in (0..glue.len()).filter(|&at| glue[at] == Glue::Or) {
                    join_back(at + 1);
                }
                if goes_on {
                    join_back(glue.len());
                }
                // "Java/Kotlin, AWS/GCP" are two choices.
                for (joined, glue) in joined.iter_mut().zip(&glue) {
                    *joined |= *glue == Glue::Slash;
                }
            }
            let mut at = 0;
            while at < line.len() {
                let n_joined = joined[at..].iter().take_while(|joined| **joined).count();
                let choice = &line[at..=at + n_joined];
                if choice
                    .iter()
                    .any(|&item| items[item].skill != items[choice[0]].skill)
                {
                    for &item in choice {
                        items[item].said.group = Some(*next);
                    }
                    *next += 1;
                }
                at += n_joined + 1;
            }
        }
    }

    /// The items of a list in a row, and what joins each with the next: "Python
    /// (pandas) or R" is a choice of Python and R.
    fn without_brackets(&self, items: &[Item], mut glue: Vec<Glue>) -> (Vec<usize>, Vec<Glue>) {
        let mut line: Vec<usize> = (0..items.len()).collect();
        let opens = |item: usize| {
            let token = items[item].span.0 as usize;
            self.scan.before(token).any(Mark::OPEN)
        };
        let mut at = 0;
        while at < glue.len() {
            let (left, right) = (items[line[at]].span.1, items[line[at + 1]].span.0);
            let closes = glue[at] == Glue::Or && self.marks(left, right).any(Mark::CLOSE);
            let open = (1..=at).rev().find(|&no| opens(line[no]));
            match open.filter(|_| closes) {
                Some(open) => {
                    line.drain(open..=at);
                    glue.drain(open..=at);
                    glue[open - 1] = Glue::Or;
                    at = open;
                }
                None => at += 1,
            }
        }
        (line, glue)
    }

    /// Whether what follows a list calls it a choice: "Java, Go (either one)",
    /// "Java、Go等语言的任意一种".
    fn called_a_choice(&self, list: &[Item], after: &[Item]) -> bool {
        let Some((_, last)) = ends(list) else {
            return false;
        };
        let near = self.cues_from(last);
        let mut near = near
            .iter()
            .take_while(|hit| hit.first <= last + REACH_CHOICE_BACK);
        near.any(|hit| {
            let is_latin = self.scan.word(hit.first as usize).is_ascii();
            let reach = if is_latin { 0 } else { REACH_CHOICE_BACK };
            let next = after.get(after.partition_point(|item| item.span.0 < hit.last));
            hit.what == Cue::ChoiceBefore
                && (last..=last + reach).contains(&hit.first)
                && !self.turns(last, hit.first)
                && !self.marks(last + 1, hit.first).any(Mark::COMMA)
                && next.is_none_or(|next| {
                    self.turns(hit.last, next.span.0)
                        || self.marks(hit.last, next.span.0).any(Mark::COMMA)
                })
        })
    }

    /// A slash is a choice between alternatives of one branch only; brackets part choices.
    fn choice_glue(&self, glue: Glue, left: &Item, right: &Item, taxonomy: &Taxonomy) -> Glue {
        let mark = self.scan.before(right.span.0 as usize);
        match glue {
            Glue::Slash if !alternatives(left.skill, right.skill, taxonomy) => Glue::Comma,
            Glue::Comma if mark.any(Mark::OPEN.or(Mark::CLOSE)) => Glue::None,
            glue => glue,
        }
    }
}

/// Pairs of one branch that are said as one with a slash and asked for together.
const TOGETHER: &[(&str, &str)] = &[
    ("agile", "scrum"),
    ("c", "cpp"),
    ("css", "html"),
    ("grafana", "prometheus"),
    ("oauth", "openid-connect"),
];

/// Whether two skills of a slash stand for each other: one will do for the
/// other, and neither implies it.
fn alternatives(left: SkillNo, right: SkillNo, taxonomy: &Taxonomy) -> bool {
    let (a, b) = (taxonomy.skill(left), taxonomy.skill(right));
    let is_implied =
        taxonomy.implied_by(left).contains(&right) || taxonomy.implied_by(right).contains(&left);
    let is_near = |a: &Skill, b: SkillNo| a.near.iter().any(|(near, _)| *near == b);
    let pair = (a.id.as_str().min(&b.id), a.id.as_str().max(&b.id));
    !is_implied
        && left != right
        && a.paths.iter().any(|path| b.paths.contains(path))
        && (is_near(a, right) || is_near(b, left))
        && !TOGETHER.contains(&pair)
}

/// The first word of a list and the one after its last.
pub(super) fn ends(items: &[Item]) -> Option<Span> {
    Some((items.first()?.span.0, items.last()?.span.1))
}
