//! XML feeds into records, one at a time: the items of RSS, the entries of Atom,
//! the positions of a careers page, the `job` elements of anybody's export.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};

/// Elements that are one record each, in all feeds seen so far.
const RECORDS: &[&str] = &["item", "entry", "position", "job", "vacancy", "offer"];

/// The key that names the feed's outermost element.
pub(in crate::ingest) const ROOT: &str = "@root";

/// The key for text beside attributes or elements.
pub(in crate::ingest) const TEXT: &str = "#text";

/// An XML document in UTF-8, read record by record.
pub(in crate::ingest) struct Feed<R> {
    reader: Reader<R>,
    root: Option<String>,
    buffer: Vec<u8>,
}

/// An element that is open.
struct Open {
    name: String,
    fields: Map<String, Value>,
    text: String,
    /// What is in it is markup, and part of its text (XHTML in Atom).
    is_markup: bool,
}

impl<R: BufRead> Feed<R> {
    pub(in crate::ingest) fn new(input: R) -> Feed<R> {
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        // "R&D", "?a=1&b=2".
        config.allow_dangling_amp = true;
        Feed {
            reader,
            root: None,
            buffer: Vec::new(),
        }
    }

    /// Bytes of it that are good XML.
    pub(in crate::ingest) fn good_bytes(&self) -> u64 {
        self.reader.error_position()
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// When the document cannot be read on.
    pub(in crate::ingest) fn next(&mut self) -> Result<Option<Value>, quick_xml::Error> {
        let mut open: Vec<Open> = Vec::new();
        let Feed {
            reader,
            root,
            buffer,
        } = self;
        loop {
            buffer.clear();
            match reader.read_event_into(buffer)? {
                Event::Eof => return Ok(None),
                Event::Start(tag) if in_markup(&open) => {
                    add(&mut open, &format!("<{}>", tag.name().as_ref()));
                }
                Event::Empty(tag) if in_markup(&open) => {
                    add(&mut open, &format!("<{}/>", tag.name().as_ref()));
                }
                Event::End(tag)
                    if in_markup(&open)
                        && open
                            .last()
                            .is_some_and(|own| own.name != tag.name().as_ref()) =>
                {
                    add(&mut open, &format!("</{}>", tag.name().as_ref()));
                }
                Event::GeneralRef(name) if in_markup(&open) => {
                    add(&mut open, &format!("&{};", &*name));
                }
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    root.get_or_insert_with(|| name.clone());
                    if !open.is_empty() || RECORDS.contains(&name.as_str()) {
                        let fields = attributes(&tag);
                        open.push(Open {
                            is_markup: fields.get("@type").is_some_and(|kind| kind == "xhtml"),
                            fields,
                            text: String::new(),
                            name,
                        });
                    }
                }
                Event::Empty(tag) => {
                    if let Some(parent) = open.last_mut() {
                        let fields = attributes(&tag);
                        if !fields.is_empty() {
                            put(
                                parent,
                                tag.name().as_ref().to_owned(),
                                Value::Object(fields),
                            );
                        }
                    }
                }
                Event::Text(text) => add(&mut open, &text),
                Event::CData(text) => add(&mut open, &text),
                Event::GeneralRef(name) => add(&mut open, &reference(&name)),
                Event::End(tag) => {
                    if let Some(record) = close(root, &mut open, tag.name().as_ref()) {
                        return Ok(Some(record));
                    }
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }
}

/// Ends the nearest open element of a name, and those in it that were left open.
fn close(root: &Option<String>, open: &mut Vec<Open>, name: &str) -> Option<Value> {
    let at = open.iter().rposition(|element| element.name == name)?;
    while open.len() > at {
        let Open {
            name,
            mut fields,
            text,
            ..
        } = open.pop()?;
        let Some(parent) = open.last_mut() else {
            if fields.is_empty() {
                // A `<position>Cook</position>` within another kind of record.
                return None;
            }
            let root = root.clone().unwrap_or_default();
            fields.insert(ROOT.to_owned(), root.into());
            return Some(Value::Object(fields));
        };
        let value = match fields.is_empty() {
            true => Value::String(text),
            false => {
                if !text.trim().is_empty() {
                    fields.insert(TEXT.to_owned(), text.into());
                }
                Value::Object(fields)
            }
        };
        put(parent, name, value);
    }
    None
}

fn in_markup(open: &[Open]) -> bool {
    open.last().is_some_and(|element| element.is_markup)
}

fn add(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// An element that comes again makes a list.
fn put(parent: &mut Open, name: String, value: Value) {
    match parent.fields.get_mut(&name) {
        None => {
            parent.fields.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(before) => *before = Value::Array(vec![before.take(), value]),
    }
}

/// Attributes as fields named `@…`.
fn attributes(tag: &BytesStart<'_>) -> Map<String, Value> {
    let mut known = tag.attributes();
    let named = known.with_checks(false).flatten().map(|attribute| {
        let name = format!("@{}", attribute.key.as_ref());
        (name, attribute.value.into_owned().into())
    });
    named.collect()
}

/// `&amp;` and `&#228;` as what they stand for; `&nbsp;` and others, which XML does
/// not know, as they are, for whoever reads the text as HTML.
fn reference(name: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = name.resolve_char_ref() {
        return c.to_string();
    }
    match &**name {
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "amp" => "&".to_owned(),
        "apos" => "'".to_owned(),
        "quot" => "\"".to_owned(),
        other => format!("&{other};"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(xml: &str, expected: &[Value]) {
        let mut feed = Feed::new(xml.as_bytes());
        let mut found = Vec::new();
        while let Some(record) = feed.next().unwrap() {
            found.push(record);
        }
        assert_eq!(found, expected, "{xml}");
    }

    #[test]
    fn items_are_objects() {
        check(
            "<?xml version='1.0'?><rss><channel><title>All</title><item><title>A: B</title><category>x</category><category>y</category>\
             <description>&lt;p&gt;R&amp;amp;D&nbsp;&#228;</description><guid isPermaLink='false'>7</guid><media:content url='u'/></item></channel></rss>",
            &[
                json!({"@root": "rss", "title": "A: B", "category": ["x", "y"], "description": "<p>R&amp;D&nbsp;ä",
                "guid": {"@isPermaLink": "false", "#text": "7"}, "media:content": {"@url": "u"}}),
            ],
        );
        check(
            "<workzag-jobs><position><id>1</id><jobDescriptions><jobDescription><name>N</name><value><![CDATA[<b>v</b>]]></value></jobDescription></jobDescriptions></position><position><id>2</id></position></workzag-jobs>",
            &[
                json!({"@root": "workzag-jobs", "id": "1", "jobDescriptions": {"jobDescription": {"name": "N", "value": "<b>v</b>"}}}),
                json!({"@root": "workzag-jobs", "id": "2"}),
            ],
        );
    }

    #[test]
    fn markup_in_an_entry_is_its_text() {
        check(
            "<feed><entry><content type='xhtml'><div class='x'><p>Tea &amp; <b>milk</b><br/></p></div></content><t>T</t></entry></feed>",
            &[json!({"@root": "feed", "t": "T",
                "content": {"@type": "xhtml", "#text": "<div><p>Tea &amp; <b>milk</b><br/></p></div>"}})],
        );
    }

    #[test]
    fn dirt_is_borne() {
        check(
            "<jobs><job><position>Cook</position><b>x</job></jobs>",
            &[json!({"@root": "jobs", "position": "Cook", "b": "x"})],
        );
        check(
            "<jobs><job><t>R&D & QA</t><u>/?a=1&b=2&amp;c</u><v>x & y; z &</v></job></jobs>",
            &[json!({"@root": "jobs", "t": "R&D & QA", "u": "/?a=1&b=2&c", "v": "x & y; z &"})],
        );
        check("<jobs><job/><job>just text</job></jobs></x>", &[]);
        check("<jobs><job><t>caf\u{e9}</t>", &[]);
    }
}
