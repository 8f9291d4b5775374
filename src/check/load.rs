//! A snapshot by itself, with what makes it doubtful.

use super::Options;
use super::ending::miscounted;
use crate::matrix::Matrix;
use crate::snapshot::{self, Capture, Wants};
use std::path::Path;

/// An org without inputs.
#[derive(Debug)]
pub struct Loaded {
    /// The compiled org.
    pub matrix: Matrix,
    /// When and how the snapshot was made.
    pub capture: Capture,
    /// Hash of the snapshot.
    pub snapshot_sha256: String,
    /// Why it proves nothing: it is too old, or its counts do not reconcile.
    pub doubts: Vec<String>,
}

/// Loads a snapshot to compare it with what was approved; `contacts`: also whose contacts are whose.
///
/// # Errors
/// The snapshot cannot be used.
pub fn load(snapshot: &Path, options: &Options, contacts: bool) -> Result<Loaded, snapshot::Error> {
    let wants = Wants {
        references: contacts
            .then(|| String::from("ContactId"))
            .into_iter()
            .collect(),
        hash: true,
        threads: options.workers(),
        ..Wants::new(options.run.today)
    };
    let loaded = snapshot::load(snapshot, &wants)?;
    let mut options = options.clone();
    options.note_age(&loaded.capture);
    let matrix = Matrix::build(loaded.org);
    let mut doubts: Vec<String> = options.run.stale.into_iter().collect();
    if miscounted(&matrix) {
        doubts.push(String::from(
            "it holds another number of records of an object than the org counted during the pull",
        ));
    }
    Ok(Loaded {
        matrix,
        capture: loaded.capture,
        snapshot_sha256: loaded.sha256,
        doubts,
    })
}
