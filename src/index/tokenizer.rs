//! How text becomes words: runs of letters and digits, lower-cased, without
//! accents, with the signs of C++ and C#. Scripts that put no blanks between
//! words are indexed by pairs of neighbouring signs, each at the place of its
//! first: every sign begins just one word, a last one stands by itself.

use std::ops::Range;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};
use unicode_normalization::UnicodeNormalization;

/// Name of the analyzer of running text.
pub(super) const WORDS: &str = "jobsift_words";
/// Name of the analyzer of whole values that are found in any case.
pub(super) const KEY: &str = "jobsift_key";

/// Longer words are cut off: nobody searches for them.
const MAX_WORD_BYTES: usize = 60;

pub(super) fn register(index: &tantivy::Index) {
    index.tokenizers().register(WORDS, analyzer());
    index
        .tokenizers()
        .register(KEY, TextAnalyzer::builder(KeyTokenizer::default()).build());
}

fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default()).build()
}

/// Lower-cases a word and takes its accents off.
fn folding() -> TextAnalyzer {
    TextAnalyzer::builder(RawTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// Tongues whose words are known in their other forms, by ISO code.
const STEMMED: &[(&str, Language)] = &[
    ("ar", Language::Arabic),
    ("da", Language::Danish),
    ("de", Language::German),
    ("el", Language::Greek),
    ("en", Language::English),
    ("es", Language::Spanish),
    ("fi", Language::Finnish),
    ("fr", Language::French),
    ("hu", Language::Hungarian),
    ("it", Language::Italian),
    ("nl", Language::Dutch),
    ("no", Language::Norwegian),
    ("pt", Language::Portuguese),
    ("ro", Language::Romanian),
    ("ru", Language::Russian),
    ("sv", Language::Swedish),
    ("ta", Language::Tamil),
    ("tr", Language::Turkish),
];

/// Shorter words have no other forms worth looking for.
const MIN_STEMMED_CHARS: usize = 4;

/// Words with another beginning are no forms of one word.
pub(crate) const MIN_STEM_CHARS: usize = 3;

/// The codes of the tongues that [`stem`] knows.
pub(crate) fn stemmed_languages() -> impl Iterator<Item = &'static str> {
    STEMMED.iter().map(|(code, _)| *code)
}

/// What an indexed word has in common with its other forms in a tongue (the
/// Snowball stem); `None` for words without other forms: short ones, and those
/// with a digit or a sign.
pub(crate) fn stem(language: &str, word: &str) -> Option<String> {
    let (_, language) = STEMMED.iter().find(|(code, _)| *code == language)?;
    if word.chars().count() < MIN_STEMMED_CHARS || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default())
        .filter(Stemmer::new(*language))
        .build();
    let mut stream = analyzer.token_stream(word);
    stream.next().map(|token| token.text.clone())
}

/// A word of a text, or one sign of a script without blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Folded as in the index.
    pub(crate) text: String,
    /// Which bytes of the text.
    pub(crate) at: Range<usize>,
    /// A sign of a script without blanks.
    pub(crate) is_sign: bool,
}

/// The words and signs of a text in order; its n-th begins the n-th indexed word.
pub(crate) fn units(text: &str) -> Vec<Unit> {
    let mut words = Words {
        alone: true,
        ..Words::default()
    };
    let mut stream = words.token_stream(text);
    let mut units = Vec::new();
    while let Some(token) = stream.next() {
        let first = text[token.offset_from..].chars().next();
        units.push(Unit {
            text: token.text.clone(),
            at: token.offset_from..token.offset_to,
            is_sign: first.is_some_and(is_sign),
        });
    }
    units
}

/// Cuts words and folds them in one go: most are all ASCII, and of those a table
/// knows all that there is to know.
#[derive(Clone)]
struct Words {
    token: Token,
    /// For words that are not all ASCII.
    folding: TextAnalyzer,
    /// A word without its marks, on its way through `folding`.
    bare: String,
    /// Signs one by one and not in pairs.
    alone: bool,
}

impl Default for Words {
    fn default() -> Words {
        Words {
            token: Token::default(),
            folding: folding(),
            bare: String::new(),
            alone: false,
        }
    }
}

struct WordStream<'a> {
    text: &'a str,
    at: usize,
    alone: bool,
    token: &'a mut Token,
    folding: &'a mut TextAnalyzer,
    bare: &'a mut String,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream {
            text,
            at: 0,
            alone: self.alone,
            token: &mut self.token,
            folding: &mut self.folding,
            bare: &mut self.bare,
        }
    }
}

