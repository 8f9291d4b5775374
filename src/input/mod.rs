//! Input files: what they are, which column means what, which record each name stands for.

mod attribute;
mod checks;
mod columns;
mod row;

pub use attribute::Attribute;
pub use checks::{
    AddressColumns, FieldChecks, LengthCheck, PicklistCheck, TypeCheck, UniqueCheck, Unsupported,
};
pub use columns::{Columns, FieldColumn};
pub use row::{
    Cell, FeatureItem, FeatureRef, Item, Person, Resolution, RoleCell, Row, SetRef, Values,
};
