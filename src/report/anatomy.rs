//! What is in a job description: the sections of the article that jobsift
//! began from, each line answered from data.

use std::collections::{HashMap, HashSet};

use super::compare::{Contrast, Side, apart};
use super::stats::Share;
use super::tally::{Counter, Tally};
use super::votes::NO_COMPANY;
use super::{Card, CardBuilder, Denominator};
use crate::index::AskEntry;
use crate::posting::SkillStrength;
use crate::query::{Engine, Filter, QueryError, ScanNames};
use crate::skills::{Kind, SkillNo, Taxonomy, is_below};

/// The description of a role, section by section.
#[derive(Debug, Clone)]
pub struct Anatomy {
    /// What it stands on.
    pub card: Card,
    /// Groups counted: what shares are shares of.
    pub total: u64,
    /// In the order of the article.
    pub sections: Vec<AnatomySection>,
    /// How many years are asked for.
    pub years: YearsLine,
    /// Stated pay, by currency.
    pub pay: Vec<PayLine>,
    /// Groups with a list that offers a choice ("Java, Go or Python").
    pub with_choice: (u64, Share),
    /// What it stands against, if anything.
    pub versus: Option<AnatomyVersus>,
}

/// What an anatomy stands against.
#[derive(Debug, Clone)]
pub struct AnatomyVersus {
    /// These postings and the others.
    pub sides: [Side; 2],
    /// Groups on both sides; they count for the others only.
    pub shared: u64,
    /// Lists that offer a choice.
    pub with_choice: Contrast,
}

/// What to tell.
#[derive(Debug, Clone)]
pub struct AnatomyRequest {
    /// Which postings.
    pub filter: Filter,
    /// Lines a section shows.
    pub top: usize,
    /// Against the postings that these conditions leave when they are put in place
    /// of those of their kind in `filter`, under this name.
    pub versus: Option<(String, Filter)>,
}

/// One section.
#[derive(Debug, Clone)]
pub struct AnatomySection {
    /// A short name, stable.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Groups that name anything of it.
    pub any: (u64, Share),
    /// The same against the other postings.
    pub versus: Option<Contrast>,
    /// The commonest first.
    pub lines: Vec<AnatomyLine>,
}

/// One skill of a section.
#[derive(Debug, Clone)]
pub struct AnatomyLine {
    /// Skill id.
    pub id: String,
    /// How people write it.
    pub label: String,
    /// Groups that name it.
    pub n: u64,
    /// Their share, with its interval.
    pub share: Share,
    /// Of the groups that name it, the share that requires it.
    pub required: f64,
    /// Of the groups that name it, the share to which it is nice to have.
    pub preferred: f64,
    /// Employers that name it, by groups; most first.
    pub employers: Vec<(String, u64)>,
    /// The language that a framework is of.
    pub of_language: Option<String>,
    /// The share against that in the other postings.
    pub versus: Option<Contrast>,
}

/// How many years are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct YearsLine {
    /// Groups that say so.
    pub n: u64,
    /// Lower quartile, median, upper quartile of the most that a group asks for.
    pub quartiles: Option<(f32, f32, f32)>,
}

/// Pay in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct PayLine {
    /// ISO 4217 code.
    pub currency: String,
    /// Groups with a closed range.
    pub n: u64,
    /// Lower quartile, median, upper quartile of the middles, a year.
    pub quartiles: (f64, f64, f64),
}

/// Quantiles of fewer values than this are not given.
const MIN_PAY: usize = 10;

