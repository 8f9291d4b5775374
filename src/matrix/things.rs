//! What a name can stand for in the matrix: names repeat, so it can be several things.

use super::{Item, Matrix};
use crate::input::SetRef;
use crate::knowledge::RoleKind;
use crate::model::{LicenseId, Names, ProfileId, SfId, fold, nearest};

/// Something that a name can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A user license.
    License(LicenseId),
    /// A profile.
    Profile(ProfileId),
    /// A permission set, group, kind of role, feature license, permission set license or permission.
    Item(Item),
}

impl Matrix {
    /// Everything that a name, API name, key or id can stand for: exact matches, else those that differ in case or outer space.
    #[must_use]
    pub fn things(&self, name: &str) -> Vec<Thing> {
        if let Ok(id) = SfId::parse(name.trim())
            && let Some(thing) = self.thing_of_id(id)
        {
            return vec![thing];
        }
        let exact = self.things_by(name, str::eq, false);
        if exact.is_empty() {
            let folded = fold(name);
            self.things_by(&folded, |own, wanted| fold(own) == wanted, true)
        } else {
            exact
        }
    }

    fn thing_of_id(&self, id: SfId) -> Option<Thing> {
        use crate::model::Record;
        Some(match self.org.by_id.get(&id)? {
            Record::License(id) => Thing::License(*id),
            Record::Profile(id) => Thing::Profile(*id),
            Record::PermissionSet(id) => Thing::Item(Item::Set(SetRef::Set(*id))),
            Record::PermissionSetGroup(id) => Thing::Item(Item::Set(SetRef::Group(*id))),
            Record::Psl(id) => Thing::Item(Item::Psl(*id)),
            Record::Role(id) => {
                let kind = self.role(*id)?.portal_type.get()?;
                Thing::Item(Item::Role(match kind {
                    crate::model::PortalType::None => RoleKind::Internal,
                    crate::model::PortalType::Partner => RoleKind::Partner,
                    crate::model::PortalType::CustomerPortal => RoleKind::CustomerPortal,
                }))
            }
            Record::PublicGroup(_) | Record::Package(_) | Record::MutingSet(_) => return None,
        })
    }

    fn things_by(
        &self,
        wanted: &str,
        same: impl Fn(&str, &str) -> bool,
        loosely: bool,
    ) -> Vec<Thing> {
        let mut things: Vec<Thing> = self
            .org
            .licenses
            .iter()
            .filter(|(_, row)| {
                same(&row.name, wanted) || row.key.as_ref().is_some_and(|key| same(key, wanted))
            })
            .map(|(id, _)| Thing::License(id))
            .collect();
        things.extend(
            self.org
                .profiles
                .iter()
                .filter(|(_, row)| same(&row.name, wanted))
                .map(|(id, _)| Thing::Profile(id)),
        );
        things.extend(named(&self.set_names, wanted, loosely, Item::Set));
        things.extend(named(&self.psl_names, wanted, loosely, Item::Psl));
        things.extend(named(&self.feature_names, wanted, loosely, Item::Feature));
        things.extend(
            ["internal", "Partner", "CustomerPortal", "none"]
                .into_iter()
                .zip([
                    RoleKind::Internal,
                    RoleKind::Partner,
                    RoleKind::CustomerPortal,
                    RoleKind::None,
                ])
                .filter(|(word, _)| same(word, wanted))
                .map(|(_, kind)| Thing::Item(Item::Role(kind))),
        );
        things.extend(
            self.permissions_shown()
                .into_iter()
                .filter(|permission| {
                    let name = self.permission_name(*permission);
                    let bare = wanted.strip_prefix(if loosely {
                        "permissions"
                    } else {
                        "Permissions"
                    });
                    same(&name, wanted)
                        || same(&self.permission_label(*permission), wanted)
                        || bare.is_some_and(|bare| same(&name, bare))
                })
                .map(|permission| Thing::Item(Item::Permission(permission))),
        );
        things
    }

    /// Names that are written much like `name`, for a message that nothing bears it.
    #[must_use]
    pub fn nearest_things(&self, name: &str) -> Vec<String> {
        let licenses = self
            .org
            .licenses
            .iter()
            .flat_map(|(_, row)| std::iter::once(&row.name).chain(row.key.as_ref()))
            .map(AsRef::as_ref);
        let candidates = licenses
            .chain(self.profile_names.iter())
            .chain(self.set_names.iter())
            .chain(self.psl_names.iter())
            .chain(self.feature_names.iter());
        let mut near: Vec<String> = nearest(name, candidates, 6)
            .into_iter()
            .map(str::to_owned)
            .collect();
        near.dedup();
        near.truncate(3);
        near
    }
}

fn named<I: Copy + PartialEq>(
    names: &Names<I>,
    wanted: &str,
    loosely: bool,
    item: impl Fn(I) -> Item,
) -> Vec<Thing> {
    let hits = if loosely {
        names.folded(wanted)
    } else {
        names.exact(wanted)
    };
    hits.iter().map(|&id| Thing::Item(item(id))).collect()
}
