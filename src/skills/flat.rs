//! Tables as bytes, for what the build script makes and the program reads:
//! little-endian numbers of 32 bits, and lists with their lengths before them.
//!
//! Nothing is checked but lengths: whoever reads was built with what it reads.

/// Puts numbers and lists one after another.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn number(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    /// A length: no list of a taxonomy comes near the limit.
    pub(crate) fn length(&mut self, length: usize) {
        self.number(u32::try_from(length).expect("a list of a taxonomy is short"));
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.bytes.extend(bytes);
    }

    /// A list, each item as `N` numbers.
    pub(crate) fn rows<const N: usize>(&mut self, rows: impl ExactSizeIterator<Item = [u32; N]>) {
        self.length(rows.len());
        rows.for_each(|row| row.into_iter().for_each(|number| self.number(number)));
    }
}

/// Takes them off again, in the same order.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        taken
    }

    #[inline]
    pub(crate) fn number(&mut self) -> u32 {
        number_at(self.take(4), 0)
    }

    #[inline]
    pub(crate) fn length(&mut self) -> usize {
        self.number() as usize
    }

    #[inline]
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let n = self.length();
        self.take(n)
    }

    #[inline]
    pub(crate) fn text(&mut self) -> &'a str {
        std::str::from_utf8(self.bytes()).expect("a text was written")
    }

    /// A list of items of `N` numbers.
    #[inline]
    pub(crate) fn rows<const N: usize>(
        &mut self,
    ) -> impl ExactSizeIterator<Item = [u32; N]> + use<'a, N> {
        let n = self.length();
        let rows = self.take(n * N * 4).chunks_exact(N * 4);
        rows.map(|row| std::array::from_fn(|at| number_at(row, at)))
    }
}

#[inline]
fn number_at(bytes: &[u8], at: usize) -> u32 {
    let bytes = &bytes[at * 4..at * 4 + 4];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.number(7);
        writer.bytes("été".as_bytes());
        writer.rows([[1, 2], [3, u32::MAX]].into_iter());
        let bytes = writer.into_bytes();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.number(), 7);
        assert_eq!(reader.text(), "été");
        assert_eq!(
            reader.rows::<2>().collect::<Vec<_>>(),
            [[1, 2], [3, u32::MAX]]
        );
    }
}
