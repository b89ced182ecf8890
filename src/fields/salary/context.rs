//! What stands around an amount: whether it is pay, for which period, and
//! whether it is a bound.
//!
//! In: the text and the amount. Words are looked for only on the amount's own
//! line and within its own clause.

use super::amount::{Amount, Size};
use super::currency;
use super::eastern::{eastern_period, is_extra_before};
use crate::fields::text::{List, Phrases, fold, has_any, head, spans, tail, words};
use crate::posting::PayPeriod;

/// Words that lead from an amount to its period.
static LEADS: List = List::new(|| {
    Phrases::new("per, a, an, p, pro, par, al, por, each, im, la, every, der, na, za")
});

/// Words that may stand between an amount and its period.
static FILLERS: List = List::new(|| {
    Phrases::new(
        "\
    usd, eur, gbp, base, gross, brutto, net, netto, netti, nette, lordi, salary, pln, cad, aud, brut, euro, euros, \
    dollars, k, b2b, uop, vat, doe, of, in, total, plus, ctc, bruts, up, to, cash, inr, chf, \
    m-c, rs, bi, two, semi, half",
    )
});

/// Words before an upper bound.
static UP_TO: List = List::new(|| {
    Phrases::new(
        "\
    up to, upto, bis, bis zu, max, maximum, jusqu'a, hasta, do, under, fino a, ate, maximal, max \
    of, upwards to, to, \
    tot, до, maximum of, maximum salary, max salary, salary maximum, a maximum of",
    )
});

/// Words before a lower bound.
static FROM: List = List::new(|| {
    Phrases::new(
        "\
    from, ab, starting, starting at, starts at, starting from, at least, min, minimum, partir \
    de, desde, od, des, over, mindestgehalt von, minimum of, mindestens, above, more than, da, vanaf, upwards \
    of, start at, starting salary of, salary from, \
    от, minimum salary, min salary, salary minimum, a minimum of, startet bei",
    )
});

/// Words after an amount that more than base pay is in.
static EXTRAS: List = List::new(|| {
    Phrases::new(
        "\
    ote, incl bonus, incl. bonus, including bonus, incl variable, including commission, \
    including equity, total comp, total compensation, inkl bonus, inklusive bonus, on target \
    earnings, tc, inc bonus, with bonus",
    )
});

/// How clearly an amount is pay; a greater one is clearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) struct Evidence {
    /// 3 a word for pay, 2 a period, 1 only its looks.
    level: u8,
    /// Two ends.
    range: bool,
}

/// Which bound a single amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// "up to"
    UpTo,
    /// "from", `60k+`
    From,
    /// Neither.
    Exact,
}

/// Words for pay before an amount.
static PAY_BEFORE: List = List::new(|| {
    Phrases::new(
        "\
    salary, salaries, compensation, comp, pay, pays, paying, paid, wage, wages, rate, base, \
    remuneration, earn, earnings, earning, ctc, ote, gehalt, jahresgehalt, bruttojahresgehalt, \
    monatsgehalt, gehaltsspanne, jahresbruttogehalt, mindestgehalt, grundgehalt, zielgehalt, vergutung, verdienst, salaire, salario, \
    sueldo, retribuzione, stundenlohn, stundensatz, monatslohn, tagessatz, stipendio, ral, wynagrodzenie, widelki, stawka, zarobki, lon, lonn, lohn, mzda, \
    plat, зарплата, оклад, 薪资, 年収, 月給, 年薪, 月薪, 薪水, 待遇, 薪资范围, 薪酬, 薪酬范围, 薪资待遇, 薪资水平, 薪水范围, 月薪范围, 工资, 基本工资, 底薪, 税前, 薪, salarial, remuneracao, tjm, payscale, salarisindicatie, \
    salaris, stipend, package, hourly, annual, annually, gross, brutto, netto",
    )
});

