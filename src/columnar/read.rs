//! Columns into records: some rows of every column at a time, put together by
//! their levels. Nothing that a file may hold ends in a panic; what cannot be
//! put together is an error.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp, civil};
use parquet::column::reader::ColumnReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Map, Number, Value};

use super::{Field, Kind, Shape};

/// A file, record by record.
pub(crate) struct Records {
    file: Box<dyn FileReader>,
    fields: Vec<Field>,
    /// Rows of the file that were not yet handed out, by groups.
    next_group: usize,
    columns: Vec<Column>,
    /// Rows of the group under way that were not yet read.
    left: usize,
    /// And how many to read at a time.
    batch: usize,
}

/// The values of a row that are read at a time are about so many bytes.
const BATCH_BYTES: u64 = 1 << 20;

impl Records {
    /// Of a file on disk.
    pub(crate) fn of_file(file: File) -> Result<Records> {
        guarded(|| Records::new(Box::new(SerializedFileReader::new(file)?)))
    }

    /// Of a file in memory.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Result<Records> {
        guarded(|| Records::new(Box::new(SerializedFileReader::new(Bytes::from(bytes))?)))
    }

    fn new(file: Box<dyn FileReader>) -> Result<Records> {
        let fields = Field::all(file.metadata().file_metadata().schema());
        Ok(Records {
            file,
            fields,
            next_group: 0,
            columns: Vec::new(),
            left: 0,
            batch: 0,
        })
    }

    /// The names of its fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The next records: objects without what is null. `None` after the last.
    ///
    /// # Errors
    /// What the file says cannot be; there is nothing to be read behind that.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<Value>>> {
        let records = guarded(|| self.read_batch());
        if records.is_err() {
            self.next_group = self.file.num_row_groups();
            self.left = 0;
        }
        records
    }

    fn read_batch(&mut self) -> Result<Option<Vec<Value>>> {
        while self.left == 0 {
            if self.next_group == self.file.num_row_groups() {
                return Ok(None);
            }
            self.open_group()?;
        }
        let n = self.left.min(self.batch);
        for column in &mut self.columns {
            column.read(n)?;
        }
        self.left -= n;
        let mut records = Vec::with_capacity(n);
        for _row in 0..n {
            let mut record = Map::new();
            for field in &self.fields {
                let value = assemble(&mut self.columns, field, 0, 0)?;
                if !value.is_null() {
                    record.insert(field.name.clone(), value);
                }
            }
            records.push(Value::Object(record));
        }
        match self.columns.iter().all(Column::is_done) {
            true => Ok(Some(records)),
            false => Err(damaged("columns of unequal length")),
        }
    }

    fn open_group(&mut self) -> Result<()> {
        let group = self.file.get_row_group(self.next_group)?;
        self.next_group += 1;
        let about = group.metadata();
        let rows = usize::try_from(about.num_rows()).map_err(|_| damaged("a number of rows"))?;
        if rows > 0 && about.num_columns() == 0 {
            return Err(damaged("rows without columns"));
        }
        let bytes = u64::try_from(about.total_byte_size()).unwrap_or(u64::MAX);
        let a_row = (bytes / (rows as u64).max(1)).max(1);
        self.batch = (BATCH_BYTES / a_row).clamp(1, 4096) as usize;
        self.left = rows;
        self.columns.clear();
        for (no, about) in about.columns().iter().enumerate() {
            let about = about.column_descr();
            self.columns.push(Column {
                reader: group.get_column_reader(no)?,
                max_def: about.max_def_level(),
                max_rep: about.max_rep_level(),
                def: Vec::new(),
                rep: Vec::new(),
                values: Vec::new(),
                n_levels: 0,
                at: 0,
                value_at: 0,
            });
        }
        Ok(())
    }
}

/// Does `work` with what the file says; the crate panics on some of what a
/// damaged one may say, which is an error like any other.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("offsets or sizes")))
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(format!("{what} that cannot be"))
}

/// Some rows of one column.
struct Column {
    reader: ColumnReader,
    max_def: i16,
    max_rep: i16,
    def: Vec<i16>,
    rep: Vec<i16>,
    /// Those that are not null.
    values: Vec<Cell>,
    n_levels: usize,
    at: usize,
    value_at: usize,
}

