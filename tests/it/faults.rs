//! What an index withstands: being killed at any moment, full disks, other
//! writers, changed bytes; and what readers see meanwhile.
//!
//! `JOBSIFT_KILLS` is how often a run is killed; 20 if it is not set.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::json_schema::assert_valid;
use crate::support::{Ran, bytes_on, run, scratch};

const FILES: usize = 16;
const PAIRS_IN_FILE: usize = 8;

/// Numbers that look random and are the same in every test run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Postings of one file: pairs of copies, so that every whole commit has half as
/// many groups as postings. An edition has other texts under the same ids.
fn file(no: usize, edition: usize) -> String {
    const SKILLS: [&str; 8] = [
        "Rust",
        "Python",
        "Kafka",
        "PostgreSQL",
        "Kubernetes",
        "TypeScript",
        "Terraform",
        "Redis",
    ];
    let mut lines = String::new();
    for pair in 0..PAIRS_IN_FILE {
        let n = no * PAIRS_IN_FILE + pair;
        let skills = [SKILLS[n % 8], SKILLS[(n / 8 + edition) % 8]];
        for copy in ["a", "b"] {
            let record = json!({
                "id": format!("t:{n}:{copy}"), "source": format!("source-{copy}"), "company": format!("Larch {}", n % 7),
                "title": format!("{} Engineer {n}", skills[0]),
                "description_text": format!("In edition {edition} of job {n} you must know {} and {}.", skills[0], skills[1]),
                "posted_at": format!("2026-{:02}-{:02}", 1 + n % 6, 1 + n % 28),
            });
            let _ = writeln!(lines, "{record}");
        }
    }
    lines
}

/// A directory with files to read in it; each becomes a commit.
pub(crate) struct Corpus {
    directory: tempfile::TempDir,
}

