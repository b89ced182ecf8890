//! The rung of a job and the years of experience it asks for: labels, titles and
//! text in, [`Seniority`] and [`Years`] out.

use crate::posting::{Seniority, Years};

use super::text::{fold, has_any, label, starts, words};

/// The rung of a publisher's label (`formats.md` 3.4); `None` for unknown ones
/// such as "Not applicable".
pub fn from_label(text: &str) -> Option<Seniority> {
    let label = label(text);
    let words: Vec<&str> = label
        .split([' ', ',', '(', ')'])
        .filter(|word| !word.is_empty())
        .collect();
    let has = |list: &[&str]| has_any(&words, list);
    // Adzuna and LinkedIn write one bucket for two rungs; it is the upper one.
    if has(&["mid senior"]) {
        return Some(Seniority::Senior);
    }
    let rungs: &[(&[&str], Seniority)] = &[
        (
            &[
                "executive",
                "vp",
                "svp",
                "evp",
                "vice president",
                "chief",
                "c level",
                "cxo",
                "c suite",
                "president",
                "c-level",
            ],
            Seniority::Executive,
        ),
        (&["director"], Seniority::Director),
        (&["head of", "head"], Seniority::Manager),
        (&["manager", "management", "managerial"], Seniority::Manager),
        (
            &["lead", "tech lead", "team lead", "leader"],
            Seniority::Lead,
        ),
        (
            &["staff", "principal", "distinguished", "fellow", "expert"],
            Seniority::Staff,
        ),
        (
            &["senior", "sr", "senior level", "advanced", "starszy"],
            Seniority::Senior,
        ),
        (
            &[
                "mid",
                "middle",
                "intermediate",
                "medior",
                "regular",
                "mid level",
                "associate level",
                "midlevel",
                "experienced",
                "professional",
                "berufserfahren",
            ],
            Seniority::Mid,
        ),
        (
            &[
                "internship",
                "intern",
                "trainee",
                "student",
                "praktikum",
                "stage",
                "apprentice",
                "werkstudent",
            ],
            Seniority::Intern,
        ),
        (
            &[
                "entry",
                "entry level",
                "junior",
                "jr",
                "graduate",
                "associate",
                "beginner",
                "new grad",
                "berufseinsteiger",
                "mlodszy",
                "fresher",
            ],
            Seniority::Entry,
        ),
    ];
    if has(&["no experience", "not applicable"]) && !has(&["entry"]) {
        return None;
    }
    // "Junior, Mid, Senior" is no rung.
    let found: Vec<Seniority> = rungs
        .iter()
        .filter(|(list, _)| has(list))
        .map(|(_, rung)| *rung)
        .collect();
    match found[..] {
        [only] => Some(only),
        // "Entry level manager" does not occur; "Senior Manager", "Lead, Staff" do.
        [first, .., Seniority::Senior | Seniority::Mid] if first > Seniority::Senior => Some(first),
        [Seniority::Entry, Seniority::Intern] | [Seniority::Intern, Seniority::Entry] => {
            Some(Seniority::Entry)
        }
        _ => None,
    }
}

/// The rung that a title names; an unmarked title has none. Of two rungs joined
/// by a slash or "or" ("Junior/Mid", "Senior or Staff") the lower holds.
pub fn from_title(title: &str) -> Option<Seniority> {
    let folded = fold(title);
    let words = super::roles::title_words(&folded);
    let mut found: Option<(usize, Seniority)> = None;
    let mut lowest: Option<Seniority> = None;
    for at in 0..words.len() {
        let Some(rung) = rung_at(&words, at) else {
            continue;
        };
        let joined = found.is_some_and(|(before, _)| is_choice(&folded, &words, before, at));
        match (found, joined) {
            (Some((_, before)), true) => {
                let low = lowest.unwrap_or(before).min(rung);
                lowest = Some(low);
                found = Some((at, low));
            }
            (Some((_, before)), false) => found = Some((at, stronger(before, rung))),
            (None, _) => found = Some((at, rung)),
        }
    }
    found.map(|(_, rung)| rung)
}

/// "Senior Manager" is a manager, "Senior Staff" staff, "Lead Intern" an intern.
fn stronger(before: Seniority, after: Seniority) -> Seniority {
    match before.min(after) {
        Seniority::Intern => Seniority::Intern,
        _ => before.max(after),
    }
}

