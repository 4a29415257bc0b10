//! What a TIFF promises, read from its directories before any memory is reserved.
//!
//! A few dozen bytes of a TIFF can promise a picture of 2³¹ columns, a million
//! strips that all lie on the same bytes, or directories in a circle. This is a
//! small reader of the structure alone, written so that every count is checked
//! against the bytes that are there; the picture itself is decoded elsewhere.
//!
//! # Source
//! Adobe, *TIFF Revision 6.0*, 1992, section 2; BigTIFF as in the libtiff
//! project's *BigTIFF Design*.

use std::io::{Read, Seek, SeekFrom};

use crate::error::{Problem, Problems, Result};

/// Directories in one file: a picture, its overviews and masks need some twenty.
const MAX_DIRECTORIES: usize = 64;

/// Tags in one directory; about a hundred are defined.
const MAX_TAGS: u64 = 1024;

/// Values of all tags of one file together; 100 million cells in tiles of 16 x 16 need a fifth of it.
const MAX_VALUES: u64 = 1 << 22;

/// Largest number of bytes that one byte of deflate can become.
///
/// # Source
/// J. Gailly and M. Adler, *zlib Technical Details*: "maximum compression factor … 1032:1".
const DEFLATE_RATIO: u64 = 1032;

/// Largest number of bytes that one byte of TIFF LZW can become.
///
/// Between two clear codes at most 3837 strings of 1, 2, … 3837 bytes are sent,
/// 7.36 MB, in codes of 9 to 12 bits, 5.4 kB: 1362; rounded up.
///
/// # Source
/// Follows from the code table of Adobe, *TIFF Revision 6.0*, section 13.
const LZW_RATIO: u64 = 1400;

/// Largest number of bytes that one byte of PackBits can become: 128 from 2.
///
/// # Source
/// Adobe, *TIFF Revision 6.0*, section 9.
const PACK_BITS_RATIO: u64 = 64;

/// Bytes that a compressed block may hold besides its data: headers and check sums.
const BLOCK_SLACK: u64 = 4096;

mod tag {
    pub(super) const SUBFILE_TYPE: u16 = 254;
    pub(super) const WIDTH: u16 = 256;
    pub(super) const HEIGHT: u16 = 257;
    pub(super) const BITS: u16 = 258;
    pub(super) const COMPRESSION: u16 = 259;
    pub(super) const PHOTOMETRIC: u16 = 262;
    pub(super) const STRIP_OFFSETS: u16 = 273;
    pub(super) const SAMPLES: u16 = 277;
    pub(super) const ROWS_PER_STRIP: u16 = 278;
    pub(super) const STRIP_BYTES: u16 = 279;
    pub(super) const TILE_WIDTH: u16 = 322;
    pub(super) const TILE_HEIGHT: u16 = 323;
    pub(super) const TILE_OFFSETS: u16 = 324;
    pub(super) const TILE_BYTES: u16 = 325;
    pub(super) const SAMPLE_FORMAT: u16 = 339;
}

/// Bit of the subfile type that marks a transparency mask.
///
/// # Source
/// Adobe, *TIFF Revision 6.0*, section 8, NewSubfileType.
const MASK_BIT: u64 = 4;

/// How the bytes of a block are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    /// Bounded by the codec: at most this many bytes from one.
    Ratio(u64),
    /// Bounded only by the cap on cells (Zstandard and LERC write a constant block in a few bytes).
    Unbounded,
}

/// One numeric tag with all its values.
type Values = Vec<u64>;

/// One directory: the picture it promises.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    /// Byte at which the directory lies.
    pub(super) offset: u64,
    subfile_type: u64,
    width: u64,
    height: u64,
    bits: Values,
    compression: u64,
    photometric: Option<u64>,
    samples: u64,
    sample_format: Values,
    is_tiled: bool,
    /// Rows of a strip, or height of a tile.
    block_rows: u64,
    /// Columns of a block.
    block_columns: u64,
    offsets: Values,
    byte_counts: Values,
}

