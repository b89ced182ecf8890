//! schema.org `JobPosting`, from JSON-LD, microdata or N-Quads.
//!
//! Any property may be a single value or a list, and any object a plain string.

use std::borrow::Cow;

use serde_json::Value;

use crate::fields::{dates, employment, places, salary};
use crate::ingest::RecordError;
use crate::ingest::documents::{linked, page};
use crate::ingest::text::{block, is_nothing, line};
use crate::posting::{
    Employment, Location, PayBasis, PayPeriod, Posting, RawSkill, Salary, Workplace, Years,
};

/// Properties that are running text of their own, the heading they get where the
/// description does not have them, in the order they are put behind it.
const SECTIONS: &[(&[&str], &str)] = &[
    (&["employerOverview"], "About us"),
    (&["responsibilities"], "Responsibilities"),
    (&["qualifications"], "Requirements"),
    (&["experienceRequirements"], "Experience"),
    (&["skills"], "Skills"),
    (&["jobBenefits", "benefits"], "Benefits"),
];

/// Properties kept as they are, not searched.
const EXTRAS: &[(&str, &str)] = &[
    ("educationRequirements", "education"),
    (
        "experienceInPlaceOfEducation",
        "experience_in_place_of_education",
    ),
    ("incentiveCompensation", "incentives"),
    ("incentives", "incentives"),
    ("directApply", "direct_apply"),
    ("jobImmediateStart", "immediate_start"),
    ("jobStartDate", "start_date"),
    ("workHours", "work_hours"),
    ("eligibilityToWorkRequirement", "eligibility_to_work"),
    ("securityClearanceRequirement", "security_clearance"),
    ("specialCommitments", "special_commitments"),
    ("physicalRequirement", "physical_requirement"),
    ("sensoryRequirement", "sensory_requirement"),
];

/// A list of skills has parts of at most this many characters; longer ones are prose.
const SKILL_CHARS: usize = 40;

/// Reads one node. `applicationContact` and other people's data are left out.
pub(super) fn posting(node: &Value) -> Result<Posting, RecordError> {
    if let Some(why) = node.get(page::BROKEN).and_then(Value::as_str) {
        return Err(RecordError::Syntax(why.to_owned()));
    }
    if node.get(linked::POORER).is_some() {
        return Err(RecordError::NotAPosting(
            "said again on the same page, and fuller",
        ));
    }
    let (native_id, board) = identifier(node);
    let locations = locations(node);
    let (employment_type, employment_raw) = employment(node);
    let posted = first(node, &["datePosted"]).and_then(|text| dates::parse(&text));
    let mut posting = Posting {
        source: "jsonld".to_owned(),
        native_id,
        board,
        title: first(node, &["title", "name"]).as_deref().and_then(line),
        company: company(node),
        url: url(node),
        workplace: workplace(node),
        remote_scope: scope(node),
        employment_type,
        employment_raw,
        posted_at: posted.as_ref().map(|dated| dated.at),
        posted_precision: posted.as_ref().map(|dated| dated.precision),
        updated_at: first(node, &["dateModified"])
            .and_then(|text| dates::parse(&text))
            .map(|dated| dated.at),
        valid_through: first(node, &["validThrough"])
            .and_then(|text| dates::deadline(&text))
            .map(crate::ingest::text::end_of),
        salary: pay(node, &locations),
        experience_years: experience(node),
        skills_raw: skills(node),
        industry: first(node, &["industry"]),
        category: first(node, &["occupationalCategory", "relevantOccupation"]),
        department: first(node, &["employmentUnit"]),
        openings: first(node, &["totalJobOpenings"]).and_then(|n| n.parse().ok()),
        text_language: first(node, &["inLanguage"])
            .map(|tag| tag.chars().take(2).collect::<String>().to_ascii_lowercase())
            .filter(|tag| tag.len() == 2),
        description_text: description(node),
        locations,
        ..Posting::default()
    };
    for (key, name) in EXTRAS {
        let said: Vec<String> = texts(node, key)
            .iter()
            .filter_map(|text| line(text))
            .collect();
        if !said.is_empty() {
            posting
                .extra
                .insert((*name).to_owned(), said.join("; ").into());
        }
    }
    Ok(posting)
}

