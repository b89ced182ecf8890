//! Bars with the intervals of their shares, ranges of pay, parts of a whole, and
//! a matrix as a table.

use std::fmt::Write as _;

use super::{escape, thousands};
use crate::report::{Mix, PayQuantiles, Point, Together};

const WIDTH: f64 = 880.0;
const ROW: f64 = 26.0;
const LABELS: f64 = 210.0;
const FIGURES: f64 = 130.0;

fn opened(height: f64, label: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">",
        escape(label)
    )
}

fn row_label(out: &mut String, label: &str, y: f64) {
    let shown: String = match label.chars().count() > 30 {
        true => label.chars().take(29).chain(['…']).collect(),
        false => label.to_owned(),
    };
    let _ = write!(
        out,
        "<text text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        LABELS - 8.0,
        y + 4.5,
        escape(&shown)
    );
}

/// Shares as bars, each with its interval as a whisker and its figure; `most` is
/// the share at the right end.
pub(super) fn bars(label: &str, rows: &[(String, Point)], most: f64) -> String {
    let scale = (WIDTH - LABELS - FIGURES) / most;
    let mut out = opened(rows.len() as f64 * ROW + 6.0, label);
    for (at, (name, point)) in rows.iter().enumerate() {
        let y = at as f64 * ROW + ROW / 2.0 + 2.0;
        row_label(&mut out, name, y);
        let (share, low, high) = (point.share.share, point.share.low, point.share.high);
        let x = |share: f64| LABELS + share * scale;
        let _ = write!(
            out,
            "<rect class=\"f1\" opacity=\".75\" x=\"{LABELS}\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\"/>\
             <line class=\"axis\" x1=\"{2:.1}\" x2=\"{3:.1}\" y1=\"{4:.1}\" y2=\"{4:.1}\"/>\
             <line class=\"axis\" x1=\"{2:.1}\" x2=\"{2:.1}\" y1=\"{5:.1}\" y2=\"{6:.1}\"/>\
             <line class=\"axis\" x1=\"{3:.1}\" x2=\"{3:.1}\" y1=\"{5:.1}\" y2=\"{6:.1}\"/>\
             <text class=\"end\" x=\"{7:.1}\" y=\"{8:.1}\">{9:.1} %<tspan class=\"faint\" font-weight=\"400\"> {10}</tspan></text>",
            y - 7.0,
            share * scale,
            x(low),
            x(high),
            y,
            y - 4.0,
            y + 4.0,
            x(high) + 8.0,
            y + 4.5,
            share * 100.0,
            thousands(point.n as f64),
        );
    }
    out.push_str("</svg>");
    out
}

/// Ranges of pay: a line from p10 to p90, a bar over the middle half, a mark at the median.
pub(super) fn ranges(label: &str, rows: &[(String, &PayQuantiles)]) -> String {
    let most = rows
        .iter()
        .map(|(_, pay)| pay.quantiles[4])
        .fold(1.0, f64::max);
    let scale = (WIDTH - LABELS - FIGURES) / most;
    let x = |amount: f64| LABELS + amount * scale;
    let foot = 24.0;
    let height = rows.len() as f64 * ROW + foot;
    let mut out = opened(height, label);
    let step = nice_step(most);
    let mut amount = 0.0;
    while amount <= most {
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"0\" y2=\"{1:.1}\"/>\
             <text class=\"faint\" text-anchor=\"middle\" x=\"{0:.1}\" y=\"{2:.1}\">{3}k</text>",
            x(amount),
            height - foot + 2.0,
            height - 6.0,
            thousands(amount / 1000.0)
        );
        amount += step;
    }
    for (at, (name, pay)) in rows.iter().enumerate() {
        let y = at as f64 * ROW + ROW / 2.0;
        row_label(&mut out, name, y);
        let [p10, p25, p50, p75, p90] = pay.quantiles;
        let _ = write!(
            out,
            "<line class=\"s1\" stroke-width=\"1.5\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <rect class=\"f1\" opacity=\".45\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\"/>",
            x(p10),
            x(p90),
            x(p25),
            y - 6.0,
            (p75 - p25) * scale,
        );
        let _ = write!(
            out,
            "<line class=\"axis\" style=\"stroke-width:3\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\"/>\
             <text x=\"{3:.1}\" y=\"{4:.1}\"><tspan class=\"end\">{5}</tspan><tspan class=\"faint\"> n={6}</tspan></text>",
            x(p50),
            y - 8.0,
            y + 8.0,
            x(p90) + 8.0,
            y + 4.5,
            thousands(p50),
            pay.n,
        );
    }
    out.push_str("</svg>");
    out
}

fn nice_step(most: f64) -> f64 {
    let power = 10f64.powf(most.log10().floor());
    [0.2, 0.5, 1.0, 2.0]
        .into_iter()
        .map(|part| part * power)
        .find(|step| most / step <= 7.0)
        .unwrap_or(power * 2.0)
}

/// Parts of a whole, one row a language, in per cent: the darker, the more.
pub(super) fn mix(caption: &str, mix: &Mix) -> String {
    let mut out = format!(
        "<div class=\"wide\"><table class=\"heat\"><caption>{}</caption>\n<thead><tr><th></th><th scope=\"col\">n</th>",
        escape(caption)
    );
    for part in &mix.parts {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(part));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (name, total, parts) in &mix.rows {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td>",
            escape(name),
            thousands(*total as f64)
        );
        for point in parts {
            let share = point.share.share;
            let _ = write!(
                out,
                "<td style=\"background:rgba(var(--heat),{:.2})\">{}</td>",
                share * 0.6,
                match share {
                    share if share <= 0.0 => "·".to_owned(),
                    share if share < 0.005 => "<1".to_owned(),
                    share => format!("{:.0}", share * 100.0),
                }
                .replace('<', "&lt;")
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// Which technologies are named together: of those that name the row, how many
/// in a hundred name the column.
pub(super) fn matrix(together: &Together) -> String {
    let mut out = String::from("<div class=\"wide\"><table class=\"heat\"><thead><tr><th></th>");
    for (name, _) in &together.skills {
        let _ = write!(out, "<th scope=\"col\"><span>{}</span></th>", escape(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    let most = together
        .shares
        .iter()
        .flatten()
        .flatten()
        .fold(0.01f64, |most, share| most.max(*share));
    for ((name, n), shares) in together.skills.iter().zip(&together.shares) {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{} <span class=\"note\">{}</span></th>",
            escape(name),
            thousands(*n as f64)
        );
        for share in shares {
            let _ = match share {
                Some(share) => write!(
                    out,
                    "<td style=\"background:rgba(var(--heat),{:.2})\">{:.0}</td>",
                    share / most * 0.6,
                    share * 100.0
                ),
                None => write!(out, "<td>·</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}
