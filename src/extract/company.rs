//! Names that are companies where they stand: customers, investors, former
//! employers, competitors, and whoever "is hiring".

use super::decide::Court;
use super::lexicon::cues::Cue;
use super::scan::Scan;
use super::strength::hashes;
use super::token::{Find, Hit, Mark};

/// How many words a run of names has at most.
const RUN: usize = 40;
/// Company names around a find that make it one of them.
const COMPANIES: usize = 2;

/// Words that stand between the names of a run.
const BETWEEN: &[&str] = &[
    "and", "or", "the", "of", "as", "well", "und", "oder", "et", "ou", "y", "i", "oraz", "former",
    "from", "founders", "founder", "at", "many", "other", "others", "more",
];

/// Words before "at" and a company's name.
const PEOPLE: &[&str] = &[
    "architect",
    "career",
    "careers",
    "designer",
    "designers",
    "developer",
    "developers",
    "engineer",
    "engineers",
    "intern",
    "interns",
    "internship",
    "internships",
    "job",
    "jobs",
    "life",
    "manager",
    "managers",
    "openings",
    "people",
    "position",
    "positions",
    "role",
    "roles",
    "scientist",
    "scientists",
    "team",
    "teams",
];

/// What stands before what an applicant is told to write over a mail or beside a name.
const LABELS: &[&str] = &[
    "备注",
    "邮件标题",
    "邮件主题",
    "标题格式",
    "主题格式",
    "标题注明",
    "请注明",
];
/// One of these is in each of [`LABELS`].
const LABEL_SIGNS: [char; 2] = ['题', '注'];
/// What stands in such a line beside the names: "GitHub-姓名".
const LABELLED: &[&str] = &["姓名", "+", "-", "【", "内推", "求职"];
/// So far before the name its label may begin, in bytes.
const LABEL_BYTES: usize = 72;
/// So far behind the name the rest of the label may stand, in bytes.
const LABEL_TAIL: usize = 12;

/// [`Token::hash`](super::token::Token::hash) of "at".
const AT: u32 = hashes(["at"])[0];

/// What stands between a name and what it is.
const APPOSED: Mark = Mark::COMMA.or(Mark::BLANK);

/// Words of a thing that its owner made.
const OWN: &[&str] = &["own", "inhouse", "proprietary", "homegrown"];

/// Words before what somebody makes.
const MAKES: &[&str] = &[
    "build",
    "builds",
    "building",
    "built",
    "create",
    "creates",
    "created",
    "develop",
    "develops",
    "developed",
    "launched",
    "make",
    "makes",
    "offer",
    "offers",
    "sell",
    "sells",
];

/// Whatever ends a run of names.
const ENDS: Mark = Mark::SENTENCE
    .or(Mark::SEMICOLON)
    .or(Mark::BULLET)
    .or(Mark::AT);

/// The company cues of a text, and the names it introduces as companies.
#[derive(Debug, Default)]
pub(super) struct Companies {
    cues: Vec<Hit<Cue>>,
    /// Whether any of them leads to companies.
    any_lead: bool,
    /// How many of them name one.
    n_names: usize,
    /// Names of which something is said that only a company does, in small.
    introduced: Vec<String>,
}

impl Companies {
    pub(super) fn new(scan: &Scan<'_>) -> Companies {
        let is_company = |hit: &&Hit<Cue>| {
            matches!(
                hit.what,
                Cue::CompaniesFollow | Cue::CompanyBefore | Cue::Company
            )
        };
        // "Amazon" in "Amazon Web Services" is no company.
        let in_a_skill = |hit: &&Hit<Cue>| {
            let at = scan.finds.partition_point(|find| find.last < hit.last);
            let around = scan.finds[at..]
                .iter()
                .take_while(|find| find.first <= hit.first);
            hit.what == Cue::Company
                && around
                    .into_iter()
                    .any(|find| find.last - find.first > hit.last - hit.first)
        };
        let cues = scan.cues.iter().filter(is_company);
        let cues: Vec<Hit<Cue>> = cues.filter(|hit| !in_a_skill(hit)).copied().collect();
        let mut introduced = Vec::new();
        for hit in cues.iter().filter(|hit| hit.what == Cue::CompanyBefore) {
            let at = scan.finds.partition_point(|find| find.last < hit.first);
            let named = scan.finds[at..]
                .iter()
                .take_while(|find| find.first < hit.first)
                .find(|find| find.last == hit.first && adjoins(scan, hit.first));
            if let Some(find) = named
                && begins_sentence(scan, find)
                && hit.last - hit.first > 1
            {
                introduced.push(scan.text[find.start as usize..find.end as usize].to_lowercase());
            }
        }
        Companies {
            any_lead: cues.iter().any(|hit| hit.what == Cue::CompaniesFollow),
            n_names: cues.iter().filter(|hit| hit.what == Cue::Company).count(),
            cues,
            introduced,
        }
    }

