//! The attribute mappings of a run: an expression for each attribute of the app's users.

use super::Error;
use super::expression::{Expr, attributes, parse};
use super::noted::noted;
use crate::input::{Input, InputBlocks, RowKind, access_column};
use std::collections::BTreeSet;

/// One mapped attribute of the app's users.
#[derive(Clone, Debug)]
pub(super) struct Mapped {
    /// The attribute.
    pub(super) property: Box<str>,
    /// The expression, as it is written.
    pub(super) text: Box<str>,
    /// `Err`: why it cannot be evaluated.
    pub(super) expr: Result<Expr, String>,
    /// Its value is a list.
    pub(super) list: bool,
    /// It decides what somebody may do.
    pub(super) access: bool,
    /// It is filled when the user is created, and never again.
    pub(super) creates: bool,
}

/// The attribute mappings of a run.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    pub(super) all: Vec<Mapped>,
}

impl Mappings {
    /// Takes the expressions of an input, which is read a second time by whoever judges it; an input of other rows is left
    /// alone.
    ///
    /// # Errors
    /// The input cannot be read, or is no text.
    pub fn add(
        &mut self,
        input: &Input,
        blocks: InputBlocks,
        size: usize,
    ) -> Result<InputBlocks, Error> {
        if input.columns.rows != RowKind::Expression {
            return Ok(blocks);
        }
        noted(input, blocks, size, &mut |cells| {
            // The table begins with these two; further rows of a mapped attribute have no expression.
            let cell = |n| cells.get(n).unwrap_or_default().trim();
            if !cell(0).is_empty() && !cell(1).is_empty() {
                let creates = input.creates.iter().any(|own| **own == *cell(0));
                self.note(cell(0), cell(1), creates);
            }
        })
    }

    fn note(&mut self, property: &str, text: &str, creates: bool) {
        // The username comes from the template of the app.
        if property.eq_ignore_ascii_case("userName") {
            return;
        }
        if let Some(known) = self
            .all
            .iter_mut()
            .find(|known| *known.property == *property)
        {
            if *known.text != *text {
                known.expr = Err(format!("the run has two expressions for {property}"));
            }
            return;
        }
        let access = access_column(property);
        self.all.push(Mapped {
            property: property.into(),
            text: text.into(),
            expr: parse(text).map_err(|error| format!("the expression cannot be read ({error})")),
            list: access.is_some_and(crate::input::Attribute::is_list),
            access: access.is_some(),
            creates,
        });
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The attributes of Okta's users that the expressions read, sorted.
    #[must_use]
    pub fn wanted(&self) -> Vec<Box<str>> {
        let all = self
            .all
            .iter()
            .filter_map(|mapped| mapped.expr.as_ref().ok());
        let names: BTreeSet<&str> = all.flat_map(attributes).collect();
        names.into_iter().map(Box::from).collect()
    }

    /// Those that decide access.
    pub(super) fn wanted_of_access(&self) -> BTreeSet<&str> {
        let all = self.all.iter().filter(|mapped| mapped.access);
        let all = all.filter_map(|mapped| mapped.expr.as_ref().ok());
        all.flat_map(attributes).collect()
    }
}
