//! Permission sets, groups of them, what mutes them, and permission set licenses.

use super::{
    Known, LicenseId, PermissionSetGroupId, PermissionSetId, Permissions, ProfileId, PslId, SfId,
};

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
