//! The extractor against the tables in `tests/fixtures/extract/`, the whole
//! taxonomy, and any text at all.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::posting::RawSkill;
use crate::skills::Kind;

/// A file of cases.
#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

/// One text and what is to be read out of it; what is `None` is not compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: Option<String>,
    company: Option<String>,
    text: String,
    /// Exactly the technologies named and not negated.
    finds: BTreeSet<String>,
    title_finds: Option<BTreeSet<String>>,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    mentioned: Vec<String>,
    #[serde(default)]
    preferred: Vec<String>,
    #[serde(default)]
    section: BTreeMap<String, String>,
    years: Option<BTreeMap<String, Vec<f32>>>,
    groups: Option<Vec<Vec<String>>>,
    negated: Option<BTreeSet<String>>,
    examples: Option<BTreeSet<String>>,
}

const FIXTURES: &[(&str, &str)] = &[
    (
        "adverts",
        include_str!("../../tests/fixtures/extract/adverts.toml"),
    ),
    (
        "blocks",
        include_str!("../../tests/fixtures/extract/blocks.toml"),
    ),
    (
        "boundaries",
        include_str!("../../tests/fixtures/extract/boundaries.toml"),
    ),
    (
        "cues",
        include_str!("../../tests/fixtures/extract/cues.toml"),
    ),
    (
        "examples",
        include_str!("../../tests/fixtures/extract/examples.toml"),
    ),
    (
        "groups",
        include_str!("../../tests/fixtures/extract/groups.toml"),
    ),
    (
        "lists",
        include_str!("../../tests/fixtures/extract/lists.toml"),
    ),
    (
        "negation",
        include_str!("../../tests/fixtures/extract/negation.toml"),
    ),
    (
        "scripts",
        include_str!("../../tests/fixtures/extract/scripts.toml"),
    ),
    (
        "sections",
        include_str!("../../tests/fixtures/extract/sections.toml"),
    ),
    (
        "strength",
        include_str!("../../tests/fixtures/extract/strength.toml"),
    ),
    (
        "versions",
        include_str!("../../tests/fixtures/extract/versions.toml"),
    ),
    (
        "wrapped",
        include_str!("../../tests/fixtures/extract/wrapped.toml"),
    ),
    (
        "years",
        include_str!("../../tests/fixtures/extract/years.toml"),
    ),
];

