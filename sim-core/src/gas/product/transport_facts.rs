//! By which rules the gas was carried, with their numbers.

use crate::gas::dense::PlacedHeavy;
use crate::gas::dense::integral::Kind;
use crate::gas::dispersion::{Dispersion, Transport};
use crate::gas::jet::{Axis, End, Lead};
use crate::gas::source::term::Fact;
use crate::gas::weather::surface_layer::inverse_obukhov_length;
use crate::gas::weather::{CLASS_WIND_HEIGHT, Regime, Weather, WindProfile};
use crate::gas::{calm, terrain, weather};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `transport_facts`.
pub struct TransportFacts;

impl Product<Dispersion> for TransportFacts {
    fn name(&self) -> &'static str {
        "transport_facts"
    }

    fn meaning(&self) -> &'static str {
        "by which rules each weather row carried the gas: strength and profile of the wind, calm air, with their numbers"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}How the gas was carried", outcome.mark()),
            title_zh: format!("{}扩散计算规则", outcome.mark_zh()),
            meaning: format!("zones are of {}", outcome.carried_in_words()),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("weather_row", "1", "weather row, from 1"),
            Column::new("name", "", "what it is"),
            Column::new("value", "", "its value; 1 and 0 for yes and no"),
            Column::new("unit", "", "its unit"),
            Column::new("rule", "", "the rule it comes from"),
        ];
        let rows = outcome.weather.iter().enumerate().flat_map(|(row, air)| {
            let mut facts = facts(outcome, air);
            if let Some(axis) = outcome.release.jet {
                facts.extend(of_jet(axis, outcome.jets.get(row).and_then(Option::as_deref)));
            }
            if let Some(cloud) = outcome.heavy.get(row) {
                facts.extend(of_slab(cloud, air));
            }
            facts.into_iter().map(move |fact| {
                vec![
                    Value::Integer(row as i64 + 1),
                    Value::Text(fact.name.into()),
                    Value::Number(fact.value),
                    Value::Text(fact.unit.into()),
                    Value::Text(fact.equation.into()),
                ]
            })
        });
        vec![Layer::Table(Table { info, columns, rows: rows.collect() })]
    }
}

/// What is told of a heavy cloud: how it begins, and where it ends being heavy.
fn of_slab(placed: &PlacedHeavy, air: &Weather) -> Vec<Fact> {
    let cloud = &placed.cloud;
    let release = &cloud.release;
    let density = release.density(air.pressure);
    let mut facts = vec![
        Fact::number("rate that enters the cloud", release.rate(), "kg/s", "largest rate of the release"),
        Fact::number("for", release.duration, "s", "mass over the largest rate"),
        Fact::number("area through which it enters", release.area(), "m2", entry(release.kind)),
        Fact::number("temperature of it", release.temperature, "K", "state of the release"),
        Fact::number("share of drops", release.liquid_share, "1", "state of the release"),
        Fact::number("density of it", density, "kg/m3", "gas and drops at the pressure of the air"),
        Fact::number(
            "roughness of the ground",
            cloud.air.roughness,
            "m",
            "heavy_gas.roughness, or of the land",
        ),
    ];
    if let Some(handover) = cloud.handover() {
        facts.push(Fact::number(
            "distance from which it is passive",
            handover.x,
            "m",
            "Richardson number below 0.15, spread by weight below half of that by turbulence, speed within a tenth of the wind's",
        ));
    }
    facts
}