/// A property's values, single or listed.
fn values<'v>(node: &'v Value, key: &str) -> &'v [Value] {
    match node.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// What a value says in words: itself, or an object's name.
fn words(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if is_nothing(text) => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        Value::Array(items) => items.iter().find_map(words),
        Value::Object(fields) => [
            "name",
            "legalName",
            "value",
            "credentialCategory",
            "description",
            "codeValue",
        ]
        .iter()
        .find_map(|key| fields.get(*key).and_then(words)),
        Value::Null => None,
    }
}

fn texts<'v>(node: &'v Value, key: &str) -> Vec<Cow<'v, str>> {
    values(node, key).iter().filter_map(words).collect()
}

/// One line: the first value of the first property that says something.
fn first(node: &Value, keys: &[&str]) -> Option<String> {
    keys.iter()
        .flat_map(|key| texts(node, key))
        .find_map(|text| line(&text))
}

fn identifier(node: &Value) -> (Option<String>, Option<String>) {
    let known = values(node, "identifier").first();
    match known {
        Some(Value::Object(fields)) => {
            let of = |key: &str| fields.get(key).and_then(words).as_deref().and_then(line);
            (
                of("value").or_else(|| of("@id")),
                of("name").or_else(|| of("propertyID")),
            )
        }
        Some(value) => (words(value).as_deref().and_then(line), None),
        None => (None, None),
    }
}

fn company(node: &Value) -> Option<String> {
    first(node, &["hiringOrganization"])
        // An organisation given by its page only.
        .filter(|name| !name.starts_with("http://") && !name.starts_with("https://"))
}

fn url(node: &Value) -> Option<String> {
    let is_link = |text: &String| text.starts_with("http://") || text.starts_with("https://");
    let of = |value: &Value| match value {
        Value::Object(fields) => fields.get("@id").and_then(words).as_deref().and_then(line),
        value => words(value).as_deref().and_then(line),
    };
    ["url", "sameAs", "mainEntityOfPage", "@id"]
        .iter()
        .flat_map(|key| values(node, key))
        .filter_map(of)
        .find(is_link)
}

fn locations(node: &Value) -> Vec<Location> {
    let mut found: Vec<Location> = Vec::new();
    for place in values(node, "jobLocation") {
        for location in location(place) {
            if !found.contains(&location) {
                found.push(location);
            }
        }
    }
    found
}

fn location(place: &Value) -> Vec<Location> {
    let address = place.get("address").unwrap_or(place);
    let address = match address {
        Value::Array(items) => items.first().unwrap_or(&Value::Null),
        one => one,
    };
    if !address.is_object() {
        let text = words(address).or_else(|| words(place));
        return text
            .as_deref()
            .and_then(line)
            .map(|raw| places::parse(&raw))
            .unwrap_or_default();
    }
    let of = |key: &str| first(address, &[key]);
    let (city, region) = (of("addressLocality"), of("addressRegion"));
    let country = of("addressCountry");
    let code = country
        .as_deref()
        .and_then(places::country)
        .map(str::to_owned);
    let parts: Vec<&str> = [&city, &region, &country]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if parts.is_empty() {
        return match words(place).as_deref().and_then(line) {
            Some(raw) => places::parse(&raw),
            None => Vec::new(),
        };
    }
    let raw = parts.join(", ");
    let read = places::parse(&raw);
    let number = |key: &str| {
        let geo = values(place, "geo").first()?;
        first(geo, &[key])?
            .parse::<f64>()
            .ok()
            .filter(|degrees| degrees.is_finite() && *degrees != 0.0)
    };
    // "Berlin, Hamburg" in the place of a city: several, which the text tells apart.
    let (lat, lon) = (number("latitude"), number("longitude"));
    if read.len() > 1 {
        return read;
    }
    let known = read.into_iter().next().unwrap_or_default();
    vec![Location {
        raw,
        city: known.city.or(city),
        region: known.region.or(region),
        country: code.or(known.country),
        lat,
        lon,
    }]
}

