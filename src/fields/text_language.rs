//! The tongue an advert is written in: its text in, an ISO 639-1 code out.
//!
//! Links, addresses and lines of code are left out first.

use super::text::head;
use whatlang::Lang;

/// Shorter texts are not judged.
const LEAST_CHARS: usize = 80;

/// As much as is looked at; a longer text is no surer.
const MOST_BYTES: usize = 600;

/// Words that stand in every third line of an English advert and in no other
/// tongue's; so many of them settle it without counting trigrams.
fn is_english(word: &[u8]) -> bool {
    let mut letters = [0; 4];
    let Some(letters) = letters.get_mut(..word.len()) else {
        return false;
    };
    letters.copy_from_slice(word);
    letters.make_ascii_lowercase();
    matches!(
        &*letters,
        b"the"
            | b"and"
            | b"of"
            | b"to"
            | b"with"
            | b"you"
            | b"we"
            | b"our"
            | b"for"
            | b"are"
            | b"is"
            | b"your"
            | b"will"
            | b"that"
    )
}

/// How many words of a text are [English](is_english), and how many it has.
fn count_english(prose: &str) -> (usize, usize) {
    let (mut english, mut all) = (0, 0);
    let mut count = |word: &[u8]| {
        all += usize::from(!word.is_empty());
        english += usize::from(is_english(word));
    };
    if prose.is_ascii() {
        let words = prose.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.for_each(&mut count);
    } else {
        let words = prose.split(|c: char| !c.is_alphanumeric());
        words.map(str::as_bytes).for_each(&mut count);
    }
    (english, all)
}

/// The language of a text of at least 80 characters of prose; `None` for shorter
/// and unsure ones.
pub fn detect(text: &str) -> Option<&'static str> {
    let prose = prose(text);
    if prose.chars().take(LEAST_CHARS).count() < LEAST_CHARS {
        return None;
    }
    // Typographic quotes and a name with an accent do not make a text foreign.
    let accented = match prose.is_ascii() {
        true => 0,
        false => prose
            .chars()
            .filter(|c| !c.is_ascii() && c.is_alphabetic())
            .count(),
    };
    if accented * 100 <= prose.len() {
        // A fifth of running English are these words; a twelfth is far above any
        // other tongue's chance.
        let (english, all) = count_english(&prose);
        if english >= 6 && english * 12 >= all {
            return Some("en");
        }
    }
    if let Some(script) = by_script(&prose) {
        return Some(script);
    }
    let found = whatlang::detect(&prose)?;
    // Trigrams of a list of product names are no language.
    (found.is_reliable() || found.confidence() > 0.5).then(|| code(found.lang()))?
}

/// The tongue of a script that only one tongue writes, where a fifth of the
/// letters are of it: the rest are the Latin names of products.
fn by_script(prose: &str) -> Option<&'static str> {
    let (mut han, mut kana, mut hangul, mut all) = (0, 0, 0, 0);
    for c in prose.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' => han += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            _ => {}
        }
    }
    let is_much = |n: usize| n > 0 && n * 5 >= all;
    match () {
        () if is_much(hangul) => Some("ko"),
        () if kana * 10 >= han + kana && is_much(han + kana) => Some("ja"),
        () if is_much(han) => Some("zh"),
        () => None,
    }
}

/// The first stretch of the text without links, mail addresses and code.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(MOST_BYTES.min(text.len()));
    for line in text.lines() {
        if out.len() >= MOST_BYTES {
            break;
        }
        let line = head(line, MOST_BYTES);
        let signs = line
            .bytes()
            .filter(|byte| matches!(byte, b'{' | b'}' | b';' | b'=' | b'<' | b'>' | b'$' | b'\\'))
            .count();
        if signs > 3 && signs * 12 > line.len() {
            continue;
        }
        let has = |sign: &str| memchr::memmem::find(line.as_bytes(), sign.as_bytes()).is_some();
        let has_link = has("://") || has("@") || has("www.");
        let is_set_apart = |byte: u8| byte >= b' ' && byte.is_ascii();
        let line = line.trim_ascii();
        // Most lines are words with one blank between them.
        if !has_link && line.bytes().all(is_set_apart) && !has("  ") {
            if !line.is_empty() {
                out.push_str(line);
                out.push(' ');
            }
            continue;
        }
        let mut add = |word: &str| {
            let is_link = || word.contains("://") || word.contains('@') || word.starts_with("www.");
            if !(has_link && is_link()) {
                out.push_str(word);
                out.push(' ');
            }
        };
        match line.is_ascii() {
            true => line.split_ascii_whitespace().for_each(&mut add),
            false => line.split_whitespace().for_each(&mut add),
        }
    }
    out
}

/// ISO 639-1 of whatlang's languages, all of which have one but none is guessed.
fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Bul => "bg",
        Lang::Ell => "el",
        Lang::Tur => "tr",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Bel => "be",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Tha => "th",
        Lang::Ind => "id",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Ben => "bn",
        Lang::Cat => "ca",
        Lang::Hye => "hy",
        Lang::Kat => "ka",
        Lang::Mkd => "mk",
        Lang::Aze => "az",
        Lang::Afr => "af",
        Lang::Urd => "ur",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Mar => "mr",
        Lang::Guj => "gu",
        Lang::Kan => "kn",
        Lang::Mal => "ml",
        Lang::Tgl => "tl",
        Lang::Khm => "km",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Uzb => "uz",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(detect(text), expected, "{text:?}");
    }

    #[test]
    fn the_main_languages_are_told_apart() {
        check(
            "We are looking for a person who will build the services of our platform together with you and a small team.",
            Some("en"),
        );
        check(
            "Wir suchen für unser Team in der Nähe des Bahnhofs eine Person, die mit uns die Dienste unserer Plattform entwickelt.",
            Some("de"),
        );
        check(
            "Nous recherchons une personne pour développer avec nous les services de notre plateforme au sein d'une petite équipe.",
            Some("fr"),
        );
        check(
            "Buscamos una persona para desarrollar con nosotros los servicios de nuestra plataforma dentro de un equipo pequeño.",
            Some("es"),
        );
        check(
            "Szukamy osoby, która razem z nami będzie rozwijać usługi naszej platformy w małym zespole w centrum miasta.",
            Some("pl"),
        );
        check(
            "Wij zoeken iemand die samen met ons de diensten van ons platform wil ontwikkelen in een klein en hecht team.",
            Some("nl"),
        );
        check(
            "Мы ищем человека, который вместе с нами будет развивать сервисы нашей платформы в небольшой дружной команде.",
            Some("ru"),
        );
        check(
            "私たちは小さなチームで一緒にプラットフォームのサービスを開発してくれる方を探しています。経験は問いません。ご応募をお待ちしています。東京のオフィスで働くことができます。よろしくお願いします。",
            Some("ja"),
        );
    }

    #[test]
    fn short_texts_links_and_code_are_not_judged() {
        check("Rust engineer wanted.", None);
        check(&"https://jobs.example/one?a=b ".repeat(20), None);
        check(
            "int main() { return x == y ? a[0] : b; } // { } ; = ;\nfn f() -> u8 { let x = 1; x } = ; { }",
            None,
        );
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        detect(&"ü".repeat(5000));
        detect(&"größte ".repeat(900));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            detect(&text);
        }
    }
}
