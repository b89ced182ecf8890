//! What speaks for or against a find: its neighbours, the words around it, how
//! it is written, what the rest of the posting names.

use crate::skills::{Case, Kind, SkillNo};

use super::decide::{Beside, Candidate, Court};
use super::lexicon::Form;
use super::lexicon::SectionKind;
use super::lexicon::cues::Cue;
use super::lists::Glue;
use super::scan::{Find, Mark};
use super::sections;

/// How far from a weak form its own cue may stand, in words.
const OWN_CUE_REACH: u32 = 4;

/// All that speaks for or against one spelling of one find.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence {
    /// A longer phrase says it is something else.
    pub(super) blocked: bool,
    /// Only by the small word after it ("react to"): a list with the name in its
    /// own spelling is stronger.
    pub(super) barely_blocked: bool,
    /// It is an entry of a list of skills, and nothing else stands there.
    pub(super) stated: bool,
    /// It is the employer's own name.
    pub(super) employer: bool,
    /// And nothing but the employer: "X's team", "at X".
    pub(super) house: bool,
    /// The word after it is said of the employer as well: "X engineers".
    pub(super) house_word: bool,
    /// It stands where things are asked for.
    pub(super) asked_for: bool,
    /// It is a list item of its own where things are asked for: "- Go".
    pub(super) item: bool,
    /// A German article before it: any noun has a capital there.
    pub(super) articled: bool,
    /// `&` or `@` ties it to another letter.
    pub(super) tied: bool,
    pub(super) own_cue: bool,
    pub(super) cue_before: bool,
    pub(super) cue_after: bool,
    /// An accepted neighbour in a list on this many sides.
    pub(super) n_neighbours: u32,
    /// The list stands in a line of its own, or has three items and more.
    pub(super) long_list: bool,
    /// Nothing but list signs, joining words or a sentence's end on both sides.
    pub(super) bounded: bool,
    /// "in", "with" or the like stands before it.
    pub(super) preposition: bool,
    /// Written as the taxonomy writes it, or case does not matter.
    pub(super) case_fits: bool,
    /// All small or all capitals, as in a line of tags.
    pub(super) one_case: bool,
    /// Case says something here: not a capital that any word would have.
    pub(super) case_tells: bool,
    /// Its capital is that of any word that begins a sentence.
    pub(super) only_position: bool,
    /// A small word goes on after it: "Combine data".
    pub(super) goes_on: bool,
    /// A capitalised stranger stands beside it: "Taylor Swift".
    pub(super) in_a_name: bool,
    /// Something of its own follows: "Acme's example".
    pub(super) owns: bool,
    /// Companies stand around it, or it is said to be one.
    pub(super) company: bool,
    /// The text speaks of it elsewhere as of a company.
    pub(super) introduced: bool,
    pub(super) n_sure: u32,
    /// The posting names a technology of its own field for sure.
    pub(super) related: bool,
    /// The skill is named for sure elsewhere in the posting.
    pub(super) again: bool,
    pub(super) in_title: bool,
}

/// Whether a phrase says that a find is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    No,
    /// By a small word after it.
    Barely,
    Firm,
}

