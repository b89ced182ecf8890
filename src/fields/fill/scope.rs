//! Where a remote worker may live: location strings, title and text of a posting
//! in, codes of lands and regions out.

use super::one_country;
use crate::fields::marks::{Mark, Marked};
use crate::fields::text::{List, Phrases, fold, spans, words};
use crate::fields::{places, workplace};
use crate::posting::Workplace;

/// Words before a land where the worker must be.
static SCOPE_CUES: List = List::new(|| {
    Phrases::new(
        "\
    must be based in, must be located in, must reside in, must live in, need to be based in, \
    needs to be based in, be located in, be based in, based anywhere in, from anywhere in, \
    anywhere in, remote within, remotely within, remote in, remotely from, remote from, remotely \
    in, remote across, within the, candidates in, candidates from, applicants from, residents \
    of, work from anywhere, remote anywhere, remote worldwide, eligible to work in, authorized \
    to work in, right to work in",
    )
});

/// Where a remote worker may live: by the location strings, the title's
/// brackets, or a phrase of the text.
pub(super) fn remote_scope(stated: &[String], title: &str, text: &Marked<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for written in stated {
        let raw = fold(written);
        let is_remote = raw.contains("remote") || raw.contains("anywhere") || raw.contains("home");
        if is_remote || workplace::in_part(written) == Some(Workplace::Remote) {
            let mut codes = places::remote_scope(&said_of_remote(written));
            if codes.is_empty() && is_remote_within(&raw) {
                let found = places::parse(written);
                codes.extend(one_country(&found).map(str::to_owned));
            }
            for code in codes {
                if !all.contains(&code) {
                    all.push(code);
                }
            }
        }
    }
    if !all.is_empty() {
        return all;
    }
    let folded_title = fold(title);
    if let Some(at) = folded_title.find("remote").filter(|_| title.is_ascii()) {
        let from = title[..at].rfind(['(', '[', '|', '-']).unwrap_or(at);
        let scope = places::remote_scope(&title[from..]);
        if !scope.is_empty() {
            return scope;
        }
    }
    for (line, _) in text
        .beginning()
        .lines()
        .filter(|(_, marks)| marks.has(Mark::Scope))
    {
        let folded = fold(line);
        let words = words(&folded);
        for at in 0..words.len() {
            // "(US only)", "EU only"
            if words[at] == "only" && at > 0 && at <= 12 {
                let near = written_before(line, at, 2);
                let scope = places::remote_scope(near);
                if !scope.is_empty() && words.len() < 40 {
                    return scope;
                }
            }
            let Some(len) = SCOPE_CUES.length_at(&words, at) else {
                continue;
            };
            // "Work from anywhere" says it itself, unless a land follows.
            let whole = matches!(words[at + len - 1], "anywhere" | "worldwide");
            let goes_on = words
                .get(at + len)
                .is_some_and(|next| matches!(*next, "in" | "for" | "within"));
            if whole && goes_on {
                continue;
            }
            // "Anywhere in the world" is one phrase.
            let anywhere = words[at..at + len]
                .iter()
                .position(|word| *word == "anywhere");
            let from = match anywhere {
                Some(into) if !whole => at + into,
                _ if whole => at,
                // A state counts behind "in".
                _ => at + len - 1,
            };
            let near = written_from(line, from, 7);
            let near = near.split(['.', ';', ')']).next().unwrap_or_default();
            let scope = places::remote_scope(near);
            if !scope.is_empty() {
                return scope;
            }
        }
    }
    Vec::new()
}

/// The parts of a location that say something of remote work: "Oslo; Lyon; Remote"
/// leaves open where the remote worker lives.
fn said_of_remote(written: &str) -> String {
    const CUES: [&str; 6] = ["remote", "must", "only", "within", "live", "based"];
    let parts: Vec<&str> = written
        .split([';', '|', '\n'])
        .filter(|part| {
            let folded = fold(part);
            let has = |cue: &&str| words(&folded).contains(cue);
            workplace::in_part(part).is_some() || CUES.iter().any(has)
        })
        .collect();
    parts.join("; ")
}

/// Whether a location begins with remote work and a place behind it: "Remote -
/// Lyon", "WFH, Manila"; "Remote or Lyon" and "Lyon, remote" leave it open.
fn is_remote_within(folded: &str) -> bool {
    const WORDS: [&str; 8] = [
        "remote",
        "remoto",
        "remota",
        "wfh",
        "work from home",
        "working from home",
        "home office",
        "telework",
    ];
    let raw = folded.trim_start();
    let raw = ["fully ", "100% ", "full "]
        .iter()
        .find_map(|word| raw.strip_prefix(word))
        .unwrap_or(raw);
    let rest = WORDS.iter().find_map(|word| raw.strip_prefix(word));
    rest.is_some_and(|rest| {
        let sign = rest.trim_start().chars().next().unwrap_or_default();
        let many = [" or ", "/", "|", " and ", ";"]
            .iter()
            .any(|sign| rest.contains(sign));
        matches!(sign, ',' | '-' | ':' | '(') && !many
    })
}

/// The `n` words of a line from the word at `from` on, as written.
fn written_from(line: &str, from: usize, n: usize) -> &str {
    let spans = spans(line);
    match (
        spans.get(from),
        spans.get((from + n).min(spans.len()).saturating_sub(1)),
    ) {
        (Some(first), Some(last)) if last.1 > first.0 => &line[first.0..last.1],
        _ => "",
    }
}

/// The `n` words of a line before the word at `before`, as written.
fn written_before(line: &str, before: usize, n: usize) -> &str {
    written_from(line, before.saturating_sub(n), n.min(before))
}
