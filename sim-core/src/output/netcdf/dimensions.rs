//! The file of a netCDF-4 document and its dimensions.

use std::path::Path;

use hdf5::plist::file_create::{AttrCreationOrder, LinkCreationOrder};
use hdf5::{Dataset, File};

use super::attributes;

/// Creates a file that the same content gives the same bytes.
pub(in crate::output) fn create(path: &Path) -> hdf5::Result<File> {
    File::with_options()
        // The oldest layout with everything that netCDF-4 needs: the widest choice of readers.
        .with_fapl(|access| access.libver_v18())
        // No times of day in the file.
        .with_fcpl(|create| {
            create
                .obj_track_times(false)
                .link_creation_order(LinkCreationOrder::Indexed)
                .attr_creation_order(AttrCreationOrder::Indexed)
        })
        .create(path)
}

/// A dimension with the variables that use it, as pairs of name and place.
struct Dimension {
    name: String,
    scale: Dataset,
    uses: Vec<(String, i32)>,
}

/// The dimensions of a file.
#[derive(Default)]
pub(in crate::output) struct Dimensions(Vec<Dimension>);

impl Dimensions {
    /// Makes a coordinate variable the scale of a dimension of its name.
    pub(in crate::output) fn add(&mut self, name: &str, scale: &Dataset) -> hdf5::Result<()> {
        attributes::make_scale(scale, name, self.0.len() as i32)?;
        self.0.push(Dimension { name: name.to_owned(), scale: scale.clone(), uses: Vec::new() });
        Ok(())
    }

    /// Puts a variable on some dimensions.
    pub(in crate::output) fn attach(
        &mut self,
        file: &File,
        variable: &Dataset,
        name: &str,
        dimensions: &[&str],
    ) -> hdf5::Result<()> {
        for (place, dimension) in dimensions.iter().enumerate() {
            if let Some(known) = self.0.iter_mut().find(|known| known.name == *dimension) {
                known.uses.push((name.to_owned(), place as i32));
            }
        }
        attributes::attach(file, variable, dimensions)
    }

    /// Writes who uses each dimension, and everything else to the disk.
    pub(in crate::output) fn finish(&self, file: &File) -> hdf5::Result<()> {
        for dimension in &self.0 {
            attributes::back_references(file, &dimension.scale, &dimension.uses)?;
        }
        file.flush()
    }
}
