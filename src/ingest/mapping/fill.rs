//! A record into a posting by a mapping: every value is read by the table of its
//! field, and what says nothing stays unknown.

use std::borrow::Cow;
use std::collections::HashSet;

use super::path::{Found, Slot};
use super::pay::pay;
use super::{Bound, BoundPlace, Field, Options, Slots};
use crate::fields::{dates, employment, places, seniority, workplace};
use crate::ingest::record::Parsed;
use crate::ingest::text::{block, end_of, line, shortened};
use crate::posting::{
    Employment, Location, Posting, Precision, RawSkill, SkillStrength, Workplace, Years,
};

/// One record under the rules of a mapping.
pub(super) struct Row<'b, 'a> {
    rules: &'b [Slots],
    item: Parsed<'a>,
}

impl<'a> Row<'_, 'a> {
    /// The values of the first place that says something.
    pub(super) fn found(&self, field: Field) -> Vec<Found<'a>> {
        found(&self.rules[field as usize], &self.item)
    }

    pub(super) fn texts(&self, field: Field) -> impl Iterator<Item = Cow<'a, str>> {
        self.found(field).into_iter().filter_map(Found::text)
    }

    /// The first value as it is.
    pub(super) fn text(&self, field: Field) -> Option<Cow<'a, str>> {
        self.texts(field).next()
    }

    /// All values as one line.
    pub(super) fn line(&self, field: Field) -> Option<String> {
        let mut lines = self.texts(field).filter_map(|text| line(&text));
        let first = lines.next()?;
        Some(lines.fold(first, |all, next| all + ", " + &next))
    }

    /// All values as running text, one under the other.
    pub(super) fn block(&self, field: Field) -> Option<String> {
        let mut blocks = self.texts(field).filter_map(|text| block(&text));
        let first = blocks.next()?;
        Some(blocks.fold(first, |all, next| all + "\n" + &next))
    }

    pub(super) fn flag(&self, field: Field) -> Option<bool> {
        truth(&self.text(field)?)
    }

    pub(super) fn number(&self, field: Field) -> Option<f64> {
        let text = self.text(field)?;
        text.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }
}

fn found<'a>(slots: &Slots, item: &Parsed<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for together in slots {
        for slot in together {
            slot.find(item, &mut found);
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// `True`, `1.0`, `yes`; `None` for what is neither yes nor no.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "1.0" | "yes" | "y" | "t" => Some(true),
        "false" | "0" | "0.0" | "no" | "n" | "f" => Some(false),
        _ => None,
    }
}

impl Bound {
    /// Reads one record. What its format cannot say by paths is done by its hook.
    pub(in crate::ingest) fn posting(&self, item: Parsed<'_>) -> Posting {
        let row = Row {
            rules: &self.rules,
            item,
        };
        let locations = self.locations(item);
        let country = locations
            .first()
            .and_then(|place| place.country.clone())
            .or_else(|| self.options.country.clone());
        let (employment_type, employment_raw) = employment(&row);
        let mut posting = Posting {
            native_id: row.line(Field::Id),
            board: row.line(Field::Board),
            requisition_id: row
                .line(Field::Requisition)
                .filter(|id| !stands_for_none(id)),
            url: row.text(Field::Url).as_deref().and_then(line),
            apply_url: row.text(Field::ApplyUrl).as_deref().and_then(line),
            title: row.line(Field::Title),
            // "Acme\n4.1": a scraped rating under the name.
            company: row
                .text(Field::Company)
                .and_then(|name| line(name.trim().lines().next().unwrap_or_default()))
                .filter(|name| !is_no_company(name)),
            workplace: workplace(&row).or(self
                .options
                .workplace
                .as_deref()
                .and_then(workplace::from_label)),
            remote_scope: row
                .texts(Field::RemoteScope)
                .flat_map(|text| places::remote_scope(&text))
                .collect(),
            employment_type,
            employment_raw,
            seniority: row
                .texts(Field::Seniority)
                .find_map(|text| seniority::from_label(&text)),
            experience_years: years(&row),
            salary: pay(&row, &self.options, country.as_deref()),
            description_text: description(&row),
            text_language: row.text(Field::TextLanguage).as_deref().and_then(tongue),
            department: row.line(Field::Department),
            industry: row.line(Field::Industry),
            category: row.line(Field::Category),
            openings: row
                .number(Field::Openings)
                .filter(|n| (1.0..=100_000.0).contains(n))
                .map(|n| n as u32),
            thread: row.line(Field::Thread),
            truncated: row.flag(Field::Truncated) == Some(true),
            locations,
            ..Posting::default()
        };
        posting.remote_scope.dedup();
        self.dates(&row, &mut posting);
        self.skills(&row, &mut posting);
        self.flagged(&item, &mut posting);
        for (name, slots) in &self.extra {
            if let [first, rest @ ..] = found(slots, &item).as_slice() {
                let value = match rest {
                    [] => first.json(),
                    _ => found(slots, &item).into_iter().map(Found::json).collect(),
                };
                posting.extra.insert(name.clone(), value);
            }
        }
        posting
    }

