//! One user in both: what is different.

use super::What;
use super::kept::Notes;
use super::matching::{Match, Matches};
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{Dense, FeatureId, UserId, key_of_folded};

/// A fact about users.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Active,
    Profile,
    Role,
    Frozen,
    Sets,
    Psls,
}

/// What both tell of users.
pub(super) struct Told {
    facts: Vec<Fact>,
    features: Vec<(FeatureId, FeatureId)>,
}

impl Told {
    pub(super) fn of(old: &Matrix, new: &Matrix, matches: &Matches, notes: &mut Notes<'_>) -> Self {
        let facts = [
            (Fact::Active, notes.both_have_column("User", "IsActive")),
            (Fact::Profile, notes.both_have_column("User", "ProfileId")),
            (Fact::Role, notes.both_have_column("User", "UserRoleId")),
            (
                Fact::Frozen,
                notes.both_have_column("UserLogin", "IsFrozen"),
            ),
            (Fact::Sets, notes.both_have("PermissionSetAssignment")),
            (Fact::Psls, notes.both_have("PermissionSetLicenseAssign")),
        ];
        let features = new
            .org
            .features
            .iter()
            .filter_map(|(id, field)| Some((matches.features.older(id)?, id, field)))
            .filter(|(_, _, field)| {
                [old, new]
                    .iter()
                    .all(|m| m.org.coverage.has_column("User", field))
            })
            .map(|(older, id, _)| (older, id))
            .collect();
        Self {
            facts: facts
                .into_iter()
                .filter_map(|(fact, told)| told.then_some(fact))
                .collect(),
            features,
        }
    }

    fn has(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }
}

/// One user in both.
pub(super) struct Both<'a> {
    pub(super) old: &'a Matrix,
    pub(super) new: &'a Matrix,
    pub(super) matches: &'a Matches,
    pub(super) told: &'a Told,
    pub(super) older: UserId,
    pub(super) user: UserId,
}

/// Receives what, attribute, before and after.
pub(super) type Tell<'t> = dyn FnMut(What, &'static str, Option<String>, Option<String>) + 't;