fn workplace(node: &Value) -> Option<Workplace> {
    let kinds = texts(node, "jobLocationType");
    kinds
        .iter()
        .find_map(|kind| match kind.trim().to_ascii_uppercase().as_str() {
            "TELECOMMUTE" => Some(Workplace::Remote),
            kind => crate::fields::workplace::from_label(kind),
        })
}

fn scope(node: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for area in texts(node, "applicantLocationRequirements") {
        for code in places::remote_scope(&area) {
            if !found.contains(&code) {
                found.push(code);
            }
        }
    }
    found
}

fn employment(node: &Value) -> (Vec<Employment>, Option<String>) {
    let labels: Vec<String> = texts(node, "employmentType")
        .iter()
        .filter_map(|text| line(text))
        .collect();
    let mut types: Vec<Employment> = Vec::new();
    for kind in labels
        .iter()
        .flat_map(|label| label.split(','))
        .flat_map(employment::from_label)
    {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    (types, (!labels.is_empty()).then(|| labels.join(", ")))
}

fn pay(node: &Value, locations: &[Location]) -> Option<Salary> {
    let country = locations.first().and_then(|place| place.country.as_deref());
    let currency = || first(node, &["salaryCurrency"]).and_then(|code| currency_code(&code));
    for (key, basis) in [
        ("baseSalary", PayBasis::Stated),
        ("estimatedSalary", PayBasis::Estimated),
    ] {
        for amount in values(node, key) {
            if let Some(mut found) = amount_of(amount, country) {
                found.currency = found.currency.or_else(currency);
                found.basis = basis;
                if let (Some(min), Some(max)) = (&mut found.min, &mut found.max)
                    && min > max
                {
                    std::mem::swap(min, max);
                    found.doubtful = true;
                }
                return Some(found);
            }
        }
    }
    None
}

/// A `MonetaryAmount`, a price specification, a distribution, a number or a text.
fn amount_of(amount: &Value, country: Option<&str>) -> Option<Salary> {
    let Value::Object(fields) = amount else {
        return salary::end(&words(amount)?, country, None);
    };
    let value = fields.get("value").unwrap_or(&Value::Null);
    let value = match value {
        Value::Array(items) => items.first().unwrap_or(&Value::Null),
        one => one,
    };
    let text = |keys: &[&str]| {
        let places = [value, amount];
        places
            .iter()
            .filter(|place| place.is_object())
            .find_map(|place| first(place, keys))
    };
    let period = text(&["unitText", "unitCode", "duration"]).and_then(|unit| unit_period(&unit));
    let currency = text(&["currency", "priceCurrency"]).and_then(|code| currency_code(&code));
    let of = |keys: &[&str]| {
        let mut places = [value, amount].into_iter();
        places.find_map(|place| {
            let mut found = keys.iter().filter_map(|key| place.get(*key));
            found.find_map(|value| end(value, country, period))
        })
    };
    let low = of(&["minValue", "minPrice", "percentile10"]);
    let high = of(&["maxValue", "maxPrice", "percentile90"]);
    let single = end(value, country, period).or_else(|| of(&["value", "price", "median"]));
    let mut found = match (&low, &high) {
        (None, None) => single?,
        _ => {
            let (low, high) = (low.or_else(|| single.clone()), high.or(single));
            Salary {
                min: low.as_ref().and_then(|low| low.min.or(low.max)),
                max: high.as_ref().and_then(|high| high.max.or(high.min)),
                raw: None,
                ..low.or(high)?
            }
        }
    };
    found.currency = currency.or(found.currency);
    found.period = period.or(found.period);
    Some(found)
}

/// A number or a text of one end.
fn end(value: &Value, country: Option<&str>, period: Option<PayPeriod>) -> Option<Salary> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| end(item, country, period)),
        Value::Number(number) => salary::end(&number.to_string(), country, period),
        Value::String(text) => salary::end(text, country, period),
        _ => None,
    }
}

