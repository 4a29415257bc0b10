//! A heavy cloud by the slab model: one scenario from release to the far field.

use criterion::{Criterion, criterion_group, criterion_main};
use sim_core::gas::dense::integral::mixture::Material;
use sim_core::gas::dense::integral::{Ambient, Cloud, IntegralRelease, Kind, Laws, Turbulence};
use sim_core::gas::substance;

fn ambient(wind: f64, index: f64) -> Ambient {
    Ambient {
        wind,
        wind_height: 10.0,
        turbulence: Turbulence::Class { index, roughness: 0.03 },
        temperature: 290.0,
        pressure: 101_325.0,
        relative_humidity: 0.5,
        ground_temperature: None,
        mixing_height: None,
    }
}

fn dense(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dense_integral");
    let ammonia =
        Material::of(substance::find("ammonia").expect("in the table"), 101_325.0).expect("a liquid");
    let release = |kind, liquid_share| IntegralRelease {
        material: ammonia,
        temperature: ammonia.boiling_point,
        liquid_share,
        duration: 600.0,
        kind,
    };
    let jet = release(Kind::HorizontalJet { rate: 20.0, area: 0.06, height: 1.0 }, 0.82);
    let pool = release(Kind::Pool { rate: 20.0, area: 200.0 }, 0.0);
    group.bench_function("jet, 4 m/s, D", |bencher| {
        bencher.iter(|| Cloud::solve(&jet, &ambient(4.0, 4.0), Laws::STANDARD, 5000.0));
    });
    group.bench_function("pool, 4 m/s, D", |bencher| {
        bencher.iter(|| Cloud::solve(&pool, &ambient(4.0, 4.0), Laws::STANDARD, 5000.0));
    });
    group.bench_function("pool that creeps upwind, 1.5 m/s, F", |bencher| {
        bencher.iter(|| Cloud::solve(&pool, &ambient(1.5, 6.0), Laws::STANDARD, 5000.0));
    });
    group.finish();
}

criterion_group!(benches, dense);
criterion_main!(benches);
