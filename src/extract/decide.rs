//! Which finds are believed. All evidence for one find is gathered into
//! [`Evidence`]; [`judge`] alone turns it into a verdict.

use crate::skills::{Case, Kind, Need, SkillNo, Taxonomy};

use super::Section;
use super::company::Companies;
use super::employer::Employer;
use super::evidence::{Block, Evidence};
use super::lexicon::{Entry, Form, Layer, Lexicon};
use super::lists::{self, Glue, Lists, Span};
use super::scan::Scan;
use super::sections::Line;
use super::token::{Find, Mark};

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
        "list" | "own-cue" | "stated" => 0.95,
        "cue-before" | "cue-after" => 0.93,
        "title" => 0.92,
        "again" => 0.9,
        "pattern" => 0.9,
        "case+context" => 0.85,
        "item" => 0.85,
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
/// How far the items of a list vouch for each other.
const LIST_REACH: usize = 3;

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
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outside<'a> {
    /// Sure technologies named elsewhere in the posting.
    pub(super) n_sure: u32,
    /// Skills already found in the posting's title.
    pub(super) known: &'a [SkillNo],
    /// The employer's name.
    pub(super) employer: Option<&'a Employer>,
    /// The sections of the text.
    pub(super) sections: &'a [Section],
    /// The text is a title.
    pub(super) is_title: bool,
    /// The text is a list of skills that the source states.
    pub(super) is_stated: bool,
}

/// The one place where a find is believed or not.
fn judge(form: &Form, evidence: &Evidence<'_>) -> Verdict {
    use Verdict::{Accept, Refuse};
    let e = evidence;
    if e.blocked && !(e.barely_blocked && e.case_tells && e.n_neighbours > 0) {
        return Refuse("blocked");
    }
    if e.stated {
        return Accept("stated");
    }
    let product = || {
        e.cue_before
            || (e.cue_after && !e.house_word())
            || (e.own_cue() && !e.house_acts())
            || e.n_neighbours > 0
            || e.asked_for()
    };
    if e.employer && (e.house() || !product()) {
        return Refuse("employer");
    }
    if e.company() || (e.introduced() && !product()) {
        return Refuse("company");
    }
    if e.in_a_compound() {
        return Refuse("part of another name");
    }
    let Some((_, need)) = form.weak else {
        return Accept("alias");
    };
    if e.tied() || e.heads_a_name() {
        return Refuse("part of another name");
    }
    if e.in_house() {
        return Refuse("a name of their own");
    }
    if e.address() {
        return Refuse("an address");
    }
    if e.n_neighbours > 0 {
        if e.case_fits && (need < Need::List || e.case_tells || e.bounded()) {
            return Accept("list");
        }
        // A common word needs technologies on both sides then.
        let enough = || e.n_neighbours > 1 || e.long_list();
        if !e.case_fits && need < Need::List && e.one_case && e.bounded() && enough() {
            return Accept("list");
        }
    }
    if e.own_cue() && (e.case_fits || (e.bounded() && !e.in_a_name())) {
        return Accept("own-cue");
    }
    if !e.case_fits {
        // "experience with go." but not "ability to go far".
        return if e.one_case && e.cue_before && need < Need::List && e.bounded() {
            Accept("cue-before")
        } else {
            Refuse("letter case")
        };
    }
    if e.among_languages() {
        return Accept("list");
    }
    if e.n_sure >= SOME_CONTEXT && e.timed() && e.related() || e.timed_alone() {
        return Accept("cue-after");
    }
    if (need < Need::List && e.n_sure >= SOME_CONTEXT || e.n_sure >= CONTEXT) && e.item() {
        return Accept("item");
    }
    if !e.cue_before && !e.cue_after && e.articled() {
        return Refuse("after an article");
    }
    match need {
        Need::List => Refuse("needs a list"),
        Need::Direct if e.cue_before => Accept("cue-before"),
        Need::Direct if e.cue_after => Accept("cue-after"),
        Need::Direct => Refuse("needs a cue"),
        Need::Cue => {
            if e.cue_before {
                Accept("cue-before")
            } else if e.cue_after {
                Accept("cue-after")
            } else if e.case_tells && e.again() && !e.in_a_name() {
                Accept("again")
            } else if e.in_title && e.case_tells && e.bounded() {
                Accept("title")
            } else if e.n_sure >= SOME_CONTEXT
                && e.case_tells
                && form.n_letters > 1
                && e.preposition()
                && !e.in_a_name()
                && e.related()
            {
                Accept("case+preposition")
            } else if e.n_sure >= RICH_CONTEXT
                && e.case_tells
                && form.n_letters > 1
                && !e.in_a_name()
                && !e.owns()
                && e.related()
            {
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
            } else if e.n_sure >= CONTEXT
                && e.related()
                && !(e.only_position && (e.n_sure < RICH_CONTEXT || e.goes_on()))
                && !(e.in_a_name() && form.kind == Kind::Technology)
                && !(e.owns() && form.kind == Kind::Technology)
                && (e.case_tells || !e.in_benefits())
            {
                Accept(if e.case_tells {
                    "case+context"
                } else {
                    "context"
                })
            } else if e.n_sure >= SOME_CONTEXT
                && e.related()
                && e.case_tells
                && !e.in_a_name()
                && !e.owns()
            {
                Accept("case+context")
            } else if e.again() {
                Accept("again")
            } else if e.in_title && form.several && e.bounded() {
                Accept("title")
            } else {
                Refuse("needs context")
            }
        }
    }
}

