//! A Markdown table into records: one object a row, or one a group of rows that
//! belong to one forum post.

use serde_json::{Map, Value};

/// The key under which a record of several rows has them.
pub(in crate::ingest) const ROWS: &str = "@rows";

/// Whether a text begins with a table: a row of names and a row of dashes.
pub(in crate::ingest) fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (Some(head), Some(rule)) = (lines.next(), lines.next()) else {
        return false;
    };
    head.trim_start().starts_with('|') && is_rule(rule) && cells(head).len() > 1
}

fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// The rows of a table, adjoining ones of the same post in one record. Text
/// outside the table is left alone; a line that is no row goes on with the last
/// cell of the row before it.
pub(in crate::ingest) fn records(text: &str) -> Vec<Value> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<String> = cells(lines.next().unwrap_or_default());
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines.skip(1) {
        let cells = cells(line);
        match rows.last_mut() {
            Some(before)
                if !line.trim_start().starts_with('|') || cells.len() * 2 < names.len() =>
            {
                if let Some(last) = before.last_mut() {
                    last.push('\n');
                    last.push_str(&cells.join(" | "));
                }
            }
            _ => rows.push(cells),
        }
    }
    let mut groups: Vec<(Option<String>, Vec<Value>)> = Vec::new();
    for row in rows {
        let row = object(&names, row);
        let post = post_of(&row);
        match groups.last_mut() {
            Some((known, rows)) if post.is_some() && *known == post => rows.push(row),
            _ => groups.push((post, vec![row])),
        }
    }
    let grouped = groups.into_iter().map(|(_, mut rows)| match rows.len() {
        1 => rows.remove(0),
        _ => {
            let mut record = Map::new();
            record.insert(ROWS.to_owned(), Value::Array(rows));
            Value::Object(record)
        }
    });
    grouped.collect()
}

fn post_of(row: &Value) -> Option<String> {
    let cell = |name: &str| row.get(name)?.as_str().filter(|cell| !cell.is_empty());
    cell("Post Link")
        .or_else(|| cell("Post ID"))
        .map(str::to_owned)
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = match line.strip_suffix('|') {
        Some(inside) if !inside.ends_with('\\') => inside,
        _ => line,
    };
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if !escaped => cells.push(String::new()),
            c => {
                let cell = cells.last_mut().expect("it never gets empty");
                if c == '|' {
                    cell.pop();
                }
                cell.push(c);
            }
        }
        escaped = c == '\\' && !escaped;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Cells by name. A row with too many has a bare `|` in a cell of running words:
/// the one before the last, as the last mostly is a link.
fn object(names: &[String], mut row: Vec<String>) -> Value {
    if let Some(surplus) = row.len().checked_sub(names.len()).filter(|n| *n > 0)
        && names.len() >= 2
    {
        let at = names.len() - 2;
        let joined = row[at..=at + surplus].join(" | ");
        row.splice(at..=at + surplus, [joined]);
    }
    let named = names
        .iter()
        .zip(row)
        .filter(|(name, cell)| !name.is_empty() && !cell.is_empty());
    Value::Object(
        named
            .map(|(name, cell)| (name.clone(), cell.into()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_objects_and_those_of_one_post_one_record() {
        let text = "|   | Post Link | Job Title | Rules | Apply |\n|---|-----|:---|---|---|\n\
            | 0 | [a](item?id=1) | Cook   |       | x.example |\n\
            | 1 | [a](item?id=1) | Baker  | Rome | or Bari | x.example |\n\
            | 2 | [b](item?id=2) | C\\|C   | | write to us\nat y.example |\n";
        assert!(is_table(text));
        assert_eq!(
            records(text),
            [
                json!({"@rows": [
                    {"Post Link": "[a](item?id=1)", "Job Title": "Cook", "Apply": "x.example"},
                    {"Post Link": "[a](item?id=1)", "Job Title": "Baker", "Rules": "Rome | or Bari", "Apply": "x.example"}]}),
                json!({"Post Link": "[b](item?id=2)", "Job Title": "C|C", "Apply": "write to us\nat y.example"}),
            ]
        );
    }

    #[test]
    fn a_text_is_no_table() {
        for text in [
            "# Title\n\n| a | b |\n|---|---|",
            "| a |\n|---|\n| 1 |",
            "a | b\n--|--",
            "",
        ] {
            assert!(!is_table(text), "{text}");
        }
    }
}