/// The article's sections: which branches each takes, and whether "who is
/// hiring" stands beside it.
const SECTIONS: &[(&str, &str, &[&str])] = &[
    ("languages", "Languages", &["language"]),
    (
        "sql-databases",
        "Relational databases",
        &["database/relational"],
    ),
    ("nosql-databases", "NoSQL databases", &["database/nosql"]),
    ("frameworks", "Server-side frameworks", &["framework/web"]),
    ("apis", "APIs", &["api"]),
    ("cloud", "Cloud platforms", &["cloud/platform"]),
    (
        "containers",
        "Containers and virtualisation",
        &[
            "devops/container",
            "devops/orchestration",
            "devops/virtualisation",
        ],
    ),
    (
        "web-servers",
        "Web servers",
        &["server/web", "server/proxy"],
    ),
    (
        "devops",
        "Deployment and DevOps",
        &[
            "devops/ci-cd",
            "devops/infrastructure-as-code",
            "devops/monitoring",
            "concept/operations",
        ],
    ),
    ("responsibilities", "Responsibilities", &["responsibility"]),
    ("soft-skills", "Soft skills", &["soft"]),
];

#[derive(Default)]
struct Group {
    company: Option<u32>,
    /// Skill and its strongest strength.
    skills: Vec<(SkillNo, SkillStrength)>,
    years: f32,
    has_choice: bool,
    pay: Option<(f64, u32)>,
}

/// Counts an anatomy over what a filter leaves.
///
/// A group of copies has one vote, with what any of its postings says. Intervals
/// stand on effective numbers, as everywhere.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn anatomy(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    request: &AnatomyRequest,
) -> Result<Anatomy, QueryError> {
    let own = Read::new(engine, taxonomy, &request.filter)?;
    let other = match &request.versus {
        Some((name, filter)) => {
            let filter = request.filter.clone().replaced_by(filter);
            Some((name, Read::new(engine, taxonomy, &filter)?))
        }
        None => None,
    };
    Ok(tell(own, other, taxonomy, request.top))
}

/// What a filter leaves, group by group.
struct Read {
    card: Card,
    names: ScanNames,
    /// By number.
    groups: HashMap<u32, Group>,
}

impl Read {
    fn new(engine: &dyn Engine, taxonomy: &Taxonomy, filter: &Filter) -> Result<Read, QueryError> {
        let mut card = CardBuilder::default();
        let mut groups: HashMap<u32, Group> = HashMap::new();
        let names = engine.scan(filter, &mut |row| {
            card.add(row);
            if row.is_partial {
                return;
            }
            let group = groups.entry(row.group).or_default();
            // Copies may differ; the order they come in must not decide.
            group.company = group.company.into_iter().chain(row.company).min();
            group.take(row.ask, taxonomy);
            if let Some((Some(min), Some(max), currency)) = row.pay {
                let pay = ((min + max) / 2.0, currency);
                let is_first =
                    |known: (f64, u32)| pay.1.cmp(&known.1).then(pay.0.total_cmp(&known.0)).is_lt();
                if group.pay.is_none_or(is_first) {
                    group.pay = Some(pay);
                }
            }
        })?;
        Ok(Read {
            card: card.finish(&names),
            names,
            groups,
        })
    }

    /// The votes for each skill, then each section, then a choice.
    fn tally(&self, sections: &[Vec<bool>], n_skills: usize) -> Tally {
        let mut groups: Vec<(&u32, &Group)> = self.groups.iter().collect();
        groups.sort_by_key(|(no, group)| (group.company.unwrap_or(NO_COMPANY), **no));
        let mut counter = Counter::new(1, n_skills + sections.len() + 1);
        let mut groups = groups.into_iter().peekable();
        while let Some((_, group)) = groups.next() {
            let skills = group.skills.iter().map(|(no, _)| u32::from(no.0));
            let named = (n_skills as u32..)
                .zip(sections)
                .filter_map(|(at, inside)| {
                    let names = |(no, _): &(SkillNo, SkillStrength)| inside[usize::from(no.0)];
                    group.skills.iter().any(names).then_some(at)
                });
            let choice = group
                .has_choice
                .then_some((n_skills + sections.len()) as u32);
            let company = group.company.unwrap_or(NO_COMPANY);
            let values = skills.chain(named).chain(choice);
            counter.add(values.map(|value| value as usize));
            let next = groups.peek().map(|(_, group)| group.company);
            if next != Some(group.company) || company == NO_COMPANY {
                counter.close(company, 0);
            }
        }
        let tally = counter.finish().pop();
        tally.expect("one period is asked for and counted")
    }
}

