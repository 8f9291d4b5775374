//! Users who came, went or changed. Of those only who it is is kept; what changed is found again when it is told.

use super::kept::{Notes, Which};
use super::logins::Logins;
use super::matching::Matches;
use super::person::{Both, Told};
use super::{By, Change, Side, What};
use crate::matrix::Matrix;
use crate::model::{Dense, UserId, key_of_folded};

/// A user of either, or of both with a difference.
#[derive(Clone, Copy, Debug)]
pub(super) struct UserPair {
    old: Option<UserId>,
    new: Option<UserId>,
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
    // Each reads its file once, from the beginning.
    let mut names_gone = Logins::of(*old);
    for pair in pairs {
        match (pair.old, pair.new) {
            (None, Some(user)) => {
                take(&whole(new.m, user, names_new.name(user), What::Added))?;
            }
            (Some(user), None) => {
                take(&whole(old.m, user, names_gone.name(user), What::Removed))?;
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