/// The structure of a TIFF.
#[derive(Debug)]
pub(super) struct Layout {
    /// Length of the file, bytes.
    length: u64,
    /// Directories in the order of the chain.
    directories: Vec<Directory>,
}

struct Source<'a, R> {
    inner: &'a mut R,
    length: u64,
    big_endian: bool,
    big_tiff: bool,
    values_left: u64,
}

fn broken(text: impl Into<String>) -> Problem {
    Problem::error(2020, text)
        .why("a file whose directory cannot be trusted may be damaged in its heights too")
        .fix("copy it again from its source; if that does not help, rewrite it with gdal_translate")
}

impl<R: Read + Seek> Source<'_, R> {
    /// `count` bytes at `offset`; both may come from the file, so the end is checked first.
    fn bytes(&mut self, offset: u64, count: u64, what: &str) -> Result<Vec<u8>> {
        let end = offset.checked_add(count).filter(|&end| end <= self.length);
        if end.is_none() {
            let length = self.length;
            return Err(broken(format!(
                "{what}: {count} bytes at byte {offset} are promised; the file has {length} bytes"
            ))
            .into());
        }
        let mut bytes = vec![0; count as usize];
        let outcome =
            self.inner.seek(SeekFrom::Start(offset)).and_then(|_| self.inner.read_exact(&mut bytes));
        outcome.map_err(|reason| broken(format!("{what}: {reason}")))?;
        Ok(bytes)
    }

    /// Unsigned number of 1, 2, 4 or 8 bytes.
    fn number(&self, bytes: &[u8]) -> u64 {
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    /// Values of an entry if it is of an unsigned whole-number type.
    fn values(&mut self, entry: &[u8]) -> Result<Values> {
        let (tag, kind) = (self.number(&entry[..2]), self.number(&entry[2..4]));
        // Field types of TIFF 6.0 and BigTIFF: BYTE, SHORT, LONG, LONG8.
        let size = match kind {
            1 => 1,
            3 => 2,
            4 => 4,
            16 => 8,
            _ => {
                return Err(
                    broken(format!("tag {tag} has the field type {kind}; a whole number is needed")).into()
                );
            }
        };
        let (count, inline) = if self.big_tiff {
            (self.number(&entry[4..12]), &entry[12..20])
        } else {
            (self.number(&entry[4..8]), &entry[8..12])
        };
        let what = format!("tag {tag} with {count} values");
        self.values_left = self
            .values_left
            .checked_sub(count)
            .ok_or_else(|| broken(format!("{what}: all tags together hold more than {MAX_VALUES} values")))?;
        let bytes = count * size;
        let data = if bytes <= inline.len() as u64 {
            inline[..bytes as usize].to_vec()
        } else {
            let offset = self.number(inline);
            self.bytes(offset, bytes, &what)?
        };
        Ok(data.chunks_exact(size as usize).map(|chunk| self.number(chunk)).collect())
    }

    /// The directory at `offset` and where the next one lies (0 for none).
    fn directory(&mut self, offset: u64) -> Result<(Directory, u64)> {
        let (count_size, entry_size, next_size) = if self.big_tiff { (8, 20, 8) } else { (2, 12, 4) };
        let count_bytes = self.bytes(offset, count_size, "directory")?;
        let count = self.number(&count_bytes);
        if count > MAX_TAGS {
            return Err(
                broken(format!("a directory promises {count} tags; at most {MAX_TAGS} are read")).into()
            );
        }
        let body = self.bytes(offset + count_size, count * entry_size + next_size, "directory")?;
        let (entries, next) = body.split_at((count * entry_size) as usize);
        let mut directory =
            Directory { offset, compression: 1, samples: 1, block_rows: u64::MAX, ..Directory::default() };
        for entry in entries.chunks_exact(entry_size as usize) {
            self.take_entry(&mut directory, entry)?;
        }
        if !directory.is_tiled {
            // Strips are as wide as the picture.
            directory.block_columns = directory.width;
            directory.block_rows = directory.block_rows.min(directory.height);
        }
        Ok((directory, self.number(next)))
    }

    fn take_entry(&mut self, directory: &mut Directory, entry: &[u8]) -> Result<()> {
        let number = self.number(&entry[..2]) as u16;
        let first = |values: Values| {
            values
                .first()
                .copied()
                .ok_or_else(|| Problems::from(broken(format!("tag {number} has no value"))))
        };
        match number {
            tag::SUBFILE_TYPE => directory.subfile_type = first(self.values(entry)?)?,
            tag::WIDTH => directory.width = first(self.values(entry)?)?,
            tag::HEIGHT => directory.height = first(self.values(entry)?)?,
            tag::BITS => directory.bits = self.values(entry)?,
            tag::COMPRESSION => directory.compression = first(self.values(entry)?)?,
            tag::PHOTOMETRIC => directory.photometric = Some(first(self.values(entry)?)?),
            tag::SAMPLES => directory.samples = first(self.values(entry)?)?,
            tag::SAMPLE_FORMAT => directory.sample_format = self.values(entry)?,
            tag::ROWS_PER_STRIP | tag::TILE_HEIGHT => directory.block_rows = first(self.values(entry)?)?,
            tag::TILE_WIDTH => {
                directory.block_columns = first(self.values(entry)?)?;
                directory.is_tiled = true;
            }
            tag::STRIP_OFFSETS | tag::TILE_OFFSETS => directory.offsets = self.values(entry)?,
            tag::STRIP_BYTES | tag::TILE_BYTES => directory.byte_counts = self.values(entry)?,
            _ => {}
        }
        Ok(())
    }
}

