//! Employment: a label of a source or a part of a forum line in, the hours and
//! length of the contract out.

mod prose;

use super::text::{List, Phrases, has_any, label, starts};
use crate::posting::Employment;
pub(super) use prose::of;

/// What lines that name a kind of employment have in them.
pub(super) const ROOTS: &str = "time, contract, type, intern, perman, vollzeit, festan, freelance, volunteer, tempor, \
    employment, beschäftigungsart, anstellungsart, cdd, cdi, b2b, ftc, jornada, temps, teilzeit, befristet";

/// Spellings in the form of [`label`]; the longest that fits holds.
const LABELS: &[(&str, &[Employment])] = {
    use Employment::*;
    &[
        ("fulltime fixed term", &[FullTime, Contract]),
        ("full time fixed term", &[FullTime, Contract]),
        ("fulltime permanent", &[FullTime]),
        ("fulltime temporary", &[FullTime, Temporary]),
        ("full time temporary", &[FullTime, Temporary]),
        ("parttime permanent", &[PartTime]),
        ("parttime fixed term", &[PartTime, Contract]),
        ("full or part time", &[FullTime, PartTime]),
        ("part or full time", &[FullTime, PartTime]),
        ("contract to hire", &[Contract]),
        ("contract of employment", &[FullTime]),
        ("contract", &[Contract]),
        ("contracting", &[Contract]),
        ("contracts", &[Contract]),
        ("contractor", &[Contract]),
        ("contractors", &[Contract]),
        ("independent contractor", &[Contract]),
        ("contracted", &[Contract]),
        ("freelance", &[Contract]),
        ("freelancer", &[Contract]),
        ("freelancers", &[Contract]),
        ("freelancing", &[Contract]),
        ("freiberuflich", &[Contract]),
        ("freie mitarbeit", &[Contract]),
        ("b2b", &[Contract]),
        ("c2c", &[Contract]),
        ("corp to corp", &[Contract]),
        ("w2", &[Contract]),
        ("1099", &[Contract]),
        ("fixed term", &[Contract]),
        ("befristet", &[Contract]),
        ("cdd", &[Contract]),
        ("ftc", &[Contract]),
        ("fulltime", &[FullTime]),
        ("full time", &[FullTime]),
        ("full tim", &[FullTime]),
        ("fulltme", &[FullTime]),
        ("fultime", &[FullTime]),
        ("ft", &[FullTime]),
        ("perm", &[FullTime]),
        ("permanent", &[FullTime]),
        ("regular", &[FullTime]),
        ("vollzeit", &[FullTime]),
        ("festanstellung", &[FullTime]),
        ("unbefristet", &[FullTime]),
        ("temps plein", &[FullTime]),
        ("cdi", &[FullTime]),
        ("tiempo completo", &[FullTime]),
        ("jornada completa", &[FullTime]),
        ("tempo integral", &[FullTime]),
        ("tempo pieno", &[FullTime]),
        ("clt", &[FullTime]),
        ("voltijd", &[FullTime]),
        ("fulltids", &[FullTime]),
        ("heltid", &[FullTime]),
        ("pelny etat", &[FullTime]),
        ("umowa o prace", &[FullTime]),
        ("uop", &[FullTime]),
        ("employee", &[FullTime]),
        ("正社員", &[FullTime]),
        ("全职", &[FullTime]),
        ("parttime", &[PartTime]),
        ("part time", &[PartTime]),
        ("teilzeit", &[PartTime]),
        ("temps partiel", &[PartTime]),
        ("tiempo parcial", &[PartTime]),
        ("media jornada", &[PartTime]),
        ("deeltijd", &[PartTime]),
        ("deltid", &[PartTime]),
        ("minijob", &[PartTime]),
        ("兼职", &[PartTime]),
        ("temporary", &[Temporary]),
        ("temp", &[Temporary]),
        ("seasonal", &[Temporary]),
        ("interim", &[Temporary]),
        ("intern", &[Internship]),
        ("interns", &[Internship]),
        ("internship", &[Internship]),
        ("internships", &[Internship]),
        ("praktikum", &[Internship]),
        ("praktikant", &[Internship]),
        ("stage", &[Internship]),
        ("stagiaire", &[Internship]),
        ("werkstudent", &[Internship, PartTime]),
        ("working student", &[Internship, PartTime]),
        ("student", &[Internship]),
        ("co op", &[Internship]),
        ("coop", &[Internship]),
        ("trainee", &[Internship]),
        ("practicas", &[Internship]),
        ("estagio", &[Internship]),
        ("实习", &[Internship]),
        ("apprenticeship", &[Apprenticeship]),
        ("apprentice", &[Apprenticeship]),
        ("ausbildung", &[Apprenticeship]),
        ("alternance", &[Apprenticeship]),
        ("alternant", &[Apprenticeship]),
        ("alternante", &[Apprenticeship]),
        ("apprenti", &[Apprenticeship]),
        ("apprentie", &[Apprenticeship]),
        ("volunteer", &[Volunteer]),
        ("volunteering", &[Volunteer]),
        ("voluntary", &[Volunteer]),
        ("ehrenamt", &[Volunteer]),
        ("per diem", &[PerDiem]),
        ("prn", &[PerDiem]),
        ("other", &[Other]),
    ]
};