/// A number or a text of one; zero and less say nothing.
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Array(items) => return items.iter().find_map(number),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().replace([',', ' ', '\u{a0}'], "").parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite() && *number > 0.0)
}

fn unit_period(unit: &str) -> Option<PayPeriod> {
    // ISO 8601 durations and UN/CEFACT codes stand there too.
    let word = match unit.trim() {
        "P1Y" | "ANN" => "YEAR",
        "P1M" | "MON" => "MONTH",
        "P1W" | "WEE" => "WEEK",
        "P1D" | "DAY" => "DAY",
        "PT1H" | "HUR" => "HOUR",
        other => other,
    };
    salary::period(word)
}

fn currency_code(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    (code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())).then_some(code)
}

fn experience(node: &Value) -> Option<Years> {
    let months = values(node, "experienceRequirements")
        .iter()
        .filter_map(|asked| number(asked.get("monthsOfExperience")?))
        .reduce(f64::max)?;
    (months <= 12.0 * 60.0).then_some(Years {
        min: Some((months / 12.0) as f32),
        max: None,
    })
}

/// A text is a list only if all its parts are short.
fn skills(node: &Value) -> Vec<RawSkill> {
    let mut found: Vec<RawSkill> = Vec::new();
    for text in texts(node, "skills") {
        let plain = block(&text).unwrap_or_default();
        let parts: Vec<&str> = plain
            .split([',', ';', '\n'])
            .map(|part| part.trim().trim_start_matches(['-', '•', '*', '·']).trim())
            .filter(|part| !part.is_empty())
            .collect();
        if parts.iter().all(|part| part.chars().count() <= SKILL_CHARS) {
            let named = parts
                .into_iter()
                .map(|part| RawSkill::new(part.to_owned(), None));
            found.extend(named);
        }
    }
    found
}

