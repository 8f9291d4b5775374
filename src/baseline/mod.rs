//! The baseline: findings that were there when the gate was put up. Only new ones fail.

use crate::finding::Fingerprint;

/// The known findings of an org.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// Their fingerprints, sorted, each once.
    pub known: Vec<Fingerprint>,
}

impl Baseline {
    /// The place of a finding among the known ones.
    #[must_use]
    pub fn find(&self, fingerprint: Fingerprint) -> Option<usize> {
        self.known.binary_search(&fingerprint).ok()
    }
}
