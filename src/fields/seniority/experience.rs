//! The years of experience that a text asks for: text in, [`Years`] out.

use crate::fields::text::{List, Phrases, fold, has_any, words};
use crate::posting::Years;

/// Years, in several tongues.
static YEAR_WORDS: List = List::new(|| {
    Phrases::new(
        "\
    years, year, yrs, yr, year's, years', yoe, jahre, jahren, jahr, ans, anos, lat, lata, anni, \
    jaar, лет, года, let",
    )
});

/// Experience, in several tongues.
static EXPERIENCE_WORDS: List = List::new(|| {
    Phrases::new(
        "\
    exp, erfahrung, berufserfahrung, d'experience, doswiadczenia, esperienza, ervaring, опыта, \
    praxe",
    )
});

/// After years: they are of something else.
static NOT_EXPERIENCE_AFTER: List = List::new(|| {
    Phrases::new(
        "\
    in business, of history, old, ago, track record of, warranty, contract, anniversary, in a \
    row, running, in operation, vesting, in the making, vest, plan, of growth, of runway, of \
    funding, of age, degree, program, university, college, of study, from now, of service, \
    combined, in a row",
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
    than, up to, previous",
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
    have, au moins, al menos, require, exp, more than",
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
    let mut best: Option<Years> = None;
    let mut preferred_block = false;
    let folded = fold(text);
    if !has_year_word(&folded) {
        return None;
    }
    for line in folded.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let lower = trimmed;
        if trimmed.len() < 60 && !lower.contains(|c: char| c.is_ascii_digit()) {
            let heading = [
                "nice to have",
                "preferred",
                "bonus",
                "ideally",
                "a plus",
                "desirable",
                "pluses",
                "good to have",
            ];
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
            if heading.iter().any(|word| lower.contains(word)) {
                preferred_block = true;
            } else if begins.iter().any(|word| lower.starts_with(word)) {
                preferred_block = false;
            }
        }
        if preferred_block || !has_year_word(lower) {
            continue;
        }
        for sentence in lower
            .split(['!', '?', ';', '\u{2022}'])
            .flat_map(|part| part.split(". "))
        {
            let words = words(sentence);
            for at in 0..words.len() {
                if is_year(words[at])
                    && let Some(years) = years_at(sentence, &words, at)
                    && best.is_none_or(|best| years.min < best.min)
                {
                    best = Some(years);
                }
            }
        }
    }
    best
}

fn has_year_word(line: &str) -> bool {
    [
        "year", "yr", "jahr", " ans", "anos", "lat ", "yoe", "anni", "jaar", " лет", "года",
        "경력", "年",
    ]
    .iter()
    .any(|word| line.contains(word))
}

fn is_year(word: &str) -> bool {
    YEAR_WORDS.has(word) || word.ends_with("+yrs") || word.ends_with("+years")
}

/// The years before the word at `at`, if they are of experience and asked for.
fn years_at(sentence: &str, words: &[&str], at: usize) -> Option<Years> {
    let clung = words[at].split_once('+').map(|(number, _)| number);
    let number_at = if clung.is_some() {
        at
    } else {
        at.checked_sub(1)?
    };
    let (text, mut first) = match clung {
        Some(number) => (number, at),
        None => (words[number_at], number_at),
    };
    let open = text.ends_with('+');
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
    if !(0.0..=MOST_YEARS).contains(&min) {
        return None;
    }
    let before = &words[first.saturating_sub(7)..first];
    let after = &words[(at + 1).min(words.len())..(at + 12).min(words.len())];
    let nearest = &after[..after.len().min(3)];
    if NOT_EXPERIENCE_AFTER.among(after)
        || NOT_EXPERIENCE_BEFORE.among(before)
        || has_any(nearest, &["company", "startup", "market", "ago"])
    {
        return None;
    }
    if PREFERRED.among(after) || PREFERRED.among(before) {
        return None;
    }
    let asks_before = ASKED_BEFORE.among(before);
    let names_experience = after
        .iter()
        .take(8)
        .any(|word| word.starts_with("experien") || EXPERIENCE_WORDS.has(word));
    let follows = after.first().is_none_or(|word| SKILLED.has(word));
    let fits = names_experience
        || words[at] == "yoe"
        || (asks_before && follows)
        || (open && follows)
        || (clung.is_some() && follows);
    fits.then_some(Years {
        min: Some(min),
        max,
    })
}

/// What stands between two words of the sentence that follow one another.
fn between<'a>(sentence: &'a str, words: &[&'a str], first: usize, second: usize) -> &'a str {
    let offset = |word: &str| word.as_ptr() as usize - sentence.as_ptr() as usize;
    &sentence[offset(words[first]) + words[first].len()..offset(words[second])]
}

fn number(word: &str) -> Option<f32> {
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

    #[track_caller]
    fn check(text: &str, expected: Option<(f32, Option<f32>)>) {
        let found = experience(text).map(|years| (years.min.unwrap(), years.max));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn years_of_experience_are_read() {
        check("3+ years of experience with Rust", Some((3.0, None)));
        check("3-5 yrs of experience", Some((3.0, Some(5.0))));
        check("3 - 5 years experience required", Some((3.0, Some(5.0))));
        check(
            "3 to 5 years of professional experience",
            Some((3.0, Some(5.0))),
        );
        check(
            "at least five years of experience in backend work",
            Some((5.0, None)),
        );
        check(
            "Minimum of 2 years working with Postgres",
            Some((2.0, None)),
        );
        check("five (5) years of experience", Some((5.0, None)));
        check("5+yrs exp in Java", Some((5.0, None)));
        check("3-10 Yrs of Exp", Some((3.0, Some(10.0))));
        check("Mindestens 3 Jahre Berufserfahrung", Some((3.0, None)));
        check("3 ans d'expérience minimum", Some((3.0, None)));
        check("1.5 years of experience", Some((1.5, None)));
        check("7+ years building distributed systems", Some((7.0, None)));
    }

    #[test]
    fn the_least_required_mention_holds() {
        check(
            "5+ years of experience in software.\n2+ years of experience with Go.",
            Some((2.0, None)),
        );
        check(
            "5+ years of experience.\nNice to have:\n- 1+ years of experience with Elm",
            Some((5.0, None)),
        );
        check(
            "2 years of experience with Elm is a plus. 4+ years of experience with JS.",
            Some((4.0, None)),
        );
    }

    #[test]
    fn other_years_are_left_out() {
        for text in [
            "We have over 10 years in business",
            "founded 5 years ago",
            "a 3 year old startup",
            "Over the last 5 years we have grown",
            "options vest over 4 years",
            "a four year degree",
            "our team has 40 years of experience combined",
            "20 years of history",
            "the next 5 years",
            "you are under 30 years",
            "401k after one year",
        ] {
            check(text, None);
        }
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
