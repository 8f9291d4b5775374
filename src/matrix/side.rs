//! The license side of a cell: a license, or a profile of it, with the user type that holds there.

use super::Matrix;
use crate::finding::Confidence;
use crate::model::{LicenseId, ProfileId, UserType};

/// The seat-bearing side of a cell: a license, and what is known of the user type there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The license.
    pub license: LicenseId,
    /// Its user type; `None` where it is not known, or where its profiles differ.
    pub kind: Option<UserType>,
    /// Where the user type comes from.
    pub origin: KindOrigin,
}

/// Where a user type comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindOrigin {
    /// `Profile.UserType` of the org.
    Org,
    /// Shipped facts about the license.
    Shipped(Confidence),
    /// Profiles of the license have different user types.
    Conflict,
    /// Not known.
    Nowhere,
}

impl KindOrigin {
    pub(super) fn confidence(self) -> Confidence {
        match self {
            Self::Org => Confidence::Documented,
            Self::Shipped(confidence) => confidence,
            Self::Conflict | Self::Nowhere => Confidence::Inferred,
        }
    }

    pub(super) fn source(self) -> &'static str {
        match self {
            Self::Org => "Profile.UserType",
            Self::Shipped(_) => "shipped facts",
            Self::Conflict | Self::Nowhere => "not known",
        }
    }
}

impl Matrix {
    /// A license as a side of the matrix. Its user type is that of its profiles, where they agree.
    #[must_use]
    pub fn side_of_license(&self, license: LicenseId) -> Side {
        let mut kinds = self
            .org
            .profiles
            .iter()
            .filter(|(_, profile)| profile.license.is(&license))
            .filter_map(|(_, profile)| profile.user_type.get());
        let first = kinds.next();
        let (kind, origin) = match first {
            Some(kind) if kinds.all(|other| other == kind) => (Some(kind), KindOrigin::Org),
            Some(_) => (None, KindOrigin::Conflict),
            None => self.shipped_kind(license),
        };
        Side {
            license,
            kind,
            origin,
        }
    }

    /// A profile as a side of the matrix; `None` where its license is not known.
    #[must_use]
    pub fn side_of_profile(&self, profile: ProfileId) -> Option<Side> {
        let row = self.profile(profile)?;
        let license = row.license.get()?;
        let (kind, origin) = match row.user_type.get() {
            Some(kind) => (Some(kind), KindOrigin::Org),
            None => self.shipped_kind(license),
        };
        Some(Side {
            license,
            kind,
            origin,
        })
    }

    fn shipped_kind(&self, license: LicenseId) -> (Option<UserType>, KindOrigin) {
        self.facts(license)
            .and_then(|facts| Some((facts.user_type?, facts.user_type_confidence)))
            .map_or((None, KindOrigin::Nowhere), |(kind, confidence)| {
                (Some(UserType::parse(kind)), KindOrigin::Shipped(confidence))
            })
    }
}