    fn locations(&self, item: Parsed<'_>) -> Vec<Location> {
        let mut all: Vec<Location> = Vec::new();
        for rule in &self.places {
            if !all.is_empty() && !rule.always {
                continue;
            }
            for place in rule.locations(item, &self.options) {
                if !all.iter().any(|known| is_covered(&place, known)) {
                    all.push(place);
                }
            }
        }
        all
    }

    fn dates(&self, row: &Row<'_, '_>, posting: &mut Posting) {
        for field in [Field::PostedAt, Field::UpdatedAt, Field::ValidThrough] {
            let Some(text) = row.text(field) else {
                continue;
            };
            let format = self.options.date_format.as_deref();
            let dated =
                format
                    .and_then(|format| by_format(format, &text))
                    .or_else(|| match field {
                        Field::ValidThrough => dates::deadline(&text),
                        _ => dates::parse(&text),
                    });
            match (dated, field) {
                (Some(dated), Field::PostedAt) => {
                    posting.posted_at = Some(dated.at);
                    posting.posted_precision = Some(dated.precision);
                }
                (Some(dated), Field::UpdatedAt) => posting.updated_at = Some(dated.at),
                (Some(dated), _) => posting.valid_through = Some(end_of(dated)),
                // What cannot be read (`3 days ago`, `03/04/2026`) is kept as it is.
                (None, _) => {
                    if let Some(raw) = line(&text) {
                        let key = format!("{}_raw", field.name());
                        posting.extra.insert(key, shortened(&raw).into());
                    }
                }
            }
        }
    }

    fn skills(&self, row: &Row<'_, '_>, posting: &mut Posting) {
        let roles = [
            (Field::SkillsRequired, Some(SkillStrength::Required)),
            (Field::SkillsPreferred, Some(SkillStrength::Preferred)),
            (Field::Skills, None),
            (Field::SkillsGuessed, None),
        ];
        let mut seen = HashSet::new();
        for (field, role) in roles {
            let guessed = field == Field::SkillsGuessed;
            let values = row.found(field);
            let is_list = !values.is_empty() && self.has_list(field, row);
            for value in values {
                let Some(text) = value.text() else {
                    continue;
                };
                // An element of a JSON list is one tag, whatever is in it.
                let tags = match value {
                    Found::Json(value)
                        if value.is_object() || self.options.skills_separator.is_none() =>
                    {
                        if is_list {
                            line(&text).into_iter().collect()
                        } else {
                            tags(&text, None)
                        }
                    }
                    _ => tags(&text, self.options.skills_separator.as_deref()),
                };
                for text in tags {
                    if seen.insert(text.clone()) {
                        posting.skills_raw.push(RawSkill {
                            text,
                            role,
                            guessed,
                        });
                    }
                }
            }
        }
    }

    /// The skills whose column says 1.
    fn flagged(&self, item: &Parsed<'_>, posting: &mut Posting) {
        for (skill, slots) in &self.flags {
            let flags = found(slots, item).into_iter().filter_map(Found::text);
            let is_asked = flags.filter_map(|text| truth(&text)).any(|flag| flag);
            let is_known = || posting.skills_raw.iter().any(|known| known.text == *skill);
            if is_asked && !is_known() {
                posting.skills_raw.push(RawSkill::new(skill.clone(), None));
            }
        }
    }

    /// Whether a field's value is a list in the data itself.
    fn has_list(&self, field: Field, row: &Row<'_, '_>) -> bool {
        let Parsed::Json(value) = row.item else {
            return false;
        };
        self.rules[field as usize]
            .iter()
            .flatten()
            .any(|slot| matches!(slot, Slot::Path(path) if path.list(value).is_some() || path.of(value).len() > 1))
    }

    /// The board that a posting's page or its file is called after.
    pub(in crate::ingest) fn board(&self, url: Option<&str>, stem: Option<&str>) -> Option<String> {
        let in_url = || {
            let url = url?.split_once("://")?.1;
            let patterns = self.board_in_url.iter();
            patterns
                .filter_map(|pattern| pattern.split_once('*'))
                .find_map(|(before, after)| {
                    let rest = url.strip_prefix(before)?;
                    let end = rest.find(['/', '.', '?']).unwrap_or(rest.len());
                    (end > 0 && rest[end..].starts_with(after)).then(|| rest[..end].to_owned())
                })
        };
        in_url().or_else(|| stem.filter(|_| self.board_in_file_name).map(str::to_owned))
    }
}

