//! Where a remote worker may live: short texts in, country codes and `EU`,
//! `EMEA`, `APAC`, `LATAM`, `WORLD` out.
//!
//! `Europe` is written as the Union and the three rich neighbours outside it; a
//! time zone is written as the lands that lie in it.

use super::gazetteer::{Part, gazetteer};
use crate::fields::text::{List, Phrases, fold, spans, starts};

/// Phrases in folded words, the longest first where one begins another.
const GROUPS: &[(&str, &[&str])] = &[
    ("anywhere in the world", &["WORLD"]),
    ("anywhere in the us", &["US"]),
    ("anywhere in the usa", &["US"]),
    ("anywhere in europe", EUROPE),
    ("anywhere in", &[]),
    ("rest of the world", &["WORLD"]),
    ("world wide", &["WORLD"]),
    ("around the world", &["WORLD"]),
    ("all over the world", &["WORLD"]),
    ("any country", &["WORLD"]),
    ("any location", &["WORLD"]),
    ("all countries", &["WORLD"]),
    ("worldwide", &["WORLD"]),
    ("global", &["WORLD"]),
    ("globally", &["WORLD"]),
    ("anywhere", &["WORLD"]),
    ("international", &["WORLD"]),
    ("weltweit", &["WORLD"]),
    ("mundial", &["WORLD"]),
    ("european union", &["EU"]),
    ("eu", &["EU"]),
    ("eea", &["EU", "IS", "LI", "NO"]),
    ("europe", EUROPE),
    ("european", EUROPE),
    ("europa", EUROPE),
    ("emea", &["EMEA"]),
    ("apac", &["APAC"]),
    ("asia pacific", &["APAC"]),
    ("asia", &["APAC"]),
    ("latam", &["LATAM"]),
    ("latin america", &["LATAM"]),
    ("south america", &["LATAM"]),
    ("central america", &["LATAM"]),
    ("north america", &["US", "CA"]),
    ("northern america", &["US", "CA"]),
    ("n america", &["US", "CA"]),
    ("americas", AMERICAS),
    ("america", &["US"]),
    ("american", &["US"]),
    ("dach", &["DE", "AT", "CH"]),
    ("benelux", &["BE", "NL", "LU"]),
    ("nordics", &["DK", "FI", "IS", "NO", "SE"]),
    ("nordic", &["DK", "FI", "IS", "NO", "SE"]),
    ("scandinavia", &["DK", "NO", "SE"]),
    ("baltics", &["EE", "LV", "LT"]),
    ("uk&i", &["GB", "IE"]),
    ("iberia", &["ES", "PT"]),
    ("anz", &["AU", "NZ"]),
];
const EUROPE: &[&str] = &["EU", "GB", "CH", "NO"];
const AMERICAS: &[&str] = &["US", "CA", "LATAM"];

/// Names of time zones; a person in any land of the zone will do.
const ZONES: &[(&str, &[&str])] = &[
    ("cet", &["EMEA"]),
    ("cest", &["EMEA"]),
    ("gmt", &["EMEA"]),
    ("bst", &["EMEA"]),
    ("eet", &["EMEA"]),
    ("est", AMERICAS),
    ("edt", AMERICAS),
    ("cst", AMERICAS),
    ("pst", AMERICAS),
    ("pdt", AMERICAS),
    ("mst", AMERICAS),
    ("pacific time", AMERICAS),
    ("eastern time", AMERICAS),
    ("central time", AMERICAS),
    ("mountain time", AMERICAS),
];

/// Two-letter codes that are read without a name beside them; those that are
/// also English words, states or trades (`IN`, `IT`, `CA`) are not.
static SURE_CODES: List = List::new(|| {
    Phrases::new(
        "\
    US, UK, GB, DE, FR, ES, PT, PL, NL, IE, AU, NZ, CH, SE, DK, FI, BR, MX, RO, BG, HU, CZ, UA, \
    SG, JP, LT, LV, EE, GR, RS, ZA, AE",
    )
});

