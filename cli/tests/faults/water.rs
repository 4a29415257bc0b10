//! Faults of water that stands or enters, structures, breaches, places.

use crate::harness::{FLOOD, Fault, S, check, fault};

/// Put before `[edges]`: a reservoir with its spillway.
const RESERVOIR: &str = "[[inflow]]\nname = \"dam\"\nat = { x_m = 500003.0, y_m = 3100003.0 }\n\
[inflow.reservoir]\nstorage = \"storage.csv\"\ninitial_stage = \"103 m\"\ncrest = \"104 m\"\n\
crest_length = \"20 m\"\n\n[edges]";
const STORAGE: &str = "stage_m,storage_m3\n100,0\n105,1000000\n";

fn faults() -> Vec<Fault> {
    vec![
        fault(
            "levees_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[levee]]\nname = \"a\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 [[levee]]\nname = \"b\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 crests = [\"20 m\", \"21\"]\n\
                 [[levee]]\nname = \"c\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 crests = [\"20 m\", \"21 m\", \"22 m\"]\n\
                 [[levee]]\nname = \"d\"\nalong = [[500001, 3100001], [500001.5, 3100001]]\ncrest = \"20 m\"\n\
                 [[levee]]\nname = \"e\"\nalong = [[500004, 3100000], [500004, 3100006]]\ncrest = \"20 km\"\n\
                 [levee.gap]\nmiddle = \"80 m\"\nduration = \"1 min\"\nwidth = \"4 m\"\nbottom = \"3 m\"\n\
                 [[levee]]\nname = \"f\"\nalong = [[500004, 3100000], [500004, 3100006]]\ncrest = \"20 m\"\n\
                 coefficient = 2.5\n\
                 [levee.gap]\nduration = \"1 min\"\nwidth = \"4 m\"\nbottom = \"30 m\"\n\
                 [[levee]]\nname = \"g\"\ncrest = \"20 m\"\n\n[edges]",
            )],
        ),
        fault(
            "bridges_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[bridge]]\nname = \"a\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"20 m\"\ndeck = \"19 m\"\n\
                 [[bridge]]\nname = \"b\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"1 m\"\ndeck = \"19 m\"\npiers = 1.5\n\
                 [[bridge]]\nname = \"c\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"18 m\"\nsoffits = [\"18 m\", \"18 m\"]\ndecks = [\"19 m\", \"19 m\"]\n\
                 [[bridge]]\nname = \"d\"\nalong = [[500004, 3100000], [500004, 3100006]]\n\
                 soffit = \"18 m\"\ndeck = \"19 m\"\n\
                 [[levee]]\nname = \"d\"\nalong = [[500002, 3100000], [500002, 3100006]]\n\
                 crest = \"18 m\"\n\n[edges]",
            )],
        ),
        fault(
            "negative_water",
            FLOOD,
            &[
                (S, "[rain]", "[initial]\ndepth = \"water.asc\"\n\n[rain]"),
                (
                    "water.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n0 0 0 0\n0 -1 0 0\n0 0 0 0\n",
                ),
            ],
        ),
        fault(
            "inflow_outside",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[inflow]]\nname = \"burst\"\nat = { x_m = 1.0, y_m = 2.0 }\ndischarge = \"1 m3/s\"\n\n[edges]",
            )],
        ),
        fault(
            "place_outside_and_one_name_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[place]]\nname = \"subway\"\nat = { x_m = 500001, y_m = 3100001 }\n\
                 [[place]]\nname = \"subway\"\nat = { x_m = 500003, y_m = 3100001 }\n\
                 [[place]]\nname = \"far\"\nat = { x_m = 5, y_m = 3100001 }\n\n[edges]",
            )],
        ),
        fault(
            "place_depth_without_unit",
            FLOOD,
            &[(S, "[edges]", "[products]\nplace_depths = [\"15\"]\n\n[edges]")],
        ),
        fault(
            "structures_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[structure]]\nname = \"a\"\nkind = \"pump\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 capacity = \"0.2 m3/s\"\non_depth = \"10 cm\"\noff_depth = \"20 cm\"\n\
                 [[structure]]\nname = \"b\"\nkind = \"weir\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 crest = \"3 m\"\nsill = \"3 m\"\n\
                 [[structure]]\nname = \"c\"\nkind = \"gate\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500001.5, y_m = 3100001 }\nsill = \"3 m\"\nwidth = \"1 m\"\nheight = \"1 m\"\n\
                 [[structure]]\nname = \"d\"\nkind = \"culvert\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500003, y_m = 3100001 }\ninlet = \"box, parallel wingwalls\"\n\
                 diameter = \"1 m\"\nlength = \"10 m\"\n\n[edges]",
            )],
        ),
        fault(
            "gate_that_closes_first_and_one_name_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[structure]]\nname = \"sluice\"\nkind = \"gate\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500003, y_m = 3100001 }\nsill = \"3 m\"\nwidth = \"1 m\"\nheight = \"1 m\"\n\
                 opens = \"20 min\"\ncloses = \"10 min\"\n\
                 [[structure]]\nname = \"sluice\"\nkind = \"gate\"\nfrom = { x_m = 500001, y_m = 3100001 }\n\
                 to = { x_m = 500003, y_m = 3100001 }\nsill = \"3 m\"\nwidth = \"1 m\"\nheight = \"1 m\"\n\
                 [[breach]]\nname = \"mill\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"0 m\"\nduration = \"10 min\"\nbegins = \"1 min\"\n\
                 [[breach]]\nname = \"mill\"\nalong = [[500001, 3100003], [500003, 3100003]]\nwidth = \"4 m\"\n\
                 bottom = \"0 m\"\nduration = \"10 min\"\nbegins = \"1 min\"\n\n[edges]",
            )],
        ),
        fault(
            "breach_with_its_size_in_two_ways",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[breach]]\nname = \"dam\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"0 m\"\nbegins = \"1 min\"\nregression = \"froehlich-2008\"\n\
                 reservoir_volume = \"3 km\"\n\n[edges]",
            )],
        ),
        fault(
            "reservoir_without_a_way_out",
            FLOOD,
            &[
                (S, "[edges]", RESERVOIR),
                (S, "crest = \"104 m\"\n", ""),
                (S, "initial_stage = \"103 m\"\n", ""),
                ("storage.csv", "", STORAGE),
            ],
        ),
        fault(
            "reservoir_levels_outside_its_table",
            FLOOD,
            &[
                (S, "[edges]", RESERVOIR),
                (S, "103 m", "106 m"),
                (S, "104 m", "99 m"),
                ("storage.csv", "", STORAGE),
            ],
        ),
        fault(
            "reservoir_table_that_does_not_rise",
            FLOOD,
            &[(S, "[edges]", RESERVOIR), ("storage.csv", "", "stage_m,storage_m3\n105,1000000\n100,0\n")],
        ),
        fault(
            "reservoir_table_without_storage",
            FLOOD,
            &[(S, "[edges]", RESERVOIR), ("storage.csv", "", "stage_m,storage\n100,0\n105,1000000\n")],
        ),
        fault(
            "reservoir_that_fills_up",
            FLOOD,
            &[
                (S, "[edges]", RESERVOIR),
                (S, "crest = ", "inflow = \"5000 m3/s\"\ncrest = "),
                ("storage.csv", "", STORAGE),
            ],
        ),
        fault(
            "breaches_with_mistakes",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[breach]]\nname = \"a\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"90 m\"\nduration = \"10 min\"\nbegins = \"1 min\"\n\
                 [[breach]]\nname = \"b\"\nalong = [[500001, 3100001], [500003, 3100001]]\nwidth = \"4 m\"\n\
                 bottom = \"0 m\"\nduration = \"10 min\"\n\
                 [[breach]]\nname = \"c\"\nwidth = \"4 m\"\nbottom = \"0 m\"\nduration = \"10 min\"\n\
                 begins = \"1 min\"\n\n[edges]",
            )],
        ),
        fault(
            "inflow_before_the_run",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[[inflow]]\nname = \"burst\"\nat = { x_m = 500003.0, y_m = 3100003.0 }\nhydrograph = \"q.csv\"\n\n[edges]",
                ),
                ("q.csv", "", "time_s,discharge_m3_s\n-900,0\n-600,2\n-300,0\n"),
            ],
        ),
        fault(
            "inflow_lon_lat_on_a_local_plane",
            FLOOD,
            &[
                (S, "EPSG:32649", "local"),
                (
                    S,
                    "[edges]",
                    "[[inflow]]\nname = \"burst\"\nat = { lon = 111.0, lat = 28.0 }\ndischarge = \"1 m3/s\"\n\n[edges]",
                ),
            ],
        ),
    ]
}

#[test]
fn faults_of_water_have_their_messages_and_leave_no_result() {
    check(&faults());
}
