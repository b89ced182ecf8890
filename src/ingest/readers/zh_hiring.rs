//! The Chinese monthly threads "谁在招人？" kept as GitHub issues: the comments
//! themselves, or the same with fields a model has read out of them. One comment
//! is one posting; both forms of it have one id.

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::fields::{dates, places, salary};
use crate::ingest::RecordError;
use crate::ingest::text::{block, line};
use crate::posting::{Location, Posting, Precision, RawSkill, Workplace};

/// Words with which models and people leave a field open.
const OPEN: &[&str] = &[
    "未提及",
    "未提供",
    "未知",
    "未说明",
    "不详",
    "面议",
    "无",
    "不限",
    "薪资范围文本",
    "城市1",
    "城市2",
    "全国",
    "公司名称",
    "多家公司",
];

/// Words that an offer of work does not go without.
const OFFERS: &[&str] = &[
    "招",
    "岗位",
    "职位",
    "职责",
    "工程师",
    "内推",
    "薪",
    "简历",
    "hiring",
    "engineer",
    "developer",
    "加入我们",
    "坐标",
];

/// In which of two forms a thread is kept.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// The comments as they were written.
    Raw,
    /// With fields read out of them.
    Parsed,
}

impl Form {
    /// The name of its reader.
    pub(super) fn reader(self) -> &'static str {
        match self {
            Form::Raw => "zh-hiring",
            Form::Parsed => "zh-hiring-parsed",
        }
    }

    /// Where a thread has its comments, and a comment its text.
    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Form::Raw => ("comments", "body"),
            Form::Parsed => ("postings", "rawContent"),
        }
    }

    /// Whether a document is one of these threads.
    pub(super) fn is_thread(self, document: &Value) -> bool {
        let (comments, _) = self.keys();
        document.get("issueNumber").is_some() && document.get(comments).is_some_and(Value::is_array)
    }

    /// Whether a record is a comment, with what [`Form::records`] puts beside it.
    pub(super) fn is_comment(self, record: &Value) -> bool {
        let (comments, text) = self.keys();
        record.get("issueNumber").is_some()
            && record.get(text).is_some()
            && record.get(comments).is_none()
    }

    /// The comments of a thread, each with the thread's number and month.
    pub(super) fn records(self, mut document: Value) -> Vec<Value> {
        let (comments, _) = self.keys();
        let of_thread =
            json!({"issueNumber": document["issueNumber"], "yearMonth": document["yearMonth"]});
        let Some(Value::Array(comments)) = document.get_mut(comments).map(Value::take) else {
            return vec![document];
        };
        let with_thread = |mut comment: Value| {
            if let (Value::Object(fields), Value::Object(thread)) = (&mut comment, &of_thread) {
                for (key, value) in thread {
                    fields.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            comment
        };
        comments.into_iter().map(with_thread).collect()
    }
}

/// Reads one comment. `contact` and `author` are people: the first is left out,
/// the second kept as a number only.
pub(super) fn posting(record: &Value) -> Result<Posting, RecordError> {
    let body = string(record, "rawContent")
        .or_else(|| string(record, "body"))
        .unwrap_or_default();
    if record.get("isMinimized") == Some(&Value::Bool(true)) {
        return Err(RecordError::NotAPosting("a comment hidden by moderators"));
    }
    let text = block(&without_images(body)).ok_or(RecordError::NotAPosting("only a picture"))?;
    let is_parsed = record.get("rawContent").is_some();
    if is_notice(&text) {
        return Err(RecordError::NotAPosting("a notice of the thread"));
    }
    if seeks_work(&text) {
        return Err(RecordError::NotAPosting("a job seeker"));
    }
    if let Some(what) = no_posting(&text).filter(|_| !is_parsed) {
        return Err(RecordError::NotAPosting(what));
    }
    let id = ["commentId", "id"]
        .iter()
        .find_map(|key| match record.get(*key)? {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => text.rsplit('-').next().and_then(line),
            _ => None,
        });
    let id = id.ok_or_else(|| RecordError::Syntax("a comment without an id".to_owned()))?;
    let thread = record["issueNumber"]
        .as_u64()
        .map(|number| number.to_string());
    let dated = string(record, "createdAt").and_then(dates::parse);
    let month = || string(record, "yearMonth").and_then(dates::month);
    let (posted_at, posted_precision) = match dated {
        Some(dated) => (Some(dated.at), Some(dated.precision)),
        None => (
            month().map(|month| month.at),
            month().map(|_| Precision::Month),
        ),
    };
    let titles = titles(record);
    let mut posting = Posting {
        id: format!("zh-hiring:{id}"),
        source: "zh-hiring".to_owned(),
        native_id: Some(id),
        board: thread.clone(),
        thread,
        title: match titles.is_empty() {
            true => heading(&text),
            false => Some(titles.join("，")),
        },
        company: said(record, "company")
            .or_else(|| labelled(&text, &["公司名称", "公司名", "公司"])),
        locations: locations(record, &text),
        workplace: workplace(record, &text),
        posted_at,
        posted_precision,
        salary: said(record, "salaryRange").and_then(|pay| salary::parse(&pay, Some("CN"))),
        skills_raw: list(record, "techStack")
            .map(|text| RawSkill::new(text, None))
            .collect(),
        description_text: Some(text),
        ..Posting::default()
    };
    if titles.len() > 1 {
        posting.extra.insert("roles".to_owned(), titles.into());
    }
    for (key, name) in [
        ("experienceReq", "experience"),
        ("educationReq", "education"),
        ("salaryRange", "salary_raw"),
        ("companyType", "company_type"),
    ] {
        if let Some(said) = said(record, key) {
            posting.extra.insert(name.to_owned(), said.into());
        }
    }
    if let Some(author) = string(record, "author") {
        let hash = format!("{:016x}", xxh3_64(author.as_bytes()));
        posting.extra.insert("author_hash".to_owned(), hash.into());
    }
    Ok(posting)
}

/// Whether a comment is headed as the advert of someone who looks for work.
fn seeks_work(text: &str) -> bool {
    let head: String = text
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect();
    (head.contains("求职") || head.contains("找工作")) && !head.contains('招')
}

/// Whether a comment closes the thread or sums up an earlier one.
fn is_notice(text: &str) -> bool {
    let head: String = text.chars().take(120).collect();
    ["本帖关闭", "招聘帖关闭", "招聘汇总", "招聘信息汇总"]
        .iter()
        .any(|words| head.contains(words))
}

/// What a comment is that offers no work.
fn no_posting(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(120).collect();
    let length = text.chars().filter(|c| !c.is_whitespace()).count();
    let has = |words: &[&str]| words.iter().any(|word| text.to_lowercase().contains(word));
    if length < 160 && has(&["有没有招", "求职", "找工作", "求内推", "有没有公司"])
    {
        return Some("a job seeker");
    }
    // "I have just left university …" and no word of hiring.
    if length < 200 && text.contains("本人") && text.contains("毕业生") && !text.contains('招')
    {
        return Some("a job seeker");
    }
    let answers = head.starts_with(['@', '>', '＠']);
    if (answers && length < 300) || (length < 60 && !has(OFFERS)) {
        return Some("a reply");
    }
    None
}

/// Markdown and HTML pictures say nothing.
fn without_images(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("![") {
        let after = &rest[at..];
        let end = after
            .find("](")
            .and_then(|middle| Some(middle + after[middle..].find(')')? + 1));
        match end {
            Some(end) => {
                out.push_str(&rest[..at]);
                rest = &after[end..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &after[2..];
            }
        }
    }
    out + rest
}

/// The first line, if it is a heading: short, and no sentence.
fn heading(text: &str) -> Option<String> {
    let mark = |c: char| c.is_whitespace() || matches!(c, '#' | '*' | '-' | '>' | '_');
    let first = text
        .lines()
        .map(|line| line.trim_matches(mark).replace("**", ""))
        .find(|line| !line.is_empty())?;
    let is_short = first.chars().count() <= 60
        && !first.contains(['。', '！', '？', '~'])
        && !first.starts_with("http");
    is_short.then_some(first)
}

/// The value of a line such as `公司：…`.
fn labelled(text: &str, labels: &[&str]) -> Option<String> {
    let mark = |c: char| {
        c.is_whitespace() || matches!(c, '#' | '*' | '-' | '>' | '_' | '【' | '[' | '•' | '·')
    };
    text.lines().find_map(|written| {
        let written = written.trim_matches(mark);
        labels.iter().find_map(|label| {
            let rest = written
                .strip_prefix(label)?
                .trim_start_matches(['】', ']', '*', ' ']);
            let value = rest.strip_prefix(['：', ':'])?.trim_matches(mark);
            let is_short =
                !value.is_empty() && value.chars().count() <= 40 && !value.contains(['。', '，']);
            value_of(value).filter(|_| is_short)
        })
    })
}

fn value_of(text: &str) -> Option<String> {
    let text = line(text)?;
    let is_open = OPEN
        .iter()
        .any(|open| text == *open || (open.chars().count() > 2 && text.starts_with(open)));
    (!is_open).then_some(text)
}

fn said(record: &Value, key: &str) -> Option<String> {
    string(record, key).and_then(value_of)
}

fn string<'v>(record: &'v Value, key: &str) -> Option<&'v str> {
    record.get(key)?.as_str()
}