/// Whether the two rungs are alternatives: side by side with a slash, comma or
/// "or" between them.
fn is_choice(folded: &str, words: &[&str], before: usize, at: usize) -> bool {
    if at - before > 2
        || (at - before == 2 && !matches!(words[before + 1], "or" | "to" | "and" | "level"))
    {
        return false;
    }
    if at - before == 2 {
        return true;
    }
    let pair = folded
        .find(words[before])
        .map(|from| &folded[from + words[before].len()..]);
    pair.is_some_and(|rest| {
        let gap = rest.find(words[at]).map_or("", |to| &rest[..to]);
        gap.contains(['/', ',', '|', '&', '-'])
    })
}

fn rung_at(words: &[&str], at: usize) -> Option<Seniority> {
    let next = words.get(at + 1).copied().unwrap_or_default();
    let before = if at > 0 { words[at - 1] } else { "" };
    let has = |list: &[&str]| list.iter().any(|phrase| starts(words, at, phrase));
    match words[at] {
        "intern" | "interns" | "internship" | "internships" | "praktikum" | "praktikant"
        | "praktikantin" | "werkstudent" | "werkstudentin" | "trainee" | "stagiaire" | "stage"
        | "alternance" | "apprentice" | "azubi" | "estagio" | "becario" | "stazysta" | "staz"
        | "实习" => (words[at] != "stage" || before.is_empty() || next.is_empty())
            .then_some(Seniority::Intern),
        "working" if next == "student" => Some(Seniority::Intern),
        "entry" => (next == "level" || words.len() == 1).then_some(Seniority::Entry),
        "junior" | "jr" | "graduate" | "mlodszy" | "mlodsza" | "berufseinsteiger" | "fresher"
        | "jnr" | "初级" => (!(words[at] == "graduate"
            && matches!(next, "school" | "recruitment" | "studies" | "program")))
        .then_some(Seniority::Entry),
        "new" if has(&["new grad", "new graduate", "new grads"]) => Some(Seniority::Entry),
        // An associate director is a director; "Sales Associate" says nothing.
        "associate"
            if at == 0
                && !matches!(
                    next,
                    "director"
                        | "vice"
                        | "professor"
                        | "general"
                        | "dean"
                        | "principal"
                        | "vp"
                        | "partner"
                        | ""
                ) =>
        {
            Some(Seniority::Entry)
        }
        "mid" | "medior" | "intermediate" | "midlevel" | "middle" => (!matches!(
            next,
            "market" | "school" | "office" | "east" | "atlantic" | "mile" | "west" | "tier"
        ))
        .then_some(Seniority::Mid),
        "ii" => Some(Seniority::Mid),
        "senior" | "sr" | "snr" | "starszy" | "starsza" | "seniors" | "高级" | "confirme" => {
            (!matches!(
                next,
                "living"
                    | "care"
                    | "citizen"
                    | "citizens"
                    | "center"
                    | "housing"
                    | "services"
                    | "home"
            ))
            .then_some(Seniority::Senior)
        }
        "iii" => Some(Seniority::Senior),
        "iv" if at > 0 && !matches!(next, "therapy" | "nurse") => Some(Seniority::Staff),
        "staff" => {
            let is_office = matches!(
                next,
                "accountant"
                    | "nurse"
                    | "attorney"
                    | "assistant"
                    | "pharmacist"
                    | "writer"
                    | "augmentation"
                    | "auditor"
                    | "physician"
                    | "therapist"
                    | "member"
                    | "manager"
                    | "officer"
                    | "development"
                    | "training"
                    | "meeting"
                    | "recruiter"
                    | "editor"
                    | "counsel"
                    | ""
                    | "rn"
                    | "scheduler"
            );
            let technical = has(&["staff of"])
                || matches!(
                    before,
                    "of" | "medical"
                        | "nursing"
                        | "support"
                        | "office"
                        | "technical"
                        | "teaching"
                        | "wait"
                );
            (!is_office && !technical).then_some(Seniority::Staff)
        }
        "principal" | "distinguished" => {
            let school = matches!(
                before,
                "school" | "assistant" | "vice" | "deputy" | "elementary"
            ) || matches!(next, "teacher" | "of")
                || (words.len() == 1)
                || words
                    .iter()
                    .any(|word| matches!(*word, "school" | "academy" | "education"));
            (!school).then_some(Seniority::Staff)
        }
        "lead" | "teamlead" | "techlead" | "leader" | "leadentwickler" | "leads" => {
            let trade = matches!(
                next,
                "generation"
                    | "gen"
                    | "generator"
                    | "qualification"
                    | "management"
                    | "time"
                    | "paint"
                    | "nurturing"
                    | "sheet"
                    | "times"
            ) || matches!(before, "sales" | "inbound" | "generate")
                && matches!(next, "specialist" | "manager");
            (!trade).then_some(Seniority::Lead)
        }
        "teamleiter" | "teamleiterin" | "kierownik" | "leiter" | "abteilungsleiter" => {
            Some(Seniority::Manager)
        }
        "head" if matches!(next, "of" | "engineering" | "") => Some(Seniority::Manager),
        // Manages accounts, products and so on, not people.
        "manager" | "managers" => {
            let things = matches!(
                before,
                "account"
                    | "product"
                    | "project"
                    | "program"
                    | "programme"
                    | "office"
                    | "community"
                    | "case"
                    | "accounts"
                    | "relationship"
                    | "success"
                    | "content"
                    | "campaign"
                    | "property"
                    | "brand"
                    | "release"
                    | "delivery"
                    | "partner"
                    | "event"
                    | "events"
                    | "media"
                    | "category"
                    | "marketing"
                    | "contract"
                    | "contracts"
                    | "incident"
                    | "change"
                    | "database"
                    | "projects"
                    | "process"
                    | "risk"
                    | "asset"
                    | "portfolio"
                    | "strategy"
                    | "partnerships"
                    | "growth"
                    | "territory"
                    | "products"
                    | "compliance"
                    | "payable"
                    | "implementation"
                    | "onboarding"
                    | "configuration"
                    | "vendor"
                    | "crm"
                    | "seo"
                    | "wealth"
                    | "procurement"
            );
            (!things).then_some(Seniority::Manager)
        }
        "supervisor" => Some(Seniority::Manager),
        "director" => {
            (!matches!(before, "art" | "creative" | "funeral")).then_some(Seniority::Director)
        }
        "vp" | "svp" | "evp" | "avp" | "cto" | "ceo" | "cio" | "ciso" | "cpo" | "cfo" | "coo"
        | "cmo" | "chief" => (words[at] != "chief"
            || matches!(words.get(at + 2).copied().unwrap_or_default(), "officer")
            || matches!(
                next,
                "technology"
                    | "executive"
                    | "information"
                    | "product"
                    | "architect"
                    | "data"
                    | "scientist"
                    | "technical"
                    | "security"
                    | "revenue"
                    | "marketing"
                    | "operating"
                    | "financial"
                    | "people"
            ))
        .then_some(Seniority::Executive),
        "vice" if next == "president" => Some(Seniority::Executive),
        _ => None,
    }
}