/// One value as the file holds it.
#[derive(Debug, Clone)]
enum Cell {
    Bool(bool),
    Whole(i64),
    Real(f64),
    /// Microseconds since 1970.
    Micros(i64),
    Bytes(Vec<u8>),
}

impl Column {
    fn read(&mut self, n: usize) -> Result<()> {
        let Column {
            reader,
            def,
            rep,
            values,
            ..
        } = self;
        def.clear();
        rep.clear();
        values.clear();
        macro_rules! read {
            ($reader:expr, $cell:expr) => {{
                let mut found = Vec::new();
                let mut rows = 0;
                let mut levels = 0;
                while rows < n {
                    let (more, _, n_levels) = $reader.read_records(
                        n - rows,
                        Some(&mut *def),
                        Some(&mut *rep),
                        &mut found,
                    )?;
                    if more == 0 {
                        return Err(damaged("a number of rows"));
                    }
                    rows += more;
                    levels += n_levels;
                }
                values.extend(found.into_iter().map($cell));
                levels
            }};
        }
        use ColumnReader::*;
        let n_levels = match reader {
            BoolColumnReader(reader) => read!(reader, Cell::Bool),
            Int32ColumnReader(reader) => read!(reader, |n| Cell::Whole(i64::from(n))),
            Int64ColumnReader(reader) => read!(reader, Cell::Whole),
            Int96ColumnReader(reader) => read!(reader, |at| Cell::Micros(at.to_micros())),
            FloatColumnReader(reader) => read!(reader, |n| Cell::Real(shortest(n))),
            DoubleColumnReader(reader) => read!(reader, Cell::Real),
            ByteArrayColumnReader(reader) => {
                read!(reader, |bytes| Cell::Bytes(bytes.data().to_vec()))
            }
            FixedLenByteArrayColumnReader(reader) => {
                read!(reader, |bytes| Cell::Bytes(bytes.data().to_vec()))
            }
        };
        self.n_levels = n_levels;
        (self.at, self.value_at) = (0, 0);
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.at == self.n_levels
    }

    /// The levels of the next value; none at the end.
    fn peek(&self) -> Option<(i16, i16)> {
        if self.at >= self.n_levels {
            return None;
        }
        let level = |max: i16, levels: &[i16]| match max {
            0 => Some(0),
            _ => levels.get(self.at).copied(),
        };
        Some((
            level(self.max_def, &self.def)?,
            level(self.max_rep, &self.rep)?,
        ))
    }

    /// Takes the next value; none if it is null.
    fn take(&mut self) -> Result<Option<&Cell>> {
        let (def, _) = self.peek().ok_or_else(|| damaged("levels"))?;
        self.at += 1;
        if def < self.max_def {
            return Ok(None);
        }
        self.value_at += 1;
        let value = self.values.get(self.value_at - 1);
        value.map(Some).ok_or_else(|| damaged("levels"))
    }
}

/// A 32-bit number as a person writes it: 0.1 stays 0.1.
fn shortest(n: f32) -> f64 {
    n.to_string().parse().unwrap_or(f64::from(n))
}

