//! The text of a document a person wrote: plain, Markdown or HTML, and with the
//! feature `documents` also PDF and DOCX.

use super::{record, text};

/// Why a document has no text for us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// There is nothing in it, or only pictures.
    #[error("there is no text in it")]
    Empty,
    /// It is of a kind that this program was built without.
    #[error(
        "it is {0}, which this program was built without (feature `documents`); \
         save it as text, Markdown or HTML first"
    )]
    NotBuilt(&'static str),
    /// It is damaged, protected, or of a kind that is not read.
    #[error("it is {kind} that cannot be read: {why}")]
    Unreadable {
        /// What it says it is.
        kind: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

const PDF: &str = "a PDF";
const PACKED: &str = "a packed file such as DOCX";

/// A document of any kind as plain text: markup read where there is some, with
/// headings and list items on lines of their own.
///
/// # Errors
/// [`DocumentError`] if it has no text, cannot be read, or is of a kind that
/// needs the feature `documents`.
pub fn document_text(bytes: &[u8]) -> Result<String, DocumentError> {
    // A PDF may have some other bytes before its mark (ISO 32000-1, annex H.3.4.1).
    let start = &bytes[..bytes.len().min(1024)];
    let found = if start.windows(5).any(|mark| mark == b"%PDF-") {
        text::lines(&pdf(bytes)?)
    } else if bytes.starts_with(b"PK\x03\x04") {
        text::lines(&docx(bytes)?)
    } else {
        text::block(record::utf8(bytes).trim_start_matches('\u{feff}'))
    };
    found.ok_or(DocumentError::Empty)
}

#[cfg(not(feature = "documents"))]
fn pdf(_: &[u8]) -> Result<String, DocumentError> {
    Err(DocumentError::NotBuilt(PDF))
}

#[cfg(not(feature = "documents"))]
fn docx(_: &[u8]) -> Result<String, DocumentError> {
    Err(DocumentError::NotBuilt(PACKED))
}

#[cfg(feature = "documents")]
use packed::{docx, pdf};

#[cfg(feature = "documents")]
mod packed {
    use std::cell::Cell;
    use std::collections::BTreeSet;
    use std::io::{Cursor, Read};
    use std::panic;
    use std::sync::Once;

    use pdf_extract::{Dictionary, Document, ObjectId, OutputError, PlainTextOutput, Stream};
    use quick_xml::Reader;
    use quick_xml::escape::resolve_predefined_entity;
    use quick_xml::events::Event;
    use zip::ZipArchive;

    use super::{DocumentError, PACKED, PDF};

    /// More text than this in one document is no résumé, in bytes.
    const MAX_TEXT_BYTES: u64 = 64 << 20;

    fn unreadable(kind: &'static str, why: impl ToString) -> DocumentError {
        let why = why.to_string();
        DocumentError::Unreadable { kind, why }
    }

    thread_local! {
        /// The library for PDF is at work on this thread.
        static IN_PDF: Cell<bool> = const { Cell::new(false) };
    }

    /// The library panics over some damaged files. Such a panic is caught, and
    /// the hook, which would print it, does not hear of it; all others it does.
    pub(super) fn pdf(bytes: &[u8]) -> Result<String, DocumentError> {
        static QUIET: Once = Once::new();
        QUIET.call_once(|| {
            let usual = panic::take_hook();
            panic::set_hook(Box::new(move |what| {
                if !IN_PDF.get() {
                    usual(what);
                }
            }));
        });
        IN_PDF.set(true);
        let read = panic::catch_unwind(|| read_pdf(bytes));
        IN_PDF.set(false);
        read.unwrap_or_else(|_| Err(unreadable(PDF, "it is damaged")))
    }

    fn read_pdf(bytes: &[u8]) -> Result<String, DocumentError> {
        let failed = |error: OutputError| unreadable(PDF, error);
        let mut document = Document::load_mem(bytes).map_err(|error| failed(error.into()))?;
        if document.is_encrypted() {
            // Most that are need no password to be read.
            let opened = document.decrypt("");
            opened.map_err(|_| unreadable(PDF, "it is protected by a password"))?;
        }
        if is_endless(&document) {
            return Err(unreadable(PDF, "a part of it contains itself"));
        }
        let mut text = String::new();
        let mut out = PlainTextOutput::new(&mut text);
        pdf_extract::output_doc(&document, &mut out).map_err(failed)?;
        Ok(text)
    }

    /// Whether the library, which follows parents and forms (ISO 32000-1, 8.10)
    /// as far as they go, would never come back.
    fn is_endless(document: &Document) -> bool {
        let dictionaries = document.objects.values();
        let mut dictionaries = dictionaries.filter_map(|object| object.as_dict().ok());
        dictionaries.any(|of| is_own_ancestor(document, of))
            || document
                .objects
                .keys()
                .any(|id| draws_unlisted(document, *id))
            || is_deep(document)
    }

    /// Neither trees of pages nor forms in forms are deeper than this in a
    /// document that anybody wrote.
    const MAX_NESTING: usize = 64;

    fn is_own_ancestor(document: &Document, of: &Dictionary) -> bool {
        let parent = |of: &Dictionary| {
            let parent = of.get(b"Parent").ok()?.as_reference().ok()?;
            document.get_dictionary(parent).ok()
        };
        let mut above = parent(of);
        for _level in 0..MAX_NESTING {
            let Some(next) = above else { return false };
            above = parent(next);
        }
        true
    }

    /// Whether forms contain forms in more than [`MAX_NESTING`] levels. All of a
    /// level are followed together: the ways through them can be too many.
    fn is_deep(document: &Document) -> bool {
        let mut level: BTreeSet<ObjectId> = document.objects.keys().copied().collect();
        for _level in 0..=MAX_NESTING {
            level = level.iter().flat_map(|id| inner(document, *id)).collect();
            if level.is_empty() {
                return false;
            }
        }
        true
    }

    /// Whether a form without a list of others draws some: it may well mean itself.
    fn draws_unlisted(document: &Document, id: ObjectId) -> bool {
        let unlisted = form(document, id)
            .filter(|form| listed(document, &form.dict, b"Resources").is_none())
            .and_then(|form| form.get_plain_content().ok());
        unlisted.is_some_and(|content| content.windows(3).any(|operator| operator == b" Do"))
    }

    /// The forms and images that a form lists.
    fn inner(document: &Document, id: ObjectId) -> Vec<ObjectId> {
        let listed_in = |of: &Dictionary, key: &[u8]| listed(document, of, key);
        let objects = form(document, id)
            .and_then(|form| listed_in(&form.dict, b"Resources"))
            .and_then(|resources| listed_in(&resources, b"XObject"));
        let objects = objects.unwrap_or_default();
        let objects = objects.iter().filter_map(|(_, of)| of.as_reference().ok());
        objects.collect()
    }

    /// A form; the contents of pages, which draw forms and pictures, are none.
    fn form(document: &Document, id: ObjectId) -> Option<&Stream> {
        let stream = document.get_object(id).ok()?.as_stream().ok()?;
        let kind = stream.dict.get(b"Subtype").and_then(|of| of.as_name());
        kind.is_ok_and(|of| of == b"Form").then_some(stream)
    }

    fn listed(document: &Document, of: &Dictionary, key: &[u8]) -> Option<Dictionary> {
        let (_, found) = document.dereference(of.get(key).ok()?).ok()?;
        found.as_dict().ok().cloned()
    }

    pub(super) fn docx(bytes: &[u8]) -> Result<String, DocumentError> {
        let failed = |error: zip::result::ZipError| unreadable(PACKED, error);
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(failed)?;
        let part = archive.by_name("word/document.xml");
        let part = part.map_err(|error| match error {
            zip::result::ZipError::FileNotFound => unreadable(PACKED, "it is no DOCX"),
            error => failed(error),
        })?;
        let mut xml = Vec::new();
        part.take(MAX_TEXT_BYTES + 1)
            .read_to_end(&mut xml)
            .map_err(|error| unreadable(PACKED, error))?;
        if xml.len() as u64 > MAX_TEXT_BYTES {
            return Err(unreadable(PACKED, "its text is too long"));
        }
        paragraphs(&xml).map_err(|error| unreadable(PACKED, error))
    }

    /// The text of a part of WordprocessingML (ECMA-376, part 1, 17.3): a line a
    /// paragraph, items of lists with a dash. What is left out in the document's
    /// own fallback for older programs is there already.
    fn paragraphs(xml: &[u8]) -> Result<String, quick_xml::Error> {
        let mut reader = Reader::from_reader(xml);
        let mut text = String::new();
        let (mut in_run, mut in_fallback, mut buffer) = (false, 0usize, Vec::new());
        loop {
            let event = reader.read_event_into(&mut buffer)?;
            match &event {
                Event::Eof => return Ok(text),
                Event::Start(tag) if in_fallback > 0 || tag.local_name().as_ref() == "Fallback" => {
                    in_fallback += 1;
                }
                Event::End(_) if in_fallback > 0 => in_fallback -= 1,
                _ if in_fallback > 0 => {}
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "t" => in_run = matches!(event, Event::Start(_)),
                    "tab" => text.push(' '),
                    "br" | "cr" => text.push('\n'),
                    "numPr" => text.push_str("- "),
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "t" => in_run = false,
                    "p" => text.push('\n'),
                    _ => {}
                },
                Event::Text(words) if in_run => text.push_str(words),
                Event::CData(words) if in_run => text.push_str(words),
                Event::GeneralRef(name) if in_run => match name.resolve_char_ref() {
                    Ok(Some(c)) => text.push(c),
                    _ => text.push_str(resolve_predefined_entity(name).unwrap_or(" ")),
                },
                _ => {}
            }
            buffer.clear();
        }
    }
}
