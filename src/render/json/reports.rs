//! Trends and anatomies.

use serde_json::{Map, Value, json};

use super::{Provenance, card, rounded};
use crate::report::stats::Share;
use crate::report::{
    Anatomy, AnatomyLine, AnatomyVersus, Compared, Contrast, Growth, PayLine, Period, Point, Side,
    TopEmployer, Trend,
};

/// A share with its interval; of nothing there is none.
pub(super) fn point(point: &Point) -> Value {
    let mut told = json!({"n": point.n, "total": point.total});
    if point.total > 0 {
        told["share"] = rounded(point.share.share, 5).into();
        told["low"] = rounded(point.share.low, 5).into();
        told["high"] = rounded(point.share.high, 5).into();
    }
    told
}

pub(super) fn growth(growth: &Growth) -> Value {
    json!({
        "from": point(&growth.from), "to": point(&growth.to),
        "points": rounded(growth.points.0 * 100.0, 3), "points_low": rounded(growth.points.1 * 100.0, 3),
        "points_high": rounded(growth.points.2 * 100.0, 3), "ratio": rounded(growth.ratio.0, 4),
        "ratio_low": rounded(growth.ratio.1, 4), "ratio_high": rounded(growth.ratio.2, 4),
        "significant": growth.is_significant(),
    })
}

/// The answer of `trends`.
pub fn trends(trend: &Trend, provenance: &Provenance) -> Value {
    use crate::report::{Denominator, Unit};
    let request = &trend.request;
    let unit = match request.unit {
        Unit::Groups => "groups",
        Unit::Spells => "spells",
        Unit::Adverts => "adverts",
    };
    let denominator = match request.denominator {
        Denominator::All => "all",
        Denominator::Any => "any",
    };
    let periods: Vec<Value> = trend
        .periods
        .iter()
        .zip(&trend.totals)
        .enumerate()
        .map(|(at, (period, total))| {
            let sources = trend.mix.sources.iter().zip(&trend.mix.totals);
            let sources: Map<String, Value> = sources
                .map(|(name, totals)| (name.clone(), totals[at].into()))
                .collect();
            json!({
                "start": period.start.to_string(), "end": period.end.to_string(), "total": total,
                "partial": period.is_partial, "sources": sources,
            })
        })
        .collect();
    let alike = |share: &Option<f64>| share.map(|share| rounded(share, 5));
    let employer = |top: &TopEmployer| {
        json!({
            "company": top.company, "n": top.n, "share": rounded(top.share, 5), "without": point(&top.without),
        })
    };
    let series: Vec<Value> = trend
        .series
        .iter()
        .map(|series| {
            json!({
                "value": series.value, "label": series.label, "rank": series.rank,
                "rank_range": series.rank_range.map(|(best, worst)| [best, worst]),
                "points": series.points.iter().map(point).collect::<Vec<_>>(),
                "last_year": series.last_year.as_ref().map(point),
                "last_year_implied": series.last_year_implied.as_ref().map(point),
                "growth": series.growth.as_ref().map(growth),
                "standardised": series.standardised.iter().map(alike).collect::<Vec<_>>(),
                "last_year_standardised": alike(&series.last_year_standardised),
                "top_employer": series.top_employer.as_ref().map(employer),
            })
        })
        .collect();
    let weights: Map<String, Value> = trend
        .mix
        .sources
        .iter()
        .zip(&trend.mix.weights)
        .map(|(name, weight)| (name.clone(), rounded(*weight, 5).into()))
        .collect();
    json!({
        "dimension": request.dimension.name(), "by": request.by.name(), "unit": unit, "denominator": denominator,
        "card": card(&trend.card, provenance), "periods": periods,
        "last_year": trend.last_year.as_ref().map(window), "year_before": trend.year_before.as_ref().map(window),
        "series": series, "source_weights": weights, "compared": trend.compared.as_ref().map(compared),
        "warnings": trend.warnings,
    })
}

/// From a day, inclusive, to a day, exclusive.
pub(super) fn window(period: &Period) -> Value {
    json!({"start": period.start.to_string(), "end": period.end.to_string()})
}

fn side(side: &Side) -> Value {
    json!({"name": side.name, "window": side.window.as_ref().map(window), "total": side.total})
}

fn contrast(line: &Contrast) -> Value {
    let named = |(value, label): &(String, String)| json!({"value": value, "label": label});
    let ratio = line.ratio.map(|(ratio, low, high)| {
        json!({"ratio": rounded(ratio, 4), "low": rounded(low, 4), "high": rounded(high, 4)})
    });
    let (by, low, high) = line.difference;
    json!({
        "value": line.value.0, "label": line.value.1, "against": named(&line.against),
        "first": point(&line.points[0]), "second": point(&line.points[1]),
        "points": rounded(by * 100.0, 3), "points_low": rounded(low * 100.0, 3),
        "points_high": rounded(high * 100.0, 3), "ratio": ratio, "significant": line.is_significant(),
    })
}

/// Two sides against each other.
fn compared(compared: &Compared) -> Value {
    json!({
        "sides": compared.sides.iter().map(side).collect::<Vec<_>>(), "shared": compared.shared,
        "lines": compared.lines.iter().map(contrast).collect::<Vec<_>>(),
    })
}

fn versus(versus: &AnatomyVersus) -> Value {
    json!({
        "sides": versus.sides.iter().map(side).collect::<Vec<_>>(), "shared": versus.shared,
        "choice": contrast(&versus.with_choice),
    })
}

/// The answer of `anatomy`.
pub fn anatomy(anatomy: &Anatomy, role: Option<&str>, provenance: &Provenance) -> Value {
    let share = |(n, share): &(u64, Share)| {
        point(&Point {
            n: *n,
            total: anatomy.total,
            share: *share,
        })
    };
    let line = |line: &AnatomyLine| {
        let employers: Vec<Value> = line
            .employers
            .iter()
            .map(|(company, n)| json!({"company": company, "n": n}))
            .collect();
        json!({
            "value": line.id, "label": line.label, "n": line.n, "total": anatomy.total,
            "share": rounded(line.share.share, 5), "low": rounded(line.share.low, 5),
            "high": rounded(line.share.high, 5), "required": rounded(line.required, 5),
            "preferred": rounded(line.preferred, 5), "employers": employers, "language": line.of_language,
            "versus": line.versus.as_ref().map(contrast),
        })
    };
    let sections: Vec<Value> = anatomy
        .sections
        .iter()
        .map(|section| {
            let lines: Vec<Value> = section.lines.iter().map(line).collect();
            json!({"id": section.id, "title": section.title, "any": share(&section.any), "versus": section.versus.as_ref().map(contrast), "lines": lines})
        })
        .collect();
    let quartiles = anatomy
        .years
        .quartiles
        .map(|(low, middle, high)| json!({"p25": low, "p50": middle, "p75": high}));
    let pay = |pay: &PayLine| {
        let (low, middle, high) = pay.quartiles;
        json!({"currency": pay.currency, "n": pay.n, "p25": low, "p50": middle, "p75": high})
    };
    json!({
        "role": role, "card": card(&anatomy.card, provenance), "total": anatomy.total, "sections": sections,
        "years": {"n": anatomy.years.n, "quartiles": quartiles},
        "pay": anatomy.pay.iter().map(pay).collect::<Vec<_>>(), "choice": share(&anatomy.with_choice),
        "versus": anatomy.versus.as_ref().map(versus),
    })
}
