//! One posting whole, with the skills marked in its text.

use std::fmt::Write as _;
use std::ops::Range;

use jiff::Timestamp;

use super::{Paint, STRONG, lines, pay, table};
use crate::index::AskEntry;
use crate::posting::STATED;
use crate::query::Found;
use crate::render::json::name;
use crate::render::{day, harmless};
use crate::skills::Taxonomy;

/// One posting whole; `marks` are the skills named in its text, in bytes.
pub fn posting(found: &Found, ask: &str, marks: &[Range<usize>], paint: Paint) -> String {
    let Found { posting, group, .. } = found;
    let mut out = String::new();
    let _ = writeln!(out, "{}", paint.with(STRONG, &harmless(&name(posting))));
    let mut table = table(&[]);
    // A field without a name here is never read out of the text.
    let read = |field: &str| match field {
        "" => "",
        _ if posting.read_from_text.iter().any(|name| name == field) => "read from text",
        _ => "stated",
    };
    let mut row = |name: &str, value: String, field: &str| {
        if !value.is_empty() {
            table.add_row([name.to_owned(), harmless(&value), read(field).to_owned()]);
        }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    row("id", posting.id.clone(), "");
    row("company", text(&posting.company), "company");
    for place in &posting.locations {
        let known: Vec<&str> = [&place.city, &place.region, &place.country]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let known = if known.is_empty() {
            String::new()
        } else {
            format!("  ({})", known.join(", "))
        };
        row("place", format!("{}{known}", place.raw), "locations");
    }
    row(
        "workplace",
        posting
            .workplace
            .map(|word| word.to_string())
            .unwrap_or_default(),
        "workplace",
    );
    row(
        "remote from",
        posting.remote_scope.join(", "),
        "remote_scope",
    );
    row("role", posting.roles.join(", "), "role");
    row(
        "seniority",
        posting
            .seniority
            .map(|word| word.to_string())
            .unwrap_or_default(),
        "seniority",
    );
    let years = posting.experience_years.map(|years| {
        let end = |end: Option<f32>| end.map(|end| end.to_string()).unwrap_or_default();
        match (years.min, years.max) {
            (Some(min), None) => format!("{min}+ years"),
            (min, max) => format!("{}–{} years", end(min), end(max)),
        }
    });
    row("experience", years.unwrap_or_default(), "experience_years");
    let employment: Vec<&str> = posting
        .employment_type
        .iter()
        .map(|word| word.as_str())
        .collect();
    row("employment", employment.join(", "), "employment_type");
    row(
        "pay",
        posting.salary.as_ref().map(pay).unwrap_or_default(),
        "salary",
    );
    row(
        "posted",
        posting
            .posted_at
            .map(|at| day(at.as_second()))
            .unwrap_or_default(),
        "",
    );
    row(
        "open until",
        posting
            .valid_through
            .map(|at| day(at.as_second()))
            .unwrap_or_default(),
        "",
    );
    row(
        "language of the text",
        text(&posting.text_language),
        "text_language",
    );
    let tags = posting.skills_raw.iter().map(|skill| {
        let said = match (skill.role, skill.guessed) {
            (_, true) => " (guessed)".to_owned(),
            (Some(role), _) => format!(" ({role})"),
            (None, _) => String::new(),
        };
        format!("{}{said}", skill.text)
    });
    let tags = tags.collect::<Vec<_>>().join(", ");
    row("skills as listed", tags, "skills_raw");
    row("page", text(&posting.url), "");
    if let Some(origin) = &posting.origin {
        row(
            "from",
            format!(
                "{}, record {}, read by {}",
                origin.file, origin.record, origin.reader
            ),
            "",
        );
    }
    let since = |at: Option<Timestamp>| at.map(|at| day(at.as_second())).unwrap_or_default();
    row("last seen", since(found.last_seen), "");
    row("closed", since(found.past.closed_at()), "");
    let events = found.past.events.iter();
    let history: Vec<String> = events
        .map(|event| format!("{} {}", event.what.as_str(), day(event.at.as_second())))
        .collect();
    row("history", history.join(", "), "");
    if group.len() > 1 {
        row("copies", group.join(", "), "");
        let others = found.places.iter().skip(posting.locations.len());
        for place in others {
            row("place of a copy", place.raw.clone(), "");
        }
    }
    out.push_str(&lines(&table));
    let _ = writeln!(out, "\n{ask}");
    if let Some(text) = &posting.description_text {
        for line in text.split_inclusive('\n') {
            let at = line.as_ptr() as usize - text.as_ptr() as usize;
            let inside: Vec<Range<usize>> = marks
                .iter()
                .filter(|mark| mark.start >= at && mark.end <= at + line.len())
                .map(|mark| mark.start - at..mark.end - at)
                .collect();
            let _ = writeln!(
                out,
                "{}",
                marked_line(line.trim_end_matches('\n'), &inside, paint)
            );
        }
    }
    out
}

fn marked_line(line: &str, marks: &[Range<usize>], paint: Paint) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (line.get(at..mark.start), line.get(mark.clone()))
        else {
            continue;
        };
        out.push_str(&harmless(before));
        out.push_str(&paint.marked(&harmless(inside)));
        at = mark.end;
    }
    out.push_str(&harmless(line.get(at..).unwrap_or_default()));
    out
}

/// What a posting asks for, a line a requirement.
pub fn ask(ask: &[AskEntry], taxonomy: &Taxonomy) -> String {
    let mut table = table(&["asks for", "how", "years"]);
    for entries in ask.chunk_by(|a, b| a.requirement.is_some() && a.requirement == b.requirement) {
        let labels: Vec<&str> = entries
            .iter()
            .map(|entry| taxonomy.skill(entry.skill).label.as_str())
            .collect();
        let first = &entries[0];
        let how = match (first.requirement, first.implied) {
            (Some(_), _) if first.in_title => {
                format!("{}, in the title", first.strength)
            }
            (Some(_), _) if first.sections == STATED => {
                format!("{}, stated by the source", first.strength)
            }
            (Some(_), _) => first.strength.to_string(),
            (None, true) => "implied".to_owned(),
            (None, false) => "named with another".to_owned(),
        };
        let years = if first.years > 0.0 {
            first.years.to_string()
        } else {
            String::new()
        };
        table.add_row([labels.join(" or "), how, years]);
    }
    lines(&table)
}