/// Words for pay after an amount.
static PAY_AFTER: List = List::new(|| {
    Phrases::new(
        "\
    salary, base, gross, brutto, netto, net, ote, doe, depending on experience, dependent on \
    experience, based on experience, compensation, pay range, equity, plus equity, options, \
    stock, b2b, uop, brut, bruts, lordi, lordo, annual salary, starting salary, basic, package, \
    ctc, plus benefits, plus bonus, super, tc, on experience",
    )
});

/// Words before an amount that make it something else.
static OTHER_BEFORE: List = List::new(|| {
    Phrases::new(
        "\
    raised, raise, raising, funding, funded, seed, series, round, closed, revenue, revenues, \
    arr, mrr, valued, valuation, worth, save, saved, saves, saving, savings, spend, spends, \
    spent, spending, cost, costs, costing, budget, bonus, bonuses, allowance, allowances, \
    reimbursement, match, matching, prize, prizes, fund, fee, fees, processed, processing, \
    processes, assets, market, industry, relocation, referral, donated, donate, invest, \
    invested, investment, sold, acquired, award, awarded, grant, grants, loan, loans, \
    transactions, sales, raises, generated, generates, billion, million, backed, capital, 401, \
    401k, insurance, signing, sign-on, tuition, wellness, gym, education, training, conference, \
    conferences, equipment, debt, price, priced, prices, pricing, charge, charges, purchase, \
    purchases, deal, deals, credit, credits, gift, home office, managing, manages, \
    manage, aum, turnover, gmv, volume, bounty, voucher, perks, laptop, homes, contract value, \
    bills, approve, approves, approving, handle, handles, handling, deliver, delivers, delivering, \
    oversee, oversees, overseeing, administer, portfolio, portfolios, payments, customers, profit, profits, crowdfunding, crowdfunded, kickstarter, paying \
    us, pay us",
    )
});

/// Words after an amount that make it something else.
static OTHER_AFTER: List = List::new(|| {
    Phrases::new(
        "\
    million, billion, trillion, funding, seed, series, round, raised, raise, revenue, revenues, \
    arr, mrr, valuation, industry, market, markets, users, customers, signing, sign, sign-on, \
    relocation, referral, stipend, budget, allowance, prize, prizes, reimbursement, credit, \
    credits, gift, voucher, off, discount, savings, donation, grant, investment, invested, \
    venture, vc, match, matching, toward, towards, worth, home office, equipment, learning, \
    training, education, conference, conferences, tuition, wellness, fitness, gym, transactions, \
    sales, deal, deals, loan, loans, fee, fees, laptop, setup, workstation, 401k, insurance, \
    deductible, people, employees, members, downloads, companies, businesses, clients, in \
    assets, assets, contracts, bounty, debt, property, house, homes, course, courses, \
    professional development, personal, travel, food, lunch, bed, chair, phone, commuter, perk, \
    of equity, run rate, in bookings, angel, crowdfunding, problem, opportunity, business, \
    sector, economy, spent, referred",
    )
});

