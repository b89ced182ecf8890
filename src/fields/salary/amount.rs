//! Amounts: a text and the place of a digit in, one amount or a range with its
//! sign, size and period out. Whether it is pay at all is judged in [`super`].

use super::currency::{self, Sign};

/// An amount or a range of amounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    /// Where it begins, its sign included.
    pub start: usize,
    /// Where it ends, its sign included.
    pub end: usize,
    /// The first number.
    pub low: f64,
    /// The second number of a range.
    pub high: Option<f64>,
    /// The sign of either number.
    pub sign: Option<Sign>,
    /// How the numbers are written.
    pub size: Size,
    /// A `+` clings to it.
    pub open: bool,
}

/// The size word of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// None.
    Plain,
    /// `k` and the like.
    Thousand,
    /// `LPA`, lakh, crore: rupees; `true` when it says "a year".
    Lakh(bool),
    /// `万`.
    TenThousand,
    /// `M` and more.
    Million,
}

impl Size {
    fn factor(self) -> f64 {
        match self {
            Size::Plain => 1.0,
            Size::Thousand => 1e3,
            Size::Lakh(_) => 1e5,
            Size::TenThousand => 1e4,
            Size::Million => 1e6,
        }
    }
}

/// The amount whose first digit stands at `at`; `rupees` says that a bare `L`
/// is a lakh. `None` when the digits are part of something else.
pub(super) fn read(text: &str, at: usize, rupees: bool) -> Option<Amount> {
    let (sign_before, start) = sign_before(text, at);
    let first = number(text, at)?;
    if glued(&text[..start]) && sign_before.is_none() {
        return None;
    }
    let rupees = rupees || matches!(sign_before, Some(Sign::Rupee | Sign::Code("INR")));
    let (mut end, mut size, mut scale, mut sign_after) = tail(text, first.1, rupees);
    let mut low = first.0;
    let mut high = None;
    let mut open = false;
    let mut second_size = size;
    if let Some((value, after, slash)) = second(text, start, end) {
        let (after, size2, scale2, sign2) = tail(text, after, rupees);
        let percent = text[after..].trim_start().starts_with('%');
        let (mut a, mut b) = (low * size.factor() * scale, value * size2.factor() * scale2);
        if size == Size::Plain && size2 != Size::Plain && low < 1000.0 {
            a = low * size2.factor() * scale2;
        } else if size2 == Size::Plain && size != Size::Plain && value < 1000.0 {
            b = value * size.factor() * scale;
        } else if size == size2 && low < 1000.0 && value >= 10_000.0 {
            // "£60-100,000"
            a = low * 1e3;
        }
        // "$95k/$110k" is a range, "$120k/10 days" and "24/7" are not.
        let marked = size2 != Size::Plain || sign2.is_some() || has_sign(text, end, after);
        let ratio = if slash { 1.0..=2.5 } else { 0.3..=12.0 };
        if !percent && b > 0.0 && ratio.contains(&(b / a)) && (marked || !slash) {
            low = a;
            high = Some(b);
            end = after;
            second_size = size2;
            sign_after = sign_after.or(sign2);
            scale = 1.0;
            if size == Size::Plain {
                size = size2;
            }
        }
    }
    if sign_after.is_none()
        && let Some(rest) = text[end..].strip_prefix('+')
        && let Some((found, len)) = currency::after(rest.trim_start_matches(' '))
    {
        // "120k+ CHF"
        sign_after = Some(found);
        open = true;
        end = text.len() - rest.trim_start_matches(' ').len() + len;
    }
    if high.is_none() {
        low *= size.factor() * scale;
    } else if matches!(second_size, Size::Lakh(true)) {
        size = second_size;
    }
    let is_bare = sign_before.is_none() && sign_after.is_none() && size == Size::Plain;
    if is_unit(&text[end..], size) || is_bare && is_counted(&text[end..]) {
        return None;
    }
    open |= text[end..].starts_with('+');
    let sign = match (sign_before, sign_after) {
        // "$100k USD": the code says more.
        (Some(Sign::Code(code)), _) | (_, Some(Sign::Code(code))) => Some(Sign::Code(code)),
        (before, after) => before.or(after),
    };
    let sign = match size {
        Size::Lakh(_) if sign.is_none() => Some(Sign::Code("INR")),
        Size::Million => sign.or_else(|| of_word(&text[start..end])),
        _ => sign,
    };
    Some(Amount {
        start,
        end,
        low,
        high,
        sign,
        size,
        open,
    })
}

