//! How a query was understood, in words.

use jiff::Timestamp;

use super::{Expr, Fit, Question, Term};
use crate::query::{Amount, Filter, SkillChoice};
use crate::skills::{Taxonomy, is_below};

/// How a question and the filter of the flags are understood, a line each.
pub fn explain(question: &Question, flags: &Filter, taxonomy: &Taxonomy) -> Vec<String> {
    let mut lines = Vec::new();
    let wanted: Vec<String> = question
        .wanted
        .iter()
        .map(|term| words(term, taxonomy))
        .collect();
    match wanted.len() {
        0 => {}
        1 => lines.push(format!("the word {}", wanted[0])),
        n => lines.push(format!(
            "all {n} words: {}; where fewer than ten postings have all, those with fewer words follow",
            wanted.join(", ")
        )),
    }
    for expr in &question.must {
        let link = if lines.is_empty() { "" } else { "and " };
        lines.push(format!("{link}{}", describe(expr, taxonomy)));
    }
    lines.extend(
        question
            .none
            .iter()
            .map(|expr| format!("but not {}", describe(expr, taxonomy))),
    );
    let mut filter = flags.clone();
    filter.and(question.filter.clone());
    lines.extend(filter_lines(&filter, taxonomy));
    if lines.is_empty() {
        lines.push("every posting".to_owned());
    }
    lines.push(
        match question.terms().is_empty() {
            true => "newest first",
            false => {
                "best first: words in the title, skills that are read, words in the text, words of employer, places and workplace, words that stand together"
            }
        }
        .to_owned(),
    );
    lines
}

/// What a filter asks for, a line a condition, in the order of [`Filter::parts`].
pub fn filter_lines(filter: &Filter, taxonomy: &Taxonomy) -> Vec<String> {
    filter
        .parts()
        .iter()
        .map(|part| condition(part, taxonomy))
        .collect()
}

fn words(term: &Term, taxonomy: &Taxonomy) -> String {
    let text = &term.words.text;
    let meant = term.skill.as_deref().and_then(|id| taxonomy.by_id(id));
    let also = meant.map_or_else(String::new, |no| {
        format!(" (or the skill {})", taxonomy.skill(no).label)
    });
    match term.words.how {
        Fit::Word if term.is_letter() => format!("\"{text}\" where the skill is read{also}"),
        Fit::Word if term.is_name => format!("\"{text}\" as it stands{also}"),
        Fit::Word => format!("\"{text}\" in any form{also}"),
        Fit::Phrase => format!("just \"{text}\"{also}"),
        Fit::Prefix => format!("any word that begins with \"{text}\""),
        Fit::Fuzzy(1) => format!("any word within one typing error of \"{text}\""),
        Fit::Fuzzy(edits) => format!("any word within {edits} typing errors of \"{text}\""),
    }
}

fn describe(expr: &Expr, taxonomy: &Taxonomy) -> String {
    let list = |parts: &[Expr], link: &str| {
        let parts: Vec<String> = parts.iter().map(|part| describe(part, taxonomy)).collect();
        format!("({})", parts.join(link))
    };
    match expr {
        Expr::Words(term) => words(term, taxonomy),
        Expr::Is(filter) => filter_lines(filter, taxonomy).join(" and "),
        Expr::All(parts) => list(parts, " and "),
        Expr::Any(parts) => list(parts, " or "),
        Expr::Not(part) => format!("not {}", describe(part, taxonomy)),
    }
}

