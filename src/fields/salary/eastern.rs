//! Words of pay in Chinese, Japanese and Korean, which writes no blanks around them:
//! they are looked for in what stands before an amount on its line.

use crate::fields::text::tail;
use crate::posting::PayPeriod;

/// The last word for pay by some period that Chinese, Japanese or Korean has before
/// an amount, whatever it is glued to: "首年年薪6-15万", "시급 10,030원".
pub(super) fn eastern_period(left: &str) -> Option<PayPeriod> {
    const WORDS: [(&str, PayPeriod); 17] = [
        ("年薪", PayPeriod::Year),
        ("年収", PayPeriod::Year),
        ("年俸", PayPeriod::Year),
        ("연봉", PayPeriod::Year),
        ("月薪", PayPeriod::Month),
        ("月給", PayPeriod::Month),
        ("월급", PayPeriod::Month),
        ("周薪", PayPeriod::Week),
        ("週給", PayPeriod::Week),
        ("日薪", PayPeriod::Day),
        ("日給", PayPeriod::Day),
        ("일급", PayPeriod::Day),
        ("时薪", PayPeriod::Hour),
        ("時薪", PayPeriod::Hour),
        ("時給", PayPeriod::Hour),
        ("시급", PayPeriod::Hour),
        ("시간당", PayPeriod::Hour),
    ];
    if left.is_ascii() {
        return None;
    }
    // What stands before a comma is about something else.
    let left = left.rsplit(['，', '。', '；', ',']).next()?;
    let found = WORDS.iter();
    let found = found.filter_map(|(word, period)| Some((left.rfind(word)?, *period)));
    found.max_by_key(|(at, _)| *at).map(|(_, period)| period)
}

/// A rise, an allowance or a bonus in Chinese right before an amount.
pub(super) fn is_extra_before(left: &str) -> bool {
    const WORDS: [&str; 16] = [
        "涨薪",
        "加薪",
        "调薪",
        "补贴",
        "津贴",
        "补助",
        "餐补",
        "房补",
        "奖金",
        "年终奖",
        "礼金",
        "奖励",
        "报销",
        "预算",
        "融资",
        "押金",
    ];
    let near = tail(left, 18);
    !near.is_ascii() && WORDS.iter().any(|word| near.contains(word))
}
