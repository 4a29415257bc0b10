//! How far a build has come, on a terminal or in a log.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::span;
use crate::report::remark;

/// A log gets its first line after this time, and then one every [`LINE_EVERY`].
const FIRST_LINE: Duration = Duration::from_millis(1500);
/// Time between lines in a log.
const LINE_EVERY: Duration = Duration::from_secs(15);
/// Resolution of the bar.
const TICKS: u64 = 10_000;

/// Progress of many members.
pub(crate) struct Watch {
    bar: Option<ProgressBar>,
    lines: bool,
    begun: Instant,
    last_line: Option<Instant>,
    total: u64,
}

impl Watch {
    /// Begins to watch `total` members.
    pub(crate) fn new(total: u64, quiet: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::with_draw_target(Some(TICKS), ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("[{bar:32}] {percent:>3}%  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
            bar
        });
        Self { bar, lines: !quiet && !terminal, begun: Instant::now(), last_line: None, total }
    }

    /// Shows that so many have ended, of which some failed, and how much of others is done.
    pub(crate) fn show(&mut self, ended: u64, failed: u64, under_way: f64) {
        let elapsed = self.begun.elapsed();
        let done = ended as f64 + under_way;
        let rate = done / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
        let left = if rate > 0.0 { span((self.total as f64 - done) / rate) } else { "unknown time".into() };
        let message = format!("{ended} of {} members, {failed} failed, {rate:.1}/s, {left} left", self.total);
        let share = done / self.total.max(1) as f64;
        if let Some(bar) = &self.bar {
            bar.set_position((share * TICKS as f64) as u64);
            bar.set_message(message.clone());
        }
        let wait = self.last_line.map_or(FIRST_LINE, |_| LINE_EVERY);
        if self.lines && self.last_line.map_or(elapsed, |last| last.elapsed()) >= wait {
            remark(&format!("{:>3.0} %  {message}", 100.0 * share));
            self.last_line = Some(Instant::now());
        }
    }

    /// Time since the beginning.
    pub(crate) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Members per second since the beginning.
    pub(crate) fn rate(&self, ended: u64) -> f64 {
        ended as f64 / self.begun.elapsed().as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