/// Numbers in words, as adverts spell them.
const NUMBERS: &[(&str, f32)] = &[
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("zwei", 2.0),
    ("drei", 3.0),
    ("funf", 5.0),
    ("deux", 2.0),
    ("trois", 3.0),
    ("cinq", 5.0),
    ("dos", 2.0),
    ("tres", 3.0),
    ("cinco", 5.0),
];

/// More than a working life so far is something else.
const MOST_YEARS: f32 = 25.0;

/// The years of experience that a text asks for: the least of its required
/// mentions, with the upper end that stands beside it. Years of a company,
/// preferred clauses and periods of other things are left out.
pub fn experience(text: &str) -> Option<Years> {
    let mut best: Option<Years> = None;
    let mut preferred_block = false;
    let folded = fold(text);
    if !has_year_word(&folded) {
        return None;
    }
    for line in folded.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let lower = trimmed;
        if trimmed.len() < 60 && !lower.contains(|c: char| c.is_ascii_digit()) {
            let heading = [
                "nice to have",
                "preferred",
                "bonus",
                "ideally",
                "a plus",
                "desirable",
                "pluses",
                "good to have",
            ];
            let begins = [
                "requirement",
                "required",
                "must",
                "qualification",
                "what you",
                "you ",
                "about",
                "responsib",
                "minimum",
                "skills",
                "benefit",
                "what we",
                "we offer",
                "perks",
            ];
            if heading.iter().any(|word| lower.contains(word)) {
                preferred_block = true;
            } else if begins.iter().any(|word| lower.starts_with(word)) {
                preferred_block = false;
            }
        }
        if preferred_block || !has_year_word(lower) {
            continue;
        }
        for sentence in lower
            .split(['!', '?', ';', '\u{2022}'])
            .flat_map(|part| part.split(". "))
        {
            let words = words(sentence);
            for at in 0..words.len() {
                if is_year(words[at])
                    && let Some(years) = years_at(sentence, &words, at)
                    && best.is_none_or(|best| years.min < best.min)
                {
                    best = Some(years);
                }
            }
        }
    }
    best
}

fn has_year_word(line: &str) -> bool {
    [
        "year", "yr", "jahr", " ans", "anos", "lat ", "yoe", "anni", "jaar", " лет", "года",
        "경력", "年",
    ]
    .iter()
    .any(|word| line.contains(word))
}

