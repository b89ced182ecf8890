//! Names that no sentence is around: languages with a line to themselves, and a
//! name with the years that are asked for behind it.

use super::decide::Court;
use super::lexicon::cues::Cue;
use super::lists::Glue;
use super::token::{Find, Mark};
use super::written::same_case;
use super::years;

/// The branch of the taxonomy whose weak names vouch for each other.
const LANGUAGES: &str = "language";
/// Those that are people's names as well: "Ada & Julia" are none.
const PEOPLE: [&str; 5] = ["ada", "crystal", "julia", "pascal", "ruby"];
/// Of so many neighbours on a side the list is too long to stand without a sure name.
const MOST: usize = 8;

impl Court<'_> {
    /// Whether the line of a find holds languages in their own spelling and
    /// nothing else, at least two: "Ruby/Go".
    pub(super) fn is_among_languages(&self, at: usize) -> bool {
        if !self.is_language(&self.scan.finds[at]) {
            return false;
        }
        let joins = |glue| matches!(glue, Glue::Comma | Glue::Slash | Glue::And | Glue::Or);
        let (mut from, mut to) = (at, at);
        while joins(self.beside[from].left.1) && at - from < MOST {
            from = self.beside[from].left.0;
        }
        while joins(self.beside[to].right.1) && to - at < MOST {
            to = self.beside[to].right.0;
        }
        let finds = &self.scan.finds[from..=to];
        let (first, last) = (finds[0].first, finds[finds.len() - 1].last);
        let is_whole = |token: u32| {
            token == 0
                || token as usize == self.scan.tokens.len()
                || self.scan.before(token as usize).any(Mark::NEWLINE)
        };
        let is_person = |find: &Find| {
            self.spellings(find)
                .all(|form| PEOPLE.contains(&self.taxonomy.skill(form.skill).id.as_str()))
        };
        from < to
            && is_whole(first)
            && is_whole(last)
            && finds.iter().all(|find| self.is_language(find))
            && !finds.iter().all(is_person)
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

    /// Whether years stand behind a find with a capital that begins a line or an item,
    /// as behind what somebody has to know: "Go: 2 years", "Swift (3 yrs)", "R 5+ years".
    pub(super) fn is_timed(&self, find: &Find) -> bool {
        self.timed_until(find).is_some()
    }

    /// Whether a line is nothing but a language and its years: "Go (3 years)".
    pub(super) fn is_timed_line(&self, find: &Find) -> bool {
        let breaks = |at: u32| {
            at == 0
                || at as usize == self.scan.tokens.len()
                || self.scan.before(at as usize).any(Mark::NEWLINE)
        };
        breaks(find.first) && self.is_language(find) && self.timed_until(find).is_some_and(breaks)
    }

    /// The word after the years that stand behind a find.
    fn timed_until(&self, find: &Find) -> Option<u32> {
        let number = find.last as usize;
        let token = self.scan.tokens.get(number)?;
        const ITEM: Mark = Mark::NEWLINE
            .or(Mark::BULLET)
            .or(Mark::COMMA)
            .or(Mark::SEMICOLON);
        let surface = &self.scan.text[find.start as usize..find.end as usize];
        let begins = find.first == 0 || self.scan.before(find.first as usize).any(ITEM);
        let is_open_ended = || {
            let text = &self.scan.text.as_bytes()[token.start as usize..];
            let number = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
            text.get(text.iter().take_while(number).count()) == Some(&b'+')
        };
        if !begins
            || !token.shape.is_number()
            || !surface.contains(char::is_uppercase)
            || token.before.any(Mark::SENTENCE.or(Mark::COMMA))
            || !(token.before.any(Mark::COLON.or(Mark::OPEN).or(Mark::DASH)) || is_open_ended())
        {
            return None;
        }
        // "3 years", "2-3 years".
        let from = self.scan.cues.partition_point(|hit| hit.first <= find.last);
        let near = self.scan.cues[from..].iter();
        let near = near.take_while(|hit| hit.first <= find.last + 2);
        let mut units = near.filter(|hit| hit.what == Cue::Unit);
        let unit = units.find(|hit| {
            let mut between = number + 1..=hit.first as usize;
            let after = hit.last as usize;
            let is_age = after < self.scan.tokens.len() && years::is_age(self.scan.word(after));
            !is_age && !between.any(|token| self.scan.before(token).any(Mark::SENTENCE))
        })?;
        Some(unit.last)
    }
}
