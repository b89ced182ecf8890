//! The rung of a job: labels and titles in, [`Seniority`] out. The years of
//! experience that a text asks for are read by [`experience`].

mod experience;
mod stated;

use crate::posting::Seniority;

use super::text::{List, Phrases, fold, has_any, label, starts};
pub use experience::experience;
pub(super) use experience::{WISH_ROOTS, YEAR_ROOTS, YEAR_WORD_ROOTS, in_lines};
pub use stated::years;

/// Trades whose "staff" is no rung.
static OFFICE_STAFF: List = List::new(|| {
    Phrases::new(
        "\
    accountant, nurse, attorney, assistant, pharmacist, writer, augmentation, auditor, \
    physician, therapist, member, manager, officer, development, training, meeting, recruiter, \
    editor, counsel, rn, scheduler, analyst",
    )
});

/// Who works on the stage of a theatre.
static STAGE_CREW: List = List::new(|| {
    Phrases::new(
        "\
    manager, managers, management, hand, hands, crew, technician, technicians, designer, director, \
    lighting, carpenter, carpenters, performer, combat, door, gate, electrician, supervisor, operations, \
    coordinator, production",
    )
});

/// What a manager manages instead of people.
static THINGS_MANAGED: List = List::new(|| {
    Phrases::new(
        "\
    account, product, project, program, programme, office, community, case, accounts, \
    relationship, success, content, campaign, property, brand, release, delivery, partner, \
    event, events, media, category, marketing, contract, contracts, incident, change, database, \
    projects, process, risk, asset, portfolio, strategy, partnerships, growth, territory, \
    products, compliance, payable, implementation, onboarding, configuration, vendor, crm, seo, \
    wealth, procurement, generation",
    )
});

/// What a chief is chief of.
static CHIEF_OF: List = List::new(|| {
    Phrases::new(
        "\
    technology, executive, information, product, architect, data, scientist, technical, \
    security, revenue, marketing, operating, financial, people",
    )
});

/// Words of publishers' labels, highest rung first.
const LABELS: &[(&str, Seniority)] = &[
    (
        "executive, vp, svp, evp, vice president, chief, c level, cxo, c suite, president",
        Seniority::Executive,
    ),
    ("director", Seniority::Director),
    ("head", Seniority::Manager),
    ("manager, management, managerial", Seniority::Manager),
    ("lead, tech lead, team lead, leader", Seniority::Lead),
    (
        "staff, principal, distinguished, fellow, expert",
        Seniority::Staff,
    ),
    ("senior, sr, advanced, starszy", Seniority::Senior),
    (
        "mid, middle, intermediate, medior, regular, midlevel, experienced, professional, berufserfahren",
        Seniority::Mid,
    ),
    (
        "internship, intern, trainee, student, praktikum, stage, apprentice, werkstudent",
        Seniority::Intern,
    ),
    (
        "entry, junior, jr, graduate, associate, beginner, new grad, berufseinsteiger, mlodszy, fresher",
        Seniority::Entry,
    ),
];

/// The rung of a publisher's label; `None` for unknown ones
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
    if has(&["no experience", "not applicable"]) && !has(&["entry"]) {
        return None;
    }
    // "Junior, Mid, Senior" is no rung.
    let found: Vec<Seniority> = LABELS
        .iter()
        .filter(|(list, _)| list.split(", ").any(|phrase| has(&[phrase])))
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
        // "Assistant to the Director" is none.
        if matches!(words[at], "assistant" | "secretary" | "aide")
            && words.get(at + 1) == Some(&"to")
        {
            return None;
        }
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
        | "alternance" | "alternant" | "alternante" | "apprentice" | "azubi" | "estagio"
        | "becario" | "stazysta" | "staz" | "实习" => {
            // The French word stands first or last; the English one has a crew.
            let is_intern = (before.is_empty() || next.is_empty()) && !STAGE_CREW.has(next);
            (words[at] != "stage" || is_intern).then_some(Seniority::Intern)
        }
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
        "mid" | "pleno" | "medior" | "intermediate" | "midlevel" | "middle" => (!matches!(
            next,
            "market" | "school" | "office" | "east" | "atlantic" | "mile" | "west" | "tier"
        ))
        .then_some(Seniority::Mid),
        "ii" => Some(Seniority::Mid),
        "senior" | "sr" | "snr" | "starszy" | "starsza" | "seniors" | "高级" | "资深"
        | "confirme" => (!matches!(
            next,
            "living" | "care" | "citizen" | "citizens" | "center" | "housing" | "services" | "home"
        ))
        .then_some(Seniority::Senior),
        "iii" => Some(Seniority::Senior),
        "iv" if at > 0 && !matches!(next, "therapy" | "nurse") => Some(Seniority::Staff),
        "staff" => {
            let is_office = next.is_empty() || OFFICE_STAFF.has(next);
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
            let things = THINGS_MANAGED.has(before);
            (!things).then_some(Seniority::Manager)
        }
        "supervisor" => Some(Seniority::Manager),
        "director" => {
            (!matches!(before, "art" | "creative" | "funeral")).then_some(Seniority::Director)
        }
        "vp" | "svp" | "evp" | "avp" | "cto" | "ceo" | "cio" | "ciso" | "cpo" | "cfo" | "coo"
        | "cmo" | "chief" => (words[at] != "chief"
            || matches!(words.get(at + 2).copied().unwrap_or_default(), "officer")
            || CHIEF_OF.has(next))
        .then_some(Seniority::Executive),
        "vice" if next == "president" => Some(Seniority::Executive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            from_title(&text);
            from_label(&text);
        }
    }
}
