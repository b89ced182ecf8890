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
        let Some((field, rank)) = Field::of_column(&folded) else {
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
        let path = Path::key(name);
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

/// Every key of the objects, in the order in which they first come.
pub(in crate::ingest) fn keys(examples: &[Value]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in examples
        .iter()
        .take(50)
        .filter_map(Value::as_object)
        .flat_map(|fields| fields.keys())
    {
        if !keys.contains(key) {
            keys.push(key.clone());
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
