//! What speaks for or against a find: its neighbours, the words around it, how
//! it is written, what the rest of the posting names.

use crate::skills::{Case, Kind, Need, SkillNo};

use super::decide::{Beside, Candidate, Court};
use super::lexicon::SectionKind;
use super::lexicon::cues::Cue;
use super::lexicon::{Form, Layer};
use super::lists::Glue;
use super::sections;
use super::token::{Find, Hit, Mark};
use super::written::{Written, same_case};

/// How far from a weak form its own cue may stand, in words.
const OWN_CUE_REACH: u32 = 4;

/// What speaks for or against one spelling of one find: what nearly every verdict
/// needs is gathered, and what few need is looked up when it is asked for.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    court: &'a Court<'a>,
    candidates: &'a [Candidate],
    /// The place of the find among the candidates.
    at: usize,
    find: &'a Find,
    form: &'a Form,
    /// What joins it to its neighbours in a list.
    left: Glue,
    right: Glue,
    /// A longer phrase says it is something else.
    pub(super) blocked: bool,
    /// Only by the small word after it ("react to"): a list with the name in its
    /// own spelling is stronger.
    pub(super) barely_blocked: bool,
    /// It is an entry of a list of skills, and nothing else stands there.
    pub(super) stated: bool,
    /// It is the employer's own name.
    pub(super) employer: bool,
    pub(super) cue_before: bool,
    pub(super) cue_after: bool,
    /// An accepted neighbour in a list on this many sides.
    pub(super) n_neighbours: u32,
    /// Written as the taxonomy writes it, or case does not matter.
    pub(super) case_fits: bool,
    /// All small or all capitals, as in a line of tags.
    pub(super) one_case: bool,
    /// Case says something here: not a capital that any word would have.
    pub(super) case_tells: bool,
    /// Its capital is that of any word that begins a sentence.
    pub(super) only_position: bool,
    /// A capital and small letters after it.
    capitalised: bool,
    pub(super) n_sure: u32,
    pub(super) in_title: bool,
}

