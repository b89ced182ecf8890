//! Skills that rise or fade beyond chance, out of very many that were looked at.

use super::dimension::{Values, below};
use super::sheet::{Counted, Counts, Sheet, Vote, growth};
use super::sources::Windows;
use super::stats::{benjamini_hochberg, difference, difference_p};
use super::votes::Strata;
use super::{Card, Dimension, MIN_VOTES, Period, Point};
use crate::query::{Engine, Filter, QueryError};
use crate::skills::{Kind, Taxonomy};

/// Of the skills said to have changed at most this part may have by chance.
pub const FALSE_DISCOVERIES: f64 = 0.1;

/// A change is believed only when so many employers stand behind it.
pub const MIN_EMPLOYERS: u64 = 5;

/// What has changed between two windows of time.
#[derive(Debug, Clone)]
pub struct Emerging {
    /// What it stands on.
    pub card: Card,
    /// The later and the earlier window; `None` with less than thirteen months.
    pub windows: Option<(Period, Period)>,
    /// Groups in each.
    pub totals: (u64, u64),
    /// How many skills had votes and employers enough to be tested.
    pub n_tested: usize,
    /// How many have risen and fallen in all.
    pub n_changed: (usize, usize),
    /// Risen, by points; most first.
    pub rising: Vec<Change>,
    /// Fallen, by points; most first.
    pub fading: Vec<Change>,
    /// Sentences a reader should know.
    pub warnings: Vec<String>,
}

/// How a skill has changed.
#[derive(Debug, Clone)]
pub struct Change {
    /// Skill id.
    pub value: String,
    /// How people write it.
    pub label: String,
    /// Before and now.
    pub from: Point,
    /// Now.
    pub to: Point,
    /// Difference of the shares, 0 to 1, with its 95 % interval.
    pub points: (f64, f64, f64),
    /// The difference if the sources that both windows have were mixed alike in them;
    /// `None` where the mix has not changed, no source is in both, or those have fewer than
    /// 20 votes for it.
    pub alike: Option<f64>,
    /// Quotient of the shares with its interval; `None` below 20 votes in either window.
    pub ratio: Option<(f64, f64, f64)>,
    /// Employers that name it, in the window in which more do.
    pub employers: u64,
    /// Probability of such a change by chance, before looking at so many.
    pub p: f64,
}

impl Emerging {
    /// Both ways of changing: what it is called, how many skills went it, and the first
    /// of them.
    pub fn ways(&self) -> [(&'static str, usize, &[Change]); 2] {
        let (n_rising, n_fading) = self.n_changed;
        [
            ("Rising", n_rising, &self.rising),
            ("Fading", n_fading, &self.fading),
        ]
    }
}

impl Change {
    /// Whether it goes the other way within the sources of both windows.
    pub fn is_reversed(&self) -> bool {
        self.alike.is_some_and(|alike| alike * self.points.0 < 0.0)
    }
}

/// Tests every technology and concept below a branch ("" for all), at most `top` each way.
///
/// # Errors
/// [`QueryError`] if the index cannot be read.
pub fn emerging(
    engine: &dyn Engine,
    taxonomy: &Taxonomy,
    filter: &Filter,
    branch: &str,
    top: usize,
) -> Result<Emerging, QueryError> {
    let sheet = Sheet::read(engine, filter)?;
    Ok(of_sheet(&sheet, taxonomy, branch, top))
}

pub(super) fn of_sheet(sheet: &Sheet, taxonomy: &Taxonomy, branch: &str, top: usize) -> Emerging {
    let mut emerging = Emerging {
        card: sheet.card.clone(),
        windows: sheet.year_on_year(),
        totals: (0, 0),
        n_tested: 0,
        n_changed: (0, 0),
        rising: Vec::new(),
        fading: Vec::new(),
        warnings: sheet.thin().into_iter().collect(),
    };
    let Some((later, earlier)) = emerging.windows else {
        return emerging;
    };
    let dimension = Dimension::Skills(branch.to_owned());
    let values = Values::new(&dimension, taxonomy, &sheet.names);
    let n_values = values.labels.len();
    let count = |votes: &[Vote]| {
        Counts::of(votes.iter(), n_values, |vote, out| {
            out.extend(values.of(vote))
        })
    };
    let names = sheet.strata_names();
    let by_source = |votes: &[Vote]| {
        let votes = votes.iter().map(|vote| (vote.stratum, values.of(vote)));
        Strata::of(names.len(), n_values, votes)
    };
    let votes = [later, earlier].map(|window| sheet.votes(Some(window)));
    let [now, before] = votes.each_ref().map(|votes| count(votes));
    let [mixed_now, mixed_before] = votes.each_ref().map(|votes| by_source(votes));
    let windows = Windows {
        names: &names,
        earlier: &mixed_before,
        later: &mixed_now,
    };
    let warning = windows.warning();
    let is_mixed = warning.is_some();
    emerging.warnings.extend(warning);
    emerging.totals = (now.total(), before.total());
    let inside = below(branch, taxonomy);
    let is_tested =
        |kind: Kind| matches!(kind, Kind::Technology | Kind::Concept | Kind::Certification);
    let mut tested: Vec<(u32, Counted, Counted, f64)> = Vec::new();
    for (no, skill) in taxonomy.iter() {
        let value = u32::from(no.0);
        if !inside[usize::from(no.0)] || !is_tested(skill.kind) {
            continue;
        }
        let (to, from) = (now.counted(value), before.counted(value));
        // The window in which it is commoner must carry the claim.
        let most = if to.point.share.share >= from.point.share.share {
            &to
        } else {
            &from
        };
        if most.point.n < MIN_VOTES || most.employers < MIN_EMPLOYERS {
            continue;
        }
        let p = difference_p(
            to.point.share.share,
            to.effective,
            from.point.share.share,
            from.effective,
        );
        tested.push((value, to, from, p));
    }
    emerging.n_tested = tested.len();
    let p_values: Vec<f64> = tested.iter().map(|(.., p)| *p).collect();
    let held = benjamini_hochberg(&p_values, FALSE_DISCOVERIES);
    for ((value, to, from, p), _) in tested.iter().zip(held).filter(|(_, held)| *held) {
        let (low, high) = difference(to.point.share, from.point.share);
        let by = to.point.share.share - from.point.share.share;
        let (id, label) = values.labels[*value as usize].clone();
        let change = Change {
            value: id,
            label,
            from: from.point,
            to: to.point,
            points: (by, low, high),
            alike: is_mixed.then(|| windows.alike(*value as usize)).flatten(),
            ratio: growth(to, from).map(|growth| growth.ratio),
            employers: to.employers.max(from.employers),
            p: *p,
        };
        match by > 0.0 {
            true => emerging.rising.push(change),
            false => emerging.fading.push(change),
        }
    }
    emerging.n_changed = (emerging.rising.len(), emerging.fading.len());
    for list in [&mut emerging.rising, &mut emerging.fading] {
        list.sort_by(|a, b| {
            b.points
                .0
                .abs()
                .total_cmp(&a.points.0.abs())
                .then_with(|| a.value.cmp(&b.value))
        });
        list.truncate(top);
    }
    emerging
}
