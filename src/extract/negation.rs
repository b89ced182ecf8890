//! What a sentence rules out: "no PHP, Perl or Java", "Puppet was retired",
//! "wir setzen kein X ein", "X? No."

use crate::posting::SkillStrength;

use super::lexicon::cues::Cue;
use super::lists::{Glue, Span};
use super::scan::Scan;
use super::strength::{Item, Sentence};
use super::token::{Hit, Mark};

/// How far before a list a negation may stand: "not a Java shop".
const REACH: u32 = 3;
/// How far if it rules out whatever follows: "nobody here has ever written R".
const REACH_WIDE: u32 = 5;
/// How far behind a list its negation may stand: "Java is hardly ever used".
const REACH_AFTER: u32 = 1;

/// First words of negations that hold for the whole clause.
const WIDE: &[&str] = &[
    "nobody", "noone", "nothing", "none", "niemand", "nichts", "personne", "rien", "nadie", "nada",
    "nikt", "nic",
];

/// First words of negations behind a list that are about all of it.
const PLURAL: &[&str] = &[
    "were", "are", "have", "wurden", "werden", "sind", "ont", "sont", "han", "fueron",
];

/// Words that leave a list open after "or": "in R or in MATLAB", "ni de VMware".
const SMALL: &[&str] = &[
    "in", "with", "on", "of", "a", "an", "any", "the", "de", "d", "à", "en", "con", "mit", "z",
    "w", "na",
];

/// Words of a comparison.
const COMPARED: &[&str] = &[
    "than", "better", "more", "besser", "mehr", "mieux", "mejor", "lepiej",
];

/// Answers to "Java?".
const NO: &[&str] = &["no", "nope", "never", "nein", "nie", "non"];