/// Words that a reader of pay strings writes for a period, in folded form.
pub(super) fn period_word(word: &str) -> Option<PayPeriod> {
    Some(match word {
        "year" | "years" | "yr" | "yrs" | "yearly" | "annual" | "annually" | "annum" | "pa"
        | "p.a" | "pa." | "p.a." | "jahr" | "jahrlich" | "jahresgehalt" | "bruttojahresgehalt"
        | "jahresbruttogehalt" | "an" | "annuel" | "annuels" | "ano" | "anual" | "anuales"
        | "anno" | "annui" | "annuo" | "annue" | "annua" | "rok" | "rocznie" | "jaar" | "ar"
        | "год" | "lpa" | "年収" | "年薪" | "年" | "p/a" | "jahresbrutto" | "ral" => {
            PayPeriod::Year
        }
        "month" | "months" | "monthly" | "mo" | "mth" | "pcm" | "monat" | "monatlich"
        | "monatsgehalt" | "mois" | "mensuel" | "mes" | "mensual" | "mensuales" | "mese"
        | "mensili" | "mensile" | "monatslohn" | "mensal" | "miesiac" | "miesiecznie" | "mies"
        | "mies." | "mc" | "maand" | "manad" | "mesic" | "мес" | "месяц" | "мес." | "月給"
        | "月薪" | "月" | "p.m" => PayPeriod::Month,
        "week" | "weeks" | "weekly" | "wk" | "pw" | "woche" | "semaine" | "semana" => {
            PayPeriod::Week
        }
        "fortnight" | "fortnightly" | "biweekly" | "bi-weekly" => PayPeriod::TwoWeeks,
        "day" | "daily" | "pd" | "p.d" | "tag" | "tagessatz" | "jour" | "tjm" | "dia" | "dzien"
        | "diem" => PayPeriod::Day,
        "hour" | "hours" | "hourly" | "hr" | "hrs" | "h" | "ph" | "p.h" | "stunde" | "std"
        | "stundensatz" | "stundenlohn" | "orari" | "orario" | "oraria" | "heure" | "hora"
        | "godz" | "godzina" | "godz." | "godzine" | "uur" | "timme" => PayPeriod::Hour,
        _ => return None,
    })
}

/// The clause before an amount, at most 70 bytes of it.
fn before<'a>(text: &'a str, amount: &Amount) -> &'a str {
    let left = tail(&text[..amount.start], 70);
    let left = left
        .rfind(['\n', '|', ';', '!', '?', '•'])
        .map_or(left, |at| {
            left[at..].trim_start_matches(['\n', '|', ';', '!', '?', '•'])
        });
    match left
        .rmatch_indices(". ")
        .find(|(at, _)| !left[..*at].ends_with("p.a") && !left[*at + 2..].trim().is_empty())
    {
        Some((at, _)) => &left[at + 2..],
        None => left,
    }
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The clause after an amount, at most `most` bytes of it.
fn after<'a>(text: &'a str, amount: &Amount, most: usize) -> &'a str {
    let right = head(&text[amount.end..], most);
    let stop = right
        .find(['\n', '|', ';', '!', '?', '•'])
        .unwrap_or(right.len());
    // "incl. bonus" goes on; a sentence after a full stop begins with a capital.
    let is_end = |at: &usize| !right[at + 2..].starts_with(|c: char| c.is_lowercase());
    let stop = right[..stop]
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(is_end)
        .unwrap_or(stop);
    &right[..stop]
}

