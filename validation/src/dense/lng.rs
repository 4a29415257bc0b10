//! Spills of LNG: short averages, as a public collection of trials keeps them.
//!
//! A folder `lng_*` holds a table whose name contains `conditions`, one line for
//! each trial, and for each trial NAME `NAME_exp.csv` (distance in m, largest
//! volume fraction on the arc in %) and `NAME_profile.csv` (height, wind, temperature in °C).
//! Any trial is read; one without its conditions is left out and named.

use sim_core::error::Result;
use sim_core::gas::weather::surface_layer::Profile;
use sim_core::units::CELSIUS_ZERO;

use super::trial::{Arc, Origin, RECEPTOR_HEIGHT, Trial, TrialAir, Trials};
use crate::observed::{Folder, Sheet, SheetRow};

/// Averaging time of the arc maxima, s.
///
/// # Source
/// Short averages, about a second; 10 s is the shortest that models are asked for (research notes on the collection).
const AVERAGING: f64 = 10.0;

/// Height to which a measured wind is taken for the one that carries the cloud, m.
const CLOUD_HEIGHT: f64 = 3.0;

/// Height of the workbook's wind, m.
const HIGH: f64 = 10.0;

/// Columns without which a trial cannot be computed.
const NEEDED: [&str; 8] =
    ["pool_radius_m", "duration_s", "T_ref_C", "RH_pct", "p_Pa", "L_MO_m", "z0_m", "Q_kg_s"];

/// Endings of the files of measurements and of wind profiles.
const MEASURED: &str = "_exp.csv";
const PROFILE: &str = "_profile.csv";

/// All trials of all folders `lng_*` below a folder.
///
/// # Errors
/// E8002 and E8003 for files that cannot be read.
pub(super) fn read(gas: &Folder) -> Result<Trials> {
    let folders: Vec<Folder> = gas.folders("lng_").iter().map(|name| gas.inside(name)).collect();
    // One table may hold the conditions of trials of several folders.
    let (conditions, reruns) = (sheets(&folders, "conditions")?, sheets(&folders, "slab_rerun")?);
    let mut found = Trials::default();
    for folder in &folders {
        found = found.and(read_folder(folder, &conditions, &reruns)?);
    }
    let is_named = |name: &str| {
        let of_trials = found.trials.iter().map(|trial| trial.name.as_str());
        of_trials.chain(found.left_out.iter().map(|left| left.0.as_str())).any(|known| known == name)
    };
    let names = conditions.iter().flat_map(Sheet::rows).map(|row| row.words("trial").to_owned());
    let silent: Vec<(String, String)> = names
        .filter(|name| !name.is_empty() && !is_named(name))
        .map(|name| (name.clone(), format!("no {name}{MEASURED}")))
        .collect();
    found.left_out.extend(silent);
    Ok(found)
}

/// The tables of all folders whose names hold a word.
fn sheets(folders: &[Folder], word: &str) -> Result<Vec<Sheet>> {
    let of = |folder: &Folder| -> Result<Vec<Sheet>> {
        let names = folder.names();
        let wanted = names.iter().filter(|name| name.contains(word) && name.ends_with(".csv"));
        wanted.map(|name| folder.sheet(name)).collect()
    };
    Ok(folders.iter().map(of).collect::<Result<Vec<_>>>()?.concat())
}

/// The same trials with what SLAB said when others ran it, in the place of what was measured.
pub(super) fn as_slab(found: Trials) -> Trials {
    let told = |trial: Trial| {
        let arcs = trial.arcs.into_iter().filter_map(|arc| {
            let seen = arc.others.first().copied().flatten()?;
            Some(Arc { seen, others: Vec::new(), ..arc })
        });
        let name = format!("{}, short", trial.name);
        Trial { name, others: Vec::new(), programme: "LNG, short".into(), arcs: arcs.collect(), ..trial }
    };
    let trials = found.trials.into_iter().map(told).filter(|trial| !trial.arcs.is_empty()).collect();
    Trials { trials, left_out: Vec::new() }
}

fn read_folder(folder: &Folder, conditions: &[Sheet], reruns: &[Sheet]) -> Result<Trials> {
    let files = folder.names();
    let mut found = Trials::default();
    for file in files.iter().filter(|file| file.ends_with(MEASURED)) {
        let name = &file[..file.len() - MEASURED.len()];
        let row = conditions.iter().flat_map(Sheet::rows).find(|row| row.words("trial") == name);
        let missing =
            |row: &SheetRow<'_>| NEEDED.into_iter().filter(|c| row.number(c).is_none()).collect::<Vec<_>>();
        let reason = match row {
            None => Some("no line in the table of conditions".to_owned()),
            Some(_) if !files.contains(&format!("{name}{PROFILE}")) => Some(format!("no {name}{PROFILE}")),
            Some(row) if !missing(&row).is_empty() => Some(format!("no {}", missing(&row).join(", "))),
            Some(_) => None,
        };
        match (row, reason) {
            (Some(row), None) => found.trials.push(trial(folder, name, &row, reruns)?),
            (_, reason) => found.left_out.push((name.to_owned(), reason.unwrap_or_default())),
        }
    }
    Ok(found)
}

