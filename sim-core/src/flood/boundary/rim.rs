//! The boundaries of one run laid over the ghost cells, and what passed them.

use crate::flood::boundary::{
    Edge, Edges, Face, Kind, Side, Water, discharge, open, rating, slope, stage, wall,
};
use crate::flood::params::{DRY_DEPTH, OUTSIDE_BED, Setup};
use crate::flood::part::Slab;
use crate::flood::reconstruction::tilt;
use crate::flood::state::{Layout, State, Terrain, friction};
use crate::flood::time_step::crossing_speed;
use crate::layer::edge;
use crate::layer::rim::PerFace;
use crate::series::Series;
use crate::units::GRAVITY;

/// A face of a boundary with its place in the arrays.
#[derive(Debug, Clone, Copy)]
struct Placed {
    face: Face,
    /// The cell inside; of no meaning where the arrays do not hold it.
    cell: usize,
    /// True where they do, and its water is known.
    is_here: bool,
    /// True where the cell is computed here and not by another part.
    is_own: bool,
    /// Numbers from a cell to the one before it, seen outwards.
    step: isize,
    /// Length of the face, m.
    length: f64,
    /// Size of the cell across the face, m.
    depth_of_cell: f64,
    manning_n: f64,
    /// Part of the discharge of its boundary per metre of face, 1/m; they sum up to one with the lengths.
    share: f64,
}

impl Placed {
    fn ghost(&self) -> usize {
        self.cell.wrapping_add_signed(self.step)
    }

    fn sign(&self) -> f64 {
        if self.face.side.is_far() { 1.0 } else { -1.0 }
    }

    /// The cell as the boundary sees it; a dry one is dry.
    fn inside(&self, state: &State) -> Water {
        let depth = state.depth[self.cell];
        if depth < DRY_DEPTH {
            return Water::default();
        }
        let across = if self.face.side.is_across_x() { &state.u } else { &state.v };
        Water { depth, outward: self.sign() * across[self.cell] }
    }
}

/// A face of a boundary as a device sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LentFace {
    /// Where it lies at the rim.
    pub face: Face,
    /// Place of the cell inside in the padded arrays.
    pub cell: usize,
    /// Numbers from the cell to its ghost.
    pub outward: isize,
    /// Length of the face, m.
    pub length: f64,
    /// Size of the cell across the face, m.
    pub depth_of_cell: f64,
    /// Manning's n of the cell, s/m^(1/3).
    pub manning_n: f64,
    /// Part of a discharge over dry faces per metre of face, 1/m.
    pub dry_share: f64,
}

/// A boundary with its faces in place.
#[derive(Debug, Clone)]
struct Member {
    faces: Vec<Placed>,
    kind: Kind,
    /// Ground and depth, m, beside every face; empty where a face minds its own cell only.
    sights: Vec<Sight>,
}

/// The cell beside a face as the whole boundary sees it.
#[derive(Debug, Clone, Copy, Default)]
struct Sight {
    bed: f64,
    depth: f64,
}

impl Member {
    /// True where what one face does depends on the water beside all of them.
    fn is_shared(&self) -> bool {
        matches!(self.kind, Kind::Discharge { .. } | Kind::Rating { .. })
    }
}

/// Everything that lies at the rim.
#[derive(Debug, Clone)]
pub(crate) struct Rim {
    edges: Edges,
    members: Vec<Member>,
    /// Position of the boundary that has each face, counted from one; zero leaves it to the side.
    owner: [Vec<usize>; 4],
    /// Unit discharge out of the grid that the scheme must let through, m²/s; NaN where it decides.
    pub(crate) given: PerFace,
    /// Unit discharge out of the grid in the last step, m²/s.
    pub(crate) passed: PerFace,
    /// Largest (|u|+c)/Δx + (|v|+c)/Δy of the ghosts, 1/s.
    pub(crate) wave_rate: f64,
    /// The cell beside the ghost that has it.
    pub(crate) fastest: (usize, usize),
    /// Boundary and face of that ghost.
    first_fastest: (usize, usize),
    /// Row of the grid that the arrays begin with.
    first_row: usize,
    shape: (usize, usize),
    /// True as soon as a level was above its rating curve.
    pub(crate) above_curve: Vec<bool>,
}