impl Corpus {
    pub(crate) fn new() -> Corpus {
        let corpus = Corpus {
            directory: scratch(),
        };
        for (name, files, edition) in [("old", FILES / 2, 0), ("new", FILES, 1)] {
            std::fs::create_dir(corpus.path(name)).unwrap();
            for no in 0..files {
                std::fs::write(
                    corpus.path(name).join(format!("{no:02}.jsonl")),
                    file(no, edition),
                )
                .unwrap();
            }
        }
        corpus
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// An index with half of the postings in an older edition.
    pub(crate) fn begun(&self, name: &str) -> PathBuf {
        let (index, old) = (self.path(name), self.path("old"));
        let ran = run(&index, &["index", &old.display().to_string()]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        index
    }

    /// A run over the newer edition of all, committing after each file.
    pub(crate) fn command(&self, index: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jobsift"));
        command
            .args([
                "index",
                "--commit-every",
                "1",
                "--threads",
                "2",
                "--memory",
                "30MB",
            ])
            .args(["--format", "json", "--now", crate::support::NOW, "--index"])
            .args([index, &self.path("new")])
            .env_remove("JOBSIFT_INDEX")
            .stdin(Stdio::null());
        command
    }

    fn spawn(&self, index: &Path) -> Child {
        let mut command = self.command(index);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    pub(crate) fn run(&self, index: &Path) -> Ran {
        crate::support::ran(&mut assert_cmd::Command::from_std(self.command(index)))
    }
}

/// Everything that can be asked, as bytes.
pub(crate) fn answers(index: &Path) -> Vec<Vec<u8>> {
    let search = ["search", "--limit", "1000", "--format", "jsonl"];
    let questions: [&[&str]; 6] = [
        &search,
        &[&search[..], &["rust edition"]].concat(),
        &[&search[..], &["--skill", "kafka"]].concat(),
        &["trends", "skill", "--format", "csv"],
        &["facets", "skill", "--format", "json"],
        &["show", "t:3:a", "--format", "json"],
    ];
    questions.iter().map(|args| bytes_on(index, args)).collect()
}

#[track_caller]
fn verified(index: &Path) -> Value {
    let ran = run(index, &["verify", "--format", "json"]);
    let answer = ran.json();
    assert_valid("output/verify.json", &answer);
    assert_eq!(ran.code == 0, answer["sound"] == true, "{answer}");
    answer
}

#[track_caller]
pub(crate) fn assert_sound(index: &Path) {
    let answer = verified(index);
    assert_eq!(answer["sound"], true, "{answer}");
}

/// Postings and groups that a reader counts.
pub(crate) fn counted(index: &Path) -> (u64, u64) {
    let answer = crate::support::ask_on(index, &["search", "--count"]);
    (
        answer["total"].as_u64().unwrap(),
        answer["groups"].as_u64().unwrap(),
    )
}

#[test]
fn killed_at_any_moment_and_run_again_the_end_is_the_same() {
    let kills: u64 = std::env::var("JOBSIFT_KILLS").map_or(20, |n| n.parse().unwrap());
    let corpus = Corpus::new();
    let undisturbed = corpus.begun("undisturbed");
    let started = Instant::now();
    assert_eq!(corpus.run(&undisturbed).code, 0);
    let whole = started.elapsed();
    let expected = answers(&undisturbed);
    assert_sound(&undisturbed);

    let mut dice = Dice(kills);
    let (mut killed, mut lives) = (0, 0);
    while killed < kills {
        lives += 1;
        let index = corpus.begun(&format!("life-{lives}"));
        let mut least = counted(&index).0;
        loop {
            let mut child = corpus.spawn(&index);
            // Often in the middle of it, sometimes before it has begun.
            let most = whole.as_micros() as u64 / [2, 4, 8][dice.below(3) as usize];
            std::thread::sleep(Duration::from_micros(dice.below(most)));
            let had_ended = child.try_wait().unwrap().is_some();
            child.kill().unwrap();
            child.wait().unwrap();
            if had_ended {
                break;
            }
            killed += 1;
            let (postings, groups) = counted(&index);
            assert!(
                postings >= least,
                "{postings} postings where there were {least}"
            );
            assert_eq!(groups * 2, postings);
            least = postings;
            if killed % 5 == 0 {
                assert_sound(&index);
            }
            if killed == kills {
                break;
            }
        }
        let last = corpus.run(&index);
        assert_eq!(last.code, 0, "{}", last.err);
        assert!(answers(&index) == expected, "life {lives} ended otherwise");
        assert_sound(&index);
        std::fs::remove_dir_all(&index).unwrap();
    }
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let mut child = corpus.spawn(&index);
    let size_before = counted(&index).0;
    until("a commit beyond what was there", || {
        counted(&index).0 > size_before
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let postings = counted(&index).0 as usize;
    let summary = corpus.run(&index).json();
    assert_valid("output/index.json", &summary);
    let of = |name: &str| summary["resumed"][name].as_u64().unwrap() as usize;
    // Every file is 16 records, and not one of what is done is read again.
    let done = of("files") * PAIRS_IN_FILE * 2 + of("records");
    assert!(
        done >= postings && postings > size_before as usize,
        "{summary}"
    );
    assert_eq!(
        summary["read"].as_u64().unwrap() as usize,
        FILES * PAIRS_IN_FILE * 2 - done
    );
    // After the end there is nothing to go on with: all is read and found unchanged.
    let again = corpus.run(&index).json();
    assert_eq!(again["resumed"], json!({"files": 0, "records": 0}));
    assert_eq!(again["unchanged"], FILES * PAIRS_IN_FILE * 2);
}

#[test]
fn a_changed_file_is_read_from_its_beginning() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let mut child = corpus.spawn(&index);
    let size_before = counted(&index).0;
    until("a commit beyond what was there", || {
        counted(&index).0 > size_before
    });
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::write(corpus.path("new/00.jsonl"), file(0, 3)).unwrap();
    let summary = corpus.run(&index).json();
    assert_eq!(summary["resumed"], json!({"files": 0, "records": 0}));
    assert_eq!(summary["read"], FILES * PAIRS_IN_FILE * 2);
    assert_eq!(summary["changed"], PAIRS_IN_FILE * 2);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_read_and_says_how_to_go_on() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let mut command = corpus.command(&index);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let size_before = counted(&index).0;
    until("a commit beyond what was there", || {
        counted(&index).0 > size_before
    });
    let signalled = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(signalled.success());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success());
    let summary: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_valid("output/index.json", &summary);
    let message = String::from_utf8(ended.stderr).unwrap();
    if summary["interrupted"] == true {
        assert!(
            message.contains("run the same command again to go on"),
            "{message}"
        );
        let rest = corpus.run(&index).json();
        let read = |summary: &Value| summary["read"].as_u64().unwrap() as usize;
        assert_eq!(read(&summary) + read(&rest), FILES * PAIRS_IN_FILE * 2);
    }
    assert_eq!(counted(&index).0 as usize, FILES * PAIRS_IN_FILE * 2);
    assert_sound(&index);
}

#[test]
fn readers_see_whole_commits_only() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let mut child = corpus.spawn(&index);
    let mut seen = BTreeSet::new();
    while child.try_wait().unwrap().is_none() {
        let (postings, groups) = counted(&index);
        assert_eq!(groups * 2, postings);
        assert_eq!(postings as usize % (PAIRS_IN_FILE * 2), 0);
        seen.insert(postings);
    }
    assert!(seen.len() > 1, "it was read while it grew: {seen:?}");
}

#[test]
fn a_second_writer_is_told_who_has_the_lock() {
    let corpus = Corpus::new();
    let index = corpus.path("index");
    let mut command = Command::new(env!("CARGO_BIN_EXE_jobsift"));
    command
        .args(["index", "-", "--index"])
        .arg(&index)
        .env_remove("JOBSIFT_INDEX");
    let mut first = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the lock", || index.join(".writer").exists());
    let second = corpus.run(&index);
    assert_eq!(second.code, 2);
    let said = format!("process {} is writing to the index", first.id());
    assert!(second.err.contains(&said), "{}", second.err);
    drop(first.stdin.take());
    first.wait().unwrap();
    assert!(!index.join(".writer").exists());
    assert_eq!(corpus.run(&index).code, 0);
}

/// A rebuild that stands still where it looks for groups that are kept, and
/// goes on when the file is dropped.
#[cfg(unix)]
fn rebuild_that_waits(index: &Path) -> (Child, std::fs::File) {
    let (groups, pipe) = (index.join("groups.bin"), index.with_extension("pipe"));
    std::fs::remove_file(&groups).unwrap();
    let made = Command::new("mkfifo").arg(&groups).status().unwrap();
    assert!(made.success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_jobsift"));
    command
        .args(["index", "--rebuild", "--threads", "2", "--memory", "30MB"])
        .arg("--index")
        .arg(index)
        .env_remove("JOBSIFT_INDEX");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    // Opens when the other end is opened.
    let end = std::fs::File::options().write(true).open(&groups).unwrap();
    std::fs::rename(&groups, &pipe).unwrap();
    (child, end)
}

#[cfg(unix)]
#[test]
fn a_rebuild_has_the_lock_from_its_first_look_to_its_last_file() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let (mut rebuild, end) = rebuild_that_waits(&index);
    let other = corpus.run(&index);
    drop(end);
    assert!(rebuild.wait().unwrap().success());
    assert_eq!(other.code, 2, "{other:?}");
    let said = format!("process {} is writing to the index", rebuild.id());
    assert!(other.err.contains(&said), "{}", other.err);
    assert_eq!(corpus.run(&index).code, 0);
    assert_eq!(counted(&index).0 as usize, FILES * PAIRS_IN_FILE * 2);
    assert_sound(&index);
}

/// Adds a skill to the list of the program, in a folder of its own.
fn more_skills(corpus: &Corpus, id: &str) -> String {
    let folder = corpus.path(id);
    std::fs::create_dir(&folder).unwrap();
    let block = format!(
        "[[skill]]\nid = \"{id}\"\nlabel = \"{id}\"\nkind = \"technology\"\npaths = [\"language\"]\n"
    );
    std::fs::write(folder.join("own.toml"), block).unwrap();
    folder.display().to_string()
}

/// Lists of skills that an index keeps.
fn lists(index: &Path) -> Vec<PathBuf> {
    let is_list = |path: &PathBuf| path.display().to_string().contains("skills-");
    files(index).into_iter().filter(is_list).collect()
}

#[test]
fn a_rebuild_leaves_one_list_of_skills() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let first = lists(&index);
    let folder = more_skills(&corpus, "zqabc");
    let ran = run(&index, &["index", "--rebuild", "--skills", &folder]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let second = lists(&index);
    assert_eq!((first.len(), second.len()), (1, 1), "{second:?}");
    assert_ne!(first, second);
    // One that a run could not remove.
    std::fs::write(&first[0], "{}").unwrap();
    let notes = verified(&index)["notes"].to_string();
    assert!(notes.contains("1 files of a run"), "{notes}");
    std::fs::remove_file(&first[0]).unwrap();
    assert_sound(&index);
}

#[cfg(unix)]
#[test]
fn who_opens_an_index_while_it_is_rebuilt_reads_the_new_list_of_skills() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    let folder = more_skills(&corpus, "zqabc");
    let ran = run(&index, &["index", "--rebuild", "--skills", &folder]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = lists(&index).remove(0);
    let (whole, pipe) = (corpus.path("whole"), corpus.path("pipe"));
    std::fs::rename(&list, &whole).unwrap();
    let made = Command::new("mkfifo").arg(&list).status().unwrap();
    assert!(made.success());
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| run(&index, &["search", "--count"]));
        // Opens when the reader has come to the list; it reads on when this is dropped.
        let end = std::fs::File::options().write(true).open(&list).unwrap();
        std::fs::rename(&list, &pipe).unwrap();
        std::fs::rename(&whole, &list).unwrap();
        let rebuild = run(&index, &["index", "--rebuild"]);
        drop(end);
        assert_eq!(rebuild.code, 0, "{}", rebuild.err);
        assert!(!list.exists());
        let ran = reader.join().unwrap();
        assert_eq!(ran.code, 0, "{}", ran.err);
    });
}

