//! The JSON of `gap` and `rate`.

use serde_json::{Map, Value, json};

use super::{Provenance, card, name, named, put, rounded, score};
use crate::posting::Posting;
use crate::query::rank::{Parts, Person};
use crate::report::stats::Share;
use crate::report::{Gap, GapStep};
use crate::skills::Taxonomy;

/// The answer of `gap`.
pub fn gap(gap: &Gap, person: &Person, taxonomy: &Taxonomy, provenance: &Provenance) -> Value {
    let share = |(n, share): &(u64, Share)| {
        json!({
            "n": n, "total": gap.total, "share": rounded(share.share, 5),
            "low": rounded(share.low, 5), "high": rounded(share.high, 5),
        })
    };
    let step = |step: &GapStep| {
        let mut fields = named(taxonomy, step.skill);
        fields.insert("gain".to_owned(), rounded(step.gain, 3).into());
        fields.insert("unlocks".to_owned(), share(&step.unlocks));
        fields.insert("reach".to_owned(), share(&step.reach));
        fields.insert("helps".to_owned(), step.helps.into());
        fields.insert("employers".to_owned(), step.employers.into());
        let beside = step.together_with.map(|no| named(taxonomy, no));
        put(&mut fields, "together_with", beside);
        let pay = step.pay.as_ref();
        let pay = pay.map(|(median, currency, n)| {
            json!({"median": rounded(*median, 0), "currency": currency, "n": n})
        });
        put(&mut fields, "pay", pay);
        Value::Object(fields)
    };
    let have = person.skills.iter();
    let have: Vec<&str> = have
        .map(|(no, _)| taxonomy.skill(*no).id.as_str())
        .collect();
    json!({
        "have": have, "card": card(&gap.card, provenance), "total": gap.total, "silent": gap.silent, "met": share(&gap.met),
        "lacking": gap.lacking, "steps": gap.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

/// The answer of `rate`.
pub fn rated(
    posting: &Posting,
    people: &[(String, Parts)],
    n_people: usize,
    taxonomy: &Taxonomy,
) -> Value {
    let people = people.iter();
    let people: Vec<Value> = people
        .map(|(name, parts)| rated_person(name, parts, taxonomy))
        .collect();
    let mut about = Map::new();
    put(&mut about, "id", &posting.id);
    put(&mut about, "title", name(posting));
    put(&mut about, "company", &posting.company);
    json!({"posting": about, "total": n_people, "people": people})
}

/// One person with the score for a posting.
pub fn rated_person(name: &str, parts: &Parts, taxonomy: &Taxonomy) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "name", name);
    fields.extend(score(parts, taxonomy));
    Value::Object(fields)
}
