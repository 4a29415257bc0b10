//! Pumps, weirs, gates and culverts.

use crate::flood::structure::culvert::{INLETS, Section as Barrel};
use crate::flood::structure::gate::USUAL_COEFFICIENT;
use crate::flood::structure::weir::BROAD_CRESTED;
use crate::flood::structure::{self, Culvert, Gate, Kind, Pump, Structure, Weir};
use crate::scenario::names::Names;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::{Place, read_place};

use super::buildings::lies_in_wall;
use super::places::lowest_cell;
use super::terrain::Ground;

/// Keys of the kinds, and which kinds they belong to.
const KEYS: [(&str, &[&str]); 21] = [
    ("capacity", &["pump"]),
    ("on_depth", &["pump"]),
    ("off_depth", &["pump"]),
    ("fails", &["pump"]),
    ("restored", &["pump"]),
    ("crest", &["weir"]),
    ("length", &["weir", "culvert"]),
    ("coefficient", &["weir", "gate"]),
    ("sill", &["gate"]),
    ("width", &["gate", "culvert"]),
    ("height", &["gate", "culvert"]),
    ("opens", &["gate"]),
    ("closes", &["gate"]),
    ("flap", &["gate", "culvert"]),
    ("inlet", &["culvert"]),
    ("diameter", &["culvert"]),
    ("barrels", &["culvert"]),
    ("bottom_from", &["culvert"]),
    ("bottom_to", &["culvert"]),
    ("manning_n", &["culvert"]),
    ("to", &["pump", "weir", "gate", "culvert"]),
];

/// Reads the tables `[[structure]]`.
pub(super) fn read(root: &Section<'_>, ground: Option<&Ground>) -> Option<Vec<Structure>> {
    let tables =
        root.sections("structure", "a pump, weir, gate or culvert that moves water between two places");
    let mut list: Option<Vec<Structure>> = Some(Vec::new());
    let mut names = Names::new(1120, "structures");
    for table in &tables {
        let structure = read_one(table, &mut names, ground);
        list = list.zip(structure).map(|(mut list, structure)| {
            list.push(structure);
            list
        });
    }
    list
}

fn read_one(table: &Section<'_>, names: &mut Names, ground: Option<&Ground>) -> Option<Structure> {
    let kinds = structure::ALL.map(|kind| kind.0);
    let name = table.required_text("name", "name in tables", "pump of the underpass");
    let name = name.and_then(|name| names.first(table, name));
    let kind = table.required_choice("kind", &kinds, "pump, weir, gate or culvert");
    let from = read_place(table, "from", "where it takes the water");
    let has_to = table.has("to") || table.describing();
    let to = if has_to {
        read_place(table, "to", "where it brings the water; out of the area when absent (pump)")
    } else {
        None
    };
    table.know("to");
    let within = table
        .quantity(
            "within",
            Dimension::Length,
            "take the lowest ground within this distance of from and to; one cell when absent",
        )
        .between(0.0, 1000.0)
        .or(0.0, "one cell");
    let numbers = Numbers::read(table);
    table.finish();
    let kind = kind?;
    let mut right = table.has_only_own(
        KEYS.map(|(key, kinds)| (key, kinds.contains(&kind))),
        (1085, &format!("a {kind}"), "remove it, or choose the kind that it belongs to"),
    );
    if !has_to && kind != "pump" {
        table.report(
            1012,
            "to",
            "missing: only a pump may bring water out of the area",
            "add to = { lon = ..., lat = ... }",
        );
        right = false;
    }
    let made = numbers.kind(table, kind);
    let ground = ground?;
    let cell = |place: Option<Place>, key: &str| find(table, ground, place?, (key, within));
    let from = cell(from, "from");
    let to = if has_to { cell(to, "to").map(Some) } else { Some(None) };
    let (from, to) = (from?, to?);
    if to == Some(from) {
        table.report(1086, "to", "both ends lie in the same cell", "move one of them, or use smaller cells");
        return None;
    }
    let structure = Structure { name: name?.into(), from, to, kind: made? };
    right.then_some(structure)
}

