//! The JSON of `winners`, `pay`, `skillset` and `emerging`.

use serde_json::{Map, Value, json};

use super::reports::{growth, point, window};
use super::{Provenance, card, named, put, rounded};
use crate::report::{
    Change, Emerging, FALSE_DISCOVERIES, LanguageLine, Outcome, Pay, PayQuantiles, PayScope, Point,
    Skillset, Winners,
};
use crate::skills::Taxonomy;

fn quantiles(pay: &PayQuantiles) -> Value {
    let [p10, p25, p50, p75, p90] = pay.quantiles.map(|amount| rounded(amount, 0));
    json!({
        "n": pay.n, "p10": p10, "p25": p25, "p50": p50, "p75": p75, "p90": p90,
        "p50_low": rounded(pay.median_interval.0, 0), "p50_high": rounded(pay.median_interval.1, 0),
    })
}

fn scope(scope: &PayScope) -> Value {
    let mut fields = Map::new();
    put(&mut fields, "currency", &scope.currency);
    put(&mut fields, "country", &scope.country);
    Value::Object(fields)
}

fn interval((value, low, high): (f64, f64, f64)) -> Value {
    json!({"value": rounded(value, 4), "low": rounded(low, 4), "high": rounded(high, 4)})
}

fn employers(list: &[(String, u64)]) -> Value {
    list.iter()
        .map(|(company, n)| json!({"company": company, "n": n}))
        .collect()
}

fn counted(list: &[(String, u64)]) -> Value {
    list.iter()
        .map(|(label, n)| json!({"label": label, "n": n}))
        .collect()
}

fn legacy((own, lift): &(Point, (f64, f64, f64))) -> Value {
    let mut lift = interval(*lift);
    lift["n"] = own.n.into();
    lift["total"] = own.total.into();
    lift
}

/// The answer of `winners`.
pub fn winners(winners: &Winners, provenance: &Provenance) -> Value {
    let language = |line: &LanguageLine| {
        let mut beside = Map::new();
        for (heading, list) in &line.beside {
            beside.insert((*heading).to_owned(), counted(list));
        }
        json!({
            "value": line.value, "label": line.label, "share": point(&line.point),
            "rank": line.rank.map(|(rank, _)| rank), "rank_range": line.rank.map(|(_, (best, worst))| [best, worst]),
            "growth": line.growth.as_ref().map(growth), "pay": line.pay.as_ref().map(quantiles),
            "entry_share": line.entry.as_ref().map(point), "legacy": line.legacy.as_ref().map(legacy),
            "employers": employers(&line.employers), "beside": beside,
        })
    };
    let categories = winners.categories.iter().map(|category| match &category.outcome {
        Outcome::Won {
            winner,
            label,
            value,
            why,
        } => json!({
            "category": category.category, "winner": winner, "label": label, "value": value, "why": why,
        }),
        Outcome::NotMeasurable(reason) => {
            json!({"category": category.category, "not_measurable": reason})
        }
    });
    json!({
        "card": card(&winners.card, provenance), "total": winners.total,
        "window": winners.window.as_ref().map(window),
        "compared": winners.compared.as_ref().map(|(later, earlier)| [window(later), window(earlier)]),
        "pay_scope": winners.pay_scope.as_ref().ok().map(scope),
        "categories": categories.collect::<Vec<_>>(),
        "languages": winners.languages.iter().map(language).collect::<Vec<_>>(),
        "warnings": winners.warnings,
    })
}

/// The answer of `pay`.
pub fn pay(pay: &Pay, provenance: &Provenance) -> Value {
    let line = |line: &crate::report::PayValue| {
        let mut fields = Map::new();
        put(&mut fields, "value", &line.value);
        put(&mut fields, "label", &line.label);
        put(&mut fields, "named_by", line.named_by);
        put(
            &mut fields,
            "coverage",
            rounded(line.pay.n as f64 / line.named_by.max(1) as f64, 5),
        );
        put(&mut fields, "pay", quantiles(&line.pay));
        Value::Object(fields)
    };
    json!({
        "dimension": pay.dimension.name(), "card": card(&pay.card, provenance),
        "scope": pay.scope.as_ref().ok().map(scope), "total": pay.total,
        "all": pay.all.as_ref().map(quantiles), "values": pay.lines.iter().map(line).collect::<Vec<_>>(),
        "too_few": pay.n_thin,
    })
}

/// The answer of `skillset`.
pub fn skillset(skillset: &Skillset, taxonomy: &Taxonomy, provenance: &Provenance) -> Value {
    let beside = |other: &crate::report::Beside| {
        json!({
            "value": other.value, "label": other.label, "kind": other.kind.as_str(),
            "share": point(&other.point), "lift": interval(other.lift),
        })
    };
    let pay = skillset.pay.as_ref();
    json!({
        "skill": named(taxonomy, skillset.skill), "card": card(&skillset.card, provenance),
        "named": point(&skillset.named), "required": rounded(skillset.required, 5),
        "preferred": rounded(skillset.preferred, 5),
        "beside": skillset.beside.iter().map(beside).collect::<Vec<_>>(),
        "employers": employers(&skillset.employers), "seniorities": counted(&skillset.seniorities),
        "workplaces": counted(&skillset.workplaces), "countries": counted(&skillset.countries),
        "pay_scope": pay.map(|(of, _)| scope(of)), "pay": pay.map(|(_, pay)| quantiles(pay)),
    })
}

/// The answer of `emerging`.
pub fn emerging(emerging: &Emerging, provenance: &Provenance) -> Value {
    let change = |change: &Change| {
        let (by, low, high) = change.points;
        let mut told = json!({
            "value": change.value, "label": change.label, "from": point(&change.from), "to": point(&change.to),
            "points": rounded(by * 100.0, 3), "points_low": rounded(low * 100.0, 3),
            "points_high": rounded(high * 100.0, 3), "ratio": change.ratio.map(interval),
            "employers": change.employers, "p": change.p,
        });
        if let Some(alike) = change.alike {
            told["points_same_mix"] = rounded(alike * 100.0, 3).into();
            told["reversed"] = change.is_reversed().into();
        }
        told
    };
    let list = |changes: &[Change]| changes.iter().map(change).collect::<Vec<_>>();
    json!({
        "card": card(&emerging.card, provenance),
        "windows": emerging.windows.as_ref().map(|(later, earlier)| [window(later), window(earlier)]),
        "totals": [emerging.totals.0, emerging.totals.1], "tested": emerging.n_tested,
        "false_discovery_rate": FALSE_DISCOVERIES,
        "n_rising": emerging.n_changed.0, "n_fading": emerging.n_changed.1,
        "rising": list(&emerging.rising),
        "fading": list(&emerging.fading), "warnings": emerging.warnings,
    })
}
