//! Parquet: columns into JSON records and back. `read` puts records together,
//! `write` takes them apart; what both know is the tree of a file's fields.
//!
//! The levels are those of the Dremel paper (Melnik et al., VLDB 2010), as the
//! format's specification has them: how many optional or repeated fields on the
//! way to a value are there, and which list it goes on with.

mod read;
mod write;

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit};
use parquet::schema::types::Type;

pub(crate) use read::Records;
pub use write::{Rows, WriteError};

/// A field of a file, with what lies in it.
#[derive(Debug, Clone)]
struct Field {
    name: String,
    /// It may be null; a list may be null beside being empty.
    optional: bool,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    /// A column: its number, and what its values are.
    Leaf(usize, Kind),
    Group(Vec<Field>),
    List(Box<Field>),
    /// A list of keys and values.
    Map(Box<Field>),
}

/// What the values of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As they are; bytes are text if they can be.
    Plain,
    Unsigned,
    Json,
    /// Days since 1970.
    Day,
    /// Moments since 1970, so many a second.
    Moment(i64),
    /// Times of day, so many a second.
    Time(i64),
    /// Whole numbers with so many digits after the point.
    Decimal(i32),
}

impl Field {
    /// The fields of a file, from its schema.
    fn all(root: &Type) -> Vec<Field> {
        let mut n_columns = 0;
        let fields = root.get_fields().iter();
        fields.map(|of| Field::of(of, &mut n_columns)).collect()
    }

    fn of(of: &Type, n_columns: &mut usize) -> Field {
        let info = of.get_basic_info();
        let repetition = info.has_repetition().then(|| info.repetition());
        let element = Field {
            name: of.name().to_owned(),
            optional: repetition == Some(Repetition::OPTIONAL),
            shape: Shape::of(of, n_columns),
        };
        match repetition {
            // Repeated without being called a list.
            Some(Repetition::REPEATED) => Field {
                name: element.name.clone(),
                optional: false,
                shape: Shape::List(Box::new(element)),
            },
            _ => element,
        }
    }

    /// The first column in it.
    fn first_column(&self) -> Option<usize> {
        match &self.shape {
            Shape::Leaf(column, _) => Some(*column),
            Shape::Group(fields) => fields.iter().find_map(Field::first_column),
            Shape::List(element) | Shape::Map(element) => element.first_column(),
        }
    }

    /// Every column in it.
    fn columns(&self, found: &mut Vec<usize>) {
        match &self.shape {
            Shape::Leaf(column, _) => found.push(*column),
            Shape::Group(fields) => fields.iter().for_each(|field| field.columns(found)),
            Shape::List(element) | Shape::Map(element) => element.columns(found),
        }
    }
}

impl Shape {
    fn of(of: &Type, n_columns: &mut usize) -> Shape {
        if of.is_primitive() {
            *n_columns += 1;
            return Shape::Leaf(*n_columns - 1, Kind::of(of));
        }
        let info = of.get_basic_info();
        let (logical, converted) = (info.logical_type_ref(), info.converted_type());
        let is_list = logical == Some(&LogicalType::List) || converted == ConvertedType::LIST;
        let is_map = logical == Some(&LogicalType::Map)
            || matches!(converted, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE);
        let repeated = match of.get_fields() {
            [only] if is_repeated(only) => Some(only),
            _ => None,
        };
        match repeated {
            Some(repeated) if is_list || is_map => {
                let entry = match repeated.is_primitive() {
                    // Lists of two levels, as older writers have them.
                    true => None,
                    false => match repeated.get_fields() {
                        [element] if is_list && !is_old(repeated.name(), of.name()) => {
                            Some(Field::of(element, n_columns))
                        }
                        _ => None,
                    },
                };
                let entry = Box::new(entry.unwrap_or_else(|| Field {
                    name: repeated.name().to_owned(),
                    optional: false,
                    shape: Shape::of(repeated, n_columns),
                }));
                if is_map {
                    Shape::Map(entry)
                } else {
                    Shape::List(entry)
                }
            }
            _ => {
                let fields = of.get_fields().iter();
                Shape::Group(fields.map(|field| Field::of(field, n_columns)).collect())
            }
        }
    }
}

fn is_repeated(of: &Type) -> bool {
    let info = of.get_basic_info();
    info.has_repetition() && info.repetition() == Repetition::REPEATED
}

/// Names that say that a repeated group is the element itself (the format's
/// rules for older files).
fn is_old(repeated: &str, list: &str) -> bool {
    repeated == "array" || repeated.strip_suffix("_tuple") == Some(list)
}

impl Kind {
    fn of(of: &Type) -> Kind {
        let info = of.get_basic_info();
        let per_second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        match info.logical_type_ref() {
            Some(LogicalType::Timestamp(of)) => return Kind::Moment(per_second(&of.unit)),
            Some(LogicalType::Time(of)) => return Kind::Time(per_second(&of.unit)),
            Some(LogicalType::Json) => return Kind::Json,
            _ => {}
        }
        match info.converted_type() {
            ConvertedType::DATE => Kind::Day,
            ConvertedType::TIMESTAMP_MILLIS => Kind::Moment(1_000),
            ConvertedType::TIMESTAMP_MICROS => Kind::Moment(1_000_000),
            ConvertedType::TIME_MILLIS => Kind::Time(1_000),
            ConvertedType::TIME_MICROS => Kind::Time(1_000_000),
            ConvertedType::JSON => Kind::Json,
            ConvertedType::DECIMAL => Kind::Decimal(of.get_scale()),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Kind::Unsigned,
            _ => Kind::Plain,
        }
    }
}