/// The kinds that a label names, in the order of [`Employment`]; an unknown
/// label is [`Employment::Other`], an empty one nothing.
pub fn from_label(text: &str) -> Vec<Employment> {
    let label = label(text);
    if matches!(
        label.as_str(),
        "" | "null" | "none" | "nan" | "n a" | "unspecified" | "unknown" | "not specified"
    ) {
        return Vec::new();
    }
    // "Full-time/Part-time indicator: F"
    match label.as_str() {
        "f" | "full" => return vec![Employment::FullTime],
        "p" | "pt" | "part" => return vec![Employment::PartTime],
        _ => {}
    }
    match named(&words_of(&label)) {
        found if found.is_empty() => vec![Employment::Other],
        found => found,
    }
}

/// Words that are labels by themselves and something else beside others:
/// "early stage", "student loans".
static ONLY_ALONE: List = List::new(|| {
    Phrases::new(
        "\
    stage, other, student, employee, regular, temp, interim, contract, contracts, voluntary, \
    coop, ft, ftc, w2, clt, trainee",
    )
});

/// Who looks after people of a kind is not one of them: "Volunteer Coordinator".
static KEEPERS: List = List::new(|| {
    Phrases::new(
        "\
    coordinator, coordinators, manager, management, director, specialist, recruiter, recruitment, \
    program, programme, programs, services, engagement, administrator, administration, officer, \
    supervisor, relations, liaison, experience, outreach, coordination",
    )
});

/// What is done with contracts, and with those who work for a time: "Contract
/// Manager", "Temp Agency Recruiter".
static DEALINGS: List = List::new(|| {
    Phrases::new(
        "\
    manager, managers, management, administrator, administrators, administration, specialist, \
    negotiator, negotiation, negotiations, analyst, officer, attorney, lawyer, law, counsel, \
    coordinator, compliance, lifecycle, research, furniture, sales, manufacturing, manufacturer, \
    support, review, performance, assistant, associate, consultant, director, surveyor, \
    surveying, estimator, executive, lead, supervisor, terms, agency, agencies, staffing, \
    recruiter, recruitment, control, controls, services, work, workers, worker, logistics, \
    catering, cleaning, packaging, signing, drafting, owner, partner, partnerships, operations, \
    pricing, account, accounts, and, to, or, for, with",
    )
});

/// "Contract Java Developer", "Temp Receptionist": a title that begins with the
/// kind and goes on with the trade.
fn leading(words: &[&str]) -> Option<Employment> {
    let kind = match *words.first()? {
        "contract" => Employment::Contract,
        "temp" => Employment::Temporary,
        _ => return None,
    };
    words.get(1).filter(|next| !DEALINGS.has_word(next))?;
    Some(kind)
}

/// The kinds of the parts between signs that are nothing else: "Stage -
/// Développement", "Java Developer (Contract)". The whole is no part.
fn of_parts(text: &str) -> Vec<Employment> {
    let parts = text
        .split(['|', ',', '(', ')', '[', ']', ';', ':', '–', '—', '•'])
        .flat_map(|part| part.split(" - "))
        .filter(|part| part.len() < text.len());
    let of_part = |part| {
        let label = label(part);
        let words = words_of(&label);
        if is_all_of(&words) {
            named(&words)
        } else {
            Vec::new()
        }
    };
    parts
        .flat_map(of_part)
        .filter(|kind| *kind != Employment::Other)
        .collect()
}

