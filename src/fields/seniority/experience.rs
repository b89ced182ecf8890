//! The years of experience that a text asks for: text in, [`Years`] out.

use std::borrow::Cow;

use crate::fields::marks::{Mark, Marked};
use crate::fields::text::{List, Phrases, fold, has_any, words};
use crate::posting::Years;

/// Years, in several tongues.
static YEAR_WORDS: List = List::new(|| {
    Phrases::new(
        "\
    years, year, yrs, yr, year's, years', yoe, jahre, jahren, jahr, ans, annees, annee, anos, lat, lata, anni, \
    jaar, лет, года, let",
    )
});

/// Experience, in several tongues.
static EXPERIENCE_WORDS: List = List::new(|| {
    Phrases::new(
        "\
    exp, erfahrung, berufserfahrung, d'experience, doswiadczenia, esperienza, ervaring, опыта, \
    praxe, erfarenhet, erfaring",
    )
});

/// After years: they are of something else, whatever they are called.
static NOT_EXPERIENCE_AFTER: List = List::new(|| {
    Phrases::new(
        "in business, ago, in a row, our company, our firm, combined, substituted, substitute, in lieu",
    )
});

/// After years that are not yet called years of experience.
static OTHER_YEARS_AFTER: List = List::new(|| {
    Phrases::new(
        "\
    of history, old, track record of, warranty, contract, anniversary, \
    running, in operation, vesting, in the making, vest, plan, of growth, of runway, of \
    funding, of age, degree, program, university, college, of study, from now, of service",
    )
});

/// Before years: they are of something else.
static NOT_EXPERIENCE_BEFORE: List = List::new(|| {
    Phrases::new(
        "\
    we have, over the last, for the last, for over, for the past, in the last, in the past, over \
    the past, we've been, been around, our team has, founded, next, last, every, combined, \
    within, first, past, we are, founders have, our founders, has been, have been, vest, \
    vesting, team of, together have, we bring, for more than, since, age, aged, under, less \
    than, previous",
    )
});

/// Words of a wish rather than a demand.
static PREFERRED: List = List::new(|| {
    Phrases::new(
        "\
    preferred, nice to have, a plus, ideally, bonus, plus, desirable, desired, advantage, von \
    vorteil, idealerweise, advantageous, would be great, a bonus",
    )
});

/// Words of a demand before the years.
static ASKED_BEFORE: List = List::new(|| {
    Phrases::new(
        "\
    at least, minimum, min, experience, requires, required, mindestens, minimum of, need, must \
    have, au moins, al menos, require, exp, more than, \
    or more, experiencia, erfahrung, berufserfahrung, d'experience, опыт, от, doswiadczenie, minimo, minimaal, almeno, minstens",
    )
});

/// Words that go on after "years" when they are of experience.
static SKILLED: List = List::new(|| {
    Phrases::new(
        "\
    experience, experienced, exp, erfahrung, berufserfahrung, experiencia, d'experience, \
    doswiadczenia, esperienza, ervaring, expertise, working, work, professional, building, \
    developing, hands on, hands, programming, coding, industry, of, in, with, background, \
    software, developer, development, as, relevant, using, opyta, опыта, praxe, managing, \
    leading, designing, minimum, or, engineering, post, writing",
    )
});

/// Numbers in words, as adverts spell them.
const NUMBERS: &[(&str, f32)] = &[
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("twelve", 12.0),
    ("fifteen", 15.0),
    ("zwei", 2.0),
    ("drei", 3.0),
    ("funf", 5.0),
    ("deux", 2.0),
    ("trois", 3.0),
    ("cinq", 5.0),
    ("dos", 2.0),
    ("tres", 3.0),
    ("cinco", 5.0),
];

/// More than a working life so far is something else.
const MOST_YEARS: f32 = 25.0;

/// The years of experience that a text asks for: the least of its required
/// mentions, with the upper end that stands beside it. Years of a company,
/// preferred clauses and periods of other things are left out.
pub fn experience(text: &str) -> Option<Years> {
    in_lines(&Marked::of(text))
}

