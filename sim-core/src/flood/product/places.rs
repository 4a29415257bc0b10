//! Places that matter: peak, closing and reopening, who gets through, and the series.

use geo_types::{Geometry, Point};

use crate::flood::passability;
use crate::flood::place::{Diary, Place, Spell};
use crate::flood::product::{Evidence, MINUTE};
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Shapes and table `places`, and table `place_series`: the named places of the scenario.
pub struct Places;

impl Product<Evidence> for Places {
    fn name(&self) -> &'static str {
        "places"
    }

    fn meaning(&self) -> &'static str {
        "named places: peak, when they close and reopen, who gets through, and depth in time"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.places.list.is_empty() {
            return Vec::new();
        }
        let entries = || evidence.places.list.iter().zip(&evidence.diaries);
        let rows: Vec<Vec<Value>> = entries().map(|(place, diary)| row(evidence, place, diary)).collect();
        let features = entries()
            .zip(&rows)
            .map(|((place, diary), row)| Feature {
                geometry: Geometry::Point(Point::new(
                    evidence.grid.x(place.cell.1),
                    evidence.grid.y(place.cell.0),
                )),
                label: format!("{}: {}", place.name, fate(place, diary, evidence.duration)),
                values: row.clone(),
                colour: if diary.closed.first.is_finite() { CLOSED } else { OPEN },
            })
            .collect();
        let series = entries().flat_map(|(place, diary)| series(evidence, place, diary)).collect();
        let info = |name: &str, title: &str, title_zh: &str, meaning: &str| FieldInfo {
            name: name.into(),
            title: title.into(),
            title_zh: title_zh.into(),
            meaning: meaning.into(),
            ..FieldInfo::default()
        };
        let about = "water at the lowest cell of every named place";
        vec![
            Layer::Shapes(Shapes {
                info: info("places", "Places that matter", "重点部位", about),
                columns: columns(evidence),
                features,
            }),
            Layer::Table(Table {
                info: info("place_list", "Places that matter", "重点部位", about),
                columns: columns(evidence),
                rows,
            }),
            Layer::Table(Table {
                info: info(
                    "place_series",
                    "Depth in time at places that matter",
                    "重点部位水深过程",
                    "depth, speed and level at the lowest cell of every named place",
                ),
                columns: series_columns(),
                rows: series,
            }),
        ]
    }
}

/// Colour of places that were closed, and of those that were not.
const CLOSED: [u8; 3] = [165, 15, 21];
const OPEN: [u8; 3] = [35, 139, 69];

/// What became of a place, in a few words.
pub fn fate(place: &Place, diary: &Diary, end: f64) -> String {
    let centimetres = |metres: f64| metres * 100.0;
    if !diary.closed.first.is_finite() {
        return format!(
            "stays below {:.0} cm, {:.2} m at most",
            centimetres(place.closing_depth),
            diary.peak.0
        );
    }
    let from = diary.closed.first / MINUTE;
    let until = match diary.closed.over(end) {
        Some(time) => format!("until {:.0} min", time / MINUTE),
        None => "and still at the end".to_owned(),
    };
    format!(
        "closed (over {:.0} cm) from {from:.0} min {until}, {:.2} m at most",
        centimetres(place.closing_depth),
        diary.peak.0
    )
}

fn columns(evidence: &Evidence) -> Vec<Column> {
    let mut columns = vec![
        Column::new("name", "", "name in the scenario"),
        Column::new("kind", "", "what it is"),
        Column::new("lon", "degrees_east", "longitude of its lowest cell, WGS 84"),
        Column::new("lat", "degrees_north", "latitude of its lowest cell, WGS 84"),
        Column::new("x", "m", "x of its lowest cell in the reference of the grid"),
        Column::new("y", "m", "y of its lowest cell in the reference of the grid"),
        Column::new("ground_m", "m", "ground level"),
        Column::new("max_depth_m", "m", "largest depth"),
        Column::new("time_of_peak_min", "min", "time of the largest depth, after the start"),
    ];
    for depth in &evidence.places.depths {
        let name = format!("above_{:.0}_cm_from_min", depth * 100.0);
        columns.push(Column::new(&name, "min", &format!("first time deeper than {depth} m")));
    }
    columns.extend([
        Column::new("closing_depth_m", "m", "depth from which it is closed"),
        Column::new("closes_min", "min", "first time deeper than the closing depth"),
        Column::new("reopens_min", "min", "last time deeper than it; empty if still so at the end"),
    ]);
    for traveller in passability::ALL {
        let limits = traveller.source;
        let stop = format!("first time at which {} does not get through ({limits})", traveller.title);
        let go = format!("last time at which {} does not get through; empty if at the end", traveller.title);
        columns.push(Column::new(&format!("{}_stops_min", traveller.name), "min", &stop));
        columns.push(Column::new(&format!("{}_passes_again_min", traveller.name), "min", &go));
    }
    columns
}

fn row(evidence: &Evidence, place: &Place, diary: &Diary) -> Vec<Value> {
    let (grid, end) = (&evidence.grid, evidence.duration);
    let minutes = |time: f64| if time.is_finite() { Value::Number(time / MINUTE) } else { Value::Missing };
    let over = |spell: &Spell| spell.over(end).map_or(Value::Missing, |time| Value::Number(time / MINUTE));
    let lon_lat = grid.lon_lat(place.cell.0, place.cell.1);
    let mut row = vec![
        Value::Text(place.name.clone()),
        Value::Text(place.kind.clone()),
        lon_lat.map_or(Value::Missing, |at| Value::Number(at.lon)),
        lon_lat.map_or(Value::Missing, |at| Value::Number(at.lat)),
        Value::Number(grid.x(place.cell.1)),
        Value::Number(grid.y(place.cell.0)),
        Value::Number(evidence.bed[place.cell]),
        Value::Number(diary.peak.0),
        if diary.peak.0 > 0.0 { minutes(diary.peak.1) } else { Value::Missing },
    ];
    row.extend(diary.above.iter().map(|spell| minutes(spell.first)));
    row.extend([Value::Number(place.closing_depth), minutes(diary.closed.first), over(&diary.closed)]);
    for spell in &diary.impassable {
        row.extend([minutes(spell.first), over(spell)]);
    }
    row
}

fn series_columns() -> Vec<Column> {
    vec![
        Column::new("name", "", "name of the place"),
        Column::new("time_min", "min", "time after the start"),
        Column::new("depth_m", "m", "depth"),
        Column::new("speed_m_s", "m s-1", "speed"),
        Column::new("level_m", "m", "water level; ground level where it is dry"),
    ]
}

fn series<'a>(
    evidence: &'a Evidence,
    place: &'a Place,
    diary: &'a Diary,
) -> impl Iterator<Item = Vec<Value>> + 'a {
    let ground = evidence.bed[place.cell];
    diary.series.iter().map(move |&[time, depth, speed]| {
        vec![
            Value::Text(place.name.clone()),
            Value::Number(time / MINUTE),
            Value::Number(depth),
            Value::Number(speed),
            Value::Number(ground + depth),
        ]
    })
}
