//! Résumés in PDF and DOCX: read like any other text, and never a reason to panic.

use std::fs;
use std::io::{Cursor, Write};

use jobsift::ingest::{DocumentError, document_text};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{sample, scratch};

/// A page with a line of text for each of `lines`, in a font that every reader has.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut content = "BT /F1 12 Tf 14 TL 72 720 Td ".to_owned();
    for line in lines {
        let line = line.replace(['(', ')'], "");
        content.push_str(&format!("({line}) Tj T* "));
    }
    content.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
    ];
    pdf_of(&objects)
}

/// A file of numbered objects, the first of which is the catalogue.
fn pdf_of(objects: &[String]) -> Vec<u8> {
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    file.push_str(&format!(
        "xref\n0 {}\n0000000000 65535 f \n",
        objects.len() + 1
    ));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

/// A document with a paragraph for each of `lines`, those that begin with a dash
/// as items of a list.
fn docx(lines: &[&str]) -> Vec<u8> {
    let mut body = String::new();
    for line in lines {
        let (item, line) = match line.strip_prefix("- ") {
            Some(line) => (
                "<w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr>",
                line,
            ),
            None => ("", *line),
        };
        // A word may be cut in two runs, as editors do.
        let (a, b) = line.split_at(line.len() / 2);
        let run = |text: &str| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
        };
        body.push_str(&format!("<w:p>{item}{}{}</w:p>", run(a), run(b)));
    }
    body.push_str(
        "<mc:AlternateContent><mc:Fallback><w:p><w:r><w:t>Haskell</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>",
    );
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><w:body>{body}</w:body></w:document>"
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("word/document.xml", SimpleFileOptions::default())
        .unwrap();
    archive.write_all(xml.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

const LINES: &[&str] = &[
    "Anna, back-end developer",
    "6 years of Python, R&D of 5 < 6 services",
    "Skills:",
    "- Kubernetes",
    "- PostgreSQL",
    "No PHP, please.",
];

#[test]
fn pdf_and_docx_are_read_like_text() {
    let folder = scratch();
    let text = LINES.join("\n");
    let have = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let file = file.display().to_string();
        let ran = sample(&["match", "--resume", &file, "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("Python (6 years)"), "{}", ran.err);
        ran.json()["have"].clone()
    };
    let plain = have("cv.txt", text.as_bytes());
    assert_eq!(
        plain,
        serde_json::json!(["python", "backend-development", "kubernetes", "postgresql"])
    );
    assert_eq!(have("cv.pdf", &pdf(LINES)), plain);
    assert_eq!(have("cv.docx", &docx(LINES)), plain);
    assert_eq!(document_text(&docx(LINES)).unwrap(), text);
}

#[test]
fn no_damaged_document_makes_the_reader_panic() {
    for whole in [pdf(LINES), docx(LINES)] {
        for at in 0..whole.len() {
            let _ = document_text(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 0x15;
            let _ = document_text(&flipped);
        }
        let error = document_text(&whole[..whole.len() / 2]).unwrap_err();
        assert!(matches!(error, DocumentError::Unreadable { .. }), "{error}");
    }
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other
        .start_file("notes.txt", SimpleFileOptions::default())
        .unwrap();
    let other = other.finish().unwrap().into_inner();
    let error = document_text(&other).unwrap_err().to_string();
    assert!(error.contains("it is no DOCX"), "{error}");
    assert_eq!(document_text(&pdf(&[])), Err(DocumentError::Empty));
}

#[test]
fn a_pdf_that_goes_round_in_circles_is_an_error() {
    let page = |more: &str| {
        let catalog = "<< /Type /Catalog /Pages 2 0 R >>".to_owned();
        let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>".to_owned();
        let pages = match more {
            "" => pages,
            _ => pages.replace(" /Parent 2 0 R", ""),
        };
        let page = format!("<< /Type /Page /Parent 2 0 R /Contents 4 0 R {more} >>");
        let content = "<< /Length 5 >>\nstream\n/F Do\nendstream".to_owned();
        [catalog, pages, page, content]
    };
    let resources = "/Resources << /XObject << /F 5 0 R >> >>";
    let form = |more: &str| {
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] {more} /Length 5 >>\nstream\n/F Do\nendstream"
        )
    };
    let boxed = format!("/MediaBox [0 0 612 792] {resources}");
    let mut itself = page(&boxed).to_vec();
    itself.push(form(resources));
    let mut unlisted = page(&boxed).to_vec();
    unlisted.push(form(""));
    // Each form lists the next one twice: the ways through all of them are 2^40.
    let mut ladder = page(&boxed).to_vec();
    for next in 6..46 {
        let both = format!("/Resources << /XObject << /F {next} 0 R /G {next} 0 R >> >>");
        ladder.push(form(&both).replace("/F Do", "     "));
    }
    ladder.push(form("/Resources << >>").replace("/F Do", "     "));
    // It is drawn, ends, and has no text.
    let empty = document_text(&pdf_of(&ladder)).unwrap_err();
    assert_eq!(empty, DocumentError::Empty);
    for objects in [page("").to_vec(), itself, unlisted] {
        let error = document_text(&pdf_of(&objects)).unwrap_err().to_string();
        assert!(error.contains("contains itself"), "{error}");
    }
}
