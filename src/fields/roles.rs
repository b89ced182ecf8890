//! Roles: a title in, the kinds of work it names out (`schema/roles.toml`).
//!
//! A bare "Software Engineer" names none, and none is guessed.

use super::text::{List, Phrases, fold, starts};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    crafts: Vec<String>,
    role: Vec<Block>,
}

#[derive(Deserialize)]
struct Block {
    name: String,
    sure: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
    #[serde(default)]
    hides: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strength {
    Sure,
    Weak,
    Not,
}

struct Rules {
    names: Vec<&'static str>,
    hides: Vec<Vec<usize>>,
    crafts: HashSet<String>,
    /// By first word: the phrase, its number of words, its role and strength.
    phrases: HashMap<String, Vec<(String, usize, usize, Strength)>>,
}

fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("../../schema/roles.toml"))
            .expect("the embedded roles.toml is read by a test");
        let names: Vec<&'static str> = file
            .role
            .iter()
            .map(|role| &*role.name.clone().leak())
            .collect();
        let number = |name: &String| {
            names
                .iter()
                .position(|known| known == name)
                .expect("roles.toml hides a known role")
        };
        let hides = file
            .role
            .iter()
            .map(|role| role.hides.iter().map(number).collect())
            .collect();
        let mut phrases: HashMap<String, Vec<(String, usize, usize, Strength)>> = HashMap::new();
        for (role, block) in file.role.iter().enumerate() {
            let lists = [
                (&block.sure, Strength::Sure),
                (&block.weak, Strength::Weak),
                (&block.not, Strength::Not),
            ];
            for (list, strength) in lists {
                for phrase in list {
                    let first = phrase.split(' ').next().unwrap_or_default().to_owned();
                    let len = phrase.split(' ').count();
                    phrases
                        .entry(first)
                        .or_default()
                        .push((phrase.clone(), len, role, strength));
                }
            }
        }
        Rules {
            names,
            hides,
            crafts: file.crafts.into_iter().collect(),
            phrases,
        }
    });
    &RULES
}

/// Every role there is, in the order in which they are shown.
pub fn names() -> &'static [&'static str] {
    &rules().names
}

/// The roles that a title names, in the order of [`names`]; empty when it names
/// none, as "Software Engineer" does.
pub fn from_title(title: &str) -> Vec<&'static str> {
    let folded = fold(title);
    read(&title_words(&folded))
}

/// The words of a folded title; hyphens and slashes part them, `.net` and `c++`
/// stay whole.
pub(super) fn title_words(folded: &str) -> Vec<&str> {
    folded
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '#' | '.' | '&')))
        .map(|word| word.trim_end_matches('.'))
        .map(|word| word.strip_suffix("(s)").unwrap_or(word))
        .map(|word| {
            if word == ".net" {
                word
            } else {
                word.trim_start_matches('.')
            }
        })
        .filter(|word| !word.is_empty() && *word != "&")
        .flat_map(unspaced)
        .collect()
}

/// Words that Chinese and Japanese titles write without blanks.
const UNSPACED: &[&str] = &[
    "前端",
    "后端",
    "全栈",
    "测试",
    "运维",
    "算法",
    "数据",
    "分析师",
    "架构师",
    "产品经理",
    "设计师",
    "安全",
    "嵌入式",
    "游戏",
    "移动端",
    "客户端",
    "机器学习",
    "项目经理",
    "销售",
    "运营",
    "高级",
    "资深",
    "初级",
    "实习",
    "开发",
    "工程师",
    "バックエンド",
    "フロントエンド",
    "エンジニア",
];

