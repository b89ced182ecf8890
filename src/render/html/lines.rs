//! Shares over time as a drawing: lines with their intervals as bands, each
//! labelled at its end.

use std::fmt::Write as _;

use super::escape;
use crate::report::{MIN_VOTES, Point, Series, Trend};

/// Where a drawing's inside begins and ends, in its own units.
struct Frame {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// The share at the top.
    most: f64,
    n_periods: usize,
}

impl Frame {
    fn x(&self, period: usize) -> f64 {
        let inside = self.width - self.left - self.right;
        match self.n_periods {
            0 | 1 => self.left + inside / 2.0,
            n => self.left + inside * period as f64 / (n - 1) as f64,
        }
    }

    fn y(&self, share: f64) -> f64 {
        let inside = self.height - self.top - self.bottom;
        self.height - self.bottom - inside * (share / self.most).min(1.0)
    }
}

/// A step between lines of the grid that people count in.
fn step(most: f64) -> f64 {
    let steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
    steps
        .into_iter()
        .find(|step| most / step <= 5.0)
        .unwrap_or(0.5)
}

/// A chart that stands alone: `trends --format svg`.
pub fn trend_svg(trend: &Trend) -> String {
    const STYLE: &str = "svg{background:#fff;--ink:#1c1c1a;--faint:#65635d;--rule:#d9d6cd;--band:.14;--c1:#0b5394;--c2:#b4351d;\
--c3:#2f7d32;--c4:#7b3fa0;--c5:#9a6700;--c6:#00767a;--c7:#a31363;--c8:#4a5a6a}\
text{font:13px Helvetica,Arial,sans-serif;fill:var(--ink)}.faint{fill:var(--faint)}.end{font-weight:600}\
.grid{stroke:var(--rule)}.axis{stroke:var(--ink)}.line{fill:none;stroke-width:2.2}.band{opacity:var(--band)}";
    let colours: String = (1..=8)
        .map(|no| format!(".s{no}{{stroke:var(--c{no})}}.f{no},text.f{no}{{fill:var(--c{no})}}"))
        .collect();
    let trend = &full_periods(trend);
    let drawn = chart(trend, &trend.series);
    const OPEN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"880\" height=\"460\" ";
    let style = format!("<style>{STYLE}{colours}</style>");
    let mut out = drawn.replacen("<svg ", OPEN, 1);
    if let Some(at) = out.find('>') {
        out.insert_str(at + 1, &style);
    }
    out.push('\n');
    out
}

/// The trend without the periods that the data do not fill, which would look
/// like a fall, and without empty ones at the ends; unchanged if fewer than two
/// would be left.
pub(super) fn full_periods(trend: &Trend) -> Trend {
    let mut full = trend.clone();
    let mut is_kept: Vec<bool> = trend
        .periods
        .iter()
        .map(|period| !period.is_partial)
        .collect();
    let has_votes = |at: &usize| is_kept[*at] && trend.totals[*at] > 0;
    let first = (0..is_kept.len()).find(has_votes);
    let last = (0..is_kept.len()).rev().find(has_votes);
    let (Some(first), Some(last)) = (first, last) else {
        return full;
    };
    for (at, is_kept) in is_kept.iter_mut().enumerate() {
        *is_kept &= first <= at && at <= last;
    }
    if is_kept.iter().filter(|is_kept| **is_kept).count() < 2 {
        return full;
    }
    fn kept<T>(values: &mut Vec<T>, is_kept: &[bool]) {
        let mut at = 0;
        values.retain(|_| {
            at += 1;
            is_kept[at - 1]
        });
    }
    kept(&mut full.periods, &is_kept);
    kept(&mut full.totals, &is_kept);
    for series in &mut full.series {
        kept(&mut series.points, &is_kept);
    }
    full
}

/// All series in one drawing.
pub(super) fn chart(trend: &Trend, series: &[Series]) -> String {
    let highest = series
        .iter()
        .flat_map(|series| &series.points)
        .map(|point| point.share.share);
    let most = (highest.fold(0.0, f64::max) * 1.12).clamp(0.01, 1.0);
    let frame = Frame {
        width: 880.0,
        height: 460.0,
        left: 46.0,
        right: 150.0,
        top: 26.0,
        bottom: 34.0,
        most,
        n_periods: trend.periods.len(),
    };
    let mut out = opened(
        &frame,
        &format!("Share of postings by {}", trend.request.by.name()),
    );
    grid(&mut out, &frame, trend, None);
    for (no, series) in (1..).zip(series) {
        band(&mut out, &frame, &series.points, no);
    }
    for (no, series) in (1..).zip(series) {
        line(&mut out, &frame, &series.points, no);
    }
    labels(&mut out, &frame, series);
    out.push_str("</svg>");
    out
}

