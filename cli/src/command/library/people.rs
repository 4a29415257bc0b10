//! Who is reached by how many members: by place, and by value of each axis.

use sim_core::error::Problems;
use sim_core::input::library::{Library, Located};
use sim_core::library::gas::covers;
use sim_core::library::statistics::{Reached, Reaches, reaches};
use sim_core::library::stored::{Figures, Row};
use sim_core::product::{Column, FieldInfo, Layer, Table, Value};

use super::export::{Levels, plain};
use super::products;
use super::query::pose_of;
use super::sites::Site;

/// Members with a result, where it lies, and their weights.
pub(super) type Members = [(Row, Located, f64)];

/// Which places each member reaches at each level.
struct Hits {
    /// One for each member: for each level, for each place.
    inside: Vec<Vec<Vec<bool>>>,
}

/// Tables of the places and of the axes.
///
/// # Errors
/// E8614 when a batch cannot be read.
pub(super) fn layers(
    library: &Library,
    members: &Members,
    levels: &Levels,
    sites: &[Site],
) -> Result<Vec<Layer>, Problems> {
    let hits = if library.manifest.grid.is_some() {
        of_floods(library, members, levels, sites)?
    } else {
        of_gas(library, members, levels, sites)?
    };
    Ok(vec![by_place(members, levels, sites, &hits), by_axis(library, members, levels, sites, &hits)])
}

fn of_floods(
    library: &Library,
    members: &Members,
    levels: &Levels,
    sites: &[Site],
) -> Result<Hits, Problems> {
    let grid = products::grid(library)?;
    let cells: Vec<Option<(usize, usize)>> = sites.iter().map(|site| grid.cell_at(site.x, site.y)).collect();
    let rows = || cells.iter().flatten().map(|cell| cell.0);
    let (first, end) = (rows().min().unwrap_or(0), rows().max().map_or(0, |row| row + 1));
    let mut inside = Vec::with_capacity(members.len());
    for (_, located, _) in members {
        let depths = library.depths(located, first..end)?;
        let depth = |cell: &Option<(usize, usize)>| {
            cell.map_or(0.0, |(row, column)| products::metres(depths[(row - first, column)]))
        };
        let above = |&level: &f64| cells.iter().map(|cell| depth(cell) >= level).collect();
        inside.push(levels.depths.iter().map(above).collect());
    }
    Ok(Hits { inside })
}

fn of_gas(library: &Library, members: &Members, levels: &Levels, sites: &[Site]) -> Result<Hits, Problems> {
    let located: Vec<Located> = members.iter().map(|member| member.1.clone()).collect();
    let outlines = library.all_outlines(&located)?;
    let mut inside = Vec::with_capacity(members.len());
    for (row, located, _) in members {
        let mut found = vec![vec![false; sites.len()]; levels.names.len()];
        let zones = match &located.figures {
            Figures::Gas { zones, .. } => zones.as_slice(),
            Figures::Flood { .. } => &[],
        };
        let pose = pose_of(row);
        for (zone, rings) in zones.iter().zip(outlines.get(&located.id).into_iter().flatten()) {
            let Some(level) = levels.names.iter().position(|name| *name == zone.level) else { continue };
            for (site, hit) in sites.iter().zip(&mut found[level]) {
                let (x, y) = pose.map_or((site.x, site.y), |pose| pose.in_wind(site.x, site.y));
                *hit = covers(rings, x, y);
            }
        }
        inside.push(found);
    }
    Ok(Hits { inside })
}

fn number(text: f64) -> Value {
    Value::Number(text)
}

fn info(name: &str, title: &str, title_zh: &str, meaning: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning: meaning.into(),
        ..FieldInfo::default()
    }
}

fn by_place(members: &Members, levels: &Levels, sites: &[Site], hits: &Hits) -> Layer {
    let mut columns = vec![
        Column::new("name", "", "name of the place"),
        Column::new("x", "m", "easting"),
        Column::new("y", "m", "northing"),
        Column::new("people", "", "people there"),
    ];
    columns.extend(levels.names.iter().map(|name| {
        let meaning = format!("share of the members, by weight, that reach it with {name}");
        Column::new(&format!("share_{}", plain(name)), "1", &meaning)
    }));
    let total: f64 = members.iter().map(|member| member.2).sum();
    let rows = sites.iter().enumerate().map(|(place, site)| {
        let share = |level: usize| {
            let reached = members.iter().zip(&hits.inside).filter(|(_, inside)| inside[level][place]);
            reached.map(|(member, _)| member.2).sum::<f64>() / total
        };
        let about = [Value::Text(site.name.clone()), number(site.x), number(site.y), number(site.people)];
        about.into_iter().chain((0..levels.names.len()).map(|level| number(share(level)))).collect()
    });
    let info = info(
        "places_reached",
        "Places reached",
        "被波及的地点",
        "share of the members of the library, by their weights, that reach each place",
    );
    Layer::Table(Table { info, columns, rows: rows.collect() })
}

fn by_axis(library: &Library, members: &Members, levels: &Levels, sites: &[Site], hits: &Hits) -> Layer {
    let mut columns = vec![
        Column::new("axis", "", "axis of the plan"),
        Column::new("value", "", "its value"),
        Column::new("members", "", "members with it"),
    ];
    for name in &levels.names {
        let level = plain(name);
        let mut add = |what: &str, unit: &str, meaning: &str| {
            columns.push(Column::new(&format!("{what}_{level}"), unit, &format!("{meaning} with {name}")));
        };
        add("members_with_anyone", "", "members that reach any people");
        add("share_with_anyone", "1", "share of the members, by weight, that reach any people");
        add("mean_people", "", "people reached, mean by weight");
        add("most_people", "", "people reached by the worst member");
    }
    let plan = &library.manifest.plan;
    let mut rows = Vec::new();
    for (place, axis) in plan.axes.iter().enumerate() {
        for value in 0..axis.rows.len() {
            let with = || {
                let of_value = move |row: &Row| plan.rows_of(row.line)[place] == value;
                members.iter().zip(&hits.inside).filter(move |(member, _)| of_value(&member.0))
            };
            let mut row = vec![
                Value::Text(axis.name.clone()),
                Value::Text(axis.rows[value].join(", ")),
                number(with().count() as f64),
            ];
            for level in 0..levels.names.len() {
                let reached = with().map(|(member, inside)| {
                    let people = sites.iter().zip(&inside[level]).filter(|(_, hit)| **hit);
                    Reached { weight: member.2, people: people.map(|(site, _)| site.people).sum() }
                });
                let Reaches { members, share, mean, most } = reaches(reached);
                row.extend([members as f64, share, mean, most].map(number));
            }
            rows.push(row);
        }
    }
    let info = info(
        "people_by_axis",
        "People reached, by value of each axis",
        "各情景变量取值下被波及的人数",
        "members that reach people, and how many, for every value of every axis of the plan",
    );
    Layer::Table(Table { info, columns, rows })
}
