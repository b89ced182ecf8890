//! The order of the house: what may name what, and where files stand.

use std::path::{Path, PathBuf};

use crate::support::{project, text_of};

/// Every `.rs` file below a folder, as its path from the project and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(&project(folder), &mut found);
    found.sort();
    let relative = |path: &Path| {
        path.strip_prefix(project(""))
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/")
    };
    let read = |path: PathBuf| (relative(&path), std::fs::read_to_string(&path).unwrap());
    found
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(read)
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found)
        } else {
            found.push(path)
        }
    }
}

/// A source without what stands in comments.
fn code(text: &str) -> String {
    let line = |line: &str| match line.trim_start().starts_with("//") {
        true => String::new(),
        false => line.split(" // ").next().unwrap_or_default().to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a word stands in a text, not as a part of another.
fn names(text: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_word) && !text[at + word.len()..].starts_with(is_word)
    })
}

/// The modules of the crate that a source names by `crate::`.
fn modules_named(code: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => named.push(first_word(rest)),
            Some(list) => {
                // The first word of each item of the outermost list.
                let (mut depth, mut item) = (0, String::new());
                for c in list.chars() {
                    match c {
                        '}' if depth == 0 => break,
                        ',' if depth == 0 => {
                            named.push(first_word(std::mem::take(&mut item).trim()))
                        }
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        c if depth == 0 => item.push(c),
                        _ => {}
                    }
                }
                named.push(first_word(item.trim()));
            }
        }
    }
    named.retain(|name| !name.is_empty());
    named
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The modules in the order of `lib.rs`.
fn modules() -> Vec<String> {
    let declared = |line: &str| {
        line.trim()
            .strip_prefix("pub mod ")?
            .strip_suffix(';')
            .map(str::to_owned)
    };
    text_of("src/lib.rs").lines().filter_map(declared).collect()
}

/// The module of a path below `src/`.
fn module_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn the_scan_reads_lists_and_lone_paths() {
    let code = "use crate::{index::{Index, x}, posting};\nlet a = crate::skills::Kind;";
    assert_eq!(modules_named(code), ["index", "posting", "skills"]);
    assert!(names("a tantivy::x", "tantivy") && !names("tantivy_like", "tantivy"));
}

#[test]
fn no_arrow_points_back() {
    let modules = modules();
    assert!(modules.len() > 8, "{modules:?}");
    let place = |name: &str| modules.iter().position(|known| known == name);
    let mut arrows = Vec::new();
    for (path, text) in sources("src") {
        if ["lib", "main"].contains(&module_of(&path)) {
            continue;
        }
        let own = place(module_of(&path))
            .unwrap_or_else(|| panic!("{path} belongs to no module of lib.rs"));
        for named in modules_named(&code(&text)) {
            // What is no module is a macro of the crate.
            if place(&named).is_some_and(|other| other > own) {
                arrows.push(format!("{path} names crate::{named}"));
            }
        }
    }
    assert!(arrows.is_empty(), "{}", arrows.join("\n"));
}

#[test]
fn tantivy_is_named_in_the_index_and_the_local_engine_only() {
    let inside = |path: &str| path.starts_with("src/index/") || path.starts_with("src/query/local");
    let outside = sources("src")
        .into_iter()
        .filter(|(path, text)| !inside(path) && names(&code(text), "tantivy"));
    let outside: Vec<String> = outside.map(|(path, _)| path).collect();
    assert!(outside.is_empty(), "{outside:?}");
}

#[test]
fn only_the_command_line_prints_and_draws() {
    let words = [
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
        "io::stdout",
        "io::stderr",
        "stdout()",
        "stderr()",
    ];
    let mut found = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        if !path.starts_with("src/cli/") && path != "src/main.rs" {
            found.extend(
                words
                    .iter()
                    .filter(|word| code.contains(**word))
                    .map(|word| format!("{path}: {word}")),
            );
        }
        if path != "src/cli/progress.rs" && names(&code, "indicatif") {
            found.push(format!("{path}: indicatif"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_main_ends_the_process() {
    // `cli` says with which code; `main` is where it happens, but for a second
    // interrupt while `main` waits for input.
    let mut found = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        let is_end = names(&code, "process::exit") || names(&code, "process::abort");
        let names_code = names(&code, "ExitCode") && !path.starts_with("src/cli/");
        let may_end = ["src/main.rs", "src/cli/index.rs"].contains(&path.as_str());
        if (is_end && !may_end) || (names_code && path != "src/main.rs") {
            found.push(path);
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn reading_ranking_and_reports_know_no_file_clock_or_thread() {
    let words = [
        "std::fs",
        "fs::",
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "std::thread",
        "thread::",
        "rayon",
    ];
    let is_pure = |path: &str| {
        ["src/extract/", "src/report/", "src/fields/"]
            .iter()
            .any(|folder| path.starts_with(folder))
            || path == "src/query/rank.rs"
            || path == "src/groups.rs"
    };
    let mut found = Vec::new();
    for (path, text) in sources("src").into_iter().filter(|(path, _)| is_pure(path)) {
        let code = code(&text);
        // Unit tests may read their tables.
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        if path.ends_with("/tests.rs") {
            continue;
        }
        found.extend(
            words
                .iter()
                .filter(|word| names(code, word))
                .map(|word| format!("{path}: {word}")),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_source_says_what_it_is() {
    let silent: Vec<String> = sources("src")
        .into_iter()
        .chain(sources("tests/it"))
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn the_top_level_holds_only_what_everybody_knows() {
    let known = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "src",
        "schema",
        "corpus",
        "tests",
        "benches",
        "build.rs",
        "target",
    ];
    let mut strange = Vec::new();
    for entry in std::fs::read_dir(project("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !(known.contains(&name.as_str()) || name.starts_with("LICENSE") || name.starts_with('.'))
        {
            strange.push(name);
        }
    }
    assert!(strange.is_empty(), "{strange:?}");
}

#[test]
fn no_test_is_ignored_or_meant_to_panic() {
    let (ignored, panics) = (concat!("#[", "ignore"), concat!("#[should", "_panic"));
    let both = sources("src").into_iter().chain(sources("tests/it"));
    let found: Vec<String> = both
        .filter(|(_, text)| text.contains(ignored) || text.contains(panics))
        .map(|(path, _)| path)
        .collect();
    assert!(found.is_empty(), "{found:?}");
}
