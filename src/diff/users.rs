//! Users who came, went or changed. Of those only who it is is kept; what changed is found again when it is told.

use super::kept::{Notes, Which};
use super::logins::Logins;
use super::matching::{Match, Matches};
use super::{By, Change, Side, What};
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{Dense, FeatureId, UserId, key_of_folded};

/// A user of either, or of both with a difference.
#[derive(Clone, Copy, Debug)]
pub(super) struct UserPair {
    old: Option<UserId>,
    new: Option<UserId>,
}

/// What both tell of users.
struct Told {
    active: bool,
    profile: bool,
    role: bool,
    frozen: bool,
    sets: bool,
    psls: bool,
    features: Vec<(FeatureId, FeatureId)>,
}

impl Told {
    fn of(old: &Matrix, new: &Matrix, matches: &Matches, notes: &mut Notes<'_>) -> Self {
        let mut column = |name| notes.both_have_column("User", name);
        let (active, profile, role) = (
            column("IsActive"),
            column("ProfileId"),
            column("UserRoleId"),
        );
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
            active,
            profile,
            role,
            frozen: notes.both_have_column("UserLogin", "IsFrozen"),
            sets: notes.both_have("PermissionSetAssignment"),
            psls: notes.both_have("PermissionSetLicenseAssign"),
            features,
        }
    }
}

/// The users that differ: those of the newer one in its order, then those that are gone.
pub(super) fn pairs(
    old: &Side<'_>,
    new: &Side<'_>,
    matches: &Matches,
    notes: &mut Notes<'_>,
) -> Vec<UserPair> {
    if !notes.both_have("User") {
        return Vec::new();
    }
    let told = Told::of(old.m, new.m, matches, notes);
    let (users_old, users_new) = (&old.m.org.users, &new.m.org.users);
    let mut names = Logins::of(*new);
    let mut seen = fixedbitset::FixedBitSet::with_capacity(users_old.len());
    let mut pairs = Vec::new();
    for user in users_new.iter() {
        let name = names.name(user);
        let by_name = || users_old.by_login(key_of_folded(name.as_deref()?));
        let older = match matches.by {
            By::Id => users_old.by_id(users_new.id(user)),
            By::NameOfMetadata | By::NameOfTwoOrgs => by_name(),
        };
        let Some(older) = older else {
            pairs.push(UserPair {
                old: None,
                new: Some(user),
            });
            continue;
        };
        seen.insert(older.index());
        let both = Both {
            old: old.m,
            new: new.m,
            matches,
            told: &told,
            older,
            user,
        };
        if both.is_renamed(name.as_deref()) || both.differs() {
            pairs.push(UserPair {
                old: Some(older),
                new: Some(user),
            });
        }
    }
    let gone = users_old.iter().filter(|user| !seen.contains(user.index()));
    if notes.proves_absence(Which::New) {
        pairs.extend(gone.map(|user| UserPair {
            old: Some(user),
            new: None,
        }));
    }
    pairs
}

/// Tells every change of the users.
pub(super) fn each<E>(
    old: &Side<'_>,
    new: &Side<'_>,
    matches: &Matches,
    pairs: &[UserPair],
    take: &mut dyn FnMut(&Change) -> Result<(), E>,
) -> Result<(), E> {
    let mut ignored = Notes::new(&old.m.org, &new.m.org);
    let told = Told::of(old.m, new.m, matches, &mut ignored);
    let (mut names_old, mut names_new) = (Logins::of(*old), Logins::of(*new));
    for pair in pairs {
        match (pair.old, pair.new) {
            (None, Some(user)) => {
                take(&whole(new.m, user, names_new.name(user), What::Added))?;
            }
            (Some(user), None) => {
                take(&whole(old.m, user, names_old.name(user), What::Removed))?;
            }
            (Some(older), Some(user)) => {
                let name = names_new.name(user);
                let both = Both {
                    old: old.m,
                    new: new.m,
                    matches,
                    told: &told,
                    older,
                    user,
                };
                let mut changes = Vec::new();
                if both.is_renamed(name.as_deref()) {
                    let before = names_old.name(older);
                    changes.push((What::Renamed, "Username", before, name.clone()));
                }
                both.tell(&mut |what, attribute, before, after| {
                    changes.push((what, attribute, before, after));
                });
                changes.sort_by_key(|(what, ..)| *what);
                for (what, attribute, before, after) in changes {
                    take(&Change {
                        attribute: Some(attribute.to_owned()),
                        before,
                        after,
                        ..whole(new.m, user, name.clone(), what)
                    })?;
                }
            }
            (None, None) => {}
        }
    }
    Ok(())
}

