//! GeoTIFF files made byte by byte: every variant is read alike, every lie is refused before memory is spent.

use std::panic::catch_unwind;
use std::path::Path;

use geotiff_reader::crs::RasterType;
use geotiff_writer::{Compression, GeoTiffBuilder, Predictor};
use ndarray::Array2;
use sim_core::error::{Problems, Result};
use sim_core::input::raster::{Limits, RasterFile, SampleKind, probe_raster, read_raster};

/// Columns, rows, cell size and north-western corner of the sample picture.
const COLUMNS: usize = 7;
const ROWS: usize = 5;
const CELL: f64 = 2.0;
const WEST: f64 = 500_000.0;
const NORTH: f64 = 3_000_000.0;

/// Bytes of one value of each TIFF field type, by its number.
const FIELD_SIZES: [usize; 17] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8];

/// Height of a cell counted from the north-west.
fn height(row: usize, column: usize) -> f64 {
    (row * COLUMNS + column) as f64
}

/// One tag: number, field type, bytes of its values.
type Entry = (u16, u16, Vec<u8>);

/// A TIFF written by hand, in either byte order, classic or BigTIFF.
#[derive(Clone, Copy)]
struct Writer {
    big_endian: bool,
    big_tiff: bool,
}

const LITTLE: Writer = Writer { big_endian: false, big_tiff: false };

impl Writer {
    fn number(self, value: u64, size: usize) -> Vec<u8> {
        let little = &value.to_le_bytes()[..size];
        if self.big_endian { little.iter().rev().copied().collect() } else { little.to_vec() }
    }

    fn shorts(self, tag: u16, values: &[u64]) -> Entry {
        (tag, 3, values.iter().flat_map(|&value| self.number(value, 2)).collect())
    }

    fn longs(self, tag: u16, values: &[u64]) -> Entry {
        (tag, 4, values.iter().flat_map(|&value| self.number(value, 4)).collect())
    }

    fn doubles(self, tag: u16, values: &[f64]) -> Entry {
        (tag, 12, values.iter().flat_map(|value| self.number(value.to_bits(), 8)).collect())
    }

    /// Bytes of a file: header, data from byte 16 on, one directory at the end.
    fn file(self, data: &[u8], mut entries: Vec<Entry>) -> Vec<u8> {
        entries.sort_by_key(|entry| entry.0);
        let (count_size, offset_size) = if self.big_tiff { (8, 8) } else { (2, 4) };
        let mut body = data.to_vec();
        let mut directory = self.number(entries.len() as u64, count_size);
        for (tag, kind, bytes) in &entries {
            directory.extend(self.number(u64::from(*tag), 2));
            directory.extend(self.number(u64::from(*kind), 2));
            let count = bytes.len() / FIELD_SIZES[usize::from(*kind)];
            directory.extend(self.number(count as u64, offset_size));
            let mut value = bytes.clone();
            if value.len() > offset_size {
                value = self.number((16 + body.len()) as u64, offset_size);
                body.extend(bytes);
            }
            value.resize(offset_size, 0);
            directory.extend(value);
        }
        directory.extend(self.number(0, offset_size));
        let mut file = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        file.extend(self.number(if self.big_tiff { 43 } else { 42 }, 2));
        if self.big_tiff {
            file.extend([self.number(8, 2), self.number(0, 2)].concat());
        }
        file.extend(self.number((16 + body.len()) as u64, offset_size));
        file.resize(16, 0);
        file.extend(body);
        file.extend(directory);
        file
    }

    /// Tags of the sample picture as 32-bit floats in one strip at byte 16.
    fn entries(self) -> Vec<Entry> {
        vec![
            self.longs(256, &[COLUMNS as u64]),
            self.longs(257, &[ROWS as u64]),
            self.shorts(258, &[32]),
            self.shorts(259, &[1]),
            self.shorts(262, &[1]),
            self.longs(273, &[16]),
            self.shorts(277, &[1]),
            self.longs(278, &[ROWS as u64]),
            self.longs(279, &[(COLUMNS * ROWS * 4) as u64]),
            self.shorts(339, &[3]),
            self.doubles(33550, &[CELL, CELL, 0.0]),
            self.doubles(33922, &[0.0, 0.0, 0.0, WEST, NORTH, 0.0]),
        ]
    }

