//! Whether a file that holds no postings may be one of data all the same, which
//! only could not be read.

use std::path::Path;

use super::sniff::{Container, is_prose};

/// Names of files in which data lies.
const DATA: &[&str] = &[
    "arrow", "atom", "avro", "csv", "db", "feather", "geojson", "htm", "html", "json", "json5",
    "jsonl", "jsonld", "mhtml", "ndjson", "nq", "nt", "ods", "orc", "parquet", "psv", "rdf", "rss",
    "sql", "sqlite", "tab", "tsv", "ttl", "warc", "xhtml", "xls", "xlsx", "xml", "yaml", "yml",
];

/// Names of files that are packed; what lies in them is told by the name before.
const PACKED: &[&str] = &["br", "bz2", "gz", "lz4", "xz", "zst"];

/// Names of archives, in which anything may lie.
const ARCHIVES: &[&str] = &["7z", "rar", "tar", "tgz", "zip"];

/// Names of files in which no data lies: documents, images, sounds, programs.
const NO_DATA: &[&str] = &[
    "avif", "bmp", "css", "doc", "docx", "gif", "heic", "ico", "jpeg", "jpg", "mov", "mp3", "mp4",
    "odt", "otf", "pdf", "png", "ppt", "pptx", "ps1", "py", "rs", "rtf", "sh", "svg", "tif",
    "tiff", "toml", "ttf", "wav", "webm", "webp", "woff", "woff2",
];

/// Names of running text, with or without a table.
const PROSE: &[&str] = &["adoc", "markdown", "md", "rst"];

/// What stands in front of the dot, or alone, where people write about files.
const ABOUT: &[&str] = &[
    "authors",
    "changelog",
    "changes",
    "citation",
    "code_of_conduct",
    "contributing",
    "contributors",
    "copying",
    "licence",
    "license",
    "makefile",
    "notice",
    "readme",
    "security",
];

/// What a file is called, and what was found in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    by_name: Option<bool>,
    is_prose: bool,
}

impl Kind {
    /// By the name of a file.
    pub(super) fn of(path: &Path) -> Kind {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut name = name.to_ascii_lowercase();
        if let Some((inner, last)) = name.rsplit_once('.')
            && PACKED.contains(&last)
        {
            name.truncate(inner.len());
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let is_about = || {
            let first = stem.split(['-', '.']).next().unwrap_or(stem);
            ABOUT.contains(&first)
        };
        let by_name = match ending {
            _ if DATA.contains(&ending) || ARCHIVES.contains(&ending) => Some(true),
            _ if NO_DATA.contains(&ending) => Some(false),
            "" | "txt" if is_about() => Some(false),
            _ if PROSE.contains(&ending) && is_about() => Some(false),
            _ => None,
        };
        Kind {
            by_name,
            is_prose: PROSE.contains(&ending),
        }
    }

    /// Whether data may lie in a file that begins so and is none of the known ones.
    pub(super) fn may_begin_data(self, head: &[u8]) -> bool {
        self.by_name.unwrap_or_else(|| !is_prose(head))
    }

    /// Whether data may lie in a file of records that no reader takes.
    pub(super) fn may_hold_data(self, container: Container) -> bool {
        // Prose with commas looks like a table.
        let is_prose = self.is_prose && matches!(container, Container::Table { .. });
        self.by_name.unwrap_or(!is_prose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, head: &[u8], expected: bool) {
        let found = Kind::of(Path::new(name)).may_begin_data(head);
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn a_name_of_data_is_data_whatever_is_in_it() {
        for name in [
            "a.json",
            "x/A.CSV",
            "a.jsonl.gz",
            "a.html",
            "a.zip",
            "a.tar.gz",
            "readme.json",
        ] {
            check(name, b"", true);
            check(name, b"Not found.\n", true);
        }
    }

    #[test]
    fn documents_and_images_are_none() {
        for name in [
            "README",
            "README.md",
            "readme.de.md",
            "LICENSE",
            "LICENSE-MIT",
            "licence.txt",
            "a.pdf",
            "logo.PNG",
            "x/README.md.gz",
        ] {
            check(name, b"\x89PNG\0\0\0", false);
            check(name, b"a, b\n1, 2\n", false);
        }
    }

    #[test]
    fn under_any_other_name_the_beginning_decides() {
        for name in ["notes.txt", "hours.md", "dump", "export.part1"] {
            check(name, b" \n", false);
            check(name, b"About the jobs\n\nThere are many.\n", false);
            check(name, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", false);
            check(name, b"%PDF-1.7\n%\xe2\xe3", false);
            check(name, b"PK\x03\x04\x14\0", true);
            check(name, b"\x01\x02\x03\0\0\0\0\0", true);
        }
        let table = Container::Table { delimiter: b',' };
        let holds = |name: &str, container| Kind::of(Path::new(name)).may_hold_data(container);
        assert!(holds("dump", table) && holds("jobs.md", Container::Markdown));
        assert!(!holds("hours.md", table) && !holds("logo.svg", Container::Feed));
    }
}
