//! Attributes as the netCDF-4 library lays them out inside HDF5.
//!
//! libnetcdf and GDAL read text only from fixed-length strings that end in a
//! zero byte (`H5T_STR_NULLTERM`); the safe interface to HDF5 has no such type,
//! so that this file calls the C functions itself.
#![allow(unsafe_code, reason = "no safe call makes a NULLTERM string type or names the H5Type trait")]

use std::ffi::CString;

use hdf5::types::VarLenArray;
use hdf5::{Dataset, File, Group, Location, ObjectReference1};
use hdf5_metno_sys::h5a::{H5Aclose, H5Acreate2, H5Awrite};
use hdf5_metno_sys::h5p::H5P_DEFAULT;
use hdf5_metno_sys::h5s::{H5S_class_t, H5Sclose, H5Screate};
use hdf5_metno_sys::h5t::{
    H5T_C_S1, H5T_cset_t, H5T_str_t, H5Tclose, H5Tcopy, H5Tset_cset, H5Tset_size, H5Tset_strpad,
};

/// One entry of the back references that a dimension scale keeps.
#[derive(Clone, Copy, hdf5::H5Type)]
#[repr(C)]
struct ScaleUse {
    dataset: ObjectReference1,
    dimension: i32,
}

/// Writes a text attribute; an empty text is left out, as netCDF has no empty text.
pub(in crate::output) fn text(place: &Location, name: &str, text: &str) -> hdf5::Result<()> {
    if text.is_empty() { Ok(()) } else { fixed_text(place, name, text.replace('\0', " ").as_bytes()) }
}

/// Writes a number.
pub(in crate::output) fn number(place: &Location, name: &str, value: f64) -> hdf5::Result<()> {
    place.new_attr_builder().with_data(&[value]).create(name).map(drop)
}

/// Marks the value that stands for "nothing"; its type must be the variable's.
pub(in crate::output) fn fill_value(place: &Location, value: f32) -> hdf5::Result<()> {
    place.new_attr_builder().with_data(&[value]).create("_FillValue").map(drop)
}

/// Makes a variable the coordinate of the dimension of its own name.
pub(in crate::output) fn make_scale(variable: &Dataset, name: &str, dimension_id: i32) -> hdf5::Result<()> {
    // The dimension-scale standard counts the closing zero byte.
    fixed_text(variable, "CLASS", b"DIMENSION_SCALE\0")?;
    fixed_text(variable, "NAME", format!("{name}\0").as_bytes())?;
    variable.new_attr::<i32>().create("_Netcdf4Dimid")?.write_scalar(&dimension_id)
}

/// Names the dimensions of a variable.
pub(in crate::output) fn attach(file: &File, variable: &Dataset, dimensions: &[&str]) -> hdf5::Result<()> {
    let scales: hdf5::Result<Vec<VarLenArray<ObjectReference1>>> = dimensions
        .iter()
        .map(|name| Ok(VarLenArray::from_slice(&[file.reference::<ObjectReference1>(name)?])))
        .collect();
    variable.new_attr_builder().with_data(&scales?).create("DIMENSION_LIST").map(drop)
}

/// Writes at a dimension which variables use it, as pairs of name and axis.
pub(in crate::output) fn back_references(
    root: &Group,
    scale: &Dataset,
    uses: &[(String, i32)],
) -> hdf5::Result<()> {
    let uses: hdf5::Result<Vec<ScaleUse>> = uses
        .iter()
        .map(|(name, dimension)| Ok(ScaleUse { dataset: root.reference(name)?, dimension: *dimension }))
        .collect();
    let uses = uses?;
    if uses.is_empty() {
        return Ok(());
    }
    scale.new_attr_builder().with_data(&uses).create("REFERENCE_LIST").map(drop)
}

fn fixed_text(place: &Location, name: &str, bytes: &[u8]) -> hdf5::Result<()> {
    let c_name = CString::new(name).map_err(|_| hdf5::Error::from("attribute name with a zero byte"))?;
    let outcome = hdf5::sync::sync(|| {
        // SAFETY: `place` is an open object for the whole call, the strings outlive
        // it, the type is as long as `bytes`, and the lock of HDF5 is held.
        unsafe {
            let kind = H5Tcopy(*H5T_C_S1);
            let space = H5Screate(H5S_class_t::H5S_SCALAR);
            H5Tset_size(kind, bytes.len());
            H5Tset_strpad(kind, H5T_str_t::H5T_STR_NULLTERM);
            H5Tset_cset(kind, H5T_cset_t::H5T_CSET_UTF8);
            let attribute = H5Acreate2(place.id(), c_name.as_ptr(), kind, space, H5P_DEFAULT, H5P_DEFAULT);
            let written = if attribute < 0 { -1 } else { H5Awrite(attribute, kind, bytes.as_ptr().cast()) };
            if attribute >= 0 {
                H5Aclose(attribute);
            }
            H5Sclose(space);
            H5Tclose(kind);
            written
        }
    });
    if outcome < 0 { Err(format!("attribute {name} cannot be written").into()) } else { Ok(()) }
}
