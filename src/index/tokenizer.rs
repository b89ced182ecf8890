//! How text becomes words: runs of letters and digits, lower-cased, without
//! accents, with the `+` and `#` of C++ and C#; Chinese, Japanese and Korean
//! signs one by one.

use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, TextAnalyzer, Token, TokenStream, Tokenizer,
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
                if !c.is_alphanumeric() || stands_alone(c) {
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
        self.token.text.push_str(&word[..cut]);
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
    }

    #[test]
    fn signs_of_scripts_without_blanks_stand_alone() {
        assert_eq!(words("精通Python，"), ["精", "通", "python"]);
    }
}
