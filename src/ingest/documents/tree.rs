//! HTML into a plain tree of elements: enough structure for microdata and saved
//! forum pages, none of the repairs a browser makes.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawKind, Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// Elements deeper than this are put beside their parent; no page for people is
/// so deep.
const MAX_DEPTH: usize = 256;

/// A page. Element 0 is the root and stands for the document itself.
#[derive(Debug)]
pub(super) struct Tree {
    elements: Vec<Element>,
}

/// An element's place in its tree.
pub(super) type At = usize;

#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Text(String),
    Element(At),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it has a class.
    pub(super) fn is(&self, class: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split_ascii_whitespace().any(|known| known == class)
    }
}

impl Tree {
    pub(super) fn parse(html: &str) -> Tree {
        let root = Element {
            name: String::new(),
            attributes: Vec::new(),
            children: Vec::new(),
        };
        let builder = Builder {
            elements: vec![root],
            open: vec![0],
        };
        let sink = TreeSink {
            builder: RefCell::new(builder),
        };
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(html));
        // The sink asks for no scripts, so one feed takes all.
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        Tree {
            elements: tokenizer.sink.builder.into_inner().elements,
        }
    }

    pub(super) fn element(&self, at: At) -> &Element {
        &self.elements[at]
    }

    /// Every element, in the order of their start tags.
    pub(super) fn all(&self) -> impl Iterator<Item = At> + '_ {
        0..self.elements.len()
    }

    /// The elements right below one.
    pub(super) fn children(&self, at: At) -> impl DoubleEndedIterator<Item = At> + '_ {
        self.elements[at]
            .children
            .iter()
            .filter_map(|node| match node {
                Node::Element(at) => Some(*at),
                Node::Text(_) => None,
            })
    }

    /// All text below an element, as it stands.
    pub(super) fn text(&self, at: At) -> String {
        let mut out = String::new();
        self.write(at, &mut out, false, &|_| true);
        out
    }

    /// The markup below an element, without the elements that `keep` leaves out.
    pub(super) fn html(&self, at: At, keep: &dyn Fn(&Element) -> bool) -> String {
        let mut out = String::new();
        self.write(at, &mut out, true, keep);
        out
    }

    /// As deep as [`MAX_DEPTH`].
    fn write(&self, at: At, out: &mut String, markup: bool, keep: &dyn Fn(&Element) -> bool) {
        for node in &self.elements[at].children {
            match node {
                Node::Text(text) if markup => escape(text, out),
                Node::Text(text) => out.push_str(text),
                Node::Element(child) => {
                    let element = &self.elements[*child];
                    if !keep(element) {
                        continue;
                    }
                    if markup {
                        out.push('<');
                        out.push_str(&element.name);
                        if let Some(href) = element.attribute("href") {
                            out.push_str(" href=\"");
                            escape(href, out);
                            out.push('"');
                        }
                        out.push('>');
                    }
                    self.write(*child, out, markup, keep);
                    if markup && !is_void(&element.name) {
                        out.push_str("</");
                        out.push_str(&element.name);
                        out.push('>');
                    }
                }
            }
        }
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

struct Builder {
    elements: Vec<Element>,
    open: Vec<At>,
}

struct TreeSink {
    builder: RefCell<Builder>,
}

impl TokenSink for TreeSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.builder.borrow_mut();
        match token {
            Token::CharacterTokens(text) => builder.text(&text),
            Token::TagToken(tag) => return builder.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Builder {
    fn text(&mut self, text: &str) {
        let children = &mut self.elements[*self.open.last().unwrap_or(&0)].children;
        match children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => children.push(Node::Text(text.to_owned())),
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        if tag.kind == TagKind::EndTag {
            self.close(&tag.name);
            return TokenSinkResult::Continue;
        }
        if let Some(open) = self.open.last().map(|at| self.elements[*at].name.as_str())
            && ends(open, &tag.name)
        {
            self.open.pop();
        }
        let at = self.elements.len();
        self.elements.push(Element {
            name: tag.name.to_string(),
            attributes: tag
                .attrs
                .iter()
                .map(|attribute| {
                    (
                        attribute.name.local.to_string(),
                        attribute.value.to_string(),
                    )
                })
                .collect(),
            children: Vec::new(),
        });
        let parent = *self.open.last().unwrap_or(&0);
        self.elements[parent].children.push(Node::Element(at));
        if !tag.self_closing && !is_void(&tag.name) && self.open.len() < MAX_DEPTH {
            self.open.push(at);
        }
        match &*tag.name {
            "script" => TokenSinkResult::RawData(ScriptData as RawKind),
            "style" => TokenSinkResult::RawData(Rawtext as RawKind),
            "title" | "textarea" => TokenSinkResult::RawData(Rcdata as RawKind),
            _ => TokenSinkResult::Continue,
        }
    }

    /// An end tag that nothing fits ends nothing.
    fn close(&mut self, name: &str) {
        let fitting = self
            .open
            .iter()
            .skip(1)
            .rposition(|at| self.elements[*at].name == name);
        if let Some(depth) = fitting {
            self.open.truncate(depth + 1);
        }
    }
}

/// Whether a start tag ends the element that is open, as people rely on.
fn ends(open: &str, next: &str) -> bool {
    match open {
        "p" => matches!(
            next,
            "p" | "div" | "ul" | "ol" | "li" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        ),
        "li" => next == "li",
        "dt" | "dd" => matches!(next, "dt" | "dd"),
        "option" => next == "option",
        _ => false,
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(tree: &Tree, name: &str) -> At {
        tree.all()
            .find(|at| tree.element(*at).name == name)
            .unwrap()
    }

    #[test]
    fn what_is_inside_is_found_again() {
        let tree = Tree::parse("<ul class='a b'><li>One &amp; two<li><b>Three</b></ul><p>x<p>y");
        assert_eq!(tree.children(first(&tree, "ul")).count(), 2);
        assert_eq!(tree.text(first(&tree, "ul")), "One & twoThree");
        assert!(tree.element(first(&tree, "ul")).is("b"));
        assert_eq!(
            tree.html(first(&tree, "ul"), &|element| element.name != "b"),
            "<li>One &amp; two</li><li></li>"
        );
        assert_eq!(tree.text(first(&tree, "p")), "x");
    }

    #[test]
    fn scripts_are_text_and_wrong_ends_end_nothing() {
        let tree = Tree::parse("<div><script>if (a < b) {'</p>'}</script></span><i>x</i></div>z");
        assert_eq!(tree.text(first(&tree, "script")), "if (a < b) {'</p>'}");
        assert_eq!(tree.children(first(&tree, "div")).count(), 2);
    }

    #[test]
    fn a_deep_page_is_no_deep_tree() {
        let tree = Tree::parse(&format!("{}x", "<div>".repeat(100_000)));
        assert_eq!(tree.text(0), "x");
    }
}
