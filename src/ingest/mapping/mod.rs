//! Which column or path of a record fills which field of a posting.
//!
//! The same table serves three: a built-in format, whose TOML file lies in
//! `readers/profiles/`; a user's mapping file; and the guess by column names,
//! which is a mapping made up at run time.

mod field;
mod file;
mod fill;
mod flags;
mod guess;
mod path;
mod pay;

use std::path::PathBuf;

use serde_json::{Map, Value};

pub(super) use field::Field;
pub(super) use flags::json_cells;
pub(super) use guess::{folded, guess, guess_json, keys};
pub(super) use path::{ENVELOPE, Path};

use path::Slot;

/// A table of fields and where they stand in a record.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping {
    /// The file it was read from, if a person named one: its columns must exist.
    pub(super) file: Option<PathBuf>,
    /// What the mapping reads; anything if not said.
    pub(super) kind: Option<Kind>,
    /// A table's delimiter; found out if not said.
    pub(super) delimiter: Option<u8>,
    /// Where the records lie in a document, tried in order; an empty path is
    /// the document itself.
    pub(super) records: Vec<Path>,
    /// The source of its postings.
    pub(super) source: Option<String>,
    /// Patterns of pages that name the board, `*` for the name:
    /// `boards.example.com/*/jobs/`.
    pub(super) board_in_url: Vec<String>,
    /// A file is called after the board.
    pub(super) board_in_file_name: bool,
    /// Tables beside the file say more of its postings.
    pub(super) has_satellites: bool,
    rules: Vec<Rule>,
    places: Vec<PlaceRule>,
    extra: Vec<(String, Rule)>,
    options: Options,
}

/// What lies in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Csv,
    Json,
    Jsonl,
}

/// One field and the places tried for it, in order; places that are listed
/// together are taken together.
#[derive(Debug, Clone)]
struct Rule {
    field: Field,
    from: Vec<Vec<Path>>,
    /// The line of the mapping file, from 1; 0 for none.
    line: usize,
}

/// How to make locations: one of each element of a list, or of the record.
#[derive(Debug, Clone, Default)]
struct PlaceRule {
    each: Option<Path>,
    /// A flag of elements that are left out.
    skip: Option<Path>,
    /// Also when an earlier rule has found some.
    always: bool,
    rules: Vec<Rule>,
}

/// How to read values, where the data does not say.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    /// `strptime` format of dates, as `%d/%m/%Y`.
    date_format: Option<String>,
    skills_separator: Option<String>,
    currency: Option<String>,
    period: Option<String>,
    country: Option<String>,
    /// Where all work of this source is done.
    workplace: Option<String>,
}