/// Whether the amount is pay, and how clearly.
pub(super) fn judge(text: &str, amount: &Amount, country: Option<&str>) -> Option<Evidence> {
    if super::is_401k(text, amount) {
        return None;
    }
    if amount.size == Size::Million && !currency::is_small_unit(amount.sign, country) {
        return None;
    }
    if is_extra_before(before(text, amount)) {
        return None;
    }
    let (left, right) = (fold(before(text, amount)), fold(after(text, amount, 60)));
    let left_words = words(&left);
    // What stands behind a comma or bracket is about something else.
    let clause = right
        .find([',', '(', ')', '+', '&', ':'])
        .map_or(right.as_str(), |at| &right[..at]);
    let clause_words = words(clause);
    let with = clause_words
        .iter()
        .position(|word| matches!(*word, "plus" | "and" | "with" | "und" | "et"))
        .unwrap_or(6);
    let near_right = &clause_words[..clause_words.len().min(6).min(with)];
    let near_left = &left_words[left_words.len().saturating_sub(7)..];
    let cue_at = (0..left_words.len())
        .rev()
        .find(|&at| PAY_BEFORE.among(&left_words[at..=at]));
    let other_at = (0..near_left.len())
        .rev()
        .find(|&at| OTHER_BEFORE.begins(near_left, at))
        .map(|at| at + left_words.len() - near_left.len());
    let plus = left.trim_end().ends_with('+') || left.trim_end().ends_with("plus");
    if plus && cue_at.is_none() {
        return None;
    }
    if other_at.is_some() && cue_at.is_none_or(|cue| Some(cue) <= other_at) {
        return None;
    }
    if OTHER_AFTER.among(near_right)
        || near_right
            .iter()
            .take(3)
            .any(|word| matches!(*word, "bonus" | "bonuses" | "m" | "mm" | "bn"))
    {
        return None;
    }
    let thousands = matches!(amount.size, Size::Thousand | Size::TenThousand);
    let by_month = thousands && is_chinese(text, amount) && amount.low < 120_000.0;
    let period = period_around(text, amount).or(by_month.then_some(PayPeriod::Month));
    let currency = amount
        .sign
        .and_then(|sign| currency::resolve(sign, country));
    let size = amount.high.map_or(amount.low, |high| high.min(amount.low));
    let range = amount.high.is_some();
    // A small sum by itself is a price rather than a rate.
    let inferred = currency::infer_in(country, currency, size)
        .filter(|period| range || *period != PayPeriod::Hour);
    let assumed = period.or(inferred);
    let yearly = assumed.map(|period| size * f64::from(period.per_year()));
    // A stipend one could live on; others pay for books and lunch.
    if near_left.contains(&"stipend") && yearly.is_none_or(|yearly| yearly < 12_000.0) {
        return None;
    }
    // Narrower than what a pay field may say: the top is halved.
    if let Some(yearly) = yearly
        && [yearly, yearly * 2.0]
            .iter()
            .any(|yearly| currency::is_sane(currency, *yearly) == Some(false))
    {
        return None;
    }
    if period.is_none() && assumed == Some(PayPeriod::Hour) && (cue_at.is_none() || size >= 100.0) {
        return None;
    }
    if assumed == Some(PayPeriod::Hour)
        && matches!(currency, None | Some("USD" | "EUR" | "GBP" | "CAD"))
        && size > 260.0
    {
        return None;
    }
    let cue_after = PAY_AFTER.among(near_right)
        || has_any(
            &words(&right),
            &[
                "equity",
                "stock",
                "options",
                "salary",
                "doe",
                "depending on experience",
                "base",
                "brutto",
                "b2b",
            ],
        );
    let money = amount.sign.is_some();
    if cue_at.is_none() && period.is_none() && !cue_after && measures(&left) {
        return None;
    }
    if !money && amount.size == Size::Plain && is_named_rate(text, amount) {
        return assumed.map(|_| Evidence { level: 3, range });
    }
    let level = match () {
        () if assumed.is_none() && !money => return None,
        () if cue_at.is_some()
            && (money || amount.size == Size::Thousand || (range && amount.low >= 10_000.0))
            && (assumed.is_some() || range) =>
        {
            3
        }
        () if !money => {
            // "150k - 200k base salary"
            if range && cue_after && amount.size == Size::Thousand && assumed.is_some() {
                return Some(Evidence { level: 2, range });
            }
            let alone = range && amount.size == Size::Thousand && stands_alone(text, amount);
            if !alone {
                return None;
            }
            1
        }
        () if cue_after && assumed.is_some() => 3,
        () if period.is_some() => 2,
        () if range && assumed.is_some() && size >= 1000.0 => 1,
        () if assumed == Some(PayPeriod::Year)
            && size >= 25_000.0
            && stands_alone(text, amount) =>
        {
            1
        }
        () => return None,
    };
    Some(Evidence { level, range })
}

