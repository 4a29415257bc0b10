//! Where a jet is spent and the wind takes over: place, width and concentration of what a plume or
//! puffs begin with, and the jet's own cloud up to there.

use std::f64::consts::PI;

use crate::error::Result;
use crate::gas::jet::{Ambient, End, Jet, Section, Source};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::weather::{Regime, Weather};
use crate::units;

/// Where a free jet points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Angle above level ground, rad: 0 to π/2.
    pub elevation: f64,
    /// Point of the compass that it blows to, degrees clockwise from north; none for "with the wind".
    pub towards_deg: Option<f64>,
}

impl Axis {
    /// Direction in the wind's own coordinates: downwind, across to the left, up; of length 1.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::jet::handover::Axis;
    /// // A level jet to the north in a wind from the west: across it, to the left.
    /// let axis = Axis { elevation: 0.0, towards_deg: Some(0.0) };
    /// let [along, across, up] = axis.in_wind(270.0);
    /// assert!(along.abs() < 1e-12 && (across - 1.0).abs() < 1e-12 && up == 0.0);
    /// ```
    pub fn in_wind(&self, wind_direction_deg: f64) -> [f64; 3] {
        /// A wind from a point of the compass blows to the one opposite, degrees.
        const OPPOSITE: f64 = 180.0;
        let wind = units::heading_from_wind_direction(wind_direction_deg);
        let jet = self.towards_deg.map_or(wind, |to| units::heading_from_wind_direction(to + OPPOSITE));
        let (level, up) = (self.elevation.cos(), self.elevation.sin());
        [level * (jet - wind).cos(), level * (jet - wind).sin(), up]
    }
}

/// Longest jet that is followed, m; what is longer does not hand over.
pub const LONGEST: f64 = 2000.0;

/// Height that a level jet needs to be free of the ground at its beginning, m: a street is no wind tunnel.
pub const CLEAR_OF_THE_GROUND: f64 = 0.5;

/// Rounds of the search for the wind at the height where the jet ends.
const ROUNDS: usize = 12;

/// Change of that wind, as a share, at which the search ends; the last jet and the plume have the same wind whatever it is.
const SETTLED: f64 = 1e-3;

/// Cross-sections of the jet's cloud lie this far apart, in radii: between two of them the bell loses 1.4 % at most.
const APART: f64 = 0.2;

/// A cross-section taken as a ball: what the jet brings around it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ball {
    place: [f64; 3],
    /// In the middle, kg/m³.
    concentration: f64,
    /// Radius at which it is 1/e of that, m.
    radius: f64,
}

impl Ball {
    fn of(jet: &Jet, section: &Section) -> Self {
        let gas = section.centre_mass_fraction;
        Self {
            place: section.place,
            concentration: gas * jet.density(gas),
            radius: section.concentration_radius,
        }
    }

    fn at(&self, square: f64) -> f64 {
        self.concentration * (-square / (self.radius * self.radius)).exp()
    }

    /// Radius within which it exceeds a threshold, m; zero where it nowhere does.
    fn reach(&self, threshold: f64) -> f64 {
        self.radius * (self.concentration / threshold).ln().max(0.0).sqrt()
    }
}

/// What a plume or puffs begin with, in the wind's own coordinates from the foot of the hole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Begin {
    /// Downwind, across, up, m.
    pub place: [f64; 3],
    /// Standard deviation of the concentration, the same across and upwards, m.
    pub sigma: f64,
}

/// A jet up to where the wind takes over.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// What the plume begins with.
    pub begin: Begin,
    /// Wind of the jet and of the plume, m/s: that at the height of the hand-over.
    pub wind: f64,
    /// Concentration on the axis at the hand-over, kg/m³.
    pub concentration: f64,
    /// The bell of the jet at the hand-over as a standard deviation, m.
    pub jet_sigma: f64,
    /// Length of its axis, m.
    pub length: f64,
    /// Why it ends there: spent, or on the ground.
    pub end: End,
    /// Square root of the momentum of the source over that of the wind through the same opening.
    pub momentum_ratio: f64,
    /// What its speed exceeds that of the wind by where it ends, as a share of the wind.
    pub excess: f64,
    /// True where it blows with the wind and turns with it; false where it blows to a point of the compass.
    pub turns_with_the_wind: bool,
    balls: Vec<Ball>,
}

impl Lead {
    /// The jet of a release in some weather; none where it does not hand over.
    ///
    /// The wind of the jet is that at the height where it ends, found by trying again: it
    /// bends a rising jet a little too soon, which keeps it nearer to the ground. Where it ends
    /// the plume has the same flux of gas by its own formula, and begins with the width at which
    /// its axis has the concentration of the jet's:
    ///
    /// $$ \frac{Q}{2\pi u\sigma^2}\left(1 + e^{-2h^2/\sigma^2}\right) = c_{jet} $$
    ///
    /// High above the ground that is the jet's own bell; on the ground its half.
    ///
    /// None in air below 1.5 m/s at 10 m, which spreads gas by its own rules; none for a jet longer than
    /// [`LONGEST`], nor with drops in it.
    ///
    /// # Errors
    /// E4551 a source that cannot be.
    ///
    /// # Source
    /// The customary criterion ([`crate::gas::jet::integral::SPENT`]); the virtual source is our own reasoning.
    pub fn new(release: &Release, substance: &Substance, weather: &Weather) -> Result<Option<Self>> {
        let drops = release.history.as_ref().is_some_and(|history| history.peak().state.vapour_share < 1.0);
        let (Some(axis), Some(exit)) = (release.jet, release.exit) else { return Ok(None) };
        if drops || weather.regime() != Regime::Steady {
            return Ok(None);
        }
        let direction = axis.in_wind(weather.wind_direction_deg);
        let is_low = release.height < CLEAR_OF_THE_GROUND && axis.elevation < FREE_BY_ITSELF;
        let height = if is_low { CLEAR_OF_THE_GROUND } else { release.height };
        let source = Source::from_hole(&exit, release.rate, substance, weather.pressure, height, direction);
        let mut wind = weather.wind_at(height);
        for round in 0..ROUNDS {
            let air = Ambient { wind, temperature: weather.air_temperature, pressure: weather.pressure };
            let jet = Jet::new(source.clone(), air, LONGEST)?;
            let Some(last) = jet.sections.last() else { return Ok(None) };
            let there = weather.wind_at(last.place[2].max(0.0));
            if round + 1 == ROUNDS || (there / wind - 1.0).abs() < SETTLED {
                return Ok((jet.end != End::Length).then(|| Self::of(axis, &jet, last)));
            }
            wind = 0.5 * (wind + there);
        }
        Ok(None)
    }