/// A user as such, with the profile that was given or taken.
fn whole(m: &Matrix, user: UserId, name: Option<String>, what: What) -> Change {
    let users = &m.org.users;
    let id = users.id(user).text();
    let profile = profile_name(m, user);
    Change {
        object: "User".to_owned(),
        change: what,
        name: name.unwrap_or_else(|| id.clone()),
        id: Some(id),
        attribute: None,
        before: profile.clone().filter(|_| what == What::Removed),
        after: profile.filter(|_| what == What::Added),
    }
}

fn profile_name(m: &Matrix, user: UserId) -> Option<String> {
    let profile = m.profile(m.org.users.profile(user)?)?;
    Some(format!("profile {}", profile.name))
}

/// One user in both.
struct Both<'a> {
    old: &'a Matrix,
    new: &'a Matrix,
    matches: &'a Matches,
    told: &'a Told,
    older: UserId,
    user: UserId,
}

/// Receives what, attribute, before and after.
type Tell<'t> = dyn FnMut(What, &'static str, Option<String>, Option<String>) + 't;

impl Both<'_> {
    fn is_renamed(&self, name: Option<&str>) -> bool {
        let users = &self.old.org.users;
        name.is_some_and(|name| {
            users.has_login(self.older) && !users.is_login(self.older, key_of_folded(name))
        })
    }

    /// Whether anything but the username is different. Most users pass here, so nothing is put into words.
    fn differs(&self) -> bool {
        let (old, new) = (&self.old.org.users, &self.new.org.users);
        let (told, matches) = (self.told, self.matches);
        (told.active && old.active(self.older) != new.active(self.user))
            || (told.profile
                && !matches
                    .profiles
                    .same(old.profile(self.older), new.profile(self.user)))
            || (told.role
                && !matches
                    .roles
                    .same(old.role(self.older), new.role(self.user)))
            || (told.frozen && old.frozen(self.older) != new.frozen(self.user))
            || told.features.iter().any(|(before, after)| {
                old.has_feature(self.older, *before) != new.has_feature(self.user, *after)
            })
            || (told.psls && {
                let (lost, gained) =
                    moved(&matches.psls, old.psls(self.older), new.psls(self.user));
                !lost.is_empty() || !gained.is_empty()
            })
            || (told.sets
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

    fn tell(&self, tell: &mut Tell<'_>) {
        let (old, new) = (&self.old.org.users, &self.new.org.users);
        let (told, matches) = (self.told, self.matches);
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        if told.active && old.active(self.older) != new.active(self.user) {
            let (before, after) = (old.active(self.older), new.active(self.user));
            tell(What::Changed, "IsActive", flag(before), flag(after));
        }
        let (before, after) = (old.profile(self.older), new.profile(self.user));
        if told.profile && !matches.profiles.same(before, after) {
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
        if told.role && !matches.roles.same(before, after) {
            let name = |m: &Matrix, id| Some(m.role(id)?.name.to_string());
            tell(
                What::Changed,
                "UserRole",
                before.and_then(|id| name(self.old, id)),
                after.and_then(|id| name(self.new, id)),
            );
        }
        if told.frozen && old.frozen(self.older) != new.frozen(self.user) {
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
        if self.told.sets {
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
        if self.told.psls {
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