impl Rim {
    /// Faces in place; the ground beyond walls and open faces is written once and for all.
    pub(crate) fn new(setup: &Setup<'_>, slab: &Slab, terrain: &mut Terrain) -> Self {
        let (whole, layout) = (slab.whole, slab.layout());
        let mut owner = [whole.rows, whole.rows, whole.columns, whole.columns].map(|n| vec![0; n]);
        let mut members = Vec::new();
        for (number, boundary) in setup.boundaries.iter().enumerate() {
            for face in &boundary.faces {
                owner[face.side as usize][face.index] = number + 1;
            }
            let faces = boundary.faces.iter().map(|&face| place(face, setup, slab)).collect();
            members.push(Member { faces, kind: boundary.kind.clone(), sights: Vec::new() });
        }
        for member in &mut members {
            if member.is_shared() {
                member.sights = vec![Sight::default(); member.faces.len()];
            }
            let edge = match member.kind {
                Kind::Wall => Edge::Wall,
                Kind::Open => Edge::Open,
                _ => continue,
            };
            for placed in member.faces.iter().filter(|placed| placed.is_here) {
                terrain.bed[placed.ghost()] = edge::ghost_bed(edge, leading_to(&terrain.bed, placed));
            }
        }
        Self {
            edges: setup.params.edges,
            owner,
            given: PerFace::new(layout, f64::NAN),
            passed: PerFace::new(layout, 0.0),
            wave_rate: 0.0,
            fastest: (0, 0),
            first_fastest: (0, 0),
            first_row: slab.held.start,
            shape: setup.grid.shape(),
            above_curve: vec![false; members.len()],
            members,
        }
    }

    /// Looks at the water beside the faces of the boundaries that mind all of theirs.
    pub(crate) fn look(&mut self, state: &State, terrain: &Terrain) {
        for Member { faces, sights, .. } in &mut self.members {
            for (sight, placed) in sights.iter_mut().zip(faces).filter(|(_, placed)| placed.is_own) {
                *sight = Sight { bed: terrain.bed[placed.cell], depth: state.depth[placed.cell] };
            }
        }
    }

    /// True where any boundary lies at the rim.
    pub(crate) fn has_members(&self) -> bool {
        !self.members.is_empty()
    }

    /// True where a part must hear what others see.
    pub(crate) fn is_shared(&self) -> bool {
        self.members.iter().any(Member::is_shared)
    }

    /// What this part sees, for the others: boundary, face, ground and depth.
    pub(crate) fn sights(&self) -> Vec<f64> {
        let mut numbers = Vec::new();
        for (number, member) in self.members.iter().enumerate() {
            for (at, sight) in member.sights.iter().enumerate() {
                if member.faces[at].is_own {
                    numbers.extend([number as f64, at as f64, sight.bed, sight.depth]);
                }
            }
        }
        numbers
    }

    /// Takes in what other parts see.
    pub(crate) fn hear_sights(&mut self, numbers: &[f64]) {
        for sight in numbers.as_chunks::<4>().0 {
            let [number, at, bed, depth] = *sight;
            self.members[number as usize].sights[at as usize] = Sight { bed, depth };
        }
    }

    /// The rate of the fastest ghost with its boundary and face.
    pub(crate) fn fastest_ghost(&self) -> [f64; 3] {
        [self.wave_rate, self.first_fastest.0 as f64, self.first_fastest.1 as f64]
    }

    /// Takes the fastest ghost of all parts; of several the first boundary and face.
    pub(crate) fn hear_fastest(&mut self, ghosts: impl Iterator<Item = [f64; 3]>) {
        for [rate, number, at] in ghosts.filter(|ghost| ghost[0] > 0.0) {
            let place = (number as usize, at as usize);
            if rate > self.wave_rate || (rate == self.wave_rate && place < self.first_fastest) {
                (self.wave_rate, self.first_fastest) = (rate, place);
                self.fastest = self.members[place.0].faces[place.1].face.cell(self.shape);
            }
        }
    }

