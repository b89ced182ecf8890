//! A mapping made up from column names.

use serde_json::Value;

use super::{Field, Mapping, Path, PlaceRule, Rule};

/// Columns that are never looked at: they hold persons, not postings.
const PERSONAL: &[&str] = &["emails", "email", "recruitmentcontact", "contact", "phone"];

/// What columns of these names are likely to be. Several for one field are
/// tried in the order of their likelihood.
pub(in crate::ingest) fn guess(names: &[String]) -> Mapping {
    let mut found: Vec<(Field, usize, &String)> = Vec::new();
    let has = |wanted: &str| names.iter().any(|name| folded(name) == wanted);
    for name in names {
        let folded = folded(name);
        if PERSONAL.contains(&folded.as_str()) {
            continue;
        }
        let Some((field, rank)) = of_part(name).or_else(|| Field::of_column(&folded)) else {
            continue;
        };
        // `name` beside a title or a company is somebody's; a bare `type` or
        // `level` may be anything where a fuller name stands beside it.
        let is_other = match folded.as_str() {
            // A table of companies beside one of postings is no corpus.
            "name" | "description" if has("companyid") && !has("title") && !has("jobtitle") => true,
            "name" => has("title") || has("jobtitle") || has("position"),
            "type" => has("jobtype") || has("employmenttype"),
            _ => false,
        };
        if !is_other {
            found.push((field, rank, name));
        }
    }
    found.sort_by_key(|(field, rank, _)| (*field, *rank));
    let mut mapping = Mapping::default();
    let mut of_place = PlaceRule::default();
    for (field, _, name) in found {
        let rules = match field.is_of_place() {
            true => &mut of_place.rules,
            false => &mut mapping.rules,
        };
        let path = match of_part(name) {
            Some(_) => Path::new(name),
            None => Path::key(name),
        };
        match rules.last_mut() {
            Some(rule) if rule.field == field => rule.from.push(vec![path]),
            _ => rules.push(Rule {
                field,
                from: vec![vec![path]],
                line: 0,
            }),
        }
    }
    if !of_place.rules.is_empty() {
        mapping.places.push(of_place);
    }
    mapping
}

/// The mapping of JSON whose records may lie in a list further in: of the lists
/// of objects whose keys name a title or a description, the longest.
pub(in crate::ingest) fn guess_json(examples: &[Value]) -> Mapping {
    let direct = guess(&keys(examples));
    if direct.has_text() {
        return direct;
    }
    let mut best: Option<(usize, String, Mapping)> = None;
    for example in examples.iter().take(1) {
        lists(example, String::new(), 0, &mut |pointer, items| {
            let mapping = guess(&keys(items));
            if mapping.has_text() && best.as_ref().is_none_or(|(n, ..)| items.len() > *n) {
                best = Some((items.len(), pointer.to_owned(), mapping));
            }
        });
    }
    match best {
        Some((_, pointer, mut mapping)) => {
            mapping.records = vec![Path::new(&pointer)];
            mapping
        }
        None => direct,
    }
}

/// What a part of a place or of pay is likely to be, `/location/city` among the
/// names of [`keys`].
fn of_part(name: &str) -> Option<(Field, usize)> {
    let (whole, part) = name.strip_prefix('/')?.split_once('/')?;
    let (whole, rank) = Field::of_column(&folded(whole))?;
    let word = folded(part);
    let field = match (whole, word.as_str()) {
        (Field::Place | Field::Salary, "name" | "label" | "raw" | "text" | "value") => whole,
        (Field::Place, "isremote" | "remote") => Field::Workplace,
        (Field::Place, _) => {
            let named = Field::of_column(&word).map(|(field, _)| field);
            named.filter(|field| field.is_of_place())?
        }
        (Field::Salary, _) => part_of_pay(part)?,
        _ => return None,
    };
    Some((field, rank))
}

/// What a part of pay is likely to be.
pub(super) fn part_of_pay(part: &str) -> Option<Field> {
    let part = folded(part);
    let field = match part.as_str() {
        "minimum" => Field::SalaryMin,
        "maximum" => Field::SalaryMax,
        "unit" => Field::Period,
        part => {
            let named = Field::of_column(&format!("salary{part}"));
            named.or_else(|| Field::of_column(part))?.0
        }
    };
    field.is_of_pay().then_some(field)
}

