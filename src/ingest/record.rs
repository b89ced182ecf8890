//! One record into one posting: what all readers share before and after the
//! format's own table of fields.

use std::borrow::Cow;
use std::path::Path;

use csv::StringRecord;
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::text::{line, normalise_words};
use super::{Item, Options, Reader, RecordError};
use crate::fields::dates;
use crate::posting::{Location, Origin, Posting};

/// What a reader knows beside the record.
#[derive(Debug)]
pub(super) struct Context {
    /// The file as given on the command line.
    pub(super) file: String,
    /// Its name without folders and endings.
    pub(super) stem: String,
    pub(super) reader: Reader,
    pub(super) columns: Option<Columns>,
    /// The forum thread all records stand in, where the format has one.
    pub(super) thread: Option<String>,
    options: Options,
}

/// A record as the container gives it.
pub(super) enum Record<'a> {
    Json(&'a [u8]),
    Value(&'a Value),
    Row(&'a StringRecord),
}

/// What the columns of a table, or the keys of its objects, were taken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnGuess {
    /// Column name and the normal field it fills.
    pub mapped: Vec<(String, &'static str)>,
    /// Columns that fill no field.
    pub unmapped: Vec<String>,
}

/// The columns of a table by the field they fill.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
    fields: Vec<Option<Field>>,
}

/// Declares the fields a column can fill, with the column names that say so
/// (`formats.md` section 5), likeliest first.
macro_rules! fields {
    ($($variant:ident $name:literal: $($column:literal)+;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field { $($variant),+ }

        impl Field {
            fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),+ }
            }

            /// The field of a column name and how likely (0 is likeliest).
            fn of(column: &str) -> Option<(Field, usize)> {
                $(if let Some(rank) = [$($column),+].iter().position(|name| *name == column) {
                    return Some((Field::$variant, rank));
                })+
                None
            }
        }
    };
}

fields! {
    Id "id": "jobid" "id" "uniqid" "guid" "slug" "ref";
    Title "title": "jobtitle" "title" "positiontitle" "position" "role" "name";
    Company "company": "companyname" "company" "employer" "hiringorganization" "organization";
    Location "locations.raw": "joblocation" "location" "locations" "place";
    City "locations.city": "city";
    Region "locations.region": "state" "region";
    Country "locations.country": "country" "countrycode";
    PostedAt "posted_at": "dateposted" "postedat" "posteddate" "posted" "publishedat" "publicationdate" "listedtime" "createdat" "firstseen" "date";
    ValidThrough "valid_through": "validthrough" "expirydate" "expiresat" "deadline";
    Description "description_text": "jobdescription" "description" "descriptiontext" "descriptionhtml" "body" "content" "text" "fulltext" "details" "summary";
    Url "url": "joburl" "joblink" "url" "link" "href";
    Salary "salary": "salary" "salaryrange" "salaryestimate" "compensation" "pay";
    SalaryMin "salary.min": "salarymin" "minsalary" "salarylower" "salaryfrom" "minamount" "payfrom";
    SalaryMax "salary.max": "salarymax" "maxsalary" "salaryupper" "salaryto" "maxamount" "payto";
    Currency "salary.currency": "salarycurrency" "currency";
    Period "salary.period": "salaryperiod" "payperiod" "salaryinterval" "interval";
    Skills "skills_raw": "skills" "jobskills" "keyskills" "requiredskills" "technologies" "mainskill" "tags";
    Employment "employment_type": "employmenttype" "jobtype" "contracttype" "worktype";
    Seniority "seniority": "experiencelevel" "joblevel" "level" "seniority";
    Workplace "workplace": "workplace" "workplacetype" "remote" "isremote";
    Industry "industry": "industry" "companyindustry";
    Category "category": "category" "maincategory" "jobcategory" "jobfunction" "functions";
    Department "department": "department" "team";
}

impl Columns {
    pub(super) fn guess(names: &[String]) -> Columns {
        let mut fields: Vec<Option<Field>> = vec![None; names.len()];
        let mut taken: Vec<(Field, usize, usize)> = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let Some((field, rank)) = Field::of(&folded(name)) else {
                continue;
            };
            match taken.iter_mut().find(|(known, ..)| *known == field) {
                Some(known) if known.1 <= rank => continue,
                Some(known) => {
                    fields[known.2] = None;
                    *known = (field, rank, at);
                }
                None => taken.push((field, rank, at)),
            }
            fields[at] = Some(field);
        }
        Columns {
            names: names.to_vec(),
            fields,
        }
    }

    /// Whether anything could be searched in.
    pub(super) fn has_text(&self) -> bool {
        self.fields
            .iter()
            .flatten()
            .any(|field| matches!(field, Field::Title | Field::Description))
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The cell of a field, if there is one and it says something.
    pub(super) fn cell<'a>(&self, field: Field, row: &'a impl Cells) -> Option<Cow<'a, str>> {
        let at = self.fields.iter().position(|known| *known == Some(field))?;
        row.cell(at, &self.names[at])
            .filter(|cell| !super::text::is_nothing(cell))
    }

    fn shown(&self) -> ColumnGuess {
        let mut guess = ColumnGuess::default();
        for (name, field) in self.names.iter().zip(&self.fields) {
            match field {
                Some(field) => guess.mapped.push((name.clone(), field.name())),
                None => guess.unmapped.push(name.clone()),
            }
        }
        guess
    }
}

/// A row whose cells are known by place, or an object whose cells are known by name.
pub(super) trait Cells {
    fn cell(&self, at: usize, name: &str) -> Option<Cow<'_, str>>;
}

