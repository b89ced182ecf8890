//! One page that needs no network and no script: charts as drawings, a table
//! under each, light and dark, fit for paper and for a phone.

mod charts;
mod lines;
mod sections;

use std::fmt::Write as _;

use super::json::Provenance;
use crate::report::{Card, FullReport};

pub use lines::trend_svg;

const STYLE: &str = include_str!("html/style.css");

/// The page.
pub fn report(report: &FullReport, provenance: &Provenance) -> String {
    let mut out = String::with_capacity(256 << 10);
    let title = match report.request.filter.roles.as_slice() {
        [] => "What job postings ask for".to_owned(),
        roles => format!("What job postings ask for: {}", roles.join(" or ")),
    };
    let title = escape(&title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"jobsift {}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        env!("CARGO_PKG_VERSION")
    );
    let _ = write!(
        out,
        "<header><h1>{title}</h1>\n{}{}</header>\n",
        standing(&report.winners.card),
        sections::card(&report.winners.card)
    );
    for (id, heading, body) in [
        (
            "languages",
            "Languages over time",
            sections::languages(report),
        ),
        (
            "winners",
            "Winners, and who is hiring",
            sections::winners(report),
        ),
        (
            "anatomy",
            "What is in the description",
            sections::anatomy(report),
        ),
        ("pay", "Pay", sections::pay(report)),
        (
            "together",
            "What is asked for together",
            sections::together(report),
        ),
        ("changes", "Rising and fading", sections::changes(report)),
        ("mix", "Who is sought, and where", sections::mixes(report)),
        (
            "coverage",
            "What this stands on",
            sections::coverage(report, provenance),
        ),
    ] {
        let _ = write!(
            out,
            "<section id=\"{id}\">\n<h2>{heading}</h2>\n{body}</section>\n"
        );
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// One sentence on how much there is.
fn standing(card: &Card) -> String {
    let dates = card.dates.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", super::day(first), super::day(last))
    });
    format!(
        "<p class=\"lead\">{} {}, {} without copies{dates}.</p>\n",
        thousands(card.n_postings as f64),
        if card.n_postings == 1 {
            "advert"
        } else {
            "adverts"
        },
        thousands(card.n_groups as f64)
    )
}

/// Text that is nothing but text in a page.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// `12,345`.
pub(super) fn thousands(value: f64) -> String {
    let whole = format!("{:.0}", value.abs());
    let mut out = String::from(if value <= -0.5 { "−" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A table that can be wider than a phone.
pub(super) fn table(caption: &str, header: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!(
        "<div class=\"wide\"><table><caption>{}</caption>\n<thead><tr>",
        escape(caption)
    );
    for name in header {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            let cell = escape(cell);
            let _ = match at {
                0 => write!(out, "<th scope=\"row\">{cell}</th>"),
                _ => write!(out, "<td>{cell}</td>"),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// A table that is opened when it is wanted.
pub(super) fn folded_table(caption: &str, header: &[&str], rows: &[Vec<String>]) -> String {
    format!(
        "<details><summary>The numbers: {}</summary>\n{}</details>\n",
        escape(caption),
        table(caption, header, rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escape("<b a='1'>R&D\u{1b}</b>"),
            "&lt;b a=&#39;1&#39;&gt;R&amp;D &lt;/b&gt;"
        );
        assert_eq!(thousands(1234567.0), "1,234,567");
        assert_eq!(thousands(-1200.4), "−1,200");
    }
}
