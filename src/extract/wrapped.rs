//! Lines that a person or a mail program has wrapped: which line breaks end
//! nothing. A text in, whether a break of it is such a one; a break it is not
//! sure of ends the line.

/// Lines shorter than this are not wrapped: their end is meant (texts wrapped
/// by hand have 60 letters a line and more).
const SHORTEST: usize = 45;

/// Whether a line that ends at `end` is too short to be wrapped; `before` is the
/// text up to its last word.
pub(super) fn is_short(before: &[u8], end: usize) -> bool {
    let from = end.saturating_sub(SHORTEST).min(before.len());
    end < SHORTEST || before[from..].contains(&b'\n')
}

/// Lines longer than this are paragraphs that nobody wrapped.
const LONGEST: usize = 100;
/// Words that no line of a list ends with.
const UNFINISHED: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
    "your", "our", "&", "und", "oder", "mit", "von", "der", "die", "das", "in", "et", "ou", "de",
    "des", "avec", "en", "y", "o", "con", "i", "lub", "z", "w",
];

/// Finds the breaks that merely wrap a line; remembers the block it looked at last.
#[derive(Default)]
pub(super) struct Wraps {
    /// Where the block ends that was looked at last.
    block_end: usize,
    /// Its longest line; 0 if it is not wrapped.
    width: usize,
}

impl Wraps {
    /// Whether the line that starts at `line` goes on behind the break at `at`.
    pub(super) fn goes_on(&mut self, text: &str, line: usize, at: usize) -> bool {
        let ended = text[line..at].trim();
        let next = text[at + 1..].trim_start_matches([' ', '\t']);
        let Some(first) = next.chars().next() else {
            return false;
        };
        if !first.is_alphanumeric() || ended.is_empty() || is_numbered(next) {
            return false;
        }
        let ends_cased = |c: char| c.is_lowercase() || c.is_uppercase() || c.is_ascii_digit();
        match ended.chars().next_back() {
            Some(',' | '&') => return true,
            Some(')') => {}
            Some(c) if ends_cased(c) => {}
            _ => return false,
        }
        let last_word = ended.rsplit(' ').next().unwrap_or_default();
        if ended.len() > last_word.len() && UNFINISHED.contains(&last_word) {
            return true;
        }
        if !(SHORTEST..=LONGEST).contains(&ended.len()) {
            return false;
        }
        if first.is_lowercase() {
            return true;
        }
        if at >= self.block_end {
            self.look_at_block(text, text[..line].rfind("\n\n").map_or(0, |at| at + 2));
        }
        let word = next.find([' ', '\n']).unwrap_or(next.len());
        self.width > 0 && ended.len() + 1 + word > self.width
    }

    /// Measures the lines of the block that begins at `start`. They are wrapped
    /// if none is too long and one goes on in small letters where its first
    /// word would not have fitted before.
    fn look_at_block(&mut self, text: &str, start: usize) {
        let block = &text[start..];
        let block = &block[..block.find("\n\n").unwrap_or(block.len())];
        self.block_end = start + block.len();
        let lines = || block.lines().map(str::trim);
        let width = lines().map(str::len).max().unwrap_or_default();
        let is_wrapped = width <= LONGEST
            && lines().zip(lines().skip(1)).any(|(line, next)| {
                let word = next.find(' ').unwrap_or(next.len());
                line.len() >= SHORTEST
                    && next.starts_with(char::is_lowercase)
                    && line.len() + 1 + word > width
            });
        self.width = if is_wrapped { width } else { 0 };
    }
}

/// "1. ", "2) ": an item of a numbered list.
fn is_numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && rest.starts_with(['.', ')', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, goes_on: &[bool]) {
        let mut wraps = Wraps::default();
        let mut line = 0;
        let mut found = Vec::new();
        for (at, _) in text.match_indices('\n') {
            found.push(wraps.goes_on(text, line, at));
            line = at + 1;
        }
        assert_eq!(found, goes_on, "in {text:?}");
    }

    #[test]
    fn a_line_that_is_not_finished_goes_on() {
        check("Experience with Python,\nDjango or\nFlask", &[true, true]);
        check("Python\nDjango", &[false]);
        check("- Java or\n- Kotlin", &[false]);
        check("Requirements:\nPython", &[false]);
    }

    #[test]
    fn small_letters_go_on_a_long_line() {
        check(
            "We are looking for somebody who has at least five years of\nexperience with Java",
            &[true],
        );
        check("experience with python\nknowledge of sql", &[false]);
        check(
            "We are looking for somebody who has at least five years.\nexperience with Java",
            &[false],
        );
    }

    #[test]
    fn capitals_go_on_where_the_block_is_wrapped_and_the_word_did_not_fit() {
        check(
            "Whoever works here has seen how a store of many events is run\n\
             at night, and has done so for some years, perhaps with Apache\n\
             Kafka, and likes it.",
            &[true, true],
        );
        check(
            "Experience with the design of services in some language\nKnowledge of SQL",
            &[false],
        );
    }
}