    /// Writes the ghost cells for a moment, from what [`Rim::look`] saw.
    pub(crate) fn fill(&mut self, state: &mut State, terrain: &mut Terrain, layout: Layout, time: f64) {
        edge::fill_ghosts(&mut state.moving(), layout, self.edges);
        state.fill_face_ghosts(layout);
        self.wave_rate = 0.0;
        for number in 0..self.members.len() {
            self.fill_member(number, state, terrain, time);
        }
    }

    fn fill_member(&mut self, number: usize, state: &mut State, terrain: &mut Terrain, time: f64) {
        let Member { faces, kind, sights } = &mut self.members[number];
        let total = match kind {
            Kind::Discharge { discharge, .. } => {
                spread(faces, sights);
                discharge.at(time)
            }
            Kind::Rating { curve } => {
                spread(faces, sights);
                let level = mean_level(faces, sights);
                self.above_curve[number] |= level > curve.highest();
                curve.at(level)
            }
            _ => 0.0,
        };
        for (at, placed) in faces.iter().enumerate().filter(|(_, placed)| placed.is_here) {
            let inside = placed.inside(state);
            if !matches!(kind, Kind::Wall | Kind::Open) {
                terrain.bed[placed.ghost()] =
                    terrain.bed[placed.cell] + rise_of_ground(placed, state, terrain);
            }
            let flow = total * placed.share;
            let ghost = match kind {
                Kind::Wall => wall::ghost(inside),
                Kind::Open => open::ghost(inside),
                Kind::Slope { slope: fall } => slope::ghost(inside, *fall, placed.manning_n),
                Kind::Stage { level } => stage::ghost(inside, level.at(time) - face_ground(placed, terrain)),
                Kind::Discharge { slope, .. } => {
                    let normal = slope.map(|fall| discharge::normal_depth(flow, fall, placed.manning_n));
                    discharge::ghost(inside, flow, normal)
                }
                Kind::Rating { .. } => {
                    let outflow = flow.min(rating::most_that_leaves(inside));
                    self.given.set(here(placed.face, self.first_row), outflow);
                    rating::ghost(inside, outflow)
                }
            };
            write(placed, ghost, state);
            let c = (GRAVITY * ghost.depth).sqrt();
            let (outward, along) =
                (crossing_speed(ghost.outward as f32, c as f32), crossing_speed(0.0, c as f32));
            let rate = f64::from(outward) / placed.depth_of_cell + f64::from(along) / placed.length;
            if rate > self.wave_rate && placed.is_own {
                (self.wave_rate, self.first_fastest) = (rate, (number, at));
                self.fastest = placed.face.cell(self.shape);
            }
        }
    }

    /// Fixes what the discharges let in from `start` to `end`: exactly the integral of each.
    pub(crate) fn give(&mut self, start: f64, end: f64) {
        for member in &self.members {
            let Kind::Discharge { discharge, .. } = &member.kind else { continue };
            let mean = if end > start { discharge.integral(start, end) / (end - start) } else { 0.0 };
            for placed in member.faces.iter().filter(|placed| placed.is_here) {
                self.given.set(here(placed.face, self.first_row), -(mean * placed.share));
            }
        }
    }

    /// Forgets what passed: tiles that are not swept let nothing through.
    pub(crate) fn clear(&mut self) {
        self.passed.fill(0.0);
    }

    /// The boundary that has each face of a side; none leaves it to the side.
    pub(crate) fn owners(&self, side: Side) -> impl Iterator<Item = Option<&Kind>> {
        let owners = self.owner[side as usize].iter();
        owners.map(|owner| owner.checked_sub(1).map(|number| &self.members[number].kind))
    }

