//! One struct for each Salesforce object that the rules speak about.

use super::{FeatureId, Known, LicenseId, RoleId, SfId};
use fixedbitset::FixedBitSet;

/// The org itself (Organization).
#[derive(Clone, Debug)]
pub struct Organization {
    /// Record id (`00D...`).
    pub id: SfId,
    /// Company name.
    pub name: Box<str>,
    /// Sandbox or production.
    pub is_sandbox: Known<bool>,
    /// `LanguageLocaleKey`, the default language.
    pub language: Option<Box<str>>,
}

/// A user license (UserLicense). Names are not unique in an org; the key is.
#[derive(Clone, Debug)]
pub struct License {
    /// Record id (`100...`).
    pub id: SfId,
    /// `Name`.
    pub name: Box<str>,
    /// `LicenseDefinitionKey`, for example `SFDC`.
    pub key: Known<Box<str>>,
    /// `Status` is `Disabled`.
    pub disabled: Known<bool>,
    /// `TotalLicenses`; -1 means no limit.
    pub total: Known<i64>,
    /// `UsedLicenses`; in large orgs up to a day old.
    pub used: Known<i64>,
    /// `MonthlyLoginsEntitlement`: a login-based license has one.
    pub monthly_logins: Known<Option<i64>>,
    /// `MonthlyLoginsUsed`.
    pub monthly_logins_used: Known<Option<i64>>,
}

/// `Profile.UserType` and `User.UserType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserType {
    /// Internal user.
    Standard,
    /// Chatter Free and Chatter External.
    CsnOnly,
    /// High-volume external user without a role.
    CspLitePortal,
    /// Partner user.
    PowerPartner,
    /// Customer Community Plus and customer portal managers.
    PowerCustomerSuccess,
    /// Legacy customer portal user.
    CustomerSuccess,
    /// Site guest.
    Guest,
    /// Legacy self-service.
    SelfService,
    /// Automated process.
    AutomatedProcess,
    /// Cloud integration user.
    CloudIntegrationUser,
    /// A value that this program does not know.
    Other,
}

impl UserType {
    /// Reads the API value; Okta writes `CSPLitePortal` where Salesforce writes `CspLitePortal`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        const ALL: [UserType; 10] = [
            UserType::Standard,
            UserType::CsnOnly,
            UserType::CspLitePortal,
            UserType::PowerPartner,
            UserType::PowerCustomerSuccess,
            UserType::CustomerSuccess,
            UserType::Guest,
            UserType::SelfService,
            UserType::AutomatedProcess,
            UserType::CloudIntegrationUser,
        ];
        // Millions of users are read, nearly all of them spelled like this and standard.
        if text == Self::Standard.name() {
            return Self::Standard;
        }
        ALL.into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(text))
            .unwrap_or(Self::Other)
    }

    /// The kind of portal whose roles users of this type have; `None` where they have no portal role.
    #[must_use]
    pub fn portal(self) -> Option<PortalType> {
        match self {
            Self::PowerPartner => Some(PortalType::Partner),
            Self::PowerCustomerSuccess | Self::CustomerSuccess => Some(PortalType::CustomerPortal),
            _ => None,
        }
    }

    /// The API value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::CsnOnly => "CsnOnly",
            Self::CspLitePortal => "CspLitePortal",
            Self::PowerPartner => "PowerPartner",
            Self::PowerCustomerSuccess => "PowerCustomerSuccess",
            Self::CustomerSuccess => "CustomerSuccess",
            Self::Guest => "Guest",
            Self::SelfService => "SelfService",
            Self::AutomatedProcess => "AutomatedProcess",
            Self::CloudIntegrationUser => "CloudIntegrationUser",
            Self::Other => "(unknown user type)",
        }
    }

    /// Standard or CsnOnly.
    #[must_use]
    pub fn is_internal(self) -> bool {
        matches!(self, Self::Standard | Self::CsnOnly)
    }

    /// High-volume external users: no role of their own.
    #[must_use]
    pub fn is_lite(self) -> bool {
        self == Self::CspLitePortal
    }

    /// External users with portal roles.
    #[must_use]
    pub fn is_power(self) -> bool {
        matches!(
            self,
            Self::PowerPartner | Self::PowerCustomerSuccess | Self::CustomerSuccess
        )
    }

    /// Customers and partners: lite or power.
    #[must_use]
    pub fn is_external(self) -> bool {
        self.is_lite() || self.is_power()
    }
}

