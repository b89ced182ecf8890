//! The table behind [`super`]: `schema/places.toml` read into names and codes.
//!
//! In: the embedded file. Out: what a name or a code may mean. Which meaning
//! holds is decided in [`super`].

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::fields::text::{Quick, name_key};

/// One thing a name may mean; the more that is known, the narrower the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Alpha-2 code.
    pub country: &'static str,
    /// Name of the state, province or land.
    pub region: Option<&'static str>,
    /// Name of the city.
    pub city: Option<&'static str>,
}

impl Meaning {
    /// Whether both can be said of one place: one is part of the other.
    pub(super) fn fits(&self, wider: &Meaning) -> bool {
        self.country == wider.country
            && (wider.region.is_none() || wider.region == self.region)
            && (wider.city.is_none() || wider.city == self.city)
    }

    /// How narrow it is: country, region, city.
    pub(super) fn depth(&self) -> u8 {
        u8::from(self.region.is_some()) + 2 * u8::from(self.city.is_some())
    }
}

#[derive(Deserialize)]
struct File {
    countries: BTreeMap<String, String>,
    groups: Groups,
    regions: BTreeMap<String, BTreeMap<String, String>>,
    alone: BTreeMap<String, String>,
    otherwise: BTreeMap<String, String>,
    beside: Beside,
    cities: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Beside {
    names: String,
}

#[derive(Deserialize)]
struct Groups {
    eu: String,
    europe: String,
    middle_east_africa: String,
    apac: String,
    latam: String,
}

/// The part of the world a country lies in, for the scope of remote work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A member of the European Union.
    Eu,
    /// Elsewhere in Europe.
    Europe,
    /// The Middle East and Africa.
    MiddleEastAfrica,
    /// Asia and the Pacific.
    Apac,
    /// Latin America and the Caribbean.
    Latam,
}

/// All names and codes.
pub(super) struct Gazetteer {
    /// Every meaning of a name, by [`name_key`].
    names: HashMap<&'static str, Vec<Meaning>, Quick>,
    /// Alpha-2 to name.
    countries: BTreeMap<&'static str, &'static str>,
    /// Alpha-3 to alpha-2.
    alpha3: HashMap<&'static str, &'static str>,
    /// Codes of the states of US, CA and AU.
    states: HashMap<&'static str, Vec<Meaning>>,
    /// Every region by its country and code.
    regions: HashMap<(&'static str, &'static str), Meaning>,
    /// Lower-case name, accents kept, to country and region.
    alone: HashMap<String, (&'static str, Option<&'static str>)>,
    /// The same, for names that the other places of a text settle first.
    otherwise: HashMap<String, (&'static str, Option<&'static str>)>,
    /// Short names that count only beside a place of their country.
    beside: Vec<&'static str>,
    parts: HashMap<&'static str, Part>,
}

/// The embedded table.
pub(super) fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
        let file = toml::from_str(include_str!("../../../schema/places.toml"))
            .expect("the embedded places.toml is read by a test");
        Gazetteer::new(file)
    });
    &GAZETTEER
}

