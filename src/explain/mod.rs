//! Logged provisioning errors, explained: which rule stands for a text, why it came, who is concerned, what to do.
//!
//! Data flows one way: a source (a text, a sheet, Okta's System Log, an answer of an API) gives [`Message`]s; a message is
//! freed from what tools put around it, cut into the errors that it holds, and compared with the shipped patterns
//! (`knowledge/error_patterns.csv`); each error becomes an [`Answer`]. With a snapshot the rules themselves decide between
//! causes that share one sentence ([`join`]), and a log can be compared with what the rules predict ([`backtest`]).
//!
//! Nothing here prints, and nothing guesses: a text that no pattern knows is said to be unknown, and kept.

mod answer;
mod backtest;
mod error;
mod join;
mod matcher;
mod named;
mod normal;
mod people;
mod pieces;
mod probe;
mod seats;
mod source;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Message, explain};
pub use backtest::{Backtest, Failure, RuleRecord, SCHEMA, Totals, Verdict, backtest};
pub use error::Error;
pub use join::{Against, Predictions, join};
pub use named::{is_rule_name, page_answer, rule_answer};
pub use source::{Log, Shape, read, read_text};