/// "A portfolio of", "claims of up to", "projects between": the amount says how
/// large a thing is. People are no such things: "engineers up to".
fn measures(left: &str) -> bool {
    let words = words(left);
    let bound = |word: &&&str| {
        matches!(
            **word,
            "up" | "to" | "between" | "from" | "over" | "under" | "above" | "at" | "least"
        )
    };
    let bounds = words.iter().rev().take_while(bound).count();
    let Some(last) = words[..words.len() - bounds].last() else {
        return false;
    };
    // A sign between the two begins something else: "Oslo | up to".
    let end = last.as_ptr() as usize - left.as_ptr() as usize + last.len();
    let apart =
        left[end..].contains(|c: char| !c.is_alphanumeric() && !c.is_whitespace() && c != '$');
    let people = ["ers", "ors", "ists", "ians", "ants"];
    let are_things =
        last.ends_with('s') && last.len() > 3 && !people.iter().any(|end| last.ends_with(end));
    let of = words[..words.len() - bounds - 1]
        .last()
        .filter(|_| *last == "of");
    // "A range of" is one of the pay.
    let of_thing = of.is_some_and(|thing| {
        !matches!(
            *thing,
            "range" | "ranges" | "band" | "bracket" | "ballpark" | "figure" | "offer"
        )
    });
    !apart && (of_thing || bounds > 0 && are_things)
}

/// A bonus and what else is paid once: "$10K signing bonus".
pub(super) fn is_bonus(text: &str, amount: &Amount) -> bool {
    static ONCE: List = List::new(|| {
        Phrases::new(
            "\
    signing, sign on, sign-on, signon, referral, relocation, joining, welcome, retention, hiring",
        )
    });
    let (left, right) = (fold(before(text, amount)), fold(after(text, amount, 40)));
    let (left, right) = (words(&left), words(&right));
    let near = &left[left.len().saturating_sub(4)..];
    let is_before = (0..near.len()).any(|at| {
        let len = ONCE.length_at(near, at).unwrap_or(0);
        len > 0 && near.get(at + len) == Some(&"bonus")
    });
    is_before
        || ONCE
            .length_at(&right, 0)
            .is_some_and(|len| right.get(len) == Some(&"bonus"))
}

/// "Base pay: 45.50/hr", "Pay rate is 35-40 per hour": a word for pay right before
/// a number without a sign, and a period right behind it.
pub(super) fn is_named_rate(text: &str, amount: &Amount) -> bool {
    static PAY: List = List::new(|| {
        Phrases::new(
            "\
    pay, pays, salary, wage, wages, compensation, gehalt, lohn, stundenlohn, salaire, salario, \
    hourly rate, pay rate, rate of pay, day rate, daily rate, base pay",
        )
    });
    static LINKS: List = List::new(|| {
        Phrases::new(
            "is, of, from, up, to, range, ranges, rate, between, starting, starts, at, for, this, role, job, position",
        )
    });
    let right = after(text, amount, 20).trim_start();
    let folded = fold(right);
    let led = right.starts_with('/')
        || words(&folded)
            .first()
            .is_some_and(|word| matches!(*word, "per" | "an" | "a" | "hourly" | "p.h" | "pro"));
    if !led || period_span(text, amount).is_none() {
        return false;
    }
    let left = fold(before(text, amount));
    let left = words(&left);
    let links = left
        .iter()
        .rev()
        .take(6)
        .take_while(|word| LINKS.has_word(word))
        .count();
    let upto = left.len() - links;
    // "Rate" is a link as well: "hourly rate of".
    (upto.saturating_sub(3)..left.len()).any(|at| {
        let len = PAY.length_at(&left, at).unwrap_or(0);
        len > 0 && at + len >= upto
    })
}

/// Whether Chinese characters stand on the amount's line.
pub(super) fn is_chinese(text: &str, amount: &Amount) -> bool {
    let is_han = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}');
    before(text, amount).contains(is_han) || after(text, amount, 40).contains(is_han)
}

