//! A header line in, its parts out, without links and marks.

use super::parts::is_name;
use std::borrow::Cow;

use crate::fields::places;
use crate::fields::text::{find_link, without_links};

/// The parts of a line, and whether the separator is a sure one. Separators
/// within brackets do not count; a link divides like one: "Acme (link) Berlin".
pub(super) fn separate(line: &str) -> (Vec<String>, bool) {
    let (mut parts, sure) = by_marks(line);
    if sure && let Some(first) = parts.first() {
        // "Acme - Oslo | full-time": the first part may hold two.
        let (inner, _) = by_marks(first);
        let tells = |part: &String| super::is_role(part) || places::is_place(part);
        if inner.len() > 1
            && inner.len() <= 3
            && inner.iter().any(tells)
            && inner.iter().all(|part| tells(part) || is_name(part))
        {
            parts.splice(0..1, inner);
        }
    }
    let mut parts: Vec<String> = parts.iter().flat_map(|part| by_links(part)).collect();
    if let [first, second, ..] = parts.as_slice()
        && !sure
        && places::is_place(first)
        && let Some((place, name)) = name_behind_place(second)
    {
        let two = [place.to_owned(), name.to_owned()];
        parts.splice(1..2, two);
    }
    (parts, sure)
}

fn by_links(part: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = part;
    while let Some((start, end)) = find_link(rest) {
        out.push(rest[..start].trim_end_matches(['(', '[', ' ']).to_owned());
        rest = rest[end..].trim_start_matches([')', ']', ' ', ',', '.', ';', ':']);
    }
    out.push(rest.to_owned());
    out.retain(|part| part.chars().any(char::is_alphanumeric));
    out
}

fn by_marks(line: &str) -> (Vec<String>, bool) {
    for (marks, sure) in [
        (&["|", "｜", "¦", "│"][..], true),
        (&["•", "·", " :: ", "●", "◦"][..], true),
        (
            &[
                " - ", " – ", " — ", " -- ", " --- ", "—", " // ", " / ", " ~ ",
            ][..],
            false,
        ),
    ] {
        let parts = split(line, marks);
        if parts.len() > 1 {
            // "Acme | Rust engineer - Berlin" keeps its dashes; "A - B | C" too.
            return (parts, sure);
        }
    }
    let parts = by_tight_dashes(line);
    if parts.len() > 1 {
        return (parts, false);
    }
    match line.split_once(": ") {
        Some((name, rest)) if line.len() < 100 && is_name(name.trim()) && !line.contains("://") => {
            (vec![name.to_owned(), rest.to_owned()], false)
        }
        _ => (vec![line.to_owned()], false),
    }
}

/// "Acme -Oslo", "Acme- Oslo": a dash with a blank on one side of it, before a
/// capital.
fn by_tight_dashes(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, dash) in line.match_indices(['-', '–']) {
        let (before, after) = (&line[from..at], &line[at + dash.len()..]);
        let is_apart = before.ends_with(' ') != after.starts_with(' ');
        if is_apart && after.trim_start().starts_with(char::is_uppercase) {
            parts.push(before.trim().to_owned());
            from = at + dash.len();
        }
    }
    parts.push(line[from..].trim().to_owned());
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

/// "Oslo / Tampa, Florida Acme": behind places, a name with no mark before it.
fn name_behind_place(part: &str) -> Option<(&str, &str)> {
    let (_, area) = part.split_once(", ")?;
    let start = part.len() - area.len();
    area.match_indices(' ')
        .take(2)
        .map(|(at, _)| (&part[..start + at], part[start + at..].trim_start()))
        .find(|(place, name)| {
            places::is_place(place)
                && is_name(name)
                && name.split(' ').count() <= 3
                && name.starts_with(char::is_uppercase)
                && !places::is_place(name)
                && !places::is_place(part)
                && !super::is_role(name)
        })
}