    /// Every boundary with its faces, for whoever fills the ghosts in its place.
    pub(crate) fn lent(&self, bed: &[f64]) -> impl Iterator<Item = (&Kind, Vec<LentFace>)> {
        self.members.iter().map(|member| {
            let mut faces = member.faces.clone();
            let grounds: Vec<f64> = faces.iter().map(|placed| bed[placed.cell]).collect();
            let total = share_film(&mut faces, grounds.into_iter());
            let lent = |placed: &Placed| LentFace {
                face: placed.face,
                cell: placed.cell,
                outward: placed.step,
                length: placed.length,
                depth_of_cell: placed.depth_of_cell,
                manning_n: placed.manning_n,
                dry_share: placed.share / total,
            };
            (&member.kind, faces.iter().map(lent).collect())
        })
    }

    /// What each boundary does.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.members.iter().map(|member| &member.kind)
    }

    /// Takes over at which boundaries a device saw a level above the rating curve.
    pub(crate) fn note_above_curve(&mut self, above: &[bool]) {
        for (known, &seen) in self.above_curve.iter_mut().zip(above) {
            *known |= seen;
        }
    }

    /// Every series that drives a boundary.
    pub(crate) fn series(&self) -> impl Iterator<Item = &Series> {
        self.members.iter().filter_map(|member| member.kind.series())
    }

    /// Largest depth per second that a boundary may bring to a dry cell until
    /// `mark`, m/s, and a cell of that boundary; of those boundaries that count.
    pub(crate) fn source_rate(
        &self,
        time: f64,
        mark: f64,
        counts: impl Fn(&Kind) -> bool,
    ) -> (f64, (usize, usize)) {
        let mut most = (0.0, (0, 0));
        for member in self.members.iter().filter(|_| mark.is_finite() && mark > time) {
            let Some(series) = member.kind.series().filter(|_| counts(&member.kind)) else { continue };
            let (now, then) = (series.at(time), series.before(mark));
            for placed in &member.faces {
                let rate = match &member.kind {
                    Kind::Stage { .. } => (then - now) / (mark - time),
                    _ => now.max(then) * placed.share / placed.depth_of_cell,
                };
                if rate > most.0 {
                    most = (rate, placed.face.cell(self.shape));
                }
            }
        }
        most
    }

    /// What passed the faces of the whole grid, m² or m²/s outwards, by whom it belongs to, m³ or
    /// m³/s: out over each side where it is its own, and in and out over each boundary.
    pub(crate) fn sorted(&self, passed: &PerFace, grid: (f64, f64)) -> ([f64; 4], Vec<(f64, f64)>) {
        let mut sides = [0.0; 4];
        let mut boundaries = vec![(0.0, 0.0); self.members.len()];
        for side in Side::ALL {
            let length = if side.is_across_x() { grid.1 } else { grid.0 };
            let at = side as usize;
            for (&outward, &owner) in passed.0[at].iter().zip(&self.owner[at]) {
                match owner.checked_sub(1) {
                    None => sides[at] += outward * length,
                    Some(number) if outward < 0.0 => boundaries[number].0 -= outward * length,
                    Some(number) => boundaries[number].1 += outward * length,
                }
            }
        }
        (sides, boundaries)
    }
}

/// The face as the arrays of a part count it, which begin with a row of the grid.
fn here(face: Face, first_row: usize) -> Face {
    match face.side {
        Side::West | Side::East => Face { index: face.index - first_row, ..face },
        Side::South | Side::North => face,
    }
}

fn place(face: Face, setup: &Setup<'_>, slab: &Slab) -> Placed {
    let (grid, layout) = (setup.grid, slab.layout());
    let (row, column) = face.cell(grid.shape());
    let stride = layout.stride() as isize;
    let (step, length, depth_of_cell) = match face.side {
        Side::West => (-1, grid.dy, grid.dx),
        Side::East => (1, grid.dy, grid.dx),
        Side::South => (-stride, grid.dx, grid.dy),
        Side::North => (stride, grid.dx, grid.dy),
    };
    let manning_n = (f64::from(friction(setup.manning_n[(row, column)])) / GRAVITY).sqrt();
    let is_here = slab.is_live(row);
    let cell = if is_here { layout.at(row - slab.held.start, column) } else { usize::MAX };
    let is_own = slab.own.contains(&row);
    Placed { face, cell, is_here, is_own, step, length, depth_of_cell, manning_n, share: 0.0 }
}

