//! Small mends that every reader needs: blanks, control characters, markup,
//! and the keys by which copies are known.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::html;
use crate::fields::dates::Dated;
use crate::posting::Precision;

/// Texts that stand for nothing.
const NOTHING: &[&str] = &[
    "",
    "null",
    "none",
    "nan",
    "n/a",
    "na",
    "#n/a",
    "-",
    "-1",
    "unspecified",
    "undefined",
];

/// Whether a text stands for "unknown".
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    NOTHING
        .iter()
        .any(|nothing| text.eq_ignore_ascii_case(nothing))
}

/// Characters that nobody sees: control characters, soft hyphens, marks of
/// direction and of no width (the joiner of emoji is kept).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What Windows-1252 has in the place of the control characters U+0080 to U+009F,
/// which no text has; zeros where it has nothing.
const OF_WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text with what Windows-1252 means by bytes that somebody has taken for
/// characters as they are.
fn of_windows(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    // As UTF-8 they begin with the byte C2.
    let mut leads = memchr::memchr_iter(0xc2, bytes);
    if !leads.any(|at| matches!(bytes.get(at + 1), Some(0x80..=0x9f))) {
        return Cow::Borrowed(text);
    }
    let meant = |c: char| match u32::from(c).checked_sub(0x80) {
        Some(at @ 0..=31) => OF_WINDOWS[at as usize],
        _ => c,
    };
    Cow::Owned(text.chars().map(meant).collect())
}

/// One line: markup and control characters gone, blanks collapsed; `None` if
/// nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    if is_nothing(text) {
        return None;
    }
    let plain;
    let text = if html::is_html(text) {
        plain = html::to_text(text);
        &plain
    } else {
        text
    };
    let text = &*of_windows(text);
    let mut out = String::with_capacity(text.len());
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !is_unseen(*c)));
    }
    (!is_nothing(&out)).then_some(out)
}

/// Running text: markup read if there is any, control characters dropped,
/// lines trimmed, at most one blank line in a row; `None` if nothing is left.
pub(super) fn block(text: &str) -> Option<String> {
    let text = &*unescaped(text);
    match html::is_html(text) {
        true => lines(&html::to_text(text)),
        false => lines(text),
    }
}

/// So many line breaks written as a backslash and a letter are no accident.
const LEAST_ESCAPED: usize = 3;

/// The text with line breaks and tabs for `\n`, `\r` and `\t` in letters, if somebody
/// has escaped it twice: it has several of them and next to no real line break. Texts
/// are left alone that have backslashes before other letters (regular expressions,
/// `C:\Users`), paths (`C:\new`, words in lower case behind most of them) or code.
fn unescaped(text: &str) -> Cow<'_, str> {
    let text_of = || Cow::Borrowed(text);
    let bytes = text.as_bytes();
    let (mut n_breaks, mut n_in_words) = (0, 0);
    for at in memchr::memchr_iter(b'\\', bytes) {
        let behind = bytes.get(at + 2);
        match bytes.get(at + 1) {
            Some(b'n') => {
                n_breaks += 1;
                n_in_words += usize::from(behind.is_some_and(u8::is_ascii_lowercase));
                // `print("done\n")`
                let closes = |after: &u8| matches!(after, b')' | b';' | b',' | b'+' | b'}');
                if matches!(behind, Some(b'"' | b'\'')) && bytes.get(at + 3).is_some_and(closes) {
                    return text_of();
                }
            }
            Some(b'r' | b't' | b'u' | b'x') => {}
            Some(other) if other.is_ascii_alphanumeric() || *other == b'\\' => return text_of(),
            _ => {}
        }
        let is_drive = match bytes[..at] {
            [.., before, drive, b':'] => {
                drive.is_ascii_alphabetic() && !before.is_ascii_alphanumeric()
            }
            [drive, b':'] => drive.is_ascii_alphabetic(),
            _ => false,
        };
        if is_drive {
            return text_of();
        }
    }
    if n_breaks < LEAST_ESCAPED || n_in_words * 2 > n_breaks {
        return text_of();
    }
    let n_real = memchr::memchr_iter(b'\n', text.trim().as_bytes()).count();
    if n_real * 10 > n_breaks || text.contains("```") || text.contains("<code") {
        return text_of();
    }
    let unescaped = text.replace(r"\r\n", "\n").replace(r"\n", "\n");
    Cow::Owned(unescaped.replace(r"\r", "\n").replace(r"\t", "\t"))
}