fn split(line: &str, marks: &[&str]) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut at) = (0u32, 0, 0);
    // Most lines have none of the marks.
    if !marks.iter().any(|mark| line.contains(mark)) {
        return vec![line.to_owned()];
    }
    let closes = line.matches('(').count() == line.matches(')').count();
    while at < line.len() {
        let rest = &line[at..];
        let c = rest.chars().next().unwrap_or(' ');
        match c {
            '(' | '[' if closes => depth += 1,
            ')' | ']' if closes => depth = depth.saturating_sub(1),
            _ => {}
        }
        let mark = marks
            .iter()
            .filter(|mark| depth == 0 || mark.starts_with('|'))
            .find(|mark| rest.starts_with(**mark));
        match mark {
            Some(mark) => {
                parts.push(line[from..at].trim().to_owned());
                at += mark.len();
                // The blank behind one mark may begin the next.
                if mark.ends_with(' ') {
                    at -= 1;
                }
                from = at;
                if mark.starts_with(' ')
                    && mark.ends_with(' ')
                    && line[at..].starts_with(' ')
                    && marks.iter().any(|m| line[at..].starts_with(m))
                {
                    at += 1;
                    from = at;
                }
            }
            None => at += c.len_utf8(),
        }
    }
    parts.push(line[from..].trim().to_owned());
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}

/// "Acme @ Oslo, Norway - Rust engineer" as "Acme - Oslo, …": behind the sign
/// stands a place and no employer.
pub(super) fn with_place_apart(line: &str) -> Cow<'_, str> {
    let apart = line.split_once(" @ ").filter(|(name, rest)| {
        let ends = [" - ", " – ", " — ", " | ", " http", ". "];
        let end = ends.iter().filter_map(|mark| rest.find(mark)).min();
        let place = &rest[..end.unwrap_or(rest.len())];
        let has_city = places::parse(place)
            .iter()
            .any(|place| place.city.is_some());
        is_name(name) && has_city && places::is_place(place)
    });
    match apart {
        Some((name, rest)) => format!("{name} - {rest}").into(),
        None => line.into(),
    }
}

/// "[Acme](https://acme.example)" as "Acme https://acme.example".
pub(super) fn without_markdown(line: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(line);
    while let Some(middle) = out.find("](http") {
        let open = out[..middle].rfind('[');
        let close = out[middle..].find(')').map(|len| middle + len);
        let (Some(open), Some(close)) = (open, close) else {
            break;
        };
        let plain = format!(
            "{}{} {} {}",
            &out[..open],
            &out[open + 1..middle],
            &out[middle + 2..close],
            &out[close + 1..]
        );
        out = Cow::Owned(plain);
    }
    out
}

/// A part without links, mail addresses, empty brackets and marks at its ends.
pub(super) fn clean(part: &str) -> String {
    let text = without_links(part);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if word.contains('@') && !word.starts_with('@') {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out
        .bytes()
        .any(|byte| matches!(byte, b'(' | b'[' | b'*' | b'_'))
    {
        for empty in ["( )", "()", "[ ]", "[]", "(:)", "(-)", "**", "__"] {
            out = out.replace(empty, "");
        }
    }
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '*' | '_'
                    | '#'
                    | '-'
                    | '–'
                    | '—'
                    | ':'
                    | ','
                    | ';'
                    | '|'
                    | '/'
                    | '>'
                    | '<'
                    | '='
                    | '~'
                    | '^'
                    | '"'
                    | '“'
                    | '”'
            )
    };
    let out = out
        .trim_matches(ends)
        .trim_end_matches(['.', '(', '['])
        .trim();
    out.to_owned()
}

/// The text without what stands in brackets.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands in the first brackets.
pub(super) fn in_brackets(text: &str) -> Option<&str> {
    let open = text.find(['(', '['])?;
    let close = text[open..]
        .find([')', ']'])
        .map_or(text.len(), |at| open + at);
    Some(text[open + 1..close].trim()).filter(|inner| !inner.is_empty())
}