impl Evidence<'_> {
    /// It is nothing but the employer: "X's team", "at X".
    pub(super) fn house(&self) -> bool {
        self.employer && self.court.is_house(self.find, self.cue_before)
    }

    /// The word after it is said of the employer as well: "X engineers".
    pub(super) fn house_word(&self) -> bool {
        self.employer
            && self.form.kind == Kind::Technology
            && self.court.house_word_after(self.find)
    }

    /// The employer does something: "X builds payments".
    pub(super) fn house_acts(&self) -> bool {
        self.employer && self.court.acts(self.find, self.form.skill)
    }

    /// It is the employer's name and stands where things are asked for.
    pub(super) fn asked_for(&self) -> bool {
        self.employer && self.court.asked_for(self.find)
    }

    /// It is a list item of its own where things are asked for: "- Go".
    pub(super) fn item(&self) -> bool {
        self.court.item(self.find, self.left, self.right)
    }

    /// It is in a line of nothing but languages: "Ruby/Go".
    pub(super) fn among_languages(&self) -> bool {
        self.court.is_among_languages(self.at)
    }

    /// Years stand behind it: "Go: 2 years".
    pub(super) fn timed(&self) -> bool {
        self.court.is_timed(self.find)
    }

    /// Its line is a language and years, and nothing else.
    pub(super) fn timed_alone(&self) -> bool {
        self.court.is_timed_line(self.find)
    }

    /// A German article before it: any noun has a capital there.
    pub(super) fn articled(&self) -> bool {
        self.capitalised && self.court.articled(self.find)
    }

    /// `&` or `@` ties it to another letter.
    pub(super) fn tied(&self) -> bool {
        self.court.tied(self.find)
    }

    /// A cue of the skill's own stands near.
    pub(super) fn own_cue(&self) -> bool {
        self.court.own_cue(self.find, self.form.skill)
    }

    /// The list stands in a line of its own, or has three items and more.
    pub(super) fn long_list(&self) -> bool {
        self.court.long_list(self.candidates, self.at)
    }

    /// Nothing but list signs, joining words or a sentence's end on both sides.
    pub(super) fn bounded(&self) -> bool {
        self.court.bounded(self.find, self.left, self.right)
    }

    /// "in", "with" or the like stands before it.
    pub(super) fn preposition(&self) -> bool {
        let (scan, first) = (self.court.scan, self.find.first as usize);
        first > 0 && scan.before(first).only(Mark::BLANK) && is_preposition(scan.word(first - 1))
    }

    /// A small word goes on after it: "Combine data".
    pub(super) fn goes_on(&self) -> bool {
        self.court.goes_on(self.find)
    }

    /// A capitalised stranger stands beside it: "Taylor Swift".
    pub(super) fn in_a_name(&self) -> bool {
        self.capitalised && self.court.in_a_name(self.find, self.left, self.right)
    }

    /// It is only the beginning of the skill's full name, and another name goes on from
    /// it: the Apache of "Apache Foo".
    pub(super) fn heads_a_name(&self) -> bool {
        self.form.kind == Kind::Technology
            && self.right == Glue::None
            && self.capitalised
            && self.court.heads_a_name(self.find)
            && self.court.is_begun(self.form.skill, self.find)
    }

    /// It begins within a compound: the "language models" of "vision-language models".
    pub(super) fn in_a_compound(&self) -> bool {
        self.court.in_a_compound(self.find, self.form)
    }

    /// It is what the employer calls something of its own: "Ember, our in-house player",
    /// "Acme Sonar" of Acme.
    pub(super) fn in_house(&self) -> bool {
        // "Acme Sonar", "Acme AI", but not "Acme data engineers".
        let of_employer = || {
            let Find { first, last, .. } = *self.find;
            let is_thing = self.form.kind == Kind::Technology
                || self.court.scan.is_any(first as usize, HOUSE_FIELDS);
            !self.cue_after
                && last - first == 1
                && is_thing
                && self.court.scan.tokens[first as usize]
                    .shape
                    .is_capitalised()
                && self.court.is_of_employer(self.find)
        };
        self.alone() && (self.court.is_in_house(self.find) || of_employer())
    }

    /// It is a place or a house: "Aurora, CO", "TCL 大厦".
    pub(super) fn address(&self) -> bool {
        !self.cue_before && !self.cue_after && self.court.is_address(self.find)
    }

    /// Nothing before it and no neighbour speaks for it.
    fn alone(&self) -> bool {
        self.n_neighbours == 0 && !self.cue_before
    }

    /// It is a thing under a heading for what is offered.
    pub(super) fn in_benefits(&self) -> bool {
        let start = self.find.start as usize;
        self.form.kind == Kind::Technology
            && sections::section_at(self.court.outside.sections, start) == SectionKind::Benefits
    }

    /// Something of its own follows: "Acme's example".
    pub(super) fn owns(&self) -> bool {
        self.court.owns(self.find)
    }

    /// Companies stand around it, or it is said to be one.
    pub(super) fn company(&self) -> bool {
        self.form.kind == Kind::Technology
            && (self.court.is_company(self.find)
                || self.court.is_among_companies(self.find, self.n_neighbours))
    }

    /// The text speaks of it elsewhere as of a company.
    pub(super) fn introduced(&self) -> bool {
        self.form.kind == Kind::Technology && self.court.is_introduced(self.find)
    }

    /// The posting names a technology of its own field for sure.
    pub(super) fn related(&self) -> bool {
        self.form.kind != Kind::Technology || self.court.is_related(self.form.skill)
    }

    /// The skill is named for sure elsewhere in the posting.
    pub(super) fn again(&self) -> bool {
        self.court.sure.binary_search(&self.form.skill).is_ok()
            || self.court.outside.known.contains(&self.form.skill)
    }
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
    pub(super) fn evidence<'a>(
        &'a self,
        candidates: &'a [Candidate],
        at: usize,
        form: &'a Form,
    ) -> Evidence<'a> {
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
        let Written {
            capitalised,
            has_capital,
            has_small,
        } = Written::new(surface);
        // Among Chinese signs a Latin word is no English one.
        let is_sign = |token: usize| {
            let token = self.scan.tokens.get(token);
            token.is_some_and(|token| token.shape.is_joined())
        };
        let foreign = first > 0 && is_sign(first - 1) && is_sign(find.last as usize);
        // Tag lines are all small or all capitals; "Basic" is no way to write BASIC.
        let one_case = !(capitalised || has_capital && has_small);
        let before = self.scan.before(first);
        let sentence_start = first == line.first as usize
            || before.any(Mark::STOP.or(Mark::BULLET).or(Mark::COLON).or(Mark::QUOTE));
        let plain_capital = capitalised && sentence_start;
        let (cue_before, cue_after) = self.cues(find);
        let cue_before = cue_before
            || (written_so
                && (has_capital || form.kind != Kind::Technology)
                && self.is_labelled(find)
                && self.bounded(find, left, right));
        let block = self.blocked(find, form.skill);
        Evidence {
            court: self,
            candidates,
            at,
            find,
            form,
            left,
            right,
            blocked: block != Block::No,
            barely_blocked: block == Block::Barely,
            stated: self.outside.is_stated && self.is_whole_line(find) && self.is_in_company(form),
            employer: self.is_employer(find),
            cue_before,
            cue_after,
            n_neighbours,
            case_fits: !exact
                || written_so
                || foreign
                || (line.shouted && (cue_before || cue_after || n_neighbours > 0)),
            one_case,
            case_tells: written_so && !plain_capital && !line.shouted && has_capital,
            only_position: plain_capital && form.kind == Kind::Technology,
            capitalised,
            n_sure: self.n_sure,
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
            // "may use artificial intelligence (AI)": what is said short is the same.
            let first = find.first as usize;
            let is_short = block.last == find.first
                && self.scan.before(first).any(Mark::OPEN)
                && !self.scan.tokens[first].shape.has_small();
            let reaches = block.last >= find.last.min(find.first + 1);
            if block.what != skill || !(reaches || is_short) {
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

    /// Whether a list of skills that has a spelling makes it one: a common word
    /// needs a technology beside it ("Chef", "Kitchen").
    fn is_in_company(&self, form: &Form) -> bool {
        let is_common = matches!(form.weak, Some((_, Need::Context | Need::List)));
        let named = self.scan.finds.iter();
        let named = named.filter(|find| find.layer == Layer::Things && self.is_whole_line(find));
        !is_common || self.n_sure > 0 || named.count() > 1
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
        if self.is_tag(find) {
            return true;
        }
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
            // The grade "D-STL"; "C-API" is about C.
            || (single
                && bytes[find.start as usize] == b'D'
                && next == Some(b'-')
                && self.scan.tokens.get(last).is_some_and(|token| {
                    token.before.only(Mark::HYPHEN)
                        && token.end - token.start > 1
                        && !token.shape.has_small()
                        && token.shape.has_capital()
                }))
    }

    /// Whether a field of several words begins within a compound of small letters.
    pub(super) fn in_a_compound(&self, find: &Find, form: &Form) -> bool {
        let small = |token: usize| {
            let shape = self.scan.tokens[token].shape;
            shape.has_small() && !shape.has_capital()
        };
        let first = find.first as usize;
        // "python-machine learning" are two items.
        let joins_two = || {
            let finds = &self.scan.finds;
            let n_before = finds.partition_point(|other| other.first < find.first);
            let mut before = finds[..n_before].iter().rev().take(4);
            before.any(|other| other.last == find.first)
        };
        form.several
            && form.kind == Kind::Concept
            && first > 0
            && self.scan.before(first).any(Mark::HYPHEN)
            && self.scan.before(first).only(Mark::HYPHEN)
            && small(first)
            && small(first - 1)
            && !self.scan.is_any(first - 1, MORE)
            && !joins_two()
    }

    /// Whether one of the skill's own cues stands near, in the same sentence.
    pub(super) fn own_cue(&self, find: &Find, skill: SkillNo) -> bool {
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
        // "Spring's dev team", "you'll Combine knowledge of".
        let first = find.first as usize;
        let is_verb = first > 0
            && self.scan.before(first).only(Mark::BLANK)
            && is_modal(self.scan.word(first - 1));
        if is_verb || self.owns(find) {
            return (before, false);
        }
        let after = cues[at..]
            .iter()
            .skip_while(|hit| hit.first < find.last)
            .take_while(|hit| hit.first <= find.last)
            .any(|hit| {
                let mark = self.scan.before(hit.first as usize);
                hit.what == Cue::EvidenceAfter
                    && mark.only(Mark::BLANK.or(Mark::HYPHEN).or(Mark::QUOTE).or(Mark::SLASH))
                    && !self.is_object(find, hit)
            });
        (before || self.after_role(find), after)
    }

    /// Whether what looks like a cue behind the first word of a sentence is what that word
    /// as a verb is done to: "Combine expert knowledge", but not "React expert with".
    fn is_object(&self, find: &Find, cue: &Hit<Cue>) -> bool {
        let (first, last) = (find.first as usize, cue.last as usize);
        let begins = first == 0 || self.scan.before(first).any(Mark::SENTENCE.or(Mark::BULLET));
        begins
            && self
                .scan
                .is_any(cue.first as usize, &["expert", "specialist"])
            && self.scan.before(last).only(Mark::BLANK)
            && self.scan.is_any(
                last,
                &[
                    "advice",
                    "expertise",
                    "insight",
                    "insights",
                    "knowledge",
                    "skills",
                    "teams",
                ],
            )
    }

    /// Whether the label of a wish or of a demand stands right before it: "Nice to have: Rust".
    fn is_labelled(&self, find: &Find) -> bool {
        let first = find.first as usize;
        let mark = self.scan.before(first);
        if !mark.any(Mark::COLON) || mark.any(Mark::SENTENCE) {
            return false;
        }
        let cues = &self.scan.cues;
        let at = cues.partition_point(|hit| hit.first < find.first);
        let is_label = |what: Cue| match what {
            Cue::Section(kind) => matches!(
                kind,
                SectionKind::Required | SectionKind::Preferred | SectionKind::Stack
            ),
            what => matches!(what, Cue::Required | Cue::Preferred),
        };
        let mut before = cues[..at].iter().rev().take(4);
        before.any(|hit| hit.last == find.first && is_label(hit.what))
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
                    && self
                        .scan
                        .finds
                        .binary_search_by_key(&at, |other| other.first)
                        .is_ok()
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
        let accepted = self
            .list_around(at)
            .filter(|other| candidates[*other].verdict.is_accepted());
        accepted.count() >= 2
    }

    /// Whether a find is a part of the label of a skill that more words follow.
    fn is_begun(&self, skill: SkillNo, find: &Find) -> bool {
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        let label = &self.taxonomy.skill(skill).label;
        label
            .split_at_checked(surface.len())
            .is_some_and(|(begin, rest)| {
                begin.eq_ignore_ascii_case(surface) && rest.starts_with(' ')
            })
    }

    /// Whether a capitalised word that says nothing of a skill goes on from it; one that
    /// is a find itself would be its neighbour.
    fn heads_a_name(&self, find: &Find) -> bool {
        let says = || {
            let at = self.scan.cues.partition_point(|hit| hit.first < find.last);
            let cues = self.scan.cues[at..].iter();
            cues.take_while(|hit| hit.first == find.last)
        };
        self.scan.before(find.last as usize).only(Mark::BLANK)
            && self
                .scan
                .tokens
                .get(find.last as usize)
                .is_some_and(|next| next.shape.is_capitalised())
            && says().next().is_none()
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

/// Words that only make more of the field behind their hyphen: "ultra-low latency".
const MORE: &[&str] = &["ultra", "super", "semi", "self"];

/// Fields that a company is named after as often: "Acme AI".
const HOUSE_FIELDS: &[&str] = &["ai", "analytics", "cloud", "network", "networks"];

/// Words that stand before a verb: "you'll Combine", "must React".
fn is_modal(word: &str) -> bool {
    let word = word.rsplit(['\'', '’']).next().unwrap_or_default();
    ["ll", "will", "can", "must", "shall", "should"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// Words after which a name says what something is made with.
fn is_preposition(word: &str) -> bool {
    [
        "in", "with", "using", "via", "on", "to", "mit", "en", "avec", "con", "z", "w",
    ]
    .iter()
    .any(|known| word.eq_ignore_ascii_case(known))
}