    fn first(&self, from: u32) -> usize {
        self.cues.partition_point(|hit| hit.first < from)
    }

    /// Whether companies follow from a word on; the run they are in goes on to `first`.
    fn lead_to(&self, scan: &Scan<'_>, at: u32, first: u32) -> bool {
        let end = self.first(at);
        self.cues[..end].iter().rev().take(4).any(|hit| {
            hit.what == Cue::CompaniesFollow
                && hit.last == at
                && !scan.before(at as usize).any(ENDS.or(Mark::DOT))
                // "ex-Acme", but not "ex. Java" nor "ex-Acme, Java developer".
                && (!scan.word(hit.first as usize).eq_ignore_ascii_case("ex")
                    || scan.before(at as usize).any(Mark::OPEN)
                    || (at == first && scan.before(at as usize).any(Mark::HYPHEN)))
        })
    }

    /// How many companies are named between two words, or hinted at right before them.
    fn names_in(&self, from: u32, to: u32) -> usize {
        let end = self.first(to);
        self.cues[..end]
            .iter()
            .rev()
            .take_while(|hit| hit.first + 4 > from)
            .filter(|hit| hit.what == Cue::Company && hit.last >= from)
            .count()
    }
}

/// Whether only a blank, or the sign of an owner, stands before a word.
fn adjoins(scan: &Scan<'_>, at: u32) -> bool {
    scan.before(at as usize)
        .only(Mark::BLANK.or(Mark::QUOTE).or(Mark::HYPHEN))
}

fn begins_sentence(scan: &Scan<'_>, find: &Find) -> bool {
    find.first == 0
        || scan.before(find.first as usize).any(
            Mark::SENTENCE
                .or(Mark::BULLET)
                .or(Mark::CLOSE)
                .or(Mark::DASH),
        )
}

