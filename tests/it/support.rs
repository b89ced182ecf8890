//! What all tests share: the bundled sample in an index, and ways to ask it.
//!
//! [`ask`] runs a command in this process (quick, for the many questions of the
//! oracle), [`jobsift`] runs the program itself.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use clap::Parser;
use jobsift::cli;
use serde_json::Value;

/// Today in every test: the day after the last of the sample.
pub(crate) const NOW: &str = "2026-07-01";

/// A file of the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the project.
pub(crate) fn text_of(path: &str) -> String {
    std::fs::read_to_string(project(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A directory for one test, gone when it ends.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("jobsift-test-")
        .tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .unwrap()
}

/// The index of the sample, built once a process by the program itself.
pub(crate) fn sample_index() -> &'static Path {
    static INDEX: OnceLock<PathBuf> = OnceLock::new();
    INDEX.get_or_init(|| {
        sweep();
        // Nobody drops a static: the next run sweeps it away.
        let directory =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sample-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let ran = run(
            &directory,
            &["index", &project("corpus/sample").display().to_string()],
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        directory
    })
}

/// Removes sample indexes that earlier processes left more than ten minutes ago.
fn sweep() {
    for entry in std::fs::read_dir(env!("CARGO_TARGET_TMPDIR"))
        .unwrap()
        .filter_map(Result::ok)
    {
        let is_old = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age.as_secs() > 600));
        if is_old && entry.file_name().to_string_lossy().starts_with("sample-") {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The program, with nothing of the caller's surroundings in it.
pub(crate) fn jobsift(index: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jobsift"));
    for name in [
        "JOBSIFT_INDEX",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "CLICOLOR",
        "RUST_BACKTRACE",
    ] {
        command.env_remove(name);
    }
    command
        .env("TERM", "xterm")
        .args(["--now", NOW])
        .arg("--index")
        .arg(index);
    command.timeout(std::time::Duration::from_secs(100));
    command
}

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error} in {:?}, {}", self.out, self.err))
    }
}

/// Runs the program on an index.
pub(crate) fn run(index: &Path, args: &[&str]) -> Ran {
    run_with(index, args, b"")
}

/// Runs the program on an index, with something on its standard input.
pub(crate) fn run_with(index: &Path, args: &[&str], input: &[u8]) -> Ran {
    ran(jobsift(index).args(args).write_stdin(input))
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("answers are UTF-8"),
        err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// Runs the program on the sample.
pub(crate) fn sample(args: &[&str]) -> Ran {
    run(sample_index(), args)
}

/// The bytes that a command on an index writes, run in this process.
#[track_caller]
pub(crate) fn bytes_on(index: &Path, args: &[&str]) -> Vec<u8> {
    bytes_at(NOW, index, args)
}

/// The same on another day.
#[track_caller]
pub(crate) fn bytes_at(now: &str, index: &Path, args: &[&str]) -> Vec<u8> {
    let index = index.display().to_string();
    let fixed = ["jobsift", "--quiet", "--now", now, "--index", &index];
    let args = cli::Args::try_parse_from(fixed.iter().chain(args))
        .unwrap_or_else(|error| panic!("{error}"));
    let mut out = Vec::new();
    cli::run(args, &mut out).unwrap_or_else(|error| panic!("{error:#}"));
    out
}

/// The JSON answer of a command on an index, run in this process.
#[track_caller]
pub(crate) fn ask_on(index: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    let out = bytes_on(index, &args);
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{error} in {args:?}"))
}

/// The JSON answer of a command on the sample, run in this process.
#[track_caller]
pub(crate) fn ask(args: &[&str]) -> Value {
    ask_on(sample_index(), args)
}

/// The ids of an answer's hits, in order.
pub(crate) fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter()
        .map(|hit| hit["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The records of the sample, as they stand in its files.
pub(crate) fn records() -> &'static [Value] {
    static RECORDS: OnceLock<Vec<Value>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let files = ["corpus/sample/part-a.jsonl", "corpus/sample/part-b.jsonl"];
        let texts = files.map(text_of);
        texts
            .iter()
            .flat_map(|text| text.lines())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    })
}
