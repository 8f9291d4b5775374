//! The files of a plan against those that lie there now.

use super::facts::hex;
use super::{Compared, Difference, Plan};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Files that are still where they were must be what they were.
pub(super) fn files(found: &mut Compared, plan: &Plan, folder: &Path) {
    for file in &plan.files {
        let Some(sha256) = sha256(&folder.join(&file.path)) else {
            found.notes.push(format!(
                "{} {} is not here: it was not compared",
                file.role, file.path
            ));
            continue;
        };
        if sha256 != file.sha256 {
            found.changes.push(Difference {
                kind: file.role.clone(),
                id: None,
                name: file.path.clone(),
                part: String::from("content"),
                before: Some(file.sha256.clone()),
                after: Some(sha256),
                message: format!(
                    "{} {} is another file than the one that was approved",
                    file.role, file.path
                ),
            });
        }
    }
}

/// SHA-256 of the bytes of a file; `None`: it cannot be read.
#[must_use]
pub fn sha256(path: &Path) -> Option<String> {
    let mut file = std::fs::File::open(path).ok()?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = std::io::Read::read(&mut file, &mut buffer).ok()?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count)?);
    }
    let digest = hash.finalize();
    Some(hex(&digest))
}
