//! The employer's own name: a skill that is called like the company, or like a
//! part of its name, is the company wherever nothing says otherwise.

use super::decide::Court;
use super::lexicon::SectionKind;
use super::lexicon::cues::Cue;
use super::sections;
use super::token::{Find, Mark};
use crate::skills::SkillNo;

/// What a company's name ends in, which is said of it or not.
const FORMS: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "ag",
    "se",
    "corp",
    "corporation",
    "co",
    "kg",
    "plc",
    "sa",
    "sas",
    "sarl",
    "bv",
    "oy",
    "ab",
    "spa",
    "srl",
    "sl",
    "limited",
    "company",
];

/// The same, but more often part of a name.
const LOOSE_FORMS: &[&str] = &["labs", "software", "technologies"];

/// Words after which a name is that of a company or a place.
const HOUSE: &[&str] = &[
    "at",
    "join",
    "joining",
    "about",
    "bei",
    "chez",
    "rejoindre",
    "rejoignez",
    "within",
    "über",
    "beim",
    "von",
    "zespół",
    "zespole",
    "在",
    "加入",
    "关于",
    "于",
    "meet",
    "why",
];

/// Words that stand so before a place or before a language.
const IN: &[&str] = &["en", "w", "we", "à", "z", "de", "d", "the"];

/// Words after the name of a company.
const STAFF: &[&str] = &[
    "team",
    "teams",
    "employees",
    "agents",
    "staff",
    "offices",
    "office",
    "engineers",
    "people",
    "is",
    "has",
    "are",
    "offers",
    "was",
    "ist",
    "hat",
    "est",
    "jest",
    "busca",
    "szuka",
    "cherche",
    "sucht",
    "pays",
];

/// Those of them that are said of a product as well: "Experience with X is a plus".
const COPULAS: &[&str] = &["is", "are", "was", "ist", "est", "jest"];

/// Words that follow the employer's name as often as the product's.
const HOUSE_TOO: &[&str] = &[
    "engineers",
    "developers",
    "app",
    "apps",
    "code",
    "codebase",
    "stack",
    "backend",
    "frontend",
    "application",
    "applications",
    "experts",
    "consultants",
    "服务",
    "技术",
    "工程师",
    "specialist",
    "experience",
    "admin",
    "consultant",
    "developer",
    "engineer",
    "expert",
];

/// Words after the name of a product.
const PRODUCT: &[&str] = &[
    "cluster",
    "clusters",
    "instances",
    "queries",
    "administration",
    "certification",
    "certificate",
    "plugins",
    "configuration",
    "deployments",
    "集群",
];

/// Hosts of everybody's mail, and of what sends mail for others.
const MAIL_HOSTS: &[&str] = &[
    "126",
    "139",
    "163",
    "aol",
    "ashbyhq",
    "bitbucket",
    "breezy",
    "fastmail",
    "foxmail",
    "github",
    "gitlab",
    "gmail",
    "gmx",
    "googlemail",
    "greenhouse",
    "hotmail",
    "icloud",
    "lever",
    "live",
    "mail",
    "msn",
    "onmicrosoft",
    "outlook",
    "posteo",
    "proton",
    "protonmail",
    "recruitee",
    "sina",
    "smartrecruiters",
    "tonline",
    "web",
    "workable",
    "workablemail",
    "workday",
    "yahoo",
    "yandex",
    "yeah",
    "zoho",
];
/// What stands before a country in the hosts of some.
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"];

/// The words of a company's name.
#[derive(Debug, Clone)]
pub(super) struct Employer {
    words: Vec<String>,
    /// Without its legal form, all in one.
    squashed: String,
    /// The bit of each letter that a word begins with, see [`first_letter`].
    letters: u128,
}

impl Employer {
    /// Nothing for a company without letters.
    pub(super) fn new(company: &str) -> Option<Employer> {
        let words: Vec<String> = split(company).collect();
        let mut end = words.len();
        let is_form = |word: &str| FORMS.contains(&word) || LOOSE_FORMS.contains(&word);
        while end > 1 && is_form(&words[end - 1]) {
            end -= 1;
        }
        let squashed = words[..end].concat();
        let letters = words.iter().fold(0, |all, word| all | first_letter(word));
        (!squashed.is_empty()).then_some(Employer {
            words,
            squashed,
            letters,
        })
    }

    /// The one that a mail address in a text is of, as far as its host tells:
    /// "jobs@acme.example". Only the whole name is the employer then, no part of it.
    pub(super) fn of_mail(text: &str) -> Option<Employer> {
        let at = memchr::memchr_iter(b'@', text.as_bytes());
        let is_mail = |at: &usize| {
            let user = &text.as_bytes()[..*at];
            user.last().is_some_and(u8::is_ascii_alphanumeric) && !user.ends_with(b"git")
        };
        let mut names = at.filter(is_mail).filter_map(|at| {
            let is_of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            let host = text[at + 1..].split(|c: char| !is_of_host(c)).next()?;
            let mut labels = host.trim_end_matches('.').rsplit('.');
            let _country = labels.next()?;
            // "acme.co.uk"
            let name = labels.find(|label| !SECOND_LEVEL.contains(label))?;
            let name = name.replace('-', "").to_ascii_lowercase();
            (name.len() > 2 && !MAIL_HOSTS.contains(&name.as_str())).then_some(name)
        });
        Employer::new(&names.next()?)
    }

