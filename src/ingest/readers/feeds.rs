//! XML feeds: any RSS or Atom, and the careers feed of Personio.

use serde_json::Value;

use crate::fields::{dates, employment, header, places, salary, seniority};
use crate::ingest::RecordError;
use crate::ingest::documents::feed::{ROOT, TEXT};
use crate::ingest::text::{block, line};
use crate::posting::{Employment, Posting, RawSkill, Workplace, Years};

/// Elements that name the employer, in feeds of job boards.
const COMPANY: &[&str] = &[
    "company",
    "job_listing:company",
    "hiringOrganization",
    "employer",
    "a10:author",
];

/// Elements that name the place of work.
const PLACE: &[&str] = &["location", "job_listing:location", "jobLocation", "city"];

/// An item of RSS or an entry of Atom. Who wrote it (`author`, `dc:creator`) is
/// left out: it is a person.
pub(super) fn rss(item: &Value) -> Result<Posting, RecordError> {
    let url = link(item);
    let is_wwr = url
        .as_deref()
        .is_some_and(|url| url.contains("weworkremotely.com/"));
    let full_title = first(item, &["title"]);
    let (company, title) = match first(item, COMPANY) {
        Some(company) => (Some(company), full_title),
        None => full_title.map_or((None, None), |title| divided(title, is_wwr)),
    };
    let posted = ["pubDate", "published", "dc:date", "date", "updated"]
        .iter()
        .find_map(|key| dates::parse(&first(item, &[key])?));
    let region = first(item, &["region"]);
    let labels = texts(item, "job_listing:job_type").chain(texts(item, "type"));
    let employment_raw = labels.filter_map(|text| line(&text)).next();
    let categories: Vec<String> = texts(item, "category")
        .filter_map(|text| line(&text))
        .collect();
    let skills = texts(item, "skills").filter_map(|text| line(&text));
    Ok(Posting {
        source: if is_wwr { "weworkremotely" } else { "rss" }.to_owned(),
        native_id: first(item, &["guid", "id"]),
        title,
        company,
        locations: first(item, PLACE)
            .map(|raw| places::parse(&raw))
            .unwrap_or_default(),
        workplace: is_wwr.then_some(Workplace::Remote),
        remote_scope: region
            .filter(|_| is_wwr)
            .map(|region| places::remote_scope(&region))
            .unwrap_or_default(),
        employment_type: employment_raw
            .as_deref()
            .map(employment::from_label)
            .unwrap_or_default(),
        employment_raw,
        posted_at: posted.as_ref().map(|dated| dated.at),
        posted_precision: posted.as_ref().map(|dated| dated.precision),
        valid_through: first(item, &["expires_at", "job_listing:expires"])
            .and_then(|text| dates::deadline(&text))
            .map(crate::ingest::text::end_of),
        salary: first(item, &["salary", "job_listing:salary"])
            .and_then(|text| salary::parse(&text, None)),
        description_text: ["content:encoded", "content", "description", "summary"]
            .iter()
            .filter_map(|key| texts(item, key).find_map(|text| block(&text)))
            .max_by_key(String::len),
        skills_raw: skills.flat_map(|text| tags(&text)).collect(),
        category: (!categories.is_empty()).then(|| categories.join(", ")),
        url,
        ..Posting::default()
    })
}

/// "Company: Title", "Title at Company": only where one side names a role, so that
/// no half of a title is taken for an employer; a board known to write so is believed.
fn divided(title: String, is_known: bool) -> (Option<String>, Option<String>) {
    if let Some((company, role)) = title.split_once(": ")
        && (is_known || (header::is_role(role) && !header::is_role(company)))
    {
        return (line(company), line(role));
    }
    if let Some((role, company)) = title.rsplit_once(" at ")
        && header::is_role(role)
    {
        return (line(company), line(role));
    }
    (None, Some(title))
}