/// The highest end of an interval among periods with votes enough, or among all if
/// none has: a period of one posting would give every language the same scale.
fn highest(points: &[Point]) -> f64 {
    let among = |least: u64| {
        let points = points.iter().filter(|point| point.total >= least);
        points.map(|point| point.share.high).max_by(f64::total_cmp)
    };
    among(MIN_VOTES).or_else(|| among(1)).unwrap_or(0.0)
}

/// One series on a scale of its own, small.
pub(super) fn small(trend: &Trend, series: &Series, no: usize) -> String {
    let most = (highest(&series.points) * 1.08).clamp(0.001, 1.0);
    let frame = Frame {
        width: 230.0,
        height: 140.0,
        left: 4.0,
        right: 50.0,
        top: 24.0,
        bottom: 18.0,
        most,
        n_periods: trend.periods.len(),
    };
    let mut out = opened(&frame, &series.label);
    let end = last(&series.points).map(|(_, point)| frame.y(point.share.share));
    grid(&mut out, &frame, trend, Some(end.unwrap_or(f64::MAX)));
    band(&mut out, &frame, &series.points, no);
    line(&mut out, &frame, &series.points, no);
    let _ = write!(
        out,
        "<text class=\"end\" x=\"4\" y=\"14\">{}</text>",
        escape(&series.label)
    );
    if let Some((at, point)) = last(&series.points) {
        let _ = write!(
            out,
            "<text class=\"end f{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            colour(no),
            frame.x(at) + 6.0,
            frame.y(point.share.share) + 4.0,
            percent(point.share.share)
        );
    }
    out.push_str("</svg>");
    out
}

fn opened(frame: &Frame, label: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        frame.width,
        frame.height,
        escape(label)
    )
}

fn colour(no: usize) -> usize {
    (no - 1) % 8 + 1
}

fn percent(share: f64) -> String {
    match share {
        share if share >= 0.0995 => format!("{:.0} %", share * 100.0),
        share => format!("{:.1} %", share * 100.0),
    }
}

fn last(points: &[Point]) -> Option<(usize, &Point)> {
    points
        .iter()
        .enumerate()
        .rev()
        .find(|(_, point)| point.total > 0)
}

/// How far two labels must be apart.
const LINE: f64 = 15.0;

/// Lines of the grid with their shares, and the periods below.
///
/// A small chart has one label where its line ends, at a height: none of the grid stands
/// in its way.
fn grid(out: &mut String, frame: &Frame, trend: &Trend, small: Option<f64>) {
    let is_full = small.is_none();
    let step = step(frame.most);
    let (from, to) = (frame.left, frame.width - frame.right);
    let mut share = 0.0;
    while share <= frame.most + 1e-9 {
        let y = frame.y(share);
        let class = if share == 0.0 { "axis" } else { "grid" };
        if is_full || share == 0.0 {
            let _ = write!(
                out,
                "<line class=\"{class}\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
            );
        }
        if is_full {
            let text = format!("{:.*} %", usize::from(step < 0.01), share * 100.0);
            let _ = write!(
                out,
                "<text class=\"faint\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
                from - 6.0,
                y + 4.0
            );
        }
        share += step;
    }
    // A small chart has its highest line only, so that its scale can be read.
    let highest = (frame.most / step).floor() * step;
    if !is_full && highest > 0.0 {
        let y = frame.y(highest);
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{from:.1}\" x2=\"{to:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
        );
        // Above the label of the end if that stands in its place, and below it if it is lower.
        let end = small.unwrap_or(f64::MAX);
        let at = match end - y {
            by if by.abs() >= LINE => y,
            by if by >= 0.0 => end - LINE,
            _ => end + LINE,
        };
        let _ = write!(
            out,
            "<text class=\"faint\" x=\"{:.1}\" y=\"{:.1}\">{:.*} %</text>",
            to + 4.0,
            at + 4.0,
            usize::from(step < 0.01),
            highest * 100.0
        );
    }
    let n = trend.periods.len();
    let room = if is_full { 9 } else { 2 };
    let every = n.div_ceil(room).max(1);
    for (at, period) in trend.periods.iter().enumerate() {
        let is_shown = match is_full {
            true => at % every == 0,
            false => at == 0 || at + 1 == n,
        };
        if !is_shown {
            continue;
        }
        let anchor = match is_full {
            true => "middle",
            false if at == 0 => "start",
            false => "end",
        };
        let partial = if period.is_partial { "*" } else { "" };
        let _ = write!(
            out,
            "<text class=\"faint\" text-anchor=\"{anchor}\" x=\"{:.1}\" y=\"{:.1}\">{}{partial}</text>",
            frame.x(at),
            frame.height - 6.0,
            period.name(trend.request.by)
        );
    }
}