/// [`experience`] of a text whose lines are marked.
pub(in crate::fields) fn in_lines(text: &Marked<'_>) -> Option<Years> {
    let mut best: Option<Years> = None;
    // Months are mostly of one thing among others, and count where no years do.
    let mut by_months: Option<Years> = None;
    let mut preferred_block = false;
    if !text.has(Mark::Years) {
        return None;
    }
    for (line, marks) in text.lines() {
        let trimmed = line.trim();
        // "ans" in "translate" is no year; accents of other letters may fold away.
        let named = marks.has(Mark::Years) && (marks.has(Mark::YearWord) || !trimmed.is_ascii());
        if trimmed.is_empty() || (trimmed.len() >= 60 && !named) {
            continue;
        }
        let folded = fold(trimmed);
        let lower = folded.as_str();
        if trimmed.len() < 60 && !lower.contains(|c: char| c.is_ascii_digit()) {
            let begins = [
                "requirement",
                "required",
                "must",
                "qualification",
                "what you",
                "you ",
                "about",
                "responsib",
                "minimum",
                "skills",
                "benefit",
                "what we",
                "we offer",
                "perks",
            ];
            if marks.has(Mark::Wish) {
                preferred_block = true;
            } else if begins.iter().any(|word| lower.starts_with(word)) {
                preferred_block = false;
            }
        }
        if preferred_block || !named {
            continue;
        }
        if !trimmed.is_ascii() {
            for years in chinese(lower).into_iter().chain(korean(trimmed)) {
                best = Some(lesser(best, years));
            }
        }
        for sentence in lower
            .split(['!', '?', ';', '\u{2022}'])
            .flat_map(|part| part.split(". "))
        {
            let sentence = &*unglued(sentence);
            let words = words(sentence);
            for at in 0..words.len() {
                if is_year(words[at])
                    && let Some(years) = years_at(sentence, &words, at)
                        .or_else(|| years_behind(sentence, &words, at))
                {
                    let least = match is_month(words[at]) {
                        true => &mut by_months,
                        false => &mut best,
                    };
                    *least = Some(lesser(*least, years));
                }
            }
        }
    }
    best.or(by_months)
}

/// The one with the lower end; one with an upper end only asks for nothing.
fn lesser(best: Option<Years>, years: Years) -> Years {
    match best {
        Some(best) if best.min.is_some() && years.min.is_none_or(|min| Some(min) >= best.min) => {
            best
        }
        Some(best) if best.min.is_none() && years.min.is_none() => best,
        _ => years,
    }
}

/// "Years of experience: 3", "Years of experience required: 3-5".
fn years_behind(sentence: &str, words: &[&str], at: usize) -> Option<Years> {
    let behind = &words[at + 1..];
    let named = behind
        .iter()
        .take(4)
        .position(|word| word.starts_with("experien"))?;
    let from = behind
        .iter()
        .position(|word| number(word).is_some())
        .filter(|first| (named + 1..named + 3).contains(first))?
        + at
        + 1;
    if !between(sentence, words, from - 1, from).contains(':') {
        return None;
    }
    let min = number(words[from]).filter(|min| *min <= MOST_YEARS)?;
    let max = words
        .get(from + 1)
        .and_then(|word| number(word))
        .filter(|max| *max > min && between(sentence, words, from, from + 1).trim() == "-");
    Some(Years {
        min: Some(min),
        max,
    })
}

/// "5년 이상 경력", "경력 3~5년".
fn korean(line: &str) -> Vec<Years> {
    if !["경력", "경험"].iter().any(|word| line.contains(word)) {
        return Vec::new();
    }
    line.match_indices('년')
        .filter_map(|(at, _)| {
            let before = line[..at].trim_end();
            let start =
                before.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '~'));
            let figures = &before[start.len()..];
            let (min, max) = match figures.split_once(['-', '~']) {
                Some((min, max)) => (number(min)?, number(max)),
                None => (number(figures)?, None),
            };
            (min <= MOST_YEARS).then_some(Years {
                min: Some(min),
                max,
            })
        })
        .collect()
}