/// What is told of a free jet: where it points, and where the wind takes over.
fn of_jet(axis: Axis, lead: Option<&Lead>) -> Vec<Fact> {
    const RULE: &str =
        "flux of gas and concentration on the axis are those of the jet; virtual sources upwind";
    const AT: &str =
        "where its excess of speed is below a tenth of the wind, or where its axis meets the ground";
    let mut facts = vec![Fact::number(
        "elevation of the free jet",
        axis.elevation.to_degrees(),
        "deg",
        "source.jet_elevation",
    )];
    facts.push(Fact::claim(
        "plume or puffs begin where the jet ends",
        lead.is_some(),
        "wind of 1.5 m/s and more at 10 m, no drops, a jet shorter than 2 km; else they begin at the hole",
    ));
    let Some(lead) = lead else { return facts };
    let [downwind, across, height] = lead.begin.place;
    facts.extend([
        Fact::number(
            "momentum ratio of the jet at its source",
            lead.momentum_ratio,
            "1",
            "(rho u^2 / (rho_a u_a^2))^(1/2); the wind at the height of the hand-over",
        ),
        Fact::number(
            "wind of the jet and of the plume after it",
            lead.wind,
            "m/s",
            "at the height of the hand-over",
        ),
        Fact::number(
            "excess of its speed at the hand-over",
            lead.excess,
            "1",
            "as a share of the wind; ends below 0.1",
        ),
        Fact::claim("it comes down to the ground", lead.end == End::Ground, AT),
        Fact::number("length of the jet", lead.length, "m", AT),
        Fact::number("hand-over downwind of the hole", downwind, "m", AT),
        Fact::number("hand-over across the wind, to the left", across, "m", AT),
        Fact::number("hand-over above ground", height, "m", AT),
        Fact::number("width of the plume there, sigma", lead.begin.sigma, "m", RULE),
        Fact::number("width of the jet there, sigma", lead.jet_sigma, "m", "its bell over the root of two"),
        Fact::number("concentration on the axis there", lead.concentration, "kg/m3", RULE),
    ]);
    facts
}

/// How it enters, in words.
fn entry(kind: Kind) -> &'static str {
    match kind {
        Kind::Pool { .. } => {
            "vapour from the ground: the pool, or as wide as the wind at 10 m would carry it"
        }
        Kind::HorizontalJet { .. } => "jet along the wind, expanded to the pressure of the air",
        Kind::VerticalJet { .. } => "jet upwards, expanded to the pressure of the air",
        Kind::Instantaneous { .. } => "all at once",
    }
}

/// What is told of one weather row.
fn facts(outcome: &Dispersion, air: &Weather) -> Vec<Fact> {
    let height = outcome.release.height;
    let mut facts = vec![
        Fact::number("wind at 10 m", air.wind_at(CLASS_WIND_HEIGHT), "m/s", regime_rule(outcome, air)),
        Fact::number("wind at the release", air.wind_at(height), "m/s", profile_rule(air)),
    ];
    facts.extend(of_profile(air));
    if air.regime() == Regime::Calm
        || (air.regime() == Regime::Light && outcome.transport == Transport::Plume)
    {
        const RULE: &str = "sigma = gamma t; hj22, as coded in a public program";
        let growth = calm::growth(air.stability, air.wind_at(CLASS_WIND_HEIGHT));
        facts.push(Fact::number("growth along and across, gamma 1", growth.horizontal, "m/s", RULE));
        facts.push(Fact::number("growth upwards, gamma 2", growth.vertical, "m/s", RULE));
    }
    if air.regime() != Regime::Steady {
        let wind = air.at_least(weather::LOWEST_WIND).wind_at(height);
        facts.push(Fact::number("wind of the plume or drift", wind, "m/s", "at least 1 m/s at 10 m; isc3"));
    }
    facts.extend(of_rise(outcome, air));
    facts.extend(of_pool(outcome));
    if outcome.has_ground() {
        facts.push(Fact::number(
            "share of the ground's height by which the plume passes nearer to higher places",
            terrain::share_not_lifted(air.stability.is_stable()),
            "1",
            "half in A to D, all in E and F, not below the ground; lower places as level; isc3 section 1.5.6",
        ));
    }
    facts
}

