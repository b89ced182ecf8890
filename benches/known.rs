//! Whether a posting is found by tags that people gave it, against plain BM25 for
//! the same tags as words; neither side has the tags indexed. See `README.md`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod support;

use std::collections::HashSet;
use std::path::PathBuf;

use jobsift::ingest::{Input, inputs};
use jobsift::query::language::Context;
use jobsift::query::rank::Weights;
use jobsift::query::{Engine, Filter, Local, MatchRequest, Question, TextQuery};
use jobsift::skills::Taxonomy;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TEXT, Value};
use tantivy::tokenizer::TokenStream;
use tantivy::{Index, IndexReader, TantivyDocument, Term, doc};

use support::pool::{Pool, mean, reciprocal_rank};
use support::tagged::{self, Options, Tagged};

fn main() {
    let options = Options::read();
    if options.tagged.is_empty() {
        println!("known: nothing to look for; give `-- --tagged FILE`");
        return;
    }
    let tagged = tagged::tagged(&options);
    let taxonomy = Taxonomy::embedded();
    let n_tags: usize = tagged.iter().map(|one| one.tags.len()).sum();
    let all = tagged.iter().flat_map(|one| &one.tags);
    let n_known = all.filter(|tag| taxonomy.find(tag).is_some()).count();
    println!(
        "{} tagged postings, {n_tags} tags, of which {n_known} are skills",
        tagged.len()
    );
    println!(
        "{:<24} {:>8} {:>12} {:>8} {:>8}",
        "MRR@10", "postings", "match", "BM25", "ratio"
    );
    ask("tagged alone", &tagged, &[], options.shows);
    if !options.among.is_empty() {
        ask("among the others", &tagged, &options.among, options.shows);
    }
}

/// Looks for each tagged posting among all of them and some more.
fn ask(name: &str, tagged: &[Tagged], among: &[PathBuf], shows: bool) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("tagged.jsonl");
    tagged::write(tagged, &file);
    let mut files = inputs(among).expect("the files of `--among` are there");
    let bytes = file.metadata().expect("it was just written").len();
    files.push(Input { path: file, bytes });
    let index = support::index_files(files, &directory.path().join("index"));
    let taxonomy = Taxonomy::embedded();
    let engine = Local::new(&index, &taxonomy).expect("it was just built");
    let pool = Pool::of(&engine);
    let plain = Plain::of(&pool);
    let (mut of_match, mut of_plain) = (Vec::new(), Vec::new());
    for one in tagged {
        let Some(found) = engine.posting(&one.id).expect("it is whole") else {
            println!("{} was not taken in", one.id);
            continue;
        };
        let wanted = &found.group[0];
        let (person, words) = tagged::person(&one.tags, &taxonomy);
        let text = words_of(&words, &taxonomy);
        let request = MatchRequest {
            person,
            weights: Weights::standard(text.is_some()),
            text,
            filter: Filter::default(),
            soft: false,
            not_copies_of: Vec::new(),
            now: support::now(),
            limit: 10,
            offset: 0,
        };
        let answer = engine.matches(&request).expect("it is whole");
        let groups = answer.hits.iter().map(|found| found.hit.group.as_str());
        let ours = reciprocal_rank(groups, wanted);
        let groups = plain.best(&one.tags);
        let theirs = reciprocal_rank(groups.iter().map(String::as_str), wanted);
        if shows && ours < 1.0 {
            let first = answer.hits.first().map(|found| &found.hit.posting.id);
            println!(
                "{} {:?}: {ours:.2} against {theirs:.2}; first is {first:?}",
                one.id, one.tags
            );
        }
        of_match.push(ours);
        of_plain.push(theirs);
    }
    let (ours, theirs) = (mean(&of_match), mean(&of_plain));
    println!(
        "{name:<24} {:>8} {ours:>12.3} {theirs:>8.3} {:>8.2}",
        pool.postings.len(),
        ours / theirs
    );
}

/// Tags that name no skill, as words to rank by.
fn words_of(tags: &[String], taxonomy: &Taxonomy) -> Option<Question> {
    let context = Context {
        taxonomy,
        now: support::now(),
    };
    let (query, _) = TextQuery::parse_leniently(&tags.join(" "));
    let (question, _) = query.resolve_leniently(context);
    (!question.terms().is_empty()).then_some(question)
}

/// tantivy over title and text as it comes: one field, its own words, BM25.
struct Plain {
    index: Index,
    reader: IndexReader,
    text: Field,
    group: Field,
}

impl Plain {
    fn of(pool: &Pool) -> Plain {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let group = schema.add_text_field("group", STORED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index
            .writer_with_num_threads(1, 100_000_000)
            .expect("room for it");
        for pooled in &pool.postings {
            let posting = &pooled.posting;
            let words = format!(
                "{}\n{}",
                posting.title.as_deref().unwrap_or_default(),
                posting.description_text.as_deref().unwrap_or_default()
            );
            writer
                .add_document(doc!(text => words, group => pooled.group.as_str()))
                .expect("room for it");
        }
        writer.commit().expect("room for it");
        let reader = index.reader().expect("it was just written");
        Plain {
            index,
            reader,
            text,
            group,
        }
    }

    /// The groups of the first ten, each once.
    fn best(&self, tags: &[String]) -> Vec<String> {
        let mut words = HashSet::new();
        let mut tokenizer = self
            .index
            .tokenizer_for_field(self.text)
            .expect("it has words");
        let tags = tags.join(" ");
        let mut stream = tokenizer.token_stream(&tags);
        while stream.advance() {
            words.insert(stream.token().text.clone());
        }
        let term = |word: String| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.text, &word);
            (
                Occur::Should,
                Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            )
        };
        let query = BooleanQuery::new(words.into_iter().map(term).collect());
        let searcher = self.reader.searcher();
        let collector = TopDocs::with_limit(100).order_by_score();
        let found = searcher.search(&query, &collector).expect("it is whole");
        let mut groups: Vec<String> = Vec::new();
        for (_, address) in found {
            let stored: TantivyDocument = searcher.doc(address).expect("it is whole");
            let group = stored
                .get_first(self.group)
                .and_then(|value| value.as_str());
            let group = group.expect("every one has a group").to_owned();
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }
}
