//! English word forms for a `~` in patterns and cues: "manage~" stands for
//! manage, manages, managed, managing. A form no one writes does no harm.

/// The word itself and its inflections.
pub(crate) fn inflections(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let mut add = |stem: &str, endings: &[&str]| {
        forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    };
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let letters: Vec<char> = word.chars().rev().take(3).collect();
    match letters.as_slice() {
        ['e', 'i', ..] => add(&word[..word.len() - 2], &["ies", "ied", "ying"]),
        ['e', ..] => add(&word[..word.len() - 1], &["es", "ed", "ing"]),
        ['y', before, ..] if !is_vowel(*before) => {
            add(&word[..word.len() - 1], &["ies", "ied"]);
            add(word, &["ing"]);
        }
        ['s' | 'x' | 'z', ..] | ['h', 's' | 'c', ..] => add(word, &["es", "ed", "ing"]),
        _ => add(word, &["s", "ed", "ing"]),
    }
    // plan, planned; also travel, travelled.
    if let [last, vowel, before] = letters.as_slice() {
        let doubles = !is_vowel(*last) && !matches!(last, 'w' | 'x' | 'y' | 's');
        if doubles && is_vowel(*vowel) && !is_vowel(*before) {
            add(&format!("{word}{last}"), &["ed", "ing"]);
        }
    }
    let irregular: &[&str] = match word {
        "build" => &["built"],
        "write" => &["written", "wrote"],
        "lead" => &["led"],
        "drive" => &["driven", "drove"],
        "run" => &["ran"],
        "make" => &["made"],
        "take" => &["took", "taken"],
        "know" => &["known", "knew"],
        "keep" => &["kept"],
        "find" => &["found"],
        "think" => &["thought"],
        "speak" => &["spoke", "spoken"],
        "teach" => &["taught"],
        "understand" => &["understood"],
        "grow" => &["grown", "grew"],
        "analysis" => &["analyses"],
        _ => &[],
    };
    forms.extend(irregular.iter().map(|form| (*form).to_owned()));
    forms
}

#[cfg(test)]
mod tests {
    use super::inflections;

    #[test]
    fn the_forms_people_write_are_there() {
        let check = |word: &str, wanted: &[&str]| {
            let forms = inflections(word);
            for form in wanted {
                assert!(
                    forms.iter().any(|found| found == form),
                    "{word}: {form} is not in {forms:?}"
                );
            }
        };
        check("design", &["design", "designs", "designed", "designing"]);
        check("manage", &["manages", "managed", "managing"]);
        check("plan", &["plans", "planned", "planning"]);
        check("apply", &["applies", "applied", "applying"]);
        check("api", &["apis"]);
        check("process", &["processes"]);
        check("build", &["built"]);
    }
}
