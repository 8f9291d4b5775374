//! License x feature license: what shipped knowledge says, compiled once for all rows.

use crate::knowledge::{Confidence, Knowledge};
use crate::model::{Dense, FeatureId, Known, LicenseId, Org};

/// What shipped knowledge says about a feature license under a user license.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureAllowance {
    /// It is known to be possible.
    Allowed,
    /// It is known to be refused.
    Rejected(Confidence),
    /// No source says anything about this license: Salesforce publishes no complete matrix.
    Unproven,
    /// The snapshot does not say which license it is (`LicenseDefinitionKey` is missing).
    Unknown,
}

/// One cell for each license and feature license of the org.
#[derive(Debug, Default)]
pub(super) struct Allowances {
    cells: Vec<FeatureAllowance>,
    features: usize,
}

impl Allowances {
    pub(super) fn of(org: &Org, knowledge: Knowledge) -> Self {
        let mut cells = Vec::with_capacity(org.licenses.len() * org.features.len());
        for (_, license) in org.licenses.iter() {
            for (_, field) in org.features.iter() {
                cells.push(match &license.key {
                    Known::Unknown => FeatureAllowance::Unknown,
                    Known::Yes(key) => {
                        knowledge
                            .feature(field)
                            .map_or(FeatureAllowance::Unproven, |facts| {
                                if facts.rejected_keys.contains(&key.as_ref()) {
                                    FeatureAllowance::Rejected(facts.rejected_confidence)
                                } else if facts.allowed_keys.contains(&key.as_ref()) {
                                    FeatureAllowance::Allowed
                                } else {
                                    FeatureAllowance::Unproven
                                }
                            })
                    }
                });
            }
        }
        Self {
            cells,
            features: org.features.len(),
        }
    }

    pub(super) fn get(&self, license: LicenseId, feature: FeatureId) -> FeatureAllowance {
        if feature.index() >= self.features {
            return FeatureAllowance::Unknown;
        }
        self.cells
            .get(license.index() * self.features + feature.index())
            .copied()
            .unwrap_or(FeatureAllowance::Unknown)
    }
}