    /// Whether a spelling can be a part of the name at all: seldom.
    fn may_begin(&self, surface: &str) -> bool {
        self.letters & first_letter(surface) != 0
    }

    /// Whether a spelling is the name in one, or words of it; most are not, which
    /// the first of them tells.
    fn is_called(&self, surface: &str) -> bool {
        let mut parts = parts(surface);
        let Some(first) = parts.next() else {
            return false;
        };
        let rest = self.squashed.as_str();
        let squashed = || {
            std::iter::once(first)
                .chain(parts.clone())
                .try_fold(rest, cut)
        };
        let follow = |at: usize| {
            let mut words = self.words[at + 1..].iter();
            let mut rest = parts.clone();
            rest.all(|part| words.next().is_some_and(|word| is_in_small(word, part)))
        };
        squashed() == Some("")
            || (0..self.words.len()).any(|at| is_in_small(&self.words[at], first) && follow(at))
    }

    /// Where a spelling stands in the name.
    fn places<'a>(&'a self, surface: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        (0..self.words.len()).filter(move |&at| self.words[at..].starts_with(surface))
    }
}

/// The bit of the small letter or digit that a word begins with; every bit for
/// a word that begins with something else.
fn first_letter(word: &str) -> u128 {
    match word.as_bytes().first() {
        Some(byte) if byte.is_ascii_alphanumeric() => 1 << byte.to_ascii_lowercase(),
        _ => u128::MAX,
    }
}

/// Letters and digits of each word.
fn parts(text: &str) -> impl Iterator<Item = &str> + Clone {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty())
}

/// The same in small.
fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    parts(text).map(str::to_lowercase)
}

/// Whether a word written in small is another one.
fn is_in_small(small: &str, word: &str) -> bool {
    match word.is_ascii() {
        true => small.eq_ignore_ascii_case(word),
        false => small == word.to_lowercase(),
    }
}

/// What is left of a text in small behind a word that it begins with.
fn cut<'a>(small: &'a str, word: &str) -> Option<&'a str> {
    match word.is_ascii() {
        true => {
            let (begin, rest) = small.split_at_checked(word.len())?;
            begin.eq_ignore_ascii_case(word).then_some(rest)
        }
        false => small.strip_prefix(word.to_lowercase().as_str()),
    }
}