/// Files of an index that hold something.
fn files(index: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(index)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.metadata().unwrap().len() > 0)
        .collect();
    files.sort();
    files
}

/// Without these an index is as good: they are worked out again, or nobody has made them.
const CAN_BE_MISSING: [&str; 3] = ["groups.bin", "sightings.bin", "saved.json"];

/// Changes a file and checks that this is found and named.
#[track_caller]
fn notices(index: &Path, file: &Path, bytes: &[u8], what: &str) {
    let name = file.file_name().unwrap().to_string_lossy();
    std::fs::write(file, bytes).unwrap();
    match jobsift::index::verify(index) {
        Ok(found) => assert!(
            found.damaged.iter().any(|(damaged, _)| *damaged == name),
            "{what} in {name}: {found:?}"
        ),
        // A digit of the version makes it a whole index of another one.
        Err(error) => assert!(name == "jobsift.json", "{what} in {name}: {error}"),
    }
}

/// Whether two lists of managed files agree about the files of the last commit:
/// a merge may leave names of others.
fn names_the_same(index: &Path, a: &[u8], b: &[u8]) -> bool {
    let meta = std::fs::read_to_string(index.join("meta.json")).unwrap();
    let meta = meta.replace('-', "");
    let is_of_commit = |name: &String| {
        let mut parts = name.split('.');
        let segment = parts
            .next()
            .is_some_and(|id| id.len() == 32 && meta.contains(id));
        let deletions = parts.next().filter(|_| name.ends_with(".del"));
        segment && deletions.is_none_or(|stamp| meta.contains(stamp))
    };
    let of_commit = |list: &[u8]| {
        let names = serde_json::from_slice::<BTreeSet<String>>(list).ok()?;
        Some(names.into_iter().filter(is_of_commit).collect::<Vec<_>>())
    };
    of_commit(b).is_some() && of_commit(a) == of_commit(b)
}