/// The kinds that a line of a text names that has nothing else in it: "CDD de 6
/// mois", "Festanstellung, Vollzeit". What may head a list of something else,
/// such as "Other" or "Internships", is none.
pub(super) fn in_line(line: &str) -> Vec<Employment> {
    if line.len() > 60 {
        return Vec::new();
    }
    let label = label(line);
    let words = words_of(&label);
    let sure = |word: &&str| !ONLY_ALONE.has(word);
    let kept = || -> Vec<&str> { words.iter().copied().filter(sure).collect() };
    if !is_all_of(&words) || named(&kept()).is_empty() {
        return Vec::new();
    }
    let mut found = named(&words);
    found.retain(|kind| {
        use Employment::{Contract, FullTime, PartTime, Temporary};
        matches!(kind, FullTime | PartTime | Contract | Temporary)
    });
    found
}

/// The kinds named anywhere in a short text such as a part of a forum line or a
/// title; empty when none is.
pub(super) fn in_part(text: &str) -> Vec<Employment> {
    let label = label(text);
    let all = words_of(&label);
    if is_all_of(&all) {
        return named(&all);
    }
    let bracketed = |word: &str| label.contains(&format!("({word})"));
    let kept = |at: &usize| {
        let is_kept = all.get(at + 1).is_some_and(|next| KEEPERS.has_word(next))
            && named(&all[*at..=*at]).iter().any(|kind| {
                use Employment::{Apprenticeship, Internship, Volunteer};
                matches!(kind, Internship | Apprenticeship | Volunteer)
            });
        !is_kept && (!ONLY_ALONE.has(all[*at]) || bracketed(all[*at]))
    };
    let words: Vec<&str> = (0..all.len()).filter(kept).map(|at| all[at]).collect();
    let mut found = named(&words);
    found.extend(leading(&all));
    found.extend(of_parts(text));
    found.sort_unstable();
    found.dedup();
    if !found.is_empty() && has_any(&all, &["contract"]) && !found.contains(&Employment::Contract) {
        found.push(Employment::Contract);
        found.sort_unstable();
    }
    found
}

/// Whether a part is nothing but kinds of employment and words between them.
pub(super) fn is_all(text: &str) -> bool {
    is_all_of(&words_of(&label(text)))
}

fn is_all_of(words: &[&str]) -> bool {
    let mut at = 0;
    let mut any = false;
    while at < words.len() {
        match longest(words, at) {
            Some((_, len)) => {
                any = true;
                at += len;
            }
            None if FILLER.has(words[at]) || is_length(words[at]) => at += 1,
            None => return false,
        }
    }
    any
}

/// "6" and "months" of "6-month contract".
fn is_length(word: &str) -> bool {
    word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(
            word,
            "month"
                | "months"
                | "mois"
                | "monate"
                | "mesi"
                | "meses"
                | "year"
                | "de"
                | "di"
                | "ans"
                | "an"
        )
}

static FILLER: List = List::new(|| {
    Phrases::new(
        "\
    or, and, only, position, positions, role, roles, job, jobs, also, possible, available, \
    welcome, ok, preferred, employment, on, a, in, possibly, later, visa, h1b, project, basis, \
    both, salaried, equity, direct, hire, with, type, w, &, +, summer, open, to, ideally, \
    considered, then, potential",
    )
});

fn words_of(label: &str) -> Vec<&str> {
    label
        .split([
            ' ', ',', '(', ')', ';', '|', ':', '&', '+', '[', ']', '*', '!', '.',
        ])
        .filter(|word| !word.is_empty())
        .collect()
}

fn longest(words: &[&str], at: usize) -> Option<(&'static [Employment], usize)> {
    static KNOWN: List = List::new(|| Phrases::of(LABELS.iter().map(|(phrase, _)| *phrase)));
    let len = KNOWN.length_at(words, at)?;
    let is_it = |phrase: &str| starts(words, at, phrase) && phrase.split(' ').count() == len;
    let (_, kinds) = LABELS.iter().rfind(|(phrase, _)| is_it(phrase))?;
    Some((*kinds, len))
}

