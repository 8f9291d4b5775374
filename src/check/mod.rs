//! Judging: rows in blocks over all cores, findings in order, verdicts and counts.
//!
//! The engine never prints. It hands ordered findings to a spool, and a summary at the end.

mod ledger;
mod outbox;
mod seats;
mod words;

pub use ledger::{Ledger, SeatAccount, SeatKind, Taker};
pub use outbox::Kept;
pub(crate) use outbox::{Claim, ClaimKey, Outbox, RowAt};
pub use seats::open;
pub(crate) use words::{CauseKey, Said, Words};