/// What is wrong with what was read, if anything.
fn faults(extractor: &Extractor, case: &Case) -> Vec<String> {
    let advert = Advert {
        title: case.title.as_deref(),
        text: &case.text,
        company: case.company.as_deref(),
        ..Advert::default()
    };
    let reading = extractor.read(&advert);
    let taxonomy = extractor.taxonomy();
    let id = |mention: &Mention| taxonomy.skill(mention.skill).id.clone();
    let things = |mentions: &[Mention]| -> Vec<Mention> {
        mentions
            .iter()
            .filter(|mention| {
                !mention.implied && taxonomy.skill(mention.skill).kind == Kind::Technology
            })
            .copied()
            .collect()
    };
    let (title, body) = (things(&reading.title), things(&reading.body));
    let ids = |mentions: &[Mention], keep: &dyn Fn(&Mention) -> bool| -> BTreeSet<String> {
        mentions
            .iter()
            .filter(|mention| keep(mention))
            .map(id)
            .collect()
    };
    let mut faults = Vec::new();
    let mut compare = |what: &str, found: String, wanted: String| {
        if found != wanted {
            faults.push(format!("{what}: {found} instead of {wanted}"));
        }
    };
    let show = |set: &BTreeSet<String>| format!("{set:?}");
    compare(
        "finds",
        show(&ids(&body, &|mention| !mention.negated)),
        show(&case.finds),
    );
    if let Some(wanted) = &case.title_finds {
        compare(
            "title",
            show(&ids(&title, &|mention| !mention.negated)),
            show(wanted),
        );
    }
    if let Some(wanted) = &case.negated {
        compare(
            "negated",
            show(&ids(&body, &|mention| mention.negated)),
            show(wanted),
        );
    }
    if let Some(wanted) = &case.examples {
        compare(
            "examples",
            show(&ids(&body, &|mention| mention.example)),
            show(wanted),
        );
    }
    for (strength, skills) in [
        (SkillStrength::Required, &case.required),
        (SkillStrength::Mentioned, &case.mentioned),
        (SkillStrength::Preferred, &case.preferred),
    ] {
        for skill in skills {
            let found = body
                .iter()
                .find(|mention| id(mention) == *skill)
                .map(|mention| mention.strength);
            compare(skill, format!("{found:?}"), format!("{:?}", Some(strength)));
        }
    }
    for (skill, section) in &case.section {
        let found = body
            .iter()
            .find(|mention| id(mention) == *skill)
            .map(|mention| mention.section.as_str());
        compare(skill, format!("{found:?}"), format!("{:?}", Some(section)));
    }
    if let Some(wanted) = &case.years {
        let found: BTreeMap<String, Vec<f32>> = body
            .iter()
            .filter_map(|mention| Some((id(mention), mention.years?)))
            .map(|(id, years)| (id, years.min.into_iter().chain(years.max).collect()))
            .collect();
        compare("years", format!("{found:?}"), format!("{wanted:?}"));
    }
    if let Some(wanted) = &case.groups {
        let mut groups: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        for mention in &body {
            if let Some(group) = mention.group {
                groups.entry(group).or_default().insert(id(mention));
            }
        }
        compare(
            "groups",
            format!("{:?}", groups.values().collect::<Vec<_>>()),
            {
                let sets: Vec<BTreeSet<&String>> =
                    wanted.iter().map(|group| group.iter().collect()).collect();
                format!("{sets:?}")
            },
        );
    }
    faults
}

