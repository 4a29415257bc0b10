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

/// A leak with a wind and what is said of the air.
fn leak(start: &str, air: &str) -> String {
    let constant = format!("wind_speed = \"3 m/s\"\nwind_from = \"N\"\n{air}");
    gas("10 min")
        .replace("file = \"w\"", &constant)
        .replace("title = \"t\"", &format!("title = \"t\"\nstart = {start}"))
}

#[test]
fn sun_at_night_and_night_by_day_are_told() {
    let (noon, midnight) = ("2026-07-01T12:30:00+08:00", "2026-07-01T00:30:00+08:00");
    let told = |start: &str, air: &str| warnings(&leak(start, air)).iter().any(|warning| warning.0 == 1167);
    for (air, by_day, by_night) in [
        ("sun = \"slight\"", false, true),
        ("stability = \"B\"", false, true),
        ("stability = \"F\"", true, false),
        ("night_cloud_eighths = 2", true, false),
        ("stability = \"D\"", false, false),
        ("sun = \"overcast\"", false, false),
        ("cloud_tenths = 2\nlow_cloud_tenths = 0", false, false),
    ] {
        assert_eq!((told(noon, air), told(midnight, air)), (by_day, by_night), "{air}");
    }
}

#[test]
fn the_class_follows_from_sun_clouds_and_surface_layer() {
    let class = |start: &str, air: &str| {
        let read = scenario::read(&leak(start, air), "f", &[], &mut world());
        let read = read.unwrap_or_else(|problems| panic!("{problems}"));
        let scenario::Case::Gas(case) = read.case else { panic!("a gas case") };
        case.weather[0].stability.letter()
    };
    let clear = "cloud_tenths = 1\nlow_cloud_tenths = 0";
    assert_eq!(class("2026-07-01T12:30:00+08:00", clear), 'B', "strong sun at 3 m/s");
    assert_eq!(class("2026-07-01T00:30:00+08:00", clear), 'E', "a clear night at 3 m/s");
    let layer = |length: &str| format!("obukhov_length = \"{length}\"\nroughness = \"3 cm\"");
    assert_eq!(class("2026-07-01T12:30:00+08:00", &layer("14 m")), 'F');
    assert_eq!(class("2026-07-01T12:30:00+08:00", &layer("-5000 m")), 'D');
}

#[test]
fn a_station_far_from_the_leak_is_told() {
    let told = |lon: f64| {
        let air = format!("sun = \"slight\"\nstation = {{ lon = {lon}, lat = 28.195 }}");
        let found = warnings(&leak("2026-07-01T12:30:00+08:00", &air));
        found.into_iter().find(|warning| warning.0 == 1169).map(|warning| warning.1)
    };
    // A degree of longitude is 98 km at this latitude.
    assert!(told(113.976).is_some_and(|text| text.contains("98 km")), "a hundred kilometres");
    assert_eq!(told(113.1), None);
}