impl Court<'_> {
    /// Whether a find is no skill whatever it is called: it stands among companies
    /// ("customers like X", "X Ventures"), people work there, or it is of an address or of
    /// the label of an application.
    pub(super) fn is_company(&self, find: &Find) -> bool {
        if self.is_workplace(find) || self.is_host(find) || self.is_label(find) {
            return true;
        }
        if self.companies.cues.is_empty() {
            return false;
        }
        let scan = self.scan;
        let at = self.companies.first(find.last);
        let said_after = self.companies.cues[at..]
            .iter()
            .take_while(|hit| hit.first <= find.last + 1)
            .any(|hit| {
                let own = hit.first == find.last + 1
                    && matches!(scan.word(find.last as usize), "s" | "own");
                hit.what == Cue::CompanyBefore
                    && (hit.first == find.last || own)
                    && adjoins(scan, hit.first)
                    && (hit.last - hit.first == 1 || begins_sentence(scan, find))
            });
        said_after || (self.companies.any_lead && self.run_start(find).1)
    }

    /// Whether people work at it: "an engineer at Acme", but not "at Acme scale".
    fn is_workplace(&self, find: &Find) -> bool {
        let (scan, first) = (self.scan, find.first as usize);
        first > 1
            && scan.tokens[first - 1].hash == AT
            && find.last - find.first == 1
            && [first - 1, first]
                .iter()
                .all(|at| scan.before(*at).only(Mark::BLANK))
            && scan.is_any(first - 2, PEOPLE)
            && !scan.is_any(find.last as usize, &["level", "scale", "speed"])
    }

    /// Whether it is what an application shall be called: "邮件标题：GitHub-姓名".
    fn is_label(&self, find: &Find) -> bool {
        let (start, end) = (find.start as usize, find.end as usize);
        let text = self.scan.text;
        let from = text.floor_char_boundary(start.saturating_sub(LABEL_BYTES));
        let before = &text[from..start];
        if before.is_ascii() || !before.contains(LABEL_SIGNS) {
            return false;
        }
        let ends = LABELS
            .iter()
            .filter_map(|label| before.rfind(label).map(|at| from + at + label.len()));
        ends.filter(|label| *label < start)
            .max()
            .is_some_and(|label| {
                let until = text.floor_char_boundary(end + LABEL_TAIL);
                let rest = text[end..until].split('\n').next();
                let parts = [&text[label..start], rest.unwrap_or_default()];
                let has = |signs: &[&str]| {
                    let mut signs = signs.iter();
                    signs.any(|sign| parts.iter().any(|part| part.contains(sign)))
                };
                has(LABELLED) && !has(&["熟悉", "要求", "优先", "。", "\n"])
            })
    }

    /// Whether a find is a name that somebody gave to a thing of their own: "Ember, our
    /// in-house player", "we build Spark, a platform for schools".
    pub(super) fn is_in_house(&self, find: &Find) -> bool {
        let (scan, first, last) = (self.scan, find.first as usize, find.last as usize);
        if !scan.before(last).any(Mark::COMMA) || !scan.before(last).only(APPOSED) {
            return false;
        }
        let own = || {
            let made_here = [("in", "house"), ("home", "grown")];
            scan.is_any(last + 1, OWN)
                || made_here
                    .iter()
                    .any(|(a, b)| scan.is_any(last + 1, &[*a]) && scan.is_any(last + 2, &[*b]))
        };
        let built = || {
            let next = last as u32 + 1;
            first > 0
                && scan.before(first).only(Mark::BLANK)
                && scan.is_any(first - 1, MAKES)
                && !scan.is_any(last + 1, &["plus", "must"])
                && scan
                    .finds
                    .binary_search_by_key(&next, |find| find.first)
                    .is_err()
        };
        scan.is_any(last, &["our", "the", "a", "an"]) && own()
            || scan.is_any(last, &["our", "a", "an"]) && built()
    }

    /// Where the run of names before a find begins, and whether companies are announced there.
    fn run_start(&self, find: &Find) -> (u32, bool) {
        let scan = self.scan;
        let mut at = find.first;
        for _word in 0..RUN {
            if self.companies.lead_to(scan, at, find.first) {
                return (at, true);
            }
            let mark = scan.before(at as usize);
            if at == 0 || mark.any(ENDS.or(Mark::COLON)) {
                break;
            }
            if !self.is_of_a_run(at - 1) {
                break;
            }
            at -= 1;
        }
        (at, false)
    }

    fn is_of_a_run(&self, at: u32) -> bool {
        let token = self.scan.tokens[at as usize];
        let word = self.scan.word(at as usize);
        token.shape.has_capital()
            || token.shape.is_number()
            || BETWEEN.iter().any(|known| word.eq_ignore_ascii_case(known))
    }

    /// Whether a find stands in a row of companies that are no skills, and they
    /// are more than the technologies around it.
    pub(super) fn is_among_companies(&self, find: &Find, n_neighbours: u32) -> bool {
        if self.companies.n_names < COMPANIES {
            return false;
        }
        let (first, _) = self.run_start(find);
        let mut last = find.last;
        for _word in 0..RUN {
            let mark = self.scan.before(last as usize);
            if last as usize >= self.scan.tokens.len()
                || mark.any(ENDS.or(Mark::COLON))
                || !self.is_of_a_run(last)
            {
                break;
            }
            last += 1;
        }
        let n =
            self.companies.names_in(first, find.first) + self.companies.names_in(find.last, last);
        n >= COMPANIES && n > n_neighbours as usize
    }

    /// Whether the text says of a name what is said of companies only.
    pub(super) fn is_introduced(&self, find: &Find) -> bool {
        let names = &self.companies.introduced;
        !names.is_empty() && {
            let surface = self.scan.text[find.start as usize..find.end as usize].to_lowercase();
            names.contains(&surface)
        }
    }

    /// Whether something of its own follows: "Acme's example".
    pub(super) fn owns(&self, find: &Find) -> bool {
        let rest = &self.scan.text[find.end as usize..];
        ["'s ", "’s "].iter().any(|end| rest.starts_with(end))
    }
}
