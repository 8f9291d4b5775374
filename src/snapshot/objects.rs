//! Which columns of which object the program reads.

mod access;

pub(super) use access::{
    GROUP_MEMBER, MUTING_PERMISSION_SET, OBJECT_PERMISSIONS, PERMISSION_DEPENDENCY,
    SETUP_ENTITY_ACCESS, USER_PACKAGE_LICENSE,
};

/// One file of a snapshot: `NAME.csv`, one object.
#[derive(Debug)]
pub struct Object {
    /// API name of the object, and name of its file without `.csv`.
    pub name: &'static str,
    /// Columns that the program reads, by API name. Other columns only show in the coverage.
    pub columns: &'static [&'static str],
    /// Columns without which the file is of no use.
    pub essential: &'static [&'static str],
    /// Id columns with the relationship column that stands in where the id column is absent.
    pub stand_ins: &'static [(&'static str, &'static str)],
    /// Its absence is a line of coverage and never makes a row undecided.
    pub optional: bool,
    /// A pull asks for a part of the records only, so a missing id proves nothing.
    pub filtered: bool,
}

impl Object {
    /// The relationship column that stands in for an id column.
    #[must_use]
    pub fn stand_in(&self, column: &str) -> Option<&'static str> {
        self.stand_ins
            .iter()
            .find(|(id, _)| *id == column)
            .map(|(_, name)| *name)
    }

    /// Every name that the table spells.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns
            .iter()
            .copied()
            .chain(self.stand_ins.iter().map(|(_, name)| *name))
    }

    /// Whether the table has the column; of User, runs ask for columns that it does not have.
    pub(super) fn knows(&self, column: &str) -> bool {
        self.name == USER.name || self.names().any(|name| name == column)
    }
}

const TEMPLATE: Object = Object {
    name: "",
    columns: &[],
    essential: &[],
    stand_ins: &[],
    optional: false,
    filtered: false,
};

pub(super) static ORGANIZATION: Object = Object {
    name: "Organization",
    columns: &["Id", "Name", "IsSandbox", "LanguageLocaleKey"],
    essential: &["Id"],
    ..TEMPLATE
};

pub(super) static USER_LICENSE: Object = Object {
    name: "UserLicense",
    columns: &[
        "Id",
        "Name",
        "MasterLabel",
        "LicenseDefinitionKey",
        "Status",
        "TotalLicenses",
        "UsedLicenses",
        "MonthlyLoginsEntitlement",
        "MonthlyLoginsUsed",
    ],
    essential: &["Id"],
    ..TEMPLATE
};

/// Its `Permissions...` columns are read as well.
pub(super) static PROFILE: Object = Object {
    name: "Profile",
    columns: &["Id", "Name", "UserLicenseId", "UserType"],
    essential: &["Id"],
    stand_ins: &[("UserLicenseId", "UserLicense.Name")],
    ..TEMPLATE
};

pub(super) static USER_ROLE: Object = Object {
    name: "UserRole",
    columns: &[
        "Id",
        "Name",
        "DeveloperName",
        "ParentRoleId",
        "PortalType",
        "PortalAccountId",
    ],
    essential: &["Id"],
    stand_ins: &[("ParentRoleId", "ParentRole.Name")],
    ..TEMPLATE
};

/// Its `Permissions...` columns are read as well.
pub(super) static PERMISSION_SET: Object = Object {
    name: "PermissionSet",
    columns: &[
        "Id",
        "Name",
        "Label",
        "NamespacePrefix",
        "LicenseId",
        "IsOwnedByProfile",
        "ProfileId",
        "PermissionSetGroupId",
        "Type",
        "IsCustom",
        "HasActivationRequired",
    ],
    essential: &["Id"],
    stand_ins: &[
        ("ProfileId", "Profile.Name"),
        ("LicenseId", "License.Name"),
        ("PermissionSetGroupId", "PermissionSetGroup.DeveloperName"),
    ],
    ..TEMPLATE
};

pub(super) static PERMISSION_SET_GROUP: Object = Object {
    name: "PermissionSetGroup",
    columns: &[
        "Id",
        "DeveloperName",
        "MasterLabel",
        "NamespacePrefix",
        "Status",
    ],
    essential: &["Id"],
    ..TEMPLATE
};

pub(super) static PERMISSION_SET_GROUP_COMPONENT: Object = Object {
    name: "PermissionSetGroupComponent",
    columns: &["PermissionSetGroupId", "PermissionSetId"],
    essential: &["PermissionSetGroupId", "PermissionSetId"],
    stand_ins: &[
        ("PermissionSetGroupId", "PermissionSetGroup.DeveloperName"),
        ("PermissionSetId", "PermissionSet.Name"),
    ],
    ..TEMPLATE
};

/// Its `MaximumPermissions...` columns are read as well.
pub(super) static PERMISSION_SET_LICENSE: Object = Object {
    name: "PermissionSetLicense",
    columns: &[
        "Id",
        "DeveloperName",
        "PermissionSetLicenseKey",
        "MasterLabel",
        "Status",
        "TotalLicenses",
        "UsedLicenses",
        "ExpirationDate",
    ],
    essential: &["Id"],
    ..TEMPLATE
};

pub(super) static PERMISSION_SET_LICENSE_ASSIGN: Object = Object {
    name: "PermissionSetLicenseAssign",
    columns: &["AssigneeId", "PermissionSetLicenseId"],
    essential: &["AssigneeId", "PermissionSetLicenseId"],
    stand_ins: &[
        ("AssigneeId", "Assignee.Username"),
        (
            "PermissionSetLicenseId",
            "PermissionSetLicense.DeveloperName",
        ),
    ],
    ..TEMPLATE
};

