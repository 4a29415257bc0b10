//! Rasters as Cloud-Optimised GeoTIFF: tiles, overviews, deflate, north up.
//!
//! Band name and unit stand in a small `NAME.tif.aux.xml` beside the raster,
//! where GDAL, QGIS and ArcGIS look for them.

use geotiff_writer::{CogBuilder, Compression, GeoTiffBuilder, Predictor, Resampling};
use ndarray::{Array2, Axis};

use super::check::NODATA;
use super::{Format, Job, cannot_write};
use crate::error::Result;
use crate::grid::Grid;
use crate::product::{FieldInfo, Layer, Raster};

/// Rows and columns of a tile, the size that the COG driver of GDAL writes.
const TILE: u32 = 512;

/// Writes a raster; other layers are none of its business.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>, layer: &Layer) -> Result<()> {
    let Layer::Raster(raster) = layer else { return Ok(()) };
    let path = format!("{}.tif", raster.info.name);
    write_raster(&job.dir.join(&path), raster, &job.products.grid)
        .map_err(|mistake| cannot_write(&path, &mistake))?;
    job.write_file(&format!("{path}.aux.xml"), about(&raster.info).as_bytes())?;
    job.list(&raster.info.name, &path, Format::GeoTiff, &raster.info.unit);
    Ok(())
}

fn write_raster(path: &std::path::Path, raster: &Raster, grid: &Grid) -> geotiff_writer::Result<()> {
    let too_large = |_| geotiff_writer::Error::Other("more than 2^32 rows or columns".into());
    let columns = u32::try_from(grid.columns).map_err(too_large)?;
    let rows = u32::try_from(grid.rows).map_err(too_large)?;
    let mut builder = GeoTiffBuilder::new(columns, rows)
        .pixel_scale(grid.dx, grid.dy)
        .origin(grid.west, grid.north())
        .nodata(&NODATA.to_string())
        .compression(Compression::Deflate)
        .predictor(Predictor::FloatingPoint)
        .tile_size(TILE, TILE);
    if let Some(code) = grid.crs.epsg() {
        builder = if grid.crs.is_geographic() {
            builder.geographic_epsg(code)
        } else {
            builder.projected_epsg(code)
        };
    }
    let levels = overview_levels(columns.max(rows));
    let cog = CogBuilder::new(builder).resampling(Resampling::Average);
    let cog = if levels.is_empty() { cog.no_overviews() } else { cog.overview_levels(levels) };
    cog.write_2d(path, north_up(raster).view())
}

/// Rows from north to south, with the number that stands for "nothing".
fn north_up(raster: &Raster) -> Array2<f32> {
    let mut values = raster.values.mapv(|value| if value.is_nan() { NODATA as f32 } else { value as f32 });
    values.invert_axis(Axis(0));
    values.as_standard_layout().into_owned()
}

/// Factors 2, 4, 8, … until the picture fits into one tile.
fn overview_levels(longest_side: u32) -> Vec<u32> {
    (1..u32::BITS)
        .map(|power| 1 << power)
        .take_while(|factor| longest_side.div_ceil(factor / 2) > TILE)
        .collect()
}

/// Band name, unit and meaning as GDAL keeps them beside a raster.
fn about(info: &FieldInfo) -> String {
    let xml = |text: &str| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    format!(
        "<PAMDataset>\n  <PAMRasterBand band=\"1\">\n    <Description>{}</Description>\n    \
         <UnitType>{}</UnitType>\n    <Metadata>\n      <MDI key=\"long_name\">{}</MDI>\n      \
         <MDI key=\"comment\">{}</MDI>\n    </Metadata>\n  </PAMRasterBand>\n</PAMDataset>\n",
        xml(&info.name),
        xml(&info.unit),
        xml(&info.title),
        xml(&info.meaning),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_overview_fits_into_one_tile() {
        assert_eq!(overview_levels(512), Vec::<u32>::new());
        assert_eq!(overview_levels(513), [2]);
        assert_eq!(overview_levels(1025), [2, 4]);
        assert_eq!(overview_levels(20_000), [2, 4, 8, 16, 32, 64]);
    }
}