fn trial(folder: &Folder, name: &str, row: &SheetRow<'_>, reruns: &[Sheet]) -> Result<Trial> {
    let rerun = |distance: f64| {
        let mut rows = reruns.iter().flat_map(Sheet::rows);
        let here = rows.find(|row| row.words("trial") == name && row.number("x_m") == Some(distance))?;
        Some(here.number("slab_pct")? / 100.0)
    };
    let measured = folder.columns(&format!("{name}{MEASURED}"))?.numbers([0, 1])?;
    let arc = |&[distance, percent]: &[f64; 2]| Arc {
        distance,
        seen: percent / 100.0,
        others: vec![rerun(distance)],
    };
    let mut arcs: Vec<Arc> = measured.iter().map(arc).collect();
    arcs.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    Ok(Trial {
        programme: name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-').to_owned(),
        name: name.to_owned(),
        substance: "methane",
        origin: Origin::Pool { radius: row.needed("pool_radius_m")? },
        rate: row.needed("Q_kg_s")?,
        duration: row.needed("duration_s")?,
        air: air(folder, name, row)?,
        averaging: AVERAGING,
        receptor_height: RECEPTOR_HEIGHT,
        others: vec!["SLAB, run by others".to_owned()],
        arcs,
    })
}

fn air(folder: &Folder, name: &str, row: &SheetRow<'_>) -> Result<TrialAir> {
    let (length, roughness) = (row.needed("L_MO_m")?, row.needed("z0_m")?);
    let inverse_length = if length == 0.0 { 0.0 } else { 1.0 / length };
    let levels = folder.columns(&format!("{name}{PROFILE}"))?.numbers([0, 1])?;
    let nearest = |height: f64| {
        let closer = |a: &&[f64; 2], b: &&[f64; 2]| (a[0] - height).abs().total_cmp(&(b[0] - height).abs());
        levels.iter().min_by(closer).copied().unwrap_or([height, f64::NAN])
    };
    let [height, wind] = nearest(CLOUD_HEIGHT);
    let [top, top_wind] = nearest(HIGH);
    // The workbook's wind is the measured one, brought from the nearest level to 10 m by the profile.
    let high_wind = Profile::through(top_wind, top, roughness, inverse_length).wind_at(HIGH);
    Ok(TrialAir {
        wind: (wind, height),
        high_wind,
        roughness,
        inverse_length,
        friction_velocity: row.number("u_star_m_s"),
        slab_index: None,
        temperature: row.needed("T_ref_C")? + CELSIUS_ZERO,
        relative_humidity: row.needed("RH_pct")? / 100.0,
        pressure: row.needed("p_Pa")?,
        ground_temperature: None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{DEFAULT_SCHEME, Settings};

    const HEAD: &str = "trial,pool_radius_m,evap_flux_kg_m2_s,duration_s,T_ref_C,z_T_ref_m,RH_pct,p_Pa,L_MO_m,\
                        u_star_m_s,z0_m,theta_star_K,Q_kg_s,note\n";

    fn write(folder: &Path, file: &str, text: &str) {
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(folder.join(file), text).expect("a file");
    }

    fn read_below(root: &Path) -> Trials {
        let settings = Settings { data: Some(root.to_path_buf()), scheme: DEFAULT_SCHEME };
        read(&Folder::find(&settings, "gas").expect("the folder")).expect("readable")
    }

    #[test]
    fn any_programme_put_beside_is_read_and_what_lacks_conditions_is_named() {
        let root = tempfile::tempdir().expect("a folder");
        let bay = root.path().join("gas/lng_bay");
        let row = "Bay12,10,0.167,60,20,1,50,101000,-20,0.2,0.0002,,50,\"a, b\"\n";
        let incomplete = "Bay13,10,0.167,,20,1,50,101000,-20,0.2,0.0002,,50,\n";
        write(&bay, "all_conditions.csv", &format!("{HEAD}{row}{incomplete}"));
        write(
            &bay,
            "more_conditions.csv",
            &format!("{HEAD}{}{}", row.replace("Bay12", "Bay15"), row.replace("Bay12", "Bay16")),
        );
        for name in ["Bay12", "Bay13", "Bay14", "Bay15"] {
            write(&bay, &format!("{name}_exp.csv"), "m,%\nx,X_CH4\n250,2.0\n58,12.5\n");
            if name == "Bay15" {
                continue;
            }
            write(
                &bay,
                &format!("{name}_profile.csv"),
                "m,m/s,C\nz,u,T\n1.0,4.0,20\n3.0,4.5,20\n10.,5.0,20\n",
            );
        }
        let found = read_below(root.path());
        let [trial] = &found.trials[..] else { panic!("one trial: {found:?}") };
        assert_eq!((trial.programme.as_str(), trial.name.as_str()), ("Bay", "Bay12"));
        assert_eq!(trial.air.wind, (4.5, 3.0));
        assert!((trial.air.high_wind - 5.0).abs() < 1e-12);
        let seen: Vec<(f64, f64)> = trial.arcs.iter().map(|arc| (arc.distance, arc.seen)).collect();
        assert_eq!(seen, [(58.0, 0.125), (250.0, 0.02)]);
        assert_eq!(found.left_out[0], ("Bay13".into(), "no duration_s".into()));
        assert_eq!(found.left_out[1], ("Bay14".into(), "no line in the table of conditions".into()));
        assert_eq!(found.left_out[2], ("Bay15".into(), "no Bay15_profile.csv".into()));
        assert_eq!(found.left_out[3], ("Bay16".into(), "no Bay16_exp.csv".into()));
        assert_eq!(found.left_out.len(), 4);
    }

    #[test]
    fn without_a_folder_of_lng_there_are_no_trials() {
        let root = tempfile::tempdir().expect("a folder");
        write(&root.path().join("gas"), "other.csv", "a\n");
        assert!(read_below(root.path()).trials.is_empty());
    }
}