fn tell(mut own: Read, other: Option<(&String, Read)>, taxonomy: &Taxonomy, top: usize) -> Anatomy {
    let n_skills = taxonomy.skills().len();
    let inside: Vec<Vec<bool>> = SECTIONS
        .iter()
        .map(|(_, _, branches)| {
            let is_inside = |path: &String| branches.iter().any(|branch| is_below(path, branch));
            let skills = taxonomy.skills().iter();
            skills
                .map(|skill| skill.paths.iter().any(is_inside))
                .collect()
        })
        .collect();
    let mut shared = 0;
    if let Some((_, other)) = &other {
        let before = own.groups.len();
        let theirs: HashSet<u32> = other.groups.keys().copied().collect();
        own.groups.retain(|no, _| !theirs.contains(no));
        shared = (before - own.groups.len()) as u64;
    }
    let tally = own.tally(&inside, n_skills);
    let against = other
        .as_ref()
        .map(|(_, other)| other.tally(&inside, n_skills));
    let share = |value: u32| {
        let point = tally.point(value, Denominator::All);
        (point.n, point.share)
    };
    let versus = |value: u32, id: &str, label: &str| {
        let against = against.as_ref()?;
        let sized = |tally: &Tally| {
            let effective = tally.share(value, Denominator::All).1;
            (tally.point(value, Denominator::All), effective)
        };
        let label = (id.to_owned(), label.to_owned());
        Some(apart(label, [sized(&tally), sized(against)]))
    };
    let Read {
        card,
        names,
        groups,
    } = own;
    let total = groups.len() as u64;
    let mut counts: Vec<Count> = vec![Count::default(); n_skills];
    for group in groups.values() {
        for (skill, strength) in &group.skills {
            counts[usize::from(skill.0)].add(*strength, group.company);
        }
    }
    // With something to stand against, what is common on either side is shown.
    let weight = |no: SkillNo| {
        let part = |tally: &Tally| {
            tally.n(u32::from(no.0)) as f64 / tally.denominator(Denominator::All).max(1) as f64
        };
        part(&tally) + against.as_ref().map_or(0.0, part)
    };
    let languages = super::dimension::below("language", taxonomy);
    let mut sections = Vec::new();
    for (at, (id, title, _)) in SECTIONS.iter().enumerate() {
        let mut chosen: Vec<SkillNo> = taxonomy
            .iter()
            .map(|(no, _)| no)
            .filter(|no| inside[at][usize::from(no.0)] && weight(*no) > 0.0)
            .collect();
        chosen.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)).then(a.cmp(b)));
        chosen.truncate(top);
        let lines = chosen.into_iter().map(|no| {
            let value = u32::from(no.0);
            let skill = taxonomy.skill(no);
            let count = &counts[usize::from(no.0)];
            let mut line = count.line(no, taxonomy, &names.companies, share(value).1);
            if *id == "frameworks" {
                let language = skill.implies.iter().find(|no| languages[usize::from(no.0)]);
                line.of_language = language.map(|no| taxonomy.skill(*no).label.clone());
            }
            line.versus = versus(value, &skill.id, &skill.label);
            line
        });
        let any = (n_skills + at) as u32;
        sections.push(AnatomySection {
            id,
            title,
            any: share(any),
            versus: versus(any, id, title),
            lines: lines.collect(),
        });
    }
    let mut years: Vec<f32> = groups
        .values()
        .map(|group| group.years)
        .filter(|years| *years > 0.0)
        .collect();
    years.sort_by(f32::total_cmp);
    let years = YearsLine {
        n: years.len() as u64,
        quartiles: quartiles(&years, 1),
    };
    let mut pay = Vec::new();
    for (no, currency) in (0u32..).zip(&names.currencies) {
        let mut amounts: Vec<f64> = groups
            .values()
            .filter_map(|group| group.pay)
            .filter(|(_, of)| *of == no)
            .map(|(amount, _)| amount)
            .collect();
        amounts.sort_by(f64::total_cmp);
        if let Some(quartiles) = quartiles(&amounts, MIN_PAY) {
            pay.push(PayLine {
                currency: currency.clone(),
                n: amounts.len() as u64,
                quartiles,
            });
        }
    }
    pay.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.currency.cmp(&b.currency)));
    let choice = (n_skills + SECTIONS.len()) as u32;
    Anatomy {
        versus: other.zip(versus(choice, "choice", "A choice")).map(
            |((name, other), with_choice)| AnatomyVersus {
                sides: [("these", total), (name, other.groups.len() as u64)].map(
                    |(name, total)| Side {
                        name: name.to_owned(),
                        window: None,
                        total,
                    },
                ),
                shared,
                with_choice,
            },
        ),
        card,
        total,
        sections,
        years,
        pay,
        with_choice: share(choice),
    }
}

