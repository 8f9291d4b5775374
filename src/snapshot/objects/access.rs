//! What sets, groups and packages open.

use super::{Object, TEMPLATE};

/// Its `Permissions...` columns are read as well.
pub(in crate::snapshot) static MUTING_PERMISSION_SET: Object = Object {
    name: "MutingPermissionSet",
    columns: &["Id", "DeveloperName", "MasterLabel"],
    essential: &["Id"],
    ..TEMPLATE
};

pub(in crate::snapshot) static OBJECT_PERMISSIONS: Object = Object {
    name: "ObjectPermissions",
    columns: &[
        "ParentId",
        "SobjectType",
        "PermissionsRead",
        "PermissionsCreate",
        "PermissionsEdit",
        "PermissionsDelete",
        "PermissionsViewAllRecords",
        "PermissionsModifyAllRecords",
    ],
    essential: &["ParentId", "SobjectType"],
    stand_ins: &[("ParentId", "Parent.Name")],
    ..TEMPLATE
};

pub(in crate::snapshot) static GROUP_MEMBER: Object = Object {
    name: "GroupMember",
    columns: &["GroupId", "UserOrGroupId"],
    essential: &["GroupId", "UserOrGroupId"],
    stand_ins: &[("GroupId", "Group.Name")],
    filtered: true,
    ..TEMPLATE
};

pub(in crate::snapshot) static USER_PACKAGE_LICENSE: Object = Object {
    name: "UserPackageLicense",
    columns: &["PackageLicenseId", "UserId"],
    essential: &["PackageLicenseId", "UserId"],
    stand_ins: &[
        ("UserId", "User.Username"),
        ("PackageLicenseId", "PackageLicense.NamespacePrefix"),
    ],
    optional: true,
    ..TEMPLATE
};

pub(in crate::snapshot) static PERMISSION_DEPENDENCY: Object = Object {
    name: "PermissionDependency",
    columns: &[
        "Permission",
        "PermissionType",
        "RequiredPermission",
        "RequiredPermissionType",
    ],
    essential: &["Permission", "RequiredPermission"],
    optional: true,
    ..TEMPLATE
};

pub(in crate::snapshot) static SETUP_ENTITY_ACCESS: Object = Object {
    name: "SetupEntityAccess",
    columns: &["ParentId", "SetupEntityId", "SetupEntityType"],
    essential: &["ParentId"],
    stand_ins: &[("ParentId", "Parent.Name")],
    optional: true,
    ..TEMPLATE
};