    /// The sample picture as 32-bit floats from the north-west.
    fn floats(self) -> Vec<u8> {
        let cells = (0..COLUMNS * ROWS).map(|cell| cell as f32);
        cells.flat_map(|value| self.number(u64::from(value.to_bits()), 4)).collect()
    }

    fn sample(self) -> Vec<u8> {
        self.file(&self.floats(), self.entries())
    }
}

/// The sample picture with some tags replaced, added or (with empty bytes) removed.
fn with(changes: Vec<Entry>) -> Vec<u8> {
    let mut entries = LITTLE.entries();
    for change in changes {
        entries.retain(|entry| entry.0 != change.0);
        if !change.2.is_empty() {
            entries.push(change);
        }
    }
    LITTLE.file(&LITTLE.floats(), entries)
}

/// A directory of GeoTIFF keys that hold one short number each.
fn keys(pairs: &[(u64, u64)]) -> Entry {
    let mut numbers = vec![1, 1, 0, pairs.len() as u64];
    pairs.iter().for_each(|&(key, value)| numbers.extend([key, 0, 1, value]));
    LITTLE.shorts(34735, &numbers)
}

fn read(data: &[u8]) -> Result<RasterFile> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("dem.tif");
    std::fs::write(&path, data).expect("a temporary file");
    let whole = read_raster(&path, "dem.tif", &Limits::default());
    if let Ok(file) = &whole {
        let probed = probe_raster(&path, "dem.tif", &Limits::default());
        assert_eq!(probed.expect("a sound file has a sound header"), file.info);
    }
    whole
}

fn sound(data: &[u8]) -> RasterFile {
    read(data).unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(data: &[u8]) -> Vec<u16> {
    read(data).expect_err("a mistake").0.iter().map(|problem| problem.code.0).collect()
}

fn assert_is_sample(file: &RasterFile, name: &str) {
    let info = &file.info;
    assert_eq!((info.columns, info.rows), (COLUMNS, ROWS), "{name}");
    assert_eq!((info.dx, info.dy, info.west), (CELL, CELL, WEST), "{name}");
    assert_eq!(info.south, NORTH - ROWS as f64 * CELL, "{name}");
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            assert_eq!(file.values[(ROWS - 1 - row, column)], height(row, column), "{name} {row} {column}");
        }
    }
}

/// The sample picture by the writer library.
fn library(build: impl FnOnce(GeoTiffBuilder) -> GeoTiffBuilder) -> Vec<u8> {
    let heights = Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| height(row, column) as f32);
    library_of(&heights, build)
}

fn library_of<T: geotiff_writer::NumericSample>(
    heights: &Array2<T>,
    build: impl FnOnce(GeoTiffBuilder) -> GeoTiffBuilder,
) -> Vec<u8> {
    let builder = GeoTiffBuilder::new(heights.ncols() as u32, heights.nrows() as u32)
        .projected_epsg(32649)
        .pixel_scale(CELL, CELL)
        .origin(WEST, NORTH);
    let mut file = std::io::Cursor::new(Vec::new());
    build(builder).write_2d_to(&mut file, heights.view()).expect("a small raster");
    file.into_inner()
}

#[test]
fn both_byte_orders_and_sizes_of_offset_give_the_same_field() {
    for big_endian in [false, true] {
        for big_tiff in [false, true] {
            let file = sound(&Writer { big_endian, big_tiff }.sample());
            assert_is_sample(&file, &format!("big endian {big_endian}, BigTIFF {big_tiff}"));
            assert_eq!(file.info.sample_kind, SampleKind::Float(32));
            assert_eq!((file.info.crs.clone(), file.no_data_cells), (None, 0));
        }
    }
}