/// Digits right after a letter, a figure, `#` or a dot belong to a name.
fn glued(before: &str) -> bool {
    // Chinese and Japanese set no blank before a number.
    let unspaced = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    before.ends_with(|c: char| {
        c.is_alphanumeric() && !unspaced(c)
            || matches!(c, '#' | '.' | ',' | '_' | '/' | '@' | '=' | '&')
    }) && !before.ends_with(['/', ','])
        || before.ends_with("//")
}

/// A percentage, a share, an ordinal or a unit after the number: no money.
fn is_unit(rest: &str, size: Size) -> bool {
    let next = rest.trim_start_matches(' ');
    next.starts_with('%')
        || next.starts_with("percent")
        || (size == Size::Plain
            && (rest.starts_with(['x', 'X', '°', ':'])
                || rest.starts_with(char::is_alphabetic) && !starts_unit(rest)))
        || rest.starts_with("(k)")
}

/// A bare number of years, months, days or people in Chinese, Japanese or Korean.
fn is_counted(rest: &str) -> bool {
    let next = rest.trim_start_matches(['+', ' ']);
    let counters = [
        "年", "个", "個", "ヶ月", "か月", "岁", "歳", "天", "人", "名", "次", "년", "개월", "명",
    ];
    let pay = ["年薪", "年収", "年俸", "年包", "人民"];
    counters.iter().any(|counter| next.starts_with(counter))
        && !pay.iter().any(|word| next.starts_with(word))
}

/// A period may cling to a number: `65/h`, `450pd`, `50p.h.`
fn starts_unit(rest: &str) -> bool {
    ["pd", "ph", "pw", "pm", "pa", "p.", "hr", "/"]
        .iter()
        .any(|unit| rest.to_ascii_lowercase().starts_with(unit))
}

/// The sign in front of the digits, and where the amount begins with it.
fn sign_before(text: &str, at: usize) -> (Option<Sign>, usize) {
    let trimmed = trim_blanks(&text[..at], 2);
    if let Some((sign, start)) = currency::before(trimmed) {
        // "USD $100k": take both.
        let outer = trim_blanks(&trimmed[..start], 1);
        return match (sign, currency::before(outer)) {
            (Sign::Dollar, Some((code @ Sign::Code(_), start))) => (Some(code), start),
            _ => (Some(sign), start),
        };
    }
    // French `k€ 45-55`.
    (None, at)
}

fn trim_blanks(text: &str, most: usize) -> &str {
    let mut trimmed = text;
    for _ in 0..most {
        trimmed = trimmed
            .strip_suffix([' ', '\u{a0}', '\u{202f}'])
            .unwrap_or(trimmed);
    }
    trimmed
}

