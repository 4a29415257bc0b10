//! Barriers in place: every face with its law, what it does in a step, what has passed.

use super::{Barrier, Beside, Crossing, Flow, Kind, driven, levee, limited};
use crate::flood::params::OUTSIDE_BED;
use crate::flood::state::{Layout, State, Terrain};
use crate::flood::step::Solver;
use crate::flood::sweep::Span;

/// A face in place.
#[derive(Debug, Clone, Copy)]
struct Placed {
    member: usize,
    face: super::Face,
    /// Positions of the cells west (or south) and east (or north) of it.
    left: usize,
    right: usize,
}

/// What a face does in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FaceNow {
    /// Row and column of the cell east (or north) of the face.
    pub(crate) cell: (usize, usize),
    /// Unit discharge of the law, m²/s.
    pub(crate) water: f64,
    /// Share of the law in what passes.
    pub(crate) share: f64,
    /// As in [`Flow::drag`].
    pub(crate) drag: f64,
}

impl FaceNow {
    /// True where neither wall nor pier stands in the way.
    pub(crate) fn is_free(&self) -> bool {
        self.share == 0.0 && self.drag == 0.0
    }
}

/// Faces that look in one direction, in the order of rows and columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looking {
    placed: Vec<Placed>,
    pub(crate) now: Vec<FaceNow>,
    /// Unit discharge that passed in the last step, m²/s.
    pub(crate) passed: Vec<f64>,
}

/// Every barrier of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Barriers {
    kinds: Vec<Kind>,
    pub(crate) across_x: Looking,
    pub(crate) across_y: Looking,
    pub(crate) crossings: Vec<Crossing>,
    /// True for the barriers whose top, or whose underside, the water reaches in this step.
    over: Vec<bool>,
    pressed: Vec<bool>,
}

impl Barriers {
    /// Faces in place. A face that several barriers want belongs to a bridge, or to the
    /// highest crest; faces beside what lies outside the area have no barrier.
    pub(crate) fn new(barriers: &[Barrier], layout: Layout, terrain: &Terrain) -> Self {
        let mut directions = [Vec::new(), Vec::new()];
        for (member, barrier) in barriers.iter().enumerate() {
            for &face in &barrier.faces {
                let Some(other) = face.other() else { continue };
                let at = |(row, column): (usize, usize)| layout.at(row, column);
                let placed = Placed { member, face, left: at(other), right: at(face.cell) };
                let is_inside = [placed.left, placed.right].iter().all(|&at| terrain.bed[at] < OUTSIDE_BED);
                if is_inside {
                    directions[usize::from(!face.is_across_x)].push(placed);
                }
            }
        }
        let [across_x, across_y] = directions.map(|mut placed| {
            let is_levee = |placed: &Placed| matches!(barriers[placed.member].kind, Kind::Levee(_));
            placed.sort_by(|a, b| {
                let first = a.face.cell.cmp(&b.face.cell).then(is_levee(a).cmp(&is_levee(b)));
                first.then(b.face.top.total_cmp(&a.face.top)).then(a.member.cmp(&b.member))
            });
            placed.dedup_by_key(|placed| placed.face.cell);
            Looking { passed: vec![0.0; placed.len()], now: Vec::with_capacity(placed.len()), placed }
        });
        Self {
            kinds: barriers.iter().map(|barrier| barrier.kind.clone()).collect(),
            across_x,
            across_y,
            crossings: vec![Crossing::NONE; barriers.len()],
            over: vec![false; barriers.len()],
            pressed: vec![false; barriers.len()],
        }
    }

