//! `field:value` and the flags of the same name, into a [`Filter`].

use jiff::Timestamp;

use super::language::Compare;
use super::values::{self, ValueError};
use super::{Filter, SkillChoice};
use crate::fields::{employment, places, roles, seniority, workplace};
use crate::posting::{Employment, Seniority, Workplace};
use crate::skills::Taxonomy;

/// Every field that a query may name.
pub(crate) const FIELDS: &[&str] = &[
    "skill",
    "any",
    "not-skill",
    "required",
    "at-least",
    "title",
    "company",
    "country",
    "region",
    "city",
    "workplace",
    "remote",
    "role",
    "seniority",
    "employment",
    "salary",
    "min-salary",
    "max-salary",
    "source",
    "text-language",
    "posted",
    "since",
    "until",
    "open",
];

/// The field of a name or of its other name.
pub(crate) fn field(name: &str) -> Option<&'static str> {
    let name = match name {
        "remote-from" => "remote",
        "language" | "lang" => "text-language",
        "place" => "city",
        other => other,
    };
    FIELDS.iter().copied().find(|known| *known == name)
}

/// What names and dates are understood with.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The known skills.
    pub taxonomy: &'a Taxonomy,
    /// Today.
    pub now: Timestamp,
}

fn wrong(text: String) -> ValueError {
    ValueError(text)
}

/// The filter of one condition; of several values one is enough.
///
/// # Errors
/// [`ValueError`] for a value the field does not have.
pub fn condition(
    name: &str,
    given: &[String],
    compare: Option<Compare>,
    names: Names<'_>,
) -> Result<Filter, ValueError> {
    let known = field(name).ok_or_else(|| wrong(format!("`{name}` is no field")))?;
    if compare.is_some() && !matches!(known, "salary" | "posted") {
        return Err(wrong(format!(
            "`{name}` has no order; only salary and posted have"
        )));
    }
    if given.iter().any(|value| value.trim().is_empty()) {
        return Err(wrong(format!("`{name}` needs a value, and one is empty")));
    }
    let owned = || given.to_vec();
    let choices = || {
        given
            .iter()
            .map(|name| choice(name.trim(), names.taxonomy))
            .collect::<Result<Vec<_>, _>>()
    };
    let mut filter = Filter::default();
    match known {
        "skill" => match choices()? {
            one if one.len() == 1 => filter.skills = one,
            any => filter.any_skills.push(any),
        },
        "any" => filter.any_skills.push(choices()?),
        "not-skill" => filter.not_skills = choices()?,
        "required" => match given {
            [word] if yes(word).is_some() => filter.required = yes(word) == Some(true),
            _ => filter.required_skills = choices()?,
        },
        "at-least" => {
            let number = one(name, given)?.parse().ok().filter(|n| *n > 0);
            filter.at_least =
                Some(number.ok_or_else(|| wrong(format!("`{name}` takes a number from 1")))?);
        }
        "title" => filter.title_words = owned(),
        "company" => filter.companies = owned(),
        "region" => filter.regions = owned(),
        "city" => filter.cities = cities(given),
        "source" => filter.sources = owned(),
        "text-language" => {
            filter.text_languages = given.iter().map(|code| code.to_lowercase()).collect()
        }
        "country" => {
            filter.countries = given
                .iter()
                .map(|name| country(name))
                .collect::<Result<_, _>>()?
        }
        "remote" => match given {
            [word] if yes(word).is_some() => {
                filter.workplaces = match yes(word) {
                    Some(true) => vec![Workplace::Remote],
                    _ => vec![Workplace::Hybrid, Workplace::Onsite],
                }
            }
            _ => {
                for name in given {
                    filter.remote_scopes.extend(scopes(name)?);
                }
            }
        },
        "role" => {
            let one = |name: &String| {
                role(name).map(str::to_owned).ok_or_else(|| {
                    let known = roles::names().join(", ");
                    wrong(format!("`{name}` is no role; there are {known}"))
                })
            };
            filter.roles = given.iter().map(one).collect::<Result<_, _>>()?;
        }
        "workplace" => {
            filter.workplaces = words(
                name,
                given,
                workplace::from_label,
                Workplace::ALL,
                Workplace::as_str,
            )?
        }
        "seniority" => {
            filter.seniorities = words(
                name,
                given,
                seniority::from_label,
                Seniority::ALL,
                Seniority::as_str,
            )?
        }
        "employment" => {
            let read = |label: &str| {
                let first = employment::from_label(label).first().copied();
                first.filter(|kind| *kind != Employment::Other || label == "other")
            };
            filter.employment = words(name, given, read, Employment::ALL, Employment::as_str)?;
        }
        "salary" => salary(&mut filter, one(name, given)?, compare)?,
        "min-salary" => filter.min_salary = vec![values::yearly_pay(one(name, given)?)?],
        "max-salary" => filter.max_salary = vec![values::yearly_pay(one(name, given)?)?],
        "posted" => posted(&mut filter, one(name, given)?, compare, names.now)?,
        "since" => filter.since = Some(values::since(one(name, given)?, names.now)?),
        "until" => filter.until = Some(values::until(one(name, given)?, names.now)?),
        _ => match yes(one(name, given)?) {
            Some(true) => filter.open_at = Some(names.now),
            _ => return Err(wrong(format!("`{name}` takes `yes`"))),
        },
    }
    Ok(filter)
}

