//! JobSpy: texts in Markdown, whose escapes may have been doubled.

use crate::ingest::RecordError;
use crate::ingest::record::{Context, Parsed};
use crate::ingest::text::block;
use crate::posting::Posting;

pub(super) fn finish(_: Parsed<'_>, posting: &mut Posting, _: &Context) -> Result<(), RecordError> {
    if let Some(text) = posting.description_text.take() {
        posting.description_text = block(&plain(&text));
    }
    Ok(())
}

/// Markdown without its signs; list items keep their lines.
fn plain(text: &str) -> String {
    // An export without line feeds writes them as `\n`.
    let text = match text.contains('\n') {
        true => text.to_owned(),
        false => text.replace("\\n", "\n"),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                while rest.peek() == Some(&'\\') {
                    rest.next();
                }
                match rest.peek() {
                    Some(next) if next.is_ascii_punctuation() => out.extend(rest.next()),
                    _ => out.push('\\'),
                }
            }
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_go_and_lists_stay() {
        assert_eq!(
            plain("**Must**\n\n* C\\+\\+\n* 5\\\\-7 years"),
            "Must\n\n* C++\n* 5-7 years"
        );
        assert_eq!(plain("**A**\\n\\n* B"), "A\n\n* B");
        assert_eq!(plain("C:\\"), "C:\\");
    }
}
