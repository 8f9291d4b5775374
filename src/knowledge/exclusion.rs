//! Known exclusions: permissions that a license was refused, in a text that somebody published.
//!
//! Only literal refusals belong here. What is merely never seen under a license is no exclusion.

use super::license::Family;
use super::sheet::{Place, Sheet, filled};
use super::{Confidence, Error};

pub(super) const SHEET: Sheet<9> = Sheet {
    name: "known_exclusions",
    header: [
        "family",
        "license",
        "permission",
        "label",
        "kind",
        "psl",
        "confidence",
        "remark",
        "source",
    ],
    text: include_str!("known_exclusions.csv"),
};

/// What kind of thing a refused permission is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PermissionKind {
    /// A `Permissions...` flag of a permission set.
    System,
    /// A right on an object, a row of `ObjectPermissions`.
    Object,
    /// An assigned app, a row of `SetupEntityAccess`.
    App,
}

/// A right on an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ObjectRight {
    /// `PermissionsRead`
    Read,
    /// `PermissionsCreate`
    Create,
    /// `PermissionsEdit`
    Edit,
    /// `PermissionsDelete`
    Delete,
    /// `PermissionsViewAllRecords`
    ViewAllRecords,
    /// `PermissionsModifyAllRecords`
    ModifyAllRecords,
}

/// On which objects a right is refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ObjectScope {
    /// On every object.
    Any,
    /// On every custom object.
    Custom,
    /// On the object of this API name.
    Named(&'static str),
}

impl ObjectScope {
    /// Whether the object of this API name is within the scope.
    #[must_use]
    pub fn covers(self, object: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Custom => object.ends_with("__c"),
            Self::Named(name) => name == object,
        }
    }
}

/// One permission that the licenses of a family do not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Family of the license.
    pub family: Family,
    /// Name of the license that the refusal was published for.
    pub license: &'static str,
    /// System: API name without prefix (`RunReports`). Object: `<right>:<object>`, where the
    /// object is an API name, `custom` or `*` (see [`Exclusion::object_right`]). App:
    /// `AssignedApps`.
    pub permission: &'static str,
    /// The permission as error texts name it; for a right on any or on custom objects a
    /// description, since the texts name one object at a time.
    pub label: &'static str,
    /// What kind of thing it is.
    pub kind: PermissionKind,
    /// Key of the permission set license that may make it possible.
    pub psl: Option<&'static str>,
    /// How well the refusal is founded.
    pub confidence: Confidence,
    /// What else is worth knowing; may be empty.
    pub remark: &'static str,
    /// Where the refusal was published.
    pub source: &'static str,
}

impl Exclusion {
    /// The right and the objects, for an exclusion of kind [`PermissionKind::Object`].
    #[must_use]
    pub fn object_right(&self) -> Option<(ObjectRight, ObjectScope)> {
        if self.kind != PermissionKind::Object {
            return None;
        }
        let (right, object) = self.permission.split_once(':')?;
        let right = match right {
            "Read" => ObjectRight::Read,
            "Create" => ObjectRight::Create,
            "Edit" => ObjectRight::Edit,
            "Delete" => ObjectRight::Delete,
            "ViewAllRecords" => ObjectRight::ViewAllRecords,
            "ModifyAllRecords" => ObjectRight::ModifyAllRecords,
            _ => return None,
        };
        let scope = match object {
            "" => return None,
            "*" => ObjectScope::Any,
            "custom" => ObjectScope::Custom,
            name => ObjectScope::Named(name),
        };
        Some((right, scope))
    }
}

pub(super) fn parse(sheet: Sheet<9>) -> Result<Vec<Exclusion>, Error> {
    let mut exclusions: Vec<Exclusion> = Vec::new();
    for record in sheet.records()? {
        let (place, cells) = record?;
        let exclusion = exclusion(place, cells)?;
        let repeats = |earlier: &Exclusion| {
            (earlier.family, earlier.permission) == (exclusion.family, exclusion.permission)
        };
        if exclusions.iter().any(repeats) {
            let Exclusion {
                family, permission, ..
            } = exclusion;
            return Err(place.duplicate(format!("{}: {permission}", family.as_str())));
        }
        exclusions.push(exclusion);
    }
    Ok(exclusions)
}

fn exclusion(place: Place, cells: [&'static str; 9]) -> Result<Exclusion, Error> {
    let [
        family,
        license,
        permission,
        label,
        kind,
        psl,
        confidence,
        remark,
        source,
    ] = cells;
    let exclusion = Exclusion {
        family: Family(family),
        license,
        permission,
        label,
        kind: match kind {
            "system" => PermissionKind::System,
            "object" => PermissionKind::Object,
            "app" => PermissionKind::App,
            _ => return Err(place.word("kind", kind)),
        },
        psl: filled(psl),
        confidence: place.confidence("confidence", confidence)?,
        remark,
        source,
    };
    if exclusion.kind == PermissionKind::Object && exclusion.object_right().is_none() {
        return Err(place.word("permission", permission));
    }
    Ok(exclusion)
}