#[test]
fn every_packing_gives_the_same_field() {
    use Compression::{Deflate, Lzw, None, Zstd};
    for compression in [None, Lzw, Deflate, Zstd] {
        for tiled in [false, true] {
            for predictor in [Predictor::None, Predictor::FloatingPoint] {
                if predictor != Predictor::None && compression == None {
                    continue;
                }
                let data = library(|builder| {
                    let builder = builder.compression(compression).predictor(predictor);
                    if tiled { builder.tile_size(16, 16) } else { builder }
                });
                let file = sound(&data);
                assert_is_sample(&file, &format!("{compression:?} tiled {tiled} {predictor:?}"));
                assert_eq!(file.info.crs.and_then(|crs| crs.epsg()), Some(32649));
            }
        }
    }
}

/// The sample picture packed by PackBits: literal runs of at most 128 bytes.
fn pack_bits() -> Vec<u8> {
    let plain = LITTLE.floats();
    let packed: Vec<u8> = plain.chunks(128).flat_map(|run| [&[run.len() as u8 - 1], run].concat()).collect();
    let mut entries = LITTLE.entries();
    entries.retain(|entry| ![259, 279].contains(&entry.0));
    entries.extend([LITTLE.shorts(259, &[32773]), LITTLE.longs(279, &[packed.len() as u64])]);
    LITTLE.file(&packed, entries)
}

#[test]
fn pack_bits_gives_the_same_field() {
    assert_is_sample(&sound(&pack_bits()), "PackBits");
}

#[test]
fn every_kind_of_number_gives_the_same_field() {
    /// Writes the sample as one type and reads it back.
    macro_rules! check {
        ($($kind:ty => $expected:expr),*) => {$(
            let heights = Array2::from_shape_fn((ROWS, COLUMNS), |(row, column)| height(row, column) as $kind);
            let file = sound(&library_of(&heights, |builder| builder));
            assert_is_sample(&file, stringify!($kind));
            assert_eq!(file.info.sample_kind, $expected);
        )*};
    }
    use SampleKind::{Float, Signed, Unsigned};
    check!(u8 => Unsigned(8), u16 => Unsigned(16), u32 => Unsigned(32), i8 => Signed(8), i16 => Signed(16),
        i32 => Signed(32), f32 => Float(32), f64 => Float(64));
}

#[test]
fn a_point_raster_lies_half_a_cell_further_north_west() {
    let area = sound(&with(vec![keys(&[(1025, 1)])]));
    assert_is_sample(&area, "area");
    let point = sound(&with(vec![keys(&[(1025, 2)])]));
    assert_eq!(point.info.west, WEST - CELL / 2.0);
    assert_eq!(point.info.south, area.info.south + CELL / 2.0);
    let written = sound(&library(|builder| builder.raster_type(RasterType::PixelIsPoint)));
    assert_eq!(written.values, point.values);
}

#[test]
fn cells_without_data_are_not_a_number() {
    let file = sound(&with(vec![(42113, 2, b"3\0".to_vec())]));
    assert_eq!(file.no_data_cells, 1);
    assert!(file.values[(ROWS - 1, 3)].is_nan());
    // The largest float, written as text with few digits, still matches its own cells.
    let mut heights = Array2::from_elem((2, 2), 1.0_f32);
    heights[(0, 0)] = f32::MIN;
    let file = sound(&library_of(&heights, |builder| builder.nodata("-3.4028235e+38")));
    assert_eq!(file.no_data_cells, 1);
    assert_eq!(codes(&library_of(&heights, |builder| builder)), [2013]);
    assert_eq!(codes(&library_of(&heights, |builder| builder.nodata("none"))), [2028]);
}

#[test]
fn a_block_that_was_never_written_holds_no_data() {
    let row_bytes = (COLUMNS * 4) as u64;
    let mut offsets: Vec<u64> = (0..ROWS as u64).map(|row| 16 + row * row_bytes).collect();
    let mut counts = vec![row_bytes; ROWS];
    (offsets[1], counts[1]) = (0, 0);
    let data = with(vec![LITTLE.longs(278, &[1]), LITTLE.longs(273, &offsets), LITTLE.longs(279, &counts)]);
    let file = sound(&data);
    assert_eq!(file.no_data_cells, COLUMNS);
    assert!(file.values.row(ROWS - 2).iter().all(|value| value.is_nan()));
    assert_eq!(file.values[(ROWS - 3, 0)], height(2, 0));
}