fn list<'v>(record: &'v Value, key: &str) -> impl Iterator<Item = String> + 'v {
    let items = record
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(Value::as_str).filter_map(value_of)
}

fn titles(record: &Value) -> Vec<String> {
    let positions = record
        .get("positions")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    positions
        .iter()
        .filter_map(|position| said(position, "title"))
        .collect()
}

/// Where people say the place, if no field does.
const PLACES: &[&str] = &[
    "工作地点",
    "工作地",
    "办公地点",
    "地点",
    "地址",
    "公司地址",
    "城市",
    "坐标",
    "base",
    "Base",
    "BASE",
];

fn locations(record: &Value, text: &str) -> Vec<Location> {
    let mut raws: Vec<String> = list(record, "location")
        .filter(|raw| !is_remote(raw))
        .collect();
    if record.get("location").is_none() {
        raws.extend(labelled(text, PLACES));
        raws.extend(in_brackets(text));
    }
    let mut found: Vec<Location> = Vec::new();
    for raw in &raws {
        for mut place in city(raw).map_or_else(|| places::parse(raw), |place| vec![place]) {
            place.raw = if place.raw.is_empty() {
                raw.clone()
            } else {
                place.raw
            };
            let is_new = !found
                .iter()
                .any(|known| known.city == place.city && known.raw == place.raw);
            if is_new && (place.country.is_some() || record.get("location").is_some()) {
                found.push(place);
            }
        }
    }
    found
}

