//! A forum thread saved as a web page into comments. Who answers whom shows only
//! in the indent: old pages have an image as wide as that, newer ones say it.

use serde_json::{Map, Value, json};

use super::tree::{At, Element, Tree};

/// Pixels a level of answers is indented by, in pages that use an image.
const INDENT_PIXELS: u32 = 40;

/// Every comment of a page, in order: `id`, `author`, `indent` (0: a comment on
/// the thread itself), `text` as HTML, `deleted`; and `story_id`, `story_title`
/// where the page shows them. Empty if the page is no thread.
pub(super) fn comments(tree: &Tree) -> Vec<Value> {
    let story = story(tree);
    let mut found = Vec::new();
    let mut open = Open::default();
    for at in tree.all() {
        let element = tree.element(at);
        match element.name.as_str() {
            "img" => open.indent = indent_of_image(element).unwrap_or(open.indent),
            "td" if element.is("ind") => {
                let levels = element.attribute("indent").and_then(|n| n.parse().ok());
                open.indent = levels.unwrap_or(open.indent);
            }
            "tr" if element.is("comtr") => {
                open.id = element.attribute("id").map(str::to_owned);
                open.in_row = true;
            }
            "a" => open.link(tree, at),
            "span" | "div" if element.is("comment") || element.is("commtext") => {
                // Newer pages have a `div.comment` around the `div.commtext`.
                if tree
                    .children(at)
                    .any(|inner| tree.element(inner).is("commtext"))
                {
                    continue;
                }
                found.push(comment(tree, at, std::mem::take(&mut open), &story));
            }
            _ => {}
        }
    }
    found
}

/// What stands before a comment's text.
#[derive(Default)]
struct Open {
    id: Option<String>,
    author: Option<String>,
    indent: u32,
    /// The number is that of the table row.
    in_row: bool,
}

impl Open {
    fn link(&mut self, tree: &Tree, at: At) {
        let href = tree.element(at).attribute("href").unwrap_or_default();
        if let Some((_, author)) = href.split_once("user?id=") {
            self.author = Some(author.to_owned());
            // A number from before belongs to what stands above, unless the row says it.
            self.id = self.id.take().filter(|_| self.in_row);
        } else if let Some((_, id)) = href.rsplit_once("item?id=")
            && self.id.is_none()
            && self.author.is_some()
            && !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_digit())
        {
            self.id = Some(id.to_owned());
        }
    }
}

fn comment(tree: &Tree, at: At, open: Open, story: &Map<String, Value>) -> Value {
    let html = tree.html(at, &is_of_the_text);
    let bare = tree.text(at);
    let mut fields = story.clone();
    fields.insert("indent".to_owned(), open.indent.into());
    let is_deleted = matches!(bare.trim(), "[deleted]" | "[flagged]" | "[dead]");
    fields.insert("deleted".to_owned(), is_deleted.into());
    for (key, value) in [("id", open.id), ("author", open.author)] {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value.into());
        }
    }
    fields.insert("comment_html".to_owned(), html.into());
    Value::Object(fields)
}

/// The line and the link to answer that pages put below a text are not part of it.
fn is_of_the_text(element: &Element) -> bool {
    !(element.is("reply") || (element.name == "font" && element.attribute("size") == Some("1")))
}

fn indent_of_image(image: &Element) -> Option<u32> {
    let is_spacer =
        image.attribute("src")?.ends_with("s.gif") && image.attribute("height") == Some("1");
    let pixels: u32 = image
        .attribute("width")
        .filter(|_| is_spacer)?
        .parse()
        .ok()?;
    // Others of 10 and 14 pixels stand in the page's frame.
    pixels
        .is_multiple_of(INDENT_PIXELS)
        .then_some(pixels / INDENT_PIXELS)
}

/// The thread's own title and number, on its first page.
fn story(tree: &Tree) -> Map<String, Value> {
    let mut story = Map::new();
    for at in tree.all() {
        let element = tree.element(at);
        match element.name.as_str() {
            "td" | "span" if element.is("title") || element.is("titleline") => {
                let title = tree.text(at);
                if !title.trim().is_empty() && !story.contains_key("story_title") {
                    story.insert("story_title".to_owned(), json!(title.trim()));
                }
            }
            "a" | "span" if !story.contains_key("story_id") => {
                let id = element.attribute("id").unwrap_or_default();
                if let Some(number) = id.strip_prefix("score_") {
                    story.insert("story_id".to_owned(), json!(number));
                }
            }
            // A comment has begun.
            "tr" if element.is("comtr") => break,
            _ => {}
        }
    }
    story
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_page_with_images_for_indents() {
        let html = r#"<html><title>x</title><td class="title"><a href="item?id=50">Ask HN: Who is hiring? (May 2013)</a></td>
            <span id="score_50">3 points</span> by <a href="user?id=bot">bot</a> <a href="item?id=50">9 comments</a>
            <table><tr><td><img src="a/s.gif" height="1" width="0"></td><td><span class="comhead"><a href="user?id=ann">ann</a> 2 days ago |
            <a href="https://f.example/item?id=51">link</a></span><br><span class="comment"><font color="black">Acme | Cook<p>Soups</p></font>
            <p><font size="1"><u>reply</u></font></p></span></td></tr></table>
            <table><tr><td><img src="a/s.gif" height="1" width="40"></td><td><span class="comhead"><a href="user?id=bob">bob</a>
            <a href="item?id=52">link</a></span><span class="comment">Nice</span></td></tr></table>
            <td><img src="a/s.gif" height="1" width="0"></td><img src="a/s.gif" height="1" width="14"><span class="comhead"></span><span class="comment">[deleted]</span>"#;
        let found = comments(&Tree::parse(html));
        assert_eq!(found.len(), 3);
        assert_eq!(found[0]["id"], "51");
        assert_eq!(found[0]["author"], "ann");
        assert_eq!(found[0]["story_id"], "50");
        assert_eq!(found[0]["story_title"], "Ask HN: Who is hiring? (May 2013)");
        let text = found[0]["comment_html"].as_str().unwrap();
        assert!(
            text.contains("Acme | Cook") && !text.contains("reply"),
            "{text}"
        );
        assert_eq!(
            (&found[1]["indent"], &found[0]["indent"]),
            (&json!(1), &json!(0))
        );
        assert_eq!(found[2]["deleted"], true);
        assert!(found[2].get("id").is_none());
    }

    #[test]
    fn a_newer_page_that_says_its_indents() {
        let html = r#"<span class="titleline"><a href="item?id=60">Ask HN: Who is hiring? (May 2023)</a></span><span class="score" id="score_60">9</span>
            <tr class="athing comtr" id="61"><td class="ind" indent="0"><img src="s.gif" height="1" width="0"></td>
            <a href="user?id=cy" class="hnuser">cy</a><span class="age"><a href="item?id=61">on May 1</a></span>
            <div class="comment"><div class="commtext c00">Bolt | Smith<p>Iron</div><div class="reply">reply</div></div></tr>
            <tr class="athing comtr" id="62"><td class="ind" indent="2"></td><div class="comment"><div class="commtext c00">hi</div></div></tr>"#;
        let found = comments(&Tree::parse(html));
        let ids: Vec<_> = found.iter().map(|comment| &comment["id"]).collect();
        assert_eq!(ids, ["61", "62"]);
        assert_eq!(found[1]["indent"], 2);
        assert!(!found[0]["comment_html"].as_str().unwrap().contains("reply"));
    }

    #[test]
    fn another_page_has_no_comments() {
        assert!(comments(&Tree::parse("<p>Hello <a href='user?id=x'>x</a>")).is_empty());
    }
}