    fn of(axis: Axis, jet: &Jet, last: &Section) -> Self {
        let end = Ball::of(jet, last);
        let wind = jet.ambient.wind;
        let place = [last.place[0], last.place[1], last.place[2].max(0.0)];
        let sigma = width_of(jet.source.rate / (2.0 * PI * wind), place[2], end.concentration);
        let own = [0, 1, 2]
            .map(|i| last.momentum[i] / last.mass - if i == 0 { wind } else { 0.0 })
            .iter()
            .map(|part| part * part)
            .sum::<f64>();
        let first = &jet.sections[0];
        let momentum_ratio = (first.density / jet.ambient.density()).sqrt() * first.velocity / wind;
        Self {
            begin: Begin { place, sigma },
            wind,
            concentration: end.concentration,
            jet_sigma: last.sigma(),
            length: last.along,
            end: jet.end,
            momentum_ratio,
            turns_with_the_wind: axis.towards_deg.is_none(),
            excess: own.sqrt() / wind,
            balls: balls(jet),
        }
    }

    /// Concentration that the jet brings to a point of the wind's coordinates, kg/m³: the
    /// largest of its cross-sections, each taken as a ball. Beyond the hand-over the plume brings more.
    pub fn concentration_at(&self, downwind: f64, across: f64, height: f64) -> f64 {
        let at = |ball: &Ball| {
            let [x, y, z] = ball.place;
            ball.at((downwind - x).powi(2) + (across - y).powi(2) + (height - z).powi(2))
        };
        self.balls.iter().map(at).fold(0.0, f64::max)
    }

    /// The same at a distance from the hole over the ground, whichever way the jet points.
    pub fn concentration_around(&self, distance: f64, height: f64) -> f64 {
        let at = |ball: &Ball| {
            let [x, y, z] = ball.place;
            ball.at((distance - x.hypot(y)).powi(2) + (height - z).powi(2))
        };
        self.balls.iter().map(at).fold(0.0, f64::max)
    }

    /// Largest concentration in a plane across the wind at a height, kg/m³.
    pub fn concentration_in_plane(&self, downwind: f64, height: f64) -> f64 {
        let at = |ball: &Ball| ball.at((downwind - ball.place[0]).powi(2) + (height - ball.place[2]).powi(2));
        self.balls.iter().map(at).fold(0.0, f64::max)
    }

    /// Discs in which the jet exceeds a threshold: place in the wind's coordinates and radius, m.
    ///
    /// # Units
    /// - `threshold`: kg/m³; `height`: m, none for any height
    pub fn discs(&self, threshold: f64, height: Option<f64>) -> Vec<([f64; 2], f64)> {
        let disc = |ball: &Ball| {
            let reach = ball.reach(threshold);
            let off = height.map_or(0.0, |height| height - ball.place[2]);
            (reach > off.abs()).then(|| ([ball.place[0], ball.place[1]], (reach * reach - off * off).sqrt()))
        };
        self.balls.iter().filter_map(disc).collect()
    }
}

/// Elevation from which a jet is free of the ground by itself, rad (10 degrees).
const FREE_BY_ITSELF: f64 = 0.174_532_925_199_432_95;

/// The sections as balls, one for each fifth of a radius, the last among them.
fn balls(jet: &Jet) -> Vec<Ball> {
    let mut kept: Vec<Ball> = Vec::new();
    let mut at = f64::NEG_INFINITY;
    let last = jet.sections.len().saturating_sub(1);
    for (i, section) in jet.sections.iter().enumerate() {
        if section.along - at >= APART * section.radius || i == last {
            kept.push(Ball::of(jet, section));
            at = section.along;
        }
    }
    kept
}

/// Halvings of the search for a width: 200 reach rounding.
const HALVINGS: usize = 200;

/// Range in which a width is sought, m.
const WIDTHS: (f64, f64) = (1e-6, 1e5);

/// The width at which a plume with its image in the ground has a concentration on its axis, m.
///
/// # Units
/// - `strength`: Q/(2πu), kg/m; `height`: m; `concentration`: kg/m³
fn width_of(strength: f64, height: f64, concentration: f64) -> f64 {
    let (mut narrow, mut wide) = (WIDTHS.0.ln(), WIDTHS.1.ln());
    for _ in 0..HALVINGS {
        let middle = 0.5 * (narrow + wide);
        let square = (2.0 * middle).exp();
        let value = strength / square * (1.0 + (-2.0 * height * height / square).exp());
        if value > concentration { narrow = middle } else { wide = middle }
    }
    (0.5 * (narrow + wide)).exp()
}