impl BoundPlace {
    fn locations(&self, item: Parsed<'_>, options: &Options) -> Vec<Location> {
        let (Some(each), Parsed::Json(value)) = (&self.each, item) else {
            return self.location(item, options);
        };
        let elements = each.of(value).into_iter().flat_map(|found| match found {
            serde_json::Value::Array(items) => items.iter().collect(),
            one => vec![one],
        });
        let mut all = Vec::new();
        for element in elements {
            let is_skipped = self.skip.as_ref().is_some_and(|skip| {
                skip.of(element)
                    .iter()
                    .any(|flag| flag.as_bool() == Some(true))
            });
            if !is_skipped {
                all.extend(self.location(Parsed::Json(element), options));
            }
        }
        all
    }

    /// The locations of one set of values.
    fn location(&self, item: Parsed<'_>, options: &Options) -> Vec<Location> {
        let row = Row {
            rules: &self.rules,
            item,
        };
        let raws: Vec<String> = row
            .texts(Field::Place)
            .filter_map(|text| line(&text))
            .collect();
        let stated = Location {
            raw: String::new(),
            city: row.line(Field::City),
            region: row.line(Field::Region),
            country: row.line(Field::Country),
            lat: row
                .number(Field::Lat)
                .filter(|lat| lat.abs() <= 90.0 && *lat != 0.0),
            lon: row
                .number(Field::Lon)
                .filter(|lon| lon.abs() <= 180.0 && *lon != 0.0),
        };
        let mut found: Vec<Location> = raws.iter().flat_map(|raw| places::parse(raw)).collect();
        if found.is_empty() {
            // A field such as "Remote" names no place, and is worth keeping.
            found.extend(raws.into_iter().map(|raw| Location {
                raw,
                ..Location::default()
            }));
        }
        match found.as_mut_slice() {
            [] => found.extend(stated_only(stated)),
            [only] => complete(only, stated),
            _ => {}
        }
        for place in &mut found {
            if place.country.is_none() && (place.city.is_some() || place.region.is_some()) {
                place.country.clone_from(&options.country);
            }
        }
        found
    }
}

/// A place of which no line tells, only its parts.
fn stated_only(mut stated: Location) -> Option<Location> {
    let parts = [&stated.city, &stated.region, &stated.country];
    let mut words: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    words.dedup();
    stated.raw = words.join(", ");
    stated.country = known_country(stated.country);
    (!stated.raw.is_empty()).then_some(stated)
}

/// The parts that a source states, over those read from its line.
fn complete(place: &mut Location, stated: Location) {
    let country = known_country(stated.country.clone());
    if let Some(country) = country {
        place.country = Some(country);
    } else if let Some(other) = &stated.country {
        // A country column may name a city.
        if !place.raw.contains(other.as_str()) {
            place.raw = format!("{}, {other}", place.raw);
        }
        if place.country.is_none()
            && let [found] = places::parse(&place.raw).as_slice()
            && found.country.is_some()
        {
            *place = found.clone();
        }
    }
    place.city = stated.city.or(place.city.take());
    place.region = stated.region.or(place.region.take());
    place.lat = stated.lat.or(place.lat);
    place.lon = stated.lon.or(place.lon);
}

fn known_country(name: Option<String>) -> Option<String> {
    places::country(name.as_deref()?).map(str::to_owned)
}

/// Whether a place says no more than one that is there already.
fn is_covered(place: &Location, known: &Location) -> bool {
    let agrees = |a: &Option<String>, b: &Option<String>| a.is_none() || a == b;
    // "UK, Remote" beside "London, UK" says where the work is done.
    let way = |place: &Location| workplace::from_text(&place.raw, "", "");
    place.raw == known.raw
        || (way(place).is_none_or(|way_of| way(known) == Some(way_of))
            && place.country.is_some()
            && place.country == known.country
            && agrees(&place.city, &known.city)
            && agrees(&place.region, &known.region))
}

fn employment(row: &Row<'_, '_>) -> (Vec<Employment>, Option<String>) {
    let mut types = Vec::new();
    for text in row.texts(Field::Employment) {
        types.extend(employment::from_label(&text));
    }
    types.sort_unstable();
    types.dedup();
    // A label that is not known says nothing beside one that is.
    if types.len() > 1 {
        types.retain(|kind| *kind != Employment::Other);
    }
    (types, row.line(Field::Employment))
}

