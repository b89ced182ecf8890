//! Which finds are believed. All evidence for one find is gathered into
//! [`Evidence`]; [`judge`] alone turns it into a verdict.

use crate::skills::{Case, Kind, Need, SkillNo};

use super::cues::Cue;
use super::lexicon::{Entry, Form, Lexicon};
use super::lists::{self, Glue, Lists, Span};
use super::scan::{Find, Layer, Mark, Scan};
use super::sections::Line;

/// What became of a find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the skill; the rule that decided.
    Accept(&'static str),
    /// It is not; why.
    Refuse(&'static str),
}

impl Verdict {
    pub(super) fn is_accepted(self) -> bool {
        matches!(self, Verdict::Accept(_))
    }
}

/// How sure a rule is: its share of right finds on the development postings,
/// rounded down, where it decided often enough to count; else our guess.
pub(super) fn confidence(rule: &str) -> f32 {
    match rule {
        "alias" => 0.98,
        "list" | "own-cue" => 0.95,
        "cue-before" | "cue-after" => 0.93,
        "title" => 0.92,
        "again" => 0.9,
        "pattern" => 0.9,
        "case+context" => 0.85,
        "context" => 0.8,
        _ => 0.75,
    }
}

/// Words of other sure technologies that make a posting a technical one
/// (`need = "context"`, see `schema/README.md`).
const CONTEXT: u32 = 2;
/// With so many, a name in its own spelling inside a sentence needs nothing
/// more (chosen on the development postings).
const RICH_CONTEXT: u32 = 5;
/// With one, a name in its own spelling after "in" or "with" is enough.
const SOME_CONTEXT: u32 = 1;
/// How far from a weak form its own cue may stand, in words.
const OWN_CUE_REACH: u32 = 4;

/// A find with what was decided about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) find: Find,
    pub(super) skill: SkillNo,
    pub(super) kind: Kind,
    pub(super) verdict: Verdict,
}

impl Candidate {
    pub(super) fn span(&self) -> Span {
        (self.find.first, self.find.last)
    }
}

/// What the rest of a posting says about a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside<'a> {
    /// Sure technologies named elsewhere in the posting.
    pub(super) n_sure: u32,
    /// Skills already found in the posting's title.
    pub(super) known: &'a [SkillNo],
    /// The employer's name, squashed.
    pub(super) employer: Option<&'a str>,
    /// The text is a title.
    pub(super) is_title: bool,
}

/// All that speaks for or against one spelling of one find.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    /// A longer phrase says it is something else.
    blocked: bool,
    /// Only by the small word after it ("react to"): a list with the name in its
    /// own spelling is stronger.
    barely_blocked: bool,
    /// It is the employer's own name.
    employer: bool,
    /// `&` or `@` ties it to another letter.
    tied: bool,
    own_cue: bool,
    cue_before: bool,
    cue_after: bool,
    /// An accepted neighbour in a list on this many sides.
    n_neighbours: u32,
    /// The list stands in a line of its own, or has three items and more.
    long_list: bool,
    /// Nothing but list signs, joining words or a sentence's end on both sides.
    bounded: bool,
    /// "in", "with" or the like stands before it.
    preposition: bool,
    /// Written as the taxonomy writes it, or case does not matter.
    case_fits: bool,
    /// Case says something here: not a capital that any word would have.
    case_tells: bool,
    /// A capitalised stranger stands beside it: "Taylor Swift".
    in_a_name: bool,
    n_sure: u32,
    /// The skill is named for sure elsewhere in the posting.
    again: bool,
    in_title: bool,
}