/// Reads the structure of a TIFF of `length` bytes.
///
/// # Errors
/// E2020 for a header, directory or tag that does not hold together.
pub(super) fn layout<R: Read + Seek>(inner: &mut R, length: u64) -> Result<Layout> {
    let mut source = Source { inner, length, big_endian: false, big_tiff: false, values_left: MAX_VALUES };
    let head = source.bytes(0, 8, "header")?;
    source.big_endian = head.starts_with(b"MM");
    source.big_tiff = source.number(&head[2..4]) == 43;
    let mut next = if source.big_tiff {
        let tail = source.bytes(8, 8, "BigTIFF header")?;
        source.number(&tail)
    } else {
        source.number(&head[4..8])
    };
    let mut directories: Vec<Directory> = Vec::new();
    while next != 0 {
        if directories.iter().any(|directory| directory.offset == next) {
            return Err(broken(format!("the directories go in a circle: byte {next} comes twice")).into());
        }
        if directories.len() == MAX_DIRECTORIES {
            return Err(broken(format!("more than {MAX_DIRECTORIES} directories")).into());
        }
        let (directory, following) = source.directory(next)?;
        directories.push(directory);
        next = following;
    }
    if directories.is_empty() {
        return Err(broken("there is no picture in the file").into());
    }
    Ok(Layout { length, directories })
}

impl Layout {
    /// The directory that lies at a byte of the file.
    pub(super) fn at(&self, offset: u64) -> Option<&Directory> {
        self.directories.iter().find(|directory| directory.offset == offset)
    }

    /// The directory that promises the most cells: the full picture. A mask is as large and is none.
    pub(super) fn largest(&self) -> Option<&Directory> {
        let pictures = self.directories.iter().filter(|directory| directory.subfile_type & MASK_BIT == 0);
        pictures.max_by_key(|directory| directory.width.saturating_mul(directory.height))
    }

    /// True if a directory of the file masks another one.
    pub(super) fn has_mask(&self) -> bool {
        self.directories.iter().any(|directory| directory.subfile_type & MASK_BIT != 0)
    }