impl Court<'_> {
    /// Whether a find is spelt like the company or a part of its name.
    pub(super) fn is_employer(&self, find: &Find) -> bool {
        let Some(employer) = self.outside.employer else {
            return false;
        };
        let surface = self.surface(find);
        if !employer.may_begin(surface) || surface.ends_with(['+', '#']) {
            return false;
        }
        employer.is_called(surface)
    }

    fn surface(&self, find: &Find) -> &str {
        &self.scan.text[find.start as usize..find.end as usize]
    }

    /// Whether a find spelt like the employer can be nothing but the employer:
    /// its name goes on, owns something, or has people in it.
    pub(super) fn is_house(&self, find: &Find, cue_before: bool) -> bool {
        let Some(employer) = self.outside.employer else {
            return false;
        };
        let words: Vec<String> = split(self.surface(find)).collect();
        let (first, last) = (find.first as usize, find.last as usize);
        let near = |mark: Mark| {
            !mark.any(
                Mark::SENTENCE
                    .or(Mark::COMMA)
                    .or(Mark::SLASH)
                    .or(Mark::OPEN)
                    .or(Mark::COLON),
            )
        };
        let next = (last < self.scan.tokens.len() && near(self.scan.before(last)))
            .then(|| self.scan.word(last).to_lowercase());
        let previous = (first > 0 && near(self.scan.before(first)))
            .then(|| self.scan.word(first - 1).to_lowercase());
        let goes_on = employer.places(&words).any(|at| {
            let follows = employer.words.get(at + words.len());
            let leads = at.checked_sub(1).map(|at| &employer.words[at]);
            next.as_ref()
                .is_some_and(|next| follows.is_some_and(|word| word.starts_with(next.as_str())))
                || previous
                    .as_ref()
                    .is_some_and(|previous| leads == Some(previous))
        });
        // "Acme | Engineer | Berlin"
        let begins = first == 0
            && self
                .scan
                .before(last)
                .any(Mark::BULLET.or(Mark::DASH).or(Mark::OPEN));
        let rest = &self.scan.text[find.end as usize..];
        let owns = ["'s", "’s", "s'", "&rsquo;s"]
            .iter()
            .any(|end| rest.starts_with(end));
        let is = |word: &Option<String>, list: &[&str]| {
            word.as_ref()
                .is_some_and(|word| list.contains(&word.as_str()))
        };
        goes_on
            || begins
            || owns
            || is(&next, FORMS)
            || (is(&next, STAFF) && !(cue_before && is(&next, COPULAS)))
            || is(&previous, HOUSE)
            || (is(&previous, IN) && !cue_before && !self.asked_for(find))
    }

    /// Whether the sentence or its section asks for the product of that name.
    pub(super) fn asked_for(&self, find: &Find) -> bool {
        let kind = sections::section_at(self.outside.sections, find.start as usize);
        if matches!(
            kind,
            SectionKind::Required | SectionKind::Preferred | SectionKind::Stack
        ) {
            return true;
        }
        let last = find.last as usize;
        let product = last < self.scan.tokens.len()
            && self.scan.before(last).only(Mark::BLANK.or(Mark::HYPHEN))
            && PRODUCT
                .iter()
                .any(|word| self.scan.word(last).eq_ignore_ascii_case(word));
        if product {
            return true;
        }
        let cues = &self.scan.cues;
        let at = cues.partition_point(|hit| hit.first < find.first);
        cues[..at]
            .iter()
            .rev()
            .take_while(|hit| hit.first + 10 > find.first)
            .any(|hit| {
                hit.what == Cue::Unit
                    && (hit.last..=find.first).all(|token| {
                        !self
                            .scan
                            .before(token as usize)
                            .any(Mark::SENTENCE.or(Mark::COMMA))
                    })
            })
    }

    /// Whether it begins a sentence and a verb follows: "Acme builds payments", not "Acme
    /// payments".
    pub(super) fn acts(&self, find: &Find, skill: SkillNo) -> bool {
        let (first, last) = (find.first as usize, find.last as usize);
        let begins = first == 0 || self.scan.before(first).any(Mark::SENTENCE);
        let is_verb = |word: &str| {
            word.ends_with('s')
                && !word.ends_with("ss")
                && word.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        // "Acme payments", where that is what its product is known by.
        let is_cue = || {
            let own = &self.scan.own;
            let at = own.partition_point(|hit| hit.first < find.last);
            let mut there = own[at..].iter().take_while(|hit| hit.first == find.last);
            there.any(|hit| self.lexicon.owners(hit.what).binary_search(&skill).is_ok())
        };
        begins
            && last < self.scan.tokens.len()
            && self.scan.before(last).only(Mark::BLANK)
            && is_verb(self.scan.word(last))
            && !is_cue()
    }

    /// Whether the employer's name stands right before it: "Acme Sonar" of Acme.
    pub(super) fn is_of_employer(&self, find: &Find) -> bool {
        let first = find.first as usize;
        let Some(employer) = self.outside.employer.filter(|_| first > 0) else {
            return false;
        };
        self.scan.before(first).only(Mark::BLANK)
            && self.scan.tokens[first - 1].shape.has_capital()
            && employer.is_called(self.scan.word(first - 1))
    }

    /// Whether the word after it is said of the company as well.
    pub(super) fn house_word_after(&self, find: &Find) -> bool {
        let last = find.last as usize;
        last < self.scan.tokens.len()
            && HOUSE_TOO
                .iter()
                .any(|word| self.scan.word(last).eq_ignore_ascii_case(word))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::{Advert, Extractor};

    /// The ids found in a text of a company.
    fn found(company: &str, text: &str) -> Vec<String> {
        let extractor = Extractor::embedded();
        let advert = Advert {
            text,
            company: Some(company),
            ..Advert::default()
        };
        let mentions = extractor.read(&advert).body;
        let named = mentions.iter().filter(|mention| !mention.implied);
        named
            .map(|mention| extractor.taxonomy().skill(mention.skill).id.clone())
            .collect()
    }

    #[test]
    fn a_company_called_like_a_skill_is_a_company() {
        for text in [
            "At Redis we ship.",
            "Redis is hiring.",
            "Redis's people",
            "Join Redis today.",
            "Redis Health",
            "Bei Redis arbeiten 45 Menschen.",
            "Chez Redis, on rit.",
            "W Redis pracuje nam się dobrze.",
        ] {
            assert_eq!(found("Redis Health GmbH", text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn its_product_can_be_asked_for() {
        for text in [
            "3 years of experience with Redis",
            "You administer Redis clusters.",
            "Our stack: Docker, Redis and Kafka",
            "Requirements:\n- Redis in production",
        ] {
            assert!(found("Redis", text).contains(&"redis".to_owned()), "{text}");
        }
        assert_eq!(found("Elastic", "We run Elasticsearch."), ["elasticsearch"]);
    }
}
