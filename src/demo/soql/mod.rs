//! The part of SOQL that the fake org understands. What it does not understand is a `MALFORMED_QUERY` that says what.

mod ast;
mod condition;
mod lex;
mod parse;
#[cfg(test)]
mod tests;

use ast::Place;
pub(super) use ast::{Condition, FieldPath, Function, Item, Literal, Operator, Query, Which};
pub(super) use parse::parse;

/// What is wrong with the text of a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// Where in the text, if the message is drawn under it.
    pub(super) at: Option<Place>,
    pub(super) message: String,
}

impl Malformed {
    fn new(at: Place, message: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            message: message.into(),
        }
    }

    /// The token that no rule of the grammar allows here.
    fn unexpected(token: &lex::Token<'_>) -> Self {
        match token.what {
            lex::What::End => Self::new(token.at, "unexpected token: '<EOF>'"),
            _ => Self::new(token.at, format!("unexpected token: '{}'", token.text)),
        }
    }
}

/// The most characters around the place of an error that are shown, on each side.
const SHOWN: usize = 60;

/// An error as Salesforce draws it: the text around the place, a caret, row and column, what is wrong.
pub(super) fn drawn(soql: &str, at: Place, message: &str) -> String {
    let before = soql.get(..at).unwrap_or(soql);
    let row = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    let line = soql.get(line_start..).unwrap_or_default();
    let line = line.lines().next().unwrap_or_default();
    let skipped = column.saturating_sub(SHOWN);
    let shown: String = line.chars().skip(skipped).take(SHOWN * 2).collect();
    let caret = " ".repeat(column - skipped);
    format!(
        "\n{shown}\n{caret}^\nERROR at Row:{row}:Column:{}\n{message}",
        column + 1
    )
}