/// Names live as long as the program: the table is built once.
fn keep(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

impl Gazetteer {
    fn new(file: File) -> Self {
        let mut this = Gazetteer {
            names: HashMap::default(),
            countries: BTreeMap::new(),
            alpha3: HashMap::new(),
            states: HashMap::new(),
            regions: HashMap::new(),
            alone: HashMap::new(),
            otherwise: HashMap::new(),
            beside: keep(&file.beside.names).split(' ').collect(),
            parts: HashMap::new(),
        };
        for (code, line) in &file.countries {
            let code = keep(code);
            let mut names = line.split('|');
            this.alpha3
                .insert(keep(names.next().unwrap_or_default()), code);
            let country = Meaning {
                country: code,
                region: None,
                city: None,
            };
            for (i, name) in names.enumerate() {
                if i == 0 {
                    this.countries.insert(code, keep(name));
                }
                this.name(name, country);
            }
        }
        let mut regions: HashMap<(String, String), Meaning> = HashMap::new();
        for (country, states) in &file.regions {
            let code = this.code(country);
            for (state, line) in states {
                let name = keep(line.split('|').next().unwrap_or_default());
                let meaning = Meaning {
                    country: code,
                    region: Some(name),
                    city: None,
                };
                regions.insert((country.clone(), state.clone()), meaning);
                this.regions.insert((code, keep(state)), meaning);
                if matches!(code, "US" | "CA" | "AU") {
                    this.states.entry(keep(state)).or_default().push(meaning);
                }
                for name in line.split('|') {
                    this.name(name, meaning);
                }
            }
        }
        let place = |this: &Gazetteer, key: &str| match key.split_once('-') {
            Some((country, state)) => *regions
                .get(&(country.to_owned(), state.to_owned()))
                .unwrap_or_else(|| panic!("places.toml: no region {key}")),
            None => Meaning {
                country: this.code(key),
                region: None,
                city: None,
            },
        };
        for (key, cities) in &file.cities {
            let within = place(&this, key);
            for line in cities {
                let shown = keep(line.split('|').next().unwrap_or_default());
                for name in line.split('|') {
                    this.name(
                        name,
                        Meaning {
                            city: Some(shown),
                            ..within
                        },
                    );
                }
            }
        }
        for (name, key) in &file.alone {
            let within = place(&this, key);
            this.alone
                .insert(name.to_lowercase(), (within.country, within.region));
        }
        for (name, key) in &file.otherwise {
            let within = place(&this, key);
            this.otherwise
                .insert(name.to_lowercase(), (within.country, within.region));
        }
        let groups = &file.groups;
        for (list, part) in [
            (&groups.eu, Part::Eu),
            (&groups.europe, Part::Europe),
            (&groups.middle_east_africa, Part::MiddleEastAfrica),
            (&groups.apac, Part::Apac),
            (&groups.latam, Part::Latam),
        ] {
            for code in list.split(' ') {
                let code = this.code(code);
                this.parts.insert(code, part);
            }
        }
        this
    }

    fn code(&self, code: &str) -> &'static str {
        self.countries.get_key_value(code).map_or_else(
            || panic!("places.toml: no country {code}"),
            |(code, _)| *code,
        )
    }

    fn name(&mut self, name: &str, meaning: Meaning) {
        let key = name_key(name);
        let meanings = match self.names.get_mut(key.as_str()) {
            Some(meanings) => meanings,
            None => self.names.entry(keep(&key)).or_default(),
        };
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }

    /// Every meaning of a name in the form of [`name_key`].
    pub(super) fn by_name(&self, key: &str) -> &[Meaning] {
        self.names.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every meaning of an upper-case code: a country, or a state of US, CA or AU.
    pub(super) fn by_code(&self, code: &str) -> Vec<Meaning> {
        let country = match code.len() {
            2 => self.countries.get_key_value(code).map(|(code, _)| *code),
            3 => self.alpha3.get(code).copied(),
            _ => None,
        };
        let mut out = self.states.get(code).cloned().unwrap_or_default();
        out.extend(country.map(|country| Meaning {
            country,
            region: None,
            city: None,
        }));
        out
    }

    /// The country of an alpha-2 or alpha-3 code in upper case.
    pub(super) fn country_code(&self, code: &str) -> Option<&'static str> {
        match code.len() {
            2 => self.countries.get_key_value(code).map(|(code, _)| *code),
            3 => self.alpha3.get(code).copied(),
            _ => None,
        }
    }

    /// The state of a code such as `TX`.
    pub(super) fn state(&self, country: &str, code: &str) -> Option<&'static str> {
        self.states
            .get(code)?
            .iter()
            .find(|meaning| meaning.country == country)?
            .region
    }

    /// The region of a country by its code, for a code behind a city that is
    /// known to lie there.
    pub(super) fn region(&self, country: &str, code: &str) -> Option<Meaning> {
        self.regions.get(&(country, code)).copied()
    }

    /// The English name of a country.
    pub(super) fn country_name(&self, code: &str) -> Option<&'static str> {
        self.countries.get(code).copied()
    }

    /// The meaning a name with several has by itself.
    pub(super) fn alone(&self, name: &str) -> Option<(&'static str, Option<&'static str>)> {
        let name = name.to_lowercase();
        self.alone
            .get(&name)
            .or_else(|| self.alone.get(&name_key(&name)))
            .copied()
    }

    /// The meaning a name with several has where nothing else settles it.
    pub(super) fn otherwise(&self, name: &str) -> Option<(&'static str, Option<&'static str>)> {
        self.otherwise.get(&name.to_lowercase()).copied()
    }

    /// Whether a name counts only beside another place of its country.
    pub(super) fn needs_company(&self, name: &str) -> bool {
        self.beside.contains(&name)
    }

    /// Where in the world a country lies; none for US, CA and uninhabited lands.
    pub(super) fn part(&self, country: &str) -> Option<Part> {
        self.parts.get(country).copied()
    }
}