/// The one place where a find is believed or not.
fn judge(form: &Form, evidence: &Evidence) -> Verdict {
    use Verdict::{Accept, Refuse};
    let e = evidence;
    if e.blocked && !(e.barely_blocked && e.case_tells && e.n_neighbours > 0) {
        return Refuse("blocked");
    }
    let cued = e.cue_before || e.cue_after;
    if e.employer && !cued && !e.own_cue && e.n_neighbours == 0 {
        return Refuse("employer");
    }
    let Some((_, need)) = form.weak else { return Accept("alias") };
    if e.tied {
        return Refuse("part of another name");
    }
    if e.n_neighbours > 0 {
        if e.case_fits && (need < Need::List || e.bounded || e.case_tells) {
            return Accept("list");
        }
        if !e.case_fits && e.bounded && (e.long_list || e.n_neighbours > 1) {
            return Accept("list");
        }
    }
    if e.own_cue && (e.case_fits || e.bounded) && !(e.in_a_name && !e.case_fits) {
        return Accept("own-cue");
    }
    if !e.case_fits {
        // "experience with go." but not "ability to go far".
        return if e.bounded && e.cue_before && need < Need::List { Accept("cue-before") } else { Refuse("letter case") };
    }
    match need {
        Need::List => Refuse("needs a list"),
        Need::Cue => {
            if e.cue_before {
                Accept("cue-before")
            } else if e.cue_after {
                Accept("cue-after")
            } else if e.again && e.case_tells && !e.in_a_name {
                Accept("again")
            } else if e.in_title && e.bounded && e.case_tells {
                Accept("title")
            } else if e.preposition && e.n_sure >= SOME_CONTEXT && e.case_tells && !e.in_a_name && form.n_letters > 1 {
                Accept("case+preposition")
            } else if e.n_sure >= RICH_CONTEXT && e.case_tells && !e.in_a_name && form.n_letters > 1 {
                Accept("case+context")
            } else {
                Refuse("needs a cue")
            }
        }
        Need::Context => {
            if e.cue_before {
                Accept("cue-before")
            } else if e.cue_after {
                Accept("cue-after")
            } else if e.n_sure >= CONTEXT && !(e.in_a_name && e.n_sure < RICH_CONTEXT && form.kind == Kind::Technology) {
                Accept(if e.case_tells { "case+context" } else { "context" })
            } else if e.n_sure >= SOME_CONTEXT && e.case_tells && !e.in_a_name {
                Accept("case+context")
            } else if e.again {
                Accept("again")
            } else {
                Refuse("needs context")
            }
        }
    }
}

/// Decides about every find of a text.
pub(super) fn decide(
    lexicon: &Lexicon,
    scan: &Scan<'_>,
    lines: &[Line],
    outside: Outside<'_>,
) -> Vec<Candidate> {
    let spans = lists::item_spans(scan.finds.iter().map(|find| (find.first, find.last)));
    let lists = Lists::new(scan, lines, &spans);
    let glue: Vec<Glue> = spans.windows(2).map(|pair| lists.glue(pair[0], pair[1])).collect();
    let mut court = Court { lexicon, scan, lines, outside, glue, n_sure: outside.n_sure, sure: vec![] };
    court.hear()
}

struct Court<'a> {
    lexicon: &'a Lexicon,
    scan: &'a Scan<'a>,
    lines: &'a [Line],
    outside: Outside<'a>,
    glue: Vec<Glue>,
    /// How many sure technologies the posting names.
    n_sure: u32,
    sure: Vec<SkillNo>,
}