/// The label, then the flags: `hybrid` before `remote`, and a mere `false` says nothing.
fn workplace(row: &Row<'_, '_>) -> Option<Workplace> {
    let labels: Vec<Workplace> = row
        .texts(Field::Workplace)
        .filter_map(|text| match truth(&text) {
            Some(is_remote) => is_remote.then_some(Workplace::Remote),
            None => share(&text).or_else(|| workplace::from_label(&text)),
        })
        .collect();
    if let Some(label) = labels.first() {
        return Some(*label);
    }
    // Boards list "Remote" among the kinds of employment, and tables slip a column.
    let slipped = [Field::Employment, Field::Seniority]
        .into_iter()
        .flat_map(|field| row.texts(field))
        .filter(|text| truth(text).is_none())
        .find_map(|text| workplace::from_label(&text));
    if row.text(Field::Workplace).is_none() && slipped.is_some() {
        return slipped;
    }
    let is = |field| row.flag(field) == Some(true);
    let (remote, hybrid, onsite) = (is(Field::Remote), is(Field::Hybrid), is(Field::Onsite));
    if hybrid || (remote && onsite) {
        Some(Workplace::Hybrid)
    } else if remote {
        Some(Workplace::Remote)
    } else {
        onsite.then_some(Workplace::Onsite)
    }
}

/// How much of the work is done from afar, in words or percent: `fully`, `50`.
fn share(text: &str) -> Option<Workplace> {
    match text
        .trim()
        .trim_end_matches('%')
        .to_ascii_lowercase()
        .as_str()
    {
        "full" | "fully" | "100" | "100.0" => Some(Workplace::Remote),
        "partial" | "partially" | "partly" | "50" | "50.0" => Some(Workplace::Hybrid),
        _ => None,
    }
}

/// Years as numbers, `3`, `1-3 Yrs of Exp`, `10+`.
fn years(row: &Row<'_, '_>) -> Option<Years> {
    let end = |field| row.number(field).filter(is_years).map(|n| n as f32);
    let (min, max) = (end(Field::ExperienceMin), end(Field::ExperienceMax));
    if min.is_some() || max.is_some() {
        return Some(Years { min, max });
    }
    seniority::years(&row.text(Field::Experience)?)
}

fn is_years(n: &f64) -> bool {
    (0.0..=50.0).contains(n)
}

/// The text and its sections under headings of their own.
fn description(row: &Row<'_, '_>) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let text = row.block(Field::Description);
    if let Some(about) = row.block(Field::About) {
        parts.push(format!("{}\n{about}", Field::SECTIONS[0].1));
    }
    parts.extend(text);
    for (field, heading) in &Field::SECTIONS[1..] {
        // Where the whole is there, a part of it says nothing new.
        if let Some(text) = row.block(*field)
            && !parts.iter().any(|part| part.contains(&text))
        {
            parts.push(format!("{heading}\n{text}"));
        }
    }
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// `en`, `en-GB`, `German` to ISO 639-1.
fn tongue(text: &str) -> Option<String> {
    let code: String = text
        .trim()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    (code.len() == 2).then(|| code.to_ascii_lowercase())
}

/// `['a', 'b']`, `a, b`, `a; b` or `a - b` into tags.
fn tags(cell: &str, separator: Option<&str>) -> Vec<String> {
    let inside = cell.trim().trim_start_matches('[').trim_end_matches(']');
    let parts: Vec<&str> = match separator {
        Some(separator) => inside.split(separator).collect(),
        None if inside.contains([',', ';', '|', '\n']) => {
            inside.split([',', ';', '|', '\n']).collect()
        }
        None => inside.split(" - ").collect(),
    };
    parts
        .into_iter()
        .map(|tag| tag.trim().trim_matches(['\'', '"']))
        .filter_map(line)
        .collect()
}

/// What exports write for an employer that they do not know.
fn is_no_company(name: &str) -> bool {
    let known = [
        "no company name",
        "company name not available",
        "unknown company",
    ];
    known.iter().any(|none| name.eq_ignore_ascii_case(none))
}

/// What people write who have no number.
fn stands_for_none(id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    matches!(
        id.as_str(),
        "tbd" | "tba" | "na" | "n.a." | "none" | "test" | "0" | "x" | "pending"
    ) || id.starts_with("see ")
}

/// A date in a stated format: a moment, or a day if it has no time.
fn by_format(format: &str, text: &str) -> Option<dates::Dated> {
    let parsed = jiff::fmt::strtime::parse(format, text.trim()).ok()?;
    let (at, precision) = match (parsed.to_timestamp(), parsed.to_datetime()) {
        (Ok(at), _) => (at, Precision::Second),
        (_, Ok(moment)) if parsed.hour().is_some() => {
            let at = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            (at, Precision::Second)
        }
        _ => {
            let day = parsed.to_date().ok()?;
            let at = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            (at, Precision::Day)
        }
    };
    Some(dates::Dated { at, precision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_land_beside_its_city_stays_where_it_says_how_one_works() {
        let places = places::parse("London, UK; UK; UK, Remote");
        let [london, land] = &places[..] else {
            panic!("{places:?}");
        };
        assert!(is_covered(land, london));
        let remote = &places::parse("UK, Remote")[0];
        assert!(!is_covered(remote, london));
    }
}