/// Nothing but signs, or words of a bound, beside the amount.
fn stands_alone(text: &str, amount: &Amount) -> bool {
    let left = before(text, amount);
    let left_end = left.trim_end();
    let bound = ["up to", "from", "at", "ab", "upto", "to", "of", "pay", "is"]
        .iter()
        .any(|word| left_end.to_ascii_lowercase().ends_with(word));
    let left_ok = left_end.is_empty()
        || bound
        || left_end.ends_with([
            '|', '(', '[', ',', ':', '•', '-', '–', '—', '/', '*', '~', '>', '（', '：', '，', '【',
        ]);
    let right = after(text, amount, 20).trim_start();
    let right_ok = right.is_empty()
        || right.starts_with([
            '|', ')', ']', ',', '+', '/', '-', '–', '—', '•', '*', '.', ':', '）', '，', '。', '】',
        ])
        || right.starts_with("plus");
    left_ok && right_ok
}

/// The period that the words beside the amount name.
pub(super) fn period_around(text: &str, amount: &Amount) -> Option<PayPeriod> {
    period_span(text, amount)
        .map(|(period, _)| period)
        .or_else(|| eastern_period(before(text, amount)))
        .or_else(|| {
            // "hourly rate: $50", "annual salary of 90k", "TJM 450 €"
            let left = fold(before(text, amount));
            let words = words(&left);
            let near = &words[words.len().saturating_sub(6)..];
            if has_any(near, &["day rate"]) {
                return Some(PayPeriod::Day);
            }
            near.iter().rev().find_map(|word| match *word {
                // Too short to mean a period by itself, or no period before an amount.
                "an" | "h" | "ar" | "mo" | "mc" | "pa" | "pw" | "pd" | "ph" | "hours" | "hour"
                | "hrs" | "hr" | "years" | "yrs" | "year" | "months" | "day" | "week" | "month"
                | "dia" | "mes" | "ano" | "anno" | "tag" => None,
                word => period_word(word),
            })
        })
}

/// "250 USD equivalent in AMD per month", "¥200/天": a period further on in a field,
/// before any other number.
pub(super) fn period_further(text: &str, amount: &Amount) -> Option<PayPeriod> {
    let right = &text[amount.end..];
    let next = right.find(|c: char| c.is_ascii_digit());
    let right = &right[..next.unwrap_or(right.len())];
    let chinese = [
        ("/天", PayPeriod::Day),
        ("/日", PayPeriod::Day),
        ("每天", PayPeriod::Day),
        ("/月", PayPeriod::Month),
        ("每月", PayPeriod::Month),
        ("/年", PayPeriod::Year),
        ("/小时", PayPeriod::Hour),
        ("/时", PayPeriod::Hour),
    ];
    let folded = fold(right);
    let words = words(&folded);
    let per = words.windows(2).filter(|pair| pair[0] == "per");
    per.filter_map(|pair| period_word(pair[1]))
        .next()
        .or_else(|| {
            let named = chinese.iter().find(|(sign, _)| right.contains(sign));
            named.map(|(_, period)| *period)
        })
}

