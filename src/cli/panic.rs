//! A panic is told like an error: a damaged index can make tantivy panic.

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;

/// What the last panic said.
static SAID: Mutex<Option<String>> = Mutex::new(None);

/// Keeps what a panic says for `caught`, instead of writing it at once; with
/// `RUST_BACKTRACE` set it is written too.
pub fn keep_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        // The first is the cause of those that follow.
        said.get_or_insert_with(|| info.to_string());
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            usual(info);
        }
    }));
}

/// Does `work`; a panic in it is an error that names the index.
pub(super) fn caught<T>(
    index: &Path,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let said = SAID.lock().unwrap_or_else(PoisonError::into_inner).take();
        Err(anyhow!(
            "the program came upon something impossible; if `jobsift verify --index {}` finds the index sound, \
             it is a mistake in the program: {}",
            index.display(),
            said.unwrap_or_default()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_what_to_do() {
        let error = caught(Path::new("here"), || -> anyhow::Result<()> {
            let nothing: Vec<u8> = Vec::new();
            assert!(!nothing.is_empty(), "there is one");
            Ok(())
        });
        let said = error.unwrap_err().to_string();
        assert!(said.contains("jobsift verify --index here"), "{said}");
        assert_eq!(caught(Path::new("here"), || Ok(7)).unwrap(), 7);
    }
}