/// A letter of a script that puts no blanks between words (Chinese, Japanese),
/// or whose words take endings without any (Korean).
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
        && c.is_alphanumeric()
}

/// An accent that stands behind its letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// How many bytes of the signs behind a word belong to it: those of `C++`, `F#`
/// and `A+`, not those of `100k+`, `Security+` or `HTML+CSS`.
fn signs_of(word: &str, rest: &str) -> usize {
    let is_plus = |c: char| matches!(c, '+' | '\u{ff0b}');
    let end = rest
        .find(|c: char| !(is_plus(c) || matches!(c, '#' | '\u{ff03}')))
        .unwrap_or(rest.len());
    let signs = &rest[..end];
    let is_short = word.chars().take(3).count() < 3 && word.starts_with(char::is_alphabetic);
    let is_joint = signs.chars().count() == 1
        && signs.starts_with(is_plus)
        && rest[end..].starts_with(char::is_alphanumeric);
    let is_doubled = signs.chars().count() == 2 && signs.chars().all(is_plus);
    if is_doubled || is_short && !is_joint {
        end
    } else {
        0
    }
}

/// For each ASCII byte whether it is of a word.
const OF_WORD: [bool; 128] = {
    let mut of_word = [false; 128];
    let mut byte = 0u8;
    while byte < 128 {
        of_word[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    of_word
};

impl WordStream<'_> {
    fn char_at(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or_default()
    }

    /// Where the next word begins.
    fn begin(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            match OF_WORD.get(usize::from(*bytes.get(at)?)) {
                Some(true) => return Some(at),
                Some(false) => at += 1,
                None => {
                    let c = self.char_at(at);
                    if c.is_alphanumeric() {
                        return Some(at);
                    }
                    at += c.len_utf8();
                }
            }
        }
    }

    /// The word that begins at `begin`.
    fn word(&self, begin: usize) -> Span {
        let bytes = self.text.as_bytes();
        let (mut end, mut is_ascii) = (begin, true);
        while let Some(byte) = bytes.get(end) {
            match OF_WORD.get(usize::from(*byte)) {
                Some(true) => end += 1,
                Some(false) => break,
                None => {
                    let c = self.char_at(end);
                    if end == begin && is_sign(c) {
                        return self.sign(begin, c);
                    }
                    if !(c.is_alphanumeric() || is_mark(c)) || is_sign(c) {
                        break;
                    }
                    is_ascii = false;
                    end += c.len_utf8();
                }
            }
        }
        if matches!(bytes.get(end), Some(b'+' | b'#' | 0xef)) {
            let signs = signs_of(&self.text[begin..end], &self.text[end..]);
            is_ascii &= self.text[end..end + signs].is_ascii();
            end += signs;
        }
        Span {
            end,
            next: end,
            is_ascii,
        }
    }

    /// A sign at `begin`, and the one behind it unless they are told one by one.
    fn sign(&self, begin: usize, sign: char) -> Span {
        let next = begin + sign.len_utf8();
        let beside = self.char_at(next);
        let end = match !self.alone && is_sign(beside) {
            true => next + beside.len_utf8(),
            false => next,
        };
        Span {
            end,
            next,
            is_ascii: false,
        }
    }

    /// Makes a word that is not all ASCII the token.
    fn fold(&mut self, word: &str) {
        self.bare.clear();
        without_marks(word, self.bare);
        if self.bare.chars().all(is_sign) {
            self.token.text.push_str(self.bare);
            return;
        }
        let mut folded = self.folding.token_stream(self.bare);
        if let Some(token) = folded.next() {
            self.token.text.push_str(&token.text);
        }
    }
}

/// Where a word ends, and where the next may begin.
struct Span {
    end: usize,
    next: usize,
    is_ascii: bool,
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(begin) = self.begin() else {
            return false;
        };
        let Span {
            end,
            next,
            is_ascii,
        } = self.word(begin);
        let mut cut = end.min(begin + MAX_WORD_BYTES);
        while !self.text.is_char_boundary(cut) {
            cut -= 1;
        }
        let word = &self.text[begin..cut];
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = begin;
        self.token.offset_to = end;
        self.token.text.clear();
        if is_ascii {
            self.token.text.push_str(word);
            self.token.text.make_ascii_lowercase();
        } else {
            self.fold(word);
        }
        self.at = next;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Letters without their accents, wide and narrow forms as the usual ones. The
/// Cyrillic short i is a letter of its own.
fn without_marks(word: &str, into: &mut String) {
    for c in word.nfc() {
        match c {
            'й' | 'Й' => into.push(c),
            c if is_mark(c) => {}
            c => into.extend(c.nfkd().filter(|c| !is_mark(*c)).nfc()),
        }
    }
}

/// A whole value as one token, without case and signs.
#[derive(Clone, Default)]
struct KeyTokenizer {
    token: Token,
}

struct KeyStream<'a> {
    token: &'a mut Token,
    done: bool,
}

