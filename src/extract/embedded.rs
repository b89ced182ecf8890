//! The extractor for the taxonomy that the program carries; the build script
//! made its lexicon.

use std::sync::{Arc, LazyLock};

use super::Extractor;
use super::lexicon::Lexicon;
use crate::skills::Taxonomy;

/// The [`Lexicon::table`] of the embedded taxonomy.
const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

impl Extractor {
    /// The extractor for [`Taxonomy::embedded`], read once.
    pub fn embedded() -> Arc<Extractor> {
        static EMBEDDED: LazyLock<Arc<Extractor>> = LazyLock::new(|| {
            Arc::new(Extractor {
                taxonomy: Taxonomy::embedded(),
                lexicon: Lexicon::read(TABLE),
            })
        });
        Arc::clone(&EMBEDDED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_taxonomy() {
        assert!(
            Lexicon::table(&Taxonomy::embedded()) == TABLE,
            "the build script and the program make different tables"
        );
    }
}