/// Runs of periods that have postings: a line does not cross a gap.
fn runs(points: &[Point]) -> impl Iterator<Item = Vec<usize>> + '_ {
    let all: Vec<usize> = (0..points.len()).collect();
    let runs: Vec<Vec<usize>> = all
        .chunk_by(|a, b| (points[*a].total > 0) == (points[*b].total > 0))
        .filter(|run| points[run[0]].total > 0)
        .map(<[usize]>::to_vec)
        .collect();
    runs.into_iter()
}

fn band(out: &mut String, frame: &Frame, points: &[Point], no: usize) {
    for run in runs(points).filter(|run| run.len() > 1) {
        let upper = run
            .iter()
            .map(|at| (frame.x(*at), frame.y(points[*at].share.high)));
        let lower = run
            .iter()
            .rev()
            .map(|at| (frame.x(*at), frame.y(points[*at].share.low)));
        let corners: Vec<String> = upper
            .chain(lower)
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let _ = write!(
            out,
            "<polygon class=\"band f{}\" points=\"{}\"/>",
            colour(no),
            corners.join(" ")
        );
    }
}

/// Dashes tell lines apart where colours cannot.
const DASHES: [&str; 4] = ["", "7 3", "2 3", "9 3 2 3"];

fn line(out: &mut String, frame: &Frame, points: &[Point], no: usize) {
    for run in runs(points) {
        let corners: Vec<String> = run
            .iter()
            .map(|at| {
                format!(
                    "{:.1},{:.1}",
                    frame.x(*at),
                    frame.y(points[*at].share.share)
                )
            })
            .collect();
        let dash = DASHES[(no - 1) % DASHES.len()];
        let dash = match dash {
            "" => String::new(),
            dash => format!(" stroke-dasharray=\"{dash}\""),
        };
        let _ = write!(
            out,
            "<polyline class=\"line s{}\"{dash} points=\"{}\"/>",
            colour(no),
            corners.join(" ")
        );
        if let [at] = run[..] {
            let (x, y) = (frame.x(at), frame.y(points[at].share.share));
            let _ = write!(
                out,
                "<circle class=\"f{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>",
                colour(no)
            );
        }
    }
}

/// The name of each line at its end, moved apart where ends lie close.
fn labels(out: &mut String, frame: &Frame, series: &[Series]) {
    const APART: f64 = 16.0;
    let mut ends: Vec<(f64, f64, usize, String)> = Vec::new();
    for (no, series) in (1..).zip(series) {
        if let Some((at, point)) = last(&series.points) {
            let text = format!("{} {}", series.label, percent(point.share.share));
            ends.push((frame.y(point.share.share), frame.x(at), no, text));
        }
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    let mut places: Vec<f64> = ends.iter().map(|end| end.0).collect();
    for at in 1..places.len() {
        places[at] = places[at].max(places[at - 1] + APART);
    }
    // Whatever ran out at the bottom pushes the others up again.
    let floor = frame.height - frame.bottom;
    for at in (0..places.len()).rev() {
        let below = places.get(at + 1).map_or(floor, |below| below - APART);
        places[at] = places[at].min(below);
    }
    for ((y, x, no, text), place) in ends.iter().zip(places) {
        let _ = write!(
            out,
            "<line class=\"s{0}\" x1=\"{1:.1}\" y1=\"{y:.1}\" x2=\"{2:.1}\" y2=\"{place:.1}\" stroke-width=\"1\" opacity=\".6\"/>\
             <text class=\"end f{0}\" x=\"{3:.1}\" y=\"{4:.1}\">{5}</text>",
            colour(*no),
            x + 2.0,
            x + 12.0,
            x + 15.0,
            place + 4.0,
            escape(text)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::stats::wilson;

    #[test]
    fn a_period_of_one_posting_sets_no_scale() {
        let point = |n: u64, total: u64| Point {
            n,
            total,
            share: wilson(n as f64 / total as f64, total as f64),
        };
        let (many, one) = (point(4, 200), point(0, 1));
        assert!(one.share.high > 0.79);
        assert_eq!(highest(&[many, one]), many.share.high);
        assert_eq!(highest(&[one]), one.share.high);
        assert_eq!(highest(&[]), 0.0);
    }
}