impl Tokenizer for KeyTokenizer {
    type TokenStream<'a> = KeyStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> KeyStream<'a> {
        self.token.reset();
        self.token.position = 0;
        self.token.offset_to = text.len();
        self.token.text = crate::ingest::normalise_words(text);
        KeyStream {
            token: &mut self.token,
            done: false,
        }
    }
}

impl TokenStream for KeyStream<'_> {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.done, true)
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut analyzer = analyzer();
        let mut stream = analyzer.token_stream(text);
        let mut words = Vec::new();
        while let Some(token) = stream.next() {
            words.push(token.text.clone());
        }
        words
    }

    #[test]
    fn signs_that_make_a_language_are_kept() {
        assert_eq!(
            words("C++, C# and C; Node.js (R&D)"),
            ["c++", "c#", "and", "c", "node", "js", "r", "d"]
        );
        assert_eq!(words("C＋＋11, A+, F#"), ["c++", "11", "a+", "f#"]);
        assert_eq!(
            words("100k+ 5+ Security+ AI+ML, PHP+SQL #1"),
            ["100k", "5", "security", "ai", "ml", "php", "sql", "1"]
        );
    }

    proptest::proptest! {
        #[test]
        fn words_fold_as_by_the_filters(text in "[\\PC\n]{0,90}") {
            let mut analyzer = analyzer();
            let mut stream = analyzer.token_stream(&text);
            let mut by_filters = folding();
            while let Some(token) = stream.next() {
                let word = &text[token.offset_from..token.offset_to];
                let is_whole = |at: &usize| word.is_char_boundary(*at);
                let cut = (0..=word.len().min(MAX_WORD_BYTES)).rev().find(is_whole).unwrap();
                let mut bare = String::new();
                without_marks(&word[..cut], &mut bare);
                let mut folded = by_filters.token_stream(&bare);
                let expected = folded.next().map(|token| token.text.as_str());
                proptest::prop_assert_eq!(Some(token.text.as_str()), expected);
            }
        }
    }

    #[test]
    fn every_letter_folds_as_by_the_filters() {
        let letters = (0u32..=0x10ffff).filter_map(char::from_u32);
        let mut by_filters = folding();
        for c in letters.filter(|c| c.is_alphanumeric()) {
            let mut bare = String::new();
            without_marks(c.encode_utf8(&mut [0; 4]), &mut bare);
            let mut stream = by_filters.token_stream(&bare);
            let expected = stream.next().map(|token| token.text.clone());
            assert_eq!(words(&c.to_string()).first(), expected.as_ref(), "{c:?}");
        }
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(words("Développeur Zürich"), ["developpeur", "zurich"]);
        assert_eq!(words("De\u{301}veloppeur"), ["developpeur"]);
        assert_eq!(words("Μηχανικός Ёлка бой"), ["μηχανικος", "елка", "бой"]);
        assert_eq!(words("Straße Łódź ＰＨＰ"), ["strasse", "lodz", "php"]);
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let same = |language: &str, forms: &[&str]| {
            let stems: Vec<_> = forms
                .iter()
                .map(|form| stem(language, form).unwrap())
                .collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{stems:?}");
        };
        same("en", &["payment", "payments"]);
        same("de", &["entwickler", "entwicklern"]);
        same("fr", &["developpeur", "developpeurs"]);
        assert_eq!(stem("en", "go"), None);
        assert_eq!(stem("en", "c++"), None);
        assert_eq!(stem("zh", "python"), None);
    }

    #[test]
    fn scripts_without_blanks_are_indexed_by_pairs() {
        assert_eq!(words("精通Python，"), ["精通", "通", "python"]);
        assert_eq!(words("後端、エンジ"), ["後端", "端", "エン", "ンジ", "ジ"]);
    }

    #[test]
    fn units_stand_where_indexed_words_begin() {
        let text = "精通Python和C++, é";
        let units = units(text);
        let shown: Vec<_> = units.iter().map(|unit| unit.text.as_str()).collect();
        assert_eq!(shown, ["精", "通", "python", "和", "c++", "e"]);
        assert_eq!(units.len(), words(text).len());
        assert!(units.iter().all(|unit| text.get(unit.at.clone()).is_some()));
        assert_eq!(units.iter().filter(|unit| unit.is_sign).count(), 3);
    }
}
