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
    /// Yearly pay reaches at least each of these.
    pub min_salary: Vec<Amount>,
    /// Yearly pay starts at most at each of these.
    pub max_salary: Vec<Amount>,
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
        let Filter {
            skills,
            any_skills,
            not_skills,
            at_least,
            required,
            required_skills,
            title_words,
            companies,
            countries,
            regions,
            cities,
            workplaces,
            roles,
            seniorities,
            employment,
            sources,
            text_languages,
            remote_scopes,
            include_unstated,
            since,
            until,
            min_salary,
            max_salary,
            open_at,
        } = other;
        self.skills.extend(skills);
        self.any_skills.extend(any_skills);
        self.not_skills.extend(not_skills);
        self.at_least = self.at_least.max(at_least);
        self.required |= required;
        self.required_skills.extend(required_skills);
        self.title_words.extend(title_words);
        self.companies.extend(companies);
        self.countries.extend(countries);
        self.regions.extend(regions);
        self.cities.extend(cities);
        self.workplaces.extend(workplaces);
        self.roles.extend(roles);
        self.seniorities.extend(seniorities);
        self.employment.extend(employment);
        self.sources.extend(sources);
        self.text_languages.extend(text_languages);
        self.remote_scopes.extend(remote_scopes);
        self.include_unstated |= include_unstated;
        self.since = self.since.max(since);
        self.until = match (self.until, until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.min_salary.extend(min_salary);
        self.max_salary.extend(max_salary);
        self.open_at = self.open_at.or(open_at);
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
        let Filter {
            skills,
            any_skills,
            not_skills,
            at_least,
            required,
            required_skills,
            title_words,
            companies,
            countries,
            regions,
            cities,
            workplaces,
            roles,
            seniorities,
            employment,
            sources,
            text_languages,
            remote_scopes,
            include_unstated,
            since,
            until,
            min_salary,
            max_salary,
            open_at,
        } = other;
        list(&mut self.skills, skills);
        if !skills.is_empty() {
            self.at_least = None;
        }
        one(&mut self.at_least, at_least);
        list(&mut self.any_skills, any_skills);
        list(&mut self.not_skills, not_skills);
        self.required |= *required;
        list(&mut self.required_skills, required_skills);
        list(&mut self.title_words, title_words);
        list(&mut self.companies, companies);
        list(&mut self.countries, countries);
        list(&mut self.regions, regions);
        list(&mut self.cities, cities);
        list(&mut self.workplaces, workplaces);
        list(&mut self.roles, roles);
        list(&mut self.seniorities, seniorities);
        list(&mut self.employment, employment);
        list(&mut self.sources, sources);
        list(&mut self.text_languages, text_languages);
        list(&mut self.remote_scopes, remote_scopes);
        self.include_unstated |= *include_unstated;
        if since.is_some() || until.is_some() {
            (self.since, self.until) = (*since, *until);
        }
        list(&mut self.min_salary, min_salary);
        list(&mut self.max_salary, max_salary);
        one(&mut self.open_at, open_at);
        self
    }

    /// The same as filters of one condition each; together they are this one.
    pub fn parts(&self) -> Vec<Filter> {
        let Filter {
            skills,
            any_skills,
            not_skills,
            at_least,
            required,
            required_skills,
            title_words,
            companies,
            countries,
            regions,
            cities,
            workplaces,
            roles,
            seniorities,
            employment,
            sources,
            text_languages,
            remote_scopes,
            include_unstated,
            since,
            until,
            min_salary,
            max_salary,
            open_at,
        } = self;
        let none = Filter::default;
        let mut parts = Vec::new();
        let required = *required;
        if at_least.is_some_and(|n| n < skills.len()) {
            parts.push(Filter {
                skills: skills.clone(),
                at_least: *at_least,
                required,
                ..none()
            });
        } else {
            parts.extend(skills.iter().map(|skill| Filter {
                skills: vec![skill.clone()],
                required,
                ..none()
            }));
        }
        parts.extend(any_skills.iter().map(|any| Filter {
            any_skills: vec![any.clone()],
            required,
            ..none()
        }));
        parts.extend(required_skills.iter().map(|skill| Filter {
            required_skills: vec![skill.clone()],
            ..none()
        }));
        let mut whole = |part: Filter| {
            if !part.is_empty() {
                parts.push(part);
            }
        };
        whole(Filter {
            not_skills: not_skills.clone(),
            ..none()
        });
        whole(Filter {
            title_words: title_words.clone(),
            ..none()
        });
        whole(Filter {
            companies: companies.clone(),
            ..none()
        });
        whole(Filter {
            countries: countries.clone(),
            ..none()
        });
        whole(Filter {
            regions: regions.clone(),
            ..none()
        });
        whole(Filter {
            cities: cities.clone(),
            ..none()
        });
        whole(Filter {
            workplaces: workplaces.clone(),
            ..none()
        });
        if !remote_scopes.is_empty() {
            whole(Filter {
                remote_scopes: remote_scopes.clone(),
                include_unstated: *include_unstated,
                ..none()
            });
        }
        whole(Filter {
            roles: roles.clone(),
            ..none()
        });
        whole(Filter {
            seniorities: seniorities.clone(),
            ..none()
        });
        whole(Filter {
            employment: employment.clone(),
            ..none()
        });
        whole(Filter {
            sources: sources.clone(),
            ..none()
        });
        whole(Filter {
            text_languages: text_languages.clone(),
            ..none()
        });
        whole(Filter {
            since: *since,
            until: *until,
            ..none()
        });
        for amount in min_salary {
            whole(Filter {
                min_salary: vec![amount.clone()],
                ..none()
            });
        }
        for amount in max_salary {
            whole(Filter {
                max_salary: vec![amount.clone()],
                ..none()
            });
        }
        whole(Filter {
            open_at: *open_at,
            ..none()
        });
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(yearly: f64, currency: Option<&str>) -> Amount {
        Amount {
            yearly,
            currency: currency.map(str::to_owned),
        }
    }

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
            min_salary: vec![amount(70e3, None), amount(80e3, Some("EUR"))],
            max_salary: vec![amount(90e3, None)],
            ..Filter::default()
        };
        let mut joined = Filter::default();
        let parts = whole.parts();
        assert_eq!(parts.len(), 9);
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