/// The permission columns that are true on a profile or permission set.
///
/// Which columns the snapshot holds at all is in [`super::Org::profile_permissions`] and
/// [`super::Org::set_permissions`]: a column that is missing is unknown, not false.
pub type Permissions = FixedBitSet;

/// A profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Record id (`00e...`).
    pub id: SfId,
    /// `Name`: not unique, and translated in other languages.
    pub name: Box<str>,
    /// `UserLicenseId`; unknown where the license is not in the snapshot.
    pub license: Known<LicenseId>,
    /// `UserType`.
    pub user_type: Known<UserType>,
    /// True permissions, indexed by [`super::PermissionId`].
    pub permissions: Permissions,
    /// `IsCustom` of the permission set that the profile owns.
    pub custom: Known<bool>,
}

/// `UserRole.PortalType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PortalType {
    /// An internal role.
    None,
    /// A role of a customer portal account.
    CustomerPortal,
    /// A role of a partner account.
    Partner,
}

/// A role (UserRole).
#[derive(Clone, Debug)]
pub struct Role {
    /// Record id (`00E...`).
    pub id: SfId,
    /// `Name`: not unique.
    pub name: Box<str>,
    /// `DeveloperName`: unique, may be empty.
    pub developer_name: Box<str>,
    /// `ParentRoleId`, where that role is in the snapshot.
    pub parent: Option<RoleId>,
    /// `PortalType`; a missing column means an org without portals, where every role is internal, yet it stays unknown.
    pub portal_type: Known<PortalType>,
    /// `PortalAccountId`.
    pub portal_account: Known<Option<SfId>>,
}

/// A public group (Group of Type Regular).
#[derive(Clone, Debug)]
pub struct PublicGroup {
    /// Record id (`00G...`).
    pub id: SfId,
    /// `Name`.
    pub name: Box<str>,
    /// `DeveloperName`.
    pub developer_name: Box<str>,
}

/// The latest row of ActiveFeatureLicenseMetric for one feature license.
#[derive(Clone, Debug)]
pub struct FeatureTotal {
    /// The flag of User.
    pub feature: FeatureId,
    /// `TotalLicenseCount`; -1 means no limit.
    pub total: Known<i64>,
    /// `AssignedUserCount`.
    pub assigned: Known<i64>,
    /// `MetricsDate`.
    pub date: Option<jiff::civil::Date>,
}

/// A managed package (PackageLicense).
#[derive(Clone, Debug)]
pub struct Package {
    /// Record id.
    pub id: SfId,
    /// `NamespacePrefix`.
    pub namespace: Box<str>,
    /// `AllowedLicenses`; -1 is a site license.
    pub allowed: Known<i64>,
    /// `UsedLicenses`.
    pub used: Known<i64>,
}

/// A contact.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Record id (`003...`).
    pub id: SfId,
    /// `AccountId`; `None` inside is a contact without an account.
    pub account: Known<Option<SfId>>,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Record id (`001...`).
    pub id: SfId,
    /// `Name`.
    pub name: Box<str>,
    /// `OwnerId`.
    pub owner: Known<Option<SfId>>,
    /// `IsPartner`.
    pub is_partner: Known<bool>,
    /// `IsPersonAccount`.
    pub is_person_account: Known<bool>,
}

/// An Experience Cloud site (Network) with the profiles and permission sets that are its members.
#[derive(Clone, Debug)]
pub struct Network {
    /// Record id (`0DB...`).
    pub id: SfId,
    /// `Name`.
    pub name: Box<str>,
    /// `Status`: Live, DownForMaintenance, UnderConstruction.
    pub status: Known<Box<str>>,
    /// `NetworkMemberGroup.ParentId` of the site.
    pub members: Vec<SfId>,
}