impl Group {
    fn take(&mut self, ask: &[AskEntry], taxonomy: &Taxonomy) {
        for requirement in
            ask.chunk_by(|a, b| a.requirement.is_some() && a.requirement == b.requirement)
        {
            let is_hard = |entry: &AskEntry| taxonomy.skill(entry.skill).kind != Kind::Soft;
            self.has_choice |= requirement.len() > 1 && requirement.iter().all(is_hard);
            for entry in requirement.iter().filter(|entry| !entry.implied) {
                self.years = self.years.max(entry.years);
                match self
                    .skills
                    .iter_mut()
                    .find(|(known, _)| *known == entry.skill)
                {
                    Some((_, strength)) => *strength = strength.joined(entry.strength),
                    None => self.skills.push((entry.skill, entry.strength)),
                }
            }
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Count {
    n: u64,
    required: u64,
    preferred: u64,
    companies: HashMap<u32, u64>,
}

impl Count {
    fn add(&mut self, strength: SkillStrength, company: Option<u32>) {
        self.n += 1;
        self.required += u64::from(strength == SkillStrength::Required);
        self.preferred += u64::from(strength == SkillStrength::Preferred);
        if let Some(company) = company {
            *self.companies.entry(company).or_default() += 1;
        }
    }

    fn line(
        &self,
        no: SkillNo,
        taxonomy: &Taxonomy,
        companies: &[String],
        share: Share,
    ) -> AnatomyLine {
        let skill = taxonomy.skill(no);
        let mut employers: Vec<(String, u64)> = self
            .companies
            .iter()
            .filter_map(|(no, n)| Some((companies.get(*no as usize)?.clone(), *n)))
            .collect();
        employers.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        employers.truncate(5);
        let of_n = |part: u64| part as f64 / self.n.max(1) as f64;
        AnatomyLine {
            id: skill.id.clone(),
            label: skill.label.clone(),
            n: self.n,
            share,
            required: of_n(self.required),
            preferred: of_n(self.preferred),
            employers,
            of_language: None,
            versus: None,
        }
    }
}

/// Quartiles of sorted values, between neighbours in proportion (Hyndman and
/// Fan, 1996, type 7); `None` below `least` values.
fn quartiles<T: Copy + Into<f64> + FromF64>(sorted: &[T], least: usize) -> Option<(T, T, T)> {
    if sorted.is_empty() || sorted.len() < least {
        return None;
    }
    let at = |part: f64| {
        let place = part * (sorted.len() - 1) as f64;
        let (low, high) = (
            sorted[place.floor() as usize],
            sorted[place.ceil() as usize],
        );
        T::from_f64(low.into() + (high.into() - low.into()) * place.fract())
    };
    Some((at(0.25), at(0.5), at(0.75)))
}

trait FromF64 {
    fn from_f64(value: f64) -> Self;
}

impl FromF64 for f64 {
    fn from_f64(value: f64) -> f64 {
        value
    }
}

impl FromF64 for f32 {
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_neighbours() {
        assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0], 1), Some((1.75, 2.5, 3.25)));
        assert_eq!(quartiles(&[5.0f32], 1), Some((5.0, 5.0, 5.0)));
        assert_eq!(quartiles::<f64>(&[], 0), None);
        assert_eq!(quartiles(&[1.0, 2.0], 10), None);
    }
}