/// The key of an object, or, where that is a place or pay with parts, a pointer to
/// each of them.
fn key_and_parts(key: &str, value: &Value) -> Vec<String> {
    let field = Field::of_column(&folded(key)).map(|(field, _)| field);
    match (field, value) {
        (Some(Field::Place | Field::Salary), Value::Object(parts)) if !parts.is_empty() => {
            let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
            let parts = parts.keys();
            parts
                .map(|part| format!("/{}/{}", escaped(key), escaped(part)))
                .collect()
        }
        _ => vec![key.to_owned()],
    }
}

/// Every key of the objects, in the order in which they first come; of places and
/// pay with parts, every part.
pub(in crate::ingest) fn keys(examples: &[Value]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in examples
        .iter()
        .take(50)
        .filter_map(Value::as_object)
        .flatten()
        .flat_map(|(key, value)| key_and_parts(key, value))
    {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn lists(value: &Value, pointer: String, depth: usize, see: &mut dyn FnMut(&str, &[Value])) {
    let Value::Object(fields) = value else {
        return;
    };
    for (key, value) in fields {
        let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match value {
            Value::Array(items) if items.iter().any(Value::is_object) => see(&inner, items),
            Value::Object(_) if depth < 4 => lists(value, inner, depth + 1, see),
            _ => {}
        }
    }
}

/// A column name without case, blanks, `_`, `-` and dots.
pub(in crate::ingest) fn folded(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(names: &[&str]) -> Mapping {
        guess(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[track_caller]
    fn check(names: &[&str], expected: &[(&str, &str)]) {
        let found = of(names).mapped();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, field)| (name.as_str(), field.name()))
            .collect();
        assert_eq!(found, expected, "{names:?}");
    }

    #[test]
    fn columns_are_known_by_name_in_any_spelling() {
        check(
            &["", "Job Title", "Job_Description", "rating"],
            &[
                ("Job Title", "title"),
                ("Job_Description", "description_text"),
            ],
        );
        assert!(!of(&["path", "size", "sha256"]).has_text());
    }

    #[test]
    fn of_columns_for_one_field_the_likelier_comes_first() {
        check(
            &["summary", "description"],
            &[
                ("description", "description_text"),
                ("summary", "description_text"),
            ],
        );
    }

    #[test]
    fn parts_of_places_and_pay_are_read_one_by_one() {
        let record = json!({
            "title": "Dev", "location": {"city": "Rome", "country": "Italy", "zip": 1},
            "salary": {"min": 1, "max": 2, "currency": "EUR", "period": "month"},
        });
        let names = keys(std::slice::from_ref(&record));
        assert!(names.contains(&"/location/zip".to_owned()));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check(
            &names,
            &[
                ("title", "title"),
                ("/salary/min", "salary.min"),
                ("/salary/max", "salary.max"),
                ("/salary/currency", "salary.currency"),
                ("/salary/period", "salary.period"),
                ("/location/city", "locations.city"),
                ("/location/country", "locations.country"),
            ],
        );
    }

    #[test]
    fn columns_called_after_the_job_are_what_the_rest_of_the_name_says() {
        check(
            &[
                "job_city",
                "Job Apply Link",
                "jobTitle",
                "job_poster",
                "minimumSalary",
            ],
            &[
                ("jobTitle", "title"),
                ("Job Apply Link", "apply_url"),
                ("minimumSalary", "salary.min"),
                ("job_city", "locations.city"),
            ],
        );
        check(
            &["Stellentitel", "Firma", "Ort", "Beschreibung"],
            &[
                ("Stellentitel", "title"),
                ("Firma", "company"),
                ("Beschreibung", "description_text"),
                ("Ort", "locations.raw"),
            ],
        );
    }

    #[test]
    fn persons_are_left_out() {
        check(&["title", "emails", "name"], &[("title", "title")]);
    }

    #[test]
    fn records_may_lie_in_a_list_further_in() {
        let document = json!({"meta": [{"page": 1}], "data": {"items": [{"title": "Nurse"}, {"title": "Cook"}]}});
        let mapping = guess_json(std::slice::from_ref(&document));
        assert_eq!(mapping.records[0].name, "/data/items");
        assert_eq!(mapping.unpack(document).len(), 2);
    }
}
