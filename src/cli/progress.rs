//! The progress bar: the one place that knows indicatif.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pipeline::Progress;

/// A bar on stderr, where that is a terminal.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Bar {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Bar {
            bar: ProgressBar::with_draw_target(None, target),
        }
    }

    /// Says something beside the bar: it stands aside for that.
    pub(super) fn beside(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn starts(&self, bytes: u64) {
        let known = "{bar:30} {percent:>3} %  {msg} records  {bytes_per_sec}  {eta} left";
        let unknown = "{spinner}  {msg} records  {elapsed}";
        let template = if bytes > 0 { known } else { unknown };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if bytes > 0 {
            self.bar.set_length(bytes);
        }
    }

    fn at(&self, bytes: u64, records: u64) {
        self.bar.set_position(bytes);
        self.bar.set_message(records.to_string());
    }
}
