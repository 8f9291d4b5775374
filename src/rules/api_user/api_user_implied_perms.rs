#![doc = include_str!("api_user_implied_perms.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::rules::api_rights::{Right, missing, of, profile_name, right};
use crate::rules::{Command, EndCx, EndSink, Need, Place, Rule, Setting};
use crate::matrix::Matrix;

pub(crate) const RULE: Rule = Rule {
    name: "api-user-implied-perms",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "org",
    needs: &[
        Need::optional("Profile", "PermissionsViewSetup"),
        Need::optional("PermissionSet", "PermissionsViewSetup"),
    ],
    requires: &[Setting::IntegrationUser],
    only: Some(Command::Preflight),
    asks: "The permissions that come with Manage Users are there",
    end: Some(end),
    ..Rule::TEMPLATE
};

/// What Manage Users enables on a profile, as Okta lists it: the field without its prefix, and the label.
const IMPLIED: [(&str, &str); 12] = [
    ("AssignPermissionSets", "Assign Permission Sets"),
    ("ManageInternalUsers", "Manage Internal Users"),
    ("ManageIpAddresses", "Manage IP Addresses"),
    ("ManageLoginAccessPolicies", "Manage Login Access Policies"),
    ("ManagePasswordPolicies", "Manage Password Policies"),
    (
        "ManageProfilesPermissionsets",
        "Manage Profiles and Permission Sets",
    ),
    ("ManageRoles", "Manage Roles"),
    ("ManageSharing", "Manage Sharing"),
    ("ResetPasswords", "Reset User Passwords and Unlock Users"),
    ("ViewAllUsers", "View All Users"),
    ("ViewRoles", "View Roles and Role Hierarchy"),
    ("ViewSetup", "View Setup and Configuration"),
];

/// The twelve, and whatever else this org says that Manage Users requires.
fn implied(m: &Matrix) -> Vec<(&str, &str)> {
    let mut all = IMPLIED.to_vec();
    for dependency in &m.org.permission_dependencies {
        let required = &*dependency.required;
        if &*dependency.permission == "ManageUsers"
            && dependency.required_kind.starts_with("User")
            && !all.iter().any(|(name, _)| *name == required)
        {
            all.push((required, required));
        }
    }
    all
}

fn end(cx: &EndCx<'_>, sink: &mut EndSink<'_>) {
    let Some(user) = of(cx) else { return };
    let mut lacking = Vec::new();
    for (name, label) in implied(cx.m) {
        match right(cx.m, user, name) {
            Right::Profile => sink.passes(label, "on the profile"),
            Right::Set(set) => sink.passes(label, format!("by permission set '{set}'")),
            Right::Nowhere => {
                sink.fails(label, format!("Permissions{name} is false everywhere"));
                lacking.push((name, label));
            }
            Right::Untold(what) => sink.cannot_tell(label, missing(&what)),
            Right::Missing(what) => sink.cannot_tell(label, missing(what)),
        }
    }
    if lacking.is_empty() {
        return;
    }
    let profile = profile_name(cx.m, user);
    let cause = Cause::warning(Confidence::Documented).subject("profile", profile);
    sink.report(Place::default(), cause, || {
        let labels: Vec<&str> = lacking.iter().map(|(_, label)| *label).collect();
        let fields: Vec<String> = lacking
            .iter()
            .map(|(name, _)| format!("Permissions{name}"))
            .collect();
        Explanation::new(format!(
            "the integration user lacks what Manage Users brings along: {}",
            labels.join(", ")
        ))
        .because(format!(
            "false on profile '{profile}' and on all its permission sets: {}",
            fields.join(", ")
        ))
        .because("pushes can fail in part, and pulls see less than there is")
        .fix("enable Manage Users on the profile again: that enables them too")
    });
}