/// The description, and behind it what stands in properties of its own and is not
/// in it.
fn description(node: &Value) -> Option<String> {
    let mut text = texts(node, "description")
        .iter()
        .find_map(|text| block(text))
        .unwrap_or_default();
    for (keys, heading) in SECTIONS {
        let parts: Vec<String> = keys
            .iter()
            .flat_map(|key| texts(node, key))
            .filter_map(|part| block(&part))
            .filter(|part| !text.contains(part.as_str()))
            .collect();
        if !parts.is_empty() {
            let parts = match parts.len() {
                1 => parts.concat(),
                _ => parts
                    .iter()
                    .map(|part| format!("- {part}"))
                    .collect::<Vec<_>>()
                    .join("\n"),
            };
            text.push_str(&format!("\n\n{heading}\n{parts}"));
        }
    }
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(node: Value) -> Posting {
        posting(&node).unwrap()
    }

    #[test]
    fn a_property_is_single_or_a_list_and_an_object_or_a_text() {
        let full = read(
            json!({"title": ["Cook"], "hiringOrganization": {"name": "Tarn", "sameAs": "https://t.example"},
            "jobLocation": [{"address": {"addressLocality": "Ulm", "addressCountry": {"name": "Germany"}}}]}),
        );
        let bare = read(
            json!({"title": "Cook", "hiringOrganization": "Tarn", "jobLocation": "Ulm, Germany"}),
        );
        for found in [full, bare] {
            assert_eq!(found.title.as_deref(), Some("Cook"));
            assert_eq!(found.company.as_deref(), Some("Tarn"));
            assert_eq!(found.locations[0].country.as_deref(), Some("DE"));
        }
    }

    #[track_caller]
    fn check_pay(node: Value, expected: &str) {
        let pay = read(node).salary;
        let shown = pay.map_or("-".to_owned(), |pay| {
            let end = |end: Option<f64>| end.map_or("?".to_owned(), |n| n.to_string());
            let period = pay.period.map_or("?", |period| period.as_str());
            format!(
                "{}-{} {} {period} {}",
                end(pay.min),
                end(pay.max),
                pay.currency.unwrap_or_default(),
                pay.basis
            )
        });
        assert_eq!(shown, expected);
    }

    #[test]
    fn pay_in_every_shape() {
        check_pay(
            json!({"baseSalary": {"currency": "EUR", "value": {"minValue": 3500, "maxValue": "4500", "unitText": "MONTH"}}}),
            "3500-4500 EUR month stated",
        );
        check_pay(
            json!({"baseSalary": {"currency": "usd", "value": {"value": 50, "unitText": "HOUR"}}}),
            "50-50 USD hour stated",
        );
        check_pay(
            json!({"baseSalary": {"currency": "GBP", "value": "40,000", "unitText": "YEAR"}}),
            "40000-40000 GBP year stated",
        );
        check_pay(
            json!({"baseSalary": {"value": 100}, "salaryCurrency": "CHF"}),
            "100-100 CHF ? stated",
        );
        check_pay(
            json!({"baseSalary": 90000, "salaryCurrency": "EUR"}),
            "90000-90000 EUR ? stated",
        );
        check_pay(
            json!({"baseSalary": "£30,000 - £35,000 per year"}),
            "30000-35000 GBP year stated",
        );
        check_pay(
            json!({"baseSalary": {"currency": "EUR", "minValue": 9, "maxValue": 8, "unitText": "HOUR"}}),
            "8-9 EUR hour stated",
        );
        check_pay(
            json!({"estimatedSalary": [{"currency": "EUR", "duration": "P1Y", "percentile10": 10000, "percentile90": 20000, "median": 15000}]}),
            "10000-20000 EUR year estimated",
        );
        check_pay(
            json!({"baseSalary": {"minPrice": 10, "maxPrice": 12, "priceCurrency": "EUR"}}),
            "10-12 EUR ? stated",
        );
        check_pay(
            json!({"baseSalary": {"currency": "EUR", "value": {"value": 0, "unitText": "YEAR"}}}),
            "-",
        );
        check_pay(
            json!({"baseSalary": {"currency": "EUR", "value": {"value": "competitive"}}}),
            "-",
        );
    }

    #[test]
    fn where_one_may_work() {
        let found = read(json!({"title": "x", "jobLocationType": ["TELECOMMUTE"],
            "applicantLocationRequirements": [{"@type": "Country", "name": "IE"}, {"name": "Portugal"}, "USA"]}));
        assert_eq!(found.workplace, Some(Workplace::Remote));
        assert_eq!(found.remote_scope, ["IE", "PT", "US"]);
    }

    #[test]
    fn texts_of_their_own_stand_behind_the_description() {
        let found = read(
            json!({"description": "<p>Mill.</p><p>You grind grain all day long.</p>",
            "responsibilities": "You grind grain all day long.", "qualifications": ["Strong arms", {"name": "Good eyes"}],
            "skills": "Grinding, Sieving", "jobBenefits": "Bread, and as much of it as one person can eat in a day",
            "experienceRequirements": {"monthsOfExperience": "18"}, "educationRequirements": {"credentialCategory": "high school"},
            "applicationContact": {"name": "A. Person", "telephone": "555"}}),
        );
        assert_eq!(
            found.description_text.as_deref(),
            Some(
                "Mill.\n\nYou grind grain all day long.\n\nRequirements\n- Strong arms\n- Good eyes\n\nSkills\nGrinding, Sieving\n\nBenefits\nBread, and as much of it as one person can eat in a day"
            )
        );
        assert_eq!(
            found.experience_years.and_then(|years| years.min),
            Some(1.5)
        );
        assert_eq!(found.skills_raw.len(), 2);
        assert_eq!(found.extra["education"], "high school");
        assert!(!format!("{found:?}").contains("555"), "{found:?}");
    }

    #[test]
    fn ids_and_pages() {
        let found = read(
            json!({"title": "x", "identifier": {"name": "Tarn", "value": 118}, "@id": "https://t.example/118#job"}),
        );
        assert_eq!(
            (found.native_id.as_deref(), found.board.as_deref()),
            (Some("118"), Some("Tarn"))
        );
        assert_eq!(found.url.as_deref(), Some("https://t.example/118#job"));
        assert_eq!(
            read(json!({"title": "x", "identifier": "T-1"}))
                .native_id
                .as_deref(),
            Some("T-1")
        );
    }
}