impl Sentence<'_> {
    /// Marks the items that the sentence rules out.
    pub(super) fn negations(&self, items: &mut [Item]) {
        let cues = if self.has_like(Cue::Negation) {
            self.cues
        } else {
            &[]
        };
        for hit in cues {
            match hit.what {
                // "You do not need Rust" rules it out, "Rust is not required" does not.
                Cue::Negation | Cue::NotRequired if !self.is_not_only(hit) => {
                    self.rule_out_after(items, hit);
                }
                Cue::NegationAfter => self.rule_out_before(items, hit),
                _ => {}
            }
        }
        self.without(items);
        if self.answered_no() {
            items.iter_mut().for_each(|item| item.said.negated = true);
        }
    }

    /// The list next to a negation before it, and nothing further on.
    fn rule_out_after(&self, items: &mut [Item], hit: &Hit<Cue>) {
        let Some(from) = items.iter().position(|item| item.span.0 >= hit.last) else {
            return;
        };
        let to = items[from].span.0;
        let wide = WIDE.iter().any(|word| {
            self.scan
                .word(hit.first as usize)
                .eq_ignore_ascii_case(word)
        });
        // "nobody knows Python better", "nothing we love more than Rust".
        let compared = |at: u32| {
            COMPARED
                .iter()
                .any(|word| self.scan.word(at as usize).eq_ignore_ascii_case(word))
        };
        if wide && (hit.last..self.words.1).any(compared) {
            return;
        }
        let reach = if wide { REACH_WIDE } else { REACH };
        // "What you can forget: MATLAB, Hadoop": a heading of its own.
        let leads = hit.what == Cue::Negation
            && hit.last < self.words.1
            && self.scan.before(hit.last as usize).any(Mark::COLON)
            && hit.last - hit.first > 1;
        let from_word = if leads { hit.last + 1 } else { hit.last };
        let apart = self.marks(from_word.min(to), to).any(PARTS);
        // "Python? No. Rust? Yes."
        let ended = hit.last > 0
            && self.scan.text[self.scan.tokens[hit.last as usize - 1].end as usize..]
                .starts_with(". ");
        if ended || self.is_tied(hit) || self.welcome(items, from, hit) {
            return;
        }
        if to - hit.last > reach
            || (apart && !(leads && to == hit.last))
            || self.turns(hit.last, to)
        {
            return;
        }
        items[from].said.negated = true;
        for at in from..items.len() - 1 {
            // "JavaScript (not TypeScript) and Python"
            let (end, next) = (items[at].span.1, items[at + 1].span.0);
            if self.marks(end, next).any(Mark::CLOSE) {
                break;
            }
            match self.glue[at] {
                Glue::Or | Glue::And | Glue::Slash => {}
                Glue::Comma | Glue::Blank if leads || self.joined_later(at) => {}
                Glue::None | Glue::Gap if leads && !self.turns(to, items[at + 1].span.0) => {}
                Glue::None | Glue::Gap if self.or_in(&items[at], &items[at + 1]) => {}
                _ => break,
            }
            items[at + 1].said.negated = true;
        }
    }

    /// "no-SQL databases", "(No)SQL": a name, not a denial.
    fn is_tied(&self, hit: &Hit<Cue>) -> bool {
        const TIES: Mark = Mark::HYPHEN.or(Mark::CLOSE);
        let next = self.scan.before(hit.last as usize);
        next.any(TIES) && next.only(TIES.or(Mark::DASH))
    }

    /// "No Java required, but it would be welcome" rules nothing out.
    fn welcome(&self, items: &mut [Item], from: usize, hit: &Hit<Cue>) -> bool {
        let last = items[from].span.1;
        let demanded = self.cues.iter().any(|other| {
            matches!(other.what, Cue::Required | Cue::Praise)
                && other.first >= last
                && other.first <= last + 3
        });
        let wished = self
            .cues
            .iter()
            .any(|other| other.what == Cue::Preferred && other.first >= last);
        let welcome = hit.what == Cue::Negation && demanded && wished;
        if welcome {
            items[from].said.strength = Some(SkillStrength::Preferred);
        }
        welcome
    }

    /// Whether the list goes on to an "or" or "and": "no PHP, Perl or Java".
    fn joined_later(&self, at: usize) -> bool {
        self.glue[at..]
            .iter()
            .take_while(|glue| glue.is_close())
            .any(|glue| matches!(glue, Glue::Or | Glue::And))
    }

    /// "in R or in MATLAB": a joining word and a small one between two items.
    fn or_in(&self, left: &Item, right: &Item) -> bool {
        let noch = right.span.0 == left.span.1 + 1
            && ["noch", "nor", "ani", "ni"].iter().any(|word| {
                self.scan
                    .word(left.span.1 as usize)
                    .eq_ignore_ascii_case(word)
            });
        noch || right.span.0 == left.span.1 + 2
            && self.lists.choice_at(left.span.1)
            && SMALL.iter().any(|word| {
                self.scan
                    .word(left.span.1 as usize + 1)
                    .eq_ignore_ascii_case(word)
            })
    }

    /// "Puppet was retired", "Docker nutzen wir nicht".
    fn rule_out_before(&self, items: &mut [Item], hit: &Hit<Cue>) {
        let Some(last) = items.iter().rposition(|item| item.span.1 <= hit.first) else {
            return;
        };
        let end = items[last].span.1;
        if hit.first - end > REACH_AFTER
            || self.marks(end, hit.first).any(PARTS)
            || self.turns(end, hit.first)
        {
            return;
        }
        items[last].said.negated = true;
        let plural = PLURAL.iter().any(|word| {
            self.scan
                .word(hit.first as usize)
                .eq_ignore_ascii_case(word)
        });
        for at in (0..last).rev() {
            match self.glue[at] {
                Glue::Or | Glue::Slash => {}
                Glue::And | Glue::Comma if plural => {}
                _ => break,
            }
            items[at].said.negated = true;
        }
    }

    /// "PHP-free", "Java-frei", "pas d'Angular".
    fn without(&self, items: &mut [Item]) {
        for item in items {
            let next = item.span.1;
            let free = next < self.words.1
                && self.scan.before(next as usize).any(Mark::HYPHEN)
                && !self.scan.before(next as usize).any(Mark::BLANK)
                && ["free", "frei", "freie", "freies"]
                    .iter()
                    .any(|word| self.scan.word(next as usize).eq_ignore_ascii_case(word));
            // "pas d'Angular": no cue ends at an apostrophe.
            let first = item.span.0 as usize;
            let elided = first > self.words.0 as usize + 1
                && self.scan.word(first - 1).eq_ignore_ascii_case("d")
                && ["pas", "jamais", "plus", "ni", "aucunement"]
                    .iter()
                    .any(|word| self.scan.word(first - 2).eq_ignore_ascii_case(word));
            item.said.negated |= free || elided;
        }
    }

    /// "Java? No."
    fn answered_no(&self) -> bool {
        let next = self.words.1 as usize;
        let asked = |end: u32| self.scan.text[end as usize..].starts_with(['?', '？']);
        next > 0
            && next < self.scan.tokens.len()
            && asked(self.scan.tokens[next - 1].end)
            && !self.scan.before(next).any(Mark::NEWLINE)
            && self.scan.text[self.scan.tokens[next].end as usize..]
                .trim_start_matches(" thanks")
                .starts_with(['.', ',', '!', ';'])
            && NO
                .iter()
                .any(|word| self.scan.word(next).eq_ignore_ascii_case(word))
    }

    /// "not only Java", "not just Java".
    fn is_not_only(&self, hit: &Hit<Cue>) -> bool {
        (hit.last as usize) < self.scan.tokens.len()
            && NOT_ONLY
                .iter()
                .any(|word| self.scan.word(hit.last as usize).eq_ignore_ascii_case(word))
    }
}

/// Whether a sentence of one item and no cue may rule it out all the same:
/// "PHP-free", "pas d'Angular", "Java?".
pub(super) fn is_odd(scan: &Scan<'_>, span: Span, end: u32) -> bool {
    let (first, last) = (span.0 as usize, span.1 as usize);
    scan.before(last).any(Mark::HYPHEN)
        || (first > 0 && scan.tokens[first - 1].end - scan.tokens[first - 1].start == 1)
        || scan.text[scan.tokens[end as usize - 1].end as usize..].starts_with(['?', '？'])
}

/// What parts a negation and a list.
const PARTS: Mark = Mark::COMMA
    .or(Mark::COLON)
    .or(Mark::SEMICOLON)
    .or(Mark::OPEN);

/// Words after "not" that take it back.
const NOT_ONLY: &[&str] = &[
    "only",
    "just",
    "limited",
    "necessarily",
    "nur",
    "seulement",
    "uniquement",
    "solo",
    "sólo",
    "tylko",
];