impl Court<'_> {
    fn hear(&mut self) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::with_capacity(self.scan.finds.len());
        let mut open: Vec<usize> = Vec::new();
        for (at, find) in self.scan.finds.iter().enumerate() {
            let mut candidate = self.first_look(find);
            candidate.find = *find;
            if candidate.verdict == UNHEARD {
                open.push(at);
            } else if candidate.verdict.is_accepted() && candidate.kind == Kind::Technology {
                self.sure.push(candidate.skill);
            }
            candidates.push(candidate);
        }
        self.sure.sort_unstable();
        self.sure.dedup();
        self.n_sure += self.sure.len() as u32;
        // What one list item proves, its neighbours may lean on: again until
        // nothing changes, which is soon (a list of weak names is short).
        for _round in 0..6 {
            let mut changed = false;
            for &at in &open {
                if candidates[at].verdict.is_accepted() {
                    continue;
                }
                let heard = self.weigh(&candidates, at);
                changed |= heard.verdict.is_accepted();
                candidates[at] = heard;
            }
            if !changed {
                break;
            }
        }
        candidates
    }

    /// The spellings a find may be, sure ones first.
    fn spellings(&self, find: &Find) -> impl Iterator<Item = &Form> {
        let values = self.lexicon.trie.values(find.node);
        let find = *find;
        let scan = self.scan;
        let all = move |weak: bool| {
            values.iter().filter_map(move |(seams, entry)| match entry {
                Entry::Form(no, layer) if find.seen & !seams == 0 && *layer == find.layer => {
                    let form = &self.lexicon.forms[*no as usize];
                    (form.weak.is_some() == weak && fits(form, &find, scan)).then_some(form)
                }
                _ => None,
            })
        };
        all(false).chain(all(true))
    }

    /// Sure and blocked finds are settled at once.
    fn first_look(&self, find: &Find) -> Candidate {
        let mut result = Candidate {
            find: *find,
            skill: SkillNo(0),
            kind: Kind::Technology,
            verdict: Verdict::Refuse("not written so"),
        };
        for form in self.spellings(find) {
            result = Candidate { find: *find, skill: form.skill, kind: form.kind, verdict: UNHEARD };
            match self.blocked(find, form.skill) {
                Block::Firm => {
                    result.verdict = Verdict::Refuse("blocked");
                    continue;
                }
                Block::Barely => return result,
                Block::No => {}
            }
            if form.weak.is_none() && !self.is_employer(find) {
                result.verdict = Verdict::Accept("alias");
            }
            return result;
        }
        result
    }

    fn weigh(&self, candidates: &[Candidate], at: usize) -> Candidate {
        let mut result = candidates[at];
        for form in self.spellings(&candidates[at].find) {
            let verdict = judge(form, &self.evidence(candidates, at, form));
            if verdict.is_accepted() || result.verdict == UNHEARD {
                result = Candidate { skill: form.skill, kind: form.kind, verdict, ..result };
            }
            if verdict.is_accepted() {
                break;
            }
        }
        result
    }

    fn evidence(&self, candidates: &[Candidate], at: usize, form: &Form) -> Evidence {
        let find = &candidates[at].find;
        let first = find.first as usize;
        let line = &self.lines[self.lines.partition_point(|line| line.first <= find.first).saturating_sub(1)];
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        let left = at.checked_sub(1).map_or(Glue::None, |left| self.glue[left]);
        let right = self.glue.get(at).copied().unwrap_or(Glue::None);
        let neighbour = |glue: Glue, other: Option<&Candidate>| {
            let Some(other) = other.filter(|other| glue != Glue::None && other.verdict.is_accepted()) else {
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
        let n_neighbours = u32::from(neighbour(left, at.checked_sub(1).and_then(|left| candidates.get(left))))
            + u32::from(neighbour(right, candidates.get(at + 1)));
        let exact = form.weak.is_some_and(|(case, _)| case == Case::Exact);
        let written_so = same_case(surface, &form.written);
        let before = self.scan.before(first);
        let sentence_start =
            first == line.first as usize || before.any(Mark::STOP.or(Mark::BULLET).or(Mark::COLON).or(Mark::QUOTE));
        let plain_capital = form.capitalised && sentence_start;
        let (cue_before, cue_after) = self.cues(find);
        let block = self.blocked(find, form.skill);
        Evidence {
            blocked: block != Block::No,
            barely_blocked: block == Block::Barely,
            employer: self.is_employer(find),
            tied: self.tied(find),
            own_cue: self.own_cue(find, form.skill),
            cue_before,
            cue_after,
            n_neighbours,
            long_list: self.long_list(candidates, at),
            bounded: self.bounded(find, left, right),
            preposition: first > 0 && before.only(Mark::BLANK) && is_preposition(self.scan.word(first - 1)),
            case_fits: !exact || written_so || (line.shouted && (cue_before || cue_after || n_neighbours > 0)),
            case_tells: written_so && !plain_capital && !line.shouted && surface.chars().any(char::is_uppercase),
            in_a_name: form.capitalised && self.in_a_name(find, left, right),
            n_sure: self.n_sure,
            again: self.sure.binary_search(&form.skill).is_ok() || self.outside.known.contains(&form.skill),
            in_title: self.outside.is_title,
        }
    }

    fn blocked(&self, find: &Find, skill: SkillNo) -> Block {
        let blocks = &self.scan.blocks;
        let after = blocks.partition_point(|block| block.first <= find.first);
        let mut worst = Block::No;
        for block in blocks[..after].iter().rev().take_while(|block| block.first + 8 > find.first) {
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

    fn is_employer(&self, find: &Find) -> bool {
        let Some(employer) = self.outside.employer else { return false };
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        surface.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(employer.chars())
    }

    fn tied(&self, find: &Find) -> bool {
        let before = self.scan.before(find.first as usize);
        let bytes = self.scan.text.as_bytes();
        let next = bytes.get(find.end as usize).copied();
        let single = find.end - find.start == 1;
        // "(m/f/d)": one single letter among others.
        let letter = |token: usize, mark: Mark| {
            let other = self.scan.tokens.get(token);
            mark.only(Mark::SLASH) && mark.any(Mark::SLASH) && other.is_some_and(|other| {
                other.end - other.start == 1 && !matches!(bytes.get(other.end as usize), Some(b'+' | b'#'))
            })
        };
        let (first, last) = (find.first as usize, find.last as usize);
        if single && (first > 0 && letter(first - 1, before) || letter(last, self.scan.before(last))) {
            return true;
        }
        let glued = |mark: Mark| !before.any(Mark::BLANK) && before.any(mark);
        (single && (glued(Mark::AND.or(Mark::DOT)) || next == Some(b'&')))
            || (glued(Mark::QUOTE) && single && find.start > 0 && bytes[find.start as usize - 1] == b'\'')
            || glued(Mark::AT)
            || (before.any(Mark::OTHER) && find.start > 0 && matches!(bytes[find.start as usize - 1], b'$' | b'<' | b'~' | b'='))
            || (glued(Mark::PLUS) && single)
    }

    /// Whether one of the skill's own cues stands near, in the same sentence.
    fn own_cue(&self, find: &Find, skill: SkillNo) -> bool {
        let own = &self.scan.own;
        let from = own.partition_point(|hit| hit.first + 8 < find.first);
        own[from..]
            .iter()
            .take_while(|hit| hit.first <= find.last + OWN_CUE_REACH)
            .filter(|hit| hit.what == skill)
            .any(|hit| {
                let (left, right) = if hit.last <= find.first {
                    (hit.last, find.first)
                } else if hit.first >= find.last {
                    (find.last, hit.first)
                } else {
                    return false;
                };
                right - left <= OWN_CUE_REACH
                    && (left..=right).all(|token| !self.scan.before(token as usize).any(Mark::SENTENCE))
            })
    }

    /// Whether a cue stands right before or right after.
    fn cues(&self, find: &Find) -> (bool, bool) {
        let cues = &self.scan.cues;
        let mut before = false;
        let at = cues.partition_point(|hit| hit.first < find.first);
        for hit in cues[..at].iter().rev().take_while(|hit| hit.first + 10 > find.first) {
            let example = hit.what == Cue::ExampleBefore;
            if !(example || hit.what == Cue::EvidenceBefore) || hit.last > find.first {
                continue;
            }
            // "systems like SAP"
            let apart = find.first - hit.last + u32::from(example);
            let ended = (hit.last..=find.first)
                .any(|token| self.scan.before(token as usize).any(Mark::SENTENCE.or(Mark::SEMICOLON).or(Mark::COMMA)));
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
                hit.what == Cue::EvidenceAfter && mark.only(Mark::BLANK.or(Mark::HYPHEN).or(Mark::QUOTE).or(Mark::SLASH))
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
        cues[..at].iter().rev().take(4).any(|hit| hit.what == Cue::EvidenceAfter && hit.last == find.first)
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
                    && matches!(hit.what, Cue::EvidenceBefore | Cue::ExampleBefore | Cue::ChoiceBefore)
            })
        };
        let open_right = right == Glue::None && !self.scan.before(find.last as usize).any(ENDS);
        !open_left && !open_right
    }

    /// Whether the list around a candidate has three items and more.
    fn long_list(&self, candidates: &[Candidate], at: usize) -> bool {
        let accepted = |other: usize| candidates[other].verdict.is_accepted();
        let mut n = 0;
        let mut left = at;
        while left > 0 && self.glue[left - 1] != Glue::None && at - left < 3 {
            left -= 1;
            n += u32::from(accepted(left));
        }
        let mut right = at;
        while right < self.glue.len() && self.glue[right] != Glue::None && right - at < 3 {
            right += 1;
            n += u32::from(accepted(right));
        }
        n >= 2
    }

    /// Whether a capitalised word that is no find stands right beside it.
    fn in_a_name(&self, find: &Find, left: Glue, right: Glue) -> bool {
        let named = |token: usize| {
            self.scan.tokens.get(token).is_some_and(|token| token.shape.is_capitalised() && token.shape.has_small())
        };
        let blank = |token: usize| self.scan.before(token).only(Mark::BLANK);
        let (first, last) = (find.first as usize, find.last as usize);
        let before = left == Glue::None && first > 0 && blank(first) && named(first - 1) && {
            !self.scan.before(first - 1).any(Mark::SENTENCE.or(Mark::BULLET).or(Mark::COLON))
        };
        let after = right == Glue::None && blank(last) && named(last);
        before || after
    }
}

/// Whether a phrase says that a find is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    No,
    /// By a small word after it.
    Barely,
    Firm,
}