/// The role of a name, whatever its case, hyphens and blanks.
pub(crate) fn role(name: &str) -> Option<&'static str> {
    let folded = |name: &str| {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = folded(name);
    let mut known = roles::names().iter().copied();
    known.find(|known| folded(known) == wanted)
}

fn one<'a>(name: &str, given: &'a [String]) -> Result<&'a str, ValueError> {
    match given {
        [value] => Ok(value.trim()),
        _ => Err(wrong(format!("`{name}` takes one value"))),
    }
}

fn yes(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// `>70k`, `70k..90k EUR`, `70k`.
fn salary(filter: &mut Filter, text: &str, compare: Option<Compare>) -> Result<(), ValueError> {
    if let Some((low, high)) = text.split_once("..") {
        let (low, high) = (low.trim(), high.trim());
        if low.is_empty() && high.is_empty() {
            return Err(wrong("a range needs an end: 70k..90k".to_owned()));
        }
        let read = |end: &str| match end {
            "" => Ok(None),
            end => values::yearly_pay(end).map(Some),
        };
        let (mut min, mut max) = (read(low)?, read(high)?);
        // "70k..90k EUR": the currency holds for both ends.
        if let (Some(min), Some(max)) = (&mut min, &mut max) {
            let currency = min.currency.clone().or(max.currency.clone());
            min.currency.clone_from(&currency);
            max.currency = currency;
        }
        (filter.min_salary, filter.max_salary) =
            (min.into_iter().collect(), max.into_iter().collect());
        return Ok(());
    }
    let amount = vec![values::yearly_pay(text)?];
    match compare {
        Some(Compare::Below | Compare::UpTo) => filter.max_salary = amount,
        _ => filter.min_salary = amount,
    }
    Ok(())
}

/// `2026-01..2026-03`, `>2026-01`, `2026-01`, `90d`.
fn posted(
    filter: &mut Filter,
    text: &str,
    compare: Option<Compare>,
    now: Timestamp,
) -> Result<(), ValueError> {
    if let Some((low, high)) = text.split_once("..") {
        if low.is_empty() && high.is_empty() {
            return Err(wrong("a range needs an end: 2026-01..2026-03".to_owned()));
        }
        if !low.is_empty() {
            filter.since = Some(values::since(low, now)?);
        }
        if !high.is_empty() {
            filter.until = Some(values::until(high, now)?);
        }
        return Ok(());
    }
    match compare {
        Some(Compare::Above) => filter.since = Some(values::until(text, now)?),
        Some(Compare::From) => filter.since = Some(values::since(text, now)?),
        Some(Compare::Below) => filter.until = Some(values::since(text, now)?),
        Some(Compare::UpTo) => filter.until = Some(values::until(text, now)?),
        None => {
            filter.since = Some(values::since(text, now)?);
            if values::back(text, now).is_none() {
                filter.until = Some(values::until(text, now)?);
            }
        }
    }
    Ok(())
}

/// A city for comparing: as the index has it, and without accents.
pub(crate) fn city_key(name: &str) -> String {
    places::compared(&crate::ingest::normalise_words(name))
}

/// Cities as typed, each with the names that postings go by.
fn cities(given: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in given {
        let known = places::city_names(name).into_iter().map(str::to_owned);
        for name in [name.clone()].into_iter().chain(known) {
            let key = city_key(&name);
            if !all.iter().any(|other| city_key(other) == key) {
                all.push(name);
            }
        }
    }
    all
}

/// The scopes of remote work that hold a country.
fn scopes(name: &str) -> Result<Vec<String>, ValueError> {
    let code = country(name)?;
    let regions = ["WORLD", "EU", "EMEA", "APAC", "LATAM"].map(str::to_owned);
    let holds = |scope: &String| places::scope_covers(std::slice::from_ref(scope), &code);
    Ok(regions
        .into_iter()
        .filter(holds)
        .chain([code.clone()])
        .collect())
}

fn country(name: &str) -> Result<String, ValueError> {
    if let Some(code) = places::country(name) {
        return Ok(code.to_owned());
    }
    let letters = || ('A'..='Z').map(String::from);
    let codes = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let known: Vec<&str> = codes
        .filter_map(|code| places::country_name(&code))
        .collect();
    let near = nearest(name, known.into_iter());
    let hint = match near.is_empty() {
        true => "give its English name or ISO code, such as PT".to_owned(),
        false => format!("did you mean {}?", near.join(" or ")),
    };
    Err(wrong(format!(
        "`{name}` is no country that is known; {hint}"
    )))
}

fn words<T: Copy>(
    name: &str,
    given: &[String],
    read: impl Fn(&str) -> Option<T>,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, ValueError> {
    let one = |text: &String| {
        let exact = all.iter().copied().find(|value| word(*value) == text);
        exact.or_else(|| read(text)).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|value| word(*value)).collect();
            wrong(format!(
                "`{name}` has no `{text}`; there are {}",
                known.join(", ")
            ))
        })
    };
    given.iter().map(one).collect()
}

