//! Progress on the terminal, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sim_core::run::{Observer, Progress};

use crate::report::remark;

/// A bar on a terminal, a line now and then in a log file.
pub(crate) struct Bar {
    bar: Option<ProgressBar>,
    lines: bool,
    cancelled: Arc<AtomicBool>,
    begun: Instant,
    last_line: Option<Instant>,
}

/// Resolution of the bar.
const TICKS: u64 = 10_000;
/// A log gets its first line after this time, s, and then one every [`LINE_EVERY`].
const FIRST_LINE: Duration = Duration::from_millis(1500);
/// Time between lines in a log.
const LINE_EVERY: Duration = Duration::from_secs(15);

impl Bar {
    /// A bar with a name; silent if `quiet`.
    pub(crate) fn new(name: &str, quiet: bool, cancelled: Arc<AtomicBool>) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (!quiet && terminal).then(|| {
            let bar = ProgressBar::with_draw_target(Some(TICKS), ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("{prefix} [{bar:32}] {percent:>3}%  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
            bar.set_prefix(name.to_owned());
            bar
        });
        Self { bar, lines: !quiet && !terminal, cancelled, begun: Instant::now(), last_line: None }
    }

    fn message(&self, progress: &Progress) -> String {
        let elapsed = self.begun.elapsed().as_secs_f64();
        let left = if progress.share > 0.0 { elapsed * (1.0 - progress.share) / progress.share } else { 0.0 };
        format!(
            "{} simulated, step {} of {:.3} s, {:.0} % wet, {} left",
            span(progress.time),
            progress.steps,
            progress.time_step,
            100.0 * progress.wet_share,
            span(left)
        )
    }
}

impl Observer for Bar {
    fn progress(&mut self, progress: &Progress) -> bool {
        if let Some(bar) = &self.bar {
            bar.set_position((progress.share * TICKS as f64) as u64);
            bar.set_message(self.message(progress));
        }
        let since = self.last_line.map_or(self.begun.elapsed(), |last| last.elapsed());
        let wait = if self.last_line.is_some() { LINE_EVERY } else { FIRST_LINE };
        if self.lines && since >= wait {
            remark(&format!("{:>3.0} %  {}", 100.0 * progress.share, self.message(progress)));
            self.last_line = Some(Instant::now());
        }
        !self.cancelled.load(Ordering::Relaxed)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A time span in words: `45 s`, `12 min`, `3 h 20 min`.
pub(crate) fn span(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..120 => format!("{whole} s"),
        120..7200 => format!("{} min", whole / 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// A flag that Ctrl-C sets; a second Ctrl-C ends the program at once.
pub(crate) fn cancel_on_interrupt() -> Arc<AtomicBool> {
    on_interrupt(|| remark("stopping; press Ctrl-C again to leave at once"))
}

/// The same without a word: where another process says it.
pub(crate) fn cancel_quietly() -> Arc<AtomicBool> {
    on_interrupt(|| ())
}

fn on_interrupt(tell: impl Fn() + Send + 'static) -> Arc<AtomicBool> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(7);
        }
        tell();
    };
    if let Err(reason) = ctrlc::set_handler(handler) {
        remark(&format!("Ctrl-C will end the program at once ({reason})"));
    }
    cancelled
}
