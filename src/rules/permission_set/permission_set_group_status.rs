#![doc = include_str!("permission_set_group_status.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::rules::{About, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-group-status",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "both, mapping",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        // A value that leads to nothing without the file is permission-set-not-found's to leave open.
        Need::file("PermissionSetGroup", About::Groups),
        Need::column("PermissionSetGroup", "Status", About::Groups),
    ],
    row: Some(check),
    when: Occasion::GROUPS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (item, to) in cx.row.sets.found() {
        let SetRef::Group(id) = to else { continue };
        let Some(group) = cx.m.group(id) else {
            continue;
        };
        let Some(status) = group.status.as_ref() else {
            continue;
        };
        let failed = match &**status {
            "Failed" => true,
            "Outdated" | "Updating" => false,
            _ => continue,
        };
        let cause = if failed {
            Cause::error(Confidence::Documented)
        } else {
            Cause::warning(Confidence::Documented)
        };
        sink.report(cause.column(item.column).value(&item.text), || {
            let name = cx.m.shown(to);
            let words = Explanation::new(format!(
                "permission set group {name} is not up to date: its status is {status}"
            ))
            .because("users can be assigned only to groups whose status is Updated")
            .predicts(
                "INVALID_CROSS_REFERENCE_KEY",
                "You can only assign users to permission set groups that have the \"Updated\" status.",
            );
            if failed {
                words.fix(format!(
                    "recalculate {name}, wait for the status Updated, then push"
                ))
            } else {
                words
                    .because("the status may have changed since the snapshot was taken")
                    .fix(format!("wait until the status of {name} is Updated, then push"))
            }
        });
    }
}
