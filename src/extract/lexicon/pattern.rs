//! Phrase patterns of soft skills and responsibilities:
//! `design~|build~ .. api~|service~`, in the syntax of `schema/README.md`.
//!
//! A pattern is looked for where the rarest of its words stands, and then
//! checked to both sides; that saves trying all that begin with "be" or "work".

use std::collections::HashMap;

use crate::skills::flat::{Reader, Writer};
use crate::skills::{SkillNo, Taxonomy};

use super::inflect::inflections;
use super::trie::{halves, whole};

/// How many words a `..` may stand for.
pub(crate) const GAP: usize = 3;

/// The words of patterns that postings have most of, and how many of 100,000 words they are
/// (forum posts and two kinds of boards, in English, four million words, November 2026): no
/// pattern should be looked for by them.
const COMMON: &[(&str, u32)] = &[
    ("and", 4390),
    ("to", 2675),
    ("the", 2452),
    ("of", 1951),
    ("a", 1927),
    ("in", 1587),
    ("with", 1185),
    ("for", 1162),
    ("you", 1009),
    ("data", 906),
    ("is", 857),
    ("on", 699),
    ("are", 657),
    ("or", 650),
    ("experience", 608),
    ("team", 516),
    ("at", 485),
    ("as", 470),
    ("work", 453),
    ("have", 401),
    ("an", 394),
    ("be", 389),
    ("software", 314),
    ("engineer", 297),
    ("looking", 293),
    ("time", 290),
    ("from", 284),
    ("about", 271),
    ("full", 265),
    ("more", 260),
    ("your", 253),
    ("new", 248),
    ("product", 247),
    ("by", 239),
    ("development", 226),
    ("it", 221),
    ("company", 220),
    ("business", 219),
    ("working", 216),
    ("all", 214),
    ("can", 210),
    ("engineers", 209),
    ("skills", 203),
    ("learning", 202),
    ("engineering", 197),
    ("help", 190),
    ("build", 179),
    ("people", 175),
    ("building", 175),
    ("design", 172),
    ("end", 172),
    ("other", 172),
    ("systems", 169),
    ("developer", 164),
    ("their", 163),
    ("web", 162),
    ("platform", 157),
    ("technical", 156),
    ("world", 153),
    ("technology", 150),
    ("but", 147),
    ("tools", 144),
    ("what", 139),
    ("strong", 138),
    ("machine", 134),
    ("knowledge", 133),
    ("using", 132),
    ("like", 131),
    ("solutions", 130),
    ("make", 130),
    ("not", 128),
    ("products", 128),
    ("analytics", 127),
    ("use", 126),
    ("do", 125),
    ("job", 124),
    ("out", 122),
    ("join", 122),
    ("apply", 120),
    ("teams", 116),
    ("ai", 116),
    ("ability", 114),
    ("well", 113),
    ("developers", 113),
    ("open", 111),
    ("customers", 110),
    ("projects", 110),
    ("mobile", 110),
    ("management", 110),
    ("into", 109),
    ("analysis", 109),
    ("high", 106),
    ("environment", 106),
    ("services", 105),
    ("support", 105),
    ("big", 105),
    ("technologies", 105),
    ("role", 104),
    ("hiring", 102),
    ("code", 102),
    ("up", 102),
    ("backend", 101),
    ("front", 100),
    ("problems", 99),
    ("best", 99),
    ("growing", 97),
    ("across", 97),
    ("any", 96),
    ("great", 95),
    ("develop", 95),
    ("customer", 95),
    ("information", 94),
    ("research", 94),
    ("applications", 94),
    ("models", 94),
    ("small", 93),
    ("through", 91),
    ("has", 90),
    ("cloud", 90),
    ("get", 89),
    ("want", 87),
    ("project", 84),
    ("requirements", 84),
    ("opportunity", 84),
    ("process", 82),
    ("computer", 82),
    ("infrastructure", 81),
    ("over", 80),
    ("marketing", 80),
    ("learn", 79),
    ("part", 79),
    ("impact", 78),
    ("real", 78),
    ("performance", 78),
    ("industry", 78),
    ("position", 78),
    ("office", 76),
    ("scale", 75),
    ("need", 74),
    ("lead", 73),
    ("health", 73),
    ("android", 72),
    ("understanding", 72),
    ("security", 72),
    ("application", 72),
    ("startup", 72),
    ("related", 71),
    ("fast", 71),
    ("tech", 71),
    ("good", 70),
    ("level", 70),
    ("complex", 70),
    ("create", 70),
    ("love", 70),
    ("provide", 70),
    ("scientist", 70),
    ("required", 70),
    ("communication", 68),
    ("app", 68),
    ("day", 67),
    ("sql", 67),
    ("quality", 67),
    ("user", 66),
    ("both", 66),
    ("co", 66),
    ("frontend", 65),
    ("programming", 65),
    ("way", 65),
    ("responsibilities", 65),
    ("aws", 64),
    ("source", 64),
    ("system", 63),
    ("degree", 63),
    ("culture", 62),
    ("ios", 61),
    ("users", 60),
    ("first", 59),
    ("clients", 59),
    ("growth", 58),
    ("developing", 58),
    ("algorithms", 58),
    ("driven", 58),
    ("operations", 57),
    ("take", 57),
    ("vision", 57),
    ("deep", 56),
    ("improve", 56),
    ("sales", 56),
    ("service", 56),
    ("distributed", 55),
    ("passionate", 54),
    ("highly", 54),
    ("within", 54),
    ("right", 54),
    ("production", 53),
    ("manager", 53),
    ("drive", 53),
    ("key", 53),
    ("testing", 52),
    ("insights", 52),
    ("competitive", 52),
    ("life", 52),
    ("better", 52),
    ("no", 52),
    ("things", 52),
    ("understand", 52),
    ("excellent", 51),
    ("leading", 51),
    ("see", 51),
    ("site", 51),
    ("test", 50),
    ("value", 50),
    ("client", 50),
    ("very", 50),
    ("must", 50),
    ("market", 50),
];

