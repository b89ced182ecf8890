//! The taxonomy the program carries, as the build script made it: the joined
//! text, and the tables that save reading it.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::{Taxonomy, TaxonomyError, load, tables};

/// The files of `schema/skills/`, joined.
const JOINED: &str = include_str!(concat!(env!("OUT_DIR"), "/skills.json"));
/// The same as [`tables::pack`] writes it.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/skills.bin"));

impl Taxonomy {
    /// The taxonomy the program carries.
    pub fn embedded() -> Arc<Taxonomy> {
        static EMBEDDED: LazyLock<Arc<Taxonomy>> =
            LazyLock::new(|| Arc::new(tables::unpack(PACKED, JOINED)));
        Arc::clone(&EMBEDDED)
    }

    /// The taxonomy the program carries with the files of a directory added to
    /// it; a block of a known id takes the place of the one that has it.
    ///
    /// # Errors
    /// [`TaxonomyError`], naming the file.
    pub fn embedded_and(directory: &Path) -> Result<Taxonomy, TaxonomyError> {
        load::joined_and(JOINED, directory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_the_text() {
        let read = Taxonomy::from_json(JOINED).unwrap();
        assert!(
            tables::pack(&read) == PACKED,
            "the build script and the program make different tables"
        );
        let embedded = Taxonomy::embedded();
        assert_eq!(embedded.hash(), read.hash());
        // Unpacked and packed again, so nothing is lost on the way.
        assert!(tables::pack(&embedded) == PACKED);
        assert_eq!(embedded.redirects(), read.redirects());
        assert!(
            read.iter()
                .all(|(no, _)| embedded.implied_by(no) == read.implied_by(no))
        );
    }

    #[test]
    fn a_directory_gives_the_same_hash() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/skills");
        let read = Taxonomy::from_directory(&directory).unwrap();
        assert_eq!(read.hash(), Taxonomy::embedded().hash());
        assert_eq!(read.to_json(), Taxonomy::embedded().to_json());
    }
}