/// Sets "8-10years" and "preferred2+ years", as lost line ends leave them, apart.
fn unglued(sentence: &str) -> Cow<'_, str> {
    const UNITS: [&str; 3] = ["years", "yrs", "year"];
    // Three searches for what nearly no sentence has.
    let follows_figure = |at: usize| {
        let before = sentence[..at].trim_end_matches([' ', '+']);
        before.ends_with(|c: char| c.is_ascii_digit())
    };
    if !memchr::memchr_iter(b'y', sentence.as_bytes()).any(follows_figure) {
        return Cow::Borrowed(sentence);
    }
    let mut out = String::new();
    let mut done = 0;
    let mut put = |upto: usize, done: &mut usize| {
        out.push_str(&sentence[*done..upto]);
        out.push(' ');
        *done = upto;
    };
    for (at, unit) in UNITS.iter().flat_map(|unit| sentence.match_indices(unit)) {
        if at < done || unit == "year" && sentence[at..].starts_with("years") {
            continue;
        }
        let head = sentence[..at].trim_end_matches(' ');
        let figures = head.trim_end_matches('+');
        let start = figures.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if start == figures.len() || start < done {
            continue;
        }
        let letters = &sentence[..start];
        if letters.ends_with(|c: char| c.is_ascii_alphabetic()) {
            put(start, &mut done);
        }
        if head.len() == at && head.ends_with(|c: char| c.is_ascii_digit()) {
            put(at, &mut done);
        }
    }
    if done == 0 {
        return Cow::Borrowed(sentence);
    }
    out.push_str(&sentence[done..]);
    Cow::Owned(out)
}

/// "3年以上工作经验", "3-5 年经验", "至少三年编程经验", "工作经验3年以上".
fn chinese(line: &str) -> Vec<Years> {
    line.match_indices('年')
        .filter_map(|(at, sign)| chinese_at(&line[..at], &line[at + sign.len()..]))
        .collect()
}

/// The years that end `before`, if they are of experience.
fn chinese_at(before: &str, after: &str) -> Option<Years> {
    const ENDS: [char; 10] = ['，', '。', '；', '、', ',', ';', '：', '）', '(', '（'];
    let near: String = after
        .chars()
        .take(24)
        .take_while(|c| !ENDS.contains(c))
        .collect();
    let last: Vec<char> = before.chars().rev().take(14).collect();
    let clause: String = last.iter().rev().collect();
    let clause = clause.rsplit(ENDS).next().unwrap_or_default();
    // "经验要求：3年以上"
    let label = before.trim_end_matches(|c: char| {
        c.is_ascii_digit() || signs_of_range(c) || matches!(c, ' ' | ':' | '：')
    });
    let clause = if is_label(label) { label } else { clause };
    let is_upper = ["以下", "以内", "以內"]
        .iter()
        .any(|word| after.starts_with(word));
    let of = |min: f32, max: Option<f32>| match is_upper {
        true => Years {
            min: None,
            max: max.or(Some(min)),
        },
        false => Years {
            min: Some(min),
            max,
        },
    };
    let figures = before.trim_end().trim_end_matches('+');
    let signs = "一二两三四五六七八九十";
    if let Some(sign) = figures.chars().next_back().filter(|c| signs.contains(*c)) {
        let is_more = figures[..figures.len() - sign.len_utf8()].ends_with(|c| signs.contains(c));
        let value = match sign {
            '一' => 1.0,
            '二' | '两' => 2.0,
            '三' => 3.0,
            '四' => 4.0,
            '五' => 5.0,
            '六' => 6.0,
            '七' => 7.0,
            '八' => 8.0,
            '九' => 9.0,
            _ => 10.0,
        };
        return (!is_more && is_chinese_experience(clause, &near)).then(|| of(value, None));
    }
    let from = figures
        .rfind(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '~' | '至')))
        .map_or(0, |at| {
            at + figures[at..].chars().next().map_or(1, char::len_utf8)
        });
    let (min, max) = match figures[from..].split_once(['-', '~', '至']) {
        Some((min, max)) => (number(min)?, number(max)),
        None => (number(&figures[from..])?, None),
    };
    (is_chinese_experience(clause, &near) && min <= MOST_YEARS).then(|| of(min, max))
}

/// What stands between the two ends of a range.
fn signs_of_range(c: char) -> bool {
    matches!(c, '-' | '~' | '至' | '+')
}

/// Whether a line is labelled as one of years of experience.
fn is_label(before: &str) -> bool {
    ["经验", "经验要求", "経験", "经历"]
        .iter()
        .any(|word| before.ends_with(word))
}

fn is_chinese_experience(before: &str, after: &str) -> bool {
    ["经验", "経験", "经历"]
        .iter()
        .any(|word| after.contains(word) || before.contains(word))
}

/// What lines with years have in them.
pub(in crate::fields) const YEAR_ROOTS: &str = "year, yr, jahr, ans, année, annee, años, anos, lat, yoe, anni, jaar, лет, года, ЛЕТ, år, 경력, 경험, 年, month";

/// What headings of wishes have in them.
pub(in crate::fields) const WISH_ROOTS: &str =
    "nice to have, preferred, bonus, ideally, a plus, desirable, pluses, good to have";

