//! Posts of the forum thread turned into Markdown tables, a row a role; a post is
//! one posting, and its roles are listed in `extra.roles`.

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::hn::is_seeker;
use crate::fields::{dates, employment, places, salary, workplace as way};
use crate::ingest::RecordError;
use crate::ingest::documents::markdown::ROWS;
use crate::ingest::text::line;
use crate::posting::{Location, Posting, Precision, RawSkill, Salary, Workplace};

/// A title of more characters than this leaves further roles to `extra.roles`.
const TITLE_CHARS: usize = 150;

/// Whether a record is such a row, or several.
pub(super) fn is_row(record: &Value) -> bool {
    let first = record
        .get(ROWS)
        .and_then(|rows| rows.get(0))
        .unwrap_or(record);
    first.get("Post Link").is_some()
        || (first.get("Post ID").is_some() && first.get("Job Title").is_some())
}

/// Reads the rows of one post; `stem` is the file's name, which dates those that
/// have no date.
pub(super) fn posting(record: &Value, stem: &str) -> Result<Posting, RecordError> {
    let rows = match record.get(ROWS).and_then(Value::as_array) {
        Some(rows) => rows.as_slice(),
        None => std::slice::from_ref(record),
    };
    let first = |name: &str| rows.iter().find_map(|row| cell(row, name));
    let mut titles: Vec<String> = Vec::new();
    for title in rows.iter().filter_map(|row| cell(row, "Job Title")) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let company = first("Company");
    if company.as_deref().is_some_and(is_seeker) {
        return Err(RecordError::NotAPosting("a job seeker"));
    }
    let id = first("Post ID").or_else(|| first("Post Link").and_then(|link| id_of(&link)));
    let mut posting = Posting {
        source: "hn".to_owned(),
        title: titles.iter().cloned().reduce(|all, title| {
            match all.len() + title.len() < TITLE_CHARS {
                true => format!("{all}, {title}"),
                false => all,
            }
        }),
        company,
        locations: locations(rows),
        workplace: rows.iter().filter_map(workplace).reduce(together),
        employment_raw: first("Employment Type"),
        salary: pay(rows),
        skills_raw: skills(rows),
        ..Posting::default()
    };
    posting.employment_type = posting
        .employment_raw
        .as_deref()
        .map(employment::from_label)
        .unwrap_or_default();
    if posting.workplace == Some(Workplace::Remote) {
        posting.remote_scope = first("Remote Rules")
            .map(|rules| places::remote_scope(&rules))
            .unwrap_or_default();
    }
    let dated = first("Post Date").and_then(|text| dates::parse(&text));
    match (dated, dates::month(stem)) {
        (Some(dated), _) => {
            posting.posted_at = Some(dated.at);
            posting.posted_precision = Some(dated.precision);
        }
        (None, Some(month)) => {
            posting.posted_at = Some(month.at);
            posting.posted_precision = Some(Precision::Month);
        }
        (None, None) => {}
    }
    if let Some(id) = id {
        posting.id = format!("hn:{id}");
        posting.url = Some(format!("https://news.ycombinator.com/item?id={id}"));
        posting.native_id = Some(id);
    }
    if titles.len() > 1 {
        posting.extra.insert("roles".to_owned(), titles.into());
    }
    if let Some(author) = first("Post Username") {
        let hash = format!("{:016x}", xxh3_64(author.as_bytes()));
        posting.extra.insert("author_hash".to_owned(), hash.into());
    }
    if let Some(rules) = first("Remote Rules") {
        posting
            .extra
            .insert("remote_rules".to_owned(), rules.into());
    }
    Ok(posting)
}

/// A cell that says something.
fn cell(row: &Value, name: &str) -> Option<String> {
    let text = row.get(name)?.as_str().and_then(line)?;
    let is_unknown = matches!(
        text.to_ascii_lowercase().as_str(),
        "unknown"
            | "unknown city"
            | "unknown country"
            | "unknown, unknown"
            | "unspecified"
            | "not specified"
            | "various"
    );
    (!is_unknown).then_some(text)
}

/// The number in `[Post link](https://…/item?id=123)`.
fn id_of(link: &str) -> Option<String> {
    let (_, id) = link.split_once("item?id=")?;
    let id: String = id.chars().take_while(char::is_ascii_digit).collect();
    (!id.is_empty()).then_some(id)
}

