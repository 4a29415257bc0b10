//! Tables `[[exposure]]` of a scenario become things that may be hit.

use sim_core::error::{Problem, Result};
use sim_core::flood::exposure::Things;
use sim_core::grid::vector::{Coord, Shape, VectorFeature, VectorLayer, VectorRequest};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::scenario::{
    self, Case, Resolver, SampleMeaning, SeriesKind, SeriesRead, TerrainFile, WeatherRead,
};

const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "t"
[site]
crs = "local"
[terrain]
dem = "ground"
manning_n = 0.03
[rain]
intensity = "60 mm/h"
duration = "10 min"
[edges]
all = "open"
[run]
duration = "10 min"
[[exposure]]
name = "residents"
kind = "people"
raster = "people"
[[exposure]]
name = "visitors"
kind = "people"
layer = "visitors"
people = "count"
[[exposure]]
name = "streets"
kind = "roads"
layer = "streets"
label = "name"
"#;

/// Four cells of 10 m; nobody was counted in one of them.
struct Files;

impl Resolver for Files {
    fn terrain(&mut self, path: &str) -> Result<TerrainFile> {
        let numbers = if path == "people" { vec![1.0, 2.0, f64::NAN, 4.0] } else { vec![0.0; 4] };
        let levels = Field::from_shape_vec((2, 2), numbers).expect("four");
        Ok(TerrainFile {
            cell: (10.0, 10.0),
            corner: (0.0, 0.0),
            crs: Some(Crs::local()),
            warnings: Vec::new(),
            levels,
        })
    }

    fn series(&mut self, path: &str, _: SeriesKind, _: SampleMeaning) -> Result<SeriesRead> {
        Err(Problem::error(3001, path).into())
    }

    fn weather(&mut self, path: &str) -> Result<WeatherRead> {
        Err(Problem::error(3001, path).into())
    }

    fn vectors(&mut self, path: &str, request: &VectorRequest, _: &Grid) -> Result<VectorLayer> {
        let line = vec![Coord { x: 1.0, y: 5.0 }, Coord { x: 19.0, y: 5.0 }];
        let is_road = path == "streets";
        assert_eq!(request.label.as_deref(), is_road.then_some("name"));
        let shape = if is_road { Shape::Lines(vec![line]) } else { Shape::Points(line) };
        let feature = VectorFeature { number: 1, shape, label: None, people: Some(6.0), height: None };
        Ok(VectorLayer { features: vec![feature], understood: Vec::new(), warnings: Vec::new() })
    }
}

#[test]
fn cells_in_which_nobody_was_counted_are_empty_and_told() {
    let scenario = scenario::read(SCENARIO, "f", &[], &mut Files).expect("sound");
    let codes: Vec<u16> = scenario.warnings.iter().map(|warning| warning.code.0).collect();
    assert_eq!(codes, [2417]);
    let Case::Flood(case) = scenario.case else { panic!("a flood") };
    let people = |layer: usize| match &case.exposure[layer].things {
        Things::People(people) => people.iter().copied().collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    assert_eq!(people(0), [1.0, 2.0, 0.0, 4.0]);
    assert_eq!(people(1), [3.0, 3.0, 0.0, 0.0], "six visitors at two points");
    assert!(matches!(case.exposure[2].things, Things::Roads(_)));
}

#[test]
fn files_that_are_not_opened_are_said_to_be_so() {
    struct OnlyTerrain;
    impl Resolver for OnlyTerrain {
        fn terrain(&mut self, path: &str) -> Result<TerrainFile> {
            Files.terrain(path)
        }
        fn series(&mut self, path: &str, kind: SeriesKind, meaning: SampleMeaning) -> Result<SeriesRead> {
            Files.series(path, kind, meaning)
        }
        fn weather(&mut self, path: &str) -> Result<WeatherRead> {
            Files.weather(path)
        }
    }
    let problems = scenario::read(SCENARIO, "f", &[], &mut OnlyTerrain).expect_err("no files of vectors");
    assert!(problems.0.iter().all(|problem| problem.code.0 == 2401), "{problems}");
}