fn is_year(word: &str) -> bool {
    matches!(
        word,
        "years"
            | "year"
            | "yrs"
            | "yr"
            | "year's"
            | "years'"
            | "yoe"
            | "jahre"
            | "jahren"
            | "jahr"
            | "ans"
            | "anos"
            | "lat"
            | "lata"
            | "anni"
            | "jaar"
            | "лет"
            | "года"
            | "let"
    ) || word.ends_with("+yrs")
        || word.ends_with("+years")
}

/// The years before the word at `at`, if they are of experience and asked for.
fn years_at(sentence: &str, words: &[&str], at: usize) -> Option<Years> {
    let clung = words[at].split_once('+').map(|(number, _)| number);
    let number_at = if clung.is_some() {
        at
    } else {
        at.checked_sub(1)?
    };
    let (text, mut first) = match clung {
        Some(number) => (number, at),
        None => (words[number_at], number_at),
    };
    let open = text.ends_with('+');
    let mut min = number(text.trim_end_matches('+'))?;
    let mut max = None;
    // "3-5 years", "3 to 5 years", "3 or more years", "five (5) years".
    if first >= 1 {
        let joined = between(sentence, words, first - 1, first);
        let low = number(words[first - 1].trim_end_matches('+'));
        if let Some(low) = low
            && joined.contains(['-', '/', '~'])
            && low < min
        {
            (max, min, first) = (Some(min), low, first - 1);
        } else if low == Some(min) && joined.contains('(') {
            first -= 1;
        } else if first >= 2
            && matches!(words[first - 1], "to" | "bis" | "a" | "or" | "and")
            && let Some(low) = number(words[first - 2].trim_end_matches('+'))
            && low < min
        {
            (max, min, first) = (Some(min), low, first - 2);
        }
    }
    if !(0.0..=MOST_YEARS).contains(&min) {
        return None;
    }
    let before = &words[first.saturating_sub(7)..first];
    let after = &words[(at + 1).min(words.len())..(at + 12).min(words.len())];
    let asked = |list: &[&str]| has_any(after, list) || has_any(before, list);
    if has_any(
        after,
        &[
            "in business",
            "of history",
            "old",
            "ago",
            "track record of",
            "warranty",
            "contract",
            "anniversary",
            "in a row",
            "running",
            "in operation",
            "vesting",
            "in the making",
            "vest",
            "plan",
            "of growth",
            "of runway",
            "of funding",
            "of age",
            "degree",
            "program",
            "university",
            "college",
            "of study",
            "from now",
            "of service",
            "combined",
            "in a row",
        ],
    ) || has_any(
        &after[..after.len().min(3)],
        &["company", "startup", "market", "ago"],
    ) || has_any(
        before,
        &[
            "we have",
            "over the last",
            "for the last",
            "for over",
            "for the past",
            "in the last",
            "in the past",
            "over the past",
            "we've been",
            "been around",
            "our team has",
            "founded",
            "next",
            "last",
            "every",
            "combined",
            "within",
            "first",
            "past",
            "we are",
            "founders have",
            "our founders",
            "has been",
            "have been",
            "vest",
            "vesting",
            "team of",
            "together have",
            "we bring",
            "for more than",
            "since",
            "age",
            "aged",
            "under",
            "less than",
            "up to",
            "previous",
        ],
    ) {
        return None;
    }
    if asked(&[
        "preferred",
        "nice to have",
        "a plus",
        "ideally",
        "bonus",
        "plus",
        "desirable",
        "desired",
        "advantage",
        "von vorteil",
        "idealerweise",
        "advantageous",
        "would be great",
        "a bonus",
    ]) {
        return None;
    }
    let skill = [
        "experience",
        "experienced",
        "exp",
        "erfahrung",
        "berufserfahrung",
        "experiencia",
        "d'experience",
        "doswiadczenia",
        "esperienza",
        "ervaring",
        "expertise",
        "working",
        "work",
        "professional",
        "building",
        "developing",
        "hands on",
        "hands",
        "programming",
        "coding",
        "industry",
        "of",
        "in",
        "with",
        "background",
        "software",
        "developer",
        "development",
        "as",
        "relevant",
        "using",
        "experiencia",
        "opyta",
        "опыта",
        "praxe",
        "managing",
        "leading",
        "designing",
        "minimum",
        "or",
        "engineering",
        "post",
        "writing",
    ];
    let asks_before = has_any(
        before,
        &[
            "at least",
            "minimum",
            "min",
            "experience",
            "requires",
            "required",
            "mindestens",
            "minimum of",
            "need",
            "must have",
            "au moins",
            "al menos",
            "require",
            "exp",
            "more than",
        ],
    );
    let names_experience = after.iter().take(8).any(|word| {
        word.starts_with("experien")
            || matches!(
                *word,
                "exp"
                    | "erfahrung"
                    | "berufserfahrung"
                    | "d'experience"
                    | "doswiadczenia"
                    | "esperienza"
                    | "ervaring"
                    | "опыта"
                    | "praxe"
            )
    });
    let follows = after.first().is_none_or(|word| skill.contains(word));
    let fits = names_experience
        || words[at] == "yoe"
        || (asks_before && follows)
        || (open && follows)
        || (clung.is_some() && follows);
    fits.then_some(Years {
        min: Some(min),
        max,
    })
}

