//! HTML in, plain text out: headings, paragraphs and list items on lines of
//! their own, markup gone, entities read.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, Rawtext, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// How much HTML a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Markup {
    /// None of it.
    Plain,
    /// Entities or inline tags only: its line feeds are the writer's.
    Inline,
    /// Blocks: its line feeds mean nothing.
    Blocks,
}

/// Whether a text has tags or entities that want to be read as HTML.
pub(super) fn is_html(text: &str) -> bool {
    markup(text) > Markup::Plain
}

fn markup(text: &str) -> Markup {
    let mut most = Markup::Plain;
    let bytes = text.as_bytes();
    for at in memchr::memchr2_iter(b'<', b'&', bytes) {
        let after = &text[at + 1..];
        if bytes[at] == b'<' {
            let name = after.strip_prefix('/').unwrap_or(after);
            let end = name
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(name.len());
            let name = name[..end].to_ascii_lowercase();
            if BLOCK_TAGS.contains(&name.as_str()) {
                return Markup::Blocks;
            }
            if INLINE_TAGS.contains(&name.as_str()) {
                most = Markup::Inline;
            }
        } else if is_entity(after) {
            most = Markup::Inline;
        }
    }
    most
}

/// Tags that postings are laid out with.
const BLOCK_TAGS: &[&str] = &[
    "p",
    "br",
    "div",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "pre",
    "hr",
    "section",
    "article",
    "html",
    "body",
    "head",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "header",
    "footer",
];

/// Tags within a line; `<T>` and `<stdio.h>` are none of them.
const INLINE_TAGS: &[&str] = &[
    "span", "b", "strong", "i", "em", "u", "a", "font", "code", "img", "sup", "sub", "center",
    "script", "style",
];

fn is_entity(after: &str) -> bool {
    let Some(end) = after.bytes().take(10).position(|b| b == b';') else {
        return false;
    };
    let name = &after[..end];
    match name.strip_prefix('#') {
        Some(number) => {
            !number.is_empty()
                && number
                    .bytes()
                    .all(|b| b.is_ascii_hexdigit() || b == b'x' || b == b'X')
        }
        None => name.len() >= 2 && name.bytes().all(|b| b.is_ascii_alphanumeric()),
    }
}

/// The text of an HTML fragment. Escaped markup (`&lt;p&gt;`) is read again,
/// at most twice more, as boards escape once or twice.
pub(super) fn to_text(html: &str) -> String {
    let mut text = once(html);
    for _ in 0..2 {
        if !is_html(&text) {
            break;
        }
        text = once(&text);
    }
    text
}

fn once(html: &str) -> String {
    let state = State {
        out: String::with_capacity(html.len()),
        preformatted: u32::from(markup(html) < Markup::Blocks),
        ..State::default()
    };
    let sink = TextSink {
        state: RefCell::new(state),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    // The sink asks for no scripts, so one feed takes all.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.state.into_inner().out
}

#[derive(Default)]
struct State {
    out: String,
    /// Inside `script` or `style`.
    hidden: bool,
    /// Inside `pre`: line feeds count.
    preformatted: u32,
    /// The target of the link that is open and where its text began.
    link: Option<(String, usize)>,
}

struct TextSink {
    state: RefCell<State>,
}

impl TokenSink for TextSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) if !state.hidden => state.text(&text),
            Token::TagToken(tag) => return state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn text(&mut self, text: &str) {
        if self.preformatted > 0 {
            self.out.push_str(text);
            return;
        }
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                if !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                    self.out.push(' ');
                }
            } else {
                self.out.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let opens = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "script" | "style" => {
                self.hidden = opens;
                if opens {
                    let kind = if &*tag.name == "script" {
                        ScriptData
                    } else {
                        Rawtext
                    };
                    return TokenSinkResult::RawData(kind as RawKind);
                }
            }
            "br" => self.line_end(),
            "li" | "dt" => {
                self.line_end();
                if opens {
                    self.out.push_str("- ");
                }
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "blockquote" | "hr"
            | "section" | "article" => {
                self.paragraph_end();
            }
            "div" | "ul" | "ol" | "dl" | "dd" | "tr" | "header" | "footer" => self.line_end(),
            "td" | "th" => self.text(" "),
            "pre" => {
                self.paragraph_end();
                self.preformatted = if opens {
                    self.preformatted + 1
                } else {
                    self.preformatted.saturating_sub(1)
                };
            }
            "a" if opens => {
                let href = tag
                    .attrs
                    .iter()
                    .find(|attribute| &*attribute.name.local == "href");
                self.link = href.map(|attribute| (attribute.value.to_string(), self.out.len()));
            }
            "a" => self.link_end(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    /// Forums cut the text of a long link; its target has it whole.
    fn link_end(&mut self) {
        let Some((href, start)) = self.link.take() else {
            return;
        };
        let Some(text) = self.out.get(start..) else {
            return;
        };
        let shown = text
            .trim()
            .strip_suffix("...")
            .or_else(|| text.trim().strip_suffix('…'));
        if shown.is_some_and(|shown| shown.starts_with("http") && href.starts_with(shown)) {
            self.out.truncate(start);
            self.out.push_str(&href);
        }
    }

    fn trim_line(&mut self) {
        while self.out.ends_with([' ', '\t']) {
            self.out.pop();
        }
    }

    fn line_end(&mut self) {
        self.trim_line();
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn paragraph_end(&mut self) {
        // An item's own paragraph (`<li><p>…`) stays on the item's line.
        if self.out.ends_with("\n- ") || self.out == "- " {
            return;
        }
        self.line_end();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(to_text(html).trim_end(), expected, "{html:?}");
    }

    #[test]
    fn blocks_stand_on_their_own_lines() {
        check(
            "<h2>You have</h2><ul><li>Rust or C++<li><p>Kafka</p></ul>",
            "You have\n\n- Rust or C++\n- Kafka",
        );
        check("one<p>two\nmore<br>three", "one\n\ntwo more\nthree");
        check("<pre>a\n  b</pre>c", "a\n  b\n\nc");
    }

    #[test]
    fn entities_are_read_once_twice_or_thrice() {
        check("R&amp;D &#x2F; &#39;x&#39;", "R&D / 'x'");
        check("&lt;p&gt;C&amp;amp;C&lt;/p&gt;", "C&C");
        check("&amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;", "x");
    }

    #[test]
    fn lines_of_a_text_without_blocks_are_kept() {
        check("<b>Stack</b>\n- Go\n- R&amp;D", "Stack\n- Go\n- R&D");
    }

    #[test]
    fn a_cut_link_is_made_whole() {
        check(
            r#"<a href="https://x.example/jobs/abc">https://x.example/jo...</a>"#,
            "https://x.example/jobs/abc",
        );
        check(r#"<a href="https://x.example">our site</a>"#, "our site");
    }

    #[test]
    fn scripts_are_not_text() {
        check("a<script>var b = '<p>';</script>c<style>p {}</style>", "ac");
    }

    #[test]
    fn generics_are_not_tags() {
        assert!(!is_html("Vec<T> and <stdio.h> & co; AT&T"));
        assert!(is_html("a<p>b"));
        assert!(is_html("x &#x2F; y"));
    }
}
