//! What a case shows beside its numbers: curves, maps and tables, not yet drawn.

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A thin dark line: exact or observed values.
    Reference,
    /// A thick coloured line: computed values.
    Computed,
    /// A grey line: the ground.
    Ground,
    /// Dots: single observations.
    Dots,
}

/// A line through points.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Label of the legend.
    pub label: String,
    /// How it is drawn.
    pub stroke: Stroke,
    /// Points; a point that is no number interrupts the line.
    pub points: Vec<(f64, f64)>,
}

/// A plot.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// Curves over one axis.
    Plot {
        /// Title.
        title: String,
        /// Label of the axis along.
        x: &'static str,
        /// Label of the axis up.
        y: &'static str,
        /// Whether both axes are logarithmic.
        logarithmic: bool,
        /// The curves, the first one at the bottom.
        curves: Vec<Curve>,
    },
    /// A map of values; row 0 in the south, NaN is left white.
    Map {
        /// Title.
        title: String,
        /// Unit of the values.
        unit: &'static str,
        /// Values by rows.
        values: sim_core::grid::Field,
    },
    /// Many small plots over logarithmic axes of one kind; a curve has the same colour in each.
    Panels {
        /// Title.
        title: String,
        /// Label of the axes along.
        x: &'static str,
        /// Label of the axes up.
        y: &'static str,
        /// The plots, row by row.
        panels: Vec<Panel>,
    },
    /// A table of words and numbers.
    Table {
        /// Title.
        title: String,
        /// Heads of the columns.
        columns: Vec<String>,
        /// Cells by rows.
        rows: Vec<Vec<String>>,
    },
}

/// One of many small plots.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Title.
    pub title: String,
    /// The curves, the first one at the bottom.
    pub curves: Vec<Curve>,
}

impl Curve {
    /// A curve from its parts.
    pub fn new(label: impl Into<String>, stroke: Stroke, points: Vec<(f64, f64)>) -> Self {
        Self { label: label.into(), stroke, points }
    }

    /// A curve over given places.
    pub fn over(label: impl Into<String>, stroke: Stroke, x: &[f64], y: &[f64]) -> Self {
        Self::new(label, stroke, x.iter().copied().zip(y.iter().copied()).collect())
    }
}

impl Figure {
    /// Curves over a straight axis.
    pub fn plot(title: impl Into<String>, x: &'static str, y: &'static str, curves: Vec<Curve>) -> Self {
        Self::Plot { title: title.into(), x, y, logarithmic: false, curves }
    }

    /// Errors over cell sizes, both logarithmic, with a line of the order that is asked for.
    pub fn convergence(quantity: &str, sizes: &[f64], errors: &[f64], order: f64) -> Self {
        let guide: Vec<f64> = match (sizes.first(), errors.first()) {
            (Some(size), Some(error)) => sizes.iter().map(|s| error * (s / size).powf(order)).collect(),
            _ => Vec::new(),
        };
        Self::Plot {
            title: format!("Convergence of {quantity}"),
            x: "cell size, m",
            y: "error",
            logarithmic: true,
            curves: vec![
                Curve::over(format!("order {order}"), Stroke::Reference, sizes, &guide),
                Curve::over("computed", Stroke::Computed, sizes, errors),
            ],
        }
    }
}