/// Puts the next value of a field together; `def` and `rep` are the levels of
/// what it stands in.
fn assemble(columns: &mut [Column], field: &Field, def: i16, rep: i16) -> Result<Value> {
    let def = def + i16::from(field.optional);
    let Some(first) = field.first_column() else {
        return Ok(Value::Null);
    };
    let levels = |columns: &[Column]| {
        let column = columns.get(first).ok_or_else(|| damaged("columns"))?;
        column.peek().ok_or_else(|| damaged("levels"))
    };
    if let Shape::Leaf(column, kind) = &field.shape {
        let column = columns.get_mut(*column);
        let column = column.ok_or_else(|| damaged("columns"))?;
        return Ok(match column.take()? {
            Some(cell) => value(cell, *kind),
            None => Value::Null,
        });
    }
    let skip = |columns: &mut [Column]| -> Result<()> {
        let mut all = Vec::new();
        field.columns(&mut all);
        for column in all {
            let column = columns.get_mut(column);
            column.ok_or_else(|| damaged("columns"))?.take()?;
        }
        Ok(())
    };
    if levels(columns)?.0 < def {
        skip(columns)?;
        return Ok(Value::Null);
    }
    match &field.shape {
        Shape::Leaf(..) => Ok(Value::Null),
        Shape::Group(fields) => {
            let mut object = Map::new();
            for field in fields {
                let value = assemble(columns, field, def, rep)?;
                if !value.is_null() {
                    object.insert(field.name.clone(), value);
                }
            }
            Ok(Value::Object(object))
        }
        Shape::List(element) | Shape::Map(element) => {
            let mut items = Vec::new();
            if levels(columns)?.0 <= def {
                skip(columns)?;
            } else {
                loop {
                    items.push(assemble(columns, element, def + 1, rep + 1)?);
                    let column = columns.get(first).ok_or_else(|| damaged("columns"))?;
                    if column.peek().is_none_or(|(_, again)| again != rep + 1) {
                        break;
                    }
                }
            }
            Ok(match &field.shape {
                Shape::Map(_) => Value::Object(items.into_iter().filter_map(entry).collect()),
                _ => Value::Array(items),
            })
        }
    }
}

/// A key with its value.
fn entry(item: Value) -> Option<(String, Value)> {
    let Value::Object(fields) = item else {
        return None;
    };
    let mut values = fields.into_iter().map(|(_, value)| value);
    let key = match values.next()? {
        Value::String(key) => key,
        key => key.to_string(),
    };
    Some((key, values.next().unwrap_or_default()))
}

/// A value in JSON; null for what JSON does not have.
fn value(cell: &Cell, kind: Kind) -> Value {
    match (cell, kind) {
        (Cell::Bool(is), _) => Value::Bool(*is),
        (Cell::Whole(n), Kind::Day) => day(*n),
        (Cell::Whole(n), Kind::Moment(a_second)) => moment(*n, a_second),
        (Cell::Whole(n), Kind::Time(a_second)) => time(*n, a_second),
        (Cell::Whole(n), Kind::Decimal(scale)) => decimal(i128::from(*n), scale),
        // 32 bits were widened with their sign.
        (Cell::Whole(n), Kind::Unsigned) if (i64::from(i32::MIN)..0).contains(n) => {
            Value::from(*n as u32)
        }
        (Cell::Whole(n), Kind::Unsigned) => Value::from(*n as u64),
        (Cell::Whole(n), _) => Value::from(*n),
        (Cell::Micros(n), _) => moment(*n, 1_000_000),
        (Cell::Real(n), _) => Number::from_f64(*n).map_or(Value::Null, Value::Number),
        (Cell::Bytes(bytes), Kind::Decimal(scale)) => {
            big_endian(bytes).map_or(Value::Null, |n| decimal(n, scale))
        }
        (Cell::Bytes(bytes), kind) => match std::str::from_utf8(bytes) {
            Ok(text) if kind == Kind::Json => {
                serde_json::from_str(text).unwrap_or_else(|_| text.into())
            }
            Ok(text) => text.into(),
            // Text in another encoding is what the readers of text guess it to be.
            Err(_) if kind == Kind::Plain && !bytes.contains(&0) => encoding_rs::WINDOWS_1252
                .decode(bytes)
                .0
                .into_owned()
                .into(),
            Err(_) => Value::Null,
        },
    }
}

fn day(days: i64) -> Value {
    let at = days.checked_mul(86_400);
    let at = at.and_then(|second| Timestamp::from_second(second).ok());
    at.map_or(Value::Null, |at| {
        at.to_zoned(jiff::tz::TimeZone::UTC)
            .date()
            .to_string()
            .into()
    })
}

fn moment(n: i64, a_second: i64) -> Value {
    let nanos = i128::from(n) * i128::from(1_000_000_000 / a_second);
    let at = Timestamp::from_nanosecond(nanos).ok();
    at.map_or(Value::Null, |at| at.to_string().into())
}

fn time(n: i64, a_second: i64) -> Value {
    let nanos = n.checked_mul(1_000_000_000 / a_second);
    let since = nanos.map(SignedDuration::from_nanos);
    let at = since.and_then(|since| civil::Time::midnight().checked_add(since).ok());
    at.map_or(Value::Null, |at| at.to_string().into())
}

