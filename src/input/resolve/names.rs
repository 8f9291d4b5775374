//! One name or id of a cell to one record of the org.

use super::Resolver;
use super::ids::{FromRecord, Object};
use crate::input::{Resolution, SetRef};
use crate::model::{
    Names, PackageId, PortalType, ProfileId, PslId, PublicGroupId, Role, RoleId, SfId, UserType,
};
use smallvec::SmallVec;

/// Exact name first, then the folded one.
pub(super) fn look_up<'a, I: Copy + PartialEq>(
    names: &'a Names<I>,
    text: &str,
) -> Resolution<'a, I> {
    match names.exact(text) {
        [one] => Resolution::Found(*one),
        [] => match names.folded(text) {
            [one] => Resolution::Folded(*one),
            [] => Resolution::NotFound,
            several => Resolution::Ambiguous(several),
        },
        several => Resolution::Ambiguous(several),
    }
}

/// A record that was found only because outer white space of the cell, which has `raw` bytes, was left out.
pub(super) fn loosened<'a, I>(to: Resolution<'a, I>, text: &str, raw: usize) -> Resolution<'a, I> {
    match to {
        Resolution::Found(id) if text.len() != raw => Resolution::Folded(id),
        other => other,
    }
}

impl<'m> Resolver<'m> {
    /// An id of one of the `wanted` objects, else a name. Without the file of a wanted object nothing is "not found".
    #[inline]
    fn name_or_id<I: FromRecord + PartialEq>(
        &self,
        text: &str,
        names: &'m Names<I>,
        wanted: &[Object],
    ) -> Resolution<'m, I> {
        // Nearly all texts are names as the org writes them.
        match names.exact(text) {
            [one] => Resolution::Found(*one),
            _ => self.odd_name_or_id(text, names, wanted),
        }
    }

    #[inline(never)]
    fn odd_name_or_id<I: FromRecord + PartialEq>(
        &self,
        text: &str,
        names: &'m Names<I>,
        wanted: &[Object],
    ) -> Resolution<'m, I> {
        if let Some(object) = Object::of(text)
            && names.exact(text).is_empty()
        {
            return self.id(text, object, wanted);
        }
        match look_up(names, text) {
            Resolution::NotFound if !wanted.iter().all(|object| self.sees_names(*object, text)) => {
                Resolution::Unseen
            }
            other => other,
        }
    }

    /// Whether every name of the records of an object is in the snapshot: without a column of names, what is
    /// not found may well be there.
    fn sees_names(&self, object: Object, text: &str) -> bool {
        let coverage = &self.m.org.coverage;
        if coverage.from_metadata {
            return false;
        }
        let columns: &[&str] = match object {
            Object::Role | Object::PublicGroup => &["Name", "DeveloperName"],
            // `ns__Name` needs the namespace.
            Object::Set if text.contains("__") => &["Name", "Label", "NamespacePrefix"],
            Object::Set => &["Name", "Label"],
            Object::Group => &["DeveloperName", "MasterLabel"],
            Object::Psl => &["DeveloperName", "PermissionSetLicenseKey", "MasterLabel"],
            _ => &[],
        };
        let has = |column: &&str| coverage.has_column(object.table(), column);
        coverage.has(object.table()) && columns.iter().all(has)
    }

    fn id<I: FromRecord>(
        &self,
        text: &str,
        object: Object,
        wanted: &[Object],
    ) -> Resolution<'m, I> {
        let id = match SfId::parse(text) {
            Err(fault) => return Resolution::MalformedId(fault),
            Ok(id) => id,
        };
        if !wanted.contains(&object) {
            return Resolution::OtherObject(id);
        }
        match self.m.org.by_id.get(&id).copied().and_then(I::from_record) {
            Some(found) => Resolution::Found(found),
            None if self.m.org.coverage.is_full(object.table()) => Resolution::UnknownId(id),
            None => Resolution::Unseen,
        }
    }

    /// Profile by id or name.
    #[inline]
    pub(super) fn profile(&self, text: &str) -> Resolution<'m, ProfileId> {
        self.name_or_id(text, &self.m.profile_names, &[Object::Profile])
    }

    /// Role by id, name, then API name. `kind` is the user type of the profile after the push.
    pub(super) fn role(&self, text: &str, kind: Option<UserType>) -> Resolution<'m, RoleId> {
        match self.name_or_id(text, &self.m.role_names, &[Object::Role]) {
            Resolution::Ambiguous(several) => self.narrowed(text, several, kind),
            other => other,
        }
    }

    /// A name beats an API name; roles that do not fit the user type are no candidates while another one fits.
    fn narrowed(
        &self,
        text: &str,
        several: &'m [RoleId],
        kind: Option<UserType>,
    ) -> Resolution<'m, RoleId> {
        let mut left: SmallVec<[RoleId; 8]> = SmallVec::from_slice(several);
        let mut keep_if_any = |fits: &dyn Fn(&Role) -> bool| {
            let fitting: SmallVec<[RoleId; 8]> = left
                .iter()
                .copied()
                .filter(|id| self.m.role(*id).is_some_and(fits))
                .collect();
            if !fitting.is_empty() {
                left = fitting;
            }
        };
        let exact = !self.m.role_names.exact(text).is_empty();
        keep_if_any(&|role| *role.name == *text);
        if let Some(kind) = kind {
            keep_if_any(&|role| match role.portal_type.get() {
                None => true,
                Some(portal) => (portal == PortalType::None) != kind.is_external(),
            });
            if let Some(wanted) = kind.portal() {
                keep_if_any(&|role| role.portal_type.get() == Some(wanted));
            }
        }
        match left.as_slice() {
            [one] if exact => Resolution::Found(*one),
            [one] => Resolution::Folded(*one),
            _ => Resolution::Ambiguous(several),
        }
    }

    /// Permission set or group: both columns accept both.
    #[inline]
    pub(super) fn set(&self, text: &str) -> Resolution<'m, SetRef> {
        self.name_or_id(text, &self.m.set_names, &[Object::Set, Object::Group])
    }

    /// Permission set license; `ns.Key`, `ns_Key` and `ns__Key` are one.
    pub(super) fn psl(&self, text: &str) -> Resolution<'m, PslId> {
        let names = &self.m.psl_names;
        let found = self.name_or_id(text, names, &[Object::Psl]);
        if !matches!(found, Resolution::NotFound | Resolution::Unseen) {
            return found;
        }
        for separator in [".", "__", "_"] {
            let Some((namespace, bare)) = text.split_once(separator) else {
                continue;
            };
            for other in [".", "__", "_"]
                .into_iter()
                .filter(|other| *other != separator)
            {
                let spelled = look_up(names, &format!("{namespace}{other}{bare}"));
                if spelled != Resolution::NotFound {
                    return spelled;
                }
            }
            // An underscore alone is part of many names; a dot or two underscores are not.
            if separator != "_" {
                return match look_up(names, bare) {
                    Resolution::NotFound => found,
                    other => other,
                };
            }
        }
        found
    }

    /// Public group by id, name or API name.
    #[inline]
    pub(super) fn public_group(&self, text: &str) -> Resolution<'m, PublicGroupId> {
        self.name_or_id(text, &self.m.public_group_names, &[Object::PublicGroup])
    }

    /// Managed package by id or namespace.
    pub(super) fn package(&self, text: &str) -> Resolution<'m, PackageId> {
        let by_id = SfId::parse(text)
            .ok()
            .and_then(|id| self.m.org.by_id.get(&id).copied())
            .and_then(PackageId::from_record);
        if let Some(id) = by_id {
            return Resolution::Found(id);
        }
        match look_up(&self.m.package_names, text) {
            Resolution::NotFound if !self.m.org.coverage.has("PackageLicense") => {
                Resolution::Unseen
            }
            other => other,
        }
    }

    /// User by record id only.
    pub(super) fn user_id(&self, text: &str) -> Resolution<'m, crate::model::UserId> {
        let Some(object) = Object::of(text) else {
            return Resolution::NotFound;
        };
        match SfId::parse(text) {
            Err(fault) => Resolution::MalformedId(fault),
            Ok(id) if object != Object::User => Resolution::OtherObject(id),
            Ok(id) => match self.m.org.users.by_id(id) {
                Some(user) => Resolution::Found(user),
                None if self.m.org.coverage.is_full("User") => Resolution::UnknownId(id),
                None => Resolution::Unseen,
            },
        }
    }
}

/// A contact id that is well-formed.
pub(super) fn contact_id(text: &str) -> Option<SfId> {
    (Object::of(text) == Some(Object::Contact))
        .then(|| SfId::parse(text).ok())
        .flatten()
}