/// The page of an item: text in RSS, an attribute in Atom.
fn link(item: &Value) -> Option<String> {
    let links = list(item, "link");
    let href = |link: &Value| link.get("@href").and_then(Value::as_str).and_then(line);
    let is_page = |link: &&Value| {
        matches!(
            link.get("@rel").and_then(Value::as_str),
            None | Some("alternate")
        )
    };
    links
        .iter()
        .filter(is_page)
        .find_map(|link| words(link).and_then(line).or_else(|| href(link)))
        .or_else(|| first(item, &["guid", "id"]).filter(|id| id.starts_with("http")))
}

/// One position of a Personio feed; `stem` is the file's name, whose ids are the
/// company's own.
pub(super) fn personio(position: &Value, stem: &str) -> Result<Posting, RecordError> {
    let posted = first(position, &["createdAt"]).and_then(|text| dates::parse(&text));
    let hours = first(position, &["schedule"]);
    let contract = first(position, &["employmentType"]);
    let mut types: Vec<Employment> = Vec::new();
    for label in [&hours, &contract].into_iter().flatten() {
        for kind in personio_employment(label) {
            if !types.contains(&kind) {
                types.push(kind);
            }
        }
    }
    let mut offices: Vec<String> = first(position, &["office"]).into_iter().collect();
    for more in list(position, "additionalOffices") {
        offices.extend(texts(more, "office").filter_map(|text| line(&text)));
    }
    let raw: Vec<String> = [contract, hours].into_iter().flatten().collect();
    let native_id = first(position, &["id"]);
    Ok(Posting {
        // Numbers of positions are the same for all companies.
        id: native_id
            .as_deref()
            .map(|id| format!("personio:{id}"))
            .unwrap_or_default(),
        source: "personio".to_owned(),
        board: Some(
            stem.trim_start_matches("personio")
                .trim_start_matches(['_', '-'])
                .to_owned(),
        )
        .filter(|board| !board.is_empty() && board != "-"),
        native_id,
        title: first(position, &["name"]),
        company: first(position, &["subcompany"]),
        locations: offices
            .iter()
            .flat_map(|office| places::parse(office))
            .collect(),
        employment_type: types,
        employment_raw: (!raw.is_empty()).then(|| raw.join(", ")),
        // "experienced" says that it is for no beginner, not which rung it is.
        seniority: first(position, &["seniority"])
            .filter(|label| label != "experienced")
            .and_then(|label| seniority::from_label(&label)),
        experience_years: first(position, &["yearsOfExperience"]).and_then(|text| years(&text)),
        posted_at: posted.as_ref().map(|dated| dated.at),
        posted_precision: posted.as_ref().map(|dated| dated.precision),
        description_text: sections(position),
        skills_raw: first(position, &["keywords"])
            .map(|text| tags(&text))
            .unwrap_or_default(),
        department: first(position, &["department"]),
        category: first(position, &["occupationCategory", "recruitingCategory"]),
        ..Posting::default()
    })
}

/// Its own words, beside those every board uses.
fn personio_employment(label: &str) -> Vec<Employment> {
    match label {
        "full-or-part-time" => vec![Employment::FullTime, Employment::PartTime],
        // The length of the contract; how many hours, the schedule says.
        "permanent" => Vec::new(),
        "trainee" | "working_student" => vec![Employment::Internship],
        label => employment::from_label(&label.replace('_', " ")),
    }
}

/// `lt-1`, `2-5`, `gt-15`.
fn years(text: &str) -> Option<Years> {
    let (low, high) = text.split_once('-')?;
    let number = |text: &str| {
        text.trim()
            .parse::<f32>()
            .ok()
            .filter(|years| *years <= 60.0)
    };
    match low.trim() {
        "lt" => Some(Years {
            min: None,
            max: Some(number(high)?),
        }),
        "gt" => Some(Years {
            min: Some(number(high)?),
            max: None,
        }),
        low => Some(Years {
            min: Some(number(low)?),
            max: number(high),
        }),
    }
}