/// What is taken for that of any other word: most have fewer (our guess).
const SELDOM: u32 = 10;

/// So many of the first common words stand near everything, see [`bit`].
const EVERYWHERE: u64 = 64;

/// How far from an anchor it is worth while to look for the word beside it.
pub(crate) const FARTHEST: usize = 2 + GAP;

/// So near the words that must stand somewhere are looked for one by one; farther off,
/// all of them up to [`FARTHEST`] at once.
pub(crate) const NEAR: usize = 2;

/// One place of a pattern: up to [`GAP`] words, or one of some phrases.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    /// The [`bit`] of each single word.
    bloom: u64,
    /// Single words, sorted: where in [`Patterns::words`].
    single: (u32, u32),
    /// Phrases of several words, or of none: where in [`Patterns::rows`].
    rows: (u32, u32),
    pub(crate) optional: bool,
    pub(crate) is_gap: bool,
}

/// A row of words, the first and the one after the last.
type Row = (u32, u32);

impl Part {
    fn row(&self) -> [u32; 7] {
        let [low, high] = halves(self.bloom);
        let flags = u32::from(self.optional) | u32::from(self.is_gap) << 1;
        [
            low,
            high,
            self.single.0,
            self.single.1,
            self.rows.0,
            self.rows.1,
            flags,
        ]
    }

    fn from_row([low, high, single, single_end, rows, rows_end, flags]: [u32; 7]) -> Part {
        Part {
            bloom: whole(low, high),
            single: (single, single_end),
            rows: (rows, rows_end),
            optional: flags & 1 != 0,
            is_gap: flags & 2 != 0,
        }
    }

    /// Whether one of some single words must stand there.
    #[inline(always)]
    pub(crate) fn is_plain(&self) -> bool {
        !self.is_gap && !self.optional && !self.has_rows()
    }

    /// Whether phrases of several words may stand there, or none at all.
    pub(crate) fn has_rows(&self) -> bool {
        self.rows.0 < self.rows.1
    }
}

/// All patterns, by the words they are looked for by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    parts: Vec<Part>,
    rows: Vec<Row>,
    words: Vec<u16>,
    /// For each word, where its [`Anchor`]s begin in `anchors`; those of the
    /// next word begin where they end.
    starts: Vec<u32>,
    anchors: Vec<Anchor>,
    /// Of each word, as a bit, whether it has any.
    anchored: Vec<u64>,
}

