//! What an index withstands of its disk: one that may only be read, and one
//! that is full.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::faults::{Corpus, answers, assert_sound, counted};
use crate::support::{NOW, Ran, run};

/// A user without rights, by the number that is usual.
const NOBODY: u32 = 65_534;

/// What is read of an index, one command each.
const QUESTIONS: [&[&str]; 9] = [
    &["search", "rust", "--facet", "skill"],
    &["match", "rust", "kafka"],
    &["show", "t:3:a"],
    &["trends"],
    &["info"],
    &["verify"],
    &["doctor"],
    &["export"],
    &["saved", "list"],
];

/// Names and contents of the files in a directory.
fn contents(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .collect()
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Takes or gives back the right to write a directory and what is in it.
fn set_writable(directory: &Path, is_writable: bool) {
    let (of_directory, of_file) = match is_writable {
        true => (0o755, 0o644),
        false => (0o555, 0o444),
    };
    for path in contents(directory).keys() {
        set_mode(path, of_file);
    }
    set_mode(directory, of_directory);
}

#[track_caller]
fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn an_index_that_may_not_be_written_can_be_read() {
    let corpus = Corpus::new();
    let begun = corpus.begun("index");
    assert_eq!(run(&begun, &["saved", "add", "mine", "rust"]).code, 0);
    // Where everybody may look, and the program with it: rights do not bind an
    // administrator, who then asks as somebody else.
    let home = tempfile::tempdir().unwrap();
    set_mode(home.path(), 0o755);
    let (index, program) = (home.path().join("index"), home.path().join("jobsift"));
    std::fs::copy(env!("CARGO_BIN_EXE_jobsift"), &program).unwrap();
    std::fs::create_dir(&index).unwrap();
    for (path, bytes) in contents(&begun) {
        std::fs::write(index.join(path.file_name().unwrap()), bytes).unwrap();
    }
    let input = home.path().join("new.jsonl");
    std::fs::copy(corpus.path("new/00.jsonl"), &input).unwrap();
    set_mode(&input, 0o644);
    for has_lock_file in [true, false] {
        if !has_lock_file {
            std::fs::remove_file(index.join(".tantivy-meta.lock")).unwrap();
        }
        set_writable(&index, false);
        let binds = std::fs::write(index.join("x"), "").is_err();
        if !binds {
            std::fs::remove_file(index.join("x")).unwrap();
        }
        let ask = |args: &[&str]| {
            let mut command = Command::new(&program);
            command
                .args(["--now", NOW, "--index"])
                .arg(&index)
                .args(args)
                .current_dir("/");
            if !binds {
                command.uid(NOBODY).gid(NOBODY);
            }
            ran(&mut command)
        };
        let before = contents(&index);
        for question in QUESTIONS {
            let answer = ask(question);
            assert_eq!(answer.code, 0, "{question:?}: {}", answer.err);
            assert!(!answer.out.is_empty());
        }
        let input = input.display().to_string();
        for write in [
            &["index", &input][..],
            &["index", "--rebuild"],
            &["saved", "add", "more", "go"],
        ] {
            let answer = ask(write);
            assert_eq!(answer.code, 2, "{write:?}: {answer:?}");
            assert!(answer.err.starts_with("error: cannot write"), "{answer:?}");
            assert!(answer.err.contains("ermission denied"), "{answer:?}");
        }
        set_writable(&index, true);
        assert_eq!(contents(&index), before);
    }
    assert_sound(&index);
}

#[test]
fn a_disk_that_is_full_costs_nothing_that_was_committed() {
    let corpus = Corpus::new();
    let undisturbed = corpus.begun("undisturbed");
    assert_eq!(corpus.run(&undisturbed).code, 0);
    let expected = answers(&undisturbed);

    // No file may be larger than so many blocks of 512 bytes: each fails somewhere else.
    let mut failed = Vec::new();
    for blocks in [0, 1, 2, 4, 8, 12, 16, 24, 32, 64] {
        let index = corpus.begun(&format!("index-{blocks}"));
        let before = counted(&index);
        let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$@""#);
        let mut limited = Command::new("sh");
        let command = corpus.command(&index);
        limited
            .args(["-c", &script, "sh"])
            .arg(command.get_program());
        limited.args(command.get_args()).env_remove("JOBSIFT_INDEX");
        let limited = ran(&mut limited);
        let after = counted(&index);
        assert!(after.0 >= before.0 && after.1 * 2 == after.0, "{after:?}");
        assert_sound(&index);
        if limited.code != 0 {
            assert_full(&limited, "ile too large");
            failed.push(blocks);
        }
        assert_eq!(corpus.run(&index).code, 0);
        assert_sound(&index);
        assert!(answers(&index) == expected, "{blocks} blocks");
    }
    assert!(failed.starts_with(&[0, 1, 2]), "{failed:?}");

    if may_mount() {
        on_a_small_disk(&corpus, &expected);
    }
}

#[track_caller]
fn assert_full(ran: &Ran, why: &str) {
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("error: cannot write to the index"),
        "{ran:?}"
    );
    assert!(ran.err.contains(why), "{ran:?}");
    assert!(!ran.err.contains("panicked"), "{ran:?}");
}

/// Whether a file system may be mounted where nobody else sees it.
fn may_mount() -> bool {
    let directory = tempfile::tempdir().unwrap();
    let tried = Command::new("unshare")
        .args(["--mount", "mount", "-t", "tmpfs", "none"])
        .arg(directory.path())
        .output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// The same with a file system of its own that is full but for a little, and
/// that may only be read afterwards.
fn on_a_small_disk(corpus: &Corpus, expected: &[Vec<u8>]) {
    const SCRIPT: &str = r#"
        disk=$1 from=$2 room=$3; shift 3
        mount -t tmpfs -o size=16m none "$disk" && cp -R "$from" "$disk/index" || exit 9
        dd if=/dev/zero of="$disk/filler" bs=4k 2>/dev/null
        size=$(wc -c < "$disk/filler")
        truncate -s "$((size - room))" "$disk/filler" || exit 9
        "$@"; echo "full: $?" >&2
        "$1" --index "$disk/index" verify >&2 || exit 8
        rm "$disk/filler"
        "$@" >&2; echo "roomy: $?" >&2
        mount -o remount,ro "$disk" || exit 9
        "$1" --index "$disk/index" search --count >&2 || exit 7
        "$@" >&2; echo "read only: $?" >&2
        cp -R "$disk/index" "$from-after"
    "#;
    for room in [0, 8, 32, 96] {
        let from = corpus.begun(&format!("from-{room}"));
        let disk = corpus.path("disk");
        std::fs::create_dir_all(&disk).unwrap();
        let command = corpus.command(&disk.join("index"));
        let mut mounted = Command::new("unshare");
        mounted
            .args(["--mount", "sh", "-c", SCRIPT, "sh"])
            .args([&disk, &from])
            .arg((room * 1024).to_string())
            .arg(command.get_program())
            .args(command.get_args())
            .env_remove("JOBSIFT_INDEX");
        let mounted = ran(&mut mounted);
        assert_eq!(mounted.code, 0, "{mounted:?}");
        let said = |what: &str| mounted.err.contains(what);
        assert!(
            said("full: 2") && said("o space left on device"),
            "{mounted:?}"
        );
        assert!(said("roomy: 0"), "{mounted:?}");
        assert!(
            said("read only: 2") && said("ead-only file system"),
            "{mounted:?}"
        );
        let after = corpus.path(&format!("from-{room}-after"));
        assert_sound(&after);
        assert!(answers(&after) == expected, "{room} KiB of room");
    }
}