/// A skill by any of its names, or a branch of them.
///
/// # Errors
/// [`ValueError`] for what is neither, with the nearest names.
pub fn choice(name: &str, taxonomy: &Taxonomy) -> Result<SkillChoice, ValueError> {
    let unknown = match taxonomy.resolve(name) {
        Ok(no) => {
            return Ok(SkillChoice {
                ids: vec![taxonomy.skill(no).id.clone()],
            });
        }
        Err(error) => error,
    };
    let below = taxonomy.under(name);
    if below.is_empty() {
        return Err(wrong(format!(
            "{unknown}; `skills list TEXT` finds the known ones"
        )));
    }
    let ids = below.into_iter().map(|no| taxonomy.skill(no).id.clone());
    Ok(SkillChoice { ids: ids.collect() })
}

/// At most three of the known names nearest to one that is not known: those
/// that begin or hold it, or are a few typing errors away.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = crate::ingest::normalise_words(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let limit = wanted.chars().count().div_ceil(4);
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|candidate| {
            let folded = crate::ingest::normalise_words(candidate);
            let distance = crate::skills::edit_distance(&wanted, &folded);
            let holds = wanted.len() >= 3
                && (folded.contains(&wanted) || (folded.len() >= 4 && wanted.contains(&folded)));
            (distance <= limit || holds).then_some((distance, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup_by_key(|(_, name)| crate::ingest::normalise_words(name));
    near.into_iter()
        .take(3)
        .map(|(_, name)| name.to_owned())
        .collect()
}