impl Both<'_> {
    pub(super) fn is_renamed(&self, name: Option<&str>) -> bool {
        let users = &self.old.org.users;
        name.is_some_and(|name| {
            users.has_login(self.older) && !users.is_login(self.older, key_of_folded(name))
        })
    }

    /// Whether anything but the username is different. Most users pass here, so nothing is put into words.
    pub(super) fn differs(&self) -> bool {
        let (old, new) = (&self.old.org.users, &self.new.org.users);
        let (told, matches) = (self.told, self.matches);
        (told.has(Fact::Active) && old.active(self.older) != new.active(self.user))
            || (told.has(Fact::Profile)
                && !matches
                    .profiles
                    .same(old.profile(self.older), new.profile(self.user)))
            || (told.has(Fact::Role)
                && !matches
                    .roles
                    .same(old.role(self.older), new.role(self.user)))
            || (told.has(Fact::Frozen) && old.frozen(self.older) != new.frozen(self.user))
            || told.features.iter().any(|(before, after)| {
                old.has_feature(self.older, *before) != new.has_feature(self.user, *after)
            })
            || (told.has(Fact::Psls) && {
                let (lost, gained) =
                    moved(&matches.psls, old.psls(self.older), new.psls(self.user));
                !lost.is_empty() || !gained.is_empty()
            })
            || (told.has(Fact::Sets)
                && !(old.assignments(self.older).is_empty()
                    && new.assignments(self.user).is_empty())
                && {
                    let (lost, gained) = self.sets();
                    !lost.is_empty() || !gained.is_empty()
                })
    }

    /// Sets and groups that went and came.
    fn sets(&self) -> (Vec<SetRef>, Vec<SetRef>) {
        let (before, after) = (self.old.assigned(self.older), self.new.assigned(self.user));
        let newer = |to: &SetRef| match to {
            SetRef::Set(set) => self.matches.sets.newer(*set).map(SetRef::Set),
            SetRef::Group(group) => self.matches.groups.newer(*group).map(SetRef::Group),
        };
        let kept: Vec<Option<SetRef>> = before.iter().map(newer).collect();
        let lost = before
            .iter()
            .zip(&kept)
            .filter(|(_, newer)| newer.is_none_or(|newer| !after.contains(&newer)))
            .map(|(to, _)| *to)
            .collect();
        let gained = after
            .iter()
            .filter(|to| !kept.contains(&Some(**to)))
            .copied()
            .collect();
        (lost, gained)
    }

    pub(super) fn tell(&self, tell: &mut Tell<'_>) {
        let (old, new) = (&self.old.org.users, &self.new.org.users);
        let (told, matches) = (self.told, self.matches);
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        if told.has(Fact::Active) && old.active(self.older) != new.active(self.user) {
            let (before, after) = (old.active(self.older), new.active(self.user));
            tell(What::Changed, "IsActive", flag(before), flag(after));
        }
        let (before, after) = (old.profile(self.older), new.profile(self.user));
        if told.has(Fact::Profile) && !matches.profiles.same(before, after) {
            let name = |m: &Matrix, id| Some(m.profile(id)?.name.to_string());
            tell(
                What::Changed,
                "Profile",
                before.and_then(|id| name(self.old, id)),
                after.and_then(|id| name(self.new, id)),
            );
            let licenses = (
                before.and_then(|id| self.old.license_of(id)),
                after.and_then(|id| self.new.license_of(id)),
            );
            if !matches.licenses.same(licenses.0, licenses.1) {
                tell(
                    What::Relicensed,
                    "UserLicense",
                    licenses.0.map(|id| self.old.shown_license(id)),
                    licenses.1.map(|id| self.new.shown_license(id)),
                );
            }
        }
        let (before, after) = (old.role(self.older), new.role(self.user));
        if told.has(Fact::Role) && !matches.roles.same(before, after) {
            let name = |m: &Matrix, id| Some(m.role(id)?.name.to_string());
            tell(
                What::Changed,
                "UserRole",
                before.and_then(|id| name(self.old, id)),
                after.and_then(|id| name(self.new, id)),
            );
        }
        if told.has(Fact::Frozen) && old.frozen(self.older) != new.frozen(self.user) {
            let (before, after) = (old.frozen(self.older), new.frozen(self.user));
            tell(
                What::Changed,
                "IsFrozen",
                flag(Some(before)),
                flag(Some(after)),
            );
        }
        self.tell_seats(tell);
    }

    /// Feature licenses, permission sets and permission set licenses, one by one.
    fn tell_seats(&self, tell: &mut Tell<'_>) {
        let (old, new) = (&self.old.org.users, &self.new.org.users);
        for (before, after) in &self.told.features {
            let (had, has) = (
                old.has_feature(self.older, *before),
                new.has_feature(self.user, *after),
            );
            if had != has {
                let label = self.new.feature_label(*after).to_owned();
                let (before, after) = if has {
                    (None, Some(label))
                } else {
                    (Some(label), None)
                };
                tell(What::Changed, "FeatureLicenses", before, after);
            }
        }
        if self.told.has(Fact::Sets) {
            let (lost, gained) = self.sets();
            for to in lost {
                tell(
                    What::Changed,
                    "PermissionSets",
                    Some(self.old.shown(to)),
                    None,
                );
            }
            for to in gained {
                tell(
                    What::Changed,
                    "PermissionSets",
                    None,
                    Some(self.new.shown(to)),
                );
            }
        }
        if self.told.has(Fact::Psls) {
            let held = (old.psls(self.older), new.psls(self.user));
            let (lost, gained) = moved(&self.matches.psls, held.0, held.1);
            let name = |m: &Matrix, id| m.psl(id).map(|psl| psl.shown().to_owned());
            for psl in lost {
                tell(
                    What::Changed,
                    "PermissionSetLicenses",
                    name(self.old, psl),
                    None,
                );
            }
            for psl in gained {
                tell(
                    What::Changed,
                    "PermissionSetLicenses",
                    None,
                    name(self.new, psl),
                );
            }
        }
    }
}

/// What went and what came between two lists.
pub(super) fn moved<I: Dense>(matches: &Match<I>, before: &[I], after: &[I]) -> (Vec<I>, Vec<I>) {
    let place = |id: &I| id.index();
    let lost = before
        .iter()
        .filter(|id| {
            matches
                .newer(**id)
                .is_none_or(|newer| !after.iter().any(|other| place(other) == newer.index()))
        })
        .copied()
        .collect();
    let gained = after
        .iter()
        .filter(|id| {
            matches
                .older(**id)
                .is_none_or(|older| !before.iter().any(|other| place(other) == older.index()))
        })
        .copied()
        .collect();
    (lost, gained)
}
