//! Input files: what they are, which column means what, which record each name stands for.

mod attribute;
mod columns;
mod row;

pub use attribute::Attribute;
pub use columns::{Columns, FieldColumn};
pub use row::{
    Cell, FeatureItem, FeatureRef, Item, Person, Resolution, RoleCell, Row, SetRef, Values,
};
