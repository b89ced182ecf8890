//! A mapping file (TOML) into a [`Mapping`].

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use serde::Deserialize;
use toml::Spanned;

use super::{Field, Kind, Mapping, MappingError, Options, Path, PlaceRule, Rule};
use crate::fields::{places, salary};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    input: Input,
    /// Of built-in formats only; read by `readers/profile.rs`.
    #[serde(rename = "recognise")]
    _recognise: toml::Table,
    fields: BTreeMap<String, Spanned<toml::Value>>,
    locations: Vec<BTreeMap<String, Spanned<toml::Value>>>,
    options: Option<Spanned<Options>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Input {
    kind: Option<Kind>,
    delimiter: Option<Spanned<String>>,
    records: Option<Spanned<toml::Value>>,
    source: Option<String>,
    board_in_url: Vec<String>,
    board_in_file_name: bool,
    has_satellites: bool,
}

impl Mapping {
    /// Reads a person's mapping file.
    ///
    /// # Errors
    /// [`MappingError`], with the line at fault.
    pub(in crate::ingest) fn read(path: &FilePath) -> Result<Mapping, MappingError> {
        let text = std::fs::read_to_string(path).map_err(|source| MappingError::Open {
            path: path.to_owned(),
            source,
        })?;
        let mut mapping = Mapping::parse(&text, path)?;
        mapping.file = Some(path.to_owned());
        if !mapping.has_text() {
            return Err(MappingError::Line {
                path: path.to_owned(),
                line: 1,
                why: "neither `title` nor `description_text` stands under [fields]".to_owned(),
            });
        }
        Ok(mapping)
    }

    /// Reads the text of a mapping; `path` is for messages.
    ///
    /// # Errors
    /// [`MappingError::Line`].
    pub(in crate::ingest) fn parse(text: &str, path: &FilePath) -> Result<Mapping, MappingError> {
        let line_of = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
        let wrong = |at: usize, why: String| MappingError::Line {
            path: path.to_owned(),
            line: line_of(at),
            why,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            wrong(at, error.message().to_owned())
        })?;
        let delimiter = match &file.input.delimiter {
            None => None,
            Some(text) => match text.get_ref().as_bytes() {
                [one] => Some(*one),
                _ => {
                    return Err(wrong(
                        text.span().start,
                        "the delimiter is one ASCII character".to_owned(),
                    ));
                }
            },
        };
        let records = match &file.input.records {
            None => Vec::new(),
            Some(value) => names(value.get_ref())
                .map(|names| names.concat())
                .map_err(|why| wrong(value.span().start, why))?,
        };
        let mut mapping = Mapping {
            file: None,
            kind: file.input.kind,
            delimiter,
            records,
            source: file.input.source,
            board_in_url: file.input.board_in_url,
            board_in_file_name: file.input.board_in_file_name,
            has_satellites: file.input.has_satellites,
            ..Mapping::default()
        };
        if let Some(options) = file.options {
            let at = options.span().start;
            mapping.options = options.into_inner();
            mapping.options.check().map_err(|why| wrong(at, why))?;
        }
        let mut of_record = PlaceRule::default();
        for (name, value) in &file.fields {
            let at = value.span().start;
            let from = names(value.get_ref()).map_err(|why| wrong(at, why))?;
            let line = line_of(at);
            if let Some(name) = name.strip_prefix("extra.") {
                let field = Field::Other;
                mapping
                    .extra
                    .push((name.to_owned(), Rule { field, from, line }));
                continue;
            }
            let Some(field) = Field::from_name(name) else {
                let known: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
                let why = format!(
                    "`{name}` is no field; there are {}, and extra.NAME",
                    known.join(", ")
                );
                return Err(wrong(at, why));
            };
            let rule = Rule { field, from, line };
            if field.is_of_place() {
                of_record.rules.push(rule);
            } else {
                mapping.rules.push(rule);
            }
        }
        if !of_record.rules.is_empty() {
            mapping.places.push(of_record);
        }
        for table in &file.locations {
            mapping
                .places
                .push(place(table, line_of).map_err(|(at, why)| wrong(at, why))?);
        }
        Ok(mapping)
    }
}

/// One `[[locations]]` table.
fn place(
    table: &BTreeMap<String, Spanned<toml::Value>>,
    line_of: impl Fn(usize) -> usize,
) -> Result<PlaceRule, (usize, String)> {
    let mut place = PlaceRule::default();
    for (name, value) in table {
        let at = value.span().start;
        if name == "always" {
            place.always = value.get_ref().as_bool().unwrap_or(false);
            continue;
        }
        let from = names(value.get_ref()).map_err(|why| (at, why))?;
        let first = || from.iter().flatten().next().cloned();
        match name.as_str() {
            "each" => place.each = first(),
            "skip" => place.skip = first(),
            _ => match Field::from_name(&format!("locations.{name}")) {
                Some(field) => {
                    let line = line_of(at);
                    place.rules.push(Rule { field, from, line });
                }
                None => {
                    let why = format!(
                        "`{name}` is no part of a place; there are each, skip, always, raw, city, region, country, lat and lon"
                    );
                    return Err((at, why));
                }
            },
        }
    }
    Ok(place)
}

/// A path, a list of paths that are tried in order, or lists within it of paths
/// that are taken together.
fn names(value: &toml::Value) -> Result<Vec<Vec<Path>>, String> {
    let name = |value: &toml::Value| match value {
        toml::Value::String(name) => Ok(Path::new(name)),
        other => Err(format!(
            "a column name or pointer is text, not {}",
            other.type_str()
        )),
    };
    match value {
        toml::Value::Array(items) => items
            .iter()
            .map(|item| match item {
                toml::Value::Array(together) => together.iter().map(name).collect(),
                one => Ok(vec![name(one)?]),
            })
            .collect(),
        one => Ok(vec![vec![name(one)?]]),
    }
}

impl Options {
    fn check(&mut self) -> Result<(), String> {
        if let Some(period) = &self.period
            && salary::period(period).is_none()
        {
            return Err(format!(
                "`{period}` is no period of pay: year, month, half_month, two_weeks, week, day, hour"
            ));
        }
        if let Some(country) = &mut self.country {
            match places::country(country) {
                Some(code) => *country = code.to_owned(),
                None => return Err(format!("`{country}` is no country")),
            }
        }
        if let Some(currency) = &mut self.currency {
            currency.make_ascii_uppercase();
            if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                return Err(format!("`{currency}` is no currency code of three letters"));
            }
        }
        if let Some(format) = &self.date_format {
            let sample = jiff::civil::date(2026, 3, 1).at(9, 5, 7, 0);
            let sample = sample
                .to_zoned(jiff::tz::TimeZone::UTC)
                .map_err(|error| error.to_string())?;
            jiff::fmt::strtime::format(format, &sample)
                .map_err(|error| format!("date_format `{format}`: {error}"))?;
        }
        Ok(())
    }
}
