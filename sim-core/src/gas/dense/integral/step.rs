//! One adaptive step of a small system of ordinary differential equations.

/// Share of a change that a step may be wrong by.
///
/// A hundredth of the step of the measured concentrations' own scatter; halving it moves no
/// concentration of the trials by more than a quarter of a per cent.
const TOLERANCE: f64 = 1e-3;

/// Most by which a step grows or shrinks.
const CHANGE: (f64, f64) = (0.2, 2.0);

/// Part of the step that the error estimate allows.
const SAFETY: f64 = 0.85;

/// What a step of a size gave.
pub(super) struct Trial<const N: usize> {
    /// The state behind it.
    pub(super) state: [f64; N],
    /// Its error over what is allowed.
    pub(super) error: f64,
}

/// A trial step of the third order whose error a second-order step estimates; none where the slopes fail.
///
/// # Source
/// bogackishampine1989.
pub(super) fn trial<const N: usize>(
    state: &[f64; N],
    first: &[f64; N],
    step: f64,
    scale: impl Fn(&[f64; N]) -> [f64; N],
    mut slopes: impl FnMut(&[f64; N], f64) -> Option<[f64; N]>,
) -> Option<Trial<N>> {
    let moved = |parts: &[(f64, &[f64; N])]| {
        let mut next = *state;
        for &(weight, slope) in parts {
            for (value, change) in next.iter_mut().zip(slope) {
                *value += weight * step * change;
            }
        }
        next
    };
    let second = slopes(&moved(&[(0.5, first)]), 0.5 * step)?;
    let third = slopes(&moved(&[(0.75, &second)]), 0.75 * step)?;
    let next = moved(&[(2.0 / 9.0, first), (1.0 / 3.0, &second), (4.0 / 9.0, &third)]);
    let fourth = slopes(&next, step)?;
    let mut error: f64 = 0.0;
    for (i, size) in scale(&next).into_iter().enumerate() {
        let difference = step
            * (-5.0 / 72.0 * first[i] + 1.0 / 12.0 * second[i] + 1.0 / 9.0 * third[i] - 0.125 * fourth[i]);
        if size > 0.0 {
            error = error.max((difference / (TOLERANCE * size)).abs());
        }
    }
    (error.is_finite() && next.iter().all(|value| value.is_finite())).then_some(Trial { state: next, error })
}

/// By what to multiply the step after an error.
pub(super) fn change(error: f64) -> f64 {
    let (least, most) = CHANGE;
    if error <= 0.0 { most } else { (SAFETY * error.powf(-1.0 / 3.0)).clamp(least, most) }
}
