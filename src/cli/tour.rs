//! `tour`: everything on the bundled sample, in a temporary index.

use std::io::Write;

use anyhow::Context;
use clap::Parser;

use super::env::Env;
use super::{Args, Command, Status};

/// The sample, as `corpus/sample/` has it.
const SAMPLE: &[(&str, &str)] = &[
    (
        "part-a.jsonl",
        include_str!("../../corpus/sample/part-a.jsonl"),
    ),
    (
        "part-b.jsonl",
        include_str!("../../corpus/sample/part-b.jsonl"),
    ),
];

/// What the tour runs, one command a line.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "Search with words and facets: everything about distributed systems that names Go or Rust.",
        &[
            "search",
            "distributed systems",
            "--any",
            "go,rust",
            "--facet",
            "skill=language",
            "--facet",
            "country",
            "--limit",
            "3",
        ],
    ),
    (
        "Which postings fit somebody with these skills, and what is missing?",
        &["match", "rust", "postgresql:5", "docker", "--limit", "3"],
    ),
    (
        "The first of them, with the points of every requirement and where the posting says so.",
        &[
            "match",
            "rust",
            "postgresql:5",
            "docker",
            "--limit",
            "1",
            "--explain",
        ],
    ),
    (
        "Which languages rise?",
        &["trends", "language", "--by", "quarter"],
    ),
    (
        "What is in a back-end developer's job description?",
        &["anatomy", "--role", "backend", "--top", "5"],
    ),
];

#[derive(Debug, Clone, clap::Args)]
pub(super) struct TourArgs {
    /// Keep the index here instead of a temporary directory
    #[arg(long, value_name = "DIR")]
    keep: Option<std::path::PathBuf>,
}

impl TourArgs {
    pub(super) fn run(self, env: &Env, out: &mut dyn Write) -> anyhow::Result<Status> {
        let temporary = tempfile::tempdir().context("cannot make a temporary directory")?;
        let files = temporary.path().join("sample");
        std::fs::create_dir(&files)?;
        for (name, text) in SAMPLE {
            std::fs::write(files.join(name), text)?;
        }
        let index = self
            .keep
            .clone()
            .unwrap_or_else(|| temporary.path().join("index"));
        let env = env.on(index);
        writeln!(
            out,
            "A tour of jobsift on {} bundled, invented postings.\n",
            SAMPLE
                .iter()
                .map(|(_, text)| text.lines().count())
                .sum::<usize>()
        )?;
        let sample = files.display().to_string();
        step(
            &env,
            out,
            "First the postings go into an index.",
            &["index", &sample],
            &["index", "corpus/sample"],
        )?;
        for (why, words) in COMMANDS {
            step(&env, out, why, words, words)?;
        }
        writeln!(
            out,
            "That was the tour. `jobsift index FILE…` reads your own postings; `jobsift help` lists all commands."
        )?;
        Ok(Status::Answer)
    }
}

fn step(
    env: &Env,
    out: &mut dyn Write,
    why: &str,
    words: &[&str],
    shown: &[&str],
) -> anyhow::Result<()> {
    let quoted: Vec<String> = shown
        .iter()
        .map(|word| {
            if word.contains(' ') {
                format!("'{word}'")
            } else {
                (*word).to_owned()
            }
        })
        .collect();
    writeln!(out, "# {why}\n$ jobsift {}\n", quoted.join(" "))?;
    let args = Args::try_parse_from(std::iter::once(&"jobsift").chain(words))?;
    match args.command {
        Command::Index(args) => args.run(env, out)?,
        Command::Search(args) => args.run(env, out)?,
        Command::Match(args) => args.run(env, out)?,
        Command::Trends(args) => args.run(env, out)?,
        Command::Anatomy(args) => args.run(env, out)?,
        other => unreachable!("the tour has no {other:?}"),
    };
    writeln!(out)?;
    Ok(())
}
