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
    /// Of each license the feature licenses about which there is nothing to say, allowed or not known: bit n is feature n.
    plain: Vec<u32>,
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
        let quiet = |cell: &FeatureAllowance| {
            matches!(cell, FeatureAllowance::Allowed | FeatureAllowance::Unknown)
        };
        let doubted = |cells: &[FeatureAllowance]| {
            let loud = (0..).zip(cells).filter(|(_, cell)| !quiet(cell));
            loud.fold(0, |all: u32, (n, _)| all | 1u32.checked_shl(n).unwrap_or(0))
        };
        let rows = cells.chunks(org.features.len().max(1));
        Self {
            plain: rows.map(|cells| !doubted(cells)).collect(),
            features: org.features.len(),
            cells,
        }
    }

    /// Whether all of these feature licenses are allowed under a license, or nothing is known of it.
    #[inline]
    pub(super) fn raise_no_doubt(&self, license: LicenseId, features: u32) -> bool {
        self.plain
            .get(license.index())
            .is_some_and(|plain| features & !plain == 0)
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
