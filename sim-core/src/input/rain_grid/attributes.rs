//! Attributes and dimensions of a netCDF-4 file, read through HDF5.

use hdf5::types::{FixedAscii, FixedUnicode, TypeDescriptor, VarLenArray, VarLenAscii, VarLenUnicode};
use hdf5::{Attribute, Dataset, File, Location, ObjectReference, ObjectReference1, ReferencedObject};

/// Longest text attribute that is looked at, bytes: well-known text has a few thousand.
const LONGEST_TEXT: usize = 16_384;

/// Text of an attribute; empty if there is none or it is no text.
pub(super) fn text(place: &Location, name: &str) -> String {
    place.attr(name).ok().and_then(|attribute| text_of(&attribute)).unwrap_or_default()
}

fn text_of(attribute: &Attribute) -> Option<String> {
    let found = match attribute.dtype().ok()?.to_descriptor().ok()? {
        TypeDescriptor::FixedAscii(length) if length <= LONGEST_TEXT => {
            attribute.read_raw::<FixedAscii<LONGEST_TEXT>>().ok()?.first()?.as_str().to_owned()
        }
        TypeDescriptor::FixedUnicode(length) if length <= LONGEST_TEXT => {
            attribute.read_raw::<FixedUnicode<LONGEST_TEXT>>().ok()?.first()?.as_str().to_owned()
        }
        TypeDescriptor::VarLenAscii => attribute.read_raw::<VarLenAscii>().ok()?.first()?.as_str().to_owned(),
        TypeDescriptor::VarLenUnicode => {
            attribute.read_raw::<VarLenUnicode>().ok()?.first()?.as_str().to_owned()
        }
        _ => return None,
    };
    Some(found.trim_matches(['\0', ' ', '\n']).to_owned())
}

/// Number of an attribute, if it has one.
pub(super) fn number(place: &Location, name: &str) -> Option<f64> {
    let attribute = place.attr(name).ok()?;
    let is_number = matches!(
        attribute.dtype().ok()?.to_descriptor().ok()?,
        TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) | TypeDescriptor::Float(_)
    );
    // A list of numbers is no number.
    (is_number && attribute.size() == 1).then(|| attribute.read_raw::<f64>().ok()?.first().copied()).flatten()
}

/// True if the values of a variable are numbers.
pub(super) fn is_numeric(variable: &Dataset) -> bool {
    let kind = variable.dtype().and_then(|kind| kind.to_descriptor());
    matches!(kind, Ok(TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) | TypeDescriptor::Float(_)))
}

/// Name of a variable without its path.
pub(super) fn name_of(variable: &Dataset) -> String {
    let name = variable.name();
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The dimension scale of each dimension of a variable.
pub(super) fn dimensions(file: &File, variable: &Dataset) -> Option<Vec<Dataset>> {
    let lists: Vec<VarLenArray<ObjectReference1>> = variable.attr("DIMENSION_LIST").ok()?.read_raw().ok()?;
    let scale = |list: &VarLenArray<ObjectReference1>| match list.first()?.dereference(file).ok()? {
        ReferencedObject::Dataset(scale) => Some(scale),
        _ => None,
    };
    let scales: Vec<Dataset> = lists.iter().map(scale).collect::<Option<_>>()?;
    (scales.len() == variable.ndim()).then_some(scales)
}