/// Decides about every find of a text.
pub(super) fn decide(
    lexicon: &Lexicon,
    taxonomy: &Taxonomy,
    scan: &Scan<'_>,
    lines: &[Line],
    outside: Outside<'_>,
) -> Vec<Candidate> {
    let spans = lists::item_spans(scan.finds.iter().map(|find| (find.first, find.last)));
    let lists = Lists::new(scan, lines, &spans);
    let beside = beside(&scan.finds, &spans, &lists);
    let mut court = Court {
        lexicon,
        taxonomy,
        companies: Companies::new(scan),
        scan,
        lines,
        outside,
        beside,
        n_sure: outside.n_sure,
        sure: vec![],
    };
    court.hear()
}

/// The neighbours of a find in a list: their places among the finds, and what
/// joins them to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    pub(super) left: (usize, Glue),
    pub(super) right: (usize, Glue),
}

impl Beside {
    fn is_listed(&self) -> bool {
        self.left.1 != Glue::None || self.right.1 != Glue::None
    }
}

/// Finds that share words are no neighbours of each other.
fn beside(finds: &[Find], spans: &[Span], lists: &Lists<'_>) -> Vec<Beside> {
    let mut beside: Vec<Beside> = Vec::with_capacity(finds.len());
    for (at, find) in finds.iter().enumerate() {
        let left = (0..at).rev().find(|&left| finds[left].end <= find.start);
        let right = (at + 1..finds.len()).find(|&right| finds[right].start >= find.end);
        beside.push(Beside {
            left: left.map_or((at, Glue::None), |left| match beside[left].right {
                (right, glue) if right == at => (left, glue),
                _ => (left, lists.glue(spans[left], spans[at])),
            }),
            right: right.map_or((at, Glue::None), |right| {
                (right, lists.glue(spans[at], spans[right]))
            }),
        });
    }
    beside
}

/// Where the finds of one text are judged.
pub(super) struct Court<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) taxonomy: &'a Taxonomy,
    pub(super) companies: Companies,
    pub(super) scan: &'a Scan<'a>,
    pub(super) lines: &'a [Line],
    pub(super) outside: Outside<'a>,
    pub(super) beside: Vec<Beside>,
    /// How many sure technologies the posting names.
    pub(super) n_sure: u32,
    /// Those of this text, sorted.
    pub(super) sure: Vec<SkillNo>,
}

