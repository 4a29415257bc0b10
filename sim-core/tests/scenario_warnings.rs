//! What a scenario is warned of although it runs.

mod small_world;

use sim_core::scenario::{self, WeatherSample};
use sim_core::series::Series;
use small_world::SmallWorld;

/// 36 mm/h in m/s.
const RAIN: f64 = 1e-5;

/// A plain, an hour of rain of 36 mm/h, and half an hour of weather.
fn world() -> SmallWorld {
    let row = |time: f64| WeatherSample {
        time,
        wind_speed: 3.0,
        wind_direction_deg: Some(90.0),
        stability: Some('D'),
        ..WeatherSample::default()
    };
    SmallWorld {
        series: Some(Series::block(RAIN, 3600.0)),
        weather: vec![row(0.0), row(900.0), row(1800.0)],
        ..SmallWorld::default()
    }
}

fn warnings(text: &str) -> Vec<(u16, String)> {
    let scenario =
        scenario::read(text, "f", &[], &mut world()).unwrap_or_else(|problems| panic!("{problems}"));
    scenario.warnings.into_iter().map(|warning| (warning.code.0, warning.text)).collect()
}

fn flood(duration: &str) -> String {
    format!(
        "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[site]\ncrs = \"local\"\n\
         [terrain]\ndem = \"d\"\nmanning_n = 0.03\n[rain]\nhyetograph = \"r\"\nsamples = \"interval_start\"\n\
         [edges]\nall = \"open\"\n[run]\nduration = \"{duration}\"\n"
    )
}

fn gas(duration: &str) -> String {
    format!(
        "schema = 1\nhazard = \"gas\"\ntitle = \"t\"\n[source]\nkind = \"known_rate\"\nsubstance = \"CO\"\n\
         at = {{ lon = 112.976, lat = 28.195 }}\nrate = \"0.1 kg/s\"\nduration = \"{duration}\"\n\
         [weather]\nfile = \"w\"\nsurroundings = \"urban\"\n[zones]\nlevels = [\"AEGL-2\"]\n"
    )
}

#[test]
fn rain_that_the_run_leaves_out_is_told_in_millimetres() {
    let found = warnings(&flood("20 min"));
    let (_, text) = found.iter().find(|warning| warning.0 == 1064).expect("a third of the rain is counted");
    assert!(text.starts_with("24.0 of 36.0 mm"), "{text}");
    for long_enough in ["1 h", "3 h"] {
        assert!(warnings(&flood(long_enough)).iter().all(|warning| warning.0 != 1064), "{long_enough}");
    }
}

#[test]
fn a_gauge_far_from_the_area_is_told() {
    let gauges = |x: f64| {
        flood("1 h").replace("hyetograph = \"r\"\n", "between_gauges = \"nearest\"\n").replace(
            "[edges]",
            &format!("[[rain.gauge]]\nname = \"hill\"\nat = {{ x_m = {x}, y_m = 1.0 }}\nhyetograph = \"r\"\n[edges]"),
        )
    };
    let found = warnings(&gauges(30_000.0));
    let (_, text) = found.iter().find(|warning| warning.0 == 1083).expect("it is 30 km away");
    assert!(text.contains("'hill'") && text.contains("30 km"), "{text}");
    assert!(warnings(&gauges(3000.0)).iter().all(|warning| warning.0 != 1083));
}

#[test]
fn weather_that_is_held_beyond_its_table_is_told() {
    let is_held = |duration| warnings(&gas(duration)).iter().any(|warning| warning.0 == 1065);
    assert!(is_held("2 h"));
    // The last row holds as long as the others did.
    assert!(!is_held("40 min"));
}