/// The cell of an end.
fn find(
    table: &Section<'_>,
    ground: &Ground,
    place: Place,
    (key, within): (&str, f64),
) -> Option<(usize, usize)> {
    let (x, y) = place.in_crs(&ground.grid.crs, table, key)?;
    let cell = lowest_cell(ground, (x, y), within);
    let shown = || format!("the end at x {x:.1}, y {y:.1}");
    if let Some(cell) = cell.or_else(|| ground.grid.cell_at(x, y))
        && lies_in_wall(table, (key, &shown()), cell, ground)
    {
        return None;
    }
    if cell.is_none() {
        let grid = &ground.grid;
        table.report(
            2306,
            key,
            format!("x {x:.1}, y {y:.1} lies on no cell of the area"),
            format!(
                "the terrain spans x {} to {}, y {} to {}",
                grid.west,
                grid.east(),
                grid.south,
                grid.north()
            ),
        );
    }
    cell
}

/// All numbers that any kind asks for.
struct Numbers<'a> {
    capacity: Option<f64>,
    depths: (Option<f64>, Option<f64>),
    failed: (Option<f64>, Option<f64>),
    crest: Option<f64>,
    length: Option<f64>,
    coefficient: Option<f64>,
    sill: Option<f64>,
    width: Option<f64>,
    height: Option<f64>,
    open: (Option<f64>, Option<f64>),
    has_flap: bool,
    inlet: Option<&'a str>,
    diameter: Option<f64>,
    barrels: Option<f64>,
    bottoms: (Option<f64>, Option<f64>),
    manning_n: Option<f64>,
}

impl<'a> Numbers<'a> {
    fn read(table: &Section<'a>) -> Self {
        let length = |key: &str, meaning: &str, most: f64| {
            table.quantity(key, Dimension::Length, meaning).between(0.001, most).optional()
        };
        let level =
            |key: &str, meaning: &str| table.quantity(key, Dimension::Length, meaning).a_level().optional();
        let time = |key: &str, meaning: &str| {
            table.quantity(key, Dimension::Time, meaning).between(0.0, 1e8).optional()
        };
        let inlets = INLETS.map(|inlet| inlet.name);
        let asks_flap = table.has("flap") || table.describing();
        let numbers = Self {
            capacity: table
                .quantity("capacity", Dimension::Discharge, "discharge of the pump")
                .between(0.0, 1000.0)
                .optional(),
            depths: (
                length("on_depth", "depth at from at which the pump starts", 100.0),
                length("off_depth", "depth at from at which the pump stops", 100.0),
            ),
            failed: (
                time("fails", "time after the start at which the pump fails"),
                time("restored", "time after the start at which it works again; never when absent"),
            ),
            crest: level("crest", "level of the crest of the weir on the datum of the terrain"),
            length: length("length", "length of the crest (weir) or of the barrel (culvert)", 10_000.0),
            coefficient: table
                .number(
                    "coefficient",
                    "coefficient of discharge; 1.705 m^(1/2)/s for a weir, 0.6 for a gate when absent",
                )
                .between(0.1, 2.5)
                .optional(),
            sill: level("sill", "level of the sill of the gate on the datum of the terrain"),
            width: length("width", "width of the opening (gate) or of a box (culvert)", 1000.0),
            height: length("height", "height of the opening (gate) or of a box (culvert)", 100.0),
            open: (
                time("opens", "time after the start at which the gate opens; from the start when absent"),
                time("closes", "time after the start at which the gate closes; never when absent"),
            ),
            has_flap: asks_flap
                && table.flag(
                    "flap",
                    false,
                    "a flap lets water through from from to to only (gate, culvert)",
                ),
            inlet: table.choice("inlet", &inlets, "kind of inlet of the culvert"),
            diameter: length("diameter", "diameter of a circular culvert", 20.0),
            barrels: table
                .number("barrels", "number of barrels of the culvert; one when absent")
                .between(1.0, 100.0)
                .optional(),
            bottoms: (
                level("bottom_from", "level of the bottom of the culvert at from"),
                level("bottom_to", "level of the bottom of the culvert at to"),
            ),
            manning_n: table
                .number("manning_n", "Manning's roughness n of the culvert")
                .between(0.005, 0.1)
                .optional(),
        };
        if numbers.barrels.is_some_and(|number| number.fract() != 0.0) {
            table.report(1018, "barrels", "a culvert has a whole number of barrels", "write 1, 2, 3, ...");
        }
        if !asks_flap {
            table.know("flap");
        }
        numbers
    }

