//! One struct for each Salesforce object that the rules speak about.

use super::{
    FeatureId, Known, LicenseId, PermissionSetGroupId, PermissionSetId, ProfileId, PslId, RoleId,
    SfId,
};
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

/// What `PermissionSet.LicenseId` refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetLicense {
    /// Empty: assignable to any user whose license allows every permission in it.
    None,
    /// A user license (`100...`).
    User(LicenseId),
    /// A permission set license (`0PL...`).
    Psl(PslId),
    /// A user license that the snapshot does not hold.
    UnseenLicense(SfId),
    /// A permission set license that the snapshot does not hold.
    UnseenPsl(SfId),
}

/// Who owns a permission set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOwner {
    /// Nobody: it can be assigned.
    Nobody,
    /// A profile (`IsOwnedByProfile`); the id where the profile is known.
    Profile(Option<ProfileId>),
    /// A permission set group: the row holds the aggregate permissions.
    Group(Option<PermissionSetGroupId>),
}

/// A permission set.
#[derive(Clone, Debug)]
pub struct PermissionSet {
    /// Record id (`0PS...`).
    pub id: SfId,
    /// `Name`, the API name without namespace.
    pub name: Box<str>,
    /// `Label`: not unique.
    pub label: Box<str>,
    /// `NamespacePrefix`, empty for the org's own.
    pub namespace: Box<str>,
    /// `LicenseId`.
    pub license: Known<SetLicense>,
    /// `IsOwnedByProfile`, `PermissionSetGroupId`.
    pub owner: SetOwner,
    /// `HasActivationRequired`: session-based.
    pub session: Known<bool>,
    /// `IsCustom`.
    pub custom: Known<bool>,
    /// True permissions, indexed by [`super::PermissionId`].
    pub permissions: Permissions,
}

impl PermissionSet {
    /// `ns__Name`, or the name alone.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.namespace.is_empty() {
            self.name.to_string()
        } else {
            format!("{}__{}", self.namespace, self.name)
        }
    }

    /// Whether an administrator may assign it: rows of profiles and groups are not assignable.
    #[must_use]
    pub fn is_assignable(&self) -> bool {
        self.owner == SetOwner::Nobody
    }
}

/// A permission set group.
#[derive(Clone, Debug)]
pub struct PermissionSetGroup {
    /// Record id (`0PG...`).
    pub id: SfId,
    /// `DeveloperName`.
    pub name: Box<str>,
    /// `MasterLabel`.
    pub label: Box<str>,
    /// `NamespacePrefix`.
    pub namespace: Box<str>,
    /// `Status`: Updated, Outdated, Updating or Failed.
    pub status: Known<Box<str>>,
    /// Member sets; unknown where the components were not pulled.
    pub members: Known<Vec<PermissionSetId>>,
    /// The muting sets among its components: what they hold is taken out of the group.
    pub muting: Vec<SfId>,
    /// The row of PermissionSet that holds the aggregate permissions.
    pub aggregate: Option<PermissionSetId>,
}

/// A muting permission set (MutingPermissionSet): what it holds is taken out of the groups that it belongs to.
#[derive(Clone, Debug)]
pub struct MutingSet {
    /// Record id (`0QM...`).
    pub id: SfId,
    /// `DeveloperName`.
    pub name: Box<str>,
    /// `MasterLabel`.
    pub label: Box<str>,
    /// Muted permissions, as far as the file has their columns.
    pub permissions: Permissions,
}

/// A permission that another one needs (PermissionDependency, Tooling API). The vocabulary of the
/// types is not published; both are kept as they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionDependency {
    /// `Permission`
    pub permission: Box<str>,
    /// `PermissionType`
    pub kind: Box<str>,
    /// `RequiredPermission`
    pub required: Box<str>,
    /// `RequiredPermissionType`
    pub required_kind: Box<str>,
}

/// A permission set license.
#[derive(Clone, Debug)]
pub struct PermissionSetLicense {
    /// Record id (`0PL...`).
    pub id: SfId,
    /// `DeveloperName`; hidden from some readers.
    pub name: Box<str>,
    /// `PermissionSetLicenseKey`.
    pub key: Box<str>,
    /// `MasterLabel`.
    pub label: Box<str>,
    /// `Status` is `Disabled`.
    pub disabled: Known<bool>,
    /// `TotalLicenses`; -1 means no limit.
    pub total: Known<i64>,
    /// `UsedLicenses`.
    pub used: Known<i64>,
    /// `ExpirationDate`; `None` inside means that it never ends.
    pub expires: Known<Option<jiff::civil::Date>>,
    /// Permissions whose `MaximumPermissions...` column is true.
    pub maximum: Permissions,
}

impl PermissionSetLicense {
    /// The name to show: the developer name, else the key.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.name.is_empty() {
            &self.key
        } else {
            &self.name
        }
    }
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