/// With what the vapour of a pool begins.
fn of_pool(outcome: &Dispersion) -> Vec<Fact> {
    let passive = matches!(outcome.transport, Transport::Plume | Transport::Puffs);
    let Some(diameter) = outcome.release.pool_alone().filter(|_| passive) else { return Vec::new() };
    let rule = match outcome.transport {
        Transport::Puffs => {
            "crosswind coefficient at it a 4.3rd of the diameter, isc3; grown upwards from its middle on"
        }
        _ => {
            "a quarter of R^2 adds to the variance across; grown upwards over x (1 - R^2/(3 x^2)) from its middle"
        }
    };
    vec![Fact::number("radius R of the pool from which it rises", 0.5 * diameter, "m", rule)]
}

/// How a chimney's plume rises.
fn of_rise(outcome: &Dispersion, air: &Weather) -> Vec<Fact> {
    const RULE: &str = "Briggs' formulas as in isc3, gradual and final rise";
    let height = outcome.release.height;
    let Some(rise) = outcome.release.stack.map(|stack| stack.rise(height, air)) else { return Vec::new() };
    let buoyant = rise.stack.rises_by_buoyancy(rise.layering);
    vec![
        Fact::number(
            "wind of the rise",
            rise.wind,
            "m/s",
            "at the top of the chimney, at least that of 1 m/s at 10 m",
        ),
        Fact::number("buoyancy flux", rise.stack.buoyancy_flux(), "m4/s3", RULE),
        Fact::number("momentum flux", rise.stack.momentum_flux(), "m4/s2", RULE),
        Fact::claim("rises by its buoyancy, not by its speed", buoyant, RULE),
        Fact::number("final rise", rise.stack.final_rise(rise.wind, rise.layering), "m", RULE),
        Fact::number(
            "downwash behind the chimney",
            rise.stack.downwash(rise.wind),
            "m",
            "2 d (1.5 - w/u); briggs1974 as in isc3",
        ),
        Fact::number("height of the plume in the end", rise.final_height(), "m", RULE),
    ]
}

/// Which rule the strength of the wind chose.
fn regime_rule(outcome: &Dispersion, air: &Weather) -> &'static str {
    match (air.regime(), outcome.transport) {
        (Regime::Calm, Transport::Plume) => {
            "below 0.5 m/s: calm, closed form; area to clear by a drift of 1 m/s too"
        }
        (Regime::Calm, Transport::Puffs) => {
            "below 0.5 m/s: calm, puffs grow with time; area to clear by a drift of 1 m/s too"
        }
        (Regime::Light, Transport::Plume) => {
            "0.5 to 1.5 m/s: light, the larger of calm closed form and plume"
        }
        (Regime::Light, Transport::Puffs) => {
            "0.5 to 1.5 m/s: light, puffs grow with their way as in at least 1 m/s"
        }
        (Regime::Steady, Transport::Plume) => "1.5 m/s and more: plume",
        (_, Transport::Layer) => "a layer of heavy gas in any wind",
        (_, Transport::Slab) => "a slab of heavy gas, from 0.5 m/s on",
        (Regime::Steady, Transport::Puffs) => "1.5 m/s and more: puffs grow with their way",
    }
}

fn profile_rule(air: &Weather) -> &'static str {
    match air.profile {
        WindProfile::Power => "power law of the class, not below 2 m; irwin1979",
        WindProfile::Log { .. } => "logarithm with stability, not below 2 m nor above L; aermodmfd, dyer1974",
    }
}

/// The numbers of the profile.
fn of_profile(air: &Weather) -> Vec<Fact> {
    let Some(profile) = air.log_profile() else {
        let exponent = weather::wind_exponent(air.stability, air.surroundings);
        return vec![Fact::number("exponent of the wind", exponent, "", profile_rule(air))];
    };
    let by_golder = inverse_obukhov_length(air.stability, profile.roughness) == profile.inverse_length;
    let rule = if by_golder { "of the class and the roughness; golder1972 in a fit" } else { "as given" };
    vec![
        Fact::number("friction velocity", profile.friction_velocity, "m/s", profile_rule(air)),
        Fact::number("roughness", profile.roughness, "m", "as given"),
        Fact::number("inverse of Obukhov's length", profile.inverse_length, "1/m", rule),
    ]
}