impl Cells for StringRecord {
    fn cell(&self, at: usize, _name: &str) -> Option<Cow<'_, str>> {
        self.get(at).map(Cow::Borrowed)
    }
}

impl Cells for Value {
    fn cell(&self, _at: usize, name: &str) -> Option<Cow<'_, str>> {
        match self.get(name)? {
            Value::String(text) => Some(Cow::Borrowed(text)),
            Value::Null => None,
            Value::Array(items) => {
                let words: Vec<String> = items.iter().filter_map(words_of).collect();
                Some(Cow::Owned(words.join("; ")))
            }
            Value::Object(_) => None,
            other => Some(Cow::Owned(other.to_string())),
        }
    }
}

fn words_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => fields
            .get("name")
            .or_else(|| fields.get("label"))
            .and_then(words_of),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A column name without case, blanks, `_`, `-` and dots.
fn folded(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| !matches!(c, ' ' | '_' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Context {
    pub(super) fn new(
        file: &str,
        reader: Reader,
        columns: Option<Columns>,
        example: Option<&Value>,
        options: &Options,
    ) -> Context {
        let stem = Path::new(file)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default().to_owned();
        let columns = match (columns, example) {
            (None, Some(Value::Object(fields))) if reader == Reader::Auto => {
                Some(Columns::guess(&fields.keys().cloned().collect::<Vec<_>>()))
            }
            (columns, _) => columns,
        };
        let thread = example.and_then(|example| reader.thread(example));
        Context {
            file: file.to_owned(),
            stem,
            reader,
            columns,
            thread,
            options: options.clone(),
        }
    }

    pub(super) fn guess(&self) -> Option<ColumnGuess> {
        self.columns
            .as_ref()
            .filter(|_| self.reader == Reader::Auto)
            .map(Columns::shown)
    }

    /// Reads one record.
    pub(super) fn item(&self, number: u64, record: Record<'_>) -> Result<Item, RecordError> {
        let posting = self.posting(number, record)?;
        Ok(Item::Posting(Box::new(posting)))
    }

    /// Reads one record and settles what every posting has: id, source,
    /// origin, a plausible date, something to search in.
    fn posting(&self, number: u64, record: Record<'_>) -> Result<Posting, RecordError> {
        let mut posting = self.reader.posting(record, self)?;
        posting.title = posting.title.as_deref().and_then(line);
        posting.company = posting.company.as_deref().and_then(line);
        if posting.title.is_none() && posting.description_text.is_none() {
            return Err(RecordError::Empty);
        }
        for (field, date) in [
            ("posted_at", posting.posted_at),
            ("updated_at", posting.updated_at),
        ] {
            if let Some(date) = date.filter(|date| !dates::plausible(*date, self.options.now)) {
                return Err(RecordError::Value {
                    field,
                    value: date.to_string(),
                    expected: "plausible date",
                });
            }
        }
        if posting.source.is_empty() {
            let stem_or = |name: &str| {
                if self.stem.is_empty() || self.stem == "-" {
                    name.to_owned()
                } else {
                    slug(&self.stem)
                }
            };
            posting.source = match (&self.options.source, self.reader) {
                (Some(source), _) => source.clone(),
                (None, Reader::Auto) => stem_or("auto"),
                (None, reader) => reader.name().to_owned(),
            };
        }
        if posting.id.is_empty() {
            posting.id = made_id(&posting);
        }
        posting.origin = Some(Origin {
            file: self.file.clone(),
            record: number,
            reader: self.reader.name().to_owned(),
        });
        Ok(posting)
    }
}

/// `source:board:native_id`, or `source:h:` and a hash of what tells postings
/// apart where there is no native id (`formats.md` section 6).
fn made_id(posting: &Posting) -> String {
    let source = &posting.source;
    match (&posting.native_id, &posting.board) {
        (Some(native), Some(board)) => format!("{source}:{board}:{native}"),
        (Some(native), None) => format!("{source}:{native}"),
        (None, _) => {
            let mut key = String::new();
            let places = posting
                .locations
                .iter()
                .map(|place: &Location| place.raw.as_str());
            let text: String = posting
                .description_text
                .iter()
                .flat_map(|text| text.chars().take(400))
                .collect();
            let last = posting.url.as_deref().unwrap_or(&text);
            let parts = [posting.company.as_deref(), posting.title.as_deref()]
                .into_iter()
                .flatten()
                .chain(places);
            for part in parts.chain([last]) {
                key.push_str(&normalise_words(part));
                key.push('\u{1f}');
            }
            format!("{source}:h:{:032x}", xxh3_128(key.as_bytes()))
        }
    }
}

fn slug(text: &str) -> String {
    normalise_words(text).replace(' ', "-")
}

/// Bytes as text: UTF-8, or Windows-1252 for a record that is not.
pub(super) fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(names: &[&str]) -> Columns {
        Columns::guess(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn columns_are_known_by_name_in_any_spelling() {
        let columns = guess(&["", "Job Title", "Job_Description", "Company Name", "rating"]);
        let shown = columns.shown();
        assert_eq!(shown.unmapped, ["", "rating"]);
        assert!(columns.has_text());
        assert!(!guess(&["path", "size", "sha256"]).has_text());
    }

    #[test]
    fn of_two_columns_for_one_field_the_likelier_wins() {
        let columns = guess(&["summary", "description", "text"]);
        let row = StringRecord::from(vec!["short", "long", "other"]);
        assert_eq!(
            columns.cell(Field::Description, &row).as_deref(),
            Some("long")
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(utf8(b"caf\xe9 \x93x\x94"), "café “x”");
    }
}