#[test]
fn undeclared_marks_for_no_data_are_refused() {
    let mut heights = Array2::from_elem((3, 3), 12.0_f32);
    heights[(0, 2)] = -9999.0;
    let Problems(problems) =
        read(&library_of(&heights, |builder| builder)).expect_err("a hole of 10 km is no height");
    assert_eq!(problems[0].code.0, 2016);
    let spot = problems[0].place.spot.as_deref().expect("a cell is named");
    assert!(spot.contains("row 1 column 3") && spot.contains("lon"), "{spot}");
    assert_eq!(sound(&library_of(&heights, |builder| builder.nodata("-9999"))).no_data_cells, 1);
}

#[test]
fn rotated_sheared_and_mirrored_rasters_are_refused() {
    let matrix = |dx: f64, row_x: f64, column_y: f64, dy: f64| {
        let numbers =
            [dx, row_x, 0.0, WEST, column_y, dy, 0.0, NORTH, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        with(vec![(33550, 12, Vec::new()), (33922, 12, Vec::new()), LITTLE.doubles(34264, &numbers)])
    };
    assert_is_sample(&sound(&matrix(CELL, 0.0, 0.0, -CELL)), "straight");
    assert_eq!(codes(&matrix(1.7, 1.0, 1.0, -1.7)), [2025], "rotated");
    assert_eq!(codes(&matrix(CELL, 0.1, 0.0, -CELL)), [2025], "sheared");
    assert_eq!(codes(&matrix(-CELL, 0.0, 0.0, -CELL)), [2025], "west and east changed");
    assert_eq!(codes(&matrix(CELL, 0.0, 0.0, CELL)), [2025], "south and north changed");
}

#[test]
fn what_would_give_wrong_heights_is_refused() {
    let bands =
        with(vec![LITTLE.shorts(277, &[3]), LITTLE.shorts(258, &[8; 3]), LITTLE.shorts(339, &[1; 3])]);
    assert_eq!(codes(&bands), [2024], "bands");
    assert_eq!(codes(&with(vec![LITTLE.shorts(262, &[3])])), [2024], "palette");
    assert_eq!(codes(&with(vec![LITTLE.shorts(259, &[7])])), [2024], "JPEG");
    assert_eq!(codes(&with(vec![LITTLE.shorts(258, &[16])])), [2024], "half floats");
    let scale = b"<GDALMetadata><Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.1</Item></GDALMetadata>\0";
    assert_eq!(codes(&with(vec![(42112, 2, scale.to_vec())])), [2029], "decimetres");
    assert_eq!(codes(&with(vec![keys(&[(4099, 9002)])])), [2032], "heights in feet");
    assert_eq!(codes(&with(vec![keys(&[(4096, 6360)])])), [2032], "NAVD88 in US feet, without a unit");
    sound(&with(vec![keys(&[(4096, 5773)])])); // EGM96 is in metres
    assert_eq!(codes(&with(vec![keys(&[(3076, 9003)])])), [2032], "coordinates in feet");
}

#[test]
fn a_raster_without_place_is_refused() {
    assert_eq!(codes(&with(vec![(33550, 12, Vec::new()), (33922, 12, Vec::new())])), [2026]);
    let stacked = with(vec![LITTLE.doubles(33550, &[0.0, 0.0, 0.0]), keys(&[(1024, 1)])]);
    assert_eq!(codes(&stacked), [2026], "cells without size");
}

#[test]
fn an_undefined_reference_is_told_and_not_guessed() {
    let file = sound(&with(vec![keys(&[(1024, 1), (3072, 32767)])]));
    assert_eq!(file.info.crs, None);
    assert_eq!(file.info.warnings[0].code.0, 2030);
    // The code of a vertical datum is no place on the map.
    let vertical = sound(&with(vec![keys(&[(1024, 1), (3072, 32767), (4096, 5737)])]));
    assert_eq!(vertical.info.crs, None);
    let unknown = sound(&with(vec![keys(&[(1024, 1), (3072, 65000)])]));
    assert_eq!((unknown.info.crs, unknown.info.warnings[0].code.0), (None, 2031));
}

#[test]
fn promises_that_the_file_cannot_keep_are_refused() {
    let many = [9000];
    let cases = [
        ("a width of 2^31", with(vec![LITTLE.longs(256, &[0x7fff_ffff])]), 2004),
        ("no columns", with(vec![LITTLE.longs(256, &[0])]), 2020),
        ("more rows than data", with(vec![LITTLE.longs(257, &many), LITTLE.longs(278, &many)]), 2022),
        ("a strip beyond the end", with(vec![LITTLE.longs(273, &[1 << 20])]), 2021),
        ("a strip longer than the file", with(vec![LITTLE.longs(279, &[1 << 30])]), 2021),
        ("too few strips", with(vec![LITTLE.longs(278, &[1])]), 2020),
        ("a strip of no rows", with(vec![LITTLE.longs(278, &[0])]), 2020),
        ("two places for one strip", with(vec![LITTLE.longs(273, &[16, 16])]), 2020),
        (
            "strips on the same bytes",
            with(vec![
                LITTLE.longs(278, &[1]),
                LITTLE.longs(273, &[16; ROWS]),
                LITTLE.longs(279, &[(COLUMNS * 4) as u64; ROWS]),
            ]),
            2023,
        ),
        (
            "more than deflate can give",
            with(vec![
                LITTLE.shorts(259, &[8]),
                LITTLE.longs(256, &many),
                LITTLE.longs(257, &many),
                LITTLE.longs(278, &many),
            ]),
            2022,
        ),
    ];
    for (name, data, code) in cases {
        let found = codes(&data);
        assert!(found.contains(&code), "{name}: {found:?}");
    }
}

#[test]
fn directories_in_a_circle_and_cut_files_are_refused() {
    let mut circle = LITTLE.sample();
    let (start, end) = (circle[4..8].to_vec(), circle.len());
    circle[end - 4..].copy_from_slice(&start);
    assert_eq!(codes(&circle), [2020]);
    let whole = LITTLE.sample();
    for length in 1..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
}

/// Numbers that look random and are the same in every run (xorshift, G. Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// Changes a few bytes, mostly to values at the edge of a type.
fn mutate(data: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut changed = data.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(changed.len());
        let end = (at + 4).min(changed.len());
        match dice.roll(6) {
            0 => changed[at] = 0xff,
            1 => changed[at] = 0,
            2 => changed[at] ^= 1 << dice.roll(8),
            3 => changed.truncate(at + 1),
            4 => changed[at..end].fill(0xff),
            _ => changed[at] = dice.roll(256) as u8,
        }
    }
    changed
}