/// What stands between two words of the sentence that follow one another.
fn between<'a>(sentence: &'a str, words: &[&'a str], first: usize, second: usize) -> &'a str {
    let offset = |word: &str| word.as_ptr() as usize - sentence.as_ptr() as usize;
    &sentence[offset(words[first]) + words[first].len()..offset(words[second])]
}

fn number(word: &str) -> Option<f32> {
    if word.len() <= 4
        && let Ok(number) = word.parse::<f32>()
    {
        return (number.is_finite() && number >= 0.0).then_some(number);
    }
    NUMBERS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(f32, Option<f32>)>) {
        let found = experience(text).map(|years| (years.min.unwrap(), years.max));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn labels_of_publishers_are_known() {
        let cases = [
            ("Internship", "intern"),
            ("Entry level", "entry"),
            ("entry_level", "entry"),
            ("Associate", "entry"),
            ("Junior", "entry"),
            ("Mid", "mid"),
            ("mid_level", "mid"),
            ("Intermediate", "mid"),
            ("Mid-Senior level", "senior"),
            ("Senior", "senior"),
            ("Sr", "senior"),
            ("Lead", "lead"),
            ("Principal", "staff"),
            ("Staff", "staff"),
            ("Director", "director"),
            ("Executive", "executive"),
            ("VP", "executive"),
            ("Manager", "manager"),
            ("Senior Manager", "manager"),
            ("Expert", "staff"),
            ("Experienced", "mid"),
            ("Student", "intern"),
            ("Not applicable", ""),
            ("", ""),
            ("Junior, Senior", ""),
        ];
        for (label, rung) in cases {
            assert_eq!(
                from_label(label).map(Seniority::as_str).unwrap_or_default(),
                rung,
                "{label:?}"
            );
        }
    }

    #[test]
    fn years_of_experience_are_read() {
        check("3+ years of experience with Rust", Some((3.0, None)));
        check("3-5 yrs of experience", Some((3.0, Some(5.0))));
        check("3 - 5 years experience required", Some((3.0, Some(5.0))));
        check(
            "3 to 5 years of professional experience",
            Some((3.0, Some(5.0))),
        );
        check(
            "at least five years of experience in backend work",
            Some((5.0, None)),
        );
        check(
            "Minimum of 2 years working with Postgres",
            Some((2.0, None)),
        );
        check("five (5) years of experience", Some((5.0, None)));
        check("5+yrs exp in Java", Some((5.0, None)));
        check("3-10 Yrs of Exp", Some((3.0, Some(10.0))));
        check("Mindestens 3 Jahre Berufserfahrung", Some((3.0, None)));
        check("3 ans d'expérience minimum", Some((3.0, None)));
        check("1.5 years of experience", Some((1.5, None)));
        check("7+ years building distributed systems", Some((7.0, None)));
    }

    #[test]
    fn the_least_required_mention_holds() {
        check(
            "5+ years of experience in software.\n2+ years of experience with Go.",
            Some((2.0, None)),
        );
        check(
            "5+ years of experience.\nNice to have:\n- 1+ years of experience with Elm",
            Some((5.0, None)),
        );
        check(
            "2 years of experience with Elm is a plus. 4+ years of experience with JS.",
            Some((4.0, None)),
        );
    }

    #[test]
    fn other_years_are_left_out() {
        for text in [
            "We have over 10 years in business",
            "founded 5 years ago",
            "a 3 year old startup",
            "Over the last 5 years we have grown",
            "options vest over 4 years",
            "a four year degree",
            "our team has 40 years of experience combined",
            "20 years of history",
            "the next 5 years",
            "you are under 30 years",
            "401k after one year",
        ] {
            check(text, None);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            from_title(&text);
            from_label(&text);
            experience(&text);
        }

        #[test]
        fn no_years_panic(text in "([0-9]{1,3}|\\+|-| |years|to|experience|of|five|yrs|\n|/|\\(){0,16}") {
            experience(&text);
        }
    }
}
