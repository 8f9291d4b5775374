//! Okta's expression language, as far as it decides what a user gets: parsed in full, evaluated where only literals
//! decide, and otherwise asked for every value that can result.
//!
//! What is not understood is said to be not understood. Nothing here guesses.

mod evaluate;
mod functions;
mod parse;
mod reach;
mod token;
mod traps;

pub use evaluate::{Datum, Facts, Untold, attributes, evaluate};
pub use parse::{Expr, Kind, parse};
pub use reach::{Open, Reach, Value, reach};
pub use traps::{Switch, membership, switches};

/// Why an expression is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {what}")]
pub struct Error {
    /// Character of the expression, from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: String,
}

impl Error {
    fn at(text: &str, offset: usize, what: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        Self {
            column: before.chars().count() + 1,
            what: what.into(),
        }
    }
}

#[cfg(test)]
mod tests;