fn big_endian(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let fill = if first & 0x80 == 0 { 0 } else { 0xff };
    let extra = bytes.len().saturating_sub(16);
    if bytes[..extra].iter().any(|byte| *byte != fill) {
        return None;
    }
    let mut whole = [fill; 16];
    let kept = &bytes[extra..];
    whole[16 - kept.len()..].copy_from_slice(kept);
    Some(i128::from_be_bytes(whole))
}

fn decimal(n: i128, scale: i32) -> Value {
    let whole = i64::try_from(n).ok().filter(|_| scale == 0);
    if let Some(whole) = whole {
        return whole.into();
    }
    let real = format!("{n}e-{}", scale.max(0)).parse().ok();
    real.and_then(Number::from_f64)
        .map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::data_type::{
        ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
        Int32Type, Int64Type, Int96, Int96Type,
    };
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::columnar::Rows;

    /// The only value of a column, written by the library itself.
    fn read_one<T: DataType>(column: &str, value: T::T) -> Value {
        let schema = Arc::new(parse_message_type(&format!("message m {{ {column}; }}")).unwrap());
        let mut out = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let optional = Some(&[1i16][..]);
        column
            .typed::<T>()
            .write_batch(&[value], optional, None)
            .unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        let mut records = Records::of_bytes(out).unwrap();
        let mut rows = records.next().unwrap().unwrap();
        assert!(records.next().unwrap().is_none());
        rows.remove(0)["c"].take()
    }

    #[test]
    fn what_numbers_stand_for_is_read() {
        let day = |n| read_one::<Int32Type>("optional int32 c (DATE)", n);
        assert_eq!(day(20_513), "2026-03-01");
        assert_eq!(day(i32::MAX), Value::Null);
        for (unit, n) in [
            ("MILLIS", 1_772_323_200_000),
            ("MICROS", 1_772_323_200_000_000),
            ("NANOS", 1_772_323_200_000_000_000),
        ] {
            let column = format!("optional int64 c (TIMESTAMP({unit},true))");
            assert_eq!(read_one::<Int64Type>(&column, n), "2026-03-01T00:00:00Z");
        }
        let least = read_one::<Int64Type>("optional int64 c (TIMESTAMP(MILLIS,true))", i64::MIN);
        assert_eq!(least, Value::Null);
        let mut old = Int96::new();
        old.set_data(0, 0, 2_461_101);
        assert_eq!(
            read_one::<Int96Type>("optional int96 c", old),
            "2026-03-01T00:00:00Z"
        );
        let sum = read_one::<Int64Type>("optional int64 c (DECIMAL(12,2))", 10_500_050);
        assert_eq!(sum, json!(105000.5));
        let bytes = FixedLenByteArray::from(vec![0xff, 0x85]);
        let less = read_one::<FixedLenByteArrayType>(
            "optional fixed_len_byte_array(2) c (DECIMAL(4,0))",
            bytes,
        );
        assert_eq!(less, json!(-123));
        assert_eq!(read_one::<FloatType>("optional float c", 0.1), json!(0.1));
        assert_eq!(
            read_one::<Int32Type>("optional int32 c (INTEGER(32,false))", -1),
            json!(u32::MAX)
        );
    }

    #[test]
    fn bytes_are_text_if_they_can_be() {
        let text = |column: &str, bytes: &[u8]| {
            read_one::<ByteArrayType>(column, ByteArray::from(bytes.to_vec()))
        };
        assert_eq!(text("optional binary c", b"Caf\xe9"), "Café");
        assert_eq!(text("optional binary c", &[0, 0xff]), Value::Null);
        assert_eq!(
            text("optional binary c (JSON)", b"{\"a\":[1]}"),
            json!({"a": [1]})
        );
        assert_eq!(
            text("optional binary c (STRING)", "日本".as_bytes()),
            "日本"
        );
    }

    #[test]
    fn lists_of_older_writers_and_maps_are_read() {
        let read = |schema: &str, record: Value| {
            let mut out = Vec::new();
            let mut rows = Rows::new(schema).unwrap();
            rows.push(&record, &mut out).unwrap();
            rows.finish(&mut out).unwrap();
            let mut records = Records::of_bytes(out).unwrap();
            records.next().unwrap().unwrap().remove(0)
        };
        let record = json!({"tags": ["a", "b"]});
        for schema in [
            "message m { repeated binary tags (STRING); }",
            "message m { optional group tags (LIST) { repeated binary array (STRING); } }",
            "message m { optional group tags (LIST) { repeated group bag { optional binary array_element (STRING); } } }",
        ] {
            assert_eq!(read(schema, record.clone()), record, "{schema}");
        }
        let schema = "message m { optional group pay (MAP) { repeated group key_value { required binary key (STRING); optional double value; } } }";
        assert_eq!(
            read(
                schema,
                json!({"pay": [{"key": "EUR", "value": 5.5}, {"key": "PLN"}]})
            ),
            json!({"pay": {"EUR": 5.5, "PLN": null}})
        );
    }

    #[test]
    fn what_the_schema_does_not_have_is_an_error() {
        let schema = "message m { optional group a { required int64 n; } }";
        let mut out = Vec::new();
        for (record, field) in [
            (json!({"b": 1}), "b"),
            (json!({"a": {"n": 1, "m": 2}}), "a.m"),
            (json!({"a": {}}), "a.n"),
            (json!({"a": {"n": "x"}}), "a.n"),
            (json!({"a": 3}), "a"),
        ] {
            let error = Rows::new(schema).unwrap().push(&record, &mut out);
            let error = error.unwrap_err().to_string();
            assert!(error.contains(&format!("`{field}`")), "{error}");
        }
    }

    /// Any value of a schema with lists in lists.
    const NESTED: &str = "message m {
        optional binary s (STRING);
        optional group l (LIST) { repeated group list { optional group element {
            optional group m (LIST) { repeated group list { optional int64 element; } }
            optional boolean b;
        } } }
        optional group g { optional double d; optional group l (LIST) { repeated group list { required binary element (STRING); } } }
    }";

    fn record() -> impl Strategy<Value = Value> {
        let maybe = |of: BoxedStrategy<Value>| prop_oneof![Just(Value::Null), of].boxed();
        let number = (-9i64..9).prop_map(Value::from).boxed();
        let numbers = prop::collection::vec(maybe(number), 0..3).prop_map(Value::from);
        let is = any::<bool>().prop_map(Value::from).boxed();
        let element =
            (maybe(numbers.boxed()), maybe(is)).prop_map(|(m, b)| json!({"m": m, "b": b}));
        let list = prop::collection::vec(maybe(element.boxed()), 0..4).prop_map(Value::from);
        let words = prop::collection::vec("[a-c]{0,2}", 0..3).prop_map(Value::from);
        let real = (0..9u8)
            .prop_map(|n| Value::from(f64::from(n) / 2.0))
            .boxed();
        let group = (maybe(real), maybe(words.boxed())).prop_map(|(d, l)| json!({"d": d, "l": l}));
        let text = "[a-z]{0,3}".prop_map(Value::from).boxed();
        (maybe(text), maybe(list.boxed()), maybe(group.boxed()))
            .prop_map(|(s, l, g)| json!({"s": s, "l": l, "g": g}))
    }

    /// Without the keys whose value is null.
    fn bare(value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().filter(|(_, value)| !value.is_null());
                Value::Object(
                    fields
                        .map(|(name, value)| (name.clone(), bare(value)))
                        .collect(),
                )
            }
            Value::Array(items) => items.iter().map(bare).collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn records_come_back_as_they_were(records in prop::collection::vec(record(), 1..20)) {
            let mut out = Vec::new();
            let mut rows = Rows::new(NESTED).unwrap();
            for record in &records {
                rows.push(record, &mut out).unwrap();
            }
            rows.finish(&mut out).unwrap();
            let mut back = Vec::new();
            let mut file = Records::of_bytes(out).unwrap();
            while let Some(more) = file.next().unwrap() {
                back.extend(more);
            }
            let expected: Vec<Value> = records.iter().map(bare).collect();
            prop_assert_eq!(back, expected);
        }
    }
}