/// Reads a file and says whether it was accepted.
fn survives(path: &Path, data: &[u8]) -> bool {
    std::fs::write(path, data).expect("a temporary file");
    let limits = Limits { cells: 1_000_000, ..Limits::default() };
    let outcome = catch_unwind(|| (read_raster(path, "a", &limits), probe_raster(path, "a", &limits)));
    let (whole, _) = outcome.unwrap_or_else(|_| panic!("a panic came out of the reader: {data:02x?}"));
    match whole {
        Ok(file) => assert!(file.values.iter().all(|value| value.is_nan() || value.abs() < 1e30)),
        Err(Problems(problems)) => {
            assert!(problems.iter().any(|problem| problem.is_error()));
            return false;
        }
    }
    true
}

#[test]
fn no_change_of_bytes_makes_the_reader_panic_or_give_unusable_numbers() {
    let tiled = |compression| library(move |builder| builder.compression(compression).tile_size(16, 16));
    let seeds = [
        LITTLE.sample(),
        Writer { big_endian: true, big_tiff: true }.sample(),
        library(|builder| builder.compression(Compression::Lzw)),
        tiled(Compression::Deflate),
        tiled(Compression::Zstd),
        pack_bits(),
        b"ncols 3\nnrows 2\nxllcorner 1\nyllcorner 2\ncellsize 10\nNODATA_value -9999\n1 2 3\n4 5 -9999\n"
            .to_vec(),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.tif");
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut accepted = 0;
    for seed in &seeds {
        for _ in 0..700 {
            accepted += usize::from(survives(&path, &mutate(seed, &mut dice)));
        }
    }
    assert!((100..4000).contains(&accepted), "the changes reach both outcomes: {accepted} of 4900 were read");
}
