//! Faults of who and what may be hit.

use crate::harness::{FLOOD, Fault, S, check, fault};

/// Put before `[edges]`: villages from a file.
const ZONES: &str = "[[exposure]]\nname = \"villages\"\nkind = \"zones\"\nlayer = \"zones.geojson\"\n\
people = \"pop\"\n\n[edges]";

fn faults() -> Vec<Fault> {
    vec![
        fault(
            "zones_with_every_mistake",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100004],[500004,3100000],[500000,3100004],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[500001,3100001]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1]]]}},{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}},{\"type\":\"Feature\",\"properties\":{\"pop\":-1},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_with_more_mistakes_than_are_shown",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}},{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}}]}",
                ),
            ],
        ),
        fault(
            "zones_with_coordinates_exchanged",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[28.02,111.0],[28.02,111.1],[28.03,111.1],[28.02,111.0]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_in_metres_without_a_reference",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_elsewhere",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[590000,3100000],[590004,3100000],[590004,3100004],[590000,3100004],[590000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_without_people",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[{\"type\":\"Feature\",\"properties\":{\"population\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault(
            "zones_empty",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:32649\"}},\"features\":[]}",
                ),
            ],
        ),
        fault(
            "zones_on_a_local_plane",
            FLOOD,
            &[
                (S, "EPSG:32649", "local"),
                (S, "[edges]", ZONES),
                (
                    "zones.geojson",
                    "",
                    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"pop\":5},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[500000,3100000],[500004,3100000],[500004,3100004],[500000,3100004],[500000,3100000]]]}}]}",
                ),
            ],
        ),
        fault("zones_missing", FLOOD, &[(S, "[edges]", ZONES)]),
        fault(
            "zones_not_geojson",
            FLOOD,
            &[
                (S, "[edges]", ZONES),
                ("zones.geojson", "", "{\"type\": \"FeatureCollection\",\n\"features\": ["),
            ],
        ),
        fault(
            "exposure_keys_of_another_kind",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"roads\"\nlayer = \"dem.asc\"\nraster = \"dem.asc\"\npeople = \"pop\"\n[[exposure]]\nname = \"b\"\nkind = \"people\"\nlayer = \"dem.asc\"\nraster = \"dem.asc\"\npeople = \"pop\"\n[[exposure]]\nname = \"c\"\nkind = \"people\"\nlayer = \"dem.asc\"\n[[exposure]]\nname = \"d\"\nkind = \"zones\"\n\n[edges]",
            )],
        ),
        fault(
            "exposure_keys_of_another_format",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"zones\"\nlayer = \"zones.geojson\"\ntable = \"zones\"\nencoding = \"gbk\"\n[[exposure]]\nname = \"b\"\nkind = \"people\"\nraster = \"dem.asc\"\nencoding = \"gb\"\n\n[edges]",
            )],
        ),
        fault(
            "exposure_twice",
            FLOOD,
            &[(
                S,
                "[edges]",
                "[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"dem.asc\"\n[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"dem.asc\"\n\n[edges]",
            )],
        ),
        fault(
            "people_negative",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[[exposure]]\nname = \"a\"\nkind = \"people\"\nraster = \"people.asc\"\n\n[edges]",
                ),
                (
                    "people.asc",
                    "",
                    "ncols 4\nnrows 3\nxllcorner 500000\nyllcorner 3100000\ncellsize 2\n1 1 1 1\n1 -99 1 1\n1 1 1 1\n",
                ),
            ],
        ),
    ]
}

#[test]
fn faults_of_exposure_have_their_messages_and_leave_no_result() {
    check(&faults());
}
