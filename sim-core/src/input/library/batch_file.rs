//! Arrays of a batch.

use std::ops::Range;
use std::path::Path;

use hdf5::File;
use ndarray::{Array2, s};

use crate::library::stored::Rings;

/// Outlines of some zones.
pub(super) fn outlines(path: &Path, first: usize, count: usize) -> hdf5::Result<Vec<Rings>> {
    let file = File::open(path)?;
    let starts: Vec<i64> = file.dataset("outline_start")?.read_slice_1d(first..first + count)?.to_vec();
    let counts: Vec<i64> = file.dataset("outline_count")?.read_slice_1d(first..first + count)?.to_vec();
    let (Some(&begin), Some(end)) =
        (starts.first(), starts.last().zip(counts.last()).map(|(start, count)| start + count))
    else {
        return Ok(Vec::new());
    };
    let range = begin as usize..end as usize;
    if range.is_empty() {
        return Ok(vec![Rings::new(); count]);
    }
    let x: Vec<f32> = file.dataset("outline_x")?.read_slice_1d(range.clone())?.to_vec();
    let y: Vec<f32> = file.dataset("outline_y")?.read_slice_1d(range)?.to_vec();
    Ok(cut(&starts, &counts, begin, (&x, &y)))
}

/// Outlines of all zones of a batch.
pub(super) fn all_outlines(path: &Path) -> hdf5::Result<Vec<Rings>> {
    let file = File::open(path)?;
    let starts = file.dataset("outline_start")?.read_raw::<i64>()?;
    let counts = file.dataset("outline_count")?.read_raw::<i64>()?;
    let x = file.dataset("outline_x")?.read_raw::<f32>()?;
    let y = file.dataset("outline_y")?.read_raw::<f32>()?;
    Ok(cut(&starts, &counts, 0, (&x, &y)))
}

/// Lists of points cut into zones, and these into rings.
fn cut(starts: &[i64], counts: &[i64], begin: i64, (x, y): (&[f32], &[f32])) -> Vec<Rings> {
    let zones = starts.iter().zip(counts).map(|(start, count)| {
        let range = (start - begin) as usize..(start - begin + count) as usize;
        let points: Vec<(f32, f32)> =
            x[range.clone()].iter().copied().zip(y[range].iter().copied()).collect();
        points
            .split(|point| point.0.is_nan())
            .filter(|ring| !ring.is_empty())
            .map(<[(f32, f32)]>::to_vec)
            .collect()
    });
    zones.collect()
}

/// Depths of one result over some rows, mm.
pub(super) fn depths(path: &Path, place: usize, rows: Range<usize>) -> hdf5::Result<Array2<u16>> {
    File::open(path)?.dataset("max_depth")?.read_slice_2d(s![place, rows, ..])
}

/// Depth of one result in one cell, mm.
pub(super) fn depth_at(path: &Path, place: usize, (row, column): (usize, usize)) -> hdf5::Result<u16> {
    let cell: Array2<u16> =
        File::open(path)?.dataset("max_depth")?.read_slice_2d(s![place, row..=row, column..=column])?;
    Ok(cell.first().copied().unwrap_or_default())
}