/// What is wrong with a mapping file.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// It cannot be read.
    #[error("cannot open mapping {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// One of its lines is wrong.
    #[error("{}:{line}: {why}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl Mapping {
    /// Every place it reads from.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        let places = self
            .places
            .iter()
            .flat_map(|place| place.each.iter().chain(place.rules.iter().flat_map(paths)));
        self.rules
            .iter()
            .chain(self.extra.iter().map(|(_, rule)| rule))
            .flat_map(paths)
            .chain(places)
    }

    /// Every field and the place that fills it first.
    pub(super) fn mapped(&self) -> Vec<(String, Field)> {
        let places = self.places.iter().flat_map(|place| &place.rules);
        self.rules
            .iter()
            .chain(places)
            .flat_map(|rule| paths(rule).map(|path| (path.name.clone(), rule.field)))
            .collect()
    }

    /// Whether it fills anything that can be searched in.
    pub(super) fn has_text(&self) -> bool {
        let is_text = |rule: &Rule| matches!(rule.field, Field::Title | Field::Description);
        self.rules.iter().any(is_text)
    }

    /// The list of records in a document.
    pub(super) fn records<'a>(&self, document: &'a Value) -> Option<&'a Vec<Value>> {
        self.records.iter().find_map(|path| path.list(document))
    }

    /// The records within a document, each with what the mapping wants to know
    /// of what stands around them.
    pub(super) fn unpack(&self, document: Value) -> Vec<Value> {
        let Some(list) = self
            .records
            .iter()
            .find(|path| path.list(&document).is_some())
        else {
            return vec![document];
        };
        let around = self.envelope(&document);
        let mut items: Vec<Value> = list.of(&document).into_iter().cloned().collect();
        if let [Value::Array(list)] = items.as_mut_slice() {
            items = std::mem::take(list);
        }
        let flat = items.into_iter().flat_map(|item| match item {
            Value::Array(inner) => inner,
            other => vec![other],
        });
        flat.map(|item| with_envelope(item, around.as_ref()))
            .collect()
    }

    /// Whether the records of a list can be read one by one when `around` is
    /// what stands before it: nothing may be asked for that comes behind.
    pub(super) fn streams(&self, around: Option<&Value>) -> bool {
        let mut around_paths = self.paths().filter_map(|path| path.name.strip_prefix("^/"));
        let is_there = |pointer: &str| {
            let key = pointer.split('/').next().unwrap_or(pointer);
            around.is_some_and(|around| around.get(key).is_some())
        };
        around_paths.all(is_there)
            && (self.records.is_empty()
                || around.is_some_and(|around| {
                    self.records
                        .iter()
                        .any(|path| path.of(around).first().is_some_and(|found| found.is_null()))
                }))
    }

    /// What stands around the records of a document and is asked for by a path
    /// that begins with `^`.
    pub(super) fn envelope(&self, document: &Value) -> Option<Value> {
        let mut around = Map::new();
        for path in self.paths() {
            let Some(pointer) = path.name.strip_prefix("^/") else {
                continue;
            };
            let key = pointer.split('/').next().unwrap_or(pointer);
            if let Some(value) = document.get(key).filter(|value| !value.is_array()) {
                around.insert(key.to_owned(), value.clone());
            }
        }
        (!around.is_empty()).then_some(Value::Object(around))
    }

    /// Settles where each value stands in one file; `header` are a table's columns.
    ///
    /// # Errors
    /// [`MappingError::Line`] if a person's mapping names columns that are not there.
    pub(super) fn bind(&self, header: Option<&[String]>) -> Result<Bound, MappingError> {
        let mut rules = vec![Vec::new(); Field::ALL.len()];
        for rule in &self.rules {
            rules[rule.field as usize] = self.slots(rule, header)?;
        }
        let mut places = Vec::new();
        for place in &self.places {
            let mut bound = BoundPlace {
                each: place.each.clone(),
                skip: place.skip.clone(),
                always: place.always,
                rules: vec![Vec::new(); Field::ALL.len()],
            };
            for rule in &place.rules {
                bound.rules[rule.field as usize] = self.slots(rule, header)?;
            }
            places.push(bound);
        }
        let extra = self
            .extra
            .iter()
            .map(|(name, rule)| Ok((name.clone(), self.slots(rule, header)?)));
        Ok(Bound {
            flags: self.flags(header)?,
            rules,
            places,
            extra: extra.collect::<Result<_, MappingError>>()?,
            options: self.options.clone(),
            board_in_url: self.board_in_url.clone(),
            board_in_file_name: self.board_in_file_name,
        })
    }

    fn slots(&self, rule: &Rule, header: Option<&[String]>) -> Result<Slots, MappingError> {
        let Some(header) = header else {
            let slots = |together: &Vec<Path>| together.iter().cloned().map(Slot::Path).collect();
            return Ok(rule.from.iter().map(slots).collect());
        };
        let column = |path: &Path| {
            let exact = header.iter().position(|name| *name == path.name);
            let name = folded(&path.name);
            exact.or_else(|| header.iter().position(|column| folded(column) == name))
        };
        let slots: Slots = rule
            .from
            .iter()
            .map(|together| {
                together
                    .iter()
                    .filter_map(column)
                    .map(Slot::Column)
                    .collect::<Vec<Slot>>()
            })
            .filter(|together| !together.is_empty())
            .collect();
        match &self.file {
            Some(path) if slots.is_empty() => {
                let wanted: Vec<String> =
                    paths(rule).map(|path| format!("`{}`", path.name)).collect();
                Err(MappingError::Line {
                    path: path.clone(),
                    line: rule.line,
                    why: format!(
                        "no column {} for {}; the table has {}",
                        wanted.join(" or "),
                        rule.field,
                        header.join(", ")
                    ),
                })
            }
            _ => Ok(slots),
        }
    }
}

fn paths(rule: &Rule) -> impl Iterator<Item = &Path> {
    rule.from.iter().flatten()
}

/// An item with what stood around its list.
pub(super) fn with_envelope(mut item: Value, around: Option<&Value>) -> Value {
    if let (Value::Object(fields), Some(around)) = (&mut item, around) {
        fields.insert(ENVELOPE.to_owned(), around.clone());
    }
    item
}

/// The slots of one field: tried in order, those in a list together.
type Slots = Vec<Vec<Slot>>;

/// A mapping for the records of one file.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    /// By `Field as usize`.
    rules: Vec<Slots>,
    /// Names of skills and the flags that say whether they are asked for.
    flags: Vec<(String, Slots)>,
    places: Vec<BoundPlace>,
    extra: Vec<(String, Slots)>,
    options: Options,
    board_in_url: Vec<String>,
    board_in_file_name: bool,
}

#[derive(Debug, Clone)]
struct BoundPlace {
    each: Option<Path>,
    skip: Option<Path>,
    always: bool,
    rules: Vec<Slots>,
}
