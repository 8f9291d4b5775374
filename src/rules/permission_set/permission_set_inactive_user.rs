#![doc = include_str!("permission_set_inactive_user.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::holds;
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-inactive-user",
    severity: Severity::Notice,
    confidence: Confidence::Documented,
    applies: "create, update",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[Need::optional("PermissionSetAssignment", "")],
    row: Some(check),
    when: Occasion::INACTIVE,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    if cx.row.person.active {
        return;
    }
    let new = cx.row.sets.found().find(|(_, to)| !holds(cx, *to));
    let Some((item, _)) = new else { return };
    sink.report(
        Cause::notice(Confidence::Documented).column(item.column),
        || {
            Explanation::new("the row assigns permission sets to a user who stays inactive")
                .because("inactive users can be assigned to permission sets and groups")
                .because("a standard set with a permission set license inside a group can be refused for them")
                .fix("assign the sets when the user becomes active")
        },
    );
}