/// Checks that a damaged index is an error at worst.
#[track_caller]
fn survives(index: &Path, what: &str) {
    for args in [&["search", "rust", "--facet", "skill"][..], &["verify"]] {
        let ran = run(index, args);
        assert!((0..=2).contains(&ran.code), "{what}: {args:?} {ran:?}");
        let is_said = ran.err.starts_with("error: ") || args == ["verify"];
        assert!(ran.code != 2 || is_said, "{what}: {ran:?}");
    }
}

#[test]
fn a_changed_byte_in_any_file_is_found_and_named() {
    let corpus = Corpus::new();
    let index = corpus.begun("index");
    // With deleted postings and more than one segment.
    assert_eq!(corpus.run(&index).code, 0);
    std::fs::write(corpus.path("new/00.jsonl"), file(0, 2)).unwrap();
    assert_eq!(corpus.run(&index).code, 0);
    assert_eq!(run(&index, &["saved", "add", "mine", "rust"]).code, 0);
    assert_sound(&index);
    let mut dice = Dice(7);
    let mut kinds = BTreeSet::new();
    for file in files(&index) {
        // Of each kind of segment file the first is enough; of ours there is one of each.
        let is_segment = file.file_stem().is_some_and(|stem| stem.len() >= 32)
            && file.extension().is_some_and(|kind| kind != "json");
        let kind = match is_segment {
            true => file.extension(),
            false => file.file_name(),
        };
        if !kinds.insert(kind.unwrap_or_default().to_owned()) {
            continue;
        }
        let whole = std::fs::read(&file).unwrap();
        let n = whole.len() as u64;
        let name = file.display();
        let random: Vec<u64> = (0..8).map(|_| dice.below(n)).collect();
        for at in [0, n - 1].into_iter().chain(random) {
            let mut bytes = whole.clone();
            bytes[at as usize] ^= 1 << dice.below(8);
            if kind == Some(".managed.json".as_ref()) && names_the_same(&index, &whole, &bytes) {
                continue;
            }
            notices(&index, &file, &bytes, &format!("a changed bit at {at}"));
        }
        survives(&index, &format!("a changed bit in {name}"));
        let cut = dice.below(n) as usize;
        notices(&index, &file, &whole[..cut], &format!("only {cut} bytes"));
        survives(&index, &format!("only {cut} bytes of {name}"));
        notices(&index, &file, b"", "nothing left");
        survives(&index, &format!("nothing left of {name}"));
        std::fs::remove_file(&file).unwrap();
        survives(&index, &format!("{name} gone"));
        let name = file.file_name().unwrap().to_string_lossy();
        let is_missed = match jobsift::index::verify(&index) {
            Ok(found) => found.damaged.iter().any(|(damaged, _)| *damaged == name),
            Err(error) => matches!(error, jobsift::index::IndexError::Missing { .. }),
        };
        assert!(is_missed || CAN_BE_MISSING.contains(&&*name), "{name}");
        std::fs::write(&file, whole).unwrap();
    }
    // Six files of a segment, and its deletions unless a merge has taken them in;
    // seven beside them.
    let n = 13 + usize::from(kinds.contains(std::ffi::OsStr::new("del")));
    assert_eq!(kinds.len(), n, "{kinds:?}");
    assert_sound(&index);
}

/// Waits until something has happened.
#[track_caller]
fn until(what: &str, has_happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !has_happened() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{what} has not happened within a minute"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}
