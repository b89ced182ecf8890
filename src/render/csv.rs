//! Tables with commas or tabs.

use crate::report::Trend;

/// A trend: one row a value and period.
pub fn trends(trend: &Trend, delimiter: u8) -> String {
    let mut rows = vec![
        [
            "value", "label", "start", "end", "partial", "n", "total", "share", "low", "high",
        ]
        .map(str::to_owned),
    ];
    for series in &trend.series {
        for (period, point) in trend.periods.iter().zip(&series.points) {
            let share = |share: f64| format!("{share:.5}");
            rows.push([
                safe(&series.value),
                safe(&series.label),
                period.start.to_string(),
                period.end.to_string(),
                period.is_partial.to_string(),
                point.n.to_string(),
                point.total.to_string(),
                share(point.share.share),
                share(point.share.low),
                share(point.share.high),
            ]);
        }
    }
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    for row in &rows {
        // Writing into memory cannot fail, and all rows are of one length.
        let _ = writer.write_record(row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula.
fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("C++"), "C++");
    }
}