/// Plain text tidied as [`block`] does, whatever signs are in it.
pub(super) fn lines(text: &str) -> Option<String> {
    if is_nothing(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    let text = &*of_windows(text);
    let text = &*unescaped(text);
    let unified;
    let text = if text.contains("\r\n") {
        unified = text.replace("\r\n", "\n");
        &unified
    } else {
        text
    };
    for line in lines_of(text) {
        let line = line.trim_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank > 0 { "\n\n" } else { "\n" });
        }
        blank = 0;
        // Counting them all is quicker than looking for the first.
        let is_seen = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
        if line.bytes().filter(is_seen).count() == line.len() {
            out.push_str(line);
            continue;
        }
        out.extend(
            line.chars()
                .filter(|c| *c == '\t' || !is_unseen(*c))
                .map(|c| if c == '\u{a0}' { ' ' } else { c }),
        );
    }
    (!out.trim().is_empty()).then_some(out)
}

/// What line feeds, carriage returns and the separators U+2028 and U+2029 part.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr3_iter(b'\n', b'\r', 0xe2, bytes).filter_map(move |at| {
        // As UTF-8 the separators are E2 80 A8 and E2 80 A9.
        match (bytes[at], bytes.get(at + 1..at + 3)) {
            (0xe2, Some([0x80, 0xa8 | 0xa9])) => Some((at, at + 3)),
            (0xe2, _) => None,
            _ => Some((at, at + 1)),
        }
    });
    let mut start = 0;
    ends.chain([(text.len(), text.len())])
        .map(move |(end, next)| {
            let line = &text[start..end];
            start = next;
            line
        })
}

/// A value for a message: its beginning.
pub(super) fn shortened(value: &str) -> String {
    value.chars().take(80).collect()
}

/// Lower-case words with single blanks between them and no signs: equal for
/// texts that differ in case and punctuation only.
pub fn normalise_words(text: &str) -> String {
    let bytes = text.as_bytes();
    let ascii = match text.is_ascii() {
        true => None,
        false => bytes.iter().position(|byte| !byte.is_ascii()),
    };
    let mut at = ascii.unwrap_or(bytes.len());
    let (mut out, mut gap) = normalise_ascii(&bytes[..at]);
    out.reserve(bytes.len() - at);
    while let Some(byte) = bytes.get(at) {
        // Most characters are ASCII, for which there is a table.
        if byte.is_ascii() {
            at += 1;
            let lower = LOWER_OF_WORD[usize::from(*byte)];
            if lower == b' ' {
                gap = true;
                continue;
            }
            if gap && !out.is_empty() {
                out.push(b' ');
            }
            gap = false;
            out.push(lower);
            continue;
        }
        let c = text[at..].chars().next().unwrap_or_default();
        at += c.len_utf8();
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(b' ');
        }
        gap = false;
        for lower in c.to_lowercase() {
            out.extend(lower.encode_utf8(&mut [0; 4]).bytes());
        }
    }
    String::from_utf8(out).expect("characters were put together")
}

/// [`normalise_words`] of ASCII letters, and whether signs stand at the end. Where words end
/// cannot be foreseen, so nothing is decided by a jump.
fn normalise_ascii(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = vec![0; bytes.len()];
    let (mut n, mut in_word) = (0, false);
    for byte in bytes {
        let lower = LOWER_OF_WORD[usize::from(*byte)];
        let is_word = lower != b' ';
        out[n] = lower;
        // Of signs the one right behind a word stays, as a blank.
        n += usize::from(is_word | in_word);
        in_word = is_word;
    }
    let gap = !in_word && n > 0;
    out.truncate(n - usize::from(gap));
    (out, gap)
}