/// `【北京】` in the first line.
fn in_brackets(text: &str) -> impl Iterator<Item = String> + '_ {
    let first = text.lines().next().unwrap_or_default();
    let parts = first.split([
        '【', '】', '[', ']', '（', '）', '(', ')', '/', '、', '-', '|', '｜', ' ', '<', '>', '·',
        ',', '，', '*',
    ]);
    parts.filter(|part| city(part).is_some()).map(str::to_owned)
}

/// A Chinese city with or without its district.
fn city(raw: &str) -> Option<Location> {
    let raw = raw.trim();
    // Two characters name every city here; a district may follow.
    let name: String = raw.chars().take(2).collect();
    let rest: String = raw.chars().skip(2).collect();
    let is_name = rest.is_empty()
        || (raw.chars().count() <= 12 && rest.starts_with('市'))
        || raw.chars().count() <= 6;
    let (_, english, region) = CITIES
        .iter()
        .find(|(chinese, ..)| *chinese == name && is_name)?;
    Some(Location {
        raw: raw.to_owned(),
        city: Some((*english).to_owned()),
        region: Some((*region).to_owned()).filter(|region| !region.is_empty()),
        country: Some("CN".to_owned()),
        ..Location::default()
    })
}

/// The cities of these threads, by frequency.
const CITIES: &[(&str, &str, &str)] = &[
    ("北京", "Beijing", ""),
    ("上海", "Shanghai", ""),
    ("杭州", "Hangzhou", "Zhejiang"),
    ("深圳", "Shenzhen", "Guangdong"),
    ("广州", "Guangzhou", "Guangdong"),
    ("南京", "Nanjing", "Jiangsu"),
    ("成都", "Chengdu", "Sichuan"),
    ("西安", "Xi'an", "Shaanxi"),
    ("武汉", "Wuhan", "Hubei"),
    ("重庆", "Chongqing", ""),
    ("苏州", "Suzhou", "Jiangsu"),
    ("无锡", "Wuxi", "Jiangsu"),
    ("长沙", "Changsha", "Hunan"),
    ("天津", "Tianjin", ""),
    ("合肥", "Hefei", "Anhui"),
    ("厦门", "Xiamen", "Fujian"),
    ("大连", "Dalian", "Liaoning"),
    ("珠海", "Zhuhai", "Guangdong"),
    ("青岛", "Qingdao", "Shandong"),
    ("东莞", "Dongguan", "Guangdong"),
    ("郑州", "Zhengzhou", "Henan"),
    ("佛山", "Foshan", "Guangdong"),
    ("宁波", "Ningbo", "Zhejiang"),
    ("福州", "Fuzhou", "Fujian"),
    ("济南", "Jinan", "Shandong"),
    ("昆明", "Kunming", "Yunnan"),
    ("沈阳", "Shenyang", "Liaoning"),
    ("海口", "Haikou", "Hainan"),
];

