//! Cuts bytes into JSON records without reading them: the elements of a list and
//! of those behind it, or the lines of a JSON Lines file.
//!
//! Whether a record is good JSON is found out later, by whoever reads it; so a
//! bad one costs itself and no more.

use std::ops::Range;

/// Where a scan through a top-level JSON list stands between two buffers.
#[derive(Debug, Default)]
pub(super) struct ListScanner {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The list's closing bracket has been seen.
    pub(super) ended: bool,
    opened: bool,
    /// What follows the list is of a document around it, and passed over.
    is_within: bool,
    /// On a line behind the list that is neither a list nor an object.
    on_stray_line: bool,
}

impl ListScanner {
    /// Of a list that stands within a document.
    pub(super) fn within() -> ListScanner {
        ListScanner {
            is_within: true,
            ..ListScanner::default()
        }
    }

    /// At the end of the file: a stray line ends there too.
    pub(super) fn end(
        &mut self,
        buffer: &[u8],
        start: &mut Option<usize>,
        elements: &mut Vec<Range<usize>>,
    ) {
        if std::mem::take(&mut self.on_stray_line)
            && let Some(begin) = start.take()
        {
            elements.push(begin..trim_end(buffer, begin, buffer.len()));
        }
    }

    /// Finds the whole elements in `buffer`, which starts at `from` unscanned;
    /// `start` is where the element that is open began, if one is.
    ///
    /// Elements are ranges of `buffer` with no blanks around them.
    pub(super) fn scan(
        &mut self,
        buffer: &[u8],
        from: usize,
        start: &mut Option<usize>,
        elements: &mut Vec<Range<usize>>,
    ) {
        for (at, &byte) in buffer.iter().enumerate().skip(from) {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            if self.ended {
                if !self.is_within {
                    self.behind(buffer, at, start, elements);
                }
                continue;
            }
            match byte {
                b'[' if !self.opened => {
                    self.opened = true;
                    continue;
                }
                b',' | b']' if self.depth == 0 => {
                    if let Some(begin) = start.take() {
                        let end = trim_end(buffer, begin, at);
                        elements.push(begin..end);
                    }
                    self.ended = byte == b']';
                    continue;
                }
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.opened && start.is_none() && !byte.is_ascii_whitespace() {
                *start = Some(at);
            }
        }
    }

    /// A byte behind a list: another list goes on as the first one did, an object
    /// is a record, and so is any other line, for its reader to refuse.
    fn behind(
        &mut self,
        buffer: &[u8],
        at: usize,
        start: &mut Option<usize>,
        elements: &mut Vec<Range<usize>>,
    ) {
        let is_open = self.depth > 0;
        match buffer[at] {
            b'\n' if self.on_stray_line => self.end(&buffer[..at], start, elements),
            _ if self.on_stray_line => {}
            b'[' if !is_open => self.ended = false,
            b'"' if is_open => self.in_string = true,
            b'{' | b'[' => {
                start.get_or_insert(at);
                self.depth += 1;
            }
            b'}' | b']' if is_open => {
                self.depth -= 1;
                if self.depth == 0
                    && let Some(begin) = start.take()
                {
                    elements.push(begin..at + 1);
                }
            }
            // Blanks, zeros and the marks of files that were put together are nothing.
            b',' | 0..=b' ' | 0xef | 0xbb | 0xbf if !is_open => {}
            _ if is_open => {}
            _ => {
                *start = Some(at);
                self.on_stray_line = true;
            }
        }
    }
}

fn trim_end(buffer: &[u8], begin: usize, mut end: usize) -> usize {
    while end > begin && buffer[end - 1].is_ascii_whitespace() {
        end -= 1;
    }
    end
}

/// The whole lines in `buffer`, blank ones left out, and where the rest begins.
/// Each line comes with its number from 0, blank lines counted.
pub(super) fn lines(buffer: &[u8]) -> (Vec<(u64, Range<usize>)>, u64, usize) {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut number = 0;
    for end in memchr::memchr_iter(b'\n', buffer) {
        let line = begin..trim_end(buffer, begin, end);
        if !line.is_empty() {
            found.push((number, line));
        }
        begin = end + 1;
        number += 1;
    }
    (found, number, begin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str], ended: bool) {
        // Cut at every place: where a buffer ends must not matter.
        for cut in 0..=text.len() {
            let (mut scanner, mut start, mut found) = (ListScanner::default(), None, Vec::new());
            let bytes = text.as_bytes();
            scanner.scan(&bytes[..cut], 0, &mut start, &mut found);
            scanner.scan(bytes, cut, &mut start, &mut found);
            scanner.end(bytes, &mut start, &mut found);
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text:?} cut at {cut}");
            assert_eq!(scanner.ended, ended);
        }
    }

    #[test]
    fn elements_are_cut_at_top_level_commas_only() {
        check(
            r#" [ {"a":[1,2]} , {"b":"],{"} ]"#,
            &[r#"{"a":[1,2]}"#, r#"{"b":"],{"}"#],
            true,
        );
        check(r#"["a\"b,", 1,2 ]"#, &[r#""a\"b,""#, "1", "2"], true);
        check("[]", &[], true);
    }

    #[test]
    fn what_follows_a_list_is_read_on() {
        check("[1]\n[2,3]", &["1", "2", "3"], true);
        check(
            r#"[1], {"a":[{"b":"]}"}]} {"c":2}[]"#,
            &["1", r#"{"a":[{"b":"]}"}]}"#, r#"{"c":2}"#],
            true,
        );
        check("[1] \0\n", &["1"], true);
        check(
            "[1];\n\u{feff}[2]\nnull \"",
            &["1", ";", "2", "null \""],
            true,
        );
        let (mut start, mut found) = (None, Vec::new());
        let mut within = ListScanner::within();
        within.scan(br#"[1],"total":{"n":1}}"#, 0, &mut start, &mut found);
        assert_eq!((found.len(), found.first()), (1, Some(&(1..2))));
    }

    #[test]
    fn a_list_that_is_cut_off_gives_what_is_whole() {
        check(r#"[{"a":1},{"b":"#, &[r#"{"a":1}"#], false);
    }

    #[test]
    fn blank_lines_count_as_lines_and_are_no_records() {
        let (found, lines, rest) = lines(b"{}\n\r\n{} \nhalf");
        assert_eq!(found, [(0, 0..2), (2, 5..7)]);
        assert_eq!((lines, rest), (3, 9));
    }
}