/// A pattern to try where a word stands, and the quickest reasons not to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor {
    pub(crate) pattern: u32,
    /// Within how many words one of `after` must stand; 0 if none must, one more than
    /// [`NEAR`] for [`FARTHEST`].
    pub(crate) reach_after: u8,
    /// The same backwards.
    pub(crate) reach_before: u8,
    /// Bits of the words that may follow, as in [`Part::bloom`]; all if any may.
    pub(crate) after: u64,
    /// Bits of those that may precede.
    pub(crate) before: u64,
}

impl Anchor {
    fn row(&self) -> [u32; 6] {
        let ([low_a, high_a], [low_b, high_b]) = (halves(self.after), halves(self.before));
        let reach = u32::from(self.reach_after) | u32::from(self.reach_before) << 8;
        [self.pattern, reach, low_a, high_a, low_b, high_b]
    }

    fn from_row([pattern, reach, low_a, high_a, low_b, high_b]: [u32; 6]) -> Anchor {
        Anchor {
            pattern,
            reach_after: reach as u8,
            reach_before: (reach >> 8) as u8,
            after: whole(low_a, high_a),
            before: whole(low_b, high_b),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Pattern {
    skill: SkillNo,
    /// The part with the rarest words, counted from the first.
    anchor: u16,
    /// Where in [`Patterns::parts`].
    parts: (u32, u32),
}

impl Pattern {
    fn row(&self) -> [u32; 3] {
        let skill = u32::from(self.skill.0) | u32::from(self.anchor) << 16;
        [skill, self.parts.0, self.parts.1]
    }

    fn from_row([skill, first, end]: [u32; 3]) -> Pattern {
        let (anchor, skill) = ((skill >> 16) as u16, SkillNo(skill as u16));
        Pattern {
            skill,
            anchor,
            parts: (first, end),
        }
    }
}

impl Patterns {
    /// Reads the patterns of all skills; also every word in them with its number, from 1.
    pub(crate) fn new(taxonomy: &Taxonomy) -> (Patterns, Vec<(String, u16)>) {
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let mut words: Vec<(String, u16)> = Vec::new();
        let mut number = |word: String| {
            *numbers.entry(word).or_insert_with_key(|word| {
                let no = u16::try_from(words.len() + 1).expect("fewer than 65,535 pattern words");
                words.push((word.clone(), no));
                no
            })
        };
        // The first numbers, see `bit`.
        for (word, _) in COMMON {
            number((*word).to_owned());
        }
        let mut all = Patterns::default();
        for (no, skill) in taxonomy.iter() {
            for pattern in skill.patterns() {
                let first = all.parts.len() as u32;
                for part in pattern.split_whitespace() {
                    let part = all.parse(part, &mut number);
                    all.parts.push(part);
                }
                let parts = (first, all.parts.len() as u32);
                all.patterns.push(Pattern {
                    skill: no,
                    anchor: 0,
                    parts,
                });
            }
        }
        let mut cost = vec![SELDOM; words.len() + 1];
        for ((_, common), cost) in COMMON.iter().zip(&mut cost[1..]) {
            *cost = *common;
        }
        let mut by_word: Vec<Vec<Anchor>> = vec![Vec::new(); words.len() + 1];
        for no in 0..all.patterns.len() {
            let Some((at, words)) = all.rarest(no, &cost) else {
                continue;
            };
            all.patterns[no].anchor = at as u16;
            let parts = all.parts_of(&all.patterns[no]);
            let (reach_after, after) = if parts[at].has_rows() {
                Self::ANY
            } else {
                all.beside(parts[at + 1..].iter(), |row| row.first())
            };
            let (reach_before, before) = all.beside(parts[..at].iter().rev(), |row| row.last());
            let pattern = no as u32;
            let anchor = Anchor {
                pattern,
                reach_after,
                reach_before,
                after,
                before,
            };
            words
                .iter()
                .for_each(|word| by_word[usize::from(*word)].push(anchor));
        }
        for list in by_word {
            all.starts.push(all.anchors.len() as u32);
            all.anchors.extend(list);
        }
        all.starts.push(all.anchors.len() as u32);
        all.anchored = anchored(&all.starts);
        (all, words)
    }

    /// The part of a pattern that is looked for, and the words it begins with:
    /// those that cost least.
    fn rarest(&self, pattern: usize, cost: &[u32]) -> Option<(usize, Vec<u16>)> {
        let usable = |part: &Part| {
            let rows = || self.rows(part).map(|row| row.first().copied());
            if part.is_gap || part.optional || rows().any(|first| first.is_none()) {
                return None;
            }
            Some(
                self.single(part)
                    .iter()
                    .copied()
                    .chain(rows().flatten())
                    .collect::<Vec<u16>>(),
            )
        };
        let parts = self.parts_of(&self.patterns[pattern]);
        let (at, mut words) = (0..parts.len())
            .filter_map(|at| usable(&parts[at]).map(|words| (at, words)))
            .min_by_key(|(_, words)| {
                words
                    .iter()
                    .map(|word| cost[usize::from(*word)])
                    .sum::<u32>()
            })?;
        words.sort_unstable();
        words.dedup();
        Some((at, words))
    }

    /// What must stand beside an anchor: within how many words at most, and the
    /// bits of the words; `nearest` is the word of a row that lies next to it.
    fn beside<'a>(
        &'a self,
        parts: impl Iterator<Item = &'a Part>,
        nearest: impl Fn(&[u16]) -> Option<&u16>,
    ) -> (u8, u64) {
        let (mut reach, mut bits) = (0, 0);
        for part in parts {
            if part.is_gap {
                reach += GAP;
                continue;
            }
            reach += 1;
            bits |= part.bloom;
            let mut optional = part.optional;
            for row in self.rows(part) {
                match nearest(row) {
                    Some(word) => bits |= bit(*word),
                    None => optional = true,
                }
            }
            if !optional {
                return if reach <= FARTHEST {
                    (reach.min(NEAR + 1) as u8, bits)
                } else {
                    Self::ANY
                };
            }
        }
        Self::ANY
    }

    /// For [`Self::beside`], where nothing must stand.
    const ANY: (u8, u64) = (0, u64::MAX);

    /// Reads one place of a pattern.
    fn parse(&mut self, part: &str, number: &mut impl FnMut(String) -> u16) -> Part {
        if part == ".." {
            return Part {
                is_gap: true,
                ..Part::default()
            };
        }
        let (part, optional) = match part.strip_suffix('?') {
            Some(part) => (part, true),
            None => (part, false),
        };
        let mut single: Vec<u16> = Vec::new();
        let first_row = self.rows.len() as u32;
        for phrase in part.split('|') {
            for row in phrases(phrase, number) {
                if let [word] = row.as_slice() {
                    single.push(*word);
                } else {
                    let words = extend(&mut self.words, row);
                    self.rows.push(words);
                }
            }
        }
        single.sort_unstable();
        single.dedup();
        Part {
            bloom: single.iter().fold(0, |bloom, word| bloom | bit(*word)),
            single: extend(&mut self.words, single),
            rows: (first_row, self.rows.len() as u32),
            optional,
            is_gap: false,
        }
    }

    /// The single words of a place.
    fn single(&self, part: &Part) -> &[u16] {
        &self.words[part.single.0 as usize..part.single.1 as usize]
    }

    /// Its other phrases.
    pub(crate) fn rows(&self, part: &Part) -> impl Iterator<Item = &[u16]> {
        let rows = &self.rows[part.rows.0 as usize..part.rows.1 as usize];
        rows.iter()
            .map(|row| &self.words[row.0 as usize..row.1 as usize])
    }

    /// Whether a word may stand in a place by itself.
    #[inline]
    pub(crate) fn has(&self, part: &Part, word: u16) -> bool {
        part.bloom & bit(word) != 0 && self.single(part).binary_search(&word).is_ok()
    }

    fn parts_of(&self, pattern: &Pattern) -> &[Part] {
        &self.parts[pattern.parts.0 as usize..pattern.parts.1 as usize]
    }

    /// The skill of a pattern, and its parts: those before the anchor, and the others.
    pub(crate) fn pattern(&self, no: u32) -> (SkillNo, &[Part], &[Part]) {
        let pattern = &self.patterns[no as usize];
        let (before, after) = self.parts_of(pattern).split_at(usize::from(pattern.anchor));
        (pattern.skill, before, after)
    }

    /// The patterns to try where a word stands.
    #[inline]
    pub(crate) fn anchors(&self, word: u16) -> &[Anchor] {
        let word = usize::from(word);
        &self.anchors[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// Whether there is a pattern to try where a word stands.
    #[inline(always)]
    pub(crate) fn is_anchor(&self, word: u16) -> bool {
        self.anchored[usize::from(word) / 64] >> (word % 64) & 1 != 0
    }

    /// Writes the patterns into a table.
    pub(crate) fn write(&self, to: &mut Writer) {
        to.rows(self.patterns.iter().map(Pattern::row));
        to.rows(self.parts.iter().map(Part::row));
        to.rows(self.rows.iter().map(|row| [row.0, row.1]));
        to.rows(self.words.iter().map(|word| [u32::from(*word)]));
        to.rows(self.starts.iter().map(|start| [*start]));
        to.rows(self.anchors.iter().map(Anchor::row));
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(from: &mut Reader<'_>) -> Patterns {
        let mut patterns = Patterns {
            patterns: from.rows().map(Pattern::from_row).collect(),
            parts: from.rows().map(Part::from_row).collect(),
            rows: from.rows().map(|[first, end]| (first, end)).collect(),
            words: from.rows().map(|[word]| word as u16).collect(),
            starts: from.rows().map(|[start]| start).collect(),
            anchors: from.rows().map(Anchor::from_row).collect(),
            anchored: Vec::new(),
        };
        patterns.anchored = anchored(&patterns.starts);
        patterns
    }
}

/// [`Patterns::anchored`] of [`Patterns::starts`].
fn anchored(starts: &[u32]) -> Vec<u64> {
    let mut anchored = vec![0; starts.len() / 64 + 1];
    for (word, pair) in starts.windows(2).enumerate() {
        anchored[word / 64] |= u64::from(pair[0] < pair[1]) << (word % 64);
    }
    anchored
}

/// The bit of a word, as in [`Part::bloom`]. The first [`EVERYWHERE`] words, which stand near
/// everything, share sixteen among themselves: they are not taken for others.
#[inline(always)]
pub(crate) fn bit(word: u16) -> u64 {
    let word = u64::from(word);
    let (shared, own) = (word & 15, 16 + (((word & 255) * 48) >> 8));
    // Which it is cannot be foreseen: all bits if its own, else none.
    let is_own = u64::from(word > EVERYWHERE).wrapping_neg();
    1 << (shared ^ (shared ^ own) & is_own)
}

/// Appends words; returns where they stand.
fn extend(words: &mut Vec<u16>, more: Vec<u16>) -> Row {
    let first = words.len() as u32;
    words.extend(more);
    (first, words.len() as u32)
}

/// Every way to write a phrase, word forms written out.
fn phrases(phrase: &str, number: &mut impl FnMut(String) -> u16) -> Vec<Vec<u16>> {
    let mut rows: Vec<Vec<u16>> = vec![vec![]];
    // "hands-on" and "d'équipe" are two words in a text.
    let short = phrase.find('\'').is_some_and(|at| at <= 2);
    let parts = phrase.split(|c| matches!(c, '-' | '_' | '/' | '&') || (short && c == '\''));
    for word in parts.filter(|word| !word.is_empty()) {
        let forms = match word.strip_suffix('~') {
            Some(stem) => inflections(stem),
            None => vec![word.to_owned()],
        };
        let forms: Vec<u16> = forms
            .iter()
            .map(|form| number(form.to_lowercase()))
            .collect();
        let longer = |row: &Vec<u16>, form: u16| row.iter().copied().chain([form]).collect();
        rows = rows
            .iter()
            .flat_map(|row| forms.iter().map(move |form| longer(row, *form)))
            .collect();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_of_patterns_and_come_in_order() {
        let (patterns, words) = Patterns::new(&Taxonomy::embedded());
        assert!(COMMON.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(COMMON.iter().all(|(_, n)| *n > SELDOM));
        let strange: Vec<&str> = (words.iter().take(COMMON.len()))
            .filter(|(_, no)| !patterns.words.contains(no))
            .map(|(word, _)| word.as_str())
            .collect();
        assert!(strange.is_empty(), "no pattern has {strange:?}");
    }
}