/// What the words of ASCII begin with that [`is_year`] knows.
pub(in crate::fields) const YEAR_WORD_ROOTS: &str =
    "year, yr, yoe, jahr, ans, annee, anos, lat, anni, jaar, let, month";

fn is_year(word: &str) -> bool {
    let word = word.trim_end_matches('+');
    YEAR_WORDS.has_word(word)
        || word.ends_with("+yrs")
        || word.ends_with("+years")
        // Swedish, Danish, Norwegian; without their rings they begin half of all words.
        || matches!(word, "ar" | "ars")
        || is_month(word)
}

fn is_month(word: &str) -> bool {
    matches!(word.trim_end_matches('+'), "month" | "months" | "months'")
}

/// The years before the word at `at`, if they are of experience and asked for.
fn years_at(sentence: &str, words: &[&str], at: usize) -> Option<Years> {
    // "5+yrs" holds its number; "5 years+" does not.
    let clung = words[at]
        .split_once('+')
        .filter(|(_, unit)| !unit.is_empty())
        .map(|(number, _)| number);
    let before = |n: usize| at.checked_sub(n).map_or("", |i| words[i]);
    let number_at = match clung {
        Some(_) => at,
        // "8 or more years", "5 plus years"
        None if before(1) == "more" && before(2) == "or" => at.checked_sub(3)?,
        None if before(1) == "plus" => at.checked_sub(2)?,
        None => at.checked_sub(1)?,
    };
    let (text, mut first) = match clung {
        Some(number) => (number, at),
        None => (words[number_at], number_at),
    };
    let open = text.ends_with('+') || words[at].ends_with('+') || first + 1 < at;
    let mut min = number(text.trim_end_matches('+'))?;
    let mut max = None;
    // "3-5 years", "3 to 5 years", "3 or more years", "five (5) years".
    if first >= 1 {
        let joined = between(sentence, words, first - 1, first);
        let low = number(words[first - 1].trim_end_matches('+'));
        if let Some(low) = low
            && joined.contains(['-', '/', '~'])
            && low < min
        {
            (max, min, first) = (Some(min), low, first - 1);
        } else if low == Some(min) && joined.contains('(') {
            first -= 1;
        } else if first >= 2
            && matches!(words[first - 1], "to" | "bis" | "a" | "or" | "and")
            && let Some(low) = number(words[first - 2].trim_end_matches('+'))
            && low < min
        {
            (max, min, first) = (Some(min), low, first - 2);
        }
    }
    let months = is_month(words[at]);
    if months {
        min /= 12.0;
        max = max.map(|max| max / 12.0);
    }
    if !(0.0..=MOST_YEARS).contains(&min) {
        return None;
    }
    let before = &words[first.saturating_sub(7)..first];
    let after = &words[(at + 1).min(words.len())..(at + 12).min(words.len())];
    let nearest = &after[..after.len().min(3)];
    let names = |word: &&str| word.starts_with("experien") || EXPERIENCE_WORDS.has(word);
    // "3+ years of experience in program management": of what, follows.
    let named = nearest.iter().position(names).unwrap_or(after.len());
    if NOT_EXPERIENCE_AFTER.among(after)
        || OTHER_YEARS_AFTER.among(&after[..named])
        || NOT_EXPERIENCE_BEFORE.among(before)
        || has_any(nearest, &["company", "startup", "market", "ago"])
    {
        return None;
    }
    if is_wish(sentence, words, (first, at)) || is_boast(before) {
        return None;
    }
    if before.ends_with(&["up", "to"]) {
        // "Up to 3 years of experience" is an upper end, other years are of other things.
        return nearest.iter().any(names).then_some(Years {
            min: None,
            max: Some(max.unwrap_or(min)),
        });
    }
    if months {
        let goes_on = at + 1 < words.len()
            && !between(sentence, words, at, at + 1).contains(['-', ',', '(', '/']);
        return (goes_on && nearest.iter().any(names)).then_some(Years {
            min: Some(min),
            max,
        });
    }
    let asks_before = ASKED_BEFORE.among(before);
    let names_experience = after.iter().take(8).any(names);
    let follows = after.first().is_none_or(|word| SKILLED.has(word));
    let fits = names_experience
        || words[at] == "yoe"
        || (asks_before && follows)
        || (open && (follows || is_asked(words, at)))
        || (clung.is_some() && follows);
    fits.then_some(Years {
        min: Some(min),
        max,
    })
}

