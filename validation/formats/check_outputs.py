"""Opens every file of a result folder with the software that users have.

Usage: python check_outputs.py FOLDER [FOLDER ...]

Checks, per folder: results.nc in xarray (both engines), rioxarray, GDAL and
the CF compliance checker (no error, no warning); every GeoTIFF as a strict
Cloud-Optimised GeoTIFF that equals its NetCDF variable; every GeoJSON against
RFC 7946 and for validity; every KML against the OGC schema; every CSV in
pandas; every picture; and that run.json lists exactly what is there.

Prints a line per failure and `N passed, N failed`; exits 1 on a failure.
"""

import io
import json
import logging
import sys
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

# Keys that run.json promises to scripts.
RUN_KEYS = [
    "version", "commit", "status", "hazard", "title", "scenario_sha256", "understood", "inputs",
    "device", "threads", "cells", "steps", "wet_share", "wall_seconds", "cell_steps_per_second",
    "memory_bytes", "ledger", "summary", "warnings", "changes", "not_modelled", "products",
]

# Files that belong to the folder without being products.
COMPANIONS = {"run.json", "scenario.toml"}

# Decimals of a degree that RFC 7946 calls enough, plus one.
DECIMALS = 7

# Width of a map, pixels.
MAP_WIDTH = 1600


class Tally:
    """Counts checks and prints the failed ones."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, claim, holds, found=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {claim} {found}".rstrip())

    def attempt(self, claim, action):
        """Runs a group of checks; an exception is a failure of its own."""
        try:
            action()
        except Exception as mistake:  # a reader may raise anything
            self.check(claim, False, f"{type(mistake).__name__}: {mistake}")


def check_run(folder, tally):
    """run.json has its keys and lists what is there; returns it."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for key in RUN_KEYS:
        tally.check(f"{folder.name}/run.json has {key}", key in run)
    listed = {product["path"] for product in run["products"]}
    there = {path.name for path in folder.iterdir()}
    tally.check(f"{folder.name}: everything listed is there", listed <= there, listed - there)
    unlisted = {name for name in there - listed - COMPANIONS if not name.endswith(".aux.xml")}
    tally.check(f"{folder.name}: everything there is listed", not unlisted, unlisted)
    return run


def check_netcdf(path, run, tally):
    import xarray

    epsg = epsg_of(path.parent)
    names = {p["name"] for p in run["products"] if p["kind"] == "netcdf"}
    for engine in ("netcdf4", "h5netcdf"):
        with xarray.open_dataset(path, engine=engine, decode_coords="all") as data:
            claim = f"{path.parent.name}/{path.name} with {engine}"
            tally.check(f"{claim}: variables", names <= set(data.data_vars), names - set(data.data_vars))
            import rioxarray  # noqa: F401  (adds .rio)

            if epsg:
                tally.check(f"{claim}: reference", data.rio.crs and data.rio.crs.to_epsg() == epsg, data.rio.crs)
            else:
                tally.check(f"{claim}: no reference", data.rio.crs is None, data.rio.crs)
            for name in names:
                values = data[name]
                tally.check(f"{claim}: {name} is single precision", values.dtype == np.float32)
                tally.check(f"{claim}: {name} ends in y, x", values.dims[-2:] == ("y", "x"), values.dims)
                tally.check(f"{claim}: {name} has values", bool(np.isfinite(values).any()))
                tally.check(f"{claim}: {name} has a unit", "units" in values.attrs)
                if "time" in values.dims:
                    tally.check(f"{claim}: {name} has dates", np.issubdtype(data["time"].dtype, np.datetime64))
            tally.check(f"{claim}: y rises", bool((np.diff(data["y"]) > 0).all()))
    check_compliance(path, tally)


def check_compliance(path, tally):
    """No error and no warning of the CF checker, newest version it has up to 1.11."""
    from compliance_checker.runner import CheckSuite, ComplianceChecker

    CheckSuite.load_all_available_checkers()
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        with redirect_stdout(io.StringIO()):
            ComplianceChecker.run_checker(
                str(path), ["cf:1.11"], 0, "strict", output_filename=str(report), output_format="json"
            )
        outcome = json.loads(report.read_text())["cf:1.11"]
    for level, word in (
        ("high_priorities", "errors"), ("medium_priorities", "warnings"), ("low_priorities", "remarks")
    ):
        messages = [message for entry in outcome[level] for message in entry["msgs"]]
        tally.check(f"{path.parent.name}/{path.name}: no CF {word}", not messages, messages)


def epsg_of(folder):
    """EPSG code of the rasters of a folder, from its first GeoTIFF."""
    import rasterio

    for path in sorted(folder.glob("*.tif")):
        with rasterio.open(path) as raster:
            return raster.crs.to_epsg() if raster.crs else None
    return None