    /// Applies every law to the water at the start of a step, from what passed before.
    pub(crate) fn look(&mut self, state: &State, terrain: &Terrain, spacing: (f64, f64), span: Span) {
        self.over.fill(false);
        self.pressed.fill(false);
        let time = span.end - span.dt;
        let Self { kinds, across_x, across_y, crossings, over, pressed } = self;
        for (looking, velocity, spacing) in [(across_x, &state.u, spacing.0), (across_y, &state.v, spacing.1)]
        {
            looking.now.clear();
            for (placed, passed) in looking.placed.iter().zip(&mut looking.passed) {
                let beside = |at: usize, sign: f64| Beside {
                    level: terrain.bed[at] + state.depth[at],
                    depth: state.depth[at],
                    towards: sign * velocity[at],
                };
                let sides = (beside(placed.left, 1.0), beside(placed.right, -1.0));
                let ground = terrain.bed[placed.left].max(terrain.bed[placed.right]);
                let member = placed.member;
                let flow = match &kinds[member] {
                    Kind::Levee(law) => {
                        let crest = law.crest(&placed.face, time, &crossings[member]);
                        levee::over(crest, ground, sides, law.coefficient)
                    }
                    Kind::Bridge(law) => law.flow((placed.face.soffit, placed.face.top), ground, sides),
                };
                over[member] |= flow.is_over;
                pressed[member] |= flow.share > 0.0 && placed.face.soffit > ground;
                let water = driven(std::mem::take(passed), flow, spacing, span.dt);
                looking.now.push(now(placed, flow, water, sides));
            }
        }
    }

    /// Adds up what passed in a step; `sizes` are those of a cell, m.
    pub(crate) fn book(&mut self, sizes: (f64, f64), span: Span) {
        let mut discharges = vec![0.0; self.crossings.len()];
        for (looking, length) in [(&self.across_x, sizes.1), (&self.across_y, sizes.0)] {
            for (placed, &passed) in looking.placed.iter().zip(&looking.passed) {
                let to_right = if placed.face.from_left { passed * length } else { -passed * length };
                let crossing = &mut self.crossings[placed.member];
                discharges[placed.member] += to_right;
                if to_right > 0.0 {
                    crossing.to_right += to_right * span.dt;
                } else {
                    crossing.to_left -= to_right * span.dt;
                }
                let is_levee = matches!(self.kinds[placed.member], Kind::Levee(_));
                if passed != 0.0 && (is_levee || self.over[placed.member]) {
                    crossing.first_over = crossing.first_over.min(span.end);
                }
            }
        }
        for (member, crossing) in self.crossings.iter_mut().enumerate() {
            crossing.peak = crossing.peak.max(discharges[member].abs());
            if self.pressed[member] && matches!(self.kinds[member], Kind::Bridge(_)) {
                crossing.first_pressed = crossing.first_pressed.min(span.end);
            }
        }
    }

    /// Every number that changes during a run.
    pub(crate) fn numbers(&mut self) -> impl Iterator<Item = &mut f64> {
        let passed = self.across_x.passed.iter_mut().chain(&mut self.across_y.passed);
        passed.chain(self.crossings.iter_mut().flat_map(Crossing::numbers))
    }

    /// When the gap of each levee that has one begins or began, s.
    fn begun(&self, member: usize) -> Option<f64> {
        match &self.kinds[member] {
            Kind::Levee(levee) => levee.gap.map(|gap| gap.begun(&self.crossings[member])),
            Kind::Bridge(_) => None,
        }
    }
}

/// What a face does with a discharge, within its limits.
fn now(placed: &Placed, flow: Flow, water: f64, sides: (Beside, Beside)) -> FaceNow {
    let giving = if water < 0.0 { sides.1.depth } else { sides.0.depth };
    FaceNow { cell: placed.face.cell, water: limited(water, giving), share: flow.share, drag: flow.drag }
}

impl Solver {
    /// What has passed each barrier of the setup.
    pub fn crossings(&self) -> &[Crossing] {
        &self.barriers.crossings
    }

    /// When the gap of a barrier began, s, infinite if it did not; none for what has no gap.
    pub fn gap_begun(&self, barrier: usize) -> Option<f64> {
        let begun = self.barriers.begun(barrier)?;
        Some(if begun <= self.time { begun } else { f64::INFINITY })
    }
}
