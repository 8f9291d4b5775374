//! One org as the snapshot tells it: tables, names, describe, and what is missing.

use super::{
    Access, Account, AccountId, Contacts, FeatureId, FeatureTotal, License, LicenseId, MutingSet,
    MutingSetId, Network, Organization, Package, PackageId, PermissionDependency, PermissionId,
    PermissionSet, PermissionSetGroup, PermissionSetGroupId, PermissionSetId, PermissionSetLicense,
    Permissions, Profile, ProfileId, PslId, PublicGroup, PublicGroupId, Role, RoleId, SfId, Table,
    Users,
};
use super::{Dense, Describe, Known};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the snapshot says about one org. Built by the snapshot reader, read by the matrix.
#[derive(Clone, Debug, Default)]
pub struct Org {
    /// Organization; `None` where it was not pulled.
    pub organization: Option<Organization>,
    /// UserLicense.
    pub licenses: Table<LicenseId, License>,
    /// Profile.
    pub profiles: Table<ProfileId, Profile>,
    /// UserRole.
    pub roles: Table<RoleId, Role>,
    /// PermissionSet, all owners.
    pub permission_sets: Table<PermissionSetId, PermissionSet>,
    /// PermissionSetGroup.
    pub permission_set_groups: Table<PermissionSetGroupId, PermissionSetGroup>,
    /// MutingPermissionSet.
    pub muting_sets: Table<MutingSetId, MutingSet>,
    /// PermissionSetLicense.
    pub psls: Table<PslId, PermissionSetLicense>,
    /// Group of Type Regular.
    pub public_groups: Table<PublicGroupId, PublicGroup>,
    /// PackageLicense.
    pub packages: Table<PackageId, Package>,
    /// Contact.
    pub contacts: Contacts,
    /// Account.
    pub accounts: Table<AccountId, Account>,
    /// Network with its members.
    pub networks: Vec<Network>,
    /// Feature license flags that the org has: fields of describe or columns of User that start with `UserPermissions`
    /// and bear a seat; the API name of each.
    pub features: Table<FeatureId, Box<str>>,
    /// Latest feature license totals.
    pub feature_totals: Vec<FeatureTotal>,
    /// Permission columns of Profile, PermissionSet and PermissionSetLicense by API name without `Permissions`.
    pub permissions: Table<PermissionId, Box<str>>,
    /// Which permission columns Profile.csv has.
    pub profile_permissions: Permissions,
    /// Which permission columns PermissionSet.csv has.
    pub set_permissions: Permissions,
    /// Which permission columns MutingPermissionSet.csv has.
    pub muting_permissions: Permissions,
    /// Which `MaximumPermissions...` columns PermissionSetLicense.csv has.
    pub psl_permissions: Permissions,
    /// Objects and apps that permission sets open.
    pub access: Access,
    /// PermissionDependency.
    pub permission_dependencies: Vec<PermissionDependency>,
    /// User.
    pub users: Users,
    /// Settings.csv; `None` where it was not pulled.
    pub settings: Option<BTreeMap<String, String>>,
    /// describe/User.json; `None` where it was not pulled.
    pub user_describe: Option<Describe>,
    /// Label to permission without `Permissions`, from the `Permissions...` fields of `describe/Profile.json` and
    /// `describe/PermissionSet.json`; empty where neither was pulled.
    pub permission_labels: FxHashMap<Box<str>, Box<str>>,
    /// Active automation on User, each with its kind: `validation rule Name`, `trigger Name`, `flow Name`.
    pub automation: Vec<String>,
    /// Day of the pull, by the manifest; `None` for a hand-made snapshot.
    pub pulled_on: Option<jiff::civil::Date>,
    /// What the manifest says of the pull beside its files.
    pub pulled: Pulled,
    /// What was pulled.
    pub coverage: Coverage,
    /// Record ids of all tables above except users, contacts and accounts.
    pub by_id: FxHashMap<SfId, Record>,
    /// Accounts by id.
    pub account_ids: FxHashMap<SfId, AccountId>,
}

/// A record of one of the small tables, found by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// `100...`
    License(LicenseId),
    /// `00e...`
    Profile(ProfileId),
    /// `00E...`
    Role(RoleId),
    /// `0PS...`
    PermissionSet(PermissionSetId),
    /// `0PG...`
    PermissionSetGroup(PermissionSetGroupId),
    /// `0QM...`
    MutingSet(MutingSetId),
    /// `0PL...`
    Psl(PslId),
    /// `00G...`
    PublicGroup(PublicGroupId),
    /// A package license.
    Package(PackageId),
}