pub(super) static PERMISSION_SET_ASSIGNMENT: Object = Object {
    name: "PermissionSetAssignment",
    columns: &[
        "AssigneeId",
        "PermissionSetId",
        "PermissionSetGroupId",
        "ExpirationDate",
        "IsActive",
        "IsRevoked",
    ],
    essential: &["AssigneeId", "PermissionSetId"],
    stand_ins: &[
        ("AssigneeId", "Assignee.Username"),
        ("PermissionSetId", "PermissionSet.Name"),
        ("PermissionSetGroupId", "PermissionSetGroup.DeveloperName"),
    ],
    ..TEMPLATE
};

/// Its `UserPermissions...` columns are read as well, and those that a run asks for.
pub(super) static USER: Object = Object {
    name: "User",
    columns: &[
        "Id",
        "Username",
        "IsActive",
        "UserType",
        "ProfileId",
        "UserRoleId",
    ],
    essential: &["Id"],
    stand_ins: &[
        ("ProfileId", "Profile.Name"),
        ("UserRoleId", "UserRole.Name"),
    ],
    ..TEMPLATE
};

pub(super) static USER_LOGIN: Object = Object {
    name: "UserLogin",
    columns: &["UserId", "IsFrozen", "IsPasswordLocked"],
    essential: &["UserId"],
    optional: true,
    ..TEMPLATE
};

pub(super) static FEATURE_METRIC: Object = Object {
    name: "ActiveFeatureLicenseMetric",
    columns: &[
        "FeatureType",
        "TotalLicenseCount",
        "AssignedUserCount",
        "MetricsDate",
    ],
    essential: &["FeatureType"],
    ..TEMPLATE
};

pub(super) static PACKAGE_LICENSE: Object = Object {
    name: "PackageLicense",
    columns: &["Id", "NamespacePrefix", "AllowedLicenses", "UsedLicenses"],
    essential: &["Id"],
    optional: true,
    ..TEMPLATE
};

pub(super) static GROUP: Object = Object {
    name: "Group",
    columns: &["Id", "Name", "DeveloperName", "Type"],
    essential: &["Id"],
    filtered: true,
    ..TEMPLATE
};

pub(super) static ACCOUNT: Object = Object {
    name: "Account",
    columns: &["Id", "Name", "OwnerId", "IsPartner", "IsPersonAccount"],
    essential: &["Id"],
    filtered: true,
    ..TEMPLATE
};

pub(super) static CONTACT: Object = Object {
    name: "Contact",
    columns: &["Id", "AccountId", "OwnerId"],
    essential: &["Id"],
    stand_ins: &[("AccountId", "Account.Name")],
    filtered: true,
    ..TEMPLATE
};

pub(super) static NETWORK: Object = Object {
    name: "Network",
    columns: &["Id", "Name", "Status"],
    essential: &["Id"],
    ..TEMPLATE
};

pub(super) static NETWORK_MEMBER_GROUP: Object = Object {
    name: "NetworkMemberGroup",
    columns: &["NetworkId", "ParentId"],
    essential: &["NetworkId", "ParentId"],
    ..TEMPLATE
};

pub(super) static VALIDATION_RULE: Object = Object {
    name: "ValidationRule",
    columns: &["ValidationName", "Active", "EntityDefinitionId"],
    essential: &["ValidationName"],
    optional: true,
    ..TEMPLATE
};

pub(super) static APEX_TRIGGER: Object = Object {
    name: "ApexTrigger",
    columns: &["Name", "Status", "TableEnumOrId"],
    essential: &["Name"],
    optional: true,
    ..TEMPLATE
};

pub(super) static FLOW: Object = Object {
    name: "FlowDefinitionView",
    columns: &[
        "ApiName",
        "IsActive",
        "TriggerObjectOrEventId",
        "TriggerObjectOrEventLabel",
    ],
    essential: &["ApiName"],
    optional: true,
    ..TEMPLATE
};

pub(super) static SETTINGS: Object = Object {
    name: "Settings",
    columns: &["key", "value"],
    essential: &["key", "value"],
    optional: true,
    ..TEMPLATE
};

/// Every object that a snapshot folder may hold.
pub fn all() -> impl Iterator<Item = &'static Object> {
    [
        &ORGANIZATION,
        &USER_LICENSE,
        &PROFILE,
        &USER_ROLE,
        &PERMISSION_SET,
        &PERMISSION_SET_GROUP,
        &PERMISSION_SET_GROUP_COMPONENT,
        &PERMISSION_SET_LICENSE,
        &PERMISSION_SET_LICENSE_ASSIGN,
        &PERMISSION_SET_ASSIGNMENT,
        &USER,
        &USER_LOGIN,
        &FEATURE_METRIC,
        &PACKAGE_LICENSE,
        &GROUP,
        &ACCOUNT,
        &CONTACT,
        &NETWORK,
        &NETWORK_MEMBER_GROUP,
        &VALIDATION_RULE,
        &APEX_TRIGGER,
        &FLOW,
        &SETTINGS,
        &MUTING_PERMISSION_SET,
        &OBJECT_PERMISSIONS,
        &GROUP_MEMBER,
        &USER_PACKAGE_LICENSE,
        &PERMISSION_DEPENDENCY,
        &SETUP_ENTITY_ACCESS,
    ]
    .into_iter()
}