/// Headings and texts, one after the other.
fn sections(position: &Value) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    for all in list(position, "jobDescriptions") {
        for section in list(all, "jobDescription") {
            let heading = first(section, &["name"]);
            let text = texts(section, "value").find_map(|text| block(&text));
            if let Some(text) = text {
                out.push(
                    heading.map_or_else(|| text.clone(), |heading| format!("{heading}\n{text}")),
                );
            }
        }
    }
    (!out.is_empty()).then(|| out.join("\n\n"))
}

fn tags(text: &str) -> Vec<RawSkill> {
    let parts = text.split([',', ';']).filter_map(line);
    parts.map(|text| RawSkill::new(text, None)).collect()
}

/// A child element, once or several times.
fn list<'v>(element: &'v Value, name: &str) -> &'v [Value] {
    match element.get(name) {
        None => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

fn words(element: &Value) -> Option<&str> {
    element.as_str().or_else(|| element.get(TEXT)?.as_str())
}

fn texts<'v>(element: &'v Value, name: &str) -> impl Iterator<Item = String> + 'v {
    list(element, name)
        .iter()
        .filter_map(words)
        .map(str::to_owned)
}

fn first(element: &Value, names: &[&str]) -> Option<String> {
    names
        .iter()
        .flat_map(|name| list(element, name))
        .filter_map(words)
        .find_map(line)
}

/// Whether records are of a Personio feed.
pub(super) fn is_personio(record: &Value) -> bool {
    record.get(ROOT).is_some_and(|root| root == "workzag-jobs")
        || (record.get(ROOT).is_some() && record.get("jobDescriptions").is_some())
}

/// Whether records are of RSS or Atom.
pub(super) fn is_rss(record: &Value) -> bool {
    let root = record.get(ROOT).and_then(Value::as_str).unwrap_or_default();
    matches!(root, "rss" | "feed" | "rdf:RDF" | "channel")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(title: &str, link: &str, company: Option<&str>, role: &str) {
        let found = rss(&json!({"title": title, "link": link})).unwrap();
        assert_eq!(
            (found.company.as_deref(), found.title.as_deref()),
            (company, Some(role))
        );
    }

    #[test]
    fn a_title_is_divided_where_one_side_names_a_role() {
        check(
            "Tarn: Rust Engineer",
            "https://a.example/1",
            Some("Tarn"),
            "Rust Engineer",
        );
        check(
            "Rust Engineer: Compilers",
            "https://a.example/1",
            None,
            "Rust Engineer: Compilers",
        );
        check(
            "Senior Go Developer at Tarn",
            "https://a.example/1",
            Some("Tarn"),
            "Senior Go Developer",
        );
        check("Look at this", "https://a.example/1", None, "Look at this");
        check(
            "Tarn: Growth",
            "https://weworkremotely.com/remote-jobs/tarn-growth",
            Some("Tarn"),
            "Growth",
        );
    }

    #[test]
    fn an_atom_entry_links_by_attribute() {
        let entry = json!({"id": "tag:a.example,2026:1", "title": "Cook", "published": "2026-03-02T09:00:00Z",
            "link": [{"@rel": "self", "@href": "https://a.example/feed"}, {"@rel": "alternate", "@href": "https://a.example/1"}],
            "author": {"name": "A. Person"}, "content": {"@type": "html", "#text": "<p>Soups.</p>"}});
        let found = rss(&entry).unwrap();
        assert_eq!(found.url.as_deref(), Some("https://a.example/1"));
        assert_eq!(found.description_text.as_deref(), Some("Soups."));
        assert!(found.posted_at.is_some() && !format!("{found:?}").contains("Person"));
    }

    #[test]
    fn years_of_a_position() {
        let ends = |text| years(text).map(|years| (years.min, years.max));
        assert_eq!(ends("lt-1"), Some((None, Some(1.0))));
        assert_eq!(ends("2-5"), Some((Some(2.0), Some(5.0))));
        assert_eq!(ends("gt-15"), Some((Some(15.0), None)));
        assert_eq!(ends("some"), None);
    }
}
