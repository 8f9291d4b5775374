#![doc = include_str!("permission_set_already_assigned.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{assignments, holds};
use crate::rules::{ListMeaning, Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-already-assigned",
    severity: Severity::Notice,
    confidence: Confidence::Certain,
    applies: "update",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[Need::optional("PermissionSetAssignment", "")],
    row: Some(check),
    when: Occasion::HOLDS,
    speaks: |_, _, run| run.lists == ListMeaning::Add,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    // Okta compares before it replaces a list; only a tool that adds inserts what is there already.
    if cx.run.lists != ListMeaning::Add || assignments(cx).is_empty() {
        return;
    }
    if !cx.row.sets.found().any(|(_, to)| holds(cx, to)) {
        return;
    }
    sink.once(Cause::notice(Confidence::Certain), || {
        Explanation::new(
            "rows of this file add permission sets or groups that their users hold already",
        )
        .because("the assignment is live in the snapshot")
        .predicts("DUPLICATE_VALUE", "Duplicate PermissionSetAssignment...")
        .fix("none is needed: the refusal is harmless")
    });
}
