//! Records into columns: the fields are those of a schema, and what a record has
//! beside them is an error rather than lost.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use parquet::basic::{Compression, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::{Field, Kind, Shape};

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The library.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// Where it is written to.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A record does not fit the schema.
    #[error("`{field}` is not what its column holds")]
    Shape {
        /// Where in the record.
        field: String,
    },
}

/// Rows are held until they are so many bytes of JSON, then written as a group.
const GROUP_BYTES: usize = 16 << 20;

/// A file being written, row by row.
pub struct Rows {
    fields: Vec<Field>,
    columns: Vec<Column>,
    writer: SerializedFileWriter<Buffer>,
    buffer: Buffer,
    held: usize,
}

/// One column of the group under way.
struct Column {
    name: String,
    def: Vec<i16>,
    rep: Vec<i16>,
    values: Values,
}

enum Values {
    Bool(Vec<bool>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Text(Vec<ByteArray>),
}

/// What is written and not yet handed on.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Rows {
    /// Begins a file with a schema in the format's own notation.
    ///
    /// # Errors
    /// [`WriteError::Parquet`] if the schema is none.
    pub fn new(schema: &str) -> Result<Rows, WriteError> {
        let schema = Arc::new(parse_message_type(schema)?);
        let fields = Field::all(&schema);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .build();
        let buffer = Buffer::default();
        let writer =
            SerializedFileWriter::new(buffer.clone(), Arc::clone(&schema), Arc::new(properties))?;
        let columns = writer.schema_descr().columns().iter().map(|column| Column {
            name: column.path().string(),
            def: Vec::new(),
            rep: Vec::new(),
            values: match column.physical_type() {
                Physical::BOOLEAN => Values::Bool(Vec::new()),
                Physical::INT64 => Values::Whole(Vec::new()),
                Physical::DOUBLE => Values::Real(Vec::new()),
                _ => Values::Text(Vec::new()),
            },
        });
        let columns = columns.collect();
        Ok(Rows {
            fields,
            columns,
            writer,
            buffer,
            held: 0,
        })
    }

    /// Adds a record, and hands on to `out` what is finished.
    ///
    /// # Errors
    /// [`WriteError::Shape`] names what does not fit the schema.
    pub fn push(&mut self, record: &Value, out: &mut dyn Write) -> Result<(), WriteError> {
        let levels = Levels {
            def: 0,
            rep: 0,
            depth: 0,
        };
        take_apart_all(&mut self.columns, &self.fields, record, levels, "")?;
        self.held += record.to_string().len();
        if self.held >= GROUP_BYTES {
            self.write_group()?;
            self.hand_on(out)?;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        if self.held > 0 {
            self.write_group()?;
        }
        self.writer.finish()?;
        self.hand_on(out)
    }

    fn write_group(&mut self) -> Result<(), WriteError> {
        self.held = 0;
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else {
                break;
            };
            let (def, rep) = (Some(&column.def[..]), Some(&column.rep[..]));
            match &mut column.values {
                Values::Bool(values) => {
                    writer.typed::<BoolType>().write_batch(values, def, rep)?;
                    values.clear();
                }
                Values::Whole(values) => {
                    writer.typed::<Int64Type>().write_batch(values, def, rep)?;
                    values.clear();
                }
                Values::Real(values) => {
                    writer.typed::<DoubleType>().write_batch(values, def, rep)?;
                    values.clear();
                }
                Values::Text(values) => {
                    writer
                        .typed::<ByteArrayType>()
                        .write_batch(values, def, rep)?;
                    values.clear();
                }
            }
            writer.close()?;
            column.def.clear();
            column.rep.clear();
        }
        group.close()?;
        Ok(())
    }

    fn hand_on(&mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        let mut held = self.buffer.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(&held)?;
        held.clear();
        Ok(())
    }
}

/// The levels that a value is written with, and how many lists it lies in.
#[derive(Debug, Clone, Copy)]
struct Levels {
    def: i16,
    rep: i16,
    depth: i16,
}

/// Takes an object apart; a key that the schema does not have is an error.
fn take_apart_all(
    columns: &mut [Column],
    fields: &[Field],
    object: &Value,
    levels: Levels,
    path: &str,
) -> Result<(), WriteError> {
    let keys = object.as_object().ok_or_else(|| shape(path))?;
    let is_known = |key: &String| fields.iter().any(|field| field.name == *key);
    if let Some(key) = keys.keys().find(|key| !is_known(key)) {
        return Err(shape(&format!("{path}{key}")));
    }
    for field in fields {
        let value = keys.get(&field.name).unwrap_or(&Value::Null);
        take_apart(columns, field, value, levels, path)?;
    }
    Ok(())
}

fn take_apart(
    columns: &mut [Column],
    field: &Field,
    value: &Value,
    levels: Levels,
    path: &str,
) -> Result<(), WriteError> {
    if value.is_null() {
        if !field.optional {
            return Err(shape(&format!("{path}{}", field.name)));
        }
        nothing(columns, field, levels);
        return Ok(());
    }
    let levels = Levels {
        def: levels.def + i16::from(field.optional),
        ..levels
    };
    match &field.shape {
        Shape::Leaf(column, kind) => {
            let column = &mut columns[*column];
            column.def.push(levels.def);
            column.rep.push(levels.rep);
            match column.values.push(value, *kind) {
                Some(()) => Ok(()),
                None => Err(shape(&column.name)),
            }
        }
        Shape::Group(fields) => {
            let path = format!("{path}{}.", field.name);
            take_apart_all(columns, fields, value, levels, &path)
        }
        Shape::List(element) | Shape::Map(element) => {
            let path = format!("{path}{}.", field.name);
            let items = value.as_array().ok_or_else(|| shape(&path))?;
            if items.is_empty() {
                nothing(columns, element, levels);
            }
            for (no, item) in items.iter().enumerate() {
                let depth = levels.depth + 1;
                let rep = if no == 0 { levels.rep } else { depth };
                let def = levels.def + 1;
                take_apart(columns, element, item, Levels { def, rep, depth }, &path)?;
            }
            Ok(())
        }
    }
}

/// Writes that there is nothing from here on.
fn nothing(columns: &mut [Column], field: &Field, levels: Levels) {
    let mut all = Vec::new();
    field.columns(&mut all);
    for column in all {
        columns[column].def.push(levels.def);
        columns[column].rep.push(levels.rep);
    }
}

fn shape(field: &str) -> WriteError {
    WriteError::Shape {
        field: field.trim_end_matches('.').to_owned(),
    }
}

impl Values {
    /// Adds a value, if it is one of the column's.
    fn push(&mut self, value: &Value, kind: Kind) -> Option<()> {
        match self {
            Values::Bool(values) => values.push(value.as_bool()?),
            Values::Real(values) => values.push(value.as_f64()?),
            Values::Whole(values) => values.push(match kind {
                Kind::Moment(_) => value.as_str()?.parse::<Timestamp>().ok()?.as_microsecond(),
                _ => value.as_i64()?,
            }),
            Values::Text(values) => values.push(match (kind, value) {
                (Kind::Json, value) => value.to_string().into_bytes().into(),
                (_, Value::String(text)) => text.as_str().into(),
                _ => return None,
            }),
        }
        Some(())
    }
}