/// For each byte the lower case of the ASCII letter of a word, or a blank if it is none.
const LOWER_OF_WORD: [u8; 256] = {
    let mut lower = [b' '; 256];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#') {
            lower[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    lower
};

/// Parts of the address of a page that lists an employer's postings.
const LISTING_PAGES: &[&str] = &[
    "about",
    "about-us",
    "apply",
    "career",
    "careers",
    "company",
    "de",
    "en",
    "fr",
    "hiring",
    "home",
    "index.html",
    "index.php",
    "job",
    "jobs",
    "join",
    "join-us",
    "joinus",
    "karriere",
    "openings",
    "positions",
    "stellenangebote",
    "team",
    "us",
    "vacancies",
    "work-with-us",
];

/// A posting's page without what only tracks the visitor; `None` for a page
/// that is no single posting's: a bare host, or `/careers` and the like.
pub fn canonical_url(url: &str) -> Option<String> {
    let url = url.trim();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let (page, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = page.split_once('/').unwrap_or((page, ""));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path = path.trim_end_matches('/');
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_tracking(pair))
        .collect();
    kept.sort_unstable();
    let lists =
        |part: &str| part.is_empty() || LISTING_PAGES.contains(&part.to_ascii_lowercase().as_str());
    if kept.is_empty() && path.split('/').all(lists) {
        return None;
    }
    let query = if kept.is_empty() {
        String::new()
    } else {
        format!("?{}", kept.join("&"))
    };
    Some(format!("{host}/{path}{query}"))
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    name.starts_with("utm_")
        || [
            "gh_src",
            "lever-source",
            "fbclid",
            "gclid",
            "msclkid",
            "trk",
            "mc_cid",
            "mc_eid",
        ]
        .contains(&name.as_str())
}

/// The last moment of a day or month that was given as no more.
pub(super) fn end_of(dated: Dated) -> Timestamp {
    match dated.precision {
        Precision::Day => dated
            .at
            .checked_add(SignedDuration::from_secs(86_399))
            .unwrap_or(dated.at),
        Precision::Month => dated
            .at
            .to_zoned(TimeZone::UTC)
            .checked_add(1.month())
            .map_or(dated.at, |next| {
                next.timestamp() - SignedDuration::from_secs(1)
            }),
        Precision::Second => dated.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_month_are_open_to_their_end() {
        for (given, end) in [
            ("2026-02-03", "2026-02-03T23:59:59Z"),
            ("February 2028", "2028-02-29T23:59:59Z"),
            ("2026-02-03T10:00:00Z", "2026-02-03T10:00:00Z"),
        ] {
            let dated = crate::fields::dates::parse(given).unwrap();
            assert_eq!(end_of(dated).to_string(), end);
        }
    }

    #[test]
    fn a_line_has_no_markup_and_single_blanks() {
        assert_eq!(
            line(" <b>PHP</b>\n Developer\u{7} "),
            Some("PHP Developer".to_owned())
        );
        assert_eq!(
            line("Soft\u{ad}ware\u{200b} \u{202e}Engineer\u{feff}"),
            Some("Software Engineer".to_owned())
        );
        assert_eq!(
            line("We\u{92}re \u{93}hip\u{94}\u{9d}"),
            Some("We’re “hip”".to_owned())
        );
        assert_eq!(line("NaN"), None);
        assert_eq!(line("-1"), None);
    }

    proptest::proptest! {
        #[test]
        fn words_are_told_apart_one_by_one(text in "[ a-cA-C0+#.é\n中]{0,40}") {
            let is_sign = |c: char| !c.is_alphanumeric() && !matches!(c, '+' | '#');
            let words = text.split(is_sign).filter(|word| !word.is_empty());
            let words: Vec<String> = words.map(str::to_lowercase).collect();
            proptest::prop_assert_eq!(normalise_words(&text), words.join(" "));
        }
    }

    #[test]
    fn a_block_keeps_lines_and_one_blank_line() {
        assert_eq!(
            block("a \r\n\r\n\r\nb\u{0}\nc"),
            Some("a\n\nb\nc".to_owned())
        );
        assert_eq!(
            block("Go\u{85} don\u{92}t\n\u{80}5"),
            Some("Go… don’t\n€5".to_owned())
        );
        assert_eq!(block("a\r\nb\rc"), Some("a\nb\nc".to_owned()));
        assert_eq!(block(" \n "), None);
    }

    #[test]
    fn line_breaks_that_were_escaped_twice_are_line_breaks() {
        for (text, expected) in [
            (
                r#"We offer:\n- Tea\n- Coffee\n\nApply, \"now\"!"#,
                "We offer:\n- Tea\n- Coffee\n\nApply, \\\"now\\\"!",
            ),
            (
                r"Cook\r\n\r\nSoup\tand bread\r\n",
                "Cook\n\nSoup\tand bread",
            ),
            (
                r"<p>Cook</p>\n<p>Soup</p>\n\n<p>Bread</p>",
                "Cook\n\nSoup\n\nBread",
            ),
            ("Cook\\nSoup\\nBread\\nTea\n", "Cook\nSoup\nBread\nTea"),
        ] {
            assert_eq!(block(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn paths_patterns_and_code_keep_their_backslashes() {
        for text in [
            r"Saved under C:\New, C:\Next and D:\Tables\New\Now",
            r"On share\new\reports\next\today\notes",
            r"Matches \d+\n\n\nX",
            r"Lines end in \n, or in \r\n",
            r#"puts("a\n"); puts("b\n"); puts("c\n");"#,
            r"Escaped \\n as \\N and \\n or \\n",
            "Two lines\nand \\n or \\N and \\n, \\n, \\n",
            r"$\nabla \nu \rho \neq \tau$",
        ] {
            assert_eq!(block(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn tracking_parameters_do_not_tell_pages_apart() {
        let plain = canonical_url("https://x.example/jobs/7");
        assert_eq!(
            canonical_url("http://www.x.example/jobs/7/?utm_source=a&gh_src=b#top"),
            plain
        );
        assert_ne!(canonical_url("https://x.example/jobs?id=7"), plain);
        for listing in ["https://x.example/", "https://x.example/en/Careers/"] {
            assert_eq!(canonical_url(listing), None);
        }
    }

    #[test]
    fn words_are_equal_without_case_and_signs() {
        assert_eq!(
            normalise_words("Senior C++ Engineer (m/f)!"),
            normalise_words("senior c++ engineer m f")
        );
    }
}
