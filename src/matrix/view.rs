//! Views of the matrix: which cells are shown, in which order, and how their ends are named.

use super::{Item, Matrix, MatrixCell, Side};
use crate::input::SetRef;
use crate::knowledge::RoleKind;
use crate::model::{ProfileId, fold};

/// What the lines of a view are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum By {
    /// Each license.
    #[default]
    License,
    /// Each profile, with its own user type.
    Profile,
}

/// A part of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Permission sets and groups.
    PermissionSets,
    /// Kinds of roles.
    Roles,
    /// Feature licenses.
    Features,
    /// Permission set licenses.
    Psls,
    /// Moves to other licenses.
    Moves,
    /// Single permissions: the ceilings of the licenses. Shown only when they are asked for.
    Permissions,
}

impl ItemKind {
    /// Every part, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::PermissionSets,
        Self::Roles,
        Self::Features,
        Self::Psls,
        Self::Moves,
        Self::Permissions,
    ];
}

/// How an end of a cell is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is: `license`, `profile`, `permission-set`, `permission-set-group`, `role`,
    /// `feature-license`, `permission-set-license`, `license-move` or `permission`.
    pub kind: &'static str,
    /// Its name; for licenses with the key, because names repeat.
    pub name: String,
    /// Its label, where that differs from the name.
    pub label: Option<String>,
    /// Record id with 18 characters, or the API name of the User field; `None` for kinds of roles, and for everything
    /// where ids are not known.
    pub id: Option<String>,
}

/// One cell with its ends.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The profile, in a view by profile.
    pub profile: Option<ProfileId>,
    /// The license.
    pub side: Side,
    /// What it is held against.
    pub item: Item,
    /// The names of `item`.
    pub named: Named,
    /// The verdict.
    pub cell: MatrixCell,
}

/// A selection of cells.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// What the lines are about.
    pub by: By,
    /// Parts to show; empty: all of them but single permissions.
    pub only: Vec<ItemKind>,
    /// Texts that each must be found in the license, profile or item of a line, in any case of letters.
    pub filters: Vec<String>,
}

impl View {
    /// The cells of the view: licenses or profiles in the order of the snapshot, items in the order of [`ItemKind::ALL`].
    pub fn entries<'m>(&self, m: &'m Matrix) -> impl Iterator<Item = Entry> + use<'m> {
        let filters: Vec<String> = self
            .filters
            .iter()
            .map(|text| fold(text).into_owned())
            .collect();
        let items: Vec<(Item, Named, String)> = self
            .items(m)
            .into_iter()
            .map(|item| {
                let named = m.named_item(item);
                let sought = haystack(&named);
                (item, named, sought)
            })
            .collect();
        self.sides(m).into_iter().flat_map(move |(profile, side)| {
            let mut sought = haystack(&m.named_license(side));
            if let Some(profile) = profile {
                sought.push_str(&haystack(&m.named_profile(profile)));
            }
            items
                .iter()
                .filter(|(item, _, name)| {
                    *item != Item::Move(side.license)
                        && filters
                            .iter()
                            .all(|filter| sought.contains(filter) || name.contains(filter))
                })
                .map(|(item, named, _)| Entry {
                    profile,
                    side,
                    item: *item,
                    named: named.clone(),
                    cell: m.cell(side, *item),
                })
                .collect::<Vec<_>>()
        })
    }

    fn sides(&self, m: &Matrix) -> Vec<(Option<ProfileId>, Side)> {
        match self.by {
            By::License => m
                .org
                .licenses
                .iter()
                .map(|(license, _)| (None, m.side_of_license(license)))
                .collect(),
            By::Profile => m
                .org
                .profiles
                .iter()
                .filter_map(|(profile, _)| Some((Some(profile), m.side_of_profile(profile)?)))
                .collect(),
        }
    }

    /// Profiles that a view by profile cannot show, because their license is not known.
    #[must_use]
    pub fn profiles_left_out(m: &Matrix) -> usize {
        m.org
            .profiles
            .iter()
            .filter(|(_, profile)| profile.license.get().is_none())
            .count()
    }

    fn items(&self, m: &Matrix) -> Vec<Item> {
        let mut items = Vec::new();
        for kind in ItemKind::ALL {
            let asked = if self.only.is_empty() {
                kind != ItemKind::Permissions
            } else {
                self.only.contains(&kind)
            };
            if !asked {
                continue;
            }
            match kind {
                ItemKind::PermissionSets => {
                    items.extend(
                        m.org
                            .permission_sets
                            .iter()
                            .filter(|(_, set)| set.is_assignable())
                            .map(|(set, _)| Item::Set(SetRef::Set(set))),
                    );
                    items.extend(
                        m.org
                            .permission_set_groups
                            .iter()
                            .map(|(group, _)| Item::Set(SetRef::Group(group))),
                    );
                }
                ItemKind::Roles => items.extend(
                    [
                        RoleKind::Internal,
                        RoleKind::CustomerPortal,
                        RoleKind::Partner,
                        RoleKind::None,
                    ]
                    .map(Item::Role),
                ),
                ItemKind::Features => {
                    items.extend(m.org.features.iter().map(|(id, _)| Item::Feature(id)));
                }
                ItemKind::Psls => items.extend(m.org.psls.iter().map(|(id, _)| Item::Psl(id))),
                ItemKind::Moves => {
                    items.extend(m.org.licenses.iter().map(|(id, _)| Item::Move(id)));
                }
                ItemKind::Permissions => {
                    items.extend(m.permissions_shown().into_iter().map(Item::Permission));
                }
            }
        }
        items
    }
}

