//! Who is found by federation id: counted on first use, because few files leave the id empty.

use super::Matrix;
use crate::model::{LicenseId, UserId};

impl Matrix {
    /// Whether more than half of the active users of a license have a federation id.
    #[must_use]
    pub fn mostly_federated(&self, license: LicenseId) -> bool {
        self.mostly_federated
            .get_or_init(|| self.federated_licenses())
            .get(license.0 as usize)
            .copied()
            .unwrap_or(false)
    }

    fn federated_licenses(&self) -> Vec<bool> {
        let mut counts = vec![(0u64, 0u64); self.org.licenses.len()];
        let users = &self.org.users;
        let Some(index) = users.keyed("FederationIdentifier") else {
            return Vec::new();
        };
        let active = |user: &UserId| users.active(*user) == Some(true);
        let license_of = |user| {
            let profile = users.profile(user)?;
            self.license_of(profile).map(|license| license.0 as usize)
        };
        for license in users.iter().filter(active).filter_map(license_of) {
            if let Some((all, _)) = counts.get_mut(license) {
                *all += 1;
            }
        }
        for license in index.users().filter(active).filter_map(license_of) {
            if let Some((_, with)) = counts.get_mut(license) {
                *with += 1;
            }
        }
        counts.iter().map(|(all, with)| with * 2 > *all).collect()
    }
}
