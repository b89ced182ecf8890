//! Postings with tags that people chose: asked with the tags, the posting itself
//! should come first.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jobsift::ingest::inputs;
use jobsift::query::rank::Person;
use jobsift::skills::Taxonomy;
use serde_json::{Value, json};

/// One posting: its id in the index, its text, its tags.
pub(crate) struct Tagged {
    pub(crate) id: String,
    text: String,
    pub(crate) tags: Vec<String>,
}

/// Paths and names of fields from the command line.
#[derive(Default)]
pub(crate) struct Options {
    /// Files with the postings to look for: JSON or JSON Lines, gzipped or not.
    pub(crate) tagged: Vec<PathBuf>,
    /// Other postings to hide them among, in any format that can be indexed.
    pub(crate) among: Vec<PathBuf>,
    /// Where a record has its text.
    pub(crate) text: String,
    /// Where it has its list of tags.
    pub(crate) tags: String,
    /// The list in which records lie inside a document, if they do.
    pub(crate) list: String,
    /// Show each posting that one side finds and the other does not.
    pub(crate) shows: bool,
}

impl Options {
    pub(crate) fn read() -> Options {
        let mut options = Options {
            text: "text".to_owned(),
            tags: "tags".to_owned(),
            ..Options::default()
        };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut value = || args.next().expect("the option has a value");
            match arg.as_str() {
                "--tagged" => options.tagged.push(value().into()),
                "--among" => options.among.push(value().into()),
                "--text" => options.text = value(),
                "--tags" => options.tags = value(),
                "--list" => options.list = value(),
                "--show" => options.shows = true,
                _ => {}
            }
        }
        options
    }
}

/// The tagged postings; records without text or tags are left out.
pub(crate) fn tagged(fields: &Options) -> Vec<Tagged> {
    let mut found: Vec<Tagged> = Vec::new();
    for input in inputs(&fields.tagged).expect("the files of `--tagged` are there") {
        for value in values(&input.path) {
            let records = match value.get(&fields.list) {
                Some(Value::Array(list)) => list.clone(),
                _ => vec![value],
            };
            for record in records {
                let tags = record.get(&fields.tags).and_then(Value::as_array);
                let tags: Vec<String> = tags
                    .into_iter()
                    .flatten()
                    .filter_map(|tag| tag.as_str().map(str::to_owned))
                    .collect();
                if let Some(text) = record.get(&fields.text).and_then(Value::as_str)
                    && !tags.is_empty()
                    && !text.trim().is_empty()
                {
                    found.push(Tagged {
                        id: format!("tagged:{:05}", found.len()),
                        text: text.to_owned(),
                        tags,
                    });
                }
            }
        }
    }
    found
}

/// The values of a file; what is no JSON (a README) has none.
fn values(path: &Path) -> Vec<Value> {
    let file = BufReader::new(File::open(path).expect("the file is there"));
    let reader: Box<dyn Read> = match path.extension().is_some_and(|end| end == "gz") {
        true => Box::new(MultiGzDecoder::new(file)),
        false => Box::new(file),
    };
    let values = serde_json::Deserializer::from_reader(reader).into_iter();
    values.map_while(Result::ok).collect()
}

/// Writes them without their tags, as postings that can be indexed.
pub(crate) fn write(tagged: &[Tagged], to: &Path) {
    let mut file = File::create(to).expect("a temporary file");
    for one in tagged {
        let record = json!({"id": one.id, "source": "tagged", "description_text": one.text});
        writeln!(file, "{record}").expect("room on the disk");
    }
}

/// Somebody who has just these skills, and the tags that name none.
pub(crate) fn person(tags: &[String], taxonomy: &Taxonomy) -> (Person, Vec<String>) {
    let (mut person, mut words) = (Person::default(), Vec::new());
    for tag in tags {
        match taxonomy.resolve(tag) {
            Ok(no) if person.skills.iter().all(|(known, _)| *known != no) => {
                person.skills.push((no, None));
            }
            Ok(_) => {}
            Err(_) => words.push(tag.clone()),
        }
    }
    (person, words)
}
