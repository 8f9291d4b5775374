//! Judging: rows in blocks over all cores, findings in order, verdicts and counts.
//!
//! The engine never prints. It keeps ordered findings in a spool, and gives counts at the end.

mod claims;
mod engine;
mod ledger;
mod merge;
mod options;
mod outbox;
mod outcome;
mod plan;
mod seats;
mod spool;
mod words;

pub use ledger::{Ledger, SeatAccount, SeatKind, Taker};
pub use options::{InputSpec, Options, Selection, matches};
pub(crate) use outbox::{Claim, ClaimKey, Outbox, RowAt};
pub use outbox::Kept;
pub use outcome::{Counts, InputReport, Outcome};
pub use plan::CoverageLine;
pub(crate) use words::{CauseKey, Said, Words};

use crate::input::{self, Attribute, Columns, Input};
use crate::matrix::Matrix;
use crate::snapshot::{self, Snapshot, Wants};
use std::path::Path;

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The snapshot cannot be used.
    #[error(transparent)]
    Snapshot(#[from] snapshot::Error),
    /// An input cannot be used.
    #[error(transparent)]
    Input(#[from] input::Error),
    /// The integration user that is named is not in the snapshot.
    #[error("the integration user '{0}' is not among the users of the snapshot; check the spelling, or pull User again")]
    IntegrationUser(String),
    /// Findings could not be kept until the end of the run.
    #[error("the temporary file for findings cannot be written: {0}")]
    Spool(std::io::Error),
}
