//! Judging: rows in blocks over all cores, findings in order, verdicts and counts.
//!
//! The engine never prints. It keeps ordered findings in a spool, and gives counts at the end.

mod claims;
mod ledger;
mod merge;
mod options;
mod outbox;
mod seats;
mod spool;
mod words;

pub use ledger::{Ledger, SeatAccount, SeatKind, Taker};
pub use options::{InputSpec, Options, Selection, matches};
pub use outbox::Kept;
pub(crate) use outbox::{Claim, ClaimKey, Outbox, RowAt};
pub use seats::open;
pub(crate) use words::{CauseKey, Said, Words};