#[test]
fn the_tables_hold() {
    let extractor = Extractor::embedded();
    let mut wrong = Vec::new();
    let mut n_cases = 0;
    for (name, file) in FIXTURES {
        let file: Cases = toml::from_str(file).unwrap();
        for case in &file.cases {
            n_cases += 1;
            for fault in faults(&extractor, case) {
                wrong.push(format!("{name}: {:?}\n    {fault}", case.text));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {n_cases} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(n_cases >= 200);
}

#[test]
fn no_sure_name_belongs_to_two_skills() {
    let taxonomy = Taxonomy::embedded();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut clashes = Vec::new();
    for skill in taxonomy.skills() {
        for alias in skill.aliases() {
            let Some(squashed) = lexicon::trie::Squashed::new(alias) else {
                continue;
            };
            let key = format!("{:?} {:?}", squashed.letters, Layer::of(skill.kind));
            match owners.get(&key) {
                Some(owner) if *owner != skill.id => {
                    clashes.push(format!("`{alias}`: {owner}, {}", skill.id))
                }
                _ => {
                    owners.insert(key, &skill.id);
                }
            }
        }
    }
    assert!(
        clashes.is_empty(),
        "{} clashes:\n{}",
        clashes.len(),
        clashes.join("\n")
    );
}

/// The fields, not things, that a text names.
fn fields(text: &str, title: Option<&str>) -> Vec<String> {
    let extractor = Extractor::embedded();
    let advert = Advert {
        text,
        title,
        ..Advert::default()
    };
    let Reading { title, body, .. } = extractor.read(&advert);
    let skills = title.into_iter().chain(body);
    let skills = skills.map(|mention| extractor.taxonomy().skill(mention.skill));
    let mut fields: Vec<String> = skills
        .filter(|skill| skill.kind == Kind::Concept)
        .map(|skill| skill.id.clone())
        .collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

#[test]
fn fields_are_told_from_what_only_looks_like_them() {
    let fields = |text| fields(text, None);
    // A compound is not what it ends with, but for words that only make more of it.
    assert!(fields("cutting-edge AI, high-performance marketing").is_empty());
    assert_eq!(fields("semi-supervised learning"), ["machine-learning"]);
    // What is said short behind a phrase that says it is something else.
    let asks = "Python, SQL. We may use artificial intelligence (AI) to read applications.";
    assert!(fields(asks).is_empty());
    // Common words may have a plural.
    assert_eq!(
        fields("Python and SQL, dashboards and visualizations"),
        ["data-visualisation"]
    );
    let both = ["backend-development", "frontend-development"];
    assert_eq!(fields("Python, SQL; front-end and back end"), both);
}

#[test]
fn a_field_is_told_from_words_that_only_hold_its_name() {
    let fields = |text: &str| fields(text, None);
    assert!(fields("扫描并发现漏洞").is_empty());
    assert_eq!(fields("高并发"), ["concurrency"]);
    assert!(!fields("聊天机器人").contains(&"robotics".to_owned()));
    let of = |text: &str, id: &str| {
        fields(&format!("Python, SQL, Docker. {text}")).contains(&id.to_owned())
    };
    assert!(!of("Vale-transporte, VR, plano de saúde", "ar-vr"));
    assert!(!of("VA, VR e Gympass", "ar-vr"));
    assert!(of("Experience with VR", "ar-vr"));
    assert!(!of(
        "Refine our messaging and positioning.",
        "message-queues"
    ));
    assert!(!of("Messaging that sells boats", "message-queues"));
    assert!(of("Messaging by broker", "message-queues"));
    assert!(of("Experience with No-SQL", "nosql"));
    assert!(!of("There is no SQL", "nosql"));
    for (text, id) in [
        ("熟悉线性回归", "regression-models"),
        ("A/B检验", "ab-testing"),
        ("低代码平台", "low-code"),
        ("梯度下降", "gradient-descent"),
        ("k-fold cross-validation", "cross-validation"),
        ("low-latency systems", "low-latency-systems"),
        ("data entry", "data-entry"),
        ("social-media marketing", "social-media-marketing"),
        ("building information modelling", "bim"),
    ] {
        assert!(fields(text).contains(&id.to_owned()), "{text}");
    }
}

#[test]
fn chinese_names_of_soft_skills_are_known() {
    let extractor = Extractor::embedded();
    for (text, id) in [
        ("良好的沟通表达", "communication"),
        ("团队协同", "teamwork"),
        ("解决复杂问题", "problem-solving"),
        ("谈判", "negotiation"),
    ] {
        let found = extractor.extract(text);
        let mut ids = found
            .iter()
            .map(|mention| &extractor.taxonomy().skill(mention.skill).id);
        assert!(ids.any(|found| found == id), "{text}");
    }
}

#[test]
fn no_phrase_goes_across_a_dash() {
    let found = |text: &str| -> Vec<String> {
        let extractor = Extractor::embedded();
        let id = |mention: Mention| extractor.taxonomy().skill(mention.skill).id.clone();
        extractor.extract(text).into_iter().map(id).collect()
    };
    let both = "Forward Deployed Engineer - Software Engineer";
    assert!(!found(both).contains(&"deploy-software".to_owned()));
    assert!(found("a deployment team - working knowledge of nothing").is_empty());
    assert_eq!(found("strong problem–solving skills"), ["problem-solving"]);
    assert!(!found("Write client- and server-side code").is_empty());
}

#[test]
fn what_others_do_is_asked_of_nobody() {
    let found = |text: &str| {
        let extractor = Extractor::embedded();
        let kind = |mention: &Mention| extractor.taxonomy().skill(mention.skill).kind;
        let all = extractor.extract(text);
        all.iter()
            .any(|mention| kind(mention) == Kind::Responsibility)
    };
    for told in [
        "We write unit tests.",
        "a platform that integrates with APIs",
        "Currently hiring engineers and designers.",
        "mining, data and pottery",
        "code, and domain-specific applications",
        "partnerships with leading advertisers and app developers",
        "work under the established procedures of the port",
        "evaluate grant applications",
        "provide policy guidance to the board",
    ] {
        assert!(!found(told), "{told}");
    }
    for asked in [
        "You write unit tests.",
        "Write unit tests.",
        "IT project management",
        "You will integrate with APIs",
        "You develop, test and deploy software",
        "Design, implement, and test features",
        "Responsible for hiring engineers",
        "experience with leading engineers",
    ] {
        assert!(found(asked), "{asked}");
    }
}

#[test]
fn risks_of_the_law_are_no_audit() {
    let extractor = Extractor::embedded();
    let audits = |text: &str| {
        let found = extractor.extract(text);
        let mut ids = found
            .iter()
            .map(|mention| &extractor.taxonomy().skill(mention.skill).id);
        ids.any(|id| id == "run-security-audits")
    };
    assert!(!audits("identify potential legal risks"));
    assert!(audits("identify potential risks"));
}

#[test]
fn a_role_is_the_title_where_the_text_names_little() {
    let text = "Write to us.";
    assert_eq!(
        fields(text, Some("Backend Engineer")),
        ["backend-development"]
    );
    assert!(fields(text, Some("Network Rail")).is_empty());
}

#[test]
fn forms_of_several_words_are_found_however_they_are_parted() {
    let found = |text: &str| -> Vec<String> {
        let extractor = Extractor::embedded();
        let named = extractor.extract(text).into_iter().filter(|m| !m.implied);
        let id = |mention: Mention| extractor.taxonomy().skill(mention.skill).id.clone();
        named.map(id).collect()
    };
    for text in [
        "Ruby on Rails",
        "ruby-on-rails",
        "RubyOnRails",
        "Ruby OnRails",
        "Ruby  on Rails",
        "RUBY ON RAILS",
        "RubyOn Rails",
    ] {
        assert_eq!(found(text), ["ruby-on-rails"], "{text:?}");
    }
    assert_eq!(found("relational databases"), ["relational-database"]);
    assert_eq!(found("Visual Studio 2019 Code"), ["visual-studio"]);
    assert_eq!(found("SystemCenter ConfigurationManager"), ["sccm"]);
    assert!(found("IBM is great, IBM  is great").is_empty());
}

#[test]
fn a_very_long_form_is_found_and_one_that_many_share_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let long = format!("zz {} {}", "abcdefghij".repeat(60), "学习".repeat(200));
    let block = |id: &str, alias: &str| {
        format!(
            "[[skill]]\nid = \"{id}\"\nlabel = \"{id} of ours\"\nkind = \"technology\"\n\
             paths = [\"tool/editor\"]\naliases = [\"{alias}\"]\n"
        )
    };
    let read = |blocks: String| {
        std::fs::write(directory.path().join("own.toml"), blocks).unwrap();
        Taxonomy::embedded_and(directory.path())
    };
    let extractor = Extractor::new(&Arc::new(read(block("zz-long", &long)).unwrap()));
    let found = extractor.extract(&format!("We use {long}, Docker and zz."));
    let ids = found
        .iter()
        .map(|mention| &extractor.taxonomy().skill(mention.skill).id);
    assert_eq!(ids.collect::<Vec<_>>(), ["zz-long", "docker"]);

    let many = |n: usize| {
        (0..n)
            .map(|no| block(&format!("zz-{no}"), "zz shared"))
            .collect()
    };
    Extractor::new(&Arc::new(read(many(50)).unwrap()));
    let error = read(many(51)).unwrap_err().to_string();
    assert!(
        error.contains("`zzshared` is a spelling or a block 51 times"),
        "{error}"
    );
}

#[test]
fn every_label_is_found_where_something_speaks_for_it() {
    let extractor = Extractor::embedded();
    let taxonomy = extractor.taxonomy();
    let mut lost = Vec::new();
    for (no, skill) in taxonomy.iter() {
        let text = match skill.kind {
            Kind::Technology | Kind::Certification => {
                format!("Python, {}, Docker, Kubernetes.", skill.label)
            }
            _ => format!("Experience with {}, Python and Docker.", skill.label),
        };
        let found = extractor.extract(&text);
        let said = found
            .iter()
            .any(|mention| mention.skill == no && !mention.negated);
        // Soft skills and duties are phrases; their labels are headings for them.
        // A label with brackets explains; its aliases are what is written.
        if !said && skill.kind.is_hard() && !skill.label.contains('(') {
            lost.push(format!("{} ({})", skill.id, skill.label));
        }
    }
    assert!(
        lost.is_empty(),
        "{} labels:\n{}",
        lost.len(),
        lost.join("\n")
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let taxonomy = Taxonomy::embedded();
    for (no, skill) in taxonomy.iter() {
        let near = skill.near.iter().map(|(near, _)| near);
        for reference in skill.implies.iter().chain(&skill.names).chain(near) {
            assert!(*reference != no, "{} refers to itself", skill.id);
            assert!(!taxonomy.skill(*reference).id.is_empty());
        }
        assert!(
            !taxonomy.implied_by(no).contains(&no),
            "{} implies itself",
            skill.id
        );
    }
}

#[test]
fn sections_cover_the_text() {
    let extractor = Extractor::embedded();
    let text = "Intro\n\nRequirements:\nGo\nBenefits:\nCake";
    let sections = extractor.sections(text);
    let kinds: Vec<&str> = sections
        .iter()
        .map(|section| section.kind.as_str())
        .collect();
    assert_eq!(kinds, ["none", "required", "benefits"]);
    assert_eq!(&text[sections[1].heading.clone()], "Requirements");
    assert_eq!(sections[2].text.end, text.len());
}

/// What cues and patterns are made of: they look at the words around them.
const WORDS: &[&str] = &[
    "the",
    "with",
    "leading",
    "hiring",
    "mentoring",
    "established",
    "engineers",
    "one of",
    "is a plus",
    "would be a plus:",
    "ideally",
    "Nice to have:",
    "Our stack:",
    "experience",
    "Rust",
    "Go",
    "SQL.5+",
    "/",
    ";",
    ".",
    ",",
    "and",
    "You can",
    "we use",
    "优先",
    "熟悉",
    "，",
    "：",
    "等",
    "至少一种",
];

/// Text of the kind that breaks readers: names, signs, scripts, line ends.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("C++".to_owned()),
        Just("Node.js".to_owned()),
        Just("5+ years of ".to_owned()),
        Just("Python".to_owned()),
        Just(" or ".to_owned()),
        Just("精通".to_owned()),
        Just("’s".to_owned()),
        Just("\n\n".to_owned()),
        Just("Requirements:\n".to_owned()),
        Just("no ".to_owned()),
        Just("spring 2026".to_owned()),
        Just("İ\u{301}ß".to_owned()),
        proptest::sample::select(WORDS).prop_map(str::to_owned),
        proptest::sample::select(WORDS).prop_map(|word| format!("{word} ")),
        "[ -~]{1,6}",
        "\\PC{1,3}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_can_be_read(text in any_text(), title in any_text()) {
        let extractor = Extractor::embedded();
        let stated: Vec<RawSkill> = text.split(' ').chain([title.as_str()]).map(|tag| RawSkill::new(tag.to_owned(), None)).collect();
        let advert = Advert { title: Some(&title), text: &text, company: Some("Python Inc."), stated: &stated };
        let reading = extractor.read(&advert);
        for StatedMention { entry, mention } in &reading.stated {
            prop_assert!(mention.start < mention.end);
            prop_assert!(stated[*entry].text.get(mention.start..mention.end).is_some());
        }
        for (source, mentions) in [(&title, &reading.title), (&text, &reading.body)] {
            prop_assert!(mentions.is_sorted_by_key(|mention| mention.start));
            for mention in mentions {
                prop_assert!(mention.start < mention.end);
                prop_assert!(source.get(mention.start..mention.end).is_some());
                prop_assert!((0.0..=1.0).contains(&mention.confidence));
            }
        }
        let profile = reading.profile(extractor.taxonomy());
        prop_assert!(profile.ask.iter().all(|wanted| !wanted.any_of.is_empty()));
        let _ = extractor.refusals(&advert);
        let sections = extractor.sections(&text);
        prop_assert!(sections.iter().all(|section| text.get(section.text.clone()).is_some()));
    }
}