/// A word, or its parts where it is of such a script.
fn unspaced(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    let whole = word.is_ascii() || !word.contains(|c: char| c >= '\u{3040}');
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if whole {
            return Some(std::mem::take(&mut rest));
        }
        let known = |text: &str| {
            UNSPACED
                .iter()
                .find(|term| text.starts_with(**term))
                .copied()
        };
        let end = match known(rest) {
            Some(term) => term.len(),
            None => rest
                .char_indices()
                .skip(1)
                .map(|(at, _)| at)
                .find(|at| known(&rest[*at..]).is_some())
                .unwrap_or(rest.len()),
        };
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

/// Crafts that are not of software alone.
static OPEN_CRAFTS: List = List::new(|| {
    Phrases::new(
        "\
    specialist, expert, lead, consultant, intern, internship, scientist, trainee, freelancer, \
    contractor, contributor, analyst, person, people, folks, rockstar, staff, enthusiast, wizard, \
    ninja, guru, architect, architects",
    )
});

/// Whether one of the words names a person or a craft.
pub(super) fn has_craft(words: &[&str]) -> bool {
    words.iter().any(|word| rules().crafts.contains(*word))
}

fn read(words: &[&str]) -> Vec<&'static str> {
    let rules = rules();
    let mut hits: Vec<(usize, usize, usize, Strength)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for (phrase, len, role, strength) in rules.phrases.get(*word).into_iter().flatten() {
            if starts(words, at, phrase) {
                hits.push((at, at + len, *role, *strength));
            }
        }
    }
    // A phrase that is not what it contains, and a longer phrase of another
    // role, hide the shorter ones inside them.
    let hidden = |hit: &(usize, usize, usize, Strength)| {
        hits.iter().any(|other| {
            let inside = other.0 <= hit.0 && hit.1 <= other.1;
            let longer = other.1 - other.0 > hit.1 - hit.0;
            inside && other.3 == Strength::Not && other.2 == hit.2
                || inside && longer && other.3 == Strength::Sure && hit.2 != other.2
        })
    };
    let of = |wanted: Strength| -> Vec<usize> {
        let mut roles: Vec<usize> = hits
            .iter()
            .filter(|hit| hit.3 == wanted && !hidden(hit))
            .map(|hit| hit.2)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    };
    let mut found = of(Strength::Sure);
    let other = rules.names.len() - 1;
    if found.len() > 1 {
        // `other` is only what nothing else explains.
        found.retain(|role| *role != other);
    }
    if found.is_empty() || (found == [other] && has_engineer(words)) {
        let weak = if has_craft(words) {
            of(Strength::Weak)
        } else {
            Vec::new()
        };
        if !weak.is_empty() {
            found = weak;
        }
    }
    let taken: Vec<usize> = found
        .iter()
        .flat_map(|role| rules.hides[*role].iter().copied())
        .collect();
    found.retain(|role| !taken.contains(role));
    // Backend and frontend named side by side are one full-stack title.
    found.into_iter().map(|role| rules.names[role]).collect()
}

pub(super) fn has_engineer(words: &[&str]) -> bool {
    words.iter().any(|word| {
        word.starts_with("engineer")
            || word.starts_with("develop")
            || word.starts_with("programm")
            || rules().crafts.contains(*word) && !OPEN_CRAFTS.has(word)
    })
}

/// The roles that a text asks for where no title says so: a phrase of a sure
/// role in a short line of its own, or behind "looking for", "hiring" and the
/// like. At most four; only the beginning of the text is read.
pub(super) fn from_text(text: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let mut add = |roles: Vec<&'static str>| {
        for role in roles {
            if !found.contains(&role) && role != "other" && found.len() < 4 {
                found.push(role);
            }
        }
    };
    for line in super::text::head(text, 2000).lines() {
        let line = line.trim();
        if line.is_empty() || line.len() > 400 {
            continue;
        }
        let folded = fold(line);
        let words = title_words(&folded);
        if words.len() <= 9 && super::header::is_role(line) {
            add(read(&words));
            continue;
        }
        for at in 0..words.len() {
            let Some(len) = CUES.length_at(&words, at) else {
                continue;
            };
            let from = at + len;
            let upto = words.len().min(from + 7);
            let asked = &words[from..upto];
            // Up to the craft: "a senior backend engineer to join our data team".
            if let Some(end) = asked.iter().position(|word| rules().crafts.contains(*word)) {
                add(read(&asked[..=end]));
            }
        }
    }
    let order = names();
    found.sort_by_key(|role| order.iter().position(|name| name == role));
    found
}

static CUES: List = List::new(|| {
    Phrases::new(
        "\
    looking for, hiring, seeking, search for, searching for, we need, is seeking, in need of, \
    join us as, as a, as an, role, position, suchen, recherchons, buscamos, szukamy, recrute, \
    want, wanted",
    )
});

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Fixture {
        /// `[title, roles, seniority]`
        title: Vec<(String, String, String)>,
    }

    #[test]
    fn titles_name_their_roles_and_rungs() {
        let fixture: Fixture =
            toml::from_str(include_str!("../../tests/fixtures/fields/titles.toml")).unwrap();
        let mut wrong = Vec::new();
        for (title, roles, rung) in fixture.title {
            let found = from_title(&title).join(" ");
            let level = crate::fields::seniority::from_title(&title)
                .map(|rung| rung.as_str())
                .unwrap_or_default();
            if (found.as_str(), level) != (roles.as_str(), rung.as_str()) {
                wrong.push(format!(
                    "{title:?}: {found:?} {level:?}, expected {roles:?} {rung:?}"
                ));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} wrong\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }

    #[test]
    fn the_text_names_what_is_sought() {
        assert_eq!(
            from_text("We are looking for a senior backend engineer to join our data team."),
            ["backend"]
        );
        assert_eq!(
            from_text("Acme\n- iOS Developer\n- Data Engineer"),
            ["mobile", "data"]
        );
        assert!(
            from_text("You will work with frontend engineers and product managers.").is_empty()
        );
    }

    #[test]
    fn the_roles_are_in_order() {
        assert_eq!(names().first(), Some(&"backend"));
        assert_eq!(names().last(), Some(&"other"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,80}") {
            from_title(&text);
            from_text(&text);
        }
    }
}