/// Where a remote worker may live, by a short text such as a location field or
/// what stands in brackets after "Remote"; empty when it says nothing of it.
pub fn remote_scope(text: &str) -> Vec<String> {
    let folded = fold(text);
    let folded_spans = spans(&folded);
    let words: Vec<&str> = folded_spans
        .iter()
        .map(|&(start, end)| &folded[start..end])
        .collect();
    // The written words tell `US` from `us`; folding keeps their number.
    let written: Vec<&str> = spans(text)
        .into_iter()
        .map(|(start, end)| &text[start..end])
        .collect();
    let mut scope: Vec<&'static str> = Vec::new();
    let mut add = |codes: &[&'static str]| {
        for code in codes {
            if !scope.contains(code) {
                scope.push(code);
            }
        }
    };
    let mut at = 0;
    let mut zones: Vec<&'static str> = Vec::new();
    while at < words.len() && !denied(&words, at) {
        let code = written
            .get(at)
            .filter(|_| written.len() == words.len())
            .copied()
            .unwrap_or_default();
        let group = GROUPS
            .iter()
            .find(|(phrase, _)| starts(&words, at, phrase))
            .map(|(phrase, codes)| (*codes, phrase.split(' ').count()));
        if let Some((codes, len)) = group {
            match codes {
                EUROPE | ["EU"] if is_zone(&words, at + len) => zones.push("EMEA"),
                ["US"] | ["US", "CA"] if is_zone(&words, at + len) => zones.extend(AMERICAS),
                codes => add(codes),
            }
            at += len;
        } else if let Some((phrase, codes)) =
            ZONES.iter().find(|(phrase, _)| starts(&words, at, phrase))
        {
            zones.extend(*codes);
            at += phrase.split(' ').count();
        } else if let Some((country, len)) =
            country_at(&words, at, code).or_else(|| state_at(&words, at))
        {
            match country {
                "US" if is_zone(&words, at + len) => zones.extend(AMERICAS),
                _ => add(&[country]),
            }
            at += len;
        } else {
            at += state_words(&words, at).max(1);
        }
    }
    // A land that is named says more than a time zone beside it.
    if scope.is_empty() {
        for zone in zones {
            if !scope.contains(&zone) {
                scope.push(zone);
            }
        }
    }
    if scope.contains(&"WORLD") && scope.len() > 1 {
        // "Anywhere in the Americas": the narrower word holds.
        scope.retain(|code| *code != "WORLD");
    }
    scope.into_iter().map(str::to_owned).collect()
}

/// "US timezones", "EU working hours".
fn is_zone(words: &[&str], at: usize) -> bool {
    [
        "timezone",
        "timezones",
        "tz",
        "time zone",
        "time zones",
        "time",
        "hours",
        "working hours",
        "business hours",
        "based timezones",
        "friendly time",
    ]
    .iter()
    .any(|phrase| starts(words, at, phrase))
}

/// "excluding", "except", "no": what follows is where one may not live.
fn denied(words: &[&str], at: usize) -> bool {
    matches!(
        words[at],
        "except" | "excluding" | "excl" | "outside" | "not"
    ) || (words[at] == "hq" || words[at] == "headquartered")
}

fn country_at(words: &[&str], at: usize, written: &str) -> Option<(&'static str, usize)> {
    let long = matches!(
        written,
        "USA"
            | "CAN"
            | "GBR"
            | "DEU"
            | "FRA"
            | "ESP"
            | "AUS"
            | "IND"
            | "BRA"
            | "MEX"
            | "POL"
            | "NLD"
    );
    if long || SURE_CODES.has(written) {
        return Some((super::country(written)?, 1));
    }
    for len in (1..=4.min(words.len() - at)).rev() {
        let name = words[at..at + len].join(" ");
        if len == 1 && (name.len() < 4 && !matches!(name.as_str(), "usa" | "uae" | "u.s" | "u.k")) {
            return None;
        }
        // A state or city of the same name leaves it open.
        let key = crate::fields::text::name_key(&name);
        if let [only] = gazetteer().by_name(&key)
            && only.depth() == 0
        {
            return Some((only.country, len));
        }
        if matches!(
            key.as_str(),
            "singapore" | "hong kong" | "holland" | "lebanon"
        ) {
            return gazetteer().alone(&name).map(|(country, _)| (country, len));
        }
    }
    None
}

/// The words of a state's name of several words, which may end in a land's: "New
/// Jersey", "New Mexico"; 0 for others.
fn state_words(words: &[&str], at: usize) -> usize {
    let is_state = |len: &usize| {
        let key = crate::fields::text::name_key(&words[at..at + len].join(" "));
        let meanings = gazetteer().by_name(&key);
        meanings.iter().any(|meaning| meaning.depth() == 1)
    };
    let most = 3.min(words.len() - at);
    (2..=most).rev().find(is_state).unwrap_or(0)
}

/// The country of a state or province named right behind a word such as "remote"
/// or "in", of one land alone: "Texas", but not "Georgia". "New York or remote" is
/// no scope.
fn state_at(words: &[&str], at: usize) -> Option<(&'static str, usize)> {
    const CUES: [&str; 9] = [
        "remote", "remotely", "remoto", "remota", "wfh", "in", "within", "from", "across",
    ];
    if at == 0 || !CUES.contains(&words[at - 1]) {
        return None;
    }
    (1..=3.min(words.len() - at)).rev().find_map(|len| {
        let key = crate::fields::text::name_key(&words[at..at + len].join(" "));
        let meanings = gazetteer().by_name(&key);
        let first = meanings.first().filter(|_| key.len() > 3)?;
        let one_land = meanings.iter().all(|other| other.country == first.country);
        let is_state = meanings.iter().any(|meaning| meaning.depth() == 1);
        (one_land && is_state).then_some((first.country, len))
    })
}

/// Whether a remote worker living in `country` (alpha-2) is within the scope;
/// an empty scope covers nobody, since nothing was stated.
pub fn scope_covers(scope: &[String], country: &str) -> bool {
    let part = gazetteer().part(country);
    scope.iter().any(|entry| match entry.as_str() {
        "WORLD" => true,
        "EU" => part == Some(Part::Eu),
        "EMEA" => matches!(part, Some(Part::Eu | Part::Europe | Part::MiddleEastAfrica)),
        "APAC" => part == Some(Part::Apac),
        "LATAM" => part == Some(Part::Latam),
        code => code == country,
    })
}