/// Numbers of the three cells that lead to a face, the nearest first; what lies
/// outside the area or the grid repeats the cell before it.
fn leading_to(array: &[f64], placed: &Placed) -> [f64; 3] {
    let at = |cells: isize| array.get(placed.cell.wrapping_add_signed(-cells * placed.step)).copied();
    let first = array[placed.cell];
    let second = at(1).unwrap_or(first);
    [first, second, at(2).unwrap_or(second)]
}

/// Rise of the ground from the cell to its ghost: as far as ground and water surface of the last cells
/// agree. Where one of them is dry there is no surface to go by, and the ground goes on level.
fn rise_of_ground(placed: &Placed, state: &State, terrain: &Terrain) -> f64 {
    let [z1, z2, z3] = leading_to(&terrain.bed, placed);
    let [h1, h2, h3] = leading_to(&state.depth, placed);
    let is_flow = [z2, z3].iter().all(|&z| z < OUTSIDE_BED) && [h1, h2, h3].iter().all(|&h| h >= DRY_DEPTH);
    if !is_flow {
        return 0.0;
    }
    let ground = (z2 - z3, z1 - z2);
    let surface = (ground.0 + (h2 - h3), ground.1 + (h1 - h2));
    let single = |pair: (f64, f64)| (pair.0 as f32, pair.1 as f32);
    f64::from(tilt(single(ground), single(surface)))
}

/// Ground in the middle between cell and ghost, m.
fn face_ground(placed: &Placed, terrain: &Terrain) -> f64 {
    0.5 * (terrain.bed[placed.cell] + terrain.bed[placed.ghost()])
}

/// Gives every face its share by conveyance; dry faces carry a film above the lowest ground.
fn spread(faces: &mut [Placed], sights: &[Sight]) {
    let wet = |sight: &Sight| if sight.depth < DRY_DEPTH { 0.0 } else { sight.depth };
    let mut total = share_by(faces, sights.iter().map(wet));
    if total <= 0.0 {
        total = share_film(faces, sights.iter().map(|sight| sight.bed));
    }
    faces.iter_mut().for_each(|placed| placed.share /= total);
}

/// Gives every face what it would carry with a depth, m, as its share; the sum over all lengths.
fn share_by(faces: &mut [Placed], depths: impl Iterator<Item = f64>) -> f64 {
    let mut total = 0.0;
    for (placed, depth) in faces.iter_mut().zip(depths) {
        placed.share = discharge::conveyance(depth, placed.manning_n);
        total += placed.share * placed.length;
    }
    total
}

/// The same with a film above the lowest ground of these, m.
fn share_film(faces: &mut [Placed], grounds: impl Iterator<Item = f64> + Clone) -> f64 {
    let lowest = grounds.clone().fold(f64::INFINITY, f64::min);
    share_by(faces, grounds.map(|ground| lowest + discharge::FIRST_FILM - ground))
}

/// Water level of a boundary, m: the mean over its wet faces, weighed by what they carry.
fn mean_level(faces: &[Placed], sights: &[Sight]) -> f64 {
    let wet = faces.iter().zip(sights).filter(|(_, sight)| sight.depth >= DRY_DEPTH);
    if wet.clone().next().is_none() {
        return f64::NEG_INFINITY;
    }
    wet.map(|(placed, sight)| placed.share * placed.length * (sight.bed + sight.depth)).sum()
}

/// Writes a ghost; water that comes in brings no velocity along the rim.
fn write(placed: &Placed, ghost: Water, state: &mut State) {
    let (at, cell) = (placed.ghost(), placed.cell);
    let across = placed.sign() * ghost.outward;
    state.depth[at] = ghost.depth;
    let is_across_x = placed.face.side.is_across_x();
    let along = if ghost.outward < 0.0 {
        0.0
    } else if is_across_x {
        state.v[cell]
    } else {
        state.u[cell]
    };
    (state.u[at], state.v[at]) = if is_across_x { (across, along) } else { (along, across) };
}
