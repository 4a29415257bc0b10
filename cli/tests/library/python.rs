//! Stores open in the tools of others.

use std::process::Command;

use crate::harness::Workplace;

/// Opens batches with xarray and h5py and the catalogue with sqlite3, and holds them against each other.
const SCRIPT: &str = r#"
import glob, json, sqlite3, sys
import h5py, numpy, xarray
flood, gas = sys.argv[1:3]
rows = sqlite3.connect(flood + "/catalogue.sqlite").execute(
    'SELECT m.line, m."rain.intensity", m."rain.intensity [m/s]", r.batch, r.place, r.max_depth_m '
    "FROM member m JOIN result r ON m.result = r.id ORDER BY m.line").fetchall()
assert len(rows) == 12, rows
assert rows[0][1] == "20 mm/h" and abs(rows[0][2] - 0.02 / 3600) < 1e-12, rows[0]
for line, _, _, batch, place, deepest in rows:
    data = xarray.open_dataset(flood + "/batches/" + batch)
    depth = data["max_depth"].isel(result=place)
    assert depth.dims == ("y", "x") and depth.shape == (9, 12), depth
    assert abs(float(depth.max()) - deepest) <= 0.0005, (line, float(depth.max()), deepest)
    assert data["max_depth"].attrs["units"] == "m"
    with h5py.File(flood + "/batches/" + batch) as file:
        assert file["max_depth"].dtype == numpy.uint16
        contents = json.loads(bytes(file["contents_json"][:]))
        assert {"rows", "results"} <= set(contents)
zones = sqlite3.connect(gas + "/catalogue.sqlite").execute("SELECT count(*), max(distance_m) FROM zone").fetchone()
assert zones[0] == 6 and zones[1] > 1, zones
# A slow machine stores in several batches, some of them without a new result.
batches = [xarray.open_dataset(path) for path in glob.glob(gas + "/batches/*.h5")]
farthest = max(float(data["outline_x"].max()) for data in batches if "outline_x" in data)
assert abs(farthest - zones[1]) < 0.02 * zones[1], (farthest, zones)
print("opened")
"#;

/// An interpreter that has the modules, if there is one.
fn interpreter() -> Option<String> {
    let named = std::env::var("TUIYAN_PYTHON").ok();
    let has = |program: &str| {
        let modules = "import h5py, netCDF4, xarray";
        Command::new(program).args(["-c", modules]).output().is_ok_and(|output| output.status.success())
    };
    named.into_iter().chain(["python3".to_owned()]).find(|program| has(program))
}

#[test]
fn xarray_h5py_and_sqlite_open_the_store() {
    let (flood, gas) = (Workplace::flood(), Workplace::gas());
    flood.build("lib", &[]);
    gas.build("lib", &[]);
    let Some(python) = interpreter() else {
        println!("skipped: no python3 with h5py, netCDF4 and xarray; name one with TUIYAN_PYTHON");
        return;
    };
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .args([flood.path("lib"), gas.path("lib")])
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