/// The period after the amount, and where its word ends.
fn period_span(text: &str, amount: &Amount) -> Option<(PayPeriod, usize)> {
    let right = after(text, amount, 48);
    let folded = fold(right);
    let is_ascii = right.is_ascii();
    let mut slash = false;
    let mut end_of_last = 0;
    // The `+` of "650+" is a word of its own.
    let spans = spans(&folded).into_iter();
    let spans = spans.filter(|&(start, end)| &folded[start..end] != "+");
    for (i, (start, end)) in spans.enumerate() {
        let between = &folded[end_of_last..start];
        slash |= between.contains('/');
        if i > 0 && (between.contains(',') || between.contains(". ")) && !slash {
            return None;
        }
        end_of_last = end;
        let word = &folded[start..end];
        let written = if is_ascii {
            amount.end + end
        } else {
            amount.end
        };
        let lead = LEADS.has(word);
        let filler = lead || FILLERS.has(word);
        let short = matches!(
            word,
            "an" | "h" | "ar" | "mo" | "mc" | "y" | "m" | "d" | "w"
        );
        if word == "m" && slash {
            return Some((PayPeriod::Month, written));
        }
        if matches!(word, "y" | "d" | "w") && slash && i == 0 {
            let period = match word {
                "y" => PayPeriod::Year,
                "d" => PayPeriod::Day,
                _ => PayPeriod::Week,
            };
            return Some((period, written));
        }
        if word == "m" && folded[end..].starts_with("-c") {
            return Some((PayPeriod::Month, written));
        }
        if word == "p" && (folded[end..].starts_with("/h") || folded[end..].starts_with("/d")) {
            let period = if folded[end..].starts_with("/h") {
                PayPeriod::Hour
            } else {
                PayPeriod::Day
            };
            return Some((period, written));
        }
        let after_par = folded[..start].trim_end().ends_with("par") || slash;
        if let Some(period) = period_word(word) {
            if !short || after_par {
                let two = folded[..start].ends_with("bi-") || folded[..start].ends_with("two ");
                let half = folded[..start].ends_with("semi-")
                    || folded[..start].ends_with("semi ")
                    || folded[..start].ends_with("half ");
                let period = match period {
                    PayPeriod::Week if two => PayPeriod::TwoWeeks,
                    PayPeriod::Month if half => PayPeriod::HalfMonth,
                    period => period,
                };
                return Some((period, written));
            }
            if word == "an" {
                continue;
            }
        }
        if !filler || i > 5 {
            return None;
        }
    }
    None
}

/// Which bound the words before a single amount make it.
pub(super) fn direction(text: &str, amount: &Amount) -> Direction {
    if amount.open {
        let rest = text[amount.end..]
            .trim_start_matches('+')
            .trim_start()
            .to_ascii_lowercase();
        let extra = [
            "equity", "bonus", "benefits", "stock", "options", "super", "profit", "comm", "rsu",
        ];
        if !extra.iter().any(|word| rest.starts_with(word)) {
            return Direction::From;
        }
    }
    let behind = after(text, amount, 14).trim_start().to_ascii_lowercase();
    let more = [
        "or more",
        "and up",
        "and above",
        "or above",
        "or higher",
        "plus per",
        "upwards",
    ];
    if more.iter().any(|words| behind.starts_with(words)) {
        return Direction::From;
    }
    let suffix = |words: [&str; 4]| words.iter().any(|word| behind.starts_with(word));
    if suffix(["以上", "起", "이상", "から"]) {
        return Direction::From;
    }
    if suffix(["以下", "以内", "以內", "이하"]) {
        return Direction::UpTo;
    }
    let left = fold(before(text, amount));
    let all = words(&left);
    let last = &all[all.len().saturating_sub(4)..];
    let ends =
        |list: &List| (0..last.len()).any(|at| list.length_at(last, at) == Some(last.len() - at));
    let trimmed = left.trim_end();
    if trimmed.ends_with(['<', '≤']) || ends(&UP_TO) {
        return Direction::UpTo;
    }
    if trimmed.ends_with(['>', '≥']) || ends(&FROM) {
        return Direction::From;
    }
    Direction::Exact
}

/// Bonus or commission is part of the sum.
pub(super) fn has_extras(text: &str, amount: &Amount) -> bool {
    let (left, right) = (fold(before(text, amount)), fold(after(text, amount, 45)));
    // What stands behind the next number is said of that one.
    let right = right.split(|c: char| c.is_ascii_digit()).next();
    let right = right.unwrap_or_default();
    let (left_words, right_words) = (words(&left), words(right));
    let near = &left_words[left_words.len().saturating_sub(5)..];
    has_any(
        near,
        &[
            "ote",
            "total compensation",
            "total comp",
            "tc",
            "on target earnings",
        ],
    ) || EXTRAS.among(&right_words[..right_words.len().min(7)])
}

/// The amount as written, with the period behind it.
pub(super) fn written(text: &str, amount: &Amount) -> String {
    let end = period_span(text, amount).map_or(amount.end, |(_, end)| end.min(text.len()));
    let end = ceil(text, end.max(amount.end));
    text[amount.start..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
