//! First lines whose parts stand between commas, or that hold a name and little
//! else: "Acme, Oslo. Rust engineers", "About Acme:". A word before a comma may be
//! anything, so that the name must be made for one, bear a legal form, or come
//! again: as who does something ("Acme is …", "at Acme") or in a link.

use super::parts::{areas, company_name, is_coined, is_company_form, is_prose};
use super::separate::{in_brackets, without_brackets};
use super::{Header, is_role, title_of};
use crate::fields::places;
use crate::fields::text::{List, Phrases, fold, head, words};

/// A first line of more bytes before its first stop is a sentence.
const MOST_BYTES: usize = 120;

/// Names of fewer letters are found in links by chance.
const FEWEST_LETTERS: usize = 4;

/// What a company does at the beginning of a sentence about it.
static DEEDS: List = List::new(|| {
    Phrases::new(
        "\
    is, was, has, are, makes, builds, provides, helps, offers, develops, creates, operates, lets, \
    enables, powers, runs, connects, delivers, brings, gives, wants, believes, designs, works",
    )
});

/// What the first line of `text` says where [`super::parse`] has found no
/// company; `None` if neither a name nor a place stands out. The line below counts
/// where a legal form tells that it begins with a name, or where the first is
/// nothing but a place.
pub fn from_text(text: &str) -> Option<Header> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next()?;
    if let Some(header) = by_commas(first, text) {
        return Some(header);
    }
    let second = lines.next();
    // "Hiring in Oslo" names a place too, and more.
    let is_bare = first.len() <= MOST_BYTES && !first.contains(" in ") && !is_prose(first);
    if is_bare && places::is_place(first) {
        let company = second.and_then(|line| {
            let named = by_commas(line, text).and_then(|header| header.company);
            named.or_else(|| by_form(line))
        });
        return Some(Header {
            locations: places::parse(first),
            company,
            ..Header::default()
        });
    }
    Some(Header {
        company: Some(by_form(second?)?),
        ..Header::default()
    })
}

/// "Acme GmbH, who …", "ACME, INC."
fn by_form(line: &str) -> Option<String> {
    let pieces = pieces(line.trim().trim_end_matches(['.', ':']));
    let first = pieces.first()?.trim();
    let form = first.rsplit(' ').next().filter(|form| *form != first);
    let is_formed = form.is_some_and(is_company_form);
    let next = pieces.get(1).filter(|form| is_company_form(form));
    let name = company_name(first).filter(|_| is_formed || next.is_some())?;
    Some(next.map_or_else(|| name.clone(), |form| format!("{name}, {form}")))
}

fn by_commas(first: &str, text: &str) -> Option<Header> {
    if first.contains('|') {
        return None;
    }
    let line = first.trim().trim_start_matches("About ");
    let (clause, rest) = line.split_at(end_of_clause(line));
    let clause = clause.trim_end_matches([':', '.', ',']);
    if clause.len() > MOST_BYTES {
        return None;
    }
    let pieces = pieces(clause);
    let (at, name, n) = (0..pieces.len().min(2)).find_map(|at| named(&pieces, at, text))?;
    // "Acme is hiring bakers in Oslo, Bergen": the places are in a sentence.
    let is_alone = name.starts_with(without_brackets(pieces[at]).as_str());
    let mut header = Header {
        company: Some(name),
        ..Header::default()
    };
    if !is_alone {
        return Some(header);
    }
    let behind = &pieces[at + n..];
    let brackets = pieces[at..at + n]
        .iter()
        .find_map(|piece| in_brackets(piece));
    let areas = (1..=behind.len().min(MOST_PIECES))
        .rev()
        .map(|n| behind[..n].join(", "));
    let place = areas
        .chain([pieces[..at].join(", ")])
        .map(|area| without_brackets(&area))
        .chain(brackets.map(str::to_owned))
        .find(|area| places::is_place(area));
    header.locations = place.map(|area| places::parse(&area)).unwrap_or_default();
    let sentence = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
    let sentence = sentence.split(". ").next().unwrap_or_default();
    let sentence = sentence.split(" - ").next().unwrap_or_default();
    let roles = behind.iter().copied().chain([sentence]);
    header.title = roles.filter(|role| is_title(role)).map(title_of).next();
    Some(header)
}

/// So many pieces may name places: "Boston, MA, Stamford, CT, New York, NY".
const MOST_PIECES: usize = 8;

