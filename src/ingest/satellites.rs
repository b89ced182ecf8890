//! Tables that lie beside a table of postings and say more of them by number:
//! what an employer is called, what is paid. They are no corpora themselves.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::container::decompressed;
use super::mapping::folded;
use super::record::utf8;
use crate::fields::salary;
use crate::posting::{PayBasis, Posting, Salary};

/// A table of more rows or bytes is refused, so that its memory is bounded; the
/// published ones have 2 % of that.
const MAX_ROWS: usize = 2_000_000;
const MAX_BYTES: u64 = super::MAX_DOCUMENT_BYTES;

/// Folders in which the tables stand, seen from that of the postings; the second
/// names are those of an older edition.
const FOLDERS: &[&str] = &["", "companies", "company_details", "jobs", "job_details"];

/// The columns that tables beside `postings.csv` are known by, and whether
/// anything of them is read.
const KNOWN: &[(&[&str], bool)] = &[
    (&["job_id", "min_salary", "max_salary", "pay_period"], true),
    (&["company_id", "name", "company_size"], true),
    (&["job_id", "skill_abr"], false),
    (&["job_id", "industry_id"], false),
    (&["job_id", "inferred", "type"], false),
    (&["company_id", "employee_count"], false),
    (&["company_id", "industry"], false),
    (&["company_id", "speciality"], false),
    (&["skill_abr", "skill_name"], false),
    (&["industry_id", "industry_name"], false),
];

/// What is known of postings from the tables beside theirs.
#[derive(Debug, Default)]
pub(super) struct Satellites {
    companies: HashMap<u64, Box<str>>,
    pay: HashMap<u64, Salary>,
}

/// What to say of a table that only says more of postings; `None` if it is none.
pub(super) fn belongs(header: &[String]) -> Option<&'static str> {
    let has = |column: &&str| header.iter().any(|name| folded(name) == folded(column));
    let (_, is_read) = KNOWN
        .iter()
        .find(|(columns, _)| columns.iter().all(has) && !has(&"title"))?;
    Some(match is_read {
        true => {
            "a table that belongs to `postings.csv`, whose reader looks into it for what a posting lacks"
        }
        false => {
            "a table that belongs to `postings.csv` and holds no postings; nothing of it is read"
        }
    })
}

impl Satellites {
    /// Those beside a file of postings; empty where there are none, and for
    /// standard input. One that cannot be read whole is an error that names it.
    pub(super) fn beside(file: &str) -> Result<Satellites, String> {
        let mut found = Satellites::default();
        let Some(folder) = Path::new(file).parent().filter(|_| file != "-") else {
            return Ok(found);
        };
        rows(
            folder,
            "companies.csv",
            ["company_id", "name"],
            |[id, name]| {
                if let (Some(id), false) = (number(id), name.trim().is_empty()) {
                    found.companies.insert(id, name.trim().into());
                }
            },
        )?;
        let columns = [
            "job_id",
            "min_salary",
            "med_salary",
            "max_salary",
            "pay_period",
            "currency",
        ];
        rows(
            folder,
            "salaries.csv",
            columns,
            |[id, min, median, max, period, currency]| {
                // A median alone is both ends.
                let amount = |text: &str| {
                    text.trim()
                        .parse()
                        .ok()
                        .filter(|amount: &f64| *amount > 0.0)
                };
                let (min, max) = (
                    amount(min).or(amount(median)),
                    amount(max).or(amount(median)),
                );
                if let (Some(id), true) = (number(id), min.is_some() || max.is_some()) {
                    let currency = Some(currency.trim().to_ascii_uppercase());
                    let mut pay = Salary {
                        min,
                        max,
                        currency: currency.filter(|code| salary::is_currency(code)),
                        period: salary::period(period),
                        raw: None,
                        basis: PayBasis::Stated,
                        doubtful: false,
                    };
                    salary::put_right(&mut pay, period.trim().is_empty());
                    found.pay.insert(id, pay);
                }
            },
        )?;
        Ok(found)
    }

    /// Fills in what a posting lacks; what it says itself stands.
    pub(super) fn fill(&self, posting: &mut Posting) {
        if posting.company.is_none() {
            let id = posting.extra.get("company_id").and_then(Value::as_str);
            let company = id.and_then(number).and_then(|id| self.companies.get(&id));
            posting.company = company.map(|name| name.to_string());
        }
        if posting.salary.is_none() {
            let id = posting.native_id.as_deref().and_then(number);
            posting.salary = id.and_then(|id| self.pay.get(&id)).cloned();
        }
    }
}

/// A number of a posting or a company, which a spreadsheet may have made `7.0`.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

/// Hands on these columns of every row of a table in one of the [`FOLDERS`],
/// packed or not; a column that is not there is empty.
fn rows<const N: usize>(
    folder: &Path,
    name: &str,
    columns: [&str; N],
    take: impl FnMut([&str; N]),
) -> Result<(), String> {
    let mut places = FOLDERS.iter().flat_map(|inner| {
        let path = folder.join(inner).join(name);
        [path.with_extension("csv.gz"), path]
    });
    let Some(path) = places.find(|path| path.is_file()) else {
        return Ok(());
    };
    read(&path, columns, take).map_err(|why| {
        let path = path.display();
        format!("{path} lies beside it and cannot be read: {why}; without that table it is read as it is")
    })
}

fn read<const N: usize>(
    path: &Path,
    columns: [&str; N],
    mut take: impl FnMut([&str; N]),
) -> Result<(), String> {
    let text = File::open(path)
        .and_then(decompressed)
        .map_err(|error| error.to_string())?;
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.take(MAX_BYTES + 1));
    let header = table.byte_headers().map_err(|error| error.to_string())?;
    let header: Vec<String> = header.iter().map(|cell| folded(&utf8(cell))).collect();
    let at = columns.map(|column| header.iter().position(|name| *name == folded(column)));
    let mut row = csv::ByteRecord::new();
    let mut n_rows = 0;
    while table
        .read_byte_record(&mut row)
        .map_err(|error| error.to_string())?
    {
        n_rows += 1;
        if n_rows > MAX_ROWS || table.position().byte() > MAX_BYTES {
            return Err(format!(
                "more than {MAX_ROWS} rows or {} MiB",
                MAX_BYTES >> 20
            ));
        }
        let cells = at.map(|at| utf8(at.and_then(|at| row.get(at)).unwrap_or_default()));
        take(cells.each_ref().map(|cell| &**cell));
    }
    Ok(())
}
