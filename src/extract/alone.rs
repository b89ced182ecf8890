//! Names that no sentence is around: languages with a line to themselves, and a
//! name with the years that are asked for behind it.

use super::decide::Court;
use super::lexicon::cues::Cue;
use super::lists::Glue;
use super::token::{Find, Mark};
use super::written::same_case;

/// The branch of the taxonomy whose weak names vouch for each other.
const LANGUAGES: &str = "language";

impl Court<'_> {
    /// Whether the line of a find holds languages in their own spelling and
    /// nothing else, at least two: "Ruby/Go".
    pub(super) fn is_among_languages(&self, at: usize) -> bool {
        let (mut from, mut to) = (at, at);
        while let (left, Glue::Comma | Glue::Slash | Glue::And | Glue::Or) = self.beside[from].left
        {
            from = left;
        }
        while let (right, Glue::Comma | Glue::Slash | Glue::And | Glue::Or) = self.beside[to].right
        {
            to = right;
        }
        let finds = &self.scan.finds[from..=to];
        let (first, last) = (finds[0].first, finds[finds.len() - 1].last);
        let is_whole = |token: u32| {
            token == 0
                || token as usize == self.scan.tokens.len()
                || self.scan.before(token as usize).any(Mark::NEWLINE)
        };
        from < to
            && is_whole(first)
            && is_whole(last)
            && finds.iter().all(|find| self.is_language(find))
    }

    /// Whether a find is written as a language is.
    fn is_language(&self, find: &Find) -> bool {
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        self.spellings(find).any(|form| {
            let paths = &self.taxonomy.skill(form.skill).paths;
            paths.iter().any(|path| path == LANGUAGES)
                && same_case(surface, self.lexicon.written(form))
        })
    }

    /// Whether years stand behind a find with a capital as behind nothing but what
    /// somebody has to know: "Go: 2 years", "Swift (3 yrs)", "R 5+ years".
    pub(super) fn is_timed(&self, find: &Find) -> bool {
        let number = find.last as usize;
        let Some(token) = self.scan.tokens.get(number) else {
            return false;
        };
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        let is_open_ended = || {
            let text = &self.scan.text.as_bytes()[token.start as usize..];
            let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
            text.get(digits.count()) == Some(&b'+')
        };
        if !token.shape.is_number()
            || !surface.contains(char::is_uppercase)
            || token.before.any(Mark::SENTENCE.or(Mark::COMMA))
            || !(token.before.any(Mark::COLON.or(Mark::OPEN).or(Mark::DASH)) || is_open_ended())
        {
            return false;
        }
        // "3 years", "2-3 years".
        let from = self.scan.cues.partition_point(|hit| hit.first <= find.last);
        let near = self.scan.cues[from..].iter();
        let near = near.take_while(|hit| hit.first <= find.last + 2);
        let mut units = near.filter(|hit| hit.what == Cue::Unit);
        units.any(|hit| {
            let between = number + 1..=hit.first as usize;
            !between
                .into_iter()
                .any(|token| self.scan.before(token).any(Mark::SENTENCE))
        })
    }
}