/// Everything of a name that a filter may find, folded.
fn haystack(named: &Named) -> String {
    let mut text = fold(&named.name).into_owned();
    for further in [&named.label, &named.id].into_iter().flatten() {
        text.push('\n');
        text.push_str(&fold(further));
    }
    text.push('\n');
    text
}

/// The label, unless it says the same as the name.
fn label(label: &str, name: &str) -> Option<String> {
    (!label.is_empty() && label != name).then(|| label.to_owned())
}

impl Matrix {
    /// The names of a license.
    #[must_use]
    pub fn named_license(&self, side: Side) -> Named {
        Named {
            kind: "license",
            name: self.shown_license(side.license),
            label: None,
            id: self
                .license(side.license)
                .and_then(|row| self.org.shown_id(row.id)),
        }
    }

    /// The names of a profile.
    #[must_use]
    pub fn named_profile(&self, profile: ProfileId) -> Named {
        let row = self.profile(profile);
        Named {
            kind: "profile",
            name: row.map_or_else(String::new, |row| row.name.to_string()),
            label: None,
            id: row.and_then(|row| self.org.shown_id(row.id)),
        }
    }

    /// The names of an item.
    #[must_use]
    pub fn named_item(&self, item: Item) -> Named {
        match item {
            Item::Set(to @ SetRef::Set(set)) => {
                let name = self.shown(to);
                let row = self.set(set);
                Named {
                    kind: "permission-set",
                    label: row.and_then(|row| label(&row.label, &name)),
                    id: row.and_then(|row| self.org.shown_id(row.id)),
                    name,
                }
            }
            Item::Set(to @ SetRef::Group(group)) => {
                let name = self.shown(to);
                let row = self.group(group);
                Named {
                    kind: "permission-set-group",
                    label: row.and_then(|row| label(&row.label, &name)),
                    id: row.and_then(|row| self.org.shown_id(row.id)),
                    name,
                }
            }
            Item::Role(kind) => Named {
                kind: "role",
                name: String::from(match kind {
                    RoleKind::Internal => "internal",
                    RoleKind::Partner => "Partner",
                    RoleKind::CustomerPortal => "CustomerPortal",
                    RoleKind::None => "none",
                }),
                label: None,
                id: None,
            },
            Item::Feature(feature) => {
                let field = self.org.features.get(feature).map_or("", AsRef::as_ref);
                let name = field.strip_prefix("UserPermissions").unwrap_or(field);
                Named {
                    kind: "feature-license",
                    name: name.to_owned(),
                    label: label(self.feature_label(feature), name),
                    id: Some(field.to_owned()),
                }
            }
            Item::Psl(psl) => {
                let row = self.psl(psl);
                let name = row.map_or("", |row| row.shown()).to_owned();
                Named {
                    kind: "permission-set-license",
                    label: row.and_then(|row| label(&row.label, &name)),
                    id: row.and_then(|row| self.org.shown_id(row.id)),
                    name,
                }
            }
            Item::Move(to) => Named {
                kind: "license-move",
                name: self.shown_license(to),
                label: None,
                id: self.license(to).and_then(|row| self.org.shown_id(row.id)),
            },
            Item::Permission(permission) => {
                let name = self.permission_name(permission);
                Named {
                    kind: "permission",
                    label: label(&self.permission_label(permission), &name),
                    id: None,
                    name,
                }
            }
        }
    }
}