/// "5+ years Java, 2+ years Kafka required": the sentence says that it asks.
fn is_asked(words: &[&str], at: usize) -> bool {
    let near = &words[at + 1..words.len().min(at + 10)];
    near.iter()
        .any(|word| matches!(*word, "required" | "needed" | "mandatory" | "must"))
}

/// "Our 25 years", "with our combined 40 years": of those who write.
fn is_boast(before: &[&str]) -> bool {
    let whose = |word: &str| matches!(word, "our" | "their" | "its" | "his" | "her");
    match before {
        [.., whose_of, between] if whose(whose_of) => matches!(
            *between,
            "over"
                | "than"
                | "combined"
                | "collective"
                | "nearly"
                | "almost"
                | "many"
                | "company's"
                | "founder's"
                | "founders"
                | "team's"
        ),
        [.., last] => whose(last),
        [] => false,
    }
}

/// Whether the years from the word `first` to the word `last` are wished for: a
/// word of a wish before them in their own clause, or behind them. What stands
/// in brackets, and what is "ideally" so, is said of something narrower.
fn is_wish(sentence: &str, words: &[&str], (first, last): (usize, usize)) -> bool {
    let mut left = first;
    while left > 0 && first - left < 7 {
        let gap = between(sentence, words, left - 1, left);
        // "Ideally, 3 years": the wish opens the sentence.
        if gap.contains(',') && left > 2 {
            break;
        }
        left -= 1;
    }
    let mut right = last + 1;
    while right < words.len() && right - last < 12 {
        let gap = between(sentence, words, right - 1, right);
        if gap.contains('(') {
            let closing = words[right..].len().min(4);
            let inside = (right + 1..right + closing)
                .find(|&at| between(sentence, words, at - 1, at).contains(')'))
                .unwrap_or(right + closing);
            let rest: Vec<&str> = words[right..inside].to_vec();
            let is_ideal = matches!(rest.first(), Some(&("ideally" | "idealerweise")));
            if rest.len() <= 3 && !is_ideal && PREFERRED.begins(&rest, 0) {
                return true;
            }
            break;
        }
        right += 1;
    }
    let after = &words[(last + 1).min(words.len())..right];
    let is_ideal = |word: &&&str| matches!(**word, "ideally" | "idealerweise");
    let after: Vec<&str> = after
        .iter()
        .filter(|word| !is_ideal(word))
        .copied()
        .collect();
    PREFERRED.among(&after) || PREFERRED.among(&words[left..first])
}

/// What stands between two words of the sentence that follow one another.
fn between<'a>(sentence: &'a str, words: &[&'a str], first: usize, second: usize) -> &'a str {
    let offset = |word: &str| word.as_ptr() as usize - sentence.as_ptr() as usize;
    &sentence[offset(words[first]) + words[first].len()..offset(words[second])]
}

pub(super) fn number(word: &str) -> Option<f32> {
    if word.len() <= 4
        && let Ok(number) = word.parse::<f32>()
    {
        return (number.is_finite() && number >= 0.0).then_some(number);
    }
    NUMBERS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_for_years_has_a_root() {
        let has_root = |word: &str| {
            YEAR_WORD_ROOTS
                .split(", ")
                .any(|root| word.starts_with(root))
        };
        let words: Vec<&str> = YEAR_WORDS.all().filter(|word| word.is_ascii()).collect();
        assert!(words.len() > 10);
        assert_eq!(words.iter().find(|word| !has_root(word)), None);
    }

    #[derive(serde::Deserialize)]
    struct Fixture {
        /// `[text, "min", "min-max", "-max" or ""]`
        years: Vec<(String, String)>,
    }

    #[test]
    fn years_of_experience_are_read() {
        let table = include_str!("../../../tests/fixtures/fields/experience.toml");
        let fixture: Fixture = toml::from_str(table).unwrap();
        let mut wrong = Vec::new();
        for (text, expected) in fixture.years {
            let found = experience(&text).map_or(String::new(), |years| {
                let max = years.max.map_or(String::new(), |max| format!("-{max}"));
                let min = years.min.map_or(String::new(), |min| min.to_string());
                format!("{min}{max}")
            });
            if found != expected {
                wrong.push(format!("{text:?}: {found:?}, expected {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            experience(&text);
        }

        #[test]
        fn no_years_panic(text in "([0-9]{1,3}|\\+|-| |years|to|experience|of|five|yrs|\n|/|\\(){0,16}") {
            experience(&text);
        }
    }
}