def check_geotiff(path, run, tally):
    import rasterio
    import xarray
    from rio_cogeo.cogeo import cog_validate

    claim = f"{path.parent.name}/{path.name}"
    valid, errors, remarks = cog_validate(path, strict=True, quiet=True)
    tally.check(f"{claim} is a strict COG", valid and not errors and not remarks, errors + remarks)
    unit = next(p["unit"] for p in run["products"] if p["path"] == path.name)
    with rasterio.open(path) as raster:
        tally.check(f"{claim}: nodata", raster.nodata == -9999, raster.nodata)
        tally.check(f"{claim}: north up", raster.transform.e < 0 and raster.transform.b == 0)
        tally.check(f"{claim}: name", raster.descriptions == (path.stem,), raster.descriptions)
        tally.check(f"{claim}: unit", raster.units == (unit,), raster.units)
        values = raster.read(1, masked=True).filled(np.nan)
        bounds = raster.bounds
    netcdf = path.parent / "results.nc"
    if netcdf.exists():
        with xarray.open_dataset(netcdf, engine="netcdf4") as data:
            same = np.array_equal(values, data[path.stem].values[::-1], equal_nan=True)
            half = float(data["x"][1] - data["x"][0]) / 2
            west = float(data["x"][0]) - half
        tally.check(f"{claim} equals its NetCDF variable", same)
        tally.check(f"{claim} lies where the NetCDF grid does", abs(west - bounds.left) < 1e-6 * half, west)


def positions(coordinates):
    """All positions of nested coordinates."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def polygons(geometry):
    if geometry["type"] == "Polygon":
        yield geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["coordinates"]


def area(ring):
    x0, y0 = ring[0]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in zip(ring, ring[1:]))


def check_geojson(path, run, tally):
    import shapely

    claim = f"{path.parent.name}/{path.name}"
    data = json.loads(path.read_text(encoding="utf-8"))
    tally.check(f"{claim} is a collection", data["type"] == "FeatureCollection")
    tally.check(f"{claim} has no crs member (RFC 7946 4)", "crs" not in data)
    found = []
    for feature in data["features"]:
        tally.check(f"{claim}: feature", feature["type"] == "Feature" and isinstance(feature["properties"], dict))
        geometry = feature["geometry"]
        if geometry is None:
            continue
        for lon, lat in positions(geometry["coordinates"]):
            found.append((lon, lat))
        for rings in polygons(geometry):
            tally.check(f"{claim}: exterior anticlockwise (3.1.6)", area(rings[0]) > 0)
            tally.check(f"{claim}: holes clockwise", all(area(ring) < 0 for ring in rings[1:]))
            closed = all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
            tally.check(f"{claim}: rings closed", closed)
        shape = shapely.from_geojson(json.dumps(geometry))
        tally.check(f"{claim}: valid geometry", shape.is_valid, shapely.is_valid_reason(shape))
    inside = all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in found)
    tally.check(f"{claim}: longitude, latitude", inside)
    exact = all(round(degree, DECIMALS) == degree for at in found for degree in at)
    tally.check(f"{claim}: at most {DECIMALS} decimals (11.2)", exact)
    if found:
        west, south, east, north = data["bbox"]
        fits = [min(p[0] for p in found), min(p[1] for p in found), max(p[0] for p in found), max(p[1] for p in found)]
        tally.check(f"{claim}: bbox (5)", fits == [west, south, east, north], fits)


def check_kml(path, run, tally):
    import fastkml
    from lxml import etree

    claim = f"{path.parent.name}/{path.name}"
    # lxml reads no external entity here; the file has none.
    tree = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
    schema_file = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    schema = etree.XMLSchema(etree.parse(str(schema_file)))
    valid = schema.validate(tree)
    tally.check(f"{claim} keeps to the OGC schema 2.2", valid, str(schema.error_log)[:600])
    space = {"k": "http://www.opengis.net/kml/2.2"}
    placemarks = tree.findall(".//k:Placemark", space)
    styles = {"#" + style.get("id") for style in tree.findall(".//k:Style", space)}
    for placemark in placemarks:
        tally.check(f"{claim}: style is there", placemark.findtext("k:styleUrl", namespaces=space) in styles)
        description = placemark.findtext("k:description", "", space)
        tally.check(f"{claim}: no live markup", "<script" not in description.lower())
    tally.check(f"{claim}: first view", not placemarks or tree.find(".//k:LookAt", space) is not None)
    twin = path.with_suffix(".geojson")
    if twin.exists():
        features = json.loads(twin.read_text(encoding="utf-8"))["features"]
        drawn = [feature for feature in features if feature["geometry"]]
        tally.check(f"{claim} has the features of its GeoJSON", len(drawn) == len(placemarks))


def check_csv(path, run, tally):
    import pandas

    claim = f"{path.parent.name}/{path.name}"
    tally.check(f"{claim} opens in Excel in China", path.read_bytes().startswith(b"\xef\xbb\xbf"))
    table = pandas.read_csv(path, encoding="utf-8-sig")
    tally.check(f"{claim}: columns have names", all(table.columns) and "\ufeff" not in table.columns[0])


def check_png(path, run, tally):
    from PIL import Image

    with Image.open(path) as picture:
        picture.load()
        claim = f"{path.parent.name}/{path.name}"
        tally.check(f"{claim}: width", picture.width == MAP_WIDTH, picture.size)
        tally.check(f"{claim}: not empty", len(picture.getcolors(1 << 24) or []) > 50)


CHECKS = {
    ".nc": check_netcdf, ".tif": check_geotiff, ".geojson": check_geojson,
    ".kml": check_kml, ".csv": check_csv, ".png": check_png,
}


def main(folders):
    tally = Tally()
    for folder in map(Path, folders):
        run = {}
        tally.attempt(f"{folder}/run.json", lambda: run.update(check_run(folder, tally)))
        for path in sorted(folder.iterdir()):
            check = CHECKS.get(path.suffix)
            if check and run:
                tally.attempt(str(path), lambda: check(path, run, tally))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if len(sys.argv) < 2:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1:]))