    /// Everything that is wrong with a picture's promises, at most one problem of each kind.
    pub(super) fn mistakes(&self, picture: &Directory, cell_limit: usize) -> Vec<Problem> {
        if let Err(problems) = picture.cells(cell_limit) {
            return problems.0;
        }
        if let Some(problem) = picture.unsupported() {
            return vec![problem];
        }
        let checks = [
            self.block_mistake(picture, cell_limit),
            self.missing_bytes(picture),
            picture.impossible_ratio(),
            picture.overlap(),
        ];
        checks.into_iter().flatten().collect()
    }

    /// A wrong size or number of blocks.
    fn block_mistake(&self, picture: &Directory, cell_limit: usize) -> Option<Problem> {
        let (rows, columns) = (picture.block_rows, picture.block_columns);
        let cells = rows.checked_mul(columns).filter(|&cells| cells > 0 && cells <= cell_limit as u64);
        if cells.is_none() {
            return Some(broken(format!("blocks of {columns} columns and {rows} rows cannot be")));
        }
        let expected = picture.height.div_ceil(rows) * picture.width.div_ceil(columns);
        let (offsets, counts) = (picture.offsets.len() as u64, picture.byte_counts.len() as u64);
        (offsets != expected || counts != expected).then(|| {
            broken(format!(
                "{} x {} cells in blocks of {columns} x {rows} need {expected} blocks; \
                 the file lists {offsets} places and {counts} lengths",
                picture.width, picture.height
            ))
        })
    }

    /// Blocks that lie beyond the end of the file.
    fn missing_bytes(&self, picture: &Directory) -> Option<Problem> {
        let outside =
            |(start, count): &(u64, u64)| start.checked_add(*count).is_none_or(|end| end > self.length);
        let lost: Vec<_> = picture.blocks().filter(outside).collect();
        let (start, count) = lost.first()?;
        Some(
            Problem::error(
                2021,
                format!(
                    "{} of {} blocks lie beyond the end: the first promises {count} bytes at byte {start}, \
                     the file has {} bytes",
                    lost.len(),
                    picture.offsets.len(),
                    self.length
                ),
            )
            .why("the file was cut off, or it lies about its size")
            .fix("copy it again and compare the number of bytes with the source"),
        )
    }
}

impl Directory {
    /// Bits of one sample.
    pub(super) fn bits(&self) -> u64 {
        self.bits.first().copied().unwrap_or(1)
    }

    /// Sample format: 1 unsigned, 2 signed, 3 floating point.
    pub(super) fn sample_format(&self) -> u64 {
        // 4 means undefined, which readers take as unsigned.
        self.sample_format.first().map_or(1, |&format| if format == 4 { 1 } else { format })
    }

