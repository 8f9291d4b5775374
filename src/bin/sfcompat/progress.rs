//! The progress bar: on a terminal, for work that takes long enough to wonder.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Inputs from this size on show a bar at once.
const LARGE: u64 = 50 << 20;
/// Others once they have taken so long.
const PATIENCE: Duration = Duration::from_secs(2);

/// A bar over the bytes of all inputs. Hidden where none may be shown.
pub(crate) struct Progress {
    bar: ProgressBar,
    wanted: bool,
    shown: AtomicBool,
    started: Instant,
}

impl Progress {
    /// A bar for these inputs. `wanted` is false in a pipe, and where the user wants none.
    pub(crate) fn new(inputs: &[String], wanted: bool) -> Self {
        let sizes: Option<Vec<u64>> = inputs
            .iter()
            .map(|path| Some(std::fs::metadata(path).ok()?.len()))
            .collect();
        // The size of stdin is not known: then there is a spinner with bytes and no end.
        let total: Option<u64> = sizes.map(|sizes| sizes.into_iter().sum());
        let bar = match total {
            Some(total) => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden()),
            None => ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
        };
        let template = if total.is_some() {
            "{bar:40} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left"
        } else {
            "{spinner} {bytes} {bytes_per_sec}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let progress = Self {
            bar,
            wanted,
            shown: AtomicBool::new(false),
            started: Instant::now(),
        };
        if total.is_some_and(|total| total >= LARGE) {
            progress.show();
        }
        progress
    }

    fn show(&self) {
        if self.wanted && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar
                .set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        }
    }

    /// Counts bytes; from any thread.
    pub(crate) fn add(&self, bytes: u64) {
        if !self.wanted {
            return;
        }
        self.bar.inc(bytes);
        if self.started.elapsed() >= PATIENCE {
            self.show();
        }
    }

    /// Takes the bar away: a report follows.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
