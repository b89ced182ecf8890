//! Joins the files of `schema/skills/` into one text that the program carries:
//! reading a thousand TOML blocks anew at every start would take longer than most answers.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/skills/bundle.rs"]
mod bundle;

fn main() {
    let folder = Path::new("schema/skills");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=src/skills/bundle.rs");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("schema/skills is part of the package")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let files: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("the file can be read"))
        })
        .collect();
    let joined = match bundle::bundle(&files) {
        Ok(joined) => joined,
        Err((file, error)) => panic!("{file}: {error}"),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("skills.json");
    fs::write(out, joined).expect("cargo's folder can be written to");
}
