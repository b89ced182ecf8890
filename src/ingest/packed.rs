//! Packed text that is cut off or damaged: what could be unpacked is kept, and
//! whoever reads records is told where it ends.

use std::io::{self, ErrorKind, Read};

/// Unpacks until the packed bytes make no sense, and fails from there on with
/// what [`is_cut`] knows.
pub(super) struct Packed<R> {
    inner: R,
    why: Option<String>,
}

impl<R> Packed<R> {
    pub(super) fn new(inner: R) -> Packed<R> {
        Packed { inner, why: None }
    }
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.why.is_none() {
            match self.inner.read(buffer) {
                // A disk that fails is no damage of the file.
                Err(error)
                    if error.raw_os_error().is_none() && error.kind() != ErrorKind::Interrupted =>
                {
                    self.why = Some(error.to_string());
                }
                read => return read,
            }
        }
        let why = self.why.clone().unwrap_or_default();
        Err(io::Error::new(ErrorKind::UnexpectedEof, why))
    }
}

/// Whether reading failed because the packed bytes end too early or are damaged.
pub(super) fn is_cut(error: &io::Error) -> bool {
    error.kind() == ErrorKind::UnexpectedEof
}

/// A result of reading, where being cut off is an end like any other.
pub(super) fn until_cut(read: io::Result<usize>) -> io::Result<usize> {
    match read {
        Err(error) if is_cut(&error) => Ok(0),
        read => read,
    }
}

/// Reads all that there is, up to where it is cut off.
pub(super) fn read(mut input: impl Read, out: &mut Vec<u8>) -> io::Result<usize> {
    until_cut(input.read_to_end(out))
}
