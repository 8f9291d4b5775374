#![doc = include_str!("permission_set_license_mismatch.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity, Witness};
use crate::input::{Attribute, SetRef};
use crate::rules::set_facts::{bound_elsewhere, is_bound_to_license, shown_bond};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-license-mismatch",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping, org",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::file("PermissionSet", About::Sets),
        Need::column("PermissionSet", "LicenseId", About::Sets),
        Need::column("Profile", "UserLicenseId", About::Sets),
    ],
    row: Some(check),
    when: Occasion::FOREIGN_SETS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (item, to) in cx.row.sets.found() {
        let SetRef::Set(id) = to else { continue };
        // Sets of profiles and groups cannot be assigned to anybody: another rule says so.
        let Some(set) =
            cx.m.set(id)
                .filter(|set| is_bound_to_license(set) && set.is_assignable())
        else {
            continue;
        };
        let Some(license) = cx.row.person.license else {
            // A profile that was not found has its own finding.
            if cx.row.person.profile.is_some() {
                sink.undecided("UserLicense of the profile");
            }
            continue;
        };
        if !bound_elsewhere(set, license) {
            continue;
        }
        let cause = Cause::error(Confidence::Documented)
            .column(item.column)
            .value(&item.text)
            .key(u64::from(license.0))
            .unless(Witness::PermissionSet(license, id));
        sink.report(cause, || {
            let name = set.full_name();
            Explanation::new(format!(
                "permission set {name} is for another license than the user's"
            ))
            .because(format!("{name} is bound to {}", shown_bond(cx.m, set)))
            .because(format!("the user is on {}", cx.m.shown_license(license)))
            .predicts(
                "FIELD_INTEGRITY_EXCEPTION",
                format!("Can't assign permission set {name} to user ... The user license doesn't allow the permission: ..."),
            )
            .fix(format!(
                "leave {name} out for users of {}, or clone it with license None",
                cx.m.shown_license(license)
            ))
        });
    }
}