impl Court<'_> {
    fn hear(&mut self) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::with_capacity(self.scan.finds.len());
        let mut open: Vec<usize> = Vec::with_capacity(self.scan.finds.len());
        self.sure.reserve(self.scan.finds.len());
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
        let mut accepted_in = vec![0; candidates.len()];
        for round in 1..=6 {
            let mut changed = false;
            open.retain(|&at| {
                if round > 1
                    && !self
                        .list_around(at)
                        .any(|other| accepted_in[other] + 1 >= round)
                {
                    return true;
                }
                let heard = self.weigh(&candidates, at);
                candidates[at] = heard;
                if heard.verdict.is_accepted() {
                    accepted_in[at] = round;
                    changed = true;
                    return false;
                }
                self.beside[at].is_listed()
            });
            if !changed {
                break;
            }
        }
        candidates
    }

    /// The finds of the list around one: up to [`LIST_REACH`] on each side.
    pub(super) fn list_around(&self, at: usize) -> impl Iterator<Item = usize> {
        let side = |next: fn(&Beside) -> (usize, Glue)| {
            let step = move |from: &usize| match next(&self.beside[*from]) {
                (_, Glue::None) => None,
                (other, _) => Some(other),
            };
            std::iter::successors(step(&at), step).take(LIST_REACH)
        };
        side(|beside| beside.left).chain(side(|beside| beside.right))
    }

    /// What has the letters of a find, sure forms first.
    fn forms(&self, find: Find) -> impl Iterator<Item = &Form> {
        let values = self.lexicon.trie.values(find.values, find.seen);
        values.filter_map(move |entry| match entry {
            Entry::Form(no, layer) if layer == find.layer => Some(&self.lexicon.forms[no as usize]),
            _ => None,
        })
    }

    /// The spellings a find may be, sure ones first.
    pub(super) fn spellings(&self, find: &Find) -> impl Iterator<Item = &Form> {
        let find = *find;
        self.forms(find)
            .filter(move |form| fits(form, &find, self.scan))
    }

    /// Sure and blocked finds are settled at once.
    fn first_look(&self, find: &Find) -> Candidate {
        let mut result = Candidate {
            find: *find,
            skill: SkillNo(0),
            kind: Kind::Technology,
            verdict: NOT_SO,
        };
        for form in self.spellings(find) {
            result = Candidate {
                find: *find,
                skill: form.skill,
                kind: form.kind,
                verdict: UNHEARD,
            };
            match self.blocked(find, form.skill) {
                Block::Firm => {
                    result.verdict = Verdict::Refuse("blocked");
                    continue;
                }
                Block::Barely => return result,
                Block::No => {}
            }
            if form.weak.is_none()
                && !self.is_employer(find)
                && !self.in_a_compound(find, form)
                && !(form.kind == Kind::Technology
                    && (self.is_company(find) || self.is_introduced(find)))
            {
                result.verdict = Verdict::Accept("alias");
            }
            return result;
        }
        if result.verdict == NOT_SO
            && let Some(form) = self.forms(*find).next()
        {
            (result.skill, result.kind) = (form.skill, form.kind);
        }
        result
    }

    /// Whether the posting names a technology for sure that stands in a branch of this one.
    pub(super) fn is_related(&self, skill: SkillNo) -> bool {
        let implied = self.taxonomy.implied_by(skill);
        let mut others = self.sure.iter().chain(self.outside.known);
        self.outside.is_title
            || others.any(|&other| {
                other != skill && (self.lexicon.kin.vouch(skill, other) || implied.contains(&other))
            })
    }

    /// How many neighbours in a list are of one branch with a skill.
    fn n_kin(&self, candidates: &[Candidate], at: usize, skill: SkillNo) -> usize {
        let paths = |no: SkillNo| &self.taxonomy.skill(no).paths;
        let Beside { left, right } = self.beside[at];
        let is_kin = |(other, glue): (usize, Glue)| {
            let other = &candidates[other];
            glue != Glue::None
                && other.verdict.is_accepted()
                && paths(other.skill)
                    .iter()
                    .any(|path| paths(skill).iter().any(|own| top(own) == top(path)))
        };
        usize::from(is_kin(left)) + usize::from(is_kin(right))
    }

    fn weigh(&self, candidates: &[Candidate], at: usize) -> Candidate {
        let mut result = candidates[at];
        let find = &candidates[at].find;
        // One name of two things: the words around and the neighbours say which, or else
        // the one that takes less evidence is meant.
        let rank = |form: &Form| {
            (
                self.own_cue(find, form.skill),
                self.n_kin(candidates, at, form.skill),
                std::cmp::Reverse(form.weak.map(|(_, need)| need)),
            )
        };
        let mut best: Option<&Form> = None;
        for form in self.spellings(find) {
            let verdict = judge(form, &self.evidence(candidates, at, form));
            let is_better = match best {
                _ if !verdict.is_accepted() => result.verdict == UNHEARD,
                None => true,
                Some(best) => rank(form) > rank(best),
            };
            if is_better {
                best = Some(form).filter(|_| verdict.is_accepted());
                result = Candidate {
                    skill: form.skill,
                    kind: form.kind,
                    verdict,
                    ..result
                };
            }
        }
        result
    }
}

