//! A trie over squashed forms, flattened into one array: 64 possible letters
//! make a node's children one word of bits and one offset.
//!
//! A form's separators are not in the trie: an entry remembers after which
//! letters one may stand, the walk which ones it met.

use crate::skills::flat::{Reader, Writer};

use super::fold::{self, NONE, NUMBER, Symbol, YEAR};

/// Where between the letters of a squashed form a separator may stand: bit `n`
/// is set if one may follow the first `n` letters. Past bit 63 all may.
pub(crate) type Seams = u64;

/// The bit for a separator after `letters` letters.
#[inline]
pub(crate) fn seam(letters: usize) -> Seams {
    if letters < 64 { 1 << letters } else { 0 }
}

/// A form as the trie keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Squashed {
    /// Its letters.
    pub(crate) letters: Vec<Symbol>,
    /// Where its words part.
    pub(crate) seams: Seams,
    /// In how many words it is written.
    pub(crate) n_words: u8,
}

impl Squashed {
    /// Squashes a form; `None` if nothing of it is left.
    ///
    /// `{year}` and `{n}` become wild letters.
    pub(crate) fn new(form: &str) -> Option<Squashed> {
        let mut squashed = Squashed {
            letters: Vec::with_capacity(form.len()),
            seams: 0,
            n_words: 1,
        };
        let mut rest = form;
        let mut parted = false;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("{year}") {
                squashed.push(YEAR, &mut parted);
                rest = after;
                continue;
            }
            if let Some(after) = rest.strip_prefix("{n}") {
                squashed.push(NUMBER, &mut parted);
                rest = after;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match fold::fold(c) {
                '\0' => {}
                folded if folded.is_ascii() => match fold::symbol(folded as u8) {
                    NONE => parted = true,
                    letter => squashed.push(letter, &mut parted),
                },
                folded if folded.is_alphabetic() => {
                    for letter in fold::escaped(folded) {
                        squashed.push(letter, &mut parted);
                    }
                }
                _ => parted = true,
            }
        }
        (!squashed.letters.is_empty()).then_some(squashed)
    }

    fn push(&mut self, letter: Symbol, parted: &mut bool) {
        let loose = fold::is_loose(letter)
            || self
                .letters
                .last()
                .is_some_and(|&last| fold::is_loose(last));
        if *parted && !self.letters.is_empty() {
            self.n_words = self.n_words.saturating_add(1);
        }
        if (*parted || loose) && !self.letters.is_empty() {
            self.seams |= seam(self.letters.len());
        }
        *parted = false;
        self.letters.push(letter);
    }
}

/// One node: its children lie side by side, in the order of their letters.
///
/// Before it is reached, some letters that lead nowhere else must be passed.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
struct Node {
    /// Which letters lead on.
    letters: u64,
    /// Where the children begin.
    children: u32,
    /// What ends here: where its values begin, and how many there are.
    values: u32,
    n_values: u16,
    /// How many letters lead here one by one.
    n_passed: u16,
    /// Where they stand in [`Trie::passed`].
    passed: u32,
    /// The first of them, to be at hand.
    first_passed: [Symbol; FIRST],
}

/// No more letters lead to a node one by one: what a walk has left of them fits a byte.
const MOST_PASSED: usize = u8::MAX as usize;

/// As many as have room in half a cache line.
const FIRST: usize = 8;

const _: () = assert!(size_of::<Node>() == 32);

/// Where a walk is: on the way to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Place {
    node: u32,
    /// How many letters were passed on the way to it, and how many are to be.
    at: u16,
    end: u16,
    /// Something ends at the node.
    ends: bool,
}

impl Place {
    /// The place after [`Trie::letter_ahead`].
    #[inline(always)]
    pub(crate) fn passed_one(self) -> Place {
        Place {
            at: self.at + 1,
            ..self
        }
    }
}

/// What ends at a node: where in [`Trie::values`], and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Values {
    first: u32,
    n: u32,
}

impl Values {
    pub(super) fn row(self) -> (u32, u32) {
        (self.first, self.n)
    }

    #[inline(always)]
    pub(super) fn from_row((first, n): (u32, u32)) -> Values {
        Values { first, n }
    }
}

/// Forms to values of type `T`; several may share a form.
#[derive(Debug, Clone)]
pub(crate) struct Trie<T> {
    nodes: Vec<Node>,
    passed: Vec<Symbol>,
    values: Vec<T>,
    /// Those of each value.
    seams: Vec<Seams>,
}

