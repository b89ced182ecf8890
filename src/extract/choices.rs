//! Which items of a sentence are alternatives: "Ruby, Python or Go", "one of A and B".

use crate::skills::{Skill, SkillNo, Taxonomy};

use super::lexicon::cues::Cue;
use super::lists::{Glue, Lists};
use super::strength::{Item, Sentence, ends};
use super::token::{Hit, Mark};

/// How far before a list "one of" may stand: "one of the following languages:".
const REACH_CHOICE: u32 = 6;
/// How many signs may stand between a list and a Chinese word that calls it a choice.
const REACH_CHOICE_BACK: u32 = 8;

impl Sentence<'_> {
    /// Numbers the sentence's either-or lists, from `next` on.
    pub(super) fn choices(&self, items: &mut [Item], taxonomy: &Taxonomy, next: &mut u32) {
        for chain in self.chains.iter().filter(|chain| chain.len() > 1) {
            let called_so = self.called_a_choice(&items[chain.clone()], &items[chain.end..]);
            let items = &mut items[chain.clone()];
            let glue = self.choice_glue(&self.glue[chain.start..chain.end - 1], items, taxonomy);
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
            let begins = |at: usize| self.begins_choice(&glue, &line, items, at);
            let mut join_back = |from: usize| {
                let mut at = from;
                while at > 0
                    && matches!(
                        glue[at - 1],
                        Glue::Comma | Glue::Blank | Glue::Or | Glue::Slash
                    )
                    && !begins(at - 1)
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

    /// Whether a comma parts two choices: it stands behind an "or", and the list goes on to
    /// another one that has no comma of its own ("React or Vue, Node.js or Python").
    fn begins_choice(&self, glue: &[Glue], line: &[usize], items: &[Item], at: usize) -> bool {
        if glue[at] != Glue::Comma || at == 0 || glue[at - 1] != Glue::Or {
            return false;
        }
        let mut later = (at + 1..glue.len()).skip_while(|&at| glue[at] == Glue::Comma);
        later.next().is_some_and(|or| {
            let (left, right) = (&items[line[or]], &items[line[or + 1]]);
            glue[or] == Glue::Or && !self.marks(left.span.1, right.span.0).any(Mark::COMMA)
        })
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

    /// A slash is a choice between alternatives of one branch only, be they neighbours or
    /// not ("Rust/Go/Node"); brackets part choices.
    fn choice_glue(&self, glue: &[Glue], items: &[Item], taxonomy: &Taxonomy) -> Vec<Glue> {
        let is_slash = |at: &usize| glue[*at] == Glue::Slash;
        let chosen = |at: usize| {
            let from = (0..at).rev().take_while(is_slash).last().unwrap_or(at);
            let to = (at + 1..glue.len())
                .take_while(is_slash)
                .last()
                .unwrap_or(at)
                + 1;
            let stands = |left: usize, right: usize| {
                alternatives(items[left].skill, items[right].skill, taxonomy)
            };
            (from..=at).any(|left| stands(left, at + 1))
                || (at + 1..=to).any(|right| stands(at, right))
        };
        let read = |at: usize| {
            let mark = self.scan.before(items[at + 1].span.0 as usize);
            match glue[at] {
                Glue::Slash if !chosen(at) => Glue::Comma,
                Glue::Comma if mark.any(Mark::OPEN.or(Mark::CLOSE)) => Glue::None,
                glue => glue,
            }
        };
        (0..glue.len()).map(read).collect()
    }
}

/// Joins the items of a list over an unknown name between them, where the list is called
/// one of choices or of examples: "one of Ruby, Foolang, or Python".
pub(super) fn bridge(glue: &mut [Glue], items: &[Item], cues: &[Hit<Cue>], lists: &Lists<'_>) {
    let mut begin = 0;
    for at in 0..glue.len() {
        if glue[at] == Glue::Gap {
            let first = items[begin].span.0;
            let announces = |hit: &Hit<Cue>| {
                let reach = match hit.what {
                    Cue::ChoiceBefore => REACH_CHOICE,
                    Cue::ExampleBefore => 1,
                    _ => return false,
                };
                hit.last <= first && first - hit.last <= reach
            };
            if cues.iter().any(announces) {
                glue[at] = lists.bridge(items[at].span, items[at + 1].span);
            }
        }
        if !glue[at].is_close() {
            begin = at + 1;
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
