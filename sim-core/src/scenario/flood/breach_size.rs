//! Size of a breach: given, or from a regression over dams that failed.

use crate::flood::breach_size::{self, KNOWN_HEIGHTS, KNOWN_VOLUMES, Mode};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// The regressions that can be asked for.
const REGRESSIONS: [&str; 1] = ["froehlich-2008"];

/// What the keys say of the size.
pub(super) struct Wish {
    has_regression: bool,
    width: Option<f64>,
    duration: Option<f64>,
    volume: Option<f64>,
    height: Option<f64>,
    mode: Option<Mode>,
    right: bool,
}

/// Reads the keys of the size.
pub(super) fn read(table: &Section<'_>) -> Wish {
    let has_regression = table.has("regression");
    let regression = table.choice(
        "regression",
        &REGRESSIONS,
        "width and duration from dams that failed, instead of width and duration",
    );
    let width = table
        .quantity("width", Dimension::Length, "width of the gap in the end")
        .between(0.1, 10_000.0)
        .optional();
    let duration = table
        .quantity("duration", Dimension::Time, "from its begin to its full size")
        .between(1.0, 1e7)
        .optional();
    let volume = table
        .quantity(
            "reservoir_volume",
            Dimension::Volume,
            "water of the reservoir above the bottom of the breach when it begins (with regression)",
        )
        .between(1.0, 1e12)
        .optional();
    let height = table
        .quantity(
            "breach_height",
            Dimension::Length,
            "from the crest to the bottom of the breach (with regression); what the terrain says when absent",
        )
        .between(0.1, 500.0)
        .optional();
    let mode = table.choice(
        "mode",
        &["overtopping", "piping"],
        "how the dam fails: water runs over it or through it (with regression)",
    );
    let missing = |key: &str, example: &str| {
        if !table.has(key) && !table.describing() {
            table.report(1012, key, "missing: it is not said how large the breach gets", example);
        }
    };
    if has_regression {
        missing("reservoir_volume", "add reservoir_volume = \"3e6 m3\"");
        missing("mode", "add mode = \"overtopping\" or \"piping\"");
    } else {
        missing("width", "add width = \"40 m\", or a regression");
        missing("duration", "add duration = \"1 h\", or a regression");
    }
    let of_regression = ["reservoir_volume", "breach_height", "mode"].map(|key| (key, has_regression));
    let given = ["width", "duration"].map(|key| (key, !has_regression));
    let kind = if has_regression { "a breach with a regression" } else { "a breach of a given width" };
    let fix = "keep either regression with its keys, or width and duration";
    let right = table.has_only_own(of_regression.into_iter().chain(given), (1122, kind, fix));
    Wish {
        has_regression,
        width,
        duration,
        volume,
        height,
        mode: mode.map(|mode| if mode == "piping" { Mode::Piping } else { Mode::Overtopping }),
        right: right && (regression.is_some() || !has_regression),
    }
}

impl Wish {
    /// Width, m, and duration, s; `height` is that of the ground along the line over the bottom, m.
    pub(super) fn size(&self, table: &Section<'_>, height: f64) -> Option<(f64, f64)> {
        if !self.right {
            return None;
        }
        if !self.has_regression {
            return Some((self.width?, self.duration?));
        }
        let (volume, mode) = (self.volume?, self.mode?);
        let height = table.or_of_kind("breach_height", self.height, (height, Some(Dimension::Length)));
        let size = breach_size::froehlich_2008(volume, height, mode);
        table.or_of_kind("width", None, (size.width, Some(Dimension::Length)));
        table.or_of_kind("duration", None, (size.duration, Some(Dimension::Time)));
        table.or_of_kind("side_slope", None, (size.side_slope, None));
        let known = |value: f64, (low, high): (f64, f64)| (low..=high).contains(&value);
        if !known(height, KNOWN_HEIGHTS) || !known(volume, KNOWN_VOLUMES) {
            let text =
                format!("no dam of the regression had {volume:.3e} m3 behind a breach of {height:.1} m");
            let warning = table
                .warning(1123, "regression", text)
                .why(format!(
                    "its dams were {} to {} m high and held {:.3e} to {:.3e} m3",
                    KNOWN_HEIGHTS.0, KNOWN_HEIGHTS.1, KNOWN_VOLUMES.0, KNOWN_VOLUMES.1
                ))
                .fix("give width and duration, or try a range of them");
            table.reading.report(warning);
        }
        Some((size.width, size.duration))
    }
}
