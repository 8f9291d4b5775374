//! The smallest change: the profile of a license whose permissions are closest to those of another profile.

use super::Matrix;
use crate::model::{LicenseId, ProfileId, UserType};

impl Matrix {
    /// The profile of `license` that differs in the fewest permissions from `wanted`, the first in
    /// file order among equals. For external users custom profiles come first: an org can bar the
    /// standard ones from provisioning.
    #[must_use]
    pub fn nearest_profile(&self, license: LicenseId, wanted: ProfileId) -> Option<ProfileId> {
        let target = &self.profile(wanted)?.permissions;
        self.org
            .profiles
            .iter()
            .filter(|(id, profile)| *id != wanted && profile.license.is(&license))
            .min_by_key(|(id, profile)| {
                let barred = profile.custom.get() == Some(false)
                    && self.kind_of(*id).is_some_and(UserType::is_external);
                let distance = profile.permissions.symmetric_difference(target).count();
                (barred, distance)
            })
            .map(|(id, _)| id)
    }

    /// How a cell names a profile so that it is found: by name, or by id where several share the name.
    #[must_use]
    pub fn profile_cell(&self, profile: ProfileId) -> String {
        match self.profile(profile) {
            Some(found) if self.profile_names.exact(&found.name).len() == 1 => {
                found.name.to_string()
            }
            Some(found) => self
                .org
                .shown_id(found.id)
                .unwrap_or_else(|| found.name.to_string()),
            None => String::new(),
        }
    }
}
