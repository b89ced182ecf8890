//! How text becomes words: runs of letters and digits, lower-cased, without
//! accents, with the `+` and `#` of C++ and C#; Chinese, Japanese and Korean
//! signs one by one.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RawTokenizer, Stemmer, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};

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
    TextAnalyzer::builder(Words::default())
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

/// The words of a text as they are indexed, each with its bytes in the text.
pub(crate) fn words_at(text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push((token.text.clone(), token.offset_from..token.offset_to));
    }
    words
}

/// The words of a text just as they are indexed.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push(token.text.clone());
    }
    words
}

#[derive(Clone, Default)]
struct Words {
    token: Token,
}

struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream {
            text,
            at: 0,
            token: &mut self.token,
        }
    }
}

fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// An accent that stands behind its letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let Some(begin) = rest.find(char::is_alphanumeric) else {
            return false;
        };
        let first = rest[begin..].chars().next().unwrap_or_default();
        let mut end = begin + first.len_utf8();
        if !stands_alone(first) {
            let bytes = rest.as_bytes();
            while end < rest.len() {
                let c = if bytes[end] < 0x80 {
                    char::from(bytes[end])
                } else {
                    rest[end..].chars().next().unwrap_or_default()
                };
                if !(c.is_alphanumeric() || is_mark(c)) || stands_alone(c) {
                    break;
                }
                end += c.len_utf8();
            }
            while end < rest.len() && matches!(bytes[end], b'+' | b'#') {
                end += 1;
            }
        }
        let word = &rest[begin..end];
        let mut cut = word.len().min(MAX_WORD_BYTES);
        while !word.is_char_boundary(cut) {
            cut -= 1;
        }
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = self.at + begin;
        self.token.offset_to = self.at + end;
        self.token.text.clear();
        if word.is_ascii() {
            self.token.text.push_str(&word[..cut]);
        } else {
            // An accent written as a sign of its own folds away as others do.
            self.token
                .text
                .extend(word[..cut].chars().filter(|c| !is_mark(*c)));
        }
        self.at += end;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
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

    #[test]
    fn signs_that_make_a_language_are_kept() {
        assert_eq!(
            words("C++, C# and C; Node.js (R&D)"),
            ["c++", "c#", "and", "c", "node", "js", "r", "d"]
        );
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(words("Développeur Zürich"), ["developpeur", "zurich"]);
        assert_eq!(words("De\u{301}veloppeur"), ["developpeur"]);
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
    fn signs_of_scripts_without_blanks_stand_alone() {
        assert_eq!(words("精通Python，"), ["精", "通", "python"]);
    }
}
