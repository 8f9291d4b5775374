#![doc = include_str!("permission_set_modify_all_data.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::{Attribute, SetRef};
use crate::matrix::Matrix;
use crate::model::PermissionId;
use crate::rules::set_facts::{holds, kind, lacks_permission, phrase};
use crate::rules::{Need, Occasion, RowCx, Rule, Run, Setting, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-modify-all-data",
    severity: Severity::Warning,
    confidence: Confidence::Inferred,
    applies: "both",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSet", "PermissionsModifyAllData"),
        Need::optional("Profile", "PermissionsModifyAllData"),
        Need::optional("PermissionSetAssignment", ""),
    ],
    requires: &[Setting::IntegrationUser],
    row: Some(check),
    when: Occasion::SETS,
    speaks: |m, _, run| power(m, run).is_some(),
    ..Rule::TEMPLATE
};

/// Modify All Data, where the integration user lacks it.
fn power(m: &Matrix, run: &Run) -> Option<PermissionId> {
    let permission = m.permission("ModifyAllData")?;
    (lacks_permission(m, run.integration_user?, permission) == Some(true)).then_some(permission)
}

fn has(m: &Matrix, to: SetRef, permission: PermissionId) -> bool {
    // Of a group the aggregate counts: a muting set can take the permission out again.
    let set = match to {
        SetRef::Set(set) => Some(set),
        SetRef::Group(group) => m.group(group).and_then(|group| group.aggregate),
    };
    set.is_some_and(|set| m.set_allows(set, permission).is(&true))
}

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.sets.items.is_empty() {
        return;
    }
    let (Some(permission), Some(api_user)) = (power(cx.m, cx.run), cx.run.integration_user) else {
        return;
    };
    for (item, to) in cx.row.sets.found() {
        // What the user holds already is not given.
        if !has(cx.m, to, permission) || holds(cx, to) {
            continue;
        }
        let name = cx.m.shown(to);
        let cause = Cause::warning(Confidence::Inferred)
            .column(item.column)
            .subject(kind(to), &name);
        sink.once(cause, || {
            let what = phrase(cx.m, to);
            Explanation::new(format!(
                "{what} has Modify All Data, which the integration user does not have"
            ))
            .because(format!(
                "the integration user {} has Modify All Data neither by its profile nor by a permission set",
                cx.m.org.users.shown(api_user)
            ))
            .because("profiles with it are refused then; that sets are refused too is inferred")
            .fix(format!(
                "give the integration user Modify All Data, or take it out of {what}"
            ))
        });
    }
}
