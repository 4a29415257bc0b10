//! Cases of other programs: input of SLAB's manual, and a listing of DEGADIS.

use sim_core::error::{Problem, Result};
use sim_core::units::STANDARD_PRESSURE;

use super::trial::{Arc, Origin, Trial, TrialAir, Trials};
use crate::observed::Folder;

/// Folder of SLAB's inputs, and the file of what SLAB makes of the second.
const SLAB_FOLDER: &str = "slab_epa_testcases";
const SLAB_VALUES: &str = "slab_inpr2_reference.csv";

/// Numbers of an input of SLAB up to the inverse Obukhov length, in the order of its manual.
const DECK: usize = 30;

/// The second case of SLAB's manual with the values that SLAB prints for it; the others have none and are named.
///
/// # Errors
/// E8002 and E8003 for files that cannot be read.
pub(super) fn slab_manual(gas: &Folder) -> Result<Trials> {
    let folder = gas.inside(SLAB_FOLDER);
    let mut found = Trials::default();
    for file in folder.names().into_iter().filter(|file| file.starts_with("INPR")) {
        if file != "INPR2" {
            found.left_out.push((file, "no printed values of SLAB are at hand".to_owned()));
            continue;
        }
        let text = folder.text(&file)?;
        let numbers: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
        if numbers.len() < DECK {
            return Err(
                Problem::error(8003, format!("{file} has {} numbers, not {DECK}", numbers.len())).into()
            );
        }
        let values = gas.sheet(SLAB_VALUES)?;
        let arcs = values.rows().map(|row| {
            Ok(Arc { distance: row.needed("x_m")?, seen: row.needed("c_z1m_ppm")? / 1e6, others: Vec::new() })
        });
        found.trials.push(manual_jet(&file, &numbers, arcs.collect::<Result<Vec<Arc>>>()?));
    }
    Ok(found)
}

/// The jet of an input of SLAB: ammonia of the table, whatever constants the input gives.
///
/// # Source
/// The order of the input is that of the manual (ermak1990), as its public copies tell it.
fn manual_jet(name: &str, deck: &[f64], arcs: Vec<Arc>) -> Trial {
    let [store_temperature, rate, opening, duration] = [deck[11], deck[12], deck[13], deck[14]];
    let air = TrialAir {
        wind: (deck[25], deck[24]),
        high_wind: deck[25],
        roughness: deck[23],
        inverse_length: deck[29],
        friction_velocity: None,
        slab_index: None,
        temperature: deck[26],
        relative_humidity: deck[27] / 100.0,
        pressure: STANDARD_PRESSURE,
        ground_temperature: None,
    };
    let profile = air.profile();
    Trial {
        programme: "SLAB's manual".to_owned(),
        name: name.to_owned(),
        substance: "ammonia",
        origin: Origin::Jet {
            opening,
            is_expanded: true,
            height: deck[16],
            store_temperature,
            liquid_share: deck[5],
        },
        rate,
        duration,
        air: TrialAir { high_wind: profile.wind_at(10.0), ..air },
        averaging: deck[17],
        receptor_height: 1.0,
        others: Vec::new(),
        arcs,
    }
}

/// Folder and name of the listing of DEGADIS.
const LISTING: (&str, &str) = ("degadis_epa_testcases", "b9.lis");

/// Heading of the columns in the listing, and the number of its columns with a half width.
const COLUMNS: &str = "0 Distance";

/// Nearest distance that is compared, m: closer in, the listing tells the source itself.
const NEAREST: f64 = 50.0;

/// Burro 9 as DEGADIS has it: conditions and mole fractions at the ground of its listing.
///
/// # Source
/// b9.lis: 130 kg/s from a radius of 22.1 m, 6.5 m/s at 8 m, L = −140 m, 10 s, 308.55 K, 0.94 atm, 13 %.
///
/// # Errors
/// E8002 and E8003 for a file that cannot be read.
pub(super) fn degadis_burro(gas: &Folder) -> Result<Trials> {
    let folder = gas.inside(LISTING.0);
    if !folder.names().iter().any(|name| name == LISTING.1) {
        return Ok(Trials::default());
    }
    let text = folder.text(LISTING.1)?;
    let rows = text.lines().skip_while(|line| !line.starts_with(COLUMNS)).skip(1);
    let arc = |line: &str| {
        let mut words = line.split_whitespace().map_while(|word| word.parse::<f64>().ok());
        let (distance, seen) = (words.next()?, words.next()?);
        // Density, temperature, widths: a line of this table has at least six more numbers.
        (words.count() >= 6 && distance >= NEAREST && seen > 0.0).then_some(Arc {
            distance,
            seen,
            others: Vec::new(),
        })
    };
    let arcs: Vec<Arc> = rows.filter_map(arc).collect();
    if arcs.is_empty() {
        return Err(Problem::error(8003, "the listing has no table of distances").in_file(LISTING.1).into());
    }
    let air = TrialAir {
        wind: (6.5, 8.0),
        high_wind: 6.5,
        roughness: 2.05e-4,
        inverse_length: -1.0 / 140.0,
        friction_velocity: None,
        slab_index: None,
        temperature: 308.55,
        relative_humidity: 0.13,
        pressure: 0.94 * STANDARD_PRESSURE,
        ground_temperature: Some(310.0),
    };
    let profile = air.profile();
    let trial = Trial {
        programme: "DEGADIS".to_owned(),
        name: "Burro 9".to_owned(),
        substance: "methane",
        origin: Origin::Pool { radius: 22.1 },
        rate: 130.0,
        duration: f64::INFINITY,
        air: TrialAir { high_wind: profile.wind_at(10.0), ..air },
        averaging: 10.0,
        receptor_height: 0.0,
        others: Vec::new(),
        arcs,
    };
    Ok(Trials { trials: vec![trial], left_out: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deck_is_read_in_the_order_of_the_manual() {
        // Desert Tortoise 4 as a case of the manual: 107.87 kg/s from 0.93 m² for 381 s in 4.5 m/s at 2 m.
        let mut deck = vec![0.0; DECK];
        for (place, value) in [(5, 0.81), (11, 239.57), (12, 107.87), (13, 0.93), (14, 381.0), (16, 1.0)] {
            deck[place] = value;
        }
        for (place, value) in
            [(17, 10.0), (23, 0.003), (24, 2.0), (25, 4.5), (26, 306.2), (27, 21.3), (29, 0.0221)]
        {
            deck[place] = value;
        }
        let trial = manual_jet("INPR2", &deck, Vec::new());
        assert_eq!((trial.rate, trial.duration, trial.averaging), (107.87, 381.0, 10.0));
        assert_eq!(trial.air.wind, (4.5, 2.0));
        assert!(trial.air.high_wind > 4.5 && (trial.air.relative_humidity - 0.213).abs() < 1e-12);
    }
}
