//! Input files: what they are, which column means what, which record each name stands for.

mod aliases;
mod attribute;
mod beginning;
mod bounded;
mod checks;
mod columns;
mod dialect;
mod encoding;
mod error;
mod fields;
mod header;
mod header_of;
mod keys;
mod kind;
mod lists;
mod look;
mod places;
mod read_options;
mod resolve;
mod row;
mod source;
#[cfg(test)]
mod tests;

pub use aliases::access_column;
pub(crate) use aliases::{attribute_named, column_key};
pub use attribute::Attribute;
pub(crate) use bounded::{bounded, read_bounded};
pub use checks::{
    AddressColumns, FieldChecks, LengthCheck, PicklistCheck, TypeCheck, UniqueCheck, Unsupported,
};
pub use columns::{Columns, FieldColumn};
pub(crate) use dialect::delimiter;
pub(crate) use encoding::decode_whole;
pub use encoding::{Encoding, Fingerprint};
pub use error::Error;
pub use header::{Overrides, is_column_name};
pub use keys::Keys;
pub use kind::{Kind, RowKind};
pub use lists::{Elements, ListStyle, ListStyles, PowerShellObject, split};
pub(crate) use look::Look;
pub use places::Places;
pub use read_options::ReadOptions;
pub use resolve::{Refusal, Resolver};
pub(crate) use resolve::{feature, truth};
pub use row::{
    Cell, FeatureItem, FeatureRef, Item, Person, Resolution, RoleCell, Row, SetRef, Values,
};
pub use source::{Input, InputBlocks};
pub(crate) use source::{decoded, valid_text};