/// One condition; a filter of several is said by the first.
fn condition(part: &Filter, taxonomy: &Taxonomy) -> String {
    let or = |values: &[String]| values.join(" or ");
    let how = if part.required {
        "required"
    } else {
        "named or implied"
    };
    let choices = |choices: &[SkillChoice]| {
        let names: Vec<String> = choices
            .iter()
            .map(|choice| skill(choice, taxonomy))
            .collect();
        names.join(" or ")
    };
    if let Some(n) = part.at_least {
        let names: Vec<String> = part
            .skills
            .iter()
            .map(|choice| skill(choice, taxonomy))
            .collect();
        return format!("at least {n} of the skills {}, {how}", names.join(", "));
    }
    if !part.title_words.is_empty() {
        return format!("title has {}", part.title_words.join(" and "));
    }
    let lists: [(&str, &[String]); 8] = [
        ("company", &part.companies),
        ("country", &part.countries),
        ("region", &part.regions),
        ("city", &part.cities),
        ("role", &part.roles),
        ("source", &part.sources),
        ("language of the text", &part.text_languages),
        ("scope of remote work", &part.remote_scopes),
    ];
    if let [choice] = &part.skills[..] {
        return format!("skill {}, {how}", skill(choice, taxonomy));
    }
    if let [any] = &part.any_skills[..] {
        return format!("one of the skills {}, {how}", choices(any));
    }
    if let [choice] = &part.required_skills[..] {
        return format!("skill {}, required", skill(choice, taxonomy));
    }
    if !part.not_skills.is_empty() {
        return format!("no skill {}", choices(&part.not_skills));
    }
    for (name, values) in lists {
        if !values.is_empty() {
            let unstated = if part.include_unstated {
                ", or not stated"
            } else {
                ""
            };
            let remote = if name.starts_with("scope") {
                "remote, "
            } else {
                ""
            };
            return format!("{remote}{name} is {}{unstated}", or(values));
        }
    }
    let words = |words: Vec<&str>| words.join(" or ");
    if !part.workplaces.is_empty() {
        return format!(
            "workplace is {}",
            words(part.workplaces.iter().map(|word| word.as_str()).collect())
        );
    }
    if !part.seniorities.is_empty() {
        return format!(
            "seniority is {}",
            words(part.seniorities.iter().map(|word| word.as_str()).collect())
        );
    }
    if !part.employment.is_empty() {
        return format!(
            "employment is {}",
            words(part.employment.iter().map(|word| word.as_str()).collect())
        );
    }
    let day = |at: Timestamp| at.strftime("%Y-%m-%d");
    match (part.since, part.until) {
        (Some(since), Some(until)) => {
            return format!("posted from {} to before {}", day(since), day(until));
        }
        (Some(since), None) => return format!("posted from {}", day(since)),
        (None, Some(until)) => return format!("posted before {}", day(until)),
        (None, None) => {}
    }
    if let [least, ..] = &part.min_salary[..] {
        return format!("pay reaches {} a year", amount(least));
    }
    if let [most, ..] = &part.max_salary[..] {
        return format!("pay begins at {} a year or below", amount(most));
    }
    match part.open_at {
        Some(now) => format!("open on {}", day(now)),
        None => "anything".to_owned(),
    }
}

fn amount(amount: &Amount) -> String {
    match &amount.currency {
        Some(currency) => format!("{} {currency}", amount.yearly),
        None => format!("{} in whatever currency is stated", amount.yearly),
    }
}

/// A skill's label, or the branch that just these skills make up.
fn skill(choice: &SkillChoice, taxonomy: &Taxonomy) -> String {
    if let [id] = &choice.ids[..] {
        return label(id, taxonomy).to_owned();
    }
    let of_branch = |branch: &&str| {
        let below = taxonomy
            .iter()
            .filter(|(_, skill)| skill.paths.iter().any(|path| is_below(path, branch)));
        below.count() == choice.ids.len()
            && taxonomy
                .under(branch)
                .iter()
                .all(|no| choice.ids.contains(&taxonomy.skill(*no).id))
    };
    match taxonomy.branches().into_iter().find(of_branch) {
        Some(branch) => format!("anything under {branch}"),
        None => choice
            .ids
            .iter()
            .map(|id| label(id, taxonomy))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

fn label<'a>(id: &'a str, taxonomy: &'a Taxonomy) -> &'a str {
    taxonomy
        .by_id(id)
        .map_or(id, |no| &taxonomy.skill(no).label)
}
