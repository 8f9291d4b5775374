//! What the integration user may do, and what gives it the right.

use super::{EndCx, EndSink};
use crate::input::SetRef;
use crate::matrix::Matrix;
use crate::model::{Known, UserId};

/// What Okta says when it cannot log in any more.
pub(super) const CREDENTIALS: &str =
    "The credentials used to connect to the API were invalid; please check your configuration";

/// What gives a user a permission.
pub(super) enum Right {
    /// The profile itself.
    Profile,
    /// A permission set or group, by name, and not the profile.
    Set(String),
    /// Nothing.
    Nowhere,
    /// A column that only some orgs have is missing: this.
    Untold(String),
    /// A file or an ordinary column is missing: this.
    Missing(&'static str),
}

/// The integration user of a preflight, where one is named and found.
pub(super) fn of(cx: &EndCx<'_>) -> Option<UserId> {
    cx.run.integration_user
}

/// What gives a user a permission, by its name without `Permissions`.
pub(super) fn right(m: &Matrix, user: UserId, name: &str) -> Right {
    let org = &m.org;
    if !org.coverage.has("Profile") {
        return Right::Missing("Profile.csv");
    }
    let (Some(permission), Some(profile)) = (m.permission(name), org.users.profile(user)) else {
        return Right::Untold(format!("Permissions{name} of its profile"));
    };
    let by_profile = m.profile_allows(profile, permission);
    if by_profile.is(&true) {
        return Right::Profile;
    }
    if !org.coverage.has("PermissionSetAssignment") {
        return Right::Missing("PermissionSetAssignment.csv");
    }
    if !org.coverage.has("PermissionSet") {
        return Right::Missing("PermissionSet.csv");
    }
    let unseen_profile = matches!(by_profile, Known::Unknown);
    let mut unseen = unseen_profile;
    for held in m.assigned(user) {
        let set = match held {
            // A session-based set grants nothing until it is activated.
            SetRef::Set(set) if m.set(set).is_some_and(|set| set.session.is(&true)) => continue,
            SetRef::Set(set) => Some(set),
            SetRef::Group(group) => m.group(group).and_then(|group| group.aggregate),
        };
        match set.map_or(Known::Unknown, |set| m.set_allows(set, permission)) {
            Known::Yes(true) if !unseen_profile => return Right::Set(m.shown(held)),
            // It is there, and whether on the profile as well is not known: Okta asks for the profile.
            Known::Yes(true) => return Right::Untold(format!("Permissions{name} of its profile")),
            Known::Yes(false) => {}
            Known::Unknown => unseen = true,
        }
    }
    if unseen {
        return Right::Untold(format!(
            "Permissions{name} of its profile and permission sets"
        ));
    }
    Right::Nowhere
}

/// Tells the checklist whether the profile of the integration user gives a right, as Okta asks for it. Where it does
/// not: the profile, and the set or group that gives the right instead, if one does.
pub(super) fn beside_profile<'a>(
    cx: &EndCx<'a>,
    sink: &mut EndSink<'_>,
    asks: &str,
    name: &str,
) -> Option<(&'a str, Option<String>)> {
    let user = of(cx)?;
    let profile = profile_name(cx.m, user);
    match right(cx.m, user, name) {
        Right::Profile => sink.passes(asks, format!("profile '{profile}'")),
        Right::Untold(what) => sink.cannot_tell(asks, missing(&what)),
        Right::Missing(what) => sink.undecided(asks, missing(what)),
        Right::Set(set) => return Some((profile, Some(set))),
        Right::Nowhere => return Some((profile, None)),
    }
    None
}

/// The name of the user's profile.
pub(super) fn profile_name(m: &Matrix, user: UserId) -> &str {
    let profile = m.org.users.profile(user).and_then(|id| m.profile(id));
    profile.map_or("", |profile| &profile.name)
}

/// Why a check has no answer.
pub(super) fn missing(what: &str) -> String {
    format!("{what} is not in the snapshot")
}
