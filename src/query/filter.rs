//! What must hold for a posting to be looked at; plain data.

use jiff::Timestamp;

use crate::posting::{Employment, Seniority, Workplace};

/// A skill or a whole branch of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillChoice {
    /// Ids of the skills of which one is enough: one skill, or all below a branch.
    pub ids: Vec<String>,
}

/// An amount of money a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// How much, in units of the currency, a year.
    pub yearly: f64,
    /// ISO 4217 code; without one the number is compared in whatever currency
    /// a posting states, as nothing is converted.
    pub currency: Option<String>,
}

/// What must hold. Lists of values are "one of these"; an empty list asks for nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Each of these (or as many as [`Filter::at_least`] says).
    pub skills: Vec<SkillChoice>,
    /// One of each of these lists.
    pub any_skills: Vec<Vec<SkillChoice>>,
    /// None of these.
    pub not_skills: Vec<SkillChoice>,
    /// How many of [`Filter::skills`] are enough.
    pub at_least: Option<usize>,
    /// The skills must be required, not only named.
    pub required: bool,
    /// Each of these must be required, whatever [`Filter::required`] says.
    pub required_skills: Vec<SkillChoice>,
    /// Words that all stand in the title, in any order.
    pub title_words: Vec<String>,
    /// Employers, in any case.
    pub companies: Vec<String>,
    /// ISO country codes.
    pub countries: Vec<String>,
    /// States, provinces, lands; in any case.
    pub regions: Vec<String>,
    /// Cities, in any case.
    pub cities: Vec<String>,
    /// Places of work.
    pub workplaces: Vec<Workplace>,
    /// Kinds of work.
    pub roles: Vec<String>,
    /// Rungs.
    pub seniorities: Vec<Seniority>,
    /// Hours and contracts.
    pub employment: Vec<Employment>,
    /// Sources.
    pub sources: Vec<String>,
    /// Tongues, as ISO 639-1.
    pub text_languages: Vec<String>,
    /// Remote work (hybrid is none) open to somebody in one of these scopes (a
    /// country code, and the regions it lies in).
    pub remote_scopes: Vec<String>,
    /// Remote work that does not say from where passes too.
    pub include_unstated: bool,
    /// Posted at this moment or later.
    pub since: Option<Timestamp>,
    /// Posted before this moment.
    pub until: Option<Timestamp>,
    /// Yearly pay reaches at least this much.
    pub min_salary: Option<Amount>,
    /// Yearly pay starts at most at this much.
    pub max_salary: Option<Amount>,
    /// Still open at this moment: not closed, not past its last day, and no older
    /// than 60 days where it states none.
    pub open_at: Option<Timestamp>,
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// Both must hold. Lists of values are joined, as an option given again is.
    pub fn and(&mut self, other: Filter) {
        self.skills.extend(other.skills);
        self.any_skills.extend(other.any_skills);
        self.not_skills.extend(other.not_skills);
        self.at_least = self.at_least.max(other.at_least);
        self.required |= other.required;
        self.required_skills.extend(other.required_skills);
        self.title_words.extend(other.title_words);
        self.companies.extend(other.companies);
        self.countries.extend(other.countries);
        self.regions.extend(other.regions);
        self.cities.extend(other.cities);
        self.workplaces.extend(other.workplaces);
        self.roles.extend(other.roles);
        self.seniorities.extend(other.seniorities);
        self.employment.extend(other.employment);
        self.sources.extend(other.sources);
        self.text_languages.extend(other.text_languages);
        self.remote_scopes.extend(other.remote_scopes);
        self.include_unstated |= other.include_unstated;
        self.since = self.since.max(other.since);
        self.until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.min_salary = other.min_salary.or(self.min_salary.take());
        self.max_salary = other.max_salary.or(self.max_salary.take());
        self.open_at = self.open_at.or(other.open_at);
    }

    /// The same with what another asks for put in place of its own conditions of
    /// that kind; the time of posting is one kind.
    pub fn replaced_by(mut self, other: &Filter) -> Filter {
        fn list<T: Clone>(own: &mut Vec<T>, other: &[T]) {
            if !other.is_empty() {
                *own = other.to_vec();
            }
        }
        fn one<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
            if other.is_some() {
                own.clone_from(other);
            }
        }
        list(&mut self.skills, &other.skills);
        if !other.skills.is_empty() {
            self.at_least = None;
        }
        one(&mut self.at_least, &other.at_least);
        list(&mut self.any_skills, &other.any_skills);
        list(&mut self.not_skills, &other.not_skills);
        self.required |= other.required;
        list(&mut self.required_skills, &other.required_skills);
        list(&mut self.title_words, &other.title_words);
        list(&mut self.companies, &other.companies);
        list(&mut self.countries, &other.countries);
        list(&mut self.regions, &other.regions);
        list(&mut self.cities, &other.cities);
        list(&mut self.workplaces, &other.workplaces);
        list(&mut self.roles, &other.roles);
        list(&mut self.seniorities, &other.seniorities);
        list(&mut self.employment, &other.employment);
        list(&mut self.sources, &other.sources);
        list(&mut self.text_languages, &other.text_languages);
        list(&mut self.remote_scopes, &other.remote_scopes);
        self.include_unstated |= other.include_unstated;
        if other.since.is_some() || other.until.is_some() {
            (self.since, self.until) = (other.since, other.until);
        }
        one(&mut self.min_salary, &other.min_salary);
        one(&mut self.max_salary, &other.max_salary);
        one(&mut self.open_at, &other.open_at);
        self
    }

    /// The same as filters of one condition each; together they are this one.
    pub fn parts(&self) -> Vec<Filter> {
        let none = Filter::default;
        let mut parts = Vec::new();
        let required = self.required;
        if self.at_least.is_some_and(|n| n < self.skills.len()) {
            parts.push(Filter {
                skills: self.skills.clone(),
                at_least: self.at_least,
                required,
                ..none()
            });
        } else {
            parts.extend(self.skills.iter().map(|skill| Filter {
                skills: vec![skill.clone()],
                required,
                ..none()
            }));
        }
        parts.extend(self.any_skills.iter().map(|any| Filter {
            any_skills: vec![any.clone()],
            required,
            ..none()
        }));
        parts.extend(self.required_skills.iter().map(|skill| Filter {
            required_skills: vec![skill.clone()],
            ..none()
        }));
        let mut whole = |part: Filter| {
            if !part.is_empty() {
                parts.push(part);
            }
        };
        whole(Filter {
            not_skills: self.not_skills.clone(),
            ..none()
        });
        whole(Filter {
            title_words: self.title_words.clone(),
            ..none()
        });
        whole(Filter {
            companies: self.companies.clone(),
            ..none()
        });
        whole(Filter {
            countries: self.countries.clone(),
            ..none()
        });
        whole(Filter {
            regions: self.regions.clone(),
            ..none()
        });
        whole(Filter {
            cities: self.cities.clone(),
            ..none()
        });
        whole(Filter {
            workplaces: self.workplaces.clone(),
            ..none()
        });
        if !self.remote_scopes.is_empty() {
            whole(Filter {
                remote_scopes: self.remote_scopes.clone(),
                include_unstated: self.include_unstated,
                ..none()
            });
        }
        whole(Filter {
            roles: self.roles.clone(),
            ..none()
        });
        whole(Filter {
            seniorities: self.seniorities.clone(),
            ..none()
        });
        whole(Filter {
            employment: self.employment.clone(),
            ..none()
        });
        whole(Filter {
            sources: self.sources.clone(),
            ..none()
        });
        whole(Filter {
            text_languages: self.text_languages.clone(),
            ..none()
        });
        whole(Filter {
            since: self.since,
            until: self.until,
            ..none()
        });
        whole(Filter {
            min_salary: self.min_salary.clone(),
            ..none()
        });
        whole(Filter {
            max_salary: self.max_salary.clone(),
            ..none()
        });
        whole(Filter {
            open_at: self.open_at,
            ..none()
        });
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_together_are_the_whole() {
        let skill = |id: &str| SkillChoice {
            ids: vec![id.to_owned()],
        };
        let whole = Filter {
            skills: vec![skill("rust"), skill("go")],
            any_skills: vec![vec![skill("kafka"), skill("nats")]],
            required: true,
            companies: vec!["acme".to_owned()],
            remote_scopes: vec!["WORLD".to_owned()],
            include_unstated: true,
            since: Some(Timestamp::UNIX_EPOCH),
            min_salary: Some(Amount {
                yearly: 70e3,
                currency: None,
            }),
            ..Filter::default()
        };
        let mut joined = Filter::default();
        let parts = whole.parts();
        assert_eq!(parts.len(), 7);
        parts.into_iter().for_each(|part| joined.and(part));
        assert_eq!(joined, whole);
        assert!(Filter::default().parts().is_empty());
    }

    #[test]
    fn another_filter_replaces_conditions_of_its_kind_only() {
        let own = Filter {
            countries: vec!["US".to_owned()],
            roles: vec!["backend".to_owned()],
            since: Some(Timestamp::UNIX_EPOCH),
            ..Filter::default()
        };
        let other = Filter {
            countries: vec!["DE".to_owned()],
            until: Some(Timestamp::UNIX_EPOCH),
            ..Filter::default()
        };
        let expected = Filter {
            roles: own.roles.clone(),
            ..other.clone()
        };
        assert_eq!(own.clone().replaced_by(&other), expected);
        assert_eq!(own.clone().replaced_by(&Filter::default()), own);
    }
}
