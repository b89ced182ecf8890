//! The category-winner and who-is-hiring table, from data: each category is won
//! by what postings say, or is said not to be measurable.

use super::dimension::below;
use super::pay::{PayQuantiles, PayScope, ScopeNo, quantiles};
use super::sheet::{Counted, Counts, Sheet, Vote, commonest, growth, share_of};
use super::skillset::count;
use super::sources::Windows;
use super::stats::lift;
use super::votes::Strata;
use super::{Card, Growth, MIN_VOTES, Period, Point};
use crate::posting::Seniority;
use crate::query::{Engine, Filter, QueryError};
use crate::skills::{SkillNo, Taxonomy, is_below};

/// The article's eight languages, in its order.
pub const ARTICLE_LANGUAGES: &[&str] = &[
    "go",
    "python",
    "javascript",
    "rust",
    "java",
    "php",
    "ruby",
    "sql",
];

/// What stands beside a language: a heading and the branches below it.
const BESIDE: &[(&str, &[&str])] = &[
    ("databases", &["database"]),
    ("frameworks", &["framework"]),
    ("tools", &["devops", "cloud", "tool", "testing", "server"]),
    ("soft_skills", &["soft"]),
    ("responsibilities", &["responsibility"]),
];

/// So many skills of each heading stand beside a language.
const N_BESIDE: usize = 3;

/// Postings of a kind below which a share of them is an accident of one or two
/// employers (our choice, as for the employers of an emerging skill).
const MIN_OF_KIND: u64 = 5;

/// Postings that speak of old systems name one of these.
const LEGACY: &[&str] = &["legacy-systems", "maintain-legacy-systems", "migration"];

/// The table.
#[derive(Debug, Clone)]
pub struct Winners {
    /// What it stands on.
    pub card: Card,
    /// The months that shares belong to; everything if there is no full month.
    pub window: Option<Period>,
    /// The months that growth compares with the last ones.
    pub compared: Option<(Period, Period)>,
    /// Groups in the window.
    pub total: u64,
    /// Which pay is compared; or why none is.
    pub pay_scope: Result<PayScope, String>,
    /// The article's languages, then others by share.
    pub languages: Vec<LanguageLine>,
    /// In the order of the article.
    pub categories: Vec<Category>,
    /// Sentences a reader should know.
    pub warnings: Vec<String>,
}

/// One language.
#[derive(Debug, Clone)]
pub struct LanguageLine {
    /// Skill id.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// Groups that name it.
    pub point: Point,
    /// Its rank by share among all languages, and the ranks its interval allows.
    pub rank: Option<(u32, (u32, u32))>,
    /// How its share has changed.
    pub growth: Option<Growth>,
    /// What its postings pay, in [`Winners::pay_scope`].
    pub pay: Option<PayQuantiles>,
    /// Entry-level and intern postings among its own.
    pub entry: Option<Point>,
    /// Those among its own that speak of old systems, and how many times as often as
    /// everywhere they do; `None` below five of them, or if all are one employer's.
    pub legacy: Option<(Point, (f64, f64, f64))>,
    /// Employers by groups.
    pub employers: Vec<(String, u64)>,
    /// What stands beside it: heading, and label with groups.
    pub beside: Vec<(&'static str, Vec<(String, u64)>)>,
}

/// One category.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Its name.
    pub category: &'static str,
    /// Who won it, or why nobody can be said to have.
    pub outcome: Outcome,
}

/// How a category went.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Won.
    Won {
        /// Skill id.
        winner: String,
        /// How people write it.
        label: String,
        /// The figure that won, as people read it.
        value: String,
        /// Where it comes from, and who is not clearly behind.
        why: String,
    },
    /// Nobody can be said to have won it.
    NotMeasurable(String),
}

/// Fills the table over what a filter leaves; `top` languages at most, the
/// article's eight always.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn winners(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    filter: &Filter,
    currency: Option<&str>,
    top: usize,
) -> Result<Winners, QueryError> {
    let sheet = Sheet::read(engine, filter)?;
    Ok(of_sheet(&sheet, taxonomy, currency, top))
}

