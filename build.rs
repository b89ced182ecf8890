//! Joins the files of `schema/skills/` and makes tables of them that the program
//! carries: reading a thousand blocks and arranging their spellings anew at every
//! start would take longer than most answers.
//!
//! The tables are made by the program's own modules.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// All of `src/skills/` but `embedded.rs`, which has what is made here.
#[allow(dead_code, unused_imports, unreachable_pub)]
#[path = "src/skills"]
mod skills {
    mod bundle;
    pub(crate) mod flat;
    mod load;
    mod names;
    mod tables;
    mod taxonomy;

    pub(crate) use load::{TaxonomyError, from_directory};
    pub(crate) use tables::pack;
    pub(crate) use taxonomy::{Case, Kind, Need, Skill, SkillNo, Taxonomy, WeakForm};
}

/// The part of `src/extract/` that arranges the spellings.
#[allow(dead_code, unused_imports, unreachable_pub)]
#[path = "src/extract"]
mod extract {
    pub(crate) mod lexicon;
}

fn main() {
    for made_of in [
        "build.rs",
        "schema/skills",
        "schema/cues.toml",
        "src/skills",
        "src/extract/lexicon",
    ] {
        println!("cargo::rerun-if-changed={made_of}");
    }
    let taxonomy = match skills::from_directory(Path::new("schema/skills")) {
        Ok(taxonomy) => taxonomy,
        Err(error) => panic!("{error}: {error:?}"),
    };
    write("skills.json", taxonomy.to_json().as_bytes());
    write("skills.bin", &skills::pack(&taxonomy));
    write("lexicon.bin", &extract::lexicon::Lexicon::table(&taxonomy));
}

fn write(name: &str, bytes: &[u8]) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join(name), bytes).expect("cargo's folder can be written to");
}
