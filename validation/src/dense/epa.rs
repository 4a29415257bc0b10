//! The nine trials of the EPA's comparison of models: means over the release, in ppm.

use sim_core::error::Result;
use sim_core::gas::weather::surface_layer::Profile;
use sim_core::units::STANDARD_PRESSURE;

use super::trial::{Arc, Origin, Trial, TrialAir, Trials};
use crate::observed::{Folder, Sheet, SheetRow};

/// Files of the trials' conditions and of what was measured and computed.
const INPUTS: &str = "epa450_4_90_018_trial_inputs.csv";
const VALUES: &str = "epa450_4_90_018_obs_vs_models_ppm.csv";

/// Height of the wind in the table, m.
const WIND_HEIGHT: f64 = 2.0;

/// Column of the measurements; its name tells the height of the receptors, 1 m.
const SEEN: &str = "obs_ppm_z1m";

/// Height of the receptors, m.
const RECEPTOR_HEIGHT: f64 = super::trial::RECEPTOR_HEIGHT;

/// Column of the printed values of a program and its name here.
const PRINTED: [(&str, &str); 2] = [("SLAB_ppm", "SLAB, EPA 1991"), ("DEGADIS_ppm", "DEGADIS, EPA 1991")];

/// Column of SLAB's values when it was run once more.
pub(super) const SLAB_RERUN: &str = "SLAB_rerun_here_ppm";

/// The series of a trial by the letters of its name.
fn programme(name: &str) -> &'static str {
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "DT" => "Desert Tortoise",
        "G" => "Goldfish",
        "B" => "Burro, means",
        _ => "others",
    }
}

/// The trials with what was measured, or with a column of a program in its place.
///
/// # Errors
/// E8002 and E8003 for files that cannot be read.
pub(super) fn read(gas: &Folder, seen: Option<&str>) -> Result<Trials> {
    let mut found = Trials::default();
    if let Some(missing) =
        [INPUTS, VALUES].into_iter().find(|file| !gas.names().iter().any(|name| name == file))
    {
        found.left_out.push(("trials of EPA-450/4-90-018".to_owned(), format!("no {missing}")));
        return Ok(found);
    }
    let (inputs, values) = (gas.sheet(INPUTS)?, gas.sheet(VALUES)?);
    for row in inputs.rows() {
        let name = row.words("trial");
        let printed = if seen.is_none() { &PRINTED[..] } else { &[] };
        let arcs = arcs(&values, name, seen.unwrap_or(SEEN), printed)?;
        let substance = match row.words("material") {
            "NH3" => "ammonia",
            "HF" => "hydrogen fluoride",
            "LNG" => "methane",
            other => {
                found.left_out.push((name.to_owned(), format!("{other} is not known")));
                continue;
            }
        };
        let others = printed.iter().map(|program| program.1.to_owned()).collect();
        found.trials.push(Trial { others, ..trial(name, substance, &row, arcs)? });
    }
    Ok(found)
}

fn arcs(values: &Sheet, name: &str, seen: &str, printed: &[(&str, &str)]) -> Result<Vec<Arc>> {
    let fraction = |row: &SheetRow<'_>, column: &str| row.number(column).map(|ppm| ppm / 1e6);
    let rows = values.rows().filter(|row| row.words("trial") == name);
    rows.map(|row| {
        Ok(Arc {
            distance: row.needed("x_m")?,
            seen: row.needed(seen)? / 1e6,
            others: printed.iter().map(|program| fraction(&row, program.0)).collect(),
        })
    })
    .collect()
}

fn trial(name: &str, substance: &'static str, row: &SheetRow<'_>, arcs: Vec<Arc>) -> Result<Trial> {
    let origin = if substance == "methane" {
        // SLAB's area fits the rate of evaporation of the other collection; DEGADIS was given one twice as large.
        Origin::Pool { radius: (row.needed("slab_source_area_m2")? / std::f64::consts::PI).sqrt() }
    } else {
        Origin::Jet {
            opening: row.needed("slab_source_area_m2")?,
            is_expanded: false,
            height: row.needed("release_height_m")?,
            store_temperature: row.needed("source_T_K")?,
            liquid_share: row.needed("liquid_mass_frac")?,
        }
    };
    let (wind, roughness) = (row.needed("u_2m_m_s")?, row.needed("z0_m")?);
    let inverse_length = 1.0 / row.needed("L_MO_m")?;
    let air = TrialAir {
        wind: (wind, WIND_HEIGHT),
        high_wind: Profile::through(wind, WIND_HEIGHT, roughness, inverse_length).wind_at(10.0),
        roughness,
        inverse_length,
        friction_velocity: None,
        slab_index: row.number("slab_stab"),
        temperature: row.needed("T_air_K")?,
        relative_humidity: row.needed("RH_pct")? / 100.0,
        pressure: row.needed("p_atm")? * STANDARD_PRESSURE,
        ground_temperature: row.number("ground_T_K"),
    };
    Ok(Trial {
        programme: programme(name).to_owned(),
        name: name.to_owned(),
        substance,
        origin,
        rate: row.needed("Q_kg_s")?,
        duration: row.needed("duration_s")?,
        air,
        averaging: row.needed("t_avg_s")?,
        receptor_height: RECEPTOR_HEIGHT,
        others: Vec::new(),
        arcs,
    })
}