    fn kind(&self, table: &Section<'_>, kind: &str) -> Option<Kind> {
        let needs = |key: &str, value: Option<f64>, example: &str| {
            if value.is_none() && !table.has(key) {
                table.report(1012, key, format!("missing for a {kind}"), format!("add {key} = {example}"));
            }
            value
        };
        match kind {
            "pump" => {
                let capacity = needs("capacity", self.capacity, "\"0.2 m3/s\"");
                let on = needs("on_depth", self.depths.0, "\"20 cm\"");
                let off = needs("off_depth", self.depths.1, "\"5 cm\"");
                self.pump(table, (capacity?, on?, off?))
            }
            "weir" => {
                let crest = needs("crest", self.crest, "\"12.4 m\"");
                let length = needs("length", self.length, "\"30 m\"");
                let coefficient = table.or_of_kind("coefficient", self.coefficient, (BROAD_CRESTED, None));
                Some(Kind::Weir(Weir { crest: crest?, length: length?, coefficient }))
            }
            "gate" => {
                let sill = needs("sill", self.sill, "\"3.1 m\"");
                let width = needs("width", self.width, "\"2 m\"");
                let height = needs("height", self.height, "\"1.5 m\"");
                let coefficient =
                    table.or_of_kind("coefficient", self.coefficient, (USUAL_COEFFICIENT, None));
                let open = self.gate_times(table);
                Some(Kind::Gate(Gate {
                    sill: sill?,
                    width: width?,
                    height: height?,
                    coefficient,
                    has_flap: self.has_flap,
                    open: open?,
                }))
            }
            _ => self.culvert(table, needs),
        }
    }

    /// Times at which a gate opens and closes, s.
    fn gate_times(&self, table: &Section<'_>) -> Option<(f64, f64)> {
        let opens = table.or_of_kind("opens", self.open.0, (0.0, Some(Dimension::Time)));
        let closes = self.open.1.unwrap_or(f64::INFINITY);
        if closes <= opens {
            let text =
                format!("the gate would close at {closes} s, not after the {opens} s at which it opens");
            let fix = "give a later closes, or leave it out where the gate stays open";
            table.report(1121, "closes", text, fix);
            return None;
        }
        Some((opens, closes))
    }

    fn pump(&self, table: &Section<'_>, (capacity, on_depth, off_depth): (f64, f64, f64)) -> Option<Kind> {
        if off_depth >= on_depth {
            table.report(
                1087,
                "off_depth",
                format!(
                    "the pump would stop at {off_depth} m, not below the {on_depth} m at which it starts"
                ),
                "choose a smaller off_depth",
            );
            return None;
        }
        let failed = self.failed.0.map(|from| (from, self.failed.1.unwrap_or(f64::INFINITY)));
        if self.failed.1.is_some() && failed.is_none_or(|(from, to)| to <= from) {
            table.report(
                1087,
                "restored",
                "it is not after the failure of the pump",
                "give fails, and restored after it",
            );
            return None;
        }
        Some(Kind::Pump(Pump { capacity, on_depth, off_depth, failed }))
    }

    fn culvert(
        &self,
        table: &Section<'_>,
        needs: impl Fn(&str, Option<f64>, &str) -> Option<f64>,
    ) -> Option<Kind> {
        let length = needs("length", self.length, "\"25 m\"");
        let from = needs("bottom_from", self.bottoms.0, "\"3.1 m\"");
        let to = needs("bottom_to", self.bottoms.1, "\"3.0 m\"");
        let manning_n = needs("manning_n", self.manning_n, "0.013");
        if !table.has("inlet") {
            table.report(
                1012,
                "inlet",
                "missing for a culvert",
                format!("add inlet = \"{}\"", INLETS[0].name),
            );
        }
        let inlet = INLETS.into_iter().find(|inlet| Some(inlet.name) == self.inlet)?;
        let section = if inlet.is_box {
            let (width, height) =
                (needs("width", self.width, "\"2 m\""), needs("height", self.height, "\"1.5 m\""));
            Barrel::Box(width?, height?)
        } else {
            Barrel::Circle(needs("diameter", self.diameter, "\"1 m\"")?)
        };
        let other = if inlet.is_box { &["diameter"][..] } else { &["width", "height"] };
        let right = table.has_only_own(
            other.iter().map(|&key| (key, false)),
            (
                1085,
                &format!("the inlet \"{}\"", inlet.name),
                "a pipe has a diameter, a box a width and a height",
            ),
        );
        if !right {
            return None;
        }
        Some(Kind::Culvert(Culvert {
            section,
            barrels: table.or_of_kind("barrels", self.barrels, (1.0, None)),
            length: length?,
            bottoms: (from?, to?),
            manning_n: manning_n?,
            inlet,
            has_flap: self.has_flap,
        }))
    }
}