pub(super) fn of_sheet(
    sheet: &Sheet,
    taxonomy: &Taxonomy,
    currency: Option<&str>,
    top: usize,
) -> Winners {
    let window = sheet.last_year();
    let votes = sheet.votes(window);
    let compared = sheet.year_on_year();
    let mut warnings: Vec<String> = sheet.thin().into_iter().collect();
    let both = compared.map(|(later, earlier)| {
        let votes = [later, earlier].map(|window| sheet.votes(Some(window)));
        warnings.extend(change_of_sources(sheet, &votes));
        let [later, earlier] = votes.map(|votes| languages(&votes, taxonomy));
        (later, earlier)
    });
    let scope = ScopeNo::choose(sheet, &votes, currency);
    let ground = Ground {
        sheet,
        taxonomy,
        by_language: languages(&votes, taxonomy),
        legacy: LEGACY.iter().filter_map(|id| taxonomy.by_id(id)).collect(),
        votes: &votes,
        both,
        scope: scope.clone(),
    };
    let lines: Vec<LanguageLine> = ground
        .chosen(top)
        .into_iter()
        .map(|language| ground.line(language))
        .collect();
    Winners {
        categories: ground.categories(),
        window,
        compared,
        total: votes.len() as u64,
        pay_scope: scope.map(|scope| scope.named(sheet)),
        languages: lines,
        card: sheet.card.clone(),
        warnings,
    }
}

/// A sentence if the votes of the later and the earlier window come from other sources.
fn change_of_sources(sheet: &Sheet, votes: &[Vec<Vote>; 2]) -> Option<String> {
    let names = sheet.strata_names();
    let [later, earlier] = votes.each_ref().map(|votes| {
        let votes = votes.iter().map(|vote| (vote.stratum, Vec::new()));
        Strata::of(names.len(), 0, votes)
    });
    let windows = Windows {
        names: &names,
        earlier: &earlier,
        later: &later,
    };
    windows.warning()
}

/// How many votes name each language.
fn languages(votes: &[Vote], taxonomy: &Taxonomy) -> Counts {
    let inside = below("language", taxonomy);
    Counts::of(votes.iter(), inside.len(), |vote, out| {
        let named = vote.skills.iter().map(|named| named.skill);
        out.extend(
            named
                .filter(|no| inside[usize::from(no.0)])
                .map(|no| u32::from(no.0)),
        );
    })
}

struct Ground<'a> {
    sheet: &'a Sheet,
    taxonomy: &'a Taxonomy,
    votes: &'a [Vote],
    by_language: Counts,
    /// The later and the earlier window of growth.
    both: Option<(Counts, Counts)>,
    scope: Result<ScopeNo, String>,
    legacy: Vec<SkillNo>,
}