fn named(words: &[&str]) -> Vec<Employment> {
    let mut found: Vec<Employment> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((kinds, len)) = longest(words, at) else {
            at += 1;
            continue;
        };
        let denied = at > 0 && matches!(words[at - 1], "no" | "not");
        if !denied {
            found.extend(kinds);
        }
        at += len;
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<_> = from_label(text)
            .into_iter()
            .map(Employment::as_str)
            .collect();
        assert_eq!(found.join(" "), expected, "{text:?}");
    }

    #[test]
    fn labels_of_many_sources_are_known() {
        for text in [
            "FULL_TIME",
            "Full-time",
            "Fulltime",
            "FullTime",
            "full time",
            "fulltime_permanent",
            "permanent",
            "regular",
        ] {
            check(text, "full_time");
        }
        for text in [
            "Vollzeit",
            "temps plein",
            "CDI",
            "tiempo completo",
            "tempo pieno",
            "voltijd",
            "heltid",
            "Festanstellung",
        ] {
            check(text, "full_time");
        }
        for text in [
            "PART_TIME",
            "PartTime",
            "parttime_permanent",
            "Teilzeit",
            "temps partiel",
            "deltid",
        ] {
            check(text, "part_time");
        }
        for text in [
            "CONTRACT",
            "CONTRACTOR",
            "freelance",
            "b2b",
            "fixed term",
            "CDD",
            "Freelance / Project",
        ] {
            check(text, "contract");
        }
        for text in ["INTERN", "INTERNSHIP", "Intern", "Praktikum", "stage"] {
            check(text, "internship");
        }
        check("fulltime_fixed_term", "full_time contract");
        check("fulltime_temporary", "full_time temporary");
        check("Werkstudent", "part_time internship");
        check("TEMPORARY", "temporary");
        check("seasonal", "temporary");
        check("Ausbildung", "apprenticeship");
        check("VOLUNTEER", "volunteer");
        check("PER_DIEM", "per_diem");
        check("OTHER", "other");
        check("32 h/week", "other");
        check("", "");
        check("unspecified", "");
    }

    #[test]
    fn several_kinds_may_be_named() {
        check("Full-time, Part-time", "full_time part_time");
        check("Full-time/Contract", "full_time contract");
        check("Full-time or Internship", "full_time internship");
        check("Full Time (no contractors)", "full_time");
    }

    #[test]
    fn a_title_names_its_kind_and_no_trade() {
        for (title, expected) in [
            ("Contract Java Developer", "contract"),
            ("Contract Manager", ""),
            ("Contract Administrator, Housing", ""),
            ("Java Developer - Contract", "contract"),
            ("Baker, 9-month FTC", "contract"),
            ("FTC Compliance Counsel", ""),
            ("Temp Receptionist", "temporary"),
            ("Temp Agency Recruiter", ""),
            ("Alternant Boulanger", "apprenticeship"),
            ("Stage - Pâtisserie", "internship"),
            ("Stage Manager", ""),
            ("Early Stage Investor", ""),
            ("Volunteer Coordinator", ""),
            ("Internship Program Manager", ""),
            ("Volunteer Baker", "volunteer"),
            ("Marketing Intern", "internship"),
        ] {
            let found: Vec<_> = in_part(title).into_iter().map(Employment::as_str).collect();
            assert_eq!(found.join(" "), expected, "{title:?}");
        }
    }

    #[test]
    fn a_line_of_nothing_else_names_its_kind() {
        for (line, expected) in [
            ("CDD de 6 mois", "contract"),
            ("Festanstellung, Vollzeit", "full_time"),
            ("B2B contract", "contract"),
            ("Jornada completa", "full_time"),
            ("12-month contract, part-time", "part_time contract"),
            ("Other", ""),
            ("Internships", ""),
            ("Volunteering", ""),
            ("Contract", ""),
            ("We work full time", ""),
        ] {
            let found: Vec<_> = in_line(line).into_iter().map(Employment::as_str).collect();
            assert_eq!(found.join(" "), expected, "{line:?}");
        }
    }

    #[test]
    fn a_part_may_be_all_employment() {
        assert!(is_all("Full-time or contract"));
        assert!(is_all("FULL TIME ONLY"));
        assert!(!is_all("Full-time Engineer"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            from_label(&text);
        }
    }
}
