//! What a caller may see of the org: rights of the user decide about objects, a scenario about fields.

use super::store::{Field, Store, Table};
use std::collections::BTreeSet;

/// What is kept from everybody, by the scenario. Names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    /// Objects that are not there for this caller.
    pub(super) objects: BTreeSet<String>,
    /// `object.field`: neither in describe nor in queries.
    pub(super) fields: BTreeSet<String>,
    /// `object.field`: in describe, but refused in queries.
    pub(super) refused: BTreeSet<String>,
}

/// The org as one caller sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    pub(super) store: &'a Store,
    pub(super) hidden: &'a Hidden,
    /// Permissions that the caller lacks, as `ViewSetup`.
    pub(super) lacks: &'a BTreeSet<String>,
    /// Whether the Tooling API is asked.
    pub(super) tooling: bool,
}

/// Objects and the permissions of which any one suffices to read them (Object Reference; salesforce-api 3.3).
const NEEDS: &[(&str, &[&str])] = &[
    (
        "PermissionSet",
        &[
            "ViewSetup",
            "ManageSessionPermissionSets",
            "AssignPermissionSets",
            "ManageProfilesPermissionsets",
        ],
    ),
    (
        "PermissionSetAssignment",
        &["ViewSetup", "AssignPermissionSets", "ManageUsers"],
    ),
    (
        "PermissionSetLicenseAssign",
        &["ViewSetup", "AssignPermissionSets"],
    ),
    (
        "PermissionSetGroup",
        &[
            "ViewSetup",
            "ManageSessionPermissionSets",
            "AssignPermissionSets",
        ],
    ),
    (
        "PermissionSetGroupComponent",
        &[
            "ViewSetup",
            "ManageSessionPermissionSets",
            "AssignPermissionSets",
        ],
    ),
    (
        "MutingPermissionSet",
        &[
            "ViewSetup",
            "ManageSessionPermissionSets",
            "AssignPermissionSets",
        ],
    ),
    ("UserRole", &["ViewRoles", "ManageRoles"]),
    ("UserLogin", &["ManageUsers"]),
    ("PermissionDependency", &["ViewSetup"]),
    ("ValidationRule", &["ViewSetup"]),
    ("ApexTrigger", &["ViewSetup"]),
    ("ObjectPermissions", &["ViewSetup"]),
    ("SetupEntityAccess", &["ViewSetup"]),
    ("FlowDefinitionView", &["ViewSetup"]),
];

impl<'a> Sight<'a> {
    /// The number of an object that the caller sees, by name in any case.
    pub(super) fn object(&self, name: &str) -> Option<(usize, &'a Table)> {
        let number = self.store.number(name)?;
        let table = self.store.at(number)?;
        self.sees(table).then_some((number, table))
    }

    /// Whether the caller sees an object.
    pub(super) fn sees(&self, table: &Table) -> bool {
        let name = table.name.to_ascii_lowercase();
        let allowed = NEEDS
            .iter()
            .find(|(object, _)| *object == table.name)
            .is_none_or(|(_, any)| any.iter().any(|right| !self.lacks.contains(*right)));
        allowed && !self.hidden.objects.contains(&name) && (self.tooling || !table.tooling)
    }

    /// Whether describe tells of a field.
    pub(super) fn describes(&self, table: &Table, field: &Field) -> bool {
        let needs_setup = table.name == "PermissionSetLicense" && field.name == "DeveloperName";
        let allowed = !needs_setup
            || ["ViewSetup", "ViewDeveloperName"]
                .iter()
                .any(|right| !self.lacks.contains(*right));
        allowed && !self.hidden.fields.contains(&key(table, field))
    }

    /// The place of a field that may be used in a query, by name in any case.
    pub(super) fn field(&self, table: &'a Table, name: &str) -> Option<(usize, &'a Field)> {
        let place = table.field(name)?;
        let field = table.fields.get(place)?;
        let told =
            self.describes(table, field) && !self.hidden.refused.contains(&key(table, field));
        told.then_some((place, field))
    }
}

fn key(table: &Table, field: &Field) -> String {
    format!("{}.{}", table.name, field.name).to_ascii_lowercase()
}
