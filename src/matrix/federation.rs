//! Who is found by federation id: counted on first use, because few files leave the id empty.

use super::Matrix;
use crate::model::LicenseId;

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
        for user in users
            .iter()
            .filter(|&user| users.active(user) == Some(true))
        {
            let license = users.profile(user).and_then(|id| self.license_of(id));
            let Some((all, with)) = license.and_then(|id| counts.get_mut(id.0 as usize)) else {
                continue;
            };
            *all += 1;
            *with += u64::from(index.key(user) != 0);
        }
        counts.iter().map(|(all, with)| with * 2 > *all).collect()
    }
}
