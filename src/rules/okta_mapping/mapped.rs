//! The expression of a mapped attribute that decides what somebody may do.

use super::RowCx;
use crate::input::{Attribute, access_column};

/// Attribute and expression of a row, where it is the first of its record and decides access.
pub(crate) fn mapped<'a>(cx: &RowCx<'a>) -> Option<(&'a str, &'a str)> {
    let property = cx.cell(Attribute::Property).sent()?;
    let expression = cx.cell(Attribute::Expression).sent()?;
    access_column(property)?;
    Some((property, expression))
}

/// Character of a byte of an expression, from 1.
pub(crate) fn column_of(expression: &str, at: usize) -> usize {
    let before = expression.get(..at).unwrap_or(expression);
    before.chars().count() + 1
}
