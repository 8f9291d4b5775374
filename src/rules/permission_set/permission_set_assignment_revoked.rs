#![doc = include_str!("permission_set_assignment_revoked.md")]

use crate::finding::{Cause, Confidence, Explanation, Severity};
use crate::input::Attribute;
use crate::rules::set_facts::{assignments, holds, kind, phrase, target};
use crate::rules::{Need, Occasion, RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "permission-set-assignment-revoked",
    severity: Severity::Warning,
    confidence: Confidence::Documented,
    applies: "update",
    columns: &[Attribute::PermissionSets, Attribute::PermissionSetGroups],
    needs: &[
        Need::optional("PermissionSetAssignment", "IsRevoked"),
        Need::optional("PermissionSetAssignment", "ExpirationDate"),
    ],
    row: Some(check),
    when: Occasion::HOLDS,
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    let held = assignments(cx);
    if !held.iter().any(|assignment| assignment.lapsed) {
        return;
    }
    for (item, to) in cx.row.sets.found() {
        let lapsed = held
            .iter()
            .any(|assignment| assignment.lapsed && target(assignment) == Some(to));
        if !lapsed || holds(cx, to) {
            continue;
        }
        let name = cx.m.shown(to);
        let cause = Cause::warning(Confidence::Documented)
            .column(item.column)
            .value(&item.text)
            .subject(kind(to), &name);
        sink.report(cause, || {
            let what = phrase(cx.m, to);
            Explanation::new(format!("{what} was revoked from this user, or has run out"))
                .because("the snapshot holds an assignment with IsRevoked, or with an ExpirationDate in the past")
                .because("assigning again lifts the revocation; an expiry must be reset by itself")
                .fix(format!("say which system manages {what}: Okta, or a user access policy"))
        });
    }
}
