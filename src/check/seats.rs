//! What rows do to seats: the accounts before the push, the moves of one row, and their sum in file order.

mod moves;
mod open;
mod tally;
#[cfg(test)]
mod tests;

pub(crate) use moves::{SeatIndex, moves};
pub use open::open;
pub(crate) use tally::{Counted, apply};