impl Node {
    fn row(&self) -> [u32; 6] {
        let n = u32::from(self.n_values) | u32::from(self.n_passed) << 16;
        let [low, high] = halves(self.letters);
        [low, high, self.children, self.values, n, self.passed]
    }

    fn from_row([low, high, children, values, n, passed]: [u32; 6]) -> Node {
        let (n_values, n_passed) = (n as u16, (n >> 16) as u16);
        Node {
            letters: whole(low, high),
            children,
            values,
            n_values,
            n_passed,
            passed,
            first_passed: [NONE; FIRST],
        }
    }
}

/// A number of 64 bits as a table has it.
pub(crate) fn halves(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

/// What [`halves`] was given.
#[inline]
pub(crate) fn whole(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

impl<T: Copy> Trie<T> {
    /// Writes the trie into a table, each value as one number.
    pub(crate) fn write(&self, to: &mut Writer, code: impl Fn(T) -> u32) {
        to.rows(self.nodes.iter().map(Node::row));
        to.bytes(&self.passed);
        to.rows(self.values.iter().map(|value| [code(*value)]));
        to.rows(self.seams.iter().map(|seams| halves(*seams)));
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>, value: impl Fn(u32) -> T) -> Trie<T> {
        let mut trie = Trie {
            nodes: from.rows().map(Node::from_row).collect(),
            passed: from.bytes().to_vec(),
            values: from.rows().map(|[code]| value(code)).collect(),
            seams: from.rows().map(|[low, high]| whole(low, high)).collect(),
        };
        trie.put_at_hand();
        trie
    }

    /// Fills in [`Node::first_passed`].
    fn put_at_hand(&mut self) {
        for node in &mut self.nodes {
            let n = usize::from(node.n_passed).min(FIRST);
            let passed = &self.passed[node.passed as usize..][..n];
            node.first_passed[..n].copy_from_slice(passed);
        }
    }

    /// Builds the trie; the order of values with equal letters is kept.
    pub(crate) fn new(forms: &[(Squashed, T)]) -> Trie<T> {
        let mut forms: Vec<&(Squashed, T)> = forms.iter().collect();
        forms.sort_by(|(a, _), (b, _)| a.letters.cmp(&b.letters));
        let mut trie = Trie {
            nodes: vec![Node::default()],
            passed: vec![],
            values: vec![],
            seams: vec![],
        };
        // Depth first, so that the nodes of a walk lie near each other in memory:
        // (node, its forms, how many letters they share).
        let mut open = vec![(0usize, 0..forms.len(), 0usize)];
        while let Some((node, range, mut depth)) = open.pop() {
            if let (Some((first, _)), Some((last, _))) =
                (forms.get(range.start), forms.get(range.end.wrapping_sub(1)))
                && node > 0
            {
                // Letters that all the forms share lead to the node one by one.
                let shared = first.letters[depth..]
                    .iter()
                    .zip(&last.letters[depth..])
                    .take_while(|(a, b)| a == b)
                    .count();
                let shared = shared.min(MOST_PASSED);
                trie.nodes[node].passed = trie.passed.len() as u32;
                trie.nodes[node].n_passed = shared as u16;
                trie.passed
                    .extend_from_slice(&first.letters[depth..depth + shared]);
                depth += shared;
            }
            let ending =
                forms[range.clone()].partition_point(|(form, _)| form.letters.len() == depth);
            trie.nodes[node].values = trie.values.len() as u32;
            trie.nodes[node].n_values = ending.min(usize::from(u16::MAX)) as u16;
            let here = &forms[range.start..range.start + ending];
            trie.values.extend(here.iter().map(|(_, value)| *value));
            trie.seams.extend(here.iter().map(|(form, _)| form.seams));
            trie.nodes[node].children = trie.nodes.len() as u32;
            let mut at = range.start + ending;
            while at < range.end {
                let letter = forms[at].0.letters[depth];
                let n =
                    forms[at..range.end].partition_point(|(form, _)| form.letters[depth] == letter);
                trie.nodes[node].letters |= 1 << letter;
                open.push((trie.nodes.len(), at..at + n, depth + 1));
                trie.nodes.push(Node::default());
                at += n;
            }
        }
        trie.put_at_hand();
        trie
    }

    /// A letter on the way to a node.
    #[inline(always)]
    fn passed(&self, node: u32, at: u16) -> Symbol {
        let node = &self.nodes[node as usize];
        match node.first_passed.get(usize::from(at)) {
            Some(letter) => *letter,
            None => self.passed[node.passed as usize + usize::from(at)],
        }
    }

    /// The place one letter on.
    #[inline(always)]
    pub(crate) fn step(&self, place: Place, letter: Symbol) -> Option<Place> {
        if let Some(ahead) = self.letter_ahead(place) {
            return (ahead == letter).then_some(place.passed_one());
        }
        let Node {
            letters, children, ..
        } = self.nodes[place.node as usize];
        let bit = 1u64 << letter;
        if letters & bit == 0 {
            return None;
        }
        let node = children + (letters & (bit - 1)).count_ones();
        let Node {
            n_passed, n_values, ..
        } = self.nodes[node as usize];
        Some(Place {
            node,
            at: 0,
            end: n_passed,
            ends: n_values > 0,
        })
    }

    /// The only letter that leads on from a place on the way to a node.
    #[inline(always)]
    pub(crate) fn letter_ahead(&self, place: Place) -> Option<Symbol> {
        (place.at < place.end).then(|| self.passed(place.node, place.at))
    }

    /// What ends at a place, if anything does.
    #[inline(always)]
    pub(crate) fn end(&self, place: Place) -> Option<Values> {
        (place.ends && place.at == place.end).then(|| {
            let Node {
                values, n_values, ..
            } = self.nodes[place.node as usize];
            Values {
                first: values,
                n: u32::from(n_values),
            }
        })
    }

    /// What ends at a node and may have separators where some were `seen`.
    #[inline(always)]
    pub(crate) fn values(&self, values: Values, seen: Seams) -> impl Iterator<Item = T> {
        let row = values.first as usize..(values.first + values.n) as usize;
        let numbered = self.values[row.clone()].iter().zip(row);
        numbered
            .filter(move |(_, no)| seen == 0 || seen & !self.seams[*no] == 0)
            .map(|(value, _)| *value)
    }

    /// What ends at a node, if it is one thing.
    #[inline(always)]
    pub(crate) fn only(&self, values: Values) -> Option<T> {
        (values.n == 1).then(|| self.values[values.first as usize])
    }

    /// The node a place is on the way to, and how many letters are left.
    pub(super) fn node(&self, place: Place) -> (u32, u16) {
        (place.node, place.end - place.at)
    }

    /// The place on the way to a node with some letters left.
    #[inline(always)]
    pub(super) fn place(&self, node: u32, n_left: u8) -> Place {
        let Node {
            n_passed, n_values, ..
        } = self.nodes[node as usize];
        Place {
            node,
            at: n_passed - u16::from(n_left),
            end: n_passed,
            ends: n_values > 0,
        }
    }

    /// The letters that lead on from a place.
    #[inline]
    pub(crate) fn letters_after(&self, place: Place) -> u64 {
        if place.at < place.end {
            1 << self.passed(place.node, place.at)
        } else {
            self.nodes[place.node as usize].letters
        }
    }

    /// How much memory it holds.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.nodes.len() * size_of::<Node>()
            + self.passed.len()
            + self.values.len() * (size_of::<T>() + size_of::<Seams>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(trie: &Trie<u8>, form: &str) -> Vec<u8> {
        let squashed = Squashed::new(form).unwrap();
        let mut place = Place::default();
        for letter in squashed.letters {
            match trie.step(place, letter) {
                Some(next) => place = next,
                None => return vec![],
            }
        }
        trie.end(place)
            .map_or(vec![], |values| trie.values(values, 0).collect())
    }

    #[test]
    fn what_went_in_is_found() {
        let forms = [
            "go",
            "golang",
            "google",
            "c++",
            "c",
            "ruby on rails",
            "精通",
            "go",
        ];
        let numbered = forms
            .iter()
            .zip(0u8..)
            .map(|(form, n)| (Squashed::new(form).unwrap(), n));
        let trie = Trie::new(&numbered.collect::<Vec<_>>());
        assert_eq!(find(&trie, "Go"), [0, 7]);
        assert_eq!(find(&trie, "GOLANG"), [1]);
        assert_eq!(find(&trie, "C++"), [3]);
        assert_eq!(find(&trie, "ruby-on-rails"), [5]);
        assert_eq!(find(&trie, "精通"), [6]);
        assert!(find(&trie, "goo").is_empty());
    }

    #[test]
    fn seams_stand_where_words_part() {
        let form = Squashed::new("ci / cd tool").unwrap();
        assert_eq!(form.seams, seam(2) | seam(3) | seam(5));
        assert_eq!(form.n_words, 4);
    }
}
