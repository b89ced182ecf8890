//! A [`Taxonomy`] as a table of bytes and back: what the program carries, so
//! that it need not read the text it was made from.
//!
//! How a skill is said stands in a block of its own, which is left packed until
//! somebody asks ([`LazyWording`]).

use std::borrow::Cow;
use std::sync::OnceLock;

use super::flat::{Reader, Writer};
use super::taxonomy::{LazyWording, Wording};
use super::{Case, Kind, Need, Skill, SkillNo, Taxonomy, WeakForm, load};

const KINDS: [Kind; 5] = [
    Kind::Technology,
    Kind::Concept,
    Kind::Soft,
    Kind::Responsibility,
    Kind::Certification,
];
const NEEDS: [Need; 4] = [Need::Context, Need::Cue, Need::Direct, Need::List];
const CASES: [Case; 2] = [Case::Any, Case::Exact];

/// The bytes of a taxonomy.
pub(crate) fn pack(taxonomy: &Taxonomy) -> Vec<u8> {
    let mut to = Writer::default();
    let hash = taxonomy.hash();
    to.number((hash >> 32) as u32);
    to.number(hash as u32);
    to.length(taxonomy.skills().len());
    for skill in taxonomy.skills() {
        to.bytes(skill.id.as_bytes());
        to.bytes(skill.label.as_bytes());
        to.length(place(&KINDS, skill.kind));
        texts(&mut to, &skill.paths);
        to.rows(skill.implies.iter().map(|no| [u32::from(no.0)]));
        to.rows(skill.names.iter().map(|no| [u32::from(no.0)]));
        to.rows(
            skill
                .near
                .iter()
                .map(|(no, by)| [u32::from(no.0), by.to_bits()]),
        );
        to.bytes(&pack_wording(skill));
    }
    to.length(taxonomy.redirects().len());
    for (old, new) in taxonomy.redirects() {
        to.bytes(old.as_bytes());
        to.number(u32::from(new.0));
    }
    to.into_bytes()
}

/// The taxonomy that [`pack`] was given, which was made from `joined`.
pub(super) fn unpack(packed: &'static [u8], joined: &'static str) -> Taxonomy {
    let mut from = Reader::new(packed);
    let hash = u64::from(from.number()) << 32 | u64::from(from.number());
    let n_skills = from.length();
    let mut skills = Vec::with_capacity(n_skills);
    for _skill in 0..n_skills {
        skills.push(Skill {
            id: from.text().to_owned(),
            label: from.text().to_owned(),
            kind: KINDS[from.length()],
            paths: read_texts(&mut from),
            implies: from.rows().map(|[no]| SkillNo(no as u16)).collect(),
            names: from.rows().map(|[no]| SkillNo(no as u16)).collect(),
            near: from
                .rows()
                .map(|[no, by]| (SkillNo(no as u16), f32::from_bits(by)))
                .collect(),
            wording: LazyWording::packed(from.bytes()),
        });
    }
    let n_redirects = from.length();
    let redirects = (0..n_redirects)
        .map(|_| (from.text().to_owned(), SkillNo(from.number() as u16)))
        .collect();
    Taxonomy {
        implied: load::closure(&skills),
        skills,
        redirects,
        names: OnceLock::new(),
        hash,
        joined: Cow::Borrowed(joined),
    }
}

fn pack_wording(skill: &Skill) -> Vec<u8> {
    let mut to = Writer::default();
    for list in [
        skill.aliases(),
        skill.blocks(),
        skill.cues(),
        skill.patterns(),
    ] {
        texts(&mut to, list);
    }
    to.length(skill.weak().len());
    for WeakForm { form, case, need } in skill.weak() {
        to.bytes(form.as_bytes());
        to.length(place(&CASES, *case));
        to.length(place(&NEEDS, *need));
    }
    to.into_bytes()
}

pub(super) fn unpack_wording(packed: &[u8]) -> Wording {
    let mut from = Reader::new(packed);
    let [aliases, blocks, cues, patterns] = std::array::from_fn(|_| read_texts(&mut from));
    let n_weak = from.length();
    let weak = (0..n_weak)
        .map(|_| WeakForm {
            form: from.text().to_owned(),
            case: CASES[from.length()],
            need: NEEDS[from.length()],
        })
        .collect();
    Wording {
        aliases,
        weak,
        blocks,
        cues,
        patterns,
    }
}

fn texts(to: &mut Writer, texts: &[String]) {
    to.length(texts.len());
    texts.iter().for_each(|text| to.bytes(text.as_bytes()));
}

fn read_texts(from: &mut Reader<'_>) -> Vec<String> {
    let n = from.length();
    (0..n).map(|_| from.text().to_owned()).collect()
}

/// Where something stands in a list that has it.
fn place<T: PartialEq>(list: &[T], item: T) -> usize {
    list.iter()
        .position(|known| *known == item)
        .expect("the list is of all there are")
}
