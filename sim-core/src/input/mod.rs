//! Files of the user become fields, series and rows; nothing else of the engine opens them.
//!
//! | file | gives |
//! |---|---|
//! | [`raster`] | a field on a grid, from GeoTIFF or ESRI ASCII |
//! | [`series`] | rain, loss, discharge or stage in time, from CSV |
//! | [`storage`] | storage of a reservoir over its stage, from CSV |
//! | [`observed`] | what gauges read at places of a scenario, from CSV |
//! | [`rain_grid`] | rain by place and time, from netCDF-4 or a table of rasters |
//! | [`result_folder`] | the result of a run, read back |
//! | [`library`] | rows and results of a library of scenarios |
//! | [`plan_table`] | a table whose headers are keys of a scenario, from CSV |
//! | [`weather`] | rows of a weather station, from CSV |
//! | [`vector`] | polygons, lines and points on a grid, from GeoJSON or shapefile |
//! | [`text`] | a short text, for the reader of scenarios |
//!
//! Every reader reports all mistakes of a file at once, never more than
//! [`problem_list::SHOWN`] in full, checks every promise of a header before it
//! reserves memory for it, and gives the SHA-256 of the bytes it used.
//!
//! A new raster format is one file beside `esri_ascii` and one arm in
//! `raster::Format`; a new table is one file that starts from `table::Table`.

mod bytes;
mod column_name;
mod table;
mod time_column;

pub mod problem_list;

mod esri_ascii;
mod geotiff;
pub mod projection_file;
pub mod raster;
mod tiff_layout;

pub mod library;
pub mod observed;
pub mod plan_table;
pub mod rain_grid;
pub mod result_folder;
pub mod series;
pub mod storage;
pub mod text;
pub mod vector;
pub mod weather;