impl Court<'_> {
    /// Gathers the evidence for one spelling of a find.
    pub(super) fn evidence(&self, candidates: &[Candidate], at: usize, form: &Form) -> Evidence {
        let find = &candidates[at].find;
        let first = find.first as usize;
        let line = &self.lines[self
            .lines
            .partition_point(|line| line.first <= find.first)
            .saturating_sub(1)];
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        let Beside {
            left: (left_at, left),
            right: (right_at, right),
        } = self.beside[at];
        let neighbour = |glue: Glue, other: Option<&Candidate>| {
            let Some(other) =
                other.filter(|other| glue != Glue::None && other.verdict.is_accepted())
            else {
                return false;
            };
            match (form.kind, other.kind) {
                (Kind::Technology, Kind::Technology) => true,
                // "machine learning, R, statistics": a field beside a name is
                // evidence only for a name of more than a common word's looks.
                (Kind::Technology, Kind::Concept | Kind::Certification) => glue != Glue::Blank,
                (Kind::Technology, _) => false,
                _ => true,
            }
        };
        let n_neighbours = u32::from(neighbour(left, candidates.get(left_at)))
            + u32::from(neighbour(right, candidates.get(right_at)));
        let exact = form.weak.is_some_and(|(case, _)| case == Case::Exact);
        let written_so = !exact || same_case(surface, self.lexicon.written(form));
        let mut letters = surface.chars().filter(|c| c.is_alphabetic());
        let capitalised =
            letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase);
        // Tag lines are all small or all capitals; "Basic" is no way to write BASIC.
        let one_case = !capitalised
            && (surface.chars().all(|c| !c.is_uppercase())
                || surface.chars().all(|c| !c.is_lowercase()));
        let before = self.scan.before(first);
        let sentence_start = first == line.first as usize
            || before.any(Mark::STOP.or(Mark::BULLET).or(Mark::COLON).or(Mark::QUOTE));
        let plain_capital = capitalised && sentence_start;
        let (cue_before, cue_after) = self.cues(find);
        let block = self.blocked(find, form.skill);
        let employer = self.is_employer(find);
        Evidence {
            blocked: block != Block::No,
            barely_blocked: block == Block::Barely,
            stated: self.outside.is_stated && self.is_whole_line(find),
            employer,
            house: employer && self.is_house(find, cue_before),
            house_word: employer && self.house_word_after(find),
            asked_for: employer && self.asked_for(find),
            item: self.item(find, left, right),
            articled: capitalised && self.articled(find),
            tied: self.tied(find),
            own_cue: self.own_cue(find, form.skill),
            cue_before,
            cue_after,
            n_neighbours,
            long_list: self.long_list(candidates, at),
            bounded: self.bounded(find, left, right),
            preposition: first > 0
                && before.only(Mark::BLANK)
                && is_preposition(self.scan.word(first - 1)),
            case_fits: !exact
                || written_so
                || (line.shouted && (cue_before || cue_after || n_neighbours > 0)),
            case_tells: written_so
                && !plain_capital
                && !line.shouted
                && surface.chars().any(char::is_uppercase),
            one_case,
            only_position: plain_capital && form.kind == Kind::Technology,
            goes_on: self.goes_on(find),
            in_a_name: capitalised && self.in_a_name(find, left, right),
            owns: self.owns(find),
            company: form.kind == Kind::Technology
                && (self.is_company(find) || self.is_among_companies(find, n_neighbours)),
            introduced: form.kind == Kind::Technology && self.is_introduced(find),
            n_sure: self.n_sure,
            related: form.kind != Kind::Technology || self.is_related(form.skill),
            again: self.sure.binary_search(&form.skill).is_ok()
                || self.outside.known.contains(&form.skill),
            in_title: self.outside.is_title,
        }
    }

    pub(super) fn blocked(&self, find: &Find, skill: SkillNo) -> Block {
        let blocks = &self.scan.blocks;
        let after = blocks.partition_point(|block| block.first <= find.first);
        let mut worst = Block::No;
        for block in blocks[..after]
            .iter()
            .rev()
            .take_while(|block| block.first + 8 > find.first)
        {
            if block.what != skill || block.last < find.last.min(find.first + 1) {
                continue;
            }
            let small = block.first == find.first
                && (find.last..block.last).all(|token| {
                    let word = self.scan.word(token as usize);
                    word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())
                });
            if !small || block.last == find.last {
                return Block::Firm;
            }
            worst = Block::Barely;
        }
        worst
    }

    /// Whether nothing else stands in its line.
    pub(super) fn is_whole_line(&self, find: &Find) -> bool {
        let begins = find.first == 0 || self.scan.before(find.first as usize).any(Mark::NEWLINE);
        let ends = find.last as usize == self.scan.tokens.len()
            || self.scan.before(find.last as usize).any(Mark::NEWLINE);
        begins && ends
    }

    fn tied(&self, find: &Find) -> bool {
        let before = self.scan.before(find.first as usize);
        let bytes = self.scan.text.as_bytes();
        let next = bytes.get(find.end as usize).copied();
        let single = find.end - find.start == 1;
        // "(m/f/d)": one single letter among others.
        let letter = |token: usize, mark: Mark| {
            let other = self.scan.tokens.get(token);
            mark.only(Mark::SLASH)
                && mark.any(Mark::SLASH)
                && other.is_some_and(|other| {
                    other.end - other.start == 1
                        && !matches!(bytes.get(other.end as usize), Some(b'+' | b'#'))
                })
        };
        let (first, last) = (find.first as usize, find.last as usize);
        if single
            && (first > 0 && letter(first - 1, before) || letter(last, self.scan.before(last)))
        {
            return true;
        }
        let glued = |mark: Mark| !before.any(Mark::BLANK) && before.any(mark);
        (single && (glued(Mark::AND.or(Mark::DOT)) || next == Some(b'&')))
            || (glued(Mark::QUOTE)
                && single
                && find.start > 0
                && bytes[find.start as usize - 1] == b'\'')
            || glued(Mark::AT)
            || (before.any(Mark::OTHER)
                && find.start > 0
                && matches!(bytes[find.start as usize - 1], b'$' | b'<' | b'~' | b'='))
            || (glued(Mark::PLUS) && single)
    }

    /// Whether one of the skill's own cues stands near, in the same sentence.
    fn own_cue(&self, find: &Find, skill: SkillNo) -> bool {
        let own = &self.scan.own;
        let from = own.partition_point(|hit| hit.first + 8 < find.first);
        own[from..]
            .iter()
            .take_while(|hit| hit.first <= find.last + OWN_CUE_REACH)
            .filter(|hit| self.lexicon.owners(hit.what).binary_search(&skill).is_ok())
            .any(|hit| {
                let (left, right) = if hit.last <= find.first {
                    (hit.last, find.first)
                } else if hit.first >= find.last {
                    (find.last, hit.first)
                } else {
                    return false;
                };
                right - left <= OWN_CUE_REACH
                    && (left..=right)
                        .all(|token| !self.scan.before(token as usize).any(Mark::SENTENCE))
            })
    }

    /// Whether a cue stands right before or right after.
    fn cues(&self, find: &Find) -> (bool, bool) {
        let cues = &self.scan.cues;
        let mut before = false;
        let at = cues.partition_point(|hit| hit.first < find.first);
        for hit in cues[..at]
            .iter()
            .rev()
            .take_while(|hit| hit.first + 10 > find.first)
        {
            let example = hit.what == Cue::ExampleBefore;
            if !(example || hit.what == Cue::EvidenceBefore) || hit.last > find.first {
                continue;
            }
            // "systems like SAP"
            let apart = find.first - hit.last + u32::from(example);
            let ended = (hit.last..=find.first).any(|token| {
                self.scan
                    .before(token as usize)
                    .any(Mark::SENTENCE.or(Mark::SEMICOLON).or(Mark::COMMA))
            });
            // One word may stand between: "experience with modern Go".
            if !ended && apart <= 1 {
                before = true;
                break;
            }
        }
        let after = cues[at..]
            .iter()
            .skip_while(|hit| hit.first < find.last)
            .take_while(|hit| hit.first <= find.last)
            .any(|hit| {
                let mark = self.scan.before(hit.first as usize);
                hit.what == Cue::EvidenceAfter
                    && mark.only(Mark::BLANK.or(Mark::HYPHEN).or(Mark::QUOTE).or(Mark::SLASH))
            });
        (before || self.after_role(find), after)
    }

    /// "Systems programmer (Rust)", "Developer – Go": a role, and what it works with.
    fn after_role(&self, find: &Find) -> bool {
        let mark = self.scan.before(find.first as usize);
        if !mark.any(Mark::OPEN.or(Mark::DASH)) || mark.any(Mark::SENTENCE.or(Mark::CLOSE)) {
            return false;
        }
        let cues = &self.scan.cues;
        let at = cues.partition_point(|hit| hit.first < find.first);
        cues[..at]
            .iter()
            .rev()
            .take(4)
            .any(|hit| hit.what == Cue::EvidenceAfter && hit.last == find.first)
    }

    /// Whether it makes a list item of a section that asks: "- Go", "- Julia or R".
    fn item(&self, find: &Find, left: Glue, right: Glue) -> bool {
        let kind = sections::section_at(self.outside.sections, find.start as usize);
        let (before, after) = (
            self.scan.before(find.first as usize),
            self.scan.before(find.last as usize),
        );
        let first = find.first as usize;
        let numbered = first > 0
            && self.scan.tokens[first - 1].shape.is_number()
            && !before.any(Mark::NEWLINE)
            && before.any(Mark::STOP.or(Mark::CLOSE).or(Mark::DOT))
            && (first == 1 || self.scan.before(first - 1).any(Mark::NEWLINE));
        let begins = (before.any(Mark::BULLET) && before.any(Mark::NEWLINE)) || numbered;
        if !self.scan.text[find.start as usize..find.end as usize].contains(char::is_uppercase) {
            return false;
        }
        let ends = after.any(
            Mark::NEWLINE
                .or(Mark::COMMA)
                .or(Mark::OPEN)
                .or(Mark::COLON)
                .or(Mark::DASH),
        ) || find.last as usize == self.scan.tokens.len();
        // A neighbour by "or" ends the line where it begins it.
        let joined = |glue: Glue| matches!(glue, Glue::And | Glue::Or | Glue::Slash);
        matches!(
            kind,
            SectionKind::Required | SectionKind::Preferred | SectionKind::Stack
        ) && ((begins && (ends || joined(right)))
            || (joined(left) && ends && self.begins_line(find)))
    }

    /// Whether the find joined to it on the left begins a list item.
    fn begins_line(&self, find: &Find) -> bool {
        (1..=4u32).any(|back| {
            find.first.checked_sub(back).is_some_and(|at| {
                let before = self.scan.before(at as usize);
                before.any(Mark::BULLET)
                    && before.any(Mark::NEWLINE)
                    && self.scan.finds.iter().any(|other| other.first == at)
            })
        })
    }

    fn goes_on(&self, find: &Find) -> bool {
        let next = self.scan.tokens.get(find.last as usize);
        next.is_some_and(|next| next.before.only(Mark::BLANK) && !next.shape.has_capital())
    }

    /// Whether a German article stands right before it.
    fn articled(&self, find: &Find) -> bool {
        let first = find.first as usize;
        first > 0
            && self.scan.before(first).only(Mark::BLANK)
            && [
                "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer",
            ]
            .iter()
            .any(|word| self.scan.word(first - 1).eq_ignore_ascii_case(word))
    }

    fn bounded(&self, find: &Find, left: Glue, right: Glue) -> bool {
        const ENDS: Mark = Mark::SENTENCE
            .or(Mark::COMMA)
            .or(Mark::SEMICOLON)
            .or(Mark::OPEN)
            .or(Mark::CLOSE)
            .or(Mark::BULLET)
            .or(Mark::COLON)
            .or(Mark::SLASH)
            .or(Mark::DASH)
            .or(Mark::PLUS);
        let open_left = left == Glue::None && !self.scan.before(find.first as usize).any(ENDS) && {
            let cues = &self.scan.cues;
            let at = cues.partition_point(|hit| hit.first < find.first);
            !cues[..at].iter().rev().take(4).any(|hit| {
                hit.last == find.first
                    && matches!(
                        hit.what,
                        Cue::EvidenceBefore | Cue::ExampleBefore | Cue::ChoiceBefore
                    )
            })
        };
        let open_right = right == Glue::None && !self.scan.before(find.last as usize).any(ENDS);
        !open_left && !open_right
    }

    /// Whether the list around a candidate has three items and more.
    fn long_list(&self, candidates: &[Candidate], at: usize) -> bool {
        let mut n = 0;
        let (mut left, mut right) = (at, at);
        for _item in 0..3 {
            let (next, glue) = self.beside[left].left;
            if glue == Glue::None {
                break;
            }
            left = next;
            n += u32::from(candidates[left].verdict.is_accepted());
        }
        for _item in 0..3 {
            let (next, glue) = self.beside[right].right;
            if glue == Glue::None {
                break;
            }
            right = next;
            n += u32::from(candidates[right].verdict.is_accepted());
        }
        n >= 2
    }

    /// Whether a capitalised word that is no find stands right beside it.
    fn in_a_name(&self, find: &Find, left: Glue, right: Glue) -> bool {
        let named = |token: usize| {
            self.scan
                .tokens
                .get(token)
                .is_some_and(|token| token.shape.is_capitalised() && token.shape.has_small())
        };
        let blank = |token: usize| self.scan.before(token).only(Mark::BLANK);
        let (first, last) = (find.first as usize, find.last as usize);
        let before = left == Glue::None && first > 0 && blank(first) && named(first - 1) && {
            !self
                .scan
                .before(first - 1)
                .any(Mark::SENTENCE.or(Mark::BULLET).or(Mark::COLON))
        };
        let after = right == Glue::None && blank(last) && named(last);
        before || after
    }
}

/// Whether two spellings agree in case, separators aside; the surface may go on.
fn same_case(surface: &str, written: &str) -> bool {
    let mut found = surface
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.' | '\n'));
    written
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.'))
        .all(|wanted| found.next() == Some(wanted))
}

/// Words after which a name says what something is made with.
fn is_preposition(word: &str) -> bool {
    [
        "in", "with", "using", "via", "on", "to", "mit", "en", "avec", "con", "z", "w",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}