impl Org {
    /// The number of a permission column; `None` where no object of the snapshot has it.
    #[must_use]
    pub fn permission(&self, name: &str) -> Option<PermissionId> {
        self.permissions
            .iter()
            .find(|(_, known)| ***known == *name)
            .map(|(id, _)| id)
    }

    /// The number of a feature license flag (`UserPermissions...`).
    #[must_use]
    pub fn feature(&self, field: &str) -> Option<FeatureId> {
        self.features
            .iter()
            .find(|(_, known)| ***known == *field)
            .map(|(id, _)| id)
    }

    /// Whether a profile has a permission; unknown where Profile.csv lacks the column.
    #[must_use]
    pub fn profile_has(&self, profile: ProfileId, permission: &str) -> Known<bool> {
        let Some(id) = self
            .permission(permission)
            .filter(|id| self.profile_permissions.contains(id.index()))
        else {
            return Known::Unknown;
        };
        self.profiles
            .get(profile)
            .map(|p| p.permissions.contains(id.index()))
            .into()
    }

    /// Whether a permission set has a permission; unknown where PermissionSet.csv lacks the column.
    #[must_use]
    pub fn set_has(&self, set: PermissionSetId, permission: &str) -> Known<bool> {
        let Some(id) = self
            .permission(permission)
            .filter(|id| self.set_permissions.contains(id.index()))
        else {
            return Known::Unknown;
        };
        self.permission_sets
            .get(set)
            .map(|s| s.permissions.contains(id.index()))
            .into()
    }

    /// A record id as it is shown: with 18 characters; `None` where ids are made up, because metadata has none.
    #[must_use]
    pub fn shown_id(&self, id: SfId) -> Option<String> {
        (!self.coverage.from_metadata).then(|| id.text())
    }

    /// The same where one of several is told apart: `one` stands for an id that is made up.
    #[must_use]
    pub fn shown_id_or_one(&self, id: SfId) -> String {
        self.shown_id(id).unwrap_or_else(|| "one".to_owned())
    }

    /// A value of Settings.csv that is `true` or `false`.
    #[must_use]
    pub fn setting(&self, key: &str) -> Known<bool> {
        let value = self
            .settings
            .as_ref()
            .and_then(|settings| settings.get(key));
        match value
            .map(|text| text.trim().to_ascii_lowercase())
            .as_deref()
        {
            Some("true") => Known::Yes(true),
            Some("false") => Known::Yes(false),
            _ => Known::Unknown,
        }
    }
}

/// What the manifest says of a pull. Empty for a snapshot that was made by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// Username of the user who pulled.
    pub user: Option<String>,
    /// Records of each object as the org counted them during the pull.
    pub counts: BTreeMap<String, u64>,
    /// The user that Okta logs in with, where the manifest names it.
    pub integration_user: Option<String>,
    /// Objects that the pull missed, with the reason. Optional objects, and those of a feature, are left out.
    pub gaps: Vec<(String, String)>,
    /// Fields that the org does not have or the user who pulled does not see, with their objects.
    pub missing: Vec<(String, String)>,
}

/// What of an object is in the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectCoverage {
    /// Header of the file.
    pub columns: BTreeSet<String>,
    /// Data records.
    pub rows: u64,
    /// The pull asks for a part of the object only (Contact, Account, Group, GroupMember): a missing id proves nothing.
    pub filtered: bool,
}

/// What is in the snapshot, object by object. An object that is not in here was not pulled.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// By API name of the object.
    pub objects: BTreeMap<String, ObjectCoverage>,
    /// The facts come from a metadata project, which need not hold everything that the org has: what is not found may
    /// well be there, and record ids are made up.
    pub from_metadata: bool,
}

impl Coverage {
    /// Whether the file of an object is there.
    #[must_use]
    pub fn has(&self, object: &str) -> bool {
        self.objects.contains_key(object)
    }

    /// Whether a column of an object is there; of a family (`UserPermissions*`), whether any of it is.
    #[must_use]
    pub fn has_column(&self, object: &str, column: &str) -> bool {
        let Some(known) = self.objects.get(object) else {
            return false;
        };
        match column.strip_suffix('*') {
            None => known.columns.contains(column),
            Some(family) => known.columns.iter().any(|one| one.starts_with(family)),
        }
    }

    /// Whether every record of the object is there: the file exists and its query has no filter.
    #[must_use]
    pub fn is_full(&self, object: &str) -> bool {
        self.objects
            .get(object)
            .is_some_and(|known| !known.filtered)
    }
}
