#![doc = include_str!("profile_last_admin.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::matrix::Matrix;
use crate::model::{ProfileId, UserId};
use crate::rules::{EndCx, EndSink, Need, Occasion, Place, RowCx, Rule, Sink};
use rustc_hash::FxHashSet;

pub(crate) const RULE: Rule = Rule {
    name: "profile-last-admin",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "update",
    columns: &[Attribute::Profile, Attribute::Active],
    needs: &[
        Need::optional("Profile", "Name"),
        Need::optional("User", "IsActive"),
        Need::optional("User", "ProfileId"),
    ],
    row: Some(check),
    leavers: true,
    end: Some(end),
    when: Occasion::ACTIVITY.or(Occasion::PROFILE_CHANGES),
    speaks: |m, _, _| m.org.profiles.iter().any(|(id, _)| is_admin(m, id)),
    ..Rule::TEMPLATE
};

/// Kept in place of a user number for a row that creates somebody.
const NOBODY_YET: u32 = u32::MAX;

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    if !person.is_create() && !person.changes_profile() && person.active == person.active_before {
        return;
    }
    let admin = |profile: Option<ProfileId>| profile.is_some_and(|id| is_admin(cx.m, id));
    let after = person.active && admin(person.profile);
    let before = person.active_before && admin(person.profile_before);
    if after != before {
        sink.keep(
            person.user.map_or(NOBODY_YET, |user| user.0),
            u32::from(after),
        );
    }
}

/// The standard profile System Administrator. In another language it has another name: then nobody is taken for one.
fn is_admin(m: &Matrix, profile: ProfileId) -> bool {
    let standard = |name: &str| {
        m.knowledge
            .profile_by_legacy_code("PT1")
            .is_some_and(|standard| *name == *standard.label)
    };
    m.profile(profile)
        .is_some_and(|found| found.custom.get() != Some(true) && standard(&found.name))
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(last) = cx.kept.iter().filter(|kept| kept.b == 0).last() else {
        return;
    };
    let users = &cx.m.org.users;
    let mut admins: FxHashSet<UserId> = users
        .iter()
        .filter(|&user| users.active(user) == Some(true))
        .filter(|&user| users.profile(user).is_some_and(|id| is_admin(cx.m, id)))
        .collect();
    let before = admins.len();
    for kept in cx.kept.iter() {
        if kept.a == NOBODY_YET {
            // The push makes a new administrator: somebody is left.
            return;
        }
        let user = UserId(kept.a);
        if kept.b == 1 {
            admins.insert(user);
        } else {
            admins.remove(&user);
        }
    }
    if !admins.is_empty() {
        return;
    }
    let user = UserId(last.a);
    let place = Place {
        row: Some((last.row, last.line)),
        user: users.username(user).map(str::to_owned),
        creates: false,
        rows: None,
    };
    let cause = Cause::warning(Confidence::Inferred).subject("profile", "System Administrator");
    sink.report(place, cause, || {
        Explanation::new("after this file no active user is a System Administrator")
            .because(format!(
                "{before} active users have the profile now, and the file takes it from all of them"
            ))
            .predicts_code("CANNOT_DISABLE_LAST_ADMIN")
            .fix("keep one active user on the profile System Administrator")
    });
}
