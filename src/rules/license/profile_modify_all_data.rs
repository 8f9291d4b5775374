#![doc = include_str!("profile_modify_all_data.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::lacks_permission;
use crate::rules::{About, Need, RowCx, Rule, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "profile-modify-all-data",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both",
    needs: &[
        Need::file("Profile", About::ProfileName),
        Need::optional("Profile", "PermissionsModifyAllData"),
        Need::optional("PermissionSet", "PermissionsModifyAllData"),
        // Rows that are undecided without it are told one by one below: those that give or take such a profile.
        Need::optional("PermissionSetAssignment", ""),
    ],
    requires: &[Setting::IntegrationUser],
    row: Some(check),
    leavers: true,
    speaks: |m, _, run| run.integration_user.is_some() && m.permission("ModifyAllData").is_some(),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let person = &cx.row.person;
    let (Some(profile), Some(api_user), Some(permission)) = (
        person.profile,
        cx.run.integration_user,
        cx.m.permission("ModifyAllData"),
    ) else {
        return;
    };
    let Some(name) = cx.m.profile(profile).map(|found| &*found.name) else {
        return;
    };
    let has = |profile| cx.m.profile_allows(profile, permission).is(&true);
    let (after, before) = (has(profile), person.profile_before.is_some_and(has));
    if !(after || before) {
        return;
    }
    let changes = person.is_create() || person.changes_profile();
    match lacks_permission(cx.m, api_user, permission) {
        Some(true) => {}
        Some(false) => return,
        None => {
            if changes {
                sink.undecided("PermissionSetAssignment.csv");
            }
            return;
        }
    }
    let found = if changes {
        Cause::error(Confidence::Documented)
    } else {
        Cause::warning(Confidence::Documented)
    };
    let cause = found
        .subject("profile", name)
        .key(u64::from(after) | u64::from(before) << 1 | u64::from(changes) << 2);
    let cause = match cx.row.profile_cell.sent() {
        Some(sent) => cause.column(Attribute::Profile).value(sent),
        None => cause,
    };
    sink.report(cause, || {
        let message = match (changes, after) {
            (true, true) => format!("only somebody with Modify All Data can give profile '{name}', which has it"),
            (true, false) => format!("only somebody with Modify All Data can take away a profile that has it; the row moves the user to '{name}'"),
            (false, _) => format!("the user is on '{name}', which has Modify All Data: other changes of such users were refused as well"),
        };
        Explanation::new(message)
            .because(format!(
                "the integration user {} has Modify All Data neither by its profile nor by a permission set",
                cx.m.org.users.shown(api_user)
            ))
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                "Cannot grant or remove a profile with modify all data, without having the modify all data permission yourself.",
            )
            .fix("give the integration user Modify All Data, or leave these users out of provisioning")
    });
}