/// Where the first clause ends; "Sr." and "Inc." end none.
fn end_of_clause(line: &str) -> usize {
    let shortened = |at: usize| {
        let word = line[..at].rsplit(' ').next().unwrap_or_default();
        matches!(
            fold(word).as_str(),
            "sr" | "jr" | "inc" | "corp" | "co" | "ltd" | "st" | "dr" | "no" | "mt"
        )
    };
    let full = line
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| !shortened(*at));
    [" --- ", " -- ", " - ", " – ", " — ", ": ", " http", " www."]
        .iter()
        .filter_map(|stop| line.find(stop))
        .chain(full)
        .min()
        .unwrap_or(line.len())
}

/// What stands between commas that are in no brackets.
fn pieces(clause: &str) -> Vec<&str> {
    let (mut depth, mut from) = (0u32, 0);
    let mut out = Vec::new();
    for (at, c) in clause.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 && clause[at..].starts_with(", ") => {
                out.push(&clause[from..at]);
                from = at + 2;
            }
            _ => {}
        }
    }
    out.push(&clause[from..]);
    out
}

/// A role that stands by itself, not the end of a sentence about it.
fn is_title(text: &str) -> bool {
    let folded = fold(text);
    let asks = [
        "hiring", "looking", "seeking", "seeks", "we're", "check", "visa", "h1b",
    ];
    is_role(text)
        && text.starts_with(char::is_uppercase)
        && text.matches('(').count() == text.matches(')').count()
        && !text.contains(':')
        && !words(&folded).iter().any(|word| asks.contains(word))
}

/// The name in a piece, and of how many pieces it is: "Acme", "Acme, Inc.".
fn named(pieces: &[&str], at: usize, text: &str) -> Option<(usize, String, usize)> {
    let piece = pieces[at].split('(').next().unwrap_or_default().trim_end();
    let name = company_name(piece).filter(|name| is_written_as_name(name))?;
    // "Acme-San Diego, CA"
    let name = match name.rsplit_once('-') {
        Some((name, place)) if places::is_place(place) => name.to_owned(),
        _ => name,
    };
    let is_other = places::is_place(&name)
        || is_role(&name)
        || is_company_form(&name)
        || !areas(&name).is_empty();
    // "CA" and "CO" behind a town are states.
    if is_other || name.chars().count() < 3 {
        return None;
    }
    if let Some(next) = pieces.get(at + 1)
        && let form = without_brackets(next)
        && is_company_form(&form)
    {
        return Some((at, format!("{name}, {form}"), 2));
    }
    (is_coined(&name) || is_told(&name, text)).then_some((at, name, 1))
}

/// A few words with capitals, or one in any letters; no link.
fn is_written_as_name(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let small = |word: &&str| word.starts_with(char::is_lowercase) && word.len() > 3;
    words.len() <= 5
        && !words
            .iter()
            .any(|word| matches!(fold(word).as_str(), "h1b" | "visa" | "remote"))
        && !name.contains(['/', '=', '@'])
        && (words.len() == 1
            || name.starts_with(|c: char| !c.is_lowercase()) && !words.iter().any(small))
}

/// Whether the text says what a name does, is at it, or links to its pages.
fn is_told(name: &str, text: &str) -> bool {
    let folded = fold(head(text, 4_000));
    let name = fold(name);
    let squeezed: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_linked = squeezed.len() >= FEWEST_LETTERS
        && [format!("{squeezed}."), format!("@{squeezed}")]
            .iter()
            .any(|link| folded.contains(link.as_str()));
    // A whole host or mailbox, not the end of a sentence.
    let is_linked = is_linked
        && folded
            .split(|c: char| c.is_whitespace() || matches!(c, '/' | '@' | '(' | ')' | '<' | '>'))
            .any(|word| word.contains(&squeezed) && word.trim_end_matches('.').contains('.'));
    is_linked
        || folded.match_indices(&name).any(|(from, found)| {
            let (before, after) = (&folded[..from], &folded[from + found.len()..]);
            let is_word = !before.ends_with(char::is_alphanumeric)
                && !after.starts_with(char::is_alphanumeric);
            let next = words(head(after, 20));
            let deed = after.starts_with(' ') && next.first().is_some_and(|word| DEEDS.has(word));
            let at = ["at ", "join ", "about "]
                .iter()
                .any(|lead| before.ends_with(lead));
            is_word && (deed || after.starts_with("'s ") || at)
        })
}