impl Ground<'_> {
    fn label(&self, language: SkillNo) -> &str {
        &self.taxonomy.skill(language).label
    }

    fn counted(&self, language: SkillNo) -> Counted {
        self.by_language.counted(u32::from(language.0))
    }

    fn own(&self, language: SkillNo) -> impl Iterator<Item = &Vote> + Clone {
        self.votes.iter().filter(move |vote| vote.names(language))
    }

    /// All languages with votes enough, largest share first.
    fn supported(&self) -> Vec<SkillNo> {
        let n = |no: &SkillNo| self.by_language.n(u32::from(no.0));
        let all = self.taxonomy.iter().map(|(no, _)| no);
        let mut supported: Vec<SkillNo> = all.filter(|no| n(no) >= MIN_VOTES).collect();
        supported.sort_by(|a, b| n(b).cmp(&n(a)).then(a.cmp(b)));
        supported
    }

    /// The article's languages, then others with votes enough.
    fn chosen(&self, top: usize) -> Vec<SkillNo> {
        let article = ARTICLE_LANGUAGES.iter();
        let mut chosen: Vec<SkillNo> = article.filter_map(|id| self.taxonomy.by_id(id)).collect();
        for language in self.supported() {
            if chosen.len() < top && !chosen.contains(&language) {
                chosen.push(language);
            }
        }
        chosen
    }

    fn growth(&self, language: SkillNo) -> Option<Growth> {
        let (now, before) = self.both.as_ref()?;
        let value = u32::from(language.0);
        growth(&now.counted(value), &before.counted(value))
    }

    fn pay(&self, language: SkillNo) -> Option<PayQuantiles> {
        let scope = self.scope.as_ref().ok()?;
        quantiles(
            self.own(language)
                .filter_map(|vote| scope.amount(vote))
                .collect(),
        )
    }

    fn is_entry(&self, vote: &Vote) -> bool {
        let names = &self.sheet.names.seniorities;
        let name = vote.seniority.and_then(|no| names.get(no as usize));
        let entry = [Seniority::Entry, Seniority::Intern].map(Seniority::as_str);
        name.is_some_and(|name| entry.contains(&name.as_str()))
    }

    fn entry(&self, language: SkillNo) -> Option<Point> {
        let entry = share_of(self.own(language), |vote| self.is_entry(vote));
        (entry.point.total >= MIN_VOTES).then_some(entry.point)
    }

    fn speaks_of_legacy(&self, vote: &Vote) -> bool {
        self.legacy.iter().any(|skill| vote.names(*skill))
    }

    fn legacy(&self, language: SkillNo) -> Option<(Point, (f64, f64, f64))> {
        let own = share_of(self.own(language), |vote| self.speaks_of_legacy(vote));
        let all = share_of(self.votes.iter(), |vote| self.speaks_of_legacy(vote));
        let is_sure = self.is_of_several(language, |vote| self.speaks_of_legacy(vote));
        if own.point.total < MIN_VOTES || !is_sure {
            return None;
        }
        let effect = own.point.total as f64 / own.effective.max(1.0);
        let lift = lift(
            own.point.n,
            own.point.total,
            all.point.n,
            all.point.total,
            effect,
        )?;
        Some((own.point, lift))
    }

    /// Whether enough of a language's postings are of a kind, and not all of them one
    /// employer's.
    fn is_of_several(&self, language: SkillNo, is_of_kind: impl Fn(&Vote) -> bool) -> bool {
        let of_kind = || self.own(language).filter(|vote| is_of_kind(vote));
        let first = of_kind().next().and_then(|vote| vote.company);
        let is_one = first.is_some() && of_kind().all(|vote| vote.company == first);
        of_kind().count() as u64 >= MIN_OF_KIND && !is_one
    }

    fn line(&self, language: SkillNo) -> LanguageLine {
        let skill = self.taxonomy.skill(language);
        let companies = &self.sheet.names.companies;
        LanguageLine {
            value: skill.id.clone(),
            label: skill.label.clone(),
            point: self.counted(language).point,
            rank: self.by_language.rank(u32::from(language.0)),
            growth: self.growth(language),
            pay: self.pay(language),
            entry: self.entry(language),
            legacy: self.legacy(language),
            employers: commonest(self.own(language), |vote| vote.company, companies, 5),
            beside: self.beside(language),
        }
    }

    fn beside(&self, language: SkillNo) -> Vec<(&'static str, Vec<(String, u64)>)> {
        let counts = count(self.own(language), self.taxonomy);
        let of = |branches: &[&str]| {
            let is_inside = |path: &String| branches.iter().any(|branch| is_below(path, branch));
            let mut named: Vec<(String, u64)> = self
                .taxonomy
                .iter()
                .filter(|(no, skill)| *no != language && skill.paths.iter().any(is_inside))
                .map(|(no, skill)| (skill.label.clone(), counts.n(u32::from(no.0))))
                .filter(|(_, n)| *n > 0)
                .collect();
            named.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            named.truncate(N_BESIDE);
            named
        };
        BESIDE
            .iter()
            .map(|(heading, branches)| (*heading, of(branches)))
            .collect()
    }

    fn categories(&self) -> Vec<Category> {
        let supported = self.supported();
        let is_query = |no: &SkillNo| {
            let sql = self.taxonomy.by_id("sql");
            Some(*no) == sql || sql.is_some_and(|sql| self.taxonomy.implied_by(*no).contains(&sql))
        };
        let (query, programming): (Vec<SkillNo>, Vec<SkillNo>) =
            supported.iter().copied().partition(is_query);
        let all: Vec<SkillNo> = supported.clone();
        vec![
            Category {
                category: "most used",
                outcome: self.most_used(&programming, "programming language"),
            },
            Category {
                category: "fastest growing",
                outcome: self.fastest_growing(&all),
            },
            Category {
                category: "most used for beginners",
                outcome: self.for_beginners(&programming),
            },
            Category {
                category: "highest paid",
                outcome: self.highest_paid(&all),
            },
            Category {
                category: "legacy",
                outcome: self.most_legacy(&all),
            },
            Category {
                category: "most likely to linger",
                outcome: self.lingers(&all),
            },
            Category {
                category: "best non-programming back-end language",
                outcome: self.most_used(&query, "query language"),
            },
            Category {
                category: "most loved",
                outcome: Outcome::NotMeasurable(
                    "postings say what is asked for, not what is loved".to_owned(),
                ),
            },
        ]
    }

    fn won(&self, winner: SkillNo, value: String, why: String) -> Outcome {
        Outcome::Won {
            winner: self.taxonomy.skill(winner).id.clone(),
            label: self.label(winner).to_owned(),
            value,
            why,
        }
    }

    fn most_used(&self, of: &[SkillNo], what: &str) -> Outcome {
        let Some(first) = of.first().copied() else {
            return Outcome::NotMeasurable(format!("no {what} has {MIN_VOTES} votes"));
        };
        let point = self.counted(first).point;
        let behind = self.not_clearly_behind(of, |language| {
            let other = self.counted(language).point.share;
            self.counted(language).point.n < point.n && other.high >= point.share.low
        });
        let is_tied = |language: &&SkillNo| self.counted(**language).point.n == point.n;
        let tied: Vec<&str> = of[1..]
            .iter()
            .take_while(is_tied)
            .map(|language| self.label(*language))
            .collect();
        let shared = match tied.is_empty() {
            true => String::new(),
            false => format!(", shared with {}", tied.join(", ")),
        };
        let why = format!("the largest share among {what}s{shared}{behind}");
        self.won(first, share(&point), why)
    }

    /// ", not clearly ahead of …" for those after the first that are so.
    fn not_clearly_behind(&self, of: &[SkillNo], is_near: impl Fn(SkillNo) -> bool) -> String {
        let near: Vec<&str> = of
            .iter()
            .skip(1)
            .filter(|language| is_near(**language))
            .map(|language| self.label(*language))
            .collect();
        match near.len() {
            0 => String::new(),
            1..=3 => format!(", not clearly ahead of {}", near.join(", ")),
            4 => format!(
                ", not clearly ahead of {} and one other",
                near[..3].join(", ")
            ),
            n => format!(
                ", not clearly ahead of {} and {} others",
                near[..3].join(", "),
                n - 3
            ),
        }
    }

    /// Whichever has the largest figure by the lower end of its interval; the
    /// figure is (lower end, value, upper end).
    fn by_lower_end(
        &self,
        of: &[SkillNo],
        figure: impl Fn(SkillNo) -> Option<(f64, f64, f64)>,
    ) -> Option<(SkillNo, (f64, f64, f64), String)> {
        let mut known: Vec<(SkillNo, (f64, f64, f64))> = of
            .iter()
            .filter_map(|language| Some((*language, figure(*language)?)))
            .collect();
        known.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
        let (winner, best) = *known.first()?;
        let order: Vec<SkillNo> = known.iter().map(|(language, _)| *language).collect();
        let behind = self.not_clearly_behind(&order, |language| {
            known
                .iter()
                .any(|(other, figure)| *other == language && figure.2 >= best.0)
        });
        Some((winner, best, behind))
    }

    fn fastest_growing(&self, of: &[SkillNo]) -> Outcome {
        if self.both.is_none() {
            return Outcome::NotMeasurable(
                "less than thirteen months of dated postings".to_owned(),
            );
        }
        let ratio = |language: SkillNo| {
            let (ratio, low, high) = self.growth(language)?.ratio;
            Some((low, ratio, high))
        };
        match self.by_lower_end(of, ratio) {
            Some((winner, (low, ratio, high), behind)) if low > 1.0 => self.won(
                winner,
                format!("× {ratio:.2} in a year ({low:.2}–{high:.2})"),
                format!("the largest lower end of growth{behind}"),
            ),
            _ => Outcome::NotMeasurable(format!(
                "no language with {MIN_VOTES} votes in both windows has a quotient of its shares clearly above 1"
            )),
        }
    }

    fn for_beginners(&self, of: &[SkillNo]) -> Outcome {
        let entry = |language: SkillNo| {
            let point = self.entry(language)?;
            let is_sure = self.is_of_several(language, |vote| self.is_entry(vote));
            is_sure.then_some((point.share.low, point.share.share, point.share.high))
        };
        match self.by_lower_end(of, entry) {
            Some((winner, _, behind)) => {
                let point = self.entry(winner).map(|point| share(&point));
                self.won(
                    winner,
                    point.unwrap_or_default(),
                    format!(
                        "the largest share of entry-level and intern postings among its own{behind}"
                    ),
                )
            }
            None => Outcome::NotMeasurable(format!(
                "no language has {MIN_OF_KIND} entry-level and intern postings of more than one employer"
            )),
        }
    }

    fn highest_paid(&self, of: &[SkillNo]) -> Outcome {
        let scope = match &self.scope {
            Ok(scope) => scope.named(self.sheet),
            Err(why) => return Outcome::NotMeasurable(why.clone()),
        };
        let median = |language: SkillNo| {
            let pay = self.pay(language)?;
            Some((
                pay.median_interval.0,
                pay.quantiles[2],
                pay.median_interval.1,
            ))
        };
        let country = scope
            .country
            .as_ref()
            .map(|code| format!(" in {code}"))
            .unwrap_or_default();
        match self.by_lower_end(of, median) {
            Some((winner, (low, median, high), behind)) => {
                let n = self.pay(winner).map_or(0, |pay| pay.n);
                self.won(
                    winner,
                    format!(
                        "{} {median:.0} a year ({low:.0}–{high:.0}, n={n})",
                        scope.currency
                    ),
                    format!("the largest median of stated pay{country}{behind}"),
                )
            }
            None => Outcome::NotMeasurable(format!(
                "no language has ten postings that state pay in {}{country}",
                scope.currency
            )),
        }
    }

    fn most_legacy(&self, of: &[SkillNo]) -> Outcome {
        let own = |language: SkillNo| {
            let own = self.legacy(language).map(|(point, _)| point);
            own.map_or_else(String::new, |own| {
                format!("{}/{} postings, ", own.n, own.total)
            })
        };
        let lift = |language: SkillNo| {
            let (_, (lift, low, high)) = self.legacy(language)?;
            Some((low, lift, high))
        };
        match self.by_lower_end(of, lift) {
            Some((winner, (low, lift, high), behind)) if low > 1.0 => self.won(
                winner,
                format!("{}× {lift:.2} ({low:.2}–{high:.2})", own(winner)),
                format!(
                    "its postings speak most often of legacy systems, their upkeep or migration, against all postings{behind}"
                ),
            ),
            Some(_) => Outcome::NotMeasurable(
                "no language's postings speak clearly more often of old systems than all do".to_owned(),
            ),
            None => Outcome::NotMeasurable(format!(
                "no language has {MIN_OF_KIND} postings of more than one employer that speak of old systems"
            )),
        }
    }

    /// Half-lives in years, of those that decline beyond chance.
    fn lingers(&self, of: &[SkillNo]) -> Outcome {
        if self.both.is_none() {
            return Outcome::NotMeasurable(
                "less than thirteen months of dated postings".to_owned(),
            );
        }
        let half_life = |language: SkillNo| {
            let growth = self.growth(language)?;
            let (ratio, low, high) = growth.ratio;
            (growth.points.2 < 0.0 && high < 1.0).then(|| {
                let years = |ratio: f64| 0.5f64.ln() / ratio.ln();
                (years(low), years(ratio), years(high))
            })
        };
        match self.by_lower_end(of, half_life) {
            Some((winner, (low, years, high), behind)) => self.won(
                winner,
                format!("half-life {years:.1} years ({low:.1}–{high:.1})"),
                format!("of those that decline beyond chance, the slowest{behind}"),
            ),
            None => Outcome::NotMeasurable(format!(
                "no language with {MIN_VOTES} votes in both windows has a quotient of its shares clearly below 1"
            )),
        }
    }
}

/// `n/N = 12.3 % (10.1–14.5)`.
fn share(point: &Point) -> String {
    format!(
        "{}/{} = {:.1} % ({:.1}–{:.1})",
        point.n,
        point.total,
        point.share.share * 100.0,
        point.share.low * 100.0,
        point.share.high * 100.0
    )
}
