//! Names that are of an address: places and houses, hosts that are spelt out, and the tags
//! by which recruiters count.

use super::decide::Court;
use super::strength::hashes;
use super::token::Find;

/// [`Token::hash`](super::token::Token::hash) of "dot".
const DOT: u32 = hashes(["dot"])[0];

/// The United States and the provinces of Canada, as they stand behind a city.
const STATES: [&[u8; 2]; 61] = [
    b"AB", b"AK", b"AL", b"AR", b"AZ", b"BC", b"CA", b"CO", b"CT", b"DC", b"DE", b"FL", b"GA",
    b"HI", b"IA", b"ID", b"IL", b"IN", b"KS", b"KY", b"LA", b"MA", b"MB", b"MD", b"ME", b"MI",
    b"MN", b"MO", b"MS", b"MT", b"NB", b"NC", b"ND", b"NE", b"NH", b"NJ", b"NL", b"NM", b"NS",
    b"NV", b"NY", b"OH", b"OK", b"ON", b"OR", b"PA", b"PE", b"QC", b"RI", b"SC", b"SD", b"SK",
    b"TN", b"TX", b"UT", b"VA", b"VT", b"WA", b"WI", b"WV", b"WY",
];

/// Whether a text begins with a state; "COApply Now" lost its line break.
fn is_state(text: &str) -> bool {
    let [a, b, after @ ..] = text.as_bytes() else {
        return false;
    };
    let is_glued = matches!(after, [b'A'..=b'Z', b'a'..=b'z', ..]);
    STATES.contains(&&[*a, *b]) && (is_glued || ends(&text[2..]))
}

/// Whether an address ends before a text, or goes on with a number.
fn ends(text: &str) -> bool {
    let text = text.strip_prefix(' ').unwrap_or(text);
    text.chars().next().is_none_or(|c| {
        c.is_ascii_digit() || matches!(c, '\n' | '.' | ',' | ';' | ')' | '(' | '|' | '–')
    }) || text.starts_with("- ")
        || text.starts_with(|c: char| !c.is_ascii() && !"由线径".contains(c))
}

/// What a house or a street is called by, behind its name.
const HOUSES: [&str; 10] = [
    "大厦", "大楼", "广场", "园区", "路", "Tower", "Building", "Plaza", "Street", "Avenue",
];

impl Court<'_> {
    /// Whether it is in a tag by which recruiters are counted, "#LI-EF" and "#BI-Remote", or
    /// the end of "I²C".
    pub(super) fn is_tag(&self, find: &Find) -> bool {
        let (before, rest) = self.scan.text.split_at(find.start as usize);
        let (name, rest) = rest.as_bytes().split_at((find.end - find.start) as usize);
        // "#BI-Remote", but not "#Go-Developer".
        let begins = before.ends_with('#')
            && name.len() > 1
            && name.iter().all(u8::is_ascii_uppercase)
            && matches!(rest, [b'-', next, ..] if next.is_ascii_uppercase());
        let bytes = before.as_bytes();
        before.ends_with('²')
            || begins
            || (bytes.last_chunk::<4>()).is_some_and(|end| end.eq_ignore_ascii_case(b"#LI-"))
    }

    /// Whether it is a place or a house: "Aurora, CO", "TCL 大厦".
    pub(super) fn is_address(&self, find: &Find) -> bool {
        let rest = &self.scan.text[find.end as usize..];
        match rest.as_bytes().first() {
            Some(b',') => {
                let at = (self.scan.finds).partition_point(|other| other.first < find.last);
                let is_find = (self.scan.finds.get(at)).is_some_and(|next| next.first == find.last);
                !is_find && rest.strip_prefix(", ").is_some_and(is_state)
            }
            Some(b' ' | 0x80..) => {
                let next = rest.trim_start_matches(' ');
                next.starts_with(|c: char| c.is_uppercase() || !c.is_ascii())
                    && HOUSES
                        .iter()
                        .any(|house| next.strip_prefix(house).is_some_and(ends))
            }
            _ => false,
        }
    }

    /// Whether an address is spelt out with it: "acme dot com".
    pub(super) fn is_host(&self, find: &Find) -> bool {
        let (scan, last) = (self.scan, find.last as usize);
        (scan.tokens.get(last)).is_some_and(|token| token.hash == DOT)
            && scan.is_any(last + 1, &["com", "net", "org", "io", "ai", "co", "dev"])
    }
}