/// What may follow a number: its size and its sign. Returns the end, the size,
/// a further factor (crore) and the sign.
fn tail(text: &str, end: usize, rupees: bool) -> (usize, Size, f64, Option<Sign>) {
    // "52.000,- €"
    let whole = [",-", ".-", ",–", ".–", ",--", ",—"];
    let whole = whole.iter().filter(|mark| {
        let rest = text[end..].strip_prefix(**mark);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let mut end = end + whole.map(|mark| mark.len()).max().unwrap_or(0);
    let mut size = Size::Plain;
    let mut scale = 1.0;
    let rest = &text[end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    if gap <= 2
        && let Some((found, factor, len)) = size_word(&rest[gap..], gap, rupees)
    {
        (size, scale) = (found, factor);
        end += gap + len;
    } else if is_wan(text, end) {
        size = Size::TenThousand;
        end += 1;
    }
    let rest = &text[end..];
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let mut sign = None;
    if gap <= 2
        && let Some((found, len)) = currency::after(&rest[gap..])
    {
        // In "50 - $60" and "$50 $60" the sign is that of the next number.
        let next = rest[gap + len..].trim_start_matches(' ');
        let taken = gap > 0
            && next.starts_with(|c: char| c.is_ascii_digit())
            && len < 4
            && !rest[gap + len..].starts_with(' ');
        if !taken {
            sign = Some(found);
            end += gap + len;
        }
    }
    (end, size, scale, sign)
}

/// Whether a `w` stands for 万, as it does among Chinese characters: `30w-50w`.
fn is_wan(text: &str, at: usize) -> bool {
    let Some(behind) = text[at..].strip_prefix(['w', 'W']) else {
        return false;
    };
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    let left = crate::fields::text::tail(&text[..at], 60);
    let right = crate::fields::text::head(behind, 60);
    let is_word = behind.starts_with(|c: char| c.is_alphanumeric() && !is_han(c));
    !is_word && (left.contains(is_han) || right.contains(is_han))
}

/// The money that a word for millions is said of alone.
fn of_word(amount: &str) -> Option<Sign> {
    let lower = amount.to_lowercase();
    match () {
        () if lower.contains("juta") => Some(Sign::Code("IDR")),
        () if lower.contains("triệu") => Some(Sign::Code("VND")),
        () => None,
    }
}

/// A size word at the beginning of `rest`: what it is, a factor on it, its length.
fn size_word(rest: &str, gap: usize, rupees: bool) -> Option<(Size, f64, usize)> {
    let head: String = rest.chars().take(9).collect::<String>().to_lowercase();
    let ends = |word: &str| {
        head.starts_with(word)
            && !head[word.len()..].starts_with(|c: char| c.is_alphabetic() && c != '薪')
    };
    let any = |words: &[&str]| words.iter().find(|word| ends(word)).map(|word| word.len());
    if let Some(len) = any(&["lpa", "lacs pa", "lakhs pa"]) {
        return Some((Size::Lakh(true), 1.0, len));
    }
    if let Some(len) = any(&["lakhs", "lakh", "lacs", "lac"]) {
        return Some((Size::Lakh(false), 1.0, len));
    }
    if let Some(len) = any(&["crores", "crore", "cr"]).filter(|len| *len > 2 || rupees) {
        return Some((Size::Lakh(false), 100.0, len));
    }
    if rupees && ends("l") {
        return Some((Size::Lakh(false), 1.0, 1));
    }
    if let Some(len) = any(&[
        "thousand", "tausend", "tsd.", "tsd", "tys.", "tys", "mil", "тыс.", "тыс",
    ]) {
        let written = rest
            .char_indices()
            .nth(head[..len].chars().count())
            .map_or(rest.len(), |(at, _)| at);
        return Some((Size::Thousand, 1.0, written));
    }
    if head.starts_with(['万', '萬', '만']) {
        return Some((Size::TenThousand, 1.0, '万'.len_utf8()));
    }
    // Thousands in Chinese and, before the sign, in German: `8千`, `75T€`.
    if head.starts_with('千') {
        return Some((Size::Thousand, 1.0, '千'.len_utf8()));
    }
    if ["T€", "T €", "TEUR"]
        .iter()
        .any(|word| rest.starts_with(word))
    {
        return Some((Size::Thousand, 1.0, 1));
    }
    let millions = [
        "millions", "million", "milion", "millones", "millón", "juta", "triệu", "mio.", "mio",
        "mln", "mm", "mn", "m",
    ];
    if let Some(len) = any(&millions).filter(|len| *len > 1 || gap == 0) {
        return Some((Size::Million, 1.0, len));
    }
    if let Some(len) =
        any(&["billions", "billion", "bn", "b", "trillion", "t"]).filter(|len| *len > 1 || gap == 0)
    {
        return Some((Size::Million, 1e3, len));
    }
    // `k` may cling to the sign or a bracket, not to a word: `k€`, `k/yr`.
    let k = rest.starts_with(['k', 'K'])
        && !rest[1..].starts_with(|c: char| c.is_alphabetic() && c != '薪');
    let coded = rest.starts_with(['k', 'K']) && currency::after(&rest[1..]).is_some();
    (k || coded).then_some((Size::Thousand, 1.0, 1))
}

/// Whether a sign of money stands between the two places.
fn has_sign(text: &str, from: usize, to: usize) -> bool {
    let digits = text[from..to].find(|c: char| c.is_ascii_digit());
    let upto = digits.map_or(from, |len| from + len);
    currency::before(text[from..upto].trim_end()).is_some()
}

/// Whether "between" stands before the amount, so that "and" makes a range.
fn between(text: &str, start: usize) -> bool {
    let left = crate::fields::text::tail(text[..start].trim_end(), 9).to_ascii_lowercase();
    let words = ["between", "zwischen", "entre", "tussen", "tra", "fra"];
    words.iter().any(|word| {
        let rest = left.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

/// The text behind a period that clings to the first number of a range:
/// "$131,000/year to $164,500/year", "$90,000/yr. - $110,000/yr.".
fn without_period(text: &str) -> &str {
    let leads = ["/ ", "/", "per ", "pro ", "a ", "an "];
    let is_period = |word: &&str| {
        let word = crate::fields::text::fold(word);
        matches!(
            word.as_str(),
            "annum"
                | "year"
                | "yr"
                | "jahr"
                | "an"
                | "ano"
                | "anno"
                | "month"
                | "mo"
                | "monat"
                | "mois"
                | "mes"
                | "mese"
                | "week"
                | "wk"
                | "woche"
                | "day"
                | "tag"
                | "jour"
                | "dia"
                | "hour"
                | "hr"
                | "h"
                | "std"
                | "stunde"
                | "heure"
                | "hora"
        )
    };
    let behind = leads.iter().find_map(|lead| {
        let rest = text.strip_prefix(lead)?;
        let len = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let word = Some(&rest[..len]).filter(is_period)?;
        let rest = &rest[word.len()..];
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
    });
    behind.unwrap_or(text)
}

/// The text behind "Max:" where "Min:" stands before the first number.
fn behind_max(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches([' ', ',', ';', '|', '/', '-', '–', '\u{a0}']);
    let words = ["maximum", "Maximum", "max", "Max", "MAX"];
    let rest = words.iter().find_map(|word| rest.strip_prefix(word))?;
    let after = rest.trim_start_matches(['.', ':', '=', ' ', '\u{a0}']);
    (after.len() < rest.len()).then_some(after)
}

/// Whether "min" stands before the amount.
fn is_minimum(text: &str, start: usize) -> bool {
    let left = crate::fields::text::tail(&text[..start], 12).to_ascii_lowercase();
    let left = left.trim_end_matches(['.', ':', '=', ' ']);
    ["min", "minimum"].iter().any(|word| {
        let rest = left.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

/// The second number of a range from `start` that goes on at `end`: value and end, and
/// whether only a slash stands between the two.
fn second(text: &str, start: usize, end: usize) -> Option<(f64, usize, bool)> {
    let between = between(text, start);
    let rest = &text[end..];
    let rest = rest.strip_prefix(['+']).unwrap_or(rest);
    let blanks = [' ', '\u{a0}', '\u{202f}', '\u{ad}'];
    let gapped = without_period(rest.trim_start_matches(blanks)).trim_start_matches(blanks);
    let dashes = ["--", "-", "–", "—", "‑", "−", "~", "～", "〜", "→", "..."];
    let words = [
        "to ", "up to ", "bis ", "till ", "until ", "à ", "a ", "do ", "tot ", "hasta ", "до ",
        "through ",
    ];
    let after = dashes
        .iter()
        .find_map(|dash| gapped.strip_prefix(dash))
        .or_else(|| {
            words
                .iter()
                .filter(|_| gapped.len() < rest.len())
                .find_map(|word| gapped.strip_prefix(word))
        })
        .or_else(|| {
            ["and ", "und ", "et ", "y ", "en ", "e "]
                .iter()
                .filter(|_| between)
                .find_map(|word| gapped.strip_prefix(word))
        })
        .or_else(|| behind_max(gapped).filter(|_| is_minimum(text, start)))
        .map(|after| (after, false))
        .or_else(|| gapped.strip_prefix('/').map(|after| (after, true)));
    let (after, slash) = after?;
    let after = after.trim_start_matches([' ', '\u{a0}', '\u{202f}', '>']);
    let after = ["up to "]
        .iter()
        .find_map(|word| after.strip_prefix(word))
        .unwrap_or(after);
    // The second number may have its own sign.
    let digits = match after.starts_with(|c: char| c.is_ascii_digit()) {
        true => after,
        false => {
            let at = after
                .find(|c: char| c.is_ascii_digit())
                .filter(|at| *at <= 6)?;
            let sign = trim_blanks(&after[..at], 2);
            let (_, start) = currency::before(sign)?;
            let outer = trim_blanks(&sign[..start], 1);
            if !outer.is_empty() && currency::before(outer).is_none_or(|(_, start)| start > 0) {
                return None;
            }
            &after[at..]
        }
    };
    let (value, end) = number(text, text.len() - digits.len())?;
    Some((value, end, slash))
}

/// The number whose first digit stands at `at`, and its end. Groups of three
/// (or Indian twos) with any one mark are groups; one to two digits after the
/// last mark are a fraction.
pub(super) fn number(text: &str, at: usize) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let run = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let first = run(at);
    if first == 0 || first > 12 {
        return None;
    }
    let mut groups: Vec<(usize, usize)> = vec![(at, at + first)];
    let mut marks: Vec<char> = Vec::new();
    let mut end = at + first;
    while let Some(mark) = text[end..].chars().next() {
        let is_blank = matches!(mark, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
        if !(is_blank || matches!(mark, '.' | ',' | '\'' | '’')) {
            break;
        }
        let from = end + mark.len_utf8();
        let len = run(from);
        let fits = match is_blank {
            true => {
                len == 3
                    && groups[0].1 - groups[0].0 <= 3
                    && groups[1..].iter().all(|group| group.1 - group.0 == 3)
            }
            false => (1..=6).contains(&len),
        };
        if !fits || groups.len() > 5 || (is_blank && marks.iter().any(|other| *other != mark)) {
            break;
        }
        groups.push((from, from + len));
        marks.push(mark);
        end = from + len;
    }
    let len = |i: usize| groups[i].1 - groups[i].0;
    let digits = |range: std::ops::Range<usize>| -> f64 {
        groups[range]
            .iter()
            .flat_map(|&(from, to)| &bytes[from..to])
            .fold(0.0, |sum, byte| sum * 10.0 + f64::from(byte - b'0'))
    };
    let n = groups.len();
    if n == 1 {
        return Some((digits(0..1), end));
    }
    let same = |marks: &[char]| marks.iter().all(|mark| *mark == marks[0]);
    let in_groups = |upto: usize| -> bool {
        same(&marks[..upto - 1])
            && len(upto - 1) == 3
            && len(0) <= 3
            && text.as_bytes()[groups[0].0] != b'0'
            && (1..upto - 1).all(|i| len(i) == 3 || (marks[0] == ',' && len(i) == 2 && len(0) <= 2))
    };
    if in_groups(n) {
        return Some((digits(0..n), end));
    }
    let fraction = |i: usize| digits(i..i + 1) / 10f64.powi(len(i) as i32);
    let decimal = matches!(marks[n - 2], '.' | ',');
    if n == 2 && decimal && len(1) <= 2 {
        return Some((digits(0..1) + fraction(1), end));
    }
    if n > 2 && decimal && marks[n - 2] != marks[0] && in_groups(n - 1) {
        return Some((digits(0..n - 1) + fraction(n - 1), end));
    }
    // Anything else: only the first run is a number.
    (marks[0] != '.' || len(1) == 3).then(|| (digits(0..1), groups[0].1))
}