    /// Columns.
    pub(super) fn columns(&self) -> usize {
        self.width as usize
    }

    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.height as usize
    }

    /// Rows and columns of every block that was never written, from the north-west.
    pub(super) fn unwritten(&self) -> impl Iterator<Item = (std::ops::Range<usize>, std::ops::Range<usize>)> {
        let across = self.width.div_ceil(self.block_columns.max(1)).max(1) as usize;
        let (rows, columns) = (self.block_rows as usize, self.block_columns as usize);
        let pairs = self.offsets.iter().zip(&self.byte_counts).enumerate();
        pairs.filter(|(_, (_, count))| **count == 0).map(move |(block, _)| {
            let (row, column) = (block / across * rows, block % across * columns);
            (row..(row + rows).min(self.rows()), column..(column + columns).min(self.columns()))
        })
    }

    /// Start and length of every block that was written.
    fn blocks(&self) -> impl Iterator<Item = (u64, u64)> {
        let pairs = self.offsets.iter().copied().zip(self.byte_counts.iter().copied());
        pairs.filter(|(_, count)| *count > 0)
    }

    /// Number of cells, if it is within the limit.
    fn cells(&self, limit: usize) -> Result<u64> {
        let (width, height) = (self.width, self.height);
        if width == 0 || height == 0 {
            return Err(broken(format!("the picture has {width} columns and {height} rows")).into());
        }
        let cells = width.checked_mul(height);
        cells
            .filter(|&cells| cells <= limit as u64)
            .ok_or_else(|| too_many_cells(width, height, limit).into())
    }

    fn packing(&self) -> Option<Packing> {
        // Compression tag: TIFF 6.0 and the registered extensions.
        Some(match self.compression {
            1 => Packing::None,
            5 => Packing::Ratio(LZW_RATIO),
            8 | 32946 => Packing::Ratio(DEFLATE_RATIO),
            32773 => Packing::Ratio(PACK_BITS_RATIO),
            34887 | 50000 => Packing::Unbounded,
            _ => return None,
        })
    }

    /// Why this picture is not a field of numbers that can be read.
    fn unsupported(&self) -> Option<Problem> {
        let text = if self.samples != 1 {
            format!("the raster has {} bands; one is needed", self.samples)
        } else if self.photometric.is_some_and(|kind| kind != 1) {
            "the raster is a coloured picture (palette, RGB or inverted grey), not a field of numbers".into()
        } else if self.packing().is_none() {
            format!(
                "the raster is compressed by method {}; read are none, LZW, deflate, PackBits, LERC and Zstandard",
                self.compression
            )
        } else if !matches!((self.sample_format(), self.bits()), (1 | 2, 8 | 16 | 32 | 64) | (3, 32 | 64)) {
            format!(
                "samples of {} bits in format {} are not read; \
                 read are whole numbers of 8 to 64 and floats of 32 or 64 bits",
                self.bits(),
                self.sample_format()
            )
        } else {
            return None;
        };
        Some(Problem::error(2024, text).fix(
            "gdal_translate -b 1 -ot Float32 -co COMPRESS=DEFLATE IN.tif OUT.tif writes one band of floats",
        ))
    }

    /// Blocks that are too short for what they shall become.
    fn impossible_ratio(&self) -> Option<Problem> {
        let columns = self.block_columns;
        let across = self.width.div_ceil(columns.max(1)).max(1) as usize;
        for (block, &count) in self.byte_counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let above = (block / across) as u64 * self.block_rows;
            // The last strip is cut at the lower edge; tiles are always whole.
            let rows = if self.is_tiled {
                self.block_rows
            } else {
                self.block_rows.min(self.height - above.min(self.height))
            };
            let promised = rows.saturating_mul(columns).saturating_mul(self.bits() / 8);
            let most = match self.packing()? {
                Packing::None => count,
                Packing::Ratio(ratio) => count.saturating_mul(ratio).saturating_add(BLOCK_SLACK),
                Packing::Unbounded => return None,
            };
            if promised > most {
                return Some(
                    Problem::error(
                        2022,
                        format!(
                            "block {} promises {promised} bytes of heights out of {count} bytes in the file; \
                             at most {most} can come out of them",
                            block + 1
                        ),
                    )
                    .why("no compressor can do that: the file was cut off, or it is made to fill the memory")
                    .fix("copy it again from its source"),
                );
            }
        }
        None
    }

    /// Two blocks on the same bytes.
    fn overlap(&self) -> Option<Problem> {
        let mut blocks: Vec<_> = self.blocks().collect();
        blocks.sort_unstable();
        let pair = blocks.windows(2).find(|pair| pair[0].0.saturating_add(pair[0].1) > pair[1].0)?;
        Some(
            Problem::error(
                2023,
                format!(
                    "two blocks share bytes: {} bytes at byte {} and {} bytes at byte {}",
                    pair[0].1, pair[0].0, pair[1].1, pair[1].0
                ),
            )
            .why("the same bytes would be read as the ground of two places")
            .fix("rewrite the file with gdal_translate from its source"),
        )
    }
}

/// E2004: more cells than the limit.
pub(super) fn too_many_cells(columns: u64, rows: u64, limit: usize) -> Problem {
    Problem::error(
        2004,
        format!("the raster promises {columns} columns x {rows} rows; the limit is {limit} cells"),
    )
    .why("a grid that does not fit into the memory cannot be computed")
    .fix("cut it to the area of interest, use larger cells, or raise the limit on cells")
}