/// A find nobody has judged yet.
const UNHEARD: Verdict = Verdict::Refuse("not judged");

/// Whether a form can be written as it was found.
fn fits(form: &Form, find: &Find, scan: &Scan<'_>) -> bool {
    let surface = &scan.text[find.start as usize..find.end as usize];
    // "adds" is not "AD DS": short names run together only in capitals.
    if form.several && find.seen == 0 && form.n_letters <= 4 && !surface.chars().any(char::is_uppercase) {
        return false;
    }
    if !find.plural {
        return true;
    }
    let capitals = surface.strip_suffix('s').is_some_and(|stem| !stem.chars().any(char::is_lowercase));
    capitals || (form.weak.is_none() && (form.several || form.kind != Kind::Technology))
}

/// Whether two spellings agree in case, separators aside; the surface may go on.
fn same_case(surface: &str, written: &str) -> bool {
    let mut found = surface.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.' | '\n'));
    written.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.')).all(|wanted| found.next() == Some(wanted))
}

/// How many technologies a text names for sure, whatever else it says.
pub(super) fn n_sure(lexicon: &Lexicon, scan: &Scan<'_>) -> u32 {
    let mut sure: Vec<SkillNo> = scan
        .finds
        .iter()
        .flat_map(|find| lexicon.trie.values(find.node).iter().map(move |value| (find, value)))
        .filter_map(|(find, (seams, entry))| match entry {
            Entry::Form(no, Layer::Things) if find.seen & !seams == 0 && find.layer == Layer::Things => Some(&lexicon.forms[*no as usize]),
            _ => None,
        })
        .filter(|form| form.weak.is_none() && form.kind == Kind::Technology)
        .map(|form| form.skill)
        .collect();
    sure.sort_unstable();
    sure.dedup();
    sure.len() as u32
}

/// Words after which a name says what something is made with.
fn is_preposition(word: &str) -> bool {
    ["in", "with", "using", "via", "on", "to", "mit", "en", "avec", "con", "z", "w"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