fn is_remote(text: &str) -> bool {
    text.contains("远程") || text.eq_ignore_ascii_case("remote")
}

/// A flag or a place says remote; a false flag says nothing.
fn workplace(record: &Value, text: &str) -> Option<Workplace> {
    let flagged = record.get("isRemote") == Some(&Value::Bool(true));
    let placed = list(record, "location").any(|raw| is_remote(&raw));
    let first = text.lines().next().unwrap_or_default();
    let labelled = labelled(text, PLACES).is_some_and(|raw| is_remote(&raw));
    let headed = record.get("location").is_none()
        && (first.contains("【远程】") || first.contains("[远程]") || labelled);
    (flagged || placed || headed).then_some(Workplace::Remote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(body: &str) -> Value {
        json!({"id": 7, "issueNumber": 3, "yearMonth": "2022-05", "author": "someone", "body": body, "createdAt": "2022-05-03T08:00:00Z", "isMinimized": false})
    }

    #[track_caller]
    fn check(body: &str, rejected: Option<&str>) {
        let found = posting(&comment(body));
        assert_eq!(
            found.as_ref().err().map(RecordError::reason),
            rejected,
            "{body}: {found:?}"
        );
    }

    #[test]
    fn what_offers_no_work_is_no_posting() {
        check("本帖关闭，欢迎浏览下一期。", Some("a notice of the thread"));
        check(
            "这个月的招聘帖关闭，请到下一期发布岗位。",
            Some("a notice of the thread"),
        );
        check(
            "本人是19届毕业生，会 Go 和 SQL，希望有老板收留。",
            Some("a job seeker"),
        );
        check("白鹭科技招聘 Go 工程师，本人是团队负责人，欢迎投递", None);
        check(
            "有没有招实习生的，想找个后端方向的实习",
            Some("a job seeker"),
        );
        check("@某人 请看上面的链接", Some("a reply"));
        check(
            "![招聘](https://pictures.example/1.png)",
            Some("only a picture"),
        );
        check("白鹭科技招聘 Go 工程师，简历发邮箱", None);
    }

    #[test]
    fn both_forms_of_a_comment_have_one_id() {
        let raw = posting(&comment(
            "# 【杭州】白鹭科技 Go 工程师\n公司：白鹭科技\n工作地点：杭州市西湖区",
        ))
        .unwrap();
        assert_eq!(
            (raw.id.as_str(), raw.company.as_deref()),
            ("zh-hiring:7", Some("白鹭科技"))
        );
        assert_eq!(raw.locations[0].city.as_deref(), Some("Hangzhou"));
        let parsed = json!({"id": "3-7", "commentId": 7, "issueNumber": 3, "yearMonth": "2022-05", "author": "someone", "rawContent": "招人",
            "company": "白鹭科技", "positions": [{"title": "Go 工程师"}, {"title": "前端工程师"}], "location": ["杭州", "远程", "未知"],
            "isRemote": false, "salaryRange": "未提及", "techStack": ["Go"], "contact": "a@b.example"});
        let mut roundup = parsed.clone();
        roundup["rawContent"] = "上个月的招聘信息汇总，仍然有效".into();
        assert!(posting(&roundup).is_err());
        let parsed = posting(&parsed).unwrap();
        assert_eq!(parsed.id, raw.id);
        assert_eq!(
            (parsed.workplace, parsed.locations.len()),
            (Some(Workplace::Remote), 1)
        );
        assert_eq!(parsed.title.as_deref(), Some("Go 工程师，前端工程师"));
        assert!(!format!("{parsed:?}").contains("b.example"));
    }
}
