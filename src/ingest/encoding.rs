//! What bytes a text was written in, and texts that were once read wrongly.

use encoding_rs::{Encoding, WINDOWS_1252};
use serde_json::Value;

/// A declaration stands within this many bytes of a document's beginning.
const DECLARED_WITHIN: usize = 2048;

/// UTF-8 that somebody read as Latin-1; mended, and counted under this name.
pub(super) const MENDED: &str = "utf-8 read as latin-1";

/// The encoding that an XML or HTML document says it is in.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(DECLARED_WITHIN)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = ["encoding=", "charset="]
        .iter()
        .find_map(|key| head.split_once(key));
    let label = after?.1.trim_start_matches(['"', '\'']);
    let end = label
        .find(['"', '\'', ' ', '?', '>', ';', '/'])
        .unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// A whole document as text, and the name of its encoding: UTF-8 if it is, else
/// what it declares, else Windows-1252.
pub(super) fn decode(bytes: Vec<u8>) -> (String, &'static str) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, "utf-8"),
        Err(error) => {
            let bytes = error.into_bytes();
            let encoding = declared(&bytes).filter(|encoding| *encoding != encoding_rs::UTF_8);
            let encoding = encoding.unwrap_or(WINDOWS_1252);
            let (text, _, _) = encoding.decode(&bytes);
            (text.into_owned(), lower_name(encoding))
        }
    }
}

/// An encoding's name as summaries have it.
pub(super) fn lower_name(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "UTF-8" => "utf-8",
        "UTF-16LE" => "utf-16le",
        "UTF-16BE" => "utf-16be",
        "windows-1252" => "windows-1252",
        other => other,
    }
}

/// Mends every text in a record; whether there was anything to mend.
pub(super) fn mend(value: &mut Value) -> bool {
    match value {
        Value::String(text) => match mended(text) {
            Some(better) => {
                *text = better;
                true
            }
            None => false,
        },
        // Each is mended, whatever came of those before it.
        Value::Array(items) => {
            items
                .iter_mut()
                .filter_map(|item| mend(item).then_some(()))
                .count()
                > 0
        }
        Value::Object(fields) => {
            fields
                .values_mut()
                .filter_map(|field| mend(field).then_some(()))
                .count()
                > 0
        }
        _ => false,
    }
}

/// The text as it was before its UTF-8 was read as Latin-1 or Windows-1252, once
/// or twice; `None` if it was not, or if that is not certain.
pub(super) fn mended(text: &str) -> Option<String> {
    let once = mended_once(text)?;
    Some(mended_once(&once).unwrap_or(once))
}

fn mended_once(text: &str) -> Option<String> {
    // Every wrong sequence begins with a character of U+00C2 to U+00F4.
    memchr::memchr(0xc3, text.as_bytes())?;
    let mut out = String::with_capacity(text.len());
    let (mut certain, mut likely, mut stray) = (0, 0, 0);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match sequence(rest) {
            Some((right, length, is_certain)) => {
                out.push(right);
                rest = &rest[length..];
                match is_certain {
                    true => certain += 1,
                    false => likely += 1,
                }
            }
            None => {
                stray += u32::from(('\u{c0}'..='\u{ff}').contains(&c));
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    // Three in a row and nothing against it: a text in another script.
    (certain > 0 || (likely > 2 && stray == 0)).then_some(out)
}

/// The character that the beginning of a text is the UTF-8 of, how many bytes
/// that takes, and whether nobody would write so on purpose.
fn sequence(text: &str) -> Option<(char, usize, bool)> {
    let mut chars = text.char_indices();
    let lead = chars
        .next()
        .map(|(_, c)| c)
        .filter(|c| ('\u{c2}'..='\u{f4}').contains(c))?;
    let lead = u8::try_from(u32::from(lead)).ok()?;
    let more = match lead {
        0xc2..=0xdf => 1,
        0xe0..=0xef => 2,
        _ => 3,
    };
    let mut bytes = vec![lead];
    let mut is_certain = lead == 0xf0;
    for n in 0..more {
        let (_, c) = chars.next()?;
        let byte = byte_of(c).filter(|byte| (0x80..=0xbf).contains(byte))?;
        is_certain |= ('\u{80}'..='\u{9f}').contains(&c);
        // "Ã©", "Â·", but not "MANHÃ»" and the like; "â€" before anything.
        is_certain |= matches!(lead, 0xc2 | 0xc3)
            && !matches!(byte, 0x80..=0xa0 | 0xaa | 0xab | 0xb0 | 0xba | 0xbb);
        is_certain |= lead == 0xe2 && n == 0 && byte == 0x80;
        bytes.push(byte);
    }
    let right = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    let length = chars.next().map_or(text.len(), |(at, _)| at);
    Some((right, length, is_certain))
}

/// The byte that Latin-1 or Windows-1252 reads as this character.
fn byte_of(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(c)) {
        return Some(byte);
    }
    let at = WINDOWS_80_TO_9F.chars().position(|known| known == c)?;
    u8::try_from(0x80 + at).ok()
}

/// What Windows-1252 has from 0x80 to 0x9f (WHATWG encoding standard).
const WINDOWS_80_TO_9F: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(mended(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn what_was_read_wrongly_is_mended_where_that_is_certain() {
        check("donâ€™t, cafÃ©", Some("don’t, café"));
        check(
            "you\u{e2}\u{80}\u{99}ll\u{c2}\u{a0}be",
            Some("you’ll\u{a0}be"),
        );
        check("MÃ¼nchen", Some("München"));
        check("Ã¢Â€Â™s", Some("’s"));
        check("go ðŸš€", Some("go 🚀"));
        check("ä¸\u{ad}å›½äºº", Some("中国人"));
    }

    #[test]
    fn what_was_not_is_left_alone() {
        for text in [
            "café",
            "São Paulo",
            "MANHÃ\u{a0}cedo",
            "CAFÉ’S",
            "“café”–bar",
            "Ångström",
            "naïve Â",
            "Ä–Ö",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_document_says_what_it_is_written_in() {
        let name = |head: &str| declared(head.as_bytes()).map(Encoding::name);
        assert_eq!(
            name("<?xml version=\"1.0\" encoding='ISO-8859-2'?>"),
            Some("ISO-8859-2")
        );
        assert_eq!(name("<html><meta charset=Shift_JIS>"), Some("Shift_JIS"));
        assert_eq!(
            name("<meta http-equiv=x content=\"text/html; charset=windows-1251\">"),
            Some("windows-1251")
        );
        assert_eq!(name("<p>encoding</p>"), None);
        assert_eq!(
            decode(b"<meta charset=windows-1251>\xcf".to_vec()),
            ("<meta charset=windows-1251>П".to_owned(), "windows-1251")
        );
        assert_eq!(decode(b"caf\xe9".to_vec()).1, "windows-1252");
    }

    proptest::proptest! {
        #[test]
        fn any_text_that_was_read_wrongly_can_be_mended(text in "[a-zé’–ü€ ]{1,20}") {
            let wrong: String = text.bytes().map(char::from).collect();
            if let Some(right) = mended_once(&wrong) {
                proptest::prop_assert_eq!(right, text);
            }
        }
    }
}
