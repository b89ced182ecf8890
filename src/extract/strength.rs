//! What the words around a mention say of it: how strongly it is asked for,
//! whether it is ruled out, or an instance.

use crate::posting::SkillStrength;
use crate::skills::SkillNo;

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
    /// That is only praise: among wishes it says how well, not how strongly.
    pub(super) praised: bool,
    /// It alone of its list is wished for: what is said of the others is not meant.
    pub(super) aside: bool,
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

/// Words for what comes next: "Java, ideally with Kafka" wishes for Kafka.
const FORWARD: &[&str] = &[
    "ideally",
    "preferably",
    "optionally",
    "idealerweise",
    "optimalerweise",
    "bestenfalls",
    "idéalement",
    "idealmente",
    "preferiblemente",
    "preferentemente",
    "najlepiej",
    "opcjonalnie",
    "im",
    "de",
    "最",
];
/// Words that say something of one thing: "Java, Kafka is a plus".
const SINGULAR: &[&str] = &[
    "is", "ist", "wäre", "est", "serait", "es", "sería", "será", "jest",
];
/// What a Chinese clause of its own begins with: "3年经验，有银行经验优先".
const CLAUSES: [&str; 7] = ["有", "具有", "具备", "熟", "掌握", "精通", "了解"];

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

    /// Whether a Chinese clause begins at a word, behind a comma.
    fn opens_clause(&self, at: usize) -> bool {
        self.scan.tokens.get(at).is_some_and(|token| {
            let rest = || &self.scan.text[token.start as usize..];
            token.shape.is_joined()
                && token.before.any(Mark::COMMA)
                && CLAUSES.iter().any(|verb| rest().starts_with(verb))
        })
    }

    /// The same, where a comma is enough for Chinese.
    fn parts(&self, from: u32, to: u32) -> bool {
        self.turns(from, to) || (from..=to).any(|at| self.opens_clause(at as usize))
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
    pub(super) fn cues_from(&self, word: u32) -> &[Hit<Cue>] {
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
        let mut best: Option<(u32, u32, SkillStrength, bool)> = None;
        let mut of_last: Option<SkillStrength> = None;
        let near = self.cues_from(first.saturating_sub(FARTHEST));
        let near = near.iter().take_while(|hit| hit.first <= last + FARTHEST);
        for hit in near {
            let strength = match hit.what {
                Cue::Required | Cue::Praise => SkillStrength::Required,
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
                if self.parts(last, hit.first) {
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
                if self.looks_forward(hit, marks) {
                    continue;
                }
                if n_items > 1 && self.is_of_last(hit, items) {
                    if let Some(item) = items.last_mut() {
                        item.said.strength = Some(strength);
                        item.said.aside = true;
                    }
                    continue;
                }
                let near =
                    apart <= REACH_AFTER && !marks.any(Mark::COMMA) || self.ends_clause(hit, last);
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
                } else if self.turns(hit.last, first)
                    || hit.what == Cue::Preferred && self.parts(hit.last, first)
                {
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
                let marks = self.marks(hit.first, hit.first);
                let about = if self.looks_forward(hit, marks) {
                    items.iter_mut().find(|item| item.span.0 >= hit.last)
                } else {
                    let mut before = items.iter_mut().rev();
                    before.find(|item| item.span.1 <= hit.first)
                };
                if let Some(item) = about {
                    item.said.strength = Some(strength);
                    item.said.praised = hit.what == Cue::Praise;
                }
                continue;
            } else {
                continue;
            };
            if best.is_none_or(|best| (found.0, found.1) < (best.0, best.1)) {
                best = Some((found.0, found.1, found.2, hit.what == Cue::Praise));
            }
        }
        if let Some((_, _, strength, praised)) = best {
            let open = items.iter_mut().filter(|item| item.said.strength.is_none());
            open.for_each(|item| {
                (item.said.strength, item.said.praised) = (Some(strength), praised);
            });
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

    /// Whether a wish behind a list is about what follows it: "Java, ideally with Kafka",
    /// "Java, preferably at a bank", but not "Java preferably".
    fn looks_forward(&self, hit: &Hit<Cue>, marks: Mark) -> bool {
        const ENDS: Mark = Mark::SENTENCE.or(Mark::COMMA).or(Mark::CLOSE);
        let next = self
            .scan
            .finds
            .partition_point(|find| find.first < hit.last);
        let names_more = || {
            let next = self.scan.finds.get(next).map(|find| find.first);
            next.is_some_and(|next| {
                next < self.words.1
                    && !self.marks(hit.last, next).any(ENDS)
                    && !self.turns(hit.last, next)
            })
        };
        let goes_on =
            || marks.any(Mark::COMMA) && self.scan.before(hit.last as usize).only(Mark::BLANK);
        hit.what == Cue::Preferred
            && self.scan.is_any(hit.first as usize, FORWARD)
            && (goes_on() || names_more())
    }

    /// Whether a wish is about the last item of a list alone, as what is asked for stands
    /// before it: "3 years with Java, Kafka is a plus".
    fn is_of_last(&self, hit: &Hit<Cue>, items: &[Item]) -> bool {
        let [.., before, last] = items else {
            return false;
        };
        let first = items[0].span.0;
        let asked = |cue: &Hit<Cue>| {
            cue.last <= first && matches!(cue.what, Cue::Required | Cue::Praise | Cue::Unit)
        };
        hit.first == last.span.1
            && SINGULAR.contains(&self.scan.word(hit.first as usize))
            && self.lists.glue(before.span, last.span) == Glue::Comma
            && self.cues.iter().any(asked)
    }

    /// Whether a Chinese wish ends the clause that a list stands in, however far off:
    /// "具有Java、高并发等相关项目经验者优先".
    fn ends_clause(&self, hit: &Hit<Cue>, last: u32) -> bool {
        let (first, end) = (hit.first as usize, hit.last as usize);
        let is_sign = |at: usize| self.scan.tokens[at].shape.is_joined();
        // Behind a comma only what is named right there: "熟悉Vue，Weex者优先".
        let apart = |at: u32| {
            let at = at as usize;
            self.scan.before(at).any(Mark::COMMA)
                && is_sign(at)
                && !self.scan.text[..self.scan.tokens[at].start as usize].ends_with('、')
        };
        hit.what == Cue::Preferred
            && is_sign(first)
            && (hit.last >= self.words.1
                || self
                    .scan
                    .before(end)
                    .any(Mark::COMMA.or(Mark::SENTENCE).or(Mark::SEMICOLON)))
            && !(last..hit.first).any(apart)
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
}

/// The first word of a list and the one after its last.
pub(super) fn ends(items: &[Item]) -> Option<Span> {
    Some((items.first()?.span.0, items.last()?.span.1))
}
