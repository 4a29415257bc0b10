"""Turns the table of hourly radar rain into a netCDF-4 file.

    python radar_rain.py FOLDER OUT.nc

FOLDER holds cells.csv (row, col, lat, lon of every cell) and hourly_mm.csv (utc_end, row,
col, mm; a cell that is not named had less than 0.05 mm). OUT.nc has the rain on
(time, y, x) with a longitude and a latitude for every cell, compressed. Cells of the
rectangle that the table does not hold are missing values.
"""

import csv
import datetime
import sys
from pathlib import Path

import netCDF4
import numpy

FILL = numpy.float32(-1.0)


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main():
    folder, out = Path(sys.argv[1]), sys.argv[2]
    cells = {(int(row["row"]), int(row["col"])): row for row in rows(folder / "cells.csv")}
    first = [min(cell[axis] for cell in cells) for axis in (0, 1)]
    shape = tuple(max(cell[axis] for cell in cells) - first[axis] + 1 for axis in (0, 1))
    lat, lon = numpy.full(shape, numpy.nan), numpy.full(shape, numpy.nan)
    for (row, column), cell in cells.items():
        at = row - first[0], column - first[1]
        lat[at], lon[at] = float(cell["lat"]), float(cell["lon"])
    hourly = rows(folder / "hourly_mm.csv")
    times = sorted({row["utc_end"] for row in hourly})
    rain = numpy.full((len(times), *shape), FILL, dtype="f4")
    rain[:, ~numpy.isnan(lat)] = 0.0
    for row in hourly:
        at = int(row["row"]) - first[0], int(row["col"]) - first[1]
        rain[(times.index(row["utc_end"]), *at)] = float(row["mm"])
    with netCDF4.Dataset(out, "w", format="NETCDF4") as file:
        file.Conventions = "CF-1.11"
        for name, length in (("time", None), ("y", shape[0]), ("x", shape[1])):
            file.createDimension(name, length)
        time = file.createVariable("time", "f8", ("time",))
        time.units, time.calendar = "hours since 2018-09-13 00:00:00", "standard"
        day = datetime.datetime(2018, 9, 13, tzinfo=datetime.timezone.utc)
        ends = [datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")) for stamp in times]
        time[:] = [(end - day).total_seconds() / 3600.0 for end in ends]
        for name, unit, values in (("lat", "degrees_north", lat), ("lon", "degrees_east", lon)):
            variable = file.createVariable(name, "f8", ("y", "x"))
            variable.units = unit
            variable[:] = values
        variable = file.createVariable(
            "precipitation", "f4", ("time", "y", "x"), zlib=True, fill_value=FILL, chunksizes=(6, *shape)
        )
        variable.units, variable.coordinates = "mm", "lat lon"
        variable.long_name = "rain of the hour that ends at the time"
        variable[:] = rain


if __name__ == "__main__":
    main()