fn locations(rows: &[Value]) -> Vec<Location> {
    let mut raws: Vec<String> = Vec::new();
    for row in rows {
        let (city, country) = (cell(row, "City"), cell(row, "Country"));
        let parts = [city, country]
            .into_iter()
            .flatten()
            .filter(|part| part != "NA");
        let raw = parts.reduce(|city, country| format!("{city}, {country}"));
        if let Some(raw) = raw.or_else(|| cell(row, "Location")) {
            let raw = raw.trim_start_matches("Unknown city, ").to_owned();
            if !raws.contains(&raw) {
                raws.push(raw);
            }
        }
    }
    let mut found: Vec<Location> = Vec::new();
    for place in raws.iter().flat_map(|raw| places::parse(raw)) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

/// The column says yes, hybrid, no or unknown, so that a no is an office; where it
/// does not know, the rules beside it may.
fn workplace(row: &Value) -> Option<Workplace> {
    match cell(row, "Remote")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "yes" => Some(Workplace::Remote),
        "hybrid" => Some(Workplace::Hybrid),
        "no" => Some(Workplace::Onsite),
        _ => way::from_label(&cell(row, "Remote Rules")?),
    }
}

/// What a post is whose roles differ: as free as its freest.
fn together(a: Workplace, b: Workplace) -> Workplace {
    a.min(b)
}

/// The span of all roles' pay that is in the currency and period of the first.
fn pay(rows: &[Value]) -> Option<Salary> {
    let each = rows.iter().filter_map(|row| {
        let raw = cell(row, "Salary").filter(|raw| !raw.starts_with("None"))?;
        let mut found = salary::parse(&raw, None)?;
        // "(USD)" at the end names the currency whatever the sign.
        let code = raw
            .rsplit_once('(')
            .map(|(_, code)| code.trim_end_matches(')').trim().to_owned());
        let code =
            code.filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()));
        found.currency = code.or(found.currency);
        Some(found)
    });
    each.reduce(|mut all, more| {
        if (&all.currency, all.period) == (&more.currency, more.period) {
            let ends = |a: Option<f64>, b: Option<f64>, of: fn(f64, f64) -> f64| {
                [a, b].into_iter().flatten().reduce(of)
            };
            all.min = ends(all.min, more.min, f64::min);
            all.max = ends(all.max, more.max, f64::max);
        }
        all
    })
}

fn skills(rows: &[Value]) -> Vec<RawSkill> {
    let mut found: Vec<RawSkill> = Vec::new();
    for cell in rows
        .iter()
        .filter_map(|row| cell(row, "Languages and Frameworks"))
    {
        for text in cell.split(',').filter_map(line) {
            if !found.iter().any(|known| known.text == text) {
                found.push(RawSkill::new(text, None));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn where_the_column_does_not_know_the_rules_may() {
        let way = |remote: &str, rules: &str| {
            workplace(&json!({"Remote": remote, "Remote Rules": rules})).map(|way| way.to_string())
        };
        assert_eq!(way("unknown", "ONSITE (Porto)").as_deref(), Some("onsite"));
        assert_eq!(way("no", "Remote").as_deref(), Some("onsite"));
        assert_eq!(way("unknown", ""), None);
    }

    #[test]
    fn the_rows_of_a_post_are_one_posting() {
        let found = posting(
            &json!({"@rows": [
                {"Post Link": "[Post link](https://news.ycombinator.com/item?id=77)", "Company": "Tarn", "Job Title": "Cook", "Remote": "no",
                 "Salary": "$100k - $120k (USD)", "City": "Oslo", "Country": "Norway", "Languages and Frameworks": "Go, SQL", "Employment Type": "full-time"},
                {"Post Link": "[Post link](https://news.ycombinator.com/item?id=77)", "Company": "Tarn", "Job Title": "Baker", "Remote": "yes",
                 "Salary": "$90k - $110k (USD)", "Languages and Frameworks": "Go, C", "Remote Rules": "EU only"}]}),
            "2023-May",
        )
        .unwrap();
        assert_eq!(
            (found.id.as_str(), found.title.as_deref()),
            ("hn:77", Some("Cook, Baker"))
        );
        assert_eq!(found.extra["roles"], json!(["Cook", "Baker"]));
        assert_eq!(
            (found.workplace, found.remote_scope.as_slice()),
            (Some(Workplace::Remote), ["EU".to_owned()].as_slice())
        );
        assert_eq!(found.skills_raw.len(), 3);
        let pay = found.salary.unwrap();
        assert_eq!(
            (pay.min, pay.max, pay.currency.as_deref()),
            (Some(90_000.0), Some(120_000.0), Some("USD"))
        );
        assert_eq!(found.posted_at.unwrap().to_string(), "2023-05-01T00:00:00Z");
        assert_eq!(found.locations[0].country.as_deref(), Some("NO"));
    }
}