/// A find that is no spelling of anything, as it is written.
const NOT_SO: Verdict = Verdict::Refuse("not written so");

/// A find nobody has judged yet.
const UNHEARD: Verdict = Verdict::Refuse("not judged");

/// A common word of more letters than this may have a plural s: "visualizations".
const SHORT: u16 = 6;

/// Whether a form can be written as it was found.
fn fits(form: &Form, find: &Find, scan: &Scan<'_>) -> bool {
    let surface = &scan.text[find.start as usize..find.end as usize];
    // "adds" is not "AD DS": short names run together only in capitals.
    if form.several
        && find.seen == 0
        && form.n_letters <= 4
        && !surface.chars().any(char::is_uppercase)
    {
        return false;
    }
    // "no SQL" denies, "no-SQL" is a kind of database.
    if find.seen != 0 && find.last == find.first + 2 && is_denial(find, scan) {
        return false;
    }
    if !find.plural {
        return true;
    }
    let capitals = surface
        .strip_suffix('s')
        .is_some_and(|stem| !stem.chars().any(char::is_lowercase));
    let is_field = form.kind != Kind::Technology;
    let any_case = matches!(form.weak, Some((Case::Any, _))) && form.n_letters > SHORT;
    capitals || (form.weak.is_none() && (form.several || is_field)) || (any_case && is_field)
}

/// Whether the two words of a find are "no" and a thing, with a blank between them.
fn is_denial(find: &Find, scan: &Scan<'_>) -> bool {
    let second = find.first + 1;
    let names = || {
        let at = scan.finds.partition_point(|other| other.first < second);
        let mut there = scan.finds[at..]
            .iter()
            .take_while(|other| other.first == second);
        there.any(|other| other.layer == Layer::Things)
    };
    scan.is_any(find.first as usize, &["no"])
        && scan.before(second as usize).any(Mark::BLANK)
        && names()
}

/// How many technologies a text names for sure, whatever else it says.
pub(super) fn n_sure(lexicon: &Lexicon, scan: &Scan<'_>) -> u32 {
    let forms = scan
        .finds
        .iter()
        .filter(|find| find.layer == Layer::Things)
        .flat_map(|find| lexicon.trie.values(find.values, find.seen))
        .filter_map(|entry| match entry {
            Entry::Form(no, Layer::Things) => Some(&lexicon.forms[no as usize]),
            _ => None,
        })
        .filter(|form| form.weak.is_none() && form.kind == Kind::Technology);
    let mut sure = Vec::with_capacity(scan.finds.len());
    sure.extend(forms.map(|form| form.skill));
    sure.sort_unstable();
    sure.dedup();
    sure.len() as u32
}

/// The highest branch of a path.
fn top(path: &str) -> Option<&str> {
    path.split('/').next()
}
